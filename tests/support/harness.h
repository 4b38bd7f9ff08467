/* The harness: a real server of one's own, requests that read as sentences, and what is expected of the answers.
 *
 *     TestSuite(topics, .init = server_up, .fini = server_down);
 *
 *     Test(topics, a_new_topic_is_read_back)
 *     {
 *         struct answer made = post("/v1/topics", "{'slug': 'missiles', 'name': 'Missiles'}");
 *         expect_status(made, 201);
 *
 *         struct answer read = get("/v1/topics/%lld", id_of(made));
 *         expect_text(read, "name", "Missiles");
 *         expect_header(read, "ETag", header_of(made, "ETag"));
 *     }
 *
 * Every test is a process of its own (Criterion's doing) with a server, a database and one kept-alive connection of its own.
 * Whatever a request gives back lives until server_down().
 *
 * Every answer is checked against the contract before a test sees it: the status is one that the operation declares, the body
 * fits its schema, a problem has all its members. What was exercised is noted for tests/support/exercised_main.c.
 *
 *     READOUT_BINARY     the server to drive; build/readout when not set
 *     READOUT_SCRATCH    the folder for databases; build/scratch when not set
 *     READOUT_EXERCISED  the file that collects "operationId status" lines; none when not set */
#ifndef READOUT_TESTS_SUPPORT_HARNESS_H
#define READOUT_TESTS_SUPPORT_HARNESS_H

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "readout/arena.h"
#include "readout/slice.h"

struct contract;

#define PRINTF_LIKE(which, first) __attribute__((format(printf, which, first)))

/* ---- memory ----------------------------------------------------------------------------------------------------------- */

/* What lives until server_down(), or until the test's process ends. */
struct arena *test_arena(void);
/* A path, or any text, from a format; lives as long. */
const char *at(const char *format, ...) PRINTF_LIKE(1, 2);
/* JSON written with ' in place of ", as bytes; a real apostrophe is \u0027. */
struct slice json_of(const char *quoted);

/* ---- the server ------------------------------------------------------------------------------------------------------- */

/* Fixtures: a server on a new, empty database, named after the test; and its end by SIGTERM, which must be clean (exit 0). It
 * keeps articles as they come: a test of reading says `extract=true`, or starts it with "--extract", "on". */
void server_up(void);
void server_down(void);

/* Starts it with more arguments: `server_start("--max-body", "4096")`. The database of this test stays what it is: after
 * server_stop() or server_kill(), server_start() goes on where the last server left off. Fails the test when it does not
 * listen. */
#define server_start(...)                                                                                                        \
    server_start_with((const char *const[]){"serve", __VA_ARGS__},                                                               \
                      sizeof((const char *const[]){"serve", __VA_ARGS__}) / sizeof(char *))
void server_start_with(const char *const *arguments, size_t count);
/* SIGTERM, and waits: gives the exit status, or -1 when the server had to be killed after 20 seconds. */
int server_stop(void);
/* SIGKILL, and waits. */
void server_kill(void);
/* SIGTERM without waiting; server_wait() gives what server_stop() does. */
void server_signal(int signal_number);
int server_wait(void);

/* The servers that are started from now on are handed this listening socket over, as systemd does it. */
void server_hand_over(int listening);

pid_t server_pid(void);          /* 0: none runs */
const char *server_origin(void); /* "http://127.0.0.1:34567" */
int server_port(void);
const char *server_database(void);     /* the path of this test's database, whether a server runs or not */
const char *scratch(const char *name); /* a path for a file of this test's own; what was there is removed */

/* ---- commands --------------------------------------------------------------------------------------------------------- */

/* What a run of the binary gave. */
struct outcome {
    int status;         /* the exit status; -1: killed by a signal, or after 60 seconds */
    const char *output; /* standard output */
    const char *errors; /* standard error */
};

/* Runs it to its end: `readout("get", "/v1/topics", "--database", server_database())`. */
#define readout(...) readout_fed("", __VA_ARGS__)
/* The same with standard input. */
#define readout_fed(input, ...) readout_run(input, (const char *const[]){__VA_ARGS__, NULL})
struct outcome readout_run(const char *input, const char *const *arguments);

/* ---- requests --------------------------------------------------------------------------------------------------------- */

struct answer {
    const char *method, *path; /* what was asked */
    int status;
    struct slice headers; /* as received, with the status line */
    struct slice body;
    json_t *json; /* the body; NULL when it is none, or not JSON */
};

/* Adds a header to the next request alone: with("If-Match: %s", etag). An empty value ("Accept:") keeps curl from sending its
 * own. After with("Accept-Encoding: …") the answer's body is the decoded one. Mind that whatever asks comes next: make the body
 * before, when that takes a request. */
void with(const char *header, ...) PRINTF_LIKE(1, 2);

struct answer get(const char *path, ...) PRINTF_LIKE(1, 2);
struct answer head(const char *path, ...) PRINTF_LIKE(1, 2);
struct answer options(const char *path, ...) PRINTF_LIKE(1, 2);
struct answer erase(const char *path, ...) PRINTF_LIKE(1, 2);

/* The body is a format too, and JSON with single quotes: patch(at("/v1/claims/%lld", id), "{'text': '%s'}", text). Sent as
 * application/json, PATCH as application/merge-patch+json. NULL as body sends none. */
struct answer post(const char *path, const char *body, ...) PRINTF_LIKE(2, 3);
struct answer put(const char *path, const char *body, ...) PRINTF_LIKE(2, 3);
struct answer patch(const char *path, const char *body, ...) PRINTF_LIKE(2, 3);

/* Anything else: any method, any Content-Type (NULL: no such header), any bytes (NO_SLICE: none). */
struct answer ask(const char *method, const char *path, const char *type, struct slice body);

/* A request as raw bytes on a connection of its own, for what curl would not send. Reads one answer; status 0 when the server
 * closed the connection without one. Not checked against the contract. */
struct answer say(struct slice bytes);

/* The certificate (a PEM file) that a server of https:// has to show from now on, on a new connection. */
void trust(const char *certificate);

/* GETs the absolute URL that stands there: go_to(page, "next"). */
struct answer go_to(struct answer answer, const char *path);

/* POSTs, expects 201 and gives the new id. */
long long make(const char *path, const char *body, ...) PRINTF_LIKE(2, 3);

/* The contract that answers are checked against, for tests that go through it. */
const struct contract *test_contract(void);

/* ---- what is in an answer --------------------------------------------------------------------------------------------- */

/* The header's value, or NULL. */
const char *header_of(struct answer answer, const char *name);
/* Where a path leads: "items.0.name"; numbers count array items, "" is the whole. NULL: nowhere. */
json_t *value_at(struct answer answer, const char *path);

/* These fail the test when there is no such value. */
#define id_of(answer)          int_at(answer, "id")
#define int_at(answer, path)   int_found(answer, path, HERE)
#define text_at(answer, path)  text_found(answer, path, HERE)
#define count_at(answer, path) count_found(answer, path, HERE) /* the length of an array */

/* ---- expectations: each fails the test, showing the whole answer ---------------------------------------------------------- */

#define expect_status(answer, status)    check_status(answer, status, HERE)
#define expect_text(answer, path, text)  check_text(answer, path, text, HERE)
#define expect_int(answer, path, number) check_int(answer, path, number, HERE)
#define expect_bool(answer, path, truth) check_json(answer, path, (truth) ? "true" : "false", HERE)
#define expect_null(answer, path)        check_json(answer, path, "null", HERE)
#define expect_absent(answer, path)      check_absent(answer, path, HERE)
/* The value equals this JSON (written with single quotes): expect_json(a, "topics", "['missiles']"). */
#define expect_json(answer, path, quoted) check_json(answer, path, quoted, HERE)
#define expect_count(answer, path, count) check_count(answer, path, count, HERE)
/* One property of every item of an array, in order: expect_each(a, "items", "id", "[3,1,2]"). */
#define expect_each(answer, path, property, quoted) check_each(answer, path, property, quoted, HERE)
#define expect_header(answer, name, value)          check_header(answer, name, value, HERE)
#define expect_header_has(answer, name, part)       check_header_has(answer, name, part, HERE)
#define expect_no_header(answer, name)              check_no_header(answer, name, HERE)
#define expect_body_has(answer, part)               check_body_has(answer, part, HERE)
/* The status, and the problem's code. */
#define expect_problem(answer, status, code) check_problem(answer, status, code, HERE)
/* The problem's `errors` name this place ("#/name", a parameter or a header) with this code; NULL: with any. */
#define expect_fault(answer, where, code) check_fault(answer, where, code, HERE)
/* The detail of that fault has these words. */
#define expect_fault_says(answer, where, words) check_fault_says(answer, where, words, HERE)
/* Two answers have the same bytes. */
#define expect_same_body(a, b) check_same_body(a, b, HERE)

#define HERE_LINE_(line) #line
#define HERE_LINE(line)  HERE_LINE_(line)
#define HERE             __FILE__ ":" HERE_LINE(__LINE__)

/* Fails the test with a sentence and the whole answer. `here` is where the test stands, "tests/api/x_test.c:12". */
void fail_with(struct answer answer, const char *here, const char *format, ...) PRINTF_LIKE(3, 4);

long long int_found(struct answer answer, const char *path, const char *here);
const char *text_found(struct answer answer, const char *path, const char *here);
size_t count_found(struct answer answer, const char *path, const char *here);
void check_status(struct answer answer, int status, const char *here);
void check_text(struct answer answer, const char *path, const char *text, const char *here);
void check_int(struct answer answer, const char *path, long long number, const char *here);
void check_absent(struct answer answer, const char *path, const char *here);
void check_json(struct answer answer, const char *path, const char *quoted, const char *here);
void check_count(struct answer answer, const char *path, size_t count, const char *here);
void check_each(struct answer answer, const char *path, const char *property, const char *quoted, const char *here);
void check_header(struct answer answer, const char *name, const char *value, const char *here);
void check_header_has(struct answer answer, const char *name, const char *part, const char *here);
void check_no_header(struct answer answer, const char *name, const char *here);
void check_body_has(struct answer answer, const char *part, const char *here);
void check_problem(struct answer answer, int status, const char *code, const char *here);
void check_fault(struct answer answer, const char *where, const char *code, const char *here);
void check_fault_says(struct answer answer, const char *where, const char *words, const char *here);
void check_same_body(struct answer a, struct answer b, const char *here);

#endif
