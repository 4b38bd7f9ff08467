/* The part of a schema that is about objects: its own properties and those that allOf brings, made one table. */
#include <string.h>

#include "contract_private.h"

static uint32_t hash_of(const char *name, size_t length)
{
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * 0x01000193u;
    return hash;
}

/* Where the name stands in `slots`, or the free place where it would. */
static size_t slot_of(const struct schema *schema, const char *name, size_t length)
{
    size_t slot = hash_of(name, length) & (schema->slot_count - 1);
    while (schema->slots[slot]) {
        struct slice known = schema->properties[schema->slots[slot] - 1].name;
        if (known.length == length && memcmp(known.data, name, length) == 0)
            break;
        slot = (slot + 1) & (schema->slot_count - 1);
    }
    return slot;
}

const struct property *schema_property(const struct schema *schema, const char *name, size_t length)
{
    schema = schema_behind(schema);
    if (!schema->slot_count)
        return NULL;
    size_t index = schema->slots[slot_of(schema, name, length)];
    return index ? &schema->properties[index - 1] : NULL;
}

bool schema_has(const struct schema *schema, const char *property)
{
    return schema_property(schema, property, strlen(property));
}

bool schema_read_only(const struct schema *schema, const char *property)
{
    const struct property *found = schema_property(schema, property, strlen(property));
    for (const struct schema *of = found ? found->schema : NULL; of; of = of->target) {
        if (of->read_only)
            return true;
    }
    return false;
}

/* ---- compiling ------------------------------------------------------------------------------------------------------------ */

static int key_line(struct load *load, const struct schema *schema, const char *key)
{
    int line = line_of_key(&load->document, schema->node, key);
    return line ? line : schema->line;
}

static bool add_property(struct load *load, struct schema *schema, struct property property, int line)
{
    size_t slot = slot_of(schema, property.name.data, property.name.length);
    if (schema->slots[slot]) {
        const struct property *known = &schema->properties[schema->slots[slot] - 1];
        return known->schema == property.schema ||
               refuse(load, line, "the property \"%s\" stands twice in this allOf, with different schemas (first in line %d)",
                      property.name.data, known->schema->line);
    }
    schema->properties[schema->property_count] = property;
    schema->slots[slot] = (uint16_t)++schema->property_count;
    return true;
}

static void add_required(struct schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->required_count; i++) {
        if (strcmp(schema->required[i], name) == 0)
            return;
    }
    schema->required[schema->required_count++] = name;
}

static bool add_own(struct load *load, struct schema *schema)
{
    const json_t *properties = json_object_get(schema->node, "properties"), *required = json_object_get(schema->node, "required");
    const char *name;
    json_t *node;
    json_object_foreach ((json_t *)properties, name, node) {
        int line = line_of_key(&load->document, properties, name);
        struct property property = {.name = slice_of(name), .schema = schema_entry(load, node, line)};
        if (!property.schema || !add_property(load, schema, property, line))
            return false;
    }
    size_t index;
    json_array_foreach (required, index, node) {
        if (!json_is_string(node))
            return refuse(load, line_of_item(&load->document, required, index), "\"required\" lists names of properties");
        add_required(schema, json_string_value(node));
    }
    return true;
}

static bool read_additional(struct load *load, struct schema *schema)
{
    const json_t *additional = json_object_get(schema->node, "additionalProperties");
    if (!additional)
        return true;
    if (json_is_object(additional)) {
        schema->additional = ADDITIONAL_SCHEMA;
        schema->additional_schema = schema_entry(load, additional, key_line(load, schema, "additionalProperties"));
        return schema->additional_schema;
    }
    schema->additional = json_is_true(additional) ? ADDITIONAL_ALLOWED : ADDITIONAL_REFUSED;
    return true;
}

/* Takes in one branch of allOf. */
static bool add_branch(struct load *load, struct schema *schema, const struct schema *branch)
{
    int line = key_line(load, schema, "allOf");
    if (branch->types != TYPE_OBJECT && branch->types != TYPE_ANY)
        return refuse(load, line, "allOf is of objects; the schema in line %d is not", branch->line);
    if (branch->choices || branch->constant)
        return refuse(load, line, "allOf cannot take in the enum or const in line %d", branch->line);
    for (size_t i = 0; i < branch->property_count; i++) {
        struct property property = branch->properties[i];
        property.required = false; /* settled when all names are known */
        if (!add_property(load, schema, property, line))
            return false;
    }
    for (size_t i = 0; i < branch->required_count; i++)
        add_required(schema, branch->required[i]);
    if (branch->any_of_count && schema->any_of_count)
        return refuse(load, line, "allOf cannot join two anyOf; the other is in line %d", branch->line);
    if (branch->any_of_count) {
        schema->any_of = branch->any_of;
        schema->any_of_count = branch->any_of_count;
    }
    if (branch->additional == ADDITIONAL_UNSAID)
        return true;
    if (schema->additional != ADDITIONAL_UNSAID &&
        (schema->additional != branch->additional || schema->additional_schema != branch->additional_schema))
        return refuse(load, line, "allOf disagrees with itself about additionalProperties; see line %d", branch->line);
    schema->additional = branch->additional;
    schema->additional_schema = branch->additional_schema;
    return true;
}

static bool settle_required(struct load *load, struct schema *schema)
{
    for (size_t i = 0; i < schema->required_count; i++) {
        const char *name = schema->required[i];
        struct property *property = (struct property *)schema_property(schema, name, strlen(name));
        if (property)
            property->required = true;
        else if (schema->closed)
            return refuse(load, key_line(load, schema, "required"), "\"%s\" is required but is not among the properties", name);
    }
    return true;
}

bool compile_object(struct load *load, struct schema *schema, struct schema *const *branches, size_t branch_count)
{
    struct arena *arena = &load->contract->arena;
    size_t properties = json_object_size(json_object_get(schema->node, "properties"));
    size_t required = json_array_size(json_object_get(schema->node, "required"));
    for (size_t i = 0; i < branch_count; i++) {
        properties += schema_behind(branches[i])->property_count;
        required += schema_behind(branches[i])->required_count;
    }
    if (properties > UINT16_MAX / 4)
        return refuse(load, schema->line, "this object has too many properties");
    schema->properties = arena_zero(arena, (properties + 1) * sizeof *schema->properties);
    schema->required = arena_zero(arena, (required + 1) * sizeof *schema->required);
    schema->slot_count = 4;
    while (schema->slot_count < properties * 2)
        schema->slot_count *= 2;
    schema->slots = arena_zero(arena, schema->slot_count * sizeof *schema->slots);
    if (branch_count && schema->types == TYPE_ANY)
        schema->types = TYPE_OBJECT;
    if (!read_additional(load, schema))
        return false;
    for (size_t i = 0; i < branch_count; i++) {
        if (!add_branch(load, schema, schema_behind(branches[i])))
            return false;
    }
    if (!add_own(load, schema))
        return false;
    schema->closed = schema->additional == ADDITIONAL_REFUSED ||
                     (schema->additional == ADDITIONAL_UNSAID && schema->property_count);
    return settle_required(load, schema);
}
