/* Words that hide names: what only the whole text and the lexicons can take apart.
 *
 *     US-Russia talks, the Biden-Putin summit        two names, where each is known or stands in the text by itself
 *     a Downing Street-hosted dinner, Oslo-backed     a name, and a participle in small letters
 *     the Danes and SwedesPerhaps                     a name that lost the blank behind it
 *
 * Each part becomes a token of its own, the hyphen one, too. */
#include <string.h>

#include "dictionary.h"
#include "lexicon.h"
#include "tokens.h"

enum { PARTS_MAX = 3 };

#define NAMES                                                                                                                    \
    (1u << LEXICON_STATES | 1u << LEXICON_SEATS | 1u << LEXICON_ORGANIZATIONS | 1u << LEXICON_MEDIA | 1u << LEXICON_CITIES)

static void look_up(const struct text *text, struct token *token)
{
    char folded[FOLDED_MAX];
    struct slice written = {text->bytes.data + token->start, token->end - token->start};
    struct slice word = {folded, token_fold(token, written, folded)};
    token->hash = dictionary_hash(word);
    token->word = lexicon_word(word, token->hash, &token->starts);
    token->known = text->hints.known ? known_word(text->hints.known, word, token->hash) : 0;
}

static bool is_capital(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static bool is_small(char byte)
{
    return byte >= 'a' && byte <= 'z';
}

static bool ends_in(struct slice word, const char *end)
{
    size_t length = strlen(end);
    return word.length >= length && memcmp(word.data + word.length - length, end, length) == 0;
}

/* Words that the text has as tokens of their own, by hash. */
struct words {
    uint32_t *hashes;
    uint32_t mask;
};

static bool holds(const struct words *words, uint32_t hash, bool add)
{
    uint32_t at = hash & words->mask;
    while (words->hashes[at] && words->hashes[at] != hash)
        at = (at + 1) & words->mask;
    bool there = words->hashes[at] != 0;
    if (add)
        words->hashes[at] = hash;
    return there;
}

/* One token, cut out of another. */
static struct token part_of(const struct text *text, const struct token *whole, uint32_t from, uint32_t to, enum token_kind kind)
{
    struct token part = {.start = whole->start + from, .end = whole->start + to, .kind = (uint8_t)kind};
    const char *bytes = text->bytes.data + part.start;
    for (uint32_t i = 0; i < to - from; i++)
        part.points += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    uint32_t upper = 0;
    for (uint32_t i = 0; i < to - from; i++)
        upper += is_capital(bytes[i]);
    if (kind == TOKEN_WORD && is_capital(bytes[0]))
        part.flags = (uint16_t)(TOKEN_CAPITAL | (upper >= 2 && upper == part.points ? TOKEN_UPPER : 0));
    part.mark = kind == TOKEN_MARK ? '-' : 0;
    look_up(text, &part);
    return part;
}

static bool follows_name(struct slice word)
{
    static const char *const behind[] = {"led",   "run",  "based",    "born",  "made", "era",
                                         "style", "wide", "friendly", "bound", "held", NULL};
    for (const char *const *end = behind; *end; end++)
        if (slice_is(word, *end))
            return true;
    return word.length > 4 && ends_in(word, "ed");
}

static bool is_adjective(const struct text *text, const struct token *token)
{
    struct slice word = {text->bytes.data + token->start, token->end - token->start};
    const struct entry *entry = token->starts & 1u << LEXICON_STATES ? lexicon_find(LEXICON_STATES, word) : NULL;
    return entry && entry_has(entry, "adjective");
}

static bool is_given(const struct text *text, const struct token *token)
{
    struct slice word = {text->bytes.data + token->start, token->end - token->start};
    const struct entry *entry = token->starts & 1u << LEXICON_GIVEN_NAMES ? lexicon_find(LEXICON_GIVEN_NAMES, word) : NULL;
    return entry && !entry_has(entry, "leader");
}

/* Where the word comes apart at a hyphen: the hyphen's place in it, 0 for nowhere. */
static uint32_t hyphen_in(const struct text *text, const struct token *token, const struct words *words)
{
    struct slice word = {text->bytes.data + token->start, token->end - token->start};
    const char *hyphen = memrchr(word.data, '-', word.length);
    if (!hyphen || hyphen == word.data || token->word || token->known || !is_capital(word.data[0]))
        return 0;
    uint32_t at = (uint32_t)(hyphen - word.data), length = (uint32_t)word.length;
    if (at < 2 || length - at < 3)
        return 0;
    if (is_small(hyphen[1]))
        return follows_name((struct slice){hyphen + 1, length - at - 1}) ? at : 0;
    struct token one = part_of(text, token, 0, at, TOKEN_WORD), other = part_of(text, token, at + 1, length, TOKEN_WORD);
    if (!is_capital(hyphen[1]) || is_given(text, &one) || is_given(text, &other))
        return 0; /* "Jean-Marie" */
    if (is_adjective(text, &one) || is_adjective(text, &other))
        return 0; /* "Russian-American" */
    bool both_named = one.starts & NAMES && other.starts & NAMES;
    return both_named || (holds(words, one.hash, false) && holds(words, other.hash, false)) ? at : 0;
}

/* Where a second word begins that lost its blank: both have to be known, or stand in the text. */
static uint32_t blank_lost_in(const struct text *text, const struct token *token, const struct words *words)
{
    const char *bytes = text->bytes.data + token->start;
    uint32_t length = token->end - token->start, at = 0;
    if (token->word || token->known || !(token->flags & TOKEN_CAPITAL) || length < 7)
        return 0;
    for (uint32_t i = 3; i + 2 < length && !at; i++)
        if (is_small(bytes[i - 1]) && is_capital(bytes[i]) && is_small(bytes[i + 1]))
            at = i;
    if (!at)
        return 0;
    struct token one = part_of(text, token, 0, at, TOKEN_WORD), other = part_of(text, token, at, length, TOKEN_WORD);
    bool one_stands = one.starts & NAMES || holds(words, one.hash, false);
    bool other_stands = other.starts & ~(NAMES | 1u << LEXICON_GIVEN_NAMES) || holds(words, other.hash, false);
    return one_stands && other_stands ? at : 0;
}

static uint32_t split(const struct text *text, const struct token *token, const struct words *words,
                      struct token parts[static PARTS_MAX])
{
    uint32_t length = token->end - token->start;
    if (token->kind != TOKEN_WORD || length < 4 || !(token->flags & TOKEN_CAPITAL))
        return 0;
    uint32_t at = hyphen_in(text, token, words), count = 0;
    if (at) {
        parts[count++] = part_of(text, token, 0, at, TOKEN_WORD);
        parts[count++] = part_of(text, token, at, at + 1, TOKEN_MARK);
        parts[count++] = part_of(text, token, at + 1, length, TOKEN_WORD);
    } else if ((at = blank_lost_in(text, token, words)) > 0) {
        parts[count++] = part_of(text, token, 0, at, TOKEN_WORD);
        parts[count++] = part_of(text, token, at, length, TOKEN_WORD);
        parts[1].flags |= TOKEN_SPLIT;
    }
    if (!count)
        return 0;
    parts[0].flags |= token->flags & (TOKEN_AFTER_SPACE | TOKEN_LINE_START | TOKEN_SPLIT);
    uint32_t point = token->point;
    for (uint32_t i = 0; i < count; i++) {
        parts[i].point = point;
        point += parts[i].points;
    }
    return count;
}

void tokens_split(struct text *text)
{
    uint32_t room = 64, splits = 0;
    while (room < text->token_count * 2)
        room *= 2;
    struct words words = {arena_zero(text->arena, room * sizeof(uint32_t)), room - 1};
    for (uint32_t i = 0; i < text->token_count; i++)
        if (text->tokens[i].kind == TOKEN_WORD && text->tokens[i].flags & TOKEN_CAPITAL)
            holds(&words, text->tokens[i].hash, true);
    struct token parts[PARTS_MAX];
    for (uint32_t i = 0; i < text->token_count; i++)
        splits += split(text, &text->tokens[i], &words, parts) > 0;
    if (!splits)
        return;
    struct token *tokens = arena_alloc(text->arena, (text->token_count + splits * (PARTS_MAX - 1) + 1) * sizeof *tokens);
    uint32_t count = 0;
    for (uint32_t i = 0; i < text->token_count; i++) {
        uint32_t pieces = split(text, &text->tokens[i], &words, parts);
        if (!pieces)
            tokens[count++] = text->tokens[i];
        for (uint32_t k = 0; k < pieces; k++)
            tokens[count++] = parts[k];
    }
    text->tokens = tokens;
    text->token_count = count;
}
