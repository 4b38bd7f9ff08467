/* "Did you mean": the nearest of some known names. */
#ifndef READOUT_NEAREST_H
#define READOUT_NEAREST_H

#include <stddef.h>

#include "readout/slice.h"

/* The name with the smallest edit distance to `word` (Levenshtein with swaps of neighbours), or NULL when even the nearest takes
 * more than a third of the word's length, and more than two edits, to reach, or has no letter of it in its place. Small and
 * capital letters count as the same; names of more than 64 bytes are never meant. `names` holds `count` NUL-terminated names. */
const char *nearest_name(struct slice word, const char *const *names, size_t count);

#endif
