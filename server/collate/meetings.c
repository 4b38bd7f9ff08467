/* The meetings of one article on their way into the calendar: what they may be one with is looked up by their keys, all of it is
 * grouped, and each group becomes, or stays, one meeting. */
#include "meetings.h"

#include <stdlib.h>
#include <string.h>

#include "collate_private.h"

/* Of one meeting as many articles say what it is as are looked at; of one key as many meetings. */
enum { SIGHTINGS_MOST = 40, MEETINGS_MOST = 64, KEYED_MOST = 32, PARTICIPANTS_MAX = 64 };

/* A meeting that may change. */
struct held {
    int64_t id;
    json_t *document; /* owned; NULL: it is there no more */
    bool fixed;       /* a person's word: it is never joined to another */
    bool kept;        /* a group is this meeting */
};

struct gathering {
    struct collating *collating;
    struct arena *arena;
    struct sight *sights;
    size_t count;
    struct held meetings[MEETINGS_MOST];
    size_t meeting_count;
    struct resolved {
        int64_t from, to;
    } * actors; /* whom merged actors were merged into */
    size_t actor_count, actor_capacity;
};

/* ---- changes ---------------------------------------------------------------------------------------------- */

static struct change change_of(struct collating *collating, enum noun noun, int64_t id, json_t *body)
{
    struct faults *faults = arena_alloc(collating->arena, sizeof *faults);
    *faults = (struct faults){.arena = collating->arena};
    return (struct change){.noun = noun,
                           .id = id,
                           .body = body,
                           .defaults = collating->defaults[noun],
                           .base = "#",
                           .faults = faults,
                           .arena = collating->arena};
}

static void patch(struct collating *collating, enum noun noun, int64_t id, json_t *body)
{
    struct change change = change_of(collating, noun, id, body);
    write_change(collating->writing, &change, CHANGE_PATCH);
    json_decref(body);
}

/* ---- loading ---------------------------------------------------------------------------------------------- */

static int64_t actor_now(struct gathering *gathering, int64_t id)
{
    for (size_t i = 0; i < gathering->actor_count; i++) {
        if (gathering->actors[i].from == id)
            return gathering->actors[i].to;
    }
    if (gathering->actor_count == gathering->actor_capacity) {
        size_t size = gathering->actor_capacity * sizeof *gathering->actors;
        gathering->actor_capacity = gathering->actor_capacity ? 2 * gathering->actor_capacity : 64;
        gathering->actors =
            arena_grow(gathering->arena, gathering->actors, size, gathering->actor_capacity * sizeof *gathering->actors);
    }
    int64_t now = writing_actor(gathering->collating->writing, id);
    gathering->actors[gathering->actor_count++] = (struct resolved){id, now ? now : id};
    return now ? now : id;
}

static void resolve(struct gathering *gathering, json_t *items, const char *key)
{
    size_t index;
    json_t *item;
    json_array_foreach (items, index, item) {
        int64_t id = json_integer_value(json_object_get(item, key)), now = actor_now(gathering, id);
        if (now != id)
            json_object_set_new(item, key, json_integer(now));
    }
}

/* Takes over the reading. NULL where there is no more room. */
static struct sight *add_sight(struct gathering *gathering, struct sighting is, json_t *reading)
{
    if (gathering->count == SIGHTS_MAX || !reading) {
        json_decref(reading);
        return NULL;
    }
    struct sight *sight = &gathering->sights[gathering->count++];
    *sight = (struct sight){.is = is, .reading = reading};
    resolve(gathering, json_object_get(reading, "participants"), "actor_id");
    resolve(gathering, json_object_get(reading, "people"), "actor");
    sight_understand(sight);
    return sight;
}

struct slice collate_party(struct arena *arena, struct slice country, struct slice name)
{
    if (country.length == 2)
        return arena_slice(arena, country);
    char *lower = arena_copy(arena, name.data, name.length);
    for (size_t i = 0; i < name.length; i++)
        lower[i] = lower[i] >= 'A' && lower[i] <= 'Z' ? (char)(lower[i] + ('a' - 'A')) : lower[i];
    return (struct slice){lower, name.length};
}

static struct slice text_in(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

/* The party that an actor of the record stands for. */
static struct slice party_of(struct gathering *gathering, const json_t *actor)
{
    int64_t body = json_integer_value(json_object_get(actor, "affiliation_id"));
    struct slice country = text_in(actor, "country");
    json_t *above =
        body && !country.data ? writing_document(gathering->collating->writing, NOUN_ACTOR, body, false, gathering->arena) : NULL;
    struct slice party = collate_party(gathering->arena, above ? text_in(above, "country") : country, text_in(actor, "name"));
    json_decref(above);
    return party;
}

/* A person's word on a meeting, as a sighting. */
static json_t *word_of(struct gathering *gathering, const json_t *document)
{
    json_t *word = json_deep_copy(document), *parties = json_array(), *people = json_array(), *participant;
    size_t index;
    json_array_foreach (json_object_get(document, "participants"), index, participant) {
        int64_t id = json_integer_value(json_object_get(participant, "actor_id"));
        json_t *actor = index < PARTICIPANTS_MAX
                            ? writing_document(gathering->collating->writing, NOUN_ACTOR, id, false, gathering->arena)
                            : NULL;
        struct slice party = actor ? party_of(gathering, actor) : NO_SLICE, kind = text_in(actor, "kind");
        json_t *value = party.length ? json_stringn(party.data, party.length) : NULL;
        if (value && slice_is(kind, "person"))
            json_array_append_new(people, json_pack("{s:O, s:I}", "party", value, "actor", (json_int_t)id));
        if (slice_is(kind, "anonymous"))
            json_object_set_new(word, "nameless", json_true());
        if (value)
            json_array_append_new(parties, value);
        json_decref(actor);
    }
    json_object_set_new(word, "parties", parties);
    json_object_set_new(word, "people", people);
    return word;
}

static struct held *held_of(struct gathering *gathering, int64_t id)
{
    for (size_t i = 0; i < gathering->meeting_count; i++) {
        if (gathering->meetings[i].id == id)
            return &gathering->meetings[i];
    }
    return NULL;
}

/* Adds a meeting with all its sightings; those of `article` are its fresh ones' predecessors. */
static struct held *hold(struct gathering *gathering, int64_t id, int64_t article)
{
    struct held *held = held_of(gathering, id);
    if (held || gathering->meeting_count == MEETINGS_MOST)
        return held;
    struct writing *writing = gathering->collating->writing;
    struct sighting *found = arena_alloc(gathering->arena, SIGHTINGS_MOST * sizeof *found);
    size_t count = writing_sightings(writing, id, gathering->arena, found, SIGHTINGS_MOST);
    held = &gathering->meetings[gathering->meeting_count++];
    *held = (struct held){.id = id, .document = writing_document(writing, NOUN_MEETING, id, false, gathering->arena)};
    held->fixed = held->document && (count == 0 || !slice_is(text_in(held->document, "review"), "extracted"));
    for (size_t i = 0; i < count && held->document; i++) {
        struct sight *sight = add_sight(gathering, found[i], json_loadb(found[i].reading.data, found[i].reading.length, 0, NULL));
        if (sight && found[i].article == article)
            sight->gone = true;
    }
    if (held->fixed)
        add_sight(gathering, (struct sighting){.meeting = id, .position = id}, word_of(gathering, held->document));
    return held;
}

static void release(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->count; i++)
        json_decref(gathering->sights[i].reading);
    for (size_t i = 0; i < gathering->meeting_count; i++)
        json_decref(gathering->meetings[i].document);
}

/* ---- what a sighting may be one with ---------------------------------------------------------------------- */

static void hold_keyed(struct gathering *gathering, struct slice key, bool loose, struct days days, int64_t article)
{
    int64_t ids[KEYED_MOST];
    if (!days.from.data)
        return;
    size_t count = writing_sighted(gathering->collating->writing, key, loose, days.from, days.until, ids, KEYED_MOST);
    for (size_t i = 0; i < count; i++)
        hold(gathering, ids[i], article);
}

static void hold_related(struct gathering *gathering, const struct sight *sight, int64_t article)
{
    struct slice keys[SIGHT_KEYS_MAX];
    struct days dated = sight->day.data ? (struct days){sight->day, sight->day} : days_sought(sight, gathering->arena);
    struct days loose = days_published(sight, gathering->arena);
    size_t count = sight_sought(sight, gathering->arena, keys);
    for (size_t i = 0; i < count; i++) {
        hold_keyed(gathering, keys[i], false, dated, article);
        hold_keyed(gathering, keys[i], true, loose, article);
        for (size_t length = 4; sight->day.data && length <= 7; length += 3) { /* those that tell its month or year alone */
            struct slice known = {sight->day.data, length};
            hold_keyed(gathering, keys[i], true, (struct days){known, known}, article);
        }
    }
}

static bool is_settled(const struct sight *sight)
{
    return sight->day.data && sight->city.data && sight->party_count;
}

static bool touches(const struct sight *a, const struct sight *b)
{
    if (a->day.data && b->day.data)
        return sights_same(a, b) || sights_near(a, b);
    return a->day.data ? sight_may_be(b, a) : b->day.data ? sight_may_be(a, b) : sights_alike(a, b);
}

/* Those of no settled place that what is new touches may have another place now: what they may be one with counts, too. */
static void free_touched(struct gathering *gathering, int64_t article)
{
    size_t count = gathering->count;
    for (size_t i = 0; i < count; i++) {
        struct sight *sight = &gathering->sights[i];
        const struct held *held = held_of(gathering, sight->is.meeting);
        bool touched = false;
        if (sight->fresh || sight->gone || sight->free || is_settled(sight) || !held || (held->fixed && sight->is.article))
            continue;
        for (size_t j = 0; j < count && !touched; j++)
            touched = gathering->sights[j].fresh && touches(sight, &gathering->sights[j]);
        sight->free = touched && !held->fixed;
        if (touched)
            hold_related(gathering, sight, article);
    }
}

/* What was grouped with something that is gone is grouped anew. */
static void free_left(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->count; i++) {
        const struct sight *gone = &gathering->sights[i];
        const struct held *held = gone->gone ? held_of(gathering, gone->is.meeting) : NULL;
        for (size_t j = 0; held && !held->fixed && j < gathering->count; j++) {
            if (gathering->sights[j].is.meeting == held->id && gathering->sights[j].is.article)
                gathering->sights[j].free = true;
        }
    }
}

/* ---- from groups to meetings ------------------------------------------------------------------------------ */

static int compare_sights(const void *a, const void *b)
{
    const struct sight *x = *(const struct sight *const *)a, *y = *(const struct sight *const *)b;
    const struct slice *const pairs[][2] = {{&x->is.published, &y->is.published}, {&x->is.order, &y->is.order}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct slice left = *pairs[i][0], right = *pairs[i][1];
        if (!left.data != !right.data)
            return left.data ? -1 : 1; /* one that is not dated comes last */
        int order = left.data ? memcmp(left.data, right.data, left.length < right.length ? left.length : right.length) : 0;
        if (order)
            return order;
    }
    if (x->is.article != y->is.article)
        return x->is.article < y->is.article ? -1 : 1;
    return x->is.position < y->is.position ? -1 : x->is.position > y->is.position;
}

/* The sum of those that are said of a meeting; NULL where none is. `now`: of its group; else as it was. */
static json_t *sum_of(struct gathering *gathering, int64_t meeting, bool now)
{
    const struct sight **own = arena_alloc(gathering->arena, (gathering->count + 1) * sizeof(const struct sight *));
    size_t count = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        const struct sight *sight = &gathering->sights[i];
        int64_t of = now ? sight->becomes : sight->is.meeting;
        if (sight->is.article && of == meeting && (now ? !sight->gone : !sight->fresh))
            own[count++] = sight;
    }
    qsort(own, count, sizeof *own, compare_sights);
    return sights_sum(own, count, gathering->arena);
}

/* How many of the group were of the meeting before; a person's word, or what was read again there, counts for more. */
static size_t share_of(const struct gathering *gathering, size_t group, int64_t meeting)
{
    size_t share = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        const struct sight *sight = &gathering->sights[i];
        if (!sight->gone && sight->group == group && sight->is.meeting == meeting)
            share += sight->is.article ? 1 : SIGHTS_MAX;
    }
    return share;
}

/* Each group takes one of the meetings that its sightings were of: the largest share first, then the oldest meeting. */
static void take_meetings(struct gathering *gathering, int64_t *taken)
{
    for (;;) {
        size_t best = 0, best_group = 0;
        struct held *best_held = NULL;
        for (size_t m = 0; m < gathering->meeting_count; m++) {
            struct held *held = &gathering->meetings[m];
            for (size_t i = 0; i < gathering->count && held->document && !held->kept; i++) {
                size_t group = gathering->sights[i].group;
                size_t share = group == i && !gathering->sights[i].gone && !taken[i] ? share_of(gathering, i, held->id) : 0;
                if (share > best || (share && share == best && held->id < best_held->id)) {
                    best = share;
                    best_group = group;
                    best_held = held;
                }
            }
        }
        if (!best)
            return;
        taken[best_group] = best_held->id;
        best_held->kept = true;
    }
}

static int64_t make(struct gathering *gathering, size_t group)
{
    enum { NEW = -1 };
    for (size_t i = 0; i < gathering->count; i++) {
        if (gathering->sights[i].group == group)
            gathering->sights[i].becomes = NEW;
    }
    json_t *body = sum_of(gathering, NEW, true);
    json_object_set_new(body, "review", json_string("extracted"));
    struct change change = change_of(gathering->collating, NOUN_MEETING, 0, body);
    struct written written = write_create(gathering->collating->writing, &change, false);
    json_decref(body);
    return written.outcome == OUTCOME_CREATED ? written.id : NEW;
}

static void settle_groups(struct gathering *gathering, bool making)
{
    int64_t *taken = arena_zero(gathering->arena, (gathering->count + 1) * sizeof *taken);
    take_meetings(gathering, taken);
    for (size_t i = 0; i < gathering->count; i++) {
        struct sight *sight = &gathering->sights[i];
        const struct held *held = sight->is.meeting ? held_of(gathering, sight->is.meeting) : NULL;
        if (sight->gone)
            continue;
        if (held && held->fixed) {
            sight->becomes = held->id; /* it may be another's, too, but stays what a person made it */
            continue;
        }
        if (!taken[sight->group] && making) {
            taken[sight->group] = make(gathering, sight->group);
            sight->made = taken[sight->group] > 0;
        }
        sight->becomes = taken[sight->group];
    }
}

/* ---- into the record -------------------------------------------------------------------------------------- */

static bool moves(const struct sight *sight)
{
    return sight->is.article && !sight->gone && (sight->fresh || sight->becomes != sight->is.meeting);
}

static void write_sightings(struct gathering *gathering)
{
    struct writing *writing = gathering->collating->writing;
    for (size_t i = 0; i < gathering->count; i++) {
        if (gathering->sights[i].gone)
            writing_drop_sighting(writing, gathering->sights[i].is.article, gathering->sights[i].is.position);
    }
    for (size_t i = 0; i < gathering->count; i++) {
        const struct sight *sight = &gathering->sights[i];
        struct slice keys[SIGHT_KEYS_MAX];
        if (!moves(sight) || sight->becomes <= 0)
            continue;
        struct sighting is = sight->is;
        struct sighting_keys found_by = {.keys = keys,
                                         .loose = !sight->day.data,
                                         .day = sight->day.data     ? sight->day
                                                : sight->month.data ? sight->month
                                                                    : sight->is.published};
        found_by.count = found_by.day.data ? sight_keys(sight, gathering->arena, keys) : 0;
        is.meeting = sight->becomes;
        if (sight->fresh) {
            char *dump = json_dumps(sight->reading, JSON_COMPACT);
            is.reading = arena_slice(gathering->arena, slice_of(dump));
            free(dump);
        }
        writing_put_sighting(writing, &is, &found_by);
    }
}

/* Where most of its sightings are now; 0: it has none. */
static int64_t heir_of(const struct gathering *gathering, int64_t meeting)
{
    int64_t heir = 0;
    size_t most = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        const struct sight *sight = &gathering->sights[i];
        size_t share = 0;
        for (size_t j = 0; j < gathering->count && sight->is.meeting == meeting && !sight->gone; j++)
            share += gathering->sights[j].is.meeting == meeting && gathering->sights[j].becomes == sight->becomes;
        if (share > most && sight->becomes > 0) {
            most = share;
            heir = sight->becomes;
        }
    }
    return heir;
}

/* What is no group's any more is another's, or nobody speaks of it. */
static void fold_meetings(struct gathering *gathering)
{
    struct collating *collating = gathering->collating;
    for (size_t m = 0; m < gathering->meeting_count; m++) {
        const struct held *held = &gathering->meetings[m];
        if (!held->document || held->fixed || held->kept)
            continue;
        int64_t heir = heir_of(gathering, held->id);
        if (heir) {
            writing_fold(collating->writing, NOUN_MEETING, held->id, heir, collating->arena);
            writing_move_voices(collating->writing, held->id, heir, 0);
        }
        struct change change = change_of(collating, NOUN_MEETING, held->id, NULL);
        write_delete(collating->writing, &change);
    }
}

/* The article's reports of a claim that was said at the one meeting were at the other; and the claim, where no report is left
 * that has it at the first. NULL: none were. */
static json_t *occasions_moved(const json_t *claim, int64_t article, int64_t from, int64_t into)
{
    json_t *reports = json_deep_copy(json_object_get(claim, "reports")), *report, *body = NULL;
    bool moved = false, left = false;
    size_t index;
    json_array_foreach (reports, index, report) {
        bool there = json_integer_value(json_object_get(report, "occasion_id")) == from,
             own = json_integer_value(json_object_get(report, "article_id")) == article;
        if (there && own)
            json_object_set_new(report, "occasion_id", json_integer(into));
        moved |= there && own;
        left |= there && !own;
    }
    if (moved)
        body = json_pack("{s:O}", "reports", reports);
    if (moved && !left && json_integer_value(json_object_get(claim, "occasion_id")) == from &&
        slice_is(text_in(claim, "status"), "extracted"))
        json_object_set_new(body, "occasion_id", json_integer(into));
    json_decref(reports);
    return body;
}

static void move_occasions(struct gathering *gathering, int64_t article, int64_t from, int64_t into)
{
    enum { CLAIMS_AT_ONCE = 200 };
    struct collating *collating = gathering->collating;
    int64_t ids[CLAIMS_AT_ONCE], last = 0;
    size_t count;
    while ((count = writing_found_in(collating->writing, NOUN_CLAIM, article, last, ids, CLAIMS_AT_ONCE)) > 0) {
        for (size_t i = 0; i < count; i++) {
            json_t *claim = writing_document(collating->writing, NOUN_CLAIM, ids[i], true, collating->arena);
            json_t *body = occasions_moved(claim, article, from, into);
            if (body)
                patch(collating, NOUN_CLAIM, ids[i], body);
            json_decref(claim);
        }
        last = ids[count - 1];
    }
    writing_move_voices(collating->writing, from, into, article);
}

static void move_apart(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->count; i++) {
        const struct sight *sight = &gathering->sights[i];
        const struct held *held = held_of(gathering, sight->is.meeting);
        if (moves(sight) && !sight->fresh && sight->becomes > 0 && held && held->kept)
            move_occasions(gathering, sight->is.article, sight->is.meeting, sight->becomes);
    }
}

static void renew_meetings(struct gathering *gathering)
{
    for (size_t m = 0; m < gathering->meeting_count; m++) {
        const struct held *held = &gathering->meetings[m];
        bool changes = false;
        for (size_t i = 0; i < gathering->count; i++) {
            const struct sight *sight = &gathering->sights[i];
            changes |= (sight->is.meeting == held->id && (sight->gone || moves(sight))) ||
                       (sight->becomes == held->id && moves(sight) && !sight->gone);
        }
        if (!held->document || !changes || !(held->kept || held->fixed))
            continue;
        json_t *before = sum_of(gathering, held->id, false), *now = sum_of(gathering, held->id, true);
        patch(gathering->collating, NOUN_MEETING, held->id, sights_patch(held->document, before, now));
        json_decref(before);
        json_decref(now);
    }
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static struct gathering gathering_for(struct collating *collating)
{
    return (struct gathering){.collating = collating,
                              .arena = collating->arena,
                              .sights = arena_alloc(collating->arena, SIGHTS_MAX * sizeof(struct sight))};
}

static void add_fresh(struct gathering *gathering, struct sighting is, json_t *reading)
{
    const struct held *before = is.meeting ? held_of(gathering, is.meeting) : NULL;
    if (!before || !before->document)
        is.meeting = 0;
    struct sight *sight = add_sight(gathering, is, json_deep_copy(reading));
    if (sight) {
        sight->fresh = true;
        sight->free = !(is.meeting && before->fixed);
    }
}

static void gather(struct gathering *gathering, int64_t article)
{
    size_t from = 0;
    while (from < gathering->count && !gathering->sights[from].fresh)
        from++;
    for (size_t i = from, until = gathering->count; i < until; i++) {
        if (gathering->sights[i].fresh && gathering->sights[i].free)
            hold_related(gathering, &gathering->sights[i], article);
    }
    free_left(gathering);
    free_touched(gathering, article);
}

/* Those that are gone stand behind, and are of no group. */
static void group(struct gathering *gathering)
{
    size_t count = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        struct sight *sight = &gathering->sights[i], moved = *sight;
        if (sight->gone)
            continue;
        *sight = gathering->sights[count];
        gathering->sights[count++] = moved;
    }
    sights_group(gathering->sights, count, gathering->arena);
    for (size_t i = count; i < gathering->count; i++)
        gathering->sights[i].group = i;
}

int64_t collate_meeting(struct collating *collating, const json_t *reading, struct slice published)
{
    struct gathering gathering = gathering_for(collating);
    struct sighting is = {.article = INT64_MAX, .published = published};
    int64_t found = 0;
    add_fresh(&gathering, is, (json_t *)reading);
    gather(&gathering, INT64_MAX);
    group(&gathering);
    settle_groups(&gathering, false);
    for (size_t i = 0; i < gathering.count; i++) {
        if (gathering.sights[i].fresh)
            found = gathering.sights[i].becomes;
    }
    release(&gathering);
    return found;
}

void collate_meetings(struct collating *collating, int64_t article, struct meeting_read *reads, size_t count)
{
    struct gathering gathering = gathering_for(collating);
    struct article_facts facts = {.published_at = NO_SLICE};
    writing_article_facts(collating->writing, article, collating->arena, &facts);
    struct slice day = facts.published_at.length >= 10 ? (struct slice){facts.published_at.data, 10} : NO_SLICE;
    struct sighting *old = arena_alloc(collating->arena, SIGHTS_MAX * sizeof *old);
    size_t old_count = writing_sightings_in(collating->writing, article, collating->arena, old, SIGHTS_MAX);
    for (size_t i = 0; i < old_count; i++)
        hold(&gathering, old[i].meeting, article);
    for (size_t i = 0; i < count; i++) {
        struct sighting is = {
            .article = article, .position = (int64_t)i, .meeting = reads[i].meeting, .published = day, .order = facts.sha256};
        if (is.meeting)
            hold(&gathering, is.meeting, article);
        add_fresh(&gathering, is, reads[i].reading);
        reads[i].meeting = 0;
    }
    gather(&gathering, article);
    group(&gathering);
    settle_groups(&gathering, true);
    write_sightings(&gathering);
    fold_meetings(&gathering);
    move_apart(&gathering);
    renew_meetings(&gathering);
    for (size_t i = 0; i < gathering.count; i++) {
        const struct sight *sight = &gathering.sights[i];
        if (!sight->fresh || sight->becomes <= 0)
            continue;
        reads[sight->is.position].meeting = sight->becomes;
        reads[sight->is.position].made = sight->made;
    }
    release(&gathering);
}
