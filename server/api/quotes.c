/* Whether a quotation is really in the record's articles, word for word. */
#include "call.h"
#include "readout/clock.h"
#include "readout/collate.h"

enum { SPEAKERS_MAX = 50, MATCHES_SHOWN = 20 };

/* What the body asks for. */
struct asking {
    struct quote_asked asked;
    struct named speakers[SPEAKERS_MAX];
    int64_t speaker_ids[SPEAKERS_MAX];
};

static struct slice text_of(const json_t *value)
{
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

/* ---- references ------------------------------------------------------------------------------------------- */

static bool find_reference(struct call *call, enum noun noun, const char *name, int64_t *id, struct error *error)
{
    const json_t *value = json_object_get(call->body, name);
    *id = 0;
    return !json_is_integer(value) && !json_is_string(value)
               ? true
               : reader_reference(call->reader, noun, json_integer_value(value), text_of(value), id, error);
}

static void no_such(const struct call *call, enum noun noun, const char *name, struct faults *faults)
{
    const json_t *value = json_object_get(call->body, name);
    const char *pointer = arena_print(call->arena, "#/%s", name), *what = record_of(noun)->name;
    if (json_is_integer(value))
        fault_add(faults, FAULT_POINTER, pointer, "reference", "there is no %s with the id %lld", what,
                  (long long)json_integer_value(value));
    else
        fault_add(faults, FAULT_POINTER, pointer, "reference", "there is no %s with the external_id \"%s\"", what,
                  json_string_value(value));
}

static bool add_speaker(struct call *call, struct asking *asking, int64_t id, struct error *error)
{
    struct row row;
    if (!reader_row(call->reader, NOUN_ACTOR, id, false, call->arena, &row, error))
        return false;
    json_t *actor = json_loadb(row.document.data, row.document.length, 0, NULL);
    asking->speakers[asking->asked.speaker_count++] =
        (struct named){.id = id, .name = arena_slice(call->arena, text_of(json_object_get(actor, "name")))};
    json_decref(actor);
    return true;
}

/* An id or an external_id, else a name; a name that the record does not know is nobody's. */
static bool read_speaker(struct call *call, struct asking *asking, struct faults *faults, struct error *error)
{
    const json_t *value = json_object_get(call->body, "speaker");
    int64_t id;
    if (!find_reference(call, NOUN_ACTOR, "speaker", &id, error))
        return false;
    if (id && !add_speaker(call, asking, id, error))
        return false;
    if (!id && json_is_integer(value))
        no_such(call, NOUN_ACTOR, "speaker", faults);
    if (!id && json_is_string(value) &&
        !reader_named(call->reader, text_of(value), call->arena, asking->speakers, SPEAKERS_MAX, &asking->asked.speaker_count,
                      error))
        return false;
    for (size_t i = 0; i < asking->asked.speaker_count; i++)
        asking->speaker_ids[i] = asking->speakers[i].id;
    asking->asked.speakers = asking->speaker_ids;
    return true;
}

static bool read_asked(struct call *call, struct asking *asking, struct faults *faults, struct error *error)
{
    const json_t *article = json_object_get(call->body, "article_id");
    asking->asked.quote = text_of(json_object_get(call->body, "quote"));
    if (!quote_read(asking->asked.quote, call->arena))
        fault_add(faults, FAULT_POINTER, "#/quote", "words", "there is no letter and no digit in it");
    if (!read_speaker(call, asking, faults, error) ||
        !find_reference(call, NOUN_ARTICLE, "article_id", &asking->asked.article, error))
        return false;
    if (article && !json_is_null(article) && !asking->asked.article)
        no_such(call, NOUN_ARTICLE, "article_id", faults);
    return true;
}

/* ---- the body --------------------------------------------------------------------------------------------- */

static void add_named(struct buffer *body, int64_t id, struct slice name)
{
    if (!id) {
        buffer_add_text(body, "null");
        return;
    }
    buffer_print(body, "{\"id\":%lld,\"name\":", (long long)id);
    buffer_add_json(body, name);
    buffer_add_byte(body, '}');
}

static void add_member(struct buffer *body, const char *name, struct slice text)
{
    buffer_print(body, ",\"%s\":", name);
    buffer_add_json(body, text);
}

static void add_article(struct buffer *body, const struct quoting_article *article)
{
    buffer_print(body, ",\"article\":{\"id\":%lld", (long long)article->id);
    add_member(body, "title", article->title);
    buffer_add_text(body, ",\"outlet\":");
    add_named(body, article->outlet, article->outlet_name);
    add_member(body, "url", article->url);
    add_member(body, "published_at", article->published_at);
    buffer_add_byte(body, '}');
}

static void add_found(struct buffer *body, const struct quote_found *found)
{
    buffer_add_text(body, ",\"spans\":[");
    for (size_t i = 0; i < found->span_count; i++) {
        buffer_print(body, "%s{\"start\":%u,\"end\":%u", i ? "," : "", found->spans[i].start, found->spans[i].end);
        add_member(body, "text", found->spans[i].text);
        buffer_add_byte(body, '}');
    }
    buffer_print(body, "],\"quoted\":%s,\"occurrences\":%zu,\"difference\":[", found->quoted ? "true" : "false",
                 found->occurrences);
    for (size_t i = 0; i < found->part_count; i++) {
        buffer_print(body, "%s{\"kind\":\"%s\"", i ? "," : "", quote_part_name(found->parts[i].kind));
        add_member(body, "quote", found->parts[i].quote);
        add_member(body, "article", found->parts[i].text);
        buffer_add_byte(body, '}');
    }
    buffer_add_byte(body, ']');
}

static void add_hit(struct buffer *body, const struct quote_hit *hit, bool speaker_asked)
{
    static const char *const agreements[] = {[SPEAKER_UNKNOWN] = "null", [SPEAKER_AGREES] = "true", [SPEAKER_DIFFERS] = "false"};
    const struct quoting_report *report = &hit->report;
    buffer_print(body, "{\"match\":\"%s\",\"distance\":%u,\"speaker_agrees\":%s", quote_match_name(hit->found.match),
                 hit->found.distance, speaker_asked ? agreements[hit->agrees] : "null");
    add_article(body, &hit->article);
    add_found(body, &hit->found);
    if (report->id) {
        buffer_print(body, ",\"report\":{\"id\":%lld,\"claim_id\":%lld,\"speaker\":", (long long)report->id,
                     (long long)report->claim);
        add_named(body, report->speaker, report->speaker_name);
        buffer_add_text(body, "}}");
    } else {
        buffer_add_text(body, ",\"report\":null}");
    }
}

static struct reply answer_with(struct call *call, const struct asking *asking, const struct quote_answer *answer)
{
    struct buffer body = buffer_in(call->arena, 8192);
    const json_t *speaker = json_object_get(call->body, "speaker");
    bool speaker_asked = speaker && !json_is_null(speaker);
    buffer_print(&body, "{\"match\":\"%s\",\"matches\":[", quote_match_name(answer->match));
    for (size_t i = 0; i < answer->found && i < MATCHES_SHOWN; i++) {
        buffer_add_text(&body, i ? "," : "");
        add_hit(&body, &answer->hits[i], speaker_asked);
    }
    buffer_print(&body, "],\"found\":%zu,\"checked\":%zu,\"complete\":%s,\"speakers\":%s", answer->found, answer->checked,
                 answer->all ? "true" : "false", speaker_asked ? "[" : "null");
    for (size_t i = 0; i < asking->asked.speaker_count; i++) {
        buffer_add_text(&body, i ? "," : "");
        add_named(&body, asking->speakers[i].id, asking->speakers[i].name);
    }
    buffer_add_text(&body, speaker_asked ? "]}" : "}");
    struct reply reply = reply_json(200, buffer_slice(&body));
    reply.cache = "no-store";
    return reply;
}

struct reply verify_quote(struct call *call)
{
    struct asking *asking = arena_zero(call->arena, sizeof *asking);
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    struct quote_answer answer;
    struct error error;
    int64_t begun = clock_nanoseconds();
    *faults = (struct faults){.arena = call->arena};
    call_generation(call);
    if (!read_asked(call, asking, faults, &error))
        return problem_failed(call->request, &error);
    if (faults->count)
        return reply_problem(call->request, "invalid-body", faults, "the quotation cannot be looked for");
    if (!collate_verify(call->reader, &asking->asked, call->arena, &answer, &error))
        return problem_failed(call->request, &error);
    int64_t read = clock_nanoseconds();
    struct reply reply = answer_with(call, asking, &answer);
    reply.store_ns = read - begun;
    reply.render_ns = clock_nanoseconds() - read;
    return reply;
}
