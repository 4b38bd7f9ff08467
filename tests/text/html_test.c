/* Pages: what of them is the article, and what they say of it. */
#include <criterion/criterion.h>
#include <string.h>

#include "readout/buffer.h"
#include "readout/text.h"
#include "readout/utf8.h"

static struct arena arena;

static void forget(void)
{
    arena_release(&arena);
}

TestSuite(html, .fini = forget);

static struct page read_page(const char *html)
{
    struct page page;
    struct error error;
    cr_assert(text_page(slice_of(html), &arena, &page, &error), "%s\n%s", error.message, html);
    cr_assert(utf8_valid(page.text));
    return page;
}

#define expect_value(value, wanted)                                                                                              \
    cr_expect(slice_equal(value, slice_of(wanted)), #value ": \"%.*s\", not \"%s\"", SLICE_ARGS(value), (const char *)(wanted))

/* Three paragraphs of an article. */
#define BODY                                                                                                                     \
    "<p>The ministers of both countries agreed on Sunday to share the fishing grounds, their spokesmen said.</p>"                \
    "<p>A treaty will be signed in the spring, the <b>Foreign Ministry</b> said in a <a href='/s'>statement</a>.</p>"            \
    "<p>It has to be ratified by both parliaments, which may take until the end of the year.</p>"
#define BODY_TEXT                                                                                                                \
    "The ministers of both countries agreed on Sunday to share the fishing grounds, their spokesmen said.\n\n"                   \
    "A treaty will be signed in the spring, the Foreign Ministry said in a statement.\n\n"                                       \
    "It has to be ratified by both parliaments, which may take until the end of the year."

/* ---- text --------------------------------------------------------------------------------------------------------------- */

Test(html, keeps_the_article_and_drops_what_stands_around_it)
{
    struct page page = read_page(
        "<!doctype html><html lang=en-GB><head><title>Fish | Post</title><style>p{color:red}</style></head><body>"
        "<header><nav><ul><li><a href=/>Home</a><li><a href=/w>World</a></ul></nav></header>"
        "<main><article><h1>Ministers agree on fish</h1>"
        "<figure><img src=x><figcaption>Anna Keller on the quay in 2019.</figcaption></figure>" BODY
        "<div class='related-links'><p>See how the harbour has changed in the past ten years of trade.</p></div>"
        "<script>document.write('<p>never</p>')</script></article></main>"
        "<aside><p>Most read: the ferry runs again, and nobody knows for how long it will.</p></aside>"
        "<section id=comments><p>Anon: I have never liked fish, to be quite honest with you all.</p></section>"
        "<footer><p>Copyright of the Post, which keeps all of its rights for ever and ever.</p></footer></body></html>");
    expect_value(page.text, "Ministers agree on fish\n\n" BODY_TEXT);
    expect_value(page.title, "Ministers agree on fish");
    expect_value(page.language, "en");
}

Test(html, finds_the_article_where_nothing_is_called_so)
{
    struct page page =
        read_page("<table><tr><td><a href=1>One</a> <a href=2>Two</a> <a href=3>Three</a></td>"
                  "<td><h1>Ministers agree on fish</h1><div>" BODY "</div></td>"
                  "<td><ul><li><a href=4>Ferry runs again after the storm of last week</a></li></ul></td></tr></table>");
    expect_value(page.text, "Ministers agree on fish\n\n" BODY_TEXT);
}

Test(html, gathers_paragraphs_that_lie_in_boxes_of_their_own)
{
    struct page page =
        read_page("<body><div id=page><div class=content><div><p>The ministers of both countries agreed on Sunday to share the "
                  "fish.</p></div>"
                  "<div><p>A treaty will be signed in the spring, the ministry said in a statement.</p></div>"
                  "<div><p>It has to be ratified by both parliaments, which may take until winter.</p></div></div></div>");
    expect_value(page.text, "The ministers of both countries agreed on Sunday to share the fish.\n\n"
                            "A treaty will be signed in the spring, the ministry said in a statement.\n\n"
                            "It has to be ratified by both parliaments, which may take until winter.");
}

Test(html, keeps_what_holds_most_of_the_page_whatever_it_is_called)
{
    struct page page =
        read_page("<body class='has-sidebar'><form id=aspnetForm><div class='share content'>" BODY "</div></form>");
    expect_value(page.text, BODY_TEXT);
}

Test(html, reads_two_breaks_as_a_paragraph_and_one_as_a_line)
{
    struct page page =
        read_page("<div>The ministers agreed on Sunday to share the fish,<br>they said.<br><br>A treaty will be signed.</div>");
    expect_value(page.text, "The ministers agreed on Sunday to share the fish,\nthey said.\n\nA treaty will be signed.");
}

Test(html, marks_the_items_of_a_list)
{
    struct page page = read_page("<article><p>The ministers agreed on three things, their spokesmen said on Sunday.</p>"
                                 "<ul><li>cod</li><li>herring</li></ul></article>");
    expect_value(page.text, "The ministers agreed on three things, their spokesmen said on Sunday.\n\n• cod\n\n• herring");
}

Test(html, resolves_entities_and_tidies_blanks)
{
    struct page page =
        read_page("<p>&ldquo;Fish &amp;&nbsp;chips&rdquo;,\n   he&shy;\xc2\xad said&#x21; &#0; &unknown; na\xc3\xafve</p>");
    expect_value(page.text, "“Fish & chips”, he said! &unknown; naïve");
}

Test(html, reads_a_page_in_the_encoding_that_it_names)
{
    struct page page = read_page("<meta charset=iso-8859-1><p>Caf\xe9 in K\xf6ln, where the ministers met on Sunday</p>");
    expect_value(page.text, "Café in Köln, where the ministers met on Sunday");
}

Test(html, refuses_a_page_without_text)
{
    static const char *const pages[] = {"", "<html></html>", "<script>1</script>", "<p>  </p>", "<!-- <p>text</p> -->"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        struct page page;
        struct error error = {0};
        cr_expect_not(text_page(slice_of(pages[i]), &arena, &page, &error), "%s", pages[i]);
        cr_expect_eq(error.kind, ERROR_INVALID);
    }
}

/* ---- what the page says of itself --------------------------------------------------------------------------------------- */

Test(html, reads_the_metadata)
{
    struct page page = read_page("<html lang=de><head><title>Fish - The Harbour Post</title>"
                                 "<meta property=og:title content='Ministers agree on fish'>"
                                 "<meta property='og:site_name' content='The Harbour Post'>"
                                 "<meta name=author content='Anna Keller'>"
                                 "<meta property='article:published_time' content='2022-01-09T10:00:00+0100'>"
                                 "<link rel=canonical href='https://post.example/fish'></head><body>" BODY);
    expect_value(page.title, "Ministers agree on fish");
    expect_value(page.outlet, "The Harbour Post");
    expect_value(page.byline, "Anna Keller");
    expect_value(page.published_at, "2022-01-09T10:00:00+01:00");
    expect_value(page.url, "https://post.example/fish");
    expect_value(page.language, "de");
    expect_value(page.text, "Ministers agree on fish\n\n" BODY_TEXT);
}

Test(html, reads_json_ld)
{
    struct page page =
        read_page("<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@graph\":["
                  "{\"@type\":\"WebSite\",\"name\":\"Not this\",\"headline\":\"Nor this\"},"
                  "{\"author\":[{\"@type\":\"Person\",\"name\":\"Anna Keller\"}],\"@type\":[\"NewsArticle\"],"
                  "\"headline\":\"Fish \\u2013 \\\"shared\\\" \\ud83d\\ude00\",\"datePublished\":\"2022-01-09 10:00\","
                  "\"publisher\":{\"@type\":\"Organization\",\"logo\":{\"url\":\"x\"},\"name\":\"The Harbour Post\"},"
                  "\"inLanguage\":\"en-GB\",\"wordCount\":12,\"isAccessibleForFree\":true}]}</script>" BODY);
    expect_value(page.title, "Fish – \"shared\" \xf0\x9f\x98\x80");
    expect_value(page.outlet, "The Harbour Post");
    expect_value(page.byline, "Anna Keller");
    expect_value(page.published_at, "2022-01-09");
    expect_value(page.language, "en");
}

Test(html, understands_the_dates_that_pages_write)
{
    static const char *const rows[][2] = {
        {"2022-01-09", "2022-01-09"},
        {"2022-01-09T10:00:00Z", "2022-01-09T10:00:00Z"},
        {"2022-01-09T10:00Z", "2022-01-09T10:00:00Z"},
        {"2022-01-09 10:00:00.123 +02:00", "2022-01-09T10:00:00+02:00"},
        {"2022-01-09T10:00:00", "2022-01-09"},
        {"20220109", "2022-01-09"},
        {"2022/01/09", "2022-01-09"},
        {"Sun, 09 Jan 2022 10:00:00 GMT", "2022-01-09"},
        {"January 9, 2022", "2022-01-09"},
        {"9 January 2022", "2022-01-09"},
        {"2022-02-30", NULL},
        {"yesterday", NULL},
        {"1641722400", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct page page = read_page(arena_print(&arena, "<time datetime='%s'></time>" BODY, rows[i][0]));
        expect_value(page.published_at, rows[i][1]);
    }
}

Test(html, believes_the_publisher_before_an_ornament)
{
    struct page page = read_page("<time datetime='2021-05-05'></time><meta name=date content='2020-01-01'>"
                                 "<meta property='article:published_time' content='2022-01-09'>" BODY);
    expect_value(page.published_at, "2022-01-09");
}

Test(html, takes_no_address_for_an_author_and_no_path_for_an_address)
{
    struct page page = read_page("<meta name=author content='https://post.example/anna'><link rel=canonical href='/fish'>"
                                 "<article><p class=byline>By Anna Keller</p>" BODY "</article>");
    expect_value(page.byline, "By Anna Keller");
    cr_expect_null(page.url.data);
}

/* ---- hostile pages ------------------------------------------------------------------------------------------------------ */

static struct slice repeated(const char *before, const char *unit, size_t times, const char *after)
{
    struct buffer out = buffer_in(&arena, 1024);
    buffer_add_text(&out, before);
    for (size_t i = 0; i < times; i++)
        buffer_add_text(&out, unit);
    buffer_add_text(&out, after);
    return buffer_slice(&out);
}

/* Each ends soon: Criterion's time-out tells. What comes before the hostile part is read. */
Test(html, survives_hostile_pages, .timeout = 60)
{
    static const char *const rows[][3] = {
        {BODY, "<div>", ""},
        {BODY, "<b><i>", ""},
        {BODY "<a ", "a1 ", ">"},
        {BODY "<a ", "<a b='<a c=", ">"},
        {BODY, "<a", ""},
        {BODY, "<a b=", ""},
        {BODY, "<!--", ""},
        {BODY, "</p>", ""},
        {BODY "<div><div><div>", "</x>", ""},
        {BODY, "&amp", ""},
        {BODY, "&#x110000;", ""},
        {BODY "<script type='application/ld+json'>", "[", "</script>"},
        {BODY "<script type='application/ld+json'>", "{\"a\":", "</script>"},
        {BODY "<table>", "<tr><td>", ""},
        {BODY "<!DOCTYPE a [<!ENTITY a 'x'>", "<!ENTITY b '&a;&a;'>", "]>&b;"},
        {BODY "<title>", "x", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct page page;
        struct error error;
        struct slice html = repeated(rows[i][0], rows[i][1], 400000 / strlen(rows[i][1]), rows[i][2]);
        cr_expect(text_page(html, &arena, &page, &error), "%s", rows[i][1]);
        cr_expect(utf8_valid(page.text) && memmem(page.text.data, page.text.length, "fishing grounds", 15), "%s: %.*s",
                  rows[i][1], (int)(page.text.length < 200 ? page.text.length : 200), page.text.data);
        forget();
    }
}

Test(html, reads_nothing_but_the_page)
{
    struct page page = read_page("<!DOCTYPE html SYSTEM 'file:///etc/hostname' [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
                                 "<p>The host is called &x; or so the ministers of both countries say</p>");
    cr_expect(memmem(page.text.data, page.text.length, "&x;", 3), "%.*s", SLICE_ARGS(page.text));
}

Test(html, refuses_more_than_it_reads)
{
    struct page page;
    struct error error;
    struct slice html = repeated("", "<p>Fish.</p>", TEXT_BYTES_MAX / 12 + 1, "");
    cr_expect_not(text_page(html, &arena, &page, &error));
    cr_expect_eq(error.kind, ERROR_INVALID);
}
