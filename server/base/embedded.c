#include "readout/embedded.h"

#include <pthread.h>

/* Puts the bytes of a file between `name` and `name_end`. The path is from the repository's root, where the compiler runs.
 * The symbols are hidden, so that position-independent code reaches them directly. */
#define EMBED(name, path)                                                                                                        \
    __asm__(".pushsection .rodata\n"                                                                                             \
            ".balign 16\n"                                                                                                       \
            ".globl " #name "\n"                                                                                                 \
            ".hidden " #name "\n" #name ":\n"                                                                                    \
            ".incbin \"" path "\"\n"                                                                                             \
            ".globl " #name "_end\n"                                                                                             \
            ".hidden " #name "_end\n" #name "_end:\n"                                                                            \
            ".byte 0\n"                                                                                                          \
            ".popsection\n");                                                                                                    \
    extern const char name[] __attribute__((visibility("hidden")));                                                              \
    extern const char name##_end[] __attribute__((visibility("hidden")))

#define EMBEDDED(name) ((struct slice){(name), (size_t)((name##_end) - (name))})

EMBED(readout_contract, "openapi.yaml");
EMBED(readout_topics, "server/ingest/topics.ndjson");
EMBED(readout_demonstration, "server/ingest/demonstration.ndjson");
EMBED(readout_docs_page, "server/web/docs.html");
EMBED(readout_migration_0001, "migrations/sqlite/0001_the_record.sql");
EMBED(readout_migration_0002, "migrations/sqlite/0002_search.sql");
EMBED(readout_migration_0003, "migrations/sqlite/0003_counts.sql");

/* In their order; a new migration is one EMBED above and one line here. */
static const struct {
    const char *name, *start, *end;
} files[] = {
    {"0001_the_record", readout_migration_0001, readout_migration_0001_end},
    {"0002_search", readout_migration_0002, readout_migration_0002_end},
    {"0003_counts", readout_migration_0003, readout_migration_0003_end},
};

enum { MIGRATIONS = sizeof files / sizeof files[0] };

static struct embedded_migration migrations[MIGRATIONS + 1]; /* and the one without a name */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The length of a file is known to the linker only, too late for an initialiser. */
static void measure(void)
{
    for (int i = 0; i < MIGRATIONS; i++) {
        struct slice sql = {files[i].start, (size_t)(files[i].end - files[i].start)};
        migrations[i] = (struct embedded_migration){files[i].name, sql};
    }
}

struct slice embedded_contract(void)
{
    return EMBEDDED(readout_contract);
}

struct slice embedded_topics(void)
{
    return EMBEDDED(readout_topics);
}

struct slice embedded_demonstration(void)
{
    return EMBEDDED(readout_demonstration);
}

struct slice embedded_docs_page(void)
{
    return EMBEDDED(readout_docs_page);
}

const struct embedded_migration *embedded_migrations(void)
{
    pthread_once(&once, measure);
    return migrations;
}
