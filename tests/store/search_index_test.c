/* The search index: filled from a store that is older than it. */
#include <criterion/criterion.h>

#include "../../server/store/search_private.h"
#include "readout/embedded.h"

/* A store as the first migration left it, with an article, an actor, a claim, and one of each that is hidden. */
static struct engine *old_store(struct arena *arena)
{
    struct engine *engine;
    struct error error;
    struct slice first = embedded_migrations()[0].sql;
    const char *script = arena_print(
        arena,
        "BEGIN; %.*s; PRAGMA application_id = %d; PRAGMA user_version = 1;"
        "INSERT INTO article (id, version, deleted_at, document, title, language, machine_translated, sha256, created_at, "
        "updated_at)"
        " VALUES (1, 1, NULL, '{}', 'Les chevaux', 'fr-CH', 0, '', '', ''), (2, 1, 'then', '{}', 'Zebra', 'en', 0, '', '', '');"
        "INSERT INTO article_text VALUES (1, 'Une phrase'), (2, 'zebra');"
        "INSERT INTO actor (id, version, merged_into_id, document, name, kind, status, created_at, updated_at)"
        " VALUES (1, 1, NULL, '{}', 'Zoë', 'person', 'confirmed', '', ''), (2, 1, 1, '{}', 'Zebra', 'person', 'confirmed', '', "
        "'');"
        "INSERT INTO actor_alias VALUES (1, 0, 'Z. Baker', NULL, 'alias', NULL), (1, 1, 'La Baker', NULL, 'alias', NULL);"
        "INSERT INTO claim (id, version, deleted_at, document, text, stance, attribution, status, report_count, outlet_count,"
        " origin_count, created_at, updated_at) VALUES (1, 1, NULL, '{}', 'Exercises', 'asserts', 'named', 'confirmed', 0, 0, 0, "
        "'',"
        " ''), (2, 1, 'then', '{}', 'Zebra', 'asserts', 'named', 'confirmed', 0, 0, 0, '', ''); COMMIT;",
        SLICE_ARGS(first), 0x52644f74);
    cr_assert(engine_open(":memory:", ENGINE_CREATE, &engine, &error), "%s", error.message);
    cr_assert(engine_execute(engine, script, &error), "%s", error.message);
    return engine;
}

static int64_t found(struct engine *engine, enum noun noun, const char *expression)
{
    struct error error;
    struct statement *statement = search_statement(engine, SEARCH_COUNT, noun);
    statement_run(statement, VALUES(of_text(expression), of_int(10)));
    int64_t count = statement_next(statement) ? statement_int(statement, 0) : -1;
    cr_assert(statement_end(statement, &error), "%s", error.message);
    return count;
}

Test(search_index, is_filled_from_an_older_store)
{
    struct arena arena = {0};
    struct error error;
    struct engine *engine = old_store(&arena);
    cr_assert(store_migrate(engine, NULL, &error), "%s", error.message);
    cr_expect_eq(found(engine, NOUN_ARTICLE, "chevaux AND phrases"), 1);
    cr_expect_eq(found(engine, NOUN_ARTICLE, "\"\1fr\2cheval\""), 1);
    cr_expect_eq(found(engine, NOUN_ARTICLE, "zebra"), 0);
    cr_expect_eq(found(engine, NOUN_ACTOR, "zoe AND baker AND la"), 1);
    cr_expect_eq(found(engine, NOUN_ACTOR, "zebra"), 0);
    cr_expect_eq(found(engine, NOUN_CLAIM, "exercise"), 1);
    cr_expect_eq(found(engine, NOUN_CLAIM, "zebra"), 0);
    engine_close(engine);
    arena_release(&arena);
}
