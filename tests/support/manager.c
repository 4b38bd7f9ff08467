#include "support/manager.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/harness.h"

enum { SOON = 20000 };

static int handle = -1;
static const char *path;

void manager_open(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    path = scratch("notify");
    cr_assert_lt(strlen(path), sizeof(address.sun_path));
    memcpy(address.sun_path, path, strlen(path) + 1);
    handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    cr_assert(handle >= 0 && bind(handle, (struct sockaddr *)&address, sizeof(address)) == 0, "%s", path);
    setenv("NOTIFY_SOCKET", path, 1);
}

void manager_close(void)
{
    unsetenv("NOTIFY_SOCKET");
    close(handle);
    unlink(path);
}

const char *manager_hear(int milliseconds)
{
    static char text[512];
    struct pollfd ready = {.fd = handle, .events = POLLIN};
    if (poll(&ready, 1, milliseconds) != 1)
        return NULL;
    ssize_t got = recv(handle, text, sizeof(text) - 1, 0);
    cr_assert_geq(got, 0);
    text[got] = '\0';
    return text;
}

const char *manager_await(const char *words)
{
    const char *told;
    while ((told = manager_hear(SOON)) != NULL && !strstr(told, words))
        ;
    cr_assert(told, "the server does not tell %s", words);
    return told;
}
