/* How often one key, or one address, may ask. */
#include "call.h"

bool take_quota(struct call *call, struct reply *problem)
{
    (void)call;
    (void)problem;
    return true;
}

bool take_costly_quota(struct call *call, struct reply *problem)
{
    (void)call;
    (void)problem;
    return true;
}
