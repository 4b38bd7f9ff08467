/* The day on which talks begin: said otherwise by articles neither of which has both days.
 *
 * What one article looks back at when another still looks ahead may be two rounds, and is no conflict. */
#include "talks.h"

static bool is_day(const struct talks *talks, const struct told *told)
{
    return slice_is(told->detail.kind, "day") && days_of(told->detail.value) != NOT_KNOWN && !talks->talks[told->talk].press;
}

static bool is_late(struct slice part)
{
    return slice_is(part, "evening") || slice_is(part, "night");
}

static bool parts_differ(struct slice a, struct slice b)
{
    return a.data && b.data && !slice_equal(a, b) && !(is_late(a) && is_late(b));
}

static bool holds_day(const struct meeting_detail *detail, struct slice day)
{
    int64_t first = days_of(detail->value), last = days_of(detail->until), sought = days_of(day);
    return sought >= first && sought <= (last == NOT_KNOWN ? first : last);
}

static bool days_differ(const struct talks *talks, const struct told *a, const struct told *b)
{
    if (!slice_equal(a->detail.value, b->detail.value) &&
        (holds_day(&a->detail, b->detail.value) || holds_day(&b->detail, a->detail.value)))
        return false;
    bool same_day = slice_equal(a->detail.value, b->detail.value);
    return of_one_round(&talks->tellers[a->teller], days_of(a->detail.value), &talks->tellers[b->teller],
                        days_of(b->detail.value)) &&
           (!same_day || parts_differ(a->detail.part_of_day, b->detail.part_of_day));
}

/* The part of a day that no other part differs from; of a day with two, NO_SLICE and `several`. */
static struct slice part_of(const struct talks *talks, const bool *counted, struct slice day, bool *several)
{
    struct slice part = NO_SLICE;
    *several = false;
    for (size_t i = 0; i < talks->told_count; i++) {
        const struct meeting_detail *detail = &talks->told[i].detail;
        if (!counted[i] || !slice_equal(detail->value, day) || !detail->part_of_day.data)
            continue;
        *several |= parts_differ(part, detail->part_of_day);
        if (!part.data || slice_is(detail->part_of_day, "evening"))
            part = detail->part_of_day;
    }
    return part;
}

/* "2022-01-09, evening" of a statement; where it says less than others of its day, they tell the rest. NO_SLICE: it says too
 * little to be on any side. */
static struct slice value_of(const struct talks *talks, const bool *counted, const struct told *told)
{
    bool several;
    struct slice day = told->detail.value, part = part_of(talks, counted, day, &several);
    if (several)
        part = is_late(told->detail.part_of_day) ? SLICE("evening") : told->detail.part_of_day;
    if (several && !part.data)
        return NO_SLICE;
    if (!part.data)
        return day;
    return slice_of(arena_print(talks->arena, "%.*s, %.*s", SLICE_ARGS(day), SLICE_ARGS(part)));
}

static struct side *side_called(const struct talks *talks, struct noticed *noticed, struct slice value)
{
    for (size_t i = 0; i < noticed->count; i++) {
        if (slice_equal(noticed->sides[i].value, value))
            return &noticed->sides[i];
    }
    noticed->sides[noticed->count] = side_new(talks, value);
    return &noticed->sides[noticed->count++];
}

/* The days of those that disagree, then whoever else has one of them. */
static void add_sides(const struct talks *talks, const bool *counted, const bool *conflicting, struct noticed *noticed)
{
    for (size_t pass = 0; pass < 2; pass++) {
        size_t sides = noticed->count;
        for (size_t i = 0; i < talks->told_count; i++) {
            if (!counted[i] || conflicting[talks->told[i].teller] != (pass == 0))
                continue;
            struct slice value = value_of(talks, counted, &talks->told[i]);
            struct side *side = value.data ? side_called(talks, noticed, value) : NULL;
            if (side && (pass == 0 || side < noticed->sides + sides))
                side_add(side, &talks->told[i]);
        }
        noticed->count = pass == 0 ? noticed->count : sides;
    }
}

/* Talks in other cities are others. */
static void notice_days_in(const struct talks *talks, const struct talk *first)
{
    bool *counted = arena_zero(talks->arena, talks->told_count + 1);
    bool *conflicting = arena_zero(talks->arena, talks->teller_count + 1);
    for (size_t i = 0; i < talks->told_count; i++) {
        const struct talk *talk = &talks->talks[talks->told[i].talk];
        bool here = talk == first || (first->city.length && slice_equal(talk->city, first->city));
        counted[i] = here && is_day(talks, &talks->told[i]);
    }
    if (!find_details(talks, counted, days_differ, conflicting))
        return;
    struct noticed noticed = {.key = slice_of(arena_print(talks->arena, "day %.*s", SLICE_ARGS(first->city))),
                              .kind = "date",
                              .about = slice_of(arena_print(talks->arena, "when %.*s starts", SLICE_ARGS(first->name))),
                              .sides = arena_alloc(talks->arena, (talks->told_count + 1) * sizeof(struct side))};
    add_sides(talks, counted, conflicting, &noticed);
    keep_noticed(talks->noticing, &noticed);
}

void notice_days(const struct talks *talks)
{
    for (size_t i = 0; i < talks->count; i++) {
        bool again = i > 0 && !talks->talks[i].city.length;
        for (size_t k = 0; k < i && !again; k++)
            again = slice_equal(talks->talks[k].city, talks->talks[i].city);
        if (!again)
            notice_days_in(talks, &talks->talks[i]);
    }
}
