/* Who asks, and what they may do. */
#include <string.h>

#include "call.h"

bool identify(struct call *call, struct reply *problem)
{
    (void)problem;
    bool open = !atomic_load(&call->app->refuse_writes);
    call->principal.scopes = SCOPE_BIT(SCOPE_READ) | (open ? SCOPE_BIT(SCOPE_WRITE) | SCOPE_BIT(SCOPE_ADMIN) : 0);
    return true;
}

bool is_allowed(const struct call *call, struct reply *problem)
{
    bool writes = strcmp(call->operation->method, "GET") != 0 && !call->endpoint->keeps_nothing;
    if (!writes || call->principal.scopes & SCOPE_BIT(SCOPE_WRITE))
        return true;
    *problem =
        reply_problem(call->request, "forbidden", NULL,
                      "this server listens beyond loopback and takes no writes; start it with --remote-writes to allow them");
    return false;
}
