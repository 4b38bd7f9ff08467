/* The texts that an article had. */
#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"

struct reply list_revisions(struct call *call)
{
    int64_t id = call_int(call, "id"), last = 0;
    int count = 0;
    struct error error;
    struct reply problem;
    struct faults faults = {.arena = call->arena};
    struct place place = {.given = false};
    struct slice cursor = call_text(call, "cursor");
    uint64_t scope = digest_quick(2, call->request->path);
    if (cursor.data && !cursor_read(call, cursor, scope, &place, &faults))
        return reply_problem(call->request, "invalid-parameter", &faults, "the cursor does not belong here");
    struct buffer body = buffer_in(call->arena, 4096);
    buffer_add_text(&body, "{\"items\":[");
    call_generation(call);
    if (!owner_there(call, NOUN_ARTICLE, &problem))
        return problem;
    if (!reader_revisions(call->reader, id, place.id, (int)call_int(call, "limit"), &body, &count, &last, &error))
        return problem_failed(call->request, &error);
    return numbered_page(call, &body, count, last, scope, NOUN_BIT(NOUN_ARTICLE));
}

/* Nothing alters a revision once there is another one. Until then its title may be corrected. */
struct reply get_revision(struct call *call)
{
    int64_t id = call_int(call, "id"), number = call_int(call, "number"), begun = clock_nanoseconds();
    bool settled;
    struct error error;
    struct reply problem;
    struct buffer body = buffer_in(call->arena, 8192);
    const struct generation *generation = call_generation(call);
    if (!owner_there(call, NOUN_ARTICLE, &problem))
        return problem;
    if (!reader_revision(call->reader, id, number, &body, &settled, &error))
        return error.kind == ERROR_NOT_FOUND
                   ? reply_problem(call->request, "not-found", NULL, "the article %lld has no revision %lld", (long long)id,
                                   (long long)number)
                   : problem_failed(call->request, &error);
    struct reply reply = reply_json(200, buffer_slice(&body));
    reply.etag = settled ? slice_of(arena_print(call->arena, "\"a%lld-r%lld\"", (long long)id, (long long)number))
                         : weak_tag(call->arena, generation_seq(generation, NOUN_BIT(NOUN_ARTICLE)),
                                    digest_quick(0, call->request->target));
    if (settled)
        reply.cache = "public, max-age=31536000, immutable";
    reply.store_ns = clock_nanoseconds() - begun;
    return reply_conditional(call, reply);
}
