/* Full-text search: what is found by what, where it stands, in which order; and names while they are typed. */
#include <stdio.h>
#include <string.h>

#include "readout/buffer.h"
#include "readout/engine.h"
#include "readout/utf8.h"
#include "support/harness.h"
#include "support/scene.h"

static struct {
    long long english, french, russian, chinese;      /* articles */
    long long ryabkov, sherman, bureau;               /* actors */
    long long missiles, exercises, concessions, talk; /* claims */
    long long geneva;                                 /* a meeting */
} here;

static void set_up(void)
{
    server_up();
    here.english = make("/v1/articles",
                        "{'title': 'Zo\u00eb Baker in Geneva', 'language': 'en', 'text': 'The U.S. said it is ready "
                        "to discuss missiles and exercises. Russia\\u0027s answer: \u201cno <b>concessions</b>\u201d.'}");
    here.french =
        make("/v1/articles", "{'title': 'Les chevaux', 'language': 'fr', 'text': 'Les n\u00e9gociations reprendront lundi.'}");
    here.russian = make("/v1/articles", "{'title': 'Переговоры', 'language': 'ru', 'text': 'Встреча с Сергеем Рябковым. По "
                                        "словам Рябкова, ещё ничего не решено.'}");
    here.chinese = make("/v1/articles", "{'title': '会谈', 'language': 'zh', 'text': '日内瓦会谈开始了'}");
    here.ryabkov = make("/v1/actors",
                        "{'name': 'Sergei Ryabkov', 'kind': 'person', 'title': 'Deputy Foreign Minister', 'aliases': "
                        "[{'text': 'S. A. Riabkov'}, {'text': 'Сергей Рябков', 'script': 'Cyrl'}]}");
    here.sherman = make("/v1/actors", "{'name': 'Wendy Sherman', 'kind': 'person', 'aliases': []}");
    here.bureau = make("/v1/actors", "{'name': 'Sherbrooke Office', 'kind': 'organization'}");
    here.missiles = make("/v1/claims", "{'text': 'Missiles may be discussed'}");
    here.exercises = make("/v1/claims", "{'text': 'Military exercises and missiles may be limited'}");
    here.concessions = make("/v1/claims", "{'text': 'No concessions will be made'}");
    here.talk = make("/v1/claims", "{'text': 'A talk about the agreement, and about the limits'}");
    here.geneva = make("/v1/meetings", "{'name': 'Talks of the deputy ministers', 'kind': 'talks', 'city': 'Geneva'}");
}

TestSuite(search, .init = set_up, .fini = server_down);

static const char *encoded(const char *text)
{
    struct buffer out = buffer_in(test_arena(), 64);
    buffer_add_uri(&out, slice_of(text));
    return at("%.*s", SLICE_ARGS(buffer_slice(&out)));
}

static struct answer search(const char *typed, const char *more)
{
    return get("/v1/search?q=%s%s", encoded(typed), more);
}

static struct answer suggest(const char *typed)
{
    return get("/v1/actors/suggest?q=%s", encoded(typed));
}

/* "article 1, claim 3" */
static const char *found(struct answer page)
{
    const char *items = "";
    expect_status(page, 200);
    for (size_t i = 0; i < count_at(page, "items"); i++)
        items =
            at("%s%s%s %lld", items, i ? ", " : "", text_at(page, at("items.%zu.noun", i)), int_at(page, at("items.%zu.id", i)));
    return items;
}

static void expect_found(const char *typed, const char *more, const char *items)
{
    struct answer page = search(typed, more);
    if (strcmp(found(page), items) != 0)
        fail_with(page, HERE, "%s finds %s and not %s", typed, found(page), items);
}

static const char *claim(long long id)
{
    return at("claim %lld", id);
}

/* ---- words ------------------------------------------------------------------------------------------------------------ */

Test(search, words_are_found_in_any_form)
{
    expect_found("exercise", "&noun=claim", claim(here.exercises));
    expect_found("EXERCISING", "&noun=claim", claim(here.exercises));
    expect_found("concession", "&noun=claim", claim(here.concessions));
    expect_found("zoe", "", at("article %lld", here.english));
    expect_found("Zo\u00cb", "", at("article %lld", here.english));
    expect_found("us ready", "", at("article %lld", here.english));
    expect_found("russia", "", at("article %lld", here.english));
    expect_found("встречи", "", at("article %lld", here.russian));
}

Test(search, all_words_have_to_be_there)
{
    expect_found("military missile", "", claim(here.exercises));
    expect_found("military concessions", "", "");
    expect_found("military AND missile", "", claim(here.exercises));
    expect_found("missile -military", "&noun=claim", claim(here.missiles));
    expect_found("missile NOT military", "&noun=claim", claim(here.missiles));
    expect_found("missile AND NOT military", "&noun=claim", claim(here.missiles));
    expect_found("military OR concessions", "&noun=claim&sort=newest",
                 at("claim %lld, claim %lld", here.concessions, here.exercises));
    expect_found("(military OR made) -exercises", "&noun=claim", claim(here.concessions));
    expect_found("made OR missiles -military", "&noun=claim&sort=newest",
                 at("claim %lld, claim %lld", here.concessions, here.missiles));
    expect_found("missile -(military OR ready)", "", claim(here.missiles));
}

Test(search, small_letters_make_no_operators)
{
    expect_found("military and missiles", "&noun=claim", claim(here.exercises));
    expect_found("military or missiles", "&noun=claim", "");
}

Test(search, a_phrase_is_found_as_it_stands)
{
    expect_found("\"missiles may\"", "&noun=claim&sort=newest", at("claim %lld, claim %lld", here.exercises, here.missiles));
    expect_found("\"may missiles\"", "", "");
    expect_found("\"missile may\"", "", "");
    expect_found("\"talk\"", "", claim(here.talk));
    expect_found("\u201cno concessions\u201d", "&noun=claim", claim(here.concessions));
    expect_found("\"military exercises\" missiles", "", claim(here.exercises));
    expect_found("missiles -\"military exercises\"", "&noun=claim", claim(here.missiles));
}

Test(search, a_star_finds_what_begins_so)
{
    expect_found("exerc*", "&noun=claim", claim(here.exercises));
    expect_found("conces* mad*", "", claim(here.concessions));
    expect_found("\"exerc*\"", "", "");
    expect_fault(search("ex*", ""), "q", "syntax");
}

Test(search, a_language_brings_its_own_stems)
{
    expect_found("cheval", "", "");
    expect_found("cheval", "&language=fr", at("article %lld", here.french));
    expect_found("negociation", "&language=fr", at("article %lld", here.french));
    expect_found("reprendront", "", at("article %lld", here.french));
    expect_found("exercise", "&language=xx&noun=claim", claim(here.exercises));
    expect_status(search("cheval", "&language=french"), 400);
}

/* ---- scripts ---------------------------------------------------------------------------------------------------------- */

Test(search, cyrillic_and_latin_spellings_meet)
{
    const char *both = at("actor %lld, article %lld", here.ryabkov, here.russian);
    expect_found("Ryabkov", "", both);
    expect_found("riabkov", "", both);
    expect_found("Рябков", "", both);
    expect_found("\"Сергей Рябков\"", "", at("actor %lld", here.ryabkov));
    expect_found("\"Sergey Ryabkov\"", "", at("actor %lld", here.ryabkov));
}

Test(search, yo_is_found_as_ye)
{
    expect_found("ещё", "", at("article %lld", here.russian));
    expect_found("еще", "", at("article %lld", here.russian));
}

Test(search, chinese_is_found_by_any_of_its_characters)
{
    const char *chinese = at("article %lld", here.chinese);
    expect_found("会谈", "", chinese);
    expect_found("日内瓦", "", chinese);
    expect_found("瓦", "", chinese);
    expect_found("了", "", chinese);
    expect_found("谈会", "", "");
}

/* ---- what comes back -------------------------------------------------------------------------------------------------- */

Test(search, highlights_count_code_points)
{
    struct answer page = search("zoe concessions", "");
    expect_text(page, "items.0.highlights.title.0.text", "Zo\u00eb");
    expect_json(page, "items.0.highlights.title", "[{'text': 'Zo\u00eb', 'start': 0, 'end': 3}]");
    expect_json(page, "items.0.highlights.text", "[{'text': 'concessions', 'start': 85, 'end': 96}]");

    struct answer article = get("/v1/articles/%lld", here.english);
    struct points points = points_of(test_arena(), slice_of(text_at(article, "text")));
    struct slice there =
        points_slice(&points, int_at(page, "items.0.highlights.text.0.start"), int_at(page, "items.0.highlights.text.0.end"));
    cr_assert(slice_is(there, "concessions"));
}

Test(search, highlights_of_other_scripts_are_right)
{
    expect_json(search("рябков", "&noun=article"), "items.0.highlights.text",
                "[{'text': 'Рябковым', 'start': 18, 'end': 26}, {'text': 'Рябкова', 'start': 38, 'end': 45}]");
    expect_json(search("瓦会谈", ""), "items.0.highlights.text", "[{'text': '瓦会谈', 'start': 2, 'end': 5}]");
    expect_json(search("\"sergey ryabkov\"", ""), "items.0.highlights.aliases",
                "[{'text': 'Сергей Рябков', 'start': 0, 'end': 13, 'index': 1}]");
}

Test(search, a_phrase_is_highlighted_as_one)
{
    expect_json(search("\"military exercises\"", ""), "items.0.highlights.text",
                "[{'text': 'Military exercises', 'start': 0, 'end': 18}]");
}

Test(search, snippets_are_html_with_marks_and_all_else_escaped)
{
    expect_text(search("concessions", "&noun=article"), "items.0.snippet",
                "The U.S. said it is ready to discuss missiles and exercises. Russia&#39;s answer: \u201cno "
                "&lt;b&gt;<mark>concessions</mark>&lt;/b&gt;\u201d.");
    expect_text(search("sherman", ""), "items.0.snippet", "Wendy <mark>Sherman</mark>");
}

Test(search, a_snippet_of_a_long_text_is_a_passage_around_the_words)
{
    const char *many = "";
    for (int i = 0; i < 60; i++)
        many = at("%sfiller \u00e9l\u00e9ment ", many);
    make("/v1/articles", "{'title': 'Long', 'text': '%s zebra %s'}", many, many);
    struct answer page = search("zebra", "");
    const char *snippet = text_at(page, "items.0.snippet");
    cr_assert(strstr(snippet, "<mark>zebra</mark>"), "%s", snippet);
    cr_assert_lt(strlen(snippet), 300, "%s", snippet);
    cr_assert(slice_starts(slice_of(snippet), "\u2026 ") && slice_ends(slice_of(snippet), " \u2026"), "%s", snippet);
    expect_int(page, "items.0.highlights.text.0.start", 60 * 15 + 1);
}

Test(search, an_item_has_its_document)
{
    struct answer page = search("military", "");
    expect_json(page, "items.0.document", at("%.*s", SLICE_ARGS(get("/v1/claims/%lld", here.exercises).body)));
    expect_absent(search("zoe", ""), "items.0.document.text");
}

Test(search, facets_count_each_noun)
{
    struct answer page = search("missiles", "&limit=1");
    expect_json(page, "facets.noun", "{'article': 1, 'actor': 0, 'claim': 2, 'meeting': 0}");
    expect_int(page, "total", 3);
    expect_bool(page, "total_exact", true);
    expect_json(search("missiles", "&noun=claim,meeting"), "facets.noun", "{'claim': 2, 'meeting': 0}");
}

Test(search, names_rank_before_titles_before_texts)
{
    make("/v1/claims", "{'text': 'Geneva, Geneva and again Geneva'}");
    struct answer page = search("geneva", "");
    expect_each(page, "items", "noun", "['article', 'claim', 'meeting']");
    struct answer ranked = search("sherman OR deputy", "");
    expect_text(ranked, "items.0.document.name", "Wendy Sherman");
}

/* ---- pages ------------------------------------------------------------------------------------------------------------ */

static void load_many(int count)
{
    struct buffer lines = buffer_in(test_arena(), 65536);
    for (int i = 0; i < count; i++)
        buffer_print(&lines, "{\"text\":\"walrus number%d%s\"}\n", i, i % 3 ? "" : " walrus");
    expect_status(ask("POST", "/v1/claims", "application/x-ndjson", buffer_slice(&lines)), 201);
}

static void walk(const char *sort, int count)
{
    static bool seen[5000];
    int walked = 0;
    memset(seen, 0, sizeof seen);
    struct answer page = search("walrus", at("&limit=7&sort=%s", sort));
    for (;;) {
        for (size_t i = 0; i < count_at(page, "items"); i++, walked++) {
            long long id = int_at(page, at("items.%zu.id", i));
            cr_assert_not(seen[id], "%lld came twice", id);
            seen[id] = true;
        }
        if (json_is_null(value_at(page, "next")))
            break;
        expect_count(page, "items", 7);
        expect_header_has(page, "Link", "rel=\"next\"");
        page = go_to(page, "next");
    }
    cr_assert_eq(walked, count, "%d of %d", walked, count);
}

Test(search, pages_have_everything_once)
{
    load_many(60);
    make("/v1/actors", "{'name': 'Walrus', 'kind': 'group'}");
    make("/v1/meetings", "{'name': 'The walrus talks', 'kind': 'talks'}");
    walk("relevance", 62);
    walk("newest", 62);
}

Test(search, newest_goes_by_when_it_came_into_the_record)
{
    load_many(20);
    make("/v1/actors", "{'name': 'Walrus', 'kind': 'group'}");
    struct answer page = search("walrus", "&sort=newest&limit=3");
    expect_each(page, "items", "noun", "['actor', 'claim', 'claim']");
    cr_assert_gt(int_at(page, "items.1.id"), int_at(page, "items.2.id"));
}

Test(search, relevance_ends_at_a_thousand_and_says_so)
{
    load_many(1100);
    struct answer page = search("walrus", "&limit=100");
    expect_int(page, "total", 1000);
    expect_bool(page, "total_exact", false);
    walk("relevance", 1000);
    walk("newest", 1100);
}

Test(search, a_cursor_belongs_to_its_search)
{
    load_many(10);
    const char *cursor = text_at(search("walrus", "&limit=2"), "next_cursor");
    expect_status(search("walrus", at("&limit=5&cursor=%s", cursor)), 200);
    expect_fault(search("walruses", at("&limit=2&cursor=%s", cursor)), "cursor", NULL);
    expect_fault(search("walrus", at("&sort=newest&cursor=%s", cursor)), "cursor", NULL);
    expect_fault(search("walrus", at("&noun=claim&cursor=%s", cursor)), "cursor", NULL);
    expect_fault(search("walrus", "&cursor=nonsense"), "cursor", NULL);
}

Test(search, an_unchanged_answer_is_304)
{
    struct answer page = search("missiles", "");
    with("If-None-Match: %s", header_of(page, "ETag"));
    expect_status(search("missiles", ""), 304);
    patch(at("/v1/claims/%lld", here.talk), "{'text': 'Missiles'}");
    with("If-None-Match: %s", header_of(page, "ETag"));
    expect_int(search("missiles", ""), "total", 4);
}

/* ---- what is written -------------------------------------------------------------------------------------------------- */

Test(search, a_change_is_found_at_once)
{
    expect_status(patch(at("/v1/claims/%lld", here.missiles), "{'text': 'Rockets may be discussed'}"), 200);
    expect_found("rocket", "", claim(here.missiles));
    expect_found("missile", "&noun=claim", claim(here.exercises));
    expect_status(patch(at("/v1/articles/%lld", here.english), "{'title': 'Walrus'}"), 200);
    expect_found("walrus concessions", "", at("article %lld", here.english));
    expect_found("zoe", "", "");
    expect_status(patch(at("/v1/articles/%lld", here.french), "{'language': 'en'}"), 200);
    expect_found("cheval", "&language=fr", "");
    expect_found("chevaux", "", at("article %lld", here.french));
    expect_status(patch(at("/v1/actors/%lld", here.sherman), "{'aliases': [{'text': 'Ambassador S.'}]}"), 200);
    expect_found("ambassador", "", at("actor %lld", here.sherman));
}

Test(search, what_is_deleted_is_not_found_until_it_is_restored)
{
    erase("/v1/claims/%lld", here.concessions);
    erase("/v1/articles/%lld", here.english);
    expect_found("concessions", "", "");
    expect_status(post(at("/v1/claims/%lld/restore", here.concessions), NULL), 200);
    expect_found("concessions", "", claim(here.concessions));
}

Test(search, what_is_merged_is_not_found_until_it_is_taken_apart)
{
    long long other = make("/v1/actors", "{'name': 'W. R. Sherman', 'kind': 'person'}");
    const char *both = at("actor %lld, actor %lld", other, here.sherman), *one = at("actor %lld", here.sherman);
    expect_found("sherman", "&sort=newest", both);
    expect_status(post(at("/v1/actors/%lld/merge", here.sherman), "{'from_ids': [%lld]}", other), 200);
    expect_found("sherman", "&sort=newest", one);
    expect_status(post(at("/v1/actors/%lld/unmerge", other), NULL), 200);
    expect_found("sherman", "&sort=newest", both);
}

Test(search, what_was_not_kept_is_not_found)
{
    expect_status(post("/v1/claims?dry_run=true", "{'text': 'A walrus'}"), 201);
    expect_status(
        ask("POST", "/v1/claims", "application/json", json_of("[{'text': 'A walrus'}, {'text': 'x', 'speaker_id': 999}]")), 422);
    expect_found("walrus", "", "");
    make("/v1/claims", "{'text': 'A dolphin'}");
    expect_found("walrus", "", "");
    expect_int(search("dolphin", ""), "total", 1);
}

Test(search, it_finds_the_same_after_a_restart)
{
    const char *before = found(search("missiles OR talks", ""));
    server_kill();
    server_start();
    expect_found("missiles OR talks", "", before);
}

/* Asks the engine whether each index is what its view gives. */
static void check_index(void)
{
    struct engine *engine;
    struct error error;
    cr_assert(engine_open(server_database(), ENGINE_WRITE, &engine, &error), "%s", error.message);
    cr_assert(engine_execute(engine,
                             "INSERT INTO article_search (article_search, rank) VALUES ('integrity-check', 1);"
                             "INSERT INTO actor_search (actor_search, rank) VALUES ('integrity-check', 1);"
                             "INSERT INTO claim_search (claim_search, rank) VALUES ('integrity-check', 1);"
                             "INSERT INTO meeting_search (meeting_search, rank) VALUES ('integrity-check', 1);",
                             &error),
              "%s", error.message);
    engine_close(engine);
}

Test(search, the_index_is_what_the_record_is)
{
    load_many(50);
    for (int i = 0; i < 40; i++) {
        long long id = make("/v1/claims", "{'text': 'claim number %d', 'external_id': 'c%d'}", i, i);
        if (i % 2)
            patch(at("/v1/claims/%lld", id), "{'text': 'changed %d', 'said_on': '2022-01-01'}", i);
        if (i % 3 == 0)
            patch(at("/v1/claims/%lld", id), "{'said_on': '2022-01-0%d'}", i % 9 + 1);
        if (i % 4 == 0)
            erase("/v1/claims/%lld", id);
        if (i % 8 == 0)
            post(at("/v1/claims/%lld/restore", id), NULL);
        if (i % 5 == 1)
            post(at("/v1/claims/%lld/merge", here.talk), "{'from_ids': [%lld]}", id);
        if (i % 10 == 1)
            post(at("/v1/claims/%lld/unmerge", id), NULL);
    }
    ask("POST", "/v1/claims?on_error=continue", "application/json",
        json_of("[{'text': 'kept'}, {'text': 'not kept', 'speaker_id': 999}, {'text': 'kept, too'}]"));
    post("/v1/claims?upsert=true", "{'text': 'replaced', 'external_id': 'c7'}");
    patch(at("/v1/articles/%lld", here.french), "{'language': null, 'title': 'Autre'}");
    patch(at("/v1/actors/%lld", here.ryabkov), "{'aliases': [], 'title': null}");
    patch(at("/v1/meetings/%lld", here.geneva), "{'venue': 'Palais des Nations'}");
    cr_assert_eq(server_stop(), 0);
    check_index();
    server_start();
}

/* ---- what cannot be understood ---------------------------------------------------------------------------------------- */

Test(search, what_makes_no_sense_is_a_fault_with_a_reason)
{
    static const struct {
        const char *typed, *says;
    } faults[] = {
        {"\"open", "quotation mark is not closed"},
        {"(open", "bracket ( is not closed"},
        {"closed)", "never opened"},
        {"a OR", "OR needs words"},
        {"OR a", "OR needs words"},
        {"a OR OR b", "OR needs words"},
        {"a AND", "AND needs words"},
        {"AND a", "AND needs words"},
        {"a AND OR b", "AND needs words"},
        {"NOT", "need a word behind"},
        {"a NOT", "need a word behind"},
        {"a -(", "not closed"},
        {"-a", "only take away"},
        {"a OR -b", "only take away"},
        {"NOT a", "only take away"},
        {"!!!", "no word"},
        {"()", "no word"},
        {"\"\"", "no word"},
        {"a*", "three letters"},
        {" ", "no word"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct answer answer = search(faults[i].typed, "");
        expect_problem(answer, 400, "invalid-parameter");
        expect_fault_says(answer, "q", faults[i].says);
    }
    expect_status(get("/v1/search"), 400);
    expect_status(get("/v1/search?q="), 400);
}

Test(search, whatever_is_typed_the_engine_never_shows)
{
    static const char *const hostile[] = {"title:missiles",
                                          "{text title}: x",
                                          "NEAR(missiles talks, 2)",
                                          "^missiles",
                                          "missiles + talks",
                                          "a:b:c AND d^e",
                                          "'; DROP TABLE claim; --",
                                          "talks' OR '1'='1",
                                          "\\\"talks\\",
                                          "talks\x01=\x02 x",
                                          "\x01zz\x02talks",
                                          "**talks**",
                                          "- talks -",
                                          "-- talks",
                                          "talks && missiles || x",
                                          "~talk",
                                          "(((talks)))",
                                          "\"talks\" \"\" \"missiles\"",
                                          "%00",
                                          "\u202etalks\u200b",
                                          "talks\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        struct answer answer = search(hostile[i], "");
        if (answer.status != 200 && answer.status != 400)
            fail_with(answer, HERE, "%s", hostile[i]);
        cr_assert_not(strstr(answer.body.data ? at("%.*s", SLICE_ARGS(answer.body)) : "", "fts5"), "%s", hostile[i]);
    }
    const char *brackets = "talks", *words = "talks";
    for (int i = 0; i < 30; i++)
        brackets = at("(%s)", brackets);
    for (int i = 0; i < 60; i++)
        words = at("%s w%d", words, i);
    expect_fault_says(search(brackets, ""), "q", "20 brackets");
    expect_fault_says(search(words, ""), "q", "40 words");
    expect_status(search(at("%0401d", 1), ""), 400);
}

/* ---- near misses ------------------------------------------------------------------------------------------------------ */

Test(search, a_mistyped_word_is_understood)
{
    struct answer page = search("misiles", "");
    expect_text(page, "did_you_mean", "missiles");
    cr_assert_str_eq(found(page), found(search("missiles", "")));
    expect_text(search("concesions -walrus", ""), "did_you_mean", "concessions -walrus");
    expect_text(search("Shreman", ""), "did_you_mean", "sherman");
    expect_text(search("excersises military", ""), "did_you_mean", "exercises military");
    expect_text(search("встрача", ""), "did_you_mean", "встреча");
}

Test(search, what_is_there_and_what_is_far_is_not_corrected)
{
    expect_null(search("missiles", ""), "did_you_mean");
    expect_null(search("walrus", ""), "did_you_mean");
    expect_null(search("mado", ""), "did_you_mean");
    expect_null(search("misils", ""), "did_you_mean");
    expect_null(search("\"misiles\"", ""), "did_you_mean");
    expect_null(search("missiles walrus", ""), "did_you_mean");
}

/* ---- names while they are typed --------------------------------------------------------------------------------------- */

Test(search, actors_are_suggested_by_how_their_names_begin)
{
    expect_each(suggest("sher"), "items", "name", "['Sherbrooke Office', 'Wendy Sherman']");
    expect_each(suggest("w"), "items", "name", "['Wendy Sherman']");
    expect_each(suggest("wendy sh"), "items", "name", "['Wendy Sherman']");
    expect_each(suggest("SH we"), "items", "name", "['Wendy Sherman']");
    expect_each(suggest("ряб"), "items", "name", "['Sergei Ryabkov']");
    expect_each(suggest("серг ryab"), "items", "name", "['Sergei Ryabkov']");
    expect_json(suggest("herman"), "items", "[]");
    expect_json(suggest("minister"), "items", "[]");
    expect_json(suggest("-\"(*"), "items", "[]");
    expect_count(get("/v1/actors/suggest?q=s&limit=2"), "items", 2);
}

Test(search, a_suggestion_says_who_it_is_and_which_alias_began_so)
{
    expect_json(
        suggest("ryab"), "items",
        at("[{'id': %lld, 'name': 'Sergei Ryabkov', 'kind': 'person', 'title': 'Deputy Foreign Minister', 'country': null,"
           " 'alias': null}]",
           here.ryabkov));
    expect_text(suggest("riab"), "items.0.alias", "S. A. Riabkov");
    expect_text(suggest("s a ri"), "items.0.alias", "S. A. Riabkov");
}

Test(search, suggestions_follow_the_record)
{
    expect_status(patch(at("/v1/actors/%lld", here.sherman), "{'name': 'Wanda Shelley'}"), 200);
    expect_each(suggest("she"), "items", "name", "['Sherbrooke Office', 'Wanda Shelley']");
    erase("/v1/actors/%lld", here.bureau);
    expect_each(suggest("she"), "items", "name", "['Wanda Shelley']");
}
