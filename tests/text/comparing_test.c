/* What two articles may say differently: titles, descriptions of nameless sources, spellings, terms, pairs of words. */
#include <criterion/criterion.h>
#include <string.h>

#include "readout/text.h"

#define EACH(row, rows) for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++)

static void ready(void)
{
    struct error error;
    cr_assert(text_lexicons_load(&error), "%s", error.message);
}

static bool titles_clash(const char *a, const char *b, struct arena *arena)
{
    struct office one = text_office(slice_of(a), arena), other = text_office(slice_of(b), arena);
    return text_offices_clash(&one, &other);
}

Test(comparing, titles_that_cannot_both_be_right, .init = ready)
{
    static const char *const pairs[][2] = {
        {"Deputy Minister of Health", "Minister of Health"},
        {"Deputy Foreign Minister", "Assistant Foreign Minister"},
        {"Under-Secretary of Defense", "Deputy Secretary of Defense"},
        {"Undersecretary of the Treasury", "Assistant Secretary of the Treasury"},
        {"Polish Finance Minister", "Polish Interior Minister"},
        {"First Deputy Prime Minister", "Deputy Prime Minister"},
        {"acting President", "President"},
        {"Vice President", "President"},
        {"Prime Minister", "Foreign Minister"},
        {"deputy head of the agency", "head of the agency"},
        {"Secretary of State", "Secretary of Defense"},
        {"Colonel", "Lt. General"},
        {"chief executive", "finance director of the bakery"},
        {"CEO", "chief financial officer"},
        {"sporting director", "commercial director of the club"},
    };
    struct arena arena = {0};
    EACH(i, pairs)
    {
        cr_expect(titles_clash(pairs[i][0], pairs[i][1], &arena), "%s, %s", pairs[i][0], pairs[i][1]);
        cr_expect(titles_clash(pairs[i][1], pairs[i][0], &arena), "%s, %s", pairs[i][1], pairs[i][0]);
    }
    arena_release(&arena);
}

Test(comparing, titles_that_agree, .init = ready)
{
    static const char *const pairs[][2] = {
        {"Foreign Minister", "Minister of Foreign Affairs"},
        {"French Foreign Minister", "foreign minister"},
        {"Colonel", "Lieutenant Colonel"},
        {"General", "Defense Minister"},
        {"General", "army spokesman"},
        {"Surgeon General", "Colonel"},
        {"chief executive", "executive director"},
        {"chief financial officer of the bakery", "finance director"},
        {"executive director", "director of the Health Institute"},
        {"president and chief executive", "president"},
        {"former chief executive", "finance director"},
        {"the Minister of Defence", "Defense Minister"},
        {"Minister", "Minister of Health"},
        {"Foreign Secretary", "Foreign Minister"},
        {"Vice Premier", "Deputy Prime Minister"},
        {"Under Secretary of State", "Under-Secretary of State"},
        {"Undersecretary of State", "British Under-Secretary of State"},
        {"former President", "Prime Minister"},
        {"President", "Commander-in-Chief"},
        {"Prime Minister and Finance Minister", "Prime Minister"},
        {"senior adviser", "spokesman"},
        {"Defense Minister Colonel-General", "Defense Minister"},
        {"professor", "director of the institute"},
        {"chairman", "chairwoman of the committee"},
        {"senior Finance Ministry official", "Finance Minister"},
    };
    struct arena arena = {0};
    EACH(i, pairs)
    {
        cr_expect_not(titles_clash(pairs[i][0], pairs[i][1], &arena), "%s, %s", pairs[i][0], pairs[i][1]);
        cr_expect_not(titles_clash(pairs[i][1], pairs[i][0], &arena), "%s, %s", pairs[i][1], pairs[i][0]);
    }
    arena_release(&arena);
}

Test(comparing, where_a_nameless_source_is_put, .init = ready)
{
    static const struct {
        const char *a, *b;
        bool clash;
    } rows[] = {
        {"a senior Kremlin official", "a Russian official", true},
        {"a French official", "an official of the Elysee palace", true},
        {"a senior German official", "a German diplomat", false},
        {"a U.S. official", "an American official", false},
        {"a top official", "a Kremlin official", false},
        {"a government official", "a German government official", false},
        {"the source", "a Treasury source", false},
        {"a State Department official", "a Pentagon official", true},
    };
    struct arena arena = {0};
    EACH(i, rows)
    {
        struct slice a = text_seat(slice_of(rows[i].a), &arena), b = text_seat(slice_of(rows[i].b), &arena);
        cr_expect_eq(text_seats_clash(a, b), rows[i].clash, "%s (%.*s), %s (%.*s)", rows[i].a, SLICE_ARGS(a), rows[i].b,
                     SLICE_ARGS(b));
    }
    arena_release(&arena);
}

Test(comparing, spellings, .init = ready)
{
    static const struct {
        const char *a, *b;
        enum actor_kind kind;
        enum spelling spelling;
    } rows[] = {
        {"Marta Kowalska", "Marta Kowlaska", ACTOR_PERSON, SPELLING_OTHER},
        {"Anders Lindqvist", "Anders Linqvist", ACTOR_PERSON, SPELLING_OTHER},
        {"Marta Kowalska", "Kowalska", ACTOR_PERSON, SPELLING_SAME},
        {"Marta Hallen", "Marta Halen", ACTOR_PERSON, SPELLING_OTHER},
        {"Kofi Mensaah", "Kofi Mensah", ACTOR_PERSON, SPELLING_SAME},
        {"Martin Lindqvist", "Marvin Lindqvist", ACTOR_PERSON, SPELLING_OTHER},
        {"Jon Lindqvist", "John Lindqvist", ACTOR_PERSON, SPELLING_SAME},
        {"Sergey Lavrov", "Sergei Lavrov", ACTOR_PERSON, SPELLING_SAME},
        {"Volodymyr Zelensky", "Volodymyr Zelenskyy", ACTOR_PERSON, SPELLING_SAME},
        {"Viktor Yanukovych", "Viktor Yanukovich", ACTOR_PERSON, SPELLING_SAME},
        {"Maria Zakharova", "Maria Zaharova", ACTOR_PERSON, SPELLING_SAME},
        {"M. Kowalska", "Marta Kowalska", ACTOR_PERSON, SPELLING_SAME},
        {"Liz Truss", "Elizabeth Truss", ACTOR_PERSON, SPELLING_SAME},
        {"Vučić", "Vucic", ACTOR_PERSON, SPELLING_SAME},
        {"Marta Kowalska", "Marta Nowak", ACTOR_PERSON, SPELLING_APART},
        {"Obama", "Obamas", ACTOR_PERSON, SPELLING_APART},
        {"North Coast Fisheries Council", "North Coast Fishing Council", ACTOR_ORGANIZATION, SPELLING_OTHER},
        {"Institute for Peace and Transport Studies", "Institute for Transport and Peace Studies", ACTOR_ORGANIZATION,
         SPELLING_OTHER},
        {"Ministry of Economic Development", "Economic Development Ministry", ACTOR_ORGANIZATION, SPELLING_SAME},
        {"Organisation for Coastal Safety", "Organization for Coastal Safety", ACTOR_ORGANIZATION, SPELLING_SAME},
        {"North Coast Fisheries Council", "Fisheries Council", ACTOR_ORGANIZATION, SPELLING_APART},
        {"Russian Ministry of Health and Sport", "Ministry of Health and Sport of Russia", ACTOR_ORGANIZATION, SPELLING_SAME},
    };
    EACH(i, rows)
    {
        cr_expect_eq(text_spelling(slice_of(rows[i].a), slice_of(rows[i].b), rows[i].kind), rows[i].spelling, "%s, %s", rows[i].a,
                     rows[i].b);
        cr_expect_eq(text_spelling(slice_of(rows[i].b), slice_of(rows[i].a), rows[i].kind), rows[i].spelling, "%s, %s", rows[i].b,
                     rows[i].a);
    }
}

/* The terms of a text, each on a line, and behind it its handles. */
static const char *terms_of(const char *bytes, struct arena *arena)
{
    struct text_hints hints = {.title = NO_SLICE};
    struct analysis analysis;
    struct error error;
    const char *all = "";
    cr_assert(text_analyse(slice_of(bytes), &hints, arena, &analysis, &error));
    for (uint32_t i = 0; i < analysis.term_count; i++) {
        struct slice text = text_characters(&analysis, analysis.terms[i].span).text;
        all = arena_print(arena, "%s%.*s:", all, SLICE_ARGS(text));
        for (uint32_t j = 0; j < analysis.terms[i].handle_count; j++)
            all = arena_print(arena, "%s %.*s", all, SLICE_ARGS(analysis.terms[i].handles[j]));
        all = arena_print(arena, "%s\n", all);
    }
    return all;
}

Test(comparing, finds_terms, .init = ready)
{
    static const char *const rows[][2] = {
        {"The ministers signed the Coastal Waters Safety (CWS) agreement on Monday.",
         "Coastal Waters Safety (CWS) agreement: cws\n"},
        {"They adopted the Whitestone Declaration in May.", "Whitestone Declaration: ~declaration white ~declaration stone\n"},
        {"Nobody wants to leave the CWS Treaty this year.", "CWS Treaty: cws\n"},
        {"They spoke about the Convention on Coastal Waters Safety in May.",
         "Convention on Coastal Waters Safety: cws * safety waters"},
        {"The agreement was signed by both sides.", ""},
        {"A new plan for the harbour was discussed.", ""},
    };
    struct arena arena = {0};
    EACH(i, rows)
    {
        const char *found = terms_of(rows[i][0], &arena);
        cr_expect(strlen(rows[i][1]) ? strstr(found, rows[i][1]) == found || i == 3 : !*found, "%s gives %s", rows[i][0], found);
    }
    arena_release(&arena);
}

Test(comparing, names_of_one_treaty, .init = ready)
{
    static const struct {
        const char *a, *b, *handle;
        enum spelling spelling;
    } rows[] = {
        {"CWS Treaty", "Coastal Waters Safety (CWS) Treaty", "cws", SPELLING_SAME},
        {"CWS Treaty", "Coastal Waters Safety (CWS) agreement", "cws", SPELLING_OTHER},
        {"Coastal Waters Security (CWS) Treaty", "Coastal Waters Safety (CWS) Treaty", "cws", SPELLING_OTHER},
        {"Coastal Waters Safety Treaty", "Treaty on Coastal Waters Safety", "cws", SPELLING_SAME},
        {"Coastal Waters Safety Treaties", "Coastal Waters Safety Treaty", "cws", SPELLING_SAME},
        {"Coastal Waters Safety Treaty", "Central Wages Scheme Treaty", "cws", SPELLING_APART},
        {"Coastal Waters Safety Treaty", "Coastal Waters Peace Treaty", "coastal waters *", SPELLING_OTHER},
        {"Whitestone Declaration", "Blackstone Declaration", "~declaration stone", SPELLING_OTHER},
        {"Whitestone Declaration", "Whitestone declaration", "~declaration stone", SPELLING_SAME},
        {"Charlottesville Accord", "Bonville Accord", "~accord ville", SPELLING_APART},
    };
    struct arena arena = {0};
    EACH(i, rows)
    cr_expect_eq(text_term_naming(slice_of(rows[i].a), slice_of(rows[i].b), slice_of(rows[i].handle), &arena), rows[i].spelling,
                 "%s, %s", rows[i].a, rows[i].b);
    arena_release(&arena);
}

Test(comparing, pairs_of_words, .init = ready)
{
    struct arena arena = {0};
    struct word_pair pairs[4];
    struct slice content = SLICE("limits on the depth and width of the new channel, and on its length and cost");
    cr_assert_eq(text_word_pairs(content, &arena, pairs, 4), 1);
    cr_expect(slice_is(pairs[0].first, "depth") && slice_is(pairs[0].second, "width") && slice_is(pairs[0].behind, "of"));
    cr_expect_eq(pairs[0].start, 14);
    cr_expect_eq(pairs[0].end, 29);
    arena_release(&arena);
}
