/* Keeping the table `position` (positions.c). */
#ifndef READOUT_STORE_POSITIONS_H
#define READOUT_STORE_POSITIONS_H

#include "store_private.h"

/* Brings the rows of a claim up to what it and its reports now say. */
void positions_note(struct writing *writing, int64_t claim, bool is_new);

#endif
