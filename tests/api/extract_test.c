/* Reading without keeping. What the recognisers find is tested in cases; this is about how it is asked and answered. */
#include <stdio.h>
#include <string.h>

#include "readout/buffer.h"
#include "support/harness.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(extract, .init = set_up, .fini = server_down);

#define SAID                                                                                                                     \
    "Foreign Minister Anna Keller said on Tuesday that Freedonia will not sign the treaty. \\\"We will not sign,\\\" Keller "    \
    "told reporters."
#define SAID_PLAIN                                                                                                               \
    "Foreign Minister Anna Keller said on Tuesday that Freedonia will not sign the treaty. \"We will not sign,\" Keller told "   \
    "reporters."

static struct answer extract_plain(const char *query, const char *text)
{
    return ask("POST", at("/v1/extract%s", query), "text/plain; charset=utf-8", slice_of(text));
}

static long long total(const char *path)
{
    return int_at(get("%s?count=exact", path), "total");
}

/* Every span repeats the characters that stand where it says. */
static void check_spans(const char *text, const json_t *value)
{
    const char *key;
    json_t *item;
    size_t index;
    const json_t *start = json_object_get(value, "start"), *end = json_object_get(value, "end");
    if (start) {
        const char *there = json_string_value(json_object_get(value, "text"));
        long long from = json_integer_value(start), length = json_integer_value(end) - from;
        cr_assert_eq(strlen(there), (size_t)length, "\"%s\" is not %lld long", there, length);
        cr_assert(strncmp(text + from, there, (size_t)length) == 0, "\"%s\" does not stand at %lld", there, from);
    }
    json_object_foreach ((json_t *)value, key, item)
        check_spans(text, item);
    json_array_foreach (value, index, item)
        check_spans(text, item);
}

Test(extract, an_article_says_who_said_what)
{
    struct answer found =
        ask("POST", "/v1/extract", "application/json", slice_of("{\"text\": \"" SAID "\", \"published_on\": \"2022-01-12\"}"));
    expect_status(found, 200);
    cr_assert_geq(count_at(found, "claims"), 2);
    cr_assert_geq(count_at(found, "actors"), 1);
    expect_header(found, "Cache-Control", "no-store");
    check_spans(SAID_PLAIN, found.json);
}

Test(extract, nothing_is_kept)
{
    long long actors = total("/v1/actors"), claims = total("/v1/claims");
    expect_status(extract_plain("", SAID_PLAIN), 200);
    cr_assert_eq(total("/v1/articles"), 0);
    cr_assert_eq(total("/v1/actors"), actors);
    cr_assert_eq(total("/v1/claims"), claims);
}

Test(extract, the_same_text_gives_the_same_answer_however_it_comes)
{
    struct answer json =
        ask("POST", "/v1/extract", "application/json", slice_of("{\"text\": \"" SAID "\", \"published_on\": \"2022-01-12\"}"));
    struct answer text = extract_plain("?published_on=2022-01-12", SAID_PLAIN);
    struct answer again = extract_plain("?published_on=2022-01-12", SAID_PLAIN);
    struct answer marked = extract_plain("?published_on=2022-01-12", "\xef\xbb\xbf" SAID_PLAIN);
    expect_same_body(text, json);
    expect_same_body(text, again);
    expect_same_body(text, marked);
}

Test(extract, a_relative_day_is_counted_from_the_publication)
{
    struct answer found = extract_plain("?published_on=2022-01-12", SAID_PLAIN);
    expect_text(found, "dates.0.text", "Tuesday");
    expect_text(found, "dates.0.value", "2022-01-11");
    found = extract_plain("?published_at=2022-01-19T23:30:00%2B03:00", SAID_PLAIN);
    expect_text(found, "dates.0.value", "2022-01-18");
    expect_text(found, "article.published_at", "2022-01-19T23:30:00+03:00");
}

Test(extract, what_is_known_of_a_text_stands_in_the_query)
{
    struct answer found = extract_plain("?title=No%20treaty&outlet=Morning%20Post&language=en", SAID_PLAIN);
    expect_text(found, "article.title", "No treaty");
    expect_text(found, "article.outlet", "Morning Post");
    expect_text(found, "article.language", "en");
    expect_absent(found, "article.text");
    struct answer refused = post("/v1/extract?title=No", "{'text': 'Nothing.'}");
    expect_problem(refused, 400, "invalid-parameter");
    expect_fault(refused, "title", "conflict");
}

Test(extract, a_page_gives_its_text_and_what_it_says_of_itself)
{
    static const char page[] = "<!DOCTYPE html><html lang=en><head><title>No treaty</title>"
                               "<meta property='article:published_time' content='2022-01-12T10:00:00Z'></head>"
                               "<body><nav>Home | World</nav><article><h1>No treaty</h1><p>Foreign Minister Anna Keller said on "
                               "Tuesday that Freedonia will not sign.</p><script>alert(1)</script></article></body></html>";
    struct answer found = ask("POST", "/v1/extract", "text/html", slice_of(page));
    expect_status(found, 200);
    const char *text = text_at(found, "article.text");
    cr_assert(strstr(text, "Freedonia will not sign."));
    cr_assert_null(strstr(text, "alert"));
    cr_assert_null(strstr(text, "<p>"));
    expect_text(found, "article.title", "No treaty");
    expect_text(found, "article.published_at", "2022-01-12T10:00:00Z");
    expect_text(found, "dates.0.value", "2022-01-11");
    check_spans(text, value_at(found, "claims"));
}

Test(extract, what_is_no_text_is_refused_with_the_place)
{
    struct answer refused = ask("POST", "/v1/extract", "text/plain", SLICE("Zo\xff"));
    expect_problem(refused, 422, "invalid-body");
    expect_fault_says(refused, "#", "at byte 2");
    refused = ask("POST", "/v1/extract", "text/plain", SLICE("Zo\0e"));
    expect_problem(refused, 422, "invalid-body");
    expect_fault_says(refused, "#", "NUL");
    expect_problem(ask("POST", "/v1/extract", "text/plain", SLICE("\xef\xbb\xbf")), 422, "invalid-body");
    expect_problem(ask("POST", "/v1/extract", "text/html", SLICE("<html></html>")), 422, "invalid-body");
    expect_problem(ask("POST", "/v1/extract", "application/json", SLICE("{\"text\": \"\xff\"}")), 400, "invalid-json");
    expect_problem(post("/v1/extract", "{'text': ''}"), 422, "invalid-body");
    expect_problem(post("/v1/extract", "{'text': 'One.', 'published_on': 'Monday'}"), 422, "invalid-body");
    struct answer unknown = post("/v1/extract", "{'txet': 'One.'}");
    expect_fault_says(unknown, "#/txet", "\"text\"");
}

Test(extract, a_body_of_another_type_is_told_what_is_taken)
{
    struct answer refused = ask("POST", "/v1/extract", "text/csv", SLICE("a,b"));
    expect_problem(refused, 415, "unsupported-media-type");
    expect_header(refused, "Accept-Post", "application/json, text/plain, text/html");
}

/* What nobody would write, but somebody will send. */
Test(extract, no_text_is_too_strange)
{
    struct arena *arena = test_arena();
    static const char *const pieces[] = {"\"",  "\xe2\x80\x9c", "He said that ", "(", "\n\n", "U.S. ",
                                         "<b>", "on Monday ",   "\xd0\xaf",      "0", "'s ",  ", ",
                                         ". ",  "\t",           "\x01"};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct buffer text = buffer_in(arena, 65536);
        for (int times = 0; times < 3000; times++)
            buffer_add_text(&text, pieces[i]);
        struct answer plain = ask("POST", "/v1/extract", "text/plain", buffer_slice(&text));
        struct answer page = ask("POST", "/v1/extract", "text/html", buffer_slice(&text));
        cr_assert(plain.status == 200 || plain.status == 422, "%d for \"%s\"", plain.status, pieces[i]);
        cr_assert(page.status == 200 || page.status == 422, "%d for the page \"%s\"", page.status, pieces[i]);
    }
}

/* ---- names that the record knows ------------------------------------------------------------------------------------------ */

static long long actor_of(struct answer found, const char *name)
{
    for (size_t i = 0; i < count_at(found, "actors"); i++) {
        if (strcmp(text_at(found, at("actors.%zu.name", i)), name) == 0)
            return json_integer_value(value_at(found, at("actors.%zu.actor_id", i)));
    }
    return -1;
}

static bool finds_actor(struct answer found, long long id)
{
    for (size_t i = 0; i < count_at(found, "actors"); i++) {
        if (json_integer_value(value_at(found, at("actors.%zu.actor_id", i))) == id)
            return true;
    }
    return false;
}

Test(extract, a_name_that_the_record_knows_has_its_id)
{
    cr_assert_leq(actor_of(extract_plain("", SAID_PLAIN), "Anna Keller"), 0);
    long long keller = make("/v1/actors", "{'name': 'Anna Keller', 'kind': 'person'}");
    cr_assert_eq(actor_of(extract_plain("", SAID_PLAIN), "Anna Keller"), keller);
}

Test(extract, an_alias_takes_effect_at_once_and_ends_at_once)
{
    static const char text[] = "Blorvex Quandary Unit said on Tuesday that the harbour is closed.";
    long long unit = make("/v1/actors", "{'name': 'Harbour Authority', 'kind': 'organization'}");
    cr_assert_not(finds_actor(extract_plain("", text), unit));
    const char *path = at("/v1/actors/%lld", unit);
    expect_status(patch(path, "{'aliases': [{'text': 'Blorvex Quandary Unit'}]}"), 200);
    cr_assert(finds_actor(extract_plain("", text), unit));
    expect_status(patch(path, "{'aliases': []}"), 200);
    cr_assert_not(finds_actor(extract_plain("", text), unit));
}

Test(extract, a_deleted_or_rejected_actor_is_not_known)
{
    long long keller = make("/v1/actors", "{'name': 'Anna Keller', 'kind': 'person'}");
    const char *path = at("/v1/actors/%lld", keller);
    cr_assert(finds_actor(extract_plain("", SAID_PLAIN), keller));
    expect_status(patch(path, "{'status': 'rejected'}"), 200);
    cr_assert_not(finds_actor(extract_plain("", SAID_PLAIN), keller));
    expect_status(patch(path, "{'status': 'confirmed'}"), 200);
    cr_assert(finds_actor(extract_plain("", SAID_PLAIN), keller));
    expect_status(erase("%s", path), 204);
    cr_assert_not(finds_actor(extract_plain("", SAID_PLAIN), keller));
}

Test(extract, a_merged_actor_is_known_as_the_other)
{
    long long keller = make("/v1/actors", "{'name': 'Anna Keller', 'kind': 'person'}");
    long long other = make("/v1/actors", "{'name': 'A. M. Keller', 'kind': 'person'}");
    cr_assert(finds_actor(extract_plain("", SAID_PLAIN), keller));
    expect_status(post(at("/v1/actors/%lld/merge", other), "{'from_ids': [%lld]}", keller), 200);
    struct answer found = extract_plain("", SAID_PLAIN);
    cr_assert(finds_actor(found, other));
    cr_assert_not(finds_actor(found, keller));
}

Test(extract, a_keyword_makes_a_topic_at_once)
{
    struct answer before = extract_plain("", SAID_PLAIN);
    make("/v1/topics", "{'slug': 'treaties', 'name': 'Treaties', 'keywords': ['treaty']}");
    struct answer after = extract_plain("", SAID_PLAIN);
    cr_assert_null(memmem(before.body.data, before.body.length, "\"treaties\"", 10));
    expect_body_has(after, "\"topics\":[\"treaties\"]");
}

/* More changes than lie over the dictionary: it is made anew meanwhile, and nothing is lost. */
Test(extract, many_new_names_are_all_known)
{
    for (int round = 0; round < 4; round++) {
        struct buffer list = buffer_in(test_arena(), 65536);
        for (int i = 0; i < 300; i++)
            buffer_print(&list, "%s{\"name\":\"Zarn%dq%dx Foundation\",\"kind\":\"organization\",\"external_id\":\"z%d-%d\"}",
                         i ? "," : "[", round, i, round, i);
        buffer_add_text(&list, "]");
        expect_status(ask("POST", "/v1/actors", "application/json", buffer_slice(&list)), 201);
        const char *text = at("Zarn%dq7x Foundation and Zarn0q299x Foundation said that the harbour is closed.", round);
        struct answer found = extract_plain("", text);
        cr_assert(finds_actor(found, int_at(get("/v1/actors?external_id=z%d-7", round), "items.0.id")));
        cr_assert(finds_actor(found, int_at(get("/v1/actors?external_id=z0-299"), "items.0.id")));
    }
}

/* ---- beside other work --------------------------------------------------------------------------------------------------- */

Test(extract, what_was_read_is_counted)
{
    expect_status(extract_plain("", SAID_PLAIN), 200);
    with("Accept: text/plain");
    struct answer metrics = get("/metrics");
    expect_body_has(metrics, "read_articles_total 1");
    expect_body_has(metrics, "read_findings_total");
    expect_body_has(metrics, "read_seconds_total");
    expect_body_has(metrics, "read_queue_depth 0");
}
