/* SQL that is put together from tables; and how a list query becomes SQL: for pages, totals, facets. */
#ifndef READOUT_PAGE_PRIVATE_H
#define READOUT_PAGE_PRIVATE_H

#include "store_private.h"

enum { SQL_SIZE = 8192 };

/* SQL as it is being put together; it never outgrows its room, since its parts are all ours. */
struct sql_text {
    char data[SQL_SIZE];
    size_t length;
    unsigned places; /* how many $n it has */
};

void sql_add(struct sql_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* " FROM <table>\nWHERE …": what the query lists, with $n for the values of its filters. */
void sql_where(struct sql_text *text, const struct list_query *query);
/* Those values, at most LIST_VALUES_MAX; gives their number. */
size_t sql_values(const struct list_query *query, struct datum *values);
/* What tells the statement of one set of filters from another, in 32 bits' room and more: for made_key()'s variant. */
uint64_t sql_filters_key(const struct list_query *query);

/* Whether a filter leads through a table of links. */
bool sql_is_link(const struct list_filter *filter);
/* " FROM … WHERE …": the links that it picks; and the values of one filter alone. */
void sql_links(struct sql_text *text, const struct list_filter *filter, const struct list_use *use);
size_t sql_use_values(const struct list_use *use, struct datum *values);
/* Whether the query walks along links: then their column `walked` has the ids in order, perhaps more than once. */
bool sql_walks(const struct list_query *query);

/* Whether a filter is about one column, so that it can be compared in every way. */
bool sql_is_plain(const struct list_filter *filter);

#endif
