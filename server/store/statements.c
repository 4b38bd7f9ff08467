#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store_private.h"

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
                           "  AND (name = $1 OR id IN (SELECT actor_id FROM actor_alias WHERE text = $1))",

    [SQL_CLAIM_COUNTS] = REPORT_ORIGINS
    "SELECT count(*), count(DISTINCT outlet),\n"
    "       count(DISTINCT speaker || CASE WHEN occasion IS NOT NULL THEN ' at ' || occasion\n"
    "                                      ELSE ' in ' || coalesce(first_medium, source) END)\n"
    "FROM origins",
    [SQL_CLAIMS_IN_ARTICLE] =
        "SELECT DISTINCT claim_id FROM report WHERE article_id = $1 AND claim_id > $2 ORDER BY claim_id LIMIT $3",
    [SQL_REPORTS_OF_CLAIM] = "SELECT document FROM report WHERE claim_id = $1 ORDER BY id",
    [SQL_VIA_DELETE] = "DELETE FROM report_via WHERE report_id IN (SELECT id FROM report WHERE claim_id = $1)",
    [SQL_MENTIONS_OF_ARTICLE] = "SELECT document FROM mention WHERE article_id = $1 ORDER BY \"start\", id",

    [SQL_MERGE_ADD] = "INSERT INTO merge (id, noun, from_id, into_id, merged_at) VALUES ($1, $2, $3, $4, $5)",
    [SQL_MERGE_LAST] =
        "SELECT id, into_id FROM merge WHERE noun = $1 AND from_id = $2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
    [SQL_MERGE_UNDO] = "UPDATE merge SET undone_at = $2 WHERE id = $1",
    [SQL_MOVE_ADD] = "INSERT INTO merge_move (merge_id, position, noun, id, version) VALUES ($1, $2, $3, $4, $5)",
    [SQL_MOVES] = "SELECT noun, id, version FROM merge_move WHERE merge_id = $1 ORDER BY position DESC",

    [SQL_RECORD_COUNTS] = "SELECT (SELECT count(*) FROM mention), (SELECT count(*) FROM report),\n"
                          "       (SELECT at FROM change WHERE seq = (SELECT max(seq) FROM change))",

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

enum { TEXT_SIZE = 2048 };

struct text {
    char data[TEXT_SIZE];
    size_t length;
};

static void __attribute__((format(printf, 2, 3))) add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text->data + text->length, sizeof text->data - text->length, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
    assert(text->length < sizeof text->data);
}

static struct statement *keep(struct engine *engine, uint64_t key, const struct text *text)
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
    struct text text = {.length = 0};
    const char *table = record_of(noun)->name;
    if (with_text)
        add(&text, "SELECT version, deleted_at, document, text FROM article JOIN article_text ON article_id = id WHERE id = $1");
    else if (noun < NOUN_RESOURCES)
        add(&text, "SELECT version, deleted_at, document FROM %s WHERE id = $1", table);
    else
        add(&text, "SELECT 1, NULL, document FROM %s WHERE id = $1", table);
    return keep(engine, key, &text);
}

struct statement *made_write(struct engine *engine, enum noun noun, bool is_new)
{
    uint64_t key = made_key(is_new ? MADE_INSERT : MADE_UPDATE, noun, 0, 0);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    const struct record *record = record_of(noun);
    struct text text = {.length = 0};
    unsigned place = 0;
    add(&text, is_new ? "INSERT INTO %s (" : "UPDATE %s SET ", record->name);
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        if (!has_column(field))
            continue;
        place++;
        if (is_new)
            add(&text, "\"%s\", ", field->name);
        else if (place > 1) /* the first is the id */
            add(&text, "\"%s\" = $%u, ", field->name, place);
    }
    if (is_new) {
        add(&text, "deleted_at, document) VALUES (");
        for (unsigned n = 1; n <= place + 2; n++)
            add(&text, "%s$%u", n > 1 ? ", " : "", n);
        add(&text, ")");
    } else {
        add(&text, "deleted_at = $%u, document = $%u WHERE id = $1", place + 1, place + 2);
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
    struct text text = {.length = 0};
    /* A reference to a merged resource leads to the one that took it in. */
    const char *id = record->merges ? "coalesce(merged_into_id, id)" : "id";
    if (made == MADE_BY_ID)
        add(&text, "SELECT %s FROM %s WHERE id = $1 AND deleted_at IS NULL", id, record->name);
    else if (made == MADE_BY_EXTERNAL)
        add(&text, "SELECT %s FROM %s WHERE %s = $1 AND deleted_at IS NULL", id, record->name,
            noun == NOUN_TOPIC ? "slug" : "external_id");
    else if (made == MADE_BY_UNIQUE)
        add(&text, "SELECT id FROM %s WHERE \"%s\" = $1", record->name, record->fields[field].name);
    else
        add(&text, "SELECT coalesce(max(id), 0) FROM %s", record->name);
    return keep(engine, key, &text);
}

/* Tables of children have no number of their own: their name's hash tells them apart. */
static uint64_t table_key(enum made made, const struct children *children)
{
    return made_key(made, 0, 0, digest_quick(0, slice_of(children->table)) & 0xffffffffff);
}

static void add_child_insert(struct text *text, const struct children *children)
{
    bool noun = children->noun != NOUN_COUNT;
    unsigned places = 2;
    add(text, "INSERT INTO %s (\"%s\", %s", children->table, children->owner, noun ? "id" : "position");
    for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
        if (has_column(field) && strcmp(field->name, "id") != 0 && strcmp(field->name, children->owner) != 0) {
            add(text, ", \"%s\"", field->name);
            places++;
        }
    }
    places += noun;
    add(text, "%s) VALUES (", noun ? ", document" : "");
    for (unsigned n = 1; n <= places; n++)
        add(text, "%s$%u", n > 1 ? ", " : "", n);
    add(text, ")");
}

struct statement *made_child(struct engine *engine, enum made made, const struct children *children)
{
    uint64_t key = table_key(made, children);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    struct text text = {.length = 0};
    if (made == MADE_CHILD_INSERT)
        add_child_insert(&text, children);
    else if (made == MADE_CHILD_DELETE)
        add(&text, "DELETE FROM %s WHERE \"%s\" = $1", children->table, children->owner);
    else
        add(&text, "SELECT \"%s\" FROM %s WHERE id = $1", children->owner, children->table);
    return keep(engine, key, &text);
}
