/* Meetings and claims in the order of their days. */
#include <stdio.h>
#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

TestSuite(timeline, .init = server_up, .fini = server_down);

static long long meeting_on(const char *day)
{
    return make("/v1/meetings", "{'name': 'Talks on %s', 'kind': 'talks', 'starts_on': '%s'}", day, day);
}

static long long claim_on(const char *day)
{
    return make("/v1/claims", "{'text': 'Said on %s', 'said_on': '%s'}", day, day);
}

/* "m1 c2 c1 " for meeting 1, claim 2, claim 1. */
static const char *moments_of(struct answer page)
{
    const char *moments = "";
    for (size_t i = 0; i < count_at(page, "items"); i++)
        moments = at("%s%c%lld ", moments, *text_at(page, at("items.%zu.noun", i)), int_at(page, at("items.%zu.id", i)));
    return moments;
}

static void expect_moments(struct answer page, const char *moments)
{
    if (strcmp(moments_of(page), moments) != 0)
        fail_with(page, HERE, "there is %s, not %s", moments_of(page), moments);
}

/* Ids grow in another order than the days. */
static void make_some(void)
{
    claim_on("2022-01-12");   /* c1 */
    claim_on("2022-01-10");   /* c2 */
    meeting_on("2022-01-10"); /* m1 */
    meeting_on("2022-01-09"); /* m2 */
    claim_on("2022-01-10");   /* c3 */
    meeting_on("2022-01-10"); /* m3 */
    claim_on("2022-01-08");   /* c4 */
}

Test(timeline, merges_by_day_then_meetings_first_then_id)
{
    make_some();
    expect_moments(get("/v1/timeline"), "c4 m2 m1 m3 c2 c3 c1 ");
    expect_moments(get("/v1/timeline?sort=-time"), "c1 c3 c2 m3 m1 m2 c4 ");
}

Test(timeline, has_the_documents)
{
    struct scene scene = scene_set();
    struct answer page = get("/v1/timeline");
    expect_json(page, "items.0.time", "'2022-01-08'");
    expect_text(page, "items.0.document.text", "The talks begin on Monday");
    expect_text(page, "items.1.noun", "meeting");
    expect_text(page, "items.1.document.name", "Talks");
    expect_int(page, "items.1.id", scene.meeting);
    expect_null(page, "next");
    expect_null(page, "next_cursor");
    expect_null(page, "total");
}

Test(timeline, leaves_out_what_has_no_day_or_is_deleted)
{
    make("/v1/claims", "{'text': 'Who knows when'}");
    make("/v1/meetings", "{'name': 'Some day', 'kind': 'talks'}");
    long long kept = claim_on("2022-01-10"), merged = claim_on("2022-01-10"), erased = meeting_on("2022-01-10");
    expect_status(post(at("/v1/claims/%lld/merge", kept), "{'from_ids': [%lld]}", merged), 200);
    expect_status(erase("/v1/meetings/%lld", erased), 204);
    expect_moments(get("/v1/timeline"), at("c%lld ", kept));
}

Test(timeline, ranges_are_half_open)
{
    make_some();
    expect_moments(get("/v1/timeline?from=2022-01-09&to=2022-01-12"), "m2 m1 m3 c2 c3 ");
    expect_moments(get("/v1/timeline?from=2022-01-09&to=2022-01-12&sort=-time"), "c3 c2 m3 m1 m2 ");
    expect_moments(get("/v1/timeline?from=2022-01-12"), "c1 ");
    expect_moments(get("/v1/timeline?to=2022-01-09"), "c4 ");
    expect_moments(get("/v1/timeline?from=2023-01-01&to=2022-01-01"), "");
}

/* Pages of every size, there and back, in both orders. */
static void walk(const char *query, int limit)
{
    const char *all = moments_of(get("/v1/timeline?limit=500%s", query)), *there = "", *forward = "", *backward = "";
    struct answer page = get("/v1/timeline?limit=%d%s", limit, query);
    expect_null(page, "prev");
    while (!json_is_null(value_at(page, "next"))) {
        expect_count(page, "items", (size_t)limit);
        there = at("%s%s", there, moments_of(page));
        forward = at("%s[%s]", forward, moments_of(page));
        page = go_to(page, "next");
    }
    there = at("%s%s", there, moments_of(page));
    cr_assert_str_eq(there, all, "limit %d%s", limit, query);
    while (!json_is_null(value_at(page, "prev"))) {
        page = go_to(page, "prev");
        backward = at("[%s]%s", moments_of(page), backward);
    }
    cr_assert_str_eq(backward, forward, "limit %d%s", limit, query);
}

Test(timeline, pages_have_everything_once_in_both_directions)
{
    make_some();
    static const char *const queries[] = {"", "&sort=-time", "&from=2022-01-09&to=2022-01-12",
                                          "&from=2022-01-09&to=2022-01-12&sort=-time"};
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        for (int limit = 1; limit <= 8; limit++)
            walk(queries[i], limit);
    }
}

Test(timeline, pages_stay_where_they_are_while_others_write)
{
    make_some();
    struct answer first = get("/v1/timeline?limit=4");
    expect_moments(first, "c4 m2 m1 m3 ");
    meeting_on("2022-01-07");
    claim_on("2022-01-10");
    expect_moments(go_to(first, "next"), "c2 c3 c5 c1 ");
}

/* What was said at the talks in Geneva, and elsewhere. */
static struct scene set_places(void)
{
    struct scene scene = scene_set(); /* talks on 10 January in Geneva, where Baker takes part and what she said belongs to */
    make("/v1/meetings", "{'external_id': 'oslo', 'name': 'Oslo', 'kind': 'talks', 'starts_on': '2022-01-11', 'city': 'Oslo'}");
    make("/v1/claims", "{'text': 'x', 'said_on': '2022-01-11', 'occasion_id': 'oslo', 'speaker_id': 'freedonia',"
                       " 'topics': ['talks']}");
    return scene;
}

Test(timeline, picks_by_topic)
{
    set_places();
    expect_moments(get("/v1/timeline?topic=fishing-rights"), "c1 m1 ");
    expect_moments(get("/v1/timeline?topic=talks"), "c2 ");
    expect_moments(get("/v1/timeline?topic=nothing-of-that-kind"), "");
}

Test(timeline, picks_by_who_speaks_or_takes_part)
{
    struct scene scene = set_places();
    expect_moments(get("/v1/timeline?actor_id=%lld", scene.baker), "c1 m1 ");
    expect_moments(get("/v1/timeline?actor_id=%lld", scene.freedonia), "c2 ");
}

Test(timeline, picks_by_city)
{
    struct scene scene = set_places();
    expect_moments(get("/v1/timeline?city=Geneva"), "c1 m1 ");
    expect_moments(get("/v1/timeline?city=Oslo"), "m2 c2 ");
    expect_moments(get("/v1/timeline?city=Geneva&topic=fishing-rights&actor_id=%lld&from=2022-01-09", scene.baker), "m1 ");
}

/* Filters that pick many are read in another way than those that pick few. */
Test(timeline, picks_the_same_among_many, .timeout = 120)
{
    enum { MANY = 2100, BATCH = 300 };
    make("/v1/meetings",
         "{'external_id': 'geneva', 'name': 'Geneva', 'kind': 'talks', 'starts_on': '2022-01-10', 'city': 'Geneva'}");
    long long speaker = make("/v1/actors", "{'external_id': 'speaker', 'name': 'Speaker', 'kind': 'person'}");
    for (int batch = 0; batch < MANY / BATCH; batch++) {
        const char *items = "";
        for (int i = 0; i < BATCH; i += 3) /* three at once, so that the text is not copied so often */
            items = at("%s%s{'text': 'x', 'said_on': '2022-02-%02d', 'speaker_id': 'speaker', 'topics': ['talks'],"
                       " 'occasion_id': 'geneva'},{'text': 'y', 'said_on': '2022-02-01', 'speaker_id': 'speaker',"
                       " 'topics': ['talks'], 'occasion_id': 'geneva'},{'text': 'z', 'said_on': '2022-01-10',"
                       " 'speaker_id': 'speaker', 'topics': ['talks'], 'occasion_id': 'geneva'}",
                       items, i ? "," : "", 1 + i % 28);
        expect_status(post("/v1/claims", "[%s]", items), 201);
    }
    claim_on("2022-01-10");
    struct answer all = get("/v1/timeline?from=2022-01-10&limit=500&city=Geneva");
    expect_count(all, "items", 500);
    expect_text(all, "items.0.noun", "meeting");
    const char *expected = moments_of(get("/v1/timeline?limit=499&topic=talks"));
    cr_assert_str_eq(expected, moments_of(get("/v1/timeline?limit=499&actor_id=%lld", speaker)));
    cr_assert_str_eq(at("m1 %s", expected), moments_of(all));
    cr_assert_str_eq(expected, moments_of(get("/v1/timeline?limit=499&actor_id=%lld&topic=talks", speaker)));
    expect_count(get("/v1/timeline?from=2022-02-02&to=2022-02-03&topic=talks"), "items", 21);
}

Test(timeline, a_cursor_belongs_to_its_filters)
{
    make_some();
    const char *cursor = text_at(get("/v1/timeline?limit=2"), "next_cursor");
    expect_status(get("/v1/timeline?limit=3&cursor=%s", cursor), 200);
    struct answer refused = get("/v1/timeline?limit=2&from=2022-01-09&cursor=%s", cursor);
    expect_problem(refused, 400, "invalid-parameter");
    expect_fault(refused, "cursor", "cursor");
    expect_problem(get("/v1/timeline?sort=-time&cursor=%s", cursor), 400, "invalid-parameter");
    expect_problem(get("/v1/timeline?cursor=%s", text_at(get("/v1/claims?limit=2"), "next_cursor")), 400, "invalid-parameter");
}

Test(timeline, wrong_parameters_are_refused)
{
    expect_fault(get("/v1/timeline?from=yesterday"), "from", NULL);
    expect_fault(get("/v1/timeline?actor=7"), "actor", NULL);
    expect_fault(get("/v1/timeline?limit=0"), "limit", NULL);
}

Test(timeline, is_answered_from_its_tag)
{
    claim_on("2022-01-10");
    const char *tag = header_of(get("/v1/timeline"), "ETag");
    cr_assert(strncmp(tag, "W/\"", 3) == 0);
    with("If-None-Match: %s", tag);
    expect_status(get("/v1/timeline"), 304);
    meeting_on("2022-01-10");
    with("If-None-Match: %s", tag);
    expect_count(get("/v1/timeline"), "items", 2);
}
