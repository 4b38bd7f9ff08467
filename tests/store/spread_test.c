/* The counts that are kept while resources are written are those that counting gives. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "readout/embedded.h"
#include "readout/engine.h"
#include "support/harness.h"
#include "support/scene.h"

enum { ACTORS = 8, ARTICLES = 8, CLAIMS = 12, MEETINGS = 5, ROUNDS = 400, CHECK_EVERY = 80 };

static struct scene scene;

static void set_up(void)
{
    server_up();
    scene = scene_set();
}

TestSuite(spread, .init = set_up, .fini = server_down);

/* ---- comparing ---------------------------------------------------------------------------------------------------------- */

/* A list's facets are kept counts; behind a filter that lets everything through they are counted. */
static void expect_facets_counted(const char *path, const char *facets, const char *all)
{
    struct answer kept = get("%s?limit=1&facets=%s", path, facets), counted = get("%s?limit=1&facets=%s&%s", path, facets, all);
    const char *name;
    json_t *values;
    json_object_foreach (value_at(kept, "facets"), name, values) {
        json_t *wanted = json_object_get(value_at(counted, "facets"), name);
        cr_assert(json_equal(values, wanted), "%s by %s: kept %s, counted %s", path, name, json_dumps(values, 0),
                  json_dumps(wanted, 0));
    }
}

static int64_t ask_engine(struct engine *engine, const char *sql)
{
    static uint64_t key;
    struct error error;
    struct statement *statement = engine_keep(engine, ++key, sql);
    statement_run(statement, NO_VALUES);
    cr_assert(statement_next(statement));
    int64_t answer = statement_int(statement, 0);
    cr_assert(statement_end(statement, &error), "%s", error.message);
    return answer;
}

#define CARRIED                                                                                                                  \
    "SELECT claim_id, outlet_id FROM report JOIN article ON article.id = article_id "                                            \
    "WHERE article.deleted_at IS NULL AND outlet_id IS NOT NULL"

static void expect_tables_counted(void)
{
    struct engine *engine = NULL;
    struct error error = {0};
    cr_assert(engine_open(server_database(), ENGINE_READ, &engine, &error), "%s", error.message);
    cr_expect_eq(ask_engine(engine, "SELECT count(*) FROM (SELECT claim_id, outlet_id FROM claim_outlet EXCEPT " CARRIED ")"), 0);
    cr_expect_eq(ask_engine(engine, "SELECT count(*) FROM (" CARRIED " EXCEPT SELECT claim_id, outlet_id FROM claim_outlet)"), 0);
    cr_expect_eq(ask_engine(engine, "SELECT count(*) FROM spread WHERE total <= 0"), 0);
    struct answer stats = get("/v1/stats");
    expect_int(stats, "mentions", ask_engine(engine, "SELECT count(*) FROM mention"));
    expect_int(stats, "reports", ask_engine(engine, "SELECT count(*) FROM report"));
    engine_close(engine);
}

static void expect_counted(void)
{
    expect_facets_counted("/v1/articles", "outlet,language,machine_translated", "language__ne=xx");
    expect_facets_counted("/v1/actors", "kind,country,status", "kind__ne=alliance");
    expect_facets_counted("/v1/claims", "topic,stance,speaker,outlet,attribution,status", "attribution=named,anonymous");
    expect_facets_counted("/v1/meetings", "kind,status,city,country,topic", "kind__ne=summit");
    expect_facets_counted("/v1/discrepancies", "kind,status", "kind__ne=content");
    expect_tables_counted();
}

/* ---- anything that may be written --------------------------------------------------------------------------------------- */

static uint64_t state = 20220110;

static unsigned roll(unsigned sides)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % sides;
}

#define ONE_OF(array) ((array)[roll(sizeof(array) / sizeof(array)[0])])

static const char *const topics[] = {"", "'talks'", "'missiles'", "'talks','missiles'", "'fishing-rights','fishing-rights'"};
static const char *const stances[] = {"asserts", "offers", "rejects"};
static const char *const languages[] = {"'en'", "'ru'", "null"};
static const char *const cities[] = {"'Geneva'", "'Vienna'", "null"};
static const char *const countries[] = {"'CH'", "'AT'", "null"};

static const char *some_reports(void)
{
    const char *all = "";
    for (unsigned i = roll(3); i > 0; i--)
        all = at("%s%s{'article_id': 'a%u', 'kind': 'indirect', 'content': [{'start': 0, 'end': 1}], 'via': ['p%u']}", all,
                 *all ? "," : "", roll(ARTICLES), roll(ACTORS));
    return all;
}

static const char *claim_body(bool reports)
{
    const char *body = at("{'text': 'x', 'stance': '%s', 'speaker_id': 'p%u', 'topics': [%s], 'attribution': '%s'",
                          ONE_OF(stances), roll(ACTORS), ONE_OF(topics), roll(4) ? "named" : "anonymous");
    return reports ? at("%s, 'reports': [%s]}", body, some_reports()) : at("%s}", body);
}

static const char *article_body(bool text)
{
    const char *body = at("{'language': %s, 'outlet_id': 'p%u', 'machine_translated': %s", ONE_OF(languages), roll(ACTORS),
                          roll(2) ? "true" : "false");
    if (roll(2))
        body = at("%s, 'mentions': [{'actor_id': 'p%u', 'start': 0, 'end': 1}]", body, roll(ACTORS));
    if (roll(3) == 0)
        body = at("%s, 'near_duplicate_of': 'article-1'", body);
    return text ? at("%s, 'text': 'Text %u of %u.'}", body, roll(1000), roll(1000)) : at("%s}", body);
}

static const char *meeting_body(void)
{
    return at("{'name': 'x', 'kind': 'talks', 'city': %s, 'country': %s, 'topics': [%s]}", ONE_OF(cities), ONE_OF(countries),
              ONE_OF(topics));
}

static const char *actor_body(void)
{
    return at("{'name': 'x', 'kind': '%s', 'country': %s}", roll(2) ? "media" : "person", ONE_OF(countries));
}

static const char *with_key(const char *body, const char *letter, unsigned number)
{
    return at("{'external_id': '%s%u', %s", letter, number, body + 1);
}

static void make_everything(void)
{
    for (unsigned i = 0; i < ACTORS; i++)
        make("/v1/actors", "%s", with_key(actor_body(), "p", i));
    for (unsigned i = 0; i < ARTICLES; i++)
        make("/v1/articles", "%s", with_key(article_body(true), "a", i));
    for (unsigned i = 0; i < CLAIMS; i++)
        make("/v1/claims", "%s", with_key(claim_body(true), "c", i));
    for (unsigned i = 0; i < MEETINGS; i++)
        make("/v1/meetings", "%s", with_key(meeting_body(), "m", i));
}

static const char *changed_claim(void)
{
    return claim_body(roll(2));
}

static const char *changed_article(void)
{
    return article_body(false);
}

/* Nouns whose resources are written to at will. */
static const struct target {
    const char *path;
    const char *(*body)(void);
} targets[] = {
    {"/v1/actors", actor_body}, {"/v1/articles", changed_article}, {"/v1/claims", changed_claim}, {"/v1/meetings", meeting_body}};

/* Some of the claims of a list are wrong: then all of them, or those alone, are not kept. */
static void write_many(void)
{
    const char *lines = "";
    for (unsigned i = 0; i < 6; i++)
        lines = at("%s%s\n", lines, roll(6) ? claim_body(true) : "{'text': 'x', 'speaker_id': 'nobody'}");
    ask("POST", at("/v1/claims?%s", roll(2) ? "on_error=continue" : "dry_run=true"), "application/x-ndjson", json_of(lines));
    ask("POST", "/v1/claims", "application/x-ndjson", json_of(lines));
}

/* Whether it is taken or refused does not matter, as long as it is counted. */
static void write_anything(void)
{
    const struct target *target = &ONE_OF(targets);
    const char *path = at("%s/%u", target->path, 1 + roll(CLAIMS + 3));
    switch (roll(9)) {
    case 0:
        erase("%s", path);
        break;
    case 1:
        post(at("%s/restore", path), NULL);
        break;
    case 2:
        post(at("/v1/%s/%u/merge", roll(2) ? "claims" : "actors", 1 + roll(CLAIMS)), "{'from_ids': [%u]}", 1 + roll(CLAIMS));
        break;
    case 3:
        post(at("/v1/%s/%u/unmerge", roll(2) ? "claims" : "actors", 1 + roll(CLAIMS)), NULL);
        break;
    case 4:
        write_many();
        break;
    default:
        patch(path, "%s", target->body());
    }
}

Test(spread, is_what_counting_gives_after_any_writes)
{
    make_everything();
    expect_counted();
    for (int i = 1; i <= ROUNDS; i++) {
        write_anything();
        if (i % CHECK_EVERY == 0)
            expect_counted();
    }
    cr_assert_eq(server_stop(), 0);
    server_start();
    expect_counted();
}

Test(spread, outlets_that_merge_carry_a_claim_once)
{
    make("/v1/articles", "{'external_id': 'other', 'text': 'A text.', 'outlet_id': 'wire'}");
    expect_status(patch(at("/v1/claims/%lld", scene.claim),
                        "{'reports': [{'article_id': 'article-1', 'kind': 'indirect', 'content': [{'start': 15, 'end': 40}]},"
                        " {'article_id': 'other', 'kind': 'indirect', 'content': [{'start': 0, 'end': 1}]}]}"),
                  200);
    expect_int(get("/v1/claims/%lld", scene.claim), "outlet_count", 2);
    expect_status(post(at("/v1/actors/%lld/merge", scene.post), "{'from_ids': [%lld]}", scene.wire), 200);
    expect_int(get("/v1/claims/%lld", scene.claim), "outlet_count", 1);
    expect_counted();
    expect_status(post(at("/v1/actors/%lld/unmerge", scene.wire), NULL), 200);
    expect_int(get("/v1/claims/%lld", scene.claim), "outlet_count", 2);
    expect_count(get("/v1/claims?outlet_id=%lld", scene.wire), "items", 1);
    expect_counted();
}

/* ---- an older store ----------------------------------------------------------------------------------------------------- */

static const char older[] =
    "INSERT INTO actor (id, version, document, name, kind, status, created_at, updated_at) VALUES\n"
    "(1, 1, '{}', 'Post', 'media', 'confirmed', '', ''), (2, 1, '{}', 'Gone', 'media', 'confirmed', '', '');\n"
    "UPDATE actor SET deleted_at = '2022-01-10' WHERE id = 2;\n"
    "INSERT INTO topic (id, version, document, slug, name, created_at, updated_at) VALUES (1, 1, '{}', 'talks', 'Talks', '', "
    "'');\n"
    "INSERT INTO article (id, version, document, outlet_id, machine_translated, sha256, created_at, updated_at) VALUES\n"
    "(1, 1, '{}', 1, 0, '', '', ''), (2, 1, '{}', 1, 0, '', '', '');\n"
    "INSERT INTO article_text (article_id, text) VALUES (1, 'A text.'), (2, 'A text.');\n"
    "INSERT INTO mention (id, document, article_id, actor_id, \"start\", \"end\", text, form) VALUES (1, '{}', 1, 1, 0, 1, 'A', "
    "'name');\n"
    "INSERT INTO claim (id, version, document, text, stance, attribution, status, report_count, outlet_count, origin_count,\n"
    "                   created_at, updated_at) VALUES (1, 1, '{}', 'x', 'offers', 'named', 'confirmed', 2, 1, 0, '', '');\n"
    "INSERT INTO claim_topic (claim_id, position, topic_id) VALUES (1, 0, 1), (1, 1, 1);\n"
    "INSERT INTO report (id, document, claim_id, article_id, kind) VALUES (1, '{}', 1, 1, 'direct'), (2, '{}', 1, 2, 'direct');\n"
    "INSERT INTO tally (noun, live, seq) VALUES ('claim', 1, 1), ('report', 0, 1);\n";

static struct engine *open_older(const char *path, int version)
{
    struct engine *engine = NULL;
    struct error error = {0};
    cr_assert(engine_open(path, ENGINE_CREATE, &engine, &error), "%s", error.message);
    for (int i = 0; i < version; i++)
        cr_assert(engine_execute(engine, at("%.*s", SLICE_ARGS(embedded_migrations()[i].sql)), &error), "%s", error.message);
    cr_assert(
        engine_execute(engine, at("PRAGMA application_id = 1382305652; PRAGMA user_version = %d;\n%s", version, older), &error),
        "%s", error.message);
    return engine;
}

Test(spread, an_older_store_is_counted_when_it_is_migrated)
{
    const char *path = scratch("older.db");
    engine_close(open_older(path, 3));
    cr_assert_eq(readout("migrate", "--database", path).status, 0);
    struct engine *engine = NULL;
    struct error error = {0};
    cr_assert(engine_open(path, ENGINE_READ, &engine, &error), "%s", error.message);
    static const struct {
        const char *sql;
        int64_t answer;
    } questions[] = {
        {"SELECT total FROM spread WHERE noun = 'actor' AND facet = 'kind' AND value = 'media'", 1},
        {"SELECT total FROM spread WHERE noun = 'article' AND facet = 'outlet' AND value = 1", 2},
        {"SELECT total FROM spread WHERE noun = 'claim' AND facet = 'outlet' AND value = 1", 1},
        {"SELECT total FROM spread WHERE noun = 'claim' AND facet = 'topic' AND value = 1", 1},
        {"SELECT total FROM spread WHERE noun = 'claim' AND facet = 'stance' AND value = 'offers'", 1},
        {"SELECT count(*) FROM spread WHERE noun = 'claim'", 5},
        {"SELECT count(*) FROM claim_outlet WHERE claim_id = 1 AND outlet_id = 1", 1},
        {"SELECT live FROM tally WHERE noun = 'mention'", 1},
        {"SELECT live FROM tally WHERE noun = 'report'", 2},
    };
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
        cr_expect_eq(ask_engine(engine, questions[i].sql), questions[i].answer, "%s", questions[i].sql);
    engine_close(engine);
}
