/* Many at once: a JSON list, or NDJSON. */
#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

static void set_up(void)
{
    server_up();
    specimen_article();
}

TestSuite(bulk, .init = set_up, .fini = server_down);

/* Bodies joined into a list or into lines. */
static struct slice joined(const char *const *bodies, size_t count, bool lines)
{
    const char *text = lines ? "" : "[";
    for (size_t i = 0; i < count; i++)
        text = at("%s%s%s", text, bodies[i], lines ? "\n" : i + 1 < count ? "," : "]");
    return json_of(text);
}

static struct answer post_all(const char *path, const char *const *bodies, size_t count, bool lines)
{
    return ask("POST", path, lines ? "application/x-ndjson" : "application/json", joined(bodies, count, lines));
}

static const char *const good[] = {"{'slug': 'one', 'name': '1', 'external_id': 'one'}", "{'slug': 'two', 'name': '2'}",
                                   "{'slug': 'three', 'name': '3'}"};
/* The third breaks its schema, the fourth takes the first one's slug. */
static const char *const mixed[] = {"{'slug': 'one', 'name': '1'}", "{'slug': 'two', 'name': '2'}", "{'slug': 'three'}",
                                    "{'slug': 'one', 'name': '4'}", "{'slug': 'five', 'name': '5'}"};

static long long topics(void)
{
    return int_at(get("/v1/topics?count=exact&limit=1"), "total");
}

Test(bulk, a_list_of_every_kind_is_kept)
{
    for (EACH_SPECIMEN(kind)) {
        for (int lines = 0; lines < 2; lines++) {
            const char *bodies[] = {specimen_body(kind, ""), specimen_body(kind, ""), specimen_body(kind, "")};
            struct answer made = post_all(kind->path, bodies, 3, lines);
            expect_status(made, 201);
            expect_each(made, "items", "index", "[0, 1, 2]");
            expect_each(made, "items", "status", "[201, 201, 201]");
            expect_int(made, "created", 3);
            expect_int(made, "updated", 0);
            expect_int(made, "failed", 0);
            for (int i = 0; i < 3; i++)
                expect_status(get("%s/%lld", kind->path, int_at(made, at("items.%d.id", i))), 200);
        }
    }
}

Test(bulk, items_may_name_those_before_them)
{
    struct answer made = post("/v1/actors", "[{'name': 'Freedonia', 'kind': 'state', 'external_id': 'freedonia'},"
                                            " {'name': 'Baker', 'kind': 'person', 'affiliation_id': 'freedonia'}]");
    expect_status(made, 201);
    expect_int(get("/v1/actors/%lld", int_at(made, "items.1.id")), "affiliation_id", int_at(made, "items.0.id"));
}

Test(bulk, one_bad_item_keeps_all_out_and_is_named)
{
    for (int lines = 0; lines < 2; lines++) {
        long long before = topics();
        struct answer refused = post_all("/v1/topics", mixed, 3, lines);
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, "#/2/name", "required");
        cr_assert_eq(topics(), before);
    }
}

Test(bulk, one_taken_key_keeps_all_out)
{
    const char *const bodies[] = {mixed[0], mixed[1], mixed[4], mixed[3]};
    long long before = topics();
    struct answer refused = post_all("/v1/topics", bodies, 4, true);
    expect_problem(refused, 409, "conflict");
    expect_body_has(refused, "3");
    cr_assert_eq(topics(), before);
}

Test(bulk, the_good_ones_are_kept_when_the_bad_may_fail)
{
    for (int lines = 0; lines < 2; lines++) {
        struct answer answer = post_all("/v1/topics?on_error=continue", mixed, 5, lines);
        expect_status(answer, 207);
        if (lines == 0)
            expect_each(answer, "items", "status", "[201, 201, 422, 409, 201]");
        else
            expect_each(answer, "items", "status", "[409, 409, 422, 409, 409]");
        expect_int(answer, "created", lines ? 0 : 3);
        expect_int(answer, "failed", lines ? 5 : 2);
        expect_text(answer, "items.2.problem.code", "invalid-body");
        expect_text(answer, "items.3.problem.code", "conflict");
        expect_absent(answer, "items.2.id");
    }
    expect_count(get("/v1/topics?slug=five"), "items", 1);
}

Test(bulk, a_line_that_is_not_json_is_named)
{
    long long before = topics();
    struct slice body = SLICE("{\"slug\": \"one\", \"name\": \"1\"}\n{\"slug\": \n");
    struct answer refused = ask("POST", "/v1/topics", "application/x-ndjson", body);
    expect_problem(refused, 400, "invalid-json");
    cr_assert_eq(topics(), before);
}

Test(bulk, empty_lines_and_line_ends_do_not_count)
{
    struct slice body = SLICE("\n{\"slug\": \"one\", \"name\": \"1\"}\r\n\r\n{\"slug\": \"two\", \"name\": \"2\"}");
    expect_int(ask("POST", "/v1/topics", "application/x-ndjson", body), "created", 2);
}

Test(bulk, known_ones_are_replaced_by_an_upsert)
{
    struct answer first = post_all("/v1/topics?upsert=true", good, 3, false);
    expect_status(first, 201);
    struct answer second = post("/v1/topics?upsert=true", "[{'slug': 'one', 'name': 'I', 'external_id': 'one'},"
                                                          " {'slug': 'four', 'name': '4'}]");
    expect_status(second, 201);
    expect_each(second, "items", "status", "[200, 201]");
    expect_int(second, "items.0.id", int_at(first, "items.0.id"));
    expect_int(second, "created", 1);
    expect_int(second, "updated", 1);
    expect_text(get("/v1/topics?slug=one"), "items.0.name", "I");
}

Test(bulk, an_upsert_twice_leaves_one_version)
{
    post_all("/v1/topics?upsert=true", good, 1, false);
    post_all("/v1/topics?upsert=true", good, 1, false);
    expect_int(get("/v1/topics?external_id=one"), "items.0.version", 1);
}

Test(bulk, a_dry_run_of_many_keeps_nothing)
{
    long long before = topics();
    expect_status(post_all("/v1/topics?dry_run=true", good, 3, true), 201);
    cr_assert_eq(topics(), before);
}

Test(bulk, a_list_of_one_is_a_list)
{
    struct answer made = post_all("/v1/topics", good, 1, false);
    expect_status(made, 201);
    expect_count(made, "items", 1);
}

Test(bulk, a_short_answer_still_says_what_failed)
{
    with("Prefer: return=minimal");
    struct answer none = post_all("/v1/topics", good, 3, false);
    expect_status(none, 201);
    cr_expect_eq(none.body.length, 0);
    with("Prefer: return=minimal");
    struct answer some = post_all("/v1/topics?on_error=continue", mixed, 5, false);
    expect_status(some, 207);
    expect_each(some, "items", "status", "[409, 409, 422, 409, 201]");
}
