/* What each list can filter and sort by and what it can expand, as data. Conditions are SQL over the noun's own table; each ?
 * is the value, with how it is compared; ~ compares with the one value that a subquery gives, or with several; @ says whether
 * it is there. A condition "id @ (SELECT … FROM one table WHERE …)" leads through links, which ways.c may go about otherwise. */
#include <assert.h>
#include <string.h>

#include "store_private.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Having the words asked for. */
#define FOUND(noun) "id IN (SELECT rowid FROM " noun "_search WHERE " noun "_search ? ORDER BY rowid DESC LIMIT 10000)"
static_assert(LIST_FOUND_MAX == 10000, "as FOUND has it");

static const char live[] = "deleted_at IS NULL";
static const char live_unmerged[] = "deleted_at IS NULL AND merged_into_id IS NULL";

/* ---- articles --------------------------------------------------------------------------------------------- */

/* Articles that report a claim about the topic. Where it has few claims, their articles are gathered; where it has many, each
 * article is looked at. */
#define TOPIC_CLAIMS "SELECT claim_id FROM claim_topic WHERE topic_id IN (SELECT topic.id FROM topic WHERE slug ?)"
#define REPORTING_ON_TOPIC                                                                                                       \
    "CASE WHEN (SELECT count(*) FROM (" TOPIC_CLAIMS " LIMIT 20000) AS some) < 20000\n"                                          \
    "     THEN id @ (SELECT article_id FROM report JOIN claim ON claim.id = report.claim_id AND claim.deleted_at IS NULL\n"      \
    "                WHERE report.claim_id IN (" TOPIC_CLAIMS "))\n"                                                             \
    "     ELSE 1 @ (SELECT 1 FROM report\n"                                                                                      \
    "               CROSS JOIN claim_topic ON claim_topic.claim_id = report.claim_id\n"                                          \
    "               CROSS JOIN claim ON claim.id = report.claim_id AND claim.deleted_at IS NULL\n"                               \
    "               WHERE report.article_id = article.id AND topic_id IN (SELECT topic.id FROM topic WHERE slug ?)) END"

static const struct list_filter article_filters[] = {
    {"outlet_id", FILTER_INTEGER, "outlet_id ?", 0},
    {"language", FILTER_TEXT, "language ?", 0},
    {"machine_translated", FILTER_TRUTH, "machine_translated ?", 0},
    {"published_at", FILTER_TIME, "published_at ?", 0},
    {"near_duplicate_of", FILTER_INTEGER, "near_duplicate_of ?", 0},
    {"url", FILTER_TEXT, "url ?", 0},
    {"sha256", FILTER_TEXT, "sha256 ?", 0},
    {"external_id", FILTER_TEXT, "external_id ?", 0},
    {"actor_id", FILTER_INTEGER, "id @ (SELECT article_id FROM mention WHERE actor_id ?)", NOUN_BIT(NOUN_MENTION)},
    {"meeting_id", FILTER_INTEGER, "id @ (SELECT article_id FROM meeting_evidence WHERE meeting_id ?)", NOUN_BIT(NOUN_MEETING)},
    {"topic", FILTER_TEXT, REPORTING_ON_TOPIC, NOUN_BIT(NOUN_TOPIC) | NOUN_BIT(NOUN_CLAIM) | NOUN_BIT(NOUN_REPORT)},
    {"q", FILTER_WORDS, FOUND("article"), 0},
};
static const struct list_sort article_sorts[] = {{"id", "id", false, true},
                                                 {"published_at", "published_at", true, false},
                                                 {"title", "title", true, false},
                                                 {"updated_at", "updated_at", false, false}};
static const struct expansion article_expansions[] = {
    {"outlet", EXPAND_ONE, NOUN_ACTOR,
     "SELECT article.id, actor.document, actor.id FROM article JOIN actor ON actor.id = outlet_id WHERE article.id IN (%s)"},
    {"text", EXPAND_TEXT, NOUN_COUNT, "SELECT article_id, text, article_id FROM article_text WHERE article_id IN (%s)"},
    {"mentions", EXPAND_MANY, NOUN_MENTION,
     "SELECT article_id, document, id FROM mention WHERE article_id IN (%s) ORDER BY article_id, \"start\", id"},
};

#define DISCREPANCIES_OF(noun)                                                                                                   \
    {                                                                                                                            \
        "discrepancies", EXPAND_MANY, NOUN_DISCREPANCY,                                                                          \
            "SELECT " noun "_id, document, id FROM discrepancy\n"                                                                \
            "WHERE " noun "_id IN (%s) AND " noun "_id IS NOT NULL AND deleted_at IS NULL ORDER BY " noun "_id, id"              \
    }

/* ---- actors ----------------------------------------------------------------------------------------------- */

static const struct list_filter actor_filters[] = {
    {"kind", FILTER_TEXT, "kind ?", 0},
    {"country", FILTER_TEXT, "country ?", 0},
    {"affiliation_id", FILTER_INTEGER, "affiliation_id ?", 0},
    {"status", FILTER_TEXT, "status ?", 0},
    {"name", FILTER_TEXT, "(name ? OR id IN (SELECT actor_id FROM actor_alias WHERE text ?))", 0},
    {"wikidata_id", FILTER_TEXT, "wikidata_id ?", 0},
    {"external_id", FILTER_TEXT, "external_id ?", 0},
    {"article_id", FILTER_INTEGER, "id @ (SELECT actor_id FROM mention WHERE article_id ?)", NOUN_BIT(NOUN_MENTION)},
    {"meeting_id", FILTER_INTEGER, "id @ (SELECT actor_id FROM meeting_participant WHERE meeting_id ?)", NOUN_BIT(NOUN_MEETING)},
    {"name__prefix", FILTER_BEGINNING, "id IN (SELECT rowid FROM actor_search WHERE actor_search ?)", 0},
    {"q", FILTER_WORDS, FOUND("actor"), 0},
};
static const struct list_sort actor_sorts[] = {
    {"id", "id", false, true}, {"name", "name", false, false}, {"updated_at", "updated_at", false, false}};
static const struct expansion actor_expansions[] = {
    {"affiliation", EXPAND_ONE, NOUN_ACTOR,
     "SELECT actor.id, body.document, body.id\n"
     "FROM actor JOIN actor AS body ON body.id = actor.affiliation_id WHERE actor.id IN (%s)"},
    DISCREPANCIES_OF("actor"),
};

/* ---- claims ----------------------------------------------------------------------------------------------- */

static const struct list_filter claim_filters[] = {
    {"speaker_id", FILTER_INTEGER, "speaker_id ?", 0},
    {"on_behalf_of_id", FILTER_INTEGER, "on_behalf_of_id ?", 0},
    {"addressee_id", FILTER_INTEGER, "addressee_id ?", 0},
    {"topic", FILTER_TEXT, "id @ (SELECT claim_id FROM claim_topic WHERE topic_id ~ (SELECT topic.id FROM topic WHERE slug ?))",
     NOUN_BIT(NOUN_TOPIC)},
    {"stance", FILTER_TEXT, "stance ?", 0},
    {"said_on", FILTER_TEXT, "said_on ?", 0},
    {"occasion_id", FILTER_INTEGER, "occasion_id ?", 0},
    {"attribution", FILTER_TEXT, "attribution ?", 0},
    {"status", FILTER_TEXT, "status ?", 0},
    {"report_count", FILTER_INTEGER, "report_count ?", 0},
    {"outlet_count", FILTER_INTEGER, "outlet_count ?", 0},
    {"origin_count", FILTER_INTEGER, "origin_count ?", 0},
    {"speaker", FILTER_TEXT,
     "speaker_id IN (SELECT actor.id FROM actor\n"
     "                 WHERE actor.deleted_at IS NULL AND actor.merged_into_id IS NULL\n"
     "                   AND (name ? OR actor.id IN (SELECT actor_id FROM actor_alias WHERE actor_alias.text ?)))",
     NOUN_BIT(NOUN_ACTOR)},
    {"article_id", FILTER_INTEGER, "id @ (SELECT claim_id FROM report WHERE article_id ?)", NOUN_BIT(NOUN_REPORT)},
    {"outlet_id", FILTER_INTEGER, "id @ (SELECT claim_id FROM claim_outlet WHERE outlet_id ?)",
     NOUN_BIT(NOUN_REPORT) | NOUN_BIT(NOUN_ARTICLE)},
    {"via_id", FILTER_INTEGER,
     "id @ (SELECT claim_id FROM report_via JOIN report ON report.id = report_via.report_id WHERE report_via.actor_id ?)",
     NOUN_BIT(NOUN_REPORT)},
    {"external_id", FILTER_TEXT, "external_id ?", 0},
    {"q", FILTER_WORDS, FOUND("claim"), 0},
};
static const struct list_sort claim_sorts[] = {{"id", "id", false, true},
                                               {"said_on", "said_on", true, false},
                                               {"report_count", "report_count", false, true},
                                               {"updated_at", "updated_at", false, false}};
static const struct expansion claim_expansions[] = {
    {"speaker", EXPAND_ONE, NOUN_ACTOR,
     "SELECT claim.id, actor.document, actor.id FROM claim JOIN actor ON actor.id = speaker_id WHERE claim.id IN (%s)"},
    {"on_behalf_of", EXPAND_ONE, NOUN_ACTOR,
     "SELECT claim.id, actor.document, actor.id FROM claim JOIN actor ON actor.id = on_behalf_of_id WHERE claim.id IN (%s)"},
    {"addressee", EXPAND_ONE, NOUN_ACTOR,
     "SELECT claim.id, actor.document, actor.id FROM claim JOIN actor ON actor.id = addressee_id WHERE claim.id IN (%s)"},
    {"occasion", EXPAND_ONE, NOUN_MEETING,
     "SELECT claim.id, meeting.document, meeting.id FROM claim JOIN meeting ON meeting.id = occasion_id WHERE claim.id IN (%s)"},
    {"reports", EXPAND_MANY, NOUN_REPORT,
     "SELECT claim_id, document, id FROM report WHERE claim_id IN (%s)\n"
     "  AND (SELECT deleted_at FROM article WHERE article.id = report.article_id) IS NULL\n"
     "ORDER BY claim_id, id"},
    DISCREPANCIES_OF("claim"),
};

/* ---- meetings --------------------------------------------------------------------------------------------- */

static const struct list_filter meeting_filters[] = {
    {"starts_on", FILTER_TEXT, "starts_on ?", 0},
    {"city", FILTER_TEXT, "city ?", 0},
    {"country", FILTER_TEXT, "country ?", 0},
    {"kind", FILTER_TEXT, "kind ?", 0},
    {"status", FILTER_TEXT, "status ?", 0},
    {"review", FILTER_TEXT, "review ?", 0},
    {"actor_id", FILTER_INTEGER, "id @ (SELECT meeting_id FROM meeting_participant WHERE actor_id ?)", 0},
    {"topic", FILTER_TEXT,
     "id @ (SELECT meeting_id FROM meeting_topic WHERE topic_id ~ (SELECT topic.id FROM topic WHERE slug ?))",
     NOUN_BIT(NOUN_TOPIC)},
    {"external_id", FILTER_TEXT, "external_id ?", 0},
    {"article_id", FILTER_INTEGER, "id @ (SELECT meeting_id FROM meeting_evidence WHERE article_id ?)", 0},
    {"q", FILTER_WORDS, FOUND("meeting"), 0},
};
static const struct list_sort meeting_sorts[] = {{"id", "id", false, true},
                                                 {"starts_on", "starts_on", true, false},
                                                 {"name", "name", false, false},
                                                 {"updated_at", "updated_at", false, false}};
static const struct expansion meeting_expansions[] = {
    {"actors", EXPAND_MANY, NOUN_ACTOR,
     "SELECT meeting_id, actor.document, actor.id\n"
     "FROM meeting_participant AS seat JOIN actor ON actor.id = actor_id AND actor.deleted_at IS NULL\n"
     "WHERE meeting_id IN (%s) AND position = (SELECT min(position) FROM meeting_participant AS same\n"
     "                                         WHERE same.actor_id = seat.actor_id AND same.meeting_id = seat.meeting_id)\n"
     "ORDER BY meeting_id, position"},
    DISCREPANCIES_OF("meeting"),
};

/* ---- topics and discrepancies ----------------------------------------------------------------------------- */

static const struct list_filter topic_filters[] = {
    {"slug", FILTER_TEXT, "slug ?", 0},
    {"external_id", FILTER_TEXT, "external_id ?", 0},
};
static const struct list_sort topic_sorts[] = {
    {"id", "id", false, true}, {"name", "name", false, false}, {"updated_at", "updated_at", false, false}};

static const struct list_filter discrepancy_filters[] = {
    {"kind", FILTER_TEXT, "kind ?", 0},
    {"status", FILTER_TEXT, "status ?", 0},
    {"actor_id", FILTER_INTEGER, "actor_id ?", 0},
    {"meeting_id", FILTER_INTEGER, "meeting_id ?", 0},
    {"claim_id", FILTER_INTEGER, "claim_id ?", 0},
    {"article_id", FILTER_INTEGER, "id @ (SELECT discrepancy_id FROM discrepancy_evidence WHERE article_id ?)", 0},
    {"external_id", FILTER_TEXT, "external_id ?", 0},
};
static const struct list_sort discrepancy_sorts[] = {{"id", "id", false, true}, {"updated_at", "updated_at", false, false}};

/* ---- mentions and reports --------------------------------------------------------------------------------- */

static const struct list_filter mention_filters[] = {
    {"article_id", FILTER_INTEGER, "article_id ?", 0},
    {"actor_id", FILTER_INTEGER, "actor_id ?", 0},
};
static const struct list_sort by_id[] = {{"id", "id", false, true}};
static const struct expansion mention_expansions[] = {
    {"actor", EXPAND_ONE, NOUN_ACTOR,
     "SELECT mention.id, actor.document, actor.id FROM mention JOIN actor ON actor.id = actor_id WHERE mention.id IN (%s)"},
    {"article", EXPAND_ONE, NOUN_ARTICLE,
     "SELECT mention.id, article.document, article.id FROM mention JOIN article ON article.id = article_id WHERE mention.id IN "
     "(%s)"},
};

static const struct list_filter report_filters[] = {
    {"claim_id", FILTER_INTEGER, "claim_id ?", 0},
    {"article_id", FILTER_INTEGER, "article_id ?", 0},
};
static const struct expansion report_expansions[] = {
    {"article", EXPAND_ONE, NOUN_ARTICLE,
     "SELECT report.id, article.document, article.id FROM report JOIN article ON article.id = article_id WHERE report.id IN "
     "(%s)"},
    {"claim", EXPAND_ONE, NOUN_CLAIM,
     "SELECT report.id, claim.document, claim.id FROM report JOIN claim ON claim.id = claim_id WHERE report.id IN (%s)"},
};

/* ---- the lists -------------------------------------------------------------------------------------------- */

#define FILTERS(array)    .filters = (array), .filter_count = COUNT(array)
#define SORTS(array)      .sorts = (array), .sort_count = COUNT(array)
#define EXPANSIONS(array) .expansions = (array), .expansion_count = COUNT(array)

static const struct list lists[NOUN_COUNT] = {
    [NOUN_ARTICLE] = {NOUN_ARTICLE, live, FILTERS(article_filters), SORTS(article_sorts), EXPANSIONS(article_expansions)},
    [NOUN_ACTOR] = {NOUN_ACTOR, live_unmerged, FILTERS(actor_filters), SORTS(actor_sorts), EXPANSIONS(actor_expansions)},
    [NOUN_CLAIM] = {NOUN_CLAIM, live_unmerged, FILTERS(claim_filters), SORTS(claim_sorts), EXPANSIONS(claim_expansions)},
    [NOUN_MEETING] = {NOUN_MEETING, live, FILTERS(meeting_filters), SORTS(meeting_sorts), EXPANSIONS(meeting_expansions)},
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
    static const struct {
        const char *name;
        struct slice filter;
    } least[] = {{"min_outlets", {"outlet_count", 12}}, {"min_origins", {"origin_count", 12}}};
    for (size_t i = 0; i < COUNT(least); i++) {
        if (slice_is(name, least[i].name)) {
            *comparison = COMPARE_FROM;
            return list_filter_index(list, least[i].filter);
        }
    }
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
