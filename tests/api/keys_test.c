/* `readout keys`: what it makes, tells and takes away, beside a server that runs. */
#include <string.h>

#include "readout/access.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "support/harness.h"
#include "support/keys.h"

TestSuite(keys, .fini = server_down);

#define expect_exit(outcome, wanted)                                                                                             \
    cr_assert_eq((outcome).status, wanted, "exit status %d\n%s\n%s", (outcome).status, (outcome).output, (outcome).errors)
#define expect_words(text, words) cr_assert(strstr(text, words), "expected \"%s\" in:\n%s", words, text)

#define keys(...) readout("keys", __VA_ARGS__, "--database", server_database())

/* The key that was printed, without its line end. */
static const char *key_of(struct outcome made)
{
    expect_exit(made, 0);
    size_t length = strcspn(made.output, "\n");
    cr_assert_eq(length, API_KEY_SIZE - 1, "%s", made.output);
    cr_assert_str_eq(made.output + length, "\n");
    return at("%.*s", (int)length, made.output);
}

static struct answer read_with(const char *key)
{
    with("Authorization: Bearer %s", key);
    return get("/v1/topics?limit=1");
}

/* ---- making ------------------------------------------------------------------------------------------------------------- */

Test(keys, the_first_one_makes_the_store)
{
    struct outcome made = keys("create", "Desk");
    const char *key = key_of(made);
    cr_assert(strncmp(key, "readout_", 8) == 0 && key[16] == '_', "%s", key);
    expect_words(made.errors, "shown this once");
    expect_words(made.errors, "Desk (read)");
    expect_words(made.errors, "expires never");
    server_start();
    expect_status(read_with(key), 200);
    expect_int(read_with(key), "items.0.id", 1);
}

Test(keys, no_two_are_alike)
{
    char keys[100][API_KEY_SIZE];
    for (int i = 0; i < 100; i++) {
        api_key_make(keys[i]);
        cr_assert(slice_equal(api_key_prefix(slice_of(keys[i])), (struct slice){keys[i] + 8, API_KEY_PREFIX}), "%s", keys[i]);
        for (int j = 0; j < i; j++)
            cr_assert(strncmp(keys[i], keys[j], 16) != 0 && strcmp(keys[i] + 17, keys[j] + 17) != 0);
    }
}

Test(keys, the_store_knows_the_hash_alone)
{
    server_start();
    const char *key = key_of(keys("create", "Desk"));
    char hash[SHA256_HEX_SIZE];
    digest_sha256_hex(slice_of(key), hash);
    cr_assert_str_eq(store_ask("SELECT hash FROM api_key"), hash);
    cr_assert_str_eq(store_ask("SELECT prefix FROM api_key"), key_prefix(key));
    const char *row = store_ask("SELECT json_array(id, prefix, hash, name, scopes, networks, created_at) FROM api_key");
    cr_assert_not(strstr(row, key + 17), "%s", row);
}

Test(keys, words_say_what_it_may_do_until_when_and_from_where)
{
    server_start();
    struct outcome made = keys("create", "News desk", "network=127.0.0.0/8,2001:db8::/32", "scope=read,write", "expires=90d");
    const char *key = key_of(made);
    expect_words(made.errors, "News desk (read,write)");
    expect_words(made.errors, "good from 127.0.0.0/8,2001:db8::/32");
    int64_t until;
    cr_assert(clock_parse_instant(slice_of(store_ask("SELECT expires_at FROM api_key")), &until));
    int64_t days = (until - clock_milliseconds() + 43200000) / 86400000;
    cr_assert_eq(days, 90);
    with("Authorization: Bearer %s", key);
    expect_status(post("/v1/topics", "{'slug': 'a', 'name': 'A'}"), 201);
}

Test(keys, a_time_may_be_said_in_several_ways)
{
    static const char *const rows[][2] = {{"expires=2099-02-03", "2099-02-03T00:00:00.000Z"},
                                          {"expires=2099-02-03T12:00:00+02:00", "2099-02-03T10:00:00.000Z"}};
    server_start();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        key_of(keys("create", "Desk", rows[i][0]));
        cr_assert_str_eq(store_ask("SELECT expires_at FROM api_key ORDER BY id DESC LIMIT 1"), rows[i][1]);
    }
}

Test(keys, what_is_not_understood_is_refused_with_what_would_be_right)
{
    static const char *const rows[][2] = {
        {"scop=read", "did you mean scope="},
        {"read", "scope=, expires= and network="},
        {"scope=reed", "read, write, admin and feed"},
        {"scope=", "read, write, admin and feed"},
        {"scope=feed,read", "feed stands alone"},
        {"expires=tomorrow", "90d"},
        {"expires=0d", "90d"},
        {"expires=-1d", "90d"},
        {"expires=101y", "90d"},
        {"expires=2022-02-30", "90d"},
        {"expires=2022-01-08", "past"},
        {"network=10.0.0.1/8", "10.0.0.0/8"},
        {"network=2001:db8::1/32", "2001:db8::/32"},
        {"network=10.0.0.0/33", "32"},
        {"network=home", "10.0.0.0/8"},
        {"network=", "10.0.0.0/8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome refused = keys("create", "Desk", rows[i][0]);
        expect_exit(refused, 2);
        expect_words(refused.errors, rows[i][1]);
        cr_assert_str_empty(refused.output);
    }
    expect_words(keys("create", "Desk", "scope=read", "scope=write").errors, "given twice");
    expect_words(keys("create", "").errors, "name");
    expect_words(keys("create", "two\nlines").errors, "on one line");
    expect_exit(readout("keys"), 2);
    expect_words(readout("keys", "crate").errors, "usage: readout keys create NAME");
    expect_exit(keys("create"), 2);
    expect_exit(keys("list", "all"), 2);
    expect_exit(keys("revoke"), 2);
    cr_assert(readout("keys", "list", "--database", server_database()).status == 1, "nothing of this made a store");
}

/* ---- listing ------------------------------------------------------------------------------------------------------------ */

Test(keys, the_list_tells_all_but_the_secret)
{
    server_start();
    const char *good = key_put(.scopes = "write", .name = "News desk", .networks = "10.0.0.0/8");
    const char *old = key_put(.scopes = "feed", .name = "Calendar", .expires_at = "2026-02-03T04:05:06.000Z");
    const char *gone = key_put(.scopes = "admin", .revoked_at = "2026-02-03T04:05:06.000Z");
    struct outcome list = keys("list");
    expect_exit(list, 0);
    expect_words(list.output, "PREFIX    STATE    SCOPES");
    expect_words(list.output, at("%s  good     write       2026-01-01 00:00  never             never             10.0.0.0/8 ",
                                 key_prefix(good)));
    expect_words(list.output, "  News desk\n");
    expect_words(list.output, at("%s  expired  feed        2026-01-01 00:00  2026-02-03 04:05", key_prefix(old)));
    expect_words(list.output, at("%s  revoked  admin ", key_prefix(gone)));
    cr_assert_not(strstr(list.output, good + 17));
    cr_assert_not(strstr(list.output, store_ask("SELECT hash FROM api_key")));
}

/* ---- taking away -------------------------------------------------------------------------------------------------------- */

Test(keys, a_revoked_key_is_refused_from_then_on)
{
    server_start();
    const char *key = key_put(.scopes = "read"), *other = key_put(.scopes = "read");
    expect_status(read_with(key), 200);
    struct outcome revoked = keys("revoke", key_prefix(key));
    expect_exit(revoked, 0);
    expect_words(revoked.output, "is revoked");
    expect_problem(read_with(key), 401, "unauthorized");
    expect_status(read_with(other), 200);
}

Test(keys, a_key_may_be_named_in_any_way)
{
    server_start();
    const char *key = key_put(.scopes = "read"), *other = key_put(.scopes = "read");
    expect_exit(keys("revoke", at("readout_%s", key_prefix(key))), 0);
    expect_exit(keys("revoke", other), 0);
    cr_assert_str_eq(store_ask("SELECT count(*) FROM api_key WHERE revoked_at IS NOT NULL"), "2");
    const char *when = store_ask("SELECT revoked_at FROM api_key WHERE id = 1");
    expect_exit(keys("revoke", key_prefix(key)), 0);
    cr_assert_str_eq(store_ask("SELECT revoked_at FROM api_key WHERE id = 1"), when);
}

Test(keys, revoking_what_is_none_is_refused)
{
    server_start();
    struct outcome refused = keys("revoke", "nonsense");
    expect_exit(refused, 2);
    expect_words(refused.errors, "readout keys list");
}
