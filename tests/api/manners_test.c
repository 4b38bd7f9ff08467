/* How the server behaves whatever is asked: methods, headers, limits, and bodies that are not what they should be. */
#include <string.h>

#include "support/harness.h"

TestSuite(manners, .init = server_up, .fini = server_down);

static void small_server_up(void)
{
    server_start("--max-body", "1024", "--max-target", "500", "--body-timeout", "1", "--idle-timeout", "2");
}

TestSuite(limits, .init = small_server_up, .fini = server_down);

/* `count` times the same byte. */
static char *many(char byte, size_t count)
{
    char *text = arena_alloc(test_arena(), count + 1);
    memset(text, byte, count);
    text[count] = '\0';
    return text;
}

/* ---- methods ---------------------------------------------------------------------------------------------------------- */

Test(manners, a_path_that_is_not_there_is_not_found)
{
    static const char *const paths[] = {"/nowhere", "/v1", "/v1/claims/1/nothing", "/v2/claims", "/V1/claims", "/v1//claims"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct answer answer = get("%s", paths[i]);
        expect_problem(answer, 404, "not-found");
        expect_text(answer, "instance", paths[i]);
    }
}

Test(manners, a_wrong_method_is_told_the_right_ones)
{
    static const struct {
        const char *method, *path, *allow;
    } rows[] = {
        {"DELETE", "/v1/topics", "GET, HEAD, POST, OPTIONS"},
        {"PATCH", "/v1/topics", "GET, HEAD, POST, OPTIONS"},
        {"POST", "/v1/topics/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
        {"PUT", "/v1/articles/1", "GET, HEAD, PATCH, DELETE, OPTIONS"},
        {"GET", "/v1/topics/1/restore", "POST, OPTIONS"},
        {"DELETE", "/v1/reports/1", "GET, HEAD, OPTIONS"},
        {"POST", "/", "GET, HEAD, OPTIONS"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer answer = ask(rows[i].method, rows[i].path, NULL, NO_SLICE);
        expect_problem(answer, 405, "method-not-allowed");
        struct slice rest = slice_of(rows[i].allow);
        while (rest.data) {
            struct slice method = slice_trim(slice_cut(&rest, ','));
            expect_header_has(answer, "Allow", at("%.*s", SLICE_ARGS(method)));
        }
        cr_assert_eq(strlen(header_of(answer, "Allow")), strlen(rows[i].allow), "Allow: %s", header_of(answer, "Allow"));
    }
}

Test(manners, a_method_that_http_has_not_is_not_implemented)
{
    expect_problem(ask("BREW", "/v1/topics", NULL, NO_SLICE), 501, "not-implemented");
}

Test(manners, a_method_that_http_has_and_nothing_here_takes_is_not_allowed)
{
    expect_problem(ask("TRACE", "/v1/topics", NULL, NO_SLICE), 405, "method-not-allowed");
    expect_problem(ask("TRACE", "/v1/nothing", NULL, NO_SLICE), 404, "not-found");
}

Test(manners, options_names_the_methods)
{
    struct answer answer = options("/v1/topics/1");
    expect_status(answer, 204);
    expect_header_has(answer, "Allow", "PATCH");
    expect_status(options("/nowhere"), 404);
}

Test(manners, a_trailing_slash_leads_to_the_path_without)
{
    static const struct {
        const char *path, *location;
    } rows[] = {{"/v1/topics/", "/v1/topics"}, {"/v1/topics/?limit=2", "/v1/topics?limit=2"}, {"/v1/topics/1/", "/v1/topics/1"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer answer = get("%s", rows[i].path);
        expect_status(answer, 308);
        const char *location = header_of(answer, "Location");
        cr_assert(location && slice_ends(slice_of(location), rows[i].location), "Location: %s", location ? location : "none");
    }
}

Test(manners, head_answers_as_get_does_without_the_body)
{
    static const char *const paths[] = {"/", "/v1/topics", "/v1/topics/1", "/v1/topics/1/history", "/openapi.yaml", "/docs"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct answer whole = get("%s", paths[i]), start = head("%s", paths[i]);
        expect_status(start, 200);
        expect_header(start, "ETag", header_of(whole, "ETag"));
        expect_header(start, "Content-Type", header_of(whole, "Content-Type"));
        expect_header(start, "Content-Length", at("%zu", whole.body.length));
        cr_assert_eq(start.body.length, 0);
    }
    expect_status(head("/v1/topics/999999"), 404);
}

/* ---- headers ---------------------------------------------------------------------------------------------------------- */

Test(manners, a_request_id_is_echoed_or_made)
{
    with("X-Request-Id: my-id-17");
    struct answer echoed = get("/nowhere");
    expect_header(echoed, "X-Request-Id", "my-id-17");
    expect_text(echoed, "request_id", "my-id-17");

    with("X-Request-Id: %s", many('x', 129));
    const char *made = header_of(get("/livez"), "X-Request-Id");
    cr_assert(made && strlen(made) <= 128);
    with("X-Request-Id: with space");
    cr_assert_str_neq(header_of(get("/livez"), "X-Request-Id"), "with space");
    cr_assert_str_neq(header_of(get("/livez"), "X-Request-Id"), header_of(get("/livez"), "X-Request-Id"));
}

Test(manners, a_trace_context_is_read_however_it_is_written)
{
    static const char *const traces[] = {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "nonsense", "00-0-0-0",
                                         "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
    for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
        with("traceparent: %s", traces[i]);
        expect_status(get("/v1/topics"), 200);
    }
}

Test(manners, every_answer_is_safe_in_a_browser_and_tells_its_time)
{
    static const char *const paths[] = {"/", "/v1/topics", "/nowhere", "/v1/topics?nonsense=1"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct answer answer = get("%s", paths[i]);
        expect_header(answer, "X-Content-Type-Options", "nosniff");
        expect_header_has(answer, "Content-Security-Policy", "default-src 'none'");
        expect_header_has(answer, "Content-Security-Policy", "frame-ancestors 'none'");
        expect_header(answer, "Referrer-Policy", "no-referrer");
        expect_header(answer, "Cross-Origin-Resource-Policy", "same-origin");
        expect_no_header(answer, "Strict-Transport-Security"); /* by plain HTTP it would mean nothing */
        expect_header_has(answer, "Server-Timing", "dur=");
        expect_header_has(answer, "Vary", "Accept");
    }
}

Test(manners, a_page_elsewhere_may_read_and_write)
{
    with("Origin: https://example.org");
    struct answer plain = get("/v1/topics");
    expect_header(plain, "Access-Control-Allow-Origin", "*");
    expect_header_has(plain, "Access-Control-Expose-Headers", "ETag");
    with("Origin: https://example.org");
    expect_header(get("/nowhere"), "Access-Control-Allow-Origin", "*");
    with("Origin: https://example.org");
    with("If-None-Match: %s", header_of(plain, "ETag"));
    struct answer unchanged = get("/v1/topics");
    expect_status(unchanged, 304);
    expect_header(unchanged, "Access-Control-Allow-Origin", "*");
}

Test(manners, a_preflight_is_answered)
{
    with("Origin: https://example.org");
    with("Access-Control-Request-Method: PATCH");
    with("Access-Control-Request-Headers: content-type, if-match");
    struct answer answer = options("/v1/topics/1");
    expect_status(answer, 204);
    expect_header(answer, "Access-Control-Allow-Origin", "*");
    expect_header_has(answer, "Access-Control-Allow-Methods", "PATCH");
    expect_header(answer, "Access-Control-Max-Age", "7200");
    cr_assert_not_null(header_of(answer, "Access-Control-Allow-Headers"));
}

Test(manners, only_the_origins_that_are_allowed_may)
{
    cr_assert_eq(server_stop(), 0);
    server_start("--cors-origins", "https://desk.example.org");
    with("Origin: https://desk.example.org");
    struct answer allowed = get("/v1/topics");
    expect_header(allowed, "Access-Control-Allow-Origin", "https://desk.example.org");
    expect_header_has(allowed, "Vary", "Origin");
    with("Origin: https://example.org");
    expect_no_header(get("/v1/topics"), "Access-Control-Allow-Origin");
}

/* ---- bodies ----------------------------------------------------------------------------------------------------------- */

Test(manners, a_body_of_another_type_is_refused)
{
    struct slice body = SLICE("<topic/>");
    struct answer refused = ask("POST", "/v1/topics", "application/xml", body);
    expect_problem(refused, 415, "unsupported-media-type");
    expect_header_has(refused, "Accept-Post", "application/json");
    expect_header_has(refused, "Accept-Post", "application/x-ndjson");
    refused = ask("PATCH", "/v1/topics/1", "text/plain", body);
    expect_problem(refused, 415, "unsupported-media-type");
    expect_header_has(refused, "Accept-Patch", "application/merge-patch+json");
}

Test(manners, json_is_taken_under_its_many_names)
{
    static const char *const types[] = {NULL,
                                        "application/json",
                                        "application/json; charset=utf-8",
                                        "APPLICATION/JSON",
                                        "application/vnd.example+json",
                                        "application/x-www-form-urlencoded"};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct slice body = json_of(at("{'slug': 'type-%zu', 'name': 'x'}", i));
        expect_status(ask("POST", "/v1/topics", types[i], body), 201);
    }
}

Test(manners, a_body_that_is_not_json_is_malformed)
{
    const struct slice bodies[] = {
        SLICE(""),
        SLICE(" "),
        SLICE("{"),
        SLICE("{\"slug\": \"a\", \"name\": \"x\""),
        SLICE("{\"slug\": \"a\", \"name\": \"x\"} {}"),
        SLICE("{'slug': 'a', 'name': 'x'}"),
        SLICE("slug=a&name=x"),
        SLICE("{\"slug\": \"a\", \"name\": \"x\",}"),
        SLICE("{\"slug\": \"a\", \"name\": \"\xff\xfe\"}"),
        SLICE("{\"slug\": \"a\", \"name\": \"\xc0\x80\"}"),
        SLICE("{\"slug\": \"a\", \"name\": \"\xed\xa0\x80\"}"),
        SLICE("{\"slug\": \"a\", \"name\": \"x\0y\"}"),
        SLICE("{\"slug\": \"a\", \"name\": \"x\\u0000y\"}"),
        SLICE("{\"slug\": \"a\", \"name\": \"\\ud800\"}"),
        SLICE("{\"slug\": \"a\", \"name\": \"x\", \"name\": \"y\"}"),
        SLICE("{\"slug\": \"a\", \"name\": NaN}"),
        SLICE("{\"slug\": \"a\", \"name\": 01}"),
        SLICE("{\"slug\": \"a\", \"name\": 1e999}"),
        SLICE("{\"slug\": \"a\", \"name\": \"tab\tbed\"}"),
        SLICE("\xef\xbb\xbf{\"slug\": \"a\", \"name\": \"x\"}"),
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        expect_problem(ask("POST", "/v1/topics", "application/json", bodies[i]), 400, "invalid-json");
}

Test(manners, json_of_another_shape_is_not_valid)
{
    static const char *const bodies[] = {
        "null", "true", "1", "'text'", "[]", "[1]", "{}", "[[]]", "{'slug': 9007199254740993, 'name': 'x'}"};
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        expect_problem(post("/v1/topics", "%s", bodies[i]), 422, "invalid-body");
}

Test(manners, numbers_beyond_what_json_carries_safely_are_refused)
{
    static const char *const ids[] = {"9007199254740992", "-1", "0", "1.0e3", "1.5", "99999999999999999999"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        struct answer answer = post("/v1/actors", "{'name': 'x', 'kind': 'person', 'affiliation_id': %s}", ids[i]);
        cr_assert(answer.status == 422 || answer.status == 400, "affiliation_id %s: %d", ids[i], answer.status);
    }
}

Test(manners, json_as_deep_as_a_well_is_refused)
{
    enum { DEPTH = 100000 };
    struct answer deep = ask("POST", "/v1/topics", "application/json", slice_of(many('[', DEPTH)));
    cr_assert(deep.status == 400 || deep.status == 422, "%d", deep.status);
    const char *open = many('[', 500), *closed = many(']', 500);
    struct answer nested = post("/v1/topics", "{'slug': 'deep', 'name': %s%s}", open, closed);
    cr_assert(nested.status == 400 || nested.status == 422, "%d", nested.status);
}

/* ---- parameters ------------------------------------------------------------------------------------------------------- */

Test(manners, an_unknown_parameter_is_refused_with_the_nearest_name)
{
    struct answer refused = get("/v1/claims?speakr_id=1");
    expect_problem(refused, 400, "invalid-parameter");
    expect_fault(refused, "speakr_id", "unknown");
    expect_fault_says(refused, "speakr_id", "speaker_id");
}

Test(manners, every_wrong_parameter_is_told_at_once)
{
    struct answer refused = get("/v1/claims?limit=0&stance=shouts&nonsense=1&said_on=never&sort=colour&speaker_id=x");
    expect_problem(refused, 400, "invalid-parameter");
    static const char *const names[] = {"limit", "stance", "nonsense", "said_on", "sort", "speaker_id"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        expect_fault(refused, names[i], NULL);
}

Test(manners, a_parameter_that_cannot_be_read_is_refused)
{
    static const char *const queries[] = {"limit=%zz", "limit=%",      "limit=1%00",    "city=%ff",           "limit=2&limit=3",
                                          "limit=",    "limit=1.0",    "limit=+1",      "expand=nothing",     "count=maybe",
                                          "limit[]=1", "sort=id,nope", "cursor=%2e%2e", "external_id=%27OR1", "dry_run=true"};
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        const char *request = at("GET /v1/meetings?%s HTTP/1.1\r\nHost: localhost\r\n\r\n", queries[i]);
        struct answer refused = say(slice_of(request));
        if (refused.status != 400)
            fail_with(refused, HERE, "expected 400 for ?%s", queries[i]);
    }
}

Test(manners, what_is_not_acceptable_is_told)
{
    static const struct {
        const char *accept;
        int status;
    } rows[] = {
        {"application/json", 200},
        {"application/*", 200},
        {"*/*", 200},
        {"text/html, application/json;q=0.1", 200},
        {"text/html,application/xhtml+xml,*/*;q=0.8", 200},
        {"text/html", 406},
        {"application/json;q=0", 406},
        {"application/x-nothing", 406},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        with("Accept: %s", rows[i].accept);
        expect_status(get("/v1/topics"), rows[i].status);
    }
}

Test(manners, a_problem_comes_whatever_is_acceptable)
{
    with("Accept: text/html");
    expect_problem(get("/nowhere"), 404, "not-found");
}

/* ---- limits ----------------------------------------------------------------------------------------------------------- */

Test(limits, a_body_over_the_limit_is_refused)
{
    const char *name = many('x', 2000);
    expect_problem(post("/v1/topics", "{'slug': 'a', 'name': '%s'}", name), 413, "body-too-large");
    with("Transfer-Encoding: chunked");
    expect_problem(post("/v1/topics", "{'slug': 'a', 'name': '%s'}", name), 413, "body-too-large");
}

Test(limits, a_body_over_the_limit_is_refused_before_it_is_sent)
{
    struct answer refused = say(SLICE("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                      "Content-Length: 100000000000\r\n\r\n"));
    expect_problem(refused, 413, "body-too-large");
}

Test(limits, a_body_at_the_limit_is_read)
{
    const char *start = "{'slug': 'just', 'name': 'x'";
    struct answer made = post("/v1/topics", "%s%*s}", start, (int)(1023 - strlen(start)), "");
    expect_status(made, 201);
}

Test(limits, a_long_target_is_refused)
{
    expect_problem(get("/v1/topics?slug=%s", many('x', 600)), 414, "target-too-long");
}

Test(limits, a_slow_body_is_given_up)
{
    struct answer late = say(SLICE("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                   "Content-Length: 50\r\n\r\n{"));
    cr_assert(late.status == 408 || late.status == 0, "%d", late.status);
    expect_status(get("/livez"), 200);
}

Test(limits, an_idle_connection_is_closed)
{
    int status = say(SLICE("GET /livez HTTP/1.1\r\n")).status;
    cr_assert(status == 0 || status == 408, "half a request was answered with %d", status);
    expect_status(get("/livez"), 200);
}

Test(limits, bytes_that_are_no_request_do_no_harm)
{
    const struct slice requests[] = {
        SLICE("\r\n\r\n\r\n"),
        SLICE("nonsense\r\n\r\n"),
        SLICE("GET\r\n\r\n"),
        SLICE("GET / HTTP/9.9\r\n\r\n"),
        SLICE("GET / HTTP/1.1\r\n\r\n"),
        SLICE("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        SLICE("GET http://example.org/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        SLICE("GET /\0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        SLICE("GET /v1/topics/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        SLICE("GET /v1/topics/%ff HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        SLICE("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        SLICE("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        SLICE("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"),
        SLICE("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n"),
        SLICE("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    };
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        struct answer answer = say(requests[i]);
        cr_assert(answer.status < 500 || answer.status == 505, "request %zu: %d", i, answer.status);
        expect_status(get("/livez"), 200);
    }
}
