/* What each list can be counted by, for what reads the counts (facets.c) and what keeps them (spread.c). */
#ifndef READOUT_FACETS_PRIVATE_H
#define READOUT_FACETS_PRIVATE_H

#include "store_private.h"

struct facet {
    const char *name;     /* as the contract has it */
    enum field_type type; /* of its values as clients see them: text, integer or truth */
    const char *value;    /* a column of the noun's table, or of `table` */
    const char *table;    /* where a resource may have several: the table they stand in; NULL: none */
    const char *owner;    /* its column with the resource's id */
    const char *next;     /* the column that stands next in its index, other than the id; NULL: none */
    const char *filter;   /* the list's filter for one value; NULL: it has the facet's name */
    const char *known_by; /* what that filter knows a value by, where it is not the value: SQL from $1 to it */
    const char *shown;    /* what clients know a value by, where it is an id of ours; NULL: itself */
    const char *label;    /* its name, for people; NULL: it speaks for itself */
    unsigned nouns;       /* whose changes can alter the answer, beside the list's own */
};

struct facets {
    const struct facet *items;
    size_t count;
};
struct facets facets_of(enum noun noun);

/* Whether its values are numbers in the store: ids, and truths. */
bool facet_is_number(const struct facet *facet);

#endif
