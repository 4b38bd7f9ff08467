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
    query->filters[query->filter_count++] = (struct list_use){filter, comparison, values, count};
    return true;
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

static void add_condition(struct sql_text *text, const struct list_filter *filter, const struct list_use *use)
{
    unsigned first = text->places + 1;
    bool inside = strchr(filter->condition, '@') != NULL;
    sql_add(text, "\n  AND ");
    for (const char *at = filter->condition; *at; at++) {
        if (*at == '?')
            add_comparison(text, use, first, inside);
        else if (*at == '@')
            sql_add(text, use->comparison == COMPARE_IS_NOT ? "NOT IN" : "IN");
        else
            sql_add(text, "%c", *at);
    }
    text->places += (unsigned)filled_up(use->count);
}

void sql_where(struct sql_text *text, const struct list_query *query)
{
    sql_add(text, " FROM %s\nWHERE %s", record_of(query->list->noun)->name, query->list->listed);
    for (size_t i = 0; i < query->filter_count; i++)
        add_condition(text, &query->list->filters[query->filters[i].filter], &query->filters[i]);
}

size_t sql_values(const struct list_query *query, struct datum *values)
{
    size_t count = 0;
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct list_use *use = &query->filters[i];
        for (size_t n = 0; n < filled_up(use->count); n++)
            values[count++] = use->values[n < use->count ? n : use->count - 1];
    }
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
        uint64_t shape = (uint64_t)use->filter << 16 | (uint64_t)use->comparison << 8 | filled_up(use->count);
        hash = digest_quick(hash, (struct slice){(const char *)&shape, sizeof shape});
    }
    return hash;
}
