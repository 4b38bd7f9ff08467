/* Replies kept in memory: they answer, and never what is not right any more. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "readout/clock.h"
#include "support/harness.h"
#include "support/scene.h"
#include "support/wire.h"

/* One loop, so that every request comes to the same cache. */
static void set_up(void)
{
    server_start("--loops", "1");
}

TestSuite(cache, .init = set_up, .fini = server_down);

static long long metric(const char *name)
{
    struct answer metrics = get("/metrics");
    const char *line = strstr(at("%.*s", SLICE_ARGS(metrics.body)), at("\n%s ", name));
    cr_assert(line, "there is no metric %s", name);
    return strtoll(line + strlen(name) + 2, NULL, 10);
}

/* Asks until the reply is kept, and once more: that answer came from memory. */
static struct answer kept(const char *path)
{
    get("%s", path);
    get("%s", path);
    long long hits = metric("reply_cache_hits_total");
    struct answer answer = get("%s", path);
    cr_expect_eq(metric("reply_cache_hits_total"), hits + 1, "%s was not answered from memory", path);
    return answer;
}

/* ---- what is kept ------------------------------------------------------------------------------------------------------- */

Test(cache, what_comes_from_memory_is_what_came_before)
{
    static const char *const headers[] = {"Content-Type", "ETag", "Cache-Control", "Vary"};
    struct scene scene = scene_set();
    const char *paths[] = {"/v1/topics?limit=3",
                           "/v1/claims?expand=speaker",
                           "/v1/changes?limit=20",
                           at("/v1/articles/%lld", scene.article),
                           at("/v1/claims/%lld/history", scene.claim),
                           at("/v1/actors/%lld/titles", scene.baker),
                           at("/v1/actors/%lld/aliases", scene.baker),
                           at("/v1/meetings/%lld/participants", scene.meeting),
                           at("/v1/articles/%lld/mentions", scene.article),
                           at("/v1/reports/%lld", scene.report)};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct answer first = get("%s", paths[i]), again = kept(paths[i]);
        expect_same_body(first, again);
        for (size_t h = 0; h < sizeof(headers) / sizeof(headers[0]); h++)
            expect_header(again, headers[h], header_of(first, headers[h]));
        cr_expect_str_neq(header_of(first, "X-Request-Id"), header_of(again, "X-Request-Id"));
    }
    expect_header_has(kept("/v1/topics?limit=3"), "Link", "rel=\"next\"");
}

Test(cache, the_order_of_parameters_does_not_matter)
{
    struct answer first = kept("/v1/topics?limit=3&sort=-id");
    long long hits = metric("reply_cache_hits_total");
    expect_same_body(get("/v1/topics?sort=-id&limit=3"), first);
    expect_same_body(get("/v1/topics?&sort=-id&&limit=3"), first);
    cr_expect_eq(metric("reply_cache_hits_total"), hits + 2);
}

Test(cache, a_condition_is_answered_from_memory)
{
    const char *tag = header_of(kept("/v1/topics/1"), "ETag");
    long long hits = metric("reply_cache_hits_total");
    with("If-None-Match: %s", tag);
    expect_status(get("/v1/topics/1"), 304);
    with("If-None-Match: \"t1-9\"");
    expect_status(get("/v1/topics/1"), 200);
    expect_header(head("/v1/topics/1"), "ETag", tag);
    cr_expect_eq(metric("reply_cache_hits_total"), hits + 3);
}

Test(cache, who_only_asks_whether_it_changed_is_answered_from_memory_too)
{
    const char *tag = header_of(get("/v1/topics/1"), "ETag");
    for (int i = 0; i < 3; i++) {
        with("If-None-Match: %s", tag);
        expect_status(get("/v1/topics/1"), 304);
    }
    cr_expect_gt(metric("reply_cache_hits_total"), 0);
    expect_text(get("/v1/topics/1"), "slug", "missiles");
}

Test(cache, what_the_request_says_otherwise_is_another_reply)
{
    const char *next = text_at(kept("/v1/topics?limit=3"), "next");
    with("Host: elsewhere.localhost");
    cr_expect_str_neq(text_at(get("/v1/topics?limit=3"), "next"), next);
    with("Accept: text/html");
    expect_status(get("/v1/topics?limit=3"), 406);
    expect_problem(get("/v1/topics?limit=3&nonsense=1"), 400, "invalid-parameter");
    expect_status(ask("DELETE", "/v1/topics?limit=3", NULL, NO_SLICE), 405);

    long long hits = metric("reply_cache_hits_total");
    with("Authorization: Bearer of-somebody");
    expect_header(get("/v1/topics?limit=3"), "Cache-Control", "private, no-cache");
    cr_expect_eq(metric("reply_cache_hits_total"), hits);
}

/* ---- what is not right any more ----------------------------------------------------------------------------------------- */

Test(cache, a_changed_resource_is_read_anew)
{
    const char *path = "/v1/topics/1";
    for (int i = 0; i < 5; i++) {
        kept(path);
        expect_status(patch(path, "{'name': 'Name %d'}", i), 200);
        expect_text(get("%s", path), "name", at("Name %d", i));
    }
    kept(path);
    expect_status(erase("%s", path), 204);
    expect_status(get("%s", path), 410);
    expect_status(post(at("%s/restore", path), NULL), 200);
    expect_int(get("%s", path), "version", 8);
}

Test(cache, lists_and_totals_follow_what_is_written)
{
    long long total = int_at(kept("/v1/topics?limit=500"), "total");
    long long id = make("/v1/topics", "{'slug': 'fish', 'name': 'Fish'}");
    expect_int(get("/v1/topics?limit=500"), "total", total + 1);
    kept("/v1/topics?limit=500");
    erase("/v1/topics/%lld", id);
    expect_int(get("/v1/topics?limit=500"), "total", total);
}

Test(cache, what_stands_in_another_resource_is_followed)
{
    struct scene scene = scene_set();
    const char *claim = at("/v1/claims/%lld?expand=speaker", scene.claim);
    const char *list = "/v1/claims?expand=speaker";
    const char *titles = at("/v1/actors/%lld/titles", scene.baker);
    const char *of_actor = at("/v1/actors/%lld/claims", scene.baker);
    const char *history = at("/v1/actors/%lld/history", scene.baker);
    const char *named = "/v1/claims?topic=fishing-rights";
    kept(claim), kept(list), kept(titles), kept(of_actor), kept(history), kept(named);

    expect_status(patch(at("/v1/actors/%lld", scene.baker), "{'name': 'Zoe Baker'}"), 200);
    expect_text(get("%s", claim), "speaker.name", "Zoe Baker");
    expect_text(get("%s", list), "items.0.speaker.name", "Zoe Baker");
    expect_count(get("%s", history), "items", 2);
    kept(titles), kept(of_actor);

    expect_status(erase("/v1/articles/%lld", scene.article), 204);
    expect_count(get("%s", titles), "items", 0);
    expect_int(get("%s", claim), "report_count", 0);
    kept(of_actor);
    expect_status(erase("/v1/actors/%lld", scene.baker), 204);
    expect_status(get("%s", of_actor), 410);
    kept(named);
    expect_status(patch(at("/v1/claims/%lld", scene.claim), "{'topics': []}"), 200);
    expect_count(get("%s", named), "items", 0);
}

Test(cache, merging_and_taking_apart_is_followed)
{
    struct scene scene = scene_set();
    long long other = make("/v1/actors", "{'name': 'Z. Baker', 'kind': 'person'}");
    const char *mention = at("/v1/mentions/%lld", scene.mention), *report = at("/v1/reports/%lld", scene.report);
    const char *claims = at("/v1/actors/%lld/claims", other);
    kept(mention), kept(report), kept(claims);
    expect_status(post(at("/v1/actors/%lld/merge", other), "{'from_ids': [%lld]}", scene.baker), 200);
    expect_int(get("%s", mention), "actor_id", other);
    expect_count(get("%s", claims), "items", 1);
    kept(mention), kept(claims);
    expect_status(post(at("/v1/actors/%lld/unmerge", scene.baker), NULL), 200);
    expect_int(get("%s", mention), "actor_id", scene.baker);
    expect_count(get("%s", claims), "items", 0);
}

/* ---- many at once ------------------------------------------------------------------------------------------------------- */

enum { READERS = 8, MILLISECONDS = 2500, PATIENCE = 60000 }; /* a busy disk may hold a commit up for seconds */

static atomic_int acknowledged; /* the newest number whose write was answered */
static atomic_bool over;

struct reading {
    pthread_t thread;
    struct wire wire;
    int number;
    long reads;
    int stale; /* the number that came where a newer one was due; 0: never */
    int due;
};

/* The number in `"description":"7"`. */
static int number_in(struct slice body)
{
    static const char before[] = "\"description\":\"";
    const char *at_it = memmem(body.data, body.length, before, strlen(before));
    return at_it ? (int)strtol(at_it + strlen(before), NULL, 10) : -1;
}

static void *read_on(void *of)
{
    static const char *const paths[] = {"/v1/topics/1", "/v1/topics?limit=1&sort=id", "/v1/topics/1/history?limit=1"};
    struct reading *reading = of;
    while (!atomic_load(&over) && !reading->stale) {
        int due = atomic_load(&acknowledged);
        if (!wire_ask(&reading->wire, "GET", paths[(reading->number + reading->reads / 16) % 3], "") ||
            wire_receive(&reading->wire, PATIENCE) != 200)
            break;
        int number = number_in(reading->wire.body);
        if (number < due) {
            reading->due = due;
            reading->stale = number;
        }
        reading->reads++;
    }
    return NULL;
}

static void write_numbers(struct wire *wire)
{
    int64_t end = clock_nanoseconds() + MILLISECONDS * 1000000LL;
    char body[64];
    for (int number = 2; clock_nanoseconds() < end; number++) {
        snprintf(body, sizeof(body), "{\"description\":\"%d\"}", number);
        cr_assert(wire_ask(wire, "PATCH", "/v1/topics/1", body));
        cr_assert_eq(wire_receive(wire, PATIENCE), 200);
        atomic_store(&acknowledged, number);
    }
    atomic_store(&over, true);
}

static void allow_four(void)
{
    server_start("--loops", "4");
}

TestSuite(cache_of_loops, .init = allow_four, .fini = server_down);

Test(cache_of_loops, nobody_reads_less_than_what_was_answered_before)
{
    static struct reading readings[READERS];
    static struct wire writer;
    expect_status(patch("/v1/topics/1", "{'description': '1'}"), 200);
    atomic_store(&acknowledged, 1);
    cr_assert(wire_open(&writer));
    for (int i = 0; i < READERS; i++) {
        readings[i].number = i;
        cr_assert(wire_open(&readings[i].wire));
        cr_assert_eq(pthread_create(&readings[i].thread, NULL, read_on, &readings[i]), 0);
    }
    write_numbers(&writer);
    long reads = 0;
    for (int i = 0; i < READERS; i++) {
        pthread_join(readings[i].thread, NULL);
        cr_expect_not(readings[i].stale, "%d came where %d was due", readings[i].stale, readings[i].due);
        cr_expect_gt(readings[i].reads, 10);
        reads += readings[i].reads;
        wire_close(&readings[i].wire);
    }
    wire_close(&writer);
    cr_log_info("%ld reads, %d writes, %lld from memory", reads, atomic_load(&acknowledged), metric("reply_cache_hits_total"));
    cr_expect_gt(metric("reply_cache_hits_total"), 0);
}

/* ---- compressed ---------------------------------------------------------------------------------------------------------- */

static struct answer get_coded(const char *path, const char *coding)
{
    with("Accept-Encoding: %s", coding);
    return get("%s", path);
}

Test(cache, a_body_is_compressed_once_and_counts)
{
    static const char path[] = "/v1/topics?limit=100";
    struct answer plain = get("%s", path);
    get("%s", path);
    static const char *const codings[] = {"gzip", "zstd"};
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        long long before = metric("reply_cache_bytes");
        struct answer first = get_coded(path, codings[i]);
        long long after = metric("reply_cache_bytes");
        cr_expect_gt(after, before + 100);
        struct answer second = get_coded(path, codings[i]);
        cr_expect_eq(metric("reply_cache_bytes"), after);
        expect_header(first, "Content-Encoding", codings[i]);
        expect_header(second, "Content-Encoding", codings[i]);
        expect_header(second, "ETag", header_of(first, "ETag"));
        expect_same_body(first, plain);
        expect_same_body(second, plain);
    }
    expect_status(post("/v1/topics", "{'slug': 'another', 'name': 'Another'}"), 201);
    struct answer changed = get_coded(path, "gzip");
    expect_header(changed, "Content-Encoding", "gzip");
    expect_same_body(changed, get("%s", path));
}

/* ---- bounds ------------------------------------------------------------------------------------------------------------- */

static void allow_little(void)
{
    server_start("--loops", "1", "--cache-bytes", "100000");
}

TestSuite(cache_of_little, .init = allow_little, .fini = server_down);

Test(cache_of_little, memory_is_bounded_and_the_oldest_goes_first)
{
    long long most = 0;
    for (int limit = 1; limit <= 100; limit++) {
        const char *path = at("/v1/topics?limit=%d", limit);
        get("%s", path), get("%s", path);
        get_coded(path, "gzip");
        long long bytes = metric("reply_cache_bytes");
        most = bytes > most ? bytes : most;
        cr_assert_leq(bytes, 100000);
    }
    cr_expect_gt(most, 80000);
    long long hits = metric("reply_cache_hits_total");
    get("/v1/topics?limit=100");
    cr_expect_eq(metric("reply_cache_hits_total"), hits + 1);
    get("/v1/topics?limit=1");
    cr_expect_eq(metric("reply_cache_hits_total"), hits + 1);
}

static void allow_nothing(void)
{
    server_start("--cache-bytes", "0");
}

TestSuite(cache_of_nothing, .init = allow_nothing, .fini = server_down);

Test(cache_of_nothing, nothing_is_kept)
{
    for (int i = 0; i < 4; i++)
        expect_status(get("/v1/topics"), 200);
    cr_expect_eq(metric("reply_cache_hits_total"), 0);
    cr_expect_eq(metric("reply_cache_bytes"), 0);
}
