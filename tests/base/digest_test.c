#include <criterion/criterion.h>
#include <string.h>

#include "readout/digest.h"

Test(digest, knows_the_sha256_of_abc)
{
    char hex[SHA256_HEX_SIZE];
    digest_sha256_hex(SLICE("abc"), hex); /* FIPS 180-4's example */
    cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_sha256_hex(NO_SLICE, hex);
    cr_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

Test(digest, keys_its_macs_as_rfc_4231_does)
{
    /* Test case 1: a key shorter than the block is filled up with zeros, so twenty times 0x0b and twelve zeros are that key. */
    static const uint8_t expected[MAC_SIZE] = {0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53,
                                               0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b, 0xf1, 0x2b};
    uint8_t key[KEY_SIZE] = {0}, mac[MAC_SIZE];
    memset(key, 0x0b, 20);
    digest_mac(key, SLICE("Hi There"), mac);
    cr_assert(digest_equal(mac, expected, MAC_SIZE));
    key[31] = 1;
    digest_mac(key, SLICE("Hi There"), mac);
    cr_assert_not(digest_equal(mac, expected, MAC_SIZE));
}

Test(digest, tells_texts_apart_quickly)
{
    cr_assert_eq(digest_quick(0, SLICE("")), 0xcbf29ce484222325u);
    cr_assert_eq(digest_quick(0, SLICE("foobar")), 0x85944171f73967e8u);
    cr_assert_eq(digest_quick(digest_quick(0, SLICE("foo")), SLICE("bar")), digest_quick(0, SLICE("foobar")));
}

Test(digest, writes_base64url_without_padding_and_reads_it_back)
{
    static const char *const texts[][2] = {{"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct slice back, text = digest_base64url(&arena, slice_of(texts[i][0]));
        cr_assert(slice_is(text, texts[i][1]), "%s", texts[i][1]);
        cr_assert(digest_base64url_decode(&arena, text, &back));
        cr_assert(slice_is(back, texts[i][0]), "%s", texts[i][1]);
    }
    arena_release(&arena);
}

Test(digest, refuses_what_is_not_base64url)
{
    static const char *const wrong[] = {"Z", "Zg==", "Zg=", "Zm 9v", "Zm9v\n", "-+8", "/w", "Zm9vY", "Zh", "Zm9"};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct slice data;
        cr_assert_not(digest_base64url_decode(&arena, slice_of(wrong[i]), &data), "%s", wrong[i]);
    }
    arena_release(&arena);
}

Test(digest, never_gives_the_same_random_bytes_twice)
{
    uint8_t a[32], b[32];
    digest_random(a, sizeof a);
    digest_random(b, sizeof b);
    cr_assert_not(digest_equal(a, b, sizeof a));
}
