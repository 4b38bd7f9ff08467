/* What stands around an article, told by the phrases of lexicon/boilerplate.txt, which has the flags that are named here.
 *
 *     furniture line = lead-in start …                    "See also War and …"; a name must follow one that is `named`
 *                    | lead-in { button | number | mark } "3 comments", "Share Tweet"; lead-in: bullets and brackets
 *                    | lead-in stamp [ … ] number         "Updated 9 January"
 *                    | … label                            of at most five words
 *                    | call … offer                       one sentence: "Join us on Telegram"
 *                    | … credit                           of a caption
 *     byline         = lead-in byline Name …              "By Anna Keller"
 *                    | initials [ "/" initials ]          "ak /" */
#include <string.h>

#include "clean.h"
#include "sentences.h"

enum {
    START_WORDS = 60,  /* of a line that begins with a phrase */
    BUTTON_WORDS = 12, /* of a line of buttons */
    LABEL_WORDS = 5,
    CALL_WORDS = 30, /* of a sentence that asks for something */
    CAPTION_WORDS = 45,
    BYLINE_WORDS = 14,
    STAMP_WORDS = 14,
    STAMP_WORDS_STOPPED = 5,
    CREDITS_WORDS = 60, /* of the reporters of an agency */
    INITIALS = 4,       /* letters */
    LINK_WORDS = 20,
    ARTICLE_WORDS = 40, /* before something that can end the article */
    PORTRAIT_WORDS = 50,
    BRACKET_TOKENS = 80
};

static const struct token *token_at(const struct cleaning *cleaning, uint32_t at)
{
    return &cleaning->text->tokens[at];
}

static struct match phrase_at(const struct cleaning *cleaning, uint32_t at)
{
    return lexicon_match(cleaning->text, LEXICON_BOILERPLATE, at);
}

static bool has(struct match match, const char *flag)
{
    return match.entry && entry_has(match.entry, flag);
}

static bool is_name_word(const struct token *token)
{
    return token->kind == TOKEN_WORD && token->flags & TOKEN_CAPITAL;
}

/* The first token that is a word or a number, past bullets, brackets and dashes. */
static uint32_t past_marks(const struct cleaning *cleaning, struct span span)
{
    uint32_t at = span.first;
    while (at < span.end && token_at(cleaning, at)->kind >= TOKEN_QUOTE && !phrase_at(cleaning, at).entry)
        at++;
    return at;
}

/* ---- whole lines ------------------------------------------------------------------------------------------ */

static bool only_names_follow(const struct cleaning *cleaning, uint32_t at, uint32_t end)
{
    uint32_t names = 0;
    for (; at < end; at++, names++)
        if (!is_name_word(token_at(cleaning, at)) && !token_is_mark(cleaning->text, at, '.'))
            return false;
    return names >= 1 && names <= 5;
}

static bool begins_as_furniture(const struct cleaning *cleaning, const struct block *block, uint32_t first, struct match match)
{
    uint32_t after = first + match.length;
    if (has(match, "start") && block->words <= START_WORDS)
        return !has(match, "named") || (!block->stop && only_names_follow(cleaning, after, block->span.end));
    if (!has(match, "stamp") || block->words > STAMP_WORDS || (block->stop && block->words > STAMP_WORDS_STOPPED))
        return false;
    for (uint32_t at = after; at < block->span.end && at < after + 4; at++)
        if (token_at(cleaning, at)->kind == TOKEN_NUMBER)
            return true;
    return false;
}

/* Nothing but buttons, counters and marks. */
static bool is_row_of_buttons(const struct cleaning *cleaning, const struct block *block, struct block *flags)
{
    static const char *const buttons[] = {"line", "share", "counted", "call", "offer"};
    uint32_t found = 0;
    if (block->words > BUTTON_WORDS)
        return false;
    for (uint32_t at = block->span.first; at < block->span.end;) {
        struct match match = phrase_at(cleaning, at);
        bool button = false;
        for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++)
            button |= has(match, buttons[i]);
        if (!button && token_at(cleaning, at)->kind == TOKEN_WORD)
            return false;
        flags->list |= has(match, "list");
        flags->end |= has(match, "end");
        found += button;
        at += button ? match.length : 1;
    }
    return found > 0;
}

static bool is_label(const struct cleaning *cleaning, const struct block *block)
{
    if (block->words > LABEL_WORDS || block->stop || block->quoted)
        return false;
    for (uint32_t at = block->span.first; at < block->span.end; at++) {
        struct match match = phrase_at(cleaning, at);
        if (!has(match, "label"))
            continue;
        uint32_t end = at + match.length;
        while (end < block->span.end && token_at(cleaning, end)->kind == TOKEN_MARK)
            end++;
        if (end == block->span.end)
            return true;
    }
    return false;
}

/* "our", "us", "here", "@": the words of a site that speaks of itself. */
static bool speaks_of_itself(const struct cleaning *cleaning, uint32_t at)
{
    static const char *const words[] = {"our", "us", "your", "here"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (token_is(cleaning->text, at, words[i]))
            return true;
    return token_is_mark(cleaning->text, at, '@');
}

/* A verb of saying with a subject: somebody is reported. */
static bool reports(const struct cleaning *cleaning, uint32_t at)
{
    struct match verb = lexicon_match(cleaning->text, LEXICON_VERBS, at);
    return verb.entry && verb.inflections & (INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_THIRD)) &&
           !(verb.inflections & INFLECTION_BIT(INFLECTION_BASE));
}

/* Whether the words ask the reader for something; `alone`: they are a line of their own. */
static bool asks_reader(const struct cleaning *cleaning, struct span span, bool alone)
{
    bool offer = false, address = alone;
    uint32_t first = past_marks(cleaning, span);
    struct match call = first < span.end ? phrase_at(cleaning, first) : (struct match){0};
    if (!has(call, "call") || !is_name_word(token_at(cleaning, first)))
        return false;
    uint32_t after = first + call.length;
    if (has(call, "object") && !speaks_of_itself(cleaning, after) && !token_is(cleaning->text, after, "the") &&
        !token_is(cleaning->text, after, "this"))
        return false;
    for (uint32_t at = after; at < span.end; at++) {
        struct match match = phrase_at(cleaning, at);
        offer |= has(match, "offer") && (alone || !has(match, "weak"));
        address |= speaks_of_itself(cleaning, at);
        if (token_at(cleaning, at)->kind == TOKEN_QUOTE || reports(cleaning, at))
            return false;
    }
    return offer && address;
}

/* "Photo: Anna Keller" after a mark, "Anna Keller/Getty Images". */
static bool is_credit(const struct cleaning *cleaning, struct span span, uint32_t at)
{
    struct match match = phrase_at(cleaning, at);
    bool apart = at == span.first || token_at(cleaning, at - 1)->kind >= TOKEN_QUOTE || token_is(cleaning->text, at, "via");
    bool named = at + match.length < span.end && is_name_word(token_at(cleaning, at + match.length));
    if (!has(match, "credit"))
        return false;
    if (token_is_mark(cleaning->text, at + match.length - 1, ':'))
        return is_name_word(token_at(cleaning, at));
    return apart && (!has(match, "start") || named);
}

/* "Anna Keller/Reuters", "REUTERS/Anna Keller" with nothing but names behind it. */
static bool ends_with_agency(const struct cleaning *cleaning, struct span span)
{
    uint32_t from = span.end - span.first > 8 ? span.end - 8 : span.first + 1;
    for (uint32_t at = from; at + 1 < span.end; at++) {
        if (!token_is_mark(cleaning->text, at, '/'))
            continue;
        bool agency = lexicon_match(cleaning->text, LEXICON_MEDIA, at - 1).length == 1 ||
                      lexicon_match(cleaning->text, LEXICON_MEDIA, at + 1).entry;
        bool names = is_name_word(token_at(cleaning, at - 1));
        for (uint32_t k = at + 1; k < span.end; k++)
            names &= is_name_word(token_at(cleaning, k)) || token_at(cleaning, k)->kind == TOKEN_MARK;
        return agency && names;
    }
    return false;
}

/* A short line that begins with who made the picture, or ends with it. */
static bool is_caption(const struct cleaning *cleaning, const struct block *block)
{
    uint32_t near_end = block->span.end - block->span.first > 10 ? block->span.end - 10 : block->span.first;
    if (block->words > CAPTION_WORDS)
        return false;
    for (uint32_t at = near_end; at < block->span.end; at++)
        if (is_credit(cleaning, block->span, at))
            return true;
    return ends_with_agency(cleaning, block->span);
}

/* ---- bylines ---------------------------------------------------------------------------------------------- */

static bool is_byline(const struct cleaning *cleaning, const struct block *block, uint32_t first, struct match match)
{
    uint32_t after = first + match.length, most = match.length > 1 ? CREDITS_WORDS : BYLINE_WORDS;
    if (!has(match, "byline") || block->words > most || block->quoted || !is_name_word(token_at(cleaning, first)))
        return false;
    while (after < block->span.end && token_at(cleaning, after)->kind == TOKEN_MARK)
        after++;
    return after < block->span.end && is_name_word(token_at(cleaning, after)) &&
           (!block->stop || block->words <= 6 || match.length > 1);
}

/* "ak /", "(ak/tm)", "/tm/", "ak/tm (AFP, dpa)": short words between slashes, and what stands in brackets. */
static bool is_initials(const struct cleaning *cleaning, const struct block *block)
{
    uint32_t words = 0, slashes = 0;
    bool inside = false;
    if (block->words == 0 || block->span.end - block->span.first > 14)
        return false;
    for (uint32_t at = block->span.first; at < block->span.end; at++) {
        const struct token *token = token_at(cleaning, at);
        bool bracket = token->kind == TOKEN_MARK && (token->mark == '(' || token->mark == ')');
        if (token->kind == TOKEN_WORD && token->points <= INITIALS && !(token->flags & TOKEN_CAPITAL))
            words++;
        else if (bracket || (token->kind == TOKEN_MARK && token->mark == '/'))
            slashes++;
        else if (!inside || words == 0)
            return false;
        inside = bracket ? token->mark == '(' : inside;
    }
    return words > 0 && words <= 4 && slashes > 0;
}

static bool is_address(const struct cleaning *cleaning, const struct block *block)
{
    struct slice line = span_text(cleaning->text, block->span);
    bool address = slice_starts(line, "http://") || slice_starts(line, "https://") || slice_starts(line, "www.");
    return address && !memchr(line.data, ' ', line.length);
}

static void judge(struct cleaning *cleaning, struct block *block)
{
    uint32_t first = past_marks(cleaning, block->span);
    if (is_initials(cleaning, block)) {
        block->role = PARAGRAPH_BYLINE;
        return;
    }
    if (first == block->span.end || token_at(cleaning, block->span.first)->kind == TOKEN_QUOTE)
        return;
    struct match match = phrase_at(cleaning, first);
    if (is_byline(cleaning, block, first, match)) {
        block->role = PARAGRAPH_BYLINE;
        return;
    }
    bool begins = begins_as_furniture(cleaning, block, first, match);
    if (begins) {
        /* Links follow below, where the line itself names none. */
        block->list = has(match, "list") && first + match.length + 1 >= block->span.end;
        block->end = has(match, "end");
    }
    if (begins || is_row_of_buttons(cleaning, block, block) || is_label(cleaning, block) || is_address(cleaning, block) ||
        (block->words <= CALL_WORDS && asks_reader(cleaning, block->span, true)) || is_caption(cleaning, block))
        block->role = PARAGRAPH_BOILERPLATE;
    else
        block->list = block->end = false;
}

void furniture_blocks(struct cleaning *cleaning)
{
    for (uint32_t i = 0; i < cleaning->count; i++)
        judge(cleaning, &cleaning->blocks[i]);
}

/* ---- parts of a block ------------------------------------------------------------------------------------- */

/* The token after the bracket that opens at `at`; `at` where it does not close soon. */
static uint32_t bracket_end(const struct cleaning *cleaning, uint32_t at, uint32_t end)
{
    char close = token_at(cleaning, at)->mark == '(' ? ')' : ']';
    for (uint32_t i = at + 1; i < end && i < at + BRACKET_TOKENS; i++)
        if (token_is_mark(cleaning->text, i, close)) {
            bool dot = token_is_mark(cleaning->text, i + 1, '.') && i + 1 < end &&
                       !(token_at(cleaning, i + 1)->flags & TOKEN_AFTER_SPACE);
            return dot ? i + 2 : i + 1;
        }
    return at;
}

static void judge_brackets(struct cleaning *cleaning, struct span span)
{
    for (uint32_t at = span.first; at + 1 < span.end; at++) {
        if (!token_is_mark(cleaning->text, at, '(') && !token_is_mark(cleaning->text, at, '['))
            continue;
        struct match match = phrase_at(cleaning, at + 1);
        bool byline = has(match, "byline") && at + 1 + match.length < span.end &&
                      token_at(cleaning, at + 1)->flags & TOKEN_CAPITAL;
        uint32_t end = byline || has(match, "bracket") ? bracket_end(cleaning, at, span.end) : at;
        if (end == at)
            continue;
        mark_span(cleaning, (struct span){at, end}, byline ? PARAGRAPH_BYLINE : PARAGRAPH_BOILERPLATE);
        at = end - 1;
    }
}

/* Whether a sentence inside running text is furniture. */
static bool is_furniture_sentence(const struct cleaning *cleaning, struct span span, bool first)
{
    uint32_t words = 0;
    bool holds = false, credit = false;
    for (uint32_t at = span.first; at < span.end; at++) {
        struct match match = phrase_at(cleaning, at);
        words += token_at(cleaning, at)->kind < TOKEN_QUOTE;
        holds |= has(match, "in");
        credit |= has(match, "start") && is_credit(cleaning, span, at) &&
                  token_is_mark(cleaning->text, at + match.length - 1, ':');
        if (token_at(cleaning, at)->kind == TOKEN_QUOTE)
            return false;
    }
    if (words > START_WORDS)
        return false;
    struct match begin = phrase_at(cleaning, span.first);
    bool announced = begin.entry && token_is_mark(cleaning->text, span.first + begin.length, ':');
    bool stop = token_is_mark(cleaning->text, span.end - 1, '.');
    bool link = !first && has(begin, "start") && has(begin, "list") && (announced || !stop) && words <= LINK_WORDS &&
                is_name_word(token_at(cleaning, span.first));
    return holds || credit || link || (words <= CALL_WORDS && asks_reader(cleaning, span, false));
}

static void judge_sentences(struct cleaning *cleaning, struct span span)
{
    struct sentences sentences = {.text = cleaning->text, .end = span.end};
    for (uint32_t first = span.first; first < span.end;) {
        bool quoted = sentences.open_quotes % 2 == 1;
        struct span sentence = {first, sentence_end(&sentences, first)};
        struct match begin = phrase_at(cleaning, first);
        if (!quoted && has(begin, "byline") && begin.length > 1 && is_name_word(token_at(cleaning, first)) &&
            first + begin.length < sentence.end && is_name_word(token_at(cleaning, first + begin.length)))
            mark_span(cleaning, sentence, PARAGRAPH_BYLINE);
        else if (!quoted && is_furniture_sentence(cleaning, sentence, first == span.first))
            mark_span(cleaning, sentence, PARAGRAPH_BOILERPLATE);
        first = sentence.end;
    }
}

static bool holds_phrases(const struct cleaning *cleaning, struct span span)
{
    for (uint32_t at = span.first; at < span.end; at++)
        if (token_at(cleaning, at)->starts & 1u << LEXICON_BOILERPLATE)
            return true;
    return false;
}

void furniture_parts(struct cleaning *cleaning)
{
    for (uint32_t i = 0; i < cleaning->count; i++) {
        const struct block *block = &cleaning->blocks[i];
        if (block->role != PARAGRAPH_BODY || !holds_phrases(cleaning, block->span))
            continue;
        judge_sentences(cleaning, block->span);
        judge_brackets(cleaning, block->span);
    }
}

/* ---- what follows ----------------------------------------------------------------------------------------- */

static uint32_t prose_words(const struct cleaning *cleaning, uint32_t first, uint32_t end)
{
    uint32_t words = 0;
    for (uint32_t i = first; i < end; i++)
        if (cleaning->blocks[i].role == PARAGRAPH_BODY && block_is_prose(&cleaning->blocks[i]))
            words += cleaning->blocks[i].words;
    return words;
}

/* The short lines below "Related articles". Returns the first that is none. */
static uint32_t set_links_apart(struct cleaning *cleaning, uint32_t first)
{
    uint32_t i = first;
    for (; i < cleaning->count; i++) {
        struct block *block = &cleaning->blocks[i];
        if (block->role == PARAGRAPH_BOILERPLATE)
            continue;
        if (block->role != PARAGRAPH_BODY || block->stop || block->words > LINK_WORDS)
            break;
        block->role = PARAGRAPH_BOILERPLATE;
    }
    return i;
}

void furniture_after(struct cleaning *cleaning)
{
    uint32_t before = 0, all = prose_words(cleaning, 0, cleaning->count);
    uint32_t linked = 0; /* up to here links are set apart already: no line is looked at for each "Related" above it */
    for (uint32_t i = 0; i < cleaning->count; i++) {
        struct block *block = &cleaning->blocks[i];
        if (block->role == PARAGRAPH_BODY && block_is_prose(block))
            before += block->words;
        if (block->role != PARAGRAPH_BOILERPLATE)
            continue;
        if (block->end && before >= ARTICLE_WORDS && before >= all - before) {
            for (uint32_t k = i + 1; k < cleaning->count; k++)
                if (cleaning->blocks[k].role != PARAGRAPH_BYLINE)
                    cleaning->blocks[k].role = PARAGRAPH_BOILERPLATE;
            return;
        }
        if (block->list)
            linked = set_links_apart(cleaning, linked > i + 1 ? linked : i + 1);
    }
}
