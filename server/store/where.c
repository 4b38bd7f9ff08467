#include <assert.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "page_private.h"

void sql_add(struct sql_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->data + text->length, sizeof text->data - text->length, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
    assert(text->length < sizeof text->data);
}

/* ---- filters ---------------------------------------------------------------------------------------------------- */

/* A statement is kept for each number of values, so lists of them are filled up to the next power of two. */
static size_t filled_up(size_t count)
{
    size_t size = count ? 1 : 0;
    while (size < count)
        size *= 2;
    return size;
}

bool list_query_filter(struct list_query *query, int filter, enum comparison comparison, const struct datum *values, size_t count)
{
    size_t all = filled_up(count);
    for (size_t i = 0; i < query->filter_count; i++)
        all += filled_up(query->filters[i].count);
    if (query->filter_count == LIST_FILTERS_MAX || all > LIST_VALUES_MAX)
        return false;
    query->filters[query->filter_count++] = (struct list_use){filter, comparison, values, count, WAY_GATHER};
    return true;
}

static bool is_ranges(const struct list_use *use)
{
    return use->comparison == COMPARE_WITHIN || use->comparison == COMPARE_OUTSIDE;
}

/* "id @ (SELECT column FROM table WHERE condition)", taken apart. */
struct link {
    struct slice column, table, condition;
};

/* Of one table alone: how SQLite would go about a join behind EXISTS nobody knows. */
static bool link_of(const struct list_filter *filter, struct link *link)
{
    static const char head[] = "id @ (SELECT ", from[] = " FROM ", where[] = " WHERE ";
    if (strncmp(filter->condition, head, sizeof head - 1) != 0)
        return false;
    const char *column = filter->condition + sizeof head - 1, *table = strstr(column, from), *condition = strstr(column, where);
    if (!table || !condition || condition < table)
        return false;
    link->column = (struct slice){column, (size_t)(table - column)};
    table += sizeof from - 1;
    link->table = (struct slice){table, (size_t)(condition - table)};
    condition += sizeof where - 1;
    link->condition = (struct slice){condition, strlen(condition) - 1}; /* without the last bracket */
    return !memchr(table, ' ', link->table.length) && !memchr(table, '\n', link->table.length);
}

bool sql_is_link(const struct list_filter *filter)
{
    return link_of(filter, &(struct link){.column = NO_SLICE});
}

bool sql_is_plain(const struct list_filter *filter)
{
    const char *space = strchr(filter->condition, ' ');
    return space && strcmp(space, " ?") == 0;
}

/* ---- as SQL ----------------------------------------------------------------------------------------------------- */

static void add_comparison(struct sql_text *text, const struct list_use *use, unsigned first, bool inside)
{
    static const char *const signs[] = {
        [COMPARE_ABOVE] = ">", [COMPARE_FROM] = ">=", [COMPARE_BELOW] = "<", [COMPARE_UNTIL] = "<="};
    size_t size = filled_up(use->count);
    if (use->comparison == COMPARE_NULL || use->comparison == COMPARE_SET) {
        sql_add(text, use->comparison == COMPARE_NULL ? "IS NULL" : "IS NOT NULL");
    } else if (use->comparison == COMPARE_IS_NOT && !inside) {
        sql_add(text, "IS DISTINCT FROM $%u", first);
    } else if (use->comparison != COMPARE_IS && use->comparison != COMPARE_IS_NOT) {
        sql_add(text, "%s $%u", signs[use->comparison], first);
    } else if (size == 1) {
        sql_add(text, "= $%u", first);
    } else {
        for (size_t i = 0; i < size; i++)
            sql_add(text, "%s$%u", i ? ", " : "IN (", first + (unsigned)i);
        sql_add(text, ")");
    }
}

/* Of a column alone. */
static void add_ranges(struct sql_text *text, const struct list_filter *filter, const struct list_use *use, unsigned first)
{
    int length = (int)strcspn(filter->condition, " ");
    const char *column = filter->condition;
    bool outside = use->comparison == COMPARE_OUTSIDE;
    if (outside)
        sql_add(text, "(%.*s IS NULL OR NOT ", length, column);
    for (unsigned i = 0; i < filled_up(use->count); i += 2)
        sql_add(text, "%s(%.*s >= $%u AND %.*s < $%u)", i ? " OR " : "(", length, column, first + i, length, column,
                first + i + 1);
    sql_add(text, outside ? "))" : ")");
}

/* A condition as lists.c has it. `inside`: of a subquery, whose own NOT IN says whether it is there. */
static void add_text(struct sql_text *text, struct slice condition, const struct list_use *use, unsigned first, bool inside)
{
    bool sets = use->comparison == COMPARE_IS || use->comparison == COMPARE_IS_NOT;
    for (size_t i = 0; i < condition.length; i++) {
        if (condition.data[i] == '?')
            add_comparison(text, use, first, inside);
        else if (condition.data[i] == '@')
            sql_add(text, use->comparison == COMPARE_IS_NOT ? "NOT IN" : "IN");
        else if (condition.data[i] == '~')
            sql_add(text, sets && filled_up(use->count) == 1 ? "=" : "IN");
        else
            sql_add(text, "%c", condition.data[i]);
    }
}

static void add_condition(struct sql_text *text, const struct list *list, const struct list_use *use, unsigned first)
{
    const struct list_filter *filter = &list->filters[use->filter];
    struct link link;
    sql_add(text, "\n  AND ");
    if (is_ranges(use)) {
        add_ranges(text, filter, use, first);
    } else if (use->way == WAY_LOOK && link_of(filter, &link)) {
        sql_add(text, "%sEXISTS (SELECT 1 FROM %.*s WHERE %.*s = %s.id AND ", use->comparison == COMPARE_IS_NOT ? "NOT " : "",
                SLICE_ARGS(link.table), SLICE_ARGS(link.column), record_of(list->noun)->name);
        add_text(text, link.condition, use, first, true);
        sql_add(text, ")");
    } else if (use->way == WAY_SEEK) {
        sql_add(text, "id IN (SELECT id FROM %s WHERE %s AND ", record_of(list->noun)->name, list->listed);
        add_text(text, slice_of(filter->condition), use, first, false);
        sql_add(text, ")");
    } else {
        if (use->way == WAY_LOOK)
            sql_add(text, "+"); /* keeps the column's index out of it */
        add_text(text, slice_of(filter->condition), use, first, strchr(filter->condition, '@') != NULL);
    }
}

bool sql_walks(const struct list_query *query)
{
    for (size_t i = 0; i < query->filter_count; i++) {
        if (query->filters[i].way == WAY_WALK)
            return true;
    }
    return false;
}

static void add_walk(struct sql_text *text, const struct list_query *query)
{
    unsigned first = text->places + 1;
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct list_use *use = &query->filters[i];
        struct link link;
        if (use->way == WAY_WALK && link_of(&query->list->filters[use->filter], &link)) {
            sql_add(text, "(SELECT %.*s AS walked FROM %.*s WHERE ", SLICE_ARGS(link.column), SLICE_ARGS(link.table));
            add_text(text, link.condition, use, first, true);
            sql_add(text, ") AS walk\nCROSS JOIN ");
        }
        first += (unsigned)filled_up(use->count);
    }
}

void sql_links(struct sql_text *text, const struct list_filter *filter, const struct list_use *use)
{
    struct link link;
    unsigned first = text->places + 1;
    if (!link_of(filter, &link))
        die("%s does not lead through links", filter->name);
    sql_add(text, " FROM %.*s WHERE ", SLICE_ARGS(link.table));
    add_text(text, link.condition, use, first, true);
    text->places += (unsigned)filled_up(use->count);
}

void sql_where(struct sql_text *text, const struct list_query *query)
{
    bool walks = sql_walks(query);
    sql_add(text, " FROM ");
    if (walks)
        add_walk(text, query);
    sql_add(text, "%s\nWHERE %s%s", record_of(query->list->noun)->name, walks ? "id = walked AND " : "", query->list->listed);
    for (size_t i = 0; i < query->filter_count; i++) {
        if (query->filters[i].way != WAY_WALK)
            add_condition(text, query->list, &query->filters[i], text->places + 1);
        text->places += (unsigned)filled_up(query->filters[i].count);
    }
}

size_t sql_use_values(const struct list_use *use, struct datum *values)
{
    size_t count = filled_up(use->count);
    for (size_t n = 0; n < count; n++) {
        size_t last = is_ranges(use) ? use->count - 2 + n % 2 : use->count - 1;
        values[n] = use->values[n < use->count ? n : last];
    }
    return count;
}

size_t sql_values(const struct list_query *query, struct datum *values)
{
    size_t count = 0;
    for (size_t i = 0; i < query->filter_count; i++)
        count += sql_use_values(&query->filters[i], values + count);
    return count;
}

/* ---- as a key --------------------------------------------------------------------------------------------------- */

/* Keys are hashes, so what clients can choose is hashed with a seed that they do not know. */
static uint64_t seed;

static void make_seed(void)
{
    digest_random((uint8_t *)&seed, sizeof seed);
}

uint64_t sql_filters_key(const struct list_query *query)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_seed);
    uint64_t hash = seed;
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct list_use *use = &query->filters[i];
        uint64_t shape = (uint64_t)use->filter << 20 | (uint64_t)use->way << 16 | (uint64_t)use->comparison << 9;
        shape |= filled_up(use->count);
        hash = digest_quick(hash, (struct slice){(const char *)&shape, sizeof shape});
    }
    return hash;
}
