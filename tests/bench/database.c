#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/embedded.h"

/* One more whenever generator.c writes other lines for the same seed. */
enum { GENERATION = 3 };

enum { SYNC_COUNT = 51, SYNC_BYTES = 4096 };

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        give_up("%s: %s", path, strerror(errno));
}

/* Folders here hold files only. */
static void remove_folder(struct arena *arena, const char *path)
{
    glob_t found;
    if (glob(arena_print(arena, "%s/*", path), 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            unlink(found.gl_pathv[i]);
        globfree(&found);
    }
    rmdir(path);
}

/* Records of this size and seed that other migrations or another contract made. */
static void remove_stale(struct arena *arena, const char *pattern, const char *current)
{
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (strcmp(found.gl_pathv[i], current) != 0)
            remove_folder(arena, found.gl_pathv[i]);
    globfree(&found);
}

/* What the stored documents follow from. */
static uint64_t database_key(const struct options *options)
{
    char version[200];
    const char *arguments[] = {options->binary, "--version", NULL};
    if (process_run(arguments, version, sizeof version) != 0)
        give_up("%s --version failed; READOUT_BINARY names the server to measure", options->binary);
    uint64_t key = digest_quick(GENERATION, slice_of(version));
    for (const struct embedded_migration *migration = embedded_migrations(); migration->name != NULL; migration++)
        key = digest_quick(key, migration->sql);
    return digest_quick(key, embedded_contract());
}

static void copy_file(const char *from, const char *to)
{
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0 && errno == ENOENT)
        return;
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    struct stat status;
    if (source < 0 || target < 0 || fstat(source, &status) != 0)
        give_up("%s cannot be copied: %s", from, strerror(errno));
    for (off_t left = status.st_size; left > 0;) {
        ssize_t copied = copy_file_range(source, NULL, target, NULL, (size_t)left, 0);
        if (copied <= 0)
            give_up("%s cannot be copied: %s", from, strerror(errno));
        left -= copied;
    }
    close(source);
    close(target);
}

/* Made under another name, so that a folder of the final name is always whole. */
static void make_record(struct arena *arena, const struct options *options, const struct world *world, const char *folder)
{
    const char *new_folder = arena_print(arena, "%s/new", options->scratch);
    const char *lines = arena_print(arena, "%s/record.ndjson", new_folder);
    remove_folder(arena, new_folder);
    make_folder(new_folder);
    progress("writing a record of %ld claims", world->claims);
    generate_record(lines, world, options->seed);

    progress("loading it");
    const char *database = arena_print(arena, "%s/readout.db", new_folder);
    const char *arguments[] = {options->binary, "ingest", lines,   "--extract", "off",
                               "--database",    database, "--log", "error",     NULL};
    progress_clear();
    if (process_run(arguments, NULL, 0) != 0)
        give_up("%s ingest failed", options->binary);
    unlink(lines);
    if (rename(new_folder, folder) != 0)
        give_up("%s: %s", folder, strerror(errno));
}

/* Two benches at once would only measure each other. The lock goes with the process. */
static void lock_scratch(struct arena *arena, const struct options *options)
{
    int lock = open(arena_print(arena, "%s/lock", options->scratch), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0)
        give_up("%s is in use by another bench: %s", options->scratch, strerror(errno));
}

void database_begin(const struct options *options)
{
    struct arena arena = {0};
    make_folder("build");
    make_folder(options->scratch);
    lock_scratch(&arena, options);
    const char *run = arena_print(&arena, "%s/run", options->scratch);
    remove_folder(&arena, run);
    make_folder(run);
    arena_release(&arena);
}

const char *database_record(struct arena *arena, const struct options *options, const struct world *world)
{
    const char *stem = arena_print(arena, "%s/claims-%ld-seed-%" PRIu64 "-", options->scratch, world->claims, options->seed);
    const char *folder = arena_print(arena, "%s%016" PRIx64, stem, database_key(options));
    remove_stale(arena, arena_print(arena, "%s*", stem), folder);
    if (access(folder, F_OK) != 0)
        make_record(arena, options, world, folder);
    return arena_print(arena, "%s/readout.db", folder);
}

const char *database_open(struct arena *arena, const struct options *options, const struct world *world)
{
    const char *record = database_record(arena, options, world);
    const char *database = arena_print(arena, "%s/run/claims-%ld.db", options->scratch, world->claims);
    progress("copying the record");
    copy_file(record, database);
    copy_file(arena_print(arena, "%s-wal", record), arena_print(arena, "%s-wal", database));
    return database;
}

void database_end(const struct options *options)
{
    struct arena arena = {0};
    remove_folder(&arena, arena_print(&arena, "%s/run", options->scratch));
    arena_release(&arena);
}

double database_sync_milliseconds(const struct options *options)
{
    struct arena arena = {0};
    const char *path = arena_print(&arena, "%s/run/sync", options->scratch);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        give_up("%s: %s", path, strerror(errno));
    char *block = arena_zero(&arena, SYNC_BYTES);
    double milliseconds[SYNC_COUNT];
    for (int i = 0; i < SYNC_COUNT; i++) {
        int64_t start = clock_nanoseconds();
        if (write(file, block, SYNC_BYTES) != SYNC_BYTES || fdatasync(file) != 0)
            give_up("%s: %s", path, strerror(errno));
        milliseconds[i] = (double)(clock_nanoseconds() - start) / 1e6;
    }
    close(file);
    unlink(path);
    arena_release(&arena);
    return quantile(milliseconds, SYNC_COUNT, 0.5);
}
