#include <string.h>

#include "call.h"

enum { GIVEN_MAX = 64 };

/* Where a request leads. */
struct target {
    struct route route;
    struct slice path; /* without its suffix */
    const char *type;  /* that the suffix stands for; NULL: it has none */
};

/* ---- parameters ------------------------------------------------------------------------------------------- */

int64_t call_int(const struct call *call, const char *parameter)
{
    const struct value_of *value = values_find(&call->values, parameter);
    return value ? value->number : 0;
}

bool call_true(const struct call *call, const char *parameter)
{
    return call_int(call, parameter) != 0;
}

struct slice call_text(const struct call *call, const char *parameter)
{
    const struct value_of *value = values_find(&call->values, parameter);
    return value ? value->text : NO_SLICE;
}

const struct generation *call_generation(struct call *call)
{
    if (!call->began)
        call->generation = *reader_generation(call->reader);
    call->began = true;
    return &call->generation;
}

/* ---- where no operation answers --------------------------------------------------------------------------- */

static struct reply redirect(const struct request *request)
{
    struct buffer location = buffer_in(request->arena, request->target.length + 1);
    size_t length = request->path.length;
    while (length > 1 && request->path.data[length - 1] == '/')
        length--;
    buffer_add(&location, request->path.data, length);
    if (request->query.data) {
        buffer_add_byte(&location, '?');
        buffer_add_slice(&location, request->query);
    }
    struct reply reply = reply_empty(308);
    reply_header(&reply, "Location", buffer_slice(&location));
    return reply;
}

static struct reply no_operation(struct session *session, const struct request *request, const struct route *route)
{
    if (route->path && request->method == METHOD_OPTIONS) {
        struct reply reply = reply_empty(204);
        reply_header(&reply, "Allow", slice_of(arena_print(request->arena, "%s", route->methods)));
        return reply;
    }
    if (request->method == METHOD_OTHER)
        return reply_problem(request, "not-implemented", NULL, "this method is none that HTTP knows");
    if (route->path) {
        struct reply reply =
            reply_problem(request, "method-not-allowed", NULL, "%s has no such method; it has %s", route->path, route->methods);
        reply_header(&reply, "Allow", slice_of(arena_print(request->arena, "%s", route->methods)));
        return reply;
    }
    struct slice bare = request->path;
    while (bare.length > 1 && bare.data[bare.length - 1] == '/')
        bare.length--;
    if (bare.length < request->path.length && contract_match(session->app->contract, SLICE("GET"), bare).path)
        return redirect(request);
    return reply_problem(request, "not-found", NULL, "there is no such path; GET / lists where to begin");
}

/* ---- checks ----------------------------------------------------------------------------------------------- */

static bool gather(const struct call *call, const struct route *route, struct given *given, size_t *count, struct faults *faults)
{
    size_t path_value = 0;
    for (size_t i = 0; i < call->operation->parameter_count && path_value < route->value_count; i++) {
        const struct parameter *parameter = &call->operation->parameters[i];
        if (!parameter->in_path)
            continue;
        struct slice value = uri_decode(call->arena, route->values[path_value++]);
        given[(*count)++] = (struct given){slice_of(parameter->name), value.data ? value : SLICE("")};
    }
    struct slice rest = call->request->query;
    struct query_item item;
    while (request_query(call->arena, &rest, &item)) {
        if (!item.name.data)
            fault_add(faults, FAULT_PARAMETER, "", "malformed",
                      "the query has a malformed percent-escape, or bytes that are not UTF-8");
        else if (*count == GIVEN_MAX)
            fault_add(faults, FAULT_PARAMETER, "", "range", "the query has more than %d parameters", GIVEN_MAX);
        else
            given[(*count)++] = (struct given){item.name, item.value};
        if (faults->count)
            return false;
    }
    return true;
}

static bool check_parameters(struct call *call, const struct route *route, struct reply *problem)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    struct given given[GIVEN_MAX];
    size_t count = 0;
    if (gather(call, route, given, &count, faults) &&
        contract_check_parameters(call->operation, given, count, call->arena, &call->values, faults))
        return true;
    *problem = reply_problem(call->request, "invalid-parameter", faults, "the path or the query is not as %s takes it",
                             call->operation->id);
    return false;
}

static const char *find_type(const char *const *types, const char *wanted)
{
    while (*types && strcmp(*types, wanted) != 0)
        types++;
    return *types;
}

/* Settles the type of the answer: the one that the path's suffix stands for, or the best by Accept. */
static bool check_accept(struct call *call, const char *suffixed, struct reply *problem)
{
    const char *const *all = call->operation->reply_types;
    if (!all || !all[0])
        return true;
    call->type = suffixed ? find_type(all, suffixed) : request_negotiate(call->request, all);
    call->format = call->type ? format_of_type(call->type) : NULL;
    if (call->type)
        return true;
    struct buffer types = buffer_in(call->arena, 128);
    for (const char *const *type = all; *type; type++)
        buffer_print(&types, "%s%s", types.length ? ", " : "", *type);
    *problem = reply_problem(call->request, "not-acceptable", NULL, "this is there as %.*s", SLICE_ARGS(buffer_slice(&types)));
    return false;
}

/* ---- from a path to its operation ------------------------------------------------------------------------- */

/* Where "/v1/claims.csv" leads: to "/v1/claims", as text/csv. Only reading has such paths. */
static bool match_suffixed(const struct app *app, struct slice method, struct slice path, struct target *target)
{
    size_t dot = path.length;
    while (dot > 0 && path.data[dot - 1] != '.' && path.data[dot - 1] != '/')
        dot--;
    if (dot < 2 || path.data[dot - 1] != '.')
        return false;
    struct slice bare = {path.data, dot - 1};
    const char *type = type_of_suffix((struct slice){path.data + dot, path.length - dot});
    struct route route = type ? contract_match(app->contract, SLICE("GET"), bare) : (struct route){.operation = NULL};
    if (!route.operation)
        return false;
    if (!slice_is(method, "GET") && !slice_is(method, "HEAD"))
        route.operation = NULL;
    memcpy(route.methods, "GET, HEAD, OPTIONS", sizeof "GET, HEAD, OPTIONS");
    *target = (struct target){.route = route, .path = bare, .type = type};
    return true;
}

/* A path that is written down as it stands wins: "/openapi.json". */
static struct target match(const struct app *app, const struct request *request)
{
    struct slice method = slice_of(method_name(request->method)), path = request->path;
    struct target target = {.route = contract_match(app->contract, method, path), .path = path};
    bool literal = target.route.path && !slice_ends(slice_of(target.route.path), "}");
    if (!literal && memchr(path.data, '.', path.length))
        match_suffixed(app, method, path, &target);
    return target;
}

static struct call *call_of(struct session *session, struct exchange *exchange, const struct request *request)
{
    struct call *call = arena_zero(&exchange->arena, sizeof *call);
    *call = (struct call){.app = session->app,
                          .session = session,
                          .reader = session->reader,
                          .exchange = exchange,
                          .request = request,
                          .arena = &exchange->arena};
    return call;
}

static bool read_what_came(struct call *call, struct reply *problem)
{
    if (body_read(call, problem))
        return true;
    if (call->endpoint->refuse)
        *problem = call->endpoint->refuse(call, *problem);
    return false;
}

/* Once it is known who asks. */
static struct reply answer_request(struct call *call)
{
    struct session *session = call->session;
    const struct request *request = call->request;
    struct reply reply;
    bool may_read = call->principal.scopes & SCOPE_BIT(SCOPE_READ);
    struct cache_key key = may_read ? cache_key_of(session->cache, request) : (struct cache_key){NO_SLICE, 0};
    if (key.text.data && (call->kept = cache_find(session->cache, &key, reader_published(session->reader))) != NULL)
        return kept_reply(call->kept, request);

    struct target target = match(session->app, request);
    const struct route *route = &target.route;
    if (!route->operation)
        return no_operation(session, request, route);

    call->path = target.path;
    call->type = target.type; /* until the rest is negotiated: is_allowed() asks for it */
    call->operation = route->operation;
    call->endpoint = session->app->answers[route->operation->index];
    if (is_allowed(call, &reply) && take_costly_quota(call, &reply) && check_parameters(call, route, &reply) &&
        check_accept(call, target.type, &reply) && read_what_came(call, &reply) && once_read(call, &reply))
        reply = answer_call(call);
    reply.route = route->operation->path;
    if (key.text.data)
        cache_keep(session->cache, &key, call, &reply);
    return reply;
}

struct reply dispatch(struct session *session, struct exchange *exchange)
{
    struct call *call = call_of(session, exchange, &exchange->request);
    struct reply reply, stranger;
    exchange->owner = call;
    reader_allow(session->reader, session->app->settings->number[SETTING_QUERY_TIMEOUT]);
    bool known = identify(call, &stranger);
    if (!take_quota(call, &reply))
        return reply;
    return known ? answer_request(call) : stranger;
}

struct reply dispatch_within(struct call *call, const struct request *request,
                             struct reply (*wrap)(const struct call *call, struct reply reply))
{
    struct call *inner = call_of(call->session, call->exchange, request);
    inner->principal = call->principal;
    inner->outer = call;
    inner->wrap = wrap;
    call->inner = inner;
    struct reply reply = answer_request(inner);
    return reply.status == 0 ? reply : wrap(call, reply);
}

void call_finish(struct call *call, struct reply reply)
{
    struct exchange *exchange = call->exchange;
    if (call->outer) {
        reply = call->wrap(call->outer, reply);
        call = call->outer;
    }
    reply.route = call->operation->path;
    exchange->reply = reply;
    exchange_finish(exchange);
}
