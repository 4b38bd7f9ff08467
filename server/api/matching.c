/* What a claim is like, and why its reports are one. */
#include "call.h"
#include "readout/collate.h"
#include "readout/digest.h"

static void add_days(struct buffer *out, int64_t days)
{
    if (days < 0)
        buffer_add_text(out, ",\"days_apart\":null");
    else
        buffer_print(out, ",\"days_apart\":%lld", (long long)days);
}

/* ---- GET /v1/claims/{id}/similar -------------------------------------------------------------------------- */

/* The claim may be gone, or merged, between being noted and now: then it is left out. */
static bool add_similar(struct call *call, const struct similar *similar, bool first, struct buffer *body, struct error *error)
{
    struct row row;
    if (!reader_row(call->reader, NOUN_CLAIM, similar->claim, false, call->arena, &row, error) || row.deleted)
        return false;
    buffer_print(body, "%s{\"words\":%.2f,\"score\":%.2f,\"why_not\":\"%s\"", first ? "" : ",", similar->words, similar->score,
                 similar->why_not);
    add_days(body, similar->days);
    buffer_print(body, ",\"report_id\":%lld,\"other_report_id\":%lld,\"claim\":", (long long)similar->report,
                 (long long)similar->other_report);
    buffer_add_slice(body, row.document);
    buffer_add_byte(body, '}');
    return true;
}

struct reply get_similar(struct call *call)
{
    struct similar similar[SIMILAR_MAX];
    struct reply problem;
    struct error error;
    size_t count, shown = 0, limit = (size_t)call_int(call, "limit");
    struct buffer body = buffer_in(call->arena, 4096);
    call->nouns = NOUN_BIT(NOUN_CLAIM) | NOUN_BIT(NOUN_REPORT) | NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_ACTOR);
    int64_t seq = generation_seq(call_generation(call), call->nouns);
    if (!owner_there(call, NOUN_CLAIM, &problem))
        return problem;
    if (!collate_similar(call->reader, call_int(call, "id"), call->arena, similar, &count, &error))
        return problem_failed(call->request, &error);
    buffer_add_text(&body, "{\"items\":[");
    for (size_t i = 0; i < count && shown < limit; i++)
        shown += add_similar(call, &similar[i], shown == 0, &body, &error);
    buffer_add_text(&body, "]}");
    struct reply reply = reply_json(200, buffer_slice(&body));
    reply.etag = weak_tag(call->arena, seq, digest_quick(0, call->request->target));
    return reply_conditional(call, reply);
}

/* ---- GET /v1/claims/{id}/reports?explain=true ------------------------------------------------------------- */

static void add_words(struct buffer *out, const struct matched *matched)
{
    buffer_add_text(out, ",\"shared\":[");
    for (size_t i = 0; i < matched->shared_count; i++) {
        buffer_add_text(out, i ? "," : "");
        buffer_add_json(out, matched->shared[i]);
    }
    buffer_add_byte(out, ']');
}

static struct slice sentence_of(struct arena *arena, const struct matched *matched)
{
    struct buffer out = buffer_in(arena, 160);
    if (!matched->with)
        return SLICE("It is the only report of the claim.");
    if (matched->by_person)
        return slice_of(arena_print(arena, "A person put it together with report %lld.", (long long)matched->with));
    buffer_print(&out, "%d of 100 parts of what it says, report %lld says as well", (int)(matched->words * 100 + 0.5),
                 (long long)matched->with);
    buffer_add_text(&out, matched->same_speaker ? ", of the same speaker" : ", of the same party");
    if (matched->days == 0)
        buffer_add_text(&out, ", on the same day");
    else if (matched->days > 0)
        buffer_print(&out, ", %lld day%s apart", (long long)matched->days, matched->days == 1 ? "" : "s");
    buffer_add_byte(&out, '.');
    return buffer_slice(&out);
}

static struct slice explained(struct arena *arena, struct slice document, const struct matched *matched)
{
    struct buffer out = buffer_in(arena, document.length + 400);
    buffer_add(&out, document.data, document.length - 1);
    buffer_add_text(&out, ",\"why\":{\"with_report_id\":");
    buffer_add_text(&out, matched->with ? arena_print(arena, "%lld", (long long)matched->with) : "null");
    buffer_print(&out, ",\"words\":%.2f,\"score\":%.2f,\"same_speaker\":%s,\"same_stance\":%s,\"by_person\":%s", matched->words,
                 matched->score, matched->same_speaker ? "true" : "false", matched->same_stance ? "true" : "false",
                 matched->by_person ? "true" : "false");
    add_days(&out, matched->with ? matched->days : -1);
    add_words(&out, matched);
    buffer_add_text(&out, ",\"sentence\":");
    buffer_add_json(&out, sentence_of(arena, matched));
    buffer_add_text(&out, "}}");
    return buffer_slice(&out);
}

bool explain_rows(struct call *call, struct row *rows, size_t count, struct error *error)
{
    struct matched *matched;
    size_t matched_count;
    if (!collate_explain(call->reader, call_int(call, "id"), call->arena, &matched, &matched_count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < matched_count; j++) {
            if (matched[j].report == rows[i].id)
                rows[i].document = explained(call->arena, rows[i].document, &matched[j]);
        }
    }
    return true;
}
