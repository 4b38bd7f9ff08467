/* What reports are matched by, and the decisions about it: the tables of migrations/sqlite/0006_matching.sql. */
#include "reader_private.h"

/* ---- what stands ------------------------------------------------------------------------------------------ */

static void read_trait(struct statement *statement, struct arena *arena, struct compared *compared)
{
    *compared = (struct compared){.trait = {.report = statement_int(statement, 0),
                                            .party = arena_slice(arena, statement_text(statement, 1)),
                                            .day = statement_int(statement, 2),
                                            .said = statement_int(statement, 3) != 0,
                                            .gist = arena_slice(arena, statement_text(statement, 4)),
                                            .reading = arena_slice(arena, statement_text(statement, 5))},
                                  .claim = statement_int(statement, 6),
                                  .article = statement_int(statement, 7),
                                  .document = arena_slice(arena, statement_text(statement, 8)),
                                  .published_at = arena_slice(arena, statement_text(statement, 9)),
                                  .speaker_kind = arena_slice(arena, statement_text(statement, 10)),
                                  .speaker = statement_int(statement, 11)};
}

static size_t read_traits(struct engine *engine, enum sql sql, int64_t id, struct arena *arena, struct compared *found,
                          size_t most, struct error *error)
{
    size_t count = 0;
    if (error->kind)
        return 0;
    struct statement *statement = sql_statement(engine, sql);
    statement_run(statement, VALUES(of_int(id), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        read_trait(statement, arena, &found[count++]);
    return statement_end(statement, error) ? count : 0;
}

static size_t read_alike(struct engine *engine, const struct alike_query *query, int64_t *reports, size_t most,
                         struct error *error)
{
    size_t count = 0;
    if (error->kind)
        return 0;
    struct statement *statement = sql_statement(engine, SQL_ALIKE);
    statement_run(statement, VALUES(of_int(query->key), of_int(query->from), of_int(query->until), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        reports[count++] = statement_int(statement, 0);
    return statement_end(statement, error) ? count : 0;
}

bool writing_compared(struct writing *writing, int64_t report, struct arena *arena, struct compared *compared)
{
    return read_traits(writing->engine, SQL_TRAIT, report, arena, compared, 1, &writing->error) == 1;
}

size_t writing_compared_of(struct writing *writing, int64_t claim, struct arena *arena, struct compared *found, size_t most)
{
    return read_traits(writing->engine, SQL_TRAITS_OF_CLAIM, claim, arena, found, most, &writing->error);
}

size_t writing_alike(struct writing *writing, const struct alike_query *query, int64_t *reports, size_t most)
{
    return read_alike(writing->engine, query, reports, most, &writing->error);
}

bool reader_compared(struct reader *reader, int64_t report, struct arena *arena, struct compared *compared, struct error *error)
{
    return read_traits(reader->engine, SQL_TRAIT, report, arena, compared, 1, error) == 1;
}

size_t reader_compared_of(struct reader *reader, int64_t claim, struct arena *arena, struct compared *found, size_t most,
                          struct error *error)
{
    return read_traits(reader->engine, SQL_TRAITS_OF_CLAIM, claim, arena, found, most, error);
}

size_t reader_alike(struct reader *reader, const struct alike_query *query, int64_t *reports, size_t most, struct error *error)
{
    return read_alike(reader->engine, query, reports, most, error);
}

/* ---- writing traits --------------------------------------------------------------------------------------- */

void writing_set_trait(struct writing *writing, const struct trait *trait, const int64_t *keys, size_t count)
{
    write_run(writing, sql_statement(writing->engine, SQL_TRAIT_SET),
              VALUES(of_int(trait->report), of_slice(trait->party), of_id(trait->day), of_int(trait->said), of_slice(trait->gist),
                     of_slice(trait->reading)));
    for (size_t i = 0; i < count; i++)
        write_run(writing, sql_statement(writing->engine, SQL_CONCEPT_ADD),
                  VALUES(of_int(keys[i]), of_int(trait->day), of_int(trait->report)));
}

void writing_drop_trait(struct writing *writing, const struct trait *trait, const int64_t *keys, size_t count)
{
    write_run(writing, sql_statement(writing->engine, SQL_TRAIT_DELETE), VALUES(of_int(trait->report)));
    for (size_t i = 0; i < count; i++)
        write_run(writing, sql_statement(writing->engine, SQL_CONCEPT_DELETE),
                  VALUES(of_int(keys[i]), of_int(trait->day), of_int(trait->report)));
}

struct slice writing_party(struct writing *writing, int64_t actor, struct arena *arena)
{
    struct slice party = NO_SLICE;
    if (writing->error.kind || !actor)
        return party;
    struct statement *statement = sql_statement(writing->engine, SQL_PARTY);
    statement_run(statement, VALUES(of_int(actor)));
    if (statement_next(statement))
        party = arena_slice(arena, statement_text(statement, 0));
    statement_end(statement, &writing->error);
    return party;
}

/* ---- what a person took apart ----------------------------------------------------------------------------- */

bool writing_are_apart(struct writing *writing, int64_t claim, int64_t other)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_ARE_APART), VALUES(of_int(claim), of_int(other))) != 0;
}

void writing_set_apart(struct writing *writing, int64_t claim, int64_t other)
{
    struct statement *statement = sql_statement(writing->engine, SQL_APART_ADD);
    write_run(writing, statement, VALUES(of_int(claim), of_int(other)));
    write_run(writing, statement, VALUES(of_int(other), of_int(claim)));
}

void apart_follow(struct writing *writing, int64_t from, int64_t into)
{
    write_run(writing, sql_statement(writing->engine, SQL_APART_DELETE), VALUES(of_int(from), of_int(into)));
    write_run(writing, sql_statement(writing->engine, SQL_APART_FOLLOW), VALUES(of_int(from), of_int(into)));
    write_run(writing, sql_statement(writing->engine, SQL_APART_FOLLOW_BACK), VALUES(of_int(from), of_int(into)));
}

/* ---- what was derived ------------------------------------------------------------------------------------- */

bool writing_derived(struct writing *writing, int64_t claim, struct derived *derived)
{
    bool found = false;
    if (writing->error.kind)
        return false;
    struct statement *statement = sql_statement(writing->engine, SQL_DERIVED);
    statement_run(statement, VALUES(of_int(claim)));
    if ((found = statement_next(statement)))
        *derived = (struct derived){statement_int(statement, 0), statement_int(statement, 1), statement_int(statement, 2)};
    return statement_end(statement, &writing->error) && found;
}

void writing_set_derived(struct writing *writing, int64_t claim, const struct derived *derived)
{
    write_run(writing, sql_statement(writing->engine, SQL_DERIVED_SET),
              VALUES(of_int(claim), of_int(derived->words), of_id(derived->speaker), of_id(derived->on_behalf_of)));
}
