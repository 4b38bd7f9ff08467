/* Any bytes as a body: whatever JSON they are, the contract says yes, or no with reasons. */
#include <assert.h>
#include <stdint.h>

#include "contract/small_contract.h"
#include "readout/contract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_all(const struct contract *contract, const json_t *value, struct arena *arena)
{
    static const char *const schemas[] = {"Claim", "Actor", "Page", "Kind"};
    static const enum body_use uses[] = {BODY_CREATE, BODY_PATCH, BODY_REPLY};
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
        for (size_t j = 0; j < sizeof uses / sizeof *uses; j++) {
            struct faults faults = {.arena = arena};
            bool holds = contract_check(contract_schema(contract, schemas[i]), value, uses[j], "#", &faults);
            assert(holds == (faults.count == 0));
            arena_reset(arena);
        }
    }
}

/* What is right stays right when its defaults are filled in. */
static void check_fill(const struct contract *contract, json_t *value, struct arena *arena)
{
    const struct schema *schema = contract_schema(contract, "Claim");
    struct faults faults = {.arena = arena};
    if (!contract_check(schema, value, BODY_CREATE, "#", &faults))
        return;
    contract_fill(schema, value);
    assert(contract_check(schema, value, BODY_CREATE, "#", &faults));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct contract *contract;
    if (!contract)
        contract = small_contract_load();
    struct arena arena = {0};
    struct faults faults = {.arena = &arena};
    struct slice body = {(const char *)data, size};
    contract_check_reply(contract_find(contract, "list_claims"), 200, SLICE("application/x-ndjson"), body, &faults);
    json_error_t error;
    json_t *value = json_loadb(body.data, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (value) {
        check_all(contract, value, &arena);
        check_fill(contract, value, &arena);
        json_decref(value);
    }
    arena_release(&arena);
    return 0;
}
