/* Cutting text into tokens, for texts and for the spellings of lexicons alike. */
#ifndef READOUT_TEXT_TOKENS_H
#define READOUT_TEXT_TOKENS_H

#include "characters.h"
#include "text_private.h"

/* Cuts valid UTF-8 into tokens: kind, bytes, code points, mark and flags. Writes at most `room` and returns how many there
 * are. */
uint32_t tokens_cut(struct slice bytes, struct token *tokens, uint32_t room);

/* Takes apart words that hide names (token_splits.c); the lexicons have been looked up, and are for the parts. */
void tokens_split(struct text *text);

/* What dictionaries know a token by: its folded word, or the ASCII letter that stands for its mark. */
size_t token_fold(const struct token *token, struct slice written, char folded[static FOLDED_MAX]);

#endif
