/* Whether two names are one's: text_name_likeness.
 *
 * Names are written in Latin letters and cut into words. Words are paired, each with the one it is most like: the same, the same
 * by sound ("Sergei", "Sergey"), forms of one given name, an initial, or some letters apart. People may have words that the
 * other spelling leaves out (middle names, fathers' names); where both have words that the other has not, they are two. Bodies
 * may not: "Acme" and "Acme France" are two, but "Acme Inc" and "Acme, Incorporated" are one, and so are a name and its acronym.
 * Measured against a set of pairs (tests/text/same_name_test.c has our own); the numbers here are not tuned finer than that. */
#include <string.h>

#include "letters.h"
#include "name_spelling.h"
#include "text_private.h"

enum { NAME_WORDS = 16, WORD_LETTERS = 48 };

static const double cost_of_sound = 0.1, cost_of_initial = 0.15, cost_of_other = 1;

struct spelled {
    char letters[NAME_WORDS][WORD_LETTERS];
    struct slice words[NAME_WORDS];
    unsigned count;
    bool patronymic; /* "bin", "ibn": the order of its words is fixed */
};

struct pairing {
    int partner[NAME_WORDS]; /* of the first name's words; -1: none */
    double cost[NAME_WORDS];
    unsigned pairs, left, right; /* left, right: words without a partner */
};

static bool is_one_of(struct slice word, const char *const *list)
{
    for (; *list; list++)
        if (slice_is(word, *list))
            return true;
    return false;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static void add_word(struct spelled *name, const char *letters, size_t length)
{
    if (name->count == NAME_WORDS || length == 0)
        return;
    char *copy = name->letters[name->count];
    length = length < WORD_LETTERS ? length : WORD_LETTERS;
    memcpy(copy, letters, length);
    name->words[name->count++] = (struct slice){copy, length};
}

/* Single letters with full stops between them are one word of a body ("S.A."), but a person's initials. */
static void cut_words(struct slice latin, bool person, struct spelled *name)
{
    char word[WORD_LETTERS];
    size_t length = 0;
    for (size_t i = 0; i <= latin.length; i++) {
        char byte = i < latin.length ? latin.data[i] : ' ';
        if (is_letter(byte)) {
            if (length < WORD_LETTERS)
                word[length++] = byte;
            continue;
        }
        bool dotted = byte == '.' && !person && (i < 2 || !is_letter(latin.data[i - 2])) && length;
        if (byte == '\'' || byte == '`' || dotted)
            continue;
        if (byte == '&')
            add_word(name, "and", 3);
        add_word(name, word, length);
        length = 0;
    }
}

static void drop_word(struct spelled *name, unsigned at)
{
    memmove(&name->words[at], &name->words[at + 1], (name->count - at - 1) * sizeof name->words[0]);
    name->count--;
}

static bool is_address(struct slice word)
{
    const struct entry *title = lexicon_find(LEXICON_TITLES, word);
    return title && slice_is(entry_get(title, "class"), "address");
}

static void drop_small_words(struct spelled *name)
{
    static const char *const patronymics[] = {"bin", "ibn", "ben", "bint", NULL};
    static const char *const particles[] = {"al",  "el",  "ul",  "as",  "ad",  "ar", "an", "bin",   "ibn",  "ben", "bint", "abu",
                                            "van", "von", "der", "den", "de",  "da", "do", "dos",   "das",  "di",  "du",   "del",
                                            "la",  "le",  "the", "of",  "and", "y",  "e",  "della", "abou", NULL};
    for (unsigned i = 0; i < name->count;) {
        name->patronymic |= is_one_of(name->words[i], patronymics);
        if (name->count > 1 && (is_one_of(name->words[i], particles) || is_address(name->words[i])))
            drop_word(name, i);
        else
            i++;
    }
}

/* How many words from `at` are a legal form: "Inc", "public limited company". */
static unsigned legal_form(const struct spelled *name, unsigned at)
{
    char phrase[3 * WORD_LETTERS + 3];
    unsigned longest = 0;
    size_t length = 0;
    for (unsigned i = at; i < name->count && i < at + 3; i++) {
        if (length)
            phrase[length++] = ' ';
        memcpy(phrase + length, name->words[i].data, name->words[i].length);
        length += name->words[i].length;
        const struct entry *entry = lexicon_find(LEXICON_ORGANIZATION_WORDS, (struct slice){phrase, length});
        if (entry && entry_has(entry, "company"))
            longest = i + 1 - at;
    }
    return longest;
}

static void write_out(struct spelled *name)
{
    static const struct {
        const char *brief, *first, *second;
    } table[] = {{"us", "united", "states"},    {"usa", "united", "states"},  {"uk", "united", "kingdom"},
                 {"un", "united", "nations"},   {"eu", "european", "union"},  {"intl", "international", NULL},
                 {"dept", "department", NULL},  {"natl", "national", NULL},   {"govt", "government", NULL},
                 {"univ", "university", NULL},  {"min", "ministry", NULL},    {"organisation", "organization", NULL},
                 {"centre", "center", NULL},    {"defence", "defense", NULL}, {"labour", "labor", NULL},
                 {"programme", "program", NULL}};
    struct spelled whole = {.count = 0};
    for (unsigned i = 0; i < name->count; i++) {
        size_t k = 0;
        while (k < sizeof table / sizeof table[0] && !slice_is(name->words[i], table[k].brief))
            k++;
        if (k == sizeof table / sizeof table[0]) {
            add_word(&whole, name->words[i].data, name->words[i].length);
            continue;
        }
        add_word(&whole, table[k].first, strlen(table[k].first));
        if (table[k].second)
            add_word(&whole, table[k].second, strlen(table[k].second));
    }
    *name = whole;
    for (unsigned i = 0; i < name->count; i++)
        name->words[i].data = name->letters[i];
}

static void drop_legal_forms(struct spelled *name)
{
    static const char *const small[] = {"the", "of", "and", "de", NULL};
    for (unsigned i = 0; i < name->count;) {
        unsigned words = legal_form(name, i);
        if (!words && is_one_of(name->words[i], small))
            words = 1;
        if (!words || words >= name->count) {
            i++;
            continue;
        }
        for (unsigned k = 0; k < words; k++)
            drop_word(name, i);
    }
}

/* All words run together: spaces and hyphens are the least certain thing in a name. */
static struct slice joined(const struct spelled *name, char room[static NAME_WORDS * WORD_LETTERS])
{
    size_t length = 0;
    for (unsigned i = 0; i < name->count; i++) {
        memcpy(room + length, name->words[i].data, name->words[i].length);
        length += name->words[i].length;
    }
    return (struct slice){room, length};
}

/* ---- sounds ----------------------------------------------------------------------------------------------- */

/* Replaces in place; a replacement is never longer than what it stands for. */
static size_t replace(char *word, size_t length, const char *what, const char *by)
{
    size_t from = strlen(what), to = strlen(by), out = 0;
    for (size_t i = 0; i < length;) {
        if (length - i >= from && memcmp(word + i, what, from) == 0) {
            memcpy(word + out, by, to);
            out += to;
            i += from;
        } else {
            word[out++] = word[i++];
        }
    }
    return out;
}

static size_t single_letters(char *word, size_t length)
{
    size_t out = 0;
    for (size_t i = 0; i < length; i++)
        if (out == 0 || word[out - 1] != word[i])
            word[out++] = word[i];
    return out;
}

/* What spellings of one sound have in common, across languages and transliterations. */
static struct slice sound(struct slice word, char room[static NAME_WORDS * WORD_LETTERS])
{
    static const char *const rules[][2] = {
        {"sch", "s"}, {"tch", "c"}, {"dzh", "j"}, {"sh", "s"}, {"ch", "c"}, {"kh", "h"}, {"gh", "g"}, {"ph", "f"},
        {"th", "t"},  {"zh", "z"},  {"ts", "c"},  {"tz", "c"}, {"ck", "k"}, {"ou", "u"}, {"oo", "u"}, {"ee", "i"},
        {"ie", "i"},  {"ei", "i"},  {"ey", "i"},  {"iy", "i"}, {"yi", "i"}, {"ii", "i"}, {"ai", "a"}, {"q", "k"},
        {"w", "v"},   {"y", "i"},   {"j", "i"},   {"c", "k"},  {"z", "s"},  {"e", "i"},  {"o", "u"}};
    memcpy(room, word.data, word.length);
    size_t length = single_letters(room, word.length);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        length = replace(room, length, rules[i][0], rules[i][1]);
    return (struct slice){room, single_letters(room, length)};
}

static bool sound_alike(struct slice a, struct slice b)
{
    char one[NAME_WORDS * WORD_LETTERS], other[NAME_WORDS * WORD_LETTERS];
    return slice_equal(sound(a, one), sound(b, other));
}

static bool one_given_name(struct slice a, struct slice b)
{
    const struct entry *one = lexicon_find(LEXICON_GIVEN_NAMES, a), *other = lexicon_find(LEXICON_GIVEN_NAMES, b);
    if (!one || !other || entry_has(one, "leader") || entry_has(other, "leader"))
        return false;
    struct slice like = entry_get(one, "like"), other_like = entry_get(other, "like");
    return slice_equal(like.length ? like : one->name, other_like.length ? other_like : other->name);
}

/* ---- words in pairs --------------------------------------------------------------------------------------- */

static unsigned distance(struct slice a, struct slice b)
{
    return spelling_distance(a, b, SPELLING_LETTERS_MAX);
}

static double longer(struct slice a, struct slice b)
{
    return (double)(a.length > b.length ? a.length : b.length);
}

/* From 0, the same word, to 1. */
static double word_cost(struct slice a, struct slice b, bool person)
{
    if (slice_equal(a, b))
        return 0;
    if (sound_alike(a, b) || (person && one_given_name(a, b)))
        return cost_of_sound;
    if (person && a.data[0] == b.data[0] && (a.length == 1 || b.length == 1))
        return cost_of_initial;
    return longer(a, b) <= 2 ? cost_of_other : distance(a, b) / longer(a, b);
}

/* Best pairs first; each word once. */
static struct pairing pair_words(const struct spelled *a, const struct spelled *b, bool person, double limit)
{
    struct pairing pairing = {.pairs = 0};
    bool taken[NAME_WORDS] = {false};
    double costs[NAME_WORDS][NAME_WORDS];
    for (unsigned i = 0; i < a->count; i++) {
        pairing.partner[i] = -1;
        for (unsigned j = 0; j < b->count; j++)
            costs[i][j] = word_cost(a->words[i], b->words[j], person) + 0.01 * (i > j ? i - j : j - i);
    }
    for (;;) {
        int best = -1, other = -1;
        for (unsigned i = 0; i < a->count; i++)
            for (unsigned j = 0; j < b->count && pairing.partner[i] < 0; j++)
                if (!taken[j] && costs[i][j] < limit && (best < 0 || costs[i][j] < costs[best][other]))
                    best = (int)i, other = (int)j;
        if (best < 0)
            break;
        pairing.partner[best] = other;
        pairing.cost[best] = word_cost(a->words[best], b->words[other], person);
        taken[other] = true;
        pairing.pairs++;
    }
    pairing.left = a->count - pairing.pairs;
    pairing.right = b->count - pairing.pairs;
    return pairing;
}

static bool in_order(const struct pairing *pairing, unsigned count)
{
    int last = -1;
    for (unsigned i = 0; i < count; i++) {
        if (pairing->partner[i] >= 0 && pairing->partner[i] < last)
            return false;
        last = pairing->partner[i] >= 0 ? pairing->partner[i] : last;
    }
    return true;
}

/* Letters that differ in all pairs, against their number: from 1 down. */
static double agreement(const struct spelled *a, const struct spelled *b, const struct pairing *pairing, double *worst)
{
    double edits = 0, letters = 0;
    for (unsigned i = 0; i < a->count; i++) {
        if (pairing->partner[i] < 0)
            continue;
        struct slice one = a->words[i], other = b->words[pairing->partner[i]];
        bool apart = pairing->cost[i] > cost_of_sound && one.length > 1 && other.length > 1;
        edits += apart ? distance(one, other) : pairing->cost[i] > 0 ? 0.5 : 0;
        letters += longer(one, other);
        *worst = pairing->cost[i] > *worst ? pairing->cost[i] : *worst;
    }
    return 1 - 2 * edits / (letters > 6 ? letters : 6);
}

/* ---- people and bodies ------------------------------------------------------------------------------------ */

static double people_alike(struct spelled *a, struct spelled *b)
{
    char one[NAME_WORDS * WORD_LETTERS], other[NAME_WORDS * WORD_LETTERS];
    drop_small_words(a);
    drop_small_words(b);
    struct slice whole = joined(a, one), other_whole = joined(b, other);
    if (slice_equal(whole, other_whole) || sound_alike(whole, other_whole))
        return 1;
    struct pairing pairing = pair_words(a, b, true, 0.5);
    if (pairing.left && pairing.right)
        return distance(whole, other_whole) <= 2 ? 0.72 : 0.3;
    if ((a->patronymic || b->patronymic) && !in_order(&pairing, a->count))
        return 0.4; /* Omar's son Abdullah is not Abdullah's son Omar */
    if (pairing.pairs < 2 && pairing.left + pairing.right > 0)
        return pairing.pairs ? 0.45 : 0; /* a surname alone could be anybody's */
    double worst = 0, score = agreement(a, b, &pairing, &worst);
    if (worst > 0.34 && score > 0.6)
        score = 0.6;
    return score - (pairing.left + pairing.right ? 0.05 : 0);
}

static bool is_acronym(const struct spelled *brief, const struct spelled *whole)
{
    if (brief->count != 1 || whole->count < 3 || brief->words[0].length != whole->count)
        return false;
    for (unsigned i = 0; i < whole->count; i++)
        if (brief->words[0].data[i] != whole->words[i].data[0])
            return false;
    return true;
}

static double bodies_alike(struct spelled *a, struct spelled *b)
{
    char one[NAME_WORDS * WORD_LETTERS], other[NAME_WORDS * WORD_LETTERS];
    write_out(a);
    write_out(b);
    drop_legal_forms(a);
    drop_legal_forms(b);
    struct slice whole = joined(a, one), other_whole = joined(b, other);
    if (slice_equal(whole, other_whole))
        return 1;
    if (is_acronym(a, b) || is_acronym(b, a))
        return 0.8;
    if (longer(whole, other_whole) <= 4)
        return 0.2; /* one letter is all of an acronym */
    if (distance(whole, other_whole) == 1)
        return 0.85;
    struct pairing pairing = pair_words(a, b, false, 0.4);
    if (pairing.left && pairing.right)
        return 0.3;
    if (pairing.left || pairing.right)
        return 0.55;
    double worst = 0, score = agreement(a, b, &pairing, &worst);
    return worst > 0.34 && score > 0.6 ? 0.6 : score;
}

/* Chinese characters are compared as they stand: one of four is another name. */
static double characters_alike(struct slice a, struct slice b)
{
    double points = 0;
    for (size_t i = 0; i < a.length; i++)
        points += ((unsigned char)a.data[i] & 0xc0) != 0x80;
    double score = 1 - 2 * distance(a, b) / (points > 0 ? points : 1);
    return score > 0 ? score : 0;
}

double text_name_likeness(struct slice a, struct slice b, enum actor_kind kind)
{
    struct error error = {0};
    char latin[LATIN_MAX];
    struct spelled one = {.count = 0}, other = {.count = 0};
    bool person = kind == ACTOR_PERSON;
    if (!a.length || !b.length || !text_lexicons_load(&error))
        return 0;
    if (slice_equal(a, b))
        return 1;
    if (letters_ideographic(a) && letters_ideographic(b))
        return characters_alike(a, b);
    cut_words((struct slice){latin, letters_latin(a, latin)}, person, &one);
    cut_words((struct slice){latin, letters_latin(b, latin)}, person, &other);
    if (!one.count || !other.count)
        return 0;
    double score = person ? people_alike(&one, &other) : bodies_alike(&one, &other);
    return score > 0 ? score : 0;
}
