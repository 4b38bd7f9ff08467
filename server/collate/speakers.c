/* Whether one or several spoke to the press: at the press calls of a day, for one party. An article that has both may well know
 * that there were several, and is on no side. */
#include "talks.h"

enum { SHOWN_OF_ONE = 3 };

static bool numbers_differ(const struct talks *talks, const struct told *a, const struct told *b)
{
    (void)talks;
    return !slice_equal(a->detail.value, b->detail.value);
}

/* The first few of each article. */
static void add_some(const struct talks *talks, const bool *counted, const bool *conflicting, struct side *side)
{
    for (size_t i = 0, of_teller = 0; i < talks->told_count; i++) {
        if (i == 0 || talks->told[i].teller != talks->told[i - 1].teller)
            of_teller = 0;
        if (!counted[i] || !conflicting[talks->told[i].teller] || !slice_equal(talks->told[i].detail.value, side->value))
            continue;
        if (of_teller++ < SHOWN_OF_ONE)
            side_add(side, &talks->told[i]);
    }
}

static void notice_speakers_of(const struct talks *talks, const struct meeting_detail *of)
{
    static const char *const values[] = {"one", "several"};
    bool *counted = arena_zero(talks->arena, talks->told_count + 1);
    bool *conflicting = arena_zero(talks->arena, talks->teller_count + 1);
    struct side sides[2];
    for (size_t i = 0; i < talks->told_count; i++) {
        const struct meeting_detail *detail = &talks->told[i].detail;
        counted[i] = slice_is(detail->kind, "speakers") && detail->party.data && slice_equal(detail->party, of->party);
    }
    if (!find_details(talks, counted, numbers_differ, conflicting))
        return;
    for (size_t side = 0; side < 2; side++) {
        sides[side] = side_new(talks, slice_of(values[side]));
        add_some(talks, counted, conflicting, &sides[side]);
    }
    struct noticed noticed = {.key = slice_of(arena_print(talks->arena, "speakers %.*s", SLICE_ARGS(of->party))),
                              .kind = "content",
                              .about = slice_of(arena_print(talks->arena, "how many spoke for %.*s at the %.*s",
                                                            SLICE_ARGS(party_name(talks, of)), SLICE_ARGS(talks->talks[0].name))),
                              .sides = sides,
                              .count = 2};
    keep_noticed(talks->noticing, &noticed);
}

void notice_speakers(const struct talks *talks)
{
    for (size_t i = 0; i < talks->told_count; i++) {
        const struct meeting_detail *detail = &talks->told[i].detail;
        bool again = !slice_is(detail->kind, "speakers") || !detail->party.data;
        for (size_t k = 0; k < i && !again; k++)
            again = slice_is(talks->told[k].detail.kind, "speakers") && slice_equal(talks->told[k].detail.party, detail->party);
        if (!again)
            notice_speakers_of(talks, detail);
    }
}
