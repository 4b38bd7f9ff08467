/* Reading an article again: what a person decided stays, what extraction made follows the new reading. */
#include <string.h>

#include "support/harness.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(reextract, .init = set_up, .fini = server_down);

#define TEXT                                                                                                                     \
    "Foreign Minister Anna Keller said on Tuesday that Freedonia will not sign the treaty with its neighbours. Defence "         \
    "Minister "                                                                                                                  \
    "Paul Weber warned that the harbour would be closed. Keller met Weber in Vienna on Monday."

static struct answer article;

static void send_article(void)
{
    article = post("/v1/articles", "{'text': '" TEXT "', 'published_at': '2022-01-12', 'outlet': 'Morning Post'}");
    expect_status(article, 201);
    cr_assert_geq(int_at(article, "extracted.claims"), 2);
}

static struct answer again(void)
{
    struct answer done = post(at("/v1/articles/%lld/extract", id_of(article)), NULL);
    expect_status(done, 200);
    return done;
}

static struct answer claims(void)
{
    return get("/v1/articles/%lld/claims?expand=reports&sort=id", id_of(article));
}

static void expect_tally(struct answer done, const char *which, long long claim_count)
{
    expect_int(done, at("%s.claims", which), claim_count);
}

Test(reextract, the_same_reading_changes_nothing)
{
    send_article();
    long long seq = int_at(get("/v1/changes?limit=500"), "next_since");
    struct answer before = claims(), done = again();
    static const char *const nothing = "{'actors': 0, 'mentions': 0, 'claims': 0, 'meetings': 0}";
    expect_json(done, "added", nothing);
    expect_json(done, "removed", nothing);
    expect_int(done, "kept.claims", int_at(article, "extracted.claims"));
    expect_int(done, "kept.mentions", int_at(article, "extracted.mentions"));
    expect_int(done, "version", 1);
    expect_header(done, "ETag", header_of(article, "ETag"));
    expect_same_body(claims(), before);
    expect_int(get("/v1/changes?limit=500"), "next_since", seq);
}

Test(reextract, what_nothing_shows_goes_and_what_a_person_wrote_stays)
{
    send_article();
    struct answer before = claims();
    long long first = int_at(before, "items.0.id");
    expect_status(patch(at("/v1/claims/%lld", first), "{'text': 'Something that nobody said', 'stance': 'promises'}"), 200);
    expect_status(post("/v1/claims",
                       "{'text': 'invented', 'status': 'extracted', 'reports': [{'article_id': %lld, 'kind': 'indirect',"
                       " 'content': [{'start': 0, 'end': 7}]}]}",
                       id_of(article)),
                  201);
    struct answer done = again();
    expect_tally(done, "removed", 1);
    expect_tally(done, "added", 0);
    struct answer after = claims();
    cr_assert_eq(count_at(after, "items"), count_at(before, "items"));
    expect_text(after, "items.0.text", "Something that nobody said");
    expect_text(after, "items.0.stance", "promises");
    expect_int(after, "items.0.id", first);
    expect_int(after, "items.0.reports.0.id", int_at(before, "items.0.reports.0.id"));
}

Test(reextract, a_confirmed_or_rejected_claim_is_not_touched)
{
    static const char *const decisions[] = {"confirmed", "rejected"};
    send_article();
    for (size_t i = 0; i < 2; i++) {
        long long id = int_at(claims(), at("items.%zu.id", i));
        const char *path = at("/v1/claims/%lld", id);
        expect_status(patch(path, "{'status': '%s', 'text': 'As the desk has it %zu'}", decisions[i], i), 200);
        struct answer before = get("%s?expand=reports", path);
        struct answer done = again();
        expect_tally(done, "added", 0);
        expect_same_body(get("%s?expand=reports", path), before);
    }
}

Test(reextract, a_decided_actor_keeps_its_mentions)
{
    send_article();
    struct answer mentions = get("/v1/articles/%lld/mentions?expand=actor", id_of(article));
    long long other = make("/v1/actors", "{'name': 'Somebody Else', 'kind': 'person'}");
    const char *moved = at("{'mentions': [{'actor_id': %lld, 'start': %lld, 'end': %lld, 'form': 'name'}]}", other,
                           int_at(mentions, "items.0.start"), int_at(mentions, "items.0.end"));
    expect_status(patch(at("/v1/articles/%lld", id_of(article)), "%s", moved), 200);
    struct answer done = again();
    expect_int(done, "kept.mentions", 1);
    struct answer after = get("/v1/articles/%lld/mentions", id_of(article));
    bool kept = false;
    for (size_t i = 0; i < count_at(after, "items"); i++)
        kept |= int_at(after, at("items.%zu.actor_id", i)) == other &&
                int_at(after, at("items.%zu.start", i)) == int_at(mentions, "items.0.start");
    cr_assert(kept);
}

Test(reextract, a_new_name_is_found_by_reading_again)
{
    send_article();
    long long keller = make("/v1/actors", "{'name': 'The Keller Institute', 'kind': 'organization',"
                                          " 'aliases': [{'text': 'Freedonia'}]}");
    struct answer done = again();
    cr_assert_geq(int_at(done, "version"), 1);
    cr_assert_geq(int_at(get("/v1/actors/%lld/mentions", keller), "total"), 1);
}

Test(reextract, actors_that_nothing_names_any_more_go)
{
    send_article();
    long long ghost = make("/v1/actors", "{'name': 'Ghost', 'kind': 'person', 'status': 'extracted'}");
    struct answer mentions = get("/v1/articles/%lld/mentions", id_of(article));
    const char *more = at("{'mentions': [{'actor_id': %lld, 'start': 0, 'end': 7, 'form': 'nominal'}]}", ghost);
    expect_status(patch(at("/v1/articles/%lld", id_of(article)), "%s", more), 200);
    struct answer done = again();
    cr_assert_geq(int_at(done, "removed.actors"), 1);
    expect_status(get("/v1/actors/%lld", ghost), 410);
    expect_int(get("/v1/articles/%lld/mentions?count=exact", id_of(article)), "total", int_at(article, "extracted.mentions"));
    (void)mentions;
}

Test(reextract, a_claim_that_others_carry_stays_with_them)
{
    send_article();
    struct answer other =
        post("/v1/articles", "{'text': 'In brief. " TEXT "', 'published_at': '2022-01-12', 'outlet': 'Evening Post'}");
    long long shared = int_at(claims(), "items.0.id");
    expect_int(get("/v1/claims/%lld", shared), "report_count", 2);
    struct answer done = post(at("/v1/articles/%lld/extract", id_of(other)), NULL);
    expect_int(done, "removed.claims", 0);
    expect_int(done, "added.claims", 0);
    expect_int(get("/v1/claims/%lld", shared), "report_count", 2);
    expect_status(patch(at("/v1/claims/%lld", shared), "{'text': 'Quite another thing'}"), 200);
    done = post(at("/v1/articles/%lld/extract", id_of(other)), NULL);
    expect_int(done, "removed.claims", 0);
    expect_int(done, "added.claims", 0);
    expect_int(get("/v1/claims/%lld", shared), "report_count", 2);
    expect_text(get("/v1/claims/%lld", shared), "text", "Quite another thing");
}

Test(reextract, a_confirmed_meeting_is_not_touched)
{
    send_article();
    struct answer meetings = get("/v1/articles/%lld/meetings", id_of(article));
    for (size_t i = 0; i < count_at(meetings, "items"); i++) {
        const char *path = at("/v1/meetings/%lld", int_at(meetings, at("items.%zu.id", i)));
        expect_status(patch(path, "{'review': 'confirmed', 'name': 'As the desk calls it', 'city': 'Graz'}"), 200);
        struct answer before = get("%s", path);
        expect_int(again(), "added.meetings", 0);
        expect_same_body(get("%s", path), before);
    }
}

Test(reextract, a_meeting_that_is_not_found_goes)
{
    send_article();
    long long id = make("/v1/meetings",
                        "{'name': 'Never', 'kind': 'talks', 'review': 'extracted', 'evidence': [{'article_id': %lld, 'start': 0,"
                        " 'end': 7}]}",
                        id_of(article));
    expect_int(again(), "removed.meetings", 1);
    expect_status(get("/v1/meetings/%lld", id), 410);
}

Test(reextract, an_article_that_was_not_read_is_read_then)
{
    struct answer made = post("/v1/articles?extract=false", "{'text': '" TEXT "', 'published_at': '2022-01-12'}");
    article = made;
    struct answer done = again();
    cr_assert_geq(int_at(done, "added.claims"), 2);
    cr_assert_geq(int_at(done, "added.mentions"), 2);
    expect_int(done, "version", 2);
    expect_int(get("/v1/articles/%lld", id_of(made)), "version", 2);
}

Test(reextract, conditions_dry_runs_and_short_answers_work_as_for_other_writes)
{
    struct answer made = post("/v1/articles?extract=false", "{'text': '" TEXT "', 'published_at': '2022-01-12'}");
    const char *path = at("/v1/articles/%lld/extract", id_of(made));
    with("If-Match: \"a%lld-7\"", id_of(made));
    expect_problem(post(path, NULL), 412, "precondition-failed");
    struct answer dry = post(at("%s?dry_run=true", path), NULL);
    cr_assert_geq(int_at(dry, "added.claims"), 2);
    expect_int(get("/v1/claims"), "total", 0);
    with("If-Match: %s", header_of(made, "ETag"));
    with("Prefer: return=minimal");
    struct answer done = post(path, NULL);
    expect_status(done, 204);
    cr_assert_geq(int_at(get("/v1/claims"), "total"), 2);
}

Test(reextract, what_is_not_there_cannot_be_read)
{
    send_article();
    expect_problem(post("/v1/articles/999/extract", NULL), 404, "not-found");
    expect_status(erase("/v1/articles/%lld", id_of(article)), 204);
    expect_problem(post(at("/v1/articles/%lld/extract", id_of(article)), NULL), 410, "gone");
}
