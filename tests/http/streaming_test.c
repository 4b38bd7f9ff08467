/* Streams, over real connections to a service of this file's own. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/http.h"
#include "readout/log.h"

enum { ROWS = 5000, LATE_ROWS = 2000000, LATE_LENGTH = LATE_ROWS * 8 + 3 };

/* What the service's streams did. */
static atomic_int asked, closed, finished, events, at_rest;
static char state; /* of the loop: its address */

static struct http_server *server;
static char address[64];
static struct arena arena;

struct source {
    int rows, events;
};

static enum stream_step next_rows(void *context, void *loop_state, struct buffer *chunk)
{
    struct source *source = context;
    cr_assert_eq(loop_state, &state);
    cr_assert_eq(chunk->length, 0);
    atomic_fetch_add(&asked, 1);
    while (source->rows < ROWS && chunk->length < STREAM_PIECE) {
        buffer_print(chunk, "{\"row\":%d}\n", source->rows++);
    }
    return source->rows < ROWS ? STREAM_MORE : STREAM_END;
}

static enum stream_step next_broken(void *context, void *loop_state, struct buffer *chunk)
{
    struct source *source = context;
    next_rows(context, loop_state, chunk);
    return source->rows < ROWS ? STREAM_MORE : STREAM_BROKEN;
}

/* Now and then it has nothing, but is not at its end. */
static enum stream_step next_halting(void *context, void *loop_state, struct buffer *chunk)
{
    static atomic_int calls;
    return atomic_fetch_add(&calls, 1) % 3 > 0 ? STREAM_MORE : next_rows(context, loop_state, chunk);
}

/* Tells each event, and ends after the third. */
static enum stream_step next_events(void *context, void *loop_state, struct buffer *chunk)
{
    struct source *source = context;
    cr_assert_eq(loop_state, &state);
    atomic_fetch_add(&asked, 1);
    while (source->events < atomic_load(&events)) {
        buffer_print(chunk, "data: %d\n\n", ++source->events);
    }
    return source->events < 3 ? STREAM_WAIT : STREAM_END;
}

/* Speaks when it is asked in vain. */
static enum stream_step next_alive(void *context, void *loop_state, struct buffer *chunk)
{
    struct source *source = context;
    (void)loop_state;
    buffer_add_text(chunk, ": alive\n\n");
    return ++source->events < 3 ? STREAM_WAIT : STREAM_END;
}

/* Much at first, and the rest after an event. */
static enum stream_step next_late(void *context, void *loop_state, struct buffer *chunk)
{
    struct source *source = context;
    (void)loop_state;
    atomic_fetch_add(&asked, 1);
    bool over = atomic_load(&events) > 0;
    while (source->rows < LATE_ROWS) {
        buffer_print(chunk, "%07d\n", source->rows++);
    }
    buffer_add_text(chunk, over ? "end" : "");
    return over ? STREAM_END : STREAM_WAIT;
}

static void close_source(void *context, void *loop_state)
{
    cr_assert_not_null(context);
    cr_assert_eq(loop_state, &state);
    atomic_fetch_add(&closed, 1);
}

static bool answer(void *loop_state, struct exchange *exchange)
{
    static const struct {
        const char *path, *type;
        enum stream_step (*next)(void *context, void *state, struct buffer *chunk);
        unsigned wait_seconds;
    } streams[] = {
        {"/rows", "application/x-ndjson", next_rows, 0},       {"/broken", "application/x-ndjson", next_broken, 0},
        {"/halting", "application/x-ndjson", next_halting, 0}, {"/events", "text/event-stream", next_events, 0},
        {"/late", "text/event-stream", next_late, 0},          {"/alive", "text/event-stream", next_alive, 1},
    };
    (void)loop_state;
    exchange->reply = reply_empty(204);
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        if (slice_is(exchange->request.path, streams[i].path)) {
            struct stream *stream = arena_alloc(&exchange->arena, sizeof *stream);
            *stream = (struct stream){arena_zero(&exchange->arena, sizeof(struct source)), streams[i].next, close_source,
                                      streams[i].wait_seconds};
            exchange->reply = reply_text(200, streams[i].type, NO_SLICE);
            exchange->reply.stream = stream;
        }
    }
    return true;
}

static void *open_state(void *context, int loop, struct error *error)
{
    (void)context;
    (void)loop;
    (void)error;
    return &state;
}

static void finish(void *loop_state, struct exchange *exchange)
{
    (void)loop_state;
    (void)exchange;
    atomic_fetch_add(&finished, 1);
}

static void rest(void *loop_state)
{
    (void)loop_state;
    atomic_fetch_add(&at_rest, 1);
}

static void close_state(void *loop_state)
{
    (void)loop_state;
}

static unsigned send_seconds; /* 0: readers have all the time they want */

static void start(void)
{
    struct http_options options = {.listen = SLICE("127.0.0.1:0"), .inherited_socket = -1, .loops = 2, .max_body = 4096};
    struct http_service service = {.open = open_state, .answer = answer, .done = finish, .rest = rest, .close = close_state};
    struct error error = {0};
    options.max_target = 4096;
    options.max_connections = 1000;
    options.send_seconds = send_seconds;
    log_set_level(LOG_OFF);
    server = http_start(&options, &service, address, &error);
    cr_assert(server != NULL, "%s", error.message);
}

static void stop(void)
{
    if (server != NULL) {
        http_stop(server, 5);
    }
    arena_release(&arena);
}

static void start_impatient(void)
{
    send_seconds = 1;
    start();
}

TestSuite(streaming, .init = start, .fini = stop);
TestSuite(impatient_streaming, .init = start_impatient, .fini = stop);

/* ---- a client ---------------------------------------------------------------------------------------------------------- */

static size_t take(char *bytes, size_t size, size_t count, void *body)
{
    buffer_add(body, bytes, size * count);
    return size * count;
}

struct got {
    CURLcode result;
    struct slice body;
    curl_off_t downloaded; /* bytes of the body on the wire */
};

static struct got fetch(const char *path, const char *coding, long milliseconds)
{
    struct buffer body = buffer_in(&arena, 4096);
    struct got got = {0};
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, arena_print(&arena, "http://%s%s", address, path));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, coding);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds);
    got.result = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &got.downloaded);
    curl_easy_cleanup(easy);
    got.body = buffer_slice(&body);
    return got;
}

static void await(const atomic_int *counter, int value)
{
    int64_t until = clock_nanoseconds() + INT64_C(10000000000);
    while (atomic_load(counter) < value && clock_nanoseconds() < until) {
        usleep(1000);
    }
    cr_assert_eq(atomic_load(counter), value);
}

static struct slice all_rows(void)
{
    struct buffer rows = buffer_in(&arena, 65536);
    for (int i = 0; i < ROWS; i++) {
        buffer_print(&rows, "{\"row\":%d}\n", i);
    }
    return buffer_slice(&rows);
}

/* Fetches it in a child process, and sends what came over a pipe. */
struct listener {
    pid_t process;
    int pipe;
};

static struct listener listen_to(const char *path)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    pid_t process = fork();
    cr_assert_geq(process, 0);
    if (process == 0) {
        const char *url = arena_print(&arena, "http://%s%s", address, path);
        dup2(ends[1], STDOUT_FILENO);
        execlp("curl", "curl", "-sSN", url, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    return (struct listener){process, ends[0]};
}

static bool hears(const struct listener *listener, const char *text)
{
    char bytes[256];
    size_t length = 0, wanted = strlen(text);
    while (length < wanted) {
        ssize_t got = read(listener->pipe, bytes + length, wanted - length);
        if (got <= 0) {
            return false;
        }
        length += (size_t)got;
    }
    return memcmp(bytes, text, wanted) == 0;
}

/* ---- scenarios --------------------------------------------------------------------------------------------------------- */

Test(streaming, a_body_arrives_whole_in_every_coding)
{
    static const char *const codings[] = {NULL, "gzip", "zstd"};
    struct slice rows = all_rows();
    for (size_t i = 0; i < sizeof codings / sizeof *codings; i++) {
        struct got got = fetch("/rows", codings[i], 10000);
        cr_assert_eq(got.result, CURLE_OK);
        cr_assert(slice_equal(got.body, rows), "%s: %zu bytes", codings[i], got.body.length);
        cr_assert_eq((size_t)got.downloaded < rows.length / 2, codings[i] != NULL);
    }
    await(&closed, 3);
    await(&finished, 3);
}

Test(streaming, a_broken_stream_breaks_the_connection)
{
    struct got got = fetch("/broken", NULL, 10000);
    cr_assert_eq(got.result, CURLE_PARTIAL_FILE, "%s", curl_easy_strerror(got.result));
    cr_assert_lt(got.body.length, all_rows().length);
    await(&closed, 1);
}

Test(streaming, nothing_now_is_not_the_end)
{
    struct got got = fetch("/halting", "gzip", 10000);
    cr_assert_eq(got.result, CURLE_OK);
    cr_assert(slice_equal(got.body, all_rows()));
}

Test(streaming, a_waiting_stream_goes_on_when_it_is_woken)
{
    struct listener listener = listen_to("/events");
    await(&asked, 1);
    for (int event = 1; event <= 3; event++) {
        atomic_store(&events, event);
        http_wake(server);
        cr_assert(hears(&listener, arena_print(&arena, "data: %d\n\n", event)));
    }
    await(&closed, 1);
    cr_assert_leq(atomic_load(&asked), 4);
    cr_assert(atomic_load(&at_rest) > 0);
}

/* Waiting begins when all has been sent, but the stream was asked long before. */
Test(streaming, an_event_is_not_lost_while_a_piece_is_on_its_way)
{
    struct listener listener = listen_to("/late");
    await(&asked, 1);
    usleep(100000); /* curl waits for its pipe to be read, and the server for curl */
    cr_assert_eq(atomic_load(&closed), 0);
    atomic_store(&events, 1);
    http_wake(server);
    char *bytes = arena_alloc(&arena, LATE_LENGTH);
    size_t length = 0;
    ssize_t got;
    while (length < LATE_LENGTH && (got = read(listener.pipe, bytes + length, LATE_LENGTH - length)) > 0) {
        length += (size_t)got;
    }
    cr_assert_eq(length, LATE_LENGTH);
    cr_assert(memcmp(bytes + length - 3, "end", 3) == 0);
    cr_assert_eq(atomic_load(&asked), 2);
}

Test(streaming, a_waiting_stream_is_asked_again_after_its_time)
{
    int64_t began = clock_nanoseconds();
    struct got got = fetch("/alive", "gzip", 10000);
    int64_t milliseconds = (clock_nanoseconds() - began) / 1000000;
    cr_assert_eq(got.result, CURLE_OK);
    cr_assert(slice_is(got.body, ": alive\n\n: alive\n\n: alive\n\n"));
    cr_assert(milliseconds >= 1990 && milliseconds < 5000, "%lld ms", (long long)milliseconds);
}

Test(streaming, who_leaves_is_noticed_without_an_event)
{
    struct got got = fetch("/events", NULL, 200);
    cr_assert_eq(got.result, CURLE_OPERATION_TIMEDOUT);
    await(&closed, 1);
    await(&finished, 1);
    cr_assert_eq(atomic_load(&asked), 1);
}

/* A connection that asks for more than any buffer on the way holds, and reads none of it. */
static int ask_without_reading(void)
{
    static const char request[] = "GET /late HTTP/1.1\r\nHost: a\r\n\r\n";
    int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), little = 4096;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(setsockopt(handle, SOL_SOCKET, SO_RCVBUF, &little, sizeof little), 0);
    cr_assert_eq(connect(handle, (struct sockaddr *)&to, sizeof to), 0);
    cr_assert_eq(send(handle, request, strlen(request), 0), (ssize_t)strlen(request));
    return handle;
}

Test(impatient_streaming, who_does_not_read_is_cut_off_and_who_waits_is_not)
{
    struct listener waits = listen_to("/events");
    await(&asked, 1);
    int handle = ask_without_reading();
    await(&closed, 1);
    await(&finished, 1);
    close(handle);
    atomic_store(&events, 1);
    http_wake(server);
    cr_assert(hears(&waits, "data: 1\n\n"));
}

Test(streaming, a_head_request_only_closes)
{
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, arena_print(&arena, "http://%s/rows", address));
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    cr_assert_eq(curl_easy_perform(easy), CURLE_OK);
    curl_easy_cleanup(easy);
    await(&closed, 1);
    cr_assert_eq(atomic_load(&asked), 0);
}

Test(streaming, stopping_asks_once_more_and_then_ends)
{
    struct listener first = listen_to("/events"), second = listen_to("/events");
    await(&asked, 2);
    http_stop(server, 5);
    server = NULL;
    cr_assert_eq(atomic_load(&asked), 4);
    cr_assert_eq(atomic_load(&closed), 2);
    cr_assert_eq(atomic_load(&finished), 2);
    cr_assert_not(hears(&first, "x") || hears(&second, "x"));
}
