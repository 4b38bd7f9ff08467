/* Disagreements that are noticed as articles come in: in titles, spellings and names of treaties. */
#include <string.h>

#include "support/harness.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(noticing, .init = set_up, .fini = server_down);

/* Articles of one week, each of an outlet of its own. */
static long long article(const char *outlet, const char *text)
{
    return make("/v1/articles",
                "{'outlet': '%s', 'url': 'https://news.example/%s', 'published_at': '2025-03-0%zuT10:00:00Z',"
                " 'text': '%s'}",
                outlet, outlet, strlen(outlet) % 7 + 1, text);
}

#define DEPUTY                                                                                                                   \
    "Norwegian Deputy Fisheries Minister Anna Keller said on Monday that the talks about the herring quota will go on. The "     \
    "next "                                                                                                                      \
    "round is in Bergen, she said."
#define MINISTER                                                                                                                 \
    "Fisheries Minister Anna Keller told reporters in Bergen that the boats would not wait for long. Keller said that she "      \
    "hopes "                                                                                                                     \
    "for an agreement by summer."
#define DEPUTY_TOO                                                                                                               \
    "The Deputy Minister of Fisheries, Anna Keller, said that nobody wants a quarrel about herring. Her office gave no details."
#define MISSPELT                                                                                                                 \
    "Norwegian Deputy Fisheries Minister Anna Kaller said that the herring belongs to nobody. She spoke after a meeting with "   \
    "skippers."

static struct answer noticed(const char *kind)
{
    return get("/v1/discrepancies?kind=%s", kind);
}

Test(noticing, two_titles_that_cannot_both_be_right)
{
    long long deputy = article("north", DEPUTY);
    expect_count(noticed("title"), "items", 0);
    article("east", MINISTER);
    long long again = article("southern", DEPUTY_TOO);
    struct answer found = noticed("title");
    expect_count(found, "items", 1);
    expect_text(found, "items.0.about", "Title of Anna Keller");
    expect_text(found, "items.0.status", "open");
    expect_each(found, "items.0.values", "article_count", "[2, 1]");
    expect_each(found, "items.0.values", "origin_count", "[2, 1]");
    expect_text(found, "items.0.values.1.value", "Fisheries Minister");
    expect_text(found, "items.0.values.1.evidence.0.text", "Fisheries Minister Anna Keller");
    long long actor = int_at(found, "items.0.actor_id");
    expect_count(get("/v1/actors/%lld/discrepancies", actor), "items", 1);
    expect_count(get("/v1/actors/%lld?expand=discrepancies", actor), "discrepancies", 1);
    expect_count(get("/v1/discrepancies?article_id__in=%lld,%lld&actor_id=%lld", deputy, again, actor), "items", 1);
}

Test(noticing, one_title_in_other_words_is_no_disagreement)
{
    article("north", DEPUTY);
    article("southern", DEPUTY_TOO);
    expect_count(noticed("title"), "items", 0);
}

Test(noticing, what_one_outlet_prints_twice_has_one_origin)
{
    article("north", DEPUTY);
    article("east", MINISTER);
    make("/v1/articles", "{'outlet': 'north', 'published_at': '2025-03-04T10:00:00Z',"
                         " 'text': 'Deputy Fisheries Minister Anna Keller said on Tuesday that skippers can go home.'}");
    struct answer found = noticed("title");
    expect_each(found, "items.0.values", "article_count", "[2, 1]");
    expect_each(found, "items.0.values", "origin_count", "[1, 1]");
}

Test(noticing, what_a_person_dismissed_stays_dismissed)
{
    article("north", DEPUTY);
    article("east", MINISTER);
    long long id = int_at(noticed("title"), "items.0.id");
    expect_status(patch(at("/v1/discrepancies/%lld", id), "{'status': 'dismissed', 'note': 'She was promoted.'}"), 200);
    article("southern", DEPUTY_TOO);
    struct answer found = noticed("title");
    expect_count(found, "items", 1);
    expect_int(found, "items.0.id", id);
    expect_text(found, "items.0.status", "dismissed");
    expect_text(found, "items.0.note", "She was promoted.");
    expect_each(found, "items.0.values", "article_count", "[2, 1]");
}

Test(noticing, what_a_person_wrote_is_not_written_over)
{
    article("north", DEPUTY);
    article("east", MINISTER);
    long long id = int_at(noticed("title"), "items.0.id");
    struct answer edited = patch(at("/v1/discrepancies/%lld", id), "{'about': 'since when Keller is minister'}");
    article("southern", DEPUTY_TOO);
    struct answer found = get("/v1/discrepancies/%lld", id);
    expect_text(found, "about", "since when Keller is minister");
    expect_int(found, "version", int_at(edited, "version"));
    expect_count(noticed("title"), "items", 1);
}

Test(noticing, what_a_person_deleted_does_not_come_back)
{
    article("north", DEPUTY);
    article("east", MINISTER);
    expect_status(erase("/v1/discrepancies/%lld", int_at(noticed("title"), "items.0.id")), 204);
    article("southern", DEPUTY_TOO);
    expect_count(noticed("title"), "items", 0);
}

Test(noticing, it_goes_and_comes_with_the_article_that_differs)
{
    article("north", DEPUTY);
    long long minister = article("east", MINISTER);
    long long id = int_at(noticed("title"), "items.0.id");
    expect_status(erase("/v1/articles/%lld", minister), 204);
    expect_status(get("/v1/discrepancies/%lld", id), 410);
    expect_status(post(at("/v1/articles/%lld/restore", minister), NULL), 200);
    expect_status(get("/v1/discrepancies/%lld", id), 200);
    expect_count(noticed("title"), "items", 1);
}

Test(noticing, one_that_a_person_has_judged_stays_without_its_articles)
{
    article("north", DEPUTY);
    long long minister = article("east", MINISTER);
    long long id = int_at(noticed("title"), "items.0.id");
    patch(at("/v1/discrepancies/%lld", id), "{'status': 'explained'}");
    expect_status(erase("/v1/articles/%lld", minister), 204);
    expect_text(get("/v1/discrepancies/%lld", id), "status", "explained");
}

Test(noticing, reading_again_changes_nothing)
{
    article("north", DEPUTY);
    long long minister = article("east", MINISTER);
    struct answer before = noticed("title");
    expect_status(post(at("/v1/articles/%lld/extract", minister), NULL), 200);
    expect_int(noticed("title"), "items.0.version", int_at(before, "items.0.version"));
}

Test(noticing, titles_behind_the_name_and_of_no_state)
{
    article("north", "Marta Kowalska, finance director of the bakery, said on Monday that the ovens are cold.");
    article("east", "The chief executive of the bakery, Marta Kowalska, said on Monday that the ovens are cold.");
    expect_count(noticed("title"), "items", 1);
}

Test(noticing, a_name_that_is_spelt_otherwise)
{
    article("north", DEPUTY);
    article("southern", MISSPELT);
    struct answer found = noticed("name-spelling");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['Anna Kaller', 'Anna Keller']");
}

Test(noticing, a_merge_shows_what_two_actors_disagree_in)
{
    article("north", DEPUTY);
    article("east", "Fisheries Minister Hanna Torvik said that the talks are over. The boats sail at night, Torvik said.");
    expect_count(noticed("title"), "items", 0);
    long long keller = int_at(get("/v1/actors?name=Anna%%20Keller"), "items.0.id"),
              torvik = int_at(get("/v1/actors?name=Hanna%%20Torvik"), "items.0.id");
    expect_status(post(at("/v1/actors/%lld/merge", keller), "{'from_ids': [%lld]}", torvik), 200);
    expect_count(noticed("title"), "items", 1);
    expect_status(post(at("/v1/actors/%lld/unmerge", torvik), NULL), 200);
    expect_count(get("/v1/actors/%lld/discrepancies", torvik), "items", 0);
}

Test(noticing, a_treaty_by_two_names)
{
    article("north", "Norway left the Coastal Herring Safety (CHS) agreement last year. Skippers were glad.");
    article("east", "The CHS Treaty was signed in Bergen. Fish were counted.");
    article("southern", "Nobody has read the CHS Treaty yet. It has ninety pages.");
    struct answer found = noticed("term");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['CHS Treaty', 'Coastal Herring Safety (CHS) agreement']");
    expect_each(found, "items.0.values", "origin_count", "[2, 1]");
    expect_null(found, "items.0.actor_id");
}

Test(noticing, a_declaration_of_one_word)
{
    article("north", "The Whitestone Declaration was read out in Bergen. Skippers were glad.");
    article("east", "Nobody had read the Blackstone Declaration before. It has ninety pages.");
    expect_each(noticed("term"), "items.0.values", "value", "['Blackstone Declaration', 'Whitestone Declaration']");
}

Test(noticing, where_a_person_wrote_one_nothing_is_added)
{
    long long deputy = article("north", DEPUTY), actor = int_at(get("/v1/actors?name=Anna%%20Keller"), "items.0.id");
    make("/v1/discrepancies",
         "{'kind': 'title', 'about': 'her title', 'actor_id': %lld, 'values': ["
         "{'value': 'a', 'evidence': [{'article_id': %lld, 'start': 0, 'end': 9}]},"
         "{'value': 'b', 'evidence': [{'article_id': %lld, 'start': 10, 'end': 16}]}]}",
         actor, deputy, deputy);
    article("east", MINISTER);
    expect_each(noticed("title"), "items", "about", "['her title']");
}

Test(noticing, a_meeting_and_a_claim_have_lists_of_their_own)
{
    article("north", DEPUTY);
    expect_count(get("/v1/claims/%lld/discrepancies", int_at(get("/v1/claims"), "items.0.id")), "items", 0);
    expect_count(get("/v1/claims/%lld?expand=discrepancies", int_at(get("/v1/claims"), "items.0.id")), "discrepancies", 0);
    long long meeting = make("/v1/meetings", "{'name': 'Herring talks', 'kind': 'talks', 'status': 'planned'}");
    expect_count(get("/v1/meetings/%lld/discrepancies", meeting), "items", 0);
    expect_problem(get("/v1/meetings/99/discrepancies"), 404, "not-found");
}

/* ---- in any order ----------------------------------------------------------------------------------------- */

static const char *const lines[] = {
    "{\"outlet\":\"North\",\"published_at\":\"2025-03-03T08:00:00Z\",\"text\":\"" DEPUTY "\"}\n",
    "{\"outlet\":\"East\",\"published_at\":\"2025-03-03T09:00:00Z\",\"text\":\"" MINISTER "\"}\n",
    "{\"outlet\":\"South\",\"published_at\":\"2025-03-04T09:00:00Z\",\"text\":\"" MISSPELT "\"}\n",
};

/* What is noticed when they come in that order, ids and times left out. */
static const char *told(const char *const *feeds, const int order[static 3])
{
    const char *database = scratch("order.db"), *feed = at("%s%s%s", feeds[order[0]], feeds[order[1]], feeds[order[2]]);
    struct outcome taken = readout_fed(feed, "ingest", "--database", database, "-");
    cr_assert_eq(taken.status, 0, "%s", taken.errors);
    struct outcome read = readout("get", "--database", database, "/v1/discrepancies?sort=id");
    json_t *page = json_loads(read.output, 0, NULL), *item, *value, *evidence;
    const char *all = "";
    size_t i, j, k;
    for (const char *const *kind = (const char *const[]){"title", "name-spelling", NULL}; *kind; kind++) {
        json_array_foreach (json_object_get(page, "items"), i, item) {
            if (strcmp(json_string_value(json_object_get(item, "kind")), *kind) != 0)
                continue;
            all = at("%s%s: %s\n", all, *kind, json_string_value(json_object_get(item, "about")));
            json_array_foreach (json_object_get(item, "values"), j, value) {
                all = at("%s  %s\n", all, json_string_value(json_object_get(value, "value")));
                json_array_foreach (json_object_get(value, "evidence"), k, evidence)
                    all = at("%s    %s\n", all, json_string_value(json_object_get(evidence, "text")));
            }
        }
    }
    json_decref(page);
    return all;
}

Test(noticing, in_whatever_order_the_articles_come)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const char *first = told(lines, orders[0]);
    cr_assert(strstr(first, "title: ") && strstr(first, "name-spelling: "), "%s", first);
    for (size_t i = 1; i < sizeof orders / sizeof orders[0]; i++) {
        const char *now = told(lines, orders[i]);
        cr_expect_str_eq(now, first, "in order %zu:\n%s\nbut first:\n%s", i, now, first);
    }
}

Test(noticing, a_surname_alone_goes_to_whom_it_is_spelt_much_like)
{
#define TOLD(outlet, day, text) "{\"outlet\":\"" outlet "\",\"published_at\":\"2025-03-" day "\",\"text\":\"" text "\"}\n"
    static const char *const some[] = {
        TOLD("North", "05", "Anna Keller said on Monday that the herring belongs to nobody. Keller spoke to skippers."),
        TOLD("East", "06",
             "The boats would not wait for long, Ms Keller told reporters. Keller said that she hopes for an agreement."),
        TOLD("South", "07", "Anna Kellar said on Monday that the boats are old. Nobody buys them."),
    };
    static const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}};
    const char *first = told(some, orders[0]);
    cr_assert(strstr(first, "    Keller\n") && strstr(first, "    Anna Kellar\n"), "%s", first);
    for (size_t i = 1; i < sizeof orders / sizeof orders[0]; i++)
        cr_expect_str_eq(told(some, orders[i]), first, "in order %zu", i);
}
