/* The contract as a whole: from its text to the tables that the other files read. */
#include <stdlib.h>
#include <string.h>

#include "contract_private.h"

/* ---- the document's outer parts ------------------------------------------------------------------------------------------- */

/* Checks the keywords of an optional member. */
static bool member_holds(struct load *load, enum kind kind, const json_t *object, const char *key)
{
    const json_t *member = json_object_get(object, key);
    return !member || keywords_hold(load, kind, member, line_of_key(&load->document, object, key));
}

static bool items_hold(struct load *load, enum kind kind, const json_t *list)
{
    size_t index;
    json_t *item;
    json_array_foreach (list, index, item) {
        if (!keywords_hold(load, kind, item, line_of_item(&load->document, list, index)) ||
            !member_holds(load, KIND_EXTERNAL_DOCS, item, "externalDocs"))
            return false;
    }
    return true;
}

static bool outer_parts_hold(struct load *load)
{
    const json_t *root = load->document.root, *info;
    if (!keywords_hold(load, KIND_DOCUMENT, root, 1))
        return false;
    if (!slice_starts(slice_of(text_of(root, "openapi")), "3.1."))
        return refuse(load, line_of_key(&load->document, root, "openapi"), "the contract is written in OpenAPI 3.1");
    info = json_object_get(root, "info");
    return member_holds(load, KIND_INFO, root, "info") && member_holds(load, KIND_CONTACT, info, "contact") &&
           member_holds(load, KIND_LICENSE, info, "license") && member_holds(load, KIND_EXTERNAL_DOCS, root, "externalDocs") &&
           member_holds(load, KIND_COMPONENTS, root, "components") && security_schemes_hold(load) &&
           security_load(load, root, &load->contract->scope) && items_hold(load, KIND_SERVER, json_object_get(root, "servers")) &&
           items_hold(load, KIND_TAG, json_object_get(root, "tags"));
}

/* ---- paths ---------------------------------------------------------------------------------------------------------------- */

static bool paths_load(struct load *load)
{
    struct contract *contract = load->contract;
    const json_t *paths = json_object_get(load->document.root, "paths");
    size_t count = json_object_size(paths);
    struct path_entry *entries = arena_zero(&contract->arena, (count + 1) * sizeof *entries);
    contract->operations = arena_zero(&contract->arena, (count * METHODS_MAX + 1) * sizeof *contract->operations);
    const char *template;
    json_t *item;
    json_object_foreach ((json_t *)paths, template, item) {
        int line = line_of_key(&load->document, paths, template);
        struct path_entry *path = entries++;
        path->template = template;
        if (!path_add(load, path, line) || !path_load(load, path, item, line))
            return false;
    }
    return true;
}

/* ---- loading -------------------------------------------------------------------------------------------------------------- */

static void keep_texts(struct contract *contract, struct slice yaml)
{
    contract->yaml = arena_slice(&contract->arena, yaml);
    char *json = json_dumps(contract->root, JSON_COMPACT);
    if (!json)
        die("no memory for the contract");
    contract->json = arena_slice(&contract->arena, slice_of(json));
    free(json);
}

struct contract *contract_load(struct slice yaml, const char *name, struct error *error)
{
    struct contract *contract = calloc(1, sizeof *contract);
    if (!contract)
        die("no memory for the contract");
    struct load load = {.contract = contract, .document = {.name = name}, .error = error};
    bool loaded = document_read(&load.document, yaml, error);
    contract->root = load.document.root;
    loaded = loaded && outer_parts_hold(&load) && operators_expand(&load) && schemas_load(&load) && paths_load(&load);
    notes_release(&load.document.lines);
    notes_release(&load.schemas);
    if (!loaded) {
        contract_free(contract);
        return NULL;
    }
    keep_texts(contract, yaml);
    return contract;
}

void contract_free(struct contract *contract)
{
    if (!contract)
        return;
    schemas_release(contract->schemas);
    json_decref(contract->root);
    arena_release(&contract->arena);
    free(contract);
}

/* ---- what it holds -------------------------------------------------------------------------------------------------------- */

size_t contract_count(const struct contract *contract)
{
    return contract->operation_count;
}

const struct operation *contract_operation(const struct contract *contract, size_t index)
{
    return index < contract->operation_count ? &contract->operations[index].open : NULL;
}

const struct operation *contract_find(const struct contract *contract, const char *operation_id)
{
    for (size_t i = 0; i < contract->operation_count; i++) {
        if (strcmp(contract->operations[i].open.id, operation_id) == 0)
            return &contract->operations[i].open;
    }
    return NULL;
}

struct slice contract_yaml(const struct contract *contract)
{
    return contract->yaml;
}

struct slice contract_json(const struct contract *contract)
{
    return contract->json;
}

const struct schema *contract_schema(const struct contract *contract, const char *name)
{
    for (const struct schema *schema = contract->schemas; schema; schema = schema->next) {
        if (schema->name && strcmp(schema->name, name) == 0)
            return schema;
    }
    return NULL;
}
