#include <criterion/criterion.h>
#include <time.h>

#include "readout/clock.h"

static int64_t instant(const char *text)
{
    int64_t milliseconds = -1;
    cr_assert(clock_parse_instant(slice_of(text), &milliseconds), "%s", text);
    return milliseconds;
}

static void refuses(const char *text)
{
    int64_t milliseconds;
    cr_assert_not(clock_parse_instant(slice_of(text), &milliseconds), "%s", text);
}

Test(clock, knows_when_1970_began)
{
    cr_assert_eq(instant("1970-01-01T00:00:00Z"), 0);
    cr_assert_eq(instant("1969-12-31T23:59:59.999Z"), -1);
    cr_assert_eq(instant("2022-01-08T18:00:00Z"), 1641664800000);
}

Test(clock, takes_offsets_into_account)
{
    cr_assert_eq(instant("2022-01-08T19:00:00+01:00"), instant("2022-01-08T18:00:00Z"));
    cr_assert_eq(instant("2022-01-08T12:30:00-05:30"), instant("2022-01-08T18:00:00z"));
    cr_assert_eq(instant("2022-01-01T00:30:00+01:00"), instant("2021-12-31T23:30:00Z"));
}

Test(clock, cuts_fractions_to_milliseconds)
{
    cr_assert_eq(instant("2022-01-08T18:00:00.5Z"), 1641664800500);
    cr_assert_eq(instant("2022-01-08T18:00:00.123999999999Z"), 1641664800123);
}

Test(clock, lets_a_leap_second_run_into_the_next_minute)
{
    cr_assert_eq(instant("2016-12-31T23:59:60Z"), instant("2017-01-01T00:00:00Z"));
    refuses("2016-12-31T23:59:61Z");
}

Test(clock, refuses_what_is_not_an_instant)
{
    static const char *const wrong[] = {"",
                                        "2022-01-08",
                                        "2022-01-08T18:00Z",
                                        "2022-01-08T18:00:00",
                                        "2022-01-08 18:00:00Z",
                                        "2022-01-08T24:00:00Z",
                                        "2022-01-08T18:60:00Z",
                                        "2022-01-08T18:00:00.Z",
                                        "2022-01-08T18:00:00,5Z",
                                        "2022-01-08T18:00:00.5",
                                        "2022-01-08T18:00:00+0100",
                                        "2022-01-08T18:00:00+24:00",
                                        "2022-01-08T18:00:00+01:60",
                                        "2022-01-08T18:00:00Z ",
                                        " 2022-01-08T18:00:00Z",
                                        "2022-02-30T18:00:00Z",
                                        "2022-13-01T18:00:00Z",
                                        "0000-01-01T00:00:00+01:00",
                                        "9999-12-31T23:59:60Z"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        refuses(wrong[i]);
}

Test(clock, refuses_the_thirtieth_of_february)
{
    cr_assert_not(clock_is_date(SLICE("2022-02-30")));
    cr_assert_not(clock_is_date(SLICE("2024-02-30")));
}

Test(clock, knows_the_leap_years)
{
    cr_assert(clock_is_date(SLICE("2024-02-29")));
    cr_assert(clock_is_date(SLICE("2000-02-29")));
    cr_assert_not(clock_is_date(SLICE("2022-02-29")));
    cr_assert_not(clock_is_date(SLICE("1900-02-29")));
}

Test(clock, refuses_what_is_not_a_date)
{
    static const char *const wrong[] = {"",           "2022-1-08",  "2022-00-10",  "2022-13-10", "2022-04-31",
                                        "2022-01-00", "2022/01/08", "2022-01-08T", "20220108",   "-022-01-08"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        cr_assert_not(clock_is_date(slice_of(wrong[i])), "%s", wrong[i]);
    cr_assert_not(clock_is_date(NO_SLICE));
}

Test(clock, writes_what_it_reads_for_every_day_of_four_centuries)
{
    char before[INSTANT_SIZE] = "", text[INSTANT_SIZE];
    for (int64_t day = instant("1900-01-01T23:59:59.999Z"); day < instant("2300-01-01T00:00:00Z"); day += 86400000) {
        clock_format(day, text);
        cr_assert_eq(instant(text), day, "%s", text);
        cr_assert_gt(strcmp(text, before), 0, "%s", text);
        memcpy(before, text, sizeof before);
    }
    cr_assert_str_eq(before, "2299-12-31T23:59:59.999Z");
}

Test(clock, stays_within_years_of_four_digits)
{
    char text[INSTANT_SIZE];
    clock_format(INT64_MIN, text);
    cr_assert_str_eq(text, "0000-01-01T00:00:00.000Z");
    clock_format(INT64_MAX, text);
    cr_assert_str_eq(text, "9999-12-31T23:59:59.999Z");
}

Test(clock, writes_dates_for_headers)
{
    char date[HTTP_DATE_SIZE];
    clock_http_date(instant("2022-01-08T18:00:00Z"), date);
    cr_assert_str_eq(date, "Sat, 08 Jan 2022 18:00:00 GMT");
    clock_http_date(instant("1994-11-06T08:49:37Z"), date);
    cr_assert_str_eq(date, "Sun, 06 Nov 1994 08:49:37 GMT");
    clock_http_date(instant("1969-12-31T23:59:59Z"), date);
    cr_assert_str_eq(date, "Wed, 31 Dec 1969 23:59:59 GMT");
}

Test(clock, now_is_between_two_looks_at_the_time)
{
    for (int i = 0; i < 3; i++) {
        char text[INSTANT_SIZE];
        int64_t before = clock_milliseconds();
        clock_now(text);
        int64_t after = clock_milliseconds(), now = instant(text);
        cr_assert(before <= now && now <= after, "%s", text);
        nanosleep(&(struct timespec){.tv_nsec = 400000000}, NULL);
    }
}

Test(clock, the_day_of_a_date_or_an_instant_has_a_number)
{
    cr_assert_eq(clock_date_days(SLICE("1970-01-02")), 1);
    cr_assert_eq(clock_date_days(SLICE("2022-01-08")), 19000);
    cr_assert_eq(clock_date_days(SLICE("2022-01-08T23:59:59Z")), 19000);
    cr_assert_eq(clock_date_days(SLICE("2022-02-30")), 0);
    cr_assert_eq(clock_date_days(SLICE("2022-01")), 0);
    cr_assert_eq(clock_date_days(NO_SLICE), 0);
}
