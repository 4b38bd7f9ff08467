/* What an operation takes and gives: the media types of bodies and replies, their schemas, and their examples, which must
 * be true. */
#include <stdlib.h>
#include <string.h>

#include "contract_private.h"

/* ---- examples ------------------------------------------------------------------------------------------------------------- */

static bool line_holds(struct load *load, const struct schema *schema, const char *text, enum body_use use, int line)
{
    struct faults faults = {.arena = &load->contract->arena};
    if (check_lines(schema, slice_of(text), use, &faults))
        return true;
    return refuse(load, line, "this example does not keep to its schema: %s %s", faults.items[0].where, faults.items[0].detail);
}

static bool example_holds(struct load *load, const struct schema *schema, const json_t *value, const char *type,
                          enum body_use use, int line)
{
    bool lines = type && media_is_lines(type) && json_is_string(value) && !(schema->accepts & TYPE_STRING);
    return lines ? line_holds(load, schema, json_string_value(value), use, line)
                 : value_holds(load, schema, value, use, line, "example");
}

bool examples_hold(struct load *load, const json_t *node, const struct schema *schema, const char *type, enum body_use use)
{
    const json_t *example = json_object_get(node, "example"), *examples = json_object_get(node, "examples");
    if (!schema)
        return true;
    if (example && !example_holds(load, schema, example, type, use, line_of_key(&load->document, node, "example")))
        return false;
    const char *name;
    json_t *item;
    json_object_foreach ((json_t *)examples, name, item) {
        int line = line_of_key(&load->document, examples, name);
        const json_t *found = follow(load, item, "examples", &line);
        if (!found || !keywords_hold(load, KIND_EXAMPLE, found, line))
            return false;
        line = line_of_key(&load->document, found, "value");
        if (!example_holds(load, schema, json_object_get(found, "value"), type, use, line))
            return false;
    }
    return true;
}

/* ---- content -------------------------------------------------------------------------------------------------------------- */

static bool is_media_type(const char *type)
{
    const char *slash = strchr(type, '/');
    return slash && slash != type && slash[1] && !strchr(slash + 1, '/') && !strpbrk(type, "* \t");
}

bool content_load(struct load *load, const json_t *content, enum body_use use, const struct media **media, size_t *count)
{
    struct media *list = arena_zero(&load->contract->arena, (json_object_size(content) + 1) * sizeof *list);
    const char *type;
    json_t *node;
    json_object_foreach ((json_t *)content, type, node) {
        int line = line_of_key(&load->document, content, type);
        if (!is_media_type(type))
            return refuse(load, line, "\"%s\" is not a media type like application/json", type);
        if (!keywords_hold(load, KIND_MEDIA, node, line))
            return false;
        const json_t *schema = json_object_get(node, "schema");
        struct media *entry = &list[(*count)++];
        entry->type = type;
        entry->schema = schema ? schema_compile(load, schema, line_of_key(&load->document, node, "schema")) : NULL;
        if ((schema && !entry->schema) || !examples_hold(load, node, entry->schema, type, use))
            return false;
    }
    *media = list;
    return true;
}

/* ---- replies -------------------------------------------------------------------------------------------------------------- */

/* "200", "4XX" or "default", as struct reply_entry has it; -1 for anything else. */
static int status_of(const char *text)
{
    if (strcmp(text, "default") == 0)
        return 0;
    if (strlen(text) != 3 || text[0] < '1' || text[0] > '5')
        return -1;
    if (strcmp(text + 1, "XX") == 0)
        return text[0] - '0';
    long long status;
    return slice_to_int(slice_of(text), &status) && status >= 100 ? (int)status : -1;
}

static bool headers_hold(struct load *load, const json_t *headers)
{
    const char *name;
    json_t *node;
    json_object_foreach ((json_t *)headers, name, node) {
        int line = line_of_key(&load->document, headers, name);
        const json_t *found = follow(load, node, "headers", &line);
        if (!found || !keywords_hold(load, KIND_HEADER, found, line))
            return false;
        const struct schema *schema =
            schema_compile(load, json_object_get(found, "schema"), line_of_key(&load->document, found, "schema"));
        if (!schema || !examples_hold(load, found, schema, NULL, BODY_REPLY))
            return false;
    }
    return true;
}

static bool reply_load(struct load *load, struct reply_entry *reply, const char *status, const json_t *node, int line)
{
    reply->status = status_of(status);
    if (reply->status < 0)
        return refuse(load, line, "\"%s\" is not a status like \"200\", \"4XX\" or \"default\"", status);
    const json_t *found = follow(load, node, "responses", &line);
    return found && keywords_hold(load, KIND_RESPONSE, found, line) && headers_hold(load, json_object_get(found, "headers")) &&
           content_load(load, json_object_get(found, "content"), BODY_REPLY, &reply->contents, &reply->content_count);
}

static int compare_statuses(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static const int *statuses_of(struct arena *arena, const struct operation_entry *entry)
{
    int *statuses = arena_zero(arena, (entry->reply_count + 1) * sizeof *statuses);
    size_t count = 0;
    for (size_t i = 0; i < entry->reply_count; i++) {
        if (entry->replies[i].status >= 100)
            statuses[count++] = entry->replies[i].status;
    }
    qsort(statuses, count, sizeof *statuses, compare_statuses);
    return statuses;
}

static void add_type(const char **types, const char *type)
{
    for (; *types; types++) {
        if (strcmp(*types, type) == 0)
            return;
    }
    *types = type;
}

static bool is_success(const struct reply_entry *reply)
{
    return reply->status == 2 || (reply->status >= 200 && reply->status < 300);
}

static const char *const *reply_types(struct arena *arena, const struct operation_entry *entry)
{
    size_t most = 1;
    for (size_t i = 0; i < entry->reply_count; i++)
        most += entry->replies[i].content_count;
    const char **types = arena_zero(arena, most * sizeof *types);
    for (size_t i = 0; i < entry->reply_count; i++) {
        const struct reply_entry *reply = &entry->replies[i];
        for (size_t j = 0; is_success(reply) && j < reply->content_count; j++)
            add_type(types, reply->contents[j].type);
    }
    return types;
}

bool replies_load(struct load *load, struct operation_entry *entry, const json_t *responses)
{
    struct arena *arena = &load->contract->arena;
    struct reply_entry *replies = arena_zero(arena, (json_object_size(responses) + 1) * sizeof *replies);
    entry->replies = replies;
    const char *status;
    json_t *node;
    json_object_foreach ((json_t *)responses, status, node) {
        int line = line_of_key(&load->document, responses, status);
        if (!reply_load(load, &replies[entry->reply_count++], status, node, line))
            return false;
    }
    if (!entry->reply_count)
        return refuse(load, entry->open.line, "an operation declares at least one response");
    entry->statuses = statuses_of(arena, entry);
    entry->open.reply_types = reply_types(arena, entry);
    return true;
}
