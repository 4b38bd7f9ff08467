/* What is new in an article: what it tells, compared with what was told before it. */
#include <stdlib.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/collate.h"
#include "readout/digest.h"

enum {
    TOLD_MAX = 2000, /* claims of an article */
    CLAIMS_SHOWN = 500,
    SEEN_SHOWN = 200,
    DISPUTES_SHOWN = 100,
    DISPUTES_MAX = 1000,
    REPORTS_SHOWN = 10,
    COMPARED_MAX = 100 /* earlier reports whose words are compared: the earliest */
};

enum novelty { NOVELTY_NEW, NOVELTY_WORDING, NOVELTY_KNOWN, NOVELTIES };
static const char *const novelty_names[] = {"new", "new_wording", "known"};

struct asking {
    struct call *call;
    struct arena *arena;
    struct publication article;
    struct error error;
    struct buffer claims;
    int64_t told, novelties[NOVELTIES], new_origins;
};

/* ---- who told it before ----------------------------------------------------------------------------------- */

struct earlier {
    const struct origin_report **reports; /* in the order in which they came */
    size_t count;
    int64_t articles, outlets, origins;
    bool new_origin;
};

static struct publication publication_of(const struct origin_report *report)
{
    return (struct publication){report->article, report->published};
}

static int in_order(const void *a, const void *b)
{
    const struct origin_report *x = *(const struct origin_report *const *)a, *y = *(const struct origin_report *const *)b;
    if (!x->published.data != !y->published.data)
        return x->published.data ? -1 : 1;
    struct publication one = publication_of(x), other = publication_of(y);
    if (x->article == y->article)
        return x->id < y->id ? -1 : x->id > y->id;
    return came_before(&one, &other) ? -1 : 1;
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int64_t different(int64_t *numbers, size_t count)
{
    int64_t found = 0;
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    for (size_t i = 0; i < count; i++)
        found += i == 0 || numbers[i] != numbers[i - 1];
    return found;
}

static void count_earlier(struct earlier *earlier, struct arena *arena)
{
    int64_t *numbers = arena_alloc(arena, (earlier->count + 1) * sizeof *numbers);
    size_t origins = 0;
    for (size_t i = 0; i < earlier->count; i++)
        numbers[i] = earlier->reports[i]->article;
    earlier->articles = different(numbers, earlier->count);
    for (size_t i = 0; i < earlier->count; i++)
        numbers[i] = earlier->reports[i]->outlet ? earlier->reports[i]->outlet : -earlier->reports[i]->article;
    earlier->outlets = different(numbers, earlier->count);
    for (size_t i = 0; i < earlier->count; i++) {
        if (earlier->reports[i]->why != FOLD_NONE)
            numbers[origins++] = (int64_t)earlier->reports[i]->origin;
    }
    earlier->origins = different(numbers, origins);
}

static bool find_earlier(struct asking *asking, const struct carried *told, struct earlier *earlier)
{
    struct origins origins;
    const struct origin_report *own = NULL;
    if (!reader_origins(asking->call->reader, told->claim, asking->arena, &origins, &asking->error))
        return false;
    *earlier = (struct earlier){.reports = arena_alloc(asking->arena, (origins.report_count + 1) * sizeof *earlier->reports)};
    for (size_t i = 0; i < origins.report_count; i++) {
        const struct origin_report *report = &origins.reports[i];
        struct publication publication = publication_of(report);
        if (report->id == told->report)
            own = report;
        if (report->article != asking->article.article && came_before(&publication, &asking->article))
            earlier->reports[earlier->count++] = report;
    }
    earlier->new_origin = own && own->why != FOLD_NONE;
    for (size_t i = 0; i < earlier->count && own; i++)
        earlier->new_origin &= earlier->reports[i]->why == FOLD_NONE || earlier->reports[i]->origin != own->origin;
    qsort(earlier->reports, earlier->count, sizeof *earlier->reports, in_order);
    count_earlier(earlier, asking->arena);
    return true;
}

/* ---- a claim ---------------------------------------------------------------------------------------------- */

static struct slice words_of(struct slice document, struct arena *arena)
{
    json_t *report = json_loadb(document.data, document.length, 0, NULL);
    struct slice words = collate_words_of(report, arena);
    json_decref(report);
    return words;
}

static bool has_words(struct asking *asking, const struct origin_report *report, struct slice words)
{
    struct row row;
    return reader_row(asking->call->reader, NOUN_REPORT, report->id, false, asking->arena, &row, &asking->error) &&
           collate_same_words(words_of(row.document, asking->arena), words, asking->arena);
}

static void add_id(struct buffer *out, int64_t id)
{
    if (id)
        buffer_add_int(out, id);
    else
        buffer_add_text(out, "null");
}

static void add_earlier(const struct earlier *earlier, const bool *same, struct buffer *out)
{
    buffer_add_text(out, ",\"known_since\":");
    buffer_add_json(out, earlier->count ? earlier->reports[0]->published : NO_SLICE);
    buffer_print(out, ",\"earlier\":{\"article_count\":%lld,\"outlet_count\":%lld,\"origin_count\":%lld,\"reports\":[",
                 (long long)earlier->articles, (long long)earlier->outlets, (long long)earlier->origins);
    for (size_t i = 0; i < earlier->count && i < REPORTS_SHOWN; i++) {
        const struct origin_report *report = earlier->reports[i];
        buffer_print(out, "%s{\"report_id\":%lld,\"article_id\":%lld,\"outlet_id\":", i ? "," : "", (long long)report->id,
                     (long long)report->article);
        add_id(out, report->outlet);
        buffer_add_text(out, ",\"published_at\":");
        buffer_add_json(out, report->published);
        buffer_print(out, ",\"same_words\":%s}", same[i] ? "true" : "false");
    }
    buffer_add_text(out, "]}");
}

static void add_spans(struct slice document, struct buffer *out)
{
    json_t *report = json_loadb(document.data, document.length, 0, NULL), *span;
    size_t index;
    json_array_foreach (json_object_get(report, "content"), index, span) {
        const json_t *text = json_object_get(span, "text");
        buffer_print(out, "%s{\"start\":%lld,\"end\":%lld,\"text\":", index ? "," : "",
                     (long long)json_integer_value(json_object_get(span, "start")),
                     (long long)json_integer_value(json_object_get(span, "end")));
        buffer_add_json(out, (struct slice){json_string_value(text), json_string_length(text)});
        buffer_add_byte(out, '}');
    }
    json_decref(report);
}

static bool add_claim(struct asking *asking, const struct carried *told, bool shown)
{
    struct earlier earlier;
    struct buffer *out = &asking->claims;
    bool same[COMPARED_MAX], any = false;
    struct slice words = words_of(told->document, asking->arena);
    if (!find_earlier(asking, told, &earlier))
        return false;
    for (size_t i = 0; i < earlier.count && i < COMPARED_MAX; i++) {
        same[i] = (!any || i < REPORTS_SHOWN) && has_words(asking, earlier.reports[i], words);
        any |= same[i];
    }
    enum novelty novelty = earlier.count == 0 ? NOVELTY_NEW : any ? NOVELTY_KNOWN : NOVELTY_WORDING;
    asking->novelties[novelty]++;
    asking->new_origins += novelty != NOVELTY_NEW && earlier.new_origin;
    if (!shown)
        return true;
    buffer_print(out, "%s{\"report_id\":%lld,\"claim_id\":%lld,\"text\":", out->length ? "," : "", (long long)told->report,
                 (long long)told->claim);
    buffer_add_json(out, told->claim_text);
    buffer_add_text(out, ",\"speaker_id\":");
    add_id(out, told->speaker);
    buffer_print(out, ",\"novelty\":\"%s\",\"new_origin\":%s,\"spans\":[", novelty_names[novelty],
                 earlier.new_origin ? "true" : "false");
    add_spans(told->document, out);
    buffer_add_byte(out, ']');
    add_earlier(&earlier, same, out);
    buffer_add_byte(out, '}');
    return true;
}

static int64_t start_of(const struct carried *told)
{
    json_t *report = json_loadb(told->document.data, told->document.length, 0, NULL);
    int64_t start = json_integer_value(json_object_get(json_array_get(json_object_get(report, "content"), 0), "start"));
    json_decref(report);
    return start;
}

struct placed {
    int64_t start;
    const struct carried *told;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->told->report < y->told->report ? -1 : x->told->report > y->told->report;
}

static bool add_claims(struct asking *asking)
{
    struct carried *told = arena_alloc(asking->arena, TOLD_MAX * sizeof *told);
    asking->told = reader_told_in(asking->call->reader, asking->article.article, asking->arena, told, TOLD_MAX, &asking->error);
    size_t count = asking->told > 0 ? (size_t)asking->told : 0;
    struct placed *placed = arena_alloc(asking->arena, (count + 1) * sizeof *placed);
    for (size_t i = 0; i < count; i++)
        placed[i] = (struct placed){start_of(&told[i]), &told[i]};
    qsort(placed, count, sizeof *placed, by_place);
    bool good = asking->told >= 0;
    for (size_t i = 0; i < count && good; i++)
        good = add_claim(asking, placed[i].told, i < CLAIMS_SHOWN);
    return good;
}

/* ---- whom and what it is the first to name ---------------------------------------------------------------- */

struct seen {
    int64_t all, first;
    struct buffer items;
};

static bool add_seen(struct asking *asking, enum noun noun, struct seen *seen)
{
    struct reader *reader = asking->call->reader;
    struct first_seen *found = arena_alloc(asking->arena, SEEN_SHOWN * sizeof *found);
    seen->items = buffer_in(asking->arena, 512);
    seen->all = reader_seen_in(reader, noun, asking->article.article, &asking->error);
    if (seen->all < 0)
        return false;
    seen->first = reader_first_seen(reader, noun, &asking->article, asking->arena, found, SEEN_SHOWN, &asking->error);
    for (int64_t i = 0; i < seen->first && i < SEEN_SHOWN; i++) {
        buffer_print(&seen->items, "%s{\"id\":%lld,\"name\":", i ? "," : "", (long long)found[i].id);
        buffer_add_json(&seen->items, found[i].name);
        buffer_add_text(&seen->items, ",\"kind\":");
        buffer_add_json(&seen->items, found[i].kind);
        if (noun == NOUN_MEETING) {
            buffer_add_text(&seen->items, ",\"starts_on\":");
            buffer_add_json(&seen->items, found[i].starts_on);
        }
        buffer_add_byte(&seen->items, '}');
    }
    return seen->first >= 0;
}

/* ---- what contradicts it ---------------------------------------------------------------------------------- */

struct disputes {
    int64_t all, open;
    struct buffer items;
};

static bool is_here(const json_t *value, int64_t article)
{
    size_t index;
    json_t *item;
    json_array_foreach (json_object_get(value, "evidence"), index, item) {
        bool older = json_is_integer(json_object_get(item, "revision"));
        if (json_integer_value(json_object_get(item, "article_id")) == article && !older)
            return true;
    }
    return false;
}

static void add_string(struct buffer *out, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    buffer_add_json(out, (struct slice){json_string_value(value), json_string_length(value)});
}

static void add_articles(const json_t *value, struct arena *arena, struct buffer *out)
{
    const json_t *evidence = json_object_get(value, "evidence");
    size_t count = json_array_size(evidence);
    int64_t *ids = arena_alloc(arena, (count + 1) * sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = json_integer_value(json_object_get(json_array_get(evidence, i), "article_id"));
    qsort(ids, count, sizeof *ids, compare_numbers);
    bool first = true;
    for (size_t i = 0; i < count; i++) {
        if (i && ids[i] == ids[i - 1])
            continue;
        buffer_print(out, "%s%lld", first ? "" : ",", (long long)ids[i]);
        first = false;
    }
}

static void add_sides(const json_t *values, const struct asking *asking, bool here, struct buffer *out)
{
    size_t index;
    json_t *value;
    bool first = true;
    json_array_foreach (values, index, value) {
        if (is_here(value, asking->article.article) != here)
            continue;
        buffer_add_text(out, first ? "" : ",");
        first = false;
        if (here) {
            add_string(out, value, "value");
            continue;
        }
        buffer_add_text(out, "{\"value\":");
        add_string(out, value, "value");
        buffer_add_text(out, ",\"article_ids\":[");
        add_articles(value, asking->arena, out);
        buffer_add_text(out, "]}");
    }
}

static void add_dispute(const struct asking *asking, const json_t *discrepancy, struct buffer *out)
{
    static const char *const told[] = {"kind", "about", "status"};
    const json_t *values = json_object_get(discrepancy, "values");
    buffer_print(out, "%s{\"discrepancy_id\":%lld", out->length ? "," : "",
                 (long long)json_integer_value(json_object_get(discrepancy, "id")));
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        buffer_print(out, ",\"%s\":", told[i]);
        add_string(out, discrepancy, told[i]);
    }
    buffer_add_text(out, ",\"here\":[");
    add_sides(values, asking, true, out);
    buffer_add_text(out, "],\"elsewhere\":[");
    add_sides(values, asking, false, out);
    buffer_add_text(out, "]}");
}

static bool add_disputes(struct asking *asking, struct disputes *disputes)
{
    struct slice *documents = arena_alloc(asking->arena, DISPUTES_MAX * sizeof *documents);
    disputes->items = buffer_in(asking->arena, 512);
    disputes->all =
        reader_disputes_in(asking->call->reader, asking->article.article, asking->arena, documents, DISPUTES_MAX, &asking->error);
    for (int64_t i = 0; i < disputes->all; i++) {
        json_t *discrepancy = json_loadb(documents[i].data, documents[i].length, 0, NULL);
        const char *status = json_string_value(json_object_get(discrepancy, "status"));
        disputes->open += status && slice_is(slice_of(status), "open");
        if (i < DISPUTES_SHOWN)
            add_dispute(asking, discrepancy, &disputes->items);
        json_decref(discrepancy);
    }
    return disputes->all >= 0;
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static void add_summary(const struct asking *asking, const struct seen *actors, const struct seen *meetings,
                        const struct disputes *disputes, struct buffer *out)
{
    int64_t share = asking->told ? (asking->novelties[NOVELTY_NEW] * 200 + asking->told) / (2 * asking->told) : 0;
    buffer_print(out, ",\"summary\":{\"claims\":%lld,\"new\":%lld,\"new_wording\":%lld,\"known\":%lld,\"new_origins\":%lld",
                 (long long)asking->told, (long long)asking->novelties[NOVELTY_NEW],
                 (long long)asking->novelties[NOVELTY_WORDING], (long long)asking->novelties[NOVELTY_KNOWN],
                 (long long)asking->new_origins);
    if (asking->told)
        buffer_print(out, ",\"share_new\":%lld.%02lld", (long long)share / 100, (long long)share % 100);
    else
        buffer_add_text(out, ",\"share_new\":null");
    buffer_print(out,
                 ",\"actors\":%lld,\"new_actors\":%lld,\"meetings\":%lld,\"new_meetings\":%lld,\"contradictions\":%lld,"
                 "\"open_contradictions\":%lld}",
                 (long long)actors->all, (long long)actors->first, (long long)meetings->all, (long long)meetings->first,
                 (long long)disputes->all, (long long)disputes->open);
}

static void add_list(const char *name, const struct buffer *items, struct buffer *out)
{
    buffer_print(out, ",\"%s\":[", name);
    buffer_add_slice(out, buffer_slice(items));
    buffer_add_byte(out, ']');
}

static bool answer(struct asking *asking, const json_t *article, struct buffer *out)
{
    struct seen actors, meetings;
    struct disputes disputes = {.open = 0};
    if (!add_claims(asking) || !add_seen(asking, NOUN_ACTOR, &actors) || !add_seen(asking, NOUN_MEETING, &meetings) ||
        !add_disputes(asking, &disputes))
        return false;
    buffer_print(out, "{\"article_id\":%lld,\"published_at\":", (long long)asking->article.article);
    buffer_add_json(out, asking->article.published_at);
    buffer_add_text(out, ",\"near_duplicate_of\":");
    add_id(out, json_integer_value(json_object_get(article, "near_duplicate_of")));
    add_summary(asking, &actors, &meetings, &disputes, out);
    add_list("claims", &asking->claims, out);
    add_list("actors", &actors.items, out);
    add_list("meetings", &meetings.items, out);
    add_list("contradicts", &disputes.items, out);
    buffer_add_byte(out, '}');
    return true;
}

struct reply get_novelty(struct call *call)
{
    struct row row;
    struct error error;
    int64_t id = call_int(call, "id"), begun = clock_nanoseconds();
    const struct generation *generation = call_generation(call);
    if (!reader_row(call->reader, NOUN_ARTICLE, id, false, call->arena, &row, &error))
        return error.kind == ERROR_NOT_FOUND ? problem_missing(call->request, NOUN_ARTICLE, id)
                                             : problem_failed(call->request, &error);
    if (row.deleted)
        return problem_gone(call->request, NOUN_ARTICLE, id, row.deleted_at);
    json_t *article = json_loadb(row.document.data, row.document.length, 0, NULL);
    const json_t *published = json_object_get(article, "published_at");
    struct asking asking = {
        .call = call,
        .arena = call->arena,
        .article = {id, arena_slice(call->arena, (struct slice){json_string_value(published), json_string_length(published)})},
        .claims = buffer_in(call->arena, 4096)};
    struct buffer body = buffer_in(call->arena, 8192);
    bool good = answer(&asking, article, &body);
    json_decref(article);
    if (!good)
        return problem_failed(call->request, &asking.error);
    call->nouns = EVERY_NOUN;
    struct reply reply = reply_json(200, buffer_slice(&body));
    reply.etag = weak_tag(call->arena, generation_seq(generation, EVERY_NOUN), digest_quick(0, call->request->target));
    reply.store_ns = clock_nanoseconds() - begun;
    return reply_conditional(call, reply);
}
