#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/commands.h"

static volatile sig_atomic_t stopped;
static int64_t shown_at;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

static bool tell(void *context, const char *step, int64_t done, int64_t total)
{
    enum { BETWEEN = 100000000 };
    (void)context;
    int64_t now = clock_nanoseconds();
    if (step && isatty(STDERR_FILENO) && now - shown_at > BETWEEN) {
        shown_at = now;
        fprintf(stderr, "\r%s", step);
        if (total)
            fprintf(stderr, ": %lld of %lld, %lld %%", (long long)done, (long long)total, (long long)(done * 100 / total));
        fprintf(stderr, "\033[K");
    }
    return !stopped;
}

struct watcher watching_begin(void)
{
    struct sigaction action = {.sa_handler = stop};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    shown_at = clock_nanoseconds(); /* what is done at once shows nothing */
    return (struct watcher){.tell = tell};
}

void watching_end(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}
