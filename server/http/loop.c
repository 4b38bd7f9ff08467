/* One loop: its thread, what it waits for and what runs out of time.
 *
 * A loop has a libmicrohttpd daemon of its own in external epoll mode, and sleeps in its own epoll on: the daemon's epoll; an
 * eventfd by which other threads say that a suspended exchange is finished or that streams may have more; and, for their leaving
 * only, the sockets of peers that follow a stream. (The library's internal epoll mode hangs when a multiple of 128 events is
 * ready, and MHD_resume_connection wakes nobody in external mode.) */
#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/log.h"
#include "readout/metrics.h"

enum {
    EVENTS = 64, /* taken at once */
    TICK = 100,  /* milliseconds between two looks at what is left while stopping, or at who may go where it is crowded */
};

/* ---- finished elsewhere ------------------------------------------------------------------------------------------------ */

void loop_wake(struct loop *loop)
{
    uint64_t one = 1;
    if (loop->wake >= 0 && write(loop->wake, &one, sizeof one) < 0 && errno != EAGAIN) {
        die("a loop cannot be woken: %s", strerror(errno));
    }
}

/* Written under the lock, so that a loop that has seen its last exchange can let go of the eventfd. */
void exchange_finish(struct exchange *exchange)
{
    struct loop *loop = exchange->transfer->loop;
    exchange->next = NULL;
    pthread_mutex_lock(&loop->lock);
    if (loop->finished_first == NULL) {
        loop->finished_first = exchange;
        loop_wake(loop);
    } else {
        loop->finished_last->next = exchange;
    }
    loop->finished_last = exchange;
    pthread_mutex_unlock(&loop->lock);
}

static void resume_finished(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    struct exchange *exchange = loop->finished_first;
    loop->finished_first = loop->finished_last = NULL;
    pthread_mutex_unlock(&loop->lock);
    while (exchange != NULL) {
        struct exchange *next = exchange->next;
        exchange->transfer->ready = true;
        MHD_resume_connection(exchange->transfer->connection);
        exchange = next;
    }
}

/* Somebody called loop_wake(), for whichever reason. */
static void answer_call(struct loop *loop)
{
    uint64_t count;
    if (read(loop->wake, &count, sizeof count) < 0 && errno != EAGAIN) {
        die("a loop cannot read its eventfd: %s", strerror(errno));
    }
    atomic_store(&loop->asked, false);
    resume_finished(loop);
    if (atomic_exchange(&loop->called, false)) {
        resume_streams(loop);
    }
}

/* ---- a loop ------------------------------------------------------------------------------------------------------------ */

void hang_up(struct peer *peer)
{
    shutdown(peer->socket, SHUT_RDWR);
    peer_enter(peer, PHASE_ANSWERING, 0);
}

void hang_up_on_slow_request(struct peer *peer)
{
    struct transfer *transfer = peer->transfer;
    if (!transfer->begun) {
        request_prepare(&transfer->exchange.request, transfer->loop->server->options.public_url);
    }
    if (!transfer->ready) {
        refuse_request(transfer, "request-timeout", "the headers and the body did not arrive in time");
    }
    hang_up_with_reply(transfer);
    hang_up(peer);
}

static void hang_up_on_slow_peers(struct loop *loop)
{
    int64_t now = clock_nanoseconds();
    look_at_readers(loop, now);
    make_room(loop, now);
    const struct queue *waiting = &loop->peers[PHASE_WAITING], *receiving = &loop->peers[PHASE_RECEIVING];
    const struct queue *lingering = &loop->peers[PHASE_LINGERING];
    while (waiting->first != NULL && waiting->first->deadline <= now) {
        hang_up(waiting->first);
    }
    while (receiving->first != NULL && receiving->first->deadline <= now) {
        hang_up_on_slow_request(receiving->first);
        metric_add(METRIC_REFUSED_SLOW_REQUEST, 1);
    }
    while (lingering->first != NULL && lingering->first->deadline <= now) {
        stop_lingering(lingering->first);
    }
}

/* Milliseconds until something must be done without an event; -1 when there is no such thing. */
static int next_turn(const struct loop *loop)
{
    MHD_UNSIGNED_LONG_LONG library;
    int64_t least = MHD_get_timeout(loop->daemon, &library) == MHD_YES && library < INT32_MAX ? (int64_t)library : INT32_MAX;
    int64_t deadline = loop->waiting != NULL ? loop->waiting_until : NEVER;
    for (enum phase phase = PHASE_WAITING; phase < PHASE_COUNT; phase++) {
        const struct peer *first = loop->peers[phase].first;
        deadline = first != NULL && first->deadline < deadline ? first->deadline : deadline;
    }
    if (deadline != NEVER && least > 0) {
        int64_t left = (deadline - clock_nanoseconds()) / MILLISECOND + 1;
        least = left < least ? (left > 0 ? left : 0) : least;
    }
    if ((loop->quiet || is_crowded(loop)) && least > TICK) {
        return TICK;
    }
    return least == INT32_MAX ? -1 : (int)least;
}

static void heard_of_peer(struct peer *peer)
{
    if (peer->phase == PHASE_LINGERING) {
        drain(peer);
    } else if (!tls_go_on(peer)) {
        peer_gone(peer);
    }
}

/* Looks before it sleeps: only when nothing is ready does the service let go, and is the log written. */
static void await_events(struct loop *loop)
{
    struct epoll_event events[EVENTS];
    int turn = next_turn(loop);
    int count = epoll_wait(loop->poll, events, EVENTS, 0);
    if (count == 0 && turn != 0) {
        loop->server->service.rest(loop->state);
        log_flush();
        count = epoll_wait(loop->poll, events, EVENTS, turn);
    }
    if (count < 0 && errno != EINTR) {
        die("a loop cannot wait: %s", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        void *whom = events[i].data.ptr;
        if (whom == loop) {
            answer_call(loop);
        } else if (whom != loop->daemon) {
            heard_of_peer(whom);
        }
    }
}

static void accept_no_more(struct loop *loop)
{
    MHD_quiesce_daemon(loop->daemon);
    close(loop->listening);
    loop->quiet = true;
}

static bool is_over(struct loop *loop)
{
    if (!atomic_load_explicit(&loop->server->stopping, memory_order_acquire)) {
        return false;
    }
    if (!loop->quiet) {
        accept_no_more(loop);
        resume_streams(loop); /* for the last time */
    }
    hang_up_on_idle(loop, NEVER, SIZE_MAX);
    bool alone = true;
    for (enum phase phase = PHASE_WAITING; phase < PHASE_COUNT; phase++) {
        alone = alone && loop->peers[phase].first == NULL;
    }
    return alone || clock_nanoseconds() >= loop->server->stop_by;
}

/* A full library does not listen, and begins again only when it runs the next time after a connection has ended. */
static void run_library(struct loop *loop)
{
    bool full = loop->connections == loop->connections_most;
    MHD_run(loop->daemon);
    if (full && loop->connections < loop->connections_most) {
        MHD_run(loop->daemon);
    }
}

static void run_loop(struct loop *loop)
{
    while (!is_over(loop)) {
        await_events(loop);
        resume_due_streams(loop, clock_nanoseconds());
        run_library(loop);
        hang_up_on_slow_peers(loop);
    }
}

/* The target is decoded by those who know its parts. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static void on_message(void *context, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

static void on_message(void *context, const char *format, va_list arguments)
{
    (void)context;
    if (log_wants(LOG_DEBUG)) {
        char text[512];
        vsnprintf(text, sizeof text, format, arguments);
        text[strcspn(text, "\r\n")] = '\0';
        log_event(LOG_DEBUG, "microhttpd", "message", text, NULL);
    }
}

static bool open_daemon(struct loop *loop)
{
    const struct http_options *options = &loop->server->options;
    loop->connections_most = (options->max_connections + (unsigned)options->loops - 1) / (unsigned)options->loops;
    const struct tls *tls = loop->server->tls;
    struct tls_texts texts = tls != NULL ? tls_texts(tls) : (struct tls_texts){.key = NULL};
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | (tls != NULL ? MHD_USE_TLS : 0);
    loop->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, loop, MHD_OPTION_EXTERNAL_LOGGER, on_message, NULL, MHD_OPTION_LISTEN_SOCKET,
        loop->listening, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_SIZE, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)loop->connections_most, MHD_OPTION_CONNECTION_TIMEOUT, options->idle_seconds, MHD_OPTION_URI_LOG_CALLBACK,
        begin_transfer, loop, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_transfer, loop,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, loop, tls != NULL ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END,
        texts.certificate, MHD_OPTION_HTTPS_MEM_KEY, texts.key, MHD_OPTION_HTTPS_PRIORITIES, texts.priorities, MHD_OPTION_END);
    return loop->daemon != NULL;
}

bool loop_watch(struct loop *loop, int descriptor, uint32_t events, void *whom)
{
    struct epoll_event event = {.events = events, .data.ptr = whom};
    return epoll_ctl(loop->poll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

static bool open_loop(struct loop *loop, struct error *error)
{
    loop->poll = epoll_create1(EPOLL_CLOEXEC);
    loop->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    loop->listening = fcntl(loop->server->socket, F_DUPFD_CLOEXEC, 0);
    if (loop->poll < 0 || loop->wake < 0 || loop->listening < 0) {
        return fail(error, ERROR_FAULT, "event loop %d cannot be made: %s", loop->number, strerror(errno));
    }
    loop->state = loop->server->service.open(loop->server->service.context, loop->number, error);
    if (loop->state == NULL) {
        return false;
    }
    if (!open_daemon(loop)) {
        return fail(error, ERROR_FAULT, "event loop %d: libmicrohttpd does not start", loop->number);
    }
    int library = MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    if (!loop_watch(loop, library, EPOLLIN, loop->daemon) || !loop_watch(loop, loop->wake, EPOLLIN, loop)) {
        return fail(error, ERROR_FAULT, "event loop %d cannot watch its sockets: %s", loop->number, strerror(errno));
    }
    return true;
}

/* What other threads have not finished in time is cut off. Its memory and the loop's stay for their late exchange_finish(). */
static void abandon_unfinished(struct loop *loop)
{
    for (struct peer *peer = loop->peers[PHASE_ANSWERING].first; peer != NULL; peer = peer->next) {
        struct transfer *transfer = peer->transfer;
        if (transfer != NULL && transfer->answered && !transfer->ready) {
            transfer->abandoned = true;
            loop->abandoned++;
            MHD_resume_connection(transfer->connection);
        }
    }
    if (loop->abandoned > 0) {
        log_event(LOG_WARNING, "requests-abandoned", NULL);
        MHD_run(loop->daemon);
    }
}

/* The library cannot be stopped while one is suspended. */
static void resume_handshakes(struct loop *loop)
{
    for (enum phase phase = PHASE_WAITING; phase < PHASE_COUNT; phase++) {
        for (struct peer *peer = loop->peers[phase].first; peer != NULL; peer = peer->next) {
            tls_go_on(peer);
        }
    }
}

static void close_loop(struct loop *loop)
{
    if (loop->daemon != NULL) {
        if (!loop->quiet) {
            accept_no_more(loop);
        }
        loop->closing = true;
        resume_finished(loop);
        resume_streams(loop);
        resume_handshakes(loop);
        MHD_run(loop->daemon);
        abandon_unfinished(loop);
        MHD_stop_daemon(loop->daemon);
        while (loop->peers[PHASE_LINGERING].first != NULL) {
            stop_lingering(loop->peers[PHASE_LINGERING].first);
        }
    } else if (loop->listening >= 0) {
        close(loop->listening);
    }
    if (loop->state != NULL) {
        loop->server->service.rest(loop->state);
        if (loop->abandoned == 0) {
            loop->server->service.close(loop->state);
        }
    }
    log_flush();
    free_spare_transfers(loop);
    free_compressors(loop);
    close(loop->poll);
}

void *loop_main(void *argument)
{
    struct loop *loop = argument;
    struct http_server *server = loop->server;
    struct error error = {0};
    bool opened = open_loop(loop, &error);
    pthread_mutex_lock(&server->lock);
    server->reports++;
    if (!opened) {
        server->error = error;
    }
    pthread_cond_signal(&server->reported);
    pthread_mutex_unlock(&server->lock);
    if (opened) {
        run_loop(loop);
    }
    close_loop(loop);
    return NULL;
}
