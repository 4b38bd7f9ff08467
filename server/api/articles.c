/* Articles as they come: which of them are read before they are written, and what a text or a page is as an article. */
#include "articles.h"

#include <string.h>

#include "readout/log.h"
#include "readout/metrics.h"

static struct slice member(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

bool article_wants_reading(const struct app *app, const struct value_of *extract, const json_t *body)
{
    if (extract)
        return extract->number != 0;
    return strcmp(app->settings->text[SETTING_EXTRACT], "on") == 0 && !json_object_get(body, "mentions");
}

struct reading article_reading(const json_t *body, struct arena *arena)
{
    return (struct reading){.body = member(body, "text"),
                            .title = member(body, "title"),
                            .language = member(body, "language"),
                            .outlet = member(body, "outlet"),
                            .published_at = member(body, "published_at"),
                            .for_record = true,
                            .arena = arena};
}

/* ---- texts and pages -------------------------------------------------------------------------------------- */

static void set(json_t *body, const char *name, struct slice value)
{
    if (value.data)
        json_object_set_new(body, name, json_stringn(value.data, value.length));
}

/* What a page says of itself is only taken where it is as the contract has it: anybody may have written it. */
static void set_if_it_fits(const struct schema *schema, json_t *body, const char *name, struct slice value)
{
    struct arena arena = {0};
    struct faults *faults = arena_alloc(&arena, sizeof *faults);
    *faults = (struct faults){.arena = &arena};
    json_t *alone = json_object();
    set(alone, name, value);
    if (value.data && !json_object_get(body, name) && contract_check(schema, alone, BODY_PATCH, "#", faults))
        set(body, name, value);
    json_decref(alone);
    arena_release(&arena);
}

json_t *article_of_text(const struct app *app, const struct reading *reading)
{
    const struct schema *schema = contract_schema(app->contract, "Article");
    json_t *body = json_object();
    set(body, "text", reading->text);
    set_if_it_fits(schema, body, "title", one_line(reading->arena, reading->page.title, 500));
    set_if_it_fits(schema, body, "byline", one_line(reading->arena, reading->page.byline, 1000));
    set_if_it_fits(schema, body, "language", reading->page.language);
    set_if_it_fits(schema, body, "outlet", one_line(reading->arena, reading->page.outlet, 500));
    set_if_it_fits(schema, body, "url", reading->page.url);
    set_if_it_fits(schema, body, "published_at", reading->page.published_at);
    return body;
}

/* ---- a call ----------------------------------------------------------------------------------------------- */

/* A call whose articles are being read. */
struct article_call {
    struct batch batch; /* first: finish() gets it back as this */
    struct call *call;
};

static const char *const described[] = {"title", "outlet", "language", "published_at", "published_on", "url", "external_id"};
enum { DESCRIBED = sizeof described / sizeof described[0] };

bool text_described(struct call *call, struct reply *problem)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    for (size_t i = 0; call->body && i < DESCRIBED; i++) {
        if (values_find(&call->values, described[i]))
            fault_add(faults, FAULT_PARAMETER, described[i], "conflict", "with JSON this stands in the body");
    }
    if (faults->count)
        *problem = reply_problem(call->request, "invalid-parameter", faults, "the query describes texts and pages only");
    return faults->count == 0;
}

struct reading text_reading(const struct call *call)
{
    struct slice on = call_text(call, "published_on");
    return (struct reading){.body = body_text(call),
                            .form = type_is(slice_of(call->media->type), "text/html") ? READING_PAGE : READING_TEXT,
                            .title = call_text(call, "title"),
                            .language = call_text(call, "language"),
                            .outlet = call_text(call, "outlet"),
                            .published_at = on.data ? on : call_text(call, "published_at"),
                            .arena = call->arena};
}

/* The body of a text or a page, as JSON would have had it. */
static bool take_text(struct call *call, struct reply *problem)
{
    struct reading *reading = &call->readings[0];
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    if (!reading->text.data) {
        fault_add(faults, FAULT_POINTER, "#", "unreadable", "%s", reading->error.message);
    } else {
        call->body = article_of_text(call->app, reading);
        set(call->body, "url", call_text(call, "url"));
        set(call->body, "external_id", call_text(call, "external_id"));
        contract_check(contract_schema(call->app->contract, "ArticleWithText"), call->body, BODY_CREATE, "#", faults);
    }
    if (faults->count)
        *problem = reply_problem(call->request, "invalid-body", faults, "this makes no article");
    return faults->count == 0;
}

/* In the thread that read the last article. */
static void write_now(struct batch *batch)
{
    struct article_call *waiting = (struct article_call *)batch;
    struct call *call = waiting->call;
    struct reply reply = {.status = 0};
    if (call->body || take_text(call, &reply))
        reply = submit_creation(call);
    if (reply.status == 0)
        return; /* the writer has it */
    call_finish(call, reply);
}

struct reply busy_reading(const struct call *call)
{
    struct reply reply =
        reply_problem(call->request, "unavailable", NULL, "too many articles wait to be read; try again in a moment");
    reply_header(&reply, "Retry-After", SLICE("1"));
    metric_add(METRIC_REFUSED_READINGS, 1);
    return reply;
}

/* The next text of an article that is there is read by what is known of it. */
static void look_up(struct call *call, const json_t *item, struct reading *reading)
{
    struct row row;
    struct error error;
    struct slice url = item ? member(item, "url") : call_text(call, "url"),
                 key = item ? member(item, "external_id") : call_text(call, "external_id");
    if (!call_true(call, "upsert"))
        key = NO_SLICE;
    if (reading->published_at.data || (!url.data && !key.data))
        return;
    call_generation(call);
    int64_t id = reader_known_article(call->reader, url, key);
    if (!id || !reader_row(call->reader, NOUN_ARTICLE, id, false, call->arena, &row, &error))
        return;
    json_t *article = json_loadb(row.document.data, row.document.length, 0, NULL);
    read_as_known(call, article, reading);
    json_decref(article);
}

/* One reading for each item; those that are not to be read have no body. */
static size_t prepare(struct call *call)
{
    const struct value_of *extract = values_find(&call->values, "extract");
    size_t count = json_is_array(call->body) ? json_array_size(call->body) : 1, wanted = 0;
    call->readings = arena_zero(call->arena, count * sizeof *call->readings);
    call->reading_arenas = arena_zero(call->arena, count * sizeof *call->reading_arenas);
    call->reading_count = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_is_array(call->body) ? json_array_get(call->body, i) : call->body;
        bool read = article_wants_reading(call->app, extract, item);
        call->readings[i] = item ? article_reading(item, NULL) : text_reading(call);
        call->readings[i].arena = &call->reading_arenas[i];
        call->readings[i].for_record = true;
        call->readings[i].page_alone = !read;
        if (item && !read)
            call->readings[i].body = NO_SLICE;
        if (read)
            look_up(call, item, &call->readings[i]);
        wanted += call->readings[i].body.data != NULL;
    }
    return wanted;
}

struct reply create_articles(struct call *call)
{
    struct reply problem, answered;
    if (!text_described(call, &problem))
        return problem;
    if (once_answered_before(call, &answered))
        return answered;
    if (prepare(call) == 0)
        return submit_creation(call);
    struct article_call *waiting = arena_zero(call->arena, sizeof *waiting);
    *waiting = (struct article_call){.batch = {.readings = call->readings, .count = call->reading_count, .finish = write_now},
                                     .call = call};
    if (!ingest_submit(call->app->ingest, &waiting->batch))
        return busy_reading(call);
    return (struct reply){.status = 0};
}

void readings_release(struct call *call)
{
    for (size_t i = 0; i < call->reading_count; i++)
        arena_release(&call->reading_arenas[i]);
    call->reading_count = 0;
}

/* ---- what was found, in a reply --------------------------------------------------------------------------- */

void add_tally(struct buffer *out, const char *name, const struct tally_of *tally)
{
    buffer_print(out, "\"%s\":{\"actors\":%d,\"mentions\":%d,\"claims\":%d,\"meetings\":%d", name, tally->actors, tally->mentions,
                 tally->claims, tally->meetings);
    if (tally->left_out)
        buffer_print(out, ",\"claims_left_out\":%d", tally->left_out);
    buffer_add_byte(out, '}');
}
