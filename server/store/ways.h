/* How the filters of a query are best gone about (ways.c). */
#ifndef READOUT_WAYS_H
#define READOUT_WAYS_H

#include "page_private.h"

/* What the statement is to give. */
enum ways_for {
    WAYS_PAGE,   /* the first rows in the query's order */
    WAYS_CAPPED, /* as many as COUNT_CAP, in any order */
    WAYS_ALL     /* all rows */
};
/* Settles the way of each filter. */
bool ways_choose(struct reader *reader, struct list_query *query, enum ways_for what, struct error *error);

/* How many match, where that is kept: for a query with one filter, of a facet. -1: it is not. */
bool ways_total(struct reader *reader, const struct list_query *query, int64_t *total, struct error *error);

void ways_statements(void (*each)(void *to, const char *sql), void *to);

#endif
