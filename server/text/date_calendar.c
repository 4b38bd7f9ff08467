/* The calendar: days as numbers, so many months on, and the days of holidays. */
#include <stdlib.h>

#include "dates.h"

int64_t day_number(int year, int month, int day)
{
    return clock_days((struct day){year, month, day});
}

static int month_length(int year, int month)
{
    return (int)(month == 12 ? 31 : day_number(year, month + 1, 1) - day_number(year, month, 1));
}

bool day_exists(int year, int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= month_length(year, month) && year >= 1 && year <= 9999;
}

/* Monday is 1; 1970-01-01 was a Thursday. */
int weekday_of(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7) + 1;
}

int64_t monday_of(int64_t day)
{
    return day - (weekday_of(day) - 1);
}

/* The same day so many months on; the last of a shorter month. */
int64_t months_on(int64_t day, int months)
{
    struct day from = clock_day(day);
    int month = from.year * 12 + from.month - 1 + months, year = month / 12;
    month = month % 12 + 1;
    if (year < 1 || year > 9999)
        return NO_DAY;
    int length = month_length(year, month);
    return day_number(year, month, from.day < length ? from.day : length);
}

int64_t business_days_on(int64_t day, int count)
{
    int step = count < 0 ? -1 : 1;
    if (abs(count) > 1000)
        return NO_DAY;
    while (count) {
        day += step;
        if (weekday_of(day) <= 5)
            count -= step;
    }
    return day;
}

/* Easter Sunday of the Gregorian calendar (the anonymous computus). */
static int64_t easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451, month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
    return day_number(year, month, day);
}

/* The Nth weekday of a month, the last for 5. */
int64_t nth_weekday(int year, int month, int weekday, int nth)
{
    int64_t first = day_number(year, month, 1);
    int64_t day = first + (weekday - weekday_of(first) + 7) % 7 + 7 * (nth - 1);
    return day - first < month_length(year, month) ? day : nth >= 5 ? day - 7 : NO_DAY;
}

/* holiday=MM-DD | easter±N | MM.W.N */
int64_t holiday_in(const struct entry *entry, int year)
{
    struct slice rule = entry_get(entry, "holiday");
    const char *data = rule.data;
    if (slice_starts(rule, "easter")) {
        long long shift = 0;
        slice_to_int((struct slice){data + 7, rule.length - 7}, &shift);
        return easter(year) + (data[6] == '-' ? -shift : shift);
    }
    int month = (data[0] - '0') * 10 + data[1] - '0';
    if (data[2] == '.')
        return nth_weekday(year, month, data[3] - '0', data[5] - '0');
    return day_number(year, month, (data[3] - '0') * 10 + data[4] - '0');
}
