#include "support/harness.h"
#include "support/scene.h"

TestSuite(actors, .init = server_up, .fini = server_down);

Test(actors, an_actor_has_all_its_properties)
{
    struct scene scene = scene_set();
    struct answer actor = get("/v1/actors/%lld", scene.baker);
    expect_text(actor, "name", "Zo\u00eb Baker");
    expect_text(actor, "kind", "person");
    expect_text(actor, "status", "confirmed");
    expect_int(actor, "affiliation_id", scene.freedonia);
    expect_null(actor, "country");
    expect_null(actor, "merged_into_id");
    expect_json(actor, "aliases", "[{'text': 'Z. Baker', 'script': null, 'form': 'alias', 'article_id': null}]");
    expect_absent(actor, "affiliation");
}

Test(actors, an_actor_brings_its_affiliation_when_asked)
{
    struct scene scene = scene_set();
    expect_text(get("/v1/actors/%lld?expand=affiliation", scene.baker), "affiliation.name", "Freedonia");
    expect_text(get("/v1/actors?kind=person&expand=affiliation"), "items.0.affiliation.name", "Freedonia");
    struct answer alone = get("/v1/actors/%lld?expand=affiliation", scene.wire);
    expect_null(alone, "affiliation");
}

Test(actors, a_reference_is_an_id_or_an_external_id)
{
    struct scene scene = scene_set();
    struct answer made = post("/v1/actors", "{'name': 'Spokesman', 'kind': 'anonymous', 'affiliation_id': 'freedonia'}");
    expect_int(made, "affiliation_id", scene.freedonia);
    struct answer moved = patch(at("/v1/actors/%lld", id_of(made)), "{'affiliation_id': %lld}", scene.wire);
    expect_int(moved, "affiliation_id", scene.wire);
    expect_null(patch(at("/v1/actors/%lld", id_of(made)), "{'affiliation_id': null}"), "affiliation_id");
}

Test(actors, a_filter_picks_actors)
{
    struct scene scene = scene_set();
    long long alpha = make("/v1/actors", "{'name': 'Alpha', 'kind': 'group', 'status': 'extracted', 'wikidata_id': 'Q42'}");
    const char *baker = at("[%lld]", scene.baker), *post_only = at("[%lld]", scene.post), *alpha_only = at("[%lld]", alpha);
    const struct {
        const char *query, *ids;
    } rows[] = {
        {"kind=person", baker},           {"kind=media", at("[%lld, %lld]", scene.post, scene.wire)},
        {"country=GB", post_only},        {at("affiliation_id=%lld", scene.freedonia), baker},
        {"status=extracted", alpha_only}, {"name=Zo%C3%AB%20Baker", baker},
        {"name=Zo%C3%AB+Baker", baker},   {"name=Z.%20Baker", baker},
        {"name=Zoe%20Baker", "[]"},       {"wikidata_id=Q42", alpha_only},
        {"external_id=post", post_only},  {"kind=person&country=GB", "[]"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_each(get("/v1/actors?%s", rows[i].query), "items", "id", rows[i].ids);
}

Test(actors, an_actor_lists_what_it_said_and_where_it_appears)
{
    struct scene scene = scene_set();
    const char *path = at("/v1/actors/%lld", scene.baker);
    expect_each(get("%s/claims", path), "items", "id", at("[%lld]", scene.claim));
    expect_each(get("%s/meetings", path), "items", "id", at("[%lld]", scene.meeting));
    expect_each(get("%s/articles?expand=outlet", path), "items", "outlet.id", at("[%lld]", scene.post));
    expect_each(get("%s/mentions?expand=article", path), "items", "article.id", at("[%lld]", scene.article));
    expect_each(get("%s/aliases", path), "items", "text", "['Z. Baker']");
}

Test(actors, titles_are_counted_as_articles_give_them)
{
    struct scene scene = scene_set();
    long long second = make("/v1/articles", "{'text': 'Baker came. Baker went.', 'mentions': ["
                                            "{'actor_id': 'baker', 'start': 0, 'end': 5, 'reported_title': 'deputy minister'},"
                                            "{'actor_id': 'baker', 'start': 12, 'end': 17, 'reported_title': 'minister'}]}");
    struct answer titles = get("/v1/actors/%lld/titles", scene.baker);
    expect_each(titles, "items", "title", "['minister', 'deputy minister']");
    expect_each(titles, "items", "mention_count", "[2, 1]");
    expect_each(titles, "items", "article_count", "[2, 1]");
    expect_json(titles, "items.0.article_ids", at("[%lld, %lld]", scene.article, second));
}

Test(actors, an_actor_that_breaks_its_schema_is_refused)
{
    static const struct {
        const char *members, *where, *code;
    } rows[] = {
        {"'kind': 'person'", "#/name", "required"},
        {"'name': 'x'", "#/kind", "required"},
        {"'name': '', 'kind': 'person'", "#/name", NULL},
        {"'name': 'x', 'kind': 'persona'", "#/kind", "enum"},
        {"'name': 'x', 'kind': 'person', 'country': 'Britain'", "#/country", NULL},
        {"'name': 'x', 'kind': 'person', 'wikidata_id': '42'", "#/wikidata_id", NULL},
        {"'name': 'x', 'kind': 'person', 'affiliation_id': 999999", "#/affiliation_id", "reference"},
        {"'name': 'x', 'kind': 'person', 'affiliation_id': 'nobody'", "#/affiliation_id", "reference"},
        {"'name': 'x', 'kind': 'person', 'aliases': [{'form': 'alias'}]", "#/aliases/0/text", "required"},
        {"'name': 'x', 'kind': 'person', 'aliases': [{'text': 'y', 'script': 'latin'}]", "#/aliases/0/script", NULL},
        {"'name': 'x', 'kind': 'person', 'aliases': 'y'", "#/aliases", "type"},
        {"'name': ['x'], 'kind': 'person'", "#/name", "type"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer refused = post("/v1/actors", "{%s}", rows[i].members);
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, rows[i].where, rows[i].code);
    }
}

Test(actors, names_are_measured_in_code_points)
{
    char name[2 * 501 + 1] = "";
    for (size_t i = 0; i < 501; i++) {
        name[2 * i] = '\xc3';
        name[2 * i + 1] = '\xab';
    }
    expect_fault(post("/v1/actors", "{'name': '%s', 'kind': 'person'}", name), "#/name", NULL);
    expect_status(post("/v1/actors", "{'name': '%.*s', 'kind': 'person'}", 2 * 500, name), 201);
}
