/* Any bytes as a request target: they are matched, decoded and checked as the server would. */
#include <assert.h>
#include <stdint.h>

#include "contract/small_contract.h"
#include "readout/contract.h"
#include "readout/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GIVEN_MAX = 4096 };

static size_t gather(const struct route *route, struct slice query, struct arena *arena, struct given *given)
{
    size_t count = 0;
    for (; count < route->value_count; count++) {
        given[count].name = slice_of(route->operation->parameters[count].name);
        given[count].value = uri_decode(arena, route->values[count]);
    }
    struct query_item item;
    while (count < GIVEN_MAX && request_query(arena, &query, &item))
        given[count++] = (struct given){item.name, item.value};
    return count;
}

/* A value that was accepted is what the contract says it is. */
static void check_values(const struct values *values)
{
    const struct value_of *limit = values_find(values, "limit"), *kinds = values_find(values, "kind");
    assert(!limit || (limit->number >= 1 && limit->number <= 500));
    assert(!kinds || (kinds->count >= 1 && kinds->count <= 3));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct contract *contract;
    static struct given given[GIVEN_MAX];
    if (!contract)
        contract = small_contract_load();
    struct arena arena = {0};
    struct slice query = arena_slice(&arena, (struct slice){(const char *)data, size});
    struct slice path = slice_cut(&query, '?');
    struct route route = contract_match(contract, SLICE("GET"), path);
    if (route.operation) {
        assert(route.path && route.methods[0]);
        struct faults faults = {.arena = &arena};
        struct values values;
        size_t count = gather(&route, query, &arena, given);
        bool holds = contract_check_parameters(route.operation, given, count, &arena, &values, &faults);
        assert(holds == (faults.count == 0));
        check_values(&values);
    }
    arena_release(&arena);
    return 0;
}
