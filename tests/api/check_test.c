/* `readout check`: it finds nothing in what the server wrote, and each thing that somebody else did to the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "readout/engine.h"
#include "support/harness.h"
#include "support/scene.h"

TestSuite(check, .fini = server_down);

#define check() readout("check", "--database", server_database())

static void expect_sound(void)
{
    struct outcome outcome = check();
    cr_assert_eq(outcome.status, 0, "exit status %d\n%s\n%s", outcome.status, outcome.output, outcome.errors);
    cr_assert(strstr(outcome.output, "is sound"), "%s", outcome.output);
}

static void expect_found(const char *what, const char *words)
{
    struct outcome outcome = check();
    cr_expect_eq(outcome.status, 1, "%s: exit status %d\n%s\n%s", what, outcome.status, outcome.output, outcome.errors);
    cr_expect(strstr(outcome.output, words), "%s: expected \"%s\" in:\n%s%s", what, words, outcome.output, outcome.errors);
}

/* ---- nothing ------------------------------------------------------------------------------------------------------------ */

Test(check, finds_nothing_in_a_new_store)
{
    server_start();
    expect_sound();
}

Test(check, finds_nothing_in_the_demonstration_while_it_is_served)
{
    server_start("--demo", "--extract", "on");
    expect_sound();
    make("/v1/topics", "{'slug': 'more', 'name': 'More'}");
    expect_sound();
}

#define PLAIN(said, more)                                                                                                        \
    "{'url': 'http://post.example/1', 'outlet': 'Morning Post', 'language': 'fr', 'published_at': '2022-01-10', 'text': "        \
    "'The fishing treaty will be signed in spring, Foreign Minister Zo\u00eb Baker said on Monday. \\u201cWe " said              \
    " the quotas,\\u201d Baker said." more "'}"

Test(check, finds_nothing_after_revisions)
{
    server_start("--extract", "on");
    post("/v1/articles", PLAIN("will keep", " Two ministers met in Geneva on Sunday."));
    expect_sound();
    post("/v1/articles", PLAIN("may drop", ""));
    expect_sound();
    post("/v1/articles", PLAIN("will keep", " The ministers left."));
    expect_sound();
    erase("/v1/claims/1");
    post("/v1/articles", "{'url': 'http://post.example/1', 'text': 'Nothing is left of it.'}");
    expect_sound();
    post("/v1/claims/1/restore", NULL);
    expect_status(erase("/v1/articles/1"), 204);
    expect_sound();
}

Test(check, finds_nothing_after_merges_splits_and_deletes)
{
    server_start();
    struct scene scene = scene_set();
    long long other = make("/v1/claims", "{'text': 'The talks begin soon', 'speaker_id': 'baker', 'topics': ['fishing-rights'],"
                                         " 'reports': [{'article_id': 'article-1', 'kind': 'indirect', 'via': ['wire'],"
                                         " 'content': [{'start': 15, 'end': 40}]}]}");
    expect_status(post(at("/v1/claims/%lld/merge", scene.claim), "{'from_ids': [%lld]}", other), 200);
    expect_sound();
    expect_status(post(at("/v1/actors/%lld/merge", scene.post), "{'from_ids': [%lld]}", scene.wire), 200);
    expect_sound();
    expect_status(post(at("/v1/claims/%lld/split", scene.claim), "{'report_ids': [%lld]}", scene.report), 201);
    expect_sound();
    expect_status(post(at("/v1/actors/%lld/unmerge", scene.wire), NULL), 200);
    expect_status(post(at("/v1/claims/%lld/unmerge", other), NULL), 200);
    expect_sound();
    expect_status(patch(at("/v1/actors/%lld", scene.baker), "{'aliases': [{'text': 'Baker', 'form': 'alias'}]}"), 200);
    expect_status(erase("/v1/actors/%lld", scene.baker), 204);
    expect_status(erase("/v1/articles/%lld", scene.article), 204);
    expect_sound();
    expect_status(post(at("/v1/articles/%lld/restore", scene.article), NULL), 200);
    expect_sound();
}

/* ---- damage ------------------------------------------------------------------------------------------------------------- */

static const struct damage {
    const char *sql, *words;
} damages[] = {
    {"DELETE FROM actor WHERE name LIKE 'Zo%'", "names one of actor that is not there"},
    {"DELETE FROM article_text", "article 1: has no text"},
    {"UPDATE mention SET \"end\" = 8", "mention 1: its text is not what article 1 has at 0 to 8"},
    {"UPDATE report SET document = replace(document, '\"start\":15', '\"start\":16')", "report 1: content is not what article 1"},
    {"UPDATE report SET document = replace(document, '\"kind\":\"', '\"kind\":\"in')",
     "report 1: its document and its column kind"},
    {"UPDATE discrepancy_evidence SET \"start\" = \"start\" + 1", "discrepancy 1: its evidence is not what"},
    {"UPDATE meeting_evidence SET text = 'else'", "meeting 1: its document and meeting_evidence do not say the same"},
    {"UPDATE article_text SET text = text || '!'", "article 1: its text does not have the SHA-256"},
    {"UPDATE claim SET stance = 'denies'", "claim 1: its document and its column stance"},
    {"UPDATE claim SET document = '{'", "claim 1: its document is no JSON"},
    {"UPDATE claim SET version = 7", "claim 1: the log of changes does not have each of its versions once"},
    {"DELETE FROM claim_topic", "claim 1: its document and claim_topic do not say the same"},
    {"DELETE FROM meeting_participant", "meeting 1: its document and meeting_participant"},
    {"INSERT INTO topic_keyword VALUES (1, 77, 'stray')", "topic 1: its document and topic_keyword"},
    {"DELETE FROM change WHERE seq = 2", "change 3: the change before it is missing"},
    {"DELETE FROM change WHERE noun = 'claim'", "claim 1: the log of changes"},
    {"DELETE FROM revision", "actor 4: its older versions are not all kept: it is at version 2"},
    {"INSERT INTO revision VALUES ('topic', 999, 1, '', '{}')", "topic 999: has older versions, and is not there"},
    {"UPDATE tally SET live = 40 WHERE noun = 'report'", "tally: how many there are to list is not what is kept: report"},
    {"UPDATE tally SET seq = 1 WHERE noun = 'claim'", "tally: the last change is not the one that is kept: claim"},
    {"UPDATE spread SET total = 9 WHERE noun = 'claim' AND facet = 'stance'", "of claim stance"},
    {"DELETE FROM spread WHERE noun = 'actor' AND facet = 'kind' AND value = 'person'", "of actor kind person"},
    {"UPDATE claim SET report_count = 5, document = replace(document, '\"report_count\":1', '\"report_count\":5')",
     "claim 1: 5 reports are kept, 1 are counted"},
    {"UPDATE claim SET origin_count = 0", "claim 1: 0 origins are kept, 1 are counted"},
    {"DELETE FROM claim_outlet", "claim 1: claim_outlet lacks the outlet"},
    {"DELETE FROM position", "claim 1: position lacks it under its topic"},
    {"UPDATE position SET stance = 'denies'", "claim 1: position has it otherwise"},
    {"DELETE FROM claim_key", "claim 1: claim_key does not have its words"},
    {"DELETE FROM actor_key", "actor_key lacks the key zoe baker"},
    {"INSERT INTO actor_key VALUES ('stray', 1)", "actor 1: actor_key has a key that is none of its names' stray"},
    {"INSERT INTO claim_search (claim_search, rowid, text) SELECT 'delete', id, text FROM claim",
     "claim 1: the search index has other words than it"},
    {"INSERT INTO article_search (rowid, title, text) VALUES (77, 'stray', 'words')", "article 77: the search index has it"},
    {"UPDATE claim SET merged_into_id = id", "claim 1: says that it is merged, and no merge does"},
    {"INSERT INTO article_revision VALUES (1, 3, '{}', '[]', NULL)", "the revision before one of its revisions is missing"},
    {"INSERT INTO article_revision VALUES (1, 1, '{}', '[]', 'x')", "which is not so of number 1"},
};

static void execute(const char *sql)
{
    struct engine *engine = NULL;
    struct error error = {0};
    cr_assert(engine_open(server_database(), ENGINE_WRITE, &engine, &error), "%s", error.message);
    cr_assert(engine_execute(engine, "PRAGMA foreign_keys = OFF", &error), "%s", error.message);
    cr_assert(engine_execute(engine, sql, &error), "%s: %s", sql, error.message);
    engine_close(engine);
}

static char whole[1 << 22];
static size_t whole_length;

static void keep_whole(void)
{
    FILE *file = fopen(server_database(), "re");
    cr_assert(file);
    whole_length = fread(whole, 1, sizeof whole, file);
    cr_assert(whole_length < sizeof whole && fclose(file) == 0);
}

static void make_whole(void)
{
    FILE *file = fopen(server_database(), "we");
    cr_assert(file && fwrite(whole, 1, whole_length, file) == whole_length && fclose(file) == 0);
}

static void set_scene(void)
{
    server_start();
    struct scene scene = scene_set();
    expect_status(patch(at("/v1/meetings/%lld", scene.meeting),
                        "{'participants': [{'actor_id': 'baker', 'role': 'head'}], 'topics': ['fishing-rights'],"
                        " 'evidence': [{'article_id': 'article-1', 'start': 15, 'end': 24}]}"),
                  200);
    expect_status(patch("/v1/actors/4", "{'title': 'Minister of Fish'}"), 200);
    cr_assert_eq(server_stop(), 0);
    expect_sound();
    keep_whole();
}

Test(check, finds_what_somebody_did_to_the_store)
{
    set_scene();
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        make_whole();
        execute(damages[i].sql);
        expect_found(damages[i].sql, damages[i].words);
    }
}

Test(check, finds_a_damaged_file)
{
    set_scene();
    memset(whole + whole_length / 2 / 4096 * 4096, 0x5a, 300);
    make_whole();
    expect_found("bytes", "the file: ");
}

Test(check, shows_some_hundred_findings_and_counts_the_rest)
{
    set_scene();
    execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)\n"
            "INSERT INTO topic_keyword SELECT 1000 + i, 0, 'stray' FROM n");
    struct outcome outcome = check();
    size_t lines = 0;
    for (const char *at = outcome.output; *at; at++)
        lines += *at == '\n';
    cr_expect_eq(outcome.status, 1);
    cr_expect_eq(lines, 201);
    cr_expect(strstr(outcome.output, "more\n"), "%s", outcome.output);
}

Test(check, says_what_it_cannot_look_at)
{
    struct outcome none = readout("check", "--database", scratch("none.db"));
    cr_expect_eq(none.status, 1);
    cr_expect(strstr(none.errors, "there is no such database"), "%s", none.errors);
    cr_expect_eq(readout("check", "other.db").status, 2);
}
