/* One path of the document to its operations. */
#include <stdio.h>
#include <string.h>

#include "contract_private.h"

/* In the order in which Allow lists them. */
static const struct {
    const char *key, *name;
} METHODS[METHODS_MAX] = {{"delete", "DELETE"}, {"get", "GET"}, {"patch", "PATCH"}, {"post", "POST"}, {"put", "PUT"}};

static const char *method_of_key(const char *key)
{
    for (size_t i = 0; i < METHODS_MAX; i++) {
        if (strcmp(METHODS[i].key, key) == 0)
            return METHODS[i].name;
    }
    return NULL;
}

static bool body_load(struct load *load, struct operation *operation, const json_t *node)
{
    const json_t *body = json_object_get(node, "requestBody");
    int line = line_of_key(&load->document, node, "requestBody");
    if (!body)
        return true;
    if (strcmp(operation->method, "GET") == 0 || strcmp(operation->method, "DELETE") == 0)
        return refuse(load, line, "%s takes no body", operation->method);
    body = follow(load, body, "requestBodies", &line);
    if (!body || !keywords_hold(load, KIND_REQUEST_BODY, body, line))
        return false;
    if (json_object_size(json_object_get(body, "content")) == 0)
        return refuse(load, line, "a request body declares at least one media type");
    operation->body_required = json_is_true(json_object_get(body, "required"));
    enum body_use use = strcmp(operation->method, "PATCH") == 0 ? BODY_PATCH : BODY_CREATE;
    return content_load(load, json_object_get(body, "content"), use, &operation->bodies, &operation->body_count);
}

static bool tags_hold(struct load *load, const json_t *tags)
{
    const json_t *declared = json_object_get(load->document.root, "tags");
    size_t index;
    json_t *tag;
    json_array_foreach (tags, index, tag) {
        size_t at = 0;
        while (at < json_array_size(declared) && !json_equal(json_object_get(json_array_get(declared, at), "name"), tag))
            at++;
        if (at == json_array_size(declared))
            return refuse(load, line_of_item(&load->document, tags, index), "this tag is not among the document's tags");
    }
    return true;
}

static bool quota_load(struct load *load, struct operation *operation, const json_t *node)
{
    const json_t *quota = json_object_get(node, "x-quota");
    operation->costly = slice_is(slice_of(json_string_value(quota)), "costly");
    return !quota || operation->costly ||
           refuse(load, line_of_key(&load->document, node, "x-quota"), "x-quota knows one word: costly");
}

static bool is_unique(struct load *load, const struct operation *operation)
{
    const struct operation *other = contract_find(load->contract, operation->id);
    return !other ||
           refuse(load, operation->line, "the operationId \"%s\" stands twice; first in line %d", operation->id, other->line);
}

static bool operation_load(struct load *load, struct operation_entry *entry, const json_t *item, const json_t *node)
{
    struct operation *operation = &entry->open;
    if (!keywords_hold(load, KIND_OPERATION, node, operation->line))
        return false;
    operation->id = text_of(node, "operationId");
    operation->summary = text_of(node, "summary");
    operation->scope = load->contract->scope;
    return is_unique(load, operation) && security_load(load, node, &operation->scope) && quota_load(load, operation, node) &&
           tags_hold(load, json_object_get(node, "tags")) &&
           parameters_load(load, entry, json_object_get(item, "parameters"), json_object_get(node, "parameters")) &&
           body_load(load, operation, node) && replies_load(load, entry, json_object_get(node, "responses"));
}

/* "DELETE, GET, HEAD, OPTIONS, …": HEAD comes with GET, OPTIONS always. */
static void list_methods(struct path_entry *path, const json_t *item)
{
    struct {
        const char *name;
        bool there;
    } all[] = {
        {"DELETE", json_object_get(item, "delete")}, {"GET", json_object_get(item, "get")},
        {"HEAD", json_object_get(item, "get")},      {"OPTIONS", true},
        {"PATCH", json_object_get(item, "patch")},   {"POST", json_object_get(item, "post")},
        {"PUT", json_object_get(item, "put")},
    };
    size_t length = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].there)
            length +=
                (size_t)snprintf(path->methods + length, sizeof path->methods - length, "%s%s", length ? ", " : "", all[i].name);
    }
}

bool path_load(struct load *load, struct path_entry *path, const json_t *item, int line)
{
    struct contract *contract = load->contract;
    if (!keywords_hold(load, KIND_PATH, item, line))
        return false;
    list_methods(path, item);
    const char *key;
    json_t *node;
    json_object_foreach ((json_t *)item, key, node) {
        const char *method = method_of_key(key);
        if (!method)
            continue;
        struct operation_entry *entry = &contract->operations[contract->operation_count];
        entry->open = (struct operation){.index = (int)contract->operation_count,
                                         .method = method,
                                         .path = path->template,
                                         .line = line_of_key(&load->document, item, key)};
        if (!operation_load(load, entry, item, node))
            return false;
        contract->operation_count++;
        path->operations[path->operation_count++] = &entry->open;
    }
    return path->operation_count || refuse(load, line, "this path has no operation");
}
