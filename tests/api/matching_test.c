/* One claim, many reports: what is matched, what is not, why, and what a person decides about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/harness.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(matching, .init = set_up, .fini = server_down);

/* ---- articles --------------------------------------------------------------------------------------------- */

static const char bridge[] =
    "Transport Minister Anna Keller said on Monday that the old bridge at Sandvik would be closed for repairs "
    "until autumn.",
                  bridge_otherwise[] = "The old Sandvik bridge will be shut for repair until the autumn, Transport Minister Anna "
                                       "Keller told reporters on Monday.";

static struct answer print(const char *outlet, const char *day, const char *text)
{
    struct answer sent = post("/v1/articles", "{'text': '%s', 'published_at': '%s', 'outlet': '%s'}", text, day, outlet);
    expect_status(sent, 201);
    return sent;
}

/* The one claim of an article. */
static long long claim_in(struct answer article)
{
    struct answer claims = get("/v1/articles/%lld/claims", id_of(article));
    expect_count(claims, "items", 1);
    return int_at(claims, "items.0.id");
}

static long long reports_of(long long claim)
{
    return int_at(get("/v1/claims/%lld", claim), "report_count");
}

/* ---- what is matched -------------------------------------------------------------------------------------- */

Test(matching, two_wordings_of_one_statement_are_one_claim)
{
    long long first = claim_in(print("Morning Post", "2031-05-06", bridge));
    cr_assert_eq(claim_in(print("Evening Post", "2031-05-06", bridge_otherwise)), first);
    struct answer claim = get("/v1/claims/%lld", first);
    expect_int(claim, "report_count", 2);
    expect_int(claim, "outlet_count", 2);
}

Test(matching, another_speaker_another_day_another_subject_are_other_claims)
{
    static const char *const others[] = {
        "Mayor Paul Weber said on Monday that the old bridge at Sandvik would be closed for repairs until autumn.",
        "Transport Minister Anna Keller said on Monday that the new harbour at Sandvik would be opened for ferries in spring.",
    };
    long long first = claim_in(print("Morning Post", "2031-05-06", bridge));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        cr_assert_neq(claim_in(print("Evening Post", "2031-05-06", others[i])), first);
    cr_assert_neq(claim_in(print("Late Post", "2031-06-24", bridge_otherwise)), first);
    cr_assert_eq(reports_of(first), 1);
}

Test(matching, a_report_with_another_number_or_a_denial_is_of_the_same_claim)
{
    long long first =
        claim_in(print("Morning Post", "2031-05-06",
                       "Transport Minister Anna Keller said on Monday that the old bridge at Sandvik would be closed for "
                       "repairs for 14 weeks."));
    cr_assert_eq(
        claim_in(print("Evening Post", "2031-05-06",
                       "Transport Minister Anna Keller said on Monday that the old bridge at Sandvik would be closed for repairs "
                       "for 40 weeks.")),
        first);
    cr_assert_eq(
        claim_in(print("Late Post", "2031-05-06",
                       "Transport Minister Anna Keller said on Monday that the old bridge at Sandvik would not be closed for "
                       "repairs for 14 weeks.")),
        first);
    expect_body_has(get("/v1/claims/%lld", first), "would be closed for repairs for 14 weeks");
}

Test(matching, a_claim_that_a_person_wrote_is_joined_too)
{
    long long minister = make("/v1/actors", "{'name': 'Anna Keller', 'kind': 'person'}");
    long long article = make("/v1/articles?extract=false", "{'text': '%s', 'published_at': '2031-05-06'}", bridge);
    long long claim =
        make("/v1/claims",
             "{'text': 'The bridge at Sandvik is closed until autumn.', 'speaker_id': %lld, 'said_on': '2031-05-05', 'status':"
             " 'confirmed', 'reports': [{'article_id': %lld, 'kind': 'indirect', 'content': [{'start': 51, 'end': 118}]}]}",
             minister, article);
    cr_assert_eq(claim_in(print("Evening Post", "2031-05-06", bridge_otherwise)), claim);
    expect_text(get("/v1/claims/%lld", claim), "text", "The bridge at Sandvik is closed until autumn.");
    expect_text(get("/v1/claims/%lld", claim), "status", "confirmed");
}

Test(matching, a_claim_that_came_with_a_file_is_joined_too)
{
    cr_assert_eq(server_stop(), 0);
    cr_assert_eq(remove(server_database()), 0);
    server_start("--demo");
    long long claim = int_at(get("/v1/claims?external_id=russia-rules-out-concessions"), "items.0.id"),
              before = reports_of(claim);
    expect_status(
        post("/v1/articles?extract=true",
             "{'text': 'Deputy Foreign Minister Sergei Ryabkov said on Sunday that Russia would make no concessions in the "
             "Geneva talks.', 'published_at': '2022-01-10', 'outlet': 'Morning Post'}"),
        201);
    cr_assert_eq(reports_of(claim), before + 1);
}

Test(matching, what_a_person_made_of_a_claim_stays_when_others_join_it)
{
    long long claim = claim_in(print("Morning Post", "2031-05-06", bridge));
    expect_status(patch(at("/v1/claims/%lld", claim), "{'text': 'As the desk has it', 'stance': 'promises'}"), 200);
    print("Evening Post", "2031-05-06", bridge_otherwise);
    struct answer now = get("/v1/claims/%lld", claim);
    expect_int(now, "report_count", 2);
    expect_text(now, "text", "As the desk has it");
    expect_text(now, "stance", "promises");
}

/* ---- in any order ----------------------------------------------------------------------------------------- */

static const struct {
    const char *outlet, *text;
} story[] = {
    {"Morning Post", bridge},
    {"Evening Post", bridge_otherwise},
    {"Late Post",
     "Sandvik bridge to be shut until autumn. Minister Anna Keler said on Monday that she wanted the old bridge of Sandvik "
     "closed until autumn, for repairs. Mayor Paul Weber warned that shops would lose customers."},
    {"Coast Post",
     "Mayor Paul Weber warned on Monday that the shops of Sandvik would be losing customers. Anna Keller said ferries would "
     "carry children to school."},
};
enum { STORY = sizeof story / sizeof story[0] };

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What the record says, ids aside, as one text. */
static const char *record_now(void)
{
    struct answer claims = get("/v1/claims?limit=100&expand=reports.article,speaker");
    size_t count = count_at(claims, "items");
    const char **lines = malloc((count + 1) * sizeof *lines);
    const char *all = "";
    for (size_t i = 0; i < count; i++) {
        size_t reports = count_at(claims, at("items.%zu.reports", i));
        const char **words = malloc((reports + 1) * sizeof *words), *joined = "";
        for (size_t j = 0; j < reports; j++)
            words[j] = text_at(claims, at("items.%zu.reports.%zu.content.0.text", i, j));
        qsort(words, reports, sizeof *words, by_text);
        for (size_t j = 0; j < reports; j++)
            joined = at("%s / %s", joined, words[j]);
        free(words);
        json_t *day = value_at(claims, at("items.%zu.said_on", i));
        lines[i] = at("%s | %s | %s | %s | %lld:%s\n", text_at(claims, at("items.%zu.text", i)),
                      text_at(claims, at("items.%zu.speaker.name", i)), text_at(claims, at("items.%zu.stance", i)),
                      json_is_string(day) ? json_string_value(day) : "-", int_at(claims, at("items.%zu.outlet_count", i)),
                      joined);
    }
    qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++)
        all = at("%s%s", all, lines[i]);
    free(lines);
    return all;
}

Test(matching, the_record_is_the_same_in_whatever_order_articles_came)
{
    static const int orders[][STORY] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}, {2, 3, 1, 0}, {0, 3, 2, 1}};
    const char *expected = NULL;
    for (size_t order = 0; order < sizeof orders / sizeof orders[0]; order++) {
        if (order)
            server_start("--extract", "on");
        for (size_t i = 0; i < STORY; i++)
            print(story[orders[order][i]].outlet, "2031-05-06", story[orders[order][i]].text);
        const char *record = record_now();
        if (!expected)
            expected = record;
        cr_assert_str_eq(record, expected, "order %zu gives\n%s\nand not\n%s", order, record, expected);
        cr_assert_eq(server_stop(), 0);
        cr_assert_eq(remove(server_database()), 0);
    }
    cr_assert(strstr(expected, "Anna Keller") && !strstr(expected, "Keler |"));
}

/* ---- why -------------------------------------------------------------------------------------------------- */

Test(matching, each_report_says_why_it_belongs)
{
    long long claim = claim_in(print("Morning Post", "2031-05-06", bridge));
    print("Evening Post", "2031-05-06", bridge_otherwise);
    struct answer reports = get("/v1/claims/%lld/reports?explain=true", claim);
    expect_status(reports, 200);
    expect_int(reports, "items.0.why.with_report_id", int_at(reports, "items.1.id"));
    expect_int(reports, "items.1.why.with_report_id", int_at(reports, "items.0.id"));
    expect_bool(reports, "items.0.why.same_speaker", true);
    expect_bool(reports, "items.0.why.by_person", false);
    expect_int(reports, "items.0.why.days_apart", 0);
    expect_json(reports, "items.0.why.shared", "['old', 'bridge', 'Sandvik', 'closed', 'repairs', 'autumn']");
    expect_body_has(reports, "of the same speaker, on the same day.");
    expect_absent(get("/v1/claims/%lld/reports", claim), "items.0.why");
    expect_status(get("/v1/claims/%lld/reports?explain=maybe", claim), 400);
}

Test(matching, what_a_person_put_together_says_so)
{
    long long first = claim_in(print("Morning Post", "2031-05-06", bridge)),
              other =
                  claim_in(print("Evening Post", "2031-05-06", "Mayor Paul Weber warned that the shops would lose customers."));
    expect_status(post(at("/v1/claims/%lld/merge", first), "{'from_ids': [%lld]}", other), 200);
    struct answer reports = get("/v1/claims/%lld/reports?explain=true", first);
    expect_bool(reports, "items.0.why.by_person", true);
    expect_bool(reports, "items.1.why.by_person", true);
    expect_body_has(reports, "A person put it together with report");
}

Test(matching, similar_claims_say_why_they_are_not_the_same)
{
    long long may = claim_in(print("Morning Post", "2031-05-06", bridge)),
              june = claim_in(print("Late Post", "2031-06-24", bridge_otherwise));
    struct answer similar = get("/v1/claims/%lld/similar", may);
    expect_count(similar, "items", 1);
    expect_int(similar, "items.0.claim.id", june);
    expect_text(similar, "items.0.why_not", "other-day");
    expect_int(similar, "items.0.days_apart", 49);
    expect_status(get("/v1/claims/%lld/similar?limit=51", may), 400);
    expect_status(get("/v1/claims/999/similar"), 404);
    with("If-None-Match: %s", header_of(similar, "ETag"));
    expect_status(get("/v1/claims/%lld/similar", may), 304);
    with("Accept: text/csv");
    expect_status(get("/v1/claims/%lld/similar", may), 406);
    expect_status(erase("/v1/claims/%lld", may), 204);
    expect_status(get("/v1/claims/%lld/similar", may), 410);
}

/* ---- what a person decides -------------------------------------------------------------------------------- */

Test(matching, what_a_person_split_never_comes_together_again)
{
    struct answer evening;
    long long claim = claim_in(print("Morning Post", "2031-05-06", bridge));
    evening = print("Evening Post", "2031-05-06", bridge_otherwise);
    long long report = int_at(get("/v1/articles/%lld/reports", id_of(evening)), "items.0.id");
    struct answer split = post(at("/v1/claims/%lld/split", claim), "{'report_ids': [%lld]}", report);
    expect_status(split, 201);
    expect_header(split, "Location", at("/v1/claims/%lld", id_of(split)));
    expect_int(split, "report_count", 1);
    expect_text(split, "text", "The old Sandvik bridge will be shut for repair until the autumn");
    cr_assert_eq(reports_of(claim), 1);

    print("Late Post", "2031-05-06", bridge_otherwise);
    print("Coast Post", "2031-05-06",
          "The Sandvik bridge, the old one, would be closed until autumn, Anna Keller said on Monday: it needed repairs.");
    expect_status(post(at("/v1/articles/%lld/extract", id_of(evening)), NULL), 200);
    expect_null(get("/v1/claims/%lld", claim), "merged_into_id");
    expect_null(get("/v1/claims/%lld", id_of(split)), "merged_into_id");
    cr_assert_eq(claim_in(evening), id_of(split));
    cr_assert_eq(reports_of(claim) + reports_of(id_of(split)), 4);
}

Test(matching, what_a_person_took_apart_after_a_merge_stays_apart)
{
    long long first = claim_in(print("Morning Post", "2031-05-06", bridge)),
              other =
                  claim_in(print("Evening Post", "2031-05-06", "Mayor Paul Weber warned that the shops would lose customers."));
    expect_status(post(at("/v1/claims/%lld/merge", first), "{'from_ids': [%lld]}", other), 200);
    cr_assert_eq(claim_in(print("Late Post", "2031-05-06", "The shops will be losing customers, Mayor Paul Weber warned.")),
                 first);
    expect_status(post(at("/v1/claims/%lld/unmerge", other), NULL), 200);
    cr_assert_geq(reports_of(other), 1);
    expect_null(get("/v1/claims/%lld", other), "merged_into_id");
}

Test(matching, a_split_of_the_version_that_was_seen_is_done_and_of_another_is_not)
{
    long long claim = claim_in(print("Morning Post", "2031-05-06", bridge));
    struct answer evening = print("Evening Post", "2031-05-06", bridge_otherwise);
    long long report = int_at(get("/v1/articles/%lld/reports", id_of(evening)), "items.0.id");
    const char *seen = header_of(get("/v1/claims/%lld", claim), "ETag");
    with("If-Match: \"c%lld-99\"", claim);
    expect_problem(post(at("/v1/claims/%lld/split", claim), "{'report_ids': [%lld]}", report), 412, "precondition-failed");
    with("If-Match: %s", seen);
    struct answer split = post(at("/v1/claims/%lld/split", claim), "{'report_ids': [%lld]}", report);
    expect_status(split, 201);
    expect_int(split, "report_count", 1);
}

Test(matching, a_split_names_what_is_wrong_with_it)
{
    long long claim = claim_in(print("Morning Post", "2031-05-06", bridge));
    long long report = int_at(get("/v1/claims/%lld/reports", claim), "items.0.id");
    const char *path = at("/v1/claims/%lld/split", claim);
    struct answer none_left = post(path, "{'report_ids': [%lld]}", report);
    expect_status(none_left, 422);
    expect_fault(none_left, "#/report_ids", "too_many");
    struct answer unknown = post(path, "{'report_ids': [9999]}");
    expect_status(unknown, 422);
    expect_fault(unknown, "#/report_ids/0", "reference");
    expect_status(post(path, "{'report_ids': []}"), 422);
    expect_status(post(path, "{'reports': [1]}"), 422);
    expect_status(post("/v1/claims/999/split", "{'report_ids': [1]}"), 404);
    with("If-Match: \"c%lld-99\"", claim);
    expect_status(post(path, "{'report_ids': [%lld]}", report), 412);
    cr_assert_eq(reports_of(claim), 1);
    expect_status(erase("/v1/claims/%lld", claim), 204);
    expect_status(post(path, "{'report_ids': [%lld]}", report), 410);
}
