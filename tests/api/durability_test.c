/* Whatever happens to the server, a write that was answered well is there afterwards, once. */
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "readout/engine.h"
#include "support/harness.h"
#include "support/wire.h"

TestSuite(durability, .init = server_up, .fini = server_down);

enum { WRITERS = 4, ROUNDS = 3, WRITES_MAX = 4000, LOAD_MILLISECONDS = 400 };

/* One client that creates actors, "w<number>-0", "w<number>-1", …, until its connection ends. */
struct writer {
    pthread_t thread;
    struct wire wire;
    int number;
    atomic_int asked;          /* how many were sent */
    bool answered[WRITES_MAX]; /* with 201 */
    int wrong;                 /* the first status that was not 201, if one came */
};

static struct writer writers[ROUNDS * WRITERS];

static void *write_on(void *of)
{
    struct writer *writer = of;
    char body[128];
    for (int i = 0; i < WRITES_MAX && !writer->wrong; i++) {
        snprintf(body, sizeof(body), "{\"external_id\":\"w%d-%d\",\"name\":\"Writer\",\"kind\":\"group\"}", writer->number, i);
        writer->asked = i + 1;
        if (!wire_ask(&writer->wire, "POST", "/v1/actors", body))
            break;
        int status = wire_receive(&writer->wire, 20000);
        if (status == WIRE_ENDED)
            break;
        writer->answered[i] = status == 201;
        writer->wrong = status == 201 || status == 503 ? 0 : status;
    }
    wire_close(&writer->wire);
    return NULL;
}

static void writers_start(int round)
{
    for (int i = round * WRITERS; i < (round + 1) * WRITERS; i++) {
        writers[i].number = i;
        cr_assert(wire_open(&writers[i].wire));
        cr_assert_eq(pthread_create(&writers[i].thread, NULL, write_on, &writers[i]), 0);
    }
    usleep(LOAD_MILLISECONDS * 1000);
}

static void writers_join(int round)
{
    for (int i = round * WRITERS; i < (round + 1) * WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        cr_assert_eq(writers[i].wrong, 0, "writer %d was answered %d", i, writers[i].wrong);
    }
}

static void count_page(struct answer page, int (*found)[WRITES_MAX])
{
    json_t *item;
    size_t index;
    json_array_foreach (value_at(page, "items"), index, item) {
        const char *id = json_string_value(json_object_get(item, "external_id"));
        char *rest;
        cr_assert(id && *id == 'w');
        long writer = strtol(id + 1, &rest, 10);
        found[writer][strtol(rest + 1, NULL, 10)]++;
    }
}

/* Every write that was answered is there once; any other at most once, and only if it was asked for. */
static void expect_kept(int rounds)
{
    static int found[ROUNDS * WRITERS][WRITES_MAX];
    memset(found, 0, sizeof(found));
    struct answer page = get("/v1/actors?limit=500");
    count_page(page, found);
    while (!json_is_null(value_at(page, "next"))) {
        page = go_to(page, "next");
        count_page(page, found);
    }
    int kept = 0;
    for (int w = 0; w < rounds * WRITERS; w++) {
        for (int i = 0; i < WRITES_MAX; i++) {
            cr_assert(found[w][i] <= 1, "w%d-%d is there %d times", w, i, found[w][i]);
            cr_assert(found[w][i] || !writers[w].answered[i], "w%d-%d was answered and is lost", w, i);
            cr_assert(!found[w][i] || i < writers[w].asked, "w%d-%d was never asked for", w, i);
            kept += found[w][i];
        }
    }
    cr_assert_geq(kept, rounds * WRITERS, "hardly anything was written: %d", kept);
}

Test(durability, a_kill_loses_nothing_that_was_answered)
{
    for (int round = 0; round < ROUNDS; round++) {
        writers_start(round);
        server_kill();
        writers_join(round);
        server_start();
        expect_kept(round + 1);
    }
    cr_assert_eq(server_stop(), 0);
    struct outcome checked = readout("migrate", "--database", server_database());
    cr_assert_eq(checked.status, 0, "%s", checked.errors);
}

Test(durability, a_stop_under_load_is_clean_and_loses_nothing)
{
    writers_start(0);
    cr_assert_eq(server_stop(), 0);
    writers_join(0);
    server_start();
    expect_kept(1);
}

Test(durability, a_stop_does_not_wait_for_idle_connections)
{
    static struct wire idle[8];
    for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
        cr_assert(wire_open(&idle[i]) && wire_ask(&idle[i], "GET", "/livez", "") && wire_receive(&idle[i], 5000) == 200);
    time_t before = time(NULL);
    cr_assert_eq(server_stop(), 0);
    cr_assert_leq(time(NULL) - before, 5);
    for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
        wire_close(&idle[i]);
}

Test(durability, history_and_deletions_survive_a_kill)
{
    long long id = make("/v1/topics", "{'slug': 'kept', 'name': 'Kept'}");
    patch(at("/v1/topics/%lld", id), "{'name': 'Kept well'}");
    erase("/v1/topics/%lld", id);
    server_kill();
    server_start();
    expect_status(get("/v1/topics/%lld", id), 410);
    expect_each(get("/v1/topics/%lld/history", id), "items", "action", "['deleted', 'updated', 'created']");
    expect_text(post(at("/v1/topics/%lld/restore", id), NULL), "name", "Kept well");
}

Test(durability, ids_are_never_used_again)
{
    long long first = make("/v1/topics", "{'slug': 'first', 'name': 'x'}");
    erase("/v1/topics/%lld", first);
    server_kill();
    server_start();
    cr_assert_gt(make("/v1/topics", "{'slug': 'second', 'name': 'x'}"), first);
}

/* The server has ids and counts in memory; another program's writes make them anew. */
Test(durability, a_command_may_write_beside_the_server)
{
    long long before = make("/v1/articles", "{'text': 'One text.'}");
    struct outcome taken = readout_fed("Another text.", "ingest", "--extract", "off", "--database", server_database(), "-");
    cr_assert_eq(taken.status, 0, "%s", taken.errors);
    cr_assert_eq(make("/v1/articles", "{'text': 'A third text.'}"), before + 2);
    struct answer all = get("/v1/articles?sort=id"), log = get("/v1/changes?since=0&noun=article");
    expect_int(all, "total", 3);
    expect_each(all, "items", "text_length", "[9, 13, 13]");
    expect_count(log, "items", 3);
}

/* ---- what keeps a server from starting ------------------------------------------------------------------------------------ */

/* It ends by itself, not well, and with a sentence that has these words. */
static void expect_refusal(struct outcome outcome, const char *words)
{
    cr_assert_gt(outcome.status, 0, "exit status %d, %s", outcome.status, outcome.errors);
    cr_assert(strstr(outcome.errors, words), "expected \"%s\" in: %s", words, outcome.errors);
    cr_assert_null(strstr(outcome.output, "listening"));
}

static struct outcome serve(const char *listen, const char *database)
{
    return readout("serve", "--log", "off", "--listen", listen, "--database", database);
}

Test(durability, a_port_that_is_taken_is_told)
{
    expect_refusal(serve(at("127.0.0.1:%d", server_port()), scratch("other.db")), at("127.0.0.1:%d", server_port()));
    expect_status(get("/livez"), 200);
}

Test(durability, a_database_of_a_version_that_is_not_known_is_left_alone)
{
    static const int versions[] = {1000, -1, INT_MIN};
    cr_assert_eq(server_stop(), 0);
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        struct engine *engine = NULL;
        struct error error = {0};
        cr_assert(engine_open(server_database(), ENGINE_WRITE, &engine, &error), "%s", error.message);
        cr_assert(engine_execute(engine, at("PRAGMA user_version = %d", versions[i]), &error), "%s", error.message);
        engine_close(engine);
        const char *named = at("version %d", versions[i]);
        expect_refusal(serve("127.0.0.1:0", server_database()), named);
        expect_refusal(readout("migrate", "--database", server_database()), named);
    }
}

Test(durability, a_file_that_is_no_database_is_left_alone)
{
    const char *path = scratch("notes.txt"), *text = "These are notes, and no database at all.\n";
    FILE *file = fopen(path, "we");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
    expect_refusal(serve("127.0.0.1:0", path), path);
    char kept[100] = "";
    file = fopen(path, "re");
    cr_assert(file && fgets(kept, sizeof(kept), file));
    fclose(file);
    cr_assert_str_eq(kept, text);
}

/* SQLite would take the database for a new one, and delete the log. */
Test(durability, a_log_without_its_database_is_left_alone)
{
    make("/v1/topics", "{'slug': 'kept', 'name': 'Kept'}");
    server_kill();
    struct stat log;
    const char *log_path = at("%s-wal", server_database()), *aside = scratch("aside");
    cr_assert_eq(rename(server_database(), aside), 0);
    expect_refusal(serve("127.0.0.1:0", server_database()), "missing or empty");
    cr_assert(stat(log_path, &log) == 0 && log.st_size > 0);
    cr_assert_eq(rename(aside, server_database()), 0);
    server_start();
    expect_count(get("/v1/topics?slug=kept"), "items", 1);
}

Test(durability, a_database_that_was_cut_off_is_told)
{
    struct stat file;
    cr_assert_eq(server_stop(), 0);
    cr_assert_eq(stat(server_database(), &file), 0);
    cr_assert_eq(truncate(server_database(), file.st_size - 1), 0);
    expect_refusal(serve("127.0.0.1:0", server_database()), "cut off");
}

Test(durability, a_database_of_another_program_is_not_touched)
{
    static const char *const made[] = {"CREATE TABLE notes (text)", "PRAGMA application_id = 7", "PRAGMA user_version = 3"};
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        const char *path = scratch("notes.db");
        struct engine *engine = NULL;
        struct error error = {0};
        cr_assert(engine_open(path, ENGINE_CREATE, &engine, &error) && engine_execute(engine, made[i], &error), "%s",
                  error.message);
        engine_close(engine);
        expect_refusal(serve("127.0.0.1:0", path), "not one of Readout");
        char header[20] = "";
        FILE *file = fopen(path, "re");
        cr_assert(file && fread(header, sizeof(header), 1, file) == 1);
        fclose(file);
        cr_assert_eq(header[18], 1, "it has a write-ahead log now"); /* https://www.sqlite.org/fileformat2.html, offset 18 */
    }
}

Test(durability, a_folder_that_is_not_there_is_told)
{
    expect_refusal(serve("127.0.0.1:0", "/nonexistent/readout.db"), "/nonexistent/readout.db");
}

Test(durability, an_address_that_is_none_is_told)
{
    expect_refusal(serve("nowhere at all", scratch("other.db")), "nowhere at all");
    expect_refusal(serve("127.0.0.1:99999", scratch("other.db")), "99999");
}
