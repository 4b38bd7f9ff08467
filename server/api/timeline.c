/* Meetings and claims in the order of their days. */
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"

/* What every day there is lies between. */
static const struct slice first_day = {"", 0}, last_day = {"9999-12-32", 10};

static struct slice or_else(struct slice text, struct slice otherwise)
{
    return text.data ? text : otherwise;
}

/* What a cursor is bound to. */
static uint64_t scope_of(const struct call *call)
{
    static const char *const bound[] = {"from", "to", "topic", "actor_id", "city", "sort"};
    uint64_t scope = digest_quick(3, SLICE("timeline"));
    for (size_t i = 0; i < sizeof bound / sizeof bound[0]; i++)
        scope = digest_quick(digest_quick(scope, slice_of(bound[i])), call_text(call, bound[i]));
    return scope;
}

static bool read_query(struct call *call, struct timeline_query *query, uint64_t scope, struct reply *problem)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    struct slice cursor = call_text(call, "cursor");
    struct place place = {.given = false};
    *faults = (struct faults){.arena = call->arena};
    *query = (struct timeline_query){.from = or_else(call_text(call, "from"), first_day),
                                     .below = or_else(call_text(call, "to"), last_day),
                                     .topic = call_text(call, "topic"),
                                     .actor = call_int(call, "actor_id"),
                                     .city = call_text(call, "city"),
                                     .descending = slice_is(call_text(call, "sort"), "-time"),
                                     .limit = (int)call_int(call, "limit")};
    if (cursor.data && !cursor_read(call, cursor, scope, &place, faults)) {
        *problem = reply_problem(call->request, "invalid-parameter", faults, "the cursor does not belong here");
        return false;
    }
    query->backward = place.backward;
    query->place = (struct timeline_place){
        .day = place.values[0], .noun = slice_is(place.values[1], "claim") ? NOUN_CLAIM : NOUN_MEETING, .id = place.id};
    return true;
}

/* ---- the body --------------------------------------------------------------------------------------------- */

static void add_moment(struct buffer *body, const struct moment *moment)
{
    buffer_add_text(body, "{\"time\":");
    buffer_add_json(body, moment->day);
    buffer_print(body, ",\"noun\":\"%s\",\"id\":%lld,\"document\":", record_of(moment->noun)->name, (long long)moment->id);
    buffer_add_slice(body, moment->document);
    buffer_add_byte(body, '}');
}

/* The page that begins behind a moment, or ends before it; NULL: there is none. */
static void add_link(struct call *call, struct buffer *body, struct buffer *links, const char *relation,
                     const struct moment *moment, uint64_t scope)
{
    struct slice cursor = NO_SLICE, url = NO_SLICE;
    if (moment) {
        struct place place = {.given = true,
                              .backward = strcmp(relation, "prev") == 0,
                              .values = {moment->day, slice_of(record_of(moment->noun)->name)},
                              .id = moment->id};
        cursor = cursor_of(call, &place, scope);
        url = url_with_cursor(call, cursor);
        buffer_print(links, "%s<%.*s>; rel=\"%s\"", links->length ? ", " : "", SLICE_ARGS(url), relation);
    }
    buffer_print(body, ",\"%s\":", relation);
    buffer_add_json(body, url);
    buffer_print(body, ",\"%s_cursor\":", relation);
    buffer_add_json(body, cursor);
}

static struct reply page_reply(struct call *call, const struct timeline *timeline, uint64_t scope)
{
    size_t count = timeline->count, size = 1024;
    for (size_t i = 0; i < count; i++)
        size += timeline->moments[i].document.length + 80;
    struct buffer body = buffer_in(call->arena, size), links = buffer_in(call->arena, 256);
    buffer_add_text(&body, "{\"items\":[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_add_byte(&body, ',');
        add_moment(&body, &timeline->moments[i]);
    }
    buffer_add_byte(&body, ']');
    add_link(call, &body, &links, "next", count && timeline->more_after ? &timeline->moments[count - 1] : NULL, scope);
    add_link(call, &body, &links, "prev", count && timeline->more_before ? &timeline->moments[0] : NULL, scope);
    buffer_print(&body, ",\"limit\":%lld,\"total\":null,\"total_exact\":null}", (long long)call_int(call, "limit"));
    struct reply reply = reply_json(200, buffer_slice(&body));
    if (links.length)
        reply_header(&reply, "Link", buffer_slice(&links));
    return reply;
}

struct reply get_timeline(struct call *call)
{
    struct timeline_query query;
    struct timeline timeline;
    struct reply problem;
    struct error error;
    uint64_t scope = scope_of(call);
    if (!read_query(call, &query, scope, &problem))
        return problem;
    int64_t begun = clock_nanoseconds();
    call->nouns = NOUN_BIT(NOUN_MEETING) | NOUN_BIT(NOUN_CLAIM) | NOUN_BIT(NOUN_TOPIC);
    int64_t seq = generation_seq(call_generation(call), call->nouns);
    struct slice tag = weak_tag(call->arena, seq, digest_quick(digest_quick(0, call->request->origin), call->request->target));
    if (request_condition(call->request, tag) == CONDITION_NOT_MODIFIED) {
        struct reply reply = reply_json(304, SLICE(""));
        reply.etag = tag;
        return reply;
    }
    if (!reader_timeline(call->reader, &query, call->arena, &timeline, &error))
        return problem_failed(call->request, &error);
    int64_t read = clock_nanoseconds();
    struct reply reply = page_reply(call, &timeline, scope);
    reply.etag = tag;
    reply.store_ns = read - begun;
    reply.render_ns = clock_nanoseconds() - read;
    return reply;
}
