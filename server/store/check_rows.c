/* Documents beside their rows: each column, and each row of the tables of children, is what the document says. Tables of children
 * are read in the order of their owners, side by side with them. */
#include <string.h>

#include "check_private.h"
#include "page_private.h"

enum { CHILDREN_MAX = 4 };

/* A table of children, and where in it we are. */
struct children_walk {
    const struct field *field; /* of the resource */
    const struct children *children;
    struct statement *statement;
    bool more, differs;
};

struct rows_walk {
    struct check *check;
    const struct record *record;
    struct children_walk children[CHILDREN_MAX];
    size_t children_count;
};

/* ---- statements ------------------------------------------------------------------------------------------- */

static bool has_column(const struct field *field)
{
    return field->type != FIELD_JSON && field->type != FIELD_CHILDREN;
}

static void add_columns(struct sql_text *text, const struct field *fields, size_t count)
{
    for (const struct field *field = fields; field < fields + count; field++) {
        if (field->type == FIELD_SLUG)
            sql_add(text, ", (SELECT slug FROM topic WHERE topic.id = \"%s\")", field->name);
        else if (has_column(field))
            sql_add(text, ", \"%s\"", field->name);
    }
}

static void rows_sql(struct sql_text *text, const struct record *record)
{
    sql_add(text, "SELECT document");
    add_columns(text, record->fields, record->field_count);
    sql_add(text, " FROM %s ORDER BY id", record->name);
}

static void children_sql(struct sql_text *text, const struct children *children)
{
    sql_add(text, "SELECT \"%s\"", children->owner);
    add_columns(text, children->fields, children->field_count);
    sql_add(text, " FROM %s ORDER BY \"%s\", position", children->table, children->owner);
}

/* The tables below a field: its own, or those of its items where they have none. */
static void each_children(const struct record *record,
                          void (*each)(void *to, const struct field *field, const struct children *children), void *to)
{
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        if (field->type != FIELD_CHILDREN || field->children->noun != NOUN_COUNT)
            continue;
        if (field->children->table)
            each(to, field, field->children);
        for (size_t i = 0; !field->children->table && i < field->children->field_count; i++) {
            if (field->children->fields[i].type == FIELD_CHILDREN)
                each(to, field, field->children->fields[i].children);
        }
    }
}

/* ---- comparing -------------------------------------------------------------------------------------------- */

static bool is_same(struct statement *statement, int column, const struct field *field, const json_t *value)
{
    if (!value || json_is_null(value))
        return statement_null(statement, column);
    if (statement_null(statement, column))
        return false;
    if (json_is_string(value))
        return slice_equal(statement_text(statement, column),
                           (struct slice){json_string_value(value), json_string_length(value)});
    if (json_is_boolean(value))
        return statement_int(statement, column) == json_is_true(value);
    return field->type == FIELD_REAL || (json_is_integer(value) && statement_int(statement, column) == json_integer_value(value));
}

/* The first field that differs, or NULL. */
static const char *difference(struct statement *statement, int column, const struct field *fields, size_t count,
                              const json_t *object)
{
    for (const struct field *field = fields; field < fields + count; field++) {
        if (!has_column(field))
            continue;
        if (!is_same(statement, column, field, json_is_object(object) ? json_object_get(object, field->name) : object))
            return field->name;
        column++;
    }
    return NULL;
}

static void compare_items(struct children_walk *walk, const json_t *items, int64_t owner)
{
    size_t index;
    json_t *item;
    json_array_foreach (items, index, item) {
        bool there = walk->more && statement_int(walk->statement, 0) == owner;
        if (!there || difference(walk->statement, 1, walk->children->fields, walk->children->field_count, item))
            walk->differs = true;
        if (there)
            walk->more = statement_next(walk->statement);
    }
}

static void compare_children(struct rows_walk *rows, struct children_walk *walk, const json_t *document, int64_t owner)
{
    const json_t *items = json_object_get(document, walk->field->name);
    walk->differs = false;
    while (walk->more && statement_int(walk->statement, 0) < owner)
        walk->more = statement_next(walk->statement); /* whose owner is not there: see check_references() */
    if (walk->field->children == walk->children) {
        compare_items(walk, items, owner);
    } else {
        size_t index;
        json_t *item;
        const char *name = walk->field->children->fields[walk->field->children->field_count - 1].name;
        json_array_foreach (items, index, item)
            compare_items(walk, json_object_get(item, name), owner);
    }
    for (; walk->more && statement_int(walk->statement, 0) == owner; walk->more = statement_next(walk->statement))
        walk->differs = true;
    if (walk->differs)
        check_found(rows->check, "%s %lld: its document and %s do not say the same", rows->record->name, (long long)owner,
                    walk->children->table);
}

static void compare_row(struct rows_walk *rows, struct statement *statement)
{
    const struct record *record = rows->record;
    struct slice text = statement_text(statement, 0);
    int64_t id = statement_int(statement, 1);
    json_t *document = json_loadb(text.data, text.length, 0, NULL);
    if (!json_is_object(document)) {
        check_found(rows->check, "%s %lld: its document is no JSON", record->name, (long long)id);
    } else {
        const char *name = difference(statement, 1, record->fields, record->field_count, document);
        if (name)
            check_found(rows->check, "%s %lld: its document and its column %s do not say the same", record->name, (long long)id,
                        name);
        for (size_t i = 0; i < rows->children_count; i++)
            compare_children(rows, &rows->children[i], document, id);
    }
    json_decref(document);
}

/* ---- walking ---------------------------------------------------------------------------------------------- */

static void open_children(void *to, const struct field *field, const struct children *children)
{
    struct rows_walk *rows = to;
    struct sql_text text = {.length = 0};
    if (rows->children_count == CHILDREN_MAX)
        die("more than %d tables of children: %s", CHILDREN_MAX, rows->record->name);
    children_sql(&text, children);
    struct children_walk *walk = &rows->children[rows->children_count++];
    *walk = (struct children_walk){.field = field, .children = children};
    walk->statement = check_ask(rows->check, text.data, NO_VALUES);
    walk->more = statement_next(walk->statement);
}

static void check_noun(struct check *check, enum noun noun)
{
    struct rows_walk rows = {.check = check, .record = record_of(noun)};
    struct sql_text text = {.length = 0};
    rows_sql(&text, rows.record);
    check_renew(check);
    check_step(check, "comparing documents with their rows", rows.record->name);
    each_children(rows.record, open_children, &rows);
    struct statement *statement = check_ask(check, text.data, NO_VALUES);
    while (statement_next(statement) && check_goes_on(check, statement_int(statement, 1)))
        compare_row(&rows, statement);
    check_end(check, statement);
    for (size_t i = 0; i < rows.children_count; i++)
        check_end(check, rows.children[i].statement);
}

void check_rows(struct check *check)
{
    for (enum noun noun = 0; noun < NOUN_COUNT && !check->error->kind; noun++)
        check_noun(check, noun);
}

struct looking {
    void (*each)(void *to, const char *sql);
    void *to;
};

static void show(void *to, const struct field *field, const struct children *children)
{
    const struct looking *looking = to;
    struct sql_text text = {.length = 0};
    (void)field;
    children_sql(&text, children);
    looking->each(looking->to, text.data);
}

void check_rows_statements(void (*each)(void *to, const char *sql), void *to)
{
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        struct sql_text text = {.length = 0};
        rows_sql(&text, record_of(noun));
        each(to, text.data);
        each_children(record_of(noun), show, &(struct looking){each, to});
    }
}
