/* Lists: from parameters to a query, from a page to a body. */
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"

/* ---- the query -------------------------------------------------------------------------------------------- */

static void set_sort(struct list_query *query, struct slice sort)
{
    query->descending = slice_starts(sort, "-");
    if (query->descending)
        sort = (struct slice){sort.data + 1, sort.length - 1};
    int index = sort.data ? list_sort_index(query->list, sort) : 0;
    query->sort = index < 0 ? 0 : index;
}

static struct datum filter_value(const struct value_of *value)
{
    return value->parameter->type == VALUE_TEXT ? of_slice(value->text) : of_int(value->number);
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
    uint64_t scope = digest_quick(2, call->request->path);
    scope = digest_quick(scope, (struct slice){(const char *)&query->sort, sizeof query->sort});
    scope = digest_quick(scope, query->descending ? SLICE("-") : SLICE("+"));
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct datum *value = &query->filters[i].value;
        scope = digest_quick(scope, slice_of(query->list->filters[query->filters[i].filter].name));
        scope = value->type == DATUM_TEXT
                    ? digest_quick(scope, value->text)
                    : digest_quick(scope, (struct slice){(const char *)&value->integer, sizeof value->integer});
    }
    return scope;
}

static void read_query(const struct call *call, struct list_query *query, unsigned *nouns)
{
    const struct list *list = list_of(call->endpoint->noun);
    *query = (struct list_query){.list = list, .limit = (int)call_int(call, "limit")};
    *nouns |= NOUN_BIT(list->noun);
    for (size_t i = 0; i < call->values.count; i++) {
        const struct value_of *value = &call->values.items[i];
        int filter = value->parameter->in_path ? -1 : list_filter_index(list, slice_of(value->parameter->name));
        if (filter < 0)
            continue;
        list_query_filter(query, filter, filter_value(value));
        *nouns |= list->filters[filter].nouns;
    }
    if (call->endpoint->filter) {
        int filter = list_filter_index(list, slice_of(call->endpoint->filter));
        list_query_filter(query, filter, of_int(call_int(call, "id")));
        *nouns |= list->filters[filter].nouns | NOUN_BIT(call->endpoint->owner);
    }
    if (list->noun >= NOUN_RESOURCES)
        *nouns |= NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_CLAIM);
    set_sort(query, call_text(call, "sort"));
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
        buffer_add_text(body, ",\"total\":null,\"total_exact\":null}");
    else
        buffer_print(body, ",\"total\":%lld,\"total_exact\":%s}", (long long)page->total, page->total_exact ? "true" : "false");
}

/* The body again, with what the expansions made of the documents. */
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
        buffer_add_slice(&body, page->rows[i].document);
    }
    return body;
}

static struct reply page_reply(struct call *call, const struct list_query *query, const struct list_page *page,
                               struct buffer *body, uint64_t scope)
{
    struct buffer links = buffer_in(call->arena, 256);
    buffer_add_byte(body, ']');
    struct place before = page->first;
    before.backward = true;
    add_link(call, body, &links, "next", &page->last, page->more_after && page->count, scope);
    add_link(call, body, &links, "prev", &before, page->more_before && page->count, scope);
    buffer_print(body, ",\"limit\":%d", query->limit);
    add_total(body, page);
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
    struct faults faults = {.arena = call->arena};
    int expansions[EXPANSIONS_MAX];
    unsigned nouns = 0, expanded;
    read_query(call, &query, &nouns);
    uint64_t scope = scope_of(call, &query);
    struct slice cursor = call_text(call, "cursor");
    if (cursor.data && !cursor_read(call, cursor, scope, &query.place, &faults))
        return reply_problem(call->request, "invalid-parameter", &faults, "the cursor does not belong here");
    query.count = count_mode(call, &query);
    size_t expansion_count = expansions_of(call, expansions, &expanded);

    int64_t begun = clock_nanoseconds();
    int64_t seq = generation_seq(reader_generation(call->reader), nouns | expanded);
    struct slice tag = weak_tag(call->arena, seq, digest_quick(digest_quick(0, call->request->origin), call->request->target));
    if (request_condition(call->request, tag) == CONDITION_NOT_MODIFIED) {
        struct reply reply = reply_json(304, SLICE(""));
        reply.etag = tag;
        return reply;
    }
    struct buffer body = buffer_in(call->arena, 1024 + (size_t)query.limit * DOCUMENT_GUESS);
    buffer_add_slice(&body, items_start);
    if (!reader_list(call->reader, &query, &body, &page, &error) ||
        !expand_rows(call, expansions, expansion_count, page.rows, page.count, &error))
        return problem_failed(call->request, &error);
    int64_t read = clock_nanoseconds();
    if (expansion_count)
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
    reader_generation(call->reader);
    return owner_there(call, call->endpoint->owner, &problem) ? list_items(call) : problem;
}
