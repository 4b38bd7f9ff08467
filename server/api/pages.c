/* The pages for people, and what they load. All of them are the same for everybody: what they show they ask the interface for.
 *
 * A page names what it loads by the version of all files together (`/web/4f0c…/desk.css`), so browsers keep those for good. */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "readout/digest.h"
#include "readout/embedded.h"

/* In the pages, before the name of a file: where the version goes. */
static const char placeholder[] = "/web/0/";

/* Only what comes from here, and no string becomes markup or a script (Trusted Types). */
static const char desk_policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                                  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
                                  "require-trusted-types-for 'script'; trusted-types 'none'";

/* swagger-ui makes markup of the contract's prose, and has its pictures in its style sheet. */
static const char docs_policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                                  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

struct web {
    uint64_t digest;            /* of all files together */
    char version[17];           /* the same in hexadecimal */
    struct coded_bodies gzip[]; /* in the order of embedded_web() */
};

struct web *web_open(void)
{
    size_t count = 0;
    while (embedded_web()[count].name)
        count++;
    struct web *web = calloc(1, sizeof *web + count * sizeof web->gzip[0]);
    if (!web)
        die("out of memory");
    for (size_t i = 0; i < count; i++) {
        web->gzip[i] = coded_gzip(embedded_web()[i].gzip);
        web->digest = digest_quick(web->digest, embedded_web()[i].gzip);
    }
    snprintf(web->version, sizeof web->version, "%016llx", (unsigned long long)web->digest);
    return web;
}

void web_close(struct web *web)
{
    free(web);
}

uint64_t web_digest(const struct web *web)
{
    return web->digest;
}

static const struct embedded_file *find(struct slice name)
{
    const struct embedded_file *file = embedded_web();
    while (file->name && !slice_is(name, file->name))
        file++;
    return file->name ? file : NULL;
}

/* ---- pages ------------------------------------------------------------------------------------------------ */

static struct slice with_version(const struct call *call, struct slice text)
{
    struct buffer out = buffer_in(call->arena, text.length + 1024);
    const char *at;
    while ((at = memmem(text.data, text.length, placeholder, strlen(placeholder))) != NULL) {
        size_t before = (size_t)(at - text.data), skipped = before + strlen(placeholder);
        buffer_add(&out, text.data, before);
        buffer_print(&out, "/web/%s/", call->app->web->version);
        text = (struct slice){text.data + skipped, text.length - skipped};
    }
    buffer_add_slice(&out, text);
    return buffer_slice(&out);
}

struct reply page(const struct call *call, struct slice text, const char *policy)
{
    struct reply reply = reply_text(200, "text/html; charset=utf-8", with_version(call, text));
    reply_header(&reply, "Content-Security-Policy", slice_of(policy));
    return reply_constant(call, reply);
}

struct reply get_desk(struct call *call)
{
    return page(call, find(SLICE("desk.html"))->text, desk_policy);
}

struct reply get_docs(struct call *call)
{
    return page(call, find(SLICE("docs.html"))->text, docs_policy);
}

/* ---- what they load --------------------------------------------------------------------------------------- */

static const char *type_of_file(const char *name)
{
    static const char *const types[][2] = {{".css", "text/css; charset=utf-8"},
                                           {".html", "text/html; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".svg", "image/svg+xml"}};
    size_t i = 0;
    while (!slice_ends(slice_of(name), types[i][0]))
        i++;
    return types[i][1];
}

struct reply get_web_file(struct call *call)
{
    const struct embedded_file *file = find(call_text(call, "file"));
    struct web *web = call->app->web;
    if (!file || slice_ends(slice_of(file->name), ".html"))
        return reply_problem(call->request, "not-found", NULL, "there is no such file; the pages that load them are / and /docs");
    struct reply reply = reply_text(200, type_of_file(file->name), file->text);
    reply.coded = &web->gzip[file - embedded_web()];
    if (slice_is(call_text(call, "version"), web->version))
        reply.cache = "public, max-age=31536000, immutable";
    return reply_constant(call, reply);
}
