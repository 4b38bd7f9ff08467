/* What the files of this room share and no other room sees. */
#ifndef READOUT_INGEST_PRIVATE_H
#define READOUT_INGEST_PRIVATE_H

#include <pthread.h>

#include "readout/collate.h"
#include "readout/ingest.h"

/* ---- what the record knows (known.c) ---------------------------------------------------------------------- */

struct known_names;

struct known_names *known_open(struct store *store);
void known_close(struct known_names *names);

/* The names and keywords that the record has now, for as long as one reading takes. NULL when it has none, or cannot be read. */
struct snapshot;
struct snapshot *known_take(struct known_names *names);
const struct known *snapshot_known(const struct snapshot *snapshot);
void known_give_back(struct snapshot *snapshot);

/* ---- the room --------------------------------------------------------------------------------------------- */

struct ingest {
    struct known_names *known;
    int threads, started;
    pthread_t *workers;
    pthread_mutex_t lock;
    pthread_cond_t filled, emptied;
    struct batch *first, **end;
    size_t waiting, bytes; /* batches, and bytes of their bodies */
    size_t waiting_most;
    int64_t milliseconds; /* that one article may be read for */
    atomic_bool closing;
};

/* ---- runs of words (minhash.c) ---------------------------------------------------------------------------- */

/* The runs of four words of a text, as hashes, ascending, each once. */
struct shingles {
    uint64_t *hashes;
    size_t count;
};
/* `left_out`: parts of the text, in its order, that do not count. */
struct shingles shingles_of(struct slice text, const struct slice *left_out, size_t left_out_count, struct arena *arena);

/* The bands of its signature. False when there is too little to tell. */
bool shingles_bands(const struct shingles *shingles, int64_t bands[static ARTICLE_BANDS]);
/* Whether one of two texts repeats the other. */
bool shingles_repeat(const struct shingles *a, const struct shingles *b);

/* ---- keeping ---------------------------------------------------------------------------------------------- */

/* One reading on its way into the record. */
struct keeping {
    struct writing *writing;
    struct arena *arena;
    const struct reading *reading;
    const struct analysis *analysis;
    const json_t *const *defaults;
    int64_t article, outlet; /* 0: none */
    int64_t *actors;         /* by their places in the analysis: the ids; 0: not linked yet, LINKING: being linked */
    int64_t *meetings;
    bool *spelt_otherwise; /* by their places: the record has the actor under another name */
    struct tally_of *made; /* what was created */
};
enum { LINKING = -1 };

struct keeping keeping_of(struct writing *writing, const struct reading *reading, struct arena *arena,
                          const json_t *const *defaults, struct tally_of *made);

/* The record's actor for one of the analysis: a known one, or one that is made (linking.c). 0 where that failed: see the
 * writing's error. */
int64_t link_actor(struct keeping *keeping, int32_t actor);
/* Whether actors of these kinds can be the same: all bodies are alike. */
bool kinds_agree(struct slice a, struct slice b);

/* Once the article is in the record: gives the actors that it spells otherwise the name that most articles print (naming.c). */
void settle_names(struct keeping *keeping);

/* Bodies for the store. A new claim, as the analysis has it; and its report. */
json_t *claim_body(struct keeping *keeping, uint32_t claim);
json_t *report_body(struct keeping *keeping, uint32_t claim);
json_t *meeting_body(struct keeping *keeping, uint32_t meeting);
json_t *mention_body(struct keeping *keeping, uint32_t mention);
/* The spans of a meeting's mentions as evidence of the article; the participants. */
json_t *evidence_of(struct keeping *keeping, uint32_t meeting);
json_t *participants_of(struct keeping *keeping, uint32_t meeting);
/* To two decimals, from 0 to 1. */
double shown_confidence(const struct claim *claim);
/* A claim's words, in one line. */
struct slice claim_words(const struct keeping *keeping, uint32_t claim);

/* Creates, or patches; 0 and false where the store takes it not. */
int64_t keep_new(struct keeping *keeping, enum noun noun, json_t *body);
bool keep_changed(struct keeping *keeping, enum noun noun, int64_t id, json_t *body);

/* Links a claim to the one that is known, or makes it; its id. */
int64_t keep_claim(struct keeping *keeping, uint32_t claim);

/* Reads the meetings into the calendar, each linked to the one that is known, or new (calendar.c). `before`: those that they were
 * when the article was read before, or NULL. How many. */
int keep_meetings(struct keeping *keeping, const int64_t *before);
/* Links nameless sources that speak at one briefing; to be called once the meetings are kept, before the claims. */
void keep_voices(struct keeping *keeping);
/* The record's actor for a nameless source that speaks at a briefing which is known, or 0. */
int64_t known_voice(struct keeping *keeping, int32_t actor);
/* The meeting that a claim was said at, or NOBODY. */
int32_t occasion_of(const struct keeping *keeping, const struct claim *claim);

/* Puts what the article tells of its meetings in the place of what it told before (details.c). */
void keep_details(struct keeping *keeping);

/* Looks for where the article disagrees with others, once all that was found in it is kept. */
void compare_article(struct keeping *keeping);

/* What an article's body, or its document, leaves blank and the reading can tell. */
json_t *article_blanks(struct keeping *keeping, const json_t *body);

/* ---- another text under a known address (revising.c) ------------------------------------------------------- */

/* An article whose text was changed, on its way to be read anew (again.c). */
struct revised {
    const json_t *body; /* what its sender says of it, with the text */
    enum change_use use;
    json_t *spans;              /* its mentions and other spans, as they stand now */
    struct slice before;        /* the text that it had */
    struct quote_place *places; /* of quotations that are not word for word in it any more */
    size_t place_count;
};
/* Reads the article anew, and writes it. */
struct kept_again keep_revised(struct writing *writing, const struct change *change, const struct reading *reading,
                               const json_t *const *defaults, const struct revised *revised);
/* What the sender of a revision leaves blank. Into the body of the article: what the sender says. */
json_t *revised_blanks(struct keeping *keeping, const json_t *article, const struct revised *revised);
void revised_body(struct keeping *keeping, const struct revised *revised, json_t *body);

/* The article change->id gets the text of change->body. */
struct kept_article revise_article(struct writing *writing, const struct change *change, const struct reading *reading,
                                   const json_t *const *defaults, enum change_use use);

/* Shared with keeping.c: the mentions that were read, added to those that the body has; and what the article repeats, or 0. */
void keep_mentions(struct keeping *keeping, json_t *body);
int64_t find_original(struct writing *writing, const struct change *change, const struct reading *reading);

/* Whether the article may still ask more of the record (keeping.c). */
bool may_go_on(const struct keeping *keeping);
/* Between these two stands all that is done for one article; the second says whether that was too much, with a fault. */
void begin_keeping(struct writing *writing);
bool end_keeping(struct writing *writing, const struct change *change);

/* For qsort. */
int compare_ids(const void *a, const void *b);

#endif
