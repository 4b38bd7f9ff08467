/* One article through the whole machine: from what came to a text, to what it says, to the record.
 *
 * Reading takes time and no lock: it is done by this room's own threads, one a core, or in the caller's. Keeping is the writer's:
 * keep_article() and keep_again() run inside a work (store.h), in one transaction with whatever else that work does.
 *
 *     struct batch batch = {.readings = readings, .count = 1, .finish = read, …};
 *     if (!ingest_submit(ingest, &batch)) …                    too much waits already
 *     reading_answer(&readings[0], &out)                       what POST /v1/extract answers
 *     keep_article(writing, &change, &readings[0], …)          in the writer's thread
 */
#ifndef READOUT_INGEST_H
#define READOUT_INGEST_H

#include <stdatomic.h>

#include "readout/buffer.h"
#include "readout/store.h"
#include "readout/text.h"

struct ingest;

/* For that many threads, which start when they are needed; 0: none, and reading_do() alone. At most so many batches wait for
 * them, and each article has so long to be read. The store must outlive it. */
struct ingest *ingest_open(struct store *store, int threads, size_t waiting_most, int64_t milliseconds);
/* Takes nothing more, and ends what is being read. NULL is fine. */
void ingest_close(struct ingest *ingest);

/* ---- reading ---------------------------------------------------------------------------------------------- */

enum reading_form { READING_TEXT, READING_PAGE };

/* An article to be read, and what was read. All strings are the arena's, or live as long. */
struct reading {
    struct slice body;      /* valid UTF-8 without NUL; NO_SLICE: nothing is to be read */
    enum reading_form form; /* what the body is */
    bool for_record;        /* to be kept: with its signature */
    bool page_alone;        /* only what the page says: nothing is analysed */
    /* What its sender says of it; NO_SLICE where nothing. What a page says of itself counts where its sender says nothing. */
    struct slice title, language, outlet;
    struct slice published_at; /* a day or an instant; "on Monday" is counted from the day as it is written here */
    struct arena *arena;       /* of this reading alone while it is read */

    bool good;          /* it was read; else `error` says why not */
    struct error error; /* ERROR_INVALID: the body holds no text, or more than the reader takes */
    struct page page;   /* of a text: what its sender says */
    struct slice text;  /* what spans point into */
    struct analysis analysis;
    uint64_t *runs; /* its runs of words, see minhash.c */
    size_t run_count;
    bool has_bands; /* it is long enough to tell what it repeats */
    int64_t bands[ARTICLE_BANDS];
};

/* Reads in this thread. The same as `good`. */
bool reading_do(struct ingest *ingest, struct reading *reading);

/* As many characters as a property takes, on one line; NO_SLICE where that leaves none. */
struct slice one_line(struct arena *arena, struct slice text, size_t most);

/* What was read, as the contract's Extraction. False where it comes to more than ANSWER_BYTES_MAX. */
enum { ANSWER_BYTES_MAX = 64 << 20 };
bool reading_answer(const struct reading *reading, struct buffer *out);

/* Readings that are done when the last of them is. */
struct batch {
    struct reading *readings;
    size_t count;
    void (*finish)(struct batch *batch); /* in the thread that read the last one; the batch is its owner's again */
    atomic_size_t next, left;            /* the room's own */
    size_t tickets, bytes;
    struct batch *behind;
};

/* Any thread. False when too much waits, or the room closes: not taken. */
bool ingest_submit(struct ingest *ingest, struct batch *batch);
/* The same, waiting for its turn and for its end; for commands. */
void ingest_perform(struct ingest *ingest, struct batch *batch);

/* ---- keeping ---------------------------------------------------------------------------------------------- */

/* How much of each noun; and of its claims, how many it has too many. */
struct tally_of {
    int actors, mentions, claims, meetings, left_out;
};

/* What keeping one article may take, in statements, a second or two: nobody else writes meanwhile. What takes more is
 * OUTCOME_INVALID, and nothing of it is to be kept. */
enum { KEEPING_STATEMENTS_MAX = 100000 };

/* What an article came to. */
struct kept_article {
    struct written written; /* OUTCOME_UNCHANGED: it was there already */
    bool extracted;         /* `found` says what it is evidence of now */
    struct tally_of found;
    struct slice revision; /* of one whose text was changed: the new revision, as the contract has it; the arena's */
};

/* Creates the article that change->body describes, unless one of the same text is there, and what the reading
 * found in it: actors, mentions, meetings and claims with their reports, linked to what is known already or `extracted` anew.
 * One that stands at the URL with another
 * text, or with `upsert` has the external_id, gets this text as its next revision. `reading` NULL: nothing is read out of it.
 * `defaults`: of each noun's schema. */
struct kept_article keep_article(struct writing *writing, const struct change *change, const struct reading *reading,
                                 const json_t *const defaults[static NOUN_RESOURCES], bool upsert);

/* What a new reading did to the record. */
struct kept_again {
    struct written written; /* of the article */
    struct tally_of added, removed, kept;
};

/* Puts what the reading found in the place of what an earlier one made of the article change->id. What a person confirmed or
 * rejected stays as it is. */
struct kept_again keep_again(struct writing *writing, const struct change *change, const struct reading *reading,
                             const json_t *const defaults[static NOUN_RESOURCES]);

#endif
