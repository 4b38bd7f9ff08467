#include <criterion/criterion.h>
#include <string.h>

#include "readout/clock.h"
#include "readout/zone.h"

static struct arena arena;

static void tear_down(void)
{
    arena_release(&arena);
}

TestSuite(zone, .fini = tear_down);

static int64_t instant(const char *text)
{
    int64_t milliseconds = -1;
    cr_assert(clock_parse_instant(slice_of(text), &milliseconds), "%s", text);
    return milliseconds / 1000;
}

static const struct zone *zone_named(const char *name)
{
    const struct zone *zone = zone_open(&arena, slice_of(name));
    cr_assert(zone, "%s", name);
    return zone;
}

static void expect_offset(const char *name, const char *when, int64_t minutes)
{
    int64_t offset = zone_offset(zone_named(name), instant(when));
    cr_expect_eq(offset, minutes * 60, "%s at %s is %lld seconds ahead", name, when, (long long)offset);
}

static void expect_shown(const char *name, const char *local, const char *when)
{
    char text[INSTANT_SIZE];
    clock_format(zone_instant(zone_named(name), instant(local)) * 1000, text);
    cr_expect(strncmp(text, when, 19) == 0, "clocks in %s show %s at %s, not at %s", name, local, when, text);
}

Test(zone, utc_is_never_ahead)
{
    expect_offset("UTC", "2022-07-01T00:00:00Z", 0);
    expect_offset("Etc/UTC", "2022-07-01T00:00:00Z", 0);
}

Test(zone, zurich_has_summer_and_winter)
{
    expect_offset("Europe/Zurich", "2022-01-10T12:00:00Z", 60);
    expect_offset("Europe/Zurich", "2022-07-10T12:00:00Z", 120);
    expect_offset("Europe/Zurich", "2022-03-27T00:59:59Z", 60);
    expect_offset("Europe/Zurich", "2022-03-27T01:00:00Z", 120);
    expect_offset("Europe/Zurich", "2022-10-30T00:59:59Z", 120);
    expect_offset("Europe/Zurich", "2022-10-30T01:00:00Z", 60);
}

Test(zone, new_york_changes_on_other_days)
{
    expect_offset("America/New_York", "2022-03-13T06:59:59Z", -5 * 60);
    expect_offset("America/New_York", "2022-03-13T07:00:00Z", -4 * 60);
    expect_offset("America/New_York", "2022-11-06T05:59:59Z", -4 * 60);
    expect_offset("America/New_York", "2022-11-06T06:00:00Z", -5 * 60);
}

Test(zone, kolkata_is_half_an_hour_off)
{
    expect_offset("Asia/Kolkata", "2022-01-10T12:00:00Z", 5 * 60 + 30);
    expect_offset("Asia/Kolkata", "2022-07-10T12:00:00Z", 5 * 60 + 30);
}

/* Behind the last change in its file a zone follows its rule. */
Test(zone, rules_hold_for_the_years_to_come)
{
    expect_offset("Europe/Zurich", "2150-03-29T00:59:59Z", 60);
    expect_offset("Europe/Zurich", "2150-03-29T01:00:00Z", 120);
    expect_offset("Europe/Zurich", "2150-10-25T01:00:00Z", 60);
    expect_offset("Asia/Kolkata", "2150-07-01T00:00:00Z", 5 * 60 + 30);
    expect_offset("Australia/Sydney", "2150-01-01T00:00:00Z", 11 * 60);
    expect_offset("Australia/Sydney", "2150-07-01T00:00:00Z", 10 * 60);
    /* Dublin counts its winter as the exception. */
    expect_offset("Europe/Dublin", "2150-01-01T00:00:00Z", 0);
    expect_offset("Europe/Dublin", "2150-07-01T00:00:00Z", 60);
    /* Rules of Greenland's kind begin on the day before. */
    expect_offset("America/Nuuk", "2150-07-01T00:00:00Z", -60);
}

Test(zone, history_is_known)
{
    expect_offset("Europe/Zurich", "1975-07-01T12:00:00Z", 60); /* no summer time before 1981 */
    expect_offset("Europe/Moscow", "2012-01-01T00:00:00Z", 4 * 60);
    expect_offset("Europe/Moscow", "2022-01-01T00:00:00Z", 3 * 60);
    expect_offset("Pacific/Apia", "2011-12-29T12:00:00Z", -10 * 60);
    expect_offset("Pacific/Apia", "2011-12-31T12:00:00Z", 14 * 60);
}

Test(zone, a_local_time_is_an_instant)
{
    expect_shown("UTC", "2022-01-10T00:00:00Z", "2022-01-10T00:00:00");
    expect_shown("Europe/Zurich", "2022-01-10T00:00:00Z", "2022-01-09T23:00:00");
    expect_shown("Europe/Zurich", "2022-03-28T00:00:00Z", "2022-03-27T22:00:00");
    expect_shown("America/New_York", "2022-03-13T00:00:00Z", "2022-03-13T05:00:00");
    expect_shown("America/New_York", "2022-03-14T00:00:00Z", "2022-03-14T04:00:00");
    expect_shown("Asia/Kolkata", "2022-01-10T00:00:00Z", "2022-01-09T18:30:00");
}

/* Of a local time that comes twice the first counts, and one that is skipped begins where the clocks jump to. */
Test(zone, a_local_time_may_come_twice_or_never)
{
    expect_shown("Europe/Zurich", "2022-10-30T02:30:00Z", "2022-10-30T00:30:00");
    expect_shown("Europe/Zurich", "2022-03-27T02:00:00Z", "2022-03-27T01:00:00");
    expect_shown("Asia/Beirut", "2022-03-27T00:00:00Z", "2022-03-26T22:00:00"); /* no midnight on that day */
    expect_shown("America/Havana", "2022-11-06T00:00:00Z", "2022-11-06T04:00:00");
}

Test(zone, only_names_of_zones_open)
{
    static const char *const wrong[] = {"",
                                        "../../etc/passwd",
                                        "/etc/passwd",
                                        "/usr/share/zoneinfo/Europe/Zurich",
                                        "Europe/../Europe/Zurich",
                                        "Europe",
                                        "Europe/",
                                        "Europe//Zurich",
                                        "europe/zurich",
                                        "right/Europe/Zurich",
                                        "localtime",
                                        "zone.tab",
                                        "Europe/Zurich ",
                                        "Europe/Zurich\n",
                                        "Z\u00fcrich",
                                        "Nowhere/Land",
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        cr_expect_null(zone_open(&arena, slice_of(wrong[i])), "%s", wrong[i]);
    cr_expect_null(zone_open(&arena, (struct slice){"Europe/Zurich\0x", 15}));
}

Test(zone, the_nearest_name_is_known)
{
    cr_expect_str_eq(zone_nearest(&arena, SLICE("Europe/Zürich")), "Europe/Zurich");
    cr_expect_str_eq(zone_nearest(&arena, SLICE("europe/zurich")), "Europe/Zurich");
    cr_expect_str_eq(zone_nearest(&arena, SLICE("New_York")), "America/New_York");
    cr_expect_null(zone_nearest(&arena, SLICE("../../etc/passwd")));
}

/* A zone without changes, whose rule is `footer`. */
static struct slice file_with(const char *footer)
{
    static const char header[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4";
    static const char block[] = "\0\0\16\20\0\0CET\0";
    size_t size = 2 * (44 + 10) + strlen(footer) + 2;
    char *file = arena_alloc(&arena, size), *at = file;
    for (int i = 0; i < 2; i++) {
        memcpy(at, header, 44);
        memcpy(at + 44, block, 10);
        at += 54;
    }
    *at++ = '\n';
    memcpy(at, footer, strlen(footer));
    at[strlen(footer)] = '\n';
    return (struct slice){file, size};
}

Test(zone, a_file_is_read)
{
    const struct zone *zone = zone_read(&arena, file_with("CET-1CEST,M3.5.0,M10.5.0/3"));
    cr_assert(zone);
    cr_expect_eq(zone_offset(zone, instant("2022-07-01T00:00:00Z")), 7200);
    zone = zone_read(&arena, file_with("<-00>0:30"));
    cr_assert(zone);
    cr_expect_eq(zone_offset(zone, 0), -1800);
}

/* Without a rule that we know, the last type goes on. */
Test(zone, a_footer_may_be_anything)
{
    static const char *const footers[] = {"",
                                          "C",
                                          "CET",
                                          "CET-",
                                          "CET-1CEST,J60,J300",
                                          "CET-1CEST,M13.5.0,M10.5.0",
                                          "CET-1CEST,M3.0.0,M10.5.0",
                                          "<",
                                          "<>",
                                          "CET-999",
                                          "CET-1CEST,M3.5.0,M10.5.0/3x"};
    for (size_t i = 0; i < sizeof footers / sizeof footers[0]; i++) {
        const struct zone *zone = zone_read(&arena, file_with(footers[i]));
        cr_assert(zone, "%s", footers[i]);
        cr_expect_eq(zone_offset(zone, instant("2022-07-01T00:00:00Z")), 3600, "%s", footers[i]);
    }
}

Test(zone, a_broken_file_is_none)
{
    struct slice whole = file_with("CET-1");
    for (size_t length = 0; length < 2 * 54; length++)
        cr_expect_null(zone_read(&arena, (struct slice){arena_copy(&arena, whole.data, length), length}), "%zu bytes", length);
    for (size_t i = 0; i < whole.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *changed = arena_copy(&arena, whole.data, whole.length);
            changed[i] = (char)(changed[i] ^ 1 << bit);
            const struct zone *zone = zone_read(&arena, (struct slice){changed, whole.length});
            if (zone)
                zone_instant(zone, zone_offset(zone, 0));
        }
    }
}
