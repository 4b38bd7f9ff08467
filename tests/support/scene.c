#include "support/scene.h"

#include <string.h>

#include "support/harness.h"

static long long make_claim(const struct scene *scene)
{
    return make(
        "/v1/claims",
        "{'external_id': 'claim-1', 'text': 'The talks begin on Monday', 'speaker_id': %lld, 'on_behalf_of_id': 'freedonia',"
        " 'topics': ['fishing-rights'], 'said_on': '2022-01-08', 'occasion_id': 'talks-1', 'reports': [{'article_id': %lld,"
        " 'kind': 'indirect', 'content': [{'start': 15, 'end': 40}], 'source': {'start': 0, 'end': 9},"
        " 'cue': {'start': 10, 'end': 14}, 'via': ['wire']}]}",
        scene->baker, scene->article);
}

static long long make_discrepancy(const struct scene *scene)
{
    return make(
        "/v1/discrepancies",
        "{'external_id': 'discrepancy-1', 'kind': 'date', 'about': 'when the talks begin', 'meeting_id': %lld, 'values': ["
        "{'value': 'Monday', 'evidence': [{'article_id': 'article-1', 'start': 34, 'end': 40}]},"
        "{'value': 'Sunday', 'evidence': [{'article_id': 'article-1', 'start': 19, 'end': 24}]}]}",
        scene->meeting);
}

struct scene scene_set(void)
{
    struct scene scene = {0};
    scene.post = make("/v1/actors", "{'external_id': 'post', 'name': 'Morning Post', 'kind': 'media', 'country': 'GB'}");
    scene.wire = make("/v1/actors", "{'external_id': 'wire', 'name': 'Wire', 'kind': 'media'}");
    scene.freedonia = make("/v1/actors", "{'external_id': 'freedonia', 'name': 'Freedonia', 'kind': 'state'}");
    scene.baker = make("/v1/actors",
                       "{'external_id': 'baker', 'name': 'Zo\u00eb Baker', 'kind': 'person', 'title': 'minister',"
                       " 'affiliation_id': %lld, 'aliases': [{'text': 'Z. Baker'}]}",
                       scene.freedonia);
    scene.topic = make("/v1/topics", "{'slug': 'fishing-rights', 'name': 'Fishing rights'}");
    scene.meeting =
        make("/v1/meetings",
             "{'external_id': 'talks-1', 'name': 'Talks', 'kind': 'talks', 'starts_on': '2022-01-10', 'city': 'Geneva',"
             " 'topics': ['fishing-rights'], 'participants': [{'actor_id': %lld, 'role': 'head'}],"
             " 'evidence': []}",
             scene.baker);
    scene.article = make("/v1/articles",
                         "{'external_id': 'article-1', 'title': 'Talks begin', 'outlet_id': %lld, 'language': 'en',"
                         " 'published_at': '2022-01-09', 'text': '" SCENE_TEXT "',"
                         " 'mentions': [{'actor_id': %lld, 'start': 0, 'end': 9, 'reported_title': 'minister'}]}",
                         scene.post, scene.baker);
    scene.claim = make_claim(&scene);
    scene.discrepancy = make_discrepancy(&scene);
    scene.mention = int_at(get("/v1/articles/%lld/mentions", scene.article), "items.0.id");
    scene.report = int_at(get("/v1/claims/%lld/reports", scene.claim), "items.0.id");
    return scene;
}

/* ---- specimens ---------------------------------------------------------------------------------------------------------- */

#define EVIDENCE(start, end) "[{'article_id': 'specimen', 'start': " #start ", 'end': " #end "}]"

const struct specimen specimens[] = {
    {.path = "/v1/articles",
     .noun = "article",
     .letter = 'a',
     .body = "{'title': 'A day in Geneva'%s}",
     .change = "{'title': 'Another day in Geneva'%s}"},
    {.path = "/v1/actors",
     .noun = "actor",
     .letter = 'p',
     .body = "{'name': 'Zo\u00eb Baker', 'kind': 'person'%s}",
     .change = "{'title': 'minister'%s}",
     .replaces = true,
     .merges = true},
    {.path = "/v1/claims",
     .noun = "claim",
     .letter = 'c',
     .body = "{'text': 'Nothing was agreed'%s}",
     .change = "{'said_on': '2022-01-10'%s}",
     .replaces = true,
     .merges = true},
    {.path = "/v1/meetings",
     .noun = "meeting",
     .letter = 'm',
     .body = "{'name': 'Talks on fishing', 'kind': 'talks'%s}",
     .change = "{'city': 'Geneva'%s}",
     .replaces = true},
    {.path = "/v1/topics",
     .noun = "topic",
     .letter = 't',
     .body = "{'name': 'Fishing'%s}",
     .change = "{'description': 'Who may fish where.'%s}",
     .replaces = true},
    {.path = "/v1/discrepancies",
     .noun = "discrepancy",
     .letter = 'd',
     .body = "{'kind': 'date', 'about': 'the day', 'values': [{'value': 'Monday', 'evidence': " EVIDENCE(
         22, 28) "},"
                 "{'value': 'Sunday', 'evidence': " EVIDENCE(0, 7) "}]%s}",
     .change = "{'note': 'One of them misprints it.'%s}",
     .replaces = true},
};
const size_t specimen_count = sizeof(specimens) / sizeof(specimens[0]);

const struct specimen *specimen_of(const char *path)
{
    for (size_t i = 0; i < specimen_count; i++) {
        size_t length = strlen(specimens[i].path);
        if (strncmp(path, specimens[i].path, length) == 0 && (path[length] == '\0' || path[length] == '/'))
            return &specimens[i];
    }
    return NULL;
}

void specimen_article(void)
{
    struct answer known = get("/v1/articles?external_id=specimen");
    if (count_at(known, "items") == 0)
        make("/v1/articles", "{'external_id': 'specimen', 'title': 'A day', 'text': 'Nothing was agreed on Monday.'}");
}

/* `pattern` with `members` in the place of its %s. */
static const char *insert(const char *pattern, const char *members)
{
    const char *place = strstr(pattern, "%s");
    cr_assert(place, "a specimen without a place for more members: %s", pattern);
    return at("%.*s%s%s", (int)(place - pattern), pattern, members, place + 2);
}

/* A topic has no body without a slug of its own, and keeps it; an article is another one by its text. */
const char *specimen_body(const struct specimen *specimen, const char *members)
{
    static int topics, articles;
    if (specimen->letter == 'a')
        members = at(", 'text': 'Nothing was agreed on day %d.'%s", ++articles, members);
    if (specimen->letter == 't' && !strstr(members, "'slug'"))
        members = at(", 'slug': 'fishing-%d'%s", ++topics, members);
    return insert(specimen->body, members);
}

const char *specimen_replacement(const struct specimen *specimen, long long id, const char *members)
{
    if (specimen->letter == 't')
        members = at(", 'slug': '%s'%s", text_at(get("%s/%lld", specimen->path, id), "slug"), members);
    return specimen_body(specimen, members);
}

const char *specimen_change(const struct specimen *specimen, const char *members)
{
    return insert(specimen->change, members);
}

long long specimen_make(const struct specimen *specimen)
{
    return make(specimen->path, "%s", specimen_body(specimen, ""));
}
