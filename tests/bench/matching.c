/* Matching: an article is posted that quotes three speakers of the record. Each repeats a claim of his, but for a word, and says
 * something new. Each size gets articles about its own speakers, as many of them as the others, in turn; what the server spends
 * is compared round by round. Reading the same articles without keeping them tells how much of it is matching. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

enum { ARTICLES_A_ROUND = 30, SPEAKERS_AN_ARTICLE = 3, BODY_BYTES = 4096 };

/* One size of the record, and our server on a copy of it. */
struct store {
    struct world world;
    struct server server;
    struct dice dice;
    int connection; /* for a round: the server closes one that is idle for long */
    long posted;
    long repeated; /* claims that an article repeated on the day they were said */
    long matched;  /* those of them that got its report */
};

/* An article about to be posted: what it costs to read, and to post. */
struct prepared {
    struct slice text;
    long claim; /* the one that it repeats on its day */
    char day[16];
};

static struct slice field_of(struct slice body, const char *before, char end)
{
    const char *found = memmem(body.data, body.length, before, strlen(before));
    if (found == NULL)
        give_up("a claim has no %s", before);
    found += strlen(before);
    struct slice rest = {found, (size_t)(body.data + body.length - found)};
    return slice_cut(&rest, end);
}

static struct message fetch_claim(struct arena *arena, const struct store *store, long id)
{
    struct message message = message_fetch(arena, store->connection, plan_request(arena, "/v1/claims/%ld?expand=reports", id));
    if (message.status != 200)
        give_up("claim %ld was answered with %d", id, message.status);
    return message;
}

static long number_of(struct slice digits)
{
    long long number = 0;
    if (!slice_to_int(digits, &number))
        give_up("%.*s is no number", SLICE_ARGS(digits));
    return (long)number;
}

/* What a claim's speaker said, and something that he never did. */
static void add_speaker(struct buffer *out, struct store *store, struct slice claim)
{
    struct slice said = field_of(claim, "\"reports\":[", ']');
    said = field_of(said, "\"text\":\"The ", '"');
    long speaker = number_of(field_of(claim, "\"speaker_id\":", ',')) - store->world.outlets;
    buffer_print(out, "The delegations heard another speaker. \\\"This %.*s,\\\" ", SLICE_ARGS(said));
    generate_speaker_name(out, speaker);
    buffer_print(out, " said. \\\"No committee has counted the %d bridges between ", (int)dice_roll(&store->dice, 9000) + 2);
    generate_rare_word(out, &store->dice, &store->world);
    buffer_print(out, " and ");
    generate_rare_word(out, &store->dice, &store->world);
    buffer_add_text(out, ",\\\" ");
    generate_speaker_name(out, speaker);
    buffer_add_text(out, " told reporters.\\n\\n");
}

static struct prepared prepare(struct arena *arena, struct store *store)
{
    struct buffer text = buffer_in(arena, BODY_BYTES);
    struct prepared prepared = {.claim = 0};
    buffer_print(&text, "Report %ld on the talks\\n\\n", store->posted);
    for (int i = 0; i < SPEAKERS_AN_ARTICLE; i++) {
        long id = (long)dice_roll(&store->dice, (uint64_t)store->world.claims) + 1;
        struct message claim = fetch_claim(arena, store, id);
        if (i == 0) {
            prepared.claim = id;
            snprintf(prepared.day, sizeof prepared.day, "%.*s", SLICE_ARGS(field_of(claim.body, "\"said_on\":\"", '"')));
        }
        add_speaker(&text, store, claim.body);
    }
    prepared.text = buffer_slice(&text);
    return prepared;
}

static struct slice post_of(struct arena *arena, const char *path, struct slice body)
{
    struct plan one = {.connection = -1};
    struct slice request = plan_post(&one, 0, path, body)->request;
    const char *copy = arena_copy(arena, request.data, request.length);
    plan_release(&one);
    return (struct slice){copy, request.length};
}

static struct slice as_article(struct arena *arena, const struct store *store, const struct prepared *prepared)
{
    struct buffer body = buffer_in(arena, prepared->text.length + 256);
    buffer_print(&body, "{\"url\":\"https://match.example/%ld\",\"outlet\":\"Gazette of the bench no. %ld\"", store->posted,
                 store->posted % 7);
    buffer_print(&body, ",\"published_at\":\"%sT12:00:00Z\",\"text\":\"%.*s\"}", prepared->day, SLICE_ARGS(prepared->text));
    return post_of(arena, "/v1/articles", buffer_slice(&body));
}

static struct slice as_text(struct arena *arena, const struct prepared *prepared)
{
    struct buffer body = buffer_in(arena, prepared->text.length + 256);
    buffer_print(&body, "{\"published_on\":\"%s\",\"text\":\"%.*s\"}", prepared->day, SLICE_ARGS(prepared->text));
    return post_of(arena, "/v1/extract", buffer_slice(&body));
}

/* Sends them one after the other: nanoseconds of the server's CPU for each. */
static double send_all(const struct store *store, const struct slice *requests, int status)
{
    struct arena arena = {0};
    int64_t before = server_cpu_nanoseconds(&store->server);
    for (int i = 0; i < ARTICLES_A_ROUND; i++) {
        struct message reply = message_fetch(&arena, store->connection, requests[i]);
        if (reply.status != status)
            note_failure("an article was answered with %d: %.*s", reply.status,
                         (int)(reply.body.length < 300 ? reply.body.length : 300), reply.body.data);
        arena_reset(&arena);
    }
    arena_release(&arena);
    return (double)(server_cpu_nanoseconds(&store->server) - before) / ARTICLES_A_ROUND;
}

static void count_matched(struct arena *arena, struct store *store, const struct prepared *prepared)
{
    for (int i = 0; i < ARTICLES_A_ROUND; i++) {
        struct message claim = fetch_claim(arena, store, prepared[i].claim);
        store->repeated++;
        store->matched += number_of(field_of(claim.body, "\"report_count\":", ',')) > 1;
    }
}

/* What a round costs one side: reading, and all of it. */
static void run_round(struct store *store, double *reading, double *whole)
{
    struct arena arena = {0};
    struct prepared prepared[ARTICLES_A_ROUND];
    struct slice articles[ARTICLES_A_ROUND], texts[ARTICLES_A_ROUND];
    store->connection = message_connect(store->server.port);
    for (int i = 0; i < ARTICLES_A_ROUND; i++) {
        store->posted++;
        prepared[i] = prepare(&arena, store);
        articles[i] = as_article(&arena, store, &prepared[i]);
        texts[i] = as_text(&arena, &prepared[i]);
    }
    *reading = send_all(store, texts, 200);
    *whole = send_all(store, articles, 201);
    count_matched(&arena, store, prepared);
    close(store->connection);
    arena_release(&arena);
}

static void compare_costs(struct comparison *comparison)
{
    for (int side = 0; side < comparison->count; side++)
        for (int round = 0; round < comparison->rounds; round++)
            comparison->sides[side].cost_ratio[round] = comparison->sides[side].cost[round] / comparison->sides[0].cost[round];
}

static void run_rounds(const struct options *options, struct store *stores)
{
    static struct comparison reading, whole, rest;
    reading.count = whole.count = rest.count = options->size_count;
    reading.rounds = whole.rounds = rest.rounds = options->rounds;
    for (int round = -1; round < options->rounds; round++) { /* the first is to warm up */
        progress("match: round %d of %d", round + 1, options->rounds);
        for (int i = 0; i < options->size_count; i++) {
            int side = round % 2 ? options->size_count - 1 - i : i, kept = round < 0 ? 0 : round;
            double *all = &whole.sides[side].cost[kept], *part = &reading.sides[side].cost[kept];
            run_round(&stores[side], part, all);
            rest.sides[side].cost[kept] = *all - *part;
        }
    }
    compare_costs(&whole);
    compare_costs(&reading);
    compare_costs(&rest);
    report_growth("post an article", MATCHING_MOST, &whole);
    report_growth("  reading it", 0, &reading);
    report_growth("  matching and keeping", MATCHING_MOST, &rest);
}

void measure_matching(const struct options *options, const struct machine *machine)
{
    struct arena arena = {0};
    struct store stores[SIZES_MAX] = {0};
    for (int i = 0; i < options->size_count; i++) {
        stores[i].world = world_of(options->sizes[i]);
        stores[i].dice = (struct dice){options->seed};
        const char *database = database_open(&arena, options, &stores[i].world);
        server_start_ours(&stores[i].server, options, database, 1, false, &machine->server);
    }
    run_rounds(options, stores);
    for (int i = 0; i < options->size_count; i++) {
        const struct store *store = &stores[i];
        char what[64], figure[100];
        snprintf(what, sizeof what, "  of %ld claims", store->world.claims);
        snprintf(figure, sizeof figure, "%ld of %ld that were repeated on their day got the report", store->matched,
                 store->repeated);
        report_line(what, figure, NULL, false);
        server_stop(&stores[i].server);
    }
    arena_release(&arena);
}
