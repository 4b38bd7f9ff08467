/* Keys for those who ask over HTTP: made, listed, revoked. A server that runs on the same file knows it with the next request. */
#include <stdio.h>
#include <string.h>

#include "readout/access.h"
#include "readout/clock.h"
#include "readout/commands.h"
#include "readout/digest.h"
#include "readout/nearest.h"
#include "readout/network.h"
#include "readout/utf8.h"

enum { NAME_MOST = 80, DAY = 24 * 3600, YEARS_MOST = 100 };

static int refuse(const struct error *error)
{
    fprintf(stderr, "readout: %s\n", error->message);
    return 2;
}

static int usage(void)
{
    fprintf(stderr,
            "readout: usage: readout keys create NAME [scope=read|write|admin|feed] [expires=90d] [network=10.0.0.0/8,…]\n"
            "                readout keys list\n"
            "                readout keys revoke PREFIX\n");
    return 2;
}

/* ---- what a key is to be ---------------------------------------------------------------------------------- */

struct wish {
    struct arena arena;
    struct api_key key;
};

static bool in_a_while(struct slice text, int64_t *milliseconds)
{
    static const struct {
        char unit;
        int seconds;
    } units[] = {{'h', 3600}, {'d', DAY}, {'w', 7 * DAY}, {'y', 365 * DAY}};
    long long number;
    for (size_t i = 0; text.length && i < sizeof units / sizeof units[0]; i++) {
        if (text.data[text.length - 1] != units[i].unit)
            continue;
        bool fits = slice_to_int((struct slice){text.data, text.length - 1}, &number) && number > 0 &&
                    number <= YEARS_MOST * 365LL * DAY / units[i].seconds;
        *milliseconds = clock_milliseconds() + (fits ? number * units[i].seconds * 1000LL : 0);
        return fits;
    }
    return false;
}

static bool take_expires(struct wish *wish, struct slice text, struct error *error)
{
    int64_t when = 0;
    char instant[INSTANT_SIZE];
    if (clock_is_date(text))
        when = clock_date_days(text) * DAY * 1000;
    else if (!in_a_while(text, &when) && !clock_parse_instant(text, &when))
        return fail(error, ERROR_INVALID,
                    "expires=%.*s is not understood; 12h, 90d, 8w, 1y, a day such as 2027-01-31 or an instant would be",
                    SLICE_ARGS(text));
    if (when <= clock_milliseconds())
        return fail(error, ERROR_INVALID, "expires=%.*s is past; a key that is good for a while has to be asked for",
                    SLICE_ARGS(text));
    clock_format(when, instant);
    wish->key.expires_at = arena_slice(&wish->arena, slice_of(instant));
    return true;
}

static bool take_scopes(struct wish *wish, struct slice text, struct error *error)
{
    static const char *const names[] = {"read", "write", "admin", "feed"};
    struct slice rest = text;
    bool feeds = false;
    while (rest.data) {
        struct slice name = slice_cut(&rest, ',');
        enum scope scope = scope_named(name);
        const char *nearest = nearest_name(name, names, sizeof names / sizeof names[0]);
        if (scope == SCOPE_PUBLIC)
            return fail(error, ERROR_INVALID, "there is no scope \"%.*s\"%s%s; the scopes are read, write, admin and feed",
                        SLICE_ARGS(name), nearest ? ", perhaps " : "", nearest ? nearest : "");
        feeds = feeds || scope == SCOPE_FEED;
    }
    if (feeds && !slice_is(text, "feed"))
        return fail(error, ERROR_INVALID, "feed stands alone: a key that may be put into a URL must open nothing else");
    wish->key.scopes = arena_slice(&wish->arena, text);
    return true;
}

static bool take_networks(struct wish *wish, struct slice text, struct error *error)
{
    struct networks networks;
    if (!networks_parse(text, &networks, error))
        return false;
    if (networks.count == 0)
        return fail(error, ERROR_INVALID, "network= names none; 10.0.0.0/8 or 2001:db8::/32 would be one");
    wish->key.networks = arena_slice(&wish->arena, text);
    return true;
}

static bool take_name(struct wish *wish, struct slice text, struct error *error)
{
    bool plain = text.length > 0 && utf8_valid(text) && utf8_length(text) <= NAME_MOST;
    for (size_t i = 0; i < text.length; i++)
        plain = plain && (unsigned char)text.data[i] >= ' ' && text.data[i] != 0x7f;
    wish->key.name = text;
    return plain || fail(error, ERROR_INVALID, "a key's name says whose it is, in 1 to %d characters on one line", NAME_MOST);
}

static const struct word {
    const char *name;
    bool (*take)(struct wish *wish, struct slice value, struct error *error);
} words[] = {{"scope", take_scopes}, {"expires", take_expires}, {"network", take_networks}};
enum { WORDS = sizeof words / sizeof words[0] };

static bool take_word(struct wish *wish, const char *argument, unsigned *taken, struct error *error)
{
    struct slice value = slice_of(argument), name = slice_cut(&value, '=');
    const char *names[WORDS];
    for (int i = 0; i < WORDS; i++) {
        names[i] = words[i].name;
        if (!slice_is(name, names[i]) || !value.data)
            continue;
        if (*taken & 1u << i)
            return fail(error, ERROR_INVALID, "%s= is given twice; several values of it go with commas", names[i]);
        *taken |= 1u << i;
        return words[i].take(wish, value, error);
    }
    const char *nearest = nearest_name(name, names, WORDS);
    return fail(error, ERROR_INVALID,
                "\"%s\" is not understood%s%s%s; behind the name stand scope=, expires= and network=", argument,
                nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "=?" : "");
}

static bool take_all(struct wish *wish, char **arguments, int count, struct error *error)
{
    unsigned taken = 0;
    wish->key.scopes = SLICE("read");
    if (!take_name(wish, slice_of(arguments[0]), error))
        return false;
    for (int i = 1; i < count; i++) {
        if (!take_word(wish, arguments[i], &taken, error))
            return false;
    }
    return true;
}

/* ---- making one ------------------------------------------------------------------------------------------- */

struct making {
    struct work work; /* first: run() gets it back as this */
    const struct api_key *key;
};

static bool add(struct work *work, struct writing *writing)
{
    writing_add_api_key(writing, ((struct making *)work)->key);
    return true;
}

/* The key alone on standard output, so that a script can take it. */
static void show(const struct api_key *key, const char *text)
{
    printf("%s\n", text);
    fflush(stdout);
    fprintf(stderr, "This is the key of %.*s (%.*s); it is shown this once. It expires %s%.*s%s%.*s.\n", SLICE_ARGS(key->name),
            SLICE_ARGS(key->scopes), key->expires_at.data ? "at " : "never", SLICE_ARGS(key->expires_at),
            key->networks.data ? ", and is good from " : "", SLICE_ARGS(key->networks));
}

static int make(const struct settings *settings, struct wish *wish)
{
    struct error error = {0};
    struct house house;
    char text[API_KEY_SIZE], hash[SHA256_HEX_SIZE];
    struct making making = {.work = {.run = add}, .key = &wish->key};
    if (!house_open(&house, settings, ENGINE_CREATE, &error))
        return complain(&error);
    api_key_make(text);
    digest_sha256_hex(slice_of(text), hash);
    wish->key.prefix = api_key_prefix(slice_of(text));
    wish->key.hash = slice_of(hash);
    bool good = store_perform(house.store, &making.work, &error);
    house_close(&house);
    if (!good)
        return complain(&error);
    show(&wish->key, text);
    return 0;
}

static int create(const struct settings *settings, char **arguments, int count)
{
    struct error error;
    struct wish wish = {.arena = {0}};
    if (count == 0)
        return usage();
    int status = take_all(&wish, arguments, count, &error) ? make(settings, &wish) : refuse(&error);
    arena_release(&wish.arena);
    return status;
}

/* ---- listing them ----------------------------------------------------------------------------------------- */

static const char *state_of(const struct api_key *key)
{
    char now[INSTANT_SIZE];
    clock_now(now);
    if (key->revoked_at.data)
        return "revoked";
    return key->expires_at.data && slice_compare(key->expires_at, slice_of(now)) <= 0 ? "expired" : "good";
}

/* "2026-11-22 12:00" of an instant. */
static const char *minute_of(struct arena *arena, struct slice instant)
{
    return instant.length < 16 ? "never" : arena_print(arena, "%.10s %.5s", instant.data, instant.data + 11);
}

static bool print_all(struct reader *reader, struct error *error)
{
    struct arena arena = {0};
    struct api_key key = {.id = 0};
    printf("%-8s  %-7s  %-10s  %-16s  %-16s  %-16s  %-20s  %s\n", "PREFIX", "STATE", "SCOPES", "CREATED", "EXPIRES", "LAST USED",
           "NETWORKS", "NAME");
    while (reader_api_key_after(reader, key.id, &arena, &key, error))
        printf("%.*s  %-7s  %-10.*s  %-16s  %-16s  %-16s  %-20.*s  %.*s\n", SLICE_ARGS(key.prefix), state_of(&key),
               SLICE_ARGS(key.scopes), minute_of(&arena, key.created_at), minute_of(&arena, key.expires_at),
               minute_of(&arena, key.last_used_at), SLICE_ARGS(key.networks.data ? key.networks : SLICE("any")),
               SLICE_ARGS(key.name));
    arena_release(&arena);
    return error->kind == ERROR_NOT_FOUND;
}

static int list(const struct settings *settings, char **arguments, int count)
{
    struct error error;
    struct house house;
    (void)arguments;
    if (count > 0)
        return usage();
    if (!house_open(&house, settings, ENGINE_READ, &error))
        return complain(&error);
    struct reader *reader = reader_open(house.store, &error);
    bool good = reader && print_all(reader, &error);
    reader_close(reader);
    house_close(&house);
    return good ? 0 : complain(&error);
}

/* ---- taking one away -------------------------------------------------------------------------------------- */

struct revoking {
    struct work work; /* first: run() gets it back as this */
    struct slice prefix;
    bool found;
};

static bool take_away(struct work *work, struct writing *writing)
{
    struct revoking *revoking = (struct revoking *)work;
    revoking->found = writing_revoke_api_key(writing, revoking->prefix);
    return revoking->found;
}

/* What people have at hand: the prefix, with or without what stands before it, or the whole key. */
static struct slice prefix_of(struct slice text)
{
    struct slice prefix = api_key_prefix(text);
    if (prefix.data)
        return prefix;
    struct slice rest = text, first = slice_cut(&rest, '_');
    return slice_is(first, "readout") && rest.data ? slice_cut(&rest, '_') : text;
}

static int revoke(const struct settings *settings, char **arguments, int count)
{
    struct error error = {0};
    struct house house;
    struct revoking revoking = {.work = {.run = take_away}};
    if (count != 1)
        return usage();
    revoking.prefix = prefix_of(slice_of(arguments[0]));
    if (!house_open(&house, settings, ENGINE_WRITE, &error))
        return complain(&error);
    bool good = store_perform(house.store, &revoking.work, &error);
    house_close(&house);
    if (!good)
        return complain(&error);
    if (!revoking.found) {
        fail(&error, ERROR_NOT_FOUND, "there is no key with the prefix %.*s; readout keys list shows them",
             SLICE_ARGS(revoking.prefix));
        return refuse(&error);
    }
    printf("%.*s is revoked\n", SLICE_ARGS(revoking.prefix));
    return 0;
}

/* ---- the command ------------------------------------------------------------------------------------------ */

int command_keys(struct settings *settings, char **arguments, int count)
{
    static const struct {
        const char *name;
        int (*run)(const struct settings *settings, char **arguments, int count);
    } parts[] = {{"create", create}, {"list", list}, {"revoke", revoke}};
    for (size_t i = 0; count > 0 && i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(arguments[0], parts[i].name) == 0)
            return parts[i].run(settings, arguments + 1, count - 1);
    }
    return usage();
}
