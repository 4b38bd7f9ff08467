/* Media types, and whether a reply is one that its operation declares. */
#include <string.h>

#include "contract_private.h"

/* ---- media types ---------------------------------------------------------------------------------------------------------- */

/* "application/json" of "application/json; charset=utf-8" */
static struct slice essence(struct slice type)
{
    return slice_trim(slice_cut(&type, ';'));
}

bool media_is(struct slice content_type, const char *name)
{
    return slice_equal_fold(essence(content_type), essence(slice_of(name)));
}

static bool is_json(struct slice type)
{
    struct slice name = essence(type), suffix = SLICE("+json");
    if (slice_equal_fold(name, SLICE("application/json")))
        return true;
    return name.length > suffix.length &&
           slice_equal_fold((struct slice){name.data + name.length - suffix.length, suffix.length}, suffix);
}

bool media_is_json(const char *type)
{
    return is_json(slice_of(type));
}

bool media_is_lines(const char *type)
{
    return media_is(slice_of(type), "application/x-ndjson");
}

static const struct media *find_media(const struct media *media, size_t count, struct slice type)
{
    for (size_t i = 0; i < count; i++) {
        if (media_is(type, media[i].type))
            return &media[i];
    }
    return NULL;
}

const struct media *contract_body(const struct operation *operation, struct slice content_type)
{
    bool form = media_is(content_type, "application/x-www-form-urlencoded");
    const struct media *found = find_media(operation->bodies, operation->body_count, content_type);
    if (!found && (!essence(content_type).length || form || is_json(content_type)))
        found = find_media(operation->bodies, operation->body_count, SLICE("application/json"));
    return found;
}

/* ---- bodies of lines ------------------------------------------------------------------------------------------------------ */

static bool check_line(const struct schema *schema, struct slice line, size_t index, enum body_use use, struct faults *faults)
{
    const char *base = arena_print(faults->arena, "#/%zu", index);
    json_error_t why;
    json_t *value = json_loadb(line.data, line.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!value) {
        fault_add(faults, FAULT_POINTER, base, "syntax", "is not JSON: %s", why.text);
        return false;
    }
    bool holds = contract_check(schema, value, use, base, faults);
    json_decref(value);
    return holds;
}

bool check_lines(const struct schema *schema, struct slice lines, enum body_use use, struct faults *faults)
{
    bool hold = true;
    for (size_t index = 0; lines.data;) {
        struct slice line = slice_trim(slice_cut(&lines, '\n'));
        if (line.length)
            hold = check_line(schema, line, index++, use, faults) && hold;
    }
    return hold;
}

/* ---- replies -------------------------------------------------------------------------------------------------------------- */

const int *operation_statuses(const struct operation *operation)
{
    return ((const struct operation_entry *)operation)->statuses;
}

/* The exact status wins over its class, and that over the default. */
static const struct reply_entry *find_reply(const struct operation_entry *entry, int status)
{
    const int wanted[] = {status, status / 100, 0};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        for (size_t j = 0; j < entry->reply_count; j++) {
            if (entry->replies[j].status == wanted[i])
                return &entry->replies[j];
        }
    }
    return NULL;
}

static bool complain(struct faults *faults, const char *code, const struct operation *operation, int status, const char *detail)
{
    fault_add(faults, FAULT_POINTER, "#", code, "%s answered %d: %s", operation->id, status, detail);
    return false;
}

static bool check_json(const struct media *media, struct slice body, struct faults *faults)
{
    json_error_t why;
    json_t *value = json_loadb(body.data ? body.data : "", body.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!value) {
        fault_add(faults, FAULT_POINTER, "#", "syntax", "is not JSON: %s", why.text);
        return false;
    }
    bool holds = contract_check(media->schema, value, BODY_REPLY, "#", faults);
    json_decref(value);
    return holds;
}

bool contract_check_reply(const struct operation *operation, int status, struct slice content_type, struct slice body,
                          struct faults *faults)
{
    const struct reply_entry *reply = find_reply((const struct operation_entry *)operation, status);
    if (!reply)
        return complain(faults, "status", operation, status, "this status is not declared");
    if (status == 304 || !reply->content_count)
        return !body.length || complain(faults, "body", operation, status, "there must be no body");
    const struct media *media = find_media(reply->contents, reply->content_count, content_type);
    if (!media)
        return complain(faults, "type", operation, status,
                        arena_print(faults->arena, "the media type \"%s\" is not declared", quoted(faults->arena, content_type)));
    if (media_is_json(media->type))
        return check_json(media, body, faults);
    bool lines = media_is_lines(media->type) && media->schema && !(media->schema->accepts & TYPE_STRING);
    return !lines || check_lines(media->schema, body, BODY_REPLY, faults);
}
