/* Which operation answers a path. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "contract/small_contract.h"
#include "readout/contract.h"

static struct contract *contract;

static void open_contract(void)
{
    contract = small_contract_load();
}

static void close_contract(void)
{
    contract_free(contract);
}

TestSuite(match, .init = open_contract, .fini = close_contract);

static struct route match(const char *method, const char *path)
{
    return contract_match(contract, slice_of(method), slice_of(path));
}

Test(match, finds_the_operation_of_a_method_and_a_path)
{
    static const struct {
        const char *method, *path, *operation, *value;
    } rows[] = {
        {"GET", "/", "get_root", NULL},
        {"GET", "/openapi.yaml", "get_contract", NULL},
        {"GET", "/.well-known/api-catalog", "get_catalog", NULL},
        {"GET", "/v1/claims", "list_claims", NULL},
        {"HEAD", "/v1/claims", "list_claims", NULL},
        {"POST", "/v1/claims", "create_claim", NULL},
        {"GET", "/v1/claims/7", "get_claim", "7"},
        {"PATCH", "/v1/claims/7", "patch_claim", "7"},
        {"DELETE", "/v1/claims/a%2Fb", "delete_claim", "a%2Fb"},
        {"GET", "/v1/claims/latest", "get_latest", NULL},
        {"POST", "/v1/claims/latest/merge", "merge_claim", "latest"},
        {"POST", "/v1/claims/7/merge", "merge_claim", "7"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct route route = match(rows[i].method, rows[i].path);
        cr_assert_not_null(route.operation, "%s %s", rows[i].method, rows[i].path);
        cr_expect_str_eq(route.operation->id, rows[i].operation);
        cr_expect_str_eq(route.path, route.operation->path);
        cr_expect_eq(route.value_count, rows[i].value != NULL);
        if (rows[i].value)
            cr_expect(slice_is(route.values[0], rows[i].value));
    }
}

Test(match, gives_the_values_in_the_order_of_the_template)
{
    struct route route = match("GET", "/v1/claims/7/history/3");
    cr_assert_str_eq(route.operation->id, "get_version");
    cr_expect_eq(route.value_count, 2);
    cr_expect(slice_is(route.values[0], "7"));
    cr_expect(slice_is(route.values[1], "3"));
}

Test(match, finds_nothing_where_there_is_nothing)
{
    static const char *const paths[] = {"",           "v1/claims",         "/v1",           "/v1/claims/",          "//v1/claims",
                                        "/v1//merge", "/v1/claims//merge", "/v1/claims/7/", "/v1/claims/7/merge/x", "/V1/claims"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct route route = match("GET", paths[i]);
        cr_expect_null(route.operation, "%s", paths[i]);
        cr_expect_null(route.path, "%s", paths[i]);
        cr_expect_eq(route.value_count, 0);
        cr_expect_str_eq(route.methods, "");
    }
    cr_expect_null(contract_match(contract, SLICE("GET"), NO_SLICE).path);
}

Test(match, tells_a_paths_methods_when_it_lacks_the_one_asked_for)
{
    static const struct {
        const char *path, *methods;
    } rows[] = {
        {"/", "GET, HEAD, OPTIONS"},
        {"/v1/claims", "GET, HEAD, OPTIONS, POST"},
        {"/v1/claims/7", "DELETE, GET, HEAD, OPTIONS, PATCH"},
        {"/v1/claims/7/merge", "OPTIONS, POST"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct route route = match("PUT", rows[i].path);
        cr_expect_null(route.operation);
        cr_expect_not_null(route.path);
        cr_expect_str_eq(route.methods, rows[i].methods);
    }
}
