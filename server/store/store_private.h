/* What the files of this room share and no other room sees. */
#ifndef READOUT_STORE_PRIVATE_H
#define READOUT_STORE_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/store.h"
#include "readout/utf8.h"

/* ---- statements (statements.c) ---------------------------------------------------------------------------- */

/* Statements with a text of their own. */
enum sql {
    SQL_NONE,
    SQL_BEGIN,
    SQL_BEGIN_WRITE,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_SAVEPOINT,
    SQL_SAVEPOINT_ROLLBACK,
    SQL_SAVEPOINT_RELEASE,
    SQL_PING,
    SQL_TALLIES,
    SQL_TALLY_SET,
    SQL_LAST_CHANGE,
    SQL_LAST_MERGE,
    SQL_WRITTEN_BY_OTHERS,
    SQL_CHANGE_ADD,
    SQL_REVISION_ADD,
    SQL_REVISION_DOCUMENT,
    SQL_HISTORY,
    SQL_CHANGES,
    SQL_TITLES,
    SQL_SUGGESTED,
    SQL_ARTICLE_TEXT,
    SQL_ARTICLE_TEXT_ADD,
    SQL_OUTLET_BY_NAME,
    SQL_ORIGIN_CLAIM,
    SQL_ORIGIN_REPORTS,
    SQL_ORIGIN_VIA,
    SQL_ORIGIN_SPEAKER,
    SQL_MEETING_NAME,
    SQL_NAMED_AT,
    SQL_CLAIM_COUNTS_SET,
    SQL_OUTLETS_CHANGED,
    SQL_OUTLETS_DELETE,
    SQL_OUTLETS_OF_CLAIM,
    SQL_OUTLET_ADD,
    SQL_ARTICLE_MOVED,
    SQL_CLAIMS_IN_ARTICLE,
    SQL_CLAIMS_UNCOUNTED,
    SQL_SPEAKER_MOVED,
    SQL_CLAIMS_SPOKEN,
    SQL_CLAIMS_NAMING,
    SQL_SPEAKERS_FOR,
    SQL_REPORTS_OF_CLAIM,
    SQL_VIA_DELETE,
    SQL_MENTIONS_OF_ARTICLE,
    SQL_MERGE_ADD,
    SQL_MERGE_LAST,
    SQL_FOLDED,
    SQL_MERGE_UNDO,
    SQL_MOVE_ADD,
    SQL_MOVES,
    SQL_SPREAD_ADD,
    SQL_SPREAD_DELETE,
    SQL_LAST_CHANGE_AT,
    SQL_SERIES_ARTICLES,
    SQL_SERIES_CLAIMS,
    SQL_SERIES_MEETINGS,
    SQL_SERIES_STANCES,
    SQL_SERIES_TOPICS,
    SQL_ACTOR_KEYS_DELETE,
    SQL_ACTOR_KEYS_ADD,
    SQL_CLAIM_KEY_SET,
    SQL_NAMED,
    SQL_SURNAMED,
    SQL_SOUNDING,
    SQL_STATE_OF,
    SQL_PRINTED_NAMES,
    SQL_NAME_GIVE,
    SQL_NAME_GIVEN,
    SQL_REPORT_IN,
    SQL_SAME_TEXT,
    SQL_NEAR,
    SQL_BAND_ADD,
    SQL_TRAIT,
    SQL_TRAITS_OF_CLAIM,
    SQL_TRAIT_SET,
    SQL_TRAIT_DELETE,
    SQL_CONCEPT_ADD,
    SQL_CONCEPT_DELETE,
    SQL_ALIKE,
    SQL_PARTY,
    SQL_ARE_APART,
    SQL_APART_ADD,
    SQL_APART_DELETE,
    SQL_APART_FOLLOW,
    SQL_APART_FOLLOW_BACK,
    SQL_DERIVED,
    SQL_DERIVED_SET,
    SQL_CLAIMS_OF_ARTICLE,
    SQL_MEETINGS_OF_ARTICLE,
    SQL_ACTORS_OF_ARTICLE,
    SQL_DISCREPANCIES_OF_ARTICLE,
    SQL_ACTOR_IS_USED,
    SQL_ARTICLE_FACTS,
    SQL_NAMINGS,
    SQL_TERMS_DELETE,
    SQL_TERM_ADD,
    SQL_TERMS_IN,
    SQL_TERMS_CALLED,
    SQL_NOTICED_AT_ACTOR,
    SQL_NOTICED_AT_MEETING,
    SQL_NOTICED_AT_CLAIM,
    SQL_NOTICED_AT_ARTICLE,
    SQL_NOTICED_SO,
    SQL_WRITTEN_ABOUT_ACTOR,
    SQL_WRITTEN_ABOUT_MEETING,
    SQL_WRITTEN_ABOUT_CLAIM,
    SQL_NOTICED_SET,
    SQL_DISPUTED_ACTORS,
    SQL_DISPUTED_MEETINGS,
    SQL_DISPUTED_CLAIMS,
    SQL_SIGHTINGS,
    SQL_SIGHTINGS_IN,
    SQL_SIGHTING_SET,
    SQL_SIGHTING_DELETE,
    SQL_SIGHTING_KEY_ADD,
    SQL_SIGHTING_KEYS_DELETE,
    SQL_SIGHTING_OWN_KEYS,
    SQL_SIGHTED,
    SQL_VOICE_SET,
    SQL_VOICES_DELETE,
    SQL_VOICES_MOVE,
    SQL_VOICES_AT,
    SQL_VOICES_OF,
    SQL_TAKEN_APART,
    SQL_DETAILS_DELETE,
    SQL_DETAIL_ADD,
    SQL_DETAILS_OF_MEETING,
    SQL_MEETINGS_BESIDE,
    SQL_MEETINGS_OF_STORY,
    SQL_NAMED_BEFORE,
    SQL_SAME_WORDS,
    SQL_REVISION_NEWEST,
    SQL_REVISION_TEXT,
    SQL_REVISION_SEEN,
    SQL_REVISION_TEXT_SET,
    SQL_ARTICLE_TEXT_SET,
    SQL_REVISIONS,
    SQL_REVISION_WHOLE,
    SQL_BANDS_DELETE,
    SQL_REPORTS_IN,
    SQL_ARTICLE_KNOWN,
    SQL_TOLD_IN,
    SQL_ACTORS_FIRST_SEEN,
    SQL_MEETINGS_FIRST_SEEN,
    SQL_ACTORS_SEEN,
    SQL_MEETINGS_SEEN,
    SQL_DISPUTES_IN,
    SQL_POSITIONS_DELETE,
    SQL_POSITION_ADD,
    SQL_TOPICS_OF_CLAIM,
    SQL_POSITION_TOPIC,
    SQL_POSITION_ACTOR,
    SQL_POSITION_PRINCIPALS,
    SQL_POSITION_MEMBERS,
    SQL_POSITION_STATE_MEMBERS,
    SQL_POSITIONS_HELD,
    SQL_POSITIONS_SPOKEN,
    SQL_POSITION_CLAIM,
    SQL_QUOTING_ARTICLES,
    SQL_QUOTED_ARTICLE,
    SQL_QUOTED_REPORTS,
    SQL_ANSWER,
    SQL_ANSWER_ADD,
    SQL_ANSWER_DELETE,
    SQL_ANSWERS_PRUNE,
    SQL_SECRET,
    SQL_SECRET_ADD,
    SQL_API_KEY,
    SQL_API_KEY_AFTER,
    SQL_API_KEY_ADD,
    SQL_API_KEY_REVOKE,
    SQL_API_KEY_USED,
    SQL_COUNT
};
const char *sql_text(enum sql sql);
struct statement *sql_statement(struct engine *engine, enum sql sql);

/* Those of the array that the noun keeps apart. */
struct statement *apart_statement(struct engine *engine, enum noun noun);
/* A document as a row has it; an empty one where the file is damaged, for whoever puts something before its last brace. */
static inline struct slice statement_document(struct statement *statement, int column)
{
    struct slice text = statement_text(statement, column);
    return text.length >= 2 ? text : SLICE("{}");
}
/* The document of a resource with the items kept apart inside, without building a tree (whole.c): what history keeps. */
bool whole_document(struct engine *engine, enum noun noun, int64_t id, struct arena *arena, struct slice *whole,
                    struct error *error);

/* Statements that are made from the record's tables: one text a noun or a table of children. */
enum made {
    MADE_ROW = 1,     /* a resource: $1 id */
    MADE_ROW_TEXT,    /* an article with its text */
    MADE_INSERT,      /* id, the columns, deleted_at, document in that order */
    MADE_UPDATE,      /* the same values */
    MADE_BY_ID,       /* the id a reference leads to: $1 an id */
    MADE_BY_EXTERNAL, /* $1 an external_id or, for topics, a slug */
    MADE_BY_UNIQUE,   /* who has it: $1 the value, of field `index` */
    MADE_LAST_ID,
    MADE_CHILD_DELETE, /* $1 owner */
    MADE_CHILD_INSERT, /* owner, position or id, the columns, document where it is a noun */
    MADE_CHILD_COUNT,  /* how many it has: $1 owner */
    MADE_CHILD_OWNER,  /* whom a child belongs to: $1 its id */
    MADE_NAMING,       /* the resources whose field `index` names $1: see references.c */
    MADE_LIST,
    MADE_COUNT,
    MADE_SEARCH, /* see search_tables.c */
    MADE_EXPAND,
    MADE_FACET,
    MADE_SPREAD,
    MADE_TOTAL,
    MADE_LINKS,
    MADE_LEAST,
    MADE_TIMELINE,
    MADE_TIMELINE_ROWS
};
/* A key for engine_keep(): what it is made for and of. */
static inline uint64_t made_key(enum made made, unsigned noun, unsigned index, uint64_t variant)
{
    return (uint64_t)made << 56 | (uint64_t)noun << 48 | (uint64_t)index << 40 | variant;
}
struct statement *made_row(struct engine *engine, enum noun noun, bool with_text);
struct statement *made_write(struct engine *engine, enum noun noun, bool is_new);
struct statement *made_lookup(struct engine *engine, enum made made, enum noun noun, unsigned field);
struct statement *made_child(struct engine *engine, enum made made, const struct children *children);

/* Every statement that expand.c, facets.c and timeline.c make, for the test of their plans. */
void expand_statements(void (*each)(void *to, const char *sql), void *to);
void facet_statements(void (*each)(void *to, const char *sql), void *to);
void timeline_statements(void (*each)(void *to, const char *sql), void *to);

/* ---- the store (store.c) ---------------------------------------------------------------------------------- */

/* What the writer counts on with. A savepoint copies it, a rollback puts the copy back. */
struct ledger {
    struct generation generation;
    int64_t last_id[NOUN_COUNT];
    int64_t last_seq, last_merge;
    unsigned touched;    /* nouns whose tally this transaction changed */
    size_t spread_notes; /* of the transaction's log in spread.c */
};

enum { MARKS_MAX = 3 };

struct writing {
    struct engine *engine;
    atomic_bool *asked;             /* the store's: to be answered as the work goes on */
    const _Atomic int64_t *stop_by; /* the store's */
    struct ledger ledger, marks[MARKS_MAX];
    int mark_count;
    char now[INSTANT_SIZE];
    struct slice by;               /* who asked for it */
    uint64_t bound;                /* of engine_effort(): see writing_bound(); 0: none */
    struct error error;            /* the first failure of the engine in this work */
    struct search_changes *search; /* what the index of search_index.c has to follow */
    struct spread_log *spread;     /* what the counts of spread.c have to follow */
    /* The text that spans were last checked against; forgotten with each work. */
    int64_t points_article, points_revision;
    struct points points;
};

struct store {
    char *path;
    struct engine *engine; /* the writer's; NULL when read-only */
    uint8_t key[KEY_SIZE];

    pthread_mutex_t commit_lock; /* over these two, and held while the function runs */
    void (*on_commit)(void *context);
    void *on_commit_context;

    pthread_mutex_t published_lock; /* over `published` */
    struct generation published;
    atomic_ullong commits;   /* grows with each publication */
    _Atomic int64_t stop_by; /* of clock_nanoseconds(): see store_stop_in(); 0: not asked */

    pthread_t writer;
    pthread_mutex_t queue_lock;
    pthread_cond_t queue_filled;
    struct work *queue_first, **queue_end;
    size_t queue_length, queue_most;
    bool closing;
    atomic_bool asked;         /* by store_is_writing(), and not yet answered */
    struct ledger ledger;      /* as committed; the writer's own */
    int64_t written_by_others; /* what SQL_WRITTEN_BY_OTHERS said when the ledger was loaded */
};

bool writer_start(struct store *store, struct error *error);
void writer_stop(struct store *store);
bool store_current(struct engine *engine, struct error *error); /* migrate.c: an error unless it is at the newest version */
bool store_known(struct engine *engine, struct error *error);   /* … unless it is ours, of this or an earlier version */
bool engine_is_whole(struct engine *engine, const struct checking *checking, int64_t *findings,
                     struct error *error); /* check.c: the file itself, and its references */
bool ledger_load(struct engine *engine, struct ledger *ledger, struct error *error);

/* ---- writes ----------------------------------------------------------------------------------------------- */

/* Runs a statement that gives no rows; the first failure stays in writing->error. */
bool write_run(struct writing *writing, struct statement *statement, const struct datum *values, size_t count);
/* The first column of its first row, or 0. */
int64_t write_ask(struct writing *writing, struct statement *statement, const struct datum *values, size_t count);
/* The first columns of its first `most` rows; the count. */
size_t write_ids(struct writing *writing, struct statement *statement, const struct datum *values, size_t count, int64_t *ids,
                 size_t most);

/* A resource as the writer holds it: its document as JSON, and the items of an array kept apart once they are asked for. */
struct resource {
    enum noun noun;
    int64_t id, version;
    struct slice deleted_at;
    json_t *json; /* owned */
};
/* Reads it. False: there is none, or the engine failed. `arena` holds deleted_at. */
bool resource_load(struct writing *writing, enum noun noun, int64_t id, struct arena *arena, struct resource *resource);
/* Puts the items of the array kept apart (mentions, reports) into its JSON. */
bool resource_load_apart(struct writing *writing, struct resource *resource);
void resource_release(struct resource *resource);

/* Reads the resource that a change is about and checks the precondition. True: go on; else `written` says why not. */
bool resource_open(struct writing *writing, const struct change *change, struct resource *resource, struct written *written);
/* Whether it is merged into another: then `written` is a conflict that says so. */
bool resource_is_merged(const struct resource *resource, struct written *written);

/* Writes a new version of the resource: the revision, the row, the children in `children_changed` (a bit for each field), what
 * derives from them, the change. The JSON's own version and times are set here. `document` gets the rendering, in the arena. */
bool resource_save(struct writing *writing, struct resource *resource, const char *action, uint64_t children_changed,
                   struct arena *arena, struct slice *document);
bool resource_add(struct writing *writing, struct resource *resource, struct arena *arena, struct slice *document);

/* Adds items to the array kept apart. The version that this replaces is kept without them: to keep all reports with each one that
 * is added would take as much room as there are reports, squared. */
bool resource_append(struct writing *writing, struct resource *resource, json_t *items, struct arena *arena);
/* What a person took apart from a claim is apart from the one that takes it in (matching.c). */
void apart_follow(struct writing *writing, int64_t from, int64_t into);
/* Counts the reports of some claims above `after` whose counts a migration made void; the last of them, or 0. */
int64_t resource_recount(struct writing *writing, int64_t after, struct arena *arena);
/* Keeps what linking.c looks up in step with an actor or a claim that was just written. */
void linking_note(struct writing *writing, enum noun noun, int64_t id, bool is_new);
/* The same for a meeting: a person's word on it is found by keys of its own (sightings.c). */
void sightings_note(struct writing *writing, int64_t meeting);

/* Counts the articles and the origins of each side of a discrepancy (noticing.c). */
void noticing_count(struct writing *writing, json_t *values);

/* ---- references.c
 * ------------------------------------------------------------------------------------------------------------ */

/* What is being settled, for the faults' pointers and the spans' text. */
struct settling {
    struct writing *writing;
    struct faults *faults;
    struct arena *arena;
    int64_t article;  /* the article that spans without an article_id of their own lie in; 0: none */
    int64_t revision; /* the one of its texts that they are in; 0: the newest */
};
/* Makes every reference in `holder`'s property an id that exists, and every span one whose text stands there; adds faults
 * otherwise. */
void settle_field(struct settling *settling, const struct field *field, json_t *holder, const char *pointer);

/* The id that one reference leads to, or 0 with a fault at `pointer`. */
int64_t settle_reference(struct settling *settling, enum noun noun, const json_t *value, const char *pointer);

/* ---- revising.c ------------------------------------------------------------------------------------------- */

/* A revision's document, with `more` at its end; and what that is for the first. */
void revision_render(const json_t *article, int64_t number, int64_t version, const char *seen_at, struct slice more,
                     struct buffer *out);
#define REVISION_FIRST SLICE(",\"words_added\":null,\"words_removed\":null,\"counts\":null")

/* Moves the spans of a resource that comes back to where they stand now: articles may have another text meanwhile. The fields
 * that changed. */
uint64_t revising_catch_up(struct writing *writing, struct resource *resource, struct arena *arena);

/* The text of an article, ready for offsets; NULL when there is no such article. */
const struct points *article_points(struct writing *writing, int64_t article, struct arena *arena);

#endif
