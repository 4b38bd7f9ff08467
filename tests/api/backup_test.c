/* Backup and restore at the command line: what was answered is in the copy, and comes back as it was. */
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "readout/embedded.h"
#include "readout/engine.h"
#include "support/harness.h"
#include "support/scene.h"
#include "support/wire.h"

TestSuite(backup, .fini = server_down);
TestSuite(restore, .fini = server_down);

#define expect_exit(outcome, wanted)                                                                                             \
    cr_assert_eq((outcome).status, wanted, "exit status %d\n%s\n%s", (outcome).status, (outcome).output, (outcome).errors)
#define expect_words(text, words) cr_assert(strstr(text, words), "expected \"%s\" in:\n%s", words, text)

#define back_up(copy) readout("backup", "--database", server_database(), copy)
#define restore(...)  readout("restore", "--database", server_database(), __VA_ARGS__)
#define check(path)   readout("check", "--database", path)

/* ---- files -------------------------------------------------------------------------------------------------------------- */

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void write_bytes(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "we");
    cr_assert(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 22];
    FILE *file = fopen(from, "re");
    cr_assert(file, "%s", from);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    write_bytes(to, bytes, length);
}

/* One page in the middle of a file becomes something else. */
static void damage(const char *path)
{
    struct stat info;
    FILE *file = fopen(path, "r+e");
    cr_assert(file && stat(path, &info) == 0);
    cr_assert(fseek(file, info.st_size / 2 / 4096 * 4096, SEEK_SET) == 0 && fprintf(file, "%0300d", 7) == 300);
    fclose(file);
}

static const char *one_like(const char *pattern)
{
    glob_t found;
    const char *path = glob(pattern, 0, NULL, &found) == 0 ? at("%s", found.gl_pathv[found.gl_pathc - 1]) : NULL;
    globfree(&found);
    return path;
}

static void expect_nothing_beside(const char *path)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal", ".unfinished-*"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        cr_expect_null(one_like(at("%s%s", path, suffixes[i])), "%s%s", path, suffixes[i]);
}

static void execute(const char *path, enum engine_use use, const char *sql)
{
    struct engine *engine = NULL;
    struct error error = {0};
    cr_assert(engine_open(path, use, &engine, &error), "%s", error.message);
    cr_assert(engine_execute(engine, sql, &error), "%s", error.message);
    engine_close(engine);
}

static int64_t ask_file(const char *path, const char *sql)
{
    struct engine *engine = NULL;
    struct error error = {0};
    cr_assert(engine_open(path, ENGINE_READ, &engine, &error), "%s: %s", path, error.message);
    struct statement *statement = engine_keep(engine, 1, sql);
    statement_run(statement, NO_VALUES);
    cr_assert(statement_next(statement));
    int64_t answer = statement_int(statement, 0);
    cr_assert(statement_end(statement, &error), "%s", error.message);
    engine_close(engine);
    return answer;
}

/* ---- backup ------------------------------------------------------------------------------------------------------------- */

struct load {
    struct wire wire;
    pthread_t thread;
    int number;
    atomic_int answered; /* with 201, in order */
    atomic_bool stop;
};

static void *write_on(void *of)
{
    struct load *load = of;
    char body[128];
    while (!load->stop) {
        snprintf(body, sizeof body, "{\"external_id\":\"w%d-%d\",\"name\":\"Writer\",\"kind\":\"group\"}", load->number,
                 load->answered);
        if (!wire_ask(&load->wire, "POST", "/v1/actors", body) || wire_receive(&load->wire, 20000) != 201)
            break;
        load->answered++;
    }
    return NULL;
}

Test(backup, while_others_write_has_all_that_was_answered_before)
{
    enum { WRITERS = 3, BACKUPS = 3, FIRST = 20 };
    static struct load loads[WRITERS];
    server_start();
    scene_set();
    for (int i = 0; i < WRITERS; i++) {
        loads[i].number = i;
        cr_assert(wire_open(&loads[i].wire));
        cr_assert_eq(pthread_create(&loads[i].thread, NULL, write_on, &loads[i]), 0);
    }
    for (int round = 0; round < BACKUPS; round++) {
        int before[WRITERS];
        const char *copy = scratch(at("copy-%d.db", round));
        for (int i = 0; i < WRITERS; i++) {
            while (loads[i].answered < (round + 1) * FIRST)
                usleep(1000);
            before[i] = loads[i].answered;
        }
        expect_exit(back_up(copy), 0);
        for (int i = 0; i < WRITERS; i++) {
            int64_t kept = ask_file(copy, at("SELECT count(*) FROM actor WHERE external_id LIKE 'w%d-%%'", i));
            cr_expect_geq(kept, before[i]);
            cr_expect_eq(kept, ask_file(copy, at("SELECT count(*) FROM actor WHERE external_id LIKE 'w%d-%%' AND "
                                                 "substr(external_id, 4) + 0 < %lld",
                                                 i, (long long)kept)));
        }
        expect_exit(check(copy), 0);
        remove(copy);
    }
    for (int i = 0; i < WRITERS; i++) {
        loads[i].stop = true;
        pthread_join(loads[i].thread, NULL);
        wire_close(&loads[i].wire);
    }
}

Test(backup, is_one_file_that_its_owner_alone_may_read)
{
    server_start();
    scene_set();
    const char *copy = scratch("copy.db");
    struct outcome outcome = back_up(copy);
    expect_exit(outcome, 0);
    cr_expect_str_eq(outcome.errors, "", "it is quiet in a pipe: %s", outcome.errors);
    struct stat info;
    cr_assert_eq(stat(copy, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0600, "%o", info.st_mode);
    expect_nothing_beside(copy);
    cr_expect_eq(ask_file(copy, "SELECT count(*) FROM claim"), 1);
    expect_nothing_beside(copy); /* nor does reading it leave anything */
    remove(copy);
}

/* A store as the first version left it. */
static void make_older(const char *path)
{
    execute(path, ENGINE_CREATE,
            at("BEGIN; %.*s; PRAGMA application_id = 1382305652; PRAGMA user_version = 1; COMMIT",
               SLICE_ARGS(embedded_migrations()[0].sql)));
}

Test(backup, of_an_older_version_is_possible)
{
    const char *older = scratch("older.db"), *copy = scratch("copy.db");
    make_older(older);
    expect_exit(readout("backup", "--database", older, copy), 0);
    cr_expect_eq(ask_file(copy, "SELECT user_version FROM pragma_user_version"), 1);
    remove(older);
    remove(copy);
}

Test(backup, that_cannot_be_leaves_nothing)
{
    server_start();
    const char *copy = scratch("copy.db"), *foreign = scratch("foreign.db"), *text = scratch("text.db");
    execute(foreign, ENGINE_CREATE, "CREATE TABLE mine (x)");
    write_bytes(text, "no database", 11);
    static const struct {
        const char *words;
        int status;
    } wanted[] = {{"usage", 2}, {"write it, then send it", 2},    {"there is no such database", 1}, {"not one of Readout", 1},
                  {"not", 1},   {"cannot be written: No such", 1}};
    const struct outcome outcomes[] = {readout("backup", "--database", server_database()),
                                       back_up("-"),
                                       readout("backup", "--database", scratch("none.db"), copy),
                                       readout("backup", "--database", foreign, copy),
                                       readout("backup", "--database", text, copy),
                                       back_up("build/no-such-folder/copy.db")};
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        expect_exit(outcomes[i], wanted[i].status);
        expect_words(outcomes[i].errors, wanted[i].words);
    }
    cr_expect_not(is_there(copy));
    expect_nothing_beside(copy);
    remove(foreign);
    remove(text);
}

/* Runs the binary and kills it after so many microseconds. */
static void run_and_kill(const char *const *arguments, useconds_t after)
{
    const char *binary = getenv("READOUT_BINARY");
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        fclose(stdout);
        fclose(stderr);
        execv(binary ? binary : "build/readout", (char *const *)arguments);
        _exit(127);
    }
    usleep(after);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

enum { KILLS = 12, KILL_STEP = 4000 };

static void forget_unfinished(const char *path)
{
    for (const char *left; (left = one_like(at("%s.unfinished-*", path))) != NULL;)
        remove(left);
}

Test(backup, that_is_killed_leaves_nothing_that_looks_like_one)
{
    server_start();
    scene_set();
    const char *copy = scratch("copy.db");
    for (useconds_t i = 0; i < KILLS; i++) {
        run_and_kill((const char *const[]){"readout", "backup", "--database", server_database(), copy, NULL}, i * KILL_STEP);
        if (is_there(copy))
            expect_exit(check(copy), 0);
        remove(copy);
    }
    forget_unfinished(copy);
}

/* ---- restore ------------------------------------------------------------------------------------------------------------ */

static const char *const read_back[] = {"/v1/claims?expand=reports.article,speaker",
                                        "/v1/actors",
                                        "/v1/meetings.ics",
                                        "/v1/discrepancies",
                                        "/v1/changes",
                                        "/v1/claims/1/history",
                                        "/v1/search?q=talks",
                                        "/v1/articles/1?expand=text,mentions",
                                        "/v1/claims?facets=topic,stance",
                                        "/v1/stats"};
enum { READ_BACK = sizeof read_back / sizeof read_back[0] };

Test(restore, brings_every_answer_back_byte_for_byte)
{
    struct slice before[READ_BACK];
    server_start("--public-url", "http://readout.example");
    struct scene scene = scene_set();
    const char *copy = scratch("copy.db");
    expect_exit(back_up(copy), 0);
    for (size_t i = 0; i < READ_BACK; i++)
        before[i] = get("%s", read_back[i]).body;
    make("/v1/topics", "{'slug': 'later', 'name': 'Later'}");
    expect_status(erase("/v1/claims/%lld", scene.claim), 204);
    cr_assert_eq(server_stop(), 0);

    struct outcome restored = restore(copy, "replace");
    expect_exit(restored, 0);
    expect_nothing_beside(server_database());
    const char *kept = one_like(at("%s.before-*", server_database()));
    cr_assert(kept);
    expect_words(restored.output, kept + strlen(kept) - 16);
    server_start("--public-url", "http://readout.example");
    for (size_t i = 0; i < READ_BACK; i++) {
        struct answer now = get("%s", read_back[i]);
        cr_expect(slice_equal(now.body, before[i]), "%s:\n%.*s\n%.*s", read_back[i], SLICE_ARGS(before[i]), SLICE_ARGS(now.body));
    }
    make("/v1/topics", "{'slug': 'again', 'name': 'Again'}");
    expect_words(readout("get", "--database", kept, "/v1/topics?slug=later").output, "\"Later\"");
    expect_exit(check(kept), 0);
    remove(kept);
    remove(copy);
}

Test(restore, makes_the_store_where_there_is_none)
{
    server_start();
    scene_set();
    const char *copy = scratch("copy.db"), *other = scratch("other.db");
    expect_exit(back_up(copy), 0);
    expect_exit(readout("restore", "--database", other, copy), 0);
    expect_exit(check(other), 0);
    cr_expect_null(one_like(at("%s.before-*", other)));
    remove(copy);
    remove(other);
}

Test(restore, of_an_older_version_brings_it_up)
{
    const char *older = scratch("older.db"), *other = scratch("other.db");
    make_older(older);
    expect_exit(readout("restore", "--database", other, older), 0);
    expect_exit(readout("get", "--database", other, "/v1/topics"), 0);
    expect_exit(check(other), 0);
    cr_expect_eq(ask_file(older, "SELECT user_version FROM pragma_user_version"), 1);
    remove(older);
    remove(other);
}

/* Whatever is wrong: it says so, and the store is what it was. */
static void expect_refused(struct outcome outcome, const char *words)
{
    expect_exit(outcome, 1);
    expect_words(outcome.errors, words);
    cr_expect_eq(ask_file(server_database(), "SELECT count(*) FROM topic WHERE slug = 'mine'"), 1);
    cr_expect_null(one_like(at("%s.unfinished-*", server_database())));
    cr_expect_null(one_like(at("%s.before-*", server_database())));
}

Test(restore, refuses_what_is_no_whole_backup)
{
    server_start();
    scene_set();
    make("/v1/topics", "{'slug': 'mine', 'name': 'Mine'}");
    const char *copy = scratch("copy.db"), *bad = scratch("bad.db");
    expect_exit(back_up(copy), 0);
    cr_assert_eq(server_stop(), 0);

    expect_refused(restore(copy), "restore FILE replace");
    expect_refused(restore(scratch("none.db"), "replace"), "none.db");
    expect_refused(restore(server_database(), "replace"), "the store itself");
    write_bytes(bad, "", 0);
    expect_refused(restore(bad, "replace"), "nothing of Readout");
    write_bytes(bad, "no database at all, and not short either", 40);
    expect_refused(restore(bad, "replace"), "bad.db");
    copy_file(copy, bad);
    damage(bad);
    expect_refused(restore(bad, "replace"), "damaged");
    copy_file(copy, bad);
    cr_assert_eq(truncate(bad, 65536), 0);
    expect_refused(restore(bad, "replace"), "bad.db");
    copy_file(copy, bad);
    execute(bad, ENGINE_WRITE, "PRAGMA user_version = 9999");
    expect_refused(restore(bad, "replace"), "use a newer readout");
    copy_file(copy, bad);
    execute(bad, ENGINE_WRITE, "PRAGMA foreign_keys = OFF; DELETE FROM actor");
    expect_refused(restore(bad, "replace"), "names one of actor");
    cr_expect_eq(restore(copy, "please").status, 2);
    cr_expect_eq(readout("restore", "--database", server_database()).status, 2);
    remove(copy);
    remove(bad);
}

Test(restore, refuses_while_a_server_has_the_store)
{
    server_start();
    make("/v1/topics", "{'slug': 'mine', 'name': 'Mine'}");
    const char *copy = scratch("copy.db");
    expect_exit(back_up(copy), 0);
    expect_refused(restore(copy, "replace"), "stop the server first");
    make("/v1/topics", "{'slug': 'still', 'name': 'Still there'}");
    remove(copy);
}

Test(restore, takes_the_log_of_a_killed_server_into_what_it_keeps)
{
    server_start();
    const char *copy = scratch("copy.db");
    expect_exit(back_up(copy), 0);
    make("/v1/topics", "{'slug': 'last', 'name': 'The last one'}");
    server_kill();
    cr_assert(is_there(at("%s-wal", server_database())));
    expect_exit(restore(copy, "replace"), 0);
    expect_nothing_beside(server_database());
    const char *kept = one_like(at("%s.before-*Z", server_database()));
    cr_expect_eq(ask_file(server_database(), "SELECT count(*) FROM topic WHERE slug = 'last'"), 0);
    cr_expect_eq(ask_file(kept, "SELECT count(*) FROM topic WHERE slug = 'last'"), 1);
    remove(kept);
    remove(copy);
}

Test(restore, replaces_a_store_that_is_no_database_any_more)
{
    server_start();
    const char *copy = scratch("copy.db"), *log = at("%s-wal", server_database());
    expect_exit(back_up(copy), 0);
    cr_assert_eq(server_stop(), 0);
    write_bytes(server_database(), "a text that somebody saved here by mistake", 42);
    write_bytes(log, "nor is this a log", 17);
    expect_exit(restore(copy, "replace"), 0);
    expect_exit(check(server_database()), 0);
    const char *kept = one_like(at("%s.before-*Z", server_database()));
    cr_assert(kept && is_there(at("%s-wal", kept)), "its log is kept with it");
    remove(at("%s-wal", kept));
    remove(kept);

    const char *stray = scratch("other.db-wal");
    write_bytes(stray, "a log without its database", 26);
    struct outcome refused = readout("restore", "--database", scratch("other.db"), copy);
    expect_exit(refused, 1);
    expect_words(refused.errors, "without its database");
    remove(stray);
    remove(copy);
}

Test(restore, that_is_killed_leaves_the_old_store_or_the_new)
{
    server_start();
    const char *copy = scratch("copy.db");
    expect_exit(back_up(copy), 0);
    cr_assert_eq(server_stop(), 0);
    for (useconds_t i = 0; i < KILLS; i++) {
        execute(server_database(), ENGINE_WRITE, "CREATE TABLE IF NOT EXISTS old (x)");
        run_and_kill((const char *const[]){"readout", "restore", "--database", server_database(), copy, "replace", NULL},
                     i * 2 * KILL_STEP);
        bool is_old = ask_file(server_database(), "SELECT count(*) FROM sqlite_schema WHERE name = 'old'") > 0;
        cr_expect(is_old || one_like(at("%s.before-*", server_database())) || one_like(at("%s.unfinished-*", server_database())));
        expect_exit(check(server_database()), 0);
    }
    forget_unfinished(server_database());
    for (const char *kept; (kept = one_like(at("%s.before-*", server_database()))) != NULL;)
        remove(kept);
    remove(copy);
}
