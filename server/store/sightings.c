/* What articles say of meetings and of nameless sources, each for itself: the tables behind the calendar. */
#include "store_private.h"

/* ---- sightings -------------------------------------------------------------------------------------------- */

size_t writing_sightings(struct writing *writing, int64_t meeting, struct arena *arena, struct sighting *found, size_t most)
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_SIGHTINGS);
    statement_run(statement, VALUES(of_int(meeting), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = (struct sighting){.article = statement_int(statement, 0),
                                           .position = statement_int(statement, 1),
                                           .meeting = meeting,
                                           .published = arena_slice(arena, statement_text(statement, 2)),
                                           .order = arena_slice(arena, statement_text(statement, 3)),
                                           .reading = arena_slice(arena, statement_text(statement, 4))};
    statement_end(statement, &writing->error);
    return count;
}

size_t writing_sightings_in(struct writing *writing, int64_t article, struct arena *arena, struct sighting *found, size_t most)
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_SIGHTINGS_IN);
    statement_run(statement, VALUES(of_int(article), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = (struct sighting){.article = article,
                                           .position = statement_int(statement, 0),
                                           .meeting = statement_int(statement, 1),
                                           .reading = arena_slice(arena, statement_text(statement, 2))};
    statement_end(statement, &writing->error);
    return count;
}

static void add_keys(struct writing *writing, const struct sighting *sighting, const struct sighting_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        write_run(writing, sql_statement(writing->engine, SQL_SIGHTING_KEY_ADD),
                  VALUES(of_slice(keys->keys[i]), of_int(keys->loose), of_slice(keys->day), of_int(sighting->meeting),
                         of_int(sighting->article), of_int(sighting->position)));
}

static void drop_keys(struct writing *writing, int64_t article, int64_t position)
{
    write_run(writing, sql_statement(writing->engine, SQL_SIGHTING_KEYS_DELETE), VALUES(of_int(article), of_int(position)));
}

void writing_put_sighting(struct writing *writing, const struct sighting *sighting, const struct sighting_keys *keys)
{
    drop_keys(writing, sighting->article, sighting->position);
    write_run(
        writing, sql_statement(writing->engine, SQL_SIGHTING_SET),
        VALUES(of_int(sighting->article), of_int(sighting->position), of_int(sighting->meeting), of_slice(sighting->reading)));
    add_keys(writing, sighting, keys);
}

void writing_drop_sighting(struct writing *writing, int64_t article, int64_t position)
{
    drop_keys(writing, article, position);
    write_run(writing, sql_statement(writing->engine, SQL_SIGHTING_DELETE), VALUES(of_int(article), of_int(position)));
}

size_t writing_sighted(struct writing *writing, struct slice key, bool loose, struct slice from, struct slice until, int64_t *ids,
                       size_t most)
{
    return write_ids(writing, sql_statement(writing->engine, SQL_SIGHTED),
                     VALUES(of_slice(key), of_int(loose), of_slice(from), of_slice(until), of_int((int64_t)most)), ids, most);
}

void sightings_note(struct writing *writing, int64_t meeting)
{
    drop_keys(writing, 0, meeting);
    write_run(writing, sql_statement(writing->engine, SQL_SIGHTING_OWN_KEYS), VALUES(of_int(meeting)));
}

/* ---- voices ----------------------------------------------------------------------------------------------- */

void writing_put_voice(struct writing *writing, const struct voice *voice)
{
    write_run(writing, sql_statement(writing->engine, SQL_VOICE_SET),
              VALUES(of_int(voice->article), of_int(voice->position), of_int(voice->actor), of_id(voice->meeting),
                     of_slice(voice->party), of_slice(voice->name)));
}

void writing_drop_voices(struct writing *writing, int64_t article)
{
    write_run(writing, sql_statement(writing->engine, SQL_VOICES_DELETE), VALUES(of_int(article)));
}

size_t writing_voices_at(struct writing *writing, int64_t meeting, struct slice party, int64_t *actors, size_t most)
{
    return write_ids(writing, sql_statement(writing->engine, SQL_VOICES_AT),
                     VALUES(of_int(meeting), of_slice(party), of_int((int64_t)most)), actors, most);
}

size_t writing_voices_of(struct writing *writing, int64_t actor, struct arena *arena, struct voice *found, size_t most)
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_VOICES_OF);
    statement_run(statement, VALUES(of_int(actor), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = (struct voice){.article = statement_int(statement, 0),
                                        .position = statement_int(statement, 1),
                                        .actor = actor,
                                        .meeting = statement_int(statement, 2),
                                        .party = arena_slice(arena, statement_text(statement, 3)),
                                        .name = arena_slice(arena, statement_text(statement, 4))};
    statement_end(statement, &writing->error);
    return count;
}

void writing_move_voices(struct writing *writing, int64_t from, int64_t into, int64_t article)
{
    write_run(writing, sql_statement(writing->engine, SQL_VOICES_MOVE), VALUES(of_int(from), of_int(into), of_int(article)));
}

bool writing_taken_apart(struct writing *writing, enum noun noun, int64_t one, int64_t other)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_TAKEN_APART),
                     VALUES(of_text(record_of(noun)->name), of_int(one), of_int(other))) != 0;
}
