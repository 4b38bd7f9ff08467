/* Spans: whatever says that it quotes an article's text stands there, in the text of the revision that it names. Article by
 * article, so that each text is read once.
 *
 * What is deleted is not moved when its article gets another text, but when it is restored: until then it may stand in any text
 * that the article had. */
#include "check_private.h"

static const char articles_sql[] = "SELECT article.id, sha256, document, text\n"
                                   "FROM article JOIN article_text ON article_id = article.id ORDER BY article.id";
static const char mentions_sql[] = "SELECT id, \"start\", \"end\", text, NULL, NULL FROM mention WHERE article_id = $1";
static const char meetings_sql[] = "SELECT meeting_id, \"start\", \"end\", text, revision, deleted_at\n"
                                   "FROM meeting_evidence JOIN meeting ON meeting.id = meeting_id WHERE article_id = $1";
static const char discrepancies_sql[] =
    "SELECT discrepancy_id, \"start\", \"end\", text, revision, deleted_at\n"
    "FROM discrepancy_evidence JOIN discrepancy ON discrepancy.id = discrepancy_id WHERE article_id = $1";
static const char reports_sql[] = "SELECT report.id, report.document, revision, deleted_at\n"
                                  "FROM report JOIN claim ON claim.id = claim_id WHERE article_id = $1";
static const char texts_sql[] = "SELECT number, text FROM article_revision WHERE article_id = $1 AND text IS NOT NULL";

enum { OLDER_MAX = 1000 };

/* An article with its texts; memory is the arena's. */
struct texts {
    struct check *check;
    struct arena arena;
    int64_t article;
    struct points newest;
    struct older {
        int64_t number;
        struct points points;
    } * older;
    size_t older_count;
};

struct span {
    int64_t start, end, revision;
    struct slice text;
    bool hidden; /* it belongs to what is deleted */
};

static bool stands_in(const struct points *points, const struct span *span)
{
    struct slice there = span->end > span->start ? points_slice(points, span->start, span->end) : NO_SLICE;
    return there.data && slice_equal(there, span->text);
}

/* Only read when it is asked for: most articles never had another text. */
static void read_older(struct texts *texts)
{
    if (texts->older)
        return;
    texts->older = arena_alloc(&texts->arena, OLDER_MAX * sizeof *texts->older);
    struct statement *statement = check_ask(texts->check, texts_sql, VALUES(of_int(texts->article)));
    while (texts->older_count < OLDER_MAX && statement_next(statement)) {
        struct slice text = arena_slice(&texts->arena, statement_text(statement, 1));
        texts->older[texts->older_count++] = (struct older){statement_int(statement, 0), points_of(&texts->arena, text)};
    }
    check_end(texts->check, statement);
}

static bool stands(struct texts *texts, const struct span *span)
{
    bool newest = stands_in(&texts->newest, span);
    if (newest && !span->revision)
        return true;
    if (!span->revision && !span->hidden)
        return false;
    read_older(texts);
    for (size_t i = 0; i < texts->older_count; i++) {
        if ((span->hidden || texts->older[i].number == span->revision) && stands_in(&texts->older[i].points, span))
            return true;
    }
    return newest && span->hidden;
}

static void expect(struct texts *texts, const char *table, int64_t id, const char *part, const struct span *span)
{
    if (!stands(texts, span))
        check_found(texts->check, "%s %lld: %s is not what article %lld has at %lld to %lld", table, (long long)id, part,
                    (long long)texts->article, (long long)span->start, (long long)span->end);
}

/* ---- in rows ---------------------------------------------------------------------------------------------- */

static void check_table(struct texts *texts, const char *table, const char *part, const char *sql)
{
    struct statement *statement = check_ask(texts->check, sql, VALUES(of_int(texts->article)));
    while (statement_next(statement)) {
        struct span span = {.start = statement_int(statement, 1),
                            .end = statement_int(statement, 2),
                            .text = statement_text(statement, 3),
                            .revision = statement_int(statement, 4),
                            .hidden = !statement_null(statement, 5)};
        expect(texts, table, statement_int(statement, 0), part, &span);
    }
    check_end(texts->check, statement);
}

/* ---- in documents ----------------------------------------------------------------------------------------- */

/* One span, or an array of them. */
static void check_json(struct texts *texts, const char *table, int64_t id, const json_t *document, const char *part,
                       struct span like)
{
    const json_t *value = json_object_get(document, part);
    size_t count = json_is_object(value) ? 1 : json_array_size(value);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_is_object(value) ? value : json_array_get(value, i), *text = json_object_get(one, "text");
        like.start = json_integer_value(json_object_get(one, "start"));
        like.end = json_integer_value(json_object_get(one, "end"));
        like.text = (struct slice){json_string_value(text), json_string_length(text)};
        expect(texts, table, id, part, &like);
    }
}

static void check_reports(struct texts *texts)
{
    static const char *const parts[] = {"content", "source", "cue"};
    struct statement *statement = check_ask(texts->check, reports_sql, VALUES(of_int(texts->article)));
    while (statement_next(statement)) {
        struct slice document = statement_text(statement, 1);
        struct span like = {.revision = statement_int(statement, 2), .hidden = !statement_null(statement, 3)};
        json_t *report = json_loadb(document.data, document.length, 0, NULL);
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
            check_json(texts, "report", statement_int(statement, 0), report, parts[i], like);
        json_decref(report);
    }
    check_end(texts->check, statement);
}

/* ---- an article ------------------------------------------------------------------------------------------- */

static void check_text(struct texts *texts, struct slice sha256, const json_t *document)
{
    static const char *const parts[] = {"body_spans", "boilerplate_spans"};
    char hash[SHA256_HEX_SIZE];
    digest_sha256_hex(texts->newest.text, hash);
    if (!slice_is(sha256, hash))
        check_found(texts->check, "article %lld: its text does not have the SHA-256 that it says", (long long)texts->article);
    if (json_integer_value(json_object_get(document, "text_length")) != (json_int_t)texts->newest.length)
        check_found(texts->check, "article %lld: its text does not have the length that it says", (long long)texts->article);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        check_json(texts, "article", texts->article, document, parts[i], (struct span){.revision = 0});
}

static void check_article(struct texts *texts, struct statement *statement)
{
    struct slice document = statement_text(statement, 2), text = statement_text(statement, 3);
    texts->article = statement_int(statement, 0);
    texts->older = NULL;
    texts->older_count = 0;
    if (!utf8_valid(text)) {
        check_found(texts->check, "article %lld: its text is not UTF-8", (long long)texts->article);
        return;
    }
    texts->newest = points_of(&texts->arena, text);
    json_t *json = json_loadb(document.data, document.length, 0, NULL);
    check_text(texts, statement_text(statement, 1), json);
    json_decref(json);
    check_table(texts, "mention", "its text", mentions_sql);
    check_table(texts, "meeting", "its evidence", meetings_sql);
    check_table(texts, "discrepancy", "its evidence", discrepancies_sql);
    check_reports(texts);
}

void check_spans(struct check *check)
{
    struct texts texts = {.check = check};
    check_renew(check);
    check_step(check, "looking up what articles are said to say", "article");
    struct statement *statement = check_ask(check, articles_sql, NO_VALUES);
    while (statement_next(statement) && check_goes_on(check, statement_int(statement, 0))) {
        check_article(&texts, statement);
        arena_reset(&texts.arena);
    }
    check_end(check, statement);
    arena_release(&texts.arena);
}

void check_spans_statements(void (*each)(void *to, const char *sql), void *to)
{
    static const char *const all[] = {articles_sql, mentions_sql, meetings_sql, discrepancies_sql, reports_sql, texts_sql};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        each(to, all[i]);
}
