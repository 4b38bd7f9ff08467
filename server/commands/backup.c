#include <stdio.h>
#include <string.h>

#include "readout/commands.h"

int command_backup(struct settings *settings, char **arguments, int count)
{
    struct error error;
    if (count != 1 || strcmp(arguments[0], "-") == 0) {
        fprintf(stderr, "readout: usage: readout backup FILE%s\n",
                count == 1 ? "; a backup is a file that is whole when it is there: write it, then send it" : "");
        return 2;
    }
    struct watcher watcher = watching_begin();
    bool good = store_backup(settings->text[SETTING_DATABASE], arguments[0], &watcher, &error);
    watching_end();
    if (!good)
        return complain(&error);
    printf("%s holds a copy of %s\n", arguments[0], settings->text[SETTING_DATABASE]);
    return 0;
}
