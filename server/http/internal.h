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

/* ---- forwarded.c */

/* Finds out whose it is behind trusted proxies; `client` and `address` are the peer's before. */
void request_find_client(struct request *request, const struct networks *trusted);

/* ---- compress.c: gzip and zstd */

enum coding { CODING_NONE, CODING_GZIP, CODING_ZSTD, CODING_COUNT };

/* The state of one stream of bytes at a time; to be used again, since making one costs more than most bodies. */
struct compressor *compressor_open(enum coding coding);
void compressor_close(struct compressor *compressor);
void compress_start(struct compressor *compressor, size_t length); /* SIZE_MAX: not known */
/* What is compressed so far can be read to its last byte; after the last piece the frame is closed. */
void compress_add(struct compressor *compressor, struct slice text, bool last, struct buffer *out);

enum expansion { EXPANSION_WHOLE, EXPANSION_TOO_LONG, EXPANSION_BROKEN };
enum expansion expand(enum coding coding, struct slice body, size_t most, struct buffer *out);

/* ---- coding.c */

/* What an entity tag of a representation in that coding ends in: "", "-gz", "-zst". */
const char *coding_suffix(enum coding coding);

/* The coding of the request's body; false for one that is not known here. */
bool body_coding(const struct request *request, enum coding *coding);

/* ---- negotiate.c */

/* The coding that suits the request's Accept-Encoding best, and whether one is acceptable at all (RFC 9110 §12.5.3). */
enum coding request_coding(const struct request *request);
bool accepts_coding(const struct request *request, enum coding coding);

/* ---- condition.c */

/* The coding of the representation that If-None-Match names. */
enum coding condition_coding(const struct request *request, struct slice etag);

/* ---- reply.c */

/* Nanoseconds as milliseconds with three decimals. */
void add_milliseconds(struct buffer *out, int64_t nanoseconds);

/* How many bytes of the body go over the wire: none for HEAD, 204 and 304. */
size_t reply_bytes(const struct request *request, const struct reply *reply);

/* ---- account.c */

/* One finished request, of whose reply's body `bytes` were sent: into the metrics and, where it is wanted, the log. */
void account(const struct exchange *exchange, size_t bytes);

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
