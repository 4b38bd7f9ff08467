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
static bool waited, calibrating;

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

/* Where the server was not busy, requests a second say more of the load than of the server: then the CPU decides. */
static void print_goal(const struct scenario *scenario, const struct comparison *comparison, bool idle)
{
    int rounds = comparison->rounds;
    double reached = 0;
    if (scenario->goal == GOAL_RATIO)
        reached = quantile(idle ? comparison->cost_ratio : comparison->rate_ratio, rounds, 0.5);
    else if (scenario->goal == GOAL_RATE)
        reached = quantile(comparison->ours.rate, rounds, 0.5);
    if (calibrating) {
        printf("%s", idle ? "  *" : "");
        return;
    }
    const char *verdict = reached >= scenario->figure ? "met" : "missed";
    if (scenario->goal == GOAL_RATIO)
        printf("  ≥ %.2f %s%s", scenario->figure, verdict, idle ? " (by CPU) *" : "");
    else if (scenario->goal == GOAL_RATE)
        printf("  ≥ %.0f/s where fdatasync takes 0.1 ms: %s%s", scenario->figure, verdict, idle ? " *" : "");
    else if (idle)
        printf("  *");
}

void report_row(const struct scenario *scenario, const struct comparison *comparison)
{
    int rounds = comparison->rounds;
    const struct side *ours = &comparison->ours, *reference = &comparison->reference;
    bool idle = quantile(ours->busy, rounds, 0.5) < BUSY || quantile(reference->busy, rounds, 0.5) < BUSY;
    waited |= idle;
    progress_clear();
    printf("%-24s %7d  %6.2f %7.2f  %8.0f %8.0f", scenario->title, scenario->clients, quantile(ours->cost, rounds, 0.5) / 1e3,
           quantile(reference->cost, rounds, 0.5) / 1e3, quantile(ours->rate, rounds, 0.5),
           quantile(reference->rate, rounds, 0.5));
    print_ratio(comparison->rate_ratio, rounds);
    print_ratio(comparison->cost_ratio, rounds);
    printf("  %7.3f %7.3f", histogram_quantile(&ours->latency, 0.5) / 1e6, histogram_quantile(&ours->latency, 0.99) / 1e6);
    print_goal(scenario, comparison, idle);
    putchar('\n');
    fflush(stdout);
}

void report_notes(void)
{
    puts("\nours: this server. bare: libmicrohttpd alone with the same bytes. Ratios: 1.000 is as good as bare, higher is "
         "better.");
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
