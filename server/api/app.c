#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "articles.h"
#include "readout/clock.h"
#include "readout/digest.h"

/* ---- the tables tied together ----------------------------------------------------------------------------- */

static bool bind_operations(struct app *app, const char *name, struct error *error)
{
    size_t count = contract_count(app->contract);
    app->answers = calloc(count, sizeof *app->answers);
    if (!app->answers)
        die("out of memory");
    for (size_t i = 0; i < endpoint_count; i++) {
        const struct operation *operation = contract_find(app->contract, endpoints[i].operation);
        if (!operation)
            return fail(error, ERROR_INVALID, "%s has no operation %s, which server/api/operations.c answers", name,
                        endpoints[i].operation);
        app->answers[operation->index] = &endpoints[i];
    }
    for (size_t i = 0; i < count; i++) {
        const struct operation *operation = contract_operation(app->contract, i);
        if (!app->answers[i])
            return fail(error, ERROR_INVALID, "%s:%d: nothing answers the operation %s (server/api/operations.c)", name,
                        operation->line, operation->id);
        for (const char *const *type = operation->reply_types; *type; type++) {
            if (!can_represent(app->answers[i], *type))
                return fail(error, ERROR_INVALID, "%s:%d: %s is not there as %s (server/formats/formats.c)", name,
                            operation->line, operation->id, *type);
        }
    }
    return true;
}

/* What the contract and the record say of one noun's properties must agree. */
static bool bind_record(struct app *app, enum noun noun, const char *name, struct error *error)
{
    const struct record *record = record_of(noun);
    const struct schema *schema = contract_schema(app->contract, record->title);
    if (!schema)
        return fail(error, ERROR_INVALID, "%s has no schema %s", name, record->title);
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        bool own_id = noun >= NOUN_RESOURCES && strcmp(field->name, "id") == 0; /* may be sent, to keep an item */
        if (!schema_has(schema, field->name))
            return fail(error, ERROR_INVALID, "%s: the schema %s lacks %s, which the record keeps", name, record->title,
                        field->name);
        if (!own_id && schema_read_only(schema, field->name) != ((field->flags & FIELD_SERVER) != 0))
            return fail(error, ERROR_INVALID, "%s: the schema %s and the record differ on whether %s is read-only", name,
                        record->title, field->name);
    }
    if (noun < NOUN_RESOURCES) {
        app->defaults[noun] = json_object();
        contract_fill(schema, app->defaults[noun]);
    }
    return true;
}

/* ---- opening ---------------------------------------------------------------------------------------------- */

struct app *app_open(struct store *store, const struct settings *settings, struct slice contract, const char *contract_name,
                     struct error *error)
{
    struct app *app = calloc(1, sizeof *app);
    char labels[256];
    if (!app)
        die("out of memory");
    app->store = store;
    app->settings = settings;
    app->contract = contract_load(contract, contract_name, error);
    bool good = app->contract && bind_operations(app, contract_name, error);
    for (enum noun noun = 0; good && noun < NOUN_COUNT; noun++)
        good = bind_record(app, noun, contract_name, error);
    if (!good) {
        app_close(app);
        return NULL;
    }
    app->web = web_open();
    app->boot = digest_quick(digest_quick(web_digest(app->web), contract_yaml(app->contract)), SLICE(READOUT_VERSION));
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    app->ingest = ingest_open(store, cores > 0 ? (int)cores : 1, (size_t)settings->number[SETTING_MAX_PENDING_READINGS],
                              settings->number[SETTING_READ_TIMEOUT]);
    app->quota = quota_open(settings);
    store_limit_writes(store, (size_t)settings->number[SETTING_MAX_PENDING_WRITES]);
    snprintf(labels, sizeof labels, "version=\"%s\",compiler=\"%s\",engine=\"%s\"", READOUT_VERSION, __VERSION__,
             engine_version());
    app->build_labels = strdup(labels);
    return app;
}

void app_close(struct app *app)
{
    if (!app)
        return;
    ingest_close(app->ingest);
    quota_close(app->quota);
    for (enum noun noun = 0; noun < NOUN_RESOURCES; noun++)
        json_decref(app->defaults[noun]);
    contract_free(app->contract);
    free(app->answers);
    web_close(app->web);
    tools_close(atomic_load(&app->tools));
    free(app->build_labels);
    free(app);
}

void app_stop(struct app *app)
{
    atomic_store(&app->stopping, true);
    store_stop_in(app->store, app->settings->number[SETTING_STOP_TIMEOUT]);
}

void app_listens_on(struct app *app, const char *address)
{
    app->address = address;
}

/* ---- as a service ----------------------------------------------------------------------------------------- */

enum { NO_LOOP = -1 };

static void *session_open(void *context, int loop, struct error *error)
{
    struct app *app = context;
    struct session *session = calloc(1, sizeof *session);
    if (!session)
        die("out of memory");
    session->app = app;
    session->has_port = app->address != NULL;
    session->loopback = app->address && address_is_loopback(app->address);
    session->reader = reader_open(app->store, error);
    if (!session->reader) {
        free(session);
        return NULL;
    }
    const long long *number = app->settings->number;
    if (loop != NO_LOOP) {
        session->cache = cache_open((size_t)(number[SETTING_CACHE_BYTES] / (number[SETTING_LOOPS] ? number[SETTING_LOOPS] : 1)));
        session->feed = feed_open();
    }
    return session;
}

static void session_close(void *state)
{
    struct session *session = state;
    cache_close(session->cache);
    feed_close(session->feed);
    reader_close(session->reader);
    free(session);
}

static bool answer(void *state, struct exchange *exchange)
{
    struct reply reply = dispatch(state, exchange);
    if (reply.status == 0)
        return false; /* the writer has it, and may have finished it already: the exchange's reply is not ours any more */
    exchange->reply = reply;
    return true;
}

static void done(void *state, struct exchange *exchange)
{
    struct session *session = state;
    for (struct call *call = exchange->owner; call; call = call->inner) {
        json_decref(call->body);
        readings_release(call);
        if (call->kept)
            cache_release(session->cache, call->kept);
    }
    exchange->owner = NULL;
}

static void rest(void *state)
{
    struct session *session = state;
    reader_rest(session->reader);
}

struct http_service app_service(struct app *app)
{
    return (struct http_service){
        .context = app, .open = session_open, .answer = answer, .done = done, .rest = rest, .close = session_close};
}

/* ---- without a server ------------------------------------------------------------------------------------- */

static bool drain(struct session *session, const struct stream *stream, void (*take)(void *to, struct slice piece), void *to)
{
    struct arena arena = {0};
    enum stream_step step = STREAM_MORE;
    while (step == STREAM_MORE) {
        arena_reset(&arena);
        struct buffer piece = buffer_in(&arena, STREAM_PIECE);
        step = stream->next(stream->context, session, &piece);
        take(to, buffer_slice(&piece));
    }
    if (stream->close)
        stream->close(stream->context, session);
    arena_release(&arena);
    return step != STREAM_BROKEN;
}

void app_answer(struct app *app, struct exchange *exchange, void (*take)(void *to, struct slice piece), void *to,
                struct error *error)
{
    struct session *session = session_open(app, NO_LOOP, error);
    if (!session)
        return;
    if (!answer(session, exchange))
        exchange->reply = reply_problem(&exchange->request, "not-implemented", NULL, "without a server only reading is possible");
    if (!exchange->reply.stream)
        take(to, exchange->reply.body);
    else if (!drain(session, exchange->reply.stream, take, to))
        fail(error, ERROR_FAULT, "the store failed on the way; this is not all of it");
    done(session, exchange);
    session_close(session);
}
