/* Bytes that grow, in an arena: what replies are written into.
 *
 *     struct buffer out = buffer_in(&arena, 4096);
 *     buffer_add_text(&out, "{\"items\":[");
 *     buffer_slice(&out)                    valid until the next addition
 */
#ifndef READOUT_BUFFER_H
#define READOUT_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/slice.h"

struct buffer {
    struct arena *arena;
    char *data;
    size_t length, capacity;
};

struct buffer buffer_in(struct arena *arena, size_t capacity);
void buffer_add(struct buffer *buffer, const char *data, size_t length);
void buffer_add_slice(struct buffer *buffer, struct slice slice);
void buffer_add_text(struct buffer *buffer, const char *string);
void buffer_add_byte(struct buffer *buffer, char byte);
void buffer_add_int(struct buffer *buffer, int64_t number);
void buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The slice as a JSON string with its quotation marks (RFC 8259 §7): escapes `"`, `\` and control characters, leaves the rest as
 * it is. NO_SLICE gives null. */
void buffer_add_json(struct buffer *buffer, struct slice slice);

/* The slice percent-encoded for a URI's path segment or query value (RFC 3986: all but unreserved characters). */
void buffer_add_uri(struct buffer *buffer, struct slice slice);

/* The slice with & < > " ' as entities, for HTML text and attribute values. */
void buffer_add_html(struct buffer *buffer, struct slice slice);

struct slice buffer_slice(const struct buffer *buffer);

#endif
