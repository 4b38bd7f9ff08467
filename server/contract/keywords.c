/* The keywords that may stand in each kind of object of the contract. What is not listed here is not enforced, so it is refused;
 * `x-…` aside, which OpenAPI leaves to notes of one's own. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "contract_private.h"
#include "readout/nearest.h"

struct keyword {
    const char *name;
    unsigned types; /* of its value */
    bool needed;
    unsigned applies; /* in schemas: the types of values that it says something about; 0: all */
};

enum { KEYWORDS_MAX = 40 };
enum { OPTIONAL = false, NEEDED = true };

static const struct keyword DOCUMENT[] = {
    {"openapi", TYPE_STRING, NEEDED, 0},      {"info", TYPE_OBJECT, NEEDED, 0},           {"servers", TYPE_ARRAY, OPTIONAL, 0},
    {"tags", TYPE_ARRAY, OPTIONAL, 0},        {"externalDocs", TYPE_OBJECT, OPTIONAL, 0}, {"paths", TYPE_OBJECT, NEEDED, 0},
    {"components", TYPE_OBJECT, OPTIONAL, 0}, {"security", TYPE_ARRAY, OPTIONAL, 0},      {NULL, 0, OPTIONAL, 0},
};

static const struct keyword INFO[] = {
    {"title", TYPE_STRING, NEEDED, 0},
    {"version", TYPE_STRING, NEEDED, 0},
    {"summary", TYPE_STRING, OPTIONAL, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {"contact", TYPE_OBJECT, OPTIONAL, 0},
    {"license", TYPE_OBJECT, OPTIONAL, 0},
    {"termsOfService", TYPE_STRING, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword CONTACT[] = {
    {"name", TYPE_STRING, OPTIONAL, 0},
    {"url", TYPE_STRING, OPTIONAL, 0},
    {"email", TYPE_STRING, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword LICENSE[] = {
    {"name", TYPE_STRING, NEEDED, 0},
    {"identifier", TYPE_STRING, OPTIONAL, 0},
    {"url", TYPE_STRING, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword SERVER[] = {
    {"url", TYPE_STRING, NEEDED, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword TAG[] = {
    {"name", TYPE_STRING, NEEDED, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {"externalDocs", TYPE_OBJECT, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword EXTERNAL_DOCS[] = {
    {"url", TYPE_STRING, NEEDED, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword COMPONENTS[] = {
    {"schemas", TYPE_OBJECT, OPTIONAL, 0},         {"parameters", TYPE_OBJECT, OPTIONAL, 0},
    {"responses", TYPE_OBJECT, OPTIONAL, 0},       {"requestBodies", TYPE_OBJECT, OPTIONAL, 0},
    {"headers", TYPE_OBJECT, OPTIONAL, 0},         {"examples", TYPE_OBJECT, OPTIONAL, 0},
    {"securitySchemes", TYPE_OBJECT, OPTIONAL, 0}, {NULL, 0, OPTIONAL, 0},
};

/* HEAD and OPTIONS are answered for every path and are not written down. */
static const struct keyword PATH[] = {
    {"get", TYPE_OBJECT, OPTIONAL, 0},       {"put", TYPE_OBJECT, OPTIONAL, 0},         {"post", TYPE_OBJECT, OPTIONAL, 0},
    {"delete", TYPE_OBJECT, OPTIONAL, 0},    {"patch", TYPE_OBJECT, OPTIONAL, 0},       {"summary", TYPE_STRING, OPTIONAL, 0},
    {"parameters", TYPE_ARRAY, OPTIONAL, 0}, {"description", TYPE_STRING, OPTIONAL, 0}, {NULL, 0, OPTIONAL, 0},
};

static const struct keyword OPERATION[] = {
    {"operationId", TYPE_STRING, NEEDED, 0},
    {"summary", TYPE_STRING, NEEDED, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {"tags", TYPE_ARRAY, OPTIONAL, 0},
    {"parameters", TYPE_ARRAY, OPTIONAL, 0},
    {"requestBody", TYPE_OBJECT, OPTIONAL, 0},
    {"responses", TYPE_OBJECT, NEEDED, 0},
    {"deprecated", TYPE_BOOLEAN, OPTIONAL, 0},
    {"externalDocs", TYPE_OBJECT, OPTIONAL, 0},
    {"security", TYPE_ARRAY, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword PARAMETER[] = {
    {"name", TYPE_STRING, NEEDED, 0},
    {"in", TYPE_STRING, NEEDED, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {"required", TYPE_BOOLEAN, OPTIONAL, 0},
    {"deprecated", TYPE_BOOLEAN, OPTIONAL, 0},
    {"schema", TYPE_OBJECT, NEEDED, 0},
    {"style", TYPE_STRING, OPTIONAL, 0},
    {"explode", TYPE_BOOLEAN, OPTIONAL, 0},
    {"example", TYPE_ANY, OPTIONAL, 0},
    {"examples", TYPE_OBJECT, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword REQUEST_BODY[] = {
    {"content", TYPE_OBJECT, NEEDED, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {"required", TYPE_BOOLEAN, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword RESPONSE[] = {
    {"description", TYPE_STRING, NEEDED, 0},
    {"headers", TYPE_OBJECT, OPTIONAL, 0},
    {"content", TYPE_OBJECT, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword HEADER[] = {
    {"description", TYPE_STRING, OPTIONAL, 0},
    {"required", TYPE_BOOLEAN, OPTIONAL, 0},
    {"deprecated", TYPE_BOOLEAN, OPTIONAL, 0},
    {"schema", TYPE_OBJECT, NEEDED, 0},
    {"example", TYPE_ANY, OPTIONAL, 0},
    {"examples", TYPE_OBJECT, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword MEDIA[] = {
    {"schema", TYPE_OBJECT, OPTIONAL, 0},
    {"example", TYPE_ANY, OPTIONAL, 0},
    {"examples", TYPE_OBJECT, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword EXAMPLE[] = {
    {"value", TYPE_ANY, NEEDED, 0},
    {"summary", TYPE_STRING, OPTIONAL, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword SECURITY_SCHEME[] = {
    {"type", TYPE_STRING, NEEDED, 0},
    {"scheme", TYPE_STRING, NEEDED, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct keyword SCHEMA[] = {
    {"$ref", TYPE_STRING, OPTIONAL, 0},
    {"type", TYPE_STRING | TYPE_ARRAY, OPTIONAL, 0},
    {"enum", TYPE_ARRAY, OPTIONAL, 0},
    {"const", TYPE_ANY, OPTIONAL, 0},
    {"default", TYPE_ANY, OPTIONAL, 0},
    {"format", TYPE_STRING, OPTIONAL, TYPE_STRING | TYPE_INTEGER},
    {"pattern", TYPE_STRING, OPTIONAL, TYPE_STRING},
    {"minLength", TYPE_INTEGER, OPTIONAL, TYPE_STRING},
    {"maxLength", TYPE_INTEGER, OPTIONAL, TYPE_STRING},
    {"minimum", TYPE_NUMBER, OPTIONAL, TYPE_NUMBER},
    {"maximum", TYPE_NUMBER, OPTIONAL, TYPE_NUMBER},
    {"items", TYPE_OBJECT, OPTIONAL, TYPE_ARRAY},
    {"minItems", TYPE_INTEGER, OPTIONAL, TYPE_ARRAY},
    {"maxItems", TYPE_INTEGER, OPTIONAL, TYPE_ARRAY},
    {"uniqueItems", TYPE_BOOLEAN, OPTIONAL, TYPE_ARRAY},
    {"properties", TYPE_OBJECT, OPTIONAL, TYPE_OBJECT},
    {"required", TYPE_ARRAY, OPTIONAL, TYPE_OBJECT},
    {"additionalProperties", TYPE_BOOLEAN | TYPE_OBJECT, OPTIONAL, TYPE_OBJECT},
    {"allOf", TYPE_ARRAY, OPTIONAL, TYPE_OBJECT},
    {"anyOf", TYPE_ARRAY, OPTIONAL, 0},
    {"readOnly", TYPE_BOOLEAN, OPTIONAL, 0},
    {"writeOnly", TYPE_BOOLEAN, OPTIONAL, 0},
    {"title", TYPE_STRING, OPTIONAL, 0},
    {"description", TYPE_STRING, OPTIONAL, 0},
    {"example", TYPE_ANY, OPTIONAL, 0},
    {"examples", TYPE_ARRAY, OPTIONAL, 0},
    {"deprecated", TYPE_BOOLEAN, OPTIONAL, 0},
    {NULL, 0, OPTIONAL, 0},
};

static const struct {
    const char *what;
    const struct keyword *keywords;
} KINDS[] = {
    [KIND_DOCUMENT] = {"the document", DOCUMENT},
    [KIND_INFO] = {"info", INFO},
    [KIND_CONTACT] = {"a contact", CONTACT},
    [KIND_LICENSE] = {"a license", LICENSE},
    [KIND_SERVER] = {"a server", SERVER},
    [KIND_TAG] = {"a tag", TAG},
    [KIND_EXTERNAL_DOCS] = {"externalDocs", EXTERNAL_DOCS},
    [KIND_COMPONENTS] = {"components", COMPONENTS},
    [KIND_PATH] = {"a path", PATH},
    [KIND_OPERATION] = {"an operation", OPERATION},
    [KIND_PARAMETER] = {"a parameter", PARAMETER},
    [KIND_REQUEST_BODY] = {"a request body", REQUEST_BODY},
    [KIND_RESPONSE] = {"a response", RESPONSE},
    [KIND_HEADER] = {"a header", HEADER},
    [KIND_MEDIA] = {"a media type", MEDIA},
    [KIND_EXAMPLE] = {"an example", EXAMPLE},
    [KIND_SECURITY_SCHEME] = {"a security scheme", SECURITY_SCHEME},
    [KIND_SCHEMA] = {"a schema", SCHEMA},
};

unsigned type_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return TYPE_OBJECT;
    case JSON_ARRAY:
        return TYPE_ARRAY;
    case JSON_STRING:
        return TYPE_STRING;
    case JSON_INTEGER:
        return TYPE_INTEGER;
    case JSON_REAL:
        return TYPE_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return TYPE_BOOLEAN;
    case JSON_NULL:
        return TYPE_NULL;
    }
    return 0;
}

bool refuse(struct load *load, int line, const char *format, ...)
{
    char what[sizeof load->error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return fail(load->error, ERROR_INVALID, "%s:%d: %s", load->document.name, line, what);
}

static const struct keyword *find_keyword(const struct keyword *keywords, const char *name)
{
    for (; keywords->name; keywords++) {
        if (strcmp(keywords->name, name) == 0)
            return keywords;
    }
    return NULL;
}

static bool refuse_keyword(struct load *load, enum kind kind, const char *key, int line)
{
    const char *names[KEYWORDS_MAX];
    size_t count = 0;
    for (const struct keyword *keyword = KINDS[kind].keywords; keyword->name && count < KEYWORDS_MAX; keyword++)
        names[count++] = keyword->name;
    const char *near = nearest_name(slice_of(key), names, count);
    return refuse(load, line, "\"%s\" is not a keyword of %s that is enforced%s%s%s", key, KINDS[kind].what,
                  near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static const char *type_word(unsigned types)
{
    switch (types) {
    case TYPE_STRING:
        return "text (in quotation marks if need be)";
    case TYPE_OBJECT:
        return "a mapping";
    case TYPE_ARRAY:
        return "a list";
    case TYPE_BOOLEAN:
        return "true or false";
    case TYPE_INTEGER:
        return "a whole number";
    case TYPE_NUMBER:
        return "a number";
    case TYPE_STRING | TYPE_ARRAY:
        return "text or a list";
    default:
        return "true, false or a mapping";
    }
}

bool keywords_hold(struct load *load, enum kind kind, const json_t *node, int line)
{
    const struct keyword *keywords = KINDS[kind].keywords;
    if (!json_is_object(node))
        return refuse(load, line, "%s must be a mapping", KINDS[kind].what);
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)node, key, value) {
        const struct keyword *keyword = find_keyword(keywords, key);
        if (!keyword && strncmp(key, "x-", 2) == 0)
            continue;
        int key_line = line_of_key(&load->document, node, key);
        if (!keyword)
            return refuse_keyword(load, kind, key, key_line);
        if (!(type_of(value) & keyword->types))
            return refuse(load, key_line, "\"%s\" must be %s", key, type_word(keyword->types));
    }
    for (const struct keyword *keyword = keywords; keyword->name; keyword++) {
        if (keyword->needed && !json_object_get(node, keyword->name))
            return refuse(load, line, "%s needs \"%s\"", KINDS[kind].what, keyword->name);
    }
    return true;
}

bool keyword_applies(const char *keyword, unsigned types)
{
    const struct keyword *found = find_keyword(SCHEMA, keyword);
    return !found || !found->applies || (found->applies & types);
}

const json_t *target_of(struct load *load, const json_t *node, const char *section, int *line)
{
    const char *reference = text_of(node, "$ref");
    *line = line_of_key(&load->document, node, "$ref");
    char prefix[64];
    int length = snprintf(prefix, sizeof prefix, "#/components/%s/", section);
    if (!reference || strncmp(reference, prefix, (size_t)length) != 0) {
        refuse(load, *line, "a $ref here must begin with \"%s\"", prefix);
        return NULL;
    }
    const char *name = reference + length;
    const json_t *named = json_object_get(json_object_get(load->document.root, "components"), section);
    const json_t *target = json_object_get(named, name);
    if (!target)
        refuse(load, *line, "\"%s\" leads nowhere", reference);
    else
        *line = line_of_key(&load->document, named, name);
    return target;
}

const json_t *follow(struct load *load, const json_t *node, const char *section, int *line)
{
    for (int steps = 0; node && json_object_get(node, "$ref"); steps++) {
        if (json_object_size(node) > 1) {
            refuse(load, *line, "nothing may stand beside this $ref");
            return NULL;
        }
        if (steps == REFERENCES_MAX) {
            refuse(load, *line, "this $ref goes round in a circle");
            return NULL;
        }
        node = target_of(load, node, section, line);
    }
    return node;
}

const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}
