#include <string.h>

#include "call.h"
#include "readout/clock.h"

struct slice tag_of(struct arena *arena, enum noun noun, int64_t id, int64_t version)
{
    return slice_of(arena_print(arena, "\"%c%lld-%lld\"", record_of(noun)->letter, (long long)id, (long long)version));
}

struct slice weak_tag(struct arena *arena, int64_t seq, uint64_t rest)
{
    return slice_of(arena_print(arena, "W/\"%llx-%llx\"", (unsigned long long)seq, (unsigned long long)rest));
}

struct reply reply_conditional(const struct call *call, struct reply reply)
{
    if (reply.status == 200 && request_condition(call->request, reply.etag) == CONDITION_NOT_MODIFIED)
        reply.status = 304;
    return reply;
}

/* SQLite may want room for reading as well: for its shared memory, for sorting. */
struct reply problem_failed(const struct request *request, const struct error *error)
{
    bool reads = request->method == METHOD_GET || request->method == METHOD_HEAD;
    switch (error->kind) {
    case ERROR_FULL:
        if (!reads)
            return reply_problem(request, "storage-full", NULL, "the disk is full or cannot be written; nothing was changed");
        __attribute__((fallthrough));
    case ERROR_BUSY: {
        struct reply reply =
            reply_problem(request, "unavailable", NULL, "the store is busy or stopping, or its disk does not answer; try again");
        reply_header(&reply, "Retry-After", SLICE("1"));
        return reply;
    }
    case ERROR_SLOW:
        return reply_problem(request, "query-timeout", NULL,
                             "the store would look for longer than --query-timeout allows; ask for less: narrower filters, "
                             "count=none, fewer facets or a shorter time");
    default:
        return reply_problem(request, "internal", NULL, "the store failed; the log has the request's id");
    }
}

struct reply problem_missing(const struct request *request, enum noun noun, int64_t id)
{
    return reply_problem(request, "not-found", NULL, "there is no %s with the id %lld", record_of(noun)->name, (long long)id);
}

/* The tombstone says when: `deleted_at` stands beside the problem's own members. */
struct reply problem_gone(const struct request *request, enum noun noun, int64_t id, struct slice deleted_at)
{
    struct reply reply = reply_problem(request, "gone", NULL, "the %s %lld was deleted; POST %s/%lld/restore brings it back",
                                       record_of(noun)->name, (long long)id, record_of(noun)->path, (long long)id);
    struct buffer when = buffer_in(request->arena, INSTANT_SIZE + 2);
    buffer_add_json(&when, deleted_at);
    problem_add(request->arena, &reply, "deleted_at", buffer_slice(&when));
    return reply;
}

struct slice with_text(struct arena *arena, struct slice document, struct slice text)
{
    if (!text.data)
        return document;
    struct buffer out = buffer_in(arena, document.length + text.length + text.length / 16 + 16);
    buffer_add(&out, document.data, document.length - 1);
    buffer_add_text(&out, ",\"text\":");
    buffer_add_json(&out, text);
    buffer_add_byte(&out, '}');
    return buffer_slice(&out);
}

bool owner_there(struct call *call, enum noun owner, struct reply *problem)
{
    int64_t id = call_int(call, "id");
    struct error error;
    struct row row;
    if (!reader_row(call->reader, owner, id, false, call->arena, &row, &error))
        *problem = error.kind == ERROR_NOT_FOUND ? problem_missing(call->request, owner, id)
                                                 : problem_failed(call->request, &error);
    else if (row.deleted)
        *problem = problem_gone(call->request, owner, id, row.deleted_at);
    else
        return true;
    return false;
}

size_t expansions_of(const struct call *call, struct expanding expansions[static EXPANSIONS_MAX], unsigned *nouns)
{
    const struct value_of *value = values_find(&call->values, "expand");
    const struct list *list = list_of(call->endpoint->noun);
    size_t count = 0;
    *nouns = 0;
    for (size_t i = 0; value && i < value->count; i++) {
        struct expanding what;
        size_t at = 0;
        if (!list_expanding(list, value->list[i], &what))
            continue;
        while (at < count && expansions[at].expansion != what.expansion)
            at++;
        if (at == EXPANSIONS_MAX)
            continue;
        if (at == count)
            expansions[count++] = what;
        expansions[at].inner |= what.inner;
        *nouns |= list_expanding_nouns(list, what);
    }
    return count;
}

bool expand_rows(struct call *call, const struct expanding *expansions, size_t expansion_count, struct row *rows, size_t count,
                 struct error *error)
{
    const struct list *list = list_of(call->endpoint->noun);
    for (size_t i = 0; i < expansion_count; i++) {
        if (count == 1 && rows->text.data && list->expansions[expansions[i].expansion].shape == EXPAND_TEXT)
            continue; /* one article alone has its text without being asked */
        if (!reader_expand(call->reader, list, expansions[i], rows, count, call->arena, error))
            return false;
    }
    return true;
}
