/* Kept-alive connections of raw bytes, for tests with hundreds of them or with threads: nothing here touches Criterion or the
 * test's arena, so any thread may use a connection of its own.
 *
 *     struct wire wire;
 *     wire_open(&wire);
 *     wire_send(&wire, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
 *     int status = wire_receive(&wire, 2000);
 *     … wire.body, until the next wire_receive() or wire_take() …
 *     wire_close(&wire); */
#ifndef READOUT_TESTS_SUPPORT_WIRE_H
#define READOUT_TESTS_SUPPORT_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "readout/slice.h"

enum { WIRE_ANSWER_MAX = 32768, WIRE_NOT_YET = 0, WIRE_ENDED = -1 };

struct wire {
    int socket;
    struct slice body; /* of the latest whole answer */
    size_t length;     /* bytes held */
    size_t taken;      /* of these, the ones of the latest answer */
    char bytes[WIRE_ANSWER_MAX];
};

/* Connects to the test's server. False: refused. */
bool wire_open(struct wire *wire);
/* The same from another address of this machine, such as "127.0.0.2". */
bool wire_open_from(struct wire *wire, const char *from);
void wire_close(struct wire *wire);

/* Sends bytes from a format; false when the connection has ended. */
bool wire_send(struct wire *wire, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One JSON request, body with " as it is; "" sends none. */
bool wire_ask(struct wire *wire, const char *method, const char *path, const char *body);

/* Reads what has come, without waiting: the status of a whole answer (its length known by Content-Length), WIRE_NOT_YET, or
 * WIRE_ENDED when the connection has ended or the answer is too long. */
int wire_take(struct wire *wire);
/* The same, waiting for as long as that. */
int wire_receive(struct wire *wire, int milliseconds);

#endif
