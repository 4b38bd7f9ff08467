#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "readout/contract.h"
#include "readout/embedded.h"
#include "readout/formats.h"
#include "readout/http.h"
#include "support/harness.h"
#include "support/inside.h"

/* Read on first use, once a process. */
static struct contract *contract;

const struct contract *test_contract(void)
{
    struct error error = {0};
    if (!contract)
        contract = contract_load(embedded_contract(), "openapi.yaml", &error);
    cr_assert(contract, "%s", error.message);
    return contract;
}

void witness_release(void)
{
    contract_free(contract);
    contract = NULL;
}

/* One write to a file opened for appending: lines of several processes stay whole. */
static void note(const struct operation *operation, int status)
{
    const char *name = getenv("READOUT_EXERCISED");
    if (!name || !*name)
        return;
    int file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    cr_assert(file >= 0, "cannot write %s", name);
    const char *line = at("%s %d\n", operation->id, status);
    cr_assert(write(file, line, strlen(line)) == (ssize_t)strlen(line));
    close(file);
}

/* What any request may meet, whatever it asks for: the contract tells these once, for all operations. */
static bool is_general(int status)
{
    return status == 401 || status == 403 || status == 408 || status == 414 || status == 429 || status == 431 || status == 503;
}

static bool declares(const struct operation *operation, int status)
{
    for (const int *declared = operation_statuses(operation); *declared; declared++) {
        if (*declared == status)
            return true;
    }
    return false;
}

static bool header_is(struct answer answer, const char *name, const char *value)
{
    const char *got = header_of(answer, name);
    return got && strcmp(got, value) == 0;
}

/* What every answer has, whatever was asked. */
static void check_headers(struct answer answer)
{
    expect_header(answer, "X-Content-Type-Options", "nosniff");
    if (!header_of(answer, "X-Request-Id"))
        fail_with(answer, HERE, "every answer has an X-Request-Id");
    if (answer.body.length && (answer.status == 204 || answer.status == 304))
        fail_with(answer, HERE, "a %d has no body", answer.status);
}

/* RFC 9457, and what we add to it. */
static void check_members(struct answer answer)
{
    static const char *const texts[] = {"type", "title", "detail", "instance", "code", "request_id"};
    expect_header(answer, "Content-Type", "application/problem+json");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!*text_at(answer, texts[i]))
            fail_with(answer, HERE, "the problem's %s is empty", texts[i]);
    }
    expect_int(answer, "status", answer.status);
    if (!header_of(answer, "Idempotent-Replayed")) /* else it is the first request's */
        expect_header(answer, "X-Request-Id", text_at(answer, "request_id"));
    const char *code = text_at(answer, "code"), *registered = problem_type(code);
    const char *ending = registered ? registered : at("/problems/%s", code);
    if (!slice_ends(slice_of(text_at(answer, "type")), ending))
        fail_with(answer, HERE, "the problem's type does not end in %s", ending);
}

static void check_body(struct answer answer, const struct operation *operation)
{
    struct arena arena = {0};
    struct faults faults = {.arena = &arena};
    struct slice type = slice_of(header_of(answer, "Content-Type"));
    if (!contract_check_reply(operation, answer.status, type, answer.body, &faults)) {
        const struct fault *first = &faults.items[0];
        fail_with(answer, HERE, "%s answered what the contract does not say (%zu faults): %s: %s", operation->id, faults.count,
                  faults.count ? first->where : "?", faults.count ? first->detail : "?");
    }
    arena_release(&arena);
}

static void check_declared(struct answer answer, const struct operation *operation)
{
    if (!declares(operation, answer.status))
        fail_with(answer, HERE, "%s does not declare the status %d", operation->id, answer.status);
    if (strcmp(answer.method, "HEAD") == 0)
        return;
    bool minimal = header_is(answer, "Preference-Applied", "return=minimal");
    bool partial = strstr(answer.path, "fields=") && answer.status == 200; /* a choice of the properties that must be there */
    if (!minimal && !partial)
        check_body(answer, operation);
    if (minimal && answer.body.length)
        fail_with(answer, HERE, "the smallest answer has a body");
    note(operation, answer.status);
}

/* "/v1/claims" of "/v1/claims.csv". */
static struct slice without_suffix(struct slice path)
{
    size_t dot = path.length;
    while (dot > 0 && path.data[dot - 1] != '.' && path.data[dot - 1] != '/')
        dot--;
    bool chosen = dot > 0 && path.data[dot - 1] == '.' &&
                  type_of_suffix((struct slice){path.data + dot, path.length - dot}) != NULL;
    return chosen ? (struct slice){path.data, dot - 1} : path;
}

void witness(struct answer answer)
{
    check_headers(answer);
    if (answer.status >= 400 && strcmp(answer.method, "HEAD") != 0)
        check_members(answer);
    struct slice query = slice_of(answer.path);
    struct slice path = slice_cut(&query, '?');
    struct route route = contract_match(test_contract(), slice_of(answer.method), without_suffix(path));
    if (!route.operation || strcmp(route.operation->method, "GET") != 0)
        route = contract_match(test_contract(), slice_of(answer.method), path);
    if (route.operation && strcmp(answer.method, "OPTIONS") != 0 && !is_general(answer.status))
        check_declared(answer, route.operation);
}
