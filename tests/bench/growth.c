#include <string.h>

#include "bench.h"

/* Our server on one record. */
struct size {
    struct world world;
    const char *database;
    struct server server;
    struct plan plan;
};

static void run_scenario(const struct options *options, const struct machine *machine, struct size *sizes,
                         const struct scenario *scenario)
{
    static struct comparison comparison;
    struct contender contenders[SIZES_MAX];
    for (int i = 0; i < options->size_count; i++) {
        struct size *size = &sizes[i];
        server_start_ours(&size->server, options, size->database, 1, scenario->cached, &machine->server);
        plan_make(&size->plan, scenario, options, &size->world, &size->server);
        contenders[i] = (struct contender){&size->server, &size->plan, false};
    }
    compare(&comparison, options, scenario, contenders, options->size_count);
    for (int i = 0; i < options->size_count; i++) {
        plan_release(&sizes[i].plan);
        server_stop(&sizes[i].server);
    }
    report_growth(scenario->title, GROWTH_MOST, &comparison);
}

void measure_growth(const struct options *options, const struct machine *machine)
{
    struct arena arena = {0};
    struct size sizes[SIZES_MAX];
    for (int i = 0; i < options->size_count; i++) {
        sizes[i].world = world_of(options->sizes[i]);
        sizes[i].database = database_record(&arena, options, &sizes[i].world);
    }
    report_growth_head(options, machine);
    sched_setaffinity(0, sizeof machine->load, &machine->load);
    for (const struct scenario *scenario = scenario_table(); scenario->name != NULL; scenario++)
        if (scenario->grows && scenario_wanted(options, scenario->name))
            run_scenario(options, machine, sizes, scenario);
    if (scenario_wanted(options, "match"))
        measure_matching(options, machine);
    arena_release(&arena);
}
