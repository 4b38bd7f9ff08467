/* Paragraphs, and what each of them is.
 *
 *     page   = { furniture | date | byline } [ title [ suffix ] ] { furniture | date | byline | standfirst }
 *              { crosshead | paragraph | furniture } [ byline ] { furniture }
 *     suffix = "|" name of the site or section | "-" name of an outlet
 *     date   = weekday, day, month and year alone in a line
 *     crosshead = a short line without a stop, between paragraphs
 *     paragraph = [ PLACE [ "," date ] [ "(" agency ")" ] "-" ] sentence { sentence }
 *
 * Paragraphs are parted by blank lines, or by every line end; in a text whose lines were broken at some width, a line end parts
 * nothing. What a block says (furniture.c) goes before where it stands. The second copy of a title or a paragraph is
 * furniture. */
#include "clean.h"

#include <string.h>

#include "language.h"

enum {
    WIDTH_LEAST = 40, /* characters of a line that was broken at a width */
    WIDTH_MOST = 160,
    LINE_BROKEN = 40, /* shorter lines are no sentence's first part */
    PROSE_WORDS = 12,
    LONG_WORDS = 40, /* prose even without a stop */
    TITLE_WORDS = 40,
    TITLE_TOKENS = 120,
    TITLE_WORDS_SHORT = 3,
    SITE_WORDS = 4,
    HEAD_BLOCKS = 12, /* in which the title is looked for */
    CROSSHEAD_WORDS = 14,
    AUTHOR_WORDS = 8,
    SUFFIX_WORDS = 5,
    COPY_WORDS = 8, /* fewer may well be said twice */
    DATELINE_TOKENS = 22
};

static const struct token *token_at(const struct cleaning *cleaning, uint32_t at)
{
    return &cleaning->text->tokens[at];
}

static bool is_capital_word(const struct token *token)
{
    return token->kind == TOKEN_WORD && token->flags & TOKEN_CAPITAL;
}

void mark_span(struct cleaning *cleaning, struct span span, enum paragraph_role role)
{
    memset(cleaning->roles + span.first, (int)role, span.end - span.first);
}

bool block_is_prose(const struct block *block)
{
    return ((block->stop || block->trails) && block->words >= PROSE_WORDS && !block->headline) || block->words >= LONG_WORDS;
}

/* ---- cutting ---------------------------------------------------------------------------------------------- */

static uint32_t line_ends_before(const struct text *text, uint32_t at)
{
    uint32_t from = at ? text->tokens[at - 1].end : 0, ends = 0, returns = 0;
    for (uint32_t i = from; i < text->tokens[at].start; i++) {
        ends += text->bytes.data[i] == '\n';
        returns += text->bytes.data[i] == '\r';
    }
    return ends ? ends : returns;
}

static bool is_stop(const struct token *token)
{
    return token->kind == TOKEN_MARK && token->mark && strchr(".?!~:", token->mark);
}

/* Whether a line end stands in the middle of a sentence. */
static bool goes_on(const struct text *text, uint32_t at)
{
    const struct token *before = &text->tokens[at - 1], *token = &text->tokens[at];
    return !is_stop(before) && token->kind == TOKEN_WORD && !(token->flags & TOKEN_CAPITAL);
}

static uint32_t points_from(const struct text *text, uint32_t line_begin, uint32_t at)
{
    const struct token *last = &text->tokens[at - 1];
    return last->point + last->points - text->tokens[line_begin].point;
}

/* How lines are broken: whether most single line ends part nothing, and how long the longest line is. */
struct lines {
    bool wrapped;
    uint32_t longest;
};

static struct lines measure_lines(const struct text *text)
{
    uint32_t single = 0, inside = 0, begin = 0, longest = 0;
    uint64_t broken = 0; /* characters of lines that a single end ends */
    for (uint32_t at = 1; at < text->token_count; at++) {
        if (!(text->tokens[at].flags & TOKEN_LINE_START))
            continue;
        uint32_t length = points_from(text, begin, at);
        longest = length > longest ? length : longest;
        begin = at;
        if (line_ends_before(text, at) == 1) {
            single++;
            inside += goes_on(text, at);
            broken += length;
        }
    }
    bool full = broken * 10 >= (uint64_t)single * longest * 6 && longest >= WIDTH_LEAST && longest <= WIDTH_MOST;
    return (struct lines){single >= 3 && inside * 3 >= single && full, longest};
}

static bool parts(const struct text *text, const struct lines *lines, uint32_t at, uint32_t line_begin)
{
    const struct token *token = &text->tokens[at], *before = &text->tokens[at - 1];
    if (!(token->flags & TOKEN_LINE_START))
        return false;
    if (line_ends_before(text, at) > 1 || (token->kind == TOKEN_MARK && token->mark == '*'))
        return true;
    uint32_t length = points_from(text, line_begin, at);
    if (goes_on(text, at))
        return length < LINE_BROKEN && !lines->wrapped;
    return !lines->wrapped || (is_stop(before) && length < lines->longest * 2 / 3);
}

static void measure(struct text *text, struct block *block)
{
    uint32_t long_words = 0, capitals = 0, end = block->span.end;
    block->key = 2166136261u;
    for (uint32_t at = block->span.first; at < end; at++) {
        const struct token *token = &text->tokens[at];
        block->quoted |= token->kind == TOKEN_QUOTE;
        if (token->kind >= TOKEN_QUOTE)
            continue;
        block->words += token->kind != TOKEN_CLITIC;
        block->key = (block->key ^ token->hash) * 16777619u;
        if (token->kind == TOKEN_WORD && token->points >= 4) {
            long_words++;
            capitals += token->flags & TOKEN_CAPITAL;
        }
    }
    block->headline = long_words >= 3 && capitals * 10 >= long_words * 8;
    block->bullet = text->tokens[block->span.first].kind == TOKEN_MARK && text->tokens[block->span.first].mark == '*';
    while (end > block->span.first && (text->tokens[end - 1].kind == TOKEN_QUOTE || token_is_mark(text, end - 1, ')')))
        end--;
    const struct token *last = end > block->span.first ? &text->tokens[end - 1] : NULL;
    block->trails = last && last->kind == TOKEN_MARK && last->mark == '~';
    block->stop = last && !block->trails &&
                  ((is_stop(last) && last->mark != ':') || (last->kind == TOKEN_WORD && text->bytes.data[last->end - 1] == '.'));
}

static void cut(struct cleaning *cleaning)
{
    struct text *text = cleaning->text;
    struct lines lines = measure_lines(text);
    uint32_t room = 1, first = 0, line_begin = 0;
    for (uint32_t at = 1; at < text->token_count; at++)
        room += (text->tokens[at].flags & TOKEN_LINE_START) != 0;
    cleaning->blocks = arena_zero(text->arena, room * sizeof *cleaning->blocks);
    for (uint32_t at = 1; at <= text->token_count; at++) {
        if (at == text->token_count || parts(text, &lines, at, line_begin)) {
            struct block *block = &cleaning->blocks[cleaning->count++];
            block->span = (struct span){first, at};
            measure(text, block);
            first = at;
        }
        if (at < text->token_count && text->tokens[at].flags & TOKEN_LINE_START)
            line_begin = at;
    }
}

/* ---- copies ----------------------------------------------------------------------------------------------- */

static bool same_words(const struct text *text, struct span a, struct span b)
{
    for (uint32_t i = a.first, k = b.first;;) {
        while (i < a.end && text->tokens[i].kind >= TOKEN_QUOTE)
            i++;
        while (k < b.end && text->tokens[k].kind >= TOKEN_QUOTE)
            k++;
        if (i == a.end || k == b.end)
            return i == a.end && k == b.end;
        if (text->tokens[i++].hash != text->tokens[k++].hash)
            return false;
    }
}

/* For each block the first one that says the same: itself, or one before it. */
static uint32_t *first_copies(const struct cleaning *cleaning)
{
    uint32_t size = 16;
    while (size < cleaning->count * 2)
        size *= 2;
    uint32_t *slots = arena_zero(cleaning->text->arena, size * sizeof *slots);
    uint32_t *first = arena_alloc(cleaning->text->arena, (cleaning->count + 1) * sizeof *first);
    for (uint32_t i = 0; i < cleaning->count; i++) {
        const struct block *block = &cleaning->blocks[i];
        uint32_t slot = (block->key ^ block->key >> 15) & (size - 1);
        while (slots[slot] && cleaning->blocks[slots[slot] - 1].key != block->key)
            slot = (slot + 1) & (size - 1);
        bool copy = slots[slot] && same_words(cleaning->text, cleaning->blocks[slots[slot] - 1].span, block->span);
        if (!slots[slot])
            slots[slot] = i + 1;
        first[i] = copy ? slots[slot] - 1 : i;
    }
    return first;
}

static void set_copies_apart(struct cleaning *cleaning, const uint32_t *first)
{
    for (uint32_t i = 0; i < cleaning->count; i++) {
        struct block *block = &cleaning->blocks[i];
        if (first[i] == i || block->role != PARAGRAPH_BODY)
            continue;
        if (block->words >= COPY_WORDS || (first[i] == cleaning->title && block->words >= TITLE_WORDS_SHORT))
            block->role = PARAGRAPH_BOILERPLATE;
    }
}

/* ---- the title -------------------------------------------------------------------------------------------- */

/* A line of nothing but a date: weekday, day, month, year, perhaps an hour. */
static bool is_date(const struct cleaning *cleaning, const struct block *block)
{
    bool number = false;
    if (block->words < 2 || block->words > 9)
        return false;
    for (uint32_t at = block->span.first; at < block->span.end; at++) {
        const struct token *token = token_at(cleaning, at);
        bool time = token->starts & 1u << LEXICON_DATES;
        number |= token->kind == TOKEN_NUMBER;
        if (token->kind == TOKEN_WORD && !time && !(token->flags & TOKEN_UPPER && token->points <= 4) && token->points > 2)
            return false;
        if (token->kind == TOKEN_QUOTE)
            return false;
    }
    return number && token_at(cleaning, block->span.first)->kind != TOKEN_MARK;
}

/* Whether the same line stands again soon. */
static bool is_repeated(const struct cleaning *cleaning, const uint32_t *copies, uint32_t i)
{
    for (uint32_t k = i + 1; k < cleaning->count && k <= i + HEAD_BLOCKS; k++)
        if (copies[k] == i)
            return true;
    return false;
}

/* How much a line before the first paragraph looks like the title; 0: it is none. */
static int title_score(const struct cleaning *cleaning, const uint32_t *copies, uint32_t i)
{
    const struct block *block = &cleaning->blocks[i];
    if (block->role != PARAGRAPH_BODY || block->words > TITLE_WORDS || block->words < 2 || block->bullet ||
        block->span.end - block->span.first > TITLE_TOKENS)
        return 0;
    if (block->stop && block->quoted && !block->headline && token_at(cleaning, block->span.end - 1)->kind != TOKEN_QUOTE)
        return 0; /* somebody says something */
    int score = block->stop || block->trails ? 1 : 3;
    score += block->words > TITLE_WORDS_SHORT ? 2 : 0;
    score += block->words > 5 ? 2 : 0;
    return score + (is_repeated(cleaning, copies, i) ? 2 : 0);
}

/* The block that says what the hints give as the title. */
static uint32_t title_by_hint(const struct cleaning *cleaning)
{
    struct slice title = cleaning->text->hints.title;
    if (!title.length)
        return NO_BLOCK;
    for (uint32_t i = 0; i < cleaning->count && i < HEAD_BLOCKS; i++) {
        struct slice line = span_text(cleaning->text, cleaning->blocks[i].span);
        bool begins = line.length >= title.length && slice_equal_fold((struct slice){line.data, title.length}, title);
        bool short_enough = cleaning->blocks[i].span.end - cleaning->blocks[i].span.first <= TITLE_TOKENS;
        if (begins && short_enough)
            return i;
    }
    return NO_BLOCK;
}

/* A year near the end: "Anna Keller in Vienna, 9 November 2021." */
static bool ends_with_year(const struct cleaning *cleaning, const struct block *block)
{
    for (uint32_t back = 1; back <= 2 && back < block->span.end - block->span.first; back++) {
        const struct token *token = token_at(cleaning, block->span.end - back);
        if (token->kind == TOKEN_NUMBER && token->points == 4)
            return true;
    }
    return false;
}

/* "Home > News > Europe" */
static bool is_path(const struct cleaning *cleaning, const struct block *block)
{
    uint32_t steps = 0;
    for (uint32_t at = block->span.first; at < block->span.end; at++)
        steps += token_is_mark(cleaning->text, at, '>') || token_is_mark(cleaning->text, at, '/');
    return steps >= 2 && !block->stop && block->words <= TITLE_WORDS_SHORT * (steps + 1);
}

/* What may stand above a title: the name of the site or the section, a caption, a line in another language. */
static bool stands_above(const struct cleaning *cleaning, const struct block *block)
{
    struct slice language = language_of(cleaning->text, block->span);
    if (block_is_prose(block))
        return false;
    return (block->words <= SITE_WORDS && !block->stop) || is_path(cleaning, block) ||
           (block->stop && ends_with_year(cleaning, block)) ||
           (language.data && cleaning->language.data && !slice_equal(language, cleaning->language));
}

static uint32_t best_title(const struct cleaning *cleaning, const uint32_t *copies, uint32_t head)
{
    uint32_t title = NO_BLOCK;
    int best = 0;
    for (uint32_t i = 0; i < head; i++) {
        int score = title_score(cleaning, copies, i);
        if (score <= best)
            continue;
        best = score;
        title = i;
    }
    /* A line that cannot stand above a title is the title. */
    for (uint32_t i = 0; title != NO_BLOCK && i < title; i++)
        if (title_score(cleaning, copies, i) > 0 && !stands_above(cleaning, &cleaning->blocks[i]) &&
            !is_repeated(cleaning, copies, title))
            return i;
    return title;
}

static void find_title(struct cleaning *cleaning, const uint32_t *copies)
{
    uint32_t head = 0;
    while (head < cleaning->count && head < HEAD_BLOCKS &&
           (cleaning->blocks[head].role != PARAGRAPH_BODY || !block_is_prose(&cleaning->blocks[head])))
        head++;
    cleaning->title = title_by_hint(cleaning);
    if (cleaning->title == NO_BLOCK && head < cleaning->count && head < HEAD_BLOCKS)
        cleaning->title = best_title(cleaning, copies, head);
    if (cleaning->title == NO_BLOCK)
        return;
    bool sure = cleaning->text->hints.title.length || is_repeated(cleaning, copies, cleaning->title);
    cleaning->blocks[cleaning->title].role = PARAGRAPH_TITLE;
    for (uint32_t i = 0; i < cleaning->title; i++) {
        struct block *block = &cleaning->blocks[i];
        if (block->role == PARAGRAPH_BODY && !block_is_prose(block) && (sure || stands_above(cleaning, block)))
            block->role = PARAGRAPH_BOILERPLATE;
    }
}

/* Whether what follows a dash in a title names an outlet. */
static bool is_outlet(const struct cleaning *cleaning, struct span span)
{
    struct match match = lexicon_match(cleaning->text, LEXICON_MEDIA, span.first);
    struct slice outlet = cleaning->text->hints.outlet;
    return (match.entry && span.first + match.length == span.end) ||
           (outlet.length && slice_equal_fold(span_text(cleaning->text, span), outlet));
}

static uint32_t words_in(const struct cleaning *cleaning, struct span span)
{
    uint32_t words = 0;
    for (uint32_t at = span.first; at < span.end; at++)
        words += token_at(cleaning, at)->kind < TOKEN_QUOTE;
    return words;
}

/* "Title | International", "Politics | Title", "Title - The Harbour Post". */
static void trim_title(struct cleaning *cleaning)
{
    struct span title = cleaning->blocks[cleaning->title].span;
    for (uint32_t at = title.first + 1; at + 1 < title.end; at++) {
        struct span head = {title.first, at}, tail = {at + 1, title.end};
        bool bar = token_is_mark(cleaning->text, at, '|');
        bool dash = token_is_mark(cleaning->text, at, '-') && token_at(cleaning, at)->flags & TOKEN_AFTER_SPACE;
        if (bar && words_in(cleaning, head) <= 2 && words_in(cleaning, tail) > SUFFIX_WORDS) {
            mark_span(cleaning, (struct span){title.first, at + 1}, PARAGRAPH_BOILERPLATE);
            title.first = at + 1;
        } else if ((bar && words_in(cleaning, tail) <= SUFFIX_WORDS) || (dash && is_outlet(cleaning, tail))) {
            mark_span(cleaning, (struct span){at, title.end}, PARAGRAPH_BOILERPLATE);
            title.end = at;
        }
    }
    mark_span(cleaning, title, PARAGRAPH_TITLE);
}

/* ---- datelines -------------------------------------------------------------------------------------------- */

/* The token after an agency in brackets or slashes: "(Reuters)", "/TASS/."; `at` where none stands there. */
static uint32_t past_agency(const struct cleaning *cleaning, uint32_t at, uint32_t end)
{
    bool slash = token_is_mark(cleaning->text, at, '/');
    if (at + 2 >= end || (!slash && !token_is_mark(cleaning->text, at, '(')))
        return at;
    struct match agency = lexicon_match(cleaning->text, LEXICON_MEDIA, at + 1);
    uint32_t close = at + 1 + agency.length;
    if (!agency.entry || close >= end || !token_is_mark(cleaning->text, close, slash ? '/' : ')'))
        return at;
    return close + 1 < end && token_is_mark(cleaning->text, close + 1, '.') ? close + 2 : close + 1;
}

/* Whether a dash or a colon ends the dateline: one that is set apart, behind an agency, a date, a known city or few words. */
static bool ends_dateline(const struct cleaning *cleaning, uint32_t first, uint32_t at, bool number)
{
    const struct token *begin = token_at(cleaning, first);
    struct match city = lexicon_match(cleaning->text, LEXICON_CITIES, first);
    bool capitals = begin->flags & TOKEN_UPPER && begin->points >= 3, apart = token_at(cleaning, at)->flags & TOKEN_AFTER_SPACE;
    uint32_t open = at - 1;
    while (open > first && open + 6 > at && !token_is_mark(cleaning->text, open, '('))
        open--;
    if (token_is_mark(cleaning->text, at - 1, ')') && !token_is_mark(cleaning->text, at, ':'))
        return capitals || past_agency(cleaning, open, at) == at;
    if (token_is_mark(cleaning->text, at, ':'))
        return capitals && city.entry && first + city.length == at;
    return capitals && (number || (apart && (city.entry || at - first <= 4)));
}

/* Past the dateline at the front of a paragraph: "GENEVA, Jan 9 (Reuters) -", "MOSCOW, January 9. /TASS/.", "(CNN)"; the first
 * token itself where there is none. */
static uint32_t dateline_end(const struct cleaning *cleaning, struct span span)
{
    uint32_t limit = span.end - span.first > DATELINE_TOKENS ? span.first + DATELINE_TOKENS : span.end;
    bool bracket = false, number = false;
    uint32_t agency = past_agency(cleaning, span.first, limit);
    if (agency > span.first)
        return agency + (token_is_mark(cleaning->text, agency, '-') ? 1 : 0);
    if (!is_capital_word(token_at(cleaning, span.first)))
        return span.first;
    for (uint32_t at = span.first + 1; at + 1 < limit; at++) {
        const struct token *token = token_at(cleaning, at);
        bool small = token->kind == TOKEN_WORD && !(token->flags & TOKEN_CAPITAL) && token->points > 3;
        number |= token->kind == TOKEN_NUMBER;
        if (token->kind == TOKEN_QUOTE || token->kind == TOKEN_CLITIC || (small && !bracket))
            break;
        if (token->kind != TOKEN_MARK)
            continue;
        agency = token->mark == '/' ? past_agency(cleaning, at, limit) : at;
        if (agency > at && agency < limit)
            return agency;
        if (!bracket && (token->mark == '-' || token->mark == ':'))
            return ends_dateline(cleaning, span.first, at, number) ? at + 1 : span.first;
        if (!token->mark || !strchr(",./()", token->mark))
            break;
        bracket = token->mark == '(' || (bracket && token->mark != ')');
    }
    return span.first;
}

/* Lines of nothing but a date, before the first paragraph. */
static void find_date_lines(struct cleaning *cleaning)
{
    for (uint32_t i = 0; i < cleaning->count && i < HEAD_BLOCKS; i++) {
        struct block *block = &cleaning->blocks[i];
        if (block->role != PARAGRAPH_BODY)
            continue;
        if (block_is_prose(block))
            return;
        if (is_date(cleaning, block))
            block->role = PARAGRAPH_DATELINE;
    }
}

/* "Geneva: Talks …", only in the first paragraph: elsewhere somebody speaks. */
static uint32_t past_city_and_colon(const struct cleaning *cleaning, struct span span)
{
    struct match city = lexicon_match(cleaning->text, LEXICON_CITIES, span.first);
    uint32_t colon = span.first + city.length;
    bool begins = colon + 1 < span.end && is_capital_word(token_at(cleaning, colon + 1));
    return city.entry && begins && token_is_mark(cleaning->text, colon, ':') ? colon + 1 : span.first;
}

static void find_datelines(struct cleaning *cleaning)
{
    uint32_t prose = 0;
    for (uint32_t i = 0; i < cleaning->count && prose < 3; i++) {
        struct block *block = &cleaning->blocks[i];
        if (block->role != PARAGRAPH_BODY || !block_is_prose(block))
            continue;
        uint32_t end = dateline_end(cleaning, block->span);
        if (end == block->span.first && prose == 0)
            end = past_city_and_colon(cleaning, block->span);
        prose++;
        if (end == block->span.first)
            continue;
        mark_span(cleaning, (struct span){block->span.first, end}, PARAGRAPH_DATELINE);
        return;
    }
}

/* "Anna Keller in Vienna", below the title. */
static bool is_author(const struct cleaning *cleaning, const struct block *block)
{
    if (block->role != PARAGRAPH_BODY || block->stop || block->words < 2 || block->words > AUTHOR_WORDS || block->quoted ||
        lexicon_match(cleaning->text, LEXICON_GIVEN_NAMES, block->span.first).length != 1)
        return false;
    for (uint32_t at = block->span.first; at < block->span.end; at++) {
        bool small = token_is(cleaning->text, at, "in") || token_is(cleaning->text, at, "and");
        if (!is_capital_word(token_at(cleaning, at)) && !small && !token_is_mark(cleaning->text, at, ',') &&
            !token_is_mark(cleaning->text, at, '.'))
            return false;
    }
    return is_capital_word(token_at(cleaning, block->span.first + 1));
}

/* What stands between the title and the first paragraph: authors; above the title: the outlet's name. */
static void judge_head(struct cleaning *cleaning)
{
    for (uint32_t i = 0; i < cleaning->count && i < HEAD_BLOCKS; i++) {
        struct block *block = &cleaning->blocks[i];
        struct match outlet = lexicon_match(cleaning->text, LEXICON_MEDIA, block->span.first);
        if (block->role == PARAGRAPH_BODY && block_is_prose(block))
            return;
        if (block->role == PARAGRAPH_BODY && outlet.entry && block->span.first + outlet.length == block->span.end)
            block->role = PARAGRAPH_BOILERPLATE;
        else if (cleaning->title != NO_BLOCK && i > cleaning->title && is_author(cleaning, block))
            block->role = PARAGRAPH_BYLINE;
    }
}

/* ---- crossheads, and the rest below ----------------------------------------------------------------------- */

static bool is_short_line(const struct cleaning *cleaning, const struct block *block)
{
    return !token_is_mark(cleaning->text, block->span.end - 1, ':') && block->role == PARAGRAPH_BODY && !block->stop &&
           !block->trails && !block->bullet && block->words > 0 && block->words <= CROSSHEAD_WORDS;
}

/* The block before or after `i` that is no furniture; NO_BLOCK at an end. */
static uint32_t neighbour(const struct cleaning *cleaning, uint32_t i, int step)
{
    for (uint32_t k = i + (uint32_t)step; k < cleaning->count; k += (uint32_t)step)
        if (cleaning->blocks[k].role != PARAGRAPH_BOILERPLATE)
            return k;
    return NO_BLOCK;
}

static void find_crossheads(struct cleaning *cleaning)
{
    uint32_t last = 0, first = NO_BLOCK;
    for (uint32_t i = 0; i < cleaning->count; i++) {
        if (cleaning->blocks[i].role == PARAGRAPH_BODY && block_is_prose(&cleaning->blocks[i])) {
            last = i;
            first = first == NO_BLOCK ? i : first;
        }
    }
    for (uint32_t i = first; first != NO_BLOCK && i < last; i++) {
        struct block *block = &cleaning->blocks[i];
        uint32_t before = neighbour(cleaning, i, -1), after = neighbour(cleaning, i, 1);
        if (!is_short_line(cleaning, block) || before == NO_BLOCK || after == NO_BLOCK)
            continue;
        const struct block *above = &cleaning->blocks[before], *below = &cleaning->blocks[after];
        bool announced = token_is_mark(cleaning->text, above->span.end - 1, ':');
        bool capital = token_at(cleaning, block->span.first)->kind != TOKEN_WORD ||
                       is_capital_word(token_at(cleaning, block->span.first));
        if (!announced && capital && above->role != PARAGRAPH_CROSSHEAD && !is_short_line(cleaning, below))
            block->role = PARAGRAPH_CROSSHEAD;
    }
}

/* Lines without a stop after the last paragraph lead elsewhere. */
static void set_tail_apart(struct cleaning *cleaning)
{
    uint32_t prose = 0;
    for (uint32_t i = 0; i < cleaning->count; i++)
        prose += cleaning->blocks[i].role == PARAGRAPH_BODY && block_is_prose(&cleaning->blocks[i]);
    for (uint32_t i = cleaning->count; prose >= 3 && i > 0; i--) {
        struct block *block = &cleaning->blocks[i - 1];
        if (block->role == PARAGRAPH_BODY && (!is_short_line(cleaning, block) || block->quoted))
            return;
        if (block->role == PARAGRAPH_BODY)
            block->role = PARAGRAPH_BOILERPLATE;
    }
}

/* ---- the outcome ------------------------------------------------------------------------------------------ */

static void note_once(struct span *where, struct span span)
{
    if (span_empty(*where))
        *where = span;
}

static void add_paragraph(struct cleaning *cleaning, struct span span, enum paragraph_role role)
{
    struct text *text = cleaning->text;
    struct analysis *found = text->found;
    text->paragraphs[text->paragraph_count++] = (struct paragraph){.span = span, .role = role};
    if (role == PARAGRAPH_TITLE)
        note_once(&found->title, span);
    else if (role == PARAGRAPH_BYLINE)
        note_once(&found->byline, span);
    else if (role == PARAGRAPH_DATELINE)
        note_once(&found->dateline, span);
    if (role != PARAGRAPH_BOILERPLATE)
        return;
    found->boilerplate[found->boilerplate_count++] = span;
    for (uint32_t at = span.first; at < span.end; at++)
        text->tokens[at].flags |= TOKEN_BOILERPLATE;
}

/* Blocks become paragraphs; one whose parts have roles of their own is parted, so that each paragraph has one role. */
static void assemble(struct cleaning *cleaning)
{
    struct text *text = cleaning->text;
    uint32_t room = 1;
    for (uint32_t i = 0; i < cleaning->count; i++) {
        struct block *block = &cleaning->blocks[i];
        for (uint32_t at = block->span.first; at < block->span.end; at++) {
            if (block->role != PARAGRAPH_BODY && cleaning->roles[at] == PARAGRAPH_BODY)
                cleaning->roles[at] = (uint8_t)block->role;
            room += at == block->span.first || cleaning->roles[at] != cleaning->roles[at - 1];
        }
    }
    text->paragraphs = arena_zero(text->arena, room * sizeof *text->paragraphs);
    text->found->boilerplate = arena_zero(text->arena, room * sizeof *text->found->boilerplate);
    for (uint32_t i = 0; i < cleaning->count; i++) {
        struct span span = cleaning->blocks[i].span;
        for (uint32_t first = span.first, at = first + 1; at <= span.end; at++) {
            if (at < span.end && cleaning->roles[at] == cleaning->roles[first])
                continue;
            add_paragraph(cleaning, (struct span){first, at}, cleaning->roles[first]);
            first = at;
        }
    }
}

void text_clean(struct text *text)
{
    struct cleaning cleaning = {.text = text, .title = NO_BLOCK};
    if (text->token_count == 0)
        return;
    if (!text->found->language.data)
        text->found->language = language_of(text, (struct span){0, text->token_count});
    cleaning.language = text->found->language;
    cleaning.roles = arena_zero(text->arena, text->token_count);
    cut(&cleaning);
    const uint32_t *copies = first_copies(&cleaning);
    furniture_blocks(&cleaning);
    furniture_after(&cleaning);
    find_date_lines(&cleaning);
    find_title(&cleaning, copies);
    judge_head(&cleaning);
    set_copies_apart(&cleaning, copies);
    find_datelines(&cleaning);
    find_crossheads(&cleaning);
    set_tail_apart(&cleaning);
    furniture_parts(&cleaning);
    if (cleaning.title != NO_BLOCK)
        trim_title(&cleaning);
    assemble(&cleaning);
}
