/* CSV (RFC 4180): a row for each document, with the same columns in the same order whatever is in it. An object takes a column
 * for each of its properties ("speaker.name"), an array of words one cell, with semicolons; other arrays are JSON in a cell. */
#include <string.h>

#include "formats_private.h"

struct row {
    struct buffer *out;
    bool begun;
};

static bool needs_quotes(struct slice text)
{
    if (text.length && (text.data[0] == ' ' || text.data[text.length - 1] == ' '))
        return true;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"' || text.data[i] == ',' || text.data[i] == '\r' || text.data[i] == '\n')
            return true;
    }
    return false;
}

static void add_cell(struct row *row, struct slice text)
{
    if (row->begun)
        buffer_add_byte(row->out, ',');
    row->begun = true;
    if (!needs_quotes(text)) {
        buffer_add(row->out, text.data ? text.data : "", text.length);
        return;
    }
    buffer_add_byte(row->out, '"');
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '"')
            buffer_add_byte(row->out, '"');
        buffer_add_byte(row->out, text.data[i]);
    }
    buffer_add_byte(row->out, '"');
}

/* ---- values ----------------------------------------------------------------------------------------------- */

static bool is_word(const json_t *value)
{
    return json_is_integer(value) || (json_is_string(value) && !strchr(json_string_value(value), ';'));
}

static bool are_words(const json_t *array)
{
    size_t index;
    json_t *item;
    json_array_foreach (array, index, item) {
        if (!is_word(item))
            return false;
    }
    return true;
}

static void add_text(struct buffer *text, const json_t *value)
{
    if (json_is_string(value))
        buffer_add(text, json_string_value(value), json_string_length(value));
    else if (value && !json_is_null(value))
        add_json_value(text, value);
}

/* What spreadsheets take for a formula, and would carry out. */
static bool begins_formula(struct slice text)
{
    return text.length && memchr("=+-@\t\r", text.data[0], 6);
}

static void add_value(const struct rendering *rendering, struct row *row, const json_t *value)
{
    struct slice plain = {json_string_value(value), json_string_length(value)};
    bool guarded = rendering->guards_formulas && plain.data && begins_formula(plain);
    if (plain.data && !guarded) {
        add_cell(row, plain);
        return;
    }
    struct buffer text = buffer_in(rendering->arena, 32);
    buffer_add_text(&text, guarded ? "'" : "");
    size_t index;
    json_t *item;
    if (!json_is_array(value) || !are_words(value)) {
        add_text(&text, value);
    } else {
        json_array_foreach (value, index, item) {
            buffer_add_text(&text, index ? ";" : "");
            add_text(&text, item);
        }
    }
    add_cell(row, buffer_slice(&text));
}

/* ---- columns ---------------------------------------------------------------------------------------------- */

/* Without a document it is the header. */
static void add_column(const struct rendering *rendering, struct row *row, const char *group, const char *name,
                       const json_t *document)
{
    if (document)
        add_value(rendering, row, json_object_get(document, name));
    else
        add_cell(row, slice_of(group ? arena_print(rendering->arena, "%s.%s", group, name) : name));
}

/* These hold one span and not a list of them. */
static bool is_one_span(const struct field *field)
{
    return (field->flags & FIELD_SPAN) && (strcmp(field->name, "source") == 0 || strcmp(field->name, "cue") == 0);
}

static void add_span(const struct rendering *rendering, struct row *row, const char *name, const json_t *document)
{
    static const char *const parts[] = {"start", "end", "text"};
    const json_t *span = document ? json_object_get(document, name) : NULL;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        add_column(rendering, row, name, parts[i], document && !span ? json_null() : span);
}

/* Without `fields`, all are wanted. */
static bool is_wanted(const struct rendering *rendering, const char *name)
{
    for (size_t i = 0; i < rendering->chosen_count; i++) {
        if (slice_is(rendering->chosen[i], name))
            return true;
    }
    return !rendering->chosen;
}

static void add_columns(const struct rendering *rendering, struct row *row, enum noun noun, const char *group,
                        const json_t *document)
{
    const struct record *record = record_of(noun);
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        if (field == record_apart(record) || (!group && !is_wanted(rendering, field->name)))
            continue;
        if (!group && is_one_span(field))
            add_span(rendering, row, field->name, document);
        else
            add_column(rendering, row, group, field->name, document);
    }
}

/* What stands at "speaker" or "speaker.affiliation"; null where there is nothing. */
static const json_t *value_at(const struct rendering *rendering, const json_t *document, const char *path)
{
    struct slice rest = slice_of(path);
    while (rest.data && document) {
        struct slice name = slice_cut(&rest, '.');
        document = json_object_get(document, arena_copy(rendering->arena, name.data, name.length));
    }
    return document ? document : json_null();
}

static void add_row(const struct rendering *rendering, const json_t *document, struct buffer *out)
{
    struct row row = {.out = out};
    for (const char *const *column = rendering->columns; column && *column; column++) {
        if (document)
            add_value(rendering, &row, value_at(rendering, document, *column));
        else
            add_cell(&row, slice_of(*column));
    }
    if (!rendering->columns)
        add_columns(rendering, &row, rendering->noun, NULL, document);
    for (size_t i = 0; i < rendering->expanded_count; i++) {
        const struct expanded *expanded = &rendering->expanded[i];
        const json_t *value = document ? value_at(rendering, document, expanded->name) : NULL;
        if (expanded->noun != NOUN_COUNT)
            add_columns(rendering, &row, expanded->noun, expanded->name, value);
        else if (value)
            add_value(rendering, &row, value);
        else
            add_cell(&row, slice_of(expanded->name));
    }
    buffer_add_text(out, "\r\n");
}

void table_begin(struct rendering *rendering, struct buffer *out)
{
    add_row(rendering, NULL, out);
}

void table_add(struct rendering *rendering, const json_t *document, struct buffer *out)
{
    add_row(rendering, document, out);
}
