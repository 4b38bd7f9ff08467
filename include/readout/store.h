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
#include "readout/realign.h"
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

/* One question, which may take several statements, may take so long; then the statement that runs fails with ERROR_SLOW. A
 * question begins with this call, and with each reader_generation(). 0, as at first: without end. */
void reader_allow(struct reader *reader, int64_t milliseconds);
/* Any thread: what readers ask after so many seconds fails in the same way, and what is not written by then is not kept
 * (ERROR_BUSY). */
void store_stop_in(struct store *store, int64_t seconds);

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

/* ---- copies (server/store/copies.c) ----------------------------------------------------------------------- */

/* A consistent copy of the store as a new file that its owner alone may read, while others use the store: whole and on disk, or
 * not there. Of any version. ERROR_CONFLICT: the file is there already. */
bool store_backup(const char *path, const char *copy, const struct watcher *watcher, struct error *error);

/* Puts a copy of `backup` in the place of the store, at the newest version: on disk and whole, or nothing happened. What was
 * there is kept beside under the name that `kept` gets ("" when there was nothing), and only replaced when `replace` says so.
 * Refuses a backup that is damaged, and a store that is in use. */
enum { KEPT_SIZE = 4096 };
bool store_restore(const char *backup, const char *path, bool replace, void (*migrated)(const char *name),
                   const struct watcher *watcher, char kept[static KEPT_SIZE], struct error *error);

/* ---- whether all is sound (server/store/check.c) ---------------------------------------------------------- */

/* Goes through the whole store, of the newest version, and calls `found` with a sentence for each thing that is wrong: table, id,
 * and what. Writes nothing, while others may. False: it could not go on. */
struct checking {
    void (*found)(void *context, const char *sentence);
    void *context;
    struct watcher watcher;
};
bool store_check(const char *path, const struct checking *checking, struct error *error);

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
    WAY_SEEK,   /* the same where SQLite would rather look: it is told to */
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

/* ---- quotations (server/store/quoting.c) ------------------------------------------------------------------- */

/* What a quotation is found by: its runs of words, which stand in an article as they are when nothing differs; and its words, of
 * which so many may be others. */
struct quoted_words {
    const struct slice *runs, *words;
    size_t run_count, count, differing;
};
enum { QUOTING_ARTICLES_MAX = 200 };
struct quoting {
    const int64_t *ids;
    size_t count;
    bool all; /* else there are more: these are the newest */
};
/* The articles that may have it: first those with its runs, then those with enough of its words. All memory is the arena's. */
bool reader_quoting(struct reader *reader, const struct quoted_words *words, struct arena *arena, struct quoting *quoting,
                    struct error *error);

struct quoting_article {
    int64_t id, outlet; /* 0: not known */
    struct slice title, url, published_at, outlet_name;
};
bool reader_quoting_article(struct reader *reader, int64_t id, struct arena *arena, struct quoting_article *article,
                            struct error *error);
/* NO_SLICE where there is no such article. */
bool reader_quoting_text(struct reader *reader, int64_t article, struct arena *arena, struct slice *text, struct error *error);

struct quoting_report {
    int64_t id, claim, speaker, affiliation, on_behalf_of; /* 0: none; the affiliation is the speaker's */
    struct slice speaker_name;
    struct slice document; /* valid during the call alone */
};
/* Calls `each` with each report of the article, but for those of claims that were rejected. */
bool reader_quoting_reports(struct reader *reader, int64_t article, struct arena *arena,
                            void (*each)(void *to, const struct quoting_report *report), void *to, struct error *error);

/* What a reference leads to, by its external_id or, without one, by its id; 0: nothing. */
bool reader_reference(struct reader *reader, enum noun noun, int64_t id, struct slice external_id, int64_t *found,
                      struct error *error);
/* The actors of that name or alias; where there are none, the people of that last name. All strings are the arena's. */
struct named;
bool reader_named(struct reader *reader, struct slice name, struct arena *arena, struct named *found, size_t most, size_t *count,
                  struct error *error);

/* ---- positions (server/store/positions.c) ------------------------------------------------------------------ */

/* Where actors stand on topics, as claims show it: those that are listed, not rejected, and said for somebody. */

struct position_topic {
    int64_t id; /* 0: there is none */
    struct slice slug;
};
/* The topic behind that one. All strings are the arena's, here as below. */
bool reader_position_topic(struct reader *reader, int64_t after, struct arena *arena, struct position_topic *topic,
                           struct error *error);

struct position_actor {
    int64_t id, affiliation; /* 0: none */
    struct slice kind, country, name;
};
/* Its id is 0 where there is no such actor any more. */
bool reader_position_actor(struct reader *reader, int64_t id, struct arena *arena, struct position_actor *actor,
                           struct error *error);
/* The state of that country, or 0. */
bool reader_position_state(struct reader *reader, struct slice country, int64_t *state, struct error *error);
/* Whom claims on the topic are said for, by their ids. */
bool reader_position_principals(struct reader *reader, int64_t topic, struct arena *arena, struct position_actor **actors,
                                size_t *count, struct error *error);
/* Who belongs to that actor or, of a state, is its government; at most so many. */
enum { POSITION_MEMBERS_MAX = 5000 };
bool reader_position_members(struct reader *reader, const struct position_actor *of, struct arena *arena,
                             struct position_actor **actors, size_t *count, struct error *error);

struct position_query {
    int64_t topic, actor;
    bool as_speaker;    /* what the actor said, for whomever; else what was said for the actor */
    struct slice until; /* a day: what has none is left out; NO_SLICE: all */
    int64_t most;
};
struct position_row {
    int64_t claim;
    struct slice day, stance; /* the day it was said, else first published, else ""; valid during the call alone */
};
/* Calls `each` with the newest claims, the newest first. */
bool reader_positions(struct reader *reader, const struct position_query *query,
                      void (*each)(void *to, const struct position_row *row), void *to, struct error *error);

struct position_claim {
    int64_t id, speaker; /* 0: not known */
    struct slice text, said_on, speaker_name;
    int64_t report_count, outlet_count, origin_count;
};
bool reader_position_claim(struct reader *reader, int64_t id, struct arena *arena, struct position_claim *claim,
                           struct error *error);

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

/* ---- origins (server/store/origins.c) ---------------------------------------------------------------------- */

/* From how many independent origins a claim is known. A report is of the same origin as another when there is a reason, one of
 * these; the first that holds is given.
 *
 * A claim is one statement: whoever carries it has it from its speaker, and how many heard it makes it no better founded. So who
 * speaks and where decide, and a wire only joins what does not differ in these: reports of two people known to be two are two
 * origins even in one dispatch, and so are two known occasions of one person, for the dispatch has two people's word for it, or
 * one's given twice. Two things are known less well than they seem:
 *   - A body has no voice: "Washington said" shortens what one of its officials said. It counts only where no report of the
 *     claim has anybody who speaks for it, and then once.
 *   - Nameless sources of one body that two articles describe differently are one, if there is such a reason, and if no article
 *     has both.
 * A report without a speaker has no origin. Nothing depends on ids, but the order of reports within an article. */
enum folding {
    FOLD_NONE,  /* no speaker: it has no origin */
    FOLD_FIRST, /* the others of its origin fold into it */
    FOLD_ARTICLE,
    FOLD_COPY,
    FOLD_WIRE,
    FOLD_QUOTE, /* one has it from the other's outlet */
    FOLD_OUTLET,
    FOLD_OCCASION,
    FOLD_BYLINE,
    FOLD_SPEAKER,
    FOLD_SHORTER
};

enum { BODIES_MAX = 5 };

/* A speaker, and for whom: the body itself, what that belongs to, and so on. */
struct origin_speaker {
    int64_t id;
    enum { VOICE_PERSON, VOICE_NAMELESS, VOICE_BODY, VOICE_MEDIUM } voice;
    bool government, of_state; /* it is a government; the first of its bodies is a state */
    int64_t bodies[BODIES_MAX];
    size_t body_count;
    struct slice name;
};

struct origin_report {
    int64_t id, article, outlet;          /* outlet 0: not known */
    int64_t copied, copied_outlet;        /* the article that this one's repeats, or 0 */
    const struct origin_speaker *speaker; /* NULL: nobody */
    int64_t occasion;                     /* 0: not known */
    const int64_t *via;
    size_t via_count;
    struct slice byline, published, sha256;
    /* What the fold finds. */
    enum folding why;
    size_t with;   /* the report that it folds into, by its place; for FOLD_NONE and FOLD_FIRST its own */
    size_t origin; /* of `origins` */
};

struct origins {
    struct origin_report *reports; /* the fold puts them into an order that depends on what they say */
    size_t report_count, outlet_count;
    int64_t main_speaker; /* the claim's, or 0: its origin is the first */
    struct origin {
        size_t first, report_count; /* first: the report that the others fold into */
        int64_t occasion, medium;   /* medium: the one that all of it comes from first, or 0 */
    } * origins;
    size_t count;
};

/* The fold alone. All memory is the arena's. */
void origins_fold(struct origins *origins, struct arena *arena);
/* Of a claim's reports in articles that are there. */
bool reader_origins(struct reader *reader, int64_t claim, struct arena *arena, struct origins *origins, struct error *error);
/* The first medium that had a report: the first of its chain, else its outlet, or that of the article it repeats; or 0. */
int64_t origin_medium(const struct origin_report *report);

/* The name of an actor or a meeting, or NO_SLICE. */
struct slice reader_name(struct reader *reader, enum noun noun, int64_t id, struct arena *arena, struct error *error);
/* Where the article names the actor next to that place. */
struct named_at {
    int64_t start, end;
    struct slice text;
};
bool reader_named_at(struct reader *reader, int64_t article, int64_t actor, int64_t near, struct arena *arena,
                     struct named_at *named, struct error *error);

/* ---- what is new in an article (server/store/novelty.c) ----------------------------------------------------- */

/* Whether one article came before another: the one that was published before; where that is not known of both, or is the same,
 * the one with the lower id. */
struct publication {
    int64_t article;
    struct slice published_at;
};
bool came_before(const struct publication *a, const struct publication *b);

/* A report whose words stand in the article's newest text, of a claim that is there. */
struct carried {
    int64_t report, claim, speaker; /* speaker: 0 is nobody */
    struct slice claim_text, document;
};
/* An actor that the article names, or a meeting that it speaks of, and no article before does. */
struct first_seen {
    int64_t id;
    struct slice name, kind, starts_on; /* starts_on: a meeting's */
};
/* The first `most` of each; the answer is how many there are, -1 on failure. All strings are the arena's. */
int64_t reader_told_in(struct reader *reader, int64_t article, struct arena *arena, struct carried *found, size_t most,
                       struct error *error);
int64_t reader_first_seen(struct reader *reader, enum noun noun, const struct publication *article, struct arena *arena,
                          struct first_seen *found, size_t most, struct error *error);
/* How many actors it names, meetings it speaks of; -1 on failure. */
int64_t reader_seen_in(struct reader *reader, enum noun noun, int64_t article, struct error *error);
/* The documents of the discrepancies that have evidence in the article. */
int64_t reader_disputes_in(struct reader *reader, int64_t article, struct arena *arena, struct slice *documents, size_t most,
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
    struct slice by; /* who asked for it, for the change log; NO_SLICE: nobody in particular */
    bool kept;
    struct work *next;
};

/* Any thread. The work must live until its finish() is called. False when the queue is full or the store is closing: not
 * taken. */
bool store_submit(struct store *store, struct work *work);
/* How many works may wait; more are refused. Without end at first. */
void store_limit_writes(struct store *store, size_t most);
/* Submits and waits until it is settled; for commands. `failure` as finish() would get it. */
bool store_perform(struct store *store, struct work *work, struct error *failure);
/* Whether the writer has gone on since this was last asked: it waits for work, or runs statements. From one thread, every few
 * seconds. The first answer is yes. */
bool store_is_writing(struct store *store);

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
    NAMED_ALIKE,        /* people whose last name sounds like this one's, with the same initial: to be compared */
    NAMED_ALIKE_LAST    /* the same of a name of one word, with any initial or none */
};
struct named {
    int64_t id;
    struct slice name, kind, country;
    bool confirmed; /* by a person */
};
/* The actors named so, by their names or aliases; all strings are the arena's. */
size_t writing_named(struct writing *writing, enum naming naming, struct slice name, struct arena *arena, struct named *found,
                     size_t most);
/* The names that articles print of an actor, each with how many do, and when first. `nominals`: and what they call it otherwise,
 * "the rich states". */
struct printed_name {
    struct slice text, first_at; /* the arena's; first_at: when the first of these articles was published, "~" not known */
    int64_t articles;
};
size_t writing_printed_names(struct writing *writing, int64_t actor, bool nominals, struct arena *arena,
                             struct printed_name *printed, size_t most);
/* Notes the name that reading gave an actor; whether it was this one that it gave last. */
void writing_give_name(struct writing *writing, int64_t actor, struct slice name);
bool writing_given_name(struct writing *writing, int64_t actor, struct slice name);

/* The state of that country, or 0; the actor of that id, or what it was merged into, or 0. */
int64_t writing_state(struct writing *writing, struct slice country);
int64_t writing_actor(struct writing *writing, int64_t id);

/* What has that external_id, or 0. */
int64_t writing_keyed(struct writing *writing, enum noun noun, struct slice external_id);

/* The claim's report in that article, or 0. */
int64_t writing_report_in(struct writing *writing, int64_t claim, int64_t article);
/* Adds a report to a claim. It costs the same however many there are. */
bool writing_add_report(struct writing *writing, int64_t claim, json_t *report, struct arena *arena);

/* ---- matching (server/store/matching.c) -------------------------------------------------------------------- */

/* What a report says, as it is compared with others. Days count from 1970-01-01; 0: not known. */
struct trait {
    int64_t report;
    struct slice party;   /* for whom its speaker speaks, or NO_SLICE: see writing_party() */
    int64_t day;          /* that it was said on, else published */
    bool said;            /* the day it was said on */
    struct slice gist;    /* its concepts, as text of the room above */
    struct slice reading; /* what its article alone would make of the claim, as JSON */
};
/* The same as it stands, with what it belongs to; strings are the arena's. */
struct compared {
    struct trait trait;
    int64_t claim, article, speaker; /* speaker: whom its article names, else the claim's; 0: nobody */
    struct slice document, published_at, speaker_kind;
};

/* Sets a report's trait and the keys that it is found by; takes them back. */
void writing_set_trait(struct writing *writing, const struct trait *trait, const int64_t *keys, size_t count);
void writing_drop_trait(struct writing *writing, const struct trait *trait, const int64_t *keys, size_t count);

/* A report in an article and a claim that are there; those of a claim, by id. */
bool writing_compared(struct writing *writing, int64_t report, struct arena *arena, struct compared *compared);
size_t writing_compared_of(struct writing *writing, int64_t claim, struct arena *arena, struct compared *found, size_t most);
bool reader_compared(struct reader *reader, int64_t report, struct arena *arena, struct compared *compared, struct error *error);
size_t reader_compared_of(struct reader *reader, int64_t claim, struct arena *arena, struct compared *found, size_t most,
                          struct error *error);

/* Reports that have the key, of those days, the newest first. */
struct alike_query {
    int64_t key, from, until;
};
size_t writing_alike(struct writing *writing, const struct alike_query *query, int64_t *reports, size_t most);
size_t reader_alike(struct reader *reader, const struct alike_query *query, int64_t *reports, size_t most, struct error *error);

/* For whom an actor speaks: a country's code, where it belongs to a state or its government; else the id of the body at the top
 * of what it belongs to, or its own; NO_SLICE for a source of nobody's. */
struct slice writing_party(struct writing *writing, int64_t actor, struct arena *arena);

/* Claims that a person took apart. */
bool writing_are_apart(struct writing *writing, int64_t claim, int64_t other);
void writing_set_apart(struct writing *writing, int64_t claim, int64_t other);

/* What was last written into a claim from its reports: a hash of its own words, and who speaks for whom. */
struct derived {
    int64_t words, speaker, on_behalf_of;
};
bool writing_derived(struct writing *writing, int64_t claim, struct derived *derived);
void writing_set_derived(struct writing *writing, int64_t claim, const struct derived *derived);

/* ---- texts ------------------------------------------------------------------------------------------------- */

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
/* The claims, meetings, discrepancies or actors that an article has evidence of, above `after`, ascending. */
size_t writing_found_in(struct writing *writing, enum noun noun, int64_t article, int64_t after, int64_t *ids, size_t most);
/* The same of what the noticed discrepancies with evidence in the article are about. */
size_t writing_disputed_in(struct writing *writing, enum noun noun, int64_t article, int64_t after, int64_t *ids, size_t most);
/* Whether nothing that is there names the actor any more. */
bool writing_is_unused(struct writing *writing, int64_t actor);

/* ---- noticing (server/store/noticing.c) -------------------------------------------------------------------- */

/* What tells an article from others, whatever its id: for who has to put some into an order. */
struct article_facts {
    int64_t origin; /* articles of one outlet, and those that repeat one of its, have the same */
    struct slice published_at, sha256;
};
/* False where it is deleted. */
bool writing_article_facts(struct writing *writing, int64_t article, struct arena *arena, struct article_facts *facts);

/* Where articles that are there name an actor, the newest articles first. */
struct naming_of {
    int64_t article, start, end;
    struct slice text, form, title; /* NO_SLICE: none is given there */
};
size_t writing_namings(struct writing *writing, int64_t actor, struct arena *arena, struct naming_of *found, size_t most);
/* Characters of an article's text, as far as it goes; NO_SLICE where there are none. */
struct slice writing_characters(struct writing *writing, int64_t article, int64_t from, int64_t end, struct arena *arena);

/* Where an article has a term (text.h), by one of its handles. */
struct term_at {
    struct slice handle, text;
    int64_t article, start, end;
};
void writing_forget_terms(struct writing *writing, int64_t article);
void writing_note_term(struct writing *writing, const struct term_at *term);
/* All of an article; and those with a handle in the articles that are there, the newest articles first. */
size_t writing_terms_in(struct writing *writing, int64_t article, struct arena *arena, struct term_at *found, size_t most);
size_t writing_terms_called(struct writing *writing, struct slice handle, struct arena *arena, struct term_at *found,
                            size_t most);

/* A discrepancy that the machine made: known again by its key among those noticed at the same actor, meeting or claim. Those
 * noticed at an article are about no resource, and known by the key alone. */
struct noticed_before {
    int64_t id;
    struct slice key;
    int64_t mark; /* a hash of what was written */
    bool withdrawn;
};
/* Those noticed at that resource; at an article: those with evidence in it. By their keys and ids. */
size_t writing_noticed_at(struct writing *writing, enum noun noun, int64_t id, struct arena *arena, struct noticed_before *found,
                          size_t most);
/* The one of that key that was noticed at articles. */
bool writing_noticed_so(struct writing *writing, struct slice key, struct arena *arena, struct noticed_before *found);
/* Whether a person wrote one of that kind about that resource. */
bool writing_disputed_already(struct writing *writing, enum noun noun, int64_t id, const char *kind);
void writing_note_noticed(struct writing *writing, enum noun noun, const struct noticed_before *noticed);

/* ---- sightings (server/store/sightings.c) ------------------------------------------------------------------- */

/* A meeting as one article has it: `reading` is the collating room's JSON. */
struct sighting {
    int64_t article, position, meeting;
    struct slice published, order; /* the article's day, or NO_SLICE; and its hash: for an order that is not that of ids */
    struct slice reading;
};
/* What it is found by: keys, its day, or the article's where its own is not known (`loose`). */
struct sighting_keys {
    const struct slice *keys;
    size_t count;
    bool loose;
    struct slice day;
};
/* Those of a meeting; those of an article, without its day and hash. */
size_t writing_sightings(struct writing *writing, int64_t meeting, struct arena *arena, struct sighting *found, size_t most);
size_t writing_sightings_in(struct writing *writing, int64_t article, struct arena *arena, struct sighting *found, size_t most);
/* Writes one in the place of what was there; takes one away. */
void writing_put_sighting(struct writing *writing, const struct sighting *sighting, const struct sighting_keys *keys);
void writing_drop_sighting(struct writing *writing, int64_t article, int64_t position);
/* The meetings that have a sighting of that key from the one day to the other, or that a person put there. */
size_t writing_sighted(struct writing *writing, struct slice key, bool loose, struct slice from, struct slice until, int64_t *ids,
                       size_t most);

/* A nameless source as one article has it, and the actor that stands for it. */
struct voice {
    int64_t article, position, actor;
    int64_t meeting;    /* the briefing or call at which it speaks; 0: none is known */
    struct slice party; /* for whom; NO_SLICE: not known */
    struct slice name;  /* how the article describes it */
};
void writing_put_voice(struct writing *writing, const struct voice *voice);
void writing_drop_voices(struct writing *writing, int64_t article);
/* Those of one meeting are another's: all, or those of one article. */
void writing_move_voices(struct writing *writing, int64_t from, int64_t into, int64_t article);
/* The actors that speak there for that party; what articles say of one. */
size_t writing_voices_at(struct writing *writing, int64_t meeting, struct slice party, int64_t *actors, size_t most);
size_t writing_voices_of(struct writing *writing, int64_t actor, struct arena *arena, struct voice *found, size_t most);

/* Whether a person took the one out of the other, or the other out of the one. */
bool writing_taken_apart(struct writing *writing, enum noun noun, int64_t one, int64_t other);

/* Makes whatever names the one resource name the other: for a meeting that turned out to be another. */
void writing_fold(struct writing *writing, enum noun noun, int64_t from, int64_t into, struct arena *arena);
/* The resource itself where it is there, else what it was folded into, or 0. */
int64_t writing_folded(struct writing *writing, enum noun noun, int64_t id);

/* ---- what articles tell of meetings (server/store/details.c) ----------------------------------------------- */

struct meeting_detail {
    int64_t article, mention; /* where the article first speaks of the meeting */
    int64_t start, end;       /* what tells it */
    struct slice kind;        /* "day", "place", "speakers", "leader" */
    struct slice value;       /* the day, the city; "one" or "several" */
    struct slice until;       /* with a day: the last one, of several */
    struct slice part_of_day; /* with a day */
    int64_t side, actor;      /* to be written: whose delegation, and one who leads it; or for whom they spoke. 0: none */
    /* As read: the side's name; what it has in common with others of its side, a country's code or its own id; who leads. */
    struct slice side_name, party, leader;
};
/* Puts these in the place of what the article told before. */
void writing_note_details(struct writing *writing, int64_t article, const struct meeting_detail *details, size_t count);
/* What is told of a meeting, article by article. */
size_t writing_details(struct writing *writing, int64_t meeting, struct arena *arena, struct meeting_detail *found, size_t most);
/* Meetings from a day to another that may be the same talks, the meeting itself among them: see SQL_MEETINGS_BESIDE. */
size_t writing_meetings_beside(struct writing *writing, int64_t meeting, struct slice from, struct slice until, int64_t *ids,
                               size_t most);
/* The same of meetings whose parties are not told, in articles that share a claim: see SQL_MEETINGS_OF_STORY. */
size_t writing_meetings_of_story(struct writing *writing, int64_t meeting, struct slice from, struct slice until, int64_t *ids,
                                 size_t most);
/* Other claims in the same words, the oldest first. */
size_t writing_same_words(struct writing *writing, int64_t claim, int64_t *ids, size_t most);
/* Where the article last names an actor before a place. False: nowhere. */
bool writing_named_before(struct writing *writing, int64_t article, int64_t actor, int64_t before, int64_t *start, int64_t *end);

/* ---- revisions (server/store/revising.c) -------------------------------------------------------------------- */

/* The article of that URL, else of that external_id; each may be NO_SLICE. Or 0. */
int64_t writing_known_article(struct writing *writing, struct slice url, struct slice external_id);

/* Gives an article another text; the one it has is kept for ever. Spans of claims, meetings and discrepancies move to where they
 * stand now; what stands nowhere any more keeps its place in the older text, with that one's number as `revision`, a report with
 * `match` "missing". The article itself is not written yet: `spans` holds its mentions and other spans as they are to be;
 * write_change() with the new text and these brings it up to date. */
struct retexted {
    int64_t number;                    /* of the new text; 0: that failed */
    const struct realigned *realigned; /* the text before with the new one */
    json_t *spans;                     /* `mentions`, `body_spans`, `boilerplate_spans`; to be freed */
};
struct retexted writing_retext(struct writing *writing, int64_t article, struct slice text, struct arena *arena);
/* Notes the revision once the article is written (its document). `more`: members of the revision's document, a comma before each;
 * `quotes`: a JSON array. `document` gets it all but the text. */
void writing_note_revision(struct writing *writing, const json_t *article, int64_t number, struct slice more, struct slice quotes,
                           struct buffer *document);
/* The bands of an article whose text is another one now do not stand for it. */
void writing_drop_bands(struct writing *writing, int64_t article);
/* The reports of an article, of claims that are there: an array of their documents, to be freed. */
json_t *writing_reports_in(struct writing *writing, int64_t article);

/* An article's revisions below `before` (0: from the newest), newest first, appended to `items` as JSON objects with commas;
 * `count` and `last` as reader_history() has them. */
bool reader_revisions(struct reader *reader, int64_t article, int64_t before, int limit, struct buffer *items, int *count,
                      int64_t *last, struct error *error);
/* One of them, with its quotes and its text. `settled`: nothing can alter it any more. ERROR_NOT_FOUND: there is none. */
bool reader_revision(struct reader *reader, int64_t article, int64_t number, struct buffer *out, bool *settled,
                     struct error *error);
/* The article of that URL, else of that external_id; each may be NO_SLICE. Or 0. */
int64_t reader_known_article(struct reader *reader, struct slice url, struct slice external_id);

/* From now on the work may run so many statements, 0: any number. writing_spent() says when they are used up; it is for who asks
 * for much to ask this now and then, and to give up. */
void writing_bound(struct writing *writing, uint64_t statements);
bool writing_spent(const struct writing *writing);

/* A savepoint inside a work: for bulk writes whose items fail alone. writing_settle() keeps or rolls back what came since the
 * mark. */
void writing_mark(struct writing *writing);
void writing_settle(struct writing *writing, bool keep);

/* ---- answers that are kept (server/store/idempotency.c) ---------------------------------------------------- */

enum { ANSWER_HOURS = 24 };

/* What a write was answered, kept for ANSWER_HOURS under a key of the client's. */
struct kept_answer {
    struct slice scope;   /* a digest: whose key it is, and for what */
    struct slice request; /* a digest: what was asked with it */
    int status;
    struct slice headers; /* "Name: value", a line each */
    struct slice body;    /* NO_SLICE: it had none */
};
/* Looks for one by its scope; all strings are the arena's. False: there is none, or the engine failed; a work of which the engine
 * fails is not kept, whatever it returns. */
bool writing_answer(struct writing *writing, struct slice scope, struct arena *arena, struct kept_answer *answer);
bool reader_answer(struct reader *reader, struct slice scope, struct arena *arena, struct kept_answer *answer,
                   struct error *error);
/* Keeps it, in the same transaction as what the work writes, and forgets a few that are too old. */
bool writing_keep_answer(struct writing *writing, const struct kept_answer *answer, struct error *error);

/* ---- keys (server/store/api_keys.c) ------------------------------------------------------------------------- */

/* Who may ask over HTTP. */
struct api_key {
    int64_t id;
    struct slice prefix; /* it is found by this */
    struct slice hash;   /* SHA-256 of the whole key, as hexadecimal digits */
    struct slice name;
    struct slice scopes, networks;                                 /* lists with commas; networks NO_SLICE: any */
    struct slice created_at, expires_at, revoked_at, last_used_at; /* NO_SLICE: never */
};
/* The key with this prefix, as it is at this moment whatever the reader sees; strings are the arena's. False: there is none, or
 * a failure (error.kind tells). */
bool reader_api_key(struct reader *reader, struct slice prefix, struct arena *arena, struct api_key *key, struct error *error);
/* The same for the first one made after that id: all of them in turn, from 0; those that are revoked, too. */
bool reader_api_key_after(struct reader *reader, int64_t id, struct arena *arena, struct api_key *key, struct error *error);

void writing_add_api_key(struct writing *writing, const struct api_key *key);
/* From now on. One that is revoked stays as it is. False: there is none. */
bool writing_revoke_api_key(struct writing *writing, struct slice prefix);
void writing_use_api_key(struct writing *writing, int64_t id); /* it was, now */

/* ---- for tests -------------------------------------------------------------------------------------------- */

/* Calls `each` with every statement the store can run, lists with every filter and sort included. */
void store_statements(void (*each)(void *to, const char *sql), void *to);

#endif
