/* Capitals in a row: people by given names, particles and initials, bodies by the words that make them. */
#include "names.h"

/* ---- lexicons --------------------------------------------------------------------------------------------- */

bool word_has_capital(const struct text *text, uint32_t at)
{
    struct slice word = token_text(text, at);
    for (size_t i = 0; i < word.length; i++)
        if (word.data[i] >= 'A' && word.data[i] <= 'Z')
            return true;
    return (text->tokens[at].flags & TOKEN_CAPITAL) != 0;
}

bool word_is_article(const struct text *text, uint32_t at)
{
    return token_is(text, at, "the");
}

struct match listed_at(const struct scan *scan, uint32_t at)
{
    static const enum lexicon names[] = {LEXICON_ORGANIZATIONS, LEXICON_MEDIA,       LEXICON_SEATS,
                                         LEXICON_STATES,        LEXICON_OTHER_NAMES, LEXICON_CITIES};
    struct match best = {0};
    for (size_t i = 0; at < scan->end && i < sizeof names / sizeof names[0]; i++) {
        struct match match = lexicon_match(scan->text, names[i], at);
        if (match.length > best.length && at + match.length <= scan->end)
            best = match;
    }
    if (!best.entry)
        return best;
    uint32_t word = at + (word_is_article(scan->text, at) && best.length > 1 ? 1 : 0);
    return word_has_capital(scan->text, word) ? best : (struct match){0};
}

/* ---- people ----------------------------------------------------------------------------------------------- */

bool word_heads_title(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_TITLES, at);
    struct slice class = match.entry ? entry_get(match.entry, "class") : NO_SLICE;
    return slice_is(class, "office") || slice_is(class, "rank") || slice_is(class, "role") || slice_is(class, "address");
}

static const char *const particles[] = {"de", "la", "von", "van",  "der", "den", "bin",   "ibn", "al",
                                        "el", "da", "dos", "di",   "du",  "del", "della", "ten", "ter",
                                        "zu", "y",  "abu", "bint", "af",  "le",  "das",   "do",  NULL};
static const char *const suffixes[] = {"Jr", "Sr", "Jr.", "Sr.", "II", "III", "IV", NULL};

static bool joined_particle(const struct text *text, uint32_t at)
{
    struct slice word = token_text(text, at);
    return text->tokens[at].kind == TOKEN_WORD && word.length > 3 &&
           (slice_starts(word, "al-") || slice_starts(word, "el-") || slice_starts(word, "ul-") || slice_starts(word, "as-") ||
            slice_starts(word, "d'") || slice_starts(word, "bin-"));
}

uint32_t past_particles(const struct scan *scan, uint32_t at)
{
    uint32_t to = at;
    while (to < scan->end && to < at + 3 && word_in(scan->text, to, particles))
        to++;
    bool leads = to < scan->end && (word_capital(scan->text, to) || joined_particle(scan->text, to));
    return leads ? to : at;
}

static bool is_initial(const struct scan *scan, uint32_t at)
{
    const struct token *token = &scan->text->tokens[at];
    return word_capital(scan->text, at) && token->points == 1 && at + 2 < scan->end && token_is_mark(scan->text, at + 1, '.') &&
           !(scan->text->tokens[at + 1].flags & TOKEN_AFTER_SPACE);
}

/* Whether a word with a capital can be one of a person's names, the `words`th. */
static bool names_person(const struct scan *scan, uint32_t at, uint32_t words, bool after_given)
{
    const struct text *text = scan->text;
    if (!word_capital(text, at))
        return joined_particle(text, at) && words > 0;
    bool plain = words > 0 && !given_name(text, at) && word_is_plain(text, at);
    if (plain && (words > 1 || (scan->heading && !after_given)))
        return false;
    if (word_is_date(text, at) && words == 0)
        return given_name(text, at) && word_capital(text, at + 1) && !word_is_plain(text, at + 1) &&
               !listed_at(scan, at + 1).entry && !(at > scan->first && word_is_class(text, at - 1, "preposition"));
    if (word_is_date(text, at))
        return after_given && !(at + 1 < scan->end && text->tokens[at + 1].kind == TOKEN_NUMBER);
    if (text->tokens[at].flags & TOKEN_UPPER && !scan->heading && words == 0)
        return false;
    if (word_is_function(text, at) && !(given_name(text, at) && words == 0 && !(text->tokens[at].flags & TOKEN_SENTENCE_START)))
        return after_given && text->tokens[at].points > 2 && !word_is_class(text, at, "determiner") &&
               !word_is_class(text, at, "preposition") && !word_is_class(text, at, "pronoun") &&
               !word_is_class(text, at, "conjunction");
    struct match listed = listed_at(scan, at);
    if (!listed.entry)
        return true;
    if (after_given)
        return listed.length == 1 && (listed.entry->lexicon == LEXICON_CITIES || listed.entry->lexicon == LEXICON_STATES ||
                                      listed.entry->lexicon == LEXICON_OTHER_NAMES || !entry_has(listed.entry, "abbreviation"));
    return listed.length == 1 && words == 0 && given_name(text, at) &&
           (entry_has(listed.entry, "personal") || listed.entry->lexicon == LEXICON_OTHER_NAMES);
}

/* Behind a nickname: 'Richard "Tex" Coe'; `at` itself where there is none. */
static uint32_t past_nickname(const struct scan *scan, uint32_t at)
{
    const struct text *text = scan->text;
    bool quoted = at + 3 < scan->end && text->tokens[at].kind == TOKEN_QUOTE && word_capital(text, at + 1) &&
                  text->tokens[at + 2].kind == TOKEN_QUOTE && word_capital(text, at + 3);
    return quoted && !word_is_function(text, at + 3) ? at + 3 : at;
}

struct run person_run(const struct scan *scan, uint32_t at)
{
    const struct text *text = scan->text;
    struct run run = {.end = at};
    bool after_given = false;
    for (uint32_t to = at; to < scan->end && run.words < 6;) {
        uint32_t past = run.words || to > at ? past_particles(scan, to) : to;
        if (run.words == 1 && run.given && past == to)
            to = past = past_nickname(scan, to);
        if (past > to && past < scan->end) {
            run.marked = true;
            to = past;
            after_given = true;
        }
        if (run.words && word_in(text, to, suffixes) && word_capital(text, to)) {
            run.end = to + 1;
            break;
        }
        if (is_initial(scan, to)) {
            run.marked = true;
            run.words++;
            after_given = true;
            to += 2;
            continue;
        }
        if (!names_person(scan, to, run.words, after_given))
            break;
        const struct entry *given = given_name(text, to);
        if (run.words == 0) {
            run.given = given != NULL;
            run.sure = given && !entry_has(given, "word");
        }
        after_given = given != NULL || (after_given && run.words < 2);
        bool joined = joined_particle(text, to);
        run.marked |= joined;
        run.plain |= !given && !joined && word_is_plain(text, to);
        run.titled |= run.words > 0 && word_heads_title(text, to) && to + 1 < scan->end && word_capital(text, to + 1);
        run.short_word |= (text->tokens[to].flags & TOKEN_UPPER && text->tokens[to].points <= 3) || text->tokens[to].points == 1;
        run.words++;
        to++;
        run.end = to;
        if (to < scan->end && text->tokens[to].flags & TOKEN_SPLIT)
            break;
    }
    return run;
}

static bool has_role(const struct text *text, uint32_t from, uint32_t end)
{
    for (uint32_t at = from; at < end && at < from + 6 && text->tokens[at].kind == TOKEN_WORD; at++) {
        struct match title = lexicon_match(text, LEXICON_TITLES, at), role = lexicon_match(text, LEXICON_ROLES, at);
        struct slice class = title.entry ? entry_get(title.entry, "class") : NO_SLICE;
        if (role.entry || slice_is(class, "office") || slice_is(class, "role") || slice_is(class, "rank"))
            return true;
        if (word_in(text, at, (const char *const[]){"who", "which", "that", NULL}))
            return token_is(text, at, "who");
    }
    return false;
}

/* ", 45," or ", an analyst at …", "who said": what follows only people. */
static bool followed_like_person(const struct scan *scan, uint32_t at)
{
    const struct text *text = scan->text;
    if (token_is(text, at, "who") || token_is(text, at, "whose"))
        return true;
    if (!token_is_mark(text, at, ',') || at + 1 >= scan->end)
        return false;
    const struct token *next = &text->tokens[at + 1];
    if (next->kind == TOKEN_NUMBER)
        return next->points <= 3 && (token_is_mark(text, at + 2, ',') || token_is_mark(text, at + 2, '.'));
    return token_is(text, at + 1, "who") || has_role(text, at + 1, scan->end);
}

bool span_speaks(const struct scan *scan, struct span span)
{
    static const char *const to_speakers[] = {"by", "told", "asked", NULL};
    const struct text *text = scan->text;
    if (verb_of_saying(text, span.end) && span.end < scan->end)
        return true;
    if (span.first == scan->first)
        return false;
    uint32_t before = span.first - 1;
    if (token_is(text, before, "to") && before > scan->first && token_is(text, before - 1, "according"))
        return true;
    return word_in(text, before, to_speakers) || (verb_of_saying(text, before) && !word_capital(text, before));
}

bool run_is_person(const struct scan *scan, uint32_t at, const struct run *run)
{
    const struct entry *second = run->words > 2 && !run->given ? given_name(scan->text, at + 1) : NULL;
    if (run->words < 2 || run->titled)
        return false;
    if (second && !entry_has(second, "word") && (at == scan->first || scan->heading || word_is_plain(scan->text, at)))
        return false; /* "Petty Officer First Class | Charles Keating" */
    if (run->sure && !(run->plain && run->words == 2 && !run->marked && word_is_plain(scan->text, at + 1) && scan->heading))
        return true;
    if (run->given && !run->plain)
        return true;
    if (run->marked && !run->plain && run->words <= 4)
        return true;
    if (run->plain || run->words > 3 || run->short_word)
        return false;
    if (at > scan->first && token_is_mark(scan->text, at - 1, ',') && token_is_mark(scan->text, run->end, ',') &&
        title_then_comma(scan->text, at - 1).head)
        return true;
    bool article = at > scan->first && word_is_article(scan->text, at - 1);
    return !article && (followed_like_person(scan, run->end) || span_speaks(scan, (struct span){at, run->end}));
}

/* ---- bodies by their words -------------------------------------------------------------------------------- */

static const char *const connectors[] = {"of", "for", "and", "the", "on",  "de",  "des", "du",
                                         "la", "in",  "a",   "to",  "für", "und", NULL};
static const char *const owners_of_bodies[] = {"People", "Women",    "Men",     "Children", "Workers",
                                               "Nurses", "Teachers", "Farmers", "Veterans", "King",
                                               "Queen",  "Citizens", "Writers", "Peoples",  NULL};

static bool next_is_name(const struct scan *scan, uint32_t at)
{
    struct match listed = listed_at(scan, at);
    return (listed.entry && listed.entry->lexicon != LEXICON_OTHER_NAMES) ||
           (given_name(scan->text, at) && !entry_has(given_name(scan->text, at), "word"));
}

/* Whether one of the next capitals makes a body of its own: "… Institute of Technology and Colorado State University". */
static bool body_soon(const struct scan *scan, uint32_t at)
{
    for (uint32_t to = at; to < at + 4 && to < scan->end && word_capital(scan->text, to); to++)
        if (lexicon_match(scan->text, LEXICON_ORGANIZATION_WORDS, to).entry)
            return true;
    return false;
}

/* The capital that connectors from `at` lead to, inside a body's name; 0 for none. `seen`: its word came before. */
static uint32_t past_connectors(const struct scan *scan, uint32_t at, bool seen)
{
    const struct text *text = scan->text;
    uint32_t to = at;
    while (to < scan->end && to < at + 3 && (word_in(text, to, connectors) || token_is_mark(text, to, '&')))
        to++;
    if (to == at || to >= scan->end || !word_capital(text, to) || word_is_function(text, to) || word_is_date(text, to))
        return 0;
    bool and = token_is(text, at, "and") || token_is_mark(text, at, '&');
    if (and) {
        /* "Ministry of Defence and Russia" are two; "Ministry of Trade and Industry", "Food and Drug Administration" one. */
        struct match word = lexicon_match(text, LEXICON_ORGANIZATION_WORDS, to + 1);
        bool first_names = given_name(text, at - 1) || given_name(text, to) || text->tokens[at - 1].flags & TOKEN_UPPER;
        bool soon = word.entry && word_capital(text, to + 1) && !seen && !first_names;
        bool after = seen && !next_is_name(scan, to) && !body_soon(scan, to);
        return to == at + 1 && (soon || after || token_is_mark(text, at, '&')) ? to : 0;
    }
    if (!seen)
        return 0;
    bool weak = token_is(text, at, "in") || token_is(text, at, "to") || token_is(text, at, "a") || token_is(text, at, "the");
    return weak && to == at + 1 && !token_is(text, at, "in") ? 0 : to;
}

/* Whether a title ends a body's name: "Defence Ministry Spokesman", "Army General Smith"; not in "Coalition for Justice". */
static bool titled_from(const struct scan *scan, uint32_t at, uint32_t body_end)
{
    return word_heads_title(scan->text, at) && (at == body_end || (at + 1 < scan->end && word_capital(scan->text, at + 1)));
}

/* Whether the word of a body at `at` makes one there: some do only at the end of a name. */
static bool makes_body(const struct scan *scan, const struct match *word, uint32_t at)
{
    uint32_t behind = at + word->length;
    if (!entry_has(word->entry, "last"))
        return true;
    bool goes_on = behind < scan->end && word_capital(scan->text, behind) && !word_is_date(scan->text, behind) &&
                   !word_heads_title(scan->text, behind);
    return !goes_on;
}

struct body body_run(const struct scan *scan, uint32_t at)
{
    const struct text *text = scan->text;
    struct body body = {.end = at, .kind = NO_SLICE};
    uint32_t words = 0;
    bool inside = false, inside_for = false; /* behind a connector that the body's word came before */
    for (uint32_t to = at; to < scan->end && to < at + 16;) {
        if (to > at && text->tokens[to].flags & TOKEN_SPLIT)
            break;
        if (!word_capital(text, to)) {
            uint32_t lead = past_connectors(scan, to, body.kind.data != NULL);
            bool in = token_is(text, to, "in") || token_is(text, to, "to");
            struct match place = in && lead ? listed_at(scan, lead) : (struct match){0};
            if (place.entry && (place.entry->lexicon == LEXICON_CITIES || place.entry->lexicon == LEXICON_STATES))
                break;
            bool again = inside && lead && lexicon_match(text, LEXICON_STATES, lead).entry; /* "… of Sheffield of the UK" */
            static const char *const on[] = {"committee",    "council",   "commission", "conference",
                                             "subcommittee", "institute", "panel",      NULL};
            if (again || (token_is(text, to, "on") && !word_in(text, to - 1, on)))
                break;
            bool owns = text->tokens[to].kind == TOKEN_CLITIC && to > at && word_in(text, to - 1, owners_of_bodies);
            if (in && !inside_for)
                break;
            if (!lead && !owns)
                break;
            inside_for |= token_is(text, to, "for");
            inside |= lead && body.kind.data;
            to = owns ? to + 1 : lead;
            continue;
        }
        const struct entry *given = inside && word_capital(text, to - 1) ? given_name(text, to) : NULL;
        if (given && !entry_has(given, "word"))
            break; /* "Council of Europe | Anna Keller" */
        if ((to > at && word_is_date(text, to)) || (body.kind.data && titled_from(scan, to, body.end)))
            break;
        struct match word = lexicon_match(text, LEXICON_ORGANIZATION_WORDS, to);
        struct match title = lexicon_match(text, LEXICON_TITLES, to);
        if (title.length > 1 && title.length > word.length && word_capital(text, to + title.length) && to > at)
            break; /* "Pentagon | Press Secretary" */
        if (word.entry && makes_body(scan, &word, to)) {
            struct slice kind = entry_get(word.entry, "kind");
            bool weaker = body.kind.data && (slice_is(kind, "place") || slice_is(kind, "event")) &&
                          body.end < to; /* "Institute for War": what follows the word is only its field */
            if (!weaker && !(inside && body.kind.data))
                body.kind = kind;
            body.surname = entry_has(word.entry, "surname") && words == 1;
            body.end = to + word.length;
            body.words = words;
            words += word.length;
            to += word.length;
            continue;
        }
        words++;
        to++;
        if (inside)
            body.end = to;
    }
    bool long_enough = body.words > 0 || body.end > at + 1;
    return body.kind.data && long_enough ? body : (struct body){.end = at};
}
