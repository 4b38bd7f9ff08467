/* Hashes, keyed hashes and random bytes, from libnettle and the kernel. */
#ifndef READOUT_DIGEST_H
#define READOUT_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/slice.h"

enum { SHA256_HEX_SIZE = 65, MAC_SIZE = 16, KEY_SIZE = 32 };

void digest_sha256_hex(struct slice data, char hex[static SHA256_HEX_SIZE]); /* lower case, NUL-terminated */

const char *digest_sha256_base64(struct arena *arena, struct slice data); /* RFC 4648 §4 */

/* HMAC-SHA-256 (RFC 2104), the first 16 bytes. */
void digest_mac(const uint8_t key[static KEY_SIZE], struct slice data, uint8_t mac[static MAC_SIZE]);
bool digest_equal(const uint8_t *a, const uint8_t *b, size_t length); /* in constant time */

/* 64 bits that tell texts apart where nobody attacks (FNV-1a); `seed` is 0 or an earlier result to go on from. */
uint64_t digest_quick(uint64_t seed, struct slice data);

/* base64url without padding (RFC 4648 §5). Decoding refuses any other character. */
struct slice digest_base64url(struct arena *arena, struct slice data);
bool digest_base64url_decode(struct arena *arena, struct slice text, struct slice *data);

void digest_random(uint8_t *bytes, size_t length);

#endif
