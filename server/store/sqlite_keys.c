/* The keys as functions of SQL, for statements and migrations. */
#include <sqlite3.h>

#include "keys.h"
#include "readout/digest.h"

static struct slice text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return (struct slice){text, text ? (size_t)sqlite3_value_bytes(value) : 0};
}

static void answer_key(sqlite3_context *context, struct slice text, enum name_part part)
{
    struct arena arena = {0};
    struct buffer key = buffer_in(&arena, text.length + 32);
    if (text.data)
        key_of_name(sqlite3_user_data(context), text, part, &key);
    if (key.length)
        sqlite3_result_text(context, key.data, (int)key.length, SQLITE_TRANSIENT);
    arena_release(&arena);
}

static void name_key(sqlite3_context *context, int count, sqlite3_value **values)
{
    static const char *const parts[NAME_PARTS] = {"words", "last", "sound"};
    struct slice wanted = text_of(values[count - 1]);
    for (enum name_part part = 0; part < NAME_PARTS; part++) {
        if (wanted.data && slice_is(wanted, parts[part]))
            answer_key(context, text_of(values[0]), part);
    }
}

static void words_key(sqlite3_context *context, int count, sqlite3_value **values)
{
    answer_key(context, text_of(values[count - 1]), NAME_WORDS);
}

static void words_hash(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct arena arena = {0};
    struct slice text = text_of(values[count - 1]);
    struct buffer key = buffer_in(&arena, text.length + 32);
    if (text.data)
        key_of_name(sqlite3_user_data(context), text, NAME_WORDS, &key);
    sqlite3_result_int64(context, (sqlite3_int64)digest_quick(0, buffer_slice(&key)));
    arena_release(&arena);
}

bool sqlite_keys_register(struct sqlite3 *connection, struct tokenizer *tokenizer)
{
    static const struct {
        const char *name;
        int arguments;
        void (*function)(sqlite3_context *context, int count, sqlite3_value **values);
    } functions[] = {{"name_key", 2, name_key}, {"words_key", 1, words_key}, {"words_hash", 1, words_hash}};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (sqlite3_create_function_v2(connection, functions[i].name, functions[i].arguments,
                                       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, tokenizer, functions[i].function,
                                       NULL, NULL, NULL) != SQLITE_OK)
            return false;
    }
    return true;
}
