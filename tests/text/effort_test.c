/* What reading takes, counted in steps: the same on any machine. growth_test.c measures what it costs on this one. */
#include <criterion/criterion.h>

#include "readout/buffer.h"
#include "readout/text.h"

enum { BYTES = 20000 };

static const char *const units[] = {
    "VIENNA, Jan 9 - Anna Keller, the foreign minister of Austria, said on Sunday that talks with Norway would begin.\n\n",
    "The minister said the talks, which began on Monday, would go on. \"Nobody knows,\" he added. ",
    "the minister said that the talks would go on and that nobody knew how long they would last ",
    "\"",
    "“",
    "„We will «sign “it ",
    "talks in Vienna on Monday ",
    "Russia China ",
    "met ",
    "(",
    "A. ",
    "January ",
    "a\n",
    "He said he would. ",
};
enum { UNITS = sizeof units / sizeof units[0] };

static struct slice text_of(const char *unit, size_t bytes, struct arena *arena)
{
    struct buffer text = buffer_in(arena, bytes + 1000);
    while (text.length < bytes)
        buffer_add_text(&text, unit);
    return buffer_slice(&text);
}

static uint64_t steps_of(const char *unit, size_t bytes)
{
    struct text_hints hints = {.published_on = SLICE("2022-01-09")};
    struct arena arena = {0};
    struct analysis analysis;
    struct error error;
    text_analyse(text_of(unit, bytes, &arena), &hints, &arena, &analysis, &error);
    arena_release(&arena);
    return analysis.steps;
}

Test(effort, grows_with_the_text_and_stays_far_below_what_it_may_be)
{
    for (size_t i = 0; i < UNITS; i++) {
        uint64_t once = steps_of(units[i], BYTES), twice = steps_of(units[i], (size_t)BYTES * 2);
        cr_expect_leq((double)twice, 2.2 * (double)once + 1000, "%s: %lu steps, then %lu", units[i], once, twice);
        cr_expect_lt(twice / (BYTES * 2), TEXT_STEPS_A_BYTE / 3, "%s: %lu steps", units[i], twice);
        cr_expect_eq(steps_of(units[i], BYTES), once, "%s: the same text takes the same", units[i]);
    }
}

static bool never(void *context)
{
    ++*(int *)context;
    return false;
}

Test(effort, ends_when_it_may_not_go_on)
{
    int asked = 0;
    struct text_hints hints = {.may_go_on = never, .go_on_context = &asked};
    struct arena arena = {0};
    struct analysis analysis;
    struct error error = {0};
    struct slice text = text_of(units[1], (size_t)BYTES * 10, &arena);
    cr_assert_not(text_analyse(text, &hints, &arena, &analysis, &error));
    cr_assert_eq(error.kind, ERROR_SLOW);
    cr_assert_eq(asked, 1);
    uint64_t steps = analysis.steps;
    cr_assert_lt(steps, steps_of(units[1], (size_t)BYTES * 10));
    cr_assert_not(text_analyse(text, &hints, &arena, &analysis, &error));
    cr_assert_eq(analysis.steps, steps, "the same text ends in the same place");
    arena_release(&arena);
}
