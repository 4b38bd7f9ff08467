/* From a tool's arguments to the request that they stand for: those in the path, those of the query, and the rest as its body.
 * Whether they are right is for the contract to say, as of any request. */
#include <stdlib.h>
#include <string.h>

#include "call.h"

/* As a URL has it; NO_SLICE for what is no single value. Numbers that are whole are written so. */
static struct slice text_of(struct arena *arena, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return (struct slice){json_string_value(value), json_string_length(value)};
    case JSON_INTEGER:
        return slice_of(arena_print(arena, "%lld", (long long)json_integer_value(value)));
    case JSON_REAL:
        return slice_of(arena_print(arena, "%.17g", json_real_value(value)));
    case JSON_TRUE:
        return SLICE("true");
    case JSON_FALSE:
        return SLICE("false");
    default:
        return NO_SLICE;
    }
}

/* Nothing, and no value among several, is the same as not to say. */
static bool is_given(const json_t *value)
{
    return value && !json_is_null(value) && !(json_is_array(value) && json_array_size(value) == 0);
}

static struct slice joined(struct arena *arena, const json_t *value)
{
    struct buffer out = buffer_in(arena, 64);
    size_t index;
    json_t *item;
    if (!json_is_array(value))
        return text_of(arena, value);
    json_array_foreach (value, index, item) {
        struct slice text = text_of(arena, item);
        if (!text.data)
            return NO_SLICE;
        if (index)
            buffer_add_byte(&out, ',');
        buffer_add_slice(&out, text);
    }
    return buffer_slice(&out);
}

/* A dot would seem to begin the suffix of a format. */
static void add_segment(struct buffer *out, struct slice text)
{
    while (text.data) {
        struct slice piece = slice_cut(&text, '.');
        buffer_add_uri(out, piece);
        buffer_add_text(out, text.data ? "%2E" : "");
    }
}

static void add_path(const struct operation *tool, const json_t *arguments, struct buffer *out, struct faults *faults)
{
    struct slice rest = slice_of(tool->path);
    slice_cut(&rest, '/');
    while (rest.data) {
        struct slice segment = slice_cut(&rest, '/');
        buffer_add_byte(out, '/');
        if (!slice_starts(segment, "{")) {
            buffer_add_slice(out, segment);
            continue;
        }
        const char *name = arena_print(faults->arena, "%.*s", (int)segment.length - 2, segment.data + 1);
        const json_t *value = json_object_get(arguments, name);
        struct slice text = is_given(value) ? text_of(faults->arena, value) : SLICE("");
        if (!text.data)
            fault_add(faults, FAULT_PARAMETER, name, "type", "must be one value");
        else if (!text.length)
            fault_add(faults, FAULT_PARAMETER, name, "required", "is required");
        add_segment(out, text);
    }
}

static bool is_in_path(const struct operation *tool, const char *name)
{
    for (size_t i = 0; i < tool->parameter_count && tool->parameters[i].in_path; i++) {
        if (strcmp(tool->parameters[i].name, name) == 0)
            return true;
    }
    return false;
}

static void add_query(const struct operation *tool, const json_t *arguments, struct buffer *out, struct faults *faults)
{
    char separator = '?';
    const char *name;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)arguments, name, value) {
        if (is_in_path(tool, name) || !is_given(value))
            continue;
        struct slice text = joined(faults->arena, value);
        if (!text.data)
            fault_add(faults, FAULT_PARAMETER, arena_print(faults->arena, "%s", name), "type",
                      "must be one value, or a list of values");
        buffer_add_byte(out, separator);
        buffer_add_uri(out, slice_of(name));
        buffer_add_byte(out, '=');
        buffer_add_uri(out, text);
        separator = '&';
    }
}

static struct slice body_of(const struct operation *tool, const json_t *arguments, struct arena *arena)
{
    json_t *body = arguments ? json_copy((json_t *)(uintptr_t)arguments) : json_object();
    for (size_t i = 0; i < tool->parameter_count && tool->parameters[i].in_path; i++)
        json_object_del(body, tool->parameters[i].name);
    char *text = json_dumps(body, JSON_COMPACT);
    if (!text)
        die("out of memory");
    struct slice copy = arena_slice(arena, slice_of(text));
    free(text);
    json_decref(body);
    return copy;
}

bool tool_request(const struct call *call, const struct operation *tool, const json_t *arguments, struct request *request,
                  struct reply *problem)
{
    static const struct header json[] = {{{"Content-Type", 12}, {"application/json", 16}}};
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    struct buffer target = buffer_in(call->arena, 256);
    bool posts = strcmp(tool->method, "POST") == 0;
    long long most = call->app->settings->number[SETTING_MAX_TARGET];
    *faults = (struct faults){.arena = call->arena};
    add_path(tool, arguments, &target, faults);
    if (!posts)
        add_query(tool, arguments, &target, faults);
    *request = *call->request;
    request->method = method_of(slice_of(tool->method));
    request->target = request->query = buffer_slice(&target);
    request->path = slice_cut(&request->query, '?');
    request->headers = json;
    request->header_count = posts;
    request->body = posts ? body_of(tool, arguments, call->arena) : NO_SLICE;
    if (faults->count)
        *problem = reply_problem(request, "invalid-parameter", faults, "the arguments are not as %s takes them", tool->id);
    else if (target.length > (size_t)most)
        *problem = reply_problem(request, "target-too-long", NULL, "the arguments come to more than %lld bytes", most);
    else
        return true;
    return false;
}
