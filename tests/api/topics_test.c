#include "support/harness.h"

TestSuite(topics, .init = server_up, .fini = server_down);

Test(topics, a_new_store_holds_the_starting_topics)
{
    static const char *const slugs[] = {"missiles", "exercises", "inf-treaty", "nato-enlargement",
                                        "troops",   "sanctions", "talks"};
    for (size_t i = 0; i < sizeof(slugs) / sizeof(slugs[0]); i++) {
        struct answer found = get("/v1/topics?slug=%s", slugs[i]);
        expect_count(found, "items", 1);
        expect_text(found, "items.0.slug", slugs[i]);
    }
}

Test(topics, a_topic_has_all_its_properties)
{
    struct answer made = post("/v1/topics", "{'slug': 'tariffs', 'name': 'Tariffs', 'keywords': ['tariff', 'customs duty']}");
    expect_json(made, "keywords", "['tariff', 'customs duty']");
    expect_null(made, "description");
    expect_null(made, "external_id");
}

Test(topics, a_slug_is_taken_once)
{
    expect_problem(post("/v1/topics", "{'slug': 'missiles', 'name': 'Rockets'}"), 409, "conflict");
}

Test(topics, a_slug_never_changes)
{
    const char *path = at("/v1/topics/%lld", make("/v1/topics", "{'slug': 'tariffs', 'name': 'Tariffs'}"));
    expect_fault(patch(path, "{'slug': 'duties'}"), "#/slug", "fixed");
    expect_fault(put(path, "{'slug': 'duties', 'name': 'Duties'}"), "#/slug", "fixed");
    expect_text(put(path, "{'slug': 'tariffs', 'name': 'Duties'}"), "name", "Duties");
}

Test(topics, a_slug_has_small_letters_digits_and_single_hyphens)
{
    static const char *const slugs[] = {"", "Missiles", "two words", "-a", "a-", "a--b", "caf\u00e9", "a_b"};
    for (size_t i = 0; i < sizeof(slugs) / sizeof(slugs[0]); i++) {
        struct answer refused = post("/v1/topics", "{'slug': '%s', 'name': 'x'}", slugs[i]);
        expect_problem(refused, 422, "invalid-body");
        expect_fault(refused, "#/slug", NULL);
    }
}
