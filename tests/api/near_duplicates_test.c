/* Articles that repeat others are linked to them, and kept. */
#include <string.h>

#include "support/harness.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(near_duplicates, .init = set_up, .fini = server_down);

#define STORY                                                                                                                    \
    "The ferry between the two islands will run again from Monday, the harbour office of Port Ellery said on Thursday. It had "  \
    "been out of service for six weeks after a storm tore the pier from its piles. Engineers have since driven forty new piles " \
    "of steel into the seabed and laid a deck of oak on them. The first boat leaves at seven in the morning and takes "          \
    "passengers without cars. Lorries have to wait until the ramp has been tested with a load of thirty tonnes, which the "      \
    "office expects to happen before the end of the month. Until then goods will go on arriving by the old coaster that the "    \
    "council has chartered. Fares stay as they were, and children under ten travel free until the summer."
#define OTHER_STORY                                                                                                              \
    "Six weeks after the storm, islanders can cross the sound by ferry once more. The harbour office of Port Ellery announced "  \
    "the reopening of the pier on Thursday and named Monday as the day. Shopkeepers on the smaller island had complained of "    \
    "empty shelves. Repairs swallowed most of the budget of this year for the coast road, a councillor admitted, and the oak "   \
    "for "                                                                                                                       \
    "the "                                                                                                                       \
    "deck had to be brought from the mainland. A test of the ramp will decide when heavy vehicles may use it again."

static struct answer send_story(const char *text, const char *members)
{
    return post("/v1/articles", "{'text': '%s', 'published_at': '2022-01-13'%s}", text, members);
}

Test(near_duplicates, a_reprint_under_another_headline_is_linked)
{
    struct answer first = send_story("Ferry returns\\n\\n" STORY, ", 'outlet': 'Ellery Gazette'");
    struct answer reprint = send_story("Islands linked again after storm\\n\\nBy our correspondent\\n\\n" STORY
                                       "\\n\\nSubscribe now",
                                       ", 'outlet': 'Evening Post'");
    expect_status(reprint, 201);
    expect_null(first, "near_duplicate_of");
    expect_int(reprint, "near_duplicate_of", id_of(first));
    expect_int(get("/v1/articles?near_duplicate_of=%lld", id_of(first)), "total", 1);
}

Test(near_duplicates, a_shortened_reprint_is_linked)
{
    static const char text[] = STORY;
    struct answer first = send_story(text, "");
    const char *half = at("%.*s", (int)(strstr(text, "Until then goods") - text), text);
    expect_int(send_story(half, ""), "near_duplicate_of", id_of(first));
}

Test(near_duplicates, two_reports_of_one_story_are_two)
{
    send_story(STORY, "");
    expect_null(send_story(OTHER_STORY, ""), "near_duplicate_of");
}

Test(near_duplicates, all_copies_lead_to_the_first)
{
    struct answer first = send_story(STORY, "");
    struct answer second = send_story("Two. " STORY, ""), third = send_story("Three. " STORY, "");
    expect_int(second, "near_duplicate_of", id_of(first));
    expect_int(third, "near_duplicate_of", id_of(first));
}

Test(near_duplicates, case_and_quotation_marks_make_no_difference)
{
    struct answer first = send_story("He said: \\u201CWait.\\u201D " STORY, "");
    struct answer second = send_story("HE SAID: \\u00ABWait.\\u00BB " STORY " And so on.", "");
    expect_int(second, "near_duplicate_of", id_of(first));
}

Test(near_duplicates, what_its_sender_says_wins)
{
    struct answer first = send_story(STORY, ""), other = send_story(OTHER_STORY, "");
    struct answer copy = send_story("Copy. " STORY, at(", 'near_duplicate_of': %lld", id_of(other)));
    expect_int(copy, "near_duplicate_of", id_of(other));
    (void)first;
}

Test(near_duplicates, short_texts_are_not_compared)
{
    send_story("The harbour is closed today.", "");
    expect_null(send_story("The harbour is closed today!", ""), "near_duplicate_of");
}

Test(near_duplicates, a_deleted_original_is_none)
{
    struct answer first = send_story(STORY, "");
    expect_status(erase("/v1/articles/%lld", id_of(first)), 204);
    expect_null(send_story("Two. " STORY, ""), "near_duplicate_of");
}

Test(near_duplicates, the_copies_of_a_statement_have_one_origin)
{
    send_story("Ferry returns\\n\\n" STORY, ", 'outlet': 'Ellery Gazette'");
    struct answer copy = send_story("Islands linked again\\n\\n" STORY, ", 'outlet': 'Evening Post'");
    struct answer claims = get("/v1/articles/%lld/claims", id_of(copy));
    for (size_t i = 0; i < count_at(claims, "items"); i++) {
        if (int_at(claims, at("items.%zu.outlet_count", i)) == 2)
            expect_int(claims, at("items.%zu.origin_count", i), 1);
    }
}
