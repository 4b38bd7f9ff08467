/* What the files of the harness know of each other; tests include harness.h alone. */
#ifndef READOUT_TESTS_SUPPORT_INSIDE_H
#define READOUT_TESTS_SUPPORT_INSIDE_H

#include "support/harness.h"

/* client.c: closes the kept-alive connection; and lets go of everything that answers hold. */
void client_close(void);
void client_release(void);

/* witness.c: checks an answer against the contract, fails the test when it does not fit, and notes what was exercised. */
void witness(struct answer answer);
void witness_release(void);

#endif
