/* Any bytes as a day and as an instant: what is accepted can be written, and is read back as the same. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "readout/arena.h"
#include "readout/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_written(int64_t milliseconds)
{
    char instant[INSTANT_SIZE], date[HTTP_DATE_SIZE];
    int64_t again;
    clock_format(milliseconds, instant);
    assert(strlen(instant) == INSTANT_SIZE - 1);
    bool good = clock_parse_instant(slice_of(instant), &again);
    assert(good && again == milliseconds && clock_is_date((struct slice){instant, 10}));

    clock_http_date(milliseconds, date);
    assert(strlen(date) == HTTP_DATE_SIZE - 1);
    assert(memcmp(date + 12, instant, 4) == 0 && memcmp(date + 5, instant + 8, 2) == 0 &&
           memcmp(date + 17, instant + 11, 8) == 0);
}

/* A day that exists begins in UTC with itself, and the millisecond before belongs to another. */
static void check_day(struct slice day, struct arena *arena)
{
    int64_t begin;
    char instant[INSTANT_SIZE];
    bool good = clock_parse_instant(slice_of(arena_print(arena, "%.*sT00:00:00Z", SLICE_ARGS(day))), &begin);
    assert(good);
    clock_format(begin, instant);
    assert(memcmp(instant, day.data, 10) == 0 && memcmp(instant + 10, "T00:00:00.000Z", 14) == 0);
    clock_format(begin - 1, instant);
    assert(memcmp(instant, day.data, 10) < 0 || memcmp(day.data, "0000-01-01", 10) == 0);
}

/* Instants sort as text as they do in time. */
static void check_order(int64_t one, int64_t other)
{
    char first[INSTANT_SIZE], second[INSTANT_SIZE];
    clock_format(one, first);
    clock_format(other, second);
    int order = strcmp(first, second);
    assert(one < other ? order <= 0 : order >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct slice text = arena_slice(&arena, (struct slice){(const char *)data, size});
    int64_t milliseconds, numbers[2] = {0};
    memcpy(numbers, data, size < sizeof numbers ? size : sizeof numbers);
    check_order(numbers[0], numbers[1]);
    if (clock_is_date(text))
        check_day(text, &arena);
    if (clock_parse_instant(text, &milliseconds))
        check_written(milliseconds);
    arena_release(&arena);
    return 0;
}
