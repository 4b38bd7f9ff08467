/* What an operation asks of who calls it: OpenAPI's `security`, of which two shapes are enforced: nothing, and one bearer key
 * with one scope. */
#include <string.h>

#include "contract_private.h"

static const char *const NAMES[] = {
    [SCOPE_FEED] = "feed", [SCOPE_READ] = "read", [SCOPE_WRITE] = "write", [SCOPE_ADMIN] = "admin"};

const char *scope_name(enum scope scope)
{
    return NAMES[scope];
}

enum scope scope_named(struct slice name)
{
    for (enum scope scope = SCOPE_FEED; scope <= SCOPE_ADMIN; scope++) {
        if (slice_is(name, NAMES[scope]))
            return scope;
    }
    return SCOPE_PUBLIC;
}

/* [{bearer: [write]}] */
static bool requirement_load(struct load *load, const json_t *requirement, int line, enum scope *scope)
{
    const char *scheme;
    json_t *scopes;
    const json_t *schemes = json_object_get(json_object_get(load->document.root, "components"), "securitySchemes");
    if (json_object_size(requirement) != 1)
        return refuse(load, line, "\"security\" is [] or one scheme with one scope, such as [{bearer: [write]}]");
    json_object_foreach ((json_t *)requirement, scheme, scopes) {
        if (!json_object_get(schemes, scheme))
            return refuse(load, line, "the security scheme \"%s\" is not declared", scheme);
        const char *name = json_array_size(scopes) == 1 ? json_string_value(json_array_get(scopes, 0)) : NULL;
        *scope = scope_named(slice_of(name));
        if (*scope == SCOPE_PUBLIC)
            return refuse(load, line, "the scope of \"%s\" is one of read, write, admin, feed", scheme);
    }
    return true;
}

bool security_load(struct load *load, const json_t *node, enum scope *scope)
{
    const json_t *list = json_object_get(node, "security");
    int line = line_of_key(&load->document, node, "security");
    if (!list)
        return true;
    *scope = SCOPE_PUBLIC;
    if (json_array_size(list) > 1)
        return refuse(load, line, "\"security\" has one alternative");
    return json_array_size(list) == 0 || requirement_load(load, json_array_get(list, 0), line, scope);
}

bool security_schemes_hold(struct load *load)
{
    const json_t *schemes = json_object_get(json_object_get(load->document.root, "components"), "securitySchemes");
    const char *name;
    json_t *scheme;
    json_object_foreach ((json_t *)schemes, name, scheme) {
        int line = line_of_key(&load->document, schemes, name);
        if (!keywords_hold(load, KIND_SECURITY_SCHEME, scheme, line))
            return false;
        if (strcmp(text_of(scheme, "type"), "http") != 0 || strcmp(text_of(scheme, "scheme"), "bearer") != 0)
            return refuse(load, line, "the only security scheme that is enforced is \"type: http\" with \"scheme: bearer\"");
    }
    return true;
}
