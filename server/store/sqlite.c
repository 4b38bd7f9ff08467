#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys.h"
#include "readout/engine.h"
#include "sqlite_search.h"

enum { KEPT_FIRST = 256, KEPT_MAX = 2000, BUSY_MILLISECONDS = 5000 };

struct statement {
    uint64_t key;
    sqlite3_stmt *handle;
    sqlite3 *connection;
    uint64_t *effort;            /* its engine's */
    const struct error *failure; /* why it could not be prepared; NULL: it was */
    int result;
    int places;
    short place[]; /* SQLite numbers $n by first appearance: the number of $n, from 1 */
};

struct engine {
    sqlite3 *connection;
    uint64_t effort;
    struct tokenizer *tokenizer; /* of the search indexes */
    struct statement *failing;   /* stands for any that cannot be prepared now, and why */
    struct error failure;
    struct statement **kept; /* open addressing by key; `kept_size` is a power of two */
    size_t kept_size, kept_count;
};

/* ---- errors ----------------------------------------------------------------------------------------------- */

static bool is_of_writing(int code)
{
    static const int codes[] = {SQLITE_IOERR_WRITE,   SQLITE_IOERR_FSYNC,  SQLITE_IOERR_DIR_FSYNC,    SQLITE_IOERR_TRUNCATE,
                                SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_DELETE, SQLITE_IOERR_COMMIT_ATOMIC};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (codes[i] == code)
            return true;
    }
    return false;
}

/* A disk that cannot be read may be well again in a moment: asking again may help, so it is busy. */
static enum error_kind kind_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
        return ERROR_BUSY;
    case SQLITE_INTERRUPT:
        return ERROR_SLOW;
    case SQLITE_FULL:
    case SQLITE_READONLY:
        return ERROR_FULL;
    case SQLITE_CONSTRAINT:
        return ERROR_CONFLICT;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return ERROR_INVALID;
    case SQLITE_IOERR:
        return is_of_writing(code) ? ERROR_FULL : ERROR_BUSY;
    default:
        return ERROR_FAULT;
    }
}

static bool fail_with(sqlite3 *connection, int code, struct error *error)
{
    if (code == SQLITE_NOTADB)
        return fail(error, ERROR_INVALID, "the file is not an SQLite database");
    return fail(error, kind_of(sqlite3_extended_errcode(connection)), "the database says: %s", sqlite3_errmsg(connection));
}

/* ---- connections ------------------------------------------------------------------------------------------ */

static bool configure(struct engine *engine, enum engine_use use, struct error *error)
{
    sqlite3_extended_result_codes(engine->connection, 1);
    sqlite3_busy_timeout(engine->connection, BUSY_MILLISECONDS);
    sqlite3_db_config(engine->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(engine->connection, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(engine->connection, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    return engine_execute(engine,
                          "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000; "
                          "PRAGMA mmap_size = 2147418112;", /* the most that Debian's library takes */
                          error) &&
           (use == ENGINE_READ || engine_execute(engine,
                                                 "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000; "
                                                 "PRAGMA temp_store = MEMORY;",
                                                 error));
}

/* SQLite opens for reading what may not be written, and tells nobody. */
static bool is_writable(struct engine *engine, struct error *error)
{
    return sqlite3_db_readonly(engine->connection, "main") != 1 || fail(error, ERROR_FULL, "the database may not be written");
}

/* Whether the file has another name by now: a restore may put another one in its place until a connection has a lock on it. */
static bool stayed(struct engine *engine, struct error *error)
{
    int moved = 0;
    sqlite3_file_control(engine->connection, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return !moved || fail(error, ERROR_BUSY, "the database was replaced while it was being opened: start again");
}

/* The size of a file, or of what SQLite keeps beside it; 0 where there is none. */
static off_t size_of(const char *path, const char *beside)
{
    char name[4096];
    struct stat file;
    snprintf(name, sizeof name, "%s%s", path, beside);
    return stat(name, &file) == 0 ? file.st_size : 0;
}

/* A file that ends within a page was cut off, and SQLite takes the rest for zeros. Beside a log or a journal it is what a power
 * cut left, and they mend it. */
static bool is_whole(struct engine *engine, const char *path, struct error *error)
{
    sqlite3_stmt *statement = NULL;
    off_t size = size_of(path, ""), page = 0;
    if (size == 0 || size_of(path, "-wal") || size_of(path, "-journal"))
        return true;
    if (sqlite3_prepare_v2(engine->connection, "PRAGMA page_size", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        page = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return page == 0 || size % page == 0 ||
           fail(error, ERROR_INVALID, "the file was cut off: its %lld bytes are no whole number of pages", (long long)size);
}

bool engine_open(const char *path, enum engine_use use, struct engine **engine, struct error *error)
{
    *engine = NULL;
    if (use != ENGINE_CREATE && access(path, F_OK) != 0)
        return fail(error, ERROR_NOT_FOUND, "there is no such database; `readout migrate` makes one");
    /* A lost file or half a copy leaves that; SQLite would take the database for new and delete the log. */
    if (size_of(path, "") == 0 && size_of(path, "-wal") > 0)
        return fail(error, ERROR_INVALID,
                    "there is its log (%s-wal), but the database itself is missing or empty: put it back, or move the log away",
                    path);

    struct engine *opened = calloc(1, sizeof *opened);
    if (!opened)
        die("out of memory");
    opened->kept_size = KEPT_FIRST;
    opened->kept = calloc(opened->kept_size, sizeof *opened->kept);
    opened->failing = calloc(1, sizeof *opened->failing);
    if (!opened->kept || !opened->failing)
        die("out of memory");
    *opened->failing = (struct statement){.failure = &opened->failure, .result = SQLITE_ERROR};

    /* A reader of a WAL database needs the shared-memory file, so it opens read-write and is held to reading by query_only. */
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (use == ENGINE_CREATE ? SQLITE_OPEN_CREATE : 0);
    int code = sqlite3_open_v2(path, &opened->connection, flags, NULL);
    if (code != SQLITE_OK) {
        fail(error, kind_of(code) == ERROR_FAULT ? ERROR_INVALID : kind_of(code), "cannot open the database: %s (%s)",
             sqlite3_errmsg(opened->connection), strerror(sqlite3_system_errno(opened->connection)));
        engine_close(opened);
        return false;
    }
    opened->tokenizer = tokenizer_open();
    if (!sqlite_search_register(opened->connection, opened->tokenizer, error) ||
        !(sqlite_keys_register(opened->connection, opened->tokenizer) ||
          fail(error, ERROR_FAULT, "SQLite does not take the functions of keys")) ||
        !(use == ENGINE_READ || is_writable(opened, error)) || !configure(opened, use, error) ||
        !(use == ENGINE_READ ? engine_execute(opened, "PRAGMA query_only = ON;", error)
                             : stayed(opened, error) && is_whole(opened, path, error))) {
        engine_close(opened);
        return false;
    }
    *engine = opened;
    return true;
}

void engine_close(struct engine *engine)
{
    if (!engine)
        return;
    for (size_t i = 0; i < engine->kept_size; i++) {
        if (engine->kept[i]) {
            sqlite3_finalize(engine->kept[i]->handle);
            free(engine->kept[i]);
        }
    }
    free(engine->kept);
    free(engine->failing);
    sqlite3_close(engine->connection);
    tokenizer_close(engine->tokenizer);
    free(engine);
}

bool engine_execute(struct engine *engine, const char *sql, struct error *error)
{
    int code = sqlite3_exec(engine->connection, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || fail_with(engine->connection, code, error);
}

const char *engine_version(void)
{
    static char version[32];
    if (!version[0])
        snprintf(version, sizeof version, "SQLite %s", sqlite3_libversion());
    return version;
}

int64_t engine_memory(void)
{
    return sqlite3_memory_used();
}

int64_t engine_log_bytes(struct engine *engine)
{
    const char *path = sqlite3_filename_wal(sqlite3_db_filename(engine->connection, "main"));
    FILE *file = path ? fopen(path, "rb") : NULL;
    if (!file)
        return 0;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : 0;
    fclose(file);
    return size;
}

/* ---- what takes long -------------------------------------------------------------------------------------- */

static int watched(void *context)
{
    const struct watcher *watcher = context;
    return !watcher->tell(watcher->context, NULL, 0, 0);
}

void engine_watch(struct engine *engine, const struct watcher *watcher)
{
    enum { STEPS = 50000 }; /* about a millisecond */
    sqlite3_progress_handler(engine->connection, STEPS, watcher ? watched : NULL, (void *)watcher);
}

/* ---- copies ----------------------------------------------------------------------------------------------- */

enum { PAGES_AT_ONCE = 1024 };

static bool copy_pages(struct engine *engine, sqlite3 *copy, const struct watcher *watcher, struct error *error)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", engine->connection, "main");
    int code = backup ? SQLITE_OK : SQLITE_ERROR;
    bool going = true;
    while (going && code == SQLITE_OK) {
        code = sqlite3_backup_step(backup, PAGES_AT_ONCE);
        int pages = sqlite3_backup_pagecount(backup), left = sqlite3_backup_remaining(backup);
        going = watcher->tell(watcher->context, "copying, pages", pages - left, pages);
    }
    sqlite3_backup_finish(backup);
    if (!going && code == SQLITE_OK)
        return fail(error, ERROR_BUSY, "it was stopped before it was whole");
    return code == SQLITE_DONE ||
           fail(error, code == SQLITE_OK ? ERROR_FAULT : kind_of(code), "the copy cannot be written: %s", sqlite3_errstr(code));
}

/* A read transaction of our own: the copy is of that moment, however many steps it takes, and no write makes it start anew. The
 * copy is nobody's yet: whoever asked for it syncs it before it gets its name. */
bool engine_backup(struct engine *engine, const char *path, const struct watcher *watcher, struct error *error)
{
    sqlite3 *copy = NULL;
    if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(copy, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL, NULL, NULL) != SQLITE_OK) {
        fail(error, ERROR_FULL, "the copy cannot be written: %s", sqlite3_errmsg(copy));
        sqlite3_close(copy);
        return false;
    }
    struct error ignored;
    bool good = engine_execute(engine, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", error) &&
                copy_pages(engine, copy, watcher, error);
    engine_execute(engine, "ROLLBACK", &ignored);
    if (good && sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        good = fail(error, ERROR_FULL, "the copy cannot be written: %s", sqlite3_errmsg(copy));
    sqlite3_close(copy);
    return good;
}

/* SQLite's own locks lie at these bytes of the file (https://www.sqlite.org/src/file?name=src/os.h, PENDING_BYTE): whoever has a
 * database with a write-ahead log open holds one of them for reading. The lock is of the open file, not of the process, which may
 * meanwhile open and close the file as it likes. */
enum { LOCKS_AT = 0x40000000, LOCKS_LENGTH = 512 };

bool engine_lock(const char *path, int *lock, struct error *error)
{
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKS_AT, .l_len = LOCKS_LENGTH};
    *lock = open(path, O_RDWR | O_CLOEXEC);
    if (*lock < 0)
        return fail(error, ERROR_FULL, "%s cannot be written: %s", path, strerror(errno));
    if (fcntl(*lock, F_OFD_SETLK, &range) == 0)
        return true;
    int reason = errno;
    close(*lock);
    return reason == EAGAIN || reason == EACCES ? fail(error, ERROR_BUSY, "%s is in use: stop the server first", path)
                                                : fail(error, ERROR_FAULT, "%s cannot be locked: %s", path, strerror(reason));
}

void engine_unlock(int lock)
{
    close(lock);
}

/* ---- statements ------------------------------------------------------------------------------------------- */

static size_t slot_of(const struct engine *engine, uint64_t key)
{
    size_t slot = (size_t)(key * 0x9E3779B97F4A7C15u >> 32) & (engine->kept_size - 1);
    while (engine->kept[slot] && engine->kept[slot]->key != key)
        slot = (slot + 1) & (engine->kept_size - 1);
    return slot;
}

struct statement *engine_kept(struct engine *engine, uint64_t key)
{
    return engine->kept[slot_of(engine, key)];
}

/* Clients choose the filters of lists, so there is no end of statements: when there are too many, those that are not running
 * go. */
static void let_go(struct engine *engine)
{
    struct statement **old = engine->kept;
    engine->kept = calloc(engine->kept_size, sizeof *engine->kept);
    if (!engine->kept)
        die("out of memory");
    engine->kept_count = 0;
    for (size_t i = 0; i < engine->kept_size; i++) {
        if (old[i] && sqlite3_stmt_busy(old[i]->handle)) {
            engine->kept[slot_of(engine, old[i]->key)] = old[i];
            engine->kept_count++;
        } else if (old[i]) {
            sqlite3_finalize(old[i]->handle);
            free(old[i]);
        }
    }
    free(old);
}

static void make_room(struct engine *engine)
{
    if (engine->kept_count >= KEPT_MAX)
        let_go(engine);
    if (engine->kept_count * 2 < engine->kept_size)
        return;
    struct statement **old = engine->kept;
    size_t old_size = engine->kept_size;
    engine->kept_size *= 2;
    engine->kept = calloc(engine->kept_size, sizeof *engine->kept);
    if (!engine->kept)
        die("out of memory");
    for (size_t i = 0; i < old_size; i++) {
        if (old[i])
            engine->kept[slot_of(engine, old[i]->key)] = old[i];
    }
    free(old);
}

struct statement *engine_keep(struct engine *engine, uint64_t key, const char *sql)
{
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(engine->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    if (code != SQLITE_OK) {
        fail_with(engine->connection, code, &engine->failure);
        return engine->failing;
    }
    int places = sqlite3_bind_parameter_count(handle);
    struct statement *statement = calloc(1, sizeof *statement + ((size_t)places + 1) * sizeof *statement->place);
    if (!statement)
        die("out of memory");
    *statement = (struct statement){
        .key = key, .handle = handle, .connection = engine->connection, .effort = &engine->effort, .places = places};
    for (int n = 1; n <= places; n++) {
        char name[12];
        snprintf(name, sizeof name, "$%d", n);
        statement->place[n] = (short)sqlite3_bind_parameter_index(handle, name);
    }
    make_room(engine);
    engine->kept[slot_of(engine, key)] = statement;
    engine->kept_count++;
    return statement;
}

static int bind(struct statement *statement, int place, const struct datum *value)
{
    switch (value->type) {
    case DATUM_INT:
        return sqlite3_bind_int64(statement->handle, place, value->integer);
    case DATUM_REAL:
        return sqlite3_bind_double(statement->handle, place, value->real);
    case DATUM_TEXT:
        return sqlite3_bind_text64(statement->handle, place, value->text.data, value->text.length, SQLITE_STATIC, SQLITE_UTF8);
    case DATUM_NULL:
        break;
    }
    return sqlite3_bind_null(statement->handle, place);
}

void statement_run(struct statement *statement, const struct datum *values, size_t count)
{
    if (statement->failure)
        return;
    if (count != (size_t)statement->places)
        die("%zu values for the %d places of: %s", count, statement->places, sqlite3_sql(statement->handle));
    ++*statement->effort;
    statement->result = SQLITE_OK;
    for (size_t i = 0; i < count && statement->result == SQLITE_OK; i++) {
        statement->result = bind(statement, statement->place[i + 1], &values[i]);
    }
}

bool statement_next(struct statement *statement)
{
    if (statement->result != SQLITE_OK && statement->result != SQLITE_ROW)
        return false;
    statement->result = sqlite3_step(statement->handle);
    return statement->result == SQLITE_ROW;
}

bool statement_end(struct statement *statement, struct error *error)
{
    if (statement->failure) {
        *error = *statement->failure;
        return false;
    }
    int result = statement->result;
    bool good = result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE;
    if (!good)
        fail_with(statement->connection, result, error);
    sqlite3_reset(statement->handle);
    return good;
}

uint64_t engine_effort(const struct engine *engine)
{
    return engine->effort;
}

bool statement_null(struct statement *statement, int column)
{
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

int64_t statement_int(struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

struct slice statement_text(struct statement *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement->handle, column);
    return text ? (struct slice){(const char *)text, (size_t)sqlite3_column_bytes(statement->handle, column)} : NO_SLICE;
}

bool engine_explain(struct engine *engine, const char *sql, void (*line)(void *to, const char *text), void *to,
                    struct error *error)
{
    char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v2(engine->connection, explain, -1, &handle, NULL);
    sqlite3_free(explain);
    if (code != SQLITE_OK)
        return fail_with(engine->connection, code, error);
    while (sqlite3_step(handle) == SQLITE_ROW)
        line(to, (const char *)sqlite3_column_text(handle, 3));
    sqlite3_finalize(handle);
    return true;
}
