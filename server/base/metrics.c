#include "readout/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "readout/arena.h"
#include "readout/error.h"

enum kind { COUNTER, NANOSECOND_COUNTER, GAUGE, HISTOGRAM };

struct declaration {
    const char *family; /* without the _total that a counter's sample has */
    enum kind kind;
    const char *unit, *help;
};

static const char refused[] = "Requests and connections that a limit kept out.";

/* Every metric but those of requests and of the process itself. */
static const struct declaration declarations[METRIC_COUNT] = {
    [METRIC_CONNECTIONS] = {"http_connections", GAUGE, NULL, "Connections open now."},
    [METRIC_IN_FLIGHT] = {"http_requests_in_flight", GAUGE, NULL, "Requests begun and not yet answered."},
    [METRIC_REQUEST_BYTES] = {"http_request_bytes", COUNTER, "bytes", "Bytes of request bodies received."},
    [METRIC_RESPONSE_BYTES] = {"http_response_bytes", COUNTER, "bytes", "Bytes of response bodies sent."},
    [METRIC_DB_TRANSACTIONS] = {"db_transactions", COUNTER, NULL, "Write transactions committed."},
    [METRIC_DB_WRITES] = {"db_writes", COUNTER, NULL, "Works done in write transactions."},
    [METRIC_DB_READ_BATCHES] = {"db_read_batches", COUNTER, NULL, "Read transactions begun."},
    [METRIC_DB_QUEUE] = {"db_write_queue_depth", GAUGE, NULL, "Works waiting for the writer."},
    [METRIC_DB_COMMIT_SECONDS] = {"db_commit_seconds", NANOSECOND_COUNTER, "seconds", "Time spent in commits."},
    [METRIC_WAL_BYTES] = {"wal_bytes", GAUGE, "bytes", "Size of the write-ahead log."},
    [METRIC_DB_MEMORY] = {"db_memory_bytes", GAUGE, "bytes", "Memory that SQLite holds, its page caches among it."},
    [METRIC_SSE_CLIENTS] = {"sse_clients", GAUGE, NULL, "Listeners to /v1/events now."},
    [METRIC_CACHE_HITS] = {"reply_cache_hits", COUNTER, NULL, "Requests answered from replies kept in memory."},
    [METRIC_CACHE_MISSES] = {"reply_cache_misses", COUNTER, NULL, "Replies made anew although they could have been kept."},
    [METRIC_READ_ARTICLES] = {"read_articles", COUNTER, NULL, "Articles read for what they say."},
    [METRIC_READ_SECONDS] = {"read_seconds", NANOSECOND_COUNTER, "seconds", "Time spent reading them."},
    [METRIC_READ_FINDINGS] = {"read_findings", COUNTER, NULL, "Mentions, claims and meetings found in them."},
    [METRIC_READ_QUEUE] = {"read_queue_depth", GAUGE, NULL, "Batches of articles that wait to be read."},
    [METRIC_CACHE_BYTES] = {"reply_cache_bytes", GAUGE, "bytes", "Memory that kept replies take."},
    [METRIC_PENDING_BYTES] = {"http_pending_bytes", GAUGE, "bytes", "Request and reply bodies on their way."},
    [METRIC_REFUSED_CONNECTION] = {"http_refused", COUNTER, NULL, refused},
    [METRIC_REFUSED_CROWDED] = {"http_refused", COUNTER, NULL, refused},
    [METRIC_REFUSED_LISTENERS] = {"http_refused", COUNTER, NULL, refused},
    [METRIC_REFUSED_PENDING] = {"http_refused", COUNTER, NULL, refused},
    [METRIC_REFUSED_QUOTA] = {"http_refused", COUNTER, NULL, refused},
    [METRIC_REFUSED_READINGS] = {"http_refused", COUNTER, NULL, refused},
    [METRIC_REFUSED_SLOW_READER] = {"http_refused", COUNTER, NULL, refused},
    [METRIC_REFUSED_SLOW_REQUEST] = {"http_refused", COUNTER, NULL, refused},
    [METRIC_REFUSED_WRITES] = {"http_refused", COUNTER, NULL, refused},
};

/* The label of those that share a family; they stand side by side above. */
static const char *const reasons[METRIC_COUNT] = {
    [METRIC_REFUSED_CONNECTION] = "connections",
    [METRIC_REFUSED_CROWDED] = "crowded",
    [METRIC_REFUSED_LISTENERS] = "listeners",
    [METRIC_REFUSED_PENDING] = "pending-bytes",
    [METRIC_REFUSED_QUOTA] = "quota",
    [METRIC_REFUSED_READINGS] = "pending-readings",
    [METRIC_REFUSED_SLOW_READER] = "slow-reader",
    [METRIC_REFUSED_SLOW_REQUEST] = "slow-request",
    [METRIC_REFUSED_WRITES] = "pending-writes",
};

/* The upper ends of the histogram's buckets, as nanoseconds and as they are shown; the last bucket has none. */
static const struct {
    int64_t nanoseconds;
    const char *shown;
} bounds[] = {
    {500000, "0.0005"},  {1000000, "0.001"},  {2500000, "0.0025"}, {5000000, "0.005"},    {10000000, "0.01"},
    {25000000, "0.025"}, {50000000, "0.05"},  {100000000, "0.1"},  {250000000, "0.25"},   {500000000, "0.5"},
    {1000000000, "1.0"}, {2500000000, "2.5"}, {5000000000, "5.0"}, {10000000000, "10.0"},
};

enum { BOUNDS = sizeof bounds / sizeof bounds[0], FIRST_TABLE = 64 };

typedef _Atomic int64_t cell;

struct histogram {
    struct histogram *next;
    const char *route;
    cell buckets[BOUNDS + 1], sum;
};

struct series {
    const char *method, *route;
    int status;
    cell count;
    struct histogram *histogram; /* of the route */
};

/* Open addressing; a place is taken when it holds a series. At most half full. */
struct table {
    size_t size, count; /* size is a power of two */
    _Atomic(struct series *) places[];
};

/* What one thread counts. Only its thread writes it; a scrape reads it meanwhile. When the thread ends, the next new thread
 * goes on with its counts, so that there are never more tallies than there were threads at once. */
struct tally {
    struct tally *next;
    bool taken;
    cell values[METRIC_COUNT];
    struct table *table;
    _Atomic(struct histogram *) histograms;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* for the list, `taken`, and the exchange of a table */
static struct tally *tallies;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t ended;
static _Thread_local struct tally *mine;

static void *zeroed(size_t size)
{
    void *memory = calloc(1, size);
    if (!memory)
        die("no memory left for %zu bytes", size);
    return memory;
}

static struct table *new_table(size_t size)
{
    struct table *table = zeroed(sizeof *table + size * sizeof table->places[0]);
    table->size = size;
    return table;
}

static void give_back(void *tally)
{
    pthread_mutex_lock(&lock);
    ((struct tally *)tally)->taken = false;
    pthread_mutex_unlock(&lock);
    mine = NULL;
}

static void prepare(void)
{
    if (pthread_key_create(&ended, give_back) != 0)
        die("no thread key left for the metrics");
}

static struct tally *take_tally(void)
{
    pthread_once(&once, prepare);
    pthread_mutex_lock(&lock);
    struct tally *tally = tallies;
    while (tally && tally->taken)
        tally = tally->next;
    if (!tally) {
        tally = zeroed(sizeof *tally);
        tally->table = new_table(FIRST_TABLE);
        tally->next = tallies;
        tallies = tally;
    }
    tally->taken = true;
    pthread_mutex_unlock(&lock);
    if (pthread_setspecific(ended, tally) != 0)
        die("no memory left for the metrics of a thread");
    return mine = tally;
}

static struct tally *my_tally(void)
{
    return mine ? mine : take_tally();
}

static int64_t value_of(const cell *counted)
{
    return atomic_load_explicit(counted, memory_order_relaxed);
}

/* Only the owner writes, so a load and a store are enough and no bus is locked. */
static void add_to(cell *counted, int64_t amount)
{
    atomic_store_explicit(counted, value_of(counted) + amount, memory_order_relaxed);
}

void metric_add(enum metric metric, int64_t amount)
{
    add_to(&my_tally()->values[metric], amount);
}

void metric_set(enum metric metric, int64_t value)
{
    atomic_store_explicit(&my_tally()->values[metric], value, memory_order_relaxed);
}

/* The place of a series, or the free place where it belongs. */
static _Atomic(struct series *) *place_of(struct table *table, const char *method, const char *route, int status)
{
    uint64_t hash = ((uint64_t)(uintptr_t)route ^ (uint64_t)(uintptr_t)method << 20) + (uint64_t)status;
    hash *= 0x9e3779b97f4a7c15u;
    for (size_t i = hash >> 40;; i++) {
        _Atomic(struct series *) *place = &table->places[i & (table->size - 1)];
        const struct series *series = atomic_load_explicit(place, memory_order_relaxed);
        if (!series || (series->route == route && series->method == method && series->status == status))
            return place;
    }
}

static struct histogram *histogram_of(struct tally *tally, const char *route)
{
    struct histogram *first = atomic_load_explicit(&tally->histograms, memory_order_relaxed);
    for (struct histogram *histogram = first; histogram; histogram = histogram->next) {
        if (histogram->route == route)
            return histogram;
    }
    struct histogram *histogram = zeroed(sizeof *histogram);
    histogram->route = route;
    histogram->next = first;
    atomic_store_explicit(&tally->histograms, histogram, memory_order_release);
    return histogram;
}

static void double_table(struct tally *tally)
{
    struct table *old = tally->table, *table = new_table(old->size * 2);
    for (size_t i = 0; i < old->size; i++) {
        struct series *series = atomic_load_explicit(&old->places[i], memory_order_relaxed);
        if (series)
            *place_of(table, series->method, series->route, series->status) = series;
    }
    table->count = old->count;
    pthread_mutex_lock(&lock);
    tally->table = table;
    pthread_mutex_unlock(&lock);
    free(old);
}

static struct series *add_series(struct tally *tally, const char *method, const char *route, int status)
{
    if ((tally->table->count + 1) * 2 > tally->table->size)
        double_table(tally);
    struct series *series = zeroed(sizeof *series);
    series->method = method;
    series->route = route;
    series->status = status;
    series->histogram = histogram_of(tally, route);
    atomic_store_explicit(place_of(tally->table, method, route, status), series, memory_order_release);
    tally->table->count++;
    return series;
}

void metric_request(const char *method, const char *route, int status, int64_t nanoseconds)
{
    struct tally *tally = my_tally();
    struct series *series = atomic_load_explicit(place_of(tally->table, method, route, status), memory_order_relaxed);
    if (!series)
        series = add_series(tally, method, route, status);
    add_to(&series->count, 1);
    int bucket = 0;
    while (bucket < BOUNDS && nanoseconds > bounds[bucket].nanoseconds)
        bucket++;
    add_to(&series->histogram->buckets[bucket], 1);
    add_to(&series->histogram->sum, nanoseconds);
}

/* A scrape: the tallies are added up under the lock, then written. */
struct scrape {
    struct buffer *out;
    bool open_metrics;
};

static void write_head(const struct scrape *scrape, const char *family, enum kind kind, const char *unit, const char *help)
{
    static const char *const types[] = {"counter", "counter", "gauge", "histogram"};
    const char *type = types[kind], *ending = kind <= NANOSECOND_COUNTER && !scrape->open_metrics ? "_total" : "";
    buffer_print(scrape->out, "# HELP %s%s %s\n# TYPE %s%s %s\n", family, ending, help, family, ending, type);
    if (scrape->open_metrics && unit)
        buffer_print(scrape->out, "# UNIT %s %s\n", family, unit);
}

static void write_number(struct buffer *out, int64_t number)
{
    buffer_add_byte(out, ' ');
    buffer_add_int(out, number);
    buffer_add_byte(out, '\n');
}

/* Seconds without floating point, which would ask the locale for its decimal sign. */
static void write_seconds(struct buffer *out, int64_t nanoseconds)
{
    buffer_print(out, " %lld.%09lld\n", (long long)(nanoseconds / 1000000000), (long long)(nanoseconds % 1000000000));
}

/* A label's value in its quotation marks. */
static void write_label(struct buffer *out, const char *name, const char *value)
{
    buffer_print(out, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '\n')
            buffer_add_text(out, "\\n");
        else if (*value == '"' || *value == '\\')
            buffer_add(out, (char[]){'\\', *value}, 2);
        else
            buffer_add_byte(out, *value);
    }
    buffer_add_byte(out, '"');
}

static void write_declared(const struct scrape *scrape)
{
    int64_t sums[METRIC_COUNT] = {0};
    pthread_mutex_lock(&lock);
    for (const struct tally *tally = tallies; tally; tally = tally->next) {
        for (int i = 0; i < METRIC_COUNT; i++)
            sums[i] += value_of(&tally->values[i]);
    }
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < METRIC_COUNT; i++) {
        const struct declaration *declared = &declarations[i];
        if (i == 0 || strcmp(declared->family, declarations[i - 1].family) != 0)
            write_head(scrape, declared->family, declared->kind, declared->unit, declared->help);
        buffer_add_text(scrape->out, declared->family);
        if (declared->kind != GAUGE)
            buffer_add_text(scrape->out, "_total");
        if (reasons[i])
            buffer_print(scrape->out, "{reason=\"%s\"}", reasons[i]);
        if (declared->kind == NANOSECOND_COUNTER)
            write_seconds(scrape->out, sums[i]);
        else
            write_number(scrape->out, sums[i]);
    }
}

/* What the threads counted of one series or of one route, side by side until they are added up. */
struct count {
    const char *route, *method;
    int status;
    int64_t count;
};

struct duration {
    const char *route;
    int64_t buckets[BOUNDS + 1], sum;
};

struct gathered {
    struct arena arena;
    struct buffer counts, durations; /* arrays of the above */
};

static void gather_tally(struct gathered *gathered, const struct tally *tally)
{
    for (size_t i = 0; i < tally->table->size; i++) {
        const struct series *series = atomic_load_explicit(&tally->table->places[i], memory_order_acquire);
        if (!series)
            continue;
        struct count count = {series->route, series->method, series->status, value_of(&series->count)};
        buffer_add(&gathered->counts, (const char *)&count, sizeof count);
    }
    const struct histogram *histogram = atomic_load_explicit(&tally->histograms, memory_order_acquire);
    for (; histogram; histogram = histogram->next) {
        struct duration duration = {.route = histogram->route, .sum = value_of(&histogram->sum)};
        for (int i = 0; i <= BOUNDS; i++)
            duration.buckets[i] = value_of(&histogram->buckets[i]);
        buffer_add(&gathered->durations, (const char *)&duration, sizeof duration);
    }
}

/* By what is written, not by address: two rooms may each have their own "GET". */
static int compare_counts(const void *a, const void *b)
{
    const struct count *left = a, *right = b;
    int order = strcmp(left->route, right->route);
    if (order == 0)
        order = strcmp(left->method, right->method);
    return order != 0 ? order : left->status - right->status;
}

static int compare_durations(const void *a, const void *b)
{
    return strcmp(((const struct duration *)a)->route, ((const struct duration *)b)->route);
}

static void write_counts(const struct scrape *scrape, struct count *counts, size_t count)
{
    struct buffer *out = scrape->out;
    write_head(scrape, "http_requests", COUNTER, NULL, "Requests answered.");
    qsort(counts, count, sizeof *counts, compare_counts);
    for (size_t i = 0; i < count;) {
        const struct count *first = &counts[i];
        int64_t sum = 0;
        for (; i < count && compare_counts(first, &counts[i]) == 0; i++)
            sum += counts[i].count;
        buffer_add_text(out, "http_requests_total{");
        write_label(out, "method", first->method);
        buffer_add_byte(out, ',');
        write_label(out, "route", first->route);
        buffer_print(out, ",status=\"%d\"}", first->status);
        write_number(out, sum);
    }
}

static void write_duration(struct buffer *out, const struct duration *duration)
{
    static const char family[] = "http_request_duration_seconds";
    int64_t below = 0;
    for (int i = 0; i <= BOUNDS; i++) {
        below += duration->buckets[i];
        buffer_print(out, "%s_bucket{", family);
        write_label(out, "route", duration->route);
        buffer_print(out, ",le=\"%s\"}", i < BOUNDS ? bounds[i].shown : "+Inf");
        write_number(out, below);
    }
    buffer_print(out, "%s_sum{", family);
    write_label(out, "route", duration->route);
    buffer_add_byte(out, '}');
    write_seconds(out, duration->sum);
    buffer_print(out, "%s_count{", family);
    write_label(out, "route", duration->route);
    buffer_add_byte(out, '}');
    write_number(out, below);
}

static void write_durations(const struct scrape *scrape, struct duration *durations, size_t count)
{
    write_head(scrape, "http_request_duration_seconds", HISTOGRAM, "seconds", "Time from a request's head to its answer's end.");
    qsort(durations, count, sizeof *durations, compare_durations);
    for (size_t i = 0; i < count;) {
        struct duration sum = durations[i];
        for (i++; i < count && compare_durations(&sum, &durations[i]) == 0; i++) {
            sum.sum += durations[i].sum;
            for (int j = 0; j <= BOUNDS; j++)
                sum.buckets[j] += durations[i].buckets[j];
        }
        write_duration(scrape->out, &sum);
    }
}

static void write_requests(const struct scrape *scrape)
{
    struct gathered gathered = {0};
    gathered.counts = buffer_in(&gathered.arena, 64 * sizeof(struct count));
    gathered.durations = buffer_in(&gathered.arena, 16 * sizeof(struct duration));
    pthread_mutex_lock(&lock);
    for (const struct tally *tally = tallies; tally; tally = tally->next)
        gather_tally(&gathered, tally);
    pthread_mutex_unlock(&lock);
    write_counts(scrape, (void *)gathered.counts.data, gathered.counts.length / sizeof(struct count));
    write_durations(scrape, (void *)gathered.durations.data, gathered.durations.length / sizeof(struct duration));
    arena_release(&gathered.arena);
}

/* One of the numbers that a file of /proc/self shows: word `field`, counted from 0, after `start`; -1 where there is none. */
static long long proc_number(const char *path, char start, int field)
{
    char text[1024];
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *from = start ? strrchr(text, start) : text;
    struct slice rest = slice_of(from && start ? from + 2 : from);
    for (int i = 0; i < field; i++)
        slice_cut(&rest, ' ');
    long long number;
    return slice_to_int(slice_cut(&rest, ' '), &number) ? number : -1;
}

static int64_t process_start = -1; /* nanoseconds since 1970 */

/* Now, less the time since the machine's start, plus the start of the process as the kernel counts it
 * (proc(5): the 22nd field of stat, which is the 20th after the parenthesis that ends the name).
 * Asked once, so that an adjusted clock does not move it. */
static void note_process_start(void)
{
    struct timespec now, up;
    long long ticks = proc_number("/proc/self/stat", ')', 19);
    if (ticks < 0 || clock_gettime(CLOCK_REALTIME, &now) != 0 || clock_gettime(CLOCK_BOOTTIME, &up) != 0)
        return;
    int64_t boot = (int64_t)(now.tv_sec - up.tv_sec) * 1000000000 + now.tv_nsec - up.tv_nsec;
    process_start = boot + ticks * (1000000000 / sysconf(_SC_CLK_TCK));
}

static void write_process(const struct scrape *scrape)
{
    static pthread_once_t asked = PTHREAD_ONCE_INIT;
    pthread_once(&asked, note_process_start);
    if (process_start >= 0) {
        write_head(scrape, "process_start_time_seconds", GAUGE, "seconds", "When the process began, since 1970.");
        buffer_add_text(scrape->out, "process_start_time_seconds");
        write_seconds(scrape->out, process_start);
    }
    long long pages = proc_number("/proc/self/statm", '\0', 1);
    if (pages >= 0) {
        write_head(scrape, "process_resident_memory_bytes", GAUGE, "bytes", "Memory that the process holds.");
        buffer_add_text(scrape->out, "process_resident_memory_bytes");
        write_number(scrape->out, pages * sysconf(_SC_PAGESIZE));
    }
}

void metrics_write(struct buffer *out, bool open_metrics, const char *build_labels)
{
    struct scrape scrape = {out, open_metrics};
    write_head(&scrape, "build_info", GAUGE, NULL, "What this program was built from.");
    buffer_print(out, "build_info{%s} 1\n", build_labels ? build_labels : "");
    write_process(&scrape);
    write_declared(&scrape);
    write_requests(&scrape);
    if (open_metrics)
        buffer_add_text(out, "# EOF\n");
}
