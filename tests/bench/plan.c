#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static struct probe *plan_add(struct plan *plan, int status, struct slice request)
{
    if (plan->count == plan->capacity) {
        size_t size = plan->capacity * sizeof *plan->probes;
        plan->capacity = plan->capacity == 0 ? 64 : plan->capacity * 2;
        struct probe *probes = arena_alloc(&plan->arena, plan->capacity * sizeof *probes);
        if (size > 0)
            memcpy(probes, plan->probes, size);
        plan->probes = probes;
    }
    struct probe *probe = &plan->probes[plan->count++];
    *probe = (struct probe){.request = request, .status = status};
    return probe;
}

struct slice plan_request(struct arena *arena, const char *format, ...)
{
    struct buffer request = buffer_in(arena, 512);
    va_list arguments;
    va_start(arguments, format);
    char target[512];
    vsnprintf(target, sizeof target, format, arguments);
    va_end(arguments);
    buffer_print(&request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", target);
    return buffer_slice(&request);
}

struct probe *plan_get(struct plan *plan, int status, const char *headers, const char *format, ...)
{
    char target[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(target, sizeof target, format, arguments);
    va_end(arguments);
    struct buffer request = buffer_in(&plan->arena, strlen(target) + strlen(headers) + 64);
    buffer_print(&request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", target, headers);
    return plan_add(plan, status, buffer_slice(&request));
}

struct probe *plan_post(struct plan *plan, int status, const char *path, struct slice body)
{
    struct buffer request = buffer_in(&plan->arena, body.length + 160);
    buffer_print(&request, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                 path, body.length);
    buffer_add_slice(&request, body);
    return plan_add(plan, status, buffer_slice(&request));
}

struct message plan_ask(struct plan *plan)
{
    return message_fetch(&plan->arena, plan->connection, plan->probes[plan->count - 1].request);
}

static unsigned times_in(struct slice body, const char *text)
{
    unsigned times = 0;
    size_t length = strlen(text);
    const char *end = body.data + body.length;
    for (const char *found = body.data; (found = memmem(found, (size_t)(end - found), text, length)) != NULL; found += length)
        times++;
    return times;
}

static void check(const struct probe *probe, const struct message *message)
{
    struct slice target = probe->request;
    target = slice_cut(&target, '\r');
    unsigned times = probe->holds != NULL ? times_in(message->body, probe->holds) : 0;
    if (message->status != probe->status)
        note_failure("%.*s: status %d, not %d: %.*s", SLICE_ARGS(target), message->status, probe->status,
                     (int)(message->length < 300 ? message->length : 300), message->body.data);
    else if (probe->holds != NULL && times != probe->times)
        note_failure("%.*s: %s stands there %u times, not %u", SLICE_ARGS(target), probe->holds, times, probe->times);
}

void plan_learn(struct plan *plan, const char *scenario)
{
    struct arena arena = {0};
    if (plan->sample.status == 0) {
        plan->sample = message_fetch(&plan->arena, plan->connection, plan->probes[0].request);
        check(&plan->probes[0], &plan->sample);
    }
    for (size_t i = 0; i < plan->count; i++) {
        if (i % 512 == 0)
            progress("%s: asking everything once (%zu of %zu)", scenario, i, plan->count);
        struct probe *probe = &plan->probes[i];
        struct message message = message_fetch(&arena, plan->connection, probe->request);
        check(probe, &message);
        probe->length = message.length;
        arena_reset(&arena);
    }
    arena_release(&arena);
}

void plan_make(struct plan *plan, const struct scenario *scenario, const struct options *options, const struct world *world,
               const struct server *server)
{
    *plan = (struct plan){.world = world, .dice = {options->seed}, .connection = message_connect(server->port)};
    progress("%s: preparing", scenario->name);
    scenario->prepare(plan);
    plan_learn(plan, scenario->name);
    close(plan->connection);
}

void plan_release(struct plan *plan)
{
    arena_release(&plan->arena);
}
