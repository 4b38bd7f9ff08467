/* Time as the rest of the house uses it: instants as RFC 3339 text in UTC, durations as nanoseconds of the monotonic clock. */
#ifndef READOUT_CLOCK_H
#define READOUT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "readout/slice.h"

enum { INSTANT_SIZE = 25 }; /* "2022-01-08T18:00:00.000Z" and a NUL */

int64_t clock_nanoseconds(void);  /* monotonic, for durations */
int64_t clock_milliseconds(void); /* since 1970, UTC */

/* Milliseconds since 1970 as RFC 3339 in UTC with three decimals. */
void clock_format(int64_t milliseconds, char instant[static INSTANT_SIZE]);
/* Now, in the same form. */
void clock_now(char instant[static INSTANT_SIZE]);
/* The same as RFC 9110 §5.6.7 has it for headers: "Sat, 08 Jan 2022 18:00:00 GMT" (30 bytes with its NUL). */
enum { HTTP_DATE_SIZE = 30 };
void clock_http_date(int64_t milliseconds, char date[static HTTP_DATE_SIZE]);

/* A day of the Gregorian calendar, and its number: 0 is 1970-01-01. */
struct day {
    int year, month, day;
};
int64_t clock_days(struct day day);
struct day clock_day(int64_t days);

/* A calendar day that exists, "2022-01-08" (RFC 3339 full-date). */
bool clock_is_date(struct slice text);
/* The number of the day that a date or an instant begins with; 0 where it begins with none. */
int64_t clock_date_days(struct slice text);

/* An RFC 3339 date-time with any offset, seconds up to 60; fractions are cut to milliseconds. */
bool clock_parse_instant(struct slice text, int64_t *milliseconds);

#endif
