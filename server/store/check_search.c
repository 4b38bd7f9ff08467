/* The search indexes, beside what they index. FTS5 has a check of its own, but that is a write, which would hold up who writes
 * meanwhile; and it does not say where. So: a sum over every word at its place, for each row, once as the index has it, and once
 * as the tokenizer gives it anew. */
#include <stdlib.h>

#include "check_private.h"
#include "page_private.h"
#include "search_private.h"

struct sums {
    struct check *check;
    uint64_t *of; /* by id */
    int64_t last;
    /* what is being tokenized */
    int64_t id;
    const char *field;
    int64_t place;
    bool any;
};

/* What one word at its place adds. */
static uint64_t weight(struct slice word, const char *field, int64_t place)
{
    uint64_t hash = digest_quick(digest_quick((uint64_t)place + 1, slice_of(field)), word);
    return (hash ^ hash >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
}

bool check_search_begin(struct check *check)
{
    struct error *error = check->error;
    bool good = engine_execute(check->engine, "PRAGMA query_only = OFF", error);
    for (enum noun noun = 0; good && noun < NOUN_COUNT; noun++) {
        struct sql_text text = {.length = 0};
        sql_add(&text, "CREATE VIRTUAL TABLE temp.%s_words USING fts5vocab (main, %s_search, instance)", record_of(noun)->name,
                record_of(noun)->name);
        good = !searched_of(noun) || engine_execute(check->engine, text.data, error);
    }
    return good && engine_execute(check->engine, "PRAGMA query_only = ON", error);
}

/* ---- what the index has ----------------------------------------------------------------------------------- */

static void add_index(struct sums *sums, enum noun noun)
{
    const struct searched *searched = searched_of(noun);
    struct sql_text text = {.length = 0};
    sql_add(&text, "SELECT doc, term, col, \"offset\" FROM temp.%s_words", record_of(noun)->name);
    struct statement *statement = check_ask(sums->check, text.data, NO_VALUES);
    while (statement_next(statement) && !sums->check->error->kind) {
        int64_t id = statement_int(statement, 0);
        struct slice field = statement_text(statement, 2);
        size_t i = 0;
        while (i < searched->field_count && !slice_is(field, searched->fields[i]))
            i++;
        if (id < 1 || id > sums->last || i == searched->field_count)
            check_found(sums->check, "%s %lld: the search index has it, and it is not there", record_of(noun)->name,
                        (long long)id);
        else
            sums->of[id] += weight(statement_text(statement, 1), searched->fields[i], statement_int(statement, 3));
    }
    check_end(sums->check, statement);
}

/* ---- what it should have ---------------------------------------------------------------------------------- */

/* Other forms stand at the place of the word before; the longest words are cut, as FTS5 cuts them. */
static int take(void *to, bool beside, struct slice token, size_t start, size_t end)
{
    enum { TOKEN_MAX = 32768 };
    struct sums *sums = to;
    (void)start;
    (void)end;
    if (!beside || !sums->any)
        sums->place += sums->any;
    sums->any = true;
    if (token.length > TOKEN_MAX)
        token.length = TOKEN_MAX;
    sums->of[sums->id] -= weight(token, sums->field, sums->place);
    return 0;
}

static void take_contents(struct sums *sums, enum noun noun, struct tokenizer *tokenizer)
{
    const struct searched *searched = searched_of(noun);
    struct sql_text text = {.length = 0};
    sql_add(&text, "SELECT id");
    for (size_t i = 0; i < searched->field_count; i++)
        sql_add(&text, ", %s", searched->fields[i]);
    sql_add(&text, " FROM %s_searched ORDER BY id", record_of(noun)->name);
    struct statement *statement = check_ask(sums->check, text.data, NO_VALUES);
    while (statement_next(statement) && check_goes_on(sums->check, statement_int(statement, 0))) {
        sums->id = statement_int(statement, 0);
        for (size_t i = 0; i < searched->field_count && sums->id <= sums->last; i++) {
            struct slice words = statement_text(statement, (int)i + 1);
            sums->field = searched->fields[i];
            sums->place = 0;
            sums->any = false;
            if (words.data)
                tokenizer_run(tokenizer, TOKENS_INDEX, words, take, sums);
        }
    }
    check_end(sums->check, statement);
}

/* ---- both ------------------------------------------------------------------------------------------------- */

static void check_index(struct check *check, enum noun noun, struct tokenizer *tokenizer)
{
    check_renew(check);
    check_step(check, "comparing the search indexes with what they index", record_of(noun)->name);
    struct sums sums = {.check = check, .last = check->total};
    sums.of = calloc((size_t)sums.last + 1, sizeof *sums.of);
    if (!sums.of)
        die("out of memory");
    add_index(&sums, noun);
    if (!check->error->kind)
        take_contents(&sums, noun, tokenizer);
    for (int64_t id = 1; id <= sums.last && !check->error->kind; id++) {
        if (sums.of[id])
            check_found(check, "%s %lld: the search index has other words than it", record_of(noun)->name, (long long)id);
    }
    free(sums.of);
}

void check_search(struct check *check)
{
    struct tokenizer *tokenizer = tokenizer_open();
    for (enum noun noun = 0; noun < NOUN_COUNT && !check->error->kind; noun++) {
        if (searched_of(noun))
            check_index(check, noun, tokenizer);
    }
    tokenizer_close(tokenizer);
}
