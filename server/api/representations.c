/* Lists and resources in other formats than JSON: read as for JSON, rendered by server/formats. What takes all that match is a
 * stream that reads page after page; the rest is one page, or one resource. */
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/log.h"

/* A list or a resource as it is to be read and written. */
struct delivery {
    struct call call; /* a copy: its arena is the one of the page in hand */
    struct list_query query;
    uint64_t scope;
    unsigned nouns; /* whose changes can alter it */
    struct expanding expansions[EXPANSIONS_MAX];
    size_t expansion_count;
    struct rendering rendering;
    struct arena page, place; /* of a stream: emptied with each page */
    bool begun;
};

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static bool takes_fields(const struct format *format)
{
    return (format->uses[NOUN_ARTICLE] & FORMAT_WHOLE) != 0;
}

/* The shape of calendars, feeds and linked data is not the client's to choose; and only JSON has a place for facets. */
static bool format_holds(const struct call *call, struct reply *problem)
{
    struct faults faults = {.arena = call->arena};
    const char *type = call->format->type;
    if (!takes_fields(call->format) && values_find(&call->values, "fields"))
        fault_add(&faults, FAULT_PARAMETER, "fields", "format", "%s has its own properties; leave this out", type);
    if (values_find(&call->values, "facets"))
        fault_add(&faults, FAULT_PARAMETER, "facets", "format", "%s has no place for facets: ask for them as JSON", type);
    if (faults.count == 0)
        return fields_known(call, problem);
    *problem = reply_problem(call->request, "invalid-parameter", &faults, "the format that was asked for does not take this");
    return false;
}

static struct expanded expanded_by(const char *name, const struct expansion *expansion)
{
    return (struct expanded){.name = name, .noun = expansion->shape == EXPAND_ONE ? expansion->noun : NOUN_COUNT};
}

/* What is put into one object is told apart from it; what is put into those of an array stays inside them. */
static void note_expanded(struct delivery *delivery)
{
    const struct list *list = list_of(delivery->rendering.noun);
    struct expanded *expanded = arena_alloc(delivery->call.arena, EXPANSIONS_MAX * EXPANSIONS_MAX * sizeof *expanded);
    size_t count = 0;
    for (size_t i = 0; i < delivery->expansion_count; i++) {
        struct expanding what = delivery->expansions[i];
        const struct expansion *outer = &list->expansions[what.expansion];
        expanded[count++] = expanded_by(outer->name, outer);
        for (int inner = 0; outer->shape == EXPAND_ONE && what.inner >> inner; inner++) {
            const struct expansion *within = &list_of(outer->noun)->expansions[inner];
            if (what.inner & 1u << inner)
                expanded[count++] = expanded_by(arena_print(delivery->call.arena, "%s.%s", outer->name, within->name), within);
        }
    }
    delivery->rendering.expanded = expanded;
    delivery->rendering.expanded_count = count;
}

/* What the format would like to know beside the documents. */
static void add_wishes(struct delivery *delivery)
{
    const struct list *list = list_of(delivery->rendering.noun);
    for (size_t i = 0; i < FORMAT_WISHES_MAX; i++) {
        const char *name = delivery->rendering.format->wishes[list->noun][i];
        struct expanding wish;
        bool add = name && list_expanding(list, slice_of(name), &wish) && delivery->expansion_count < EXPANSIONS_MAX;
        for (size_t j = 0; add && j < delivery->expansion_count; j++)
            add = delivery->expansions[j].expansion != wish.expansion;
        if (!add)
            continue;
        delivery->expansions[delivery->expansion_count++] = wish;
        delivery->nouns |= list_expanding_nouns(list, wish);
    }
}

/* The host of the public URL: what is made of it lasts wherever the next request comes from. */
static struct slice authority_of(const struct call *call)
{
    struct slice url = slice_of(call->app->settings->text[SETTING_PUBLIC_URL]);
    const char *start = url.data ? memmem(url.data, url.length, "://", 3) : NULL;
    size_t length = 0;
    if (!start)
        return SLICE("readout");
    start += 3;
    while (start + length < url.data + url.length && !strchr(":/?#", start[length]))
        length++;
    return length && start[0] != '[' ? (struct slice){start, length} : SLICE("readout");
}

/* The list whatever its format and its page: its path and what was asked of it. */
static struct slice about(const struct call *call)
{
    struct slice url = url_with_cursor(call, NO_SLICE);
    size_t path = call->request->origin.length + call->request->path.length;
    return slice_of(arena_print(call->arena, "%.*s%.*s", SLICE_ARGS(call->path), (int)(url.length - path), url.data + path));
}

static struct delivery *delivery_of(struct call *call)
{
    struct delivery *delivery = arena_zero(call->arena, sizeof *delivery);
    struct slice origin = call->request->origin;
    unsigned expanded;
    delivery->call = *call;
    delivery->rendering = (struct rendering){
        .format = call->format,
        .noun = call->endpoint->noun,
        .origin = origin,
        .authority = authority_of(call),
        .about = about(call),
        .self = slice_of(arena_print(call->arena, "%.*s%.*s", SLICE_ARGS(origin), SLICE_ARGS(call->request->target))),
        .guards_formulas = call->app->settings->number[SETTING_GUARD_FORMULAS],
        .arena = call->arena};
    const struct value_of *fields = values_find(&call->values, "fields");
    delivery->rendering.chosen = fields ? fields->list : NULL;
    delivery->rendering.chosen_count = fields ? fields->count : 0;
    delivery->expansion_count = expansions_of(call, delivery->expansions, &expanded);
    delivery->nouns = expanded | NOUN_BIT(call->endpoint->noun);
    note_expanded(delivery);
    add_wishes(delivery);
    return delivery;
}

/* ---- reading and writing ---------------------------------------------------------------------------------- */

static bool read_page(struct delivery *delivery, struct list_page *page, struct error *error)
{
    struct call *call = &delivery->call;
    struct buffer items = buffer_in(call->arena, 65536);
    return reader_list(call->reader, &delivery->query, &items, page, error) &&
           expand_rows(call, delivery->expansions, delivery->expansion_count, page->rows, page->count, error);
}

static void write_page(struct delivery *delivery, const struct list_page *page, struct buffer *out)
{
    for (size_t i = 0; i < page->count; i++)
        format_add(&delivery->rendering, fields_select(&delivery->call, page->rows[i].document), out);
}

/* Some formats begin with what only their documents tell, so they are written first. */
static struct slice enclosed(struct delivery *delivery, struct slice documents)
{
    const struct format *format = delivery->rendering.format;
    struct buffer body = buffer_in(delivery->call.arena, documents.length + 2048);
    format->begin(&delivery->rendering, &body);
    buffer_add_slice(&body, documents);
    format->end(&delivery->rendering, &body);
    return buffer_slice(&body);
}

static struct reply reply_in(const struct call *call, struct slice body, struct slice tag)
{
    struct reply reply = reply_text(200, call->format->content_type, body);
    const char *name = record_of(call->endpoint->noun)->path + strlen("/v1/"), *suffix = call->format->suffix;
    reply.etag = tag;
    if (call->format->download)
        reply_header(&reply, "Content-Disposition",
                     slice_of(arena_print(call->arena, "attachment; filename=\"%s.%s\"; filename*=UTF-8''%s.%s", name, suffix,
                                          name, suffix)));
    return reply;
}

/* ---- a stream of all that match --------------------------------------------------------------------------- */

/* The next page is after the last item of this one. */
static void move_on(struct delivery *delivery, const struct list_page *page)
{
    struct place *place = &delivery->query.place;
    arena_reset(&delivery->place);
    *place = page->last;
    for (size_t i = 0; i < SORT_KEYS_MAX; i++)
        place->values[i] = place->values[i].data ? arena_slice(&delivery->place, place->values[i]) : NO_SLICE;
    arena_reset(&delivery->page);
}

static enum stream_step stream_next(void *context, void *state, struct buffer *chunk)
{
    struct delivery *delivery = context;
    const struct session *session = state;
    const struct format *format = delivery->rendering.format;
    struct list_page page;
    struct error error;
    delivery->call.reader = session->reader;
    reader_generation(session->reader);
    if (!read_page(delivery, &page, &error)) {
        log_event(LOG_ERROR, "stream-broken", "operation", delivery->call.operation->id, "error", error.message, NULL);
        return STREAM_BROKEN;
    }
    if (!delivery->begun)
        format->begin(&delivery->rendering, chunk);
    delivery->begun = true;
    write_page(delivery, &page, chunk);
    if (page.more_after && page.count) {
        move_on(delivery, &page);
        return STREAM_MORE;
    }
    format->end(&delivery->rendering, chunk);
    return STREAM_END;
}

static void stream_close(void *context, void *state)
{
    struct delivery *delivery = context;
    (void)state;
    arena_release(&delivery->page);
    arena_release(&delivery->place);
}

static struct reply stream_reply(struct call *call, struct delivery *delivery, struct slice tag)
{
    struct stream *stream = arena_zero(call->arena, sizeof *stream);
    delivery->query.limit = LIST_LIMIT_MAX;
    delivery->query.count = COUNT_NONE;
    delivery->call.arena = delivery->rendering.arena = &delivery->page;
    *stream = (struct stream){.context = delivery, .next = stream_next, .close = stream_close};
    struct reply reply = reply_in(call, NO_SLICE, tag);
    reply.stream = stream;
    return reply;
}

/* ---- a page ----------------------------------------------------------------------------------------------- */

static struct slice page_url(struct delivery *delivery, struct place place, bool backward)
{
    place.backward = backward;
    return url_with_cursor(&delivery->call, cursor_of(&delivery->call, &place, delivery->scope));
}

static void add_link(struct buffer *links, const char *relation, struct slice url)
{
    if (url.data)
        buffer_print(links, "%s<%.*s>; rel=\"%s\"", links->length ? ", " : "", SLICE_ARGS(url), relation);
}

static struct reply page_reply(struct call *call, struct delivery *delivery, struct slice tag)
{
    struct list_page page;
    struct error error;
    struct buffer documents = buffer_in(call->arena, 65536), links = buffer_in(call->arena, 256);
    int64_t begun = clock_nanoseconds();
    delivery->query.count = COUNT_NONE;
    if (!read_page(delivery, &page, &error))
        return problem_failed(call->request, &error);
    int64_t read = clock_nanoseconds();
    if (page.more_after && page.count)
        delivery->rendering.next = page_url(delivery, page.last, false);
    write_page(delivery, &page, &documents);
    struct reply reply = reply_in(call, enclosed(delivery, buffer_slice(&documents)), tag);
    add_link(&links, "next", delivery->rendering.next);
    add_link(&links, "prev", page.more_before && page.count ? page_url(delivery, page.first, true) : NO_SLICE);
    add_link(&links, "first", delivery->query.place.given ? url_with_cursor(call, NO_SLICE) : NO_SLICE);
    if (links.length)
        reply_header(&reply, "Link", buffer_slice(&links));
    reply.store_ns = read - begun;
    reply.render_ns = clock_nanoseconds() - read;
    return reply;
}

/* ---- lists ------------------------------------------------------------------------------------------------ */

static bool goes_forward(const struct call *call, const struct delivery *delivery, struct reply *problem)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    if (!delivery->query.place.backward)
        return true;
    fault_add(faults, FAULT_PARAMETER, "cursor", "cursor", "this is a prev_cursor; take a next_cursor, or none");
    *problem = reply_problem(call->request, "invalid-parameter", faults, "what takes all that match goes forward only");
    return false;
}

static struct reply represent_list(struct call *call)
{
    struct reply reply;
    unsigned nouns;
    struct delivery *delivery = delivery_of(call);
    bool whole = (call->format->uses[call->endpoint->noun] & FORMAT_WHOLE) != 0;
    if (!list_query_of(call, &delivery->query, &nouns, &delivery->scope, &reply) || !format_holds(call, &reply) ||
        (whole && !goes_forward(call, delivery, &reply)))
        return reply;
    call->nouns = delivery->nouns |= nouns;
    uint64_t what = digest_quick(digest_quick(0, call->request->origin), call->request->target);
    struct slice tag = weak_tag(call->arena, generation_seq(call_generation(call), call->nouns),
                                digest_quick(what, slice_of(call->format->type)));
    if (request_condition(call->request, tag) == CONDITION_NOT_MODIFIED) {
        reply = reply_empty(304);
        reply.etag = tag;
        return reply;
    }
    return whole ? stream_reply(call, delivery, tag) : page_reply(call, delivery, tag);
}

/* ---- one resource ----------------------------------------------------------------------------------------- */

/* A version in a format; with other resources in it, it depends on them too. */
static struct slice item_tag(struct call *call, const struct delivery *delivery, const struct row *row)
{
    struct slice tag = tag_of(call->arena, call->endpoint->noun, row->id, row->version);
    struct slice own = slice_of(arena_print(call->arena, "%.*s-%s\"", (int)tag.length - 1, tag.data, call->format->suffix));
    bool alone = delivery->expansion_count == 0 && call->endpoint->noun < NOUN_RESOURCES;
    return alone ? own
                 : weak_tag(call->arena, generation_seq(call_generation(call), call->nouns),
                            digest_quick(digest_quick(0, own), call->request->target));
}

static struct reply represent_item(struct call *call)
{
    struct reply reply;
    struct row row;
    struct error error;
    enum noun noun = call->endpoint->noun;
    int64_t id = call_int(call, "id"), begun = clock_nanoseconds();
    struct delivery *delivery = delivery_of(call);
    struct buffer document = buffer_in(call->arena, 1024);
    if (!format_holds(call, &reply))
        return reply;
    call->nouns = delivery->nouns | (noun < NOUN_RESOURCES ? 0 : NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_CLAIM));
    call_generation(call);
    if (!reader_row(call->reader, noun, id, noun == NOUN_ARTICLE, call->arena, &row, &error))
        return error.kind == ERROR_NOT_FOUND ? problem_missing(call->request, noun, id) : problem_failed(call->request, &error);
    if (row.deleted)
        return problem_gone(call->request, noun, id, row.deleted_at);
    if (!expand_rows(call, delivery->expansions, delivery->expansion_count, &row, 1, &error))
        return problem_failed(call->request, &error);
    delivery->rendering.single = true;
    format_add(&delivery->rendering, with_text(call->arena, row.document, row.text), &document);
    reply = reply_in(call, enclosed(delivery, buffer_slice(&document)), item_tag(call, delivery, &row));
    reply.store_ns = clock_nanoseconds() - begun;
    return reply_conditional(call, reply);
}

/* ---- either ----------------------------------------------------------------------------------------------- */

/* How the format is to be used for what this endpoint answers; 0: it answers by itself. */
static unsigned use_of(const struct endpoint *endpoint)
{
    if (endpoint->answer == list_items || endpoint->answer == list_nested)
        return FORMAT_LISTS | FORMAT_WHOLE;
    return endpoint->answer == get_item ? FORMAT_ITEMS : 0;
}

bool can_represent(const struct endpoint *endpoint, const char *type)
{
    const struct format *format = format_of_type(type);
    unsigned use = use_of(endpoint);
    return !format || !use || (format->uses[endpoint->noun] & use);
}

struct reply answer_call(struct call *call)
{
    struct reply problem;
    if (!call->format || !use_of(call->endpoint))
        return call->endpoint->answer(call);
    if (call->endpoint->answer == get_item)
        return represent_item(call);
    if (call->endpoint->answer == list_nested) {
        call_generation(call);
        if (!owner_there(call, call->endpoint->owner, &problem))
            return problem;
    }
    return represent_list(call);
}
