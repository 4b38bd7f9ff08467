/* The lexicons as the tokens are looked up in them. */
#ifndef READOUT_TEXT_LEXICON_H
#define READOUT_TEXT_LEXICON_H

#include "text_private.h"

/* A folded word's number among all lexicons, 0 for an unknown one; `starts`: the lexicons of which an entry begins with it. */
uint32_t lexicon_word(struct slice folded, uint32_t hash, uint32_t *starts);
/* Its number among the record's names and keywords (known.c). */
uint32_t known_word(const struct known *known, struct slice folded, uint32_t hash);

#endif
