/* The gist of a passage: what it says, as far as single words tell. */
#include <criterion/criterion.h>

#include "readout/buffer.h"
#include "readout/text.h"

static struct arena arena;

static void tear_down(void)
{
    arena_release(&arena);
}

TestSuite(gist, .fini = tear_down);

static struct gist gist_of(const char *passage)
{
    struct gist gist;
    text_gist(slice_of(passage), &arena, &gist);
    return gist;
}

static bool same(const char *one, const char *other)
{
    struct gist a = gist_of(one), b = gist_of(other);
    bool equal = a.count == b.count && a.weight == b.weight;
    for (uint32_t i = 0; equal && i < a.count; i++)
        equal = a.concepts[i].key == b.concepts[i].key && a.concepts[i].weight == b.concepts[i].weight;
    return equal;
}

Test(gist, words_that_stand_for_each_other_are_one_concept)
{
    cr_assert(same("limits on military exercises", "restrictions on military manoeuvres"));
    cr_assert(same("The wages were raised", "Salaries increase"));
    cr_assert_not(same("limits on military exercises", "limits on military budgets"));
}

Test(gist, a_state_its_people_and_its_seats_are_one_concept)
{
    cr_assert(same("Moscow agrees", "the Russians agree") || same("The Kremlin agrees", "Russia agrees"));
    cr_assert_not(same("Russia agrees", "France agrees"));
}

Test(gist, inflections_and_order_do_not_matter)
{
    cr_assert(same("the harbour will be closed by the strikers", "strikers are closing harbours"));
}

Test(gist, numbers_are_themselves_however_they_are_written)
{
    struct gist gist = gist_of("three ships and 1,200 sailors");
    int numbers = 0;
    for (uint32_t i = 0; i < gist.count; i++)
        numbers += gist.concepts[i].number;
    cr_assert_eq(numbers, 2);
    cr_assert(same("3 ships", "three ships"));
    cr_assert(same("1,200 sailors", "1200 sailors"));
    cr_assert_not(same("3 ships", "4 ships"));
}

Test(gist, function_words_say_nothing)
{
    cr_assert_eq(gist_of("and it is to be so that they would").count, 0);
    cr_assert_eq(gist_of("").count, 0);
}

Test(gist, negation_is_counted)
{
    cr_assert(gist_of("we will not sign").negated);
    cr_assert_not(gist_of("we will sign").negated);
    cr_assert_not(gist_of("it is not that we will never sign").negated);
}

Test(gist, concepts_stand_in_the_order_of_their_keys_and_are_bounded)
{
    struct buffer long_one = buffer_in(&arena, 4096);
    for (int i = 0; i < 200; i++)
        buffer_print(&long_one, "word%c%c ", 'a' + i / 26, 'a' + i % 26);
    struct gist gist;
    text_gist(buffer_slice(&long_one), &arena, &gist);
    cr_assert_eq(gist.count, (uint32_t)GIST_CONCEPTS_MAX);
    for (uint32_t i = 1; i < gist.count; i++)
        cr_assert_lt(gist.concepts[i - 1].key, gist.concepts[i].key);
}

Test(gist, other_scripts_have_stems_of_their_own)
{
    cr_assert(same("переговоры начинаются", "переговоров начинается") || gist_of("переговоры").count == 1);
}
