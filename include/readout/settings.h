/* The settings and limits, declared once (server/base/settings.c): the table makes `--help`, reads flags and READOUT_*
 * variables, and stands in the README. A flag wins over its variable, a variable over the default. */
#ifndef READOUT_SETTINGS_H
#define READOUT_SETTINGS_H

#include <stdbool.h>
#include <stdio.h>

#include "readout/error.h"
#include "readout/slice.h"

enum setting {
    SETTING_LISTEN,
    SETTING_DATABASE,
    SETTING_DEMO,
    SETTING_LOG,
    SETTING_LOOPS,
    SETTING_MAX_BODY,
    SETTING_MAX_TARGET,
    SETTING_MAX_CONNECTIONS,
    SETTING_MAX_CONNECTIONS_PER_ADDRESS,
    SETTING_MAX_PENDING_BYTES,
    SETTING_MAX_PENDING_WRITES,
    SETTING_MAX_PENDING_READINGS,
    SETTING_RATE_LIMIT,
    SETTING_RATE_LIMIT_COSTLY,
    SETTING_UNLIMITED,
    SETTING_TRUSTED_PROXIES,
    SETTING_IDLE_TIMEOUT,
    SETTING_BODY_TIMEOUT,
    SETTING_SEND_TIMEOUT,
    SETTING_STOP_TIMEOUT,
    SETTING_QUERY_TIMEOUT,
    SETTING_READ_TIMEOUT,
    SETTING_MAX_LISTENERS,
    SETTING_KEEPALIVE,
    SETTING_CACHE_BYTES,
    SETTING_TLS_CERTIFICATE,
    SETTING_TLS_KEY,
    SETTING_PUBLIC_URL,
    SETTING_CORS_ORIGINS,
    SETTING_PUBLIC_READ,
    SETTING_REMOTE_WRITES,
    SETTING_GUARD_FORMULAS,
    SETTING_EXTRACT,
    SETTING_CONTRACT,
    SETTING_COUNT
};

struct settings {
    const char *text[SETTING_COUNT]; /* as given, or the default; "" for none */
    long long number[SETTING_COUNT]; /* of those that are numbers; 0 or 1 of those that are switches */
};

/* Reads the environment and the flags of `arguments` (argv without the program's name and the command). What is no flag is put at
 * the front of
 * `arguments`, `*count` says how many those are. ERROR_INVALID names the wrong flag or value and what would be right. */
bool settings_read(struct settings *settings, char **arguments, int *count, struct error *error);

/* The table of settings as the help text shows it. */
void settings_print(FILE *out);

#endif
