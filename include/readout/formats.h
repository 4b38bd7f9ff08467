/* The record's documents in other forms than JSON: for spreadsheets, shells, calendars, feed readers and search engines.
 *
 * This room knows documents and neither HTTP nor SQL. A format is a line of the table in server/formats/formats.c; api chooses
 * one (dispatch.c) and reads what it writes (representations.c). Around the documents stand what begins and what ends them:
 *
 *     format->begin(&rendering, &out);
 *     for each document: format_add(&rendering, document, &out);
 *     format->end(&rendering, &out);
 *
 * Formats with `latest` want to know the newest change before they begin: add to another buffer first. */
#ifndef READOUT_FORMATS_H
#define READOUT_FORMATS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "readout/arena.h"
#include "readout/buffer.h"
#include "readout/record.h"
#include "readout/slice.h"

struct format;

/* What `expand` put into the documents. */
struct expanded {
    const char *name; /* "speaker"; of what was put into that, "speaker.affiliation" */
    enum noun noun;   /* an object of that noun, or null; NOUN_COUNT: anything else */
};

/* One body in the making. */
struct rendering {
    const struct format *format;
    enum noun noun;                  /* of the documents */
    bool single;                     /* one resource and no list */
    struct slice origin;             /* "https://readout.example": begins the URLs of resources */
    struct slice authority;          /* "readout.example": in ids that are to last wherever the request came from */
    struct slice about;              /* the path and query of the list, without its cursor */
    struct slice self, next;         /* absolute URLs; next is NO_SLICE where there is none */
    const struct expanded *expanded; /* what the client asked to see; the format's own wishes are not among it */
    size_t expanded_count;
    const char *const *columns; /* of a table whose documents are no noun's: "actor.name", …, NULL; or NULL */
    const struct slice *chosen; /* the fields asked for; NULL: all of them */
    size_t chosen_count;
    bool guards_formulas; /* of a table: a cell whose text begins like a formula gets an apostrophe before it */
    struct arena *arena;  /* for what one document needs; may be reset between two of them */
    size_t count;         /* documents so far */
    char latest[32];      /* the newest updated_at among them, "" without any */
};

/* How a noun is had in a format. */
enum format_use {
    FORMAT_LISTS = 1, /* lists of it, page by page, with a link to the next */
    FORMAT_WHOLE = 2, /* lists of it, all that match in one body */
    FORMAT_ITEMS = 4  /* one of it */
};

enum { FORMAT_WISHES_MAX = 2 };

struct format {
    const char *suffix;                                /* of paths: "csv" */
    const char *type;                                  /* as the contract has it: "text/csv" */
    const char *content_type;                          /* with its parameters */
    bool download;                                     /* browsers are to keep it as a file */
    bool latest;                                       /* begin() wants `latest` */
    unsigned char uses[NOUN_COUNT];                    /* of enum format_use */
    const char *wishes[NOUN_COUNT][FORMAT_WISHES_MAX]; /* expansions that add() reads where they are there */
    void (*begin)(struct rendering *rendering, struct buffer *out);
    void (*add)(struct rendering *rendering, const json_t *document, struct buffer *out);
    void (*add_raw)(struct rendering *rendering, struct slice document, struct buffer *out); /* instead of add */
    void (*end)(struct rendering *rendering, struct buffer *out);
};

/* NULL: none; application/json is none of them. */
const struct format *format_of_type(const char *type);
/* The media type that a suffix stands for, JSON's included; NULL: none. */
const char *type_of_suffix(struct slice suffix);

void format_add(struct rendering *rendering, struct slice document, struct buffer *out);

#endif
