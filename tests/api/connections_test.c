/* Many kept-alive connections at once, all busy: none may starve, and every answer is right. */
#include <stdlib.h>
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
