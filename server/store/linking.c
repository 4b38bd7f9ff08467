/* What is known already of what an article says: lookups by names, words and runs of words, and the tables behind them. */
#include <string.h>

#include "store_private.h"

/* ---- keeping the keys ------------------------------------------------------------------------------------- */

void linking_note(struct writing *writing, enum noun noun, int64_t id, bool is_new)
{
    struct engine *engine = writing->engine;
    if (noun == NOUN_ACTOR && !is_new)
        write_run(writing, sql_statement(engine, SQL_ACTOR_KEYS_DELETE), VALUES(of_int(id)));
    if (noun == NOUN_ACTOR)
        write_run(writing, sql_statement(engine, SQL_ACTOR_KEYS_ADD), VALUES(of_int(id)));
    if (noun == NOUN_CLAIM)
        write_run(writing, sql_statement(engine, SQL_CLAIM_KEY_SET), VALUES(of_int(id)));
    if (noun == NOUN_MEETING)
        sightings_note(writing, id);
}

/* ---- actors ----------------------------------------------------------------------------------------------- */

size_t writing_named(struct writing *writing, enum naming naming, struct slice name, struct arena *arena, struct named *found,
                     size_t most)
{
    static const char *const parts[] = {
        [NAMED_SO] = "words", [NAMED_BY_LAST_WORD] = "last", [NAMED_ALIKE] = "sound", [NAMED_ALIKE_LAST] = "sound"};
    static const enum sql ways[] = {[NAMED_BY_LAST_WORD] = SQL_SURNAMED,
                                    [NAMED_ALIKE] = SQL_NAMED,
                                    [NAMED_SO] = SQL_NAMED,
                                    [NAMED_ALIKE_LAST] = SQL_SOUNDING};
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, ways[naming]);
    statement_run(statement, VALUES(of_slice(name), of_text(parts[naming]), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = (struct named){.id = statement_int(statement, 0),
                                        .name = arena_slice(arena, statement_text(statement, 1)),
                                        .kind = arena_slice(arena, statement_text(statement, 2)),
                                        .country = arena_slice(arena, statement_text(statement, 3)),
                                        .confirmed = statement_int(statement, 4) != 0};
    statement_end(statement, &writing->error);
    return count;
}

size_t writing_printed_names(struct writing *writing, int64_t actor, bool nominals, struct arena *arena,
                             struct printed_name *printed, size_t most)
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_PRINTED_NAMES);
    statement_run(statement, VALUES(of_int(actor), of_int(nominals), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        printed[count++] = (struct printed_name){.text = arena_slice(arena, statement_text(statement, 0)),
                                                 .articles = statement_int(statement, 1),
                                                 .first_at = arena_slice(arena, statement_text(statement, 2))};
    statement_end(statement, &writing->error);
    return count;
}

void writing_give_name(struct writing *writing, int64_t actor, struct slice name)
{
    write_run(writing, sql_statement(writing->engine, SQL_NAME_GIVE), VALUES(of_int(actor), of_slice(name)));
}

bool writing_given_name(struct writing *writing, int64_t actor, struct slice name)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_NAME_GIVEN), VALUES(of_int(actor), of_slice(name))) != 0;
}

int64_t writing_state(struct writing *writing, struct slice country)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_STATE_OF), VALUES(of_slice(country)));
}

int64_t writing_actor(struct writing *writing, int64_t id)
{
    return write_ask(writing, made_lookup(writing->engine, MADE_BY_ID, NOUN_ACTOR, 0), VALUES(of_int(id)));
}

int64_t writing_keyed(struct writing *writing, enum noun noun, struct slice external_id)
{
    return write_ask(writing, made_lookup(writing->engine, MADE_BY_EXTERNAL, noun, 0), VALUES(of_slice(external_id)));
}

/* ---- claims ----------------------------------------------------------------------------------------------- */

int64_t writing_report_in(struct writing *writing, int64_t claim, int64_t article)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_REPORT_IN), VALUES(of_int(claim), of_int(article)));
}

bool writing_add_report(struct writing *writing, int64_t id, json_t *report, struct arena *arena)
{
    struct resource claim;
    struct faults *faults = arena_alloc(arena, sizeof *faults);
    *faults = (struct faults){.arena = arena};
    struct settling settling = {.writing = writing, .faults = faults, .arena = arena};
    json_t *holder = json_pack("{s:[O]}", "reports", report);
    bool good = resource_load(writing, NOUN_CLAIM, id, arena, &claim) && !claim.deleted_at.data;
    if (good) {
        settle_field(&settling, record_apart(record_of(NOUN_CLAIM)), holder, "#");
        good = faults->count == 0 && resource_append(writing, &claim, json_object_get(holder, "reports"), arena);
    }
    resource_release(&claim);
    json_decref(holder);
    return good;
}

/* ---- articles --------------------------------------------------------------------------------------------- */

size_t writing_same_text(struct writing *writing, struct slice text, struct arena *arena, struct same_text *found, size_t most)
{
    char hash[SHA256_HEX_SIZE];
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    digest_sha256_hex(text, hash);
    struct statement *statement = sql_statement(writing->engine, SQL_SAME_TEXT);
    statement_run(statement, VALUES(of_text(hash), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = (struct same_text){.id = statement_int(statement, 0),
                                            .outlet = statement_int(statement, 1),
                                            .original = statement_int(statement, 2),
                                            .external_id = arena_slice(arena, statement_text(statement, 3)),
                                            .url = arena_slice(arena, statement_text(statement, 4))};
    statement_end(statement, &writing->error);
    return count;
}

size_t writing_near(struct writing *writing, const int64_t bands[static ARTICLE_BANDS], struct arena *arena, struct near *found,
                    size_t most)
{
    struct datum values[ARTICLE_BANDS + 1];
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    for (size_t i = 0; i < ARTICLE_BANDS; i++)
        values[i] = of_int(bands[i]);
    values[ARTICLE_BANDS] = of_int((int64_t)most);
    struct statement *statement = sql_statement(writing->engine, SQL_NEAR);
    statement_run(statement, values, ARTICLE_BANDS + 1);
    while (count < most && statement_next(statement))
        found[count++] = (struct near){statement_int(statement, 0), arena_slice(arena, statement_text(statement, 1))};
    statement_end(statement, &writing->error);
    return count;
}

void writing_note_bands(struct writing *writing, int64_t article, const int64_t bands[static ARTICLE_BANDS])
{
    for (size_t i = 0; i < ARTICLE_BANDS; i++)
        write_run(writing, sql_statement(writing->engine, SQL_BAND_ADD), VALUES(of_int(bands[i]), of_int(article)));
}

/* ---- resources as they stand ------------------------------------------------------------------------------ */

json_t *writing_document(struct writing *writing, enum noun noun, int64_t id, bool whole, struct arena *arena)
{
    struct resource resource;
    bool there = resource_load(writing, noun, id, arena, &resource) && !resource.deleted_at.data &&
                 (!whole || resource_load_apart(writing, &resource));
    if (!there)
        resource_release(&resource);
    return resource.json;
}

size_t writing_found_in(struct writing *writing, enum noun noun, int64_t article, int64_t after, int64_t *ids, size_t most)
{
    enum sql sql = noun == NOUN_CLAIM         ? SQL_CLAIMS_OF_ARTICLE
                   : noun == NOUN_MEETING     ? SQL_MEETINGS_OF_ARTICLE
                   : noun == NOUN_DISCREPANCY ? SQL_DISCREPANCIES_OF_ARTICLE
                                              : SQL_ACTORS_OF_ARTICLE;
    return write_ids(writing, sql_statement(writing->engine, sql), VALUES(of_int(article), of_int(after), of_int((int64_t)most)),
                     ids, most);
}

bool writing_is_unused(struct writing *writing, int64_t actor)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_ACTOR_IS_USED), VALUES(of_int(actor))) == 0 &&
           !writing->error.kind;
}
