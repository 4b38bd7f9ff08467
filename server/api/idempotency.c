/* Idempotency-Key: a write that is sent again is answered again and not done again.
 *
 * The key is looked up, and the answer is kept, inside the transaction of the write, by the one thread that writes. So there is
 * no moment at which a write is done and its answer is not kept, and of two requests with one key the second waits for the first
 * and gets its answer. */
#include <string.h>

#include "call.h"
#include "readout/digest.h"

static const char *const HEADER = "Idempotency-Key";

enum { KEY_LENGTH_MAX = 255, BODY_MAX = 1 << 20 };

/* ---- the key ---------------------------------------------------------------------------------------------- */

static bool refuse(const struct call *call, const char *code, const char *detail, struct reply *problem)
{
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    fault_add(faults, FAULT_HEADER, HEADER, code, "%s", detail);
    *problem = reply_problem(call->request, "bad-request", faults, "the %s is malformed", HEADER);
    return false;
}

static bool key_of(const struct call *call, struct slice *key, struct reply *problem)
{
    size_t count = 0;
    for (size_t i = 0; i < call->request->header_count; i++)
        count += slice_equal_fold(call->request->headers[i].name, slice_of(HEADER));
    *key = NO_SLICE;
    if (count == 0)
        return true;
    if (count > 1)
        return refuse(call, "repeated", "give one key", problem);
    if (!structured_text(call->arena, request_header(call->request, HEADER), key))
        return refuse(call, "malformed",
                      "write it in quotation marks, with ASCII characters and a backslash before \" and \\; or bare, without "
                      "spaces, commas, semicolons, quotation marks and backslashes",
                      problem);
    if (key->length == 0 || key->length > KEY_LENGTH_MAX)
        return refuse(call, "range", "a key has 1 to 255 characters", problem);
    return true;
}

/* Of strings that may hold anything, so that no two lists of them come to the same. */
static struct slice digest_of(struct arena *arena, const struct slice *parts, size_t count)
{
    struct buffer all = buffer_in(arena, 1024);
    for (size_t i = 0; i < count; i++) {
        buffer_print(&all, "%zu:", parts[i].length);
        buffer_add_slice(&all, parts[i]);
    }
    return slice_of(digest_sha256_base64(arena, buffer_slice(&all)));
}

bool once_read(struct call *call, struct reply *problem)
{
    const struct request *request = call->request;
    bool writes = (request->method == METHOD_POST || request->method == METHOD_PATCH) && !call->endpoint->keeps_nothing;
    struct slice key;
    if (!writes)
        return true;
    if (!key_of(call, &key, problem))
        return false;
    if (!key.data || call_true(call, "dry_run"))
        return true;
    const struct slice scope[] = {slice_of(arena_print(call->arena, "%lld", (long long)call->principal.key)),
                                  slice_of(method_name(request->method)), request->path, key},
                       asked[] = {request->query, slice_of(call->media ? call->media->type : NULL),
                                  request_header(request, "If-Match"), request_header(request, "If-None-Match"),
                                  slice_of(digest_sha256_base64(call->arena, request->body))};
    struct once *once = arena_alloc(call->arena, sizeof *once);
    once->scope = digest_of(call->arena, scope, sizeof scope / sizeof scope[0]);
    once->asked = digest_of(call->arena, asked, sizeof asked / sizeof asked[0]);
    call->once = once;
    return true;
}

/* ---- the answer, as it is kept ---------------------------------------------------------------------------- */

static void add_header(struct buffer *out, struct slice name, struct slice value)
{
    if (value.data)
        buffer_print(out, "%.*s: %.*s\n", SLICE_ARGS(name), SLICE_ARGS(value));
}

/* A very long answer is kept as `return=minimal` would have had it. A 207 has nothing shorter that says what failed. */
static bool is_too_long(const struct reply *reply)
{
    return reply->body.length > BODY_MAX && reply->status != 207;
}

static struct reply shortened(const struct reply *reply)
{
    struct reply minimal = reply_empty(reply->status == 200 ? 204 : reply->status);
    minimal.etag = reply->etag;
    for (size_t i = 0; i < reply->header_count; i++) {
        if (!slice_is(reply->headers[i].name, "Preference-Applied"))
            minimal.headers[minimal.header_count++] = reply->headers[i];
    }
    reply_header(&minimal, "Preference-Applied", SLICE("return=minimal"));
    return minimal;
}

bool once_keep(const struct call *call, struct writing *writing, struct reply *reply)
{
    struct error error;
    struct reply kept = is_too_long(reply) ? shortened(reply) : *reply;
    struct buffer headers = buffer_in(call->arena, 256);
    add_header(&headers, SLICE("Content-Type"), kept.type);
    add_header(&headers, SLICE("ETag"), kept.etag);
    for (size_t i = 0; i < kept.header_count; i++)
        add_header(&headers, kept.headers[i].name, kept.headers[i].value);
    struct kept_answer answer = {.scope = call->once->scope,
                                 .request = call->once->asked,
                                 .status = kept.status,
                                 .headers = buffer_slice(&headers),
                                 .body = kept.type.data ? kept.body : NO_SLICE};
    if (writing_keep_answer(writing, &answer, &error))
        return true;
    *reply = problem_failed(call->request, &error);
    return false;
}

/* ---- the answer, given again ------------------------------------------------------------------------------ */

static struct reply answer_again(const struct call *call, const struct kept_answer *answer)
{
    struct reply reply = reply_empty(answer->status);
    struct slice rest = answer->headers;
    while (rest.length) {
        struct slice value = slice_cut(&rest, '\n'), name = slice_cut(&value, ':');
        value = slice_trim(value);
        if (slice_is(name, "Content-Type"))
            reply.type = value;
        else if (slice_is(name, "ETag"))
            reply.etag = value;
        else
            reply_header(&reply, arena_copy(call->arena, name.data, name.length), value);
    }
    reply.body = answer->body;
    reply_header(&reply, "Idempotent-Replayed", SLICE("true"));
    return reply;
}

static struct reply answer_for(const struct call *call, const struct kept_answer *answer)
{
    if (slice_equal(answer->request, call->once->asked))
        return answer_again(call, answer);
    struct faults *faults = arena_alloc(call->arena, sizeof *faults);
    *faults = (struct faults){.arena = call->arena};
    fault_add(faults, FAULT_HEADER, HEADER, "conflict", "it came before with another body, query or condition: take a new key");
    return reply_problem(call->request, "idempotency-key-reused", faults, "this key was used for another request");
}

bool once_answered(const struct call *call, struct writing *writing, struct reply *reply)
{
    struct kept_answer answer;
    bool found = writing_answer(writing, call->once->scope, call->arena, &answer);
    if (found)
        *reply = answer_for(call, &answer);
    return found;
}

bool once_answered_before(struct call *call, struct reply *reply)
{
    struct kept_answer answer;
    struct error error;
    if (!call->once)
        return false;
    call_generation(call);
    bool found = reader_answer(call->reader, call->once->scope, call->arena, &answer, &error);
    if (found)
        *reply = answer_for(call, &answer);
    return found;
}
