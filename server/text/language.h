/* Which language a text is in, told by its most frequent words. */
#ifndef READOUT_TEXT_LANGUAGE_H
#define READOUT_TEXT_LANGUAGE_H

#include "text_private.h"

/* The ISO 639-1 code of the language of most of the span's little words; NO_SLICE where there are too few to tell. */
struct slice language_of(const struct text *text, struct span span);

#endif
