/* Any bytes as a search: understood or refused with a sentence; and what was understood, the engine takes. */
#include <assert.h>
#include <stdint.h>

#include "../../server/store/search_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct engine *engine;
static struct tokenizer *tokenizer;

static void set_up(void)
{
    struct error error;
    bool good = engine_open(":memory:", ENGINE_CREATE, &engine, &error) && store_migrate(engine, NULL, &error) &&
                engine_execute(engine,
                               "INSERT INTO claim (id, version, document, text, stance, attribution, status, report_count,"
                               " outlet_count, origin_count, created_at, updated_at)"
                               " VALUES (1, 1, '{}', 'The talks begin', 'asserts', 'named', 'extracted', 0, 0, 0, '', '');"
                               "INSERT INTO claim_search (claim_search) VALUES ('rebuild')",
                               &error);
    assert(good);
    tokenizer = tokenizer_open();
}

static void search(const char *expression)
{
    struct error error = {0};
    struct statement *statement = search_statement(engine, SEARCH_FIND, NOUN_CLAIM);
    statement_run(statement, VALUES(of_text(expression), of_int(INT64_MAX), of_int(10)));
    while (statement_next(statement))
        assert(statement_text(statement, 1).length >= HITS_SIZE(0));
    bool good = statement_end(statement, &error);
    assert(good);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!engine)
        set_up();
    if (size > 1000)
        return 0;
    struct arena arena = {0};
    struct slice typed = {(const char *)data, size};
    struct search_question question;
    const char *fault = NULL;
    if (utf8_valid(typed)) {
        bool understood = search_understand(tokenizer, typed, size % 2 ? SLICE("fr") : NO_SLICE, &arena, &question, &fault);
        assert(understood == !fault);
        for (size_t i = 0; understood && i < question.word_count; i++)
            assert(question.words[i].start < question.words[i].end && question.words[i].end <= size);
        if (understood)
            search(question.expression);
    }
    arena_release(&arena);
    return 0;
}
