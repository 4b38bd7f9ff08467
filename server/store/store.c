#include <stdlib.h>
#include <string.h>

#include "store_private.h"

/* ---- opening ---------------------------------------------------------------------------------------------- */

static bool load_key(struct store *store, struct engine *engine, bool may_write, struct error *error)
{
    struct arena arena = {0};
    struct slice key = NO_SLICE, text = NO_SLICE;
    struct statement *statement = sql_statement(engine, SQL_SECRET);
    statement_run(statement, VALUES(of_text("cursor")));
    if (statement_next(statement))
        text = arena_slice(&arena, statement_text(statement, 0));
    bool good = statement_end(statement, error);
    if (good && text.data) {
        good = (digest_base64url_decode(&arena, text, &key) && key.length == KEY_SIZE) ||
               fail(error, ERROR_INVALID, "the store's cursor key is damaged");
        if (good)
            memcpy(store->key, key.data, KEY_SIZE);
    } else if (good) {
        digest_random(store->key, KEY_SIZE);
        text = digest_base64url(&arena, (struct slice){(const char *)store->key, KEY_SIZE});
        if (may_write) {
            statement = sql_statement(engine, SQL_SECRET_ADD);
            statement_run(statement, VALUES(of_text("cursor"), of_slice(text)));
            while (statement_next(statement))
                ;
            good = statement_end(statement, error);
        }
    }
    arena_release(&arena);
    return good;
}

static bool open_for_writing(struct store *store, enum engine_use use, void (*migrated)(const char *name), struct error *error)
{
    return engine_open(store->path, use, &store->engine, error) && store_migrate(store->engine, migrated, error) &&
           load_key(store, store->engine, true, error) && ledger_load(store->engine, &store->ledger, error);
}

static bool open_for_reading(struct store *store, struct error *error)
{
    struct engine *engine = NULL;
    bool good = engine_open(store->path, ENGINE_READ, &engine, error) && store_current(engine, error) &&
                load_key(store, engine, false, error) && ledger_load(engine, &store->ledger, error);
    engine_close(engine);
    return good;
}

static void free_store(struct store *store)
{
    engine_close(store->engine);
    pthread_mutex_destroy(&store->commit_lock);
    pthread_mutex_destroy(&store->published_lock);
    pthread_mutex_destroy(&store->queue_lock);
    pthread_cond_destroy(&store->queue_filled);
    free(store->path);
    free(store);
}

struct recounting {
    struct work work;
    int64_t last; /* claim that was counted; 0: there is none left */
};

static bool recount(struct work *work, struct writing *writing)
{
    struct arena arena = {0};
    struct recounting *recounting = (struct recounting *)work;
    recounting->last = resource_recount(writing, recounting->last, &arena);
    arena_release(&arena);
    return !writing->error.kind;
}

/* What a migration left to be counted, some claims a transaction. */
static bool recount_all(struct store *store, struct error *error)
{
    struct recounting recounting = {.work = {.run = recount}};
    do {
        if (!store_perform(store, &recounting.work, error))
            return false;
    } while (recounting.last);
    return true;
}

struct store *store_open(const char *path, enum engine_use use, void (*migrated)(const char *name), struct error *error)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path)))
        die("out of memory");
    pthread_mutex_init(&store->commit_lock, NULL);
    pthread_mutex_init(&store->published_lock, NULL);
    pthread_mutex_init(&store->queue_lock, NULL);
    pthread_cond_init(&store->queue_filled, NULL);
    store->queue_end = &store->queue_first;
    store->queue_most = SIZE_MAX;

    bool good = use == ENGINE_READ ? open_for_reading(store, error) : open_for_writing(store, use, migrated, error);
    if (good) {
        store->published = store->ledger.generation;
        atomic_store(&store->commits, 1);
        good = use == ENGINE_READ || writer_start(store, error);
    }
    if (!good) {
        free_store(store);
        return NULL;
    }
    if (use != ENGINE_READ && !recount_all(store, error)) {
        store_close(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    if (store->engine)
        writer_stop(store);
    free_store(store);
}

const uint8_t *store_key(const struct store *store)
{
    return store->key;
}

bool store_is_new(const struct store *store)
{
    return store->ledger.last_seq == 0;
}

void store_on_commit(struct store *store, void (*function)(void *context), void *context)
{
    pthread_mutex_lock(&store->commit_lock);
    store->on_commit = function;
    store->on_commit_context = context;
    pthread_mutex_unlock(&store->commit_lock);
}

void store_stop_in(struct store *store, int64_t seconds)
{
    atomic_store(&store->stop_by, clock_nanoseconds() + seconds * 1000000000);
}

int64_t generation_seq(const struct generation *generation, unsigned nouns)
{
    int64_t newest = 0;
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        if (nouns & NOUN_BIT(noun) && generation->seq[noun] > newest)
            newest = generation->seq[noun];
    }
    return newest;
}
