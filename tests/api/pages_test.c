/* The pages as the server gives them; what they show is tried in a browser (tests/web). */
#include <string.h>

#include "readout/embedded.h"
#include "support/harness.h"

TestSuite(pages, .init = server_up, .fini = server_down);

static const char browser[] = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";

static const struct embedded_file *file_named(const char *name)
{
    const struct embedded_file *file = embedded_web();
    while (strcmp(file->name, name) != 0)
        file++;
    return file;
}

/* "/web/4f0c…/desk.css", as the page names it. */
static const char *path_of_styles(void)
{
    with(browser);
    struct answer page = get("/");
    const char *end = memmem(page.body.data, page.body.length, "desk.css", 8);
    cr_assert(end);
    const char *start = end;
    while (*start != '"')
        start--;
    return at("%.*s", (int)(end + 8 - start - 1), start + 1);
}

Test(pages, a_browser_gets_the_desk_and_a_script_the_links)
{
    with(browser);
    struct answer page = get("/");
    expect_header_has(page, "Content-Type", "text/html");
    expect_header_has(page, "Content-Security-Policy", "require-trusted-types-for 'script'");
    expect_body_has(page, "<noscript>");
    expect_header_has(get("/"), "Content-Type", "application/json");
}

Test(pages, every_view_has_an_address_that_takes_any_question)
{
    static const char *const views[] = {"claims",    "articles",      "actors", "meetings",
                                        "positions", "discrepancies", "search", "volume"};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        expect_status(get("/desk/%s?topic=missiles&said_on__gte=2022-01-08&whatever=1", views[i]), 200);
        expect_status(get("/desk/%s/1", views[i]), 200);
    }
    expect_fault(get("/desk/nonsense"), "view", "enum");
    expect_fault(get("/desk/claims/one"), "id", "type");
    expect_fault(get("/desk/claims?a=%%zz"), "", "malformed");
}

Test(pages, what_a_page_loads_is_kept_by_browsers_for_good_under_its_version)
{
    struct answer styles = get("%s", path_of_styles());
    expect_status(styles, 200);
    expect_header(styles, "Content-Type", "text/css; charset=utf-8");
    expect_header(styles, "Cache-Control", "public, max-age=31536000, immutable");
    cr_assert(slice_equal(styles.body, file_named("desk.css")->text));
    expect_header(get("/web/0/desk.css"), "Cache-Control", "no-cache");
}

Test(pages, who_takes_gzip_gets_what_the_build_compressed)
{
    with("Accept-Encoding: zstd, gzip");
    struct answer bundle = get("/web/0/swagger-ui-bundle.js");
    expect_header(bundle, "Content-Encoding", "gzip");
    expect_header(bundle, "Content-Length", at("%zu", file_named("swagger-ui-bundle.js")->gzip.length));
    expect_header_has(bundle, "Content-Type", "text/javascript");
}

Test(pages, no_file_is_there_that_was_not_built_in)
{
    expect_problem(get("/web/0/desk.html"), 404, "not-found");
    expect_problem(get("/web/0/nonsense.js"), 404, "not-found");
    expect_problem(get("/web/0/..%%2f..%%2fopenapi.yaml"), 404, "not-found");
    expect_fault(get("/web/x/desk.css"), "version", "pattern");
}
