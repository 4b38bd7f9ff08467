/* How often one key, or one address, may ask.
 *
 * A policy is a bucket that fills evenly, its whole size in a minute. All that is kept of one is the instant at which it would be
 * full again: taking from it moves that instant on, by no more than a minute from now. Whoever is not in the table has full
 * buckets, so forgetting somebody can only let him ask more often, never less; and each entry says exactly whose it is, so nobody
 * pays for another. The table is as large as it is. Where a set of places is taken, the one who owes least goes: who is over his
 * limit stays, and crowds of newcomers push out each other. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/metrics.h"

enum policy { POLICY_BURST, POLICY_COSTLY, POLICY_COUNT };
enum { SETS = 8192, PLACES = 8, LOCKS = 256, COSTLY_BYTES = 65536, WINDOW_SECONDS = 60 };

static const int64_t SECOND = 1000000000, WINDOW = WINDOW_SECONDS * SECOND;

static const char *const names[POLICY_COUNT] = {"burst", "costly"};

/* A key's id behind ONLY_KEYS, which begins no peer's address; or the 16 bytes of an address. */
struct holder {
    uint64_t high, low;
};
#define ONLY_KEYS UINT64_MAX

struct entry {
    struct holder holder;
    int64_t full_at[POLICY_COUNT];
};

struct quota {
    int64_t most[POLICY_COUNT]; /* in a window; 0: no limit */
    struct networks unlimited;
    char policies[POLICY_COUNT][64];
    uint64_t secret; /* so that nobody can choose addresses that share a set */
    pthread_mutex_t locks[LOCKS];
    struct entry entries[SETS][PLACES];
};

/* What a policy says to one request. */
struct standing {
    bool good;
    int64_t left, seconds; /* until it is full; where it is not good: until it would be */
};

struct quota *quota_open(const struct settings *settings)
{
    struct quota *quota = calloc(1, sizeof *quota);
    struct error error;
    if (!quota)
        die("out of memory");
    quota->most[POLICY_BURST] = settings->number[SETTING_RATE_LIMIT];
    quota->most[POLICY_COSTLY] = settings->number[SETTING_RATE_LIMIT_COSTLY];
    if (!networks_parse(slice_of(settings->text[SETTING_UNLIMITED]), &quota->unlimited, &error))
        die("%s", error.message);
    for (enum policy policy = 0; policy < POLICY_COUNT; policy++)
        snprintf(quota->policies[policy], sizeof quota->policies[policy], "\"%s\";q=%lld;w=%d", names[policy],
                 (long long)quota->most[policy], WINDOW_SECONDS);
    digest_random((uint8_t *)&quota->secret, sizeof quota->secret);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&quota->locks[i], NULL);
    return quota;
}

void quota_close(struct quota *quota)
{
    for (size_t i = 0; quota && i < LOCKS; i++)
        pthread_mutex_destroy(&quota->locks[i]);
    free(quota);
}

/* ---- the table ---------------------------------------------------------------------------------------------- */

static size_t set_of(const struct quota *quota, struct holder holder)
{
    uint64_t mixed = (holder.high ^ quota->secret) * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 29 ^ holder.low) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 32 ^ quota->secret) * 0x94d049bb133111ebu;
    return mixed >> 51; /* SETS of them */
}

static int64_t debt_of(const struct entry *entry, int64_t now)
{
    int64_t debt = 0;
    for (enum policy policy = 0; policy < POLICY_COUNT; policy++)
        debt += entry->full_at[policy] > now ? entry->full_at[policy] - now : 0;
    return debt;
}

static struct entry *entry_of(struct entry set[static PLACES], struct holder holder, int64_t now)
{
    struct entry *least = set;
    for (struct entry *entry = set; entry < set + PLACES; entry++) {
        if (entry->holder.high == holder.high && entry->holder.low == holder.low)
            return entry;
        if (debt_of(entry, now) < debt_of(least, now))
            least = entry;
    }
    *least = (struct entry){.holder = holder};
    return least;
}

static struct standing take(struct quota *quota, struct holder holder, enum policy policy, int64_t amount)
{
    int64_t most = quota->most[policy], now = clock_nanoseconds();
    int64_t cost = (amount < most ? amount : most) * WINDOW / most;
    size_t set = set_of(quota, holder);
    pthread_mutex_lock(&quota->locks[set % LOCKS]);
    struct entry *entry = entry_of(quota->entries[set], holder, now);
    int64_t debt = entry->full_at[policy] > now ? entry->full_at[policy] - now : 0;
    bool good = debt + cost <= WINDOW;
    if (good)
        entry->full_at[policy] = now + (debt += cost);
    pthread_mutex_unlock(&quota->locks[set % LOCKS]);
    int64_t wait = good ? debt : debt + cost - WINDOW;
    return (struct standing){good, (WINDOW - debt) * most / WINDOW, (wait + SECOND - 1) / SECOND};
}

/* ---- one request -------------------------------------------------------------------------------------------- */

/* False where no limit applies. What came through a proxy is another's, wherever the proxy is. */
static bool holder_of(const struct call *call, struct holder *holder)
{
    const struct request *request = call->request;
    if (call->principal.key) {
        *holder = (struct holder){ONLY_KEYS, (uint64_t)call->principal.key};
        return true;
    }
    if (!address_is_known(&request->address) ||
        (!request->forwarded && networks_hold(&call->app->quota->unlimited, &request->address)))
        return false;
    struct address site = address_site(request->address);
    memcpy(holder, site.bytes, sizeof *holder);
    return true;
}

/* What the reply will say, beside what it says of other policies. */
static void tell(struct call *call, enum policy policy, const struct standing *standing)
{
    struct request *request = &call->exchange->request;
    struct slice policies = slice_of(call->app->quota->policies[policy]);
    struct buffer out = buffer_in(call->arena, 96);
    if (request->quota.data) {
        buffer_add_slice(&out, request->quota);
        buffer_add_text(&out, ", ");
        policies = slice_of(arena_print(call->arena, "%.*s, %.*s", SLICE_ARGS(request->quota_policy), SLICE_ARGS(policies)));
    }
    buffer_add_byte(&out, '"');
    buffer_add_text(&out, names[policy]);
    buffer_add_text(&out, "\";r=");
    buffer_add_int(&out, standing->left);
    buffer_add_text(&out, ";t=");
    buffer_add_int(&out, standing->seconds);
    request->quota = buffer_slice(&out);
    request->quota_policy = policies;
}

static struct reply exceeded(const struct call *call, enum policy policy, const struct standing *standing)
{
    struct reply problem = reply_problem(
        call->request, "quota-exceeded", NULL, "%s may ask for %lld %sa minute here; ask again in %lld s",
        call->principal.key ? "a key" : "an address without a key", (long long)call->app->quota->most[policy],
        policy == POLICY_COSTLY ? "costly operations, or times 64 KiB of body, " : "requests ", (long long)standing->seconds);
    problem_add(call->arena, &problem, "violated-policies", slice_of(arena_print(call->arena, "[\"%s\"]", names[policy])));
    reply_header(&problem, "Retry-After", slice_of(arena_print(call->arena, "%lld", (long long)standing->seconds)));
    metric_add(METRIC_REFUSED_QUOTA, 1);
    return problem;
}

static bool take_from(struct call *call, enum policy policy, int64_t amount, struct reply *problem)
{
    struct quota *quota = call->app->quota;
    struct holder holder;
    if (amount == 0 || quota->most[policy] == 0 || !holder_of(call, &holder))
        return true;
    struct standing standing = take(quota, holder, policy, amount);
    tell(call, policy, &standing);
    if (!standing.good)
        *problem = exceeded(call, policy, &standing);
    return standing.good;
}

bool take_quota(struct call *call, struct reply *problem)
{
    return take_from(call, POLICY_BURST, 1, problem);
}

bool take_costly_quota(struct call *call, struct reply *problem)
{
    size_t body = call->outer ? 0 : call->request->body.length; /* that of an inner call was counted with the outer one's */
    return take_from(call, POLICY_COSTLY, call->operation->costly + (int64_t)(body / COSTLY_BYTES), problem);
}
