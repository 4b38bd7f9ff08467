#include <stdlib.h>
#include <string.h>

#include "reader_private.h"
#include "readout/metrics.h"
#include "tokenizer.h"

static bool has_time(void *context, const char *step, int64_t done, int64_t all)
{
    (void)step, (void)done, (void)all;
    const struct reader *reader = context;
    int64_t now = clock_nanoseconds(), stop = atomic_load(&reader->store->stop_by);
    return (!reader->until || now < reader->until) && (!stop || now < stop);
}

struct reader *reader_open(struct store *store, struct error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        die("out of memory");
    reader->store = store;
    if (!engine_open(store->path, ENGINE_READ, &reader->engine, error)) {
        free(reader);
        return NULL;
    }
    reader->watcher = (struct watcher){.tell = has_time, .context = reader};
    engine_watch(reader->engine, &reader->watcher);
    return reader;
}

void reader_allow(struct reader *reader, int64_t milliseconds)
{
    reader->allowed = milliseconds;
    reader->until = milliseconds ? clock_nanoseconds() + milliseconds * 1000000 : 0;
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    reader_rest(reader);
    engine_close(reader->engine);
    engine_close(reader->keys);
    tokenizer_close(reader->tokenizer);
    free(reader);
}

/* ---- batches ---------------------------------------------------------------------------------------------- */

static void control(struct reader *reader, enum sql sql)
{
    struct error ignored = {0}; /* a transaction that does not begin or end shows in the next query */
    struct statement *statement = sql_statement(reader->engine, sql);
    statement_run(statement, NO_VALUES);
    statement_next(statement);
    statement_end(statement, &ignored);
}

void reader_rest(struct reader *reader)
{
    if (reader->open)
        control(reader, SQL_COMMIT);
    reader->open = false;
}

const struct generation *reader_generation(struct reader *reader)
{
    struct store *store = reader->store;
    reader_allow(reader, reader->allowed);
    if (reader->open && reader->commits == atomic_load(&store->commits))
        return &reader->generation;
    reader_rest(reader);
    pthread_mutex_lock(&store->published_lock);
    reader->generation = store->published;
    reader->commits = atomic_load(&store->commits);
    pthread_mutex_unlock(&store->published_lock);
    control(reader, SQL_BEGIN);
    reader->open = true;
    metric_add(METRIC_DB_READ_BATCHES, 1);
    return &reader->generation;
}

const struct generation *reader_published(struct reader *reader)
{
    struct store *store = reader->store;
    if (reader->looked_at != atomic_load(&store->commits)) {
        pthread_mutex_lock(&store->published_lock);
        reader->published = store->published;
        reader->looked_at = atomic_load(&store->commits);
        pthread_mutex_unlock(&store->published_lock);
    }
    return &reader->published;
}

/* ---- rows ------------------------------------------------------------------------------------------------- */

bool reader_row(struct reader *reader, enum noun noun, int64_t id, bool with_text, struct arena *arena, struct row *row,
                struct error *error)
{
    struct statement *statement = made_row(reader->engine, noun, with_text);
    *row = (struct row){.id = id};
    *error = (struct error){.kind = ERROR_NOT_FOUND};
    statement_run(statement, VALUES(of_int(id)));
    bool found = statement_next(statement);
    if (found) {
        row->version = statement_int(statement, 0);
        row->deleted = !statement_null(statement, 1);
        row->deleted_at = arena_slice(arena, statement_text(statement, 1));
        row->document = arena_slice(arena, statement_document(statement, 2));
        row->text = with_text ? arena_slice(arena, statement_text(statement, 3)) : NO_SLICE;
    }
    return statement_end(statement, error) && found;
}

/* ---- history ---------------------------------------------------------------------------------------------- */

bool reader_history(struct reader *reader, enum noun noun, int64_t id, int64_t before, int limit, struct buffer *items,
                    int *count, int64_t *last, struct error *error)
{
    struct slice current; /* has no revision: it is the document as it stands */
    if (!whole_document(reader->engine, noun, id, items->arena, &current, error))
        return false;
    struct statement *statement = sql_statement(reader->engine, SQL_HISTORY);
    statement_run(statement,
                  VALUES(of_text(record_of(noun)->name), of_int(id), of_int(before ? before : INT64_MAX), of_int(limit)));
    for (*count = 0; statement_next(statement); ++*count) {
        struct slice document = statement_text(statement, 3);
        *last = statement_int(statement, 0);
        buffer_print(items, "%s{\"version\":%lld,\"action\":\"", *count ? "," : "", (long long)*last);
        buffer_add_slice(items, statement_text(statement, 1));
        buffer_add_text(items, "\",\"at\":");
        buffer_add_json(items, statement_text(statement, 2));
        buffer_add_text(items, ",\"by\":");
        buffer_add_json(items, statement_text(statement, 4));
        buffer_add_text(items, ",\"document\":");
        buffer_add_slice(items, document.data ? document : current);
        buffer_add_byte(items, '}');
    }
    return statement_end(statement, error);
}

/* ---- titles ----------------------------------------------------------------------------------------------- */

struct title {
    struct slice text;
    int64_t mentions, articles;
    struct buffer ids;
};

static int by_mentions(const void *a, const void *b)
{
    const struct title *one = a, *other = b;
    if (one->mentions != other->mentions)
        return one->mentions > other->mentions ? -1 : 1;
    return memcmp(one->text.data, other->text.data,
                  one->text.length < other->text.length ? one->text.length : other->text.length);
}

enum { TITLES_MAX = 500 };

bool reader_titles(struct reader *reader, int64_t actor, struct buffer *items, struct error *error)
{
    struct title *titles = arena_zero(items->arena, TITLES_MAX * sizeof *titles);
    size_t count = 0;
    struct statement *statement = sql_statement(reader->engine, SQL_TITLES);
    statement_run(statement, VALUES(of_int(actor)));
    while (statement_next(statement)) {
        struct slice text = statement_text(statement, 0);
        if (count == 0 || !slice_equal(titles[count - 1].text, text)) {
            if (count == TITLES_MAX)
                break;
            titles[count++] = (struct title){.text = arena_slice(items->arena, text), .ids = buffer_in(items->arena, 64)};
        }
        struct title *title = &titles[count - 1];
        buffer_print(&title->ids, "%s%lld", title->articles ? "," : "", (long long)statement_int(statement, 1));
        title->articles++;
        title->mentions += statement_int(statement, 2);
    }
    qsort(titles, count, sizeof *titles, by_mentions);
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(items, i ? ",{\"title\":" : "{\"title\":");
        buffer_add_json(items, titles[i].text);
        buffer_print(items, ",\"mention_count\":%lld,\"article_count\":%lld,\"article_ids\":[", (long long)titles[i].mentions,
                     (long long)titles[i].articles);
        buffer_add_slice(items, buffer_slice(&titles[i].ids));
        buffer_add_text(items, "]}");
    }
    return statement_end(statement, error);
}

/* ---- health ----------------------------------------------------------------------------------------------- */

bool reader_ping(struct reader *reader, int64_t *log_bytes, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_PING);
    statement_run(statement, NO_VALUES);
    statement_next(statement);
    *log_bytes = engine_log_bytes(reader->engine);
    return statement_end(statement, error);
}
