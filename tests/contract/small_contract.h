/* Loads tests/contract/small_contract.yaml, for the tests and the fuzz targets of server/contract. They run in the project's
 * folder. */
#ifndef SMALL_CONTRACT_H
#define SMALL_CONTRACT_H

#include <stdio.h>

#include "readout/contract.h"
#include "readout/error.h"

/* Ends the process when it cannot be loaded. */
static inline struct contract *small_contract_load(void)
{
    static const char name[] = "tests/contract/small_contract.yaml";
    char yaml[16384];
    FILE *file = fopen(name, "r");
    if (!file)
        die("%s is not there: run this in the project's folder", name);
    size_t length = fread(yaml, 1, sizeof yaml, file);
    fclose(file);
    struct error error;
    struct contract *contract = contract_load((struct slice){yaml, length}, name, &error);
    if (!contract)
        die("%s", error.message);
    return contract;
}

#endif
