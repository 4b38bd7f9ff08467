/* Writes: a call becomes work for the writer, and what was written becomes the reply. */
#include <string.h>

#include "articles.h"
#include "readout/collate.h"
#include "readout/log.h"
#include "readout/metrics.h"

/* A call that waits for the writer. */
struct write_call {
    struct work work; /* first: the writer gives it back as this */
    struct call *call;
    struct faults faults;
    const char *item;         /* the pointer of the item being written, of a bulk write */
    struct kept_article kept; /* of an article: what it came to */
    struct reply (*write)(struct write_call *write, struct writing *writing, bool *keep);
};

/* ---- replies ---------------------------------------------------------------------------------------------- */

static bool minimal(const struct call *call)
{
    return request_prefers(call->request, "return=minimal");
}

static struct slice item_path(const struct call *call, int64_t id)
{
    return slice_of(arena_print(call->arena, "%s/%lld", record_of(call->endpoint->noun)->path, (long long)id));
}

/* What was found in the article, and what became of its quotations where it has another text now. */
static void add_receipt(const struct kept_article *kept, struct buffer *out)
{
    if (kept->extracted) {
        buffer_add_byte(out, ',');
        add_tally(out, "extracted", &kept->found);
    }
    if (kept->revision.data) {
        buffer_add_text(out, ",\"revision\":");
        buffer_add_slice(out, kept->revision);
    }
}

static struct slice with_receipt(struct arena *arena, struct slice document, const struct kept_article *kept)
{
    struct buffer out = buffer_in(arena, document.length + kept->revision.length + 128);
    buffer_add(&out, document.data, document.length - 1);
    add_receipt(kept, &out);
    buffer_add_byte(&out, '}');
    return buffer_slice(&out);
}

static struct reply document_reply(const struct write_call *write, const struct written *written)
{
    const struct call *call = write->call;
    enum noun noun = call->endpoint->noun;
    bool created = written->outcome == OUTCOME_CREATED;
    struct slice document = with_text(call->arena, written->document, written->text);
    document = with_receipt(call->arena, document, &write->kept);
    struct reply reply = minimal(call) ? reply_empty(created ? 201 : 204) : reply_json(created ? 201 : 200, document);
    reply.etag = tag_of(call->arena, noun, written->id, written->version);
    if (created)
        reply_header(&reply, "Location", item_path(call, written->id));
    if (minimal(call))
        reply_header(&reply, "Preference-Applied", SLICE("return=minimal"));
    else if (request_prefers(call->request, "return=representation"))
        reply_header(&reply, "Preference-Applied", SLICE("return=representation"));
    return reply;
}

static struct reply stale_reply(const struct call *call, const struct written *written)
{
    struct slice tag = tag_of(call->arena, call->endpoint->noun, written->id, written->version);
    struct reply reply = reply_problem(call->request, "precondition-failed", NULL,
                                       "the %s %lld is now %.*s: read it again, then decide",
                                       record_of(call->endpoint->noun)->name, (long long)written->id, SLICE_ARGS(tag));
    reply.etag = tag;
    return reply;
}

static struct reply conflict_reply(const struct write_call *write, const struct written *written)
{
    const struct call *call = write->call;
    const char *item = write->item ? arena_print(call->arena, "item %s: ", write->item) : "";
    struct reply reply = reply_problem(call->request, "conflict", NULL, "%s%s", item, written->conflict);
    if (written->existing) {
        struct slice path = item_path(call, written->existing);
        reply_header(&reply, "Link", slice_of(arena_print(call->arena, "<%.*s>; rel=\"related\"", SLICE_ARGS(path))));
    }
    return reply;
}

static struct reply written_reply(const struct write_call *write, const struct written *written)
{
    const struct call *call = write->call;
    switch (written->outcome) {
    case OUTCOME_CREATED:
    case OUTCOME_UPDATED:
    case OUTCOME_UNCHANGED:
        return document_reply(write, written);
    case OUTCOME_MISSING:
        return problem_missing(call->request, call->endpoint->noun, written->id);
    case OUTCOME_GONE:
        return problem_gone(call->request, call->endpoint->noun, written->id, written->deleted_at);
    case OUTCOME_STALE:
        return stale_reply(call, written);
    case OUTCOME_CONFLICT:
        return conflict_reply(write, written);
    case OUTCOME_INVALID:
        return reply_problem(call->request, "invalid-body", &write->faults, "what the body says does not fit what is stored");
    case OUTCOME_FAILED:
        break;
    }
    return problem_failed(call->request, &written->error);
}

/* ---- work ------------------------------------------------------------------------------------------------- */

static bool good(const struct written *written)
{
    return written->outcome == OUTCOME_CREATED || written->outcome == OUTCOME_UPDATED || written->outcome == OUTCOME_UNCHANGED;
}

/* What does not go well is rolled back, but its answer is kept like any other, unless we are at fault. */
static bool run_once(struct write_call *write, struct writing *writing, struct reply *reply)
{
    bool keep = false;
    if (once_answered(write->call, writing, reply))
        return false;
    writing_mark(writing);
    *reply = write->write(write, writing, &keep);
    writing_settle(writing, keep);
    return reply->status < 500 && once_keep(write->call, writing, reply);
}

static bool run(struct work *work, struct writing *writing)
{
    struct write_call *write = (struct write_call *)work;
    bool keep = false;
    struct reply reply;
    if (write->call->once) {
        keep = run_once(write, writing, &reply);
    } else {
        reply = write->write(write, writing, &keep);
        keep = keep && !call_true(write->call, "dry_run");
    }
    reply.route = write->call->operation->path;
    write->call->exchange->reply = reply;
    return keep;
}

static void finish(struct work *work, const struct error *failure)
{
    struct write_call *write = (struct write_call *)work;
    struct exchange *exchange = write->call->exchange;
    if (failure) {
        log_event(LOG_ERROR, "write-failed", "detail", failure->message, NULL);
        exchange->reply = problem_failed(&exchange->request, failure);
        exchange->reply.route = write->call->operation->path;
    }
    exchange_finish(exchange);
}

static struct reply submit(struct call *call,
                           struct reply (*function)(struct write_call *write, struct writing *writing, bool *keep))
{
    struct write_call *write = arena_alloc(call->arena, sizeof *write);
    *write = (struct write_call){.work = {.run = run, .finish = finish, .by = arena_slice(call->arena, call->principal.name)},
                                 .call = call,
                                 .faults = {.arena = call->arena},
                                 .write = function};
    call->exchange->reply = reply_problem(call->request, "internal", NULL, "the write was not run");
    if (store_submit(call->app->store, &write->work))
        return (struct reply){.status = 0};
    metric_add(METRIC_REFUSED_WRITES, 1);
    return problem_failed(call->request, &(struct error){.kind = ERROR_BUSY});
}

static bool holds(const void *context, enum noun noun, int64_t id, int64_t version)
{
    const struct call *call = context;
    return request_condition(call->request, tag_of(call->arena, noun, id, version)) != CONDITION_FAILED;
}

static struct change change_of(struct write_call *write)
{
    struct call *call = write->call;
    return (struct change){.noun = call->endpoint->noun,
                           .id = call_int(call, "id"),
                           .body = call->body,
                           .defaults = call->app->defaults[call->endpoint->noun],
                           .base = "#",
                           .precondition = {holds, call},
                           .faults = &write->faults,
                           .arena = call->arena};
}

static struct collating collating_of(const struct write_call *write, struct writing *writing)
{
    return (struct collating){
        .writing = writing, .arena = write->call->arena, .defaults = (const json_t *const *)write->call->app->defaults};
}

/* What a person wrote of a claim is matched with what comes. */
static void follow(const struct write_call *write, struct writing *writing, const struct written *written)
{
    struct collating collating = collating_of(write, writing);
    if (write->call->endpoint->noun == NOUN_CLAIM && good(written))
        collate_claim_written(&collating, written->id);
}

/* Where articles disagree may be otherwise once one of them, or one whom they speak of, went, came back or became another's. */
static void notice(const struct write_call *write, struct writing *writing, const struct written *written)
{
    struct collating collating = collating_of(write, writing);
    if (!good(written))
        return;
    if (write->call->endpoint->noun == NOUN_ARTICLE)
        collate_notice(&collating, written->id);
    else
        collate_notice_at(&collating, write->call->endpoint->noun, written->id);
}

/* ---- one resource ----------------------------------------------------------------------------------------- */

static struct reply write_patch(struct write_call *write, struct writing *writing, bool *keep)
{
    struct change change = change_of(write);
    struct written written = write_change(writing, &change, CHANGE_PATCH);
    follow(write, writing, &written);
    *keep = good(&written);
    return written_reply(write, &written);
}

struct reply patch_item(struct call *call)
{
    fill_items(call->app, call->endpoint->noun, call->body);
    return submit(call, write_patch);
}

static struct reply write_replacement(struct write_call *write, struct writing *writing, bool *keep)
{
    struct change change = change_of(write);
    struct written written = write_change(writing, &change, CHANGE_REPLACE);
    follow(write, writing, &written);
    *keep = good(&written);
    return written_reply(write, &written);
}

struct reply replace_item(struct call *call)
{
    fill_items(call->app, call->endpoint->noun, call->body);
    return submit(call, write_replacement);
}

static struct reply write_removal(struct write_call *write, struct writing *writing, bool *keep)
{
    struct change change = change_of(write);
    struct written written = write_delete(writing, &change);
    notice(write, writing, &written);
    *keep = good(&written);
    return good(&written) ? reply_empty(204) : written_reply(write, &written);
}

struct reply delete_item(struct call *call)
{
    return submit(call, write_removal);
}

static struct reply write_restoration(struct write_call *write, struct writing *writing, bool *keep)
{
    struct change change = change_of(write);
    struct written written = write_restore(writing, &change);
    notice(write, writing, &written);
    *keep = good(&written);
    return written_reply(write, &written);
}

struct reply restore_item(struct call *call)
{
    return submit(call, write_restoration);
}

static struct reply write_merging(struct write_call *write, struct writing *writing, bool *keep)
{
    struct change change = change_of(write);
    struct written written = write_merge(writing, &change);
    notice(write, writing, &written);
    *keep = good(&written);
    return written_reply(write, &written);
}

struct reply merge_items(struct call *call)
{
    return submit(call, write_merging);
}

static struct reply write_unmerging(struct write_call *write, struct writing *writing, bool *keep)
{
    struct change change = change_of(write);
    struct written written = write_unmerge(writing, &change);
    notice(write, writing, &written);
    *keep = good(&written);
    return written_reply(write, &written);
}

struct reply unmerge_item(struct call *call)
{
    return submit(call, write_unmerging);
}

static struct reply write_splitting(struct write_call *write, struct writing *writing, bool *keep)
{
    struct change change = change_of(write);
    struct collating collating = collating_of(write, writing);
    struct written written = collate_split(&collating, &change);
    *keep = good(&written);
    return written_reply(write, &written);
}

struct reply split_item(struct call *call)
{
    return submit(call, write_splitting);
}

/* ---- many at once ----------------------------------------------------------------------------------------- */

/* What became of the items of a bulk write, as they are written. */
struct bulk {
    struct buffer items;
    int created, updated, failed;
};

static void bulk_add(struct bulk *bulk, size_t index, const struct written *written, const struct kept_article *kept)
{
    bool created = written->outcome == OUTCOME_CREATED;
    bulk->created += created;
    bulk->updated += written->outcome == OUTCOME_UPDATED;
    buffer_print(&bulk->items, "%s{\"index\":%zu,\"status\":%d,\"id\":%lld", bulk->items.length ? "," : "", index,
                 created ? 201 : 200, (long long)written->id);
    add_receipt(kept, &bulk->items);
    buffer_add_byte(&bulk->items, '}');
}

static void bulk_fail(struct bulk *bulk, size_t index, const struct reply *reply)
{
    bulk->failed++;
    buffer_print(&bulk->items, "%s{\"index\":%zu,\"status\":%d,\"problem\":", bulk->items.length ? "," : "", index,
                 reply->status);
    buffer_add_slice(&bulk->items, reply->body);
    buffer_add_byte(&bulk->items, '}');
}

static struct reply bulk_reply(const struct call *call, const struct bulk *bulk, int status)
{
    if (minimal(call) && status != 207) { /* which has to say what failed */
        struct reply reply = reply_empty(status == 200 ? 204 : status);
        reply_header(&reply, "Preference-Applied", SLICE("return=minimal"));
        return reply;
    }
    struct buffer body = buffer_in(call->arena, bulk->items.length + 96);
    buffer_add_text(&body, "{\"items\":[");
    buffer_add_slice(&body, buffer_slice(&bulk->items));
    buffer_print(&body, "],\"created\":%d,\"updated\":%d,\"failed\":%d}", bulk->created, bulk->updated, bulk->failed);
    return reply_json(status, buffer_slice(&body));
}

/* An article with what was read in it, whose memory can go when that is written. */
static struct written create_article(struct write_call *write, struct writing *writing, struct change *change, size_t index)
{
    const struct call *call = write->call;
    struct reading *reading = &call->readings[index];
    if (reading->body.data && !reading->good && !reading->page_alone) {
        fault_add(&write->faults, FAULT_POINTER, arena_print(call->arena, "%s/text", change->base), "unreadable", "%s",
                  reading->error.message);
        return (struct written){.outcome = OUTCOME_INVALID};
    }
    write->kept = keep_article(writing, change, reading->good ? reading : NULL, (const json_t *const *)call->app->defaults,
                               call_true(call, "upsert"));
    arena_release(reading->arena);
    return write->kept.written;
}

static struct written create_one(struct write_call *write, struct writing *writing, json_t *item, size_t index)
{
    struct change change = change_of(write);
    bool bulk = json_is_array(write->call->body);
    change.body = item;
    change.base = bulk ? arena_print(write->call->arena, "#/%zu", index) : "#";
    write->item = bulk ? change.base : NULL;
    fill_items(write->call->app, change.noun, item);
    if (change.noun == NOUN_ARTICLE)
        return create_article(write, writing, &change, index);
    struct written written = write_create(writing, &change, call_true(write->call, "upsert"));
    follow(write, writing, &written);
    return written;
}

static const struct schema *item_schema(const struct call *call)
{
    const struct schema *with_text =
        call->endpoint->noun == NOUN_ARTICLE ? contract_schema(call->app->contract, "ArticleWithText") : NULL;
    return with_text ? with_text : contract_schema(call->app->contract, record_of(call->endpoint->noun)->title);
}

/* All or nothing: the first item that fails is the answer, and names where it stands. */
static struct reply create_all(struct write_call *write, struct writing *writing, struct bulk *bulk, bool *keep)
{
    size_t index;
    json_t *item;
    json_array_foreach (write->call->body, index, item) {
        struct written written = create_one(write, writing, item, index);
        if (!good(&written))
            return written_reply(write, &written);
        bulk_add(bulk, index, &written, &write->kept);
    }
    *keep = true;
    return bulk_reply(write->call, bulk, 201);
}

static struct reply create_each(struct write_call *write, struct writing *writing, struct bulk *bulk, bool *keep)
{
    size_t index;
    json_t *item;
    json_array_foreach (write->call->body, index, item) {
        const char *base = arena_print(write->call->arena, "#/%zu", index);
        struct written written = {.outcome = OUTCOME_INVALID};
        write->faults.count = 0;
        writing_mark(writing);
        write->kept = (struct kept_article){.extracted = false};
        if (contract_check(item_schema(write->call), item, BODY_CREATE, base, &write->faults))
            written = create_one(write, writing, item, index);
        writing_settle(writing, good(&written));
        struct reply alone = written_reply(write, &written);
        if (good(&written))
            bulk_add(bulk, index, &written, &write->kept);
        else
            bulk_fail(bulk, index, &alone);
    }
    *keep = true;
    return bulk_reply(write->call, bulk, 207);
}

static struct reply write_creation(struct write_call *write, struct writing *writing, bool *keep)
{
    struct bulk bulk = {.items = buffer_in(write->call->arena, 256)};
    if (json_is_array(write->call->body))
        return slice_is(call_text(write->call, "on_error"), "continue") ? create_each(write, writing, &bulk, keep)
                                                                        : create_all(write, writing, &bulk, keep);
    struct written written = create_one(write, writing, write->call->body, 0);
    *keep = good(&written);
    return written_reply(write, &written);
}

struct reply create_items(struct call *call)
{
    return submit(call, write_creation);
}

struct reply submit_creation(struct call *call)
{
    return submit(call, write_creation);
}

/* ---- an article read again -------------------------------------------------------------------------------- */

static struct reply again_reply(struct write_call *write, const struct kept_again *kept)
{
    const struct call *call = write->call;
    struct reply reply = reply_empty(204);
    if (minimal(call)) {
        reply_header(&reply, "Preference-Applied", SLICE("return=minimal"));
    } else {
        struct buffer body = buffer_in(call->arena, 512);
        buffer_print(&body, "{\"article_id\":%lld,\"version\":%lld,", (long long)kept->written.id,
                     (long long)kept->written.version);
        add_tally(&body, "added", &kept->added);
        buffer_add_byte(&body, ',');
        add_tally(&body, "removed", &kept->removed);
        buffer_add_byte(&body, ',');
        add_tally(&body, "kept", &kept->kept);
        buffer_add_byte(&body, '}');
        reply = reply_json(200, buffer_slice(&body));
    }
    reply.etag = tag_of(call->arena, NOUN_ARTICLE, kept->written.id, kept->written.version);
    return reply;
}

static struct reply write_reading(struct write_call *write, struct writing *writing, bool *keep)
{
    struct change change = change_of(write);
    struct kept_again kept =
        keep_again(writing, &change, &write->call->readings[0], (const json_t *const *)write->call->app->defaults);
    *keep = good(&kept.written);
    return *keep ? again_reply(write, &kept) : written_reply(write, &kept.written);
}

struct reply submit_again(struct call *call)
{
    return submit(call, write_reading);
}
