#include "readout/record.h"

#include <assert.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define TABLE(array) .fields = (array), .field_count = COUNT(array)

/* ---- what every resource has ------------------------------------------------------------------------------ */

#define IDENTITY                                                                                                                 \
    {.name = "id", .type = FIELD_INTEGER, .flags = FIELD_SERVER},                                                                \
        {.name = "version", .type = FIELD_INTEGER, .flags = FIELD_SERVER},                                                       \
    {                                                                                                                            \
        .name = "external_id", .type = FIELD_TEXT, .flags = FIELD_UNIQUE                                                         \
    }
#define TIMES                                                                                                                    \
    {.name = "created_at", .type = FIELD_TEXT, .flags = FIELD_SERVER},                                                           \
    {                                                                                                                            \
        .name = "updated_at", .type = FIELD_TEXT, .flags = FIELD_SERVER                                                          \
    }
#define MERGED_INTO(kind)                                                                                                        \
    {                                                                                                                            \
        .name = "merged_into_id", .type = FIELD_REFERENCE, .refers = (kind), .flags = FIELD_SERVER                               \
    }

/* ---- children --------------------------------------------------------------------------------------------- */

static const struct field span_fields[] = {
    {.name = "article_id", .type = FIELD_REFERENCE, .refers = NOUN_ARTICLE},
    {.name = "start", .type = FIELD_INTEGER},
    {.name = "end", .type = FIELD_INTEGER},
    {.name = "text", .type = FIELD_TEXT},
    {.name = "revision", .type = FIELD_INTEGER},
};
static const struct field topic_slug[] = {{.name = "topic_id", .type = FIELD_SLUG, .refers = NOUN_TOPIC}};

static const struct field mention_fields[] = {
    {.name = "id", .type = FIELD_INTEGER},
    {.name = "article_id", .type = FIELD_REFERENCE, .refers = NOUN_ARTICLE, .flags = FIELD_SERVER},
    {.name = "actor_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "start", .type = FIELD_INTEGER},
    {.name = "end", .type = FIELD_INTEGER},
    {.name = "text", .type = FIELD_TEXT},
    {.name = "form", .type = FIELD_TEXT},
    {.name = "reported_title", .type = FIELD_TEXT},
};
static const struct children mentions = {
    .table = "mention", .owner = "article_id", .noun = NOUN_MENTION, .spans = true, TABLE(mention_fields)};

static const struct field alias_fields[] = {
    {.name = "text", .type = FIELD_TEXT},
    {.name = "script", .type = FIELD_TEXT},
    {.name = "form", .type = FIELD_TEXT},
    {.name = "article_id", .type = FIELD_REFERENCE, .refers = NOUN_ARTICLE},
};
static const struct children aliases = {.table = "actor_alias", .owner = "actor_id", .noun = NOUN_COUNT, TABLE(alias_fields)};

static const struct field via_fields[] = {{.name = "actor_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR}};
static const struct children via = {
    .table = "report_via", .owner = "report_id", .noun = NOUN_COUNT, .bare = true, TABLE(via_fields)};

static const struct field report_fields[] = {
    {.name = "id", .type = FIELD_INTEGER},
    {.name = "claim_id", .type = FIELD_REFERENCE, .refers = NOUN_CLAIM, .flags = FIELD_SERVER},
    {.name = "article_id", .type = FIELD_REFERENCE, .refers = NOUN_ARTICLE},
    {.name = "revision", .type = FIELD_INTEGER},
    {.name = "kind", .type = FIELD_TEXT},
    {.name = "speaker_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "occasion_id", .type = FIELD_REFERENCE, .refers = NOUN_MEETING},
    {.name = "content", .type = FIELD_JSON, .flags = FIELD_SPAN},
    {.name = "source", .type = FIELD_JSON, .flags = FIELD_SPAN},
    {.name = "cue", .type = FIELD_JSON, .flags = FIELD_SPAN},
    {.name = "via", .type = FIELD_CHILDREN, .children = &via},
    {.name = "match", .type = FIELD_TEXT},
    {.name = "confidence", .type = FIELD_REAL},
};
static const struct children reports = {.table = "report", .owner = "claim_id", .noun = NOUN_REPORT, TABLE(report_fields)};

static const struct children claim_topics = {
    .table = "claim_topic", .owner = "claim_id", .noun = NOUN_COUNT, .bare = true, TABLE(topic_slug)};
static const struct children meeting_topics = {
    .table = "meeting_topic", .owner = "meeting_id", .noun = NOUN_COUNT, .bare = true, TABLE(topic_slug)};

static const struct field participant_fields[] = {
    {.name = "actor_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "role", .type = FIELD_TEXT},
};
static const struct children participants = {
    .table = "meeting_participant", .owner = "meeting_id", .noun = NOUN_COUNT, TABLE(participant_fields)};
static const struct children meeting_evidence = {
    .table = "meeting_evidence", .owner = "meeting_id", .noun = NOUN_COUNT, .spans = true, TABLE(span_fields)};

static const struct field keyword_fields[] = {{.name = "keyword", .type = FIELD_TEXT}};
static const struct children keywords = {
    .table = "topic_keyword", .owner = "topic_id", .noun = NOUN_COUNT, .bare = true, TABLE(keyword_fields)};

static const struct children discrepancy_evidence = {
    .table = "discrepancy_evidence", .owner = "discrepancy_id", .noun = NOUN_COUNT, .spans = true, TABLE(span_fields)};
static const struct field value_fields[] = {
    {.name = "value", .type = FIELD_TEXT},
    {.name = "article_count", .type = FIELD_INTEGER, .flags = FIELD_SERVER},
    {.name = "origin_count", .type = FIELD_INTEGER, .flags = FIELD_SERVER},
    {.name = "evidence", .type = FIELD_CHILDREN, .children = &discrepancy_evidence},
};
static const struct children values = {.noun = NOUN_COUNT, TABLE(value_fields)};

/* ---- the nouns -------------------------------------------------------------------------------------------- */

static const struct field article_fields[] = {
    IDENTITY,
    {.name = "url", .type = FIELD_TEXT, .flags = FIELD_UNIQUE},
    {.name = "title", .type = FIELD_TEXT},
    {.name = "outlet_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "byline", .type = FIELD_TEXT},
    {.name = "dateline", .type = FIELD_TEXT},
    {.name = "language", .type = FIELD_TEXT},
    {.name = "machine_translated", .type = FIELD_TRUTH},
    {.name = "published_at", .type = FIELD_TEXT, .flags = FIELD_INSTANT},
    {.name = "body_spans", .type = FIELD_JSON, .flags = FIELD_SPAN},
    {.name = "boilerplate_spans", .type = FIELD_JSON, .flags = FIELD_SPAN},
    {.name = "sha256", .type = FIELD_TEXT, .flags = FIELD_SERVER},
    {.name = "text_length", .type = FIELD_JSON, .flags = FIELD_SERVER},
    {.name = "near_duplicate_of", .type = FIELD_REFERENCE, .refers = NOUN_ARTICLE},
    {.name = "mentions", .type = FIELD_CHILDREN, .children = &mentions},
    TIMES,
};

static const struct field actor_fields[] = {
    IDENTITY,
    {.name = "name", .type = FIELD_TEXT},
    {.name = "kind", .type = FIELD_TEXT},
    {.name = "country", .type = FIELD_TEXT},
    {.name = "title", .type = FIELD_TEXT},
    {.name = "affiliation_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "wikidata_id", .type = FIELD_TEXT},
    {.name = "aliases", .type = FIELD_CHILDREN, .children = &aliases},
    {.name = "status", .type = FIELD_TEXT},
    MERGED_INTO(NOUN_ACTOR),
    TIMES,
};

static const struct field claim_fields[] = {
    IDENTITY,
    {.name = "text", .type = FIELD_TEXT},
    {.name = "speaker_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "on_behalf_of_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "addressee_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "stance", .type = FIELD_TEXT},
    {.name = "topics", .type = FIELD_CHILDREN, .children = &claim_topics},
    {.name = "said_on", .type = FIELD_TEXT},
    {.name = "occasion_id", .type = FIELD_REFERENCE, .refers = NOUN_MEETING},
    {.name = "attribution", .type = FIELD_TEXT},
    {.name = "status", .type = FIELD_TEXT},
    {.name = "report_count", .type = FIELD_INTEGER, .flags = FIELD_SERVER},
    {.name = "outlet_count", .type = FIELD_INTEGER, .flags = FIELD_SERVER},
    {.name = "origin_count", .type = FIELD_INTEGER, .flags = FIELD_SERVER},
    {.name = "reports", .type = FIELD_CHILDREN, .children = &reports},
    MERGED_INTO(NOUN_CLAIM),
    TIMES,
};

static const struct field meeting_fields[] = {
    IDENTITY,
    {.name = "name", .type = FIELD_TEXT},
    {.name = "kind", .type = FIELD_TEXT},
    {.name = "starts_on", .type = FIELD_TEXT},
    {.name = "part_of_day", .type = FIELD_TEXT},
    {.name = "starts_at", .type = FIELD_TEXT, .flags = FIELD_INSTANT},
    {.name = "precision", .type = FIELD_TEXT},
    {.name = "city", .type = FIELD_TEXT},
    {.name = "country", .type = FIELD_TEXT},
    {.name = "venue", .type = FIELD_TEXT},
    {.name = "status", .type = FIELD_TEXT},
    {.name = "review", .type = FIELD_TEXT},
    {.name = "participants", .type = FIELD_CHILDREN, .children = &participants},
    {.name = "topics", .type = FIELD_CHILDREN, .children = &meeting_topics},
    {.name = "evidence", .type = FIELD_CHILDREN, .children = &meeting_evidence},
    TIMES,
};

static const struct field topic_fields[] = {
    IDENTITY,
    {.name = "slug", .type = FIELD_TEXT, .flags = FIELD_UNIQUE | FIELD_FIXED},
    {.name = "name", .type = FIELD_TEXT},
    {.name = "description", .type = FIELD_TEXT},
    {.name = "keywords", .type = FIELD_CHILDREN, .children = &keywords},
    TIMES,
};

static const struct field discrepancy_fields[] = {
    IDENTITY,
    {.name = "kind", .type = FIELD_TEXT},
    {.name = "about", .type = FIELD_TEXT},
    {.name = "actor_id", .type = FIELD_REFERENCE, .refers = NOUN_ACTOR},
    {.name = "meeting_id", .type = FIELD_REFERENCE, .refers = NOUN_MEETING},
    {.name = "claim_id", .type = FIELD_REFERENCE, .refers = NOUN_CLAIM},
    {.name = "values", .type = FIELD_CHILDREN, .children = &values},
    {.name = "note", .type = FIELD_TEXT},
    {.name = "status", .type = FIELD_TEXT},
    TIMES,
};

static const struct record records[NOUN_COUNT] = {
    [NOUN_ARTICLE] = {"article", "Article", "/v1/articles", 'a', false, TABLE(article_fields)},
    [NOUN_ACTOR] = {"actor", "Actor", "/v1/actors", 'p', true, TABLE(actor_fields)},
    [NOUN_CLAIM] = {"claim", "Claim", "/v1/claims", 'c', true, TABLE(claim_fields)},
    [NOUN_MEETING] = {"meeting", "Meeting", "/v1/meetings", 'm', false, TABLE(meeting_fields)},
    [NOUN_TOPIC] = {"topic", "Topic", "/v1/topics", 't', false, TABLE(topic_fields)},
    [NOUN_DISCREPANCY] = {"discrepancy", "Discrepancy", "/v1/discrepancies", 'd', false, TABLE(discrepancy_fields)},
    [NOUN_MENTION] = {"mention", "Mention", "/v1/mentions", 'n', false, TABLE(mention_fields)},
    [NOUN_REPORT] = {"report", "Report", "/v1/reports", 'r', false, TABLE(report_fields)},
};

const struct record *record_of(enum noun noun)
{
    assert(noun < NOUN_COUNT);
    return &records[noun];
}

enum noun noun_of(const char *name, size_t length)
{
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        if (strlen(records[noun].name) == length && memcmp(records[noun].name, name, length) == 0)
            return noun;
    }
    return NOUN_COUNT;
}

const struct field *record_apart(const struct record *record)
{
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        if (field->type == FIELD_CHILDREN && field->children->noun != NOUN_COUNT)
            return field;
    }
    return NULL;
}

/* ---- rendering -------------------------------------------------------------------------------------------- */

static int add_dump(const char *data, size_t length, void *out)
{
    buffer_add(out, data, length);
    return 0;
}

static void render_value(const json_t *value, struct buffer *out)
{
    if (json_is_string(value))
        buffer_add_json(out, (struct slice){json_string_value(value), json_string_length(value)});
    else if (json_is_integer(value))
        buffer_add_int(out, json_integer_value(value));
    else if (json_is_boolean(value))
        buffer_add_text(out, json_is_true(value) ? "true" : "false");
    else if (!value || json_is_null(value))
        buffer_add_text(out, "null");
    else
        json_dump_callback(value, add_dump, out, JSON_COMPACT | JSON_ENCODE_ANY);
}

static void render_children(const struct children *children, const json_t *items, struct buffer *out)
{
    size_t index;
    json_t *item;
    buffer_add_byte(out, '[');
    json_array_foreach (items, index, item) {
        if (index)
            buffer_add_byte(out, ',');
        if (children->bare)
            render_value(item, out);
        else
            record_render(children->fields, children->field_count, item, out);
    }
    buffer_add_byte(out, ']');
}

void record_render(const struct field *fields, size_t field_count, const json_t *object, struct buffer *out)
{
    char before = '{';
    for (const struct field *field = fields; field < fields + field_count; field++) {
        if (field->type == FIELD_CHILDREN && field->children->noun != NOUN_COUNT)
            continue;
        buffer_add_byte(out, before);
        before = ',';
        buffer_add_byte(out, '"');
        buffer_add_text(out, field->name);
        buffer_add_text(out, "\":");
        const json_t *value = json_object_get(object, field->name);
        if (field->type == FIELD_CHILDREN)
            render_children(field->children, value, out);
        else
            render_value(value, out);
    }
    buffer_add_byte(out, '}');
}
