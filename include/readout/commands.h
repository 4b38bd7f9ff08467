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

/* Says what went wrong on standard error and returns 1. */
int complain(const struct error *error);

/* Sends `text` line by line into the loading; blank lines are passed over. */
bool load_lines(struct loading *loading, struct slice text, struct error *error);

#endif
