/* What single words tell about names: capitals that mean something, verbs behind a subject, places that act. */
#include <string.h>

#include "names.h"

bool word_capital(const struct text *text, uint32_t at)
{
    return at < text->token_count && text->tokens[at].kind == TOKEN_WORD && text->tokens[at].flags & TOKEN_CAPITAL;
}

bool word_in(const struct text *text, uint32_t at, const char *const *list)
{
    for (; *list; list++)
        if (token_is(text, at, *list))
            return true;
    return false;
}

bool word_is_function(const struct text *text, uint32_t at)
{
    return at < text->token_count && word_class(text, at).length > 0;
}

bool word_is_class(const struct text *text, uint32_t at, const char *class)
{
    struct slice own = at < text->token_count ? word_class(text, at) : NO_SLICE;
    size_t length = strlen(class);
    return own.length >= length && memcmp(own.data, class, length) == 0 && (own.length == length || own.data[length] == ',');
}

bool word_is_date(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_DATES, at);
    return match.entry && !entry_has(match.entry, "short") &&
           (entry_has(match.entry, "month") || entry_has(match.entry, "weekday"));
}

const struct entry *given_name(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_GIVEN_NAMES, at);
    return match.entry && word_capital(text, at) && !entry_has(match.entry, "leader") ? match.entry : NULL;
}

bool same_sentence(const struct text *text, uint32_t at, uint32_t other)
{
    return at < text->token_count && other < text->token_count && text->sentence_of[at] == text->sentence_of[other];
}

bool word_is_plain(const struct text *text, uint32_t at)
{
    static const enum lexicon ordinary[] = {LEXICON_FUNCTION_WORDS, LEXICON_VERBS,  LEXICON_COMMON_VERBS,
                                            LEXICON_NOUNS,          LEXICON_ROLES,  LEXICON_MEETINGS,
                                            LEXICON_NUMBERS,        LEXICON_TITLES, LEXICON_STANCES};
    if (at >= text->token_count)
        return false;
    for (size_t i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++) {
        struct match match = lexicon_match(text, ordinary[i], at);
        if (match.entry && match.length == 1)
            return true;
    }
    return word_is_date(text, at) || table_get(&text->names->small, text->tokens[at].hash) != NOBODY;
}

const struct entry *entry_main(const struct entry *entry)
{
    struct slice of = entry_get(entry, "of");
    const struct entry *main = of.length ? lexicon_find(entry->lexicon, of) : NULL;
    return main ? main : entry;
}

/* ---- verbs ------------------------------------------------------------------------------------------------ */

static bool ends_with(struct slice word, const char *end)
{
    size_t length = strlen(end);
    return word.length > length + 2 && memcmp(word.data + word.length - length, end, length) == 0;
}

/* Behind what may stand between a subject and its verb: "also", "never", "reportedly". */
static uint32_t past_adverbs(const struct text *text, uint32_t at)
{
    for (uint32_t end = at + 3; at < end && at < text->token_count && text->tokens[at].kind == TOKEN_WORD; at++) {
        struct slice class = word_class(text, at);
        bool adverb = class.length ? slice_is(class, "adverb") || slice_is(class, "negation")
                                   : ends_with(token_text(text, at), "ly");
        if (!adverb)
            break;
    }
    return at;
}

#define FINITE (INFLECTION_BIT(INFLECTION_THIRD) | INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_BASE))

bool verb_stands(const struct text *text, uint32_t at)
{
    at = past_adverbs(text, at);
    if (at >= text->token_count || text->tokens[at].kind != TOKEN_WORD)
        return false;
    struct match function = lexicon_match(text, LEXICON_FUNCTION_WORDS, at);
    if (function.entry && function.length == 1)
        return entry_lists(function.entry, "class", "auxiliary") || entry_lists(function.entry, "class", "modal");
    for (enum lexicon lexicon = LEXICON_VERBS;; lexicon = LEXICON_COMMON_VERBS) {
        struct match verb = lexicon_match(text, lexicon, at);
        if (verb.entry && verb.inflections & FINITE)
            return true;
        if (lexicon == LEXICON_COMMON_VERBS)
            break;
    }
    return false;
}

bool verb_of_saying(const struct text *text, uint32_t at)
{
    at = past_adverbs(text, at);
    struct match verb = lexicon_match(text, LEXICON_VERBS, at);
    return verb.entry && verb.inflections & (INFLECTION_BIT(INFLECTION_THIRD) | INFLECTION_BIT(INFLECTION_PAST));
}

/* ---- places that act -------------------------------------------------------------------------------------- */

static const char *const acting_prepositions[] = {"with",    "against", "by",    "towards", "toward",
                                                  "between", "unlike",  "among", NULL};
static const char *const political_nouns[] = {
    "request",    "requests",    "behalf",     "representatives", "representative", "demand",      "demands",
    "position",   "positions",   "policy",     "policies",        "intentions",     "intention",   "interests",
    "interest",   "proposals",   "proposal",   "support",         "pressure",       "approval",    "consent",
    "insistence", "guarantees",  "assurances", "concessions",     "response",       "reaction",    "reply",
    "answer",     "offer",       "offers",     "message",         "messages",       "signal",      "signals",
    "letter",     "warning",     "warnings",   "threat",          "threats",        "criticism",   "condemnation",
    "help",       "aid",         "assistance", "orders",          "permission",     "accusations", "allegations",
    "claims",     "denials",     "commitment", "commitments",     "attitude",       "allies",      "ally",
    "enemies",    "enemy",       "influence",  "envoys",          "envoy",          "victory",     "blow",
    "challenge",  "ties",        "relations",  "alternative",     "close",          "loyal",       "hostile",
    "friendly",   "subservient", "important",  "unacceptable",    "belongs",        "opposed",     "answerable",
    "credible",   NULL};
static const char *const leaving_verbs[] = {"left",   "leave",   "leaves", "leaving", "departed", "depart", "departs",
                                            "headed", "heading", "heads",  "bound",   "flew",     "sailed", NULL};
static const char *const turned_on[] = {
    "want",       "wants",       "wanted",    "let",       "lets",       "force",    "forced",      "forcing",
    "help",       "helped",      "helps",     "pressure",  "pressured",  "punish",   "punished",    "punishing",
    "provoke",    "provoked",    "deter",     "deterring", "isolate",    "isolated", "push",        "pushed",
    "pushing",    "press",       "pressed",   "pressing",  "lobby",      "lobbied",  "challenge",   "challenged",
    "embarrass",  "embarrassed", "anger",     "angered",   "trust",      "trusts",   "sanction",    "sanctioned",
    "allow",      "allowed",     "allowing",  "allows",    "make",       "makes",    "made",        "give",
    "gives",      "gave",        "giving",    "counter",   "countering", "confront", "confronting", "contain",
    "containing", "appease",     "appeasing", "blame",     "blames",     "blamed",   "blaming",     NULL};
static const char *const town_nouns[] = {
    "streets",    "street",    "mayor",         "suburbs",        "suburb",   "airport",     "airports",  "residents",
    "metro",      "outskirts", "centre",        "center",         "hotels",   "hotel",       "districts", "district",
    "population", "subway",    "university",    "museums",        "river",    "bridges",     "police",    "hospitals",
    "skyline",    "downtown",  "neighborhoods", "neighbourhoods", "theaters", "restaurants", "art",       "schools",
    "stadium",    "homeless",  "waterfront",    "parks",          NULL};
static const char *const political_hyphens[] = {"backed",    "led",      "sponsored", "controlled", "installed",
                                                "supported", "funded",   "imposed",   "aligned",    "appointed",
                                                "friendly",  "brokered", "run",       NULL};

/* The noun, verb or adjective that a preposition at `at` hangs on: "representatives of Moscow", "close to Moscow". */
static bool hangs_on(const struct text *text, uint32_t at, const char *const *list)
{
    return at > 0 && word_in(text, at - 1, list);
}

static bool after_preposition(const struct text *text, uint32_t at)
{
    if (word_in(text, at, acting_prepositions))
        return true;
    if (token_is(text, at, "of") || token_is(text, at, "from") || token_is(text, at, "to"))
        return hangs_on(text, at, political_nouns);
    return token_is(text, at, "for") && !hangs_on(text, at, leaving_verbs);
}

/* "Washington and Moscow said", "Washington and its allies": the names that stand together share what they do. */
static bool verb_after_company(const struct text *text, uint32_t at)
{
    static const char *const joins[] = {"and", "or", "nor", NULL};
    static const char *const others[] = {"its", "the", "other", NULL};
    if (!word_in(text, at, joins))
        return false;
    uint32_t end = at + 6;
    for (at++; at < end && at < text->token_count && (word_capital(text, at) || word_in(text, at, others)); at++) {
        if (word_in(text, at, others) && !word_capital(text, at + 1))
            return verb_stands(text, at + 2) || verb_stands(text, at + 3);
    }
    return verb_stands(text, at);
}

bool place_acts(const struct text *text, struct span span)
{
    uint32_t next = span.end, before = span.first;
    bool first = before == 0 || !same_sentence(text, before - 1, before);
    uint32_t previous = first ? UINT32_MAX : before - 1;
    bool preposition = word_is_class(text, previous, "preposition") || word_is_class(text, previous, "particle");
    if (token_is_mark(text, next, '-') && !(text->tokens[next].flags & TOKEN_AFTER_SPACE))
        return word_in(text, next + 1, political_hyphens);
    if (word_is_class(text, previous, "determiner") || word_is_class(text, previous, "possessive"))
        return false;
    if (preposition)
        return after_preposition(text, previous) && !(word_capital(text, next) && same_sentence(text, next, previous));
    if (next < text->token_count && text->tokens[next].kind == TOKEN_CLITIC)
        return !word_in(text, next + 1, town_nouns) && !word_in(text, next + 2, town_nouns);
    if (verb_stands(text, next) || verb_after_company(text, next))
        return true;
    if (first)
        return false;
    if (token_is(text, previous, "and") || token_is(text, previous, "or"))
        return text->names->acted_end == previous;
    struct match verb = lexicon_match(text, LEXICON_VERBS, previous);
    return (verb.entry && verb.length == 1) || word_in(text, previous, turned_on);
}
