#include "readout/settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "readout/nearest.h"
#include "readout/network.h"

enum kind { KIND_TEXT, KIND_NUMBER, KIND_SWITCH, KIND_CHOICE, KIND_NETWORKS };

static const struct {
    const char *name; /* the flag without its dashes */
    enum kind kind;
    const char *initial;
    const char *range; /* "least..most", or the choices with bars between */
    const char *help;
} table[SETTING_COUNT] = {
    [SETTING_LISTEN] = {"listen", KIND_TEXT, "127.0.0.1:8080", NULL, "address and port to answer on; port 0 takes a free one"},
    [SETTING_DATABASE] = {"database", KIND_TEXT, "readout.db", NULL, "the SQLite file that holds the record"},
    [SETTING_DEMO] = {"demo", KIND_SWITCH, "0", NULL, "load the demonstration record into a new store"},
    [SETTING_LOG] = {"log", KIND_CHOICE, "info", "debug|info|warning|error|off", "least level that is logged, on standard error"},
    [SETTING_LOOPS] = {"loops", KIND_NUMBER, "0", "0..256", "event loops, each a thread; 0: one a core"},
    [SETTING_MAX_BODY] = {"max-body", KIND_NUMBER, "8388608", "1024..1073741824", "bytes a request body may have; more is 413"},
    [SETTING_MAX_TARGET] = {"max-target", KIND_NUMBER, "8192", "256..12288",
                            "bytes a request target (path and query) may have; more is 414"},
    [SETTING_MAX_CONNECTIONS] = {"max-connections", KIND_NUMBER, "10000", "1..1000000", "connections at once; more wait"},
    [SETTING_MAX_CONNECTIONS_PER_ADDRESS] = {"max-connections-per-address", KIND_NUMBER, "256", "0..1000000",
                                             "connections at once from one address; more are closed; 0: no limit"},
    [SETTING_MAX_PENDING_BYTES] = {"max-pending-bytes", KIND_NUMBER, "268435456", "65536..1099511627776",
                                   "bytes of request and reply bodies on their way at once; more is 503"},
    [SETTING_MAX_PENDING_WRITES] = {"max-pending-writes", KIND_NUMBER, "4096", "1..1000000",
                                    "writes that wait for the writer; more are 503"},
    [SETTING_MAX_PENDING_READINGS] = {"max-pending-readings", KIND_NUMBER, "512", "1..100000",
                                      "requests whose articles wait to be read; more are 503"},
    [SETTING_RATE_LIMIT] = {"rate-limit", KIND_NUMBER, "6000", "0..100000000",
                            "requests a minute for one key, or one address without a key; more are 429; 0: no limit"},
    [SETTING_RATE_LIMIT_COSTLY] = {"rate-limit-costly", KIND_NUMBER, "600", "0..100000000",
                                   "of these, costly ones, and 64 KiB of body each; more are 429; 0: no limit"},
    [SETTING_UNLIMITED] = {"unlimited", KIND_NETWORKS, "127.0.0.0/8,::1", NULL,
                           "networks that may ask without a key as often, on as many connections, as they like"},
    [SETTING_TRUSTED_PROXIES] = {"trusted-proxies", KIND_NETWORKS, "", NULL,
                                 "networks of proxies whose X-Forwarded-For is believed"},
    [SETTING_IDLE_TIMEOUT] = {"idle-timeout", KIND_NUMBER, "60", "1..3600", "seconds after which a silent connection is closed"},
    [SETTING_BODY_TIMEOUT] = {"body-timeout", KIND_NUMBER, "30", "1..3600", "seconds a request body may take; more is 408"},
    [SETTING_SEND_TIMEOUT] = {"send-timeout", KIND_NUMBER, "30", "1..3600",
                              "seconds in which a client has to take 1 KB a second of its reply"},
    [SETTING_STOP_TIMEOUT] = {"stop-timeout", KIND_NUMBER, "10", "0..3600",
                              "seconds that requests in flight have to finish at SIGTERM"},
    [SETTING_QUERY_TIMEOUT] = {"query-timeout", KIND_NUMBER, "10000", "1..3600000",
                               "milliseconds that the store may take for a question; longer is 503"},
    [SETTING_READ_TIMEOUT] = {"read-timeout", KIND_NUMBER, "30000", "1..3600000",
                              "milliseconds that reading one article may take; longer is 422"},
    [SETTING_MAX_LISTENERS] = {"max-listeners", KIND_NUMBER, "1000", "0..1000000",
                               "listeners to /v1/events at once; more are 503"},
    [SETTING_KEEPALIVE] = {"keepalive", KIND_NUMBER, "15", "1..3600",
                           "seconds of silence after which listeners to /v1/events get a comment"},
    [SETTING_CACHE_BYTES] = {"cache-bytes", KIND_NUMBER, "67108864", "0..1099511627776",
                             "bytes of rendered replies kept in memory; 0: none"},
    [SETTING_TLS_CERTIFICATE] = {"tls-certificate", KIND_TEXT, "", NULL,
                                 "PEM file of the certificate and those that signed it: answer by HTTPS alone"},
    [SETTING_TLS_KEY] = {"tls-key", KIND_TEXT, "", NULL, "PEM file of its private key; SIGHUP reads both files again"},
    [SETTING_PUBLIC_URL] = {"public-url", KIND_TEXT, "", NULL,
                            "how clients reach the server, \"https://readout.example\"; default: the Host header"},
    [SETTING_CORS_ORIGINS] = {"cors-origins", KIND_TEXT, "*", NULL,
                              "origins that browsers may read from, with commas; \"*\": any; \"\": none"},
    [SETTING_PUBLIC_READ] = {"public-read", KIND_SWITCH, "0", NULL, "anybody who reaches the port may read, without a key"},
    [SETTING_REMOTE_WRITES] = {"remote-writes", KIND_SWITCH, "0", NULL,
                               "anybody who reaches the port may do everything, without a key"},
    [SETTING_GUARD_FORMULAS] = {"guard-formulas", KIND_SWITCH, "0", NULL,
                                "put an apostrophe before cells of CSV that spreadsheets would take for formulas"},
    [SETTING_EXTRACT] = {"extract", KIND_CHOICE, "on", "on|off", "read what articles say as they come in"},
    [SETTING_CONTRACT] = {"contract", KIND_TEXT, "", NULL,
                          "a contract to use instead of the built-in openapi.yaml, for development"},
};

/* ---- values
 * ---------------------------------------------------------------------------------------------------------------------- */

static bool check_number(enum setting setting, const char *value, long long *number, struct error *error)
{
    long long least = 0, most = 0;
    struct slice rest = slice_of(table[setting].range), first = slice_cut(&rest, '.');
    rest.data++;
    rest.length--;
    slice_to_int(first, &least);
    slice_to_int(rest, &most);
    if (!slice_to_int(slice_of(value), number) || *number < least || *number > most)
        return fail(error, ERROR_INVALID, "--%s must be a number from %lld to %lld, not \"%s\"", table[setting].name, least, most,
                    value);
    return true;
}

static bool check_choice(enum setting setting, const char *value, struct error *error)
{
    struct slice rest = slice_of(table[setting].range);
    while (rest.data) {
        if (slice_is(slice_cut(&rest, '|'), value))
            return true;
    }
    return fail(error, ERROR_INVALID, "--%s must be one of %s, not \"%s\"", table[setting].name, table[setting].range, value);
}

static bool check_networks(enum setting setting, const char *value, struct error *error)
{
    struct networks networks;
    struct error why;
    return networks_parse(slice_of(value), &networks, &why) ||
           fail(error, ERROR_INVALID, "--%s: %s", table[setting].name, why.message);
}

static bool set(struct settings *settings, enum setting setting, const char *value, struct error *error)
{
    settings->text[setting] = value;
    switch (table[setting].kind) {
    case KIND_NUMBER:
        return check_number(setting, value, &settings->number[setting], error);
    case KIND_CHOICE:
        return check_choice(setting, value, error);
    case KIND_SWITCH:
        settings->number[setting] = strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
        return settings->number[setting] || strcmp(value, "0") == 0 || strcmp(value, "false") == 0 ||
               fail(error, ERROR_INVALID, "--%s must be true or false, not \"%s\"", table[setting].name, value);
    case KIND_NETWORKS:
        return check_networks(setting, value, error);
    case KIND_TEXT:
        break;
    }
    return true;
}

/* ---- where they come from
 * ---------------------------------------------------------------------------------------------------------- */

static const char *from_environment(enum setting setting)
{
    char name[64] = "READOUT_";
    size_t length = strlen(name);
    for (const char *at = table[setting].name; *at; at++)
        name[length++] = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
    name[length] = '\0';
    return getenv(name);
}

static enum setting find(struct slice name)
{
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
        if (slice_is(name, table[setting].name))
            return setting;
    }
    return SETTING_COUNT;
}

static bool unknown(struct slice name, struct error *error)
{
    const char *names[SETTING_COUNT];
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
        names[setting] = table[setting].name;
    const char *nearest = nearest_name(name, names, SETTING_COUNT);
    return fail(error, ERROR_INVALID, "there is no flag --%.*s%s%s%s", SLICE_ARGS(name), nearest ? "; did you mean --" : "",
                nearest ? nearest : "", nearest ? "?" : "");
}

/* One flag, "--name value" or "--name=value"; `at` moves to the last argument it took. */
static bool read_flag(struct settings *settings, char **arguments, int count, int *at, struct error *error)
{
    struct slice value = slice_of(arguments[*at] + 2), name = slice_cut(&value, '=');
    enum setting setting = find(name);
    if (setting == SETTING_COUNT)
        return unknown(name, error);
    if (value.data)
        return set(settings, setting, value.data, error);
    if (table[setting].kind == KIND_SWITCH)
        return set(settings, setting, "1", error);
    if (*at + 1 == count)
        return fail(error, ERROR_INVALID, "--%s needs a value", table[setting].name);
    return set(settings, setting, arguments[++*at], error);
}

bool settings_read(struct settings *settings, char **arguments, int *count, struct error *error)
{
    int kept = 0;
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
        const char *given = from_environment(setting);
        if (!set(settings, setting, given ? given : table[setting].initial, error))
            return false;
    }
    for (int at = 0; at < *count; at++) {
        if (strncmp(arguments[at], "--", 2) != 0)
            arguments[kept++] = arguments[at];
        else if (!read_flag(settings, arguments, *count, &at, error))
            return false;
    }
    *count = kept;
    return true;
}

void settings_print(FILE *out)
{
    static const char *const values[] = {[KIND_TEXT] = " TEXT",
                                         [KIND_NUMBER] = " N",
                                         [KIND_SWITCH] = "",
                                         [KIND_CHOICE] = " CHOICE",
                                         [KIND_NETWORKS] = " NETWORKS"};
    for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
        int width = fprintf(out, "  --%s%s", table[setting].name, values[table[setting].kind]);
        fprintf(out, "%*s%s", width < 34 ? 34 - width : 1, "", table[setting].help);
        if (table[setting].range)
            fprintf(out, " (%s)", table[setting].range);
        if (table[setting].initial[0] && table[setting].kind != KIND_SWITCH)
            fprintf(out, " [%s]", table[setting].initial);
        fputc('\n', out);
    }
}
