/* Full-text search, and names while they are typed. */
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"

static const unsigned every_searched = NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_ACTOR) | NOUN_BIT(NOUN_CLAIM) |
                                       NOUN_BIT(NOUN_MEETING);

static unsigned nouns_of(const struct call *call)
{
    const struct value_of *value = values_find(&call->values, "noun");
    unsigned nouns = 0;
    for (size_t i = 0; value && i < value->count; i++)
        nouns |= NOUN_BIT(noun_of(value->list[i].data, value->list[i].length));
    return nouns ? nouns : every_searched;
}

static uint64_t scope_of(const struct call *call, const struct search_query *query)
{
    uint64_t scope = digest_quick(4, query->question.typed);
    scope = digest_quick(scope, slice_of(arena_print(call->arena, "%u %d", query->nouns, (int)query->sort)));
    return digest_quick(scope, call_text(call, "language"));
}

static bool read_query(struct call *call, struct search_query *query, uint64_t *scope, struct reply *problem)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    struct slice cursor = call_text(call, "cursor"), sort = call_text(call, "sort");
    const char *fault;
    *faults = (struct faults){.arena = call->arena};
    *query = (struct search_query){.nouns = nouns_of(call),
                                   .sort = slice_is(sort, "newest") ? SEARCH_NEWEST : SEARCH_RELEVANCE,
                                   .limit = (int)call_int(call, "limit")};
    if (!reader_understand(call->reader, call_text(call, "q"), call_text(call, "language"), call->arena, &query->question,
                           &fault)) {
        fault_add(faults, FAULT_PARAMETER, "q", "syntax", "%s", fault);
        *problem = reply_problem(call->request, "invalid-parameter", faults, "the search is not understood: %s", fault);
        return false;
    }
    *scope = scope_of(call, query);
    if (cursor.data && !cursor_read(call, cursor, *scope, &query->place, faults)) {
        *problem = reply_problem(call->request, "invalid-parameter", faults, "the cursor does not belong here");
        return false;
    }
    return true;
}

/* The tag of what depends on these nouns, and whether the client has it already: then `reply` is the 304. */
static bool is_known(struct call *call, unsigned nouns, struct slice *tag, struct reply *reply)
{
    call->nouns = nouns;
    *tag = weak_tag(call->arena, generation_seq(call_generation(call), nouns),
                    digest_quick(digest_quick(0, call->request->origin), call->request->target));
    if (request_condition(call->request, *tag) != CONDITION_NOT_MODIFIED)
        return false;
    *reply = reply_json(304, SLICE(""));
    reply->etag = *tag;
    return true;
}

static void add_facets(struct buffer *body, const struct search_page *page)
{
    int64_t total = 0;
    const char *before = "";
    buffer_add_text(body, ",\"facets\":{\"noun\":{");
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        if (page->found[noun] < 0)
            continue;
        buffer_print(body, "%s\"%s\":%lld", before, record_of(noun)->name, (long long)page->found[noun]);
        total += page->found[noun];
        before = ",";
    }
    buffer_print(body, "}},\"total\":%lld,\"total_exact\":%s", (long long)total, page->exact ? "true" : "false");
}

static struct reply page_reply(struct call *call, const struct search_query *query, const struct search_page *page,
                               struct buffer *body, uint64_t scope)
{
    struct slice cursor = page->more ? cursor_of(call, &page->last, scope) : NO_SLICE,
                 url = page->more ? url_with_cursor(call, cursor) : NO_SLICE;
    buffer_add_text(body, "],\"next\":");
    buffer_add_json(body, url);
    buffer_add_text(body, ",\"next_cursor\":");
    buffer_add_json(body, cursor);
    buffer_print(body, ",\"limit\":%d", query->limit);
    add_facets(body, page);
    buffer_add_text(body, ",\"did_you_mean\":");
    buffer_add_json(body, page->meant);
    buffer_add_byte(body, '}');
    struct reply reply = reply_json(200, buffer_slice(body));
    if (page->more)
        reply_header(&reply, "Link", slice_of(arena_print(call->arena, "<%.*s>; rel=\"next\"", SLICE_ARGS(url))));
    return reply;
}

struct reply search_everything(struct call *call)
{
    struct search_query query;
    struct search_page page;
    struct error error;
    struct reply reply;
    struct slice tag;
    uint64_t scope;
    int64_t begun = clock_nanoseconds();
    if (!read_query(call, &query, &scope, &reply) || is_known(call, query.nouns, &tag, &reply))
        return reply;
    struct buffer body = buffer_in(call->arena, 16384);
    buffer_add_text(&body, "{\"items\":[");
    if (!reader_search(call->reader, &query, &body, &page, &error))
        return problem_failed(call->request, &error);
    reply = page_reply(call, &query, &page, &body, scope);
    reply.etag = tag;
    reply.store_ns = clock_nanoseconds() - begun;
    return reply;
}

struct reply suggest_actors(struct call *call)
{
    struct error error;
    struct reply reply;
    struct slice tag;
    int64_t begun = clock_nanoseconds();
    if (is_known(call, NOUN_BIT(NOUN_ACTOR), &tag, &reply))
        return reply;
    struct buffer body = buffer_in(call->arena, 4096);
    buffer_add_text(&body, "{\"items\":[");
    if (!reader_suggest(call->reader, call_text(call, "q"), (int)call_int(call, "limit"), &body, &error))
        return problem_failed(call->request, &error);
    buffer_add_text(&body, "]}");
    reply = reply_json(200, buffer_slice(&body));
    reply.etag = tag;
    reply.store_ns = clock_nanoseconds() - begun;
    return reply;
}
