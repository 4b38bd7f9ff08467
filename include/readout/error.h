/* Errors are values: a kind the machine acts on and a sentence a person acts on.
 *
 * A function that can fail returns bool and takes a `struct error *` last; false means that the error is filled in. The caller
 * owns the error (usually on its stack), and a library room never logs it. The sentence is whole, without a final full stop,
 * and names what would be right where that is known. It may reach a client, so it holds no SQL and no path, except for the
 * errors of start-up, which only the person at the terminal sees. */
#ifndef READOUT_ERROR_H
#define READOUT_ERROR_H

#include <stdbool.h>

enum error_kind {
    ERROR_NONE,
    ERROR_INVALID,   /* what was asked is wrong; asking again changes nothing */
    ERROR_NOT_FOUND, /* what was named does not exist */
    ERROR_CONFLICT,  /* it contradicts what is stored: a taken key, a merged record */
    ERROR_BUSY,      /* not now: locked, overloaded, shutting down */
    ERROR_SLOW,      /* it would take longer than it may */
    ERROR_FULL,      /* the disk is full or read-only */
    ERROR_FAULT      /* the machine or the program failed */
};

struct error {
    enum error_kind kind;
    char message[480];
};

/* Fills in the error and returns false, so that `return fail(…)` reads as one step. */
bool fail(struct error *error, enum error_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Ends the process with a message on standard error. For what cannot happen and for memory that is not there: inputs are
 * bounded, so running out of memory is the machine's fault and not a request's. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
