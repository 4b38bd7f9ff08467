/* The threads that read. A batch stands in the queue with as many tickets as threads can work on it at once; who takes a ticket
 * reads one article after the other until none is left. */
#include <stdlib.h>

#include "ingest_private.h"
#include "readout/metrics.h"

/* Beside how many may wait: a queue that grows without end would answer everybody too late. */
enum { WAITING_BYTES_MAX = 128 << 20 };

/* ---- working ---------------------------------------------------------------------------------------------- */

/* The first batch of the queue, a ticket less; NULL when the room closes. */
static struct batch *take_ticket(struct ingest *ingest)
{
    pthread_mutex_lock(&ingest->lock);
    while (!ingest->first && !ingest->closing)
        pthread_cond_wait(&ingest->filled, &ingest->lock);
    struct batch *batch = ingest->first;
    if (batch && --batch->tickets == 0) {
        ingest->first = batch->behind;
        if (!ingest->first)
            ingest->end = &ingest->first;
        ingest->waiting--;
        ingest->bytes -= batch->bytes;
        metric_add(METRIC_READ_QUEUE, -1);
        pthread_cond_signal(&ingest->emptied);
    }
    pthread_mutex_unlock(&ingest->lock);
    return batch;
}

/* Each ticket counts as one more that is left, so that the batch ends only when everybody has let go of it. */
static void work_on(struct ingest *ingest, struct batch *batch)
{
    for (size_t at; (at = atomic_fetch_add(&batch->next, 1)) < batch->count;) {
        struct reading *reading = &batch->readings[at];
        if (reading->body.data)
            reading_do(ingest, reading);
    }
    if (atomic_fetch_sub(&batch->left, 1) == 1)
        batch->finish(batch);
}

static void *read_on(void *argument)
{
    struct ingest *ingest = argument;
    for (struct batch *batch; (batch = take_ticket(ingest)) != NULL;)
        work_on(ingest, batch);
    return NULL;
}

/* ---- the queue -------------------------------------------------------------------------------------------- */

/* With the lock: there are never more threads than batches had use for. */
static void start_threads(struct ingest *ingest)
{
    while (ingest->started < ingest->threads && pthread_create(&ingest->workers[ingest->started], NULL, read_on, ingest) == 0)
        ingest->started++;
}

static bool has_room(const struct ingest *ingest, const struct batch *batch)
{
    return ingest->waiting == 0 || (ingest->waiting < ingest->waiting_most && ingest->bytes + batch->bytes <= WAITING_BYTES_MAX);
}

static void prepare(const struct ingest *ingest, struct batch *batch)
{
    size_t threads = (size_t)ingest->threads;
    batch->behind = NULL;
    batch->bytes = 0;
    for (size_t i = 0; i < batch->count; i++)
        batch->bytes += batch->readings[i].body.length;
    batch->tickets = batch->count < threads ? (batch->count ? batch->count : 1) : threads;
    atomic_store(&batch->next, 0);
    atomic_store(&batch->left, batch->tickets);
}

static bool submit(struct ingest *ingest, struct batch *batch, bool wait)
{
    prepare(ingest, batch);
    pthread_mutex_lock(&ingest->lock);
    start_threads(ingest);
    while (wait && !has_room(ingest, batch))
        pthread_cond_wait(&ingest->emptied, &ingest->lock);
    bool taken = !ingest->closing && ingest->started > 0 && has_room(ingest, batch);
    if (taken) {
        *ingest->end = batch;
        ingest->end = &batch->behind;
        ingest->waiting++;
        ingest->bytes += batch->bytes;
        metric_add(METRIC_READ_QUEUE, 1);
        pthread_cond_broadcast(&ingest->filled);
    }
    pthread_mutex_unlock(&ingest->lock);
    return taken;
}

bool ingest_submit(struct ingest *ingest, struct batch *batch)
{
    return submit(ingest, batch, false);
}

/* ---- waiting for a batch ---------------------------------------------------------------------------------- */

struct waiting {
    struct batch batch; /* first: finish() gets it back as this */
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
};

static void wake(struct batch *batch)
{
    struct waiting *waiting = (struct waiting *)batch;
    pthread_mutex_lock(&waiting->lock);
    waiting->is_done = true;
    pthread_cond_signal(&waiting->done);
    pthread_mutex_unlock(&waiting->lock);
}

void ingest_perform(struct ingest *ingest, struct batch *batch)
{
    struct waiting waiting = {.batch = {.readings = batch->readings, .count = batch->count, .finish = wake}};
    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.done, NULL);
    if (submit(ingest, &waiting.batch, true)) {
        pthread_mutex_lock(&waiting.lock);
        while (!waiting.is_done)
            pthread_cond_wait(&waiting.done, &waiting.lock);
        pthread_mutex_unlock(&waiting.lock);
    } else {
        for (size_t i = 0; i < batch->count; i++) {
            if (batch->readings[i].body.data)
                reading_do(ingest, &batch->readings[i]);
        }
    }
    pthread_mutex_destroy(&waiting.lock);
    pthread_cond_destroy(&waiting.done);
}

/* ---- opening ---------------------------------------------------------------------------------------------- */

struct ingest *ingest_open(struct store *store, int threads, size_t waiting_most, int64_t milliseconds)
{
    struct ingest *ingest = calloc(1, sizeof *ingest);
    if (!ingest || !(ingest->workers = calloc((size_t)threads + 1, sizeof *ingest->workers)))
        die("out of memory");
    ingest->known = known_open(store);
    ingest->threads = threads;
    ingest->waiting_most = waiting_most;
    ingest->milliseconds = milliseconds;
    ingest->end = &ingest->first;
    pthread_mutex_init(&ingest->lock, NULL);
    pthread_cond_init(&ingest->filled, NULL);
    pthread_cond_init(&ingest->emptied, NULL);
    return ingest;
}

void ingest_close(struct ingest *ingest)
{
    if (!ingest)
        return;
    pthread_mutex_lock(&ingest->lock);
    atomic_store(&ingest->closing, true);
    pthread_cond_broadcast(&ingest->filled);
    pthread_mutex_unlock(&ingest->lock);
    for (int i = 0; i < ingest->started; i++)
        pthread_join(ingest->workers[i], NULL);
    known_close(ingest->known);
    pthread_mutex_destroy(&ingest->lock);
    pthread_cond_destroy(&ingest->filled);
    pthread_cond_destroy(&ingest->emptied);
    free(ingest->workers);
    free(ingest);
}
