#include <stdio.h>

#include "readout/commands.h"

int command_migrate(struct settings *settings, char **arguments, int count)
{
    struct error error;
    struct house house;
    if (count > 0) {
        fprintf(stderr, "readout: migrate takes settings only, not \"%s\"\n", arguments[0]);
        return 2;
    }
    if (!house_open(&house, settings, ENGINE_CREATE, &error))
        return complain(&error);
    printf("%s is at the newest version\n", settings->text[SETTING_DATABASE]);
    house_close(&house);
    return 0;
}
