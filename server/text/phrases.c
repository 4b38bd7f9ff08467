/* Noun phrases and subjects, over parts of speech.
 *
 *     plain   = { determiner | number | adverb } noun { noun | number | clitic }
 *     full    = plain { preposition plain } [ "and" plain ]           "a spokesman for the ministry of defence"
 *     subject = pronoun
 *             | full                                   right before the verb
 *             | full "," apposition ","                "Anna Keller, a lawyer in Berlin, said"
 *             | full ( relative | reduced ) …          "people who had seen the draft said" */
#include "syntax.h"

enum { PHRASE_MAX = 40, SUBJECT_MAX = 60, CLAUSES_MAX = 120 };

bool has_flag(const struct syntax *syntax, uint32_t at, enum reading_flag flag)
{
    return syntax->readings[at].flags & flag;
}

bool is_finite(const struct syntax *syntax, uint32_t at)
{
    enum part part = part_of(syntax, at);
    return part == PART_FINITE || part == PART_MODAL ||
           (part == PART_AUXILIARY && !token_is(syntax->text, at, "being") && !token_is(syntax->text, at, "having") &&
            !token_is(syntax->text, at, "been") && !token_is(syntax->text, at, "be")) ||
           has_flag(syntax, at, READ_CONTRACTED);
}

bool in_phrase(const struct syntax *syntax, uint32_t at)
{
    enum part part = part_of(syntax, at);
    return part == PART_NOUN || part == PART_NUMBER || part == PART_DETERMINER || part == PART_CLITIC || part == PART_APART;
}

bool opens_phrase(const struct syntax *syntax, uint32_t at)
{
    enum part part = part_of(syntax, at);
    return part == PART_NOUN || part == PART_NUMBER || part == PART_DETERMINER || part == PART_PRONOUN;
}

/* The dates are in the order of the text. */
bool is_date(const struct syntax *syntax, uint32_t at)
{
    const struct analysis *found = syntax->text->found;
    uint32_t low = 0, high = found->date_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (found->dates[middle].span.end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < found->date_count && found->dates[low].span.first <= at;
}

uint32_t past_quotation(const struct syntax *syntax, uint32_t at)
{
    uint32_t number = syntax->readings[at].quotation;
    if (!number)
        return at;
    const struct quotation *quotation = &syntax->text->quotations[number - 1];
    return quotation->close == UINT32_MAX ? quotation->span.end : quotation->close + 1;
}

uint32_t plain_phrase_end(const struct syntax *syntax, uint32_t at, uint32_t limit)
{
    uint32_t i = at;
    bool noun = false;
    if (i < limit && part_of(syntax, i) == PART_PRONOUN)
        return i + syntax->readings[i].length;
    for (; i < limit && i - at < PHRASE_MAX; i++) {
        enum part part = part_of(syntax, i);
        if (part == PART_NOUN || part == PART_NUMBER || part == PART_CLITIC)
            noun = true;
        else if (part == PART_DETERMINER && (!noun || part_of(syntax, i - 1) == PART_CLITIC))
            continue;
        else if ((part == PART_ADVERB && !noun && i > at) || part == PART_APART)
            continue;
        else
            break;
    }
    return noun || (i > at && part_of(syntax, i - 1) == PART_DETERMINER) ? i : at;
}

/* A preposition that ties what follows to the noun before it. */
static bool ties(const struct syntax *syntax, uint32_t at)
{
    return part_of(syntax, at) == PART_PREPOSITION && !has_flag(syntax, at, READ_OPENS) && !syntax->readings[at].cue;
}

uint32_t full_phrase_end(const struct syntax *syntax, uint32_t at, uint32_t limit)
{
    uint32_t end = plain_phrase_end(syntax, at, limit);
    if (end == at)
        return at;
    while (end < limit && end - at < PHRASE_MAX) {
        uint32_t length = syntax->readings[end].length;
        bool joins = ties(syntax, end) || (part_of(syntax, end) == PART_CONJUNCTION && !token_is(syntax->text, end, "but"));
        if (!joins || is_date(syntax, end + length))
            break;
        uint32_t next = plain_phrase_end(syntax, end + length, limit);
        if (next == end + length)
            break;
        /* "and" joins two clauses where a verb of the second follows. */
        if (part_of(syntax, end) == PART_CONJUNCTION && next < limit && is_finite(syntax, next))
            break;
        end = next;
    }
    return end;
}

uint32_t group_start(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    uint32_t start = at;
    for (uint32_t i = at; i > from; i--) {
        enum part part = part_of(syntax, i - 1);
        if (part == PART_AUXILIARY || part == PART_MODAL)
            start = i - 1;
        else if (part == PART_NEGATION || (part == PART_ADVERB && !has_flag(syntax, i - 1, READ_LINKING)))
            continue;
        else
            break;
    }
    return start;
}

/* ---- subjects --------------------------------------------------------------------------------------------- */

/* Whether a comma, a mark or the like bounds the subject on its left. */
static bool bounds(const struct syntax *syntax, uint32_t at)
{
    enum part part = part_of(syntax, at);
    return !in_phrase(syntax, at) && part != PART_CONJUNCTION && !ties(syntax, at) && part != PART_PRONOUN;
}

/* "Anna Keller, Paul Weber and others": whether the comma at `at` parts members of one list. */
static bool lists(const struct syntax *syntax, uint32_t at, uint32_t from, bool joined)
{
    if (!joined || at <= from || part_of(syntax, at) != PART_COMMA)
        return false;
    uint32_t i = at;
    while (i > from && at - i < 8 && in_phrase(syntax, i - 1))
        i--;
    if (i == at)
        return false;
    return i == from || part_of(syntax, i - 1) == PART_COMMA || part_of(syntax, i - 1) == PART_QUOTE ||
           part_of(syntax, i - 1) == PART_STOP || part_of(syntax, i - 1) == PART_THAT ||
           part_of(syntax, i - 1) == PART_CONJUNCTION;
}

/* Drops "On Tuesday" and "In Geneva" from the beginning, "on Tuesday" from the end. */
static struct span without_adverbials(const struct syntax *syntax, struct span span)
{
    while (span.first < span.end &&
           (part_of(syntax, span.first) == PART_CONJUNCTION || part_of(syntax, span.first) == PART_CLITIC))
        span.first++;
    while (span.first < span.end && part_of(syntax, span.first) == PART_PREPOSITION) {
        uint32_t next = span.first + syntax->readings[span.first].length;
        uint32_t end = next;
        if (next < span.end && is_date(syntax, next))
            while (end < span.end && is_date(syntax, end))
                end++;
        else
            end = plain_phrase_end(syntax, next, span.end);
        if (end == next)
            return NO_SPAN;
        if (end >= span.end) { /* "with the minister saying" */
            span.first = next;
            break;
        }
        span.first = end;
    }
    uint32_t end = span.end;
    while (end > span.first && is_date(syntax, end - 1))
        end--;
    if (end < span.end && end > span.first && part_of(syntax, end - 1) == PART_PREPOSITION)
        end--;
    if (end > span.first)
        span.end = end;
    return span;
}

/* The last "and" of the span, or its end. */
static uint32_t conjunction_in(const struct syntax *syntax, struct span span)
{
    for (uint32_t i = span.first; i < span.end; i++)
        if (part_of(syntax, i) == PART_CONJUNCTION)
            return i;
    return span.end;
}

static struct span phrase_before(const struct syntax *syntax, uint32_t at, uint32_t from, uint32_t *stop)
{
    uint32_t i = at;
    bool joined = false;
    while (i > from && at - i < PHRASE_MAX) {
        if (bounds(syntax, i - 1) && !lists(syntax, i - 1, from, joined))
            break;
        if (part_of(syntax, i - 1) == PART_PRONOUN) {
            if (has_flag(syntax, i - 1, READ_SUBJECT) && (i == at || part_of(syntax, i) == PART_CONJUNCTION))
                i--;
            break;
        }
        joined |= part_of(syntax, i - 1) == PART_CONJUNCTION;
        i--;
    }
    if (i > from && i < at && part_of(syntax, i - 1) == PART_ADVERB &&
        (part_of(syntax, i) == PART_NUMBER || has_flag(syntax, i, READ_QUANTIFIER)))
        i--; /* "nearly half" */
    *stop = i;
    return (struct span){i, at};
}

/* "people who had seen the draft": the head before the relative clause or the participle that ends at the verb at `verb`. */
static struct span antecedent(const struct syntax *syntax, uint32_t verb, uint32_t from)
{
    uint32_t stop;
    for (uint32_t i = verb; i > from && verb - i < 16; i--) {
        enum part part = part_of(syntax, i);
        if (part == PART_COMMA || part == PART_STOP || part == PART_QUOTE || part == PART_SEMICOLON)
            break;
        if ((part == PART_RELATIVE || part == PART_THAT) && in_phrase(syntax, i - 1))
            return without_adverbials(syntax, phrase_before(syntax, i, from, &stop));
    }
    bool reduced = part_of(syntax, verb) == PART_GERUND || part_of(syntax, verb) == PART_PARTICIPLE ||
                   (has_flag(syntax, verb, READ_PAST) && !syntax->readings[verb].cue);
    if (reduced && verb > from && in_phrase(syntax, verb - 1) && !has_flag(syntax, verb, READ_PASSIVE) &&
        !has_flag(syntax, verb, READ_PERFECT) && !has_flag(syntax, verb, READ_PROGRESSIVE))
        return without_adverbials(syntax, phrase_before(syntax, verb, from, &stop));
    return NO_SPAN;
}

static struct span subject_noun(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    uint32_t stop;
    struct span span = phrase_before(syntax, at, from, &stop);
    enum part part = stop > from ? part_of(syntax, stop - 1) : PART_STOP;
    bool verb = part == PART_FINITE || part == PART_PARTICIPLE || part == PART_GERUND || part == PART_BASE ||
                part == PART_AUXILIARY || part == PART_MODAL;
    if (verb) {
        uint32_t conjunction = conjunction_in(syntax, span);
        if (conjunction < span.end)
            span.first = conjunction + 1;
        else {
            struct span head = antecedent(syntax, stop - 1, from);
            if (!span_empty(head))
                return head;
        }
    }
    /* "to the office where he said": a pronoun alone, or the phrase. */
    return without_adverbials(syntax, span);
}

/* Where the clause that holds the token before `at` begins: after a mark that ends one. Commas do not. */
static uint32_t clause_start(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    uint32_t i = at;
    while (i > from && at - i < SUBJECT_MAX) {
        enum part part = part_of(syntax, i - 1);
        if (part == PART_STOP || part == PART_SEMICOLON || part == PART_COLON || part == PART_QUOTE || part == PART_THAT)
            break;
        if (part == PART_COMMA && (part_of(syntax, i) == PART_CONJUNCTION || part_of(syntax, i) == PART_SUBORDINATOR) &&
            !(i + 1 < at && part_of(syntax, i + 1) == PART_COMMA))
            break;
        i--;
    }
    return i;
}

/* "X, a lawyer in Y, said": from the clause's beginning the first phrase that a comma follows; introductions are passed over. */
static struct span subject_with_apposition(const struct syntax *syntax, uint32_t at, uint32_t from, uint32_t *clause)
{
    uint32_t i = clause_start(syntax, at, from);
    for (*clause = i; i + 1 < at;) {
        enum part part = part_of(syntax, i);
        if (part == PART_CONJUNCTION || part == PART_ADVERB || part == PART_COMMA || part == PART_SUBORDINATOR ||
            has_flag(syntax, i, READ_OPENS) || part == PART_DASH || part == PART_OTHER) {
            i++;
            continue;
        }
        uint32_t end = opens_phrase(syntax, i) ? full_phrase_end(syntax, i, at) : i;
        bool closed =
            end > i && end < at &&
            (part_of(syntax, end) == PART_COMMA || part_of(syntax, end) == PART_OPENING || part_of(syntax, end) == PART_DASH);
        if (closed && !(is_date(syntax, i) && is_date(syntax, end - 1)) && end + 1 < at)
            return without_adverbials(syntax, (struct span){i, end});
        while (i + 1 < at && part_of(syntax, i) != PART_COMMA)
            i++;
    }
    return NO_SPAN;
}

static bool is_reflexive(const struct syntax *syntax, uint32_t at)
{
    return token_is(syntax->text, at, "himself") || token_is(syntax->text, at, "herself") ||
           token_is(syntax->text, at, "itself") || token_is(syntax->text, at, "themselves");
}

struct span subject_before(const struct syntax *syntax, uint32_t at, uint32_t from, uint32_t *clause)
{
    uint32_t end = at;
    *clause = at;
    while (end > from && (part_of(syntax, end - 1) == PART_ADVERB || part_of(syntax, end - 1) == PART_NEGATION))
        end--;
    if (end > from + 1 && part_of(syntax, end - 1) == PART_PRONOUN && is_reflexive(syntax, end - 1))
        end--; /* "the minister himself" */
    if (end == from || part_of(syntax, end - 1) == PART_CONJUNCTION)
        return NO_SPAN;
    enum part part = part_of(syntax, end - 1);
    if (part == PART_RELATIVE && (token_is(syntax->text, end - 1, "who") || token_is(syntax->text, end - 1, "which"))) {
        *clause = end - 1;
        return (struct span){end - 1, end};
    }
    if (part == PART_COMMA || part == PART_CLOSING || part == PART_DASH)
        return subject_with_apposition(syntax, end, from, clause);
    if (part == PART_PRONOUN && !has_flag(syntax, end - 1, READ_SUBJECT))
        return NO_SPAN;
    struct span span = subject_noun(syntax, end, from);
    if (!span_empty(span))
        *clause = span.first;
    return span;
}

struct span nearest_subject(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    uint32_t clause;
    for (uint32_t i = at; i > from && at - i < 16; i--) {
        if (has_flag(syntax, i - 1, READ_CONTRACTED))
            return (struct span){i - 1, i};
        if (!is_finite(syntax, i - 1))
            continue;
        return subject_before(syntax, group_start(syntax, i - 1, from), from, &clause);
    }
    return NO_SPAN;
}

struct span main_subject(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    uint32_t clause;
    bool relative = false;
    for (uint32_t i = at - from > CLAUSES_MAX ? at - CLAUSES_MAX : from; i < at; i++) {
        uint32_t past = past_quotation(syntax, i);
        if (past > i) {
            i = past - 1;
            continue;
        }
        enum part part = part_of(syntax, i);
        relative = relative || part == PART_RELATIVE || part == PART_SUBORDINATOR || part == PART_THAT ||
                   has_flag(syntax, i, READ_OPENS);
        if (has_flag(syntax, i, READ_CONTRACTED))
            return (struct span){i, i + 1};
        if (!is_finite(syntax, i))
            continue;
        if (relative) {
            /* A clause within: its verb group is passed over. */
            relative = false;
            while (i + 1 < at && (is_finite(syntax, i + 1) || part_of(syntax, i + 1) == PART_ADVERB ||
                                  part_of(syntax, i + 1) == PART_PARTICIPLE))
                i++;
            continue;
        }
        return subject_before(syntax, i, from, &clause);
    }
    return NO_SPAN;
}
