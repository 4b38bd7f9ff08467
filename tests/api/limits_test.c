/* What one client, or all together, may take: how often, how much at once, how slowly; and that it works again afterwards. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "readout/buffer.h"
#include "readout/clock.h"
#include "support/harness.h"
#include "support/keys.h"
#include "support/wire.h"

TestSuite(fair_shares, .fini = server_down);

enum { PATIENCE = 10000 }; /* milliseconds */

static const char *const quota_type = "https://iana.org/assignments/http-problem-types#quota-exceeded";
static const char *const capacity_type = "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity";

/* ---- helpers ---------------------------------------------------------------------------------------------------------- */

static long long number_after(const char *text, const char *name)
{
    const char *found = strstr(text, name);
    cr_assert(found, "%s is not in %s", name, text);
    return strtoll(found + strlen(name), NULL, 10);
}

static long long metric(const char *name)
{
    struct answer answer = get("/metrics");
    expect_status(answer, 200);
    const char *text = at("%.*s", SLICE_ARGS(answer.body));
    return number_after(text, at("\n%s ", name));
}

static long long refused(const char *reason)
{
    return metric(at("http_refused_total{reason=\"%s\"}", reason));
}

static void await_metric(const char *name, long long value)
{
    int64_t until = clock_nanoseconds() + PATIENCE * 1000000LL;
    while (metric(name) != value) {
        cr_assert(clock_nanoseconds() < until, "%s does not become %lld", name, value);
        usleep(2000);
    }
}

static long long left(struct answer answer, const char *policy)
{
    const char *header = header_of(answer, "RateLimit");
    cr_assert(header, "there is no RateLimit");
    return number_after(header, at("\"%s\";r=", policy));
}

static struct answer get_as(const char *client)
{
    with("X-Forwarded-For: %s", client);
    return get("/v1/topics/1");
}

static struct answer extract_as(const char *client, const char *text)
{
    with("X-Forwarded-For: %s", client);
    return ask("POST", "/v1/extract", "text/plain", slice_of(text));
}

static void expect_exceeded(struct answer answer, const char *policy)
{
    expect_problem(answer, 429, "quota-exceeded");
    expect_text(answer, "type", quota_type);
    expect_json(answer, "violated-policies", at("['%s']", policy));
    const char *header = strstr(header_of(answer, "RateLimit"), at("\"%s\"", policy));
    cr_assert(header);
    cr_assert_eq(number_after(header, ";r="), 0);
    cr_assert_geq(strtoll(header_of(answer, "Retry-After"), NULL, 10), number_after(header, ";t="));
}

static void expect_overload(struct wire *wire)
{
    cr_assert_eq(wire_receive(wire, PATIENCE), 503);
    cr_assert(memmem(wire->bytes, wire->taken, "Retry-After: 1\r\n", 16), "%.*s", (int)wire->taken, wire->bytes);
    cr_assert(memmem(wire->body.data, wire->body.length, capacity_type, strlen(capacity_type)));
}

/* The server has closed it without a word. */
static bool is_closed(struct wire *wire, int milliseconds)
{
    return wire_receive(wire, milliseconds) == WIRE_ENDED;
}

/* ---- how often -------------------------------------------------------------------------------------------------------- */

#define PROXIED "--trusted-proxies", "127.0.0.1", "--remote-writes"

Test(fair_shares, out_of_the_box_nobody_on_this_machine_is_limited)
{
    server_start();
    expect_no_header(get("/v1/topics/1"), "RateLimit");
    expect_no_header(get("/v1/topics/1"), "RateLimit-Policy");
}

Test(fair_shares, every_reply_says_what_is_left)
{
    server_start("--unlimited", "", "--rate-limit", "6");
    for (int used = 1; used <= 3; used++) {
        struct answer answer = get(used == 2 ? "/nowhere" : "/v1/topics/1");
        expect_header(answer, "RateLimit-Policy", "\"burst\";q=6;w=60");
        cr_assert_eq(left(answer, "burst"), 6 - used);
        long long seconds = number_after(header_of(answer, "RateLimit"), ";t=");
        cr_assert(seconds > 10 * used - 5 && seconds <= 10 * used, "%lld", seconds);
    }
    cr_assert_eq(left(options("/v1/topics"), "burst"), 2);
}

Test(fair_shares, who_asks_too_often_waits)
{
    server_start("--unlimited", "", "--rate-limit", "120");
    struct answer over = get("/v1/topics/1");
    for (int more = 0; over.status == 200 && more < 1000; more++)
        over = get("/v1/topics/1");
    expect_exceeded(over, "burst");
    expect_header(over, "Retry-After", "1");
    int64_t until = clock_nanoseconds() + 2 * 1000000000LL;
    while (over.status == 429 && clock_nanoseconds() < until) {
        usleep(20000);
        over = get("/v1/topics/1");
    }
    expect_status(over, 200);
}

Test(fair_shares, each_address_has_its_own)
{
    struct wire other;
    server_start("--unlimited", "", "--rate-limit", "4");
    for (int i = 0; i < 4; i++)
        expect_status(get("/v1/topics/1"), 200);
    expect_exceeded(get("/v1/topics/1"), "burst");
    cr_assert(wire_open_from(&other, "127.0.0.2"));
    cr_assert(wire_ask(&other, "GET", "/v1/topics/1", ""));
    cr_assert_eq(wire_receive(&other, PATIENCE), 200);
    wire_close(&other);
}

Test(fair_shares, wrong_keys_count_on_the_address)
{
    server_start("--unlimited", "", "--rate-limit", "3");
    for (int i = 0; i < 3; i++) {
        with("Authorization: Bearer readout_nobody%d", i);
        expect_status(get("/v1/topics/1"), 401);
    }
    with("Authorization: Bearer readout_another");
    expect_exceeded(get("/v1/topics/1"), "burst");
}

Test(fair_shares, what_is_costly_has_a_second_limit)
{
    server_start("--unlimited", "", "--rate-limit", "100", "--rate-limit-costly", "2");
    for (int used = 1; used <= 2; used++) {
        struct answer answer = ask("POST", "/v1/extract", "text/plain", SLICE("No, said Sergei Ryabkov."));
        expect_status(answer, 200);
        expect_header(answer, "RateLimit-Policy", "\"burst\";q=100;w=60, \"costly\";q=2;w=60");
        cr_assert_eq(left(answer, "costly"), 2 - used);
    }
    struct answer over = ask("POST", "/v1/extract", "text/plain", SLICE("No, said Sergei Ryabkov."));
    expect_exceeded(over, "costly");
    long long seconds = strtoll(header_of(over, "Retry-After"), NULL, 10);
    cr_assert(seconds > 20 && seconds <= 30, "%lld", seconds);
    cr_assert_geq(left(over, "burst"), 96);
    cr_assert_eq(refused("quota"), 1);
    struct answer cheap = get("/v1/topics/1");
    expect_status(cheap, 200);
    expect_header(cheap, "RateLimit-Policy", "\"burst\";q=100;w=60");
}

Test(fair_shares, long_bodies_are_costly_whatever_they_are)
{
    server_start("--unlimited", "", "--rate-limit-costly", "10");
    struct answer answer = post("/v1/topics", "{'slug': 'padded', 'name': 'Padded'%200000s}", "");
    expect_status(answer, 201);
    cr_assert_eq(left(answer, "costly"), 7);
    expect_header(post("/v1/topics", "{'slug': 'short', 'name': 'Short'}"), "RateLimit-Policy", "\"burst\";q=6000;w=60");
}

Test(fair_shares, none_apply_where_they_are_zero)
{
    server_start("--unlimited", "", "--rate-limit", "0", "--rate-limit-costly", "0");
    expect_no_header(get("/v1/topics/1"), "RateLimit");
    expect_no_header(ask("POST", "/v1/extract", "text/plain", SLICE("No.")), "RateLimit");
}

Test(fair_shares, each_key_has_its_own_wherever_it_is_used)
{
    server_start("--rate-limit", "2");
    const char *one = key_put(.scopes = "read"), *other = key_put(.scopes = "read");
    for (int used = 1; used <= 2; used++) {
        with("Authorization: Bearer %s", one);
        struct answer answer = get("/v1/topics/1");
        expect_status(answer, 200);
        cr_assert_eq(left(answer, "burst"), 2 - used);
    }
    with("Authorization: Bearer %s", one);
    expect_exceeded(get("/v1/topics/1"), "burst");
    with("Authorization: Bearer %s", other);
    expect_status(get("/v1/topics/1"), 200);
}

/* ---- behind proxies --------------------------------------------------------------------------------------------------- */

Test(fair_shares, a_trusted_proxy_tells_whose_a_request_is)
{
    server_start(PROXIED, "--rate-limit", "2");
    expect_status(get_as("192.0.2.1"), 200);
    expect_status(get_as("192.0.2.1"), 200);
    expect_exceeded(get_as("192.0.2.1"), "burst");
    expect_exceeded(get_as("203.0.113.9, 192.0.2.1"), "burst"); /* the left one is the client's invention */
    expect_exceeded(get_as("192.0.2.1, 127.0.0.1"), "burst");   /* two proxies */
    expect_exceeded(get_as("192.0.2.1:4711"), "burst");
    expect_status(get_as("192.0.2.2"), 200);
    expect_status(extract_as("192.0.2.2", "No."), 200);
    expect_exceeded(get_as("192.0.2.2"), "burst");
}

Test(fair_shares, an_ipv6_customer_is_one_whatever_his_last_64_bits)
{
    server_start(PROXIED, "--rate-limit", "2");
    expect_status(get_as("2001:db8::1"), 200);
    expect_status(get_as("[2001:db8::2]:443"), 200);
    expect_exceeded(get_as("2001:db8::ffff:3"), "burst");
    expect_status(get_as("2001:db8:0:1::1"), 200);
}

Test(fair_shares, what_a_proxy_forwards_is_never_unlimited)
{
    server_start(PROXIED, "--rate-limit", "2");
    cr_assert_eq(left(get_as("127.0.0.9"), "burst"), 1);
    expect_no_header(get_as("not an address"), "RateLimit");
}

static const char *docs_link(const char *scheme)
{
    with("X-Forwarded-For: 192.0.2.1");
    with("X-Forwarded-Proto: %s", scheme);
    return text_at(get("/"), "links.docs");
}

Test(fair_shares, a_trusted_proxy_tells_how_the_client_came)
{
    server_start(PROXIED);
    cr_assert(slice_starts(slice_of(docs_link("https")), "https://127.0.0.1:"));
    cr_assert(slice_starts(slice_of(docs_link("http")), "http://127.0.0.1:"));
}

Test(fair_shares, nobody_else_tells_how_the_client_came)
{
    server_start("--trusted-proxies", "192.0.2.0/24");
    cr_assert(slice_starts(slice_of(docs_link("https")), "http://127.0.0.1:"));
}

Test(fair_shares, nobody_else_is_believed)
{
    server_start("--public-read", "--trusted-proxies", "192.0.2.0/24", "--unlimited", "", "--rate-limit", "2");
    expect_status(get_as("203.0.113.1"), 200);
    expect_status(get_as("203.0.113.2"), 200);
    expect_exceeded(get_as("203.0.113.3"), "burst");
}

Test(fair_shares, networks_that_are_none_are_refused_at_the_start)
{
    struct outcome outcome = readout("serve", "--listen", "127.0.0.1:0", "--trusted-proxies", "10.0.0.1/8");
    cr_assert_neq(outcome.status, 0);
    cr_assert(strstr(outcome.errors, "10.0.0.0/8 would be right"), "%s", outcome.errors);
}

/* ---- how much at once --------------------------------------------------------------------------------------------------- */

#define TOPIC "{\"slug\":\"late\",\"name\":\"Late\"}"

static void send_head(struct wire *wire, const char *framing)
{
    cr_assert(wire_open(wire));
    cr_assert(wire_send(wire, "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n", framing));
}

Test(fair_shares, more_bytes_than_there_is_room_for_are_refused_unread)
{
    static struct wire slow, late, chunked;
    server_start("--max-pending-bytes", "65536"); /* of which the metrics' page needs some, too */
    send_head(&slow, "Content-Length: 50000");
    await_metric("http_pending_bytes", 50000);
    send_head(&late, "Content-Length: 20000");
    expect_overload(&late);
    send_head(&chunked, "Transfer-Encoding: chunked");
    cr_assert(wire_send(&chunked, "5000\r\n%20480s\r\n", ""));
    expect_overload(&chunked);
    cr_assert_eq(refused("pending-bytes"), 2);

    cr_assert(wire_send(&slow, "%s%*s", TOPIC, (int)(50000 - strlen(TOPIC)), ""));
    cr_assert_eq(wire_receive(&slow, PATIENCE), 201);
    await_metric("http_pending_bytes", 0);
    wire_close(&late);
    send_head(&late, "Content-Length: 20000");
    cr_assert(wire_send(&late, "%s%*s", TOPIC, (int)(20000 - strlen(TOPIC)), ""));
    cr_assert_eq(wire_receive(&late, PATIENCE), 409);
    wire_close(&slow);
    wire_close(&late);
    wire_close(&chunked);
}

Test(fair_shares, long_replies_wait_for_room_and_short_ones_do_not)
{
    static struct wire slow;
    server_start("--max-pending-bytes", "65536");
    const char *text = at("%0200000d", 0);
    long long id = make("/v1/articles", "{'title': 'Long', 'text': '%s'}", text);
    send_head(&slow, "Content-Length: 50000");
    await_metric("http_pending_bytes", 50000);
    struct answer answer = get("/v1/articles/%lld?fields=id,text", id);
    expect_problem(answer, 503, "unavailable");
    expect_text(answer, "type", capacity_type);
    expect_header(answer, "Retry-After", "1");
    expect_status(get("/v1/articles/%lld?fields=id", id), 200);
    expect_status(get("/livez"), 200);
    wire_close(&slow);
    await_metric("http_pending_bytes", 0);
    expect_status(get("/v1/articles/%lld?fields=id,text", id), 200);
}

Test(fair_shares, one_who_is_alone_may_send_what_a_body_may_have)
{
    server_start("--max-pending-bytes", "65536");
    expect_status(post("/v1/topics", "{'slug': 'padded', 'name': 'Padded'%200000s}", ""), 201);
}

/* So many topics at once take the writer a while. */
static const char *many_topics(size_t count)
{
    struct buffer lines = buffer_in(test_arena(), count * 64);
    for (size_t i = 0; i < count; i++)
        buffer_print(&lines, "{\"slug\":\"t%zu\",\"name\":\"Topic %zu\"}\n", i, i);
    buffer_add_byte(&lines, '\0');
    return lines.data;
}

Test(fair_shares, writes_beyond_those_that_may_wait_are_refused)
{
    static struct wire bulk, waits, late;
    server_start("--max-pending-writes", "1");
    const char *lines = many_topics(4000);
    cr_assert(wire_open(&bulk));
    cr_assert(wire_send(
        &bulk,
        "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nPrefer: return=minimal\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        strlen(lines), lines));
    await_metric("db_write_queue_depth", 1);
    usleep(5000); /* the writer takes it */
    cr_assert(wire_open(&waits));
    cr_assert(wire_ask(&waits, "POST", "/v1/topics", "{\"slug\":\"waits\",\"name\":\"Waits\"}"));
    await_metric("db_write_queue_depth", 2);
    cr_assert(wire_open(&late));
    cr_assert(wire_ask(&late, "POST", "/v1/topics", TOPIC));
    expect_overload(&late);
    cr_assert_eq(refused("pending-writes"), 1);
    cr_assert_eq(wire_receive(&waits, PATIENCE), 201);
    cr_assert(wire_ask(&late, "POST", "/v1/topics", TOPIC));
    cr_assert_eq(wire_receive(&late, PATIENCE), 201);
    wire_close(&bulk);
    wire_close(&waits);
    wire_close(&late);
}

/* A text that takes a while to read. */
static const char *long_article(void)
{
    struct buffer text = buffer_in(test_arena(), 1 << 16);
    while (text.length < 40000)
        buffer_add_text(&text,
                        "Russia will make no concessions at the talks in Geneva, Deputy Foreign Minister Sergei Ryabkov said "
                        "on Sunday, the Interfax agency reported. The United States is ready to talk, said a spokesman. ");
    buffer_add_byte(&text, '\0');
    return text.data;
}

static void send_article(struct wire *wire, const char *text)
{
    cr_assert(wire_open(wire));
    cr_assert(wire_send(
        wire, "POST /v1/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s",
        strlen(text), text));
}

Test(fair_shares, articles_beyond_those_that_may_wait_to_be_read_are_refused)
{
    enum { ARTICLES = 24 };
    static struct wire wires[ARTICLES];
    size_t read = 0;
    server_start("--max-pending-readings", "1");
    const char *text = long_article();
    for (size_t i = 0; i < ARTICLES; i++)
        send_article(&wires[i], text);
    for (size_t i = 0; i < ARTICLES; i++) {
        struct pollfd answered = {.fd = wires[i].socket, .events = POLLIN};
        char status[13] = "";
        cr_assert_eq(poll(&answered, 1, PATIENCE), 1);
        cr_assert_eq(recv(wires[i].socket, status, 12, MSG_PEEK | MSG_WAITALL), 12);
        if (strcmp(status, "HTTP/1.1 200") == 0)
            read++;
        else
            expect_overload(&wires[i]);
        wire_close(&wires[i]);
    }
    cr_assert(read > 0 && read < ARTICLES, "%zu were read", read);
    cr_assert_eq(refused("pending-readings"), (long long)(ARTICLES - read));
    expect_status(ask("POST", "/v1/extract", "text/plain", SLICE("No, said Sergei Ryabkov.")), 200);
}

/* ---- how slowly --------------------------------------------------------------------------------------------------------- */

/* A connection whose system takes little ahead of its program. */
static void open_narrow(struct wire *wire)
{
    int little = 4096;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server_port())};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *wire = (struct wire){.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    cr_assert_eq(setsockopt(wire->socket, SOL_SOCKET, SO_RCVBUF, &little, sizeof little), 0);
    cr_assert_eq(connect(wire->socket, (struct sockaddr *)&address, sizeof address), 0);
}

/* Asks for more than any buffer on the way holds. */
static void ask_for_much(struct wire *wire)
{
    open_narrow(wire);
    for (int i = 0; i < 60; i++)
        cr_assert(wire_send(wire, "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n"));
}

Test(fair_shares, who_does_not_take_his_reply_is_cut_off)
{
    static struct wire idle, drips;
    server_start("--send-timeout", "1");
    ask_for_much(&idle);
    ask_for_much(&drips);
    int64_t until = clock_nanoseconds() + PATIENCE * 1000000LL;
    char few[16];
    while (refused("slow-reader") < 2 && clock_nanoseconds() < until) {
        recv(drips.socket, few, sizeof few, MSG_DONTWAIT);
        usleep(20000);
    }
    cr_assert_eq(refused("slow-reader"), 2);
    await_metric("http_connections", 1);
    wire_close(&idle);
    wire_close(&drips);
}

Test(fair_shares, who_takes_his_reply_in_his_own_time_has_it_whole)
{
    static struct wire wire;
    server_start("--send-timeout", "1");
    ask_for_much(&wire);
    char bytes[4096];
    int64_t until = clock_nanoseconds() + 1600000000LL;
    while (clock_nanoseconds() < until) {
        cr_assert_gt(recv(wire.socket, bytes, sizeof bytes, 0), 0);
        usleep(5000);
    }
    cr_assert_eq(refused("slow-reader"), 0);
    wire_close(&wire);
}

/* ---- how many ----------------------------------------------------------------------------------------------------------- */

Test(fair_shares, an_address_has_so_many_connections_over_all_loops)
{
    static struct wire wires[3], other, late;
    server_start("--unlimited", "", "--max-connections-per-address", "4", "--loops", "3");
    expect_status(get("/livez"), 200); /* the first of them */
    for (size_t i = 0; i < 3; i++) {
        cr_assert(wire_open(&wires[i]) && wire_ask(&wires[i], "GET", "/livez", ""));
        cr_assert_eq(wire_receive(&wires[i], PATIENCE), 200);
    }
    for (long long i = 1; i <= 3; i++) {
        cr_assert(wire_open(&late));
        cr_assert(is_closed(&late, PATIENCE));
        wire_close(&late);
        cr_assert_eq(refused("connections"), i);
    }
    cr_assert(wire_open_from(&other, "127.0.0.2") && wire_ask(&other, "GET", "/livez", ""));
    cr_assert_eq(wire_receive(&other, PATIENCE), 200);
    wire_close(&other);
    wire_close(&wires[0]);
    await_metric("http_connections", 3);
    cr_assert(wire_open(&late) && wire_ask(&late, "GET", "/livez", ""));
    cr_assert_eq(wire_receive(&late, PATIENCE), 200);
    wire_close(&late);
    for (size_t i = 1; i < 3; i++)
        wire_close(&wires[i]);
}

Test(fair_shares, trusted_proxies_have_as_many_connections_as_they_like)
{
    static struct wire wires[4];
    server_start("--unlimited", "", "--trusted-proxies", "127.0.0.1", "--max-connections-per-address", "2");
    for (size_t i = 0; i < 4; i++) {
        cr_assert(wire_open(&wires[i]) && wire_ask(&wires[i], "GET", "/livez", ""));
        cr_assert_eq(wire_receive(&wires[i], PATIENCE), 200);
    }
    for (size_t i = 0; i < 4; i++)
        wire_close(&wires[i]);
}

Test(fair_shares, idle_connections_make_room_for_who_asks)
{
    static struct wire idle[6];
    server_start("--max-connections", "6", "--loops", "1");
    for (size_t i = 0; i < 6; i++)
        cr_assert(wire_open(&idle[i]));
    expect_status(get("/livez"), 200);
    cr_assert_geq(refused("crowded"), 1);
    for (size_t i = 0; i < 6; i++)
        wire_close(&idle[i]);
}
