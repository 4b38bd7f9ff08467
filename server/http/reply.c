/* Replies, and the headers that all of them carry. */
#include <string.h>

#include "internal.h"
#include "readout/clock.h"

struct reply reply_text(int status, const char *type, struct slice body)
{
    return (struct reply){.status = status, .type = slice_of(type), .body = body};
}

struct reply reply_json(int status, struct slice body)
{
    return reply_text(status, "application/json", body);
}

struct reply reply_empty(int status)
{
    return (struct reply){.status = status};
}

void reply_header(struct reply *reply, const char *name, struct slice value)
{
    if (reply->header_count == REPLY_HEADERS_MAX) {
        die("a reply cannot take more than %d headers; %s is one too many", REPLY_HEADERS_MAX, name);
    }
    reply->headers[reply->header_count++] = (struct header){slice_of(name), value};
}

size_t reply_bytes(const struct request *request, const struct reply *reply)
{
    bool bodiless = request->method == METHOD_HEAD || reply->status == 204 || reply->status == 304;
    return bodiless ? 0 : reply->body.length;
}

void add_milliseconds(struct buffer *out, int64_t nanoseconds)
{
    int64_t microseconds = nanoseconds / 1000;
    char decimals[4] = {'.', (char)('0' + microseconds / 100 % 10), (char)('0' + microseconds / 10 % 10),
                        (char)('0' + microseconds % 10)};
    buffer_add_int(out, microseconds / 1000);
    buffer_add(out, decimals, sizeof decimals);
}

/* ---- the headers of every reply ---------------------------------------------------------------------------------------- */

/* Where the headers go, and what they are about. */
struct emission {
    const struct request *request;
    const struct reply *reply;
    const struct http_options *options;
    void (*emit)(void *to, const char *name, struct slice value);
    void *to;
};

static struct slice own_header(const struct reply *reply, const char *name)
{
    struct slice wanted = slice_of(name);
    for (size_t i = 0; i < reply->header_count; i++) {
        if (slice_equal_fold(reply->headers[i].name, wanted)) {
            return reply->headers[i].value;
        }
    }
    return NO_SLICE;
}

/* A reply's own header stands in the place of the common one. */
static void emit_common(const struct emission *emission, const char *name, struct slice value)
{
    if (emission->reply->header_count == 0 || own_header(emission->reply, name).data == NULL) {
        emission->emit(emission->to, name, value);
    }
}

static void emit_fixed(const struct emission *emission)
{
    static const struct {
        const char *name;
        struct slice value;
    } fixed[] = {
        {"X-Content-Type-Options", {"nosniff", 7}},
        {"Content-Security-Policy", {"default-src 'none'; frame-ancestors 'none'", 42}},
        {"Referrer-Policy", {"no-referrer", 11}},
        {"Cross-Origin-Resource-Policy", {"same-origin", 11}},
    };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        emit_common(emission, fixed[i].name, fixed[i].value);
    }
    if (emission->request->secure) {
        emit_common(emission, "Strict-Transport-Security", SLICE("max-age=31536000"));
    }
}

static void add_timing(struct buffer *out, const char *name, int64_t nanoseconds)
{
    buffer_add_text(out, name);
    buffer_add_text(out, ";dur=");
    add_milliseconds(out, nanoseconds);
}

static void emit_timing(const struct emission *emission)
{
    struct buffer out = buffer_in(emission->request->arena, 96);
    if (emission->reply->store_ns > 0) {
        add_timing(&out, "store", emission->reply->store_ns);
        buffer_add_text(&out, ", ");
    }
    if (emission->reply->render_ns > 0) {
        add_timing(&out, "render", emission->reply->render_ns);
        buffer_add_text(&out, ", ");
    }
    add_timing(&out, "total", clock_nanoseconds() - emission->request->started);
    emission->emit(emission->to, "Server-Timing", buffer_slice(&out));
}

static struct slice next_origin(struct slice *rest)
{
    while (rest->length > 0 && strchr(", \t", rest->data[0]) != NULL) {
        *rest = (struct slice){rest->data + 1, rest->length - 1};
    }
    size_t length = 0;
    while (length < rest->length && strchr(", \t", rest->data[length]) == NULL) {
        length++;
    }
    struct slice origin = {rest->data, length};
    *rest = (struct slice){rest->data + length, rest->length - length};
    return origin;
}

struct slice cors_origin(struct slice allowed, struct slice origin)
{
    while (allowed.length > 0) {
        struct slice one = next_origin(&allowed);
        if (slice_is(one, "*")) {
            return one;
        }
        if (one.length > 0 && origin.data != NULL && slice_equal(one, origin)) {
            return origin;
        }
    }
    return NO_SLICE;
}

static void emit_preflight(const struct emission *emission)
{
    struct slice allow = own_header(emission->reply, "Allow");
    emission->emit(emission->to, "Access-Control-Allow-Methods",
                   allow.data != NULL ? allow : SLICE("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    emission->emit(
        emission->to, "Access-Control-Allow-Headers",
        SLICE("Authorization, Content-Encoding, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, "
              "MCP-Protocol-Version, Prefer, traceparent, X-Request-Id"));
    emission->emit(emission->to, "Access-Control-Max-Age", SLICE("7200"));
}

static void emit_cors(const struct emission *emission)
{
    struct slice origin = cors_origin(emission->options->cors_origins, request_header(emission->request, "Origin"));
    if (origin.data == NULL) {
        return;
    }
    emission->emit(emission->to, "Access-Control-Allow-Origin", origin);
    emission->emit(emission->to, "Access-Control-Expose-Headers",
                   SLICE("ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Server-Timing, "
                         "Idempotent-Replayed, Content-Disposition"));
    if (emission->request->method == METHOD_OPTIONS &&
        request_header(emission->request, "Access-Control-Request-Method").data != NULL) {
        emit_preflight(emission);
    }
}

/* Where origins are listed, every answer depends on Origin, also one that names none. */
static struct slice vary_of(const struct http_options *options)
{
    bool by_origin = options->cors_origins.length > 0 && !slice_is(options->cors_origins, "*");
    return by_origin ? SLICE("Accept, Accept-Encoding, Authorization, Origin") : SLICE("Accept, Accept-Encoding, Authorization");
}

static struct slice cache_of(const struct emission *emission)
{
    if (emission->reply->cache != NULL) {
        return slice_of(emission->reply->cache);
    }
    bool personal = emission->request->key.data != NULL || request_header(emission->request, "Authorization").data != NULL;
    return personal ? SLICE("private, no-cache") : SLICE("no-cache");
}

void reply_emit_headers(const struct request *request, const struct reply *reply, const struct http_options *options,
                        void (*emit)(void *to, const char *name, struct slice value), void *to)
{
    const struct emission emission = {request, reply, options, emit, to};
    emit(to, "X-Request-Id", request->id);
    if (reply->type.data != NULL && reply->status != 204 && reply->status != 304) {
        emit(to, "Content-Type", reply->type);
    }
    if (reply->etag.data != NULL) {
        emit(to, "ETag", reply->etag);
    }
    emit_common(&emission, "Cache-Control", cache_of(&emission));
    emit_common(&emission, "Vary", vary_of(options));
    emit_fixed(&emission);
    emit_timing(&emission);
    if (request->quota.data != NULL) {
        emit(to, "RateLimit", request->quota);
        emit(to, "RateLimit-Policy", request->quota_policy);
    }
    if (options->cors_origins.length > 0) {
        emit_cors(&emission);
    }
    for (size_t i = 0; i < reply->header_count; i++) {
        emit(to, reply->headers[i].name.data, reply->headers[i].value);
    }
    if (options->server_links != NULL) {
        emit(to, "Link", slice_of(options->server_links));
    }
}
