/* What a service manager is to the server: a datagram socket on which it tells how it is. To be opened before server_start().
 *
 *     manager_open();
 *     server_start();
 *     manager_await("READY=1");
 *     manager_close(); */
#ifndef READOUT_TESTS_SUPPORT_MANAGER_H
#define READOUT_TESTS_SUPPORT_MANAGER_H

#include <stdbool.h>

void manager_open(void);
void manager_close(void);

/* The next that is told, or NULL when nothing is within so many milliseconds; until the next call. */
const char *manager_hear(int milliseconds);
/* Passes over what is told until one has these words; gives it, or fails the test. */
const char *manager_await(const char *words);

#endif
