/* Who says, thinks or wants what: source, cue and content.
 *
 * The text is read scope by scope: a sentence, or several where a quotation runs over their ends. In a scope every cue is tried
 * from left to right; what is found opens a scope of its own, its content, in which others may be nested:
 *
 *     attribution = source cue content          "The minister said that …"
 *                 | content "," source cue      "…, the minister said"
 *                 | content "," cue source      "…", said the minister
 *                 | cue source "," content      "According to the minister, …"
 *                 | source ":" quotation
 *                 | quotation                   whoever spoke last in the paragraph; or nobody is named
 *
 * Quotations that no cue claims go to the attribution before them: "…", he said. "…" */
#include "attribution.h"

#include <string.h>

enum { NESTING_LOOK = 8, NESTING_MAX = 24 };

struct finder {
    struct text *text;
    struct syntax syntax;
    uint32_t room;
    uint32_t scope_first; /* the first attribution of this scope */
    struct span carried;  /* the source that "and added" takes over */
    int32_t speaking;     /* the attribution that a following quotation goes on with, or NOBODY */
    uint32_t speaking_paragraph;
    bool *claimed; /* by quotation: it is in some content */
};

/* ---- keeping what is found -------------------------------------------------------------------------------- */

static struct attribution *add_attribution(struct finder *finder)
{
    struct text *text = finder->text;
    if (text->attribution_count >= TEXT_FINDINGS_MAX)
        return NULL;
    if (text->attribution_count == finder->room) {
        uint32_t more = finder->room ? finder->room * 2 : 64;
        text->attributions = arena_grow(text->arena, text->attributions, finder->room * sizeof *text->attributions,
                                        more * sizeof *text->attributions);
        finder->room = more;
    }
    struct attribution *attribution = &text->attributions[text->attribution_count++];
    *attribution = (struct attribution){.outer = NOBODY, .group = text->attribution_count - 1};
    return attribution;
}

/* The first quotation that ends after `at`. */
static uint32_t quotation_from(const struct text *text, uint32_t at)
{
    uint32_t low = 0, high = text->quotation_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->quotations[middle].span.end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Pieces are kept in the order of the text; one that overlaps another adds nothing. */
static void add_piece(struct finder *finder, struct attribution *attribution, struct span piece)
{
    const struct text *text = finder->text;
    struct span *pieces = attribution->content;
    uint32_t place = 0;
    if (span_empty(piece) || attribution->content_count == CONTENT_PIECES_MAX)
        return;
    while (place < attribution->content_count && pieces[place].end <= piece.first)
        place++;
    if (place < attribution->content_count && pieces[place].first < piece.end)
        return;
    memmove(&pieces[place + 1], &pieces[place], (attribution->content_count - place) * sizeof *pieces);
    pieces[place] = piece;
    attribution->content_count++;
    for (uint32_t i = quotation_from(text, piece.first); i < text->quotation_count && text->quotations[i].span.first < piece.end;
         i++)
        finder->claimed[i] = true;
}

/* Direct: all words of the content stand in quotation marks; mixed: some do. */
static enum claim_kind kind_of(const struct text *text, const struct attribution *attribution)
{
    uint32_t quoted = 0, all = 0;
    for (uint32_t k = 0; k < attribution->content_count; k++)
        for (uint32_t i = attribution->content[k].first; i < attribution->content[k].end; i++) {
            bool word = text->tokens[i].kind == TOKEN_WORD || text->tokens[i].kind == TOKEN_NUMBER;
            all += word;
            quoted += word && text->tokens[i].flags & TOKEN_QUOTED;
        }
    return quoted == 0 ? CLAIM_INDIRECT : quoted == all ? CLAIM_DIRECT : CLAIM_MIXED;
}

static bool names_medium(const struct text *text, struct span span)
{
    for (uint32_t at = span.first; at < span.end; at++) {
        int32_t mention = text->mention_of[at];
        if (mention != NOBODY && text->found->actors[text->found->mentions[mention].actor].kind == ACTOR_MEDIA)
            return true;
        if (lexicon_match(text, LEXICON_MEDIA, at).entry)
            return true;
    }
    return false;
}

static void add_through(struct attribution *attribution, struct span medium)
{
    if (!span_empty(medium) && attribution->through_count < VIA_MAX)
        attribution->through[attribution->through_count++] = medium;
}

/* Whether this scope has an attribution with the same content already: "said in a statement that". */
static bool is_known(const struct finder *finder, struct span piece)
{
    const struct text *text = finder->text;
    uint32_t count = text->attribution_count;
    for (uint32_t i = count; i > finder->scope_first && count - i < NESTING_LOOK; i--)
        if (text->attributions[i - 1].content[0].first == piece.first && text->attributions[i - 1].content[0].end == piece.end)
            return true;
    return false;
}

/* Quotations that were read as some without a cue before the sentence came that has their cue: the closing mark was lost, or this
 * is the last paragraph of a quotation over several. Cleared, with the paragraphs before kept as content. */
static struct attribution *without_cue(const struct finder *finder, struct span piece)
{
    struct text *text = finder->text;
    uint32_t number = quotation_from(text, piece.first);
    bool goes_on = number > 0 && number < text->quotation_count && text->quotations[number - 1].continued;
    for (uint32_t i = text->attribution_count; i > 0 && text->attribution_count - i < NESTING_LOOK; i--) {
        struct attribution *attribution = &text->attributions[i - 1];
        if (attribution->verb || !span_empty(attribution->cue) || attribution->content_count == 0)
            continue;
        struct span last = attribution->content[attribution->content_count - 1];
        bool same = attribution->content_count == 1 && last.first == piece.first && last.end == piece.end;
        bool before = goes_on && span_empty(attribution->source) && last.end == text->quotations[number - 1].span.end &&
                      attribution->content_count < CONTENT_PIECES_MAX;
        if (same)
            attribution->content_count = 0;
        if (same || before)
            return attribution;
    }
    return NULL;
}

static struct attribution *keep(struct finder *finder, const struct cue *cue, const struct span *pieces, uint32_t count)
{
    if (count == 0 || is_known(finder, pieces[0]))
        return NULL;
    struct attribution *attribution = without_cue(finder, pieces[0]);
    if (!attribution)
        attribution = add_attribution(finder);
    if (!attribution)
        return NULL;
    attribution->source = span_trim(finder->text, cue->source);
    attribution->cue = (struct span){cue->at, cue->end};
    attribution->verb = cue->entry;
    attribution->negated = cue->negated;
    if (cue->voice != VOICE_PASSIVE)
        attribution->addressee = cue->addressee;
    for (uint32_t i = 0; i < count; i++)
        add_piece(finder, attribution, pieces[i]);
    add_through(attribution, cue->through);
    if (!span_empty(attribution->addressee) && names_medium(finder->text, attribution->addressee))
        add_through(attribution, attribution->addressee);
    attribution->kind = kind_of(finder->text, attribution);
    if (!span_empty(cue->source) && cue->entry->lexicon == LEXICON_VERBS && cue->voice != VOICE_PASSIVE)
        finder->carried = cue->source;
    if (attribution->kind != CLAIM_INDIRECT) {
        finder->speaking = (int32_t)finder->text->attribution_count - 1;
        finder->speaking_paragraph = finder->text->sentences[finder->text->sentence_of[cue->at]].paragraph;
    }
    return attribution;
}

/* ---- one cue ---------------------------------------------------------------------------------------------- */

/* "was accused of", "were charged with", "was criticized for". */
static bool charge_follows(const struct finder *finder, uint32_t at, uint32_t end)
{
    return at < end &&
           (token_is(finder->text, at, "of") || token_is(finder->text, at, "with") || token_is(finder->text, at, "for"));
}

static struct content charge(const struct finder *finder, uint32_t first, uint32_t limit)
{
    struct span span = {first, content_end(&finder->syntax, first, limit, CONTENT_PHRASE, false)};
    return (struct content){.kind = CONTENT_PHRASE, .span = span_trim(finder->text, span)};
}

/* The passive takes what its subject is for content: "is seen as a threat", "was accused of", "are expected to". */
static bool keep_passive(struct finder *finder, struct scope scope, struct cue *cue, struct content *content)
{
    unsigned bits = cue->frame->bits;
    struct span subject = cue->addressee, pieces[2];
    (void)scope;
    bool it = !span_empty(subject) && token_is(finder->text, subject.first, "it") && subject.end == subject.first + 1;
    bool accused = slice_is(entry_get(cue->entry, "stance"), "accuses") && bits & FRAME_NP && !span_empty(subject);
    if (accused && content->kind == CONTENT_NONE && charge_follows(finder, cue->end, scope.end))
        *content = charge(finder, cue->end, scope.end);
    else
        accused = false;
    if (content->kind == CONTENT_NONE)
        return false;
    if (it || bits & FRAME_TELL || span_empty(subject)) {
        keep(finder, cue, &content->span, 1);
        return true;
    }
    bool as = token_is(finder->text, content->span.first, "as"), to = content->kind == CONTENT_INFINITIVE;
    if (!(bits & FRAME_AS && as) && !(bits & (FRAME_NPTO | FRAME_TO) && to) && !(accused && content->kind == CONTENT_PHRASE))
        return false;
    pieces[0] = subject;
    pieces[1] = content->span;
    keep(finder, cue, pieces, 2);
    return true;
}

/* A source that is no speaker: "there", a date, a relative without an antecedent; things where people are wanted. */
static bool plausible(const struct finder *finder, const struct cue *cue)
{
    if (span_empty(cue->source))
        return cue->voice == VOICE_PASSIVE || cue->entry->lexicon != LEXICON_VERBS;
    if (is_date(&finder->syntax, cue->source.first) && is_date(&finder->syntax, cue->source.end - 1))
        return false;
    return true;
}

static bool first_person(const struct finder *finder, const struct cue *cue)
{
    return !span_empty(cue->source) && has_flag(&finder->syntax, cue->source.first, READ_FIRST_PERSON) &&
           cue->source.end == cue->source.first + 1;
}

/* Whether another clause may go on behind the content: the cue is in a relative clause, a participle, or after a subordinator. */
static bool is_bounded(const struct syntax *syntax, struct scope scope, const struct cue *cue)
{
    if (cue->voice == VOICE_PARTICIPLE)
        return true;
    if (cue->voice == VOICE_INVERTED || cue->clause < scope.first)
        return false;
    enum part part = part_of(syntax, cue->clause),
              before = cue->clause > scope.first ? part_of(syntax, cue->clause - 1) : PART_STOP;
    return part == PART_RELATIVE || before == PART_SUBORDINATOR ||
           (before == PART_PREPOSITION && has_flag(syntax, cue->clause - 1, READ_OPENS)) || before == PART_RELATIVE ||
           (before == PART_THAT && cue->clause > scope.first + 1);
}

/* A quotation that begins with a small letter goes on with the sentence around it. */
static bool begins_small(const struct text *text, uint32_t at)
{
    while (text->tokens[at].kind == TOKEN_QUOTE)
        at++;
    return text->tokens[at].flags & TOKEN_QUOTED && !(text->tokens[at].flags & TOKEN_CAPITAL);
}

static void read_verb(struct finder *finder, struct scope scope, uint32_t at, bool quoted)
{
    struct cue cue;
    struct span pieces[2];
    const struct syntax *syntax = &finder->syntax;
    if (!cue_read(syntax, scope, at, finder->carried, &cue) || !plausible(finder, &cue))
        return;
    if (quoted && first_person(finder, &cue))
        return;
    cue.bounded = is_bounded(syntax, scope, &cue);
    struct content content = content_after(syntax, scope, &cue);
    if (cue.voice == VOICE_PASSIVE) {
        if (quoted && !span_empty(cue.addressee) && has_flag(syntax, cue.addressee.first, READ_FIRST_PERSON))
            return;
        keep_passive(finder, scope, &cue, &content);
        return;
    }
    uint32_t around = 0;
    bool set_off = content.kind == CONTENT_CLAUSE && content.span.first > cue.end && cue.clause > scope.first &&
                   part_of(syntax, cue.clause - 1) == PART_COMMA && part_of(syntax, cue.end) == PART_COMMA &&
                   begins_small(finder->text, content.span.first); /* "It was, he said, “an …”" */
    bool quotes_before = set_off || quotation_before(syntax, cue.clause, scope.first) != UINT32_MAX;
    if ((content.kind == CONTENT_NONE || quotes_before) && cue.frame->bits & (FRAME_QUOTE | FRAME_ASIDE) && !cue.carried &&
        (cue.voice == VOICE_ACTIVE || cue.voice == VOICE_INVERTED))
        around = content_around(syntax, scope, &cue, pieces);
    if (around) {
        keep(finder, &cue, pieces, around);
        return;
    }
    if (content.kind == CONTENT_NONE || (cue.voice == VOICE_INFINITIVE && content.kind != CONTENT_CLAUSE))
        return;
    uint32_t group = finder->text->attribution_count;
    while (content.kind != CONTENT_NONE) {
        struct attribution *kept = keep(finder, &cue, &content.span, 1);
        if (kept)
            kept->group = group;
        if (!content.next || !kept)
            break;
        content = content_next(syntax, scope, &content);
    }
}

static void read_phrase(struct finder *finder, struct scope scope, uint32_t at)
{
    struct cue cue;
    struct span pieces[2];
    if (!cue_read_phrase(&finder->syntax, scope, at, &cue))
        return;
    if (cue.frame->bits & FRAME_AFTER_BE) {
        if (cue.source.end == cue.source.first + 1 && token_is(finder->text, cue.source.first, "it"))
            cue.source = NO_SPAN; /* "it is unclear whether": to nobody in particular */
        struct content content = content_after(&finder->syntax, scope, &cue);
        if (content.kind != CONTENT_NONE)
            keep(finder, &cue, &content.span, 1);
        return;
    }
    keep(finder, &cue, pieces, content_of_phrase(&finder->syntax, scope, &cue, pieces));
}

static void read_noun(struct finder *finder, struct scope scope, uint32_t at)
{
    struct cue cue;
    struct span pieces[2];
    if (frame_of(finder->syntax.readings[at].cue)->bits & FRAME_VIEW && cue_read_view(&finder->syntax, scope, at, &cue)) {
        keep(finder, &cue, pieces, content_of_phrase(&finder->syntax, scope, &cue, pieces));
        return;
    }
    if (!cue_read_noun(&finder->syntax, scope, at, &cue))
        return;
    cue.bounded = true;
    struct content content = content_after(&finder->syntax, scope, &cue);
    if (content.kind == CONTENT_NONE)
        return;
    bool that = content.kind == CONTENT_CLAUSE;
    if (span_empty(cue.source) && !that)
        return;
    keep(finder, &cue, &content.span, 1);
}

/* ---- a scope ---------------------------------------------------------------------------------------------- */

/* The narrowest content of this scope that holds the token: what is found there stays inside. */
static struct scope scope_at(const struct finder *finder, struct scope scope, uint32_t at, int32_t *outer)
{
    const struct text *text = finder->text;
    uint32_t count = text->attribution_count;
    *outer = NOBODY;
    for (uint32_t i = count; i > finder->scope_first && count - i < NESTING_LOOK; i--) {
        const struct attribution *attribution = &text->attributions[i - 1];
        for (uint32_t k = 0; k < attribution->content_count; k++) {
            struct span piece = attribution->content[k];
            if (span_holds(piece, at) && piece.end - piece.first <= scope.end - scope.first) {
                scope = (struct scope){piece.first, piece.end};
                *outer = (int32_t)i - 1;
            }
        }
    }
    return scope;
}

static void read_cues(struct finder *finder, struct scope scope, bool quoted)
{
    const struct syntax *syntax = &finder->syntax;
    for (uint32_t i = scope.first; i < scope.end;) {
        uint32_t number = syntax->readings[i].quotation, past = past_quotation(syntax, i);
        if (number && !quoted && finder->text->quotations[number - 1].speech && past > i) {
            i = past;
            continue;
        }
        const struct entry *entry = syntax->readings[i].cue;
        if (entry && !has_flag(syntax, i, READ_INSIDE)) {
            int32_t outer;
            struct scope inner = scope_at(finder, scope, i, &outer);
            struct span carried = finder->carried;
            if (outer != NOBODY)
                finder->carried = NO_SPAN;
            if (entry->lexicon == LEXICON_VERBS)
                read_verb(finder, inner, i, quoted);
            else if (entry->lexicon == LEXICON_CUE_PHRASES)
                read_phrase(finder, inner, i);
            else
                read_noun(finder, inner, i);
            if (outer != NOBODY)
                finder->carried = carried;
        }
        i++;
    }
}

/* "X: “…”" */
static bool read_colon(struct finder *finder, struct scope scope, uint32_t open)
{
    const struct syntax *syntax = &finder->syntax;
    if (open <= scope.first + 1 || part_of(syntax, open - 1) != PART_COLON)
        return false;
    uint32_t end = full_phrase_end(syntax, scope.first, open), last = end;
    if (part_of(syntax, last) == PART_OPENING) /* "Anna Keller (Vienna): …" */
        while (last + 1 < open && part_of(syntax, last - 1) != PART_CLOSING)
            last++;
    if (end == scope.first || last != open - 1)
        return false;
    struct attribution *attribution = add_attribution(finder);
    if (!attribution)
        return false;
    attribution->source = (struct span){scope.first, end};
    add_piece(finder, attribution, span_trim(finder->text, (struct span){open, scope.end}));
    attribution->kind = kind_of(finder->text, attribution);
    return true;
}

/* "The minister replied:" and the quotation in the next paragraph. */
static bool read_introduced(struct finder *finder, const struct quotation *quotation, uint32_t open)
{
    const struct syntax *syntax = &finder->syntax;
    const struct text *text = finder->text;
    if (open < 2 || part_of(syntax, open - 1) != PART_COLON ||
        text->sentence_of[open - 1] == text->sentence_of[quotation->span.first])
        return false;
    struct span sentence = text->sentences[text->sentence_of[open - 1]].span;
    struct cue cue;
    for (uint32_t i = open - 1; i > sentence.first; i--) {
        const struct entry *entry = syntax->readings[i - 1].cue;
        if (!entry || entry->lexicon != LEXICON_VERBS || !(frame_of(entry)->bits & FRAME_QUOTE))
            continue;
        struct scope before = {sentence.first, sentence.end};
        if (!cue_read(syntax, before, i - 1, NO_SPAN, &cue)) {
            uint32_t end = full_phrase_end(syntax, i, open - 1);
            if (i - 1 != sentence.first || end != open - 1)
                return false;
            cue.source = (struct span){i, end}; /* "Said the minister:" */
        }
        struct span piece = quotation->span;
        return keep(finder, &cue, &piece, 1) != NULL;
    }
    return false;
}

/* "“…,” she pressed.": right behind a quotation that ends in a comma any verb is one of saying. */
static bool read_any_verb(struct finder *finder, struct scope scope, const struct quotation *quotation)
{
    const struct syntax *syntax = &finder->syntax;
    if (quotation->close == UINT32_MAX)
        return false;
    enum part mark = part_of(syntax, quotation->close - 1);
    bool open = mark == PART_COMMA || token_is_mark(finder->text, quotation->close - 1, '?') ||
                token_is_mark(finder->text, quotation->close - 1, '!');
    uint32_t first = quotation->close + 1,
             end = open && first < scope.end && opens_phrase(syntax, first) ? full_phrase_end(syntax, first, scope.end) : first;
    if (end == first || end >= scope.end || part_of(syntax, end) != PART_FINITE)
        return false;
    enum part after = part_of(syntax, end + 1);
    if (after != PART_STOP && after != PART_COMMA && after != PART_ADVERB && after != PART_PREPOSITION)
        return false;
    const struct entry *say = lexicon_find(LEXICON_VERBS, SLICE("say"));
    struct cue cue = {
        .at = end, .end = end + 1, .group = end, .clause = first, .after = end + 1, .entry = say, .source = {first, end}};
    struct span pieces[2];
    cue.frame = frame_of(say);
    return keep(finder, &cue, pieces, content_around(syntax, scope, &cue, pieces)) != NULL;
}

/* The clause around a quotation that no cue claims: from the sentence's beginning, or from its last comma before a clause. */
static struct span clause_of(const struct finder *finder, struct scope scope, uint32_t open, uint32_t end)
{
    uint32_t first = open;
    while (first > scope.first && part_of(&finder->syntax, first - 1) != PART_COMMA &&
           !(first == open && part_of(&finder->syntax, first - 1) == PART_QUOTE) &&
           part_of(&finder->syntax, first - 1) != PART_SEMICOLON && !(finder->text->tokens[first].flags & TOKEN_SENTENCE_START))
        first--;
    return span_trim(finder->text, (struct span){first, end});
}

/* Quotations of the scope that are in no content go on with what was quoted before, or stand alone. */
static void read_unclaimed(struct finder *finder, struct scope scope)
{
    struct text *text = finder->text;
    for (uint32_t i = quotation_from(text, scope.first); i < text->quotation_count && text->quotations[i].span.first < scope.end;
         i++) {
        const struct quotation *quotation = &text->quotations[i];
        if (finder->claimed[i] || !quotation->speech)
            continue;
        uint32_t open = quotation->open == UINT32_MAX ? quotation->span.first : quotation->open;
        if (read_colon(finder, scope, open) || read_introduced(finder, quotation, open) ||
            read_any_verb(finder, scope, quotation))
            continue;
        uint32_t paragraph = text->sentences[text->sentence_of[quotation->span.first]].paragraph;
        bool goes_on = i > 0 && text->quotations[i - 1].continued && finder->claimed[i - 1];
        if (finder->speaking != NOBODY && (paragraph == finder->speaking_paragraph || goes_on)) {
            struct attribution *attribution = &text->attributions[finder->speaking];
            bool starts = open == scope.first || text->tokens[open].flags & TOKEN_SENTENCE_START ||
                          text->tokens[quotation->span.first].flags & TOKEN_SENTENCE_START;
            if (starts && attribution->content_count < CONTENT_PIECES_MAX) {
                add_piece(finder, attribution, quotation->span);
                attribution->kind = kind_of(text, attribution);
                finder->speaking_paragraph = paragraph;
                continue;
            }
        }
        bool inside = open != scope.first && !(text->tokens[quotation->span.first].flags & TOKEN_SENTENCE_START);
        if (inside && (finder->speaking == NOBODY || paragraph != finder->speaking_paragraph))
            continue;
        struct attribution *attribution = add_attribution(finder);
        if (!attribution)
            return;
        add_piece(finder, attribution, inside ? clause_of(finder, scope, open, quotation->span.end) : quotation->span);
        attribution->kind = kind_of(text, attribution);
        if (finder->speaking != NOBODY && paragraph <= finder->speaking_paragraph + 1)
            attribution->source = text->attributions[finder->speaking].source;
        finder->speaking = (int32_t)text->attribution_count - 1;
        finder->speaking_paragraph = paragraph;
    }
}

/* Whether the cue of one stands in the content of the other. */
static bool holds(const struct attribution *outer, const struct attribution *inner)
{
    uint32_t at = span_empty(inner->cue) ? inner->content[0].first : inner->cue.first;
    for (uint32_t k = 0; k < outer->content_count; k++)
        if (span_holds(outer->content[k], at))
            return true;
    return false;
}

static uint32_t words_of(const struct attribution *attribution)
{
    uint32_t words = 0;
    for (uint32_t k = 0; k < attribution->content_count; k++)
        words += attribution->content[k].end - attribution->content[k].first;
    return words;
}

/* The narrowest content around each attribution since `first`. It is wider than its own, so that no two hold each other. */
static void nest(struct finder *finder, uint32_t first)
{
    struct text *text = finder->text;
    for (uint32_t i = first; i < text->attribution_count; i++) {
        struct attribution *inner = &text->attributions[i];
        uint32_t least = UINT32_MAX, from = i - first > NESTING_MAX ? i - NESTING_MAX : first;
        uint32_t to = text->attribution_count - i > NESTING_MAX ? i + NESTING_MAX : text->attribution_count;
        for (uint32_t k = from; k < to; k++) {
            uint32_t words = words_of(&text->attributions[k]);
            if (words <= words_of(inner) || words >= least || !holds(&text->attributions[k], inner))
                continue;
            least = words;
            inner->outer = (int32_t)k;
        }
    }
}

/* "ready to", "open to" inside what somebody else says is part of that. */
static void drop_readiness(struct finder *finder, uint32_t first)
{
    struct text *text = finder->text;
    uint32_t kept = first;
    for (uint32_t i = first; i < text->attribution_count; i++) {
        const struct attribution *attribution = &text->attributions[i];
        bool adjective = attribution->verb && attribution->verb->lexicon == LEXICON_CUE_PHRASES &&
                         frame_of(attribution->verb)->bits & FRAME_AFTER_BE && attribution->outer != NOBODY;
        if (adjective && (span_empty(attribution->source) || slice_is(entry_get(attribution->verb, "stance"), "offers")))
            continue;
        if (finder->speaking == (int32_t)i)
            finder->speaking = (int32_t)kept;
        text->attributions[kept++] = *attribution;
    }
    if (kept == text->attribution_count)
        return;
    text->attribution_count = kept;
    for (uint32_t i = first; i < kept; i++)
        text->attributions[i].outer = NOBODY;
    nest(finder, first);
}

/* What is said inside a quotation by others than the speaker: sentence by sentence. */
static void read_quoted(struct finder *finder, const struct quotation *quotation)
{
    const struct text *text = finder->text;
    int32_t speaking = finder->speaking;
    uint32_t paragraph = finder->speaking_paragraph;
    for (uint32_t at = quotation->span.first; at < quotation->span.end;) {
        uint32_t end = text->sentences[text->sentence_of[at]].span.end;
        if (end > quotation->span.end)
            end = quotation->span.end;
        finder->carried = NO_SPAN;
        read_cues(finder, (struct scope){at, end}, true);
        at = end > at ? end : at + 1;
    }
    finder->speaking = speaking;
    finder->speaking_paragraph = paragraph;
}

static void read_scope(struct finder *finder, struct scope scope)
{
    const struct text *text = finder->text;
    uint32_t first = text->attribution_count;
    finder->scope_first = first;
    finder->carried = NO_SPAN;
    read_cues(finder, scope, false);
    read_unclaimed(finder, scope);
    finder->scope_first = text->attribution_count;
    for (uint32_t i = quotation_from(text, scope.first); i < text->quotation_count && text->quotations[i].span.first < scope.end;
         i++)
        if (text->quotations[i].speech)
            read_quoted(finder, &text->quotations[i]);
    nest(finder, first);
    drop_readiness(finder, first);
}

/* ---- the text --------------------------------------------------------------------------------------------- */

/* Whether a quotation holds both the last token of one sentence and the first of the next. */
static bool quotation_crosses(const struct text *text, uint32_t boundary)
{
    uint32_t i = quotation_from(text, boundary ? boundary - 1 : 0);
    if (i >= text->quotation_count)
        return false;
    const struct quotation *quotation = &text->quotations[i];
    uint32_t end = quotation->close == UINT32_MAX ? quotation->span.end : quotation->close + 1;
    return quotation->span.first < boundary && end > boundary;
}

static bool is_read(const struct paragraph *paragraph)
{
    return paragraph->role == PARAGRAPH_BODY || paragraph->role == PARAGRAPH_TITLE;
}

static void read_paragraph(struct finder *finder, const struct paragraph *paragraph)
{
    const struct text *text = finder->text;
    for (uint32_t i = paragraph->sentences.first; i < paragraph->sentences.end;) {
        struct scope scope = {text->sentences[i].span.first, text->sentences[i].span.end};
        for (i++; i < paragraph->sentences.end && quotation_crosses(text, scope.end); i++)
            scope.end = text->sentences[i].span.end;
        read_scope(finder, scope);
    }
}

void text_attributions(struct text *text)
{
    struct finder finder = {.text = text, .syntax = syntax_read(text), .speaking = NOBODY};
    finder.claimed = arena_zero(text->arena, (text->quotation_count + 1) * sizeof *finder.claimed);
    for (uint32_t i = 0; i < text->paragraph_count; i++)
        if (is_read(&text->paragraphs[i]))
            read_paragraph(&finder, &text->paragraphs[i]);
}
