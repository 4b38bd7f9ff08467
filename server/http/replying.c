/* What goes out: a reply's headers and body. */
#include <string.h>
#include <sys/socket.h>

#include "loop.h"
#include "readout/clock.h"

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
    reply_emit_headers(&exchange->request, transfer->wire, &transfer->loop->server->options, gather_header, &block);
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
 * body of its 200: the library sends only the length. Where there is no body it says 0, and cannot be kept from that; caches go
 * by the length they have stored. */
static struct MHD_Response *whole_body(const struct reply *reply)
{
    struct slice body = reply->status == 204 ? NO_SLICE : reply->body;
    union {
        const char *data;
        void *buffer; /* the library takes it without const, and only reads it */
    } bytes = {body.data};
    return MHD_create_response_from_buffer(body.length, bytes.buffer, MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result send_reply(struct transfer *transfer)
{
    enum coding coding;
    if (!pending_reply(transfer)) {
        refuse_overload(transfer);
    }
    const struct reply *reply = transfer->wire = encode_reply(transfer, &coding);
    const struct http_server *server = transfer->loop->server;
    begin_sending(transfer->peer);
    bool streams = reply->stream != NULL && reply->status != 204 && reply->status != 304;
    struct MHD_Response *response = streams ? open_stream(transfer, coding) : whole_body(reply);
    if (response == NULL) {
        die("out of memory");
    }
    if (transfer->misframed || atomic_load_explicit(&server->stopping, memory_order_relaxed)) {
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

void hang_up_with_reply(struct transfer *transfer)
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
    struct peer *peer = transfer->peer;
    peer->refused = true;
    if (peer->link != NULL ? tls_send_last(peer, buffer_slice(&out))
                           : send(peer->socket, out.data, out.length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
        shutdown(peer->socket, SHUT_WR);
    }
}
