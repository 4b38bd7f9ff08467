/* What is kept of a finished request: its counts and its line in the log. */
#include <string.h>

#include "internal.h"
#include "readout/clock.h"
#include "readout/log.h"
#include "readout/metrics.h"

static void add_member(struct buffer *out, const char *name, struct slice value)
{
    buffer_add_text(out, name);
    buffer_add_json(out, value);
}

/* A key that stands in the URL, as `token`, is not for the log, however its name is written. */
static struct slice target_for_log(const struct request *request)
{
    struct slice query = request->target, path = slice_cut(&query, '?');
    if (query.data == NULL ||
        (memmem(query.data, query.length, "token", 5) == NULL && memchr(query.data, '%', query.length) == NULL)) {
        return uri_printable(request->arena, request->target);
    }
    struct buffer out = buffer_in(request->arena, request->target.length + 16);
    buffer_add_slice(&out, path);
    for (char before = '?'; query.data != NULL; before = '&') {
        struct slice pair = slice_cut(&query, '&'), value = pair, name = slice_cut(&value, '=');
        buffer_add_byte(&out, before);
        buffer_add_slice(&out, slice_is(uri_decode(request->arena, name), "token") ? SLICE("token=***") : pair);
    }
    return uri_printable(request->arena, buffer_slice(&out));
}

static void write_line(const struct exchange *exchange, size_t bytes, int64_t nanoseconds)
{
    const struct request *request = &exchange->request;
    char now[INSTANT_SIZE];
    clock_now(now);
    struct buffer out = buffer_in(request->arena, 384 + request->target.length);
    add_member(&out, "{\"event\":\"request\",\"level\":\"info\",\"time\":", slice_of(now));
    add_member(&out, ",\"id\":", request->id);
    add_member(&out, ",\"trace\":", request->trace);
    add_member(&out, ",\"method\":", slice_of(method_name(request->method)));
    add_member(&out, ",\"target\":", target_for_log(request));
    buffer_add_text(&out, ",\"status\":");
    buffer_add_int(&out, exchange->reply.status);
    buffer_add_text(&out, ",\"bytes\":");
    buffer_add_int(&out, (int64_t)bytes);
    buffer_add_text(&out, ",\"ms\":");
    add_milliseconds(&out, nanoseconds);
    add_member(&out, ",\"client\":", request->client);
    if (request->key.data != NULL) {
        add_member(&out, ",\"key\":", request->key);
    }
    if (exchange->reply.problem != NULL) {
        add_member(&out, ",\"problem\":", slice_of(exchange->reply.problem));
    }
    buffer_add_byte(&out, '}');
    log_line(buffer_slice(&out));
}

void account(const struct exchange *exchange, size_t bytes)
{
    const struct request *request = &exchange->request;
    const struct reply *reply = &exchange->reply;
    int64_t nanoseconds = clock_nanoseconds() - request->started;
    metric_request(method_name(request->method), reply->route != NULL ? reply->route : "", reply->status, nanoseconds);
    metric_add(METRIC_REQUEST_BYTES, (int64_t)request->body.length);
    metric_add(METRIC_RESPONSE_BYTES, (int64_t)bytes);
    if (log_wants(LOG_INFO)) {
        write_line(exchange, bytes, nanoseconds);
    }
}
