/* Meetings and claims in the order of their days. */
#include <string.h>

#include "page_private.h"
#include "reader_private.h"

/* Where each comes from. A day is in its index, so both are read in order and merged; of one day meetings come first.
 *
 * A filter that picks few is what a page is read by. One that picks many is better checked on the way through the days: the page
 * is soon full. Which it is, a look at the first RARE of its rows tells. */
enum { RARE = 2000 };

enum filter { BY_TOPIC, BY_ACTOR, BY_CITY, FILTERS };

/* Each $ stands for the value. */
struct choice {
    const char *rare, *common;
    const char *rows; /* what is counted to tell */
};

struct source {
    enum noun noun;
    const char *listed, *day;
    struct choice choices[FILTERS];
};

#define TOPIC "(SELECT topic.id FROM topic WHERE slug = $)"

static const struct source sources[] = {
    {NOUN_MEETING,
     "deleted_at IS NULL",
     "starts_on",
     {{"id IN (SELECT meeting_id FROM meeting_topic WHERE topic_id = " TOPIC ")",
       "EXISTS (SELECT 1 FROM meeting_topic WHERE meeting_id = meeting.id AND topic_id = " TOPIC ")",
       "meeting_topic WHERE topic_id = " TOPIC},
      {"id IN (SELECT meeting_id FROM meeting_participant WHERE actor_id = $)",
       "EXISTS (SELECT 1 FROM meeting_participant WHERE meeting_id = meeting.id AND actor_id = $)",
       "meeting_participant WHERE actor_id = $"},
      {"city = $", "city = $", "meeting WHERE deleted_at IS NULL AND city = $"}}},
    {NOUN_CLAIM,
     "deleted_at IS NULL AND merged_into_id IS NULL",
     "said_on",
     {{"id IN (SELECT claim_id FROM claim_topic WHERE topic_id = " TOPIC ")",
       "EXISTS (SELECT 1 FROM claim_topic WHERE claim_id = claim.id AND topic_id = " TOPIC ")",
       "claim_topic WHERE topic_id = " TOPIC},
      {"speaker_id = $", "+speaker_id = $", "claim WHERE speaker_id = $"},
      {"occasion_id IN (SELECT meeting.id FROM meeting WHERE meeting.deleted_at IS NULL AND city = $)",
       "EXISTS (SELECT 1 FROM meeting WHERE meeting.id = occasion_id AND meeting.deleted_at IS NULL AND city = $)",
       "meeting JOIN claim ON occasion_id = meeting.id WHERE meeting.deleted_at IS NULL AND city = $"}}},
};
enum { SOURCES = sizeof sources / sizeof sources[0] };

/* ---- as SQL ----------------------------------------------------------------------------------------------- */

static void add_choice(struct sql_text *text, const char *condition)
{
    text->places++;
    for (const char *at = condition; *at; at++) {
        if (*at == '$')
            sql_add(text, "$%u", text->places);
        else
            sql_add(text, "%c", *at);
    }
}

/* How a source is read. */
struct way {
    unsigned filters; /* a bit for each that is set */
    bool by_days;     /* in the order of the days, checking the filters on the way */
    bool descending;
};

/* $1 and $2 are the day and the id to begin behind, $3 is the day to end at. */
static void source_sql(struct sql_text *text, const struct source *source, struct way way)
{
    const char *table = record_of(source->noun)->name, *order = way.descending ? "DESC" : "ASC";
    const char *keep = way.filters && !way.by_days ? "+" : ""; /* keeps the index of the days out of it */
    sql_add(text, "SELECT id, %s, document FROM %s\nWHERE %s", source->day, table, source->listed);
    sql_add(text, "\n  AND (%s%s, id) %s ($1, $2) AND %s%s %s $3", keep, source->day, way.descending ? "<" : ">", keep,
            source->day, way.descending ? ">=" : "<");
    text->places = 3;
    for (int filter = 0; filter < FILTERS; filter++) {
        if (way.filters & 1u << filter) {
            sql_add(text, "\n  AND ");
            add_choice(text, way.by_days ? source->choices[filter].common : source->choices[filter].rare);
        }
    }
    sql_add(text, "\nORDER BY %s%s %s, id %s LIMIT $%u", keep, source->day, order, order, text->places + 1);
}

static struct statement *source_statement(struct reader *reader, const struct source *source, struct way way)
{
    uint64_t key = made_key(MADE_TIMELINE, source->noun, way.filters, (uint64_t)way.by_days << 1 | way.descending);
    struct statement *kept = engine_kept(reader->engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    source_sql(&text, source, way);
    return engine_keep(reader->engine, key, text.data);
}

static void rows_sql(struct sql_text *text, const struct source *source, int filter)
{
    sql_add(text, "SELECT count(*) FROM (SELECT 1 FROM ");
    add_choice(text, source->choices[filter].rows);
    sql_add(text, " LIMIT %d) AS some", RARE);
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

static size_t filter_values(const struct timeline_query *query, struct datum *values, unsigned *filters)
{
    size_t count = 0;
    const struct datum all[FILTERS] = {of_slice(query->topic), of_id(query->actor), of_slice(query->city)};
    *filters = 0;
    for (int filter = 0; filter < FILTERS; filter++) {
        if (all[filter].type != DATUM_NULL) {
            *filters |= 1u << filter;
            values[count++] = all[filter];
        }
    }
    return count;
}

static bool is_common(struct reader *reader, const struct source *source, int filter, struct datum value, struct error *error)
{
    uint64_t key = made_key(MADE_TIMELINE_ROWS, source->noun, (unsigned)filter, 0);
    struct statement *statement = engine_kept(reader->engine, key);
    if (!statement) {
        struct sql_text text = {.length = 0};
        rows_sql(&text, source, filter);
        statement = engine_keep(reader->engine, key, text.data);
    }
    statement_run(statement, &value, 1);
    bool common = statement_next(statement) && statement_int(statement, 0) == RARE;
    return statement_end(statement, error) && common;
}

static struct way way_of(struct reader *reader, const struct source *source, unsigned filters, const struct datum *values,
                         struct error *error)
{
    struct way way = {.filters = filters, .by_days = filters != 0};
    for (int filter = 0; filter < FILTERS; filter++) {
        if (filters & 1u << filter && way.by_days)
            way.by_days = is_common(reader, source, filter, *values++, error);
    }
    return way;
}

/* The id that this source begins behind on the day of the place, where another noun stands: of one day all meetings come before
 * all claims. */
static int64_t bound_of(const struct timeline_query *query, enum noun noun)
{
    if (query->place.noun == noun)
        return query->place.id;
    return noun == NOUN_MEETING ? INT64_MAX : 0;
}

static bool read_source(struct reader *reader, const struct source *source, const struct timeline_query *query,
                        struct arena *arena, struct moment *moments, size_t *count, struct error *error)
{
    bool descending = query->descending != query->backward;
    struct datum filters[FILTERS], values[FILTERS + 4];
    unsigned bits;
    size_t filter_count = filter_values(query, filters, &bits), used = 0;
    *error = (struct error){.kind = ERROR_NONE};
    struct way way = way_of(reader, source, bits, filters, error);
    if (error->kind != ERROR_NONE)
        return false;
    way.descending = descending;
    bool placed = query->place.day.data != NULL;
    /* Without a place it begins at the edge: behind the id 0, which nothing has. */
    values[used++] = of_slice(placed ? query->place.day : descending ? query->below : query->from);
    values[used++] = of_int(placed ? bound_of(query, source->noun) : 0);
    values[used++] = of_slice(descending ? query->from : query->below);
    for (size_t i = 0; i < filter_count; i++)
        values[used++] = filters[i];
    values[used++] = of_int(query->limit + 1);

    struct statement *statement = source_statement(reader, source, way);
    statement_run(statement, values, used);
    for (*count = 0; statement_next(statement); ++*count)
        moments[*count] = (struct moment){.noun = source->noun,
                                          .id = statement_int(statement, 0),
                                          .day = arena_slice(arena, statement_text(statement, 1)),
                                          .document = arena_slice(arena, statement_text(statement, 2))};
    return statement_end(statement, error);
}

/* Whether `a` comes before `b`: by day, meetings before claims. */
static bool comes_first(const struct moment *a, const struct moment *b, bool descending)
{
    size_t length = a->day.length < b->day.length ? a->day.length : b->day.length;
    int order = memcmp(a->day.data, b->day.data, length);
    if (order == 0)
        order = (a->noun == NOUN_CLAIM) - (b->noun == NOUN_CLAIM);
    return descending ? order > 0 : order < 0;
}

static void turn_round(struct moment *moments, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct moment moment = moments[i];
        moments[i] = moments[count - 1 - i];
        moments[count - 1 - i] = moment;
    }
}

bool reader_timeline(struct reader *reader, const struct timeline_query *query, struct arena *arena, struct timeline *timeline,
                     struct error *error)
{
    size_t limit = (size_t)query->limit, counts[SOURCES], next[SOURCES] = {0};
    struct moment *found[SOURCES];
    for (size_t i = 0; i < SOURCES; i++) {
        found[i] = arena_alloc(arena, (limit + 1) * sizeof *found[i]);
        if (!read_source(reader, &sources[i], query, arena, found[i], &counts[i], error))
            return false;
    }
    *timeline = (struct timeline){.moments = arena_alloc(arena, limit * sizeof *timeline->moments)};
    bool descending = query->descending != query->backward;
    while (timeline->count < limit && (next[0] < counts[0] || next[1] < counts[1])) {
        bool second = next[0] == counts[0];
        if (!second && next[1] < counts[1])
            second = !comes_first(&found[0][next[0]], &found[1][next[1]], descending);
        timeline->moments[timeline->count++] = found[second][next[second]++];
    }
    bool more = next[0] < counts[0] || next[1] < counts[1], placed = query->place.day.data != NULL;
    timeline->more_after = query->backward ? placed : more;
    timeline->more_before = query->backward ? more : placed;
    if (query->backward)
        turn_round(timeline->moments, timeline->count);
    return true;
}

void timeline_statements(void (*each)(void *to, const char *sql), void *to)
{
    for (size_t i = 0; i < SOURCES; i++) {
        for (unsigned variant = 0; variant < 1u << (FILTERS + 2); variant++) {
            struct sql_text text = {.length = 0};
            struct way way = {.filters = variant >> 2, .by_days = variant & 2, .descending = variant & 1};
            source_sql(&text, &sources[i], way);
            each(to, text.data);
        }
        for (int filter = 0; filter < FILTERS; filter++) {
            struct sql_text text = {.length = 0};
            rows_sql(&text, &sources[i], filter);
            each(to, text.data);
        }
    }
}
