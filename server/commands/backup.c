#include <stdio.h>

#include "readout/commands.h"

int command_backup(struct settings *settings, char **arguments, int count)
{
    struct error error;
    struct house house;
    if (count != 1) {
        fprintf(stderr, "readout: usage: readout backup FILE\n");
        return 2;
    }
    if (!house_open(&house, settings, ENGINE_READ, &error))
        return complain(&error);
    struct reader *reader = reader_open(house.store, &error);
    bool good = reader && reader_backup(reader, arguments[0], &error);
    reader_close(reader);
    house_close(&house);
    if (!good)
        return complain(&error);
    printf("%s holds a copy of %s\n", arguments[0], settings->text[SETTING_DATABASE]);
    return 0;
}
