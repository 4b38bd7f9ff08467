/* What a meeting is when several articles speak of it: of each property the value that most of them have, of equals the one that
 * sorts first; who takes part in any; what shows it in all. */
#include <string.h>

#include "meetings.h"

enum { EVIDENCE_MOST = 300, PARTICIPANTS_MOST = 200, VALUES_MAX = 64 };

/* ---- votes ------------------------------------------------------------------------------------------------ */

struct vote {
    struct slice value;
    size_t count;
};

struct votes {
    struct vote values[VALUES_MAX];
    size_t count;
};

static struct slice text_in(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

static void vote(struct votes *votes, struct slice value)
{
    size_t i = 0;
    while (i < votes->count && !slice_equal(votes->values[i].value, value))
        i++;
    if (!value.data || i == VALUES_MAX)
        return;
    if (i == votes->count)
        votes->values[votes->count++] = (struct vote){value, 0};
    votes->values[i].count++;
}

/* Of equally many the longest, where that tells more, then the first in the order of letters. */
static struct slice elected(const struct votes *votes, bool longest)
{
    const struct vote *best = NULL;
    for (size_t i = 0; i < votes->count; i++) {
        const struct vote *other = &votes->values[i];
        int order = !best                                                  ? 1
                    : other->count != best->count                          ? (other->count > best->count ? 1 : -1)
                    : longest && other->value.length != best->value.length ? (other->value.length > best->value.length ? 1 : -1)
                                                                           : -slice_compare(other->value, best->value);
        if (order > 0)
            best = other;
    }
    return best ? best->value : NO_SLICE;
}

/* ---- the properties --------------------------------------------------------------------------------------- */

struct summing {
    const struct sight *const *sights;
    size_t count;
    struct arena *arena;
};

/* What those say of `name` for whom `given` has that value; NULL: all. */
static struct slice most_say(const struct summing *summing, const char *name, const char *given, struct slice value)
{
    struct votes *votes = arena_zero(summing->arena, sizeof *votes);
    for (size_t i = 0; i < summing->count; i++) {
        const json_t *reading = summing->sights[i]->reading;
        if (!given || (value.data && slice_equal(text_in(reading, given), value)))
            vote(votes, text_in(reading, name));
    }
    return elected(votes, strcmp(name, "name") == 0);
}

/* What is told by few words covers what is told by more ("talks" are bilateral, too). */
static struct slice kind_of(const struct summing *summing)
{
    struct votes *votes = arena_zero(summing->arena, sizeof *votes);
    for (size_t i = 0; i < summing->count; i++) {
        struct slice kind = summing->sights[i]->kind;
        if (!slice_is(kind, "talks") && !slice_is(kind, "other"))
            vote(votes, kind);
    }
    struct slice kind = elected(votes, false);
    return kind.data ? kind : most_say(summing, "kind", NULL, NO_SLICE);
}

/* A day before a month, a month before a year. */
static struct slice start_of(const struct summing *summing)
{
    static const size_t lengths[] = {0, 7, 4};
    for (size_t step = 0; step < sizeof lengths / sizeof lengths[0]; step++) {
        struct votes *votes = arena_zero(summing->arena, sizeof *votes);
        for (size_t i = 0; i < summing->count; i++) {
            const struct sight *sight = summing->sights[i];
            if (step == 0 ? sight->day.data != NULL : sight->month.length == lengths[step])
                vote(votes, text_in(sight->reading, "starts_on"));
        }
        if (votes->count)
            return elected(votes, false);
    }
    return NO_SLICE;
}

/* What was said of it last: that it was called off, else that it was held, of the same day. */
static struct slice status_of(const struct summing *summing)
{
    static const char *const order[] = {"planned", "held", "postponed", "cancelled"};
    struct slice latest = NO_SLICE, status = SLICE("planned");
    int best = -1;
    for (size_t i = 0; i < summing->count; i++) {
        const struct sight *sight = summing->sights[i];
        struct slice published = sight->is.published.data ? sight->is.published : SLICE("");
        struct slice own = text_in(sight->reading, "status");
        int later = latest.data ? slice_compare(published, latest) : 1, rank = 0;
        while (rank < 3 && !slice_is(own, order[rank]))
            rank++;
        if (later < 0 || (later == 0 && rank <= best))
            continue;
        best = rank;
        latest = published;
        status = own;
    }
    return status;
}

static json_t *text_or_null(struct slice text)
{
    return text.data ? json_stringn(text.data, text.length) : json_null();
}

/* ---- who takes part, and where it is said ------------------------------------------------------------------- */

static int role_rank(const json_t *participant)
{
    struct slice role = text_in(participant, "role");
    return slice_is(role, "head") ? 2 : slice_is(role, "host") ? 1 : 0;
}

static json_t *item_of(const json_t *items, const char *key, const json_t *value)
{
    size_t index;
    json_t *item;
    json_array_foreach (items, index, item) {
        if (json_equal(json_object_get(item, key), value))
            return item;
    }
    return NULL;
}

static json_t *participants_of(const struct summing *summing)
{
    json_t *all = json_array(), *participant;
    size_t index;
    for (size_t i = 0; i < summing->count; i++) {
        json_array_foreach (json_object_get(summing->sights[i]->reading, "participants"), index, participant) {
            json_t *there = item_of(all, "actor_id", json_object_get(participant, "actor_id"));
            if (there && role_rank(participant) > role_rank(there))
                json_object_set(there, "role", json_object_get(participant, "role"));
            else if (!there && json_array_size(all) < PARTICIPANTS_MOST)
                json_array_append_new(all, json_copy(participant));
        }
    }
    return all;
}

static json_t *evidence_of(const struct summing *summing)
{
    json_t *all = json_array(), *span;
    size_t index, room = EVIDENCE_MOST / (summing->count ? summing->count : 1);
    for (size_t i = 0; i < summing->count; i++) {
        json_array_foreach (json_object_get(summing->sights[i]->reading, "evidence"), index, span) {
            if (index > 0 && index >= room)
                break;
            json_t *own = json_copy(span);
            json_object_set_new(own, "article_id", json_integer(summing->sights[i]->is.article));
            json_array_append_new(all, own);
        }
    }
    return all;
}

json_t *sights_sum(const struct sight *const *sights, size_t count, struct arena *arena)
{
    struct summing summing = {sights, count, arena};
    if (!count)
        return NULL;
    struct slice start = start_of(&summing), city = most_say(&summing, "city", NULL, NO_SLICE);
    struct slice country = most_say(&summing, "country", "city", city);
    json_t *body = json_object();
    json_object_set_new(body, "name", text_or_null(most_say(&summing, "name", NULL, NO_SLICE)));
    json_object_set_new(body, "kind", text_or_null(kind_of(&summing)));
    json_object_set_new(body, "starts_on", text_or_null(start));
    json_object_set_new(body, "part_of_day", text_or_null(most_say(&summing, "part_of_day", "starts_on", start)));
    json_object_set_new(body, "precision", text_or_null(most_say(&summing, "precision", "starts_on", start)));
    json_object_set_new(body, "city", text_or_null(city));
    json_object_set_new(body, "country",
                        text_or_null(country.data || city.data ? country : most_say(&summing, "country", NULL, NO_SLICE)));
    json_object_set_new(body, "status", text_or_null(status_of(&summing)));
    json_object_set_new(body, "participants", participants_of(&summing));
    json_object_set_new(body, "evidence", evidence_of(&summing));
    return body;
}

/* ---- what changes ----------------------------------------------------------------------------------------- */

/* Who was added by hand stays, and who was taken away stays away. */
static json_t *participants_now(const json_t *document, const json_t *before, const json_t *now)
{
    const char *key = "actor_id";
    json_t *stand = json_object_get(document, "participants"), *all = json_array(), *participant;
    size_t index;
    json_array_foreach (json_object_get(now, "participants"), index, participant) {
        const json_t *actor = json_object_get(participant, key);
        bool taken = item_of(json_object_get(before, "participants"), key, actor) && !item_of(stand, key, actor);
        if (!taken)
            json_array_append(all, participant);
    }
    json_array_foreach (stand, index, participant) {
        const json_t *actor = json_object_get(participant, key);
        if (!item_of(json_object_get(before, "participants"), key, actor) && !item_of(all, key, actor))
            json_array_append(all, participant);
    }
    return all;
}

/* What articles show that no reading knows of stays before all. */
static json_t *evidence_now(const json_t *document, const json_t *before, const json_t *now)
{
    json_t *all = json_array(), *span;
    size_t index;
    json_array_foreach (json_object_get(document, "evidence"), index, span) {
        const json_t *article = json_object_get(span, "article_id");
        if (!item_of(json_object_get(before, "evidence"), "article_id", article) &&
            !item_of(json_object_get(now, "evidence"), "article_id", article))
            json_array_append(all, span);
    }
    json_array_foreach (json_object_get(now, "evidence"), index, span) {
        if (json_array_size(all) < EVIDENCE_MOST)
            json_array_append(all, span);
    }
    return all;
}

json_t *sights_patch(const json_t *document, const json_t *before, const json_t *now)
{
    json_t *patch = json_object();
    bool decided = !slice_is(text_in(document, "review"), "extracted");
    const char *name;
    json_t *value;
    json_object_foreach ((json_t *)now, name, value) {
        const json_t *was = json_object_get(before, name), *is = json_object_get(document, name);
        bool own = before ? !json_equal(was, is) : is && !json_is_null(is);
        if (!decided && !json_is_array(value) && !own && !json_equal(is, value))
            json_object_set(patch, name, value);
    }
    json_object_set_new(patch, "evidence", evidence_now(document, before, now));
    if (!decided)
        json_object_set_new(patch, "participants", participants_now(document, before, now));
    return patch;
}
