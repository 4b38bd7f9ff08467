/* gzip (RFC 1952) and zstd (RFC 8878), behind one face; the only file that speaks to zlib and libzstd. */
#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "internal.h"

enum {
    GZIP_LEVEL = 5,
    GZIP_WINDOW = 15 + 16, /* 32 KB, and 16 for gzip's frame rather than zlib's */
    GZIP_MEMORY = 8,
    ZSTD_LEVEL = 3,
    ZSTD_WINDOW_MOST = 23, /* 8 MB, the most that the web's clients are asked for (RFC 9659) */
    ROOM_LEAST = 512,      /* for what comes out */
    EXPANSION_FIRST = 16384,
};

struct compressor {
    enum coding coding;
    z_stream gzip;
    ZSTD_CCtx *zstd;
};

/* ---- compressing ------------------------------------------------------------------------------------------------------- */

struct compressor *compressor_open(enum coding coding)
{
    struct compressor *compressor = calloc(1, sizeof *compressor);
    if (compressor == NULL) {
        die("out of memory");
    }
    compressor->coding = coding;
    if (coding == CODING_ZSTD) {
        compressor->zstd = ZSTD_createCCtx();
        if (compressor->zstd == NULL) {
            die("out of memory");
        }
        ZSTD_CCtx_setParameter(compressor->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
    } else if (deflateInit2(&compressor->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        die("out of memory");
    }
    return compressor;
}

void compressor_close(struct compressor *compressor)
{
    if (compressor->coding == CODING_ZSTD) {
        ZSTD_freeCCtx(compressor->zstd);
    } else {
        deflateEnd(&compressor->gzip);
    }
    free(compressor);
}

static void enlarge(struct buffer *out, size_t capacity)
{
    out->data = arena_grow(out->arena, out->data, out->capacity, capacity);
    out->capacity = capacity;
}

/* Both libraries want at least some room, and tell when they want more. */
static void make_room(struct buffer *out)
{
    if (out->capacity - out->length < ROOM_LEAST) {
        enlarge(out, out->capacity * 2 + ROOM_LEAST);
    }
}

static void add_gzip(struct compressor *compressor, struct slice text, bool last, struct buffer *out)
{
    z_stream *stream = &compressor->gzip;
    stream->next_in = (z_const Bytef *)text.data;
    stream->avail_in = (uInt)text.length;
    int result;
    assert(text.length <= UINT_MAX);
    do {
        make_room(out);
        size_t room = out->capacity - out->length;
        stream->next_out = (Bytef *)out->data + out->length;
        stream->avail_out = (uInt)room;
        result = deflate(stream, last ? Z_FINISH : Z_SYNC_FLUSH);
        out->length += room - stream->avail_out;
    } while (last ? result == Z_OK : stream->avail_out == 0);
    if (last && result != Z_STREAM_END) {
        die("zlib cannot compress: %d", result);
    }
}

static void add_zstd(struct compressor *compressor, struct slice text, bool last, struct buffer *out)
{
    ZSTD_inBuffer input = {text.data, text.length, 0};
    size_t left;
    do {
        make_room(out);
        ZSTD_outBuffer output = {out->data, out->capacity, out->length};
        left = ZSTD_compressStream2(compressor->zstd, &output, &input, last ? ZSTD_e_end : ZSTD_e_flush);
        if (ZSTD_isError(left)) {
            die("libzstd cannot compress: %s", ZSTD_getErrorName(left));
        }
        out->length = output.pos;
    } while (left > 0);
}

void compress_start(struct compressor *compressor, size_t length)
{
    if (compressor->coding == CODING_ZSTD) {
        ZSTD_CCtx_reset(compressor->zstd, ZSTD_reset_session_only);
        ZSTD_CCtx_setPledgedSrcSize(compressor->zstd, length == SIZE_MAX ? ZSTD_CONTENTSIZE_UNKNOWN : length);
    } else {
        deflateReset(&compressor->gzip);
    }
}

void compress_add(struct compressor *compressor, struct slice text, bool last, struct buffer *out)
{
    if (compressor->coding == CODING_ZSTD) {
        add_zstd(compressor, text, last, out);
    } else {
        add_gzip(compressor, text, last, out);
    }
}

/* ---- expanding --------------------------------------------------------------------------------------------------------- */

/* Room for what comes out next, but never for more than one byte beyond `most`. */
static size_t expansion_room(struct buffer *out, size_t most)
{
    if (out->capacity == out->length) {
        size_t wanted = out->length < EXPANSION_FIRST ? EXPANSION_FIRST : out->length * 2;
        enlarge(out, wanted <= most ? wanted : most + 1);
    }
    return out->capacity - out->length;
}

/* A body may be several gzip members, one after the other. */
static enum expansion expand_gzip(struct slice body, size_t most, struct buffer *out)
{
    z_stream stream = {.next_in = (z_const Bytef *)body.data, .avail_in = (uInt)body.length};
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
        die("out of memory");
    }
    int result = Z_OK;
    while (result == Z_OK && out->length <= most) {
        size_t room = expansion_room(out, most);
        stream.next_out = (Bytef *)out->data + out->length;
        stream.avail_out = (uInt)room;
        result = inflate(&stream, Z_NO_FLUSH);
        out->length += room - stream.avail_out;
        if (result == Z_STREAM_END && stream.avail_in > 0) {
            result = inflateReset(&stream);
        }
    }
    inflateEnd(&stream);
    return out->length > most ? EXPANSION_TOO_LONG : result == Z_STREAM_END ? EXPANSION_WHOLE : EXPANSION_BROKEN;
}

static enum expansion expand_zstd(struct slice body, size_t most, struct buffer *out)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (context == NULL) {
        die("out of memory");
    }
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZSTD_WINDOW_MOST);
    ZSTD_inBuffer input = {body.data, body.length, 0};
    size_t left = 1;
    bool stuck = false;
    while (!ZSTD_isError(left) && !stuck && out->length <= most && (left > 0 || input.pos < input.size)) {
        size_t before = out->length, taken = input.pos;
        expansion_room(out, most);
        ZSTD_outBuffer output = {out->data, out->capacity, out->length};
        left = ZSTD_decompressStream(context, &output, &input);
        out->length = output.pos;
        stuck = out->length == before && input.pos == taken;
    }
    ZSTD_freeDCtx(context);
    return out->length > most ? EXPANSION_TOO_LONG : left == 0 ? EXPANSION_WHOLE : EXPANSION_BROKEN;
}

enum expansion expand(enum coding coding, struct slice body, size_t most, struct buffer *out)
{
    return coding == CODING_ZSTD ? expand_zstd(body, most, out) : expand_gzip(body, most, out);
}
