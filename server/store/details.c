/* What articles tell of meetings, and which meetings may be the same talks: for who compares them. */
#include "store_private.h"

void writing_note_details(struct writing *writing, int64_t article, const struct meeting_detail *details, size_t count)
{
    write_run(writing, sql_statement(writing->engine, SQL_DETAILS_DELETE), VALUES(of_int(article)));
    for (size_t i = 0; i < count; i++) {
        const struct meeting_detail *detail = &details[i];
        write_run(writing, sql_statement(writing->engine, SQL_DETAIL_ADD),
                  VALUES(of_int(article), of_int(detail->mention), of_int((int64_t)i), of_slice(detail->kind),
                         of_slice(detail->value), of_slice(detail->until), of_slice(detail->part_of_day), of_id(detail->side),
                         of_id(detail->actor), of_int(detail->start), of_int(detail->end)));
    }
}

size_t writing_details(struct writing *writing, int64_t meeting, struct arena *arena, struct meeting_detail *found, size_t most)
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_DETAILS_OF_MEETING);
    statement_run(statement, VALUES(of_int(meeting), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = (struct meeting_detail){.article = statement_int(statement, 0),
                                                 .mention = statement_int(statement, 1),
                                                 .kind = arena_slice(arena, statement_text(statement, 2)),
                                                 .value = arena_slice(arena, statement_text(statement, 3)),
                                                 .until = arena_slice(arena, statement_text(statement, 4)),
                                                 .part_of_day = arena_slice(arena, statement_text(statement, 5)),
                                                 .side_name = arena_slice(arena, statement_text(statement, 6)),
                                                 .party = arena_slice(arena, statement_text(statement, 7)),
                                                 .actor = statement_int(statement, 8),
                                                 .leader = arena_slice(arena, statement_text(statement, 9)),
                                                 .start = statement_int(statement, 10),
                                                 .end = statement_int(statement, 11)};
    statement_end(statement, &writing->error);
    return count;
}

static size_t meetings_by(struct writing *writing, enum sql which, int64_t meeting, struct slice from, struct slice until,
                          int64_t *ids, size_t most)
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, which);
    statement_run(statement, VALUES(of_int(meeting), of_slice(from), of_slice(until), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        ids[count++] = statement_int(statement, 0);
    statement_end(statement, &writing->error);
    return count;
}

size_t writing_meetings_beside(struct writing *writing, int64_t meeting, struct slice from, struct slice until, int64_t *ids,
                               size_t most)
{
    return meetings_by(writing, SQL_MEETINGS_BESIDE, meeting, from, until, ids, most);
}

size_t writing_meetings_of_story(struct writing *writing, int64_t meeting, struct slice from, struct slice until, int64_t *ids,
                                 size_t most)
{
    return meetings_by(writing, SQL_MEETINGS_OF_STORY, meeting, from, until, ids, most);
}

size_t writing_same_words(struct writing *writing, int64_t claim, int64_t *ids, size_t most)
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_SAME_WORDS);
    statement_run(statement, VALUES(of_int(claim), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        ids[count++] = statement_int(statement, 0);
    statement_end(statement, &writing->error);
    return count;
}

bool writing_named_before(struct writing *writing, int64_t article, int64_t actor, int64_t before, int64_t *start, int64_t *end)
{
    bool named = false;
    if (writing->error.kind)
        return false;
    struct statement *statement = sql_statement(writing->engine, SQL_NAMED_BEFORE);
    statement_run(statement, VALUES(of_int(article), of_int(actor), of_int(before)));
    if (statement_next(statement)) {
        *start = statement_int(statement, 0);
        *end = statement_int(statement, 1);
        named = true;
    }
    statement_end(statement, &writing->error);
    return named;
}
