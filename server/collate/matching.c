/* One claim, many reports. Reports are the same claim where one leads to the other over reports that are alike: what is
 * connected does not depend on the order in which it came. So a report that is like those of two claims makes one claim of them.
 *
 * What a person took apart stays apart, and two claims that a person has decided on stay two. */
#include "matching.h"

#include <stdlib.h>
#include <string.h>

/* Of one concept so many of the newest reports are looked at, and of all that share most so many are compared. Beyond them the
 * order of coming may matter: as many say nearly the same for one party in some days. */
enum { ALIKE_MOST = 200, COMPARED_MOST = 96, CLAIMS_MOST = 16 };

/* ---- reports that share concepts -------------------------------------------------------------------------- */

/* Those that share a key with it, those that share most first. */
static size_t find_sharing(struct collating *collating, const struct reported *own, struct sharing **found)
{
    int64_t keys[KEYS_MAX];
    size_t key_count = keys_of(own, keys), all = 0;
    int64_t *reports = arena_alloc(collating->arena, (2 * KEYS_MAX * ALIKE_MOST + 1) * sizeof *reports);
    for (size_t i = 0; i < key_count; i++) {
        struct alike_query near = {keys[i], own->day ? own->day - DAYS_NEWS : 1, own->day ? own->day + DAYS_NEWS : INT64_MAX};
        struct alike_query undated = {keys[i], 0, 0};
        all += writing_alike(collating->writing, &near, reports + all, ALIKE_MOST);
        all += writing_alike(collating->writing, &undated, reports + all, ALIKE_MOST);
    }
    size_t count = tally_sharing(reports, all, collating->arena, found);
    return count < COMPARED_MOST ? count : COMPARED_MOST;
}

/* ---- claims that it could be ------------------------------------------------------------------------------ */

struct candidate {
    int64_t claim;
    double score;
    bool verbatim; /* the article has it in the same words already */
};

static void note_candidate(struct candidate *candidates, size_t *count, const struct reported *other, const struct likeness *like)
{
    size_t at = 0;
    while (at < *count && candidates[at].claim != other->claim)
        at++;
    if (at == CLAIMS_MOST)
        return;
    if (at == *count)
        candidates[(*count)++] = (struct candidate){.claim = other->claim};
    if (like->score > candidates[at].score)
        candidates[at].score = like->score;
    candidates[at].verbatim |= like->same_article && like->words >= 1;
}

static size_t find_candidates(struct collating *collating, const struct reported *own, struct candidate *candidates)
{
    struct sharing *sharing;
    size_t sharing_count = find_sharing(collating, own, &sharing), count = 0;
    for (size_t i = 0; i < sharing_count; i++) {
        struct compared compared;
        struct reported other;
        if (!writing_compared(collating->writing, sharing[i].report, collating->arena, &compared))
            continue;
        if (reported_known(&compared, &other)) {
            struct likeness like = likeness_of(own, &other);
            if (like.score >= SAME_CLAIM)
                note_candidate(candidates, &count, &other, &like);
        }
        reported_release(&other);
    }
    return count;
}

/* The most alike; of equals the older. */
static const struct candidate *best_of(const struct candidate *candidates, size_t count)
{
    const struct candidate *best = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!best || candidates[i].score > best->score ||
            (candidates[i].score >= best->score && candidates[i].claim < best->claim))
            best = &candidates[i];
    }
    return best;
}

/* ---- two claims that turn out to be one ------------------------------------------------------------------- */

static bool is_decided(struct collating *collating, int64_t claim)
{
    json_t *document = writing_document(collating->writing, NOUN_CLAIM, claim, false, collating->arena);
    const char *status = json_string_value(json_object_get(document, "status"));
    bool decided = !status || strcmp(status, "extracted") != 0;
    json_decref(document);
    return decided;
}

/* Gives the one that there is then: the one that a person decided on, else the older. */
static int64_t make_one(struct collating *collating, int64_t a, int64_t b)
{
    bool a_decided = is_decided(collating, a), b_decided = is_decided(collating, b);
    if ((a_decided && b_decided) || writing_are_apart(collating->writing, a, b) || writing_spent(collating->writing))
        return a;
    bool into_a = a_decided || (!b_decided && a < b);
    int64_t into = into_a ? a : b, from = into_a ? b : a;
    struct faults faults = {.arena = collating->arena};
    json_t *body = json_pack("{s:[I]}", "from_ids", (json_int_t)from);
    struct change change = {
        .noun = NOUN_CLAIM, .id = into, .body = body, .base = "#", .faults = &faults, .arena = collating->arena};
    enum outcome outcome = write_merge(collating->writing, &change).outcome;
    json_decref(body);
    return outcome == OUTCOME_UPDATED ? into : a;
}

/* ---- what a report belongs to ----------------------------------------------------------------------------- */

int64_t collate_match(struct collating *collating, const struct claim_read *read, bool *there)
{
    struct candidate candidates[CLAIMS_MOST];
    struct reported own;
    *there = false;
    reported_new(collating, read, &own);
    size_t count = find_candidates(collating, &own, candidates);
    const struct candidate *best = best_of(candidates, count);
    int64_t claim = best ? best->claim : 0, chosen = claim;
    for (size_t i = 0; i < count; i++) {
        *there |= candidates[i].verbatim;
        if (candidates[i].claim != chosen)
            claim = make_one(collating, claim, candidates[i].claim);
    }
    reported_release(&own);
    return claim;
}

static void note_trait(struct collating *collating, const struct claim_read *read, int64_t report)
{
    struct reported own;
    int64_t keys[KEYS_MAX];
    reported_new(collating, read, &own);
    own.report = report;
    struct trait trait = trait_of(&own, collating->arena);
    writing_set_trait(collating->writing, &trait, keys, keys_of(&own, keys));
    reported_release(&own);
}

/* Whether the report stands as it was noted; else what was noted is taken back. */
static bool is_noted(struct collating *collating, int64_t report, struct slice words)
{
    struct compared compared;
    struct reported noted;
    int64_t keys[KEYS_MAX];
    struct gist now;
    if (!writing_compared(collating->writing, report, collating->arena, &compared))
        return false;
    text_gist(words, collating->arena, &now);
    bool same = reported_known(&compared, &noted) && noted.gist.count == now.count && noted.gist.weight == now.weight;
    for (uint32_t i = 0; same && i < now.count; i++)
        same = noted.gist.concepts[i].key == now.concepts[i].key;
    if (!same)
        writing_drop_trait(collating->writing, &compared.trait, keys, keys_of(&noted, keys));
    reported_release(&noted);
    return same;
}

void collate_matched(struct collating *collating, const struct claim_read *read, int64_t claim, int64_t report)
{
    struct compared before;
    struct reported noted;
    int64_t keys[KEYS_MAX];
    if (!read->opens && writing_compared(collating->writing, report, collating->arena, &before)) {
        if (reported_known(&before, &noted))
            writing_drop_trait(collating->writing, &before.trait, keys, keys_of(&noted, keys));
        reported_release(&noted);
    }
    note_trait(collating, read, report);
    if (read->opens)
        note_derived(collating, claim);
}

void collate_follow(struct collating *collating, int64_t claim)
{
    derive_claim(collating, claim);
}

/* ---- what a person wrote ---------------------------------------------------------------------------------- */

static struct slice published_at(struct collating *collating, int64_t article)
{
    json_t *document = writing_document(collating->writing, NOUN_ARTICLE, article, false, collating->arena);
    const char *text = json_string_value(json_object_get(document, "published_at"));
    struct slice published = text ? arena_slice(collating->arena, slice_of(text)) : NO_SLICE;
    json_decref(document);
    return published;
}

/* What the report's article alone would make of the claim, as far as the report says. */
static json_t *reading_of(const json_t *claim, const json_t *report, struct slice words)
{
    static const char *const kept[] = {"on_behalf_of_id", "addressee_id", "stance", "topics", "said_on", "attribution"};
    static const char *const own[] = {"speaker_id", "occasion_id"};
    json_t *reading = json_object();
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        json_object_set(reading, kept[i], json_object_get(claim, kept[i]));
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        json_t *value = json_object_get(report, own[i]);
        json_object_set(reading, own[i], json_is_integer(value) ? value : json_object_get(claim, own[i]));
    }
    json_object_set_new(reading, "text", json_stringn(words.data, words.length));
    return reading;
}

void collate_claim_written(struct collating *collating, int64_t claim)
{
    json_t *document = writing_document(collating->writing, NOUN_CLAIM, claim, true, collating->arena), *report;
    size_t index;
    json_array_foreach (json_object_get(document, "reports"), index, report) {
        int64_t id = json_integer_value(json_object_get(report, "id"));
        struct slice words = words_of_report(report, collating->arena);
        if (!words.length || is_noted(collating, id, words))
            continue;
        int64_t article = json_integer_value(json_object_get(report, "article_id"));
        struct claim_read read = {reading_of(document, report, words), report, published_at(collating, article), false};
        note_trait(collating, &read, id);
        json_decref(read.claim);
    }
    json_decref(document);
}

/* ---- taking a claim apart --------------------------------------------------------------------------------- */

static bool is_among(const json_t *ids, const json_t *id)
{
    size_t index;
    json_t *item;
    json_array_foreach (ids, index, item) {
        if (json_equal(item, id))
            return true;
    }
    return false;
}

/* Moves the reports whose ids are listed; false with a fault where one is not the claim's, or none would stay. */
static bool part_reports(const struct change *change, const json_t *document, json_t *stay, json_t *go)
{
    const json_t *ids = json_object_get(change->body, "report_ids"), *reports = json_object_get(document, "reports");
    size_t index;
    json_t *report, *id;
    json_array_foreach (reports, index, report)
        json_array_append(is_among(ids, json_object_get(report, "id")) ? go : stay, report);
    json_array_foreach (ids, index, id) {
        bool found = false;
        for (size_t i = 0; i < json_array_size(go) && !found; i++)
            found = json_equal(json_object_get(json_array_get(go, i), "id"), id);
        if (!found)
            fault_add(change->faults, FAULT_POINTER, arena_print(change->arena, "#/report_ids/%zu", index), "reference",
                      "the claim has no report %lld", (long long)json_integer_value(id));
    }
    if (json_array_size(stay) == 0)
        fault_add(change->faults, FAULT_POINTER, "#/report_ids", "too_many", "one report at least has to stay with the claim");
    return change->faults->count == 0;
}

static struct change part_of(const struct change *change, struct collating *collating, int64_t id, json_t *body)
{
    struct change part = *change;
    part.id = id;
    part.body = body;
    part.defaults = collating->defaults[NOUN_CLAIM];
    return part;
}

/* What the articles of these reports made of the claim, in their order; what they were found by is taken back with them. */
static json_t *take_readings(struct collating *collating, const json_t *reports)
{
    json_t *readings = json_array(), *report;
    size_t index;
    json_array_foreach (reports, index, report) {
        struct compared compared;
        struct reported noted = {.reading = NULL};
        int64_t keys[KEYS_MAX], id = json_integer_value(json_object_get(report, "id"));
        if (writing_compared(collating->writing, id, collating->arena, &compared) && reported_known(&compared, &noted))
            writing_drop_trait(collating->writing, &compared.trait, keys, keys_of(&noted, keys));
        json_array_append_new(readings, noted.reading ? noted.reading : json_null());
    }
    return readings;
}

/* Reports that moved have new ids. */
static void give_readings(struct collating *collating, int64_t claim, const json_t *readings)
{
    json_t *document = writing_document(collating->writing, NOUN_CLAIM, claim, true, collating->arena), *report;
    size_t index;
    json_array_foreach (json_object_get(document, "reports"), index, report) {
        json_t *reading = json_array_get(readings, index);
        int64_t article = json_integer_value(json_object_get(report, "article_id"));
        struct claim_read read = {reading, report, published_at(collating, article), false};
        if (json_is_object(reading))
            note_trait(collating, &read, json_integer_value(json_object_get(report, "id")));
    }
    json_decref(document);
    collate_claim_written(collating, claim);
}

static json_t *without_ids(const json_t *reports)
{
    json_t *copies = json_deep_copy(reports), *report;
    size_t index;
    json_array_foreach (copies, index, report) {
        json_object_del(report, "id");
        json_object_del(report, "claim_id");
    }
    return copies;
}

static struct written write_parts(struct collating *collating, const struct change *change, const json_t *document, json_t *stay,
                                  json_t *go)
{
    static const char *const own[] = {"text",   "speaker_id", "on_behalf_of_id", "addressee_id", "stance",
                                      "topics", "said_on",    "occasion_id",     "attribution"};
    json_t *left = json_pack("{s:O}", "reports", stay), *body = json_pack("{s:o}", "reports", without_ids(go));
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        json_object_set(body, own[i], json_object_get(document, own[i]));
    json_object_set_new(body, "status", json_string("extracted"));
    struct change staying = part_of(change, collating, change->id, left), going = part_of(change, collating, 0, body);
    going.precondition = (struct precondition){.holds = NULL};
    struct written written = write_change(collating->writing, &staying, CHANGE_PATCH);
    if (written.outcome == OUTCOME_UPDATED)
        written = write_create(collating->writing, &going, false);
    json_decref(left);
    json_decref(body);
    return written;
}

struct written collate_split(struct collating *collating, const struct change *change)
{
    json_t *empty = json_object();
    struct change check = part_of(change, collating, change->id, empty);
    struct written written = write_change(collating->writing, &check, CHANGE_PATCH);
    json_decref(empty);
    if (written.outcome != OUTCOME_UNCHANGED)
        return written;
    json_t *document = writing_document(collating->writing, NOUN_CLAIM, change->id, true, collating->arena);
    json_t *stay = json_array(), *go = json_array(), *readings = NULL;
    if (!document) {
        written.outcome = OUTCOME_FAILED;
    } else if (!part_reports(change, document, stay, go)) {
        written.outcome = OUTCOME_INVALID;
    } else {
        readings = take_readings(collating, go);
        written = write_parts(collating, change, document, stay, go);
    }
    if (written.outcome == OUTCOME_CREATED) {
        writing_set_apart(collating->writing, change->id, written.id);
        give_readings(collating, written.id, readings);
        note_derived(collating, written.id);
        derive_claim(collating, written.id);
        derive_claim(collating, change->id);
        struct change look = part_of(change, collating, written.id, json_object());
        look.precondition = (struct precondition){.holds = NULL};        /* that was for the claim that is split */
        written = write_change(collating->writing, &look, CHANGE_PATCH); /* as it stands now */
        json_decref(look.body);
        written.outcome = OUTCOME_CREATED;
    }
    json_decref(stay);
    json_decref(go);
    json_decref(readings);
    json_decref(document);
    return written;
}
