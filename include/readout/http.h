/* HTTP in general: it carries requests in and replies out, and knows nothing of articles, of the contract or of SQL.
 *
 * A handler is a function from `struct request` to `struct reply`. This room gathers the bounded body, expands one that comes
 * compressed, fills in the request and sends the reply, compressed where the client likes that; `readout get` does the same
 * without a socket (commands/get.c), so no handler can tell.
 * Everything in a request and a reply lives in the exchange's arena (or for ever), until the reply is on its way. */
#ifndef READOUT_HTTP_H
#define READOUT_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/buffer.h"
#include "readout/error.h"
#include "readout/fault.h"
#include "readout/network.h"
#include "readout/slice.h"

/* ---- a request -------------------------------------------------------------------------------------------- */

enum method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_TRACE,   /* known, and nowhere allowed */
    METHOD_CONNECT, /* likewise */
    METHOD_OTHER
};
#define METHOD_BIT(method) (1u << (method))

enum method method_of(struct slice name);    /* METHOD_OTHER for one that RFC 9110 and 5789 do not name */
const char *method_name(enum method method); /* "GET"; "OTHER" */

struct header {
    struct slice name, value;
};

struct request {
    struct arena *arena;
    enum method method;
    struct slice target;      /* as sent: "/v1/claims?limit=5" */
    struct slice path, query; /* its two halves, still percent-encoded; query is NO_SLICE without a "?" */
    struct slice origin;      /* "http://127.0.0.1:8080", for absolute URLs: the public URL if one is set, else from Host */
    const struct header *headers;
    size_t header_count;
    struct slice body;                /* NO_SLICE without one */
    struct slice client;              /* whose it is, as text: the peer's address, or the one that a trusted proxy tells */
    struct address address;           /* the same */
    bool forwarded;                   /* a trusted proxy told it */
    struct slice id;                  /* X-Request-Id: the client's if it is 1 to 128 visible ASCII characters, else made here */
    struct slice trace;               /* traceparent's trace id, 32 hex digits: the client's or made here (W3C Trace Context) */
    struct slice key;                 /* what the key that it shows is known by, for the log; NO_SLICE: it shows none */
    struct slice quota, quota_policy; /* what every reply to it says in RateLimit and RateLimit-Policy; NO_SLICE: nothing */
    int64_t started;                  /* clock_nanoseconds() when its first byte was understood */
    bool secure;                      /* it came by TLS */
};

/* Splits target into path and query and settles id, trace and origin from the headers. `public_url` may be NO_SLICE. */
void request_prepare(struct request *request, struct slice public_url);

struct slice request_header(const struct request *request, const char *name); /* the first of that name, else NO_SLICE */

/* One `name=value` of the query, decoded (percent-encoding, and + as space); false at the end. `rest` starts as request->query.
 * A malformed escape, a NUL or bytes that are not UTF-8 give an item whose name is NO_SLICE. */
struct query_item {
    struct slice name, value;
};
bool request_query(struct arena *arena, struct slice *rest, struct query_item *item);

/* Percent-decoding of one path segment; NO_SLICE when it is malformed or holds a NUL or bytes that are not UTF-8. */
struct slice uri_decode(struct arena *arena, struct slice text);

/* ---- a reply ---------------------------------------------------------------------------------------------- */

enum stream_step { STREAM_MORE, STREAM_WAIT, STREAM_END, STREAM_BROKEN };

/* A body that is made piece by piece, for what is too long to hold or never ends. Its functions are called by the loop that
 * answers, with the state of that loop; the first call comes after answer() has returned. */
struct stream {
    void *context;
    /* Appends the next piece to `chunk`, which is empty (about STREAM_PIECE bytes, more is no harm).
     * MORE: there is more to come at once. WAIT: nothing now; ask again after http_wake(), or after `wait_seconds`. END: that was
     * all. BROKEN: it cannot go on; the connection is broken, so that nobody takes what was sent for the whole. */
    enum stream_step (*next)(void *context, void *state, struct buffer *chunk);
    void (*close)(void *context, void *state); /* once, whatever happened; NULL: nothing to do */
    unsigned wait_seconds;
};
enum { STREAM_PIECE = 32768 };

/* Where a reply that is kept and sent again leaves its body as it was compressed for one client, for the next. */
enum { REPLY_CODINGS = 3 };
struct coded_bodies {
    struct slice body[REPLY_CODINGS]; /* by the server's own numbers of codings; NO_SLICE: not yet */
    /* Copies it, or lets it be where there is no room. */
    void (*keep)(struct coded_bodies *coded, size_t which, struct slice body);
};

/* The bodies of a reply that was compressed with gzip beforehand, and lives for ever: who takes gzip gets that one. */
struct coded_bodies coded_gzip(struct slice body);

enum { REPLY_HEADERS_MAX = 16 };

struct reply {
    int status;
    struct slice type;           /* Content-Type; NO_SLICE: no body */
    struct slice body;           /* of a 304: the body of its 200, of which only the length is sent */
    struct slice etag;           /* with its quotation marks, and W/ where weak; NO_SLICE: none */
    const struct stream *stream; /* instead of a body; in the exchange's arena; NULL: none */
    struct coded_bodies *coded;  /* of a reply that is kept beyond this exchange; NULL: it is not */
    const char *cache;           /* Cache-Control; NULL: "no-cache", with "private" where the request has Authorization */
    struct header headers[REPLY_HEADERS_MAX]; /* what only this reply has */
    size_t header_count;
    const char *problem;         /* the code of the problem, for the log; NULL when it went well */
    const char *route;           /* the path template that answered, for metrics and the log; NULL: none */
    int64_t store_ns, render_ns; /* for Server-Timing; 0: not measured */
};

void reply_header(struct reply *reply, const char *name, struct slice value);

/* What Access-Control-Allow-Origin says to a page of that origin where these are allowed (http_options.cors_origins); NO_SLICE:
 * nothing, and the page may not see the reply. */
struct slice cors_origin(struct slice allowed, struct slice origin);

struct reply reply_json(int status, struct slice body); /* application/json */
struct reply reply_text(int status, const char *type, struct slice body);
struct reply reply_empty(int status);

/* RFC 9457: application/problem+json with type (a registered one, or `/problems/<code>` at the request's origin), title, status,
 * detail, instance, code, request_id and, when `faults` is not NULL and not empty, errors. `code` comes from the table in
 * server/http/problem.c, which gives status and title; an unknown code is a mistake of ours and ends the process. */
struct reply reply_problem(const struct request *request, const char *code, const struct faults *faults, const char *detail, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts one more member at the end of a problem; `json` is its value. */
void problem_add(struct arena *arena, struct reply *problem, const char *name, struct slice json);

/* The table of problems, for /problems/<code> and the documentation; ended by one whose code is NULL. */
struct problem {
    const char *code;
    int status;
    const char *title;
    const char *meaning; /* what happened and what to do, in a sentence or two */
};
const struct problem *problem_table(void);
/* The type under which a problem is registered with IANA; NULL: its type is ours, `/problems/<code>`. */
const char *problem_type(const char *code);

/* Whether the client's conditions hold (RFC 9110 §13.2.2), given the current entity tag (NO_SLICE: no current representation).
 * PROCEED: go on. NOT_MODIFIED: answer 304 with the same headers. FAILED: answer 412. For If-Match, any tag that begins like
 * `etag` up to its representation suffix is the same version: `"c17-5"` and `"c17-5-gz"`. For If-None-Match, `etag` with the
 * suffix of a coding that the request accepts ("-gz", "-zst") is that representation of it, and the 304 then has that tag. */
enum condition { CONDITION_PROCEED, CONDITION_NOT_MODIFIED, CONDITION_FAILED };
enum condition request_condition(const struct request *request, struct slice etag);

/* The best of `types` (ended by NULL, the server's preference first) by the request's Accept with its q-values (RFC 9110
 * §12.5.1), or NULL when none is acceptable. No Accept header accepts all. */
const char *request_negotiate(const struct request *request, const char *const *types);

/* Whether a Content-Type names one of: application/json, any +json. Parameters are ignored. */
bool type_is_json(struct slice type);
bool type_is(struct slice type, const char *name); /* "text/plain" matches "Text/Plain; charset=utf-8" */

/* What a header such as Prefer lists: whether `name=value` (or the bare `name`) is there. */
bool request_prefers(const struct request *request, const char *preference);

/* A header whose value is a string of RFC 8941 (§3.3.3), in quotation marks; or bare, where it is visible ASCII without `"`, `\`,
 * comma and semicolon. `text` gets what it says, in the arena. False: it is neither. */
bool structured_text(struct arena *arena, struct slice value, struct slice *text);

/* ---- the server ------------------------------------------------------------------------------------------- */

/* One request on its way through a loop. Whoever answers fills in `reply`. */
struct exchange {
    struct arena arena;
    struct request request;
    struct reply reply;
    void *owner;               /* for the answering side, NULL at first */
    struct exchange *next;     /* for queues of the server */
    struct transfer *transfer; /* the server's own */
};

/* What answers. Each loop has one thread and calls these from it alone, with the state that `open` gave for it. */
struct http_service {
    void *context;
    void *(*open)(void *context, int loop, struct error *error); /* NULL: failed */
    /* True: exchange->reply is ready. False: it will be, and exchange_finish() will be called, from any thread. */
    bool (*answer)(void *state, struct exchange *exchange);
    /* The reply has left (or the client has): last chance to look at it; one per exchange that reached answer(). */
    void (*done)(void *state, struct exchange *exchange);
    /* No request is ready: let go of what must not be held while idle (a read transaction). */
    void (*rest)(void *state);
    void (*close)(void *state);
};

/* Any thread, once, after answer() returned false: the reply is ready. */
void exchange_finish(struct exchange *exchange);

struct http_options {
    struct slice listen;                  /* "127.0.0.1:8080", "[::1]:0"; port 0 takes a free one */
    int inherited_socket;                 /* a listening socket handed over by socket activation, or -1 */
    int loops;                            /* event loops, each a thread */
    size_t max_body;                      /* bytes; more is 413 */
    size_t max_target;                    /* bytes; more is 414 */
    unsigned max_connections;             /* in all; more wait in the backlog; 0: no limit */
    unsigned max_connections_per_address; /* in all; more are closed; 0: no limit */
    struct networks unlimited;            /* whose connections are not counted so */
    struct networks trusted_proxies;      /* whose X-Forwarded-For is believed; not counted either */
    size_t max_pending_bytes;             /* that requests and replies hold; more is 503; 0: no limit */
    unsigned idle_seconds;                /* a connection that sends nothing is closed */
    unsigned body_seconds;                /* a body that takes longer is 408 */
    unsigned send_seconds;                /* a reply that is hardly taken for so long is cut off; 0: never */
    struct slice public_url;              /* NO_SLICE: from the Host header */
    struct slice cors_origins;            /* "*" or a list separated by commas or spaces; empty: no CORS headers */
    const char *server_links;             /* the Link header on every reply (RFC 8631), without its name */
    const char *tls_certificate;          /* a file in PEM; NULL: plain HTTP */
    const char *tls_key;                  /* its private key, likewise */
};

struct http_server;

/* Listens and starts the loops, one after the other. On success the server answers; `address` (at least 64 bytes) gets
 * "127.0.0.1:8080" as bound, before the first loop opens. What the options point to must outlive the server. */
struct http_server *http_start(const struct http_options *options, const struct http_service *service, char *address,
                               struct error *error);

/* Reads the files of certificate and key again, for the connections that come from now on. False: they do not do, and the old
 * ones stay. Only with TLS. */
bool http_reload_tls(struct http_server *server, struct error *error);

/* Whether every loop has turned since this was last asked; from one thread, every few seconds. The first answer is yes. */
bool http_is_turning(struct http_server *server);

/* Any thread: streams that wait are asked again. Cheap when none does. */
void http_wake(struct http_server *server);

/* Graceful: stops accepting, answers what is in flight with `Connection: close`, for at most `seconds`, then closes everything
 * and frees the server. An exchange that is not finished even then is cut off without done(), and its memory, the loop's and the
 * service's state stay for the late exchange_finish(). */
void http_stop(struct http_server *server, unsigned seconds);

/* The headers that every reply carries, and those of CORS, added to a reply; used by the server and by `readout get -i`. Calls
 * `emit` once a header. */
void reply_emit_headers(const struct request *request, const struct reply *reply, const struct http_options *options,
                        void (*emit)(void *to, const char *name, struct slice value), void *to);

#endif
