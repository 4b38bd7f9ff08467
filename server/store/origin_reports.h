/* The origins of a claim, for who reads and who writes alike. */
#ifndef READOUT_ORIGIN_REPORTS_H
#define READOUT_ORIGIN_REPORTS_H

#include "readout/store.h"

/* All memory is the arena's. */
bool origins_of(struct engine *engine, int64_t claim, struct arena *arena, struct origins *origins, struct error *error);

#endif
