/* Where actors stand on topics: claims folded by whom they are said for in the end, and by how that changed from day to day. */
#include <stdlib.h>
#include <string.h>

#include "collate_private.h"

enum {
    ROWS_MAX = 50000, /* claims of one actor on one topic: of more the newest count */
    HOPS_MAX = 5,
    CACHE_SIZE = 1024 /* a power of two */
};

struct positioning {
    struct reader *reader;
    const struct positions_asked *asked;
    struct arena *arena, *scratch;
    struct {
        int64_t actor, party;
    } cache[CACHE_SIZE];
    struct position_actor self, *members; /* of the actor asked for, by their ids: himself among them */
    size_t member_count;
    struct positions *found;
};

/* ---- whom somebody speaks for ----------------------------------------------------------------------------- */

static bool is_one_of(struct slice kind, const char *const *kinds)
{
    while (*kinds && !slice_is(kind, *kinds))
        kinds++;
    return *kinds != NULL;
}

static bool belongs(struct slice kind)
{
    static const char *const belonging[] = {"person", "anonymous", "group", NULL};
    return is_one_of(kind, belonging);
}

static bool governs(struct slice kind)
{
    static const char *const governing[] = {"government", "state", NULL};
    return is_one_of(kind, governing);
}

/* People and groups go up to what they belong to; a government to the one it is part of, or to its state. 0: it ends here. */
static bool next_up(struct positioning *positioning, const struct position_actor *actor, struct position_actor *next,
                    struct error *error)
{
    int64_t up = 0;
    bool is_government = slice_is(actor->kind, "government");
    next->id = 0;
    if (actor->affiliation && (is_government || belongs(actor->kind)))
        up = actor->affiliation;
    else if (is_government && actor->country.data && !reader_position_state(positioning->reader, actor->country, &up, error))
        return false;
    if (up && !reader_position_actor(positioning->reader, up, positioning->scratch, next, error))
        return false;
    if (next->id && is_government && !governs(next->kind))
        next->id = 0;
    return true;
}

static bool party_of(struct positioning *positioning, const struct position_actor *actor, int64_t *party, struct error *error)
{
    size_t slot = (size_t)actor->id & (CACHE_SIZE - 1);
    struct position_actor at = *actor, next;
    if (positioning->cache[slot].actor == actor->id) {
        *party = positioning->cache[slot].party;
        return true;
    }
    for (int hop = 0; hop < HOPS_MAX; hop++) {
        if (!next_up(positioning, &at, &next, error))
            return false;
        if (!next.id)
            break;
        at = next;
    }
    positioning->cache[slot].actor = actor->id;
    *party = positioning->cache[slot].party = at.id;
    return true;
}

static int by_id(const void *a, const void *b)
{
    const struct position_actor *one = a, *other = b;
    return one->id < other->id ? -1 : one->id > other->id;
}

/* Whoever is in the end of that actor: next_up() turned round. */
static bool gather_members(struct positioning *positioning, struct error *error)
{
    struct position_actor *all = arena_alloc(positioning->arena, POSITION_MEMBERS_MAX * sizeof *all);
    size_t count = 1;
    all[0] = positioning->self;
    for (size_t i = 0; i < count; i++) {
        struct position_actor *some;
        size_t some_count;
        if (!reader_position_members(positioning->reader, &all[i], positioning->arena, &some, &some_count, error))
            return false;
        for (size_t j = 0; j < some_count && count < POSITION_MEMBERS_MAX; j++) {
            size_t known = 0;
            bool comes = belongs(some[j].kind) || (slice_is(some[j].kind, "government") && governs(all[i].kind));
            while (known < count && all[known].id != some[j].id)
                known++;
            if (comes && known == count)
                all[count++] = some[j];
        }
    }
    qsort(all, count, sizeof *all, by_id);
    positioning->members = all;
    positioning->member_count = count;
    return true;
}

/* ---- one actor on one topic ------------------------------------------------------------------------------- */

struct said {
    char day[11]; /* "" where it is not known */
    unsigned char stance;
    int64_t claim;
};

struct gathered {
    struct arena *arena;
    struct said *rows;
    size_t count, room;
    struct slice stances[POSITION_STANCES_MAX];
    size_t stance_count;
};

static void take_row(void *to, const struct position_row *read)
{
    struct gathered *gathered = to;
    size_t stance = 0;
    while (stance < gathered->stance_count && !slice_equal(gathered->stances[stance], read->stance))
        stance++;
    if (stance == POSITION_STANCES_MAX)
        return;
    if (stance == gathered->stance_count)
        gathered->stances[gathered->stance_count++] = arena_slice(gathered->arena, read->stance);
    if (gathered->count == gathered->room) {
        size_t room = gathered->room ? 2 * gathered->room : 64;
        gathered->rows =
            arena_grow(gathered->arena, gathered->rows, gathered->room * sizeof *gathered->rows, room * sizeof *gathered->rows);
        gathered->room = room;
    }
    struct said *row = &gathered->rows[gathered->count++];
    *row = (struct said){.stance = (unsigned char)stance, .claim = read->claim};
    memcpy(row->day, read->day.data, read->day.length < sizeof row->day ? read->day.length : sizeof row->day - 1);
}

static int newest_first(const void *a, const void *b)
{
    const struct said *one = a, *other = b;
    int order = strcmp(other->day, one->day);
    return order ? order : one->claim < other->claim ? 1 : one->claim > other->claim ? -1 : 0;
}

/* What says nothing of a position counts only where there is nothing else. */
static void drop_assertions(struct gathered *gathered)
{
    size_t kept = 0;
    if (gathered->stance_count < 2)
        return;
    for (size_t i = 0; i < gathered->count; i++)
        if (!slice_is(gathered->stances[gathered->rows[i].stance], "asserts"))
            gathered->rows[kept++] = gathered->rows[i];
    gathered->count = kept;
}

static bool is_before(struct slice name, struct slice other)
{
    int order = memcmp(name.data, other.data, name.length < other.length ? name.length : other.length);
    return order ? order < 0 : name.length < other.length;
}

/* The stance of one day, the rows from `first` on: the one of most claims; of several the one before, where it is among them,
 * else the one that is commoner over all, else the first by name. */
static size_t stance_of_day(const struct gathered *gathered, size_t first, size_t end, size_t before, const size_t *overall)
{
    size_t counts[POSITION_STANCES_MAX] = {0}, best = gathered->rows[first].stance;
    for (size_t i = first; i < end; i++)
        counts[gathered->rows[i].stance]++;
    for (size_t i = 0; i < gathered->stance_count; i++) {
        bool better = counts[i] > counts[best];
        if (counts[i] == counts[best] && best != before)
            better = i == before || overall[i] > overall[best] ||
                     (overall[i] == overall[best] && is_before(gathered->stances[i], gathered->stances[best]));
        best = better ? i : best;
    }
    return best;
}

static struct slice day_of(struct arena *arena, const struct said *row)
{
    return row->day[0] ? arena_slice(arena, slice_of(row->day)) : NO_SLICE;
}

static void fold_moves(const struct gathered *gathered, const size_t *overall, struct arena *arena, struct position *position)
{
    size_t before = POSITION_STANCES_MAX, end = gathered->count;
    position->moves = arena_alloc(arena, POSITION_MOVES_MAX * sizeof *position->moves);
    while (end > 0 && !gathered->rows[end - 1].day[0])
        end--; /* those without a day stand last */
    while (end > 0) {
        size_t first = end - 1;
        while (first > 0 && strcmp(gathered->rows[first - 1].day, gathered->rows[end - 1].day) == 0)
            first--;
        size_t stance = stance_of_day(gathered, first, end, before, overall);
        if (stance != before) {
            if (position->move_count == POSITION_MOVES_MAX)
                memmove(position->moves, position->moves + 1, --position->move_count * sizeof *position->moves);
            position->moves[position->move_count++] =
                (struct position_move){position->spreads[stance].stance, day_of(arena, &gathered->rows[first])};
        }
        before = stance;
        end = first;
    }
    size_t now = before;
    if (now == POSITION_STANCES_MAX)
        now = stance_of_day(gathered, 0, gathered->count, before, overall);
    position->stance = position->spreads[now].stance;
    position->since = position->move_count ? position->moves[position->move_count - 1].on : NO_SLICE;
}

static bool fold_claims(struct positioning *positioning, const struct gathered *gathered, struct position *position,
                        struct error *error)
{
    for (size_t i = 0; i < gathered->count; i++) {
        const struct said *row = &gathered->rows[i];
        struct position_spread *spread = &position->spreads[row->stance];
        struct slice day = day_of(positioning->arena, row);
        spread->last_on = spread->last_on.data ? spread->last_on : day;
        spread->first_on = day.data ? day : spread->first_on;
        if (spread->count++ < POSITION_CLAIMS_MAX && !reader_position_claim(positioning->reader, row->claim, positioning->arena,
                                                                            &spread->claims[spread->count - 1], error))
            return false;
    }
    return true;
}

/* The stance of now first, then the newer ones. */
static int by_newness(const void *a, const void *b)
{
    const struct position_spread *one = a, *other = b;
    if (one->is_now != other->is_now)
        return one->is_now ? -1 : 1;
    if (one->last_on.data && other->last_on.data && memcmp(one->last_on.data, other->last_on.data, 10) != 0)
        return memcmp(other->last_on.data, one->last_on.data, 10);
    if (!one->last_on.data != !other->last_on.data)
        return one->last_on.data ? -1 : 1;
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return is_before(one->stance, other->stance) ? -1 : 1;
}

static void settle_spreads(struct position *position, size_t stances)
{
    for (size_t i = 0; i < stances; i++) {
        struct position_spread *spread = &position->spreads[i];
        if (spread->count == 0)
            continue;
        spread->is_now = slice_equal(spread->stance, position->stance);
        position->spreads[position->spread_count++] = *spread;
    }
    qsort(position->spreads, position->spread_count, sizeof *position->spreads, by_newness);
}

static bool fold(struct positioning *positioning, struct gathered *gathered, struct position *position, struct error *error)
{
    size_t overall[POSITION_STANCES_MAX] = {0};
    qsort(gathered->rows, gathered->count, sizeof *gathered->rows, newest_first);
    drop_assertions(gathered);
    position->claim_count = gathered->count;
    for (size_t i = 0; i < gathered->count; i++)
        overall[gathered->rows[i].stance]++;
    position->spreads = arena_zero(positioning->arena, gathered->stance_count * sizeof *position->spreads);
    for (size_t i = 0; i < gathered->stance_count; i++)
        position->spreads[i].stance = arena_slice(positioning->arena, gathered->stances[i]);
    fold_moves(gathered, overall, positioning->arena, position);
    if (!fold_claims(positioning, gathered, position, error))
        return false;
    settle_spreads(position, gathered->stance_count);
    return true;
}

/* What those said, or was said for them, as the position of `actor`. Adds none where there is nothing. */
static bool add_standing(struct positioning *positioning, struct position_topic topic, int64_t actor,
                         const struct position_actor *members, size_t count, bool as_speaker, struct error *error)
{
    struct gathered gathered = {.arena = positioning->scratch};
    struct position *position = &positioning->found->items[positioning->found->count];
    *position = (struct position){.topic = topic, .exact = true};
    for (size_t i = 0; i < count; i++) {
        struct position_query query = {topic.id, members[i].id, as_speaker, positioning->asked->as_of, ROWS_MAX};
        size_t before = gathered.count;
        if (!reader_positions(positioning->reader, &query, take_row, &gathered, error))
            return false;
        position->exact &= gathered.count - before < ROWS_MAX;
    }
    if (gathered.count == 0)
        return true;
    positioning->found->count++;
    return reader_position_actor(positioning->reader, actor, positioning->arena, &position->actor, error) &&
           fold(positioning, &gathered, position, error);
}

/* ---- all of a topic --------------------------------------------------------------------------------------- */

struct principal {
    int64_t party;
    struct position_actor actor;
};

static int by_party(const void *a, const void *b)
{
    const struct principal *one = a, *other = b;
    if (one->party != other->party)
        return one->party < other->party ? -1 : 1;
    return by_id(&one->actor, &other->actor);
}

static bool is_full(const struct positioning *positioning)
{
    return positioning->found->count > (size_t)positioning->asked->limit;
}

static bool add_parties(struct positioning *positioning, struct position_topic topic, int64_t after, struct error *error)
{
    struct position_actor *actors;
    size_t count;
    if (!reader_position_principals(positioning->reader, topic.id, positioning->scratch, &actors, &count, error))
        return false;
    struct principal *principals = arena_alloc(positioning->scratch, (count + 1) * sizeof *principals);
    for (size_t i = 0; i < count; i++) {
        principals[i].actor = actors[i];
        if (!party_of(positioning, &actors[i], &principals[i].party, error))
            return false;
    }
    qsort(principals, count, sizeof *principals, by_party);
    for (size_t first = 0, end; first < count && !is_full(positioning); first = end) {
        for (end = first; end < count && principals[end].party == principals[first].party; end++)
            actors[end - first] = principals[end].actor;
        if (principals[first].party > after &&
            !add_standing(positioning, topic, principals[first].party, actors, end - first, false, error))
            return false;
    }
    return true;
}

static bool add_topic(struct positioning *positioning, struct position_topic topic, struct error *error)
{
    const struct positions_asked *asked = positioning->asked;
    if (topic.id < asked->after_topic)
        return true;
    int64_t after = topic.id == asked->after_topic ? asked->after_actor : 0;
    if (!asked->actor)
        return add_parties(positioning, topic, after, error);
    bool as_speaker = slice_is(positioning->self.kind, "person") || slice_is(positioning->self.kind, "anonymous");
    return asked->actor <= after ||
           add_standing(positioning, topic, asked->actor, positioning->members, positioning->member_count, as_speaker, error);
}

static bool read_topics(struct positioning *positioning, struct error *error)
{
    const struct positions_asked *asked = positioning->asked;
    struct position_topic topic = {.id = asked->after_topic ? asked->after_topic - 1 : 0};
    for (size_t i = 0; i < asked->topic_count && !is_full(positioning); i++) {
        if (!add_topic(positioning, asked->topics[i], error))
            return false;
        arena_reset(positioning->scratch);
    }
    while (!asked->topics && !is_full(positioning)) {
        if (!reader_position_topic(positioning->reader, topic.id, positioning->arena, &topic, error))
            return false;
        if (!topic.id)
            break;
        if (!add_topic(positioning, topic, error))
            return false;
        arena_reset(positioning->scratch);
    }
    return true;
}

bool collate_positions(struct reader *reader, const struct positions_asked *asked, struct arena *arena, struct positions *found,
                       struct error *error)
{
    struct arena scratch = {0};
    struct positioning *positioning = arena_zero(arena, sizeof *positioning);
    *positioning = (struct positioning){.reader = reader, .asked = asked, .arena = arena, .scratch = &scratch, .found = found};
    *found = (struct positions){.items = arena_alloc(arena, ((size_t)asked->limit + 1) * sizeof *found->items)};
    bool good = !asked->actor || (reader_position_actor(reader, asked->actor, arena, &positioning->self, error) &&
                                  gather_members(positioning, error));
    good = good && read_topics(positioning, error);
    arena_release(&scratch);
    found->more = found->count > (size_t)asked->limit;
    found->count -= found->more;
    return good;
}
