/* What was read, written down: straight from the analysis, without a tree between. */
#include "ingest_private.h"

/* ---- pieces ----------------------------------------------------------------------------------------------- */

static void add_key(struct buffer *out, const char *name)
{
    buffer_add_byte(out, '"');
    buffer_add_text(out, name);
    buffer_add_text(out, "\":");
}

static void add_text(struct buffer *out, const char *name, struct slice text)
{
    buffer_add_byte(out, ',');
    add_key(out, name);
    buffer_add_json(out, text);
}

static void open_span(const struct analysis *analysis, struct span span, struct buffer *out)
{
    struct characters characters = text_characters(analysis, span);
    buffer_add_text(out, "{\"start\":");
    buffer_add_int(out, characters.start);
    buffer_add_text(out, ",\"end\":");
    buffer_add_int(out, characters.end);
    add_text(out, "text", characters.text);
}

static void add_span(const struct analysis *analysis, struct span span, struct buffer *out)
{
    if (span.first == span.end) {
        buffer_add_text(out, "null");
        return;
    }
    open_span(analysis, span, out);
    buffer_add_byte(out, '}');
}

static void add_spans(const struct analysis *analysis, const char *name, const struct span *spans, size_t count,
                      struct buffer *out)
{
    buffer_add_byte(out, ',');
    add_key(out, name);
    buffer_add_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buffer_add_byte(out, ',');
        add_span(analysis, spans[i], out);
    }
    buffer_add_byte(out, ']');
}

/* "a1": the first actor. */
static void add_reference(struct buffer *out, char letter, int32_t index)
{
    if (index == NOBODY) {
        buffer_add_text(out, "null");
        return;
    }
    buffer_add_byte(out, '"');
    buffer_add_byte(out, letter);
    buffer_add_int(out, (int64_t)index + 1);
    buffer_add_byte(out, '"');
}

static void add_named_reference(struct buffer *out, const char *name, char letter, int32_t index)
{
    buffer_add_byte(out, ',');
    add_key(out, name);
    add_reference(out, letter, index);
}

static struct slice printed(const struct analysis *analysis, struct span span)
{
    return span.first == span.end ? NO_SLICE : text_characters(analysis, span).text;
}

/* ---- findings --------------------------------------------------------------------------------------------- */

static void add_article(const struct reading *reading, struct buffer *out)
{
    const struct analysis *analysis = &reading->analysis;
    struct slice title = printed(analysis, analysis->title), byline = printed(analysis, analysis->byline);
    add_key(out, "title");
    buffer_add_json(out, reading->page.title.data ? reading->page.title : title);
    add_text(out, "byline", byline.data ? byline : reading->page.byline);
    add_text(out, "dateline", printed(analysis, analysis->dateline));
    add_text(out, "language", reading->page.language.data ? reading->page.language : analysis->language);
    add_text(out, "outlet", reading->page.outlet);
    add_text(out, "url", reading->page.url);
    add_text(out, "published_at", reading->page.published_at);
    add_spans(analysis, "boilerplate_spans", analysis->boilerplate, analysis->boilerplate_count, out);
    if (reading->form == READING_PAGE)
        add_text(out, "text", reading->text);
}

/* The mentions of each actor, one behind the other: `next` of a mention is the actor's next one. */
struct chains {
    uint32_t *first, *next; /* UINT32_MAX: none */
};

static struct chains chain_mentions(const struct analysis *analysis, struct arena *arena)
{
    struct chains chains = {arena_alloc(arena, (analysis->actor_count + 1) * sizeof *chains.first),
                            arena_alloc(arena, (analysis->mention_count + 1) * sizeof *chains.next)};
    for (uint32_t i = 0; i < analysis->actor_count; i++)
        chains.first[i] = UINT32_MAX;
    for (uint32_t i = analysis->mention_count; i > 0; i--) {
        uint32_t actor = analysis->mentions[i - 1].actor;
        chains.next[i - 1] = chains.first[actor];
        chains.first[actor] = i - 1;
    }
    return chains;
}

static void add_mentions(const struct analysis *analysis, const struct chains *chains, uint32_t actor, struct buffer *out)
{
    buffer_add_text(out, ",\"mentions\":[");
    for (uint32_t i = chains->first[actor]; i != UINT32_MAX; i = chains->next[i]) {
        if (i != chains->first[actor])
            buffer_add_byte(out, ',');
        open_span(analysis, analysis->mentions[i].span, out);
        add_text(out, "form", slice_of(mention_form_name(analysis->mentions[i].form)));
        buffer_add_byte(out, '}');
    }
    buffer_add_byte(out, ']');
}

static void add_actor(const struct analysis *analysis, const struct chains *chains, uint32_t index, struct buffer *out)
{
    const struct actor *actor = &analysis->actors[index];
    add_key(out, "ref");
    add_reference(out, 'a', (int32_t)index);
    buffer_add_text(out, ",\"actor_id\":");
    if (actor->known)
        buffer_add_int(out, actor->known);
    else
        buffer_add_text(out, "null");
    add_text(out, "name", actor->name);
    add_text(out, "kind", slice_of(actor_kind_name(actor->kind)));
    add_text(out, "country", actor->country);
    buffer_add_text(out, ",\"reported_titles\":[");
    for (uint32_t i = 0; i < actor->title_count; i++) {
        if (i)
            buffer_add_byte(out, ',');
        buffer_add_json(out, actor->titles[i]);
    }
    buffer_add_byte(out, ']');
    add_named_reference(out, "affiliation", 'a', actor->affiliation);
    add_mentions(analysis, chains, index, out);
}

static void add_claim(const struct analysis *analysis, uint32_t index, struct buffer *out)
{
    const struct claim *claim = &analysis->claims[index];
    add_key(out, "ref");
    add_reference(out, 'c', (int32_t)index);
    add_text(out, "kind", slice_of(claim_kind_name(claim->kind)));
    add_spans(analysis, "content", claim->content, claim->content_count, out);
    buffer_add_text(out, ",\"source\":");
    add_span(analysis, claim->source, out);
    buffer_add_text(out, ",\"cue\":");
    add_span(analysis, claim->cue, out);
    add_named_reference(out, "speaker", 'a', claim->speaker);
    add_named_reference(out, "on_behalf_of", 'a', claim->on_behalf_of);
    add_named_reference(out, "addressee", 'a', claim->addressee);
    buffer_add_text(out, claim->anonymous ? ",\"anonymous\":true" : ",\"anonymous\":false");
    buffer_add_text(out, ",\"via\":[");
    for (uint32_t i = 0; i < claim->via_count; i++) {
        if (i)
            buffer_add_byte(out, ',');
        add_reference(out, 'a', claim->via[i]);
    }
    buffer_add_byte(out, ']');
    add_text(out, "said_on", claim->said_on);
    add_named_reference(out, "occasion", 'm', claim->occasion);
    buffer_add_text(out, ",\"topics\":[");
    for (uint32_t i = 0; i < claim->topic_count; i++) {
        if (i)
            buffer_add_byte(out, ',');
        buffer_add_json(out, claim->topics[i]);
    }
    buffer_add_byte(out, ']');
    add_text(out, "stance", slice_of(claim->stance ? claim->stance : "asserts"));
    add_named_reference(out, "nested_in", 'c', claim->nested_in);
    buffer_print(out, ",\"confidence\":%.2f", shown_confidence(claim));
}

static void add_meeting(const struct analysis *analysis, uint32_t index, struct buffer *out)
{
    const struct text_meeting *meeting = &analysis->meetings[index];
    add_key(out, "ref");
    add_reference(out, 'm', (int32_t)index);
    add_text(out, "name", meeting->name);
    add_text(out, "kind", slice_of(meeting->kind));
    add_text(out, "starts_on", meeting->starts_on);
    add_text(out, "part_of_day", slice_of(meeting->part_of_day));
    add_text(out, "precision", slice_of(meeting->precision));
    add_text(out, "city", meeting->city);
    add_text(out, "country", meeting->country);
    buffer_add_text(out, ",\"participants\":[");
    for (uint32_t i = 0; i < meeting->participant_count; i++) {
        if (i)
            buffer_add_byte(out, ',');
        add_reference(out, 'a', meeting->participants[i].actor);
    }
    buffer_add_byte(out, ']');
    add_text(out, "status", slice_of(meeting->status));
    add_spans(analysis, "mentions", meeting->mentions, meeting->mention_count, out);
}

/* A time that cannot be told has no value. */
static void add_date(const struct analysis *analysis, uint32_t index, struct buffer *out)
{
    const struct date *date = &analysis->dates[index];
    struct characters characters = text_characters(analysis, date->span);
    add_key(out, "start");
    buffer_add_int(out, characters.start);
    buffer_add_text(out, ",\"end\":");
    buffer_add_int(out, characters.end);
    add_text(out, "text", characters.text);
    if (date->value.data)
        add_text(out, "value", date->value);
    add_text(out, "until", date->until);
    add_text(out, "precision", slice_of(date->precision));
    add_text(out, "part_of_day", slice_of(date->part_of_day));
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static bool add_all(const struct analysis *analysis, const char *name, uint32_t count,
                    void (*add)(const struct analysis *analysis, uint32_t index, struct buffer *out), struct buffer *out)
{
    buffer_add_text(out, ",");
    add_key(out, name);
    buffer_add_byte(out, '[');
    for (uint32_t i = 0; i < count && out->length <= ANSWER_BYTES_MAX; i++) {
        buffer_add_text(out, i ? ",{" : "{");
        add(analysis, i, out);
        buffer_add_byte(out, '}');
    }
    buffer_add_byte(out, ']');
    return out->length <= ANSWER_BYTES_MAX;
}

static void add_actors(const struct analysis *analysis, struct buffer *out)
{
    struct chains chains = chain_mentions(analysis, out->arena);
    buffer_add_text(out, ",\"actors\":[");
    for (uint32_t i = 0; i < analysis->actor_count; i++) {
        buffer_add_text(out, i ? ",{" : "{");
        add_actor(analysis, &chains, i, out);
        buffer_add_byte(out, '}');
    }
    buffer_add_byte(out, ']');
}

bool reading_answer(const struct reading *reading, struct buffer *out)
{
    const struct analysis *analysis = &reading->analysis;
    buffer_add_text(out, "{\"article\":{");
    add_article(reading, out);
    buffer_add_byte(out, '}');
    add_actors(analysis, out);
    bool fits = add_all(analysis, "claims", analysis->claim_count, add_claim, out) &&
                add_all(analysis, "meetings", analysis->meeting_count, add_meeting, out) &&
                add_all(analysis, "dates", analysis->date_count, add_date, out);
    if (analysis->claims_left_out)
        buffer_print(out, ",\"claims_left_out\":%u", analysis->claims_left_out);
    buffer_add_byte(out, '}');
    return fits;
}
