/* Where articles disagree: which resources an article makes worth looking at again, and how what is noticed stands in the record.
 *
 * A noticer answers from what the record says now, never from which article came last, so that the order does not matter. */
#include <stdlib.h>
#include <string.h>

#include "collate_private.h"
#include "readout/buffer.h"
#include "readout/digest.h"

enum { LOOKED_AT_MAX = 2000, PAGE = 500, BEFORE_MAX = 64, SIDES_MAX = 50, EVIDENCE_MAX = 30, REPORTS_MAX = 100 };

static const struct {
    enum noun noun;
    void (*notice)(struct noticing *noticing);
} noticers[] = {
    {NOUN_ACTOR, notice_titles},  {NOUN_ACTOR, notice_spellings}, {NOUN_CLAIM, notice_wordings},
    {NOUN_MEETING, notice_talks}, {NOUN_CLAIM, notice_accounts},  {NOUN_ARTICLE, notice_terms},
};

/* ---- the order of sides and statements -------------------------------------------------------------------- */

/* A statement with what tells its article from others. */
struct told {
    const struct statement_of *statement;
    struct article_facts facts;
    size_t ordinal; /* among those of its article */
};

struct ranked {
    struct slice value;
    struct told *told;
    size_t count, articles, origins;
};

static int compare_told(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    int order = slice_compare(x->facts.published_at, y->facts.published_at);
    if (order == 0)
        order = slice_compare(x->facts.sha256, y->facts.sha256);
    if (order == 0)
        order = (x->statement->article > y->statement->article) - (x->statement->article < y->statement->article);
    if (order == 0)
        order = (x->statement->start > y->statement->start) - (x->statement->start < y->statement->start);
    return order ? order : (x->statement->end > y->statement->end) - (x->statement->end < y->statement->end);
}

/* The first of each article before the second of any. */
static int compare_ordinals(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    return x->ordinal != y->ordinal ? (x->ordinal < y->ordinal ? -1 : 1) : compare_told(a, b);
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->origins != y->origins)
        return x->origins > y->origins ? -1 : 1;
    if (x->articles != y->articles)
        return x->articles > y->articles ? -1 : 1;
    return slice_compare(x->value, y->value);
}

static void count_origins(struct ranked *ranked, struct arena *arena)
{
    int64_t *origins = arena_alloc(arena, (ranked->count + 1) * sizeof *origins);
    size_t most = 0;
    for (size_t i = 0; i < ranked->count; i++) {
        origins[i] = ranked->told[i].facts.origin;
        if (ranked->told[i].ordinal == 0)
            most++;
    }
    qsort(origins, ranked->count, sizeof *origins, compare_numbers);
    for (size_t i = 0; i < ranked->count; i++)
        ranked->origins += i == 0 || origins[i] != origins[i - 1];
    ranked->articles = most;
}

/* Puts the statements into their order, without those that come twice; of too many, some of each article stay. */
static struct ranked rank(struct collating *collating, const struct side *side)
{
    struct ranked ranked = {.value = side->value, .told = arena_alloc(collating->arena, (side->count + 1) * sizeof(struct told))};
    size_t kept = 0;
    for (size_t i = 0; i < side->count; i++) {
        struct told told = {.statement = &side->statements[i]};
        if (writing_article_facts(collating->writing, told.statement->article, collating->arena, &told.facts))
            ranked.told[ranked.count++] = told;
    }
    qsort(ranked.told, ranked.count, sizeof *ranked.told, compare_told);
    for (size_t i = 0; i < ranked.count; i++) {
        const struct told *last = kept ? &ranked.told[kept - 1] : NULL;
        if (last && compare_told(last, &ranked.told[i]) == 0)
            continue;
        bool same = last && last->statement->article == ranked.told[i].statement->article;
        ranked.told[i].ordinal = same ? last->ordinal + 1 : 0;
        ranked.told[kept++] = ranked.told[i];
    }
    ranked.count = kept;
    count_origins(&ranked, collating->arena);
    if (kept > EVIDENCE_MAX) {
        qsort(ranked.told, kept, sizeof *ranked.told, compare_ordinals);
        ranked.count = EVIDENCE_MAX;
        qsort(ranked.told, ranked.count, sizeof *ranked.told, compare_told);
    }
    return ranked;
}

/* ---- in the record ---------------------------------------------------------------------------------------- */

static json_t *value_of(const struct ranked *ranked)
{
    json_t *evidence = json_array();
    for (size_t i = 0; i < ranked->count; i++) {
        const struct statement_of *statement = ranked->told[i].statement;
        json_array_append_new(evidence, json_pack("{s:I, s:I, s:I}", "article_id", (json_int_t)statement->article, "start",
                                                  (json_int_t)statement->start, "end", (json_int_t)statement->end));
    }
    return json_pack("{s:o, s:o}", "value", json_stringn(ranked->value.data, ranked->value.length), "evidence", evidence);
}

/* The values as the contract has them; fewer than two: NULL. */
static json_t *values_of(struct collating *collating, const struct noticed *noticed)
{
    struct ranked *ranked = arena_alloc(collating->arena, (noticed->count + 1) * sizeof *ranked);
    size_t count = 0;
    for (size_t i = 0; i < noticed->count; i++) {
        ranked[count] = rank(collating, &noticed->sides[i]);
        count += ranked[count].count > 0;
    }
    qsort(ranked, count, sizeof *ranked, compare_ranked);
    if (count < 2)
        return NULL;
    json_t *values = json_array();
    for (size_t i = 0; i < count && i < SIDES_MAX; i++)
        json_array_append_new(values, value_of(&ranked[i]));
    return values;
}

static struct change change_of(struct collating *collating, int64_t id, json_t *body)
{
    struct faults *faults = arena_alloc(collating->arena, sizeof *faults);
    *faults = (struct faults){.arena = collating->arena};
    return (struct change){.noun = NOUN_DISCREPANCY,
                           .id = id,
                           .body = body,
                           .defaults = collating->defaults[NOUN_DISCREPANCY],
                           .base = "#",
                           .faults = faults,
                           .arena = collating->arena};
}

static json_t *document_of(struct collating *collating, int64_t id)
{
    return writing_document(collating->writing, NOUN_DISCREPANCY, id, false, collating->arena);
}

/* Of what the machine writes; counts and the text of spans follow from it. */
static int64_t mark_of(const json_t *document)
{
    json_t *value, *evidence;
    size_t i, j;
    uint64_t mark = digest_quick(0, slice_of(json_string_value(json_object_get(document, "kind"))));
    mark = digest_quick(mark, slice_of(json_string_value(json_object_get(document, "about"))));
    json_array_foreach (json_object_get(document, "values"), i, value) {
        mark = digest_quick(mark, slice_of(json_string_value(json_object_get(value, "value"))));
        json_array_foreach (json_object_get(value, "evidence"), j, evidence) {
            static const char *const names[] = {"article_id", "start", "end"};
            for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
                json_int_t number = json_integer_value(json_object_get(evidence, names[k]));
                mark = digest_quick(mark, (struct slice){(const char *)&number, sizeof number});
            }
        }
    }
    return (int64_t)mark;
}

static void note(struct noticing *noticing, const struct noticed_before *before, bool withdrawn)
{
    struct noticed_before now = *before;
    json_t *document = withdrawn ? NULL : document_of(noticing->collating, before->id);
    now.withdrawn = withdrawn;
    if (document)
        now.mark = mark_of(document);
    writing_note_noticed(noticing->collating->writing, noticing->noun, &now);
    json_decref(document);
}

static bool is_set(const json_t *document, const char *name)
{
    const json_t *value = json_object_get(document, name);
    return value && !json_is_null(value);
}

/* Whether a person had a hand in it. */
static bool is_decided(const json_t *document, const struct noticed_before *before)
{
    const char *status = json_string_value(json_object_get(document, "status"));
    return mark_of(document) != before->mark || !status || strcmp(status, "open") != 0 || is_set(document, "note") ||
           is_set(document, "external_id");
}

static void take_back(struct noticing *noticing, const struct noticed_before *before)
{
    json_t *document = document_of(noticing->collating, before->id);
    if (document && !before->withdrawn && !is_decided(document, before)) {
        struct change change = change_of(noticing->collating, before->id, NULL);
        write_delete(noticing->collating->writing, &change);
        note(noticing, before, true);
    }
    json_decref(document);
}

static void add_id(json_t *body, const char *name, int64_t id)
{
    if (id)
        json_object_set_new(body, name, json_integer(id));
}

static void make(struct noticing *noticing, const struct noticed *noticed, json_t *values)
{
    json_t *body = json_pack("{s:s, s:o, s:O}", "kind", noticed->kind, "about",
                             json_stringn(noticed->about.data, noticed->about.length), "values", values);
    add_id(body, "actor_id", noticing->noun == NOUN_ACTOR ? noticing->id : noticed->actor);
    add_id(body, "meeting_id", noticing->noun == NOUN_MEETING ? noticing->id : noticed->meeting);
    add_id(body, "claim_id", noticing->noun == NOUN_CLAIM ? noticing->id : noticed->claim);
    struct change change = change_of(noticing->collating, 0, body);
    struct written written = write_create(noticing->collating->writing, &change, false);
    json_decref(body);
    if (written.outcome == OUTCOME_CREATED)
        note(noticing, &(struct noticed_before){.id = written.id, .key = noticed->key}, false);
}

/* One that was taken back comes again; one that a person deleted does not. */
static void renew(struct noticing *noticing, const struct noticed_before *before, const struct noticed *noticed, json_t *values)
{
    struct collating *collating = noticing->collating;
    struct change change = change_of(collating, before->id, NULL);
    json_t *document = document_of(collating, before->id);
    bool restored = before->withdrawn && !document;
    if (restored && write_restore(collating->writing, &change).outcome == OUTCOME_UPDATED)
        document = document_of(collating, before->id);
    json_t *body = json_pack("{s:s, s:o, s:O}", "kind", noticed->kind, "about",
                             json_stringn(noticed->about.data, noticed->about.length), "values", values);
    bool changed = mark_of(body) != before->mark;
    if (document && mark_of(document) == before->mark && (changed || before->withdrawn)) {
        json_object_del(body, "kind");
        change = change_of(collating, before->id, body);
        write_change(collating->writing, &change, CHANGE_PATCH);
        note(noticing, before, false);
    }
    json_decref(body);
    json_decref(document);
}

void keep_noticed(struct noticing *noticing, const struct noticed *noticed)
{
    struct noticed_before alone;
    const struct noticed_before *before = NULL;
    json_t *values = values_of(noticing->collating, noticed);
    if (!values)
        return;
    for (size_t i = 0; i < noticing->before_count; i++) {
        if (!slice_equal(noticing->before[i].key, noticed->key))
            continue;
        /* After a merge there may be several of one key: the first stays. */
        if (!before)
            before = &noticing->before[i];
        noticing->seen[i] = before == &noticing->before[i];
    }
    if (!before && noticing->noun == NOUN_ARTICLE &&
        writing_noticed_so(noticing->collating->writing, noticed->key, noticing->collating->arena, &alone))
        before = &alone;
    if (before)
        renew(noticing, before, noticed, values);
    else if (noticing->noun == NOUN_ARTICLE ||
             !writing_disputed_already(noticing->collating->writing, noticing->noun, noticing->id, noticed->kind))
        make(noticing, noticed, values);
    json_decref(values);
}

/* ---- looking ---------------------------------------------------------------------------------------------- */

struct slice noticing_text(const struct noticing *noticing, const char *name)
{
    const json_t *value = json_object_get(noticing->document, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

/* A claim that more articles carry than are compared stays as it was noticed last. */
static void look_at(struct collating *collating, enum noun noun, int64_t id)
{
    struct noticing noticing = {.collating = collating, .noun = noun, .id = id};
    json_t *document = writing_document(collating->writing, noun, id, false, collating->arena);
    bool there = document && !is_set(document, "merged_into_id");
    json_int_t reports = json_integer_value(json_object_get(document, "report_count"));
    if (reports > 1) {
        json_decref(document);
        document = reports > REPORTS_MAX ? NULL : writing_document(collating->writing, noun, id, true, collating->arena);
    }
    if (reports > REPORTS_MAX)
        return;
    noticing.document = document;
    noticing.before = arena_alloc(collating->arena, BEFORE_MAX * sizeof *noticing.before);
    noticing.before_count = writing_noticed_at(collating->writing, noun, id, collating->arena, noticing.before, BEFORE_MAX);
    noticing.seen = arena_zero(collating->arena, noticing.before_count + 1);
    for (size_t i = 0; i < sizeof noticers / sizeof noticers[0]; i++) {
        if (noticers[i].noun == noun && (there || noun == NOUN_ARTICLE))
            noticers[i].notice(&noticing);
    }
    for (size_t i = 0; i < noticing.before_count; i++) {
        if (!noticing.seen[i])
            take_back(&noticing, &noticing.before[i]);
    }
    json_decref(document);
}

typedef size_t list_ids(struct writing *writing, enum noun noun, int64_t article, int64_t after, int64_t *ids, size_t most);

static size_t add_ids(struct collating *collating, list_ids *list, enum noun noun, int64_t article, int64_t *ids, size_t count)
{
    int64_t after = 0;
    size_t more;
    while (count + PAGE <= LOOKED_AT_MAX && (more = list(collating->writing, noun, article, after, ids + count, PAGE)) > 0) {
        count += more;
        after = ids[count - 1];
    }
    return count;
}

void collate_notice(struct collating *collating, int64_t article)
{
    static const enum noun nouns[] = {NOUN_ACTOR, NOUN_MEETING, NOUN_CLAIM};
    int64_t *ids = arena_alloc(collating->arena, LOOKED_AT_MAX * sizeof *ids);
    for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++) {
        size_t count = add_ids(collating, writing_found_in, nouns[i], article, ids, 0);
        count = add_ids(collating, writing_disputed_in, nouns[i], article, ids, count);
        qsort(ids, count, sizeof *ids, compare_numbers);
        for (size_t j = 0; j < count && !writing_spent(collating->writing); j++) {
            if (j == 0 || ids[j] != ids[j - 1])
                look_at(collating, nouns[i], ids[j]);
        }
    }
    look_at(collating, NOUN_ARTICLE, article);
}

void collate_notice_at(struct collating *collating, enum noun noun, int64_t id)
{
    if (noun == NOUN_ACTOR || noun == NOUN_MEETING || noun == NOUN_CLAIM)
        look_at(collating, noun, id);
}
