/* Which sightings are of one meeting. Pure: it depends on what they say and on nothing else.
 *
 *     day, city, parties       one meeting: the same day and city, and two parties in common, or all that one of them has, or one
 *                              where many meet
 *     the day, not all else    the one meeting of that day whose city it is, or that has the same parties; where there is none,
 *                              one with others like it
 *     not the day              the one meeting near in time that has the same parties; where there is none, one with others
 *                              like it
 *
 * Officials count as the parties they speak for. Different people for one party tell meetings apart, unless day and city agree:
 * then articles disagree about who comes. */
#include <string.h>

#include "meetings.h"
#include "readout/clock.h"

/* Days between a publication and what it speaks of without a day. */
enum { LATER_MOST = 21, EARLIER_MOST = 10, BRIEFING_MOST = 2, ALIKE_MOST = 14 };

/* ---- understanding ---------------------------------------------------------------------------------------- */

static struct slice text_in(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

static void understand_day(struct sight *sight)
{
    struct slice day = text_in(sight->reading, "starts_on"), precision = text_in(sight->reading, "precision");
    if (day.length != 10)
        return;
    if (slice_is(precision, "month") || slice_is(precision, "year"))
        sight->month = (struct slice){day.data, slice_is(precision, "month") ? 7 : 4};
    else
        sight->day = day;
}

static void understand_parties(struct sight *sight)
{
    const json_t *parties = json_object_get(sight->reading, "parties"), *people = json_object_get(sight->reading, "people");
    size_t index;
    json_t *item;
    json_array_foreach (parties, index, item) {
        if (sight->party_count < PARTIES_MAX)
            sight->parties[sight->party_count++] = (struct slice){json_string_value(item), json_string_length(item)};
    }
    json_array_foreach (people, index, item) {
        if (sight->person_count < PEOPLE_MAX)
            sight->people[sight->person_count++] =
                (struct person){text_in(item, "party"), json_integer_value(json_object_get(item, "actor"))};
    }
}

void sight_understand(struct sight *sight)
{
    static const char *const sorts[] = {"briefing", "call", "visit"};
    sight->kind = text_in(sight->reading, "kind");
    sight->sort = SLICE("meeting");
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        if (slice_is(sight->kind, sorts[i]))
            sight->sort = sight->kind;
    }
    sight->city = text_in(sight->reading, "city");
    sight->held = slice_is(text_in(sight->reading, "status"), "held");
    sight->nameless = json_is_true(json_object_get(sight->reading, "nameless"));
    understand_day(sight);
    understand_parties(sight);
}

/* ---- days ------------------------------------------------------------------------------------------------- */

static struct slice day_from(struct slice day, int64_t more, struct arena *arena)
{
    struct day then = clock_day(clock_date_days(day) + more);
    return slice_of(arena_print(arena, "%04d-%02d-%02d", then.year, then.month, then.day));
}

static bool is_briefing(const struct sight *sight)
{
    return slice_is(sight->sort, "briefing");
}

struct days days_sought(const struct sight *loose, struct arena *arena)
{
    if (loose->month.data)
        return (struct days){loose->month, slice_of(arena_print(arena, "%.*s~", SLICE_ARGS(loose->month)))};
    if (!loose->is.published.data)
        return (struct days){NO_SLICE, NO_SLICE};
    bool earlier = loose->held || is_briefing(loose);
    return (struct days){day_from(loose->is.published,
                                  is_briefing(loose) ? -BRIEFING_MOST
                                  : earlier          ? -EARLIER_MOST
                                                     : 0,
                                  arena),
                         day_from(loose->is.published, earlier ? 0 : LATER_MOST, arena)};
}

struct days days_published(const struct sight *sight, struct arena *arena)
{
    struct slice day = sight->day.data ? sight->day : sight->is.published;
    if (sight->month.data)
        return (struct days){sight->month, sight->month};
    int most = is_briefing(sight) ? BRIEFING_MOST : sight->day.data ? LATER_MOST : ALIKE_MOST;
    if (!day.data)
        return (struct days){NO_SLICE, NO_SLICE};
    return (struct days){day_from(day, -most, arena), day_from(day, most, arena)};
}

/* ---- keys ------------------------------------------------------------------------------------------------- */

struct keys {
    struct arena *arena;
    struct slice *keys;
    size_t count;
};

static void add_key(struct keys *keys, const struct sight *sight, const char *what, struct slice a, struct slice b)
{
    if (keys->count == SIGHT_KEYS_MAX)
        return;
    char *key = arena_print(keys->arena, "%.*s%s %.*s%s%.*s", SLICE_ARGS(sight->sort), what, SLICE_ARGS(a), b.data ? " " : "",
                            b.data ? (int)b.length : 0, b.data ? b.data : "");
    keys->keys[keys->count++] = slice_of(key);
}

static struct slice lower(struct slice text, struct arena *arena)
{
    char *copy = arena_copy(arena, text.data, text.length);
    for (size_t i = 0; i < text.length; i++)
        copy[i] = copy[i] >= 'A' && copy[i] <= 'Z' ? (char)(copy[i] + ('a' - 'A')) : copy[i];
    return (struct slice){copy, text.length};
}

static void add_place_and_pairs(struct keys *keys, const struct sight *sight)
{
    if (sight->city.data)
        add_key(keys, sight, " at", lower(sight->city, keys->arena), NO_SLICE);
    for (size_t i = 0; i < sight->party_count; i++) {
        for (size_t j = 0; j < sight->party_count; j++) {
            if (slice_compare(sight->parties[i], sight->parties[j]) < 0)
                add_key(keys, sight, "", sight->parties[i], sight->parties[j]);
        }
    }
}

static void add_each(struct keys *keys, const struct sight *sight, const char *what)
{
    for (size_t i = 0; i < sight->party_count; i++)
        add_key(keys, sight, what, sight->parties[i], NO_SLICE);
}

size_t sight_keys(const struct sight *sight, struct arena *arena, struct slice keys[static SIGHT_KEYS_MAX])
{
    struct keys own = {arena, keys, 0};
    add_place_and_pairs(&own, sight);
    add_each(&own, sight, " some");
    if (sight->party_count == 1)
        add_each(&own, sight, " only");
    return own.count;
}

static bool is_wide(const struct sight *sight)
{
    return slice_is(sight->kind, "multilateral") || slice_is(sight->kind, "session");
}

size_t sight_sought(const struct sight *sight, struct arena *arena, struct slice keys[static SIGHT_KEYS_MAX])
{
    struct keys sought = {arena, keys, 0};
    add_place_and_pairs(&sought, sight);
    add_each(&sought, sight, sight->party_count == 1 || is_wide(sight) || is_briefing(sight) ? " some" : " only");
    return sought.count;
}

/* ---- two of them ------------------------------------------------------------------------------------------ */

static size_t shared_parties(const struct sight *a, const struct sight *b)
{
    size_t shared = 0;
    for (size_t i = 0; i < a->party_count; i++) {
        for (size_t j = 0; j < b->party_count; j++)
            shared += slice_equal(a->parties[i], b->parties[j]);
    }
    return shared;
}

/* Whether for some party each names people, and none of them is among the other's. */
static bool other_people(const struct sight *a, const struct sight *b)
{
    for (size_t i = 0; i < a->person_count; i++) {
        bool both = false, same = false;
        for (size_t j = 0; j < b->person_count; j++) {
            if (!slice_equal(a->people[i].party, b->people[j].party))
                continue;
            both = true;
            for (size_t k = 0; k < a->person_count && !same; k++)
                same = a->people[k].actor == b->people[j].actor;
        }
        if (both && !same)
            return true;
    }
    return false;
}

static bool cities_differ(const struct sight *a, const struct sight *b)
{
    return a->city.data && b->city.data && !slice_equal_fold(a->city, b->city);
}

/* One speaker is named and the other is not: somebody else's briefing. */
static bool same_speaker(const struct sight *a, const struct sight *b)
{
    return shared_parties(a, b) > 0 && !other_people(a, b) && !(a->nameless && b->person_count && !b->nameless) &&
           !(b->nameless && a->person_count && !a->nameless);
}

bool sights_same(const struct sight *a, const struct sight *b)
{
    size_t shared = shared_parties(a, b);
    if (!a->day.data || !b->day.data || !slice_equal(a->sort, b->sort) || !slice_equal(a->day, b->day) || cities_differ(a, b))
        return false;
    if (is_briefing(a))
        return same_speaker(a, b);
    bool one = a->party_count == 1 || b->party_count == 1;
    if (a->city.data && b->city.data)
        return shared >= 2 || (shared == 1 && (one || is_wide(a) || is_wide(b))) || a->party_count == 0 || b->party_count == 0;
    bool alone = a->party_count == 1 && b->party_count == 1, either = (a->city.data || b->city.data) && one;
    return (shared >= 2 || (shared == 1 && (alone || either))) && !other_people(a, b);
}

bool sights_near(const struct sight *a, const struct sight *b)
{
    return a->day.data && b->day.data && slice_equal(a->sort, b->sort) && slice_equal(a->day, b->day) && !cities_differ(a, b) &&
           is_wide(a) && is_wide(b) && shared_parties(a, b) > 0 && !other_people(a, b);
}

/* A summit is one wherever it is spoken of. */
static bool kinds_fit(const struct sight *a, const struct sight *b)
{
    return slice_equal(a->sort, b->sort) && slice_is(a->kind, "summit") == slice_is(b->kind, "summit");
}

/* The same parties, or the same city and one of them. */
static bool parties_fit(const struct sight *a, const struct sight *b)
{
    size_t shared = shared_parties(a, b);
    if (is_briefing(a))
        return same_speaker(a, b);
    return !cities_differ(a, b) && !other_people(a, b) && (shared >= 2 || (shared == 1 && a->city.data && b->city.data));
}

bool sight_may_be(const struct sight *loose, const struct sight *dated)
{
    if (loose->is.article == dated->is.article || !kinds_fit(loose, dated) || !parties_fit(loose, dated))
        return false;
    if (loose->month.data)
        return memcmp(loose->month.data, dated->day.data, loose->month.length) == 0;
    if (!loose->is.published.data)
        return false;
    int64_t later = clock_date_days(dated->day) - clock_date_days(loose->is.published);
    if (is_briefing(loose))
        return later <= 0 && later >= -BRIEFING_MOST;
    return loose->held ? later <= 0 && later >= -EARLIER_MOST : later >= 0 && later <= LATER_MOST;
}

bool sights_alike(const struct sight *a, const struct sight *b)
{
    if (a->is.article == b->is.article || !kinds_fit(a, b) || !parties_fit(a, b))
        return false;
    if (a->month.data && b->month.data)
        return slice_equal(a->month, b->month);
    if (!a->is.published.data || !b->is.published.data || a->month.data || b->month.data)
        return false;
    int64_t apart = clock_date_days(a->is.published) - clock_date_days(b->is.published);
    int most = is_briefing(a) ? BRIEFING_MOST : ALIKE_MOST;
    return apart <= most && apart >= -most;
}

/* ---- groups ----------------------------------------------------------------------------------------------- */

struct grouping {
    struct sight *sights;
    size_t count;
    size_t *targets; /* of each group, by its root: the one that it joins, or NONE, or SEVERAL */
};
#define NONE    SIZE_MAX
#define SEVERAL (SIZE_MAX - 1)

static size_t root_of(const struct grouping *grouping, size_t i)
{
    while (grouping->sights[i].group != i)
        i = grouping->sights[i].group;
    return i;
}

static void unite(struct grouping *grouping, size_t i, size_t j)
{
    size_t a = root_of(grouping, i), b = root_of(grouping, j);
    grouping->sights[a < b ? b : a].group = a < b ? a : b;
}

static bool is_dated(const struct sight *sight)
{
    return sight->day.data;
}

static bool is_whole(const struct sight *sight)
{
    return sight->day.data && sight->city.data && sight->party_count;
}

static bool group_has(const struct grouping *grouping, size_t root, bool (*is)(const struct sight *sight))
{
    for (size_t i = 0; i < grouping->count; i++) {
        if (is(&grouping->sights[i]) && root_of(grouping, i) == root)
            return true;
    }
    return false;
}

static void note_target(struct grouping *grouping, size_t root, size_t target)
{
    size_t *now = &grouping->targets[root];
    *now = *now == NONE || *now == target ? target : SEVERAL;
}

static void follow_targets(struct grouping *grouping)
{
    for (size_t i = 0; i < grouping->count; i++) {
        if (grouping->targets[i] < SEVERAL)
            unite(grouping, i, grouping->targets[i]);
        grouping->targets[i] = NONE;
    }
}

static void unite_bound(struct grouping *grouping)
{
    const struct sight *sights = grouping->sights;
    for (size_t i = 0; i < grouping->count; i++) {
        for (size_t j = 0; j < i && !sights[i].free; j++) {
            if (!sights[j].free && sights[i].is.meeting == sights[j].is.meeting)
                unite(grouping, i, j);
        }
    }
}

/* A person's word on a meeting, too, may be of one that articles tell more of. */
static bool may_move(const struct sight *sight)
{
    return sight->free || !sight->is.article;
}

static bool may_unite(const struct grouping *grouping, size_t i, size_t j)
{
    return grouping->sights[i].free || grouping->sights[j].free;
}

static void unite_whole(struct grouping *grouping)
{
    const struct sight *sights = grouping->sights;
    for (size_t i = 0; i < grouping->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (may_unite(grouping, i, j) && is_whole(&sights[i]) && is_whole(&sights[j]) && sights_same(&sights[i], &sights[j]))
                unite(grouping, i, j);
        }
    }
}

/* Those without a city or parties, among themselves. */
static void unite_partial(struct grouping *grouping)
{
    const struct sight *sights = grouping->sights;
    for (size_t i = 0; i < grouping->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (may_unite(grouping, i, j) && sights_same(&sights[i], &sights[j]) &&
                !group_has(grouping, root_of(grouping, i), is_whole) && !group_has(grouping, root_of(grouping, j), is_whole))
                unite(grouping, i, j);
        }
    }
}

/* Their groups join the one whole group that they are the same as, or, later, near. */
static void place(struct grouping *grouping, bool (*relation)(const struct sight *a, const struct sight *b))
{
    const struct sight *sights = grouping->sights;
    for (size_t i = 0; i < grouping->count; i++) {
        if (!may_move(&sights[i]) || !is_dated(&sights[i]) || group_has(grouping, root_of(grouping, i), is_whole))
            continue;
        for (size_t j = 0; j < grouping->count; j++) {
            if (is_whole(&sights[j]) && relation(&sights[i], &sights[j]))
                note_target(grouping, root_of(grouping, i), root_of(grouping, j));
        }
    }
    follow_targets(grouping);
}

static bool knows_apart(const struct grouping *grouping, const struct sight *loose, size_t root)
{
    for (size_t i = 0; i < grouping->count; i++) {
        const struct sight *other = &grouping->sights[i];
        if (other->day.data && other->is.article == loose->is.article && root_of(grouping, i) == root)
            return true;
    }
    return false;
}

static void date_loose(struct grouping *grouping)
{
    const struct sight *sights = grouping->sights;
    for (size_t i = 0; i < grouping->count; i++) {
        if (!may_move(&sights[i]) || is_dated(&sights[i]))
            continue;
        for (size_t j = 0; j < grouping->count; j++) {
            size_t root = root_of(grouping, j);
            if (sights[j].day.data && sight_may_be(&sights[i], &sights[j]) && !knows_apart(grouping, &sights[i], root))
                note_target(grouping, i, root);
        }
    }
    follow_targets(grouping);
}

static void unite_loose(struct grouping *grouping)
{
    const struct sight *sights = grouping->sights;
    for (size_t i = 0; i < grouping->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (may_unite(grouping, i, j) && !is_dated(&sights[i]) && !is_dated(&sights[j]) &&
                sights_alike(&sights[i], &sights[j]) && !group_has(grouping, root_of(grouping, i), is_dated) &&
                !group_has(grouping, root_of(grouping, j), is_dated))
                unite(grouping, i, j);
        }
    }
}

void sights_group(struct sight *sights, size_t count, struct arena *arena)
{
    struct grouping grouping = {sights, count, arena_alloc(arena, (count + 1) * sizeof(size_t))};
    for (size_t i = 0; i < count; i++) {
        sights[i].group = i;
        grouping.targets[i] = NONE;
    }
    unite_bound(&grouping);
    unite_whole(&grouping);
    unite_partial(&grouping);
    place(&grouping, sights_same);
    place(&grouping, sights_near);
    date_loose(&grouping);
    unite_loose(&grouping);
    for (size_t i = 0; i < count; i++)
        sights[i].group = root_of(&grouping, i);
}
