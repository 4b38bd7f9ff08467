#include <string.h>

#include "readout/metrics.h"
#include "search_private.h"
#include "spread_private.h"

enum { OTHERS_NANOSECONDS = 500000000 }; /* between two looks at what others wrote */

/* ---- what the writer counts on with ----------------------------------------------------------------------- */

static bool ask(struct statement *statement, int64_t *value, struct error *error)
{
    statement_run(statement, NO_VALUES);
    *value = statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, error);
}

bool ledger_load(struct engine *engine, struct ledger *ledger, struct error *error)
{
    memset(ledger, 0, sizeof *ledger);
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        if (!ask(made_lookup(engine, MADE_LAST_ID, noun, 0), &ledger->last_id[noun], error))
            return false;
    }
    struct statement *statement = sql_statement(engine, SQL_TALLIES);
    statement_run(statement, NO_VALUES);
    while (statement_next(statement)) {
        struct slice name = statement_text(statement, 0);
        enum noun noun = noun_of(name.data, name.length);
        if (noun < NOUN_COUNT) {
            ledger->generation.live[noun] = statement_int(statement, 1);
            ledger->generation.seq[noun] = statement_int(statement, 2);
        }
    }
    return statement_end(statement, error) && ask(sql_statement(engine, SQL_LAST_CHANGE), &ledger->last_seq, error) &&
           ask(sql_statement(engine, SQL_LAST_MERGE), &ledger->last_merge, error);
}

/* ---- inside a work ---------------------------------------------------------------------------------------- */

/* What takes longer than the server has left when it stops is given up: then nothing of its transaction is kept. */
static bool may_go_on(struct writing *writing)
{
    int64_t stop = atomic_load_explicit(writing->stop_by, memory_order_relaxed);
    if (!writing->error.kind && stop && clock_nanoseconds() > stop)
        fail(&writing->error, ERROR_BUSY, "the server stops before this is written");
    return !writing->error.kind;
}

bool write_run(struct writing *writing, struct statement *statement, const struct datum *values, size_t count)
{
    if (!may_go_on(writing))
        return false;
    atomic_store_explicit(writing->asked, false, memory_order_relaxed);
    statement_run(statement, values, count);
    while (statement_next(statement))
        ;
    return statement_end(statement, &writing->error);
}

int64_t write_ask(struct writing *writing, struct statement *statement, const struct datum *values, size_t count)
{
    if (!may_go_on(writing))
        return 0;
    statement_run(statement, values, count);
    int64_t answer = statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, &writing->error) ? answer : 0;
}

size_t write_ids(struct writing *writing, struct statement *statement, const struct datum *values, size_t count, int64_t *ids,
                 size_t most)
{
    size_t found = 0;
    if (!may_go_on(writing))
        return 0;
    statement_run(statement, values, count);
    while (found < most && statement_next(statement))
        ids[found++] = statement_int(statement, 0);
    statement_end(statement, &writing->error);
    return found;
}

void writing_bound(struct writing *writing, uint64_t statements)
{
    writing->bound = statements ? engine_effort(writing->engine) + statements : 0;
}

bool writing_spent(const struct writing *writing)
{
    return writing->bound && engine_effort(writing->engine) >= writing->bound;
}

void writing_mark(struct writing *writing)
{
    if (writing->mark_count == MARKS_MAX)
        die("marks nested deeper than %d", MARKS_MAX);
    writing->marks[writing->mark_count++] = writing->ledger;
    write_run(writing, sql_statement(writing->engine, SQL_SAVEPOINT), NO_VALUES);
}

void writing_settle(struct writing *writing, bool keep)
{
    struct ledger before = writing->marks[--writing->mark_count];
    if (!keep || writing->error.kind) {
        struct error aside = writing->error; /* a rollback must run after a failure too */
        writing->error = (struct error){0};
        write_run(writing, sql_statement(writing->engine, SQL_SAVEPOINT_ROLLBACK), NO_VALUES);
        writing->ledger = before;
        write_run(writing, sql_statement(writing->engine, SQL_SAVEPOINT_RELEASE), NO_VALUES);
        if (aside.kind)
            writing->error = aside;
    } else {
        write_run(writing, sql_statement(writing->engine, SQL_SAVEPOINT_RELEASE), NO_VALUES);
    }
}

/* ---- one transaction for all that waits ------------------------------------------------------------------- */

/* A work that is alone in its transaction needs no savepoint: rolling back its changes is rolling back everything. */
static bool run_work(struct writing *writing, struct work *work, bool alone)
{
    clock_now(writing->now);
    writing->by = work->by;
    writing->error = (struct error){0};
    writing->points_article = 0;
    writing->bound = 0;
    writing->mark_count = 0;
    if (!alone)
        writing_mark(writing);
    work->kept = !writing->error.kind && work->run(work, writing) && !writing->error.kind;
    if (!alone)
        writing_settle(writing, work->kept);
    return !writing->error.kind;
}

static bool save_tallies(struct writing *writing)
{
    writing->error = (struct error){0};
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        if (writing->ledger.touched & NOUN_BIT(noun))
            write_run(writing, sql_statement(writing->engine, SQL_TALLY_SET),
                      VALUES(of_text(record_of(noun)->name), of_int(writing->ledger.generation.live[noun]),
                             of_int(writing->ledger.generation.seq[noun])));
    }
    writing->ledger.touched = 0;
    return !writing->error.kind;
}

static void publish(struct store *store, const struct ledger *ledger)
{
    pthread_mutex_lock(&store->published_lock);
    store->ledger = *ledger;
    store->published = ledger->generation;
    atomic_fetch_add(&store->commits, 1);
    pthread_mutex_unlock(&store->published_lock);
    pthread_mutex_lock(&store->commit_lock);
    if (store->on_commit)
        store->on_commit(store->on_commit_context);
    pthread_mutex_unlock(&store->commit_lock);
}

static bool control(struct store *store, enum sql sql, struct error *error)
{
    struct statement *statement = sql_statement(store->engine, sql);
    statement_run(statement, NO_VALUES);
    statement_next(statement);
    return statement_end(statement, error);
}

static bool roll_back(struct store *store, const struct error *why, struct error *error)
{
    control(store, SQL_ROLLBACK, &(struct error){0});
    *error = *why;
    return !why->kind;
}

static bool commit(struct store *store, struct writing *writing, struct error *error)
{
    int64_t before = clock_nanoseconds();
    if (!search_settle(writing) || !spread_settle(writing) || !save_tallies(writing))
        return roll_back(store, &writing->error, error);
    if (!control(store, SQL_COMMIT, &writing->error))
        return roll_back(store, &writing->error, error);
    metric_add(METRIC_DB_COMMIT_SECONDS, clock_nanoseconds() - before);
    metric_add(METRIC_DB_TRANSACTIONS, 1);
    publish(store, &writing->ledger);
    return true;
}

/* Another program may write to the same file: `readout keys`, `readout ingest`. What the ledger counts on with is then theirs. */
static bool catch_up(struct store *store, struct ledger *ledger, struct error *error)
{
    int64_t version = 0;
    if (!ask(sql_statement(store->engine, SQL_WRITTEN_BY_OTHERS), &version, error))
        return false;
    if (version != store->written_by_others && !ledger_load(store->engine, ledger, error))
        return false;
    store->written_by_others = version;
    return true;
}

/* Tells the readers what others have written, in one transaction so that it belongs together. What fails is tried again. */
static void heed_others(struct store *store)
{
    struct error error = {0};
    struct ledger ledger = store->ledger;
    int64_t before = store->written_by_others;
    if (!control(store, SQL_BEGIN, &error))
        return;
    bool good = catch_up(store, &ledger, &error);
    control(store, SQL_ROLLBACK, &error);
    if (good && store->written_by_others != before)
        publish(store, &ledger);
}

/* Runs them all and commits once. A broken constraint fails its work alone; any other failure of the engine may have ended the
 * transaction (SQLite does so when the disk is full) and fails them all: nothing of them is kept. */
static bool transact(struct store *store, struct work *works, struct writing *writing, struct error *error)
{
    bool alone = works->next == NULL;
    if (!control(store, SQL_BEGIN_WRITE, error))
        return false;
    if (!catch_up(store, &writing->ledger, &writing->error))
        return roll_back(store, &writing->error, error);
    for (struct work *work = works; work; work = work->next) {
        metric_add(METRIC_DB_WRITES, 1);
        if (!run_work(writing, work, alone) && writing->error.kind != ERROR_CONFLICT)
            return roll_back(store, &writing->error, error);
    }
    return alone && !works->kept ? roll_back(store, &(struct error){0}, error) : commit(store, writing, error);
}

static void settle(struct store *store, struct work *works)
{
    struct error failure = {0};
    struct search_changes search = {.count = 0};
    struct spread_log spread = {.room = 0};
    struct writing writing = {.engine = store->engine,
                              .asked = &store->asked,
                              .stop_by = &store->stop_by,
                              .ledger = store->ledger,
                              .search = &search,
                              .spread = &spread};
    bool good = transact(store, works, &writing, &failure);
    search_forget(&search);
    spread_forget(&spread);
    for (struct work *work = works, *next; work; work = next) {
        next = work->next; /* finishing gives the work back to its owner */
        metric_add(METRIC_DB_QUEUE, -1);
        work->finish(work, good ? NULL : &failure);
    }
}

/* Waits for work, until there is some, the store closes, or it is time to look for what others wrote: then there is none. */
static struct work *take_all(struct store *store, bool *closing)
{
    int64_t end = clock_nanoseconds() + OTHERS_NANOSECONDS;
    struct timespec until = {.tv_sec = end / 1000000000, .tv_nsec = end % 1000000000};
    int waited = 0;
    pthread_mutex_lock(&store->queue_lock);
    while (!store->queue_first && !store->closing && waited == 0) {
        atomic_store(&store->asked, false);
        waited = pthread_cond_clockwait(&store->queue_filled, &store->queue_lock, CLOCK_MONOTONIC, &until);
    }
    struct work *works = store->queue_first;
    *closing = store->closing;
    store->queue_first = NULL;
    store->queue_end = &store->queue_first;
    store->queue_length = 0;
    pthread_mutex_unlock(&store->queue_lock);
    return works;
}

static void *write_on(void *argument)
{
    struct store *store = argument;
    for (bool closing = false; !closing;) {
        struct work *works = take_all(store, &closing);
        if (works)
            settle(store, works);
        else if (!closing)
            heed_others(store);
        closing = closing && !works;
    }
    return NULL;
}

/* ---- the queue -------------------------------------------------------------------------------------------- */

bool writer_start(struct store *store, struct error *error)
{
    return pthread_create(&store->writer, NULL, write_on, store) == 0 ||
           fail(error, ERROR_FAULT, "cannot start the writer's thread");
}

void writer_stop(struct store *store)
{
    pthread_mutex_lock(&store->queue_lock);
    store->closing = true;
    pthread_cond_signal(&store->queue_filled);
    pthread_mutex_unlock(&store->queue_lock);
    pthread_join(store->writer, NULL);
}

void store_limit_writes(struct store *store, size_t most)
{
    pthread_mutex_lock(&store->queue_lock);
    store->queue_most = most;
    pthread_mutex_unlock(&store->queue_lock);
}

bool store_is_writing(struct store *store)
{
    pthread_mutex_lock(&store->queue_lock);
    bool writing = !atomic_exchange(&store->asked, true);
    pthread_cond_signal(&store->queue_filled);
    pthread_mutex_unlock(&store->queue_lock);
    return writing;
}

bool store_submit(struct store *store, struct work *work)
{
    if (!store->engine)
        return false;
    work->next = NULL;
    pthread_mutex_lock(&store->queue_lock);
    bool taken = !store->closing && store->queue_length < store->queue_most;
    if (taken) {
        *store->queue_end = work;
        store->queue_end = &work->next;
        store->queue_length++;
        metric_add(METRIC_DB_QUEUE, 1);
        pthread_cond_signal(&store->queue_filled);
    }
    pthread_mutex_unlock(&store->queue_lock);
    return taken;
}

/* ---- waiting for one work --------------------------------------------------------------------------------- */

struct waiting {
    struct work work; /* first: finish() gets it back as this */
    struct work *inner;
    pthread_mutex_t lock;
    pthread_cond_t settled;
    bool done;
    struct error failure;
};

static bool run_inner(struct work *work, struct writing *writing)
{
    struct work *inner = ((struct waiting *)work)->inner;
    return inner->run(inner, writing);
}

static void finish_inner(struct work *work, const struct error *failure)
{
    struct waiting *waiting = (struct waiting *)work;
    pthread_mutex_lock(&waiting->lock);
    if (failure)
        waiting->failure = *failure;
    waiting->inner->kept = work->kept;
    waiting->done = true;
    pthread_cond_signal(&waiting->settled);
    pthread_mutex_unlock(&waiting->lock);
}

bool store_perform(struct store *store, struct work *work, struct error *failure)
{
    struct waiting waiting = {.work = {.run = run_inner, .finish = finish_inner, .by = work->by}, .inner = work};
    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.settled, NULL);
    bool good = store_submit(store, &waiting.work) || fail(failure, ERROR_BUSY, "the store takes no writes now");
    if (good) {
        pthread_mutex_lock(&waiting.lock);
        while (!waiting.done)
            pthread_cond_wait(&waiting.settled, &waiting.lock);
        pthread_mutex_unlock(&waiting.lock);
        good = waiting.failure.kind == ERROR_NONE;
        if (!good)
            *failure = waiting.failure;
        if (work->finish)
            work->finish(work, good ? NULL : &waiting.failure);
    }
    pthread_mutex_destroy(&waiting.lock);
    pthread_cond_destroy(&waiting.settled);
    return good;
}
