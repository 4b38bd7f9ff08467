/* The change log by polling. */
#include <stdio.h>
#include <string.h>

#include "readout/buffer.h"
#include "support/harness.h"
#include "support/scene.h"

static long long start; /* the last change before the test */

static void set_up(void)
{
    server_start("--loops", "1");
    start = int_at(get("/v1/changes?since=0&limit=1"), "last_seq");
}

TestSuite(changes, .init = set_up, .fini = server_down);

Test(changes, every_write_is_told_in_order_with_what_it_made)
{
    long long id = make("/v1/topics", "{'slug': 'fish', 'name': 'Fish'}");
    expect_status(patch(at("/v1/topics/%lld", id), "{'name': 'Fishes'}"), 200);
    expect_status(erase("/v1/topics/%lld", id), 204);
    expect_status(post(at("/v1/topics/%lld/restore", id), NULL), 200);

    struct answer changes = get("/v1/changes?since=%lld", start);
    expect_status(changes, 200);
    expect_each(changes, "items", "seq", at("[%lld, %lld, %lld, %lld]", start + 1, start + 2, start + 3, start + 4));
    expect_each(changes, "items", "action", "['created', 'updated', 'deleted', 'restored']");
    expect_each(changes, "items", "version", "[1, 2, 3, 4]");
    expect_text(changes, "items.0.noun", "topic");
    expect_int(changes, "items.0.id", id);
    expect_text(changes, "items.0.document.name", "Fish");
    expect_int(changes, "items.0.document.version", 1);
    expect_text(changes, "items.1.document.name", "Fishes");
    expect_null(changes, "items.2.document");
    expect_int(changes, "items.3.document.version", 4);
    expect_null(changes, "next");
    expect_no_header(changes, "Link: rel=\"next\"");
    expect_int(changes, "next_since", start + 4);
    expect_int(changes, "last_seq", start + 4);
}

Test(changes, what_is_new_is_nothing_until_something_is_written)
{
    struct answer none = get("/v1/changes?since=%lld", start);
    expect_count(none, "items", 0);
    expect_null(none, "next");
    expect_int(none, "next_since", start);
    make("/v1/topics", "{'slug': 'fish', 'name': 'Fish'}");
    expect_count(get("/v1/changes?since=%lld", start), "items", 1);
}

Test(changes, a_document_comes_whole_as_its_history_has_it)
{
    struct scene scene = scene_set();
    expect_status(patch(at("/v1/claims/%lld", scene.claim), "{'stance': 'rejects'}"), 200);
    struct answer changes = get("/v1/changes?since=%lld&noun=claim", start),
                  history = get("/v1/claims/%lld/history", scene.claim);
    expect_count(changes, "items", 2);
    cr_expect(json_equal(value_at(changes, "items.0.document"), value_at(history, "items.1.document")));
    cr_expect(json_equal(value_at(changes, "items.1.document"), value_at(history, "items.0.document")));
    expect_int(changes, "items.0.document.reports.0.article_id", scene.article);
    expect_text(get("/v1/changes?since=%lld&noun=article", start), "items.0.document.mentions.0.reported_title", "minister");
}

/* Follows `next` to the end; the seqs, each once, with commas. */
static const char *seqs_from(const char *path)
{
    struct buffer seqs = buffer_in(test_arena(), 256);
    struct answer page = get("%s", path);
    for (;;) {
        for (size_t i = 0; i < count_at(page, "items"); i++)
            buffer_print(&seqs, "%s%lld", seqs.length ? "," : "", int_at(page, at("items.%zu.seq", i)) - start);
        cr_expect_leq(count_at(page, "items"), 2);
        if (json_is_null(value_at(page, "next")))
            break;
        expect_header_has(page, "Link", text_at(page, "next"));
        page = go_to(page, "next");
        expect_status(page, 200);
    }
    expect_int(page, "next_since", int_at(page, "last_seq"));
    buffer_add_byte(&seqs, '\0');
    return seqs.data;
}

Test(changes, pages_hang_together_without_gap_or_repetition)
{
    for (int i = 0; i < 7; i++)
        make("/v1/topics", "{'slug': 'fish-%d', 'name': 'Fish'}", i);
    cr_expect_str_eq(seqs_from(at("/v1/changes?since=%lld&limit=2", start)), "1,2,3,4,5,6,7");
    cr_expect_str_eq(seqs_from(at("/v1/changes?limit=2&noun=topic&since=%lld", start)), "1,2,3,4,5,6,7");
    cr_expect_str_eq(seqs_from(at("/v1/changes?noun=claim,actor&limit=2&since=%lld", start)), "");
}

Test(changes, kinds_are_picked)
{
    scene_set();
    expect_each(get("/v1/changes?since=%lld&noun=actor", start), "items", "noun", "['actor', 'actor', 'actor', 'actor']");
    struct answer two = get("/v1/changes?since=%lld&noun=claim&noun=meeting", start);
    expect_each(two, "items", "noun", "['meeting', 'claim']");
    struct answer wrong = get("/v1/changes?noun=claims");
    expect_problem(wrong, 400, "invalid-parameter");
    expect_fault_says(wrong, "noun", "claim");
}

Test(changes, a_long_stretch_of_other_kinds_is_passed_in_steps)
{
    enum { MANY = 5100 };
    struct buffer lines = buffer_in(test_arena(), MANY * 48);
    for (int i = 0; i < MANY; i++)
        buffer_print(&lines, "{\"slug\":\"fish-%d\",\"name\":\"Fish\"}\n", i);
    expect_status(ask("POST", "/v1/topics", "application/x-ndjson", buffer_slice(&lines)), 201);
    make("/v1/actors", "{'name': 'Freedonia', 'kind': 'state'}");

    struct answer first = get("/v1/changes?since=%lld&noun=actor", start);
    expect_count(first, "items", 0);
    cr_expect_gt(int_at(first, "next_since"), start);
    struct answer second = go_to(first, "next");
    expect_each(second, "items", "seq", at("[%lld]", start + MANY + 1));
    expect_null(second, "next");
}

Test(changes, a_poll_costs_nothing_while_nothing_is_written)
{
    const char *path = at("/v1/changes?since=%lld", start), *tag = header_of(get("%s", path), "ETag");
    with("If-None-Match: %s", tag);
    expect_status(get("%s", path), 304);
    make("/v1/topics", "{'slug': 'fish', 'name': 'Fish'}");
    with("If-None-Match: %s", tag);
    expect_count(get("%s", path), "items", 1);
}

Test(changes, a_number_from_another_record_is_refused)
{
    struct answer beyond = get("/v1/changes?since=%lld", start + 1);
    expect_problem(beyond, 400, "invalid-parameter");
    expect_fault_says(beyond, "since", "since=0");
    expect_fault(get("/v1/changes?since=-1"), "since", "range");
}

Test(changes, a_merge_tells_of_all_that_it_touched)
{
    struct scene scene = scene_set();
    long long other = make("/v1/actors", "{'name': 'Z. Baker', 'kind': 'person'}");
    long long before = int_at(get("/v1/changes?since=0&limit=1"), "last_seq");
    expect_status(post(at("/v1/actors/%lld/merge", other), "{'from_ids': [%lld]}", scene.baker), 200);
    struct answer changes = get("/v1/changes?since=%lld&noun=claim", before);
    expect_count(changes, "items", 1);
    expect_int(changes, "items.0.document.speaker_id", other);
    expect_body_has(get("/v1/changes?since=%lld&noun=actor", before), "\"action\":\"merged\"");
}

Test(changes, what_they_are_about_is_picked_and_pages_go_on)
{
    struct scene scene = scene_set();
    for (int i = 0; i < 5; i++)
        make("/v1/claims", "{'text': 'Claim %d', 'speaker_id': '%s'}", i, i % 2 ? "baker" : "wire");
    struct answer page = get("/v1/changes?since=0&speaker_id=%lld&limit=2", scene.baker);
    expect_each(page, "items", "id", at("[%lld,%lld]", scene.claim, scene.claim + 2));
    struct answer second = go_to(page, "next");
    expect_each(second, "items", "id", at("[%lld]", scene.claim + 4));
    expect_null(second, "next");
    cr_expect_eq(int_at(second, "next_since"), int_at(second, "last_seq"));
    expect_each(get("/v1/changes?since=0&topic=fishing-rights"), "items", "noun", "['meeting', 'claim']");
    expect_each(get("/v1/changes?since=0&topic=fishing-rights&noun=claim"), "items", "id", at("[%lld]", scene.claim));
    expect_each(get("/v1/changes?since=0&actor_id=%lld&noun=meeting,article", scene.baker), "items", "noun",
                "['meeting', 'article']");
    expect_fault(get("/v1/changes?noun=topic&topic=fishing-rights"), "noun", "filter");
}

Test(changes, a_filter_passes_many_by_and_says_how_far_it_came)
{
    for (int i = 0; i < 400; i++)
        make("/v1/claims", "{'text': 'x'}");
    make("/v1/actors", "{'name': 'Ada', 'kind': 'person'}");
    make("/v1/claims", "{'text': 'By Ada', 'speaker_id': 1}");
    struct answer page = get("/v1/changes?since=0&speaker_id=1");
    expect_count(page, "items", 0);
    cr_assert_gt(int_at(page, "next_since"), 0);
    page = go_to(page, "next");
    expect_each(page, "items", "document.text", "['By Ada']");
    expect_null(page, "next");
}
