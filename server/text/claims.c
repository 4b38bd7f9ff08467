/* Claims from attributions.
 *
 *     claim = attribution - what is no claim + speaker, chain, day, stance, topics
 *
 * No claim: hypothetical speech ("if the press reported that …"), how a source wants to be quoted ("unnamed"), what
 * was not said ("did not say whether", "declined to comment"), words in boilerplate and crossheads, what a speaker says of
 * saying it ("I think"), what others are said to want inside what is said, and a medium that only passes on what somebody else
 * said: it goes into the chain. */
#include "claims.h"

#include <string.h>

#include "noun_phrase.h"
#include "sources.h"

/* What earlier claims of an actor leave to later ones. */
struct memory {
    struct slice said_on;
    uint32_t said_paragraph;
    int32_t speaks_for;
    bool asked; /* whether `speaks_for` has been found out */
    bool heard; /* has a name or an alias somewhere */
};

struct claiming {
    struct text *text;
    struct memory *memories; /* by actor */
    int32_t *claim_of;       /* by attribution; NOBODY: no claim */
    struct chain *chains;    /* by actor */
    struct chain here;       /* of the latest unnamed source that has one */
    bool *passes_on;         /* by attribution: a medium, whose content is what somebody else said */
};

/* ---- what is no claim ------------------------------------------------------------------------------------- */

static uint32_t where(const struct attribution *attribution)
{
    return attribution->content_count ? attribution->content[0].first : attribution->cue.first;
}

uint32_t paragraph_of(const struct text *text, uint32_t at)
{
    return text->sentence_count ? text->sentences[text->sentence_of[at]].paragraph : 0;
}

static bool in_body(const struct text *text, const struct attribution *attribution)
{
    uint32_t at = where(attribution);
    if (text->tokens[at].flags & TOKEN_BOILERPLATE)
        return false;
    enum paragraph_role role = text->paragraph_count ? text->paragraphs[paragraph_of(text, at)].role : PARAGRAPH_BODY;
    return role == PARAGRAPH_BODY || role == PARAGRAPH_TITLE;
}

/* "if the media reported", "should he say" */
static bool is_hypothetical(const struct text *text, const struct attribution *attribution)
{
    static const char *const openers[] = {"if", "unless", "whether", "should", "suppose", "imagine"};
    struct span subject = span_empty(attribution->source) ? attribution->cue : attribution->source;
    uint32_t first = subject.first;
    if (span_empty(subject) || first == 0 || text->sentence_of[first - 1] != text->sentence_of[first])
        return false;
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++)
        if (token_is(text, first - 1, openers[i]) && attribution->cue.first >= first)
            return true;
    return false;
}

/* "did not want to be named", "on condition of anonymity" */
static bool is_about_naming(const struct text *text, const struct attribution *attribution)
{
    static const char *const words[] = {"named", "identified", "quoted", "anonymity", "anonymous", "unnamed"};
    struct span content = attribution->content[0];
    if (attribution->content_count != 1 || content.end - content.first > 8 || attribution->kind != CLAIM_INDIRECT)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        for (uint32_t at = content.first; at < content.end; at++)
            if (token_is(text, at, words[i]))
                return true;
    return false;
}

/* "did not say whether", "declined to comment": nothing was said. */
static bool is_silence(const struct text *text, const struct attribution *attribution)
{
    static const char *const words[] = {"comment", "elaborate", "say", "answer", "respond", "discuss", "specify", "disclose"};
    struct slice stance = attribution->verb ? entry_get(attribution->verb, "stance") : NO_SLICE;
    if (attribution->negated)
        return !stance.length || slice_is(stance, "asserts");
    struct span content = attribution->content[0];
    if (!slice_is(stance, "rejects") || attribution->kind != CLAIM_INDIRECT)
        return false;
    uint32_t at = content.first + token_is(text, content.first, "to");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (token_is(text, at, words[i]))
            return true;
    return false;
}

/* "I think we can": the same speaker, inside his or her own claim; or "we" in a quotation, whoever that is. */
static bool is_own_words(const struct claiming *claiming, uint32_t index)
{
    const struct text *text = claiming->text;
    const struct attribution *attribution = &text->attributions[index];
    int32_t speaker = text->voices[index].speaker;
    if (!span_empty(attribution->source) && is_first_person(text, attribution->source) &&
        (speaker == NOBODY || text->tokens[attribution->source.first].flags & TOKEN_QUOTED))
        return true;
    if (attribution->outer == NOBODY)
        return false;
    return speaker != NOBODY && speaker == text->voices[attribution->outer].speaker && !claiming->passes_on[attribution->outer];
}

/* "said Washington was ready to talk": what others are said to want or to be ready for is part of what is said. */
static bool is_attitude_told(const struct attribution *attribution)
{
    return attribution->outer != NOBODY && attribution->verb && entry_has(attribution->verb, "attitude");
}

/* "the storm, feared by many", "prices turned down": nobody is said to say it, and nothing but a cue's other sense is left. */
static bool is_nobodys(const struct text *text, uint32_t index)
{
    const struct attribution *attribution = &text->attributions[index];
    if (!span_empty(attribution->source) || text->voices[index].speaker != NOBODY || !attribution->verb ||
        attribution->kind != CLAIM_INDIRECT)
        return false;
    static const char *const openers[] = {"that", "whether", "how", "why", "what"};
    uint32_t first = attribution->content[0].first;
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++)
        if (token_is(text, first, openers[i]) || (first > 0 && token_is(text, first - 1, openers[i])))
            return false;
    return true;
}

static bool is_claim(const struct claiming *claiming, uint32_t index)
{
    const struct text *text = claiming->text;
    const struct attribution *attribution = &text->attributions[index];
    return attribution->content_count && in_body(text, attribution) && !claiming->passes_on[index] &&
           !is_hypothetical(text, attribution) && !is_about_naming(text, attribution) && !is_silence(text, attribution) &&
           !is_nobodys(text, index) && !is_own_words(claiming, index) && !is_attitude_told(attribution);
}

/* ---- on whose behalf -------------------------------------------------------------------------------------- */

/* The role by which somebody with the actor's titles, or described so, speaks for a body; NULL for none. */
static const struct entry *speaking_role(const struct actor *actor)
{
    for (uint32_t i = 0; i < actor->title_count; i++) {
        const struct entry *role = role_of_title(actor->titles[i]);
        if (role && entry_has(role, "speaks"))
            return role;
    }
    const struct entry *role = actor->kind == ACTOR_GROUP ? role_of_title(actor->name) : NULL;
    return role && entry_has(role, "speaks") ? role : NULL;
}

static int32_t house_of(struct text *text, int32_t speaker)
{
    const struct actor *actor = &text->found->actors[speaker];
    if (actor->kind != ACTOR_PERSON && actor->kind != ACTOR_ANONYMOUS && actor->kind != ACTOR_GROUP)
        return NOBODY;
    const struct entry *role = speaking_role(actor);
    int32_t house = actor->affiliation;
    if (!role || is_media(text, house))
        return NOBODY;
    bool state = house == NOBODY || text->found->actors[house].kind == ACTOR_STATE;
    if (state && actor->country.length && slice_is(entry_get(role, "speaks"), "state"))
        return actor_of_government(text, actor->country);
    return house;
}

static int32_t spoken_for(struct claiming *claiming, int32_t speaker)
{
    if (speaker == NOBODY)
        return NOBODY;
    struct memory *memory = &claiming->memories[speaker];
    if (!memory->asked)
        memory->speaks_for = house_of(claiming->text, speaker);
    memory->asked = true;
    return memory->speaks_for;
}

/* ---- day, topics ------------------------------------------------------------------------------------------ */

struct topic_count {
    struct slice slug;
    uint32_t count, first;
};

struct topic_counts {
    struct topic_count topics[16];
    uint32_t count;
};

static void count_topic(void *to, struct slice slug, uint32_t at)
{
    struct topic_counts *counts = to;
    for (uint32_t i = 0; i < counts->count; i++)
        if (slice_equal(counts->topics[i].slug, slug)) {
            counts->topics[i].count++;
            return;
        }
    if (counts->count < sizeof counts->topics / sizeof counts->topics[0])
        counts->topics[counts->count++] = (struct topic_count){slug, 1, at};
}

/* The topics of what is said, the most frequent first, the earlier of equals first. */
static void find_topics(const struct text *text, struct claim *claim)
{
    struct topic_counts counts = {.count = 0};
    for (uint32_t i = 0; i < claim->content_count; i++)
        known_topics(text, claim->content[i], count_topic, &counts);
    while (claim->topic_count < CLAIM_TOPICS_MAX) {
        struct topic_count *best = NULL;
        for (uint32_t i = 0; i < counts.count; i++)
            if (counts.topics[i].count && (!best || counts.topics[i].count > best->count))
                best = &counts.topics[i];
        if (!best)
            return;
        claim->topics[claim->topic_count++] = arena_slice(text->arena, best->slug);
        best->count = 0;
    }
}

/* "has said", "says": some other time, or always. */
static bool is_past(const struct text *text, struct span cue)
{
    struct match match = {0};
    if (!span_empty(cue))
        match = lexicon_match(text, LEXICON_VERBS, cue.first);
    if (match.entry && !(match.inflections & (INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_GERUND))))
        return false;
    for (uint32_t back = 1; back <= 2 && cue.first >= back && !span_empty(cue); back++)
        if (token_is(text, cue.first - back, "has") || token_is(text, cue.first - back, "have") ||
            token_is(text, cue.first - back, "had"))
            return false;
    return true;
}

/* The date right behind the cue: "rejected on Friday the offer". */
static const struct date *date_at(const struct text *text, const struct attribution *attribution)
{
    const struct date *date = span_empty(attribution->cue) ? NULL : date_of_speech(text, attribution);
    return date && date->span.first >= attribution->cue.end && date->span.first <= attribution->cue.end + 2 ? date : NULL;
}

enum { DAY_PARAGRAPHS = 3 }; /* how far the day goes on being the same for a person who goes on speaking */

static void find_day(const struct claiming *claiming, uint32_t index, struct claim *claim)
{
    const struct text *text = claiming->text;
    const struct attribution *attribution = &text->attributions[index];
    const struct date *date = attribution->outer == NOBODY ? date_of_speech(text, attribution) : date_at(text, attribution);
    for (uint32_t i = index + 1; !date && i < text->attribution_count && text->attributions[i].outer == (int32_t)index; i++)
        date = date_at(text, &text->attributions[i]); /* "Chile rejected on Friday the offer, the minister said" */
    if (date)
        claim->said_on = date->value;
    if (claim->speaker == NOBODY)
        return;
    enum actor_kind kind = text->found->actors[claim->speaker].kind;
    struct memory *memory = &claiming->memories[claim->speaker];
    uint32_t paragraph = paragraph_of(text, where(attribution));
    if (date) {
        memory->said_on = date->value;
        memory->said_paragraph = paragraph;
    } else if (memory->said_on.length && is_past(text, attribution->cue) &&
               (kind == ACTOR_ANONYMOUS || (kind == ACTOR_PERSON && paragraph - memory->said_paragraph < DAY_PARAGRAPHS))) {
        claim->said_on = memory->said_on;
    }
}

/* ---- claims ----------------------------------------------------------------------------------------------- */

static bool is_anonymous(const struct claiming *claiming, const struct claim *claim)
{
    if (claim->speaker == NOBODY)
        return span_empty(claim->source);
    enum actor_kind kind = claiming->text->found->actors[claim->speaker].kind;
    return kind == ACTOR_ANONYMOUS || (kind == ACTOR_GROUP && !claiming->memories[claim->speaker].heard);
}

/* What is told inside a quotation is quoted by that, not by itself. */
static enum claim_kind kind_of(const struct text *text, const struct attribution *attribution)
{
    bool inside = attribution->outer != NOBODY && !span_empty(attribution->cue) &&
                  text->tokens[attribution->cue.first].flags & TOKEN_QUOTED;
    return inside ? CLAIM_INDIRECT : attribution->kind;
}

static void add_claim_of(struct claiming *claiming, uint32_t index)
{
    struct text *text = claiming->text;
    const struct attribution *attribution = &text->attributions[index];
    struct claim *claim = add_claim(text);
    if (!claim)
        return;
    claiming->claim_of[index] = (int32_t)text->found->claim_count - 1;
    claim->kind = kind_of(text, attribution);
    claim->content_count = attribution->content_count;
    memcpy(claim->content, attribution->content, sizeof claim->content);
    claim->source = attribution->source;
    claim->cue = attribution->cue;
    claim->speaker = text->voices[index].speaker;
    claim->addressee = text->voices[index].addressee;
    claim->on_behalf_of = spoken_for(claiming, claim->speaker);
    claim->anonymous = is_anonymous(claiming, claim);
    claim->stance = stance_of(text, attribution);
    claim->confidence = confidence_of(text, attribution, claim);
    find_chain(text, attribution, claim, &claiming->here, claiming->chains);
    find_day(claiming, index, claim);
    find_topics(text, claim);
}

static void find_nesting(struct claiming *claiming)
{
    struct text *text = claiming->text;
    for (uint32_t i = 0; i < text->attribution_count; i++) {
        int32_t outer = text->attributions[i].outer;
        for (int depth = 0; depth < NESTING_MAX && outer != NOBODY && claiming->claim_of[outer] == NOBODY; depth++)
            outer = text->attributions[outer].outer;
        if (outer == (int32_t)i || (outer != NOBODY && claiming->claim_of[outer] == NOBODY))
            outer = NOBODY;
        if (claiming->claim_of[i] != NOBODY && outer != NOBODY)
            text->found->claims[claiming->claim_of[i]].nested_in = claiming->claim_of[outer];
    }
}

void text_claims(struct text *text)
{
    uint32_t count = text->attribution_count;
    struct claiming claiming = {.text = text,
                                .memories = arena_zero(text->arena, (text->found->actor_count + 1) * sizeof(struct memory)),
                                .chains = arena_zero(text->arena, (text->found->actor_count + 1) * sizeof(struct chain)),
                                .here = {.paragraph = UINT32_MAX},
                                .claim_of = arena_alloc(text->arena, (count + 1) * sizeof(int32_t)),
                                .passes_on = arena_zero(text->arena, (count + 1) * sizeof(bool))};
    for (uint32_t i = 0; i < text->found->mention_count; i++)
        if (text->found->mentions[i].form < FORM_NOMINAL)
            claiming.memories[text->found->mentions[i].actor].heard = true;
    find_passing_on(text, claiming.passes_on);
    for (uint32_t i = 0; i < count; i++) {
        claiming.claim_of[i] = NOBODY;
        if (is_claim(&claiming, i))
            add_claim_of(&claiming, i);
    }
    find_nesting(&claiming);
    find_chain_behind(text);
}
