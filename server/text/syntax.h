/* A light syntax: what part of speech each token is, noun phrases, and the subject of a verb. No tree; every answer is found by
 * looking a bounded way to the left or right. */
#ifndef READOUT_TEXT_SYNTAX_H
#define READOUT_TEXT_SYNTAX_H

#include "frames.h"

enum part {
    PART_NOUN, /* nouns, adjectives, names: whatever nothing else is known of */
    PART_NUMBER,
    PART_DETERMINER, /* articles, possessives, quantifiers */
    PART_PRONOUN,
    PART_CLITIC,      /* the 's of a possessor */
    PART_PREPOSITION, /* also those that may open a clause: before, after, as (READ_OPENS) */
    PART_TO,          /* of an infinitive */
    PART_CONJUNCTION,
    PART_SUBORDINATOR,
    PART_THAT,
    PART_RELATIVE, /* who, which, where */
    PART_WH,       /* what, how, why, whether */
    PART_AUXILIARY,
    PART_MODAL,
    PART_NEGATION,
    PART_ADVERB,
    PART_FINITE, /* a full verb that is one by its form and place */
    PART_BASE,   /* after "to", a modal or "do" */
    PART_PARTICIPLE,
    PART_GERUND,
    PART_COMMA,
    PART_STOP,  /* . ? ! … */
    PART_COLON, /* : */
    PART_SEMICOLON,
    PART_DASH,
    PART_OPENING, /* ( [ */
    PART_CLOSING, /* ) ] */
    PART_QUOTE,
    PART_APART, /* a quotation mark around a word or two set apart: nothing ends at it */
    PART_OTHER
};

enum reading_flag {
    READ_PASSIVE = 1,     /* a participle after "be" */
    READ_PERFECT = 2,     /* a participle after "have" */
    READ_PROGRESSIVE = 4, /* a gerund after "be" */
    READ_SUBJECT = 8,     /* a pronoun that can be a subject */
    READ_OPENS = 16,      /* a preposition that may open a clause */
    READ_NEGATIVE = 32,
    READ_INSIDE = 64,   /* a later word of a longer entry: the "to" of "according to" */
    READ_LINKING = 128, /* "however": no part of what is said */
    READ_POSSESSIVE = 256,
    READ_QUANTIFIER = 512,
    READ_BE = 1024,
    READ_FIRST_PERSON = 2048,
    READ_CONTRACTED = 4096, /* a pronoun with its auxiliary */
    READ_PAST = 8192,       /* a past form that may also be a participle, or the other way round */
    READ_VERB = 16384       /* may be a verb, whatever it is taken for */
};

struct reading {
    uint8_t part;
    uint8_t length; /* of the entry that begins here, in tokens */
    uint16_t flags;
    const struct entry *cue; /* of LEXICON_VERBS, LEXICON_NOUNS or LEXICON_CUE_PHRASES; NULL */
    uint32_t quotation;      /* 1 + the quotation whose first token (its mark, or its first word where that is lost) this is */
};

struct syntax {
    const struct text *text;
    struct reading *readings; /* one for each token, and one past the end */
};

/* Reads the whole text. Quotations must have been found. */
struct syntax syntax_read(struct text *text);

static inline enum part part_of(const struct syntax *syntax, uint32_t at)
{
    return (enum part)syntax->readings[at].part;
}
bool has_flag(const struct syntax *syntax, uint32_t at, enum reading_flag flag);

/* Whether the token is a verb that can be a clause's own: a finite one, an auxiliary or a modal. */
bool is_finite(const struct syntax *syntax, uint32_t at);
/* Whether the token can begin a noun phrase, and whether it can stand in one. */
bool opens_phrase(const struct syntax *syntax, uint32_t at);
bool in_phrase(const struct syntax *syntax, uint32_t at);
bool is_date(const struct syntax *syntax, uint32_t at);

/* The token after a noun phrase that begins at `at`, with no more than `limit` as end; `at` where there is none. The plain phrase
 * ends before any preposition; the full one goes on with "of …", "for …" and the like, and with "and …". */
uint32_t plain_phrase_end(const struct syntax *syntax, uint32_t at, uint32_t limit);
uint32_t full_phrase_end(const struct syntax *syntax, uint32_t at, uint32_t limit);

/* The first token of the verb group that the verb at `at` belongs to: "had not yet said". */
uint32_t group_start(const struct syntax *syntax, uint32_t at, uint32_t from);
/* The subject of the verb group that begins at `at`, in the clause that lies after `from`; empty where none is found. `clause` is
 * where the clause begins, as far as the subject tells. */
struct span subject_before(const struct syntax *syntax, uint32_t at, uint32_t from, uint32_t *clause);

/* The subject of the finite verb that stands last before `at`, a few words away; empty where there is none. */
struct span nearest_subject(const struct syntax *syntax, uint32_t at, uint32_t from);
/* The subject of the main clause before `at`: of its first finite verb. Empty where none is found. */
struct span main_subject(const struct syntax *syntax, uint32_t at, uint32_t from);

/* The token after the quotation that begins at `at`, or `at` where none does. */
uint32_t past_quotation(const struct syntax *syntax, uint32_t at);

#endif
