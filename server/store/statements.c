#include <assert.h>
#include <string.h>

#include "page_private.h"

#define REPORT_OUTLETS                                                                                                           \
    "SELECT outlet_id FROM report JOIN article ON article.id = article_id "                                                      \
    "WHERE claim_id = $1 AND article.deleted_at IS NULL AND outlet_id IS NOT NULL"

/* Discrepancies noticed at $1; and what those with evidence in article $1 were noticed at. */
#define NOTICED_AT(noun)                                                                                                         \
    "SELECT discrepancy_id, key, mark, withdrawn FROM discrepancy JOIN discrepancy_key ON discrepancy_id = id\n"                 \
    "WHERE " noun "_id = $1 AND noun = '" noun "' ORDER BY key, discrepancy_id LIMIT $2"
/* Whether a person wrote one of kind $2 about $1. */
#define WRITTEN_ABOUT(noun)                                                                                                      \
    "SELECT EXISTS (SELECT 1 FROM discrepancy WHERE " noun "_id = $1 AND kind = $2 AND deleted_at IS NULL\n"                     \
    "               AND NOT EXISTS (SELECT 1 FROM discrepancy_key WHERE discrepancy_id = discrepancy.id))"
#define DISPUTED(noun)                                                                                                           \
    "SELECT DISTINCT " noun "_id\n"                                                                                              \
    "FROM discrepancy_evidence\n"                                                                                                \
    "JOIN discrepancy ON discrepancy.id = discrepancy_evidence.discrepancy_id\n"                                                 \
    "JOIN discrepancy_key ON discrepancy_key.discrepancy_id = discrepancy.id\n"                                                  \
    "WHERE discrepancy_evidence.article_id = $1 AND noun = '" noun "' AND " noun "_id > $2\n"                                    \
    "ORDER BY " noun "_id LIMIT $3"

/* An article that came before article $1, published at $2: as came_before() has it. */
#define CAME_BEFORE                                                                                                              \
    "article.id <> $1 AND CASE WHEN article.published_at <> $2 THEN article.published_at < $2 ELSE article.id < $1 END"

/* A report as it is compared with others. */
#define COMPARED                                                                                                                 \
    "SELECT report_trait.report_id, party, day, said, gist, reading, report.claim_id, report.article_id, report.document,\n"     \
    "       published_at, actor.kind, actor.id\n"                                                                                \
    "FROM report_trait\n"                                                                                                        \
    "JOIN report ON report.id = report_trait.report_id\n"                                                                        \
    "JOIN claim ON claim.id = report.claim_id\n"                                                                                 \
    "JOIN article ON article.id = report.article_id AND article.deleted_at IS NULL\n"                                            \
    "LEFT JOIN actor ON actor.id = coalesce(report.speaker_id, claim.speaker_id)\n"

#define API_KEY "SELECT id, prefix, hash, name, scopes, networks, created_at, expires_at, revoked_at, last_used_at FROM api_key "

static const char *const texts[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN",
    [SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_SAVEPOINT] = "SAVEPOINT item",
    [SQL_SAVEPOINT_ROLLBACK] = "ROLLBACK TO item",
    [SQL_SAVEPOINT_RELEASE] = "RELEASE item",
    [SQL_PING] = "SELECT 1 FROM tally LIMIT 1",

    /* What is committed, for generations and for totals. */
    [SQL_TALLIES] = "SELECT noun, live, seq FROM tally",
    [SQL_TALLY_SET] = "INSERT INTO tally (noun, live, seq) VALUES ($1, $2, $3)\n"
                      "ON CONFLICT (noun) DO UPDATE SET live = excluded.live, seq = excluded.seq",
    [SQL_LAST_CHANGE] = "SELECT coalesce(max(seq), 0) FROM change",
    [SQL_WRITTEN_BY_OTHERS] = "PRAGMA data_version",
    [SQL_LAST_MERGE] = "SELECT coalesce(max(id), 0) FROM merge",

    [SQL_CHANGE_ADD] = "INSERT INTO change (seq, noun, id, version, action, at, \"by\")\n"
                       "VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [SQL_REVISION_ADD] = "INSERT INTO revision (noun, id, version, replaced_at, document) VALUES ($1, $2, $3, $4, $5)",
    [SQL_REVISION_DOCUMENT] = "SELECT document FROM revision WHERE noun = $1 AND id = $2 AND version = $3",

    /* The versions of one resource, newest first; the newest has no revision: its document is the row's. */
    [SQL_HISTORY] =
        "SELECT change.version, change.action, change.at, revision.document, change.\"by\"\n"
        "FROM change\n"
        "LEFT JOIN revision ON revision.noun = change.noun AND revision.id = change.id AND revision.version = change.version\n"
        "WHERE change.noun = $1 AND change.id = $2 AND change.version < $3\n"
        "ORDER BY change.version DESC LIMIT $4",

    /* The log in order; the nouns are picked afterwards, so that a rare one costs no index of its own. */
    [SQL_CHANGES] = "SELECT seq, noun, id, version, action, at, \"by\"\n"
                    "FROM change WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3",

    /* An actor's titles as articles print them, each with its articles. */
    [SQL_TITLES] = "SELECT reported_title, article_id, count(*)\n"
                   "FROM mention\n"
                   "WHERE actor_id = $1 AND reported_title IS NOT NULL\n"
                   "  AND (SELECT deleted_at FROM article WHERE article.id = mention.article_id) IS NULL\n"
                   "GROUP BY reported_title, article_id\n"
                   "ORDER BY reported_title, article_id",

    [SQL_SUGGESTED] = "SELECT name, kind, title, country FROM actor WHERE id = $1",

    [SQL_ARTICLE_TEXT] = "SELECT text FROM article_text WHERE article_id = $1",
    [SQL_ARTICLE_TEXT_ADD] = "INSERT INTO article_text (article_id, text) VALUES ($1, $2)",

    /* The outlet of that name or alias; the oldest where there are several. */
    [SQL_OUTLET_BY_NAME] = "SELECT min(id) FROM actor\n"
                           "WHERE kind = 'media' AND deleted_at IS NULL AND merged_into_id IS NULL\n"
                           "  AND id IN (SELECT actor_id FROM actor_key WHERE key = name_key($1, 'words'))",

    /* What the origins of a claim are told by (origin_reports.c). */
    [SQL_ORIGIN_CLAIM] = "SELECT speaker_id, occasion_id, on_behalf_of_id FROM claim WHERE id = $1",
    [SQL_ORIGIN_REPORTS] = "SELECT report.id, article.id, article.outlet_id, article.near_duplicate_of, original.outlet_id,\n"
                           "       report.speaker_id, report.occasion_id, article.byline, article.published_at, article.sha256\n"
                           "FROM report\n"
                           "JOIN article ON article.id = report.article_id AND article.deleted_at IS NULL\n"
                           "LEFT JOIN article AS original ON original.id = article.near_duplicate_of\n"
                           "WHERE report.claim_id = $1 ORDER BY report.id",
    [SQL_ORIGIN_VIA] = "SELECT report.id, report_via.actor_id\n"
                       "FROM report JOIN report_via ON report_via.report_id = report.id\n"
                       "WHERE report.claim_id = $1 ORDER BY report.id, report_via.position",
    [SQL_ORIGIN_SPEAKER] = "SELECT kind, affiliation_id, name FROM actor WHERE id = $1",
    [SQL_MEETING_NAME] = "SELECT name FROM meeting WHERE id = $1",
    /* Where the article $1 names the actor $2, next to $3. */
    [SQL_NAMED_AT] = "SELECT \"start\", \"end\", text FROM mention WHERE article_id = $1 AND actor_id = $2\n"
                     "ORDER BY abs(\"start\" - $3), \"start\" LIMIT 1",
    [SQL_CLAIM_COUNTS_SET] =
        "UPDATE claim SET report_count = $2, outlet_count = $3, origin_count = $4, document = $5 WHERE id = $1",

    /* The outlets of a claim's reports, and those that stand in claim_outlet. */
    [SQL_OUTLETS_CHANGED] = "SELECT EXISTS (SELECT outlet_id FROM claim_outlet WHERE claim_id = $1 EXCEPT " REPORT_OUTLETS ")\n"
                            "    OR EXISTS (" REPORT_OUTLETS " EXCEPT SELECT outlet_id FROM claim_outlet WHERE claim_id = $1)",
    [SQL_OUTLETS_DELETE] = "DELETE FROM claim_outlet WHERE claim_id = $1",
    [SQL_OUTLETS_OF_CLAIM] = "SELECT DISTINCT outlet_id FROM (" REPORT_OUTLETS ") AS carried\n"
                             "WHERE outlet_id > $2 ORDER BY outlet_id LIMIT $3",
    [SQL_OUTLET_ADD] = "INSERT INTO claim_outlet (claim_id, outlet_id) VALUES ($1, $2)",

    /* Whether the article will stand otherwise in its claims' counts: $2 its outlet, $3 what it repeats, $4 whether it is
     * deleted, $5 its byline, $6 when it was published. */
    [SQL_ARTICLE_MOVED] = "SELECT outlet_id IS DISTINCT FROM $2 OR near_duplicate_of IS DISTINCT FROM $3\n"
                          "       OR (deleted_at IS NOT NULL) <> $4 OR byline IS DISTINCT FROM $5\n"
                          "       OR published_at IS DISTINCT FROM $6\n"
                          "FROM article WHERE id = $1",
    /* The article's own, and those of the articles that repeat it: theirs count for its outlet. */
    [SQL_CLAIMS_IN_ARTICLE] = "SELECT DISTINCT claim_id FROM report\n"
                              "WHERE (article_id = $1 OR article_id IN (SELECT id FROM article WHERE near_duplicate_of = $1))\n"
                              "  AND claim_id > $2\n"
                              "ORDER BY claim_id LIMIT $3",
    /* Claims that a migration wants counted anew: $1 is -1. */
    [SQL_CLAIMS_UNCOUNTED] = "SELECT id FROM claim\n"
                             "WHERE origin_count = $1 AND id > $2 AND deleted_at IS NULL AND merged_into_id IS NULL\n"
                             "ORDER BY id LIMIT $3",
    /* Whether the actor will count otherwise as a speaker: $2 its kind, $3 what it belongs to. Then the claims, above $2, of more
     * than one report that have it as their speaker, and those with reports that do; and the actors that belong to it. */
    [SQL_SPEAKER_MOVED] = "SELECT kind <> $2 OR affiliation_id IS DISTINCT FROM $3 FROM actor WHERE id = $1",
    [SQL_CLAIMS_SPOKEN] = "SELECT id FROM claim\n"
                          "WHERE speaker_id = $1 AND deleted_at IS NULL AND merged_into_id IS NULL AND id > $2\n"
                          "  AND report_count > 1\n"
                          "ORDER BY id LIMIT $3",
    [SQL_CLAIMS_NAMING] =
        "SELECT DISTINCT claim_id FROM report WHERE speaker_id = $1 AND claim_id > $2 ORDER BY claim_id LIMIT $3",
    [SQL_SPEAKERS_FOR] = "SELECT id FROM actor WHERE affiliation_id = $1 AND id > $2 ORDER BY id LIMIT $3",
    [SQL_REPORTS_OF_CLAIM] = "SELECT document FROM report WHERE claim_id = $1 ORDER BY id",
    [SQL_VIA_DELETE] = "DELETE FROM report_via WHERE report_id IN (SELECT id FROM report WHERE claim_id = $1)",
    [SQL_MENTIONS_OF_ARTICLE] = "SELECT document FROM mention WHERE article_id = $1 ORDER BY \"start\", id",

    [SQL_MERGE_ADD] = "INSERT INTO merge (id, noun, from_id, into_id, merged_at) VALUES ($1, $2, $3, $4, $5)",
    [SQL_MERGE_LAST] =
        "SELECT id, into_id FROM merge WHERE noun = $1 AND from_id = $2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
    [SQL_FOLDED] = "SELECT into_id FROM merge WHERE noun = $1 AND from_id = $2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
    [SQL_MERGE_UNDO] = "UPDATE merge SET undone_at = $2 WHERE id = $1",
    [SQL_MOVE_ADD] = "INSERT INTO merge_move (merge_id, position, noun, id, version) VALUES ($1, $2, $3, $4, $5)",
    [SQL_MOVES] = "SELECT noun, id, version FROM merge_move WHERE merge_id = $1 ORDER BY position DESC",

    /* How the record spreads over a facet's values: $1 noun, $2 facet, $3 value, $4 how many more. */
    [SQL_SPREAD_ADD] = "INSERT INTO spread (noun, facet, value, total) VALUES ($1, $2, $3, $4)\n"
                       "ON CONFLICT (noun, facet, value) DO UPDATE SET total = total + excluded.total",
    [SQL_SPREAD_DELETE] = "DELETE FROM spread WHERE noun = $1 AND facet = $2 AND value = $3 AND total = 0",
    [SQL_LAST_CHANGE_AT] = "SELECT at FROM change WHERE seq = (SELECT max(seq) FROM change)",

    /* Counts over time, in its order: $1 and $2 are where to begin and end. The two last are counted by who reads them: to group
     * them here would sort all rows. */
    [SQL_SERIES_ARTICLES] = "SELECT published_at, count(*) FROM article\n"
                            "WHERE deleted_at IS NULL AND published_at >= $1 AND published_at < $2\n"
                            "GROUP BY published_at ORDER BY published_at",
    [SQL_SERIES_CLAIMS] = "SELECT said_on, count(*) FROM claim\n"
                          "WHERE deleted_at IS NULL AND merged_into_id IS NULL AND said_on >= $1 AND said_on < $2\n"
                          "GROUP BY said_on ORDER BY said_on",
    /* A meeting of which only the month or the year is known would stand on its first day. */
    [SQL_SERIES_MEETINGS] = "SELECT starts_on, count(*) FROM meeting\n"
                            "WHERE deleted_at IS NULL AND starts_on >= $1 AND starts_on < $2\n"
                            "  AND (precision IS NULL OR precision IN ('day', 'minute') OR ($3 <> 0 AND precision = 'month'))\n"
                            "GROUP BY starts_on ORDER BY starts_on",
    [SQL_SERIES_STANCES] = "SELECT said_on, 1, stance FROM claim\n"
                           "WHERE deleted_at IS NULL AND merged_into_id IS NULL AND said_on >= $1 AND said_on < $2\n"
                           "ORDER BY said_on",
    [SQL_SERIES_TOPICS] = "SELECT said_on, 1, slug\n"
                          "FROM claim JOIN claim_topic ON claim_id = claim.id JOIN topic ON topic.id = topic_id\n"
                          "WHERE claim.deleted_at IS NULL AND merged_into_id IS NULL AND said_on >= $1 AND said_on < $2\n"
                          "ORDER BY said_on",

    /* What an article's findings are linked by (linking.c). */
    [SQL_ACTOR_KEYS_DELETE] = "DELETE FROM actor_key WHERE actor_id = $1",
    [SQL_ACTOR_KEYS_ADD] = "INSERT INTO actor_key (key, actor_id)\n"
                           "SELECT DISTINCT key, $1\n"
                           "FROM (SELECT name_key(text, 'words') AS key FROM actor_named WHERE id = $1\n"
                           "      UNION ALL\n"
                           "      SELECT name_key(text, 'last') FROM actor_named WHERE id = $1 AND kind = 'person'\n"
                           "      UNION ALL\n"
                           "      SELECT name_key(text, 'sound') FROM actor_named WHERE id = $1 AND kind = 'person') AS some\n"
                           "WHERE key IS NOT NULL",
    [SQL_CLAIM_KEY_SET] = "INSERT INTO claim_key (claim_id, hash) SELECT id, words_hash(text) FROM claim WHERE id = $1\n"
                          "ON CONFLICT (claim_id) DO UPDATE SET hash = excluded.hash",

    /* Actors named so: $1 the name, $2 which of its keys. One that was merged leads to the one that took it in. */
    [SQL_NAMED] = "SELECT DISTINCT actor.id, actor.name, actor.kind, actor.country, actor.status = 'confirmed'\n"
                  "FROM actor_key\n"
                  "JOIN actor AS named ON named.id = actor_id AND named.deleted_at IS NULL\n"
                  "JOIN actor ON actor.id = coalesce(named.merged_into_id, named.id) AND actor.deleted_at IS NULL\n"
                  "WHERE key = name_key($1, $2) ORDER BY actor.id LIMIT $3",
    /* The same for a name of one word, which is the last one of theirs. */
    [SQL_SURNAMED] = "SELECT DISTINCT actor.id, actor.name, actor.kind, actor.country, actor.status = 'confirmed'\n"
                     "FROM actor_key\n"
                     "JOIN actor AS named ON named.id = actor_id AND named.deleted_at IS NULL\n"
                     "JOIN actor ON actor.id = coalesce(named.merged_into_id, named.id) AND actor.deleted_at IS NULL\n"
                     "WHERE key = '-' || name_key($1, 'words') AND $2 = 'last' ORDER BY actor.id LIMIT $3",
    /* Those whose last word sounds like it: "~rbkv ", and whatever initial comes behind. */
    [SQL_SOUNDING] = "SELECT DISTINCT actor.id, actor.name, actor.kind, actor.country, actor.status = 'confirmed'\n"
                     "FROM actor_key\n"
                     "JOIN actor AS named ON named.id = actor_id AND named.deleted_at IS NULL\n"
                     "JOIN actor ON actor.id = coalesce(named.merged_into_id, named.id) AND actor.deleted_at IS NULL\n"
                     "WHERE key >= name_key($1, $2) AND key < rtrim(name_key($1, $2)) || '!' ORDER BY actor.id LIMIT $3",
    /* How articles spell an actor; of one that a thousand articles name, so many mentions tell enough. */
    [SQL_PRINTED_NAMES] = "SELECT text, count(DISTINCT article_id), min(coalesce(published_at, '~'))\n"
                          "FROM (SELECT mention.text, mention.article_id FROM mention\n"
                          "      WHERE actor_id = $1 AND (form IN ('name', 'misspelling') OR ($2 <> 0 AND form = 'nominal'))\n"
                          "      LIMIT 500) AS some\n"
                          "JOIN article ON article.id = article_id AND deleted_at IS NULL\n"
                          "GROUP BY text ORDER BY 2 DESC, text LIMIT $3",
    [SQL_NAME_GIVE] = "INSERT INTO actor_given (actor_id, name) VALUES ($1, $2)\n"
                      "ON CONFLICT (actor_id) DO UPDATE SET name = excluded.name",
    [SQL_NAME_GIVEN] = "SELECT 1 FROM actor_given WHERE actor_id = $1 AND name = $2",
    [SQL_STATE_OF] = "SELECT min(id) FROM actor\n"
                     "WHERE country = $1 AND kind = 'state' AND deleted_at IS NULL AND merged_into_id IS NULL",
    [SQL_REPORT_IN] = "SELECT min(id) FROM report WHERE article_id = $2 AND claim_id = $1",
    [SQL_SAME_TEXT] = "SELECT id, outlet_id, near_duplicate_of, external_id, url FROM article\n"
                      "WHERE sha256 = $1 AND deleted_at IS NULL ORDER BY id LIMIT $2",
    [SQL_NEAR] = "SELECT article.id, text\n"
                 "FROM (SELECT article_id, count(*) AS shared FROM article_band\n"
                 "      WHERE band IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) GROUP BY article_id) AS some\n"
                 "JOIN article ON article.id = some.article_id AND deleted_at IS NULL\n"
                 "JOIN article_text ON article_text.article_id = article.id\n"
                 "ORDER BY shared DESC, article.id LIMIT $13",
    /* What reports are matched by (matching.c). The speaker is whom the article names, where it names one. */
    [SQL_TRAIT] = COMPARED "WHERE report_trait.report_id = $1 AND claim.deleted_at IS NULL LIMIT $2",
    [SQL_TRAITS_OF_CLAIM] = COMPARED "WHERE report.claim_id = $1 ORDER BY report.id LIMIT $2",
    [SQL_TRAIT_SET] = "INSERT INTO report_trait (report_id, party, day, said, gist, reading) VALUES ($1, $2, $3, $4, $5, $6)\n"
                      "ON CONFLICT (report_id) DO UPDATE SET party = excluded.party, day = excluded.day, said = excluded.said,\n"
                      "    gist = excluded.gist, reading = excluded.reading",
    [SQL_TRAIT_DELETE] = "DELETE FROM report_trait WHERE report_id = $1",
    [SQL_CONCEPT_ADD] = "INSERT INTO report_concept (key, day, report_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [SQL_CONCEPT_DELETE] = "DELETE FROM report_concept WHERE key = $1 AND day = $2 AND report_id = $3",
    [SQL_ALIKE] = "SELECT report_id FROM report_concept WHERE key = $1 AND day >= $2 AND day <= $3\n"
                  "ORDER BY day DESC, report_id DESC LIMIT $4",
    /* For whom an actor speaks: the country of the state or government that it belongs to, else the body at the top, else itself.
     * A source without a name that belongs to nobody speaks for nobody. */
    [SQL_PARTY] = "WITH RECURSIVE some (id, kind, country, affiliation_id, height) AS (\n"
                  "    SELECT id, kind, country, affiliation_id, 0 FROM actor WHERE id = $1\n"
                  "    UNION ALL\n"
                  "    SELECT actor.id, actor.kind, actor.country, actor.affiliation_id, height + 1\n"
                  "    FROM some JOIN actor ON actor.id = some.affiliation_id\n"
                  "    WHERE height < 8 AND some.kind <> 'state'\n"
                  ")\n"
                  "SELECT CASE WHEN country IS NOT NULL AND kind IN ('state', 'government', 'group', 'anonymous') THEN country\n"
                  "            WHEN kind <> 'anonymous' THEN CAST(id AS TEXT) END\n"
                  "FROM some\n"
                  "ORDER BY (country IS NOT NULL AND kind IN ('state', 'government')) DESC, height DESC LIMIT 1",
    [SQL_ARE_APART] = "SELECT 1 FROM claim_apart WHERE claim_id = $1 AND other_id = $2",
    [SQL_APART_ADD] = "INSERT INTO claim_apart (claim_id, other_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    [SQL_APART_DELETE] = "DELETE FROM claim_apart WHERE (claim_id = $1 AND other_id = $2) OR (claim_id = $2 AND other_id = $1)",
    [SQL_APART_FOLLOW] = "INSERT INTO claim_apart (claim_id, other_id)\n"
                         "SELECT $2, other_id FROM claim_apart WHERE claim_id = $1 ON CONFLICT DO NOTHING",
    [SQL_APART_FOLLOW_BACK] = "INSERT INTO claim_apart (claim_id, other_id)\n"
                              "SELECT other_id, $2 FROM claim_apart WHERE claim_id = $1 ON CONFLICT DO NOTHING",
    [SQL_DERIVED] = "SELECT words, speaker_id, on_behalf_of_id FROM claim_derived WHERE claim_id = $1",
    [SQL_DERIVED_SET] = "INSERT INTO claim_derived (claim_id, words, speaker_id, on_behalf_of_id) VALUES ($1, $2, $3, $4)\n"
                        "ON CONFLICT (claim_id) DO UPDATE SET words = excluded.words, speaker_id = excluded.speaker_id,\n"
                        "    on_behalf_of_id = excluded.on_behalf_of_id",
    [SQL_BAND_ADD] = "INSERT INTO article_band (band, article_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",

    /* What an article has evidence of, above $2. */
    [SQL_CLAIMS_OF_ARTICLE] =
        "SELECT DISTINCT claim_id FROM report WHERE article_id = $1 AND claim_id > $2 ORDER BY claim_id LIMIT $3",
    [SQL_MEETINGS_OF_ARTICLE] = "SELECT DISTINCT meeting_id FROM meeting_evidence\n"
                                "WHERE article_id = $1 AND meeting_id > $2 ORDER BY meeting_id LIMIT $3",
    [SQL_ACTORS_OF_ARTICLE] =
        "SELECT DISTINCT actor_id FROM mention WHERE article_id = $1 AND actor_id > $2 ORDER BY actor_id LIMIT $3",
    [SQL_DISCREPANCIES_OF_ARTICLE] = "SELECT DISTINCT discrepancy_id FROM discrepancy_evidence\n"
                                     "WHERE article_id = $1 AND discrepancy_id > $2 ORDER BY discrepancy_id LIMIT $3",
    /* Whether anything that is there names the actor. */
    [SQL_ACTOR_IS_USED] = "SELECT EXISTS (SELECT 1 FROM mention WHERE actor_id = $1)\n"
                          "    OR EXISTS (SELECT 1 FROM claim WHERE speaker_id = $1 AND deleted_at IS NULL)\n"
                          "    OR EXISTS (SELECT 1 FROM claim WHERE on_behalf_of_id = $1 AND deleted_at IS NULL)\n"
                          "    OR EXISTS (SELECT 1 FROM claim WHERE addressee_id = $1 AND deleted_at IS NULL)\n"
                          "    OR EXISTS (SELECT 1 FROM report WHERE speaker_id = $1)\n"
                          "    OR EXISTS (SELECT 1 FROM report_via WHERE actor_id = $1)\n"
                          "    OR EXISTS (SELECT 1 FROM meeting_participant JOIN meeting ON id = meeting_id\n"
                          "               WHERE actor_id = $1 AND deleted_at IS NULL)\n"
                          "    OR EXISTS (SELECT 1 FROM actor WHERE affiliation_id = $1 AND deleted_at IS NULL)\n"
                          "    OR EXISTS (SELECT 1 FROM actor WHERE merged_into_id = $1 AND deleted_at IS NULL)\n"
                          "    OR EXISTS (SELECT 1 FROM article WHERE outlet_id = $1)\n"
                          "    OR EXISTS (SELECT 1 FROM discrepancy WHERE actor_id = $1 AND deleted_at IS NULL)",

    /* What discrepancies are noticed by (noticing.c). An article that repeats another one is of its origin. */
    [SQL_ARTICLE_FACTS] = "SELECT coalesce(original.outlet_id, -original.id, article.outlet_id, -article.id),\n"
                          "       article.published_at, article.sha256, article.deleted_at\n"
                          "FROM article LEFT JOIN article AS original ON original.id = article.near_duplicate_of\n"
                          "WHERE article.id = $1",
    [SQL_NAMINGS] = "SELECT article_id, \"start\", \"end\", text, form, reported_title FROM mention\n"
                    "WHERE actor_id = $1 AND (SELECT deleted_at FROM article WHERE article.id = mention.article_id) IS NULL\n"
                    "ORDER BY article_id DESC, id DESC LIMIT $2",
    [SQL_TERMS_DELETE] = "DELETE FROM article_term WHERE article_id = $1",
    [SQL_TERM_ADD] = "INSERT INTO article_term (handle, article_id, \"start\", \"end\", text) VALUES ($1, $2, $3, $4, $5)\n"
                     "ON CONFLICT DO NOTHING",
    [SQL_TERMS_IN] = "SELECT handle, article_id, \"start\", \"end\", text FROM article_term\n"
                     "WHERE article_id = $1 ORDER BY handle, \"start\" LIMIT $2",
    [SQL_TERMS_CALLED] =
        "SELECT handle, article_id, \"start\", \"end\", text FROM article_term\n"
        "WHERE handle = $1 AND (SELECT deleted_at FROM article WHERE article.id = article_term.article_id) IS NULL\n"
        "ORDER BY article_id DESC, \"start\" DESC LIMIT $2",
    [SQL_NOTICED_AT_ACTOR] = NOTICED_AT("actor"),
    [SQL_NOTICED_AT_MEETING] = NOTICED_AT("meeting"),
    [SQL_NOTICED_AT_CLAIM] = NOTICED_AT("claim"),
    [SQL_NOTICED_AT_ARTICLE] = "SELECT DISTINCT discrepancy_key.discrepancy_id, key, mark, withdrawn\n"
                               "FROM discrepancy_evidence\n"
                               "JOIN discrepancy_key ON discrepancy_key.discrepancy_id = discrepancy_evidence.discrepancy_id\n"
                               "WHERE discrepancy_evidence.article_id = $1 AND noun = 'article'\n"
                               "ORDER BY key, discrepancy_key.discrepancy_id LIMIT $2",
    [SQL_NOTICED_SO] = "SELECT discrepancy_id, key, mark, withdrawn FROM discrepancy_key\n"
                       "WHERE noun = 'article' AND key = $1 ORDER BY discrepancy_id LIMIT 1",
    [SQL_WRITTEN_ABOUT_ACTOR] = WRITTEN_ABOUT("actor"),
    [SQL_WRITTEN_ABOUT_MEETING] = WRITTEN_ABOUT("meeting"),
    [SQL_WRITTEN_ABOUT_CLAIM] = WRITTEN_ABOUT("claim"),
    [SQL_NOTICED_SET] = "INSERT INTO discrepancy_key (discrepancy_id, noun, key, mark, withdrawn) VALUES ($1, $2, $3, $4, $5)\n"
                        "ON CONFLICT (discrepancy_id) DO UPDATE SET mark = excluded.mark, withdrawn = excluded.withdrawn",
    [SQL_DISPUTED_ACTORS] = DISPUTED("actor"),
    [SQL_DISPUTED_MEETINGS] = DISPUTED("meeting"),
    [SQL_DISPUTED_CLAIMS] = DISPUTED("claim"),

    /* What articles say of meetings, in an order of the articles that is not that of their ids (sightings.c). */
    [SQL_SIGHTINGS] = "SELECT article_id, position, substr(published_at, 1, 10), sha256, reading\n"
                      "FROM sighting JOIN article ON article.id = article_id\n"
                      "WHERE meeting_id = $1 ORDER BY article_id, position LIMIT $2",
    [SQL_SIGHTINGS_IN] = "SELECT position, meeting_id, reading FROM sighting WHERE article_id = $1 ORDER BY position LIMIT $2",
    [SQL_SIGHTING_SET] = "INSERT INTO sighting (article_id, position, meeting_id, reading) VALUES ($1, $2, $3, $4)\n"
                         "ON CONFLICT (article_id, position) DO UPDATE SET meeting_id = excluded.meeting_id,\n"
                         "    reading = excluded.reading",
    [SQL_SIGHTING_DELETE] = "DELETE FROM sighting WHERE article_id = $1 AND position = $2",
    [SQL_SIGHTING_KEY_ADD] = "INSERT INTO sighting_key (key, loose, day, meeting_id, article_id, position)\n"
                             "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    [SQL_SIGHTING_KEYS_DELETE] = "DELETE FROM sighting_key WHERE article_id = $1 AND position = $2",
    /* The meeting's own keys, where a person decided on it or no article was read that speaks of it. */
    [SQL_SIGHTING_OWN_KEYS] =
        "WITH own AS (\n"
        "    SELECT id, starts_on, city, CASE WHEN kind IN ('briefing', 'call', 'visit') THEN kind ELSE 'meeting' END AS sort\n"
        "    FROM meeting\n"
        "    WHERE id = $1 AND deleted_at IS NULL AND starts_on IS NOT NULL AND coalesce(precision, 'day') IN ('day', 'minute')\n"
        "      AND (review <> 'extracted' OR NOT EXISTS (SELECT 1 FROM sighting WHERE meeting_id = $1))\n"
        "), party AS (\n"
        "    SELECT DISTINCT coalesce(actor.country, body.country, lower(actor.name)) AS name\n"
        "    FROM meeting_participant\n"
        "    JOIN actor ON actor.id = actor_id\n"
        "    LEFT JOIN actor AS body ON body.id = actor.affiliation_id\n"
        "    WHERE meeting_id = $1\n"
        ")\n"
        "INSERT INTO sighting_key (key, loose, day, meeting_id, article_id, position)\n"
        "SELECT sort || ' at ' || lower(city), 0, starts_on, id, 0, id FROM own WHERE city IS NOT NULL\n"
        "UNION ALL\n"
        "SELECT sort || ' some ' || name, 0, starts_on, id, 0, id FROM own, party\n"
        "UNION ALL\n"
        "SELECT sort || ' only ' || name, 0, starts_on, id, 0, id FROM own, party WHERE (SELECT count(*) FROM party) = 1\n"
        "UNION ALL\n"
        "SELECT sort || ' ' || party.name || ' ' || other.name, 0, starts_on, id, 0, id\n"
        "FROM own, party, party AS other WHERE party.name < other.name",
    [SQL_SIGHTED] = "SELECT DISTINCT meeting_id FROM sighting_key\n"
                    "WHERE key = $1 AND loose = $2 AND day >= $3 AND day <= $4 LIMIT $5",
    [SQL_VOICE_SET] =
        "INSERT INTO voice (article_id, position, actor_id, meeting_id, party, name) VALUES ($1, $2, $3, $4, $5, $6)\n"
        "ON CONFLICT (article_id, position) DO UPDATE SET actor_id = excluded.actor_id, meeting_id = excluded.meeting_id,\n"
        "    party = excluded.party, name = excluded.name",
    [SQL_VOICES_DELETE] = "DELETE FROM voice WHERE article_id = $1",
    [SQL_VOICES_MOVE] = "UPDATE voice SET meeting_id = $2 WHERE meeting_id = $1 AND ($3 = 0 OR article_id = $3)",
    [SQL_VOICES_AT] = "SELECT DISTINCT coalesce(merged_into_id, id)\n"
                      "FROM voice JOIN actor ON actor.id = actor_id AND deleted_at IS NULL\n"
                      "WHERE meeting_id = $1 AND party = $2 LIMIT $3",
    [SQL_VOICES_OF] = "SELECT article_id, position, meeting_id, party, name FROM voice\n"
                      "WHERE actor_id = $1 OR actor_id IN (SELECT id FROM actor WHERE merged_into_id = $1)\n"
                      "ORDER BY name, article_id, position LIMIT $2",
    [SQL_TAKEN_APART] = "SELECT EXISTS (SELECT 1 FROM merge\n"
                        "               WHERE noun = $1 AND from_id = $2 AND into_id = $3 AND undone_at IS NOT NULL)\n"
                        "    OR EXISTS (SELECT 1 FROM merge\n"
                        "               WHERE noun = $1 AND from_id = $3 AND into_id = $2 AND undone_at IS NOT NULL)",

    /* What articles tell of meetings (details.c): those of the articles with evidence of $1. Who was merged counts as the one
     * that took him in; a party is a country, or a body of none. */
    [SQL_DETAILS_DELETE] = "DELETE FROM meeting_detail WHERE article_id = $1",
    [SQL_DETAIL_ADD] = "INSERT INTO meeting_detail (article_id, mention, position, kind, value, until, part_of_day, side_id,\n"
                       "                            actor_id, \"start\", \"end\")\n"
                       "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    [SQL_DETAILS_OF_MEETING] =
        "SELECT DISTINCT detail.article_id, detail.mention, detail.kind, detail.value, detail.until, detail.part_of_day,\n"
        "       side.name, coalesce(side.country, '#' || side.id), coalesce(leader.merged_into_id, leader.id), leader.name,\n"
        "       detail.\"start\", detail.\"end\"\n"
        "FROM meeting_evidence AS evidence\n"
        "JOIN meeting_detail AS detail\n"
        "  ON detail.article_id = evidence.article_id AND detail.mention = evidence.\"start\"\n"
        "JOIN article ON article.id = detail.article_id AND article.deleted_at IS NULL\n"
        "LEFT JOIN actor AS side ON side.id = detail.side_id\n"
        "LEFT JOIN actor AS leader ON leader.id = detail.actor_id\n"
        "WHERE evidence.meeting_id = $1\n"
        "ORDER BY detail.article_id, detail.mention, detail.position LIMIT $2",
    /* Meetings from $2 to $3 that two of the parties of $1 take part in; of press calls, whose parties are often not told, all
     * others of these days. Of a thousand in these days the rest is not looked at. */
    [SQL_MEETINGS_BESIDE] =
        "SELECT meeting.id\n"
        "FROM (SELECT id FROM meeting\n"
        "      WHERE starts_on >= $2 AND starts_on <= $3 AND deleted_at IS NULL AND review <> 'rejected'\n"
        "      ORDER BY starts_on, id LIMIT 1000) AS some\n"
        "JOIN meeting ON meeting.id = some.id\n"
        "JOIN meeting AS own ON own.id = $1\n"
        "WHERE (meeting.kind = 'briefing') = (own.kind = 'briefing')\n"
        "  AND (own.kind = 'briefing'\n"
        "       OR 2 <= (SELECT count(DISTINCT coalesce(actor.country, '#' || actor.id))\n"
        "                FROM meeting_participant JOIN actor ON actor.id = actor_id\n"
        "                WHERE meeting_id = meeting.id\n"
        "                  AND coalesce(actor.country, '#' || actor.id) IN\n"
        "                      (SELECT coalesce(party.country, '#' || party.id)\n"
        "                       FROM meeting_participant AS ours JOIN actor AS party ON party.id = ours.actor_id\n"
        "                       WHERE ours.meeting_id = $1)))\n"
        "ORDER BY meeting.starts_on, meeting.id LIMIT $4",
    /* Meetings from $2 to $3 of the kind of $1, one of which names few parties, where articles that speak of the one and of the
     * other carry the same claim. Of the articles of $1 and of what they share a few are looked at. */
    [SQL_MEETINGS_OF_STORY] =
        "SELECT DISTINCT meeting.id, meeting.starts_on\n"
        "FROM (SELECT DISTINCT theirs.article_id\n"
        "      FROM (SELECT DISTINCT article_id FROM meeting_evidence\n"
        "            WHERE meeting_id = $1 ORDER BY article_id LIMIT 16) AS some\n"
        "      JOIN report AS mine ON mine.article_id = some.article_id\n"
        "      JOIN report AS theirs ON theirs.claim_id = mine.claim_id AND theirs.article_id <> mine.article_id\n"
        "      LIMIT 64) AS shared\n"
        "JOIN meeting_evidence AS evidence ON evidence.article_id = shared.article_id\n"
        "JOIN meeting ON meeting.id = evidence.meeting_id\n"
        "JOIN meeting AS own ON own.id = $1\n"
        "WHERE meeting.starts_on >= $2 AND meeting.starts_on <= $3 AND meeting.deleted_at IS NULL\n"
        "  AND meeting.review <> 'rejected' AND meeting.kind = own.kind AND own.kind <> 'briefing'\n"
        "  AND ((SELECT count(*) FROM meeting_participant WHERE meeting_id = meeting.id) < 2\n"
        "       OR (SELECT count(*) FROM meeting_participant WHERE meeting_id = $1) < 2)\n"
        "ORDER BY meeting.starts_on, meeting.id LIMIT $4",

    /* The texts of an article (revising.c). */
    [SQL_REVISION_NEWEST] = "SELECT coalesce(max(number), 0) FROM article_revision WHERE article_id = $1",
    [SQL_REVISION_TEXT] = "SELECT text FROM article_revision WHERE article_id = $1 AND number = $2 AND text IS NOT NULL",
    [SQL_REVISION_SEEN] = "INSERT INTO article_revision (article_id, number, document, quotes, text) VALUES ($1, $2, $3, $4, $5)",
    [SQL_REVISION_TEXT_SET] = "UPDATE article_revision SET text = $3 WHERE article_id = $1 AND number = $2",
    [SQL_ARTICLE_TEXT_SET] = "UPDATE article_text SET text = $2 WHERE article_id = $1",
    [SQL_REVISIONS] = "SELECT number, document FROM article_revision\n"
                      "WHERE article_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
    [SQL_REVISION_WHOLE] = "SELECT document, quotes, coalesce(article_revision.text, article_text.text)\n"
                           "FROM article_revision JOIN article_text ON article_text.article_id = article_revision.article_id\n"
                           "WHERE article_revision.article_id = $1 AND number = $2",
    [SQL_BANDS_DELETE] = "DELETE FROM article_band WHERE article_id = $1",
    /* The reports of claims that are there. */
    [SQL_REPORTS_IN] = "SELECT report.document FROM report\n"
                       "JOIN claim ON claim.id = claim_id AND claim.deleted_at IS NULL AND claim.merged_into_id IS NULL\n"
                       "WHERE article_id = $1 ORDER BY report.id",
    /* What is new in article $1 (novelty.c). */
    [SQL_TOLD_IN] = "SELECT report.id, report.claim_id, coalesce(report.speaker_id, claim.speaker_id), claim.text,\n"
                    "       report.document\n"
                    "FROM report\n"
                    "JOIN claim ON claim.id = claim_id AND claim.deleted_at IS NULL AND claim.merged_into_id IS NULL\n"
                    "WHERE article_id = $1 AND revision IS NULL ORDER BY report.id LIMIT $2",
    [SQL_ACTORS_FIRST_SEEN] =
        "SELECT actor.id, actor.name, actor.kind, NULL\n"
        "FROM (SELECT DISTINCT actor_id FROM mention WHERE article_id = $1) AS some\n"
        "JOIN actor ON actor.id = some.actor_id AND actor.deleted_at IS NULL AND actor.merged_into_id IS NULL\n"
        "WHERE NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT article_id FROM mention\n"
        "                                 WHERE mention.actor_id = some.actor_id LIMIT 20000) AS counted\n"
        "                  JOIN article ON article.id = counted.article_id AND article.deleted_at IS NULL\n"
        "                  WHERE " CAME_BEFORE ")\n"
        "ORDER BY actor.id LIMIT $3",
    [SQL_MEETINGS_FIRST_SEEN] =
        "SELECT meeting.id, meeting.name, meeting.kind, meeting.starts_on\n"
        "FROM (SELECT DISTINCT meeting_id FROM meeting_evidence WHERE article_id = $1 AND revision IS NULL) AS some\n"
        "JOIN meeting ON meeting.id = some.meeting_id AND meeting.deleted_at IS NULL\n"
        "WHERE NOT EXISTS (SELECT 1 FROM meeting_evidence AS others\n"
        "                  JOIN article ON article.id = others.article_id AND article.deleted_at IS NULL\n"
        "                  WHERE others.meeting_id = some.meeting_id AND " CAME_BEFORE ")\n"
        "ORDER BY meeting.id LIMIT $3",
    [SQL_ACTORS_SEEN] = "SELECT count(DISTINCT actor_id) FROM mention WHERE article_id = $1",
    [SQL_MEETINGS_SEEN] = "SELECT count(DISTINCT meeting_id) FROM meeting_evidence WHERE article_id = $1 AND revision IS NULL\n"
                          "  AND (SELECT deleted_at FROM meeting WHERE meeting.id = meeting_id) IS NULL",
    [SQL_DISPUTES_IN] =
        "SELECT document FROM discrepancy\n"
        "WHERE id IN (SELECT discrepancy_id FROM discrepancy_evidence WHERE article_id = $1 AND revision IS NULL)\n"
        "  AND deleted_at IS NULL ORDER BY id LIMIT $2",
    /* The article of that URL, else of that external_id. */
    [SQL_ARTICLE_KNOWN] = "SELECT id FROM article WHERE url = $1 AND deleted_at IS NULL\n"
                          "UNION ALL SELECT id FROM article WHERE external_id = $2 AND deleted_at IS NULL\n"
                          "LIMIT 1",

    /* Who stands where (positions.c). $1 the claim, $2 one of its topics. */
    [SQL_POSITIONS_DELETE] = "DELETE FROM position WHERE claim_id = $1",
    [SQL_POSITION_ADD] =
        "INSERT INTO position (topic_id, actor_id, day, claim_id, speaker_id, stance)\n"
        "SELECT $2, coalesce(on_behalf_of_id, speaker_id),\n"
        "       coalesce(said_on,\n"
        "                (SELECT min(substr(published_at, 1, 10)) FROM report JOIN article ON article.id = article_id\n"
        "                 WHERE report.claim_id = claim.id AND article.deleted_at IS NULL),\n"
        "                ''),\n"
        "       id, speaker_id, stance\n"
        "FROM claim\n"
        "WHERE id = $1 AND deleted_at IS NULL AND merged_into_id IS NULL AND status <> 'rejected'\n"
        "  AND coalesce(on_behalf_of_id, speaker_id) IS NOT NULL",
    [SQL_TOPICS_OF_CLAIM] = "SELECT DISTINCT topic_id FROM claim_topic WHERE claim_id = $1 AND topic_id > $2\n"
                            "ORDER BY topic_id LIMIT $3",
    [SQL_POSITION_TOPIC] = "SELECT id, slug FROM topic WHERE deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2",
    [SQL_POSITION_ACTOR] = "SELECT id, affiliation_id, kind, country, name FROM actor WHERE id = $1 AND deleted_at IS NULL",
    /* One step in the index for each of them, however much they said. */
    [SQL_POSITION_PRINCIPALS] =
        "WITH RECURSIVE some (one) AS (\n"
        "    SELECT min(actor_id) FROM position WHERE topic_id = $1\n"
        "    UNION ALL\n"
        "    SELECT (SELECT min(actor_id) FROM position WHERE topic_id = $1 AND actor_id > one) FROM some WHERE one IS NOT NULL\n"
        ")\n"
        "SELECT id, affiliation_id, kind, country, name FROM some JOIN actor ON id = one WHERE deleted_at IS NULL",
    [SQL_POSITION_MEMBERS] = "SELECT id, affiliation_id, kind, country, name FROM actor\n"
                             "WHERE affiliation_id = $1 AND deleted_at IS NULL AND merged_into_id IS NULL LIMIT $2",
    [SQL_POSITION_STATE_MEMBERS] = "SELECT id, affiliation_id, kind, country, name FROM actor\n"
                                   "WHERE affiliation_id = $1 AND deleted_at IS NULL AND merged_into_id IS NULL\n"
                                   "UNION\n"
                                   "SELECT id, affiliation_id, kind, country, name FROM actor\n"
                                   "WHERE country = $3 AND kind = 'government' AND affiliation_id IS NULL AND deleted_at IS NULL "
                                   "AND merged_into_id IS NULL\n"
                                   "LIMIT $2",
    [SQL_POSITIONS_HELD] = "SELECT day, claim_id, stance FROM position\n"
                           "WHERE topic_id = $1 AND actor_id = $2 AND day >= $3 AND day <= $4\n"
                           "ORDER BY day DESC, claim_id DESC LIMIT $5",
    [SQL_POSITIONS_SPOKEN] = "SELECT day, claim_id, stance FROM position\n"
                             "WHERE topic_id = $1 AND speaker_id = $2 AND day >= $3 AND day <= $4\n"
                             "ORDER BY day DESC, claim_id DESC LIMIT $5",
    [SQL_POSITION_CLAIM] = "SELECT text, said_on, report_count, outlet_count, origin_count, actor.id, actor.name\n"
                           "FROM claim LEFT JOIN actor ON actor.id = speaker_id WHERE claim.id = $1",

    /* What verifies a quotation (quoting.c). */
    [SQL_QUOTING_ARTICLES] = "SELECT rowid FROM article_search WHERE article_search MATCH $1 ORDER BY rowid DESC LIMIT $2",
    [SQL_QUOTED_ARTICLE] = "SELECT article.title, url, published_at, outlet_id, name\n"
                           "FROM article LEFT JOIN actor ON actor.id = outlet_id WHERE article.id = $1",
    [SQL_QUOTED_REPORTS] = "SELECT report.id, claim.id, report.document, speaker.id, speaker.name, speaker.affiliation_id,\n"
                           "       on_behalf_of_id\n"
                           "FROM report\n"
                           "JOIN claim ON claim.id = claim_id AND claim.deleted_at IS NULL AND claim.merged_into_id IS NULL\n"
                           "          AND claim.status <> 'rejected'\n"
                           "LEFT JOIN actor AS speaker ON speaker.id = coalesce(report.speaker_id, claim.speaker_id)\n"
                           "WHERE article_id = $1 AND revision IS NULL ORDER BY report.id",

    /* Other claims in the words of $1. */
    [SQL_SAME_WORDS] = "SELECT claim_id\n"
                       "FROM claim_key JOIN claim ON id = claim_id\n"
                       "WHERE hash = (SELECT hash FROM claim_key WHERE claim_id = $1) AND claim_id <> $1\n"
                       "  AND deleted_at IS NULL AND merged_into_id IS NULL\n"
                       "  AND words_key(text) = (SELECT words_key(text) FROM claim WHERE id = $1)\n"
                       "ORDER BY claim_id LIMIT $2",
    /* Where article $1 last names actor $2 before $3. */
    [SQL_NAMED_BEFORE] = "SELECT \"start\", \"end\" FROM mention\n"
                         "WHERE article_id = $1 AND actor_id = $2 AND \"start\" < $3\n"
                         "  AND form IN ('name', 'alias', 'misspelling')\n"
                         "ORDER BY \"start\" DESC LIMIT 1",

    /* Answers to writes, by what they were asked with (idempotency.c). $2: when the oldest was kept that still counts. */
    [SQL_ANSWER] = "SELECT request, status, headers, body FROM kept_answer WHERE scope = $1 AND kept_at >= $2",
    [SQL_ANSWER_ADD] = "INSERT INTO kept_answer (scope, request, kept_at, status, headers, body) VALUES ($1, $2, $3, $4, $5, $6)",
    [SQL_ANSWER_DELETE] = "DELETE FROM kept_answer WHERE scope = $1",
    [SQL_ANSWERS_PRUNE] = "DELETE FROM kept_answer\n"
                          "WHERE id IN (SELECT id FROM kept_answer ORDER BY id LIMIT $2) AND kept_at < $1",

    [SQL_SECRET] = "SELECT value FROM secret WHERE name = $1",
    [SQL_SECRET_ADD] = "INSERT INTO secret (name, value) VALUES ($1, $2)",

    [SQL_API_KEY] = API_KEY "WHERE prefix = $1",
    [SQL_API_KEY_AFTER] = API_KEY "WHERE id > $1 ORDER BY id LIMIT 1",
    [SQL_API_KEY_ADD] = "INSERT INTO api_key (prefix, hash, name, scopes, networks, created_at, expires_at)\n"
                        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [SQL_API_KEY_REVOKE] = "UPDATE api_key SET revoked_at = coalesce(revoked_at, $2) WHERE prefix = $1 RETURNING id",
    [SQL_API_KEY_USED] = "UPDATE api_key SET last_used_at = $2 WHERE id = $1",
};

const char *sql_text(enum sql sql)
{
    assert(sql > SQL_NONE && sql < SQL_COUNT);
    return texts[sql];
}

struct statement *sql_statement(struct engine *engine, enum sql sql)
{
    struct statement *statement = engine_kept(engine, sql);
    return statement ? statement : engine_keep(engine, sql, sql_text(sql));
}

/* ---- statements made from the record's tables ------------------------------------------------------------- */

static struct statement *keep(struct engine *engine, uint64_t key, const struct sql_text *text)
{
    return engine_keep(engine, key, text->data);
}

static bool has_column(const struct field *field)
{
    return field->type != FIELD_JSON && field->type != FIELD_CHILDREN;
}

struct statement *made_row(struct engine *engine, enum noun noun, bool with_text)
{
    uint64_t key = made_key(with_text ? MADE_ROW_TEXT : MADE_ROW, noun, 0, 0);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    const char *table = record_of(noun)->name;
    if (with_text)
        sql_add(&text,
                "SELECT version, deleted_at, document, text FROM article JOIN article_text ON article_id = id WHERE id = $1");
    else if (noun < NOUN_RESOURCES)
        sql_add(&text, "SELECT version, deleted_at, document FROM %s WHERE id = $1", table);
    else
        sql_add(&text, "SELECT 1, NULL, document FROM %s WHERE id = $1", table);
    return keep(engine, key, &text);
}

struct statement *made_write(struct engine *engine, enum noun noun, bool is_new)
{
    uint64_t key = made_key(is_new ? MADE_INSERT : MADE_UPDATE, noun, 0, 0);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    const struct record *record = record_of(noun);
    struct sql_text text = {.length = 0};
    unsigned place = 0;
    sql_add(&text, is_new ? "INSERT INTO %s (" : "UPDATE %s SET ", record->name);
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        if (!has_column(field))
            continue;
        place++;
        if (is_new)
            sql_add(&text, "\"%s\", ", field->name);
        else if (place > 1) /* the first is the id */
            sql_add(&text, "\"%s\" = $%u, ", field->name, place);
    }
    if (is_new) {
        sql_add(&text, "deleted_at, document) VALUES (");
        for (unsigned n = 1; n <= place + 2; n++)
            sql_add(&text, "%s$%u", n > 1 ? ", " : "", n);
        sql_add(&text, ")");
    } else {
        sql_add(&text, "deleted_at = $%u, document = $%u WHERE id = $1", place + 1, place + 2);
    }
    return keep(engine, key, &text);
}

struct statement *made_lookup(struct engine *engine, enum made made, enum noun noun, unsigned field)
{
    uint64_t key = made_key(made, noun, field, 0);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    const struct record *record = record_of(noun);
    struct sql_text text = {.length = 0};
    /* A reference to a merged resource leads to the one that took it in. */
    const char *id = record->merges ? "coalesce(merged_into_id, id)" : "id";
    if (made == MADE_BY_ID)
        sql_add(&text, "SELECT %s FROM %s WHERE id = $1 AND deleted_at IS NULL", id, record->name);
    else if (made == MADE_BY_EXTERNAL)
        sql_add(&text, "SELECT %s FROM %s WHERE %s = $1 AND deleted_at IS NULL", id, record->name,
                noun == NOUN_TOPIC ? "slug" : "external_id");
    else if (made == MADE_BY_UNIQUE)
        sql_add(&text, "SELECT id FROM %s WHERE \"%s\" = $1", record->name, record->fields[field].name);
    else
        sql_add(&text, "SELECT coalesce(max(id), 0) FROM %s", record->name);
    return keep(engine, key, &text);
}

/* Tables of children have no number of their own: their name's hash tells them apart. */
static uint64_t table_key(enum made made, const struct children *children)
{
    return made_key(made, 0, 0, digest_quick(0, slice_of(children->table)) & 0xffffffffff);
}

static void add_child_insert(struct sql_text *text, const struct children *children)
{
    bool noun = children->noun != NOUN_COUNT;
    unsigned places = 2;
    sql_add(text, "INSERT INTO %s (\"%s\", %s", children->table, children->owner, noun ? "id" : "position");
    for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
        if (has_column(field) && strcmp(field->name, "id") != 0 && strcmp(field->name, children->owner) != 0) {
            sql_add(text, ", \"%s\"", field->name);
            places++;
        }
    }
    places += noun;
    sql_add(text, "%s) VALUES (", noun ? ", document" : "");
    for (unsigned n = 1; n <= places; n++)
        sql_add(text, "%s$%u", n > 1 ? ", " : "", n);
    sql_add(text, ")");
}

struct statement *made_child(struct engine *engine, enum made made, const struct children *children)
{
    uint64_t key = table_key(made, children);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    if (made == MADE_CHILD_INSERT)
        add_child_insert(&text, children);
    else if (made == MADE_CHILD_COUNT)
        sql_add(&text, "SELECT count(*) FROM %s WHERE \"%s\" = $1", children->table, children->owner);
    else if (made == MADE_CHILD_DELETE)
        sql_add(&text, "DELETE FROM %s WHERE \"%s\" = $1", children->table, children->owner);
    else
        sql_add(&text, "SELECT \"%s\" FROM %s WHERE id = $1", children->owner, children->table);
    return keep(engine, key, &text);
}
