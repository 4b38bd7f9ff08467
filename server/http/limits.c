/* What keeps one client, or all of them together, from taking what the others need: connections of an address, bytes on their
 * way, replies that nobody takes, and connections that do nothing while others cannot come in. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "loop.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/metrics.h"

enum {
    UNCOUNTED = 65536,      /* bytes that a request may hold without being counted */
    LEAST_RATE = 1024,      /* bytes a second of its reply that a client has to take; */
    PRESSED_RATE = 65536,   /* as long as too many bytes are on their way, */
    PRESSED_SECONDS = 2,    /* of which it must show the first so soon */
    CROWDED_WAITING = 500,  /* milliseconds that a connection may be silent while there is hardly room for others; */
    CROWDED_HEADERS = 1000, /* that the headers of a request may take to come in; */
    CROWDED_BODY = 5000,    /* and with them the body */
};

/* ---- connections of an address ----------------------------------------------------------------------------------------- */

static struct caller **place_of(struct callers *callers, const struct address *site)
{
    uint64_t hash = digest_quick(callers->secret, (struct slice){(const char *)site->bytes, sizeof site->bytes});
    struct caller **place = &callers->buckets[(hash ^ hash >> 32) % CALLER_BUCKETS];
    while (*place != NULL && memcmp(&(*place)->site, site, sizeof *site) != 0) {
        place = &(*place)->next;
    }
    return place;
}

void callers_open(struct callers *callers)
{
    pthread_mutex_init(&callers->lock, NULL);
    digest_random((uint8_t *)&callers->secret, sizeof callers->secret);
}

/* Trusted proxies speak for many. */
static bool is_counted(const struct http_options *options, const struct address *address)
{
    return options->max_connections_per_address > 0 && address_is_known(address) &&
           !networks_hold(&options->unlimited, address) && !networks_hold(&options->trusted_proxies, address);
}

static bool count_caller(struct callers *callers, const struct address *site, unsigned most)
{
    pthread_mutex_lock(&callers->lock);
    struct caller **place = place_of(callers, site);
    if (*place == NULL && (*place = calloc(1, sizeof **place)) == NULL) {
        die("out of memory");
    }
    (*place)->site = *site;
    bool room = (*place)->count < most;
    (*place)->count += room;
    pthread_mutex_unlock(&callers->lock);
    return room;
}

bool caller_arrived(struct peer *peer)
{
    struct http_server *server = peer->loop->server;
    if (!is_counted(&server->options, &peer->from)) {
        return true;
    }
    struct address site = address_site(peer->from);
    peer->counted = count_caller(&server->callers, &site, server->options.max_connections_per_address);
    metric_add(METRIC_REFUSED_CONNECTION, !peer->counted);
    return peer->counted;
}

void caller_left(struct peer *peer)
{
    struct callers *callers = &peer->loop->server->callers;
    if (!peer->counted) {
        return;
    }
    struct address site = address_site(peer->from);
    pthread_mutex_lock(&callers->lock);
    struct caller **place = place_of(callers, &site), *caller = *place;
    if (--caller->count == 0) {
        *place = caller->next;
        free(caller);
    }
    pthread_mutex_unlock(&callers->lock);
}

/* ---- bytes on their way ------------------------------------------------------------------------------------------------ */

/* Whether there is room for so many, beside what others hold. One who is alone has room for whatever may be sent. */
static bool has_room(const struct transfer *transfer, size_t bytes)
{
    struct http_server *server = transfer->loop->server;
    size_t others = atomic_load_explicit(&server->pending, memory_order_relaxed) - transfer->pending;
    size_t most = server->options.max_pending_bytes;
    return most == 0 || others == 0 || others + bytes <= most;
}

void pending_set(struct transfer *transfer, size_t bytes)
{
    if (bytes != transfer->pending) {
        atomic_fetch_add_explicit(&transfer->loop->server->pending, bytes - transfer->pending, memory_order_relaxed);
        metric_add(METRIC_PENDING_BYTES, (int64_t)bytes - (int64_t)transfer->pending);
        transfer->pending = bytes;
    }
}

bool pending_ask(struct transfer *transfer, size_t bytes)
{
    bool room = has_room(transfer, bytes);
    if (room && bytes > transfer->pending) {
        pending_set(transfer, bytes);
    }
    return room;
}

/* A short reply leaves at once, whatever was needed to make it. */
bool pending_reply(struct transfer *transfer)
{
    const struct exchange *exchange = &transfer->exchange;
    enum method method = exchange->request.method;
    size_t held = arena_held(&exchange->arena);
    if (held <= UNCOUNTED || held <= transfer->pending) {
        return true;
    }
    bool only_read = (method == METHOD_GET || method == METHOD_HEAD) && transfer->answered;
    if (only_read && exchange->reply.body.length > UNCOUNTED && !has_room(transfer, held)) {
        return false;
    }
    pending_set(transfer, held);
    return true;
}

static bool is_pressed(const struct loop *loop)
{
    struct http_server *server = loop->server;
    size_t most = server->options.max_pending_bytes;
    return most > 0 && atomic_load_explicit(&server->pending, memory_order_relaxed) > most / 2;
}

/* ---- replies that nobody takes ----------------------------------------------------------------------------------------- */

/* The bytes that the peer's system has confirmed, on the whole connection. False: it cannot be told. */
static bool bytes_taken(const struct peer *peer, uint64_t *taken)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(peer->socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked) {
        return false;
    }
    *taken = info.tcpi_bytes_acked;
    return true;
}

/* The first look, a moment after the reply began, only notes where it stands. */
static bool is_too_slow(struct peer *peer, int64_t now)
{
    uint64_t taken;
    bool pressed = is_pressed(peer->loop);
    int64_t seconds = peer->loop->server->options.send_seconds;
    if (seconds == 0 || !bytes_taken(peer, &taken)) {
        return false;
    }
    if (peer->looked_at == 0) {
        peer->looked_at = now;
        peer->taken = taken;
        return false;
    }
    int64_t elapsed = now - peer->looked_at;
    if (elapsed < (pressed && seconds > PRESSED_SECONDS ? PRESSED_SECONDS : seconds) * SECOND) {
        return false;
    }
    double least = (double)elapsed / (double)SECOND * (pressed ? PRESSED_RATE : LEAST_RATE);
    bool slow = (double)(taken - peer->taken) < least;
    if (elapsed >= seconds * SECOND) {
        peer->looked_at = now;
        peer->taken = taken;
    }
    return slow;
}

/* What the system still holds for it goes at once, too. */
static void cut_off(struct peer *peer)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(peer->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    hang_up(peer);
    metric_add(METRIC_REFUSED_SLOW_READER, 1);
}

void look_at_readers(struct loop *loop, int64_t now)
{
    const struct queue *sending = &loop->peers[PHASE_SENDING];
    while (sending->first != NULL && sending->first->deadline <= now) {
        struct peer *peer = sending->first;
        if (is_too_slow(peer, now)) {
            cut_off(peer);
        } else {
            peer_enter(peer, PHASE_SENDING, now);
        }
    }
}

/* ---- room for others --------------------------------------------------------------------------------------------------- */

/* When nine of ten places are taken. */
bool is_crowded(const struct loop *loop)
{
    return loop->connections_most > 0 && loop->connections * 10 >= loop->connections_most * 9;
}

static bool has_unread(const struct peer *peer)
{
    int unread = 0;
    return ioctl(peer->socket, FIONREAD, &unread) == 0 && unread > 0;
}

size_t hang_up_on_idle(struct loop *loop, int64_t before, size_t most)
{
    size_t count = 0;
    struct peer *next;
    for (struct peer *peer = loop->peers[PHASE_WAITING].first; peer != NULL && peer->since <= before && count < most;
         peer = next) {
        next = peer->next;
        if (!has_unread(peer)) {
            hang_up(peer);
            count++;
        }
    }
    return count;
}

static size_t hang_up_on_receiving(struct loop *loop, int64_t now, size_t most)
{
    size_t count = 0;
    int64_t before = now - CROWDED_HEADERS * MILLISECOND;
    struct peer *next;
    for (struct peer *peer = loop->peers[PHASE_RECEIVING].first; peer != NULL && peer->since <= before && count < most;
         peer = next) {
        next = peer->next;
        if (!peer->transfer->begun || peer->since <= now - CROWDED_BODY * MILLISECOND) {
            hang_up_on_slow_request(peer);
            count++;
        }
    }
    return count;
}

void make_room(struct loop *loop, int64_t now)
{
    if (!is_crowded(loop)) {
        return;
    }
    size_t most = loop->connections - loop->connections_most * 4 / 5;
    size_t slow = hang_up_on_receiving(loop, now, most);
    size_t idle = hang_up_on_idle(loop, now - CROWDED_WAITING * MILLISECOND, most - slow);
    metric_add(METRIC_REFUSED_CROWDED, (int64_t)(slow + idle));
}
