/* Where actors stand on topics, and how that moved. */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/collate.h"
#include "readout/digest.h"

enum { TOPICS_MAX = 100, STREAMED_AT_ONCE = 100 };

/* The columns of a table. */
static const char *const columns[] = {"actor.id", "actor.name", "actor.kind",  "topic",   "stance", "since",
                                      "first_on", "last_on",    "claim_count", "stances", "moves",  NULL};

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static int by_id(const void *a, const void *b)
{
    const struct position_topic *one = a, *other = b;
    return one->id < other->id ? -1 : one->id > other->id;
}

/* Each once; a slug that no topic has picks nothing. */
static bool read_topics(struct call *call, struct positions_asked *asked, struct error *error)
{
    const struct value_of *value = values_find(&call->values, "topic");
    if (!value)
        return true;
    struct position_topic *topics = arena_alloc(call->arena, TOPICS_MAX * sizeof *topics);
    size_t count = 0;
    for (size_t i = 0; i < value->count && i < TOPICS_MAX; i++) {
        topics[count].slug = value->list[i];
        if (!reader_reference(call->reader, NOUN_TOPIC, 0, value->list[i], &topics[count].id, error))
            return false;
        count += topics[count].id != 0;
    }
    qsort(topics, count, sizeof *topics, by_id);
    asked->topics = topics;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || topics[i].id != topics[i - 1].id)
            topics[asked->topic_count++] = topics[i];
    }
    return true;
}

static bool read_actor(struct call *call, struct positions_asked *asked, struct faults *faults, struct error *error)
{
    struct slice actor = call_text(call, "actor");
    long long id = 0;
    if (!actor.data)
        return true;
    bool is_id = slice_to_int(actor, &id);
    if (!reader_reference(call->reader, NOUN_ACTOR, id, is_id ? NO_SLICE : actor, &asked->actor, error))
        return false;
    if (!asked->actor)
        fault_add(faults, FAULT_PARAMETER, "actor", "reference", "there is no actor with the %s %.*s",
                  is_id ? "id" : "external_id", SLICE_ARGS(actor));
    return true;
}

static uint64_t scope_of(const struct call *call, const struct positions_asked *asked)
{
    uint64_t scope = digest_quick(5, SLICE("positions"));
    for (size_t i = 0; i < asked->topic_count; i++)
        scope = digest_quick(scope, slice_of(arena_print(call->arena, "%lld,", (long long)asked->topics[i].id)));
    scope = digest_quick(scope, slice_of(arena_print(call->arena, "%d %lld", asked->topics != NULL, (long long)asked->actor)));
    return digest_quick(scope, call_text(call, "as_of"));
}

static bool read_cursor(struct call *call, struct positions_asked *asked, struct faults *faults)
{
    struct slice cursor = call_text(call, "cursor");
    struct place place = {.given = false};
    long long topic = 0;
    if (!cursor.data)
        return true;
    if (!cursor_read(call, cursor, scope_of(call, asked), &place, faults))
        return false;
    slice_to_int(place.values[0], &topic);
    asked->after_topic = topic;
    asked->after_actor = place.id;
    return true;
}

/* False with the problem. */
static bool read_asked(struct call *call, struct positions_asked *asked, struct reply *problem)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    struct error error;
    *faults = (struct faults){.arena = call->arena};
    *asked = (struct positions_asked){.as_of = call_text(call, "as_of"), .limit = (int)call_int(call, "limit")};
    if (!read_topics(call, asked, &error) || !read_actor(call, asked, faults, &error)) {
        *problem = problem_failed(call->request, &error);
        return false;
    }
    if (faults->count == 0 && read_cursor(call, asked, faults))
        return true;
    *problem = reply_problem(call->request, "invalid-parameter", faults, "these positions cannot be looked up");
    return false;
}

/* ---- the items -------------------------------------------------------------------------------------------- */

static void add_member(struct buffer *out, const char *name, struct slice text)
{
    buffer_print(out, ",\"%s\":", name);
    buffer_add_json(out, text);
}

static void add_claim(struct buffer *out, const struct position_claim *claim)
{
    buffer_print(out, "{\"id\":%lld", (long long)claim->id);
    add_member(out, "text", claim->text);
    if (claim->speaker) {
        buffer_print(out, ",\"speaker\":{\"id\":%lld", (long long)claim->speaker);
        add_member(out, "name", claim->speaker_name);
        buffer_add_byte(out, '}');
    } else {
        buffer_add_text(out, ",\"speaker\":null");
    }
    add_member(out, "said_on", claim->said_on);
    buffer_print(out, ",\"report_count\":%lld,\"outlet_count\":%lld,\"origin_count\":%lld}", (long long)claim->report_count,
                 (long long)claim->outlet_count, (long long)claim->origin_count);
}

static void add_spread(struct buffer *out, const struct position_spread *spread)
{
    buffer_add_text(out, "{\"stance\":");
    buffer_add_json(out, spread->stance);
    buffer_print(out, ",\"claim_count\":%zu", spread->count);
    add_member(out, "first_on", spread->first_on);
    add_member(out, "last_on", spread->last_on);
    buffer_add_text(out, ",\"claims\":[");
    for (size_t i = 0; i < spread->count && i < POSITION_CLAIMS_MAX; i++) {
        buffer_add_text(out, i ? "," : "");
        add_claim(out, &spread->claims[i]);
    }
    buffer_add_text(out, "]}");
}

/* The first and the last day of all stances. */
static void add_days(struct buffer *out, const struct position *position)
{
    struct slice first = NO_SLICE, last = NO_SLICE;
    for (size_t i = 0; i < position->spread_count; i++) {
        const struct position_spread *spread = &position->spreads[i];
        if (spread->first_on.data && (!first.data || memcmp(spread->first_on.data, first.data, first.length) < 0))
            first = spread->first_on;
        if (spread->last_on.data && (!last.data || memcmp(spread->last_on.data, last.data, last.length) > 0))
            last = spread->last_on;
    }
    add_member(out, "first_on", first);
    add_member(out, "last_on", last);
}

static void add_standing(struct buffer *out, const struct position *position)
{
    buffer_print(out, "{\"actor\":{\"id\":%lld", (long long)position->actor.id);
    add_member(out, "name", position->actor.name);
    add_member(out, "kind", position->actor.kind);
    buffer_add_byte(out, '}');
    add_member(out, "topic", position->topic.slug);
    add_member(out, "stance", position->stance);
    add_member(out, "since", position->since);
    add_days(out, position);
    buffer_print(out, ",\"claim_count\":%zu,\"claim_count_exact\":%s,\"stances\":[", position->claim_count,
                 position->exact ? "true" : "false");
    for (size_t i = 0; i < position->spread_count; i++) {
        buffer_add_text(out, i ? "," : "");
        add_spread(out, &position->spreads[i]);
    }
    buffer_add_text(out, "],\"moves\":[");
    for (size_t i = 0; i < position->move_count; i++) {
        buffer_add_text(out, i ? ",{\"stance\":" : "{\"stance\":");
        buffer_add_json(out, position->moves[i].stance);
        add_member(out, "on", position->moves[i].on);
        buffer_add_byte(out, '}');
    }
    buffer_add_text(out, "]}");
}

/* ---- a page ----------------------------------------------------------------------------------------------- */

static struct reply page_reply(struct call *call, const struct positions_asked *asked, const struct positions *found)
{
    struct buffer body = buffer_in(call->arena, 1024 + found->count * 1024);
    struct slice cursor = NO_SLICE, url = NO_SLICE;
    buffer_add_text(&body, "{\"items\":[");
    for (size_t i = 0; i < found->count; i++) {
        buffer_add_text(&body, i ? "," : "");
        add_standing(&body, &found->items[i]);
    }
    if (found->more) {
        const struct position *last = &found->items[found->count - 1];
        struct place place = {.given = true,
                              .values = {slice_of(arena_print(call->arena, "%lld", (long long)last->topic.id))},
                              .id = last->actor.id};
        cursor = cursor_of(call, &place, scope_of(call, asked));
        url = url_with_cursor(call, cursor);
    }
    buffer_add_byte(&body, ']');
    add_member(&body, "next", url);
    add_member(&body, "next_cursor", cursor);
    buffer_print(&body, ",\"limit\":%d}", asked->limit);
    struct reply reply = reply_json(200, buffer_slice(&body));
    if (found->more)
        reply_header(&reply, "Link", slice_of(arena_print(call->arena, "<%.*s>; rel=\"next\"", SLICE_ARGS(url))));
    return reply;
}

/* ---- all of them, in another format ----------------------------------------------------------------------- */

struct delivering {
    struct positions_asked asked;
    struct rendering rendering;
    struct arena page;
    bool begun;
};

static enum stream_step stream_next(void *context, void *state, struct buffer *chunk)
{
    struct delivering *delivering = context;
    const struct session *session = state;
    struct positions found;
    struct error error;
    arena_reset(&delivering->page);
    reader_generation(session->reader);
    if (!collate_positions(session->reader, &delivering->asked, &delivering->page, &found, &error))
        return STREAM_BROKEN;
    if (!delivering->begun)
        delivering->rendering.format->begin(&delivering->rendering, chunk);
    delivering->begun = true;
    for (size_t i = 0; i < found.count; i++) {
        struct buffer document = buffer_in(&delivering->page, 1024);
        add_standing(&document, &found.items[i]);
        format_add(&delivering->rendering, buffer_slice(&document), chunk);
        delivering->asked.after_topic = found.items[i].topic.id;
        delivering->asked.after_actor = found.items[i].actor.id;
    }
    return found.more ? STREAM_MORE : STREAM_END;
}

static void stream_close(void *context, void *state)
{
    struct delivering *delivering = context;
    (void)state;
    arena_release(&delivering->page);
}

static struct reply stream_reply(struct call *call, const struct positions_asked *asked)
{
    struct delivering *delivering = arena_zero(call->arena, sizeof *delivering);
    struct stream *stream = arena_zero(call->arena, sizeof *stream);
    delivering->asked = *asked;
    delivering->asked.limit = STREAMED_AT_ONCE;
    delivering->rendering = (struct rendering){.format = call->format,
                                               .columns = columns,
                                               .guards_formulas = call->app->settings->number[SETTING_GUARD_FORMULAS],
                                               .arena = &delivering->page};
    *stream = (struct stream){.context = delivering, .next = stream_next, .close = stream_close};
    struct reply reply = reply_text(200, call->format->content_type, NO_SLICE);
    reply.stream = stream;
    reply_header(&reply, "Content-Disposition",
                 slice_of(arena_print(call->arena, "attachment; filename=\"positions.%s\"", call->format->suffix)));
    return reply;
}

struct reply list_positions(struct call *call)
{
    struct positions_asked asked;
    struct positions found;
    struct reply reply;
    struct error error;
    int64_t begun = clock_nanoseconds();
    call->nouns = NOUN_BIT(NOUN_CLAIM) | NOUN_BIT(NOUN_ACTOR) | NOUN_BIT(NOUN_TOPIC) | NOUN_BIT(NOUN_ARTICLE);
    int64_t seq = generation_seq(call_generation(call), call->nouns);
    uint64_t what = digest_quick(digest_quick(0, call->request->origin), call->request->target);
    struct slice tag = weak_tag(call->arena, seq, digest_quick(what, slice_of(call->type)));
    if (!read_asked(call, &asked, &reply))
        return reply;
    if (request_condition(call->request, tag) == CONDITION_NOT_MODIFIED) {
        reply = reply_empty(304);
        reply.etag = tag;
        return reply;
    }
    if (call->format) {
        reply = stream_reply(call, &asked);
        reply.etag = tag;
        return reply;
    }
    if (!collate_positions(call->reader, &asked, call->arena, &found, &error))
        return problem_failed(call->request, &error);
    int64_t read = clock_nanoseconds();
    reply = page_reply(call, &asked, &found);
    reply.etag = tag;
    reply.store_ns = read - begun;
    reply.render_ns = clock_nanoseconds() - read;
    return reply;
}
