/* Two that turn out to be one, and one that turns out to be two. */
#include <stdlib.h>
#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

TestSuite(merge, .init = server_up, .fini = server_down);

/* The scene, and a second Baker, with a claim, a mention, a meeting and a protégé of its own. */
struct twins {
    struct scene scene;
    long long other, claim, article, meeting, aide;
};

static struct twins twins_set(void)
{
    struct twins twins = {.scene = scene_set()};
    twins.other = make("/v1/actors", "{'external_id': 'baker-2', 'name': 'Zoe Baker', 'kind': 'person'}");
    twins.claim = make("/v1/claims", "{'text': 'Nothing new', 'speaker_id': %lld}", twins.other);
    twins.article =
        make("/v1/articles", "{'text': 'Baker!', 'mentions': [{'actor_id': %lld, 'start': 0, 'end': 5}]}", twins.other);
    twins.meeting = make("/v1/meetings", "{'name': 'Call', 'kind': 'call', 'participants': [{'actor_id': %lld}]}", twins.other);
    twins.aide = make("/v1/actors", "{'name': 'Aide', 'kind': 'person', 'affiliation_id': %lld}", twins.other);
    return twins;
}

static struct answer merge(const char *noun, long long into, long long from)
{
    return post(at("/v1/%s/%lld/merge", noun, into), "{'from_ids': [%lld]}", from);
}

static void expect_speakers(const struct twins *twins, long long speaker)
{
    expect_int(get("/v1/claims/%lld", twins->claim), "speaker_id", speaker);
    expect_int(get("/v1/articles/%lld?expand=mentions", twins->article), "mentions.0.actor_id", speaker);
    expect_int(get("/v1/meetings/%lld", twins->meeting), "participants.0.actor_id", speaker);
    expect_int(get("/v1/actors/%lld", twins->aide), "affiliation_id", speaker);
    expect_int(get("/v1/claims/%lld", twins->scene.claim), "speaker_id", twins->scene.baker);
}

Test(merge, all_that_names_the_other_names_the_one)
{
    struct twins twins = twins_set();
    struct answer one = merge("actors", twins.scene.baker, twins.other);
    expect_status(one, 200);
    expect_int(one, "id", twins.scene.baker);
    expect_speakers(&twins, twins.scene.baker);
    expect_int(get("/v1/actors/%lld/claims", twins.scene.baker), "total", 2);
    expect_int(get("/v1/claims?speaker_id=%lld", twins.scene.baker), "total", 2);
}

Test(merge, the_other_still_answers_but_is_in_no_list)
{
    struct twins twins = twins_set();
    merge("actors", twins.scene.baker, twins.other);
    expect_int(get("/v1/actors/%lld", twins.other), "merged_into_id", twins.scene.baker);
    expect_count(get("/v1/actors?name=Zoe%%20Baker&kind=person&external_id=baker-2"), "items", 0);
    const char *path = at("/v1/actors/%lld", twins.other);
    expect_problem(patch(path, "{'title': 'minister'}"), 409, "conflict");
    expect_problem(put(path, "{'name': 'x', 'kind': 'person'}"), 409, "conflict");
    expect_problem(erase("%s", path), 409, "conflict");
}

Test(merge, taken_apart_everything_is_as_before)
{
    struct twins twins = twins_set();
    merge("actors", twins.scene.baker, twins.other);
    struct answer back = post(at("/v1/actors/%lld/unmerge", twins.other), NULL);
    expect_status(back, 200);
    expect_null(back, "merged_into_id");
    expect_text(back, "name", "Zoe Baker");
    expect_speakers(&twins, twins.other);
    expect_int(get("/v1/actors/%lld/claims", twins.scene.baker), "total", 1);
    expect_count(get("/v1/actors?external_id=baker-2"), "items", 1);
    expect_each(get("/v1/actors/%lld/history", twins.other), "items", "action", "['unmerged', 'merged', 'created']");
}

/* Everything that is in the lists, but for versions and their times. */
static const char *record(void)
{
    static const char *const lists[] = {"actors", "articles?expand=mentions", "claims?expand=reports", "meetings",
                                        "discrepancies"};
    const char *text = "";
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        json_t *items = json_deep_copy(value_at(get("/v1/%s", lists[i]), "items")), *item;
        size_t index;
        json_array_foreach (items, index, item) {
            json_object_del(item, "version");
            json_object_del(item, "updated_at");
        }
        char *dumped = json_dumps(items, JSON_INDENT(1));
        text = at("%s%s\n", text, dumped);
        free(dumped);
        json_decref(items);
    }
    return text;
}

Test(merge, two_that_stand_side_by_side_merge_and_come_apart)
{
    struct twins twins = twins_set();
    long long one = twins.scene.baker, two = twins.other;
    make("/v1/meetings",
         "{'name': 'Both', 'kind': 'talks', 'participants': [{'actor_id': %lld, 'role': 'head'}, {'actor_id': %lld}]}", one, two);
    make("/v1/claims", "{'text': 'To herself', 'speaker_id': %lld, 'addressee_id': %lld, 'on_behalf_of_id': %lld}", one, two,
         two);
    make("/v1/articles",
         "{'text': 'A, B', 'outlet_id': %lld, 'mentions': [{'actor_id': %lld, 'start': 0, 'end': 1},"
         " {'actor_id': %lld, 'start': 3, 'end': 4}]}",
         two, one, two);
    make("/v1/claims",
         "{'text': 'Carried', 'reports': [{'article_id': 'article-1', 'kind': 'direct', 'content': [{'start': 0, 'end': 3}],"
         " 'speaker_id': %lld, 'via': [%lld, %lld]}]}",
         two, one, two);
    patch(at("/v1/discrepancies/%lld", twins.scene.discrepancy), "{'actor_id': %lld}", two);
    const char *before = record();
    expect_status(merge("actors", one, two), 200);
    cr_assert_null(strstr(record(), at("_id\": %lld,", two)), "the other is still named somewhere");
    expect_status(post(at("/v1/actors/%lld/unmerge", two), NULL), 200);
    cr_assert_str_eq(record(), before);
}

Test(merge, what_names_both_is_listed_once)
{
    struct twins twins = twins_set();
    long long one = twins.scene.baker, two = twins.other;
    long long meeting = make(
        "/v1/meetings", "{'name': 'Both', 'kind': 'talks', 'participants': [{'actor_id': %lld}, {'actor_id': %lld}]}", one, two);
    long long claim = make("/v1/claims",
                           "{'text': 'Carried', 'reports': [{'article_id': 'article-1', 'kind': 'direct',"
                           " 'content': [{'start': 0, 'end': 3}], 'via': [%lld, %lld]}]}",
                           one, two);
    merge("actors", one, two);
    expect_each(get("/v1/meetings/%lld/actors", meeting), "items", "id", at("[%lld]", one));
    expect_each(get("/v1/actors/%lld/meetings?sort=-id&limit=1", one), "items", "id", at("[%lld]", meeting));
    expect_int(get("/v1/actors/%lld/meetings", one), "total", 3);
    expect_each(get("/v1/claims?via_id=%lld", one), "items", "id", at("[%lld]", claim));
    expect_int(get("/v1/claims?via_id=%lld", one), "total", 1);
}

Test(merge, one_that_belonged_to_the_other_does_not_belong_to_what_is_gone)
{
    struct twins twins = twins_set();
    long long one = twins.scene.baker, two = twins.other;
    patch(at("/v1/actors/%lld", one), "{'affiliation_id': %lld}", two);
    merge("actors", one, two);
    expect_null(get("/v1/actors/%lld", one), "affiliation_id");
    post(at("/v1/actors/%lld/unmerge", two), NULL);
    expect_int(get("/v1/actors/%lld", one), "affiliation_id", two);
}

Test(merge, claims_of_one_article_merge_and_come_apart)
{
    struct twins twins = twins_set();
    long long other = make("/v1/claims",
                           "{'text': 'Talks begin', 'external_id': 'claim-2', 'reports': ["
                           "{'article_id': 'article-1', 'kind': 'direct', 'content': [{'start': 15, 'end': 24}]},"
                           "{'article_id': %lld, 'kind': 'direct', 'content': [{'start': 0, 'end': 5}]}]}",
                           twins.article);
    make("/v1/discrepancies", "{'kind': 'content', 'about': 'it', 'claim_id': 'claim-2', 'values': ["
                              "{'value': 'a', 'evidence': [{'article_id': 'article-1', 'start': 0, 'end': 1}]},"
                              "{'value': 'b', 'evidence': [{'article_id': 'article-1', 'start': 1, 'end': 2}]}]}");
    const char *before = record();
    struct answer one = merge("claims", twins.scene.claim, other);
    expect_int(one, "report_count", 3);
    expect_status(post(at("/v1/claims/%lld/unmerge", other), NULL), 200);
    cr_assert_str_eq(record(), before);
}

Test(merge, what_was_edited_in_between_stays_as_edited)
{
    struct twins twins = twins_set();
    merge("actors", twins.scene.baker, twins.other);
    patch(at("/v1/claims/%lld", twins.claim), "{'stance': 'denies', 'speaker_id': %lld}", twins.scene.wire);
    patch(at("/v1/meetings/%lld", twins.meeting), "{'city': 'Vienna'}");
    patch(at("/v1/actors/%lld", twins.scene.baker), "{'title': 'prime minister'}");
    expect_status(post(at("/v1/actors/%lld/unmerge", twins.other), NULL), 200);
    struct answer claim = get("/v1/claims/%lld", twins.claim);
    expect_int(claim, "speaker_id", twins.scene.wire);
    expect_text(claim, "stance", "denies");
    struct answer meeting = get("/v1/meetings/%lld", twins.meeting);
    expect_text(meeting, "city", "Vienna");
    expect_int(meeting, "participants.0.actor_id", twins.other);
    expect_text(get("/v1/actors/%lld", twins.scene.baker), "title", "prime minister");
}

Test(merge, claims_merge_with_their_reports)
{
    struct twins twins = twins_set();
    struct answer other = post("/v1/claims",
                               "{'text': 'Talks will begin', 'reports': [{'article_id': %lld, 'kind': 'mixed',"
                               " 'content': [{'start': 0, 'end': 6}]}]}",
                               twins.article);
    struct answer one = merge("claims", twins.scene.claim, id_of(other));
    expect_status(one, 200);
    expect_int(one, "report_count", 2);
    expect_int(get("/v1/claims/%lld/reports", twins.scene.claim), "total", 2);
    expect_int(get("/v1/claims/%lld", id_of(other)), "merged_into_id", twins.scene.claim);
    expect_each(get("/v1/articles/%lld/claims", twins.article), "items", "id", at("[%lld]", twins.scene.claim));

    struct answer back = post(at("/v1/claims/%lld/unmerge", id_of(other)), NULL);
    expect_status(back, 200);
    expect_int(back, "report_count", 1);
    expect_int(get("/v1/claims/%lld", twins.scene.claim), "report_count", 1);
    expect_each(get("/v1/articles/%lld/claims", twins.article), "items", "id", at("[%lld]", id_of(other)));
}

Test(merge, several_merge_at_once_and_come_apart_one_by_one)
{
    long long one = make("/v1/actors", "{'name': 'A', 'kind': 'person'}");
    long long two = make("/v1/actors", "{'name': 'B', 'kind': 'person', 'external_id': 'b'}");
    long long three = make("/v1/actors", "{'name': 'C', 'kind': 'person'}");
    expect_status(post(at("/v1/actors/%lld/merge", one), "{'from_ids': ['b', %lld]}", three), 200);
    expect_each(get("/v1/actors"), "items", "id", at("[%lld]", one));
    expect_status(post(at("/v1/actors/%lld/unmerge", two), NULL), 200);
    expect_each(get("/v1/actors"), "items", "id", at("[%lld, %lld]", one, two));
    expect_int(get("/v1/actors/%lld", three), "merged_into_id", one);
}

Test(merge, what_cannot_be_merged_is_refused)
{
    struct twins twins = twins_set();
    long long gone = make("/v1/actors", "{'name': 'Gone', 'kind': 'person'}");
    erase("/v1/actors/%lld", gone);
    const char *path = at("/v1/actors/%lld/merge", twins.scene.baker);
    expect_problem(post(path, "{'from_ids': []}"), 422, "invalid-body");
    expect_fault(post(path, "{'from_ids': [999999]}"), "#/from_ids/0", "reference");
    expect_status(post(path, "{'from_ids': [%lld]}", twins.scene.baker), 422);
    expect_status(post(path, "{'from_ids': [%lld]}", gone), 422);
    expect_problem(merge("actors", gone, twins.other), 410, "gone");
    expect_problem(post(at("/v1/actors/%lld/unmerge", twins.other), NULL), 409, "conflict");
    merge("actors", twins.scene.baker, twins.other);
    expect_problem(merge("actors", twins.other, twins.scene.wire), 409, "conflict");
}

Test(merge, a_chain_comes_apart_link_by_link)
{
    struct twins twins = twins_set();
    long long third = make("/v1/actors", "{'name': 'Z.', 'kind': 'person'}");
    merge("actors", third, twins.other);
    expect_status(merge("actors", twins.scene.baker, third), 200);
    expect_speakers(&twins, twins.scene.baker);
    expect_status(post(at("/v1/actors/%lld/unmerge", third), NULL), 200);
    expect_speakers(&twins, third);
    expect_status(post(at("/v1/actors/%lld/unmerge", twins.other), NULL), 200);
    expect_speakers(&twins, twins.other);
}
