/* What was read as bodies for the store. */
#include <string.h>

#include "ingest_private.h"
#include "readout/utf8.h"

/* As many as the contract takes. */
enum { CLAIM_POINTS_MAX = 10000, MENTION_POINTS_MAX = 1000, NAME_MAX = 500, EVIDENCE_AT_ONCE = 200, PARTICIPANTS_MAX = 500 };

/* ---- pieces ----------------------------------------------------------------------------------------------- */

static json_t *text_or_null(struct slice text)
{
    return text.data ? json_stringn(text.data, text.length) : json_null();
}

static json_t *id_or_null(int64_t id)
{
    return id > 0 ? json_integer(id) : json_null();
}

/* The store fills in the text. */
static json_t *span_body(const struct analysis *analysis, struct span span)
{
    struct characters characters = text_characters(analysis, span);
    json_t *body = json_object();
    json_object_set_new(body, "start", json_integer(characters.start));
    json_object_set_new(body, "end", json_integer(characters.end));
    return body;
}

static json_t *span_or_null(const struct analysis *analysis, struct span span)
{
    return span.first == span.end ? json_null() : span_body(analysis, span);
}

static int64_t actor_of(struct keeping *keeping, int32_t actor)
{
    return actor == NOBODY ? 0 : link_actor(keeping, actor);
}

/* ---- mentions --------------------------------------------------------------------------------------------- */

json_t *mention_body(struct keeping *keeping, uint32_t index)
{
    const struct analysis *analysis = keeping->analysis;
    const struct mention *mention = &analysis->mentions[index];
    struct characters characters = text_characters(analysis, mention->span);
    if (mention->span.first == mention->span.end || characters.end - characters.start > MENTION_POINTS_MAX)
        return NULL;
    bool titled = mention->title.first != mention->title.end;
    struct slice title = titled ? text_characters(analysis, mention->title).text : NO_SLICE;
    json_t *body = span_body(analysis, mention->span);
    json_object_set_new(body, "actor_id", json_integer(link_actor(keeping, (int32_t)mention->actor)));
    json_object_set_new(body, "form", json_string(mention_form_name(mention->form)));
    json_object_set_new(body, "reported_title", text_or_null(one_line(keeping->arena, title, NAME_MAX)));
    return body;
}

/* ---- claims ----------------------------------------------------------------------------------------------- */

struct slice claim_words(const struct keeping *keeping, uint32_t index)
{
    const struct claim *claim = &keeping->analysis->claims[index];
    struct buffer words = buffer_in(keeping->arena, 512);
    for (uint32_t i = 0; i < claim->content_count; i++) {
        if (i)
            buffer_add_byte(&words, ' ');
        buffer_add_slice(&words, text_characters(keeping->analysis, claim->content[i]).text);
    }
    return one_line(keeping->arena, buffer_slice(&words), CLAIM_POINTS_MAX);
}

/* The article's own outlet is no part of the chain. */
static json_t *via_of(struct keeping *keeping, const struct claim *claim)
{
    json_t *via = json_array();
    for (uint32_t i = 0; i < claim->via_count; i++) {
        int64_t medium = actor_of(keeping, claim->via[i]);
        if (medium && medium != keeping->outlet)
            json_array_append_new(via, json_integer(medium));
    }
    return via;
}

double shown_confidence(const struct claim *claim)
{
    double confidence = claim->confidence < 0 ? 0 : claim->confidence > 1 ? 1 : claim->confidence;
    return (double)(int)(confidence * 100 + 0.5) / 100;
}

json_t *report_body(struct keeping *keeping, uint32_t index)
{
    const struct analysis *analysis = keeping->analysis;
    const struct claim *claim = &analysis->claims[index];
    int32_t said_at = occasion_of(keeping, claim);
    int64_t occasion = said_at == NOBODY ? 0 : keeping->meetings[said_at];
    json_t *content = json_array(), *body = json_object();
    for (uint32_t i = 0; i < claim->content_count; i++)
        json_array_append_new(content, span_body(analysis, claim->content[i]));
    json_object_set_new(body, "article_id", json_integer(keeping->article));
    json_object_set_new(body, "kind", json_string(claim_kind_name(claim->kind)));
    json_object_set_new(body, "speaker_id", id_or_null(actor_of(keeping, claim->speaker)));
    json_object_set_new(body, "occasion_id", id_or_null(occasion));
    json_object_set_new(body, "content", content);
    json_object_set_new(body, "source", span_or_null(analysis, claim->source));
    json_object_set_new(body, "cue", span_or_null(analysis, claim->cue));
    json_object_set_new(body, "via", via_of(keeping, claim));
    json_object_set_new(body, "confidence", json_real(shown_confidence(claim)));
    return body;
}

json_t *claim_body(struct keeping *keeping, uint32_t index)
{
    const struct claim *claim = &keeping->analysis->claims[index];
    struct slice words = claim_words(keeping, index);
    int32_t said_at = occasion_of(keeping, claim);
    json_t *topics = json_array(), *body = json_object();
    for (uint32_t i = 0; i < claim->topic_count; i++)
        json_array_append_new(topics, json_stringn(claim->topics[i].data, claim->topics[i].length));
    json_object_set_new(body, "text", json_stringn(words.data, words.length));
    json_object_set_new(body, "speaker_id", id_or_null(actor_of(keeping, claim->speaker)));
    json_object_set_new(body, "on_behalf_of_id", id_or_null(actor_of(keeping, claim->on_behalf_of)));
    json_object_set_new(body, "addressee_id", id_or_null(actor_of(keeping, claim->addressee)));
    json_object_set_new(body, "stance", json_string(claim->stance ? claim->stance : "asserts"));
    json_object_set_new(body, "topics", topics);
    json_object_set_new(body, "said_on", text_or_null(claim->said_on));
    json_object_set_new(body, "occasion_id", id_or_null(said_at == NOBODY ? 0 : keeping->meetings[said_at]));
    json_object_set_new(body, "attribution", json_string(claim->anonymous ? "anonymous" : "named"));
    json_object_set_new(body, "status", json_string("extracted"));
    return body;
}

/* ---- meetings --------------------------------------------------------------------------------------------- */

json_t *evidence_of(struct keeping *keeping, uint32_t index)
{
    const struct text_meeting *meeting = &keeping->analysis->meetings[index];
    json_t *evidence = json_array();
    for (uint32_t i = 0; i < meeting->mention_count && i < EVIDENCE_AT_ONCE; i++) {
        if (meeting->mentions[i].first == meeting->mentions[i].end)
            continue;
        json_t *span = span_body(keeping->analysis, meeting->mentions[i]);
        json_object_set_new(span, "article_id", json_integer(keeping->article));
        json_array_append_new(evidence, span);
    }
    return evidence;
}

json_t *participants_of(struct keeping *keeping, uint32_t index)
{
    static const char *const roles[] = {[ROLE_HEAD] = "head", [ROLE_MEMBER] = "member", [ROLE_HOST] = "host"};
    const struct text_meeting *meeting = &keeping->analysis->meetings[index];
    json_t *participants = json_array();
    for (uint32_t i = 0; i < meeting->participant_count && i < PARTICIPANTS_MAX; i++) {
        int64_t actor = actor_of(keeping, meeting->participants[i].actor);
        bool again = false;
        for (size_t j = 0; j < json_array_size(participants); j++)
            again |= json_integer_value(json_object_get(json_array_get(participants, j), "actor_id")) == actor;
        if (actor && !again)
            json_array_append_new(participants, json_pack("{s:I, s:s}", "actor_id", (json_int_t)actor, "role",
                                                          roles[meeting->participants[i].role]));
    }
    return participants;
}

json_t *meeting_body(struct keeping *keeping, uint32_t index)
{
    const struct text_meeting *meeting = &keeping->analysis->meetings[index];
    struct slice name = one_line(keeping->arena, meeting->name, NAME_MAX);
    json_t *body = json_object();
    json_object_set_new(body, "name", text_or_null(name.data ? name : slice_of(meeting->kind)));
    json_object_set_new(body, "kind", json_string(meeting->kind ? meeting->kind : "other"));
    json_object_set_new(body, "starts_on", text_or_null(meeting->starts_on));
    json_object_set_new(body, "part_of_day", text_or_null(slice_of(meeting->part_of_day)));
    json_object_set_new(body, "precision", text_or_null(slice_of(meeting->precision)));
    json_object_set_new(body, "city", text_or_null(one_line(keeping->arena, meeting->city, NAME_MAX)));
    json_object_set_new(body, "country", text_or_null(meeting->country.length == 2 ? meeting->country : NO_SLICE));
    json_object_set_new(body, "status", json_string(meeting->status ? meeting->status : "planned"));
    json_object_set_new(body, "review", json_string("extracted"));
    json_object_set_new(body, "participants", participants_of(keeping, index));
    json_object_set_new(body, "evidence", evidence_of(keeping, index));
    return body;
}
