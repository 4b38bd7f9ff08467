/* Media that quote somebody. Their claims are those of whom they quote, and they are a part of the chain:
 *
 *     medium "," ("citing" | "quoting") who "," cue content         Reuters, citing a diplomat, said that …
 *     medium cue content "," ("citing" | "quoting") who             Reuters reported that …, citing a diplomat
 *     medium … "citing" who "," "that" content                      Reuters reported on Friday, citing a diplomat, that … */
#include "sources.h"

enum { CITING_REACH = 24, NAME_REACH = 8 };

static bool cites(const struct text *text, uint32_t at)
{
    return token_is(text, at, "citing") || token_is(text, at, "quoting");
}

static bool is_medium(const struct text *text, struct span source)
{
    if (span_empty(source))
        return false;
    struct noun_phrase phrase = noun_phrase_read(text, source);
    if (phrase.form == PHRASE_NAME)
        return text->found->actors[phrase.actor].kind == ACTOR_MEDIA;
    return phrase.form == PHRASE_NOMINAL && slice_is(entry_get(phrase.role, "as"), "media");
}

/* The words from `first` up to the next mark, or to `limit`. */
static struct span words_from(const struct text *text, uint32_t first, uint32_t limit)
{
    uint32_t end = first;
    while (end < limit && text->tokens[end].kind <= TOKEN_CLITIC && text->sentence_of[end] == text->sentence_of[first])
        end++;
    return (struct span){first, end};
}

/* The piece of content that the token is in; NULL for none. */
static struct span *piece_at(struct attribution *attribution, uint32_t at)
{
    for (uint32_t i = 0; i < attribution->content_count; i++)
        if (span_holds(attribution->content[i], at))
            return &attribution->content[i];
    return NULL;
}

static void quote_through(const struct text *text, struct attribution *attribution, struct span cited)
{
    struct noun_phrase phrase = noun_phrase_read(text, cited);
    if (phrase.form == PHRASE_UNKNOWN || attribution->through_count == VIA_MAX)
        return;
    attribution->through[attribution->through_count++] = attribution->source;
    attribution->source = phrase.span;
}

/* "Citing a diplomat, that …": what is left behind the one who is cited; nothing makes it no claim. */
static void split_content(const struct text *text, struct attribution *attribution)
{
    struct span *content = &attribution->content[0];
    struct span cited = words_from(text, content->first, content->end);
    uint32_t rest = cited.end < content->end && token_is_mark(text, cited.end, ',') ? cited.end + 1 : content->end;
    rest += rest < content->end && token_is(text, rest, "that");
    if (rest >= content->end) {
        attribution->content_count = 0;
        return;
    }
    content->first = rest;
    quote_through(text, attribution, cited);
}

/* A "citing" behind the source or the cue, or behind a comma at the end of what is said, which then ends there. */
static void look_around(const struct text *text, struct attribution *attribution)
{
    uint32_t from = attribution->source.end < attribution->cue.end ? attribution->source.end : attribution->cue.end;
    uint32_t last = attribution->content[attribution->content_count - 1].end;
    uint32_t limit = (last > from ? last : from) + CITING_REACH;
    for (uint32_t at = from; at < limit && at + 1 < text->token_count && text->sentence_of[at] == text->sentence_of[from]; at++) {
        struct span *piece = cites(text, at) ? piece_at(attribution, at) : NULL;
        if (!cites(text, at) || text->tokens[at].flags & TOKEN_QUOTED || (piece && !token_is_mark(text, at - 1, ',')))
            continue;
        uint32_t end = attribution->cue.first > at ? attribution->cue.first : at + NAME_REACH;
        struct span cited = words_from(text, at + 1, end < text->token_count ? end : text->token_count);
        if (piece && at - 1 > piece->first)
            piece->end = at - 1;
        quote_through(text, attribution, cited);
        return;
    }
}

void settle_citing(struct text *text)
{
    for (uint32_t i = 0; i < text->attribution_count; i++) {
        struct attribution *attribution = &text->attributions[i];
        bool citing = !span_empty(attribution->cue) && cites(text, attribution->cue.first);
        int32_t outer = attribution->outer;
        if (!attribution->content_count)
            continue;
        if (citing && outer != NOBODY && !piece_at(&text->attributions[outer], attribution->cue.first))
            attribution->content_count = 0; /* the outer one ended before it */
        else if (is_medium(text, attribution->source) && citing)
            split_content(text, attribution);
        else if (is_medium(text, attribution->source))
            look_around(text, attribution);
    }
}
