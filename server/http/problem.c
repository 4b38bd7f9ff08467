/* What can go wrong, as a table, and how a reply tells it (RFC 9457). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static const struct problem problems[] = {
    {"bad-request", 400, "The request is malformed",
     "The request could not be understood: its syntax, its framing or its encoding is wrong. The detail says what. Correct "
     "it before asking again; the same request will fail the same way."},
    {"invalid-parameter", 400, "A parameter is not valid",
     "A path or query parameter is unknown, missing, given twice or has a value that is not allowed. Each entry of errors "
     "names one and says what would be right."},
    {"invalid-json", 400, "The body is not valid JSON",
     "The body could not be read as JSON in UTF-8, without duplicate keys and NUL characters. The detail says where reading "
     "stopped."},
    {"unauthorized", 401, "A valid key is required",
     "The request carries no key where one is needed, or one that is unknown, expired, revoked or not for this network. Send "
     "Authorization: Bearer with a valid key; `readout keys create` makes one."},
    {"forbidden", 403, "This is not allowed",
     "The key is known, but its scopes do not cover this operation. Use a key with the scope that the detail names. Or a page "
     "of another origin asks a language model's questions without a key: its origin has to be allowed, with --cors-origins."},
    {"not-found", 404, "There is nothing here",
     "No resource has this path, or none that may be seen with this key. Check the spelling of the path and the id: GET / "
     "lists where to begin, and lists such as /v1/claims tell which ids there are."},
    {"method-not-allowed", 405, "The method is not allowed here",
     "The resource exists but does not know this method. The Allow header lists those it knows, /docs what each of them "
     "does."},
    {"not-acceptable", 406, "No acceptable representation exists",
     "The Accept header or the suffix of the path asks for a format that this resource does not have. The detail lists the "
     "formats: name one of them in Accept, or leave Accept out to get the first."},
    {"request-timeout", 408, "The request took too long to arrive",
     "The headers or the body came in more slowly than the server waits for. Send them again, faster or in smaller parts."},
    {"conflict", 409, "The request contradicts what is stored",
     "Another record already has this key, or the record is in a state that does not allow the change. Read it and decide "
     "anew."},
    {"gone", 410, "The resource has been deleted",
     "The resource existed and was deleted. Its history can still be read, and where there is a restore operation (POST to "
     "its path with /restore behind it) that brings it back."},
    {"precondition-failed", 412, "The resource has changed",
     "A condition in If-Match or If-None-Match does not hold. Read the resource again, merge the changes, and repeat with "
     "its new ETag."},
    {"body-too-large", 413, "The body is too large",
     "The body is longer than the server accepts. Send it in smaller parts; the detail tells the limit."},
    {"target-too-long", 414, "The request target is too long",
     "The path and query are longer than the server accepts. Shorten the query; the detail tells the limit."},
    {"unsupported-media-type", 415, "The body's media type is not supported",
     "The Content-Type or Content-Encoding of the body is not one this operation reads. Accept-Post, Accept-Patch or "
     "Accept-Encoding lists those it does."},
    {"invalid-body", 422, "The body is not valid",
     "The body is well-formed, but its content is not what the contract asks for. Each entry of errors points at one fault "
     "and says what would be right."},
    {"idempotency-key-reused", 422, "The Idempotency-Key was used for another request",
     "A request with this key came before, to the same path, with another body, query or condition. Take a new key for a new "
     "request; send the old one unchanged to have its answer again."},
    {"precondition-required", 428, "The request must be conditional",
     "This server only changes a record on condition. Read it, and send its ETag in If-Match."},
    {"quota-exceeded", 429, "Too many requests",
     "The key, or the address where no key was sent, has asked more often than it may. RateLimit-Policy tells how often that is, "
     "violated-policies which of them it was. Ask again after the time that Retry-After tells."},
    {"headers-too-large", 431, "The headers are too large",
     "The header fields together are longer than the server accepts. Send fewer or shorter ones."},
    {"internal", 500, "Something went wrong in the server",
     "The server made a mistake; the request is not to blame. It is logged under the request_id. Asking again may help; if "
     "it does not, tell whoever runs the server, with the request_id."},
    {"not-implemented", 501, "The server does not know this method",
     "The request uses a method or a transfer coding that this server does not implement anywhere. Use one of HTTP: GET, "
     "HEAD, POST, PUT, PATCH, DELETE or OPTIONS."},
    {"unavailable", 503, "The server cannot answer now",
     "The server is overloaded, starting or stopping. Ask again after the time that Retry-After tells."},
    {"query-timeout", 503, "The question takes too long",
     "Answering would take the store longer than the server allows. Ask for less at once: narrower filters, count=none, fewer "
     "facets, a shorter time."},
    {"storage-full", 507, "There is no room to store this",
     "The disk of the server is full or read-only, and nothing was kept of this request. Reading goes on; writing works "
     "again as soon as whoever runs the server makes room. Send the request again then."},
    {NULL, 0, NULL, NULL},
};

const struct problem *problem_table(void)
{
    return problems;
}

const char *problem_type(const char *code)
{
    static const char *const registered[][2] = {
        {"quota-exceeded", "https://iana.org/assignments/http-problem-types#quota-exceeded"},
        {"unavailable", "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity"},
    };
    for (size_t i = 0; i < sizeof registered / sizeof *registered; i++) {
        if (strcmp(registered[i][0], code) == 0) {
            return registered[i][1];
        }
    }
    return NULL;
}

static const struct problem *find_problem(const char *code)
{
    for (const struct problem *problem = problems; problem->code != NULL; problem++) {
        if (strcmp(problem->code, code) == 0) {
            return problem;
        }
    }
    die("no problem is called %s", code);
}

static void add_member(struct buffer *out, const char *name, struct slice value)
{
    buffer_add_text(out, ",\"");
    buffer_add_text(out, name);
    buffer_add_text(out, "\":");
    buffer_add_json(out, value);
}

static void add_faults(struct buffer *out, const struct faults *faults)
{
    static const char *const places[] = {
        [FAULT_POINTER] = "{\"pointer\":", [FAULT_PARAMETER] = "{\"parameter\":", [FAULT_HEADER] = "{\"header\":"};
    size_t count = faults->count < FAULTS_MAX ? faults->count : FAULTS_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct fault *fault = &faults->items[i];
        buffer_add_text(out, i == 0 ? ",\"errors\":[" : ",");
        buffer_add_text(out, places[fault->place]);
        buffer_add_json(out, slice_of(fault->where));
        add_member(out, "code", slice_of(fault->code));
        add_member(out, "detail", slice_of(fault->detail));
        buffer_add_byte(out, '}');
    }
    buffer_add_text(out, count > 0 ? "]" : "");
}

static struct slice print_detail(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static struct slice print_detail(struct arena *arena, const char *format, va_list arguments)
{
    char text[1024];
    int length = vsnprintf(text, sizeof text, format, arguments);
    if (length < 0) {
        die("a problem's detail cannot be printed: %s", format);
    }
    size_t kept = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    if (kept < (size_t)length) { /* do not end within a character */
        while (kept > 0 && (text[kept - 1] & 0xc0) == 0x80) {
            kept--;
        }
        kept -= kept > 0 && (text[kept - 1] & 0x80) != 0;
    }
    return arena_slice(arena, (struct slice){text, kept});
}

static struct slice type_of(const struct request *request, const char *code)
{
    if (problem_type(code) != NULL) {
        return slice_of(problem_type(code));
    }
    struct buffer type = buffer_in(request->arena, request->origin.length + 48);
    buffer_add_slice(&type, request->origin);
    buffer_add_text(&type, "/problems/");
    buffer_add_text(&type, code);
    return buffer_slice(&type);
}

struct reply reply_problem(const struct request *request, const char *code, const struct faults *faults, const char *detail, ...)
{
    const struct problem *problem = find_problem(code);
    va_list arguments;
    va_start(arguments, detail);
    struct slice printed = print_detail(request->arena, detail, arguments);
    va_end(arguments);

    struct buffer out = buffer_in(request->arena, 512);
    buffer_add_text(&out, "{\"type\":");
    buffer_add_json(&out, type_of(request, code));
    add_member(&out, "title", slice_of(problem->title));
    buffer_add_text(&out, ",\"status\":");
    buffer_add_int(&out, problem->status);
    add_member(&out, "detail", printed);
    add_member(&out, "instance", uri_printable(request->arena, request->path));
    add_member(&out, "code", slice_of(problem->code));
    add_member(&out, "request_id", request->id);
    if (faults != NULL) {
        add_faults(&out, faults);
    }
    buffer_add_byte(&out, '}');

    struct reply reply = reply_text(problem->status, "application/problem+json", buffer_slice(&out));
    reply.problem = problem->code;
    return reply;
}

void problem_add(struct arena *arena, struct reply *problem, const char *name, struct slice json)
{
    struct buffer out = buffer_in(arena, problem->body.length + strlen(name) + json.length + 8);
    buffer_add(&out, problem->body.data, problem->body.length - 1);
    buffer_add_text(&out, ",\"");
    buffer_add_text(&out, name);
    buffer_add_text(&out, "\":");
    buffer_add_slice(&out, json);
    buffer_add_byte(&out, '}');
    problem->body = buffer_slice(&out);
}
