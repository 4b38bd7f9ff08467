/* Lists: from parameters to a query, from a page to a body. */
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"

/* ---- the query -------------------------------------------------------------------------------------------- */

static void add_order(struct list_query *query, struct slice key)
{
    bool descending = slice_starts(key, "-");
    if (descending)
        key = (struct slice){key.data + 1, key.length - 1};
    int sort = list_sort_index(query->list, key);
    if (sort >= 0 && query->order_count < SORT_KEYS_MAX)
        query->orders[query->order_count++] = (struct list_order){.sort = sort, .descending = descending};
}

/* Behind the id no key decides anything. */
static void set_orders(const struct call *call, struct list_query *query)
{
    const struct value_of *sort = values_find(&call->values, "sort");
    for (size_t i = 0; sort && i < sort->count; i++) {
        bool by_id = slice_is(sort->list[i], "id") || slice_is(sort->list[i], "-id");
        add_order(query, sort->list[i]);
        if (by_id)
            break;
    }
    if (query->order_count == 0)
        add_order(query, SLICE("id"));
}

static struct datum typed(const struct list_filter *filter, struct slice text)
{
    long long number = 0;
    if (filter->type == FILTER_TEXT)
        return of_slice(text);
    if (filter->type == FILTER_TRUTH)
        return of_int(slice_is(text, "true") || slice_is(text, "1"));
    slice_to_int(text, &number);
    return of_int(number);
}

/* When a day or an instant begins, and when the next one does. The record has instants to the millisecond, and days as such where
 * no more is known: those sort before the day's first instant. */
static void add_span_of_time(const struct call *call, struct slice text, struct datum span[static 2])
{
    enum { MILLISECONDS_A_DAY = 86400000, DAY_LENGTH = 10 };
    bool whole_day = text.length == DAY_LENGTH;
    int64_t begins = 0;
    struct slice instant = whole_day ? slice_of(arena_print(call->arena, "%.*sT00:00:00Z", SLICE_ARGS(text))) : text;
    clock_parse_instant(instant, &begins);
    for (int i = 0; i < 2; i++) {
        char formatted[INSTANT_SIZE];
        clock_format(begins + i * (whole_day ? MILLISECONDS_A_DAY : 1), formatted);
        span[i] = of_slice(arena_slice(call->arena, (struct slice){formatted, whole_day ? DAY_LENGTH : INSTANT_SIZE - 1}));
    }
    if (slice_equal(span[0].text, span[1].text))
        span[1] = of_text("~"); /* the last one there is */
}

/* As ranges and as bounds: `span` has where the time begins and where it ends. */
static bool add_time(const struct call *call, struct list_query *query, int filter, enum comparison comparison,
                     const struct slice *texts, size_t count)
{
    struct datum *spans = arena_alloc(call->arena, 2 * (count + 1) * sizeof *spans);
    for (size_t i = 0; i < count; i++)
        add_span_of_time(call, texts[i], &spans[2 * i]);
    switch (comparison) {
    case COMPARE_ABOVE:
        return list_query_filter(query, filter, COMPARE_FROM, &spans[1], 1);
    case COMPARE_UNTIL:
        return list_query_filter(query, filter, COMPARE_BELOW, &spans[1], 1);
    case COMPARE_FROM:
    case COMPARE_BELOW:
        return list_query_filter(query, filter, comparison, spans, 1);
    default:
        return list_query_filter(query, filter, comparison == COMPARE_IS_NOT ? COMPARE_OUTSIDE : COMPARE_WITHIN, spans,
                                 2 * count);
    }
}

/* What is asked of the full-text index. */
static bool add_words(const struct call *call, struct list_query *query, int filter, const struct value_of *value,
                      struct faults *faults)
{
    struct datum *expression = arena_alloc(call->arena, sizeof *expression);
    struct search_question question;
    const char *fault = "there is no letter and no digit in it";
    if (query->list->filters[filter].type == FILTER_BEGINNING)
        question.expression = reader_beginning(call->reader, value->text, call->arena);
    else if (!reader_understand(call->reader, value->text, NO_SLICE, call->arena, &question, &fault))
        question.expression = NULL;
    *expression = of_text(question.expression);
    if (question.expression)
        return list_query_filter(query, filter, COMPARE_IS, expression, 1);
    fault_add(faults, FAULT_PARAMETER, value->parameter->name, "syntax", "%s", fault);
    return true;
}

static bool add_filter(const struct call *call, struct list_query *query, int filter, enum comparison comparison,
                       const struct value_of *value, struct faults *faults)
{
    const struct list_filter *what = &query->list->filters[filter];
    bool many = value->parameter->type == VALUE_LIST;
    const struct slice *texts = many ? value->list : &value->text;
    size_t count = many ? value->count : 1;
    if (comparison == COMPARE_NULL)
        return list_query_filter(query, filter, value->number ? COMPARE_NULL : COMPARE_SET, NULL, 0);
    if (what->type == FILTER_TIME)
        return add_time(call, query, filter, comparison, texts, count);
    if (what->type == FILTER_WORDS || what->type == FILTER_BEGINNING)
        return add_words(call, query, filter, value, faults);
    struct datum *values = arena_alloc(call->arena, (count + 1) * sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = typed(what, texts[i]);
    return list_query_filter(query, filter, comparison, values, count);
}

static enum count_mode count_mode(const struct call *call, const struct list_query *query)
{
    struct slice count = call_text(call, "count");
    if (slice_is(count, "exact"))
        return COUNT_EXACT;
    return slice_is(count, "none") || query->place.given ? COUNT_NONE : COUNT_CAPPED;
}

/* What a cursor is bound to: the path, the filters and the order. */
static uint64_t scope_of(const struct call *call, const struct list_query *query)
{
    uint64_t scope = digest_quick(2, call->path);
    for (size_t i = 0; i < query->order_count; i++)
        scope = digest_quick(
            scope, slice_of(arena_print(call->arena, "%d%c", query->orders[i].sort, query->orders[i].descending ? '-' : '+')));
    for (size_t i = 0; i < call->values.count; i++) {
        const struct value_of *value = &call->values.items[i];
        enum comparison comparison;
        if (value->parameter->in_path || list_filter_named(query->list, slice_of(value->parameter->name), &comparison) < 0)
            continue;
        scope = digest_quick(scope, slice_of(value->parameter->name));
        for (size_t n = 0; n < value->count; n++)
            scope = digest_quick(digest_quick(scope, value->list[n]), SLICE(","));
        scope = digest_quick(scope, value->text);
    }
    return scope;
}

static bool read_filters(struct call *call, struct list_query *query, unsigned *nouns, struct faults *faults)
{
    const struct list *list = query->list;
    for (size_t i = 0; i < call->values.count; i++) {
        const struct value_of *value = &call->values.items[i];
        enum comparison comparison;
        int filter = value->parameter->in_path ? -1 : list_filter_named(list, slice_of(value->parameter->name), &comparison);
        if (filter < 0)
            continue;
        if (!add_filter(call, query, filter, comparison, value, faults))
            return false;
        *nouns |= list->filters[filter].nouns;
    }
    if (call->endpoint->filter) {
        int filter = list_filter_index(list, slice_of(call->endpoint->filter));
        struct datum *owner = arena_alloc(call->arena, sizeof *owner);
        *owner = of_int(call_int(call, "id"));
        *nouns |= list->filters[filter].nouns | NOUN_BIT(call->endpoint->owner);
        return list_query_filter(query, filter, COMPARE_IS, owner, 1);
    }
    return true;
}

bool list_query_of(struct call *call, struct list_query *query, unsigned *nouns, uint64_t *scope, struct reply *problem)
{
    const struct list *list = list_of(call->endpoint->noun);
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    struct slice cursor = call_text(call, "cursor");
    *faults = (struct faults){.arena = call->arena};
    *query = (struct list_query){.list = list, .limit = (int)call_int(call, "limit")};
    *nouns = NOUN_BIT(list->noun);
    if (list->noun >= NOUN_RESOURCES)
        *nouns |= NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_CLAIM);
    if (!read_filters(call, query, nouns, faults)) {
        *problem = reply_problem(call->request, "invalid-parameter", NULL, "a query takes at most %d filters and %d values",
                                 LIST_FILTERS_MAX, LIST_VALUES_MAX);
        return false;
    }
    if (faults->count) {
        *problem = reply_problem(call->request, "invalid-parameter", faults, "the search is not understood");
        return false;
    }
    set_orders(call, query);
    *scope = scope_of(call, query);
    if (cursor.data && !cursor_read(call, cursor, *scope, &query->place, faults)) {
        *problem = reply_problem(call->request, "invalid-parameter", faults, "the cursor does not belong here");
        return false;
    }
    query->count = count_mode(call, query);
    return true;
}

static const struct slice items_start = {"{\"items\":[", 10};

/* ---- the body --------------------------------------------------------------------------------------------- */

static void add_link(struct call *call, struct buffer *body, struct buffer *links, const char *relation,
                     const struct place *place, bool there, uint64_t scope)
{
    struct slice cursor = there ? cursor_of(call, place, scope) : NO_SLICE,
                 url = there ? url_with_cursor(call, cursor) : NO_SLICE;
    buffer_print(body, ",\"%s\":", relation);
    buffer_add_json(body, url);
    buffer_print(body, ",\"%s_cursor\":", relation);
    buffer_add_json(body, cursor);
    if (there)
        buffer_print(links, "%s<%.*s>; rel=\"%s\"", links->length ? ", " : "", SLICE_ARGS(url), relation);
}

static void add_total(struct buffer *body, const struct list_page *page)
{
    if (page->total < 0)
        buffer_add_text(body, ",\"total\":null,\"total_exact\":null");
    else
        buffer_print(body, ",\"total\":%lld,\"total_exact\":%s", (long long)page->total, page->total_exact ? "true" : "false");
}

/* The body again, with what expansions and the choice of fields made of the documents. */
static struct buffer expanded_body(struct call *call, const struct list_page *page)
{
    size_t size = 512;
    for (size_t i = 0; i < page->count; i++)
        size += page->rows[i].document.length + 1;
    struct buffer body = buffer_in(call->arena, size);
    buffer_add_slice(&body, items_start);
    for (size_t i = 0; i < page->count; i++) {
        if (i)
            buffer_add_byte(&body, ',');
        buffer_add_slice(&body, fields_select(call, page->rows[i].document));
    }
    return body;
}

static struct reply page_reply(struct call *call, const struct list_query *query, const struct list_page *page,
                               struct buffer *body, uint64_t scope)
{
    struct error error;
    struct buffer links = buffer_in(call->arena, 256);
    buffer_add_byte(body, ']');
    struct place before = page->first;
    before.backward = true;
    add_link(call, body, &links, "next", &page->last, page->more_after && page->count, scope);
    add_link(call, body, &links, "prev", &before, page->more_before && page->count, scope);
    buffer_print(body, ",\"limit\":%d", query->limit);
    add_total(body, page);
    if (!facets_add(call, query, body, &error))
        return problem_failed(call->request, &error);
    buffer_add_byte(body, '}');
    struct reply reply = reply_json(200, buffer_slice(body));
    if (query->place.given)
        buffer_print(&links, "%s<%.*s>; rel=\"first\"", links.length ? ", " : "", SLICE_ARGS(url_with_cursor(call, NO_SLICE)));
    if (links.length)
        reply_header(&reply, "Link", buffer_slice(&links));
    return reply;
}

/* A document is rarely larger; the buffer grows where one is. */
enum { DOCUMENT_GUESS = 800 };

struct reply list_items(struct call *call)
{
    struct list_query query;
    struct list_page page;
    struct error error;
    struct reply problem;
    struct expanding expansions[EXPANSIONS_MAX];
    unsigned nouns, expanded;
    uint64_t scope;
    if (!list_query_of(call, &query, &nouns, &scope, &problem) || !fields_known(call, &problem))
        return problem;
    size_t expansion_count = expansions_of(call, expansions, &expanded);
    bool explains = call_true(call, "explain");

    int64_t begun = clock_nanoseconds();
    call->nouns = nouns | expanded | facets_nouns(call);
    int64_t seq = generation_seq(call_generation(call), call->nouns);
    struct slice tag = weak_tag(call->arena, seq, digest_quick(digest_quick(0, call->request->origin), call->request->target));
    if (request_condition(call->request, tag) == CONDITION_NOT_MODIFIED) {
        struct reply reply = reply_json(304, SLICE(""));
        reply.etag = tag;
        return reply;
    }
    struct buffer body = buffer_in(call->arena, 1024 + (size_t)query.limit * DOCUMENT_GUESS);
    buffer_add_slice(&body, items_start);
    if (!reader_list(call->reader, &query, &body, &page, &error) ||
        !expand_rows(call, expansions, expansion_count, page.rows, page.count, &error) ||
        (explains && !explain_rows(call, page.rows, page.count, &error)))
        return problem_failed(call->request, &error);
    int64_t read = clock_nanoseconds();
    if (expansion_count || explains || values_find(&call->values, "fields"))
        body = expanded_body(call, &page);
    struct reply reply = page_reply(call, &query, &page, &body, scope);
    reply.etag = tag;
    reply.store_ns = read - begun;
    reply.render_ns = clock_nanoseconds() - read;
    return reply;
}

struct reply list_nested(struct call *call)
{
    struct reply problem;
    call_generation(call);
    return owner_there(call, call->endpoint->owner, &problem) ? list_items(call) : problem;
}
