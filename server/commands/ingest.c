#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/commands.h"

/* ---- progress: on a terminal, not in a pipe
 * --------------------------------------------------------------------------------------- */

struct progress {
    bool shown;
    long long lines;
    off_t done, total; /* bytes; total 0 where it is not known */
    int64_t begun, last;
};

static void show(struct progress *progress, bool end)
{
    int64_t now = clock_nanoseconds();
    if (!progress->shown || (!end && now - progress->last < 100000000))
        return;
    progress->last = now;
    double seconds = (double)(now - progress->begun) / 1e9;
    fprintf(stderr, "\r%lld lines, %.0f a second", progress->lines, seconds > 0 ? (double)progress->lines / seconds : 0.0);
    if (progress->total)
        fprintf(stderr, ", %d %%", (int)(100 * progress->done / progress->total));
    fprintf(stderr, "  %s", end ? "\n" : "");
}

/* ---- files
 * --------------------------------------------------------------------------------------------------------------------------- */

static bool load_file(struct loading *loading, FILE *file, const char *name, struct progress *progress, struct error *error)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    struct error inner;
    bool good = true;
    while (good && (length = getline(&line, &size, file)) >= 0) {
        progress->done += length;
        progress->lines++;
        good = load_lines(loading, (struct slice){line, (size_t)length}, &inner);
        show(progress, false);
    }
    free(line);
    return good || fail(error, inner.kind, "%s: %s", name, inner.message);
}

static bool load_path(struct loading *loading, const char *path, struct progress *progress, struct error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(error, ERROR_NOT_FOUND, "cannot read %s", path);
    bool good = load_file(loading, file, path, progress, error);
    fclose(file);
    return good;
}

static int is_ndjson(const struct dirent *entry)
{
    return slice_ends(slice_of(entry->d_name), ".ndjson") || slice_ends(slice_of(entry->d_name), ".jsonl");
}

static bool load_folder(struct loading *loading, const char *path, struct progress *progress, struct error *error)
{
    struct dirent **entries;
    struct arena arena = {0};
    int count = scandir(path, &entries, is_ndjson, alphasort);
    if (count <= 0) {
        if (count == 0)
            free(entries);
        return fail(error, ERROR_NOT_FOUND, "%s has no file ending in .ndjson or .jsonl", path);
    }
    bool good = true;
    for (int i = 0; i < count; i++) {
        good = good && load_path(loading, arena_print(&arena, "%s/%s", path, entries[i]->d_name), progress, error);
        free(entries[i]);
    }
    free(entries);
    arena_release(&arena);
    return good;
}

static bool load(struct loading *loading, const char *path, struct progress *progress, struct error *error)
{
    struct stat about;
    if (strcmp(path, "-") == 0)
        return load_file(loading, stdin, "standard input", progress, error);
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return load_folder(loading, path, progress, error);
    progress->total = stat(path, &about) == 0 ? about.st_size : 0;
    return load_path(loading, path, progress, error);
}

int command_ingest(struct settings *settings, char **arguments, int count)
{
    struct error error, last;
    struct house house;
    struct loaded loaded;
    if (count != 1) {
        fprintf(stderr, "readout: usage: readout ingest FILE|DIR|-\n");
        return 2;
    }
    if (!house_open(&house, settings, ENGINE_CREATE, &error))
        return complain(&error);
    struct progress progress = {.shown = isatty(STDERR_FILENO), .begun = clock_nanoseconds()};
    struct loading *loading = loading_begin(house.app);
    bool good = load(loading, arguments[0], &progress, &error);
    if (!loading_end(loading, &loaded, &last) && good) {
        good = false;
        error = last;
    }
    show(&progress, true);
    house_close(&house);
    printf("%lld lines: %lld created, %lld known already\n", loaded.lines, loaded.created, loaded.known);
    return good ? 0 : complain(&error);
}
