/* Pages, cursors, orders, counts: what every list does. */
#include <stdio.h>
#include <string.h>

#include "support/harness.h"
#include "support/scene.h"

/* Seven of each kind, so that orders have ties, and values that are not known. */
static void set_up(void)
{
    server_up();
    specimen_article();
    static const char *const names[] = {"Zulu", "alpha", "Bravo", "\u00c9mile", "alpha", "Zo\u00eb", "charlie"};
    for (int i = 0; i < 7; i++) {
        const char *day = i % 3 == 0 ? "null" : at("'2022-01-0%d'", 9 - i / 2);
        make("/v1/actors", "{'name': '%s', 'kind': 'person'}", names[i]);
        make("/v1/articles", "{'text': 'x%d', 'title': %s, 'published_at': %s}", i, i == 4 ? "null" : at("'%s'", names[i]), day);
        make("/v1/claims", "{'text': 'x', 'said_on': %s}", day);
        make("/v1/meetings", "{'name': '%s', 'kind': 'talks', 'starts_on': %s}", names[i], day);
        specimen_make(specimen_of("/v1/topics"));
        specimen_make(specimen_of("/v1/discrepancies"));
    }
}

TestSuite(lists, .init = set_up, .fini = server_down);

/* Every list with every order it has. */
static const struct order {
    const char *path, *sort;
} orders[] = {
    {"/v1/articles", "id"},         {"/v1/articles", "published_at"},
    {"/v1/articles", "title"},      {"/v1/articles", "updated_at"},
    {"/v1/actors", "id"},           {"/v1/actors", "name"},
    {"/v1/actors", "updated_at"},   {"/v1/claims", "id"},
    {"/v1/claims", "said_on"},      {"/v1/claims", "report_count"},
    {"/v1/claims", "updated_at"},   {"/v1/meetings", "id"},
    {"/v1/meetings", "starts_on"},  {"/v1/meetings", "name"},
    {"/v1/meetings", "updated_at"}, {"/v1/topics", "id"},
    {"/v1/topics", "name"},         {"/v1/topics", "updated_at"},
    {"/v1/discrepancies", "id"},    {"/v1/discrepancies", "updated_at"},
};

/* Calls `check` with "/v1/claims?sort=-said_on", for all of them, up and down. */
static void each_order(void (*check)(const char *path, const char *property, bool down))
{
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        check(at("%s?sort=%s", orders[i].path, orders[i].sort), orders[i].sort, false);
        check(at("%s?sort=-%s", orders[i].path, orders[i].sort), orders[i].sort, true);
    }
}

/* The ids of a page, as JSON text. */
static const char *ids_of(struct answer page)
{
    const char *ids = "";
    for (size_t i = 0; i < count_at(page, "items"); i++)
        ids = at("%s%lld ", ids, int_at(page, at("items.%zu.id", i)));
    return ids;
}

/* ---- pages ------------------------------------------------------------------------------------------------------------ */

static void check_forward(const char *path, const char *property, bool down)
{
    (void)property, (void)down;
    const char *all = ids_of(get("%s&limit=500", path)), *walked = "";
    struct answer page = get("%s&limit=3", path);
    expect_null(page, "prev");
    while (true) {
        walked = at("%s%s", walked, ids_of(page));
        if (json_is_null(value_at(page, "next")))
            break;
        expect_count(page, "items", 3);
        page = go_to(page, "next");
    }
    cr_assert_str_eq(walked, all, "%s", path);
}

Test(lists, pages_forward_have_everything_once)
{
    each_order(check_forward);
}

static void check_backward(const char *path, const char *property, bool down)
{
    (void)property, (void)down;
    const char *forward = "", *backward = "";
    struct answer page = get("%s&limit=3", path);
    while (!json_is_null(value_at(page, "next"))) {
        forward = at("%s[%s]", forward, ids_of(page));
        page = go_to(page, "next");
    }
    while (!json_is_null(value_at(page, "prev"))) {
        page = go_to(page, "prev");
        backward = at("[%s]%s", ids_of(page), backward);
    }
    cr_assert_str_eq(backward, forward, "%s", path);
}

Test(lists, pages_backward_are_the_same_pages)
{
    each_order(check_backward);
}

static int compare(const json_t *a, const json_t *b)
{
    if (json_is_integer(a))
        return (json_integer_value(a) > json_integer_value(b)) - (json_integer_value(a) < json_integer_value(b));
    return strcmp(json_string_value(a), json_string_value(b));
}

static void check_order(const char *path, const char *property, bool down)
{
    struct answer page = get("%s&limit=500", path);
    for (size_t i = 1; i < count_at(page, "items"); i++) {
        const json_t *before = value_at(page, at("items.%zu.%s", i - 1, property));
        const json_t *after = value_at(page, at("items.%zu.%s", i, property));
        if (json_is_null(before))
            cr_assert(json_is_null(after), "%s: what is not known comes last", path);
        else if (!json_is_null(after))
            cr_assert(down ? compare(before, after) >= 0 : compare(before, after) <= 0, "%s: items %zu and %zu", path, i - 1, i);
    }
}

Test(lists, items_are_in_order_and_what_is_not_known_comes_last)
{
    each_order(check_order);
}

Test(lists, what_is_added_meanwhile_does_not_shift_the_pages)
{
    struct answer first = get("/v1/actors?sort=name&limit=3");
    make("/v1/actors", "{'name': 'Aardvark', 'kind': 'group'}");
    struct answer second = go_to(first, "next");
    struct answer whole = get("/v1/actors?sort=name&limit=7");
    cr_assert_str_eq(at("%s%s", ids_of(first), ids_of(second)), strchr(ids_of(whole), ' ') + 1);
}

Test(lists, a_page_goes_on_after_its_last_item_was_deleted)
{
    struct answer first = get("/v1/actors?limit=3");
    erase("/v1/actors/%lld", int_at(first, "items.2.id"));
    expect_int(go_to(first, "next"), "items.0.id", int_at(first, "items.2.id") + 1);
}

Test(lists, the_link_header_says_what_the_body_says)
{
    struct answer first = get("/v1/actors?limit=2&sort=name");
    struct answer second = go_to(first, "next");
    expect_header_has(first, "Link", at("<%s>; rel=\"next\"", text_at(first, "next")));
    expect_header_has(second, "Link", at("<%s>; rel=\"prev\"", text_at(second, "prev")));
    expect_header_has(second, "Link", "rel=\"first\"");
    expect_int(second, "limit", 2);
}

/* ---- cursors ---------------------------------------------------------------------------------------------------------- */

Test(lists, a_cursor_is_a_page_whatever_the_limit)
{
    struct answer first = get("/v1/actors?limit=2");
    const char *cursor = text_at(first, "next_cursor");
    struct answer rest = get("/v1/actors?limit=100&cursor=%s", cursor);
    expect_count(rest, "items", 5);
    expect_null(rest, "next");
}

Test(lists, a_cursor_belongs_to_its_filters_and_its_order)
{
    const char *cursor = text_at(get("/v1/actors?limit=2&kind=person&sort=name"), "next_cursor");
    static const char *const queries[] = {"limit=2&sort=name", "limit=2&kind=person", "limit=2&kind=person&sort=-name",
                                          "limit=2&kind=state&sort=name", "limit=2&kind=person&sort=name&status=confirmed"};
    expect_status(get("/v1/actors?limit=2&kind=person&sort=name&cursor=%s", cursor), 200);
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        struct answer refused = get("/v1/actors?%s&cursor=%s", queries[i], cursor);
        expect_problem(refused, 400, "invalid-parameter");
        expect_fault(refused, "cursor", NULL);
    }
    expect_fault(get("/v1/topics?limit=2&cursor=%s", cursor), "cursor", NULL);
}

Test(lists, a_cursor_that_was_touched_is_refused)
{
    const char *cursor = text_at(get("/v1/actors?limit=2"), "next_cursor");
    for (size_t i = 0; i < strlen(cursor); i++) {
        char *touched = arena_copy(test_arena(), cursor, strlen(cursor));
        touched[i] = touched[i] == 'A' ? 'Q' : 'A';
        expect_problem(get("/v1/actors?limit=2&cursor=%s", touched), 400, "invalid-parameter");
    }
    expect_status(get("/v1/actors?limit=2&cursor=%.*s", (int)strlen(cursor) - 1, cursor), 400);
    expect_status(get("/v1/actors?limit=2&cursor=%sA", cursor), 400);
}

Test(lists, a_cursor_is_good_after_a_restart)
{
    const char *cursor = text_at(get("/v1/actors?limit=2"), "next_cursor");
    cr_assert_eq(server_stop(), 0);
    server_start();
    expect_count(get("/v1/actors?limit=2&cursor=%s", cursor), "items", 2);
}

/* ---- limits and counts -------------------------------------------------------------------------------------------------- */

Test(lists, a_limit_is_from_1_to_500)
{
    static const char *const refused[] = {"0", "-1", "501", "1000000000000000000000", "many", ""};
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct answer answer = get("/v1/actors?limit=%s", refused[i]);
        expect_problem(answer, 400, "invalid-parameter");
        expect_fault(answer, "limit", NULL);
    }
    expect_int(get("/v1/actors?limit=1"), "limit", 1);
    expect_int(get("/v1/actors?limit=500"), "limit", 500);
    expect_int(get("/v1/actors"), "limit", 50);
}

Test(lists, a_count_is_exact_or_capped_or_none)
{
    struct answer exact = get("/v1/actors?count=exact"), plain = get("/v1/actors"), none = get("/v1/actors?count=none");
    expect_int(exact, "total", 7);
    expect_bool(exact, "total_exact", true);
    expect_int(plain, "total", 7);
    expect_bool(plain, "total_exact", true);
    expect_null(none, "total");
    expect_null(none, "total_exact");
    expect_int(get("/v1/actors?kind=person&name=alpha"), "total", 2);
}

Test(lists, a_filtered_count_stops_at_a_thousand)
{
    enum { MANY = 1200 };
    char *lines = arena_alloc(test_arena(), MANY * 64);
    size_t length = 0;
    for (int i = 0; i < MANY; i++)
        length += (size_t)snprintf(lines + length, 64, "{\"name\":\"n%d\",\"kind\":\"group\",\"country\":\"CH\"}\n", i);
    expect_status(ask("POST", "/v1/actors", "application/x-ndjson", (struct slice){lines, length}), 201);

    struct answer capped = get("/v1/actors?country=CH&kind=group&limit=1");
    expect_int(capped, "total", 1000);
    expect_bool(capped, "total_exact", false);
    struct answer exact = get("/v1/actors?country=CH&kind=group&limit=1&count=exact");
    expect_int(exact, "total", MANY);
    expect_bool(exact, "total_exact", true);
    expect_int(get("/v1/actors?limit=1"), "total", MANY + 7);
}

/* What facets count is kept, and costs nothing. */
Test(lists, a_total_that_is_kept_is_exact)
{
    struct answer kept = get("/v1/actors?kind=person&limit=1");
    expect_int(kept, "total", int_at(get("/v1/actors?kind=person&limit=1&count=exact"), "total"));
    expect_bool(kept, "total_exact", true);
}

Test(lists, an_empty_list_is_a_list)
{
    struct answer empty = get("/v1/actors?kind=alliance");
    expect_json(empty, "items", "[]");
    expect_null(empty, "next");
    expect_null(empty, "prev");
    expect_null(empty, "next_cursor");
    expect_int(empty, "total", 0);
    expect_bool(empty, "total_exact", true);
}

Test(lists, nested_lists_have_pages_too)
{
    long long head_of = make("/v1/actors", "{'name': 'Speaker', 'kind': 'person'}");
    for (int i = 0; i < 5; i++)
        make("/v1/claims", "{'text': 'Claim %d', 'speaker_id': %lld}", i, head_of);
    struct answer first = get("/v1/actors/%lld/claims?limit=2&sort=-id", head_of);
    expect_int(first, "total", 5);
    struct answer second = go_to(first, "next"), third = go_to(second, "next");
    expect_count(third, "items", 1);
    expect_null(third, "next");
    cr_assert_str_eq(ids_of(go_to(third, "prev")), ids_of(second));
    cr_assert_str_eq(ids_of(go_to(second, "prev")), ids_of(first));
}
