#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

/* As little as can be between the library and the wire: one loop, one reply made beforehand, no look at what is asked. The
 * library is set up as our server sets it up (external epoll, pools of 16 KB), so that what differs is our own work. */

enum { POOL_BYTES = 16384, BACKLOG = 1024, CONNECTIONS = 10000 };

struct standing_reply {
    unsigned status;
    struct MHD_Response *response;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

/* Called once with the head, once for each piece of a body, and once more: only that last call may answer. */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state)
{
    static char begun;
    const struct standing_reply *reply = context;
    (void)url, (void)method, (void)version, (void)upload;
    if (*state == NULL) {
        *state = &begun;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, reply->status, reply->response);
}

static struct slice map_file(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0)
        give_up("%s: %s", path, strerror(errno));
    if (status.st_size == 0)
        return SLICE("");
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED)
        give_up("%s: %s", path, strerror(errno));
    close(file);
    return (struct slice){bytes, (size_t)status.st_size};
}

static struct standing_reply make_reply(char **arguments)
{
    long long status = 0;
    slice_to_int(slice_of(arguments[0]), &status);
    struct slice body = map_file(arguments[3]);
    struct standing_reply reply = {
        .status = (unsigned)status,
        .response = MHD_create_response_from_buffer(body.length, (void *)(uintptr_t)body.data, MHD_RESPMEM_PERSISTENT),
    };
    if (reply.response == NULL)
        give_up("the reference has no reply");
    if (*arguments[1] != '\0')
        MHD_add_response_header(reply.response, "Content-Type", arguments[1]);
    if (*arguments[2] != '\0')
        MHD_add_response_header(reply.response, "ETag", arguments[2]);
    return reply;
}

static void turn(struct MHD_Daemon *daemon)
{
    int library = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, loop = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    if (loop < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, library, &event) != 0)
        give_up("epoll: %s", strerror(errno));
    while (!stopped) {
        MHD_UNSIGNED_LONG_LONG patience;
        int timeout = MHD_get_timeout(daemon, &patience) == MHD_YES && patience < 1000 ? (int)patience : 1000;
        if (epoll_wait(loop, &event, 1, timeout) >= 0)
            MHD_run(daemon);
    }
    close(loop);
}

int reference_main(char **arguments)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    struct standing_reply reply = make_reply(arguments);
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, &reply, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                                 (size_t)POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                                                 MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)BACKLOG, MHD_OPTION_END);
    if (daemon == NULL)
        give_up("the reference cannot listen: %s", strerror(errno));
    printf("the reference is listening on http://127.0.0.1:%u\n",
           (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    turn(daemon);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(reply.response);
    return 0;
}

void reference_start(struct server *server, const struct options *options, const struct plan *plan, const cpu_set_t *cores)
{
    struct arena arena = {0};
    const struct message *sample = &plan->sample;
    const char *path = arena_print(&arena, "%s/run/reply", options->scratch);
    FILE *file = fopen(path, "w");
    if (file == NULL || fwrite(sample->body.data, 1, sample->length, file) != sample->length || fclose(file) != 0)
        give_up("%s: %s", path, strerror(errno));
    const char *status = arena_print(&arena, "%d", sample->status);
    const char *type = arena_print(&arena, "%.*s", SLICE_ARGS(sample->type));
    const char *etag = arena_print(&arena, "%.*s", SLICE_ARGS(sample->etag));
    const char *arguments[] = {"/proc/self/exe", "--reference", status, type, etag, path, NULL};
    server_start(server, "the reference", arguments, cores);
    arena_release(&arena);
}
