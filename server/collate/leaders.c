/* Who leads which delegation: one side led by different people, or one person leading different sides. To name one of two that
 * another article names is no conflict. */
#include <stdlib.h>
#include <string.h>

#include "readout/buffer.h"
#include "readout/text.h"
#include "talks.h"

static bool same_person(const struct meeting_detail *a, const struct meeting_detail *b)
{
    return a->actor == b->actor || text_name_likeness(a->leader, b->leader, ACTOR_PERSON) >= TEXT_SAME_NAME;
}

static bool is_leader(const struct told *told)
{
    return slice_is(told->detail.kind, "leader") && told->detail.party.data && told->detail.leader.data;
}

/* Whether `teller` has the leader of that statement on the same side, or on another. */
static bool has_leader(const struct talks *talks, size_t teller, const struct told *told, bool same_side)
{
    for (size_t i = talks->tellers[teller].first; i < talks->tellers[teller].end; i++) {
        const struct told *other = &talks->told[i];
        if (is_leader(other) && same_person(&told->detail, &other->detail) &&
            slice_equal(told->detail.party, other->detail.party) == same_side)
            return true;
    }
    return false;
}

static bool has_side(const struct talks *talks, size_t teller, struct slice party)
{
    for (size_t i = talks->tellers[teller].first; i < talks->tellers[teller].end; i++) {
        if (is_leader(&talks->told[i]) && slice_equal(talks->told[i].detail.party, party))
            return true;
    }
    return false;
}

static bool side_shares_leader(const struct talks *talks, size_t a, size_t b, struct slice party)
{
    for (size_t i = talks->tellers[a].first; i < talks->tellers[a].end; i++) {
        const struct told *told = &talks->told[i];
        if (is_leader(told) && slice_equal(told->detail.party, party) && has_leader(talks, b, told, true))
            return true;
    }
    return false;
}

/* The day of the talks to which they lead them. */
static int64_t day_of(const struct talks *talks, size_t teller)
{
    for (size_t i = talks->tellers[teller].first; i < talks->tellers[teller].end; i++) {
        if (is_leader(&talks->told[i]))
            return days_of(talks->talks[talks->told[i].talk].day);
    }
    return NOT_KNOWN;
}

/* Of all that two articles tell: somebody leads one side here and another there, or a side has nobody in common. */
static bool leaders_differ(const struct talks *talks, size_t a, size_t b)
{
    if (!of_one_round(&talks->tellers[a], day_of(talks, a), &talks->tellers[b], day_of(talks, b)))
        return false;
    for (size_t i = talks->tellers[a].first; i < talks->tellers[a].end; i++) {
        const struct told *told = &talks->told[i];
        if (!is_leader(told))
            continue;
        if (has_leader(talks, b, told, false) && !has_leader(talks, b, told, true))
            return true;
        if (has_side(talks, b, told->detail.party) && !side_shares_leader(talks, a, b, told->detail.party))
            return true;
    }
    return false;
}

/* ---- what an article says, in one line -------------------------------------------------------------------- */

static int compare_lines(const void *a, const void *b)
{
    const struct told *x = *(const struct told *const *)a, *y = *(const struct told *const *)b;
    struct slice pairs[2][2] = {{x->detail.party, y->detail.party}, {x->detail.leader, y->detail.leader}};
    int order = 0;
    for (size_t i = 0; i < 2 && order == 0; i++) {
        struct slice one = pairs[i][0], other = pairs[i][1];
        size_t shorter = one.length < other.length ? one.length : other.length;
        order = memcmp(one.data, other.data, shorter);
        if (order == 0)
            order = (one.length > other.length) - (one.length < other.length);
    }
    return order;
}

/* "Anna Keller for Norway; Juan Soto and Pia Lund for Chile". */
static struct slice value_of(const struct talks *talks, size_t teller)
{
    const struct told **told = arena_alloc(talks->arena, (talks->told_count + 1) * sizeof(const struct told *));
    struct buffer value = buffer_in(talks->arena, 200);
    size_t count = 0;
    for (size_t i = talks->tellers[teller].first; i < talks->tellers[teller].end; i++) {
        bool again = !is_leader(&talks->told[i]);
        for (size_t k = 0; k < count && !again; k++)
            again = slice_equal(told[k]->detail.party, talks->told[i].detail.party) &&
                    same_person(&told[k]->detail, &talks->told[i].detail);
        if (!again)
            told[count++] = &talks->told[i];
    }
    qsort(told, count, sizeof *told, compare_lines);
    for (size_t i = 0; i < count; i++) {
        bool ends = i + 1 == count || !slice_equal(told[i]->detail.party, told[i + 1]->detail.party);
        struct slice name = usual_name_of(talks->noticing->collating, told[i]->detail.actor, talks->arena);
        buffer_add_slice(&value, name.data ? name : told[i]->detail.leader);
        if (!ends)
            buffer_add_text(&value, " and ");
        else
            buffer_print(&value, " for %.*s%s", SLICE_ARGS(party_name(talks, &told[i]->detail)), i + 1 < count ? "; " : "");
    }
    return buffer_slice(&value);
}

void notice_leaders(const struct talks *talks)
{
    bool *conflicting = arena_zero(talks->arena, talks->teller_count + 1);
    struct noticed noticed = {
        .key = SLICE("leaders"),
        .kind = "content",
        .about = slice_of(arena_print(talks->arena, "who leads the delegations at %.*s", SLICE_ARGS(talks->talks[0].name))),
        .sides = arena_alloc(talks->arena, (talks->teller_count + 1) * sizeof(struct side))};
    if (!find_conflicts(talks, leaders_differ, conflicting))
        return;
    for (size_t teller = 0; teller < talks->teller_count; teller++) {
        size_t at = 0;
        struct slice value = conflicting[teller] ? value_of(talks, teller) : NO_SLICE;
        while (value.data && at < noticed.count && !slice_equal(noticed.sides[at].value, value))
            at++;
        if (value.data && at == noticed.count)
            noticed.sides[noticed.count++] = side_new(talks, value);
        for (size_t i = talks->tellers[teller].first; i < talks->tellers[teller].end && value.data; i++) {
            if (is_leader(&talks->told[i]))
                side_add(&noticed.sides[at], &talks->told[i]);
        }
    }
    keep_noticed(talks->noticing, &noticed);
}
