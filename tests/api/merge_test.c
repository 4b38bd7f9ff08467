/* Two that turn out to be one, and one that turns out to be two. */
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
