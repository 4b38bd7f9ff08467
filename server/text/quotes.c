/* What stands in quotation marks, paragraph by paragraph.
 *
 *     quotation = open words close          of any mark systems, also mixed: „…“ “…” «…» "…" ''…'' ‘…’
 *               | open words                the closing mark is lost: up to the end of its sentence, or of the paragraph where
 *                                           the next one opens again (a quotation over several paragraphs)
 *               | words close               the opening mark is lost: from the beginning of its sentence
 *
 * Which of the two a mark is, its neighbours tell before its shape does: one that is written to the word behind it opens, one
 * written to the word before it closes. A mark with words at both sides closes what is open, and opens where nothing is. Single
 * marks open only where a closing one follows, since most of them are apostrophes; inside double marks they part nothing. */
#include <string.h>

#include "text_private.h"

enum {
    SINGLE_MAX = 120 /* words between single marks */,
    SET_APART_MAX = 3 /* words that are no speech by themselves */,
    ATTRIBUTION_WORDS = 6
};

struct quoting {
    struct text *text;
    uint32_t first, end; /* the paragraph */
    uint32_t open;       /* the token of the mark that opened, or UINT32_MAX */
    uint32_t done;       /* the token after the last quotation */
    uint32_t room;
};

/* ---- one mark --------------------------------------------------------------------------------------------- */

enum side { SIDE_NONE, SIDE_OPENS, SIDE_CLOSES };

static enum side side_of_shape(struct slice mark)
{
    static const char *const opening[] = {"“", "„", "«", "‹", "‘", "‚", "`", "``", "‟"};
    static const char *const closing[] = {"”", "»", "›", "’", "´"};
    for (size_t i = 0; i < sizeof opening / sizeof opening[0]; i++)
        if (slice_is(mark, opening[i]))
            return SIDE_OPENS;
    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++)
        if (slice_is(mark, closing[i]))
            return SIDE_CLOSES;
    return SIDE_NONE;
}

static bool touches_left(const struct quoting *quoting, uint32_t at)
{
    return at > quoting->first && !(quoting->text->tokens[at].flags & (TOKEN_AFTER_SPACE | TOKEN_LINE_START));
}

static bool touches_right(const struct quoting *quoting, uint32_t at)
{
    return at + 1 < quoting->end && !(quoting->text->tokens[at + 1].flags & (TOKEN_AFTER_SPACE | TOKEN_LINE_START));
}

static bool is_word(const struct token *token)
{
    return token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER;
}

/* What the neighbours say; where they say nothing, what the shape does. */
static enum side side_of(const struct quoting *quoting, uint32_t at)
{
    const struct token *tokens = quoting->text->tokens;
    enum side shape = side_of_shape(token_text(quoting->text, at));
    bool left = touches_left(quoting, at), right = touches_right(quoting, at);
    bool open = quoting->open != UINT32_MAX;
    if (at == quoting->first)
        return SIDE_OPENS;
    if (at + 1 == quoting->end)
        return SIDE_CLOSES;
    if (left && !right)
        return SIDE_CLOSES;
    if (!left && right) {
        if (tokens[at + 1].kind == TOKEN_MARK && tokens[at + 1].mark != '(' && tokens[at + 1].mark != '[' &&
            tokens[at + 1].mark != '~')
            return SIDE_CLOSES; /* " , she said" */
        return open && shape == SIDE_CLOSES ? SIDE_CLOSES : SIDE_OPENS;
    }
    if (left && tokens[at - 1].kind == TOKEN_MARK && tokens[at - 1].mark && strchr("([-/", tokens[at - 1].mark))
        return SIDE_OPENS; /* ("…" */
    if (left && right && is_word(&tokens[at - 1]) && is_word(&tokens[at + 1]))
        return open ? SIDE_CLOSES : shape == SIDE_CLOSES ? SIDE_CLOSES : SIDE_OPENS;
    if (left && right && !is_word(&tokens[at + 1]))
        return SIDE_CLOSES;
    return open ? SIDE_CLOSES : shape == SIDE_NONE ? SIDE_OPENS : shape;
}

/* ---- quotations ------------------------------------------------------------------------------------------- */

/* Without the marks that an editor sets before a closing quotation mark. */
static struct span words_of(const struct quoting *quoting, uint32_t first, uint32_t end)
{
    const struct token *tokens = quoting->text->tokens;
    while (end > first && (tokens[end - 1].kind == TOKEN_QUOTE ||
                           (tokens[end - 1].kind == TOKEN_MARK && (tokens[end - 1].mark == ',' || tokens[end - 1].mark == '.'))))
        end--;
    while (first < end && tokens[first].kind == TOKEN_QUOTE)
        first++;
    return (struct span){first, end};
}

/* A sentence or a clause: it has several words, or begins like a sentence and ends in a mark. */
static bool is_speech(const struct quoting *quoting, struct span words, uint32_t end)
{
    const struct text *text = quoting->text;
    uint32_t count = 0, capitals = 0;
    for (uint32_t i = words.first; i < words.end; i++) {
        count += is_word(&text->tokens[i]);
        capitals += (text->tokens[i].flags & TOKEN_CAPITAL) != 0;
    }
    bool title = count > 1 && capitals * 3 >= count * 2;
    bool marked = end > words.end || (words.end > words.first && text->tokens[words.end - 1].kind == TOKEN_MARK);
    if (count > SET_APART_MAX)
        return !title || marked;
    return marked && !title && text->tokens[words.first].flags & TOKEN_CAPITAL;
}

static struct quotation *add_quotation(struct quoting *quoting, uint32_t open, uint32_t first, uint32_t end, uint32_t close)
{
    struct text *text = quoting->text;
    struct span words = words_of(quoting, first, end);
    if (span_empty(words))
        return NULL;
    if (text->quotation_count == quoting->room) {
        uint32_t more = quoting->room ? quoting->room * 2 : 32;
        text->quotations =
            arena_grow(text->arena, text->quotations, quoting->room * sizeof *text->quotations, more * sizeof *text->quotations);
        quoting->room = more;
    }
    struct quotation *quotation = &text->quotations[text->quotation_count++];
    *quotation = (struct quotation){.span = words, .open = open, .close = close, .speech = is_speech(quoting, words, end)};
    for (uint32_t i = words.first; i < words.end; i++)
        text->tokens[i].flags |= TOKEN_QUOTED;
    quoting->done = close == UINT32_MAX ? end : close + 1;
    return quotation;
}

static struct span sentence_at(const struct text *text, uint32_t at)
{
    return text->sentences[text->sentence_of[at]].span;
}

/* Whether words are run together here, or a sentence begins without a blank: where a closing mark was lost. */
static bool run_together(const struct text *text, uint32_t at)
{
    if (text->tokens[at].flags & TOKEN_SPLIT)
        return true;
    return text->tokens[at].kind == TOKEN_WORD && text->tokens[at].flags & TOKEN_CAPITAL && token_is_mark(text, at - 1, '.') &&
           !(text->tokens[at].flags & (TOKEN_AFTER_SPACE | TOKEN_LINE_START));
}

/* Whether the comma is followed by "said X" or "X said": the attribution of what stands before it. */
static bool attributes(const struct text *text, uint32_t comma, uint32_t end)
{
    for (uint32_t i = comma + 1; i < end && i - comma <= ATTRIBUTION_WORDS && is_word(&text->tokens[i]); i++) {
        if (i > comma + 1 && run_together(text, i))
            return false;
        struct match verb = lexicon_match(text, LEXICON_VERBS, i);
        if (verb.entry && verb.inflections & (INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_THIRD)) &&
            entry_lists(verb.entry, "frames", "quote"))
            return i == comma + 1 || i + 1 >= end || !is_word(&text->tokens[i + 1]);
    }
    return false;
}

/* The mark that opened was never closed: its quotation ends where words are run together, or before what attributes it, or with
 * its sentence; at the latest at `end`. */
static void close_lost(struct quoting *quoting, uint32_t end)
{
    const struct text *text = quoting->text;
    uint32_t open = quoting->open, stop = open + 1 < end ? sentence_at(text, open + 1).end : end;
    quoting->open = UINT32_MAX;
    stop = stop < end ? stop : end;
    for (uint32_t i = open + 2; i < end; i++) {
        if (run_together(text, i) || (i < stop && token_is_mark(text, i, ',') && attributes(text, i, end))) {
            stop = i;
            break;
        }
    }
    add_quotation(quoting, open, open + 1, stop, UINT32_MAX);
}

/* Where a closing mark was lost inside what the mark at `close` ends: words are run together, and an attribution follows them:
 * "… as promised.He added". `close` where none was. */
static uint32_t close_within(const struct quoting *quoting, uint32_t close)
{
    for (uint32_t i = quoting->open + 2; i < close; i++)
        if (run_together(quoting->text, i) && attributes(quoting->text, i - 1, close))
            return i;
    return close;
}

/* A closing mark that nothing opened: the quotation begins with its sentence, or after the last one or a colon. */
static void open_lost(struct quoting *quoting, uint32_t close)
{
    const struct text *text = quoting->text;
    struct span sentence = sentence_at(text, close);
    uint32_t first = sentence.first > quoting->done ? sentence.first : quoting->done;
    if (first < quoting->first)
        first = quoting->first;
    for (uint32_t i = first; i < close; i++)
        if (token_is_mark(text, i, ':'))
            first = i + 1;
    if (close > first + 1)
        add_quotation(quoting, UINT32_MAX, first, close, close);
}

/* ---- a paragraph ------------------------------------------------------------------------------------------ */

/* An apostrophe that stands apart: "the players' wages", "'em". */
static bool is_apostrophe(const struct quoting *quoting, uint32_t at)
{
    const struct token *tokens = quoting->text->tokens;
    if (!touches_left(quoting, at) || touches_right(quoting, at) || tokens[at - 1].kind != TOKEN_WORD)
        return false;
    return slice_ends(token_text(quoting->text, at - 1), "s") && at + 1 < quoting->end && tokens[at + 1].kind == TOKEN_WORD;
}

/* The single mark that closes what one at `at` opens; UINT32_MAX where it is an apostrophe or was lost. */
static uint32_t single_close(const struct quoting *quoting, uint32_t at)
{
    const struct token *tokens = quoting->text->tokens;
    for (uint32_t i = at + 1; i < quoting->end && i - at < SINGLE_MAX; i++) {
        if (tokens[i].kind != TOKEN_QUOTE)
            continue;
        if (tokens[i].mark == '"')
            return UINT32_MAX;
        if (!touches_right(quoting, i) || (i + 1 < quoting->end && !is_word(&tokens[i + 1])))
            return touches_left(quoting, i) && !is_apostrophe(quoting, i) ? i : UINT32_MAX;
    }
    return UINT32_MAX;
}

/* A single mark where no double one is open. Returns the token to go on from. */
static uint32_t read_single(struct quoting *quoting, uint32_t at)
{
    bool opens = !touches_left(quoting, at) && touches_right(quoting, at);
    bool decade = at + 1 < quoting->end && quoting->text->tokens[at + 1].kind == TOKEN_NUMBER &&
                  slice_ends(token_text(quoting->text, at + 1), "s"); /* "the '90s" */
    uint32_t close = opens && !decade ? single_close(quoting, at) : UINT32_MAX;
    if (close == at + 2 && quoting->text->tokens[at + 1].points == 1)
        close = UINT32_MAX; /* "rock 'n' roll" */
    if (close == UINT32_MAX) {
        if (is_apostrophe(quoting, at))
            quoting->text->tokens[at].kind = TOKEN_CLITIC;
        return at + 1;
    }
    add_quotation(quoting, at, at + 1, close, close);
    return close + 1;
}

static void read_double(struct quoting *quoting, uint32_t at)
{
    enum side side = side_of(quoting, at);
    if (side == SIDE_OPENS) {
        if (quoting->open != UINT32_MAX)
            close_lost(quoting, at);
        quoting->open = at;
    } else if (quoting->open != UINT32_MAX) {
        uint32_t open = quoting->open, lost = close_within(quoting, at);
        quoting->open = UINT32_MAX;
        add_quotation(quoting, open, open + 1, lost < at ? lost : at, lost < at ? UINT32_MAX : at);
    } else {
        open_lost(quoting, at);
    }
}

/* Whether the paragraph after this one opens with a mark: a quotation that is open here goes on there. */
static bool goes_on(const struct quoting *quoting)
{
    return quoting->end < quoting->text->token_count && quoting->text->tokens[quoting->end].kind == TOKEN_QUOTE &&
           quoting->text->tokens[quoting->end].mark == '"';
}

static void read_paragraph(struct quoting *quoting)
{
    const struct token *tokens = quoting->text->tokens;
    quoting->open = UINT32_MAX;
    quoting->done = quoting->first;
    for (uint32_t i = quoting->first; i < quoting->end;) {
        if (tokens[i].kind != TOKEN_QUOTE) {
            i++;
            continue;
        }
        if (tokens[i].mark == '"') {
            read_double(quoting, i++);
        } else if (quoting->open == UINT32_MAX) {
            i = read_single(quoting, i);
        } else {
            if (is_apostrophe(quoting, i))
                quoting->text->tokens[i].kind = TOKEN_CLITIC;
            i++;
        }
    }
    if (quoting->open == UINT32_MAX)
        return;
    if (!goes_on(quoting) || close_within(quoting, quoting->end) < quoting->end) {
        close_lost(quoting, quoting->end);
        return;
    }
    struct quotation *quotation = add_quotation(quoting, quoting->open, quoting->open + 1, quoting->end, UINT32_MAX);
    if (quotation)
        quotation->continued = true;
}

void text_quotes(struct text *text)
{
    struct quoting quoting = {.text = text};
    for (uint32_t i = 0; i < text->paragraph_count; i++) {
        quoting.first = text->paragraphs[i].span.first;
        quoting.end = text->paragraphs[i].span.end;
        if (text->paragraphs[i].role != PARAGRAPH_BOILERPLATE)
            read_paragraph(&quoting);
    }
}
