#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench.h"
#include "readout/clock.h"

enum { RECEIVE_BYTES = 256 * 1024, HEAD_BYTES = 8192, EVENTS = 512, STALL_SECONDS = 10 };

struct connection {
    int fd;                    /* -1: closed after a failure */
    const struct probe *probe; /* what was asked; NULL: nothing */
    int64_t sent;
    size_t wanted, received; /* bytes of the reply; wanted is 0 until its head is there */
    char *torn;              /* a head that came in pieces; NULL while none ever did */
};

struct load {
    const struct plan *plan;
    const struct server *server;
    bool fixed, sleeps;
    int epoll, clients;
    int waiting; /* connections with a request under way */
    struct connection *connections;
    size_t next; /* the probe to send next */
    uint64_t answered;
    int64_t last; /* when the last reply was there */
    struct histogram *latency;
    char received[RECEIVE_BYTES];
};

/* Each class of 32 in a power of two; below 64, each number has its own. */
void histogram_add(struct histogram *histogram, uint64_t nanoseconds)
{
    unsigned shift = nanoseconds < 64 ? 0 : 58 - (unsigned)__builtin_clzll(nanoseconds);
    histogram->counts[shift * 32 + (nanoseconds >> shift)]++;
    histogram->total++;
}

double histogram_quantile(const struct histogram *histogram, double quantile)
{
    double wanted = quantile * (double)histogram->total, seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_SIZE; i++) {
        seen += (double)histogram->counts[i];
        if (seen >= wanted && histogram->total > 0) {
            unsigned shift = i < 64 ? 0 : i / 32 - 1;
            return ((double)(i - shift * 32) + 0.5) * (double)(UINT64_C(1) << shift);
        }
    }
    return 0;
}

static void connect_one(struct load *load, struct connection *connection)
{
    connection->fd = message_connect(load->server->port);
    connection->probe = NULL;
    fcntl(connection->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
        give_up("epoll: %s", strerror(errno));
}

struct load *load_open(const struct plan *plan, const struct server *server, int clients, bool fixed)
{
    struct load *load = calloc(1, sizeof *load);
    struct connection *connections = calloc((size_t)clients, sizeof *connections);
    if (load == NULL || connections == NULL)
        give_up("no memory");
    load->plan = plan;
    load->server = server;
    load->fixed = fixed;
    load->clients = clients;
    load->connections = connections;
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < clients; i++)
        connect_one(load, &connections[i]);
    return load;
}

void load_let_sleep(struct load *load)
{
    load->sleeps = true;
}

void load_close(struct load *load)
{
    for (int i = 0; i < load->clients; i++) {
        if (load->connections[i].fd >= 0)
            close(load->connections[i].fd);
        free(load->connections[i].torn);
    }
    close(load->epoll);
    free(load->connections);
    free(load);
}

static void drop(struct load *load, struct connection *connection, const char *why)
{
    struct slice request = connection->probe != NULL ? connection->probe->request : SLICE("between requests");
    struct slice target = slice_cut(&request, '\r');
    note_failure("%s: %.*s: %s", load->server->name, SLICE_ARGS(target), why);
    close(connection->fd);
    connection->fd = -1;
    if (connection->probe != NULL)
        load->waiting--;
    connection->probe = NULL;
}

static void send_next(struct load *load, struct connection *connection, int64_t now)
{
    const struct probe *probe = &load->plan->probes[load->next];
    if (++load->next == load->plan->count)
        load->next = 0;
    connection->probe = probe;
    connection->sent = now;
    connection->wanted = connection->received = 0;
    load->waiting++;
    if (send(connection->fd, probe->request.data, probe->request.length, MSG_NOSIGNAL) != (ssize_t)probe->request.length)
        drop(load, connection, "could not be sent");
}

static const char *wrong(const struct load *load, const struct probe *probe, const struct message *message)
{
    static char text[100];
    int status = load->fixed ? load->plan->sample.status : probe->status;
    size_t length = load->fixed ? (status == 304 ? 0 : load->plan->sample.length) : probe->length;
    size_t slack = load->fixed ? 0 : probe->slack;
    if (message->status != status)
        snprintf(text, sizeof text, "status %d, not %d", message->status, status);
    else if (message->length + slack < length || message->length > length + slack)
        snprintf(text, sizeof text, "%zu bytes, not %zu", message->length, length);
    else
        return NULL;
    return text;
}

/* Looks at the head of a reply: in what has just been received, or in what was put aside with it. */
static bool take_head(struct load *load, struct connection *connection, size_t count)
{
    struct slice bytes = {load->received, count};
    if (connection->received > 0) {
        if (connection->received + count > HEAD_BYTES) {
            drop(load, connection, "a head that is too long");
            return false;
        }
        memcpy(connection->torn + connection->received, load->received, count);
        bytes = (struct slice){connection->torn, connection->received + count};
    }
    struct message message;
    const char *problem = message_head(bytes, &message) ? NULL : "a malformed reply";
    if (problem == NULL && message.head > 0)
        problem = wrong(load, connection->probe, &message);
    if (problem != NULL) {
        drop(load, connection, problem);
        return false;
    }
    if (message.head > 0) {
        connection->wanted = message.head + message.length;
    } else if (connection->received == 0) {
        if (connection->torn == NULL && (connection->torn = malloc(HEAD_BYTES)) == NULL)
            give_up("no memory");
        memcpy(connection->torn, load->received, count < HEAD_BYTES ? count : HEAD_BYTES);
    }
    return true;
}

/* True: the whole reply is there. */
static bool receive(struct load *load, struct connection *connection)
{
    ssize_t count = recv(connection->fd, load->received, RECEIVE_BYTES, 0);
    if (count < 0 && errno == EAGAIN)
        return false;
    if (count <= 0 || connection->probe == NULL) {
        drop(load, connection, count <= 0 ? "the connection was closed" : "more than was asked for");
        return false;
    }
    if (connection->wanted == 0 && !take_head(load, connection, (size_t)count))
        return false;
    connection->received += (size_t)count;
    if (connection->wanted == 0 || connection->received < connection->wanted)
        return false;
    if (connection->received == connection->wanted)
        return true;
    drop(load, connection, "more bytes than Content-Length says");
    return false;
}

/* The next events. On a core of its own it never sleeps: waking a sleeper is paid for by the one that sends, and would be
 * charged to the slower server only. 0 when none has come for too long. */
static int next_events(const struct load *load, struct epoll_event events[static EVENTS])
{
    int64_t patience = clock_nanoseconds() + STALL_SECONDS * INT64_C(1000000000);
    int count;
    do
        count = epoll_wait(load->epoll, events, EVENTS, load->sleeps ? STALL_SECONDS * 1000 : 0);
    while (count == 0 && clock_nanoseconds() < patience);
    /* Where the whole machine stood still, the server gets another second. */
    return count > 0 ? count : epoll_wait(load->epoll, events, EVENTS, 1000);
}

static void work(struct load *load, int64_t until)
{
    struct epoll_event events[EVENTS];
    while (load->waiting > 0) {
        int count = next_events(load, events);
        if (count == 0) {
            for (int i = 0; i < load->clients; i++)
                if (load->connections[i].fd >= 0 && load->connections[i].probe != NULL)
                    drop(load, &load->connections[i], "no answer for 10 s");
            return;
        }
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!receive(load, connection))
                continue;
            int64_t now = load->last = clock_nanoseconds();
            histogram_add(load->latency, (uint64_t)(now - connection->sent));
            connection->probe = NULL;
            load->answered++;
            load->waiting--;
            if (now < until)
                send_next(load, connection, now);
        }
    }
}

uint64_t load_slice(struct load *load, double seconds, struct histogram *latency, double *elapsed)
{
    load->answered = 0;
    load->latency = latency;
    for (int i = 0; i < load->clients; i++)
        if (load->connections[i].fd < 0)
            connect_one(load, &load->connections[i]);
    int64_t start = load->last = clock_nanoseconds();
    for (int i = 0; i < load->clients; i++)
        send_next(load, &load->connections[i], clock_nanoseconds());
    work(load, start + (int64_t)(seconds * 1e9));
    *elapsed = (double)(load->last - start) / 1e9;
    return load->answered;
}
