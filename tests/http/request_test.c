#include <criterion/criterion.h>
#include <string.h>

#include "readout/http.h"

static struct arena arena;

static void release(void)
{
    arena_release(&arena);
}

TestSuite(request, .fini = release);

static bool is(struct slice slice, const char *text)
{
    return slice_is(slice, text);
}

static struct request prepare(const char *target, const struct header *headers, size_t count)
{
    struct request request = {.arena = &arena, .target = slice_of(target), .headers = headers, .header_count = count};
    request_prepare(&request, NO_SLICE);
    return request;
}

static struct request with_header(const char *name, const char *value)
{
    struct header *header = arena_alloc(&arena, sizeof *header);
    *header = (struct header){slice_of(name), slice_of(value)};
    return prepare("/", header, 1);
}

Test(request, knows_its_methods)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        enum method method = method_of(slice_of(names[i]));
        cr_assert_eq(method, (enum method)i);
        cr_assert_str_eq(method_name(method), names[i]);
    }
    cr_assert_eq(method_of(SLICE("get")), METHOD_OTHER, "methods are case-sensitive");
    cr_assert_eq(method_of(SLICE("BREW")), METHOD_OTHER);
    cr_assert_eq(method_of(SLICE("")), METHOD_OTHER);
    cr_assert_str_eq(method_name(METHOD_OTHER), "OTHER");
}

Test(request, splits_its_target)
{
    static const struct {
        const char *target, *path, *query;
    } cases[] = {
        {"/v1/claims", "/v1/claims", NULL},
        {"/v1/claims?limit=5", "/v1/claims", "limit=5"},
        {"/?", "/", ""},
        {"/a?b?c", "/a", "b?c"},
        {"*", "*", NULL},
        {"http://example.org/v1/claims?q=x", "/v1/claims", "q=x"},
        {"https://example.org", "/", NULL},
        {"", "", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request request = prepare(cases[i].target, NULL, 0);
        cr_assert(is(request.path, cases[i].path), "path of %s", cases[i].target);
        cr_assert(slice_equal(request.query, slice_of(cases[i].query)), "query of %s", cases[i].target);
    }
}

Test(request, finds_a_header_whatever_its_case)
{
    struct request request = with_header("content-TYPE", "text/plain");
    cr_assert(is(request_header(&request, "Content-Type"), "text/plain"));
    cr_assert_null(request_header(&request, "Content-Typ").data);
}

Test(request, takes_its_origin_from_a_plausible_host)
{
    static const struct {
        const char *host, *origin;
    } cases[] = {
        {"127.0.0.1:8080", "http://127.0.0.1:8080"},
        {"[::1]:8080", "http://[::1]:8080"},
        {"news-desk.example", "http://news-desk.example"},
        {"", ""},
        {"a/b", ""},
        {"a\"b", ""},
        {"user@host", ""},
        {"a b", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request request = with_header("Host", cases[i].host);
        cr_assert(is(request.origin, cases[i].origin), "origin of host %s", cases[i].host);
    }
    cr_assert(is(prepare("/", NULL, 0).origin, ""), "no Host header");
    struct header nul = {SLICE("Host"), SLICE("a\0b")};
    cr_assert(is(prepare("/", &nul, 1).origin, ""), "a NUL in it");
}

Test(request, prefers_the_public_url_and_trusts_no_forwarded_host)
{
    struct header headers[] = {{SLICE("Host"), SLICE("inside")}, {SLICE("X-Forwarded-Host"), SLICE("evil")}};
    struct request request = {.arena = &arena, .target = SLICE("/"), .headers = headers, .header_count = 2};
    request_prepare(&request, SLICE("https://news.example/record/"));
    cr_assert(is(request.origin, "https://news.example/record"));
    cr_assert(is(prepare("/", headers, 2).origin, "http://inside"));
}

Test(request, keeps_a_visible_id_and_makes_one_otherwise)
{
    char longest[129], too_long[130];
    memset(longest, 'a', 128);
    longest[128] = '\0';
    memset(too_long, 'a', 129);
    too_long[129] = '\0';
    cr_assert(is(with_header("X-Request-Id", "desk-7").id, "desk-7"));
    cr_assert(is(with_header("X-Request-Id", longest).id, longest));
    const char *const refused[] = {"", too_long, "two words", "tab\tbed", "M\xc3\xbcller", "\x7f"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct slice id = with_header("X-Request-Id", refused[i]).id;
        cr_assert_eq(id.length, 32, "made instead of %s", refused[i]);
        cr_assert_eq(strspn(id.data, "0123456789abcdef"), 32);
    }
    cr_assert_not(slice_equal(prepare("/", NULL, 0).id, prepare("/", NULL, 0).id), "ids are not made twice");
}

Test(request, follows_a_well_formed_trace_only)
{
    const char *trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    cr_assert(is(with_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").trace, trace));
    cr_assert(is(with_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").trace, trace));
    cr_assert(is(with_header("traceparent", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-new").trace, trace));
    static const char *const malformed[] = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct request request = with_header("traceparent", malformed[i]);
        cr_assert_eq(request.trace.length, 32, "made instead of %s", malformed[i]);
        cr_assert_not(is(request.trace, trace), "made instead of %s", malformed[i]);
    }
}

Test(request, has_one_identity_where_it_brings_none)
{
    struct request request = prepare("/", NULL, 0);
    cr_assert(slice_equal(request.id, request.trace));
    request = with_header("X-Request-Id", "desk-7");
    cr_assert_eq(request.trace.length, 32);
}

/* ---- query and path ---------------------------------------------------------------------------------------------------- */

Test(request, reads_its_query_item_by_item)
{
    struct slice rest = SLICE("q=two+words&&name=M%C3%BCller&bare&empty=&a=b=c&=x&raw=M\xc3\xbcller");
    static const struct {
        const char *name, *value;
    } expected[] = {{"q", "two words"}, {"name", "M\xc3\xbcller"}, {"bare", ""}, {"empty", ""}, {"a", "b=c"},
                    {"", "x"},          {"raw", "M\xc3\xbcller"}};
    struct query_item item;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        cr_assert(request_query(&arena, &rest, &item));
        cr_assert(is(item.name, expected[i].name), "name %zu", i);
        cr_assert(is(item.value, expected[i].value), "value of %s", expected[i].name);
    }
    cr_assert_not(request_query(&arena, &rest, &item));
    cr_assert_not(request_query(&arena, &rest, &item), "it stays at its end");
}

Test(request, has_no_items_without_a_query)
{
    struct query_item item;
    struct slice rest = NO_SLICE;
    cr_assert_not(request_query(&arena, &rest, &item));
    rest = SLICE("");
    cr_assert_not(request_query(&arena, &rest, &item));
    rest = SLICE("&&");
    cr_assert_not(request_query(&arena, &rest, &item));
}

Test(request, marks_malformed_items_and_goes_on)
{
    static const char *const malformed[] = {"a=%", "a=%4", "a=%zz", "%00=b", "a=b%00", "a=%ff", "%c3=x", "a=%ed%a0%80"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct slice rest = slice_of(arena_print(&arena, "%s&next=1", malformed[i]));
        struct query_item item;
        cr_assert(request_query(&arena, &rest, &item));
        cr_assert_null(item.name.data, "%s", malformed[i]);
        cr_assert(request_query(&arena, &rest, &item));
        cr_assert(is(item.name, "next"), "after %s", malformed[i]);
    }
}

Test(request, decodes_path_segments)
{
    cr_assert(is(uri_decode(&arena, SLICE("plain")), "plain"));
    cr_assert(is(uri_decode(&arena, SLICE("a%2Fb%2fc")), "a/b/c"));
    cr_assert(is(uri_decode(&arena, SLICE("a+b")), "a+b"), "plus is itself in a path");
    cr_assert(is(uri_decode(&arena, SLICE("")), ""));
    cr_assert(is(uri_decode(&arena, SLICE("%2525")), "%25"), "decoded once");
    static const char *const malformed[] = {"%", "%4", "%g0", "a%00", "%80", "\xff", "%f5%80%80%80", "%c0%af"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        cr_assert_null(uri_decode(&arena, slice_of(malformed[i])).data, "%s", malformed[i]);
    }
    cr_assert_null(uri_decode(&arena, NO_SLICE).data);
}
