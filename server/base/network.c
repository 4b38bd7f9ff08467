#include "readout/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { BITS = 128, MAPPED_BITS = 96 };

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

/* `own_bits` gets how many the address has in its own family. */
static bool parse_address(struct slice text, struct address *address, unsigned *own_bits)
{
    char name[INET6_ADDRSTRLEN];
    if (!text.data || text.length >= sizeof name || memchr(text.data, '\0', text.length))
        return false;
    memcpy(name, text.data, text.length);
    name[text.length] = '\0';
    *own_bits = BITS;
    if (inet_pton(AF_INET6, name, address->bytes) == 1)
        return true;
    memcpy(address->bytes, mapped, sizeof mapped);
    *own_bits = BITS - MAPPED_BITS;
    return inet_pton(AF_INET, name, address->bytes + sizeof mapped) == 1;
}

bool address_parse(struct slice text, struct address *address)
{
    unsigned own_bits;
    return parse_address(text, address, &own_bits);
}

bool address_is_known(const struct address *address)
{
    static const struct address unknown;
    return memcmp(address, &unknown, sizeof unknown) != 0;
}

static struct address masked(struct address address, unsigned bits)
{
    for (unsigned i = 0; i < sizeof address.bytes; i++) {
        unsigned kept = bits > 8 * i ? bits - 8 * i : 0;
        address.bytes[i] &= (uint8_t)(kept >= 8 ? 0xff : 0xff00u >> kept);
    }
    return address;
}

static bool same(struct address a, struct address b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

struct address address_site(struct address address)
{
    bool is_short = memcmp(address.bytes, mapped, sizeof mapped) == 0;
    return is_short ? address : masked(address, BITS / 2);
}

/* ---- networks
 * -----------------------------------------------------------------------------------------------
 */

static bool refuse_bits(const struct network *network, unsigned own_bits, long long bits, struct error *error)
{
    char name[INET6_ADDRSTRLEN];
    bool is_short = own_bits < BITS;
    struct address right = masked(network->address, network->bits);
    inet_ntop(is_short ? AF_INET : AF_INET6, right.bytes + (is_short ? sizeof mapped : 0), name, sizeof name);
    return fail(error, ERROR_INVALID, "a network has no bits beyond its prefix: %s/%lld would be right", name, bits);
}

static bool network_parse(struct slice text, struct network *network, struct error *error)
{
    unsigned own_bits = 0;
    long long bits = 0;
    struct slice rest = text, address = slice_cut(&rest, '/');
    if (!parse_address(address, &network->address, &own_bits))
        return fail(error, ERROR_INVALID, "\"%.*s\" is no network; 10.0.0.0/8 or 2001:db8::/32 would be one", SLICE_ARGS(text));
    if (rest.data && (!slice_to_int(rest, &bits) || bits < 0 || bits > own_bits))
        return fail(error, ERROR_INVALID, "behind the / of \"%.*s\" belongs a number of bits, 0 to %u", SLICE_ARGS(text),
                    own_bits);
    if (!rest.data)
        bits = own_bits;
    network->bits = (unsigned)bits + BITS - own_bits;
    return same(network->address, masked(network->address, network->bits)) || refuse_bits(network, own_bits, bits, error);
}

static bool network_has(const struct network *network, const struct address *address)
{
    return same(network->address, masked(*address, network->bits));
}

bool networks_parse(struct slice list, struct networks *networks, struct error *error)
{
    networks->count = 0;
    while (list.data) {
        struct slice text = slice_trim(slice_cut(&list, ','));
        if (text.length == 0)
            continue;
        if (networks->count == NETWORKS_MAX)
            return fail(error, ERROR_INVALID, "a list of networks may have %d of them", NETWORKS_MAX);
        if (!network_parse(text, &networks->items[networks->count++], error))
            return false;
    }
    return true;
}

bool networks_hold(const struct networks *networks, const struct address *address)
{
    for (size_t i = 0; i < networks->count; i++) {
        if (network_has(&networks->items[i], address))
            return true;
    }
    return false;
}
