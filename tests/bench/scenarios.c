#include <string.h>

#include "bench.h"

/* As many different requests as a scenario takes turns in. */
enum {
    READS = 20000,
    HOT_READS = 200,
    CONDITIONAL_READS = 5000,
    PAGES = 400,
    DEEP_PAGES = 100,
    STEP = 500,
    BODIES = 512,
    SEARCHES = 200
};

#define CLAIMS      "/v1/claims"
#define CLAIMS_PAGE CLAIMS "?limit=50"

/* What stands once in each claim's document. */
static const char claim_mark[] = "\"attribution\":";

static size_t at_most(size_t most, long number)
{
    return (size_t)number < most ? (size_t)number : most;
}

/* Ids are given in the order of the record, so claims have 1 to their number. */
static long any_claim(struct plan *plan)
{
    return (long)dice_roll(&plan->dice, (uint64_t)plan->world->claims) + 1;
}

static void expect_page(struct probe *probe)
{
    probe->holds = claim_mark;
    probe->times = 50;
}

static void read_some(struct plan *plan, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        long id = any_claim(plan);
        struct probe *probe = plan_get(plan, 200, "", "/v1/claims/%ld", id);
        probe->holds = arena_print(&plan->arena, "{\"id\":%ld,", id);
        probe->times = 1;
    }
}

static void read_by_id(struct plan *plan)
{
    read_some(plan, at_most(READS, plan->world->claims));
}

static void read_hot(struct plan *plan)
{
    read_some(plan, HOT_READS);
}

static void first_page(struct plan *plan)
{
    expect_page(plan_get(plan, 200, "", CLAIMS_PAGE));
}

/* Actors are the outlets, then the speakers. */
static void pages_of_speakers(struct plan *plan)
{
    for (size_t i = 0; i < at_most(PAGES, plan->world->speakers); i++)
        expect_page(plan_get(plan, 200, "", CLAIMS_PAGE "&speaker_id=%ld", plan->world->outlets + 1 + (long)i));
}

static void pages_of_topics(struct plan *plan)
{
    static const char *const topics[] = {"missiles", "exercises", "inf-treaty", "nato-enlargement",
                                         "troops",   "sanctions", "talks",      "security-guarantees"};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        expect_page(plan_get(plan, 200, "", CLAIMS_PAGE "&topic=%s", topics[i]));
}

/* The last half-year of the record: one claim in ten. */
static void pages_of_days(struct plan *plan)
{
    for (int day = 1; day <= 10; day++)
        plan_get(plan, 200, "", CLAIMS_PAGE "&said_on__gte=2023-07-%02d", day);
}

static void pages_of_days_sorted(struct plan *plan)
{
    for (int day = 1; day <= 10; day++)
        plan_get(plan, 200, "", CLAIMS_PAGE "&said_on__gte=2023-07-%02d&sort=said_on", day);
}

static void page_by_day(struct plan *plan)
{
    expect_page(plan_get(plan, 200, "", CLAIMS_PAGE "&sort=-said_on"));
}

/* ---- searching and counting ---------------------------------------------------------------------------------------------- */

static const char *const common_words[] = {"exercise",     "treaty", "delegation", "ceasefire", "inspection",  "gas+OR+border",
                                           "missile+site", "summit", "statements", "garrison",  "goes+further"};

static void find(struct plan *plan, const char *query, const char *rest)
{
    struct probe *probe = plan_get(plan, 200, "", "/v1/search?q=%s%s", query, rest);
    probe->holds = "\"items\":[]";
    probe->times = 0;
}

static void search_rare(struct plan *plan)
{
    for (int i = 0; i < SEARCHES; i++) {
        struct buffer word = buffer_in(&plan->arena, 16);
        generate_rare_word(&word, &plan->dice, plan->world);
        find(plan, arena_print(&plan->arena, "%.*s", SLICE_ARGS(buffer_slice(&word))), "&noun=article");
    }
}

static void search_common(struct plan *plan)
{
    for (size_t i = 0; i < sizeof common_words / sizeof *common_words; i++)
        find(plan, common_words[i], "&noun=article");
}

static void search_newest(struct plan *plan)
{
    for (size_t i = 0; i < sizeof common_words / sizeof *common_words; i++)
        find(plan, common_words[i], "&noun=article&sort=newest");
}

static void search_all(struct plan *plan)
{
    for (size_t i = 0; i < sizeof common_words / sizeof *common_words; i++)
        find(plan, common_words[i], "");
}

static void suggest(struct plan *plan)
{
    static const char *const typed[] = {"s", "ann", "gaz", "osl", "gazette+gen", "vie+ga", "no+17", "war"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        plan_get(plan, 200, "", "/v1/actors/suggest?q=%s", typed[i]);
}

static void facets(struct plan *plan)
{
    expect_page(plan_get(plan, 200, "", CLAIMS_PAGE "&facets=topic,stance"));
}

static void facets_of_speakers(struct plan *plan)
{
    for (size_t i = 0; i < at_most(PAGES, plan->world->speakers); i++)
        expect_page(
            plan_get(plan, 200, "", CLAIMS_PAGE "&facets=topic,stance&speaker_id=%ld", plan->world->outlets + 1 + (long)i));
}

static void stats(struct plan *plan)
{
    plan_get(plan, 200, "", "/v1/stats");
}

static void stats_by_month(struct plan *plan)
{
    for (int year = 2020; year < 2024; year++)
        plan_get(plan, 200, "", "/v1/stats/timeline?interval=month&series=claims,stance&from=%d-01-01&to=%d-01-01", year,
                 year + 1);
}

static void timeline(struct plan *plan)
{
    for (int month = 1; month <= 12; month++)
        plan_get(plan, 200, "", "/v1/timeline?limit=50&from=2021-%02d-01", month);
}

/* ---- page after page ----------------------------------------------------------------------------------------------------- */

/* The cursor in a page, or NULL on the last. */
static const char *next_cursor(struct plan *plan, const struct message *page)
{
    static const char before[] = "\"next_cursor\":\"";
    const char *found = memmem(page->body.data, page->body.length, before, sizeof before - 1);
    if (found == NULL)
        return NULL;
    found += sizeof before - 1;
    struct slice rest = {found, (size_t)(page->body.data + page->body.length - found)};
    struct slice cursor = slice_cut(&rest, '"');
    return arena_copy(&plan->arena, cursor.data, cursor.length);
}

/* Page after page from a cursor on: each answer holds the cursor of the next. */
static void pages_from(struct plan *plan, const char *cursor, size_t count)
{
    for (size_t i = 0; i < count && cursor != NULL; i++) {
        expect_page(plan_get(plan, 200, "", CLAIMS_PAGE "%s%s", *cursor ? "&cursor=" : "", cursor));
        struct message page = plan_ask(plan);
        cursor = next_cursor(plan, &page);
    }
}

static void pages_by_cursor(struct plan *plan)
{
    pages_from(plan, "", at_most(PAGES, plan->world->claims / 50));
}

/* From the middle of the list on, which is walked to in long steps. */
static void pages_deep(struct plan *plan)
{
    const char *cursor = "";
    for (long passed = 0; passed < plan->world->claims / 2 && cursor != NULL; passed += STEP) {
        struct arena arena = {0};
        struct message page = message_fetch(&arena, plan->connection,
                                            plan_request(&arena, CLAIMS "?limit=500%s%s", *cursor ? "&cursor=" : "", cursor));
        cursor = next_cursor(plan, &page);
        arena_release(&arena);
    }
    pages_from(plan, cursor, at_most(DEEP_PAGES, plan->world->claims / 200));
}

/* Asks for the last target with the entity tag it has now. */
static void ask_again(struct plan *plan, const char *target)
{
    struct message now = plan_ask(plan);
    plan->count--;
    if (now.etag.data == NULL)
        give_up("%s has no ETag", target);
    const char *header = arena_print(&plan->arena, "If-None-Match: %.*s\r\n", SLICE_ARGS(now.etag));
    plan_get(plan, 304, header, "%s", target);
    if (plan->sample.status == 0) {
        plan->sample = now;
        plan->sample.status = 304;
    }
}

static void unchanged_claims(struct plan *plan)
{
    for (size_t i = 0; i < at_most(CONDITIONAL_READS, plan->world->claims); i++) {
        const char *target = arena_print(&plan->arena, "/v1/claims/%ld", any_claim(plan));
        plan_get(plan, 200, "", "%s", target);
        ask_again(plan, target);
    }
}

static void unchanged_page(struct plan *plan)
{
    plan_get(plan, 200, "", CLAIMS_PAGE);
    ask_again(plan, CLAIMS_PAGE);
}

/* The replies differ in how many digits the new ids have. */
static void create(struct plan *plan, bool reported)
{
    for (size_t i = 0; i < BODIES; i++) {
        struct buffer body = buffer_in(&plan->arena, 1024);
        generate_claim(&body, &plan->dice, plan->world, false, reported);
        struct probe *probe = plan_post(plan, 201, "/v1/claims", buffer_slice(&body));
        probe->slack = 16;
        probe->holds = claim_mark;
        probe->times = 1;
    }
}

static void create_claims(struct plan *plan)
{
    create(plan, false);
}

static void create_reported_claims(struct plan *plan)
{
    create(plan, true);
}

/* Name, title, clients, requests, goal and its figure; what else holds. */
static const struct scenario scenarios[] = {
    {"read", "read by id", 64, read_by_id, GOAL_RATIO, 0.65, .grows = true, .same = true, .peers = true, .against = {1.6, 2.8}},
    {"read-cached", "read by id, cached", 64, read_hot, GOAL_RATIO, 0.90, .cached = true},
    {"list", "list of 50, first page", 64, first_page, GOAL_RATIO, 0.40, .grows = true, .peers = true, .against = {5, 20}},
    {"list-cached", "list of 50, cached", 64, first_page, GOAL_RATIO, 0.95, .cached = true, .peers = true, .against = {10, 0}},
    {"list-cursor", "list of 50, page by page", 64, pages_by_cursor, GOAL_RATIO, 0.40, .cached = false},
    {"list-deep", "list of 50, deep pages", 64, pages_deep, GOAL_RATIO, 0.40, .grows = true},
    {"list-speaker", "list of 50, one speaker's", 64, pages_of_speakers, GOAL_RATIO, 0.40, .grows = true},
    {"list-topic", "list of 50, one topic's", 64, pages_of_topics, GOAL_NONE, 0, .grows = true},
    {"list-since", "list of 50, since a day", 64, pages_of_days, GOAL_NONE, 0, .grows = true},
    {"list-since-sorted", "the same, by day", 64, pages_of_days_sorted, GOAL_NONE, 0, .grows = true},
    {"list-sorted", "list of 50, newest said", 64, page_by_day, GOAL_NONE, 0, .grows = true},
    {"search-rare", "search, rare word", 64, search_rare, GOAL_COST, 200, .grows = true},
    {"search-any", "search, common word", 64, search_common, GOAL_COST, 600, .grows = true},
    {"search-newest", "search, newest first", 64, search_newest, GOAL_NONE, 0, .grows = true},
    {"search-all", "search in all nouns", 64, search_all, GOAL_NONE, 0, .grows = true},
    {"search-cached", "search in all, cached", 64, search_all, GOAL_NONE, 0, .cached = true},
    {"suggest", "suggest actors", 64, suggest, GOAL_COST, 1000, .grows = true},
    {"facets", "list with two facets", 64, facets, GOAL_NONE, 0, .grows = true},
    {"facets-speaker", "facets, one speaker's", 64, facets_of_speakers, GOAL_NONE, 0, .grows = true},
    {"facets-cached", "two facets, cached", 64, facets, GOAL_RATIO, 0.95, .cached = true},
    {"stats", "stats", 64, stats, GOAL_NONE, 0, .grows = true},
    {"stats-month", "stats by month, a year", 8, stats_by_month, GOAL_NONE, 0, .grows = true},
    {"stats-cached", "stats by month, cached", 64, stats_by_month, GOAL_NONE, 0, .cached = true},
    {"timeline", "timeline, 50", 64, timeline, GOAL_NONE, 0, .grows = true},
    {"list-128", "list of 50, first page", 128, first_page, GOAL_P99, 50, .cached = false},
    {"list-256", "list of 50, first page", 256, first_page, GOAL_P99, 50, .cached = false},
    {"list-384", "list of 50, first page", 384, first_page, GOAL_P99, 50, .cached = false},
    {"list-512", "list of 50, first page", 512, first_page, GOAL_P99, 50, .cached = false},
    {"304-item", "304, by id", 64, unchanged_claims, GOAL_RATIO, 1.0, .cached = true},
    {"304-list", "304, list of 50", 64, unchanged_page, GOAL_RATIO, 1.0, .cached = true},
    {"create-1", "create a claim", 1, create_claims, GOAL_NONE, 0, .cached = true},
    {"create-64", "create a claim", 64, create_claims, GOAL_RATE, 25000, .cached = true, .peers = true, .against = {4, 0}},
    {"create-reported", "create with a report", 64, create_reported_claims, GOAL_NONE, 0, .cached = true},
    {.name = NULL},
};

const struct scenario *scenario_table(void)
{
    return scenarios;
}
