/* Any bytes as a request's target and headers: a line each, the target first. What is read from them is what may be. */
#include <assert.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/http/internal.h"
#include "readout/clock.h"
#include "readout/http.h"
#include "readout/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADERS_MAX = 64 };

static const char *const types[] = {"application/json", "text/csv; charset=utf-8", "application/ld+json", "text/html", NULL};

static size_t gather(struct slice text, struct header *headers)
{
    size_t count = 0;
    while (text.data != NULL && count < HEADERS_MAX) {
        struct slice value = slice_cut(&text, '\n');
        struct slice name = slice_cut(&value, ':');
        headers[count++] = (struct header){slice_trim(name), value.data != NULL ? slice_trim(value) : SLICE("")};
    }
    return count;
}

static bool consists_of(struct slice text, const char *bytes)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\0' || strchr(bytes, text.data[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static void check_prepared(const struct request *request)
{
    assert(request->id.length >= 1 && request->id.length <= 128);
    for (size_t i = 0; i < request->id.length; i++) {
        assert(request->id.data[i] > ' ' && request->id.data[i] < '\x7f');
    }
    assert(request->trace.length == 32 && consists_of(request->trace, "0123456789abcdef"));
    assert(request->origin.length == 0 || slice_starts(request->origin, "http://"));
    assert(!request->origin.length || !memchr(request->origin.data, '\n', request->origin.length));
}

static void check_negotiated(const struct request *request)
{
    const char *chosen = request_negotiate(request, types);
    bool known = chosen == NULL;
    for (size_t i = 0; types[i] != NULL; i++) {
        known = known || chosen == types[i];
    }
    assert(known);
    assert(request_header(request, "Accept").data != NULL || chosen == types[0]);
    request_prefers(request, "return=minimal");
    request_prefers(request, "respond-async");
    struct slice type = request_header(request, "Content-Type");
    assert(!type_is(type, "application/merge-patch+json") || type_is_json(type));
}

static void check_conditions(struct request *request)
{
    static const struct slice tags[] = {{NULL, 0}, {"\"c17-5\"", 7}, {"W/\"17-abc\"", 10}, {"\"\"", 2}};
    bool conditional = request_header(request, "If-Match").data != NULL || request_header(request, "If-None-Match").data != NULL;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        request->method = METHOD_GET;
        enum condition reading = request_condition(request, tags[i]);
        request->method = METHOD_PUT;
        enum condition writing = request_condition(request, tags[i]);
        assert(conditional || reading == CONDITION_PROCEED);
        assert(writing != CONDITION_NOT_MODIFIED);
        assert((reading == CONDITION_PROCEED) == (writing == CONDITION_PROCEED));
    }
}

/* What a header says as a structured string says the same when it is written out anew. */
static void check_structured(const struct request *request)
{
    for (size_t i = 0; i < request->header_count; i++) {
        struct slice text, again;
        if (!structured_text(request->arena, request->headers[i].value, &text)) {
            continue;
        }
        struct buffer quoted = buffer_in(request->arena, text.length * 2 + 2);
        buffer_add_byte(&quoted, '"');
        for (size_t c = 0; c < text.length; c++) {
            assert(text.data[c] >= ' ' && text.data[c] < '\x7f');
            buffer_add_text(&quoted, strchr("\"\\", text.data[c]) != NULL ? "\\" : "");
            buffer_add_byte(&quoted, text.data[c]);
        }
        buffer_add_byte(&quoted, '"');
        assert(structured_text(request->arena, buffer_slice(&quoted), &again) && slice_equal(text, again));
    }
}

/* What keys and proxies bring along: what is understood is what may be, and nobody who is not trusted is believed. */
static void check_callers(struct request *request)
{
    struct slice key;
    struct networks none = {.count = 0}, all, listed;
    struct error error;
    if (structured_text(request->arena, request_header(request, "Idempotency-Key"), &key))
        assert(key.data);
    struct slice before = request->client;
    request_find_client(request, &none);
    assert(!request->forwarded && request->client.data == before.data);
    bool good = networks_parse(SLICE("0.0.0.0/0,::/0"), &all, &error);
    assert(good);
    address_parse(SLICE("127.0.0.1"), &request->address);
    request_find_client(request, &all);
    assert(request->forwarded == (request->client.data != before.data));
    struct slice list = request_header(request, "X-Forwarded-For");
    if (networks_parse(list.data ? list : SLICE(""), &listed, &error))
        assert(listed.count <= NETWORKS_MAX);
    else
        assert(error.kind == ERROR_INVALID && error.message[0]);
}

static void drop(void *to, const char *name, struct slice value)
{
    size_t *count = to;
    assert(name[0] != '\0');
    *count += value.length;
}

static void check_reply(const struct request *request)
{
    struct http_options options = {.cors_origins = SLICE("https://example.org, https://example.net")};
    struct reply reply = reply_problem(request, "bad-request", NULL, "%s", "no");
    size_t count = 0;
    reply_emit_headers(request, &reply, &options, drop, &count);
    assert(count > 0);
    json_error_t error;
    json_t *json = json_loadb(reply.body.data, reply.body.length, JSON_REJECT_DUPLICATES, &error);
    assert(json != NULL);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct header headers[HEADERS_MAX];
    struct slice text = arena_slice(&arena, (struct slice){(const char *)data, size});
    struct request request = {.arena = &arena, .method = METHOD_GET, .started = clock_nanoseconds()};
    request.target = slice_cut(&text, '\n');
    request.headers = headers;
    request.header_count = gather(text, headers);
    request_prepare(&request, NO_SLICE);
    check_prepared(&request);
    check_negotiated(&request);
    check_conditions(&request);
    check_callers(&request);
    check_structured(&request);
    check_reply(&request);
    arena_release(&arena);
    return 0;
}
