#include <stdio.h>
#include <string.h>

#include "readout/commands.h"

int command_restore(struct settings *settings, char **arguments, int count)
{
    struct error error;
    char kept[KEPT_SIZE];
    bool replace = count == 2 && strcmp(arguments[1], "replace") == 0;
    if (count != 1 && !replace) {
        fprintf(stderr, "readout: usage: readout restore FILE [replace]\n");
        return 2;
    }
    json_object_seed(0);
    struct watcher watcher = watching_begin();
    bool good = store_restore(arguments[0], settings->text[SETTING_DATABASE], replace, say_migrated, &watcher, kept, &error);
    watching_end();
    if (!good)
        return complain(&error);
    printf("%s holds what %s holds\n", settings->text[SETTING_DATABASE], arguments[0]);
    if (kept[0])
        printf("%s is what was there before\n", kept);
    return 0;
}
