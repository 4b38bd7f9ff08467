/* Which sightings of meetings are of one: tables of what articles say, and what belongs together, in every order. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../server/collate/meetings.h"

enum { SIGHTINGS = 4 };

static struct arena arena;

static json_t *read_row(const char *quoted)
{
    char *text = arena_print(&arena, "{%s}", quoted);
    for (char *at = text; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *json = json_loads(text, 0, NULL);
    cr_assert(json, "%s", text);
    return json;
}

/* Which of the rows belong together, in the order given: "0 0 1" says that the first two do. */
static const char *grouped(const char *const *rows, const size_t *order, size_t count)
{
    static const char *const published[] = {"2024-03-05", "2024-03-05", "2024-03-06", "2024-03-06"};
    static char out[2 * SIGHTINGS + 1];
    struct sight sights[SIGHTINGS] = {{.fresh = true}};
    size_t of[SIGHTINGS], next = 0;
    for (size_t i = 0; i < count; i++) {
        sights[i] = (struct sight){.is = {.article = (int64_t)order[i] + 1, .published = slice_of(published[order[i]])},
                                   .reading = read_row(rows[order[i]]),
                                   .free = true};
        sight_understand(&sights[i]);
    }
    sights_group(sights, count, &arena);
    for (size_t row = 0; row < count; row++) {
        size_t at = 0, known = 0;
        while (order[at] != row)
            at++;
        for (known = 0; known < row && of[known] != sights[at].group; known++)
            ;
        of[row] = sights[at].group;
        out[2 * row] = known < row ? out[2 * known] : (char)('0' + next++);
        out[2 * row + 1] = ' ';
    }
    out[2 * count - 1] = '\0';
    for (size_t i = 0; i < count; i++)
        json_decref(sights[i].reading);
    return out;
}

static void expect_grouped(const char *const *rows, const char *wanted)
{
    size_t count = 0, orders = 1;
    while (count < SIGHTINGS && rows[count])
        orders *= ++count;
    for (size_t code = 0; code < 256; code++) {
        size_t order[SIGHTINGS] = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6};
        unsigned all = 0;
        for (size_t i = 0; i < count; i++)
            all |= 1u << order[i];
        if (all == (1u << count) - 1)
            cr_expect_str_eq(grouped(rows, order, count), wanted, "%s … %s: %s, not %s", rows[0], rows[1],
                             grouped(rows, order, count), wanted);
    }
    cr_assert_gt(orders, 1);
}

#define TALKS "'kind': 'bilateral', 'status': 'planned'"
#define DAY   ", 'starts_on': '2024-03-07', 'precision': 'day'"
#define NEXT  ", 'starts_on': '2024-03-08', 'precision': 'day'"
#define MONTH ", 'starts_on': '2024-03-01', 'precision': 'month'"
#define TWO   ", 'parties': ['IS', 'NO']"
#define OTHER ", 'parties': ['CL', 'PE']"
#define AT(c) ", 'city': '" c "'"
#define CALL  "'kind': 'briefing', 'status': 'held', 'parties': ['NO']"
#define MANY  "'kind': 'multilateral', 'status': 'planned'"

static const struct {
    const char *rows[SIGHTINGS];
    const char *wanted;
} cases[] = {
    {{TALKS DAY TWO AT("Vienna"), TALKS DAY TWO AT("Vienna")}, "0 0"},
    {{TALKS DAY TWO AT("Vienna"), TALKS NEXT TWO AT("Vienna")}, "0 1"},
    {{TALKS DAY TWO AT("Vienna"), TALKS DAY OTHER AT("Vienna")}, "0 1"},
    {{TALKS DAY TWO AT("Vienna"), TALKS DAY AT("Vienna")}, "0 0"},
    {{TALKS DAY TWO AT("Vienna"), TALKS DAY OTHER AT("Vienna"), TALKS DAY AT("Vienna")}, "0 1 2"},
    /* without a city */
    {{TALKS DAY TWO AT("Vienna"), TALKS DAY TWO, TALKS DAY TWO}, "0 0 0"},
    {{TALKS DAY TWO AT("Vienna"), TALKS DAY TWO AT("Oslo"), TALKS DAY TWO, TALKS DAY TWO}, "0 1 2 2"},
    {{TALKS DAY TWO, TALKS DAY OTHER}, "0 1"},
    {{TALKS DAY TWO AT("Vienna"), TALKS DAY ", 'parties': ['NO']"}, "0 0"},
    {{TALKS DAY TWO, TALKS DAY ", 'parties': ['NO', 'PE']"}, "0 1"},
    /* without a day */
    {{TALKS DAY TWO AT("Vienna"), TALKS TWO}, "0 0"},
    {{TALKS DAY TWO AT("Vienna"), TALKS NEXT TWO AT("Vienna"), TALKS TWO}, "0 1 2"},
    {{TALKS DAY TWO AT("Vienna"), TALKS MONTH TWO, TALKS TWO}, "0 0 0"},
    {{TALKS TWO, TALKS TWO AT("Vienna"), TALKS OTHER}, "0 0 1"},
    {{TALKS DAY TWO, "'kind': 'bilateral', 'status': 'held'" TWO}, "0 1"},
    {{TALKS DAY TWO AT("Vienna"), "'kind': 'summit', 'status': 'planned'" TWO AT("Vienna")}, "0 1"},
    /* people */
    {{TALKS DAY TWO ", 'people': [{'party': 'NO', 'actor': 1}]", TALKS DAY TWO ", 'people': [{'party': 'NO', 'actor': 2}]"},
     "0 1"},
    {{TALKS DAY TWO ", 'people': [{'party': 'NO', 'actor': 1}]", TALKS DAY TWO ", 'people': [{'party': 'IS', 'actor': 2}]"},
     "0 0"},
    {{TALKS DAY TWO AT("Oslo") ", 'people': [{'party': 'NO', 'actor': 1}]",
      TALKS DAY TWO AT("Oslo") ", 'people': [{'party': 'NO', 'actor': 2}]"},
     "0 0"},
    /* many */
    {{MANY DAY ", 'city': 'Vienna', 'parties': ['CL', 'NO', 'PE']", MANY DAY TWO}, "0 0"},
    {{MANY DAY ", 'city': 'Vienna', 'parties': ['CL', 'NO', 'PE']", TALKS DAY TWO}, "0 1"},
    /* briefings */
    {{CALL ", 'starts_on': '2024-03-04', 'nameless': true", CALL ", 'nameless': true"}, "0 0"},
    {{CALL ", 'starts_on': '2024-03-01', 'nameless': true", CALL ", 'nameless': true"}, "0 1"},
    {{CALL ", 'starts_on': '2024-03-04', 'nameless': true",
      CALL ", 'starts_on': '2024-03-04', 'people': [{'party': 'NO', 'actor': 1}]"},
     "0 1"},
    {{CALL ", 'starts_on': '2024-03-07'", TALKS DAY TWO}, "0 1"},
};

Test(sightings, what_articles_say_tells_which_meetings_are_one_in_any_order)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_grouped(cases[i].rows, cases[i].wanted);
    arena_release(&arena);
}

Test(sightings, a_meeting_is_what_most_articles_say)
{
    static const char *const rows[] = {
        TALKS DAY TWO AT("Oslo") ", 'name': 'B', 'participants': [{'actor_id': 1, 'role': 'member'}]",
        TALKS DAY TWO AT("Vienna") ", 'name': 'A', 'part_of_day': 'evening', 'country': 'AT'",
        "'kind': 'talks', 'status': 'held'" DAY AT("Vienna") ", 'name': 'B', 'participants': "
                                                             "[{'actor_id': 1, 'role': 'head'}]"};
    struct sight sights[3] = {{.fresh = true}};
    const struct sight *order[3];
    for (int i = 0; i < 3; i++) {
        sights[i] = (struct sight){.is = {.article = i + 1, .published = SLICE("2024-03-05")}, .reading = read_row(rows[i])};
        sight_understand(&sights[i]);
        order[i] = &sights[i];
    }
    json_t *sum = sights_sum(order, 3, &arena);
    json_t *wanted = read_row(TALKS DAY AT("Vienna") ", 'name': 'B', 'part_of_day': 'evening', 'country': 'AT', 'status': 'held',"
                                                     "'participants': [{'actor_id': 1, 'role': 'head'}], 'evidence': []");
    json_object_set_new(wanted, "status", json_string("held"));
    cr_expect(json_equal(sum, wanted), "%s", json_dumps(sum, 0));
    json_decref(sum);
    json_decref(wanted);
    for (int i = 0; i < 3; i++)
        json_decref(sights[i].reading);
    arena_release(&arena);
}
