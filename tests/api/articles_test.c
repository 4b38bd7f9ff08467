#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

TestSuite(articles, .init = server_up, .fini = server_down);

Test(articles, an_article_has_all_its_properties)
{
    struct scene scene = scene_set();
    struct answer article = get("/v1/articles/%lld", scene.article);
    expect_text(article, "title", "Talks begin");
    expect_text(article, "text", SCENE_TEXT);
    expect_int(article, "text_length", 41);
    expect_int(article, "outlet_id", scene.post);
    expect_text(article, "published_at", "2022-01-09");
    expect_bool(article, "machine_translated", false);
    expect_json(article, "body_spans", "[]");
    expect_null(article, "byline");
    expect_null(article, "near_duplicate_of");
    cr_assert_eq(strlen(text_at(article, "sha256")), 64);
    expect_absent(article, "mentions");
}

Test(articles, a_list_has_the_text_only_when_asked)
{
    scene_set();
    expect_absent(get("/v1/articles"), "items.0.text");
    struct answer whole = get("/v1/articles?expand=text,mentions,outlet");
    expect_text(whole, "items.0.text", SCENE_TEXT);
    expect_text(whole, "items.0.mentions.0.text", "Zo\u00eb Baker");
    expect_text(whole, "items.0.outlet.name", "Morning Post");
}

Test(articles, an_article_brings_its_outlet_and_mentions_when_asked)
{
    struct scene scene = scene_set();
    struct answer article = get("/v1/articles/%lld?expand=outlet&expand=mentions", scene.article);
    expect_int(article, "outlet.id", scene.post);
    expect_int(article, "mentions.0.actor_id", scene.baker);
    expect_text(article, "mentions.0.reported_title", "minister");
}

Test(articles, an_outlet_is_found_by_its_name_or_made)
{
    long long known = make("/v1/actors", "{'name': 'Morning Post', 'kind': 'media', 'aliases': [{'text': 'The Post'}]}");
    make("/v1/actors", "{'name': 'Evening Post', 'kind': 'person'}");
    expect_int(post("/v1/articles", "{'text': 'One.', 'outlet': 'Morning Post'}"), "outlet_id", known);
    expect_int(post("/v1/articles", "{'text': 'Two.', 'outlet': 'The Post'}"), "outlet_id", known);
    struct answer made = post("/v1/articles", "{'text': 'Three.', 'outlet': 'Evening Post'}");
    expect_status(made, 201);
    struct answer outlet = get("/v1/actors/%lld", int_at(made, "outlet_id"));
    expect_text(outlet, "name", "Evening Post");
    expect_text(outlet, "kind", "media");
}

Test(articles, a_change_leaves_the_text_as_it_is)
{
    const char *path = at("/v1/articles/%lld", make("/v1/articles", "{'text': 'As it was.'}"));
    struct answer refused = patch(path, "{'text': 'As it should have been.'}");
    expect_problem(refused, 422, "invalid-body");
    expect_fault(refused, "#/text", NULL);
    expect_status(patch(path, "{'text': 'As it was.'}"), 200);
    expect_int(get("%s", path), "version", 1);
}

Test(articles, a_url_is_taken_once)
{
    make("/v1/articles", "{'text': 'One.', 'url': 'https://example.org/1'}");
    long long other = make("/v1/articles", "{'text': 'Two.', 'url': 'https://example.org/2'}");
    struct answer refused = patch(at("/v1/articles/%lld", other), "{'url': 'https://example.org/1'}");
    expect_problem(refused, 409, "conflict");
}

Test(articles, spans_count_code_points)
{
    struct scene scene = scene_set();
    struct answer mentions = get("/v1/articles/%lld/mentions", scene.article);
    expect_text(mentions, "items.0.text", "Zo\u00eb Baker");
    expect_int(mentions, "items.0.end", 9);
    struct answer made = post("/v1/articles", "{'text': '\U0001F600 Zo\u00eb', 'body_spans': [{'start': 2, 'end': 5}]}");
    expect_text(made, "body_spans.0.text", "Zo\u00eb");
    expect_int(made, "text_length", 5);
}

Test(articles, a_span_that_does_not_fit_is_refused)
{
    static const struct {
        const char *span, *where;
    } rows[] = {
        {"'start': 0, 'end': 5", NULL},
        {"'start': 0, 'end': 0", NULL},
        {"'start': 3, 'end': 2", NULL},
        {"'start': -1, 'end': 2", "#/body_spans/0/start"},
        {"'start': 0, 'end': 3, 'text': 'Two'", NULL},
        {"'start': 1.5, 'end': 3", "#/body_spans/0/start"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer refused = post("/v1/articles", "{'text': 'One.', 'body_spans': [{%s}]}", rows[i].span);
        expect_problem(refused, 422, "invalid-body");
        cr_assert_geq(count_at(refused, "errors"), 1);
        if (rows[i].where)
            expect_fault(refused, rows[i].where, NULL);
    }
}

Test(articles, mentions_are_replaced_by_a_change)
{
    struct scene scene = scene_set();
    const char *path = at("/v1/articles/%lld", scene.article);
    expect_status(patch(path, "{'mentions': [{'actor_id': 'freedonia', 'start': 15, 'end': 24, 'form': 'nominal'}]}"), 200);
    struct answer mentions = get("%s/mentions?expand=actor", path);
    expect_each(mentions, "items", "actor_id", at("[%lld]", scene.freedonia));
    expect_text(mentions, "items.0.actor.name", "Freedonia");
    expect_each(get("%s/actors", path), "items", "id", at("[%lld]", scene.freedonia));
    expect_status(get("/v1/mentions/%lld", scene.mention), 404);
}

Test(articles, a_mention_names_an_actor_that_exists)
{
    struct answer refused = post("/v1/articles", "{'text': 'One.', 'mentions': ["
                                                 "{'actor_id': 'nobody', 'start': 0, 'end': 3},"
                                                 "{'actor_id': 999999, 'start': 0, 'end': 3}]}");
    expect_problem(refused, 422, "invalid-body");
    expect_fault(refused, "#/mentions/0/actor_id", "reference");
    expect_fault(refused, "#/mentions/1/actor_id", "reference");
}

Test(articles, an_article_lists_what_hangs_on_it)
{
    struct scene scene = scene_set();
    const char *path = at("/v1/articles/%lld", scene.article);
    expect_each(get("%s/actors", path), "items", "id", at("[%lld]", scene.baker));
    expect_each(get("%s/claims?expand=speaker", path), "items", "speaker.id", at("[%lld]", scene.baker));
    expect_each(get("%s/reports?expand=claim", path), "items", "claim.id", at("[%lld]", scene.claim));
    expect_status(get("%s/meetings", path), 200);
    expect_each(get("%s/mentions", path), "items", "id", at("[%lld]", scene.mention));
}

Test(articles, an_article_lists_the_meetings_it_is_evidence_of)
{
    struct scene scene = scene_set();
    patch(at("/v1/meetings/%lld", scene.meeting), "{'evidence': [{'article_id': %lld, 'start': 19, 'end': 24}]}", scene.article);
    expect_each(get("/v1/articles/%lld/meetings", scene.article), "items", "id", at("[%lld]", scene.meeting));
}

Test(articles, a_filter_picks_articles)
{
    struct scene scene = scene_set();
    struct answer other = post("/v1/articles",
                               "{'text': 'Deux.', 'language': 'fr', 'machine_translated': true, 'url': 'https://example.org/2',"
                               " 'published_at': '2022-01-10T06:00:00Z', 'near_duplicate_of': 'article-1'}");
    expect_status(other, 201);
    const char *first = at("[%lld]", scene.article), *second = at("[%lld]", id_of(other));
    const struct {
        const char *query, *ids;
    } rows[] = {
        {at("outlet_id=%lld", scene.post), first},
        {"language=en", first},
        {"language=fr", second},
        {"machine_translated=true", second},
        {"machine_translated=false", first},
        {"published_at__gte=2022-01-10", second},
        {"published_at__lt=2022-01-10", first},
        {"published_at__gte=2022-01-09&published_at__lt=2022-01-10", first},
        {at("near_duplicate_of=%lld", scene.article), second},
        {"url=https%3A%2F%2Fexample.org%2F2", second},
        {at("sha256=%s", text_at(other, "sha256")), second},
        {"external_id=article-1", first},
        {at("actor_id=%lld", scene.baker), first},
        {at("actor_id=%lld", scene.wire), "[]"},
        {"language=en&machine_translated=true", "[]"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_each(get("/v1/articles?%s", rows[i].query), "items", "id", rows[i].ids);
}

Test(articles, an_article_with_a_property_that_breaks_its_schema_is_refused)
{
    static const struct {
        const char *members, *where;
    } rows[] = {
        {"'text': ''", "#/text"},
        {"'text': 1", "#/text"},
        {"'title': 'No text'", "#/text"},
        {"'text': 'x', 'language': 'English!'", "#/language"},
        {"'text': 'x', 'url': 'not a url'", "#/url"},
        {"'text': 'x', 'published_at': '2022-02-30'", "#/published_at"},
        {"'text': 'x', 'published_at': 'yesterday'", "#/published_at"},
        {"'text': 'x', 'external_id': '12'", "#/external_id"},
        {"'text': 'x', 'machine_translated': 'no'", "#/machine_translated"},
        {"'text': 'x', 'outlet_id': 'nobody'", "#/outlet_id"},
        {"'text': 'x', 'near_duplicate_of': 999999", "#/near_duplicate_of"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer refused = post("/v1/articles", "{%s}", rows[i].members);
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, rows[i].where, NULL);
    }
}

Test(articles, a_text_may_be_as_long_as_a_book)
{
    enum { MOST = 2000000 };
    char *text = arena_alloc(test_arena(), MOST + 2);
    memset(text, 'x', MOST + 1);
    text[MOST + 1] = '\0';
    expect_fault(post("/v1/articles", "{'text': '%s'}", text), "#/text", NULL);
    with("Expect: 100-continue");
    struct answer made = post("/v1/articles", "{'text': '%s'}", text + 1);
    expect_status(made, 201);
    expect_int(made, "text_length", MOST);
    cr_assert_eq(strlen(text_at(get("/v1/articles/%lld", id_of(made)), "text")), MOST);
}

Test(articles, a_deleted_article_takes_its_reports_along_and_brings_them_back)
{
    struct scene scene = scene_set();
    erase("/v1/articles/%lld", scene.article);
    expect_int(get("/v1/claims/%lld", scene.claim), "report_count", 0);
    post(at("/v1/articles/%lld/restore", scene.article), NULL);
    expect_int(get("/v1/claims/%lld", scene.claim), "report_count", 1);
    expect_int(get("/v1/mentions/%lld?expand=actor,article", scene.mention), "article.id", scene.article);
}
