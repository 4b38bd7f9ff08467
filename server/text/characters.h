/* Classes of characters, and their folding: small letters without diacritics. Beside letters.c nothing else in this room asks
 * ICU. */
#ifndef READOUT_TEXT_CHARACTERS_H
#define READOUT_TEXT_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/slice.h"

enum character {
    CHARACTER_SPACE, /* and line ends, controls, what has no width */
    CHARACTER_LETTER,
    CHARACTER_CAPITAL,
    CHARACTER_DIGIT,
    CHARACTER_COMBINING, /* goes on with what it stands behind */
    CHARACTER_QUOTE,     /* a quotation mark or an apostrophe */
    CHARACTER_MARK       /* everything else */
};

/* The code point at `*at` in valid UTF-8; `*at` moves behind it. */
int32_t character_next(struct slice text, size_t *at);
enum character character_of(int32_t point);
/* A small letter without diacritics, typographic apostrophes and hyphens as ASCII has them; 0 for a combining mark. */
int32_t character_fold(int32_t point);
/* Writes a code point as UTF-8 and returns its bytes, 1 to 4. */
size_t character_write(int32_t point, char bytes[static 4]);

enum { FOLDED_MAX = 128 };
/* The word folded, cut at FOLDED_MAX bytes; returns its length. */
size_t character_fold_word(struct slice word, char folded[static FOLDED_MAX]);

#endif
