/* Any bytes as a request's target and headers: a line each, the target first. What is read from them is what may be. */
#include <assert.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "readout/clock.h"
#include "readout/http.h"

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
    check_reply(&request);
    arena_release(&arena);
    return 0;
}
