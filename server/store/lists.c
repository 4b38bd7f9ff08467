/* What each list can filter and sort by and what it can expand, as data. Conditions are SQL over the noun's own table; each ?
 * is the value. */
#include <string.h>

#include "store_private.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char live[] = "deleted_at IS NULL";
static const char live_unmerged[] = "deleted_at IS NULL AND merged_into_id IS NULL";

/* ---- articles --------------------------------------------------------------------------------------------- */

static const struct list_filter article_filters[] = {
    {"outlet_id", FIELD_INTEGER, "outlet_id ?", 0},
    {"language", FIELD_TEXT, "language ?", 0},
    {"machine_translated", FIELD_TRUTH, "machine_translated ?", 0},
    {"published_at", FIELD_TEXT, "published_at ?", 0},
    {"near_duplicate_of", FIELD_INTEGER, "near_duplicate_of ?", 0},
    {"url", FIELD_TEXT, "url ?", 0},
    {"sha256", FIELD_TEXT, "sha256 ?", 0},
    {"external_id", FIELD_TEXT, "external_id ?", 0},
    {"actor_id", FIELD_INTEGER, "id @ (SELECT article_id FROM mention WHERE actor_id ?)", NOUN_BIT(NOUN_MENTION)},
    {"meeting_id", FIELD_INTEGER, "id @ (SELECT article_id FROM meeting_evidence WHERE meeting_id ?)", NOUN_BIT(NOUN_MEETING)},
};
static const struct list_sort article_sorts[] = {{"id", "id", false, true},
                                                 {"published_at", "published_at", true, false},
                                                 {"title", "title", true, false},
                                                 {"updated_at", "updated_at", false, false}};
static const struct expansion article_expansions[] = {
    {"outlet", EXPAND_ONE,
     "SELECT article.id, actor.document FROM article JOIN actor ON actor.id = outlet_id WHERE article.id IN (%s)",
     NOUN_BIT(NOUN_ACTOR)},
    {"text", EXPAND_TEXT, "SELECT article_id, text FROM article_text WHERE article_id IN (%s)", 0},
    {"mentions", EXPAND_MANY,
     "SELECT article_id, document FROM mention WHERE article_id IN (%s) ORDER BY article_id, \"start\", id",
     NOUN_BIT(NOUN_MENTION)},
};

/* ---- actors ----------------------------------------------------------------------------------------------- */

static const struct list_filter actor_filters[] = {
    {"kind", FIELD_TEXT, "kind ?", 0},
    {"country", FIELD_TEXT, "country ?", 0},
    {"affiliation_id", FIELD_INTEGER, "affiliation_id ?", 0},
    {"status", FIELD_TEXT, "status ?", 0},
    {"name", FIELD_TEXT, "(name ? OR id IN (SELECT actor_id FROM actor_alias WHERE text ?))", 0},
    {"wikidata_id", FIELD_TEXT, "wikidata_id ?", 0},
    {"external_id", FIELD_TEXT, "external_id ?", 0},
    {"article_id", FIELD_INTEGER, "id @ (SELECT actor_id FROM mention WHERE article_id ?)", NOUN_BIT(NOUN_MENTION)},
    {"meeting_id", FIELD_INTEGER, "id @ (SELECT actor_id FROM meeting_participant WHERE meeting_id ?)", NOUN_BIT(NOUN_MEETING)},
};
static const struct list_sort actor_sorts[] = {
    {"id", "id", false, true}, {"name", "name", false, false}, {"updated_at", "updated_at", false, false}};
static const struct expansion actor_expansions[] = {
    {"affiliation", EXPAND_ONE,
     "SELECT actor.id, body.document FROM actor JOIN actor AS body ON body.id = actor.affiliation_id WHERE actor.id IN (%s)",
     NOUN_BIT(NOUN_ACTOR)},
};

/* ---- claims ----------------------------------------------------------------------------------------------- */

static const struct list_filter claim_filters[] = {
    {"speaker_id", FIELD_INTEGER, "speaker_id ?", 0},
    {"on_behalf_of_id", FIELD_INTEGER, "on_behalf_of_id ?", 0},
    {"addressee_id", FIELD_INTEGER, "addressee_id ?", 0},
    {"topic", FIELD_TEXT, "id @ (SELECT claim_id FROM claim_topic WHERE topic_id IN (SELECT topic.id FROM topic WHERE slug ?))",
     NOUN_BIT(NOUN_TOPIC)},
    {"stance", FIELD_TEXT, "stance ?", 0},
    {"said_on", FIELD_TEXT, "said_on ?", 0},
    {"occasion_id", FIELD_INTEGER, "occasion_id ?", 0},
    {"attribution", FIELD_TEXT, "attribution ?", 0},
    {"status", FIELD_TEXT, "status ?", 0},
    {"report_count", FIELD_INTEGER, "report_count ?", 0},
    {"outlet_count", FIELD_INTEGER, "outlet_count ?", 0},
    {"origin_count", FIELD_INTEGER, "origin_count ?", 0},
    {"speaker", FIELD_TEXT,
     "speaker_id IN (SELECT actor.id FROM actor\n"
     "                 WHERE actor.deleted_at IS NULL AND actor.merged_into_id IS NULL\n"
     "                   AND (name ? OR actor.id IN (SELECT actor_id FROM actor_alias WHERE actor_alias.text ?)))",
     NOUN_BIT(NOUN_ACTOR)},
    {"article_id", FIELD_INTEGER, "id @ (SELECT claim_id FROM report WHERE article_id ?)", NOUN_BIT(NOUN_REPORT)},
    {"outlet_id", FIELD_INTEGER,
     "id @ (SELECT claim_id FROM report JOIN article ON article.id = report.article_id\n"
     "       WHERE article.outlet_id ? AND article.deleted_at IS NULL)",
     NOUN_BIT(NOUN_REPORT) | NOUN_BIT(NOUN_ARTICLE)},
    {"via_id", FIELD_INTEGER,
     "id @ (SELECT claim_id FROM report_via JOIN report ON report.id = report_via.report_id WHERE report_via.actor_id ?)",
     NOUN_BIT(NOUN_REPORT)},
    {"external_id", FIELD_TEXT, "external_id ?", 0},
};
static const struct list_sort claim_sorts[] = {{"id", "id", false, true},
                                               {"said_on", "said_on", true, false},
                                               {"report_count", "report_count", false, true},
                                               {"updated_at", "updated_at", false, false}};
static const struct expansion claim_expansions[] = {
    {"speaker", EXPAND_ONE,
     "SELECT claim.id, actor.document FROM claim JOIN actor ON actor.id = speaker_id WHERE claim.id IN (%s)",
     NOUN_BIT(NOUN_ACTOR)},
    {"on_behalf_of", EXPAND_ONE,
     "SELECT claim.id, actor.document FROM claim JOIN actor ON actor.id = on_behalf_of_id WHERE claim.id IN (%s)",
     NOUN_BIT(NOUN_ACTOR)},
    {"addressee", EXPAND_ONE,
     "SELECT claim.id, actor.document FROM claim JOIN actor ON actor.id = addressee_id WHERE claim.id IN (%s)",
     NOUN_BIT(NOUN_ACTOR)},
    {"occasion", EXPAND_ONE,
     "SELECT claim.id, meeting.document FROM claim JOIN meeting ON meeting.id = occasion_id WHERE claim.id IN (%s)",
     NOUN_BIT(NOUN_MEETING)},
    {"reports", EXPAND_MANY,
     "SELECT claim_id, document FROM report WHERE claim_id IN (%s)\n"
     "  AND (SELECT deleted_at FROM article WHERE article.id = report.article_id) IS NULL\n"
     "ORDER BY claim_id, id",
     NOUN_BIT(NOUN_REPORT)},
};

/* ---- meetings --------------------------------------------------------------------------------------------- */

static const struct list_filter meeting_filters[] = {
    {"starts_on", FIELD_TEXT, "starts_on ?", 0},
    {"city", FIELD_TEXT, "city ?", 0},
    {"country", FIELD_TEXT, "country ?", 0},
    {"kind", FIELD_TEXT, "kind ?", 0},
    {"status", FIELD_TEXT, "status ?", 0},
    {"review", FIELD_TEXT, "review ?", 0},
    {"actor_id", FIELD_INTEGER, "id @ (SELECT meeting_id FROM meeting_participant WHERE actor_id ?)", 0},
    {"topic", FIELD_TEXT,
     "id @ (SELECT meeting_id FROM meeting_topic WHERE topic_id IN (SELECT topic.id FROM topic WHERE slug ?))",
     NOUN_BIT(NOUN_TOPIC)},
    {"external_id", FIELD_TEXT, "external_id ?", 0},
    {"article_id", FIELD_INTEGER, "id @ (SELECT meeting_id FROM meeting_evidence WHERE article_id ?)", 0},
};
static const struct list_sort meeting_sorts[] = {{"id", "id", false, true},
                                                 {"starts_on", "starts_on", true, false},
                                                 {"name", "name", false, false},
                                                 {"updated_at", "updated_at", false, false}};

/* ---- topics and discrepancies ----------------------------------------------------------------------------- */

static const struct list_filter topic_filters[] = {
    {"slug", FIELD_TEXT, "slug ?", 0},
    {"external_id", FIELD_TEXT, "external_id ?", 0},
};
static const struct list_sort topic_sorts[] = {
    {"id", "id", false, true}, {"name", "name", false, false}, {"updated_at", "updated_at", false, false}};

static const struct list_filter discrepancy_filters[] = {
    {"kind", FIELD_TEXT, "kind ?", 0},
    {"status", FIELD_TEXT, "status ?", 0},
    {"actor_id", FIELD_INTEGER, "actor_id ?", 0},
    {"meeting_id", FIELD_INTEGER, "meeting_id ?", 0},
    {"claim_id", FIELD_INTEGER, "claim_id ?", 0},
    {"article_id", FIELD_INTEGER, "id @ (SELECT discrepancy_id FROM discrepancy_evidence WHERE article_id ?)", 0},
    {"external_id", FIELD_TEXT, "external_id ?", 0},
};
static const struct list_sort discrepancy_sorts[] = {{"id", "id", false, true}, {"updated_at", "updated_at", false, false}};

/* ---- mentions and reports --------------------------------------------------------------------------------- */

static const struct list_filter mention_filters[] = {
    {"article_id", FIELD_INTEGER, "article_id ?", 0},
    {"actor_id", FIELD_INTEGER, "actor_id ?", 0},
};
static const struct list_sort by_id[] = {{"id", "id", false, true}};
static const struct expansion mention_expansions[] = {
    {"actor", EXPAND_ONE,
     "SELECT mention.id, actor.document FROM mention JOIN actor ON actor.id = actor_id WHERE mention.id IN (%s)",
     NOUN_BIT(NOUN_ACTOR)},
    {"article", EXPAND_ONE,
     "SELECT mention.id, article.document FROM mention JOIN article ON article.id = article_id WHERE mention.id IN (%s)",
     NOUN_BIT(NOUN_ARTICLE)},
};

static const struct list_filter report_filters[] = {
    {"claim_id", FIELD_INTEGER, "claim_id ?", 0},
    {"article_id", FIELD_INTEGER, "article_id ?", 0},
};
static const struct expansion report_expansions[] = {
    {"article", EXPAND_ONE,
     "SELECT report.id, article.document FROM report JOIN article ON article.id = article_id WHERE report.id IN (%s)",
     NOUN_BIT(NOUN_ARTICLE)},
    {"claim", EXPAND_ONE,
     "SELECT report.id, claim.document FROM report JOIN claim ON claim.id = claim_id WHERE report.id IN (%s)",
     NOUN_BIT(NOUN_CLAIM)},
};

/* ---- the lists -------------------------------------------------------------------------------------------- */

#define FILTERS(array)    .filters = (array), .filter_count = COUNT(array)
#define SORTS(array)      .sorts = (array), .sort_count = COUNT(array)
#define EXPANSIONS(array) .expansions = (array), .expansion_count = COUNT(array)

static const struct list lists[NOUN_COUNT] = {
    [NOUN_ARTICLE] = {NOUN_ARTICLE, live, FILTERS(article_filters), SORTS(article_sorts), EXPANSIONS(article_expansions)},
    [NOUN_ACTOR] = {NOUN_ACTOR, live_unmerged, FILTERS(actor_filters), SORTS(actor_sorts), EXPANSIONS(actor_expansions)},
    [NOUN_CLAIM] = {NOUN_CLAIM, live_unmerged, FILTERS(claim_filters), SORTS(claim_sorts), EXPANSIONS(claim_expansions)},
    [NOUN_MEETING] = {NOUN_MEETING, live, FILTERS(meeting_filters), SORTS(meeting_sorts)},
    [NOUN_TOPIC] = {NOUN_TOPIC, live, FILTERS(topic_filters), SORTS(topic_sorts)},
    [NOUN_DISCREPANCY] = {NOUN_DISCREPANCY, live, FILTERS(discrepancy_filters), SORTS(discrepancy_sorts)},
    [NOUN_MENTION] = {NOUN_MENTION, "(SELECT deleted_at FROM article WHERE article.id = mention.article_id) IS NULL",
                      FILTERS(mention_filters), SORTS(by_id), EXPANSIONS(mention_expansions)},
    [NOUN_REPORT] = {NOUN_REPORT,
                     "(SELECT deleted_at FROM article WHERE article.id = report.article_id) IS NULL\n"
                     "  AND (SELECT deleted_at FROM claim WHERE claim.id = report.claim_id) IS NULL",
                     FILTERS(report_filters), SORTS(by_id), EXPANSIONS(report_expansions)},
};

const struct list *list_of(enum noun noun)
{
    return &lists[noun];
}

int list_filter_index(const struct list *list, struct slice name)
{
    for (size_t i = 0; i < list->filter_count; i++) {
        if (slice_is(name, list->filters[i].name))
            return (int)i;
    }
    return -1;
}

int list_filter_named(const struct list *list, struct slice name, enum comparison *comparison)
{
    static const struct {
        const char *suffix;
        enum comparison comparison;
    } suffixes[] = {{"__ne", COMPARE_IS_NOT}, {"__gte", COMPARE_FROM}, {"__gt", COMPARE_ABOVE},   {"__lte", COMPARE_UNTIL},
                    {"__lt", COMPARE_BELOW},  {"__in", COMPARE_IS},    {"__isnull", COMPARE_NULL}};
    *comparison = COMPARE_IS;
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        if (!slice_ends(name, suffixes[i].suffix))
            continue;
        *comparison = suffixes[i].comparison;
        name.length -= strlen(suffixes[i].suffix);
        break;
    }
    return list_filter_index(list, name);
}

int list_sort_index(const struct list *list, struct slice name)
{
    for (size_t i = 0; i < list->sort_count; i++) {
        if (slice_is(name, list->sorts[i].name))
            return (int)i;
    }
    return -1;
}

int list_expansion_index(const struct list *list, struct slice name)
{
    for (size_t i = 0; i < list->expansion_count; i++) {
        if (slice_is(name, list->expansions[i].name))
            return (int)i;
    }
    return -1;
}
