#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "readout/clock.h"

enum { STARTS = 9, IDLE_CONNECTIONS = 1000, CORE_CLIENTS = 64, READS = 5000 };

/* The same reads for every extra. */
static void make_reads(struct plan *plan, const struct server *server, const struct options *options, const struct world *world,
                       size_t count)
{
    *plan = (struct plan){.world = world, .dice = {options->seed}, .connection = message_connect(server->port)};
    for (size_t i = 0; i < count; i++)
        plan_get(plan, 200, "", "/v1/claims/%ld", (long)dice_roll(&plan->dice, (uint64_t)world->claims) + 1);
    plan_learn(plan, "read");
}

static void stop_reading(struct plan *plan, struct server *server)
{
    close(plan->connection);
    plan_release(plan);
    server_stop(server);
}

static void measure_start(const struct options *options, const struct machine *machine, const struct world *world,
                          const char *database)
{
    double milliseconds[STARTS];
    for (int i = 0; i < STARTS; i++) {
        progress("start: %d of %d", i + 1, STARTS);
        struct server server;
        struct plan plan;
        server_start_ours(&server, options, database, 1, true, &machine->server);
        plan = (struct plan){.world = world, .connection = message_connect(server.port)};
        plan_get(&plan, 200, "", "/v1/claims/1");
        struct message first = plan_ask(&plan);
        milliseconds[i] = (double)(clock_nanoseconds() - server.started) / 1e6;
        if (first.status != 200)
            note_failure("the first answer has status %d", first.status);
        stop_reading(&plan, &server);
    }
    char figure[100];
    double median = quantile(milliseconds, STARTS, 0.5);
    snprintf(figure, sizeof figure, "%.1f ms (quartiles %.1f-%.1f)", median, quantile(milliseconds, STARTS, 0.25),
             quantile(milliseconds, STARTS, 0.75));
    report_line("start to first answer", figure, "≤ 30 ms with the contract loaded:", median <= 30);
}

static void measure_memory(const struct options *options, const struct machine *machine, const struct world *world,
                           const char *database)
{
    struct server server;
    struct plan plan;
    char figure[100];
    progress("memory");
    server_start_ours(&server, options, database, 1, true, &machine->server);
    double resident = (double)server_memory(&server, "VmRSS") / 1e6, own = (double)server_memory(&server, "RssAnon") / 1e6;
    snprintf(figure, sizeof figure, "%.1f MB resident, %.1f MB of it its own", resident, own);
    report_line("idle memory, 1 loop", figure, "≤ 8 MB:", resident <= 8);

    double elapsed;
    static struct histogram latency;
    make_reads(&plan, &server, options, world, READS);
    struct load *few = load_open(&plan, &server, 1, false);
    load_slice(few, options->slice, &latency, &elapsed);
    long before = server_memory(&server, "RssAnon");
    struct load *many = load_open(&plan, &server, IDLE_CONNECTIONS, false);
    load_slice(many, 0, &latency, &elapsed);
    double kilobytes = (double)(server_memory(&server, "RssAnon") - before) / IDLE_CONNECTIONS / 1024;
    load_close(many);
    load_close(few);
    snprintf(figure, sizeof figure, "%.1f KB (of %d idle ones, each having asked once)", kilobytes, IDLE_CONNECTIONS);
    report_line("memory a connection", figure, "≤ 20 KB:", kilobytes <= 20);
    stop_reading(&plan, &server);
}

/* One slice of load from one core: the requests answered a second. */
static double load_from(const struct options *options, const struct plan *plan, const struct server *server,
                        const cpu_set_t *core)
{
    static struct histogram latency;
    double elapsed;
    sched_setaffinity(0, sizeof *core, core);
    struct load *load = load_open(plan, server, CORE_CLIENTS, false);
    load_let_sleep(load);
    uint64_t answered = load_slice(load, options->slice, &latency, &elapsed);
    load_close(load);
    return answered > 0 ? (double)answered / elapsed : 0;
}

/* A second generator, in a process of its own. What it measured comes through the pipe that is returned. */
static int load_beside(const struct options *options, const struct plan *plan, const struct server *server, const cpu_set_t *core,
                       pid_t *pid)
{
    int ends[2];
    if (pipe(ends) != 0 || (*pid = fork()) < 0)
        give_up("no second generator: %s", strerror(errno));
    if (*pid == 0) {
        double rate = load_from(options, plan, server, core);
        bool sent = write(ends[1], &rate, sizeof rate) == sizeof rate;
        _exit(sent && failures_noted() == 0 ? 0 : 1);
    }
    close(ends[1]);
    return ends[0];
}

static double load_from_both(const struct options *options, const struct machine *machine, const struct plan *plan,
                             const struct server *server)
{
    pid_t pid;
    int status, second = load_beside(options, plan, server, &machine->load, &pid);
    double rate = load_from(options, plan, server, &machine->server), other = 0;
    if (read(second, &other, sizeof other) != sizeof other || waitpid(pid, &status, 0) != pid || status != 0)
        note_failure("the second generator failed");
    close(second);
    return rate + other;
}

struct capacity {
    double rate, cost; /* requests a second; nanoseconds of the server's CPU a request */
};

static struct capacity read_with_loops(const struct options *options, const struct machine *machine, const struct world *world,
                                       const char *database, int loops)
{
    double rates[ROUNDS_MAX], costs[ROUNDS_MAX];
    struct server server;
    struct plan plan;
    server_start_ours(&server, options, database, loops, false, loops == 1 ? &machine->server : &machine->both);
    make_reads(&plan, &server, options, world, READS);
    for (int round = 0; round < options->rounds; round++) {
        progress("cores: %d, round %d of %d", loops, round + 1, options->rounds);
        int64_t before = server_cpu_nanoseconds(&server);
        double rate = loops == 1 ? load_from(options, &plan, &server, &machine->server)
                                 : load_from_both(options, machine, &plan, &server);
        rates[round] = rate;
        costs[round] = rate > 0 ? (double)(server_cpu_nanoseconds(&server) - before) / (rate * options->slice) : 0;
    }
    stop_reading(&plan, &server);
    return (struct capacity){quantile(rates, options->rounds, 0.5), quantile(costs, options->rounds, 0.5)};
}

/* A loop and a generator on one core, then the same on each of two: what the second core adds, to both alike. */
static void measure_cores(const struct options *options, const struct machine *machine, const struct world *world,
                          const char *database)
{
    if (machine->cores < 2) {
        report_line("second core", "there is none", NULL, false);
        return;
    }
    struct capacity one = read_with_loops(options, machine, world, database, 1);
    struct capacity two = read_with_loops(options, machine, world, database, 2);
    sched_setaffinity(0, sizeof machine->load, &machine->load);
    char figure[160];
    double gain = one.rate > 0 ? two.rate / one.rate : 0;
    snprintf(figure, sizeof figure, "%.2fx: %.0f/s, %.0f/s, the load on the same cores (%.2f, %.2f CPU us/request)", gain,
             one.rate, two.rate, one.cost / 1e3, two.cost / 1e3);
    report_line("second core, read by id", figure, "≥ 1.8x:", gain >= 1.8);
}

static const struct extra extras[] = {
    {"start", measure_start},     {"memory", measure_memory}, {"cores", measure_cores},
    {"extract", measure_extract}, {"ingest", measure_ingest}, {.name = NULL},
};

const struct extra *extra_table(void)
{
    return extras;
}
