/* Keys put straight into the test's database: for speed, and for such as `readout keys create` does not make. */
#ifndef READOUT_TESTS_SUPPORT_KEYS_H
#define READOUT_TESTS_SUPPORT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* What is not said is as the store has it by itself. */
struct key_wish {
    const char *scopes; /* "read,write" */
    const char *name;   /* "Desk", where it is not said */
    const char *networks, *expires_at, *revoked_at;
};

/* Puts one in and gives it whole: key_put(.scopes = "read"). The test's server must have run once. */
#define key_put(...) key_put_so((struct key_wish){__VA_ARGS__})
const char *key_put_so(struct key_wish wish);

/* Its prefix. */
const char *key_prefix(const char *key);

/* Runs SQL on the test's database past the server; and what the only column of its first row says, or NULL. */
void store_do(const char *sql, ...) __attribute__((format(printf, 1, 2)));
const char *store_ask(const char *sql);

#endif
