/* Changes and histories say whose key it was that wrote. */
#include "support/harness.h"
#include "support/keys.h"
#include "support/scene.h"

static const char *desk, *wire; /* keys */

static void set_up(void)
{
    server_up();
    desk = key_put(.scopes = "read,write", .name = "Desk");
    wire = key_put(.scopes = "read,write", .name = "Wire \"one\"");
}

TestSuite(authors_told, .init = set_up, .fini = server_down);

static struct answer ask_as(const char *key, const char *method, const char *path, const char *body)
{
    struct slice bytes = body ? json_of(body) : NO_SLICE;
    with("Authorization: Bearer %s", key);
    return ask(method, path, body ? "application/json" : NULL, bytes);
}

static long long make_as(const char *key, const char *path, const char *body)
{
    struct answer made = ask_as(key, "POST", path, body);
    expect_status(made, 201);
    return id_of(made);
}

static struct answer read_as(const char *key, const char *path)
{
    return ask_as(key, "GET", path, NULL);
}

Test(authors_told, by_the_name_of_their_key)
{
    const char *path = at("/v1/topics/%lld", make_as(desk, "/v1/topics", "{'slug': 'fish', 'name': 'Fish'}"));
    expect_status(ask_as(wire, "PATCH", path, "{'name': 'Herring'}"), 200);
    expect_status(ask_as(desk, "DELETE", path, NULL), 204);
    expect_status(ask_as(wire, "POST", at("%s/restore", path), NULL), 200);
    const char *told = "['Wire \\\"one\\\"', 'Desk', 'Wire \\\"one\\\"', 'Desk']";
    expect_each(read_as(desk, at("%s/history", path)), "items", "by", told);
    struct answer changes = read_as(desk, "/v1/changes?noun=topic&limit=500");
    size_t last = count_at(changes, "items") - 1;
    expect_text(changes, at("items.%zu.by", last), "Wire \"one\"");
    expect_text(changes, at("items.%zu.by", last - 1), "Desk");
}

Test(authors_told, of_all_that_a_merge_moves)
{
    long long baker = make_as(desk, "/v1/actors", "{'name': 'Baker', 'kind': 'person'}"),
              same = make_as(desk, "/v1/actors", "{'name': 'Z. Baker', 'kind': 'person'}"),
              claim = make_as(desk, "/v1/claims", at("{'text': 'It rains.', 'speaker_id': %lld}", same));
    expect_status(ask_as(wire, "POST", at("/v1/actors/%lld/merge", baker), at("{'from_ids': [%lld]}", same)), 200);
    expect_text(read_as(desk, at("/v1/claims/%lld/history", claim)), "items.0.by", "Wire \"one\"");
    expect_text(read_as(desk, at("/v1/actors/%lld/history", same)), "items.0.by", "Wire \"one\"");
    expect_status(ask_as(desk, "POST", at("/v1/actors/%lld/unmerge", same), NULL), 200);
    expect_text(read_as(desk, at("/v1/claims/%lld/history", claim)), "items.0.by", "Desk");
}

Test(authors_told, of_all_that_was_found_in_an_article)
{
    make_as(wire, "/v1/articles?extract=true",
            "{'text': 'Russia will make no concessions, Sergei Ryabkov said on Sunday.', 'outlet': 'Reuters'}");
    struct answer changes = read_as(desk, "/v1/changes?noun=actor,claim,article");
    cr_expect_geq(count_at(changes, "items"), 4);
    for (size_t i = 0; i < count_at(changes, "items"); i++)
        expect_text(changes, at("items.%zu.by", i), "Wire \"one\"");
}

Test(authors_told, as_nobody_where_there_was_no_key)
{
    cr_assert_eq(server_stop(), 0);
    const char *fed = "{\"text\": \"Nothing was agreed on Monday.\"}\n";
    cr_assert_eq(readout_fed(fed, "ingest", "-", "--database", server_database()).status, 0);
    server_start();
    expect_null(read_as(desk, "/v1/articles/1/history"), "items.0.by");
    expect_null(read_as(desk, "/v1/changes?noun=article"), "items.0.by");
}
