#include "sqlite_search.h"

#include <sqlite3.h>

#include "search_private.h"

/* ---- the tokenizer ---------------------------------------------------------------------------------------- */

/* All tables of a connection share the one that came with the registration. */
static int tokenizer_create(void *context, const char **arguments, int count, Fts5Tokenizer **tokenizer)
{
    (void)arguments;
    (void)count;
    *tokenizer = context;
    return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *tokenizer)
{
    (void)tokenizer;
}

struct receiver {
    void *context;
    int (*token)(void *context, int flags, const char *text, int length, int start, int end);
};

static int receive(void *to, bool beside, struct slice token, size_t start, size_t end)
{
    struct receiver *receiver = to;
    return receiver->token(receiver->context, beside ? FTS5_TOKEN_COLOCATED : 0, token.data, (int)token.length, (int)start,
                           (int)end);
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int length,
                    int (*token)(void *, int, const char *, int, int, int))
{
    struct receiver receiver = {context, token};
    enum tokens_use use = !(flags & FTS5_TOKENIZE_QUERY) ? TOKENS_INDEX
                          : flags & FTS5_TOKENIZE_PREFIX ? TOKENS_PREFIX
                                                         : TOKENS_QUERY;
    return text ? tokenizer_run((struct tokenizer *)tokenizer, use, (struct slice){text, (size_t)length}, receive, &receiver)
                : SQLITE_OK;
}

/* ---- ranking ---------------------------------------------------------------------------------------------- */

/* search_hits(index, weight of the first column, …): how well a row answers, and the first places of each phrase, as
 * search_private.h lays them out. A phrase counts in each column by the column's weight, twice as much when it stands there
 * often. The row's length does not matter, and neither does how rare a word is: that would take reading all other rows. */
static void search_hits(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *result, int count, sqlite3_value **values)
{
    struct hits hits = {.score = 0};
    int phrases = api->xPhraseCount(row), most = phrases > 0 && HITS_MAX / phrases > 1 ? HITS_MAX / phrases : 1;
    for (int phrase = 0; phrase < phrases; phrase++) {
        Fts5PhraseIter at;
        int column, place, words = api->xPhraseSize(row, phrase), kept = 0, in_column[SEARCH_FIELDS_MAX] = {0};
        int code = api->xPhraseFirst(row, phrase, &at, &column, &place);
        for (; code == SQLITE_OK && column >= 0; api->xPhraseNext(row, &at, &column, &place)) {
            if (column < SEARCH_FIELDS_MAX)
                in_column[column]++;
            if (kept++ < most && hits.count < HITS_MAX)
                hits.items[hits.count++] =
                    (struct hit){(uint8_t)phrase, (uint8_t)column, (uint8_t)(words > 255 ? 255 : words), (uint32_t)place};
        }
        for (int i = 0; i < count && i < SEARCH_FIELDS_MAX; i++)
            hits.score += sqlite3_value_int(values[i]) * 2 * SCORE_UNIT * in_column[i] / (in_column[i] + 1);
    }
    sqlite3_result_blob(result, &hits, (int)HITS_SIZE(hits.count), SQLITE_TRANSIENT);
}

/* ---- registering ------------------------------------------------------------------------------------------ */

static fts5_api *api_of(sqlite3 *connection)
{
    fts5_api *api = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

bool sqlite_search_register(struct sqlite3 *connection, struct tokenizer *tokenizer, struct error *error)
{
    fts5_tokenizer functions = {tokenizer_create, tokenizer_delete, tokenize};
    fts5_api *api = api_of(connection);
    if (!api)
        return fail(error, ERROR_FAULT, "this SQLite was built without FTS5, its full-text search");
    if (api->xCreateTokenizer(api, "readout", tokenizer, &functions, NULL) == SQLITE_OK &&
        api->xCreateFunction(api, "search_hits", NULL, search_hits, NULL) == SQLITE_OK)
        return true;
    return fail(error, ERROR_FAULT, "the full-text search of SQLite does not take our tokenizer");
}
