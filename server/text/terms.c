/* Names of what is no actor: treaties, programmes, laws; and pairs of words that reports of one statement may differ in.
 *
 *     term     = capitals [ "(" acronym ")" ] head                 "Arms Trade Treaty", "Open Skies (OS) agreement"
 *              | [ capitals ] head ( "on" | "for" | … ) [ "the" ] capitals [ "(" acronym ")" ]     "Treaty on Open Skies"
 *     capitals = a capitalised word, and more with "and", "of" or "on" between
 *
 * Two terms may be the same when they share a handle: the acronym, which may also be made of the initials of three words or more;
 * all words but one, of four words or more with the head; or the head and one end of its only word ("~declaration white"). */
#include <stdlib.h>
#include <string.h>

#include "letters.h"
#include "text_private.h"

enum { TERM_WORDS_MAX = 10, WORD_MAX = 40, ACRONYM_MIN = 2, ACRONYM_MAX = 8, HOLED_MIN = 3, SPELT_MAX = 60, END_LETTERS = 5 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What is signed, passed or run; those that are `named` only where they have a capital themselves. */
static const struct {
    const char *word;
    bool named;
} heads[] = {
    {"treaty", false},     {"treaties", false}, {"agreement", false},  {"agreements", false}, {"accord", false},
    {"accords", false},    {"pact", false},     {"convention", false}, {"conventions", true}, {"protocol", false},
    {"protocols", false},  {"doctrine", false}, {"charter", true},     {"act", true},         {"declaration", true},
    {"memorandum", false}, {"programme", true}, {"program", true},     {"initiative", true},  {"framework", true},
    {"plan", true},        {"directive", true}, {"regulation", true},  {"statute", true},     {"deal", true},
    {"bill", true},        {"fund", true},      {"mechanism", true},   {"partnership", true},
};

static const char *head_word(const struct text *text, uint32_t at)
{
    for (size_t i = 0; i < COUNT(heads); i++) {
        if (token_is(text, at, heads[i].word))
            return !heads[i].named || text->tokens[at].flags & TOKEN_CAPITAL ? heads[i].word : NULL;
    }
    return NULL;
}

static bool is_one(const struct text *text, uint32_t at, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (token_is(text, at, words[i]))
            return true;
    }
    return false;
}

/* ---- where a term stands ---------------------------------------------------------------------------------- */

static bool is_capital(const struct text *text, uint32_t at)
{
    return at < text->token_count && text->tokens[at].kind == TOKEN_WORD && text->tokens[at].flags & TOKEN_CAPITAL &&
           !(text->tokens[at].flags & TOKEN_BOILERPLATE) && !word_class(text, at).data;
}

/* In its sentence, and in a paragraph where not every word has a capital. */
static bool is_readable(const struct text *text, uint32_t at)
{
    const struct sentence *sentence = &text->sentences[text->sentence_of[at]];
    return text->sentence_count && text->paragraphs[sentence->paragraph].role == PARAGRAPH_BODY;
}

static bool together(const struct text *text, uint32_t a, uint32_t b)
{
    return b < text->token_count && text->sentence_of[a] == text->sentence_of[b];
}

/* "(INF)": the token behind the closing bracket, or `at`. */
static uint32_t past_acronym(const struct text *text, uint32_t at, struct slice *acronym)
{
    bool there = token_is_mark(text, at, '(') && at + 2 < text->token_count && text->tokens[at + 1].flags & TOKEN_UPPER &&
                 token_is_mark(text, at + 2, ')');
    if (there)
        *acronym = token_text(text, at + 1);
    return there ? at + 3 : at;
}

/* The first of the capitalised words that end before `end`. */
static uint32_t capitals_before(const struct text *text, uint32_t end)
{
    static const char *const between[] = {"and", "of", "on"};
    uint32_t first = end;
    while (first > 0 && end - first < TERM_WORDS_MAX && together(text, first - 1, end)) {
        if (is_capital(text, first - 1))
            first--;
        else if (first < end && first > 1 && is_one(text, first - 1, between, COUNT(between)) && is_capital(text, first - 2))
            first -= 2;
        else
            break;
    }
    return first;
}

static uint32_t capitals_behind(const struct text *text, uint32_t at)
{
    static const char *const openers[] = {"on", "for", "of", "against", "between", "concerning"};
    static const char *const between[] = {"and", "of", "on", "in", "the", "for"};
    uint32_t end = at;
    if (!is_one(text, at, openers, COUNT(openers)))
        return at;
    for (uint32_t next = at + 1; next - at < TERM_WORDS_MAX && together(text, at, next); next++) {
        if (is_capital(text, next))
            end = next + 1;
        else if (!is_one(text, next, between, COUNT(between)))
            break;
    }
    return end;
}

/* ---- what it is known by ---------------------------------------------------------------------------------- */

struct term_words {
    char word[TERM_WORDS_MAX * 2][WORD_MAX];
    size_t count;
};

static void add_word(struct term_words *words, struct slice written)
{
    char latin[LATIN_MAX];
    size_t length = letters_latin(written, latin);
    if (words->count == COUNT(words->word) || length == 0)
        return;
    length = length < WORD_MAX - 1 ? length : WORD_MAX - 1;
    memcpy(words->word[words->count], latin, length);
    words->word[words->count++][length] = '\0';
}

/* The words that tell it from others: without the head, states, and what only joins. */
static struct term_words content_of(const struct text *text, struct span span)
{
    struct term_words words = {.count = 0};
    for (uint32_t at = span.first; at < span.end;) {
        struct match state = lexicon_match(text, LEXICON_STATES, at);
        struct slice acronym = NO_SLICE;
        uint32_t behind = past_acronym(text, at, &acronym);
        if (behind > at) {
            at = behind;
            continue;
        }
        if (!state.entry && is_capital(text, at) && !head_word(text, at))
            add_word(&words, token_text(text, at));
        at += state.entry ? state.length : 1;
    }
    return words;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void add_handle(struct term *term, struct slice handle)
{
    if (term->handle_count < TERM_HANDLES_MAX && handle.length)
        term->handles[term->handle_count++] = handle;
}

static void add_acronym(struct text *text, struct term *term, struct slice written)
{
    char *acronym = arena_alloc(text->arena, written.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < written.length; i++) {
        char letter = written.data[i];
        if (letter >= 'A' && letter <= 'Z')
            acronym[length++] = (char)(letter + 32);
        else if (letter >= '0' && letter <= '9')
            acronym[length++] = letter;
        else if (letter != '.')
            return;
    }
    if (length >= ACRONYM_MIN && length <= ACRONYM_MAX)
        add_handle(term, (struct slice){acronym, length});
}

static void add_initials(struct text *text, struct term *term, const struct term_words *words)
{
    char *initials = arena_alloc(text->arena, TERM_WORDS_MAX * 2);
    size_t length = 0;
    for (size_t i = 0; i < words->count; i++)
        initials[length++] = words->word[i][0];
    if (length >= HOLED_MIN && length <= ACRONYM_MAX)
        add_handle(term, (struct slice){initials, length});
}

/* "coastal safety *": its words in the order of the alphabet, each left out once. */
static void add_holed(struct text *text, struct term *term, struct term_words *words)
{
    if (words->count < HOLED_MIN || words->count + 1 > TERM_HANDLES_MAX)
        return;
    qsort(words->word, words->count, WORD_MAX, compare_words);
    for (size_t hole = 0; hole < words->count; hole++) {
        char *handle = arena_alloc(text->arena, (words->count + 1) * WORD_MAX);
        size_t length = 0;
        for (size_t i = 0; i < words->count; i++) {
            size_t word = i == hole ? 0 : strlen(words->word[i]);
            memcpy(handle + length, words->word[i], word);
            length += word;
            if (word)
                handle[length++] = ' ';
        }
        handle[length++] = '*';
        add_handle(term, (struct slice){handle, length});
    }
}

static void head_of(const struct text *text, struct span span, char head[static WORD_MAX]);

/* A long word by its first letters and by its last ones. Names of quarters of the sky end alike and say where. */
static void add_ends(struct text *text, struct term *term, const struct term_words *words, struct span span)
{
    char head[WORD_MAX];
    const char *word = words->count == 1 ? words->word[0] : "";
    size_t length = strlen(word);
    if (length <= END_LETTERS || slice_ends(slice_of(word), "ern"))
        return;
    head_of(text, span, head);
    add_handle(term, slice_of(arena_print(text->arena, "~%s %.*s", head, END_LETTERS, word)));
    add_handle(term, slice_of(arena_print(text->arena, "~%s %s", head, word + length - END_LETTERS)));
}

static void add_term(struct text *text, struct span span)
{
    struct analysis *found = text->found;
    if (found->term_count == TEXT_TERMS_MAX)
        return;
    if (!found->terms)
        found->terms = arena_alloc(text->arena, TEXT_TERMS_MAX * sizeof *found->terms);
    struct term *term = &found->terms[found->term_count];
    *term = (struct term){.span = span};
    struct slice acronym = NO_SLICE;
    for (uint32_t at = span.first; at < span.end; at++) {
        if (past_acronym(text, at, &acronym) == at && text->tokens[at].flags & TOKEN_UPPER && is_capital(text, at) &&
            !acronym.data)
            acronym = token_text(text, at);
    }
    struct term_words words = content_of(text, span);
    if (acronym.data) {
        add_acronym(text, term, acronym);
    } else {
        add_initials(text, term, &words);
        add_holed(text, term, &words);
        add_ends(text, term, &words, span);
    }
    found->term_count += term->handle_count > 0;
}

void text_terms(struct text *text)
{
    for (uint32_t at = 0; at < text->token_count; at++) {
        struct slice acronym = NO_SLICE;
        if (!head_word(text, at) || text->tokens[at].flags & TOKEN_BOILERPLATE || !is_readable(text, at))
            continue;
        uint32_t before = at;
        if (before >= 3 && past_acronym(text, before - 3, &acronym) == before)
            before -= 3;
        uint32_t first = capitals_before(text, before), end = at + 1;
        if (first == before)
            first = at;
        uint32_t behind = text->tokens[at].flags & TOKEN_CAPITAL ? capitals_behind(text, end) : end;
        end = past_acronym(text, behind, &acronym);
        if (first < at || behind > at + 1)
            add_term(text, (struct span){first, end});
        at = end - 1;
    }
}

/* ---- comparing -------------------------------------------------------------------------------------------- */

static void head_of(const struct text *text, struct span span, char head[static WORD_MAX])
{
    head[0] = '\0';
    for (uint32_t at = span.first; at < span.end; at++) {
        const char *word = head_word(text, at);
        if (!word)
            continue;
        size_t length = strlen(word);
        length -= word[length - 1] == 's';
        memcpy(head, word, length);
        head[length] = '\0';
        if (length > 3 && strcmp(head + length - 2, "ie") == 0)
            memcpy(head + length - 2, "y", 2);
        if (strcmp(head, "programme") == 0)
            head[7] = '\0';
    }
}

/* Without the acronym, where there are other words. */
static struct term_words spelt_out(const struct text *text)
{
    struct term_words all = content_of(text, (struct span){0, text->token_count}), words = {.count = 0};
    for (uint32_t at = 0, i = 0; at < text->token_count && i < all.count; at++) {
        if (!is_capital(text, at) || head_word(text, at))
            continue;
        if (!(text->tokens[at].flags & TOKEN_UPPER))
            add_word(&words, token_text(text, at));
        i++;
    }
    return words;
}

/* How many words they share; `apart` gets whether those that they do not share begin with different letters. */
static size_t shared_words(const struct term_words *a, const struct term_words *b, bool *apart)
{
    size_t shared = 0;
    char initial = '\0', other_initial = '\0';
    for (size_t i = 0; i < a->count; i++) {
        bool there = false;
        for (size_t j = 0; j < b->count && !there; j++)
            there = strcmp(a->word[i], b->word[j]) == 0;
        shared += there;
        initial = there ? initial : a->word[i][0];
    }
    for (size_t j = 0; j < b->count; j++) {
        bool there = false;
        for (size_t i = 0; i < a->count && !there; i++)
            there = strcmp(a->word[i], b->word[j]) == 0;
        other_initial = there ? other_initial : b->word[j][0];
    }
    *apart = initial != other_initial;
    return shared;
}

/* Words that meet under one of their ends: they have as many letters in common as not. */
static bool ends_alike(const struct term_words *a, const struct term_words *b)
{
    if (a->count != 1 || b->count != 1)
        return false;
    const char *one = a->word[0], *other = b->word[0];
    size_t length = strlen(one), others = strlen(other), longer = length > others ? length : others, first = 0, last = 0;
    while (first < length && first < others && one[first] == other[first])
        first++;
    while (last < length && last < others && one[length - last - 1] == other[others - last - 1])
        last++;
    return (first > last ? first : last) * 2 >= longer;
}

enum spelling text_term_naming(struct slice a, struct slice b, struct slice handle, struct arena *arena)
{
    char head[WORD_MAX], other_head[WORD_MAX];
    struct text one = {.bytes = a, .arena = arena}, other = {.bytes = b, .arena = arena};
    bool apart;
    text_tokens(&one);
    text_tokens(&other);
    struct term_words words = spelt_out(&one), others = spelt_out(&other);
    size_t shared = shared_words(&words, &others, &apart), most = words.count > others.count ? words.count : others.count;
    head_of(&one, (struct span){0, one.token_count}, head);
    head_of(&other, (struct span){0, other.token_count}, other_head);
    bool same_head = strcmp(head, other_head) == 0;
    if (slice_starts(handle, "~"))
        return shared ? SPELLING_SAME : ends_alike(&words, &others) ? SPELLING_OTHER : SPELLING_APART;
    if (words.count < 2 || others.count < 2)
        return same_head ? SPELLING_SAME : SPELLING_OTHER;
    if (same_head && (shared == words.count || shared == others.count))
        return SPELLING_SAME;
    /* What has the same initials meets under these. */
    bool met = slice_ends(handle, "*") && !apart;
    return !met && words.count == others.count && shared * 2 >= most ? SPELLING_OTHER : SPELLING_APART;
}

/* ---- pairs ------------------------------------------------------------------------------------------------ */

static bool is_common_word(const struct text *text, uint32_t at)
{
    return at < text->token_count && text->tokens[at].kind == TOKEN_WORD && !(text->tokens[at].flags & TOKEN_CAPITAL) &&
           !word_class(text, at).data;
}

static struct slice preposition_at(const struct text *text, uint32_t at)
{
    return at < text->token_count && slice_is(word_class(text, at), "preposition") ? token_text(text, at) : NO_SLICE;
}

size_t text_word_pairs(struct slice content, struct arena *arena, struct word_pair *pairs, size_t most)
{
    struct text text = {.bytes = content, .arena = arena};
    size_t count = 0;
    text_tokens(&text);
    for (uint32_t at = 0; at + 2 < text.token_count && count < most; at++) {
        if (!is_common_word(&text, at) || !token_is(&text, at + 1, "and") || !is_common_word(&text, at + 2))
            continue;
        const struct token *first = &text.tokens[at], *second = &text.tokens[at + 2];
        uint32_t left = at > 1 && slice_is(word_class(&text, at - 1), "determiner") ? at - 2 : at - 1;
        struct word_pair pair = {.start = first->point,
                                 .end = second->point + second->points,
                                 .first = token_text(&text, at),
                                 .second = token_text(&text, at + 2),
                                 .before = at ? preposition_at(&text, left) : NO_SLICE,
                                 .behind = preposition_at(&text, at + 3)};
        if (pair.before.data || pair.behind.data)
            pairs[count++] = pair;
    }
    return count;
}
