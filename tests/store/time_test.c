/* Questions that would take too long end. */
#include <criterion/criterion.h>

#include "readout/engine.h"
#include "readout/store.h"

/* Counts to ten million. */
static const char slow[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) SELECT max(i) FROM n";

static bool never(void *context, const char *step, int64_t done, int64_t total)
{
    (void)step, (void)done, (void)total;
    ++*(int *)context;
    return false;
}

Test(time, a_watched_statement_ends_when_it_may_not_go_on)
{
    struct error error = {0};
    struct engine *engine;
    int told = 0;
    struct watcher watcher = {never, &told};
    cr_assert(engine_open(":memory:", ENGINE_CREATE, &engine, &error), "%s", error.message);
    engine_watch(engine, &watcher);
    struct statement *statement = engine_keep(engine, 1, slow);
    statement_run(statement, NO_VALUES);
    cr_expect_not(statement_next(statement));
    cr_expect_not(statement_end(statement, &error));
    cr_expect_eq(error.kind, ERROR_SLOW);
    cr_expect_eq(told, 1);

    engine_watch(engine, NULL);
    uint64_t before = engine_effort(engine);
    struct statement *quick = engine_keep(engine, 2, "SELECT 17");
    for (int i = 0; i < 3; i++) {
        statement_run(quick, NO_VALUES);
        cr_expect(statement_next(quick));
        cr_expect(statement_end(quick, &error), "%s", error.message);
    }
    cr_expect_eq(engine_effort(engine) - before, 3, "effort counts statements");
    engine_close(engine);
}
