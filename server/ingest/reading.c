#include <string.h>

#include "ingest_private.h"
#include "readout/clock.h"
#include "readout/metrics.h"

static struct slice either(struct slice first, struct slice second)
{
    return first.data ? first : second;
}

static struct slice day_of(struct slice published_at)
{
    return published_at.length >= 10 ? (struct slice){published_at.data, 10} : NO_SLICE;
}

static bool take_body(struct reading *reading)
{
    struct page *page = &reading->page;
    if (reading->form == READING_PAGE && !text_page(reading->body, reading->arena, page, &reading->error))
        return false;
    if (reading->form == READING_TEXT)
        page->text = reading->body;
    page->title = either(reading->title, page->title);
    page->language = either(reading->language, page->language);
    page->outlet = either(reading->outlet, page->outlet);
    page->published_at = either(reading->published_at, page->published_at);
    reading->text = page->text;
    return true;
}

/* What surrounds an article changes with each reprint, so it does not count. */
static void sign(struct reading *reading)
{
    const struct analysis *analysis = &reading->analysis;
    struct slice *left_out = arena_alloc(reading->arena, (analysis->boilerplate_count + 1) * sizeof *left_out);
    for (uint32_t i = 0; i < analysis->boilerplate_count; i++)
        left_out[i] = text_characters(analysis, analysis->boilerplate[i]).text;
    struct shingles shingles = shingles_of(reading->text, left_out, analysis->boilerplate_count, reading->arena);
    reading->has_bands = shingles_bands(&shingles, reading->bands);
    struct shingles all = shingles_of(reading->text, NULL, 0, reading->arena);
    reading->runs = all.hashes;
    reading->run_count = all.count;
}

static void measure(const struct reading *reading, int64_t begun)
{
    const struct analysis *analysis = &reading->analysis;
    metric_add(METRIC_READ_ARTICLES, 1);
    metric_add(METRIC_READ_SECONDS, clock_nanoseconds() - begun);
    metric_add(METRIC_READ_FINDINGS, (int64_t)analysis->mention_count + analysis->claim_count + analysis->meeting_count);
}

/* What one reading is watched by. */
struct watch {
    const struct ingest *ingest;
    int64_t until;
};

static bool has_time(void *context)
{
    const struct watch *watch = context;
    return clock_nanoseconds() < watch->until && !atomic_load(&watch->ingest->closing);
}

bool reading_do(struct ingest *ingest, struct reading *reading)
{
    int64_t begun = clock_nanoseconds();
    struct watch watch = {ingest, begun + ingest->milliseconds * 1000000};
    if (!take_body(reading) || reading->page_alone)
        return reading->text.data;
    struct snapshot *snapshot = known_take(ingest->known);
    struct text_hints hints = {.title = reading->page.title,
                               .published_on = day_of(reading->page.published_at),
                               .language = reading->page.language,
                               .outlet = reading->page.outlet,
                               .known = snapshot_known(snapshot),
                               .may_go_on = has_time,
                               .go_on_context = &watch};
    reading->good = text_analyse(reading->text, &hints, reading->arena, &reading->analysis, &reading->error);
    known_give_back(snapshot);
    if (!reading->good && reading->error.kind == ERROR_SLOW)
        fail(&reading->error, ERROR_SLOW, "reading it takes longer than --read-timeout allows, %lld ms; send it in parts",
             (long long)ingest->milliseconds);
    if (reading->good && reading->for_record)
        sign(reading);
    if (reading->good)
        measure(reading, begun);
    return reading->good;
}
