#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "bench.h"

enum { FETCH_SECONDS = 30, FETCH_BYTES = 16384 };

static bool note_header(struct message *message, struct slice line, bool *sized)
{
    struct slice value = line, name = slice_cut(&value, ':');
    value = slice_trim(value);
    long long length;
    if (slice_equal_fold(name, SLICE("Content-Length"))) {
        if (!slice_to_int(value, &length) || length < 0)
            return false;
        message->length = (size_t)length;
        *sized = true;
    } else if (slice_equal_fold(name, SLICE("Content-Type"))) {
        message->type = value;
    } else if (slice_equal_fold(name, SLICE("ETag"))) {
        message->etag = value;
    } else if (slice_equal_fold(name, SLICE("Transfer-Encoding"))) {
        return false;
    }
    return true;
}

bool message_head(struct slice bytes, struct message *message)
{
    *message = (struct message){0};
    const char *end = memmem(bytes.data, bytes.length, "\r\n\r\n", 4);
    if (end == NULL)
        return true;
    struct slice rest = {bytes.data, (size_t)(end - bytes.data)};
    struct slice line = slice_cut(&rest, '\n');
    long long status;
    if (!slice_starts(line, "HTTP/1.1 ") || line.length < 12 || !slice_to_int((struct slice){line.data + 9, 3}, &status))
        return false;

    bool sized = false;
    while (rest.data != NULL) {
        line = slice_cut(&rest, '\n');
        if (line.length > 0 && line.data[line.length - 1] == '\r')
            line.length--;
        if (!note_header(message, line, &sized))
            return false;
    }
    message->head = (size_t)(end - bytes.data) + 4;
    message->status = (int)status;
    if (status == 304 || status == 204)
        message->length = 0;
    else if (!sized)
        return false;
    return true;
}

int message_connect(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    struct timeval patience = {.tv_sec = FETCH_SECONDS};
    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0)
        give_up("no connection to port %u: %s", (unsigned)port, strerror(errno));
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return connection;
}

struct message message_fetch(struct arena *arena, int connection, struct slice request)
{
    if (send(connection, request.data, request.length, MSG_NOSIGNAL) != (ssize_t)request.length)
        give_up("a request could not be sent: %s", strerror(errno));
    struct buffer bytes = buffer_in(arena, FETCH_BYTES);
    struct message message = {0};
    while (message.head == 0 || bytes.length < message.head + message.length) {
        char part[FETCH_BYTES];
        ssize_t count = recv(connection, part, sizeof part, 0);
        if (count <= 0) {
            struct slice target = slice_cut(&request, '\r');
            give_up("no whole reply to: %.*s", SLICE_ARGS(target));
        }
        buffer_add(&bytes, part, (size_t)count);
        if (!message_head(buffer_slice(&bytes), &message))
            give_up("a reply that is not understood: %.*s", SLICE_ARGS(buffer_slice(&bytes)));
    }
    message.body = (struct slice){bytes.data + message.head, message.length};
    return message;
}
