/* What the server tells a service manager, and what it takes from it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "readout/clock.h"
#include "support/harness.h"
#include "support/manager.h"

static void begin(void)
{
    manager_open();
}

static void end(void)
{
    server_down();
    manager_close();
}

TestSuite(systemd, .init = begin, .fini = end);

Test(systemd, it_is_told_when_the_server_answers_and_when_it_stops)
{
    server_start();
    const char *ready = manager_await("READY=1");
    cr_assert(strstr(ready, at("STATUS=listening on %s", server_origin())), "%s", ready);
    expect_status(get("/readyz"), 200);
    server_signal(SIGTERM);
    manager_await("STOPPING=1");
    cr_assert_eq(server_wait(), 0);
}

Test(systemd, a_reload_is_told_from_its_beginning_to_its_end)
{
    server_start();
    manager_await("READY=1");
    long long before = clock_nanoseconds() / 1000, when = 0;
    server_signal(SIGHUP);
    const char *told = manager_hear(10000);
    cr_assert(told && sscanf(told, "RELOADING=1\nMONOTONIC_USEC=%lld", &when) == 1, "%s", told);
    cr_assert(when >= before && when <= clock_nanoseconds() / 1000);
    cr_assert_str_eq(manager_await("READY=1"), "READY=1");
    expect_status(get("/livez"), 200); /* there was nothing to reload, and no harm is done */
}

Test(systemd, the_watchdog_hears_signs_of_life)
{
    setenv("WATCHDOG_USEC", "100000", 1);
    server_start();
    unsetenv("WATCHDOG_USEC");
    for (int i = 0; i < 3; i++) {
        manager_await("WATCHDOG=1");
        make("/v1/topics", "{'slug': 'topic-%d', 'name': 'Topic'}", i);
        expect_status(get("/v1/topics"), 200);
    }
    server_signal(SIGHUP);
    manager_await("READY=1");
    manager_await("WATCHDOG=1");
}

Test(systemd, without_a_watchdog_no_signs_of_life_are_given)
{
    setenv("WATCHDOG_USEC", "20000", 1);
    setenv("WATCHDOG_PID", "1", 1); /* it is another's */
    server_start();
    manager_await("READY=1");
    cr_assert_null(manager_hear(100));
}

Test(systemd, a_socket_that_is_handed_over_takes_the_place_of_listen)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_geq(handle, 0);
    cr_assert_eq(bind(handle, (struct sockaddr *)&address, length), 0);
    cr_assert_eq(listen(handle, 16), 0);
    cr_assert_eq(getsockname(handle, (struct sockaddr *)&address, &length), 0);
    server_hand_over(handle);
    server_start();
    cr_assert_eq(server_port(), ntohs(address.sin_port));
    expect_status(get("/livez"), 200);
    close(handle);
}
