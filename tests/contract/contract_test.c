/* What a contract may say, and how it is refused when it says more than can be enforced. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "contract/small_contract.h"
#include "readout/contract.h"

#define HEAD      "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
#define REPLY     "responses: {'200': {description: ok}}"
#define OPERATION "{operationId: a, summary: A, " REPLY "}"
/* What follows begins in line 7. */
#define SCHEMAS HEAD "  /a: {get: " OPERATION "}\ncomponents:\n  schemas:\n"
/* What follows, the parameters of /a/{id}, begins in line 5. */
#define PARAMETERS HEAD "  /a/{id}: {get: {operationId: a, summary: A, " REPLY ", parameters: [\n"
#define ID         "{name: id, in: path, required: true, schema: {type: integer}},\n"
/* What follows, the media type of a reply, begins in line 5. */
#define MEDIA HEAD "  /a: {get: {operationId: a, summary: A, responses: {'200': {description: ok, content: {application/json:\n"

/* A bearer scheme, and what all operations ask for in line 4. */
#define SECURED(security)                                                                                                        \
    "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"                                                                           \
    "components: {securitySchemes: {key: {type: http, scheme: bearer}}}\nsecurity: " security "\npaths:\n"
#define PATH "  /a: {get: " OPERATION "}\n"

struct refusal {
    const char *yaml, *message;
};

static void expect_refusals(const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct error error = {ERROR_NONE, ""};
        struct contract *contract = contract_load(slice_of(refusals[i].yaml), "c.yaml", &error);
        cr_expect_null(contract, "was loaded, but should be refused with: %s\n%s", refusals[i].message, refusals[i].yaml);
        cr_expect_str_eq(error.message, refusals[i].message, "of\n%s\nsaid    %s\nand not %s", refusals[i].yaml, error.message,
                         refusals[i].message);
        contract_free(contract);
    }
}

#define EXPECT_REFUSALS(refusals) expect_refusals(refusals, sizeof(refusals) / sizeof *(refusals))

static struct contract *load(const char *yaml)
{
    struct error error = {ERROR_NONE, ""};
    struct contract *contract = contract_load(slice_of(yaml), "c.yaml", &error);
    cr_assert_not_null(contract, "%s", error.message);
    return contract;
}

Test(contract, lists_its_operations_in_the_order_of_the_file)
{
    struct contract *contract = small_contract_load();
    static const char *const ids[] = {"get_root",    "get_contract", "get_catalog", "list_claims", "create_claim", "get_claim",
                                      "patch_claim", "delete_claim", "get_latest",  "merge_claim", "get_version"};
    cr_assert_eq(contract_count(contract), sizeof ids / sizeof *ids);
    for (size_t i = 0; i < contract_count(contract); i++) {
        const struct operation *operation = contract_operation(contract, i);
        cr_expect_str_eq(operation->id, ids[i]);
        cr_expect_eq(operation->index, (int)i);
        cr_expect_eq(contract_find(contract, ids[i]), operation);
    }
    cr_expect_null(contract_operation(contract, contract_count(contract)));
    cr_expect_null(contract_find(contract, "get_nothing"));
    contract_free(contract);
}

Test(contract, knows_what_an_operation_takes_and_gives)
{
    struct contract *contract = small_contract_load();
    const struct operation *list = contract_find(contract, "list_claims"), *create = contract_find(contract, "create_claim");
    cr_expect_str_eq(list->method, "GET");
    cr_expect_str_eq(list->path, "/v1/claims");
    cr_expect_str_eq(list->summary, "The claims");
    cr_expect_eq(list->line, 16);
    cr_expect_eq(list->parameter_count, 7, "header parameters are left out");
    cr_expect_eq(list->body_count, 0);
    cr_expect_str_eq(list->reply_types[0], "application/json");
    cr_expect_str_eq(list->reply_types[1], "application/x-ndjson");
    cr_expect_null(list->reply_types[2]);
    cr_expect_eq(create->body_count, 2);
    cr_expect(create->body_required);
    cr_expect_eq(operation_statuses(list)[0], 200);
    cr_expect_eq(operation_statuses(list)[1], 304);
    cr_expect_eq(operation_statuses(list)[2], 0, "4XX is no status");
    contract_free(contract);
}

Test(contract, puts_path_parameters_first_in_the_order_of_the_template)
{
    struct contract *contract = small_contract_load();
    const struct operation *operation = contract_find(contract, "get_version");
    cr_expect_eq(operation->parameter_count, 2);
    cr_expect_str_eq(operation->parameters[0].name, "id");
    cr_expect_str_eq(operation->parameters[1].name, "version");
    contract_free(contract);
}

Test(contract, lets_an_operation_replace_a_parameter_of_its_path)
{
    struct contract *contract = load(HEAD "  /a:\n"
                                          "    parameters: [{name: limit, in: query, schema: {type: integer}}]\n"
                                          "    get:\n"
                                          "      operationId: a\n"
                                          "      summary: A\n"
                                          "      parameters: [{name: limit, in: query, schema: {type: string}}]\n"
                                          "      " REPLY "\n");
    cr_expect_eq(contract_operation(contract, 0)->parameter_count, 1);
    cr_expect_eq(contract_operation(contract, 0)->parameters[0].type, VALUE_TEXT);
    contract_free(contract);
}

Test(contract, keeps_its_text_and_gives_it_as_json)
{
    struct contract *contract =
        load(HEAD "  /a: {get: " OPERATION "}\nx-note: [1, -2, 0x1f, 1.5, .5e1, yes, ~, 2022-01-08, 3.1.0]\n");
    cr_expect(slice_starts(contract_yaml(contract), "openapi: 3.1.0\n"));
    cr_expect(slice_is(contract_json(contract),
                       "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"T\",\"version\":\"1\"},\"paths\":{\"/a\":{\"get\":"
                       "{\"operationId\":\"a\",\"summary\":\"A\",\"responses\":{\"200\":{\"description\":\"ok\"}}}}},"
                       "\"x-note\":[1,-2,31,1.5,5.0,\"yes\",null,\"2022-01-08\",\"3.1.0\"]}"),
              "%.*s", SLICE_ARGS(contract_json(contract)));
    contract_free(contract);
}

Test(contract, knows_the_properties_of_its_schemas)
{
    struct contract *contract = small_contract_load();
    const struct schema *claim = contract_schema(contract, "Claim");
    cr_assert_not_null(claim);
    cr_expect(schema_has(claim, "id"), "by allOf");
    cr_expect(schema_has(claim, "text"));
    cr_expect(schema_has(claim, "speaker"));
    cr_expect_not(schema_has(claim, "name"));
    cr_expect(schema_read_only(claim, "id"));
    cr_expect_not(schema_read_only(claim, "text"));
    cr_expect_not(schema_read_only(claim, "nothing"));
    cr_expect_null(contract_schema(contract, "Nothing"));
    contract_free(contract);
}

Test(contract, refuses_what_is_not_plain_yaml)
{
    static const struct refusal refusals[] = {
        {"", "c.yaml:1: the document is empty"},
        {"a: 1\nb: 2\na: 3\n", "c.yaml:3: \"a\" stands here twice; first in line 1"},
        {"a: &x 1\nb: 2\n", "c.yaml:1: anchors and aliases are not understood; use $ref"},
        {"a: !!str 1\n", "c.yaml:1: tags are not understood"},
        {"a: 1\n---\nb: 1\n", "c.yaml:2: a contract is one document"},
        {"a:\n  - .inf\n", "c.yaml:2: this number or text has no place in JSON"},
        {"a:\n  - 99999999999999999999\n", "c.yaml:2: this number or text has no place in JSON"},
        {"? [a]\n: 1\n", "c.yaml:1: a key must be text"},
        {"a: [1\nb: 2\n", "c.yaml:2: did not find expected ',' or ']'"},
        {"- 1\n", "c.yaml:1: the document must be a mapping"},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, refuses_nesting_without_end)
{
    char yaml[2000];
    memset(yaml, '[', sizeof yaml);
    struct error error;
    cr_expect_null(contract_load((struct slice){yaml, sizeof yaml}, "c.yaml", &error));
    cr_expect_str_eq(error.message, "c.yaml:1: this is nested too deeply");
}

Test(contract, refuses_keywords_that_it_does_not_enforce)
{
    static const struct refusal refusals[] = {
        {HEAD "  /a: {get: " OPERATION "}\nwebhooks: {}\n",
         "c.yaml:5: \"webhooks\" is not a keyword of the document that is enforced"},
        {HEAD "  /a:\n    get:\n      operationId: a\n      sumary: A\n      " REPLY "\n",
         "c.yaml:7: \"sumary\" is not a keyword of an operation that is enforced; did you mean \"summary\"?"},
        {HEAD "  /a:\n    get:\n      operationId: a\n      summary: A\n      x-quota: dear\n      " REPLY "\n",
         "c.yaml:8: x-quota knows one word: costly"},
        {HEAD "  /a: {head: " OPERATION "}\n", "c.yaml:4: \"head\" is not a keyword of a path that is enforced"},
        {SCHEMAS "    A:\n      type: object\n      minProperties: 1\n",
         "c.yaml:9: \"minProperties\" is not a keyword of a schema that is enforced; did you mean \"properties\"?"},
        {SCHEMAS "    A: {type: string, format: email}\n",
         "c.yaml:7: the format \"email\" is not enforced; there are date, date-time, uri, slug, country, language, int64"},
        {SCHEMAS "    A: {type: integer, maxLength: 3}\n", "c.yaml:7: \"maxLength\" says nothing about the type of this schema"},
        {SCHEMAS "    A: {type: integer, format: date}\n",
         "c.yaml:7: the format \"date\" says nothing about the type of this schema"},
        {SCHEMAS "    A: {type: text}\n",
         "c.yaml:7: a type is one of null, boolean, integer, number, string, array, object (with "
         "\"null\" in quotation marks)"},
        {SCHEMAS "    A: {type: [string, null]}\n", "c.yaml:7: a type is one of null, boolean, integer, number, string, array, "
                                                    "object (with \"null\" in quotation marks)"},
        {SCHEMAS "    A: {type: string, minLength: '1'}\n", "c.yaml:7: \"minLength\" must be a whole number"},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, refuses_an_operation_that_is_not_whole)
{
    static const struct refusal refusals[] = {
        {HEAD "  /a:\n    get: {summary: A, " REPLY "}\n", "c.yaml:5: an operation needs \"operationId\""},
        {HEAD "  /a:\n    get: {operationId: a, " REPLY "}\n", "c.yaml:5: an operation needs \"summary\""},
        {HEAD "  /a:\n    get: {operationId: a, summary: A}\n", "c.yaml:5: an operation needs \"responses\""},
        {HEAD "  /a:\n    get: {operationId: a, summary: A, responses: {}}\n",
         "c.yaml:5: an operation declares at least one response"},
        {HEAD "  /a:\n    get: {operationId: a, summary: A, responses: {'200': {}}}\n",
         "c.yaml:5: a response needs \"description\""},
        {HEAD "  /a:\n    get: {operationId: a, summary: A, responses: {'2': {description: x}}}\n",
         "c.yaml:5: \"2\" is not a status like \"200\", \"4XX\" or \"default\""},
        {HEAD "  /a: {get: " OPERATION "}\n  /b:\n    get: " OPERATION "\n",
         "c.yaml:6: the operationId \"a\" stands twice; first in line 4"},
        {HEAD "  /a: {}\n", "c.yaml:4: this path has no operation"},
        {HEAD "  /a: {get: {operationId: a, summary: A, tags: [t], " REPLY "}}\n",
         "c.yaml:4: this tag is not among the document's tags"},
        {HEAD "  /a: {get: {operationId: a, summary: A, requestBody: {content: {}}, " REPLY "}}\n",
         "c.yaml:4: GET takes no body"},
        {HEAD "  /a: {post: {operationId: a, summary: A, requestBody: {content: {}}, " REPLY "}}\n",
         "c.yaml:4: a request body declares at least one media type"},
        {HEAD "  /a: {post: {operationId: a, summary: A, requestBody: {content: {'*/*': {}}}, " REPLY "}}\n",
         "c.yaml:4: \"*/*\" is not a media type like application/json"},
        {"openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n", "c.yaml:1: the contract is written in OpenAPI 3.1"},
        {"openapi: 3.1.0\ninfo: {title: T}\npaths: {}\n", "c.yaml:2: info needs \"version\""},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, an_operation_asks_for_the_scope_of_the_document_unless_it_says_otherwise)
{
    struct contract *contract =
        load(SECURED("[{key: [read]}]") "  /a: {get: " OPERATION "}\n"
                                        "  /b: {get: {operationId: b, summary: B, security: [], " REPLY "},\n"
                                        "       put: {operationId: c, summary: C, security: [{key: [write]}], " REPLY "}}\n");
    static const enum scope scopes[] = {SCOPE_READ, SCOPE_PUBLIC, SCOPE_WRITE};
    for (size_t i = 0; i < contract_count(contract); i++)
        cr_expect_eq(contract_operation(contract, i)->scope, scopes[i]);
    contract_free(contract);
    contract = small_contract_load();
    cr_expect_eq(contract_operation(contract, 0)->scope, SCOPE_PUBLIC);
    contract_free(contract);
}

Test(contract, refuses_security_that_it_does_not_enforce)
{
    static const struct refusal refusals[] = {
        {SECURED("[{key: [reed]}]") PATH, "c.yaml:4: the scope of \"key\" is one of read, write, admin, feed"},
        {SECURED("[{key: []}]") PATH, "c.yaml:4: the scope of \"key\" is one of read, write, admin, feed"},
        {SECURED("[{key: [read, write]}]") PATH, "c.yaml:4: the scope of \"key\" is one of read, write, admin, feed"},
        {SECURED("[{other: [read]}]") PATH, "c.yaml:4: the security scheme \"other\" is not declared"},
        {SECURED("[{key: [read]}, {key: [write]}]") PATH, "c.yaml:4: \"security\" has one alternative"},
        {SECURED("[{}]") PATH, "c.yaml:4: \"security\" is [] or one scheme with one scope, such as [{bearer: [write]}]"},
        {HEAD "  /a: {get: " OPERATION "}\ncomponents:\n  securitySchemes: {key: {type: http, scheme: basic}}\n",
         "c.yaml:6: the only security scheme that is enforced is \"type: http\" with \"scheme: bearer\""},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, refuses_paths_that_cannot_be_told_apart)
{
    static const struct refusal refusals[] = {
        {HEAD "  a: {get: " OPERATION "}\n", "c.yaml:4: a path begins with \"/\""},
        {HEAD "  /a/: {get: " OPERATION "}\n", "c.yaml:4: a path has no empty segment and no slash at its end"},
        {HEAD "  '/a/{id}.csv': {get: " OPERATION "}\n", "c.yaml:4: a path parameter is a whole segment, like {id}"},
        {HEAD "  '/{a}/{a}': {get: " OPERATION "}\n", "c.yaml:4: this path has {a} twice"},
        {HEAD "  '/{a}/{b}/{c}/{d}/{e}': {get: " OPERATION "}\n", "c.yaml:4: a path has at most 4 parameters"},
        {PARAMETERS ID "]}}\n  '/a/{other}': {get: " OPERATION "}\n", "c.yaml:7: this path is the same as \"/a/{id}\""},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, refuses_parameters_that_it_cannot_read)
{
    static const struct refusal refusals[] = {
        {PARAMETERS "]}}\n", "c.yaml:4: the path parameter \"id\" is not declared"},
        {PARAMETERS ID "{name: x, in: path, required: true, schema: {type: string}}]}}\n",
         "c.yaml:6: there is no {x} in \"/a/{id}\""},
        {PARAMETERS "{name: id, in: path, schema: {type: integer}}]}}\n",
         "c.yaml:5: the path parameter \"id\" must be \"required: true\""},
        {PARAMETERS ID "{name: x, in: cookie, schema: {type: string}}]}}\n", "c.yaml:6: a parameter is in path, query or header"},
        {PARAMETERS ID "{name: id, in: query, schema: {type: string}}]}}\n",
         "c.yaml:6: the parameter \"id\" is in the path and in the query"},
        {PARAMETERS ID ID "]}}\n", "c.yaml:6: the parameter \"id\" is declared twice"},
        {PARAMETERS ID "{name: x, in: query, schema: {type: object}}]}}\n",
         "c.yaml:6: a parameter is a string, an integer, a boolean, or an array of strings or of integers"},
        {PARAMETERS ID "{name: x, in: query, explode: true, schema: {type: array, items: {type: string}}}]}}\n",
         "c.yaml:6: a list is given with commas or by repetition: leave explode out or make it false"},
        {PARAMETERS ID "{name: x, in: query, style: spaceDelimited, schema: {type: string}}]}}\n",
         "c.yaml:6: the only style of this parameter is \"form\""},
        {PARAMETERS ID "{name: x, in: query, schema: {type: integer, minimum: 5}, example: 4}]}}\n",
         "c.yaml:6: this example does not keep to its schema: # must be at least 5"},
        {PARAMETERS ID "{name: x, in: query, schema: {type: integer, default: a}}]}}\n",
         "c.yaml:6: this default does not keep to its schema: # must be an integer, not a string"},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, refuses_references_that_lead_nowhere)
{
    static const struct refusal refusals[] = {
        {SCHEMAS "    A: {$ref: '#/components/schemas/B'}\n", "c.yaml:7: \"#/components/schemas/B\" leads nowhere"},
        {SCHEMAS "    A: {$ref: 'other.yaml#/A'}\n", "c.yaml:7: a $ref here must begin with \"#/components/schemas/\""},
        {SCHEMAS "    A: {$ref: '#/components/schemas/A'}\n", "c.yaml:7: this $ref goes round in a circle"},
        {SCHEMAS "    A: {description: x, $ref: '#/components/schemas/A'}\n",
         "c.yaml:7: this schema leads back to itself without anything in between"},
        {SCHEMAS "    A:\n      anyOf:\n        - {type: string}\n        - {$ref: '#/components/schemas/A'}\n",
         "c.yaml:7: this schema leads back to itself without anything in between"},
        {SCHEMAS "    A: {type: string}\n    B: {$ref: '#/components/schemas/A', maxLength: 3}\n",
         "c.yaml:8: \"maxLength\" may not stand beside $ref; use allOf for objects"},
        {HEAD "  /a: {get: {operationId: a, summary: A, responses: {'200': {$ref: '#/components/responses/X'}}}}\n",
         "c.yaml:4: \"#/components/responses/X\" leads nowhere"},
        {HEAD
         "  /a: {get: {operationId: a, summary: A, responses: {'200': {description: x, $ref: '#/components/responses/X'}}}}\n",
         "c.yaml:4: nothing may stand beside this $ref"},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, refuses_schemas_that_contradict_themselves)
{
    static const struct refusal refusals[] = {
        {SCHEMAS "    A: {type: string, pattern: '(a'}\n", "c.yaml:7: this pattern does not compile: Unmatched ( or \\("},
        {SCHEMAS "    A: {type: string, pattern: '\\d'}\n",
         "c.yaml:7: patterns are POSIX extended regular expressions: write [0-9] "
         "for \\d and (…) for (?:…)"},
        {SCHEMAS "    A: {type: string, minLength: 5, maxLength: 4}\n",
         "c.yaml:7: the least is more than the most that this schema allows"},
        {SCHEMAS "    A: {type: array}\n", "c.yaml:7: an array needs \"items\""},
        {SCHEMAS "    A: {type: array, uniqueItems: true, items: {type: string}}\n",
         "c.yaml:7: uniqueItems needs maxItems of at most 1000"},
        {SCHEMAS "    A: {type: string, enum: []}\n", "c.yaml:7: an enum lists at least one value"},
        {SCHEMAS "    A:\n      type: string\n      enum:\n        - a\n        - 1\n",
         "c.yaml:11: this value of the enum is not of the schema's type"},
        {SCHEMAS "    A: {type: string, enum: [a, a]}\n", "c.yaml:7: this value of the enum is there twice"},
        {SCHEMAS "    A: {type: [string, 'null'], enum: [a]}\n", "c.yaml:7: the type allows null but the enum does not list it"},
        {SCHEMAS "    A: {type: object, properties: {a: {type: string}}, required: [b]}\n",
         "c.yaml:7: \"b\" is required but is not among the properties"},
        {SCHEMAS "    A: {type: object, properties: {a: {type: string}}}\n"
                 "    B: {allOf: [{$ref: '#/components/schemas/A'}], properties: {a: {type: integer}}}\n",
         "c.yaml:8: the property \"a\" stands twice in this allOf, with different schemas (first in line 7)"},
        {SCHEMAS "    A: {allOf: [{type: string}]}\n", "c.yaml:7: allOf is of objects; the schema in line 7 is not"},
        {SCHEMAS "    A: {allOf: [{$ref: '#/components/schemas/B'}]}\n    B: {allOf: [{$ref: '#/components/schemas/A'}]}\n",
         "c.yaml:8: this allOf goes round in a circle"},
        {SCHEMAS "    A: {readOnly: true, writeOnly: true}\n", "c.yaml:7: a schema cannot be readOnly and writeOnly"},
        {SCHEMAS "    A: {type: string, anyOf: [{type: integer}]}\n",
         "c.yaml:7: the type of this schema fits no branch of its anyOf"},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, refuses_examples_that_are_not_true)
{
    static const struct refusal refusals[] = {
        {MEDIA "{\nschema: {type: string},\nexample: 1}}}}}}\n",
         "c.yaml:7: this example does not keep to its schema: # must be a string, not a number"},
        {MEDIA "{\nschema: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}},\nexample: {}}}}}}}\n",
         "c.yaml:7: this example does not keep to its schema: #/a is required"},
        {MEDIA "{\nschema: {type: string},\nexamples: {good: {value: a},\n bad: {\n value: 1}}}}}}}}\n",
         "c.yaml:9: this example does not keep to its schema: # must be a string, not a number"},
        {SCHEMAS "    A: {type: object, properties: {a: {type: string, default: 1}}}\n",
         "c.yaml:7: this default does not keep to its schema: # must be a string, not a number"},
    };
    EXPECT_REFUSALS(refusals);
}

Test(contract, lets_schemas_refer_to_each_other_in_circles)
{
    struct contract *contract = load(SCHEMAS "    A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}\n"
                                             "    B: {allOf: [{$ref: '#/components/schemas/A'}], properties: {a: {$ref: "
                                             "'#/components/schemas/A'}}}\n");
    cr_expect(schema_has(contract_schema(contract, "B"), "b"));
    contract_free(contract);
}

/* ---- filters with operators ----------------------------------------------------------------------------------------------- */

Test(contract, a_filter_with_operators_stands_for_a_family)
{
    struct contract *contract = load(HEAD "  /a: {get: {operationId: a, summary: A, " REPLY ", parameters: [\n"
                                          "    {name: day, in: query, description: The day., x-operators: [gte, in, isnull],\n"
                                          "     schema: {type: string, format: date}, example: '2022-01-08'}]}}\n");
    const struct operation *operation = contract_find(contract, "a");
    static const char *const names[] = {"day", "day__gte", "day__in", "day__isnull"};
    static const enum value_type types[] = {VALUE_LIST, VALUE_TEXT, VALUE_LIST, VALUE_BOOL};
    cr_assert_eq(operation->parameter_count, 4);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_str_eq(operation->parameters[i].name, names[i]);
        cr_expect_eq(operation->parameters[i].type, types[i], "%s", names[i]);
    }
    contract_free(contract);
}

Test(contract, operators_that_are_none_are_refused)
{
    static const struct refusal refusals[] = {
        {HEAD "  /a: {get: {operationId: a, summary: A, " REPLY ", parameters: [\n"
              "    {name: day, in: query, description: D, x-operators: [near], schema: {type: string}}]}}\n",
         "c.yaml:5: x-operators knows ne, gt, gte, lt, lte, in and isnull"},
        {HEAD "  /a: {get: {operationId: a, summary: A, " REPLY ", parameters: [\n"
              "    {name: day, in: query, x-operators: [ne], schema: {type: string}}]}}\n",
         "c.yaml:5: x-operators is a list, on a parameter with a description and a schema"},
    };
    EXPECT_REFUSALS(refusals);
}
