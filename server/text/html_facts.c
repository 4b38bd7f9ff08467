/* What a page says of itself: <meta> of several conventions, and JSON-LD. The lowest rank wins; a page seldom contradicts itself,
 * but some places are written for machines and others for ornament. */
#include <string.h>

#include "html.h"
#include "readout/clock.h"
#include "readout/utf8.h"

enum { VALUE_MAX = 1000, JSON_DEPTH_MAX = 40 };

/* ---- values ----------------------------------------------------------------------------------------------- */

/* Without line ends and blanks around it. */
static struct slice tidy(struct arena *arena, struct slice value)
{
    struct buffer out = buffer_in(arena, value.length + 1);
    for (size_t i = 0; i < value.length; i++) {
        char byte = value.data[i];
        bool blank = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
        if (!blank)
            buffer_add_byte(&out, byte);
        else if (out.length && out.data[out.length - 1] != ' ')
            buffer_add_byte(&out, ' ');
    }
    return slice_trim(buffer_slice(&out));
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool are_digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_digit(text[i]))
            return false;
    return true;
}

/* "2022-01-09" of "2022-01-09…", "2022/01/09…" and "20220109". */
static struct slice day_of_digits(struct arena *arena, struct slice text)
{
    const char *at = text.data;
    if (text.length >= 10 && are_digits(at, 4) && strchr("-/.", at[4]) && are_digits(at + 5, 2) && at[7] == at[4] &&
        are_digits(at + 8, 2))
        return slice_of(arena_print(arena, "%.4s-%.2s-%.2s", at, at + 5, at + 8));
    if (text.length == 8 && are_digits(at, 8))
        return slice_of(arena_print(arena, "%.4s-%.2s-%.2s", at, at + 4, at + 6));
    return NO_SLICE;
}

/* "Sun, 09 Jan 2022 10:00:00 GMT", "January 9, 2022": the words of a month, a day and a year, in any order. */
static struct slice day_of_words(struct arena *arena, struct slice text)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    long long day = 0, year = 0, number;
    int month = 0;
    for (size_t i = 0; i < text.length;) {
        size_t start = i;
        while (i < text.length && ((text.data[i] | 32) >= 'a' && (text.data[i] | 32) <= 'z'))
            i++;
        if (i - start >= 3 && !month) {
            char name[4] = {(char)(text.data[start] | 32), (char)(text.data[start + 1] | 32), (char)(text.data[start + 2] | 32)};
            const char *found = strstr(months, name);
            month = found && (found - months) % 3 == 0 ? (int)(found - months) / 3 + 1 : 0;
        }
        size_t digits = i;
        while (i < text.length && is_digit(text.data[i]))
            i++;
        if (i > digits && i - digits <= 4 && slice_to_int((struct slice){text.data + digits, i - digits}, &number)) {
            if (i - digits == 4 && !year)
                year = number;
            else if (i - digits <= 2 && !day)
                day = number;
        }
        if (i == start)
            i++;
    }
    return month && day && year ? slice_of(arena_print(arena, "%04lld-%02d-%02lld", year, month, day)) : NO_SLICE;
}

/* "T10:00:00+01:00" of what follows a day, however it is written; NO_SLICE where no zone is told. */
static struct slice time_of(struct arena *arena, struct slice text)
{
    const char *at = text.data, *end = text.data + text.length;
    if (text.length < 6 || !strchr("Tt ", at[0]) || !are_digits(at + 1, 2) || at[3] != ':' || !are_digits(at + 4, 2))
        return NO_SLICE;
    char second[3] = "00";
    const char *hour = at + 1, *minute = at + 4;
    at += 6;
    if (end - at >= 3 && at[0] == ':' && are_digits(at + 1, 2)) {
        memcpy(second, at + 1, 2);
        at += 3;
    }
    if (at < end && at[0] == '.')
        for (at++; at < end && is_digit(at[0]);)
            at++;
    while (at < end && at[0] == ' ')
        at++;
    size_t left = (size_t)(end - at);
    if (left >= 1 && (at[0] == 'Z' || at[0] == 'z'))
        return slice_of(arena_print(arena, "T%.2s:%.2s:%sZ", hour, minute, second));
    if (left < 3 || (at[0] != '+' && at[0] != '-') || !are_digits(at + 1, 2))
        return NO_SLICE;
    size_t minutes = left >= 6 && at[3] == ':' ? 4 : 3;
    const char *zone = left >= minutes + 2 && are_digits(at + minutes, 2) ? at + minutes : "00";
    return slice_of(arena_print(arena, "T%.2s:%.2s:%s%.3s:%.2s", hour, minute, second, at, zone));
}

/* An instant of RFC 3339 where the zone is told, else the day. */
static struct slice tidy_date(struct arena *arena, struct slice value)
{
    struct slice text = tidy(arena, value), day = text.data ? day_of_digits(arena, text) : NO_SLICE;
    int64_t ignored;
    if (!day.data)
        day = day_of_words(arena, text);
    if (!day.data || !clock_is_date(day))
        return NO_SLICE;
    struct slice time =
        text.length > 10 && is_digit(text.data[0]) ? time_of(arena, (struct slice){text.data + 10, text.length - 10}) : NO_SLICE;
    if (!time.data)
        return day;
    struct slice instant = slice_of(arena_print(arena, "%.*s%.*s", SLICE_ARGS(day), SLICE_ARGS(time)));
    return clock_parse_instant(instant, &ignored) ? instant : day;
}

/* "en" of "en-GB", "en_US"; NO_SLICE for what is no code. */
static struct slice tidy_language(struct arena *arena, struct slice value)
{
    struct slice text = tidy(arena, value);
    size_t length = 0;
    while (length < text.length && ((text.data[length] | 32) >= 'a' && (text.data[length] | 32) <= 'z'))
        length++;
    if (length < 2 || length > 3 || (length < text.length && !strchr("-_", text.data[length])))
        return NO_SLICE;
    char *code = arena_copy(arena, text.data, length);
    for (size_t i = 0; i < length; i++)
        code[i] = (char)(code[i] | 32);
    return (struct slice){code, length};
}

static bool is_address(struct slice text)
{
    return slice_starts(text, "http://") || slice_starts(text, "https://");
}

void html_fact(struct html *html, enum fact_name name, unsigned rank, struct slice value)
{
    if (!value.length || value.length > VALUE_MAX || rank >= html->facts[name].rank || !utf8_valid(value))
        return;
    struct slice tidied = name == FACT_DATE       ? tidy_date(html->arena, value)
                          : name == FACT_LANGUAGE ? tidy_language(html->arena, value)
                                                  : tidy(html->arena, value);
    /* An author who is an address is a profile; an address that is none is relative. */
    if (!tidied.length || (name == FACT_URL) != is_address(tidied))
        return;
    html->facts[name] = (struct fact){tidied, rank};
}

/* ---- <meta> ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum fact_name fact;
    unsigned rank;
} metas[] = {
    {"og:title", FACT_TITLE, 1},
    {"twitter:title", FACT_TITLE, 3},
    {"dc.title", FACT_TITLE, 4},
    {"headline", FACT_TITLE, 4},
    {"og:site_name", FACT_SITE, 0},
    {"dc.publisher", FACT_SITE, 2},
    {"application-name", FACT_SITE, 3},
    {"og:url", FACT_URL, 1},
    {"article:published_time", FACT_DATE, 0},
    {"og:article:published_time", FACT_DATE, 0},
    {"datepublished", FACT_DATE, 2},
    {"parsely-pub-date", FACT_DATE, 3},
    {"sailthru.date", FACT_DATE, 3},
    {"publishdate", FACT_DATE, 3},
    {"publish-date", FACT_DATE, 3},
    {"published_at", FACT_DATE, 3},
    {"pubdate", FACT_DATE, 3},
    {"dc.date.issued", FACT_DATE, 6},
    {"dc.date", FACT_DATE, 7},
    {"dcterms.created", FACT_DATE, 7},
    {"date", FACT_DATE, 8},
    {"author", FACT_AUTHOR, 0},
    {"article:author", FACT_AUTHOR, 2},
    {"parsely-author", FACT_AUTHOR, 2},
    {"dc.creator", FACT_AUTHOR, 3},
    {"byl", FACT_AUTHOR, 1},
    {"og:locale", FACT_LANGUAGE, 2},
    {"language", FACT_LANGUAGE, 3},
    {"dc.language", FACT_LANGUAGE, 3},
};

void html_meta(struct html *html, struct slice name, struct slice content)
{
    for (size_t i = 0; i < sizeof metas / sizeof metas[0]; i++)
        if (slice_equal_fold(name, slice_of(metas[i].name)))
            html_fact(html, metas[i].fact, metas[i].rank, content);
}

/* ---- JSON-LD ---------------------------------------------------------------------------------------------- */

/* A forgiving reader: it goes through any text once and notes the members of objects that are articles. */
struct json {
    struct html *html;
    const char *at, *end;
    unsigned depth;
};

/* What an object says. */
struct object {
    bool article;
    struct slice name, headline, date, author, publisher, language, url;
};

static void json_blanks(struct json *json)
{
    while (json->at < json->end && strchr(" \t\r\n,", *json->at) && *json->at)
        json->at++;
}

static uint32_t json_hex(const char *at)
{
    uint32_t number = 0;
    for (size_t i = 0; i < 4; i++) {
        char digit = (char)(at[i] | 32);
        number = number * 16 + (uint32_t)(digit >= 'a' && digit <= 'f'   ? digit - 'a' + 10
                                          : digit >= '0' && digit <= '9' ? digit - '0'
                                                                         : 0);
    }
    return number;
}

static void add_point(struct buffer *out, uint32_t point)
{
    if (point < 0x80) {
        buffer_add_byte(out, (char)point);
    } else if (point < 0x800) {
        buffer_add_byte(out, (char)(0xc0 | point >> 6));
        buffer_add_byte(out, (char)(0x80 | (point & 0x3f)));
    } else {
        if (point >= 0x10000) {
            buffer_add_byte(out, (char)(0xf0 | point >> 18));
            buffer_add_byte(out, (char)(0x80 | (point >> 12 & 0x3f)));
        } else {
            buffer_add_byte(out, (char)(0xe0 | point >> 12));
        }
        buffer_add_byte(out, (char)(0x80 | (point >> 6 & 0x3f)));
        buffer_add_byte(out, (char)(0x80 | (point & 0x3f)));
    }
}

/* What follows "\u": its four digits, and a second half where there is one. */
static void add_escaped_point(struct json *json, struct buffer *out)
{
    if (json->end - json->at < 4)
        return;
    uint32_t point = json_hex(json->at);
    json->at += 4;
    if (point >= 0xd800 && point < 0xdc00 && json->end - json->at >= 6 && json->at[0] == '\\' && json->at[1] == 'u') {
        uint32_t low = json_hex(json->at + 2);
        json->at += 6;
        point = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
    }
    add_point(out, (point >= 0xd800 && point < 0xe000) || point == 0 ? 0xfffd : point);
}

/* A string, from its opening mark. */
static struct slice json_string(struct json *json)
{
    struct buffer out = buffer_in(json->html->arena, 64);
    for (json->at++; json->at < json->end && *json->at != '"'; json->at++) {
        if (*json->at != '\\' || json->at + 1 == json->end) {
            buffer_add_byte(&out, *json->at);
            continue;
        }
        char escaped = *++json->at;
        if (escaped == 'u') {
            json->at++;
            add_escaped_point(json, &out);
            json->at--;
        } else {
            buffer_add_byte(&out, strchr("nrtbf", escaped) && escaped ? ' ' : escaped);
        }
    }
    if (json->at < json->end)
        json->at++;
    return out.length ? buffer_slice(&out) : SLICE("");
}

static struct slice json_value(struct json *json);

static void first_of(struct slice *where, struct slice value)
{
    if (!where->length)
        *where = value;
}

static void note_member(struct object *object, struct slice key, struct slice value)
{
    if (!value.length)
        return;
    if (slice_is(key, "@type"))
        object->article |= slice_ends(value, "Article") || slice_ends(value, "Posting") || slice_is(value, "Report");
    else if (slice_is(key, "name"))
        first_of(&object->name, value);
    else if (slice_is(key, "headline"))
        first_of(&object->headline, value);
    else if (slice_is(key, "datePublished"))
        first_of(&object->date, value);
    else if (slice_is(key, "author") || slice_is(key, "creator"))
        first_of(&object->author, value);
    else if (slice_is(key, "publisher"))
        first_of(&object->publisher, value);
    else if (slice_is(key, "inLanguage"))
        first_of(&object->language, value);
    else if (slice_is(key, "url"))
        first_of(&object->url, value);
}

/* An object, from its brace; gives its name. */
static struct slice json_object(struct json *json)
{
    struct object object = {.name = NO_SLICE};
    for (json->at++, json_blanks(json); json->at < json->end && *json->at != '}'; json_blanks(json)) {
        if (*json->at != '"') {
            json->at++;
            continue;
        }
        struct slice key = json_string(json);
        json_blanks(json);
        if (json->at < json->end && *json->at == ':') {
            json->at++;
            note_member(&object, key, json_value(json));
        }
    }
    json->at += json->at < json->end;
    if (object.article) {
        html_fact(json->html, FACT_TITLE, 2, object.headline);
        html_fact(json->html, FACT_DATE, 1, object.date);
        html_fact(json->html, FACT_AUTHOR, 1, object.author);
        html_fact(json->html, FACT_SITE, 1, object.publisher);
        html_fact(json->html, FACT_LANGUAGE, 1, object.language);
        html_fact(json->html, FACT_URL, 2, object.url);
    }
    return object.name;
}

/* A value: the string itself, an object's name, the first of an array that has one; else NO_SLICE. */
static struct slice json_value(struct json *json)
{
    struct slice value = NO_SLICE;
    json_blanks(json);
    if (json->at == json->end)
        return value;
    if (*json->at == '"')
        return json_string(json);
    if ((*json->at == '{' || *json->at == '[') && json->depth == JSON_DEPTH_MAX) {
        json->at = json->end;
        return value;
    }
    json->depth++;
    if (*json->at == '{') {
        value = json_object(json);
    } else if (*json->at == '[') {
        for (json->at++, json_blanks(json); json->at < json->end && *json->at != ']'; json_blanks(json))
            first_of(&value, json_value(json));
        json->at += json->at < json->end;
    } else {
        json->at++; /* a number or a literal, or what does not belong there */
    }
    json->depth--;
    return value;
}

void html_json_ld(struct html *html, struct slice text)
{
    struct json json = {.html = html, .at = text.data, .end = text.data + text.length};
    while (json.at < json.end)
        json_value(&json);
}
