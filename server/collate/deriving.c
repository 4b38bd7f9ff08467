/* What a claim is, from its reports.
 *
 * The words are those of the report that is most like all others, a quotation rather than a retelling; the speaker is the most
 * definite one that a report names; the day is the one that most give. */
#include <stdlib.h>
#include <string.h>

#include "matching.h"
#include "readout/digest.h"

/* Of more reports the face of a claim changes no more. */
enum { DERIVED_FROM_MAX = 48, TOPICS_MAX = 12 };

struct face {
    struct reported reported;
    const struct compared *compared;
    struct slice words, kind;
};

static struct slice text_in(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

/* ---- who speaks for all ----------------------------------------------------------------------------------- */

static int place_in(struct slice text, const char *const *names, int count)
{
    int at = 0;
    while (at < count && !slice_is(text, names[at]))
        at++;
    return at;
}

static int compare_dates(struct slice a, struct slice b)
{
    if (!a.data || !b.data)
        return (a.data == NULL) - (b.data == NULL);
    return slice_compare(a, b);
}

static int better_words(const void *a, const void *b)
{
    static const char *const kinds[] = {"direct", "mixed", "indirect"};
    const struct face *x = a, *y = b;
    int order = place_in(x->kind, kinds, 3) - place_in(y->kind, kinds, 3);
    if (!order)
        order = compare_dates(x->compared->published_at, y->compared->published_at);
    if (!order)
        order = (x->words.length < y->words.length) - (x->words.length > y->words.length);
    return order ? order : slice_compare(x->words, y->words);
}

/* How like all others it is, in the middle; more where it quotes, less where it denies what they affirm. The sum goes in one
 * order, whichever the reports came in. */
static double centrality(const struct face *faces, size_t count, size_t at)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        struct likeness like = likeness_of(&faces[at].reported, &faces[i].reported);
        sum += i == at ? 0 : like.words - (like.negation_differs ? 0.15 : 0);
    }
    double quoting = slice_is(faces[at].kind, "direct") ? 0.10 : slice_is(faces[at].kind, "mixed") ? 0.05 : 0;
    return quoting + (count > 1 ? sum / (double)(count - 1) : 0);
}

/* Puts the one whose words stand for all first; the others keep their order. */
static void put_central_first(struct face *faces, size_t count)
{
    size_t best = 0;
    double most = -1;
    for (size_t i = 0; i < count; i++) {
        double central = centrality(faces, count, i);
        if (central > most) {
            most = central;
            best = i;
        }
    }
    struct face first = faces[best];
    memmove(faces + 1, faces, best * sizeof *faces);
    faces[0] = first;
}

static int definiteness(const struct face *face)
{
    static const char *const kinds[] = {"person", "anonymous", "group", "organization", "alliance", "government", "state"};
    return face->reported.speaker ? place_in(face->reported.speaker_kind, kinds, 7) : 100;
}

static const struct face *best_speaker(const struct face *faces, size_t count)
{
    const struct face *best = &faces[0];
    for (size_t i = 1; i < count; i++) {
        if (definiteness(&faces[i]) < definiteness(best))
            best = &faces[i];
    }
    return best;
}

/* ---- what most say ---------------------------------------------------------------------------------------- */

/* The day that most give; of two the earlier. */
static struct slice usual_day(const struct face *faces, size_t count)
{
    struct slice best = NO_SLICE;
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        struct slice day = text_in(faces[i].reported.reading, "said_on");
        size_t times = 0;
        for (size_t j = 0; day.data && j < count; j++) {
            struct slice other = text_in(faces[j].reported.reading, "said_on");
            times += other.data && slice_equal(other, day);
        }
        if (times > most || (times && times == most && slice_compare(day, best) < 0)) {
            most = times;
            best = day;
        }
    }
    return best;
}

static bool holds(const json_t *topics, const json_t *topic)
{
    size_t index;
    json_t *item;
    json_array_foreach (topics, index, item) {
        if (json_equal(item, topic))
            return true;
    }
    return false;
}

/* Those of the words first, then those of the others in their order. */
static json_t *all_topics(const struct face *faces, size_t count)
{
    json_t *topics = json_array();
    for (size_t i = 0; i < count; i++) {
        size_t index;
        json_t *topic;
        json_array_foreach (json_object_get(faces[i].reported.reading, "topics"), index, topic) {
            if (json_array_size(topics) < TOPICS_MAX && !holds(topics, topic))
                json_array_append(topics, topic);
        }
    }
    return topics;
}

static json_t *first_of(const struct face *faces, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get(faces[i].reported.reading, name);
        if (value && !json_is_null(value))
            return json_incref(value);
    }
    return json_null();
}

/* ---- the claim -------------------------------------------------------------------------------------------- */

static json_t *id_now(struct collating *collating, const json_t *reading, const char *name)
{
    int64_t id = json_integer_value(json_object_get(reading, name));
    int64_t now = id ? writing_actor(collating->writing, id) : 0; /* it may have been merged since */
    return now ? json_integer(now) : json_null();
}

/* A meeting may have turned out to be another since. */
static json_t *occasion_of(struct collating *collating, const struct face *faces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t id = json_integer_value(json_object_get(faces[i].reported.reading, "occasion_id"));
        int64_t now = id ? writing_folded(collating->writing, NOUN_MEETING, id) : 0;
        if (now)
            return json_integer(now);
    }
    return json_null();
}

static json_t *derive(struct collating *collating, struct face *faces, size_t count)
{
    qsort(faces, count, sizeof *faces, better_words);
    put_central_first(faces, count);
    const json_t *lead = faces[0].reported.reading;
    const json_t *voice = best_speaker(faces, count)->reported.reading;
    struct slice day = usual_day(faces, count);
    json_t *body = json_object();
    json_object_set(body, "text", json_object_get(lead, "text"));
    json_object_set(body, "stance", json_object_get(lead, "stance"));
    json_object_set_new(body, "topics", all_topics(faces, count));
    json_object_set_new(body, "said_on", day.data ? json_stringn(day.data, day.length) : json_null());
    json_object_set(body, "attribution", json_object_get(voice, "attribution"));
    json_object_set_new(body, "speaker_id", id_now(collating, voice, "speaker_id"));
    json_object_set_new(body, "on_behalf_of_id", id_now(collating, voice, "on_behalf_of_id"));
    json_object_set_new(body, "addressee_id", first_of(faces, count, "addressee_id"));
    json_object_set_new(body, "occasion_id", occasion_of(collating, faces, count));
    return body;
}

/* ---- whether nobody changed it ---------------------------------------------------------------------------- */

static struct derived derived_in(const json_t *document)
{
    static const char *const names[] = {"text", "stance", "said_on", "attribution", "topics"};
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *text = json_dumps(json_object_get(document, names[i]), JSON_COMPACT | JSON_ENCODE_ANY);
        hash = digest_quick(hash, text ? slice_of(text) : SLICE("null"));
        free(text);
    }
    return (struct derived){.words = (int64_t)(hash & INT64_MAX),
                            .speaker = json_integer_value(json_object_get(document, "speaker_id")),
                            .on_behalf_of = json_integer_value(json_object_get(document, "on_behalf_of_id"))};
}

static bool same_actor(struct collating *collating, int64_t then, int64_t now)
{
    return then == now || (then && now && writing_actor(collating->writing, then) == now);
}

static bool is_ours(struct collating *collating, int64_t claim, const json_t *document)
{
    struct derived then, now = derived_in(document);
    return slice_is(text_in(document, "status"), "extracted") && writing_derived(collating->writing, claim, &then) &&
           then.words == now.words && same_actor(collating, then.speaker, now.speaker) &&
           same_actor(collating, then.on_behalf_of, now.on_behalf_of);
}

void note_derived(struct collating *collating, int64_t claim)
{
    json_t *document = writing_document(collating->writing, NOUN_CLAIM, claim, false, collating->arena);
    struct derived now = derived_in(document);
    if (document)
        writing_set_derived(collating->writing, claim, &now);
    json_decref(document);
}

/* ---- writing it ------------------------------------------------------------------------------------------- */

static void write_face(struct collating *collating, int64_t claim, json_t *body)
{
    struct faults faults = {.arena = collating->arena};
    struct change change = {.noun = NOUN_CLAIM,
                            .id = claim,
                            .body = body,
                            .defaults = collating->defaults[NOUN_CLAIM],
                            .base = "#",
                            .faults = &faults,
                            .arena = collating->arena};
    if (write_change(collating->writing, &change, CHANGE_PATCH).outcome == OUTCOME_UPDATED)
        note_derived(collating, claim);
}

void derive_claim(struct collating *collating, int64_t claim)
{
    struct compared *compared = arena_alloc(collating->arena, (DERIVED_FROM_MAX + 1) * sizeof *compared);
    struct face *faces = arena_alloc(collating->arena, DERIVED_FROM_MAX * sizeof *faces);
    size_t count = writing_compared_of(collating->writing, claim, collating->arena, compared, DERIVED_FROM_MAX + 1), read = 0;
    json_t *document = writing_document(collating->writing, NOUN_CLAIM, claim, false, collating->arena);
    if (count == 0 || count > DERIVED_FROM_MAX || !document || !is_ours(collating, claim, document)) {
        json_decref(document);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct face face = {.compared = &compared[i]};
        json_t *report = json_loadb(compared[i].document.data, compared[i].document.length, 0, NULL);
        struct slice kind = text_in(report, "kind");
        face.kind = kind.data ? arena_slice(collating->arena, kind) : NO_SLICE;
        face.words = words_of_report(report, collating->arena);
        if (reported_known(&compared[i], &face.reported)) {
            json_t *occasion = json_object_get(report, "occasion_id");
            if (json_is_integer(occasion))
                json_object_set(face.reported.reading, "occasion_id", occasion);
            faces[read++] = face;
        }
        json_decref(report);
    }
    if (read) {
        json_t *body = derive(collating, faces, read);
        write_face(collating, claim, body);
        json_decref(body);
    }
    for (size_t i = 0; i < read; i++)
        reported_release(&faces[i].reported);
    json_decref(document);
}
