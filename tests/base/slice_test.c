#include <criterion/criterion.h>
#include <limits.h>

#include "readout/slice.h"

Test(slice, tells_absent_from_empty)
{
    cr_assert(slice_equal(NO_SLICE, slice_of(NULL)));
    cr_assert(slice_equal(SLICE(""), slice_of("")));
    cr_assert_not(slice_equal(NO_SLICE, SLICE("")));
    cr_assert_not(slice_is(NO_SLICE, ""));
}

Test(slice, compares_bytes_and_lengths)
{
    cr_assert(slice_is(SLICE("claim"), "claim"));
    cr_assert_not(slice_is(SLICE("claims"), "claim"));
    cr_assert_not(slice_is(SLICE("Claim"), "claim"));
    cr_assert(slice_equal_fold(SLICE("Content-Type"), SLICE("content-type")));
    cr_assert_not(slice_equal_fold(SLICE("@"), SLICE("`")), "only letters have two forms");
}

Test(slice, knows_how_it_starts_and_ends)
{
    cr_assert(slice_starts(SLICE("/v1/claims"), "/v1/"));
    cr_assert_not(slice_starts(SLICE("/v"), "/v1/"));
    cr_assert(slice_ends(SLICE("claims.csv"), ".csv"));
    cr_assert_not(slice_ends(NO_SLICE, ""));
}

Test(slice, is_cut_piece_by_piece)
{
    struct slice rest = SLICE("a,,b");
    cr_assert(slice_is(slice_cut(&rest, ','), "a"));
    cr_assert(slice_is(slice_cut(&rest, ','), ""));
    cr_assert(slice_is(slice_cut(&rest, ','), "b"));
    cr_assert_null(rest.data);
    cr_assert_null(slice_cut(&rest, ',').data);
}

Test(slice, keeps_the_empty_piece_after_a_last_separator)
{
    struct slice rest = SLICE("a,");
    slice_cut(&rest, ',');
    cr_assert(slice_is(rest, ""));
}

Test(slice, loses_spaces_and_tabs_at_both_ends)
{
    cr_assert(slice_is(slice_trim(SLICE(" \ta b\t ")), "a b"));
    cr_assert(slice_is(slice_trim(SLICE("  ")), ""));
}

Test(slice, reads_whole_integers_only)
{
    static const struct {
        const char *text;
        bool good;
        long long value;
    } cases[] = {
        {"0", true, 0},
        {"-7", true, -7},
        {"0042", true, 42},
        {"9223372036854775807", true, LLONG_MAX},
        {"-9223372036854775808", true, LLONG_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {"1 ", false, 0},
        {"1e3", false, 0},
        {"--1", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        long long value = 0;
        cr_assert_eq(slice_to_int(slice_of(cases[i].text), &value), cases[i].good, "\"%s\"", cases[i].text);
        cr_assert_eq(value, cases[i].value, "\"%s\"", cases[i].text);
    }
    long long value;
    cr_assert_not(slice_to_int(NO_SLICE, &value));
}

Test(slice, slices_compare_byte_by_byte)
{
    cr_assert_lt(slice_compare(SLICE("abc"), SLICE("abd")), 0);
    cr_assert_gt(slice_compare(SLICE("b"), SLICE("abd")), 0);
    cr_assert_lt(slice_compare(SLICE("ab"), SLICE("abc")), 0);
    cr_assert_eq(slice_compare(SLICE("abc"), SLICE("abc")), 0);
    cr_assert_eq(slice_compare(NO_SLICE, SLICE("")), 0);
    cr_assert_lt(slice_compare(NO_SLICE, SLICE("a")), 0);
}
