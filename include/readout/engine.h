/* What an SQL engine must do. Everything above this line of the house speaks SQL with `$1 … $n`, ON CONFLICT and RETURNING, and
 * sees no engine's types; server/store/sqlite.c stands behind it, and a second engine (PostgreSQL) would stand beside it.
 *
 * A statement is prepared once a connection and run many times:
 *
 *     statement_run(statement, VALUES(of_int(17)));
 *     while (statement_next(statement))
 *         … statement_text(statement, 0) …           valid until the next statement_next() or statement_end()
 *     if (!statement_end(statement, error)) …        reports the first failure of the three steps
 *
 * A connection and its statements belong to one thread. */
#ifndef READOUT_ENGINE_H
#define READOUT_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/error.h"
#include "readout/slice.h"

struct engine;
struct statement;

/* A value that goes into a statement. Text is borrowed until statement_end(). */
struct datum {
    enum { DATUM_NULL, DATUM_INT, DATUM_REAL, DATUM_TEXT } type;
    union {
        int64_t integer;
        double real;
        struct slice text;
    };
};

static inline struct datum of_int(int64_t integer)
{
    return (struct datum){.type = DATUM_INT, .integer = integer};
}

/* An id, where 0 stands for none. */
static inline struct datum of_id(int64_t id)
{
    return id ? of_int(id) : (struct datum){.type = DATUM_NULL};
}

static inline struct datum of_real(double real)
{
    return (struct datum){.type = DATUM_REAL, .real = real};
}

/* NO_SLICE stands for NULL. */
static inline struct datum of_slice(struct slice text)
{
    return text.data ? (struct datum){.type = DATUM_TEXT, .text = text} : (struct datum){.type = DATUM_NULL};
}

static inline struct datum of_text(const char *text)
{
    return of_slice(slice_of(text));
}

/* Values in order: `statement_run(s, VALUES(of_int(1), of_text("x")))`. */
#define VALUES(...) (const struct datum[]){__VA_ARGS__}, sizeof((const struct datum[]){__VA_ARGS__}) / sizeof(struct datum)
#define NO_VALUES   NULL, 0

enum engine_use {
    ENGINE_READ,  /* cannot write */
    ENGINE_WRITE, /* may; every commit is on disk when it returns */
    ENGINE_CREATE /* as ENGINE_WRITE, and makes the database when there is none */
};

/* ERROR_NOT_FOUND when there is no database and `use` may not make one, ERROR_INVALID when it is no database of ours. */
bool engine_open(const char *path, enum engine_use use, struct engine **engine, struct error *error);
void engine_close(struct engine *engine); /* with all its statements; NULL is fine */

/* Runs a script of statements without values: migrations, BEGIN, COMMIT. */
bool engine_execute(struct engine *engine, const char *sql, struct error *error);

/* The statement kept under `key`, or NULL. Keys are the caller's; 0 is none. */
struct statement *engine_kept(struct engine *engine, uint64_t key);
/* Prepares and keeps it under `key`. Where that fails, for the disk cannot be read or the file is damaged, what comes back gives
 * no row and fails in statement_end(); the next call tries again. */
struct statement *engine_keep(struct engine *engine, uint64_t key, const char *sql);

void statement_run(struct statement *statement, const struct datum *values, size_t count);
bool statement_next(struct statement *statement);
bool statement_end(struct statement *statement, struct error *error);

/* How many statements were run: a measure of what was done that is the same on any machine. */
uint64_t engine_effort(const struct engine *engine);

/* Columns of the current row, from 0. */
bool statement_null(struct statement *statement, int column);
int64_t statement_int(struct statement *statement, int column);
struct slice statement_text(struct statement *statement, int column); /* NO_SLICE for NULL */

/* Pages of the write-ahead log not yet checkpointed, in bytes, for the metrics; 0 where there is none. */
int64_t engine_log_bytes(struct engine *engine);
/* Told while something long goes on: what is being done, how much of it is, and of how much (0: that is not known). False ends
 * it early. */
struct watcher {
    bool (*tell)(void *context, const char *step, int64_t done, int64_t total);
    void *context;
};

/* While a watcher is set, it is told (without a number) as statements go on, and may end them: ERROR_SLOW. NULL: no more. */
void engine_watch(struct engine *engine, const struct watcher *watcher);

/* Fills an empty file with the whole database as it stands now, while others write: one file, without a log beside it. ERROR_BUSY
 * when the watcher ended it. */
bool engine_backup(struct engine *engine, const char *path, const struct watcher *watcher, struct error *error);

/* Keeps everybody from opening the database until engine_unlock(); ERROR_BUSY when somebody has it open. It need not be a whole
 * one. */
bool engine_lock(const char *path, int *lock, struct error *error);
void engine_unlock(int lock);
/* Bytes that all connections of the process hold, their page caches among it. */
int64_t engine_memory(void);
/* "SQLite 3.40.1" */
const char *engine_version(void);

/* How a statement will be run, a line a step, into `plan` (for the test that refuses scans). */
bool engine_explain(struct engine *engine, const char *sql, void (*line)(void *to, const char *text), void *to,
                    struct error *error);

#endif
