/* Counts of the record, and counts over time. */
#include <stdio.h>
#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

TestSuite(stats, .init = server_up, .fini = server_down);

/* ---- the whole record --------------------------------------------------------------------------------------------------- */

Test(stats, a_new_store_has_its_topics_alone)
{
    struct answer stats = get("/v1/stats");
    expect_int(stats, "articles", 0);
    expect_int(stats, "claims", 0);
    expect_int(stats, "topics", int_at(get("/v1/topics"), "total"));
    expect_json(stats, "claims_by_stance", "[]");
}

Test(stats, count_every_noun)
{
    scene_set();
    struct answer stats = get("/v1/stats");
    expect_int(stats, "articles", 1);
    expect_int(stats, "actors", 4);
    expect_int(stats, "claims", 1);
    expect_int(stats, "meetings", 1);
    expect_int(stats, "discrepancies", 1);
    expect_int(stats, "mentions", 1);
    expect_int(stats, "reports", 1);
    expect_json(stats, "claims_by_stance", "[{'value': 'asserts', 'count': 1}]");
    expect_json(stats, "claims_by_status", "[{'value': 'confirmed', 'count': 1}]");
    expect_json(stats, "meetings_by_status", "[{'value': 'planned', 'count': 1}]");
    expect_json(stats, "discrepancies_by_status", "[{'value': 'open', 'count': 1}]");
}

Test(stats, what_is_deleted_does_not_count)
{
    struct scene scene = scene_set();
    expect_status(erase("/v1/claims/%lld", scene.claim), 204);
    struct answer stats = get("/v1/stats");
    expect_int(stats, "claims", 0);
    expect_json(stats, "claims_by_status", "[]");
}

Test(stats, tell_when_the_record_changed)
{
    long long topic = make("/v1/topics", "{'slug': 'fish', 'name': 'Fish'}");
    const char *changed = text_at(get("/v1/stats"), "last_change_at");
    cr_assert_str_eq(changed, text_at(get("/v1/topics/%lld", topic), "updated_at"));
}

Test(stats, are_answered_from_their_tag)
{
    static const char *const paths[] = {"/v1/stats", "/v1/stats/timeline?series=claims"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        const char *tag = header_of(get("%s", paths[i]), "ETag");
        cr_assert(strncmp(tag, "W/\"", 3) == 0);
        with("If-None-Match: %s", tag);
        expect_status(get("%s", paths[i]), 304);
        make("/v1/claims", "{'text': 'x', 'said_on': '2022-01-10'}");
        with("If-None-Match: %s", tag);
        expect_status(get("%s", paths[i]), 200);
    }
}

/* ---- over time ------------------------------------------------------------------------------------------------------------ */

/* "2022-01-09T23:00 claims 2, …" */
static const char *rows_of(struct answer answer)
{
    const char *rows = "";
    for (size_t i = 0; i < count_at(answer, "items"); i++)
        rows = at("%s%s%.16s %s %lld", rows, i ? ", " : "", text_at(answer, at("items.%zu.time", i)),
                  text_at(answer, at("items.%zu.series", i)), int_at(answer, at("items.%zu.value", i)));
    return rows;
}

static void expect_rows(struct answer answer, const char *rows)
{
    if (strcmp(rows_of(answer), rows) != 0)
        fail_with(answer, HERE, "there is\n%s\nnot\n%s", rows_of(answer), rows);
    expect_null(answer, "next_cursor");
}

static void claim_on(const char *day, const char *stance, const char *topics)
{
    make("/v1/claims", "{'text': 'x', 'said_on': '%s', 'stance': '%s', 'topics': [%s]}", day, stance, topics);
}

static void article_at(const char *time)
{
    static int articles;
    make("/v1/articles", "{'text': 'x %d', 'published_at': '%s'}", ++articles, time);
}

Test(stats, days_without_anything_are_zero)
{
    claim_on("2022-01-08", "asserts", "");
    claim_on("2022-01-10", "asserts", "");
    claim_on("2022-01-10", "rejects", "");
    make("/v1/claims", "{'text': 'nobody knows when'}");
    struct answer answer = get("/v1/stats/timeline?series=claims");
    expect_rows(answer, "2022-01-08T00:00 claims 1, 2022-01-09T00:00 claims 0, 2022-01-10T00:00 claims 2");
    expect_json(answer, "items.0.time", "'2022-01-08T00:00:00.000Z'");
    expect_text(answer, "interval", "day");
    expect_text(answer, "tz", "UTC");
}

Test(stats, nothing_gives_no_rows)
{
    expect_rows(get("/v1/stats/timeline"), "");
    expect_rows(get("/v1/stats/timeline?from=2022-01-08"), "");
    expect_rows(get("/v1/stats/timeline?series=stance&from=2022-01-08&to=2022-01-10"), "");
    expect_rows(get("/v1/stats/timeline?series=claims&from=2022-01-08&to=2022-01-10"),
                "2022-01-08T00:00 claims 0, 2022-01-09T00:00 claims 0");
}

Test(stats, series_stand_side_by_side)
{
    claim_on("2022-01-08", "asserts", "");
    article_at("2022-01-08T10:00:00Z");
    make("/v1/meetings", "{'name': 'x', 'kind': 'talks', 'starts_on': '2022-01-09'}");
    const char *rows = "2022-01-08T00:00 articles 1, 2022-01-08T00:00 claims 1, 2022-01-08T00:00 meetings 0, "
                       "2022-01-09T00:00 articles 0, 2022-01-09T00:00 claims 0, 2022-01-09T00:00 meetings 1";
    expect_rows(get("/v1/stats/timeline"), rows);
    expect_rows(get("/v1/stats/timeline?series=meetings,claims&series=articles"), rows);
}

Test(stats, claims_have_a_series_for_each_stance_and_topic)
{
    claim_on("2022-01-08", "rejects", "'talks', 'missiles'");
    claim_on("2022-01-08", "offers", "'talks'");
    claim_on("2022-01-09", "rejects", "");
    expect_rows(get("/v1/stats/timeline?series=stance"), "2022-01-08T00:00 stance:rejects 1, 2022-01-08T00:00 stance:offers 1, "
                                                         "2022-01-09T00:00 stance:rejects 1, 2022-01-09T00:00 stance:offers 0");
    struct answer topics = get("/v1/stats/timeline?series=topic");
    expect_count(topics, "items", 2);
    expect_body_has(topics, "\"series\":\"topic:talks\",\"value\":2");
    expect_body_has(topics, "\"series\":\"topic:missiles\",\"value\":1");
}

Test(stats, days_begin_at_local_midnight)
{
    article_at("2022-01-09T22:59:59Z"); /* 23:59:59 in Zurich */
    article_at("2022-01-09T23:00:00Z"); /* midnight there */
    expect_rows(get("/v1/stats/timeline?series=articles"), "2022-01-09T00:00 articles 2");
    expect_rows(get("/v1/stats/timeline?series=articles&tz=Europe/Zurich"),
                "2022-01-08T23:00 articles 1, 2022-01-09T23:00 articles 1");
    expect_rows(get("/v1/stats/timeline?series=articles&tz=Asia/Kolkata"), "2022-01-09T18:30 articles 2");
    expect_rows(get("/v1/stats/timeline?series=articles&tz=America/New_York"), "2022-01-09T05:00 articles 2");
}

/* Days that are given as such have no zone, and stay what they are. */
Test(stats, a_day_is_that_day_everywhere)
{
    claim_on("2022-01-09", "asserts", "");
    article_at("2022-01-09");
    expect_rows(get("/v1/stats/timeline?series=claims,articles&tz=America/New_York&from=2022-01-09&to=2022-01-10"),
                "2022-01-09T05:00 articles 1, 2022-01-09T05:00 claims 1");
    expect_rows(get("/v1/stats/timeline?series=claims,articles&tz=Asia/Tokyo&from=2022-01-09&to=2022-01-10"),
                "2022-01-08T15:00 articles 1, 2022-01-08T15:00 claims 1");
}

Test(stats, ranges_are_local_days)
{
    article_at("2022-01-08T22:59:00Z");
    article_at("2022-01-08T23:00:00Z");
    article_at("2022-01-09T22:59:00Z");
    article_at("2022-01-09T23:00:00Z");
    expect_rows(get("/v1/stats/timeline?series=articles&tz=Europe/Zurich&from=2022-01-09&to=2022-01-10"),
                "2022-01-08T23:00 articles 2");
    expect_rows(get("/v1/stats/timeline?series=articles&tz=Europe/Zurich&to=2022-01-09"), "2022-01-07T23:00 articles 1");
    expect_rows(get("/v1/stats/timeline?series=articles&tz=Europe/Zurich&from=2022-01-10"), "2022-01-09T23:00 articles 1");
}

Test(stats, a_day_has_as_many_hours_as_its_clocks)
{
    article_at("2022-03-26T23:30:00Z"); /* 0:30 in Zurich; the clocks go from 2 to 3 */
    article_at("2022-03-27T21:30:00Z"); /* 23:30 */
    struct answer spring = get("/v1/stats/timeline?interval=hour&tz=Europe/Zurich");
    expect_count(spring, "items", 23);
    article_at("2022-10-30T00:30:00Z"); /* 2:30 in Zurich, and an hour later 2:30 again */
    article_at("2022-10-30T01:30:00Z");
    expect_rows(get("/v1/stats/timeline?interval=hour&tz=Europe/Zurich&from=2022-10-30"),
                "2022-10-29T22:00 articles 0, 2022-10-29T23:00 articles 0, 2022-10-30T00:00 articles 1, "
                "2022-10-30T01:00 articles 1");
    expect_count(get("/v1/stats/timeline?interval=hour&tz=Europe/Zurich&from=2022-10-30&to=2022-10-31"), "items", 25);
    expect_rows(get("/v1/stats/timeline?tz=Europe/Zurich&from=2022-10-29&to=2022-11-01&series=articles"),
                "2022-10-28T22:00 articles 0, 2022-10-29T22:00 articles 2, 2022-10-30T23:00 articles 0");
}

Test(stats, hours_may_begin_at_half_past)
{
    article_at("2022-01-10T12:29:59Z");
    article_at("2022-01-10T12:30:00Z");
    article_at("2022-01-10");
    expect_rows(get("/v1/stats/timeline?interval=hour&tz=Asia/Kolkata"),
                "2022-01-10T11:30 articles 1, 2022-01-10T12:30 articles 1");
}

Test(stats, weeks_begin_on_monday)
{
    claim_on("2022-01-09", "asserts", ""); /* a Sunday */
    claim_on("2022-01-10", "asserts", "");
    claim_on("2022-01-16", "asserts", "");
    claim_on("2022-01-24", "asserts", "");
    expect_rows(get("/v1/stats/timeline?interval=week&series=claims"),
                "2022-01-03T00:00 claims 1, 2022-01-10T00:00 claims 2, 2022-01-17T00:00 claims 0, 2022-01-24T00:00 claims 1");
}

Test(stats, months_are_those_of_the_calendar)
{
    claim_on("2021-11-30", "asserts", "");
    claim_on("2022-02-01", "asserts", "");
    expect_rows(get("/v1/stats/timeline?interval=month&series=claims&tz=Europe/Zurich"),
                "2021-10-31T23:00 claims 1, 2021-11-30T23:00 claims 0, 2021-12-31T23:00 claims 0, 2022-01-31T23:00 claims 1");
}

Test(stats, a_vague_meeting_counts_where_its_day_does_not_matter)
{
    make("/v1/meetings", "{'name': 'x', 'kind': 'talks', 'starts_on': '2022-01-01', 'precision': 'month'}");
    make("/v1/meetings", "{'name': 'x', 'kind': 'talks', 'starts_on': '2022-01-01', 'precision': 'year'}");
    make("/v1/meetings", "{'name': 'x', 'kind': 'talks', 'starts_on': '2022-01-01', 'precision': 'day'}");
    expect_rows(get("/v1/stats/timeline?series=meetings"), "2022-01-01T00:00 meetings 1");
    expect_rows(get("/v1/stats/timeline?series=meetings&interval=month"), "2022-01-01T00:00 meetings 2");
}

Test(stats, only_articles_have_hours)
{
    struct answer refused = get("/v1/stats/timeline?interval=hour&series=claims");
    expect_problem(refused, 400, "invalid-parameter");
    expect_fault(refused, "series", "range");
}

Test(stats, zones_are_known_by_name)
{
    struct answer near = get("/v1/stats/timeline?tz=Europe/Zuerich");
    expect_problem(near, 400, "invalid-parameter");
    expect_fault_says(near, "tz", "Europe/Zurich");
    expect_fault_says(get("/v1/stats/timeline?tz=CET%%2B1"), "tz", "Europe/Zurich");
    expect_fault(get("/v1/stats/timeline?tz=../../etc/passwd"), "tz", "unknown");
    expect_fault(get("/v1/stats/timeline?tz=%%2Fetc%%2Fpasswd"), "tz", "unknown");
}

Test(stats, too_many_rows_are_refused)
{
    struct answer refused = get("/v1/stats/timeline?from=0001-01-01&to=9999-12-31");
    expect_problem(refused, 400, "invalid-parameter");
    expect_fault_says(refused, "interval", "20000");
    expect_status(get("/v1/stats/timeline?from=1970-01-01&to=2022-01-01&series=claims"), 200);
    expect_fault(get("/v1/stats/timeline?from=2022-01-01&to=2022-01-01"), "to", "range");
}

Test(stats, all_faults_are_told_at_once)
{
    struct answer refused = get("/v1/stats/timeline?interval=hour&series=topic&tz=Nowhere&from=2022-01-02&to=2022-01-01");
    expect_fault(refused, "series", NULL);
    expect_fault(refused, "tz", NULL);
    expect_fault(refused, "to", NULL);
}
