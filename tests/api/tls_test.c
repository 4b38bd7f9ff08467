/* HTTPS: what plain HTTP does, and the pair of certificate and key that is changed while the server runs. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "readout/buffer.h"
#include "readout/clock.h"
#include "support/harness.h"
#include "support/manager.h"

enum { SOON = 10000 }; /* milliseconds; under a sanitizer, with much else going on */

/* ---- certificates ------------------------------------------------------------------------------------------------------- */

static const char *certificate, *key; /* the files that the server was started with */

static void save(const char *path, const gnutls_datum_t *text)
{
    FILE *file = fopen(path, "wb");
    cr_assert(file && fwrite(text->data, 1, text->size, file) == text->size && fclose(file) == 0, "%s", path);
}

/* A pair that signs itself, for 127.0.0.1, into two files. */
static void make_pair(const char *certificate_file, const char *key_file)
{
    static const unsigned char loopback[] = {127, 0, 0, 1};
    gnutls_x509_privkey_t secret;
    gnutls_x509_crt_t made;
    gnutls_datum_t text;
    time_t now = time(NULL);
    gnutls_x509_privkey_init(&secret);
    gnutls_x509_privkey_generate(secret, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    gnutls_x509_crt_init(&made);
    gnutls_x509_crt_set_version(made, 3);
    gnutls_x509_crt_set_serial(made, &now, sizeof(now));
    gnutls_x509_crt_set_dn_by_oid(made, GNUTLS_OID_X520_COMMON_NAME, 0, "test", 4);
    gnutls_x509_crt_set_subject_alt_name(made, GNUTLS_SAN_IPADDRESS, loopback, sizeof(loopback), GNUTLS_FSAN_SET);
    gnutls_x509_crt_set_activation_time(made, now - 60);
    gnutls_x509_crt_set_expiration_time(made, now + 3600);
    gnutls_x509_crt_set_basic_constraints(made, 1, -1);
    gnutls_x509_crt_set_key(made, secret);
    cr_assert_eq(gnutls_x509_crt_sign2(made, made, secret, GNUTLS_DIG_SHA256, 0), 0);
    cr_assert_eq(gnutls_x509_crt_export2(made, GNUTLS_X509_FMT_PEM, &text), 0);
    save(certificate_file, &text);
    gnutls_free(text.data);
    cr_assert_eq(gnutls_x509_privkey_export2(secret, GNUTLS_X509_FMT_PEM, &text), 0);
    save(key_file, &text);
    gnutls_free(text.data);
    gnutls_x509_crt_deinit(made);
    gnutls_x509_privkey_deinit(secret);
}

static void start(void)
{
    certificate = scratch("crt");
    key = scratch("key");
    make_pair(certificate, key);
    trust(certificate);
    server_start("--tls-certificate", certificate, "--tls-key", key, "--body-timeout", "1");
}

TestSuite(tls, .init = start, .fini = server_down);

/* ---- a connection of raw bytes -------------------------------------------------------------------------------------------- */

static gnutls_certificate_credentials_t anybody;

struct line {
    int socket;
    gnutls_session_t session;
    struct buffer text; /* what has come */
    bool ended, cleanly;
};

static int dial(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server_port())};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(handle >= 0 && connect(handle, (struct sockaddr *)&address, sizeof(address)) == 0, "%s", strerror(errno));
    return handle;
}

/* What the handshake gives: 0, or GnuTLS's error. */
static int line_open(struct line *line, const char *priorities)
{
    if (!anybody)
        gnutls_certificate_allocate_credentials(&anybody);
    *line = (struct line){.socket = dial(), .text = buffer_in(test_arena(), 4096)};
    gnutls_init(&line->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    cr_assert_eq(gnutls_priority_set_direct(line->session, priorities, NULL), 0);
    gnutls_credentials_set(line->session, GNUTLS_CRD_CERTIFICATE, anybody);
    gnutls_transport_set_int(line->session, line->socket);
    gnutls_handshake_set_timeout(line->session, SOON);
    gnutls_record_set_timeout(line->session, SOON);
    return gnutls_handshake(line->session);
}

static void line_close(struct line *line)
{
    gnutls_deinit(line->session);
    close(line->socket);
    gnutls_certificate_free_credentials(anybody);
    anybody = NULL;
}

/* Says whether all of it went out. */
static bool line_send(struct line *line, const char *bytes, size_t length)
{
    for (ssize_t sent; length; bytes += sent, length -= (size_t)sent) {
        sent = gnutls_record_send(line->session, bytes, length);
        if (sent <= 0)
            return false;
    }
    return true;
}

static bool line_say(struct line *line, const char *text)
{
    return line_send(line, text, strlen(text));
}

static size_t times(const struct line *line, const char *part)
{
    struct slice rest = buffer_slice(&line->text);
    size_t count = 0;
    for (const char *found; (found = memmem(rest.data, rest.length, part, strlen(part))) != NULL; count++) {
        rest.length -= (size_t)(found - rest.data) + strlen(part);
        rest.data = found + strlen(part);
    }
    return count;
}

/* Reads until these words have come so often; NULL: until the server ends. */
static void line_await(struct line *line, const char *part, size_t count)
{
    char bytes[16384];
    while (!line->ended && (!part || times(line, part) < count)) {
        ssize_t got = gnutls_record_recv(line->session, bytes, sizeof(bytes));
        if (got > 0)
            buffer_add(&line->text, bytes, (size_t)got);
        line->ended = got <= 0;
        line->cleanly = got == 0;
        cr_assert(got != GNUTLS_E_TIMEDOUT, "nothing more comes after: %.*s", SLICE_ARGS(buffer_slice(&line->text)));
    }
}

/* ---- what plain HTTP does ------------------------------------------------------------------------------------------------- */

Test(tls, a_request_is_answered_and_told_to_come_by_https_again)
{
    cr_assert(slice_starts(slice_of(server_origin()), "https://"));
    struct answer made = post("/v1/topics", "{'slug': 'railways', 'name': 'Railways'}");
    expect_status(made, 201);
    expect_header(made, "Strict-Transport-Security", "max-age=31536000");
    struct answer page = get("/v1/topics?limit=1");
    cr_assert(slice_starts(slice_of(text_at(page, "next")), "https://127.0.0.1:"), "%s", text_at(page, "next"));
    expect_status(go_to(page, "next"), 200);
}

Test(tls, requests_that_come_together_are_answered_in_order)
{
    struct line line;
    cr_assert_eq(line_open(&line, "NORMAL"), 0);
    cr_assert(line_say(
        &line, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"
               "POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\n{\"slug\": \"a\", \"name\": \"First\"}"
               "GET /v1/topics/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    line_await(&line, "HTTP/1.1 ", 4);
    const char *text = buffer_slice(&line.text).data;
    const char *ok = strstr(text, "HTTP/1.1 200"), *missing = strstr(text, "HTTP/1.1 404"), *made = strstr(text, "HTTP/1.1 201");
    cr_assert(ok && missing && made && ok < missing && missing < made, "%s", text);
    line_close(&line);
}

/* Larger than what a record holds, than the library's buffers and than a socket's. */
Test(tls, eight_megabytes_come_in_whole)
{
    const char *start = "{'slug': 'just', 'name': 'x'";
    struct answer made = post("/v1/topics", "%s%*s}", start, (int)(8 * 1024 * 1024 - strlen(start) - 1), "");
    expect_status(made, 201);
    expect_text(made, "slug", "just");
}

Test(tls, large_replies_and_streams_go_out_whole)
{
    enum { TOPICS = 400, LENGTH = 900 };
    struct buffer lines = buffer_in(test_arena(), TOPICS * (LENGTH + 100));
    for (int i = 0; i < TOPICS; i++)
        buffer_print(&lines, "{\"slug\": \"topic-%03d\", \"name\": \"Topic %03d\", \"description\": \"%0*d\"}\n", i, i, LENGTH,
                     i);
    expect_int(ask("POST", "/v1/topics", "application/x-ndjson", buffer_slice(&lines)), "created", TOPICS);
    struct answer page = get("/v1/topics?limit=%d&sort=-id", TOPICS);
    expect_status(page, 200);
    cr_assert(page.body.length > TOPICS * LENGTH);
    expect_text(page, "items.0.slug", at("topic-%03d", TOPICS - 1));
    struct answer table = get("/v1/topics.csv");
    expect_status(table, 200);
    cr_assert(table.body.length > TOPICS * LENGTH);
    expect_body_has(table, at("%0*d", LENGTH, TOPICS - 1));
}

Test(tls, changes_are_heard_as_they_happen)
{
    struct line line;
    cr_assert_eq(line_open(&line, "NORMAL"), 0);
    cr_assert(line_say(&line, "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    line_await(&line, "retry:", 1);
    for (size_t i = 1; i <= 3; i++) {
        make("/v1/topics", "{'slug': 'topic-%zu', 'name': 'Topic'}", i);
        line_await(&line, at("topic-%zu", i), 1);
    }
    cr_assert(!line.ended);
    line_close(&line);
}

/* Each refusal comes whole and by TLS, and then the connection is ended as TLS ends. */
Test(tls, what_is_refused_is_told)
{
    static const struct {
        const char *request;
        size_t filler; /* bytes that follow it */
        const char *answer;
    } rows[] = {
        {"POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{", 0,
         "HTTP/1.1 408"},
        {"GET /v1/topics HTTP/1.1\r\nHost: localhost\r\nX-Half: ", 0, "HTTP/1.1 408"},
        {"POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n", 9000000, "HTTP/1.1 413"},
        {"POST /v1/topics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2000000\r\n", 20000000,
         "HTTP/1.1 413"},
        {"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: ", 14000, "HTTP/1.1 431"},
    };
    char *filler = malloc(20000000);
    memset(filler, 'x', 20000000);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct line line;
        cr_assert_eq(line_open(&line, "NORMAL"), 0);
        line_say(&line, rows[i].request);
        line_send(&line, filler, rows[i].filler);
        if (strstr(rows[i].answer, "431"))
            line_say(&line, "\r\n\r\n");
        line_await(&line, rows[i].answer, 1);
        cr_assert_eq(times(&line, rows[i].answer), 1, "row %zu got %.*s", i, SLICE_ARGS(buffer_slice(&line.text)));
        if (!strstr(rows[i].answer, "431")) {
            line_await(&line, NULL, 0);
            cr_assert(line.cleanly, "row %zu does not end cleanly", i);
        }
        line_close(&line);
    }
    free(filler);
    expect_status(get("/livez"), 200);
}

/* ---- who may speak -------------------------------------------------------------------------------------------------------- */

Test(tls, only_its_later_versions_are_spoken)
{
    static const struct {
        const char *priorities;
        bool welcome;
    } rows[] = {
        {"NORMAL:-VERS-ALL:+VERS-TLS1.3", true},
        {"NORMAL:-VERS-ALL:+VERS-TLS1.2", true},
        {"NORMAL:-VERS-ALL:+VERS-TLS1.1", false},
        {"NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA", false},
        {"NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct line line;
        cr_assert_eq(line_open(&line, rows[i].priorities) == 0, rows[i].welcome, "%s", rows[i].priorities);
        line_close(&line);
    }
}

Test(tls, plain_http_is_hung_up_on)
{
    cr_assert_eq(say(SLICE("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")).status, 0);
    expect_status(get("/livez"), 200);
}

/* Seconds of processor time that the server has taken. */
static double worked(void)
{
    unsigned long user = 0, kernel = 0;
    FILE *file = fopen(at("/proc/%d/stat", server_pid()), "r");
    cr_assert(file && fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) == 2);
    fclose(file);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

/* libmicrohttpd alone would try them again and again; and could not be stopped while one is put aside. */
Test(tls, handshakes_that_halt_cost_nothing)
{
    enum { HALTING = 20 };
    int halting[HALTING];
    for (int i = 0; i < HALTING; i++) {
        halting[i] = dial();
        cr_assert_eq(send(halting[i], "\x16\x03\x01", 3, MSG_NOSIGNAL), 3);
    }
    expect_status(get("/livez"), 200);
    double before = worked();
    usleep(300000);
    cr_assert_lt(worked() - before, 0.1);
    expect_status(get("/livez"), 200);
    cr_assert_eq(server_stop(), 0);
    for (int i = 0; i < HALTING; i++)
        close(halting[i]);
}

/* ---- the pair ----------------------------------------------------------------------------------------------------------- */

static size_t forget(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

/* Whether a new connection shows this certificate. */
static bool is_shown(const char *file)
{
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, at("%s/livez", server_origin()));
    curl_easy_setopt(easy, CURLOPT_CAINFO, file);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, forget);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    CURLcode result = curl_easy_perform(easy);
    curl_easy_cleanup(easy);
    return result == CURLE_OK;
}

Test(tls, a_new_pair_is_shown_to_new_connections_and_the_old_ones_go_on)
{
    const char *old = scratch("old.crt");
    expect_status(get("/livez"), 200); /* on the connection that stays */
    cr_assert_eq(link(certificate, old), 0);
    unlink(certificate);
    make_pair(certificate, key);
    cr_assert(is_shown(old), "it is read at SIGHUP alone");
    server_signal(SIGHUP);
    int64_t deadline = clock_nanoseconds() + SOON * INT64_C(1000000);
    while (!is_shown(certificate))
        cr_assert_lt(clock_nanoseconds(), deadline, "the new certificate is not shown");
    cr_assert(!is_shown(old));
    expect_status(get("/livez"), 200);
    unlink(old);
}

Test(tls, a_broken_pair_leaves_the_old_one)
{
    cr_assert_eq(server_stop(), 0);
    manager_open();
    server_start("--tls-certificate", certificate, "--tls-key", key);
    manager_await("READY=1");
    const char *kept = scratch("kept.crt");
    cr_assert_eq(link(certificate, kept), 0);
    trust(kept);
    const char *others = scratch("other.crt");
    make_pair(others, key); /* the key alone is new */
    server_signal(SIGHUP);
    manager_await("READY=1");
    cr_assert(is_shown(kept));
    unlink(certificate);
    server_signal(SIGHUP);
    manager_await("READY=1");
    cr_assert(is_shown(kept));
    expect_status(get("/livez"), 200);
    manager_close();
    unlink(kept);
    unlink(others);
}

static void expect_no_start(const char *first, const char *with_first, const char *second, const char *with_second,
                            const char *words)
{
    struct outcome outcome =
        second
            ? readout("serve", "--listen", "127.0.0.1:0", "--database", server_database(), first, with_first, second, with_second)
            : readout("serve", "--listen", "127.0.0.1:0", "--database", server_database(), first, with_first);
    cr_assert_eq(outcome.status, 1, "%s", outcome.output);
    cr_assert(strstr(outcome.errors, words), "%s", outcome.errors);
}

Test(tls, a_pair_that_does_not_do_is_told_at_the_start)
{
    const char *other = scratch("other.crt"), *others_key = scratch("other.key");
    make_pair(other, others_key);
    cr_assert_eq(server_stop(), 0);
    expect_no_start("--tls-certificate", certificate, NULL, NULL, "--tls-key is missing");
    expect_no_start("--tls-key", key, NULL, NULL, "--tls-certificate is missing");
    expect_no_start("--tls-certificate", "/nowhere.crt", "--tls-key", key, "/nowhere.crt cannot be read: No such file");
    expect_no_start("--tls-certificate", certificate, "--tls-key", "/nowhere.key", "/nowhere.key cannot be read: No such file");
    expect_no_start("--tls-certificate", certificate, "--tls-key", others_key, "do not belong together");
    expect_no_start("--tls-certificate", key, "--tls-key", key, "holds no certificate in PEM");
    expect_no_start("--tls-certificate", certificate, "--tls-key", certificate, "holds no usable private key in PEM");
    unlink(other);
    unlink(others_key);
}
