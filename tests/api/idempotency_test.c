/* A write that is sent again with its Idempotency-Key is answered again and not done again. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "support/harness.h"
#include "support/keys.h"
#include "support/scene.h"
#include "support/wire.h"

TestSuite(idempotency, .init = server_up, .fini = server_down);

static const char *const FISH = "{'slug': 'fish', 'name': 'Fish'}";

/* A request with that key; the body is quoted as json_of() has it, or NULL. */
static struct answer keyed(const char *key, const char *method, const char *path, const char *body)
{
    struct slice bytes = body ? json_of(body) : NO_SLICE;
    const char *type = strcmp(method, "PATCH") == 0 ? "application/merge-patch+json" : "application/json";
    with("Idempotency-Key: %s", key);
    return ask(method, path, body ? type : NULL, bytes);
}

static long long last_seq(void)
{
    return int_at(get("/v1/changes?since=0&limit=1"), "last_seq");
}

static void expect_same_header(struct answer a, struct answer b, const char *name)
{
    if (header_of(a, name))
        expect_header(b, name, header_of(a, name));
    else
        expect_no_header(b, name);
}

static void expect_replay(struct answer first, struct answer again)
{
    static const char *const names[] = {"Content-Type", "ETag", "Location", "Link", "Preference-Applied"};
    expect_no_header(first, "Idempotent-Replayed");
    expect_header(again, "Idempotent-Replayed", "true");
    expect_status(again, first.status);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        expect_same_header(first, again, names[i]);
    expect_same_body(first, again);
}

/* Asks twice: the second time nothing is written. */
static struct answer expect_once(const char *method, const char *path, const char *body, int status)
{
    static int count;
    const char *key = at("once-%d", ++count);
    struct answer first = keyed(key, method, path, body);
    expect_status(first, status);
    long long seq = last_seq();
    expect_replay(first, keyed(key, method, path, body));
    cr_expect_eq(last_seq(), seq, "%s %s was done twice", method, path);
    return first;
}

/* ---- what is answered again --------------------------------------------------------------------------------------------- */

Test(idempotency, a_write_of_each_kind_is_done_once)
{
    for (EACH_SPECIMEN(kind)) {
        specimen_article();
        struct answer made = expect_once("POST", kind->path, specimen_body(kind, ""), 201);
        const char *path = at("%s/%lld", kind->path, id_of(made));
        expect_once("PATCH", path, specimen_change(kind, ""), 200);
        expect_once("PATCH", path, "{}", 200);
        expect_status(erase("%s", path), 204);
        expect_once("POST", at("%s/restore", path), NULL, 200);
        if (kind->merges) {
            long long other = specimen_make(kind);
            expect_once("POST", at("%s/merge", path), at("{'from_ids': [%lld]}", other), 200);
            expect_once("POST", at("%s/%lld/unmerge", kind->path, other), NULL, 200);
        }
    }
}

Test(idempotency, many_at_once_are_made_once)
{
    expect_once("POST", "/v1/actors", "[{'name': 'A', 'kind': 'group'}, {'name': 'B', 'kind': 'group'}]", 201);
    struct answer some =
        expect_once("POST", "/v1/actors?on_error=continue", "[{'name': 'C', 'kind': 'group'}, {'name': 'D'}]", 207);
    expect_int(some, "failed", 1);
    struct slice lines = json_of("{'name': 'E', 'kind': 'group'}\n{'name': 'F', 'kind': 'group'}\n");
    with("Idempotency-Key: lines");
    struct answer first = ask("POST", "/v1/actors", "application/x-ndjson", lines);
    with("Idempotency-Key: lines");
    expect_replay(first, ask("POST", "/v1/actors", "application/x-ndjson", lines));
    expect_int(get("/v1/actors?count=exact"), "total", 5);
}

Test(idempotency, an_article_is_read_once)
{
    const char *article = "{'text': 'Russia will make no concessions, Sergei Ryabkov said on Sunday.'}";
    struct answer made = expect_once("POST", "/v1/articles?extract=true", article, 201);
    cr_expect_gt(int_at(made, "extracted.claims"), 0);
    const char *again = at("/v1/articles/%lld/extract", id_of(made));
    struct answer read = keyed("read", "POST", again, NULL);
    expect_status(read, 200);
    expect_status(erase("/v1/articles/%lld", id_of(made)), 204);
    expect_replay(read, keyed("read", "POST", again, NULL));
    expect_status(post(again, NULL), 410);
}

Test(idempotency, a_refusal_by_the_record_stays_one)
{
    long long fish = make("/v1/topics", "%s", FISH);
    struct answer taken = expect_once("POST", "/v1/topics", FISH, 409);
    expect_header_has(taken, "Link", at("</v1/topics/%lld>", fish));
    expect_once("PATCH", "/v1/topics/77", "{'name': 'Herring'}", 404);
    expect_once("POST", "/v1/claims", "{'text': 'It rains.', 'speaker_id': 77}", 422);

    const char *path = at("/v1/topics/%lld", fish);
    with("If-Match: \"t%lld-7\"", fish);
    struct answer stale = keyed("stale", "PATCH", path, "{'name': 'Herring'}");
    expect_problem(stale, 412, "precondition-failed");
    with("If-Match: \"t%lld-7\"", fish);
    struct answer again = keyed("stale", "PATCH", path, "{'name': 'Herring'}");
    expect_replay(stale, again);
    expect_text(again, "request_id", header_of(stale, "X-Request-Id"));
    with("If-Match: %s", header_of(get("%s", path), "ETag"));
    expect_problem(keyed("stale", "PATCH", path, "{'name': 'Herring'}"), 422, "idempotency-key-reused");
}

Test(idempotency, an_answer_without_a_body_is_one_again)
{
    with("Prefer: return=minimal");
    struct answer first = keyed("small", "POST", "/v1/topics", FISH), again = keyed("small", "POST", "/v1/topics", FISH);
    cr_expect_eq(first.body.length, 0);
    expect_replay(first, again);
    expect_header_has(again, "Location", "/v1/topics/");
    const char *path = header_of(first, "Location");
    with("Prefer: return=minimal");
    struct answer changed = keyed("small", "PATCH", path, "{'name': 'Fishes'}");
    expect_status(changed, 204);
    expect_replay(changed, keyed("small", "PATCH", path, "{'name': 'Fishes'}"));
}

Test(idempotency, a_very_long_answer_is_kept_without_its_body)
{
    enum { LONG = (1 << 20) + 1000 };
    char *text = arena_alloc(test_arena(), LONG + 1);
    memset(text, 'a', LONG);
    text[LONG] = '\0';
    const char *body = at("{'text': '%s'}", text);
    struct answer first = keyed("long", "POST", "/v1/articles", body), again = keyed("long", "POST", "/v1/articles", body);
    expect_status(first, 201);
    expect_status(again, 201);
    cr_expect_eq(again.body.length, 0);
    expect_header(again, "Idempotent-Replayed", "true");
    expect_header(again, "Preference-Applied", "return=minimal");
    expect_same_header(first, again, "Location");
    expect_same_header(first, again, "ETag");
    const char *upsert = at("{'external_id': 'long', 'text': '%s'}", text), *path = "/v1/articles?upsert=true";
    expect_status(keyed("a", "POST", path, upsert), 201);
    expect_status(keyed("b", "POST", path, upsert), 200);
    expect_status(keyed("b", "POST", path, upsert), 204);
}

/* ---- which requests are the same ---------------------------------------------------------------------------------------- */

Test(idempotency, another_request_with_the_same_key_is_refused)
{
    struct answer first = keyed("k", "POST", "/v1/topics", FISH);
    expect_status(first, 201);
    struct answer other = keyed("k", "POST", "/v1/topics", "{'slug': 'fish', 'name': 'Fishes'}");
    expect_problem(other, 422, "idempotency-key-reused");
    expect_fault(other, "Idempotency-Key", "conflict");
    expect_no_header(other, "Idempotent-Replayed");
    expect_problem(keyed("k", "POST", "/v1/topics?upsert=true", FISH), 422, "idempotency-key-reused");
    with("Idempotency-Key: k");
    expect_problem(ask("POST", "/v1/topics", "application/x-ndjson", json_of(FISH)), 422, "idempotency-key-reused");
    expect_replay(first, keyed("k", "POST", "/v1/topics", FISH));
    expect_status(get("/problems/idempotency-key-reused"), 200);
}

Test(idempotency, a_key_counts_for_one_method_and_one_path)
{
    struct answer topic = keyed("k", "POST", "/v1/topics", FISH);
    struct answer actor = keyed("k", "POST", "/v1/actors", "{'name': 'Fish', 'kind': 'group'}");
    struct answer change = keyed("k", "PATCH", at("/v1/topics/%lld", id_of(topic)), "{'name': 'Fishes'}");
    expect_status(topic, 201);
    expect_status(actor, 201);
    expect_status(change, 200);
    expect_no_header(actor, "Idempotent-Replayed");
    expect_no_header(change, "Idempotent-Replayed");
}

Test(idempotency, a_key_counts_for_who_sent_it)
{
    const char *desk = key_put(.scopes = "read,write"), *wire = key_put(.scopes = "read,write", .name = "Wire");
    const char *who[] = {desk, wire, desk}, *ids[] = {"1", "2", "1"};
    for (size_t i = 0; i < 3; i++) {
        with("Authorization: Bearer %s", who[i]);
        struct answer made = keyed("k", "POST", "/v1/actors", "{'name': 'Fish', 'kind': 'group'}");
        expect_status(made, 201);
        expect_json(made, "id", ids[i]);
    }
}

Test(idempotency, quotation_marks_make_no_other_key)
{
    struct answer first = keyed("8e03978e-40d5", "POST", "/v1/topics", FISH);
    expect_replay(first, keyed("\"8e03978e-40d5\"", "POST", "/v1/topics", FISH));
}

static const char *of_length(int length)
{
    char *text = arena_alloc(test_arena(), (size_t)length + 1);
    memset(text, 'k', (size_t)length);
    text[length] = '\0';
    return text;
}

Test(idempotency, a_key_has_up_to_255_characters)
{
    const char *body = "{'name': 'Fish', 'kind': 'group'}";
    expect_status(keyed(of_length(255), "POST", "/v1/actors", body), 201);
    expect_header(keyed(at("\"%s\"", of_length(255)), "POST", "/v1/actors", body), "Idempotent-Replayed", "true");
    expect_fault(keyed(of_length(256), "POST", "/v1/actors", body), "Idempotency-Key", "range");
    expect_fault(keyed(at("\"%s\"", of_length(256)), "POST", "/v1/actors", body), "Idempotency-Key", "range");
    /* A backslash is not counted. */
    expect_status(keyed(at("\"\\\"%s\"", of_length(254)), "POST", "/v1/actors", body), 201);
    expect_int(get("/v1/actors?count=exact"), "total", 2);
}

Test(idempotency, a_malformed_key_is_refused_and_nothing_is_done)
{
    static const char *const keys[] = {"\"",  "\"a",  "a\"", "\"a\"b", "\"a\" b",      "\"\\a\"",  "\"a\\\"",
                                       "a b", "a, b", "a;b", "a\\b",   "\"\xc3\xa4\"", "\xc3\xa4", "\"a\tb\""};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct answer answer = keyed(keys[i], "POST", "/v1/topics", FISH);
        expect_problem(answer, 400, "bad-request");
        expect_fault(answer, "Idempotency-Key", "malformed");
    }
    expect_fault(keyed("\"\"", "POST", "/v1/topics", FISH), "Idempotency-Key", "range");
    with("Idempotency-Key: a");
    expect_fault(keyed("b", "POST", "/v1/topics", FISH), "Idempotency-Key", "repeated");
    expect_status(get("/v1/topics?slug=fish"), 200);
    expect_count(get("/v1/topics?slug=fish"), "items", 0);
}

/* ---- what is not kept --------------------------------------------------------------------------------------------------- */

Test(idempotency, what_is_wrong_before_the_write_begins_is_not_kept)
{
    expect_problem(keyed("k", "POST", "/v1/topics", "{'slug': 7}"), 422, "invalid-body");
    expect_problem(keyed("k", "POST", "/v1/topics?nonsense=1", FISH), 400, "invalid-parameter");
    struct answer made = keyed("k", "POST", "/v1/topics", FISH);
    expect_status(made, 201);
    expect_no_header(made, "Idempotent-Replayed");
}

Test(idempotency, a_dry_run_keeps_nothing)
{
    for (int i = 0; i < 2; i++) {
        struct answer dry = keyed("k", "POST", "/v1/topics?dry_run=true", FISH);
        expect_status(dry, 201);
        expect_no_header(dry, "Idempotent-Replayed");
    }
    struct answer made = keyed("k", "POST", "/v1/topics", FISH);
    expect_status(made, 201);
    expect_no_header(made, "Idempotent-Replayed");
    expect_problem(keyed("a b", "POST", "/v1/topics?dry_run=true", FISH), 400, "bad-request");
}

Test(idempotency, where_it_says_nothing_it_is_passed_over)
{
    long long id = make("/v1/topics", "%s", FISH);
    expect_status(keyed("a b", "POST", "/v1/quotes/verify", "{'quote': 'Nothing was agreed on Monday.'}"), 200);
    expect_status(keyed("a b", "GET", "/v1/topics", NULL), 200);
    expect_status(keyed("a b", "DELETE", at("/v1/topics/%lld", id), NULL), 204);
}

/* ---- whatever happens --------------------------------------------------------------------------------------------------- */

Test(idempotency, an_answer_survives_the_server)
{
    struct answer first = keyed("k", "POST", "/v1/topics", FISH);
    cr_assert_eq(server_stop(), 0);
    server_start();
    struct answer second = keyed("k", "POST", "/v1/topics", FISH);
    expect_header(second, "ETag", header_of(first, "ETag"));
    expect_same_body(first, second);
    struct answer third = keyed("l", "POST", "/v1/topics", "{'slug': 'herring', 'name': 'Herring'}");
    server_kill();
    server_start();
    expect_replay(third, keyed("l", "POST", "/v1/topics", "{'slug': 'herring', 'name': 'Herring'}"));
}

enum { CLIENTS = 8, BODY_ROOM = 4096 };

/* One client, and what it was answered. */
static struct client {
    pthread_t thread;
    struct wire wire;
    const char *path, *body;
    int status;
    char answer[BODY_ROOM];
} clients[CLIENTS];

static void *ask_with_key(void *of)
{
    struct client *client = of;
    wire_send(&client->wire,
              "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: together\r\n"
              "Content-Length: %zu\r\n\r\n%s",
              client->path, strlen(client->body), client->body);
    client->status = wire_receive(&client->wire, 20000);
    snprintf(client->answer, sizeof(client->answer), "%.*s", SLICE_ARGS(client->wire.body));
    return NULL;
}

static void ask_together(const char *path, const char *body)
{
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i].path = path;
        clients[i].body = body;
        cr_assert(wire_open(&clients[i].wire));
    }
    for (size_t i = 0; i < CLIENTS; i++)
        cr_assert_eq(pthread_create(&clients[i].thread, NULL, ask_with_key, &clients[i]), 0);
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        wire_close(&clients[i].wire);
    }
}

Test(idempotency, requests_that_come_at_once_get_one_answer)
{
    ask_together("/v1/actors", "{\"name\":\"Fish\",\"kind\":\"group\"}");
    for (size_t i = 0; i < CLIENTS; i++) {
        cr_expect_eq(clients[i].status, 201);
        cr_expect_str_eq(clients[i].answer, clients[0].answer);
    }
    expect_int(get("/v1/actors?count=exact"), "total", 1);
}

/* Their savepoints lie inside each other: of the transaction's works, of the key, of the items. */
Test(idempotency, lists_that_come_at_once_get_one_answer)
{
    ask_together("/v1/actors?on_error=continue",
                 "[{\"name\":\"A\",\"kind\":\"group\"},{\"name\":\"B\",\"kind\":\"none\"},{\"name\":\"C\",\"kind\":\"group\"}]");
    for (size_t i = 0; i < CLIENTS; i++) {
        cr_expect_eq(clients[i].status, 207);
        cr_expect_str_eq(clients[i].answer, clients[0].answer);
    }
    expect_int(get("/v1/actors?count=exact"), "total", 2);
}

/* Of a work that is refused its answer is kept, and nothing else, also beside others. */
Test(idempotency, a_refusal_takes_nothing_along)
{
    make("/v1/actors", "{'name': 'A', 'kind': 'group', 'external_id': 'a'}");
    long long seq = last_seq();
    ask_together("/v1/actors", "[{\"name\":\"B\",\"kind\":\"group\"},{\"name\":\"A\",\"kind\":\"group\",\"external_id\":\"a\"}]");
    for (size_t i = 0; i < CLIENTS; i++) {
        cr_expect_eq(clients[i].status, 409);
        cr_expect_str_eq(clients[i].answer, clients[0].answer);
    }
    cr_expect_eq(last_seq(), seq);
    expect_int(get("/v1/actors?count=exact"), "total", 1);
    expect_int(post("/v1/actors", "{'name': 'C', 'kind': 'group'}"), "id", 2);
}

/* ---- how long ----------------------------------------------------------------------------------------------------------- */

static void age(const char *by, const char *which)
{
    store_do("UPDATE kept_answer SET kept_at = strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now', '%s') WHERE %s", by, which);
}

static void expect_kept(const char *count)
{
    cr_expect_str_eq(store_ask("SELECT count(*) FROM kept_answer"), count);
}

Test(idempotency, after_a_day_a_key_is_forgotten)
{
    const char *body = "{'name': 'Fish', 'kind': 'group'}";
    for (int i = 0; i < 10; i++)
        expect_status(keyed(at("k%d", i), "POST", "/v1/actors", body), 201);
    cr_assert_eq(server_stop(), 0);
    age("-1439 minutes", "id = 1");
    age("-1441 minutes", "id > 1");
    server_start();
    expect_header(keyed("k0", "POST", "/v1/actors", body), "Idempotent-Replayed", "true");
    struct answer anew = keyed("k9", "POST", "/v1/actors", body);
    expect_int(anew, "id", 11);
    expect_no_header(anew, "Idempotent-Replayed");
    /* With that one three were pruned: the fourth that was looked at is not old enough. With four more, the rest. */
    expect_kept("7");
    for (int i = 0; i < 4; i++)
        expect_status(keyed(at("l%d", i), "POST", "/v1/actors", body), 201);
    expect_kept("6");
    expect_header(keyed("k0", "POST", "/v1/actors", body), "Idempotent-Replayed", "true");
    expect_header(keyed("l0", "POST", "/v1/actors", body), "Idempotent-Replayed", "true");
}
