/* Where the characters of a text stand in a later version of it.
 *
 * Both are cut into words and marks; white space counts for nothing, and all quotation marks are alike, and all dashes. Words
 * that stand in the same order in both are paired (a patience diff), so that what was only pushed along is followed even where
 * the same words stand elsewhere, too. The same two texts give the same pairs on any machine.
 *
 *     struct realigned *realigned = realign(before, after, arena);
 *     if (realigned_in_place(realigned, was, &is) || realigned_elsewhere(realigned, was, near, &is)) … */
#ifndef READOUT_REALIGN_H
#define READOUT_REALIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/slice.h"

/* Code points, end exclusive. */
struct extent {
    int64_t start, end;
};

struct realigned;

/* Of valid UTF-8. All memory is the arena's; the texts are borrowed. */
struct realigned *realign(struct slice before, struct slice after, struct arena *arena);

/* Where the range of the text before stands word for word, among the words that it stood among. */
bool realigned_in_place(const struct realigned *realigned, struct extent before, struct extent *after);
/* Anywhere: of several places, the one nearest to `near`. A range without a word stands nowhere. */
bool realigned_elsewhere(const struct realigned *realigned, struct extent before, int64_t near, struct extent *after);
/* From the first to the last word of the range that is still there, where most of them are. */
bool realigned_mostly(const struct realigned *realigned, struct extent before, struct extent *after);
/* The same, with the words that stand in the place of its own first and last ones. */
bool realigned_changed(const struct realigned *realigned, struct extent before, struct extent *after);
/* About where in the text after what stood at `point` would stand. */
int64_t realigned_place(const struct realigned *realigned, int64_t point);

/* Both texts from beginning to end, run by run: what is kept, and what stands between for what. An extent that ends where it
 * starts has nothing. The number of runs. */
struct realigned_run {
    bool kept;
    struct extent before, after;
};
size_t realigned_runs(const struct realigned *realigned, struct arena *arena, struct realigned_run **runs);

/* How many words of each the other has not, wherever they stand. */
void realigned_words(const struct realigned *realigned, int64_t *added, int64_t *removed);

#endif
