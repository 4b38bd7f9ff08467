/* Filters and their operators: which claims, articles, actors and meetings a query picks. */
#include <stdio.h>
#include <string.h>

#include "support/harness.h"

/* Six claims of two speakers over three days, on two topics, one without a day. */
static void set_up(void)
{
    server_up();
    make("/v1/actors", "{'name': 'Ada', 'kind': 'person', 'external_id': 'ada', 'aliases': [{'text': 'A. Lovelace'}]}");
    make("/v1/actors", "{'name': 'Ben', 'kind': 'person', 'external_id': 'ben', 'country': 'CH'}");
    make("/v1/claims", "{'text': '1', 'speaker_id': 'ada', 'said_on': '2022-01-08', 'stance': 'offers', 'topics': ['missiles']}");
    make("/v1/claims",
         "{'text': '2', 'speaker_id': 'ada', 'said_on': '2022-01-09', 'stance': 'warns', 'topics': ['missiles', 'talks']}");
    make("/v1/claims", "{'text': '3', 'speaker_id': 'ben', 'said_on': '2022-01-09', 'stance': 'rejects', 'topics': ['talks']}");
    make("/v1/claims", "{'text': '4', 'speaker_id': 'ben', 'said_on': '2022-01-10', 'stance': 'offers'}");
    make("/v1/claims", "{'text': '5', 'said_on': null, 'stance': 'demands'}");
    make("/v1/claims", "{'text': '6', 'speaker_id': 'ada', 'said_on': null, 'stance': 'offers'}");
}

TestSuite(filters, .init = set_up, .fini = server_down);

/* The texts of the items, one after the other: the claims above are "1" to "6". */
static const char *texts_of(struct answer page)
{
    const char *texts = "";
    for (size_t i = 0; i < count_at(page, "items"); i++)
        texts = at("%s%s", texts, text_at(page, at("items.%zu.text", i)));
    return texts;
}

Test(filters, each_operator_picks_what_it_says)
{
    static const struct {
        const char *query, *claims;
    } scenarios[] = {
        {"stance=offers", "146"},
        {"stance=offers,warns", "1246"},
        {"stance=offers&stance=warns", "1246"},
        {"stance__in=rejects,demands", "35"},
        {"stance__ne=offers", "235"},
        {"said_on=2022-01-09", "23"},
        {"said_on=2022-01-08,2022-01-10", "14"},
        {"said_on__ne=2022-01-09", "1456"},
        {"said_on__gt=2022-01-08", "234"},
        {"said_on__gte=2022-01-09", "234"},
        {"said_on__lt=2022-01-09", "1"},
        {"said_on__lte=2022-01-09", "123"},
        {"said_on__gte=2022-01-09&said_on__lt=2022-01-10", "23"},
        {"said_on__isnull=true", "56"},
        {"said_on__isnull=false", "1234"},
        {"speaker_id__isnull=true", "5"},
        {"speaker_id=1", "126"},
        {"speaker_id=1,2&stance=offers", "146"},
        {"speaker_id__ne=1", "345"},
        {"speaker=Ada", "126"},
        {"speaker=A.%20Lovelace", "126"},
        {"speaker=Nobody", ""},
        {"topic=missiles", "12"},
        {"topic=missiles,talks", "123"},
        {"topic__ne=talks", "1456"},
        {"topic=no-such-topic", ""},
        {"report_count=0&stance=offers", "146"},
        {"report_count__gt=0", ""},
        {"origin_count__lte=0", "123456"},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        struct answer page = get("/v1/claims?%s", scenarios[i].query);
        expect_status(page, 200);
        cr_expect_str_eq(texts_of(page), scenarios[i].claims, "%s gave %s, not %s", scenarios[i].query, texts_of(page),
                         scenarios[i].claims);
    }
}

Test(filters, a_filtered_list_pages_like_any_other)
{
    struct answer page = get("/v1/claims?stance=offers,warns&said_on__isnull=false&sort=-said_on&limit=2");
    expect_int(page, "total", 3);
    cr_expect_str_eq(texts_of(page), "42");
    page = go_to(page, "next");
    cr_expect_str_eq(texts_of(page), "1");
    expect_null(page, "next");
    page = go_to(page, "prev");
    cr_expect_str_eq(texts_of(page), "42");
}

Test(filters, a_cursor_belongs_to_its_values_and_operators)
{
    const char *cursor = text_at(get("/v1/claims?stance=offers,warns&limit=1"), "next_cursor");
    static const char *const others[] = {"stance=offers", "stance=warns,offers", "stance__ne=offers",
                                         "stance=offers,warns&topic=talks"};
    expect_status(get("/v1/claims?stance=offers,warns&limit=1&cursor=%s", cursor), 200);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        expect_problem(get("/v1/claims?%s&limit=1&cursor=%s", others[i], cursor), 400, "invalid-parameter");
}

Test(filters, a_wrong_operator_or_value_says_what_would_be_right)
{
    expect_fault_says(get("/v1/claims?said_on__after=2022-01-08"), "said_on__after", "is not a parameter here");
    expect_fault(get("/v1/claims?said_on__gt=yesterday"), "said_on__gt", "format");
    expect_fault(get("/v1/claims?stance=offers,begs"), "stance", "enum");
    expect_fault(get("/v1/claims?speaker_id=ada"), "speaker_id", "type");
    expect_fault(get("/v1/claims?said_on__isnull=maybe"), "said_on__isnull", "type");
}

Test(filters, a_query_has_a_limit_of_values)
{
    const char *fifty = "1";
    for (int i = 2; i <= 50; i++)
        fifty = at("%s,%d", fifty, i);
    expect_status(get("/v1/claims?speaker_id=%s", fifty), 200);
    expect_fault(get("/v1/claims?speaker_id=%s,51", fifty), "speaker_id", "length");
    expect_problem(get("/v1/claims?speaker_id=%s&on_behalf_of_id=%s&addressee_id=%s&occasion_id=%s&article_id=%s", fifty, fifty,
                       fifty, fifty, fifty),
                   400, "invalid-parameter");
}

Test(filters, many_different_queries_do_not_fill_the_memory_with_statements)
{
    static const char *const names[] = {"speaker_id", "on_behalf_of_id", "addressee_id", "occasion_id",
                                        "article_id", "outlet_id",       "via_id"};
    for (unsigned set = 1; set < 1 << 7; set++) {
        for (unsigned down = 0; down < 8; down++) {
            static const char *const orders[] = {"id",           "-id",           "said_on",    "-said_on",
                                                 "report_count", "-report_count", "updated_at", "-updated_at"};
            const char *query = at("sort=%s", orders[down]);
            for (unsigned i = 0; i < 7; i++)
                query = set & 1u << i ? at("%s&%s=1", query, names[i]) : query;
            expect_status(get("/v1/claims?%s", query), 200);
        }
    }
}

Test(filters, a_client_takes_only_the_fields_it_names)
{
    struct answer page = get("/v1/claims?fields=id,text&limit=1");
    cr_expect_str_eq(at("%.*s", SLICE_ARGS(page.body)) + strlen("{\"items\":["),
                     strstr(at("%.*s", SLICE_ARGS(page.body)), "{\"id\":1,\"text\":\"1\"}]"));
    struct answer one = get("/v1/claims/1?fields=stance");
    cr_expect_str_eq(at("%.*s", SLICE_ARGS(one.body)), "{\"stance\":\"offers\"}");
    one = get("/v1/claims/1?fields=text&expand=speaker");
    expect_text(one, "speaker.name", "Ada");
    expect_absent(one, "id");
}

Test(filters, a_field_that_does_not_exist_is_named_with_the_nearest)
{
    expect_fault_says(get("/v1/claims?fields=id,txt"), "fields", "did you mean \"text\"?");
    expect_fault_says(get("/v1/claims/1?fields=stanze"), "fields", "did you mean \"stance\"?");
}

Test(filters, a_choice_of_fields_has_an_entity_tag_of_its_own)
{
    struct answer whole = get("/v1/claims/1"), part = get("/v1/claims/1?fields=id");
    cr_expect_str_neq(header_of(whole, "ETag"), header_of(part, "ETag"));
    with("If-None-Match: %s", header_of(part, "ETag"));
    expect_status(get("/v1/claims/1?fields=id"), 304);
}

Test(filters, further_keys_settle_ties_and_page_both_ways)
{
    static const struct {
        const char *sort, *claims;
    } scenarios[] = {
        {"said_on", "123456"},
        {"-said_on,id", "423156"},
        {"-said_on,-id", "432165"},
        {"said_on,-id", "132465"},
        {"report_count,said_on", "123456"},
        {"-report_count,-said_on", "432165"},
        {"-report_count,-said_on,id", "423156"},
        {"said_on,-report_count,-id", "132465"},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        const char *sort = scenarios[i].sort, *wanted = scenarios[i].claims, *forth = "", *back = "";
        struct answer page = get("/v1/claims?sort=%s&limit=1", sort), last = page;
        for (; page.status == 200; page = go_to(page, "next")) {
            forth = at("%s%s", forth, texts_of(page));
            last = page;
            if (json_is_null(value_at(page, "next")))
                break;
        }
        cr_expect_str_eq(forth, wanted, "sort=%s gave %s, not %s", sort, forth, wanted);
        for (page = last;; page = go_to(page, "prev")) {
            back = at("%s%s", texts_of(page), back);
            if (json_is_null(value_at(page, "prev")))
                break;
        }
        cr_expect_str_eq(back, wanted, "sort=%s backward gave %s, not %s", sort, back, wanted);
    }
}

Test(filters, a_fourth_key_is_one_too_many)
{
    expect_fault(get("/v1/claims?sort=said_on,report_count,updated_at,id"), "sort", "length");
    expect_fault(get("/v1/claims?sort=said_on,text"), "sort", "enum");
}

/* ---- days and instants -------------------------------------------------------------------------------------------------- */

/* The titles of the items, one after the other. */
static const char *titles_of(struct answer page)
{
    const char *titles = "";
    for (size_t i = 0; i < count_at(page, "items"); i++)
        titles = at("%s%s", titles, text_at(page, at("items.%zu.title", i)));
    return titles;
}

Test(filters, a_day_is_all_of_it_and_an_instant_itself)
{
    static const char *const published[] = {
        "'2022-01-07T23:59:59.999Z'",      "'2022-01-08'", "'2022-01-08T00:00:00Z'", "'2022-01-08T18:00:00Z'", "'2022-01-09'",
        "'2022-01-09T08:30:00.250+01:00'", "null"};
    static const struct {
        const char *query, *articles;
    } scenarios[] = {
        {"=2022-01-08", "234"},
        {"=2022-01-08,2022-01-09", "23456"},
        {"__in=2022-01-07,2022-01-08,2022-01-09", "123456"},
        {"__ne=2022-01-08", "1567"},
        {"__gt=2022-01-08", "56"},
        {"__gte=2022-01-08", "23456"},
        {"__lt=2022-01-08", "1"},
        {"__lte=2022-01-08", "1234"},
        {"__gte=2022-01-08&published_at__lt=2022-01-09", "234"},
        {"__isnull=true", "7"},
        {"__isnull=false", "123456"},
        {"=2022-01-08T18:00:00Z", "4"},
        {"=2022-01-08T18:00:00Z,2022-01-09", "456"},
        {"=2022-01-08T19:00:00%2B01:00", "4"},
        {"=2022-01-09T07:30:00.250Z", "6"},
        {"__ne=2022-01-08T18:00:00Z", "123567"},
        {"__gte=2022-01-08T18:00:00Z", "456"},
        {"__gt=2022-01-08T18:00:00Z", "56"},
        {"__lt=2022-01-08T18:00:00.000Z", "123"},
        {"__lte=2022-01-08T18:00:00Z", "1234"},
        {"__gte=2022-01-08T00:00:00Z", "3456"},
        {"=9999-12-31", ""},
        {"__lte=9999-12-31", "123456"},
    };
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++)
        make("/v1/articles", "{'title': '%zu', 'text': 'x%zu', 'published_at': %s}", i + 1, i, published[i]);
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        struct answer page = get("/v1/articles?published_at%s", scenarios[i].query);
        expect_status(page, 200);
        cr_expect_str_eq(titles_of(page), scenarios[i].articles, "published_at%s gave %s, not %s", scenarios[i].query,
                         titles_of(page), scenarios[i].articles);
    }
    expect_fault(get("/v1/articles?published_at=2022-02-30"), "published_at", "format");
    expect_fault(get("/v1/articles?published_at__gt=noon"), "published_at__gt", "format");
    expect_fault_says(get("/v1/articles?published_at=2022-01-08,noon"), "published_at",
                      "item 2 must be an instant with its offset like 2022-01-08T14:30:00Z, or must be a calendar date");
}

/* ---- articles by what is said in them ------------------------------------------------------------------------------------ */

Test(filters, an_article_has_the_topics_of_the_claims_it_reports)
{
    for (int i = 1; i <= 4; i++)
        make("/v1/articles", "{'title': '%d', 'external_id': 'article-%d', 'text': 'x'}", i, i);
    static const char *const report = "'kind': 'indirect', 'content': [{'start': 0, 'end': 1}]";
    make("/v1/claims", "{'text': '7', 'topics': ['missiles'], 'reports': [{'article_id': 'article-1', %s}]}", report);
    make("/v1/claims",
         "{'text': '8', 'topics': ['talks', 'missiles'], 'reports': [{'article_id': 'article-2', %s},"
         " {'article_id': 'article-1', %s}]}",
         report, report);
    long long last =
        make("/v1/claims", "{'text': '9', 'topics': ['talks'], 'reports': [{'article_id': 'article-3', %s}]}", report);
    static const struct {
        const char *query, *articles;
    } scenarios[] = {
        {"topic=missiles", "12"},     {"topic=talks", "123"}, {"topic=missiles,talks", "123"}, {"topic__ne=missiles", "34"},
        {"topic__in=missiles", "12"}, {"topic=no-such", ""},  {"topic=talks&sort=-id", "321"}, {"topic__ne=talks", "4"},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        struct answer page = get("/v1/articles?%s", scenarios[i].query);
        cr_expect_str_eq(titles_of(page), scenarios[i].articles, "%s gave %s", scenarios[i].query, titles_of(page));
    }
    expect_status(erase("/v1/claims/%lld", last), 204);
    cr_expect_str_eq(titles_of(get("/v1/articles?topic=talks")), "12");
}

/* ---- names by their beginning --------------------------------------------------------------------------------------------- */

static const char *names_of(struct answer page)
{
    const char *names = "";
    for (size_t i = 0; i < count_at(page, "items"); i++)
        names = at("%s%s%s", names, i ? ", " : "", text_at(page, at("items.%zu.name", i)));
    return names;
}

Test(filters, a_name_is_found_by_its_beginning)
{
    static const char *const made[] = {"Sergei Lavrov",  "sergei Ryabkov",
                                       "Anna Sergeevna", "\u00c9mile Zola",
                                       "Emil Nolde",     "\u0421\u0435\u0440\u0433\u0435\u0439 \u0428\u043e\u0439\u0433\u0443"};
    static const struct {
        const char *prefix, *names;
    } scenarios[] = {
        {"serg", "Sergei Lavrov, sergei Ryabkov, \u0421\u0435\u0440\u0433\u0435\u0439 \u0428\u043e\u0439\u0433\u0443"},
        {"SERGEI%20R", "sergei Ryabkov"},
        {"emil", "\u00c9mile Zola, Emil Nolde"},
        {"%C3%A9mile", "\u00c9mile Zola"},
        {"Anna", "Anna Sergeevna"},
        {"Ryab", ""},
        {"b", "Ben"},
        {"a.%20l", ""}, /* an alias is none of its own */
        {"zz", ""},
    };
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        make("/v1/actors", "{'name': '%s', 'kind': 'person', 'country': 'FR'}", made[i]);
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        struct answer page = get("/v1/actors?name__prefix=%s", scenarios[i].prefix);
        expect_status(page, 200);
        cr_expect_str_eq(names_of(page), scenarios[i].names, "%s gave %s", scenarios[i].prefix, names_of(page));
    }
    cr_expect_str_eq(names_of(get("/v1/actors?name__prefix=e&sort=name&limit=1&country=FR")), "Emil Nolde");
    expect_int(get("/v1/actors?name__prefix=serg&limit=1"), "total", 3);
}

Test(filters, a_beginning_needs_a_letter)
{
    expect_fault(get("/v1/actors?name__prefix=%%22"), "name__prefix", "syntax");
    expect_fault(get("/v1/actors?name__prefix=..."), "name__prefix", "syntax");
    expect_status(get("/v1/actors?name__prefix=a%%22%%20OR%%20name:b"), 200);
    expect_fault_says(get("/v1/actors?name_prefix=a"), "name_prefix", "did you mean \"name__prefix\"?");
}

/* ---- words ---------------------------------------------------------------------------------------------------------------- */

static void make_spoken(void)
{
    static const char *const texts[] = {"No missiles will be placed there", "Missile talks begin on Monday", "The exercises end",
                                        "Exercising with missiles"};
    for (int i = 0; i < 4; i++)
        make("/v1/claims", "{'text': '%s', 'stance': '%s', 'said_on': '2022-02-0%d'}", texts[i], i % 2 ? "warns" : "asserts",
             9 - i);
}

Test(filters, words_pick_from_each_list_that_is_searched)
{
    make_spoken();
    make("/v1/articles", "{'title': 'About missiles', 'text': 'Nothing new.'}");
    make("/v1/meetings", "{'name': 'Missile talks', 'kind': 'talks', 'city': 'Geneva'}");
    expect_each(get("/v1/claims?q=missile"), "items", "id", "[7,8,10]");
    expect_each(get("/v1/claims?q=missiles%%20-talks"), "items", "id", "[7,10]");
    expect_each(get("/v1/claims?q=%%22missile%%20talks%%22"), "items", "id", "[8]");
    expect_each(get("/v1/claims?q=exerc*"), "items", "id", "[9,10]");
    expect_each(get("/v1/claims?q=missile&sort=said_on"), "items", "id", "[10,8,7]");
    expect_each(get("/v1/claims?q=missile&stance=warns&said_on__lt=2022-02-08"), "items", "id", "[10]");
    expect_each(get("/v1/articles?q=nothing"), "items", "title", "['About missiles']");
    expect_each(get("/v1/actors?q=lovelace"), "items", "name", "['Ada']");
    expect_each(get("/v1/meetings?q=geneva&city=Geneva"), "items", "name", "['Missile talks']");
    expect_count(get("/v1/claims?q=submarine"), "items", 0);
}

Test(filters, what_words_pick_is_counted_spread_and_paged)
{
    make_spoken();
    struct answer page = get("/v1/claims?q=missile&facets=stance&sort=-said_on&limit=2");
    expect_each(page, "items", "id", "[7,8]");
    expect_int(page, "total", 3);
    expect_bool(page, "total_exact", true);
    expect_json(page, "facets.stance", "[{'value': 'warns', 'count': 2}, {'value': 'asserts', 'count': 1}]");
    const char *cursor = text_at(page, "next_cursor");
    page = go_to(page, "next");
    expect_each(page, "items", "id", "[10]");
    expect_each(go_to(page, "prev"), "items", "id", "[7,8]");
    expect_fault(get("/v1/claims?q=exercise&sort=-said_on&limit=2&cursor=%s", cursor), "cursor", NULL);
    cr_expect_str_eq(at("%.*s", SLICE_ARGS(get("/v1/claims.csv?q=missile&fields=id").body)), "id\r\n7\r\n8\r\n10\r\n");
    cr_expect_str_eq(at("%.*s", SLICE_ARGS(get("/v1/claims.ndjson?q=missile&fields=id").body)),
                     "{\"id\":7}\n{\"id\":8}\n{\"id\":10}\n");
}

Test(filters, words_that_make_no_sense_say_why)
{
    expect_fault_says(get("/v1/claims?q=(missile"), "q", "a bracket ( is not closed");
    expect_fault(get("/v1/articles?q=..."), "q", "syntax");
    expect_fault(get("/v1/actors?q=NOT"), "q", "syntax");
    expect_fault(get("/v1/meetings.csv?q=%%22open"), "q", "syntax");
    expect_fault(get("/v1/claims?q="), "q", NULL);
}

Test(filters, of_very_many_that_have_the_words_the_newest_count, .timeout = 120)
{
    enum { MANY = 10000, LINE = 40 };
    char *lines = arena_alloc(test_arena(), MANY * LINE);
    size_t length = 0;
    for (int i = 0; i < MANY; i++)
        length += (size_t)snprintf(lines + length, LINE, "{\"text\":\"peace\"}\n");
    expect_status(ask("POST", "/v1/claims", "application/x-ndjson", (struct slice){lines, length}), 201);
    struct answer page = get("/v1/claims?q=peace&count=exact&limit=1");
    expect_int(page, "total", 10000);
    expect_bool(page, "total_exact", true);
    make("/v1/claims", "{'text': 'peace, too'}");
    page = get("/v1/claims?q=peace&count=exact&limit=1");
    expect_int(page, "total", 10000);
    expect_bool(page, "total_exact", false);
    expect_int(page, "items.0.id", 8);
    expect_bool(get("/v1/claims?q=peace&stance=offers"), "total_exact", false);
}
