/* Who is behind a cue.
 *
 *     active      = subject [ "," apposition "," ] { auxiliary | adverb } verb
 *     inverted    = ( quotation | "," ) verb subject            "said the minister"
 *     passive     = … "be" participle [ … "by" agent ]          no agent: no source
 *     quoted      = medium "quoted" X "as saying"               X says it, through the medium
 *     participle  = "," gerund                                  whoever the clause is about
 *     carried     = ( "and" | "but" ) verb                      whoever spoke before
 *     phrase      = "according to" X | "in X's view"
 *     noun        = X "'s" noun | noun ( "by" | "from" | "of" ) X */
#include "attribution.h"

enum { AGENT_MAX = 30 };

/* ---- verbs ------------------------------------------------------------------------------------------------ */

static uint32_t before_adverbs(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    while (at > from && (part_of(syntax, at - 1) == PART_ADVERB || part_of(syntax, at - 1) == PART_NEGATION))
        at--;
    return at;
}

static bool negated(const struct syntax *syntax, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (has_flag(syntax, i, READ_NEGATIVE))
            return true;
    return false;
}

/* What may stand behind "said the minister": no verb and no object. */
static bool may_follow_inverted(const struct syntax *syntax, uint32_t at, bool quote)
{
    enum part part = part_of(syntax, at);
    if (!quote && (part == PART_GERUND || part == PART_RELATIVE || part == PART_CONJUNCTION || part == PART_SUBORDINATOR))
        return token_is(syntax->text, at, "who");
    return part == PART_COMMA || part == PART_STOP || part == PART_SEMICOLON || part == PART_COLON || part == PART_DASH ||
           part == PART_OPENING || part == PART_PREPOSITION || part == PART_CONJUNCTION || part == PART_RELATIVE ||
           part == PART_ADVERB || part == PART_GERUND || part == PART_SUBORDINATOR || (quote && part == PART_THAT) ||
           is_date(syntax, at) || (quote && part == PART_PARTICIPLE);
}

/* "said the minister", after a quotation or a comma. */
static bool read_inverted(const struct syntax *syntax, struct scope scope, struct cue *cue)
{
    if (!(cue->frame->bits & FRAME_QUOTE) || cue->frame->bits & FRAME_TELL || part_of(syntax, cue->at) != PART_FINITE)
        return false;
    uint32_t before = before_adverbs(syntax, cue->at, scope.first);
    bool comma = before > scope.first && part_of(syntax, before - 1) == PART_COMMA;
    bool quote = before > scope.first &&
                 (part_of(syntax, before - 1) == PART_QUOTE || quotation_before(syntax, before, scope.first) != UINT32_MAX);
    if (!quote && !(comma && cue->frame->bits & FRAME_ASIDE && !(cue->frame->bits & FRAME_NP)))
        return false;
    uint32_t first = cue->end;
    if (first >= scope.end || !opens_phrase(syntax, first) || is_date(syntax, first) || has_flag(syntax, first, READ_CONTRACTED))
        return false;
    uint32_t end = plain_phrase_end(syntax, first, scope.end);
    while (end < scope.end && end > first && part_of(syntax, end) == PART_PREPOSITION && !has_flag(syntax, end, READ_OPENS) &&
           (token_is(syntax->text, end, "of") || token_is(syntax->text, end, "for"))) {
        uint32_t next = plain_phrase_end(syntax, end + 1, scope.end);
        if (next == end + 1)
            break;
        end = next;
    }
    if (end == first || part_of(syntax, end - 1) == PART_DETERMINER ||
        (end < scope.end && !may_follow_inverted(syntax, end, quote)))
        return false;
    cue->source = (struct span){first, end};
    while (cue->source.end > first + 1 && is_date(syntax, cue->source.end - 1))
        cue->source.end--;
    cue->voice = VOICE_INVERTED;
    cue->clause = cue->group = cue->at;
    cue->after = end;
    return true;
}

/* "… by the agency": the agent of a passive. */
static struct span agent(const struct syntax *syntax, uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end && i - from < AGENT_MAX; i++) {
        enum part part = part_of(syntax, i);
        if (part == PART_COMMA || part == PART_STOP || part == PART_THAT || part == PART_SEMICOLON || part == PART_QUOTE)
            break;
        if (!token_is(syntax->text, i, "by") || is_date(syntax, i + 1))
            continue;
        uint32_t last = full_phrase_end(syntax, i + 1, end);
        return last > i + 1 ? (struct span){i + 1, last} : NO_SPAN;
    }
    return NO_SPAN;
}

/* "X was quoted as saying", "Reuters quoted X as saying": X says it. `as` is the place of "as". */
static bool read_quoted(const struct syntax *syntax, struct scope scope, uint32_t as, struct cue *cue)
{
    uint32_t clause;
    for (uint32_t i = as; i > scope.first && as - i < AGENT_MAX; i--) {
        uint32_t verb = i - 1;
        const struct entry *entry = syntax->readings[verb].cue;
        if (!entry || entry->lexicon != LEXICON_VERBS ||
            !(slice_is(entry->name, "quote") || slice_is(entry->name, "cite") || slice_is(entry->name, "describe")))
            continue;
        uint32_t group = group_start(syntax, verb, scope.first);
        struct span subject = subject_before(syntax, group, scope.first, &clause);
        cue->group = group;
        cue->clause = clause;
        /* "Witnesses quoted often as saying": no object that is somebody. */
        bool alone = before_adverbs(syntax, as, verb) == verb + 1 || (verb + 2 == as && part_of(syntax, verb + 1) == PART_NOUN &&
                                                                      !(syntax->text->tokens[verb + 1].flags & TOKEN_CAPITAL));
        if (has_flag(syntax, verb, READ_PASSIVE) || part_of(syntax, verb) == PART_PARTICIPLE || alone) {
            cue->source = subject;
            cue->through = agent(syntax, cue->end, scope.end);
            if (!span_empty(cue->through) && cue->through.first == cue->end + 1)
                cue->after = cue->through.end;
        } else {
            cue->source = (struct span){verb + 1, full_phrase_end(syntax, verb + 1, as)};
            cue->through = subject;
        }
        cue->voice = VOICE_ACTIVE;
        return !span_empty(cue->source);
    }
    return false;
}

static bool read_gerund(const struct syntax *syntax, struct scope scope, struct span carried, struct cue *cue)
{
    uint32_t before = before_adverbs(syntax, cue->at, scope.first);
    cue->voice = VOICE_PARTICIPLE;
    cue->clause = cue->group = cue->at;
    if (before == scope.first)
        return false;
    enum part part = part_of(syntax, before - 1);
    if (token_is(syntax->text, before - 1, "as"))
        return read_quoted(syntax, scope, before - 1, cue);
    if (part == PART_NOUN || part == PART_CLITIC) {
        cue->source = subject_before(syntax, cue->at, scope.first, &cue->clause);
        return !span_empty(cue->source);
    }
    if (part == PART_FINITE || part == PART_PARTICIPLE || part == PART_BASE) { /* "began asking" */
        cue->group = group_start(syntax, before - 1, scope.first);
        cue->source = subject_before(syntax, cue->group, scope.first, &cue->clause);
        cue->voice = VOICE_ACTIVE;
        return !span_empty(cue->source);
    }
    if (part != PART_COMMA && part != PART_CONJUNCTION && part != PART_PREPOSITION && part != PART_QUOTE && part != PART_DASH &&
        part != PART_SUBORDINATOR)
        return false;
    cue->source = carried;
    cue->carried = true;
    if (!span_empty(carried))
        return true;
    cue->source = main_subject(syntax, cue->at, scope.first);
    return !span_empty(cue->source);
}

/* The verb on which an infinitive hangs has the subject: "refused to say whether", "went on to accuse". */
static bool read_infinitive(const struct syntax *syntax, struct scope scope, struct span carried, struct cue *cue)
{
    uint32_t to = before_adverbs(syntax, cue->at, scope.first);
    cue->voice = VOICE_INFINITIVE;
    cue->group = cue->at;
    cue->clause = cue->at;
    if (to == scope.first || part_of(syntax, to - 1) != PART_TO || to - 1 == scope.first)
        return false;
    cue->source = nearest_subject(syntax, to - 1, scope.first);
    for (uint32_t i = to - 1; i > scope.first && to - i < 6 && !cue->negated; i--) {
        const struct entry *entry = syntax->readings[i - 1].cue;
        cue->negated = has_flag(syntax, i - 1, READ_NEGATIVE) || (entry && slice_is(entry_get(entry, "stance"), "rejects"));
    }
    if (span_empty(cue->source))
        cue->source = carried;
    return !span_empty(cue->source);
}

static bool read_active(const struct syntax *syntax, struct scope scope, struct span carried, struct cue *cue)
{
    cue->voice = VOICE_ACTIVE;
    cue->group = group_start(syntax, cue->at, scope.first);
    cue->negated = negated(syntax, cue->group, cue->at);
    if (read_inverted(syntax, scope, cue))
        return true;
    if (has_flag(syntax, cue->group, READ_CONTRACTED)) {
        cue->source = (struct span){cue->group, cue->group + 1};
        cue->clause = cue->group;
        return true;
    }
    if (cue->group > scope.first && has_flag(syntax, cue->group - 1, READ_CONTRACTED)) {
        cue->source = (struct span){cue->group - 1, cue->group};
        cue->clause = cue->group - 1;
        return true;
    }
    cue->source = subject_before(syntax, cue->group, scope.first, &cue->clause);
    if (!span_empty(cue->source))
        return true;
    uint32_t before = before_adverbs(syntax, cue->group, scope.first);
    cue->clause = cue->group;
    if (before == scope.first || (part_of(syntax, before - 1) != PART_CONJUNCTION && part_of(syntax, before - 1) != PART_COMMA))
        return false;
    cue->carried = true;
    cue->source = span_empty(carried) ? main_subject(syntax, before, scope.first) : carried;
    return !span_empty(cue->source);
}

static bool read_passive(const struct syntax *syntax, struct scope scope, struct cue *cue)
{
    cue->voice = VOICE_PASSIVE;
    cue->group = group_start(syntax, cue->at, scope.first);
    cue->negated = negated(syntax, cue->group, cue->at);
    struct span subject = subject_before(syntax, cue->group, scope.first, &cue->clause);
    if (span_empty(subject))
        cue->clause = cue->group;
    cue->addressee = subject; /* of a passive: what is spoken to or about */
    cue->source = agent(syntax, cue->end, scope.end);
    return true;
}

/* "fear that … and want": whether the verb before the conjunction is finite, so that a plain form after it is, too. */
static bool follows_finite(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    for (uint32_t i = at; i > from && at - i < AGENT_MAX; i--) {
        enum part part = part_of(syntax, i - 1);
        if (part == PART_TO || part == PART_MODAL || part == PART_BASE)
            return false;
        if (part == PART_FINITE && at - i > 1)
            return true;
    }
    return false;
}

bool cue_read(const struct syntax *syntax, struct scope scope, uint32_t at, struct span carried, struct cue *cue)
{
    const struct reading *reading = &syntax->readings[at];
    *cue = (struct cue){.at = at, .end = at + reading->length, .entry = reading->cue, .frame = frame_of(reading->cue)};
    cue->after = cue->end;
    switch (reading->part) {
    case PART_FINITE:
        return read_active(syntax, scope, carried, cue);
    case PART_BASE: {
        uint32_t before = before_adverbs(syntax, at, scope.first);
        if (before > scope.first && part_of(syntax, before - 1) == PART_TO)
            return read_infinitive(syntax, scope, carried, cue);
        if (before > scope.first && part_of(syntax, before - 1) == PART_CONJUNCTION &&
            !follows_finite(syntax, before - 1, scope.first))
            return false;
        return before > scope.first && read_active(syntax, scope, carried, cue);
    }
    case PART_PARTICIPLE:
        if (reading->flags & READ_PASSIVE)
            return read_passive(syntax, scope, cue);
        return reading->flags & READ_PERFECT && read_active(syntax, scope, carried, cue);
    case PART_GERUND:
        if (reading->flags & READ_PROGRESSIVE)
            return read_active(syntax, scope, carried, cue);
        return read_gerund(syntax, scope, carried, cue);
    default:
        return false;
    }
}

/* ---- phrases and nouns ------------------------------------------------------------------------------------ */

bool cue_read_phrase(const struct syntax *syntax, struct scope scope, uint32_t at, struct cue *cue)
{
    const struct reading *reading = &syntax->readings[at];
    *cue = (struct cue){.at = at, .end = at + reading->length, .entry = reading->cue, .frame = frame_of(reading->cue)};
    cue->group = cue->clause = at;
    if (cue->frame->bits & FRAME_AFTER_BE) {
        cue->group = group_start(syntax, at, scope.first);
        cue->negated = negated(syntax, cue->group, at);
        cue->source = subject_before(syntax, cue->group, scope.first, &cue->clause);
        cue->after = cue->end;
        return !span_empty(cue->source);
    }
    uint32_t end = full_phrase_end(syntax, cue->end, scope.end);
    cue->source = (struct span){cue->end, end};
    cue->after = end;
    return end > cue->end;
}

/* The possessor that ends right before the noun or its adjectives: "Moscow's repeated warning", "its demand". */
static struct span possessor(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    uint32_t i = at;
    while (i > from && at - i < 4 && (part_of(syntax, i - 1) == PART_NOUN || part_of(syntax, i - 1) == PART_NUMBER))
        i--;
    if (i == from)
        return NO_SPAN;
    if (has_flag(syntax, i - 1, READ_POSSESSIVE))
        return (struct span){i - 1, i};
    if (part_of(syntax, i - 1) != PART_CLITIC)
        return NO_SPAN;
    uint32_t first = i - 1;
    while (first > from && (part_of(syntax, first - 1) == PART_NOUN || part_of(syntax, first - 1) == PART_NUMBER))
        first--;
    if (first > from && part_of(syntax, first - 1) == PART_DETERMINER)
        first--;
    return (struct span){first, i - 1};
}

bool cue_read_view(const struct syntax *syntax, struct scope scope, uint32_t at, struct cue *cue)
{
    struct span source = possessor(syntax, at, scope.first);
    if (span_empty(source) || source.first == scope.first ||
        !(token_is(syntax->text, source.first - 1, "in") || token_is(syntax->text, source.first - 1, "to") ||
          token_is(syntax->text, source.first - 1, "from")))
        return false;
    *cue = (struct cue){.at = at, .end = at + 1, .after = at + 1, .entry = syntax->readings[at].cue, .source = source};
    cue->frame = frame_of(cue->entry);
    cue->group = cue->clause = source.first - 1;
    return true;
}

/* "the claim by X", "a statement from X". Not "of X": that is as often what it is about. */
static struct span author(const struct syntax *syntax, uint32_t after, uint32_t end)
{
    if (after >= end ||
        !(token_is(syntax->text, after, "by") || token_is(syntax->text, after, "from") || token_is(syntax->text, after, "among")))
        return NO_SPAN;
    uint32_t last = full_phrase_end(syntax, after + 1, end);
    return last > after + 1 ? (struct span){after + 1, last} : NO_SPAN;
}

/* "issued a warning that", "expressed concern that": the verb has the source. */
static struct span light_subject(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    uint32_t i = at, clause;
    while (i > from && at - i < 6 && in_phrase(syntax, i - 1))
        i--;
    if (i == from || !has_flag(syntax, i - 1, READ_VERB))
        return NO_SPAN;
    struct match common = lexicon_match(syntax->text, LEXICON_COMMON_VERBS, i - 1),
                 verb = lexicon_match(syntax->text, LEXICON_VERBS, i - 1);
    const struct entry *entry = verb.entry ? verb.entry : common.entry;
    if (!entry || !entry_has(entry, "light"))
        return NO_SPAN;
    return subject_before(syntax, group_start(syntax, i - 1, from), from, &clause);
}

bool cue_read_noun(const struct syntax *syntax, struct scope scope, uint32_t at, struct cue *cue)
{
    const struct reading *reading = &syntax->readings[at];
    *cue =
        (struct cue){.at = at, .end = at + 1, .entry = reading->cue, .frame = frame_of(reading->cue), .group = at, .clause = at};
    cue->after = cue->end;
    cue->source = possessor(syntax, at, scope.first);
    if (span_empty(cue->source)) {
        cue->source = author(syntax, cue->end, scope.end);
        if (!span_empty(cue->source))
            cue->after = cue->source.end;
    }
    if (span_empty(cue->source))
        cue->source = light_subject(syntax, at, scope.first);
    /* "Doubts were voiced that": the verb comes between. */
    uint32_t that = cue->after;
    while (
        that < scope.end && that - cue->after < 5 &&
        (part_of(syntax, that) == PART_AUXILIARY || part_of(syntax, that) == PART_ADVERB || has_flag(syntax, that, READ_PASSIVE)))
        that++;
    if (that > cue->after && that < scope.end && part_of(syntax, that) == PART_THAT && has_flag(syntax, that - 1, READ_PASSIVE))
        cue->after = that;
    return true;
}
