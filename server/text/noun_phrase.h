/* A noun phrase taken apart, as far as it tells who is meant: its head, what number and gender it has, whose it is. */
#ifndef READOUT_TEXT_NOUN_PHRASE_H
#define READOUT_TEXT_NOUN_PHRASE_H

#include "text_private.h"

enum gender { GENDER_UNKNOWN, GENDER_MALE, GENDER_FEMALE, GENDER_NEUTER };

enum phrase_form {
    PHRASE_UNKNOWN, /* a noun that nothing is known of, or no noun at all */
    PHRASE_NAME,    /* "Norwegian Deputy Finance Minister Anna Keller": `actor` */
    PHRASE_NOMINAL, /* "a spokesman for the State Department": `role` */
    PHRASE_PRONOUN  /* "she", "they", "who", "others": `role` is the function word */
};

struct noun_phrase {
    struct span span; /* without what follows a comma or begins a relative clause */
    uint32_t head;    /* the last token of its head */
    enum phrase_form form;
    int32_t actor;            /* whose name the head is, or NOBODY */
    const struct entry *role; /* the head's entry in LEXICON_ROLES; of a pronoun in LEXICON_FUNCTION_WORDS */
    bool plural, definite, indefinite;
    bool other; /* "another official": nobody who was there before */
    enum gender gender;
    int32_t of;           /* the body, state or person it belongs to: "White House official", "an aide to Putin"; or NOBODY */
    struct slice country; /* "the Spanish agency": ES */
    enum mention_form form_of; /* how `of` is named there */
};

/* Takes apart the phrase that `span` holds. Names inside must have been found. */
struct noun_phrase noun_phrase_read(const struct text *text, struct span span);

/* The gender that a person's given name or a role shows. */
enum gender gender_of_name(struct slice name);
enum gender gender_of_entry(const struct entry *entry);

/* The mention by a name that begins at or goes through that token; NULL for none. */
const struct mention *named_at(const struct text *text, uint32_t at);

/* Whether the function word at `at` is of that class before all others. */
bool is_class(const struct text *text, uint32_t at, const char *name);

#endif
