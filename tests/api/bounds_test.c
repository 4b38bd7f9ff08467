/* Every limit at its limit, where nothing is said of it, and one beyond, where it is refused in words that name it. */
#include <stdio.h>
#include <string.h>

#include "readout/buffer.h"
#include "readout/text.h"
#include "support/harness.h"

enum { STATEMENTS = 100000 }; /* KEEPING_STATEMENTS_MAX */

TestSuite(bounds, .init = server_up, .fini = server_down);

static void reading_up(void)
{
    server_start("--extract", "on");
}

TestSuite(reading_bounds, .init = reading_up, .fini = server_down);

static struct slice times(const char *unit, size_t count, const char *between)
{
    struct buffer out = buffer_in(test_arena(), count * (strlen(unit) + strlen(between)) + 1);
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(&out, i ? between : "");
        buffer_add_text(&out, unit);
    }
    return buffer_slice(&out);
}

static const char *many(const char *unit, size_t count, const char *between)
{
    return at("%.*s", SLICE_ARGS(times(unit, count, between)));
}

/* ---- what the contract says ------------------------------------------------------------------------------------------- */

static json_t *contract;

static const json_t *resolved(const json_t *schema)
{
    const char *reference = json_string_value(json_object_get(schema, "$ref"));
    const json_t *found = contract;
    if (!reference)
        return schema;
    struct slice rest = slice_of(reference + 2);
    while (rest.data) {
        struct slice name = slice_cut(&rest, '/');
        found = json_object_get(found, at("%.*s", SLICE_ARGS(name)));
    }
    return resolved(found);
}

/* Whether the answer says of that place that the value is out of its range. */
static bool says_range(struct answer answer, const char *place, const char *name)
{
    size_t index;
    json_t *fault;
    json_array_foreach (json_object_get(answer.json, "errors"), index, fault) {
        const char *where = json_string_value(json_object_get(fault, place)),
                   *code = json_string_value(json_object_get(fault, "code"));
        if (where && strcmp(where, name) == 0 && (strcmp(code, "range") == 0 || strcmp(code, "length") == 0))
            return true;
    }
    return false;
}

static const char *escaped_path(const char *path)
{
    struct buffer out = buffer_in(test_arena(), strlen(path) + 8);
    for (bool inside = false; *path; path++) {
        if (*path == '{')
            buffer_add_text(&out, "1");
        inside = *path == '{' || (inside && *path != '}');
        if (!inside && *path != '}')
            buffer_add_byte(&out, *path);
    }
    return at("%.*s", SLICE_ARGS(buffer_slice(&out)));
}

/* One query parameter: the value that is the most, and what is one more. */
static int try_parameter(const char *path, const json_t *parameter)
{
    const char *name = json_string_value(json_object_get(parameter, "name"));
    const json_t *schema = resolved(json_object_get(parameter, "schema")), *most = json_object_get(schema, "maximum");
    const json_t *longest = json_object_get(schema, "maxLength");
    long long number = json_integer_value(most ? most : longest);
    bool is_text = !most && longest && !json_object_get(schema, "pattern") && !json_object_get(schema, "format");
    if (!(most || is_text) || number > 3000)
        return 0;
    for (int more = 0; more <= 1; more++) {
        const char *value = most ? at("%lld", number + more) : many("a", (size_t)(number + more), "");
        struct answer answer = get("%s?%s=%s", path, name, value);
        cr_expect_eq(says_range(answer, "parameter", name), more == 1, "%s?%s: %lld%s", path, name, number,
                     more ? " and one" : "");
    }
    return 1;
}

static int try_operation(const char *path, const json_t *operation)
{
    int tried = 0;
    size_t index;
    json_t *parameter;
    json_array_foreach (json_object_get(operation, "parameters"), index, parameter) {
        const json_t *found = resolved(parameter);
        const char *in = json_string_value(json_object_get(found, "in"));
        if (in && strcmp(in, "query") == 0 && strcmp(json_string_value(json_object_get(found, "name")), "token") != 0)
            tried += try_parameter(escaped_path(path), found);
    }
    return tried;
}

static void load_contract(void)
{
    contract = json_deep_copy(get("/openapi.json").json);
    cr_assert(contract);
}

Test(bounds, each_parameter_takes_its_most_and_no_more)
{
    int tried = 0;
    const char *path;
    json_t *operations;
    load_contract();
    json_object_foreach (json_object_get(contract, "paths"), path, operations) {
        const json_t *operation = json_object_get(operations, "get");
        if (operation && strstr(path, "/events") == NULL) /* which never ends */
            tried += try_operation(path, operation);
    }
    cr_expect_geq(tried, 40, "only %d parameters have a bound", tried);
    json_decref(contract);
}

/* ---- what bodies hold --------------------------------------------------------------------------------------------------- */

static struct answer post_bytes(const char *path, const char *type, struct slice body)
{
    return ask("POST", path, type, body);
}

static const char *body_with(const char *name, const json_t *schema, bool is_list, size_t count)
{
    if (is_list)
        return at("{\"%s\":[%s]}", name, many("0", count, ","));
    (void)schema;
    return at("{\"%s\":\"%s\"}", name, many("a", count, ""));
}

/* One property of a body: as long as it may be, and one longer. */
static int try_property(const char *path, const char *name, const json_t *schema)
{
    const json_t *longest = json_object_get(schema, "maxLength"), *most = json_object_get(schema, "maxItems");
    bool is_text = longest && !json_object_get(schema, "pattern") && !json_object_get(schema, "format");
    long long number = json_integer_value(most ? most : longest);
    if (!(most || is_text) || number > 100000)
        return 0;
    for (int more = 0; more <= 1; more++) {
        const char *body = body_with(name, schema, most != NULL, (size_t)(number + more));
        struct answer answer = post_bytes(at("%s?dry_run=true", path), "application/json", slice_of(body));
        cr_expect_eq(says_range(answer, "pointer", at("#/%s", name)), more == 1, "%s of %s: %lld%s", name, path, number,
                     more ? " and one" : "");
    }
    return 1;
}

Test(bounds, each_property_of_a_body_takes_its_most_and_no_more)
{
    static const struct {
        const char *path, *schema;
    } rows[] = {{"/v1/articles", "Article"}, {"/v1/actors", "Actor"}, {"/v1/claims", "Claim"},
                {"/v1/meetings", "Meeting"}, {"/v1/topics", "Topic"}, {"/v1/discrepancies", "Discrepancy"}};
    int tried = 0;
    load_contract();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const json_t *properties = json_object_get(
            json_object_get(json_object_get(json_object_get(contract, "components"), "schemas"), rows[i].schema), "properties");
        const char *name;
        json_t *schema;
        json_object_foreach ((json_t *)properties, name, schema) {
            if (!json_is_true(json_object_get(resolved(schema), "readOnly")))
                tried += try_property(rows[i].path, name, resolved(schema));
        }
    }
    cr_expect_geq(tried, 15, "only %d properties have a bound", tried);
    json_decref(contract);
}

static struct slice nested(size_t depth)
{
    return slice_of(at("{\"text\":%s0%s}", many("[", depth - 1, ""), many("]", depth - 1, "")));
}

Test(bounds, bodies_are_so_deep_and_have_so_many_values_and_no_more)
{
    enum { DEPTH = 32, ITEMS = 10000, LINES = 100000, CONTAINERS = 200000, VALUES = 2000000 };
    static const char claims[] = "/v1/claims", json[] = "application/json", lines[] = "application/x-ndjson";
    /* Values are counted before they are read: the x is not come to where there are too many. */
    const struct {
        const char *type;
        struct slice most, more;
        int status, beyond;
        const char *says;
    } rows[] = {
        {json, slice_of(at("[%s]", many("0", ITEMS, ","))), slice_of(at("[%s]", many("0", ITEMS + 1, ","))), 422, 422,
         "must have 1 to 10000 items"},
        {lines, times("0", LINES, "\n"), times("0", LINES + 1, "\n"), 422, 413, "at most 100000 lines"},
        {json, slice_of(at("x%s", many("{}", CONTAINERS, ","))), slice_of(at("x%s", many("{}", CONTAINERS + 1, ","))), 400, 413,
         "at most 200000 objects"},
        {json, slice_of(at("x%s", many("1", VALUES, ","))), slice_of(at("x%s", many("1", VALUES + 1, ","))), 400, 413,
         "and 2000000 values"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer most = post_bytes(claims, rows[i].type, rows[i].most),
                      more = post_bytes(claims, rows[i].type, rows[i].more);
        expect_status(most, rows[i].status);
        expect_status(more, rows[i].beyond);
        expect_body_has(more, rows[i].says);
        cr_expect(memmem(most.body.data, most.body.length, rows[i].says, strlen(rows[i].says)) == NULL, "%s", rows[i].says);
    }
    struct answer deep = post_bytes(claims, json, nested(DEPTH)), deeper = post_bytes(claims, json, nested(DEPTH + 1));
    expect_fault(deep, "#/text", "type");
    expect_fault(deeper, "#", "depth");
    /* What stands in a string is no value. */
    expect_status(post_bytes("/v1/topics", json, slice_of(at("{\"slug\":\"%s\"}", many("[{,\\\"", 300000, "")))), 422);
}

Test(bounds, a_problem_lists_fifty_faults)
{
    for (int count = 50; count <= 51; count++) {
        struct answer answer = post_bytes("/v1/claims", "application/json", slice_of(at("[%s]", many("0", (size_t)count, ","))));
        expect_status(answer, 422);
        expect_count(answer, "errors", 50);
    }
}

/* ---- what queries hold -------------------------------------------------------------------------------------------------- */

static const char *numbered(const char *format, size_t count)
{
    struct buffer out = buffer_in(test_arena(), count * 24 + 1);
    for (size_t i = 0; i < count; i++)
        buffer_print(&out, "%s%s%zu", i ? "&" : "", format, i);
    return at("%.*s", SLICE_ARGS(buffer_slice(&out)));
}

#define FOUR(field) field "=1&" field "__ne=1&" field "__in=1&" field "__isnull=true&"
#define FILTERS_24                                                                                                               \
    FOUR("speaker_id")                                                                                                           \
    FOUR("on_behalf_of_id")                                                                                                      \
    FOUR("addressee_id")                                                                                                         \
    "said_on=2022-01-08&said_on__ne=2022-01-08&said_on__gt=2022-01-08&said_on__"                                                 \
    "gte=2022-01-08&said_on__lt=2022-01-08&"                                                                                     \
    "said_on__lte=2022-01-08&stance=offers&stance__ne=offers&stance__in=offers&"                                                 \
    "topic=a&topic__ne=a&topic__in=a"

Test(bounds, queries_hold_so_much_and_no_more)
{
    const char *offers = many("offers", 50, ","), *named = many("named", 50, ",");
    /* Each list takes as many places as the next power of two. */
    const char *values = at("stance=%s&stance__in=%s&attribution=%s&attribution__in=%s", offers, offers, named, named);
    struct {
        const char *path, *most, *more, *says;
    } rows[] = {
        {"/v1/claims?", numbered("x", 64), numbered("x", 65), "the query has more than 64 parameters"},
        {"/v1/claims?", FILTERS_24, FILTERS_24 "&q=a", "at most 24 filters"},
        {"/v1/claims?", values, at("%s&status=confirmed", values), "256 values"},
        {"/v1/claims?sort=", "id,said_on,report_count", "id,said_on,report_count,updated_at", "must have 1 to 3 items"},
        {"/v1/claims?topic=", many("a", 50, ","), many("a", 51, ","), "must have 1 to 50 items"},
        {"/v1/claims?fields=", many("id", 40, ","), many("id", 41, ","), "must have 1 to 40 items"},
        {"/v1/claims?q=", many("a", 40, "+"), many("a", 41, "+"), "at most 40 words and phrases"},
        {"/v1/search?q=", at("%sa%s", many("(", 20, ""), many(")", 20, "")), at("%sa%s", many("(", 21, ""), many(")", 21, "")),
         "at most 20 brackets"},
        {"/v1/claims?cursor=", many("a", 2000, ""), many("a", 2001, ""), "must be 1 to 2000 characters long"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer most = get("%s%s", rows[i].path, rows[i].most), more = get("%s%s", rows[i].path, rows[i].more);
        expect_status(more, 400);
        expect_body_has(more, rows[i].says);
        cr_expect(memmem(most.body.data, most.body.length, rows[i].says, strlen(rows[i].says)) == NULL, "%s%s", rows[i].path,
                  rows[i].most);
    }
}

/* ---- what the store may take -------------------------------------------------------------------------------------------- */

Test(bounds, a_question_that_takes_too_long_is_ended)
{
    struct buffer lines = buffer_in(test_arena(), 1 << 20);
    for (int i = 0; i < 4000; i++)
        buffer_print(&lines, "{\"text\":\"The talks number %d begin\",\"stance\":\"offers\"}\n", i);
    expect_status(post_bytes("/v1/claims", "application/x-ndjson", buffer_slice(&lines)), 201);
    const char *path = "/v1/claims?q=talks&count=exact&sort=-updated_at&limit=500";
    expect_status(get("%s", path), 200);
    server_stop();
    server_start("--query-timeout", "1", "--cache-bytes", "0");
    struct answer late = get("%s", path);
    expect_problem(late, 503, "query-timeout");
    expect_text(late, "detail",
                "the store would look for longer than --query-timeout allows; ask for less: narrower filters, count=none, fewer "
                "facets or a shorter time");
    expect_status(get("/v1/claims/1"), 200);
    expect_status(get("%s", path), 503);
    expect_status(get("/readyz"), 200);
}

/* ---- what articles may hold --------------------------------------------------------------------------------------------- */

static struct answer read_text(struct slice text)
{
    return ask("POST", "/v1/extract?published_on=2022-01-09", "text/plain", text);
}

static struct slice claims_apart(int count, const char *between)
{
    struct buffer out = buffer_in(test_arena(), (size_t)count * 80 + 1);
    for (int i = 0; i < count; i++)
        buffer_print(&out, "“We will not sign the treaty number %d,” Anna Keller said on Sunday.%s", i, between);
    return buffer_slice(&out);
}

Test(reading_bounds, so_many_claims_are_read_and_the_rest_is_counted)
{
    static const struct {
        int claims, found, left_out;
        const char *between;
    } rows[] = {{TEXT_PARAGRAPH_CLAIMS_MAX, TEXT_PARAGRAPH_CLAIMS_MAX, 0, " "},
                {TEXT_PARAGRAPH_CLAIMS_MAX + 1, TEXT_PARAGRAPH_CLAIMS_MAX, 1, " "},
                {TEXT_CLAIMS_MAX, TEXT_CLAIMS_MAX, 0, "\n\n"},
                {TEXT_CLAIMS_MAX + 1, TEXT_CLAIMS_MAX, 1, "\n\n"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer = read_text(claims_apart(rows[i].claims, rows[i].between));
        expect_status(answer, 200);
        expect_count(answer, "claims", (size_t)rows[i].found);
        if (rows[i].left_out)
            expect_int(answer, "claims_left_out", rows[i].left_out);
        else
            expect_absent(answer, "claims_left_out");
    }
    struct answer kept = ask("POST", "/v1/articles", "text/plain", claims_apart(TEXT_PARAGRAPH_CLAIMS_MAX + 1, " "));
    expect_status(kept, 201);
    expect_int(kept, "extracted.claims_left_out", 1);
}

Test(reading_bounds, a_text_of_too_many_findings_or_characters_is_refused)
{
    struct slice names = times("Russia and China. ", TEXT_FINDINGS_MAX / 2, "");
    expect_status(read_text(names), 200);
    struct answer more = read_text(slice_of(at("%.*sNorway.", SLICE_ARGS(names))));
    expect_problem(more, 422, "invalid-body");
    expect_fault_says(more, "#", "20000 findings");

    struct slice longest = times("a", TEXT_LENGTH_MAX, "");
    expect_status(read_text(longest), 200);
    struct answer longer = read_text(slice_of(at("%.*sa", SLICE_ARGS(longest))));
    expect_problem(longer, 422, "invalid-body");
    expect_fault_says(longer, "#", "2000001 characters; it may have 2000000");
}

Test(reading_bounds, an_article_that_takes_too_long_to_read_is_refused_and_not_kept)
{
    server_stop();
    server_start("--extract", "on", "--read-timeout", "1");
    struct slice text = claims_apart(400, "\n\n");
    struct answer late = read_text(times("“We will not sign”, Anna Keller said in Vienna. ", 20000, "\n\n"));
    expect_problem(late, 422, "invalid-body");
    expect_fault_says(late, "#", "longer than --read-timeout");
    struct answer kept =
        ask("POST", "/v1/articles", "text/plain", times("“We will not sign”, Anna Keller said in Vienna. ", 20000, "\n\n"));
    expect_status(kept, 422);
    expect_count(get("/v1/articles"), "items", 0);
    expect_status(ask("POST", "/v1/articles?extract=false", "text/plain", text), 201);
}

/* Claims of one speaker that are nearly alike are merged again and again: that is what takes longest. */
Test(reading_bounds, an_article_that_takes_too_much_to_compare_is_refused_and_not_kept)
{
    struct answer refused = {.status = 0};
    int articles = 0;
    for (; articles < 8 && refused.status != 422; articles++) {
        struct slice text = slice_of(at("%.*sIt is day %d.", SLICE_ARGS(claims_apart(TEXT_CLAIMS_MAX, "\n\n")), articles));
        refused = ask("POST", at("/v1/articles?published_at=2022-01-%02d", 9 + articles % 2), "text/plain", text);
    }
    expect_problem(refused, 422, "invalid-body");
    expect_fault_says(refused, "#/text", at("%d statements", STATEMENTS));
    expect_count(get("/v1/articles"), "items", (size_t)articles - 1);
}

/* ---- what fuzzing found ------------------------------------------------------------------------------------------------- */

Test(bounds, what_no_url_may_have_is_escaped_in_the_links_of_a_page)
{
    for (int i = 0; i < 2; i++)
        make("/v1/claims", "{'text': 'The talks begin'}");
    struct answer page = say(SLICE("GET /v1/claims?limit=1&q=talks<{> HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    expect_status(page, 200);
    expect_body_has(page, "q=talks%3C%7B%3E&cursor=");
    expect_header_has(page, "Link", "q=talks%3C%7B%3E&cursor=");
}
