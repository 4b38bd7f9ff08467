/* Many kept-alive connections at once, all busy: none may starve, and every answer is right. */
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "readout/clock.h"
#include "support/harness.h"
#include "support/wire.h"

TestSuite(connections, .init = server_up, .fini = server_down);

enum { BUSY_SECONDS = 2, PATIENCE_SECONDS = 2, BATCH = 64 };

/* What all ask, in turn, and the body that each answer must have. */
static struct question {
    const char *path;
    struct slice body;
} questions[] = {{.path = "/v1/topics/1"}, {.path = "/v1/topics?limit=5"}, {.path = "/v1/topics/2"}};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

/* A connection, what it asked last, and when. */
struct caller {
    struct wire wire;
    size_t question;
    int64_t asked;
    long answers;
};

/* Questions carry the Host that curl sent, so that absolute URLs in the answers are the same. */
static void ask_next(struct caller *caller)
{
    caller->question = (caller->question + 1) % QUESTIONS;
    caller->asked = clock_nanoseconds();
    cr_assert(wire_send(&caller->wire, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", questions[caller->question].path,
                        server_port()));
}

static void take_answer(struct caller *caller, int status, bool more)
{
    const struct question *question = &questions[caller->question];
    cr_assert_eq(status, 200, "%s was answered with %d", question->path, status);
    cr_assert(slice_equal(caller->wire.body, question->body), "%s was answered with %.*s", question->path,
              SLICE_ARGS(caller->wire.body));
    caller->answers++;
    caller->asked = 0;
    if (more)
        ask_next(caller);
}

static int callers_open(struct caller *callers, size_t count)
{
    int loop = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &callers[i]};
        cr_assert(wire_open(&callers[i].wire), "connection %zu of %zu was refused", i, count);
        cr_assert_eq(epoll_ctl(loop, EPOLL_CTL_ADD, callers[i].wire.socket, &event), 0);
        callers[i].question = i % QUESTIONS;
    }
    return loop;
}

/* How many still wait; fails when one has waited too long. */
static size_t count_waiting(const struct caller *callers, size_t count)
{
    size_t waiting = 0;
    int64_t now = clock_nanoseconds();
    for (size_t i = 0; i < count; i++) {
        waiting += callers[i].asked != 0;
        cr_assert(!callers[i].asked || now - callers[i].asked < PATIENCE_SECONDS * 1000000000LL,
                  "connection %zu of %zu stalls after %ld answers", i, count, callers[i].answers);
    }
    return waiting;
}

static void keep_busy(struct caller *callers, size_t count)
{
    int loop = callers_open(callers, count);
    for (size_t i = 0; i < count; i++)
        ask_next(&callers[i]);

    int64_t end = clock_nanoseconds() + BUSY_SECONDS * 1000000000LL;
    size_t waiting = count;
    while (waiting) {
        struct epoll_event ready[BATCH];
        int got = epoll_wait(loop, ready, BATCH, 100);
        bool more = clock_nanoseconds() < end;
        for (int i = 0; i < got; i++) {
            struct caller *caller = ready[i].data.ptr;
            int status = wire_take(&caller->wire);
            if (status != WIRE_NOT_YET)
                take_answer(caller, status, more);
        }
        waiting = count_waiting(callers, count);
    }
    close(loop);
}

static void expect_no_stall(size_t count)
{
    struct caller *callers = calloc(count, sizeof(*callers));
    cr_assert(callers);
    for (size_t i = 0; i < QUESTIONS; i++)
        questions[i].body = get("%s", questions[i].path).body;
    keep_busy(callers, count);
    for (size_t i = 0; i < count; i++)
        wire_close(&callers[i].wire);
    free(callers);
}

Test(connections, sixty_four_are_kept_busy)
{
    expect_no_stall(64);
}

Test(connections, a_hundred_and_twenty_eight_are_kept_busy)
{
    expect_no_stall(128);
}

Test(connections, two_hundred_and_fifty_six_are_kept_busy)
{
    expect_no_stall(256);
}

Test(connections, three_hundred_and_eighty_four_are_kept_busy)
{
    expect_no_stall(384);
}

Test(connections, five_hundred_and_twelve_are_kept_busy)
{
    expect_no_stall(512);
}

Test(connections, requests_that_come_together_are_answered_in_order)
{
    struct wire wire;
    cr_assert(wire_open(&wire));
    cr_assert(wire_send(&wire, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"
                               "GET /v1/topics/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    cr_assert_eq(wire_receive(&wire, 5000), 200);
    cr_assert_eq(wire_receive(&wire, 5000), 404);
    cr_assert_eq(wire_receive(&wire, 5000), 200);
    wire_close(&wire);
}

Test(connections, a_request_in_small_pieces_is_read)
{
    static const char request[] =
        "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n"
        "{\"slug\":\"slow\",\"name\":\"Slow\"}";
    struct wire wire;
    cr_assert(wire_open(&wire));
    for (const char *byte = request; *byte; byte++) {
        cr_assert(wire_send(&wire, "%c", *byte));
        usleep(2000);
    }
    cr_assert_eq(wire_receive(&wire, 5000), 201);
    wire_close(&wire);
}

/* What a proxy might read another way: were the connection kept, what is hidden in a body would be a request. */
Test(connections, a_request_whose_end_cannot_be_told_ends_its_connection)
{
    static const char *const rows[] = {
        "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n",
        "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\nX y: z\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct wire wire;
        cr_assert(wire_open(&wire));
        cr_assert(wire_send(&wire, "%sGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n", rows[i]));
        cr_assert_eq(wire_receive(&wire, 5000), 400, "row %zu", i);
        cr_assert_eq(wire_receive(&wire, 5000), WIRE_ENDED, "row %zu", i);
        wire_close(&wire);
    }
}

Test(connections, a_target_has_no_nul)
{
    struct wire wire;
    cr_assert(wire_open(&wire));
    cr_assert(wire_send(&wire, "GET /livez%cx HTTP/1.1\r\nHost: localhost\r\n\r\n", '\0'));
    cr_assert_eq(wire_receive(&wire, 5000), 400);
    wire_close(&wire);
}

Test(connections, a_client_that_goes_away_half_way_does_no_harm)
{
    static const char *const halves[] = {
        "GET /v1/to", "GET /v1/topics HTTP/1.1\r\nHo", "GET /v1/topics?limit=500 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"slug\"",
        "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 27\r\n\r\n{\"slug\":\"a\",\"name\":\"gone\"}"};
    for (size_t i = 0; i < 20 * sizeof(halves) / sizeof(halves[0]); i++) {
        struct wire wire;
        cr_assert(wire_open(&wire));
        wire_send(&wire, "%s", halves[i % (sizeof(halves) / sizeof(halves[0]))]);
        wire_close(&wire);
    }
    expect_status(get("/livez"), 200);
    expect_status(get("/v1/topics?limit=500"), 200);
}

/* ---- writers that meet -------------------------------------------------------------------------------------------------- */

enum { WRITERS = 8 };

/* Sends the same request on several connections at once and counts the answers with that status. */
static size_t count_of(int status, const char *request)
{
    static struct wire wires[WRITERS];
    size_t count = 0;
    for (size_t i = 0; i < WRITERS; i++)
        cr_assert(wire_open(&wires[i]));
    for (size_t i = 0; i < WRITERS; i++)
        cr_assert(wire_send(&wires[i], "%s", request));
    for (size_t i = 0; i < WRITERS; i++) {
        count += wire_receive(&wires[i], 5000) == status;
        wire_close(&wires[i]);
    }
    return count;
}

Test(connections, of_many_who_take_a_key_one_gets_it)
{
    const char *body = "{\"slug\":\"mine\",\"name\":\"Mine\"}";
    const char *request = at("POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    cr_assert_eq(count_of(201, request), 1);
    cr_assert_eq(count_of(409, request), WRITERS);
}

Test(connections, of_many_who_change_a_version_one_may)
{
    const char *body = "{\"description\":\"Changed.\"}";
    const char *request =
        at("PATCH /v1/topics/1 HTTP/1.1\r\nHost: localhost\r\nIf-Match: \"t1-1\"\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
           body);
    cr_assert_eq(count_of(200, request), 1);
    expect_int(get("/v1/topics/1"), "version", 2);
}
