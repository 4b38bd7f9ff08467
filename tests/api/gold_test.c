/* Real input: five articles on the Geneva talks of January 2022, with what people found in them. They are not part of this
 * repository: READOUT_SHARED names the folder that has gold/, ../shared when not set. Without it these tests are skipped.
 *
 * Each test loads the whole record through the API, then asks. gold/cross.json has the actors, meetings and claims of all five
 * together; each article's own file has its mentions and the claims as that article words them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "readout/buffer.h"
#include "support/harness.h"

enum { ARTICLES = 5, CLAIMS = 52, ACTORS = 57, MEETINGS = 9 };

#define FIRST_CLAIM "us-ready-to-discuss-missiles-and-exercises"

static const char *const names[ARTICLES] = {"washington-ready", "complete-news-world", "mrt-opens-door", "us-open-to-limiting",
                                            "important-talks"};

static struct {
    json_t *cross;
    json_t *articles[ARTICLES];
    json_t *texts[ARTICLES]; /* JSON strings */
} gold;

/* ---- reading the folder ------------------------------------------------------------------------------------------------- */

static const char *gold_path(const char *name, const char *suffix)
{
    const char *shared = getenv("READOUT_SHARED");
    return at("%s/gold/%s%s", shared ? shared : "../shared", name, suffix);
}

static json_t *read_json(const char *path)
{
    json_error_t error;
    json_t *json = json_load_file(path, 0, &error);
    cr_assert(json, "%s: %s", path, error.text);
    return json;
}

static json_t *read_text(const char *path)
{
    FILE *file = fopen(path, "r");
    cr_assert(file, "%s cannot be read", path);
    struct buffer text = buffer_in(test_arena(), 16384);
    char bytes[4096];
    size_t got;
    while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0)
        buffer_add(&text, bytes, got);
    fclose(file);
    json_t *string = json_stringn(text.data, text.length);
    cr_assert(string, "%s is not UTF-8", path);
    return string;
}

static void read_gold(void)
{
    gold.cross = read_json(gold_path("cross", ".json"));
    for (int i = 0; i < ARTICLES; i++) {
        gold.articles[i] = read_json(gold_path(names[i], ".json"));
        gold.texts[i] = read_text(gold_path("articles/", at("%s.txt", names[i])));
    }
}

/* ---- small things about JSON -------------------------------------------------------------------------------------------- */

static const char *text_in(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* The item of the list whose `name` is `text`, or NULL. */
static json_t *find(const json_t *list, const char *name, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item) {
        if (strcmp(text_in(item, name), text) == 0)
            return item;
    }
    return NULL;
}

static bool has(const json_t *list, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item) {
        if (strcmp(json_string_value(item), text) == 0)
            return true;
    }
    return false;
}

static void add_text(json_t *list, const char *text)
{
    if (!has(list, text))
        json_array_append_new(list, json_string(text));
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Null is left out: the server then has its default. */
static void copy(json_t *into, const char *name, const json_t *from, const char *from_name)
{
    json_t *value = json_object_get(from, from_name);
    if (value && !json_is_null(value))
        json_object_set(into, name, value);
}

/* A gold key as an external_id, which begins with a letter and has no odd characters. */
static const char *key(const char *text)
{
    char *fit = arena_print(test_arena(), "%s%s", isalpha((unsigned char)text[0]) ? "" : "key-", text);
    for (char *byte = fit; *byte; byte++) {
        if (!isalnum((unsigned char)*byte) && !strchr("._:-", *byte))
            *byte = '-';
    }
    return fit;
}

static void set_key(json_t *into, const char *name, const char *text)
{
    if (text)
        json_object_set_new(into, name, json_string(key(text)));
}

static json_t *keys(const json_t *list)
{
    json_t *fit = json_array();
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item)
        json_array_append_new(fit, json_string(key(json_string_value(item))));
    return fit;
}

/* Takes the list over. All of it is kept, or none. */
static void post_list(const char *path, json_t *list)
{
    char *body = json_dumps(list, JSON_COMPACT);
    struct answer answer = ask("POST", path, "application/json", slice_of(body));
    expect_status(answer, 201);
    expect_int(answer, "created", (long long)json_array_size(list));
    free(body);
    json_decref(list);
}

/* ---- actors and articles ------------------------------------------------------------------------------------------------ */

/* The articles' own files know whom an actor belongs to; the first one that does is believed. */
static const char *affiliation_of(const char *actor)
{
    for (int i = 0; i < ARTICLES; i++) {
        const json_t *found = find(json_object_get(gold.articles[i], "actors"), "key", actor);
        if (found && text_in(found, "affiliation"))
            return text_in(found, "affiliation");
    }
    return NULL;
}

static json_t *actor_aliases(const json_t *actor)
{
    json_t *aliases = json_array();
    size_t i;
    json_t *alias;
    json_array_foreach (json_object_get(actor, "aliases"), i, alias) {
        const char *text = text_in(alias, "text"), *form = text_in(alias, "form");
        if (strcmp(text, text_in(actor, "name")) != 0)
            json_array_append_new(aliases, json_pack("{s:s, s:s}", "text", text, "form", strcmp(form, "name") ? form : "alias"));
    }
    return aliases;
}

/* Those who belong to nobody first, then those who belong to one that is there: a list names only what stands before. */
static void post_actors(void)
{
    const json_t *actors = json_object_get(gold.cross, "actors");
    json_t *list = json_array(), *placed = json_array();
    while (json_array_size(list) < json_array_size(actors)) {
        size_t i, before = json_array_size(list);
        json_t *actor;
        json_array_foreach (actors, i, actor) {
            const char *name = text_in(actor, "key"), *affiliation = affiliation_of(name);
            if (has(placed, name) || (affiliation && !has(placed, affiliation)))
                continue;
            json_t *body = json_pack("{s:s, s:o}", "external_id", key(name), "aliases", actor_aliases(actor));
            copy(body, "name", actor, "name");
            copy(body, "kind", actor, "kind");
            copy(body, "country", actor, "country");
            set_key(body, "affiliation_id", affiliation);
            json_array_append_new(list, body);
            add_text(placed, name);
        }
        cr_assert(json_array_size(list) > before, "affiliations go in a circle");
    }
    for (int i = 0; i < ARTICLES; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "external_id", at("outlet-%s", names[i]), "name",
                                              at("Outlet of %s", names[i]), "kind", "media"));
    json_decref(placed);
    post_list("/v1/actors", list);
}

/* A person's title is printed where an article first names them. */
static void add_mentions(json_t *mentions, const json_t *actor)
{
    const char *title = json_string_value(json_array_get(json_object_get(actor, "reported_titles"), 0));
    bool titled = title && strcmp(text_in(actor, "kind"), "person") == 0;
    size_t i;
    json_t *mention;
    json_array_foreach (json_object_get(actor, "mentions"), i, mention) {
        json_t *body = json_copy(mention);
        set_key(body, "actor_id", text_in(actor, "key"));
        if (titled && i == 0)
            json_object_set_new(body, "reported_title", json_string(title));
        json_array_append_new(mentions, body);
    }
}

static json_t *article_body(int which)
{
    const json_t *about = json_object_get(gold.articles[which], "article");
    json_t *mentions = json_array();
    size_t i;
    json_t *actor;
    json_array_foreach (json_object_get(gold.articles[which], "actors"), i, actor)
        add_mentions(mentions, actor);
    json_t *body = json_pack("{s:s, s:s, s:O, s:o}", "external_id", names[which], "outlet_id", at("outlet-%s", names[which]),
                             "text", gold.texts[which], "mentions", mentions);
    copy(body, "title", about, "title");
    copy(body, "language", about, "language");
    copy(body, "machine_translated", about, "machine_translated");
    copy(body, "published_at", about, "published_on");
    copy(body, "byline", about, "byline");
    copy(body, "boilerplate_spans", about, "boilerplate");
    return body;
}

/* ---- meetings ----------------------------------------------------------------------------------------------------------- */

static json_t *meeting_evidence(const json_t *meeting)
{
    json_t *evidence = json_array();
    size_t i, j;
    json_t *seen, *mention;
    json_array_foreach (json_object_get(meeting, "evidence"), i, seen) {
        json_array_foreach (json_object_get(seen, "mentions"), j, mention) {
            json_t *span = json_copy(mention);
            set_key(span, "article_id", text_in(seen, "article"));
            json_array_append_new(evidence, span);
        }
    }
    return evidence;
}

/* A month or a year alone is kept as its first day, with the precision that says so. */
static void set_day(json_t *body, const json_t *meeting)
{
    const char *day = text_in(meeting, "starts_on"), *timex = text_in(meeting, "timex");
    if (!day && !timex)
        return;
    bool month = !day && strlen(timex) == strlen("2021-06");
    json_object_set_new(body, "starts_on", json_string(day ? day : at("%s%s", timex, month ? "-01" : "-01-01")));
    json_object_set_new(body, "precision", json_string(day ? "day" : month ? "month" : "year"));
}

static json_t *meeting_body(const json_t *meeting)
{
    json_t *participants = json_array();
    size_t i;
    json_t *actor;
    json_array_foreach (json_object_get(meeting, "participants"), i, actor)
        json_array_append_new(participants, json_pack("{s:s}", "actor_id", key(json_string_value(actor))));
    json_t *body = json_pack("{s:s, s:o, s:o}", "external_id", key(text_in(meeting, "key")), "participants", participants,
                             "evidence", meeting_evidence(meeting));
    static const char *const same[] = {"name", "kind", "part_of_day", "city", "country", "status"};
    for (size_t j = 0; j < sizeof(same) / sizeof(*same); j++)
        copy(body, same[j], meeting, same[j]);
    set_day(body, meeting);
    return body;
}

/* ---- claims ------------------------------------------------------------------------------------------------------------- */

static json_t *gold_claim(const json_t *report)
{
    for (int i = 0; i < ARTICLES; i++) {
        if (strcmp(names[i], text_in(report, "article")) == 0)
            return find(json_object_get(gold.articles[i], "claims"), "id", text_in(report, "claim"));
    }
    return NULL;
}

/* The gold also has occasions that are no meetings, such as an interview. */
static const char *meeting_of(const json_t *claim)
{
    const char *occasion = text_in(claim, "occasion");
    return occasion && find(json_object_get(gold.cross, "meetings"), "key", occasion) ? occasion : NULL;
}

static bool same_origin(const json_t *a, const json_t *b)
{
    return same_text(text_in(a, "speaker"), text_in(b, "speaker")) && same_text(meeting_of(a), meeting_of(b));
}

/* A report has a speaker of its own where the gold counts it as an origin beside the main one, or where it names the body that
 * the speaker speaks for. Headlines that say no more than "US ready" are the same call shortened: they have the claim's
 * speaker. */
static bool speaks_for_itself(const json_t *cluster, const json_t *claim, const char *principal)
{
    const json_t *main = json_object_get(cluster, "origin");
    const char *speaker = text_in(claim, "speaker");
    if (!speaker || same_origin(claim, main))
        return false;
    size_t i;
    json_t *origin;
    json_array_foreach (json_object_get(cluster, "origins"), i, origin) {
        if (same_origin(claim, origin))
            return true;
    }
    return same_text(speaker, principal);
}

static json_t *report_body(const json_t *cluster, const json_t *report, const char *principal)
{
    const json_t *claim = gold_claim(report);
    json_t *content = json_object_get(claim, "content");
    json_t *body = json_pack("{s:s, s:o, s:o}", "article_id", key(text_in(report, "article")), "content",
                             json_is_array(content) ? json_incref(content) : json_pack("[O]", content), "via",
                             keys(json_object_get(claim, "via")));
    copy(body, "kind", claim, "kind");
    copy(body, "source", claim, "source");
    copy(body, "cue", claim, "cue");
    if (speaks_for_itself(cluster, claim, principal)) {
        set_key(body, "speaker_id", text_in(claim, "speaker"));
        set_key(body, "occasion_id", meeting_of(claim));
    }
    return body;
}

/* The article's claim that stands for the whole: the first one with the main origin. */
static json_t *main_claim(const json_t *cluster)
{
    size_t i;
    json_t *report;
    json_array_foreach (json_object_get(cluster, "reports"), i, report) {
        if (same_origin(gold_claim(report), json_object_get(cluster, "origin")))
            return gold_claim(report);
    }
    return gold_claim(json_array_get(json_object_get(cluster, "reports"), 0));
}

static json_t *topics_of(const json_t *cluster)
{
    json_t *topics = json_array();
    size_t i, j;
    json_t *report, *topic;
    json_array_foreach (json_object_get(cluster, "reports"), i, report) {
        json_array_foreach (json_object_get(gold_claim(report), "topics"), j, topic)
            add_text(topics, json_string_value(topic));
    }
    return topics;
}

static json_t *claim_body(const json_t *cluster)
{
    const json_t *origin = json_object_get(cluster, "origin"), *main = main_claim(cluster);
    const char *principal = text_in(main, "on_behalf_of");
    json_t *reports = json_array();
    size_t i;
    json_t *report;
    json_array_foreach (json_object_get(cluster, "reports"), i, report)
        json_array_append_new(reports, report_body(cluster, report, principal));
    json_t *body = json_pack("{s:s, s:o, s:o, s:s}", "external_id", key(text_in(cluster, "key")), "reports", reports, "topics",
                             topics_of(cluster), "attribution",
                             json_is_true(json_object_get(main, "anonymous")) ? "anonymous" : "named");
    copy(body, "text", cluster, "summary");
    copy(body, "stance", main, "stance");
    copy(body, "said_on", main, "said_on");
    set_key(body, "speaker_id", text_in(origin, "speaker"));
    set_key(body, "occasion_id", meeting_of(origin));
    set_key(body, "on_behalf_of_id", principal);
    return body;
}

/* ---- the whole ---------------------------------------------------------------------------------------------------------- */

/* The vocabulary that the gold uses, but for what the store begins with. */
static void post_topics(void)
{
    json_t *used = json_array();
    size_t i, j;
    json_t *cluster, *topic;
    json_array_foreach (json_object_get(gold.cross, "claim_clusters"), i, cluster) {
        json_t *topics = topics_of(cluster);
        json_array_foreach (topics, j, topic)
            add_text(used, json_string_value(topic));
        json_decref(topics);
    }
    json_array_foreach (used, i, topic) {
        const char *slug = json_string_value(topic);
        if (count_at(get("/v1/topics?slug=%s", slug), "items") == 0)
            make("/v1/topics", "{'slug': '%s', 'name': '%s'}", slug, slug);
    }
    json_decref(used);
}

static void post_each(const char *path, const json_t *items, json_t *(*body)(const json_t *item))
{
    json_t *list = json_array();
    size_t i;
    json_t *item;
    json_array_foreach (items, i, item)
        json_array_append_new(list, body(item));
    post_list(path, list);
}

/* Looks before the server is started: a skipped test leaves nothing behind. */
static void load_gold(void)
{
    if (access(gold_path("cross", ".json"), R_OK) != 0)
        cr_skip_test("no gold/cross.json in READOUT_SHARED (../shared): the five real articles are not loaded");
    server_up();
    read_gold();
    post_topics();
    post_actors();
    json_t *articles = json_array();
    for (int i = 0; i < ARTICLES; i++)
        json_array_append_new(articles, article_body(i));
    post_list("/v1/articles", articles);
    post_each("/v1/meetings", json_object_get(gold.cross, "meetings"), meeting_body);
    post_each("/v1/claims", json_object_get(gold.cross, "claim_clusters"), claim_body);
}

static void let_go(void)
{
    json_decref(gold.cross);
    for (int i = 0; i < ARTICLES; i++) {
        json_decref(gold.articles[i]);
        json_decref(gold.texts[i]);
    }
    server_down();
}

TestSuite(gold, .fini = let_go);

static struct answer find_one(const char *path, const char *name, const char *expand)
{
    struct answer found = get("%s?external_id=%s%s%s", path, name, *expand ? "&expand=" : "", expand);
    expect_count(found, "items", 1);
    return found;
}

/* ---- what is asked of it ------------------------------------------------------------------------------------------------ */

Test(gold, the_record_is_all_there_and_says_what_was_sent)
{
    load_gold();
    expect_int(get("/v1/articles?limit=1"), "total", ARTICLES);
    expect_int(get("/v1/actors?limit=1"), "total", ACTORS + ARTICLES);
    expect_int(get("/v1/meetings?limit=1"), "total", MEETINGS);
    expect_int(get("/v1/claims?limit=1"), "total", CLAIMS);

    for (int i = 0; i < ARTICLES; i++) {
        struct answer article = find_one("/v1/articles", names[i], "text,mentions");
        expect_text(article, "items.0.text", json_string_value(gold.texts[i]));
        size_t mentions = 0, j;
        json_t *actor;
        json_array_foreach (json_object_get(gold.articles[i], "actors"), j, actor)
            mentions += json_array_size(json_object_get(actor, "mentions"));
        expect_count(article, "items.0.mentions", mentions);

        struct answer reports = get("/v1/articles/%lld/reports?limit=500", int_at(article, "items.0.id"));
        expect_count(reports, "items", json_array_size(json_object_get(gold.articles[i], "claims")));
    }
}

Test(gold, who_said_what_about_missiles)
{
    load_gold();
    struct answer found = get("/v1/claims?topic=missiles&expand=speaker&limit=500");
    expect_status(found, 200);

    size_t expected = 0, i;
    json_t *cluster;
    json_array_foreach (json_object_get(gold.cross, "claim_clusters"), i, cluster) {
        json_t *topics = topics_of(cluster);
        bool about = has(topics, "missiles");
        json_decref(topics);
        json_t *claim = find(value_at(found, "items"), "external_id", key(text_in(cluster, "key")));
        cr_assert_eq(claim != NULL, about, "%s is %sabout missiles", text_in(cluster, "key"), about ? "" : "not ");
        if (!about)
            continue;
        expected++;
        const char *speaker = text_in(json_object_get(cluster, "origin"), "speaker");
        const char *said_by = text_in(json_object_get(claim, "speaker"), "external_id");
        cr_assert(same_text(said_by, speaker ? key(speaker) : NULL), "%s is said by %s", text_in(cluster, "key"),
                  said_by ? said_by : "nobody");
        cr_assert_str_eq(text_in(claim, "text"), text_in(cluster, "summary"));
    }
    expect_count(found, "items", expected);
    expect_int(found, "total", (long long)expected);
}

struct statement {
    const char *claim, *speaker, *stance;
};

Test(gold, the_two_sides_on_missiles)
{
    static const struct statement statements[] = {
        {FIRST_CLAIM, "senior-us-official", "offers"},
        {"us-no-offensive-missiles-in-ukraine", "senior-us-official", "denies"},
        {"russia-feels-threatened-by-missiles-in-ukraine", "russia", NULL},
    };
    load_gold();
    for (size_t i = 0; i < sizeof(statements) / sizeof(*statements); i++) {
        long long speaker = int_at(find_one("/v1/actors", statements[i].speaker, ""), "items.0.id");
        struct answer found = get("/v1/claims?topic=missiles&speaker_id=%lld&limit=500", speaker);
        json_t *claim = find(value_at(found, "items"), "external_id", statements[i].claim);
        if (!claim)
            fail_with(found, HERE, "%s has not said %s", statements[i].speaker, statements[i].claim);
        if (statements[i].stance)
            cr_assert_str_eq(text_in(claim, "stance"), statements[i].stance);
    }
}

/* The external_ids of the outlets or agencies that the reports lead to, each once. */
static json_t *outlets_of(struct answer claims)
{
    json_t *outlets = json_array();
    size_t i;
    json_t *report;
    json_array_foreach (value_at(claims, "items.0.reports"), i, report) {
        long long article = json_integer_value(json_object_get(report, "article_id"));
        add_text(outlets, text_at(get("/v1/articles/%lld?expand=outlet", article), "outlet.external_id"));
    }
    return outlets;
}

static json_t *agencies_of(struct answer claims)
{
    json_t *agencies = json_array();
    size_t i, j;
    json_t *report, *medium;
    json_array_foreach (value_at(claims, "items.0.reports"), i, report) {
        json_array_foreach (json_object_get(report, "via"), j, medium)
            add_text(agencies, text_at(get("/v1/actors/%lld", (long long)json_integer_value(medium)), "external_id"));
    }
    return agencies;
}

static void expect_all_of(json_t *found, const char *quoted, const char *what)
{
    struct slice text = json_of(quoted);
    json_t *expected = json_loadb(text.data, text.length, 0, NULL);
    cr_assert_eq(json_array_size(found), json_array_size(expected), "%zu %s", json_array_size(found), what);
    size_t i;
    json_t *item;
    json_array_foreach (expected, i, item)
        cr_assert(has(found, json_string_value(item)), "%s: %s is missing", what, json_string_value(item));
    json_decref(expected);
    json_decref(found);
}

Test(gold, five_outlets_carry_the_readiness_to_talk_through_four_agencies)
{
    load_gold();
    struct answer found = find_one("/v1/claims", FIRST_CLAIM, "reports");
    expect_int(found, "items.0.report_count", 12);
    expect_int(found, "items.0.outlet_count", 5);
    expect_int(found, "items.0.origin_count", 2);
    expect_count(found, "items.0.reports", 12);
    expect_all_of(outlets_of(found),
                  "['outlet-washington-ready', 'outlet-complete-news-world', 'outlet-mrt-opens-door',"
                  " 'outlet-us-open-to-limiting', 'outlet-important-talks']",
                  "outlets");
    expect_all_of(agencies_of(found), "['washington-post', 'reuters', 'efe', 'agerpres']", "agencies");

    long long reuters = int_at(find_one("/v1/actors", "reuters", ""), "items.0.id");
    expect_count(get("/v1/claims?via_id=%lld&external_id=" FIRST_CLAIM, reuters), "items", 1);
}

Test(gold, many_reports_few_origins)
{
    static const struct {
        const char *claim;
        int outlets, origins;
    } claims[] = {
        {"exploratory-no-firm-commitments", 4, 2}, {"progress-possible-in-some-areas", 4, 1},
        {"commitments-must-be-reciprocal", 2, 2},  {"us-no-offensive-missiles-in-ukraine", 3, 2},
        {"russia-rules-out-concessions", 1, 1},
    };
    load_gold();
    for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
        struct answer found = find_one("/v1/claims", claims[i].claim, "");
        expect_int(found, "items.0.outlet_count", claims[i].outlets);
        expect_int(found, "items.0.origin_count", claims[i].origins);
    }
}

Test(gold, four_meetings_from_9_to_13_january_2022)
{
    load_gold();
    struct answer week = get("/v1/meetings?starts_on__gte=2022-01-09&starts_on__lt=2022-01-14&sort=starts_on");
    expect_int(week, "total", 4);
    expect_each(week, "items", "starts_on", "['2022-01-09', '2022-01-10', '2022-01-12', '2022-01-13']");
    expect_each(week, "items", "city", "['Geneva', 'Geneva', 'Brussels', 'Vienna']");
    expect_each(week, "items", "status", "['planned', 'planned', 'planned', 'planned']");
    expect_text(week, "items.0.part_of_day", "evening");

    long long main = int_at(week, "items.1.id");
    expect_int(get("/v1/meetings/%lld/articles", main), "total", ARTICLES);
    long long sherman = int_at(find_one("/v1/actors", "wendy-sherman", ""), "items.0.id");
    expect_int(get("/v1/actors/%lld/meetings", sherman), "total", 2);
}

Test(gold, three_articles_give_wendy_sherman_three_titles)
{
    load_gold();
    struct answer sherman = find_one("/v1/actors", "wendy-sherman", "");
    struct answer titles = get("/v1/actors/%lld/titles", int_at(sherman, "items.0.id"));
    expect_each(titles, "items", "title",
                "['Deputy Foreign Minister', 'US Deputy Secretary of State', 'US Under Secretary of State']");
    expect_each(titles, "items", "article_count", "[1, 1, 1]");
}

/* Of 52 claims. The gold counts what a government holds beside what its officials say, twice, and a claim that nobody says. */
enum { COUNTED_OTHERWISE = 3 };

Test(gold, origins_are_counted_as_people_counted_them)
{
    load_gold();
    struct answer claims = get("/v1/claims?limit=500");
    int otherwise = 0;
    size_t i;
    json_t *cluster;
    json_array_foreach (json_object_get(gold.cross, "claim_clusters"), i, cluster) {
        json_t *claim = find(value_at(claims, "items"), "external_id", key(text_in(cluster, "key")));
        json_int_t counted = json_integer_value(json_object_get(claim, "origin_count")),
                   expected = json_integer_value(json_object_get(cluster, "independent_origins"));
        if (counted != expected)
            cr_log_info("%s: %lld origins, of %lld", text_in(cluster, "key"), counted, expected);
        otherwise += counted != expected;
    }
    cr_expect_leq(otherwise, COUNTED_OTHERWISE);
}
