/* Keys, and what may be done without one (server/api/access.c). */
#ifndef READOUT_ACCESS_H
#define READOUT_ACCESS_H

#include <stdbool.h>

#include "readout/contract.h"
#include "readout/slice.h"

/* `readout_k7Qx2mPa_` and a secret: a word that scanners for secrets find it by, a prefix that the store finds it by, and 190
 * bits. */
enum { API_KEY_PREFIX = 8, API_KEY_SECRET = 32, API_KEY_SIZE = 8 + API_KEY_PREFIX + 1 + API_KEY_SECRET + 1 };
void api_key_make(char key[static API_KEY_SIZE]);
struct slice api_key_prefix(struct slice key); /* NO_SLICE: it is no key by its form */

/* What whoever shows no key may do, SCOPE_BIT of each: everything where only this machine can ask and no key was ever made, or
 * with --remote-writes; reading with --public-read; else nothing. A page of another origin may never do more than read so. */
struct openness {
    bool is_local; /* the server listens on loopback, the client calls it by a loopback name, and no proxy stands between */
    bool has_keys; /* the store does, be they revoked */
    bool public_read, remote_writes;
    bool foreign_page; /* a browser asks for a page of another origin */
};
unsigned scopes_without_key(const struct openness *openness);
bool address_is_loopback(const char *address); /* with its port */
bool host_is_loopback(struct slice host);      /* as the header Host has it: "localhost:8080", "127.0.0.1", "[::1]:80" */

#endif
