/* Who is the same person: full names first, then surnames with the titles and first names that go with them, then what is
 * nearly spelt like one. */
#include <string.h>

#include "characters.h"
#include "dictionary.h"
#include "name_spelling.h"
#include "names.h"

enum { CHAIN_MAX = 12, PEOPLE_COMPARED = 48 };

/* "al-Assad" is Assad's surname, too. */
static uint32_t bare_hash(const struct text *text, uint32_t at)
{
    struct slice word = token_text(text, at);
    bool joined = word.length > 4 && word.data[2] == '-' && (word.data[1] == 'l' || word.data[1] == 's');
    if (!joined)
        return text->tokens[at].hash;
    char folded[FOLDED_MAX];
    struct slice rest = {word.data + 3, word.length - 3};
    size_t length = character_fold_word(rest, folded);
    return dictionary_hash((struct slice){folded, length});
}

static bool is_suffix(const struct text *text, uint32_t at)
{
    static const char *const suffixes[] = {"jr", "sr", "ii", "iii", "iv", NULL};
    return word_in(text, at, suffixes);
}

static uint32_t last_word(const struct text *text, struct span span)
{
    uint32_t at = span.end - 1;
    while (at > span.first && (text->tokens[at].kind != TOKEN_WORD || is_suffix(text, at)))
        at--;
    return at;
}

static uint32_t count_words(const struct text *text, struct span span)
{
    uint32_t words = 0;
    for (uint32_t at = span.first; at < span.end; at++)
        words += text->tokens[at].kind == TOKEN_WORD && !is_suffix(text, at);
    return words;
}

static bool one_letter(const struct text *text, uint32_t at)
{
    struct slice word = token_text(text, at);
    return text->tokens[at].points == 1 || (word.length >= 2 && word.data[1] == '.');
}

static struct slice like_of(const struct entry *given)
{
    struct slice like = given ? entry_get(given, "like") : NO_SLICE;
    return like.length ? like : given ? given->name : NO_SLICE;
}

/* Whether two first names can be one person's: the same, spellings or short forms of one name, or an initial of it. */
static bool first_names_agree(const struct text *text, struct span a, struct span b)
{
    uint32_t one = a.first, other = b.first;
    if (text->tokens[one].hash == text->tokens[other].hash)
        return true;
    if (one_letter(text, one) || one_letter(text, other)) {
        char x[FOLDED_MAX], y[FOLDED_MAX];
        return character_fold_word(token_text(text, one), x) && character_fold_word(token_text(text, other), y) && x[0] == y[0];
    }
    struct slice like = like_of(given_name(text, one)), other_like = like_of(given_name(text, other));
    return like.length && slice_equal_fold(like, other_like);
}

/* Whether the words of the shorter name end, or stand in order in, the longer. */
static bool contains_words(const struct text *text, struct span longer, struct span shorter)
{
    uint32_t at = longer.first;
    for (uint32_t word = shorter.first; word < shorter.end; word++) {
        if (text->tokens[word].kind != TOKEN_WORD)
            continue;
        while (at < longer.end && text->tokens[at].hash != text->tokens[word].hash)
            at++;
        if (at++ >= longer.end)
            return false;
    }
    return true;
}

static bool may_be(const struct text *text, const struct person *person, const struct name *name)
{
    if (person->known && name->known.actor)
        return person->known == name->known.actor;
    const struct name *fullest = &text->names->list[person->name];
    uint32_t words = count_words(text, name->span);
    if (words == 1)
        return true;
    if (person->words == 1)
        return words > 1;
    return first_names_agree(text, fullest->span, name->span) || contains_words(text, fullest->span, name->span) ||
           contains_words(text, name->span, fullest->span);
}

/* Whether the form of address or the office before a surname is this person's: 1; somebody else's: -1; cannot be told: 0. */
static int title_fits(const struct text *text, const struct person *person, const struct name *name)
{
    const struct entry *given = person->words > 1 ? given_name(text, text->names->list[person->name].span.first) : NULL;
    struct slice gender = given ? entry_get(given, "gender") : NO_SLICE;
    struct slice addressed = name->address ? entry_get(name->address, "gender") : NO_SLICE;
    if (gender.length && addressed.length)
        return slice_equal(gender, addressed) ? 1 : -1;
    return name->address && person->head == name->address;
}

/* The person of that surname whose title it is, or else who was last spoken of. */
static int32_t person_by_last(const struct text *text, const struct name *name, uint32_t last)
{
    int32_t best = NOBODY, steps = 0;
    for (int32_t at = table_get(&text->names->people, key_of(KEY_SURNAME, last)); at != NOBODY && steps < CHAIN_MAX;
         at = text->names->persons[at].same_last, steps++) {
        const struct person *person = &text->names->persons[at];
        if (!may_be(text, person, name))
            continue;
        const struct person *other = best == NOBODY ? NULL : &text->names->persons[best];
        int fits = title_fits(text, person, name), other_fits = other ? title_fits(text, other, name) : 0;
        if (!other || fits > other_fits || (fits == other_fits && person->seen > other->seen))
            best = at;
    }
    return best;
}

/* Whether a word is another's misspelling: a letter or two differ, more in long words. */
static bool is_misspelt(const struct text *text, uint32_t at, uint32_t other)
{
    char a[FOLDED_MAX], b[FOLDED_MAX];
    struct slice one = {a, character_fold_word(token_text(text, at), a)},
                 two = {b, character_fold_word(token_text(text, other), b)};
    size_t shorter = one.length < two.length ? one.length : two.length;
    unsigned allowed = shorter >= 9 ? 2 : shorter >= 5 ? 1 : 0;
    return allowed && spelling_distance(one, two, allowed) <= allowed;
}

/* Somebody with the same first name and nearly that surname. */
static int32_t person_by_spelling(const struct text *text, const struct name *name)
{
    int32_t steps = 0;
    for (int32_t at = table_get(&text->names->people, key_of(KEY_FIRST, text->tokens[name->span.first].hash));
         at != NOBODY && steps < CHAIN_MAX; at = text->names->persons[at].same_first, steps++) {
        const struct person *person = &text->names->persons[at];
        struct span fullest = text->names->list[person->name].span;
        if (person->words > 1 && is_misspelt(text, last_word(text, fullest), last_word(text, name->span)))
            return at;
    }
    return NOBODY;
}

/* A surname that nearly is one of the text's: for words that say something and are no others. */
static int32_t person_by_near_surname(const struct text *text, const struct name *name)
{
    const struct names *names = text->names;
    uint32_t word = name->span.first;
    if (!name->speaks || name->place || word_is_plain(text, word))
        return NOBODY;
    for (uint32_t i = 0; i < names->person_count && i < PEOPLE_COMPARED; i++) {
        struct span fullest = names->list[names->persons[i].name].span;
        uint32_t last = last_word(text, fullest);
        bool same_letter = text->bytes.data[text->tokens[last].start] == text->bytes.data[text->tokens[word].start];
        if (names->persons[i].words > 1 && same_letter && is_misspelt(text, last, word))
            return (int32_t)i;
    }
    return NOBODY;
}

/* Somebody whose first word it is: "Xi" for Xi Jinping, "Hillary". */
static int32_t person_by_first(const struct text *text, const struct name *name)
{
    int32_t at = table_get(&text->names->people, key_of(KEY_FIRST, text->tokens[name->span.first].hash));
    if (at == NOBODY || text->names->persons[at].same_first != NOBODY || text->names->persons[at].words < 2)
        return NOBODY;
    return at;
}

void join_person(struct text *text, uint32_t place, int32_t who)
{
    struct person *person = &text->names->persons[who];
    struct name *name = &text->names->list[place];
    uint32_t words = count_words(text, name->span);
    uint32_t length = text->tokens[name->span.end - 1].end - text->tokens[name->span.first].start;
    struct span fullest = text->names->list[person->name].span;
    if (words > person->words || (words == person->words && one_letter(text, fullest.first) &&
                                  length > text->tokens[fullest.end - 1].end - text->tokens[fullest.first].start)) {
        person->name = place;
        person->words = words;
    }
    person->seen = place;
    if (!person->head && words > 1)
        person->head = name->address;
    if (name->known.actor)
        person->known = name->known.actor;
    if (!person->code.length)
        person->code = name->code;
    name->is = NAME_PERSON;
    name->kind = ACTOR_PERSON;
    name->actor = who;
    name->gone = false;
}

int32_t add_person(struct text *text, uint32_t place)
{
    struct names *names = text->names;
    if (names->person_count == names->person_room) {
        uint32_t room = names->person_room ? names->person_room * 2 : 32;
        names->persons =
            arena_grow(text->arena, names->persons, names->person_room * sizeof *names->persons, room * sizeof *names->persons);
        names->person_room = room;
    }
    struct span span = names->list[place].span;
    int32_t who = (int32_t)names->person_count++;
    uint32_t last = bare_hash(text, last_word(text, span)), first = text->tokens[span.first].hash;
    int32_t *by_last = table_at(&names->people, key_of(KEY_SURNAME, last)), *by_first = NULL;
    names->persons[who] = (struct person){.name = place,
                                          .words = count_words(text, span),
                                          .same_last = by_last ? *by_last : NOBODY,
                                          .same_first = NOBODY,
                                          .actor = NOBODY};
    if (by_last)
        *by_last = who;
    by_first = table_at(&names->people, key_of(KEY_FIRST, first));
    if (by_first) {
        names->persons[who].same_first = *by_first;
        *by_first = who;
    }
    return who;
}

int32_t find_person(struct text *text, uint32_t place, bool adds)
{
    struct name *name = &text->names->list[place];
    bool single = count_words(text, name->span) == 1;
    int32_t who = person_by_last(text, name, bare_hash(text, last_word(text, name->span)));
    if (who == NOBODY && !single) {
        who = person_by_spelling(text, name);
        if (who != NOBODY)
            name->form = FORM_MISSPELLING;
    }
    if (who == NOBODY && single)
        who = person_by_first(text, name);
    if (who == NOBODY && single && (who = person_by_near_surname(text, name)) != NOBODY)
        name->form = FORM_MISSPELLING;
    if (who == NOBODY && adds)
        who = add_person(text, place);
    return who;
}

const struct entry *leader_of(const struct text *text, struct span span)
{
    struct match match = lexicon_match(text, LEXICON_GIVEN_NAMES, span.first);
    bool whole = match.entry && span.first + match.length == span.end;
    return whole && entry_has(match.entry, "leader") ? match.entry : NULL;
}

/* Full names first, then surnames with titles: a surname may stand before the full name. */
void join_people(struct text *text)
{
    struct names *names = text->names;
    for (int pass = 0; pass < 4; pass++) {
        bool singles = pass >= 2, headings = pass % 2 == 1;
        for (uint32_t i = 0; i < names->count; i++) {
            struct name *name = &names->list[i];
            if (name->is != NAME_PERSON || name->actor != NOBODY)
                continue;
            bool single = count_words(text, name->span) == 1;
            if (single != singles || name->heading != headings)
                continue;
            int32_t who = find_person(text, i, true);
            const struct entry *led = single ? leader_of(text, name->span) : NULL;
            if (led && !name->code.length)
                name->code = entry_get(led, "code");
            if (who != NOBODY)
                join_person(text, i, who);
        }
    }
}

void settle_places(struct text *text)
{
    for (uint32_t i = 0; i < text->names->count; i++) {
        struct name *name = &text->names->list[i];
        bool city = name->is == NAME_GOVERNMENT && !name->entry && name->body == NOBODY;
        bool state = name->is == NAME_STATE && entry_has(name->entry, "personal");
        if ((!city && !state) || name->span.end != name->span.first + 1 || name->known.actor)
            continue;
        int32_t who = person_by_last(text, name, text->tokens[name->span.first].hash);
        if (who == NOBODY || text->names->persons[who].words < 2)
            continue;
        name->code = NO_SLICE;
        name->form = FORM_NAME;
        join_person(text, i, who);
    }
}
