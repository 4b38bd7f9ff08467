/* The sentences that people read: errors, faults, and what they may have meant. */
#include <criterion/criterion.h>
#include <string.h>

#include "readout/error.h"
#include "readout/fault.h"
#include "readout/nearest.h"

static const char *const names[] = {"limit", "cursor", "sort", "outlet", "published_from", "q"};

static const char *meant(const char *word)
{
    return nearest_name(slice_of(word), names, sizeof names / sizeof names[0]);
}

Test(nearest, finds_a_name_that_was_mistyped)
{
    cr_assert_str_eq(meant("limt"), "limit");
    cr_assert_str_eq(meant("limits"), "limit");
    cr_assert_str_eq(meant("lmiit"), "limit");
    cr_assert_str_eq(meant("LIMIT"), "limit");
    cr_assert_str_eq(meant("sotr"), "sort");
    cr_assert_str_eq(meant("publish_from"), "published_from");
    cr_assert_str_eq(meant("publishedfrom"), "published_from");
}

Test(nearest, does_not_guess_at_random)
{
    cr_assert_null(meant("speaker"));
    cr_assert_null(meant("id"));
    cr_assert_null(meant(""));
    cr_assert_null(nearest_name(SLICE("limit"), names, 0));
}

Test(nearest, is_not_slowed_by_a_long_word)
{
    static char word[1000000];
    memset(word, 'l', sizeof word);
    for (int i = 0; i < 1000; i++)
        cr_assert_null(nearest_name((struct slice){word, sizeof word}, names, sizeof names / sizeof names[0]));
}

Test(error, is_a_kind_and_a_sentence)
{
    struct error error;
    cr_assert_not(fail(&error, ERROR_CONFLICT, "an article with the URL %s already exists", "https://example.org/a"));
    cr_assert_eq(error.kind, ERROR_CONFLICT);
    cr_assert_str_eq(error.message, "an article with the URL https://example.org/a already exists");
}

Test(error, may_quote_its_earlier_self)
{
    struct error error;
    fail(&error, ERROR_INVALID, "the day does not exist");
    fail(&error, ERROR_INVALID, "line 7: %s", error.message);
    cr_assert_str_eq(error.message, "line 7: the day does not exist");
}

Test(error, is_not_cut_within_a_character)
{
    struct error error;
    char long_text[1001] = "";
    for (int i = 0; i < 500; i++)
        memcpy(long_text + 2 * i, "é", 2);
    fail(&error, ERROR_INVALID, "%s", long_text);
    cr_assert_eq(strlen(error.message), 478);
    fail(&error, ERROR_INVALID, "x%s", long_text);
    cr_assert_eq(strlen(error.message), 479);
}

Test(fault, keeps_the_first_fifty_and_counts_the_rest)
{
    struct arena arena = {0};
    struct faults faults = {.arena = &arena};
    for (int i = 0; i < 60; i++)
        fault_add(&faults, FAULT_PARAMETER, "limit", "range", "must be at most %d", i);
    cr_assert_eq(faults.count, 60);
    cr_assert_str_eq(faults.items[FAULTS_MAX - 1].detail, "must be at most 49");
    cr_assert_str_eq(faults.items[0].where, "limit");
    cr_assert_str_eq(faults.items[0].code, "range");
    arena_release(&arena);
}
