/* What HTTP does with bodies on their way: codings of replies and of requests, and replies that come before the body is read. */
#include <string.h>
#include <sys/wait.h>
#include <zlib.h>
#include <zstd.h>

#include "readout/buffer.h"
#include "support/harness.h"

enum { MOST = 65536 }; /* of a body, here */

static void transport_up(void)
{
    server_start("--max-body", "65536");
}

TestSuite(transport, .init = transport_up, .fini = server_down);

static const struct {
    const char *name, *suffix;
} codings[] = {{"gzip", "-gz\""}, {"zstd", "-zst\""}};

enum { CODINGS = sizeof(codings) / sizeof(codings[0]) };

/* ---- replies ---------------------------------------------------------------------------------------------------------- */

static struct answer get_coded(const char *path, const char *accepted)
{
    with("Accept-Encoding: %s", accepted);
    return get("%s", path);
}

/* A topic whose description is long enough to be worth a coding; gives its path. */
static const char *long_topic(void)
{
    char *words = arena_alloc(test_arena(), 1001);
    for (size_t i = 0; i < 1000; i++)
        words[i] = "talks about talks "[i % 18];
    words[1000] = '\0';
    long long id = make("/v1/topics", "{'slug': 'talks-on-talks', 'name': 'Talks on talks', 'description': '%s'}", words);
    return at("/v1/topics/%lld", id);
}

Test(transport, coded_replies_say_what_plain_ones_say)
{
    const char *paths[] = {"/openapi.json", "/openapi.yaml", "/docs", "/v1/topics?limit=100", long_topic()};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct answer plain = get("%s", paths[i]);
        expect_no_header(plain, "Content-Encoding");
        for (size_t c = 0; c < CODINGS; c++) {
            struct answer coded = get_coded(paths[i], codings[c].name);
            expect_status(coded, 200);
            expect_header(coded, "Content-Encoding", codings[c].name);
            expect_header(coded, "Content-Type", header_of(plain, "Content-Type"));
            expect_header_has(coded, "Vary", "Accept-Encoding");
            expect_same_body(coded, plain);
            const char *length = header_of(coded, "Content-Length");
            cr_assert(length && strlen(length) <= strlen(header_of(plain, "Content-Length")));
            cr_assert_lt(strtoul(length, NULL, 10), plain.body.length);
        }
    }
}

Test(transport, each_coding_has_an_entity_tag_of_its_own)
{
    const char *path = long_topic();
    const char *plain = header_of(get("%s", path), "ETag");
    for (size_t i = 0; i < CODINGS; i++) {
        const char *tag = header_of(get_coded(path, codings[i].name), "ETag");
        cr_assert_str_eq(tag, at("%.*s%s", (int)strlen(plain) - 1, plain, codings[i].suffix));

        with("If-None-Match: %s", tag);
        struct answer same = get_coded(path, codings[i].name);
        expect_status(same, 304);
        expect_header(same, "ETag", tag);
        expect_no_header(same, "Content-Encoding");

        with("If-None-Match: %s", tag);
        expect_status(get("%s", path), 200); /* which could not read the coded one */
        with("Accept-Encoding: %s", codings[i].name);
        expect_header(head("%s", path), "ETag", tag);
    }
}

Test(transport, a_weak_tag_is_coded_too)
{
    struct answer coded = get_coded("/v1/topics?limit=100", "gzip");
    const char *tag = header_of(coded, "ETag");
    cr_assert(slice_starts(slice_of(tag), "W/") && slice_ends(slice_of(tag), "-gz\""), "%s", tag);
    with("If-None-Match: %s", tag);
    struct answer same = get_coded("/v1/topics?limit=100", "gzip");
    expect_status(same, 304);
    expect_header(same, "ETag", tag);
}

Test(transport, a_coded_tag_is_the_version_to_write_on)
{
    const char *path = long_topic();
    const char *tag = header_of(get_coded(path, "gzip"), "ETag");
    with("If-Match: %s", tag);
    expect_status(patch(path, "{'name': 'Talks about talks'}"), 200);
    with("If-Match: %s", tag);
    expect_problem(patch(path, "{'name': 'Too late'}"), 412, "precondition-failed");
}

Test(transport, the_best_coding_is_chosen)
{
    static const struct {
        const char *accepted, *chosen;
    } rows[] = {
        {"gzip, deflate, br, zstd", "zstd"},
        {"gzip;q=1.0, zstd;q=0.9", "gzip"},
        {"GZIP", "gzip"},
        {"x-gzip", "gzip"},
        {"*", "zstd"},
        {"zstd;q=0, *;q=0.5", "gzip"},
        {"br", NULL},
        {"gzip;q=0", NULL},
        {"identity, gzip;q=0.5", NULL},
        {"identity;q=0.5, gzip;q=0.5", "gzip"},
        {"gzip;q=nonsense", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer answer = get_coded("/openapi.json", rows[i].accepted);
        if (rows[i].chosen)
            expect_header(answer, "Content-Encoding", rows[i].chosen);
        else
            expect_no_header(answer, "Content-Encoding");
    }
}

Test(transport, what_is_short_is_not_coded)
{
    struct answer answer = get_coded("/livez", "gzip, zstd");
    cr_assert_lt(answer.body.length, 1024);
    expect_no_header(answer, "Content-Encoding");
    expect_header(answer, "Content-Length", at("%zu", answer.body.length));
}

/* ---- requests --------------------------------------------------------------------------------------------------------- */

static struct slice in_gzip(struct slice text)
{
    uLong most = compressBound((uLong)text.length) + 32;
    Bytef *bytes = arena_alloc(test_arena(), most);
    z_stream stream = {.next_out = bytes, .avail_out = (uInt)most};
    cr_assert_eq(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (z_const Bytef *)text.data;
    stream.avail_in = (uInt)text.length;
    cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    struct slice coded = {(const char *)bytes, stream.total_out};
    deflateEnd(&stream);
    return coded;
}

static struct slice in_zstd(struct slice text)
{
    size_t most = ZSTD_compressBound(text.length);
    char *bytes = arena_alloc(test_arena(), most);
    size_t length = ZSTD_compress(bytes, most, text.data, text.length, 3);
    cr_assert(!ZSTD_isError(length));
    return (struct slice){bytes, length};
}

static struct answer post_coded(const char *coding, struct slice body)
{
    with("Content-Encoding: %s", coding);
    return ask("POST", "/v1/topics", "application/json", body);
}

Test(transport, a_coded_body_is_read)
{
    struct answer first = post_coded("gzip", in_gzip(json_of("{'slug': 'first', 'name': 'First'}")));
    expect_status(first, 201);
    expect_text(first, "slug", "first");
    struct answer second = post_coded("zstd", in_zstd(json_of("{'slug': 'second', 'name': 'Second'}")));
    expect_status(second, 201);
    expect_text(second, "slug", "second");
    expect_status(post_coded("X-GZIP", in_gzip(json_of("{'slug': 'third', 'name': 'Third'}"))), 201);
    expect_status(post_coded("identity", json_of("{'slug': 'fourth', 'name': 'Fourth'}")), 201);
}

/* gzip bodies may be put one behind the other (RFC 1952 §2.2). */
Test(transport, a_body_of_several_gzip_members_is_one)
{
    struct slice head = in_gzip(json_of("{'slug': 'joined', ")), tail = in_gzip(json_of("'name': 'Joined'}"));
    struct buffer both = buffer_in(test_arena(), head.length + tail.length);
    buffer_add_slice(&both, head);
    buffer_add_slice(&both, tail);
    expect_status(post_coded("gzip", buffer_slice(&both)), 201);
}

static struct slice blanks(size_t count)
{
    char *text = arena_alloc(test_arena(), count);
    memset(text, ' ', count);
    return (struct slice){text, count};
}

Test(transport, a_body_may_not_grow_beyond_the_limit)
{
    struct slice bomb = blanks(64 << 20);
    struct slice gzip = in_gzip(bomb), zstd = in_zstd(bomb);
    cr_assert(zstd.length < MOST);
    expect_problem(post_coded("zstd", zstd), 413, "body-too-large");
    expect_problem(post_coded("gzip", gzip), 413, "body-too-large");
    expect_problem(post_coded("gzip", in_gzip(blanks(MOST + 1))), 413, "body-too-large");
    /* As long as may be: read, and found to be no JSON. */
    expect_problem(post_coded("gzip", in_gzip(blanks(MOST))), 400, "invalid-json");
    expect_problem(post_coded("zstd", in_zstd(blanks(MOST))), 400, "invalid-json");
}

Test(transport, an_unknown_coding_is_refused)
{
    static const char *const names[] = {"br", "deflate", "gzip, gzip", "nonsense"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct answer answer = post_coded(names[i], json_of("{'slug': 'x', 'name': 'X'}"));
        expect_problem(answer, 415, "unsupported-media-type");
        expect_header(answer, "Accept-Encoding", "gzip, zstd");
    }
}

Test(transport, a_broken_body_is_refused)
{
    struct slice text = json_of("{'slug': 'whole', 'name': 'Whole'}");
    struct slice gzip = in_gzip(text), zstd = in_zstd(text);
    for (size_t cut = 1; cut < 12; cut++) {
        expect_problem(post_coded("gzip", (struct slice){gzip.data, gzip.length - cut}), 400, "bad-request");
        expect_problem(post_coded("zstd", (struct slice){zstd.data, zstd.length - cut}), 400, "bad-request");
    }
    expect_problem(post_coded("gzip", text), 400, "bad-request");
    expect_problem(post_coded("zstd", text), 400, "bad-request");
    struct buffer more = buffer_in(test_arena(), 1024);
    buffer_add_slice(&more, gzip);
    buffer_add_text(&more, "more");
    expect_problem(post_coded("gzip", buffer_slice(&more)), 400, "bad-request");
    expect_int(get("/v1/topics?slug=whole"), "total", 0);
}

/* ---- replies before the body ------------------------------------------------------------------------------------------- */

/* Who sends everything before it reads must still get to read the reply: the server may not reset the connection meanwhile. */
Test(transport, a_client_that_sends_first_reads_why_it_was_refused)
{
    enum { LENGTH = 5000000 };
    for (int i = 0; i < 20; i++) {
        struct buffer bytes = buffer_in(test_arena(), LENGTH + 200);
        buffer_print(
            &bytes, "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
            LENGTH);
        buffer_add_slice(&bytes, blanks(LENGTH));
        struct answer answer = say(buffer_slice(&bytes));
        cr_assert_eq(answer.status, 413, "round %d: %d", i, answer.status);
        cr_assert(header_of(answer, "Connection"));
    }
}
