/* Metrics, declared once in a table (server/base/metrics.c) and counted without locks: each thread counts for itself, a scrape
 * adds up.
 *
 * Text is Prometheus' exposition format 0.0.4 or OpenMetrics 1.0 (ends in "# EOF"). Units are seconds and bytes. */
#ifndef READOUT_METRICS_H
#define READOUT_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "readout/buffer.h"

enum metric {
    METRIC_CONNECTIONS,       /* gauge: http_connections */
    METRIC_IN_FLIGHT,         /* gauge: http_requests_in_flight */
    METRIC_REQUEST_BYTES,     /* counter: http_request_bytes_total */
    METRIC_RESPONSE_BYTES,    /* counter: http_response_bytes_total */
    METRIC_DB_TRANSACTIONS,   /* counter: db_transactions_total, write transactions committed */
    METRIC_DB_WRITES,         /* counter: db_writes_total, works done in them */
    METRIC_DB_READ_BATCHES,   /* counter: db_read_batches_total, read transactions begun */
    METRIC_DB_QUEUE,          /* gauge: db_write_queue_depth */
    METRIC_DB_COMMIT_SECONDS, /* counter in ns, shown as seconds: db_commit_seconds_total */
    METRIC_WAL_BYTES,         /* gauge: wal_bytes */
    METRIC_DB_MEMORY,         /* gauge: db_memory_bytes, what SQLite holds */
    METRIC_SSE_CLIENTS,       /* gauge: sse_clients */
    METRIC_CACHE_HITS,        /* counter: reply_cache_hits_total */
    METRIC_CACHE_MISSES,      /* counter: reply_cache_misses_total, of replies that could have been kept */
    METRIC_CACHE_BYTES,       /* gauge: reply_cache_bytes */
    METRIC_READ_ARTICLES,     /* counter: read_articles_total */
    METRIC_READ_SECONDS,      /* counter in ns, shown as seconds: read_seconds_total */
    METRIC_READ_FINDINGS,     /* counter: read_findings_total: mentions, claims and meetings */
    METRIC_READ_QUEUE,        /* gauge: read_queue_depth */
    METRIC_PENDING_BYTES,     /* gauge: http_pending_bytes */
    /* counter: http_refused_total{reason}, each once a request or a connection */
    METRIC_REFUSED_CONNECTION,   /* its address has too many */
    METRIC_REFUSED_CROWDED,      /* closed, idle or slow, to make room for others */
    METRIC_REFUSED_LISTENERS,    /* to /v1/events */
    METRIC_REFUSED_PENDING,      /* too many bytes on their way */
    METRIC_REFUSED_QUOTA,        /* 429 */
    METRIC_REFUSED_READINGS,     /* too many articles wait to be read */
    METRIC_REFUSED_SLOW_READER,  /* its client did not take the reply */
    METRIC_REFUSED_SLOW_REQUEST, /* 408 */
    METRIC_REFUSED_WRITES,       /* too many wait for the writer */
    METRIC_COUNT
};

void metric_add(enum metric metric, int64_t amount); /* counters and gauges alike; any thread */
void metric_set(enum metric metric, int64_t value);  /* gauges that one thread owns */

/* One finished request. `route` is the contract's path template ("/v1/articles/{id}") or "" for none; it must outlive the
 * process's metrics (the contract's strings do). Feeds http_requests_total{method,route,status} and the
 * http_request_duration_seconds histogram {route}. `method` and `route` are interned by address. */
void metric_request(const char *method, const char *route, int status, int64_t nanoseconds);

/* All metrics, with build_info{version,compiler,sqlite,…} from `build_labels` (already in label syntax). */
void metrics_write(struct buffer *out, bool open_metrics, const char *build_labels);

#endif
