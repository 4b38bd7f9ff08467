#include <string.h>

#include "bench.h"

/* As many different requests as a scenario takes turns in. */
enum { READS = 20000, CONDITIONAL_READS = 5000, PAGES = 400, BODIES = 512 };

#define CLAIMS_PAGE "/v1/claims?limit=50"

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

static void read_by_id(struct plan *plan)
{
    for (size_t i = 0; i < at_most(READS, plan->world->claims); i++) {
        long id = any_claim(plan);
        struct probe *probe = plan_get(plan, 200, "", "/v1/claims/%ld", id);
        probe->holds = arena_print(&plan->arena, "{\"id\":%ld,", id);
        probe->times = 1;
    }
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

/* The list page after page: each answer holds the cursor of the next. */
static void pages_by_cursor(struct plan *plan)
{
    static const char before[] = "\"next_cursor\":\"";
    const char *cursor = "";
    for (size_t i = 0; i < at_most(PAGES, plan->world->claims / 50); i++) {
        expect_page(plan_get(plan, 200, "", CLAIMS_PAGE "%s%s", *cursor ? "&cursor=" : "", cursor));
        struct message page = plan_ask(plan);
        const char *found = memmem(page.body.data, page.body.length, before, sizeof before - 1);
        if (found == NULL)
            break;
        found += sizeof before - 1;
        struct slice rest = {found, (size_t)(page.body.data + page.body.length - found)};
        struct slice next = slice_cut(&rest, '"');
        cursor = arena_copy(&plan->arena, next.data, next.length);
    }
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

static const struct scenario scenarios[] = {
    {"read", "read by id", 64, read_by_id, GOAL_RATIO, 0.65},
    {"list", "list of 50, first page", 64, first_page, GOAL_RATIO, 0.40},
    {"list-speaker", "list of 50, one speaker's", 64, pages_of_speakers, GOAL_RATIO, 0.40},
    {"list-cursor", "list of 50, page by page", 64, pages_by_cursor, GOAL_RATIO, 0.40},
    {"304-item", "304, by id", 64, unchanged_claims, GOAL_RATIO, 1.0},
    {"304-list", "304, list of 50", 64, unchanged_page, GOAL_RATIO, 1.0},
    {"create-1", "create a claim", 1, create_claims, GOAL_NONE, 0},
    {"create-64", "create a claim", 64, create_claims, GOAL_RATE, 25000},
    {"create-reported", "create with a report", 64, create_reported_claims, GOAL_NONE, 0},
    {.name = NULL},
};

const struct scenario *scenario_table(void)
{
    return scenarios;
}
