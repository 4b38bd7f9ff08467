#include <stdlib.h>
#include <string.h>

#include "bench.h"

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Between two values, the part of the way from one to the other. */
double quantile(const double *values, int count, double part)
{
    double sorted[ROUNDS_MAX];
    if (count < 1 || count > ROUNDS_MAX)
        return 0;
    memcpy(sorted, values, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, by_size);
    double place = part * (count - 1);
    int below = (int)place;
    int above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

static void measure(struct side *side, int round, struct load *load, const struct server *server, double seconds)
{
    static struct histogram warm_up;
    double elapsed;
    int64_t before = server_cpu_nanoseconds(server);
    uint64_t answered = load_slice(load, seconds, round < 0 ? &warm_up : &side->latency, &elapsed);
    double used = (double)(server_cpu_nanoseconds(server) - before);
    if (round < 0)
        return;
    side->rate[round] = answered > 0 ? (double)answered / elapsed : 0;
    side->cost[round] = answered > 0 ? used / (double)answered : 0;
    side->busy[round] = answered > 0 ? used / (elapsed * 1e9) : 0;
}

static double ratio(double a, double b)
{
    return b > 0 ? a / b : 0;
}

/* Who goes first changes from round to round, so that neither always follows on the other's warm or cold caches. */
void compare(struct comparison *comparison, const struct options *options, const struct scenario *scenario,
             const struct plan *plan, const struct server *ours, const struct server *reference)
{
    memset(comparison, 0, sizeof *comparison);
    comparison->rounds = options->rounds;
    struct load *our_load = load_open(plan, ours, scenario->clients, options->calibrate);
    struct load *reference_load = load_open(plan, reference, scenario->clients, true);
    for (int round = -1; round < options->rounds; round++) {
        progress("%s: round %d of %d", scenario->name, round + 1, options->rounds);
        bool ours_first = round % 2 == 0;
        if (ours_first)
            measure(&comparison->ours, round, our_load, ours, options->slice);
        measure(&comparison->reference, round, reference_load, reference, options->slice);
        if (!ours_first)
            measure(&comparison->ours, round, our_load, ours, options->slice);
        if (round < 0)
            continue;
        comparison->rate_ratio[round] = ratio(comparison->ours.rate[round], comparison->reference.rate[round]);
        comparison->cost_ratio[round] = ratio(comparison->reference.cost[round], comparison->ours.cost[round]);
    }
    load_close(our_load);
    load_close(reference_load);
}
