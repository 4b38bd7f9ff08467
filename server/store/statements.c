#include <assert.h>
#include <string.h>

#include "page_private.h"

/* The origin of a report is the speaker and the occasion; where no occasion is known, the speaker and the first medium that
 * had it: the first of the chain, else the outlet whose text it is (a near-duplicate counts as the article it repeats). A
 * report that names the body the speaker speaks for, and nothing else of its own, shortens the same statement ("Washington
 * said"): it has the claim's origin. A report without a speaker counts for none. */
#define REPORT_ORIGINS                                                                                                           \
    "WITH carried AS (\n"                                                                                                        \
    "    SELECT report.*, coalesce(article.outlet_id, -article.id) AS outlet,\n"                                                 \
    "           coalesce(original.outlet_id, -original.id, article.outlet_id, -article.id) AS source,\n"                         \
    "           claim.speaker_id AS claim_speaker, claim.occasion_id AS claim_occasion,\n"                                       \
    "           report.speaker_id IS NOT NULL AND report.speaker_id <> coalesce(claim.speaker_id, 0)\n"                          \
    "               AND report.speaker_id <> coalesce(claim.on_behalf_of_id, 0) AS differs,\n"                                   \
    "           (SELECT actor_id FROM report_via WHERE report_id = report.id AND position = 0) AS first_medium\n"                \
    "    FROM report\n"                                                                                                          \
    "    JOIN claim ON claim.id = report.claim_id\n"                                                                             \
    "    JOIN article ON article.id = report.article_id AND article.deleted_at IS NULL\n"                                        \
    "    LEFT JOIN article AS original ON original.id = article.near_duplicate_of\n"                                             \
    "    WHERE report.claim_id = $1\n"                                                                                           \
    "), origins AS (\n"                                                                                                          \
    "    SELECT outlet, source, first_medium,\n"                                                                                 \
    "           CASE WHEN differs THEN speaker_id ELSE claim_speaker END AS speaker,\n"                                          \
    "           CASE WHEN differs THEN occasion_id ELSE coalesce(occasion_id, claim_occasion) END AS occasion\n"                 \
    "    FROM carried\n"                                                                                                         \
    ")\n"

#define REPORT_OUTLETS                                                                                                           \
    "SELECT outlet_id FROM report JOIN article ON article.id = article_id "                                                      \
    "WHERE claim_id = $1 AND article.deleted_at IS NULL AND outlet_id IS NOT NULL"

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
    [SQL_LAST_MERGE] = "SELECT coalesce(max(id), 0) FROM merge",

    [SQL_CHANGE_ADD] = "INSERT INTO change (seq, noun, id, version, action, at) VALUES ($1, $2, $3, $4, $5, $6)",
    [SQL_REVISION_ADD] = "INSERT INTO revision (noun, id, version, replaced_at, document) VALUES ($1, $2, $3, $4, $5)",
    [SQL_REVISION_DOCUMENT] = "SELECT document FROM revision WHERE noun = $1 AND id = $2 AND version = $3",

    /* The versions of one resource, newest first; the newest has no revision: its document is the row's. */
    [SQL_HISTORY] =
        "SELECT change.version, change.action, change.at, revision.document\n"
        "FROM change\n"
        "LEFT JOIN revision ON revision.noun = change.noun AND revision.id = change.id AND revision.version = change.version\n"
        "WHERE change.noun = $1 AND change.id = $2 AND change.version < $3\n"
        "ORDER BY change.version DESC LIMIT $4",

    /* The log in order; the nouns are picked afterwards, so that a rare one costs no index of its own. */
    [SQL_CHANGES] = "SELECT seq, noun, id, version, action, at FROM change WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3",

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

    [SQL_CLAIM_COUNTS] = REPORT_ORIGINS
    "SELECT count(*), count(DISTINCT outlet),\n"
    "       count(DISTINCT speaker || CASE WHEN occasion IS NOT NULL THEN ' at ' || occasion\n"
    "                                      ELSE ' in ' || coalesce(first_medium, source) END)\n"
    "FROM origins",
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
     * deleted. */
    [SQL_ARTICLE_MOVED] = "SELECT outlet_id IS DISTINCT FROM $2 OR near_duplicate_of IS DISTINCT FROM $3\n"
                          "       OR (deleted_at IS NOT NULL) <> $4\n"
                          "FROM article WHERE id = $1",
    /* The article's own, and those of the articles that repeat it: theirs count for its outlet. */
    [SQL_CLAIMS_IN_ARTICLE] = "SELECT DISTINCT claim_id FROM report\n"
                              "WHERE (article_id = $1 OR article_id IN (SELECT id FROM article WHERE near_duplicate_of = $1))\n"
                              "  AND claim_id > $2\n"
                              "ORDER BY claim_id LIMIT $3",
    [SQL_REPORTS_OF_CLAIM] = "SELECT document FROM report WHERE claim_id = $1 ORDER BY id",
    [SQL_VIA_DELETE] = "DELETE FROM report_via WHERE report_id IN (SELECT id FROM report WHERE claim_id = $1)",
    [SQL_MENTIONS_OF_ARTICLE] = "SELECT document FROM mention WHERE article_id = $1 ORDER BY \"start\", id",

    [SQL_MERGE_ADD] = "INSERT INTO merge (id, noun, from_id, into_id, merged_at) VALUES ($1, $2, $3, $4, $5)",
    [SQL_MERGE_LAST] =
        "SELECT id, into_id FROM merge WHERE noun = $1 AND from_id = $2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
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
    [SQL_STATE_OF] = "SELECT min(id) FROM actor\n"
                     "WHERE country = $1 AND kind = 'state' AND deleted_at IS NULL AND merged_into_id IS NULL",
    [SQL_SAME_CLAIM] = "SELECT coalesce(merged_into_id, id)\n"
                       "FROM claim_key JOIN claim ON id = claim_id\n"
                       "WHERE hash = words_hash($2) AND speaker_id = $1 AND deleted_at IS NULL\n"
                       "  AND words_key(text) = words_key($2)\n"
                       "ORDER BY claim_id LIMIT 1",
    [SQL_REPORT_IN] = "SELECT min(id) FROM report WHERE article_id = $2 AND claim_id = $1",
    /* The meeting of $1 that is of the same kind in the same city, or that has the same name. */
    [SQL_SAME_MEETING] = "SELECT id FROM meeting\n"
                         "WHERE starts_on = $1 AND deleted_at IS NULL AND precision IS NOT DISTINCT FROM $2\n"
                         "  AND ((kind = $4 AND words_key(city) = words_key($3)) OR words_key(name) = words_key($5))\n"
                         "ORDER BY id LIMIT 1",
    [SQL_SAME_TEXT] = "SELECT id, outlet_id, near_duplicate_of, external_id, url FROM article\n"
                      "WHERE sha256 = $1 AND deleted_at IS NULL ORDER BY id LIMIT $2",
    [SQL_NEAR] = "SELECT article.id, text\n"
                 "FROM (SELECT article_id, count(*) AS shared FROM article_band\n"
                 "      WHERE band IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) GROUP BY article_id) AS some\n"
                 "JOIN article ON article.id = some.article_id AND deleted_at IS NULL\n"
                 "JOIN article_text ON article_text.article_id = article.id\n"
                 "ORDER BY shared DESC, article.id LIMIT $13",
    [SQL_BAND_ADD] = "INSERT INTO article_band (band, article_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",

    /* What an article has evidence of, above $2. */
    [SQL_CLAIMS_OF_ARTICLE] =
        "SELECT DISTINCT claim_id FROM report WHERE article_id = $1 AND claim_id > $2 ORDER BY claim_id LIMIT $3",
    [SQL_MEETINGS_OF_ARTICLE] = "SELECT DISTINCT meeting_id FROM meeting_evidence\n"
                                "WHERE article_id = $1 AND meeting_id > $2 ORDER BY meeting_id LIMIT $3",
    [SQL_ACTORS_OF_ARTICLE] =
        "SELECT DISTINCT actor_id FROM mention WHERE article_id = $1 AND actor_id > $2 ORDER BY actor_id LIMIT $3",
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

    [SQL_SECRET] = "SELECT value FROM secret WHERE name = $1",
    [SQL_SECRET_ADD] = "INSERT INTO secret (name, value) VALUES ($1, $2)",
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
