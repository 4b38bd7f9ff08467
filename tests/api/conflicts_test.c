/* Disagreements that are noticed as articles come in: in days, places, numbers, and in who said, leads or denies what. */
#include <stdlib.h>
#include <string.h>

#include "support/harness.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(conflicts, .init = set_up, .fini = server_down);

/* Sunday, 6 March 2022, unless the day is told; each of an outlet of its own. */
static long long article_of(const char *outlet, const char *day, const char *text)
{
    return make("/v1/articles", "{'outlet': '%s', 'url': 'https://news.example/%s', 'published_at': '%s', 'text': '%s'}", outlet,
                outlet, day, text);
}

static long long article(const char *outlet, const char *text)
{
    return article_of(outlet, "2022-03-06", text);
}

static struct answer noticed(const char *kind)
{
    return get("/v1/discrepancies?kind=%s", kind);
}

/* ---- days ------------------------------------------------------------------------------------------------- */

#define TUESDAY   "Norway and Chile will open talks about their fishing fleets in Vienna on Tuesday."
#define WEDNESDAY "Delegations of Norway and Chile are to hold talks about fish in Vienna on Wednesday."

Test(conflicts, talks_that_begin_on_two_days)
{
    article("north", TUESDAY);
    expect_count(noticed("date"), "items", 0);
    article("east", WEDNESDAY);
    struct answer found = noticed("date");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['2022-03-08', '2022-03-09']");
    expect_text(found, "items.0.values.0.evidence.0.text", "Tuesday");
    expect_text(found, "items.0.values.1.evidence.0.text", "Wednesday");
    expect_count(get("/v1/meetings/%lld/discrepancies", int_at(found, "items.0.meeting_id")), "items", 1);
}

Test(conflicts, an_article_that_has_both_days_takes_no_part)
{
    article("north", "Norway and Chile will hold talks about fish in Vienna on Tuesday and Wednesday.");
    article("east", WEDNESDAY);
    expect_count(noticed("date"), "items", 0);
}

Test(conflicts, next_week_and_a_day_of_it_go_together)
{
    article("north", "Norway and Chile will open talks about their fishing fleets in Vienna next week.");
    article_of("east", "2022-03-05", "Norway and Chile will open talks about their fishing fleets in Vienna on Tuesday.");
    expect_count(noticed("date"), "items", 0);
}

Test(conflicts, rounds_that_follow_each_other_are_no_conflict)
{
    article_of("north", "2022-03-09", "Norway and Chile held talks about their fishing fleets in Vienna on Tuesday.");
    article_of("east", "2022-03-09", "Norway and Chile will hold talks about their fishing fleets in Vienna on Thursday.");
    expect_count(noticed("date"), "items", 0);
}

Test(conflicts, a_later_round_is_another)
{
    article_of("north", "2022-03-06", "Norway and Chile will hold talks about their fishing fleets in Vienna on Tuesday.");
    article_of("east", "2022-03-09", "Norway and Chile will resume their talks about fish in Vienna on Thursday.");
    expect_count(noticed("date"), "items", 0);
}

Test(conflicts, the_talks_of_others_are_other_talks)
{
    article("north", TUESDAY);
    article("east", "Peru and Japan are to hold talks about fish in Vienna on Wednesday.");
    article("south", "Delegations of Norway and Chile are to hold talks about fish in Bern on Wednesday.");
    expect_count(noticed("date"), "items", 0);
}

Test(conflicts, the_parts_of_a_day)
{
    article("north", "Norway and Chile will open talks about their fishing fleets in Vienna on Tuesday morning.");
    article("east", "Norway and Chile will open talks about their fishing fleets in Vienna on Tuesday evening.");
    article("south", TUESDAY);
    struct answer found = noticed("date");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['2022-03-08, evening', '2022-03-08, morning']");
}

/* ---- places ----------------------------------------------------------------------------------------------- */

Test(conflicts, talks_in_two_cities)
{
    article("north", TUESDAY);
    article("east", "Norway and Chile hold talks about fish in Geneva on Tuesday.");
    struct answer found = noticed("place");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['Geneva', 'Vienna']");
}

Test(conflicts, a_city_and_its_country_go_together)
{
    article("north", TUESDAY);
    article("east", "Norway and Chile hold talks about fish in Austria on Tuesday.");
    expect_count(noticed("place"), "items", 0);
}

#define TREATY "Foreign Minister Jorge Vidal said on Sunday that Chile would sign the fishing treaty this year. "

Test(conflicts, meetings_of_one_story_in_two_cities)
{
    article("north", TREATY "The delegations will meet in Vienna on Tuesday.");
    article("east", TREATY "The delegations will meet in Geneva on Tuesday.");
    struct answer found = noticed("place");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['Geneva', 'Vienna']");
}

Test(conflicts, meetings_of_one_story_on_two_days)
{
    article("north", TREATY "The delegations will meet in Vienna on Tuesday.");
    article("east", TREATY "The delegations will meet in Vienna on Wednesday.");
    expect_count(noticed("date"), "items", 1);
}

Test(conflicts, meetings_of_two_stories_are_two)
{
    article("north", TREATY "The delegations will meet in Vienna on Tuesday.");
    article("east", "The engineers will meet in Geneva on Tuesday.");
    expect_count(noticed("place"), "items", 0);
}

/* ---- numbers ---------------------------------------------------------------------------------------------- */

static long long soldiers(const char *outlet, const char *number)
{
    return article(outlet, at("Norwegian Defence Minister Pia Lund said on Sunday that %s soldiers had been sent to the northern "
                              "coast to guard the harbours.",
                              number));
}

Test(conflicts, other_numbers_of_the_same)
{
    soldiers("north", "1,200");
    soldiers("east", "about 3,000");
    struct answer found = noticed("number");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['1,200 soldiers', 'about 3,000 soldiers']");
    expect_count(get("/v1/claims/%lld/discrepancies", int_at(found, "items.0.claim_id")), "items", 1);
}

Test(conflicts, rounded_numbers_go_together)
{
    soldiers("north", "1,200");
    soldiers("east", "about 1,250");
    soldiers("south", "more than 1,000");
    soldiers("west", "up to 2,000");
    expect_count(noticed("number"), "items", 0);
}

static void expect_values(const char *one, const char *other, const char *values)
{
    article("north", at("Norwegian Defence Minister Pia Lund said on Sunday that %s.", one));
    article("east", at("Norwegian Defence Minister Pia Lund said on Sunday that %s.", other));
    struct answer found = noticed("number");
    expect_count(found, "items", values ? 1 : 0);
    if (values)
        expect_each(found, "items.0.values", "value", values);
}

Test(conflicts, results_of_a_vote)
{
    expect_values("the fishermen had voted by 1,842 to 311 for the new harbour",
                  "the fishermen had voted by 1,482 to 311 for the new harbour", "['1,482 to 311', '1,842 to 311']");
}

Test(conflicts, other_bounds_in_the_same_words)
{
    expect_values("the boats had to stay at least 10 miles away from the coast",
                  "the boats had to stay at least 12 miles away from the coast", "['at least 10 miles', 'at least 12 miles']");
}

Test(conflicts, bounds_in_other_words_go_together)
{
    expect_values("more than 40 boats had left the harbour of the northern coast",
                  "over 50 boats of the north had left their harbour with nets and crews", NULL);
}

Test(conflicts, shares_however_they_are_put)
{
    expect_values("nine in ten fishermen had joined the strike in the north",
                  "sixty per cent of the fishermen had joined the strike in the north", "['nine in ten', 'sixty per cent']");
}

Test(conflicts, a_share_said_roughly_and_closely)
{
    expect_values("nearly nine in ten fishermen, 87 percent, had joined the strike",
                  "78 percent of the fishermen had joined the strike", "['78 percent', '87 percent']");
}

Test(conflicts, sums_however_they_are_put)
{
    expect_values("the harbour would cost 20 billion crowns a year", "the harbour would cost 12 billions of crowns yearly",
                  "['12 billions of crowns', '20 billion crowns']");
}

Test(conflicts, a_number_that_runs_is_none)
{
    for (int i = 1; i <= 12; i++)
        soldiers(at("outlet%d", i), at("%d", i * 10));
    expect_count(noticed("number"), "items", 0);
}

/* ---- who, and whether ------------------------------------------------------------------------------------- */

#define ISLANDS "\\u201CWe will never give up the islands of the far south,\\u201D"

Test(conflicts, one_quotation_of_two_speakers)
{
    article("north", ISLANDS " President Carla Reyes of Chile said on Sunday.");
    article("east", ISLANDS " Foreign Minister Jorge Vidal of Chile said on Sunday.");
    struct answer found = noticed("content");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['Carla Reyes', 'Jorge Vidal']");
}

Test(conflicts, who_he_is_stands_where_he_is_named)
{
    article("north", "President Juan Reyes spoke in the harbour on Sunday. " ISLANDS " he said.");
    article("east", ISLANDS " Foreign Minister Jorge Vidal said on Sunday.");
    struct answer found = noticed("content");
    expect_count(found, "items", 1);
    expect_text(found, "items.0.values.1.value", "Juan Reyes");
    expect_text(found, "items.0.values.1.evidence.0.text", "Juan Reyes");
}

Test(conflicts, a_slogan_is_anybodys)
{
    article("north", "\\u201CThe islands are ours,\\u201D President Carla Reyes of Chile said on Sunday.");
    article("east", "\\u201CThe islands are ours,\\u201D Foreign Minister Jorge Vidal of Chile said on Sunday.");
    expect_count(noticed("content"), "items", 0);
}

Test(conflicts, what_is_affirmed_here_and_denied_there)
{
    article("north", "Foreign Minister Jorge Vidal said Chile would sign the fishing treaty this year.");
    article("east", "Chile would not sign the fishing treaty this year, Foreign Minister Jorge Vidal said.");
    struct answer found = noticed("content");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['affirmed', 'denied']");
}

Test(conflicts, what_is_confirmed_here_and_denied_there)
{
    article("north", "Foreign Minister Jorge Vidal of Chile confirmed that an agreement on fish had been reached.");
    article("east", "Foreign Minister Jorge Vidal of Chile denied that an agreement on fish had been reached.");
    expect_each(noticed("content"), "items.0.values", "value", "['affirmed', 'denied']");
}

Test(conflicts, to_turn_a_denial_round_denies_nothing)
{
    article("north", "Foreign Minister Jorge Vidal said Chile would sign the fishing treaty only in the spring.");
    article("east", "Chile would not sign the fishing treaty until the spring, Foreign Minister Jorge Vidal said.");
    expect_count(noticed("content"), "items", 0);
}

Test(conflicts, one_or_several_speakers)
{
    article("north", "A senior Norwegian official said in a conference call with reporters on Saturday that the offer stands.");
    article("east", "Norwegian officials said in a conference call with reporters on Saturday that the offer stands.");
    struct answer found = noticed("content");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['one', 'several']");
    expect_text(found, "items.0.values.1.evidence.0.text", "Norwegian officials");
}

#define LED(by) TUESDAY " The Norwegian delegation will be led by " by "."

Test(conflicts, other_heads_of_a_delegation)
{
    article("north", LED("Deputy Foreign Minister Anna Keller"));
    article("east", LED("Ambassador Lars Holm"));
    struct answer found = noticed("content");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value", "['Anna Keller for Norway', 'Lars Holm for Norway']");
}

Test(conflicts, one_head_of_two_sides)
{
    article("north", LED("Anna Keller and Juan Soto"));
    article("east", LED("Anna Keller") " Juan Soto will represent Chile.");
    struct answer found = noticed("content");
    expect_count(found, "items", 1);
    expect_each(found, "items.0.values", "value",
                "['Anna Keller and Juan Soto for Norway', 'Juan Soto for Chile; Anna Keller for Norway']");
}

Test(conflicts, one_head_of_two_that_are_named)
{
    article("north", LED("Anna Keller and Lars Holm"));
    article("east", LED("Anna Keller"));
    expect_count(noticed("content"), "items", 0);
}

/* ---- in time ---------------------------------------------------------------------------------------------- */

Test(conflicts, go_with_the_article_that_made_them)
{
    article("north", TUESDAY);
    long long other = article("east", WEDNESDAY);
    expect_count(noticed("date"), "items", 1);
    expect_status(erase("/v1/articles/%lld", other), 204);
    expect_count(noticed("date"), "items", 0);
}

Test(conflicts, stay_as_a_person_left_them)
{
    article("north", TUESDAY);
    article("east", WEDNESDAY);
    long long found = int_at(noticed("date"), "items.0.id");
    patch(at("/v1/discrepancies/%lld", found), "{'status': 'dismissed', 'note': 'Two rounds.'}");
    article("south", "Norway and Chile begin their talks about fish in Vienna on Wednesday.");
    expect_count(noticed("date"), "items", 1);
    expect_text(get("/v1/discrepancies/%lld", found), "status", "dismissed");
}

Test(conflicts, are_there_after_reading_again)
{
    article("north", TUESDAY);
    long long other = article("east", WEDNESDAY);
    long long found = int_at(noticed("date"), "items.0.id");
    expect_status(post(at("/v1/articles/%lld/extract", other), NULL), 200);
    expect_count(noticed("date"), "items", 1);
    expect_int(noticed("date"), "items.0.id", found);
}

/* ---- in any order ----------------------------------------------------------------------------------------- */

#define LINE(outlet, text)                                                                                                       \
    "{\"outlet\": \"" outlet "\", \"url\": \"https://news.example/" outlet "\", \"published_at\": \"2022-03-06\", \"text\": "    \
    "\"" text "\"}\n"
static const char *const lines[] = {
    LINE("north", LED("Anna Keller") " " ISLANDS " President Carla Reyes of Chile said on Sunday."),
    LINE("east", WEDNESDAY " " ISLANDS " Foreign Minister Jorge Vidal of Chile said on Sunday."),
    LINE("south", "Norway and Chile hold talks about fish in Geneva on Tuesday. Ambassador Lars Holm leads the Norwegian "
                  "delegation.")};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What is noticed when they come in that order: the values of each, ids and times left out. */
static const char *told(const int order[static 3])
{
    const char *database = scratch("order.db"), *feed = at("%s%s%s", lines[order[0]], lines[order[1]], lines[order[2]]);
    const char *parts[16] = {""}, *all = "";
    size_t count = 0;
    struct outcome done = readout_fed(feed, "ingest", "--database", database, "-");
    cr_assert_eq(done.status, 0, "%s", done.errors);
    json_t *list = json_loads(readout("get", "/v1/discrepancies", "--database", database).output, 0, NULL), *item, *value;
    size_t i, k;
    json_array_foreach (json_object_get(list, "items"), i, item) {
        const char *part =
            at("%s: %s:", json_string_value(json_object_get(item, "kind")), json_string_value(json_object_get(item, "about")));
        json_array_foreach (json_object_get(item, "values"), k, value)
            part = at("%s [%s] %zu", part, json_string_value(json_object_get(value, "value")),
                      json_array_size(json_object_get(value, "evidence")));
        if (count < sizeof parts / sizeof parts[0])
            parts[count++] = part;
    }
    json_decref(list);
    qsort(parts, count, sizeof parts[0], by_text);
    for (i = 0; i < count; i++)
        all = at("%s%s\n", all, parts[i]);
    return all;
}

Test(conflicts, in_whatever_order_the_articles_come)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const char *first = told(orders[0]);
    cr_expect(strstr(first, "date: ") && strstr(first, "place: ") && strstr(first, "content: "), "%s", first);
    for (size_t i = 1; i < sizeof orders / sizeof orders[0]; i++) {
        const char *now = told(orders[i]);
        cr_expect_str_eq(now, first, "in order %zu:\n%s\nbut first:\n%s", i, now, first);
    }
}
