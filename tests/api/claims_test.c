#include "support/harness.h"
#include "support/scene.h"

TestSuite(claims, .init = server_up, .fini = server_down);

Test(claims, a_claim_has_all_its_properties)
{
    struct scene scene = scene_set();
    struct answer claim = get("/v1/claims/%lld", scene.claim);
    expect_text(claim, "text", "The talks begin on Monday");
    expect_int(claim, "speaker_id", scene.baker);
    expect_int(claim, "on_behalf_of_id", scene.freedonia);
    expect_null(claim, "addressee_id");
    expect_text(claim, "stance", "asserts");
    expect_json(claim, "topics", "['fishing-rights']");
    expect_text(claim, "said_on", "2022-01-08");
    expect_int(claim, "occasion_id", scene.meeting);
    expect_text(claim, "attribution", "named");
    expect_text(claim, "status", "confirmed");
    expect_int(claim, "report_count", 1);
    expect_int(claim, "outlet_count", 1);
    expect_int(claim, "origin_count", 1);
    expect_null(claim, "merged_into_id");
    expect_absent(claim, "reports");
}

Test(claims, a_claim_brings_all_it_names_when_asked)
{
    struct scene scene = scene_set();
    struct answer claim = get("/v1/claims/%lld?expand=speaker,on_behalf_of,addressee,occasion,reports", scene.claim);
    expect_text(claim, "speaker.name", "Zo\u00eb Baker");
    expect_text(claim, "on_behalf_of.name", "Freedonia");
    expect_null(claim, "addressee");
    expect_text(claim, "occasion.name", "Talks");
    expect_int(claim, "reports.0.id", scene.report);
    struct answer list = get("/v1/claims?expand=speaker,reports");
    expect_int(list, "items.0.speaker.id", scene.baker);
    expect_json(list, "items.0.reports.0.via", at("[%lld]", scene.wire));
}

Test(claims, a_report_has_the_words_that_show_it)
{
    struct scene scene = scene_set();
    struct answer report = get("/v1/reports/%lld?expand=article,claim", scene.report);
    expect_text(report, "content.0.text", "the talks begin on Monday");
    expect_text(report, "source.text", "Zo\u00eb Baker");
    expect_text(report, "cue.text", "said");
    expect_json(report, "via", at("[%lld]", scene.wire));
    expect_null(report, "speaker_id");
    expect_null(report, "match");
    expect_int(report, "article.id", scene.article);
    expect_int(report, "claim.id", scene.claim);
    expect_each(get("/v1/claims/%lld/reports?expand=article", scene.claim), "items", "article.id", at("[%lld]", scene.article));
}

Test(claims, a_filter_picks_claims)
{
    struct scene scene = scene_set();
    long long other = make("/v1/claims",
                           "{'text': 'They do not', 'speaker_id': %lld, 'addressee_id': %lld, 'stance': 'denies',"
                           " 'attribution': 'anonymous', 'status': 'extracted', 'said_on': '2022-01-12'}",
                           scene.freedonia, scene.baker);
    const char *first = at("[%lld]", scene.claim), *second = at("[%lld]", other);
    const struct {
        const char *query, *ids;
    } rows[] = {
        {at("speaker_id=%lld", scene.baker), first},
        {at("on_behalf_of_id=%lld", scene.freedonia), first},
        {at("addressee_id=%lld", scene.baker), second},
        {"topic=fishing-rights", first},
        {"stance=denies", second},
        {"said_on=2022-01-08", first},
        {"said_on__gte=2022-01-09", second},
        {"said_on__lt=2022-01-12", first},
        {"said_on__gte=2022-01-08&said_on__lt=2022-01-13", at("[%lld, %lld]", scene.claim, other)},
        {at("occasion_id=%lld", scene.meeting), first},
        {"attribution=anonymous", second},
        {"status=extracted", second},
        {at("article_id=%lld", scene.article), first},
        {at("outlet_id=%lld", scene.post), first},
        {at("via_id=%lld", scene.wire), first},
        {at("via_id=%lld", scene.post), "[]"},
        {"external_id=claim-1", first},
        {at("speaker_id=%lld&stance=denies", scene.baker), "[]"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_each(get("/v1/claims?%s", rows[i].query), "items", "id", rows[i].ids);
}

Test(claims, reports_are_counted_by_outlet_and_origin)
{
    struct scene scene = scene_set();
    long long second = make("/v1/articles", "{'text': 'The talks begin.', 'outlet': 'Evening Post'}");
    patch(at("/v1/claims/%lld", scene.claim),
          "{'reports': [{'article_id': %lld, 'kind': 'indirect', 'content': [{'start': 15, 'end': 40}], 'via': ['wire']},"
          " {'article_id': %lld, 'kind': 'direct', 'content': [{'start': 0, 'end': 15}], 'via': ['wire']}]}",
          scene.article, second);
    struct answer claim = get("/v1/claims/%lld", scene.claim);
    expect_int(claim, "report_count", 2);
    expect_int(claim, "outlet_count", 2);
    expect_int(claim, "origin_count", 1);
}

Test(claims, reports_are_replaced_by_a_change)
{
    struct scene scene = scene_set();
    const char *path = at("/v1/claims/%lld", scene.claim);
    struct answer changed = patch(path, "{'reports': []}");
    expect_status(changed, 200);
    expect_int(changed, "report_count", 0);
    expect_count(get("%s/reports", path), "items", 0);
    expect_problem(get("/v1/reports/%lld", scene.report), 404, "not-found");
}

Test(claims, a_claim_without_a_word_on_reports_keeps_them)
{
    struct scene scene = scene_set();
    expect_int(patch(at("/v1/claims/%lld", scene.claim), "{'stance': 'expects'}"), "report_count", 1);
    expect_int(get("/v1/claims/%lld/reports", scene.claim), "items.0.id", scene.report);
}

Test(claims, a_claim_that_breaks_its_schema_is_refused)
{
    static const struct {
        const char *members, *where, *code;
    } rows[] = {
        {"'stance': 'asserts'", "#/text", "required"},
        {"'text': 'x', 'stance': 'shouts'", "#/stance", "enum"},
        {"'text': 'x', 'speaker_id': 'nobody'", "#/speaker_id", "reference"},
        {"'text': 'x', 'occasion_id': 999999", "#/occasion_id", "reference"},
        {"'text': 'x', 'topics': ['no-such-topic']", "#/topics/0", "reference"},
        {"'text': 'x', 'topics': ['Not A Slug']", "#/topics/0", NULL},
        {"'text': 'x', 'said_on': '2022-13-01'", "#/said_on", "format"},
        {"'text': 'x', 'said_on': '2022-01-08T10:00:00Z'", "#/said_on", "format"},
        {"'text': 'x', 'report_count': 7", "#/report_count", NULL},
        {"'text': 'x', 'reports': [{'kind': 'direct', 'content': [{'start': 0, 'end': 1}]}]", "#/reports/0/article_id",
         "required"},
        {"'text': 'x', 'reports': [{'article_id': 'article-1', 'kind': 'direct', 'content': []}]", "#/reports/0/content", NULL},
        {"'text': 'x', 'reports': [{'article_id': 'nothing', 'kind': 'direct', 'content': [{'start': 0, 'end': 1}]}]",
         "#/reports/0/article_id", "reference"},
        {"'text': 'x', 'reports': [{'article_id': 'article-1', 'kind': 'direct', 'content': [{'start': 0, 'end': 1}],"
         " 'via': ['wire', 'nobody']}]",
         "#/reports/0/via/1", "reference"},
        {"'text': 'x', 'reports': [{'article_id': 'article-1', 'kind': 'direct', 'content': [{'start': 0, 'end': 1}],"
         " 'confidence': 1.5}]",
         "#/reports/0/confidence", "range"},
    };
    scene_set();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer refused = post("/v1/claims", "{%s}", rows[i].members);
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, rows[i].where, rows[i].code);
    }
}

Test(claims, a_report_quotes_what_the_article_says)
{
    static const char *const spans[] = {
        "'content': [{'start': 15, 'end': 40, 'text': 'the talks begin on Sunday'}]",
        "'content': [{'start': 15, 'end': 42}]",
        "'content': [{'start': 15, 'end': 40}], 'source': {'start': 0, 'end': 9, 'text': 'Zoe Baker'}",
        "'content': [{'start': 15, 'end': 40}], 'cue': {'start': 10, 'end': 10}",
    };
    scene_set();
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        struct answer refused =
            post("/v1/claims", "{'text': 'x', 'reports': [{'article_id': 'article-1', 'kind': 'indirect', %s}]}", spans[i]);
        expect_problem(refused, 422, "invalid-body");
        cr_assert_geq(count_at(refused, "errors"), 1);
    }
    expect_count(get("/v1/claims"), "items", 1);
}
