/* A sweep made from the contract: every operation is brought to every status below 500 that it declares, by the same few
 * means. */
#include <stdio.h>
#include <string.h>

#include "readout/contract.h"
#include "support/harness.h"
#include "support/scene.h"

enum { BODY_LIMIT = 3000 };

static struct scene scene;

static void set_up(void)
{
    server_start("--max-body", at("%d", BODY_LIMIT));
    scene = scene_set();
    specimen_article();
}

TestSuite(sweep, .init = set_up, .fini = server_down);

/* One request in the making. */
struct attempt {
    const struct operation *operation;
    const struct specimen *kind; /* NULL: of no kind */
    int status;                  /* wanted */
    long long id, other;         /* a fresh resource, where the path has an id; another, for merging */
    const char *path, *type;
    struct slice body;
};

static bool path_ends(const struct attempt *attempt, const char *suffix)
{
    return slice_ends(slice_of(attempt->operation->path), suffix);
}

static bool method_is(const struct attempt *attempt, const char *method)
{
    return strcmp(attempt->operation->method, method) == 0;
}

static bool creates(const struct attempt *attempt)
{
    return attempt->kind && strcmp(attempt->operation->path, attempt->kind->path) == 0 && method_is(attempt, "POST");
}

/* The template with `value` in the place of its parameter; a second one is a file, or a number. */
static const char *filled(const char *path, const char *value)
{
    const char *open = strchr(path, '{');
    if (!open)
        return path;
    const char *rest = strchr(open, '}') + 1;
    return at("%.*s%s%s", (int)(open - path), path, value, filled(rest, strstr(rest, "{file}") ? "desk.css" : "1"));
}

/* ---- what makes it well -------------------------------------------------------------------------------------------------- */

/* Gives the claim two reports; the first of them. */
static long long report_of_two(const struct attempt *attempt)
{
    const char *path = at("%s/%lld", attempt->kind->path, attempt->id);
    if (get("%s", path).status == 200 && int_at(get("%s", path), "report_count") == 0)
        expect_status(patch(path,
                            "{'reports': [{'article_id': %lld, 'kind': 'indirect', 'content': [{'start': 0, 'end': 3}]},"
                            " {'article_id': %lld, 'kind': 'indirect', 'content': [{'start': 4, 'end': 9}]}]}",
                            scene.article, scene.article),
                      200);
    return int_at(get("%s/reports", path), "items.0.id");
}

/* With more members, where it makes or changes a resource. */
static const char *usual_body(const struct attempt *attempt, const char *members)
{
    if (path_ends(attempt, "/mcp"))
        return "{'jsonrpc': '2.0', 'id': 1, 'method': 'ping'}";
    if (!attempt->kind)
        return at("{'%s': 'Nothing was agreed on Monday.'%s}", path_ends(attempt, "/verify") ? "quote" : "text", members);
    if (path_ends(attempt, "/merge"))
        return at("{'from_ids': [%lld]}", attempt->other);
    if (path_ends(attempt, "/split"))
        return at("{'report_ids': [%lld]}", report_of_two(attempt));
    if (method_is(attempt, "PATCH"))
        return specimen_change(attempt->kind, members);
    if (method_is(attempt, "PUT"))
        return specimen_replacement(attempt->kind, attempt->id, members);
    return specimen_body(attempt->kind, members);
}

static const char *usual_value(const struct attempt *attempt)
{
    if (strncmp(attempt->operation->path, "/v1/reports/", 12) == 0)
        return at("%lld", scene.report);
    if (strncmp(attempt->operation->path, "/v1/mentions/", 13) == 0)
        return at("%lld", scene.mention);
    if (strncmp(attempt->operation->path, "/desk/", 6) == 0)
        return "claims";
    if (strncmp(attempt->operation->path, "/web/", 5) == 0)
        return "0";
    return attempt->kind ? at("%lld", attempt->id) : "not-found";
}

/* The path with more behind it, in its query. */
static const char *asking(const char *path, const char *more)
{
    return at("%s%c%s", path, strchr(path, '?') ? '&' : '?', more);
}

/* A fresh resource and a request to it that would go well. */
static struct attempt prepare(const struct operation *operation, int status)
{
    struct attempt attempt = {.operation = operation, .kind = specimen_of(operation->path), .status = status};
    if (attempt.kind && strchr(operation->path, '{'))
        attempt.id = specimen_make(attempt.kind);
    if (attempt.kind && attempt.kind->merges && attempt.id)
        attempt.other = specimen_make(attempt.kind);
    if (path_ends(&attempt, "/unmerge") && status != 409)
        expect_status(post(at("%s/%lld/merge", attempt.kind->path, attempt.other), "{'from_ids': [%lld]}", attempt.id), 200);
    attempt.path = filled(operation->path, usual_value(&attempt));
    for (size_t i = 0; i < operation->parameter_count; i++) {
        const struct parameter *parameter = &operation->parameters[i];
        if (parameter->required && !parameter->in_path)
            attempt.path = asking(attempt.path, at("%s=talks", parameter->name));
    }
    if (operation->body_count) {
        attempt.type = operation->bodies[0].type;
        attempt.body = json_of(usual_body(&attempt, ""));
    }
    return attempt;
}

/* ---- what makes it otherwise --------------------------------------------------------------------------------------------- */

static void not_modified(struct attempt *attempt)
{
    with("If-None-Match: %s", header_of(get("%s", attempt->path), "ETag"));
}

static void bad_request(struct attempt *attempt)
{
    attempt->path = attempt->operation->any_query ? filled(attempt->operation->path, "nonsense")
                                                  : asking(attempt->path, "nonsense=1");
}

static void not_found(struct attempt *attempt)
{
    if (strstr(attempt->operation->path, "{file}")) {
        attempt->path = "/web/0/nonsense";
        return;
    }
    attempt->path = filled(attempt->operation->path,
                           attempt->kind || !strstr(attempt->operation->path, "{code}") ? "9007199254740991" : "nonsense");
}

static void not_acceptable(struct attempt *attempt)
{
    (void)attempt;
    with("Accept: application/x-nothing");
}

static void gone(struct attempt *attempt)
{
    expect_status(erase("%s/%lld", attempt->kind->path, attempt->id), 204);
}

static void precondition_failed(struct attempt *attempt)
{
    (void)attempt;
    with("If-Match: \"x0-0\"");
}

static void too_large(struct attempt *attempt)
{
    attempt->body = json_of(at("{'external_id': '%*s'}", BODY_LIMIT, ""));
}

static void unsupported(struct attempt *attempt)
{
    attempt->type = "text/csv";
}

/* A wrong body; without one, a key that came with another request. */
static void unprocessable(struct attempt *attempt)
{
    if (attempt->operation->body_count) {
        attempt->body = json_of("{'nonsense': 1}");
        return;
    }
    with("Idempotency-Key: used");
    ask(attempt->operation->method, asking(attempt->path, "dry_run=false"), NULL, NO_SLICE);
    with("Idempotency-Key: used");
}

/* A key that is taken; for merging, splitting, deleting and taking apart: a record that is merged, or is not. */
static void conflict(struct attempt *attempt)
{
    const char *path = attempt->kind->path;
    if (path_ends(attempt, "/unmerge"))
        return;
    if (path_ends(attempt, "/merge") || path_ends(attempt, "/split") || method_is(attempt, "DELETE")) {
        long long third = specimen_make(attempt->kind);
        expect_status(post(at("%s/%lld/merge", path, third), "{'from_ids': [%lld]}", attempt->id), 200);
        return;
    }
    static int taken;
    const char *members = at(", 'external_id': 'taken-%d'", ++taken);
    make(path, "%s", specimen_body(attempt->kind, members));
    attempt->body = json_of(usual_body(attempt, members));
}

static void notify(struct attempt *attempt)
{
    attempt->body = json_of("{'jsonrpc': '2.0', 'method': 'notifications/initialized'}");
}

static void several(struct attempt *attempt)
{
    attempt->path = at("%s?on_error=continue", attempt->path);
    attempt->body = json_of(at("[%s, {'nonsense': 1}]", attempt->body.data));
}

/* A POST that answers 200, or 204, replaces what its external_id names. */
static void upsert(struct attempt *attempt)
{
    if (!creates(attempt))
        return;
    attempt->path = at("%s?upsert=true", attempt->path);
    static int known;
    attempt->body = json_of(specimen_body(attempt->kind, at(", 'external_id': 'known-%d'", ++known)));
    ask("POST", attempt->path, attempt->type, attempt->body);
}

static void minimal(struct attempt *attempt)
{
    upsert(attempt);
    if (!method_is(attempt, "DELETE"))
        with("Prefer: return=minimal");
}

static const struct {
    int status;
    void (*provoke)(struct attempt *attempt);
} means[] = {
    {200, upsert},      {201, NULL},        {202, notify},         {204, minimal},  {207, several}, {304, not_modified},
    {400, bad_request}, {404, not_found},   {406, not_acceptable}, {409, conflict}, {410, gone},    {412, precondition_failed},
    {413, too_large},   {415, unsupported}, {422, unprocessable},
};

static void try(const struct operation *operation, int status)
{
    struct attempt attempt = prepare(operation, status);
    size_t i = 0;
    while (i < sizeof(means) / sizeof(means[0]) && means[i].status != status)
        i++;
    cr_assert_lt(i, sizeof(means) / sizeof(means[0]), "%s declares %d, which nothing here provokes", operation->id, status);
    if (means[i].provoke)
        means[i].provoke(&attempt);
    struct answer answer = ask(operation->method, attempt.path, attempt.type, attempt.body);
    if (answer.status != status)
        fail_with(answer, HERE, "%s was to answer %d, and answered %d", operation->id, status, answer.status);
}

/* What never ends is heard in events_test.c. */
static bool ends(const struct operation *operation, int status)
{
    return status != 200 || !operation->reply_types[0] || strcmp(operation->reply_types[0], "text/event-stream") != 0;
}

static void try_all(const char *method)
{
    const struct contract *contract = test_contract();
    for (size_t i = 0; i < contract_count(contract); i++) {
        const struct operation *operation = contract_operation(contract, i);
        if (strcmp(operation->method, method) != 0)
            continue;
        for (const int *status = operation_statuses(operation); *status && *status < 500; status++) {
            if (ends(operation, *status))
                try(operation, *status);
        }
    }
}

/* ---- the sweep ---------------------------------------------------------------------------------------------------------- */

Test(sweep, every_get_answers_all_it_declares)
{
    try_all("GET");
}

Test(sweep, every_post_answers_all_it_declares)
{
    try_all("POST");
}

Test(sweep, every_put_answers_all_it_declares)
{
    try_all("PUT");
}

Test(sweep, every_patch_answers_all_it_declares)
{
    try_all("PATCH");
}

Test(sweep, every_delete_answers_all_it_declares)
{
    try_all("DELETE");
}

Test(sweep, every_path_refuses_the_methods_it_lacks)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    const struct contract *contract = test_contract();
    for (size_t i = 0; i < contract_count(contract); i++) {
        const char *path = filled(contract_operation(contract, i)->path, "1");
        for (size_t m = 0; m < sizeof(methods) / sizeof(methods[0]); m++) {
            struct route route = contract_match(contract, slice_of(methods[m]), slice_of(path));
            if (route.operation)
                continue;
            struct answer answer = ask(methods[m], path, NULL, NO_SLICE);
            expect_problem(answer, 405, "method-not-allowed");
            expect_header(answer, "Allow", route.methods);
        }
        expect_header(options("%s", path), "Allow", contract_match(contract, SLICE("OPTIONS"), slice_of(path)).methods);
    }
}

/* Names take any text. */
static bool is_free_text(const char *parameter)
{
    static const char *const names[] = {"name", "city", "city__ne", "speaker", "q"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(parameter, names[i]) == 0)
            return true;
    }
    return false;
}

Test(sweep, every_parameter_refuses_what_it_cannot_take)
{
    const struct contract *contract = test_contract();
    for (size_t i = 0; i < contract_count(contract); i++) {
        const struct operation *operation = contract_operation(contract, i);
        struct attempt attempt = prepare(operation, 400);
        for (size_t p = 0; p < operation->parameter_count; p++) {
            const struct parameter *parameter = &operation->parameters[p];
            if (parameter->in_path || is_free_text(parameter->name) || strcmp(parameter->name, "token") == 0)
                continue;
            const char *path = asking(attempt.path, at("%s=%%01%%20%%2F%%27%%3B--", parameter->name));
            struct answer answer = ask(operation->method, path, attempt.type, attempt.body);
            expect_problem(answer, 400, "invalid-parameter");
            expect_fault(answer, parameter->name, NULL);
        }
    }
}

Test(sweep, every_filter_takes_sql_as_mere_text)
{
    static const char *const queries[] = {"/v1/actors?name=", "/v1/meetings?city="};
    static const char *const words[] = {
        "'%20OR%201=1--", "%22%3B%20DROP%20TABLE%20actor%3B--", "%25", "_%25", "%5C", "x%27%29%20UNION%20SELECT%201--"};
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
            expect_count(get("%s%s", queries[i], words[w]), "items", 0);
    }
}
