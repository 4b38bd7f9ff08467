/* Whether two forms of one actor's name are spelt otherwise: text_spelling.
 *
 * A shorter form ("Lavrov"), an initial and an abbreviation are no other spelling, nor is another way to write the same letters
 * of another script ("Sergey", "Sergei"). People differ in letters of a name ("Lavrov", "Lavorv"); bodies in a word, or in the
 * order of their words. */
#include <string.h>

#include "letters.h"
#include "name_spelling.h"
#include "text_private.h"

enum { WORDS_MAX = 16, WORD_MAX = 40, SHORT_MAX = 3, LONG_WORD = 8, PERSON_WORDS_MAX = 6, BODY_WORDS_MIN = 3 };

struct spelt {
    char word[WORDS_MAX][WORD_MAX];
    size_t count;
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- words ------------------------------------------------------------------------------------------------ */

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static bool is_any(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, list[i]) == 0)
            return true;
    }
    return false;
}

/* A hyphen joins in a body's name ("co-operation"), and parts in a person's. */
static struct spelt words_of(struct slice name, bool person)
{
    static const char *const empty[] = {"the", "of", "for", "and", "in", "on", "at", "to", "de", "la", "jr", "sr", "ii", "iii"};
    char latin[LATIN_MAX];
    struct spelt spelt = {.count = 0};
    size_t length = letters_latin(name, latin), filled = 0;
    for (size_t i = 0; i <= length && spelt.count < WORDS_MAX; i++) {
        char byte = i < length ? latin[i] : ' ', *word = spelt.word[spelt.count];
        if (is_letter(byte) && filled + 1 < WORD_MAX)
            word[filled++] = byte;
        if (is_letter(byte) || byte == '\'' || byte == '.' || (byte == '-' && !person))
            continue;
        word[filled] = '\0';
        spelt.count += filled > 0 && !is_any(word, empty, COUNT(empty));
        filled = 0;
    }
    return spelt;
}

/* ---- people ----------------------------------------------------------------------------------------------- */

/* What is written either way for the same sound of another script; longer ones first. */
static const struct {
    const char *from, *to;
} sounds[] = {
    {"shch", "s"}, {"sch", "s"}, {"tch", "c"}, {"yev", "ev"}, {"iev", "ev"}, {"iya", "ia"}, {"yyi", "i"}, {"dzh", "j"},
    {"kh", "h"},   {"gh", "g"},  {"zh", "j"},  {"sh", "s"},   {"ch", "c"},   {"ts", "c"},   {"tz", "c"},  {"cz", "c"},
    {"ks", "x"},   {"ph", "f"},  {"th", "t"},  {"ck", "k"},   {"ou", "u"},   {"oo", "u"},   {"ee", "i"},  {"yy", "i"},
    {"iy", "i"},   {"ij", "i"},  {"yi", "i"},  {"ii", "i"},   {"yo", "io"},  {"ya", "ia"},  {"yu", "iu"}, {"ye", "e"},
    {"ie", "e"},   {"ja", "ia"}, {"ju", "iu"}, {"q", "k"},    {"w", "v"},    {"y", "i"},    {"j", "i"},
};

/* The word with all of them written one way, and no letter twice in a row. */
static void same_sound(char word[static WORD_MAX])
{
    char out[WORD_MAX];
    size_t filled = 0;
    for (const char *at = word; *at;) {
        const char *to = NULL;
        for (size_t i = 0; i < COUNT(sounds) && !to; i++) {
            size_t length = strlen(sounds[i].from);
            if (strncmp(at, sounds[i].from, length) == 0) {
                to = sounds[i].to;
                at += length;
            }
        }
        char one[2] = {to ? '\0' : *at, '\0'};
        at += !to;
        for (const char *letter = to ? to : one; *letter && filled + 1 < WORD_MAX; letter++) {
            if (!filled || out[filled - 1] != *letter)
                out[filled++] = *letter;
        }
    }
    out[filled] = '\0';
    memcpy(word, out, filled + 1);
}

/* "Zakharova" is Zakharov's form for a woman, "the Bidens" are several. */
static bool is_inflected(struct slice shorter, struct slice longer)
{
    if (shorter.length > longer.length)
        return is_inflected(longer, shorter);
    return longer.length == shorter.length + 1 && memcmp(longer.data, shorter.data, shorter.length) == 0 &&
           strchr("as", longer.data[shorter.length]);
}

static enum spelling compare_words(char a[static WORD_MAX], char b[static WORD_MAX])
{
    same_sound(a);
    same_sound(b);
    struct slice one = slice_of(a), other = slice_of(b);
    size_t shorter = one.length < other.length ? one.length : other.length;
    unsigned limit = shorter >= LONG_WORD ? 2 : 1;
    if (slice_equal(one, other))
        return SPELLING_SAME;
    if (shorter <= SHORT_MAX || is_inflected(one, other))
        return SPELLING_APART;
    return spelling_distance(one, other, limit) <= limit ? SPELLING_OTHER : SPELLING_APART;
}

/* "Halen", "Hallen": consonants that are written once or twice. */
static bool doubled(const char *a, const char *b)
{
    bool differ = false;
    while (*a && *b && *a == *b) {
        size_t one = strspn(a, (char[]){*a, '\0'}), other = strspn(b, (char[]){*b, '\0'});
        if (one != other && strchr("aeiouy", *a))
            return false;
        differ |= one != other;
        a += one;
        b += other;
    }
    return differ && !*a && !*b;
}

/* One name where they are the same, or short for each other, as far as is known. Names of one length are not short. */
static enum spelling compare_given(char a[static WORD_MAX], char b[static WORD_MAX])
{
    const struct entry *one = lexicon_find(LEXICON_GIVEN_NAMES, slice_of(a)),
                       *other = lexicon_find(LEXICON_GIVEN_NAMES, slice_of(b));
    struct slice like = one ? entry_get(one, "like") : NO_SLICE, other_like = other ? entry_get(other, "like") : NO_SLICE;
    bool known = one && other;
    like = known && !like.length ? one->name : like;
    other_like = known && !other_like.length ? other->name : other_like;
    bool one_name = known && (strlen(a) != strlen(b) || slice_equal(like, other_like)), same_initial = a[0] == b[0];
    return !one_name && same_initial && compare_words(a, b) == SPELLING_OTHER ? SPELLING_OTHER : SPELLING_SAME;
}

static enum spelling compare_people(struct spelt *a, struct spelt *b)
{
    if (!a->count || !b->count || a->count > PERSON_WORDS_MAX || b->count > PERSON_WORDS_MAX)
        return SPELLING_APART;
    const char *surname = a->word[a->count - 1], *other_surname = b->word[b->count - 1];
    bool full = a->count > 1 && b->count > 1;
    /* Who writes another script in our letters doubles some or not: then given names differ, too, or are last names. */
    if (full && strcmp(a->word[0], b->word[0]) == 0 && doubled(surname, other_surname) &&
        !lexicon_find(LEXICON_GIVEN_NAMES, slice_of(surname)) && !lexicon_find(LEXICON_GIVEN_NAMES, slice_of(other_surname)))
        return SPELLING_OTHER;
    enum spelling last = compare_words(a->word[a->count - 1], b->word[b->count - 1]);
    return last == SPELLING_SAME && full ? compare_given(a->word[0], b->word[0]) : last;
}

/* ---- bodies ----------------------------------------------------------------------------------------------- */

static bool same_word(const char *a, const char *b)
{
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    if (!a[i] || !b[i])
        return i >= 5 || a[i] == b[i] || strcmp(a + i, "s") == 0 || strcmp(b + i, "s") == 0;
    bool british = i >= 5 && ((a[i] == 's' && b[i] == 'z') || (a[i] == 'z' && b[i] == 's'));
    return british && strcmp(a + i + 1, b + i + 1) == 0;
}

/* Whether the words of the one, from `turn` on and round, are those of the other: "Ministry of Defence", "Defence Ministry". */
static bool turned(const struct spelt *a, const struct spelt *b, size_t turn)
{
    for (size_t i = 0; i < a->count; i++) {
        if (!same_word(a->word[(i + turn) % a->count], b->word[i]))
            return false;
    }
    return true;
}

static bool has_word(const struct spelt *spelt, const char *word)
{
    for (size_t i = 0; i < spelt->count; i++) {
        if (same_word(spelt->word[i], word))
            return true;
    }
    return false;
}

static void drop_states(struct spelt *spelt)
{
    size_t kept = 0;
    for (size_t i = 0; i < spelt->count; i++) {
        if (lexicon_find(LEXICON_STATES, slice_of(spelt->word[i])))
            continue;
        if (kept != i)
            memcpy(spelt->word[kept], spelt->word[i], WORD_MAX);
        kept++;
    }
    spelt->count = kept;
}

static enum spelling compare_bodies(struct spelt *a, struct spelt *b)
{
    size_t changed = 0, foreign = 0, at = 0;
    drop_states(a);
    drop_states(b);
    if (a->count != b->count || a->count < BODY_WORDS_MIN)
        return SPELLING_APART;
    for (size_t turn = 0; turn < a->count; turn++) {
        if (turned(a, b, turn))
            return SPELLING_SAME;
    }
    for (size_t i = 0; i < a->count; i++) {
        bool same = same_word(a->word[i], b->word[i]);
        changed += !same;
        at = same ? at : i;
        foreign += !has_word(b, a->word[i]);
    }
    bool words = strlen(a->word[at]) > SHORT_MAX && strlen(b->word[at]) > SHORT_MAX;
    return foreign == 0 || (changed == 1 && words) ? SPELLING_OTHER : SPELLING_APART;
}

enum spelling text_spelling(struct slice a, struct slice b, enum actor_kind kind)
{
    struct error error;
    struct spelt one = words_of(a, kind == ACTOR_PERSON), other = words_of(b, kind == ACTOR_PERSON);
    if (letters_ideographic(a) || letters_ideographic(b) || !text_lexicons_load(&error))
        return SPELLING_APART;
    return kind == ACTOR_PERSON ? compare_people(&one, &other) : compare_bodies(&one, &other);
}
