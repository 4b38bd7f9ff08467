/* What the formats read out of documents. */
#include <string.h>

#include "formats_private.h"

struct slice text_in(const json_t *document, const char *name)
{
    const json_t *value = json_object_get(document, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

int64_t int_in(const json_t *document, const char *name)
{
    return json_integer_value(json_object_get(document, name));
}

bool is_instant(struct slice text)
{
    return text.length > 10 && text.data[10] == 'T';
}

struct slice resource_url(const struct rendering *rendering, enum noun noun, int64_t id)
{
    return slice_of(
        arena_print(rendering->arena, "%.*s%s/%lld", SLICE_ARGS(rendering->origin), record_of(noun)->path, (long long)id));
}

struct slice resource_tag(const struct rendering *rendering, int64_t id)
{
    return slice_of(arena_print(rendering->arena, "tag:%.*s,2022:%s-%lld", SLICE_ARGS(rendering->authority),
                                record_of(rendering->noun)->name, (long long)id));
}

const char *list_title(enum noun noun)
{
    static const char *const titles[NOUN_COUNT] = {
        [NOUN_ARTICLE] = "Articles", [NOUN_ACTOR] = "Actors",  [NOUN_CLAIM] = "Claims",
        [NOUN_MEETING] = "Meetings", [NOUN_TOPIC] = "Topics",  [NOUN_DISCREPANCY] = "Discrepancies",
        [NOUN_MENTION] = "Mentions", [NOUN_REPORT] = "Reports"};
    return titles[noun];
}

struct slice title_of(const struct rendering *rendering, const json_t *document)
{
    static const char *const names[] = {"name", "title", "text"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct slice text = text_in(document, names[i]);
        if (text.length && !(rendering->noun == NOUN_ARTICLE && strcmp(names[i], "text") == 0))
            return text;
    }
    return slice_of(
        arena_print(rendering->arena, "%s %lld", record_of(rendering->noun)->title, (long long)int_in(document, "id")));
}

struct slice author_of(const struct rendering *rendering, const json_t *document)
{
    if (rendering->noun == NOUN_CLAIM)
        return text_in(json_object_get(document, "speaker"), "name");
    struct slice byline = text_in(document, "byline");
    return byline.length ? byline : text_in(json_object_get(document, "outlet"), "name");
}

static void add_part(struct buffer *line, const char *before, struct slice text)
{
    if (text.length == 0)
        return;
    if (line->length)
        buffer_add_text(line, before);
    buffer_add_slice(line, text);
}

/* "2022-01-10, morning; Palais Wilson, Geneva, CH; held" */
static struct slice meeting_line(const struct rendering *rendering, const json_t *document)
{
    struct buffer line = buffer_in(rendering->arena, 128);
    struct slice day = text_in(document, "starts_at"), precision = text_in(document, "precision");
    if (!day.data)
        day = text_in(document, "starts_on");
    if (day.data && (slice_is(precision, "year") || slice_is(precision, "month")))
        day.length = slice_is(precision, "year") ? 4 : 7;
    add_part(&line, "", day);
    add_part(&line, ", ", text_in(document, "part_of_day"));
    const char *before = "; ";
    static const char *const places[] = {"venue", "city", "country"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct slice place = text_in(document, places[i]);
        add_part(&line, before, place);
        before = place.length ? ", " : before;
    }
    add_part(&line, "; ", text_in(document, "status"));
    return buffer_slice(&line);
}

static struct slice claim_line(const struct rendering *rendering, const json_t *document)
{
    struct buffer line = buffer_in(rendering->arena, 256);
    add_part(&line, "", author_of(rendering, document));
    add_part(&line, ", ", text_in(document, "said_on"));
    add_part(&line, ": ", text_in(document, "text"));
    return buffer_slice(&line);
}

struct slice content_of(const struct rendering *rendering, const json_t *document)
{
    if (rendering->noun == NOUN_MEETING)
        return meeting_line(rendering, document);
    if (rendering->noun == NOUN_CLAIM)
        return claim_line(rendering, document);
    struct slice text = text_in(document, "text");
    return text.data ? text : title_of(rendering, document);
}

static int add_dump(const char *data, size_t length, void *out)
{
    buffer_add(out, data, length);
    return 0;
}

void add_json_value(struct buffer *out, const json_t *value)
{
    json_dump_callback(value, add_dump, out, JSON_COMPACT | JSON_ENCODE_ANY);
}
