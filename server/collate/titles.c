/* Titles of one person that cannot both be right, and descriptions of one nameless source that put it in different places.
 *
 * Two titles clash when one article has the one, another one the other, and no article has both: who holds two offices is given
 * both somewhere. They have to be of the same time, for people change offices; and to stand with a name in full, for a surname
 * alone is too easily somebody else's. */
#include <string.h>

#include "collate_private.h"
#include "readout/text.h"
#include "readout/utf8.h"

enum { NAMINGS_MAX = 400, FORMS_MAX = 40, DAYS_APART_MAX = 62, WINDOW = 300 };

/* Where articles say the same of the actor. */
struct saying {
    struct slice form; /* what is compared: of titles the office as text, of descriptions the seat */
    struct office office;
    struct naming_of **namings;
    long long *days; /* of their articles; -1: not known */
    size_t count;
    bool clashes;
};

struct sayings {
    struct noticing *noticing;
    struct naming_of *namings;
    size_t naming_count;
    struct saying list[FORMS_MAX];
    size_t count;
    bool seats;
};

/* ---- what is said ----------------------------------------------------------------------------------------- */

static struct slice printed(const struct sayings *sayings, const struct naming_of *naming)
{
    return sayings->seats ? naming->text : naming->title;
}

long long day_published(struct collating *collating, int64_t article)
{
    struct article_facts facts;
    long long year = 0, month = 0, day = 0;
    if (!writing_article_facts(collating->writing, article, collating->arena, &facts) || facts.published_at.length < 10)
        return -1;
    struct slice rest = {facts.published_at.data, 10};
    if (!slice_to_int(slice_cut(&rest, '-'), &year) || !slice_to_int(slice_cut(&rest, '-'), &month) || !slice_to_int(rest, &day))
        return -1;
    return (year * 12 + month) * 31 + day;
}

static void add_saying(struct sayings *sayings, struct slice form, const struct office *office, struct naming_of *naming)
{
    struct collating *collating = sayings->noticing->collating;
    size_t at = 0, room = sayings->naming_count;
    while (at < sayings->count && !slice_equal(sayings->list[at].form, form))
        at++;
    if (at == FORMS_MAX)
        return;
    struct saying *saying = &sayings->list[at];
    if (at == sayings->count) {
        *saying = (struct saying){.form = form,
                                  .namings = arena_alloc(collating->arena, room * sizeof *saying->namings),
                                  .days = arena_alloc(collating->arena, room * sizeof *saying->days)};
        saying->office = *office;
        sayings->count++;
    }
    bool again = saying->count && saying->namings[saying->count - 1]->article == naming->article;
    saying->days[saying->count] = again ? saying->days[saying->count - 1] : day_published(collating, naming->article);
    saying->namings[saying->count++] = naming;
}

static void gather(struct sayings *sayings)
{
    struct collating *collating = sayings->noticing->collating;
    sayings->namings = arena_alloc(collating->arena, NAMINGS_MAX * sizeof *sayings->namings);
    sayings->naming_count =
        writing_namings(collating->writing, sayings->noticing->id, collating->arena, sayings->namings, NAMINGS_MAX);
    for (size_t i = 0; i < sayings->naming_count; i++) {
        struct naming_of *naming = &sayings->namings[i];
        struct office office = {.comparable = false};
        struct slice form = NO_SLICE;
        if (sayings->seats && slice_is(naming->form, "nominal")) {
            form = text_seat(naming->text, collating->arena);
        } else if (!sayings->seats && naming->title.data && memchr(naming->text.data, ' ', naming->text.length)) {
            office = text_office(naming->title, collating->arena);
            form = slice_of(arena_print(collating->arena, "%.*s|%.*s|%.*s", SLICE_ARGS(office.rank), SLICE_ARGS(office.head),
                                        SLICE_ARGS(office.field)));
        }
        if (form.data && (sayings->seats || office.comparable))
            add_saying(sayings, form, &office, naming);
    }
}

/* ---- what clashes ----------------------------------------------------------------------------------------- */

static bool share_an_article(const struct saying *a, const struct saying *b)
{
    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            if (a->namings[i]->article == b->namings[j]->article)
                return true;
        }
    }
    return false;
}

/* Articles without a day count as of one time. */
static bool of_one_time(const struct saying *a, const struct saying *b)
{
    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            long long apart = a->days[i] - b->days[j];
            bool known = a->days[i] >= 0 && b->days[j] >= 0;
            if (known ? apart <= DAYS_APART_MAX && -apart <= DAYS_APART_MAX : a->days[i] == b->days[j])
                return true;
        }
    }
    return false;
}

static bool clash(struct sayings *sayings, const struct saying *a, const struct saying *b)
{
    bool differ = sayings->seats ? text_seats_clash(a->form, b->form) : text_offices_clash(&a->office, &b->office);
    return differ && !share_an_article(a, b) && (sayings->seats || of_one_time(a, b));
}

static size_t find_clashes(struct sayings *sayings)
{
    size_t clashing = 0;
    for (size_t i = 0; i < sayings->count; i++) {
        for (size_t j = i + 1; j < sayings->count; j++) {
            if (clash(sayings, &sayings->list[i], &sayings->list[j]))
                sayings->list[i].clashes = sayings->list[j].clashes = true;
        }
        clashing += sayings->list[i].clashes;
    }
    return clashing;
}

/* ---- the discrepancy -------------------------------------------------------------------------------------- */

/* Where the title itself stands, if that is near the name: with the name, where nothing but a blank or a comma is between. */
static struct statement_of place_of_title(struct collating *collating, const struct naming_of *naming)
{
    struct statement_of place = {naming->article, naming->start, naming->end};
    struct slice title = naming->title,
                 before = writing_characters(collating->writing, naming->article, naming->start - WINDOW, naming->start,
                                             collating->arena),
                 after =
                     writing_characters(collating->writing, naming->article, naming->end, naming->end + WINDOW, collating->arena);
    for (size_t at = before.length; at-- > 0 && at + title.length + 2 >= before.length;) {
        if (at + title.length <= before.length && memcmp(before.data + at, title.data, title.length) == 0) {
            place.start -= (int64_t)utf8_length((struct slice){before.data + at, before.length - at});
            return place;
        }
    }
    const char *found = after.data ? memmem(after.data, after.length, title.data, title.length) : NULL;
    if (found && found - after.data <= 2)
        place.end += (int64_t)utf8_length((struct slice){after.data, (size_t)(found - after.data) + title.length});
    return place;
}

static struct slice usual(const struct sayings *sayings, const struct saying *saying)
{
    struct slice texts[NAMINGS_MAX];
    for (size_t i = 0; i < saying->count; i++)
        texts[i] = printed(sayings, saying->namings[i]);
    return usual_text(texts, saying->count);
}

/* "a senior official": without its article. */
static struct slice without_article(struct slice text)
{
    static const char *const articles[] = {"a ", "an ", "the ", "A ", "An ", "The "};
    for (size_t i = 0; i < sizeof articles / sizeof articles[0]; i++) {
        size_t length = strlen(articles[i]);
        if (text.length > length && slice_starts(text, articles[i]))
            return (struct slice){text.data + length, text.length - length};
    }
    return text;
}

static struct slice about_whom(const struct sayings *sayings)
{
    struct collating *collating = sayings->noticing->collating;
    if (sayings->seats)
        return SLICE("Whom the source speaks for");
    struct slice name = usual_name(sayings->namings, sayings->naming_count);
    return slice_of(arena_print(collating->arena, "Title of %.*s", SLICE_ARGS(name)));
}

static void keep(struct sayings *sayings)
{
    struct collating *collating = sayings->noticing->collating;
    struct side sides[FORMS_MAX];
    struct noticed noticed = {.key = SLICE("title"), .kind = "title", .sides = sides};
    for (size_t i = 0; i < sayings->count; i++) {
        const struct saying *saying = &sayings->list[i];
        if (!saying->clashes)
            continue;
        struct side *side = &sides[noticed.count++];
        *side = (struct side){.value = without_article(usual(sayings, saying)),
                              .statements = arena_alloc(collating->arena, saying->count * sizeof *side->statements),
                              .count = saying->count};
        for (size_t j = 0; j < saying->count; j++) {
            const struct naming_of *naming = saying->namings[j];
            side->statements[j] = sayings->seats ? (struct statement_of){naming->article, naming->start, naming->end}
                                                 : place_of_title(collating, naming);
        }
    }
    noticed.about = about_whom(sayings);
    keep_noticed(sayings->noticing, &noticed);
}

void notice_titles(struct noticing *noticing)
{
    struct sayings *sayings = arena_zero(noticing->collating->arena, sizeof *sayings);
    sayings->noticing = noticing;
    if (slice_is(noticing_text(noticing, "kind"), "anonymous"))
        sayings->seats = true;
    else if (!slice_is(noticing_text(noticing, "kind"), "person"))
        return;
    gather(sayings);
    if (find_clashes(sayings))
        keep(sayings);
}
