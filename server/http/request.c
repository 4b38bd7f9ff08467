/* From the bytes of a request to what handlers ask about: its method, its target's parts, its headers, its identity. */
#include <string.h>

#include "internal.h"
#include "readout/digest.h"
#include "readout/utf8.h"

static const char *const method_names[] = {"GET",    "HEAD",    "POST",  "PUT",     "PATCH",
                                           "DELETE", "OPTIONS", "TRACE", "CONNECT", "OTHER"};

enum method method_of(struct slice name)
{
    for (enum method method = METHOD_GET; method < METHOD_OTHER; method++) {
        if (slice_is(name, method_names[method])) {
            return method;
        }
    }
    return METHOD_OTHER;
}

const char *method_name(enum method method)
{
    return method_names[method];
}

struct slice request_header(const struct request *request, const char *name)
{
    struct slice wanted = slice_of(name);
    for (size_t i = 0; i < request->header_count; i++) {
        if (slice_equal_fold(request->headers[i].name, wanted)) {
            return request->headers[i].value;
        }
    }
    return NO_SLICE;
}

bool list_next(struct slice *rest, struct slice *element)
{
    while (rest->data != NULL) {
        bool quoted = false;
        size_t length = 0;
        while (length < rest->length && (quoted || rest->data[length] != ',')) {
            if (quoted && rest->data[length] == '\\' && length + 1 < rest->length) {
                length++;
            } else if (rest->data[length] == '"') {
                quoted = !quoted;
            }
            length++;
        }
        *element = slice_trim((struct slice){rest->data, length});
        *rest = length < rest->length ? (struct slice){rest->data + length + 1, rest->length - length - 1} : NO_SLICE;
        if (element->length > 0) {
            return true;
        }
    }
    return false;
}

/* ---- percent-encoding -------------------------------------------------------------------------------------------------- */

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    if (byte >= 'a' && byte <= 'f') {
        return byte - 'a' + 10;
    }
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static bool is_text(struct slice text)
{
    return memchr(text.data, '\0', text.length) == NULL && utf8_valid(text);
}

static struct slice decode(struct arena *arena, struct slice text, bool plus_is_space)
{
    bool encoded = memchr(text.data, '%', text.length) != NULL;
    if (!encoded && !(plus_is_space && memchr(text.data, '+', text.length) != NULL)) {
        return is_text(text) ? text : NO_SLICE;
    }
    char *out = arena_alloc(arena, text.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (byte == '%') {
            int high = i + 2 < text.length ? hex_digit(text.data[i + 1]) : -1;
            int low = i + 2 < text.length ? hex_digit(text.data[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return NO_SLICE;
            }
            byte = (char)(high * 16 + low);
            i += 2;
        } else if (byte == '+' && plus_is_space) {
            byte = ' ';
        }
        out[length++] = byte;
    }
    out[length] = '\0';
    struct slice decoded = {out, length};
    return is_text(decoded) ? decoded : NO_SLICE;
}

struct slice uri_decode(struct arena *arena, struct slice text)
{
    return text.data == NULL ? NO_SLICE : decode(arena, text, false);
}

bool request_query(struct arena *arena, struct slice *rest, struct query_item *item)
{
    struct slice pair = NO_SLICE;
    while (pair.length == 0) {
        if (rest->data == NULL) {
            return false;
        }
        pair = slice_cut(rest, '&');
    }
    struct slice value = pair;
    struct slice name = slice_cut(&value, '=');
    item->name = decode(arena, name, true);
    item->value = value.data == NULL ? SLICE("") : decode(arena, value, true);
    if (item->name.data == NULL || item->value.data == NULL) {
        *item = (struct query_item){NO_SLICE, NO_SLICE};
    }
    return true;
}

static bool is_visible(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] <= ' ' || text.data[i] > '~') {
            return false;
        }
    }
    return true;
}

struct slice uri_printable(struct arena *arena, struct slice text)
{
    if (is_visible(text)) {
        return text;
    }
    struct buffer out = buffer_in(arena, text.length * 3);
    for (size_t i = 0; i < text.length; i++) {
        struct slice byte = {text.data + i, 1};
        if (is_visible(byte)) {
            buffer_add_slice(&out, byte);
        } else {
            buffer_add_uri(&out, byte);
        }
    }
    return buffer_slice(&out);
}

/* ---- identity ---------------------------------------------------------------------------------------------------------- */

/* The next number of a sequence that never repeats within a thread (SplitMix64). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

/* 32 hex digits that nobody else makes. Each thread asks the kernel for randomness once. */
static struct slice make_identity(struct arena *arena)
{
    static _Thread_local bool seeded;
    static _Thread_local uint64_t states[2];
    if (!seeded) {
        digest_random((uint8_t *)states, sizeof states);
        seeded = true;
    }
    char *text = arena_alloc(arena, 33);
    for (int half = 0; half < 2; half++) {
        uint64_t number = next_random(&states[half]);
        for (int i = 15; i >= 0; i--, number >>= 4) {
            text[half * 16 + i] = "0123456789abcdef"[number & 15];
        }
    }
    text[32] = '\0';
    return (struct slice){text, 32};
}

/* Whether the text is lower-case hex and not all zeros. */
static bool is_hex_identity(const char *text, size_t length)
{
    bool zero = true;
    for (size_t i = 0; i < length; i++) {
        if (hex_digit(text[i]) < 0 || (text[i] >= 'A' && text[i] <= 'F')) {
            return false;
        }
        zero = zero && text[i] == '0';
    }
    return !zero;
}

/* traceparent = version "-" trace-id "-" parent-id "-" flags (W3C Trace Context §3.2); later versions may append "-…". */
static struct slice trace_of(struct slice traceparent)
{
    const char *text = traceparent.data;
    if (traceparent.length < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') {
        return NO_SLICE;
    }
    bool first_version = memcmp(text, "00", 2) == 0;
    if (!first_version && (!is_hex_identity(text, 2) || memcmp(text, "ff", 2) == 0)) {
        return NO_SLICE;
    }
    if (traceparent.length > 55 && (first_version || text[55] != '-')) {
        return NO_SLICE;
    }
    bool flags = memcmp(text + 53, "00", 2) == 0 || is_hex_identity(text + 53, 2);
    return flags && is_hex_identity(text + 3, 32) && is_hex_identity(text + 36, 16) ? (struct slice){text + 3, 32} : NO_SLICE;
}

static bool is_plausible_host(struct slice host)
{
    for (size_t i = 0; i < host.length; i++) {
        char byte = host.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!letter && !(byte >= '0' && byte <= '9') && memchr(".-:[]", byte, 5) == NULL) {
            return false;
        }
    }
    return host.length > 0 && host.length <= 255;
}

static struct slice origin_of(const struct request *request, struct slice public_url, struct slice host)
{
    if (public_url.data != NULL) {
        while (slice_ends(public_url, "/")) {
            public_url.length--;
        }
        return public_url;
    }
    if (!is_plausible_host(host)) {
        return SLICE("");
    }
    struct slice scheme = request->secure ? SLICE("https://") : SLICE("http://");
    char *text = arena_alloc(request->arena, scheme.length + host.length + 1);
    memcpy(text, scheme.data, scheme.length);
    memcpy(text + scheme.length, host.data, host.length);
    text[scheme.length + host.length] = '\0';
    return (struct slice){text, scheme.length + host.length};
}

/* A target may also be in absolute form (RFC 9112 §3.2.2); its scheme and authority say nothing that Host does not. */
static struct slice origin_form(struct slice target)
{
    bool plain = slice_starts(target, "http://");
    if (!plain && !slice_starts(target, "https://")) {
        return target;
    }
    size_t scheme = plain ? 7 : 8;
    struct slice rest = {target.data + scheme, target.length - scheme};
    for (size_t i = 0; i < rest.length; i++) {
        if (rest.data[i] == '/') {
            return (struct slice){rest.data + i, rest.length - i};
        }
    }
    return SLICE("/");
}

void request_prepare(struct request *request, struct slice public_url)
{
    request->query = origin_form(request->target);
    request->path = slice_cut(&request->query, '?');
    struct slice id = request_header(request, "X-Request-Id");
    request->trace = trace_of(request_header(request, "traceparent"));
    struct slice made = NO_SLICE;
    if (id.length == 0 || id.length > 128 || !is_visible(id)) {
        request->id = made = make_identity(request->arena);
    } else {
        request->id = id;
    }
    if (request->trace.data == NULL) {
        request->trace = made.data != NULL ? made : make_identity(request->arena);
    }
    request->origin = origin_of(request, public_url, request_header(request, "Host"));
}
