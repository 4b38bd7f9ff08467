#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "support/harness.h"

enum { SHOWN_MAX = 6000 };

void fail_with(struct answer answer, const char *here, const char *format, ...)
{
    char sentence[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    int shown = answer.body.length < SHOWN_MAX ? (int)answer.body.length : SHOWN_MAX;
    cr_assert_fail("%s: %s\n%s %s\n%.*s%.*s", here, sentence, answer.method, answer.path, SLICE_ARGS(answer.headers), shown,
                   shown ? answer.body.data : "");
}

/* ---- finding ------------------------------------------------------------------------------------------------------------ */

const char *header_of(struct answer answer, const char *name)
{
    struct slice rest = answer.headers;
    while (rest.data) {
        struct slice line = slice_cut(&rest, '\n');
        struct slice value = line;
        struct slice key = slice_cut(&value, ':');
        if (!value.data || !slice_equal_fold(key, slice_of(name)))
            continue;
        if (slice_ends(value, "\r"))
            value.length--;
        value = slice_trim(value);
        return arena_copy(test_arena(), value.data, value.length);
    }
    return NULL;
}

static json_t *walk(json_t *value, const char *path)
{
    struct slice rest = slice_of(path);
    if (!*path)
        return value;
    while (value && rest.data) {
        struct slice step = slice_cut(&rest, '.');
        const char *name = arena_copy(test_arena(), step.data, step.length);
        long long index = -1;
        if (json_is_array(value))
            value = slice_to_int(step, &index) && index >= 0 ? json_array_get(value, (size_t)index) : NULL;
        else
            value = json_object_get(value, name);
    }
    return value;
}

json_t *value_at(struct answer answer, const char *path)
{
    return walk(answer.json, path);
}

static json_t *found(struct answer answer, const char *path, const char *here)
{
    json_t *value = value_at(answer, path);
    if (!value)
        fail_with(answer, here, "there is no \"%s\"", path);
    return value;
}

long long int_found(struct answer answer, const char *path, const char *here)
{
    json_t *value = found(answer, path, here);
    if (!json_is_integer(value))
        fail_with(answer, here, "\"%s\" is no integer", path);
    return json_integer_value(value);
}

const char *text_found(struct answer answer, const char *path, const char *here)
{
    json_t *value = found(answer, path, here);
    if (!json_is_string(value))
        fail_with(answer, here, "\"%s\" is no string", path);
    return json_string_value(value);
}

size_t count_found(struct answer answer, const char *path, const char *here)
{
    json_t *value = found(answer, path, here);
    if (!json_is_array(value))
        fail_with(answer, here, "\"%s\" is no array", path);
    return json_array_size(value);
}

/* ---- expecting ---------------------------------------------------------------------------------------------------------- */

void check_status(struct answer answer, int status, const char *here)
{
    if (answer.status != status)
        fail_with(answer, here, "expected status %d, got %d", status, answer.status);
}

void check_text(struct answer answer, const char *path, const char *text, const char *here)
{
    const char *value = text_found(answer, path, here);
    if (strcmp(value, text) != 0)
        fail_with(answer, here, "expected \"%s\" to be \"%s\", got \"%s\"", path, text, value);
}

void check_int(struct answer answer, const char *path, long long number, const char *here)
{
    long long value = int_found(answer, path, here);
    if (value != number)
        fail_with(answer, here, "expected \"%s\" to be %lld, got %lld", path, number, value);
}

void check_absent(struct answer answer, const char *path, const char *here)
{
    if (value_at(answer, path))
        fail_with(answer, here, "expected no \"%s\"", path);
}

/* Fails unless `value` equals the JSON of `quoted`. */
static void check_equal(struct answer answer, const char *path, json_t *value, const char *quoted, const char *here)
{
    struct slice text = json_of(quoted);
    json_t *wanted = json_loadb(text.data, text.length, JSON_DECODE_ANY, NULL);
    cr_assert(wanted, "%s: the test's own JSON is malformed: %s", here, quoted);
    bool equal = json_equal(wanted, value);
    json_decref(wanted);
    if (equal)
        return;
    char *got = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *copy = at("%s", got ? got : "nothing");
    free(got);
    fail_with(answer, here, "expected \"%s\" to be %s, got %s", path, text.data, copy);
}

void check_json(struct answer answer, const char *path, const char *quoted, const char *here)
{
    check_equal(answer, path, found(answer, path, here), quoted, here);
}

void check_count(struct answer answer, const char *path, size_t count, const char *here)
{
    size_t value = count_found(answer, path, here);
    if (value != count)
        fail_with(answer, here, "expected %zu in \"%s\", got %zu", count, path, value);
}

void check_each(struct answer answer, const char *path, const char *property, const char *quoted, const char *here)
{
    json_t *array = found(answer, path, here), *item, *values = json_array();
    size_t index;
    json_array_foreach (array, index, item) {
        json_t *value = walk(item, property);
        json_array_append(values, value ? value : json_null());
    }
    struct slice text = json_of(quoted);
    json_t *wanted = json_loadb(text.data, text.length, 0, NULL);
    bool equal = json_equal(wanted, values);
    json_decref(wanted);
    char *dumped = json_dumps(values, JSON_COMPACT);
    const char *got = at("%s", dumped);
    free(dumped);
    json_decref(values);
    if (!equal)
        fail_with(answer, here, "expected each \"%s\" of \"%s\" to be %s, got %s", property, path, text.data, got);
}

void check_header(struct answer answer, const char *name, const char *value, const char *here)
{
    const char *got = header_of(answer, name);
    if (!got || strcmp(got, value) != 0)
        fail_with(answer, here, "expected the header %s: %s, got %s", name, value, got ? got : "none");
}

void check_header_has(struct answer answer, const char *name, const char *part, const char *here)
{
    const char *got = header_of(answer, name);
    if (!got || !strstr(got, part))
        fail_with(answer, here, "expected %s in the header %s, got %s", part, name, got ? got : "none");
}

void check_no_header(struct answer answer, const char *name, const char *here)
{
    if (header_of(answer, name))
        fail_with(answer, here, "expected no header %s", name);
}

void check_body_has(struct answer answer, const char *part, const char *here)
{
    if (!memmem(answer.body.data ? answer.body.data : "", answer.body.length, part, strlen(part)))
        fail_with(answer, here, "expected the body to have: %s", part);
}

void check_problem(struct answer answer, int status, const char *code, const char *here)
{
    check_status(answer, status, here);
    check_text(answer, "code", code, here);
}

/* The first fault at `where` with that code (NULL: any). */
static json_t *fault_at(struct answer answer, const char *where, const char *code)
{
    static const char *const places[] = {"pointer", "parameter", "header"};
    json_t *fault;
    size_t index;
    json_array_foreach (value_at(answer, "errors"), index, fault) {
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
            const char *place = json_string_value(json_object_get(fault, places[i]));
            const char *its = json_string_value(json_object_get(fault, "code"));
            if (place && its && strcmp(place, where) == 0 && (!code || strcmp(its, code) == 0))
                return fault;
        }
    }
    return NULL;
}

void check_fault(struct answer answer, const char *where, const char *code, const char *here)
{
    if (!fault_at(answer, where, code))
        fail_with(answer, here, "expected an error at %s with the code %s", where, code ? code : "(any)");
}

void check_fault_says(struct answer answer, const char *where, const char *words, const char *here)
{
    const char *detail = json_string_value(json_object_get(fault_at(answer, where, NULL), "detail"));
    if (!detail || !strstr(detail, words))
        fail_with(answer, here, "expected the error at %s to say: %s", where, words);
}

void check_same_body(struct answer a, struct answer b, const char *here)
{
    if (!slice_equal(a.body, b.body))
        fail_with(b, here, "expected the same body as %s %s gave:\n%.*s\n", a.method, a.path, SLICE_ARGS(a.body));
}
