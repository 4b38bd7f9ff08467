/* What a reply brings along: one level, two, and never three. */
#include <stdio.h>
#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

TestSuite(expand, .init = server_up, .fini = server_down);

Test(expand, a_claim_brings_what_its_own_names_name)
{
    struct scene scene = scene_set();
    struct answer claim =
        get("/v1/claims/%lld?expand=speaker.affiliation,on_behalf_of.affiliation,reports.article,occasion.actors,"
            "occasion.discrepancies",
            scene.claim);
    expect_int(claim, "speaker.affiliation.id", scene.freedonia);
    expect_int(claim, "on_behalf_of.id", scene.freedonia);
    expect_null(claim, "on_behalf_of.affiliation");
    expect_int(claim, "reports.0.article.id", scene.article);
    expect_each(claim, "occasion.actors", "id", at("[%lld]", scene.baker));
    expect_each(claim, "occasion.discrepancies", "id", at("[%lld]", scene.discrepancy));
    expect_absent(claim, "addressee");
    struct answer list = get("/v1/claims?expand=speaker.affiliation,reports.article");
    expect_int(list, "items.0.speaker.affiliation.id", scene.freedonia);
    expect_int(list, "items.0.reports.0.article.id", scene.article);
}

Test(expand, the_outer_level_comes_with_the_inner_one_and_once)
{
    struct scene scene = scene_set();
    struct answer both = get("/v1/claims?expand=speaker,speaker.affiliation,speaker");
    expect_same_body(get("/v1/claims?expand=speaker.affiliation"), both);
    expect_int(both, "items.0.speaker.id", scene.baker);
    expect_absent(get("/v1/claims?expand=speaker"), "items.0.speaker.affiliation");
}

/* "/v1/claims?expand=reports.article" puts an object there. */
static void expect_there(const char *path, const char *place, long long id)
{
    struct answer answer = get("%s", path);
    expect_status(answer, 200);
    cr_assert_eq(int_at(answer, at("%s.id", place)), id, "%s: %s", path, place);
}

Test(expand, each_list_goes_two_levels_deep)
{
    struct scene scene = scene_set();
    const struct {
        const char *path, *place;
        long long id;
    } scenarios[] = {
        {"/v1/articles?expand=mentions.actor", "items.0.mentions.0.actor", scene.baker},
        {at("/v1/articles/%lld?expand=outlet.affiliation", scene.article), "outlet", scene.post},
        {at("/v1/articles/%lld/claims?expand=speaker.affiliation", scene.article), "items.0.speaker.affiliation",
         scene.freedonia},
        {at("/v1/articles/%lld/mentions?expand=actor.affiliation", scene.article), "items.0.actor.affiliation", scene.freedonia},
        {at("/v1/articles/%lld/reports?expand=claim.speaker", scene.article), "items.0.claim.speaker", scene.baker},
        {at("/v1/actors/%lld/mentions?expand=article.outlet", scene.baker), "items.0.article.outlet", scene.post},
        {at("/v1/actors/%lld/meetings?expand=actors.affiliation", scene.baker), "items.0.actors.0.affiliation", scene.freedonia},
        {at("/v1/actors/%lld?expand=affiliation.affiliation", scene.baker), "affiliation", scene.freedonia},
        {at("/v1/claims/%lld/reports?expand=article.outlet", scene.claim), "items.0.article.outlet", scene.post},
        {"/v1/meetings?expand=actors.affiliation", "items.0.actors.0.affiliation", scene.freedonia},
        {at("/v1/meetings/%lld?expand=discrepancies", scene.meeting), "discrepancies.0", scene.discrepancy},
        {at("/v1/reports/%lld?expand=article.outlet", scene.report), "article.outlet", scene.post},
        {at("/v1/mentions/%lld?expand=actor.affiliation", scene.mention), "actor.affiliation", scene.freedonia},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        expect_there(scenarios[i].path, scenarios[i].place, scenarios[i].id);
    expect_text(get("/v1/reports/%lld?expand=article.text,article.mentions", scene.report), "article.text", SCENE_TEXT);
}

Test(expand, what_cannot_be_is_refused_with_the_nearest)
{
    scene_set();
    static const struct {
        const char *query, *words;
    } scenarios[] = {
        {"/v1/claims?expand=speeker", "did you mean \"speaker\"?"},
        {"/v1/claims?expand=reports.artcle", "did you mean \"reports.article\"?"},
        {"/v1/claims?expand=reports.article.outlet", "did you mean \"reports.article\"?"},
        {"/v1/claims?expand=speaker.speaker", "must be one of"},
        {"/v1/claims?expand=reports.", "did you mean \"reports\"?"},
        {"/v1/meetings?expand=participants", "must be one of actors, discrepancies, actors.affiliation"},
        {"/v1/actors?expand=affiliation.affiliation.affiliation", "must be one of"},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        struct answer refused = get("%s", scenarios[i].query);
        expect_problem(refused, 400, "invalid-parameter");
        expect_fault_says(refused, "expand", scenarios[i].words);
    }
}

/* Each name in the contract does something: of a list of one, the place that it names is there. */
static void expect_all_there(const char *path, const json_t *names)
{
    size_t index;
    json_t *name;
    cr_assert_gt(json_array_size(names), 0);
    json_array_foreach (names, index, name) {
        const char *expansion = json_string_value(name), *dot = strchr(expansion, '.');
        int outer = dot ? (int)(dot - expansion) : (int)strlen(expansion);
        struct answer page = get("%s?expand=%s&limit=1&sort=id", path, expansion);
        expect_status(page, 200);
        const json_t *there = value_at(page, at("items.0.%.*s", outer, expansion));
        cr_expect(there, "%s brings nothing for %s", path, expansion);
        const json_t *inside = json_is_array(there) ? json_array_get(there, 0) : there;
        if (dot && json_is_object(inside))
            cr_expect(json_object_get(inside, dot + 1), "%s brings nothing inside for %s", path, expansion);
    }
}

Test(expand, every_name_in_the_contract_brings_something)
{
    scene_set();
    static const char *const paths[][2] = {{"/v1/articles", "ExpandArticle"},
                                           {"/v1/actors", "ExpandActor"},
                                           {"/v1/claims", "ExpandClaim"},
                                           {"/v1/meetings", "ExpandMeeting"}};
    struct answer contract = get("/openapi.json");
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        expect_all_there(paths[i][0], value_at(contract, at("components.parameters.%s.schema.items.enum", paths[i][1])));
}

Test(expand, fields_leave_what_is_expanded)
{
    struct scene scene = scene_set();
    struct answer claim = get("/v1/claims/%lld?fields=id&expand=speaker.affiliation", scene.claim);
    expect_int(claim, "speaker.affiliation.id", scene.freedonia);
    expect_absent(claim, "text");
}

Test(expand, a_change_two_levels_down_changes_the_tag)
{
    struct scene scene = scene_set();
    static const char *const paths[] = {"/v1/claims?expand=speaker.affiliation", "/v1/claims/%lld?expand=speaker.affiliation",
                                        "/v1/claims.ndjson?expand=speaker.affiliation"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const char *path = i == 1 ? at("/v1/claims/%lld?expand=speaker.affiliation", scene.claim) : paths[i];
        const char *tag = header_of(get("%s", path), "ETag");
        with("If-None-Match: %s", tag);
        expect_status(get("%s", path), 304);
        expect_status(patch(at("/v1/actors/%lld", scene.freedonia), "{'title': 'state %zu'}", i), 200);
        with("If-None-Match: %s", tag);
        struct answer changed = get("%s", path);
        expect_status(changed, 200);
        expect_body_has(changed, at("state %zu", i));
    }
}

Test(expand, a_report_goes_with_its_article)
{
    struct scene scene = scene_set();
    make("/v1/claims", "{'text': 'Another', 'external_id': 'another'}");
    expect_count(get("/v1/claims?expand=reports.article&sort=id"), "items.0.reports", 1);
    expect_status(erase("/v1/articles/%lld", scene.article), 204);
    expect_count(get("/v1/claims?expand=reports.article&sort=id"), "items.0.reports", 0);
}

/* Thirty articles of one outlet, twenty claims, each carried by all: 600 reports. */
static void make_many(void)
{
    make("/v1/actors", "{'external_id': 'post', 'name': 'Morning Post', 'kind': 'media'}");
    for (int i = 0; i < 30; i++)
        make("/v1/articles", "{'external_id': 'article-%d', 'text': 'x', 'outlet_id': 'post', 'title': 'Number %d'}", i, i);
    const char *reports = "";
    for (int i = 0; i < 30; i++)
        reports = at("%s%s{'article_id': 'article-%d', 'kind': 'indirect', 'content': [{'start': 0, 'end': 1}]}", reports,
                     i ? ", " : "", i);
    for (int i = 0; i < 20; i++)
        make("/v1/claims", "{'text': 'x', 'reports': [%s]}", reports);
}

Test(expand, more_than_a_query_takes_are_all_there)
{
    make_many();
    struct answer page = get("/v1/claims?expand=reports.article");
    expect_count(page, "items", 20);
    for (int claim = 0; claim < 20; claim++) {
        for (int i = 0; i < 30; i++)
            expect_text(page, at("items.%d.reports.%d.article.external_id", claim, i), at("article-%d", i));
    }
    struct answer lines = get("/v1/claims.ndjson?expand=reports.article&fields=id");
    size_t titles = 0;
    for (const char *from = lines.body.data;
         (from = memmem(from, lines.body.length - (size_t)(from - lines.body.data), "Number ", 7)); from++)
        titles++;
    cr_expect_eq(titles, 600);
}

Test(expand, a_table_has_columns_for_both_levels)
{
    scene_set();
    const char *table = at("%.*s", SLICE_ARGS(get("/v1/claims.csv?fields=id&expand=speaker.affiliation,occasion.actors").body));
    static const char *const columns[] = {"id,speaker.id,",          "speaker.affiliation_id,",
                                          "speaker.affiliation.id,", "speaker.affiliation.name,",
                                          "occasion.name,",          "occasion.actors\r\n"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        cr_expect(strstr(table, columns[i]), "no %s in:\n%s", columns[i], table);
    const char *row = strstr(table, "\r\n1,");
    cr_assert(row, "%s", table);
    cr_expect(strstr(row, ",Freedonia,"), "%s", row);
    cr_expect(strstr(row, "[{\"\"id\"\":"), "%s", row);
}

Test(expand, who_takes_part_twice_is_one)
{
    long long actor = make("/v1/actors", "{'name': 'Ada', 'kind': 'person'}");
    long long other = make("/v1/actors", "{'name': 'Ben', 'kind': 'person'}");
    long long meeting = make("/v1/meetings",
                             "{'name': 'Talks', 'kind': 'talks', 'participants': [{'actor_id': %lld, 'role': 'host'},"
                             " {'actor_id': %lld, 'role': 'member'}, {'actor_id': %lld, 'role': 'head'}]}",
                             other, actor, other);
    expect_each(get("/v1/meetings/%lld?expand=actors", meeting), "actors", "id", at("[%lld,%lld]", other, actor));
    expect_status(erase("/v1/actors/%lld", actor), 204);
    expect_each(get("/v1/meetings/%lld?expand=actors", meeting), "actors", "id", at("[%lld]", other));
}

Test(expand, an_article_alone_has_its_text_once_however_it_is_asked_for)
{
    struct scene scene = scene_set();
    struct answer plain = get("/v1/articles/%lld", scene.article), asked = get("/v1/articles/%lld?expand=text", scene.article);
    expect_text(asked, "text", text_at(plain, "text"));
    expect_same_body(plain, asked);
    expect_count(get("/v1/articles/%lld?expand=text,mentions", scene.article), "mentions", 1);
}
