#include <criterion/criterion.h>

#include "readout/http.h"

static enum condition check(enum method method, const char *name, const char *value, const char *etag)
{
    struct header header = {slice_of(name), slice_of(value)};
    struct request request = {.method = method, .headers = &header, .header_count = 1};
    return request_condition(&request, slice_of(etag));
}

Test(condition, holds_where_there_is_none)
{
    struct request request = {.method = METHOD_GET};
    cr_assert_eq(request_condition(&request, SLICE("\"c17-5\"")), CONDITION_PROCEED);
    cr_assert_eq(request_condition(&request, NO_SLICE), CONDITION_PROCEED);
}

Test(condition, if_match_compares_strongly_and_by_version)
{
    static const struct {
        const char *sent, *etag;
        bool holds;
    } cases[] = {
        {"\"c17-5\"", "\"c17-5\"", true},
        {"\"c17-4\"", "\"c17-5\"", false},
        {"\"c17-55\"", "\"c17-5\"", false},
        {"W/\"c17-5\"", "\"c17-5\"", false},
        {"\"c17-5\"", "W/\"c17-5\"", false},
        {"*", "\"c17-5\"", true},
        {"*", NULL, false},
        {"\"c17-5\"", NULL, false},
        {"\"a\", \"c17-5\" ,\"b\"", "\"c17-5\"", true},
        {"\"a\",\"b\"", "\"c17-5\"", false},
        {"\"a,b\",\"c17-5\"", "\"c17-5\"", true},
        {"\"c17-5-gz\"", "\"c17-5\"", true},
        {"\"c17-5\"", "\"c17-5-gz\"", true},
        {"\"c17-5-csv-gz\"", "\"c17-5-gz\"", true},
        {"\"c17-4-gz\"", "\"c17-5\"", false},
        {"\"c17-5-6\"", "\"c17-5\"", false},
        {"\"sha-abc\"", "\"sha-def\"", false},
        {"\"sha-abc\"", "\"sha-abc\"", true},
        {"c17-5", "\"c17-5\"", false},
        {"\"c17-5", "\"c17-5\"", false},
        {"\"\"", "\"\"", true},
        {"", "\"c17-5\"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum condition expected = cases[i].holds ? CONDITION_PROCEED : CONDITION_FAILED;
        cr_assert_eq(check(METHOD_PUT, "If-Match", cases[i].sent, cases[i].etag), expected, "If-Match: %s against %s",
                     cases[i].sent, cases[i].etag);
        cr_assert_eq(check(METHOD_GET, "If-Match", cases[i].sent, cases[i].etag), expected, "If-Match: %s, reading",
                     cases[i].sent);
    }
}

Test(condition, if_none_match_compares_weakly)
{
    static const struct {
        const char *sent, *etag;
        bool matches;
    } cases[] = {
        {"\"c17-5\"", "\"c17-5\"", true},
        {"W/\"c17-5\"", "\"c17-5\"", true},
        {"\"l9\"", "W/\"l9\"", true},
        {"\"a\", W/\"l9\"", "W/\"l9\"", true},
        {"\"c17-5-gz\"", "\"c17-5\"", false},
        {"\"c17-4\"", "\"c17-5\"", false},
        {"*", "\"c17-5\"", true},
        {"*", NULL, false},
        {"\"c17-5\"", NULL, false},
        {"w/\"c17-5\"", "\"c17-5\"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *sent = cases[i].sent, *etag = cases[i].etag;
        enum condition reading = cases[i].matches ? CONDITION_NOT_MODIFIED : CONDITION_PROCEED;
        enum condition writing = cases[i].matches ? CONDITION_FAILED : CONDITION_PROCEED;
        cr_assert_eq(check(METHOD_GET, "If-None-Match", sent, etag), reading, "GET If-None-Match: %s against %s", sent, etag);
        cr_assert_eq(check(METHOD_HEAD, "If-None-Match", sent, etag), reading, "HEAD If-None-Match: %s against %s", sent, etag);
        cr_assert_eq(check(METHOD_PUT, "If-None-Match", sent, etag), writing, "PUT If-None-Match: %s against %s", sent, etag);
    }
}

Test(condition, if_match_comes_first)
{
    struct header headers[] = {{SLICE("If-None-Match"), SLICE("\"c17-5\"")}, {SLICE("If-Match"), SLICE("\"c17-4\"")}};
    struct request request = {.method = METHOD_GET, .headers = headers, .header_count = 2};
    cr_assert_eq(request_condition(&request, SLICE("\"c17-5\"")), CONDITION_FAILED);
    headers[1].value = SLICE("\"c17-5\"");
    cr_assert_eq(request_condition(&request, SLICE("\"c17-5\"")), CONDITION_NOT_MODIFIED);
}

Test(condition, headers_of_one_name_add_up)
{
    struct header headers[] = {{SLICE("If-None-Match"), SLICE("\"a\"")}, {SLICE("if-none-match"), SLICE("\"c17-5\"")}};
    struct request request = {.method = METHOD_GET, .headers = headers, .header_count = 2};
    cr_assert_eq(request_condition(&request, SLICE("\"c17-5\"")), CONDITION_NOT_MODIFIED);
}

Test(condition, a_coded_representation_is_known_to_who_accepts_the_coding)
{
    static const struct {
        const char *accepted, *sent, *etag;
        bool matches;
    } cases[] = {
        {"gzip", "\"c17-5-gz\"", "\"c17-5\"", true},
        {"gzip", "\"c17-5\"", "\"c17-5\"", true},
        {"gzip, zstd", "\"c17-5-zst\"", "\"c17-5\"", true},
        {"x-gzip", "\"c17-5-gz\"", "\"c17-5\"", true},
        {"*", "\"c17-5-zst\"", "\"c17-5\"", true},
        {"br;q=1, *;q=0.1", "\"c17-5-gz\"", "\"c17-5\"", true},
        {"gzip", "\"x\", W/\"17-abc-gz\"", "W/\"17-abc\"", true},
        {"gzip", "\"c17-5-zst\"", "\"c17-5\"", false},
        {"gzip;q=0, *", "\"c17-5-gz\"", "\"c17-5\"", false},
        {"gzip;q=x", "\"c17-5-gz\"", "\"c17-5\"", false},
        {"identity", "\"c17-5-gz\"", "\"c17-5\"", false},
        {"", "\"c17-5-gz\"", "\"c17-5\"", false},
        {"gzip", "\"c17-4-gz\"", "\"c17-5\"", false},
        {"gzip", "\"c17-5-gz-gz\"", "\"c17-5\"", false},
        {"gzip", "\"-gz\"", "\"c17-5\"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct header headers[] = {{SLICE("If-None-Match"), slice_of(cases[i].sent)},
                                   {SLICE("Accept-Encoding"), slice_of(cases[i].accepted)}};
        struct request request = {.method = METHOD_GET, .headers = headers, .header_count = 2};
        enum condition expected = cases[i].matches ? CONDITION_NOT_MODIFIED : CONDITION_PROCEED;
        cr_assert_eq(request_condition(&request, slice_of(cases[i].etag)), expected, "%s with %s against %s", cases[i].sent,
                     cases[i].accepted, cases[i].etag);
    }
}
