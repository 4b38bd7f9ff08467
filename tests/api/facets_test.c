/* How the matches of a list spread over values. */
#include "support/harness.h"
#include "support/scene.h"

/* Five claims: three rejections and two offers, of which Baker makes two and Freedonia one. */
static struct scene scene;

static void set_up(void)
{
    server_up();
    scene = scene_set();
    make("/v1/claims", "{'text': 'a', 'stance': 'rejects', 'speaker_id': 'baker', 'topics': ['talks', 'missiles']}");
    make("/v1/claims", "{'text': 'b', 'stance': 'rejects', 'speaker_id': 'freedonia', 'topics': ['talks']}");
    make("/v1/claims", "{'text': 'c', 'stance': 'rejects', 'attribution': 'anonymous'}");
    make("/v1/claims", "{'text': 'd', 'stance': 'offers', 'topics': ['missiles', 'missiles']}");
}

TestSuite(facets, .init = set_up, .fini = server_down);

Test(facets, count_what_matches_by_value)
{
    struct answer claims = get("/v1/claims?facets=stance");
    expect_json(
        claims, "facets",
        "{'stance': [{'value': 'rejects', 'count': 3}, {'value': 'asserts', 'count': 1}, {'value': 'offers', 'count': 1}]}");
}

Test(facets, are_there_only_when_asked_for)
{
    expect_absent(get("/v1/claims"), "facets");
}

Test(facets, count_all_matches_not_the_page)
{
    struct answer page = get("/v1/claims?facets=stance&limit=1&stance=rejects");
    expect_count(page, "items", 1);
    expect_json(page, "facets.stance", "[{'value': 'rejects', 'count': 3}]");
}

Test(facets, count_what_the_filters_leave)
{
    struct answer claims = get("/v1/claims?facets=topic,attribution&stance=rejects,offers");
    expect_json(claims, "facets.topic",
                "[{'value': 'missiles', 'name': 'Missiles', 'count': 2}, {'value': 'talks', 'name': 'Talks', 'count': 2}]");
    expect_json(claims, "facets.attribution", "[{'value': 'named', 'count': 3}, {'value': 'anonymous', 'count': 1}]");
    expect_json(get("/v1/claims?facets=stance&topic=talks"), "facets.stance", "[{'value': 'rejects', 'count': 2}]");
}

Test(facets, give_ids_their_names)
{
    struct answer claims = get("/v1/claims?facets=speaker,outlet");
    expect_json(claims, "facets.speaker",
                at("[{'value': %lld, 'name': 'Zo\u00eb Baker', 'count': 2}, {'value': %lld, 'name': 'Freedonia', 'count': 1}]",
                   scene.baker, scene.freedonia));
    expect_json(claims, "facets.outlet", at("[{'value': %lld, 'name': 'Morning Post', 'count': 1}]", scene.post));
}

Test(facets, give_slugs_their_names)
{
    struct answer claims = get("/v1/claims?facets=topic");
    expect_text(claims, "facets.topic.0.value", "missiles");
    expect_text(claims, "facets.topic.0.name", "Missiles");
    expect_int(claims, "facets.topic.0.count", 2);
    expect_text(claims, "facets.topic.2.value", "fishing-rights");
}

Test(facets, count_a_claim_once_for_each_outlet)
{
    long long again = make("/v1/articles", "{'text': 'Again.', 'outlet_id': 'post'}");
    expect_status(patch(at("/v1/claims/%lld", scene.claim),
                        "{'reports': [{'article_id': 'article-1', 'kind': 'indirect', 'content': [{'start': 15,"
                        " 'end': 40}]}, {'article_id': %lld, 'kind': 'indirect', 'content': [{'start': 0,"
                        " 'end': 5}]}]}",
                        again),
                  200);
    expect_int(get("/v1/claims/%lld", scene.claim), "report_count", 2);
    struct answer claims = get("/v1/claims?facets=outlet");
    expect_count(claims, "facets.outlet", 1);
    expect_int(claims, "facets.outlet.0.count", 1);
}

Test(facets, leave_out_what_is_deleted_or_merged)
{
    long long one = make("/v1/claims", "{'text': 'e', 'stance': 'warns', 'topics': ['sanctions']}");
    long long other = make("/v1/claims", "{'text': 'f', 'stance': 'warns', 'topics': ['sanctions']}");
    expect_status(post(at("/v1/claims/%lld/merge", one), "{'from_ids': [%lld]}", other), 200);
    expect_json(get("/v1/claims?facets=topic&stance=warns"), "facets.topic",
                "[{'value': 'sanctions', 'name': 'Sanctions', 'count': 1}]");
    expect_int(get("/v1/claims?facets=topic"), "facets.topic.3.count", 1);
    expect_status(erase("/v1/claims/%lld", one), 204);
    expect_json(get("/v1/claims?facets=topic,stance&stance=warns"), "facets", "{'topic': [], 'stance': []}");
    expect_count(get("/v1/claims?facets=topic"), "facets.topic", 3);
}

Test(facets, are_given_once_on_the_first_page)
{
    struct answer first = get("/v1/claims?facets=stance&limit=2");
    expect_count(first, "facets.stance", 3);
    struct answer second = go_to(first, "next");
    expect_null(second, "facets");
    expect_count(go_to(second, "prev"), "items", 2);
}

Test(facets, have_fifty_values_at_most)
{
    for (int i = 0; i < 55; i++)
        make("/v1/meetings", "{'name': 'x', 'kind': 'talks', 'city': 'City %02d'}", i);
    make("/v1/meetings", "{'name': 'x', 'kind': 'talks', 'city': 'City 54'}");
    struct answer meetings = get("/v1/meetings?facets=city&limit=1");
    expect_count(meetings, "facets.city", 50);
    expect_json(meetings, "facets.city.0", "{'value': 'City 54', 'count': 2}");
    expect_json(meetings, "facets.city.1", "{'value': 'City 00', 'count': 1}");
}

Test(facets, know_true_from_false)
{
    make("/v1/articles", "{'text': 'x', 'machine_translated': true}");
    expect_json(get("/v1/articles?facets=machine_translated"), "facets.machine_translated",
                "[{'value': false, 'count': 1}, {'value': true, 'count': 1}]");
}

Test(facets, every_list_has_its_own)
{
    static const char *const lists[] = {
        "/v1/articles?facets=outlet,language,machine_translated", "/v1/actors?facets=kind,country,status",
        "/v1/meetings?facets=kind,status,city,country,topic", "/v1/discrepancies?facets=kind,status"};
    expect_status(patch(at("/v1/meetings/%lld", scene.meeting), "{'country': 'CH'}"), 200);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const char *name;
        json_t *values;
        json_t *facets = value_at(get("%s", lists[i]), "facets");
        json_object_foreach (facets, name, values)
            cr_assert(json_array_size(values) > 0, "%s: %s", lists[i], name);
    }
}

/* Without a filter topics are counted in another way. */
Test(facets, the_whole_is_what_a_filter_for_everything_leaves)
{
    static const char facets[] = "/v1/claims?facets=topic,stance,speaker,outlet,attribution,status";
    struct answer whole = get("%s", facets), filtered = get("%s&attribution=named,anonymous", facets);
    cr_assert_eq(json_object_size(value_at(whole, "facets")), 6);
    cr_assert(json_equal(value_at(whole, "facets"), value_at(filtered, "facets")));
}

Test(facets, unknown_ones_are_refused)
{
    struct answer refused = get("/v1/claims?facets=stances");
    expect_problem(refused, 400, "invalid-parameter");
    expect_fault(refused, "facets", NULL);
    expect_problem(get("/v1/meetings?facets=stance"), 400, "invalid-parameter");
    expect_problem(get("/v1/topics?facets=kind"), 400, "invalid-parameter");
}

/* The names in it belong to other resources. */
Test(facets, the_tag_changes_with_a_name)
{
    const char *tag = header_of(get("/v1/claims?facets=speaker"), "ETag");
    with("If-None-Match: %s", tag);
    expect_status(get("/v1/claims?facets=speaker"), 304);
    expect_status(patch(at("/v1/actors/%lld", scene.baker), "{'name': 'Z. Baker'}"), 200);
    with("If-None-Match: %s", tag);
    expect_text(get("/v1/claims?facets=speaker"), "facets.speaker.0.name", "Z. Baker");
}
