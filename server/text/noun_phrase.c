#include "noun_phrase.h"

#include <string.h>

/* ---- words ------------------------------------------------------------------------------------------------ */

bool is_class(const struct text *text, uint32_t at, const char *name)
{
    struct slice class = word_class(text, at);
    size_t length = strlen(name);
    return slice_starts(class, name) && (class.length == length || class.data[length] == ',');
}

const struct mention *named_at(const struct text *text, uint32_t at)
{
    int32_t place = text->mention_of[at];
    const struct mention *mention = place == NOBODY ? NULL : &text->found->mentions[place];
    return mention && mention->form < FORM_NOMINAL ? mention : NULL;
}

enum gender gender_of_entry(const struct entry *entry)
{
    struct slice gender = entry ? entry_get(entry, "gender") : NO_SLICE;
    if (!gender.length)
        return GENDER_UNKNOWN;
    return gender.data[0] == 'm' ? GENDER_MALE : gender.data[0] == 'f' ? GENDER_FEMALE : GENDER_NEUTER;
}

enum gender gender_of_name(struct slice name)
{
    struct slice rest = name, first = slice_cut(&rest, ' ');
    if (!rest.data)
        return GENDER_UNKNOWN;
    const struct entry *entry = lexicon_find(LEXICON_GIVEN_NAMES, first);
    const char *hyphen = memchr(first.data, '-', first.length);
    if (!entry && hyphen)
        entry = lexicon_find(LEXICON_GIVEN_NAMES, (struct slice){first.data, (size_t)(hyphen - first.data)});
    struct slice like = entry && !entry_has(entry, "gender") ? entry_get(entry, "like") : NO_SLICE;
    return gender_of_entry(like.length ? lexicon_find(LEXICON_GIVEN_NAMES, like) : entry);
}

/* The state whose adjective begins at `at` ("Russian", "South Korean"), and how many tokens it has. */
static struct slice adjective_country(const struct text *text, uint32_t at, uint32_t *length)
{
    struct match match = lexicon_match(text, LEXICON_STATES, at);
    *length = match.length;
    return match.entry ? entry_get(match.entry, "code") : NO_SLICE;
}

/* ---- the phrase, from left to right ----------------------------------------------------------------------- */

struct reading {
    const struct text *text;
    struct noun_phrase phrase;
    uint32_t at, end;
    uint32_t role_at, role_end, name_end; /* where the last role noun stands, and where it and the last name ended */
};

static void read_determiner(struct reading *reading)
{
    const struct text *text = reading->text;
    struct noun_phrase *phrase = &reading->phrase;
    struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, reading->at);
    if (!match.entry || named_at(text, reading->at))
        return;
    if (entry_lists(match.entry, "class", "determiner") || entry_lists(match.entry, "class", "quantifier")) {
        bool definite = token_is(text, reading->at, "the") || entry_lists(match.entry, "class", "demonstrative") ||
                        entry_lists(match.entry, "class", "possessive") || token_is(text, reading->at, "both");
        phrase->definite |= definite;
        phrase->indefinite |= !definite;
        phrase->other |= token_is(text, reading->at, "another") || token_is(text, reading->at, "other");
        if (reading->at + match.length < reading->end)
            reading->at += match.length;
    }
}

/* Inside the phrase: "the official's" may be followed by something that is no part of it. */
static bool is_possessive(const struct reading *reading)
{
    return reading->at + 1 < reading->end && reading->text->tokens[reading->at].kind == TOKEN_CLITIC;
}

/* A name is the head if it comes last; otherwise the phrase is about somebody of it. */
static void take_name(struct reading *reading, const struct mention *mention)
{
    struct noun_phrase *phrase = &reading->phrase;
    reading->at = mention->span.end;
    phrase->of = (int32_t)mention->actor;
    phrase->form_of = mention->form;
    struct slice country = reading->text->found->actors[mention->actor].country;
    if (country.length && reading->text->found->actors[mention->actor].kind != ACTOR_PERSON)
        phrase->country = country;
    if (is_possessive(reading)) {
        phrase->definite = true;
        reading->at++;
        return;
    }
    phrase->actor = (int32_t)mention->actor;
    phrase->head = mention->span.end - 1;
    reading->name_end = mention->span.end;
}

static void take_role(struct reading *reading, struct match match)
{
    struct noun_phrase *phrase = &reading->phrase;
    reading->at += match.length;
    if (is_possessive(reading)) { /* "the minister's spokesman": the one is known by the other */
        phrase->definite = true;
        reading->at++;
        return;
    }
    phrase->role = match.entry;
    reading->role_at = reading->at - match.length;
    struct slice irregular = entry_get(match.entry, "plural"); /* empty: the word itself means several */
    phrase->plural = match.inflections & INFLECTION_BIT(INFLECTION_PLURAL) || (irregular.data && !irregular.length);
    phrase->head = reading->at - 1;
    reading->role_end = reading->at;
}

/* "U.S. and Russian officials" goes on; "Washington and its allies" is headed by Washington. */
static bool goes_on(const struct reading *reading)
{
    const struct text *text = reading->text;
    uint32_t length = 0;
    if (reading->role_end == reading->at || reading->at + 1 >= reading->end)
        return reading->role_end == 0 && reading->name_end == 0;
    if (reading->name_end == reading->at && (named_at(text, reading->at + 1) || is_class(text, reading->at + 1, "determiner") ||
                                             is_class(text, reading->at + 1, "quantifier")))
        return false;
    return adjective_country(text, reading->at + 1, &length).length || !reading->name_end;
}

static bool is_boundary(const struct reading *reading)
{
    static const char *const classes[] = {"preposition", "particle", "relative", "subordinator", "auxiliary", "modal"};
    const struct text *text = reading->text;
    const struct token *token = &text->tokens[reading->at];
    if (token->kind == TOKEN_MARK)
        return token->mark != '-' && token->mark != '&';
    const struct entry *word = lexicon_match(text, LEXICON_FUNCTION_WORDS, reading->at).entry;
    struct slice class = word ? entry_get(word, "class") : NO_SLICE;
    if (slice_starts(class, "conjunction"))
        return !goes_on(reading);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (slice_starts(class, classes[i]))
            return true;
    return false;
}

/* core = determiner? (name "'s"? | adjective | role "'s"? | word)*, up to a preposition, a relative pronoun or a mark */
static void read_core(struct reading *reading)
{
    const struct text *text = reading->text;
    while (reading->at < reading->end) {
        const struct mention *name = named_at(text, reading->at);
        if (name) {
            take_name(reading, name);
            continue;
        }
        if (is_boundary(reading))
            return;
        struct match role = lexicon_match(text, LEXICON_ROLES, reading->at);
        if (role.entry && reading->at + role.length <= reading->end) {
            take_role(reading, role);
            continue;
        }
        uint32_t length = 0;
        struct slice country = adjective_country(text, reading->at, &length);
        if (country.length)
            reading->phrase.country = country;
        if (token_is(text, reading->at, "same"))
            reading->phrase.definite = true;
        if (token_is(text, reading->at, "other") || token_is(text, reading->at, "second"))
            reading->phrase.other = true;
        reading->at += length ? length : 1;
    }
}

/* "A person familiar with it", "voters surveyed": what may follow a noun without being one. Any other word there is the head
 * ("the Republican establishment"), and nothing is known of it. */
static bool only_describes(const struct reading *reading)
{
    static const char *const adjectives[] = {"familiar", "close",  "present", "here",     "there", "alike",     "responsible",
                                             "aware",    "online", "abroad",  "opposite", "alone", "available", "privy"};
    for (uint32_t at = reading->role_end; at < reading->at; at++) {
        struct slice word = token_text(reading->text, at);
        bool described = slice_ends(word, "ed") || slice_ends(word, "ing") || slice_ends(word, "ly") ||
                         word_class(reading->text, at).data || reading->text->tokens[at].kind != TOKEN_WORD;
        for (size_t i = 0; i < sizeof adjectives / sizeof adjectives[0] && !described; i++)
            described = token_is(reading->text, at, adjectives[i]);
        if (!described)
            return false;
        if (slice_ends(word, "ed") || slice_ends(word, "ing"))
            return true; /* and whatever follows belongs to that */
    }
    return true;
}

/* What hangs on the noun: "of …", "for …", "at …", "close to …". The first name there is whom it belongs to; a person's name
 * right at its end is the head after all ("the president of Lithuania Anna Keller"). */
static void read_rest(struct reading *reading)
{
    const struct text *text = reading->text;
    struct noun_phrase *phrase = &reading->phrase;
    uint32_t at = reading->at, end = at;
    while (end < reading->end && text->tokens[end].kind != TOKEN_MARK && !is_class(text, end, "relative"))
        end++;
    phrase->span.end = end;
    for (; at < end; at++) {
        const struct mention *name = named_at(text, at);
        uint32_t length = 0;
        if (!name) {
            struct slice country = phrase->country.length ? NO_SLICE : adjective_country(text, at, &length);
            if (country.length)
                phrase->country = country;
            continue;
        }
        const struct actor *actor = &text->found->actors[name->actor];
        if (phrase->of == NOBODY) {
            phrase->of = (int32_t)name->actor;
            phrase->form_of = name->form;
            if (!phrase->country.length && actor->kind != ACTOR_PERSON)
                phrase->country = actor->country;
        } else if (actor->kind == ACTOR_PERSON && name->span.end == end && !is_class(text, name->span.first - 1, "preposition")) {
            phrase->actor = (int32_t)name->actor;
            phrase->head = end - 1;
            phrase->form = PHRASE_NAME;
        }
        at = name->span.end - 1;
    }
}

static bool read_pronoun(struct reading *reading)
{
    const struct text *text = reading->text;
    struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, reading->at);
    if (!match.entry || named_at(text, reading->at) || text->tokens[reading->at].flags & TOKEN_UPPER)
        return false; /* "US" is not "us" */
    bool alone = reading->at + match.length >= reading->end || text->tokens[reading->at + match.length].kind == TOKEN_MARK;
    bool personal = slice_starts(entry_get(match.entry, "class"), "pronoun");
    static const char *const standing[] = {"quantifier", "relative", "demonstrative", "pronoun", "possessive"};
    bool stands = false;
    for (size_t i = 0; i < sizeof standing / sizeof standing[0]; i++)
        stands |= alone && entry_lists(match.entry, "class", standing[i]);
    if (!stands && !personal)
        return false;
    struct noun_phrase *phrase = &reading->phrase;
    phrase->form = PHRASE_PRONOUN;
    phrase->role = match.entry;
    phrase->plural = slice_is(entry_get(match.entry, "number"), "plural") || entry_lists(match.entry, "class", "quantifier");
    phrase->gender = gender_of_entry(match.entry);
    phrase->head = reading->at + match.length - 1;
    phrase->span.end = reading->at + match.length;
    return true;
}

/* "The Reuters agency", "the Guardian newspaper": the noun only says what the name is. */
static bool says_what_it_is(const struct reading *reading)
{
    const struct noun_phrase *phrase = &reading->phrase;
    if (phrase->actor == NOBODY || !phrase->role || reading->name_end != reading->role_at || phrase->plural)
        return false;
    enum actor_kind kind = reading->text->found->actors[phrase->actor].kind;
    bool media = slice_is(entry_get(phrase->role, "as"), "media") || entry_lists(phrase->role, "is", "outlet");
    return (kind == ACTOR_MEDIA && media) || (kind == ACTOR_ORGANIZATION && entry_has(phrase->role, "apposed"));
}

struct noun_phrase noun_phrase_read(const struct text *text, struct span span)
{
    struct reading reading = {.text = text, .at = span.first, .end = span.end};
    struct noun_phrase *phrase = &reading.phrase;
    *phrase = (struct noun_phrase){.span = span, .actor = NOBODY, .of = NOBODY, .head = span_empty(span) ? 0 : span.end - 1};
    while (reading.at < reading.end && text->tokens[reading.at].kind >= TOKEN_QUOTE)
        reading.at++;
    if (reading.at >= reading.end || read_pronoun(&reading))
        return *phrase;
    read_determiner(&reading);
    read_core(&reading);
    if (!reading.role_end && !reading.name_end && token_is(text, reading.at, "of") && reading.at + 1 < reading.end) {
        reading.at++; /* "41 percent of voters", "a team of researchers" */
        read_determiner(&reading);
        read_core(&reading);
    }
    if (reading.name_end > reading.role_end || says_what_it_is(&reading))
        phrase->form = PHRASE_NAME;
    else if (reading.role_end && only_describes(&reading))
        phrase->form = PHRASE_NOMINAL;
    bool named = phrase->form == PHRASE_NAME;
    if (!named)
        phrase->actor = NOBODY;
    read_rest(&reading);
    if (named || phrase->form == PHRASE_NAME)
        phrase->gender = gender_of_name(text->found->actors[phrase->actor].name);
    else
        phrase->gender = gender_of_entry(phrase->role);
    return *phrase;
}
