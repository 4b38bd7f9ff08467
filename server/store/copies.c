/* Backup and restore: a copy is made beside its place under a name of its own, synced, and only then given its place in one step.
 * Whoever is killed on the way leaves such a file, and everything else as it was. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_private.h"

/* ---- files ------------------------------------------------------------------------------------------------ */

static bool exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

static bool cannot(struct error *error, const char *path, const char *what)
{
    return fail(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_FULL, "%s cannot be %s: %s", path, what, strerror(errno));
}

static bool sync_path(const char *path, int flags, struct error *error)
{
    int file = open(path, flags | O_CLOEXEC);
    bool good = file >= 0 && fsync(file) == 0;
    if (!good)
        cannot(error, path, "synced");
    if (file >= 0)
        close(file);
    return good;
}

static bool sync_folder(struct arena *arena, const char *path, struct error *error)
{
    return sync_path(dirname(arena_print(arena, "%s", path)), O_RDONLY | O_DIRECTORY, error);
}

/* An empty file beside `path` that its owner alone may read. */
static char *make_beside(struct arena *arena, const char *path, struct error *error)
{
    char *beside = arena_print(arena, "%s.unfinished-XXXXXX", path);
    int file = mkostemp(beside, O_CLOEXEC);
    if (file < 0) {
        cannot(error, path, "written");
        return NULL;
    }
    close(file);
    return beside;
}

/* The files that SQLite may keep beside a database. */
static const char *const companions[] = {"-wal", "-journal", "-shm"};
enum { COMPANIONS = sizeof companions / sizeof companions[0] };

static void remove_beside(struct arena *arena, const char *beside)
{
    unlink(beside);
    for (size_t i = 0; i < COMPANIONS; i++)
        unlink(arena_print(arena, "%s%s", beside, companions[i]));
}

static bool copy_into(const char *from, const char *beside, const struct watcher *watcher, struct error *error)
{
    struct engine *engine = NULL;
    struct error reason;
    bool ours = engine_open(from, ENGINE_READ, &engine, &reason) && store_known(engine, &reason);
    if (!ours)
        fail(error, reason.kind, "%s: %s", from, reason.message);
    bool good = ours && engine_backup(engine, beside, watcher, error);
    engine_close(engine);
    return good;
}

/* ---- backup ----------------------------------------------------------------------------------------------- */

static bool place_new(struct arena *arena, const char *beside, const char *path, struct error *error)
{
    if (!sync_path(beside, O_RDONLY, error))
        return false;
    if (renameat2(AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return sync_folder(arena, path, error);
    return errno == EEXIST ? fail(error, ERROR_CONFLICT, "%s exists already; a backup never overwrites", path)
                           : cannot(error, path, "written");
}

static bool backup(struct arena *arena, const char *path, const char *copy, const struct watcher *watcher, struct error *error)
{
    if (exists(copy))
        return fail(error, ERROR_CONFLICT, "%s exists already; a backup never overwrites", copy);
    char *beside = make_beside(arena, copy, error);
    if (!beside)
        return false;
    bool good = copy_into(path, beside, watcher, error) && place_new(arena, beside, copy, error);
    if (!good)
        remove_beside(arena, beside);
    return good;
}

bool store_backup(const char *path, const char *copy, const struct watcher *watcher, struct error *error)
{
    struct arena arena = {0};
    bool good = backup(&arena, path, copy, watcher, error);
    arena_release(&arena);
    return good;
}

/* ---- restore ---------------------------------------------------------------------------------------------- */

struct restoring {
    struct arena arena;
    const char *backup, *path;
    void (*migrated)(const char *name);
    const struct watcher *watcher;
    struct stat old; /* what is to be replaced; st_ino 0: nothing */
    int lock;        /* over it, or -1 */
    char *beside;    /* NULL: it is no more what is unfinished */
    char *kept;      /* the name that the old one is kept under */
    struct error *error;
};

static bool look(struct restoring *restoring, bool replace)
{
    struct stat backup;
    if (stat(restoring->backup, &backup) != 0)
        return cannot(restoring->error, restoring->backup, "read");
    if (!exists(restoring->path))
        return true;
    if (stat(restoring->path, &restoring->old) != 0)
        return cannot(restoring->error, restoring->path, "read");
    if (restoring->old.st_ino == backup.st_ino && restoring->old.st_dev == backup.st_dev)
        return fail(restoring->error, ERROR_INVALID, "%s is the store itself", restoring->backup);
    return replace || fail(restoring->error, ERROR_CONFLICT,
                           "%s is there already: `readout restore FILE replace` puts the backup in its place, and keeps what is "
                           "there beside it",
                           restoring->path);
}

static bool begins_as_database(const char *path)
{
    static const char magic[16] = "SQLite format 3";
    char bytes[sizeof magic];
    FILE *file = fopen(path, "rbe");
    bool good = file && fread(bytes, 1, sizeof bytes, file) == sizeof bytes && memcmp(bytes, magic, sizeof magic) == 0;
    if (file)
        fclose(file);
    return good;
}

/* Whoever closes a database last brings its log into it. One that is too damaged for that is kept as it is, with its log, which
 * SQLite would remove beside what is no database. */
static void fold(const char *path)
{
    struct engine *engine = NULL;
    struct error ignored;
    if (begins_as_database(path) && engine_open(path, ENGINE_READ, &engine, &ignored))
        store_known(engine, &ignored);
    engine_close(engine);
}

static bool lock_old(struct restoring *restoring)
{
    if (restoring->old.st_ino) {
        fold(restoring->path);
        return engine_lock(restoring->path, &restoring->lock, restoring->error);
    }
    for (size_t i = 0; i < COMPANIONS; i++) {
        const char *stray = arena_print(&restoring->arena, "%s%s", restoring->path, companions[i]);
        if (exists(stray))
            return fail(restoring->error, ERROR_CONFLICT,
                        "%s is there without its database, and would be taken for the backup's: put it elsewhere", stray);
    }
    return true;
}

static void keep_first(void *context, const char *sentence)
{
    struct restoring *restoring = context;
    if (!restoring->error->kind)
        fail(restoring->error, ERROR_INVALID, "%s is damaged: %s", restoring->backup, sentence);
}

/* The copy is what will be served, so it is the copy that is looked at. */
static bool check_copy(struct restoring *restoring)
{
    struct engine *engine = NULL;
    struct checking checking = {.found = keep_first, .context = restoring, .watcher = *restoring->watcher};
    int64_t findings = 0;
    *restoring->error = (struct error){0};
    bool good = engine_open(restoring->beside, ENGINE_READ, &engine, restoring->error) &&
                engine_is_whole(engine, &checking, &findings, restoring->error) && findings == 0;
    engine_close(engine);
    return good;
}

/* To the newest version, as the program does when it opens a store; the log is brought in when it is closed. */
static bool bring_up(struct restoring *restoring)
{
    struct store *store = store_open(restoring->beside, ENGINE_WRITE, restoring->migrated, restoring->error);
    store_close(store);
    const char *log = arena_print(&restoring->arena, "%s%s", restoring->beside, companions[0]);
    return store && (!exists(log) || fail(restoring->error, ERROR_FULL, "%s could not be brought into the copy", log));
}

/* It belongs to whom the old one belonged to; a new one, if it is root who restores, to whom its folder belongs. */
static bool hand_over(struct restoring *restoring)
{
    struct stat owner = restoring->old;
    if (!owner.st_ino && stat(dirname(arena_print(&restoring->arena, "%s", restoring->path)), &owner) != 0)
        return cannot(restoring->error, restoring->path, "written");
    if (geteuid() == 0 && chown(restoring->beside, owner.st_uid, owner.st_gid) != 0)
        return cannot(restoring->error, restoring->beside, "given to its owner");
    if (restoring->old.st_ino && chmod(restoring->beside, owner.st_mode & 0777) != 0)
        return cannot(restoring->error, restoring->beside, "given its mode");
    return sync_path(restoring->beside, O_RDONLY, restoring->error);
}

/* A log that could not be brought into its database stays with it: beside another one it would be taken for that one's. So it
 * goes first. */
static bool keep_companions(struct restoring *restoring)
{
    for (size_t i = 0; i < COMPANIONS; i++) {
        const char *from = arena_print(&restoring->arena, "%s%s", restoring->path, companions[i]);
        const char *to = arena_print(&restoring->arena, "%s%s", restoring->kept, companions[i]);
        if (exists(from) && renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0)
            return cannot(restoring->error, from, "kept");
    }
    return true;
}

/* The two files swap their names in one step: at any moment one of them is the store, and whole. */
static bool place(struct restoring *restoring)
{
    if (!restoring->old.st_ino)
        return place_new(&restoring->arena, restoring->beside, restoring->path, restoring->error);
    if (!keep_companions(restoring))
        return false;
    if (renameat2(AT_FDCWD, restoring->beside, AT_FDCWD, restoring->path, RENAME_EXCHANGE) != 0)
        return errno == EINVAL ? fail(restoring->error, ERROR_FAULT,
                                      "this file system cannot swap two files in one step: put %s elsewhere and restore again",
                                      restoring->path)
                               : cannot(restoring->error, restoring->path, "replaced");
    if (renameat2(AT_FDCWD, restoring->beside, AT_FDCWD, restoring->kept, RENAME_NOREPLACE) != 0)
        restoring->kept = restoring->beside; /* the store is restored: what was there is whole under this name */
    restoring->beside = NULL;
    return sync_folder(&restoring->arena, restoring->path, restoring->error);
}

static bool restore(struct restoring *restoring, bool replace)
{
    if (!look(restoring, replace) || !lock_old(restoring))
        return false;
    restoring->beside = make_beside(&restoring->arena, restoring->path, restoring->error);
    if (!restoring->beside)
        return false;
    bool placed = copy_into(restoring->backup, restoring->beside, restoring->watcher, restoring->error) &&
                  check_copy(restoring) && bring_up(restoring) && hand_over(restoring) && place(restoring);
    if (!placed && restoring->beside)
        remove_beside(&restoring->arena, restoring->beside);
    return placed;
}

/* "readout.db.before-20220110T093000Z" */
static char *name_kept(struct arena *arena, const char *path)
{
    char now[INSTANT_SIZE];
    clock_now(now);
    return arena_print(arena, "%s.before-%.4s%.2s%.2sT%.2s%.2s%.2sZ", path, now, now + 5, now + 8, now + 11, now + 14, now + 17);
}

bool store_restore(const char *backup, const char *path, bool replace, void (*migrated)(const char *name),
                   const struct watcher *watcher, char kept[static KEPT_SIZE], struct error *error)
{
    char *real = realpath(path, NULL); /* a link stays one */
    struct restoring restoring = {
        .backup = backup, .path = real ? real : path, .migrated = migrated, .watcher = watcher, .lock = -1, .error = error};
    restoring.kept = name_kept(&restoring.arena, restoring.path);
    bool good = restore(&restoring, replace);
    snprintf(kept, KEPT_SIZE, "%s", good && restoring.old.st_ino ? restoring.kept : "");
    if (restoring.lock >= 0)
        engine_unlock(restoring.lock);
    free(real);
    arena_release(&restoring.arena);
    return good;
}
