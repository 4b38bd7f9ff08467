/* The formats, as data. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "formats_private.h"

static void nothing(struct rendering *rendering, struct buffer *out)
{
    (void)rendering;
    (void)out;
}

#define OF_ALL_NOUNS(use)                                                                                                        \
    {                                                                                                                            \
        [NOUN_ARTICLE] = (use), [NOUN_ACTOR] = (use), [NOUN_CLAIM] = (use), [NOUN_MEETING] = (use), [NOUN_TOPIC] = (use),        \
        [NOUN_DISCREPANCY] = (use), [NOUN_MENTION] = (use), [NOUN_REPORT] = (use)                                                \
    }

static const struct format formats[] = {
    {.suffix = "ndjson",
     .type = "application/x-ndjson",
     .content_type = "application/x-ndjson",
     .download = true,
     .uses = OF_ALL_NOUNS(FORMAT_WHOLE),
     .begin = nothing,
     .add_raw = lines_add,
     .end = nothing},
    {.suffix = "csv",
     .type = "text/csv",
     .content_type = "text/csv; charset=utf-8; header=present",
     .download = true,
     .uses = OF_ALL_NOUNS(FORMAT_WHOLE),
     .begin = table_begin,
     .add = table_add,
     .end = nothing},
    {.suffix = "ics",
     .type = "text/calendar",
     .content_type = "text/calendar; charset=utf-8",
     .uses = {[NOUN_MEETING] = FORMAT_WHOLE | FORMAT_ITEMS},
     .begin = calendar_begin,
     .add = calendar_add,
     .end = calendar_end},
    {.suffix = "atom",
     .type = "application/atom+xml",
     .content_type = "application/atom+xml; charset=utf-8",
     .latest = true,
     .uses = {[NOUN_ARTICLE] = FORMAT_LISTS, [NOUN_CLAIM] = FORMAT_LISTS, [NOUN_MEETING] = FORMAT_LISTS},
     .wishes = {[NOUN_ARTICLE] = {"outlet"}, [NOUN_CLAIM] = {"speaker"}},
     .begin = atom_begin,
     .add = atom_add,
     .end = atom_end},
    {.suffix = "jsonfeed",
     .type = "application/feed+json",
     .content_type = "application/feed+json",
     .uses = {[NOUN_ARTICLE] = FORMAT_LISTS, [NOUN_CLAIM] = FORMAT_LISTS, [NOUN_MEETING] = FORMAT_LISTS},
     .wishes = {[NOUN_ARTICLE] = {"outlet"}, [NOUN_CLAIM] = {"speaker"}},
     .begin = feed_begin,
     .add = feed_add,
     .end = feed_end},
    {.suffix = "jsonld",
     .type = "application/ld+json",
     .content_type = "application/ld+json",
     .uses = {[NOUN_ARTICLE] = FORMAT_LISTS | FORMAT_ITEMS,
              [NOUN_ACTOR] = FORMAT_LISTS | FORMAT_ITEMS,
              [NOUN_CLAIM] = FORMAT_LISTS | FORMAT_ITEMS,
              [NOUN_MEETING] = FORMAT_LISTS | FORMAT_ITEMS,
              [NOUN_REPORT] = FORMAT_LISTS | FORMAT_ITEMS},
     .wishes = {[NOUN_ARTICLE] = {"outlet"}, [NOUN_ACTOR] = {"affiliation"}, [NOUN_CLAIM] = {"speaker", "reports"}},
     .begin = linked_begin,
     .add = linked_add,
     .end = linked_end},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

const struct format *format_of_type(const char *type)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (strcmp(formats[i].type, type) == 0)
            return &formats[i];
    }
    return NULL;
}

const char *type_of_suffix(struct slice suffix)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (slice_is(suffix, formats[i].suffix))
            return formats[i].type;
    }
    return slice_is(suffix, "json") ? "application/json" : NULL;
}

static void note_change(struct rendering *rendering, struct slice updated)
{
    struct slice latest = slice_of(rendering->latest);
    if (updated.length < sizeof rendering->latest &&
        (latest.length == 0 || memcmp(updated.data, latest.data, updated.length) > 0))
        snprintf(rendering->latest, sizeof rendering->latest, "%.*s", SLICE_ARGS(updated));
}

void format_add(struct rendering *rendering, struct slice document, struct buffer *out)
{
    const struct format *format = rendering->format;
    if (format->add_raw) {
        format->add_raw(rendering, document, out);
    } else {
        json_t *parsed = json_loadb(document.data, document.length, 0, NULL);
        assert(parsed); /* the store keeps nothing else */
        struct slice updated = text_in(parsed, "updated_at");
        if (updated.data)
            note_change(rendering, updated);
        format->add(rendering, parsed, out);
        json_decref(parsed);
    }
    rendering->count++;
}
