/* Which way a clause looks: back at what was said and done, or ahead to what is planned. A bare "Monday" is the one before or the
 * one after accordingly.
 *
 * The nearest verb to the left in the sentence decides, with the auxiliaries before it; where there is none, the nearest to the
 * right ("On Monday the ministers will meet"). Of "Monday's talks" the verb behind comes first: the talks are its subject. */
#include <string.h>

#include "dates.h"

enum { LOOK_MOST = 40, GROUP_MOST = 6 }; /* tokens */

/* ---- verbs ------------------------------------------------------------------------------------------------ */

/* What a token may be as a verb: INFLECTION_BITs, and whether it is one of saying. */
struct verb {
    unsigned forms;
    bool saying, guessed;
};

bool has_class(const struct text *text, uint32_t at, const char *class)
{
    struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, at);
    return match.entry && entry_lists(match.entry, "class", class);
}

static bool opens_noun(const struct text *text, uint32_t at)
{
    static const char *const classes[] = {"determiner", "possessive", "quantifier", "preposition", NULL};
    if (text->tokens[at].kind == TOKEN_CLITIC || text->tokens[at].kind == TOKEN_NUMBER)
        return true;
    struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, at);
    for (int i = 0; match.entry && classes[i]; i++)
        if (entry_lists(match.entry, "class", classes[i]))
            return !token_is(text, at, "to") && !token_is(text, at, "that");
    return false;
}

/* What makes a base form a verb of its own clause: a subject of more than one before it. "A bright start" has none. */
static bool has_plural_subject(const struct text *text, uint32_t at)
{
    if (at == 0)
        return false;
    struct slice before = token_text(text, at - 1);
    return slice_ends(before, "s") || slice_ends(before, "ly") || has_class(text, at - 1, "pronoun") ||
           has_class(text, at - 1, "relative") || has_class(text, at - 1, "modal") || has_class(text, at - 1, "auxiliary") ||
           has_class(text, at - 1, "negation") || token_is(text, at - 1, "to") || (at > 1 && token_is(text, at - 2, "and"));
}

static struct verb verb_at(const struct text *text, uint32_t at)
{
    const struct token *token = &text->tokens[at];
    struct verb verb = {0};
    if (token->kind != TOKEN_WORD)
        return verb;
    struct match saying = lexicon_match(text, LEXICON_VERBS, at), common = lexicon_match(text, LEXICON_COMMON_VERBS, at),
                 meeting = lexicon_match(text, LEXICON_MEETINGS, at);
    verb.saying = saying.entry && (!meeting.entry || entry_has(meeting.entry, "contact")); /* "held in Geneva", not "held that" */
    if (saying.entry)
        verb.forms |= saying.inflections;
    if (common.entry)
        verb.forms |= common.inflections;
    bool noun = meeting.entry && entry_get(meeting.entry, "kind").data && !entry_has(meeting.entry, "meets") &&
                !entry_has(meeting.entry, "with") && !entry_has(meeting.entry, "contact");
    if (meeting.entry && !noun)
        verb.forms |= meeting.inflections;
    /* "talks", "call", "visit" are nouns, but behind "to" and "will". */
    if (noun && !(at > 0 && (token_is(text, at - 1, "to") || has_class(text, at - 1, "modal"))))
        return (struct verb){0};
    struct slice word = token_text(text, at);
    if (!verb.forms && word.length > 4 && slice_ends(word, "ed") && !(token->flags & TOKEN_CAPITAL)) {
        verb.forms = INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_PARTICIPLE);
        verb.guessed = true;
    }
    verb.forms &= ~(INFLECTION_BIT(INFLECTION_NONE) | INFLECTION_BIT(INFLECTION_PLURAL));
    const unsigned told = INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_PARTICIPLE);
    /* "back", "close", "last" are verbs, too, but hardly ever. */
    if (!(verb.forms & told) &&
        (has_class(text, at, "particle") || has_class(text, at, "adverb") || has_class(text, at, "preposition")))
        verb.forms = 0;
    if (verb.forms == INFLECTION_BIT(INFLECTION_BASE) && !has_plural_subject(text, at))
        verb.forms = 0;
    /* "the talks", "a planned visit": no verb there. */
    if (verb.forms && at > 0 && !(token->flags & TOKEN_SENTENCE_START) && opens_noun(text, at - 1))
        verb.forms = 0;
    return verb;
}

static bool has_form(struct verb verb, enum inflection inflection)
{
    return verb.forms & INFLECTION_BIT(inflection);
}

/* ---- verbs with what stands before them ------------------------------------------------------------------- */

enum before { BEFORE_NOTHING, BEFORE_MODAL, BEFORE_TO, BEFORE_BE, BEFORE_WAS, BEFORE_HAVE, BEFORE_DID };

/* Words that make a bare weekday one to come: "due", "scheduled for". */
static bool plans_at(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_DATES, at);
    return match.entry && slice_is(entry_get(match.entry, "leans"), "future");
}

/* … or make it so of the infinitive that depends on them: "agreed to meet on Monday". */
static bool wishes_at(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_DATES, at);
    return match.entry && entry_has(match.entry, "leans");
}

/* The auxiliary that governs the verb at `at`, over adverbs and a subject in between; `place` is its token. */
static enum before auxiliary_before(const struct text *text, uint32_t at, uint32_t start, uint32_t *place)
{
    for (uint32_t i = at, steps = 0; i-- > start && steps < GROUP_MOST; steps++) {
        struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, i);
        *place = i;
        if (token_is(text, i, "to"))
            return BEFORE_TO;
        if (match.entry && entry_lists(match.entry, "class", "modal"))
            return BEFORE_MODAL;
        struct slice aux = match.entry ? entry_get(match.entry, "aux") : NO_SLICE;
        struct slice form = match.entry ? entry_get(match.entry, "form") : NO_SLICE;
        if (slice_is(aux, "have"))
            return BEFORE_HAVE;
        if (slice_is(aux, "do"))
            return slice_is(form, "past") ? BEFORE_DID : BEFORE_BE;
        if (slice_is(aux, "be") && (slice_is(form, "past") || slice_is(form, "finite")))
            return slice_is(form, "past") ? BEFORE_WAS : BEFORE_BE;
        bool between = slice_is(aux, "be") || has_class(text, i, "adverb") || has_class(text, i, "negation") ||
                       slice_ends(token_text(text, i), "ly");
        if (!between)
            return BEFORE_NOTHING;
    }
    return BEFORE_NOTHING;
}

/* "to meet": what it depends on says when. "plans to", "is to": ahead; "refused to": back. */
static int infinitive(const struct text *text, uint32_t to, uint32_t start)
{
    for (uint32_t i = to, steps = 0; i-- > start && steps < GROUP_MOST; steps++) {
        if (wishes_at(text, i))
            return LEANS_FUTURE;
        struct verb verb = verb_at(text, i);
        if ((has_form(verb, INFLECTION_PAST) || has_form(verb, INFLECTION_PARTICIPLE)) && !has_form(verb, INFLECTION_BASE) &&
            !verb.guessed)
            return LEANS_PAST;
        if (token_is_mark(text, i, ',') || token_is_mark(text, i, ';'))
            break;
    }
    return LEANS_FUTURE;
}

/* Which way the verb at `at` looks, with its auxiliaries; LEANS_NOWHERE where it says nothing ("referring"). */
static int verb_leans(const struct text *text, uint32_t at, struct verb verb, uint32_t start, bool *present)
{
    uint32_t place = at;
    bool gerund = verb.forms == INFLECTION_BIT(INFLECTION_GERUND);
    switch (auxiliary_before(text, at, start, &place)) {
    case BEFORE_MODAL:
        for (uint32_t i = place + 1; i < at; i++)
            if (token_is(text, i, "have"))
                return LEANS_PAST;
        return LEANS_FUTURE;
    case BEFORE_TO:
        return infinitive(text, place, start);
    case BEFORE_HAVE:
    case BEFORE_DID:
        return LEANS_PAST;
    case BEFORE_WAS:
        return plans_at(text, at) ? LEANS_FUTURE : LEANS_PAST;
    case BEFORE_BE:
        return gerund || has_form(verb, INFLECTION_BASE) || plans_at(text, at) ? LEANS_FUTURE : LEANS_NOWHERE;
    case BEFORE_NOTHING:
        break;
    }
    if (gerund)
        return LEANS_NOWHERE;
    if (plans_at(text, at))
        return LEANS_FUTURE;
    /* "come", "become": without an auxiliary no participle. */
    bool base = has_form(verb, INFLECTION_BASE) && !has_form(verb, INFLECTION_PAST);
    if (!base && (has_form(verb, INFLECTION_PAST) || has_form(verb, INFLECTION_PARTICIPLE)))
        return LEANS_PAST;
    *present = !verb.saying;
    return verb.saying ? LEANS_PAST : LEANS_FUTURE;
}

/* An auxiliary that stands alone: "will be in Geneva on Monday", "was in Vienna on Sunday". */
static int auxiliary_leans(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, at);
    if (!match.entry)
        return LEANS_NOWHERE;
    if (entry_lists(match.entry, "class", "modal"))
        return LEANS_FUTURE;
    struct slice form = entry_get(match.entry, "form");
    return slice_is(form, "past") ? LEANS_PAST : LEANS_NOWHERE;
}

int leaning_of_verb(const struct text *text, uint32_t at)
{
    uint32_t start = text->sentence_count ? text->sentences[text->sentence_of[at]].span.first : 0;
    struct verb verb = verb_at(text, at);
    bool present;
    return verb.forms ? verb_leans(text, at, verb, start, &present) : LEANS_NOWHERE;
}

static int token_leans(const struct text *text, uint32_t at, uint32_t start, struct leaning *leaning)
{
    struct verb verb = verb_at(text, at);
    leaning->present = false;
    if (verb.forms) {
        int way = verb_leans(text, at, verb, start, &leaning->present);
        leaning->saying = way == LEANS_PAST && verb.saying;
        return way;
    }
    if (plans_at(text, at))
        return LEANS_FUTURE;
    return auxiliary_leans(text, at);
}

/* ---- the clause ------------------------------------------------------------------------------------------- */

static bool divides(const struct text *text, uint32_t at)
{
    return token_is_mark(text, at, ';') || token_is_mark(text, at, ':') || text->tokens[at].flags & TOKEN_BOILERPLATE;
}

/* "said that Monday …", with no verb between: what is said need not be over. */
static int leans_left(const struct text *text, struct span span, uint32_t start, struct leaning *leaning)
{
    bool content = false;
    bool quoted = text->tokens[span.first].flags & TOKEN_QUOTED;
    for (uint32_t i = span.first, steps = 0; i-- > start && steps < LOOK_MOST; steps++) {
        if (divides(text, i))
            break;
        if (!(text->tokens[i].flags & TOKEN_QUOTED) != !quoted)
            continue;
        content |= token_is(text, i, "that");
        int way = token_leans(text, i, start, leaning);
        if (way == LEANS_NOWHERE)
            continue;
        leaning->weak |= content && leaning->saying;
        leaning->saying &= !content;
        return way;
    }
    return LEANS_NOWHERE;
}

static int leans_right(const struct text *text, struct span span, uint32_t end, struct leaning *leaning)
{
    bool quoted = text->tokens[span.end - 1].flags & TOKEN_QUOTED;
    for (uint32_t i = span.end, steps = 0; i < end && steps < LOOK_MOST; i++, steps++) {
        if (divides(text, i))
            break;
        if (!(text->tokens[i].flags & TOKEN_QUOTED) != !quoted)
            continue;
        /* "will have met", "is to be held": the auxiliary comes first, the verb behind it decides. */
        struct verb verb = verb_at(text, i);
        int way = verb.forms                                         ? token_leans(text, i, span.end, leaning)
                  : plans_at(text, i) || has_class(text, i, "modal") ? LEANS_FUTURE
                                                                     : LEANS_NOWHERE;
        if (way == LEANS_NOWHERE && !verb.forms && auxiliary_leans(text, i) == LEANS_PAST)
            way = LEANS_PAST;
        if (way != LEANS_NOWHERE)
            return way;
    }
    return LEANS_NOWHERE;
}

/* The word just before decides some: "since Monday", "ahead of Monday's talks", "the letter of Monday"; not "from Monday to
 * Friday". */
static int preposition_leans(const struct text *text, struct span span)
{
    static const struct {
        const char *word;
        int way;
    } words[] = {
        {"since", LEANS_PAST}, {"until", LEANS_FUTURE}, {"till", LEANS_FUTURE}, {"from", LEANS_PAST}, {"of", LEANS_PAST}};
    static const char *const range[] = {"to", "through", "until", "till", "-", NULL};
    uint32_t before = span.first ? span.first - 1 : 0, next = span.end;
    if (span.first == 0)
        return LEANS_NOWHERE;
    if (token_is(text, before, "of") && before > 0 && token_is(text, before - 1, "ahead"))
        return LEANS_FUTURE;
    bool from = token_is(text, before, "from") || token_is(text, before, "of");
    for (int i = 0; from && range[i]; i++)
        if (token_is(text, next, range[i]))
            return LEANS_NOWHERE;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (token_is(text, before, words[i].word))
            return words[i].way;
    return LEANS_NOWHERE;
}

/* Whether the expression opens a clause: "…, and by the end of Saturday the site was gone". Then the verb stands behind it. */
static bool opens_clause(const struct text *text, struct span span, uint32_t start)
{
    uint32_t i = span.first;
    for (int steps = 0;
         i > start && steps < GROUP_MOST && (opens_noun(text, i - 1) || text->tokens[i - 1].starts & 1u << LEXICON_DATES);
         steps++)
        i--;
    if (i == start)
        return true;
    if (has_class(text, i - 1, "conjunction"))
        i--;
    return i > start && token_is_mark(text, i - 1, ',') && i < span.first;
}

/* "cancelled Monday's meeting": what is called off was still to come. */
static bool is_called_off(const struct text *text, struct span span)
{
    if (span.first == 0)
        return false;
    struct match match = lexicon_match(text, LEXICON_MEETINGS, span.first - 1);
    return match.entry && entry_has(match.entry, "status");
}

struct leaning leaning_at(const struct text *text, struct span span)
{
    struct span sentence = text->sentence_count ? text->sentences[text->sentence_of[span.first]].span
                                                : (struct span){0, text->token_count};
    uint32_t last = span.end ? span.end - 1 : 0;
    if (text->sentence_count && text->sentence_of[last] != text->sentence_of[span.first])
        sentence.end = text->sentences[text->sentence_of[last]].span.end;
    struct leaning leaning = {.way = preposition_leans(text, span)};
    /* "Until Friday, the office had denied it" */
    if (leaning.way == LEANS_FUTURE && !token_is(text, span.first - 1, "of") && opens_clause(text, span, sentence.first))
        leaning.way = LEANS_NOWHERE;
    bool possessive = span.end < sentence.end && text->tokens[span.end].kind == TOKEN_CLITIC;
    leaning.weak = possessive;
    if (possessive && is_called_off(text, span))
        leaning.way = LEANS_FUTURE;
    if (leaning.way != LEANS_NOWHERE)
        return leaning;
    if (possessive)
        leaning.way = leans_right(text, span, sentence.end, &leaning);
    if (leaning.way != LEANS_NOWHERE) {
        leaning.weak = leaning.way != LEANS_FUTURE;
        return leaning;
    }
    if (opens_clause(text, span, sentence.first))
        leaning.way = leans_right(text, span, sentence.end, &leaning);
    if (leaning.way == LEANS_NOWHERE)
        leaning.way = leans_left(text, span, sentence.first, &leaning);
    if (leaning.way == LEANS_NOWHERE && !possessive)
        leaning.way = leans_right(text, span, sentence.end, &leaning);
    return leaning;
}
