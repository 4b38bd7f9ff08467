#include "support/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/harness.h"

bool wire_open(struct wire *wire)
{
    return wire_open_from(wire, "127.0.0.1");
}

bool wire_open_from(struct wire *wire, const char *from)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr(from)};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server_port())};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    wire->length = wire->taken = 0;
    wire->body = NO_SLICE;
    wire->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (wire->socket >= 0 && bind(wire->socket, (struct sockaddr *)&own, sizeof(own)) == 0 &&
        connect(wire->socket, (struct sockaddr *)&address, sizeof(address)) == 0)
        return true;
    wire_close(wire);
    return false;
}

void wire_close(struct wire *wire)
{
    if (wire->socket >= 0)
        close(wire->socket);
    wire->socket = -1;
}

static bool send_all(int connection, const char *bytes, size_t length)
{
    while (length) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool wire_send(struct wire *wire, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return false;
    bool sent = send_all(wire->socket, text, (size_t)length);
    free(text);
    return sent;
}

bool wire_ask(struct wire *wire, const char *method, const char *path, const char *body)
{
    if (!*body)
        return wire_send(wire, "%s %s HTTP/1.1\r\nHost: localhost\r\n\r\n", method, path);
    return wire_send(wire, "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                     method, path, strlen(body), body);
}

/* The value of Content-Length; 0 without one. */
static size_t promised(struct slice headers)
{
    while (headers.data) {
        struct slice value = slice_cut(&headers, '\n');
        struct slice name = slice_cut(&value, ':');
        long long length;
        if (slice_ends(value, "\r"))
            value.length--;
        if (slice_equal_fold(name, SLICE("Content-Length")) && slice_to_int(slice_trim(value), &length) && length > 0)
            return (size_t)length;
    }
    return 0;
}

/* The status of the answer that stands first among the bytes, once it is whole. */
static int whole(struct wire *wire)
{
    const char *end = memmem(wire->bytes, wire->length, "\r\n\r\n", 4);
    if (!end)
        return WIRE_NOT_YET;
    size_t headers = (size_t)(end - wire->bytes) + 4;
    size_t body = promised((struct slice){wire->bytes, headers});
    if (wire->length < headers + body)
        return WIRE_NOT_YET;
    wire->body = (struct slice){wire->bytes + headers, body};
    wire->taken = headers + body;
    return headers > 12 ? (int)strtol(wire->bytes + strlen("HTTP/1.1 "), NULL, 10) : WIRE_ENDED;
}

int wire_take(struct wire *wire)
{
    memmove(wire->bytes, wire->bytes + wire->taken, wire->length - wire->taken);
    wire->length -= wire->taken;
    wire->taken = 0;
    int status;
    while ((status = whole(wire)) == WIRE_NOT_YET) {
        size_t room = sizeof(wire->bytes) - wire->length;
        ssize_t got = recv(wire->socket, wire->bytes + wire->length, room, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN)
            return WIRE_NOT_YET;
        if (got <= 0)
            return WIRE_ENDED;
        wire->length += (size_t)got;
    }
    return status;
}

int wire_receive(struct wire *wire, int milliseconds)
{
    struct pollfd ready = {.fd = wire->socket, .events = POLLIN};
    int status;
    while ((status = wire_take(wire)) == WIRE_NOT_YET) {
        if (poll(&ready, 1, milliseconds) <= 0)
            return WIRE_NOT_YET;
    }
    return status;
}
