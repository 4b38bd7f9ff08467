#include <stdlib.h>
#include <string.h>

#include "search_private.h"

/* A place in a text where words were found, in bytes. */
struct span {
    size_t start, end;
};

struct spans {
    struct span items[HITS_MAX];
    size_t count;
};

/* ---- from words to bytes ---------------------------------------------------------------------------------- */

/* The tokenizer counts words; hits come in the order of their places. */
struct walk {
    const struct hit *hits;
    size_t count, reached; /* hits; those whose first word was passed */
    uint32_t place;
    struct spans *spans;
    uint32_t last[HITS_MAX]; /* of each span, the last word's place */
};

static int pass_word(void *to, bool beside, struct slice token, size_t start, size_t end)
{
    (void)token;
    (void)beside;
    struct walk *walk = to;
    struct spans *spans = walk->spans;
    while (walk->reached < walk->count && walk->hits[walk->reached].place == walk->place) {
        const struct hit *hit = &walk->hits[walk->reached++];
        walk->last[spans->count] = hit->place + hit->words - 1u;
        spans->items[spans->count++] = (struct span){start, end};
    }
    bool growing = false;
    for (size_t i = 0; i < spans->count; i++) {
        if (walk->last[i] >= walk->place && spans->items[i].end < end)
            spans->items[i].end = end;
        growing |= walk->last[i] > walk->place;
    }
    walk->place++;
    return walk->reached == walk->count && !growing;
}

/* Pairs of characters overlap, and so may phrases. */
static void merge(struct spans *spans)
{
    size_t kept = 0;
    for (size_t i = 1; i < spans->count; i++) {
        if (spans->items[i].start < spans->items[kept].end) {
            if (spans->items[i].end > spans->items[kept].end)
                spans->items[kept].end = spans->items[i].end;
        } else {
            spans->items[++kept] = spans->items[i];
        }
    }
    spans->count = spans->count ? kept + 1 : 0;
}

/* A field's text, without the tokenizer's header. */
static struct slice bare(struct slice field)
{
    const char *end = field.length && field.data[0] == TOKENS_HEADER ? memchr(field.data, TOKENS_HEADER_END, field.length) : NULL;
    return end ? (struct slice){end + 1, field.length - (size_t)(end + 1 - field.data)} : field;
}

static struct spans spans_of(const struct shown *shown, struct slice text, const struct hit *hits, size_t count)
{
    struct spans spans = {.count = 0};
    struct walk walk = {.hits = hits, .count = count, .spans = &spans};
    if (text.data)
        tokenizer_run(shown->tokenizer, TOKENS_PLACES, text, pass_word, &walk);
    merge(&spans);
    return spans;
}

static struct slice part(struct slice text, size_t start, size_t end)
{
    return (struct slice){text.data + start, end - start};
}

/* ---- highlights ------------------------------------------------------------------------------------------- */

/* Moves `at` to the beginning of the line that `start` stands in; gives how many lines it passed. */
static size_t pass_lines(struct slice text, size_t *at, size_t start)
{
    size_t lines = 0;
    for (const char *end; (end = memchr(text.data + *at, '\n', start - *at)) != NULL; lines++)
        *at = (size_t)(end - text.data) + 1;
    return lines;
}

/* Offsets count code points; in an array, from the start of the item. */
static void add_highlights(struct buffer *out, struct slice text, const struct spans *spans, bool is_array)
{
    size_t at = 0, counted = 0, index = 0;
    for (size_t i = 0; i < spans->count; i++) {
        struct span span = spans->items[i];
        size_t lines = is_array ? pass_lines(text, &at, span.start) : 0;
        index += lines;
        counted = (lines ? 0 : counted) + utf8_length(part(text, at, span.start));
        size_t end = counted + utf8_length(part(text, span.start, span.end));
        buffer_add_text(out, i ? ",{\"text\":" : "{\"text\":");
        buffer_add_json(out, part(text, span.start, span.end));
        buffer_print(out, ",\"start\":%zu,\"end\":%zu", counted, end);
        if (is_array)
            buffer_print(out, ",\"index\":%zu", index);
        buffer_add_byte(out, '}');
        counted = end;
        at = span.end;
    }
}

/* ---- the snippet ------------------------------------------------------------------------------------------ */

enum { SNIPPET_WHOLE = 240, SNIPPET_LENGTH = 200, SNIPPET_BEFORE = 60, SNIPPET_WORD = 30 };

/* The span that has most others close behind it. */
static size_t densest(const struct spans *spans)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < spans->count; i++) {
        size_t close = 0;
        while (i + close < spans->count && spans->items[i + close].end <= spans->items[i].start + SNIPPET_LENGTH - SNIPPET_BEFORE)
            close++;
        if (close > most) {
            most = close;
            best = i;
        }
    }
    return best;
}

/* A place to cut not far from `at`: behind a blank where there is one, never inside a character. */
static size_t cut_near(struct slice text, size_t at)
{
    for (size_t back = 0; back < SNIPPET_WORD && back < at; back++) {
        if (text.data[at - back - 1] == ' ' || text.data[at - back - 1] == '\n')
            return at - back;
    }
    while (at > 0 && at < text.length && ((unsigned char)text.data[at] & 0xc0) == 0x80)
        at--;
    return at;
}

static struct span window_of(struct slice text, const struct spans *spans)
{
    if (text.length <= SNIPPET_WHOLE || spans->count == 0)
        return (struct span){0, text.length <= SNIPPET_WHOLE ? text.length : cut_near(text, SNIPPET_LENGTH)};
    struct span first = spans->items[densest(spans)];
    size_t start = first.start > SNIPPET_BEFORE ? cut_near(text, first.start - SNIPPET_BEFORE) : 0;
    size_t end = start + SNIPPET_LENGTH > first.end ? start + SNIPPET_LENGTH : first.end;
    return (struct span){start, end < text.length ? cut_near(text, end) : text.length};
}

static void add_snippet(struct buffer *out, struct slice text, const struct spans *spans)
{
    struct buffer marked = buffer_in(out->arena, SNIPPET_WHOLE * 2);
    struct span window = window_of(text, spans);
    size_t at = window.start;
    buffer_add_text(&marked, window.start ? "\u2026 " : "");
    for (size_t i = 0; i < spans->count; i++) {
        struct span span = spans->items[i];
        if (span.start < at || span.end > window.end)
            continue;
        buffer_add_html(&marked, part(text, at, span.start));
        buffer_add_text(&marked, "<mark>");
        buffer_add_html(&marked, part(text, span.start, span.end));
        buffer_add_text(&marked, "</mark>");
        at = span.end;
    }
    while (window.end > at && (text.data[window.end - 1] == ' ' || text.data[window.end - 1] == '\n'))
        window.end--;
    buffer_add_html(&marked, part(text, at, window.end));
    buffer_add_text(&marked, window.end < text.length ? " \u2026" : "");
    buffer_add_json(out, buffer_slice(&marked));
}

/* ---- both ------------------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const struct hit *one = a, *other = b;
    if (one->field != other->field)
        return one->field < other->field ? -1 : 1;
    return one->place < other->place ? -1 : one->place > other->place;
}

static bool is_array(const struct shown *shown, size_t field)
{
    return strcmp(shown->searched->fields[field], "aliases") == 0;
}

struct slice search_line(const struct shown *shown, const struct hit *hit)
{
    struct slice text = bare(shown->fields[hit->field]);
    struct spans spans = spans_of(shown, text, hit, 1);
    size_t start = spans.count ? spans.items[0].start : 0, end = start;
    while (start > 0 && text.data[start - 1] != '\n')
        start--;
    while (end < text.length && text.data[end] != '\n')
        end++;
    return part(text, start, end);
}

/* A snippet of an array shows one item. */
static void cut_to_line(struct slice *text, struct spans *spans)
{
    size_t start = spans->count ? spans->items[0].start : 0, end = start, kept = 0;
    while (start > 0 && text->data[start - 1] != '\n')
        start--;
    while (end < text->length && text->data[end] != '\n')
        end++;
    while (kept < spans->count && spans->items[kept].end <= end) {
        spans->items[kept].start -= start;
        spans->items[kept].end -= start;
        kept++;
    }
    spans->count = kept;
    *text = part(*text, start, end);
}

void search_show(const struct shown *shown, const struct hits *hits, struct buffer *out)
{
    struct hits sorted = *hits;
    struct spans best = {.count = 0};
    size_t best_field = (size_t)shown->searched->shown;
    bool any = false;
    qsort(sorted.items, sorted.count, sizeof sorted.items[0], by_place);
    buffer_add_text(out, "\"highlights\":{");
    for (size_t i = 0, next; i < sorted.count; i = next) {
        size_t field = sorted.items[i].field;
        for (next = i; next < sorted.count && sorted.items[next].field == field; next++)
            ;
        struct slice text = bare(shown->fields[field]);
        struct spans spans = spans_of(shown, text, sorted.items + i, next - i);
        if (spans.count == 0)
            continue;
        buffer_print(out, "%s\"%s\":[", any ? "," : "", shown->searched->fields[field]);
        add_highlights(out, text, &spans, is_array(shown, field));
        buffer_add_byte(out, ']');
        if (!any || field == (size_t)shown->searched->shown) {
            best = spans;
            best_field = field;
        }
        any = true;
    }
    buffer_add_text(out, "},\"snippet\":");
    struct slice text = bare(shown->fields[best_field]);
    if (is_array(shown, best_field))
        cut_to_line(&text, &best);
    add_snippet(out, text.data ? text : SLICE(""), &best);
}
