/* Another text at a known URL: both are kept, it is read anew, and what pointed into the old one is followed. */
#include <stdlib.h>
#include <string.h>

#include "support/harness.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(revisions, .init = set_up, .fini = server_down);

#define URL       "https://example.org/treaty"
#define KELLER    "Foreign Minister Anna Keller said on Tuesday that Freedonia will not sign the treaty with its neighbours."
#define WEBER     "Defence Minister Paul Weber warned that the harbour would be closed to all ships."
#define MARSH     "“Our fleet will never leave the bay,” Admiral Peter Marsh told the Evening Post."
#define TEXT      KELLER "\\n\\n" WEBER "\\n\\n" MARSH
#define SENDING   "{'text': '%s', 'url': '" URL "', 'published_at': '2022-01-12', 'outlet': 'Morning Post'}"
#define NO_QUOTES "{'same': %d, 'moved': %d, 'changed': %d, 'vanished': %d, 'new': %d}"

static struct answer send_text(const char *text)
{
    return post("/v1/articles", SENDING, text);
}

static struct answer article;

static void send_article(void)
{
    article = send_text(TEXT);
    expect_status(article, 201);
    cr_assert_eq(int_at(article, "extracted.claims"), 3);
}

static struct answer revise(const char *text)
{
    struct answer revised = send_text(text);
    expect_status(revised, 200);
    expect_int(revised, "id", id_of(article));
    return revised;
}

static void expect_counts(struct answer revised, int same, int moved, int changed, int vanished, int appeared)
{
    expect_json(revised, "revision.counts", at(NO_QUOTES, same, moved, changed, vanished, appeared));
}

static const char *article_path(void)
{
    return at("/v1/articles/%lld", id_of(article));
}

/* Every span of the record shows the characters that stand there. */
static void expect_span(json_t *span, const char *text)
{
    long long start = json_integer_value(json_object_get(span, "start")), end = json_integer_value(json_object_get(span, "end"));
    const char *words = json_string_value(json_object_get(span, "text"));
    long long at = 0;
    const char *from = NULL, *byte = text;
    for (; *byte && at < end; byte++) {
        from = at == start && !from && ((unsigned char)*byte & 0xc0) != 0x80 ? byte : from;
        at += ((unsigned char)byte[1] & 0xc0) != 0x80;
    }
    cr_assert(from && strncmp(from, words, strlen(words)) == 0, "\"%s\" does not stand at %lld", words, start);
}

static void expect_spans_right(void)
{
    struct answer now = get("%s", article_path());
    const char *text = text_at(now, "text");
    static const char *const lists[] = {"reports", "mentions"};
    json_t *item, *span;
    size_t index, at_span;
    for (size_t i = 0; i < 2; i++) {
        json_array_foreach (value_at(get("%s/%s?limit=500", article_path(), lists[i]), "items"), index, item) {
            if (json_is_integer(json_object_get(item, "revision")))
                continue;
            if (i)
                expect_span(item, text);
            json_array_foreach (json_object_get(item, "content"), at_span, span)
                expect_span(span, text);
            if (json_is_object(json_object_get(item, "source")))
                expect_span(json_object_get(item, "source"), text);
        }
    }
}

Test(revisions, another_text_at_a_known_url_is_the_next_revision)
{
    send_article();
    struct answer revised = revise("Updated on Wednesday.\\n\\n" TEXT);
    expect_int(revised, "version", 2);
    cr_assert_str_neq(text_at(revised, "sha256"), text_at(article, "sha256"));
    cr_assert_eq(int_at(revised, "text_length"), int_at(article, "text_length") + 23);
    expect_int(revised, "revision.number", 2);
    expect_int(revised, "revision.version", 2);
    expect_int(revised, "revision.words_added", 3);
    expect_int(revised, "revision.words_removed", 0);
    expect_counts(revised, 0, 3, 0, 0, 0);
    expect_int(revised, "extracted.claims", 3);
    expect_int(get("/v1/articles"), "total", 1);
    expect_int(get("/v1/claims"), "total", 3);
    expect_spans_right();
    struct answer found = get("/v1/search?q=Wednesday&noun=article");
    expect_int(found, "items.0.id", id_of(article));
}

Test(revisions, the_history_and_the_change_feed_have_it)
{
    send_article();
    long long seq = int_at(get("/v1/changes?limit=500"), "next_since");
    revise("Updated. " TEXT);
    struct answer history = get("%s/history", article_path());
    expect_each(history, "items", "version", "[2, 1]");
    expect_text(history, "items.1.document.sha256", text_at(article, "sha256"));
    struct answer changes = get("/v1/changes?noun=article&since=%lld", seq);
    expect_count(changes, "items", 1);
    expect_text(changes, "items.0.action", "updated");
}

Test(revisions, all_texts_can_be_read_for_ever)
{
    send_article();
    expect_each(get("%s/revisions", article_path()), "items", "number", "[1]");
    struct answer only = get("%s/revisions/1", article_path());
    expect_header(only, "Cache-Control", "no-cache");
    expect_text(only, "text", text_at(get("%s", article_path()), "text"));
    revise("Updated. " TEXT);
    revise("Updated again. " TEXT);
    struct answer list = get("%s/revisions", article_path());
    expect_each(list, "items", "number", "[3, 2, 1]");
    expect_each(list, "items", "version", "[3, 2, 1]");
    expect_null(list, "items.2.counts");
    struct answer page = get("%s/revisions?limit=2", article_path());
    expect_each(go_to(page, "next"), "items", "number", "[1]");
    struct answer first = get("%s/revisions/1", article_path()), second = get("%s/revisions/2", article_path());
    expect_header(first, "Cache-Control", "public, max-age=31536000, immutable");
    expect_text(first, "text", text_at(only, "text"));
    expect_text(first, "sha256", text_at(article, "sha256"));
    expect_count(first, "quotes", 0);
    cr_assert(strncmp(text_at(second, "text"), "Updated. ", 9) == 0);
    expect_count(second, "quotes", 3);
    expect_problem(get("%s/revisions/4", article_path()), 404, "not-found");
    with("If-None-Match: %s", header_of(second, "ETag"));
    expect_status(get("%s/revisions/2", article_path()), 304);
}

Test(revisions, a_quote_that_goes_has_vanished_and_its_claim_goes_with_it)
{
    send_article();
    struct answer revised = revise(KELLER "\\n\\n" MARSH);
    expect_counts(revised, 1, 1, 0, 1, 0);
    expect_text(revised, "revision.quotes.0.change", "vanished");
    expect_text(revised, "revision.quotes.0.before.spans.0.text", "the harbour would be closed to all ships");
    expect_null(revised, "revision.quotes.0.after");
    expect_status(get("/v1/claims/%lld", int_at(revised, "revision.quotes.0.claim_id")), 410);
    expect_int(get("/v1/claims"), "total", 2);
    expect_spans_right();
}

Test(revisions, a_changed_quote_keeps_its_report_and_shows_the_difference)
{
    send_article();
    struct answer before = get("%s/reports?sort=id", article_path());
    struct answer revised = revise(
        KELLER "\\n\\n" WEBER "\\n\\n“Our fleet will never leave this quiet bay,” Admiral Peter Marsh told the Evening Post.");
    expect_counts(revised, 2, 0, 1, 0, 0);
    expect_text(revised, "revision.quotes.0.change", "changed");
    expect_text(revised, "revision.quotes.0.before.spans.0.text", "Our fleet will never leave the bay");
    expect_text(revised, "revision.quotes.0.after.spans.0.text", "Our fleet will never leave this quiet bay");
    expect_text(revised, "revision.quotes.0.after.source.text", "Admiral Peter Marsh");
    expect_text(revised, "revision.quotes.0.difference.0.kind", "kept");
    expect_text(revised, "revision.quotes.0.difference.0.after", "Our fleet will never leave");
    cr_assert_eq(count_at(get("%s/reports", article_path()), "items"), count_at(before, "items"));
    struct answer claim = get("/v1/claims/%lld", int_at(revised, "revision.quotes.0.claim_id"));
    expect_text(claim, "text", "Our fleet will never leave this quiet bay");
    expect_spans_right();
}

Test(revisions, a_new_quote_is_new)
{
    send_article();
    struct answer revised = revise(TEXT "\\n\\nPresident Olga Brandt announced that the election will be held in June.");
    expect_counts(revised, 3, 0, 0, 0, 1);
    expect_text(revised, "revision.quotes.0.change", "new");
    expect_null(revised, "revision.quotes.0.before");
    expect_text(revised, "revision.quotes.0.after.source.text", "President Olga Brandt");
}

Test(revisions, a_paragraph_that_moves_takes_its_quote_along)
{
    send_article();
    struct answer revised = revise(MARSH "\\n\\n" KELLER "\\n\\n" WEBER);
    expect_counts(revised, 0, 3, 0, 0, 0);
    expect_int(revised, "revision.words_added", 0);
    expect_int(revised, "revision.words_removed", 0);
    expect_spans_right();
}

Test(revisions, white_space_and_marks_change_no_quote)
{
    send_article();
    struct answer revised =
        revise(KELLER "\\n\\nDefence Minister Paul  Weber warned that the harbour would be\\nclosed to all ships.\\n\\n"
                      "\\u0022Our fleet will never leave the bay,\\u0022 Admiral Peter Marsh told the Evening Post.");
    expect_int(revised, "revision.number", 2);
    expect_int(revised, "revision.words_added", 0);
    expect_int(revised, "revision.counts.changed", 0);
    expect_int(revised, "revision.counts.vanished", 0);
    expect_int(revised, "revision.counts.new", 0);
    expect_spans_right();
}

Test(revisions, the_old_text_again_is_another_revision_and_the_newest_again_is_none)
{
    send_article();
    revise(KELLER "\\n\\n" WEBER);
    struct answer back = revise(TEXT);
    expect_int(back, "revision.number", 3);
    expect_counts(back, 2, 0, 0, 0, 1);
    expect_text(back, "sha256", text_at(article, "sha256"));
    struct answer again = revise(TEXT);
    expect_absent(again, "revision");
    expect_int(again, "version", 3);
    expect_count(get("%s/revisions", article_path()), "items", 3);
}

/* ---- what a person decided ------------------------------------------------------------------------------------------------- */

static long long claim_of(const char *speaker)
{
    struct answer claims = get("%s/claims?expand=speaker", article_path());
    for (size_t i = 0; i < count_at(claims, "items"); i++) {
        if (strstr(text_at(claims, at("items.%zu.speaker.name", i)), speaker))
            return int_at(claims, at("items.%zu.id", i));
    }
    cr_assert_fail("nobody is called %s", speaker);
    return 0;
}

Test(revisions, a_confirmed_quote_that_is_gone_stays_with_a_mark)
{
    send_article();
    long long weber = claim_of("Weber");
    expect_status(patch(at("/v1/claims/%lld", weber), "{'status': 'confirmed'}"), 200);
    struct answer revised = revise(KELLER "\\n\\n" MARSH);
    expect_counts(revised, 1, 1, 0, 1, 0);
    struct answer kept = get("/v1/claims/%lld?expand=reports", weber);
    expect_count(kept, "reports", 1);
    expect_text(kept, "reports.0.match", "missing");
    expect_int(kept, "reports.0.revision", 1);
    expect_text(kept, "reports.0.content.0.text", "the harbour would be closed to all ships");
    /* It can be written again as it was read. */
    char *reports = json_dumps(value_at(kept, "reports"), JSON_COMPACT);
    struct answer same = ask("PATCH", at("/v1/claims/%lld", weber), "application/merge-patch+json",
                             slice_of(at("{\"reports\":%s,\"stance\":\"warns\"}", reports)));
    free(reports);
    expect_status(same, 200);
    expect_text(get("/v1/claims/%lld?expand=reports", weber), "reports.0.match", "missing");
    /* And comes back with its words. */
    revised = revise(TEXT);
    kept = get("/v1/claims/%lld?expand=reports", weber);
    expect_count(kept, "reports", 1);
    expect_null(kept, "reports.0.match");
    expect_null(kept, "reports.0.revision");
    expect_spans_right();
}

Test(revisions, a_rejected_quote_does_not_come_back_with_other_words)
{
    send_article();
    long long weber = claim_of("Weber");
    expect_status(patch(at("/v1/claims/%lld", weber), "{'status': 'rejected'}"), 200);
    revise(KELLER "\\n\\nDefence Minister Paul Weber warned that the harbour would be closed to most ships.\\n\\n" MARSH);
    expect_int(get("/v1/claims"), "total", 3);
}

Test(revisions, what_is_deleted_meanwhile_comes_back_where_it_stands)
{
    send_article();
    long long weber = claim_of("Weber");
    expect_status(patch(at("/v1/claims/%lld", weber), "{'status': 'confirmed'}"), 200);
    expect_status(erase("/v1/claims/%lld", weber), 204);
    struct answer revised = post("/v1/articles?extract=false", SENDING, "Updated twice. " TEXT);
    expect_status(revised, 200);
    expect_status(post(at("/v1/claims/%lld/restore", weber), NULL), 200);
    expect_null(get("/v1/claims/%lld?expand=reports", weber), "reports.0.revision");
    expect_spans_right();
}

Test(revisions, a_claim_taken_apart_afterwards_points_into_the_new_text)
{
    send_article();
    long long weber = claim_of("Weber"), keller = claim_of("Keller");
    expect_status(post(at("/v1/claims/%lld/merge", keller), "{'from_ids': [%lld]}", weber), 200);
    expect_status(post("/v1/articles?extract=false", SENDING, "Updated twice. " TEXT), 200);
    expect_status(post(at("/v1/claims/%lld/unmerge", weber), NULL), 200);
    expect_spans_right();
}

/* ---- without reading ------------------------------------------------------------------------------------------------------- */

Test(revisions, without_reading_nothing_goes)
{
    send_article();
    long long claims = int_at(get("/v1/claims"), "total");
    struct answer revised = post("/v1/articles?extract=false", SENDING, "Updated. " KELLER "\\n\\n" MARSH);
    expect_status(revised, 200);
    expect_absent(revised, "extracted");
    expect_counts(revised, 0, 2, 0, 1, 0);
    expect_int(get("/v1/claims"), "total", claims);
    struct answer reports = get("%s/reports", article_path());
    int missing = 0;
    for (size_t i = 0; i < count_at(reports, "items"); i++)
        missing += !json_is_null(value_at(reports, at("items.%zu.match", i)));
    cr_assert_eq(missing, 1);
    expect_spans_right();
}

Test(revisions, evidence_of_meetings_and_discrepancies_moves_or_is_marked)
{
    send_article();
    long long id = id_of(article);
    long long meeting = make("/v1/meetings",
                             "{'name': 'Signing', 'kind': 'talks', 'evidence': [{'article_id': %lld, 'start': 74, 'end': 84},"
                             " {'article_id': %lld, 'start': 107, 'end': 123}]}",
                             id, id);
    struct answer before = get("/v1/meetings/%lld", meeting);
    long long discrepancy =
        make("/v1/discrepancies",
             "{'kind': 'content', 'about': 'x', 'values': [{'value': 'a', 'evidence': [{'article_id': %lld, 'start': 0,"
             " 'end': 16}]}, {'value': 'b', 'evidence': [{'article_id': %lld, 'start': 107, 'end': 123}]}]}",
             id, id);
    expect_text(before, "evidence.1.text", "Defence Minister");
    expect_status(post("/v1/articles?extract=false", SENDING, "Updated. " KELLER "\\n\\n" MARSH), 200);
    struct answer after = get("/v1/meetings/%lld", meeting);
    expect_text(after, "evidence.0.text", text_at(before, "evidence.0.text"));
    expect_int(after, "evidence.0.start", int_at(before, "evidence.0.start") + 9);
    expect_null(after, "evidence.0.revision");
    expect_int(after, "evidence.1.revision", 1);
    after = get("/v1/discrepancies/%lld", discrepancy);
    expect_null(after, "values.0.evidence.0.revision");
    expect_int(after, "values.1.evidence.0.revision", 1);
}

Test(revisions, an_earlier_text_that_never_was_is_no_place_for_evidence)
{
    send_article();
    struct answer refused = post("/v1/meetings",
                                 "{'name': 'Signing', 'kind': 'talks', 'evidence': [{'article_id': %lld, 'start': 0, 'end': 7,"
                                 " 'revision': 1}]}",
                                 id_of(article));
    expect_problem(refused, 422, "invalid-body");
    expect_fault(refused, "#/evidence/0", "reference");
}

static const char *const met[] = {"Anna Keller of Freedonia met Paul Weber of Ruritania in Vienna on Monday, officials said.",
                                  "Paul Weber of Ruritania met Anna Keller of Freedonia in Vienna on Monday, it was announced."};

static struct answer tell_of_meeting(const char *prefix, int which, const char *url, const char *query)
{
    return post(at("/v1/articles%s", query), "{'text': '%s%s', 'url': '%s', 'published_at': '2022-01-12', 'outlet': 'Post %d'}",
                prefix, met[which], url, which);
}

Test(revisions, a_meeting_of_several_articles_follows_the_one_that_changed)
{
    struct answer first = tell_of_meeting("", 0, "https://example.org/a", "");
    expect_status(first, 201);
    struct answer meetings = get("/v1/articles/%lld/meetings", id_of(first));
    cr_assert_geq(count_at(meetings, "items"), 1);
    long long meeting = int_at(meetings, "items.0.id"), start = int_at(meetings, "items.0.evidence.0.start");
    expect_status(tell_of_meeting("Updated. ", 0, "https://example.org/a", "?extract=false"), 200);
    expect_status(tell_of_meeting("", 1, "https://example.org/b", ""), 201);
    struct answer merged = get("/v1/meetings/%lld", meeting);
    cr_assert_geq(count_at(merged, "evidence"), 2);
    expect_int(merged, "evidence.0.article_id", id_of(first));
    expect_int(merged, "evidence.0.start", start + 9);
}

/* ---- the sender ---------------------------------------------------------------------------------------------------------- */

Test(revisions, what_its_sender_says_is_taken_and_the_rest_stays)
{
    send_article();
    struct answer revised =
        post("/v1/articles", "{'text': '%s', 'url': '" URL "', 'title': 'No treaty, no harbour'}", "Updated. " TEXT);
    expect_status(revised, 200);
    expect_text(revised, "title", "No treaty, no harbour");
    expect_text(revised, "published_at", "2022-01-12");
    expect_int(revised, "outlet_id", int_at(article, "outlet_id"));
    /* "on Tuesday" is still counted from the day it was published. */
    struct answer claims = get("/v1/claims?said_on=2022-01-11");
    expect_count(claims, "items", 1);
}

Test(revisions, an_upsert_with_another_text_is_a_revision_too)
{
    struct answer made = post("/v1/articles", "{'text': '" TEXT "', 'external_id': 'mine'}");
    expect_status(made, 201);
    expect_problem(post("/v1/articles", "{'text': 'Updated. " TEXT "', 'external_id': 'mine'}"), 409, "conflict");
    struct answer revised = post("/v1/articles?upsert=true", "{'text': 'Updated. " TEXT "', 'external_id': 'mine'}");
    expect_status(revised, 200);
    expect_int(revised, "id", id_of(made));
    expect_int(revised, "revision.number", 2);
}

Test(revisions, a_dry_run_keeps_nothing)
{
    send_article();
    struct answer tried = post("/v1/articles?dry_run=true", SENDING, "Updated. " TEXT);
    expect_status(tried, 200);
    expect_int(tried, "revision.number", 2);
    expect_int(get("%s", article_path()), "version", 1);
    expect_count(get("%s/revisions", article_path()), "items", 1);
}

Test(revisions, a_bad_revision_changes_nothing)
{
    send_article();
    struct answer refused = post("/v1/articles", "{'text': 'Updated.', 'url': '" URL "', 'outlet_id': 999}");
    expect_problem(refused, 422, "invalid-body");
    expect_int(get("%s", article_path()), "version", 1);
    expect_count(get("%s/revisions", article_path()), "items", 1);
    expect_spans_right();
}

Test(revisions, a_list_may_hold_some)
{
    send_article();
    struct answer bulk = post("/v1/articles", "[" SENDING ", {'text': 'Another one.'}]", "Updated. " TEXT);
    expect_status(bulk, 201);
    expect_each(bulk, "items", "status", "[200, 201]");
    expect_int(bulk, "items.0.revision.number", 2);
}

Test(revisions, a_deleted_article_shows_no_texts)
{
    send_article();
    revise("Updated. " TEXT);
    expect_status(erase("%s", article_path()), 204);
    expect_problem(get("%s/revisions", article_path()), 410, "gone");
    expect_problem(get("%s/revisions/1", article_path()), 410, "gone");
}

Test(revisions, a_kill_leaves_all_of_a_revision_or_nothing)
{
    send_article();
    revise("Updated. " TEXT);
    server_kill();
    server_start("--extract", "on");
    expect_count(get("%s/revisions", article_path()), "items", 2);
    expect_spans_right();
}

Test(revisions, what_repeated_another_text_may_do_so_no_more)
{
    send_article();
    struct answer copy =
        post("/v1/articles", "{'text': '" TEXT "', 'url': 'https://example.org/copy', 'outlet': 'Evening Post'}");
    expect_status(copy, 201);
    expect_int(copy, "near_duplicate_of", id_of(article));
    struct answer own = post("/v1/articles", "{'text': 'President Olga Brandt announced that the election will be held in June.',"
                                             " 'url': 'https://example.org/copy'}");
    expect_status(own, 200);
    expect_int(own, "id", id_of(copy));
    expect_null(own, "near_duplicate_of");
}
