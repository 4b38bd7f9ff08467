/* What `readout check` asks reads each table once, and looks everything else up: it takes as long as there are rows. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../server/store/check_private.h"

struct looking {
    struct engine *engine;
    const char *sql;
    bool walks; /* a table of this SELECT is walked through already */
    int statements, faults;
};

/* Each SELECT of a compound one may walk through a table of its own. */
static bool begins_anew(const char *step)
{
    static const char *const words[] = {"COMPOUND",   "LEFT-MOST",   "UNION",          "EXCEPT",
                                        "CO-ROUTINE", "MATERIALIZE", "SCALAR SUBQUERY"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strstr(step, words[i]) && !strstr(step, "CORRELATED"))
            return true;
    }
    return false;
}

/* A walk below a walk would be one of each row by each row; so would an index that is made for the moment be a large one. */
static void look_at_step(void *to, const char *step)
{
    struct looking *looking = to;
    bool walk = strncmp(step, "SCAN ", 5) == 0 && step[5] != '(' && strcmp(step, "SCAN some") != 0 &&
                strcmp(step, "SCAN CONSTANT ROW") != 0;
    if (begins_anew(step))
        looking->walks = false;
    if ((walk && looking->walks) || strstr(step, "AUTOMATIC")) {
        looking->faults++;
        fprintf(stderr, "%s in:\n%s\n\n", step, looking->sql);
    }
    looking->walks |= walk;
}

static void look_at_statement(void *to, const char *sql)
{
    struct looking *looking = to;
    struct error error;
    looking->sql = sql;
    looking->walks = false;
    looking->statements++;
    cr_assert(engine_explain(looking->engine, sql, look_at_step, looking, &error), "%s in: %s", error.message, sql);
}

Test(check_plans, every_statement_goes_through_its_tables_once)
{
    struct error error;
    struct looking looking = {.faults = 0};
    cr_assert(engine_open(":memory:", ENGINE_CREATE, &looking.engine, &error), "%s", error.message);
    cr_assert(store_migrate(looking.engine, NULL, &error), "%s", error.message);
    check_statements(look_at_statement, &looking);
    engine_close(looking.engine);
    cr_expect_gt(looking.statements, 80);
    cr_expect_eq(looking.faults, 0);
}
