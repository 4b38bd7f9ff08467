/* Connections and requests come and go: who the peers are, and what is kept of a request while it is here. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "loop.h"
#include "readout/clock.h"
#include "readout/metrics.h"

enum {
    LINGER_SECONDS = 2,
    READER_TICK = 250,      /* milliseconds between two looks at how much of its reply a peer has taken */
    SPARE_TRANSFERS = 64,   /* kept by a loop for later requests */
    SPARE_MEMORY = 1 << 16, /* an arena that holds more is given back to the system */
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
    if (phase == PHASE_LINGERING) {
        return now + LINGER_SECONDS * SECOND;
    }
    if (phase == PHASE_SENDING) {
        return now + READER_TICK * MILLISECOND;
    }
    return phase == PHASE_RECEIVING && options->body_seconds > 0 ? now + options->body_seconds * SECOND : NEVER;
}

void peer_enter(struct peer *peer, enum phase phase, int64_t now)
{
    struct loop *loop = peer->loop;
    queue_remove(&loop->peers[peer->phase], peer);
    peer->phase = phase;
    peer->since = now;
    peer->deadline = phase_deadline(&loop->server->options, phase, now);
    queue_append(&loop->peers[phase], peer);
}

void begin_sending(struct peer *peer)
{
    peer->looked_at = 0;
    peer_enter(peer, PHASE_SENDING, clock_nanoseconds());
}

const union MHD_ConnectionInfo *connection_info(struct MHD_Connection *connection, enum MHD_ConnectionInfoType type)
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
    peer->since = clock_nanoseconds();
    peer->deadline = phase_deadline(&loop->server->options, PHASE_WAITING, peer->since);
    peer_address(connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, peer->address);
    if (!address_parse(slice_of(peer->address), &peer->from)) {
        peer->from = (struct address){{0}};
    }
    loop->connections++;
    if (!caller_arrived(peer)) {
        shutdown(peer->socket, SHUT_RDWR);
    } else if (loop->server->tls != NULL) {
        tls_begin(peer, connection);
    }
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

void *begin_transfer(void *context, const char *target, struct MHD_Connection *connection)
{
    struct loop *loop = context;
    struct transfer *transfer = take_transfer(loop);
    struct exchange *exchange = &transfer->exchange;
    exchange->transfer = transfer;
    transfer->loop = loop;
    transfer->connection = connection;
    transfer->peer = connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    transfer->peer->transfer = transfer;
    transfer->peer->greeted = true;
    struct request *request = &exchange->request;
    request->arena = &exchange->arena;
    request->method = METHOD_OTHER;
    request->secure = transfer->peer->link != NULL;
    request->target = arena_slice(&exchange->arena, slice_of(target != NULL ? target : ""));
    cut_query(target);
    request->client = slice_of(transfer->peer->address);
    request->address = transfer->peer->from;
    request->started = clock_nanoseconds();
    peer_enter(transfer->peer, PHASE_RECEIVING, request->started);
    return transfer;
}

static void end_reply(struct transfer *transfer)
{
    const struct exchange *exchange = &transfer->exchange;
    const struct reply *reply = transfer->wire != NULL ? transfer->wire : &exchange->reply;
    size_t bytes = reply_bytes(&exchange->request, reply);
    if (exchange->reply.stream != NULL) {
        bytes = transfer->flow.sent;
        close_stream(transfer);
    }
    account(exchange, bytes);
}

static void close_transfer(struct transfer *transfer)
{
    struct loop *loop = transfer->loop;
    transfer->peer->transfer = NULL;
    peer_enter(transfer->peer, PHASE_WAITING, clock_nanoseconds());
    pending_set(transfer, 0);
    if (transfer->abandoned) {
        return; /* exchange_finish() may still come, so its memory must stay */
    }
    if (transfer->begun) {
        metric_add(METRIC_IN_FLIGHT, -1);
    }
    if (transfer->ready) {
        end_reply(transfer);
    }
    if (transfer->answered) {
        loop->server->service.done(loop->state, &transfer->exchange);
    }
    give_transfer(loop, transfer);
}

void end_transfer(void *context, struct MHD_Connection *connection, void **transfer_context, enum MHD_RequestTerminationCode how)
{
    (void)context;
    (void)connection;
    (void)how;
    if (*transfer_context != NULL) {
        close_transfer(*transfer_context);
        *transfer_context = NULL;
    }
}

void forget_peer(struct peer *peer)
{
    queue_remove(&peer->loop->peers[peer->phase], peer);
    free(peer);
    metric_add(METRIC_CONNECTIONS, -1);
}

/* After some malformed requests the library closes the connection without having ended the transfer. */
static void peer_left(struct peer *peer)
{
    if (peer->transfer != NULL) {
        close_transfer(peer->transfer);
    }
    if (peer->link != NULL) {
        tls_end(peer);
    }
    peer->loop->connections--;
    caller_left(peer);
    if (!peer->refused || !linger(peer)) {
        forget_peer(peer);
    }
}

void on_connection(void *context, struct MHD_Connection *connection, void **peer_context,
                   enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        peer_arrived(context, connection, peer_context);
    } else if (*peer_context != NULL) {
        peer_left(*peer_context);
        *peer_context = NULL;
    }
}

void free_spare_transfers(struct loop *loop)
{
    while (loop->spare != NULL) {
        struct transfer *next = loop->spare->next;
        arena_release(&loop->spare->exchange.arena);
        free(loop->spare);
        loop->spare = next;
    }
}
