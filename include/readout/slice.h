/* A slice: bytes that somebody else owns. UTF-8 where it is text; never assumed to end in NUL. */
#ifndef READOUT_SLICE_H
#define READOUT_SLICE_H

#include <stdbool.h>
#include <stddef.h>

struct slice {
    const char *data; /* NULL: absent, which is not the same as empty */
    size_t length;
};

#define SLICE(literal) ((struct slice){("" literal), sizeof(literal) - 1})
#define NO_SLICE       ((struct slice){NULL, 0})
/* For printf's "%.*s". */
#define SLICE_ARGS(slice) (int)(slice).length, (slice).data

struct slice slice_of(const char *string); /* NULL gives NO_SLICE */
bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice slice, const char *string);
bool slice_equal_fold(struct slice a, struct slice b); /* ASCII letters compare alike, as in HTTP */
/* Which comes first, byte by byte: below, 0 or above 0. What is absent is like what is empty. */
int slice_compare(struct slice a, struct slice b);
bool slice_starts(struct slice slice, const char *prefix);
bool slice_ends(struct slice slice, const char *suffix);

/* Cuts `rest` at the first `separator`: returns what stood before it and leaves what follows in `rest` (NO_SLICE at the end). */
struct slice slice_cut(struct slice *rest, char separator);
struct slice slice_trim(struct slice slice); /* without spaces and tabs at both ends */

/* A whole decimal integer that fits 64 bits, with an optional '-': true and the value, else false. */
bool slice_to_int(struct slice slice, long long *value);

#endif
