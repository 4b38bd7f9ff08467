/* Whether a store is sound. Everything is gone through once, in the order of the ids, what belongs together in one read
 * transaction; a question that a statement can answer stands in a table here, and gives the ids of what is wrong. */
#include <stdarg.h>
#include <stdio.h>

#include "check_private.h"
#include "origin_reports.h"
#include "page_private.h"
#include "spread_private.h"

/* ---- what the files share --------------------------------------------------------------------------------- */

void check_found(struct check *check, const char *format, ...)
{
    char sentence[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    check->findings++;
    check->checking->found(check->checking->context, sentence);
}

bool check_goes_on(struct check *check, int64_t id)
{
    const struct watcher *watcher = &check->checking->watcher;
    if (!check->error->kind && !watcher->tell(watcher->context, check->step, id, check->total))
        fail(check->error, ERROR_BUSY, "it was stopped before everything was looked at");
    return !check->error->kind;
}

struct statement *check_ask(struct check *check, const char *sql, const struct datum *values, size_t count)
{
    uint64_t key = digest_quick(0, slice_of(sql));
    struct statement *statement = engine_kept(check->engine, key);
    if (!statement)
        statement = engine_keep(check->engine, key, sql);
    statement_run(statement, values, count);
    return statement;
}

void check_end(struct check *check, struct statement *statement)
{
    struct error failure;
    if (!statement_end(statement, &failure) && !check->error->kind)
        *check->error = failure;
}

void check_step(struct check *check, const char *step, const char *table)
{
    struct sql_text text = {.length = 0};
    sql_add(&text, "SELECT max(rowid) FROM %s", table);
    struct statement *statement = check_ask(check, text.data, NO_VALUES);
    check->step = step;
    check->total = statement_next(statement) ? statement_int(statement, 0) : 0;
    check_end(check, statement);
    check_goes_on(check, 0);
}

/* What is looked at next is looked at as it stands then: who reads one state for long keeps the log from beginning anew. */
void check_renew(struct check *check)
{
    struct error ignored;
    engine_execute(check->engine, "ROLLBACK", &ignored);
    if (!check->error->kind)
        engine_execute(check->engine, "BEGIN", check->error);
}

/* ---- the file --------------------------------------------------------------------------------------------- */

static void check_file(struct check *check)
{
    check->step = "reading the whole file";
    check->total = 0;
    if (!check_goes_on(check, 0))
        return;
    struct statement *statement = check_ask(check, "PRAGMA integrity_check(200)", NO_VALUES);
    while (statement_next(statement)) {
        struct slice line = statement_text(statement, 0);
        for (struct slice one; !slice_is(line, "ok") && (one = slice_cut(&line, '\n')).data;)
            check_found(check, "the file: %.*s", SLICE_ARGS(one));
    }
    check_end(check, statement);
}

static void check_references(struct check *check)
{
    check->step = "following references";
    if (!check_goes_on(check, 0))
        return;
    struct statement *statement = check_ask(check, "PRAGMA foreign_key_check", NO_VALUES);
    while (statement_next(statement)) {
        struct slice table = statement_text(statement, 0), parent = statement_text(statement, 2);
        if (statement_null(statement, 1))
            check_found(check, "%.*s: a row names one of %.*s that is not there", SLICE_ARGS(table), SLICE_ARGS(parent));
        else
            check_found(check, "%.*s %lld: names one of %.*s that is not there", SLICE_ARGS(table),
                        (long long)statement_int(statement, 1), SLICE_ARGS(parent));
    }
    check_end(check, statement);
}

bool engine_is_whole(struct engine *engine, const struct checking *checking, int64_t *findings, struct error *error)
{
    struct check check = {.engine = engine, .checking = checking, .error = error};
    *error = (struct error){0};
    engine_watch(engine, &checking->watcher);
    check_file(&check);
    if (check.findings == 0 && !error->kind)
        check_references(&check);
    engine_watch(engine, NULL);
    *findings = check.findings;
    return !error->kind;
}

/* ---- questions -------------------------------------------------------------------------------------------- */

/* A statement that gives the id of each thing that is wrong, and perhaps more about it. */
struct question {
    const char *table, *wrong, *sql;
};

#define CARRIED                                                                                                                  \
    "SELECT claim_id, outlet_id FROM report JOIN article ON article.id = article_id\n"                                           \
    "WHERE article.deleted_at IS NULL AND outlet_id IS NOT NULL"
#define HELD                                                                                                                     \
    "SELECT topic_id, coalesce(on_behalf_of_id, speaker_id),\n"                                                                  \
    "       coalesce(said_on,\n"                                                                                                 \
    "                (SELECT min(substr(published_at, 1, 10)) FROM report JOIN article ON article.id = article_id\n"             \
    "                 WHERE report.claim_id = claim.id AND article.deleted_at IS NULL),\n"                                       \
    "                ''),\n"                                                                                                     \
    "       claim.id, speaker_id, stance\n"                                                                                      \
    "FROM claim JOIN claim_topic ON claim_topic.claim_id = claim.id\n"                                                           \
    "WHERE deleted_at IS NULL AND merged_into_id IS NULL AND status <> 'rejected'\n"                                             \
    "  AND coalesce(on_behalf_of_id, speaker_id) IS NOT NULL"
#define NAMED                                                                                                                    \
    "SELECT id, key FROM (SELECT id, name_key(text, 'words') AS key FROM actor_named\n"                                          \
    "                     UNION ALL SELECT id, name_key(text, 'last') FROM actor_named WHERE kind = 'person'\n"                  \
    "                     UNION ALL SELECT id, name_key(text, 'sound') FROM actor_named WHERE kind = 'person') AS some\n"        \
    "WHERE key IS NOT NULL"
#define MERGED(noun)                                                                                                             \
    {                                                                                                                            \
        noun, "says that it is merged, and no merge does",                                                                       \
            "SELECT id FROM " noun " WHERE merged_into_id IS NOT NULL\n"                                                         \
            "  AND NOT EXISTS (SELECT 1 FROM merge WHERE merge.noun = '" noun "' AND from_id = " noun ".id\n"                    \
            "                  AND undone_at IS NULL)"                                                                           \
    }

static const struct question questions[] = {
    {"change", "the change before it is missing",
     "SELECT seq FROM change WHERE seq > 1 AND NOT EXISTS (SELECT 1 FROM change AS other WHERE other.seq = change.seq - 1)"},
    {"article", "has no text",
     "SELECT id FROM article WHERE NOT EXISTS (SELECT 1 FROM article_text WHERE article_id = article.id)"},
    {"article", "the revision before one of its revisions is missing: that of number",
     "SELECT article_id, number FROM article_revision AS one WHERE number > 1 AND NOT EXISTS\n"
     "(SELECT 1 FROM article_revision AS other WHERE other.article_id = one.article_id AND other.number = one.number - 1)"},
    {"article", "its newest revision alone has its text in article_text, which is not so of number",
     "SELECT article_id, number FROM article_revision AS one WHERE (text IS NULL) = EXISTS\n"
     "(SELECT 1 FROM article_revision AS other WHERE other.article_id = one.article_id AND other.number > one.number)"},
    {"claim", "claim_outlet lacks the outlet", CARRIED " EXCEPT SELECT claim_id, outlet_id FROM claim_outlet"},
    {"claim", "claim_outlet has too much: the outlet", "SELECT claim_id, outlet_id FROM claim_outlet EXCEPT " CARRIED},
    {"claim", "position lacks it under its topic",
     "SELECT some.id, topic_id FROM (" HELD "\nEXCEPT SELECT topic_id, actor_id, day, claim_id, speaker_id, stance FROM position)"
     " AS some"},
    {"claim", "position has it otherwise than it is under the topic",
     "SELECT claim_id, topic_id FROM (SELECT topic_id, actor_id, day, claim_id, speaker_id, stance FROM position EXCEPT " HELD
     ") AS some"},
    {"claim", "claim_key does not have its words",
     "SELECT id FROM claim LEFT JOIN claim_key ON claim_id = claim.id WHERE hash IS NOT words_hash(text)"},
    {"actor", "actor_key lacks the key", NAMED " EXCEPT SELECT actor_id, key FROM actor_key"},
    {"actor", "actor_key has a key that is none of its names'", "SELECT actor_id, key FROM actor_key EXCEPT " NAMED},
    MERGED("actor"),
    MERGED("claim"),
};
enum { QUESTIONS = sizeof questions / sizeof questions[0] };

/* What is asked of each noun with versions; # is its table, @ the condition for what is listed. */
static const struct question of_nouns[] = {
    {NULL, "the log of changes does not have each of its versions once: it is at version",
     "SELECT id, version FROM # WHERE (SELECT count(*) = max(version) AND count(DISTINCT version) = count(*)\n"
     "  AND max(version) = #.version FROM change WHERE noun = '#' AND change.id = #.id) IS NOT TRUE"},
    {NULL, "its older versions are not all kept: it is at version",
     "SELECT id, version FROM # WHERE (SELECT count(*) <> #.version - 1 OR coalesce(max(version), 0) <> #.version - 1\n"
     "  FROM revision WHERE noun = '#' AND revision.id = #.id)"},
    {NULL, "was changed, and is not there",
     "SELECT DISTINCT id FROM change WHERE noun = '#' AND NOT EXISTS (SELECT 1 FROM # WHERE #.id = change.id)"},
    {NULL, "has older versions, and is not there",
     "SELECT DISTINCT id FROM revision WHERE noun = '#' AND NOT EXISTS (SELECT 1 FROM # WHERE #.id = revision.id)"},
    {"tally", "the last change is not the one that is kept:",
     "SELECT 0, '#' WHERE (SELECT seq FROM tally WHERE noun = '#') IS DISTINCT FROM\n"
     "  (SELECT max(seq) FROM change WHERE noun = '#')"},
};
static const struct question listed = {"tally", "how many there are to list is not what is kept:",
                                       "SELECT 0, '#' WHERE coalesce((SELECT live FROM tally WHERE noun = '#'), 0) <>\n"
                                       "  (SELECT count(*) FROM # WHERE @)"};

enum { OF_NOUNS = sizeof of_nouns / sizeof of_nouns[0] };

typedef void asker(void *to, const struct question *question);

static void ask_of(enum noun noun, const struct question *question, asker *each, void *to)
{
    const char *name = record_of(noun)->name, *condition = noun < NOUN_RESOURCES ? list_of(noun)->listed : "true";
    struct sql_text text = {.length = 0};
    for (const char *at = question->sql; *at; at++) {
        if (*at == '#' || *at == '@')
            sql_add(&text, "%s", *at == '#' ? name : condition);
        else
            sql_add(&text, "%c", *at);
    }
    each(to, &(struct question){question->table ? question->table : name, question->wrong, text.data});
}

/* The counts of a facet, kept and counted. */
static void ask_of_facet(enum noun noun, size_t index, asker *each, void *to)
{
    struct arena arena = {0};
    struct buffer counted = buffer_in(&arena, 1024), kept = buffer_in(&arena, 256), sql = buffer_in(&arena, 2048);
    const char *facet = spread_count(&counted, noun, index);
    buffer_print(&kept, "SELECT noun, facet, value, total FROM spread WHERE noun = '%s' AND facet = '%s'", record_of(noun)->name,
                 facet);
    buffer_print(&sql,
                 "SELECT 0, noun || ' ' || facet || ' ' || value FROM (%.*s\nEXCEPT %.*s)\nUNION\n"
                 "SELECT 0, noun || ' ' || facet || ' ' || value FROM (%.*s\nEXCEPT %.*s)",
                 SLICE_ARGS(buffer_slice(&kept)), SLICE_ARGS(buffer_slice(&counted)), SLICE_ARGS(buffer_slice(&counted)),
                 SLICE_ARGS(buffer_slice(&kept)));
    buffer_add_byte(&sql, '\0');
    each(to, &(struct question){"spread", "the count that is kept is not what there is, of", sql.data});
    arena_release(&arena);
}

static void each_question(asker *each, void *to)
{
    for (size_t i = 0; i < QUESTIONS; i++)
        each(to, &questions[i]);
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        for (size_t i = 0; noun < NOUN_RESOURCES && i < OF_NOUNS; i++)
            ask_of(noun, &of_nouns[i], each, to);
        ask_of(noun, &listed, each, to);
        for (size_t i = 0; i < spread_facets(noun); i++)
            ask_of_facet(noun, i, each, to);
    }
}

static void answer(void *to, const struct question *question)
{
    struct check *check = to;
    if (check->error->kind)
        return;
    struct statement *statement = check_ask(check, question->sql, NO_VALUES);
    while (statement_next(statement)) {
        struct slice more = statement_text(statement, 1);
        int64_t id = statement_int(statement, 0);
        char number[24] = "";
        if (id)
            snprintf(number, sizeof number, " %lld", (long long)id);
        check_found(check, "%s%s: %s%s%.*s", question->table, number, question->wrong, more.data ? " " : "", SLICE_ARGS(more));
    }
    check_end(check, statement);
}

/* ---- counts of claims ------------------------------------------------------------------------------------- */

static const char counts_kept[] = "SELECT id, report_count, outlet_count, origin_count FROM claim\n"
                                  "WHERE deleted_at IS NULL AND merged_into_id IS NULL ORDER BY id";

static void check_counts(struct check *check)
{
    static const char *const names[] = {"reports", "outlets", "origins"};
    struct arena arena = {0};
    check_step(check, "counting the reports of claims", "claim");
    struct statement *statement = check_ask(check, counts_kept, NO_VALUES);
    while (!check->error->kind && statement_next(statement)) {
        struct origins origins;
        int64_t id = statement_int(statement, 0);
        if (!check_goes_on(check, id) || !origins_of(check->engine, id, &arena, &origins, check->error))
            break;
        const size_t counts[] = {origins.report_count, origins.outlet_count, origins.count};
        for (int i = 0; i < 3; i++) {
            if (statement_int(statement, i + 1) != (int64_t)counts[i])
                check_found(check, "claim %lld: %lld %s are kept, %zu are counted", (long long)id,
                            (long long)statement_int(statement, i + 1), names[i], counts[i]);
        }
        arena_reset(&arena);
    }
    check_end(check, statement);
    arena_release(&arena);
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static void check_all(struct check *check)
{
    check_file(check);
    if (check->findings || check->error->kind)
        return; /* nothing that stands in a damaged file tells anything */
    check_references(check);
    check_renew(check);
    check->step = "comparing tables";
    if (check_goes_on(check, 0))
        each_question(answer, check);
    check_renew(check);
    check_counts(check);
    check_rows(check);
    check_spans(check);
    check_search(check);
}

bool store_check(const char *path, const struct checking *checking, struct error *error)
{
    struct check check = {.checking = checking, .error = error};
    struct error ignored;
    *error = (struct error){0};
    if (engine_open(path, ENGINE_READ, &check.engine, error) && store_current(check.engine, error) &&
        check_search_begin(&check) && engine_execute(check.engine, "BEGIN", error)) {
        engine_watch(check.engine, &checking->watcher);
        check_all(&check);
        engine_watch(check.engine, NULL);
        engine_execute(check.engine, "ROLLBACK", &ignored);
    }
    engine_close(check.engine);
    return !error->kind;
}

/* ---- for the test of their plans -------------------------------------------------------------------------- */

struct looking {
    void (*each)(void *to, const char *sql);
    void *to;
};

static void show(void *to, const struct question *question)
{
    const struct looking *looking = to;
    looking->each(looking->to, question->sql);
}

void check_statements(void (*each)(void *to, const char *sql), void *to)
{
    each_question(show, &(struct looking){each, to});
    each(to, counts_kept);
    check_rows_statements(each, to);
    check_spans_statements(each, to);
}
