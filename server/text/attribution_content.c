/* What is said.
 *
 *     after the cue:   [ addressee ] { adverbial } ( "that" clause | [ ":" ] quotation | "whether" clause | "to" infinitive
 *                                                  | clause | preposition phrase | gerund | phrase [ "as" | "to" … ] )
 *     around the cue:  content "," cue | content "," cue "," content          "…", he said, "…"
 *
 * A content goes on to the end of its scope, unless a mark or a conjunction leads to another cue before that: ", adding that",
 * "but warned", ", while Y denied". A noun phrase or an infinitive also ends where a clause begins that is not its own. */
#include "attribution.h"

/* How far is looked, in tokens; a quotation counts for one. Sentences without an end do not make reading them slow. */
enum { AHEAD_MAX = 40, ADVERBIAL_MAX = 24, CONTENT_MAX = 400, BEHIND_MAX = 80, VERB_MAX = 100 };

/* ---- quotations and verbs in a stretch -------------------------------------------------------------------- */

uint32_t quotation_before(const struct syntax *syntax, uint32_t at, uint32_t from)
{
    const struct text *text = syntax->text;
    uint32_t low = 0, high = text->quotation_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->quotations[middle].span.first < at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || text->quotations[low - 1].span.first < from)
        return UINT32_MAX;
    for (uint32_t i = text->quotations[low - 1].span.end; i < at; i++)
        if (part_of(syntax, i) < PART_COMMA)
            return UINT32_MAX;
    return text->quotations[low - 1].span.end <= at ? low - 1 : UINT32_MAX;
}

static uint32_t step(const struct syntax *syntax, uint32_t at)
{
    uint32_t past = past_quotation(syntax, at);
    return past > at ? past : at + 1;
}

bool has_finite(const struct syntax *syntax, struct span span)
{
    uint32_t steps = 0;
    for (uint32_t i = span.first; i < span.end && steps < VERB_MAX; i = step(syntax, i), steps++)
        if (is_finite(syntax, i))
            return true;
    return steps == VERB_MAX;
}

static bool is_cue_verb(const struct syntax *syntax, uint32_t at)
{
    const struct entry *cue = syntax->readings[at].cue;
    return cue && cue->lexicon == LEXICON_VERBS && !has_flag(syntax, at, READ_INSIDE);
}

static bool is_source_phrase(const struct syntax *syntax, uint32_t at)
{
    const struct entry *cue = syntax->readings[at].cue;
    return cue && cue->lexicon == LEXICON_CUE_PHRASES && !(frame_of(cue)->bits & FRAME_AFTER_BE);
}

/* ---- where a content ends --------------------------------------------------------------------------------- */

/* The verb of the group that begins at `at`; `limit` where there is none. */
static uint32_t verb_of_group(const struct syntax *syntax, uint32_t at, uint32_t limit)
{
    while (at < limit && (part_of(syntax, at) == PART_AUXILIARY || part_of(syntax, at) == PART_MODAL ||
                          part_of(syntax, at) == PART_ADVERB || part_of(syntax, at) == PART_NEGATION))
        at++;
    return at;
}

/* Whether a clause begins at `at` whose verb is a cue of saying; `any`: or any clause at all. */
static bool clause_begins(const struct syntax *syntax, uint32_t at, uint32_t limit, bool any)
{
    while (at < limit && !any && part_of(syntax, at) == PART_PREPOSITION && !syntax->readings[at].cue) {
        uint32_t next = plain_phrase_end(syntax, at + syntax->readings[at].length, limit);
        if (next <= at + 1)
            break;
        at = next;
    }
    if (at >= limit)
        return false;
    uint32_t end = opens_phrase(syntax, at) ? full_phrase_end(syntax, at, limit) : at;
    if (token_is(syntax->text, at, "there"))
        end = at + 1;
    if (has_flag(syntax, at, READ_CONTRACTED))
        return any;
    uint32_t verb = verb_of_group(syntax, end, limit);
    if (verb >= limit || verb == at)
        return false;
    if (any)
        return is_finite(syntax, end) || is_finite(syntax, verb);
    return end > at && is_cue_verb(syntax, verb) && (part_of(syntax, verb) != PART_GERUND) &&
           frame_of(syntax->readings[verb].cue)->bits & FRAME_QUOTE;
}

static bool ends_at_comma(const struct syntax *syntax, uint32_t comma, uint32_t limit, enum content_kind kind, bool bounded)
{
    uint32_t next = comma + 1;
    if (next < limit && part_of(syntax, next) == PART_ADVERB)
        next++;
    if (next >= limit)
        return false;
    bool phrase = kind != CONTENT_CLAUSE;
    enum part part = part_of(syntax, next);
    if (is_source_phrase(syntax, next))
        return true;
    if (bounded && part == PART_PARTICIPLE && has_flag(syntax, next, READ_PAST))
        return true; /* "…, who said it had failed, left" */
    if (part == PART_GERUND)
        return (phrase && next == comma + 1) ||
               (is_cue_verb(syntax, next) && frame_of(syntax->readings[next].cue)->bits & (FRAME_QUOTE | FRAME_TELL));
    if (part == PART_FINITE && is_cue_verb(syntax, next) && frame_of(syntax->readings[next].cue)->bits & FRAME_QUOTE)
        return true;
    if (part == PART_CONJUNCTION || part == PART_SUBORDINATOR || has_flag(syntax, next, READ_OPENS)) {
        if (part != PART_CONJUNCTION && phrase)
            return true;
        uint32_t verb = verb_of_group(syntax, next + 1, limit);
        bool own = verb < limit &&
                   (part_of(syntax, verb) == PART_FINITE || (part_of(syntax, verb) == PART_BASE && verb == next + 1));
        if (own && part == PART_CONJUNCTION &&
            (phrase || (is_cue_verb(syntax, verb) && frame_of(syntax->readings[verb].cue)->bits & (FRAME_QUOTE | FRAME_NPTO))))
            return true;
        return clause_begins(syntax, next + 1, limit, phrase);
    }
    if (phrase && (part == PART_RELATIVE || part == PART_PREPOSITION || part == PART_PRONOUN || part == PART_WH))
        return true;
    return clause_begins(syntax, next, limit, phrase || bounded);
}

/* "and", "but" without a comma: another cue of the same source, or, after a phrase, another verb. */
static bool ends_at_conjunction(const struct syntax *syntax, uint32_t at, uint32_t limit, enum content_kind kind)
{
    uint32_t verb = verb_of_group(syntax, at + 1, limit);
    if (verb >= limit || token_is(syntax->text, at, "so"))
        return false;
    if (part_of(syntax, at + 1) == PART_GERUND && is_cue_verb(syntax, at + 1))
        return true;
    if (kind == CONTENT_CLAUSE)
        return part_of(syntax, verb) == PART_FINITE && is_cue_verb(syntax, verb) &&
               !(frame_of(syntax->readings[verb].cue)->bits & (FRAME_PLAIN | FRAME_ATTITUDE));
    return is_finite(syntax, at + 1) || part_of(syntax, verb) == PART_FINITE || clause_begins(syntax, at + 1, limit, true);
}

/* Whether verbs in a content are its own: each needs something that opens a clause. */
struct licence {
    bool open;   /* a clause has begun whose verb is still to come */
    bool inside; /* in a verb group */
};

/* False for a finite verb that nothing licenses. */
static bool licensed(const struct syntax *syntax, uint32_t at, struct licence *licence)
{
    enum part part = part_of(syntax, at);
    if (part == PART_RELATIVE || part == PART_THAT || part == PART_WH || part == PART_SUBORDINATOR || part == PART_CONJUNCTION ||
        has_flag(syntax, at, READ_OPENS) || (part == PART_PRONOUN && has_flag(syntax, at, READ_SUBJECT)))
        licence->open = true;
    if (part == PART_ADVERB || part == PART_NEGATION)
        return true;
    if (!is_finite(syntax, at)) {
        licence->inside = false;
        return true;
    }
    bool allowed = licence->inside || licence->open;
    licence->open = false;
    licence->inside = part != PART_FINITE; /* "would have | closed" */
    return allowed;
}

/* A quotation with its comma inside that ends at `at`, and another cue behind it: "…," she said; "…," adding that. */
static bool ends_with_quotation(const struct syntax *syntax, uint32_t at, uint32_t first, uint32_t limit)
{
    if ((part_of(syntax, at - 1) != PART_QUOTE && part_of(syntax, at - 1) != PART_APART) || at < first + 2 ||
        (part_of(syntax, at - 2) != PART_COMMA && part_of(syntax, at - 2) != PART_STOP))
        return false;
    if (part_of(syntax, at) == PART_GERUND || part_of(syntax, at) == PART_FINITE)
        return is_cue_verb(syntax, at);
    return clause_begins(syntax, at, limit, false);
}

uint32_t content_end(const struct syntax *syntax, uint32_t first, uint32_t limit, enum content_kind kind, bool bounded)
{
    struct licence licence = {.open = kind == CONTENT_CLAUSE};
    uint32_t steps = 0;
    for (uint32_t i = first; i < limit; i = step(syntax, i)) {
        if (steps++ == CONTENT_MAX)
            return i;
        enum part part = part_of(syntax, i);
        if (bounded && !licensed(syntax, i, &licence))
            return i;
        if (i == first)
            continue;
        if (ends_with_quotation(syntax, i, first, limit))
            return i;
        if (part == PART_COMMA && ends_at_comma(syntax, i, limit, kind, bounded))
            return i;
        if (part == PART_CONJUNCTION && ends_at_conjunction(syntax, i, limit, kind))
            return i;
        if (is_source_phrase(syntax, i))
            return i;
        bool condition = part == PART_SUBORDINATOR && (token_is(syntax->text, i, "if") || token_is(syntax->text, i, "unless"));
        if (kind != CONTENT_CLAUSE && (part == PART_SEMICOLON || (part == PART_SUBORDINATOR && !condition)))
            return i;
        if (kind != CONTENT_CLAUSE && part == PART_DASH &&
            (part_of(syntax, i + 1) == PART_CONJUNCTION || clause_begins(syntax, i + 1, limit, true)))
            return i;
        if (kind != CONTENT_CLAUSE && has_flag(syntax, i, READ_OPENS) && clause_begins(syntax, i + 1, limit, true))
            return i;
    }
    return limit;
}

/* ---- after the cue ---------------------------------------------------------------------------------------- */

/* Past adverbs and dates: "said on Tuesday", "said later". */
static uint32_t past_adverbs(const struct syntax *syntax, uint32_t at, uint32_t limit)
{
    for (uint32_t i = at; i < limit && i - at < ADVERBIAL_MAX;) {
        bool preposition = part_of(syntax, i) == PART_PREPOSITION && i + 1 < limit && is_date(syntax, i + 1);
        if (preposition || is_date(syntax, i) || (part_of(syntax, i) == PART_ADVERB && !token_is(syntax->text, i, "there")))
            i++;
        else
            return i;
    }
    return at;
}

/* Past "in a statement", "at a briefing on Tuesday" as well. */
static uint32_t past_adverbials(const struct syntax *syntax, uint32_t at, uint32_t limit)
{
    uint32_t i = past_adverbs(syntax, at, limit);
    while (i < limit && i - at < ADVERBIAL_MAX && part_of(syntax, i) == PART_PREPOSITION) {
        uint32_t length = syntax->readings[i].length, end = plain_phrase_end(syntax, i + length, limit);
        if (end == i + length)
            break;
        i = past_adverbs(syntax, end, limit);
    }
    bool aside = i + 2 < limit && part_of(syntax, i) == PART_COMMA && part_of(syntax, i + 2) == PART_COMMA;
    if (aside && (part_of(syntax, i + 1) == PART_ADVERB || token_is(syntax->text, i + 1, "though")))
        i += 3;
    else if (i + 1 < limit && part_of(syntax, i) == PART_COMMA && part_of(syntax, i + 1) == PART_PREPOSITION) {
        uint32_t end = plain_phrase_end(syntax, i + 1 + syntax->readings[i + 1].length, limit); /* ", in a letter," */
        if (end + 1 < limit && part_of(syntax, end) == PART_COMMA && part_of(syntax, end + 1) == PART_THAT)
            i = end + 1;
    }
    return i;
}

/* The quotation that begins at `at`, perhaps after a comma or a colon: its first token, or `limit`. */
static uint32_t quotation_at(const struct syntax *syntax, uint32_t at, uint32_t limit)
{
    if (at < limit &&
        (part_of(syntax, at) == PART_COMMA || part_of(syntax, at) == PART_COLON || part_of(syntax, at) == PART_DASH))
        at++;
    if (at < limit && part_of(syntax, at) == PART_PREPOSITION && part_of(syntax, at - 1) == PART_COMMA) {
        uint32_t comma = at;
        while (comma < limit && comma - at < 8 && part_of(syntax, comma) != PART_COMMA)
            comma++;
        if (comma + 1 < limit && syntax->readings[comma + 1].quotation)
            at = comma + 1;
    }
    return at < limit && syntax->readings[at].quotation ? at : limit;
}

/* Whether a clause stands at `at`: a phrase and then a finite verb. `strict`: with no mark or relative between them. */
static bool clause_ahead(const struct syntax *syntax, uint32_t at, uint32_t limit, bool strict)
{
    uint32_t relatives = 0;
    bool phrase = false;
    for (uint32_t i = at; i < limit && i - at < AHEAD_MAX; i = step(syntax, i)) {
        enum part part = part_of(syntax, i);
        if (has_flag(syntax, i, READ_CONTRACTED))
            return true;
        if (is_finite(syntax, i)) {
            if (relatives == 0)
                return phrase;
            relatives--;
            i = verb_of_group(syntax, i, limit) - (part_of(syntax, i) == PART_FINITE ? 0 : 1);
            continue;
        }
        if (part == PART_PREPOSITION && !has_flag(syntax, i, READ_OPENS)) {
            uint32_t first = i + syntax->readings[i].length, next = plain_phrase_end(syntax, first, limit);
            i = next > first ? next - 1 : i;
            continue;
        }
        bool breaks = part == PART_COMMA && i + 1 < limit && part_of(syntax, i + 1) == PART_CONJUNCTION;
        if (part == PART_STOP || part == PART_SEMICOLON || part == PART_COLON || breaks ||
            (strict && (part == PART_COMMA || part == PART_RELATIVE || part == PART_THAT)))
            return false;
        if (part == PART_RELATIVE || part == PART_THAT)
            relatives++;
        if (phrase && !strict && part == PART_QUOTE && past_quotation(syntax, i) > i)
            return true;
        phrase = phrase || opens_phrase(syntax, i) || part == PART_GERUND || part == PART_QUOTE ||
                 token_is(syntax->text, i, "there");
    }
    return false;
}

/* Words that a content cannot end with: they belong to what comes after. */
static bool dangles(const struct syntax *syntax, uint32_t at)
{
    enum part part = part_of(syntax, at);
    return (part == PART_CONJUNCTION && !token_is(syntax->text, at, "so")) || part == PART_DASH || part == PART_RELATIVE ||
           part == PART_PREPOSITION || part == PART_OPENING || part == PART_THAT || token_is(syntax->text, at, "even") ||
           token_is(syntax->text, at, "only") || token_is(syntax->text, at, "especially") ||
           token_is(syntax->text, at, "particularly");
}

/* "announced the plan on Tuesday": when it was announced is no part of it. */
static struct span without_date(const struct syntax *syntax, struct span span)
{
    uint32_t end = span.end;
    while (end > span.first && is_date(syntax, end - 1))
        end--;
    if (end == span.end)
        return span;
    if (end > span.first && part_of(syntax, end - 1) == PART_PREPOSITION)
        end--;
    return end > span.first + 1 ? (struct span){span.first, end} : span;
}

static struct content content_from(const struct syntax *syntax, const struct cue *cue, uint32_t first, uint32_t limit,
                                   enum content_kind kind)
{
    struct content content = {.kind = kind, .span = {first, content_end(syntax, first, limit, kind, cue && cue->bounded)}};
    bool cut = content.span.end < limit;
    content.span = span_trim(syntax->text, content.span);
    while (cut && content.span.end > content.span.first + 1 && dangles(syntax, content.span.end - 1))
        content.span = span_trim(syntax->text, (struct span){content.span.first, content.span.end - 1});
    if (kind == CONTENT_PHRASE)
        content.span = without_date(syntax, content.span);
    if (span_empty(content.span) || (kind == CONTENT_INFINITIVE && content.span.end == content.span.first + 1))
        content.kind = CONTENT_NONE;
    return content;
}

/* "that A and that B": A alone, and where B begins. */
static struct content that_clause(const struct syntax *syntax, const struct cue *cue, uint32_t first, uint32_t limit)
{
    struct content content = content_from(syntax, cue, first, limit, CONTENT_CLAUSE);
    for (uint32_t i = first; i + 2 < content.span.end; i = step(syntax, i)) {
        if (part_of(syntax, i) != PART_CONJUNCTION || !token_is(syntax->text, i + 1, "that") ||
            part_of(syntax, i + 1) != PART_THAT || !clause_ahead(syntax, i + 2, content.span.end, false))
            continue;
        content.span.end = i;
        content.span = span_trim(syntax->text, content.span);
        content.next = i + 2;
        break;
    }
    return content;
}

struct content content_next(const struct syntax *syntax, struct scope scope, const struct content *before)
{
    return that_clause(syntax, NULL, before->next, scope.end);
}

static bool takes_if(const struct syntax *syntax, const struct cue *cue, uint32_t at)
{
    return token_is(syntax->text, at, "if") && cue->frame->bits & FRAME_WH && !(cue->frame->bits & FRAME_ZERO);
}

/* "urged the parties to return": who is to do it belongs to what is asked, as with "wants the parties to return". */
static bool asks(const struct cue *cue)
{
    struct slice stance = entry_get(cue->entry, "stance");
    return cue->voice != VOICE_PASSIVE && !(cue->frame->bits & FRAME_ZERO) &&
           (slice_is(stance, "demands") || slice_is(stance, "supports"));
}

/* A clause, an infinitive or a quotation, perhaps behind adverbials. */
static struct content clausal(const struct syntax *syntax, struct scope scope, const struct cue *cue, uint32_t at)
{
    unsigned bits = cue->frame->bits;
    bool told = !span_empty(cue->addressee);
    uint32_t near = past_adverbs(syntax, at, scope.end), far = past_adverbials(syntax, near, scope.end);
    uint32_t places[] = {at, near, far};
    for (size_t k = 0; k < 3; k++) {
        uint32_t i = places[k];
        uint32_t quoted = quotation_at(syntax, i, scope.end);
        if (i >= scope.end)
            break;
        if (quoted < scope.end && bits & FRAME_QUOTE &&
            (quoted > i || syntax->text->quotations[syntax->readings[quoted].quotation - 1].speech ||
             !(bits & (FRAME_NP | FRAME_PLAIN))))
            return content_from(syntax, cue, quoted, scope.end, CONTENT_CLAUSE);
        if (part_of(syntax, i) == PART_THAT && (bits & FRAME_THAT || told) && i + 1 < scope.end && !is_finite(syntax, i + 1))
            return that_clause(syntax, cue, i + 1, scope.end);
        if (part_of(syntax, i) == PART_THAT && bits & FRAME_ZERO)
            return content_from(syntax, cue, i, scope.end, CONTENT_CLAUSE); /* "said that was" */
        uint32_t to = part_of(syntax, i) == PART_NEGATION ? i + 1 : i;
        if (part_of(syntax, to) == PART_TO && (bits & FRAME_TO || (told && bits & FRAME_TELL)))
            return content_from(syntax, cue, told && k == 0 && asks(cue) ? cue->addressee.first : i, scope.end,
                                CONTENT_INFINITIVE);
        bool question = part_of(syntax, i) == PART_WH || (part_of(syntax, i) == PART_RELATIVE && k == 0) ||
                        takes_if(syntax, cue, i) || token_is(syntax->text, i, "whether");
        if (question && (bits & FRAME_WH || told))
            return content_from(syntax, cue, i, scope.end, CONTENT_CLAUSE);
    }
    bool strict = bits & (FRAME_NP | FRAME_AS);
    bool start = near < scope.end && (opens_phrase(syntax, near) || part_of(syntax, near) == PART_PREPOSITION ||
                                      part_of(syntax, near) == PART_GERUND || part_of(syntax, near) == PART_SUBORDINATOR ||
                                      token_is(syntax->text, near, "there") || has_flag(syntax, near, READ_CONTRACTED) ||
                                      syntax->readings[near].quotation);
    if (near + 1 < scope.end && part_of(syntax, near) == PART_PREPOSITION && part_of(syntax, near + 1) == PART_GERUND)
        start = false; /* "responded by saying" */
    if ((bits & FRAME_ZERO || (told && bits & FRAME_THAT)) && start && !frame_takes(cue->frame, syntax->text, near) &&
        clause_ahead(syntax, near, scope.end, strict))
        return that_clause(syntax, cue, near, scope.end);
    return (struct content){0};
}

/* "called it a mistake", "sees the plan as a threat": something follows the object. */
static bool judges(const struct syntax *syntax, uint32_t object_end, uint32_t limit)
{
    if (object_end >= limit)
        return false;
    for (uint32_t i = object_end; i < limit && i - object_end < 16; i++) {
        enum part part = part_of(syntax, i);
        if (token_is(syntax->text, i, "as") || syntax->readings[i].quotation)
            return true;
        if (part == PART_COMMA || part == PART_STOP || part == PART_THAT || is_finite(syntax, i))
            return false;
    }
    return false;
}

/* "the poll shows a lead": the source is something that was counted or written. */
static bool surveys(const struct syntax *syntax, struct span source)
{
    static const char *const words[] = {"poll",     "polls",    "survey",  "surveys",    "report",  "reports", "study",
                                        "studies",  "data",     "figures", "statistics", "results", "records", "documents",
                                        "analysis", "research", "numbers", "video",      "footage"};
    for (uint32_t at = source.first; at < source.end; at++)
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (token_is(syntax->text, at, words[i]))
                return true;
    return false;
}

static struct content phrasal(const struct syntax *syntax, struct scope scope, struct cue *cue, uint32_t at)
{
    unsigned bits = cue->frame->bits;
    if (at >= scope.end)
        return (struct content){0};
    enum part part = part_of(syntax, at);
    if (frame_takes(cue->frame, syntax->text, at) && (part == PART_PREPOSITION || part == PART_TO)) {
        cue->end = at + 1;
        return content_from(syntax, cue, at + 1, scope.end, CONTENT_PHRASE);
    }
    if (part == PART_GERUND && bits & (FRAME_ING | FRAME_NP))
        return content_from(syntax, cue, at, scope.end, CONTENT_PHRASE);
    uint32_t past = past_quotation(syntax, at);
    if (past > at && bits & FRAME_AS && past < scope.end && (is_finite(syntax, past) || part_of(syntax, past - 2) == PART_COMMA))
        return content_from(syntax, cue, at, past, CONTENT_PHRASE); /* "what he called “…” went on" */
    if (past > at && bits & (FRAME_NP | FRAME_AS))
        return content_from(syntax, cue, at, scope.end, CONTENT_PHRASE);
    if (part == PART_WH && bits & (FRAME_NP | FRAME_AS) && !(bits & FRAME_PLAIN) && !token_is(syntax->text, at, "whether"))
        return content_from(syntax, cue, at, scope.end, CONTENT_CLAUSE);
    bool modified = part == PART_ADVERB && at + 1 < scope.end && part_of(syntax, at + 1) == PART_NOUN && !is_date(syntax, at + 1);
    if ((!opens_phrase(syntax, at) && !modified) || is_date(syntax, at))
        return (struct content){0};
    if (bits & FRAME_SURVEY && surveys(syntax, cue->source))
        return content_from(syntax, cue, at, scope.end, CONTENT_PHRASE);
    uint32_t object = plain_phrase_end(syntax, at, scope.end), whole = full_phrase_end(syntax, at, scope.end);
    if (bits & FRAME_NPTO &&
        ((object < scope.end && part_of(syntax, object) == PART_TO) || (whole < scope.end && part_of(syntax, whole) == PART_TO)))
        return content_from(syntax, cue, at, scope.end, CONTENT_PHRASE);
    bool pronoun_object = part == PART_PRONOUN && object < scope.end &&
                          (opens_phrase(syntax, object) || part_of(syntax, object) == PART_PARTICIPLE);
    bool unmarked = bits & FRAME_OBJECT && scope.end - at > 3;
    if (bits & FRAME_AS && (judges(syntax, object, scope.end) || pronoun_object || unmarked))
        return content_from(syntax, cue, at, scope.end, CONTENT_PHRASE);
    if (bits & FRAME_NP && !(bits & FRAME_PLAIN))
        return content_from(syntax, cue, at, scope.end, CONTENT_PHRASE);
    return (struct content){0};
}

/* The one spoken to: a phrase right after the verb. */
static uint32_t read_addressee(const struct syntax *syntax, struct scope scope, struct cue *cue)
{
    if (cue->voice == VOICE_PASSIVE || cue->end >= scope.end || !opens_phrase(syntax, cue->end) || is_date(syntax, cue->end))
        return cue->end;
    uint32_t end = plain_phrase_end(syntax, cue->end, scope.end);
    if (end < scope.end && !frame_takes(cue->frame, syntax->text, end)) /* "reminded voters of" */
        end = full_phrase_end(syntax, cue->end, scope.end);
    if (end == cue->end)
        return end;
    if (end < scope.end && is_finite(syntax, end))
        return cue->end; /* a clause: "warned the army would" */
    cue->addressee = (struct span){cue->end, end};
    return end;
}

struct content content_after(const struct syntax *syntax, struct scope scope, struct cue *cue)
{
    uint32_t at = cue->after > cue->end ? cue->after : cue->end;
    if (cue->voice == VOICE_INVERTED)
        return (struct content){0};
    struct cue plain = *cue;
    if (cue->voice == VOICE_PASSIVE && !span_empty(cue->source) && cue->source.first == cue->end + 1)
        at = cue->source.end;
    if (cue->frame->bits & FRAME_TELL && cue->entry->lexicon == LEXICON_VERBS) {
        uint32_t past = read_addressee(syntax, scope, cue);
        if (past > cue->end || cue->voice == VOICE_PASSIVE) {
            struct content told = clausal(syntax, scope, cue, past > at ? past : at);
            if (told.kind != CONTENT_NONE)
                return told;
            if (past < scope.end && frame_takes(cue->frame, syntax->text, past) && part_of(syntax, past) == PART_PREPOSITION)
                return content_from(syntax, cue, past + 1, scope.end, CONTENT_PHRASE);
            if (cue->frame->bits & FRAME_QUOTE && !(cue->frame->bits & FRAME_NP)) {
                cue->after = past;
                return (struct content){0};
            }
        }
        cue->addressee = plain.addressee;
    }
    struct cue none = *cue;
    none.addressee = NO_SPAN;
    struct content content = clausal(syntax, scope, &none, at);
    if (content.kind != CONTENT_NONE)
        return content;
    content = phrasal(syntax, scope, cue, at);
    if (content.kind != CONTENT_NONE || cue->voice == VOICE_PASSIVE)
        return content;
    uint32_t past = past_adverbials(syntax, at, scope.end); /* "rejected on Friday the offer" */
    return past > at ? phrasal(syntax, scope, cue, past) : content;
}

/* ---- around the cue --------------------------------------------------------------------------------------- */

/* Past what opens a sentence without being part of what is said: "But", "However,". */
static uint32_t past_links(const struct syntax *syntax, uint32_t at, uint32_t end)
{
    while (at < end && (part_of(syntax, at) == PART_CONJUNCTION || part_of(syntax, at) == PART_COMMA ||
                        (part_of(syntax, at) == PART_ADVERB && has_flag(syntax, at, READ_LINKING))))
        at += syntax->readings[at].length;
    return at;
}

/* Where what stands before the cue begins: with its quotation, or with its sentence. */
static uint32_t content_begin(const struct syntax *syntax, struct scope scope, uint32_t clause)
{
    const struct text *text = syntax->text;
    uint32_t number = quotation_before(syntax, clause, scope.first);
    if (number == UINT32_MAX)
        return past_links(syntax, scope.first, clause);
    /* Quotations with nothing between are one, whose marks are wrong. */
    while (number > 0 && quotation_before(syntax, text->quotations[number].span.first, scope.first) == number - 1)
        number--;
    const struct quotation *quotation = &text->quotations[number];
    uint32_t open = quotation->open == UINT32_MAX ? quotation->span.first : quotation->open;
    uint32_t sentence = text->sentences[text->sentence_of[open]].span.first;
    if (open > scope.first && part_of(syntax, open - 1) == PART_COLON)
        return open;
    if (sentence < scope.first)
        sentence = scope.first;
    uint32_t first = past_links(syntax, sentence, open);
    return first < open ? first : open;
}

/* Whether the cue closes or interrupts a clause: only adverbials and marks follow it, or a comma. */
static uint32_t past_cue(const struct syntax *syntax, struct scope scope, const struct cue *cue)
{
    return past_adverbials(syntax, cue->after > cue->end ? cue->after : cue->end, scope.end);
}

/* The closing mark is lost, and with it the comma: "… as promised.He added". The quotation ends right before the cue. */
static uint32_t quotation_lost(const struct syntax *syntax, uint32_t clause, struct span pieces[static 2])
{
    uint32_t number = quotation_before(syntax, clause, 0);
    if (number == UINT32_MAX || syntax->text->quotations[number].close != UINT32_MAX ||
        syntax->text->quotations[number].continued || syntax->text->tokens[clause].flags & TOKEN_LINE_START)
        return 0;
    pieces[0] = syntax->text->quotations[number].span;
    return 1;
}

/* Whether the clause goes on behind an aside: it had no verb yet, or only its subordinate clause, or what comes is joined. */
static bool goes_on(const struct syntax *syntax, struct scope scope, struct span before, uint32_t comma)
{
    enum part part = part_of(syntax, before.first), next = part_of(syntax, comma + 1);
    uint32_t number = syntax->readings[before.first > scope.first ? before.first - 1 : before.first].quotation;
    if (number && before.end <= syntax->text->quotations[number - 1].span.end + 1)
        return false; /* the whole is quoted: what follows is not said */
    if (next == PART_THAT || !has_finite(syntax, before))
        return true;
    if (part == PART_SUBORDINATOR || has_flag(syntax, before.first, READ_OPENS))
        return true;
    return next == PART_CONJUNCTION && !ends_at_comma(syntax, comma, scope.end, CONTENT_CLAUSE, false);
}

uint32_t content_around(const struct syntax *syntax, struct scope scope, const struct cue *cue, struct span pieces[static 2])
{
    uint32_t clause = cue->clause;
    if (clause <= scope.first)
        return quotation_lost(syntax, clause, pieces);
    enum part before = part_of(syntax, clause - 1);
    bool quoted = quotation_before(syntax, clause, scope.first) != UINT32_MAX;
    if (before != PART_COMMA && before != PART_DASH && before != PART_QUOTE && !quoted)
        return 0;
    if (!quoted && !(cue->frame->bits & FRAME_ASIDE))
        return 0;
    pieces[0] = span_trim(syntax->text, (struct span){content_begin(syntax, scope, clause), clause});
    if (span_empty(pieces[0]))
        return 0;
    uint32_t after = past_cue(syntax, scope, cue);
    if (after >= scope.end)
        return quoted || has_finite(syntax, pieces[0]);
    if (!quoted && cue->voice != VOICE_INVERTED && part_of(syntax, after) < PART_PREPOSITION)
        return 0; /* an object follows: no aside */
    /* An apposition of an inverted source hides what comes next: only a quotation is seen behind it. */
    for (uint32_t i = after; i < scope.end && i - after < BEHIND_MAX; i++) {
        if (is_cue_verb(syntax, i) && (part_of(syntax, i) == PART_GERUND || part_of(syntax, i) == PART_FINITE))
            break;
        if (!syntax->readings[i].quotation)
            continue;
        enum part mark = part_of(syntax, i - 1);
        if (mark != PART_COMMA && mark != PART_COLON && mark != PART_DASH)
            break;
        pieces[1] = span_trim(syntax->text, (struct span){i, content_end(syntax, i, scope.end, CONTENT_CLAUSE, false)});
        return span_empty(pieces[1]) ? 1 : 2;
    }
    bool whole = quoted || has_finite(syntax, pieces[0]);
    if (part_of(syntax, after) != PART_COMMA || cue->voice == VOICE_INVERTED || after + 1 >= scope.end ||
        !goes_on(syntax, scope, pieces[0], after))
        return whole;
    pieces[1] =
        span_trim(syntax->text, (struct span){after + 1, content_end(syntax, after + 1, scope.end, CONTENT_CLAUSE, false)});
    return span_empty(pieces[1]) ? 1 : 2;
}

/* Where the clause begins that "according to X" opens: at once, or behind a comma; an apposition may stand between. The scope's
 * end where there is none. */
static uint32_t behind_source(const struct syntax *syntax, struct scope scope, uint32_t after)
{
    uint32_t comma = scope.end;
    if (after < scope.end && opens_phrase(syntax, after) && clause_ahead(syntax, after, scope.end, true))
        return after;
    for (uint32_t i = after; i + 1 < scope.end && i - after < BEHIND_MAX; i = step(syntax, i)) {
        if (part_of(syntax, i) != PART_COMMA)
            continue;
        comma = comma < i ? comma : i;
        if (syntax->readings[i + 1].quotation || clause_ahead(syntax, i + 1, scope.end, true))
            return i + 1;
    }
    return comma < scope.end ? comma + 1 : scope.end;
}

uint32_t content_of_phrase(const struct syntax *syntax, struct scope scope, const struct cue *cue, struct span pieces[static 2])
{
    const struct text *text = syntax->text;
    uint32_t first = past_links(syntax, scope.first, cue->clause), after = cue->after;
    /* "According to X, …": an apposition may stand between. */
    if (first >= cue->clause) {
        uint32_t next = behind_source(syntax, scope, after);
        if (next >= scope.end)
            return 0;
        pieces[0] = span_trim(text, (struct span){next, content_end(syntax, next, scope.end, CONTENT_CLAUSE, false)});
        return span_empty(pieces[0]) ? 0 : 1;
    }
    pieces[0] = span_trim(text, (struct span){content_begin(syntax, scope, cue->clause), cue->clause});
    if (span_empty(pieces[0]))
        return 0;
    if (after + 1 < scope.end && part_of(syntax, after) == PART_COMMA && !has_finite(syntax, pieces[0])) {
        pieces[1] = span_trim(text, (struct span){after + 1, content_end(syntax, after + 1, scope.end, CONTENT_CLAUSE, false)});
        return span_empty(pieces[1]) ? 1 : 2;
    }
    return 1;
}
