/* Content codings: which one a reply is sent in, what that changes in it, and the reading of bodies that come in one. */
#include <assert.h>
#include <string.h>

#include "loop.h"

enum { WORTH_CODING = 1024 }; /* bytes of a body; less is sent as it is */
static_assert((int)REPLY_CODINGS >= (int)CODING_COUNT, "a kept reply has room for each coding");

struct coding_names {
    const char *name, *suffix;
};

static const struct coding_names codings[CODING_COUNT] = {
    [CODING_NONE] = {"identity", ""},
    [CODING_GZIP] = {"gzip", "-gz"},
    [CODING_ZSTD] = {"zstd", "-zst"},
};

const char *coding_suffix(enum coding coding)
{
    return codings[coding].suffix;
}

/* ---- compressors ------------------------------------------------------------------------------------------------------- */

struct compressor *take_compressor(struct loop *loop, enum coding coding)
{
    struct spare_compressors *spare = &loop->compressors[coding];
    return spare->count > 0 ? spare->items[--spare->count] : compressor_open(coding);
}

void give_compressor(struct loop *loop, enum coding coding, struct compressor *compressor)
{
    struct spare_compressors *spare = &loop->compressors[coding];
    if (spare->count == sizeof spare->items / sizeof *spare->items) {
        compressor_close(compressor);
    } else {
        spare->items[spare->count++] = compressor;
    }
}

void free_compressors(struct loop *loop)
{
    for (enum coding coding = CODING_NONE; coding < CODING_COUNT; coding++) {
        struct spare_compressors *spare = &loop->compressors[coding];
        while (spare->count > 0) {
            compressor_close(spare->items[--spare->count]);
        }
    }
}

/* ---- replies ----------------------------------------------------------------------------------------------------------- */

/* Types whose bodies are text. Events are for reading at once, and small. */
static bool type_shrinks(struct slice type)
{
    static const char *const names[] = {"application/json", "application/x-ndjson",   "application/xml",    "application/yaml",
                                        "application/sql",  "application/javascript", "application/ndjson", "image/svg+xml"};
    struct slice plain = slice_trim(slice_cut(&type, ';'));
    if (slice_starts(plain, "text/")) {
        return !type_is(plain, "text/event-stream");
    }
    if (slice_ends(plain, "+json") || slice_ends(plain, "+xml") || slice_ends(plain, "+yaml")) {
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (type_is(plain, names[i])) {
            return true;
        }
    }
    return false;
}

static bool worth_coding(const struct reply *reply)
{
    if (reply->status == 204 || reply->type.data == NULL || reply->header_count == REPLY_HEADERS_MAX) {
        return false;
    }
    return (reply->stream != NULL || reply->body.length >= WORTH_CODING) && type_shrinks(reply->type);
}

/* "c17-5-gz" of "c17-5": each coding is a representation of its own (RFC 9110 §8.8.3.3). */
static struct slice coded_tag(struct arena *arena, struct slice tag, enum coding coding)
{
    if (tag.length < 2) {
        return tag;
    }
    struct slice open = {tag.data, tag.length - 1};
    return slice_of(arena_print(arena, "%.*s%s\"", SLICE_ARGS(open), coding_suffix(coding)));
}

static void keep_nothing(struct coded_bodies *coded, size_t which, struct slice body)
{
    (void)coded;
    (void)which;
    (void)body;
}

struct coded_bodies coded_gzip(struct slice body)
{
    return (struct coded_bodies){.body = {[CODING_GZIP] = body}, .keep = keep_nothing};
}

/* What the client likes best, but sooner what it also takes and is ready. */
static enum coding coding_for(const struct request *request, const struct coded_bodies *coded)
{
    enum coding wanted = request_coding(request);
    if (coded == NULL || wanted == CODING_NONE || coded->body[wanted].data != NULL) {
        return wanted;
    }
    for (enum coding coding = CODING_GZIP; coding < CODING_COUNT; coding++) {
        if (coded->body[coding].data != NULL && accepts_coding(request, coding)) {
            return coding;
        }
    }
    return wanted;
}

static struct slice coded_body(struct transfer *transfer, enum coding coding)
{
    struct slice body = transfer->exchange.reply.body;
    struct coded_bodies *coded = transfer->exchange.reply.coded;
    if (coded != NULL && coded->body[coding].data != NULL) {
        return coded->body[coding];
    }
    struct buffer out = buffer_in(&transfer->exchange.arena, body.length / 2 + 64);
    struct compressor *compressor = take_compressor(transfer->loop, coding);
    compress_start(compressor, body.length);
    compress_add(compressor, body, true, &out);
    give_compressor(transfer->loop, coding, compressor);
    if (coded != NULL) {
        coded->keep(coded, coding, buffer_slice(&out));
    }
    return buffer_slice(&out);
}

/* The service's reply is left as it is: it may be looked at again, or be kept and sent to others. */
static struct reply *copy_of(const struct reply *reply, struct arena *arena)
{
    struct reply *copy = arena_alloc(arena, sizeof *copy);
    *copy = *reply;
    return copy;
}

/* The client has a representation in some coding, and hears of that one; how long that would be is not worth finding out. */
static const struct reply *not_modified(const struct exchange *exchange)
{
    const struct reply *reply = &exchange->reply;
    enum coding coding = condition_coding(&exchange->request, reply->etag);
    if (coding == CODING_NONE) {
        return reply;
    }
    struct reply *coded = copy_of(reply, exchange->request.arena);
    coded->etag = coded_tag(exchange->request.arena, reply->etag, coding);
    coded->body = NO_SLICE;
    return coded;
}

const struct reply *encode_reply(struct transfer *transfer, enum coding *coding)
{
    const struct exchange *exchange = &transfer->exchange;
    const struct reply *reply = &exchange->reply;
    *coding = CODING_NONE;
    if (reply->status == 304) {
        return not_modified(exchange);
    }
    enum coding wanted = worth_coding(reply) ? coding_for(&exchange->request, reply->coded) : CODING_NONE;
    if (wanted == CODING_NONE) {
        return reply;
    }
    struct reply *coded = copy_of(reply, exchange->request.arena);
    if (reply->stream == NULL) {
        coded->body = coded_body(transfer, wanted);
        if (coded->body.length >= reply->body.length) {
            return reply;
        }
    }
    *coding = wanted;
    coded->etag = coded_tag(exchange->request.arena, reply->etag, wanted);
    reply_header(coded, "Content-Encoding", slice_of(codings[wanted].name));
    return coded;
}

/* ---- requests ---------------------------------------------------------------------------------------------------------- */

bool body_coding(const struct request *request, enum coding *coding)
{
    struct slice name = request_header(request, "Content-Encoding");
    *coding = CODING_NONE;
    if (name.data == NULL) {
        return true;
    }
    if (slice_equal_fold(name, SLICE("x-gzip"))) {
        name = SLICE("gzip");
    }
    for (enum coding known = CODING_NONE; known < CODING_COUNT; known++) {
        if (slice_equal_fold(name, slice_of(codings[known].name))) {
            *coding = known;
            return true;
        }
    }
    return false;
}

enum expansion decode_body(struct transfer *transfer)
{
    struct request *request = &transfer->exchange.request;
    enum coding coding;
    if (request->body.length == 0 || !body_coding(request, &coding) || coding == CODING_NONE) {
        return EXPANSION_WHOLE;
    }
    size_t most = transfer->loop->server->options.max_body;
    struct buffer out = buffer_in(&transfer->exchange.arena, 0);
    enum expansion expansion = expand(coding, request->body, most, &out);
    request->body = out.length > 0 ? buffer_slice(&out) : NO_SLICE;
    return expansion;
}
