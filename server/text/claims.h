/* What stance.c, chain.c and confidence.c tell claims.c. */
#ifndef READOUT_TEXT_CLAIMS_H
#define READOUT_TEXT_CLAIMS_H

#include "text_private.h"

/* What is done by saying it, of the contract's enumeration. */
const char *stance_of(const struct text *text, const struct attribution *attribution);
enum { NESTING_MAX = 8 }; /* deeper than anybody quotes */

uint32_t paragraph_of(const struct text *text, uint32_t at);
bool is_media(const struct text *text, int32_t actor);

/* Marks the attributions that are no claims because others say what they hold: a medium that passes on ("Reuters reports that the
 * minister said"), a quotation whose marks are not where they should be. */
void find_passing_on(const struct text *text, bool *passes_on);

struct chain {
    int32_t via[VIA_MAX];
    uint32_t count, paragraph;
};

/* Fills the claim's `via`: by what is printed with it, or by what earlier claims left `here` or to its speaker (`memories`, by
 * actor). */
void find_chain(const struct text *text, const struct attribution *attribution, struct claim *claim, struct chain *here,
                struct chain *memories);
/* Once all claims are there: what a later claim tells of the one before it. */
void find_chain_behind(struct text *text);

/* How often claims found in the same way are right, from 0 to 1. */
double confidence_of(const struct text *text, const struct attribution *attribution, const struct claim *claim);

#endif
