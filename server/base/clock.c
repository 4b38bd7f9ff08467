#include "readout/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DAY = 24 * 60 * 60, SHORTEST_INSTANT = 20 /* "2022-01-08T18:00:00Z" */ };

/* What four digits of a year can hold, 0000-01-01 to 9999-12-31, in milliseconds since 1970. */
static const int64_t EARLIEST = -62167219200000, LATEST = 253402300799999;

int64_t clock_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Days and dates are converted as in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil and
 * civil_from_days): years begin in March, so that a leap day comes last, and 400 years (an era) have 146097 days. */
int64_t clock_days(struct day date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct day clock_day(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
    return (struct day){.year = (int)(year_of_era + era * 400 + (month <= 2)),
                        .month = (int)month,
                        .day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1)};
}

static int64_t within_four_digit_years(int64_t milliseconds)
{
    return milliseconds < EARLIEST ? EARLIEST : milliseconds > LATEST ? LATEST : milliseconds;
}

/* The quotient rounded down also before 1970, where C rounds towards zero. */
static int64_t floor_division(int64_t number, int64_t divisor)
{
    return number / divisor - (number % divisor < 0);
}

static void write_digits(char *out, int count, int64_t number)
{
    while (count > 0) {
        out[--count] = (char)('0' + number % 10);
        number /= 10;
    }
}

static void write_second(int64_t second, char instant[static INSTANT_SIZE])
{
    int64_t days = floor_division(second, DAY), time = second - days * DAY;
    struct day date = clock_day(days);
    memcpy(instant, "0000-00-00T00:00:00.000Z", INSTANT_SIZE);
    write_digits(instant, 4, date.year);
    write_digits(instant + 5, 2, date.month);
    write_digits(instant + 8, 2, date.day);
    write_digits(instant + 11, 2, time / 3600);
    write_digits(instant + 14, 2, time / 60 % 60);
    write_digits(instant + 17, 2, time % 60);
}

void clock_format(int64_t milliseconds, char instant[static INSTANT_SIZE])
{
    milliseconds = within_four_digit_years(milliseconds);
    int64_t second = floor_division(milliseconds, 1000);
    write_second(second, instant);
    write_digits(instant + 20, 3, milliseconds - second * 1000);
}

void clock_now(char instant[static INSTANT_SIZE])
{
    /* Asked for with every request: within a second only the decimals change. */
    static _Thread_local int64_t written = INT64_MIN;
    static _Thread_local char text[INSTANT_SIZE];
    int64_t milliseconds = clock_milliseconds(), second = floor_division(milliseconds, 1000);
    if (second != written) {
        clock_format(second * 1000, text);
        written = second;
    }
    write_digits(text + 20, 3, milliseconds - second * 1000);
    memcpy(instant, text, INSTANT_SIZE);
}

void clock_http_date(int64_t milliseconds, char date[static HTTP_DATE_SIZE])
{
    static const char weekdays[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* 1970 began on a Thursday */
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t second = floor_division(within_four_digit_years(milliseconds), 1000);
    int64_t days = floor_division(second, DAY), time = second - days * DAY;
    struct day day = clock_day(days);
    memcpy(date, "Thu, 00 Jan 0000 00:00:00 GMT", HTTP_DATE_SIZE);
    memcpy(date, weekdays[days - floor_division(days, 7) * 7], 3);
    write_digits(date + 5, 2, day.day);
    memcpy(date + 8, months[day.month - 1], 3);
    write_digits(date + 12, 4, day.year);
    write_digits(date + 17, 2, time / 3600);
    write_digits(date + 20, 2, time / 60 % 60);
    write_digits(date + 23, 2, time % 60);
}

/* `count` digits as a number from `least` to `most`. */
static bool read_number(const char *text, int count, int least, int most, int *number)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        sum = sum * 10 + (text[i] - '0');
    }
    *number = sum;
    return sum >= least && sum <= most;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

/* full-date = 4DIGIT "-" 2DIGIT "-" 2DIGIT, of a day that exists */
static bool read_date(const char *text, struct day *date)
{
    return read_number(text, 4, 0, 9999, &date->year) && text[4] == '-' && read_number(text + 5, 2, 1, 12, &date->month) &&
           text[7] == '-' && read_number(text + 8, 2, 1, days_in_month(date->year, date->month), &date->day);
}

bool clock_is_date(struct slice text)
{
    struct day date;
    return text.length == 10 && read_date(text.data, &date);
}

int64_t clock_date_days(struct slice text)
{
    struct day date;
    return text.length >= 10 && read_date(text.data, &date) ? clock_days(date) : 0;
}

/* secfrac = "." 1*DIGIT; cuts it off the text. Absent is well too. */
static bool cut_fraction(struct slice *text, int *milliseconds)
{
    *milliseconds = 0;
    if (!slice_starts(*text, "."))
        return true;
    size_t digits = 0;
    int weight = 100;
    while (digits + 1 < text->length && text->data[digits + 1] >= '0' && text->data[digits + 1] <= '9') {
        *milliseconds += (text->data[digits + 1] - '0') * weight;
        weight /= 10;
        digits++;
    }
    text->data += digits + 1;
    text->length -= digits + 1;
    return digits > 0;
}

/* offset = "Z" | ("+" | "-") 2DIGIT ":" 2DIGIT */
static bool read_offset(struct slice text, int *seconds)
{
    int hour, minute;
    *seconds = 0;
    if (text.length == 1)
        return text.data[0] == 'Z' || text.data[0] == 'z';
    if (text.length != 6 || (text.data[0] != '+' && text.data[0] != '-') || !read_number(text.data + 1, 2, 0, 23, &hour) ||
        text.data[3] != ':' || !read_number(text.data + 4, 2, 0, 59, &minute))
        return false;
    *seconds = (hour * 60 + minute) * (text.data[0] == '-' ? -60 : 60);
    return true;
}

bool clock_parse_instant(struct slice text, int64_t *milliseconds)
{
    struct day date;
    int hour, minute, second, fraction, offset;
    if (text.length < SHORTEST_INSTANT || !read_date(text.data, &date) || (text.data[10] != 'T' && text.data[10] != 't') ||
        !read_number(text.data + 11, 2, 0, 23, &hour) || text.data[13] != ':' ||
        !read_number(text.data + 14, 2, 0, 59, &minute) || text.data[16] != ':' ||
        !read_number(text.data + 17, 2, 0, 60, &second))
        return false;
    struct slice rest = {text.data + 19, text.length - 19};
    if (!cut_fraction(&rest, &fraction) || !read_offset(rest, &offset))
        return false;
    int64_t since_1970 = clock_days(date) * DAY + hour * 3600 + minute * 60 + second - offset;
    *milliseconds = since_1970 * 1000 + fraction;
    /* An offset can carry the first and the last day out of the years that can be written. */
    return *milliseconds >= EARLIEST && *milliseconds <= LATEST;
}
