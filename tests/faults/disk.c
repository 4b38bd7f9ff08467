/* A disk that fails on demand. Loaded into the real binary (LD_PRELOAD), it becomes SQLite's default VFS and hands every call on
 * to the one of the system, but for those that a trial wants to fail. So no test code stands in the server.
 *
 * READOUT_DISK names a file of `struct control`, which the trial maps too (disk.py): the call of `kind` that is the `nth`
 * since `seen` was set to 0, on a file whose role is in `roles`, gets `code`; with `lasting`, all after it too.
 * READOUT_DISK_LOG names a file that gets an entry for each change of a file and each sync, with what was written: what a power
 * cut would leave can be told from it (power.py). */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum kind { OPEN, READ, WRITE, TRUNCATE, SYNC, SIZE, LOCK, SHM_MAP, SHM_LOCK, DELETE, ACCESS, KINDS };
enum role { MAIN, WAL, JOURNAL, OTHER };

struct control {
    _Atomic uint32_t kind, nth, code, lasting, roles, seen, failed, calls[KINDS];
};

/* In the log, before what was written. Of a sync, `offset` is the number of entries when it began: it covers those. */
struct entry {
    uint64_t nanoseconds, number;
    int64_t offset;
    uint32_t kind, role, length, unused;
};

struct file {
    sqlite3_file base;
    sqlite3_file *real;
    enum role role;
};

static struct control nothing, *control = &nothing;
static int log_file = -1;
static uint64_t log_number;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *real_vfs;

static int fault(enum kind kind, enum role role)
{
    atomic_fetch_add(&control->calls[kind], 1);
    if (kind != atomic_load(&control->kind) || !(atomic_load(&control->roles) >> role & 1))
        return SQLITE_OK;
    uint32_t seen = atomic_fetch_add(&control->seen, 1) + 1, nth = atomic_load(&control->nth);
    if (nth == 0 || seen < nth || (seen > nth && !atomic_load(&control->lasting)))
        return SQLITE_OK;
    atomic_fetch_add(&control->failed, 1);
    return (int)atomic_load(&control->code);
}

/* ---- the log ---------------------------------------------------------------------------------------------- */

static uint64_t note(enum kind kind, enum role role, int64_t offset, const void *data, size_t length)
{
    struct timespec now;
    if (log_file < 0)
        return 0;
    pthread_mutex_lock(&log_lock);
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct entry entry = {.nanoseconds = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec,
                          .number = log_number++,
                          .offset = offset,
                          .kind = kind,
                          .role = role,
                          .length = (uint32_t)length};
    if (write(log_file, &entry, sizeof entry) != sizeof entry || (length && write(log_file, data, length) != (ssize_t)length))
        abort();
    pthread_mutex_unlock(&log_lock);
    return entry.number;
}

static uint64_t noted(void)
{
    pthread_mutex_lock(&log_lock);
    uint64_t number = log_number;
    pthread_mutex_unlock(&log_lock);
    return number;
}

/* ---- a file ----------------------------------------------------------------------------------------------- */

static struct file *of(sqlite3_file *base)
{
    return (struct file *)base;
}

static int disk_close(sqlite3_file *base)
{
    return of(base)->real->pMethods->xClose(of(base)->real);
}

/* A short read gives the first half, and zeros: SQLite wants the rest filled. */
static int disk_read(sqlite3_file *base, void *into, int length, sqlite3_int64 offset)
{
    sqlite3_file *real = of(base)->real;
    int code = fault(READ, of(base)->role);
    if (code == SQLITE_OK)
        return real->pMethods->xRead(real, into, length, offset);
    if (code == SQLITE_IOERR_SHORT_READ) {
        memset(into, 0, (size_t)length);
        real->pMethods->xRead(real, into, length / 2, offset);
    }
    return code;
}

/* What fails may still have written some of it. */
static int disk_write(sqlite3_file *base, const void *data, int length, sqlite3_int64 offset)
{
    sqlite3_file *real = of(base)->real;
    int code = fault(WRITE, of(base)->role);
    if (code != SQLITE_OK) {
        real->pMethods->xWrite(real, data, length / 2, offset);
        return code;
    }
    note(WRITE, of(base)->role, offset, data, (size_t)length);
    return real->pMethods->xWrite(real, data, length, offset);
}

static int disk_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    int code = fault(TRUNCATE, of(base)->role);
    if (code != SQLITE_OK)
        return code;
    note(TRUNCATE, of(base)->role, size, NULL, 0);
    return of(base)->real->pMethods->xTruncate(of(base)->real, size);
}

static int disk_sync(sqlite3_file *base, int flags)
{
    uint64_t covered = noted();
    int code = fault(SYNC, of(base)->role);
    if (code == SQLITE_OK)
        code = of(base)->real->pMethods->xSync(of(base)->real, flags);
    if (code == SQLITE_OK)
        note(SYNC, of(base)->role, (int64_t)covered, NULL, 0);
    return code;
}

static int disk_size(sqlite3_file *base, sqlite3_int64 *size)
{
    int code = fault(SIZE, of(base)->role);
    return code != SQLITE_OK ? code : of(base)->real->pMethods->xFileSize(of(base)->real, size);
}

static int disk_lock(sqlite3_file *base, int level)
{
    int code = fault(LOCK, of(base)->role);
    return code != SQLITE_OK ? code : of(base)->real->pMethods->xLock(of(base)->real, level);
}

static int disk_unlock(sqlite3_file *base, int level)
{
    return of(base)->real->pMethods->xUnlock(of(base)->real, level);
}

static int disk_reserved(sqlite3_file *base, int *taken)
{
    return of(base)->real->pMethods->xCheckReservedLock(of(base)->real, taken);
}

static int disk_control(sqlite3_file *base, int what, void *argument)
{
    return of(base)->real->pMethods->xFileControl(of(base)->real, what, argument);
}

static int disk_sector_size(sqlite3_file *base)
{
    return of(base)->real->pMethods->xSectorSize(of(base)->real);
}

static int disk_traits(sqlite3_file *base)
{
    return of(base)->real->pMethods->xDeviceCharacteristics(of(base)->real);
}

static int disk_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **memory)
{
    int code = fault(SHM_MAP, of(base)->role);
    if (code == SQLITE_OK)
        return of(base)->real->pMethods->xShmMap(of(base)->real, page, size, extend, memory);
    *memory = NULL;
    return code;
}

static int disk_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
    int code = flags & SQLITE_SHM_LOCK ? fault(SHM_LOCK, of(base)->role) : SQLITE_OK;
    return code != SQLITE_OK ? code : of(base)->real->pMethods->xShmLock(of(base)->real, offset, count, flags);
}

static void disk_shm_barrier(sqlite3_file *base)
{
    of(base)->real->pMethods->xShmBarrier(of(base)->real);
}

static int disk_shm_unmap(sqlite3_file *base, int remove)
{
    return of(base)->real->pMethods->xShmUnmap(of(base)->real, remove);
}

/* Nothing is mapped, so that every page comes through disk_read(). */
static int disk_fetch(sqlite3_file *base, sqlite3_int64 offset, int length, void **memory)
{
    (void)base, (void)offset, (void)length;
    *memory = NULL;
    return SQLITE_OK;
}

static int disk_unfetch(sqlite3_file *base, sqlite3_int64 offset, void *memory)
{
    (void)base, (void)offset, (void)memory;
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    3,           disk_close,   disk_read,     disk_write,       disk_truncate,  disk_sync,
    disk_size,   disk_lock,    disk_unlock,   disk_reserved,    disk_control,   disk_sector_size,
    disk_traits, disk_shm_map, disk_shm_lock, disk_shm_barrier, disk_shm_unmap, disk_fetch,
    disk_unfetch};

/* ---- the files -------------------------------------------------------------------------------------------- */

static enum role role_of(int flags)
{
    return flags & SQLITE_OPEN_MAIN_DB        ? MAIN
           : flags & SQLITE_OPEN_WAL          ? WAL
           : flags & SQLITE_OPEN_MAIN_JOURNAL ? JOURNAL
                                              : OTHER;
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *flags_out)
{
    (void)vfs;
    struct file *file = of(base);
    *file = (struct file){.real = (sqlite3_file *)(file + 1), .role = role_of(flags)};
    int code = fault(OPEN, file->role);
    if (code != SQLITE_OK)
        return code;
    code = real_vfs->xOpen(real_vfs, name, file->real, flags, flags_out);
    file->base.pMethods = file->real->pMethods ? &methods : NULL;
    return code;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    size_t length = strlen(name);
    enum role role = length > 4 && memcmp(name + length - 4, "-wal", 4) == 0 ? WAL : JOURNAL;
    int code = fault(DELETE, role);
    if (code != SQLITE_OK)
        return code;
    code = real_vfs->xDelete(real_vfs, name, sync_folder);
    if (code == SQLITE_OK)
        note(DELETE, role, sync_folder, NULL, 0);
    return code;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *answer)
{
    (void)vfs;
    int code = fault(ACCESS, MAIN);
    return code != SQLITE_OK ? code : real_vfs->xAccess(real_vfs, name, flags, answer);
}

static void *map(const char *path)
{
    int handle = open(path, O_RDWR | O_CLOEXEC);
    void *memory = handle < 0 ? MAP_FAILED : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    if (memory == MAP_FAILED) {
        fprintf(stderr, "the disk cannot map %s\n", path);
        abort();
    }
    close(handle);
    return memory;
}

/* The rest of the VFS is that of the system. */
__attribute__((constructor)) static void disk_put_in(void)
{
    static sqlite3_vfs vfs;
    const char *control_path = getenv("READOUT_DISK"), *log_path = getenv("READOUT_DISK_LOG");
    if (control_path)
        control = map(control_path);
    if (log_path)
        log_file = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (!control_path && !log_path)
        return;
    sqlite3_initialize();
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.pNext = NULL;
    vfs.zName = "failing";
    vfs.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
    vfs.xOpen = disk_open;
    vfs.xDelete = disk_delete;
    vfs.xAccess = disk_access;
    sqlite3_vfs_register(&vfs, 1);
}
