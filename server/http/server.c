/* The event loops, and the only file that speaks to libmicrohttpd.
 *
 * One thread a loop, each with a daemon of its own in external epoll mode. A loop sleeps in its own epoll on two descriptors: the
 * daemon's epoll, and an eventfd by which other threads say that a suspended exchange is finished. (The library's internal epoll
 * mode hangs when a multiple of 128 events is ready, and MHD_resume_connection wakes nobody in external mode.)
 *
 * A request passes: begin_transfer (its first line is read) → headers_received → body_received, once a piece → request_received,
 * which asks the service → send_reply, at once or after the eventfd → end_transfer. A peer is the other end of a connection; a
 * transfer is one request of it, with its exchange, and is used again by later requests, so that a steady stream of them
 * allocates nothing of ours.
 *
 * What libmicrohttpd 0.9.75 answers by itself, in its own words, without our headers and without a line in the log: a request
 * line or headers that do not fit its pool of 16 KB (414, 431), malformed framing or chunks (400), a length beyond 64 bits (413),
 * another version of HTTP (505). Close below its limit no room would be left for the reply's headers, and it would hang up
 * without a word; so what leaves less than REPLY_ROOM gets our own 431: about 13 KB of headers, or 170 short ones. A reply
 * queued on the handler's first call closes the connection; that is kept for bodies we do not want to read. */
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"
#include "readout/clock.h"
#include "readout/log.h"
#include "readout/metrics.h"

enum {
    POOL_SIZE = 16384,      /* for one connection's headers, in and out; the library clears it after each request */
    HEADER_COST = 64,       /* what the library spends on one header besides its text */
    REPLY_ROOM = 2560,      /* what must be left of the pool for the reply's headers */
    REPLY_FRAME = 256,      /* of those, what the library adds: status line, Date, Content-Length, Connection */
    SPARE_TRANSFERS = 64,   /* kept by a loop for later requests */
    SPARE_MEMORY = 1 << 16, /* an arena that holds more is given back to the system */
    STOP_TICK = 100,        /* milliseconds between two looks at what is left while stopping */
};

static const int64_t SECOND = 1000000000, MILLISECOND = 1000000, NEVER = INT64_MAX;

/* What a connection is doing, and so how long it may take. */
enum phase {
    PHASE_WAITING,   /* for the first line of a request */
    PHASE_RECEIVING, /* its headers and body */
    PHASE_ANSWERING, /* nothing is expected from the peer */
    PHASE_COUNT
};

struct peer {
    struct peer *previous, *next;
    struct loop *loop;
    struct transfer *transfer;
    int socket;
    enum phase phase;
    int64_t deadline;
    char address[64];
};

/* The peers in one phase; all have the same time, so the first is the first to run out of it. */
struct queue {
    struct peer *first, *last;
};

struct transfer {
    struct exchange exchange;
    struct transfer *next; /* among the spare ones */
    struct loop *loop;
    struct peer *peer;
    struct MHD_Connection *connection;
    struct buffer body;
    size_t received; /* bytes of the body so far, kept or not */
    size_t room;     /* what is left of the pool for the reply's headers */
    bool begun;      /* its headers have been read */
    bool answered;   /* the service has been asked */
    bool ready;      /* exchange.reply is filled in */
    bool abandoned;  /* the server stops without waiting for its answer */
};

struct loop {
    struct http_server *server;
    int number;
    pthread_t thread;
    void *state; /* the service's */
    struct MHD_Daemon *daemon;
    int poll, wake, listening;
    bool quiet; /* accepts no more */
    struct queue peers[PHASE_COUNT];
    struct transfer *spare;
    size_t spare_count, abandoned;
    pthread_mutex_t lock;
    struct exchange *finished_first, *finished_last; /* by other threads; under the lock */
};

struct http_server {
    struct http_options options;
    struct http_service service;
    int socket;
    int started; /* loops whose threads run */
    atomic_bool stopping;
    int64_t stop_by; /* set before `stopping` */
    pthread_mutex_t lock;
    pthread_cond_t reported;
    int reports; /* loops that have opened or failed; under the lock */
    struct error error;
    struct loop loops[];
};

/* ---- peers ------------------------------------------------------------------------------------------------------------- */

static void queue_remove(struct queue *queue, struct peer *peer)
{
    *(peer->previous != NULL ? &peer->previous->next : &queue->first) = peer->next;
    *(peer->next != NULL ? &peer->next->previous : &queue->last) = peer->previous;
}

static void queue_append(struct queue *queue, struct peer *peer)
{
    peer->previous = queue->last;
    peer->next = NULL;
    *(queue->last != NULL ? &queue->last->next : &queue->first) = peer;
    queue->last = peer;
}

static int64_t phase_deadline(const struct http_options *options, enum phase phase, int64_t now)
{
    /* The library closes what is silent for idle_seconds; one that drips its first line gets as long again as a body. */
    if (phase == PHASE_WAITING && options->idle_seconds > 0) {
        return now + ((int64_t)options->idle_seconds + options->body_seconds) * SECOND;
    }
    return phase == PHASE_RECEIVING && options->body_seconds > 0 ? now + options->body_seconds * SECOND : NEVER;
}

static void peer_enter(struct peer *peer, enum phase phase, int64_t now)
{
    struct loop *loop = peer->loop;
    queue_remove(&loop->peers[peer->phase], peer);
    peer->phase = phase;
    peer->deadline = phase_deadline(&loop->server->options, phase, now);
    queue_append(&loop->peers[phase], peer);
}

static const union MHD_ConnectionInfo *connection_info(struct MHD_Connection *connection, enum MHD_ConnectionInfoType type)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, type);
    if (info == NULL) {
        die("libmicrohttpd does not know its connection");
    }
    return info;
}

static void peer_arrived(struct loop *loop, struct MHD_Connection *connection, void **context)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL) {
        die("out of memory");
    }
    peer->loop = loop;
    peer->socket = connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    peer->deadline = phase_deadline(&loop->server->options, PHASE_WAITING, clock_nanoseconds());
    peer_address(connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, peer->address);
    queue_append(&loop->peers[PHASE_WAITING], peer);
    *context = peer;
    metric_add(METRIC_CONNECTIONS, 1);
}

/* ---- transfers --------------------------------------------------------------------------------------------------------- */

static struct transfer *take_transfer(struct loop *loop)
{
    struct transfer *transfer = loop->spare;
    if (transfer == NULL) {
        transfer = calloc(1, sizeof *transfer);
        if (transfer == NULL) {
            die("out of memory");
        }
        return transfer;
    }
    loop->spare = transfer->next;
    loop->spare_count--;
    struct arena arena = transfer->exchange.arena;
    memset(transfer, 0, sizeof *transfer);
    transfer->exchange.arena = arena;
    return transfer;
}

static void give_transfer(struct loop *loop, struct transfer *transfer)
{
    struct arena *arena = &transfer->exchange.arena;
    if (loop->spare_count == SPARE_TRANSFERS) {
        arena_release(arena);
        free(transfer);
        return;
    }
    if (arena_held(arena) > SPARE_MEMORY) {
        arena_release(arena);
    } else {
        arena_reset(arena);
    }
    transfer->next = loop->spare;
    loop->spare = transfer;
    loop->spare_count++;
}

/* Takes the query away from the library, which would list its parameters in its pool and, where there are more than fit, fall
 * silent. The bytes are in its own read buffer; it has not looked at them yet. */
static void cut_query(const char *target)
{
    char *query = target != NULL ? strchr(target, '?') : NULL;
    if (query != NULL) {
        query[1] = '\0';
    }
}

static void *begin_transfer(void *context, const char *target, struct MHD_Connection *connection)
{
    struct loop *loop = context;
    struct transfer *transfer = take_transfer(loop);
    struct exchange *exchange = &transfer->exchange;
    exchange->transfer = transfer;
    transfer->loop = loop;
    transfer->connection = connection;
    transfer->peer = connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    transfer->peer->transfer = transfer;
    struct request *request = &exchange->request;
    request->arena = &exchange->arena;
    request->method = METHOD_OTHER;
    request->target = arena_slice(&exchange->arena, slice_of(target != NULL ? target : ""));
    cut_query(target);
    request->client = slice_of(transfer->peer->address);
    request->started = clock_nanoseconds();
    peer_enter(transfer->peer, PHASE_RECEIVING, request->started);
    return transfer;
}

static void close_transfer(struct transfer *transfer)
{
    struct loop *loop = transfer->loop;
    transfer->peer->transfer = NULL;
    peer_enter(transfer->peer, PHASE_WAITING, clock_nanoseconds());
    if (transfer->abandoned) {
        return; /* exchange_finish() may still come, so its memory must stay */
    }
    if (transfer->begun) {
        metric_add(METRIC_IN_FLIGHT, -1);
    }
    if (transfer->ready) {
        account(&transfer->exchange);
    }
    if (transfer->answered) {
        loop->server->service.done(loop->state, &transfer->exchange);
    }
    give_transfer(loop, transfer);
}

static void end_transfer(void *context, struct MHD_Connection *connection, void **transfer_context,
                         enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)connection;
    (void)how;
    if (*transfer_context != NULL) {
        close_transfer(*transfer_context);
        *transfer_context = NULL;
    }
}

/* After some malformed requests the library closes the connection without having ended the transfer. */
static void peer_left(struct peer *peer)
{
    if (peer->transfer != NULL) {
        close_transfer(peer->transfer);
    }
    queue_remove(&peer->loop->peers[peer->phase], peer);
    free(peer);
    metric_add(METRIC_CONNECTIONS, -1);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **peer_context,
                          enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        peer_arrived(context, connection, peer_context);
    } else if (*peer_context != NULL) {
        peer_left(*peer_context);
        *peer_context = NULL;
    }
}

/* ---- replies ----------------------------------------------------------------------------------------------------------- */

/* The headers of a reply as one text, without the first name: "value\1\1Name: value\1\1Name: value". For add_headers(). */
struct header_block {
    const char *first;
    struct buffer text;
    size_t room;
};

enum { LINE_END = '\1' };

/* What would end a header's line early, and must never come from a client. */
static bool breaks_line(struct slice value)
{
    static const char breaks[] = {'\r', '\n', LINE_END, '\0'};
    for (size_t i = 0; i < sizeof breaks; i++) {
        if (memchr(value.data, breaks[i], value.length) != NULL) {
            return true;
        }
    }
    return false;
}

/* A header without room, such as a Link that repeats a very long query, is left out rather than the whole reply. */
static void gather_header(void *to, const char *name, struct slice value)
{
    struct header_block *block = to;
    size_t cost = strlen(name) + value.length + 4;
    if (cost > block->room || value.length == 0 || breaks_line(value)) {
        return;
    }
    block->room -= cost;
    if (block->first == NULL) {
        block->first = name;
    } else {
        static const char line_end[] = {LINE_END, LINE_END};
        buffer_add(&block->text, line_end, sizeof line_end);
        buffer_add_text(&block->text, name);
        buffer_add_text(&block->text, ": ");
    }
    buffer_add_slice(&block->text, value);
}

/* The library allocates and searches several times for each header it is given: a tenth of the whole request for ours together.
 * So it is given one, whose value holds the others too; their line ends, which it would refuse, are put into its copy. */
static void add_headers(struct transfer *transfer, struct MHD_Response *response)
{
    struct exchange *exchange = &transfer->exchange;
    struct header_block block = {NULL, buffer_in(&exchange->arena, 1536), transfer->room};
    reply_emit_headers(&exchange->request, &exchange->reply, &transfer->loop->server->options, gather_header, &block);
    if (block.first == NULL) {
        return;
    }
    buffer_add_byte(&block.text, '\0');
    union {
        const char *kept;
        char *bytes;
    } copy = {NULL};
    if (MHD_add_response_header(response, block.first, block.text.data) == MHD_YES) {
        copy.kept = MHD_get_response_header(response, block.first);
    }
    if (copy.kept == NULL) {
        die("libmicrohttpd does not take the headers of a reply");
    }
    for (char *at = copy.bytes; (at = strchr(at, LINE_END)) != NULL; at += 2) {
        at[0] = '\r';
        at[1] = '\n';
    }
}

/* The library keeps a pointer to the body, which lives in the exchange's arena until end_transfer. A 304 is queued with the
 * body of its 200: the library sends only the length. */
static enum MHD_Result send_reply(struct transfer *transfer)
{
    const struct reply *reply = &transfer->exchange.reply;
    const struct http_server *server = transfer->loop->server;
    struct slice body = reply->status == 204 ? NO_SLICE : reply->body;
    peer_enter(transfer->peer, PHASE_ANSWERING, 0);
    union {
        const char *data;
        void *buffer; /* the library takes it without const, and only reads it */
    } bytes = {body.data};
    struct MHD_Response *response = MHD_create_response_from_buffer(body.length, bytes.buffer, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        die("out of memory");
    }
    if (atomic_load_explicit(&server->stopping, memory_order_relaxed)) {
        MHD_add_response_header(response, "Connection", "close");
    }
    add_headers(transfer, response);
    enum MHD_Result queued = MHD_queue_response(transfer->connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static void add_line(void *to, const char *name, struct slice value)
{
    struct buffer *out = to;
    buffer_add_text(out, name);
    buffer_add_text(out, ": ");
    buffer_add_slice(out, value);
    buffer_add_text(out, "\r\n");
}

/* Sends the reply past the library, which takes none while a body is on its way, and hangs up. What the
 * peer's window does not take at once is lost, and a few hundred bytes always fit. */
static void hang_up_with_reply(struct transfer *transfer)
{
    const struct exchange *exchange = &transfer->exchange;
    char date[HTTP_DATE_SIZE];
    clock_http_date(clock_milliseconds(), date);
    struct buffer out = buffer_in(&transfer->exchange.arena, 2048);
    buffer_print(&out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", exchange->reply.status,
                 MHD_get_reason_phrase_for((unsigned)exchange->reply.status), date);
    reply_emit_headers(&exchange->request, &exchange->reply, &transfer->loop->server->options, add_line, &out);
    buffer_print(&out, "Content-Length: %zu\r\nConnection: close\r\n\r\n", exchange->reply.body.length);
    buffer_add_slice(&out, exchange->reply.body);
    if (send(transfer->peer->socket, out.data, out.length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
        shutdown(transfer->peer->socket, SHUT_WR);
    }
}

/* ---- what comes in ----------------------------------------------------------------------------------------------------- */

struct header_list {
    struct header *items;
    size_t count, capacity;
};

static enum MHD_Result collect_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
                                      const char *value, size_t value_length)
{
    (void)kind;
    struct header_list *list = context;
    if (list->count == list->capacity) {
        return MHD_NO;
    }
    struct slice text = value != NULL ? (struct slice){value, value_length} : SLICE("");
    list->items[list->count++] = (struct header){{name, name_length}, text};
    return MHD_YES;
}

/* The library keeps names and values until end_transfer. */
static void collect_headers(struct transfer *transfer)
{
    int count = MHD_get_connection_values_n(transfer->connection, MHD_HEADER_KIND, NULL, NULL);
    struct header_list list = {.capacity = count > 0 ? (size_t)count : 0};
    list.items = arena_alloc(&transfer->exchange.arena, list.capacity * sizeof *list.items + 1);
    MHD_get_connection_values_n(transfer->connection, MHD_HEADER_KIND, collect_header, &list);
    transfer->exchange.request.headers = list.items;
    transfer->exchange.request.header_count = list.count;
}

/* What the library will have left of its pool for the reply's headers. */
static size_t reply_room(struct transfer *transfer)
{
    const struct request *request = &transfer->exchange.request;
    size_t used = connection_info(transfer->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size +
                  request->header_count * HEADER_COST + REPLY_FRAME;
    return used < POOL_SIZE ? POOL_SIZE - used : 0;
}

/* What is wrong with how the message is framed; NULL when nothing is. Two lengths, or a length and a coding, are how requests are
 * smuggled past proxies (RFC 9112 §6.3). */
static const char *framing_fault(const struct request *request, const char *version, const char **code)
{
    struct slice coding = request_header(request, "Transfer-Encoding");
    struct slice length = request_header(request, "Content-Length");
    *code = "bad-request";
    if (coding.data != NULL && length.data != NULL) {
        return "a request has either Content-Length or Transfer-Encoding, not both";
    }
    size_t hosts = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct header *header = &request->headers[i];
        hosts += slice_equal_fold(header->name, SLICE("Host"));
        if (slice_equal_fold(header->name, SLICE("Content-Length")) && !slice_equal(header->value, length)) {
            return "two Content-Length headers contradict each other";
        }
    }
    if (hosts > 1 || (hosts == 0 && strcmp(version, "HTTP/1.1") == 0)) {
        return "a request has one Host header";
    }
    *code = "not-implemented";
    return coding.data != NULL && !slice_equal_fold(coding, SLICE("chunked")) ? "the only transfer coding here is chunked" : NULL;
}

static void refuse(struct transfer *transfer, const char *code, const char *detail)
{
    transfer->exchange.reply = reply_problem(&transfer->exchange.request, code, NULL, "%s", detail);
    transfer->ready = true;
}

static void refuse_long_body(struct transfer *transfer)
{
    refuse(transfer, "body-too-large",
           arena_print(&transfer->exchange.arena, "a body may have %zu bytes here", transfer->loop->server->options.max_body));
}

/* Refuses what the headers already show to be wrong; the service then never sees it. */
static void check_headers(struct transfer *transfer, const char *version, uint64_t declared)
{
    const struct http_options *options = &transfer->loop->server->options;
    const struct request *request = &transfer->exchange.request;
    const char *code;
    const char *fault = framing_fault(request, version, &code);
    if (fault != NULL) {
        refuse(transfer, code, fault);
    } else if (request->target.length > options->max_target) {
        refuse(transfer, "target-too-long",
               arena_print(&transfer->exchange.arena, "a path and its query may have %zu bytes here", options->max_target));
    } else if (transfer->room < REPLY_ROOM) {
        refuse(transfer, "headers-too-large", "the request line and the headers together may take about 12 KB here");
    } else if (declared > options->max_body) {
        refuse_long_body(transfer);
    }
}

static enum MHD_Result headers_received(struct transfer *transfer, const char *method, const char *version)
{
    struct request *request = &transfer->exchange.request;
    transfer->begun = true;
    metric_add(METRIC_IN_FLIGHT, 1);
    collect_headers(transfer);
    request->method = method_of(slice_of(method));
    request_prepare(request, transfer->loop->server->options.public_url);
    transfer->room = reply_room(transfer);

    struct slice length = request_header(request, "Content-Length");
    bool chunked = request_header(request, "Transfer-Encoding").data != NULL;
    /* The library has refused what is not a number; one beyond 64 bits is as good as the largest. */
    long long declared = 0;
    if (length.data != NULL && !slice_to_int(length, &declared)) {
        declared = INT64_MAX;
    }
    check_headers(transfer, version, (uint64_t)declared);
    if (transfer->ready) {
        bool body_follows = chunked || declared > 0;
        return body_follows ? send_reply(transfer) : MHD_YES;
    }
    if (chunked || length.data != NULL) {
        transfer->body = buffer_in(&transfer->exchange.arena, chunked ? 4096 : (size_t)declared + 1);
    }
    return MHD_YES;
}

/* A chunked body that grew too long is swallowed to its end, where the library takes a reply; but not without end. */
static enum MHD_Result body_received(struct transfer *transfer, const char *data, size_t length)
{
    size_t most = transfer->loop->server->options.max_body;
    transfer->received += length;
    if (!transfer->ready && transfer->received <= most) {
        buffer_add(&transfer->body, data, length);
        return MHD_YES;
    }
    if (!transfer->ready) {
        refuse_long_body(transfer);
    }
    if (transfer->received / 2 <= most) {
        return MHD_YES;
    }
    hang_up_with_reply(transfer);
    return MHD_NO;
}

static enum MHD_Result request_received(struct transfer *transfer)
{
    struct loop *loop = transfer->loop;
    struct exchange *exchange = &transfer->exchange;
    if (transfer->abandoned) {
        return MHD_NO;
    }
    if (transfer->ready) {
        return send_reply(transfer);
    }
    if (transfer->answered) {
        return MHD_YES;
    }
    peer_enter(transfer->peer, PHASE_ANSWERING, 0);
    exchange->request.body = transfer->body.length > 0 ? buffer_slice(&transfer->body) : NO_SLICE;
    transfer->answered = true;
    if (loop->server->service.answer(loop->state, exchange)) {
        transfer->ready = true;
        return send_reply(transfer);
    }
    /* It may be finished already: this thread alone looks at what is finished, and only after it has returned from here. */
    MHD_suspend_connection(transfer->connection);
    return MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *length, void **transfer_context)
{
    (void)context;
    (void)connection;
    (void)url;
    struct transfer *transfer = *transfer_context;
    if (!transfer->begun) {
        return headers_received(transfer, method, version);
    }
    if (*length == 0) {
        return request_received(transfer);
    }
    size_t received = *length;
    *length = 0;
    return body_received(transfer, data, received);
}

/* The target is decoded by those who know its parts. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static void on_message(void *context, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

static void on_message(void *context, const char *format, va_list arguments)
{
    (void)context;
    if (log_wants(LOG_DEBUG)) {
        char text[512];
        vsnprintf(text, sizeof text, format, arguments);
        text[strcspn(text, "\r\n")] = '\0';
        log_event(LOG_DEBUG, "microhttpd", "message", text, NULL);
    }
}

/* ---- finished elsewhere ------------------------------------------------------------------------------------------------ */

static void wake(struct loop *loop)
{
    uint64_t one = 1;
    if (loop->wake >= 0 && write(loop->wake, &one, sizeof one) < 0 && errno != EAGAIN) {
        die("a loop cannot be woken: %s", strerror(errno));
    }
}

/* Written under the lock, so that a loop that has seen its last exchange can let go of the eventfd. */
void exchange_finish(struct exchange *exchange)
{
    struct loop *loop = exchange->transfer->loop;
    exchange->next = NULL;
    pthread_mutex_lock(&loop->lock);
    if (loop->finished_first == NULL) {
        loop->finished_first = exchange;
        wake(loop);
    } else {
        loop->finished_last->next = exchange;
    }
    loop->finished_last = exchange;
    pthread_mutex_unlock(&loop->lock);
}

static void resume_finished(struct loop *loop)
{
    uint64_t count;
    if (read(loop->wake, &count, sizeof count) < 0 && errno != EAGAIN) {
        die("a loop cannot read its eventfd: %s", strerror(errno));
    }
    pthread_mutex_lock(&loop->lock);
    struct exchange *exchange = loop->finished_first;
    loop->finished_first = loop->finished_last = NULL;
    pthread_mutex_unlock(&loop->lock);
    while (exchange != NULL) {
        struct exchange *next = exchange->next;
        exchange->transfer->ready = true;
        MHD_resume_connection(exchange->transfer->connection);
        exchange = next;
    }
}

/* ---- a loop ------------------------------------------------------------------------------------------------------------ */

/* The library sees the end of the stream and closes the connection in its next turn. */
static void hang_up(struct peer *peer)
{
    shutdown(peer->socket, SHUT_RDWR);
    peer_enter(peer, PHASE_ANSWERING, 0);
}

static void hang_up_on_slow_request(struct peer *peer)
{
    struct transfer *transfer = peer->transfer;
    if (!transfer->begun) {
        request_prepare(&transfer->exchange.request, transfer->loop->server->options.public_url);
    }
    if (!transfer->ready) {
        refuse(transfer, "request-timeout", "the headers and the body did not arrive in time");
    }
    hang_up_with_reply(transfer);
    hang_up(peer);
}

static void hang_up_on_slow_peers(struct loop *loop)
{
    int64_t now = clock_nanoseconds();
    const struct queue *waiting = &loop->peers[PHASE_WAITING], *receiving = &loop->peers[PHASE_RECEIVING];
    while (waiting->first != NULL && waiting->first->deadline <= now) {
        hang_up(waiting->first);
    }
    while (receiving->first != NULL && receiving->first->deadline <= now) {
        hang_up_on_slow_request(receiving->first);
    }
}

/* Milliseconds until something must be done without an event; -1 when there is no such thing. */
static int next_turn(const struct loop *loop)
{
    MHD_UNSIGNED_LONG_LONG library;
    int64_t least = MHD_get_timeout(loop->daemon, &library) == MHD_YES && library < INT32_MAX ? (int64_t)library : INT32_MAX;
    for (enum phase phase = PHASE_WAITING; phase <= PHASE_RECEIVING && least > 0; phase++) {
        const struct peer *first = loop->peers[phase].first;
        if (first != NULL && first->deadline != NEVER) {
            int64_t left = (first->deadline - clock_nanoseconds()) / MILLISECOND + 1;
            least = left < least ? (left > 0 ? left : 0) : least;
        }
    }
    if (loop->quiet && least > STOP_TICK) {
        return STOP_TICK;
    }
    return least == INT32_MAX ? -1 : (int)least;
}

/* Looks before it sleeps: only when nothing is ready does the service let go, and is the log written. True when somebody called
 * wake(). */
static bool await_events(struct loop *loop)
{
    struct epoll_event events[2];
    int turn = next_turn(loop);
    int count = epoll_wait(loop->poll, events, 2, 0);
    if (count == 0 && turn != 0) {
        loop->server->service.rest(loop->state);
        log_flush();
        count = epoll_wait(loop->poll, events, 2, turn);
    }
    if (count < 0 && errno != EINTR) {
        die("a loop cannot wait: %s", strerror(errno));
    }
    bool woken = false;
    for (int i = 0; i < count; i++) {
        woken = woken || events[i].data.fd == loop->wake;
    }
    return woken;
}

static void accept_no_more(struct loop *loop)
{
    MHD_quiesce_daemon(loop->daemon);
    close(loop->listening);
    loop->quiet = true;
}

/* Idle connections are closed, except where a request is just coming in: that one is still answered. */
static void hang_up_on_idle_peers(struct loop *loop)
{
    struct peer *next;
    for (struct peer *peer = loop->peers[PHASE_WAITING].first; peer != NULL; peer = next) {
        next = peer->next;
        int unread = 0;
        if (ioctl(peer->socket, FIONREAD, &unread) != 0 || unread == 0) {
            hang_up(peer);
        }
    }
}

static bool is_over(struct loop *loop)
{
    if (!atomic_load_explicit(&loop->server->stopping, memory_order_acquire)) {
        return false;
    }
    if (!loop->quiet) {
        accept_no_more(loop);
    }
    hang_up_on_idle_peers(loop);
    bool alone = true;
    for (enum phase phase = PHASE_WAITING; phase < PHASE_COUNT; phase++) {
        alone = alone && loop->peers[phase].first == NULL;
    }
    return alone || clock_nanoseconds() >= loop->server->stop_by;
}

static void run_loop(struct loop *loop)
{
    while (!is_over(loop)) {
        if (await_events(loop)) {
            resume_finished(loop);
        }
        MHD_run(loop->daemon);
        hang_up_on_slow_peers(loop);
    }
}

static bool open_daemon(struct loop *loop)
{
    const struct http_options *options = &loop->server->options;
    unsigned loops = (unsigned)options->loops;
    loop->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, loop, MHD_OPTION_EXTERNAL_LOGGER,
        on_message, NULL, MHD_OPTION_LISTEN_SOCKET, loop->listening, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_SIZE,
        MHD_OPTION_CONNECTION_LIMIT, (options->max_connections + loops - 1) / loops, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        options->max_connections_per_address, MHD_OPTION_CONNECTION_TIMEOUT, options->idle_seconds, MHD_OPTION_URI_LOG_CALLBACK,
        begin_transfer, loop, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_transfer, loop,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, loop, MHD_OPTION_END);
    return loop->daemon != NULL;
}

static bool watch(struct loop *loop, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    return epoll_ctl(loop->poll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

static bool open_loop(struct loop *loop, struct error *error)
{
    loop->poll = epoll_create1(EPOLL_CLOEXEC);
    loop->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    loop->listening = fcntl(loop->server->socket, F_DUPFD_CLOEXEC, 0);
    if (loop->poll < 0 || loop->wake < 0 || loop->listening < 0) {
        return fail(error, ERROR_FAULT, "event loop %d cannot be made: %s", loop->number, strerror(errno));
    }
    loop->state = loop->server->service.open(loop->server->service.context, loop->number, error);
    if (loop->state == NULL) {
        return false;
    }
    if (!open_daemon(loop)) {
        return fail(error, ERROR_FAULT, "event loop %d: libmicrohttpd does not start", loop->number);
    }
    if (!watch(loop, MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd) || !watch(loop, loop->wake)) {
        return fail(error, ERROR_FAULT, "event loop %d cannot watch its sockets: %s", loop->number, strerror(errno));
    }
    return true;
}

/* What other threads have not finished in time is cut off. Its memory and the loop's stay for their late exchange_finish(). */
static void abandon_unfinished(struct loop *loop)
{
    for (struct peer *peer = loop->peers[PHASE_ANSWERING].first; peer != NULL; peer = peer->next) {
        struct transfer *transfer = peer->transfer;
        if (transfer != NULL && transfer->answered && !transfer->ready) {
            transfer->abandoned = true;
            loop->abandoned++;
            MHD_resume_connection(transfer->connection);
        }
    }
    if (loop->abandoned > 0) {
        log_event(LOG_WARNING, "requests-abandoned", NULL);
        MHD_run(loop->daemon);
    }
}

static void free_spare(struct loop *loop)
{
    while (loop->spare != NULL) {
        struct transfer *next = loop->spare->next;
        arena_release(&loop->spare->exchange.arena);
        free(loop->spare);
        loop->spare = next;
    }
}

static void close_loop(struct loop *loop)
{
    if (loop->daemon != NULL) {
        if (!loop->quiet) {
            accept_no_more(loop);
        }
        resume_finished(loop);
        MHD_run(loop->daemon);
        abandon_unfinished(loop);
        MHD_stop_daemon(loop->daemon);
    } else if (loop->listening >= 0) {
        close(loop->listening);
    }
    if (loop->state != NULL) {
        loop->server->service.rest(loop->state);
        if (loop->abandoned == 0) {
            loop->server->service.close(loop->state);
        }
    }
    log_flush();
    free_spare(loop);
    close(loop->poll);
}

static void *loop_main(void *argument)
{
    struct loop *loop = argument;
    struct http_server *server = loop->server;
    struct error error = {0};
    bool opened = open_loop(loop, &error);
    pthread_mutex_lock(&server->lock);
    server->reports++;
    if (!opened) {
        server->error = error;
    }
    pthread_cond_signal(&server->reported);
    pthread_mutex_unlock(&server->lock);
    if (opened) {
        run_loop(loop);
    }
    close_loop(loop);
    return NULL;
}

/* ---- the server -------------------------------------------------------------------------------------------------------- */

/* Signals are for the main thread. Loops open one after the other, so that a service need not be ready for several at once. */
static bool start_loop(struct http_server *server, int number)
{
    struct loop *loop = &server->loops[number];
    loop->server = server;
    loop->number = number;
    loop->poll = loop->wake = loop->listening = -1;
    pthread_mutex_init(&loop->lock, NULL);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&loop->thread, NULL, loop_main, loop);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure != 0) {
        return fail(&server->error, ERROR_FAULT, "event loop %d has no thread: %s", number, strerror(failure));
    }
    server->started++;
    pthread_mutex_lock(&server->lock);
    while (server->reports < server->started) {
        pthread_cond_wait(&server->reported, &server->lock);
    }
    bool opened = server->error.kind == ERROR_NONE;
    pthread_mutex_unlock(&server->lock);
    return opened;
}

struct http_server *http_start(const struct http_options *options, const struct http_service *service, char *address,
                               struct error *error)
{
    int listening = options->inherited_socket >= 0 ? listen_inherited(options->inherited_socket, error)
                                                   : listen_on(options->listen, error);
    if (listening < 0) {
        return NULL;
    }
    struct http_server *server = calloc(1, sizeof *server + (size_t)options->loops * sizeof *server->loops);
    if (server == NULL) {
        die("out of memory");
    }
    server->options = *options;
    server->service = *service;
    server->socket = listening;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->reported, NULL);
    listen_address(listening, address);
    for (int number = 0; number < options->loops; number++) {
        if (!start_loop(server, number)) {
            *error = server->error;
            http_stop(server, 0);
            return NULL;
        }
    }
    return server;
}

void http_stop(struct http_server *server, unsigned seconds)
{
    size_t abandoned = 0;
    server->stop_by = clock_nanoseconds() + (int64_t)seconds * SECOND;
    atomic_store_explicit(&server->stopping, true, memory_order_release);
    for (int number = 0; number < server->started; number++) {
        wake(&server->loops[number]);
    }
    for (int number = 0; number < server->started; number++) {
        pthread_join(server->loops[number].thread, NULL);
        abandoned += server->loops[number].abandoned;
    }
    close(server->socket);
    if (abandoned > 0) {
        return; /* someone may still call exchange_finish() */
    }
    for (int number = 0; number < server->started; number++) {
        close(server->loops[number].wake);
        pthread_mutex_destroy(&server->loops[number].lock);
    }
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->reported);
    free(server);
}
