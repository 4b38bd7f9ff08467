/* The people that a byline names. */
#ifndef READOUT_BYLINES_H
#define READOUT_BYLINES_H

#include <stddef.h>
#include <stdint.h>

#include "readout/slice.h"

/* A number for each person, the same for the same name; at most `most`. Desks, agencies and "our correspondent" are nobody. */
size_t byline_people(struct slice byline, uint64_t *people, size_t most);

#endif
