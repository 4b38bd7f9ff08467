/* The log: one JSON object a line, on standard error. Each event has a name of its own, so that it greps to one line of code.
 *
 *     log_event(LOG_INFO, "server-listening", "address", "127.0.0.1:8080", NULL);
 *
 * Request lines are many and are gathered: log_line() appends to the thread's buffer, log_flush() writes it (an event loop
 * does so before it sleeps). log_event() writes at once. */
#ifndef READOUT_LOG_H
#define READOUT_LOG_H

#include <stdbool.h>

#include "readout/slice.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR, LOG_OFF };

void log_set_level(enum log_level level); /* before threads start; what is below it is dropped */
bool log_wants(enum log_level level);

/* Name, then pairs of key and value strings, then NULL. Adds "time" and "level". */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* A whole JSON object without its line end. */
void log_line(struct slice json);
void log_flush(void);

#endif
