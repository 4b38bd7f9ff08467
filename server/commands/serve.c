#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/commands.h"
#include "readout/log.h"

/* ---- where it listens
 * -------------------------------------------------------------------------------------------------------------- */

static long long loops_of(const struct settings *settings)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (settings->number[SETTING_LOOPS])
        return settings->number[SETTING_LOOPS];
    return cores > 0 ? cores : 1;
}

static bool tls_is_whole(const struct settings *settings, struct error *error)
{
    bool certificate = settings->text[SETTING_TLS_CERTIFICATE][0], key = settings->text[SETTING_TLS_KEY][0];
    return certificate == key ||
           fail(error, ERROR_INVALID, "--tls-certificate and --tls-key belong together, and --tls-%s is missing",
                key ? "certificate" : "key");
}

static struct networks networks_of(const struct settings *settings, enum setting setting)
{
    struct networks networks;
    struct error error;
    if (!networks_parse(slice_of(settings->text[setting]), &networks, &error))
        die("%s", error.message); /* it was read before */
    return networks;
}

static struct http_options options_of(const struct settings *settings)
{
    const long long *number = settings->number;
    const char *public_url = settings->text[SETTING_PUBLIC_URL], *certificate = settings->text[SETTING_TLS_CERTIFICATE];
    return (struct http_options){
        .listen = slice_of(settings->text[SETTING_LISTEN]),
        .inherited_socket = manager_socket(),
        .loops = (int)number[SETTING_LOOPS],
        .max_body = (size_t)number[SETTING_MAX_BODY],
        .max_target = (size_t)number[SETTING_MAX_TARGET],
        .max_connections = (unsigned)number[SETTING_MAX_CONNECTIONS],
        .max_connections_per_address = (unsigned)number[SETTING_MAX_CONNECTIONS_PER_ADDRESS],
        .idle_seconds = (unsigned)number[SETTING_IDLE_TIMEOUT],
        .body_seconds = (unsigned)number[SETTING_BODY_TIMEOUT],
        .send_seconds = (unsigned)number[SETTING_SEND_TIMEOUT],
        .max_pending_bytes = (size_t)number[SETTING_MAX_PENDING_BYTES],
        .unlimited = networks_of(settings, SETTING_UNLIMITED),
        .trusted_proxies = networks_of(settings, SETTING_TRUSTED_PROXIES),
        .public_url = public_url[0] ? slice_of(public_url) : NO_SLICE,
        .cors_origins = slice_of(settings->text[SETTING_CORS_ORIGINS]),
        .server_links = app_links(),
        .tls_certificate = certificate[0] ? certificate : NULL,
        .tls_key = settings->text[SETTING_TLS_KEY],
    };
}

static void greet(const struct settings *settings, const char *address)
{
    const char *scheme = settings->text[SETTING_TLS_CERTIFICATE][0] ? "https" : "http";
    char origin[80], state[128];
    snprintf(origin, sizeof origin, "%s://%s", scheme, address);
    printf("readout is listening on %s\n", origin);
    if (settings->number[SETTING_DEMO] && isatty(STDOUT_FILENO)) {
        printf("\nTry:\n"
               "  curl '%s/v1/claims?topic=missiles&expand=speaker'\n"
               "  curl '%s/v1/meetings?starts_on__gte=2022-01-09&starts_on__lt=2022-01-14&sort=starts_on'\n"
               "  curl '%s/v1/discrepancies?status=open'\n\n"
               "Documentation: %s/docs. Stop with Ctrl-C.\n",
               origin, origin, origin, origin);
    }
    fflush(stdout);
    snprintf(state, sizeof state, "READY=1\nSTATUS=listening on %s", origin);
    manager_tell(state);
}

static void wake_listeners(void *server)
{
    http_wake(server);
}

/* ---- serving
 * ------------------------------------------------------------------------------------------------------------------------ */

/* What the main thread has to do while the loops answer. */
struct watch {
    const struct settings *settings;
    struct store *store;
    struct http_server *server;
    sigset_t signals;
};

/* The service manager is told on both sides, so that `systemctl reload` waits for the end. */
static void reload(const struct watch *watch)
{
    struct error error;
    char state[64];
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_nanoseconds() / 1000);
    manager_tell(state);
    if (!watch->settings->text[SETTING_TLS_CERTIFICATE][0])
        log_event(LOG_INFO, "nothing-to-reload", "message", "SIGHUP reads the certificate and the key again, and there are none",
                  NULL);
    else if (!http_reload_tls(watch->server, &error))
        log_event(LOG_ERROR, "certificate-not-reloaded", "message", error.message, NULL);
    manager_tell("READY=1");
}

/* A loop or a writer that is stuck keeps its watchdog from hearing of us, and the service manager starts us anew. */
static void show_life(const struct watch *watch)
{
    bool turning = http_is_turning(watch->server), writing = store_is_writing(watch->store);
    if (turning && writing)
        manager_tell("WATCHDOG=1");
    else
        log_event(LOG_ERROR, "server-stuck", "where", turning ? "writer" : "event loop", NULL);
}

/* Waits for the signal that ends the server; gives a sign of life each time half of its watchdog's patience has passed. */
static int wait_for_end(const struct watch *watch)
{
    const int64_t pause = manager_patience() / 2;
    int64_t due = clock_nanoseconds() + pause;
    while (true) {
        int64_t now = clock_nanoseconds(), left = due > now ? due - now : 0;
        const struct timespec patience = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
        int which = sigtimedwait(&watch->signals, NULL, pause ? &patience : NULL);
        if (which == SIGHUP)
            reload(watch);
        else if (which > 0)
            return which;
        if (pause && clock_nanoseconds() >= due) {
            show_life(watch);
            due = clock_nanoseconds() + pause;
        }
    }
}

int command_serve(struct settings *settings, char **arguments, int count)
{
    struct error error;
    struct house house;
    char address[64];
    struct watch watch = {.settings = settings};
    if (count > 0) {
        fprintf(stderr, "readout: serve takes settings only, not \"%s\"\n", arguments[0]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&watch.signals);
    sigaddset(&watch.signals, SIGTERM);
    sigaddset(&watch.signals, SIGINT);
    sigaddset(&watch.signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &watch.signals, NULL); /* all threads inherit this; only wait_for_end() takes them */

    settings->number[SETTING_LOOPS] = loops_of(settings);
    if (!tls_is_whole(settings, &error) || !house_open(&house, settings, ENGINE_CREATE, &error))
        return complain(&error);
    struct http_options options = options_of(settings);
    struct http_service service = app_service(house.app);
    app_listens_on(house.app, address);
    struct http_server *server = http_start(&options, &service, address, &error);
    if (!server) {
        house_close(&house);
        return complain(&error);
    }
    store_on_commit(house.store, wake_listeners, server);
    watch.store = house.store;
    watch.server = server;
    greet(settings, address);
    int which = wait_for_end(&watch);
    manager_tell("STOPPING=1");
    log_event(LOG_INFO, "server-stopping", "signal", which == SIGTERM ? "SIGTERM" : "SIGINT", NULL);
    app_stop(house.app);
    store_on_commit(house.store, NULL, NULL);
    http_wake(server);
    http_stop(server, (unsigned)settings->number[SETTING_STOP_TIMEOUT]);
    house_close(&house);
    return 0;
}
