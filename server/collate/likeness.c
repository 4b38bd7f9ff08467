/* Whether two reports carry the same claim: one statement by one speaker.
 *
 * They cannot where their speakers speak for different parties, are two people with names, or said it on different days; where
 * they can, their words decide, and what else is known moves them a little together or apart. A number is a word among others:
 * the same statement with another number in it is one that articles disagree about. */
#include <stdlib.h>

#include "matching.h"

/* Measured on the five annotated articles and on tests/collate/stories: `make evaluate`. */
static const double same_stance_gain = 0.05, topics_gain = 0.10, opposite_loss = 0.30, negation_loss = 0.15, brief_loss = 0.15,
                    own_article_loss = 0.10, person_loss = 0.05;
enum { BRIEF = 2 * GIST_WHOLE, NEXT_TO_NOTHING = GIST_WHOLE };
/* A day that one article gives in local time is the next one in another's. */
enum { DAYS_SAID = 1 };

/* ---- what bars ---------------------------------------------------------------------------------------------- */

static bool is_person(const struct reported *reported)
{
    return slice_is(reported->speaker_kind, "person");
}

static bool same_party(const struct reported *a, const struct reported *b)
{
    if (is_person(a) && a->speaker == b->speaker)
        return true;
    return a->party.data && b->party.data ? slice_equal(a->party, b->party) : !a->party.data && !b->party.data;
}

static const char *bar_between(const struct reported *a, const struct reported *b, int64_t days)
{
    if (!same_party(a, b))
        return "other-party";
    if (is_person(a) && is_person(b) && a->speaker != b->speaker)
        return "other-speaker";
    if (days > (a->said && b->said ? DAYS_SAID : DAYS_NEWS))
        return "other-day";
    return NULL;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static void compare_words(const struct gist *a, const struct gist *b, struct likeness *likeness)
{
    unsigned shared = 0;
    for (uint32_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->concepts[i].key == b->concepts[j].key) {
            shared += a->concepts[i].weight;
            likeness->shared++;
            i++, j++;
        } else if (a->concepts[i].key < b->concepts[j].key) {
            i++;
        } else {
            j++;
        }
    }
    likeness->words = a->weight + b->weight ? 2.0 * shared / (a->weight + b->weight) : 0;
}

/* ---- stance and topics ------------------------------------------------------------------------------------ */

/* 1: the speaker is for it, -1: against it, 0: neither can be told. */
static int lean_of(struct slice stance)
{
    static const struct {
        const char *stance;
        int lean;
    } leans[] = {{"offers", 1}, {"promises", 1}, {"supports", 1}, {"rejects", -1}, {"denies", -1}};
    for (size_t i = 0; i < sizeof leans / sizeof leans[0]; i++) {
        if (slice_is(stance, leans[i].stance))
            return leans[i].lean;
    }
    return 0;
}

static double shared_topics(const json_t *a, const json_t *b)
{
    const json_t *mine = json_object_get(a, "topics"), *theirs = json_object_get(b, "topics");
    size_t shared = 0, all = json_array_size(mine) + json_array_size(theirs);
    for (size_t i = 0; i < json_array_size(mine); i++) {
        for (size_t j = 0; j < json_array_size(theirs); j++)
            shared += json_equal(json_array_get(mine, i), json_array_get(theirs, j)) != 0;
    }
    return all > shared ? (double)shared / (double)(all - shared) : 0;
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static double score_of(const struct reported *a, const struct reported *b, const struct likeness *likeness)
{
    double score = likeness->words + topics_gain * likeness->topics;
    if (likeness->same_stance)
        score += same_stance_gain;
    if (likeness->opposite_stance)
        score -= opposite_loss;
    if (likeness->negation_differs)
        score -= negation_loss;
    if (likeness->brief)
        score -= brief_loss;
    if (likeness->same_article)
        score -= own_article_loss;
    if (is_person(a) != is_person(b))
        score -= person_loss;
    return score < 0 ? 0 : score > 1 ? 1 : score;
}

struct likeness likeness_of(const struct reported *a, const struct reported *b)
{
    unsigned least = a->gist.weight < b->gist.weight ? a->gist.weight : b->gist.weight;
    struct likeness likeness = {.days = a->day && b->day ? llabs(a->day - b->day) : -1,
                                .same_stance = slice_equal(a->stance, b->stance),
                                .opposite_stance = lean_of(a->stance) * lean_of(b->stance) < 0,
                                .negation_differs = a->gist.negated != b->gist.negated,
                                .same_article = a->article == b->article,
                                .brief = least < BRIEF,
                                .topics = shared_topics(a->reading, b->reading)};
    compare_words(&a->gist, &b->gist, &likeness);
    likeness.barred = bar_between(a, b, likeness.days);
    if (!likeness.barred && least < NEXT_TO_NOTHING && (a->speaker != b->speaker || likeness.words < 1))
        likeness.barred = "too-brief";
    likeness.score = likeness.barred ? 0 : score_of(a, b, &likeness);
    return likeness;
}
