#include <stdio.h>
#include <string.h>

#include "readout/digest.h"
#include "readout/embedded.h"
#include "spread_private.h"

/* The application id marks a file as ours: "RdOt". The user version counts the migrations it has had. */
static const int APPLICATION_ID = 0x52644f74;

static bool pragma(struct engine *engine, const char *name, int64_t *value, struct error *error)
{
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA %s", name);
    struct statement *statement = engine_keep(engine, digest_quick(0, slice_of(sql)), sql);
    statement_run(statement, NO_VALUES);
    *value = statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, error);
}

static int64_t newest(void)
{
    int64_t count = 0;
    while (embedded_migrations()[count].name)
        count++;
    return count;
}

/* How many migrations the store has had; an error when it is not ours or comes from a newer program. */
static bool read_version(struct engine *engine, int64_t *version, struct error *error)
{
    int64_t application = 0, schema = 0;
    if (!pragma(engine, "application_id", &application, error) || !pragma(engine, "user_version", version, error) ||
        !pragma(engine, "schema_version", &schema, error))
        return false;
    if (application != APPLICATION_ID && (schema != 0 || application != 0 || *version != 0))
        return fail(error, ERROR_INVALID, "the file is an SQLite database, but not one of Readout");
    if (*version < 0)
        return fail(error, ERROR_INVALID, "the database has version %lld, which there is not: it is damaged",
                    (long long)*version);
    if (*version > newest())
        return fail(error, ERROR_INVALID, "the database has version %lld, this program knows up to %lld: use a newer readout",
                    (long long)*version, (long long)newest());
    return true;
}

/* With the newest the counts are made anew: they may be of other facets now. */
static bool apply(struct engine *engine, const struct embedded_migration *migration, int64_t version, struct error *error)
{
    struct arena arena = {0};
    struct buffer script = buffer_in(&arena, migration->sql.length + 8192);
    buffer_add_text(&script, "BEGIN IMMEDIATE;\n");
    buffer_add_slice(&script, migration->sql);
    if (version == newest())
        spread_rebuild(&script);
    buffer_print(&script, "PRAGMA application_id = %d;\nPRAGMA user_version = %lld;\nCOMMIT;", APPLICATION_ID,
                 (long long)version);
    buffer_add_byte(&script, '\0');
    struct error failure;
    bool done = engine_execute(engine, script.data, &failure);
    arena_release(&arena);
    if (done)
        return true;
    engine_execute(engine, "ROLLBACK", &(struct error){0});
    return fail(error, failure.kind, "migration %s failed and was rolled back: %s", migration->name, failure.message);
}

bool store_migrate(struct engine *engine, void (*migrated)(const char *name), struct error *error)
{
    int64_t version = 0;
    if (!read_version(engine, &version, error) || !engine_execute(engine, "PRAGMA journal_mode = WAL", error))
        return false;
    for (; version < newest(); version++) {
        const struct embedded_migration *migration = &embedded_migrations()[version];
        if (!apply(engine, migration, version + 1, error))
            return false;
        if (migrated)
            migrated(migration->name);
    }
    return true;
}

bool store_known(struct engine *engine, struct error *error)
{
    int64_t version = 0;
    if (!read_version(engine, &version, error))
        return false;
    return version > 0 || fail(error, ERROR_INVALID, "the file holds nothing of Readout");
}

bool store_current(struct engine *engine, struct error *error)
{
    int64_t version = 0;
    if (!read_version(engine, &version, error))
        return false;
    return version == newest() || fail(error, ERROR_INVALID, "the database has version %lld of %lld: run `readout migrate` first",
                                       (long long)version, (long long)newest());
}
