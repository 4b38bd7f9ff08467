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

static void set_ratios(struct comparison *comparison, int round)
{
    const struct side *first = &comparison->sides[0];
    for (struct side *side = comparison->sides; side < comparison->sides + comparison->count; side++) {
        side->rate_ratio[round] = ratio(first->rate[round], side->rate[round]);
        side->cost_ratio[round] = ratio(side->cost[round], first->cost[round]);
    }
}

/* Who goes first changes from round to round, so that none always follows on another's warm or cold caches. */
void compare(struct comparison *comparison, const struct options *options, const struct scenario *scenario,
             const struct contender *contenders, int count)
{
    struct load *loads[SIDES_MAX];
    memset(comparison, 0, sizeof *comparison);
    comparison->rounds = options->rounds;
    comparison->count = count;
    for (int i = 0; i < count; i++)
        loads[i] = load_open(contenders[i].plan, contenders[i].server, scenario->clients, contenders[i].fixed);
    for (int round = -1; round < options->rounds; round++) {
        progress("%s: round %d of %d", scenario->name, round + 1, options->rounds);
        for (int i = 0; i < count; i++) {
            int turn = (round + 1 + i) % count;
            measure(&comparison->sides[turn], round, loads[turn], contenders[turn].server, options->slice);
        }
        if (round >= 0)
            set_ratios(comparison, round);
    }
    for (int i = 0; i < count; i++)
        load_close(loads[i]);
}
