#include "support/harness.h"
#include "support/scene.h"

TestSuite(discrepancies, .init = server_up, .fini = server_down);

#define VALUE(value, start, end)                                                                                                 \
    "{'value': '" value "', 'evidence': [{'article_id': 'article-1', 'start': " #start ", 'end': " #end "}]}"

Test(discrepancies, a_discrepancy_has_all_its_properties)
{
    struct scene scene = scene_set();
    struct answer discrepancy = get("/v1/discrepancies/%lld", scene.discrepancy);
    expect_text(discrepancy, "kind", "date");
    expect_text(discrepancy, "about", "when the talks begin");
    expect_text(discrepancy, "status", "open");
    expect_int(discrepancy, "meeting_id", scene.meeting);
    expect_null(discrepancy, "actor_id");
    expect_null(discrepancy, "note");
    expect_each(discrepancy, "values", "value", "['Monday', 'Sunday']");
    expect_json(discrepancy, "values.0.evidence",
                at("[{'article_id': %lld, 'start': 34, 'end': 40, 'text': 'Monday', 'revision': null}]", scene.article));
}

Test(discrepancies, a_filter_picks_discrepancies)
{
    struct scene scene = scene_set();
    long long other = make("/v1/discrepancies",
                           "{'kind': 'title', 'about': 'her title', 'actor_id': 'baker', 'claim_id': 'claim-1',"
                           " 'status': 'explained', 'values': [" VALUE("a", 0, 9) ", " VALUE("b", 0, 3) "]}");
    const char *first = at("[%lld]", scene.discrepancy), *second = at("[%lld]", other);
    const struct {
        const char *query, *ids;
    } rows[] = {
        {"kind=date", first},
        {"kind=title", second},
        {"status=explained", second},
        {at("actor_id=%lld", scene.baker), second},
        {at("meeting_id=%lld", scene.meeting), first},
        {at("claim_id=%lld", scene.claim), second},
        {at("article_id=%lld", scene.article), at("[%lld, %lld]", scene.discrepancy, other)},
        {"external_id=discrepancy-1", first},
        {"kind=date&status=explained", "[]"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_each(get("/v1/discrepancies?%s", rows[i].query), "items", "id", rows[i].ids);
}

Test(discrepancies, a_discrepancy_that_breaks_its_schema_is_refused)
{
    static const struct {
        const char *members, *where, *code;
    } rows[] = {
        {"'about': 'x', 'values': [" VALUE("a", 0, 3) ", " VALUE("b", 0, 3) "]", "#/kind", "required"},
        {"'kind': 'date', 'about': 'x'", "#/values", "required"},
        {"'kind': 'date', 'about': 'x', 'values': [" VALUE("a", 0, 3) "]", "#/values", NULL},
        {"'kind': 'date', 'about': 'x', 'values': [" VALUE("a", 0, 3) ", {'value': 'b', 'evidence': []}]", "#/values/1/evidence",
         NULL},
        {"'kind': 'date', 'about': 'x', 'actor_id': 'nobody', 'values': [" VALUE("a", 0, 3) ", " VALUE("b", 0, 3) "]",
         "#/actor_id", "reference"},
        {"'kind': 'taste', 'about': 'x', 'values': [" VALUE("a", 0, 3) ", " VALUE("b", 0, 3) "]", "#/kind", "enum"},
    };
    scene_set();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer refused = post("/v1/discrepancies", "{%s}", rows[i].members);
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, rows[i].where, rows[i].code);
    }
}

Test(discrepancies, evidence_stands_where_it_says)
{
    scene_set();
    struct answer refused =
        post("/v1/discrepancies", "{'kind': 'date', 'about': 'x', 'values': [" VALUE("a", 0, 3) ", " VALUE("b", 35, 99) "]}");
    expect_problem(refused, 422, "invalid-body");
    cr_assert_geq(count_at(refused, "errors"), 1);
}
