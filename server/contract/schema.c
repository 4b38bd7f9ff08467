/* A schema as written to a schema as checked.
 *
 * Each node of the document is compiled once, so schemas may refer to each other in circles: a property, an item or an anyOf
 * branch is a pointer to an entry that is compiled later, from a list. Only allOf needs its branches at once, because it takes
 * them in. */
#include <stdlib.h>
#include <string.h>

#include "contract_private.h"

static const struct {
    const char *name;
    unsigned types;
} TYPES[] = {
    {"null", TYPE_NULL},     {"boolean", TYPE_BOOLEAN}, {"integer", TYPE_INTEGER}, {"number", TYPE_NUMBER},
    {"string", TYPE_STRING}, {"array", TYPE_ARRAY},     {"object", TYPE_OBJECT},
};

const struct schema *schema_behind(const struct schema *schema)
{
    while (schema->target)
        schema = schema->target;
    return schema;
}

/* ---- entries -------------------------------------------------------------------------------------------------------------- */

static bool is_bare_reference(const json_t *node)
{
    return json_object_size(node) == 1 && json_object_get(node, "$ref");
}

struct schema *schema_entry(struct load *load, const json_t *node, int line)
{
    for (int steps = 0; is_bare_reference(node); steps++) {
        node = steps < REFERENCES_MAX ? target_of(load, node, "schemas", &line) : NULL;
        if (steps == REFERENCES_MAX)
            refuse(load, line, "this $ref goes round in a circle");
        if (!node)
            return NULL;
    }
    if (!json_is_object(node)) {
        refuse(load, line, "a schema must be a mapping");
        return NULL;
    }
    struct contract *contract = load->contract;
    struct schema *schema = (struct schema *)notes_get(&load->schemas, node, 0);
    if (schema)
        return schema;
    schema = arena_zero(&contract->arena, sizeof *schema);
    schema->node = node;
    schema->line = line;
    if (contract->last_schema)
        contract->last_schema->next = schema;
    else
        contract->schemas = schema;
    contract->last_schema = schema;
    if (!contract->pending)
        contract->pending = schema;
    notes_set(&load->schemas, node, 0, (uintptr_t)schema);
    return schema;
}

static int key_line(struct load *load, const struct schema *schema, const char *key)
{
    return line_of_key(&load->document, schema->node, key);
}

static struct schema *member_entry(struct load *load, const struct schema *schema, const char *key)
{
    return schema_entry(load, json_object_get(schema->node, key), key_line(load, schema, key));
}

/* ---- keywords ------------------------------------------------------------------------------------------------------------- */

static bool add_type(struct load *load, struct schema *schema, const json_t *name, int line)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        if (json_is_string(name) && strcmp(json_string_value(name), TYPES[i].name) == 0) {
            schema->types |= TYPES[i].types;
            return true;
        }
    }
    return refuse(load, line,
                  "a type is one of null, boolean, integer, number, string, array, object (with \"null\" in quotation marks)");
}

static bool compile_types(struct load *load, struct schema *schema)
{
    const json_t *type = json_object_get(schema->node, "type");
    if (json_is_string(type) && !add_type(load, schema, type, key_line(load, schema, "type")))
        return false;
    size_t index;
    json_t *name;
    json_array_foreach (type, index, name) {
        if (!add_type(load, schema, name, line_of_item(&load->document, type, index)))
            return false;
    }
    if (!schema->types)
        schema->types = TYPE_ANY;
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)schema->node, key, value) {
        if (!keyword_applies(key, schema->types))
            return refuse(load, key_line(load, schema, key), "\"%s\" says nothing about the type of this schema", key);
    }
    return true;
}

static bool compile_choices(struct load *load, struct schema *schema)
{
    schema->choices = json_object_get(schema->node, "enum");
    schema->constant = json_object_get(schema->node, "const");
    schema->initial = json_object_get(schema->node, "default");
    if (schema->constant && !(type_of(schema->constant) & schema->types))
        return refuse(load, key_line(load, schema, "const"), "this constant is not of the schema's type");
    if (!schema->choices)
        return true;
    if (json_array_size(schema->choices) == 0)
        return refuse(load, key_line(load, schema, "enum"), "an enum lists at least one value");
    unsigned types = 0;
    size_t index;
    json_t *choice;
    json_array_foreach (schema->choices, index, choice) {
        int line = line_of_item(&load->document, schema->choices, index);
        if (!(type_of(choice) & schema->types))
            return refuse(load, line, "this value of the enum is not of the schema's type");
        for (size_t earlier = 0; earlier < index; earlier++) {
            if (json_equal(choice, json_array_get(schema->choices, earlier)))
                return refuse(load, line, "this value of the enum is there twice");
        }
        types |= type_of(choice);
    }
    if (schema->types != TYPE_ANY && (schema->types & TYPE_NULL) && !(types & TYPE_NULL))
        return refuse(load, key_line(load, schema, "enum"), "the type allows null but the enum does not list it");
    return true;
}

static struct bound read_bound(const json_t *node, const char *key)
{
    const json_t *value = json_object_get(node, key);
    return (struct bound){
        .given = value, .whole = json_is_integer(value), .integer = json_integer_value(value), .real = json_number_value(value)};
}

static bool read_size(struct load *load, const struct schema *schema, const char *key, size_t otherwise, size_t *size)
{
    const json_t *value = json_object_get(schema->node, key);
    *size = value ? (size_t)json_integer_value(value) : otherwise;
    return !value || json_integer_value(value) >= 0 ||
           refuse(load, key_line(load, schema, key), "\"%s\" cannot be negative", key);
}

static bool compile_bounds(struct load *load, struct schema *schema)
{
    schema->minimum = read_bound(schema->node, "minimum");
    schema->maximum = read_bound(schema->node, "maximum");
    if (!read_size(load, schema, "minLength", 0, &schema->min_length) ||
        !read_size(load, schema, "maxLength", SIZE_MAX, &schema->max_length) ||
        !read_size(load, schema, "minItems", 0, &schema->min_items) ||
        !read_size(load, schema, "maxItems", SIZE_MAX, &schema->max_items))
        return false;
    bool crossed = schema->minimum.given && schema->maximum.given && schema->minimum.real > schema->maximum.real;
    if (crossed || schema->min_length > schema->max_length || schema->min_items > schema->max_items)
        return refuse(load, schema->line, "the least is more than the most that this schema allows");
    schema->unique_items = json_is_true(json_object_get(schema->node, "uniqueItems"));
    if (schema->unique_items && schema->max_items > UNIQUE_ITEMS_MAX)
        return refuse(load, key_line(load, schema, "uniqueItems"), "uniqueItems needs maxItems of at most %d", UNIQUE_ITEMS_MAX);
    return true;
}

/* What ECMAScript's patterns have and POSIX's do not; regcomp() would take it for something else. */
static bool is_posix(const char *pattern)
{
    for (const char *at = pattern; *at; at++) {
        if (at[0] == '(' && at[1] == '?')
            return false;
        if (at[0] == '\\' && at[1]) {
            at++;
            if ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9'))
                return false;
        }
    }
    return true;
}

static bool compile_pattern(struct load *load, struct schema *schema)
{
    schema->pattern_text = text_of(schema->node, "pattern");
    if (!schema->pattern_text)
        return true;
    int line = key_line(load, schema, "pattern");
    if (!is_posix(schema->pattern_text))
        return refuse(load, line, "patterns are POSIX extended regular expressions: write [0-9] for \\d and (…) for (?:…)");
    regex_t *pattern = arena_zero(&load->contract->arena, sizeof *pattern);
    int code = regcomp(pattern, schema->pattern_text, REG_EXTENDED | REG_NOSUB);
    if (code == 0) {
        schema->pattern = pattern;
        return true;
    }
    char why[128];
    regerror(code, pattern, why, sizeof why);
    return refuse(load, line, "this pattern does not compile: %s", why);
}

static bool compile_format(struct load *load, struct schema *schema)
{
    const char *name = text_of(schema->node, "format");
    if (!name)
        return true;
    int line = key_line(load, schema, "format");
    schema->format = format_find(name);
    if (!schema->format)
        return refuse(load, line, "the format \"%s\" is not enforced; there are %s", name, format_names());
    if (!(schema->format->types & schema->types))
        return refuse(load, line, "the format \"%s\" says nothing about the type of this schema", name);
    return true;
}

static bool compile_any_of(struct load *load, struct schema *schema)
{
    const json_t *branches = json_object_get(schema->node, "anyOf");
    if (!branches)
        return true;
    size_t index, count = json_array_size(branches);
    if (count == 0)
        return refuse(load, key_line(load, schema, "anyOf"), "anyOf lists at least one schema");
    schema->any_of = arena_zero(&load->contract->arena, count * sizeof(struct schema *));
    schema->any_of_count = count;
    json_t *branch;
    json_array_foreach (branches, index, branch) {
        schema->any_of[index] = schema_entry(load, branch, line_of_item(&load->document, branches, index));
        if (!schema->any_of[index])
            return false;
    }
    return true;
}

static bool compile_items(struct load *load, struct schema *schema)
{
    if (json_object_get(schema->node, "items"))
        schema->items = member_entry(load, schema, "items");
    else if (schema->types == TYPE_ARRAY)
        return refuse(load, schema->line, "an array needs \"items\"");
    return schema->items || !json_object_get(schema->node, "items");
}

/* ---- one schema ----------------------------------------------------------------------------------------------------------- */

/* A `$ref` with annotations beside it: what is checked is behind the reference. */
static bool compile_reference(struct load *load, struct schema *schema)
{
    static const char *const beside[] = {"$ref",      "title",   "description", "deprecated", "readOnly",
                                         "writeOnly", "default", "example",     "examples",   NULL};
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)schema->node, key, value) {
        size_t i = 0;
        while (beside[i] && strcmp(beside[i], key) != 0)
            i++;
        if (!beside[i] && strncmp(key, "x-", 2) != 0)
            return refuse(load, key_line(load, schema, key), "\"%s\" may not stand beside $ref; use allOf for objects", key);
    }
    schema->initial = json_object_get(schema->node, "default");
    int line = schema->line;
    const json_t *target = target_of(load, schema->node, "schemas", &line);
    schema->target = target ? schema_entry(load, target, line) : NULL;
    return schema->target;
}

static bool compile(struct load *load, struct schema *schema);

/* A branch is taken in whole, so it must be there, and what its references lead to. */
static bool compile_branch(struct load *load, struct schema *branch, int line)
{
    for (int steps = 0; branch; steps++) {
        if (branch->progress == PROGRESS_COMPILING || steps == REFERENCES_MAX)
            return refuse(load, line, "this allOf goes round in a circle");
        if (!compile(load, branch))
            return false;
        branch = branch->target;
    }
    return true;
}

static bool compile_all_of(struct load *load, struct schema *schema)
{
    const json_t *list = json_object_get(schema->node, "allOf");
    size_t index, count = json_array_size(list);
    struct schema **branches = arena_zero(&load->contract->arena, (count + 1) * sizeof *branches);
    if (list && count == 0)
        return refuse(load, key_line(load, schema, "allOf"), "allOf lists at least one schema");
    json_t *item;
    json_array_foreach (list, index, item) {
        int line = line_of_item(&load->document, list, index);
        branches[index] = schema_entry(load, item, line);
        if (!branches[index] || !compile_branch(load, branches[index], line))
            return false;
    }
    return compile_object(load, schema, branches, count);
}

static bool compile(struct load *load, struct schema *schema)
{
    if (schema->progress >= PROGRESS_COMPILED)
        return true;
    schema->progress = PROGRESS_COMPILING;
    if (!keywords_hold(load, KIND_SCHEMA, schema->node, schema->line))
        return false;
    schema->read_only = json_is_true(json_object_get(schema->node, "readOnly"));
    schema->write_only = json_is_true(json_object_get(schema->node, "writeOnly"));
    if (schema->read_only && schema->write_only)
        return refuse(load, schema->line, "a schema cannot be readOnly and writeOnly");
    bool compiled = json_object_get(schema->node, "$ref")
                        ? compile_reference(load, schema)
                        : compile_types(load, schema) && compile_choices(load, schema) && compile_bounds(load, schema) &&
                              compile_pattern(load, schema) && compile_format(load, schema) && compile_any_of(load, schema) &&
                              compile_items(load, schema) && compile_all_of(load, schema);
    schema->progress = PROGRESS_COMPILED;
    return compiled;
}

/* ---- all of them ---------------------------------------------------------------------------------------------------------- */

/* What a schema accepts once anyOf and references are looked into; refuses those that only lead back to themselves. */
static bool settle(struct load *load, struct schema *schema)
{
    if (schema->progress == PROGRESS_SETTLED)
        return true;
    if (schema->progress == PROGRESS_SETTLING)
        return refuse(load, schema->line, "this schema leads back to itself without anything in between");
    schema->progress = PROGRESS_SETTLING;
    unsigned branches = schema->any_of_count ? 0 : TYPE_ANY;
    for (size_t i = 0; i < schema->any_of_count; i++) {
        if (!settle(load, schema->any_of[i]))
            return false;
        branches |= schema->any_of[i]->accepts;
    }
    if (schema->target && !settle(load, schema->target))
        return false;
    schema->accepts = schema->target ? schema->target->accepts : schema->types & branches;
    if (!schema->accepts)
        return refuse(load, schema->line, "the type of this schema fits no branch of its anyOf");
    schema->progress = PROGRESS_SETTLED;
    return true;
}

bool value_holds(struct load *load, const struct schema *schema, const json_t *value, enum body_use use, int line,
                 const char *what)
{
    struct faults faults = {.arena = &load->contract->arena};
    if (contract_check(schema, value, use, "#", &faults))
        return true;
    return refuse(load, line, "this %s does not keep to its schema: %s %s", what, faults.items[0].where, faults.items[0].detail);
}

/* Values of schemas may be parts of objects, so nothing is required of them. */
static bool values_hold(struct load *load, const struct schema *schema)
{
    const json_t *example = json_object_get(schema->node, "example"), *examples = json_object_get(schema->node, "examples");
    if (schema->initial && !value_holds(load, schema, schema->initial, BODY_CREATE, key_line(load, schema, "default"), "default"))
        return false;
    if (example && !value_holds(load, schema, example, BODY_PATCH, key_line(load, schema, "example"), "example"))
        return false;
    size_t index;
    json_t *item;
    json_array_foreach (examples, index, item) {
        if (!value_holds(load, schema, item, BODY_PATCH, line_of_item(&load->document, examples, index), "example"))
            return false;
    }
    return true;
}

/* Compiles what has been registered so far, and what that registers in turn. */
static bool compile_pending(struct load *load)
{
    struct schema *first = load->contract->pending;
    for (struct schema *schema = first; schema; schema = schema->next) {
        if (!compile(load, schema))
            return false;
    }
    for (struct schema *schema = first; schema; schema = schema->next) {
        if (!settle(load, schema))
            return false;
    }
    for (struct schema *schema = first; schema; schema = schema->next) {
        if (!values_hold(load, schema))
            return false;
    }
    load->contract->pending = NULL;
    return true;
}

const struct schema *schema_compile(struct load *load, const json_t *node, int line)
{
    struct schema *schema = schema_entry(load, node, line);
    return schema && compile_pending(load) ? schema : NULL;
}

bool schemas_load(struct load *load)
{
    const json_t *named = json_object_get(json_object_get(load->document.root, "components"), "schemas");
    const char *name;
    json_t *node;
    json_object_foreach ((json_t *)named, name, node) {
        struct schema *schema = schema_entry(load, node, line_of_key(&load->document, named, name));
        if (!schema)
            return false;
        if (!is_bare_reference(node))
            schema->name = name;
    }
    return compile_pending(load);
}

void schemas_release(struct schema *first)
{
    for (struct schema *schema = first; schema; schema = schema->next) {
        if (schema->pattern)
            regfree(schema->pattern);
    }
}
