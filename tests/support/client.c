#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "readout/buffer.h"
#include "support/harness.h"
#include "support/inside.h"

enum { REQUEST_SECONDS = 60 };

/* JSON values that answers hold, to be let go of together. */
struct held {
    json_t *json;
    struct held *next;
};

static struct {
    struct arena arena;
    CURL *easy;
    struct curl_slist *headers; /* of the next request */
    struct held *held;
    const char *certificate; /* NULL: any of the system's */
} client;

/* ---- memory ----------------------------------------------------------------------------------------------------------- */

struct arena *test_arena(void)
{
    return &client.arena;
}

__attribute__((format(printf, 1, 0))) static char *print(const char *format, va_list arguments)
{
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    cr_assert(length >= 0);
    char *copy = arena_copy(&client.arena, text, (size_t)length);
    free(text);
    return copy;
}

const char *at(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = print(format, arguments);
    va_end(arguments);
    return text;
}

struct slice json_of(const char *quoted)
{
    char *json = arena_copy(&client.arena, quoted, strlen(quoted));
    for (char *byte = json; *byte; byte++) {
        if (*byte == '\'')
            *byte = '"';
    }
    return slice_of(json);
}

void trust(const char *certificate)
{
    client_close();
    client.certificate = certificate;
}

void client_close(void)
{
    if (client.easy)
        curl_easy_cleanup(client.easy);
    client.easy = NULL;
}

void client_release(void)
{
    client_close();
    curl_slist_free_all(client.headers);
    client.headers = NULL;
    for (struct held *held = client.held; held; held = held->next)
        json_decref(held->json);
    client.held = NULL;
    witness_release();
    arena_release(&client.arena);
    curl_global_cleanup();
}

/* ---- one exchange ------------------------------------------------------------------------------------------------------- */

static size_t take_body(char *bytes, size_t size, size_t count, void *body)
{
    buffer_add(body, bytes, size * count);
    return size * count;
}

/* An interim answer (100 Continue) is forgotten when the next status line comes. */
static size_t take_header(char *bytes, size_t size, size_t count, void *headers)
{
    struct buffer *buffer = headers;
    if (slice_starts((struct slice){bytes, size * count}, "HTTP/"))
        buffer->length = 0;
    buffer_add(buffer, bytes, size * count);
    return size * count;
}

void with(const char *header, ...)
{
    va_list arguments;
    va_start(arguments, header);
    client.headers = curl_slist_append(client.headers, print(header, arguments));
    va_end(arguments);
}

/* Whether the test has set this header for the next request. */
static bool is_given(const char *name)
{
    for (const struct curl_slist *header = client.headers; header; header = header->next) {
        if (strncasecmp(header->data, name, strlen(name)) == 0)
            return true;
    }
    return false;
}

static void prepare(const char *method, const char *path, const char *type, struct slice body)
{
    if (!client.easy)
        client.easy = curl_easy_init();
    cr_assert(client.easy);
    CURL *easy = client.easy;
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, at("%s%s", server_origin(), path));
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)REQUEST_SECONDS);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (client.certificate)
        curl_easy_setopt(easy, CURLOPT_CAINFO, client.certificate);
    if (strcmp(method, "HEAD") == 0)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else if (body.data || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)body.length);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data ? body.data : "");
    }
    if (strcmp(method, "GET") != 0 || body.data)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    if (type)
        with("Content-Type: %s", type);
    else
        with("Content-Type:");
    if (!is_given("Expect:"))
        with("Expect:");
    if (is_given("Accept-Encoding:"))
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); /* decodes what comes; the header is the test's own */
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, client.headers);
}

static json_t *parse(struct slice body)
{
    json_t *json = body.length ? json_loadb(body.data, body.length, JSON_DECODE_ANY, NULL) : NULL;
    if (!json)
        return NULL;
    struct held *held = arena_alloc(&client.arena, sizeof(*held));
    *held = (struct held){.json = json, .next = client.held};
    client.held = held;
    return json;
}

struct answer ask(const char *method, const char *path, const char *type, struct slice body)
{
    struct buffer headers = buffer_in(&client.arena, 2048), bytes = buffer_in(&client.arena, 4096);
    prepare(method, path, type, body);
    curl_easy_setopt(client.easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(client.easy, CURLOPT_WRITEDATA, &bytes);
    curl_easy_setopt(client.easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(client.easy, CURLOPT_HEADERDATA, &headers);
    CURLcode result = curl_easy_perform(client.easy);
    curl_slist_free_all(client.headers);
    client.headers = NULL;

    long status = 0;
    curl_easy_getinfo(client.easy, CURLINFO_RESPONSE_CODE, &status);
    /* A body refused half-way may end in a reset after the answer. */
    bool answered = result == CURLE_OK || (status >= 400 && (result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR));
    cr_assert(answered, "%s %s: %s", method, path, curl_easy_strerror(result));

    struct answer answer = {
        .method = method, .path = path, .status = (int)status, .headers = buffer_slice(&headers), .body = buffer_slice(&bytes)};
    buffer_add_byte(&bytes, '\0');
    answer.body.data = bytes.data; /* tests look through it as a string */
    answer.json = parse(answer.body);
    witness(answer);
    return answer;
}

/* ---- the methods ------------------------------------------------------------------------------------------------------ */

/* Declares `text`: what the caller's format and arguments make. */
#define PRINTED(text, last)                                                                                                      \
    va_list arguments;                                                                                                           \
    va_start(arguments, last);                                                                                                   \
    const char *text = print(last, arguments);                                                                                   \
    va_end(arguments)

struct answer get(const char *path, ...)
{
    PRINTED(whole, path);
    return ask("GET", whole, NULL, NO_SLICE);
}

struct answer head(const char *path, ...)
{
    PRINTED(whole, path);
    return ask("HEAD", whole, NULL, NO_SLICE);
}

struct answer options(const char *path, ...)
{
    PRINTED(whole, path);
    return ask("OPTIONS", whole, NULL, NO_SLICE);
}

struct answer erase(const char *path, ...)
{
    PRINTED(whole, path);
    return ask("DELETE", whole, NULL, NO_SLICE);
}

__attribute__((format(printf, 4, 0))) static struct answer send_json(const char *method, const char *path, const char *type,
                                                                     const char *body, va_list arguments)
{
    if (!body)
        return ask(method, path, NULL, NO_SLICE);
    return ask(method, path, type, json_of(print(body, arguments)));
}

struct answer post(const char *path, const char *body, ...)
{
    va_list arguments;
    va_start(arguments, body);
    struct answer answer = send_json("POST", path, "application/json", body, arguments);
    va_end(arguments);
    return answer;
}

struct answer put(const char *path, const char *body, ...)
{
    va_list arguments;
    va_start(arguments, body);
    struct answer answer = send_json("PUT", path, "application/json", body, arguments);
    va_end(arguments);
    return answer;
}

struct answer patch(const char *path, const char *body, ...)
{
    va_list arguments;
    va_start(arguments, body);
    struct answer answer = send_json("PATCH", path, "application/merge-patch+json", body, arguments);
    va_end(arguments);
    return answer;
}

struct answer go_to(struct answer answer, const char *path)
{
    const char *url = text_at(answer, path);
    if (!slice_starts(slice_of(url), server_origin()))
        fail_with(answer, HERE, "\"%s\" does not begin with %s", path, server_origin());
    return get("%s", url + strlen(server_origin()));
}

long long make(const char *path, const char *body, ...)
{
    va_list arguments;
    va_start(arguments, body);
    struct answer answer = send_json("POST", path, "application/json", body, arguments);
    va_end(arguments);
    expect_status(answer, 201);
    return id_of(answer);
}

/* ---- raw bytes -------------------------------------------------------------------------------------------------------- */

/* The bytes of the body that the headers promise; 0 without. */
static size_t promised(struct slice headers)
{
    const char *length = header_of((struct answer){.headers = headers}, "Content-Length");
    return length ? strtoul(length, NULL, 10) : 0;
}

/* Reads until the answer is whole or the connection ends. */
static struct answer receive(int connection)
{
    struct answer answer = {.method = "raw", .path = ""};
    struct buffer bytes = buffer_in(&client.arena, 4096);
    char chunk[4096];
    ssize_t got;
    while ((got = recv(connection, chunk, sizeof(chunk), 0)) > 0) {
        buffer_add(&bytes, chunk, (size_t)got);
        const char *end = memmem(bytes.data, bytes.length, "\r\n\r\n", 4);
        if (!end)
            continue;
        answer.headers = (struct slice){bytes.data, (size_t)(end - bytes.data) + 4};
        answer.body = (struct slice){end + 4, bytes.length - answer.headers.length};
        if (answer.body.length >= promised(answer.headers))
            break;
    }
    if (answer.headers.length > 12)
        answer.status = (int)strtol(answer.headers.data + strlen("HTTP/1.1 "), NULL, 10);
    answer.json = parse(answer.body);
    return answer;
}

struct answer say(struct slice bytes)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server_port())};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = REQUEST_SECONDS};
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    cr_assert(connect(connection, (struct sockaddr *)&address, sizeof(address)) == 0, "cannot connect to the server");
    send(connection, bytes.data, bytes.length, MSG_NOSIGNAL);
    struct answer answer = receive(connection);
    close(connection);
    return answer;
}
