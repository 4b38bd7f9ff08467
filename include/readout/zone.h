/* Time zones: how far local time is from UTC, and when, by the system's zone files (TZif, RFC 8536). The C library's own reading
 * of them is one setting for the whole process; here a zone is a value.
 *
 * All times are seconds since 1970, UTC; a local time is what a clock on the wall shows, counted the same way. */
#ifndef READOUT_ZONE_H
#define READOUT_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/slice.h"

struct zone;

/* The zone of that name, "Europe/Zurich", or NULL where there is none. "UTC" needs no file. All memory is the arena's. */
const struct zone *zone_open(struct arena *arena, struct slice name);

/* The same from a file's bytes; NULL where they are no zone. */
const struct zone *zone_read(struct arena *arena, struct slice file);

/* The name that was probably meant, or NULL. */
const char *zone_nearest(struct arena *arena, struct slice name);

/* Seconds that local time is ahead of UTC at an instant. */
int64_t zone_offset(const struct zone *zone, int64_t instant);

/* When the clocks first show that local time or, where they skip it, a later one. */
int64_t zone_instant(const struct zone *zone, int64_t local);

#endif
