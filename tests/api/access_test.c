/* Who may do what: a table over every operation of the contract, made from it, and the rules behind it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "readout/access.h"
#include "readout/contract.h"
#include "support/harness.h"
#include "support/keys.h"
#include "support/scene.h"
#include "support/wire.h"

TestSuite(access, .fini = server_down);

static const char bad[] = "Bearer error=\"invalid_token\"";

static const char *bearer(const char *key)
{
    return at("Bearer %s", key);
}

static struct answer read_with(const char *key)
{
    with("Authorization: Bearer %s", key);
    return get("/v1/topics?limit=1");
}

/* ---- every operation ---------------------------------------------------------------------------------------------------- */

static const char *filled(const char *path)
{
    const char *open = strchr(path, '{');
    if (!open)
        return path;
    const char *value = strncmp(open, "{code}", 6) == 0 ? "not-found" : "1";
    return at("%.*s%s%s", (int)(open - path), path, value, filled(strchr(open, '}') + 1));
}

/* A request that is as good as it need be to get past who may send it. */
static struct answer ask_for(const struct operation *operation, const char *authorization)
{
    const char *path = filled(operation->path);
    for (size_t i = 0; i < operation->parameter_count; i++) {
        if (operation->parameters[i].required && !operation->parameters[i].in_path)
            path = at("%s%c%s=talks", path, strchr(path, '?') ? '&' : '?', operation->parameters[i].name);
    }
    if (authorization)
        with("Authorization: %s", authorization);
    bool has_body = operation->body_count > 0;
    return ask(operation->method, path, has_body ? operation->bodies[0].type : NULL, has_body ? SLICE("{}") : NO_SLICE);
}

/* A stream that is let in never ends. */
static bool ends(const struct operation *operation)
{
    return !operation->reply_types[0] || strcmp(operation->reply_types[0], "text/event-stream") != 0;
}

static void expect_refused(const struct operation *operation, struct answer answer, const char *challenge, const char *with_what)
{
    bool weak = strstr(challenge, "insufficient_scope");
    const char *got = header_of(answer, "WWW-Authenticate");
    if (answer.status != (weak ? 403 : 401) || !got || strcmp(got, challenge) != 0)
        fail_with(answer, HERE, "%s with %s is refused with %s", operation->id, with_what, challenge);
    expect_problem(answer, weak ? 403 : 401, weak ? "forbidden" : "unauthorized");
}

static void expect_let_in(const struct operation *operation, struct answer answer, const char *with_what)
{
    if (answer.status == 401 || answer.status == 403)
        fail_with(answer, HERE, "%s lets in who comes with %s", operation->id, with_what);
    expect_no_header(answer, "WWW-Authenticate");
}

static const char *records(void)
{
    return store_ask("SELECT (SELECT max(seq) FROM change) || '/' || (SELECT count(*) FROM api_key WHERE last_used_at IS NULL)");
}

struct credential {
    const char *what, *authorization;
};

/* What is no key, or not a good one. */
static size_t bad_ones(const char *good, struct credential *cases)
{
    char unknown[API_KEY_SIZE];
    api_key_make(unknown);
    const struct credential all[] = {
        {"a malformed key", "Bearer readout_nonsense"},
        {"an empty one", "Bearer"},
        {"another scheme", "Basic cmVhZG91dDpyZWFkb3V0"},
        {"an unknown key", bearer(at("%s", unknown))},
        {"the secret of another", bearer(at("%.17s%s", good, unknown + 17))},
        {"an expired key", bearer(key_put(.scopes = "admin", .expires_at = "2026-01-02T00:00:00.000Z"))},
        {"a revoked key", bearer(key_put(.scopes = "admin", .revoked_at = "2026-01-02T00:00:00.000Z"))},
        {"a key of another network", bearer(key_put(.scopes = "admin", .networks = "192.0.2.0/24,2001:db8::/32"))},
    };
    memcpy(cases, all, sizeof all);
    return sizeof all / sizeof all[0];
}

Test(access, every_operation_lets_in_whom_the_contract_lets_in)
{
    server_start();
    struct scene scene = scene_set();
    cr_assert_eq(scene.topic > 0, true);
    const char *keys[] = {[SCOPE_FEED] = key_put(.scopes = "feed"),
                          [SCOPE_READ] = key_put(.scopes = "read"),
                          [SCOPE_WRITE] = key_put(.scopes = "write", .networks = "127.0.0.0/8"),
                          [SCOPE_ADMIN] = key_put(.scopes = "admin")};
    struct credential cases[10];
    size_t count = bad_ones(keys[SCOPE_ADMIN], cases);
    const struct contract *contract = test_contract();
    while (get("/v1/topics").status != 401) /* it looks once a second whether there are keys */
        usleep(20000);

    const char *before = records();
    for (size_t i = 0; i < contract_count(contract); i++) {
        const struct operation *operation = contract_operation(contract, i);
        for (size_t c = 0; c < count; c++)
            expect_refused(operation, ask_for(operation, cases[c].authorization), bad, cases[c].what);
        if (operation->scope == SCOPE_PUBLIC) {
            expect_let_in(operation, ask_for(operation, NULL), "no key");
            continue;
        }
        expect_refused(operation, ask_for(operation, NULL), "Bearer", "no key");
        const char *weak = at("Bearer error=\"insufficient_scope\", scope=\"%s\"", scope_name(operation->scope));
        expect_refused(operation, ask_for(operation, bearer(keys[operation->scope - 1])), weak, "too weak a key");
    }
    cr_assert(strncmp(before, records(), strcspn(before, "/")) == 0, "nothing was written: %s, %s", before, records());

    for (size_t i = 0; i < contract_count(contract); i++) {
        const struct operation *operation = contract_operation(contract, i);
        for (enum scope scope = operation->scope ? operation->scope : SCOPE_READ; scope <= SCOPE_ADMIN && ends(operation);
             scope++)
            expect_let_in(operation, ask_for(operation, bearer(keys[scope])), scope_name(scope));
    }
}

Test(access, the_contract_opens_nothing_that_writes)
{
    static const char *const keeps_nothing[] = {"extract", "verifyQuote", "speakMcp"};
    const struct contract *contract = test_contract();
    for (size_t i = 0; i < contract_count(contract); i++) {
        const struct operation *operation = contract_operation(contract, i);
        bool reads = strcmp(operation->method, "GET") == 0;
        for (size_t n = 0; n < sizeof keeps_nothing / sizeof keeps_nothing[0]; n++)
            reads = reads || strcmp(operation->id, keeps_nothing[n]) == 0;
        bool of_record = strncmp(operation->path, "/v1/", 4) == 0 || strcmp(operation->path, "/mcp") == 0;
        enum scope wanted = !reads ? SCOPE_WRITE : of_record ? SCOPE_READ : SCOPE_PUBLIC;
        if (strcmp(operation->path, "/metrics") == 0)
            wanted = SCOPE_ADMIN;
        cr_expect_eq(operation->scope, wanted, "%s", operation->id);
    }
}

/* ---- without a key ------------------------------------------------------------------------------------------------------- */

Test(access, where_it_listens_and_whether_there_are_keys_decide_without_one)
{
    enum { NOTHING = 0, READING = SCOPE_BIT(SCOPE_READ), ALL = READING | SCOPE_BIT(SCOPE_WRITE) | SCOPE_BIT(SCOPE_ADMIN) };
    static const struct {
        struct openness openness;
        unsigned scopes;
    } rows[] = {
        {{.is_local = true}, ALL},
        {{.is_local = true, .has_keys = true}, NOTHING},
        {{.is_local = false}, NOTHING},
        {{.is_local = false, .has_keys = true}, NOTHING},
        {{.is_local = false, .public_read = true}, READING},
        {{.is_local = true, .has_keys = true, .public_read = true}, READING},
        {{.is_local = true, .public_read = true}, ALL},
        {{.is_local = false, .remote_writes = true}, ALL},
        {{.is_local = false, .has_keys = true, .remote_writes = true}, ALL},
        {{.is_local = true, .foreign_page = true}, READING},
        {{.is_local = false, .remote_writes = true, .foreign_page = true}, READING},
        {{.is_local = false, .public_read = true, .foreign_page = true}, READING},
        {{.is_local = false, .foreign_page = true}, NOTHING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(scopes_without_key(&rows[i].openness), rows[i].scopes, "row %zu", i);
}

Test(access, loopback_is_told_by_its_address)
{
    static const char *const near[] = {"127.0.0.1:80", "127.1.2.3:8080", "[::1]:8080", "[::ffff:127.0.0.1]:80"};
    static const char *const far[] = {"0.0.0.0:80",     "[::]:80",       "192.0.2.1:80", "10.127.0.1:80", "[2001:db8::1]:80",
                                      "128.0.0.1:8080", "[::1234]:8080", "unix",         "unknown",       ""};
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
        cr_expect(address_is_loopback(near[i]), "%s", near[i]);
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
        cr_expect_not(address_is_loopback(far[i]), "%s", far[i]);
}

Test(access, this_machine_is_called_by_its_names)
{
    static const char *const near[] = {"localhost", "LOCALHOST:8080", "127.0.0.1",        "127.0.0.1:8080",
                                       "[::1]",     "[::1]:8080",     "desk.localhost:80"};
    static const char *const far[] = {"example.org",   "example.org:8080", "127.0.0.1.example.org", "localhost.example.org",
                                      "[2001:db8::1]", "192.0.2.1",        "notlocalhost",          ""};
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
        cr_expect(host_is_loopback(slice_of(near[i])), "%s", near[i]);
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
        cr_expect_not(host_is_loopback(slice_of(far[i])), "%s", far[i]);
}

Test(access, a_name_that_was_made_to_lead_here_opens_nothing)
{
    server_start("--loops", "1");
    with("Host: rebound.example.org");
    expect_status(get("/v1/topics"), 401);
    with("Host: rebound.example.org");
    expect_status(post("/v1/topics", "{'slug': 'a', 'name': 'A'}"), 401);
    with("X-Forwarded-For: 192.0.2.7");
    expect_status(get("/v1/topics"), 401);
    expect_status(get("/v1/topics"), 200);
    server_down();
}

Test(access, the_first_key_closes_loopback_for_those_without_and_for_ever)
{
    server_start("--loops", "1");
    expect_status(post("/v1/topics", "{'slug': 'a', 'name': 'A'}"), 201);
    expect_status(get("/metrics"), 200);
    const char *key = key_put(.scopes = "read");
    struct answer answer = get("/v1/topics/1");
    for (int i = 0; answer.status != 401 && i < 300; i++) {
        usleep(10000);
        answer = get("/v1/topics/1");
    }
    expect_problem(answer, 401, "unauthorized");
    expect_header(answer, "WWW-Authenticate", "Bearer");
    store_do("UPDATE api_key SET revoked_at = '2026-02-03T00:00:00.000Z' WHERE prefix = '%s'", key_prefix(key));
    cr_assert_eq(server_stop(), 0);
    server_start();
    expect_status(get("/v1/topics/1"), 401);
    expect_status(get("/nonsense"), 404);
    expect_status(options("/v1/topics"), 204);
}

Test(access, public_read_lets_everybody_read)
{
    server_start();
    key_put(.scopes = "read");
    cr_assert_eq(server_stop(), 0);
    server_start("--public-read");
    expect_status(get("/v1/topics/1"), 200);
    expect_status(get("/v1/meetings.ics"), 200);
    expect_status(post("/v1/quotes/verify", "{'quote': 'Nothing was agreed on Monday.'}"), 200);
    expect_problem(post("/v1/topics", "{'slug': 'a', 'name': 'A'}"), 401, "unauthorized");
    expect_problem(get("/metrics"), 401, "unauthorized");
    expect_problem(read_with("readout_nonsense"), 401, "unauthorized");
}

Test(access, remote_writes_lets_everybody_do_everything)
{
    server_start();
    key_put(.scopes = "read");
    cr_assert_eq(server_stop(), 0);
    server_start("--remote-writes");
    expect_status(post("/v1/topics", "{'slug': 'a', 'name': 'A'}"), 201);
    expect_status(get("/metrics"), 200);
}

Test(access, a_page_of_another_origin_may_only_read)
{
    server_start();
    static const char *const strangers[] = {"https://example.org", "null", "http://127.0.0.1:1"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        with("Origin: %s", strangers[i]);
        struct answer refused = ask("POST", "/v1/articles", "text/plain", SLICE("Nothing was agreed on Monday."));
        expect_problem(refused, 401, "unauthorized");
        with("Origin: %s", strangers[i]);
        expect_status(get("/v1/topics/1"), 200);
    }
    expect_int(get("/v1/articles"), "total", 0);
    with("Origin: %s", server_origin());
    expect_status(post("/v1/topics", "{'slug': 'a', 'name': 'A'}"), 201);
    const char *key = key_put(.scopes = "write");
    with("Authorization: Bearer %s", key);
    with("Origin: https://example.org");
    expect_status(post("/v1/topics", "{'slug': 'b', 'name': 'B'}"), 201);
}

Test(access, a_client_behind_a_proxy_is_not_local)
{
    server_start("--trusted-proxies", "127.0.0.0/8");
    with("X-Forwarded-For: 192.0.2.7");
    expect_problem(get("/v1/topics/1"), 401, "unauthorized");
    expect_status(get("/v1/topics/1"), 200);
    const char *key = key_put(.scopes = "read", .networks = "192.0.2.0/24");
    expect_status(read_with(key), 401);
    with("X-Forwarded-For: 192.0.2.7");
    expect_status(read_with(key), 200);
}

/* ---- with one ------------------------------------------------------------------------------------------------------------ */

enum { HAMMERS = 2 };
static const char *hammered;
static atomic_bool enough;
static atomic_int well, refused;

static void *hammer(void *unused)
{
    struct wire *wire = unused;
    cr_assert(wire_open(wire));
    while (!atomic_load(&enough)) {
        wire_send(wire, "GET /v1/topics/1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", hammered);
        int status = wire_receive(wire, 5000);
        atomic_fetch_add(status == 200 ? &well : &refused, 1);
    }
    wire_close(wire);
    return NULL;
}

Test(access, a_key_is_refused_once_revoked_whatever_the_load)
{
    static struct wire wires[HAMMERS];
    pthread_t threads[HAMMERS];
    server_start("--loops", "1", "--rate-limit", "0", "--cache-bytes", "0");
    hammered = key_put(.scopes = "read");
    const char *other = key_put(.scopes = "read");
    for (int i = 0; i < HAMMERS; i++)
        pthread_create(&threads[i], NULL, hammer, &wires[i]);
    while (atomic_load(&well) < 50)
        usleep(1000);
    cr_assert_eq(readout("keys", "revoke", key_prefix(hammered), "--database", server_database()).status, 0);
    struct answer answer = read_with(hammered);
    int before = atomic_load(&well);
    while (atomic_load(&refused) < 50)
        usleep(1000);
    atomic_store(&enough, true);
    for (int i = 0; i < HAMMERS; i++)
        pthread_join(threads[i], NULL);
    expect_problem(answer, 401, "unauthorized");
    expect_header(answer, "WWW-Authenticate", bad);
    cr_expect_leq(atomic_load(&well) - before, HAMMERS, "none was let in after the answer of the command");
    expect_status(read_with(other), 200);
}

Test(access, what_is_kept_in_memory_is_for_all_who_may_read)
{
    server_start("--loops", "1");
    const char *one = key_put(.scopes = "read"), *other = key_put(.scopes = "admin"), *feed = key_put(.scopes = "feed");
    struct answer first = read_with(one), again = read_with(other);
    for (int i = 0; i < 3; i++)
        again = read_with(i % 2 ? one : other);
    expect_same_body(first, again);
    expect_header(again, "Cache-Control", "private, no-cache");
    with("Authorization: Bearer %s", other);
    expect_body_has(get("/metrics"), "\nreply_cache_hits_total 3");
    expect_problem(read_with(feed), 403, "forbidden");
    expect_status(get("/v1/topics?limit=1"), 401);
    store_do("UPDATE api_key SET revoked_at = '2026-02-03T00:00:00.000Z' WHERE prefix = '%s'", key_prefix(one));
    expect_status(read_with(one), 401);
}

Test(access, the_last_use_is_noted_within_the_hour)
{
    static const char asked[] = "SELECT last_used_at FROM api_key ORDER BY id LIMIT 1";
    server_start();
    const char *key = key_put(.scopes = "read");
    expect_status(read_with(key), 200);
    const char *used = NULL;
    for (int i = 0; !used && i < 1000; i++) {
        usleep(2000);
        used = store_ask(asked);
    }
    cr_assert(used, "it was used");
    expect_status(read_with(key), 200);
    cr_expect_str_eq(store_ask(asked), used);
}

Test(access, who_listens_with_a_key_is_sent_away_when_it_is_revoked)
{
    struct wire wire;
    server_start("--keepalive", "1");
    const char *key = key_put(.scopes = "read");
    cr_assert(wire_open(&wire));
    wire_send(&wire, "GET /v1/events HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", key);
    cr_assert_eq(wire_receive(&wire, 5000), 200);
    store_do("UPDATE api_key SET revoked_at = '2026-02-03T00:00:00.000Z' WHERE prefix = '%s'", key_prefix(key));
    cr_assert_eq(wire_receive(&wire, 5000), WIRE_ENDED);
    wire_close(&wire);
}

/* ---- in the URL ---------------------------------------------------------------------------------------------------------- */

static bool is_feed(const char *type)
{
    return strcmp(type, "text/calendar") == 0 || strcmp(type, "application/atom+xml") == 0 ||
           strcmp(type, "application/feed+json") == 0;
}

Test(access, what_can_be_subscribed_to_takes_a_token)
{
    const struct contract *contract = test_contract();
    for (size_t i = 0; i < contract_count(contract); i++) {
        const struct operation *operation = contract_operation(contract, i);
        bool feeds = false, takes = false;
        for (const char *const *type = operation->reply_types; *type; type++)
            feeds = feeds || is_feed(*type);
        for (size_t p = 0; p < operation->parameter_count; p++)
            takes = takes || strcmp(operation->parameters[p].name, "token") == 0;
        cr_expect_eq(feeds, takes, "%s", operation->id);
    }
}

Test(access, a_feed_key_in_the_url_opens_feeds_and_nothing_else)
{
    static const char *const open[] = {"/v1/meetings.ics", "/v1/articles.atom", "/v1/claims.jsonfeed?limit=5",
                                       "/v1/actors/1/meetings.ics"};
    static const char *const shut[] = {"/v1/meetings", "/v1/meetings.csv", "/v1/claims.ndjson",
                                       "/v1/topics",   "/v1/stats",        "/metrics"};
    server_start();
    scene_set();
    const char *feed = key_put(.scopes = "feed"), *read = key_put(.scopes = "read");
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        char before = strchr(open[i], '?') ? '&' : '?';
        struct answer answer = get("%s%ctoken=%s", open[i], before, feed);
        expect_status(answer, 200);
        expect_header(answer, "Cache-Control", "private, no-cache");
        with("Authorization: Bearer %s", feed);
        expect_status(get("%s", open[i]), 200);
        expect_status(get("%s%ctoken=%s", open[i], before, read), 401);
        expect_status(get("%s%ctoken=%.17s%s", open[i], before, feed, read + 17), 401);
    }
    for (size_t i = 0; i < sizeof shut / sizeof shut[0]; i++)
        expect_problem(get("%s?token=%s", shut[i], feed), 403, "forbidden");
    with("Accept: text/calendar");
    expect_problem(get("/v1/meetings?token=%s", feed), 403, "forbidden");
    expect_problem(post(at("/v1/topics?token=%s", feed), "{'slug': 'a', 'name': 'A'}"), 403, "forbidden");
    with("Authorization: Bearer %s", read);
    expect_problem(get("/v1/meetings.ics?token=%s", feed), 400, "bad-request");
    with("Authorization: Bearer %s", read);
    expect_problem(get("/v1/topics?limit=1&%%74oken=%s", read), 400, "bad-request");
}

/* What the server logs goes into a file without a name. */
Test(access, a_token_stands_in_no_log_and_in_no_problem)
{
    int file = fileno(tmpfile()), terminal = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    server_start("--log", "debug");
    dup2(terminal, STDERR_FILENO);
    const char *feed = key_put(.scopes = "feed"), *read = key_put(.scopes = "read");
    get("/v1/meetings.ics?token=%s", feed);
    get("/v1/meetings.ics?limit=5&%%74ok%%65n=%s&sort=-id", feed);
    struct answer problems[] = {get("/v1/meetings?token=%s", feed), get("/v1/meetings.ics?token=%s", read),
                                get("/nonsense?token=%s", feed), get("/v1/meetings.ics?token=%s&nonsense=1", feed),
                                get("/v1/meetings.ics?token=%s&token=%s", feed, feed)};
    read_with(read);
    cr_assert_eq(server_stop(), 0);
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        cr_expect_not(strstr(at("%.*s", SLICE_ARGS(problems[i].body)), "readout_"), "%.*s", SLICE_ARGS(problems[i].body));
    static char log[20000];
    ssize_t length = pread(file, log, sizeof log - 1, 0);
    log[length < 0 ? 0 : length] = '\0';
    cr_expect(strstr(log, "/v1/meetings.ics?token=***\""), "%s", log);
    cr_expect(strstr(log, "?limit=5&token=***&sort=-id\""), "%s", log);
    cr_expect(strstr(log, at("\"key\":\"%s\"", key_prefix(feed))), "%s", log);
    cr_expect_not(strstr(log, feed + 17), "%s", log);
    cr_expect_not(strstr(log, read + 17), "%s", log);
}
