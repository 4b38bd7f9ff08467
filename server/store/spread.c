/* The counts of facets, kept while resources are written: `spread` has a row for each value that something has.
 *
 * Before a resource changes, each of its values counts one less; after that, one more. The transaction notes this in a log,
 * which a rollback shortens like the rest of the ledger, and adds it up at its end: most of a batch is about the same few
 * values. */
#include <stdlib.h>
#include <string.h>

#include "facets_private.h"
#include "page_private.h"
#include "spread_private.h"

struct spread_note {
    enum noun noun;
    unsigned facet;
    int by;
    struct datum value;
};

enum { NOTES_FIRST = 256 };

/* ---- noting ----------------------------------------------------------------------------------------------- */

static void note(struct writing *writing, enum noun noun, unsigned facet, struct statement *statement, int column, int by)
{
    struct spread_log *log = writing->spread;
    const struct facet *facets = facets_of(noun).items, *counted = &facets[facet];
    if (statement_null(statement, column))
        return;
    if (writing->ledger.spread_notes == log->room) {
        log->room = log->room ? 2 * log->room : NOTES_FIRST;
        log->notes = realloc(log->notes, log->room * sizeof *log->notes);
        if (!log->notes)
            die("out of memory");
    }
    struct datum value = facet_is_number(counted) ? of_int(statement_int(statement, column))
                                                  : of_slice(arena_slice(&log->arena, statement_text(statement, column)));
    log->notes[writing->ledger.spread_notes++] = (struct spread_note){noun, facet, by, value};
}

/* The values that stand in the resource's own row, those of the facets in their order; no row when it is not listed. */
static struct statement *row_statement(struct engine *engine, enum noun noun)
{
    uint64_t key = made_key(MADE_SPREAD, noun, UINT8_MAX, 0);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    struct facets facets = facets_of(noun);
    sql_add(&text, "SELECT id");
    for (size_t i = 0; i < facets.count; i++)
        sql_add(&text, ", %s", facets.items[i].table ? "NULL" : facets.items[i].value);
    sql_add(&text, " FROM %s WHERE %s AND id = $1", record_of(noun)->name, list_of(noun)->listed);
    return engine_keep(engine, key, text.data);
}

static struct statement *table_statement(struct engine *engine, enum noun noun, unsigned facet)
{
    uint64_t key = made_key(MADE_SPREAD, noun, facet, 0);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    const struct facet *facets = facets_of(noun).items, *counted = &facets[facet];
    sql_add(&text, "SELECT DISTINCT %s FROM %s WHERE %s = $1", counted->value, counted->table, counted->owner);
    return engine_keep(engine, key, text.data);
}

void spread_note(struct writing *writing, enum noun noun, int64_t id, int by)
{
    struct facets facets = facets_of(noun);
    if (facets.count == 0 || writing->error.kind)
        return;
    struct statement *statement = row_statement(writing->engine, noun);
    statement_run(statement, VALUES(of_int(id)));
    bool listed = statement_next(statement);
    for (unsigned i = 0; listed && i < facets.count; i++) {
        if (!facets.items[i].table)
            note(writing, noun, i, statement, (int)i + 1, by);
    }
    statement_end(statement, &writing->error);
    for (unsigned i = 0; listed && i < facets.count; i++) {
        if (!facets.items[i].table || writing->error.kind)
            continue;
        statement = table_statement(writing->engine, noun, i);
        statement_run(statement, VALUES(of_int(id)));
        while (statement_next(statement))
            note(writing, noun, i, statement, 0, by);
        statement_end(statement, &writing->error);
    }
}

/* ---- adding up -------------------------------------------------------------------------------------------- */

static int by_value(const void *left, const void *right)
{
    const struct spread_note *a = left, *b = right;
    if (a->noun != b->noun)
        return a->noun < b->noun ? -1 : 1;
    if (a->facet != b->facet)
        return a->facet < b->facet ? -1 : 1;
    if (a->value.type == DATUM_TEXT)
        return slice_compare(a->value.text, b->value.text);
    return (a->value.integer > b->value.integer) - (a->value.integer < b->value.integer);
}

static void settle_value(struct writing *writing, const struct spread_note *value, int by)
{
    struct datum noun = of_text(record_of(value->noun)->name), facet = of_text(facets_of(value->noun).items[value->facet].name);
    write_run(writing, sql_statement(writing->engine, SQL_SPREAD_ADD), VALUES(noun, facet, value->value, of_int(by)));
    if (by < 0)
        write_run(writing, sql_statement(writing->engine, SQL_SPREAD_DELETE), VALUES(noun, facet, value->value));
}

bool spread_settle(struct writing *writing)
{
    const struct spread_note *notes = writing->spread->notes;
    size_t count = writing->ledger.spread_notes;
    writing->error = (struct error){0};
    if (count)
        qsort(writing->spread->notes, count, sizeof *notes, by_value);
    for (size_t i = 0, next; i < count && !writing->error.kind; i = next) {
        int by = 0;
        for (next = i; next < count && by_value(&notes[i], &notes[next]) == 0; next++)
            by += notes[next].by;
        if (by)
            settle_value(writing, &notes[i], by);
    }
    writing->ledger.spread_notes = 0;
    return !writing->error.kind;
}

void spread_forget(struct spread_log *log)
{
    free(log->notes);
    arena_release(&log->arena);
    *log = (struct spread_log){.room = 0};
}

/* ---- from scratch ----------------------------------------------------------------------------------------- */

size_t spread_facets(enum noun noun)
{
    return facets_of(noun).count;
}

const char *spread_count(struct buffer *out, enum noun noun, size_t index)
{
    struct facets facets = facets_of(noun);
    const struct facet *facet = &facets.items[index];
    const char *name = record_of(noun)->name, *listed = list_of(noun)->listed;
    buffer_print(out, "SELECT '%s' AS noun, '%s' AS facet, %s AS value, ", name, facet->name, facet->value);
    if (facet->table)
        buffer_print(out, "count(DISTINCT %s) AS total FROM %s\nWHERE %s IN (SELECT id FROM %s WHERE %s)", facet->owner,
                     facet->table, facet->owner, name, listed);
    else
        buffer_print(out, "count(*) AS total FROM %s\nWHERE %s", name, listed);
    buffer_print(out, " AND %s IS NOT NULL\nGROUP BY %s", facet->value, facet->value);
    return facet->name;
}

void spread_rebuild(struct buffer *out)
{
    buffer_add_text(out, "DELETE FROM spread;\n");
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        for (size_t i = 0; i < spread_facets(noun); i++) {
            buffer_add_text(out, "INSERT INTO spread (noun, facet, value, total)\n");
            spread_count(out, noun, i);
            buffer_add_text(out, ";\n");
        }
    }
}
