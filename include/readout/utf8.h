/* Unicode code points in UTF-8 text: what offsets count. */
#ifndef READOUT_UTF8_H
#define READOUT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/slice.h"

bool utf8_valid(struct slice text);    /* RFC 3629: no surrogates, nothing overlong, nothing past U+10FFFF */
size_t utf8_good(struct slice text);   /* bytes before the first that are not UTF-8; all, where it is valid */
size_t utf8_length(struct slice text); /* code points, in valid text */

/* A text whose code points can be found without counting from the start: a mark each 64 of them. Borrows the text. */
struct points {
    struct slice text;
    size_t length;   /* code points */
    uint32_t *marks; /* byte offsets of code points 0, 64, 128 …; NULL where all is ASCII */
};
struct points points_of(struct arena *arena, struct slice text);

/* The characters from `start` to `end` (code points, end exclusive), or NO_SLICE where the text has no such range. */
struct slice points_slice(const struct points *points, int64_t start, int64_t end);

#endif
