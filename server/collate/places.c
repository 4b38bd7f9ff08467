/* The place of talks: on one day in two cities, by articles neither of which has both. A city and its country go together. */
#include "talks.h"

static bool cities_differ(const struct talks *talks, const struct told *a, const struct told *b)
{
    (void)talks;
    return !slice_equal(a->detail.value, b->detail.value);
}

static void notice_place_on(const struct talks *talks, struct slice day)
{
    bool *counted = arena_zero(talks->arena, talks->told_count + 1);
    bool *conflicting = arena_zero(talks->arena, talks->teller_count + 1);
    for (size_t i = 0; i < talks->told_count; i++)
        counted[i] = slice_is(talks->told[i].detail.kind, "place") && slice_equal(talks->talks[talks->told[i].talk].day, day);
    if (!find_details(talks, counted, cities_differ, conflicting))
        return;
    struct noticed noticed = {.key = slice_of(arena_print(talks->arena, "place %.*s", SLICE_ARGS(day))),
                              .kind = "place",
                              .about = slice_of(arena_print(talks->arena, "where they meet on %.*s: %.*s", SLICE_ARGS(day),
                                                            SLICE_ARGS(talks->talks[0].name))),
                              .sides = arena_alloc(talks->arena, (talks->told_count + 1) * sizeof(struct side))};
    for (size_t i = 0; i < talks->told_count; i++) {
        size_t at = 0;
        if (!counted[i] || !conflicting[talks->told[i].teller])
            continue;
        while (at < noticed.count && !slice_equal(noticed.sides[at].value, talks->told[i].detail.value))
            at++;
        if (at == noticed.count)
            noticed.sides[noticed.count++] = side_new(talks, talks->told[i].detail.value);
        side_add(&noticed.sides[at], &talks->told[i]);
    }
    keep_noticed(talks->noticing, &noticed);
}

void notice_places(const struct talks *talks)
{
    for (size_t i = 0; i < talks->count; i++) {
        bool new_day = i == 0 || !slice_equal(talks->talks[i].day, talks->talks[i - 1].day);
        if (new_day && talks->talks[i].day.data && !talks->talks[i].press)
            notice_place_on(talks, talks->talks[i].day);
    }
}
