#include <stdio.h>

#include "readout/commands.h"
#include "readout/nearest.h"
#include "readout/text.h"

enum { LEXICONS_MAX = 64 };

static int list_all(void)
{
    for (size_t i = 0; i < text_lexicon_count(); i++) {
        struct lexicon_file file = text_lexicon(i);
        printf("%-20s %6zu entries\n", file.name, file.entries);
    }
    return 0;
}

static int unknown(const char *name)
{
    const char *names[LEXICONS_MAX];
    size_t count = 0;
    for (; count < text_lexicon_count() && count < LEXICONS_MAX; count++)
        names[count] = text_lexicon(count).name;
    const char *nearest = nearest_name(slice_of(name), names, count);
    fprintf(stderr, "readout: there is no lexicon %s%s%s; readout lexicon lists them\n", name, nearest ? "; did you mean " : "",
            nearest ? nearest : "");
    return 1;
}

int command_lexicon(struct settings *settings, char **arguments, int count)
{
    struct error error;
    (void)settings;
    if (count > 1) {
        fprintf(stderr, "readout: usage: readout lexicon [NAME]\n");
        return 2;
    }
    if (!text_lexicons_load(&error))
        return complain(&error);
    if (count == 0)
        return list_all();
    for (size_t i = 0; i < text_lexicon_count(); i++) {
        struct lexicon_file file = text_lexicon(i);
        if (slice_is(slice_of(arguments[0]), file.name)) {
            fwrite(file.source.data, 1, file.source.length, stdout);
            return 0;
        }
    }
    return unknown(arguments[0]);
}
