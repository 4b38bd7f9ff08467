/* Meetings that may be the same talks: of the same parties within days of each other, whether the record has them as one or as
 * several; or, where nobody says who takes part, of one kind in articles that share a claim. What articles disagree about is kept
 * with the earliest of them. */
#include "talks.h"

#include <stdlib.h>
#include <string.h>

#include "readout/clock.h"

/* Talks further apart are other talks, and so are those that articles further apart speak of. */
enum { DAYS_APART = 2, PUBLISHED_APART = 3 };
enum { TALKS_MAX = 24, DETAILS_OF_ONE_MAX = 600, TELLERS_MAX = 200, NAMINGS_MAX = 300 };

/* ---- days ------------------------------------------------------------------------------------------------- */

int64_t days_of(struct slice text)
{
    int64_t days = clock_date_days(text);
    return days ? days : NOT_KNOWN;
}

static struct slice day_text(struct arena *arena, int64_t number)
{
    struct day day = clock_day(number);
    return slice_of(arena_print(arena, "%04d-%02d-%02d", day.year, day.month, day.day));
}

/* ---- which meetings --------------------------------------------------------------------------------------- */

static struct slice text_in(const struct talks *talks, const json_t *document, const char *name)
{
    const json_t *value = json_object_get(document, name);
    if (!json_is_string(value))
        return NO_SLICE;
    return arena_slice(talks->arena, (struct slice){json_string_value(value), json_string_length(value)});
}

static bool load_talk(const struct talks *talks, int64_t id, struct talk *talk)
{
    json_t *document = writing_document(talks->noticing->collating->writing, NOUN_MEETING, id, false, talks->arena);
    *talk = (struct talk){.id = id,
                          .name = text_in(talks, document, "name"),
                          .day = text_in(talks, document, "starts_on"),
                          .part_of_day = text_in(talks, document, "part_of_day"),
                          .city = text_in(talks, document, "city"),
                          .press = slice_is(text_in(talks, document, "kind"), "briefing")};
    struct slice precision = text_in(talks, document, "precision");
    if (precision.data && !slice_is(precision, "day") && !slice_is(precision, "minute"))
        talk->day = NO_SLICE;
    bool there = document != NULL;
    json_decref(document);
    return there;
}

static int compare_talks(const void *a, const void *b)
{
    const struct talk *x = a, *y = b;
    int order = slice_compare(x->day, y->day);
    if (order == 0)
        order = slice_compare(x->part_of_day, y->part_of_day);
    if (order == 0)
        order = slice_compare(x->name, y->name);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static bool is_loaded(const struct talks *talks, int64_t id)
{
    for (size_t i = 0; i < talks->count; i++) {
        if (talks->talks[i].id == id)
            return true;
    }
    return false;
}

typedef size_t list_meetings(struct writing *writing, int64_t meeting, struct slice from, struct slice until, int64_t *ids,
                             size_t most);

static void add_talks(struct talks *talks, list_meetings *list, int64_t day, int apart)
{
    int64_t ids[TALKS_MAX];
    size_t count = list(talks->noticing->collating->writing, talks->noticing->id, day_text(talks->arena, day - apart),
                        day_text(talks->arena, day + apart), ids, TALKS_MAX);
    for (size_t i = 0; i < count && talks->count < TALKS_MAX; i++) {
        struct talk *talk = &talks->talks[talks->count];
        talks->count += !is_loaded(talks, ids[i]) && load_talk(talks, ids[i], talk) && talk->day.data;
    }
}

static void load_talks(struct talks *talks)
{
    talks->talks = arena_alloc(talks->arena, (TALKS_MAX + 1) * sizeof *talks->talks);
    if (!load_talk(talks, talks->noticing->id, &talks->talks[0]))
        return;
    talks->count = 1;
    int64_t day = days_of(talks->talks[0].day);
    if (day == NOT_KNOWN)
        return;
    add_talks(talks, writing_meetings_beside, day, talks->talks[0].press ? 0 : DAYS_APART);
    add_talks(talks, writing_meetings_of_story, day, DAYS_APART);
    qsort(talks->talks, talks->count, sizeof *talks->talks, compare_talks);
}

/* ---- what is told of them --------------------------------------------------------------------------------- */

/* Its place among the tellers; TELLERS_MAX: no room, or deleted. */
static size_t teller_of(struct talks *talks, int64_t article)
{
    struct article_facts facts;
    for (size_t i = 0; i < talks->teller_count; i++) {
        if (talks->tellers[i].article == article)
            return i;
    }
    if (talks->teller_count == TELLERS_MAX ||
        !writing_article_facts(talks->noticing->collating->writing, article, talks->arena, &facts))
        return TELLERS_MAX;
    talks->tellers[talks->teller_count] = (struct teller){.article = article, .published = days_of(facts.published_at)};
    return talks->teller_count++;
}

static int compare_told(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    if (x->teller != y->teller)
        return x->teller < y->teller ? -1 : 1;
    if (x->detail.start != y->detail.start)
        return x->detail.start < y->detail.start ? -1 : 1;
    return (x->talk > y->talk) - (x->talk < y->talk);
}

/* Puts what each article tells together. */
static void gather(struct talks *talks)
{
    if (talks->told_count)
        qsort(talks->told, talks->told_count, sizeof *talks->told, compare_told);
    for (size_t i = 0; i < talks->told_count; i++) {
        struct teller *teller = &talks->tellers[talks->told[i].teller];
        if (teller->end == 0)
            teller->first = i;
        teller->end = i + 1;
    }
}

static void load_told(struct talks *talks)
{
    struct meeting_detail *details = arena_alloc(talks->arena, DETAILS_OF_ONE_MAX * sizeof *details);
    talks->tellers = arena_alloc(talks->arena, TELLERS_MAX * sizeof *talks->tellers);
    for (size_t i = 0; i < talks->count; i++) {
        size_t count =
            writing_details(talks->noticing->collating->writing, talks->talks[i].id, talks->arena, details, DETAILS_OF_ONE_MAX);
        size_t size = talks->told_count * sizeof *talks->told;
        talks->told = arena_grow(talks->arena, talks->told, size, size + (count + 1) * sizeof *talks->told);
        for (size_t k = 0; k < count; k++) {
            size_t teller = teller_of(talks, details[k].article);
            if (teller < TELLERS_MAX)
                talks->told[talks->told_count++] = (struct told){details[k], i, teller};
        }
    }
    gather(talks);
}

/* ---- conflicts -------------------------------------------------------------------------------------------- */

static bool of_one_time(const struct teller *a, const struct teller *b)
{
    return a->published == NOT_KNOWN || b->published == NOT_KNOWN || llabs(a->published - b->published) <= PUBLISHED_APART;
}

bool of_one_round(const struct teller *a, int64_t day_a, const struct teller *b, int64_t day_b)
{
    const int64_t published[] = {a->published, b->published};
    for (size_t i = 0; i < 2 && day_a != NOT_KNOWN && day_b != NOT_KNOWN; i++) {
        if (published[i] != NOT_KNOWN && (day_a >= published[i]) != (day_b >= published[i]))
            return false;
    }
    return true;
}

bool find_conflicts(const struct talks *talks, articles_differ *differ, bool *conflicting)
{
    bool some = false;
    for (size_t a = 0; a < talks->teller_count; a++) {
        for (size_t b = 0; b < talks->teller_count; b++) {
            if (a == b || !of_one_time(&talks->tellers[a], &talks->tellers[b]) || !differ(talks, a, b))
                continue;
            conflicting[a] = conflicting[b] = some = true;
        }
    }
    return some;
}

static bool all_differ(const struct talks *talks, const bool *counted, details_differ *differ, size_t a, size_t b)
{
    bool some = false;
    for (size_t i = talks->tellers[a].first; i < talks->tellers[a].end; i++) {
        for (size_t k = talks->tellers[b].first; counted[i] && k < talks->tellers[b].end; k++) {
            if (counted[k] && !differ(talks, &talks->told[i], &talks->told[k]))
                return false;
            some |= counted[k];
        }
    }
    return some;
}

bool find_details(const struct talks *talks, const bool *counted, details_differ *differ, bool *conflicting)
{
    bool some = false;
    for (size_t a = 0; a < talks->teller_count; a++) {
        for (size_t b = a + 1; b < talks->teller_count; b++) {
            if (!of_one_time(&talks->tellers[a], &talks->tellers[b]) || !all_differ(talks, counted, differ, a, b))
                continue;
            conflicting[a] = conflicting[b] = some = true;
        }
    }
    return some;
}

struct slice party_name(const struct talks *talks, const struct meeting_detail *detail)
{
    struct writing *writing = talks->noticing->collating->writing;
    int64_t state = detail->party.length == 2 ? writing_state(writing, detail->party) : 0;
    json_t *document = state ? writing_document(writing, NOUN_ACTOR, state, false, talks->arena) : NULL;
    struct slice name = document ? text_in(talks, document, "name") : detail->side_name;
    json_decref(document);
    return name;
}

struct side side_new(const struct talks *talks, struct slice value)
{
    return (struct side){.value = value,
                         .statements = arena_alloc(talks->arena, (talks->told_count + 1) * sizeof(struct statement_of))};
}

void side_add(struct side *side, const struct told *told)
{
    side->statements[side->count++] = (struct statement_of){told->detail.article, told->detail.start, told->detail.end};
}

struct slice usual_name_of(struct collating *collating, int64_t actor, struct arena *arena)
{
    struct naming_of *namings = arena_alloc(arena, NAMINGS_MAX * sizeof *namings);
    size_t count = writing_namings(collating->writing, actor, arena, namings, NAMINGS_MAX);
    return count ? usual_name(namings, count) : NO_SLICE;
}

void notice_elsewhere(struct noticing *noticing, int64_t id, bool kept_there)
{
    struct collating collating = *noticing->collating;
    struct noticed_before before;
    if (collating.following || id == noticing->id)
        return;
    if (!kept_there && writing_noticed_at(collating.writing, noticing->noun, id, collating.arena, &before, 1) == 0)
        return;
    collating.following = true;
    collate_notice_at(&collating, noticing->noun, id);
}

/* ---- looking ---------------------------------------------------------------------------------------------- */

void notice_talks(struct noticing *noticing)
{
    struct arena arena = {0};
    struct talks talks = {.noticing = noticing, .arena = &arena};
    load_talks(&talks);
    if (talks.count && talks.talks[0].id == noticing->id) {
        load_told(&talks);
        notice_days(&talks);
        notice_places(&talks);
        notice_leaders(&talks);
        notice_speakers(&talks);
    }
    for (size_t i = 0; i < talks.count; i++)
        notice_elsewhere(noticing, talks.talks[i].id, i == 0);
    arena_release(&arena);
}
