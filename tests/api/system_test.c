#include <string.h>

#include "readout/contract.h"
#include "readout/http.h"
#include "support/harness.h"

TestSuite(system, .init = server_up, .fini = server_down);

Test(system, the_root_leads_everywhere)
{
    struct answer root = get("/");
    expect_status(root, 200);
    const char *name;
    json_t *url;
    json_object_foreach (value_at(root, "links"), name, url) {
        if (strcmp(name, "search") == 0 || strcmp(name, "suggest") == 0) /* which want to know what for */
            expect_fault(go_to(root, at("links.%s", name)), "q", "required");
        else if (strcmp(name, "mcp") == 0) /* which is told */
            expect_status(go_to(root, "links.mcp"), 405);
        else if (strcmp(name, "events") != 0) /* which never ends */
            expect_status(go_to(root, at("links.%s", name)), 200);
    }
    static const char *const names[] = {"claims",         "search",  "suggest", "timeline", "stats",
                                        "stats_timeline", "changes", "events",  "docs",     "llms"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_expect(value_at(root, at("links.%s", names[i])), "no link to %s", names[i]);
}

Test(system, every_answer_links_to_its_description)
{
    static const char *const paths[] = {"/", "/v1/topics", "/v1/topics/1", "/nowhere", "/livez"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct answer answer = get("%s", paths[i]);
        expect_header_has(answer, "Link", "rel=\"service-desc\"");
        expect_header_has(answer, "Link", "rel=\"service-doc\"");
        expect_header_has(answer, "Link", "rel=\"status\"");
    }
}

Test(system, the_contract_is_served_as_it_is)
{
    struct answer yaml = get("/openapi.yaml");
    expect_status(yaml, 200);
    cr_assert(slice_equal(yaml.body, contract_yaml(test_contract())));
    struct answer json = get("/openapi.json");
    expect_text(json, "openapi", "3.1.0");
    expect_text(json, "paths./v1/claims.get.operationId", "listClaims");
}

Test(system, the_docs_are_a_page_of_their_own)
{
    struct answer docs = get("/docs");
    expect_status(docs, 200);
    expect_header_has(docs, "Content-Type", "text/html");
    expect_body_has(docs, "<html");
    expect_header_has(docs, "Content-Security-Policy", "default-src");
    cr_assert_null(memmem(docs.body.data, docs.body.length, "src=\"http", 9), "the page loads from elsewhere");
    cr_assert_null(strstr(header_of(docs, "Content-Security-Policy"), "unsafe"));
}

Test(system, the_catalogue_and_the_guide_are_there)
{
    struct answer catalogue = get("/.well-known/api-catalog");
    expect_header_has(catalogue, "Content-Type", "application/linkset+json");
    cr_assert_geq(count_at(catalogue, "linkset"), 1);
    struct answer guide = get("/llms.txt");
    expect_header_has(guide, "Content-Type", "text/plain");
    expect_body_has(guide, "/v1/claims");
}

Test(system, health_is_told_and_not_kept)
{
    struct answer live = get("/livez"), ready = get("/readyz");
    expect_text(live, "status", "ok");
    expect_header_has(live, "Cache-Control", "no-store");
    expect_text(ready, "status", "ok");
    expect_header_has(ready, "Cache-Control", "no-store");
    json_t *check;
    size_t index;
    json_array_foreach (value_at(ready, "checks"), index, check) {
        expect_text(ready, at("checks.%zu.status", index), "ok");
    }
    cr_assert_geq(index, 2);
}

Test(system, metrics_count_by_route_and_not_by_path)
{
    get("/v1/topics/1");
    get("/v1/topics/999999");
    struct answer metrics = get("/metrics");
    expect_header_has(metrics, "Content-Type", "text/plain; version=0.0.4");
    expect_body_has(metrics, "# TYPE http_requests_total counter");
    expect_body_has(metrics, "route=\"/v1/topics/{id}\"");
    expect_body_has(metrics, "status=\"404\"");
    expect_body_has(metrics, "http_request_duration_seconds_bucket");
    cr_assert_null(memmem(metrics.body.data, metrics.body.length, "999999", 6));
}

Test(system, metrics_come_as_openmetrics_when_asked)
{
    with("Accept: application/openmetrics-text");
    struct answer metrics = get("/metrics");
    expect_status(metrics, 200);
    expect_header_has(metrics, "Content-Type", "application/openmetrics-text");
    cr_assert(slice_ends(metrics.body, "# EOF\n"));
}

Test(system, every_problem_explains_itself)
{
    struct answer list = get("/problems");
    size_t count = 0;
    for (const struct problem *problem = problem_table(); problem->code; problem++, count++)
        expect_text(get("/problems/%s", problem->code), "code", problem->code);
    expect_count(list, "items", count);
    struct answer problem = get("/v1/topics?nonsense=1");
    expect_text(go_to(problem, "type"), "code", text_at(problem, "code"));
}

Test(system, a_browser_gets_each_problem_as_a_page_without_a_script)
{
    for (const struct problem *problem = problem_table(); problem->code; problem++) {
        with("Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        struct answer page = get("/problems/%s", problem->code);
        expect_header(page, "Content-Type", "text/html; charset=utf-8");
        expect_header_has(page, "Content-Security-Policy", "default-src 'none'; style-src 'self'");
        expect_body_has(page, "<h2>What happened, and what to do</h2>");
        expect_body_has(page, at("&quot;code&quot;: &quot;%s&quot;", problem->code));
        cr_expect_null(memmem(page.body.data, page.body.length, "<script", 7));
        cr_expect_null(memmem(page.body.data, page.body.length, "/web/0/", 7), "a file is named without its version");
    }
    with("Accept: text/html");
    struct answer list = get("/problems");
    for (const struct problem *problem = problem_table(); problem->code; problem++)
        expect_body_has(list, at("href=\"/problems/%s\"", problem->code));
    with("Accept: text/html");
    expect_problem(get("/problems/nonsense"), 404, "not-found");
    expect_header_has(get("/problems"), "Content-Type", "application/json");
}
