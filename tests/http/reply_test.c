#include <criterion/criterion.h>
#include <string.h>

#include "readout/clock.h"
#include "readout/http.h"

static struct arena arena;
static struct header emitted[40];
static size_t emitted_count;

static void release(void)
{
    arena_release(&arena);
}

TestSuite(reply, .fini = release);

static void keep(void *to, const char *name, struct slice value)
{
    cr_assert_eq(to, &arena);
    cr_assert(emitted_count < sizeof emitted / sizeof *emitted);
    emitted[emitted_count++] = (struct header){slice_of(name), arena_slice(&arena, value)};
}

static struct slice last(const char *name)
{
    struct slice found = NO_SLICE;
    for (size_t i = 0; i < emitted_count; i++) {
        found = slice_is(emitted[i].name, name) ? emitted[i].value : found;
    }
    return found;
}

static size_t times(const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < emitted_count; i++) {
        count += slice_is(emitted[i].name, name);
    }
    return count;
}

static void emit(enum method method, const struct header *headers, size_t count, const struct reply *reply, const char *origins)
{
    struct request request = {.arena = &arena,
                              .method = method,
                              .target = SLICE("/v1"),
                              .headers = headers,
                              .header_count = count,
                              .started = clock_nanoseconds()};
    request_prepare(&request, NO_SLICE);
    struct http_options options = {.cors_origins = slice_of(origins), .server_links = "</openapi.json>; rel=\"service-desc\""};
    emitted_count = 0;
    reply_emit_headers(&request, reply, &options, keep, &arena);
}

Test(reply, carries_the_common_headers)
{
    struct reply reply = reply_json(200, SLICE("{}"));
    reply.etag = SLICE("\"c17-5\"");
    reply.store_ns = 1234567;
    emit(METHOD_GET, NULL, 0, &reply, NULL);
    cr_assert(slice_is(last("Content-Type"), "application/json"));
    cr_assert(slice_is(last("ETag"), "\"c17-5\""));
    cr_assert(slice_is(last("Cache-Control"), "no-cache"));
    cr_assert(slice_is(last("Vary"), "Accept, Accept-Encoding, Authorization"));
    cr_assert(slice_is(last("X-Content-Type-Options"), "nosniff"));
    cr_assert(slice_is(last("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'"));
    cr_assert(slice_is(last("Referrer-Policy"), "no-referrer"));
    cr_assert(slice_is(last("Cross-Origin-Resource-Policy"), "same-origin"));
    cr_assert_eq(last("X-Request-Id").length, 32);
    cr_assert(slice_is(last("Link"), "</openapi.json>; rel=\"service-desc\""));
    cr_assert(slice_starts(last("Server-Timing"), "store;dur=1.234, total;dur="), "%.*s", SLICE_ARGS(last("Server-Timing")));
    cr_assert_null(last("Access-Control-Allow-Origin").data);
}

Test(reply, has_no_type_without_a_body)
{
    struct reply reply = reply_empty(204);
    emit(METHOD_DELETE, NULL, 0, &reply, NULL);
    cr_assert_null(last("Content-Type").data);
    reply = reply_json(304, SLICE("{}"));
    emit(METHOD_GET, NULL, 0, &reply, NULL);
    cr_assert_null(last("Content-Type").data);
}

Test(reply, replaces_common_headers_by_its_own_and_adds_links)
{
    struct reply reply = reply_text(200, "text/html", SLICE("<p>"));
    reply_header(&reply, "Content-Security-Policy", SLICE("default-src 'self'"));
    reply_header(&reply, "Link", SLICE("</v1?cursor=x>; rel=\"next\""));
    reply.cache = "public, max-age=31536000, immutable";
    emit(METHOD_GET, NULL, 0, &reply, NULL);
    cr_assert_eq(times("Content-Security-Policy"), 1);
    cr_assert(slice_is(last("Content-Security-Policy"), "default-src 'self'"));
    cr_assert_eq(times("Link"), 2);
    cr_assert(slice_is(last("Cache-Control"), "public, max-age=31536000, immutable"));
}

Test(reply, is_private_with_a_key)
{
    struct header key = {SLICE("Authorization"), SLICE("Bearer x")};
    struct reply reply = reply_json(200, SLICE("{}"));
    emit(METHOD_GET, &key, 1, &reply, NULL);
    cr_assert(slice_is(last("Cache-Control"), "private, no-cache"));
}

Test(reply, allows_the_origins_that_are_listed)
{
    struct header origin = {SLICE("Origin"), SLICE("https://b.example")};
    struct reply reply = reply_json(404, SLICE("{}"));
    emit(METHOD_GET, &origin, 1, &reply, "https://a.example, https://b.example");
    cr_assert(slice_is(last("Access-Control-Allow-Origin"), "https://b.example"));
    cr_assert(slice_starts(last("Access-Control-Expose-Headers"), "ETag, Link, Location"));
    cr_assert(slice_is(last("Vary"), "Accept, Accept-Encoding, Authorization, Origin"));
    cr_assert_null(last("Access-Control-Max-Age").data);
    origin.value = SLICE("https://b.example.evil");
    emit(METHOD_GET, &origin, 1, &reply, "https://a.example https://b.example");
    cr_assert_null(last("Access-Control-Allow-Origin").data);
    emit(METHOD_GET, &origin, 1, &reply, "*");
    cr_assert(slice_is(last("Access-Control-Allow-Origin"), "*"));
    cr_assert(slice_is(last("Vary"), "Accept, Accept-Encoding, Authorization"));
}

Test(reply, answers_a_preflight)
{
    struct header headers[] = {{SLICE("Origin"), SLICE("https://a.example")},
                               {SLICE("Access-Control-Request-Method"), SLICE("PUT")}};
    struct reply reply = reply_empty(204);
    reply_header(&reply, "Allow", SLICE("GET, PUT"));
    emit(METHOD_OPTIONS, headers, 2, &reply, "*");
    cr_assert(slice_is(last("Access-Control-Allow-Methods"), "GET, PUT"));
    cr_assert(slice_is(last("Access-Control-Max-Age"), "7200"));
    cr_assert_not_null(last("Access-Control-Allow-Headers").data);
    emit(METHOD_OPTIONS, headers, 1, &reply, "*");
    cr_assert_null(last("Access-Control-Max-Age").data, "a plain OPTIONS is no preflight");
}
