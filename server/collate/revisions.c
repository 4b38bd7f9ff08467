/* What became of an article's quotations in another version of its text.
 *
 *     the same words, elsewhere                                          moved
 *     a report that was renewed, or one that came where another went     changed
 *     nearly the same words, in the text                                 changed
 *     nothing of the kind                                                vanished
 *     a report that nothing was before                                   new
 *
 * Words are the same whatever the marks and the white space between them. */
#include <string.h>

#include "collate_private.h"
#include "readout/utf8.h"

enum {
    QUOTES_SHOWN = 500,    /* of a revision; the counts are of all */
    SOUGHT_MAX = 200,      /* quotations that are compared with new ones */
    PAIRS_MAX = 20000,     /* how often */
    SOUGHT_BYTES = 8 << 20 /* of text that is looked through for them */
};

static int64_t number_in(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static struct slice text_of(const json_t *span)
{
    const json_t *text = json_object_get(span, "text");
    return (struct slice){json_string_value(text), json_string_length(text)};
}

struct slice collate_words_of(const json_t *report, struct arena *arena)
{
    struct buffer words = buffer_in(arena, 256);
    size_t index;
    json_t *piece;
    json_array_foreach (json_object_get(report, "content"), index, piece) {
        buffer_add_text(&words, index ? " " : "");
        buffer_add_slice(&words, text_of(piece));
    }
    return buffer_slice(&words);
}

static struct extent extent_of(const json_t *report)
{
    const json_t *content = json_object_get(report, "content");
    return (struct extent){number_in(json_array_get(content, 0), "start"),
                           number_in(json_array_get(content, json_array_size(content) - 1), "end")};
}

bool collate_same_words(struct slice before, struct slice after, struct arena *arena)
{
    struct realigned *realigned = realign(before, after, arena);
    struct extent all = {0, (int64_t)utf8_length(before)}, there;
    int64_t added, removed;
    realigned_words(realigned, &added, &removed);
    return added == 0 && removed == 0 && realigned_in_place(realigned, all, &there);
}

/* ---- where it seems to stand ------------------------------------------------------------------------------ */

static bool seek(struct slice words, struct slice text, struct arena *arena, struct extent *range)
{
    struct arena scratch = {0};
    struct quote_found found = {.match = QUOTE_MISSING};
    struct quote *quote = quote_read(words, arena);
    if (quote)
        quote_compare(quote, text, &scratch, arena, &found);
    arena_release(&scratch);
    if (found.match == QUOTE_MISSING || found.span_count == 0)
        return false;
    *range = (struct extent){found.spans[0].start, found.spans[found.span_count - 1].end};
    return true;
}

static struct extent source_of(const json_t *report, const struct realigned *realigned)
{
    const json_t *source = json_object_get(report, "source");
    struct extent was = {number_in(source, "start"), number_in(source, "end")}, is = {0, 0};
    return json_is_object(source) && realigned_in_place(realigned, was, &is) ? is : (struct extent){0, 0};
}

size_t revision_places(const json_t *reports, int64_t before, const struct realigned *realigned, struct slice text,
                       struct arena *arena, struct quote_place **places)
{
    size_t count = 0, looked = 0, index;
    json_t *report;
    *places = arena_alloc(arena, (json_array_size(reports) + 1) * sizeof **places);
    json_array_foreach (reports, index, report) {
        struct extent range;
        int64_t revision = number_in(report, "revision");
        if (!revision)
            continue;
        bool found = revision == before && realigned_changed(realigned, extent_of(report), &range);
        if (!found && looked + text.length <= SOUGHT_BYTES) {
            looked += text.length;
            found = seek(collate_words_of(report, arena), text, arena, &range);
        }
        if (found)
            (*places)[count++] = (struct quote_place){number_in(report, "id"), range,
                                                      revision == before ? source_of(report, realigned) : (struct extent){0, 0}};
    }
    return count;
}

/* ---- pairs ------------------------------------------------------------------------------------------------ */

enum fate { FATE_SAME, FATE_MOVED, FATE_CHANGED, FATE_VANISHED, FATE_NEW };

/* One quotation: before, after or both; `place` in the place of a report after. */
struct pair {
    enum fate fate;
    const json_t *before, *after;
    const struct quote_place *place;
};

struct comparing {
    const struct revision_sides *sides;
    struct arena *arena;
    struct points points;
    struct pair *pairs;
    size_t count;
};

static const json_t *by_id(const json_t *reports, int64_t id)
{
    size_t index;
    json_t *report;
    json_array_foreach (reports, index, report) {
        if (number_in(report, "id") == id)
            return report;
    }
    return NULL;
}

static const struct quote_place *place_of(const struct revision_sides *sides, int64_t report)
{
    for (size_t i = 0; i < sides->place_count; i++) {
        if (sides->places[i].report == report)
            return &sides->places[i];
    }
    return NULL;
}

static bool same_source(const json_t *before, const json_t *after, struct arena *arena)
{
    struct slice one = text_of(json_object_get(before, "source")), other = text_of(json_object_get(after, "source"));
    return slice_equal(one, other) || (one.data && other.data && collate_same_words(one, other, arena));
}

static enum fate fate_of(const json_t *before, const json_t *after, struct arena *arena)
{
    struct extent was = extent_of(before), is = extent_of(after);
    if (!collate_same_words(collate_words_of(before, arena), collate_words_of(after, arena), arena) ||
        !same_source(before, after, arena))
        return FATE_CHANGED;
    return was.start == is.start && was.end == is.end ? FATE_SAME : FATE_MOVED;
}

/* Whether a report that is new came where this one went: in its place, or with nearly its words. */
static bool succeeds(const struct comparing *comparing, const struct pair *lost, const json_t *after)
{
    struct extent is = extent_of(after), ignored;
    int64_t from = lost->place && lost->place->range.start > is.start ? lost->place->range.start : is.start,
            until = lost->place && lost->place->range.end < is.end ? lost->place->range.end : is.end;
    if (lost->place && 2 * (until - from) >= is.end - is.start)
        return true;
    struct slice before = collate_words_of(lost->before, comparing->arena), now = collate_words_of(after, comparing->arena);
    return seek(before, now, comparing->arena, &ignored);
}

static void find_successors(struct comparing *comparing)
{
    size_t lost = 0, tried = 0;
    for (size_t i = 0; i < comparing->count && lost < SOUGHT_MAX; i++) {
        struct pair *pair = &comparing->pairs[i];
        if (pair->fate != FATE_VANISHED)
            continue;
        lost++;
        for (size_t j = 0; j < comparing->count && pair->fate == FATE_VANISHED; j++) {
            struct pair *other = &comparing->pairs[j];
            if (other->fate != FATE_NEW || !other->after || tried++ > PAIRS_MAX || !succeeds(comparing, pair, other->after))
                continue;
            pair->after = other->after;
            pair->fate = fate_of(pair->before, pair->after, comparing->arena);
            other->after = NULL;
        }
        if (pair->fate == FATE_VANISHED && pair->place)
            pair->fate = FATE_CHANGED;
    }
}

static void pair_up(struct comparing *comparing)
{
    const struct revision_sides *sides = comparing->sides;
    size_t index;
    json_t *report;
    json_array_foreach (sides->before, index, report) {
        const json_t *after = by_id(sides->after, number_in(report, "id"));
        struct pair *pair = &comparing->pairs[comparing->count];
        if (number_in(report, "revision"))
            continue;
        *pair = (struct pair){FATE_VANISHED, report, NULL, place_of(sides, number_in(report, "id"))};
        if (after && !number_in(after, "revision")) {
            pair->after = after;
            pair->fate = fate_of(report, after, comparing->arena);
        }
        comparing->count++;
    }
    json_array_foreach (sides->after, index, report) {
        const json_t *before = by_id(sides->before, number_in(report, "id"));
        if (!number_in(report, "revision") && (!before || number_in(before, "revision")))
            comparing->pairs[comparing->count++] = (struct pair){FATE_NEW, NULL, report, NULL};
    }
    find_successors(comparing);
}

/* ---- as the contract has it ------------------------------------------------------------------------------- */

static const char *const names[] = {
    [FATE_SAME] = "same", [FATE_MOVED] = "moved", [FATE_CHANGED] = "changed", [FATE_VANISHED] = "vanished", [FATE_NEW] = "new"};

static void add_span(struct buffer *out, int64_t start, int64_t end, struct slice text)
{
    buffer_print(out, "{\"start\":%lld,\"end\":%lld,\"text\":", (long long)start, (long long)end);
    buffer_add_json(out, text);
    buffer_add_byte(out, '}');
}

static void add_report(struct buffer *out, const json_t *report)
{
    const json_t *source = json_object_get(report, "source");
    size_t index;
    json_t *piece;
    buffer_add_text(out, "{\"spans\":[");
    json_array_foreach (json_object_get(report, "content"), index, piece) {
        buffer_add_text(out, index ? "," : "");
        add_span(out, number_in(piece, "start"), number_in(piece, "end"), text_of(piece));
    }
    buffer_add_text(out, "],\"source\":");
    if (json_is_object(source))
        add_span(out, number_in(source, "start"), number_in(source, "end"), text_of(source));
    else
        buffer_add_text(out, "null");
    buffer_add_byte(out, '}');
}

static void add_part(struct buffer *out, const char *kind, struct slice before, struct slice after)
{
    buffer_print(out, "%s{\"kind\":\"%s\",\"before\":", out->data[out->length - 1] == '[' ? "" : ",", kind);
    buffer_add_json(out, before);
    buffer_add_text(out, ",\"after\":");
    buffer_add_json(out, after);
    buffer_add_byte(out, '}');
}

static struct slice words_at(const struct points *points, struct extent extent)
{
    return extent.end > extent.start ? points_slice(points, extent.start, extent.end) : NO_SLICE;
}

static void add_difference(struct buffer *out, struct slice before, struct slice after, struct arena *arena)
{
    struct points was = points_of(arena, before), is = points_of(arena, after);
    struct realigned_run *runs;
    size_t count = realigned_runs(realign(before, after, arena), arena, &runs);
    buffer_add_text(out, ",\"difference\":[");
    for (size_t i = 0; i < count; i++) {
        struct slice gone = words_at(&was, runs[i].before), come = words_at(&is, runs[i].after);
        add_part(out, runs[i].kept ? "kept" : !come.data ? "removed" : !gone.data ? "added" : "changed", gone, come);
    }
    buffer_add_byte(out, ']');
}

/* Its words are given back. */
static struct slice add_place(const struct comparing *comparing, const struct quote_place *place, struct buffer *out)
{
    struct slice words = points_slice(&comparing->points, place->range.start, place->range.end);
    buffer_add_text(out, "{\"spans\":[");
    add_span(out, place->range.start, place->range.end, words);
    buffer_add_text(out, "],\"source\":");
    if (place->source.end)
        add_span(out, place->source.start, place->source.end,
                 points_slice(&comparing->points, place->source.start, place->source.end));
    else
        buffer_add_text(out, "null");
    buffer_add_byte(out, '}');
    return words;
}

static void add_pair(const struct comparing *comparing, const struct pair *pair, struct buffer *out)
{
    const json_t *known = pair->after ? pair->after : pair->before;
    struct slice after = pair->after ? collate_words_of(pair->after, comparing->arena) : NO_SLICE;
    buffer_print(out, "{\"change\":\"%s\",\"report_id\":%lld,\"claim_id\":%lld,\"before\":", names[pair->fate],
                 (long long)number_in(known, "id"), (long long)number_in(known, "claim_id"));
    if (pair->before)
        add_report(out, pair->before);
    else
        buffer_add_text(out, "null");
    buffer_add_text(out, ",\"after\":");
    if (pair->after) {
        add_report(out, pair->after);
    } else if (pair->place && pair->fate == FATE_CHANGED) {
        after = add_place(comparing, pair->place, out);
    } else {
        buffer_add_text(out, "null");
    }
    if (pair->fate == FATE_CHANGED)
        add_difference(out, collate_words_of(pair->before, comparing->arena), after, comparing->arena);
    else
        buffer_add_text(out, ",\"difference\":null");
    buffer_add_byte(out, '}');
}

static void count_one(const struct pair *pair, struct revision_counts *counts)
{
    counts->same += pair->fate == FATE_SAME;
    counts->moved += pair->fate == FATE_MOVED;
    counts->changed += pair->fate == FATE_CHANGED;
    counts->vanished += pair->fate == FATE_VANISHED;
    counts->appeared += pair->fate == FATE_NEW && pair->after;
}

void revision_compare(const struct revision_sides *sides, struct arena *arena, struct revision_counts *counts,
                      struct buffer *quotes)
{
    static const enum fate order[] = {FATE_VANISHED, FATE_CHANGED, FATE_NEW, FATE_MOVED};
    size_t most = json_array_size(sides->before) + json_array_size(sides->after) + 1, shown = 0;
    struct comparing comparing = {.sides = sides,
                                  .arena = arena,
                                  .points = points_of(arena, sides->text),
                                  .pairs = arena_alloc(arena, most * sizeof *comparing.pairs)};
    pair_up(&comparing);
    *counts = (struct revision_counts){.same = 0};
    for (size_t i = 0; i < comparing.count; i++)
        count_one(&comparing.pairs[i], counts);
    buffer_add_byte(quotes, '[');
    for (size_t o = 0; o < sizeof order / sizeof order[0]; o++) {
        for (size_t i = 0; i < comparing.count && shown < QUOTES_SHOWN; i++) {
            const struct pair *pair = &comparing.pairs[i];
            if (pair->fate != order[o] || (!pair->before && !pair->after))
                continue;
            buffer_add_text(quotes, shown++ ? "," : "");
            add_pair(&comparing, pair, quotes);
        }
    }
    buffer_add_byte(quotes, ']');
}
