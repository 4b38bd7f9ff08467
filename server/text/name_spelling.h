/* How far two spellings are apart. */
#ifndef READOUT_TEXT_NAME_SPELLING_H
#define READOUT_TEXT_NAME_SPELLING_H

#include "readout/slice.h"

enum { SPELLING_LETTERS_MAX = 64 };

/* Letters to add, drop, replace or swap with their neighbour until one word is the other (optimal string alignment over code
 * points); more than `limit` where it is more than that, or a word has more than SPELLING_LETTERS_MAX letters. */
unsigned spelling_distance(struct slice a, struct slice b, unsigned limit);

#endif
