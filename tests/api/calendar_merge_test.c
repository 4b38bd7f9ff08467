/* The calendar: one meeting out of what articles say of it, in whatever order they come; and one nameless source out of the
 * descriptions that they give of it. */
#include <stdio.h>
#include <string.h>

#include "readout/buffer.h"
#include "readout/clock.h"
#include "support/harness.h"

static void set_up(void)
{
    server_start("--extract", "on");
}

TestSuite(calendar, .init = set_up, .fini = server_down);

/* Published on that day, by an outlet of that name. */
static struct answer send(const char *day, const char *outlet, const char *text)
{
    struct answer sent = post("/v1/articles", "{'text': '%s', 'published_at': '%s', 'outlet': '%s'}", text, day, outlet);
    expect_status(sent, 201);
    return sent;
}

#define PLANNED                                                                                                                  \
    "Norway and Iceland will hold talks on cod quotas in Vienna on Thursday, a senior Norwegian official told reporters on a "   \
    "conference call on Monday. The official said that a hard week lay ahead."
#define WITHOUT_A_CITY                                                                                                           \
    "Talks between Iceland and Norway are to begin on Thursday afternoon. The herring would be left out, a Norwegian "           \
    "government official said on Monday during a telephone briefing."
#define WITHOUT_A_DAY                                                                                                            \
    "Iceland and Norway will soon hold talks in Vienna. A senior official of the Norwegian government told reporters in a "      \
    "conference call that there would be no quick deal."
#define WITH_PEOPLE                                                                                                              \
    "Norwegian Foreign Minister Anna Keller will meet Icelandic Foreign Minister Jon Berg in Vienna on Thursday. Officials in "  \
    "the Norwegian government said on Monday in a call with reporters that both had little time."

static const struct {
    const char *day, *text; /* its day, counted from the Monday of that week */
    int later;
} articles[] = {{"2024-03-04", PLANNED, 0},
                {"2024-03-05", WITHOUT_A_CITY, 1},
                {"2024-03-05", WITHOUT_A_DAY, 1},
                {"2024-03-06", WITH_PEOPLE, 2}};
enum { ARTICLES = sizeof articles / sizeof articles[0] };

static struct answer meetings(void)
{
    return get("/v1/meetings?sort=starts_on&expand=actors");
}

/* ---- one meeting ---------------------------------------------------------------------------------------------------------- */

Test(calendar, what_several_articles_say_of_a_meeting_comes_together)
{
    for (size_t i = 0; i < ARTICLES; i++)
        send(articles[i].day, at("Post %zu", i), articles[i].text);
    struct answer all = meetings();
    expect_each(all, "items", "starts_on", "['2024-03-04', '2024-03-07']");
    expect_each(all, "items", "kind", "['briefing', 'bilateral']");
    expect_text(all, "items.1.city", "Vienna");
    expect_text(all, "items.1.country", "AT");
    expect_text(all, "items.1.part_of_day", "afternoon");
    expect_each(all, "items.1.actors", "name", "['Norway', 'Iceland', 'Anna Keller', 'Jon Berg']");
    expect_int(get("/v1/meetings/%lld/articles", int_at(all, "items.1.id")), "total", ARTICLES);
}

/* So many days after another. */
static const char *later(const char *day, int days)
{
    struct day parts;
    sscanf(day, "%d-%d-%d", &parts.year, &parts.month, &parts.day);
    struct day then = clock_day(clock_days(parts) + days);
    return at("%04d-%02d-%02d", then.year, then.month, then.day);
}

/* All that is said of the meetings of one week, ids aside. */
static const char *week_of(int week, const long long *ids)
{
    const char *from = later("2024-03-04", 7 * week);
    struct answer all = get("/v1/meetings?starts_on__gte=%s&starts_on__lt=%s&sort=starts_on&expand=actors", from, later(from, 7));
    struct buffer out = buffer_in(test_arena(), 1024);
    for (size_t i = 0; i < count_at(all, "items"); i++) {
        static const char *const names[] = {"name", "kind", "part_of_day", "city", "country", "status", "precision"};
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            const char *text = json_string_value(value_at(all, at("items.%zu.%s", i, names[k])));
            buffer_print(&out, "%s; ", text ? text : "-");
        }
        for (int day = 0; day < 7; day++)
            if (strcmp(text_at(all, at("items.%zu.starts_on", i)), later(from, day)) == 0)
                buffer_print(&out, "day %d; ", day);
        for (size_t k = 0; k < count_at(all, at("items.%zu.actors", i)); k++)
            buffer_print(&out, "%s, ", text_at(all, at("items.%zu.actors.%zu.name", i, k)));
        for (size_t k = 0; k < count_at(all, at("items.%zu.evidence", i)); k++) {
            int which = 0;
            while (which < ARTICLES && ids[which] != int_at(all, at("items.%zu.evidence.%zu.article_id", i, k)))
                which++;
            buffer_print(&out, "%d %s, ", which, text_at(all, at("items.%zu.evidence.%zu.text", i, k)));
        }
        buffer_add_byte(&out, '\n');
    }
    buffer_add_byte(&out, '\0');
    return out.data;
}

/* The articles in one order, in a week of their own, by outlets of their own. */
static const char *sent_in(const int order[ARTICLES], int week)
{
    long long ids[ARTICLES];
    for (int i = 0; i < ARTICLES; i++) {
        int which = order[i];
        ids[which] = id_of(send(later(articles[which].day, 7 * week), at("Post %d of %d", which, week), articles[which].text));
    }
    return week_of(week, ids);
}

Test(calendar, the_order_in_which_articles_come_makes_no_difference)
{
    enum { WEEKS_APART = 9 };
    const char *first = NULL;
    int orders = 0;
    for (int code = 0; code < ARTICLES * ARTICLES * ARTICLES * ARTICLES; code++) {
        int order[] = {code % 4, code / 4 % 4, code / 16 % 4, code / 64};
        unsigned all = 1u << order[0] | 1u << order[1] | 1u << order[2] | 1u << order[3];
        if (all != (1u << ARTICLES) - 1)
            continue;
        const char *now = sent_in(order, WEEKS_APART * orders++);
        if (!first)
            first = now;
        cr_expect_str_eq(now, first, "%d %d %d %d:\n%s\nand not\n%s", order[0], order[1], order[2], order[3], now, first);
    }
    cr_assert_eq(orders, 24);
    expect_int(get("/v1/meetings?limit=1"), "total", 2 * orders);
    expect_int(get("/v1/actors?kind=anonymous&limit=1"), "total", orders);
}

Test(calendar, other_parties_on_the_same_day_have_another_meeting)
{
    send("2024-03-05", "One", "Norway and Iceland will hold talks in Vienna on Thursday.");
    send("2024-03-05", "Two", "Chile and Peru will hold talks in Lima on Thursday.");
    send("2024-03-05", "Three", "Chile and Norway will hold talks on Thursday.");
    expect_int(meetings(), "total", 3);
}

Test(calendar, a_meeting_without_a_city_that_may_be_in_two_stands_for_itself)
{
    long long first = id_of(send("2024-03-05", "One", "Norway and Iceland will hold talks on Thursday."));
    send("2024-03-05", "Two", "Norway and Iceland will hold talks in Vienna on Thursday.");
    expect_each(meetings(), "items", "city", "['Vienna']");
    send("2024-03-05", "Three", "Norway and Iceland will hold talks in Oslo on Thursday.");
    expect_int(get("/v1/meetings"), "total", 3);
    struct answer third = get("/v1/meetings?city__isnull=true");
    expect_count(third, "items", 1);
    expect_each(third, "items.0.evidence", "article_id", at("[%lld]", first));
}

Test(calendar, a_meeting_of_which_only_the_talks_are_known_waits_for_its_day)
{
    send("2024-03-05", "One", "Norway and Iceland will soon hold talks in Vienna.");
    expect_null(meetings(), "items.0.starts_on");
    send("2024-03-06", "Two", "Norway and Iceland will hold talks in Vienna on Friday.");
    expect_each(meetings(), "items", "starts_on", "['2024-03-08']");
    send("2024-03-06", "Three", "Norway and Iceland will hold talks in Vienna on Saturday.");
    expect_each(meetings(), "items", "starts_on", "['2024-03-08', '2024-03-09', null]");
}

/* ---- what a person decided ------------------------------------------------------------------------------------------------ */

Test(calendar, what_a_person_confirmed_gets_evidence_and_nothing_else)
{
    send("2024-03-05", "One", "Norway and Iceland will hold talks on Thursday.");
    long long id = int_at(meetings(), "items.0.id");
    expect_status(patch(at("/v1/meetings/%lld", id), "{'review': 'confirmed', 'name': 'Cod talks'}"), 200);
    send("2024-03-05", "Two", WITH_PEOPLE);
    struct answer meeting = get("/v1/meetings/%lld?expand=actors", id);
    expect_text(meeting, "name", "Cod talks");
    expect_null(meeting, "city");
    expect_each(meeting, "actors", "name", "['Norway', 'Iceland']");
    expect_count(meeting, "evidence", 2);
}

Test(calendar, what_a_person_wrote_stays)
{
    send("2024-03-05", "One", "Norway and Iceland will hold talks on Thursday.");
    long long id = int_at(meetings(), "items.0.id");
    expect_status(patch(at("/v1/meetings/%lld", id), "{'name': 'Cod talks', 'part_of_day': 'morning'}"), 200);
    send("2024-03-05", "Two", "Norway and Iceland will hold talks in Vienna on Thursday afternoon.");
    struct answer meeting = get("/v1/meetings/%lld", id);
    expect_text(meeting, "name", "Cod talks");
    expect_text(meeting, "part_of_day", "morning");
    expect_text(meeting, "city", "Vienna");
}

Test(calendar, a_meeting_that_a_person_made_is_the_one_that_articles_speak_of)
{
    long long norway = make("/v1/actors", "{'name': 'Norway', 'kind': 'state', 'country': 'NO'}"),
              iceland = make("/v1/actors", "{'name': 'Iceland', 'kind': 'state', 'country': 'IS'}"),
              talks = make("/v1/meetings",
                           "{'name': 'Cod talks', 'kind': 'talks', 'starts_on': '2024-03-07', 'participants': "
                           "[{'actor_id': %lld}, {'actor_id': %lld}]}",
                           norway, iceland);
    send("2024-03-05", "One", "Norway and Iceland will hold talks in Vienna on Thursday.");
    expect_each(meetings(), "items", "id", at("[%lld]", talks));
    expect_count(get("/v1/meetings/%lld", talks), "evidence", 1);
}

/* ---- one nameless source -------------------------------------------------------------------------------------------------- */

Test(calendar, who_speaks_at_one_briefing_is_one_whatever_it_is_called)
{
    for (size_t i = 0; i < ARTICLES; i++)
        send(articles[i].day, at("Post %zu", i), articles[i].text);
    struct answer actors = get("/v1/actors?kind=anonymous"), claims = get("/v1/claims?expand=speaker&attribution=anonymous");
    expect_int(actors, "total", 1);
    expect_text(actors, "items.0.name", "senior official of the Norwegian government");
    expect_count(actors, "items.0.aliases", ARTICLES - 1);
    cr_assert_geq(count_at(claims, "items"), ARTICLES);
    for (size_t i = 0; i < count_at(claims, "items"); i++)
        expect_int(claims, at("items.%zu.speaker.id", i), int_at(actors, "items.0.id"));
}

Test(calendar, sources_of_a_newspaper_are_others)
{
    send("2024-03-04", "One", PLANNED);
    send("2024-03-05", "Two",
         "A senior Norwegian official told the Washington Post that Norway would not sign. Iceland is waiting for an answer.");
    expect_int(get("/v1/actors?kind=anonymous"), "total", 2);
}

Test(calendar, a_spokesman_with_a_name_gives_a_briefing_of_his_own)
{
    send("2024-03-04", "One", PLANNED);
    send("2024-03-04", "Two",
         "Norwegian Foreign Minister Anna Keller said at a press briefing on Monday that Norway would not sign the treaty.");
    expect_int(get("/v1/meetings?kind=briefing"), "total", 2);
}

/* ---- again ---------------------------------------------------------------------------------------------------------------- */

Test(calendar, reading_an_article_again_leaves_the_calendar_as_it_is)
{
    long long ids[ARTICLES];
    for (size_t i = 0; i < ARTICLES; i++)
        ids[i] = id_of(send(articles[i].day, at("Post %zu", i), articles[i].text));
    struct answer before = meetings();
    for (size_t i = 0; i < ARTICLES; i++) {
        struct answer again = post(at("/v1/articles/%lld/extract", ids[i]), NULL);
        expect_int(again, "added.meetings", 0);
        expect_int(again, "removed.meetings", 0);
        expect_int(again, "added.actors", 0);
    }
    expect_same_body(meetings(), before);
}

Test(calendar, two_meetings_that_a_third_article_shows_to_be_one_are_joined)
{
    send("2024-03-05", "One", "Norway and Iceland will hold talks in Vienna on Thursday.");
    send("2024-03-05", "Two", "Iceland and Chile will hold talks in Vienna on Thursday.");
    struct answer two = get("/v1/meetings?sort=id");
    expect_count(two, "items", 2);
    long long stays = int_at(two, "items.0.id"), goes = int_at(two, "items.1.id");
    long long speaker = make("/v1/actors", "{'name': 'Jon Berg', 'kind': 'person'}");
    long long claim =
        make("/v1/claims", "{'text': 'There is cod enough.', 'speaker_id': %lld, 'occasion_id': %lld}", speaker, goes);
    send("2024-03-05", "Three", "Norway, Iceland and Chile will hold talks in Vienna on Thursday.");
    struct answer one = meetings();
    expect_each(one, "items", "id", at("[%lld]", stays));
    expect_count(one, "items.0.evidence", 3);
    expect_int(get("/v1/claims/%lld", claim), "occasion_id", stays);
    expect_status(get("/v1/meetings/%lld", goes), 410);
}
