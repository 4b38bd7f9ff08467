/* What the files of this room share and no other room sees. */
#ifndef READOUT_INGEST_PRIVATE_H
#define READOUT_INGEST_PRIVATE_H

#include <pthread.h>

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
    bool closing;
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

/* Bodies for the store. A new claim, as the analysis has it; and its report. */
json_t *claim_body(struct keeping *keeping, uint32_t claim);
json_t *report_body(struct keeping *keeping, uint32_t claim, int64_t claims_occasion);
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

/* Links a meeting or a claim to the one that is known, or makes it; its id. */
int64_t keep_meeting(struct keeping *keeping, uint32_t meeting);
int64_t keep_claim(struct keeping *keeping, uint32_t claim);

/* What an article's body, or its document, leaves blank and the reading can tell. */
json_t *article_blanks(struct keeping *keeping, const json_t *body);

/* For qsort. */
int compare_ids(const void *a, const void *b);

#endif
