/* The binary at the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/harness.h"
#include "support/scene.h"

TestSuite(commands, .fini = server_down);

#define expect_exit(outcome, wanted)                                                                                             \
    cr_assert_eq((outcome).status, wanted, "exit status %d\n%s\n%s", (outcome).status, (outcome).output, (outcome).errors)
#define expect_words(text, words) cr_assert(strstr(text, words), "expected \"%s\" in:\n%s", words, text)

static const char *write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
    return path;
}

/* ---- about itself ------------------------------------------------------------------------------------------------------- */

Test(commands, help_names_every_command_and_setting)
{
    static const char *const names[] = {"serve",
                                        "get",
                                        "migrate",
                                        "ingest",
                                        "backup",
                                        "restore",
                                        "check",
                                        "lexicon",
                                        "keys create",
                                        "--listen",
                                        "--database",
                                        "--demo",
                                        "--log",
                                        "--loops",
                                        "--max-body",
                                        "--max-target",
                                        "--max-connections",
                                        "--max-connections-per-address",
                                        "--idle-timeout",
                                        "--body-timeout",
                                        "--public-url",
                                        "--cors-origins",
                                        "--public-read",
                                        "--remote-writes",
                                        "--contract",
                                        "--stop-timeout",
                                        "READOUT_"};
    struct outcome help = readout("--help");
    expect_exit(help, 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        expect_words(help.output, names[i]);
}

Test(commands, version_is_told)
{
    struct outcome version = readout("--version");
    expect_exit(version, 0);
    expect_words(version.output, "readout " READOUT_VERSION);
}

Test(commands, what_is_not_known_is_refused_with_the_nearest_name)
{
    static const char *const rows[][3] = {
        {"serv", NULL, "serve"},
        {"serve", "--databse", "--database"},
        {"serve", "--max-body=lots", "max-body"},
        {"serve", "--log=loud", "log"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct outcome refused = readout_run("", (const char *const[]){rows[i][0], rows[i][1], NULL});
        cr_assert_gt(refused.status, 0);
        expect_words(refused.errors, rows[i][2]);
    }
}

Test(commands, a_setting_is_a_variable_too)
{
    setenv("READOUT_MAX_BODY", "1024", 1);
    server_start();
    unsetenv("READOUT_MAX_BODY");
    expect_status(post("/v1/topics", "{'slug': 'a', 'name': '%1024s'}", "x"), 413);
}

/* ---- lexicon ------------------------------------------------------------------------------------------------------------ */

Test(commands, lexicon_lists_the_word_lists)
{
    struct outcome list = readout("lexicon");
    expect_exit(list, 0);
    expect_words(list.output, "verbs  ");
    expect_words(list.output, "abbreviations  ");
    expect_words(list.output, " entries\n");
}

Test(commands, lexicon_prints_one)
{
    struct outcome printed = readout("lexicon", "abbreviations");
    expect_exit(printed, 0);
    expect_words(printed.output, "# Abbreviations that are written with a full stop");
    expect_words(printed.output, "\nProf.");
}

Test(commands, lexicon_refuses_what_is_none)
{
    struct outcome unknown = readout("lexicon", "verb"), many = readout("lexicon", "verbs", "nouns");
    expect_exit(unknown, 1);
    expect_words(unknown.errors, "did you mean verbs");
    expect_exit(many, 2);
    expect_words(many.errors, "usage: readout lexicon [NAME]");
}

/* ---- get ---------------------------------------------------------------------------------------------------------------- */

static struct outcome read_path(const char *path)
{
    return readout("get", "--database", server_database(), path);
}

Test(commands, get_answers_without_a_port)
{
    server_start();
    struct scene scene = scene_set();
    struct answer claim = get("/v1/claims/%lld", scene.claim);
    cr_assert_eq(server_stop(), 0);
    struct outcome read = read_path(at("/v1/claims/%lld", scene.claim));
    expect_exit(read, 0);
    cr_assert(strncmp(read.output, claim.body.data, claim.body.length) == 0, "%s", read.output);
    expect_words(read_path("/v1/claims?topic=fishing-rights").output, "\"claim-1\"");
}

Test(commands, get_tells_by_its_exit_whether_it_went_well)
{
    server_start();
    cr_assert_eq(server_stop(), 0);
    struct outcome missing = read_path("/v1/claims/1"), wrong = read_path("/v1/claims?nonsense=1");
    expect_exit(missing, 1);
    expect_words(missing.output, "\"not-found\"");
    expect_exit(wrong, 1);
    expect_words(wrong.output, "\"invalid-parameter\"");
}

Test(commands, get_shows_the_headers_when_asked)
{
    server_start();
    cr_assert_eq(server_stop(), 0);
    struct outcome read = readout("get", "-i", "--database", server_database(), "/v1/topics/1");
    expect_exit(read, 0);
    cr_assert_eq(strtol(read.output, NULL, 10), 200, "%s", read.output);
    expect_words(read.output, "ETag: \"t1-1\"");
    expect_words(read.output, "Content-Type: application/json");
    expect_words(read.output, "\"missiles\"");
}

Test(commands, get_makes_no_database)
{
    const char *path = scratch("none.db");
    struct outcome read = readout("get", "--database", path, "/v1/topics");
    cr_assert_gt(read.status, 0);
    expect_words(read.errors, path);
    cr_assert_null(fopen(path, "re"));
}

/* ---- migrate ------------------------------------------------------------------------------------------------------------ */

Test(commands, migrate_makes_a_store_and_is_content_with_it)
{
    for (int i = 0; i < 2; i++) {
        struct outcome migrated = readout("migrate", "--database", server_database());
        expect_exit(migrated, 0);
        expect_words(migrated.output, "newest version");
    }
    expect_exit(read_path("/v1/topics"), 0);
}

/* ---- backup ------------------------------------------------------------------------------------------------------------- */

Test(commands, a_backup_holds_what_the_server_held)
{
    server_start();
    scene_set();
    const char *copy = scratch("copy.db");
    expect_exit(readout("backup", "--database", server_database(), copy), 0);
    make("/v1/topics", "{'slug': 'later', 'name': 'Later'}");
    struct outcome read = readout("get", "--database", copy, "/v1/claims?topic=fishing-rights");
    expect_exit(read, 0);
    expect_words(read.output, "\"claim-1\"");
    expect_words(readout("get", "--database", copy, "/v1/topics?slug=later").output, "\"items\":[]");
    remove(copy);
}

Test(commands, a_backup_writes_over_nothing)
{
    server_start();
    const char *taken = write_file(scratch("taken.txt"), "mine");
    struct outcome refused = readout("backup", "--database", server_database(), taken);
    cr_assert_gt(refused.status, 0);
    expect_words(refused.errors, taken);
    remove(taken);
}

/* ---- ingest ------------------------------------------------------------------------------------------------------------- */

static const char lines[] =
    "{\"type\":\"actor\",\"external_id\":\"baker\",\"name\":\"Zo\u00eb Baker\",\"kind\":\"person\"}\n"
    "{\"external_id\":\"article-1\",\"text\":\"" SCENE_TEXT "\",\"outlet\":\"Morning Post\","
    "\"mentions\":[{\"actor_id\":\"baker\",\"start\":0,\"end\":9}]}\n"
    "\n"
    "{\"type\":\"meeting\",\"external_id\":\"talks-1\",\"name\":\"Talks\",\"kind\":\"talks\"}\n"
    "{\"type\":\"topic\",\"slug\":\"fishing-rights\",\"name\":\"Fishing rights\"}\n"
    "{\"type\":\"claim\",\"external_id\":\"claim-1\",\"text\":\"The talks begin\",\"speaker_id\":\"baker\","
    "\"topics\":[\"fishing-rights\"],\"occasion_id\":\"talks-1\",\"reports\":[{\"article_id\":\"article-1\","
    "\"kind\":\"indirect\",\"content\":[{\"start\":15,\"end\":30}]}]}\n";

static struct outcome ingest(const char *from)
{
    return readout_fed(lines, "ingest", "--database", server_database(), from);
}

static void expect_ingested(void)
{
    server_start();
    expect_int(get("/v1/claims?topic=fishing-rights&expand=reports"), "items.0.report_count", 1);
    expect_text(get("/v1/articles?external_id=article-1&expand=outlet"), "items.0.outlet.name", "Morning Post");
    expect_int(get("/v1/actors?external_id=baker"), "total", 1);
}

Test(commands, ingest_takes_a_file_of_lines)
{
    struct outcome taken = ingest(write_file(scratch("lines.ndjson"), lines));
    expect_exit(taken, 0);
    expect_ingested();
}

Test(commands, ingest_takes_standard_input)
{
    struct outcome taken = ingest("-");
    expect_exit(taken, 0);
    expect_ingested();
}

Test(commands, ingest_takes_a_folder_of_files)
{
    const char *folder = scratch("folder"), *name = at("%s/lines.ndjson", folder);
    remove(name);
    remove(folder);
    cr_assert_eq(mkdir(folder, 0755), 0);
    write_file(name, lines);
    expect_exit(ingest(folder), 0);
    expect_ingested();
}

Test(commands, ingest_twice_keeps_one_of_each)
{
    expect_exit(ingest("-"), 0);
    expect_exit(ingest("-"), 0);
    expect_ingested();
    expect_int(get("/v1/claims"), "total", 1);
}

Test(commands, ingest_names_the_line_that_is_wrong)
{
    const char *path = write_file(scratch("bad.ndjson"), "{\"text\": \"One.\"}\n{\"text\": \"Two.\"}\n{\"text\": 3}\n");
    struct outcome refused = ingest(path);
    cr_assert_gt(refused.status, 0);
    expect_words(refused.errors, "3");
    expect_words(refused.errors, "text");
    refused = ingest(write_file(scratch("type.ndjson"), "{\"type\": \"actr\", \"name\": \"x\"}\n"));
    cr_assert_gt(refused.status, 0);
    expect_words(refused.errors, "actor");
}

Test(commands, ingest_tells_when_there_is_no_such_file)
{
    struct outcome refused = ingest("/nonexistent/lines.ndjson");
    cr_assert_gt(refused.status, 0);
    expect_words(refused.errors, "/nonexistent/lines.ndjson");
}

Test(commands, ingest_works_while_the_server_runs)
{
    server_start();
    expect_exit(ingest("-"), 0);
    expect_int(get("/v1/claims?external_id=claim-1"), "total", 1);
}

/* ---- the demonstration record ------------------------------------------------------------------------------------------- */

Test(commands, the_demonstration_record_is_loaded_once)
{
    server_start("--demo");
    long long articles = int_at(get("/v1/articles"), "total"), claims = int_at(get("/v1/claims"), "total");
    cr_assert_geq(articles, 5);
    cr_assert_geq(claims, 5);
    cr_assert_geq(int_at(get("/v1/discrepancies"), "total"), 1);
    cr_assert_eq(server_stop(), 0);
    server_start("--demo");
    expect_int(get("/v1/articles"), "total", articles);
    expect_int(get("/v1/claims"), "total", claims);
    expect_int(get("/v1/articles?expand=outlet"), "items.0.version", 1);
}
