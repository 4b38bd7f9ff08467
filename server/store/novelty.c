/* What an article tells, and what others told before it. */
#include <string.h>

#include "reader_private.h"

bool came_before(const struct publication *a, const struct publication *b)
{
    if (!a->published_at.data || !b->published_at.data || slice_equal(a->published_at, b->published_at))
        return a->article < b->article;
    size_t length = a->published_at.length < b->published_at.length ? a->published_at.length : b->published_at.length;
    int order = memcmp(a->published_at.data, b->published_at.data, length);
    return order ? order < 0 : a->published_at.length < b->published_at.length;
}

int64_t reader_told_in(struct reader *reader, int64_t article, struct arena *arena, struct carried *found, size_t most,
                       struct error *error)
{
    size_t count = 0;
    struct statement *statement = sql_statement(reader->engine, SQL_TOLD_IN);
    statement_run(statement, VALUES(of_int(article), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = (struct carried){.report = statement_int(statement, 0),
                                          .claim = statement_int(statement, 1),
                                          .speaker = statement_int(statement, 2),
                                          .claim_text = arena_slice(arena, statement_text(statement, 3)),
                                          .document = arena_slice(arena, statement_text(statement, 4))};
    return statement_end(statement, error) ? (int64_t)count : -1;
}

int64_t reader_first_seen(struct reader *reader, enum noun noun, const struct publication *article, struct arena *arena,
                          struct first_seen *found, size_t most, struct error *error)
{
    enum { ALL = 100000 };
    int64_t count = 0;
    struct statement *statement =
        sql_statement(reader->engine, noun == NOUN_ACTOR ? SQL_ACTORS_FIRST_SEEN : SQL_MEETINGS_FIRST_SEEN);
    statement_run(statement, VALUES(of_int(article->article), of_slice(article->published_at), of_int(ALL)));
    for (; statement_next(statement); count++) {
        if ((size_t)count < most)
            found[count] = (struct first_seen){.id = statement_int(statement, 0),
                                               .name = arena_slice(arena, statement_text(statement, 1)),
                                               .kind = arena_slice(arena, statement_text(statement, 2)),
                                               .starts_on = arena_slice(arena, statement_text(statement, 3))};
    }
    return statement_end(statement, error) ? count : -1;
}

int64_t reader_seen_in(struct reader *reader, enum noun noun, int64_t article, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, noun == NOUN_ACTOR ? SQL_ACTORS_SEEN : SQL_MEETINGS_SEEN);
    statement_run(statement, VALUES(of_int(article)));
    int64_t count = statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, error) ? count : -1;
}

int64_t reader_disputes_in(struct reader *reader, int64_t article, struct arena *arena, struct slice *documents, size_t most,
                           struct error *error)
{
    size_t count = 0;
    struct statement *statement = sql_statement(reader->engine, SQL_DISPUTES_IN);
    statement_run(statement, VALUES(of_int(article), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        documents[count++] = arena_slice(arena, statement_text(statement, 0));
    return statement_end(statement, error) ? (int64_t)count : -1;
}
