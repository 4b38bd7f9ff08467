/* A reader as the files of reading share it. */
#ifndef READOUT_READER_PRIVATE_H
#define READOUT_READER_PRIVATE_H

#include "store_private.h"

struct reader {
    struct store *store;
    struct engine *engine;
    struct generation generation; /* what the transaction sees at least */
    unsigned long long commits;   /* of the store when it began */
    bool open;                    /* a transaction is */
};

#endif
