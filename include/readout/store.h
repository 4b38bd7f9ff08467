/* The store: the only room that speaks SQL. Many readers, one writer.
 *
 * A reader belongs to one event loop. It keeps one read transaction over a batch of requests and renews it when the writer has
 * committed, so every request sees all writes that were answered before it came. reader_rest() ends the batch.
 *
 * All writing is work: a function that the writer thread runs inside its transaction, between savepoints, together with
 * whatever else is queued. `run` does the work; then everything is committed at once; then `finish` is told whether it is on
 * disk. */
#ifndef READOUT_STORE_H
#define READOUT_STORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/buffer.h"
#include "readout/engine.h"
#include "readout/error.h"
#include "readout/fault.h"
#include "readout/record.h"

struct store;

/* Opens the store and starts its writer. Migrates first when it has to; `migrated` is called with the name of each migration
 * done (it may be NULL). With ENGINE_READ there is no writer, nothing is migrated, and an older or newer store is an error. */
struct store *store_open(const char *path, enum engine_use use, void (*migrated)(const char *name), struct error *error);
/* Ends the writer when its queue is empty; all readers must be closed before. NULL is fine. */
void store_close(struct store *store);

/* The migrations alone: true when the store is at the newest version afterwards. */
bool store_migrate(struct engine *engine, void (*migrated)(const char *name), struct error *error);

/* The key that signs what clients carry around for us (cursors): KEY_SIZE bytes. */
const uint8_t *store_key(const struct store *store);

/* Whether nothing was ever written: a new store. */
bool store_is_new(const struct store *store);

/* ---- generations ------------------------------------------------------------------------------------------ */

/* What is committed: for each noun the last change that touched it, and how many there are to list. */
struct generation {
    int64_t seq[NOUN_COUNT];
    int64_t live[NOUN_COUNT];
};
/* The newest change among the nouns in `nouns` (NOUN_BIT). */
int64_t generation_seq(const struct generation *generation, unsigned nouns);
#define EVERY_NOUN (NOUN_BIT(NOUN_COUNT) - 1)

/* Has `function` called after each commit, by the writer and before those who wrote are told: it must be quick. NULL ends that;
 * when it returns, no call is under way. */
void store_on_commit(struct store *store, void (*function)(void *context), void *context);

/* ---- reading ---------------------------------------------------------------------------------------------- */

struct reader;

struct reader *reader_open(struct store *store, struct error *error);
void reader_close(struct reader *reader);
void reader_rest(struct reader *reader);
/* Makes the reader see everything committed so far and says what that is. Call it first in each request: what follows sees at
 * least that. */
const struct generation *reader_generation(struct reader *reader);
/* What is committed, for who answers from memory: asks no engine and begins nothing. */
const struct generation *reader_published(struct reader *reader);

struct row {
    int64_t id, version;
    bool deleted;
    struct slice deleted_at; /* NO_SLICE unless deleted */
    struct slice document;
    struct slice text; /* an article's text, when asked for */
};

/* One resource, mention or report; strings are copied into the arena. False when there is none, or on failure (error.kind
 * tells). */
bool reader_row(struct reader *reader, enum noun noun, int64_t id, bool with_text, struct arena *arena, struct row *row,
                struct error *error);

/* Versions of a resource, newest first, below `before` (0: from the newest), at most `limit`: appended to `items` as JSON
 * objects with commas. `count` gets their number, `last` the version of the last one. */
bool reader_history(struct reader *reader, enum noun noun, int64_t id, int64_t before, int limit, struct buffer *items,
                    int *count, int64_t *last, struct error *error);

/* The titles that articles give an actor: JSON objects with commas, the commonest first. */
bool reader_titles(struct reader *reader, int64_t actor, struct buffer *items, struct error *error);

/* One change of the log (changes.c). */
struct changed {
    int64_t seq;
    enum noun noun;
    struct slice action; /* "updated" */
    struct slice item;   /* as a JSON object, with the document of that version; null where it was deleted */
};

/* What a change is to be about: one of these values. It is when the resource was so before or after the change, so that who keeps
 * what a filter picks learns as well what leaves it. */
struct change_filter {
    const char *name;           /* "speaker_id", "actor_id" or "topic" */
    const struct slice *values; /* as text */
    size_t count;
};
/* The nouns that can be about such, NOUN_BIT. */
unsigned change_filter_nouns(const char *name);

struct change_query {
    int64_t since, until; /* seq: after the one, up to the other */
    unsigned nouns;       /* NOUN_BIT */
    const struct change_filter *filters;
    size_t filter_count; /* all have to hold */
    int limit;
};

/* The changes asked for, oldest first; all strings are the arena's. `reached` gets the seq to go on from: for a few changes among
 * many others it gives up after a while and says how far it came. */
bool reader_changes(struct reader *reader, const struct change_query *query, struct arena *arena, struct changed *changes,
                    size_t *count, int64_t *reached, struct error *error);

/* Whether a query can be answered at all, and the size of the write-ahead log; for /readyz and /metrics. */
bool reader_ping(struct reader *reader, int64_t *log_bytes, struct error *error);

/* A consistent copy of the database as a new file. */
bool reader_backup(struct reader *reader, const char *path, struct error *error);

/* ---- lists (server/store/lists.c) ------------------------------------------------------------------------- */

/* What the value of a filter is. */
enum filter_type {
    FILTER_TEXT,
    FILTER_INTEGER,
    FILTER_TRUTH,
    FILTER_TIME,     /* a day or an instant: a range from when it begins up to before it ends, see COMPARE_WITHIN */
    FILTER_WORDS,    /* what a person typed: what reader_understand() makes of it */
    FILTER_BEGINNING /* the beginning of a name: what reader_beginning() makes of it */
};

struct list_filter {
    const char *name; /* the contract's parameter, "published_at", without its operator; or of a nested list's owner */
    enum filter_type type;
    const char *condition; /* SQL over the noun's table: see lists.c */
    unsigned nouns;        /* whose changes can alter the answer, beside the list's own */
};

struct list_sort {
    const char *name;   /* as the contract has it, without "-" */
    const char *column; /* "id" or another; the id breaks ties */
    bool nullable;      /* nulls come last in both directions */
    bool numeric;
};

/* Something that `expand` puts into each document, as a property of that name. */
struct expansion {
    const char *name;
    enum { EXPAND_ONE, EXPAND_MANY, EXPAND_TEXT } shape; /* an object or null, an array, a string */
    enum noun noun;                                      /* of what is put there; NOUN_COUNT: a text */
    const char *sql; /* gives (id of the document, what belongs there, its id); %s stands for the list of ids */
};

struct list {
    enum noun noun;
    const char *listed; /* the condition for what is there to list */
    const struct list_filter *filters;
    size_t filter_count;
    const struct list_sort *sorts; /* the first is the default */
    size_t sort_count;
    const struct expansion *expansions;
    size_t expansion_count;
};

/* How a filter compares: what stands behind "__" in a parameter's name; nothing is COMPARE_IS, and so is "in". */
enum comparison {
    COMPARE_IS,
    COMPARE_IS_NOT,
    COMPARE_ABOVE,
    COMPARE_FROM,
    COMPARE_BELOW,
    COMPARE_UNTIL,
    COMPARE_NULL,
    COMPARE_SET,
    COMPARE_WITHIN, /* in one of several ranges: their values are pairs, from the one up to before the other */
    COMPARE_OUTSIDE /* in none of them, or nothing is known */
};

/* The list of that noun. */
const struct list *list_of(enum noun noun);
/* Where it stands among the list's, or -1. */
int list_filter_index(const struct list *list, struct slice name);
/* The same for a parameter's whole name, "said_on__gte": the filter, and how it compares. */
int list_filter_named(const struct list *list, struct slice name, enum comparison *comparison);
int list_sort_index(const struct list *list, struct slice name);

/* What a client asks to be expanded: one of the list's, and of the documents that it brings those in `inner`, a bit for each. */
struct expanding {
    int expansion;
    unsigned inner;
};
/* From "reports" or "reports.article". False: there is none of this name. */
bool list_expanding(const struct list *list, struct slice name, struct expanding *what);
/* Whose changes can alter what it brings. */
unsigned list_expanding_nouns(const struct list *list, struct expanding what);

enum { LIST_FILTERS_MAX = 24, LIST_VALUES_MAX = 256, LIST_LIMIT_MAX = 500, COUNT_CAP = 1000 };
/* Of all that have the words of a FILTER_WORDS, so many of the newest are looked at. */
enum { LIST_FOUND_MAX = 10000 };

enum { SORT_KEYS_MAX = 3 };

/* A place in a list, between two items: the sort values and the id of the item on the near side. */
struct place {
    bool given;
    bool backward;                      /* the page before this place, else the one after it */
    struct slice values[SORT_KEYS_MAX]; /* as text, one for each key; NO_SLICE: null */
    int64_t id;
};

enum count_mode { COUNT_CAPPED, COUNT_EXACT, COUNT_NONE };

/* How a filter that leads through links is gone about: see server/store/ways.c. */
enum list_way {
    WAY_GATHER, /* all ids that it picks, then the rows */
    WAY_LOOK,   /* for each row whether it has such a link */
    WAY_WALK    /* the links in the order of the ids, the row of each */
};

struct list_query {
    const struct list *list;
    struct list_use {
        int filter;
        enum comparison comparison;
        const struct datum *values; /* COMPARE_IS: any of them; COMPARE_WITHIN: pairs; COMPARE_NULL and COMPARE_SET: none */
        size_t count;
        enum list_way way;       /* the reader's own choice */
    } filters[LIST_FILTERS_MAX]; /* all have to hold */
    size_t filter_count;
    struct list_order {
        int sort;
        bool descending;
    } orders[SORT_KEYS_MAX]; /* the first one decides, the next where it leaves a tie; the id at the end, like the last */
    size_t order_count;
    int limit;
    struct place place;
    enum count_mode count;
};

/* Adds a filter; the values are borrowed. False when the query has too many filters or values already. */
bool list_query_filter(struct list_query *query, int filter, enum comparison comparison, const struct datum *values,
                       size_t count);

struct list_page {
    struct row *rows; /* in the order asked for */
    size_t count;
    bool more_after, more_before;
    struct place first, last; /* of the page's items, for the cursors */
    int64_t total;            /* -1: not counted */
    bool total_exact;
};

/* A page of a list; all strings are the arena's. The documents are appended to `items`, with commas, in the order asked for;
 * the rows' documents lie there and move with it. */
bool reader_list(struct reader *reader, const struct list_query *query, struct buffer *items, struct list_page *page,
                 struct error *error);

/* Puts the expansion into each row's document: one query for all of them, and one for each of the next level (expand.c). */
bool reader_expand(struct reader *reader, const struct list *list, struct expanding what, struct row *rows, size_t count,
                   struct arena *arena, struct error *error);

/* ---- search (server/store/search.c) ----------------------------------------------------------------------- */

/* What a person typed, understood: words, "phrases" as they stand, AND, OR, NOT or -word, begin* and ( ). Words that follow each
 * other all have to be there; AND and NOT bind closer than OR. */
struct search_question {
    const char *expression; /* for the engine's index: `<noun>_search MATCH …` */
    struct slice typed, language;
    const struct search_word {
        size_t start, end;
    } * words; /* the words that may be mistyped: where they stand, in bytes */
    size_t word_count;
};

/* `language`, of two letters, adds the stems of that language; NO_SLICE: those of English and Russian alone. All memory is the
 * arena's. False with a sentence that says what is wrong with what was typed. */
bool reader_understand(struct reader *reader, struct slice typed, struct slice language, struct arena *arena,
                       struct search_question *question, const char **fault);

/* The same for a FILTER_BEGINNING: names whose first words are these, the last one perhaps unfinished. NULL: there is no letter
 * and no digit in it. */
const char *reader_beginning(struct reader *reader, struct slice typed, struct arena *arena);

/* Relevance ranks the newest SEARCH_DEPTH that a search finds of each noun, by how often and where its words stand; newest goes
 * by when they came into the record. */
enum search_sort { SEARCH_RELEVANCE, SEARCH_NEWEST };
enum { SEARCH_DEPTH = 1000, SEARCH_LIMIT_MAX = 100 };

struct search_query {
    struct search_question question;
    unsigned nouns; /* NOUN_BIT: any of article, actor, claim, meeting */
    enum search_sort sort;
    int limit;          /* at most SEARCH_LIMIT_MAX */
    struct place place; /* forward only */
};

struct search_page {
    size_t count;
    bool more;
    struct place last;
    int64_t found[NOUN_COUNT]; /* -1: not searched; SEARCH_DEPTH stands for that many or more */
    bool exact;                /* none stands for more */
    struct slice meant;        /* where nothing was found: the words that are near, whose results these are; else NO_SLICE */
};

/* Appends the page's items, with commas: {"noun","id","score","highlights","snippet","document"}. */
bool reader_search(struct reader *reader, const struct search_query *query, struct buffer *items, struct search_page *page,
                   struct error *error);

/* Actors whose names or aliases have words that begin with those typed: {"id","name","kind","title","country","alias"}. */
bool reader_suggest(struct reader *reader, struct slice typed, int limit, struct buffer *items, struct error *error);

/* ---- facets (server/store/facets.c) ------------------------------------------------------------------------ */

enum { FACET_VALUES_MAX = 50 };

/* What a list can be counted by: its place among the list's, or -1; its name; and whose changes can alter it, beside the list's
 * own. */
int list_facet_index(const struct list *list, struct slice name);
const char *list_facet_name(const struct list *list, int facet);
unsigned list_facet_nouns(const struct list *list, int facet);

/* How all that the query picks, not only its page, spreads over the facet's values: a JSON array of {"value", "name", "count"},
 * the most frequent first. */
bool reader_facet(struct reader *reader, const struct list_query *query, int facet, struct buffer *out, struct error *error);

/* ---- counts (server/store/stats.c) ------------------------------------------------------------------------- */

struct counts {
    int64_t mentions, reports;   /* in articles that are deleted, too */
    struct slice last_change_at; /* the arena's; NO_SLICE: nothing was ever written */
};
bool reader_counts(struct reader *reader, struct arena *arena, struct counts *counts, struct error *error);

/* What can be counted over time: articles by when they were published, claims by the day they were said on, meetings by the day
 * they start; and claims by stance or topic. */
enum series { SERIES_ARTICLES, SERIES_CLAIMS, SERIES_MEETINGS, SERIES_STANCES, SERIES_TOPICS, SERIES_COUNT };
unsigned series_nouns(enum series series); /* whose changes can alter it */

struct series_query {
    enum series series;
    struct slice from, below; /* as text, whole days or instants */
    bool months;              /* take in meetings of which no more than the month is known */
};
/* So many of one time; slices are valid during the call alone. */
struct sample {
    struct slice time;  /* a day or an instant */
    struct slice label; /* the stance, the topic's slug; NO_SLICE: the series has no parts */
    int64_t count;
};
/* Calls `each` in the order of time, as text sorts. */
bool reader_series(struct reader *reader, const struct series_query *query, void (*each)(void *to, const struct sample *sample),
                   void *to, struct error *error);

/* ---- meetings and claims in the order of their days (server/store/timeline.c) ------------------------------- */

struct timeline_query {
    struct slice from, below;  /* days, both given */
    struct slice topic, city;  /* NO_SLICE: any; of a claim, the city it was said in */
    int64_t actor;             /* who speaks or takes part; 0: anybody */
    bool descending, backward; /* backward: the page before the place */
    int limit;
    struct timeline_place {
        struct slice day; /* NO_SLICE: no place, begin at the edge */
        enum noun noun;
        int64_t id;
    } place;
};
struct moment {
    enum noun noun; /* NOUN_MEETING, NOUN_CLAIM */
    int64_t id;
    struct slice day, document;
};
struct timeline {
    struct moment *moments; /* in the order asked for; of one day meetings before claims, then by id */
    size_t count;
    bool more_after, more_before;
};
/* All memory is the arena's. */
bool reader_timeline(struct reader *reader, const struct timeline_query *query, struct arena *arena, struct timeline *timeline,
                     struct error *error);

/* ---- writing ---------------------------------------------------------------------------------------------- */

/* What a work's function writes with; lives only while it runs. */
struct writing;

struct work {
    /* In the writer's thread, inside the transaction. Returns whether to keep what it wrote; false rolls it back, alone. */
    bool (*run)(struct work *work, struct writing *writing);
    /* In the writer's thread, once it is settled: `failure` is NULL when what was kept is on disk, else says why nothing of it
     * is. */
    void (*finish)(struct work *work, const struct error *failure);
    bool kept;
    struct work *next;
};

/* Any thread. The work must live until its finish() is called. False when the queue is full or the store is closing: not
 * taken. */
bool store_submit(struct store *store, struct work *work);
/* Submits and waits until it is settled; for commands. `failure` as finish() would get it. */
bool store_perform(struct store *store, struct work *work, struct error *failure);

enum outcome {
    OUTCOME_CREATED,
    OUTCOME_UPDATED,
    OUTCOME_UNCHANGED, /* what was asked for was there already */
    OUTCOME_MISSING,   /* no such resource */
    OUTCOME_GONE,      /* it is deleted */
    OUTCOME_STALE,     /* the precondition does not hold */
    OUTCOME_CONFLICT,  /* see `conflict` and `existing` */
    OUTCOME_INVALID,   /* see the faults */
    OUTCOME_FAILED     /* see `error` */
};

struct written {
    enum outcome outcome;
    int64_t id, version;
    struct slice document;   /* as it now stands, for an article without its text; valid while the work's arena lives */
    struct slice text;       /* an article's */
    struct slice deleted_at; /* OUTCOME_GONE */
    int64_t existing;        /* OUTCOME_CONFLICT: who has the key; 0: nobody */
    char conflict[200];      /* OUTCOME_CONFLICT: a sentence */
    struct error error;      /* OUTCOME_FAILED */
};

/* Whether the client's precondition holds for the version it would change; `holds` NULL: always. */
struct precondition {
    bool (*holds)(const void *context, enum noun noun, int64_t id, int64_t version);
    const void *context;
};

/* How a body changes a resource. */
enum change_use {
    CHANGE_PATCH,  /* a merge patch (RFC 7396) of the top level: null takes the default again */
    CHANGE_REPLACE /* what the body leaves out takes its default */
};

/* Writes of one resource. `body` was checked by the contract; `defaults` holds the defaults of its schema (an object,
 * read-only); `base` is where the body lies in the request ("#" or "#/3") for the pointers of faults. Strings of `written` and
 * faults are the arena's. */
struct change {
    enum noun noun;
    int64_t id;
    json_t *body;
    const json_t *defaults;
    const char *base;
    struct precondition precondition;
    struct faults *faults;
    struct arena *arena;
};

struct written write_create(struct writing *writing, const struct change *change, bool upsert);
struct written write_change(struct writing *writing, const struct change *change, enum change_use use);
struct written write_delete(struct writing *writing, const struct change *change);
struct written write_restore(struct writing *writing, const struct change *change);
/* change->body is {"from_ids": […]}: moves everything that names them to change->id. */
struct written write_merge(struct writing *writing, const struct change *change);
/* Takes change->id out of what it was merged into. */
struct written write_unmerge(struct writing *writing, const struct change *change);

/* ---- linking (server/store/linking.c) --------------------------------------------------------------------- */

/* What is known already of what an article says, as the transaction in hand sees it: what an earlier work of it made counts. */

enum naming {
    NAMED_SO,           /* by these words, whatever their case, script and punctuation */
    NAMED_BY_LAST_WORD, /* people by the one word that is their last */
    NAMED_ALIKE         /* people whose last name sounds like this one's, with the same initial: to be compared */
};
struct named {
    int64_t id;
    struct slice name, kind, country;
    bool confirmed; /* by a person */
};
/* The actors named so, by their names or aliases; all strings are the arena's. */
size_t writing_named(struct writing *writing, enum naming naming, struct slice name, struct arena *arena, struct named *found,
                     size_t most);
/* The state of that country, or 0; the actor of that id, or what it was merged into, or 0. */
int64_t writing_state(struct writing *writing, struct slice country);
int64_t writing_actor(struct writing *writing, int64_t id);

/* What has that external_id, or 0. */
int64_t writing_keyed(struct writing *writing, enum noun noun, struct slice external_id);

/* The speaker's claim of the same words, or 0. */
int64_t writing_same_claim(struct writing *writing, int64_t speaker, struct slice text);

/* The claim's report in that article, or 0. */
int64_t writing_report_in(struct writing *writing, int64_t claim, int64_t article);
/* Adds a report to a claim. It costs the same however many there are. */
bool writing_add_report(struct writing *writing, int64_t claim, json_t *report, struct arena *arena);

/* The meeting of that day which is of the same kind in the same city, or has the same name; or 0. */
struct meeting_sought {
    struct slice day, city, name;
    const char *precision, *kind;
};
int64_t writing_same_meeting(struct writing *writing, const struct meeting_sought *sought);

/* The articles of exactly this text. */
struct same_text {
    int64_t id, outlet, original;
    struct slice external_id, url;
};
size_t writing_same_text(struct writing *writing, struct slice text, struct arena *arena, struct same_text *found, size_t most);

/* Articles that may repeat each other share a band of their signatures; those that share most come first. */
enum { ARTICLE_BANDS = 12 };
struct near {
    int64_t id;
    struct slice text;
};
size_t writing_near(struct writing *writing, const int64_t bands[static ARTICLE_BANDS], struct arena *arena, struct near *found,
                    size_t most);
void writing_note_bands(struct writing *writing, int64_t article, const int64_t bands[static ARTICLE_BANDS]);

/* A resource as it stands, to be freed by the caller; NULL where it is deleted or there is none. `whole`: with its mentions or
 * reports. */
json_t *writing_document(struct writing *writing, enum noun noun, int64_t id, bool whole, struct arena *arena);
/* The claims, meetings or actors that an article has evidence of, above `after`, ascending. */
size_t writing_found_in(struct writing *writing, enum noun noun, int64_t article, int64_t after, int64_t *ids, size_t most);
/* Whether nothing that is there names the actor any more. */
bool writing_is_unused(struct writing *writing, int64_t actor);

/* A savepoint inside a work: for bulk writes whose items fail alone. writing_settle() keeps or rolls back what came since the
 * mark. */
void writing_mark(struct writing *writing);
void writing_settle(struct writing *writing, bool keep);

/* ---- for tests -------------------------------------------------------------------------------------------- */

/* Calls `each` with every statement the store can run, lists with every filter and sort included. */
void store_statements(void (*each)(void *to, const char *sql), void *to);

#endif
