#include <string.h>

#include "store_private.h"

static const struct points *text_points(struct writing *writing, int64_t article, int64_t revision, struct arena *arena)
{
    if (article == writing->points_article && revision == writing->points_revision)
        return &writing->points;
    struct statement *statement = sql_statement(writing->engine, revision ? SQL_REVISION_TEXT : SQL_ARTICLE_TEXT);
    struct slice text = NO_SLICE;
    if (revision)
        statement_run(statement, VALUES(of_int(article), of_int(revision)));
    else
        statement_run(statement, VALUES(of_int(article)));
    if (statement_next(statement))
        text = arena_slice(arena, statement_text(statement, 0));
    if (!statement_end(statement, &writing->error) || !text.data)
        return NULL;
    writing->points_article = article;
    writing->points_revision = revision;
    writing->points = points_of(arena, text);
    return &writing->points;
}

const struct points *article_points(struct writing *writing, int64_t article, struct arena *arena)
{
    return text_points(writing, article, 0, arena);
}

/* ---- spans ------------------------------------------------------------------------------------------------ */

static void settle_span(struct settling *settling, json_t *span, int64_t article, const char *pointer)
{
    int64_t start = json_integer_value(json_object_get(span, "start")), end = json_integer_value(json_object_get(span, "end"));
    const struct points *points = article > 0 ? text_points(settling->writing, article, settling->revision, settling->arena)
                                              : NULL;
    if (!points && settling->revision)
        fault_add(settling->faults, FAULT_POINTER, pointer, "reference", "the article has no earlier text %lld",
                  (long long)settling->revision);
    if (!points)
        return; /* the article itself is a fault already */
    struct slice there = end > start ? points_slice(points, start, end) : NO_SLICE;
    json_t *text = json_object_get(span, "text");
    if (!there.data)
        fault_add(settling->faults, FAULT_POINTER, pointer, "range",
                  "no such span: it must start before it ends, and the article has %zu characters", points->length);
    else if (!text || json_is_null(text))
        json_object_set_new(span, "text", json_stringn(there.data, there.length));
    else if (!slice_equal(there, (struct slice){json_string_value(text), json_string_length(text)}))
        fault_add(settling->faults, FAULT_POINTER, arena_print(settling->arena, "%s/text", pointer), "mismatch",
                  "the article has \"%.*s\" there", there.length > 200 ? 200 : (int)there.length, there.data);
}

static void settle_spans(struct settling *settling, json_t *value, const char *pointer)
{
    if (json_is_object(value))
        settle_span(settling, value, settling->article, pointer);
    size_t index;
    json_t *span;
    json_array_foreach (value, index, span)
        settle_span(settling, span, settling->article, arena_print(settling->arena, "%s/%zu", pointer, index));
}

/* ---- references ------------------------------------------------------------------------------------------- */

static int64_t look_up(struct settling *settling, enum noun noun, const json_t *value)
{
    struct engine *engine = settling->writing->engine;
    if (json_is_integer(value))
        return write_ask(settling->writing, made_lookup(engine, MADE_BY_ID, noun, 0), VALUES(of_int(json_integer_value(value))));
    struct slice key = {json_string_value(value), json_string_length(value)};
    return write_ask(settling->writing, made_lookup(engine, MADE_BY_EXTERNAL, noun, 0), VALUES(of_slice(key)));
}

int64_t settle_reference(struct settling *settling, enum noun noun, const json_t *value, const char *pointer)
{
    int64_t id = look_up(settling, noun, value);
    const char *name = record_of(noun)->name;
    if (id == 0 && json_is_integer(value))
        fault_add(settling->faults, FAULT_POINTER, pointer, "reference", "there is no %s with the id %lld", name,
                  (long long)json_integer_value(value));
    else if (id == 0)
        fault_add(settling->faults, FAULT_POINTER, pointer, "reference", "there is no %s with the %s \"%s\"", name,
                  noun == NOUN_TOPIC ? "slug" : "external_id", json_string_value(value));
    return id;
}

/* Which of its article's texts an item is from; told of each that can be. */
static void settle_revision(struct settling *settling, const struct children *children, json_t *item)
{
    settling->revision = json_integer_value(json_object_get(item, "revision"));
    for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
        if (strcmp(field->name, "revision") == 0 && !json_object_get(item, "revision"))
            json_object_set_new(item, "revision", json_null());
    }
}

static void settle_item(struct settling *settling, const struct children *children, json_t *items, size_t index,
                        const char *pointer)
{
    json_t *item = json_array_get(items, index);
    const struct field *only = children->fields;
    if (!children->bare) {
        int64_t outer = settling->article;
        settle_revision(settling, children, item);
        for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
            settle_field(settling, field, item, pointer);
            if (field->refers == NOUN_ARTICLE && strcmp(field->name, "article_id") == 0 && !(field->flags & FIELD_SERVER))
                settling->article = json_integer_value(json_object_get(item, "article_id"));
        }
        if (children->spans)
            settle_span(settling, item, settling->article, pointer);
        settling->article = outer;
        settling->revision = 0;
    } else if (only->type == FIELD_REFERENCE) {
        json_array_set_new(items, index, json_integer(settle_reference(settling, only->refers, item, pointer)));
    } else if (only->type == FIELD_SLUG) {
        settle_reference(settling, only->refers, item, pointer);
    }
}

static void settle_instant(const struct field *field, json_t *holder, const json_t *value)
{
    int64_t milliseconds;
    char instant[INSTANT_SIZE];
    if (clock_parse_instant((struct slice){json_string_value(value), json_string_length(value)}, &milliseconds)) {
        clock_format(milliseconds, instant);
        json_object_set_new(holder, field->name, json_string(instant));
    }
}

void settle_field(struct settling *settling, const struct field *field, json_t *holder, const char *pointer)
{
    json_t *value = json_object_get(holder, field->name);
    bool plain = field->type != FIELD_REFERENCE && field->type != FIELD_CHILDREN &&
                 !(field->flags & (FIELD_SPAN | FIELD_INSTANT));
    if (plain || !value || json_is_null(value) || field->flags & FIELD_SERVER)
        return;
    const char *here = arena_print(settling->arena, "%s/%s", pointer, field->name);
    if (field->type == FIELD_REFERENCE) {
        json_object_set_new(holder, field->name, json_integer(settle_reference(settling, field->refers, value, here)));
    } else if (field->flags & FIELD_SPAN) {
        settle_spans(settling, value, here);
    } else if (field->flags & FIELD_INSTANT) {
        settle_instant(field, holder, value);
    } else if (field->type == FIELD_CHILDREN) {
        for (size_t index = 0; index < json_array_size(value); index++)
            settle_item(settling, field->children, value, index, arena_print(settling->arena, "%s/%zu", here, index));
    }
}
