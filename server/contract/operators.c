/* Filters with operators: a query parameter that says
 *
 *     x-operators: [ne, gt, gte, lt, lte, in, isnull]
 *
 * stands for a family: name, name__ne, name__gt, and so on. The family is written out in the tree before anything else reads
 * it, so that it is checked, listed and served as JSON like parameters written by hand. With `in` among them the plain name
 * takes several values, too. */
#include <string.h>

#include "contract_private.h"

enum { VALUES_MAX = 50 };

static const struct comparison {
    const char *name, *meaning;
} comparisons[] = {{"ne", "Not"},
                   {"gt", "After, or more than"},
                   {"gte", "From, or at least"},
                   {"lt", "Before, or less than"},
                   {"lte", "Until, or at most"},
                   {"in", "One of"},
                   {"isnull", "Whether nothing is known of"}};

static const struct comparison *comparison_of(const json_t *name)
{
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
        if (json_is_string(name) && strcmp(json_string_value(name), comparisons[i].name) == 0)
            return &comparisons[i];
    }
    return NULL;
}

/* ---- one member of a family
 * -------------------------------------------------------------------------------------------------- */

static json_t *list_schema(json_t *of_one)
{
    return json_pack("{s:s, s:i, s:i, s:O}", "type", "array", "minItems", 1, "maxItems", VALUES_MAX, "items", of_one);
}

static json_t *member_of(const json_t *parameter, const struct comparison *comparison)
{
    json_t *schema = json_object_get(parameter, "schema"), *example = json_object_get(parameter, "example");
    bool in = strcmp(comparison->name, "in") == 0, is_null = strcmp(comparison->name, "isnull") == 0;
    json_t *member = json_object();
    json_object_set_new(member, "name",
                        json_sprintf("%s__%s", json_string_value(json_object_get(parameter, "name")), comparison->name));
    json_object_set_new(member, "in", json_string("query"));
    json_object_set_new(
        member, "description",
        json_sprintf("%s: %s", comparison->meaning, json_string_value(json_object_get(parameter, "description"))));
    json_object_set_new(member, "schema",
                        in        ? list_schema(schema)
                        : is_null ? json_pack("{s:s}", "type", "boolean")
                                  : json_incref(schema));
    if (example)
        json_object_set_new(member, "example", in ? json_pack("[O]", example) : is_null ? json_true() : json_incref(example));
    return member;
}

static void take_many(json_t *parameter)
{
    json_t *example = json_object_get(parameter, "example");
    json_object_set_new(parameter, "schema", list_schema(json_object_get(parameter, "schema")));
    if (example)
        json_object_set_new(parameter, "example", json_pack("[O]", example));
}

/* ---- the family, in place of the one
 * --------------------------------------------------------------------------------------------- */

static void remember_line(struct load *load, const json_t *array, size_t index, int line)
{
    notes_set(&load->document.lines, array, part_of_item(index), (uintptr_t)line);
}

static bool write_out(struct load *load, json_t *list, json_t *parameter, int line)
{
    const json_t *names = json_object_get(parameter, "x-operators");
    size_t index;
    json_t *name;
    bool many = false;
    if (!json_is_array(names) || !json_is_string(json_object_get(parameter, "description")) ||
        !json_object_get(parameter, "schema"))
        return refuse(load, line, "x-operators is a list, on a parameter with a description and a schema");
    json_array_foreach (names, index, name) {
        const struct comparison *comparison = comparison_of(name);
        if (!comparison)
            return refuse(load, line, "x-operators knows ne, gt, gte, lt, lte, in and isnull");
        many |= strcmp(comparison->name, "in") == 0;
        json_array_append_new(list, member_of(parameter, comparison));
        remember_line(load, list, json_array_size(list) - 1, line);
    }
    if (many)
        take_many(parameter);
    return true;
}

static bool expand_list(struct load *load, json_t *holder)
{
    json_t *given = json_object_get(holder, "parameters"), *parameter;
    json_t *list = json_is_array(given) ? json_array() : NULL;
    size_t index;
    if (!list)
        return true;
    notes_set(&load->document.lines, list, 0, notes_get(&load->document.lines, given, 0));
    json_object_set_new(holder, "parameters", list);
    json_array_foreach (given, index, parameter) {
        int line = line_of_item(&load->document, given, index);
        json_array_append(list, parameter);
        remember_line(load, list, json_array_size(list) - 1, line);
        if (json_object_get(parameter, "x-operators") && !write_out(load, list, parameter, line))
            return false;
    }
    return true;
}

bool operators_expand(struct load *load)
{
    const char *path, *method;
    json_t *item, *operation;
    json_object_foreach (json_object_get(load->document.root, "paths"), path, item) {
        json_object_foreach (item, method, operation) {
            json_t *given = json_incref(json_object_get(operation, "parameters"));
            bool good = expand_list(load, operation);
            json_decref(given);
            if (!good)
                return false;
        }
    }
    return true;
}
