/* The fold: which reports of a claim are of one origin. Pure. store.h says by what rule.
 *
 *     speakers   nameless ones that are one
 *     links      for each reason, the plainest first, reports that have the same key are joined
 *     bodies     what names a body alone goes to a report of somebody who speaks for it
 *     numbering  the first report of each origin, and why each other one folds into it
 *
 * Joining never puts two known occasions into one origin. */
#include <stdlib.h>
#include <string.h>

#include "bylines.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/store.h"

enum { DAYS_APART = 3, WRITERS_MAX = 4 };

/* What two reports may have in common, the plainest first. */
enum shared { SHARED_ARTICLE, SHARED_COPY, SHARED_MEDIUM, SHARED_CHAIN, SHARED_OCCASION, SHARED_BYLINE, SHARED_SPEAKER };

struct link {
    enum shared shared;
    size_t voice; /* of one speaker alone */
    uint64_t key;
    size_t report;
    int64_t day; /* SHARED_BYLINE */
    bool own;    /* the medium is the report's own outlet, which names none before it */
};

/* Two reports that are to be joined. */
struct pair {
    enum shared shared;
    size_t with, report;
    enum folding why;
};

/* Who wrote a report's article. */
struct writers {
    uint64_t people[WRITERS_MAX];
    size_t count;
    int64_t day;
};

/* Two reports of one origin, as they were joined. */
struct joint {
    size_t from, to, next_from, next_to; /* the next joints of the two, or NONE */
    enum folding why;
};
#define NONE SIZE_MAX

struct folding_up {
    struct origins *origins;
    struct origin_report *reports;
    size_t count;
    size_t *voices;     /* of each report: the first report of its speaker */
    bool *shortens;     /* names a body for whom another one speaks */
    size_t *parents;    /* of each report, towards the first of its origin */
    int64_t *occasions; /* of each parent */
    size_t *sizes;
    struct writers *writers; /* of each report */
    struct link *links;
    size_t link_count, link_capacity;
    struct joint *joints;
    size_t joint_count;
    struct arena *arena;
};

/* ---- an order that does not depend on ids ----------------------------------------------------------------- */

static int by_content(const void *one, const void *other)
{
    const struct origin_report *a = one, *b = other;
    if ((a->published.data != NULL) != (b->published.data != NULL))
        return a->published.data ? -1 : 1;
    int order = slice_compare(a->published, b->published);
    if (order == 0)
        order = slice_compare(a->sha256, b->sha256);
    if (order == 0)
        order = (a->article > b->article) - (a->article < b->article);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

/* ---- origins that grow together --------------------------------------------------------------------------- */

static size_t root_of(const struct folding_up *fold, size_t report)
{
    while (fold->parents[report] != report) {
        fold->parents[report] = fold->parents[fold->parents[report]];
        report = fold->parents[report];
    }
    return report;
}

static bool may_join(const struct folding_up *fold, size_t a, size_t b)
{
    int64_t one = fold->occasions[root_of(fold, a)], other = fold->occasions[root_of(fold, b)];
    return one == 0 || other == 0 || one == other;
}

static void join(struct folding_up *fold, size_t report, size_t with, enum folding why)
{
    size_t a = root_of(fold, report), b = root_of(fold, with);
    if (a == b || !may_join(fold, a, b))
        return;
    size_t root = a < b ? a : b, other = a < b ? b : a;
    fold->parents[other] = root;
    fold->sizes[root] += fold->sizes[other];
    if (fold->occasions[root] == 0)
        fold->occasions[root] = fold->occasions[other];
    fold->joints[fold->joint_count++] = (struct joint){.from = report, .to = with, .why = why};
}

int64_t origin_medium(const struct origin_report *report)
{
    if (report->via_count)
        return report->via[0];
    return report->copied_outlet ? report->copied_outlet : report->outlet;
}

/* ---- links ------------------------------------------------------------------------------------------------ */

static void add_link(struct folding_up *fold, size_t report, enum shared shared, uint64_t key, bool own)
{
    if (fold->link_count == fold->link_capacity) {
        size_t size = fold->link_capacity * sizeof *fold->links;
        fold->link_capacity = fold->link_capacity ? 2 * fold->link_capacity : 8 * fold->count;
        fold->links = arena_grow(fold->arena, fold->links, size, fold->link_capacity * sizeof *fold->links);
    }
    fold->links[fold->link_count++] = (struct link){.shared = shared,
                                                    .voice = fold->voices[report],
                                                    .key = key,
                                                    .report = report,
                                                    .day = fold->writers[report].day,
                                                    .own = own};
}

static void add_links(struct folding_up *fold, size_t report)
{
    const struct origin_report *it = &fold->reports[report];
    int64_t medium = origin_medium(it);
    if (it->occasion)
        add_link(fold, report, SHARED_OCCASION, (uint64_t)it->occasion, false);
    add_link(fold, report, SHARED_ARTICLE, (uint64_t)it->article, false);
    add_link(fold, report, SHARED_COPY, (uint64_t)it->article, false);
    if (it->copied)
        add_link(fold, report, SHARED_COPY, (uint64_t)it->copied, false);
    if (medium)
        add_link(fold, report, SHARED_MEDIUM, (uint64_t)medium, it->via_count == 0);
    for (size_t i = 1; i < it->via_count; i++)
        add_link(fold, report, SHARED_CHAIN, (uint64_t)it->via[i], false);
    if (it->via_count == 0 && medium)
        add_link(fold, report, SHARED_CHAIN, (uint64_t)medium, true);
    for (size_t i = 0; i < fold->writers[report].count; i++)
        add_link(fold, report, SHARED_BYLINE, fold->writers[report].people[i], false);
    add_link(fold, report, SHARED_SPEAKER, 0, false);
}

static int by_plainness(const void *one, const void *other)
{
    const struct link *a = one, *b = other;
    if (a->shared != b->shared)
        return a->shared < b->shared ? -1 : 1;
    if (a->voice != b->voice)
        return a->voice < b->voice ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->shared == SHARED_BYLINE && a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->shared == SHARED_CHAIN && a->own != b->own)
        return a->own ? -1 : 1;
    return (a->report > b->report) - (a->report < b->report);
}

static bool same_key(const struct link *a, const struct link *b)
{
    return a->shared == b->shared && a->voice == b->voice && a->key == b->key;
}

static enum folding reason_of(const struct link *link, const struct link *first)
{
    static const enum folding reasons[] = {
        [SHARED_OCCASION] = FOLD_OCCASION, [SHARED_ARTICLE] = FOLD_ARTICLE, [SHARED_COPY] = FOLD_COPY,
        [SHARED_CHAIN] = FOLD_QUOTE,       [SHARED_BYLINE] = FOLD_BYLINE,   [SHARED_SPEAKER] = FOLD_SPEAKER,
    };
    if (link->shared != SHARED_MEDIUM)
        return reasons[link->shared];
    if (link->own != first->own)
        return FOLD_QUOTE;
    return link->own ? FOLD_OUTLET : FOLD_WIRE;
}

static int by_place(const void *one, const void *other)
{
    const struct pair *a = one, *b = other;
    if (a->shared != b->shared)
        return a->shared < b->shared ? -1 : 1;
    if (a->with != b->with)
        return a->with < b->with ? -1 : 1;
    return (a->report > b->report) - (a->report < b->report);
}

/* Pairs each link's report with the first of those that have its key. Of a chain the first is the medium's own report, and there
 * is nothing to pair without it. */
static size_t pair_links(const struct folding_up *fold, struct pair *pairs)
{
    size_t count = 0;
    for (size_t i = 1, first = 0; i < fold->link_count; i++) {
        const struct link *link = &fold->links[i], *before = &fold->links[first];
        bool follows = same_key(link, before);
        if (follows && link->shared == SHARED_BYLINE && link->day - fold->links[i - 1].day > DAYS_APART)
            follows = false;
        if (!follows)
            first = i;
        else if (link->shared != SHARED_CHAIN || (before->own && !link->own))
            pairs[count++] = (struct pair){link->shared, before->report, link->report, reason_of(link, before)};
    }
    return count;
}

/* Keys are ids: their order must not decide which of two occasions a report comes to. */
static void follow_links(struct folding_up *fold)
{
    if (fold->link_count == 0)
        return;
    struct pair *pairs = arena_alloc(fold->arena, fold->link_count * sizeof *pairs);
    qsort(fold->links, fold->link_count, sizeof *fold->links, by_plainness);
    size_t count = pair_links(fold, pairs);
    if (count)
        qsort(pairs, count, sizeof *pairs, by_place);
    for (size_t i = 0; i < count; i++)
        join(fold, pairs[i].report, pairs[i].with, pairs[i].why);
}

/* ---- speakers --------------------------------------------------------------------------------------------- */

static bool speaks_for(const struct origin_speaker *speaker, int64_t body)
{
    for (size_t i = 0; i < speaker->body_count; i++) {
        if (speaker->bodies[i] == body)
            return true;
    }
    return false;
}

/* An official of a state speaks for its government, too. */
static bool is_body_of(const struct origin_speaker *body, const struct origin_speaker *speaker)
{
    if (body->voice != VOICE_BODY || speaker->voice == VOICE_MEDIUM || body->id == speaker->id)
        return false;
    return speaks_for(speaker, body->id) ||
           (speaker->voice != VOICE_BODY && body->government && speaker->of_state && speaks_for(body, speaker->bodies[0]));
}

static bool have_one_body(const struct origin_speaker *a, const struct origin_speaker *b)
{
    for (size_t i = 0; i < a->body_count; i++) {
        if (speaks_for(b, a->bodies[i]))
            return true;
    }
    return a->body_count == 0 || b->body_count == 0;
}

/* The articles that each nameless speaker is in, a bit each. */
struct nameless {
    uint64_t *articles;
    size_t words;
};

static bool in_one_article(const struct nameless *nameless, size_t a, size_t b)
{
    const uint64_t *one = nameless->articles + a * nameless->words, *other = nameless->articles + b * nameless->words;
    for (size_t i = 0; i < nameless->words; i++) {
        if (one[i] & other[i])
            return true;
    }
    return false;
}

static void rename_voice(struct folding_up *fold, const struct nameless *nameless, size_t from, size_t into)
{
    for (size_t i = 0; i < fold->count; i++) {
        if (fold->voices[i] == from)
            fold->voices[i] = into;
    }
    for (size_t i = 0; i < nameless->words; i++)
        nameless->articles[into * nameless->words + i] |= nameless->articles[from * nameless->words + i];
}

static bool is_nameless(const struct folding_up *fold, size_t report)
{
    const struct origin_speaker *speaker = fold->reports[report].speaker;
    return speaker && speaker->voice == VOICE_NAMELESS;
}

static bool have_one_writer(const struct writers *a, const struct writers *b)
{
    for (size_t i = 0; i < a->count * b->count; i++) {
        if (a->people[i / b->count] == b->people[i % b->count] && llabs(a->day - b->day) <= DAYS_APART)
            return true;
    }
    return false;
}

static bool have_one_text(const struct origin_report *a, const struct origin_report *b)
{
    return a->copied == b->article || b->copied == a->article || (a->copied && a->copied == b->copied);
}

/* A reason to fold them that is no matter of who speaks. An outlet may well have two sources. */
static bool have_reason(const struct folding_up *fold, size_t one, size_t other)
{
    const struct origin_report *a = &fold->reports[one], *b = &fold->reports[other];
    if (a->occasion && b->occasion)
        return a->occasion == b->occasion;
    int64_t medium = origin_medium(a);
    return have_one_text(a, b) || (medium && medium == origin_medium(b) && (a->via_count || b->via_count)) ||
           have_one_writer(&fold->writers[one], &fold->writers[other]);
}

/* Which articles are which, in the order of the reports: those of one article stand together. */
static struct nameless find_nameless(const struct folding_up *fold)
{
    struct nameless nameless = {.words = fold->count / 64 + 1};
    size_t article = 0;
    nameless.articles = arena_zero(fold->arena, fold->count * nameless.words * sizeof *nameless.articles);
    for (size_t i = 0; i < fold->count; i++) {
        article += i > 0 && fold->reports[i].article != fold->reports[i - 1].article;
        nameless.articles[fold->voices[i] * nameless.words + article / 64] |= UINT64_C(1) << article % 64;
    }
    return nameless;
}

/* Takes nameless speakers for one where there is a reason, and no article has both. */
static void unite_nameless(struct folding_up *fold)
{
    size_t different = 0;
    for (size_t i = 0; i < fold->count; i++)
        different += is_nameless(fold, i) && fold->voices[i] == i;
    if (different < 2)
        return;
    struct nameless nameless = find_nameless(fold);
    for (size_t i = 0; i < fold->count; i++) {
        for (size_t j = 0; j < i && is_nameless(fold, i); j++) {
            size_t a = fold->voices[j], b = fold->voices[i];
            if (a != b && is_nameless(fold, j) && have_reason(fold, i, j) && !in_one_article(&nameless, a, b) &&
                have_one_body(fold->reports[i].speaker, fold->reports[j].speaker))
                rename_voice(fold, &nameless, a < b ? b : a, a < b ? a : b);
        }
    }
}

/* Reports of one speaker have one voice: the first of them. */
static void find_voices(struct folding_up *fold)
{
    for (size_t i = 0; i < fold->count; i++) {
        size_t first = 0;
        while (first < i && fold->reports[first].speaker != fold->reports[i].speaker)
            first++;
        fold->voices[i] = first;
    }
}

/* ---- bodies ----------------------------------------------------------------------------------------------- */

/* A body is found at the end of what belongs to it: somebody speaks for it who is not shortened himself. */
static bool has_spokesman(const struct folding_up *fold, size_t report, bool last)
{
    for (size_t i = 0; i < fold->count; i++) {
        if (fold->voices[i] == i && fold->reports[i].speaker && (!last || !fold->shortens[i]) &&
            is_body_of(fold->reports[report].speaker, fold->reports[i].speaker))
            return true;
    }
    return false;
}

static void find_shortened(struct folding_up *fold)
{
    bool *some = arena_zero(fold->arena, fold->count * sizeof *some);
    for (size_t i = 0; i < fold->count; i++)
        some[i] = fold->voices[i] == i && fold->reports[i].speaker && has_spokesman(fold, i, false);
    for (size_t i = 0; i < fold->count; i++)
        fold->shortens[i] = some[fold->voices[i]];
    for (size_t i = 0; i < fold->count; i++)
        some[i] = some[i] && has_spokesman(fold, i, true);
    for (size_t i = 0; i < fold->count; i++)
        fold->shortens[i] = some[fold->voices[i]];
}

/* How likely the one report shortens the other: the same article above all, then the same text, medium and speaker. */
static size_t likeness(const struct folding_up *fold, const struct origin_report *report, size_t full)
{
    const struct origin_report *other = &fold->reports[full];
    bool article = report->article == other->article;
    bool text = have_one_text(report, other);
    bool medium = origin_medium(report) && origin_medium(report) == origin_medium(other);
    bool main = other->speaker->id == fold->origins->main_speaker;
    return (size_t)article << 35 | (size_t)text << 34 | (size_t)medium << 33 | (size_t)main << 32 |
           fold->sizes[root_of(fold, full)];
}

/* Joins what a body is said to have said to what somebody said for it; true when there is such a report. */
static bool join_shortened(struct folding_up *fold, size_t report)
{
    const struct origin_report *it = &fold->reports[report];
    size_t best = NONE, most = 0;
    for (size_t i = 0; i < fold->count; i++) {
        if (!fold->reports[i].speaker || fold->shortens[i] || !is_body_of(it->speaker, fold->reports[i].speaker) ||
            !may_join(fold, report, i))
            continue;
        size_t likely = likeness(fold, it, i);
        if (best == NONE || likely > most) {
            best = i;
            most = likely;
        }
    }
    if (best != NONE)
        join(fold, report, best, FOLD_SHORTER);
    return best != NONE;
}

static void link_all(struct folding_up *fold, bool shortened, const bool *left)
{
    fold->link_count = 0;
    for (size_t i = 0; i < fold->count; i++) {
        if (fold->reports[i].speaker && fold->shortens[i] == shortened && (!left || left[i]))
            add_links(fold, i);
    }
    follow_links(fold);
}

/* Those of another occasion than anybody spoke on are left: they are origins of their own. */
static void fold_bodies(struct folding_up *fold)
{
    bool *left = arena_zero(fold->arena, fold->count * sizeof *left);
    for (size_t i = 0; i < fold->count; i++)
        left[i] = fold->shortens[i] && !join_shortened(fold, i);
    link_all(fold, true, left);
}

/* ---- numbering -------------------------------------------------------------------------------------------- */

/* From the first report of an origin along the joints to all others of it. */
static void explain(struct folding_up *fold, size_t first, size_t *heads, size_t *queue)
{
    size_t origin = fold->reports[first].origin, begin = 0, end = 0;
    fold->reports[first].why = FOLD_FIRST;
    fold->reports[first].with = first;
    queue[end++] = first;
    while (begin < end) {
        size_t report = queue[begin++];
        for (size_t at = heads[report]; at != NONE;) {
            const struct joint *joint = &fold->joints[at];
            size_t other = joint->from == report ? joint->to : joint->from;
            at = joint->from == report ? joint->next_from : joint->next_to;
            if (fold->reports[other].why != FOLD_NONE)
                continue;
            fold->reports[other].why = joint->why;
            fold->reports[other].with = report;
            fold->reports[other].origin = origin;
            queue[end++] = other;
        }
    }
    fold->origins->origins[origin].report_count = end;
}

static void explain_all(struct folding_up *fold)
{
    size_t *heads = arena_alloc(fold->arena, 2 * fold->count * sizeof *heads);
    for (size_t i = 0; i < fold->count; i++)
        heads[i] = NONE;
    for (size_t i = 0; i < fold->joint_count; i++) {
        struct joint *joint = &fold->joints[i];
        joint->next_from = heads[joint->from];
        heads[joint->from] = i;
        joint->next_to = heads[joint->to];
        heads[joint->to] = i;
    }
    for (size_t i = 0; i < fold->origins->count; i++)
        explain(fold, fold->origins->origins[i].first, heads, heads + fold->count);
}

/* The medium that all reports of the origin that have its speaker come from. */
static void find_medium(struct folding_up *fold, struct origin *origin)
{
    origin->medium = origin_medium(&fold->reports[origin->first]);
    for (size_t i = 0; i < fold->count; i++) {
        bool counts = fold->reports[i].speaker && !fold->shortens[i] && root_of(fold, i) == root_of(fold, origin->first);
        if (counts && origin_medium(&fold->reports[i]) != origin->medium)
            origin->medium = 0;
    }
}

struct ranked {
    struct origin origin;
    bool main;
};

static int by_rank(const void *one, const void *other)
{
    const struct ranked *a = one, *b = other;
    if (a->main != b->main)
        return a->main ? -1 : 1;
    if (a->origin.report_count != b->origin.report_count)
        return a->origin.report_count > b->origin.report_count ? -1 : 1;
    return (a->origin.first > b->origin.first) - (a->origin.first < b->origin.first);
}

/* The first report of an origin is the earliest that is not a shorter version of another. */
static void number(struct folding_up *fold)
{
    struct origins *origins = fold->origins;
    size_t *firsts = arena_alloc(fold->arena, fold->count * sizeof *firsts);
    struct ranked *ranked = arena_zero(fold->arena, fold->count * sizeof *ranked);
    for (size_t i = 0; i < fold->count; i++)
        firsts[i] = NONE;
    for (int shortened = 0; shortened < 2; shortened++) {
        for (size_t i = 0; i < fold->count; i++) {
            size_t root = root_of(fold, i);
            if (!fold->reports[i].speaker || fold->shortens[i] != (shortened == 1))
                continue;
            if (firsts[root] == NONE) {
                firsts[root] = origins->count++;
                ranked[firsts[root]].origin = (struct origin){.first = i, .report_count = fold->sizes[root]};
                ranked[firsts[root]].origin.occasion = fold->occasions[root];
            }
            ranked[firsts[root]].main |= !fold->shortens[i] && fold->reports[i].speaker->id == origins->main_speaker;
        }
    }
    if (origins->count)
        qsort(ranked, origins->count, sizeof *ranked, by_rank);
    origins->origins = arena_alloc(fold->arena, (origins->count + 1) * sizeof *origins->origins);
    for (size_t i = 0; i < origins->count; i++) {
        origins->origins[i] = ranked[i].origin;
        fold->reports[ranked[i].origin.first].origin = i;
        find_medium(fold, &origins->origins[i]);
    }
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* An article whose outlet is not known stands for an outlet of its own. */
static size_t count_outlets(const struct folding_up *fold)
{
    int64_t *outlets = arena_alloc(fold->arena, fold->count * sizeof *outlets);
    size_t count = 0;
    for (size_t i = 0; i < fold->count; i++)
        outlets[i] = fold->reports[i].outlet ? fold->reports[i].outlet : -fold->reports[i].article;
    qsort(outlets, fold->count, sizeof *outlets, by_number);
    for (size_t i = 0; i < fold->count; i++)
        count += i == 0 || outlets[i] != outlets[i - 1];
    return count;
}

static void find_writers(const struct origin_report *report, struct writers *writers)
{
    writers->day = clock_date_days(report->published);
    if (report->via_count == 0 && report->published.data)
        writers->count = byline_people(report->byline, writers->people, WRITERS_MAX);
}

static void begin(struct folding_up *fold)
{
    qsort(fold->reports, fold->count, sizeof *fold->reports, by_content);
    fold->voices = arena_alloc(fold->arena, fold->count * sizeof *fold->voices);
    fold->shortens = arena_zero(fold->arena, fold->count * sizeof *fold->shortens);
    fold->parents = arena_alloc(fold->arena, fold->count * sizeof *fold->parents);
    fold->occasions = arena_alloc(fold->arena, fold->count * sizeof *fold->occasions);
    fold->sizes = arena_alloc(fold->arena, fold->count * sizeof *fold->sizes);
    fold->joints = arena_alloc(fold->arena, fold->count * sizeof *fold->joints);
    fold->writers = arena_zero(fold->arena, fold->count * sizeof *fold->writers);
    for (size_t i = 0; i < fold->count; i++) {
        find_writers(&fold->reports[i], &fold->writers[i]);
        fold->reports[i].why = FOLD_NONE;
        fold->reports[i].with = fold->reports[i].origin = i;
        fold->parents[i] = i;
        fold->occasions[i] = fold->reports[i].occasion;
        fold->sizes[i] = 1;
    }
}

void origins_fold(struct origins *origins, struct arena *arena)
{
    struct folding_up fold = {.origins = origins, .reports = origins->reports, .count = origins->report_count, .arena = arena};
    origins->count = origins->outlet_count = 0;
    origins->origins = NULL;
    if (fold.count == 0)
        return;
    begin(&fold);
    origins->outlet_count = count_outlets(&fold);
    find_voices(&fold);
    find_shortened(&fold);
    unite_nameless(&fold);
    link_all(&fold, false, NULL);
    fold_bodies(&fold);
    number(&fold);
    explain_all(&fold);
}
