/* If-None-Match and If-Match. */
#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

static void set_up(void)
{
    server_up();
    specimen_article();
}

TestSuite(conditional, .init = set_up, .fini = server_down);

static struct answer get_unless(const char *path, const char *condition)
{
    with("If-None-Match: %s", condition);
    return get("%s", path);
}

Test(conditional, what_is_held_already_is_not_sent_again)
{
    for (EACH_SPECIMEN(kind)) {
        const char *path = at("%s/%lld", kind->path, specimen_make(kind));
        struct answer read = get("%s", path);
        const char *etag = header_of(read, "ETag");
        const char *const held[] = {etag, at("\"x1-1\", %s", etag), at("W/%s", etag), "*"};
        for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
            struct answer unchanged = get_unless(path, held[i]);
            expect_status(unchanged, 304);
            expect_header(unchanged, "ETag", etag);
            expect_header(unchanged, "Cache-Control", header_of(read, "Cache-Control"));
            expect_header(unchanged, "Vary", header_of(read, "Vary"));
        }
        patch(path, "%s", specimen_change(kind, ""));
        expect_status(get_unless(path, etag), 200);
        expect_status(get_unless(path, "\"x1-1\""), 200);
    }
}

Test(conditional, a_list_is_unchanged_until_something_in_it_changes)
{
    for (EACH_SPECIMEN(kind)) {
        long long id = specimen_make(kind);
        const char *list = at("%s?sort=-id&limit=2", kind->path);
        const char *etag = header_of(get("%s", list), "ETag");
        cr_assert(strncmp(etag, "W/", 2) == 0, "a list has a weak tag, not %s", etag);
        expect_status(get_unless(list, etag), 304);
        patch(at("%s/%lld", kind->path, id), "%s", specimen_change(kind, ""));
        expect_status(get_unless(list, etag), 200);
        etag = header_of(get("%s", list), "ETag");
        specimen_make(kind);
        expect_status(get_unless(list, etag), 200);
        cr_assert_str_neq(header_of(get("%s?limit=2", kind->path), "ETag"), header_of(get("%s", list), "ETag"));
    }
}

Test(conditional, a_list_of_one_kind_stays_while_another_changes)
{
    const char *etag = header_of(get("/v1/topics"), "ETag");
    make("/v1/meetings", "{'name': 'x', 'kind': 'call'}");
    struct answer again = get_unless("/v1/topics", etag);
    cr_assert(again.status == 304 || again.status == 200);
}

Test(conditional, an_expanded_reading_changes_with_what_it_shows)
{
    struct scene scene = scene_set();
    const char *path = at("/v1/claims/%lld?expand=speaker", scene.claim);
    const char *etag = header_of(get("%s", path), "ETag");
    expect_status(get_unless(path, etag), 304);
    patch(at("/v1/actors/%lld", scene.baker), "{'title': 'prime minister'}");
    struct answer again = get_unless(path, etag);
    expect_status(again, 200);
    expect_text(again, "speaker.title", "prime minister");
}

Test(conditional, a_write_to_another_version_is_refused_and_told_the_current_one)
{
    for (EACH_SPECIMEN(kind)) {
        long long id = specimen_make(kind);
        const char *path = at("%s/%lld", kind->path, id);
        const char *stale = header_of(get("%s", path), "ETag");
        const char *current = header_of(patch(path, "%s", specimen_change(kind, "")), "ETag");

        with("If-Match: %s", stale);
        struct answer refused = patch(path, "{'external_id': 'late'}");
        expect_problem(refused, 412, "precondition-failed");
        expect_header(refused, "ETag", current);
        with("If-Match: %s", stale);
        expect_problem(erase("%s", path), 412, "precondition-failed");
        with("If-Match: W/%s", current);
        expect_problem(erase("%s", path), 412, "precondition-failed");
        if (kind->replaces) {
            const char *body = specimen_replacement(kind, id, "");
            with("If-Match: %s", stale);
            expect_problem(put(path, "%s", body), 412, "precondition-failed");
        }
        expect_header(get("%s", path), "ETag", current);
    }
}

Test(conditional, a_write_to_the_right_version_is_done)
{
    for (EACH_SPECIMEN(kind)) {
        struct answer read = get("%s/%lld", kind->path, specimen_make(kind));
        const char *etag = header_of(read, "ETag"), *path = read.path;
        const char *const held[] = {etag, "*", at("\"x1-1\", \"%c%lld-3\"", kind->letter, id_of(read)),
                                    at("\"%c%lld-4-gz\"", kind->letter, id_of(read))};
        for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
            with("If-Match: %s", held[i]);
            expect_int(patch(path, "{'external_id': 'v%zu'}", i), "version", (long long)i + 2);
        }
        with("If-Match: *");
        expect_status(erase("%s", path), 204);
    }
}

Test(conditional, of_two_editors_the_second_is_told)
{
    struct answer read = get("/v1/actors/%lld", specimen_make(specimen_of("/v1/actors")));
    with("If-Match: %s", header_of(read, "ETag"));
    expect_status(patch(read.path, "{'title': 'minister'}"), 200);
    with("If-Match: %s", header_of(read, "ETag"));
    expect_status(patch(read.path, "{'title': 'ministre'}"), 412);
    expect_text(get("%s", read.path), "title", "minister");
}

Test(conditional, merging_and_restoring_are_conditional_too)
{
    struct scene scene = scene_set();
    const char *path = at("/v1/actors/%lld", scene.baker);
    with("If-Match: \"p1-99\"");
    expect_problem(post(at("%s/merge", path), "{'from_ids': ['wire']}"), 412, "precondition-failed");
    erase("/v1/topics/%lld", scene.topic);
    with("If-Match: \"t1-99\"");
    expect_problem(post(at("/v1/topics/%lld/restore", scene.topic), NULL), 412, "precondition-failed");
}
