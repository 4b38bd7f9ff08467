/* Any time expressions against any day of publication: what is resolved exists in the calendar. The first line is the day; where
 * it is none, its bytes make one. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "readout/clock.h"
#include "readout/text.h"
#include "readout/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice published_on(struct slice line, struct arena *arena)
{
    uint32_t number = 0;
    if (clock_is_date(line))
        return arena_slice(arena, line);
    for (size_t i = 0; i < line.length; i++)
        number = number * 31 + (unsigned char)line.data[i];
    struct day day = clock_day(clock_days((struct day){0, 1, 1}) + number % 3652000);
    return slice_of(arena_print(arena, "%04d-%02d-%02d", day.year, day.month, day.day));
}

static bool are_digits(struct slice text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

/* "2022-01-08", "2022-01", "2022", and what begins so: "2022-W02", "2022-Q1". */
static void check_value(struct slice value)
{
    assert(value.length >= 3 && value.length <= 24);
    if (value.length == 10 && value.data[4] == '-' && value.data[7] == '-')
        assert(clock_is_date(value));
    else if (value.length == 7 && value.data[4] == '-' && are_digits(value, 5, 7))
        assert(are_digits(value, 0, 4) && memcmp(value.data + 5, "01", 2) >= 0 && memcmp(value.data + 5, "12", 2) <= 0);
    else if (value.length == 4)
        assert(are_digits(value, 0, 3));
}

static void check_date(const struct date *date)
{
    if (date->value.data) {
        assert(date->precision);
        check_value(date->value);
        assert(strcmp(date->precision, "day") != 0 || clock_is_date(date->value));
    }
    if (date->until.data) {
        check_value(date->until);
        if (date->value.length == date->until.length)
            assert(memcmp(date->value.data, date->until.data, date->value.length) <= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct slice text = {(const char *)data, size}, line = slice_cut(&text, '\n');
    if (!text.data || !utf8_valid(text))
        return 0;
    struct text_hints hints = {.published_on = published_on(line, &arena)};
    struct analysis analysis;
    struct error error;
    if (text_analyse(text, &hints, &arena, &analysis, &error)) {
        for (uint32_t i = 0; i < analysis.date_count; i++)
            check_date(&analysis.dates[i]);
        for (uint32_t i = 0; i < analysis.meeting_count; i++)
            if (analysis.meetings[i].starts_on.data)
                check_value(analysis.meetings[i].starts_on);
        for (uint32_t i = 0; i < analysis.claim_count; i++)
            if (analysis.claims[i].said_on.data)
                check_value(analysis.claims[i].said_on);
    }
    arena_release(&arena);
    return 0;
}
