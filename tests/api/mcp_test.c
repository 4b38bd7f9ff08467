/* What a language model is offered, and how it asks: the Model Context Protocol over HTTP. */
#include <string.h>
#include <unistd.h>

#include "readout/contract.h"
#include "support/harness.h"
#include "support/keys.h"
#include "support/scene.h"

static struct scene scene;

static void set_up(void)
{
    server_up();
    scene = scene_set();
}

TestSuite(mcp, .init = set_up, .fini = server_down);
TestSuite(mcp_access, .fini = server_down);

static struct answer say_method(const char *method, const char *params)
{
    return post("/mcp", "{'jsonrpc': '2.0', 'id': 7, 'method': '%s', 'params': %s}", method, params);
}

static struct answer call(const char *tool, const char *arguments)
{
    return say_method("tools/call", at("{'name': '%s', 'arguments': %s}", tool, arguments));
}

static void expect_error(struct answer answer, int code, const char *words)
{
    expect_status(answer, 200);
    expect_int(answer, "id", 7);
    expect_int(answer, "error.code", code);
    cr_assert(strstr(text_at(answer, "error.message"), words), "\"%s\" says %s", text_at(answer, "error.message"), words);
    expect_absent(answer, "result");
}

/* The tool gives what a GET of that path gives: as text byte for byte, and as JSON. */
static void expect_same_as_get(struct answer answer, const char *path)
{
    struct answer got = get("%s", path);
    expect_status(answer, 200);
    expect_bool(answer, "result.isError", got.status >= 400);
    expect_text(answer, "result.content.0.type", "text");
    cr_assert(slice_is(got.body, text_at(answer, "result.content.0.text")), "%s", path);
    cr_assert(json_equal(got.json, value_at(answer, "result.structuredContent")), "%s", path);
}

static void expect_tool_fault(struct answer answer, const char *parameter, const char *code, const char *words)
{
    expect_status(answer, 200);
    expect_bool(answer, "result.isError", true);
    expect_int(answer, "result.structuredContent.status", 400);
    expect_text(answer, "result.structuredContent.errors.0.parameter", parameter);
    expect_text(answer, "result.structuredContent.errors.0.code", code);
    const char *detail = text_at(answer, "result.structuredContent.errors.0.detail");
    cr_assert(strstr(detail, words), "\"%s\" says %s", detail, words);
}

/* ---- the handshake ------------------------------------------------------------------------------------------------------ */

Test(mcp, a_client_is_told_what_is_here_and_how_to_use_it)
{
    struct answer answer = say_method("initialize", "{'protocolVersion': '2025-11-25', 'capabilities': {},"
                                                    " 'clientInfo': {'name': 'trial', 'version': '1'}}");
    expect_status(answer, 200);
    expect_int(answer, "id", 7);
    expect_json(answer, "result.capabilities", "{'tools': {}}");
    expect_text(answer, "result.serverInfo.name", "readout");
    expect_text(answer, "result.serverInfo.version", text_at(get("/"), "version"));
    cr_assert(strstr(text_at(answer, "result.instructions"), "verifyQuote"));
    expect_no_header(answer, "Mcp-Session-Id");
    expect_header(answer, "Cache-Control", "no-store");
}

Test(mcp, the_instructions_name_only_tools_that_are_there)
{
    const char *rest = text_at(say_method("initialize", "{'protocolVersion': '2025-11-25'}"), "result.instructions");
    static const char *const named[] = {"suggestActors",     "search",       "listClaims",    "listTopics", "listClaimOrigins",
                                        "getClaimChain",     "listMeetings", "listPositions", "getArticle", "listDiscrepancies",
                                        "getArticleNovelty", "verifyQuote"};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        cr_assert(strstr(rest, named[i]), "%s", named[i]);
        cr_assert(contract_find(test_contract(), named[i]), "%s", named[i]);
    }
}

Test(mcp, it_speaks_the_clients_revision_or_offers_its_newest)
{
    static const char *const pairs[][2] = {{"2025-03-26", "2025-03-26"},
                                           {"2025-06-18", "2025-06-18"},
                                           {"2025-11-25", "2025-11-25"},
                                           {"2024-11-05", "2025-11-25"},
                                           {"2031-01-01", "2025-11-25"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        expect_text(say_method("initialize", at("{'protocolVersion': '%s'}", pairs[i][0])), "result.protocolVersion",
                    pairs[i][1]);
    expect_error(say_method("initialize", "{}"), -32602, "protocolVersion");
}

Test(mcp, what_needs_no_answer_gets_none)
{
    static const char *const messages[] = {"{'jsonrpc': '2.0', 'method': 'notifications/initialized'}",
                                           "{'jsonrpc': '2.0', 'method': 'notifications/cancelled', 'params': {'requestId': 1}}",
                                           "{'jsonrpc': '2.0', 'id': 1, 'result': {}}",
                                           "{'jsonrpc': '2.0', 'id': 1, 'error': {'code': -1, 'message': 'No.'}}"};
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct answer answer = post("/mcp", "%s", messages[i]);
        expect_status(answer, 202);
        cr_assert_eq(answer.body.length, 0);
    }
}

Test(mcp, an_answer_has_the_id_of_its_question)
{
    expect_json(post("/mcp", "{'jsonrpc': '2.0', 'id': 'a \\\"b\\\" c', 'method': 'ping'}"), "",
                "{'jsonrpc': '2.0', 'id': 'a \\\"b\\\" c', 'result': {}}");
    expect_json(post("/mcp", "{'jsonrpc': '2.0', 'id': -3, 'method': 'ping'}"), "", "{'jsonrpc': '2.0', 'id': -3, 'result': {}}");
}

Test(mcp, there_is_nothing_to_listen_to_and_no_session_to_end)
{
    with("Accept: text/event-stream");
    struct answer listen = get("/mcp"), end = erase("/mcp");
    expect_problem(listen, 405, "method-not-allowed");
    expect_header(listen, "Allow", "OPTIONS, POST");
    expect_problem(end, 405, "method-not-allowed");
}

/* ---- what is no good ---------------------------------------------------------------------------------------------------- */

Test(mcp, errors_with_an_id_are_answers)
{
    expect_error(say_method("resources/list", "{}"), -32601, "tools/call");
    expect_error(say_method("ping", "[1]"), -32602, "object");
    expect_error(say_method("tools/call", "{}"), -32602, "name");
    expect_error(say_method("tools/call", "{'name': 'getStats', 'arguments': [1]}"), -32602, "object");
    expect_error(say_method("tools/list", "{'cursor': 'next'}"), -32602, "one");
    expect_error(call("listClaim", "{}"), -32602, "did you mean listClaims?");
    expect_error(call("createClaims", "{'text': 'No.'}"), -32602, "there is no tool");
    expect_error(call("getMetrics", "{}"), -32602, "there is no tool");
    expect_error(call("speakMcp", "{}"), -32602, "there is no tool");
}

Test(mcp, what_is_no_message_is_a_problem_and_an_error_in_one)
{
    static const struct {
        const char *body;
        int status, code;
        const char *words;
    } rows[] = {{"{'jsonrpc': ", 400, -32700, "JSON"},
                {"{'jsonrpc': '2.0', 'id': 1, 'id': 2, 'method': 'ping'}", 400, -32700, "JSON"},
                {"{'jsonrpc': '1.0', 'id': 1, 'method': 'ping'}", 422, -32600, "message"},
                {"{'id': 1, 'method': 'ping'}", 422, -32600, "message"},
                {"{'jsonrpc': '2.0', 'id': null, 'method': 'ping'}", 422, -32600, "message"},
                {"{'jsonrpc': '2.0', 'id': 1}", 422, -32600, "message"},
                {"'ping'", 422, -32600, "message"},
                {"[{'jsonrpc': '2.0', 'id': 1, 'method': 'ping'}]", 422, -32600, "batch"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer = ask("POST", "/mcp", "application/json", json_of(rows[i].body));
        expect_status(answer, rows[i].status);
        expect_text(answer, "jsonrpc", "2.0");
        expect_null(answer, "id");
        expect_int(answer, "error.code", rows[i].code);
        cr_assert(strstr(text_at(answer, "error.message"), rows[i].words), "%s", rows[i].body);
    }
}

Test(mcp, another_revision_than_was_agreed_upon_is_refused)
{
    with("MCP-Protocol-Version: 2025-06-18");
    expect_status(say_method("ping", "{}"), 200);
    with("MCP-Protocol-Version: 2026-07-28");
    struct answer refused = say_method("ping", "{}");
    expect_problem(refused, 400, "bad-request");
    expect_fault(refused, "MCP-Protocol-Version", "unknown");
    expect_int(refused, "error.code", -32000);
}

Test(mcp, a_client_may_take_either_kind_of_answer_and_gets_json)
{
    with("Accept: application/json, text/event-stream");
    expect_header(say_method("ping", "{}"), "Content-Type", "application/json");
    with("Accept: text/event-stream");
    expect_problem(say_method("ping", "{}"), 406, "not-acceptable");
}

/* ---- the tools ---------------------------------------------------------------------------------------------------------- */

static bool reads(const struct operation *operation)
{
    if (strcmp(operation->id, "extract") == 0 || strcmp(operation->id, "verifyQuote") == 0)
        return true;
    return strcmp(operation->method, "GET") == 0 && strncmp(operation->path, "/v1/", 4) == 0 &&
           strcmp(operation->id, "streamEvents") != 0;
}

static json_t *tool_named(struct answer list, const char *name)
{
    size_t index;
    json_t *tool;
    json_array_foreach (value_at(list, "result.tools"), index, tool) {
        if (strcmp(json_string_value(json_object_get(tool, "name")), name) == 0)
            return tool;
    }
    return NULL;
}

Test(mcp, every_operation_that_reads_is_a_tool_and_none_that_writes)
{
    struct answer list = say_method("tools/list", "{}");
    size_t count = 0;
    for (size_t i = 0; i < contract_count(test_contract()); i++) {
        const struct operation *operation = contract_operation(test_contract(), i);
        json_t *tool = tool_named(list, operation->id);
        cr_assert_eq(tool != NULL, reads(operation), "%s", operation->id);
        count += tool != NULL;
        if (tool)
            cr_assert_str_eq(json_string_value(json_object_get(tool, "title")), operation->summary);
    }
    expect_count(list, "result.tools", count);
    cr_assert_geq(count, 50);
    expect_absent(list, "result.nextCursor");
    cr_assert_lt(list.body.length, 120000, "a model has to read all of it: %zu bytes", list.body.length);
}

/* Nothing in it leads elsewhere, everything says what it takes, and formats are such as programs know that check schemas. */
static void expect_sane(const json_t *schema, const char *tool)
{
    const char *keyword;
    json_t *value;
    size_t index;
    cr_assert(json_is_object(schema), "%s", tool);
    json_object_foreach ((json_t *)schema, keyword, value) {
        cr_assert_str_neq(keyword, "$ref", "%s", tool);
        if (strcmp(keyword, "format") == 0)
            cr_assert(strstr("date date-time uri", json_string_value(value)), "%s", tool);
        if (strcmp(keyword, "items") == 0)
            expect_sane(value, tool);
        if (strcmp(keyword, "properties") == 0) {
            const char *name;
            json_t *property;
            json_object_foreach (value, name, property)
                expect_sane(property, tool);
        }
        if (strcmp(keyword, "anyOf") == 0 || strcmp(keyword, "allOf") == 0) {
            json_t *item;
            json_array_foreach (value, index, item)
                expect_sane(item, tool);
        }
    }
    cr_assert(json_object_get(schema, "type") || json_object_get(schema, "anyOf") || json_object_get(schema, "allOf") ||
                  json_object_get(schema, "format") || json_object_get(schema, "enum") || json_object_get(schema, "const"),
              "%s: %s", tool, json_dumps(schema, JSON_COMPACT));
}

static bool is_required(const json_t *schema, const char *name)
{
    size_t index;
    json_t *item;
    json_array_foreach (json_object_get(schema, "required"), index, item) {
        if (strcmp(json_string_value(item), name) == 0)
            return true;
    }
    return false;
}

Test(mcp, each_tool_says_what_it_takes)
{
    struct answer list = say_method("tools/list", "{}");
    size_t index;
    json_t *tool;
    json_array_foreach (value_at(list, "result.tools"), index, tool) {
        const char *name = json_string_value(json_object_get(tool, "name"));
        const struct operation *operation = contract_find(test_contract(), name);
        const json_t *schema = json_object_get(tool, "inputSchema"), *properties = json_object_get(schema, "properties");
        expect_sane(schema, name);
        cr_assert_str_eq(json_string_value(json_object_get(schema, "type")), "object");
        cr_assert(json_is_false(json_object_get(schema, "additionalProperties")), "%s", name);
        cr_assert(json_is_true(json_object_get(json_object_get(tool, "annotations"), "readOnlyHint")), "%s", name);
        cr_assert_null(json_object_get(properties, "token"), "%s", name);
        size_t at_required;
        json_t *required;
        json_array_foreach (json_object_get(schema, "required"), at_required, required)
            cr_assert(json_object_get(properties, json_string_value(required)), "%s", name);
        for (size_t i = 0; i < operation->parameter_count; i++) {
            const struct parameter *parameter = &operation->parameters[i];
            if (parameter->required)
                cr_assert(json_object_get(properties, parameter->name) && is_required(schema, parameter->name), "%s of %s",
                          parameter->name, name);
        }
    }
}

Test(mcp, a_tools_arguments_are_the_parameters_or_the_body)
{
    struct answer list = say_method("tools/list", "{}");
    json_t *claims = json_object_get(tool_named(list, "listClaims"), "inputSchema");
    json_t *quote = json_object_get(tool_named(list, "verifyQuote"), "inputSchema");
    struct answer parts = {.json = json_pack("[O, O]", claims, quote)};
    expect_text(parts, "0.properties.said_on__gte.format", "date");
    expect_absent(parts, "0.properties.said_on__gte.description");
    expect_absent(parts, "0.properties.topic__in");
    expect_text(parts, "0.properties.topic.type", "array");
    expect_text(parts, "0.properties.speaker.description", "Said by the actor, or actors, of this name or alias.");
    expect_int(parts, "0.properties.limit.default", 50);
    expect_json(parts, "1.required", "['quote']");
    expect_int(parts, "1.properties.quote.maxLength", 2000);
    cr_assert(strstr(json_string_value(json_object_get(tool_named(list, "listClaims"), "description")), "who said what"));
    json_decref(parts.json);
}

/* ---- calls -------------------------------------------------------------------------------------------------------------- */

Test(mcp, a_call_is_the_request_that_it_stands_for)
{
    make("/v1/claims", "{'text': 'Second', 'speaker_id': 'baker', 'topics': ['fishing-rights'], 'said_on': '2022-01-09'}");
    expect_same_as_get(call("listClaims", "{'topic': 'fishing-rights', 'said_on__gte': '2022-01-08', 'limit': 1}"),
                       "/v1/claims?topic=fishing-rights&said_on__gte=2022-01-08&limit=1");
    expect_same_as_get(call("listClaims", "{'speaker': 'Zo\u00eb Baker', 'expand': ['speaker', 'reports'], 'count': 'none'}"),
                       "/v1/claims?speaker=Zo%C3%AB%20Baker&expand=speaker%2Creports&count=none");
    expect_same_as_get(call("listActors", at("{'id': null, 'kind': [], 'name': 'Morning Post'}")),
                       "/v1/actors?name=Morning%20Post");
    expect_same_as_get(call("getClaim", at("{'id': %lld}", scene.claim)), at("/v1/claims/%lld", scene.claim));
    expect_same_as_get(call("getClaim", at("{'id': '%lld', 'fields': ['id', 'text']}", scene.claim)),
                       at("/v1/claims/%lld?fields=id%%2Ctext", scene.claim));
    expect_same_as_get(call("getClaim", at("{'id': %lld.0}", scene.claim)), at("/v1/claims/%lld", scene.claim));
    expect_same_as_get(call("listActors", at("{'country__isnull': true, 'affiliation_id': [%lld]}", scene.freedonia)),
                       at("/v1/actors?country__isnull=true&affiliation_id=%lld", scene.freedonia));
    expect_same_as_get(say_method("tools/call", "{'name': 'getStats'}"), "/v1/stats");
}

Test(mcp, pages_are_turned_by_their_cursors)
{
    struct answer first = call("listActors", "{'limit': 2, 'sort': ['-id']}");
    const char *cursor = text_at(first, "result.structuredContent.next_cursor");
    struct answer second = call("listActors", at("{'limit': 2, 'sort': '-id', 'cursor': '%s'}", cursor));
    expect_each(first, "result.structuredContent.items", "id", at("[%lld, %lld]", scene.baker, scene.freedonia));
    expect_each(second, "result.structuredContent.items", "id", at("[%lld, %lld]", scene.wire, scene.post));
}

Test(mcp, an_answer_that_is_kept_is_as_good_as_one_that_is_made)
{
    static const char arguments[] = "{'topic': 'fishing-rights'}";
    struct answer first = call("listClaims", arguments);
    for (int i = 0; i < 3; i++)
        expect_same_body(call("listClaims", arguments), first);
    expect_int(first, "result.structuredContent.total", 1);
    make("/v1/claims", "{'text': 'Second', 'speaker_id': 'baker', 'topics': ['fishing-rights']}");
    expect_int(call("listClaims", arguments), "result.structuredContent.total", 2);
}

Test(mcp, what_goes_wrong_is_told_to_the_model)
{
    struct answer missing = call("getClaim", "{'id': 999}");
    expect_status(missing, 200);
    expect_bool(missing, "result.isError", true);
    expect_int(missing, "result.structuredContent.status", 404);
    expect_text(missing, "result.structuredContent.instance", "/v1/claims/999");
    expect_tool_fault(call("listClaims", "{'speakr': 'Baker'}"), "speakr", "unknown", "did you mean \"speaker\"?");
    expect_tool_fault(call("listClaims", "{'said_on__gte': 'Monday'}"), "said_on__gte", "format", "date");
    expect_tool_fault(call("listClaims", "{'topic': {'slug': 'talks'}}"), "topic", "type", "one value");
    expect_tool_fault(call("getClaim", "{'claim': 1}"), "id", "required", "required");
    expect_tool_fault(call("getClaim", "{'id': [1]}"), "id", "type", "one value");
    expect_tool_fault(call("getClaim", "{'id': '1.csv'}"), "id", "type", "integer");
    expect_tool_fault(call("getClaim", "{'id': '../topics/1'}"), "id", "type", "integer");
    expect_tool_fault(call("getClaim", "{'id': '1?fields=text'}"), "id", "type", "integer");
    struct answer wrong = call("verifyQuote", "{'quot': 'on Monday'}");
    expect_int(wrong, "result.structuredContent.status", 422);
    cr_assert(strstr(text_at(wrong, "result.content.0.text"), "did you mean"));
}

Test(mcp, arguments_that_no_url_could_hold_are_refused)
{
    struct answer answer = call("search", at("{'q': '%*s'}", 9000, "a"));
    expect_bool(answer, "result.isError", true);
    expect_text(answer, "result.structuredContent.code", "target-too-long");
}

Test(mcp, texts_and_quotations_are_read_and_not_kept)
{
    struct answer found = call("verifyQuote", "{'quote': 'the talks begin on Monday', 'speaker': 'Baker'}");
    expect_bool(found, "result.isError", false);
    expect_text(found, "result.structuredContent.match", "exact");
    struct answer read =
        call("extract", "{'text': 'The talks will begin on Monday, Anna Keller said.', 'published_on': '2022-01-09'}");
    expect_bool(read, "result.isError", false);
    expect_header(read, "Content-Type", "application/json");
    struct answer same = post("/v1/extract", "{'text': 'The talks will begin on Monday, Anna Keller said.',"
                                             " 'published_on': '2022-01-09'}");
    cr_assert(json_equal(same.json, value_at(read, "result.structuredContent")));
    expect_int(get("/v1/articles"), "total", 1);
}

Test(mcp, every_tool_answers)
{
    struct answer list = say_method("tools/list", "{}");
    size_t index;
    json_t *tool;
    json_array_foreach (value_at(list, "result.tools"), index, tool) {
        const json_t *schema = json_object_get(tool, "inputSchema");
        const char *name = json_string_value(json_object_get(tool, "name")), *arguments = "", *property;
        json_t *value;
        json_object_foreach (json_object_get(schema, "properties"), property, value) {
            const char *type = json_string_value(json_object_get(value, "type"));
            if (is_required(schema, property))
                arguments = at("%s%s'%s': %s", arguments, *arguments ? ", " : "", property,
                               type && strcmp(type, "integer") == 0 ? "1" : "'talks'");
        }
        struct answer answer = call(name, at("{%s}", arguments));
        expect_status(answer, 200);
        if (json_is_true(value_at(answer, "result.isError")))
            cr_assert_eq(int_at(answer, "result.structuredContent.status"), 404, "%s", name);
        cr_assert(json_is_object(value_at(answer, "result.structuredContent")), "%s", name);
    }
}

/* ---- who may, and how often --------------------------------------------------------------------------------------------- */

static struct answer ping_with(const char *key)
{
    with("Authorization: Bearer %s", key);
    return say_method("ping", "{}");
}

Test(mcp_access, it_asks_for_the_key_that_reading_asks_for)
{
    server_start();
    const char *read = key_put(.scopes = "read"), *feed = key_put(.scopes = "feed");
    while (get("/v1/topics").status != 401) /* it looks once a second whether there are keys */
        usleep(20000);
    expect_problem(say_method("ping", "{}"), 401, "unauthorized");
    expect_problem(say_method("tools/list", "{}"), 401, "unauthorized");
    expect_problem(ping_with(feed), 403, "forbidden");
    expect_status(ping_with(read), 200);
    with("Authorization: Bearer %s", read);
    expect_bool(call("listTopics", "{'limit': 1}"), "result.isError", false);
}

Test(mcp_access, a_costly_tool_costs_what_its_operation_does)
{
    server_start("--unlimited", "", "--rate-limit", "100", "--rate-limit-costly", "1");
    expect_bool(call("verifyQuote", "{'quote': 'nothing at all'}"), "result.isError", false);
    struct answer over = call("verifyQuote", "{'quote': 'nothing at all'}");
    expect_bool(over, "result.isError", true);
    expect_text(over, "result.structuredContent.code", "quota-exceeded");
    expect_header_has(over, "RateLimit", "\"costly\";r=0");
    expect_bool(call("listTopics", "{}"), "result.isError", false);
}

Test(mcp_access, each_message_is_a_request)
{
    server_start("--unlimited", "", "--rate-limit", "3");
    for (int i = 0; i < 3; i++)
        expect_status(call("listTopics", "{}"), 200);
    expect_problem(call("listTopics", "{}"), 429, "quota-exceeded");
}

Test(mcp_access, a_page_that_may_not_see_the_answer_may_not_ask)
{
    server_start("--cors-origins", "https://desk.example.org");
    with("Origin: https://evil.example.org");
    expect_problem(say_method("ping", "{}"), 403, "forbidden");
    with("Origin: null");
    expect_problem(call("listTopics", "{}"), 403, "forbidden");
    with("Host: rebound.example.org");
    with("Origin: http://rebound.example.org");
    expect_problem(say_method("ping", "{}"), 401, "unauthorized");
    with("Origin: https://desk.example.org");
    expect_status(say_method("ping", "{}"), 200);
    with("Origin: %s", server_origin());
    expect_status(say_method("ping", "{}"), 200);
    const char *key = key_put(.scopes = "read");
    with("Origin: app://somewhere");
    expect_status(ping_with(key), 200);
}

Test(mcp_access, a_page_may_tell_its_revision)
{
    server_start();
    with("Origin: https://example.org");
    with("Access-Control-Request-Method: POST");
    with("Access-Control-Request-Headers: content-type, mcp-protocol-version");
    struct answer answer = options("/mcp");
    expect_status(answer, 204);
    expect_header_has(answer, "Access-Control-Allow-Headers", "MCP-Protocol-Version");
}

/* ---- the guide ---------------------------------------------------------------------------------------------------------- */

/* The next "](URL)" of the guide; NULL at the end. */
static const char *next_link(const char **rest)
{
    const char *start = strstr(*rest, "](");
    if (!start)
        return NULL;
    const char *end = strchr(start, ')');
    *rest = end;
    return at("%.*s", (int)(end - start - 2), start + 2);
}

Test(mcp, the_guide_leads_only_to_what_is_there)
{
    struct answer guide = get("/llms.txt");
    const char *text = at("%.*s", SLICE_ARGS(guide.body)), *url;
    size_t origin = strlen(server_origin()), count = 0;
    cr_assert(strncmp(text, "# Readout\n\n> ", 13) == 0);
    cr_assert(strstr(text, "\n## Optional\n"));
    for (const char *rest = text; (url = next_link(&rest)) != NULL; count++) {
        cr_assert_eq(strncmp(url, server_origin(), origin), 0, "%s", url);
        struct slice query = slice_of(url + origin), path = slice_cut(&query, '?');
        cr_assert(path.length && path.data[0] == '/', "%s", url);
        if (memchr(path.data, '{', path.length) || strcmp(url + origin, "/v1/events") == 0)
            continue;
        struct answer answer = get("%s", url + origin);
        bool wants_more = answer.status == 405 || (answer.status == 400 && strstr(answer.body.data, "is required"));
        cr_assert(answer.status == 200 || wants_more, "%s: %d", url, answer.status);
    }
    cr_assert_gt(count, contract_count(test_contract()));
}

Test(mcp, the_guide_tells_a_client_where_to_connect)
{
    expect_body_has(get("/llms.txt"), at("\"type\":\"http\",\"url\":\"%s/mcp\"", server_origin()));
    expect_text(get("/"), "links.mcp", at("%s/mcp", server_origin()));
}
