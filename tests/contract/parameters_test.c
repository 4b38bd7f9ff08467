/* Parameters: text as given to typed values, or every fault at once. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/small_contract.h"
#include "readout/contract.h"

static struct contract *contract;
static struct arena arena;
static struct faults faults;
static struct values values;

static void open_contract(void)
{
    contract = small_contract_load();
}

static void close_contract(void)
{
    contract_free(contract);
    arena_release(&arena);
}

TestSuite(parameters, .init = open_contract, .fini = close_contract);

/* Gives "a=1&b=2", without any decoding. */
static bool give(const char *operation, const char *query)
{
    static struct given given[2000];
    size_t count = 0;
    struct slice rest = *query ? slice_of(query) : NO_SLICE;
    faults = (struct faults){.arena = &arena};
    while (rest.data) {
        struct slice value = slice_cut(&rest, '&');
        given[count].name = slice_cut(&value, '=');
        given[count++].value = value;
    }
    return contract_check_parameters(contract_find(contract, operation), given, count, &arena, &values, &faults);
}

static void expect_fault(const char *operation, const char *query, const char *where, const char *code, const char *detail)
{
    cr_expect_not(give(operation, query), "%s was accepted", query);
    cr_expect_eq(faults.count, 1, "%s has %zu faults", query, faults.count);
    cr_assert_gt(faults.count, 0);
    cr_expect_eq(faults.items[0].place, FAULT_PARAMETER);
    cr_expect_str_eq(faults.items[0].where, where);
    cr_expect_str_eq(faults.items[0].code, code);
    cr_expect_str_eq(faults.items[0].detail, detail, "%s said %s", query, faults.items[0].detail);
}

Test(parameters, have_types)
{
    cr_assert(give("list_claims", "limit=7&q=missiles&exact=true&kind=denial,question&kind=statement&id=3,-4&since=2022-01-08"));
    cr_expect_eq(values_find(&values, "limit")->number, 7);
    cr_expect(slice_is(values_find(&values, "q")->text, "missiles"));
    cr_expect_eq(values_find(&values, "exact")->number, 1);
    cr_expect_eq(values_find(&values, "kind")->count, 3);
    cr_expect(slice_is(values_find(&values, "kind")->list[1], "question"));
    cr_expect(slice_is(values_find(&values, "kind")->list[2], "statement"));
    cr_expect_eq(values_find(&values, "id")->count, 2);
    cr_expect(give("list_claims", "exact=0&since=2022-01-08T10:00:00Z"));
    cr_expect_eq(values_find(&values, "exact")->number, 0);
}

Test(parameters, have_defaults)
{
    cr_assert(give("list_claims", ""));
    cr_expect_eq(values.count, 3);
    cr_expect_eq(values_find(&values, "limit")->number, 50);
    cr_expect(slice_is(values_find(&values, "limit")->text, "50"));
    cr_expect_eq(values_find(&values, "exact")->number, 0);
    cr_expect(slice_is(values_find(&values, "exact")->text, "false"));
    cr_expect_eq(values_find(&values, "sort")->count, 2);
    cr_expect(slice_is(values_find(&values, "sort")->list[0], "said_at"));
    cr_expect_null(values_find(&values, "q"));
}

Test(parameters, come_in_the_order_of_the_contract)
{
    cr_assert(give("get_version", "id=7&version=2"));
    cr_expect_eq(values.count, 2);
    cr_expect_str_eq(values.items[0].parameter->name, "id");
    cr_expect_eq(values.items[1].number, 2);
}

Test(parameters, are_refused_with_what_would_be_right)
{
    static const struct {
        const char *query, *where, *code, *detail;
    } rows[] = {
        {"limit=0", "limit", "range", "must be between 1 and 500"},
        {"limit=501", "limit", "range", "must be between 1 and 500"},
        {"limit=ten", "limit", "type", "must be an integer"},
        {"limit=", "limit", "type", "must be an integer"},
        {"limit=99999999999999999999", "limit", "type", "must be an integer"},
        {"limit=1&limit=2", "limit", "repeated", "is given 2 times but takes one value"},
        {"exact=yes", "exact", "type", "must be true or false"},
        {"q=", "q", "length", "must be 1 to 20 characters long, not 0"},
        {"q=\xff", "q", "format", "must be UTF-8 text"},
        {"kind=denail", "kind", "enum", "item 1 must be one of statement, denial, question; did you mean \"denial\"?"},
        {"kind=denial&kind=x", "kind", "enum", "item 2 must be one of statement, denial, question"},
        {"kind=denial,denial,denial,denial", "kind", "length", "must have at most 3 items, not 4"},
        {"kind=", "kind", "format", "has an empty item"},
        {"kind=denial,", "kind", "format", "has an empty item"},
        {"kind=,denial", "kind", "format", "has an empty item"},
        {"id=1,b", "id", "type", "must be integers with commas in between"},
        {"since=yesterday", "since", "format",
         "must be a calendar date like 2022-01-08, or must be an instant with its offset like 2022-01-08T14:30:00Z"},
        {"limti=5", "limti", "unknown", "is not a parameter here; did you mean \"limit\"?"},
        {"elsewhere=5", "elsewhere", "unknown", "is not a parameter here; there are limit, q, kind, id, sort, exact, since"},
        {"If-None-Match=5", "If-None-Match", "unknown",
         "is not a parameter here; there are limit, q, kind, id, sort, exact, since"},
        {"\xff\xfe=5", "??", "unknown", "is not a parameter here; there are limit, q, kind, id, sort, exact, since"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_fault("list_claims", rows[i].query, rows[i].where, rows[i].code, rows[i].detail);
}

Test(parameters, of_the_path_are_checked_like_others)
{
    cr_expect(give("get_claim", "id=7"));
    expect_fault("get_claim", "id=seven", "id", "type", "must be an integer");
    expect_fault("get_claim", "id=0", "id", "range", "must be at least 1");
    expect_fault("get_claim", "", "id", "required", "is required");
    expect_fault("get_claim", "id=7&id=8", "id", "unknown", "is not a parameter here: none is taken in the query");
    expect_fault("get_claim", "id=7&limit=8", "limit", "unknown", "is not a parameter here: none is taken in the query");
}

Test(parameters, that_were_malformed_are_faults)
{
    struct given given[] = {{SLICE("id"), NO_SLICE}, {NO_SLICE, NO_SLICE}};
    faults = (struct faults){.arena = &arena};
    cr_expect_not(contract_check_parameters(contract_find(contract, "get_claim"), given, 2, &arena, &values, &faults));
    cr_expect_eq(faults.count, 2);
    cr_expect_str_eq(faults.items[0].detail, "has a malformed percent-encoding");
    cr_expect_str_eq(faults.items[1].detail, "the query has a malformed percent-encoding");
}

Test(parameters, have_all_their_faults_told_at_once)
{
    cr_expect_not(give("list_claims", "limit=0&exact=2&limti=4&kind=x,y"));
    cr_expect_eq(faults.count, 5);
    cr_expect_eq(values.count, 0);
}

Test(parameters, may_be_wrong_thousands_of_times)
{
    char query[8000] = "";
    for (size_t length = 0; length + 5 < sizeof query; length += 4)
        memcpy(query + length, "x=1&", 5);
    cr_expect_not(give("list_claims", query));
    cr_expect_gt(faults.count, FAULTS_MAX);
}
