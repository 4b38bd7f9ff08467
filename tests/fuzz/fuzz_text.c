/* Any text through all recognisers: the same findings twice, each inside the text, in order, and pointing at what exists. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "readout/buffer.h"
#include "readout/text.h"
#include "readout/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- what has to hold --------------------------------------------------------------------------------------------------- */

static const struct analysis *found;
static struct points points;

/* A span that is there lies inside the text, and its characters are what it says. */
static void check_span(struct span span, bool may_be_absent)
{
    if (span.first >= span.end) {
        assert(may_be_absent && span.first == span.end);
        return;
    }
    assert(span.end <= found->token_count);
    struct characters characters = text_characters(found, span);
    assert(characters.start < characters.end && characters.text.length > 0 && utf8_valid(characters.text));
    struct slice same = points_slice(&points, characters.start, characters.end);
    assert(same.data == characters.text.data && same.length == characters.text.length);
}

static void check_actor(int32_t actor, bool may_be_nobody)
{
    assert(actor == NOBODY ? may_be_nobody : actor >= 0 && (uint32_t)actor < found->actor_count);
}

static void check_actors(void)
{
    for (uint32_t i = 0; i < found->actor_count; i++) {
        const struct actor *actor = &found->actors[i];
        assert(actor->name.length > 0 && utf8_valid(actor->name) && actor->kind < ACTOR_KINDS);
        check_actor(actor->affiliation, true);
        assert(actor->affiliation != (int32_t)i);
        for (uint32_t k = 0; k < actor->title_count; k++)
            assert(actor->titles[k].length > 0 && utf8_valid(actor->titles[k]));
    }
    for (uint32_t i = 0; i < found->mention_count; i++) {
        const struct mention *mention = &found->mentions[i];
        check_span(mention->span, false);
        check_span(mention->title, true);
        check_actor((int32_t)mention->actor, false);
        assert(mention->form < FORM_COUNT && (i == 0 || found->mentions[i - 1].span.first <= mention->span.first));
    }
}

static void check_claims(void)
{
    for (uint32_t i = 0; i < found->claim_count; i++) {
        const struct claim *claim = &found->claims[i];
        assert(claim->kind < CLAIM_KINDS && claim->content_count > 0 && claim->content_count <= CONTENT_PIECES_MAX);
        for (uint32_t k = 0; k < claim->content_count; k++) {
            check_span(claim->content[k], false);
            assert(k == 0 || claim->content[k - 1].end <= claim->content[k].first);
        }
        check_span(claim->source, true);
        check_span(claim->cue, true);
        check_actor(claim->speaker, true);
        check_actor(claim->on_behalf_of, true);
        check_actor(claim->addressee, true);
        assert(claim->via_count <= VIA_MAX && claim->topic_count <= CLAIM_TOPICS_MAX && claim->stance);
        for (uint32_t k = 0; k < claim->via_count; k++)
            check_actor(claim->via[k], false);
        assert(claim->occasion == NOBODY || (claim->occasion >= 0 && (uint32_t)claim->occasion < found->meeting_count));
        assert(claim->nested_in == NOBODY || (claim->nested_in >= 0 && (uint32_t)claim->nested_in < found->claim_count));
        assert(claim->nested_in != (int32_t)i);
        assert(claim->confidence >= 0 && claim->confidence <= 1);
        assert(i == 0 || found->claims[i - 1].content[0].first <= claim->content[0].first);
    }
}

static void check_meetings(void)
{
    for (uint32_t i = 0; i < found->meeting_count; i++) {
        const struct text_meeting *meeting = &found->meetings[i];
        assert(meeting->kind && meeting->status && utf8_valid(meeting->name) && meeting->mention_count > 0);
        for (uint32_t k = 0; k < meeting->mention_count; k++)
            check_span(meeting->mentions[k], false);
        for (uint32_t k = 0; k < meeting->participant_count; k++)
            check_actor(meeting->participants[k].actor, false);
    }
    for (uint32_t i = 0; i < found->date_count; i++) {
        check_span(found->dates[i].span, false);
        assert(i == 0 || found->dates[i - 1].span.first <= found->dates[i].span.first);
    }
}

static void check_details(void)
{
    assert(found->detail_count <= DETAILS_MAX);
    for (uint32_t i = 0; i < found->detail_count; i++) {
        const struct detail *detail = &found->details[i];
        check_span(detail->span, false);
        check_actor(detail->side, true);
        check_actor(detail->actor, detail->kind != DETAIL_LEADER);
        assert(detail->kind < DETAIL_KINDS && (uint32_t)detail->meeting < found->meeting_count);
        assert(detail->kind == DETAIL_LEADER || (detail->value.length > 0 && utf8_valid(detail->value)));
    }
}

/* A gist's concepts stand in the order of their keys, weigh what they weigh, and show words of the passage. */
static void check_gist(struct slice passage, struct arena *arena)
{
    struct gist gist;
    unsigned weight = 0;
    text_gist(passage, arena, &gist);
    assert(gist.count <= GIST_CONCEPTS_MAX);
    for (uint32_t i = 0; i < gist.count; i++) {
        const struct slice *word = &gist.concepts[i].word;
        assert(i == 0 || gist.concepts[i - 1].key < gist.concepts[i].key);
        assert(word->data >= passage.data && word->data + word->length <= passage.data + passage.length && word->length > 0);
        weight += gist.concepts[i].weight;
    }
    assert(weight == gist.weight);
}

/* Of the passage alone: what it counts lies in it, in order, and may be something. */
static void check_passage(struct slice passage, struct arena *arena)
{
    struct quantity quantities[QUANTITIES_MAX];
    size_t count = text_quantities(passage, arena, quantities);
    for (size_t i = 0; i < count; i++) {
        const struct slice *text = &quantities[i].text;
        assert(text->data >= passage.data && text->data + text->length <= passage.data + passage.length && text->length > 0);
        assert(quantities[i].unit.length > 0 && utf8_valid(*text) && quantities[i].least <= quantities[i].most);
    }
    check_gist(passage, arena);
    struct denial denial = text_denial(passage, arena);
    assert(!denial.word.data || (denial.count == 1 && utf8_valid(denial.word)));
}

static void check_clean(void)
{
    check_span(found->title, true);
    check_span(found->byline, true);
    check_span(found->dateline, true);
    for (uint32_t i = 0; i < found->boilerplate_count; i++) {
        check_span(found->boilerplate[i], false);
        assert(i == 0 || found->boilerplate[i - 1].end <= found->boilerplate[i].first);
    }
}

/* ---- all findings as text, to compare two readings ---------------------------------------------------------------------- */

static void write_span(struct buffer *out, struct span span)
{
    buffer_print(out, " %u-%u", span.first, span.end);
}

static struct slice written(const struct analysis *analysis, struct arena *arena)
{
    struct buffer out = buffer_in(arena, 4096);
    for (uint32_t i = 0; i < analysis->actor_count; i++)
        buffer_print(&out, "actor %.*s %d %d\n", SLICE_ARGS(analysis->actors[i].name), analysis->actors[i].kind,
                     analysis->actors[i].affiliation);
    for (uint32_t i = 0; i < analysis->mention_count; i++) {
        write_span(&out, analysis->mentions[i].span);
        buffer_print(&out, " is %u\n", analysis->mentions[i].actor);
    }
    for (uint32_t i = 0; i < analysis->claim_count; i++) {
        const struct claim *claim = &analysis->claims[i];
        for (uint32_t k = 0; k < claim->content_count; k++)
            write_span(&out, claim->content[k]);
        write_span(&out, claim->source);
        write_span(&out, claim->cue);
        buffer_print(&out, " %d %d %s %.*s %g\n", claim->speaker, claim->on_behalf_of, claim->stance, SLICE_ARGS(claim->said_on),
                     claim->confidence);
    }
    for (uint32_t i = 0; i < analysis->meeting_count; i++)
        buffer_print(&out, "meeting %.*s %.*s\n", SLICE_ARGS(analysis->meetings[i].name),
                     SLICE_ARGS(analysis->meetings[i].starts_on));
    for (uint32_t i = 0; i < analysis->date_count; i++) {
        write_span(&out, analysis->dates[i].span);
        buffer_print(&out, " %.*s\n", SLICE_ARGS(analysis->dates[i].value));
    }
    for (uint32_t i = 0; i < analysis->boilerplate_count; i++)
        write_span(&out, analysis->boilerplate[i]);
    return buffer_slice(&out);
}

/* The first byte chooses what is known beforehand. */
static struct text_hints hints_of(uint8_t choice, const struct known *known)
{
    return (struct text_hints){.published_on = choice & 1 ? SLICE("2022-01-09") : NO_SLICE,
                               .title = choice & 2 ? SLICE("Ministers agree on fish") : NO_SLICE,
                               .language = choice & 4 ? SLICE("en") : NO_SLICE,
                               .outlet = choice & 8 ? SLICE("The Harbour Post") : NO_SLICE,
                               .known = choice & 16 ? known : NULL};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct known *known;
    if (!known) {
        known = text_known_new();
        text_known_name(known, SLICE("Anna Keller"), 1, ACTOR_PERSON, SLICE("AT"));
        text_known_name(known, SLICE("Foreign Ministry"), 2, ACTOR_GOVERNMENT, NO_SLICE);
        text_known_topic(known, SLICE("fish"), SLICE("fishing grounds"));
    }
    if (size < 1 || !utf8_valid((struct slice){(const char *)data + 1, size - 1}))
        return 0;
    struct slice text = {(const char *)data + 1, size - 1};
    struct text_hints hints = hints_of(data[0], known);
    struct arena arena = {0};
    struct analysis one, other;
    struct error error;
    bool good = text_analyse(text, &hints, &arena, &one, &error), again = text_analyse(text, &hints, &arena, &other, &error);
    assert(good == again);
    if (good) {
        found = &one;
        points = points_of(&arena, text);
        check_actors();
        check_claims();
        check_meetings();
        check_details();
        check_clean();
        check_passage(text, &arena);
        assert(slice_equal(written(&one, &arena), written(&other, &arena)));
    }
    arena_release(&arena);
    return 0;
}
