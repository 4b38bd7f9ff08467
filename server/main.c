/* From the command line to a command. */
#include <stdio.h>
#include <string.h>

#include "readout/commands.h"
#include "readout/nearest.h"

static const struct command {
    const char *name, *usage, *help;
    int (*run)(struct settings *settings, char **arguments, int count);
} commands[] = {
    {"serve", "serve", "answer over HTTP until SIGTERM", command_serve},
    {"get", "get [-i] PATH", "answer one GET from the store, without a port; -i shows the status and the headers", command_get},
    {"ingest", "ingest FILE|DIR|-", "take articles in: texts, pages of HTML, NDJSON; in folders, too", command_ingest},
    {"migrate", "migrate", "make the store, or bring it to the newest version", command_migrate},
    {"backup", "backup FILE", "write a consistent copy of the store, while others use it", command_backup},
    {"restore", "restore FILE [replace]", "put a backup in the place of the store; no server may have it open", command_restore},
    {"check", "check", "go through the whole store and say what is wrong; others may use it meanwhile", command_check},
    {"keys", "keys create|list|revoke", "give keys to those who ask over HTTP, list them, take them away", command_keys},
    {"lexicon", "lexicon [NAME]", "list the built-in word lists, or print one", command_lexicon},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static int help(void)
{
    printf(
        "readout %s: who said what, to whom, where and when; and which articles say so\n\nusage: readout COMMAND [settings]\n\n",
        READOUT_VERSION);
    for (const struct command *command = commands; command < commands + COMMAND_COUNT; command++)
        printf("  %-24s %s\n", command->usage, command->help);
    printf("\nEach setting is a flag or a variable: --max-body 1048576, READOUT_MAX_BODY=1048576.\n\n");
    settings_print(stdout);
    return 0;
}

static int unknown(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (int i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *nearest = nearest_name(slice_of(name), names, COMMAND_COUNT);
    fprintf(stderr, "readout: there is no command %s%s%s; readout --help lists them\n", name, nearest ? "; did you mean " : "",
            nearest ? nearest : "");
    return 2;
}

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "--help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0 || (count > 2 && strcmp(arguments[2], "--help") == 0))
        return help();
    if (strcmp(name, "--version") == 0) {
        printf("readout %s (%s)\n", READOUT_VERSION, engine_version());
        return 0;
    }
    for (const struct command *command = commands; command < commands + COMMAND_COUNT; command++) {
        struct settings settings;
        struct error error;
        int left = count - 2;
        if (strcmp(name, command->name) != 0)
            continue;
        if (!settings_read(&settings, arguments + 2, &left, &error)) {
            fprintf(stderr, "readout: %s\n", error.message);
            return 2;
        }
        return command->run(&settings, arguments + 2, left);
    }
    return unknown(name);
}
