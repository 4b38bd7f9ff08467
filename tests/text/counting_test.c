/* What a passage counts and what it denies. Our own sentences. */
#include <criterion/criterion.h>
#include <math.h>

#include "readout/text.h"

static struct arena arena;

/* The one quantity of a passage. */
static struct quantity only(const char *passage)
{
    struct quantity found[QUANTITIES_MAX] = {{0, 0, NO_SLICE, NO_SLICE}};
    size_t count = text_quantities(slice_of(passage), &arena, found);
    cr_expect_eq(count, 1, "%zu in: %s", count, passage);
    return found[0];
}

Test(counting, reads_numbers_with_what_they_count)
{
    static const struct {
        const char *passage, *unit, *text;
        double least, most;
    } rows[] = {
        {"The strike wounded 12 sailors in the harbour.", "sailors", "12 sailors", 12, 12},
        {"Twelve sailors were hurt.", "sailors", "Twelve sailors", 12, 12},
        {"It has sent more than 90,000 soldiers to the coast.", "soldiers", "more than 90,000 soldiers", 90000, INFINITY},
        {"At least 14 people died.", "people", "At least 14 people", 14, INFINITY},
        {"Up to 400 ships may come.", "ships", "Up to 400 ships", 0, 400},
        {"No more than 400 ships may come.", "ships", "No more than 400 ships", 0, 400},
        {"No fewer than 400 ships will come.", "ships", "No fewer than 400 ships", 400, INFINITY},
        {"Between 20 and 30 villages were hit.", "villages", "20 and 30 villages", 20, 30},
        {"It lost 20 to 30 tanks.", "tanks", "20 to 30 tanks", 20, 30},
        {"The loan comes to $3.5 billion over two years", "$", "$3.5 billion", 3.5e9 * 0.93, 3.5e9 * 1.07},
        {"Prices rose 7.5 percent.", "percent", "7.5 percent", 7.5, 7.5},
        {"Tens of thousands of Norwegian reservists trained.", "reservists", "Tens of thousands of Norwegian reservists", 20000,
         999990},
        {"Ninety per cent of the sailors stayed.", "percent", "Ninety per cent", 90, 90},
        {"Nine in ten sailors stayed.", "percent", "Nine in ten", 85.1, 94.9},
        {"40 out of a hundred sailors stayed.", "percent", "40 out of a hundred", 40, 40},
        {"They voted by 120 to 31 on Sunday.", "result", "120 to 31", 120, 120},
        {"It costs 83 millions of crowns.", "crowns", "83 millions of crowns", 83e6 * 0.93, 83e6 * 1.07},
        {"It costs the port three million crowns daily.", "crowns", "three million crowns", 3e6 * 0.93, 3e6 * 1.07},
        {"Hundreds of boats left.", "boats", "Hundreds of boats", 200, 9999},
        {"About 40 ships left.", "ships", "About 40 ships", 34, 46},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct quantity found[QUANTITIES_MAX];
        size_t count = text_quantities(slice_of(rows[i].passage), &arena, found);
        cr_assert_geq(count, 1, "nothing in: %s", rows[i].passage);
        cr_expect(slice_is(found[0].unit, rows[i].unit), "%.*s in: %s", SLICE_ARGS(found[0].unit), rows[i].passage);
        cr_expect(slice_is(found[0].text, rows[i].text), "%.*s in: %s", SLICE_ARGS(found[0].text), rows[i].passage);
        cr_expect(fabs(found[0].least - rows[i].least) < 1e-6 * (1 + rows[i].least), "from %g in: %s", found[0].least,
                  rows[i].passage);
        cr_expect(isinf(rows[i].most) ? isinf(found[0].most) : fabs(found[0].most - rows[i].most) < 1e-6 * rows[i].most,
                  "to %g in: %s", found[0].most, rows[i].passage);
    }
    arena_release(&arena);
}

Test(counting, allows_a_round_number_to_be_one)
{
    struct quantity round = only("It has 40,000 soldiers."), exact = only("It has 41,250 soldiers.");
    cr_expect_lt(round.least, 39000);
    cr_expect_gt(round.most, 41250);
    cr_expect(fabs(exact.least - exact.most) < 1e-6);
    arena_release(&arena);
}

Test(counting, leaves_out_years_and_numbers_of_nothing)
{
    static const char *const passages[] = {"It left the treaty in 2019.", "One of them will speak.", "A ship left on the 7th.",
                                           "Several ships left.", "They left, all 30."};
    for (size_t i = 0; i < sizeof passages / sizeof passages[0]; i++) {
        struct quantity found[QUANTITIES_MAX];
        cr_expect_eq(text_quantities(slice_of(passages[i]), &arena, found), 0, "%s", passages[i]);
    }
    arena_release(&arena);
}

Test(denying, names_the_word_that_is_denied)
{
    static const struct {
        const char *passage, *word;
    } rows[] = {
        {"Norway will not sign the treaty", "sign"},          {"there will be no concessions to anybody", "concessions"},
        {"Norway has never offered a loan", "offered"},       {"Norway will sign the treaty", NULL},
        {"Norway will not sign what it does not like", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct denial denial = text_denial(slice_of(rows[i].passage), &arena);
        cr_expect(rows[i].word ? slice_is(denial.word, rows[i].word) : !denial.word.data, "%.*s in: %s", SLICE_ARGS(denial.word),
                  rows[i].passage);
        cr_expect_not(denial.unsure, "%s", rows[i].passage);
    }
    cr_expect(text_denial(SLICE("they will not only sign but sing"), &arena).unsure);
    cr_expect(text_denial(SLICE("the port will not open until they come"), &arena).unsure);
    arena_release(&arena);
}

Test(denying, tells_a_cue_that_denies)
{
    static const char *const denying[] = {"denied", "ruled out", "refused", "rejects"}, *const others[] = {"said", "countered",
                                                                                                           "confirmed", ""};
    for (size_t i = 0; i < sizeof denying / sizeof denying[0]; i++)
        cr_expect(text_cue_denies(slice_of(denying[i]), &arena), "%s", denying[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        cr_expect_not(text_cue_denies(slice_of(others[i]), &arena), "%s", others[i]);
    arena_release(&arena);
}
