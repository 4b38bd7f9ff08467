/* Reading one resource, and what belongs to it alone. */
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"

static struct reply read_failed(struct call *call, const struct error *error, enum noun noun, int64_t id)
{
    return error->kind == ERROR_NOT_FOUND ? problem_missing(call->request, noun, id) : problem_failed(call->request, error);
}

/* A version has a strong tag; with other resources in it, it depends on them too. */
static struct slice item_tag(const struct call *call, const struct row *row, const struct generation *generation, unsigned nouns)
{
    struct slice tag = tag_of(call->arena, call->endpoint->noun, row->id, row->version);
    bool whole = !values_find(&call->values, "expand") && !values_find(&call->values, "fields");
    if (whole && call->endpoint->noun < NOUN_RESOURCES)
        return tag;
    return weak_tag(call->arena, generation_seq(generation, nouns | NOUN_BIT(call->endpoint->noun)),
                    digest_quick(digest_quick(0, tag), call->request->target));
}

struct reply get_item(struct call *call)
{
    enum noun noun = call->endpoint->noun;
    int64_t id = call_int(call, "id");
    struct expanding expansions[EXPANSIONS_MAX];
    unsigned nouns;
    struct error error;
    struct row row;
    struct reply problem;
    int64_t begun = clock_nanoseconds();
    if (!fields_known(call, &problem))
        return problem;
    const struct generation *generation = call_generation(call);
    if (!reader_row(call->reader, noun, id, noun == NOUN_ARTICLE, call->arena, &row, &error))
        return read_failed(call, &error, noun, id);
    if (row.deleted)
        return problem_gone(call->request, noun, id, row.deleted_at);
    size_t count = expansions_of(call, expansions, &nouns);
    call->nouns = nouns | NOUN_BIT(noun) | (noun < NOUN_RESOURCES ? 0 : NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_CLAIM));
    struct slice tag = item_tag(call, &row, generation, nouns);
    if (!expand_rows(call, expansions, count, &row, 1, &error))
        return problem_failed(call->request, &error);
    struct reply reply = reply_json(200, fields_select(call, with_text(call->arena, row.document, row.text)));
    reply.etag = tag;
    reply.store_ns = clock_nanoseconds() - begun;
    return reply_conditional(call, reply);
}

/* ---- history ---------------------------------------------------------------------------------------------- */

struct reply numbered_page(struct call *call, struct buffer *body, int count, int64_t last, uint64_t scope, unsigned nouns)
{
    int64_t limit = call_int(call, "limit");
    struct slice next = count == limit && last > 1 ? cursor_of(call, &(struct place){.given = true, .id = last}, scope)
                                                   : NO_SLICE;
    buffer_add_text(body, "],\"next\":");
    buffer_add_json(body, next.data ? url_with_cursor(call, next) : NO_SLICE);
    buffer_add_text(body, ",\"next_cursor\":");
    buffer_add_json(body, next);
    buffer_print(body, ",\"prev\":null,\"prev_cursor\":null,\"limit\":%lld,\"total\":null,\"total_exact\":null}",
                 (long long)limit);
    struct reply reply = reply_json(200, buffer_slice(body));
    call->nouns = nouns;
    reply.etag = weak_tag(call->arena, generation_seq(call_generation(call), nouns), digest_quick(0, call->request->target));
    return reply_conditional(call, reply);
}

struct reply get_history(struct call *call)
{
    enum noun noun = call->endpoint->noun;
    int64_t id = call_int(call, "id"), limit = call_int(call, "limit"), last = 0;
    int count = 0;
    struct error error;
    struct faults faults = {.arena = call->arena};
    struct place place = {.given = false};
    struct slice cursor = call_text(call, "cursor");
    uint64_t scope = digest_quick(1, call->request->path);
    if (cursor.data && !cursor_read(call, cursor, scope, &place, &faults))
        return reply_problem(call->request, "invalid-parameter", &faults, "the cursor does not belong here");

    struct buffer body = buffer_in(call->arena, 4096);
    buffer_add_text(&body, "{\"items\":[");
    call_generation(call);
    if (!reader_history(call->reader, noun, id, place.id, (int)limit, &body, &count, &last, &error))
        return read_failed(call, &error, noun, id);
    return numbered_page(call, &body, count, last, scope, NOUN_BIT(noun));
}

/* ---- short lists that are part of one resource ------------------------------------------------------------ */

static struct reply whole_list(struct call *call, struct buffer *body, unsigned nouns)
{
    buffer_add_text(body, "]}");
    struct reply reply = reply_json(200, buffer_slice(body));
    call->nouns = nouns;
    reply.etag = weak_tag(call->arena, generation_seq(call_generation(call), nouns), digest_quick(0, call->request->target));
    return reply_conditional(call, reply);
}

struct reply get_titles(struct call *call)
{
    struct reply problem;
    struct error error;
    struct buffer body = buffer_in(call->arena, 1024);
    call_generation(call);
    if (!owner_there(call, NOUN_ACTOR, &problem))
        return problem;
    buffer_add_text(&body, "{\"items\":[");
    if (!reader_titles(call->reader, call_int(call, "id"), &body, &error))
        return problem_failed(call->request, &error);
    return whole_list(call, &body, NOUN_BIT(NOUN_MENTION) | NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_ACTOR));
}

static int add_dump(const char *data, size_t length, void *out)
{
    buffer_add(out, data, length);
    return 0;
}

/* An array of the resource's document, as it stands there. */
static struct reply part_of(struct call *call, const char *property)
{
    enum noun noun = call->endpoint->noun;
    struct error error;
    struct row row;
    struct buffer body = buffer_in(call->arena, 1024);
    call_generation(call);
    if (!reader_row(call->reader, noun, call_int(call, "id"), false, call->arena, &row, &error))
        return read_failed(call, &error, noun, call_int(call, "id"));
    if (row.deleted)
        return problem_gone(call->request, noun, row.id, row.deleted_at);
    json_t *document = json_loadb(row.document.data, row.document.length, 0, NULL), *item;
    size_t index;
    buffer_add_text(&body, "{\"items\":[");
    json_array_foreach (json_object_get(document, property), index, item) {
        buffer_add_text(&body, index ? "," : "");
        json_dump_callback(item, add_dump, &body, JSON_COMPACT);
    }
    json_decref(document);
    return whole_list(call, &body, NOUN_BIT(noun));
}

struct reply get_aliases(struct call *call)
{
    return part_of(call, "aliases");
}

struct reply get_participants(struct call *call)
{
    return part_of(call, "participants");
}
