/* YAML to a tree of jansson's, by YAML 1.2's core schema, with the line of every key and item noted beside it.
 *
 * What the contract has no use for is refused rather than half understood: anchors and aliases, tags, several documents, keys
 * that are no text, infinities. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "contract_private.h"

struct reader {
    yaml_parser_t parser;
    struct document *document;
    struct error *error;
};

static int line_at(yaml_mark_t mark)
{
    return (int)mark.line + 1;
}

static bool refuse_at(struct reader *reader, int line, const char *what)
{
    return fail(reader->error, ERROR_INVALID, "%s:%d: %s", reader->document->name, line, what);
}

static bool next_event(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event))
        return true;
    const char *problem = reader->parser.problem ? reader->parser.problem : "this is not YAML";
    return refuse_at(reader, line_at(reader->parser.problem_mark), problem);
}

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (strcmp(text, *words) == 0)
            return true;
    }
    return false;
}

/* int = [-+]? [0-9]+ | 0o [0-7]+ | 0x [0-9a-fA-F]+ */
static bool read_integer(const char *text, json_t **value)
{
    const char *start = text;
    int base = 10;
    if (text[0] == '0' && (text[1] == 'o' || text[1] == 'x')) {
        base = text[1] == 'o' ? 8 : 16;
        start += 2;
        if (!*start || start[strspn(start, base == 8 ? "01234567" : "0123456789abcdefABCDEF")])
            return false;
    } else {
        start += *text == '-' || *text == '+';
        if (!*start || start[digits(start)])
            return false;
        start = text;
    }
    errno = 0;
    long long number = strtoll(start, NULL, base);
    *value = errno ? NULL : json_integer(number);
    return true;
}

/* float = [-+]? ( "." [0-9]+ | [0-9]+ ( "." [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool read_real(const char *text, json_t **value)
{
    const char *at = text + (*text == '-' || *text == '+');
    size_t whole = digits(at), fraction = 0;
    at += whole;
    if (*at == '.') {
        fraction = digits(++at);
        at += fraction;
    }
    if (!whole && !fraction)
        return false;
    if (*at == 'e' || *at == 'E') {
        at++;
        at += *at == '-' || *at == '+';
        if (!digits(at))
            return false;
        at += digits(at);
    }
    if (*at)
        return false;
    *value = json_real(strtod(text, NULL));
    return true;
}

/* A plain scalar's value; NULL where it has none in JSON. */
static json_t *read_plain(const char *text, size_t length)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    static const char *const endless[] = {".inf",  ".Inf",  ".INF", "-.inf", "-.Inf", "-.INF", "+.inf",
                                          "+.Inf", "+.INF", ".nan", ".NaN",  ".NAN",  NULL};
    if (is_one_of(text, nulls))
        return json_null();
    if (is_one_of(text, trues))
        return json_true();
    if (is_one_of(text, falses))
        return json_false();
    if (is_one_of(text, endless))
        return NULL;
    json_t *number = NULL;
    if (read_integer(text, &number) || read_real(text, &number))
        return number;
    return json_stringn(text, length);
}

static json_t *read_scalar(struct reader *reader, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && strlen(text) == length;
    json_t *value = plain ? read_plain(text, length) : json_stringn(text, length);
    if (!value)
        refuse_at(reader, line_at(event->start_mark), "this number or text has no place in JSON");
    return value;
}

static bool is_bare(struct reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    case YAML_ALIAS_EVENT:
        anchor = event->data.alias.anchor;
        break;
    default:
        break;
    }
    if (anchor)
        return refuse_at(reader, line_at(event->start_mark), "anchors and aliases are not understood; use $ref");
    if (tag)
        return refuse_at(reader, line_at(event->start_mark), "tags are not understood");
    return true;
}

static json_t *read_node(struct reader *reader, const yaml_event_t *event, int line, int depth);

static bool read_sequence(struct reader *reader, json_t *array, int depth)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        int line = line_at(event.start_mark);
        json_t *item = end ? NULL : read_node(reader, &event, line, depth);
        yaml_event_delete(&event);
        if (!item)
            return end;
        notes_set(&reader->document->lines, array, part_of_item(json_array_size(array)), (uintptr_t)line);
        json_array_append_new(array, item);
    }
}

/* The value that follows a key. */
static json_t *read_value(struct reader *reader, int line, int depth)
{
    yaml_event_t event;
    if (!next_event(reader, &event))
        return NULL;
    json_t *value = read_node(reader, &event, line, depth);
    yaml_event_delete(&event);
    return value;
}

static bool read_member(struct reader *reader, json_t *object, const yaml_event_t *key, int depth)
{
    int line = line_at(key->start_mark);
    if (!is_bare(reader, key))
        return false;
    if (key->type != YAML_SCALAR_EVENT)
        return refuse_at(reader, line, "a key must be text");
    const char *name = (const char *)key->data.scalar.value;
    size_t length = key->data.scalar.length;
    if (strlen(name) != length)
        return refuse_at(reader, line, "a key must not hold a NUL");
    if (json_object_get(object, name))
        return fail(reader->error, ERROR_INVALID, "%s:%d: \"%s\" stands here twice; first in line %d", reader->document->name,
                    line, name, line_of_key(reader->document, object, name));
    json_t *value = read_value(reader, line, depth);
    if (!value)
        return false;
    notes_set(&reader->document->lines, object, part_of_key(name, length), (uintptr_t)line);
    return json_object_set_new(object, name, value) == 0 || refuse_at(reader, line, "this key is not UTF-8");
}

static bool read_mapping(struct reader *reader, json_t *object, int depth)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        bool end = event.type == YAML_MAPPING_END_EVENT;
        bool read = !end && read_member(reader, object, &event, depth);
        yaml_event_delete(&event);
        if (!read)
            return end;
    }
}

/* `line` is that of the node's key where it has one: it is what a reader looks for. */
static json_t *read_node(struct reader *reader, const yaml_event_t *event, int line, int depth)
{
    if (!is_bare(reader, event))
        return NULL;
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(reader, event);
    if (depth >= DOCUMENT_NESTING_MAX) {
        refuse_at(reader, line, "this is nested too deeply");
        return NULL;
    }
    bool mapping = event->type == YAML_MAPPING_START_EVENT;
    json_t *node = mapping ? json_object() : json_array();
    notes_set(&reader->document->lines, node, 0, (uintptr_t)line);
    if (mapping ? read_mapping(reader, node, depth + 1) : read_sequence(reader, node, depth + 1))
        return node;
    json_decref(node);
    return NULL;
}

/* Reads one event and says whether it is of that type. */
static bool pass_event(struct reader *reader, yaml_event_type_t type, const char *otherwise)
{
    yaml_event_t event;
    if (!next_event(reader, &event))
        return false;
    bool passed = event.type == type;
    int line = line_at(event.start_mark);
    yaml_event_delete(&event);
    return passed || refuse_at(reader, line, otherwise);
}

static bool read_document(struct reader *reader)
{
    if (!pass_event(reader, YAML_STREAM_START_EVENT, "this is not YAML") ||
        !pass_event(reader, YAML_DOCUMENT_START_EVENT, "the document is empty"))
        return false;
    reader->document->root = read_value(reader, 1, 0);
    return reader->document->root && pass_event(reader, YAML_DOCUMENT_END_EVENT, "the document goes on after its end") &&
           pass_event(reader, YAML_STREAM_END_EVENT, "a contract is one document");
}

bool document_read(struct document *document, struct slice yaml, struct error *error)
{
    struct reader reader = {.document = document, .error = error};
    if (!yaml_parser_initialize(&reader.parser))
        die("no memory for the contract");
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)(yaml.data ? yaml.data : ""), yaml.length);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    bool read = read_document(&reader);
    yaml_parser_delete(&reader.parser);
    return read;
}

int line_of(const struct document *document, const json_t *container)
{
    return (int)notes_get(&document->lines, container, 0);
}

int line_of_key(const struct document *document, const json_t *object, const char *key)
{
    return (int)notes_get(&document->lines, object, part_of_key(key, strlen(key)));
}

int line_of_item(const struct document *document, const json_t *array, size_t index)
{
    return (int)notes_get(&document->lines, array, part_of_item(index));
}
