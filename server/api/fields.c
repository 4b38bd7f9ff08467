/* `fields`: only the properties that the client names, in the order of the document; what it expands stays. */
#include <string.h>

#include "call.h"
#include "readout/nearest.h"

static const struct schema *schema_of(const struct call *call)
{
    const char *title = call->endpoint->noun == NOUN_ARTICLE ? "ArticleWithText" : record_of(call->endpoint->noun)->title;
    return contract_schema(call->app->contract, title);
}

static const char *nearest_field(const struct call *call, struct slice name)
{
    const struct record *record = record_of(call->endpoint->noun);
    const char **names = arena_alloc(call->arena, record->field_count * sizeof *names);
    for (size_t i = 0; i < record->field_count; i++)
        names[i] = record->fields[i].name;
    return nearest_name(name, names, record->field_count);
}

bool fields_known(const struct call *call, struct reply *problem)
{
    const struct value_of *fields = values_find(&call->values, "fields");
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    for (size_t i = 0; fields && i < fields->count; i++) {
        const char *name = arena_copy(call->arena, fields->list[i].data, fields->list[i].length);
        if (schema_has(schema_of(call), name))
            continue;
        const char *nearest = nearest_field(call, fields->list[i]);
        fault_add(faults, FAULT_PARAMETER, "fields", "unknown", "there is no field \"%s\"%s%s%s", name,
                  nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
    }
    if (faults->count)
        *problem = reply_problem(call->request, "invalid-parameter", faults, "a field that is asked for does not exist");
    return faults->count == 0;
}

/* Whether the parameter names that property, or something inside it: "reports.article". */
static bool names(const struct call *call, const char *parameter, const char *name)
{
    const struct value_of *value = values_find(&call->values, parameter);
    for (size_t i = 0; value && i < value->count; i++) {
        struct slice path = value->list[i];
        if (slice_is(slice_cut(&path, '.'), name))
            return true;
    }
    return false;
}

static int add_dump(const char *data, size_t length, void *out)
{
    buffer_add(out, data, length);
    return 0;
}

struct slice fields_select(const struct call *call, struct slice document)
{
    if (!values_find(&call->values, "fields"))
        return document;
    json_t *object = json_loadb(document.data, document.length, 0, NULL), *value;
    struct buffer out = buffer_in(call->arena, document.length + 2);
    const char *name;
    json_object_foreach (object, name, value) {
        if (!names(call, "fields", name) && !names(call, "expand", name))
            continue;
        buffer_add_text(&out, out.length ? ",\"" : "{\"");
        buffer_add_text(&out, name);
        buffer_add_text(&out, "\":");
        json_dump_callback(value, add_dump, &out, JSON_COMPACT | JSON_ENCODE_ANY);
    }
    json_decref(object);
    buffer_add_text(&out, out.length ? "}" : "{}");
    return buffer_slice(&out);
}
