#include "bench.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char usage[] = "Measures this server beside a bare libmicrohttpd that answers the same bytes.\n"
                            "\n"
                            "  --claims N         the size of the record (100000)\n"
                            "  --seed N           another record of that size (1)\n"
                            "  --rounds N         slices a side, 1 to 101 (15)\n"
                            "  --slice SECONDS    how long one is (0.35)\n"
                            "  --only NAME        only the scenarios whose names begin so\n"
                            "  --calibrate        the reference against itself: the noise of this machine\n"
                            "  --growth           what some scenarios cost on records of several sizes, and how that grows\n"
                            "  --sizes N,N,...    those sizes, 2 to 4, smallest first (10000,100000,1000000)\n"
                            "  --peers FOLDER     beside the peers installed there, too (make bench PEERS=1)\n"
                            "  --help             this text and the names of the scenarios\n"
                            "\n"
                            "READOUT_BINARY names the server to measure (build/readout). What is written stands in build/bench; "
                            "the record is kept there.\n"
                            "Exit status: 0, 1 when a reply was wrong, 2 when nothing could be measured.\n"
                            "\n"
                            "Scenarios:\n";

static void print_help(void)
{
    fputs(usage, stdout);
    for (const struct scenario *scenario = scenario_table(); scenario->name != NULL; scenario++)
        printf("  %-18s %s, %d client%s\n", scenario->name, scenario->title, scenario->clients,
               scenario->clients == 1 ? "" : "s");
    for (const struct extra *extra = extra_table(); extra->name != NULL; extra++)
        printf("  %s\n", extra->name);
    puts("  match              an article and what is known of it, with --growth");
}

static long number_between(const char *option, const char *text, long least, long most)
{
    long long number;
    if (!slice_to_int(slice_of(text), &number) || number < least || number > most)
        give_up("--%s takes a number from %ld to %ld, not %s", option, least, most, text);
    return (long)number;
}

static double seconds_between(const char *text, double least, double most)
{
    char *end;
    double seconds = strtod(text, &end);
    if (*end != '\0' || !(seconds >= least && seconds <= most))
        give_up("--slice takes %.2f to %.0f seconds, not %s", least, most, text);
    return seconds;
}

static void read_sizes(struct options *options, const char *text)
{
    struct slice rest = slice_of(text);
    struct arena arena = {0};
    options->size_count = 0;
    while (rest.data != NULL) {
        struct slice size = slice_cut(&rest, ',');
        if (options->size_count == SIZES_MAX)
            give_up("--sizes takes at most %d", SIZES_MAX);
        const char *digits = arena_print(&arena, "%.*s", SLICE_ARGS(size));
        long least = options->size_count == 0 ? 1000 : options->sizes[options->size_count - 1];
        options->sizes[options->size_count++] = number_between("sizes", digits, least, 100000000);
    }
    if (options->size_count < 2)
        give_up("--sizes takes at least 2");
    arena_release(&arena);
}

static void take_option(struct options *options, int letter)
{
    if (letter == 'c')
        options->claims = number_between("claims", optarg, 1000, 100000000);
    else if (letter == 's')
        options->seed = (uint64_t)number_between("seed", optarg, 0, 1000000000);
    else if (letter == 'r')
        options->rounds = (int)number_between("rounds", optarg, 1, ROUNDS_MAX);
    else if (letter == 't')
        options->slice = seconds_between(optarg, 0.01, 60);
    else if (letter == 'o')
        options->only = optarg;
    else if (letter == 'b')
        options->calibrate = true;
    else if (letter == 'g')
        options->growth = true;
    else if (letter == 'z')
        read_sizes(options, optarg);
    else if (letter == 'p')
        options->peers = optarg;
    else if (letter == 'h')
        print_help();
    if (letter == 'h' || letter == '?')
        exit(letter == 'h' ? 0 : 2);
}

static void read_options(struct options *options, int count, char **arguments)
{
    static const struct option known[] = {
        {"claims", required_argument, NULL, 'c'},
        {"seed", required_argument, NULL, 's'},
        {"rounds", required_argument, NULL, 'r'},
        {"slice", required_argument, NULL, 't'},
        {"only", required_argument, NULL, 'o'},
        {"calibrate", no_argument, NULL, 'b'},
        {"growth", no_argument, NULL, 'g'},
        {"sizes", required_argument, NULL, 'z'},
        {"peers", required_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int letter; (letter = getopt_long(count, arguments, "", known, NULL)) != -1;)
        take_option(options, letter);
    if (optind < count)
        give_up("%s is not an option; --help lists them", arguments[optind]);
}

bool scenario_wanted(const struct options *options, const char *name)
{
    return options->only == NULL || strncmp(name, options->only, strlen(options->only)) == 0;
}

/* A name that nothing begins with is a slip, not a wish for an empty table. */
static void check_only(const struct options *options)
{
    for (const struct scenario *scenario = scenario_table(); scenario->name != NULL; scenario++)
        if (scenario_wanted(options, scenario->name) && (scenario->grows || !options->growth))
            return;
    for (const struct extra *extra = extra_table(); extra->name != NULL && !options->growth; extra++)
        if (scenario_wanted(options, extra->name))
            return;
    if (options->growth && scenario_wanted(options, "match"))
        return;
    give_up("no scenario begins with %s; --help lists them", options->only);
}

static void run_scenario(const struct options *options, const struct machine *machine, const struct world *world,
                         const char *database, const struct scenario *scenario)
{
    static struct comparison comparison;
    struct server ours, reference, second;
    struct plan plan;
    struct peer peers[PEERS];
    bool beside = options->peers != NULL && scenario->peers && !options->calibrate;
    server_start_ours(&ours, options, database, 1, scenario->cached, &machine->server);
    plan_make(&plan, scenario, options, world, &ours);
    reference_start(&reference, options, &plan, &machine->server);
    struct contender contenders[SIDES_MAX] = {{&ours, &plan, false}, {&reference, &plan, true}};
    int count = 2;
    if (options->calibrate) {
        reference_start(&second, options, &plan, &machine->server);
        contenders[0] = (struct contender){&second, &plan, true};
    }
    if (beside) {
        peers_start(peers, options, scenario, world, &machine->server);
        if (scenario->same)
            peers_compare(peers, &plan);
        for (enum peer_number peer = 0; peer < PEERS; peer++)
            contenders[count++] = (struct contender){&peers[peer].server, &peers[peer].plan, false};
    }
    compare(&comparison, options, scenario, contenders, count);
    report_row(scenario, &comparison);
    for (enum peer_number peer = 0; beside && peer < PEERS; peer++)
        report_peer(scenario, &comparison, peer, peers[peer].name);
    if (beside)
        peers_stop(peers);
    if (options->calibrate)
        server_stop(&second);
    server_stop(&reference);
    server_stop(&ours);
    plan_release(&plan);
}

static void run_all(const struct options *options, const struct machine *machine)
{
    struct arena arena = {0};
    struct world world = world_of(options->claims);
    const char *database = database_open(&arena, options, &world);
    if (options->peers != NULL)
        peers_make(options, database);
    report_head(options, machine, database_sync_milliseconds(options));
    sched_setaffinity(0, sizeof machine->load, &machine->load);
    for (const struct scenario *scenario = scenario_table(); scenario->name != NULL; scenario++)
        if (scenario_wanted(options, scenario->name))
            run_scenario(options, machine, &world, database, scenario);
    putchar('\n');
    for (const struct extra *extra = extra_table(); extra->name != NULL; extra++)
        if (scenario_wanted(options, extra->name) && !options->calibrate)
            extra->measure(options, machine, &world, database);
    report_notes();
    arena_release(&arena);
}

int main(int count, char **arguments)
{
    if (count == 6 && strcmp(arguments[1], "--reference") == 0)
        return reference_main(arguments + 2);

    struct options options = {.claims = 100000,
                              .seed = 1,
                              .rounds = 15,
                              .slice = 0.35,
                              .scratch = "build/bench",
                              .sizes = {10000, 100000, 1000000},
                              .size_count = 3};
    read_options(&options, count, arguments);
    if (options.only != NULL)
        check_only(&options);
    const char *binary = getenv("READOUT_BINARY");
    struct arena arena = {0};
    options.binary = binary != NULL ? arena_print(&arena, "%s", binary) : "build/readout";
    unsetenv("READOUT_BINARY"); /* the server would take it for a setting */

    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    struct machine machine;
    machine_look(&machine);
    database_begin(&options);
    if (options.growth)
        measure_growth(&options, &machine);
    else
        run_all(&options, &machine);
    database_end(&options);
    arena_release(&arena);
    if (failures_noted() > 0)
        fprintf(stderr, "bench: %u wrong replies\n", failures_noted());
    return failures_noted() > 0 ? 1 : 0;
}
