/* Whether two names are one's: pairs of our own, from each side. */
#include <criterion/criterion.h>
#include <string.h>

#include "readout/text.h"

struct pair {
    const char *a, *b;
};

static void expect(enum actor_kind kind, const struct pair *pairs, size_t count, bool same)
{
    for (size_t i = 0; i < count; i++) {
        double there = text_name_likeness(slice_of(pairs[i].a), slice_of(pairs[i].b), kind);
        double back = text_name_likeness(slice_of(pairs[i].b), slice_of(pairs[i].a), kind);
        cr_expect(same ? there >= TEXT_SAME_NAME : there < TEXT_SAME_NAME, "%s / %s: %.2f", pairs[i].a, pairs[i].b, there);
        cr_expect_float_eq(there, back, 0.05, "%s / %s: %.2f one way, %.2f the other", pairs[i].a, pairs[i].b, there, back);
        cr_expect(there >= 0 && there <= 1, "%s / %s: %.2f", pairs[i].a, pairs[i].b, there);
    }
}

#define EXPECT(kind, pairs, same) expect(kind, pairs, sizeof(pairs) / sizeof(pairs)[0], same)

Test(same_name, of_a_person_survives_spelling_order_and_titles)
{
    static const struct pair same[] = {{"Anna Keller", "ANNA KELLER"},
                                       {"Keller, Anna", "Anna Keller"},
                                       {"Anna Keller", "Dr Anna Keller"},
                                       {"Anna Maria Keller", "Anna Keller"},
                                       {"A. Keller", "Anna Keller"},
                                       {"Anna Kelller", "Anna Keller"},
                                       {"Jean Claude Marchand", "Jean-Claude Marchand"},
                                       {"François Marchand", "Francois Marchand"},
                                       {"Bill Harbord", "William Harbord"},
                                       {"Sergei Voronkov", "Sergey Voronkov"},
                                       {"Mohammed al-Hadi", "Muhammad Hadi"},
                                       {"Yusuf Qaddafi", "Youssef Gaddafi"},
                                       {"AnnaKeller", "Anna Keller"}};
    EXPECT(ACTOR_PERSON, same, true);
}

Test(same_name, is_read_in_other_scripts)
{
    static const struct pair same[] = {{"Сергей Воронков", "Sergei Voronkov"},
                                       {"Воронков Сергей Петрович", "Sergey Voronkov"},
                                       {"Αλέξης Παπαδόπουλος", "Alexis Papadopoulos"},
                                       {"Željko Vučić", "Zeljko Vucic"},
                                       {"山田太郎", "山田太郎"}};
    static const struct pair other[] = {{"山田太郎", "山口太郎"}, {"Сергей Воронков", "Сергей Воробьев"}};
    EXPECT(ACTOR_PERSON, same, true);
    EXPECT(ACTOR_PERSON, other, false);
}

Test(same_name, of_a_person_is_not_that_of_kin_or_of_a_namesake)
{
    static const struct pair other[] = {{"Anna Keller", "Tom Keller"},
                                        {"Anna Keller", "Anna Brandt"},
                                        {"Anna Keller", "Keller"},
                                        {"B. Keller", "Anna Keller"},
                                        {"Sergei Petrovich Voronkov", "Sergei Ivanovich Voronkov"},
                                        {"Omar bin Khalid al-Hadi", "Khalid bin Omar al-Hadi"},
                                        {"Raúl Mendoza", "Raúl Mendes Prado"},
                                        {"", "Anna Keller"}};
    EXPECT(ACTOR_PERSON, other, false);
}

Test(same_name, of_a_body_survives_legal_forms_and_abbreviations)
{
    static const struct pair same[] = {{"Nordwind Inc.", "Nordwind, Incorporated"},
                                       {"Nordwind", "Nordwind Ltd"},
                                       {"The Harbour & Ferry Company", "Harbour and Ferry Co."},
                                       {"Nordwind p.l.c.", "Nordwind Public Limited Company"},
                                       {"U.S. Department of Harbours", "United States Department of Harbours"},
                                       {"Harbour Workers Union", "HWU"},
                                       {"Ministry of Defence", "Ministry of Defense"},
                                       {"Nordwind Shiping", "Nordwind Shipping"}};
    EXPECT(ACTOR_ORGANIZATION, same, true);
}

Test(same_name, of_a_body_is_not_that_of_its_branch_or_neighbour)
{
    static const struct pair other[] = {{"Nordwind", "Nordwind France"},
                                        {"Government of Estonia", "Government of Ethiopia"},
                                        {"Bank of Northport", "Bank of Southport Bay"},
                                        {"ABC", "ABD"},
                                        {"Nordwind Shipping", "Nordwind Insurance"}};
    EXPECT(ACTOR_ORGANIZATION, other, false);
}

Test(same_name, is_measured_of_anything)
{
    char longest[4000];
    memset(longest, 'a', sizeof longest);
    struct slice name = {longest, sizeof longest};
    cr_expect_float_eq(text_name_likeness(name, name, ACTOR_PERSON), 1, 0.001);
    cr_expect_lt(text_name_likeness(name, SLICE("Anna Keller"), ACTOR_PERSON), TEXT_SAME_NAME);
    cr_expect_eq(text_name_likeness(SLICE("..."), SLICE("!"), ACTOR_PERSON), 0);
    for (size_t i = 0; i + 3 < sizeof longest; i += 3)
        memcpy(longest + i, "\xd0\x96 ", 3);
    name.length = sizeof longest - 1;
    cr_expect_lt(text_name_likeness(name, SLICE("Anna Keller"), ACTOR_ORGANIZATION), TEXT_SAME_NAME);
}
