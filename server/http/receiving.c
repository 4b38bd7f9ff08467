/* What comes in: a request's headers, then its body, bounded; then the service is asked. */
#include <string.h>

#include "loop.h"
#include "readout/metrics.h"

enum { HEADER_COST = 64 }; /* what the library spends on one header besides its text */

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

/* Letters, digits and the marks that RFC 9110 §5.6.2 allows: the library lets pass "Transfer-Encoding : chunked". */
static bool is_token(struct slice name)
{
    for (size_t i = 0; i < name.length; i++) {
        char byte = name.data[i];
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (!plain && (byte == '\0' || strchr("!#$%&'*+-.^_`|~", byte) == NULL)) {
            return false;
        }
    }
    return true;
}

/* The library ends a target at its first NUL; the rest stands in its buffer, before the version. */
static bool is_cut(const struct request *request, const char *url, const char *version)
{
    uintptr_t begin = (uintptr_t)url, end = (uintptr_t)version;
    return end > begin && end - begin < POOL_SIZE && end - begin > request->target.length + 1;
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
    size_t hosts = 0, codings = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct header *header = &request->headers[i];
        if (!is_token(header->name)) {
            return "the name of a header has a character that none may have";
        }
        hosts += slice_equal_fold(header->name, SLICE("Host"));
        codings += slice_equal_fold(header->name, SLICE("Transfer-Encoding"));
        if (slice_equal_fold(header->name, SLICE("Content-Length")) && !slice_equal(header->value, length)) {
            return "two Content-Length headers contradict each other";
        }
    }
    if (hosts > 1 || (hosts == 0 && strcmp(version, "HTTP/1.1") == 0)) {
        return "a request has one Host header";
    }
    if (codings > 1) {
        return "a request has one Transfer-Encoding";
    }
    *code = "not-implemented";
    return coding.data != NULL && !slice_equal_fold(coding, SLICE("chunked")) ? "the only transfer coding here is chunked" : NULL;
}

void refuse_request(struct transfer *transfer, const char *code, const char *detail)
{
    transfer->exchange.reply = reply_problem(&transfer->exchange.request, code, NULL, "%s", detail);
    transfer->ready = true;
}

void refuse_overload(struct transfer *transfer)
{
    refuse_request(transfer, "unavailable", "too much is on its way already; try again in a moment");
    reply_header(&transfer->exchange.reply, "Retry-After", SLICE("1"));
    metric_add(METRIC_REFUSED_PENDING, 1);
}

static void refuse_long_body(struct transfer *transfer)
{
    refuse_request(transfer, "body-too-large",
                   arena_print(&transfer->exchange.arena, "a body may have %zu bytes here, expanded where it is compressed",
                               transfer->loop->server->options.max_body));
}

static void refuse_unknown_coding(struct transfer *transfer)
{
    enum coding coding;
    if (!body_coding(&transfer->exchange.request, &coding)) {
        refuse_request(transfer, "unsupported-media-type",
                       "the Content-Encoding of a body may be gzip or zstd here, one of them");
        reply_header(&transfer->exchange.reply, "Accept-Encoding", SLICE("gzip, zstd"));
    }
}

/* Refuses what the headers already show to be wrong; the service then never sees it. */
static void check_headers(struct transfer *transfer, const char *url, const char *version, uint64_t declared)
{
    const struct http_options *options = &transfer->loop->server->options;
    const struct request *request = &transfer->exchange.request;
    const char *code;
    const char *fault = framing_fault(request, version, &code);
    if (fault == NULL && is_cut(request, url, version)) {
        fault = "a request target has no NUL";
        code = "bad-request";
    }
    if (fault != NULL) {
        transfer->misframed = true;
        refuse_request(transfer, code, fault);
    } else if (request->target.length > options->max_target) {
        refuse_request(
            transfer, "target-too-long",
            arena_print(&transfer->exchange.arena, "a path and its query may have %zu bytes here", options->max_target));
    } else if (transfer->room < REPLY_ROOM) {
        refuse_request(transfer, "headers-too-large", "the request line and the headers together may take about 12 KB here");
    } else if (declared > options->max_body) {
        refuse_long_body(transfer);
    } else if (!pending_ask(transfer, declared)) {
        refuse_overload(transfer);
    } else {
        refuse_unknown_coding(transfer);
    }
}

static enum MHD_Result headers_received(struct transfer *transfer, const char *url, const char *method, const char *version)
{
    struct request *request = &transfer->exchange.request;
    transfer->begun = true;
    metric_add(METRIC_IN_FLIGHT, 1);
    collect_headers(transfer);
    request->method = method_of(slice_of(method));
    request_find_client(request, &transfer->loop->server->options.trusted_proxies);
    request_prepare(request, transfer->loop->server->options.public_url);
    transfer->room = reply_room(transfer);

    struct slice length = request_header(request, "Content-Length");
    bool chunked = request_header(request, "Transfer-Encoding").data != NULL;
    /* The library has refused what is not a number; one beyond 64 bits is as good as the largest. */
    long long declared = 0;
    if (length.data != NULL && !slice_to_int(length, &declared)) {
        declared = INT64_MAX;
    }
    check_headers(transfer, url, version, (uint64_t)declared);
    if (transfer->ready) {
        transfer->peer->refused = transfer->misframed || chunked || declared > 0;
        return transfer->peer->refused ? send_reply(transfer) : MHD_YES;
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
        if (!pending_ask(transfer, transfer->received)) {
            refuse_overload(transfer);
            hang_up_with_reply(transfer);
            return MHD_NO;
        }
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

static void read_coded_body(struct transfer *transfer)
{
    enum expansion expansion = decode_body(transfer);
    if (expansion == EXPANSION_TOO_LONG) {
        refuse_long_body(transfer);
    } else if (expansion == EXPANSION_BROKEN) {
        refuse_request(transfer, "bad-request", "the body is not what its Content-Encoding says");
    } else if (!pending_ask(transfer, transfer->exchange.request.body.length)) {
        refuse_overload(transfer);
    }
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
    read_coded_body(transfer);
    if (transfer->ready) {
        return send_reply(transfer);
    }
    transfer->answered = true;
    if (loop->server->service.answer(loop->state, exchange)) {
        transfer->ready = true;
        return send_reply(transfer);
    }
    /* It may be finished already: this thread alone looks at what is finished, and only after it has returned from here. */
    MHD_suspend_connection(transfer->connection);
    return MHD_YES;
}

enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                           const char *version, const char *data, size_t *length, void **transfer_context)
{
    (void)context;
    (void)connection;
    struct transfer *transfer = *transfer_context;
    if (!transfer->begun) {
        return headers_received(transfer, url, method, version);
    }
    if (*length == 0) {
        return request_received(transfer);
    }
    size_t received = *length;
    *length = 0;
    return body_received(transfer, data, received);
}
