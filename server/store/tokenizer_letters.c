#include "tokenizer_letters.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>
#include <unicode/utrans.h>

#include "readout/digest.h"
#include "readout/error.h"

/* News repeats its words: what was worked out for one is kept. Direct-mapped; a collision forgets the older. */
enum { MEMO_SIZE = 2048, MEMO_WORD = 32, MEMO_RESULT = 28 };

struct memo {
    unsigned char kind; /* of the work: a stemmer's or a spelling's number; 0: empty */
    unsigned char word_length, result_length;
    char word[MEMO_WORD], result[MEMO_RESULT];
};

enum { STEMMERS_MAX = 40, KIND_SPELLING = 100, UNITS_MAX = 64 };

struct stemmer {
    char language[3];
    struct sb_stemmer *stemmer; /* NULL: there is none */
};

struct letters {
    const UNormalizer2 *fold_case, *decompose;
    UBreakIterator *breaks;
    UTransliterator *spellings[SPELLINGS_MAX];
    struct stemmer stemmers[STEMMERS_MAX];
    int stemmer_count;
    struct form result;
    struct memo memos[MEMO_SIZE];
};

static void must(UErrorCode code, const char *what)
{
    if (U_FAILURE(code))
        die("ICU cannot %s: %s", what, u_errorName(code));
}

struct letters *letters_open(void)
{
    struct letters *letters = calloc(1, sizeof *letters);
    if (!letters)
        die("out of memory");
    return letters;
}

void letters_close(struct letters *letters)
{
    if (!letters)
        return;
    if (letters->breaks)
        ubrk_close(letters->breaks);
    for (int i = 0; i < SPELLINGS_MAX; i++) {
        if (letters->spellings[i])
            utrans_close(letters->spellings[i]);
    }
    for (int i = 0; i < letters->stemmer_count; i++)
        sb_stemmer_delete(letters->stemmers[i].stemmer);
    free(letters);
}

/* ---- classes ---------------------------------------------------------------------------------------------- */

int32_t letter_next(struct slice text, size_t *at)
{
    const uint8_t *bytes = (const uint8_t *)text.data;
    int32_t letter, index = 0, length = text.length - *at > 4 ? 4 : (int32_t)(text.length - *at);
    U8_NEXT(bytes + *at, index, length, letter);
    *at += (size_t)index;
    return letter;
}

static bool is_ideograph(int32_t letter)
{
    static const int32_t ranges[][2] = {{0x1100, 0x11ff}, {0x2e80, 0x2fdf}, {0x3005, 0x3007}, {0x3021, 0x3029},  {0x3041, 0x3096},
                                        {0x309d, 0x309f}, {0x30a1, 0x30fa}, {0x30fc, 0x30ff}, {0x3105, 0x312f},  {0x3131, 0x318e},
                                        {0x31a0, 0x31bf}, {0x31f0, 0x31ff}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff},  {0xa960, 0xa97f},
                                        {0xac00, 0xd7fb}, {0xf900, 0xfaff}, {0xff66, 0xffdc}, {0x20000, 0x3ffff}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (letter <= ranges[i][1])
            return letter >= ranges[i][0];
    }
    return false;
}

enum letter_class letter_class(int32_t letter)
{
    if (letter < 0)
        return LETTER_NONE;
    uint32_t category = U_GET_GC_MASK(letter);
    if (letter >= 0x0e00 && u_getIntPropertyValue(letter, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT)
        return LETTER_COMPLEX;
    if (category & (U_GC_L_MASK | U_GC_ND_MASK))
        return is_ideograph(letter) ? LETTER_IDEOGRAPH : LETTER_WORD;
    bool joins = letter == 0xad || letter == 0x200c || letter == 0x200d;
    return category & U_GC_M_MASK || joins ? LETTER_MARK : LETTER_NONE;
}

/* ---- words without spaces --------------------------------------------------------------------------------- */

int letters_words(struct letters *letters, struct slice text, int (*word)(void *to, size_t start, size_t end), void *to)
{
    UErrorCode code = U_ZERO_ERROR;
    int result = 0;
    if (!letters->breaks)
        letters->breaks = ubrk_open(UBRK_WORD, "th", NULL, 0, &code);
    must(code, "break words");
    UText view = UTEXT_INITIALIZER; /* its indices are bytes */
    utext_openUTF8(&view, text.data, (int64_t)text.length, &code);
    ubrk_setUText(letters->breaks, &view, &code);
    must(code, "read a text");
    int32_t start = ubrk_first(letters->breaks);
    for (int32_t end; result == 0 && (end = ubrk_next(letters->breaks)) != UBRK_DONE; start = end)
        result = word(to, (size_t)start, (size_t)end);
    utext_close(&view);
    return result;
}

/* ---- folding ---------------------------------------------------------------------------------------------- */

void letters_fold_ascii(struct slice word, struct folded *folded)
{
    size_t length = 0;
    folded->script = SCRIPT_LATIN;
    folded->capital = word.data[0] >= 'A' && word.data[0] <= 'Z';
    for (size_t i = 0; i < word.length && length < FORM_SIZE; i++) {
        char byte = word.data[i];
        if (byte >= 'A' && byte <= 'Z')
            byte = (char)(byte - 'A' + 'a');
        if (byte != '.')
            folded->plain.text[length++] = byte;
    }
    folded->plain.length = length;
    folded->lower = folded->plain;
}

/* The code point at `*at`, which moves behind it. */
static uint32_t unit_next(const UChar *units, int32_t *at, int32_t count)
{
    uint32_t unit = units[(*at)++];
    if (U16_IS_LEAD(unit) && *at < count && U16_IS_TRAIL(units[*at]))
        return 0x10000 + ((unit - 0xd800) << 10) + (units[(*at)++] - 0xdc00u);
    return unit;
}

static void form_add(struct form *form, uint32_t letter)
{
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    unsigned behind = letter < 0x80 ? 0 : letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;
    if (form->length + 4 > FORM_SIZE)
        return;
    form->text[form->length++] = (char)(lead[behind] | letter >> 6 * behind);
    while (behind--)
        form->text[form->length++] = (char)(0x80 | (letter >> 6 * behind & 0x3f));
}

/* Letters that no decomposition takes apart. */
static const char *apart(uint32_t letter)
{
    static const struct {
        uint32_t letter;
        const char *plain;
    } table[] = {{0xe6, "ae"},  {0xf0, "d"},  {0xf8, "o"},  {0xfe, "th"}, {0x111, "d"}, {0x127, "h"}, {0x131, "i"}, {0x142, "l"},
                 {0x153, "oe"}, {0x167, "t"}, {0x14b, "n"}, {0x435, "е"}, {0x450, "е"}, {0x451, "е"}, {0x45d, "и"}, {0x3c2, "σ"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].letter == letter)
            return table[i].plain;
    }
    return NULL;
}

static void add_plain(struct letters *letters, struct form *plain, uint32_t letter, UScriptCode script)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar parts[8];
    const char *other = apart(letter);
    if (other) {
        for (; *other && plain->length < FORM_SIZE; other++)
            plain->text[plain->length++] = *other;
        return;
    }
    bool sheds_marks = script == USCRIPT_LATIN || script == USCRIPT_GREEK;
    int32_t count = sheds_marks ? unorm2_getDecomposition(letters->decompose, (UChar32)letter, parts, 8, &code) : -1;
    if (count < 0 || U_FAILURE(code)) {
        form_add(plain, letter);
        return;
    }
    for (int32_t i = 0; i < count;) {
        uint32_t part = unit_next(parts, &i, count);
        if (!(U_GET_GC_MASK((UChar32)part) & U_GC_M_MASK))
            form_add(plain, part);
    }
}

/* The word in UTF-16, and whether it begins with a capital letter. */
static int32_t units_of(struct slice word, UChar units[static UNITS_MAX], bool *capital)
{
    int32_t count = 0, letter;
    for (size_t at = 0; at < word.length && count < UNITS_MAX - 1;) {
        bool first = at == 0;
        letter = letter_next(word, &at);
        if (letter < 0)
            continue;
        if (first)
            *capital = u_isupper(letter) || u_istitle(letter);
        U16_APPEND_UNSAFE(units, count, letter);
    }
    return count;
}

static enum script script_of(UScriptCode code)
{
    return code == USCRIPT_LATIN ? SCRIPT_LATIN : code == USCRIPT_CYRILLIC ? SCRIPT_CYRILLIC : SCRIPT_OTHER;
}

void letters_fold(struct letters *letters, struct slice word, struct folded *folded)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[UNITS_MAX], lower[UNITS_MAX * 4];
    if (!letters->fold_case) {
        letters->fold_case = unorm2_getNFKCCasefoldInstance(&code);
        letters->decompose = unorm2_getNFDInstance(&code);
    }
    *folded = (struct folded){.script = SCRIPT_OTHER};
    int32_t count = units_of(word, units, &folded->capital);
    count = unorm2_normalize(letters->fold_case, units, count, lower, UNITS_MAX * 4, &code);
    must(code, "fold a word");
    for (int32_t i = 0; i < count;) {
        uint32_t letter = unit_next(lower, &i, count);
        UScriptCode script = uscript_getScript((UChar32)letter, &code);
        if (script == USCRIPT_INHERITED) /* a stress mark, a vowel point: not what the word is */
            continue;
        if (folded->script == SCRIPT_OTHER)
            folded->script = script_of(script);
        form_add(&folded->lower, letter);
        add_plain(letters, &folded->plain, letter, script);
    }
    if (folded->plain.length == 0) { /* every place has a token */
        folded->plain.length = word.length < FORM_SIZE ? word.length : FORM_SIZE;
        memcpy(folded->plain.text, word.data, folded->plain.length);
    }
}

/* ---- what is worked out once a word ----------------------------------------------------------------------- */

static struct memo *memo_of(struct letters *letters, int kind, struct slice word)
{
    uint64_t hash = (uint64_t)kind;
    for (size_t i = 0; i < word.length; i++)
        hash = (hash ^ (unsigned char)word.data[i]) * 0x100000001b3;
    return &letters->memos[(hash ^ hash >> 29) % MEMO_SIZE];
}

static bool memo_holds(const struct memo *memo, int kind, struct slice word)
{
    return memo->kind == kind && memo->word_length == word.length && memcmp(memo->word, word.data, word.length) == 0;
}

static struct slice memo_keep(struct letters *letters, struct memo *memo, int kind, struct slice word, struct slice result)
{
    if (result.length > FORM_SIZE)
        result.length = FORM_SIZE;
    if (word.length <= MEMO_WORD && result.length <= MEMO_RESULT) {
        memo->kind = (unsigned char)kind;
        memo->word_length = (unsigned char)word.length;
        memo->result_length = (unsigned char)result.length;
        memcpy(memo->word, word.data, word.length);
        memcpy(memo->result, result.data, result.length);
        return (struct slice){memo->result, result.length};
    }
    memcpy(letters->result.text, result.data, result.length);
    return (struct slice){letters->result.text, result.length};
}

/* ---- stems ------------------------------------------------------------------------------------------------ */

/* Its number, from 1; 0 when there are too many languages. */
static int stemmer_of(struct letters *letters, const char *language)
{
    int i = 0;
    while (i < letters->stemmer_count && memcmp(letters->stemmers[i].language, language, 2) != 0)
        i++;
    if (i == STEMMERS_MAX)
        return 0;
    if (i == letters->stemmer_count) {
        struct stemmer *stemmer = &letters->stemmers[letters->stemmer_count++];
        memcpy(stemmer->language, language, 2);
        stemmer->stemmer = sb_stemmer_new(stemmer->language, "UTF_8");
    }
    return i + 1;
}

struct slice letters_stem(struct letters *letters, const char language[static 3], struct slice word)
{
    int kind = stemmer_of(letters, language);
    struct sb_stemmer *stemmer = kind ? letters->stemmers[kind - 1].stemmer : NULL;
    if (!stemmer)
        return NO_SLICE;
    struct memo *memo = memo_of(letters, kind, word);
    if (memo_holds(memo, kind, word))
        return (struct slice){memo->result, memo->result_length};
    const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word.data, (int)word.length);
    if (!stem)
        die("out of memory");
    return memo_keep(letters, memo, kind, word, (struct slice){(const char *)stem, (size_t)sb_stemmer_length(stemmer)});
}

struct slice letters_usual_stem(struct letters *letters, const struct folded *folded)
{
    struct slice word = {folded->plain.text, folded->plain.length};
    if (folded->script == SCRIPT_OTHER || (word.data[0] >= '0' && word.data[0] <= '9'))
        return NO_SLICE;
    struct slice stem = letters_stem(letters, folded->script == SCRIPT_LATIN ? "en" : "ru", word);
    return stem.length ? stem : word;
}

/* ---- Latin spellings -------------------------------------------------------------------------------------- */

/* Rules for ICU, over small letters: those of English-language newspapers, those of passports, and newspapers' with "ye" at the
 * beginning. They are kept from clang-format, which measures Cyrillic letters wrongly. */
/* clang-format off */
#define SHARED_RULES \
    "а > a; б > b; в > v; г > g; д > d; е > e; ж > zh; з > z; и > i; к > k; л > l; м > m; н > n; о > o; п > p; р > r; с > s;" \
    "т > t; у > u; ф > f; х > kh; ц > ts; ч > ch; ш > sh; щ > shch; ъ > ; ы > y; ь > ; э > e; і > i; ґ > g; ў > u; ј > j;" \
    "љ > lj; њ > nj; ћ > c; ђ > dj; џ > dz; ѓ > g; ќ > k; ѕ > dz; ә > a; ғ > g; қ > k; ң > n; ө > o; ұ > u; ү > u; һ > h;"
#define USUAL_RULES "ый } $ > y; ий } $ > y; й > y; ю > yu; я > ya; ї > yi; є > ye;" SHARED_RULES
/* clang-format on */

static const char *const spelling_rules[SPELLINGS_MAX] = {
    USUAL_RULES,
    "ый > yi; ий > ii; й > i; ю > iu; я > ia; ї > i; є > ie;" SHARED_RULES,
    "^ { е > ye;" USUAL_RULES,
};

static UTransliterator *spelling_opened(struct letters *letters, int which)
{
    if (letters->spellings[which])
        return letters->spellings[which];
    enum { RULES_MAX = 2048 };
    static const UChar name[] = {'s', 'p', 'e', 'l', 'l', 0};
    UErrorCode code = U_ZERO_ERROR;
    UParseError where;
    UChar rules[RULES_MAX];
    int32_t length = 0;
    u_strFromUTF8(rules, RULES_MAX, &length, spelling_rules[which], -1, &code);
    letters->spellings[which] = utrans_openU(name, -1, UTRANS_FORWARD, rules, length, &where, &code);
    must(code, "read the rules of spelling");
    return letters->spellings[which];
}

static struct slice spell(struct letters *letters, int which, struct slice word)
{
    int kind = KIND_SPELLING + which;
    struct memo *memo = memo_of(letters, kind, word);
    if (memo_holds(memo, kind, word))
        return (struct slice){memo->result, memo->result_length};
    UErrorCode code = U_ZERO_ERROR;
    UChar units[FORM_SIZE * 4];
    int32_t length = 0, limit;
    struct form spelling = {.length = 0};
    u_strFromUTF8(units, FORM_SIZE, &length, word.data, (int32_t)word.length, &code);
    limit = length;
    utrans_transUChars(spelling_opened(letters, which), units, &length, FORM_SIZE * 4, 0, &limit, &code);
    must(code, "spell a word");
    for (int32_t i = 0; i < length;) {
        uint32_t letter = unit_next(units, &i, length);
        form_add(&spelling, letter);
    }
    return memo_keep(letters, memo, kind, word, (struct slice){spelling.text, spelling.length});
}

static bool has_any(struct slice word, const char *const *letters)
{
    for (; *letters; letters++) {
        if (memmem(word.data, word.length, *letters, strlen(*letters)))
            return true;
    }
    return false;
}

size_t letters_spellings(struct letters *letters, struct slice word, struct form spellings[static SPELLINGS_MAX])
{
    static const char *const passport[] = {"й", "ю", "я", "ї", "є", NULL};
    bool wanted[SPELLINGS_MAX] = {true, has_any(word, passport), slice_starts(word, "е")};
    size_t count = 0;
    for (int which = 0; which < SPELLINGS_MAX; which++) {
        struct slice spelling = wanted[which] ? spell(letters, which, word) : NO_SLICE;
        if (!spelling.length)
            continue;
        memcpy(spellings[count].text, spelling.data, spelling.length);
        spellings[count++].length = spelling.length;
    }
    return count;
}
