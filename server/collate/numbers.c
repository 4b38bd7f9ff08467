/* How many: reports of one claim that count the same thing otherwise. "About 40" and "38" go together, and so do "more than 40"
 * and "50"; "40" and "75" do not. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "readout/utf8.h"

enum { COUNTED_MAX = 400, UNITS_MAX = 40 };
/* What has so many values is a number that runs from day to day, and nobody disagrees. */
enum { VALUES_MOST = 8 };
static const double same_words = 0.75, bounds_apart = 1.1;

/* One number in one account. */
struct counted {
    struct quantity quantity;
    uint32_t unit; /* the concept of what is counted */
    size_t account;
    struct statement_of statement;
    bool conflicts;
};

/* The numbers of one account, among all. */
struct tally {
    size_t first, end;
};

struct counting {
    const struct accounts *accounts;
    struct counted *list;
    size_t count;
    struct tally *tallies; /* one for each account */
};

/* ---- what is counted -------------------------------------------------------------------------------------- */

/* Signs and "percent" are their own concepts. */
static uint32_t concept_of(const struct counting *counting, struct slice unit)
{
    struct gist gist = {.count = 0};
    text_gist(unit, counting->accounts->arena, &gist);
    return gist.count == 1 ? gist.concepts[0].key : (uint32_t)(unsigned char)unit.data[0];
}

static void count_piece(struct counting *counting, size_t account, const json_t *piece)
{
    const struct accounts *accounts = counting->accounts;
    const json_t *text = json_object_get(piece, "text");
    struct slice words = {json_string_value(text), json_string_length(text)};
    struct quantity found[QUANTITIES_MAX];
    size_t count = words.data ? text_quantities(words, accounts->arena, found) : 0;
    for (size_t i = 0; i < count && counting->count < COUNTED_MAX; i++) {
        struct slice before = {words.data, (size_t)(found[i].text.data - words.data)};
        int64_t start = json_integer_value(json_object_get(piece, "start")) + (int64_t)utf8_length(before);
        counting->list[counting->count++] =
            (struct counted){.quantity = found[i],
                             .unit = concept_of(counting, found[i].unit),
                             .account = account,
                             .statement = {accounts->list[account].article, start, start + (int64_t)utf8_length(found[i].text)}};
    }
}

/* ---- comparing -------------------------------------------------------------------------------------------- */

/* "At least 10" and "at least 12": either may be right, but in the same words only one of them was said. */
static bool other_bound(const struct quantity *a, const struct quantity *b)
{
    double more = a->least > b->least ? a->least : b->least, less = a->least > b->least ? b->least : a->least;
    return isinf(a->most) && isinf(b->most) && more > less * bounds_apart;
}

static bool differ(const struct quantity *a, const struct quantity *b, bool alike)
{
    return a->least > b->most || b->least > a->most || (alike && other_bound(a, b));
}

/* Whether each number that the one account has of that unit differs from each of the other's. */
static bool accounts_differ(const struct counting *counting, uint32_t unit, size_t a, size_t b)
{
    const struct tally *ours = &counting->tallies[a], *theirs = &counting->tallies[b];
    bool some = false, alike = accounts_share(&counting->accounts->list[a], &counting->accounts->list[b]) >= same_words;
    for (size_t i = ours->first; i < ours->end; i++) {
        for (size_t k = theirs->first; k < theirs->end; k++) {
            const struct counted *one = &counting->list[i], *other = &counting->list[k];
            if (one->unit != unit || other->unit != unit)
                continue;
            if (!differ(&one->quantity, &other->quantity, alike))
                return false;
            some = true;
        }
    }
    return some;
}

static void mark(struct counting *counting, uint32_t unit, size_t account)
{
    for (size_t i = counting->tallies[account].first; i < counting->tallies[account].end; i++)
        counting->list[i].conflicts |= counting->list[i].unit == unit;
}

static bool find_conflicts(struct counting *counting, uint32_t unit)
{
    const struct accounts *accounts = counting->accounts;
    bool some = false;
    for (size_t a = 0; a < accounts->count; a++) {
        for (size_t b = a + 1; b < accounts->count; b++) {
            if (accounts->list[a].article == accounts->list[b].article || !accounts_differ(counting, unit, a, b))
                continue;
            mark(counting, unit, a);
            mark(counting, unit, b);
            some = true;
        }
    }
    return some;
}

/* ---- sides ------------------------------------------------------------------------------------------------ */

static bool same_number(const struct quantity *a, const struct quantity *b)
{
    return fabs(a->least - b->least) < 0.5 &&
           (a->most >= b->most ? a->most - b->most < 0.5 || a->most == b->most : b->most - a->most < 0.5);
}

/* Whether its article says the same more closely: "nearly nine in ten, 87 percent". */
static bool is_said_closer(const struct counting *counting, const struct counted *counted)
{
    const struct quantity *rough = &counted->quantity;
    for (size_t i = counting->tallies[counted->account].first; i < counting->tallies[counted->account].end; i++) {
        const struct quantity *close = &counting->list[i].quantity;
        bool narrower = close->most - close->least < rough->most - rough->least;
        if (counting->list[i].unit == counted->unit && narrower && close->least <= rough->most && rough->least <= close->most)
            return true;
    }
    return false;
}

/* The first in the alphabet of the ways in which a number is put. */
static struct slice put_as(const struct counting *counting, const struct counted *counted)
{
    struct slice value = counted->quantity.text;
    for (size_t i = 0; i < counting->count; i++) {
        const struct quantity *other = &counting->list[i].quantity;
        size_t shorter = value.length < other->text.length ? value.length : other->text.length;
        if (counting->list[i].unit != counted->unit || !same_number(other, &counted->quantity))
            continue;
        int order = memcmp(other->text.data, value.data, shorter);
        if (order < 0 || (order == 0 && other->text.length < value.length))
            value = other->text;
    }
    return value;
}

static const char *what_is_counted(const struct accounts *accounts, struct slice unit)
{
    bool word = (unit.data[0] >= 'a' && unit.data[0] <= 'z') || (unit.data[0] >= 'A' && unit.data[0] <= 'Z');
    return slice_is(unit, "percent")  ? "what share"
           : slice_is(unit, "result") ? "what result"
           : word                     ? arena_print(accounts->arena, "how many %.*s", SLICE_ARGS(unit))
                                      : "what sum";
}

static void notice_number(struct counting *counting, uint32_t unit, struct slice unit_name)
{
    const struct accounts *accounts = counting->accounts;
    struct noticed noticed = {.key = slice_of(arena_print(accounts->arena, "number %08x", unit)),
                              .kind = "number",
                              .sides = arena_alloc(accounts->arena, (counting->count + 1) * sizeof(struct side))};
    if (!find_conflicts(counting, unit))
        return;
    for (size_t i = 0; i < counting->count; i++) {
        struct counted *counted = &counting->list[i];
        size_t at = 0;
        if (counted->unit != unit || !counted->conflicts || is_said_closer(counting, counted))
            continue;
        struct slice value = put_as(counting, counted);
        while (at < noticed.count && !slice_equal(noticed.sides[at].value, value))
            at++;
        if (at == noticed.count)
            noticed.sides[noticed.count++] = account_side(accounts, value, QUANTITIES_MAX);
        side_state(&noticed.sides[at], counted->statement);
    }
    if (noticed.count > VALUES_MOST)
        return;
    noticed.about = accounts_about(accounts, what_is_counted(accounts, unit_name));
    keep_noticed(accounts->noticing, &noticed);
}

void notice_numbers(const struct accounts *accounts)
{
    struct counting counting = {.accounts = accounts,
                                .list = arena_alloc(accounts->arena, COUNTED_MAX * sizeof(struct counted)),
                                .tallies = arena_zero(accounts->arena, (accounts->count + 1) * sizeof(struct tally))};
    uint32_t units[UNITS_MAX];
    size_t unit_count = 0, index;
    const json_t *piece;
    for (size_t i = 0; i < accounts->count; i++) {
        counting.tallies[i].first = counting.count;
        json_array_foreach (json_object_get(accounts->list[i].report, "content"), index, piece) {
            if (!accounts->list[i].other_claim)
                count_piece(&counting, i, piece);
        }
        counting.tallies[i].end = counting.count;
    }
    for (size_t i = 0; i < counting.count && unit_count < UNITS_MAX; i++) {
        bool again = false;
        for (size_t k = 0; k < unit_count && !again; k++)
            again = units[k] == counting.list[i].unit;
        if (again)
            continue;
        units[unit_count++] = counting.list[i].unit;
        notice_number(&counting, counting.list[i].unit, counting.list[i].quantity.unit);
    }
}
