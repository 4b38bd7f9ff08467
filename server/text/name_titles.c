/* Titles: what stands before or after a name and says what its bearer is.
 *
 *     title  = { state | body | adjective | modifier | portfolio } head { head } [ link ]
 *     link   = "of" ("State" | portfolio | state | body) | "for" portfolio | "to" body      { "and" portfolio }
 *     head   = office | rank | role | address                                                 (lexicon/titles.txt)
 *
 *     Norwegian Deputy Finance Minister Anna Keller     before
 *     the deputy finance minister, Anna Keller          before, with a comma
 *     Anna Keller, Norwegian Ambassador to the UN,      after */
#include <string.h>

#include "names.h"

enum { TITLE_STEPS = 14, TITLE_TOKENS = 24, OWNER_TOKENS = 5 };

struct reader {
    const struct text *text;
    uint32_t at, end; /* behind the last head, and what is linked to it */
    struct title title;
    bool open; /* something stands behind `end` that only a further head could close */
};

static bool is_head(const struct entry *entry)
{
    struct slice class = entry_get(entry, "class");
    return slice_is(class, "office") || slice_is(class, "rank") || slice_is(class, "role") || slice_is(class, "address") ||
           entry_has(entry, "head");
}

static void note_code(struct reader *reader, const struct entry *entry, uint32_t at)
{
    struct slice code = entry_get(entry_main(entry), "code");
    if (!code.length)
        code = entry_get(entry, "code");
    if (reader->title.place == UINT32_MAX)
        reader->title.place = at;
    if (!reader->title.code.length && code.length)
        reader->title.code = code;
}

/* A state's or body's name, or an adjective: its length in tokens, 0 for none. */
static uint32_t step_owner(struct reader *reader)
{
    static const enum lexicon owners[] = {LEXICON_ORGANIZATIONS, LEXICON_SEATS,       LEXICON_MEDIA,
                                          LEXICON_STATES,        LEXICON_OTHER_NAMES, LEXICON_CITIES};
    if (!word_capital(reader->text, reader->at))
        return 0;
    struct match best = {0};
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        struct match match = lexicon_match(reader->text, owners[i], reader->at);
        if (match.length > best.length)
            best = match;
    }
    if (!best.entry)
        return 0;
    if (best.entry->lexicon != LEXICON_CITIES && best.entry->lexicon != LEXICON_MEDIA)
        note_code(reader, best.entry, reader->at);
    else if (reader->title.place == UINT32_MAX)
        reader->title.place = reader->at;
    return best.length;
}

static uint32_t step_word(struct reader *reader, bool *head)
{
    struct match match = lexicon_match(reader->text, LEXICON_TITLES, reader->at);
    if (!match.entry)
        return 0;
    *head = is_head(match.entry);
    if (*head) {
        if (reader->title.office && slice_is(entry_get(match.entry, "class"), "rank"))
            reader->title.rank = reader->at;
        reader->title.last = reader->title.head ? reader->at : 0;
        reader->title.kin = entry_has(match.entry, "kin");
        reader->title.head = match.entry;
        reader->title.office |= !slice_is(entry_get(match.entry, "class"), "address");
    }
    return match.length;
}

/* What follows a head: "of State", "for Political Affairs", "of the Joint Chiefs of Staff". Its length, 0 for none. */
static uint32_t step_link(struct reader *reader)
{
    static const char *const links[] = {"of", "for", "to", "at", NULL};
    const struct text *text = reader->text;
    uint32_t from = reader->at;
    if (!word_in(text, from, links))
        return 0;
    bool to = token_is(text, from, "to");
    struct slice code = reader->title.code;
    reader->at = from + 1 + (token_is(text, from + 1, "the") ? 1 : 0);
    uint32_t length = 0;
    for (int steps = 0; steps < 6; steps++) {
        struct match word = lexicon_match(text, LEXICON_TITLES, reader->at);
        bool portfolio = word.entry && slice_is(entry_get(word.entry, "class"), "portfolio");
        uint32_t owner = length ? 0 : step_owner(reader), more = portfolio ? word.length : 0;
        if (owner > more) { /* "for the State Department" */
            more = owner;
            portfolio = false;
        }
        if (!more)
            break;
        reader->title.linked = !portfolio;
        reader->at += more;
        length = reader->at - from;
        if (token_is(text, reader->at, "and") || token_is_mark(text, reader->at, ','))
            reader->at++;
    }
    if (to)
        reader->title.code = code; /* the ambassador to Russia is not Russia's */
    reader->at = from;
    return length;
}

/* Reads on while what stands there can be part of a title, up to `limit`. */
static void read_title(struct reader *reader, uint32_t limit)
{
    const struct text *text = reader->text;
    bool worded = false; /* the last step was a title's word, not a name */
    for (int steps = 0; steps < TITLE_STEPS && reader->at < limit; steps++) {
        bool head = false;
        uint32_t length = reader->end == reader->at && reader->end > 0 ? step_link(reader) : 0;
        bool linked = length > 0;
        /* "State Department spokesman" begins with a body, though "state" is a word of titles, too. */
        uint32_t owner = length || reader->title.head ? 0 : step_owner(reader);
        if (!length && owner <= lexicon_match(text, LEXICON_TITLES, reader->at).length)
            length = step_word(reader, &head);
        bool word = length > 0;
        if (!length)
            length = owner;
        if (!length && worded && token_is(text, reader->at, "and") && lexicon_match(text, LEXICON_TITLES, reader->at + 1).entry)
            length = 1;
        if (!length && text->tokens[reader->at].kind == TOKEN_CLITIC && steps > 0)
            length = 1;
        if (!length)
            break;
        reader->at += length;
        worded = word;
        if (head)
            reader->title.linked = false;
        if (head || linked)
            reader->end = reader->at;
    }
}

static struct reader reader_at(const struct text *text, uint32_t at)
{
    return (struct reader){.text = text, .at = at, .title = {.place = UINT32_MAX}};
}

struct title title_before(const struct text *text, uint32_t at)
{
    struct reader reader = reader_at(text, at);
    uint32_t limit = text->sentences[text->sentence_of[at]].span.end;
    read_title(&reader, limit);
    if (!reader.title.head)
        return (struct title){0};
    reader.title.span = (struct span){at, reader.end};
    return reader.title;
}

/* ---- with a comma ----------------------------------------------------------------------------------------- */

static bool opens_phrase(const struct text *text, uint32_t at)
{
    return word_is_class(text, at, "determiner") || word_is_class(text, at, "possessive") ||
           text->tokens[at].kind == TOKEN_CLITIC;
}

/* Where a noun phrase that ends at `end` begins, as far as a title could reach: behind its article or possessor. */
static uint32_t phrase_start(const struct text *text, uint32_t end)
{
    uint32_t first = text->sentences[text->sentence_of[end - 1]].span.first, at = end;
    while (at > first && end - at < TITLE_TOKENS && text->tokens[at - 1].kind < TOKEN_QUOTE && !opens_phrase(text, at - 1))
        at--;
    return at;
}

/* "head of the union": where the phrase begins that one begins behind, at "the"; else what was given. */
static uint32_t whole_phrase_start(const struct text *text, uint32_t start)
{
    static const char *const links[] = {"of", "for", "at", NULL};
    bool linked = start > 2 && token_is(text, start - 1, "the") && word_in(text, start - 2, links) &&
                  text->tokens[start - 3].kind == TOKEN_WORD && same_sentence(text, start - 3, start);
    return linked ? phrase_start(text, start - 2) : start;
}

/* "of Castrania", "of the port": the end of such an owner at `at`, whom no lexicon has. */
static uint32_t owner_end(const struct text *text, uint32_t at, uint32_t limit)
{
    static const char *const links[] = {"of", "for", "at", NULL};
    if (at >= limit || !word_in(text, at, links))
        return at;
    at += token_is(text, at + 1, "the") ? 2 : 1;
    while (at < limit && text->tokens[at].kind == TOKEN_WORD && !word_class(text, at).length &&
           (word_capital(text, at) || !verb_of_saying(text, at)))
        at++;
    return at;
}

struct title title_then_comma(const struct text *text, uint32_t comma)
{
    if (comma == 0 || text->tokens[comma - 1].kind != TOKEN_WORD)
        return (struct title){0};
    uint32_t first = whole_phrase_start(text, phrase_start(text, comma));
    bool opened = first > 0 && (token_is(text, first - 1, "the") || text->tokens[first - 1].kind == TOKEN_CLITIC ||
                                word_is_class(text, first - 1, "possessive"));
    if (first == comma || !opened)
        return (struct title){0};
    struct reader reader = reader_at(text, first);
    read_title(&reader, comma);
    if (!reader.title.head || !reader.title.office || reader.end > comma || owner_end(text, reader.end, comma) != comma)
        return (struct title){0};
    if (text->tokens[first - 1].kind == TOKEN_CLITIC && first > 1) {
        struct match owner = lexicon_match(text, LEXICON_STATES, first - 2);
        if (owner.entry && owner.length == 1)
            note_code(&reader, owner.entry, first - 2);
    }
    reader.title.span = (struct span){first, comma};
    return reader.title;
}

/* "the bakers' union" */
static bool is_plural_possessive(const struct text *text, uint32_t at, uint32_t limit)
{
    return at > 0 && at + 1 < limit && text->tokens[at].mark == '\'' && text->tokens[at - 1].end == text->tokens[at].start &&
           slice_ends(token_text(text, at - 1), "s") && text->tokens[at + 1].kind == TOKEN_WORD &&
           text->tokens[at + 1].start > text->tokens[at].end && !word_class(text, at + 1).length;
}

/* The title goes on to the end of its noun phrase: "expert at the Centre for …", "head of the team that …". UINT32_MAX: into
 * another person's name. */
static uint32_t phrase_end(const struct text *text, uint32_t at, uint32_t limit)
{
    static const char *const through[] = {"of", "for", "at", "in", "to", "with", "on", "and", "the", "a", "an", NULL};
    uint32_t kept = at;
    while (at < limit) {
        const struct token *token = &text->tokens[at];
        bool joins = word_in(text, at, through) || is_plural_possessive(text, at, limit);
        const struct entry *given = given_name(text, at);
        if (given && !entry_has(given, "word") && word_capital(text, at + 1))
            return UINT32_MAX; /* ", ambassador Anna Keller," is somebody else */
        bool ends = (!joins && token->kind >= TOKEN_QUOTE) ||
                    (!joins && token->kind == TOKEN_WORD && word_class(text, at).length > 0) ||
                    (!joins && !word_capital(text, at) && verb_of_saying(text, at));
        if (ends)
            break;
        at++;
        if (!joins)
            kept = at;
    }
    return kept;
}

/* "the harbour police's chief inspector": behind the owner that begins at `at`; 0: there is none. */
static uint32_t past_owner(const struct text *text, uint32_t at, uint32_t limit)
{
    uint32_t from = at;
    while (at < limit && at < from + OWNER_TOKENS && text->tokens[at].kind == TOKEN_WORD && !word_class(text, at).length)
        at++;
    bool owned = at > from && at < limit && text->tokens[at].kind == TOKEN_CLITIC;
    return owned || (at > from && is_plural_possessive(text, at, limit)) ? at + 1 : 0;
}

struct title title_after(const struct text *text, uint32_t comma)
{
    uint32_t at = comma + 1;
    if (!same_sentence(text, comma, at))
        return (struct title){0};
    uint32_t limit = text->sentences[text->sentence_of[comma]].span.end;
    at += word_is_class(text, at, "determiner") ? 1 : 0;
    uint32_t owned = past_owner(text, at, limit);
    struct reader reader = reader_at(text, at);
    read_title(&reader, limit < at + TITLE_TOKENS ? limit : at + TITLE_TOKENS);
    if (!reader.title.head && owned) {
        at = owned;
        reader = reader_at(text, at);
        read_title(&reader, limit < at + TITLE_TOKENS ? limit : at + TITLE_TOKENS);
    }
    if (!reader.title.head || !reader.title.office || reader.end < at || word_capital(text, reader.end))
        return (struct title){0};
    uint32_t end = phrase_end(text, reader.end, limit < at + TITLE_TOKENS ? limit : at + TITLE_TOKENS);
    if (end == UINT32_MAX)
        return (struct title){0};
    /* ", President Biden said" is another person. */
    if (end < limit && !token_is_mark(text, end, ',') && !token_is_mark(text, end, '.') && !token_is_mark(text, end, ')') &&
        !token_is(text, end, "who") && !token_is(text, end, "and") && !verb_stands(text, end) &&
        text->tokens[end].kind < TOKEN_QUOTE)
        return (struct title){0};
    reader.title.span = (struct span){at, end};
    return reader.title;
}
