/* The commands of the program: each takes the settings and what stands behind it on the command line, and returns the exit
 * status. */
#ifndef READOUT_COMMANDS_H
#define READOUT_COMMANDS_H

#include "readout/api.h"
#include "readout/settings.h"

int command_serve(struct settings *settings, char **arguments, int count);
int command_get(struct settings *settings, char **arguments, int count);
int command_ingest(struct settings *settings, char **arguments, int count);
int command_migrate(struct settings *settings, char **arguments, int count);
int command_backup(struct settings *settings, char **arguments, int count);
int command_restore(struct settings *settings, char **arguments, int count);
int command_check(struct settings *settings, char **arguments, int count);
int command_keys(struct settings *settings, char **arguments, int count);
int command_lexicon(struct settings *settings, char **arguments, int count);

/* ---- shared by the commands (server/commands/house.c)
 * -------------------------------------------------------------------------- */

/* The store and the app, opened together. A new store gets the starting topics, and the demonstration where the settings say
 * so. */
struct house {
    struct store *store;
    struct app *app;
    struct slice contract_file; /* of --contract, owned */
};
bool house_open(struct house *house, const struct settings *settings, enum engine_use use, struct error *error);
void house_close(struct house *house);

/* The service manager (server/commands/service_manager.c); where there is none, nothing is told and nothing is had. */
void manager_tell(const char *state);
int manager_socket(void);         /* the listening socket that it hands over, or -1 */
long long manager_patience(void); /* nanoseconds within which its watchdog wants a sign of life; 0: none */

/* Says what went wrong on standard error and returns 1. */
int complain(const struct error *error);

void say_migrated(const char *name); /* for store_open() */

/* Shows on a terminal how far something is, and ends it at SIGINT and SIGTERM (server/commands/watching.c). */
struct watcher watching_begin(void);
void watching_end(void); /* clears the line */

/* Sends `text` line by line into the loading; blank lines are passed over. */
bool load_lines(struct loading *loading, struct slice text, struct error *error);

#endif
