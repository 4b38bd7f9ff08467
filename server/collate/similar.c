/* What a claim is like, and why its reports are one. */
#include <stdlib.h>
#include <string.h>

#include "matching.h"

/* Of a claim so many reports are asked for what is like them; of each key so many are looked at; and so many are compared. */
enum { ASKED_MOST = 16, ALIKE_MOST = 200, COMPARED_MOST = 128 };
/* Less than a quarter in common is chance. */
static const double least_likeness = 0.25;

/* ---- similar claims --------------------------------------------------------------------------------------- */

static size_t find_sharing(struct reader *reader, const struct reported *own, struct arena *arena, struct sharing **found,
                           struct error *error)
{
    int64_t keys[KEYS_MAX];
    size_t key_count = keys_of(own, keys), all = 0;
    int64_t *reports = arena_alloc(arena, (KEYS_MAX * ALIKE_MOST + 1) * sizeof *reports);
    for (size_t i = 0; i < key_count; i++)
        all += reader_alike(reader, &(struct alike_query){keys[i], 0, INT64_MAX}, reports + all, ALIKE_MOST, error);
    size_t count = tally_sharing(reports, all, arena, found);
    return count < COMPARED_MOST ? count : COMPARED_MOST;
}

static const char *why_not(const struct likeness *like)
{
    return like->barred ? like->barred : like->score < SAME_CLAIM ? "too-different" : "kept-apart";
}

/* The likest report of each other claim. */
static void note_similar(struct similar *similar, size_t *count, const struct reported *own, const struct reported *other)
{
    struct likeness like = likeness_of(own, other);
    size_t at = 0;
    if (other->claim == own->claim || like.words < least_likeness)
        return;
    while (at < *count && similar[at].claim != other->claim)
        at++;
    if (at == SIMILAR_MAX)
        return;
    if (at == *count)
        similar[(*count)++] = (struct similar){.claim = other->claim};
    if (like.words > similar[at].words)
        similar[at] = (struct similar){.claim = other->claim,
                                       .report = own->report,
                                       .other_report = other->report,
                                       .words = like.words,
                                       .score = like.score,
                                       .why_not = why_not(&like),
                                       .days = like.days};
}

static int likest_first(const void *a, const void *b)
{
    const struct similar *x = a, *y = b;
    if (x->words > y->words || x->words < y->words)
        return x->words > y->words ? -1 : 1;
    return (x->claim > y->claim) - (x->claim < y->claim);
}

bool collate_similar(struct reader *reader, int64_t claim, struct arena *arena, struct similar similar[static SIMILAR_MAX],
                     size_t *count, struct error *error)
{
    struct compared *own = arena_alloc(arena, ASKED_MOST * sizeof *own);
    *count = 0;
    error->kind = ERROR_NONE;
    size_t own_count = reader_compared_of(reader, claim, arena, own, ASKED_MOST, error);
    for (size_t i = 0; i < own_count; i++) {
        struct reported reported;
        struct sharing *sharing;
        size_t sharing_count = reported_known(&own[i], &reported) ? find_sharing(reader, &reported, arena, &sharing, error) : 0;
        for (size_t j = 0; j < sharing_count; j++) {
            struct compared compared;
            struct reported other;
            if (!reader_compared(reader, sharing[j].report, arena, &compared, error))
                continue;
            if (reported_known(&compared, &other))
                note_similar(similar, count, &reported, &other);
            reported_release(&other);
        }
        reported_release(&reported);
    }
    qsort(similar, *count, sizeof *similar, likest_first);
    return error->kind == ERROR_NONE;
}

/* ---- why reports are one ---------------------------------------------------------------------------------- */

/* The words that both have, as the one prints them. */
static void add_shared(struct matched *matched, const struct reported *own, const struct gist *printed)
{
    for (uint32_t i = 0; i < printed->count && matched->shared_count < SHARED_MAX; i++) {
        for (uint32_t j = 0; j < own->gist.count; j++) {
            if (own->gist.concepts[j].key == printed->concepts[i].key && printed->concepts[i].weight > GIST_STATE)
                matched->shared[matched->shared_count++] = printed->concepts[i].word;
        }
    }
}

static int in_text(const void *a, const void *b)
{
    const struct slice *x = a, *y = b;
    return (x->data > y->data) - (x->data < y->data);
}

static void explain_one(const struct reported *all, size_t count, size_t at, const struct compared *compared, struct arena *arena,
                        struct matched *matched)
{
    struct gist printed;
    size_t with = count;
    struct likeness best = {.score = -1};
    *matched = (struct matched){.report = all[at].report};
    for (size_t i = 0; i < count; i++) {
        struct likeness like = likeness_of(&all[at], &all[i]);
        if (i != at && like.score > best.score) {
            best = like;
            with = i;
        }
    }
    if (with == count)
        return;
    json_t *document = json_loadb(compared[at].document.data, compared[at].document.length, 0, NULL);
    text_gist(words_of_report(document, arena), arena, &printed);
    json_decref(document);
    add_shared(matched, &all[with], &printed);
    qsort(matched->shared, matched->shared_count, sizeof matched->shared[0], in_text);
    matched->with = all[with].report;
    matched->words = best.words;
    matched->score = best.score;
    matched->days = best.days;
    matched->same_speaker = all[at].speaker && all[at].speaker == all[with].speaker;
    matched->same_stance = best.same_stance;
    matched->by_person = best.barred || best.score < SAME_CLAIM;
}

bool collate_explain(struct reader *reader, int64_t claim, struct arena *arena, struct matched **matched, size_t *count,
                     struct error *error)
{
    struct compared *compared = arena_alloc(arena, EXPLAINED_MAX * sizeof *compared);
    struct reported *all = arena_alloc(arena, EXPLAINED_MAX * sizeof *all);
    error->kind = ERROR_NONE;
    *count = 0;
    size_t found = reader_compared_of(reader, claim, arena, compared, EXPLAINED_MAX, error), read = 0;
    for (size_t i = 0; i < found; i++) {
        if (reported_known(&compared[i], &all[read]))
            compared[read++] = compared[i];
    }
    *matched = arena_alloc(arena, (read + 1) * sizeof **matched);
    for (size_t i = 0; i < read; i++)
        explain_one(all, read, i, compared, arena, &(*matched)[(*count)++]);
    for (size_t i = 0; i < read; i++)
        reported_release(&all[i]);
    return error->kind == ERROR_NONE;
}
