/* Addresses of the internet, and ranges of them, "10.0.0.0/8" or
 * "2001:db8::/32": who a peer is, and who is let in, trusted or unlimited. */
#ifndef READOUT_NETWORK_H
#define READOUT_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/error.h"
#include "readout/slice.h"

/* An IPv4 address as IPv6 maps it, ::ffff:10.0.0.1, so that both compare alike.
 * All zeros: not known, or none. */
struct address {
    uint8_t bytes[16];
};

struct network {
    struct address address;
    unsigned bits; /* of those, the leading ones that count */
};

enum { NETWORKS_MAX = 32 };
struct networks {
    struct network items[NETWORKS_MAX];
    size_t count;
};

/* "192.0.2.1", "2001:db8::1"; false for anything else. */
bool address_parse(struct slice text, struct address *address);
bool address_is_known(const struct address *address);
/* Whom limits count as one: an IPv4 address, and of IPv6 the 64 bits that one customer has to himself. */
struct address address_site(struct address address);

/* A list with commas, "" is none, in CIDR notation and without bits beyond the prefix; an address alone is a range of one.
 * ERROR_INVALID says what would be right. */
bool networks_parse(struct slice list, struct networks *networks, struct error *error);
bool networks_hold(const struct networks *networks, const struct address *address);

#endif
