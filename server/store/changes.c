/* The change log, read in order. */
#include "reader_private.h"

/* For a noun that changes rarely: so many changes of others are passed by in one go, about two milliseconds. */
enum { LOOKED_AT_MOST = 5000 };

struct log_row {
    int64_t seq, id, version;
    enum noun noun;
    struct slice action, at;
};

static struct log_row row_of(struct statement *statement)
{
    struct slice noun = statement_text(statement, 1);
    return (struct log_row){.seq = statement_int(statement, 0),
                            .noun = noun_of(noun.data, noun.length),
                            .id = statement_int(statement, 2),
                            .version = statement_int(statement, 3),
                            .action = statement_text(statement, 4),
                            .at = statement_text(statement, 5)};
}

static bool read_log(struct reader *reader, const struct change_query *query, struct arena *arena, struct log_row *rows,
                     size_t *count, int64_t *reached, struct error *error)
{
    bool all = (query->nouns & EVERY_NOUN) == EVERY_NOUN;
    int most = all ? query->limit : LOOKED_AT_MOST, looked_at = 0;
    struct statement *statement = sql_statement(reader->engine, SQL_CHANGES);
    *count = 0;
    *reached = query->since;
    statement_run(statement, VALUES(of_int(query->since), of_int(query->until), of_int(most)));
    while (*count < (size_t)query->limit && statement_next(statement)) {
        struct log_row row = row_of(statement);
        looked_at++;
        *reached = row.seq;
        if (!(query->nouns & NOUN_BIT(row.noun)))
            continue;
        row.action = arena_slice(arena, row.action);
        row.at = arena_slice(arena, row.at);
        rows[(*count)++] = row;
    }
    if (*count < (size_t)query->limit && looked_at < most)
        *reached = query->until;
    return statement_end(statement, error);
}

/* The newest version stands in its row, the others in `revision`. */
static bool document_of(struct reader *reader, const struct log_row *row, struct arena *arena, struct slice *document,
                        struct error *error)
{
    *document = NO_SLICE;
    if (slice_is(row->action, "deleted"))
        return true;
    struct statement *statement = sql_statement(reader->engine, SQL_REVISION_DOCUMENT);
    statement_run(statement, VALUES(of_text(record_of(row->noun)->name), of_int(row->id), of_int(row->version)));
    if (statement_next(statement))
        *document = arena_slice(arena, statement_text(statement, 0));
    if (!statement_end(statement, error))
        return false;
    return document->data || whole_document(reader->engine, row->noun, row->id, arena, document, error);
}

static struct slice item_of(const struct log_row *row, struct slice document, struct arena *arena)
{
    struct buffer out = buffer_in(arena, document.length + 192);
    buffer_print(&out, "{\"seq\":%lld,\"noun\":\"%s\",\"id\":%lld,\"version\":%lld,\"action\":\"", (long long)row->seq,
                 record_of(row->noun)->name, (long long)row->id, (long long)row->version);
    buffer_add_slice(&out, row->action);
    buffer_add_text(&out, "\",\"at\":");
    buffer_add_json(&out, row->at);
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
        struct slice document;
        if (!document_of(reader, &rows[i], arena, &document, error))
            return false;
        changes[i] = (struct changed){rows[i].seq, rows[i].noun, rows[i].action, item_of(&rows[i], document, arena)};
    }
    return true;
}
