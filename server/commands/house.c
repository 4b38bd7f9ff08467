#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "readout/commands.h"
#include "readout/embedded.h"
#include "readout/log.h"

int complain(const struct error *error)
{
    fprintf(stderr, "readout: %s\n", error->message);
    return 1;
}

void say_migrated(const char *name)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "migrated: %s\n", name);
    else
        log_event(LOG_INFO, "store-migrated", "name", name, NULL);
}

static bool read_whole(const char *path, struct slice *text, struct error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(error, ERROR_NOT_FOUND, "cannot read the contract %s", path);
    char *data = NULL;
    size_t length = 0, got;
    do {
        data = realloc(data, length + 65536);
        if (!data)
            die("out of memory");
        got = fread(data + length, 1, 65536, file);
        length += got;
    } while (got > 0);
    fclose(file);
    *text = (struct slice){data, length};
    return true;
}

bool load_lines(struct loading *loading, struct slice text, struct error *error)
{
    while (text.data) {
        struct slice line = slice_trim(slice_cut(&text, '\n'));
        if (line.length && line.data[line.length - 1] == '\r')
            line.length--;
        if (line.length && !loading_line(loading, line, error))
            return false;
    }
    return true;
}

static bool load_embedded(struct house *house, struct slice text, struct error *error)
{
    struct loading *loading = loading_begin(house->app, false);
    struct loaded loaded;
    struct error last = {0};
    bool good = load_lines(loading, text, error);
    bool ended = loading_end(loading, &loaded, &last);
    if (good && !ended)
        *error = last;
    return good && ended;
}

bool house_open(struct house *house, const struct settings *settings, enum engine_use use, struct error *error)
{
    static const char *const levels[] = {"debug", "info", "warning", "error", "off"};
    *house = (struct house){.store = NULL};
    for (enum log_level level = LOG_DEBUG; level <= LOG_OFF; level++) {
        if (slice_is(slice_of(settings->text[SETTING_LOG]), levels[level]))
            log_set_level(level);
    }
    json_object_seed(0); /* before there are threads */
    const char *contract = settings->text[SETTING_CONTRACT];
    if (contract[0] && !read_whole(contract, &house->contract_file, error))
        return false;
    struct error reason;
    house->store = store_open(settings->text[SETTING_DATABASE], use, say_migrated, &reason);
    if (!house->store)
        fail(error, reason.kind, "%s: %s", settings->text[SETTING_DATABASE], reason.message);
    if (house->store)
        house->app = app_open(house->store, settings, contract[0] ? house->contract_file : embedded_contract(),
                              contract[0] ? contract : "openapi.yaml", error);
    bool is_new = house->app && use != ENGINE_READ && store_is_new(house->store);
    if (house->app && (!is_new || (load_embedded(house, embedded_topics(), error) &&
                                   (!settings->number[SETTING_DEMO] || load_embedded(house, embedded_demonstration(), error)))))
        return true;
    house_close(house);
    return false;
}

void house_close(struct house *house)
{
    app_close(house->app);
    store_close(house->store);
    free((char *)house->contract_file.data);
    *house = (struct house){.store = NULL};
}
