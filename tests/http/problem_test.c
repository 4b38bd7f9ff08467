#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "readout/http.h"

static struct arena arena;

static void release(void)
{
    arena_release(&arena);
}

TestSuite(problem, .fini = release);

static struct request request_for(const char *target)
{
    static struct header host = {{"Host", 4}, {"news.example", 12}};
    struct request request = {.arena = &arena, .target = slice_of(target), .headers = &host, .header_count = 1};
    request_prepare(&request, NO_SLICE);
    return request;
}

static json_t *parse(const struct reply *reply)
{
    json_error_t error;
    json_t *json = json_loadb(reply->body.data, reply->body.length, JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(json, "%s in %.*s", error.text, SLICE_ARGS(reply->body));
    return json;
}

static void member_is(json_t *json, const char *name, const char *expected)
{
    const char *found = json_string_value(json_object_get(json, name));
    cr_assert_not_null(found, "no %s", name);
    cr_assert_str_eq(found, expected, "%s", name);
}

Test(problem, has_all_members)
{
    struct request request = request_for("/v1/claims/17?x=1");
    struct reply reply = reply_problem(&request, "not-found", NULL, "there is no claim %d", 17);
    cr_assert_eq(reply.status, 404);
    cr_assert_str_eq(reply.problem, "not-found");
    cr_assert(slice_is(reply.type, "application/problem+json"));
    json_t *json = parse(&reply);
    member_is(json, "type", "http://news.example/problems/not-found");
    member_is(json, "title", "There is nothing here");
    member_is(json, "detail", "there is no claim 17");
    member_is(json, "instance", "/v1/claims/17");
    member_is(json, "code", "not-found");
    cr_assert(slice_is(request.id, json_string_value(json_object_get(json, "request_id"))));
    cr_assert_eq(json_integer_value(json_object_get(json, "status")), 404);
    cr_assert_null(json_object_get(json, "errors"));
    json_decref(json);
}

Test(problem, lists_its_faults)
{
    struct request request = request_for("/v1/claims");
    struct faults faults = {.arena = &arena};
    fault_add(&faults, FAULT_POINTER, "#/speaker_id", "reference", "there is no actor \"x\"");
    fault_add(&faults, FAULT_PARAMETER, "limt", "unknown", "did you mean limit?");
    fault_add(&faults, FAULT_HEADER, "If-Match", "format", "an entity tag stands in quotation marks");
    struct reply reply = reply_problem(&request, "invalid-body", &faults, "%s", "3 faults");
    json_t *json = parse(&reply);
    json_t *errors = json_object_get(json, "errors");
    cr_assert_eq(json_array_size(errors), 3);
    member_is(json_array_get(errors, 0), "pointer", "#/speaker_id");
    member_is(json_array_get(errors, 0), "detail", "there is no actor \"x\"");
    member_is(json_array_get(errors, 1), "parameter", "limt");
    member_is(json_array_get(errors, 1), "code", "unknown");
    member_is(json_array_get(errors, 2), "header", "If-Match");
    json_decref(json);
}

Test(problem, has_no_errors_without_faults)
{
    struct request request = request_for("/");
    struct faults faults = {.arena = &arena};
    struct reply reply = reply_problem(&request, "internal", &faults, "it broke");
    json_t *json = parse(&reply);
    cr_assert_null(json_object_get(json, "errors"));
    json_decref(json);
}

Test(problem, keeps_at_most_as_many_faults_as_there_is_room)
{
    struct request request = request_for("/");
    struct faults faults = {.arena = &arena};
    for (int i = 0; i < FAULTS_MAX + 10; i++) {
        fault_add(&faults, FAULT_POINTER, "#", "type", "fault %d", i);
    }
    struct reply reply = reply_problem(&request, "invalid-body", &faults, "many");
    json_t *json = parse(&reply);
    cr_assert_eq(json_array_size(json_object_get(json, "errors")), FAULTS_MAX);
    json_decref(json);
}

Test(problem, is_utf8_whatever_the_target_holds)
{
    struct request request = request_for("/\xff\"<b>\x01 M\xc3\xbcller");
    struct reply reply = reply_problem(&request, "bad-request", NULL, "no");
    json_t *json = parse(&reply);
    member_is(json, "instance", "/%FF\"<b>%01%20M%C3%BCller");
    json_decref(json);
}

Test(problem, cuts_a_long_detail_between_characters)
{
    char text[2001];
    for (size_t i = 0; i < 2000; i += 2) {
        memcpy(text + i, "\xc3\xbc", 2);
    }
    text[2000] = '\0';
    struct request request = request_for("/");
    struct reply reply = reply_problem(&request, "bad-request", NULL, "%s", text);
    json_t *json = parse(&reply);
    size_t length = json_string_length(json_object_get(json, "detail"));
    cr_assert(length > 1000 && length % 2 == 0, "%zu bytes", length);
    json_decref(json);
}

Test(problem, table_is_whole)
{
    size_t count = 0;
    for (const struct problem *problem = problem_table(); problem->code != NULL; problem++, count++) {
        cr_assert(problem->status >= 400 && problem->status < 600, "%s", problem->code);
        cr_assert_eq(strspn(problem->code, "abcdefghijklmnopqrstuvwxyz-"), strlen(problem->code), "%s", problem->code);
        cr_assert(strlen(problem->title) > 10 && strlen(problem->meaning) > 40, "%s", problem->code);
        for (const struct problem *other = problem_table(); other != problem; other++) {
            cr_assert_str_neq(other->code, problem->code);
        }
    }
    cr_assert_eq(count, 25);
}
