/* The formats of text, each a small grammar. A format that is not in the table at the end is refused when the contract
 * is loaded. */
#include <string.h>

#include "contract_private.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
    return is_lower(c) || is_upper(c);
}

/* The number that `count` digits from `at` write, or -1. */
static int number_at(struct slice text, size_t at, size_t count)
{
    if (text.length < at + count)
        return -1;
    int number = 0;
    for (size_t i = at; i < at + count; i++) {
        if (!is_digit(text.data[i]))
            return -1;
        number = number * 10 + (text.data[i] - '0');
    }
    return number;
}

static bool is_at(struct slice text, size_t at, char wanted)
{
    return at < text.length && text.data[at] == wanted;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* date = YYYY-MM-DD, of the Gregorian calendar */
static bool is_date(struct slice text)
{
    int year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
    return text.length == 10 && is_at(text, 4, '-') && is_at(text, 7, '-') && year >= 0 && month >= 1 && month <= 12 &&
           day >= 1 && day <= days_in(year, month);
}

/* offset = "Z" | ("+" | "-") hh ":" mm */
static bool is_offset(struct slice text)
{
    if (text.length == 1)
        return *text.data == 'Z' || *text.data == 'z';
    int hour = number_at(text, 1, 2), minute = number_at(text, 4, 2);
    return text.length == 6 && (*text.data == '+' || *text.data == '-') && is_at(text, 3, ':') && hour >= 0 && hour <= 23 &&
           minute >= 0 && minute <= 59;
}

/* date-time = date "T" hh ":" mm ":" ss ["." digit+] offset      (RFC 3339; a leap second is accepted) */
static bool is_instant(struct slice text)
{
    if (text.length < 20 || !is_date((struct slice){text.data, 10}) || (text.data[10] != 'T' && text.data[10] != 't'))
        return false;
    int hour = number_at(text, 11, 2), minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 || text.data[13] != ':' ||
        text.data[16] != ':')
        return false;
    size_t at = 19;
    if (text.data[at] == '.') {
        size_t start = ++at;
        while (at < text.length && is_digit(text.data[at]))
            at++;
        if (at == start)
            return false;
    }
    return is_offset((struct slice){text.data + at, text.length - at}) && at < text.length;
}

/* One character of a URI; percent-encoding is looked at by is_uri. International characters may stand as they are (RFC 3987). */
static bool is_uri_byte(char c)
{
    return (unsigned char)c >= 0x80 || is_letter(c) || is_digit(c) || (c && strchr("-._~:/?#[]@!$&'()*+,;=%", c));
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_uri_text(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!is_uri_byte(text.data[i]))
            return false;
        if (text.data[i] == '%' && (i + 2 >= text.length || !is_hex(text.data[i + 1]) || !is_hex(text.data[i + 2])))
            return false;
    }
    return true;
}

/* uri = letter (letter | digit | "+" | "-" | ".")* ":" character+;   "http:" and "https:" need "//" and a host */
static bool is_uri(struct slice text)
{
    size_t scheme = 0;
    while (scheme < text.length &&
           (is_letter(text.data[scheme]) || (scheme && (is_digit(text.data[scheme]) || strchr("+-.", text.data[scheme])))))
        scheme++;
    if (!scheme || !is_at(text, scheme, ':') || text.length == scheme + 1 || !is_uri_text(text))
        return false;
    struct slice name = {text.data, scheme};
    if (!slice_equal_fold(name, SLICE("http")) && !slice_equal_fold(name, SLICE("https")))
        return true;
    return is_at(text, scheme + 1, '/') && is_at(text, scheme + 2, '/') && text.length > scheme + 3 &&
           !strchr("/?#:", text.data[scheme + 3]);
}

/* slug = word ("-" word)*;   word = [a-z0-9]+ */
static bool is_slug(struct slice text)
{
    bool hyphen = true;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '-' ? hyphen : !is_lower(c) && !is_digit(c))
            return false;
        hyphen = c == '-';
    }
    return !hyphen;
}

/* country = [A-Z]{2} */
static bool is_country(struct slice text)
{
    return text.length == 2 && is_upper(text.data[0]) && is_upper(text.data[1]);
}

/* language = [a-z]{2,3} ("-" [A-Za-z0-9]{2,8})*      (the part of BCP 47 that is in use) */
static bool is_language(struct slice text)
{
    size_t word = 0, words = 0;
    for (size_t i = 0; i <= text.length; i++) {
        if (i < text.length && text.data[i] != '-') {
            char c = text.data[i];
            if (words ? !is_letter(c) && !is_digit(c) : !is_lower(c))
                return false;
            word++;
            continue;
        }
        if (word < 2 || word > (words ? 8u : 3u))
            return false;
        words++;
        word = 0;
    }
    return true;
}

static const struct format FORMATS[] = {
    {"date", TYPE_STRING, "a calendar date like 2022-01-08", is_date},
    {"date-time", TYPE_STRING, "an instant with its offset like 2022-01-08T14:30:00Z", is_instant},
    {"uri", TYPE_STRING, "an absolute URI like https://example.org/news/1", is_uri},
    {"slug", TYPE_STRING, "a slug of lower-case letters, digits and single hyphens like wendy-sherman", is_slug},
    {"country", TYPE_STRING, "a country code of two capitals like CH", is_country},
    {"language", TYPE_STRING, "a language tag like en or pt-BR", is_language},
    {"int64", TYPE_INTEGER, "a whole number of 64 bits", NULL},
    {NULL, 0, NULL, NULL},
};

const struct format *format_find(const char *name)
{
    for (const struct format *format = FORMATS; format->name; format++) {
        if (strcmp(format->name, name) == 0)
            return format;
    }
    return NULL;
}

const char *format_names(void)
{
    return "date, date-time, uri, slug, country, language, int64";
}
