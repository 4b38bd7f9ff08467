#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reader_private.h"

/* A page is one index range. Where the sort value can be null there are two: the values, then the nulls; a page may end in one
 * and go on in the other. Nulls come last in both directions, so going backward they come first. */

enum { SQL_SIZE = 4096 };

struct sql_text {
    char data[SQL_SIZE];
    size_t length;
    unsigned places; /* how many $n it has */
};

static void __attribute__((format(printf, 2, 3))) add(struct sql_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->data + text->length, sizeof text->data - text->length, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
    assert(text->length < sizeof text->data);
}

static void add_condition(struct sql_text *text, const char *condition)
{
    text->places++;
    add(text, "\n  AND ");
    for (const char *at = condition; *at; at++) {
        if (*at == '?')
            add(text, "$%u", text->places);
        else
            add(text, "%c", *at);
    }
}

static void add_where(struct sql_text *text, const struct list_query *query)
{
    add(text, " FROM %s\nWHERE %s", record_of(query->list->noun)->name, query->list->listed);
    for (size_t i = 0; i < query->filter_count; i++)
        add_condition(text, query->list->filters[query->filters[i].filter].condition);
}

/* One range of a page. */
struct range {
    bool nulls;      /* those whose sort value is null, by id */
    bool descending; /* as it is read: backward pages read the other way round */
    bool placed;     /* begins behind the place of the query */
};

static void page_sql(struct sql_text *text, const struct list_query *query, struct range range)
{
    const struct list_sort *sort = &query->list->sorts[query->sort];
    const char *direction = range.descending ? "DESC" : "ASC", *than = range.descending ? "<" : ">";
    bool by_id = strcmp(sort->column, "id") == 0;
    add(text, "SELECT id, document, %s", sort->column);
    add_where(text, query);
    if (!by_id && sort->nullable)
        add(text, "\n  AND %s IS %sNULL", sort->column, range.nulls ? "" : "NOT ");
    if (range.placed && (by_id || range.nulls))
        add(text, "\n  AND id %s $%u", than, ++text->places);
    else if (range.placed) {
        add(text, "\n  AND (%s, id) %s ($%u, $%u)", sort->column, than, text->places + 1, text->places + 2);
        text->places += 2;
    }
    if (by_id || range.nulls)
        add(text, "\nORDER BY id %s", direction);
    else
        add(text, "\nORDER BY %s %s, id %s", sort->column, direction, direction);
    add(text, "\nLIMIT $%u", ++text->places);
}

void list_query_filter(struct list_query *query, int filter, struct datum value)
{
    size_t at = query->filter_count++;
    assert(at < LIST_FILTERS_MAX);
    for (; at > 0 && query->filters[at - 1].filter > filter; at--)
        query->filters[at] = query->filters[at - 1];
    query->filters[at].filter = filter;
    query->filters[at].value = value;
}

/* What tells one statement of a list from another: its filters, a bit each, and how it is read. */
static uint64_t variant_of(const struct list_query *query, struct range range, bool exact)
{
    uint64_t filters = 0;
    for (size_t i = 0; i < query->filter_count; i++)
        filters |= (uint64_t)1 << query->filters[i].filter;
    return filters << 8 | (uint64_t)query->sort << 4 | (uint64_t)exact << 3 | (uint64_t)range.nulls << 2 |
           (uint64_t)range.descending << 1 | (uint64_t)range.placed;
}

static void count_sql(struct sql_text *text, const struct list_query *query, bool exact)
{
    add(text, exact ? "SELECT count(*)" : "SELECT count(*) FROM (SELECT 1");
    add_where(text, query);
    if (!exact)
        add(text, "\nLIMIT %d) AS some", COUNT_CAP + 1);
}

static struct statement *page_statement(struct reader *reader, const struct list_query *query, struct range range)
{
    uint64_t key = made_key(MADE_LIST, query->list->noun, 0, variant_of(query, range, false));
    struct statement *kept = engine_kept(reader->engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    page_sql(&text, query, range);
    return engine_keep(reader->engine, key, text.data);
}

static size_t filter_values(const struct list_query *query, struct datum *values)
{
    for (size_t i = 0; i < query->filter_count; i++)
        values[i] = query->filters[i].value;
    return query->filter_count;
}

static struct datum place_value(const struct list_query *query)
{
    long long number = 0;
    if (!query->list->sorts[query->sort].numeric)
        return of_slice(query->place.value);
    slice_to_int(query->place.value, &number);
    return of_int(number);
}

/* A page as it is being read. */
struct reading {
    struct reader *reader;
    const struct list_query *query;
    struct buffer *items;
    struct list_page *page;
    size_t *offsets; /* of each row's document in the items */
    struct place *places;
};

static void read_row(struct reading *reading, struct statement *statement, bool by_id)
{
    size_t index = reading->page->count++;
    struct slice document = statement_text(statement, 1);
    if (index)
        buffer_add_byte(reading->items, ',');
    reading->offsets[index] = reading->items->length;
    buffer_add_slice(reading->items, document);
    reading->page->rows[index] = (struct row){.id = statement_int(statement, 0), .document = document};
    reading->places[index] =
        (struct place){.given = true,
                       .null_value = statement_null(statement, 2),
                       .value = by_id ? NO_SLICE : arena_slice(reading->items->arena, statement_text(statement, 2)),
                       .id = reading->page->rows[index].id};
}

/* Reads at most `wanted` rows of a range behind those that the page has. */
static bool read_range(struct reading *reading, struct range range, size_t wanted, struct error *error)
{
    const struct list_query *query = reading->query;
    struct datum values[LIST_FILTERS_MAX + 3];
    size_t count = filter_values(query, values);
    bool by_id = strcmp(query->list->sorts[query->sort].column, "id") == 0;
    if (range.placed && !by_id && !range.nulls)
        values[count++] = place_value(query);
    if (range.placed)
        values[count++] = of_int(query->place.id);
    values[count++] = of_int((int64_t)wanted);

    struct statement *statement = page_statement(reading->reader, query, range);
    statement_run(statement, values, count);
    while (statement_next(statement))
        read_row(reading, statement, by_id);
    return statement_end(statement, error);
}

static bool read_ranges(struct reading *reading, bool backward, struct error *error)
{
    const struct list_query *query = reading->query;
    const struct list_sort *sort = &query->list->sorts[query->sort];
    struct range range = {.descending = query->descending != backward};
    size_t wanted = (size_t)query->limit + 1; /* one more tells whether there is more */
    for (int step = 0; step < (sort->nullable ? 2 : 1); step++) {
        range.nulls = sort->nullable && (step == 1) != backward;
        if (query->place.given && step == 0 && query->place.null_value != range.nulls)
            continue; /* the place lies in the other range */
        range.placed = query->place.given && query->place.null_value == range.nulls;
        if (!read_range(reading, range, wanted - reading->page->count, error))
            return false;
        if (reading->page->count == wanted)
            break;
    }
    return true;
}

/* The items lie still from here on: rows point into them. */
static void point_into_items(struct reading *reading)
{
    for (size_t i = 0; i < reading->page->count; i++)
        reading->page->rows[i].document.data = reading->items->data + reading->offsets[i];
}

/* A page that was read backward is turned round, the items too. */
static void reverse(struct reading *reading, size_t start)
{
    struct list_page *page = reading->page;
    struct buffer turned = buffer_in(reading->items->arena, reading->items->capacity);
    buffer_add(&turned, reading->items->data, start);
    for (size_t i = 0, j = page->count; i + 1 < j; i++) {
        j--;
        struct row row = page->rows[i];
        struct place place = reading->places[i];
        page->rows[i] = page->rows[j];
        reading->places[i] = reading->places[j];
        page->rows[j] = row;
        reading->places[j] = place;
    }
    for (size_t i = 0; i < page->count; i++) {
        if (i)
            buffer_add_byte(&turned, ',');
        reading->offsets[i] = turned.length;
        buffer_add_slice(&turned, page->rows[i].document);
    }
    *reading->items = turned;
    point_into_items(reading);
}

/* ---- totals ----------------------------------------------------------------------------------------------- */

static bool count_total(struct reader *reader, const struct list_query *query, struct list_page *page, struct error *error)
{
    bool exact = query->count == COUNT_EXACT;
    page->total = -1;
    if (query->count == COUNT_NONE)
        return true;
    page->total_exact = true;
    if (query->filter_count == 0) {
        page->total = reader->generation.live[query->list->noun];
        return true;
    }
    uint64_t key = made_key(MADE_COUNT, query->list->noun, 0, variant_of(query, (struct range){.nulls = false}, exact));
    struct statement *statement = engine_kept(reader->engine, key);
    if (!statement) {
        struct sql_text text = {.length = 0};
        count_sql(&text, query, exact);
        statement = engine_keep(reader->engine, key, text.data);
    }
    struct datum values[LIST_FILTERS_MAX];
    statement_run(statement, values, filter_values(query, values));
    if (statement_next(statement))
        page->total = statement_int(statement, 0);
    if (!exact && page->total > COUNT_CAP) {
        page->total = COUNT_CAP;
        page->total_exact = false;
    }
    return statement_end(statement, error);
}

bool reader_list(struct reader *reader, const struct list_query *query, struct buffer *items, struct list_page *page,
                 struct error *error)
{
    size_t room = (size_t)query->limit + 1, start = items->length;
    bool backward = query->place.given && query->place.backward;
    *page = (struct list_page){.rows = arena_alloc(items->arena, room * sizeof *page->rows)};
    struct reading reading = {reader, query, items, page, arena_alloc(items->arena, room * sizeof(size_t)), NULL};
    reading.places = arena_alloc(items->arena, room * sizeof *reading.places);
    if (!read_ranges(&reading, backward, error) || !count_total(reader, query, page, error))
        return false;
    bool more = page->count > (size_t)query->limit;
    if (more) {
        page->count--;
        items->length = reading.offsets[page->count] - 1; /* and its comma */
    }
    point_into_items(&reading);
    if (backward)
        reverse(&reading, start);
    page->more_after = backward ? page->count > 0 || query->place.given : more;
    page->more_before = backward ? more : query->place.given;
    if (page->count) {
        page->first = reading.places[0];
        page->last = reading.places[page->count - 1];
    }
    return true;
}

/* ---- expansions ------------------------------------------------------------------------------------------- */

enum { IDS_SMALL = 1, IDS_MIDDLE = 50, IDS_LARGE = 500 };

static void expand_sql(struct sql_text *text, const struct expansion *expansion, size_t size)
{
    const char *place = strstr(expansion->sql, "%s");
    add(text, "%.*s", (int)(place - expansion->sql), expansion->sql);
    for (size_t n = 1; n <= size; n++)
        add(text, "%s$%zu", n > 1 ? "," : "", n);
    add(text, "%s", place + 2);
}

/* Statements are kept for three sizes of the list of ids; what is missing is filled up with the last id. */
static struct statement *expand_statement(struct reader *reader, const struct list *list, int expansion, size_t size)
{
    uint64_t key = made_key(MADE_EXPAND, list->noun, (unsigned)expansion, size);
    struct statement *kept = engine_kept(reader->engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    expand_sql(&text, &list->expansions[expansion], size);
    return engine_keep(reader->engine, key, text.data);
}

struct splice {
    struct buffer out;
    bool open; /* something was put in already */
};

static void splice_add(struct splice *splice, const struct expansion *expansion, const struct row *row, struct slice value)
{
    if (!splice->open) {
        splice->out = buffer_in(splice->out.arena, row->document.length + value.length + 64);
        buffer_add(&splice->out, row->document.data, row->document.length - 1);
        buffer_print(&splice->out, expansion->shape == EXPAND_MANY ? ",\"%s\":[" : ",\"%s\":", expansion->name);
    } else {
        buffer_add_byte(&splice->out, ',');
    }
    splice->open = true;
    if (expansion->shape == EXPAND_TEXT)
        buffer_add_json(&splice->out, value);
    else
        buffer_add_slice(&splice->out, value);
}

static struct slice splice_close(struct splice *splice, const struct expansion *expansion, const struct row *row)
{
    if (!splice->open) {
        splice->out = buffer_in(splice->out.arena, row->document.length + 64);
        buffer_add(&splice->out, row->document.data, row->document.length - 1);
        buffer_print(&splice->out, ",\"%s\":%s", expansion->name, expansion->shape == EXPAND_MANY ? "[" : "null");
    }
    buffer_add_text(&splice->out, expansion->shape == EXPAND_MANY ? "]}" : "}");
    return buffer_slice(&splice->out);
}

static size_t row_of(const struct row *rows, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].id == id)
            return i;
    }
    return count;
}

bool reader_expand(struct reader *reader, const struct list *list, int expansion, struct row *rows, size_t count,
                   struct arena *arena, struct error *error)
{
    if (count == 0)
        return true;
    assert(count <= IDS_LARGE);
    size_t size = count <= IDS_SMALL ? IDS_SMALL : count <= IDS_MIDDLE ? IDS_MIDDLE : IDS_LARGE;
    struct datum ids[IDS_LARGE];
    struct splice *splices = arena_zero(arena, count * sizeof *splices);
    for (size_t i = 0; i < size; i++)
        ids[i] = of_int(rows[i < count ? i : count - 1].id);
    for (size_t i = 0; i < count; i++)
        splices[i].out.arena = arena;

    struct statement *statement = expand_statement(reader, list, expansion, size);
    statement_run(statement, ids, size);
    size_t at = 0;
    while (statement_next(statement)) {
        int64_t id = statement_int(statement, 0);
        if (rows[at].id != id)
            at = row_of(rows, count, id);
        assert(at < count);
        splice_add(&splices[at], &list->expansions[expansion], &rows[at], statement_text(statement, 1));
    }
    for (size_t i = 0; i < count; i++)
        rows[i].document = splice_close(&splices[i], &list->expansions[expansion], &rows[i]);
    return statement_end(statement, error);
}

/* ---- every statement of every list, for the test of their plans ---------------------------------------------- */

static void each_range(const struct list_query *query, void (*each)(void *to, const char *sql), void *to)
{
    for (unsigned bits = 0; bits < 8; bits++) {
        struct range range = {.nulls = bits & 1, .descending = bits & 2, .placed = bits & 4};
        struct sql_text text = {.length = 0};
        if (range.nulls && !query->list->sorts[query->sort].nullable)
            continue;
        page_sql(&text, query, range);
        each(to, text.data);
    }
}

static void each_of_list(const struct list *list, void (*each)(void *to, const char *sql), void *to)
{
    for (int filter = -1; filter < (int)list->filter_count; filter++) {
        struct list_query query = {.list = list};
        struct sql_text text = {.length = 0};
        if (filter >= 0)
            list_query_filter(&query, filter, of_int(0));
        else if (list->noun >= NOUN_RESOURCES)
            continue; /* mentions and reports are only listed by what they belong to */
        for (query.sort = 0; query.sort < (int)list->sort_count; query.sort++)
            each_range(&query, each, to);
        if (filter >= 0) { /* without a filter the tally has the total */
            count_sql(&text, &query, false);
            each(to, text.data);
        }
    }
    for (size_t i = 0; i < list->expansion_count; i++) {
        struct sql_text text = {.length = 0};
        expand_sql(&text, &list->expansions[i], IDS_MIDDLE);
        each(to, text.data);
    }
}

void store_statements(void (*each)(void *to, const char *sql), void *to)
{
    for (enum sql sql = SQL_PING; sql < SQL_COUNT; sql++)
        each(to, sql_text(sql));
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++)
        each_of_list(list_of(noun), each, to);
}
