/* What is wrong with a request, item by item, so that one answer can tell everything at once (RFC 9457's `errors`).
 *
 * The contract finds most faults, the store the rest (a speaker that does not exist); the reply lists them all. */
#ifndef READOUT_FAULT_H
#define READOUT_FAULT_H

#include <stddef.h>

#include "readout/arena.h"

enum fault_place {
    FAULT_POINTER,   /* `where` is a JSON pointer as a URI fragment, "#/reports/0/kind" (RFC 6901 §6) */
    FAULT_PARAMETER, /* `where` is the name of a path or query parameter */
    FAULT_HEADER     /* `where` is the name of a header */
};

struct fault {
    enum fault_place place;
    const char *where;
    const char *code;   /* what a program acts on: "unknown", "required", "type", "enum", "format", "range", "reference", … */
    const char *detail; /* what a person acts on: says what would be right, and for unknown names the nearest right one */
};

enum { FAULTS_MAX = 50 };

struct faults {
    struct arena *arena; /* owns all strings */
    struct fault items[FAULTS_MAX];
    size_t count; /* all that were found; at most FAULTS_MAX of them are kept */
};

void fault_add(struct faults *faults, enum fault_place place, const char *where, const char *code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
