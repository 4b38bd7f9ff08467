/* Who asks, and what they may do.
 *
 * A key that is shown is looked up with each request, so it is refused from the moment it is revoked. What somebody without a key
 * may do depends on where the server listens and whether there are keys: scopes_without_key() has the whole rule. */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"

#define READING    SCOPE_BIT(SCOPE_READ)
#define EVERYTHING (READING | SCOPE_BIT(SCOPE_WRITE) | SCOPE_BIT(SCOPE_ADMIN))

static const unsigned given_by[] = {[SCOPE_PUBLIC] = 0,
                                    [SCOPE_FEED] = SCOPE_BIT(SCOPE_FEED),
                                    [SCOPE_READ] = READING,
                                    [SCOPE_WRITE] = READING | SCOPE_BIT(SCOPE_WRITE),
                                    [SCOPE_ADMIN] = EVERYTHING};

enum { HOUR = 3600 * 1000 }; /* milliseconds */
static const int64_t SECOND = 1000000000;

/* ---- the form of a key ------------------------------------------------------------------------------------ */

static const char word[] = "readout_";
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

enum { LETTERS = sizeof letters - 1, WORD = sizeof word - 1, SECRET_AT = WORD + API_KEY_PREFIX + 1 };

static char random_letter(void)
{
    uint8_t byte;
    do
        digest_random(&byte, 1);
    while (byte >= 256 / LETTERS * LETTERS); /* what is left over would make some letters likelier */
    return letters[byte % LETTERS];
}

void api_key_make(char key[static API_KEY_SIZE])
{
    memcpy(key, word, WORD);
    for (int i = WORD; i < API_KEY_SIZE - 1; i++)
        key[i] = random_letter();
    key[SECRET_AT - 1] = '_';
    key[API_KEY_SIZE - 1] = '\0';
}

struct slice api_key_prefix(struct slice key)
{
    if (key.length != API_KEY_SIZE - 1 || !slice_starts(key, word) || key.data[SECRET_AT - 1] != '_')
        return NO_SLICE;
    for (size_t i = WORD; i < key.length; i++) {
        if (i != SECRET_AT - 1 && !memchr(letters, key.data[i], LETTERS))
            return NO_SLICE;
    }
    return (struct slice){key.data + WORD, API_KEY_PREFIX};
}

/* ---- without a key ---------------------------------------------------------------------------------------- */

unsigned scopes_without_key(const struct openness *openness)
{
    unsigned scopes = openness->public_read ? READING : 0;
    if (openness->remote_writes || (openness->is_local && !openness->has_keys))
        scopes = EVERYTHING;
    return openness->foreign_page ? scopes & READING : scopes;
}

bool address_is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strncmp(address, "[::1]:", 6) == 0 || strncmp(address, "[::ffff:127.", 12) == 0;
}

bool host_is_loopback(struct slice host)
{
    bool literal = host.length > 0 && host.data[0] == '[';
    struct slice rest = host, name = slice_cut(&rest, literal ? ']' : ':');
    if (literal)
        return slice_is(name, "[::1");
    struct address address;
    return slice_equal_fold(name, SLICE("localhost")) || slice_ends(name, ".localhost") ||
           (slice_starts(name, "127.") && address_parse(name, &address));
}

/* A store that has a key has one for ever, so only its absence is asked for again. Where that cannot be told, it has. */
static bool there_are_keys(const struct call *call)
{
    struct session *session = call->session;
    struct api_key first;
    int64_t now = call->request->started;
    if (session->has_keys || (session->looked_for_keys && now - session->looked_for_keys < SECOND))
        return session->has_keys;
    session->has_keys = reader_api_key_after(call->reader, 0, call->arena, &first, &session->keys_failure);
    bool told = session->has_keys || session->keys_failure.kind == ERROR_NOT_FOUND;
    if (told)
        session->keys_failure = (struct error){0};
    session->looked_for_keys = told ? now : 0;
    return session->has_keys || !told;
}

/* Browsers let any page send what it likes to any address that they can reach, and say which page it was. */
bool is_foreign_page(const struct request *request)
{
    struct slice origin = request_header(request, "Origin");
    return origin.data && !slice_equal(origin, request->origin);
}

/* What a proxy adds that passes requests on: whoever asked it is somewhere else. */
static bool came_through_proxy(const struct request *request)
{
    static const char *const traces[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    bool came = request->forwarded;
    for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++)
        came = came || request_header(request, traces[i]).data;
    return came;
}

/* Whoever means this machine calls it so. A page may have a name of its own lead here (DNS rebinding), and is of the same origin
 * then. */
static bool means_this_machine(const struct request *request)
{
    struct slice host = request_header(request, "Host");
    return !host.data || host_is_loopback(host);
}

static unsigned scopes_of_nobody(const struct call *call)
{
    const long long *number = call->app->settings->number;
    const struct request *request = call->request;
    bool is_local = call->session->loopback && !came_through_proxy(request) && means_this_machine(request);
    struct openness openness = {.is_local = is_local,
                                .public_read = number[SETTING_PUBLIC_READ],
                                .remote_writes = number[SETTING_REMOTE_WRITES],
                                .foreign_page = is_foreign_page(request)};
    openness.has_keys = openness.is_local && there_are_keys(call);
    return scopes_without_key(&openness);
}

/* ---- with a key ------------------------------------------------------------------------------------------- */

/* The query's `token`, decoded, or NO_SLICE. Most queries have none, and are not taken apart for it. */
static struct slice token_of(const struct request *request)
{
    struct slice rest = request->query;
    struct query_item item;
    if (!rest.data || (!memmem(rest.data, rest.length, "token", 5) && !memchr(rest.data, '%', rest.length)))
        return NO_SLICE;
    while (request_query(request->arena, &rest, &item)) {
        if (slice_is(item.name, "token"))
            return item.value;
    }
    return NO_SLICE;
}

static struct slice bearer_of(struct slice header)
{
    struct slice rest = header, scheme = slice_cut(&rest, ' ');
    return slice_equal_fold(scheme, SLICE("Bearer")) ? slice_trim(rest) : NO_SLICE;
}

static unsigned scopes_of(const struct api_key *key)
{
    unsigned scopes = 0;
    struct slice rest = key->scopes;
    while (rest.data)
        scopes |= given_by[scope_named(slice_cut(&rest, ','))];
    return scopes;
}

static bool is_of_key(struct slice shown, const struct api_key *key)
{
    char hash[SHA256_HEX_SIZE];
    digest_sha256_hex(shown, hash);
    return key->hash.length == SHA256_HEX_SIZE - 1 &&
           digest_equal((const uint8_t *)hash, (const uint8_t *)key->hash.data, SHA256_HEX_SIZE - 1);
}

static bool may_be_used_from(const struct api_key *key, const struct request *request)
{
    struct networks networks;
    struct error error;
    return !key->networks.data ||
           (networks_parse(key->networks, &networks, &error) && networks_hold(&networks, &request->address));
}

static const char *end_of(const struct api_key *key)
{
    char now[INSTANT_SIZE];
    clock_now(now);
    if (key->revoked_at.data)
        return "this key was revoked";
    return key->expires_at.data && slice_compare(key->expires_at, slice_of(now)) <= 0 ? "this key has expired" : NULL;
}

bool key_is_over(struct reader *reader, struct slice prefix)
{
    struct arena arena = {0};
    struct api_key key;
    struct error error;
    bool over = !reader_api_key(reader, prefix, &arena, &key, &error) || end_of(&key);
    arena_release(&arena);
    return over;
}

/* Why a key that is known is not good for this request, or NULL. */
static const char *fault_of(const struct call *call, const struct api_key *key, bool in_url)
{
    const char *end = end_of(key);
    if (end)
        return end;
    if (!may_be_used_from(key, call->request))
        return "this key may not be used from this address";
    if (in_url && scopes_of(key) != SCOPE_BIT(SCOPE_FEED))
        return "this key does not belong in a URL; one with the scope feed may stand there";
    return NULL;
}

/* ---- when it was last used -------------------------------------------------------------------------------- */

struct use {
    struct work work; /* first: its functions get it back as this */
    int64_t key;
};

static bool write_use(struct work *work, struct writing *writing)
{
    writing_use_api_key(writing, ((struct use *)work)->key);
    return true;
}

static void free_use(struct work *work, const struct error *failure)
{
    (void)failure; /* the next use tries again */
    free(work);
}

/* Once an hour; nobody waits for it. Until that is on disk, requests with the same key are many: one of them a second tries. */
static void note_use(const struct call *call, const struct api_key *key)
{
    atomic_llong *next = &call->app->next_use[key->id % NEXT_USES];
    int64_t now = clock_milliseconds(), last;
    long long due = atomic_load(next);
    if (key->last_used_at.data && clock_parse_instant(key->last_used_at, &last) && now - last < HOUR && now >= last)
        return;
    if (now < due || !atomic_compare_exchange_strong(next, &due, now + 1000))
        return;
    struct use *use = malloc(sizeof *use);
    if (!use)
        die("out of memory");
    *use = (struct use){.work = {.run = write_use, .finish = free_use}, .key = key->id};
    if (!store_submit(call->app->store, &use->work))
        free(use);
}

/* ---- who asks --------------------------------------------------------------------------------------------- */

static const char invalid[] = "Bearer error=\"invalid_token\"";

static struct reply challenge(const struct call *call, const char *code, const char *what, const char *detail)
{
    struct reply problem = reply_problem(call->request, code, NULL, "%s", detail);
    reply_header(&problem, "WWW-Authenticate", slice_of(what));
    return problem;
}

/* The key that is shown, if it is known and its secret right. False with the problem. */
static bool find_key(const struct call *call, struct slice shown, struct api_key *key, struct reply *problem)
{
    struct error error = {.kind = ERROR_NOT_FOUND};
    struct slice prefix = api_key_prefix(shown);
    if (prefix.data && reader_api_key(call->reader, prefix, call->arena, key, &error) && is_of_key(shown, key))
        return true;
    *problem = error.kind == ERROR_NOT_FOUND ? challenge(call, "unauthorized", invalid, "no such key is known here")
                                             : problem_failed(call->request, &error);
    return false;
}

static bool know(struct call *call, struct slice shown, bool in_url, struct reply *problem)
{
    struct api_key key;
    if (!find_key(call, shown, &key, problem))
        return false;
    const char *fault = fault_of(call, &key, in_url);
    call->exchange->request.key = key.prefix;
    if (fault) {
        *problem = challenge(call, "unauthorized", invalid, fault);
        return false;
    }
    call->principal = (struct principal){.key = key.id, .name = key.name, .scopes = scopes_of(&key)};
    note_use(call, &key);
    return true;
}

bool identify(struct call *call, struct reply *problem)
{
    struct slice header = request_header(call->request, "Authorization"), token = token_of(call->request);
    if (header.data && token.data) {
        *problem = challenge(call, "bad-request", "Bearer error=\"invalid_request\"",
                             "a key is shown in Authorization and another in the URL; one is enough");
        return false;
    }
    if (header.data || token.data)
        return know(call, header.data ? bearer_of(header) : token, token.data != NULL, problem);
    call->principal.scopes = call->session->has_port ? scopes_of_nobody(call) : EVERYTHING;
    return true;
}

/* ---- what they may do ------------------------------------------------------------------------------------- */

static bool is_feed(const char *type)
{
    static const char *const types[] = {"text/calendar", "application/atom+xml", "application/feed+json"};
    for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(type, types[i]) == 0)
            return true;
    }
    return false;
}

bool is_allowed(const struct call *call, struct reply *problem)
{
    enum scope needed = call->operation->scope;
    unsigned scopes = call->principal.scopes;
    if (needed == SCOPE_PUBLIC || scopes & SCOPE_BIT(needed) ||
        (needed == SCOPE_READ && scopes & SCOPE_BIT(SCOPE_FEED) && is_feed(call->type)))
        return true;
    const char *name = scope_name(needed);
    if (!call->principal.key && call->session->keys_failure.kind) {
        *problem = problem_failed(call->request, &call->session->keys_failure);
        return false;
    }
    if (!call->principal.key) {
        *problem = challenge(call, "unauthorized", "Bearer",
                             arena_print(call->arena, "this needs a key with the scope %s, in Authorization: Bearer", name));
        return false;
    }
    *problem = challenge(call, "forbidden", arena_print(call->arena, "Bearer error=\"insufficient_scope\", scope=\"%s\"", name),
                         arena_print(call->arena, "this needs a key with the scope %s, which this one has not", name));
    return false;
}
