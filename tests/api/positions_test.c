/* Where actors stand on topics: what counts, whose it is in the end, and how it moved. */
#include <string.h>

#include "support/harness.h"

static void set_up(void)
{
    server_up();
    make("/v1/topics", "{'slug': 'nets', 'name': 'Nets'}");
    make("/v1/topics", "{'slug': 'boats', 'name': 'Boats'}");
    make("/v1/actors", "{'external_id': 'freedonia', 'name': 'Freedonia', 'kind': 'state', 'country': 'FR'}");
    make("/v1/actors", "{'external_id': 'palace', 'name': 'The Palace', 'kind': 'government', 'affiliation_id': 'freedonia'}");
    make("/v1/actors", "{'external_id': 'ministry', 'name': 'The Ministry', 'kind': 'government', 'country': 'FR'}");
    make("/v1/actors", "{'external_id': 'baker', 'name': 'Zo\u00eb Baker', 'kind': 'person', 'affiliation_id': 'palace'}");
    make("/v1/actors", "{'external_id': 'clerk', 'name': 'A clerk', 'kind': 'anonymous', 'affiliation_id': 'ministry'}");
    make("/v1/actors", "{'external_id': 'guild', 'name': 'The Guild', 'kind': 'organization', 'country': 'FR'}");
    make("/v1/actors", "{'external_id': 'cook', 'name': 'Otto Cook', 'kind': 'person', 'affiliation_id': 'guild'}");
    make("/v1/actors", "{'external_id': 'loner', 'name': 'Ann Loner', 'kind': 'person'}");
}

TestSuite(positions, .init = set_up, .fini = server_down);

static long long said(const char *speaker, const char *topic, const char *stance, const char *day)
{
    return make("/v1/claims", "{'text': '%s %s %s', 'speaker_id': '%s', 'topics': ['%s'], 'stance': '%s', 'said_on': '%s'}",
                speaker, stance, topic, speaker, topic, stance, day);
}

/* "Freedonia boats: offers; The Guild nets: rejects" */
static const char *told(struct answer page)
{
    const char *all = "";
    expect_status(page, 200);
    for (size_t i = 0; i < count_at(page, "items"); i++)
        all = at("%s%s%s %s: %s", all, i ? "; " : "", text_at(page, at("items.%zu.actor.name", i)),
                 text_at(page, at("items.%zu.topic", i)), text_at(page, at("items.%zu.stance", i)));
    return all;
}

static void expect_told(struct answer page, const char *expected)
{
    const char *all = told(page);
    if (strcmp(all, expected) != 0)
        fail_with(page, HERE, "there is %s, not %s", all, expected);
}

Test(positions, the_newest_stance_counts_and_all_are_told)
{
    said("freedonia", "nets", "rejects", "2022-01-03");
    said("freedonia", "nets", "rejects", "2022-01-05");
    long long last = said("freedonia", "nets", "offers", "2022-01-08");
    struct answer page = get("/v1/positions?topic=nets");
    expect_told(page, "Freedonia nets: offers");
    expect_text(page, "items.0.since", "2022-01-08");
    expect_text(page, "items.0.first_on", "2022-01-03");
    expect_text(page, "items.0.last_on", "2022-01-08");
    expect_int(page, "items.0.claim_count", 3);
    expect_each(page, "items.0.stances", "stance", "['offers', 'rejects']");
    expect_each(page, "items.0.stances", "claim_count", "[1, 2]");
    expect_each(page, "items.0.stances", "first_on", "['2022-01-08', '2022-01-03']");
    expect_each(page, "items.0.stances.0.claims", "id", at("[%lld]", last));
    expect_text(page, "items.0.stances.0.claims.0.text", "freedonia offers nets");
    expect_text(page, "items.0.stances.0.claims.0.speaker.name", "Freedonia");
    expect_json(page, "items.0.moves", "[{'stance': 'rejects', 'on': '2022-01-03'}, {'stance': 'offers', 'on': '2022-01-08'}]");
    expect_null(page, "next");
}

Test(positions, officials_are_rolled_up)
{
    said("baker", "nets", "offers", "2022-01-03");
    said("palace", "nets", "offers", "2022-01-04");
    said("clerk", "nets", "warns", "2022-01-05");
    said("freedonia", "nets", "demands", "2022-01-06");
    said("cook", "nets", "rejects", "2022-01-03");
    said("loner", "nets", "accuses", "2022-01-03");
    make("/v1/claims", "{'text': 'x', 'speaker_id': 'loner', 'on_behalf_of_id': 'ministry', 'topics': ['nets'],"
                       " 'stance': 'rejects', 'said_on': '2022-01-07'}");
    struct answer page = get("/v1/positions");
    expect_told(page, "Freedonia nets: rejects; The Guild nets: rejects; Ann Loner nets: accuses");
    expect_int(page, "items.0.claim_count", 5);
    expect_each(page, "items.0.moves", "stance", "['offers', 'warns', 'demands', 'rejects']");
}

Test(positions, one_actor_can_be_asked_for)
{
    said("baker", "nets", "offers", "2022-01-03");
    said("palace", "nets", "warns", "2022-01-04");
    said("clerk", "boats", "rejects", "2022-01-05");
    make("/v1/claims", "{'text': 'x', 'speaker_id': 'baker', 'on_behalf_of_id': 'guild', 'topics': ['boats'],"
                       " 'stance': 'demands', 'said_on': '2022-01-07'}");
    expect_told(get("/v1/positions?actor=freedonia"), "Freedonia nets: warns; Freedonia boats: rejects");
    expect_told(get("/v1/positions?actor=palace"), "The Palace nets: warns");
    expect_told(get("/v1/positions?actor=baker"), "Zo\u00eb Baker nets: offers; Zo\u00eb Baker boats: demands");
    expect_told(get("/v1/positions?actor=guild"), "The Guild boats: demands");
    expect_told(get("/v1/positions?actor=loner"), "");
    long long id = id_of(get("/v1/actors/%lld", int_at(get("/v1/actors?name=The%%20Guild"), "items.0.id")));
    expect_told(get("/v1/positions?actor=%lld&topic=boats", id), "The Guild boats: demands");
    expect_fault(get("/v1/positions?actor=nobody"), "actor", "reference");
    expect_fault(get("/v1/positions?actor=999999"), "actor", "reference");
}

Test(positions, as_of_a_day_later_claims_are_not_known)
{
    said("freedonia", "nets", "rejects", "2022-01-03");
    said("freedonia", "nets", "offers", "2022-01-08");
    make("/v1/claims", "{'text': 'x', 'speaker_id': 'guild', 'topics': ['nets'], 'stance': 'warns'}");
    expect_told(get("/v1/positions?as_of=2022-01-02"), "");
    expect_told(get("/v1/positions?as_of=2022-01-07"), "Freedonia nets: rejects");
    expect_told(get("/v1/positions?as_of=2022-01-08"), "Freedonia nets: offers");
    struct answer page = get("/v1/positions");
    expect_told(page, "Freedonia nets: offers; The Guild nets: warns");
    expect_null(page, "items.1.since");
    expect_null(page, "items.1.last_on");
    expect_count(page, "items.1.moves", 0);
    expect_fault(get("/v1/positions?as_of=yesterday"), "as_of", NULL);
}

Test(positions, a_claim_without_a_day_has_the_day_of_its_first_article)
{
    long long article =
        make("/v1/articles", "{'text': 'No nets for us, the guild said.', 'published_at': '2022-01-05T10:00:00Z'}");
    make("/v1/claims",
         "{'text': 'No nets', 'speaker_id': 'guild', 'topics': ['nets'], 'stance': 'rejects',"
         " 'reports': [{'article_id': %lld, 'kind': 'indirect', 'content': [{'start': 0, 'end': 14}]}]}",
         article);
    expect_text(get("/v1/positions?as_of=2022-01-05"), "items.0.since", "2022-01-05");
    expect_status(patch(at("/v1/articles/%lld", article), "{'published_at': '2022-01-07'}"), 200);
    expect_told(get("/v1/positions?as_of=2022-01-06"), "");
    expect_text(get("/v1/positions"), "items.0.since", "2022-01-07");
    expect_status(erase("/v1/articles/%lld", article), 204);
    expect_null(get("/v1/positions"), "items.0.since");
}

Test(positions, of_several_stances_on_one_day_counts_that_of_most_claims)
{
    said("freedonia", "nets", "warns", "2022-01-03");
    said("baker", "nets", "offers", "2022-01-03");
    said("clerk", "nets", "offers", "2022-01-03");
    said("clerk", "nets", "warns", "2022-01-04");
    said("baker", "nets", "offers", "2022-01-04"); /* as many: nothing moves */
    struct answer page = get("/v1/positions");
    expect_told(page, "Freedonia nets: offers");
    expect_each(page, "items.0.moves", "on", "['2022-01-03']");
}

Test(positions, assertions_count_only_where_there_is_nothing_else)
{
    said("freedonia", "nets", "asserts", "2022-01-09");
    expect_told(get("/v1/positions"), "Freedonia nets: asserts");
    said("freedonia", "nets", "offers", "2022-01-03");
    struct answer page = get("/v1/positions");
    expect_told(page, "Freedonia nets: offers");
    expect_int(page, "items.0.claim_count", 1);
}

Test(positions, what_is_rejected_deleted_merged_or_nobodys_does_not_count)
{
    long long kept = said("freedonia", "nets", "offers", "2022-01-03"), rejected = said("guild", "nets", "offers", "2022-01-03"),
              erased = said("loner", "nets", "offers", "2022-01-03"), merged = said("freedonia", "nets", "warns", "2022-01-05");
    make("/v1/claims", "{'text': 'x', 'topics': ['nets'], 'stance': 'offers', 'said_on': '2022-01-04'}");
    expect_status(patch(at("/v1/claims/%lld", rejected), "{'status': 'rejected'}"), 200);
    expect_status(erase("/v1/claims/%lld", erased), 204);
    expect_status(post(at("/v1/claims/%lld/merge", kept), "{'from_ids': [%lld]}", merged), 200);
    expect_told(get("/v1/positions"), "Freedonia nets: offers");
    expect_status(post(at("/v1/claims/%lld/restore", erased), NULL), 200);
    expect_status(patch(at("/v1/claims/%lld", rejected), "{'status': 'confirmed', 'stance': 'demands'}"), 200);
    expect_told(get("/v1/positions"), "Freedonia nets: offers; The Guild nets: demands; Ann Loner nets: offers");
    expect_status(patch(at("/v1/claims/%lld", kept), "{'topics': ['boats']}"), 200);
    expect_told(get("/v1/positions?actor=freedonia"), "Freedonia boats: offers");
}

Test(positions, a_merge_of_actors_moves_them)
{
    long long loner = int_at(get("/v1/actors?external_id=loner"), "items.0.id"),
              cook = int_at(get("/v1/actors?external_id=cook"), "items.0.id");
    said("loner", "nets", "offers", "2022-01-03");
    expect_status(post(at("/v1/actors/%lld/merge", cook), "{'from_ids': [%lld]}", loner), 200);
    expect_told(get("/v1/positions"), "The Guild nets: offers");
    expect_told(get("/v1/positions?actor=%lld", loner), "Otto Cook nets: offers");
    expect_status(post(at("/v1/actors/%lld/unmerge", loner), NULL), 200);
    expect_told(get("/v1/positions"), "Ann Loner nets: offers");
}

Test(positions, pages_have_everything_once)
{
    static const char *const speakers[] = {"freedonia", "guild", "loner"};
    for (size_t i = 0; i < 3; i++) {
        said(speakers[i], "nets", "offers", "2022-01-03");
        said(speakers[i], "boats", "warns", "2022-01-03");
    }
    const char *all = told(get("/v1/positions"));
    for (int limit = 1; limit <= 6; limit++) {
        struct answer page = get("/v1/positions?limit=%d", limit);
        const char *some = told(page);
        for (; !json_is_null(value_at(page, "next")); some = at("%s; %s", some, told(page)))
            page = go_to(page, "next");
        cr_assert_str_eq(some, all, "limit %d", limit);
    }
    expect_told(get("/v1/positions?topic=boats,nets&limit=1"), "Freedonia nets: offers");
    expect_told(go_to(get("/v1/positions?topic=boats&limit=2"), "next"), "Ann Loner boats: warns");
    expect_told(get("/v1/positions?topic=nothing-of-that-kind"), "");
    const char *cursor = text_at(get("/v1/positions?limit=1"), "next_cursor");
    expect_fault(get("/v1/positions?topic=nets&cursor=%s", cursor), "cursor", "cursor");
    expect_fault(get("/v1/positions?limit=0"), "limit", NULL);
}

Test(positions, come_as_tables_and_lines)
{
    said("freedonia", "nets", "offers", "2022-01-03");
    said("guild", "nets", "rejects", "2022-01-03");
    struct answer table = get("/v1/positions.csv?topic=nets");
    expect_status(table, 200);
    expect_header(table, "Content-Type", "text/csv; charset=utf-8; header=present");
    expect_header_has(table, "Content-Disposition", "positions.csv");
    expect_body_has(table, "actor.id,actor.name,actor.kind,topic,stance,since,first_on,last_on,claim_count,stances,moves\r\n");
    expect_body_has(table, ",Freedonia,state,nets,offers,2022-01-03,2022-01-03,2022-01-03,1,");
    expect_body_has(table, ",The Guild,organization,nets,rejects,");
    with("Accept: application/x-ndjson");
    expect_body_has(get("/v1/positions?topic=nets"), "\"name\":\"The Guild\"");
}

Test(positions, are_answered_from_their_tag)
{
    said("freedonia", "nets", "offers", "2022-01-03");
    const char *tag = header_of(get("/v1/positions"), "ETag");
    with("If-None-Match: %s", tag);
    expect_status(get("/v1/positions"), 304);
    said("freedonia", "nets", "warns", "2022-01-04");
    with("If-None-Match: %s", tag);
    expect_told(get("/v1/positions"), "Freedonia nets: warns");
}
