/* Whether an article repeats another one: what runs of four words they share.
 *
 * A signature keeps, for each of 60 orders of all possible runs, the first that the text has; two texts agree in as many of them
 * as they share of their runs (MinHash). Twelve bands of five make those findable that share most: two texts with nine tenths in
 * common have a band in common almost always, with a fifth almost never. What is found is then compared run by run. The orders
 * are fixed, so the same texts are found on any machine. */
#include <stdlib.h>

#include "ingest_private.h"

enum { RUN_WORDS = 4, BAND_ROWS = 5, RUNS_LEAST = 16 };

/* ---- words ------------------------------------------------------------------------------------------------ */

/* How many bytes of punctuation beyond ASCII stand there: dashes and quotation marks are not part of words. */
static size_t wide_mark(const unsigned char *at, const unsigned char *end)
{
    if (end - at >= 3 && at[0] == 0xe2 && (at[1] == 0x80 || at[1] == 0x81))
        return 3;
    if (end - at >= 3 && at[0] == 0xe3 && at[1] == 0x80)
        return 3;
    return end - at >= 2 && at[0] == 0xc2 && at[1] < 0xc0 ? 2 : 0;
}

static bool is_plain(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* The hash of the next word at `*at`, which moves behind it; 0 at the end. */
static uint64_t next_word(const unsigned char **at, const unsigned char *end)
{
    uint64_t hash = 0;
    while (*at < end) {
        unsigned char byte = **at;
        size_t mark = byte >= 0x80 ? wide_mark(*at, end) : is_plain(byte) ? 0 : 1;
        if (mark && hash)
            return hash;
        if (!mark) {
            if (!hash)
                hash = 0xcbf29ce484222325u;
            hash = (hash ^ (byte >= 'A' && byte <= 'Z' ? byte + 32u : byte)) * 0x100000001b3u;
        }
        *at += mark ? mark : 1;
    }
    return hash;
}

/* ---- runs ------------------------------------------------------------------------------------------------- */

/* Mixes all bits into all others (the finalizer of SplitMix64). */
static uint64_t mixed(uint64_t value)
{
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void add_runs(struct shingles *shingles, struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.data, *end = at + text.length;
    uint64_t words[RUN_WORDS];
    size_t count = 0;
    for (uint64_t word; (word = next_word(&at, end)) != 0; count++) {
        words[count % RUN_WORDS] = word;
        uint64_t run = 0;
        for (size_t i = count + 1; i <= count + RUN_WORDS && count + 1 >= RUN_WORDS; i++)
            run = mixed(run ^ words[i % RUN_WORDS]);
        if (count + 1 >= RUN_WORDS)
            shingles->hashes[shingles->count++] = run;
    }
}

struct shingles shingles_of(struct slice text, const struct slice *left_out, size_t left_out_count, struct arena *arena)
{
    struct shingles shingles = {arena_alloc(arena, (text.length / 2 + 1) * sizeof *shingles.hashes), 0};
    const char *from = text.data, *end = text.data + text.length;
    for (size_t i = 0; i <= left_out_count; i++) {
        const char *until = i < left_out_count ? left_out[i].data : end;
        if (until > from)
            add_runs(&shingles, (struct slice){from, (size_t)(until - from)});
        if (i < left_out_count && left_out[i].data + left_out[i].length > from)
            from = left_out[i].data + left_out[i].length;
    }
    qsort(shingles.hashes, shingles.count, sizeof *shingles.hashes, compare);
    size_t kept = 0;
    for (size_t i = 0; i < shingles.count; i++) {
        if (i == 0 || shingles.hashes[i] != shingles.hashes[i - 1])
            shingles.hashes[kept++] = shingles.hashes[i];
    }
    shingles.count = kept;
    return shingles;
}

/* ---- signatures ------------------------------------------------------------------------------------------- */

bool shingles_bands(const struct shingles *shingles, int64_t bands[static ARTICLE_BANDS])
{
    uint64_t multipliers[ARTICLE_BANDS * BAND_ROWS], least[ARTICLE_BANDS * BAND_ROWS];
    if (shingles->count < RUNS_LEAST)
        return false;
    for (uint64_t row = 0; row < ARTICLE_BANDS * BAND_ROWS; row++) {
        multipliers[row] = mixed(row + 1) | 1;
        least[row] = UINT64_MAX;
    }
    for (size_t i = 0; i < shingles->count; i++) {
        for (size_t row = 0; row < ARTICLE_BANDS * BAND_ROWS; row++) {
            uint64_t place = shingles->hashes[i] * multipliers[row];
            least[row] = place < least[row] ? place : least[row];
        }
    }
    for (uint64_t band = 0; band < ARTICLE_BANDS; band++) {
        uint64_t hash = mixed(band + 1);
        for (size_t row = 0; row < BAND_ROWS; row++)
            hash = mixed(hash ^ least[band * BAND_ROWS + row]);
        bands[band] = (int64_t)hash;
    }
    return true;
}

/* They share half of what they have together, or four fifths of the shorter, which then was cut. */
bool shingles_repeat(const struct shingles *a, const struct shingles *b)
{
    size_t shared = 0, i = 0, j = 0;
    while (i < a->count && j < b->count) {
        uint64_t left = a->hashes[i], right = b->hashes[j];
        shared += left == right;
        i += left <= right;
        j += right <= left;
    }
    size_t together = a->count + b->count - shared, shorter = a->count < b->count ? a->count : b->count;
    return shared >= RUNS_LEAST && (shared * 2 >= together || shared * 5 >= shorter * 4);
}
