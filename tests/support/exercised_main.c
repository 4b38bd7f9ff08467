/* Fails when an operation of the contract, or a status below 500 that it declares, never came up while the tests ran.
 *
 * Reads the file that READOUT_EXERCISED names: lines "operationId status", in any order, repeated at will. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "readout/contract.h"
#include "readout/embedded.h"

enum { STATUS_MAX = 600 };

/* seen[operation's index][status] */
static bool (*seen)[STATUS_MAX];

static bool read_lines(const struct contract *contract, const char *name)
{
    FILE *file = name ? fopen(name, "re") : NULL;
    if (!file)
        return false;
    char id[128];
    int status;
    while (fscanf(file, "%127s %d", id, &status) == 2) {
        const struct operation *operation = contract_find(contract, id);
        if (operation && status >= 0 && status < STATUS_MAX)
            seen[operation->index][status] = true;
    }
    fclose(file);
    return true;
}

struct tally {
    size_t operations, operations_seen, statuses, statuses_seen;
};

static void count_operation(const struct operation *operation, struct tally *tally)
{
    bool any = false;
    for (const int *status = operation_statuses(operation); *status; status++) {
        if (*status >= 500)
            continue;
        bool was = seen[operation->index][*status];
        any = any || was;
        tally->statuses++;
        tally->statuses_seen += was;
        if (!was)
            printf("never exercised: %s %d\n", operation->id, *status);
    }
    tally->operations++;
    tally->operations_seen += any;
}

int main(void)
{
    struct error error = {0};
    struct contract *contract = contract_load(embedded_contract(), "openapi.yaml", &error);
    if (!contract) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    seen = calloc(contract_count(contract), sizeof(*seen));
    const char *name = getenv("READOUT_EXERCISED");
    if (!seen || !read_lines(contract, name)) {
        fprintf(stderr, "READOUT_EXERCISED names no file that can be read\n");
        return 2;
    }
    struct tally tally = {0};
    for (size_t i = 0; i < contract_count(contract); i++)
        count_operation(contract_operation(contract, i), &tally);
    printf("exercised %zu operations of %zu, %zu statuses of %zu\n", tally.operations_seen, tally.operations, tally.statuses_seen,
           tally.statuses);
    free(seen);
    contract_free(contract);
    return tally.statuses_seen == tally.statuses ? 0 : 1;
}
