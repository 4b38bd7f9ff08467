/* The listening socket: one for all loops, so that a second server on the same port is refused by the system. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

enum { BACKLOG = 1024, ADDRESS_SIZE = 64 };

/* "127.0.0.1:8080" or "[::1]:8080" into two strings; false when there is no port or something does not fit. */
static bool split_address(struct slice address, char host[static 256], char port[static 8])
{
    size_t colon = address.length;
    while (colon > 0 && address.data[colon - 1] != ':') {
        colon--;
    }
    long long number;
    struct slice digits = {address.data + colon, address.length - colon};
    if (colon < 2 || !slice_to_int(digits, &number) || number < 0 || number > 65535) {
        return false;
    }
    struct slice name = {address.data, colon - 1};
    if (name.data[0] == '[') {
        if (name.length < 3 || name.data[name.length - 1] != ']') {
            return false;
        }
        name = (struct slice){name.data + 1, name.length - 2};
    }
    if (name.length >= 256) {
        return false;
    }
    snprintf(host, 256, "%.*s", SLICE_ARGS(name));
    snprintf(port, 8, "%d", (int)number);
    return true;
}

static int open_socket(const struct addrinfo *where)
{
    int listening = socket(where->ai_family, where->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, where->ai_protocol);
    if (listening < 0) {
        return -1;
    }
    int on = 1, off = 0;
    bool set = setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
    if (where->ai_family == AF_INET6) {
        set = set && setsockopt(listening, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0;
    }
    if (!set || bind(listening, where->ai_addr, where->ai_addrlen) != 0 || listen(listening, BACKLOG) != 0) {
        int reason = errno;
        close(listening);
        errno = reason;
        return -1;
    }
    return listening;
}

int listen_on(struct slice address, struct error *error)
{
    char host[256], port[8];
    if (!split_address(address, host, port)) {
        fail(error, ERROR_INVALID,
             "cannot listen on %.*s: an address and a port are needed, such as 127.0.0.1:8080 or [::1]:8080",
             SLICE_ARGS(address));
        return -1;
    }
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM}, *found;
    int failure = getaddrinfo(host, port, &hints, &found);
    if (failure != 0) {
        fail(error, ERROR_INVALID, "cannot listen on %.*s: %s", SLICE_ARGS(address), gai_strerror(failure));
        return -1;
    }
    int listening = open_socket(found);
    int reason = errno;
    freeaddrinfo(found);
    if (listening < 0 && reason == EADDRINUSE) {
        fail(error, ERROR_CONFLICT, "cannot listen on %.*s: another program already does; stop it or choose another port",
             SLICE_ARGS(address));
    } else if (listening < 0) {
        fail(error, ERROR_FAULT, "cannot listen on %.*s: %s", SLICE_ARGS(address), strerror(reason));
    }
    return listening;
}

int listen_inherited(int inherited, struct error *error)
{
    int listening = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(inherited, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || !listening) {
        fail(error, ERROR_INVALID, "the inherited file descriptor %d is not a listening socket", inherited);
        return -1;
    }
    int flags = fcntl(inherited, F_GETFL);
    if (flags < 0 || fcntl(inherited, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(inherited, F_SETFD, FD_CLOEXEC) != 0) {
        fail(error, ERROR_FAULT, "the inherited socket %d cannot be made non-blocking: %s", inherited, strerror(errno));
        return -1;
    }
    return inherited;
}

void peer_address(const struct sockaddr *peer, char *address)
{
    const void *number = NULL;
    if (peer != NULL && peer->sa_family == AF_INET) {
        number = &((const struct sockaddr_in *)(const void *)peer)->sin_addr;
    } else if (peer != NULL && peer->sa_family == AF_INET6) {
        number = &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr;
    }
    if (number == NULL || inet_ntop(peer->sa_family, number, address, ADDRESS_SIZE) == NULL) {
        snprintf(address, ADDRESS_SIZE, "%s", peer != NULL && peer->sa_family == AF_UNIX ? "unix" : "unknown");
    }
}

void listen_address(int socket, char *address)
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;
    char host[ADDRESS_SIZE];
    getsockname(socket, (struct sockaddr *)&bound, &size);
    peer_address((struct sockaddr *)&bound, host);
    if (bound.ss_family == AF_INET6) {
        int port = ntohs(((struct sockaddr_in6 *)(void *)&bound)->sin6_port);
        snprintf(address, ADDRESS_SIZE, "[%.46s]:%d", host, port);
    } else if (bound.ss_family == AF_INET) {
        int port = ntohs(((struct sockaddr_in *)(void *)&bound)->sin_port);
        snprintf(address, ADDRESS_SIZE, "%.46s:%d", host, port);
    } else {
        snprintf(address, ADDRESS_SIZE, "%s", host);
    }
}
