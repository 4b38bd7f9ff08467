/* The engine behind the store: what a caller may rely on when it fails. */
#include <criterion/criterion.h>
#include <string.h>

#include "readout/engine.h"

/* As when the disk cannot be read, or the file is damaged: the caller learns it where it learns any other failure. */
Test(engine, a_statement_that_cannot_be_prepared_gives_nothing_and_fails_at_its_end)
{
    struct engine *engine = NULL;
    struct error error = {0};
    cr_assert(engine_open(":memory:", ENGINE_CREATE, &engine, &error), "%s", error.message);
    for (int again = 0; again < 2; again++) {
        struct statement *statement = engine_keep(engine, 1, "SELECT id FROM nowhere WHERE id = $1");
        error = (struct error){0};
        statement_run(statement, VALUES(of_int(1)));
        cr_expect_not(statement_next(statement));
        cr_expect_not(statement_end(statement, &error));
        cr_expect_neq(error.kind, ERROR_NONE);
        cr_expect_not_null(strstr(error.message, "nowhere"), "%s", error.message);
        cr_expect_null(engine_kept(engine, 1), "it is tried anew");
    }
    cr_assert(engine_execute(engine, "CREATE TABLE nowhere (id); INSERT INTO nowhere VALUES (7)", &error), "%s", error.message);
    struct statement *statement = engine_keep(engine, 1, "SELECT id FROM nowhere WHERE id = $1");
    statement_run(statement, VALUES(of_int(7)));
    cr_expect(statement_next(statement));
    cr_expect_eq(statement_int(statement, 0), 7);
    cr_expect(statement_end(statement, &error), "%s", error.message);
    engine_close(engine);
}
