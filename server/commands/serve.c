#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "readout/commands.h"
#include "readout/log.h"

/* ---- the service manager
 * ---------------------------------------------------------------------------------------------------------- */

/* One datagram to the socket that systemd names (sd_notify(3)); nothing where there is none. */
static void notify(const char *state)
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

/* The first socket that systemd hands over (sd_listen_fds(3)), or -1. */
static int inherited_socket(void)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    long long number = 0;
    if (!pid || !count || !slice_to_int(slice_of(pid), &number) || number != getpid())
        return -1;
    return slice_to_int(slice_of(count), &number) && number >= 1 ? 3 : -1;
}

/* ---- where it listens
 * -------------------------------------------------------------------------------------------------------------- */

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strncmp(address, "[::1]", 5) == 0 || strncmp(address, "localhost:", 10) == 0;
}

static long long loops_of(const struct settings *settings)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (settings->number[SETTING_LOOPS])
        return settings->number[SETTING_LOOPS];
    return cores > 0 ? cores : 1;
}

static struct http_options options_of(const struct settings *settings)
{
    const long long *number = settings->number;
    const char *public_url = settings->text[SETTING_PUBLIC_URL];
    return (struct http_options){
        .listen = slice_of(settings->text[SETTING_LISTEN]),
        .inherited_socket = inherited_socket(),
        .loops = (int)number[SETTING_LOOPS],
        .max_body = (size_t)number[SETTING_MAX_BODY],
        .max_target = (size_t)number[SETTING_MAX_TARGET],
        .max_connections = (unsigned)number[SETTING_MAX_CONNECTIONS],
        .max_connections_per_address = (unsigned)number[SETTING_MAX_CONNECTIONS_PER_ADDRESS],
        .idle_seconds = (unsigned)number[SETTING_IDLE_TIMEOUT],
        .body_seconds = (unsigned)number[SETTING_BODY_TIMEOUT],
        .public_url = public_url[0] ? slice_of(public_url) : NO_SLICE,
        .cors_origins = slice_of(settings->text[SETTING_CORS_ORIGINS]),
        .server_links = app_links(),
    };
}

static void greet(const struct settings *settings, const char *address)
{
    printf("readout is listening on http://%s\n", address);
    if (settings->number[SETTING_DEMO] && isatty(STDOUT_FILENO)) {
        printf("\nTry:\n"
               "  curl 'http://%s/v1/claims?topic=missiles&expand=speaker'\n"
               "  curl 'http://%s/v1/meetings?starts_on__gte=2022-01-09&starts_on__lt=2022-01-14&sort=starts_on'\n"
               "  curl 'http://%s/v1/discrepancies?status=open'\n\n"
               "Documentation: http://%s/docs. Stop with Ctrl-C.\n",
               address, address, address, address);
    }
    fflush(stdout);
}

static void wake_listeners(void *server)
{
    http_wake(server);
}

/* ---- serving
 * ------------------------------------------------------------------------------------------------------------------------ */

int command_serve(struct settings *settings, char **arguments, int count)
{
    struct error error;
    struct house house;
    char address[64];
    sigset_t stop;
    int which;
    if (count > 0) {
        fprintf(stderr, "readout: serve takes settings only, not \"%s\"\n", arguments[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL); /* all threads inherit this; only sigwait below takes them */

    settings->number[SETTING_LOOPS] = loops_of(settings);
    if (!house_open(&house, settings, ENGINE_CREATE, &error))
        return complain(&error);
    struct http_options options = options_of(settings);
    struct http_service service = app_service(house.app);
    app_refuse_writes(house.app, !settings->number[SETTING_REMOTE_WRITES]); /* until it is known where it listens */
    struct http_server *server = http_start(&options, &service, address, &error);
    if (!server) {
        house_close(&house);
        return complain(&error);
    }
    app_refuse_writes(house.app, !is_loopback(address) && !settings->number[SETTING_REMOTE_WRITES]);
    store_on_commit(house.store, wake_listeners, server);
    greet(settings, address);
    notify("READY=1");
    sigwait(&stop, &which);
    notify("STOPPING=1");
    log_event(LOG_INFO, "server-stopping", "signal", which == SIGTERM ? "SIGTERM" : "SIGINT", NULL);
    app_stop(house.app);
    store_on_commit(house.store, NULL, NULL);
    http_wake(server);
    http_stop(server, (unsigned)settings->number[SETTING_STOP_TIMEOUT]);
    house_close(&house);
    return 0;
}
