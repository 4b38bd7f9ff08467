/* Articles that come in: what they say is written with them. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/harness.h"
#include "support/scene.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(ingest, .init = set_up, .fini = server_down);

#define TREATY                                                                                                                   \
    "Foreign Minister Anna Keller said on Tuesday that Freedonia will not sign the treaty with its neighbours before the "       \
    "summer. She met Defence Minister Paul Weber in Vienna on Monday."
#define HARBOUR "The harbour stays closed until Friday, Anna Keller told reporters in the capital on Sunday."

static struct answer send_article(const char *query, const char *text, const char *members)
{
    return post(at("/v1/articles%s", query), "{'text': '%s', 'published_at': '2022-01-12'%s}", text, members);
}

static struct answer claims_in(struct answer article)
{
    return get("/v1/articles/%lld/claims?expand=reports,speaker", id_of(article));
}

static long long id_named(const char *name)
{
    struct answer list = get("/v1/actors?limit=200");
    for (size_t i = 0; i < count_at(list, "items"); i++) {
        if (strcmp(text_at(list, at("items.%zu.name", i)), name) == 0)
            return int_at(list, at("items.%zu.id", i));
    }
    return 0;
}

/* ---- beside a running server --------------------------------------------------------------------------------------------- */

static void await_total(const char *path, long long wanted)
{
    for (int i = 0; i < 500 && int_at(get("%s", path), "total") != wanted; i++)
        usleep(10000);
    expect_int(get("%s", path), "total", wanted);
}

Test(ingest, what_another_program_writes_shows_without_a_write_of_the_server)
{
    const char *line = "{\"title\": \"A\", \"text\": \"Nothing is said in here.\", \"url\": \"https://outlet.example/a\"}\n";
    for (int i = 0; i < 3; i++) /* until the reply is kept in memory */
        expect_int(get("/v1/articles?count=exact"), "total", 0);
    long long before = int_at(get("/v1/changes?limit=1"), "last_seq");
    struct outcome ingest = readout_fed(line, "ingest", "-", "--database", server_database());
    cr_assert_eq(ingest.status, 0, "%s", ingest.errors);
    await_total("/v1/articles?count=exact", 1);
    cr_assert_gt(int_at(get("/v1/changes?limit=1"), "last_seq"), before);
}

/* ---- what is written ----------------------------------------------------------------------------------------------------- */

Test(ingest, an_article_comes_with_what_it_says)
{
    struct answer article = send_article("", TREATY, ", 'outlet': 'Morning Post'");
    expect_status(article, 201);
    cr_assert_geq(int_at(article, "extracted.claims"), 1);
    cr_assert_geq(int_at(article, "extracted.actors"), 1);
    expect_int(get("/v1/articles/%lld/mentions?count=exact", id_of(article)), "total", int_at(article, "extracted.mentions"));
    struct answer claims = claims_in(article);
    cr_assert_eq((long long)count_at(claims, "items"), int_at(article, "extracted.claims"));
    expect_text(claims, "items.0.status", "extracted");
    expect_text(claims, "items.0.said_on", "2022-01-11");
    expect_int(claims, "items.0.report_count", 1);
    expect_int(claims, "items.0.reports.0.article_id", id_of(article));
    cr_assert(strstr(text_at(claims, "items.0.reports.0.content.0.text"), "Freedonia will not sign"));
    struct answer again = get("/v1/articles/%lld", id_of(article));
    expect_int(again, "version", 1);
    expect_absent(again, "extracted");
}

Test(ingest, new_actors_are_extracted_until_a_person_decides)
{
    send_article("", TREATY, "");
    long long keller = id_named("Anna Keller");
    cr_assert(keller);
    struct answer actor = get("/v1/actors/%lld", keller);
    expect_text(actor, "status", "extracted");
    expect_text(actor, "kind", "person");
    expect_int(get("/v1/actors/%lld", keller), "version", 1);
}

Test(ingest, a_known_actor_is_linked_by_name_alias_script_and_spelling)
{
    long long keller = make("/v1/actors", "{'name': 'KELLER, Anna', 'kind': 'person', 'aliases': [{'text': 'Anna Keller'}]}");
    struct answer article = send_article("", TREATY, "");
    expect_int(claims_in(article), "items.0.speaker_id", keller);
    cr_assert_geq(int_at(get("/v1/actors/%lld/mentions", keller), "total"), 1);
}

Test(ingest, two_articles_of_one_person_name_one_actor)
{
    struct answer first = send_article("", TREATY, ""), second = send_article("", HARBOUR, "");
    expect_int(claims_in(second), "items.0.speaker_id", int_at(claims_in(first), "items.0.speaker_id"));
}

Test(ingest, the_same_words_of_the_same_speaker_are_one_claim)
{
    struct answer first = send_article("", TREATY, ", 'outlet': 'Morning Post'");
    struct answer second = send_article("", "In other news. " TREATY, ", 'outlet': 'Evening Post'");
    long long claim = int_at(claims_in(first), "items.0.id");
    expect_int(claims_in(second), "items.0.id", claim);
    struct answer both = get("/v1/claims/%lld?expand=reports", claim);
    expect_int(both, "report_count", 2);
    expect_int(both, "outlet_count", 2);
    expect_each(both, "reports", "article_id", at("[%lld, %lld]", id_of(first), id_of(second)));
}

Test(ingest, one_meeting_in_two_articles_is_one_meeting)
{
    struct answer first = send_article("", TREATY, ""), second = send_article("", "In other news. " TREATY, "");
    struct answer meetings = get("/v1/articles/%lld/meetings", id_of(first));
    cr_assert_eq((long long)count_at(meetings, "items"), int_at(first, "extracted.meetings"));
    for (size_t i = 0; i < count_at(meetings, "items"); i++) {
        long long id = int_at(meetings, at("items.%zu.id", i));
        expect_text(meetings, at("items.%zu.review", i), "extracted");
        if (value_at(meetings, at("items.%zu.starts_on", i)) && json_is_string(value_at(meetings, at("items.%zu.starts_on", i))))
            expect_int(get("/v1/articles/%lld/meetings", id_of(second)), at("items.%zu.id", i), id);
    }
}

/* ---- whether it is read --------------------------------------------------------------------------------------------------- */

Test(ingest, reading_is_switched_off_by_the_parameter)
{
    struct answer article = send_article("?extract=false", TREATY, "");
    expect_status(article, 201);
    expect_absent(article, "extracted");
    expect_count(claims_in(article), "items", 0);
    expect_int(get("/v1/actors"), "total", 0);
}

Test(ingest, reading_is_switched_off_by_the_settings)
{
    server_stop();
    server_start("--extract", "off");
    expect_absent(send_article("", TREATY, ""), "extracted");
    cr_assert_geq(int_at(send_article("?extract=true", HARBOUR, ""), "extracted.claims"), 1);
}

Test(ingest, mentions_of_its_sender_are_taken_for_a_reading)
{
    long long keller = make("/v1/actors", "{'name': 'Anna Keller', 'kind': 'person'}");
    const char *mention = at(", 'mentions': [{'actor_id': %lld, 'start': 17, 'end': 28, 'form': 'nominal'}]", keller);
    struct answer article = send_article("", TREATY, mention);
    expect_absent(article, "extracted");
    expect_count(get("/v1/articles/%lld/mentions", id_of(article)), "items", 1);
    struct answer read = send_article("?extract=true", "\\u0020" TREATY, ", 'mentions': []");
    cr_assert_geq(int_at(read, "extracted.mentions"), 1);
}

Test(ingest, a_dry_run_tells_what_would_be_found_and_keeps_nothing)
{
    struct answer article = send_article("?dry_run=true", TREATY, "");
    cr_assert_geq(int_at(article, "extracted.claims"), 1);
    expect_int(get("/v1/articles"), "total", 0);
    expect_int(get("/v1/claims"), "total", 0);
    expect_int(get("/v1/actors"), "total", 0);
}

/* ---- how it comes --------------------------------------------------------------------------------------------------------- */

Test(ingest, a_text_is_an_article)
{
    struct answer article = ask("POST", "/v1/articles?url=https://example.org/1&outlet=Morning%20Post&published_at=2022-01-12",
                                "text/plain", SLICE(TREATY));
    expect_status(article, 201);
    expect_text(article, "text", TREATY);
    expect_text(article, "url", "https://example.org/1");
    expect_text(article, "published_at", "2022-01-12");
    expect_text(get("/v1/articles/%lld?expand=outlet", id_of(article)), "outlet.name", "Morning Post");
    expect_text(claims_in(article), "items.0.said_on", "2022-01-11");
    struct answer off = ask("POST", "/v1/articles?extract=false", "text/plain", SLICE(HARBOUR));
    expect_status(off, 201);
    expect_absent(off, "extracted");
}

#define PAGE(head)                                                                                                               \
    "<!DOCTYPE html><html lang=en><head><title>No treaty</title>" head "</head><body><article><h1>No treaty</h1><p>" TREATY      \
    "</p></article></body></html>"

Test(ingest, a_page_is_an_article_with_what_it_says_of_itself)
{
    struct answer article = ask("POST", "/v1/articles", "text/html",
                                SLICE(PAGE("<meta property='article:published_time' content='2022-01-12T10:00:00Z'>"
                                           "<meta property='og:site_name' content='Morning Post'>"
                                           "<link rel=canonical href='https://example.org/no-treaty'>")));
    expect_status(article, 201);
    expect_text(article, "title", "No treaty");
    expect_text(article, "published_at", "2022-01-12T10:00:00.000Z");
    cr_assert_null(strstr(text_at(article, "text"), "<"));
    cr_assert(strstr(text_at(article, "text"), "Freedonia will not sign"));
    cr_assert_geq(int_at(article, "extracted.claims"), 1);
}

Test(ingest, what_a_page_says_of_itself_is_not_believed_blindly)
{
    struct answer article = ask("POST", "/v1/articles?published_at=2022-01-10", "text/html",
                                SLICE(PAGE("<meta property='article:published_time' content='yesterday'>"
                                           "<link rel=canonical href='javascript:alert(1)'>")));
    expect_status(article, 201);
    expect_null(article, "url");
    expect_text(article, "published_at", "2022-01-10");
}

Test(ingest, the_query_describes_only_what_has_no_room_for_it)
{
    struct answer refused = post("/v1/articles?outlet=Morning%20Post", "{'text': 'Nothing.'}");
    expect_problem(refused, 400, "invalid-parameter");
    expect_fault(refused, "outlet", "conflict");
}

Test(ingest, what_is_no_text_makes_no_article)
{
    struct answer refused = ask("POST", "/v1/articles", "text/plain", SLICE("Zo\xff"));
    expect_problem(refused, 422, "invalid-body");
    expect_fault_says(refused, "#", "at byte 2");
    expect_problem(ask("POST", "/v1/articles", "text/html", SLICE("<script>1</script>")), 422, "invalid-body");
    expect_problem(ask("POST", "/v1/articles", "text/csv", SLICE("a,b")), 415, "unsupported-media-type");
    expect_int(get("/v1/articles"), "total", 0);
}

Test(ingest, lines_have_a_receipt_each)
{
    struct answer made = ask("POST", "/v1/articles", "application/x-ndjson",
                             SLICE("{\"text\":\"" TREATY "\"}\n{\"text\":\"" HARBOUR "\"}\n{\"text\":\"" TREATY "\"}\n"));
    expect_status(made, 201);
    expect_each(made, "items", "status", "[201, 201, 200]");
    expect_int(made, "items.2.id", int_at(made, "items.0.id"));
    cr_assert_geq(int_at(made, "items.0.extracted.claims"), 1);
    cr_assert_geq(int_at(made, "items.1.extracted.claims"), 1);
    expect_int(made, "created", 2);
}

Test(ingest, a_bad_item_keeps_none_or_itself_out)
{
    struct answer none = post("/v1/articles", "[{'text': '" TREATY "'}, {'text': '" HARBOUR "', 'outlet_id': 999}]");
    expect_problem(none, 422, "invalid-body");
    expect_int(get("/v1/articles"), "total", 0);
    expect_int(get("/v1/actors"), "total", 0);
    struct answer some = post("/v1/articles?on_error=continue",
                              "[{'text': '" TREATY "'}, {'text': 3}, {'text': '" HARBOUR "', 'outlet_id': 999}]");
    expect_status(some, 207);
    expect_each(some, "items", "status", "[201, 422, 422]");
    expect_int(get("/v1/articles"), "total", 1);
    struct answer claims = get("/v1/claims?expand=reports");
    for (size_t i = 0; i < count_at(claims, "items"); i++)
        expect_int(claims, at("items.%zu.reports.0.article_id", i), int_at(some, "items.0.id"));
}

/* ---- what is there already ------------------------------------------------------------------------------------------------ */

Test(ingest, the_same_article_again_is_the_same_article)
{
    struct answer first = send_article("", TREATY, ", 'url': 'https://example.org/1'");
    long long claims = int_at(get("/v1/claims"), "total"), actors = int_at(get("/v1/actors"), "total");
    static const char *const again[] = {", 'url': 'https://example.org/1'", "", ", 'title': 'Another headline'"};
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++) {
        struct answer known = send_article("", TREATY, again[i]);
        expect_status(known, 200);
        expect_int(known, "id", id_of(first));
        expect_int(known, "version", 1);
        expect_header(known, "ETag", header_of(first, "ETag"));
    }
    expect_int(get("/v1/articles"), "total", 1);
    expect_int(get("/v1/claims"), "total", claims);
    expect_int(get("/v1/actors"), "total", actors);
}

Test(ingest, another_key_for_a_known_url_is_a_conflict_that_names_it)
{
    struct answer first = send_article("", TREATY, ", 'url': 'https://example.org/1', 'external_id': 'mine'");
    struct answer refused = send_article("", HARBOUR, ", 'url': 'https://example.org/1', 'external_id': 'yours'");
    expect_problem(refused, 409, "conflict");
    expect_header_has(refused, "Link", at("/v1/articles/%lld", id_of(first)));
    expect_int(get("/v1/articles"), "total", 1);
}

Test(ingest, another_outlet_or_key_makes_the_same_text_another_article)
{
    struct answer first = send_article("", TREATY, ", 'outlet': 'Morning Post'");
    struct answer copy = send_article("", TREATY, ", 'outlet': 'Evening Post'");
    expect_status(copy, 201);
    expect_int(copy, "near_duplicate_of", id_of(first));
    expect_status(send_article("", TREATY, ", 'outlet': 'morning post'"), 200);
    expect_status(send_article("", TREATY, ", 'external_id': 'mine'"), 201);
}

/* ---- the command ----------------------------------------------------------------------------------------------------------- */

TestSuite(ingest_command, .fini = server_down);

static const char *in(const char *folder, const char *name, const char *content)
{
    const char *path = at("%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert(file);
    fputs(content, file);
    fclose(file);
    return path;
}

static struct outcome ingest(const char *from)
{
    return readout("ingest", "--database", server_database(), from);
}

Test(ingest_command, a_folder_is_taken_with_all_in_it)
{
    const char *folder = at("%s.folder", scratch("news")), *inner = at("%s/inner", folder);
    mkdir(folder, 0755);
    mkdir(inner, 0755);
    in(folder, "b.txt", TREATY);
    in(folder, "c.html", PAGE(""));
    in(folder, "a.ndjson", "{\"text\":\"One more thing was said.\",\"external_id\":\"line\"}\n");
    in(folder, "picture.png", "\xff\xd8");
    in(inner, "d.txt", HARBOUR);
    struct outcome taken = ingest(folder);
    cr_assert_eq(taken.status, 0, "%s", taken.errors);
    cr_assert(strstr(taken.output, "4 taken: 4 created, 0 known already; 4 articles read"), "%s", taken.output);
    cr_assert_null(strstr(taken.errors, "a second"), "a pipe is told of no progress: %s", taken.errors);
    struct outcome again = ingest(folder);
    cr_assert(strstr(again.output, "4 taken: 0 created, 4 known already"), "%s", again.output);
    server_start();
    struct answer articles = get("/v1/articles?expand=text");
    expect_text(articles, "items.0.external_id", "line");
    expect_text(articles, "items.1.text", TREATY);
    expect_text(articles, "items.3.text", HARBOUR);
    cr_assert_geq(int_at(get("/v1/claims"), "total"), 2);
}

Test(ingest_command, a_file_that_is_no_article_is_told_and_passed_over)
{
    const char *folder = at("%s.folder", scratch("mixed"));
    mkdir(folder, 0755);
    in(folder, "a.txt", "\xff\xfe");
    in(folder, "b.html", "<html><script>1</script></html>");
    in(folder, "c.txt", TREATY);
    in(folder, "d.txt", "  \n");
    struct outcome taken = ingest(folder);
    cr_assert_eq(taken.status, 1);
    cr_assert(strstr(taken.output, "1 created"), "%s", taken.output);
    cr_assert(strstr(taken.errors, "a.txt: this is not UTF-8, at byte 0"), "%s", taken.errors);
    cr_assert(strstr(taken.errors, "b.html"), "%s", taken.errors);
    cr_assert(strstr(taken.errors, "3 of 4 files were passed over"), "%s", taken.errors);
}

Test(ingest_command, standard_input_is_what_it_looks_like)
{
    const char *database = server_database();
    struct outcome text = readout_fed(TREATY, "ingest", "--database", database, "-");
    struct outcome page = readout_fed("\n" PAGE(""), "ingest", "--database", database, "-");
    struct outcome lines =
        readout_fed("{\"text\":\"" HARBOUR "\"}\n{\"text\":\"One.\"}\n", "ingest", "--database", database, "-");
    cr_assert(strstr(text.output, "1 taken: 1 created"), "%s%s", text.output, text.errors);
    cr_assert(strstr(page.output, "1 taken: 1 created"), "%s%s", page.output, page.errors);
    cr_assert(strstr(lines.output, "2 taken: 2 created"), "%s%s", lines.output, lines.errors);
    struct outcome off = readout_fed("Another text.", "ingest", "--extract", "off", "--database", database, "-");
    cr_assert(strstr(off.output, "0 articles read"), "%s%s", off.output, off.errors);
}
