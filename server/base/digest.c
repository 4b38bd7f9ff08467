#include "readout/digest.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <string.h>
#include <sys/random.h>

#include "readout/error.h"

static const uint8_t *bytes_of(struct slice data)
{
    return (const uint8_t *)(data.data ? data.data : "");
}

void digest_sha256_hex(struct slice data, char hex[static SHA256_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, data.length, bytes_of(data));
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * sizeof digest] = '\0';
}

const char *digest_sha256_base64(struct arena *arena, struct slice data)
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char *text = arena_zero(arena, BASE64_ENCODE_RAW_LENGTH(sizeof digest) + 1);
    sha256_init(&context);
    sha256_update(&context, data.length, bytes_of(data));
    sha256_digest(&context, sizeof digest, digest);
    base64_encode_raw(text, sizeof digest, digest);
    return text;
}

void digest_mac(const uint8_t key[static KEY_SIZE], struct slice data, uint8_t mac[static MAC_SIZE])
{
    struct hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, KEY_SIZE, key);
    hmac_sha256_update(&context, data.length, bytes_of(data));
    hmac_sha256_digest(&context, MAC_SIZE, mac);
}

bool digest_equal(const uint8_t *a, const uint8_t *b, size_t length)
{
    return memeql_sec(a, b, length) != 0;
}

uint64_t digest_quick(uint64_t seed, struct slice data)
{
    uint64_t hash = seed ? seed : 0xcbf29ce484222325u;
    for (size_t i = 0; i < data.length; i++)
        hash = (hash ^ (unsigned char)data.data[i]) * 0x100000001b3u;
    return hash;
}

struct slice digest_base64url(struct arena *arena, struct slice data)
{
    struct base64_encode_ctx context;
    char *text = arena_alloc(arena, BASE64_ENCODE_LENGTH(data.length) + BASE64_ENCODE_FINAL_LENGTH);
    base64url_encode_init(&context);
    size_t length = base64_encode_update(&context, text, data.length, bytes_of(data));
    length += base64_encode_final(&context, text + length);
    while (length > 0 && text[length - 1] == '=')
        length--;
    return (struct slice){text, length};
}

/* nettle skips white space and takes padding; one text for one value is what a cursor needs. */
static bool is_base64url(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return text.length % 4 != 1;
}

bool digest_base64url_decode(struct arena *arena, struct slice text, struct slice *data)
{
    if (!text.data || !is_base64url(text))
        return false;
    struct base64_decode_ctx context;
    uint8_t *bytes = arena_alloc(arena, BASE64_DECODE_LENGTH(text.length) + BASE64_DECODE_LENGTH(2));
    size_t length, none, padding = (4 - text.length % 4) % 4;
    base64url_decode_init(&context);
    if (!base64_decode_update(&context, &length, bytes, text.length, text.data) ||
        !base64_decode_update(&context, &none, bytes + length, padding, "==") || !base64_decode_final(&context))
        return false;
    *data = (struct slice){(const char *)bytes, length};
    return true;
}

void digest_random(uint8_t *bytes, size_t length)
{
    while (length > 0) {
        ssize_t got = getrandom(bytes, length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            die("the kernel gives no random bytes: %s", strerror(errno));
        bytes += got;
        length -= (size_t)got;
    }
}
