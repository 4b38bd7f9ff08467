/* Whether a quotation stands in the record's articles: where, in which report of which claim, and whether as that speaker's. */
#include <stdlib.h>
#include <string.h>

#include "collate_private.h"

enum { WORDS_ASKED = 400, RUNS_ASKED = 16, WORK_MAX = 100000000 /* of one verification: about half a second */ };

struct verifying {
    struct reader *reader;
    const struct quote_asked *asked;
    const struct quote *quote;
    struct arena *arena;
    struct quote_answer *answer;
    struct quote_hit *hits; /* room for all that are compared */
    size_t work;
};

/* ---- the report it stands in ------------------------------------------------------------------------------ */

struct reporting {
    const struct quote_asked *asked;
    struct quote_hit *hit;
    uint32_t length, best; /* characters of the quotation, and those that the best report has */
    int64_t best_length;
    bool agrees, differs; /* a report that has half of it and more */
};

static uint32_t overlap(const struct quote_found *found, int64_t start, int64_t end)
{
    uint32_t shared = 0;
    for (size_t i = 0; i < found->span_count; i++) {
        int64_t from = found->spans[i].start > start ? found->spans[i].start : start,
                to = found->spans[i].end < end ? found->spans[i].end : end;
        shared += to > from ? (uint32_t)(to - from) : 0;
    }
    return shared;
}

static bool is_asked(const struct quote_asked *asked, int64_t actor)
{
    for (size_t i = 0; i < asked->speaker_count; i++)
        if (asked->speakers[i] == actor)
            return true;
    return false;
}

/* How much of the quotation the report's content has; `length` gets how long that is. */
static uint32_t shared_with(const struct quote_found *found, struct slice document, int64_t *length)
{
    json_t *report = json_loadb(document.data, document.length, 0, NULL);
    uint32_t shared = 0;
    size_t index;
    json_t *span;
    *length = 0;
    json_array_foreach (json_object_get(report, "content"), index, span) {
        int64_t start = json_integer_value(json_object_get(span, "start")),
                end = json_integer_value(json_object_get(span, "end"));
        shared += overlap(found, start, end);
        *length += end - start;
    }
    json_decref(report);
    return shared;
}

static void look_at_report(void *to, const struct quoting_report *report)
{
    struct reporting *reporting = to;
    int64_t length;
    uint32_t shared = shared_with(&reporting->hit->found, report->document, &length);
    if (shared == 0)
        return;
    if (2 * shared >= reporting->length && report->speaker) {
        bool agrees = is_asked(reporting->asked, report->speaker) || is_asked(reporting->asked, report->affiliation) ||
                      is_asked(reporting->asked, report->on_behalf_of);
        reporting->agrees |= agrees;
        reporting->differs |= !agrees;
    }
    if (shared < reporting->best || (shared == reporting->best && length >= reporting->best_length))
        return;
    reporting->best = shared;
    reporting->best_length = length;
    reporting->hit->report = *report;
    reporting->hit->report.document = NO_SLICE;
}

static bool find_report(struct verifying *verifying, struct quote_hit *hit, struct error *error)
{
    struct reporting reporting = {.asked = verifying->asked, .hit = hit};
    for (size_t i = 0; i < hit->found.span_count; i++)
        reporting.length += hit->found.spans[i].end - hit->found.spans[i].start;
    if (!reader_quoting_reports(verifying->reader, hit->article.id, verifying->arena, look_at_report, &reporting, error))
        return false;
    hit->agrees = reporting.agrees ? SPEAKER_AGREES : reporting.differs ? SPEAKER_DIFFERS : SPEAKER_UNKNOWN;
    return true;
}

/* ---- the articles ----------------------------------------------------------------------------------------- */

static bool compare(struct verifying *verifying, int64_t article, struct arena *scratch, struct error *error)
{
    struct quote_answer *answer = verifying->answer;
    struct quote_hit *hit = &verifying->hits[answer->found];
    struct slice text;
    *hit = (struct quote_hit){.article.id = article};
    if (!reader_quoting_text(verifying->reader, article, scratch, &text, error))
        return false;
    if (!text.data)
        return true;
    quote_compare(verifying->quote, text, scratch, scratch, &hit->found);
    answer->checked++;
    answer->all &= !hit->found.partly;
    verifying->work += hit->found.work;
    if (hit->found.match == QUOTE_MISSING)
        return true;
    text = arena_slice(verifying->arena, text);
    quote_compare(verifying->quote, text, scratch, verifying->arena, &hit->found);
    answer->match = hit->found.match < answer->match ? hit->found.match : answer->match;
    answer->found++;
    return reader_quoting_article(verifying->reader, article, verifying->arena, &hit->article, error) &&
           find_report(verifying, hit, error);
}

/* Those that the speaker said come first, then the better ones, then the earlier ones. */
static int by_worth(const void *a, const void *b)
{
    const struct quote_hit *one = a, *other = b;
    if (one->agrees != other->agrees && (one->agrees == SPEAKER_AGREES || other->agrees == SPEAKER_AGREES))
        return one->agrees == SPEAKER_AGREES ? -1 : 1;
    if (one->found.match != other->found.match)
        return one->found.match < other->found.match ? -1 : 1;
    if (one->found.distance != other->found.distance)
        return one->found.distance < other->found.distance ? -1 : 1;
    if (one->found.quoted != other->found.quoted)
        return one->found.quoted ? -1 : 1;
    struct slice day = one->article.published_at, other_day = other->article.published_at;
    if (!day.data != !other_day.data)
        return day.data ? -1 : 1;
    int order = day.data ? memcmp(day.data, other_day.data, day.length < other_day.length ? day.length : other_day.length) : 0;
    if (order != 0)
        return order;
    return one->article.id < other->article.id ? -1 : one->article.id > other->article.id;
}

static bool find_articles(struct verifying *verifying, struct quoting *quoting, struct error *error)
{
    struct slice *words = arena_alloc(verifying->arena, WORDS_ASKED * sizeof *words), runs[RUNS_ASKED];
    if (verifying->asked->article) {
        *quoting = (struct quoting){.ids = &verifying->asked->article, .count = 1, .all = true};
        return true;
    }
    struct quoted_words sought = {.words = words,
                                  .count = quote_words(verifying->quote, words, WORDS_ASKED),
                                  .runs = runs,
                                  .run_count = quote_runs(verifying->quote, runs, RUNS_ASKED),
                                  .differing = quote_bound(verifying->quote)};
    return reader_quoting(verifying->reader, &sought, verifying->arena, quoting, error);
}

bool collate_verify(struct reader *reader, const struct quote_asked *asked, struct arena *arena, struct quote_answer *answer,
                    struct error *error)
{
    struct verifying verifying = {.reader = reader, .asked = asked, .arena = arena, .answer = answer};
    struct arena scratch = {0};
    struct quoting quoting;
    *answer = (struct quote_answer){.match = QUOTE_MISSING};
    verifying.quote = quote_read(asked->quote, arena);
    if (!find_articles(&verifying, &quoting, error))
        return false;
    answer->all = quoting.all;
    answer->hits = verifying.hits = arena_alloc(arena, (quoting.count + 1) * sizeof *verifying.hits);
    bool good = true;
    for (size_t i = 0; i < quoting.count && good; i++) {
        if (verifying.work > WORK_MAX) {
            answer->all = false;
            break;
        }
        good = compare(&verifying, quoting.ids[i], &scratch, error);
        arena_reset(&scratch);
    }
    arena_release(&scratch);
    qsort(answer->hits, answer->found, sizeof *answer->hits, by_worth);
    return good;
}
