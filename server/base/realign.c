#include "readout/realign.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 32, PLACES_TRIED = 2000 };
#define NOWHERE UINT32_MAX

/* ---- words and marks -------------------------------------------------------------------------------------- */

struct piece {
    uint64_t hash;
    int64_t start, end; /* code points */
    bool is_word;
};

struct pieces {
    struct piece *items;
    size_t count;
};

/* A piece of either text, for sorting. */
struct seen {
    uint64_t hash;
    uint32_t place;
    bool is_after;
};

struct realigned {
    struct pieces before, after;
    uint32_t *pairs;     /* of each piece before: the one after, or NOWHERE */
    struct seen *sorted; /* the pieces after, by hash, then place */
};

enum letter { LETTER_SPACE, LETTER_WORD, LETTER_MARK };

struct point {
    uint32_t code;
    size_t bytes;
};

static struct point point_at(const unsigned char *at)
{
    if (*at < 0x80)
        return (struct point){*at, 1};
    size_t bytes = *at >= 0xf0 ? 4 : *at >= 0xe0 ? 3 : 2;
    uint32_t code = *at & (0xffu >> (bytes + 1));
    for (size_t i = 1; i < bytes; i++)
        code = code << 6 | (at[i] & 0x3f);
    return (struct point){code, bytes};
}

static enum letter letter_of(uint32_t code)
{
    if (code <= ' ' || code == 0x7f || code == 0xa0 || code == 0x3000 || code == 0xfeff || (code >= 0x2000 && code <= 0x200f) ||
        code == 0x2028 || code == 0x2029 || code == 0x202f)
        return LETTER_SPACE;
    bool plain = (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
    bool mark = code < 0xc0 || (code >= 0x2010 && code <= 0x206f) || (code >= 0x3001 && code <= 0x303f);
    return plain || !mark ? LETTER_WORD : LETTER_MARK;
}

/* Marks that are written differently and mean the same have one code. */
static uint32_t mark_of(uint32_t code)
{
    switch (code) {
    case 0xab:
    case 0xbb:
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0x201f:
    case 0x2039:
    case 0x203a:
    case '\'':
    case '`':
        return '"';
    default:
        return code >= 0x2010 && code <= 0x2015 ? '-' : code;
    }
}

static uint64_t hashed(uint64_t hash, uint32_t code)
{
    return (hash ^ code) * 0x100000001b3u;
}

static struct pieces pieces_of(struct slice text, struct arena *arena)
{
    struct pieces pieces = {arena_alloc(arena, (text.length + 1) * sizeof *pieces.items), 0};
    const unsigned char *at = (const unsigned char *)text.data, *end = at + text.length;
    struct piece *word = NULL;
    for (int64_t place = 0; at < end; place++) {
        struct point point = point_at(at);
        enum letter letter = letter_of(point.code);
        at += point.bytes;
        if (letter != LETTER_WORD)
            word = NULL;
        if (letter == LETTER_SPACE)
            continue;
        struct piece *piece = word ? word : &pieces.items[pieces.count++];
        if (!word)
            *piece = (struct piece){0xcbf29ce484222325u, place, place, letter == LETTER_WORD};
        piece->hash = hashed(piece->hash, letter == LETTER_MARK ? mark_of(point.code) : point.code);
        piece->end = place + 1;
        word = letter == LETTER_WORD ? piece : NULL;
    }
    return pieces;
}

/* ---- pairing ---------------------------------------------------------------------------------------------- */

static int compare_seen(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->is_after != y->is_after)
        return x->is_after ? 1 : -1;
    return x->place < y->place ? -1 : x->place > y->place;
}

struct stretch {
    uint32_t before, before_end, after, after_end;
};

static bool alike(const struct realigned *realigned, uint32_t before, uint32_t after)
{
    return realigned->before.items[before].hash == realigned->after.items[after].hash;
}

/* What both begin and end with is paired; the rest is left in the stretch. */
static void trim(struct realigned *realigned, struct stretch *stretch)
{
    while (stretch->before < stretch->before_end && stretch->after < stretch->after_end &&
           alike(realigned, stretch->before, stretch->after))
        realigned->pairs[stretch->before++] = stretch->after++;
    while (stretch->before < stretch->before_end && stretch->after < stretch->after_end &&
           alike(realigned, stretch->before_end - 1, stretch->after_end - 1))
        realigned->pairs[--stretch->before_end] = --stretch->after_end;
}

/* What stands once in each: in the order of the text before, the place after of each piece, or NOWHERE. */
static uint32_t *only_ones(const struct realigned *realigned, const struct stretch *stretch, struct arena *arena)
{
    uint32_t of_before = stretch->before_end - stretch->before, of_after = stretch->after_end - stretch->after;
    size_t count = (size_t)of_before + of_after;
    struct seen *seen = arena_alloc(arena, (count + 1) * sizeof *seen);
    uint32_t *ones = arena_alloc(arena, (of_before + 1) * sizeof *ones);
    for (uint32_t i = 0; i < of_before; i++) {
        seen[i] = (struct seen){realigned->before.items[stretch->before + i].hash, i, false};
        ones[i] = NOWHERE;
    }
    for (uint32_t i = 0; i < of_after; i++)
        seen[of_before + i] = (struct seen){realigned->after.items[stretch->after + i].hash, i, true};
    qsort(seen, count, sizeof *seen, compare_seen);
    for (size_t i = 0; i + 1 < count; i++) {
        bool begins = i == 0 || seen[i - 1].hash != seen[i].hash, ends = i + 2 == count || seen[i + 2].hash != seen[i].hash;
        if (begins && ends && seen[i].hash == seen[i + 1].hash && !seen[i].is_after && seen[i + 1].is_after)
            ones[seen[i].place] = seen[i + 1].place;
    }
    return ones;
}

/* Keeps of them the longest row that ascends; the others become NOWHERE. */
static uint32_t keep_ascending(uint32_t *ones, uint32_t count, struct arena *arena)
{
    uint32_t *tops = arena_alloc(arena, (count + 1) * sizeof *tops), *behind = arena_alloc(arena, (count + 1) * sizeof *behind);
    uint32_t piles = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t from = 0, until = piles;
        if (ones[i] == NOWHERE)
            continue;
        while (from < until) {
            uint32_t middle = from + (until - from) / 2;
            if (ones[tops[middle]] < ones[i])
                from = middle + 1;
            else
                until = middle;
        }
        behind[i] = from ? tops[from - 1] : NOWHERE;
        tops[from] = i;
        piles += from == piles;
    }
    uint32_t next = piles ? tops[piles - 1] : NOWHERE;
    for (uint32_t i = count; i-- > 0;) {
        if (i == next)
            next = behind[i];
        else
            ones[i] = NOWHERE;
    }
    return piles;
}

static void pair(struct realigned *realigned, struct stretch stretch, int depth)
{
    struct arena arena = {0};
    trim(realigned, &stretch);
    if (depth == DEPTH_MAX || stretch.before == stretch.before_end || stretch.after == stretch.after_end)
        return;
    uint32_t count = stretch.before_end - stretch.before, *ones = only_ones(realigned, &stretch, &arena);
    struct stretch gap = {.before = stretch.before, .after = stretch.after};
    if (keep_ascending(ones, count, &arena)) {
        for (uint32_t i = 0; i < count; i++) {
            if (ones[i] == NOWHERE)
                continue;
            gap.before_end = stretch.before + i;
            gap.after_end = stretch.after + ones[i];
            realigned->pairs[gap.before_end] = gap.after_end;
            pair(realigned, gap, depth + 1);
            gap.before = gap.before_end + 1;
            gap.after = gap.after_end + 1;
        }
        gap.before_end = stretch.before_end;
        gap.after_end = stretch.after_end;
        pair(realigned, gap, depth + 1);
    }
    arena_release(&arena);
}

static struct seen *sorted_pieces(const struct pieces *pieces, struct arena *arena)
{
    struct seen *sorted = arena_alloc(arena, (pieces->count + 1) * sizeof *sorted);
    for (size_t i = 0; i < pieces->count; i++)
        sorted[i] = (struct seen){pieces->items[i].hash, (uint32_t)i, true};
    qsort(sorted, pieces->count, sizeof *sorted, compare_seen);
    return sorted;
}

struct realigned *realign(struct slice before, struct slice after, struct arena *arena)
{
    struct realigned *realigned = arena_alloc(arena, sizeof *realigned);
    *realigned = (struct realigned){.before = pieces_of(before, arena), .after = pieces_of(after, arena)};
    size_t count = realigned->before.count;
    realigned->pairs = arena_alloc(arena, (count + 1) * sizeof *realigned->pairs);
    for (size_t i = 0; i < count; i++)
        realigned->pairs[i] = NOWHERE;
    pair(realigned, (struct stretch){0, (uint32_t)count, 0, (uint32_t)realigned->after.count}, 0);
    realigned->sorted = sorted_pieces(&realigned->after, arena);
    return realigned;
}

/* ---- places ----------------------------------------------------------------------------------------------- */

/* The first piece that ends behind the point. */
static size_t piece_at(const struct pieces *pieces, int64_t point)
{
    size_t from = 0, until = pieces->count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (pieces->items[middle].end <= point)
            from = middle + 1;
        else
            until = middle;
    }
    return from;
}

/* The pieces that a range touches. False where none of them is a word. */
static bool touched(const struct pieces *pieces, struct extent range, size_t *first, size_t *end)
{
    bool any = false;
    *first = piece_at(pieces, range.start);
    for (*end = *first; *end < pieces->count && pieces->items[*end].start < range.end; ++*end)
        any |= pieces->items[*end].is_word;
    return any;
}

/* As much of the first and of the last piece as the range had of them. */
static struct extent range_at(const struct realigned *realigned, struct extent before, size_t first, size_t end, size_t place)
{
    const struct piece *from = &realigned->before.items[first], *until = &realigned->before.items[end - 1];
    const struct piece *now = &realigned->after.items[place], *last = &realigned->after.items[place + end - 1 - first];
    int64_t skipped = before.start > from->start ? before.start - from->start : 0,
            missing = before.end < until->end ? until->end - before.end : 0;
    return (struct extent){now->start + skipped, last->end - missing};
}

bool realigned_in_place(const struct realigned *realigned, struct extent before, struct extent *after)
{
    size_t first, end;
    if (!touched(&realigned->before, before, &first, &end) || realigned->pairs[first] == NOWHERE)
        return false;
    for (size_t i = first + 1; i < end; i++) {
        if (realigned->pairs[i] != realigned->pairs[first] + (i - first))
            return false;
    }
    *after = range_at(realigned, before, first, end, realigned->pairs[first]);
    return true;
}

static bool stands_at(const struct realigned *realigned, size_t first, size_t end, size_t place)
{
    if (place + (end - first) > realigned->after.count)
        return false;
    for (size_t i = first; i < end; i++) {
        if (!alike(realigned, (uint32_t)i, (uint32_t)(place + i - first)))
            return false;
    }
    return true;
}

/* The first in `sorted` that is not before the piece of that hash at that place. */
static size_t first_sorted(const struct realigned *realigned, uint64_t hash, uint32_t place)
{
    struct seen sought = {hash, place, true};
    size_t from = 0, until = realigned->after.count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (compare_seen(&realigned->sorted[middle], &sought) < 0)
            from = middle + 1;
        else
            until = middle;
    }
    return from;
}

static bool is_same(const struct realigned *realigned, size_t at, uint64_t hash)
{
    return at < realigned->after.count && realigned->sorted[at].hash == hash;
}

bool realigned_elsewhere(const struct realigned *realigned, struct extent before, int64_t near, struct extent *after)
{
    size_t first, end;
    if (!touched(&realigned->before, before, &first, &end))
        return false;
    uint64_t hash = realigned->before.items[first].hash;
    uint32_t middle = (uint32_t)piece_at(&realigned->after, near);
    size_t above = first_sorted(realigned, hash, middle), below = above;
    for (int tried = 0; tried < PLACES_TRIED; tried++) {
        bool can_rise = is_same(realigned, above, hash), can_fall = below > 0 && is_same(realigned, below - 1, hash);
        if (!can_rise && !can_fall)
            return false;
        bool rise = can_rise &&
                    (!can_fall || realigned->sorted[above].place - middle <= middle - realigned->sorted[below - 1].place);
        size_t place = rise ? realigned->sorted[above++].place : realigned->sorted[--below].place;
        if (!stands_at(realigned, first, end, place))
            continue;
        *after = range_at(realigned, before, first, end, place);
        return true;
    }
    return false;
}

bool realigned_mostly(const struct realigned *realigned, struct extent before, struct extent *after)
{
    size_t first, end, paired = 0;
    if (!touched(&realigned->before, before, &first, &end))
        return false;
    for (size_t i = first; i < end; i++) {
        if (realigned->pairs[i] == NOWHERE)
            continue;
        const struct piece *piece = &realigned->after.items[realigned->pairs[i]];
        *after = (struct extent){paired ? after->start : piece->start, piece->end};
        paired++;
    }
    return paired * 2 > end - first;
}

static uint32_t pair_of(const struct realigned *realigned, size_t before)
{
    return before < realigned->before.count ? realigned->pairs[before] : NOWHERE;
}

bool realigned_changed(const struct realigned *realigned, struct extent before, struct extent *after)
{
    size_t first, end;
    if (!realigned_mostly(realigned, before, after) || !touched(&realigned->before, before, &first, &end))
        return false;
    uint32_t front = first ? pair_of(realigned, first - 1) : NOWHERE, back = pair_of(realigned, end);
    if (pair_of(realigned, first) == NOWHERE && front != NOWHERE)
        after->start = realigned->after.items[front + 1].start;
    if (pair_of(realigned, end - 1) == NOWHERE && back != NOWHERE)
        after->end = realigned->after.items[back - 1].end;
    return after->start < after->end;
}

int64_t realigned_place(const struct realigned *realigned, int64_t point)
{
    size_t at = piece_at(&realigned->before, point);
    if (at < realigned->before.count && realigned->pairs[at] != NOWHERE)
        return realigned->after.items[realigned->pairs[at]].start;
    while (at-- > 0) {
        if (realigned->pairs[at] != NOWHERE)
            return realigned->after.items[realigned->pairs[at]].end;
    }
    return 0;
}

/* ---- runs ------------------------------------------------------------------------------------------------- */

static struct extent extent_of(const struct pieces *pieces, size_t from, size_t until)
{
    return from < until ? (struct extent){pieces->items[from].start, pieces->items[until - 1].end} : (struct extent){0, 0};
}

size_t realigned_runs(const struct realigned *realigned, struct arena *arena, struct realigned_run **runs)
{
    const struct pieces *before = &realigned->before, *after = &realigned->after;
    size_t count = 0, i = 0, j = 0;
    *runs = arena_alloc(arena, (before->count + after->count + 1) * sizeof **runs);
    while (i < before->count || j < after->count) {
        size_t first = i, from = j;
        while (i < before->count && realigned->pairs[i] == j) {
            i++;
            j++;
        }
        bool kept = i > first;
        while (!kept && i < before->count && realigned->pairs[i] == NOWHERE)
            i++;
        if (!kept)
            j = i < before->count ? realigned->pairs[i] : after->count;
        (*runs)[count++] = (struct realigned_run){kept, extent_of(before, first, i), extent_of(after, from, j)};
    }
    return count;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

void realigned_words(const struct realigned *realigned, int64_t *added, int64_t *removed)
{
    struct arena arena = {0};
    const struct pieces *before = &realigned->before, *after = &realigned->after;
    struct seen *sorted = sorted_pieces(before, &arena);
    size_t i = 0, j = 0;
    *added = *removed = 0;
    while (i < before->count || j < after->count) {
        bool only_before = j == after->count || (i < before->count && sorted[i].hash < realigned->sorted[j].hash);
        bool only_after = i == before->count || (j < after->count && realigned->sorted[j].hash < sorted[i].hash);
        *removed += only_before && before->items[sorted[i].place].is_word;
        *added += only_after && after->items[realigned->sorted[j].place].is_word;
        i += !only_after;
        j += !only_before;
    }
    arena_release(&arena);
}
