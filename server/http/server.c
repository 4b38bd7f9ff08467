/* Starting and stopping; the loops themselves are in loop.c.
 *
 * A request passes: begin_transfer (its first line is read) → headers_received → body_received, once a piece → request_received,
 * which asks the service → send_reply, at once or after the eventfd → end_transfer.
 *
 * What libmicrohttpd 0.9.75 answers by itself, in its own words, without our headers and without a line in the log: a request
 * line or headers that do not fit its pool of 16 KB (414, 431), malformed framing or chunks (400), a length beyond 64 bits (413),
 * another version of HTTP (505). Close below its limit no room would be left for the reply's headers, and it would hang up
 * without a word; so what leaves less than REPLY_ROOM gets our own 431: about 13 KB of headers, or 170 short ones. A reply
 * queued on the handler's first call closes the connection; that is kept for bodies we do not want to read. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "readout/clock.h"
#include "readout/log.h"

/* Signals are for the main thread. Loops open one after the other, so that a service need not be ready for several at once. */
static bool start_loop(struct http_server *server, int number)
{
    struct loop *loop = &server->loops[number];
    loop->server = server;
    loop->number = number;
    loop->poll = loop->wake = loop->listening = -1;
    pthread_mutex_init(&loop->lock, NULL);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&loop->thread, NULL, loop_main, loop);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure != 0) {
        return fail(&server->error, ERROR_FAULT, "event loop %d has no thread: %s", number, strerror(failure));
    }
    server->started++;
    pthread_mutex_lock(&server->lock);
    while (server->reports < server->started) {
        pthread_cond_wait(&server->reported, &server->lock);
    }
    bool opened = server->error.kind == ERROR_NONE;
    pthread_mutex_unlock(&server->lock);
    return opened;
}

/* The system may allow fewer files than there may be connections. A quarter stays for others than connections: were there none
 * left, the store could not open its own. */
static unsigned connections_that_fit(unsigned wanted)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) {
        return wanted;
    }
    if (files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
        getrlimit(RLIMIT_NOFILE, &files);
    }
    rlim_t fit = files.rlim_cur / 4 * 3;
    if (fit >= wanted) {
        return wanted;
    }
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)fit);
    log_event(LOG_WARNING, "connections-limited-by-open-files", "connections", number, NULL);
    return (unsigned)fit;
}

struct http_server *http_start(const struct http_options *options, const struct http_service *service, char *address,
                               struct error *error)
{
    struct tls *tls = NULL;
    if (options->tls_certificate != NULL && (tls = tls_open(options->tls_certificate, options->tls_key, error)) == NULL) {
        return NULL;
    }
    int listening = options->inherited_socket >= 0 ? listen_inherited(options->inherited_socket, error)
                                                   : listen_on(options->listen, error);
    if (listening < 0) {
        tls_close(tls);
        return NULL;
    }
    struct http_server *server = calloc(1, sizeof *server + (size_t)options->loops * sizeof *server->loops);
    if (server == NULL) {
        die("out of memory");
    }
    server->options = *options;
    server->options.max_connections = connections_that_fit(options->max_connections);
    server->service = *service;
    server->tls = tls;
    /* Connections inherit it. Without it the kernel takes megabytes for a client that reads none of them. */
    const int unsent = 1 << 17;
    setsockopt(listening, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    server->socket = listening;
    callers_open(&server->callers);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->reported, NULL);
    listen_address(listening, address);
    for (int number = 0; number < options->loops; number++) {
        if (!start_loop(server, number)) {
            *error = server->error;
            http_stop(server, 0);
            return NULL;
        }
    }
    return server;
}

bool http_reload_tls(struct http_server *server, struct error *error)
{
    return tls_reload(server->tls, error);
}

bool http_is_turning(struct http_server *server)
{
    bool turning = true;
    for (int number = 0; number < server->started; number++) {
        struct loop *loop = &server->loops[number];
        turning = !atomic_exchange(&loop->asked, true) && turning;
        loop_wake(loop);
    }
    return turning;
}

void http_wake(struct http_server *server)
{
    /* What the caller did before must be seen by the streams that are not yet counted here. */
    atomic_thread_fence(memory_order_seq_cst);
    for (int number = 0; number < server->started; number++) {
        struct loop *loop = &server->loops[number];
        if (atomic_load(&loop->streams) > 0 && !atomic_exchange(&loop->called, true)) {
            loop_wake(loop);
        }
    }
}

void http_stop(struct http_server *server, unsigned seconds)
{
    size_t abandoned = 0;
    server->stop_by = clock_nanoseconds() + (int64_t)seconds * SECOND;
    atomic_store_explicit(&server->stopping, true, memory_order_release);
    for (int number = 0; number < server->started; number++) {
        loop_wake(&server->loops[number]);
    }
    for (int number = 0; number < server->started; number++) {
        pthread_join(server->loops[number].thread, NULL);
        abandoned += server->loops[number].abandoned;
    }
    close(server->socket);
    tls_close(server->tls);
    if (abandoned > 0) {
        return; /* someone may still call exchange_finish() */
    }
    for (int number = 0; number < server->started; number++) {
        close(server->loops[number].wake);
        pthread_mutex_destroy(&server->loops[number].lock);
    }
    pthread_mutex_destroy(&server->callers.lock);
    pthread_mutex_destroy(&server->lock);
    pthread_cond_destroy(&server->reported);
    free(server);
}
