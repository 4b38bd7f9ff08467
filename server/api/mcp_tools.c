/* What a model may ask for, made from the contract: every operation of the record that reads and answers in JSON is a tool.
 *
 * A tool's arguments are the operation's parameters in the path and the query, and the properties of its body; a call of it is
 * the request that they stand for. So the contract is the only list of what there is, and checks what comes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "readout/nearest.h"

/* A key in the URL, which is for feed readers; who calls a tool has shown theirs already. */
static const char *const left_out[] = {"token", NULL};

enum { TOOLS_MOST = 256, SCHEMA_NESTING_MAX = 24 };
static const json_int_t LARGEST_ID = 9007199254740991;

struct tools {
    struct slice json;
    char *text;
};

bool is_tool(const struct app *app, const struct operation *operation)
{
    bool reads = strcmp(operation->method, "GET") == 0 || app->answers[operation->index]->keeps_nothing;
    const char *first = operation->reply_types[0];
    return reads && operation->scope == SCOPE_READ && strncmp(operation->path, "/v1/", 4) == 0 && first &&
           strcmp(first, "application/json") == 0;
}

const char *nearest_tool(const struct app *app, struct slice name)
{
    const char *names[TOOLS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < contract_count(app->contract) && count < TOOLS_MOST; i++) {
        if (is_tool(app, contract_operation(app->contract, i)))
            names[count++] = contract_operation(app->contract, i)->id;
    }
    return nearest_name(name, names, count);
}

/* ---- schemas, with all that they refer to ----------------------------------------------------------------- */

/* What "#/components/schemas/Id" leads to; the contract was refused if it led nowhere. */
static json_t *behind(json_t *root, json_t *node)
{
    const json_t *reference;
    while ((reference = json_object_get(node, "$ref")) != NULL) {
        struct slice rest = slice_of(json_string_value(reference));
        slice_cut(&rest, '/');
        for (node = root; rest.data;) {
            struct slice step = slice_cut(&rest, '/');
            node = json_object_getn(node, step.data, step.length);
        }
    }
    return node;
}

/* Whether a format is one of JSON Schema's. */
static bool is_common(struct slice format)
{
    return slice_is(format, "date") || slice_is(format, "date-time") || slice_is(format, "uri");
}

/* What tells a model nothing: remarks, what holds for every id and every list, and the contract's own formats, which programs
 * that check schemas may not know. */
static bool is_remark(const char *keyword, const json_t *value)
{
    static const char *const remarks[] = {"$ref",       "title",    "example",   "examples",
                                          "deprecated", "readOnly", "writeOnly", "minItems"};
    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0]; i++) {
        if (strcmp(keyword, remarks[i]) == 0)
            return true;
    }
    return strncmp(keyword, "x-", 2) == 0 || (strcmp(keyword, "format") == 0 && !is_common(slice_of(json_string_value(value)))) ||
           (strcmp(keyword, "maximum") == 0 && json_integer_value(value) == LARGEST_ID);
}

static json_t *whole_schema(json_t *root, json_t *node, int depth);

static json_t *whole_properties(json_t *root, json_t *properties, int depth)
{
    json_t *out = json_object(), *property;
    const char *name;
    json_object_foreach (properties, name, property) {
        if (!json_is_true(json_object_get(property, "readOnly")) &&
            !json_is_true(json_object_get(behind(root, property), "readOnly")))
            json_object_set_new(out, name, whole_schema(root, property, depth));
    }
    return out;
}

static json_t *whole_value(json_t *root, const char *keyword, json_t *value, int depth)
{
    size_t index;
    json_t *item;
    if (strcmp(keyword, "properties") == 0)
        return whole_properties(root, value, depth);
    if (strcmp(keyword, "anyOf") == 0 || strcmp(keyword, "allOf") == 0) {
        json_t *list = json_array();
        json_array_foreach (value, index, item)
            json_array_append_new(list, whole_schema(root, item, depth));
        return list;
    }
    bool is_schema = json_is_object(value) && (strcmp(keyword, "items") == 0 || strcmp(keyword, "additionalProperties") == 0);
    return is_schema ? whole_schema(root, value, depth) : json_incref(value);
}

/* A copy in which nothing is referred to. What stands beside a reference wins. */
static json_t *whole_schema(json_t *root, json_t *node, int depth)
{
    json_t *out = json_object(), *found = behind(root, node), *value;
    const char *keyword;
    if (depth == SCHEMA_NESTING_MAX)
        die("the contract's schemas go deeper than a tool can tell");
    json_object_foreach (found, keyword, value) {
        if (!is_remark(keyword, value))
            json_object_set_new(out, keyword, whole_value(root, keyword, value, depth + 1));
    }
    if (node != found && json_object_get(node, "description"))
        json_object_set(out, "description", json_object_get(node, "description"));
    return out;
}

/* ---- one tool --------------------------------------------------------------------------------------------- */

static json_t *parameter_in(json_t *root, json_t *list, const char *name)
{
    size_t index;
    json_t *item;
    json_array_foreach (list, index, item) {
        json_t *parameter = behind(root, item);
        if (strcmp(json_string_value(json_object_get(parameter, "name")), name) == 0)
            return parameter;
    }
    return NULL;
}

static bool is_left_out(const struct parameter *parameter)
{
    if (slice_ends(slice_of(parameter->name), "__in"))
        return true; /* the filter itself takes several values */
    for (const char *const *name = left_out; *name; name++) {
        if (strcmp(parameter->name, *name) == 0)
            return true;
    }
    return false;
}

/* Where a parameter of the operation is declared: among its own, or those of its path. */
static json_t *declared(json_t *root, const struct operation *operation, json_t *node, const char *name)
{
    json_t *path = json_object_get(json_object_get(root, "paths"), operation->path);
    json_t *own = parameter_in(root, json_object_get(node, "parameters"), name);
    return own ? own : parameter_in(root, json_object_get(path, "parameters"), name);
}

/* Whether its description only says again what that of its filter does: "said_on__gte" beside "said_on". Those would take a third
 * of the room. */
static bool repeats_its_filter(json_t *root, json_t *node, json_t *parameter)
{
    const char *whole = json_string_value(json_object_get(parameter, "name")), *mark = strstr(whole, "__");
    const char *text = json_string_value(json_object_get(parameter, "description"));
    char name[64];
    if (!mark || !text || (size_t)(mark - whole) >= sizeof name)
        return false;
    snprintf(name, sizeof name, "%.*s", (int)(mark - whole), whole);
    json_t *plain = parameter_in(root, json_object_get(node, "parameters"), name);
    const char *told = json_string_value(json_object_get(plain, "description"));
    return told && slice_ends(slice_of(text), told);
}

static json_t *schema_of_parameter(json_t *root, json_t *node, json_t *parameter)
{
    json_t *schema = whole_schema(root, json_object_get(parameter, "schema"), 0);
    json_object_del(json_object_get(schema, "items"), "description");
    if (repeats_its_filter(root, node, parameter))
        json_object_del(schema, "description");
    else if (json_object_get(parameter, "description"))
        json_object_set(schema, "description", json_object_get(parameter, "description"));
    return schema;
}

static void add_parameters(json_t *root, const struct operation *operation, json_t *node, json_t *properties, json_t *required)
{
    bool posts = operation->body_count > 0; /* what else belongs to it stands in its body */
    for (size_t i = 0; i < operation->parameter_count; i++) {
        const struct parameter *parameter = &operation->parameters[i];
        if (is_left_out(parameter) || (posts && !parameter->in_path))
            continue;
        json_t *found = declared(root, operation, node, parameter->name);
        json_object_set_new(properties, parameter->name, schema_of_parameter(root, node, found));
        if (parameter->required)
            json_array_append_new(required, json_string(parameter->name));
    }
}

static void add_body(json_t *root, json_t *node, json_t *properties, json_t *required)
{
    json_t *content = json_object_get(behind(root, json_object_get(node, "requestBody")), "content");
    json_t *schema = json_object_get(json_object_get(content, "application/json"), "schema");
    json_t *whole = schema ? whole_schema(root, schema, 0) : json_object();
    json_object_update(properties, json_object_get(whole, "properties"));
    json_array_extend(required, json_object_get(whole, "required"));
    json_decref(whole);
}

static json_t *tool_of(json_t *root, const struct operation *operation)
{
    json_t *path = json_object_get(json_object_get(root, "paths"), operation->path);
    json_t *node = json_object_get(path, strcmp(operation->method, "GET") == 0 ? "get" : "post");
    json_t *properties = json_object(), *required = json_array();
    add_parameters(root, operation, node, properties, required);
    add_body(root, node, properties, required);
    const char *more = json_string_value(json_object_get(node, "description"));
    json_t *schema = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
    if (json_array_size(required))
        json_object_set(schema, "required", required);
    json_decref(required);
    json_object_set_new(schema, "additionalProperties", json_false());
    return json_pack("{s:s, s:s, s:o, s:o, s:{s:b, s:b}}", "name", operation->id, "title", operation->summary, "description",
                     json_sprintf("%s.%s%s", operation->summary, more ? " " : "", more ? more : ""), "inputSchema", schema,
                     "annotations", "readOnlyHint", 1, "openWorldHint", 0);
}

/* ---- all of them ------------------------------------------------------------------------------------------ */

static struct tools *make_tools(const struct app *app)
{
    struct slice contract = contract_json(app->contract);
    json_t *root = json_loadb(contract.data, contract.length, 0, NULL), *list = json_array();
    struct tools *tools = malloc(sizeof *tools);
    for (size_t i = 0; i < contract_count(app->contract); i++) {
        const struct operation *operation = contract_operation(app->contract, i);
        if (is_tool(app, operation))
            json_array_append_new(list, tool_of(root, operation));
    }
    char *text = json_dumps(list, JSON_COMPACT);
    if (!tools || !text)
        die("out of memory");
    *tools = (struct tools){.json = slice_of(text), .text = text};
    json_decref(list);
    json_decref(root);
    return tools;
}

void tools_close(struct tools *tools)
{
    if (tools)
        free(tools->text);
    free(tools);
}

/* Two loops may make it at once; the second then gives up its own. */
struct slice tools_of(struct app *app)
{
    struct tools *there = atomic_load(&app->tools);
    if (there)
        return there->json;
    struct tools *made = make_tools(app);
    if (atomic_compare_exchange_strong(&app->tools, &there, made))
        return made->json;
    tools_close(made);
    return there->json;
}
