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
    struct generation published;  /* as last looked at, and the commits of the store then */
    unsigned long long looked_at;
    struct tokenizer *tokenizer; /* for search; NULL until it is needed */
    struct engine *keys;         /* for api_keys.c; NULL until it is needed */
    struct watcher watcher;
    int64_t allowed, until; /* milliseconds for each question; when this one's are over; 0: without end */
};

#endif
