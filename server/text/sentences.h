/* Finding a sentence's end, for paragraphs whose role is not known yet (clean.c) and for all of them (sentences.c). */
#ifndef READOUT_TEXT_SENTENCES_H
#define READOUT_TEXT_SENTENCES_H

#include "text_private.h"

/* A walk through one paragraph. Set `text` and `end`, leave the rest zero. */
struct sentences {
    const struct text *text;
    uint32_t end;              /* the paragraph's */
    uint32_t abbreviation_end; /* past the abbreviation that was met last */
    bool abbreviation_may_end; /* its dot may also end the sentence */
    uint32_t open_quotes;      /* double quotation marks so far */
};

/* The end of the sentence that begins at `first`: past its stop and what closes behind it. Call it for one after the other. */
uint32_t sentence_end(struct sentences *sentences, uint32_t first);

#endif
