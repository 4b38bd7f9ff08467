/* How the engine runs each statement: an index behind every one, and no scan of a table that grows. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "readout/store.h"

/* What may be read whole: tables with a row a noun, the materialised parts of a statement, and indexes that are walked in
 * order and left at the page's end. */
static bool may_scan(const char *step)
{
    static const char *const allowed[] = {"SCAN own",     "SCAN party",        "SCAN other", "SCAN tally",    "SCAN carried",
                                          "SCAN counted", "SCAN CONSTANT ROW", "SCAN some",  "SCAN (subquery"};
    if (strstr(step, "USING INDEX") || strstr(step, "USING COVERING INDEX") || strstr(step, "USING INTEGER PRIMARY KEY"))
        return true;
    /* The full-text index, asked by what it indexes: an INDEX 0 without terms would be a scan. */
    const char *virtual_index = strstr(step, "VIRTUAL TABLE INDEX ");
    if (virtual_index && strcmp(virtual_index, "VIRTUAL TABLE INDEX 0:") != 0)
        return true;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        if (strncmp(step, allowed[i], strlen(allowed[i])) == 0)
            return true;
    }
    return false;
}

struct looking {
    struct engine *engine;
    const char *sql;
    bool walks; /* the statement reads its table by id, a page at a time */
    int statements, scans;
};

static void look_at_step(void *to, const char *step)
{
    struct looking *looking = to;
    if (strncmp(step, "SCAN ", 5) != 0 || may_scan(step))
        return;
    if (looking->walks)
        return;
    looking->scans++;
    fprintf(stderr, "%s in:\n%s\n\n", step, looking->sql);
}

static void look_at_statement(void *to, const char *sql)
{
    struct looking *looking = to;
    struct error error;
    looking->sql = sql;
    looking->walks = strstr(sql, "ORDER BY id") && strstr(sql, "LIMIT $");
    looking->statements++;
    cr_assert(engine_explain(looking->engine, sql, look_at_step, looking, &error), "%s in: %s", error.message, sql);
}

Test(plans, every_statement_of_the_store_uses_an_index)
{
    struct error error;
    struct looking looking = {.scans = 0};
    cr_assert(engine_open(":memory:", ENGINE_CREATE, &looking.engine, &error), "%s", error.message);
    cr_assert(store_migrate(looking.engine, NULL, &error), "%s", error.message);
    store_statements(look_at_statement, &looking);
    engine_close(looking.engine);
    cr_log_info("%d statements", looking.statements);
    cr_expect_gt(looking.statements, 500);
    cr_expect_eq(looking.scans, 0, "%d scans", looking.scans);
}
