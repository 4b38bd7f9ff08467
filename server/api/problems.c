/* What can go wrong, explained: to programs as JSON, to people as pages, which hold no script. */
#include <string.h>

#include "call.h"

/* ---- as JSON ---------------------------------------------------------------------------------------------- */

static struct slice type_of(const struct call *call, const struct problem *problem)
{
    return slice_of(arena_print(call->arena, "%.*s/problems/%s", SLICE_ARGS(call->request->origin), problem->code));
}

static void add_problem(const struct call *call, struct buffer *body, const struct problem *problem)
{
    buffer_add_text(body, "{\"type\":");
    buffer_add_json(body, type_of(call, problem));
    buffer_print(body, ",\"code\":\"%s\",\"status\":%d,\"title\":", problem->code, problem->status);
    buffer_add_json(body, slice_of(problem->title));
    buffer_add_text(body, ",\"meaning\":");
    buffer_add_json(body, slice_of(problem->meaning));
    buffer_add_byte(body, '}');
}

/* ---- as pages --------------------------------------------------------------------------------------------- */

static const char policy[] = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                             "frame-ancestors 'none'";

static struct buffer begin_page(const struct call *call, const char *title)
{
    struct buffer out = buffer_in(call->arena, 8192);
    buffer_add_text(&out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    buffer_add_html(&out, slice_of(title));
    buffer_add_text(&out, " · Readout</title>\n"
                          "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/web/0/icon.svg\">\n"
                          "<link rel=\"stylesheet\" href=\"/web/0/desk.css\">\n</head>\n<body>\n"
                          "<header class=\"bar\">\n<a class=\"brand\" href=\"/\">Readout</a>\n"
                          "<nav class=\"views\" aria-label=\"Views\">\n<a href=\"/\">Today</a>\n<a href=\"/docs\">API</a>\n"
                          "<a href=\"/problems\">Problems</a>\n</nav>\n</header>\n<main>\n<h1>");
    buffer_add_html(&out, slice_of(title));
    buffer_add_text(&out, "</h1>\n");
    return out;
}

static struct reply end_page(const struct call *call, struct buffer *out)
{
    buffer_add_text(out, "</main>\n</body>\n</html>\n");
    return page(call, buffer_slice(out), policy);
}

static void add_row(struct buffer *out, const struct problem *problem)
{
    buffer_print(out, "<tr><td>%d</td><td><a href=\"/problems/%s\"><code>%s</code></a></td><td>", problem->status, problem->code,
                 problem->code);
    buffer_add_html(out, slice_of(problem->title));
    buffer_add_text(out, "</td></tr>\n");
}

static struct reply page_of_all(const struct call *call)
{
    struct buffer out = begin_page(call, "What can go wrong");
    buffer_add_text(&out,
                    "<p>Every answer from 400 up is a problem: <code>application/problem+json</code> (RFC 9457). A program acts "
                    "on its <code>code</code>; its <code>type</code> is the address of the page that explains it.</p>\n"
                    "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Problems\">\n<table>\n"
                    "<thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Code</th><th scope=\"col\">Title</th></tr>"
                    "</thead>\n<tbody>\n");
    for (const struct problem *problem = problem_table(); problem->code; problem++)
        add_row(&out, problem);
    buffer_add_text(&out, "</tbody>\n</table>\n</div>\n");
    return end_page(call, &out);
}

/* As an answer has it, with what differs from one to the next left open. */
static void add_example(const struct call *call, struct buffer *out, const struct problem *problem)
{
    const char *registered = problem_type(problem->code);
    struct slice type = registered ? slice_of(registered) : type_of(call, problem);
    struct buffer json = buffer_in(call->arena, 512);
    buffer_add_text(&json, "{\n  \"type\": ");
    buffer_add_json(&json, type);
    buffer_add_text(&json, ",\n  \"title\": ");
    buffer_add_json(&json, slice_of(problem->title));
    buffer_print(&json,
                 ",\n  \"status\": %d,\n  \"detail\": \"…\",\n  \"instance\": \"/v1/…\",\n  \"code\": \"%s\",\n"
                 "  \"request_id\": \"01b3c9a87f52\"\n}",
                 problem->status, problem->code);
    buffer_add_text(out, "<h2>How it looks</h2>\n<div class=\"line\"><code>");
    buffer_add_html(out, buffer_slice(&json));
    buffer_add_text(out, "</code></div>\n<p class=\"soft\"><code>detail</code> says what it was this time, <code>errors</code>, "
                         "where there are any, each fault and its place. Whoever runs the server finds the request in its log by "
                         "<code>request_id</code>.</p>\n");
}

static struct reply page_of_one(const struct call *call, const struct problem *problem)
{
    struct buffer out = begin_page(call, problem->title);
    buffer_print(&out, "<p class=\"facts\"><span>Status %d</span> <span>Code <code>%s</code></span></p>\n", problem->status,
                 problem->code);
    buffer_add_text(&out, "<h2>What happened, and what to do</h2>\n<p>");
    buffer_add_html(&out, slice_of(problem->meaning));
    buffer_add_text(&out, "</p>\n");
    add_example(call, &out, problem);
    buffer_add_text(&out, "<h2>See also</h2>\n<ul>\n");
    for (const struct problem *other = problem_table(); other->code; other++) {
        if (other->status != problem->status || other == problem)
            continue;
        buffer_print(&out, "<li><a href=\"/problems/%s\">", other->code);
        buffer_add_html(&out, slice_of(other->title));
        buffer_add_text(&out, "</a></li>\n");
    }
    buffer_add_text(
        &out, "<li><a href=\"/problems\">Everything that can go wrong</a></li>\n<li><a href=\"/docs\">The API</a></li>\n</ul>\n");
    return end_page(call, &out);
}

/* ---- the operations --------------------------------------------------------------------------------------- */

static bool wants_page(const struct call *call)
{
    return strcmp(call->type, "text/html") == 0;
}

struct reply list_problems(struct call *call)
{
    if (wants_page(call))
        return page_of_all(call);
    struct buffer body = buffer_in(call->arena, 4096);
    buffer_add_text(&body, "{\"items\":[");
    for (const struct problem *problem = problem_table(); problem->code; problem++) {
        if (problem != problem_table())
            buffer_add_byte(&body, ',');
        add_problem(call, &body, problem);
    }
    buffer_add_text(&body, "]}");
    return reply_constant(call, reply_json(200, buffer_slice(&body)));
}

struct reply get_problem(struct call *call)
{
    struct slice code = call_text(call, "code");
    const struct problem *problem = problem_table();
    while (problem->code && !slice_is(code, problem->code))
        problem++;
    if (!problem->code)
        return reply_problem(call->request, "not-found", NULL, "there is no problem with this code; /problems lists them");
    if (wants_page(call))
        return page_of_one(call, problem);
    struct buffer body = buffer_in(call->arena, 512);
    add_problem(call, &body, problem);
    return reply_constant(call, reply_json(200, buffer_slice(&body)));
}
