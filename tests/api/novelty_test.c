/* What is new in an article, by what was published before it and not by what came first into the record. */
#include <string.h>

#include "support/harness.h"

TestSuite(novelty, .init = server_up, .fini = server_down);

/* An article, and a report of the claim in its first sentence; `day` NULL: nobody knows when. */
static long long send_article(const char *text, const char *outlet, const char *day)
{
    const char *published = day ? at(", 'published_at': '%s'", day) : "";
    return make("/v1/articles", "{'text': '%s', 'outlet': '%s'%s}", text, outlet, published);
}

static const char *report_of(long long article, int end)
{
    return at("{'article_id': %lld, 'kind': 'indirect', 'content': [{'start': 0, 'end': %d}]}", article, end);
}

static long long speaker;

static long long make_claim(const char *reports)
{
    speaker = make("/v1/actors", "{'name': 'Anna Keller', 'kind': 'person'}");
    return make("/v1/claims", "{'text': 'The treaty will be signed.', 'speaker_id': %lld, 'reports': [%s]}", speaker, reports);
}

static struct answer novelty(long long article)
{
    struct answer told = get("/v1/articles/%lld/novelty", article);
    expect_status(told, 200);
    return told;
}

#define SIGNED "The treaty will be signed"
#define CLOSED "Both sides will sign it"

/* The same record, in either order of ingest. */
static void expect_same_whatever_came_first(bool turned)
{
    long long first = 0, second = 0, third = 0;
    for (int i = 0; i < 3; i++) {
        int which = turned ? 2 - i : i;
        if (which == 0)
            first = send_article(SIGNED ", Keller said.", "Morning Post", "2022-01-10");
        else if (which == 1)
            second = send_article(SIGNED ", said Anna Keller.", "Evening Post", "2022-01-10T18:00:00Z");
        else
            third = send_article(CLOSED ", the minister said.", "Gazette", "2022-01-12");
    }
    make_claim(at("%s, %s, %s", report_of(first, 25), report_of(second, 25), report_of(third, 23)));
    struct answer told = novelty(first);
    expect_text(told, "claims.0.novelty", "new");
    expect_null(told, "claims.0.known_since");
    expect_int(told, "claims.0.earlier.article_count", 0);
    expect_int(told, "summary.new", 1);
    cr_assert_float_eq(json_number_value(value_at(told, "summary.share_new")), 1.0, 0.001);
    told = novelty(second);
    expect_text(told, "claims.0.novelty", "known");
    expect_text(told, "claims.0.known_since", "2022-01-10");
    expect_each(told, "claims.0.earlier.reports", "article_id", at("[%lld]", first));
    expect_bool(told, "claims.0.earlier.reports.0.same_words", true);
    told = novelty(third);
    expect_text(told, "claims.0.novelty", "new_wording");
    expect_int(told, "claims.0.earlier.article_count", 2);
    expect_int(told, "claims.0.earlier.outlet_count", 2);
    expect_each(told, "claims.0.earlier.reports", "article_id", at("[%lld, %lld]", first, second));
    expect_int(told, "summary.known", 0);
    expect_int(told, "summary.new_wording", 1);
    cr_assert_float_eq(json_number_value(value_at(told, "summary.share_new")), 0.0, 0.001);
}

Test(novelty, a_claim_is_new_known_or_newly_worded)
{
    expect_same_whatever_came_first(false);
}

Test(novelty, the_order_of_ingest_does_not_matter)
{
    expect_same_whatever_came_first(true);
}

Test(novelty, where_the_day_is_not_known_the_lower_id_is_earlier)
{
    long long first = send_article(SIGNED ", Keller said.", "Morning Post", NULL);
    long long second = send_article(SIGNED ", said Anna Keller.", "Evening Post", "2022-01-10");
    make_claim(at("%s, %s", report_of(first, 25), report_of(second, 25)));
    expect_text(novelty(first), "claims.0.novelty", "new");
    struct answer told = novelty(second);
    expect_text(told, "claims.0.novelty", "known");
    expect_null(told, "claims.0.known_since");
}

Test(novelty, an_article_that_is_deleted_told_nothing)
{
    long long first = send_article(SIGNED ", Keller said.", "Morning Post", "2022-01-09");
    long long second = send_article(SIGNED ", said Anna Keller.", "Evening Post", "2022-01-10");
    make_claim(at("%s, %s", report_of(first, 25), report_of(second, 25)));
    struct answer told = novelty(second);
    expect_text(told, "claims.0.novelty", "known");
    expect_status(erase("/v1/articles/%lld", first), 204);
    with("If-None-Match: %s", header_of(told, "ETag"));
    expect_status(get("/v1/articles/%lld/novelty", second), 200);
    expect_text(novelty(second), "claims.0.novelty", "new");
    expect_problem(get("/v1/articles/%lld/novelty", first), 410, "gone");
}

Test(novelty, actors_and_meetings_are_new_where_they_are_first_named)
{
    long long keller = make("/v1/actors", "{'name': 'Anna Keller', 'kind': 'person'}");
    long long weber = make("/v1/actors", "{'name': 'Paul Weber', 'kind': 'person'}");
    long long late =
        make("/v1/articles",
             "{'text': 'Keller met Weber.', 'published_at': '2022-01-12', 'mentions': [{'actor_id': %lld, 'start': 0,"
             " 'end': 6}, {'actor_id': %lld, 'start': 11, 'end': 16}]}",
             keller, weber);
    long long early = make("/v1/articles",
                           "{'text': 'Keller speaks.', 'published_at': '2022-01-11', 'mentions': [{'actor_id': %lld, 'start': 0,"
                           " 'end': 6}]}",
                           keller);
    long long meeting = make("/v1/meetings",
                             "{'name': 'Talks', 'kind': 'talks', 'starts_on': '2022-01-11', 'evidence': [{'article_id': %lld,"
                             " 'start': 7, 'end': 10}]}",
                             late);
    struct answer told = novelty(late);
    expect_each(told, "actors", "id", at("[%lld]", weber));
    expect_text(told, "actors.0.name", "Paul Weber");
    expect_each(told, "meetings", "id", at("[%lld]", meeting));
    expect_int(told, "summary.actors", 2);
    expect_int(told, "summary.new_actors", 1);
    expect_int(told, "summary.new_meetings", 1);
    expect_null(told, "summary.share_new");
    told = novelty(early);
    expect_each(told, "actors", "id", at("[%lld]", keller));
    expect_count(told, "meetings", 0);
}

Test(novelty, what_contradicts_it_is_shown_with_both_sides)
{
    long long first = send_article("The talks begin on Monday.", "Morning Post", "2022-01-09");
    long long second = send_article("The talks begin on Tuesday.", "Evening Post", "2022-01-10");
    const char *body = at("{'kind': 'date', 'about': 'When the talks begin', 'values': ["
                          "{'value': 'Monday', 'evidence': [{'article_id': %lld, 'start': 19, 'end': 25}]},"
                          "{'value': 'Tuesday', 'evidence': [{'article_id': %lld, 'start': 19, 'end': 26}]}]}",
                          first, second);
    long long discrepancy = make("/v1/discrepancies", "%s", body);
    struct answer told = novelty(second);
    expect_int(told, "contradicts.0.discrepancy_id", discrepancy);
    expect_json(told, "contradicts.0.here", "['Tuesday']");
    expect_json(told, "contradicts.0.elsewhere", at("[{'value': 'Monday', 'article_ids': [%lld]}]", first));
    expect_int(told, "summary.open_contradictions", 1);
    expect_status(patch(at("/v1/discrepancies/%lld", discrepancy), "{'status': 'dismissed'}"), 200);
    told = novelty(second);
    expect_int(told, "summary.contradictions", 1);
    expect_int(told, "summary.open_contradictions", 0);
}

Test(novelty, a_revision_takes_back_what_was_told)
{
    long long first = make("/v1/articles", "{'text': '" SIGNED ", Keller said.', 'url': 'https://example.org/1'}");
    make_claim(report_of(first, 25));
    expect_int(novelty(first), "summary.claims", 1);
    expect_status(post("/v1/articles", "{'text': 'No comment.', 'url': 'https://example.org/1'}"), 200);
    expect_int(novelty(first), "summary.claims", 0);
}
