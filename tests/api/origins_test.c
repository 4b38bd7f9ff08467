/* Which reports of a claim are of one origin, and the way that it took. */
#include <string.h>

#include "readout/engine.h"
#include "support/harness.h"

/* Ada Baker and Carl Dunn are of the office of Port Ellery, which belongs to Freedonia; two sources are nameless. */
static void set_up(void)
{
    server_up();
    make("/v1/actors", "{'external_id': 'freedonia', 'name': 'Freedonia', 'kind': 'state'}");
    make("/v1/actors",
         "{'external_id': 'office', 'name': 'Harbour office', 'kind': 'government', 'affiliation_id': 'freedonia'}");
    make("/v1/actors", "{'external_id': 'baker', 'name': 'Ada Baker', 'kind': 'person', 'affiliation_id': 'office'}");
    make("/v1/actors", "{'external_id': 'dunn', 'name': 'Carl Dunn', 'kind': 'person', 'affiliation_id': 'office'}");
    make("/v1/actors", "{'external_id': 'source', 'name': 'An official', 'kind': 'anonymous', 'affiliation_id': 'office'}");
    make("/v1/actors", "{'external_id': 'other', 'name': 'An aide', 'kind': 'anonymous', 'affiliation_id': 'freedonia'}");
    make("/v1/actors", "{'external_id': 'wire', 'name': 'Wire', 'kind': 'media'}");
    make("/v1/actors", "{'external_id': 'cable', 'name': 'Cable', 'kind': 'media'}");
    make("/v1/meetings", "{'external_id': 'morning', 'name': 'Morning briefing', 'kind': 'briefing'}");
    make("/v1/meetings", "{'external_id': 'evening', 'name': 'Evening briefing', 'kind': 'briefing'}");
}

TestSuite(origins, .init = set_up, .fini = server_down);

/* An article of that outlet, with a text of its own; its external_id is the outlet's name. */
#define TEXT "Ada Baker said the dam will open in May, wrote %s."
static long long article(const char *outlet, const char *members)
{
    return make("/v1/articles", "{'external_id': '%s', 'outlet': '%s', 'text': '" TEXT "'%s}", outlet, outlet, outlet, members);
}

/* A report in that article, with these members. */
static const char *in(const char *outlet, const char *members)
{
    return at("{'article_id': '%s', 'kind': 'indirect', 'content': [{'start': 15, 'end': 39}], 'source': {'start': 0, 'end': 9},"
              " 'cue': {'start': 10, 'end': 14}%s}",
              outlet, members);
}

static long long claim(const char *members, const char *reports)
{
    return make("/v1/claims", "{'text': 'The dam will open in May.'%s, 'reports': [%s]}", members, reports);
}

#define BY_BAKER  ", 'speaker_id': 'baker'"
#define BY_DUNN   ", 'speaker_id': 'dunn'"
#define BY_SOURCE ", 'speaker_id': 'source'"
#define BY_OTHER  ", 'speaker_id': 'other'"
#define FROM      ", 'via': ['wire']"

/* The claim counts so many origins, and so many are listed. */
static struct answer expect_origins(long long id, int count)
{
    struct answer origins = get("/v1/claims/%lld/origins", id);
    expect_int(get("/v1/claims/%lld", id), "origin_count", count);
    expect_int(origins, "origin_count", count);
    expect_count(origins, "items", (size_t)count);
    return origins;
}

/* Of a claim of two reports, in articles One and Two. */
static struct answer expect_pair(const char *members, const char *one, const char *two, int count)
{
    return expect_origins(claim(members, at("%s, %s", in("One", one), in("Two", two))), count);
}

static void two_articles(const char *one, const char *two)
{
    article("One", at(", 'published_at': '2022-01-08'%s", one));
    article("Two", at(", 'published_at': '2022-01-09'%s", two));
}

/* ---- one or two --------------------------------------------------------------------------------------------------------- */

Test(origins, one_wire_in_ten_outlets_is_one_origin)
{
    const char *reports = "";
    for (int i = 0; i < 10; i++) {
        const char *outlet = at("Outlet-%d", i);
        article(outlet, at(", 'published_at': '2022-01-%02d'", i + 10));
        reports = at("%s%s%s", reports, i ? ", " : "", in(outlet, FROM));
    }
    struct answer origins = expect_origins(claim(BY_BAKER, reports), 1);
    expect_int(origins, "outlet_count", 10);
    expect_text(origins, "items.0.speaker_name", "Ada Baker");
    expect_text(origins, "items.0.medium_name", "Wire");
    expect_int(origins, "items.0.outlet_count", 10);
    expect_text(origins, "items.0.reports.0.why", "first");
    expect_text(origins, "items.0.reports.0.outlet_name", "Outlet-0");
    expect_text(origins, "items.0.reports.9.why", "same-wire");
    expect_text(origins, "items.0.reports.9.explanation", "Both have it from Wire.");
    expect_int(origins, "items.0.reports.9.with_id", int_at(origins, "items.0.reports.0.id"));
}

Test(origins, two_sources_are_two_origins)
{
    two_articles("", "");
    struct answer origins = expect_pair(BY_SOURCE, "", BY_OTHER, 2);
    expect_text(origins, "items.0.medium_name", "One");
    expect_text(origins, "items.1.medium_name", "Two");
    expect_pair(BY_SOURCE, FROM, BY_OTHER ", 'via': ['cable']", 2);
}

Test(origins, one_speaker_is_one_origin_however_many_heard_it)
{
    two_articles("", "");
    struct answer origins = expect_pair(BY_BAKER, "", "", 1);
    expect_text(origins, "items.0.reports.1.why", "same-speaker");
    expect_text(origins, "items.0.reports.1.explanation",
                "Both have it from Ada Baker, and nothing says that it was on two occasions.");
    expect_pair(BY_BAKER, FROM, ", 'via': ['cable']", 1);
}

Test(origins, an_occasion_makes_all_who_were_there_one_origin)
{
    two_articles("", "");
    struct answer origins = expect_pair(BY_BAKER ", 'occasion_id': 'morning'", FROM, ", 'via': ['cable']", 1);
    expect_text(origins, "items.0.occasion_name", "Morning briefing");
    expect_null(origins, "items.0.medium_id");
    expect_text(origins, "items.0.reports.1.why", "same-occasion");
    expect_text(origins, "items.0.reports.1.span.text", "Ada Baker");
}

Test(origins, two_occasions_are_two_origins_even_in_one_wire)
{
    two_articles("", "");
    expect_pair(BY_BAKER, FROM ", 'occasion_id': 'morning'", FROM ", 'occasion_id': 'evening'", 2);
    expect_pair(BY_BAKER, FROM ", 'occasion_id': 'morning'", FROM, 1);
}

Test(origins, two_people_are_two_origins_even_in_one_wire)
{
    two_articles("", "");
    struct answer origins = expect_pair(BY_BAKER, FROM BY_DUNN, FROM, 2);
    expect_text(origins, "items.0.speaker_name", "Ada Baker");
    expect_text(origins, "items.1.speaker_name", "Carl Dunn");
}

Test(origins, an_article_that_says_it_twice_is_one_origin)
{
    article("One", "");
    long long id = claim(BY_BAKER, at("%s, %s", in("One", FROM), in("One", "")));
    expect_text(expect_origins(id, 1), "items.0.reports.1.why", "same-article");
}

Test(origins, an_outlet_that_says_it_twice_is_one_origin)
{
    article("One", "");
    make("/v1/articles", "{'external_id': 'Two', 'outlet': 'One', 'text': '" TEXT "'}", "a colleague");
    expect_text(expect_pair(BY_BAKER, "", "", 1), "items.0.reports.1.why", "same-outlet");
}

Test(origins, a_reprint_is_of_the_origin_it_repeats)
{
    two_articles("", ", 'near_duplicate_of': 'One'");
    struct answer origins = expect_pair(BY_BAKER, FROM, "", 1);
    expect_text(origins, "items.0.reports.1.why", "near-duplicate");
    expect_null(origins, "items.0.reports.1.span");
}

Test(origins, two_reprints_of_what_does_not_carry_it_are_one_origin)
{
    article("Zero", "");
    two_articles(", 'near_duplicate_of': 'Zero'", ", 'near_duplicate_of': 'Zero'");
    expect_text(expect_pair(BY_BAKER, "", "", 1), "items.0.medium_name", "Zero");
}

Test(origins, an_outlet_that_quotes_another_is_of_its_origin)
{
    make("/v1/actors", "{'external_id': 'one', 'name': 'One', 'kind': 'media'}");
    two_articles("", "");
    struct answer origins = expect_pair(BY_BAKER, "", ", 'via': ['one']", 1);
    expect_text(origins, "items.0.reports.1.why", "quotes-outlet");
    expect_text(origins, "items.0.reports.1.explanation", "One has it from One, where the other was published.");
    expect_pair(BY_BAKER, "", ", 'via': ['cable', 'one']", 1);
    expect_pair(BY_SOURCE, FROM, BY_OTHER ", 'via': ['cable', 'one']", 2);
}

Test(origins, the_outlet_that_is_named_in_a_text_is_shown)
{
    two_articles("", "");
    long long wire = int_at(get("/v1/actors?external_id=wire"), "items.0.id");
    make("/v1/articles",
         "{'external_id': 'Three', 'outlet': 'Three', 'text': 'Ada Baker said the dam will open in May, Wire reported.',"
         " 'published_at': '2022-01-10', 'mentions': [{'actor_id': %lld, 'start': 41, 'end': 45}]}",
         wire);
    long long id = claim(BY_BAKER, at("%s, %s", in("One", FROM), in("Three", FROM)));
    struct answer origins = expect_origins(id, 1);
    expect_null(origins, "items.0.reports.0.with_id");
    expect_text(origins, "items.0.reports.1.span.text", "Wire");
    expect_text(get("/v1/claims/%lld/chain", id), "edges.2.spans.0.text", "Wire");
}

Test(origins, one_writer_in_two_outlets_is_one_origin)
{
    two_articles(", 'byline': 'By Jane Doe and Max Roe'", ", 'byline': 'JANE DOE, Harbour Courier'");
    struct answer origins = expect_pair(BY_BAKER, "", "", 1);
    expect_text(origins, "items.0.reports.1.why", "same-byline");
    expect_pair(BY_SOURCE, "", BY_OTHER, 1);
}

Test(origins, a_desk_is_no_writer)
{
    two_articles(", 'byline': 'Our foreign desk'", ", 'byline': 'Our foreign desk'");
    expect_pair(BY_SOURCE, "", BY_OTHER, 2);
}

Test(origins, a_writer_who_comes_back_a_week_later_is_another_origin)
{
    article("One", ", 'published_at': '2022-01-08', 'byline': 'Jane Doe'");
    article("Two", ", 'published_at': '2022-01-15', 'byline': 'Jane Doe'");
    expect_pair(BY_SOURCE, "", BY_OTHER, 2);
}

/* ---- bodies and nameless sources ---------------------------------------------------------------------------------------- */

Test(origins, a_headline_that_names_the_body_alone_shortens)
{
    two_articles("", "");
    struct answer origins = expect_pair(BY_BAKER, ", 'speaker_id': 'freedonia'", "", 1);
    expect_text(origins, "items.0.speaker_name", "Ada Baker");
    expect_text(origins, "items.0.reports.0.why", "shortens");
    expect_text(origins, "items.0.reports.0.explanation", "It names Freedonia alone, for whom Ada Baker spoke.");
    expect_pair(", 'speaker_id': 'office'", "", BY_BAKER, 1);
}

Test(origins, a_body_joins_no_two_who_speak_for_it)
{
    two_articles("", "");
    article("Three", "");
    long long id = claim(BY_BAKER, at("%s, %s, %s", in("One", ""), in("Two", BY_DUNN), in("Three", ", 'speaker_id': 'office'")));
    expect_origins(id, 2);
}

Test(origins, what_a_body_holds_is_public)
{
    two_articles("", "");
    expect_text(expect_pair(", 'speaker_id': 'freedonia'", "", "", 1), "items.0.reports.1.why", "same-speaker");
    expect_origins(claim(", 'speaker_id': 'freedonia'", at("%s, %s", in("One", ""), in("Two", ", 'speaker_id': 'office'"))), 1);
}

Test(origins, a_nameless_source_of_one_wire_is_one_however_it_is_described)
{
    two_articles("", "");
    expect_text(expect_pair(", 'speaker_id': 'source'", FROM, FROM ", 'speaker_id': 'other'", 1), "items.0.reports.1.why",
                "same-wire");
    expect_pair(", 'speaker_id': 'source'", "", ", 'speaker_id': 'other'", 2);
}

Test(origins, two_nameless_sources_of_one_article_are_two)
{
    article("One", "");
    long long id = claim(", 'speaker_id': 'source'", at("%s, %s", in("One", FROM), in("One", FROM ", 'speaker_id': 'other'")));
    expect_origins(id, 2);
}

Test(origins, a_report_without_a_speaker_is_of_no_origin)
{
    two_articles("", "");
    struct answer origins = expect_pair("", "", BY_BAKER, 1);
    expect_count(origins, "unattributed", 1);
    expect_text(origins, "unattributed.0.outlet_name", "One");
    expect_int(origins, "report_count", 2);
}

/* ---- the counts follow -------------------------------------------------------------------------------------------------- */

Test(origins, the_count_follows_an_article)
{
    two_articles("", "");
    long long id = claim(BY_SOURCE, at("%s, %s", in("One", ""), in("Two", BY_OTHER)));
    long long two = int_at(get("/v1/articles?external_id=Two"), "items.0.id");
    const char *path = at("/v1/articles/%lld", two);
    expect_origins(id, 2);
    expect_status(erase("%s", path), 204);
    expect_origins(id, 1);
    expect_status(post(at("%s/restore", path), NULL), 200);
    expect_origins(id, 2);
    expect_status(patch(path, "{'near_duplicate_of': 'One'}"), 200);
    expect_origins(id, 1);
    expect_status(patch(path, "{'near_duplicate_of': null, 'byline': 'Jane Doe'}"), 200);
    expect_origins(id, 2);
    long long one = int_at(get("/v1/articles?external_id=One"), "items.0.id");
    expect_status(patch(at("/v1/articles/%lld", one), "{'byline': 'Jane Doe'}"), 200);
    expect_origins(id, 1);
    expect_status(patch(path, "{'published_at': '2022-02-09'}"), 200);
    expect_origins(id, 2);
}

Test(origins, the_count_follows_who_speaks_for_whom)
{
    two_articles("", "");
    long long id = claim(BY_BAKER, at("%s, %s", in("One", ""), in("Two", ", 'speaker_id': 'freedonia'")));
    long long baker = int_at(get("/v1/actors?external_id=baker"), "items.0.id"),
              office = int_at(get("/v1/actors?external_id=office"), "items.0.id");
    expect_origins(id, 1);
    expect_status(patch(at("/v1/actors/%lld", baker), "{'affiliation_id': null}"), 200);
    expect_origins(id, 2);
    expect_status(patch(at("/v1/actors/%lld", baker), "{'affiliation_id': 'office'}"), 200);
    expect_origins(id, 1);
    expect_status(patch(at("/v1/actors/%lld", office), "{'affiliation_id': null}"), 200);
    expect_origins(id, 2);
}

Test(origins, bodies_that_belong_to_each_other_are_no_trouble)
{
    two_articles("", "");
    long long freedonia = int_at(get("/v1/actors?external_id=freedonia"), "items.0.id");
    expect_status(patch(at("/v1/actors/%lld", freedonia), "{'affiliation_id': 'office'}"), 200);
    expect_pair(", 'speaker_id': 'office'", "", ", 'speaker_id': 'freedonia'", 2);
}

Test(origins, the_count_follows_a_merge)
{
    two_articles("", "");
    long long one = claim(BY_BAKER, in("One", FROM)), two = claim(BY_BAKER, in("Two", FROM));
    expect_status(post(at("/v1/claims/%lld/merge", one), "{'from_ids': [%lld]}", two), 200);
    expect_origins(one, 1);
    expect_int(get("/v1/claims/%lld", one), "report_count", 2);
    expect_origins(two, 0);
    expect_status(post(at("/v1/claims/%lld/unmerge", two), NULL), 200);
    expect_origins(two, 1);

    long long other = claim(BY_DUNN, in("Two", ""));
    expect_status(post(at("/v1/claims/%lld/merge", one), "{'from_ids': [%lld]}", other), 200);
    expect_int(get("/v1/claims/%lld", one), "report_count", 2);
}

Test(origins, the_count_follows_a_merge_of_speakers)
{
    two_articles("", "");
    long long id = claim(BY_BAKER, at("%s, %s", in("One", FROM), in("Two", FROM BY_DUNN)));
    long long baker = int_at(get("/v1/actors?external_id=baker"), "items.0.id"),
              dunn = int_at(get("/v1/actors?external_id=dunn"), "items.0.id");
    expect_origins(id, 2);
    expect_status(post(at("/v1/actors/%lld/merge", baker), "{'from_ids': [%lld]}", dunn), 200);
    expect_origins(id, 1);
}

Test(origins, what_an_older_program_counted_is_counted_again)
{
    two_articles("", "");
    long long id = claim(BY_BAKER, at("%s, %s", in("One", FROM), in("Two", FROM)));
    struct engine *engine;
    struct error error;
    server_stop();
    cr_assert(engine_open(server_database(), ENGINE_WRITE, &engine, &error), "%s", error.message);
    cr_assert(engine_execute(engine,
                             "UPDATE claim SET origin_count = -1,"
                             " document = replace(document, '\"origin_count\":1', '\"origin_count\":2')",
                             &error),
              "%s", error.message);
    engine_close(engine);
    server_start("--extract", "off");
    expect_origins(id, 1);
    expect_count(get("/v1/claims?origin_count=1"), "items", 1);
    expect_int(get("/v1/claims/%lld", id), "version", 2);
}

/* ---- in any order ------------------------------------------------------------------------------------------------------- */

enum { STORIES = 5 };

static const char *const stories[STORIES][3] = {
    {"Alpha", ", 'published_at': '2022-01-08'", FROM},
    {"Beta", ", 'published_at': '2022-01-09', 'byline': 'Jane Doe'", ""},
    {"Gamma", ", 'published_at': '2022-01-09', 'byline': 'Jane Doe'", ", 'speaker_id': 'office'"},
    {"Delta", ", 'published_at': '2022-01-10'", ", 'via': ['cable', 'wire']"},
    {"Epsilon", "", ", 'speaker_id': 'source', 'via': ['wire']"},
};

/* What is told of the claim, without ids. */
static const char *told(long long id)
{
    struct answer origins = get("/v1/claims/%lld/origins", id), chain = get("/v1/claims/%lld/chain", id);
    const char *all = "";
    for (size_t i = 0; i < count_at(origins, "items"); i++) {
        all = at("%s|%s:", all, text_at(origins, at("items.%zu.speaker_name", i)));
        for (size_t j = 0; j < count_at(origins, at("items.%zu.reports", i)); j++) {
            const char *report = at("items.%zu.reports.%zu", i, j);
            all = at("%s %s %s;", all, text_at(origins, at("%s.outlet_name", report)), text_at(origins, at("%s.why", report)));
        }
    }
    for (size_t i = 0; i < count_at(chain, "nodes"); i++)
        all = at("%s > %s", all, text_at(chain, at("nodes.%zu.label", i)));
    for (size_t i = 0; i < count_at(chain, "edges"); i++)
        all = at("%s %s %zu", all, text_at(chain, at("edges.%zu.kind", i)), count_at(chain, at("edges.%zu.report_ids", i)));
    return all;
}

Test(origins, the_order_of_reports_makes_no_difference)
{
    const char *first = NULL;
    for (int round = 0; round < 6; round++) {
        const char *reports = "";
        for (int i = 0; i < STORIES; i++) {
            int story = (round < STORIES ? i + round : STORIES - 1 - i) % STORIES;
            const char *outlet = stories[story][0];
            make("/v1/articles", "{'external_id': '%s-%d', 'outlet': '%s', 'text': '" TEXT "'%s}", outlet, round, outlet, outlet,
                 stories[story][1]);
            reports = at("%s%s%s", reports, i ? ", " : "", in(at("%s-%d", outlet, round), stories[story][2]));
        }
        const char *now = told(claim(BY_BAKER, reports));
        if (!first)
            first = now;
        cr_assert_str_eq(now, first);
    }
}

/* ---- filters ------------------------------------------------------------------------------------------------------------ */

Test(origins, claims_are_picked_by_how_many_know_them)
{
    two_articles("", "");
    long long one = claim(BY_BAKER, in("One", "")), wire = claim(BY_BAKER, at("%s, %s", in("One", FROM), in("Two", FROM))),
              two = claim(BY_SOURCE, at("%s, %s", in("One", ""), in("Two", BY_OTHER)));
    expect_each(get("/v1/claims?min_outlets=1"), "items", "id", at("[%lld, %lld, %lld]", one, wire, two));
    expect_each(get("/v1/claims?min_outlets=2"), "items", "id", at("[%lld, %lld]", wire, two));
    expect_each(get("/v1/claims?min_origins=2"), "items", "id", at("[%lld]", two));
    expect_each(get("/v1/claims?min_outlets=2&origin_count__lt=2&sort=-report_count"), "items", "id", at("[%lld]", wire));
    expect_int(get("/v1/claims?min_origins=1&count=exact"), "total", 3);
    expect_same_body(get("/v1/claims.ndjson?min_origins=2"), get("/v1/claims.ndjson?origin_count__gte=2"));
    expect_problem(get("/v1/claims?min_origins=-1"), 400, "invalid-parameter");
    expect_problem(get("/v1/claims?min_outlets__lt=2"), 400, "invalid-parameter");
}

/* ---- the chain ---------------------------------------------------------------------------------------------------------- */

Test(origins, a_chain_leads_from_the_speaker_to_the_outlets)
{
    two_articles("", "");
    article("Three", ", 'published_at': '2022-01-10', 'near_duplicate_of': 'One'");
    long long id = claim(BY_BAKER ", 'occasion_id': 'morning'",
                         at("%s, %s, %s", in("One", FROM), in("Two", ", 'via': ['wire', 'cable']"), in("Three", FROM)));
    struct answer chain = get("/v1/claims/%lld/chain", id);
    expect_each(chain, "nodes", "label", "['Ada Baker', 'Morning briefing', 'Wire', 'One', 'Cable', 'Two', 'Three']");
    expect_each(chain, "nodes", "kind", "['speaker', 'occasion', 'agency', 'outlet', 'agency', 'outlet', 'outlet']");
    expect_each(chain, "edges", "kind", "['told', 'told', 'quoted', 'quoted', 'reprinted', 'quoted']");
    expect_count(chain, "edges.0.report_ids", 3);
    expect_text(chain, "edges.0.spans.0.text", "Ada Baker");
    expect_text(chain, "edges.1.spans.0.text", "said");
    expect_text(chain, "edges.4.spans.0.text", "the dam will open in May");
    expect_text(chain, "edges.4.to", at("medium-%lld", int_at(chain, "nodes.6.actor_id")));
}

Test(origins, a_chain_names_the_article_where_no_outlet_is_known)
{
    make("/v1/articles", "{'external_id': 'One', 'title': 'The dam', 'text': '" TEXT "'}", "nobody");
    struct answer chain = get("/v1/claims/%lld/chain", claim(BY_BAKER, in("One", "")));
    expect_each(chain, "nodes", "kind", "['speaker', 'article']");
    expect_text(chain, "nodes.1.label", "The dam");
    expect_each(chain, "edges", "kind", "['told']");
}

Test(origins, a_claim_that_nobody_reports_has_an_empty_chain)
{
    struct answer chain = get("/v1/claims/%lld/chain", make("/v1/claims", "{'text': 'Nothing.'}"));
    expect_count(chain, "nodes", 0);
    expect_count(chain, "edges", 0);
    expect_problem(get("/v1/claims/999/chain"), 404, "not-found");
    expect_problem(get("/v1/claims/999/origins"), 404, "not-found");
}

Test(origins, an_answer_stays_until_something_changes)
{
    two_articles("", "");
    long long id = claim(BY_BAKER, in("One", ""));
    struct answer before = get("/v1/claims/%lld/origins", id);
    with("If-None-Match: %s", header_of(before, "ETag"));
    expect_status(get("/v1/claims/%lld/origins", id), 304);
    long long baker = int_at(before, "items.0.speaker_id");
    expect_status(patch(at("/v1/actors/%lld", baker), "{'name': 'Ada Baker-Lee'}"), 200);
    expect_text(get("/v1/claims/%lld/origins", id), "items.0.speaker_name", "Ada Baker-Lee");
}
