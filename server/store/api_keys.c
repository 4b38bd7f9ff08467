/* Keys. They are looked up past the reader's transaction, on a connection of their own: a key that was revoked, here or by
 * another program, must not be good for as long as a batch of requests lasts. */
#include "reader_private.h"

static struct engine *keys_engine(struct reader *reader, struct error *error)
{
    if (!reader->keys && !engine_open(reader->store->path, ENGINE_READ, &reader->keys, error))
        return NULL;
    return reader->keys;
}

static void take(struct statement *statement, struct arena *arena, struct api_key *key)
{
    struct slice *const texts[] = {&key->prefix,     &key->hash,       &key->name,       &key->scopes,      &key->networks,
                                   &key->created_at, &key->expires_at, &key->revoked_at, &key->last_used_at};
    key->id = statement_int(statement, 0);
    for (int i = 0; i < (int)(sizeof texts / sizeof texts[0]); i++)
        *texts[i] = arena_slice(arena, statement_text(statement, i + 1));
}

static bool look_up(struct reader *reader, enum sql sql, struct datum value, struct arena *arena, struct api_key *key,
                    struct error *error)
{
    struct engine *engine = keys_engine(reader, error);
    if (!engine)
        return false;
    struct statement *statement = sql_statement(engine, sql);
    *error = (struct error){.kind = ERROR_NOT_FOUND};
    statement_run(statement, VALUES(value));
    bool found = statement_next(statement);
    if (found)
        take(statement, arena, key);
    return statement_end(statement, error) && found;
}

bool reader_api_key(struct reader *reader, struct slice prefix, struct arena *arena, struct api_key *key, struct error *error)
{
    return look_up(reader, SQL_API_KEY, of_slice(prefix), arena, key, error);
}

bool reader_api_key_after(struct reader *reader, int64_t id, struct arena *arena, struct api_key *key, struct error *error)
{
    return look_up(reader, SQL_API_KEY_AFTER, of_int(id), arena, key, error);
}

void writing_add_api_key(struct writing *writing, const struct api_key *key)
{
    write_run(writing, sql_statement(writing->engine, SQL_API_KEY_ADD),
              VALUES(of_slice(key->prefix), of_slice(key->hash), of_slice(key->name), of_slice(key->scopes),
                     of_slice(key->networks), of_text(writing->now), of_slice(key->expires_at)));
}

bool writing_revoke_api_key(struct writing *writing, struct slice prefix)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_API_KEY_REVOKE),
                     VALUES(of_slice(prefix), of_text(writing->now))) != 0;
}

void writing_use_api_key(struct writing *writing, int64_t id)
{
    write_run(writing, sql_statement(writing->engine, SQL_API_KEY_USED), VALUES(of_int(id), of_text(writing->now)));
}
