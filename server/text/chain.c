/* Through which media a claim came. */
#include <string.h>

#include "claims.h"
#include "noun_phrase.h"

bool is_media(const struct text *text, int32_t actor)
{
    return actor != NOBODY && text->found->actors[actor].kind == ACTOR_MEDIA;
}

/* ---- media that only pass on ------------------------------------------------------------------------------ */

static uint32_t content_length(const struct attribution *attribution)
{
    uint32_t length = 0;
    for (uint32_t i = 0; i < attribution->content_count; i++)
        length += attribution->content[i].end - attribution->content[i].first;
    return length;
}

/* How many tokens lie between the first and the last of source, cue and content. */
static uint32_t extent(const struct attribution *attribution)
{
    uint32_t first = attribution->content[0].first, end = attribution->content[attribution->content_count - 1].end;
    const struct span parts[] = {attribution->source, attribution->cue};
    for (int i = 0; i < 2; i++) {
        if (span_empty(parts[i]))
            continue;
        first = parts[i].first < first ? parts[i].first : first;
        end = parts[i].end > end ? parts[i].end : end;
    }
    return end - first;
}

/* "Reuters reports that the minister said": Reuters passes on. Nor is a quotation without a cue a claim where most of it is one
 * of the same speaker with a cue: its marks are where they should not be. */
void find_passing_on(const struct text *text, bool *passes_on)
{
    for (uint32_t i = 0; i < text->attribution_count; i++) {
        int32_t outer = text->attributions[i].outer;
        if (outer == NOBODY || text->voices[i].speaker == NOBODY || !text->attributions[i].content_count ||
            !text->attributions[outer].content_count)
            continue;
        bool same = !text->attributions[outer].verb && text->voices[outer].speaker == text->voices[i].speaker;
        if (!same && !is_media(text, text->voices[outer].speaker))
            continue;
        const struct attribution *inner = &text->attributions[i], *whole = &text->attributions[outer];
        uint32_t length = extent(inner);
        if (length * 5 >= content_length(whole) * 4 || (same && length * 2 >= content_length(whole)))
            passes_on[outer] = true;
    }
}

/* ---- what is printed with the claim ----------------------------------------------------------------------- */

static void add_via(struct claim *claim, int32_t actor)
{
    for (uint32_t i = 0; i < claim->via_count; i++)
        if (claim->via[i] == actor)
            return;
    if (actor != NOBODY && actor != claim->speaker && claim->via_count < VIA_MAX)
        claim->via[claim->via_count++] = actor;
}

/* A sentence that is nothing but a medium's name credits the one before it: "(Reuters)". */
static int32_t credited_after(const struct text *text, const struct attribution *attribution)
{
    uint32_t last = attribution->cue.end > attribution->source.end ? attribution->cue.end : attribution->source.end;
    for (uint32_t i = 0; i < attribution->content_count; i++)
        last = attribution->content[i].end > last ? attribution->content[i].end : last;
    uint32_t next = last && text->sentence_count ? text->sentence_of[last - 1] + 1 : UINT32_MAX;
    if (next >= text->sentence_count || text->sentences[next].paragraph != text->sentences[next - 1].paragraph)
        return NOBODY;
    int32_t medium = NOBODY;
    struct span sentence = text->sentences[next].span;
    for (uint32_t at = sentence.first; at < sentence.end; at++) {
        const struct mention *mention = named_at(text, at);
        bool name = mention && text->found->actors[mention->actor].kind == ACTOR_MEDIA;
        if (!name && text->tokens[at].kind < TOKEN_QUOTE)
            return NOBODY;
        medium = name ? (int32_t)mention->actor : medium;
    }
    return medium;
}

enum { BY_REACH = 8 };

/* "Reuters quoted X", "X told Reuters", "Reuters sources", "(Reuters)", and whoever the whole is quoted by. */
static void add_printed(const struct text *text, const struct attribution *attribution, struct claim *claim)
{
    for (uint32_t i = 0; i < attribution->through_count; i++)
        add_via(claim, source_actor(text, attribution->through[i]));
    uint32_t from = attribution->cue.end > BY_REACH ? attribution->cue.end - BY_REACH : 0;
    for (uint32_t at = from > attribution->source.end ? from : attribution->source.end; at < attribution->cue.end; at++)
        if (token_is(text, at, "by") && named_at(text, at + 1) && is_media(text, (int32_t)named_at(text, at + 1)->actor))
            add_via(claim, (int32_t)named_at(text, at + 1)->actor); /* "was quoted by Reuters as saying" */
    if (is_media(text, claim->addressee))
        add_via(claim, claim->addressee);
    add_via(claim, credited_after(text, attribution));
    if (claim->speaker != NOBODY && text->found->actors[claim->speaker].kind == ACTOR_ANONYMOUS &&
        is_media(text, text->found->actors[claim->speaker].affiliation))
        add_via(claim, text->found->actors[claim->speaker].affiliation);
    int32_t outer = attribution->outer;
    for (int depth = 0; depth < NESTING_MAX && outer != NOBODY; depth++, outer = text->attributions[outer].outer)
        if (is_media(text, text->voices[outer].speaker))
            add_via(claim, text->voices[outer].speaker);
}

/* ---- what earlier claims leave to it ---------------------------------------------------------------------- */

enum { CHAIN_PARAGRAPHS = 3 }; /* how far a person's words still come through the same medium */

static void take_over(struct claim *claim, const struct chain *chain)
{
    memcpy(claim->via, chain->via, sizeof claim->via);
    claim->via_count = chain->count;
}

static void keep(struct chain *chain, const struct claim *claim, uint32_t paragraph)
{
    memcpy(chain->via, claim->via, sizeof chain->via);
    chain->count = claim->via_count;
    chain->paragraph = paragraph;
}

void find_chain(const struct text *text, const struct attribution *attribution, struct claim *claim, struct chain *here,
                struct chain *memories)
{
    add_printed(text, attribution, claim);
    if (claim->speaker == NOBODY)
        return;
    enum actor_kind kind = text->found->actors[claim->speaker].kind;
    struct chain *memory = &memories[claim->speaker];
    uint32_t paragraph = paragraph_of(text, claim->content[0].first);
    /* An unnamed source that is taken up is the medium's of this paragraph, or whose it was before. */
    if (!claim->via_count && kind == ACTOR_ANONYMOUS)
        take_over(claim, here->paragraph == paragraph ? here : memory);
    if (!claim->via_count &&
        (kind == ACTOR_ANONYMOUS || (kind == ACTOR_PERSON && paragraph - memory->paragraph < CHAIN_PARAGRAPHS)))
        take_over(claim, memory);
    keep(memory, claim, paragraph);
    if (claim->via_count && kind == ACTOR_ANONYMOUS)
        keep(here, claim, paragraph);
}

/* "…," she said. "…," she told Reuters: the first through Reuters, too, where both stand in one paragraph. */
void find_chain_behind(struct text *text)
{
    for (uint32_t i = text->found->claim_count; i-- > 1;) {
        const struct claim *later = &text->found->claims[i];
        struct claim *claim = &text->found->claims[i - 1];
        if (claim->via_count || claim->speaker != later->speaker || claim->speaker == NOBODY || claim->nested_in != NOBODY ||
            paragraph_of(text, claim->content[0].first) != paragraph_of(text, later->content[0].first))
            continue;
        memcpy(claim->via, later->via, sizeof claim->via);
        claim->via_count = later->via_count;
    }
}
