/* However a filter is gone about, it lists what a look at each resource would pick, in the list's order. */
#include <stdio.h>
#include <string.h>

#include "support/harness.h"

enum { CLAIMS = 300, PAGE = 37, IDS_MAX = CLAIMS + 1 };

/* Of 300 claims nearly all are about "common", some about "rare", twice now and then; and so with speakers and outlets. */
static void set_up(void)
{
    server_up();
    make("/v1/topics", "{'slug': 'common', 'name': 'x'}");
    make("/v1/topics", "{'slug': 'rare', 'name': 'x'}");
    make("/v1/topics", "{'slug': 'never', 'name': 'x'}");
    for (int i = 0; i < 3; i++) {
        make("/v1/actors", "{'external_id': 'actor-%d', 'name': 'x', 'kind': 'media'}", i);
        make("/v1/articles", "{'external_id': 'article-%d', 'text': 'Text %d.', 'outlet_id': 'actor-%d'}", i, i, i);
    }
    const char *lines = "";
    for (int i = 0; i < CLAIMS; i++) {
        const char *topics = i % 17 == 0 ? i % 2 ? "'rare'" : "'common','rare','rare'" : i % 5 == 0 ? "" : "'common','common'";
        lines = at("%s{'text': 'x', 'topics': [%s], 'speaker_id': 'actor-%d', 'stance': '%s', 'said_on': %s", lines, topics,
                   i % 23 == 0 ? 2 : i % 2, i % 3 ? "asserts" : "offers", i % 7 ? at("'2022-01-%02d'", i % 28 + 1) : "null");
        const char *report = "'kind': 'indirect', 'content': [{'start': 0, 'end': 1}]";
        if (i % 4 == 0)
            lines = at("%s, 'reports': [{'article_id': 'article-%d', %s}, {'article_id': 'article-0', %s}]", lines, i % 3, report,
                       report);
        lines = at("%s}\n", lines);
    }
    expect_status(ask("POST", "/v1/claims", "application/x-ndjson", json_of(lines)), 201);
    expect_status(erase("/v1/claims/34"), 204);
    expect_status(erase("/v1/claims/2"), 204);
    expect_status(post("/v1/claims/18/merge", "{'from_ids': [35]}"), 200);
}

TestSuite(ways, .init = set_up, .fini = server_down);

struct ids {
    long long id[IDS_MAX];
    size_t count;
};

static void add_page(struct ids *ids, struct answer page)
{
    for (size_t i = 0; i < count_at(page, "items"); i++) {
        cr_assert_lt(ids->count, IDS_MAX);
        ids->id[ids->count++] = int_at(page, at("items.%zu.id", i));
    }
}

/* What is picked from the whole list by a look at each claim. */
static struct ids picked(const char *sort, bool (*fits)(json_t *claim))
{
    struct answer all = get("/v1/claims?limit=500&sort=%s&expand=reports", sort);
    struct ids ids = {.count = 0};
    for (size_t i = 0; i < count_at(all, "items"); i++) {
        if (fits(value_at(all, at("items.%zu", i))))
            ids.id[ids.count++] = int_at(all, at("items.%zu.id", i));
    }
    return ids;
}

static void expect_same(const struct ids *listed, const struct ids *wanted, const char *path)
{
    cr_assert_eq(listed->count, wanted->count, "%s: %zu, not %zu", path, listed->count, wanted->count);
    for (size_t i = 0; i < wanted->count; i++)
        cr_assert_eq(listed->id[i], wanted->id[i], "%s: %lld, not %lld, at %zu", path, listed->id[i], wanted->id[i], i);
}

/* Page by page forward, and from the last one back to the second. */
static void expect_listed(const char *filter, const char *sort, bool (*fits)(json_t *claim))
{
    const char *path = at("/v1/claims?limit=%d&sort=%s&%s", PAGE, sort, filter);
    struct ids wanted = picked(sort, fits), listed = {.count = 0};
    struct answer page = get("%s", path), last = page;
    expect_int(page, "total", (long long)wanted.count);
    expect_int(get("%s&count=exact", path), "total", (long long)wanted.count);
    for (add_page(&listed, page); !json_is_null(value_at(page, "next")); add_page(&listed, page))
        page = last = go_to(page, "next");
    expect_same(&listed, &wanted, path);
    for (size_t end = wanted.count - count_at(last, "items"); !json_is_null(value_at(last, "prev")) && end > 0;
         end -= count_at(last, "items")) {
        struct ids before = {.count = 0};
        last = go_to(last, "prev");
        add_page(&before, last);
        struct ids part = {.count = before.count};
        memcpy(part.id, wanted.id + end - before.count, before.count * sizeof part.id[0]);
        expect_same(&before, &part, at("%s, backward", path));
    }
}

static void expect_listed_in_every_order(const char *filter, bool (*fits)(json_t *claim))
{
    static const char *const sorts[] = {"id", "-id", "said_on", "-said_on", "-report_count", "said_on,-id", "-updated_at"};
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++)
        expect_listed(filter, sorts[i], fits);
}

/* ---- looking at one claim ----------------------------------------------------------------------------------------------- */

static bool is_about(json_t *claim, const char *slug)
{
    size_t index;
    json_t *topic;
    json_array_foreach (json_object_get(claim, "topics"), index, topic) {
        if (strcmp(json_string_value(topic), slug) == 0)
            return true;
    }
    return false;
}

static bool is_common(json_t *claim)
{
    return is_about(claim, "common");
}

static bool is_rare(json_t *claim)
{
    return is_about(claim, "rare");
}

static bool is_either(json_t *claim)
{
    return is_common(claim) || is_rare(claim);
}

static bool is_not_common(json_t *claim)
{
    return !is_common(claim);
}

static bool is_none(json_t *claim)
{
    return is_about(claim, "never");
}

static long long actor(int number)
{
    static long long first;
    if (!first)
        first = int_at(get("/v1/actors?external_id=actor-0"), "items.0.id");
    return first + number;
}

static bool is_of_rare_speaker(json_t *claim)
{
    return is_common(claim) && json_integer_value(json_object_get(claim, "speaker_id")) == actor(2);
}

static bool is_rare_of_common_speaker(json_t *claim)
{
    return is_rare(claim) && json_integer_value(json_object_get(claim, "speaker_id")) == actor(1);
}

static bool is_carried(json_t *claim)
{
    static const char *const articles[] = {"article-0"};
    static long long id;
    size_t index;
    json_t *report;
    if (!id)
        id = int_at(get("/v1/articles?external_id=%s", articles[0]), "items.0.id");
    json_array_foreach (json_object_get(claim, "reports"), index, report) {
        if (json_integer_value(json_object_get(report, "article_id")) == id)
            return true;
    }
    return false;
}

static bool is_carried_and_rare(json_t *claim)
{
    return is_carried(claim) && is_rare(claim);
}

static bool is_carried_and_either(json_t *claim)
{
    return is_carried(claim) && is_either(claim);
}

Test(ways, a_topic_is_listed_in_every_order)
{
    expect_listed_in_every_order("topic=common", is_common);
    expect_listed_in_every_order("topic=rare", is_rare);
    expect_listed_in_every_order("topic=never", is_none);
}

Test(ways, several_topics_or_all_but_one_are_listed_in_every_order)
{
    expect_listed_in_every_order("topic=common,rare", is_either);
    expect_listed_in_every_order("topic=rare,never", is_rare);
    expect_listed_in_every_order("topic__ne=common", is_not_common);
}

Test(ways, filters_are_combined_whichever_picks_the_fewest)
{
    expect_listed_in_every_order(at("topic=common&speaker_id=%lld", actor(2)), is_of_rare_speaker);
    expect_listed_in_every_order(at("topic=rare&speaker_id=%lld", actor(1)), is_rare_of_common_speaker);
    expect_listed_in_every_order(at("topic=common,rare&outlet_id=%lld", actor(0)), is_carried_and_either);
}

Test(ways, an_outlet_is_listed_in_every_order)
{
    expect_listed_in_every_order(at("outlet_id=%lld", actor(0)), is_carried);
    expect_listed_in_every_order(at("outlet_id=%lld&topic=rare", actor(0)), is_carried_and_rare);
}

static bool is_any(json_t *claim)
{
    (void)claim;
    return true;
}

static bool is_of_two_outlets(json_t *claim)
{
    return json_integer_value(json_object_get(claim, "outlet_count")) >= 2;
}

static bool is_of_two_outlets_and_common(json_t *claim)
{
    return is_of_two_outlets(claim) && is_common(claim);
}

Test(ways, what_has_at_least_so_many_outlets_is_listed_in_every_order)
{
    expect_listed_in_every_order("min_outlets=0", is_any);
    expect_listed_in_every_order("min_outlets=2", is_of_two_outlets);
    expect_listed_in_every_order("outlet_count__gt=1&topic=common", is_of_two_outlets_and_common);
    expect_listed_in_every_order("report_count__gte=0&min_outlets=2", is_of_two_outlets);
}

Test(ways, facets_behind_filters_count_what_is_listed)
{
    struct ids rare = picked("id", is_carried_and_rare);
    struct answer page = get("/v1/claims?limit=1&facets=outlet&topic=rare");
    expect_int(page, "facets.outlet.0.value", actor(0));
    expect_int(page, "facets.outlet.0.count", (long long)rare.count);
}
