/* The same record in other forms. What Readout writes is read by others: xmllint, Python's csv, python3-icalendar. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "readout/buffer.h"
#include "support/harness.h"
#include "support/scene.h"

static struct scene scene;
static json_t *rows_read; /* by rows_of(), the latest */

static void set_up(void)
{
    server_start("--public-url", "https://readout.example");
    scene = scene_set();
}

static void tear_down(void)
{
    json_decref(rows_read);
    server_down();
}

TestSuite(formats, .init = set_up, .fini = tear_down);

/* ---- reading by others ------------------------------------------------------------------------------------------------ */

static const char *keep(struct answer answer, const char *name)
{
    const char *path = scratch(name);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(answer.body.data, 1, answer.body.length, file), answer.body.length);
    fclose(file);
    return path;
}

static bool runs(const char *command)
{
    return system(at("%s >/dev/null 2>&1", command)) == 0;
}

/* Its standard output; fails the test unless it exits with 0. */
static const char *output_of(const char *command)
{
    struct buffer text = buffer_in(test_arena(), 4096);
    FILE *pipe = popen(at("%s 2>&1", command), "r");
    int byte;
    cr_assert_not_null(pipe);
    while ((byte = fgetc(pipe)) != EOF)
        buffer_add_byte(&text, (char)byte);
    buffer_add_byte(&text, '\0');
    cr_assert_eq(pclose(pipe), 0, "%s: %s", command, text.data);
    return text.data;
}

#define PYTHON "/usr/bin/python3"

static void skip_without(const char *command, const char *package)
{
    if (!runs(command))
        cr_skip_test("%s is not installed", package);
}

/* The rows of a CSV answer as an answer of its own, for expect_text() and the like. */
static struct answer rows_of(struct answer table)
{
    const char *json = output_of(at(PYTHON " tests/support/read_table.py %s", keep(table, "table.csv")));
    struct answer rows = table;
    rows.body = slice_of(json);
    json_decref(rows_read);
    rows.json = rows_read = json_loads(json, 0, NULL);
    cr_assert_not_null(rows.json);
    return rows;
}

static void expect_has(const char *text, const char *part)
{
    cr_assert_not_null(strstr(text, part), "no \"%s\" in %s", part, text);
}

static void expect_not(const char *text, const char *part)
{
    cr_assert_null(strstr(text, part), "\"%s\" in %s", part, text);
}

static const char *body_of(struct answer answer)
{
    return arena_copy(test_arena(), answer.body.data ? answer.body.data : "", answer.body.length);
}

/* ---- choosing --------------------------------------------------------------------------------------------------------- */

Test(formats, a_suffix_and_accept_give_the_same)
{
    static const char *const forms[][2] = {{"ndjson", "application/x-ndjson"},
                                           {"csv", "text/csv"},
                                           {"ics", "text/calendar"},
                                           {"atom", "application/atom+xml"},
                                           {"jsonfeed", "application/feed+json"},
                                           {"jsonld", "application/ld+json"},
                                           {"json", "application/json"}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct answer by_suffix = get("/v1/meetings.%s", forms[i][0]);
        with("Accept: text/html;q=0.9, %s, */*;q=0.1", forms[i][1]);
        struct answer by_accept = get("/v1/meetings");
        expect_status(by_suffix, 200);
        expect_status(by_accept, 200);
        expect_header_has(by_suffix, "Content-Type", forms[i][1]);
        expect_header(by_accept, "Content-Type", header_of(by_suffix, "Content-Type"));
        expect_header_has(by_accept, "Vary", "Accept");
    }
}

Test(formats, the_suffix_wins_over_accept)
{
    with("Accept: text/csv");
    expect_header(get("/v1/claims.ndjson"), "Content-Type", "application/x-ndjson");
}

Test(formats, quality_decides)
{
    with("Accept: text/csv;q=0.4, application/x-ndjson;q=0.8, application/json;q=0.1");
    expect_header(get("/v1/claims"), "Content-Type", "application/x-ndjson");
    with("Accept: */*");
    expect_header(get("/v1/claims"), "Content-Type", "application/json");
    with("Accept: text/*");
    expect_header_has(get("/v1/claims"), "Content-Type", "text/csv");
}

Test(formats, what_is_not_there_says_what_is)
{
    struct answer refused = get("/v1/topics.atom");
    expect_problem(refused, 406, "not-acceptable");
    expect_body_has(refused, "application/json, application/x-ndjson, text/csv");
    expect_problem(get("/v1/claims.ics"), 406, "not-acceptable");
    expect_problem(get("/v1/claims/%lld.csv", scene.claim), 406, "not-acceptable");
    expect_problem(get("/v1/claims/%lld/history.csv", scene.claim), 406, "not-acceptable");
    expect_problem(get("/docs.json"), 406, "not-acceptable");
}

Test(formats, suffixes_are_for_reading_only)
{
    struct answer refused = post("/v1/topics.json", "{'slug': 'x', 'name': 'X'}");
    expect_problem(refused, 405, "method-not-allowed");
    expect_header(refused, "Allow", "GET, HEAD, OPTIONS");
    expect_header(options("/v1/topics.csv"), "Allow", "GET, HEAD, OPTIONS");
    expect_problem(get("/v1/nothing.csv"), 404, "not-found");
    expect_problem(get("/v1/claims.docx"), 404, "not-found");
    expect_problem(get("/v1/claims.csv?nonsense=1"), 400, "invalid-parameter");
    expect_status(get("/v1/claims/%lld/history.json", scene.claim), 200);
    expect_status(get("/openapi.json"), 200);
}

Test(formats, a_written_path_stays_what_it_is)
{
    expect_problem(get("/v1/claims/%lld.", scene.claim), 400, "invalid-parameter");
    expect_problem(get("/v1/claims/.json"), 400, "invalid-parameter");
    expect_problem(get("/v1/claims/x.json"), 400, "invalid-parameter");
    expect_problem(get("/v1/claims/999999.jsonld"), 404, "not-found");
    expect_status(erase("/v1/claims/%lld", scene.claim), 204);
    expect_problem(get("/v1/claims/%lld.jsonld", scene.claim), 410, "gone");
    expect_problem(get("/v1/actors/999999/claims.csv"), 404, "not-found");
}

/* ---- conditions ------------------------------------------------------------------------------------------------------- */

Test(formats, each_has_a_tag_of_its_own)
{
    static const char *const forms[] = {"json", "ndjson", "csv", "ics", "atom", "jsonfeed", "jsonld"};
    const char *seen = "";
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const char *tag = header_of(get("/v1/meetings.%s", forms[i]), "ETag");
        cr_assert_not_null(tag);
        expect_not(seen, tag);
        seen = at("%s %s", seen, tag);
        with("If-None-Match: %s", tag);
        struct answer same = get("/v1/meetings.%s", forms[i]);
        expect_status(same, 304);
        expect_header(same, "ETag", tag);
    }
    with("Accept: text/csv");
    const char *csv = header_of(get("/v1/meetings"), "ETag");
    with("Accept: application/x-ndjson");
    cr_assert_str_neq(header_of(get("/v1/meetings"), "ETag"), csv);
    with("If-None-Match: %s", csv);
    expect_status(get("/v1/meetings"), 200);
}

Test(formats, a_change_ends_a_304)
{
    const char *tag = header_of(get("/v1/claims.atom"), "ETag");
    expect_status(patch(at("/v1/actors/%lld", scene.baker), "{'name': 'Zo\u00eb B.'}"), 200);
    with("If-None-Match: %s", tag);
    struct answer feed = get("/v1/claims.atom");
    expect_status(feed, 200);
    expect_body_has(feed, "<name>Zo\u00eb B.</name>");
}

Test(formats, an_item_keeps_its_version_in_the_tag)
{
    struct answer event = get("/v1/meetings/%lld.ics", scene.meeting);
    expect_header(event, "ETag", at("\"m%lld-1-ics\"", scene.meeting));
    with("If-None-Match: \"m%lld-1-ics\"", scene.meeting);
    expect_status(get("/v1/meetings/%lld.ics", scene.meeting), 304);
    with("If-Match: \"m%lld-1-ics\"", scene.meeting);
    expect_status(patch(at("/v1/meetings/%lld", scene.meeting), "{'city': 'Bern'}"), 200);
    const char *claim = header_of(get("/v1/claims/%lld.jsonld", scene.claim), "ETag");
    with("If-None-Match: %s", claim);
    expect_status(get("/v1/claims/%lld.jsonld", scene.claim), 304);
}

Test(formats, head_says_the_same_without_a_body)
{
    struct answer table = head("/v1/claims.csv");
    expect_status(table, 200);
    cr_assert_eq(table.body.length, 0);
    expect_header(table, "Content-Type", "text/csv; charset=utf-8; header=present");
    expect_header(table, "ETag", header_of(get("/v1/claims.csv"), "ETag"));
}

/* ---- all of them ------------------------------------------------------------------------------------------------------ */

enum { MANY = 1203 };

static void make_many(void)
{
    struct buffer lines = buffer_in(test_arena(), MANY * 80);
    for (int i = 0; i < MANY; i++)
        buffer_print(&lines, "{\"text\":\"Claim %d\",\"said_on\":%s}\n", i,
                     i % 3 ? arena_print(test_arena(), "\"2022-01-%02d\"", i % 28 + 1) : "null");
    expect_status(ask("POST", "/v1/claims", "application/x-ndjson", buffer_slice(&lines)), 201);
}

/* The first words of all lines after `skip`, in order. */
static const char *first_columns(struct answer answer, int skip, const char *before, char after)
{
    struct buffer out = buffer_in(test_arena(), 16384);
    struct slice rest = answer.body;
    for (int number = 0; rest.data; number++) {
        struct slice line = slice_cut(&rest, '\n');
        if (number < skip || line.length <= strlen(before))
            continue;
        line = (struct slice){line.data + strlen(before), line.length - strlen(before)};
        buffer_add_slice(&out, slice_cut(&line, after));
        buffer_add_byte(&out, ' ');
    }
    buffer_add_byte(&out, '\0');
    return out.data;
}

static const char *ids_by_pages(const char *path)
{
    struct buffer out = buffer_in(test_arena(), 16384);
    struct answer page = get("%s&limit=500", path);
    while (true) {
        for (size_t i = 0; i < count_at(page, "items"); i++)
            buffer_print(&out, "%lld ", int_at(page, at("items.%zu.id", i)));
        if (json_is_null(value_at(page, "next_cursor")))
            break;
        page = get("%s&limit=500&cursor=%s", path, text_at(page, "next_cursor"));
    }
    buffer_add_byte(&out, '\0');
    return out.data;
}

Test(formats, lines_and_tables_hold_all_that_match)
{
    static const char *const queries[] = {"sort=id", "sort=-said_on", "sort=said_on&said_on__gte=2022-01-05"};
    make_many();
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        const char *all = ids_by_pages(at("/v1/claims?%s", queries[i]));
        struct answer lines = get("/v1/claims.ndjson?%s&limit=2", queries[i]);
        expect_status(lines, 200);
        cr_assert_str_eq(first_columns(lines, 0, "{\"id\":", ','), all, "%s", queries[i]);
        cr_assert_str_eq(first_columns(get("/v1/claims.csv?%s", queries[i]), 1, "", ','), all, "%s", queries[i]);
    }
}

Test(formats, a_cursor_begins_in_the_middle)
{
    make_many();
    struct answer page = get("/v1/claims?sort=-said_on&limit=500");
    const char *rest = first_columns(get("/v1/claims.csv?sort=-said_on&cursor=%s", text_at(page, "next_cursor")), 1, "", ',');
    const char *all = ids_by_pages("/v1/claims?sort=-said_on");
    cr_assert_str_eq(all + strlen(all) - strlen(rest), rest);
    cr_assert_gt(strlen(rest), 2000);
    struct answer back = get("/v1/claims?sort=-said_on&limit=500&cursor=%s", text_at(page, "next_cursor"));
    struct answer refused = get("/v1/claims.csv?sort=-said_on&cursor=%s", text_at(back, "prev_cursor"));
    expect_problem(refused, 400, "invalid-parameter");
    expect_fault(refused, "cursor", "cursor");
}

Test(formats, an_empty_list_is_whole)
{
    const char *none = "speaker_id=999999";
    expect_status(get("/v1/claims.ndjson?%s", none), 200);
    cr_assert_eq(get("/v1/claims.ndjson?%s", none).body.length, 0);
    struct answer table = get("/v1/claims.csv?%s&fields=id,text", none);
    cr_assert_str_eq(body_of(table), "id,text\r\n");
    expect_body_has(get("/v1/claims.atom?%s", none), "<updated>1970-01-01T00:00:00Z</updated>");
    expect_count(get("/v1/claims.jsonfeed?%s", none), "items", 0);
    expect_body_has(get("/v1/meetings.ics?city=Nowhere"), "END:VCALENDAR\r\n");
}

Test(formats, every_list_has_lines_and_a_table)
{
    const char *paths[] = {"/v1/articles",
                           "/v1/actors",
                           "/v1/claims",
                           "/v1/meetings",
                           "/v1/topics",
                           "/v1/discrepancies",
                           at("/v1/articles/%lld/mentions", scene.article),
                           at("/v1/claims/%lld/reports", scene.claim),
                           at("/v1/actors/%lld/claims", scene.baker),
                           at("/v1/meetings/%lld/actors", scene.meeting)};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct answer lines = get("%s.ndjson", paths[i]), items = get("%s", paths[i]);
        size_t count = count_at(items, "items");
        cr_assert_gt(count, 0, "%s", paths[i]);
        for (size_t n = 0; n < count; n++) {
            char *item = json_dumps(value_at(items, at("items.%zu", n)), JSON_COMPACT);
            expect_body_has(lines, item);
            free(item);
        }
        struct answer table = get("%s.csv", paths[i]);
        expect_header_has(table, "Content-Disposition", "attachment; filename=\"");
        expect_header_has(table, "Content-Disposition", ".csv\"; filename*=UTF-8''");
        cr_assert_eq(strncmp(body_of(table), "id,", 3), 0, "%s", paths[i]);
    }
}

Test(formats, without_a_server_too)
{
    struct outcome table = readout("get", "/v1/topics.csv?slug=fishing-rights&fields=slug", "--database", server_database());
    cr_assert_eq(table.status, 0, "%s", table.errors);
    cr_assert_str_eq(table.output, "slug\r\nfishing-rights\r\n");
    expect_has(readout("get", "-i", "/v1/topics.csv", "--database", server_database()).output, "Content-Type: text/csv");
}

/* ---- CSV -------------------------------------------------------------------------------------------------------------- */

Test(formats, python_reads_the_table)
{
    skip_without(PYTHON " --version", "python3");
    make("/v1/claims", "{'text': 'Yes, \\\"we\\\" said:\\r\\n\\u044f; no', 'external_id': 'hard', 'topics': ['fishing-rights']}");
    struct answer rows = rows_of(get("/v1/claims.csv"));
    expect_text(rows, "0.text", "The talks begin on Monday");
    expect_text(rows, "0.speaker_id", at("%lld", scene.baker));
    expect_text(rows, "0.topics", "fishing-rights");
    expect_text(rows, "0.said_on", "2022-01-08");
    expect_text(rows, "0.report_count", "1");
    expect_text(rows, "0.merged_into_id", "");
    expect_text(rows, "1.text", "Yes, \"we\" said:\r\n\u044f; no");
    expect_text(rows, "1.speaker_id", "");
}

Test(formats, a_table_has_columns_for_what_is_in_it)
{
    skip_without(PYTHON " --version", "python3");
    const json_t *row = json_array_get(rows_of(get("/v1/claims.csv?expand=speaker,reports&fields=id,text")).json, 0);
    cr_assert_str_eq(json_string_value(json_object_get(row, "speaker.name")), "Zo\u00eb Baker");
    cr_assert_str_eq(json_string_value(json_object_get(row, "speaker.title")), "minister");
    cr_assert_null(json_object_get(row, "stance"));
    expect_has(json_string_value(json_object_get(row, "reports")), "[{\"id\":");
    row = json_array_get(rows_of(get("/v1/claims/%lld/reports.csv", scene.claim)).json, 0);
    cr_assert_str_eq(json_string_value(json_object_get(row, "source.text")), "Zo\u00eb Baker");
    cr_assert_str_eq(json_string_value(json_object_get(row, "source.end")), "9");
    cr_assert_str_eq(json_string_value(json_object_get(row, "via")), at("%lld", scene.wire));
    row = json_array_get(rows_of(get("/v1/actors.csv?name=Zo%%C3%%AB+Baker")).json, 0);
    expect_has(json_string_value(json_object_get(row, "aliases")), "\"text\":\"Z. Baker\"");
}

/* ---- iCalendar -------------------------------------------------------------------------------------------------------- */

static const char *events(struct answer calendar)
{
    skip_without(PYTHON " -c 'import icalendar'", "python3-icalendar");
    return output_of(at(PYTHON " tests/support/read_calendar.py %s", keep(calendar, "calendar.ics")));
}

Test(formats, a_meeting_is_an_event)
{
    struct answer calendar = get("/v1/meetings.ics");
    expect_header(calendar, "Content-Type", "text/calendar; charset=utf-8");
    expect_body_has(calendar, "DTSTART;VALUE=DATE:20220110\r\n");
    expect_body_has(calendar, "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n");
    const char *found = events(calendar);
    expect_has(found, at("uid=meeting-%lld@readout.example\n", scene.meeting));
    expect_has(found, "dtstart=2022-01-10\n");
    expect_has(found, "summary=Talks\n");
    expect_has(found, "location=Geneva\n");
    expect_has(found, "status=TENTATIVE\n");
    expect_has(found, "sequence=0\n");
    expect_has(found, "categories=talks+fishing-rights\n");
    expect_not(found, "dtend=");
}

Test(formats, an_event_keeps_its_uid_and_counts_its_changes)
{
    expect_status(
        patch(at("/v1/meetings/%lld", scene.meeting), "{'status': 'cancelled', 'starts_at': '2022-01-10T09:30:00+01:00'}"), 200);
    struct answer event = get("/v1/meetings/%lld.ics", scene.meeting);
    expect_body_has(event, "DTSTART:20220110T083000Z\r\n");
    const char *found = events(event);
    expect_has(found, at("uid=meeting-%lld@readout.example\n", scene.meeting));
    expect_has(found, "sequence=1\n");
    expect_has(found, "status=CANCELLED\n");
    expect_has(found, "dtstart=2022-01-10T08:30:00+00:00\n");
}

Test(formats, long_and_strange_words_stay_whole)
{
    const char *name =
        "Talks; on \\\\ \\\"everything\\\", and\\nmore: "
        "\u0440\u0430\u0437\u0433\u043e\u0432\u043e\u0440\u044b \u043e\u0431\u043e \u0432\u0441\u0451\u043c "
        "\u043d\u0430 \u0441\u0432\u0435\u0442\u0435 \u0438 \u0435\u0449\u0451 \u043e \u0447\u0451\u043c-\u0442\u043e \U0001f54a";
    make("/v1/meetings", "{'name': '%s', 'kind': 'talks', 'starts_on': '2022-02-01', 'status': 'held'}", name);
    const char *found = events(get("/v1/meetings.ics?starts_on__gte=2022-02-01"));
    expect_has(found,
               "summary=Talks; on \\ \"everything\", and|more: "
               "\u0440\u0430\u0437\u0433\u043e\u0432\u043e\u0440\u044b \u043e\u0431\u043e \u0432\u0441\u0451\u043c "
               "\u043d\u0430 \u0441\u0432\u0435\u0442\u0435 \u0438 \u0435\u0449\u0451 \u043e \u0447\u0451\u043c-\u0442\u043e "
               "\U0001f54a\n");
    expect_has(found, "status=CONFIRMED\n");
}

Test(formats, as_much_of_the_date_as_is_known)
{
    make("/v1/meetings", "{'name': 'Some day', 'kind': 'talks'}");
    make("/v1/meetings", "{'name': 'In December', 'kind': 'talks', 'starts_on': '2022-12-01', 'precision': 'month'}");
    make("/v1/meetings", "{'name': 'In 2023', 'kind': 'talks', 'starts_on': '2023-01-01', 'precision': 'year'}");
    const char *found = events(get("/v1/meetings.ics"));
    expect_not(found, "Some day");
    expect_has(found, "dtstart=2022-12-01\ndtend=2023-01-01\n");
    expect_has(found, "dtstart=2023-01-01\ndtend=2024-01-01\n");
    struct answer month = get("/v1/meetings.jsonld?starts_on__gte=2022-12-01");
    expect_text(month, "@graph.0.startDate", "2022-12");
    expect_text(month, "@graph.1.startDate", "2023");
}

/* ---- feeds ------------------------------------------------------------------------------------------------------------ */

static void expect_feed(struct answer feed)
{
    skip_without("xmllint --version", "libxml2-utils");
    expect_header(feed, "Content-Type", "application/atom+xml; charset=utf-8");
    output_of(at("xmllint --noout --relaxng tests/support/atom.rng %s", keep(feed, "feed.atom")));
}

Test(formats, atom_feeds_are_valid)
{
    make("/v1/claims", "{'text': '<b>&amp; \\u0001 \\ufffe ]]>', 'topics': ['fishing-rights']}");
    expect_feed(get("/v1/claims.atom"));
    expect_feed(get("/v1/articles.atom?expand=text"));
    expect_feed(get("/v1/meetings.atom?limit=1"));
    expect_feed(get("/v1/actors/%lld/claims.atom", scene.baker));
    expect_feed(get("/v1/articles.atom?language=en&external_id=article-1"));
}

Test(formats, an_entry_says_who_and_what)
{
    struct answer feed = get("/v1/claims.atom");
    expect_body_has(feed, "<id>tag:readout.example,2022:/v1/claims</id>");
    expect_body_has(feed, at("<id>tag:readout.example,2022:claim-%lld</id>", scene.claim));
    expect_body_has(feed, "<title>The talks begin on Monday</title>");
    expect_body_has(feed, "<name>Zo\u00eb Baker</name>");
    expect_body_has(feed, "<category term=\"fishing-rights\"/>");
    expect_body_has(feed, "<link rel=\"self\" type=\"application/atom+xml\" href=\"https://readout.example/v1/claims.atom\"/>");
    expect_body_has(get("/v1/articles.atom"), "<name>Morning Post</name>");
    expect_body_has(get("/v1/articles.atom?expand=text"), "<content type=\"text\">" SCENE_TEXT "</content>");
}

Test(formats, feeds_lead_on)
{
    make("/v1/claims", "{'text': 'Another'}");
    struct answer feed = get("/v1/claims.jsonfeed?limit=1");
    expect_status(feed, 200);
    expect_text(feed, "version", "https://jsonfeed.org/version/1.1");
    expect_text(feed, "items.0.id", at("tag:readout.example,2022:claim-%lld", scene.claim));
    expect_text(feed, "items.0.authors.0.name", "Zo\u00eb Baker");
    expect_json(feed, "items.0.tags", "['fishing-rights']");
    const char *next = text_at(feed, "next_url");
    expect_header_has(feed, "Link", "rel=\"next\"");
    struct answer last = get("%s", next + strlen("https://readout.example"));
    expect_text(last, "items.0.title", "Another");
    expect_absent(last, "next_url");
    expect_header_has(last, "Link", "rel=\"first\"");
    expect_body_has(get("/v1/claims.atom?limit=1"),
                    "<link rel=\"next\" type=\"application/atom+xml\" href=\"https://readout.example/v1/"
                    "claims.atom?limit=1&amp;cursor=");
}

Test(formats, facets_come_in_json_alone)
{
    static const char *const suffixes[] = {"csv", "ndjson", "atom", "jsonfeed", "jsonld"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        expect_fault_says(get("/v1/claims.%s?facets=stance", suffixes[i]), "facets", "has no place for facets");
    expect_fault(get("/v1/meetings.ics?facets=city"), "facets", "format");
    with("Accept: text/csv");
    expect_fault(get("/v1/claims?facets=stance"), "facets", "format");
    expect_fault(get("/v1/claims.atom?facets=stance&fields=id"), "fields", "format");
    expect_status(get("/v1/claims.json?facets=stance"), 200);
}

Test(formats, their_shape_is_not_to_be_chosen)
{
    static const char *const forms[] = {"meetings.ics", "meetings.atom", "meetings.jsonfeed", "meetings.jsonld"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct answer refused = get("/v1/%s?fields=id", forms[i]);
        expect_problem(refused, 400, "invalid-parameter");
        expect_fault(refused, "fields", "format");
    }
}

/* ---- JSON-LD ---------------------------------------------------------------------------------------------------------- */

#define ITEM(kind, id) at("https://readout.example/v1/" kind "/%lld", id)

Test(formats, a_claim_in_linked_data)
{
    struct answer claim = get("/v1/claims/%lld.jsonld", scene.claim);
    expect_text(claim, "@context", "https://schema.org");
    expect_text(claim, "@type", "Claim");
    expect_text(claim, "@id", ITEM("claims", scene.claim));
    expect_text(claim, "text", "The talks begin on Monday");
    expect_text(claim, "author.@type", "Person");
    expect_text(claim, "author.name", "Zo\u00eb Baker");
    expect_text(claim, "sourceOrganization.@id", ITEM("actors", scene.freedonia));
    expect_text(claim, "recordedAt.@id", ITEM("meetings", scene.meeting));
    expect_text(claim, "appearance.0.@type", "NewsArticle");
    expect_text(claim, "appearance.0.@id", ITEM("articles", scene.article));
    expect_text(claim, "firstAppearance.@id", ITEM("articles", scene.article));
    struct answer report = get("/v1/reports/%lld.jsonld", scene.report);
    expect_text(report, "@type", "CreativeWork");
    expect_text(report, "text", "the talks begin on Monday");
    expect_text(report, "isPartOf.@id", ITEM("articles", scene.article));
    expect_text(report, "about.@id", ITEM("claims", scene.claim));
}

Test(formats, what_was_quoted_is_a_quotation)
{
    long long claim = make("/v1/claims",
                           "{'text': 'They begin', 'reports': [{'article_id': %lld, 'kind': 'direct', 'speaker_id': %lld,"
                           " 'content': [{'start': 15, 'end': 24}, {'start': 34, 'end': 40}]}]}",
                           scene.article, scene.baker);
    struct answer reports = get("/v1/claims/%lld/reports.jsonld", claim);
    expect_text(reports, "@graph.0.@type", "Quotation");
    expect_text(reports, "@graph.0.text", "the talks \u2026 Monday");
    expect_text(reports, "@graph.0.spokenByCharacter.@id", ITEM("actors", scene.baker));
}

Test(formats, articles_actors_and_meetings_in_linked_data)
{
    struct answer article = get("/v1/articles/%lld.jsonld", scene.article);
    expect_text(article, "@type", "NewsArticle");
    expect_text(article, "headline", "Talks begin");
    expect_text(article, "datePublished", "2022-01-09");
    expect_text(article, "inLanguage", "en");
    expect_text(article, "publisher.@type", "NewsMediaOrganization");
    expect_text(article, "articleBody", SCENE_TEXT);
    expect_status(patch(at("/v1/actors/%lld", scene.freedonia), "{'wikidata_id': 'Q142'}"), 200);
    struct answer actor = get("/v1/actors/%lld.jsonld", scene.baker);
    expect_text(actor, "@type", "Person");
    expect_text(actor, "jobTitle", "minister");
    expect_json(actor, "alternateName", "['Z. Baker']");
    expect_text(actor, "affiliation.name", "Freedonia");
    expect_text(actor, "affiliation.sameAs", "https://www.wikidata.org/wiki/Q142");
    struct answer meeting = get("/v1/meetings/%lld.jsonld", scene.meeting);
    expect_text(meeting, "@type", "Event");
    expect_text(meeting, "startDate", "2022-01-10");
    expect_text(meeting, "location.address.addressLocality", "Geneva");
    expect_text(meeting, "attendee.0.@id", ITEM("actors", scene.baker));
    expect_text(meeting, "eventStatus", "https://schema.org/EventScheduled");
}

Test(formats, lists_in_linked_data_are_graphs)
{
    static const char *const kinds[][2] = {
        {"articles", "NewsArticle"}, {"actors", "NewsMediaOrganization"}, {"claims", "Claim"}, {"meetings", "Event"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct answer graph = get("/v1/%s.jsonld?limit=1", kinds[i][0]);
        expect_header(graph, "Content-Type", "application/ld+json");
        expect_count(graph, "@graph", 1);
        expect_text(graph, "@graph.0.@type", kinds[i][1]);
    }
    expect_header_has(get("/v1/actors.jsonld?limit=1"), "Link", "rel=\"next\"");
}

static void careful_server_up(void)
{
    server_start("--guard-formulas");
}

Test(formats_guarded, a_cell_that_begins_like_a_formula_is_text, .init = careful_server_up, .fini = server_down)
{
    expect_status(post("/v1/topics", "{'slug': 'a', 'name': '=1+1', 'description': 'a=b'}"), 201);
    struct answer table = get("/v1/topics.csv?slug=a");
    expect_body_has(table, ",'=1+1,");
    expect_not(body_of(table), "'a=b");
    expect_text(get("/v1/topics?slug=a"), "items.0.name", "=1+1");
}

Test(formats, cells_are_what_was_sent_unless_they_are_to_be_guarded)
{
    expect_status(post("/v1/topics", "{'slug': 'b', 'name': '=1+1'}"), 201);
    expect_body_has(get("/v1/topics.csv?slug=b"), ",=1+1,");
}
