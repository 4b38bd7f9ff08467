/* The change log as server-sent events, over raw sockets. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "readout/clock.h"
#include "support/harness.h"
#include "support/scene.h"
#include "support/wire.h"

TestSuite(events, .init = server_up, .fini = server_down);

enum { SOON = 10000 }; /* milliseconds; under a sanitizer, with much else going on */

/* ---- one who listens ---------------------------------------------------------------------------------------------------- */

/* A connection to /v1/events. `text` is what came of the body, with its chunks put together. */
struct ear {
    struct wire wire;
    char *text;
    size_t length;
    size_t read;  /* bytes of wire.bytes that are dealt with */
    size_t chunk; /* bytes of the current chunk that are still to come, with its end of line */
    bool body;    /* the headers have been read */
    bool whole;   /* the last chunk has come */
    bool ended;   /* the connection has */
};

static void ear_open(struct ear *ear, const char *path, const char *headers)
{
    cr_assert(wire_open(&ear->wire));
    ear->text = calloc(1, 1);
    ear->length = ear->read = ear->chunk = 0;
    ear->body = ear->whole = ear->ended = false;
    cr_assert(wire_send(&ear->wire, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, headers));
}

static void ear_close(struct ear *ear)
{
    wire_close(&ear->wire);
    free(ear->text);
    ear->text = NULL;
}

/* Takes the line that stands next, or gives NULL while it is not whole. */
static const char *take_line(struct ear *ear)
{
    char *from = ear->wire.bytes + ear->read, *end = memmem(from, ear->wire.length - ear->read, "\r\n", 2);
    if (!end)
        return NULL;
    *end = '\0';
    ear->read = (size_t)(end - ear->wire.bytes) + 2;
    return from;
}

static void take_chunk(struct ear *ear)
{
    size_t there = ear->wire.length - ear->read, take = ear->chunk < there ? ear->chunk : there;
    size_t text = ear->chunk - take >= 2 ? take : take - (2 - (ear->chunk - take)); /* without the chunk's own end of line */
    ear->text = realloc(ear->text, ear->length + text + 1);
    memcpy(ear->text + ear->length, ear->wire.bytes + ear->read, text);
    ear->length += text;
    ear->text[ear->length] = '\0';
    ear->read += take;
    ear->chunk -= take;
}

static void digest_bytes(struct ear *ear)
{
    const char *line;
    while (!ear->whole && ear->read < ear->wire.length) {
        if (ear->chunk) {
            take_chunk(ear);
        } else if ((line = take_line(ear)) == NULL) {
            break;
        } else if (!ear->body) {
            ear->body = *line == '\0';
        } else {
            size_t size = (size_t)strtoul(line, NULL, 16);
            ear->whole = size == 0;
            ear->chunk = size ? size + 2 : 0;
        }
    }
    memmove(ear->wire.bytes, ear->wire.bytes + ear->read, ear->wire.length - ear->read);
    ear->wire.length -= ear->read;
    ear->read = 0;
}

/* Takes in what has come. */
static void hear(struct ear *ear)
{
    ssize_t got;
    while (!ear->ended && (got = recv(ear->wire.socket, ear->wire.bytes + ear->wire.length,
                                      sizeof(ear->wire.bytes) - ear->wire.length, MSG_DONTWAIT)) >= 0) {
        ear->ended = got == 0;
        ear->wire.length += (size_t)got;
        digest_bytes(ear);
    }
    ear->ended = ear->ended || errno != EAGAIN;
}

/* Listens until these words have come, or for as long as that. */
static bool hears_within(struct ear *ear, const char *words, int milliseconds)
{
    int64_t end = clock_nanoseconds() + (int64_t)milliseconds * 1000000;
    struct pollfd ready = {.fd = ear->wire.socket, .events = POLLIN};
    for (;;) {
        hear(ear);
        int64_t left = (end - clock_nanoseconds()) / 1000000;
        if (strstr(ear->text, words) || ear->ended || ear->whole || left <= 0)
            return strstr(ear->text, words) != NULL;
        poll(&ready, 1, (int)left);
    }
}

#define expect_heard(ear, words) cr_assert(hears_within(ear, words, SOON), "not heard: %s; but:\n%s", words, (ear)->text)

static const char *event_line(long long seq)
{
    return at("\nid: %lld\n", seq);
}

/* The ids heard are exactly these, in order. */
static void expect_ids(const struct ear *ear, long long first, long long last)
{
    const char *from = ear->text;
    for (long long seq = first; seq <= last; seq++) {
        from = strstr(from, "\nid: ");
        cr_assert(from, "%lld did not come:\n%s", seq, ear->text);
        from += 5;
        cr_assert_eq(strtoll(from, NULL, 10), seq, "%.12s came where %lld was to come", from, seq);
    }
    cr_assert_not(strstr(from, "\nid: "), "more came than %lld to %lld", first, last);
}

static long long last_seq(void)
{
    return int_at(get("/v1/changes?limit=1"), "last_seq");
}

static void make_topics(const char *name, int count)
{
    for (int i = 0; i < count; i++)
        make("/v1/topics", "{'slug': '%s-%d', 'name': 'Topic'}", name, i);
}

static long long metric(const char *name)
{
    const char *line = strstr(get("/metrics").body.data, at("\n%s ", name));
    cr_assert(line, "there is no metric %s", name);
    return strtoll(line + strlen(name) + 2, NULL, 10);
}

static void await_listeners(long long count)
{
    for (int i = 0; i < SOON / 10 && metric("sse_clients") != count; i++)
        usleep(10000);
    cr_assert_eq(metric("sse_clients"), count);
}

/* ---- what is heard ------------------------------------------------------------------------------------------------------ */

Test(events, two_listeners_get_each_event_once_in_order)
{
    static struct ear ears[2];
    long long start = last_seq();
    for (int i = 0; i < 2; i++)
        ear_open(&ears[i], "/v1/events", "");
    for (int i = 0; i < 2; i++)
        expect_heard(&ears[i], "retry: 3000\n\n");
    make_topics("fish", 20);
    for (int i = 0; i < 2; i++) {
        expect_heard(&ears[i], event_line(start + 20));
        usleep(50000);
        hear(&ears[i]);
        expect_ids(&ears[i], start + 1, start + 20);
    }
    cr_expect_str_eq(ears[0].text, ears[1].text);
    for (int i = 0; i < 2; i++)
        ear_close(&ears[i]);
    await_listeners(0);
}

Test(events, an_event_is_the_change_in_one_line)
{
    static struct ear ear;
    long long start = last_seq();
    ear_open(&ear, "/v1/events", "");
    expect_heard(&ear, "retry: ");
    long long id = make("/v1/topics", "{'slug': 'fish', 'name': 'Fish', 'description': 'Two\\nlines'}");
    expect_status(erase("/v1/topics/%lld", id), 204);
    expect_heard(&ear, event_line(start + 2));
    expect_heard(&ear, "\"document\":null}\n\n");

    struct slice items = get("/v1/changes?since=%lld", start).body;
    const char *second = strstr(items.data, ",{\"seq\":");
    cr_assert(second);
    struct slice first = {items.data + strlen("{\"items\":["), (size_t)(second - items.data) - strlen("{\"items\":[")};
    expect_heard(&ear, at("id: %lld\nevent: topic.created\ndata: %.*s\n\n", start + 1, SLICE_ARGS(first)));
    expect_heard(&ear, at("id: %lld\nevent: topic.deleted\ndata: {\"seq\":", start + 2));
    ear_close(&ear);
}

Test(events, only_the_kinds_asked_for_are_told)
{
    static struct ear claims, topics;
    ear_open(&claims, "/v1/events?noun=claim,meeting", "");
    ear_open(&topics, "/v1/events?noun=topic", "");
    expect_heard(&claims, "retry: ");
    expect_heard(&topics, "retry: ");
    scene_set();
    expect_heard(&claims, "event: claim.created");
    expect_heard(&topics, "event: topic.created");
    make_topics("fish", 3);
    expect_heard(&topics, "fish-2");
    hear(&claims);
    cr_expect(strstr(claims.text, "event: meeting.created"));
    cr_expect_not(strstr(claims.text, "event: topic"));
    cr_expect_not(strstr(topics.text, "event: claim"));
    ear_close(&claims);
    ear_close(&topics);
}

/* How often these words were heard. */
static int times_heard(const struct ear *ear, const char *words)
{
    int times = 0;
    for (const char *from = ear->text; (from = strstr(from, words)) != NULL; from++)
        times++;
    return times;
}

Test(events, who_listens_for_a_speaker_or_a_topic_hears_what_enters_and_what_leaves)
{
    static struct ear speaker, topic, both;
    struct scene scene = scene_set();
    ear_open(&speaker, at("/v1/events?speaker_id=%lld", scene.baker), "");
    ear_open(&topic, "/v1/events?topic=fishing-rights,whaling", "");
    ear_open(&both, at("/v1/events?topic=whaling&speaker_id=%lld,%lld", scene.baker, scene.wire), "");
    expect_heard(&speaker, "retry: ");
    expect_heard(&topic, "retry: ");
    expect_heard(&both, "retry: ");
    make("/v1/topics", "{'slug': 'whaling', 'name': 'Whaling'}");
    make("/v1/meetings", "{'name': 'Council', 'kind': 'session', 'topics': ['whaling']}");
    make("/v1/claims", "{'text': 'By another', 'speaker_id': 'wire'}");
    long long claim = make("/v1/claims", "{'text': 'By Baker', 'speaker_id': 'baker', 'topics': ['whaling']}");
    patch(at("/v1/claims/%lld", claim), "{'topics': []}");
    patch(at("/v1/claims/%lld", claim), "{'text': 'Unheard by topic'}");
    patch(at("/v1/claims/%lld", claim), "{'speaker_id': 'wire', 'topics': ['whaling']}");
    erase("/v1/claims/%lld", claim);
    const char *last = event_line(last_seq());
    expect_heard(&speaker, "\"speaker_id\":");
    expect_heard(&topic, last);
    expect_heard(&both, last);
    cr_expect_eq(times_heard(&topic, "event: "), 5, "%s", topic.text);
    cr_expect_eq(times_heard(&topic, "event: meeting.created"), 1);
    cr_expect_eq(times_heard(&topic, "Unheard by topic"), 1, "the patch that brings the topic back has the text");
    cr_expect_eq(times_heard(&both, "event: "), 4, "%s", both.text);
    cr_expect(hears_within(&speaker, "\"version\":4", SOON), "the change that took it from Baker: %s", speaker.text);
    usleep(100000);
    hear(&speaker);
    cr_expect_eq(times_heard(&speaker, "event: "), 4, "%s", speaker.text);
    cr_expect_not(strstr(speaker.text, "By another"));
    ear_close(&speaker);
    ear_close(&topic);
    ear_close(&both);
}

Test(events, who_listens_for_an_actor_hears_all_that_is_about_it)
{
    static struct ear ear;
    struct scene scene = scene_set();
    ear_open(&ear, at("/v1/events?since=0&actor_id=%lld", scene.baker), "");
    make("/v1/claims", "{'text': 'To Baker', 'addressee_id': 'baker'}");
    expect_heard(&ear, "To Baker");
    static const char *const heard[] = {"actor", "article", "claim", "meeting"};
    for (size_t i = 0; i < sizeof heard / sizeof heard[0]; i++)
        cr_expect(strstr(ear.text, at("event: %s.created", heard[i])), "no %s in: %s", heard[i], ear.text);
    cr_expect_eq(times_heard(&ear, "event: actor.created"), 1, "only Baker: %s", ear.text);
    cr_expect_not(strstr(ear.text, "event: topic"));
    cr_expect_not(strstr(ear.text, "event: discrepancy"));
    ear_close(&ear);
}

Test(events, what_cannot_be_listened_for_is_refused)
{
    expect_fault_says(get("/v1/events?noun=claim,article&speaker_id=7"), "noun", "article cannot be picked by speaker_id");
    expect_fault(get("/v1/events?speaker_id=baker"), "speaker_id", "type");
    expect_fault(get("/v1/events?topic=Not%%20a%%20slug"), "topic", NULL);
    expect_fault_says(get("/v1/events?topics=talks"), "topics", "did you mean \"topic\"?");
}

Test(events, the_past_is_told_from_where_one_asks)
{
    static struct ear ear;
    long long start = last_seq();
    make_topics("fish", 200);
    ear_open(&ear, at("/v1/events?since=%lld", start), "");
    expect_heard(&ear, event_line(start + 200));
    make_topics("bird", 1);
    expect_heard(&ear, event_line(start + 201));
    expect_ids(&ear, start + 1, start + 201);
    ear_close(&ear);
}

/* The last id that was heard whole, up to its empty line. */
static long long last_heard(const struct ear *ear, long long otherwise)
{
    long long seq = otherwise;
    for (const char *from = ear->text; (from = strstr(from, "\nid: ")) != NULL && strstr(from, "\n\n"); from++)
        seq = strtoll(from + 5, NULL, 10);
    return seq;
}

Test(events, who_comes_again_misses_nothing_and_hears_nothing_twice)
{
    enum { MANY = 400 };
    static struct ear ear;
    long long start = last_seq(), heard = start;
    pid_t writer = fork();
    if (writer == 0) {
        struct wire wire;
        bool good = wire_open(&wire);
        for (int i = 0; i < MANY && good; i++)
            good = wire_ask(&wire, "POST", "/v1/topics", at("{\"slug\":\"fish-%d\",\"name\":\"Fish\"}", i)) &&
                   wire_receive(&wire, SOON) == 201;
        _exit(good ? 0 : 1);
    }
    for (int rounds = 0; heard < start + MANY; rounds++) {
        cr_assert_lt(rounds, 2000);
        ear_open(&ear, at("/v1/events?since=%lld", start), at("Last-Event-ID: %lld\r\n", heard));
        hears_within(&ear, event_line(heard + 1 + rounds % 40), 500);
        long long now = last_heard(&ear, heard);
        if (now > heard) {
            char *end = strstr(strstr(ear.text, event_line(now)), "\n\n");
            end[1] = '\0';
            expect_ids(&ear, heard + 1, now);
        }
        heard = now;
        ear_close(&ear);
    }
    int status;
    waitpid(writer, &status, 0);
    cr_expect_eq(status, 0);
}

Test(events, a_number_from_another_record_is_reset)
{
    static const char *const foreign[] = {"Last-Event-ID: 99999999\r\n", "Last-Event-ID: 7f3a\r\n", "Last-Event-ID: -4\r\n"};
    static struct ear ear;
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        long long last = last_seq();
        ear_open(&ear, "/v1/events", foreign[i]);
        expect_heard(&ear, at("id: %lld\nevent: reset\ndata: {\"last_seq\":%lld}\n\n", last, last));
        make_topics(at("fish-%zu", i), 1);
        expect_heard(&ear, event_line(last + 1));
        ear_close(&ear);
    }
}

static void impatient_server_up(void)
{
    server_start("--keepalive", "1");
}

Test(events_kept_alive, silence_is_kept_alive, .init = impatient_server_up, .fini = server_down)
{
    static struct ear ear;
    ear_open(&ear, "/v1/events", "");
    cr_assert(hears_within(&ear, "\n: keepalive\n\n", 10000), "%s", ear.text);
    ear_close(&ear);
}

/* ---- listening itself --------------------------------------------------------------------------------------------------- */

Test(events, the_headers_keep_those_between_from_holding_it_back)
{
    struct answer answer = head("/v1/events");
    expect_status(answer, 200);
    expect_header(answer, "Content-Type", "text/event-stream");
    expect_header(answer, "Cache-Control", "no-cache, no-transform");
    expect_header(answer, "X-Accel-Buffering", "no");
    await_listeners(0);
}

static void allow_two(void)
{
    server_start("--max-listeners", "2");
}

TestSuite(events_of_two, .init = allow_two, .fini = server_down);

Test(events_of_two, only_so_many_may_listen)
{
    static struct ear ears[3];
    for (int i = 0; i < 2; i++) {
        ear_open(&ears[i], "/v1/events", "");
        expect_heard(&ears[i], "retry: ");
    }
    struct answer refused = get("/v1/events");
    expect_problem(refused, 503, "unavailable");
    expect_header(refused, "Retry-After", "30");
    ear_close(&ears[0]);
    await_listeners(1);
    ear_open(&ears[2], "/v1/events", "");
    expect_heard(&ears[2], "retry: ");
    ear_close(&ears[1]);
    ear_close(&ears[2]);
}

Test(events, the_end_of_the_server_is_a_clean_end)
{
    static struct ear ear;
    ear_open(&ear, "/v1/events", "");
    expect_heard(&ear, "retry: ");
    pid_t server = server_pid(), killer = fork();
    if (killer == 0) {
        usleep(500000);
        kill(server, SIGTERM);
        _exit(0);
    }
    struct answer all = get("/v1/events?since=0");
    expect_status(all, 200);
    expect_body_has(all, "event: topic.created");
    cr_expect_eq(server_wait(), 0);
    for (int i = 0; i < 100 && !ear.whole && !ear.ended; i++) {
        hear(&ear);
        usleep(10000);
    }
    cr_expect(ear.whole, "the last chunk did not come");
    ear_close(&ear);
    waitpid(killer, NULL, 0);
}

static long thread_count(void)
{
    char line[128];
    long count = 0;
    FILE *file = fopen(at("/proc/%d/status", server_pid()), "re");
    cr_assert(file);
    while (fgets(line, sizeof(line), file)) {
        if (strncmp(line, "Threads:", 8) == 0)
            count = strtol(line + 8, NULL, 10);
    }
    fclose(file);
    return count;
}

static void allow_many(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    server_start("--max-listeners", "2000");
}

TestSuite(events_of_many, .init = allow_many, .fini = server_down);

Test(events_of_many, a_thousand_listen_and_no_thread_waits_for_them)
{
    enum { MANY = 1000 };
    struct ear *ears = calloc(MANY, sizeof(*ears));
    long threads = thread_count();
    long long start = last_seq();
    cr_assert(ears);
    for (int i = 0; i < MANY; i++)
        ear_open(&ears[i], "/v1/events", "");
    for (int i = 0; i < MANY; i++)
        expect_heard(&ears[i], "retry: ");
    cr_expect_eq(metric("sse_clients"), MANY);
    make_topics("fish", 5);
    for (int i = 0; i < MANY; i++) {
        expect_heard(&ears[i], event_line(start + 5));
        expect_ids(&ears[i], start + 1, start + 5);
    }
    cr_expect_eq(thread_count(), threads);
    for (int i = 0; i < MANY; i++)
        ear_close(&ears[i]);
    free(ears);
    await_listeners(0);
}
