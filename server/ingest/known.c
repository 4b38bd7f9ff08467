/* What the record knows, in step with it: the names of its actors, the keywords of its topics.
 *
 * A snapshot is read by many at once and never changes. When the record has moved on, the next one is made of the last: the
 * changes since are read from the log, and the actors they touch are laid over the great dictionary behind it, which is made
 * anew, by a thread of its own, only when much has changed. So an alias that was just written takes effect with the next reading,
 * however many actors there are.
 *
 * Only actors that a person confirmed are known here: what extraction proposed would otherwise confirm itself. */
#include <stdlib.h>
#include <string.h>

#include "ingest_private.h"
#include "readout/log.h"

/* So many changes may lie over the dictionary before it is made anew. */
enum { OVER_MAX = 500, PAGE = 500 };

struct base {
    atomic_int holders;
    struct known *known;
    int64_t seq; /* the change that it reaches to */
};

struct snapshot {
    atomic_int holders;
    struct base *base;
    struct known *over;
};

/* Actors or topics as they are now; a NULL document: deleted. */
struct documents {
    struct document {
        int64_t id, seq;
        json_t *json;
    } * items;
    size_t count, room;
};

struct known_names {
    struct store *store;
    pthread_mutex_t lock; /* over all of this */
    struct reader *reader;
    struct base *base;
    struct snapshot *current;
    int64_t seq;             /* the change that `current` reaches to */
    struct documents actors; /* that changed since the base was made */
    struct documents topics; /* all: they are few */
    pthread_t builder;
    bool building;     /* `builder` is to be joined */
    atomic_bool built; /* it is done: */
    struct base *next;
};

#define KNOWN_NOUNS (NOUN_BIT(NOUN_ACTOR) | NOUN_BIT(NOUN_TOPIC))

/* ---- documents to names ----------------------------------------------------------------------------------- */

static struct slice text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

static bool is_known(const json_t *document)
{
    return slice_is(text_of(document, "status"), "confirmed") && !json_is_integer(json_object_get(document, "merged_into_id"));
}

static enum actor_kind kind_of(struct slice name)
{
    enum actor_kind kind = 0;
    while (kind < ACTOR_KINDS && !slice_is(name, actor_kind_name(kind)))
        kind++;
    return kind;
}

/* A demonym is the reader's to know: it means a state's people as often as the state. A single letter means nobody. */
static void add_actor(struct known *known, const json_t *document)
{
    int64_t id = json_integer_value(json_object_get(document, "id"));
    enum actor_kind kind = kind_of(text_of(document, "kind"));
    struct slice country = text_of(document, "country");
    if (!is_known(document) || kind == ACTOR_KINDS || kind == ACTOR_ANONYMOUS)
        return;
    text_known_name(known, text_of(document, "name"), id, kind, country);
    size_t index;
    json_t *alias;
    json_array_foreach (json_object_get(document, "aliases"), index, alias) {
        struct slice text = text_of(alias, "text");
        if (text.length > 1 && !slice_is(text_of(alias, "form"), "demonym"))
            text_known_name(known, text, id, kind, country);
    }
}

static void add_topic(struct known *known, const json_t *document)
{
    size_t index;
    json_t *keyword;
    json_array_foreach (json_object_get(document, "keywords"), index, keyword)
        text_known_topic(known, text_of(document, "slug"),
                         (struct slice){json_string_value(keyword), json_string_length(keyword)});
}

/* ---- documents -------------------------------------------------------------------------------------------- */

/* The one of that id; a new one without a document where there is none. */
static struct document *document_of(struct documents *documents, int64_t id)
{
    for (size_t i = 0; i < documents->count; i++) {
        if (documents->items[i].id == id)
            return &documents->items[i];
    }
    if (documents->count == documents->room) {
        documents->room = documents->room ? documents->room * 2 : 64;
        documents->items = realloc(documents->items, documents->room * sizeof *documents->items);
        if (!documents->items)
            die("out of memory for the known names");
    }
    struct document *document = &documents->items[documents->count++];
    *document = (struct document){.id = id};
    return document;
}

/* Forgets those that were as they are at that change already. */
static void forget_until(struct documents *documents, int64_t seq)
{
    size_t kept = 0;
    for (size_t i = 0; i < documents->count; i++) {
        if (documents->items[i].seq > seq)
            documents->items[kept++] = documents->items[i];
        else
            json_decref(documents->items[i].json);
    }
    documents->count = kept;
}

/* Calls `each` with every document of the noun; of actors with those that are known. */
static bool read_all(struct reader *reader, enum noun noun, void (*each)(void *to, json_t *document), void *to,
                     struct error *error)
{
    struct arena arena = {0};
    struct datum confirmed = of_text("confirmed");
    struct list_query query = {.list = list_of(noun), .order_count = 1, .limit = PAGE, .count = COUNT_NONE};
    struct list_page page = {.more_after = true};
    query.orders[0].sort = list_sort_index(query.list, SLICE("id"));
    if (noun == NOUN_ACTOR)
        list_query_filter(&query, list_filter_index(query.list, SLICE("status")), COMPARE_IS, &confirmed, 1);
    bool good = true;
    while (good && page.more_after) {
        struct buffer items = buffer_in(&arena, 65536);
        good = reader_list(reader, &query, &items, &page, error);
        for (size_t i = 0; good && i < page.count; i++) {
            json_t *document = json_loadb(page.rows[i].document.data, page.rows[i].document.length, 0, NULL);
            each(to, document);
            json_decref(document);
        }
        query.place = (struct place){.given = true, .id = page.last.id};
        arena_reset(&arena);
    }
    arena_release(&arena);
    return good;
}

/* ---- the dictionary behind all ---------------------------------------------------------------------------- */

static void base_release(struct base *base)
{
    if (!base || atomic_fetch_sub(&base->holders, 1) != 1)
        return;
    text_known_free(base->known);
    free(base);
}

static void take_actor(void *to, json_t *document)
{
    add_actor(to, document);
}

static struct base *base_make(struct reader *reader, struct error *error)
{
    struct base *base = calloc(1, sizeof *base);
    if (!base)
        die("out of memory for the known names");
    base->seq = generation_seq(reader_generation(reader), KNOWN_NOUNS);
    base->known = text_known_new();
    atomic_store(&base->holders, 1);
    if (!read_all(reader, NOUN_ACTOR, take_actor, base->known, error)) {
        base_release(base);
        base = NULL;
    }
    reader_rest(reader);
    return base;
}

/* With a reader of its own, so that those who read articles do not wait. */
static void *build(void *argument)
{
    struct known_names *names = argument;
    struct error error;
    struct reader *reader = reader_open(names->store, &error);
    names->next = reader ? base_make(reader, &error) : NULL;
    if (!names->next)
        log_event(LOG_WARNING, "known-names-stale", "detail", error.message, NULL);
    reader_close(reader);
    atomic_store(&names->built, true);
    return NULL;
}

/* ---- what changed since ----------------------------------------------------------------------------------- */

/* What extraction has just proposed is nobody's yet: most changes are such. */
static bool is_proposal(enum noun noun, const json_t *item)
{
    return noun == NOUN_ACTOR && json_integer_value(json_object_get(item, "version")) == 1 &&
           !is_known(json_object_get(item, "document"));
}

static void take_change(struct known_names *names, const struct changed *change)
{
    json_t *item = json_loadb(change->item.data, change->item.length, 0, NULL);
    json_t *json = json_object_get(item, "document");
    if (!is_proposal(change->noun, item)) {
        struct document *document = document_of(change->noun == NOUN_ACTOR ? &names->actors : &names->topics,
                                                json_integer_value(json_object_get(item, "id")));
        json_decref(document->json);
        document->seq = change->seq;
        document->json = json_is_object(json) ? json_incref(json) : NULL;
    }
    json_decref(item);
}

static bool take_changes(struct known_names *names, int64_t until, struct error *error)
{
    struct arena arena = {0};
    bool good = true;
    while (good && names->seq < until) {
        struct changed changes[64];
        struct change_query query = {.since = names->seq, .until = until, .nouns = KNOWN_NOUNS, .limit = 64};
        size_t count = 0;
        good = reader_changes(names->reader, &query, &arena, changes, &count, &names->seq, error);
        for (size_t i = 0; good && i < count; i++)
            take_change(names, &changes[i]);
        arena_reset(&arena);
    }
    arena_release(&arena);
    return good;
}

/* ---- snapshots -------------------------------------------------------------------------------------------- */

static void replace_snapshot(struct known_names *names)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        die("out of memory for the known names");
    atomic_fetch_add(&names->base->holders, 1);
    *snapshot = (struct snapshot){.base = names->base, .over = text_known_over(names->base->known)};
    atomic_store(&snapshot->holders, 1);
    for (size_t i = 0; i < names->actors.count; i++) {
        text_known_hide_actor(snapshot->over, names->actors.items[i].id);
        if (names->actors.items[i].json)
            add_actor(snapshot->over, names->actors.items[i].json);
    }
    for (size_t i = 0; i < names->topics.count; i++)
        add_topic(snapshot->over, names->topics.items[i].json);
    known_give_back(names->current);
    names->current = snapshot;
}

static void take_base(struct known_names *names, struct base *base)
{
    base_release(names->base);
    names->base = base;
    forget_until(&names->actors, base->seq);
}

/* Takes over a base that was made meanwhile, and has one made when too much lies over this one. */
static bool tend_base(struct known_names *names)
{
    bool taken = false;
    if (names->building && atomic_load(&names->built)) {
        pthread_join(names->builder, NULL);
        names->building = false;
        taken = names->next;
        if (taken)
            take_base(names, names->next);
    }
    if (!names->building && names->actors.count > OVER_MAX) {
        atomic_store(&names->built, false);
        names->building = pthread_create(&names->builder, NULL, build, names) == 0;
    }
    return taken;
}

static void take_topic(void *to, json_t *json)
{
    document_of(to, json_integer_value(json_object_get(json, "id")))->json = json_incref(json);
}

static bool begin(struct known_names *names, struct error *error)
{
    names->reader = names->reader ? names->reader : reader_open(names->store, error);
    struct base *base = names->reader ? base_make(names->reader, error) : NULL;
    if (!base)
        return false;
    names->seq = base->seq;
    take_base(names, base);
    forget_until(&names->topics, INT64_MAX);
    reader_generation(names->reader);
    bool good = read_all(names->reader, NOUN_TOPIC, take_topic, &names->topics, error);
    reader_rest(names->reader);
    return good;
}

static bool catch_up(struct known_names *names, struct error *error)
{
    bool first = !names->current;
    if (first && !begin(names, error))
        return false;
    int64_t newest = generation_seq(reader_published(names->reader), KNOWN_NOUNS);
    bool moved = first || newest > names->seq;
    if (newest > names->seq) {
        reader_generation(names->reader);
        bool good = take_changes(names, newest, error);
        reader_rest(names->reader);
        if (!good)
            return false;
    }
    if (tend_base(names) || moved)
        replace_snapshot(names);
    return true;
}

struct snapshot *known_take(struct known_names *names)
{
    struct error error;
    pthread_mutex_lock(&names->lock);
    if (!catch_up(names, &error))
        log_event(LOG_WARNING, "known-names-stale", "detail", error.message, NULL);
    struct snapshot *snapshot = names->current;
    if (snapshot)
        atomic_fetch_add(&snapshot->holders, 1);
    pthread_mutex_unlock(&names->lock);
    return snapshot;
}

const struct known *snapshot_known(const struct snapshot *snapshot)
{
    return snapshot ? snapshot->over : NULL;
}

void known_give_back(struct snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub(&snapshot->holders, 1) != 1)
        return;
    text_known_free(snapshot->over);
    base_release(snapshot->base);
    free(snapshot);
}

/* ---- opening ---------------------------------------------------------------------------------------------- */

struct known_names *known_open(struct store *store)
{
    struct known_names *names = calloc(1, sizeof *names);
    if (!names)
        die("out of memory for the known names");
    names->store = store;
    pthread_mutex_init(&names->lock, NULL);
    return names;
}

void known_close(struct known_names *names)
{
    if (names->building)
        pthread_join(names->builder, NULL);
    if (names->building)
        base_release(names->next);
    forget_until(&names->actors, INT64_MAX);
    forget_until(&names->topics, INT64_MAX);
    known_give_back(names->current);
    base_release(names->base);
    reader_close(names->reader);
    pthread_mutex_destroy(&names->lock);
    free(names->actors.items);
    free(names->topics.items);
    free(names);
}
