/* What the files of this room share and no other room sees. */
#ifndef READOUT_COLLATE_PRIVATE_H
#define READOUT_COLLATE_PRIVATE_H

#include "readout/collate.h"

/* ---- discrepancies (discrepancies.c) ---------------------------------------------------------------------- */

/* The characters of an article that state a value. */
struct statement_of {
    int64_t article;
    int64_t start, end;
};

/* One side of a discrepancy. */
struct side {
    struct slice value;
    struct statement_of *statements; /* in any order; several of one article are fine */
    size_t count;
};

/* What was noticed. Sides are put into their order by keep_noticed(): the more origins the earlier. */
struct noticed {
    struct slice key; /* tells it from others noticed at the same resource: "title". At an article it has to tell it from all */
    const char *kind; /* as in the contract */
    struct slice about;
    int64_t actor, meeting, claim; /* 0: none. The resource that is looked at is filled in */
    struct side *sides;
    size_t count;
};

/* One resource that is looked at. */
struct noticing {
    struct collating *collating;
    enum noun noun;
    int64_t id;
    const json_t *document;        /* as it stands, a claim with its reports; NULL: an article that is deleted */
    struct noticed_before *before; /* what was noticed at it before */
    size_t before_count;
    bool *seen; /* … and is noticed again */
};

/* Makes the discrepancy, or puts the sides into the one that is there. What a person explained, dismissed, changed or deleted
 * stays as it is, and where a person
 * wrote one of that kind about the same resource none is made. With fewer than two sides it does nothing: whatever was noticed
 * before and is not kept again is taken back. */
void keep_noticed(struct noticing *noticing, const struct noticed *noticed);

/* A property of the resource's document, NO_SLICE where it is no text. */
struct slice noticing_text(const struct noticing *noticing, const char *name);

/* When an article was published, roughly, which is enough: months count 31 days; -1: not known (titles.c). */
long long day_published(struct collating *collating, int64_t article);

/* The text that comes most often; of several the shortest, and of these the first in the alphabet. Sorts them. */
struct slice usual_text(struct slice *texts, size_t count);
/* How articles mostly name somebody, in full where any does (spellings.c). */
struct slice usual_name(const struct naming_of *namings, size_t count);
/* The same from what the record has; NO_SLICE: nothing (talks.c). */
struct slice usual_name_of(struct collating *collating, int64_t actor, struct arena *arena);

/* For what is noticed at one of several: looks at another of them, where it is `kept_there` now; or where it was before, so
 * that it is taken back (talks.c). */
void notice_elsewhere(struct noticing *noticing, int64_t id, bool kept_there);

/* The day that a date or an instant begins with, since 1970-01-01, or NOT_KNOWN (talks.c). */
#define NOT_KNOWN INT64_MIN
int64_t days_of(struct slice text);

/* The noticers: each looks at one resource and keeps all that it notices there now, whichever article was the occasion. They are
 * listed in discrepancies.c. */
void notice_titles(struct noticing *noticing);    /* of an actor: titles.c */
void notice_spellings(struct noticing *noticing); /* of an actor: spellings.c */
void notice_wordings(struct noticing *noticing);  /* of a claim: terms.c */
void notice_talks(struct noticing *noticing);     /* of a meeting: talks.c */
void notice_accounts(struct noticing *noticing);  /* of a claim: accounts.c */
/* Of an article: terms.c. Has to keep again also what noticing->before has of other articles. */
void notice_terms(struct noticing *noticing);

/* ---- quotations (quotes.c) -------------------------------------------------------------------------------- */

/* What to find a quotation by: its words, in their order and without those in square brackets; its longest runs of them, without
 * ellipses; and how many words may differ. At most so many; their number. */
size_t quote_words(const struct quote *quote, struct slice *words, size_t most);
size_t quote_runs(const struct quote *quote, struct slice *runs, size_t most);
size_t quote_bound(const struct quote *quote);

#endif
