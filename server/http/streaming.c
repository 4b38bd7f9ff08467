/* Bodies that are made piece by piece while they are sent.
 *
 * The library asks for bytes whenever the last ones have left. They come from the current piece; when that is used up the stream
 * is asked for the next. A stream with nothing to say now is put aside with its connection suspended, and costs nothing until
 * http_wake(), the end of its time, or its peer's leaving: of a suspended connection the library hears nothing, so the loop
 * watches the socket itself. */
#include <string.h>
#include <sys/epoll.h>

#include "loop.h"
#include "readout/clock.h"

enum {
    PIECE_START = 4096, /* a piece may grow, in an arena that is kept from piece to piece */
    OLD_BUFFER = 4096,  /* where the library gathers bytes for a client of HTTP/1.0, which knows no chunks */
};

/* ---- those that wait --------------------------------------------------------------------------------------------------- */

/* Only from within read_stream(): the library has no other place for it. */
static void put_aside(struct transfer *transfer, int64_t until)
{
    struct loop *loop = transfer->loop;
    struct flow *flow = &transfer->flow;
    flow->waits = true;
    flow->until = until;
    flow->previous = NULL;
    flow->next = loop->waiting;
    if (loop->waiting != NULL) {
        loop->waiting->flow.previous = transfer;
    }
    if (loop->waiting == NULL || until < loop->waiting_until) {
        loop->waiting_until = until;
    }
    loop->waiting = transfer;
    MHD_suspend_connection(transfer->connection);
}

static void resume(struct transfer *transfer)
{
    struct flow *flow = &transfer->flow;
    *(flow->previous != NULL ? &flow->previous->flow.next : &transfer->loop->waiting) = flow->next;
    if (flow->next != NULL) {
        flow->next->flow.previous = flow->previous;
    }
    flow->waits = false;
    flow->step = transfer->peer->left && flow->step == STREAM_WAIT ? STREAM_WAIT : STREAM_MORE;
    MHD_resume_connection(transfer->connection);
}

void resume_streams(struct loop *loop)
{
    loop->calls++; /* for those that still send what they had, and will wait only then */
    while (loop->waiting != NULL) {
        resume(loop->waiting);
    }
}

void resume_due_streams(struct loop *loop, int64_t now)
{
    if (loop->waiting == NULL || now < loop->waiting_until) {
        return;
    }
    loop->waiting_until = NEVER;
    struct transfer *next;
    for (struct transfer *transfer = loop->waiting; transfer != NULL; transfer = next) {
        next = transfer->flow.next;
        if (transfer->flow.until <= now) {
            resume(transfer);
        } else if (transfer->flow.until < loop->waiting_until) {
            loop->waiting_until = transfer->flow.until;
        }
    }
}

void peer_gone(struct peer *peer)
{
    peer->left = true;
    if (peer->transfer != NULL && peer->transfer->flow.waits) {
        resume(peer->transfer);
    }
}

/* ---- one stream -------------------------------------------------------------------------------------------------------- */

static void encode_piece(struct transfer *transfer, bool last)
{
    struct flow *flow = &transfer->flow;
    if (flow->compressor == NULL) {
        flow->compressor = take_compressor(transfer->loop, flow->coding);
        compress_start(flow->compressor, SIZE_MAX);
    }
    struct buffer coded = buffer_in(&flow->arena, PIECE_START);
    compress_add(flow->compressor, buffer_slice(&flow->piece), last, &coded);
    flow->piece = coded;
}

/* Asks for the next piece. What BROKEN and END said stays said. */
static enum stream_step next_piece(struct transfer *transfer)
{
    const struct stream *stream = transfer->exchange.reply.stream;
    struct flow *flow = &transfer->flow;
    arena_reset(&flow->arena);
    flow->piece = buffer_in(&flow->arena, PIECE_START);
    flow->taken = 0;
    flow->calls = transfer->loop->calls;
    enum stream_step step = stream->next(stream->context, transfer->loop->state, &flow->piece);
    if (flow->coding != CODING_NONE && step != STREAM_BROKEN && (flow->piece.length > 0 || step == STREAM_END)) {
        encode_piece(transfer, step == STREAM_END);
    }
    return step;
}

/* Nothing is left to send, and the stream has nothing to say now. Those that are asked while the server stops wait no more; and
 * one whose peer has left would wait for nobody. */
static ssize_t await_more(struct transfer *transfer)
{
    const struct stream *stream = transfer->exchange.reply.stream;
    struct flow *flow = &transfer->flow;
    int64_t until = flow->step == STREAM_MORE ? 0 : NEVER;
    if (flow->step == STREAM_WAIT) {
        if (transfer->loop->quiet || transfer->peer->left) {
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        until = stream->wait_seconds > 0 ? clock_nanoseconds() + stream->wait_seconds * SECOND : NEVER;
    }
    arena_release(&flow->arena);
    flow->piece = (struct buffer){0};
    flow->taken = 0;
    peer_enter(transfer->peer, PHASE_ANSWERING, 0);
    put_aside(transfer, until);
    return 0;
}

static ssize_t read_stream(void *context, uint64_t position, char *to, size_t most)
{
    (void)position;
    struct transfer *transfer = context;
    struct flow *flow = &transfer->flow;
    if (transfer->loop->closing) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    bool called = flow->step == STREAM_WAIT && flow->calls != transfer->loop->calls && !transfer->peer->left;
    if (flow->taken == flow->piece.length && (flow->step == STREAM_MORE || called)) {
        flow->step = next_piece(transfer);
    }
    if (flow->step == STREAM_BROKEN) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t left = flow->piece.length - flow->taken;
    if (left == 0) {
        return flow->step == STREAM_END ? MHD_CONTENT_READER_END_OF_STREAM : await_more(transfer);
    }
    if (transfer->peer->phase != PHASE_SENDING) {
        begin_sending(transfer->peer);
    }
    size_t length = left < most ? left : most;
    memcpy(to, flow->piece.data + flow->taken, length);
    flow->taken += length;
    flow->sent += length;
    return (ssize_t)length;
}

/* Only the change is told, once: what the peer sends or takes is the library's. The kernel forgets a socket that is closed. */
static void watch_for_leaving(struct peer *peer)
{
    peer->watched = peer->watched || loop_watch(peer->loop, peer->socket, EPOLLRDHUP | EPOLLET, peer);
}

struct MHD_Response *open_stream(struct transfer *transfer, enum coding coding)
{
    struct flow *flow = &transfer->flow;
    flow->open = true;
    flow->step = STREAM_MORE;
    flow->coding = coding;
    /* Counted before it is first asked, so that no http_wake() after that passes it by. */
    atomic_fetch_add(&transfer->loop->streams, 1);
    watch_for_leaving(transfer->peer);
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, OLD_BUFFER, read_stream, transfer, NULL);
    /* To HEAD the library would send the mark of the last chunk too, which a client takes for the start of its next reply.
     * Without chunks it sends none, and closes. */
    if (response != NULL && transfer->exchange.request.method == METHOD_HEAD) {
        MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    }
    return response;
}

void close_stream(struct transfer *transfer)
{
    const struct stream *stream = transfer->exchange.reply.stream;
    if (transfer->flow.open) {
        atomic_fetch_sub(&transfer->loop->streams, 1);
        transfer->flow.open = false;
    }
    if (stream->close != NULL) {
        stream->close(stream->context, transfer->loop->state);
    }
    if (transfer->flow.compressor != NULL) {
        give_compressor(transfer->loop, transfer->flow.coding, transfer->flow.compressor);
    }
    arena_release(&transfer->flow.arena);
}
