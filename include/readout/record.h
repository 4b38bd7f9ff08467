/* What each noun keeps: its properties in the order of its document, and the column or table each one also stands in.
 *
 * This table (server/store/record.c) is what the writer runs on: it binds columns, fills child tables, finds references and
 * renders the document by it. The contract says what clients may send; start-up fails when a property is known to one of the
 * two alone. */
#ifndef READOUT_RECORD_H
#define READOUT_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/buffer.h"

/* Nouns with versions of their own come first: NOUN_RESOURCES of them. */
enum noun {
    NOUN_ARTICLE,
    NOUN_ACTOR,
    NOUN_CLAIM,
    NOUN_MEETING,
    NOUN_TOPIC,
    NOUN_DISCREPANCY,
    NOUN_RESOURCES,
    NOUN_MENTION = NOUN_RESOURCES,
    NOUN_REPORT,
    NOUN_COUNT
};
#define NOUN_BIT(noun) (1u << (noun))

enum field_type {
    FIELD_TEXT,
    FIELD_INTEGER,
    FIELD_REAL,
    FIELD_TRUTH,
    FIELD_REFERENCE, /* the id of another resource; on write an external_id will do */
    FIELD_SLUG,      /* a topic by its slug; the column holds its id */
    FIELD_JSON,      /* stands in the document alone */
    FIELD_CHILDREN   /* an array whose items stand in a table of their own */
};

enum field_flag {
    FIELD_SERVER = 1,  /* set by the server: a client may only send what is there already */
    FIELD_FIXED = 2,   /* given at creation, never changed */
    FIELD_UNIQUE = 4,  /* no two of the noun have the same */
    FIELD_SPAN = 8,    /* holds spans into an article's text: an object, or an array of them */
    FIELD_INSTANT = 16 /* an RFC 3339 instant, kept in UTC; a bare day stays as it is */
};

struct field {
    const char *name; /* the property, and the column where it has one */
    enum field_type type;
    unsigned flags;
    enum noun refers;                /* FIELD_REFERENCE */
    const struct children *children; /* FIELD_CHILDREN */
};

/* The table behind an array. Rows are keyed by their owner and their position, or, where they are a noun, by their own id. */
struct children {
    const char *table; /* NULL: the items have no table; their own children hang on the owner */
    const char *owner; /* the column with the owner's id */
    enum noun noun;    /* NOUN_MENTION or NOUN_REPORT: kept apart, with ids and documents of their own; else NOUN_COUNT */
    bool bare;         /* items are the value of the only field, not objects */
    bool spans;        /* items are spans: start, end and text into their article_id's (or the owner's) text */
    const struct field *fields;
    size_t field_count;
};

struct record {
    const char *name;  /* the table: "claim" */
    const char *title; /* the contract's schema: "Claim" */
    const char *path;  /* "/v1/claims" */
    char letter;       /* begins its entity tags */
    bool merges;       /* has merged_into_id */
    const struct field *fields;
    size_t field_count;
};

const struct record *record_of(enum noun noun);
/* The noun of that table name, or NOUN_COUNT. */
enum noun noun_of(const char *name, size_t length);

/* The field of that record whose items are nouns, kept apart with ids and documents of their own, or NULL. */
const struct field *record_apart(const struct record *record);

/* The document of `object`: every field in the table's order, null where it has none, children that are nouns left out. */
void record_render(const struct field *fields, size_t field_count, const json_t *object, struct buffer *out);

#endif
