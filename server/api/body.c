#include <string.h>

#include "call.h"
#include "readout/utf8.h"

/* A body of objects without anything in them takes a hundred times its room in memory. */
enum { LINES_MAX = 100000, CONTAINERS_MAX = 200000, VALUES_MAX = 2000000 };

/* ---- which body ------------------------------------------------------------------------------------------- */

static struct reply wrong_type(const struct call *call)
{
    struct buffer types = buffer_in(call->arena, 128);
    for (size_t i = 0; i < call->operation->body_count; i++)
        buffer_print(&types, "%s%s", i ? ", " : "", call->operation->bodies[i].type);
    struct reply reply =
        reply_problem(call->request, "unsupported-media-type", NULL, "send the body as %.*s", SLICE_ARGS(buffer_slice(&types)));
    reply_header(&reply, call->request->method == METHOD_PATCH ? "Accept-Patch" : "Accept-Post", buffer_slice(&types));
    return reply;
}

/* ---- JSON ------------------------------------------------------------------------------------------------- */

static struct reply broken(const struct call *call, const char *pointer, const json_error_t *where)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    fault_add(faults, FAULT_POINTER, pointer, "malformed", "line %d, column %d: %s", where->line, where->column, where->text);
    return reply_problem(call->request, "invalid-json", faults, "the body is not JSON as RFC 8259 has it");
}

static json_t *parse(struct slice text, json_error_t *where)
{
    return json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, where);
}

/* NDJSON becomes an array; blank lines are passed over. */
static bool parse_lines(struct call *call, struct reply *problem)
{
    struct slice rest = call->request->body;
    json_error_t where;
    call->body = json_array();
    for (int line = 1; rest.data; line++) {
        struct slice text = slice_cut(&rest, '\n');
        if (text.length && text.data[text.length - 1] == '\r')
            text.length--;
        if (slice_trim(text).length == 0)
            continue;
        json_t *item = parse(text, &where);
        if (!item) {
            where.line = line;
            *problem = broken(call, arena_print(call->arena, "#/%zu", json_array_size(call->body)), &where);
            return false;
        }
        json_array_append_new(call->body, item);
        if (json_array_size(call->body) > LINES_MAX) {
            *problem = reply_problem(call->request, "body-too-large", NULL, "one request takes at most %d lines", LINES_MAX);
            return false;
        }
    }
    return true;
}

/* How many objects and lists JSON seems to hold, and how many values; strings are passed over. */
static void count_values(struct slice text, size_t *containers, size_t *values)
{
    bool inside = false;
    *containers = 0;
    *values = 1;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (inside && byte == '\\')
            i++;
        else if (byte == '"')
            inside = !inside;
        else if (!inside) {
            *containers += byte == '{' || byte == '[';
            *values += byte == ',' || byte == '{' || byte == '[' || byte == ':';
        }
    }
}

static bool is_small(const struct call *call, struct reply *problem)
{
    size_t containers, values;
    count_values(call->request->body, &containers, &values);
    if (containers <= CONTAINERS_MAX && values <= VALUES_MAX)
        return true;
    *problem = reply_problem(call->request, "body-too-large", NULL,
                             "one request takes at most %d objects and lists, and %d values; send it in parts", CONTAINERS_MAX,
                             VALUES_MAX);
    return false;
}

static bool parse_body(struct call *call, struct reply *problem)
{
    json_error_t where = {.line = 1, .column = 0, .text = "there is nothing"};
    size_t good = utf8_good(call->request->body);
    if (good < call->request->body.length) {
        *problem = reply_problem(call->request, "invalid-json", NULL, "the body is not UTF-8 from byte %zu on", good);
        return false;
    }
    if (!is_small(call, problem))
        return false;
    if (strcmp(call->media->type, "application/x-ndjson") == 0)
        return parse_lines(call, problem);
    if (call->request->body.length)
        call->body = parse(call->request->body, &where);
    if (!call->body)
        *problem = broken(call, "#", &where);
    return call->body;
}

/* ---- text ------------------------------------------------------------------------------------------------- */

static bool is_text(const struct media *media)
{
    return strncmp(media->type, "text/", 5) == 0;
}

struct slice without_signature(struct slice text)
{
    static const char signature[] = "\xef\xbb\xbf";
    return slice_starts(text, signature) ? (struct slice){text.data + 3, text.length - 3} : text;
}

struct slice body_text(const struct call *call)
{
    return without_signature(call->request->body);
}

static struct reply unreadable(const struct call *call, const char *code, const char *detail, size_t at)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    fault_add(faults, FAULT_POINTER, "#", code, "%s, at byte %zu", detail, at);
    return reply_problem(call->request, "invalid-body", faults, "the body is no text");
}

/* Text is UTF-8, whatever else the Content-Type may say, and has no NUL in it. */
static bool check_text(const struct call *call, struct reply *problem)
{
    struct slice text = call->request->body;
    size_t good = utf8_good(text);
    const char *nul = memchr(text.data, '\0', text.length);
    if (good < text.length)
        *problem = unreadable(call, "encoding", "this is not UTF-8", good);
    else if (nul)
        *problem = unreadable(call, "encoding", "this is a NUL, which no text has", (size_t)(nul - text.data));
    else if (body_text(call).length == 0)
        *problem = unreadable(call, "range", "there is nothing", 0);
    else
        return true;
    return false;
}

/* ---- against the schema ----------------------------------------------------------------------------------- */

static void check_lines(const struct call *call, struct faults *faults)
{
    size_t index;
    json_t *item;
    json_array_foreach (call->body, index, item)
        contract_check(call->media->schema, item, BODY_CREATE, arena_print(call->arena, "#/%zu", index), faults);
    if (json_array_size(call->body) == 0)
        fault_add(faults, FAULT_POINTER, "#", "range", "the body has no line");
}

static bool check_body(struct call *call, struct reply *problem)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    /* Bulk items that may fail alone are checked one by one, when it is their turn. */
    if (slice_is(call_text(call, "on_error"), "continue") && json_is_array(call->body))
        return true;
    if (strcmp(call->media->type, "application/x-ndjson") == 0)
        check_lines(call, faults);
    else
        contract_check(call->media->schema, call->body, call->request->method == METHOD_PATCH ? BODY_PATCH : BODY_CREATE, "#",
                       faults);
    if (faults->count == 0)
        return true;
    *problem = reply_problem(call->request, "invalid-body", faults, "the body is not as %s takes it", call->operation->id);
    return false;
}

bool body_read(struct call *call, struct reply *problem)
{
    if (!call->operation->bodies)
        return true;
    struct slice type = request_header(call->request, "Content-Type");
    if (!call->request->body.length && !call->operation->body_required)
        return true;
    call->media = contract_body(call->operation, type);
    if (!call->media) {
        *problem = wrong_type(call);
        return false;
    }
    if (is_text(call->media))
        return check_text(call, problem);
    return parse_body(call, problem) && check_body(call, problem);
}

void fill_items(const struct app *app, enum noun noun, json_t *body)
{
    /* The copy is shallow: what is filled in inside its arrays is filled in inside the body's. */
    json_t *copy = json_copy(body);
    contract_fill(contract_schema(app->contract, record_of(noun)->title), copy);
    json_decref(copy);
}
