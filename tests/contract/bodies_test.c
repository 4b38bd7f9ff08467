/* Bodies: JSON against its schema, every fault at once. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "contract/small_contract.h"
#include "readout/contract.h"

static struct contract *contract;
static struct arena arena;
static struct faults faults;

static void open_contract(void)
{
    contract = small_contract_load();
}

static void close_contract(void)
{
    contract_free(contract);
    arena_release(&arena);
}

TestSuite(bodies, .init = open_contract, .fini = close_contract);
TestSuite(replies, .init = open_contract, .fini = close_contract);

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *value = json_loads(text, JSON_DECODE_ANY, &error);
    cr_assert_not_null(value, "%s: %s", text, error.text);
    return value;
}

static bool check(const char *schema, enum body_use use, const char *text)
{
    json_t *value = parse(text);
    faults = (struct faults){.arena = &arena};
    bool holds = contract_check(contract_schema(contract, schema), value, use, "#", &faults);
    json_decref(value);
    return holds;
}

struct row {
    const char *body, *where, *code, *detail;
};

static void expect_fault(enum body_use use, const struct row *row)
{
    cr_expect_not(check("Claim", use, row->body), "%s was accepted", row->body);
    cr_expect_eq(faults.count, 1, "%s has %zu faults", row->body, faults.count);
    cr_assert_gt(faults.count, 0);
    cr_expect_eq(faults.items[0].place, FAULT_POINTER);
    cr_expect_str_eq(faults.items[0].where, row->where);
    cr_expect_str_eq(faults.items[0].code, row->code, "%s has the code %s", row->body, faults.items[0].code);
    cr_expect_str_eq(faults.items[0].detail, row->detail, "%s said %s", row->body, faults.items[0].detail);
}

#define CLAIM "\"kind\":\"denial\",\"text\":\"No\""

Test(bodies, that_keep_to_their_schema_pass)
{
    static const char *const bodies[] = {
        "{" CLAIM "}",
        "{" CLAIM ",\"said_on\":null,\"speaker\":null}",
        "{" CLAIM ",\"said_on\":\"2024-02-29\",\"said_at\":\"2022-01-08T14:30:00.5+01:00\"}",
        "{" CLAIM ",\"speaker\":{\"name\":\"Sherman\",\"slug\":\"wendy-sherman\",\"country\":\"US\",\"claims\":[{" CLAIM "}]}}",
        "{" CLAIM ",\"certainty\":1,\"direct\":true,\"unit\":\"word\",\"topics\":[\"a\",\"b\"]}",
        "{" CLAIM ",\"notes\":{\"any\":\"text\"},\"anything\":{\"at\":[\"all\"]},\"language\":\"pt-BR\"}",
        "{" CLAIM ",\"place\":{\"city\":\"Geneva\"}}",
        "{" CLAIM ",\"place\":\"Geneva\",\"url\":\"https://example.org/?q=%20x\"}",
        "{" CLAIM ",\"id\":7}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        cr_expect(check("Claim", BODY_CREATE, bodies[i]), "%s: %s %s", bodies[i], faults.items[0].where, faults.items[0].detail);
}

Test(bodies, are_refused_with_the_place_and_what_would_be_right)
{
    static const struct row rows[] = {
        {"[]", "#", "type", "must be an object, not a list"},
        {"{\"kind\":\"denial\"}", "#/text", "required", "is required"},
        {"{" CLAIM ",\"kindd\":1}", "#/kindd", "unknown", "\"kindd\" is not a property of Claim; did you mean \"kind\"?"},
        {"{\"kind\":\"denail\",\"text\":\"No\"}", "#/kind", "enum",
         "must be one of statement, denial, question; did you mean \"denial\"?"},
        {"{\"kind\":3,\"text\":\"No\"}", "#/kind", "type", "must be a string, not a number"},
        {"{\"kind\":\"denial\",\"text\":\"\"}", "#/text", "length", "must be one or more characters long, not 0"},
        {"{\"kind\":\"denial\",\"text\":\" \"}", "#/text", "pattern", "must match [^ ]"},
        {"{" CLAIM ",\"said_on\":3}", "#/said_on", "type", "must be a string or null, not a number"},
        {"{" CLAIM ",\"said_on\":\"2022-02-29\"}", "#/said_on", "format", "must be a calendar date like 2022-01-08"},
        {"{" CLAIM ",\"said_at\":\"2022-01-08\"}", "#/said_at", "format",
         "must be an instant with its offset like 2022-01-08T14:30:00Z"},
        {"{" CLAIM ",\"url\":\"example.org\"}", "#/url", "format", "must be an absolute URI like https://example.org/news/1"},
        {"{" CLAIM ",\"language\":\"English\"}", "#/language", "format", "must be a language tag like en or pt-BR"},
        {"{" CLAIM ",\"certainty\":1.5}", "#/certainty", "range", "must be between 0 and 1"},
        {"{" CLAIM ",\"certainty\":\"1\"}", "#/certainty", "type", "must be a number, not a string"},
        {"{" CLAIM ",\"direct\":1}", "#/direct", "type", "must be true or false, not a number"},
        {"{" CLAIM ",\"unit\":\"line\"}", "#/unit", "enum", "must be word"},
        {"{" CLAIM ",\"id\":\"7\"}", "#/id", "type", "must be an integer, not a string"},
        {"{" CLAIM ",\"id\":1.5}", "#/id", "type", "must be an integer, not a number with a fraction"},
        {"{" CLAIM ",\"id\":0}", "#/id", "range", "must be at least 1"},
        {"{" CLAIM ",\"topics\":[\"a\",\"b\",\"a\"]}", "#/topics", "unique",
         "must not repeat itself: items 1 and 3 are the same"},
        {"{" CLAIM ",\"topics\":[\"a\",\"b\",\"c\",\"d\"]}", "#/topics", "length", "must have at most 3 items, not 4"},
        {"{" CLAIM ",\"topics\":[\"a\",2]}", "#/topics/1", "type", "must be a string, not a number"},
        {"{" CLAIM ",\"notes\":{\"x\":1}}", "#/notes/x", "type", "must be a string, not a number"},
        {"{" CLAIM ",\"reports\":[{\"article\":1,\"rank\":1},{\"article\":1}]}", "#/reports/1/rank", "required", "is required"},
        {"{" CLAIM ",\"reports\":[{\"article\":1,\"rank\":1,\"a/b~c d\":1}]}", "#/reports/0/a~1b~0c%20d", "type",
         "must be a string, not a number"},
        {"{" CLAIM ",\"reports\":[{\"article\":1,\"rank\":1,\"wholly_other\":1}]}", "#/reports/0/wholly_other", "unknown",
         "\"wholly_other\" is not a property of this object; it has article, rank, a/b~c d"},
        {"{" CLAIM ",\"speaker\":3}", "#/speaker", "type", "must be an object or null, not a number"},
        {"{" CLAIM ",\"speaker\":{\"name\":\"Sherman\",\"country\":\"us\"}}", "#/speaker/country", "format",
         "must be a country code of two capitals like CH"},
        {"{" CLAIM ",\"speaker\":{\"name\":\"Sherman\",\"slug\":\"A-b\"}}", "#/speaker/slug", "format",
         "must be a slug of lower-case letters, digits and single hyphens like wendy-sherman"},
        {"{" CLAIM ",\"speaker\":{\"name\":\"Zürich Zürich\"}}", "#/speaker/name", "length",
         "must be 1 to 10 characters long, not 13"},
        {"{" CLAIM ",\"place\":{\"latitude\":1}}", "#/place/longitude", "required", "is required"},
        {"{" CLAIM ",\"place\":1}", "#/place", "type", "must be a string or an object, not a number"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_fault(BODY_CREATE, &rows[i]);
}

Test(bodies, keep_to_the_formats_of_text)
{
    static const struct {
        const char *property;
        const char *right[8], *wrong[12]; /* each ended by NULL */
    } rows[] = {
        {"said_on",
         {"2022-01-08", "2024-02-29", "2000-02-29", "0000-12-31"},
         {"", "2022-1-8", "2023-02-29", "1900-02-29", "2022-13-01", "2022-00-01", "2022-01-00", "2022-04-31", "2022-01-08Z",
          "20220108"}},
        {"said_at",
         {"2022-01-08T14:30:00Z", "2022-01-08t14:30:60z", "2022-01-08T14:30:00.123456789-05:30"},
         {"2022-01-08", "2022-01-08T14:30Z", "2022-01-08T14:30:00", "2022-01-08 14:30:00Z", "2022-01-08T24:00:00Z",
          "2022-01-08T14:60:00Z", "2022-01-08T14:30:00.Z", "2022-01-08T14:30:00.5", "2022-01-08T14:30:00+0100",
          "2022-01-08T14:30:00+24:00", "2022-01-08T14:30:00ZZ"}},
        {"url",
         {"https://example.org", "HTTP://example.org:80/a?b=c#d", "urn:isbn:1", "tag:example.org,2022:1", "https://[::1]/",
          "https://zürich.example/ü"},
         {"", "example.org", "//example.org", "/a", "https:", "https://", "https:///a", "https:a", "https://a b", "https://a/%zz",
          "1a:b"}},
        {"language", {"en", "pt-BR", "zh-Hant-TW", "es-419", "gsw"}, {"", "e", "EN", "english", "en-", "en_US", "en-x", "-en"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char body[200];
        for (size_t j = 0; rows[i].right[j]; j++) {
            snprintf(body, sizeof body, "{\"%s\":\"%s\"}", rows[i].property, rows[i].right[j]);
            cr_expect(check("Claim", BODY_PATCH, body), "%s was refused", body);
        }
        for (size_t j = 0; rows[i].wrong[j]; j++) {
            snprintf(body, sizeof body, "{\"%s\":\"%s\"}", rows[i].property, rows[i].wrong[j]);
            cr_expect_not(check("Claim", BODY_PATCH, body), "%s was accepted", body);
        }
    }
}

Test(bodies, have_all_their_faults_told_at_once)
{
    cr_expect_not(check("Claim", BODY_CREATE, "{\"knd\":1,\"text\":2,\"said_on\":3,\"reports\":[{}]}"));
    cr_expect_eq(faults.count, 6);
}

Test(bodies, may_be_wrong_thousands_of_times)
{
    char body[9000] = "[";
    for (size_t length = 1; length + 3 < sizeof body; length += 2)
        memcpy(body + length, "1,", 3);
    *strrchr(body, ',') = ']';
    char claim[10000];
    snprintf(claim, sizeof claim, "{" CLAIM ",\"reports\":%s}", body);
    cr_expect_not(check("Claim", BODY_CREATE, claim));
    cr_expect_gt(faults.count, 4000);
    cr_expect_str_eq(faults.items[FAULTS_MAX - 1].where, "#/reports/49");
}

Test(bodies, are_refused_when_nested_too_deeply)
{
    char body[200] = "{" CLAIM ",\"anything\":{\"a\":";
    memset(body + strlen(body), '[', 31);
    memset(body + strlen(body), ']', 31);
    memcpy(body + strlen(body), "}}", 3);
    expect_fault(BODY_CREATE, &(struct row){body, "#", "depth", "is nested too deeply; at most 32 levels of lists and objects"});
}

Test(bodies, name_the_item_they_are_in)
{
    json_t *value = parse("{\"text\":\"No\"}");
    faults = (struct faults){.arena = &arena};
    cr_expect_not(contract_check(contract_schema(contract, "Claim"), value, BODY_CREATE, "#/3", &faults));
    cr_expect_str_eq(faults.items[0].where, "#/3/kind");
    json_decref(value);
}

Test(bodies, repeat_only_the_beginning_of_a_long_name)
{
    char body[600] = "{" CLAIM ",\"";
    for (int i = 0; i < 100; i++)
        memcpy(body + strlen(body), "ü", 3);
    memcpy(body + strlen(body), "\":1}", 5);
    cr_expect_not(check("Claim", BODY_CREATE, body));
    cr_expect(slice_starts(slice_of(faults.items[0].detail),
                           "\"üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü…\" is not a property of Claim; it has id, "),
              "%s", faults.items[0].detail);
}

Test(patches, require_nothing_and_remove_with_null, .init = open_contract, .fini = close_contract)
{
    static const struct row refused[] = {
        {"{\"kind\":null}", "#/kind", "required", "is required and cannot be removed"},
        {"{\"id\":null}", "#/id", "required", "is required and cannot be removed"},
        {"{\"nothing\":null}", "#/nothing", "unknown", "\"nothing\" is not a property of Claim; did you mean \"anything\"?"},
        {"{\"text\":\"\"}", "#/text", "length", "must be one or more characters long, not 0"},
        {"{\"reports\":[{\"article\":1}]}", "#/reports/0/rank", "required", "is required"},
        {"{\"reports\":[{\"article\":null,\"rank\":1}]}", "#/reports/0/article", "type", "must be an integer, not null"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        expect_fault(BODY_PATCH, &refused[i]);
    cr_expect(check("Claim", BODY_PATCH, "{}"));
    cr_expect(check("Claim", BODY_PATCH, "{\"certainty\":null,\"reports\":null,\"text\":\"Yes\",\"id\":7}"));
}

Test(replies, need_what_is_read_only_and_refuse_what_is_write_only)
{
    static const struct row refused[] = {
        {"{" CLAIM "}", "#/id", "required", "is required"},
        {"{" CLAIM ",\"id\":7,\"secret\":\"x\"}", "#/secret", "unknown", "is write-only and must not be in a reply"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        expect_fault(BODY_REPLY, &refused[i]);
    cr_expect(check("Claim", BODY_REPLY, "{" CLAIM ",\"id\":7}"));
    cr_expect(check("Claim", BODY_CREATE, "{" CLAIM ",\"secret\":\"x\"}"));
}

Test(bodies, are_filled_with_defaults)
{
    json_t *value = parse("{\"direct\":true,\"reports\":[{\"article\":1},{\"rank\":2}],\"speaker\":null}");
    json_t *filled =
        parse("{\"direct\":true,\"reports\":[{\"article\":1,\"rank\":1},{\"rank\":2}],\"speaker\":null,\"language\":\"en\"}");
    contract_fill(contract_schema(contract, "Claim"), value);
    cr_expect(json_equal(value, filled));
    json_decref(value);
    json_decref(filled);
}

Test(bodies, are_chosen_by_content_type)
{
    static const struct {
        const char *operation, *type, *chosen;
    } rows[] = {
        {"create_claim", "application/json", "application/json"},
        {"create_claim", "Application/JSON; charset=utf-8", "application/json"},
        {"create_claim", "application/vnd.news+json", "application/json"},
        {"create_claim", "application/x-www-form-urlencoded", "application/json"},
        {"create_claim", NULL, "application/json"},
        {"create_claim", "", "application/json"},
        {"create_claim", "application/x-ndjson", "application/x-ndjson"},
        {"create_claim", "text/plain", NULL},
        {"patch_claim", "application/merge-patch+json", "application/merge-patch+json"},
        {"get_claim", "application/json", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct media *media = contract_body(contract_find(contract, rows[i].operation), slice_of(rows[i].type));
        cr_expect_eq(media != NULL, rows[i].chosen != NULL);
        if (media && rows[i].chosen)
            cr_expect_str_eq(media->type, rows[i].chosen);
    }
}

Test(replies, must_be_declared)
{
    static const struct {
        const char *operation;
        int status;
        const char *type, *body, *detail; /* NULL: it is one */
    } rows[] = {
        {"list_claims", 200, "application/json", "{\"items\":[],\"next\":null}", NULL},
        {"list_claims", 200, "application/json; charset=utf-8", "{\"items\":[],\"next\":null}", NULL},
        {"list_claims", 200, "application/json", "{\"items\":[]}", "is required"},
        {"list_claims", 200, "application/json", "{", "is not JSON: string or '}' expected near end of file"},
        {"list_claims", 200, "application/x-ndjson", "{" CLAIM ",\"id\":1}\n{" CLAIM ",\"id\":2}\n", NULL},
        {"list_claims", 200, "application/x-ndjson", "{" CLAIM ",\"id\":1}\n{" CLAIM "}\n", "is required"},
        {"list_claims", 200, "text/csv", "a", "list_claims answered 200: the media type \"text/csv\" is not declared"},
        {"list_claims", 304, NULL, "", NULL},
        {"list_claims", 304, NULL, "x", "list_claims answered 304: there must be no body"},
        {"list_claims", 404, "application/problem+json", "{\"code\":\"not-found\",\"status\":404}", NULL},
        {"list_claims", 404, "application/problem+json", "{}", "is required"},
        {"list_claims", 500, "application/problem+json", "{}", "list_claims answered 500: this status is not declared"},
        {"create_claim", 500, "application/problem+json", "{\"code\":\"fault\"}", NULL},
        {"delete_claim", 204, NULL, "", NULL},
        {"delete_claim", 204, "application/json", "{}", "delete_claim answered 204: there must be no body"},
        {"get_contract", 200, "application/yaml", "openapi: 3.1.0", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        faults = (struct faults){.arena = &arena};
        bool declared = contract_check_reply(contract_find(contract, rows[i].operation), rows[i].status, slice_of(rows[i].type),
                                             slice_of(rows[i].body), &faults);
        cr_expect_eq(declared, rows[i].detail == NULL, "row %zu: %s", i, faults.count ? faults.items[0].detail : "was declared");
        if (rows[i].detail && faults.count)
            cr_expect_str_eq(faults.items[0].detail, rows[i].detail, "row %zu said %s", i, faults.items[0].detail);
    }
}
