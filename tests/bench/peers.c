#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "readout/engine.h"

/* What `make peers` installs; each is run with the path of its database. */
static const struct {
    const char *name, *program, *script;
} stacks[PEERS] = {
    [PEER_BUN] = {"bun", "bun/bun", "bun/server.js"},
    [PEER_FASTIFY] = {"fastify", "fastify/node", "fastify/server.js"},
};

static const char *database_of(struct arena *arena, const struct options *options, enum peer_number peer)
{
    return arena_print(arena, "%s/run/peer-%s.db", options->scratch, stacks[peer].name);
}

static struct slice read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        give_up("%s: %s; `make bench PEERS=1` installs the peers", path, strerror(errno));
    struct buffer text = buffer_in(arena, 8192);
    char part[4096];
    for (size_t count; (count = fread(part, 1, sizeof part, file)) > 0;)
        buffer_add(&text, part, count);
    fclose(file);
    return buffer_slice(&text);
}

static void make_one(struct arena *arena, const char *path, const char *record, struct slice schema)
{
    struct engine *engine;
    struct error error;
    const char *attach =
        arena_print(arena, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ATTACH '%s' AS record;", record);
    const char *sql = arena_print(arena, "%.*s", SLICE_ARGS(schema));
    if (!engine_open(path, ENGINE_CREATE, &engine, &error))
        give_up("%s: %s", path, error.message);
    if (!engine_execute(engine, attach, &error) || !engine_execute(engine, sql, &error) ||
        !engine_execute(engine, "DETACH record; PRAGMA synchronous = FULL;", &error))
        give_up("%s: %s", path, error.message);
    engine_close(engine);
}

void peers_make(const struct options *options, const char *database)
{
    struct arena arena = {0};
    struct slice schema = read_file(&arena, arena_print(&arena, "%s/schema.sql", options->peers));
    for (enum peer_number peer = 0; peer < PEERS; peer++) {
        progress("making the record of %s", stacks[peer].name);
        make_one(&arena, database_of(&arena, options, peer), database, schema);
    }
    arena_release(&arena);
}

void peers_start(struct peer peers[static PEERS], const struct options *options, const struct scenario *scenario,
                 const struct world *world, const cpu_set_t *cores)
{
    struct arena arena = {0};
    for (enum peer_number peer = 0; peer < PEERS; peer++) {
        const char *program = arena_print(&arena, "%s/%s", options->peers, stacks[peer].program);
        const char *script = arena_print(&arena, "%s/%s", options->peers, stacks[peer].script);
        const char *arguments[] = {program, script, database_of(&arena, options, peer), NULL};
        peers[peer].name = stacks[peer].name;
        server_start(&peers[peer].server, stacks[peer].name, arguments, cores);
        plan_make(&peers[peer].plan, scenario, options, world, &peers[peer].server);
    }
    arena_release(&arena);
}

void peers_compare(const struct peer peers[static PEERS], const struct plan *ours)
{
    for (enum peer_number peer = 0; peer < PEERS; peer++) {
        const struct plan *plan = &peers[peer].plan;
        for (size_t i = 0; i < ours->count && i < plan->count; i++) {
            struct slice target = plan->probes[i].request;
            target = slice_cut(&target, '\r');
            if (plan->probes[i].length != ours->probes[i].length)
                note_failure("%s: %.*s: %zu bytes, and %zu of ours", peers[peer].name, SLICE_ARGS(target), plan->probes[i].length,
                             ours->probes[i].length);
        }
    }
}

void peers_stop(struct peer peers[static PEERS])
{
    for (enum peer_number peer = 0; peer < PEERS; peer++) {
        plan_release(&peers[peer].plan);
        server_stop(&peers[peer].server);
    }
}
