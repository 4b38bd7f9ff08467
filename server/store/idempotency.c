/* Answers to writes, kept so that a write that is asked for again is done once. */
#include "reader_private.h"

enum { PRUNED_MOST = 4 }; /* with each that is added: more than one, so that the table shrinks after a busy day */

static void oldest_kept(char instant[static INSTANT_SIZE])
{
    clock_format(clock_milliseconds() - ANSWER_HOURS * (int64_t)3600000, instant);
}

static bool find(struct engine *engine, struct slice scope, struct arena *arena, struct kept_answer *answer, struct error *error)
{
    char oldest[INSTANT_SIZE];
    oldest_kept(oldest);
    *answer = (struct kept_answer){.scope = scope};
    *error = (struct error){.kind = ERROR_NOT_FOUND};
    struct statement *statement = sql_statement(engine, SQL_ANSWER);
    statement_run(statement, VALUES(of_slice(scope), of_text(oldest)));
    bool found = statement_next(statement);
    if (found) {
        answer->request = arena_slice(arena, statement_text(statement, 0));
        answer->status = (int)statement_int(statement, 1);
        answer->headers = arena_slice(arena, statement_text(statement, 2));
        answer->body = arena_slice(arena, statement_text(statement, 3));
    }
    return statement_end(statement, error) && found;
}

bool reader_answer(struct reader *reader, struct slice scope, struct arena *arena, struct kept_answer *answer,
                   struct error *error)
{
    return find(reader->engine, scope, arena, answer, error);
}

bool writing_answer(struct writing *writing, struct slice scope, struct arena *arena, struct kept_answer *answer)
{
    struct error error;
    bool found = !writing->error.kind && find(writing->engine, scope, arena, answer, &error);
    if (!found && !writing->error.kind && error.kind != ERROR_NOT_FOUND)
        writing->error = error;
    return found;
}

bool writing_keep_answer(struct writing *writing, const struct kept_answer *answer, struct error *error)
{
    char oldest[INSTANT_SIZE];
    oldest_kept(oldest);
    write_run(writing, sql_statement(writing->engine, SQL_ANSWERS_PRUNE), VALUES(of_text(oldest), of_int(PRUNED_MOST)));
    write_run(writing, sql_statement(writing->engine, SQL_ANSWER_DELETE), VALUES(of_slice(answer->scope)));
    write_run(writing, sql_statement(writing->engine, SQL_ANSWER_ADD),
              VALUES(of_slice(answer->scope), of_slice(answer->request), of_text(writing->now), of_int(answer->status),
                     of_slice(answer->headers), of_slice(answer->body)));
    *error = writing->error;
    return !writing->error.kind;
}
