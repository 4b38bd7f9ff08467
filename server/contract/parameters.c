/* Path and query parameters: text as it was given to typed values.
 *
 * A list is given with commas, by repetition, or both, whatever its `explode` says; so a value of a list cannot hold a comma. */
#include <string.h>

#include "contract_private.h"

/* What is the same during one check. */
struct reading {
    const struct operation *operation;
    const struct given *given;
    size_t count, path_count; /* all of them; those that stand in the path */
    struct arena *arena;
    struct faults *faults;
};

static bool is_named(const struct given *given, const struct parameter *parameter)
{
    return slice_is(given->name, parameter->name);
}

/* ---- one value ------------------------------------------------------------------------------------------------------------ */

static bool complain(const struct reading *reading, const struct parameter *parameter, const char *code, const char *detail)
{
    fault_add(reading->faults, FAULT_PARAMETER, parameter->name, code, "%s", detail);
    return false;
}

/* Checks the value by its schema and gives it up. */
static bool check_and_drop(const struct reading *reading, const struct parameter *parameter, json_t *value)
{
    bool holds = check_parameter_value(parameter->schema, value, parameter->name, reading->faults);
    json_decref(value);
    return holds;
}

static bool read_text(const struct reading *reading, struct value_of *value)
{
    json_t *text = json_stringn(value->text.data, value->text.length);
    if (!text)
        return complain(reading, value->parameter, "format", "must be UTF-8 text");
    return check_and_drop(reading, value->parameter, text);
}

static bool read_integer(const struct reading *reading, struct value_of *value)
{
    if (!slice_to_int(value->text, &value->number))
        return complain(reading, value->parameter, "type", "must be an integer");
    return check_and_drop(reading, value->parameter, json_integer(value->number));
}

static bool read_boolean(const struct reading *reading, struct value_of *value)
{
    bool is_true = slice_is(value->text, "true") || slice_is(value->text, "1");
    if (!is_true && !slice_is(value->text, "false") && !slice_is(value->text, "0"))
        return complain(reading, value->parameter, "type", "must be true or false");
    value->number = is_true;
    return check_and_drop(reading, value->parameter, json_boolean(is_true));
}

/* ---- lists ---------------------------------------------------------------------------------------------------------------- */

static json_t *read_item(const struct reading *reading, const struct parameter *parameter, struct slice text)
{
    bool wants_integer = schema_behind(parameter->schema)->items->accepts == TYPE_INTEGER;
    long long number = 0;
    json_t *item = NULL;
    if (!text.length)
        complain(reading, parameter, "format", "has an empty item");
    else if (wants_integer && !slice_to_int(text, &number))
        complain(reading, parameter, "type", "must be integers with commas in between");
    else if (!wants_integer && !(item = json_stringn(text.data, text.length)))
        complain(reading, parameter, "format", "must be UTF-8 text");
    return wants_integer && text.length ? json_integer(number) : item;
}

static size_t count_items(const struct reading *reading, const struct parameter *parameter)
{
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++) {
        if (!is_named(&reading->given[i], parameter))
            continue;
        struct slice rest = reading->given[i].value;
        count++;
        for (size_t at = 0; at < rest.length; at++)
            count += rest.data[at] == ',';
    }
    return count;
}

static bool read_list(const struct reading *reading, struct value_of *value)
{
    const struct parameter *parameter = value->parameter;
    struct slice *list = arena_alloc(reading->arena, (count_items(reading, parameter) + 1) * sizeof *list);
    json_t *array = json_array();
    size_t before = reading->faults->count;
    for (size_t i = 0; i < reading->count; i++) {
        struct slice rest = is_named(&reading->given[i], parameter) ? reading->given[i].value : NO_SLICE;
        if (is_named(&reading->given[i], parameter) && !rest.length)
            complain(reading, parameter, "format", "has an empty item");
        while (rest.length && reading->faults->count == before) {
            list[value->count] = slice_cut(&rest, ',');
            bool trailing = rest.data && !rest.length;
            json_t *item = read_item(reading, parameter, list[value->count++]);
            if (item)
                json_array_append_new(array, item);
            if (trailing)
                complain(reading, parameter, "format", "has an empty item");
        }
    }
    value->list = list;
    if (reading->faults->count == before)
        return check_and_drop(reading, parameter, array);
    json_decref(array);
    return false;
}

/* ---- one parameter -------------------------------------------------------------------------------------------------------- */

static bool read_value(const struct reading *reading, struct value_of *value, size_t times)
{
    const struct parameter *parameter = value->parameter;
    if (parameter->type == VALUE_LIST)
        return read_list(reading, value);
    if (times > 1 && !parameter->in_path) {
        fault_add(reading->faults, FAULT_PARAMETER, parameter->name, "repeated", "is given %zu times but takes one value", times);
        return false;
    }
    if (!value->text.data)
        return complain(reading, parameter, "format", "has a malformed percent-encoding");
    switch (parameter->type) {
    case VALUE_INT:
        return read_integer(reading, value);
    case VALUE_BOOL:
        return read_boolean(reading, value);
    default:
        return read_text(reading, value);
    }
}

/* Adds the value of one parameter, or its default, to `values`. */
static void read_parameter(const struct reading *reading, size_t index, struct values *values)
{
    const struct parameter *parameter = &reading->operation->parameters[index];
    const struct value_of *initial = &((const struct operation_entry *)reading->operation)->defaults[index];
    struct value_of value = {.parameter = parameter};
    size_t times = 0;
    for (size_t i = 0; i < reading->count; i++) {
        if (is_named(&reading->given[i], parameter) && ++times == 1)
            value.text = reading->given[i].value;
    }
    if (times && read_value(reading, &value, times))
        values->items[values->count++] = value;
    else if (!times && initial->parameter)
        values->items[values->count++] = *initial;
    else if (!times && parameter->required)
        complain(reading, parameter, "required", "is required");
}

/* ---- unknown names -------------------------------------------------------------------------------------------------------- */

static void report_unknown(const struct reading *reading, const struct given *given)
{
    enum { NAMES_MAX = 64 };
    const char *names[NAMES_MAX];
    size_t count = 0;
    if (reading->faults->count >= FAULTS_MAX) {
        reading->faults->count++;
        return;
    }
    for (size_t i = 0; i < reading->operation->parameter_count && count < NAMES_MAX; i++) {
        if (!reading->operation->parameters[i].in_path)
            names[count++] = reading->operation->parameters[i].name;
    }
    const char *name = quoted(reading->arena, given->name);
    if (!count)
        fault_add(reading->faults, FAULT_PARAMETER, name, "unknown", "is not a parameter here: none is taken in the query");
    else
        fault_add(reading->faults, FAULT_PARAMETER, name, "unknown", "is not a parameter here%s",
                  suggestion(reading->arena, given->name, names, count, "there are"));
}

/* Path values stand first, so a path parameter's name that comes after them was put into the query. */
static bool is_known(const struct reading *reading, size_t index)
{
    const struct operation *operation = reading->operation;
    for (size_t i = 0; i < operation->parameter_count; i++) {
        if (is_named(&reading->given[index], &operation->parameters[i]))
            return !operation->parameters[i].in_path || index < reading->path_count;
    }
    return false;
}

static void refuse_unknown(const struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++) {
        if (!reading->given[i].name.data)
            fault_add(reading->faults, FAULT_PARAMETER, "", "format", "the query has a malformed percent-encoding");
        else if (!is_known(reading, i) && !reading->operation->any_query)
            report_unknown(reading, &reading->given[i]);
    }
}

bool contract_check_parameters(const struct operation *operation, const struct given *given, size_t count, struct arena *arena,
                               struct values *values, struct faults *faults)
{
    struct reading reading = {.operation = operation, .given = given, .count = count, .arena = arena, .faults = faults};
    size_t before = faults->count;
    while (reading.path_count < operation->parameter_count && operation->parameters[reading.path_count].in_path)
        reading.path_count++;
    *values = (struct values){.items = arena_alloc(arena, (operation->parameter_count + 1) * sizeof *values->items)};
    for (size_t i = 0; i < operation->parameter_count; i++)
        read_parameter(&reading, i, values);
    refuse_unknown(&reading);
    if (faults->count == before)
        return true;
    *values = (struct values){0};
    return false;
}

const struct value_of *values_find(const struct values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++) {
        if (strcmp(values->items[i].parameter->name, name) == 0)
            return &values->items[i];
    }
    return NULL;
}
