#include <criterion/criterion.h>

#include "readout/http.h"

static const char *const json_csv[] = {"application/json", "text/csv; charset=utf-8", NULL};

static const char *negotiate(const char *accept)
{
    struct header header = {SLICE("Accept"), slice_of(accept)};
    struct request request = {.headers = &header, .header_count = accept != NULL ? 1 : 0};
    return request_negotiate(&request, json_csv);
}

Test(negotiate, chooses_the_best_acceptable_type)
{
    static const struct {
        const char *accept, *chosen;
    } cases[] = {
        {NULL, "application/json"},
        {"", "application/json"},
        {"*/*", "application/json"},
        {"application/json", "application/json"},
        {"text/csv", "text/csv; charset=utf-8"},
        {"TEXT/CSV", "text/csv; charset=utf-8"},
        {"text/*", "text/csv; charset=utf-8"},
        {"text/csv, application/json", "application/json"},
        {"application/json;q=0.5, text/csv", "text/csv; charset=utf-8"},
        {"application/json; Q=0.5 , text/csv ; q=0.4", "application/json"},
        {"*/*;q=0.1, application/json;q=0", "text/csv; charset=utf-8"},
        {"text/*;q=0.9, text/csv;q=0.2, application/*;q=0.3", "application/json"},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"},
        {"text/csv;header=present;q=1", "text/csv; charset=utf-8"},
        {"text/html", NULL},
        {"application/json;q=0", NULL},
        {"*/*;q=0", NULL},
        {"application/json;q=2", NULL},
        {"application/json;q=x, text/csv;q=0.001", "text/csv; charset=utf-8"},
        {"text/csv;q=1.001", NULL},
        {"text", NULL},
        {", ,text/csv,", "text/csv; charset=utf-8"},
        {"text/html;title=\"a, text/csv\"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *chosen = negotiate(cases[i].accept);
        cr_assert((chosen == NULL) == (cases[i].chosen == NULL), "Accept: %s gives %s", cases[i].accept, chosen);
        cr_assert(chosen == NULL || slice_is(slice_of(chosen), cases[i].chosen), "Accept: %s gives %s", cases[i].accept, chosen);
    }
}

Test(negotiate, reads_several_accept_headers_as_one)
{
    struct header headers[] = {{SLICE("Accept"), SLICE("application/json;q=0.1")}, {SLICE("accept"), SLICE("text/csv;q=0.2")}};
    struct request request = {.headers = headers, .header_count = 2};
    cr_assert_str_eq(request_negotiate(&request, json_csv), "text/csv; charset=utf-8");
}

Test(negotiate, compares_types_without_parameters_and_case)
{
    cr_assert(type_is(SLICE("Text/Plain; charset=utf-8"), "text/plain"));
    cr_assert(type_is(SLICE(" text/plain "), "text/plain"));
    cr_assert_not(type_is(SLICE("text/plainer"), "text/plain"));
    cr_assert_not(type_is(NO_SLICE, "text/plain"));
}

Test(negotiate, knows_json_by_its_type)
{
    static const char *const json[] = {"application/json", "Application/JSON;charset=utf-8", "application/merge-patch+json",
                                       "application/problem+JSON ; x=y"};
    static const char *const other[] = {"application/jsonx", "text/json-seq", "+json", "json", "application/x-ndjson", ""};
    for (size_t i = 0; i < sizeof json / sizeof *json; i++) {
        cr_assert(type_is_json(slice_of(json[i])), "%s", json[i]);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        cr_assert_not(type_is_json(slice_of(other[i])), "%s", other[i]);
    }
    cr_assert_not(type_is_json(NO_SLICE));
}

Test(negotiate, finds_preferences)
{
    struct header headers[] = {{SLICE("Prefer"), SLICE("respond-async, return=minimal; note=\"a,b\"")},
                               {SLICE("prefer"), SLICE("handling = \"strict\"")}};
    struct request request = {.headers = headers, .header_count = 2};
    cr_assert(request_prefers(&request, "return=minimal"));
    cr_assert(request_prefers(&request, "respond-async"));
    cr_assert(request_prefers(&request, "handling=strict"));
    cr_assert_not(request_prefers(&request, "return=representation"));
    cr_assert_not(request_prefers(&request, "return"));
    cr_assert_not(request_prefers(&request, "b\""));
}
