/* What SQLite's full-text index (FTS5) gets from us: the tokenizer "readout", and the function that ranks. */
#ifndef READOUT_STORE_SQLITE_SEARCH_H
#define READOUT_STORE_SQLITE_SEARCH_H

#include "readout/error.h"
#include "tokenizer.h"

struct sqlite3;

/* Makes both known to a connection. The tokenizer must outlive it. */
bool sqlite_search_register(struct sqlite3 *connection, struct tokenizer *tokenizer, struct error *error);

#endif
