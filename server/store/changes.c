/* The change log, read in order. */
#include <string.h>

#include "reader_private.h"

/* For a noun that changes rarely: so many changes of others are passed by in one go, about two milliseconds. Filters read
 * documents: so many, which takes as long. */
enum { LOOKED_AT_MOST = 5000, READ_MOST = 300 };

struct log_row {
    int64_t seq, id, version;
    enum noun noun;
    struct slice action, at, by;
};

static struct log_row row_of(struct statement *statement)
{
    struct slice noun = statement_text(statement, 1);
    return (struct log_row){.seq = statement_int(statement, 0),
                            .noun = noun_of(noun.data, noun.length),
                            .id = statement_int(statement, 2),
                            .version = statement_int(statement, 3),
                            .action = statement_text(statement, 4),
                            .at = statement_text(statement, 5),
                            .by = statement_text(statement, 6)};
}

/* The newest version stands in its row, the others in `revision`. */
static bool document_of(struct reader *reader, const struct log_row *row, int64_t version, struct arena *arena,
                        struct slice *document, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_REVISION_DOCUMENT);
    *document = NO_SLICE;
    statement_run(statement, VALUES(of_text(record_of(row->noun)->name), of_int(row->id), of_int(version)));
    if (statement_next(statement))
        *document = arena_slice(arena, statement_text(statement, 0));
    if (!statement_end(statement, error))
        return false;
    return document->data || whole_document(reader->engine, row->noun, row->id, arena, document, error);
}

/* ---- what a change is about ------------------------------------------------------------------------------- */

/* Where a document has what a filter asks for: a property, or one of each item of an array, or its items themselves. */
static const struct place_of_value {
    const char *filter;
    enum noun noun;
    const char *array, *property;
} places[] = {
    {"speaker_id", NOUN_CLAIM, NULL, "speaker_id"},   {"topic", NOUN_CLAIM, "topics", NULL},
    {"topic", NOUN_MEETING, "topics", NULL},          {"actor_id", NOUN_ACTOR, NULL, "id"},
    {"actor_id", NOUN_CLAIM, NULL, "speaker_id"},     {"actor_id", NOUN_CLAIM, NULL, "on_behalf_of_id"},
    {"actor_id", NOUN_CLAIM, NULL, "addressee_id"},   {"actor_id", NOUN_MEETING, "participants", "actor_id"},
    {"actor_id", NOUN_ARTICLE, NULL, "outlet_id"},    {"actor_id", NOUN_ARTICLE, "mentions", "actor_id"},
    {"actor_id", NOUN_DISCREPANCY, NULL, "actor_id"},
};
enum { PLACES = sizeof places / sizeof places[0] };

unsigned change_filter_nouns(const char *name)
{
    unsigned nouns = 0;
    for (size_t i = 0; i < PLACES; i++)
        nouns |= strcmp(places[i].filter, name) == 0 ? NOUN_BIT(places[i].noun) : 0;
    return nouns;
}

static bool is_among(const struct change_filter *filter, const json_t *value)
{
    long long number = 0;
    for (size_t i = 0; i < filter->count; i++) {
        if (json_is_string(value) && slice_is(filter->values[i], json_string_value(value)))
            return true;
        if (json_is_integer(value) && slice_to_int(filter->values[i], &number) && number == json_integer_value(value))
            return true;
    }
    return false;
}

static bool is_at(const struct place_of_value *place, const struct change_filter *filter, const json_t *document)
{
    size_t index;
    json_t *item;
    if (!place->array)
        return is_among(filter, json_object_get(document, place->property));
    json_array_foreach (json_object_get(document, place->array), index, item) {
        if (is_among(filter, place->property ? json_object_get(item, place->property) : item))
            return true;
    }
    return false;
}

static bool is_about(const struct change_query *query, enum noun noun, struct slice text)
{
    json_t *document = json_loadb(text.data, text.length, 0, NULL);
    bool all = true;
    for (size_t i = 0; i < query->filter_count && all; i++) {
        bool any = false;
        for (size_t n = 0; n < PLACES && !any; n++)
            any = places[n].noun == noun && strcmp(places[n].filter, query->filters[i].name) == 0 &&
                  is_at(&places[n], &query->filters[i], document);
        all = any;
    }
    json_decref(document);
    return all;
}

/* Before the change or after it; a deletion left the document as it was. */
static bool is_picked(struct reader *reader, const struct change_query *query, const struct log_row *row, struct arena *scratch,
                      bool *picked, struct error *error)
{
    struct slice document;
    *picked = query->filter_count == 0;
    for (int64_t version = row->version; !*picked && version >= row->version - 1 && version > 0; version--) {
        arena_reset(scratch);
        if (!document_of(reader, row, version, scratch, &document, error))
            return false;
        *picked = is_about(query, row->noun, document);
    }
    return true;
}

/* ---- the log ---------------------------------------------------------------------------------------------- */

static bool read_log(struct reader *reader, const struct change_query *query, struct arena *arena, struct log_row *rows,
                     size_t *count, int64_t *reached, struct error *error)
{
    bool all = (query->nouns & EVERY_NOUN) == EVERY_NOUN, picked, good = true, more = true;
    int most = all ? query->limit : LOOKED_AT_MOST, looked_at = 0, read = 0;
    struct arena scratch = {0};
    struct statement *statement = sql_statement(reader->engine, SQL_CHANGES);
    *count = 0;
    *reached = query->since;
    statement_run(statement, VALUES(of_int(query->since), of_int(query->until), of_int(most)));
    while (good && *count < (size_t)query->limit && read < READ_MOST && (more = statement_next(statement))) {
        struct log_row row = row_of(statement);
        looked_at++;
        *reached = row.seq;
        if (!(query->nouns & NOUN_BIT(row.noun)))
            continue;
        good = is_picked(reader, query, &row, &scratch, &picked, error);
        read += query->filter_count > 0;
        if (!good || !picked)
            continue;
        row.action = arena_slice(arena, row.action);
        row.at = arena_slice(arena, row.at);
        row.by = arena_slice(arena, row.by);
        rows[(*count)++] = row;
    }
    arena_release(&scratch);
    if (!more && looked_at < most)
        *reached = query->until;
    struct error ignored;
    return statement_end(statement, good ? error : &ignored) && good;
}

static struct slice item_of(const struct log_row *row, struct slice document, struct arena *arena)
{
    struct buffer out = buffer_in(arena, document.length + 192);
    buffer_print(&out, "{\"seq\":%lld,\"noun\":\"%s\",\"id\":%lld,\"version\":%lld,\"action\":\"", (long long)row->seq,
                 record_of(row->noun)->name, (long long)row->id, (long long)row->version);
    buffer_add_slice(&out, row->action);
    buffer_add_text(&out, "\",\"at\":");
    buffer_add_json(&out, row->at);
    buffer_add_text(&out, ",\"by\":");
    buffer_add_json(&out, row->by);
    buffer_add_text(&out, ",\"document\":");
    buffer_add_slice(&out, document.data ? document : SLICE("null"));
    buffer_add_byte(&out, '}');
    return buffer_slice(&out);
}

bool reader_changes(struct reader *reader, const struct change_query *query, struct arena *arena, struct changed *changes,
                    size_t *count, int64_t *reached, struct error *error)
{
    struct log_row *rows = arena_alloc(arena, (size_t)query->limit * sizeof *rows);
    if (!read_log(reader, query, arena, rows, count, reached, error))
        return false;
    for (size_t i = 0; i < *count; i++) {
        struct slice document = NO_SLICE;
        if (!slice_is(rows[i].action, "deleted") && !document_of(reader, &rows[i], rows[i].version, arena, &document, error))
            return false;
        changes[i] = (struct changed){rows[i].seq, rows[i].noun, rows[i].action, item_of(&rows[i], document, arena)};
    }
    return true;
}
