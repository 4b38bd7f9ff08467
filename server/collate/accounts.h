/* A claim as each article gives it: what the files share that look for articles which give it otherwise. */
#ifndef READOUT_COLLATE_ACCOUNTS_H
#define READOUT_COLLATE_ACCOUNTS_H

#include "collate_private.h"
#include "readout/text.h"

struct account {
    const json_t *report;
    int64_t article, speaker; /* speaker: whom the article names, else the claim's; 0: nobody */
    int64_t published;        /* its article's day, see days_of() */
    bool other_claim;         /* of one in the same words, which the record has apart: of another speaker */
    bool quoted;              /* some of it in quotation marks */
    struct slice words;       /* in one line */
    struct gist gist;
    struct statement_of whole;  /* source and words, where they stand together; else the words */
    struct statement_of naming; /* where the speaker is named whom the source calls "he"; an empty one where it does not */
};

struct accounts {
    struct noticing *noticing;
    struct arena *arena;
    struct account *list;
    size_t count;
    int64_t oldest; /* of the claims in the same words: what is noticed across them is kept with it */
};

/* How much the words of two share, from 0 to 1. */
double accounts_share(const struct account *a, const struct account *b);
/* "Who said it: …", with the beginning of the claim. */
struct slice accounts_about(const struct accounts *accounts, const char *what);
/* A side that has room for `most` statements for each account. */
struct side account_side(const struct accounts *accounts, struct slice value, size_t most);
void side_state(struct side *side, struct statement_of statement);

void notice_mouths(const struct accounts *accounts);
void notice_denials(const struct accounts *accounts);
void notice_numbers(const struct accounts *accounts);

#endif
