#include "support/harness.h"
#include "support/scene.h"

TestSuite(meetings, .init = server_up, .fini = server_down);

Test(meetings, a_meeting_has_all_its_properties)
{
    struct scene scene = scene_set();
    struct answer meeting = get("/v1/meetings/%lld", scene.meeting);
    expect_text(meeting, "name", "Talks");
    expect_text(meeting, "kind", "talks");
    expect_text(meeting, "starts_on", "2022-01-10");
    expect_text(meeting, "city", "Geneva");
    expect_text(meeting, "status", "planned");
    expect_text(meeting, "review", "confirmed");
    expect_null(meeting, "starts_at");
    expect_null(meeting, "venue");
    expect_json(meeting, "participants", at("[{'actor_id': %lld, 'role': 'head'}]", scene.baker));
    expect_json(meeting, "topics", "['fishing-rights']");
    expect_json(meeting, "evidence", "[]");
}

Test(meetings, a_meeting_lists_who_takes_part_and_what_was_said_there)
{
    struct scene scene = scene_set();
    const char *path = at("/v1/meetings/%lld", scene.meeting);
    expect_each(get("%s/actors", path), "items", "id", at("[%lld]", scene.baker));
    expect_json(get("%s/participants", path), "items", at("[{'actor_id': %lld, 'role': 'head'}]", scene.baker));
    expect_each(get("%s/claims?expand=speaker", path), "items", "speaker.id", at("[%lld]", scene.baker));
    expect_count(get("%s/articles", path), "items", 0);
    patch(path, "{'evidence': [{'article_id': 'article-1', 'start': 15, 'end': 24}]}");
    expect_each(get("%s/articles", path), "items", "id", at("[%lld]", scene.article));
    expect_text(get("%s", path), "evidence.0.text", "the talks");
}

Test(meetings, a_filter_picks_meetings)
{
    struct scene scene = scene_set();
    long long other = make("/v1/meetings", "{'name': 'Summit', 'kind': 'summit', 'starts_on': '2022-01-13', 'country': 'AT',"
                                           " 'status': 'held', 'review': 'extracted', 'starts_at': '2022-01-13T09:00:00+01:00',"
                                           " 'precision': 'minute', 'part_of_day': 'morning'}");
    const char *first = at("[%lld]", scene.meeting), *second = at("[%lld]", other);
    const struct {
        const char *query, *ids;
    } rows[] = {
        {"starts_on=2022-01-10", first},
        {"starts_on__gte=2022-01-11", second},
        {"starts_on__lt=2022-01-13", first},
        {"starts_on__gte=2022-01-09&starts_on__lt=2022-01-14", at("[%lld, %lld]", scene.meeting, other)},
        {"city=Geneva", first},
        {"country=AT", second},
        {"kind=summit", second},
        {"status=held", second},
        {"review=extracted", second},
        {at("actor_id=%lld", scene.baker), first},
        {"topic=fishing-rights", first},
        {"external_id=talks-1", first},
        {"city=Geneva&kind=summit", "[]"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_each(get("/v1/meetings?%s", rows[i].query), "items", "id", rows[i].ids);
}

Test(meetings, an_instant_comes_back_in_utc)
{
    struct answer made = post("/v1/meetings", "{'name': 'Call', 'kind': 'call', 'starts_at': '2022-01-13T00:30:00+01:00'}");
    expect_text(made, "starts_at", "2022-01-12T23:30:00.000Z");
}

Test(meetings, participants_are_replaced_by_a_change)
{
    struct scene scene = scene_set();
    const char *path = at("/v1/meetings/%lld", scene.meeting);
    struct answer changed = patch(path, "{'participants': [{'actor_id': 'freedonia'}, {'actor_id': 'wire', 'role': 'host'}]}");
    expect_json(changed, "participants",
                at("[{'actor_id': %lld, 'role': 'member'}, {'actor_id': %lld, 'role': 'host'}]", scene.freedonia, scene.wire));
    expect_count(get("/v1/actors/%lld/meetings", scene.baker), "items", 0);
    expect_count(get("/v1/actors/%lld/meetings", scene.wire), "items", 1);
}

Test(meetings, a_meeting_that_breaks_its_schema_is_refused)
{
    static const struct {
        const char *members, *where, *code;
    } rows[] = {
        {"'kind': 'talks'", "#/name", "required"},
        {"'name': 'x', 'kind': 'party'", "#/kind", "enum"},
        {"'name': 'x', 'kind': 'talks', 'starts_on': '10 January'", "#/starts_on", "format"},
        {"'name': 'x', 'kind': 'talks', 'starts_at': '2022-01-10'", "#/starts_at", "format"},
        {"'name': 'x', 'kind': 'talks', 'part_of_day': 'noon'", "#/part_of_day", "enum"},
        {"'name': 'x', 'kind': 'talks', 'participants': [{'actor_id': 'nobody'}]", "#/participants/0/actor_id", "reference"},
        {"'name': 'x', 'kind': 'talks', 'participants': [{'role': 'head'}]", "#/participants/0/actor_id", "required"},
        {"'name': 'x', 'kind': 'talks', 'topics': ['no-such-topic']", "#/topics/0", "reference"},
        {"'name': 'x', 'kind': 'talks', 'evidence': [{'article_id': 'nothing', 'start': 0, 'end': 1}]", "#/evidence/0/article_id",
         "reference"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer refused = post("/v1/meetings", "{%s}", rows[i].members);
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, rows[i].where, rows[i].code);
    }
}
