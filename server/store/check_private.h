/* Whether a store is sound, as the files that look share it: the file and what statements tell (check.c), documents and rows
 * (check_rows.c), spans (check_spans.c), the search indexes (check_search.c). */
#ifndef READOUT_STORE_CHECK_PRIVATE_H
#define READOUT_STORE_CHECK_PRIVATE_H

#include "store_private.h"

struct check {
    struct engine *engine;
    const struct checking *checking;
    int64_t findings;
    const char *step; /* what is being done, and to how many */
    int64_t total;
    struct error *error; /* filled in once it cannot go on: see check_goes_on() */
};

void check_found(struct check *check, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Begins something that goes through all ids of that table. */
void check_step(struct check *check, const char *step, const char *table);
/* Tells how far it is; false: it is to end. */
bool check_goes_on(struct check *check, int64_t id);

/* A new read transaction, between two things that are looked at. */
void check_renew(struct check *check);

/* The statement, prepared once and run; and its end, whose failure is the check's. */
struct statement *check_ask(struct check *check, const char *sql, const struct datum *values, size_t count);
void check_end(struct check *check, struct statement *statement);

/* Each row's columns and rows of children are what its document says. */
void check_rows(struct check *check);
/* What says that it quotes an article's text stands there; the text is what its article says it is. */
void check_spans(struct check *check);
/* The search indexes have the words of what they index, and no others. */
bool check_search_begin(struct check *check); /* outside of any transaction */
void check_search(struct check *check);

/* Every statement of the four, for the test of their plans. */
void check_statements(void (*each)(void *to, const char *sql), void *to);
void check_rows_statements(void (*each)(void *to, const char *sql), void *to);
void check_spans_statements(void (*each)(void *to, const char *sql), void *to);

#endif
