/* Whether the loops turn, of a service of this file's own that halts when it is asked to. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/http.h"
#include "readout/log.h"

static pthread_mutex_t halt = PTHREAD_MUTEX_INITIALIZER; /* held by the test while answers shall not come */
static char state;

static void *open_state(void *context, int loop, struct error *error)
{
    (void)context;
    (void)loop;
    (void)error;
    return &state;
}

static bool answer(void *loop_state, struct exchange *exchange)
{
    (void)loop_state;
    pthread_mutex_lock(&halt);
    pthread_mutex_unlock(&halt);
    exchange->reply = reply_empty(204);
    return true;
}

static void finish(void *loop_state, struct exchange *exchange)
{
    (void)loop_state;
    (void)exchange;
}

static void ignore(void *loop_state)
{
    (void)loop_state;
}

static int ask(const char *address)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)strtol(strrchr(address, ':') + 1, NULL, 10))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(connect(handle, (struct sockaddr *)&to, sizeof to), 0);
    cr_assert_eq(send(handle, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
    return handle;
}

/* Asks until it is said so, for ten seconds at most. */
static bool comes_to_be(struct http_server *server, bool turning)
{
    int64_t deadline = clock_nanoseconds() + INT64_C(10000000000);
    bool same = false;
    while (!same && clock_nanoseconds() < deadline) {
        usleep(20000); /* a loop needs a moment to answer */
        same = http_is_turning(server) == turning;
    }
    return same;
}

Test(turning, a_loop_that_is_stuck_shows)
{
    struct http_options options = {.listen = SLICE("127.0.0.1:0"), .inherited_socket = -1, .loops = 2, .max_body = 4096};
    struct http_service service = {.open = open_state, .answer = answer, .done = finish, .rest = ignore, .close = ignore};
    struct error error = {0};
    char address[64], bytes[16];
    options.max_target = 4096;
    options.max_connections = 100;
    log_set_level(LOG_OFF);
    struct http_server *server = http_start(&options, &service, address, &error);
    cr_assert(server != NULL, "%s", error.message);
    cr_assert(http_is_turning(server));
    cr_assert(comes_to_be(server, true));

    pthread_mutex_lock(&halt);
    int handle = ask(address);
    cr_assert(comes_to_be(server, false));
    usleep(20000);
    cr_assert(!http_is_turning(server), "it stays stuck");
    pthread_mutex_unlock(&halt);
    cr_assert_gt(recv(handle, bytes, sizeof bytes, 0), 0);
    cr_assert(comes_to_be(server, true));
    close(handle);
    http_stop(server, 5);
}
