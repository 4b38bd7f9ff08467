/* The change log by polling. */
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"

static bool can_be_about(const struct call *call, const struct value_of *nouns, const char *name, struct reply *problem)
{
    struct faults faults = {.arena = call->arena};
    for (size_t i = 0; nouns && i < nouns->count; i++) {
        if (!(change_filter_nouns(name) & NOUN_BIT(noun_of(nouns->list[i].data, nouns->list[i].length))))
            fault_add(&faults, FAULT_PARAMETER, "noun", "filter",
                      "changes of the noun %.*s cannot be picked by %s: leave out one of the two", SLICE_ARGS(nouns->list[i]),
                      name);
    }
    if (faults.count)
        *problem = reply_problem(call->request, "invalid-parameter", &faults, "such changes cannot be filtered so");
    return faults.count == 0;
}

bool change_choice_of(const struct call *call, struct change_choice *choice, struct reply *problem)
{
    static const char *const names[CHANGE_FILTERS_MAX] = {"speaker_id", "actor_id", "topic"};
    const struct value_of *nouns = values_find(&call->values, "noun");
    *choice = (struct change_choice){.nouns = nouns ? 0 : EVERY_NOUN};
    for (size_t i = 0; nouns && i < nouns->count; i++)
        choice->nouns |= NOUN_BIT(noun_of(nouns->list[i].data, nouns->list[i].length));
    for (size_t i = 0; i < CHANGE_FILTERS_MAX; i++) {
        const struct value_of *value = values_find(&call->values, names[i]);
        if (!value)
            continue;
        if (!can_be_about(call, nouns, names[i], problem))
            return false;
        choice->filters[choice->filter_count++] = (struct change_filter){names[i], value->list, value->count};
        choice->nouns &= change_filter_nouns(names[i]);
    }
    return true;
}

/* The request's URL with another `since`. */
static struct slice url_since(const struct call *call, int64_t since)
{
    const struct request *request = call->request;
    struct slice rest = request->query;
    struct buffer url = buffer_in(call->arena, request->origin.length + request->target.length + 32);
    buffer_add_slice(&url, request->origin);
    buffer_add_slice(&url, request->path);
    buffer_print(&url, "?since=%lld", (long long)since);
    while (rest.data) {
        struct slice piece = slice_cut(&rest, '&');
        if (piece.length == 0 || slice_starts(piece, "since="))
            continue;
        buffer_add_byte(&url, '&');
        buffer_add_slice(&url, piece);
    }
    return buffer_slice(&url);
}

static struct reply page_reply(const struct call *call, const struct changed *changes, size_t count, int64_t reached,
                               const struct change_query *query)
{
    size_t size = 256;
    for (size_t i = 0; i < count; i++)
        size += changes[i].item.length + 1;
    struct buffer body = buffer_in(call->arena, size);
    struct slice next = reached < query->until ? url_since(call, reached) : NO_SLICE;
    buffer_add_text(&body, "{\"items\":[");
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(&body, i ? "," : "");
        buffer_add_slice(&body, changes[i].item);
    }
    buffer_add_text(&body, "],\"next\":");
    buffer_add_json(&body, next);
    buffer_print(&body, ",\"next_since\":%lld,\"last_seq\":%lld,\"limit\":%d}", (long long)reached, (long long)query->until,
                 query->limit);
    struct reply reply = reply_json(200, buffer_slice(&body));
    if (next.data)
        reply_header(&reply, "Link", slice_of(arena_print(call->arena, "<%.*s>; rel=\"next\"", SLICE_ARGS(next))));
    return reply;
}

static struct reply beyond_the_end(const struct call *call, int64_t last)
{
    struct faults faults = {.arena = call->arena};
    fault_add(&faults, FAULT_PARAMETER, "since", "range",
              "the last change here is %lld: this number comes from another record; begin with since=0", (long long)last);
    return reply_problem(call->request, "invalid-parameter", &faults, "there is no such change yet");
}

struct reply list_changes(struct call *call)
{
    struct error error;
    int64_t begun = clock_nanoseconds(), reached;
    size_t count;
    struct change_choice choice;
    struct reply problem;
    if (!change_choice_of(call, &choice, &problem))
        return problem;
    struct change_query query = {.since = call_int(call, "since"),
                                 .until = generation_seq(call_generation(call), EVERY_NOUN),
                                 .nouns = choice.nouns,
                                 .filters = choice.filters,
                                 .filter_count = choice.filter_count,
                                 .limit = (int)call_int(call, "limit")};
    call->nouns = EVERY_NOUN;
    if (query.since > query.until)
        return beyond_the_end(call, query.until);
    struct slice tag =
        weak_tag(call->arena, query.until, digest_quick(digest_quick(3, call->request->origin), call->request->target));
    if (request_condition(call->request, tag) == CONDITION_NOT_MODIFIED) {
        struct reply reply = reply_json(304, SLICE(""));
        reply.etag = tag;
        return reply;
    }
    struct changed *changes = arena_alloc(call->arena, (size_t)query.limit * sizeof *changes);
    if (!reader_changes(call->reader, &query, call->arena, changes, &count, &reached, &error))
        return problem_failed(call->request, &error);
    struct reply reply = page_reply(call, changes, count, reached, &query);
    reply.etag = tag;
    reply.store_ns = clock_nanoseconds() - begun;
    return reply;
}
