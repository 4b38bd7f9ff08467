/* Reading without keeping: what an article says, with the characters that show it. And reading again what is kept. */
#include "articles.h"

/* A call that waits to be read. */
struct extract_call {
    struct batch batch; /* first: finish() gets it back as this */
    struct reading reading;
    struct call *call;
};

static struct slice member(const struct call *call, const char *name)
{
    const json_t *value = json_object_get(call->body, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

/* What a JSON body says of the article stands in it; what the others say, in the query. */
static struct reading reading_of(const struct call *call)
{
    if (!call->body)
        return text_reading(call);
    struct reading reading = article_reading(call->body, call->arena);
    struct slice on = member(call, "published_on");
    reading.for_record = false;
    reading.published_at = on.data ? on : reading.published_at;
    return reading;
}

static struct reply refused(const struct call *call, const char *detail)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    fault_add(faults, FAULT_POINTER, call->body ? "#/text" : "#", "unreadable", "%s", detail);
    return reply_problem(call->request, "invalid-body", faults, "the article cannot be read");
}

static struct reply answer_with(const struct call *call, const struct reading *reading)
{
    if (!reading->good)
        return refused(call, reading->error.message);
    struct buffer body = buffer_in(call->arena, reading->text.length * 4 + 4096);
    if (!reading_answer(reading, &body))
        return refused(call, "what is found comes to more than an answer holds; send the text in parts");
    struct reply reply = reply_json(200, buffer_slice(&body));
    reply.cache = "no-store";
    return reply;
}

static void answer_now(struct batch *batch)
{
    struct extract_call *waiting = (struct extract_call *)batch;
    struct call *call = waiting->call;
    call_finish(call, answer_with(call, &waiting->reading));
}

struct reply extract(struct call *call)
{
    struct reply problem;
    struct extract_call *waiting = arena_zero(call->arena, sizeof *waiting);
    if (!text_described(call, &problem))
        return problem;
    *waiting = (struct extract_call){
        .batch = {.readings = &waiting->reading, .count = 1, .finish = answer_now}, .reading = reading_of(call), .call = call};
    if (!ingest_submit(call->app->ingest, &waiting->batch))
        return busy_reading(call);
    return (struct reply){.status = 0};
}

/* ---- again ------------------------------------------------------------------------------------------------ */

static struct slice text_in(const json_t *document, const char *name, struct arena *arena)
{
    const json_t *value = json_object_get(document, name);
    return json_is_string(value) ? arena_slice(arena, (struct slice){json_string_value(value), json_string_length(value)})
                                 : NO_SLICE;
}

static struct slice name_of_actor(struct call *call, const json_t *id)
{
    struct row row;
    struct error error;
    if (!json_is_integer(id) || !reader_row(call->reader, NOUN_ACTOR, json_integer_value(id), false, call->arena, &row, &error))
        return NO_SLICE;
    json_t *actor = json_loadb(row.document.data, row.document.length, 0, NULL);
    struct slice name = text_in(actor, "name", call->arena);
    json_decref(actor);
    return name;
}

static void fill(struct slice *blank, struct slice told)
{
    if (!blank->data)
        *blank = told;
}

void read_as_known(struct call *call, const json_t *article, struct reading *reading)
{
    fill(&reading->language, text_in(article, "language", call->arena));
    fill(&reading->published_at, text_in(article, "published_at", call->arena));
    if (!reading->outlet.data)
        reading->outlet = name_of_actor(call, json_object_get(article, "outlet_id"));
}

static void write_again(struct batch *batch)
{
    struct extract_call *waiting = (struct extract_call *)batch;
    struct call *call = waiting->call;
    struct reply reply = waiting->reading.good ? submit_again(call) : refused(call, waiting->reading.error.message);
    if (reply.status == 0)
        return; /* the writer has it */
    call_finish(call, reply);
}

struct reply extract_again(struct call *call)
{
    struct row row;
    struct error error;
    struct reply answered;
    int64_t id = call_int(call, "id");
    if (once_answered_before(call, &answered))
        return answered;
    call_generation(call);
    if (!reader_row(call->reader, NOUN_ARTICLE, id, true, call->arena, &row, &error))
        return error.kind == ERROR_NOT_FOUND ? problem_missing(call->request, NOUN_ARTICLE, id)
                                             : problem_failed(call->request, &error);
    if (row.deleted)
        return problem_gone(call->request, NOUN_ARTICLE, id, row.deleted_at);
    json_t *article = json_loadb(row.document.data, row.document.length, 0, NULL);
    struct extract_call *waiting = arena_zero(call->arena, sizeof *waiting);
    *waiting = (struct extract_call){.batch = {.readings = &waiting->reading, .count = 1, .finish = write_again}, .call = call};
    waiting->reading = (struct reading){.body = row.text, .title = text_in(article, "title", call->arena), .arena = call->arena};
    read_as_known(call, article, &waiting->reading);
    json_decref(article);
    call->readings = &waiting->reading;
    if (!ingest_submit(call->app->ingest, &waiting->batch))
        return busy_reading(call);
    return (struct reply){.status = 0};
}
