/* Filters and their operators: which claims, articles, actors and meetings a query picks. */
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
