/* Any bytes as a request to the whole server, over the demonstration record: a line each for the target and the headers. Whatever
 * is asked, the answer is one that the contract declares, and none is a mistake of ours. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../server/api/call.h"
#include "readout/clock.h"
#include "readout/commands.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADERS_MAX = 64, PIECES_MAX = 20 };

static struct house house;
static struct http_service service;
static void *state;
static char folder[] = "/tmp/readout-fuzz-XXXXXX", database[64];

static void clear_away(void)
{
    char path[80];
    service.close(state);
    house_close(&house);
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", database, (const char *const[]){"", "-wal", "-shm"}[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void set_up(void)
{
    char *arguments[] = {"--demo", "--log", "off", "--loops", "1", "--database", database};
    int count = sizeof arguments / sizeof arguments[0];
    static struct settings settings; /* the app goes on looking at them */
    struct error error = {0};
    bool good = mkdtemp(folder) && snprintf(database, sizeof database, "%s/record.db", folder) > 0 &&
                settings_read(&settings, arguments, &count, &error);
    good = good && house_open(&house, &settings, ENGINE_CREATE, &error);
    service = good ? app_service(house.app) : service;
    state = good ? service.open(service.context, 0, &error) : NULL;
    if (!state)
        die("%s", error.message);
    atexit(clear_away);
}

static size_t gather(struct slice text, struct header *headers)
{
    size_t count = 0;
    while (text.data && count < HEADERS_MAX) {
        struct slice value = slice_cut(&text, '\n');
        struct slice name = slice_cut(&value, ':');
        headers[count++] = (struct header){slice_trim(name), value.data ? slice_trim(value) : SLICE("")};
    }
    return count;
}

/* Never-ending ones wait at once: nothing is written meanwhile. */
static void drain(const struct stream *stream, struct arena *arena)
{
    enum stream_step step = STREAM_MORE;
    for (int i = 0; i < PIECES_MAX && step == STREAM_MORE; i++) {
        struct buffer chunk = buffer_in(arena, STREAM_PIECE);
        step = stream->next(stream->context, state, &chunk);
    }
    assert(step != STREAM_BROKEN);
    if (stream->close)
        stream->close(stream->context, state);
}

/* Only what is JSON by the contract's own path and whole can be checked by it. */
static void check(const struct exchange *exchange, struct arena *arena)
{
    const struct reply *reply = &exchange->reply;
    struct slice query = exchange->request.query.data ? exchange->request.query : SLICE("");
    struct faults faults = {.arena = arena};
    assert(reply->status >= 200 && reply->status < 500);
    const struct operation *operation = contract_match(house.app->contract, SLICE("GET"), exchange->request.path).operation;
    if (operation && reply->status == 200 && type_is(reply->type, "application/json") && !reply->stream &&
        !memmem(query.data, query.length, "fields", 6) && !memchr(query.data, '%', query.length))
        contract_check_reply(operation, 200, reply->type, reply->body, &faults);
    for (size_t i = 0; i < faults.count && i < FAULTS_MAX; i++)
        fprintf(stderr, "%s %s\n", faults.items[i].where, faults.items[i].detail);
    assert(faults.count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!state)
        set_up();
    struct exchange exchange = {.reply = {.status = 0}};
    struct header headers[HEADERS_MAX];
    struct slice text = arena_slice(&exchange.arena, (struct slice){(const char *)data, size < 16384 ? size : 16384});
    struct request *request = &exchange.request;
    *request = (struct request){.arena = &exchange.arena, .method = METHOD_GET, .started = clock_nanoseconds()};
    request->target = slice_cut(&text, '\n');
    request->headers = headers;
    request->header_count = gather(text, headers);
    request_prepare(request, SLICE("http://readout.example"));
    bool answered = service.answer(state, &exchange);
    assert(answered);
    check(&exchange, &exchange.arena);
    if (exchange.reply.stream)
        drain(exchange.reply.stream, &exchange.arena);
    service.done(state, &exchange);
    service.rest(state);
    arena_release(&exchange.arena);
    return 0;
}
