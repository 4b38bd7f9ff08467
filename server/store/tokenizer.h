/* Text to tokens, for the search index: words folded (small letters, no diacritics, ё as е), with other forms at the same place.
 *
 *     exercises   →  exercises, ~exercis              as it stands; its stem, marked, where that differs
 *     exercices   →  exercices, ~exercic, ~fr:exercic in a French text: the stem of its language as well
 *     Рябкова     →  рябкова, ~рябков, ryabkova, ryabkov, …   a name in Cyrillic: Latin spellings of it, of its nominative too
 *     U.S.        →  us                               Russia's → russia
 *     北京大学    →  北京, 京大, 大学, 学             pairs, and the last one alone
 *
 * A word that is asked for stands for its stem, marked or not; "=" in the header below asks for the word as it stands. A text may
 * begin with a header: \1, then "=" or the code of a language, then \2. */
#ifndef READOUT_STORE_TOKENIZER_H
#define READOUT_STORE_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>

#include "readout/slice.h"

/* Belongs to one thread; what it needs of ICU and Snowball it opens when a text first needs it. */
struct tokenizer;
struct tokenizer *tokenizer_open(void);
void tokenizer_close(struct tokenizer *tokenizer);
/* What it folds and spells with. */
struct letters *tokenizer_letters(struct tokenizer *tokenizer);

#define TOKENS_HEADER     '\1'
#define TOKENS_HEADER_END '\2'

enum tokens_use {
    TOKENS_INDEX,  /* all forms of each word */
    TOKENS_QUERY,  /* what a document may have of each */
    TOKENS_PREFIX, /* how words begin: as they stand */
    TOKENS_PLACES  /* only where they stand: the token is empty */
};

/* One token: from `start` to `end` in the text, in bytes. `beside`: another form of the one before. Non-zero ends the run. */
typedef int tokens_emit(void *to, bool beside, struct slice token, size_t start, size_t end);

/* Gives what `emit` ended it with, or 0. */
int tokenizer_run(struct tokenizer *tokenizer, enum tokens_use use, struct slice text, tokens_emit *emit, void *to);

#endif
