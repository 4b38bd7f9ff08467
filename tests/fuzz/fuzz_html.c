/* Any bytes as a page: read, or refused with a sentence; the same twice; all that comes out is UTF-8. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "readout/text.h"
#include "readout/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS = 7 };

static void fields_of(const struct page *page, struct slice fields[static FIELDS])
{
    const struct slice all[FIELDS] = {page->text, page->title,  page->byline,      page->language,
                                      page->url,  page->outlet, page->published_at};
    memcpy(fields, all, sizeof all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct slice html = {(const char *)data, size};
    struct page pages[2];
    struct error errors[2] = {{.kind = ERROR_NONE}};
    bool good = text_page(html, &arena, &pages[0], &errors[0]), again = text_page(html, &arena, &pages[1], &errors[1]);
    assert(good == again && (good || (errors[0].kind == ERROR_INVALID && errors[0].message[0])));
    if (good) {
        struct slice fields[2][FIELDS];
        fields_of(&pages[0], fields[0]);
        fields_of(&pages[1], fields[1]);
        assert(pages[0].text.length > 0);
        for (size_t i = 0; i < FIELDS; i++)
            assert(slice_equal(fields[0][i], fields[1][i]) && (!fields[0][i].data || utf8_valid(fields[0][i])));
    }
    arena_release(&arena);
    return 0;
}
