#include "readout/buffer.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "readout/error.h"

/* Room for `more` bytes behind what is there. */
static char *room(struct buffer *buffer, size_t more)
{
    if (buffer->capacity - buffer->length < more) {
        size_t wanted = buffer->capacity * 2;
        if (wanted < buffer->length + more)
            wanted = buffer->length + more;
        buffer->data = arena_grow(buffer->arena, buffer->data, buffer->capacity, wanted);
        buffer->capacity = wanted;
    }
    return buffer->data + buffer->length;
}

struct buffer buffer_in(struct arena *arena, size_t capacity)
{
    return (struct buffer){.arena = arena, .data = arena_alloc(arena, capacity), .capacity = capacity};
}

void buffer_add(struct buffer *buffer, const char *data, size_t length)
{
    if (length == 0)
        return;
    memcpy(room(buffer, length), data, length);
    buffer->length += length;
}

void buffer_add_slice(struct buffer *buffer, struct slice slice)
{
    buffer_add(buffer, slice.data, slice.length);
}

void buffer_add_text(struct buffer *buffer, const char *string)
{
    buffer_add(buffer, string, strlen(string));
}

void buffer_add_byte(struct buffer *buffer, char byte)
{
    *room(buffer, 1) = byte;
    buffer->length++;
}

void buffer_add_int(struct buffer *buffer, int64_t number)
{
    char digits[20];
    size_t first = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--first] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--first] = '-';
    buffer_add(buffer, digits + first, sizeof digits - first);
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    char *end = room(buffer, 64);
    size_t free_bytes = buffer->capacity - buffer->length;
    int length = vsnprintf(end, free_bytes, format, arguments);
    if (length < 0)
        die("the format \"%s\" cannot be printed", format);
    if ((size_t)length >= free_bytes)
        vsnprintf(room(buffer, (size_t)length + 1), (size_t)length + 1, format, again);
    buffer->length += (size_t)length;
    va_end(again);
    va_end(arguments);
}

/* Where JSON asks for an escape: the control characters, `"` and `\`. */
static bool needs_escape(char byte)
{
    return (unsigned char)byte < 0x20 || byte == '"' || byte == '\\';
}

#define EVERY_BYTE(byte) ((uint64_t)(byte)*0x0101010101010101u)

/* Whether any of eight bytes needs an escape, without looking at them one by one: a byte below n is one whose subtraction borrows
 * into its top bit though the bit was clear, and a byte equals c where their difference is below 1. */
static bool eight_need_escape(const char *data)
{
    uint64_t word;
    memcpy(&word, data, sizeof word);
    uint64_t quotes = word ^ EVERY_BYTE('"'), backslashes = word ^ EVERY_BYTE('\\');
    uint64_t found = ((word - EVERY_BYTE(0x20)) & ~word) | ((quotes - EVERY_BYTE(1)) & ~quotes) |
                     ((backslashes - EVERY_BYTE(1)) & ~backslashes);
    return (found & EVERY_BYTE(0x80)) != 0;
}

/* The length of the run at `data` that JSON takes as it is. */
static size_t ordinary_run(const char *data, size_t length)
{
    size_t run = 0;
    while (length - run >= 8 && !eight_need_escape(data + run))
        run += 8;
    while (run < length && !needs_escape(data[run]))
        run++;
    return run;
}

static size_t write_escape(char *out, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    static const char short_forms[256] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['"'] = '"', ['\\'] = '\\'};
    out[0] = '\\';
    if (short_forms[byte]) {
        out[1] = short_forms[byte];
        return 2;
    }
    memcpy(out + 1, "u00", 3);
    out[4] = hex[byte >> 4];
    out[5] = hex[byte & 15];
    return 6;
}

void buffer_add_json(struct buffer *buffer, struct slice slice)
{
    if (!slice.data) {
        buffer_add(buffer, "null", 4);
        return;
    }
    buffer_add_byte(buffer, '"');
    for (size_t at = 0; at < slice.length;) {
        size_t run = ordinary_run(slice.data + at, slice.length - at);
        char *out = room(buffer, run + 6);
        memcpy(out, slice.data + at, run);
        at += run;
        if (at < slice.length)
            run += write_escape(out + run, (unsigned char)slice.data[at++]);
        buffer->length += run;
    }
    buffer_add_byte(buffer, '"');
}

static bool is_unreserved(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '.' || byte == '_' || byte == '~';
}

void buffer_add_uri(struct buffer *buffer, struct slice slice)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < slice.length; i++) {
        unsigned char byte = (unsigned char)slice.data[i];
        if (is_unreserved(slice.data[i]))
            buffer_add_byte(buffer, slice.data[i]);
        else
            buffer_add(buffer, (char[]){'%', hex[byte >> 4], hex[byte & 15]}, 3);
    }
}

static const char *entity(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void buffer_add_html(struct buffer *buffer, struct slice slice)
{
    for (size_t i = 0; i < slice.length; i++) {
        const char *replacement = entity(slice.data[i]);
        if (replacement)
            buffer_add_text(buffer, replacement);
        else
            buffer_add_byte(buffer, slice.data[i]);
    }
}

struct slice buffer_slice(const struct buffer *buffer)
{
    return (struct slice){buffer->data, buffer->length};
}
