#include "tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "readout/error.h"
#include "tokenizer_letters.h"

struct tokenizer {
    struct letters *letters;
};

struct tokenizer *tokenizer_open(void)
{
    struct tokenizer *tokenizer = calloc(1, sizeof *tokenizer);
    if (!tokenizer)
        die("out of memory");
    tokenizer->letters = letters_open();
    return tokenizer;
}

void tokenizer_close(struct tokenizer *tokenizer)
{
    if (!tokenizer)
        return;
    letters_close(tokenizer->letters);
    free(tokenizer);
}

struct letters *tokenizer_letters(struct tokenizer *tokenizer)
{
    return tokenizer->letters;
}

enum { TOKENS_MAX = 24 };

/* One text on its way. */
struct run {
    struct letters *letters;
    enum tokens_use use;
    bool exact;
    char language[3]; /* "": none */
    struct slice text;
    size_t base; /* where `text` begins in the caller's */
    tokens_emit *emit;
    void *to;
};

/* ---- the forms of a word ---------------------------------------------------------------------------------- */

struct token {
    char text[FORM_SIZE + 8]; /* and the marker */
    size_t length;
};

struct tokens {
    struct token items[TOKENS_MAX];
    size_t count;
};

static void add(struct tokens *tokens, const char *marker, struct slice text)
{
    struct token *token = &tokens->items[tokens->count];
    size_t marked = strlen(marker);
    if (tokens->count == TOKENS_MAX || text.length == 0)
        return;
    memcpy(token->text, marker, marked);
    memcpy(token->text + marked, text.data, text.length);
    token->length = marked + text.length;
    for (size_t i = 0; i < tokens->count; i++) {
        if (tokens->items[i].length == token->length && memcmp(tokens->items[i].text, token->text, token->length) == 0)
            return;
    }
    tokens->count++;
}

static struct slice form_slice(const struct form *form)
{
    return (struct slice){form->text, form->length};
}

/* The stem by the text's own language, for Latin letters, folded as the words are. */
static void add_language_stem(const struct run *run, const struct folded *folded, struct tokens *tokens)
{
    if (!run->language[0] || folded->script != SCRIPT_LATIN)
        return;
    struct slice stem = letters_stem(run->letters, run->language, form_slice(&folded->lower));
    if (!stem.data)
        return;
    struct folded plain;
    char marker[] = {'~', run->language[0], run->language[1], ':', '\0'};
    letters_fold(run->letters, stem, &plain);
    add(tokens, marker, form_slice(&plain.plain));
}

static void add_spellings(const struct run *run, struct slice word, struct tokens *tokens)
{
    struct form spellings[SPELLINGS_MAX];
    size_t count = letters_spellings(run->letters, word, spellings);
    for (size_t i = 0; i < count; i++) {
        struct slice spelling = form_slice(&spellings[i]);
        add(tokens, "", spelling);
        if (run->use != TOKENS_INDEX)
            continue;
        struct slice stem = letters_stem(run->letters, "en", spelling); /* who asks in Latin letters asks for that */
        if (!slice_equal(stem, spelling))
            add(tokens, "~", stem);
    }
}

static bool slice_sheds(struct slice *word, const char *const *endings)
{
    for (; *endings; endings++) {
        if (slice_ends(*word, *endings)) {
            word->length -= strlen(*endings);
            return true;
        }
    }
    return false;
}

/* A Russian surname in another case: "Рябкова", "Рябкову", "Рябковым", "Рябкове". */
static struct slice nominative(struct slice word)
{
    static const char *const cases[] = {"ым", "ой", "а", "у", "е", NULL}, *const names[] = {"ов", "ев", "ин", "ын", NULL};
    struct slice bare = word, stem = {NULL, 0};
    if (slice_sheds(&bare, cases) && bare.length >= 8)
        stem = bare;
    return stem.data && slice_sheds(&bare, names) ? stem : NO_SLICE;
}

static void add_latin(const struct run *run, const struct folded *folded, struct tokens *tokens)
{
    struct slice word = form_slice(&folded->plain);
    if (folded->script != SCRIPT_CYRILLIC || (run->use == TOKENS_INDEX && !folded->capital))
        return; /* in a text, names begin with a capital letter */
    add_spellings(run, word, tokens);
    struct slice name = nominative(word);
    if (name.data && !run->exact && run->use != TOKENS_PREFIX)
        add_spellings(run, name, tokens);
}

static void add_forms(const struct run *run, const struct folded *folded, struct tokens *tokens)
{
    struct slice word = form_slice(&folded->plain);
    if (run->use == TOKENS_PREFIX || run->exact) {
        add(tokens, "", word);
    } else {
        struct slice stem = letters_usual_stem(run->letters, folded);
        add(tokens, "", run->use == TOKENS_INDEX || !stem.data ? word : stem);
        if (run->use == TOKENS_QUERY || !slice_equal(stem, word))
            add(tokens, "~", stem);
        add_language_stem(run, folded, tokens);
    }
    add_latin(run, folded, tokens);
}

/* ---- emitting --------------------------------------------------------------------------------------------- */

static int emit_all(const struct run *run, const struct tokens *tokens, size_t start, size_t end)
{
    int result = 0;
    for (size_t i = 0; i < tokens->count && result == 0; i++) {
        struct slice token = {tokens->items[i].text, tokens->items[i].length};
        result = run->emit(run->to, i > 0, token, run->base + start, run->base + end);
    }
    return result;
}

static int emit_word(const struct run *run, size_t start, size_t end, bool ascii)
{
    struct slice word = {run->text.data + start, end - start};
    struct folded folded;
    struct tokens tokens;
    tokens.count = 0;
    if (run->use == TOKENS_PLACES)
        return run->emit(run->to, false, SLICE(""), run->base + start, run->base + end);
    if (ascii)
        letters_fold_ascii(word, &folded);
    else
        letters_fold(run->letters, word, &folded);
    add_forms(run, &folded, &tokens);
    return emit_all(run, &tokens, start, end);
}

/* Pairs of characters, which overlap, and the last one alone: who asks for one character asks for what begins with it. */
static int emit_ideographs(const struct run *run, size_t start, size_t end)
{
    int result = 0;
    size_t at = start, second = start;
    letter_next(run->text, &second);
    bool alone = second == end;
    while (result == 0 && second < end) {
        size_t third = second;
        letter_next(run->text, &third);
        result = emit_word(run, at, third, false);
        at = second;
        second = third;
    }
    bool last = run->use == TOKENS_INDEX || run->use == TOKENS_PLACES;
    return result || !(alone || last) ? result : emit_word(run, at, end, false);
}

struct complex {
    const struct run *run;
    size_t start;
};

static int emit_complex_word(void *to, size_t start, size_t end)
{
    const struct complex *complex = to;
    return emit_word(complex->run, complex->start + start, complex->start + end, false);
}

/* ---- finding words ---------------------------------------------------------------------------------------- */

static bool is_ascii_alnum(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z');
}

static bool is_letter(char byte)
{
    return is_ascii_alnum(byte) && byte > '9';
}

static bool beyond_ascii(struct slice text, size_t at)
{
    return at < text.length && (unsigned char)text.data[at] >= 0x80;
}

/* Whether a word goes on at `at`, beyond ASCII; then `next` stands behind the letter. */
static bool goes_on(struct slice text, size_t at, size_t *next)
{
    *next = at;
    if (!beyond_ascii(text, at))
        return false;
    enum letter_class class = letter_class(letter_next(text, next));
    return class == LETTER_WORD || class == LETTER_MARK;
}

/* "s" behind an apostrophe behind a word. */
static bool is_possessive(struct slice text, size_t start, size_t end)
{
    size_t quote = start;
    if (end - start != 1 || (text.data[start] != 's' && text.data[start] != 'S'))
        return false;
    if (start >= 1 && text.data[start - 1] == '\'')
        quote = start - 1;
    else if (start >= 3 && memcmp(text.data + start - 3, "\u2019", 3) == 0)
        quote = start - 3;
    return quote < start && quote > 0 && (is_ascii_alnum(text.data[quote - 1]) || beyond_ascii(text, quote - 1));
}

/* "U.S", "N.A.T.O": single letters with full stops between are one word. */
static size_t initials_end(struct slice text, size_t end)
{
    size_t next;
    while (end + 1 < text.length && text.data[end] == '.' && is_letter(text.data[end + 1]) &&
           (end + 2 >= text.length || !is_ascii_alnum(text.data[end + 2])) && !goes_on(text, end + 2, &next))
        end += 2;
    return end;
}

/* A word that begins with ASCII; `*at` moves behind it. */
static int take_word(const struct run *run, size_t *at)
{
    struct slice text = run->text;
    size_t start = *at, end = start, next;
    bool ascii = true;
    for (;;) {
        if (end < text.length && is_ascii_alnum(text.data[end])) {
            end++;
        } else if (goes_on(text, end, &next)) {
            ascii = false;
            end = next;
        } else {
            break;
        }
    }
    *at = end;
    if (ascii && end - start == 1 && is_letter(text.data[start])) {
        if (is_possessive(text, start, end))
            return 0;
        *at = end = initials_end(text, end);
    }
    return emit_word(run, start, end, ascii);
}

/* The end of what has that class, with its marks. */
static size_t class_end(struct slice text, size_t at, enum letter_class class)
{
    size_t next = at;
    while (beyond_ascii(text, at)) {
        enum letter_class other = letter_class(letter_next(text, &next));
        if (other != class && other != LETTER_MARK)
            break;
        at = next;
    }
    return at;
}

static int take_beyond_ascii(const struct run *run, size_t *at)
{
    size_t start = *at, end = start;
    enum letter_class class = letter_class(letter_next(run->text, &end));
    if (class == LETTER_WORD)
        return take_word(run, at);
    if (class == LETTER_IDEOGRAPH) {
        *at = class_end(run->text, end, class);
        return emit_ideographs(run, start, *at);
    }
    if (class == LETTER_COMPLEX) {
        *at = class_end(run->text, end, class);
        struct complex complex = {run, start};
        return letters_words(run->letters, (struct slice){run->text.data + start, *at - start}, emit_complex_word, &complex);
    }
    *at = end;
    return 0;
}

/* ---- a text ----------------------------------------------------------------------------------------------- */

static void take_header(struct run *run)
{
    const char *end = run->text.length && run->text.data[0] == TOKENS_HEADER
                          ? memchr(run->text.data, TOKENS_HEADER_END, run->text.length)
                          : NULL;
    if (!end)
        return;
    run->base = (size_t)(end - run->text.data) + 1;
    run->exact = run->text.data[1] == '=';
    if (!run->exact && run->base >= 4)
        memcpy(run->language, run->text.data + 1, 2);
    run->text = (struct slice){end + 1, run->text.length - run->base};
}

int tokenizer_run(struct tokenizer *tokenizer, enum tokens_use use, struct slice text, tokens_emit *emit, void *to)
{
    struct run run = {.letters = tokenizer->letters, .use = use, .text = text, .emit = emit, .to = to};
    int result = 0;
    take_header(&run);
    for (size_t at = 0; at < run.text.length && result == 0;) {
        if (is_ascii_alnum(run.text.data[at]))
            result = take_word(&run, &at);
        else if (beyond_ascii(run.text, at))
            result = take_beyond_ascii(&run, &at);
        else
            at++;
    }
    return result;
}
