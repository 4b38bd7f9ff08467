/* What is kept of a finished request: its counts and its line in the log. */
#include "internal.h"
#include "readout/clock.h"
#include "readout/log.h"
#include "readout/metrics.h"

static void add_member(struct buffer *out, const char *name, struct slice value)
{
    buffer_add_text(out, name);
    buffer_add_json(out, value);
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
    add_member(&out, ",\"target\":", uri_printable(request->arena, request->target));
    buffer_add_text(&out, ",\"status\":");
    buffer_add_int(&out, exchange->reply.status);
    buffer_add_text(&out, ",\"bytes\":");
    buffer_add_int(&out, (int64_t)bytes);
    buffer_add_text(&out, ",\"ms\":");
    add_milliseconds(&out, nanoseconds);
    add_member(&out, ",\"client\":", request->client);
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
