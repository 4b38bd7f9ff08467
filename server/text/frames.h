/* What the lexicons of saying and the function words say, decoded once into bits, so that reading a text compares no strings. */
#ifndef READOUT_TEXT_FRAMES_H
#define READOUT_TEXT_FRAMES_H

#include "text_private.h"

/* What may follow a cue as its content (lexicon/verbs.txt), and what the cue is. */
enum frame_bit {
    FRAME_QUOTE = 1,
    FRAME_THAT = 2,
    FRAME_ZERO = 4,
    FRAME_WH = 8,
    FRAME_TO = 16,
    FRAME_NP = 32,
    FRAME_NPTO = 64,
    FRAME_ING = 128,
    FRAME_TELL = 256,
    FRAME_AS = 512,
    FRAME_ATTITUDE = 1024,
    FRAME_ASIDE = 2048,
    FRAME_PLAIN = 4096,
    FRAME_NOUN = 8192, /* its base form is as often a noun */
    FRAME_VIEW = 16384,
    FRAME_AFTER_BE = 32768,
    FRAME_OBJECT = 65536, /* the judgement may follow its object without "as" */
    FRAME_SURVEY = 131072 /* "the poll shows a lead" */
};

enum { FRAME_PREPOSITIONS_MAX = 5 };

struct frame {
    unsigned bits;
    struct slice prepositions[FRAME_PREPOSITIONS_MAX];
    uint32_t preposition_count;
};

/* Of an entry of LEXICON_VERBS, LEXICON_NOUNS or LEXICON_CUE_PHRASES. */
const struct frame *frame_of(const struct entry *entry);
/* Whether the preposition at that token leads to the content. */
bool frame_takes(const struct frame *frame, const struct text *text, uint32_t at);

/* The classes of lexicon/function_words.txt, one bit each, and what else stands there. */
enum word_bit {
    WORD_DETERMINER = 1,
    WORD_POSSESSIVE = 2,
    WORD_DEMONSTRATIVE = 4,
    WORD_QUANTIFIER = 8,
    WORD_PRONOUN = 16,
    WORD_PREPOSITION = 32,
    WORD_CONJUNCTION = 64,
    WORD_SUBORDINATOR = 128,
    WORD_RELATIVE = 256,
    WORD_INTERROGATIVE = 512,
    WORD_AUXILIARY = 1024,
    WORD_MODAL = 2048,
    WORD_NEGATION = 4096,
    WORD_PARTICLE = 8192,
    WORD_ADVERB = 16384,
    WORD_INTERJECTION = 32768,
    WORD_SUBJECT = 65536, /* case=subject or either */
    WORD_BE = 131072,
    WORD_HAVE = 262144,
    WORD_DO = 524288,
    WORD_NEGATIVE = 1048576,
    WORD_LINKING = 2097152,
    WORD_FIRST_PERSON = 4194304,
    WORD_CONTRACTED = 8388608,
    WORD_GERUND = 16777216,
    WORD_REFLEXIVE = 33554432
};

struct word {
    unsigned bits;
    unsigned first; /* the bit of its most usual class */
};

/* Of an entry of LEXICON_FUNCTION_WORDS. */
const struct word *word_of(const struct entry *entry);

#endif
