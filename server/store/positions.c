/* Where actors stand on topics: keeping the table `position`, and reading it. */
#include "positions.h"

#include <string.h>

#include "reader_private.h"

/* ---- keeping ---------------------------------------------------------------------------------------------- */

enum { TOPICS_AT_ONCE = 32 };

/* The claim's topics, above `after`. */
static size_t topics_of(struct writing *writing, int64_t claim, int64_t after, int64_t ids[static TOPICS_AT_ONCE])
{
    size_t count = 0;
    struct statement *statement = sql_statement(writing->engine, SQL_TOPICS_OF_CLAIM);
    if (writing->error.kind)
        return 0;
    statement_run(statement, VALUES(of_int(claim), of_int(after), of_int(TOPICS_AT_ONCE)));
    while (count < TOPICS_AT_ONCE && statement_next(statement))
        ids[count++] = statement_int(statement, 0);
    return statement_end(statement, &writing->error) ? count : 0;
}

/* One by one: for a statement that writes several rows SQLite keeps a journal, in which it searches from the beginning. */
void positions_note(struct writing *writing, int64_t claim, bool is_new)
{
    int64_t topics[TOPICS_AT_ONCE], last = 0;
    if (!is_new)
        write_run(writing, sql_statement(writing->engine, SQL_POSITIONS_DELETE), VALUES(of_int(claim)));
    for (size_t count; (count = topics_of(writing, claim, last, topics)) > 0; last = topics[count - 1]) {
        for (size_t i = 0; i < count; i++)
            write_run(writing, sql_statement(writing->engine, SQL_POSITION_ADD), VALUES(of_int(claim), of_int(topics[i])));
    }
}

/* ---- topics and actors ------------------------------------------------------------------------------------ */

bool reader_position_topic(struct reader *reader, int64_t after, struct arena *arena, struct position_topic *topic,
                           struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_POSITION_TOPIC);
    *topic = (struct position_topic){.id = 0};
    statement_run(statement, VALUES(of_int(after), of_int(1)));
    if (statement_next(statement))
        *topic = (struct position_topic){statement_int(statement, 0), arena_slice(arena, statement_text(statement, 1))};
    return statement_end(statement, error);
}

static struct position_actor actor_of(struct statement *statement, struct arena *arena)
{
    return (struct position_actor){.id = statement_int(statement, 0),
                                   .affiliation = statement_int(statement, 1),
                                   .kind = arena_slice(arena, statement_text(statement, 2)),
                                   .country = arena_slice(arena, statement_text(statement, 3)),
                                   .name = arena_slice(arena, statement_text(statement, 4))};
}

static bool read_actors(struct statement *statement, struct arena *arena, struct position_actor **actors, size_t *count,
                        struct error *error)
{
    size_t room = 0;
    *count = 0;
    *actors = NULL;
    while (statement_next(statement)) {
        if (*count == room) {
            size_t more = room ? 2 * room : 16;
            struct position_actor *grown = arena_alloc(arena, more * sizeof *grown);
            if (room)
                memcpy(grown, *actors, room * sizeof *grown);
            *actors = grown;
            room = more;
        }
        (*actors)[(*count)++] = actor_of(statement, arena);
    }
    return statement_end(statement, error);
}

bool reader_position_actor(struct reader *reader, int64_t id, struct arena *arena, struct position_actor *actor,
                           struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_POSITION_ACTOR);
    *actor = (struct position_actor){.id = 0};
    statement_run(statement, VALUES(of_int(id)));
    if (statement_next(statement))
        *actor = actor_of(statement, arena);
    return statement_end(statement, error);
}

bool reader_position_state(struct reader *reader, struct slice country, int64_t *state, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_STATE_OF);
    statement_run(statement, VALUES(of_slice(country)));
    *state = statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, error);
}

bool reader_position_principals(struct reader *reader, int64_t topic, struct arena *arena, struct position_actor **actors,
                                size_t *count, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_POSITION_PRINCIPALS);
    statement_run(statement, VALUES(of_int(topic)));
    return read_actors(statement, arena, actors, count, error);
}

bool reader_position_members(struct reader *reader, const struct position_actor *of, struct arena *arena,
                             struct position_actor **actors, size_t *count, struct error *error)
{
    bool is_state = slice_is(of->kind, "state") && of->country.data;
    struct statement *statement = sql_statement(reader->engine, is_state ? SQL_POSITION_STATE_MEMBERS : SQL_POSITION_MEMBERS);
    const struct datum values[] = {of_int(of->id), of_int(POSITION_MEMBERS_MAX), of_slice(of->country)};
    statement_run(statement, values, is_state ? 3 : 2);
    return read_actors(statement, arena, actors, count, error);
}

/* ---- rows ------------------------------------------------------------------------------------------------- */

bool reader_positions(struct reader *reader, const struct position_query *query,
                      void (*each)(void *to, const struct position_row *row), void *to, struct error *error)
{
    bool dated = query->until.data != NULL;
    struct statement *statement = sql_statement(reader->engine, query->as_speaker ? SQL_POSITIONS_SPOKEN : SQL_POSITIONS_HELD);
    statement_run(statement, VALUES(of_int(query->topic), of_int(query->actor), of_slice(dated ? SLICE("0") : SLICE("")),
                                    of_slice(dated ? query->until : SLICE("9999-12-32")), of_int(query->most)));
    while (statement_next(statement)) {
        struct position_row row = {
            .day = statement_text(statement, 0), .claim = statement_int(statement, 1), .stance = statement_text(statement, 2)};
        each(to, &row);
    }
    return statement_end(statement, error);
}

bool reader_position_claim(struct reader *reader, int64_t id, struct arena *arena, struct position_claim *claim,
                           struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_POSITION_CLAIM);
    *claim = (struct position_claim){.id = id};
    statement_run(statement, VALUES(of_int(id)));
    if (statement_next(statement)) {
        claim->text = arena_slice(arena, statement_text(statement, 0));
        claim->said_on = arena_slice(arena, statement_text(statement, 1));
        claim->report_count = statement_int(statement, 2);
        claim->outlet_count = statement_int(statement, 3);
        claim->origin_count = statement_int(statement, 4);
        claim->speaker = statement_int(statement, 5);
        claim->speaker_name = arena_slice(arena, statement_text(statement, 6));
    }
    return statement_end(statement, error);
}
