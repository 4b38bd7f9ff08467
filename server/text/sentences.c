/* Sentences, inside paragraphs. A sentence never goes on in the next paragraph.
 *
 *     sentence   = { token } stop { stop } { closer }          up to where the next one begins, or the paragraph's end
 *                | { token }                                   before a word that was run together with it: "talks|The"
 *     stop       = "." | "?" | "!" | an ellipsis               "U.S." may be one, too
 *     closer     = ")" | "]" | a quotation mark that closes
 *
 * A stop is none inside an abbreviation or behind an initial, and where what follows goes on: a small letter, a comma, the
 * attribution after "?" or "!" and a closing mark. A decimal point never gets here (tokens.c). */
#include "sentences.h"

#include <string.h>

enum {
    ATTRIBUTION_WORDS = 6,
    CLOSERS = 8,
    SENTENCE_TOKENS = 300 /* nobody speaks so long: what has no stop is cut, so that a recogniser's work in it is bounded */
};

static const struct token *at(const struct sentences *sentences, uint32_t place)
{
    return &sentences->text->tokens[place];
}

static bool is_mark(const struct sentences *sentences, uint32_t place, const char *marks)
{
    const struct token *token = at(sentences, place);
    return place < sentences->end && token->kind == TOKEN_MARK && token->mark && strchr(marks, token->mark);
}

static bool is_capital_word(const struct sentences *sentences, uint32_t place)
{
    const struct token *token = at(sentences, place);
    return place < sentences->end && token->kind == TOKEN_WORD && token->flags & TOKEN_CAPITAL;
}

/* "The", "In", "But" with a capital: in the middle of a sentence they are small. */
static bool begins_like_a_sentence(const struct sentences *sentences, uint32_t place)
{
    static const char *const classes[] = {"determiner", "pronoun", "preposition", "conjunction", "subordinator", "adverb"};
    if (!is_capital_word(sentences, place))
        return false;
    struct match match = lexicon_match(sentences->text, LEXICON_FUNCTION_WORDS, place);
    for (size_t i = 0; match.entry && i < sizeof classes / sizeof classes[0]; i++)
        if (entry_lists(match.entry, "class", classes[i]))
            return true;
    return false;
}

/* ---- stops ------------------------------------------------------------------------------------------------ */

/* What kind of stop a token is. */
enum stop {
    STOP_NONE,
    STOP_SURE,
    STOP_MAYBE /* the dot of an abbreviation: a stop only where the next word cannot be in the middle of a sentence */
};

/* Notes the abbreviation that begins here, so that its dots are known when they come. */
static void note_abbreviation(struct sentences *sentences, uint32_t place)
{
    struct match match = lexicon_match(sentences->text, LEXICON_ABBREVIATIONS, place);
    if (!match.entry || place < sentences->abbreviation_end)
        return;
    uint32_t end = place + match.length;
    bool number_follows = end < sentences->end && at(sentences, end)->kind == TOKEN_NUMBER;
    if (entry_has(match.entry, "number") && !number_follows)
        return;
    sentences->abbreviation_end = end;
    sentences->abbreviation_may_end = entry_has(match.entry, "end");
}

static bool is_initial(const struct sentences *sentences, uint32_t place)
{
    const struct token *token = at(sentences, place);
    return token->kind == TOKEN_WORD && token->flags & TOKEN_CAPITAL && token->points == 1;
}

static enum stop dot(const struct sentences *sentences, uint32_t first, uint32_t place)
{
    if (place < sentences->abbreviation_end) {
        bool last = place + 1 == sentences->abbreviation_end;
        return last && sentences->abbreviation_may_end ? STOP_MAYBE : STOP_NONE;
    }
    if (place == first)
        return STOP_NONE;
    if (at(sentences, place - 1)->kind == TOKEN_NUMBER && place - 1 == first)
        return STOP_NONE; /* "1." of a list */
    return is_initial(sentences, place - 1) && !(at(sentences, place)->flags & TOKEN_AFTER_SPACE) ? STOP_MAYBE : STOP_SURE;
}

static enum stop stop_at(const struct sentences *sentences, uint32_t first, uint32_t place)
{
    const struct token *token = at(sentences, place);
    if (token->kind == TOKEN_WORD) {
        struct slice word = token_text(sentences->text, place);
        return word.length > 2 && slice_ends(word, ".") ? STOP_MAYBE : STOP_NONE; /* "U.S." */
    }
    if (is_mark(sentences, place, "?!"))
        return STOP_SURE;
    if (is_mark(sentences, place, "~"))
        return place > first && is_mark(sentences, place - 1, "([") ? STOP_NONE : STOP_SURE; /* "(…)" leaves words out */
    return is_mark(sentences, place, ".") ? dot(sentences, first, place) : STOP_NONE;
}

/* ---- what follows a stop ---------------------------------------------------------------------------------- */

/* Whether a quotation mark behind a stop closes. A blank on one side only tells it; else whether one is open does. */
static bool closes(const struct sentences *sentences, uint32_t place)
{
    bool after_space = at(sentences, place)->flags & TOKEN_AFTER_SPACE;
    if (place + 1 >= sentences->end)
        return true;
    bool before_space = at(sentences, place + 1)->flags & TOKEN_AFTER_SPACE;
    if (after_space != before_space)
        return before_space;
    if (is_mark(sentences, place + 1, ".,;:?!)"))
        return true;
    return sentences->open_quotes % 2 == 1;
}

/* The token after further stops, brackets and quotation marks that belong to the sentence. */
static uint32_t with_closers(struct sentences *sentences, uint32_t place)
{
    for (uint32_t limit = place + CLOSERS; place < sentences->end && place < limit; place++) {
        const struct token *token = at(sentences, place);
        bool more = is_mark(sentences, place, ")]") || (is_mark(sentences, place, ".?!~") && !(token->flags & TOKEN_LINE_START));
        if (!more && (token->kind != TOKEN_QUOTE || !closes(sentences, place)))
            break;
        sentences->open_quotes += token->kind == TOKEN_QUOTE && token->mark == '"';
    }
    return place;
}

/* "“Will it?” Keller asked": a verb of saying, in a form that has a subject, behind a name. */
static bool is_attribution(const struct sentences *sentences, uint32_t place)
{
    for (uint32_t i = place; i < sentences->end && i < place + ATTRIBUTION_WORDS; i++) {
        struct match verb = lexicon_match(sentences->text, LEXICON_VERBS, i);
        if (verb.entry && verb.inflections & (INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_THIRD)))
            return i > place || !is_capital_word(sentences, i);
        if (!is_capital_word(sentences, i) && at(sentences, i)->kind != TOKEN_CLITIC && !is_mark(sentences, i, "."))
            return false;
    }
    return false;
}

/* Whether the sentence that stopped at `stop` goes on at `next`, past its closers. */
static bool goes_on(const struct sentences *sentences, uint32_t stop, enum stop kind, uint32_t next)
{
    if (next >= sentences->end)
        return false;
    const struct token *token = at(sentences, next);
    bool quoted = at(sentences, next - 1)->kind == TOKEN_QUOTE;
    if (kind == STOP_MAYBE)
        return !begins_like_a_sentence(sentences, next);
    if (is_mark(sentences, next, ",;:"))
        return true;
    if (is_mark(sentences, next, "-"))
        return !(token->flags & TOKEN_LINE_START);
    if (token->kind == TOKEN_WORD && !(token->flags & TOKEN_CAPITAL))
        return !(token->flags & TOKEN_LINE_START);
    if (quoted && is_mark(sentences, stop, "?!"))
        return is_attribution(sentences, next);
    return false;
}

/* A word that lost the blank before it and begins a sentence: "talks|The". */
static bool is_split_off(const struct sentences *sentences, uint32_t place)
{
    if (!(at(sentences, place)->flags & TOKEN_SPLIT))
        return false;
    struct match match = lexicon_match(sentences->text, LEXICON_FUNCTION_WORDS, place);
    return match.entry && (entry_lists(match.entry, "class", "determiner") || entry_lists(match.entry, "class", "pronoun"));
}

uint32_t sentence_end(struct sentences *sentences, uint32_t first)
{
    for (uint32_t place = first; place < sentences->end; place++) {
        const struct token *token = at(sentences, place);
        if (place > first &&
            (is_split_off(sentences, place) || (is_mark(sentences, place, "*") && token->flags & TOKEN_LINE_START)))
            return place;
        if (place - first >= SENTENCE_TOKENS)
            return place;
        note_abbreviation(sentences, place);
        enum stop stop = stop_at(sentences, first, place);
        sentences->open_quotes += token->kind == TOKEN_QUOTE && token->mark == '"';
        if (stop == STOP_NONE)
            continue;
        uint32_t next = with_closers(sentences, place + 1);
        if (!goes_on(sentences, place, stop, next))
            return next;
        place = next - 1;
    }
    return sentences->end;
}

/* ---- all of them ------------------------------------------------------------------------------------------ */

/* The first token, and the first word of it: behind a quotation mark, too. */
static void mark_start(struct text *text, struct span span)
{
    uint32_t place = span.first;
    text->tokens[place].flags |= TOKEN_SENTENCE_START;
    while (place < span.end && text->tokens[place].kind >= TOKEN_QUOTE)
        place++;
    if (place < span.end)
        text->tokens[place].flags |= TOKEN_SENTENCE_START;
}

void text_sentences(struct text *text)
{
    uint32_t room = 0;
    for (uint32_t i = 0; i < text->paragraph_count; i++) {
        struct paragraph *paragraph = &text->paragraphs[i];
        struct sentences sentences = {.text = text, .end = paragraph->span.end};
        paragraph->sentences.first = text->sentence_count;
        for (uint32_t first = paragraph->span.first; first < paragraph->span.end;) {
            struct span span = {first, sentence_end(&sentences, first)};
            if (text->sentence_count == room) {
                uint32_t more = room ? room * 2 : 64;
                size_t size = sizeof *text->sentences;
                text->sentences = arena_grow(text->arena, text->sentences, room * size, more * size);
                room = more;
            }
            mark_start(text, span);
            for (uint32_t place = span.first; place < span.end; place++)
                text->sentence_of[place] = text->sentence_count;
            text->sentences[text->sentence_count++] = (struct sentence){.span = span, .paragraph = i};
            first = span.end;
        }
        paragraph->sentences.end = text->sentence_count;
    }
}
