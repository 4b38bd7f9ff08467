/* The parameters of an operation: those of its path and its own, made one list. Those in the path come first, in the
 * template's order. */
#include <string.h>

#include "contract_private.h"

/* A parameter's node with its references followed. */
struct declared {
    const json_t *node;
    int line;
};

static bool is_same(const json_t *a, const json_t *b)
{
    return strcmp(text_of(a, "name"), text_of(b, "name")) == 0 && strcmp(text_of(a, "in"), text_of(b, "in")) == 0;
}

/* Adds those of `list`, in place of those in the first `inherited` that have the same name. */
static bool gather(struct load *load, const json_t *list, struct declared *all, size_t inherited, size_t *count)
{
    size_t index;
    json_t *item;
    json_array_foreach (list, index, item) {
        struct declared one = {.line = line_of_item(&load->document, list, index)};
        one.node = follow(load, item, "parameters", &one.line);
        if (!one.node || !keywords_hold(load, KIND_PARAMETER, one.node, one.line))
            return false;
        size_t same = 0;
        while (same < *count && !is_same(all[same].node, one.node))
            same++;
        if (same < *count && same >= inherited)
            return refuse(load, one.line, "the parameter \"%s\" is declared twice", text_of(one.node, "name"));
        all[same] = one;
        *count += same == *count;
    }
    return true;
}

static bool is_in(const struct declared *declared, const char *place)
{
    return strcmp(text_of(declared->node, "in"), place) == 0;
}

/* ---- one parameter -------------------------------------------------------------------------------------------------------- */

static bool style_holds(struct load *load, const struct declared *declared, const struct parameter *parameter)
{
    const char *style = text_of(declared->node, "style"), *wanted = is_in(declared, "query") ? "form" : "simple";
    if (style && strcmp(style, wanted) != 0)
        return refuse(load, line_of_key(&load->document, declared->node, "style"), "the only style of this parameter is \"%s\"",
                      wanted);
    if (parameter->type == VALUE_LIST && json_is_true(json_object_get(declared->node, "explode")))
        return refuse(load, line_of_key(&load->document, declared->node, "explode"),
                      "a list is given with commas or by repetition: leave explode out or make it false");
    return true;
}

static bool read_type(struct load *load, struct parameter *parameter, int line)
{
    const struct schema *schema = schema_behind(parameter->schema);
    switch (schema->accepts) {
    case TYPE_STRING:
        parameter->type = VALUE_TEXT;
        return true;
    case TYPE_INTEGER:
        parameter->type = VALUE_INT;
        return true;
    case TYPE_BOOLEAN:
        parameter->type = VALUE_BOOL;
        return true;
    case TYPE_ARRAY:
        parameter->type = VALUE_LIST;
        if (schema->items && (schema->items->accepts == TYPE_STRING || schema->items->accepts == TYPE_INTEGER))
            return true;
        break;
    default:
        break;
    }
    return refuse(load, line, "a parameter is a string, an integer, a boolean, or an array of strings or of integers");
}

static bool parameter_load(struct load *load, const struct declared *declared, struct parameter *parameter)
{
    const json_t *node = declared->node;
    int line = line_of_key(&load->document, node, "schema");
    parameter->name = text_of(node, "name");
    parameter->in_path = is_in(declared, "path");
    parameter->required = json_is_true(json_object_get(node, "required"));
    parameter->schema = schema_compile(load, json_object_get(node, "schema"), line);
    if (parameter->in_path && !parameter->required)
        return refuse(load, declared->line, "the path parameter \"%s\" must be \"required: true\"", parameter->name);
    return parameter->schema && read_type(load, parameter, line) && style_holds(load, declared, parameter) &&
           examples_hold(load, node, parameter->schema, NULL, BODY_CREATE);
}

/* ---- defaults ------------------------------------------------------------------------------------------------------------- */

static struct slice text_of_value(struct arena *arena, const json_t *value)
{
    if (json_is_string(value))
        return (struct slice){json_string_value(value), json_string_length(value)};
    if (json_is_boolean(value))
        return json_is_true(value) ? SLICE("true") : SLICE("false");
    return slice_of(arena_print(arena, "%lld", (long long)json_integer_value(value)));
}

static struct value_of default_of(struct arena *arena, const struct parameter *parameter)
{
    const struct schema *schema = parameter->schema;
    while (!schema->initial && schema->target)
        schema = schema->target;
    const json_t *value = schema->initial;
    if (!value)
        return (struct value_of){.parameter = NULL};
    struct value_of initial = {.parameter = parameter};
    if (parameter->type == VALUE_LIST) {
        struct slice *list = arena_zero(arena, (json_array_size(value) + 1) * sizeof *list);
        for (; initial.count < json_array_size(value); initial.count++)
            list[initial.count] = text_of_value(arena, json_array_get(value, initial.count));
        initial.list = list;
        return initial;
    }
    initial.text = text_of_value(arena, value);
    initial.number = json_is_boolean(value) ? json_is_true(value) : json_integer_value(value);
    return initial;
}

static void load_defaults(struct arena *arena, struct operation_entry *entry)
{
    size_t count = entry->open.parameter_count;
    struct value_of *defaults = arena_zero(arena, (count + 1) * sizeof *defaults);
    for (size_t i = 0; i < count; i++)
        defaults[i] = default_of(arena, &entry->open.parameters[i]);
    entry->defaults = defaults;
}

/* ---- all of them ---------------------------------------------------------------------------------------------------------- */

struct list {
    struct parameter *items;
    size_t count;
};

static bool take_path_parameters(struct load *load, const struct operation_entry *entry, const struct declared *all, size_t count,
                                 struct list *list)
{
    struct slice rest = slice_of(entry->open.path), name;
    while ((name = template_parameter(&rest)).data) {
        size_t i = 0;
        while (i < count && !(is_in(&all[i], "path") && slice_is(name, text_of(all[i].node, "name"))))
            i++;
        if (i == count)
            return refuse(load, entry->open.line, "the path parameter \"%.*s\" is not declared", SLICE_ARGS(name));
        if (!parameter_load(load, &all[i], &list->items[list->count++]))
            return false;
    }
    return true;
}

static bool is_in_template(const struct operation_entry *entry, const char *wanted)
{
    struct slice rest = slice_of(entry->open.path), name;
    while ((name = template_parameter(&rest)).data) {
        if (slice_is(name, wanted))
            return true;
    }
    return false;
}

/* An object in the query is spread over parameters that have the names of its properties (OpenAPI's form style, exploded). One
 * that names no property, but allows additional ones, takes whatever comes. */
static bool is_any_query(struct load *load, const struct declared *declared)
{
    const json_t *schema = json_object_get(declared->node, "schema");
    const char *type = text_of(schema, "type");
    return is_in(declared, "query") && type && strcmp(type, "object") == 0 && !json_object_get(schema, "properties") &&
           json_object_get(schema, "additionalProperties") && schema_compile(load, schema, declared->line);
}

static bool take_other_parameter(struct load *load, struct operation_entry *entry, const struct declared *declared,
                                 struct list *list)
{
    const char *name = text_of(declared->node, "name");
    if (is_any_query(load, declared)) {
        entry->open.any_query = true;
        return true;
    }
    if (is_in(declared, "path"))
        return is_in_template(entry, name) || refuse(load, declared->line, "there is no {%s} in \"%s\"", name, entry->open.path);
    if (is_in(declared, "header")) {
        struct parameter header = {0};
        return parameter_load(load, declared, &header);
    }
    if (!is_in(declared, "query"))
        return refuse(load, line_of_key(&load->document, declared->node, "in"), "a parameter is in path, query or header");
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].name, name) == 0)
            return refuse(load, declared->line, "the parameter \"%s\" is in the path and in the query", name);
    }
    return parameter_load(load, declared, &list->items[list->count++]);
}

bool parameters_load(struct load *load, struct operation_entry *entry, const json_t *of_path, const json_t *of_operation)
{
    struct arena *arena = &load->contract->arena;
    size_t most = json_array_size(of_path) + json_array_size(of_operation), count = 0;
    struct declared *all = arena_zero(arena, (most + 1) * sizeof *all);
    if (!gather(load, of_path, all, 0, &count) || !gather(load, of_operation, all, count, &count))
        return false;
    struct list list = {.items = arena_zero(arena, (count + 1) * sizeof *list.items)};
    if (!take_path_parameters(load, entry, all, count, &list))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!take_other_parameter(load, entry, &all[i], &list))
            return false;
    }
    entry->open.parameters = list.items;
    entry->open.parameter_count = list.count;
    load_defaults(arena, entry);
    return true;
}
