/* JSON against its schema: every fault at once, each with its place and with what would be right. */
#include <string.h>

#include "contract_private.h"
#include "readout/buffer.h"
#include "readout/nearest.h"

enum { NAMES_MAX = 64, LISTED_MAX = 24 };

/* What is the same during one check. */
struct check {
    enum body_use use;
    const char *base;
    const char *parameter; /* NULL: a body is checked */
    struct faults *faults;
};

/* The way from the checked value to a part of it. */
struct place {
    const struct place *parent; /* NULL: the value itself */
    const char *key;            /* NULL: an item */
    size_t key_length, index;
};

/* ---- saying what is wrong ------------------------------------------------------------------------------------------------- */

static struct slice cut_at_character(struct slice word)
{
    if (word.length <= QUOTED_MAX)
        return word;
    word.length = QUOTED_MAX;
    while (word.length && ((unsigned char)word.data[word.length] & 0xc0) == 0x80)
        word.length--;
    return word;
}

const char *quoted(struct arena *arena, struct slice word)
{
    struct slice cut = cut_at_character(word);
    char *copy = arena_print(arena, "%.*s%s", SLICE_ARGS(cut), cut.length < word.length ? "…" : "");
    json_t *utf8 = json_string(copy);
    for (char *at = copy; !utf8 && *at; at++) {
        if ((unsigned char)*at >= 0x80)
            *at = '?';
    }
    json_decref(utf8);
    return copy;
}

static void add_list(struct buffer *out, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count && i < LISTED_MAX; i++)
        buffer_print(out, "%s%s", i ? ", " : "", names[i]);
    if (count > LISTED_MAX)
        buffer_add_text(out, ", …");
}

static const char *text_in(struct buffer *out)
{
    buffer_add_byte(out, '\0');
    return out->data;
}

const char *suggestion(struct arena *arena, struct slice word, const char *const *names, size_t count, const char *known)
{
    const char *near = word.length <= QUOTED_MAX ? nearest_name(word, names, count) : NULL;
    if (near)
        return arena_print(arena, "; did you mean \"%s\"?", near);
    if (!known || !count)
        return "";
    struct buffer out = buffer_in(arena, 256);
    buffer_print(&out, "; %s ", known);
    add_list(&out, names, count);
    return text_in(&out);
}

static void add_step(struct buffer *out, const struct place *place)
{
    if (!place->parent)
        return;
    add_step(out, place->parent);
    buffer_add_byte(out, '/');
    if (!place->key) {
        buffer_add_int(out, (int64_t)place->index);
        return;
    }
    struct slice key = cut_at_character((struct slice){place->key, place->key_length});
    for (size_t i = 0; i < key.length; i++) {
        if (key.data[i] == '~' || key.data[i] == '/')
            buffer_add_text(out, key.data[i] == '~' ? "~0" : "~1");
        else
            buffer_add_uri(out, (struct slice){key.data + i, 1});
    }
}

static const char *where_of(const struct check *check, const struct place *place)
{
    if (check->parameter)
        return check->parameter;
    struct buffer out = buffer_in(check->faults->arena, 64);
    buffer_add_text(&out, check->base);
    add_step(&out, place);
    return text_in(&out);
}

/* An item of a parameter's list has no place of its own, so the detail counts it. */
static void report(const struct check *check, const struct place *place, const char *code, const char *detail)
{
    struct faults *faults = check->faults;
    if (faults->count >= FAULTS_MAX) {
        faults->count++;
        return;
    }
    enum fault_place kind = check->parameter ? FAULT_PARAMETER : FAULT_POINTER;
    if (check->parameter && place->parent)
        fault_add(faults, kind, check->parameter, code, "item %zu %s", place->index + 1, detail);
    else
        fault_add(faults, kind, where_of(check, place), code, "%s", detail);
}

#define REPORT(check, place, code, ...) report(check, place, code, arena_print((check)->faults->arena, __VA_ARGS__))

/* "a string, a number or null" */
static const char *type_phrase(struct arena *arena, unsigned types)
{
    static const struct {
        unsigned type;
        const char *phrase;
    } phrases[] = {
        {TYPE_STRING, "a string"}, {TYPE_NUMBER, "a number"},  {TYPE_INTEGER, "an integer"}, {TYPE_BOOLEAN, "true or false"},
        {TYPE_ARRAY, "a list"},    {TYPE_OBJECT, "an object"}, {TYPE_NULL, "null"}};
    struct buffer out = buffer_in(arena, 64);
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if ((types & phrases[i].type) != phrases[i].type)
            continue;
        types &= ~phrases[i].type;
        buffer_print(&out, "%s%s", out.length == 0 ? "" : types ? ", " : " or ", phrases[i].phrase);
    }
    return text_in(&out);
}

static const char *actual_phrase(unsigned type)
{
    switch (type) {
    case TYPE_STRING:
        return "a string";
    case TYPE_INTEGER:
        return "a number";
    case TYPE_REAL:
        return "a number with a fraction";
    case TYPE_BOOLEAN:
        return "a boolean";
    case TYPE_ARRAY:
        return "a list";
    case TYPE_OBJECT:
        return "an object";
    default:
        return "null";
    }
}

/* ---- plain values --------------------------------------------------------------------------------------------------------- */

static const char *choice_text(struct arena *arena, const json_t *choice)
{
    if (json_is_string(choice))
        return json_string_value(choice);
    if (json_is_integer(choice))
        return arena_print(arena, "%lld", (long long)json_integer_value(choice));
    if (json_is_real(choice))
        return arena_print(arena, "%g", json_real_value(choice));
    if (json_is_boolean(choice))
        return json_is_true(choice) ? "true" : "false";
    return json_is_null(choice) ? "null" : "…";
}

static bool check_choices(const struct check *check, const struct schema *schema, const struct place *place, const json_t *value)
{
    if (schema->constant && !json_equal(schema->constant, value)) {
        REPORT(check, place, "enum", "must be %s", choice_text(check->faults->arena, schema->constant));
        return false;
    }
    if (!schema->choices)
        return true;
    struct arena *arena = check->faults->arena;
    const char *names[NAMES_MAX];
    size_t index, count = 0;
    json_t *choice;
    json_array_foreach (schema->choices, index, choice) {
        if (json_equal(choice, value))
            return true;
        if (count < NAMES_MAX)
            names[count++] = choice_text(arena, choice);
    }
    struct slice word = {json_string_value(value), json_string_length(value)};
    struct buffer list = buffer_in(arena, 128);
    add_list(&list, names, count);
    REPORT(check, place, "enum", "must be %s%s%s", count > 1 ? "one of " : "", text_in(&list),
           word.data ? suggestion(arena, word, names, count, NULL) : "");
    return false;
}

static size_t characters(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return count;
}

/* "1 to 200", "at least 1", "at most 200", "exactly 2" */
static const char *range_phrase(struct arena *arena, size_t least, size_t most)
{
    if (least == most)
        return arena_print(arena, "exactly %zu", least);
    if (most == SIZE_MAX)
        return least == 1 ? "one or more" : arena_print(arena, "at least %zu", least);
    if (least == 0)
        return arena_print(arena, "at most %zu", most);
    return arena_print(arena, "%zu to %zu", least, most);
}

static bool matches(const struct schema *schema, struct slice text)
{
    regmatch_t all = {.rm_so = 0, .rm_eo = (regoff_t)text.length};
    return regexec(schema->pattern, text.data, 1, &all, REG_STARTEND) == 0;
}

static void check_string(const struct check *check, const struct schema *schema, const struct place *place, const json_t *value)
{
    struct arena *arena = check->faults->arena;
    struct slice text = {json_string_value(value), json_string_length(value)};
    if (schema->min_length > 0 || schema->max_length != SIZE_MAX) {
        size_t length = characters(text);
        if (length < schema->min_length || length > schema->max_length) {
            REPORT(check, place, "length", "must be %s characters long, not %zu",
                   range_phrase(arena, schema->min_length, schema->max_length), length);
            return;
        }
    }
    if (schema->format && schema->format->holds && !schema->format->holds(text))
        REPORT(check, place, "format", "must be %s", schema->format->hint);
    else if (schema->pattern && !matches(schema, text))
        REPORT(check, place, "pattern", "must match %s", schema->pattern_text);
}

/* Less than 0, 0 or more, as the value is below, at or above the bound. */
static int compare(const json_t *value, const struct bound *bound)
{
    if (bound->whole && json_is_integer(value)) {
        long long number = json_integer_value(value);
        return (number > bound->integer) - (number < bound->integer);
    }
    double number = json_number_value(value);
    return (number > bound->real) - (number < bound->real);
}

static const char *bound_text(struct arena *arena, const struct bound *bound)
{
    return bound->whole ? arena_print(arena, "%lld", bound->integer) : arena_print(arena, "%.15g", bound->real);
}

static void check_number(const struct check *check, const struct schema *schema, const struct place *place, const json_t *value)
{
    const struct bound *minimum = &schema->minimum, *maximum = &schema->maximum;
    struct arena *arena = check->faults->arena;
    if (!(minimum->given && compare(value, minimum) < 0) && !(maximum->given && compare(value, maximum) > 0))
        return;
    if (minimum->given && maximum->given)
        REPORT(check, place, "range", "must be between %s and %s", bound_text(arena, minimum), bound_text(arena, maximum));
    else if (minimum->given)
        REPORT(check, place, "range", "must be at least %s", bound_text(arena, minimum));
    else
        REPORT(check, place, "range", "must be at most %s", bound_text(arena, maximum));
}

/* ---- lists and objects ---------------------------------------------------------------------------------------------------- */

static void check_value(const struct check *check, const struct schema *schema, const struct place *place, const json_t *value);

static void check_unique(const struct check *check, const struct place *place, const json_t *array)
{
    for (size_t i = 1; i < json_array_size(array); i++) {
        for (size_t j = 0; j < i; j++) {
            if (json_equal(json_array_get(array, i), json_array_get(array, j))) {
                REPORT(check, place, "unique", "must not repeat itself: items %zu and %zu are the same", j + 1, i + 1);
                return;
            }
        }
    }
}

static void check_array(const struct check *check, const struct schema *schema, const struct place *place, const json_t *array)
{
    size_t count = json_array_size(array);
    if (count < schema->min_items || count > schema->max_items)
        REPORT(check, place, "length", "must have %s items, not %zu",
               range_phrase(check->faults->arena, schema->min_items, schema->max_items), count);
    else if (schema->unique_items)
        check_unique(check, place, array);
    for (size_t i = 0; schema->items && i < count; i++) {
        struct place item = {.parent = place, .index = i};
        check_value(check, schema->items, &item, json_array_get(array, i));
    }
}

static void report_unknown(const struct check *check, const struct schema *schema, const struct place *place)
{
    struct arena *arena = check->faults->arena;
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < schema->property_count && count < NAMES_MAX; i++)
        names[count++] = schema->properties[i].name.data;
    struct slice key = {place->key, place->key_length};
    REPORT(check, place, "unknown", "\"%s\" is not a property of %s%s", quoted(arena, key),
           schema->name ? schema->name : "this object", suggestion(arena, key, names, count, "it has"));
}

static bool is_read_only(const struct schema *schema)
{
    return schema && (schema->read_only || is_read_only(schema->target));
}

static bool is_write_only(const struct schema *schema)
{
    return schema && (schema->write_only || is_write_only(schema->target));
}

static void check_member(const struct check *check, const struct schema *schema, const struct place *place, const json_t *value)
{
    const struct property *property = schema_property(schema, place->key, place->key_length);
    if (!property && schema->closed && check->faults->count < FAULTS_MAX)
        report_unknown(check, schema, place);
    else if (!property && schema->closed)
        check->faults->count++;
    else if (!property && schema->additional_schema)
        check_value(check, schema->additional_schema, place, value);
    if (!property)
        return;
    bool removes = check->use == BODY_PATCH && !place->parent->parent && json_is_null(value);
    if (check->use == BODY_REPLY && is_write_only(property->schema))
        REPORT(check, place, "unknown", "is write-only and must not be in a reply");
    else if (removes && property->required && !(property->schema->accepts & TYPE_NULL))
        REPORT(check, place, "required", "is required and cannot be removed");
    else if (!removes)
        check_value(check, property->schema, place, value);
}

static void check_required(const struct check *check, const struct schema *schema, const struct place *place,
                           const json_t *object)
{
    for (size_t i = 0; i < schema->required_count; i++) {
        const char *name = schema->required[i];
        if (json_object_get(object, name))
            continue;
        const struct property *property = schema_property(schema, name, strlen(name));
        const struct schema *of = property ? property->schema : NULL;
        struct place missing = {.parent = place, .key = name, .key_length = strlen(name)};
        if (check->use == BODY_REPLY ? !is_write_only(of) : !is_read_only(of))
            REPORT(check, &missing, "required", "is required");
    }
}

static void check_object(const struct check *check, const struct schema *schema, const struct place *place, const json_t *object)
{
    const char *key;
    size_t length;
    json_t *value;
    if (schema->property_count || schema->closed || schema->additional_schema) {
        json_object_keylen_foreach((json_t *)object, key, length, value)
        {
            struct place member = {.parent = place, .key = key, .key_length = length};
            check_member(check, schema, &member, value);
        }
    }
    if (check->use != BODY_PATCH || place->parent)
        check_required(check, schema, place, object);
}

/* ---- anyOf ---------------------------------------------------------------------------------------------------------------- */

/* Several plain branches that each find one fault are one fault: "must be a date …, or must be an instant …". */
static void report_together(const struct check *check, const struct place *place, const struct faults *tries, size_t count)
{
    struct buffer out = buffer_in(check->faults->arena, 128);
    const char *counted = ""; /* report() begins with it, here and in each try */
    if (check->parameter && place->parent)
        counted = arena_print(check->faults->arena, "item %zu ", place->index + 1);
    for (size_t i = 0; i < count; i++)
        buffer_print(&out, "%s%s", i ? ", or " : "", tries[i].items[0].detail + strlen(counted));
    report(check, place, tries[0].items[0].code, text_in(&out));
}

static void report_best(const struct check *check, const struct place *place, const struct faults *tries, size_t count)
{
    const char *where = where_of(check, place);
    size_t best = 0, here = 0;
    for (size_t i = 0; i < count; i++) {
        if (tries[i].count < tries[best].count)
            best = i;
        here += tries[i].count == 1 && strcmp(tries[i].items[0].where, where) == 0;
    }
    if (here == count) {
        report_together(check, place, tries, count);
        return;
    }
    for (size_t i = 0; i < tries[best].count && i < FAULTS_MAX; i++) {
        const struct fault *fault = &tries[best].items[i];
        fault_add(check->faults, fault->place, fault->where, fault->code, "%s", fault->detail);
    }
}

/* Only the branches of the value's type are looked at; with one of them its faults are reported as they are found. */
static void check_any_of(const struct check *check, const struct schema *schema, const struct place *place, const json_t *value)
{
    unsigned type = type_of(value);
    size_t fitting = 0, last = 0;
    for (size_t i = 0; i < schema->any_of_count; i++) {
        if (schema->any_of[i]->accepts & type) {
            fitting++;
            last = i;
        }
    }
    if (fitting == 1) {
        check_value(check, schema->any_of[last], place, value);
        return;
    }
    struct faults *tries = arena_zero(check->faults->arena, fitting * sizeof *tries);
    size_t tried = 0;
    for (size_t i = 0; i < schema->any_of_count; i++) {
        if (!(schema->any_of[i]->accepts & type))
            continue;
        struct check attempt = *check;
        attempt.faults = &tries[tried++];
        attempt.faults->arena = check->faults->arena;
        check_value(&attempt, schema->any_of[i], place, value);
        if (!attempt.faults->count)
            return;
    }
    report_best(check, place, tries, tried);
}

/* ---- one value ------------------------------------------------------------------------------------------------------------ */

static void check_value(const struct check *check, const struct schema *schema, const struct place *place, const json_t *value)
{
    unsigned type = type_of(value);
    schema = schema_behind(schema);
    if (!(schema->accepts & type)) {
        REPORT(check, place, "type", "must be %s, not %s", type_phrase(check->faults->arena, schema->accepts),
               actual_phrase(type));
        return;
    }
    if (!check_choices(check, schema, place, value))
        return;
    if (type == TYPE_STRING)
        check_string(check, schema, place, value);
    else if (type & TYPE_NUMBER)
        check_number(check, schema, place, value);
    else if (type == TYPE_ARRAY)
        check_array(check, schema, place, value);
    else if (type == TYPE_OBJECT)
        check_object(check, schema, place, value);
    if (schema->any_of_count)
        check_any_of(check, schema, place, value);
}

/* Whether the value has more levels of lists and objects than `levels`. */
static bool is_deeper(const json_t *value, int levels)
{
    const char *key;
    size_t index;
    json_t *part;
    if (!json_is_array(value) && !json_is_object(value))
        return false;
    if (levels == 0)
        return true;
    json_array_foreach (value, index, part) {
        if (is_deeper(part, levels - 1))
            return true;
    }
    json_object_foreach ((json_t *)value, key, part) {
        if (is_deeper(part, levels - 1))
            return true;
    }
    return false;
}

bool contract_check(const struct schema *schema, const json_t *value, enum body_use use, const char *base, struct faults *faults)
{
    size_t before = faults->count;
    struct place whole = {.parent = NULL};
    struct check check = {.use = use, .base = base, .faults = faults};
    if (is_deeper(value, BODY_NESTING_MAX))
        REPORT(&check, &whole, "depth", "is nested too deeply; at most %d levels of lists and objects", BODY_NESTING_MAX);
    else if (schema)
        check_value(&check, schema, &whole, value);
    return faults->count == before;
}

bool check_parameter_value(const struct schema *schema, const json_t *value, const char *parameter, struct faults *faults)
{
    size_t before = faults->count;
    struct place whole = {.parent = NULL};
    struct check check = {.use = BODY_CREATE, .base = "#", .parameter = parameter, .faults = faults};
    check_value(&check, schema, &whole, value);
    return faults->count == before;
}

/* ---- defaults ------------------------------------------------------------------------------------------------------------- */

static void fill_items(const struct schema *schema, json_t *array)
{
    size_t index;
    json_t *item;
    json_array_foreach (array, index, item) {
        contract_fill(schema, item);
    }
}

void contract_fill(const struct schema *schema, json_t *object)
{
    schema = schema_behind(schema);
    for (size_t i = 0; i < schema->property_count && json_is_object(object); i++) {
        const struct property *property = &schema->properties[i];
        const struct schema *behind = schema_behind(property->schema);
        const json_t *initial = property->schema->initial ? property->schema->initial : behind->initial;
        json_t *value = json_object_get(object, property->name.data);
        if (!value && initial && !is_read_only(property->schema))
            json_object_set_new(object, property->name.data, json_deep_copy(initial));
        else if (json_is_array(value) && behind->items)
            fill_items(behind->items, value);
        else if (json_is_object(value))
            contract_fill(behind, value);
    }
}
