#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

/* Below this part of a core, the server waited for the load, or for the disk. */
#define BUSY 0.9

enum { FAILURES_SHOWN = 10 };

static unsigned failures;
static bool waited, beside, calibrating;

void progress(const char *format, ...)
{
    if (!isatty(STDERR_FILENO))
        return;
    va_list arguments;
    va_start(arguments, format);
    fputs("\r\033[K", stderr);
    vfprintf(stderr, format, arguments);
    fflush(stderr);
    va_end(arguments);
}

void progress_clear(void)
{
    progress("%s", "");
}

void give_up(const char *format, ...)
{
    va_list arguments;
    progress_clear();
    va_start(arguments, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

void note_failure(const char *format, ...)
{
    if (++failures > FAILURES_SHOWN)
        return;
    va_list arguments;
    progress_clear();
    va_start(arguments, format);
    fputs("bench: wrong: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

unsigned failures_noted(void)
{
    return failures;
}

void report_head(const struct options *options, const struct machine *machine, double sync_milliseconds)
{
    progress_clear();
    calibrating = options->calibrate;
    printf("%ld claims, seed %" PRIu64
           "; %d rounds of %.2f s a side; load on core %zu, servers on core %zu of %d; fdatasync %.2f ms\n",
           options->claims, options->seed, options->rounds, options->slice, machine->load_core, machine->server_core,
           machine->cores, sync_milliseconds);
    if (machine->shared)
        puts("There is one core for the load and the servers: the figures say little.");
    if (options->calibrate)
        puts("Calibration: both sides are the reference; every ratio would be 1.00 on a quiet machine.");
    printf("\n%-24s %7s  %13s  %17s  %22s  %22s  %15s  %s\n", "", "", "CPU us/request", "requests/s", "requests/s, ratio",
           "CPU, ratio", "latency, ms", "");
    printf("%-24s %7s  %6s %7s  %8s %8s  %22s  %22s  %7s %7s  %s\n", "scenario", "clients", "ours", "bare", "ours", "bare",
           "median (quartiles)", "median (quartiles)", "p50", "p99", "goal");
    fflush(stdout);
}

static void print_ratio(const double *values, int count)
{
    char text[64];
    snprintf(text, sizeof text, "%.3f (%.3f-%.3f)", quantile(values, count, 0.5), quantile(values, count, 0.25),
             quantile(values, count, 0.75));
    printf("  %22s", text);
}

static bool idle_side(const struct comparison *comparison, const struct side *side)
{
    return quantile(side->busy, comparison->rounds, 0.5) < BUSY;
}

/* Where a server was not busy, requests a second say more of the load than of the server: then the CPU decides. */
static double ratio_reached(const struct comparison *comparison, const struct side *other, bool idle)
{
    return quantile(idle ? other->cost_ratio : other->rate_ratio, comparison->rounds, 0.5);
}

static void print_goal(const struct scenario *scenario, const struct comparison *comparison, bool idle)
{
    const struct side *ours = &comparison->sides[0];
    double ratio = ratio_reached(comparison, &comparison->sides[1], idle);
    double rate = quantile(ours->rate, comparison->rounds, 0.5), cost = quantile(ours->cost, comparison->rounds, 0.5) / 1e3;
    double slowest = histogram_quantile(&ours->latency, 0.99) / 1e6;
    const char *mark = idle ? " *" : "";
    if (calibrating || scenario->goal == GOAL_NONE)
        printf(" %s", mark);
    else if (scenario->goal == GOAL_RATIO)
        printf("  ≥ %.2f %s%s%s", scenario->figure, ratio >= scenario->figure ? "met" : "missed", idle ? " (by CPU)" : "", mark);
    else if (scenario->goal == GOAL_P99)
        printf("  p99 ≤ %.0f ms %s%s", scenario->figure, slowest <= scenario->figure ? "met" : "missed", mark);
    else if (scenario->goal == GOAL_COST)
        printf("  ≤ %.0f CPU us %s%s", scenario->figure, cost <= scenario->figure ? "met" : "missed", mark);
    else
        printf("  ≥ %.0f/s where fdatasync takes 0.1 ms: %s%s", scenario->figure, rate >= scenario->figure ? "met" : "missed",
               mark);
}

/* The figures of our side beside another's; the latency of `timed`. */
static void print_sides(const char *title, const struct scenario *scenario, const struct comparison *comparison,
                        const struct side *other, const struct side *timed)
{
    int rounds = comparison->rounds;
    const struct side *ours = &comparison->sides[0];
    printf("%-24s %7d  %6.2f %7.2f  %8.0f %8.0f", title, scenario->clients, quantile(ours->cost, rounds, 0.5) / 1e3,
           quantile(other->cost, rounds, 0.5) / 1e3, quantile(ours->rate, rounds, 0.5), quantile(other->rate, rounds, 0.5));
    print_ratio(other->rate_ratio, rounds);
    print_ratio(other->cost_ratio, rounds);
    printf("  %7.3f %7.3f", histogram_quantile(&timed->latency, 0.5) / 1e6, histogram_quantile(&timed->latency, 0.99) / 1e6);
}

void report_row(const struct scenario *scenario, const struct comparison *comparison)
{
    const struct side *ours = &comparison->sides[0], *reference = &comparison->sides[1];
    bool idle = idle_side(comparison, ours) || idle_side(comparison, reference);
    waited |= idle;
    progress_clear();
    print_sides(scenario->title, scenario, comparison, reference, ours);
    print_goal(scenario, comparison, idle);
    putchar('\n');
    fflush(stdout);
}

/* What writes waits for the disk on both sides: requests a second are what counts. */
void report_peer(const struct scenario *scenario, const struct comparison *comparison, enum peer_number peer, const char *name)
{
    const struct side *other = &comparison->sides[2 + peer];
    bool idle = (idle_side(comparison, &comparison->sides[0]) || idle_side(comparison, other)) && scenario->goal != GOAL_RATE;
    double wanted = scenario->against[peer], reached = ratio_reached(comparison, other, idle);
    char title[64];
    snprintf(title, sizeof title, "  ... against %s", name);
    waited |= idle;
    beside = true;
    print_sides(title, scenario, comparison, other, other);
    if (wanted > 0)
        printf("  ≥ %.1f %s%s", wanted, reached >= wanted ? "met" : "missed", idle ? " (by CPU)" : "");
    printf("%s\n", idle ? " *" : "");
    fflush(stdout);
}

void report_notes(void)
{
    puts("\nours: this server. bare: libmicrohttpd alone with the same bytes. Ratios: 1.000 is as good as bare, higher is "
         "better.");
    if (beside)
        puts("against: a small application on another stack with the same requests, in the column of bare; the latency is its. "
             "Its "
             "lists lack the total that ours have.");
    if (waited)
        puts("* one of the servers did not fill its core: requests/s then tell of the load or of the disk, CPU us/request of the "
             "server.");
}

void report_line(const char *what, const char *figure, const char *goal, bool met)
{
    progress_clear();
    printf("%-26s %-84s", what, figure);
    if (goal != NULL)
        printf(" %s %s", goal, met ? "met" : "missed");
    putchar('\n');
    fflush(stdout);
}

void report_growth_head(const struct options *options, const struct machine *machine)
{
    progress_clear();
    printf("CPU us/request by the number of claims; seed %" PRIu64
           "; %d rounds of %.2f s a side, paired; load on core %zu, servers on core %zu of %d; no cache of replies\n\n%-26s",
           options->seed, options->rounds, options->slice, machine->load_core, machine->server_core, machine->cores, "scenario");
    for (int i = 0; i < options->size_count; i++)
        printf(" %10ld", options->sizes[i]);
    printf("  %22s  %s\n", "growth (quartiles)", "goal");
    fflush(stdout);
}

void report_growth(const char *title, double most, const struct comparison *comparison)
{
    const struct side *largest = &comparison->sides[comparison->count - 1];
    double growth = quantile(largest->cost_ratio, comparison->rounds, 0.5);
    progress_clear();
    printf("%-26s", title);
    for (int i = 0; i < comparison->count; i++)
        printf(" %10.2f", quantile(comparison->sides[i].cost, comparison->rounds, 0.5) / 1e3);
    print_ratio(largest->cost_ratio, comparison->rounds);
    if (most > 0)
        printf("  ≤ %.1f %s", most, growth <= most ? "met" : "missed");
    putchar('\n');
    fflush(stdout);
}
