/* Any quotation and any text: what is found stands where it says, in order, and the difference repeats both. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "readout/collate.h"
#include "readout/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lies_in(struct slice part, struct slice whole)
{
    return !part.data || (part.length > 0 && part.data >= whole.data && part.data + part.length <= whole.data + whole.length);
}

static void check(const struct quote_found *found, struct slice quote, struct slice text, struct arena *arena)
{
    struct points points = points_of(arena, text);
    assert((found->match == QUOTE_MISSING) == (found->span_count == 0));
    if (found->match == QUOTE_MISSING)
        return;
    assert(found->occurrences > 0 && found->part_count > 0);
    assert((found->match == QUOTE_CLOSE) == (found->distance > 0));
    for (size_t i = 0; i < found->span_count; i++) {
        const struct quote_span *span = &found->spans[i];
        assert(span->start < span->end && slice_equal(points_slice(&points, span->start, span->end), span->text));
        assert(i == 0 || span->start >= span[-1].end);
    }
    for (size_t i = 0; i < found->part_count; i++) {
        const struct quote_part *part = &found->parts[i];
        assert(part->quote.data || part->text.data);
        assert(lies_in(part->quote, quote) && lies_in(part->text, text));
    }
}

/* The quotation ends at the first line end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0}, scratch = {0};
    struct slice text = {(const char *)data, size}, quote = slice_cut(&text, '\n');
    struct quote_found found;
    text = text.data ? text : SLICE("");
    struct quote *read = utf8_valid(quote) && utf8_valid(text) && size < 20000 ? quote_read(quote, &arena) : NULL;
    if (read) {
        quote_compare(read, text, &scratch, &arena, &found);
        check(&found, quote, text, &arena);
        quote_compare(read, quote, &scratch, &arena, &found); /* everything has itself */
        check(&found, quote, quote, &arena);
        assert(found.match == QUOTE_EXACT);
    }
    arena_release(&scratch);
    arena_release(&arena);
    return 0;
}
