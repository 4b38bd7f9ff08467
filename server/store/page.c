#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "page_private.h"
#include "reader_private.h"
#include "search_private.h"
#include "ways.h"

/* A page is one range of the first key's index. Where that key can be null there are two: the values, then the nulls; a page
 * may end in one and go on in the other. Nulls come last in both directions, so going backward they come first. Further keys
 * only settle ties. */

/* One range of a page. */
struct range {
    bool nulls;    /* those whose first key is null */
    bool backward; /* read the other way round */
    bool placed;   /* begins behind the place of the query */
};

static const struct list_sort *key_at(const struct list_query *query, size_t index)
{
    return &query->list->sorts[query->orders[index].sort];
}

static bool is_id(const struct list_sort *sort)
{
    return strcmp(sort->column, "id") == 0;
}

/* The column of the ids in the order of which the first key is read. */
static const char *id_of(const struct list_query *query)
{
    return sql_walks(query) ? "walked" : "id";
}

static bool falls(const struct list_query *query, struct range range, size_t index)
{
    return query->orders[index].descending != range.backward;
}

static bool id_falls(const struct list_query *query, struct range range)
{
    return falls(query, range, query->order_count - 1);
}

/* The $n of a key's value: those that are not null have one each, then the id. */
static unsigned value_place(const struct list_query *query, unsigned before, size_t index)
{
    unsigned place = before + 1;
    for (size_t i = 0; i < index; i++)
        place += query->place.values[i].data != NULL;
    return place;
}

/* The condition for what comes behind the place, as far as the keys from `index` on decide. */
static void add_behind(struct sql_text *text, const struct list_query *query, struct range range, unsigned before, size_t index)
{
    if (index == query->order_count || is_id(key_at(query, index))) {
        sql_add(text, "id %s $%u", id_falls(query, range) ? "<" : ">", value_place(query, before, index));
        return;
    }
    const struct list_sort *key = key_at(query, index);
    const char *than = falls(query, range, index) ? "<" : ">";
    unsigned value = value_place(query, before, index);
    if (query->place.values[index].data) {
        sql_add(text, "(%s %s $%u OR ", key->column, than, value);
        if (key->nullable && !range.backward)
            sql_add(text, "%s IS NULL OR ", key->column);
        sql_add(text, "(%s = $%u AND ", key->column, value);
    } else {
        sql_add(text, range.backward ? "(%s IS NOT NULL OR (%s IS NULL AND " : "((%s IS NULL AND ", key->column, key->column);
    }
    add_behind(text, query, range, before, index + 1);
    sql_add(text, "))");
}

/* Where a range begins. The first key's bound stands apart, so that its index finds the beginning. */
static void add_place(struct sql_text *text, const struct list_query *query, struct range range)
{
    const struct list_sort *first = key_at(query, 0);
    const char *than = falls(query, range, 0) ? "<" : ">";
    unsigned before = text->places, value = before + 1, last = value_place(query, before, query->order_count);
    sql_add(text, "\n  AND ");
    if (is_id(first)) {
        sql_add(text, "%s %s $%u", id_of(query), than, value);
    } else if (range.nulls) {
        add_behind(text, query, range, before, 1);
    } else if (query->order_count == 1) {
        sql_add(text, "(%s, id) %s ($%u, $%u)", first->column, than, value, last);
    } else {
        sql_add(text, "%s %s= $%u AND (%s %s $%u OR ", first->column, than, value, first->column, than, value);
        add_behind(text, query, range, before, 1);
        sql_add(text, ")");
    }
    text->places = last;
}

static void add_order(struct sql_text *text, const struct list_query *query, struct range range)
{
    sql_add(text, sql_walks(query) ? "\nGROUP BY walked\nORDER BY " : "\nORDER BY ");
    for (size_t i = 0; i < query->order_count; i++) {
        const struct list_sort *key = key_at(query, i);
        if (is_id(key) || (i == 0 && range.nulls))
            continue;
        if (i > 0 && key->nullable)
            sql_add(text, "%s IS NULL %s, ", key->column, range.backward ? "DESC" : "ASC");
        sql_add(text, "%s %s, ", key->column, falls(query, range, i) ? "DESC" : "ASC");
    }
    sql_add(text, "%s %s", id_of(query), id_falls(query, range) ? "DESC" : "ASC");
}

static void page_sql(struct sql_text *text, const struct list_query *query, struct range range)
{
    const struct list_sort *first = key_at(query, 0);
    sql_add(text, "SELECT id, document");
    for (size_t i = 0; i < query->order_count; i++)
        sql_add(text, ", %s", key_at(query, i)->column);
    sql_where(text, query);
    if (first->nullable)
        sql_add(text, "\n  AND %s IS %sNULL", first->column, range.nulls ? "" : "NOT ");
    if (range.placed)
        add_place(text, query, range);
    add_order(text, query, range);
    sql_add(text, "\nLIMIT $%u", ++text->places);
}

/* What tells one statement of a list from another: its filters, and how it is read. */
static uint64_t key_of(enum made made, const struct list_query *query, struct range range, bool exact)
{
    uint64_t how = (uint64_t)exact << 3 | (uint64_t)range.nulls << 2 | (uint64_t)range.backward << 1 | (uint64_t)range.placed;
    for (size_t i = 0; i < query->order_count; i++) {
        bool null = range.placed && !query->place.values[i].data;
        how = how << 8 | (uint64_t)query->orders[i].sort << 2 | (uint64_t)query->orders[i].descending << 1 | (uint64_t)null;
    }
    uint64_t hash = digest_quick(sql_filters_key(query), (struct slice){(const char *)&how, sizeof how});
    return made_key(made, query->list->noun, hash >> 40 & 0xff, hash & 0xffffffffff);
}

static void count_sql(struct sql_text *text, const struct list_query *query, bool exact)
{
    sql_add(text, exact              ? "SELECT count(*)"
                  : sql_walks(query) ? "SELECT count(*) FROM (SELECT DISTINCT walked"
                                     : "SELECT count(*) FROM (SELECT 1");
    sql_where(text, query);
    if (!exact)
        sql_add(text, "\nLIMIT %d) AS some", COUNT_CAP + 1);
}

static struct statement *page_statement(struct reader *reader, const struct list_query *query, struct range range)
{
    uint64_t key = key_of(MADE_LIST, query, range, false);
    struct statement *kept = engine_kept(reader->engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    page_sql(&text, query, range);
    return engine_keep(reader->engine, key, text.data);
}

/* The values of the place, in the order of value_place(). */
static size_t place_values(const struct list_query *query, struct datum *values)
{
    size_t count = 0;
    for (size_t i = 0; i < query->order_count; i++) {
        struct slice text = query->place.values[i];
        long long number = 0;
        if (!text.data || is_id(key_at(query, i)))
            continue;
        slice_to_int(text, &number);
        values[count++] = key_at(query, i)->numeric ? of_int(number) : of_slice(text);
    }
    values[count++] = of_int(query->place.id);
    return count;
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

static void read_row(struct reading *reading, struct statement *statement)
{
    size_t index = reading->page->count++;
    struct slice document = statement_document(statement, 1);
    struct place *place = &reading->places[index];
    if (index)
        buffer_add_byte(reading->items, ',');
    reading->offsets[index] = reading->items->length;
    buffer_add_slice(reading->items, document);
    reading->page->rows[index] = (struct row){.id = statement_int(statement, 0), .document = document};
    *place = (struct place){.given = true, .id = reading->page->rows[index].id};
    for (size_t i = 0; i < reading->query->order_count; i++) {
        if (!is_id(key_at(reading->query, i)))
            place->values[i] = arena_slice(reading->items->arena, statement_text(statement, 2 + (int)i));
    }
}

/* Reads at most `wanted` rows of a range behind those that the page has. */
static bool read_range(struct reading *reading, struct range range, size_t wanted, struct error *error)
{
    const struct list_query *query = reading->query;
    struct datum values[LIST_VALUES_MAX + SORT_KEYS_MAX + 2];
    size_t count = sql_values(query, values);
    if (range.placed)
        count += place_values(query, values + count);
    values[count++] = of_int((int64_t)wanted);

    struct statement *statement = page_statement(reading->reader, query, range);
    statement_run(statement, values, count);
    while (statement_next(statement))
        read_row(reading, statement);
    return statement_end(statement, error);
}

static bool read_ranges(struct reading *reading, bool backward, struct error *error)
{
    const struct list_query *query = reading->query;
    bool nullable = key_at(query, 0)->nullable, at_null = nullable && !query->place.values[0].data;
    size_t wanted = (size_t)query->limit + 1; /* one more tells whether there is more */
    for (int step = 0; step < (nullable ? 2 : 1); step++) {
        struct range range = {.nulls = nullable && (step == 1) != backward, .backward = backward};
        if (query->place.given && step == 0 && at_null != range.nulls)
            continue; /* the place lies in the other range */
        range.placed = query->place.given && at_null == range.nulls;
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

/* Whether more have the words of a filter than are looked at. */
static bool looks_at_all(struct reader *reader, const struct list_query *query, bool *all, struct error *error)
{
    *all = true;
    for (size_t i = 0; i < query->filter_count && *all; i++) {
        const struct list_use *use = &query->filters[i];
        if (query->list->filters[use->filter].type != FILTER_WORDS)
            continue;
        struct statement *statement = search_statement(reader->engine, SEARCH_COUNT, query->list->noun);
        statement_run(statement, VALUES(use->values[0], of_int(LIST_FOUND_MAX + 1)));
        if (statement_next(statement))
            *all = statement_int(statement, 0) <= LIST_FOUND_MAX;
        if (!statement_end(statement, error))
            return false;
    }
    return true;
}

static bool count_total(struct reader *reader, struct list_query *query, struct list_page *page, struct error *error)
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
    if (!ways_total(reader, query, &page->total, error) || !ways_choose(reader, query, exact ? WAYS_ALL : WAYS_CAPPED, error))
        return false;
    if (page->total >= 0)
        return true;
    uint64_t key = key_of(MADE_COUNT, query, (struct range){.nulls = false}, exact);
    struct statement *statement = engine_kept(reader->engine, key);
    if (!statement) {
        struct sql_text text = {.length = 0};
        count_sql(&text, query, exact);
        statement = engine_keep(reader->engine, key, text.data);
    }
    struct datum values[LIST_VALUES_MAX];
    statement_run(statement, values, sql_values(query, values));
    if (statement_next(statement))
        page->total = statement_int(statement, 0);
    if (!exact && page->total > COUNT_CAP) {
        page->total = COUNT_CAP;
        page->total_exact = false;
    }
    return statement_end(statement, error) && (!page->total_exact || looks_at_all(reader, query, &page->total_exact, error));
}

bool reader_list(struct reader *reader, const struct list_query *query, struct buffer *items, struct list_page *page,
                 struct error *error)
{
    size_t room = (size_t)query->limit + 1, start = items->length;
    bool backward = query->place.given && query->place.backward;
    *page = (struct list_page){.rows = arena_alloc(items->arena, room * sizeof *page->rows)};
    struct list_query own = *query; /* each part is gone about in its own way */
    struct reading reading = {reader, &own, items, page, arena_alloc(items->arena, room * sizeof(size_t)), NULL};
    reading.places = arena_alloc(items->arena, room * sizeof *reading.places);
    if (!ways_choose(reader, &own, WAYS_PAGE, error) || !read_ranges(&reading, backward, error) ||
        !count_total(reader, &own, page, error))
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

/* ---- every statement of every list, for the test of their plans ---------------------------------------------- */

static void each_range(struct list_query *query, void (*each)(void *to, const char *sql), void *to)
{
    for (unsigned bits = 0; bits < 8; bits++) {
        struct range range = {.nulls = bits & 1, .backward = bits & 2, .placed = bits & 4};
        struct sql_text text = {.length = 0};
        if (range.nulls && !key_at(query, 0)->nullable)
            continue;
        for (size_t i = 0; i < query->order_count; i++)
            query->place.values[i] = (i == 0 && range.nulls) || is_id(key_at(query, i)) ? NO_SLICE : SLICE("1");
        page_sql(&text, query, range);
        each(to, text.data);
    }
}

/* Each order, alone and with another to settle its ties. */
static void each_of_query(struct list_query *query, void (*each)(void *to, const char *sql), void *to)
{
    struct sql_text text = {.length = 0};
    for (int sort = 0; sort < (int)query->list->sort_count; sort++) {
        query->orders[0] = (struct list_order){.sort = sort};
        query->order_count = 1;
        each_range(query, each, to);
        query->orders[1] = (struct list_order){.sort = (int)query->list->sort_count - 1, .descending = true};
        query->order_count = sort > 0 && query->orders[1].sort != sort ? 2 : 1;
        if (query->order_count == 2)
            each_range(query, each, to);
    }
    if (query->filter_count) { /* without a filter the tally has the total */
        count_sql(&text, query, false);
        each(to, text.data);
    }
}

/* A filter through links, gone about in the other ways; the links alone are walked in the order of the ids. */
static void each_way(struct list_query *query, void (*each)(void *to, const char *sql), void *to)
{
    struct sql_text text = {.length = 0};
    query->filters[0].way = WAY_LOOK;
    each_of_query(query, each, to);
    query->filters[0].way = WAY_WALK;
    query->orders[0] = (struct list_order){.sort = 0};
    query->order_count = 1;
    if (query->filters[0].count == 1)
        each_range(query, each, to);
    count_sql(&text, query, false);
    each(to, text.data);
}

static void each_of_list(const struct list *list, void (*each)(void *to, const char *sql), void *to)
{
    static const struct datum values[4];
    static const enum comparison comparisons[] = {COMPARE_IS, COMPARE_FROM, COMPARE_BELOW};
    struct list_query query = {.list = list};
    if (list->noun < NOUN_RESOURCES) /* mentions and reports are only listed by what they belong to */
        each_of_query(&query, each, to);
    for (int filter = 0; filter < (int)list->filter_count; filter++) {
        bool plain = sql_is_plain(&list->filters[filter]);
        for (size_t i = 0; i < (plain ? sizeof comparisons / sizeof comparisons[0] : 1); i++) {
            query.filter_count = 0;
            list_query_filter(&query, filter, comparisons[i], values, 1);
            each_of_query(&query, each, to);
            if (sql_is_link(&list->filters[filter]))
                each_way(&query, each, to);
            query.filters[0].way = WAY_SEEK;
            if (plain && comparisons[i] == COMPARE_FROM)
                each_of_query(&query, each, to);
        }
        bool time = list->filters[filter].type == FILTER_TIME;
        for (size_t count = time ? 4 : 2; count; count = time ? count - 2 : 0) {
            query.filter_count = 0;
            list_query_filter(&query, filter, time ? COMPARE_WITHIN : COMPARE_IS, values, count);
            each_of_query(&query, each, to);
            if (sql_is_link(&list->filters[filter]))
                each_way(&query, each, to);
        }
    }
}

void store_statements(void (*each)(void *to, const char *sql), void *to)
{
    for (enum sql sql = SQL_PING; sql < SQL_COUNT; sql++)
        each(to, sql_text(sql));
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++)
        each_of_list(list_of(noun), each, to);
    expand_statements(each, to);
    facet_statements(each, to);
    ways_statements(each, to);
    timeline_statements(each, to);
    search_statements(each, to);
}
