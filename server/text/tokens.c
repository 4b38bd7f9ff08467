/* Words, numbers and marks.
 *
 *     word    = letter { letter | digit | combining | inner } [ "." after "U.S" ]
 *     inner   = "-" before a letter or digit | "'" before a letter | "." between single letters or as in "reuters.com"
 *     number  = digit { digit | ("." | "," | ":") before a digit } { letter }      "7th"; with "-letter" it is a word: "10-day"
 *     clitic  = "'s" that ends a word
 *     quote   = a quotation mark, or two that are alike and make a double one
 *     mark    = anything else; dots that follow each other are one ellipsis
 *
 * Words that lost the blank between them are taken apart where small letters turn into a capital and a small one: "talksThe". */
#include "tokens.h"

#include <string.h>

#include "dictionary.h"
#include "lexicon.h"

struct cutting {
    struct slice bytes;
    size_t at;      /* bytes */
    uint32_t point; /* code points before `at` */
    struct token *tokens;
    uint32_t count, room;
    unsigned flags;      /* of the next token */
    struct token beyond; /* takes what there is no room for */
};

/* What stands at a byte: its class and code point, and where the next one begins. At the end: a space. */
struct ahead {
    enum character is;
    int32_t point;
    size_t next;
};

static struct ahead look(const struct cutting *cutting, size_t at)
{
    if (at >= cutting->bytes.length)
        return (struct ahead){CHARACTER_SPACE, 0, at};
    struct ahead ahead = {.next = at};
    ahead.point = character_next(cutting->bytes, &ahead.next);
    ahead.is = character_of(ahead.point);
    return ahead;
}

static bool is_letter(struct ahead ahead)
{
    return ahead.is == CHARACTER_LETTER || ahead.is == CHARACTER_CAPITAL;
}

static uint32_t points_between(struct slice bytes, size_t start, size_t end)
{
    uint32_t points = 0;
    for (size_t i = start; i < end; i++)
        points += ((unsigned char)bytes.data[i] & 0xc0) != 0x80;
    return points;
}

static void add(struct cutting *cutting, size_t end, enum token_kind kind, char mark)
{
    struct token *token = cutting->count < cutting->room ? &cutting->tokens[cutting->count] : &cutting->beyond;
    uint32_t points = points_between(cutting->bytes, cutting->at, end);
    *token = (struct token){.start = (uint32_t)cutting->at,
                            .end = (uint32_t)end,
                            .point = cutting->point,
                            .points = points,
                            .kind = (uint8_t)kind,
                            .mark = mark,
                            .flags = (uint16_t)cutting->flags};
    cutting->count++;
    cutting->point += points;
    cutting->at = end;
    cutting->flags = 0;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static bool is_apostrophe(int32_t point)
{
    return point == '\'' || point == 0x2019 || point == 0x2018 || point == 0xb4;
}

/* "'s" that ends a word: where it ends, else 0. */
static size_t clitic_end(const struct cutting *cutting, size_t apostrophe)
{
    struct ahead mark = look(cutting, apostrophe);
    if (!is_apostrophe(mark.point))
        return 0;
    struct ahead letter = look(cutting, mark.next);
    if (letter.point != 's' && letter.point != 'S')
        return 0;
    struct ahead after = look(cutting, letter.next);
    return is_letter(after) || after.is == CHARACTER_DIGIT ? 0 : letter.next;
}

/* "U.S.", "a.m.", "D.C": single letters with full stops between them: where they end, else 0. */
static size_t dotted_end(const struct cutting *cutting, size_t start)
{
    size_t at = start, end = 0;
    for (int letters = 0;; letters++) {
        struct ahead letter = look(cutting, at);
        struct ahead dot = look(cutting, letter.next);
        if (!is_letter(letter))
            return letters > 1 ? end : 0;
        if (dot.point != '.')
            return letters > 0 && !is_letter(dot) && dot.is != CHARACTER_DIGIT ? letter.next : letters > 1 ? end : 0;
        end = at = dot.next;
    }
}

/* Whether the small-lettered word before a capital is a word of its own, so that the capital begins another: not "iPhone", not
 * "deVries". */
static bool splits(const struct cutting *cutting, size_t start, size_t at)
{
    struct ahead second = look(cutting, look(cutting, at).next);
    if (second.is != CHARACTER_LETTER && second.is != CHARACTER_SPACE)
        return false;
    if (look(cutting, start).is == CHARACTER_LETTER)
        return at - start >= 3 && memcmp(cutting->bytes.data + start, "van", 3) != 0;
    /* "MoscowThe", but "YouTube", "McDonald": what follows has to be a word that begins sentences. */
    static const char *const beginners[] = {"The", "He", "She", "It", "They", "We", "But", "This", "That", "And", "His", "Her"};
    for (size_t i = 0; i < sizeof beginners / sizeof beginners[0]; i++) {
        size_t length = strlen(beginners[i]);
        if (at - start >= 4 && cutting->bytes.length - at >= length &&
            memcmp(cutting->bytes.data + at, beginners[i], length) == 0 && !is_letter(look(cutting, at + length)))
            return true;
    }
    return false;
}

/* Whether a mark inside a word belongs to it, behind so many bytes. */
static bool is_inner(const struct cutting *cutting, struct ahead mark, struct ahead after, size_t so_far)
{
    if (mark.point == '-' || mark.point == 0x2010 || mark.point == 0x2011)
        return is_letter(after) || after.is == CHARACTER_DIGIT;
    if (is_apostrophe(mark.point)) /* "O'Brien", but a quotation mark in "soon’Friday" */
        return after.is == CHARACTER_LETTER || (after.is == CHARACTER_CAPITAL && so_far < 3);
    if (mark.point == '&')
        return is_letter(after); /* "AT&T" */
    if (mark.point == '.' || mark.point == '@')
        return after.is == CHARACTER_LETTER && look(cutting, after.next).is == CHARACTER_LETTER; /* "reuters.com" */
    return mark.point == '_';
}

static size_t word_end(const struct cutting *cutting, bool *split)
{
    size_t start = cutting->at, dotted = dotted_end(cutting, start);
    *split = false;
    if (dotted)
        return dotted;
    bool small_before = false;
    for (size_t at = start;;) {
        struct ahead here = look(cutting, at);
        if (here.is == CHARACTER_CAPITAL && small_before && splits(cutting, start, at)) {
            *split = true;
            return at;
        }
        if (!is_letter(here) && here.is != CHARACTER_DIGIT && here.is != CHARACTER_COMBINING &&
            (clitic_end(cutting, at) || !is_inner(cutting, here, look(cutting, here.next), at - start)))
            return at;
        small_before = here.is == CHARACTER_LETTER || (small_before && here.is == CHARACTER_COMBINING);
        at = here.next;
    }
}

static unsigned capitals(const struct cutting *cutting, size_t start, size_t end)
{
    unsigned letters = 0, capital = 0, flags = look(cutting, start).is == CHARACTER_CAPITAL ? TOKEN_CAPITAL : 0;
    for (size_t at = start; at < end;) {
        struct ahead here = look(cutting, at);
        letters += is_letter(here);
        capital += here.is == CHARACTER_CAPITAL;
        at = here.next;
    }
    return flags | (letters >= 2 && capital == letters ? TOKEN_UPPER : 0);
}

static void cut_word(struct cutting *cutting)
{
    bool split;
    size_t start = cutting->at, end = word_end(cutting, &split);
    cutting->flags |= capitals(cutting, start, end);
    add(cutting, end, TOKEN_WORD, 0);
    cutting->flags = split ? TOKEN_SPLIT : 0;
    size_t clitic = clitic_end(cutting, end);
    if (clitic)
        add(cutting, clitic, TOKEN_CLITIC, 0);
}

/* ---- numbers and marks ------------------------------------------------------------------------------------ */

static void cut_number(struct cutting *cutting)
{
    size_t at = cutting->at;
    enum token_kind kind = TOKEN_NUMBER;
    for (;;) {
        struct ahead here = look(cutting, at), after = look(cutting, here.next);
        bool inner = (here.point == '.' || here.point == ',' || here.point == ':') && after.is == CHARACTER_DIGIT;
        if (here.is != CHARACTER_DIGIT && !inner)
            break;
        at = here.next;
    }
    while (is_letter(look(cutting, at)))
        at = look(cutting, at).next;
    while (look(cutting, at).point == '-' && is_letter(look(cutting, at + 1))) {
        kind = TOKEN_WORD; /* "10-day", "19-year-old" */
        for (at++; is_letter(look(cutting, at));)
            at = look(cutting, at).next;
    }
    add(cutting, at, kind, 0);
    size_t clitic = clitic_end(cutting, at);
    if (clitic)
        add(cutting, clitic, TOKEN_CLITIC, 0);
}

static char quote_mark(int32_t point)
{
    switch (point) {
    case '\'':
    case '`':
    case 0xb4:
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x2032:
    case 0x2039:
    case 0x203a:
        return '\'';
    default:
        return '"';
    }
}

static void cut_quote(struct cutting *cutting)
{
    struct ahead here = look(cutting, cutting->at), after = look(cutting, here.next);
    char mark = quote_mark(here.point);
    bool doubled = mark == '\'' && after.point == here.point && here.point != 0x203a && here.point != 0x2039;
    add(cutting, doubled ? after.next : here.next, TOKEN_QUOTE, doubled ? '"' : mark);
}

/* The ASCII character that stands for a mark; 0 for one that none stands for. */
static char plain_mark(int32_t point)
{
    switch (point) {
    case 0x2026: /* … */
        return '~';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return '-';
    case 0x2022: /* • */
    case 0xb7:
    case 0x25cf:
    case 0x25aa:
        return '*';
    case 0x3002: /* 。 */
        return '.';
    case 0xff0c:
    case 0x3001:
        return ',';
    case 0xff1a:
        return ':';
    default:
        return point < 0x80 ? (char)point : 0;
    }
}

static void cut_mark(struct cutting *cutting)
{
    struct ahead here = look(cutting, cutting->at);
    char mark = plain_mark(here.point);
    size_t end = here.next;
    while ((mark == '.' || mark == '-') && look(cutting, end).point == here.point)
        end = look(cutting, end).next;
    if (mark == '.' && end - cutting->at >= 3)
        mark = '~';
    add(cutting, end, TOKEN_MARK, mark);
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

uint32_t tokens_cut(struct slice bytes, struct token *tokens, uint32_t room)
{
    struct cutting cutting = {.bytes = bytes, .tokens = tokens, .room = room, .flags = TOKEN_LINE_START};
    while (cutting.at < bytes.length) {
        struct ahead here = look(&cutting, cutting.at);
        switch (here.is) {
        case CHARACTER_SPACE:
        case CHARACTER_COMBINING:
            cutting.flags |= TOKEN_AFTER_SPACE;
            if (here.point == '\n' || here.point == '\r' || here.point == 0x2028 || here.point == 0x2029)
                cutting.flags |= TOKEN_LINE_START;
            cutting.flags &= ~(unsigned)TOKEN_SPLIT;
            cutting.at = here.next;
            cutting.point++;
            break;
        case CHARACTER_LETTER:
        case CHARACTER_CAPITAL:
            cut_word(&cutting);
            break;
        case CHARACTER_DIGIT:
            cut_number(&cutting);
            break;
        case CHARACTER_QUOTE:
            cut_quote(&cutting);
            break;
        case CHARACTER_MARK:
            cut_mark(&cutting);
            break;
        }
    }
    return cutting.count;
}

size_t token_fold(const struct token *token, struct slice written, char folded[static FOLDED_MAX])
{
    if (token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER)
        return character_fold_word(written, folded);
    if (token->kind == TOKEN_CLITIC) {
        memcpy(folded, "'s", 2);
        return 2;
    }
    folded[0] = token->mark;
    return 1;
}

void text_tokens(struct text *text)
{
    text->token_count = tokens_cut(text->bytes, NULL, 0);
    text->tokens = arena_alloc(text->arena, (text->token_count + 1) * sizeof *text->tokens);
    tokens_cut(text->bytes, text->tokens, text->token_count);
    for (uint32_t i = 0; i < text->token_count; i++) {
        struct token *token = &text->tokens[i];
        char folded[FOLDED_MAX];
        struct slice word = {folded, token_fold(token, token_text(text, i), folded)};
        token->hash = dictionary_hash(word);
        token->word = lexicon_word(word, token->hash, &token->starts);
        token->known = text->hints.known ? known_word(text->hints.known, word, token->hash) : 0;
    }
    tokens_split(text);
}
