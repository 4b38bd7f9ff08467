/* How far a claim can be trusted: how often claims found in the same way were right.
 *
 * Each claim falls into the first class of the table that it fits. `right` of `seen` claims of the class had the content and the
 * speaker that people had marked: in the five annotated reports on the Geneva talks, and (with the source for the speaker) in the
 * news texts of GUM (CC BY), which mark fewer attitudes and nothing that is nested, so that those classes come out low. One more
 * of either kind is assumed for each class, so that a class with few examples stays near the middle: (right + 1) / (seen + 2).
 * tests/text/calibrate.py counts anew. */
#include "claims.h"

enum trait {
    TRAIT_DIRECT = 1,
    TRAIT_MIXED = 2,
    TRAIT_INDIRECT = 4,
    TRAIT_CUE = 8,       /* a verb of saying */
    TRAIT_ATTITUDE = 16, /* a verb of thinking or wanting */
    TRAIT_NOUN = 32,
    TRAIT_PHRASE = 64, /* "according to" */
    TRAIT_NO_CUE = 128,
    TRAIT_THAT = 256,  /* what is said begins behind "that", or after the source and the cue in quotation marks */
    TRAIT_SHORT = 512, /* fewer than four words */
    TRAIT_NESTED = 1024,
    TRAIT_NO_SPEAKER = 2048,
    TRAIT_SOURCE = 4096,
    TRAIT_SPEECH = 8192 /* the verb can stand with a quotation: "said", not "offered" */
};

static const struct {
    unsigned traits; /* all of them */
    double right, seen;
} classes[] = {
    {TRAIT_NESTED | TRAIT_SPEECH, 4, 12},
    {TRAIT_NESTED, 3, 7},
    {TRAIT_NO_SPEAKER | TRAIT_SPEECH | TRAIT_SOURCE, 13, 17},
    {TRAIT_NO_SPEAKER | TRAIT_SOURCE, 3, 8},
    {TRAIT_NO_SPEAKER, 5, 11},
    {TRAIT_SHORT, 1, 7},
    {TRAIT_DIRECT | TRAIT_NO_CUE, 4, 13},
    {TRAIT_DIRECT | TRAIT_SPEECH, 55, 65},
    {TRAIT_DIRECT, 0, 3},
    {TRAIT_MIXED | TRAIT_SPEECH, 28, 32},
    {TRAIT_MIXED, 4, 8},
    {TRAIT_PHRASE, 10, 14},
    {TRAIT_NOUN, 0, 2},
    {TRAIT_ATTITUDE | TRAIT_THAT, 3, 3},
    {TRAIT_ATTITUDE, 8, 20},
    {TRAIT_SPEECH | TRAIT_THAT, 26, 31},
    {TRAIT_SPEECH, 53, 79},
    {TRAIT_CUE, 7, 19},
    {0, 0, 0},
};

enum { SHORT_TOKENS = 4 };

static unsigned traits_of_cue(const struct attribution *attribution)
{
    const struct entry *entry = attribution->verb;
    if (!entry)
        return TRAIT_NO_CUE;
    if (entry->lexicon == LEXICON_NOUNS)
        return TRAIT_NOUN;
    if (entry_has(entry, "attitude"))
        return TRAIT_ATTITUDE;
    return entry->lexicon == LEXICON_CUE_PHRASES ? TRAIT_PHRASE : TRAIT_CUE;
}

static unsigned traits_of(const struct text *text, const struct attribution *attribution, const struct claim *claim)
{
    unsigned traits = traits_of_cue(attribution);
    uint32_t length = 0;
    for (uint32_t i = 0; i < claim->content_count; i++)
        length += claim->content[i].end - claim->content[i].first;
    traits |= claim->kind == CLAIM_DIRECT ? TRAIT_DIRECT : claim->kind == CLAIM_MIXED ? TRAIT_MIXED : TRAIT_INDIRECT;
    traits |= length < SHORT_TOKENS ? TRAIT_SHORT : 0;
    traits |= attribution->outer != NOBODY ? TRAIT_NESTED : 0;
    traits |= claim->speaker == NOBODY ? TRAIT_NO_SPEAKER : 0;
    traits |= span_empty(claim->source) ? 0 : TRAIT_SOURCE;
    traits |= attribution->verb && entry_lists(attribution->verb, "frames", "quote") ? TRAIT_SPEECH : 0;
    uint32_t first = claim->content[0].first;
    traits |= first > 0 && token_is(text, first - 1, "that") ? TRAIT_THAT : 0;
    return traits;
}

double confidence_of(const struct text *text, const struct attribution *attribution, const struct claim *claim)
{
    unsigned traits = traits_of(text, attribution, claim);
    size_t i = 0;
    while ((classes[i].traits & traits) != classes[i].traits)
        i++;
    return (classes[i].right + 1) / (classes[i].seen + 2);
}
