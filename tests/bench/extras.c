#include <stdio.h>
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
        server_start_ours(&server, options, database, 1, &machine->server);
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
    server_start_ours(&server, options, database, 1, &machine->server);
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

/* Requests a second and CPU nanoseconds a request, as medians. */
static void read_with_loops(const struct options *options, const struct world *world, const char *database, int loops,
                            const cpu_set_t *cores, double result[2])
{
    static struct histogram latency;
    double rate[ROUNDS_MAX], cost[ROUNDS_MAX], elapsed;
    struct server server;
    struct plan plan;
    server_start_ours(&server, options, database, loops, cores);
    make_reads(&plan, &server, options, world, READS);
    struct load *load = load_open(&plan, &server, CORE_CLIENTS, false);
    load_slice(load, options->slice, &latency, &elapsed);
    for (int round = 0; round < options->rounds; round++) {
        progress("cores: %d of them, round %d of %d", loops, round + 1, options->rounds);
        int64_t before = server_cpu_nanoseconds(&server);
        uint64_t answered = load_slice(load, options->slice, &latency, &elapsed);
        double used = (double)(server_cpu_nanoseconds(&server) - before);
        rate[round] = answered > 0 ? (double)answered / elapsed : 0;
        cost[round] = answered > 0 ? used / (double)answered : 0;
    }
    load_close(load);
    stop_reading(&plan, &server);
    result[0] = quantile(rate, options->rounds, 0.5);
    result[1] = quantile(cost, options->rounds, 0.5);
}

/* With two cores the load takes its part of them, so requests a second cannot double; what two cores could answer follows from
 * the CPU a request, as long as the loops do not wait for each other. */
static void measure_cores(const struct options *options, const struct machine *machine, const struct world *world,
                          const char *database)
{
    if (machine->cores < 2) {
        report_line("second core", "there is none", NULL, false);
        return;
    }
    double one[2], two[2];
    char figure[160];
    bool crowded = machine->cores == 2;
    if (crowded)
        sched_setaffinity(0, sizeof machine->all, &machine->all);
    read_with_loops(options, world, database, 1, &machine->servers, one);
    read_with_loops(options, world, database, 2, &machine->servers, two);
    sched_setaffinity(0, sizeof machine->load, &machine->load);

    double by_rate = one[0] > 0 ? two[0] / one[0] : 0, by_cost = two[1] > 0 ? 2 * one[1] / two[1] : 0;
    snprintf(figure, sizeof figure, "%.2fx by requests/s (%.0f, %.0f)%s", by_rate, one[0], two[0],
             crowded ? "; the load takes part of both cores" : "");
    report_line("second core, read by id", figure, crowded ? NULL : "≥ 1.8x:", by_rate >= 1.8);
    snprintf(figure, sizeof figure, "%.2fx by CPU a request (%.2f us, %.2f us)", by_cost, one[1] / 1e3, two[1] / 1e3);
    report_line("", figure, crowded ? "≥ 1.8x:" : NULL, by_cost >= 1.8);
}

static const struct extra extras[] = {
    {"start", measure_start},
    {"memory", measure_memory},
    {"cores", measure_cores},
    {.name = NULL},
};

const struct extra *extra_table(void)
{
    return extras;
}
