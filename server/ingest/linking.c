/* Whom an article means: the record's actor for each one that was read, or a new one.
 *
 *     known to the reader   by a confirmed name or alias                          → that actor
 *     by these words        a name or alias of an actor of an agreeing kind       → that actor
 *     a state               by its country
 *     a person              whose name is spelt much like a known one's           → that actor
 *     a person's last name  which only one known person has                       → that actor
 *                           or, where nobody has it, one that is spelt much alike → that actor
 *     an anonymous source   at a known briefing, for the same party               → who speaks for it there
 *     anybody else                                                                → a new actor, extracted
 *
 * Where the countries of both are known, they have to agree. */
#include <string.h>

#include "ingest_private.h"
#include "readout/utf8.h"

enum { NAMES_MAX = 64, NAME_POINTS_MAX = 500, LAST_NAME_MIN = 5 };

/* ---- names ------------------------------------------------------------------------------------------------ */

struct slice one_line(struct arena *arena, struct slice text, size_t most)
{
    struct buffer line = buffer_in(arena, text.length + 1);
    size_t points = 0;
    bool blank = false;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte <= ' ') {
            blank = line.length > 0;
            continue;
        }
        bool begins = (byte & 0xc0) != 0x80;
        if (begins && points + blank >= most)
            break;
        if (blank)
            buffer_add_byte(&line, ' ');
        points += begins + (size_t)blank;
        blank = false;
        buffer_add_byte(&line, (char)byte);
    }
    return line.length ? buffer_slice(&line) : NO_SLICE;
}

static bool is_body(struct slice kind)
{
    return slice_is(kind, "government") || slice_is(kind, "organization") || slice_is(kind, "alliance") ||
           slice_is(kind, "media") || slice_is(kind, "group");
}

bool kinds_agree(struct slice a, struct slice b)
{
    return slice_equal(a, b) || (is_body(a) && is_body(b));
}

/* ---- who of those found ----------------------------------------------------------------------------------- */

struct sought {
    struct slice name, kind, country;
};

static bool can_be(const struct sought *sought, const struct named *found)
{
    bool other = sought->country.data && found->country.data && !slice_equal(sought->country, found->country);
    return kinds_agree(sought->kind, found->kind) && !other;
}

/* The same country tells most, then a person's word; the oldest of equals. */
static int64_t best_of(const struct sought *sought, const struct named *found, size_t count)
{
    int64_t best = 0;
    int most = -1;
    for (size_t i = 0; i < count; i++) {
        int rank = 2 * (sought->country.data && found[i].country.data) + found[i].confirmed;
        if (can_be(sought, &found[i]) && rank > most) {
            best = found[i].id;
            most = rank;
        }
    }
    return best;
}

static int64_t only_one_of(const struct sought *sought, const struct named *found, size_t count)
{
    int64_t only = 0;
    for (size_t i = 0; i < count; i++) {
        if (!can_be(sought, &found[i]))
            continue;
        if (only)
            return 0;
        only = found[i].id;
    }
    return only;
}

static int64_t most_alike(const struct sought *sought, const struct named *found, size_t count)
{
    int64_t best = 0;
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double likeness = can_be(sought, &found[i]) ? text_name_likeness(sought->name, found[i].name, ACTOR_PERSON) : 0;
        if (likeness >= TEXT_SAME_NAME && likeness > most) {
            best = found[i].id;
            most = likeness;
        }
    }
    return best;
}

static struct slice last_word(struct slice name)
{
    const char *blank = memrchr(name.data, ' ', name.length);
    return blank ? (struct slice){blank + 1, (size_t)(name.data + name.length - blank - 1)} : name;
}

/* The one person whose last name is spelt much like the one that is sought; `alone`: and stands alone. */
static int64_t spelt_like(struct keeping *keeping, const struct sought *sought, bool alone)
{
    struct named found[NAMES_MAX];
    struct slice last = last_word(sought->name);
    size_t count = 0, all = 0;
    if (last.length >= LAST_NAME_MIN)
        all = writing_named(keeping->writing, NAMED_ALIKE_LAST, last, keeping->arena, found, NAMES_MAX);
    for (size_t i = 0; i < all; i++) {
        struct slice other = last_word(found[i].name);
        bool alike = other.length >= LAST_NAME_MIN && text_spelling(last, other, ACTOR_PERSON) != SPELLING_APART;
        if (alike && !(alone && other.length < found[i].name.length))
            found[count++] = found[i];
    }
    return only_one_of(sought, found, count);
}

/* The one whom an earlier article named by the last name alone. */
static int64_t named_by_surname(struct keeping *keeping, const struct sought *sought)
{
    struct named found[NAMES_MAX];
    struct slice last = last_word(sought->name);
    size_t count = last.length ? writing_named(keeping->writing, NAMED_SO, last, keeping->arena, found, NAMES_MAX) : 0;
    int64_t id = only_one_of(sought, found, count);
    return id || count ? id : spelt_like(keeping, sought, true);
}

static int64_t look_up(struct keeping *keeping, const struct sought *sought)
{
    struct writing *writing = keeping->writing;
    struct named found[NAMES_MAX];
    size_t count = writing_named(writing, NAMED_SO, sought->name, keeping->arena, found, NAMES_MAX);
    int64_t id = best_of(sought, found, count);
    if (!id && slice_is(sought->kind, "state") && sought->country.data)
        id = writing_state(writing, sought->country);
    if (id || !slice_is(sought->kind, "person"))
        return id;
    if (memchr(sought->name.data, ' ', sought->name.length)) {
        count = writing_named(writing, NAMED_ALIKE, sought->name, keeping->arena, found, NAMES_MAX);
        id = most_alike(sought, found, count);
        return id ? id : named_by_surname(keeping, sought);
    }
    count = writing_named(writing, NAMED_BY_LAST_WORD, sought->name, keeping->arena, found, NAMES_MAX);
    id = only_one_of(sought, found, count);
    return id || count ? id : spelt_like(keeping, sought, false);
}

/* ---- one actor -------------------------------------------------------------------------------------------- */

static json_t *text_or_null(struct slice text)
{
    return text.data ? json_stringn(text.data, text.length) : json_null();
}

static int64_t propose(struct keeping *keeping, const struct actor *actor, const struct sought *sought)
{
    int64_t affiliation = actor->affiliation == NOBODY ? 0 : link_actor(keeping, actor->affiliation);
    json_t *body = json_object();
    json_object_set_new(body, "name", text_or_null(sought->name));
    json_object_set_new(body, "kind", text_or_null(sought->kind));
    json_object_set_new(body, "country", text_or_null(sought->country));
    json_object_set_new(body, "affiliation_id", affiliation > 0 ? json_integer(affiliation) : json_null());
    json_object_set_new(body, "status", json_string("extracted"));
    int64_t id = keep_new(keeping, NOUN_ACTOR, body);
    keeping->made->actors += id > 0;
    if (id)
        writing_give_name(keeping->writing, id, sought->name);
    return id;
}

int64_t link_actor(struct keeping *keeping, int32_t index)
{
    const struct actor *actor = &keeping->analysis->actors[index];
    int64_t *id = &keeping->actors[index];
    if (*id)
        return *id == LINKING ? 0 : *id; /* an affiliation that leads back to itself is none */
    struct sought sought = {.name = one_line(keeping->arena, actor->name, NAME_POINTS_MAX),
                            .kind = slice_of(actor_kind_name(actor->kind)),
                            .country = actor->country.length == 2 ? actor->country : NO_SLICE};
    *id = LINKING;
    int64_t found = actor->known ? writing_actor(keeping->writing, actor->known) : 0;
    if (!sought.name.data)
        sought.name = sought.kind;
    if (!found)
        found = actor->kind == ACTOR_ANONYMOUS ? known_voice(keeping, index) : look_up(keeping, &sought);
    keeping->spelt_otherwise[index] = found && !actor->known && !writing_given_name(keeping->writing, found, sought.name);
    *id = found ? found : propose(keeping, actor, &sought);
    return *id;
}
