#include <stdio.h>

#include "readout/commands.h"

enum { SHOWN_MAX = 200 };

static void show(void *context, const char *sentence)
{
    long *count = context;
    if (++*count > SHOWN_MAX)
        return;
    watching_end();
    printf("%s\n", sentence);
}

int command_check(struct settings *settings, char **arguments, int count)
{
    struct error error;
    long found = 0;
    if (count > 0) {
        fprintf(stderr, "readout: check takes settings only, not \"%s\": --database names the store\n", arguments[0]);
        return 2;
    }
    json_object_seed(0);
    struct checking checking = {.found = show, .context = &found, .watcher = watching_begin()};
    bool good = store_check(settings->text[SETTING_DATABASE], &checking, &error);
    watching_end();
    if (found > SHOWN_MAX)
        printf("… and %ld more\n", found - SHOWN_MAX);
    if (!good) {
        fprintf(stderr, "readout: %s: %s\n", settings->text[SETTING_DATABASE], error.message);
        return 1;
    }
    if (found == 0)
        printf("%s is sound\n", settings->text[SETTING_DATABASE]);
    return found > 0;
}
