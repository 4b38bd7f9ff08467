#include "support/keys.h"

#include <stdarg.h>
#include <stdio.h>

#include "readout/access.h"
#include "readout/digest.h"
#include "readout/engine.h"
#include "support/harness.h"

static struct engine *open_store(void)
{
    struct engine *engine = NULL;
    struct error error;
    cr_assert(engine_open(server_database(), ENGINE_WRITE, &engine, &error), "%s", error.message);
    return engine;
}

void store_do(const char *sql, ...)
{
    char text[2000];
    va_list arguments;
    va_start(arguments, sql);
    cr_assert_lt(vsnprintf(text, sizeof text, sql, arguments), (int)sizeof text);
    va_end(arguments);
    struct engine *engine = open_store();
    struct error error;
    cr_assert(engine_execute(engine, text, &error), "%s in %s", error.message, text);
    engine_close(engine);
}

const char *store_ask(const char *sql)
{
    struct engine *engine = open_store();
    struct statement *statement = engine_keep(engine, 1, sql);
    struct error error;
    statement_run(statement, NO_VALUES);
    struct slice text = statement_next(statement) ? statement_text(statement, 0) : NO_SLICE;
    const char *copy = text.data ? at("%.*s", SLICE_ARGS(text)) : NULL;
    cr_assert(statement_end(statement, &error), "%s in %s", error.message, sql);
    engine_close(engine);
    return copy;
}

static const char *sql_text_of(const char *text)
{
    return text ? at("'%s'", text) : "NULL";
}

const char *key_put_so(struct key_wish wish)
{
    char key[API_KEY_SIZE], hash[SHA256_HEX_SIZE];
    api_key_make(key);
    digest_sha256_hex(slice_of(key), hash);
    store_do("INSERT INTO api_key (prefix, hash, name, scopes, networks, created_at, expires_at, revoked_at)\n"
             "VALUES ('%s', '%s', %s, '%s', %s, '2026-01-01T00:00:00.000Z', %s, %s)",
             key_prefix(key), hash, sql_text_of(wish.name ? wish.name : "Desk"), wish.scopes, sql_text_of(wish.networks),
             sql_text_of(wish.expires_at), sql_text_of(wish.revoked_at));
    return at("%s", key);
}

const char *key_prefix(const char *key)
{
    struct slice prefix = api_key_prefix(slice_of(key));
    cr_assert(prefix.data, "%s is no key", key);
    return at("%.*s", SLICE_ARGS(prefix));
}
