/* Full-text search as its files share it: what is searched, and where words were found.
 *
 * Each noun that is searched has an index of SQLite's FTS5, `<noun>_search`, whose rows have the noun's ids, over the view
 * `<noun>_searched`: what a resource is found by, without those that are deleted or merged. */
#ifndef READOUT_STORE_SEARCH_PRIVATE_H
#define READOUT_STORE_SEARCH_PRIVATE_H

#include "store_private.h"
#include "tokenizer.h"

/* ---- where words were found ------------------------------------------------------------------------------- */

enum { HITS_MAX = 24, SCORE_UNIT = 1000, SEARCH_FIELDS_MAX = 3 };

struct hit {
    uint8_t phrase, field, words; /* of which phrase, in which field, and how many words of it */
    uint32_t place;               /* the number of the first of them */
};

/* As search_hits() gives it: of `items` only those that are there. */
struct hits {
    int32_t score; /* in units of 1/SCORE_UNIT */
    uint32_t count;
    struct hit items[HITS_MAX];
};
#define HITS_SIZE(count) (offsetof(struct hits, items) + (count) * sizeof(struct hit))

/* ---- what is searched (search_tables.c) ------------------------------------------------------------------- */

struct searched {
    const char *fields[SEARCH_FIELDS_MAX]; /* properties; of an array, its texts with newlines between */
    int weights[SEARCH_FIELDS_MAX];
    size_t field_count;
    int shown; /* the field whose words a snippet shows first */
};
/* NULL when the noun is not searched. */
const struct searched *searched_of(enum noun noun);

enum search_sql {
    SEARCH_CONTENTS,    /* id and the fields: $1 id */
    SEARCH_ADD,         /* $1 id, the fields */
    SEARCH_REMOVE,      /* the same, as they were */
    SEARCH_FIND,        /* id and hits, newest first: $1 what, $2 below this id, $3 at most so many */
    SEARCH_FIND_DATED,  /* the same with created_at */
    SEARCH_FIND_OLDEST, /* id and hits, oldest first: $1 what, $2 at most so many */
    SEARCH_COUNT,       /* up to a limit: $1 what, $2 the limit */
    SEARCH_WORDS,       /* the words from $1 to before $2, and in how many rows they stand: at most $3 */
    SEARCH_SQL_COUNT
};
struct statement *search_statement(struct engine *engine, enum search_sql which, enum noun noun);
void search_statements(void (*each)(void *to, const char *sql), void *to);

/* ---- keeping the index (search_index.c) ------------------------------------------------------------------- */

/* What a transaction touched; all zero at first. The index is written once for all, since FTS5 writes a segment at each
 * savepoint. */
struct search_changes {
    struct arena arena;
    struct search_entry *entries;
    uint32_t *slots; /* open addressing by noun and id: the entry's index + 1 */
    size_t count, slot_count;
};

/* Before a resource is written: remembers what it is found by. */
void search_touch(struct writing *writing, enum noun noun, int64_t id, bool is_new);
/* At the end of the transaction, outside of all savepoints: brings the index up to what was written. False: see
 * writing->error. */
bool search_settle(struct writing *writing);
/* In any case afterwards. */
void search_forget(struct search_changes *changes);

/* ---- what a person typed (search_query.c) ----------------------------------------------------------------- */

/* As reader_understand(). */
bool search_understand(struct tokenizer *tokenizer, struct slice typed, struct slice language, struct arena *arena,
                       struct search_question *question, const char **fault);

/* A word, or words as they stand next to each other, for an expression of the engine's; NULL: there is nothing to search for. */
const char *search_part(struct tokenizer *tokenizer, struct slice text, bool as_it_stands, struct arena *arena);

/* As reader_beginning(). */
const char *search_beginning(struct tokenizer *tokenizer, struct slice typed, struct arena *arena);

/* ---- what they may have meant (search_near.c) ------------------------------------------------------------- */

/* What was typed with words of the record in place of those that are not there, each one edit away from 5 letters on, two from 9.
 * NO_SLICE when there are none. */
bool search_meant(struct engine *engine, const struct search_question *question, unsigned nouns, struct arena *arena,
                  struct slice *meant, struct error *error);

/* ---- what was found, for the reply (search_shown.c) ------------------------------------------------------- */

struct shown {
    struct tokenizer *tokenizer;
    const struct searched *searched;
    struct slice fields[SEARCH_FIELDS_MAX];
};
/* Appends `"highlights":{…},"snippet":"…"`. */
void search_show(const struct shown *shown, const struct hits *hits, struct buffer *out);
/* The line of a field in which that word stands. */
struct slice search_line(const struct shown *shown, const struct hit *hit);

#endif
