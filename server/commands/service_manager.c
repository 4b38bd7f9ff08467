/* What systemd wants to hear and hands over (sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3)); nothing without it. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "readout/commands.h"
#include "readout/log.h"

void manager_tell(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || strlen(path) >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0';
    int handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (handle >= 0 && sendto(handle, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, length) < 0)
        log_event(LOG_WARNING, "notify-failed", "state", state, NULL);
    if (handle >= 0)
        close(handle);
}

/* A number of the environment that is meant for this process: where `owner` is set, it names it. False: there is none. */
static bool is_told(const char *name, const char *owner, long long *number)
{
    const char *text = getenv(name), *pid = getenv(owner);
    long long whose = getpid();
    return text && slice_to_int(slice_of(text), number) && *number > 0 && (!pid || slice_to_int(slice_of(pid), &whose)) &&
           whose == getpid();
}

int manager_socket(void)
{
    enum { FIRST = 3 };
    long long count;
    return getenv("LISTEN_PID") && is_told("LISTEN_FDS", "LISTEN_PID", &count) ? FIRST : -1;
}

long long manager_patience(void)
{
    long long microseconds;
    return is_told("WATCHDOG_USEC", "WATCHDOG_PID", &microseconds) ? microseconds * 1000 : 0;
}
