/* What the files of this room share, and no other room sees. */
#ifndef READOUT_HTTP_INTERNAL_H
#define READOUT_HTTP_INTERNAL_H

#include <sys/socket.h>

#include "readout/http.h"

/* ---- request.c */

/* The text itself where it is visible ASCII, else a copy with its other bytes percent-encoded: for JSON and the log. */
struct slice uri_printable(struct arena *arena, struct slice text);

/* Cuts the next element off a header's list (RFC 9110 §5.6.1), skipping empty ones and leaving commas in quoted strings alone;
 * false at the end. */
bool list_next(struct slice *rest, struct slice *element);

/* ---- reply.c */

/* Nanoseconds as milliseconds with three decimals. */
void add_milliseconds(struct buffer *out, int64_t nanoseconds);

/* How many bytes of the body go over the wire: none for HEAD, 204 and 304. */
size_t reply_bytes(const struct request *request, const struct reply *reply);

/* ---- account.c */

/* One finished request: into the metrics and, where it is wanted, the log. */
void account(const struct exchange *exchange);

/* ---- listen.c */

/* A listening socket on "host:port", or -1. */
int listen_on(struct slice address, struct error *error);
/* The socket that was handed over, made fit for the loops, or -1. */
int listen_inherited(int socket, struct error *error);
/* The address a socket is bound to, "127.0.0.1:8080", into at least 64 bytes. */
void listen_address(int socket, char *address);
/* A peer's address without its port, into at least 64 bytes. */
void peer_address(const struct sockaddr *peer, char *address);

#endif
