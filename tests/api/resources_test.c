/* What articles, actors, claims, meetings, topics and discrepancies have in common. */
#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

static void set_up(void)
{
    server_up();
    specimen_article();
}

#define TAKEN ", 'external_id': 'taken'"

TestSuite(resources, .init = set_up, .fini = server_down);

Test(resources, a_new_one_says_where_it_is_and_is_read_back)
{
    for (EACH_SPECIMEN(kind)) {
        struct answer made = post(kind->path, "%s", specimen_body(kind, ""));
        expect_status(made, 201);
        expect_int(made, "version", 1);
        expect_header(made, "ETag", at("\"%c%lld-1\"", kind->letter, id_of(made)));
        expect_header_has(made, "Location", at("%s/%lld", kind->path, id_of(made)));

        struct answer read = get("%s/%lld", kind->path, id_of(made));
        expect_status(read, 200);
        expect_header(read, "ETag", header_of(made, "ETag"));
        expect_text(read, "created_at", text_at(made, "created_at"));
    }
}

Test(resources, a_change_makes_a_new_version)
{
    for (EACH_SPECIMEN(kind)) {
        long long id = specimen_make(kind);
        struct answer changed = patch(at("%s/%lld", kind->path, id), "%s", specimen_change(kind, ""));
        expect_status(changed, 200);
        expect_int(changed, "version", 2);
        expect_header(changed, "ETag", at("\"%c%lld-2\"", kind->letter, id));
        expect_int(get("%s/%lld", kind->path, id), "version", 2);
    }
}

Test(resources, a_change_that_changes_nothing_makes_no_version)
{
    for (EACH_SPECIMEN(kind)) {
        const char *path = at("%s/%lld", kind->path, specimen_make(kind));
        struct answer changed = patch(path, "%s", specimen_change(kind, ""));
        struct answer again = patch(path, "%s", specimen_change(kind, ""));
        expect_status(again, 200);
        expect_header(again, "ETag", header_of(changed, "ETag"));
        expect_text(again, "updated_at", text_at(changed, "updated_at"));
        expect_count(get("%s/history", path), "items", 2);
    }
}

Test(resources, an_external_id_is_set_taken_away_and_found)
{
    for (EACH_SPECIMEN(kind)) {
        long long id = specimen_make(kind);
        const char *path = at("%s/%lld", kind->path, id);
        expect_text(patch(path, "{'external_id': 'found'}"), "external_id", "found");
        expect_each(get("%s?external_id=found", kind->path), "items", "id", at("[%lld]", id));
        expect_null(patch(path, "{'external_id': null}"), "external_id");
        expect_count(get("%s?external_id=found", kind->path), "items", 0);
    }
}

Test(resources, a_document_sent_back_as_it_came_changes_nothing)
{
    for (EACH_SPECIMEN(kind)) {
        struct answer read = get("%s/%lld", kind->path, specimen_make(kind));
        const char *path = read.path, *method = kind->replaces ? "PUT" : "PATCH";
        struct answer again = ask(method, path, "application/json", read.body);
        expect_status(again, 200);
        expect_header(again, "ETag", header_of(read, "ETag"));
    }
}

Test(resources, what_a_replacement_leaves_out_goes_back_to_its_default)
{
    for (EACH_SPECIMEN(kind)) {
        if (!kind->replaces)
            continue;
        long long id = specimen_make(kind);
        const char *path = at("%s/%lld", kind->path, id);
        struct answer changed = patch(path, "%s", specimen_change(kind, ", 'external_id': 'once'"));
        expect_text(changed, "external_id", "once");
        struct answer replaced = put(path, "%s", specimen_replacement(kind, id, ""));
        expect_status(replaced, 200);
        expect_null(replaced, "external_id");
        expect_int(replaced, "version", 3);
    }
}

Test(resources, a_deleted_one_is_gone_and_comes_back)
{
    for (EACH_SPECIMEN(kind)) {
        long long id = specimen_make(kind);
        const char *path = at("%s/%lld", kind->path, id), *found = at("%s?sort=-id&limit=1", kind->path);
        expect_status(erase("%s", path), 204);
        struct answer gone = get("%s", path);
        expect_problem(gone, 410, "gone");
        cr_assert(*text_at(gone, "deleted_at"));
        expect_status(erase("%s", path), 204);
        struct answer list = get("%s", found);
        if (count_at(list, "items") > 0)
            cr_assert_neq(int_at(list, "items.0.id"), id, "a list has the deleted %s", kind->noun);
        expect_status(patch(path, "%s", specimen_change(kind, "")), 410);

        struct answer restored = post(at("%s/restore", path), NULL);
        expect_status(restored, 200);
        expect_int(get("%s", path), "version", int_at(restored, "version"));
        expect_int(get("%s", found), "items.0.id", id);
        struct answer again = post(at("%s/restore", path), NULL);
        expect_status(again, 200);
        expect_int(again, "version", int_at(restored, "version"));
    }
}

Test(resources, history_tells_what_was_done_newest_first)
{
    for (EACH_SPECIMEN(kind)) {
        const char *path = at("%s/%lld", kind->path, specimen_make(kind));
        patch(path, "%s", specimen_change(kind, ""));
        erase("%s", path);
        expect_each(get("%s/history", path), "items", "action", "['deleted', 'updated', 'created']");
        post(at("%s/restore", path), NULL);
        struct answer history = get("%s/history", path);
        expect_each(history, "items", "action", "['restored', 'deleted', 'updated', 'created']");
        expect_each(history, "items", "version", "[4, 3, 2, 1]");
        expect_int(history, "items.3.document.version", 1);
        expect_int(history, "items.2.document.version", 2);
    }
}

Test(resources, history_comes_in_pages)
{
    for (EACH_SPECIMEN(kind)) {
        const char *path = at("%s/%lld", kind->path, specimen_make(kind));
        patch(path, "%s", specimen_change(kind, ""));
        patch(path, "{'external_id': 'third'}");
        struct answer first = get("%s/history?limit=2", path);
        expect_each(first, "items", "version", "[3, 2]");
        struct answer second = go_to(first, "next");
        expect_each(second, "items", "version", "[1]");
        expect_null(second, "next");
    }
}

Test(resources, a_dry_run_answers_as_if_and_keeps_nothing)
{
    for (EACH_SPECIMEN(kind)) {
        struct answer made = post(at("%s?dry_run=true", kind->path), "%s", specimen_body(kind, ", 'external_id': 'dry'"));
        expect_status(made, 201);
        expect_text(made, "external_id", "dry");
        expect_count(get("%s?external_id=dry", kind->path), "items", 0);

        const char *path = at("%s/%lld", kind->path, specimen_make(kind));
        struct answer changed = patch(at("%s?dry_run=true", path), "%s", specimen_change(kind, ""));
        expect_status(changed, 200);
        expect_int(changed, "version", 2);
        expect_status(erase("%s?dry_run=true", path), 204);
        expect_int(get("%s", path), "version", 1);
        expect_count(get("%s/history", path), "items", 1);
    }
}

Test(resources, a_dry_run_finds_what_is_wrong)
{
    for (EACH_SPECIMEN(kind)) {
        post(kind->path, "%s", specimen_body(kind, TAKEN));
        struct answer refused = post(at("%s?dry_run=true", kind->path), "%s", specimen_body(kind, TAKEN));
        expect_problem(refused, 409, "conflict");
    }
}

Test(resources, the_smallest_answer_has_no_body)
{
    for (EACH_SPECIMEN(kind)) {
        with("Prefer: return=minimal");
        struct answer made = post(kind->path, "%s", specimen_body(kind, ", 'external_id': 'small'"));
        expect_status(made, 201);
        expect_header(made, "Preference-Applied", "return=minimal");
        long long id = int_at(get("%s?external_id=small", kind->path), "items.0.id");
        expect_header_has(made, "Location", at("%s/%lld", kind->path, id));

        with("Prefer: return=minimal");
        struct answer changed = patch(at("%s/%lld", kind->path, id), "%s", specimen_change(kind, ""));
        expect_status(changed, 204);
        expect_header(changed, "ETag", at("\"%c%lld-2\"", kind->letter, id));
    }
}

Test(resources, a_taken_key_is_a_conflict)
{
    for (EACH_SPECIMEN(kind)) {
        expect_status(post(kind->path, "%s", specimen_body(kind, TAKEN)), 201);
        expect_problem(post(kind->path, "%s", specimen_body(kind, TAKEN)), 409, "conflict");
        const char *path = at("%s/%lld", kind->path, specimen_make(kind));
        expect_problem(patch(path, "%s", specimen_change(kind, TAKEN)), 409, "conflict");
        expect_int(get("%s", path), "version", 1);
    }
}

Test(resources, an_upsert_replaces_the_one_with_that_external_id)
{
    for (EACH_SPECIMEN(kind)) {
        const char *body = specimen_body(kind, ", 'external_id': 'known'");
        struct answer made = post(at("%s?upsert=true", kind->path), "%s", body);
        expect_status(made, 201);
        patch(at("%s/%lld", kind->path, id_of(made)), "%s", specimen_change(kind, ""));
        struct answer replaced = post(at("%s?upsert=true", kind->path), "%s", body);
        expect_status(replaced, 200);
        expect_int(replaced, "id", id_of(made));
        expect_int(replaced, "version", 3);
        expect_count(get("%s?external_id=known", kind->path), "items", 1);
    }
}

Test(resources, an_unknown_property_is_refused_with_the_nearest_name)
{
    for (EACH_SPECIMEN(kind)) {
        struct answer refused = post(kind->path, "%s", specimen_body(kind, ", 'external_ld': 'x'"));
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, "#/external_ld", "unknown");
        expect_fault_says(refused, "#/external_ld", "external_id");
    }
}

Test(resources, what_the_server_sets_is_read_only)
{
    for (EACH_SPECIMEN(kind)) {
        const char *path = at("%s/%lld", kind->path, specimen_make(kind));
        struct answer refused = patch(path, "{'id': 1234567, 'created_at': '2001-01-01T00:00:00.000Z'}");
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, "#/id", NULL);
        expect_fault(refused, "#/created_at", NULL);
    }
}

Test(resources, every_fault_is_told_at_once)
{
    for (EACH_SPECIMEN(kind)) {
        struct answer refused = post(kind->path, "{'external_id': '1 bad', 'nonsense': 1}");
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, "#/external_id", NULL);
        expect_fault(refused, "#/nonsense", "unknown");
        cr_assert_geq(count_at(refused, "errors"), 3, "something required is missing, too");
    }
}

Test(resources, what_is_required_is_not_removed)
{
    static const struct {
        const char *path, *required;
    } rows[] = {{"/v1/articles", "text"}, {"/v1/actors", "name"}, {"/v1/claims", "text"},
                {"/v1/meetings", "name"}, {"/v1/topics", "slug"}, {"/v1/discrepancies", "values"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *path = at("%s/%lld", rows[i].path, specimen_make(specimen_of(rows[i].path)));
        struct answer refused = patch(path, "{'%s': null}", rows[i].required);
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, at("#/%s", rows[i].required), NULL);
    }
}

Test(resources, one_that_never_was_is_not_found)
{
    for (EACH_SPECIMEN(kind)) {
        const char *path = at("%s/9007199254740991", kind->path);
        expect_problem(get("%s", path), 404, "not-found");
        expect_problem(patch(path, "%s", specimen_change(kind, "")), 404, "not-found");
        expect_problem(erase("%s", path), 404, "not-found");
        expect_problem(post(at("%s/restore", path), NULL), 404, "not-found");
        expect_problem(get("%s/history", path), 404, "not-found");
    }
}

Test(resources, an_id_that_is_none_is_a_wrong_parameter)
{
    static const char *const ids[] = {"0", "-1", "abc", "1.5", "9007199254740992", "99999999999999999999999"};
    for (EACH_SPECIMEN(kind)) {
        for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
            struct answer refused = get("%s/%s", kind->path, ids[i]);
            expect_problem(refused, 400, "invalid-parameter");
            expect_fault(refused, "id", NULL);
        }
    }
}
