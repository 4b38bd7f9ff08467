#include "store_private.h"

struct statement *apart_statement(struct engine *engine, enum noun noun)
{
    return sql_statement(engine, noun == NOUN_CLAIM ? SQL_REPORTS_OF_CLAIM : SQL_MENTIONS_OF_ARTICLE);
}

bool whole_document(struct engine *engine, enum noun noun, int64_t id, struct arena *arena, struct slice *whole,
                    struct error *error)
{
    const struct field *apart = record_apart(record_of(noun));
    struct buffer out = buffer_in(arena, 2048);
    struct statement *statement = made_row(engine, noun, false);
    statement_run(statement, VALUES(of_int(id)));
    if (statement_next(statement))
        buffer_add_slice(&out, statement_text(statement, 2));
    if (!statement_end(statement, error))
        return false;
    if (out.length == 0)
        return fail(error, ERROR_NOT_FOUND, "there is no such %s", record_of(noun)->name);
    if (apart) {
        out.length--; /* the closing brace */
        buffer_print(&out, ",\"%s\":[", apart->name);
        statement = apart_statement(engine, noun);
        statement_run(statement, VALUES(of_int(id)));
        for (bool first = true; statement_next(statement); first = false) {
            buffer_add_text(&out, first ? "" : ",");
            buffer_add_slice(&out, statement_text(statement, 0));
        }
        buffer_add_text(&out, "]}");
    }
    *whole = buffer_slice(&out);
    return !apart || statement_end(statement, error);
}
