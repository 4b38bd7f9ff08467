/* The fold of reports into origins, and the people that bylines name. */
#include <criterion/criterion.h>
#include <string.h>

#include "../../server/store/bylines.h"
#include "readout/store.h"

/* ---- bylines ------------------------------------------------------------------------------------------------------------ */

static size_t people(const char *byline)
{
    uint64_t people[4];
    return byline_people(slice_of(byline), people, 4);
}

static bool share(const char *one, const char *other)
{
    uint64_t a[4], b[4];
    size_t count = byline_people(slice_of(one), a, 4), others = byline_people(slice_of(other), b, 4);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < others; j++) {
            if (a[i] == b[j])
                return true;
        }
    }
    return false;
}

Test(bylines, name_people)
{
    static const struct {
        const char *byline;
        size_t people;
    } cases[] = {
        {"Jane Doe", 1},
        {"By Jane Doe and Max Roe", 2},
        {"Jane Doe, Geneva", 1},
        {"Jane Doe in New York", 2},
        {"Reuters", 0},
        {"Staff writer", 0},
        {"The Associated Press", 0},
        {"Our correspondent", 0},
        {"jane@post.example", 0},
        {"", 0},
        {"von Anna Maria Beer", 1},
        {"Jane Doe (Wire)", 1},
        {"Q W R T Z", 0},
        {"Jane Doe; Max Roe | Ann Poe / Jim Foe & Tim Loe", 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(people(cases[i].byline), cases[i].people, "%s: %zu", cases[i].byline, people(cases[i].byline));
    cr_expect_eq(byline_people(NO_SLICE, NULL, 0), 0);
}

Test(bylines, are_one_however_they_are_set)
{
    cr_expect(share("By JANE DOE", "Jane Doe, foreign editor"));
    cr_expect(share("Max Roe and Jane Doe", "Jane  Doe"));
    cr_expect_not(share("Jane Doe", "Jane Roe"));
}

/* ---- the fold ----------------------------------------------------------------------------------------------------------- */

enum { REPORTS = 60, SPEAKERS = 6 };

static struct origin_speaker speakers[SPEAKERS] = {
    {.id = 1, .voice = VOICE_BODY},
    {.id = 2, .voice = VOICE_BODY, .government = true, .of_state = true, .bodies = {1}, .body_count = 1},
    {.id = 3, .voice = VOICE_PERSON, .bodies = {2, 1}, .body_count = 2},
    {.id = 4, .voice = VOICE_NAMELESS, .bodies = {2, 1}, .body_count = 2},
    {.id = 5, .voice = VOICE_NAMELESS},
    {.id = 6, .voice = VOICE_MEDIUM},
};

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 16) % below;
}

/* Any reports: each article has one or two, and a text that tells it from others. */
static void make_reports(struct origin_report reports[static REPORTS], struct arena *arena)
{
    for (int i = 0; i < REPORTS; i++) {
        bool again = i > 0 && draw(5) == 0;
        struct origin_report *report = &reports[i];
        int64_t *via = arena_zero(arena, 2 * sizeof *via);
        *report = again ? reports[i - 1]
                        : (struct origin_report){
                              .article = 1000 + i,
                              .outlet = draw(10) ? 100 + draw(20) : 0,
                              .published = draw(8) ? slice_of(arena_print(arena, "2022-01-%02u", 1 + draw(28))) : NO_SLICE,
                              .sha256 = slice_of(arena_print(arena, "%05u-%d", draw(65536), i)),
                              .byline = draw(4) ? NO_SLICE : slice_of(arena_print(arena, "Jane Doe%u", draw(3)))};
        if (!again && i > 5 && draw(6) == 0) {
            report->copied = reports[draw((uint32_t)i)].article;
            report->copied_outlet = 100 + draw(20);
        }
        report->id = 1 + i;
        report->speaker = draw(12) ? &speakers[draw(SPEAKERS)] : NULL;
        report->occasion = draw(4) ? 0 : 1 + draw(3);
        report->via_count = draw(3);
        via[0] = 100 + draw(6);
        via[1] = 100 + draw(20);
        report->via = via;
    }
}

static struct origins folded(const struct origin_report *reports, struct arena *arena)
{
    struct origins origins = {.report_count = REPORTS, .main_speaker = 3};
    origins.reports = arena_alloc(arena, REPORTS * sizeof *reports);
    memcpy(origins.reports, reports, REPORTS * sizeof *reports);
    origins_fold(&origins, arena);
    return origins;
}

/* What holds of every fold. */
static void expect_sound(const struct origins *origins)
{
    size_t counted = 0;
    for (size_t i = 0; i < origins->report_count; i++) {
        const struct origin_report *report = &origins->reports[i], *with = &origins->reports[report->with];
        cr_assert_eq(report->why == FOLD_NONE, report->speaker == NULL);
        if (!report->speaker)
            continue;
        counted++;
        cr_assert_lt(report->origin, origins->count);
        cr_assert_eq(with->origin, report->origin);
        cr_assert_eq(report->why == FOLD_FIRST, report->with == i);
        cr_assert_eq(report->why == FOLD_FIRST, origins->origins[report->origin].first == i);
        int64_t occasion = origins->origins[report->origin].occasion;
        cr_assert(report->occasion == 0 || report->occasion == occasion, "two occasions in one origin");
    }
    for (size_t i = 0; i < origins->count; i++)
        counted -= origins->origins[i].report_count;
    cr_assert_eq(counted, 0);
}

/* Two persons, or one and a source, are never of one origin; a nameless source may be described twice. */
static void expect_one_voice(const struct origins *origins)
{
    for (size_t i = 0; i < origins->report_count; i++) {
        const struct origin_report *report = &origins->reports[i];
        if (!report->speaker || report->speaker->voice == VOICE_BODY)
            continue;
        const struct origin_report *first = &origins->reports[origins->origins[report->origin].first];
        bool nameless = report->speaker->voice == VOICE_NAMELESS && first->speaker->voice == VOICE_NAMELESS;
        cr_assert(nameless || report->speaker == first->speaker);
    }
}

/* The same articles under other ids: those that came last come first; what one article has stays in its order. */
static void turn_round(struct origin_report reports[static REPORTS])
{
    struct origin_report turned[REPORTS];
    for (int end = REPORTS, next = 0; end > 0;) {
        int begin = end - 1;
        while (begin > 0 && reports[begin - 1].article == reports[end - 1].article)
            begin--;
        for (int i = begin; i < end; i++) {
            turned[next] = reports[i];
            turned[next].article = 5000 - reports[i].article;
            turned[next].copied = reports[i].copied ? 5000 - reports[i].copied : 0;
            turned[next].id = 1 + next;
            next++;
        }
        end = begin;
    }
    memcpy(reports, turned, sizeof turned);
}

static void expect_same_fold(const struct origins *a, const struct origins *b)
{
    cr_assert_eq(a->count, b->count);
    cr_assert_eq(a->outlet_count, b->outlet_count);
    for (size_t i = 0; i < a->report_count; i++) {
        const struct origin_report *one = &a->reports[i], *other = &b->reports[i];
        cr_assert(slice_equal(one->sha256, other->sha256));
        cr_assert_eq(one->why, other->why, "seed %u, report %zu: %d, not %d", seed, i, (int)one->why, (int)other->why);
        cr_assert_eq(one->with, other->with);
        cr_assert_eq(one->why == FOLD_NONE ? 0 : one->origin, other->why == FOLD_NONE ? 0 : other->origin);
    }
}

Test(fold, is_sound_and_does_not_depend_on_ids)
{
    struct origin_report reports[REPORTS];
    for (uint32_t round = 1; round <= 300; round++) {
        struct arena arena = {0};
        seed = round;
        make_reports(reports, &arena);
        struct origins origins = folded(reports, &arena);
        expect_sound(&origins);
        expect_one_voice(&origins);
        turn_round(reports);
        struct origins turned = folded(reports, &arena);
        expect_same_fold(&origins, &turned);
        arena_release(&arena);
    }
}

Test(fold, of_nothing_is_nothing)
{
    struct arena arena = {0};
    struct origins origins = {.reports = NULL};
    origins_fold(&origins, &arena);
    cr_expect_eq(origins.count, 0);
    cr_expect_eq(origins.outlet_count, 0);
    arena_release(&arena);
}

Test(fold, a_thousand_reports_of_all_sorts_are_quick)
{
    enum { MANY = 1000 };
    struct arena arena = {0};
    struct origins origins = {.report_count = MANY, .main_speaker = 3};
    struct origin_report some[REPORTS];
    seed = 7;
    make_reports(some, &arena);
    origins.reports = arena_alloc(&arena, MANY * sizeof *origins.reports);
    for (int i = 0; i < MANY; i++) {
        origins.reports[i] = some[i % REPORTS];
        origins.reports[i].id = 1 + i;
        origins.reports[i].article = 1000 + i;
    }
    origins_fold(&origins, &arena);
    expect_sound(&origins);
    arena_release(&arena);
}
