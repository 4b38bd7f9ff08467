#include "readout/utf8.h"

enum { MARK_EVERY = 64 };

/* How many bytes the character at `at` takes, or 0 when it is malformed (RFC 3629 §4). */
static size_t character_bytes(const unsigned char *at, const unsigned char *end)
{
    static const unsigned char lowest[] = {0, 0, 0x80, 0xa0, 0x90};
    unsigned char lead = at[0];
    if (lead < 0x80)
        return 1;
    size_t bytes = lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) == 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    if (bytes == 0 || (size_t)(end - at) < bytes)
        return 0;
    unsigned char highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    unsigned char least = lead == 0xe0 || lead == 0xf0 ? lowest[bytes] : 0x80;
    if (at[1] < least || at[1] > highest)
        return 0;
    for (size_t i = 2; i < bytes; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    }
    return bytes;
}

size_t utf8_good(struct slice text)
{
    const unsigned char *start = (const unsigned char *)text.data, *at = start, *end = at + text.length;
    while (at < end) {
        size_t bytes = character_bytes(at, end);
        if (bytes == 0)
            break;
        at += bytes;
    }
    return (size_t)(at - start);
}

bool utf8_valid(struct slice text)
{
    return utf8_good(text) == text.length;
}

static bool starts_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t utf8_length(struct slice text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++)
        length += starts_character(text.data[i]);
    return length;
}

struct points points_of(struct arena *arena, struct slice text)
{
    struct points points = {.text = text, .length = utf8_length(text)};
    if (points.length == text.length)
        return points;
    points.marks = arena_alloc(arena, (points.length / MARK_EVERY + 1) * sizeof *points.marks);
    size_t seen = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (starts_character(text.data[i]) && seen++ % MARK_EVERY == 0)
            points.marks[(seen - 1) / MARK_EVERY] = (uint32_t)i;
    }
    return points;
}

static size_t byte_of(const struct points *points, size_t point)
{
    if (!points->marks)
        return point;
    if (point >= points->length)
        return points->text.length;
    size_t at = points->marks[point / MARK_EVERY];
    for (size_t left = point % MARK_EVERY; left > 0; left--) {
        do
            at++;
        while (!starts_character(points->text.data[at]));
    }
    return at;
}

struct slice points_slice(const struct points *points, int64_t start, int64_t end)
{
    if (start < 0 || end < start || (uint64_t)end > points->length)
        return NO_SLICE;
    size_t from = byte_of(points, (size_t)start), to = byte_of(points, (size_t)end);
    return (struct slice){points->text.data + from, to - from};
}
