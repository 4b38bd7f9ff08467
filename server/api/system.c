/* What the server says about itself. */
#include <string.h>
#include <sys/statvfs.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/embedded.h"
#include "readout/metrics.h"

static const char links[] = "</openapi.json>; rel=\"service-desc\", </docs>; rel=\"service-doc\", </readyz>; rel=\"status\"";

const char *app_links(void)
{
    return links;
}

struct reply reply_constant(const struct call *call, struct reply reply)
{
    reply.etag = weak_tag(call->arena, 0, digest_quick(digest_quick(call->app->boot, call->request->origin), reply.type));
    return reply_conditional(call, reply);
}

/* ---- the way in ------------------------------------------------------------------------------------------- */

struct reply get_root(struct call *call)
{
    static const char *const names[][2] = {{"articles", "/v1/articles"},
                                           {"actors", "/v1/actors"},
                                           {"claims", "/v1/claims"},
                                           {"meetings", "/v1/meetings"},
                                           {"topics", "/v1/topics"},
                                           {"discrepancies", "/v1/discrepancies"},
                                           {"search", "/v1/search"},
                                           {"suggest", "/v1/actors/suggest"},
                                           {"timeline", "/v1/timeline"},
                                           {"stats", "/v1/stats"},
                                           {"stats_timeline", "/v1/stats/timeline"},
                                           {"changes", "/v1/changes"},
                                           {"events", "/v1/events"},
                                           {"desk", "/desk/claims"},
                                           {"docs", "/docs"},
                                           {"mcp", "/mcp"},
                                           {"openapi", "/openapi.json"},
                                           {"openapi_yaml", "/openapi.yaml"},
                                           {"problems", "/problems"},
                                           {"livez", "/livez"},
                                           {"readyz", "/readyz"},
                                           {"metrics", "/metrics"},
                                           {"api_catalog", "/.well-known/api-catalog"},
                                           {"llms", "/llms.txt"}};
    if (strcmp(call->type, "text/html") == 0)
        return get_desk(call);
    struct buffer body = buffer_in(call->arena, 1024);
    buffer_print(&body, "{\"name\":\"Readout\",\"version\":\"%s\",\"links\":{", READOUT_VERSION);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *url = arena_print(call->arena, "%.*s%s", SLICE_ARGS(call->request->origin), names[i][1]);
        buffer_print(&body, "%s\"%s\":", i ? "," : "", names[i][0]);
        buffer_add_json(&body, slice_of(url));
    }
    buffer_add_text(&body, "}}");
    return reply_constant(call, reply_json(200, buffer_slice(&body)));
}

struct reply get_contract_yaml(struct call *call)
{
    return reply_constant(call, reply_text(200, "application/yaml", contract_yaml(call->app->contract)));
}

struct reply get_contract_json(struct call *call)
{
    return reply_constant(call, reply_json(200, contract_json(call->app->contract)));
}

struct reply get_api_catalog(struct call *call)
{
    struct buffer body = buffer_in(call->arena, 512);
    struct slice origin = call->request->origin;
    buffer_add_text(&body, "{\"linkset\":[{\"anchor\":");
    buffer_add_json(&body, slice_of(arena_print(call->arena, "%.*s/", SLICE_ARGS(origin))));
    static const char *const targets[][3] = {{"service-desc", "/openapi.json", "application/json"},
                                             {"service-doc", "/docs", "text/html"},
                                             {"status", "/readyz", "application/json"}};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        buffer_print(&body, ",\"%s\":[{\"href\":", targets[i][0]);
        buffer_add_json(&body, slice_of(arena_print(call->arena, "%.*s%s", SLICE_ARGS(origin), targets[i][1])));
        buffer_print(&body, ",\"type\":\"%s\"}]", targets[i][2]);
    }
    buffer_add_text(&body, "}]}");
    return reply_constant(call, reply_text(200, "application/linkset+json", buffer_slice(&body)));
}

/* ---- health ----------------------------------------------------------------------------------------------- */

static struct reply health(int status, struct slice body)
{
    struct reply reply = reply_json(status, body);
    reply.cache = "no-store";
    return reply;
}

struct reply get_livez(struct call *call)
{
    (void)call;
    return health(200, SLICE("{\"status\":\"ok\"}"));
}

enum { DISK_LEAST = 16 << 20 };

static bool disk_has_room(const struct call *call, unsigned long long *bytes)
{
    struct statvfs disk;
    const char *path = call->app->settings->text[SETTING_DATABASE];
    if (statvfs(path, &disk) != 0)
        return false;
    *bytes = (unsigned long long)disk.f_bavail * disk.f_frsize;
    return *bytes >= DISK_LEAST;
}

static void add_check(struct buffer *body, const char *name, bool good, const char *detail)
{
    buffer_print(body, "%s{\"name\":\"%s\",\"status\":\"%s\",\"detail\":", body->data[body->length - 1] == '[' ? "" : ",", name,
                 good ? "ok" : "failing");
    buffer_add_json(body, slice_of(detail));
    buffer_add_byte(body, '}');
}

struct reply get_readyz(struct call *call)
{
    struct error error = {0};
    unsigned long long bytes = 0;
    int64_t log_bytes = 0;
    struct buffer checks = buffer_in(call->arena, 512), body = buffer_in(call->arena, 640);
    reader_generation(call->reader);
    bool read = reader_ping(call->reader, &log_bytes, &error), disk = disk_has_room(call, &bytes);
    bool running = !atomic_load(&call->app->stopping);
    buffer_add_byte(&checks, '[');
    add_check(&checks, "read", read, read ? NULL : "the store does not answer");
    add_check(&checks, "disk", disk, arena_print(call->arena, "%llu MB free", bytes >> 20));
    add_check(&checks, "running", running, running ? NULL : "the server is stopping");
    bool good = read && disk && running;
    buffer_print(&body, "{\"status\":\"%s\",\"checks\":%.*s]}", good ? "ok" : "failing", SLICE_ARGS(buffer_slice(&checks)));
    struct reply reply = health(good ? 200 : 503, buffer_slice(&body));
    if (!good)
        reply_header(&reply, "Retry-After", SLICE("1"));
    return reply;
}

struct reply get_metrics(struct call *call)
{
    static const char open_metrics[] = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    static const char prometheus[] = "text/plain; version=0.0.4; charset=utf-8";
    const char *type = request_negotiate(call->request, call->operation->reply_types);
    bool open = type && strstr(type, "openmetrics") != NULL;
    struct buffer body = buffer_in(call->arena, 16384);
    struct error error = {0};
    int64_t log_bytes = 0;
    reader_generation(call->reader);
    if (reader_ping(call->reader, &log_bytes, &error))
        metric_set(METRIC_WAL_BYTES, log_bytes);
    metric_set(METRIC_DB_MEMORY, engine_memory());
    metrics_write(&body, open, call->app->build_labels);
    struct reply reply = reply_text(200, open ? open_metrics : prometheus, buffer_slice(&body));
    reply.cache = "no-store";
    return reply;
}
