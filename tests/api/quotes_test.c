/* Whether a quotation is in the record's articles: what is found, whose it is, in which order. How texts are compared is tested
 * in tests/collate/quotes_test.c. */
#include <string.h>

#include "readout/buffer.h"
#include "support/harness.h"
#include "support/scene.h"

#define NETS "\u201cWe will mend the nets ourselves,\u201d the harbour master said, \u201cbefore the storm comes.\u201d"

static struct {
    struct scene scene;
    long long master, rival, nets, claim;
} here;

static void set_up(void)
{
    server_up();
    here.scene = scene_set();
    here.master = make("/v1/actors",
                       "{'external_id': 'master', 'name': 'Anna Keller', 'kind': 'person', 'affiliation_id': %lld,"
                       " 'aliases': [{'text': 'the harbour master'}]}",
                       here.scene.freedonia);
    here.rival = make("/v1/actors", "{'external_id': 'rival', 'name': 'Otto Brand', 'kind': 'person'}");
    here.nets = make("/v1/articles",
                     "{'external_id': 'nets', 'title': 'Nets', 'outlet_id': 'post', 'url': 'https://demo.example/nets',"
                     " 'published_at': '2022-01-10', 'text': '" NETS "'}");
    here.claim = make("/v1/claims",
                      "{'text': 'The nets will be mended', 'speaker_id': 'master', 'reports': [{'article_id': 'nets',"
                      " 'kind': 'direct', 'content': [{'start': 1, 'end': 31}, {'start': 59, 'end': 82}]}]}");
}

TestSuite(verify, .init = set_up, .fini = server_down);

#define verify(...) post("/v1/quotes/verify", __VA_ARGS__)

Test(verify, tells_where_it_stands_and_whose_it_is)
{
    struct answer found = verify("{'quote': 'We will mend the nets ourselves'}");
    expect_status(found, 200);
    expect_text(found, "match", "exact");
    expect_count(found, "matches", 1);
    expect_int(found, "matches.0.article.id", here.nets);
    expect_text(found, "matches.0.article.title", "Nets");
    expect_text(found, "matches.0.article.outlet.name", "Morning Post");
    expect_text(found, "matches.0.article.url", "https://demo.example/nets");
    expect_text(found, "matches.0.article.published_at", "2022-01-10");
    expect_json(found, "matches.0.spans", "[{'start': 1, 'end': 32, 'text': 'We will mend the nets ourselves'}]");
    expect_bool(found, "matches.0.quoted", true);
    expect_int(found, "matches.0.occurrences", 1);
    expect_int(found, "matches.0.report.claim_id", here.claim);
    expect_int(found, "matches.0.report.speaker.id", here.master);
    expect_text(found, "matches.0.report.speaker.name", "Anna Keller");
    expect_null(found, "matches.0.speaker_agrees");
    expect_null(found, "speakers");
    expect_bool(found, "complete", true);
    expect_header(found, "Cache-Control", "no-store");
}

Test(verify, says_what_differs)
{
    struct answer found = verify("{'quote': 'we will mend all nets ourselves before the storm comes'}");
    expect_text(found, "match", "close");
    expect_int(found, "matches.0.distance", 1);
    expect_each(found, "matches.0.spans", "text", "['We will mend the nets ourselves', 'before the storm comes']");
    expect_json(found, "matches.0.difference",
                "[{'kind': 'kept', 'quote': 'we will mend', 'article': 'We will mend'},"
                " {'kind': 'changed', 'quote': 'all', 'article': 'the'},"
                " {'kind': 'kept', 'quote': 'nets ourselves', 'article': 'nets ourselves'},"
                " {'kind': 'left_out', 'quote': null, 'article': 'the harbour master said'},"
                " {'kind': 'kept', 'quote': 'before the storm comes', 'article': 'before the storm comes'}]");
    found = verify("{'quote': 'We will mend the nets ourselves \u2026 the storm comes!'}");
    expect_text(found, "match", "normalised");
    expect_int(found, "matches.0.distance", 0);
    expect_count(found, "matches.0.spans", 2);
}

Test(verify, what_is_nowhere_is_missing)
{
    struct answer found = verify("{'quote': 'We will never mend anything for anybody'}");
    expect_status(found, 200);
    expect_text(found, "match", "missing");
    expect_count(found, "matches", 0);
    expect_int(found, "found", 0);
    expect_bool(found, "complete", true);
}

Test(verify, the_speakers_come_first_and_others_are_not_dropped)
{
    make("/v1/articles", "{'external_id': 'other', 'title': 'Others', 'published_at': '2022-01-09',"
                         " 'text': '\u201cWe will mend the nets ourselves,\u201d Brand said.'}");
    make("/v1/claims", "{'text': 'Brand mends', 'speaker_id': 'rival', 'reports': [{'article_id': 'other', 'kind': 'direct',"
                       " 'content': [{'start': 1, 'end': 31}]}]}");
    make("/v1/articles", "{'external_id': 'third', 'published_at': '2022-01-08', 'text': 'We will mend the nets ourselves.'}");
    struct answer found = verify("{'quote': 'We will mend the nets ourselves'}");
    expect_each(found, "matches", "quoted", "[true, true, false]");
    expect_text(found, "matches.0.article.title", "Others");
    found = verify("{'quote': 'We will mend the nets ourselves', 'speaker': 'master'}");
    expect_text(found, "matches.0.article.title", "Nets");
    expect_each(found, "matches", "speaker_agrees", "[true, false, null]");
    expect_json(found, "speakers", at("[{'id': %lld, 'name': 'Anna Keller'}]", here.master));
    expect_int(found, "found", 3);
}

Test(verify, a_speaker_is_an_id_a_key_or_a_name)
{
    static const char *const names[] = {"'Anna Keller'", "'Keller'", "'the harbour master'", "'Anna KELLER'", "'freedonia'"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct answer found = verify("{'quote': 'mend the nets ourselves', 'speaker': %s}", names[i]);
        expect_count(found, "speakers", 1);
        expect_bool(found, "matches.0.speaker_agrees", true);
    }
    expect_bool(verify("{'quote': 'mend the nets', 'speaker': %lld}", here.master), "matches.0.speaker_agrees", true);
    struct answer found = verify("{'quote': 'mend the nets ourselves', 'speaker': 'Nobody Known'}");
    expect_count(found, "speakers", 0);
    expect_bool(found, "matches.0.speaker_agrees", false);
}

Test(verify, one_article_alone_can_be_asked)
{
    struct answer found = verify("{'quote': 'We will mend the nets', 'article_id': 'nets'}");
    expect_text(found, "match", "exact");
    expect_int(found, "checked", 1);
    found = verify("{'quote': 'We will mend the nets', 'article_id': %lld}", here.scene.article);
    expect_text(found, "match", "missing");
    expect_int(found, "checked", 1);
    expect_bool(found, "complete", true);
}

Test(verify, what_is_deleted_or_rejected_says_nothing)
{
    expect_status(patch(at("/v1/claims/%lld", here.claim), "{'status': 'rejected'}"), 200);
    struct answer found = verify("{'quote': 'We will mend the nets', 'speaker': 'master'}");
    expect_null(found, "matches.0.report");
    expect_null(found, "matches.0.speaker_agrees");
    expect_status(erase("/v1/articles/%lld", here.nets), 204);
    expect_text(verify("{'quote': 'We will mend the nets'}"), "match", "missing");
    expect_fault(verify("{'quote': 'We', 'article_id': 'nets'}"), "#/article_id", "reference");
}

Test(verify, what_cannot_be_asked_is_refused)
{
    expect_fault(verify("{'quote': '\u2026 -'}"), "#/quote", "words");
    expect_fault(verify("{'quote': ''}"), "#/quote", NULL);
    expect_fault(verify("{'speaker': 'Keller'}"), "#/quote", NULL);
    expect_fault(verify("{'quote': 'nets', 'speaker': 999999}"), "#/speaker", "reference");
    expect_fault(verify("{'quote': 'nets', 'article_id': 'none'}"), "#/article_id", "reference");
    expect_fault(verify("{'quote': 'nets', 'speeker': 'x'}"), "#/speeker", NULL);
}

Test(verify, a_quotation_has_a_greatest_length)
{
    struct buffer long_one = buffer_in(test_arena(), 4096);
    for (int i = 0; i < 500; i++)
        buffer_add_text(&long_one, "net ");
    expect_status(verify("{'quote': '%.2000s'}", long_one.data), 200);
    expect_fault(verify("{'quote': '%.2000sx'}", long_one.data), "#/quote", NULL);
}

/* Any quotation of ours may hold what the search takes for an operator. */
Test(verify, nothing_in_it_is_an_operator)
{
    make("/v1/articles", "{'text': 'She said NOT now OR never (AND soon*) text: \\'x\\' NEAR(y)'}");
    expect_text(verify("{'quote': 'NOT now OR never (AND soon*) text: \\'x\\' NEAR(y)'}"), "match", "exact");
    expect_text(verify("{'quote': 'NOT NOT'}"), "match", "missing");
    expect_text(verify("{'quote': 'OR'}"), "match", "exact");
    expect_text(verify("{'quote': '* ^ { } : OR'}"), "match", "normalised");
}

/* Only so many are shown, and only so many compared: those that have it as it is come first. */
Test(verify, only_so_many_are_shown, .timeout = 60)
{
    enum { MANY = 230 };
    const char *items = "";
    for (int i = 0; i < MANY; i++)
        items = at("%s%s{'text': 'The tide number %d waits for no boat.'}", items, i ? "," : "", i);
    expect_status(post("/v1/articles", "[%s]", items), 201);
    struct answer found = verify("{'quote': 'waits for no boat'}");
    expect_count(found, "matches", 20);
    expect_int(found, "checked", 200);
    expect_int(found, "found", 200);
    expect_bool(found, "complete", false);
    found = verify("{'quote': 'tide number 3 waits for no boat'}");
    expect_text(found, "match", "exact");
    expect_text(found, "matches.0.match", "exact");
}
