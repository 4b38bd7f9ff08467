/* Keeping the counts of facets (spread.c). */
#ifndef READOUT_STORE_SPREAD_PRIVATE_H
#define READOUT_STORE_SPREAD_PRIVATE_H

#include "store_private.h"

/* What a transaction did to the counts; all zero at first. How many notes hold is the ledger's to say. */
struct spread_log {
    struct arena arena;
    struct spread_note *notes;
    size_t room;
};

/* Has each value of a listed resource, as it stands now, count one less (`by` -1, before a change) or more (1, after it). */
void spread_note(struct writing *writing, enum noun noun, int64_t id, int by);
/* At the end of the transaction, outside of all savepoints: adds it up. False: see writing->error. */
bool spread_settle(struct writing *writing);
/* In any case afterwards. */
void spread_forget(struct spread_log *log);

/* A statement that counts one facet of a noun anew, and gives rows as `spread` has them; it returns the facet's name. */
const char *spread_count(struct buffer *out, enum noun noun, size_t index);
size_t spread_facets(enum noun noun); /* how many it has */
/* A script that counts everything anew. */
void spread_rebuild(struct buffer *out);

#endif
