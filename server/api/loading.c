/* Loading: lines of NDJSON, texts and pages are checked as they come, read by many threads and written many at a time, each batch
 * in one work. While a batch is read, the one before is written. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "articles.h"
#include "readout/collate.h"
#include "readout/utf8.h"

/* Of a batch; what is to be read takes more memory than what is only written. */
enum { BATCH_LINES = 2000, BATCH_BYTES = 4 << 20, BATCH_READ_BYTES = 1 << 20 };

/* One thing to load. `body` NULL: a text or a page, which makes its article when it was read. */
struct line {
    enum noun noun;
    json_t *body;
    long long number;
    const char *name;  /* of the file; NULL: it is a line of many */
    const char *fault; /* why a file is passed over */
};

struct lot {
    struct work work; /* first: the writer gives it back as this */
    struct loading *loading;
    struct arena arena;
    struct line lines[BATCH_LINES];
    struct reading readings[BATCH_LINES]; /* of each line; without a body where nothing is to be read */
    struct arena arenas[BATCH_LINES];
    size_t count, bytes, read_bytes;
    struct batch batch;
    bool submitted, is_read;
};

struct loading {
    struct app *app;
    bool reads;
    void (*passed_over)(void *to, const char *why);
    void *to;
    struct lot *filling, *behind; /* `behind` is being read, or waits to be written */
    long long taken;              /* lines and texts, so far */
    struct loaded loaded, before;
    struct error error;
    pthread_mutex_t lock; /* over `is_read` */
    pthread_cond_t was_read;
};

static struct lot *lot_new(struct loading *loading)
{
    struct lot *lot = calloc(1, sizeof *lot);
    if (!lot)
        die("out of memory");
    lot->loading = loading;
    return lot;
}

struct loading *loading_begin(struct app *app, bool reads)
{
    struct loading *loading = calloc(1, sizeof *loading);
    if (!loading)
        die("out of memory");
    loading->app = app;
    loading->reads = reads;
    loading->filling = lot_new(loading);
    loading->behind = lot_new(loading);
    pthread_mutex_init(&loading->lock, NULL);
    pthread_cond_init(&loading->was_read, NULL);
    return loading;
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

static void note_read(struct batch *batch)
{
    struct lot *lot = (struct lot *)((char *)batch - offsetof(struct lot, batch));
    struct loading *loading = lot->loading;
    pthread_mutex_lock(&loading->lock);
    lot->is_read = true;
    pthread_cond_signal(&loading->was_read);
    pthread_mutex_unlock(&loading->lock);
}

static void begin_reading(struct lot *lot)
{
    lot->batch = (struct batch){.readings = lot->readings, .count = lot->count, .finish = note_read};
    lot->is_read = lot->read_bytes == 0;
    lot->submitted = true;
    if (lot->is_read || ingest_submit(lot->loading->app->ingest, &lot->batch))
        return;
    ingest_perform(lot->loading->app->ingest, &lot->batch);
    lot->is_read = true;
}

static void await_reading(struct lot *lot)
{
    struct loading *loading = lot->loading;
    pthread_mutex_lock(&loading->lock);
    while (!lot->is_read)
        pthread_cond_wait(&loading->was_read, &loading->lock);
    pthread_mutex_unlock(&loading->lock);
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

static bool is_known(const struct written *written)
{
    return written->outcome == OUTCOME_UNCHANGED || written->outcome == OUTCOME_UPDATED ||
           (written->outcome == OUTCOME_CONFLICT && written->existing);
}

static const char *place_of(struct lot *lot, const struct line *line)
{
    return line->name ? line->name : arena_print(&lot->arena, "line %lld", line->number);
}

static bool refuse(struct lot *lot, const struct line *line, const struct written *written, const struct faults *faults)
{
    struct error *error = &lot->loading->error;
    const char *place = place_of(lot, line);
    if (written->outcome == OUTCOME_FAILED)
        return fail(error, written->error.kind, "%s: %s", place, written->error.message);
    const struct fault *first = faults->count ? &faults->items[0] : NULL;
    return fail(error, ERROR_INVALID, "%s: %s %s", place, first ? first->where : "", first ? first->detail : written->conflict);
}

static void count_findings(struct loaded *loaded, const struct kept_article *kept)
{
    loaded->read += kept->extracted && (kept->written.outcome == OUTCOME_CREATED || kept->revision.data);
    loaded->mentions += kept->found.mentions;
    loaded->claims += kept->found.claims;
    loaded->meetings += kept->found.meetings;
}

static bool write_line(struct lot *lot, struct writing *writing, size_t index)
{
    const struct line *line = &lot->lines[index];
    const struct reading *reading = &lot->readings[index];
    struct loading *loading = lot->loading;
    struct faults *faults = arena_alloc(&lot->arena, sizeof *faults);
    *faults = (struct faults){.arena = &lot->arena};
    struct change change = {.noun = line->noun,
                            .body = line->body,
                            .defaults = loading->app->defaults[line->noun],
                            .base = "#",
                            .faults = faults,
                            .arena = &lot->arena};
    struct kept_article kept = {.extracted = false};
    fill_items(loading->app, line->noun, line->body);
    if (line->noun == NOUN_ARTICLE)
        kept =
            keep_article(writing, &change, reading->good ? reading : NULL, (const json_t *const *)loading->app->defaults, false);
    else
        kept.written = write_create(writing, &change, false);
    if (line->noun == NOUN_CLAIM && kept.written.outcome == OUTCOME_CREATED) {
        struct collating collating = {
            .writing = writing, .arena = &lot->arena, .defaults = (const json_t *const *)loading->app->defaults};
        collate_claim_written(&collating, kept.written.id);
    }
    arena_release(&lot->arenas[index]);
    loading->loaded.lines++;
    loading->loaded.created += kept.written.outcome == OUTCOME_CREATED;
    loading->loaded.known += is_known(&kept.written);
    count_findings(&loading->loaded, &kept);
    return kept.written.outcome == OUTCOME_CREATED || is_known(&kept.written) || refuse(lot, line, &kept.written, faults);
}

/* Files fail alone, a line fails with all the others. */
static bool write_alone(struct lot *lot, struct writing *writing, size_t index)
{
    struct loaded before = lot->loading->loaded;
    writing_mark(writing);
    bool good = write_line(lot, writing, index);
    writing_settle(writing, good);
    if (good)
        return true;
    lot->lines[index].fault = arena_print(&lot->arena, "%s", lot->loading->error.message);
    lot->loading->loaded = before;
    return lot->loading->error.kind == ERROR_INVALID;
}

static bool run(struct work *work, struct writing *writing)
{
    struct lot *lot = (struct lot *)work;
    bool good = true;
    for (size_t i = 0; i < lot->count && good; i++) {
        if (!lot->lines[i].fault)
            good = lot->lines[i].name ? write_alone(lot, writing, i) : write_line(lot, writing, i);
    }
    return good;
}

static bool check_article(struct loading *loading, const json_t *body, const char *place, struct error *error);

static bool make_article(struct lot *lot, struct line *line, const struct reading *reading, struct error *error)
{
    bool unread = reading->body.data && !reading->good && !reading->page_alone;
    if (unread || (!line->body && !reading->text.data))
        return fail(error, ERROR_INVALID, "%s: %s", place_of(lot, line), reading->error.message);
    if (line->body)
        return true;
    line->body = article_of_text(lot->loading->app, reading);
    return check_article(lot->loading, line->body, place_of(lot, line), error);
}

/* What came as a text or a page is an article now, if it could be read. */
static bool make_articles(struct lot *lot, struct error *error)
{
    for (size_t i = 0; i < lot->count; i++) {
        struct line *line = &lot->lines[i];
        if (make_article(lot, line, &lot->readings[i], error))
            continue;
        if (!line->name)
            return false;
        line->fault = arena_print(&lot->arena, "%s", error->message);
    }
    return true;
}

static void tell(struct loading *loading, const char *why)
{
    loading->loaded.failed++;
    if (loading->passed_over)
        loading->passed_over(loading->to, why);
}

static void empty(struct lot *lot)
{
    for (size_t i = 0; i < lot->count; i++) {
        json_decref(lot->lines[i].body);
        arena_release(&lot->arenas[i]);
    }
    lot->count = lot->bytes = lot->read_bytes = 0;
    lot->submitted = false;
    arena_reset(&lot->arena);
}

/* Writes what was read last, if anything was. */
static bool write_behind(struct loading *loading, struct error *error)
{
    struct lot *lot = loading->behind;
    if (!lot->submitted)
        return true;
    await_reading(lot);
    bool good = make_articles(lot, error);
    lot->work = (struct work){.run = run};
    loading->before = loading->loaded;
    good = good && store_perform(loading->app->store, &lot->work, error);
    if (good && !lot->work.kept) {
        loading->loaded = loading->before; /* the whole batch was rolled back */
        *error = loading->error;
        good = false;
    }
    for (size_t i = 0; i < lot->count && good; i++) {
        if (lot->lines[i].fault)
            tell(loading, lot->lines[i].fault);
    }
    empty(lot);
    return good;
}

/* Has what was gathered read, and writes what was read meanwhile. */
static bool move_on(struct loading *loading, struct error *error)
{
    struct lot *full = loading->filling, *before = loading->behind;
    if (before->submitted)
        await_reading(before);
    begin_reading(full);
    bool good = write_behind(loading, error);
    loading->filling = before;
    loading->behind = full;
    return good;
}

/* ---- what comes ------------------------------------------------------------------------------------------- */

static bool read_noun(json_t *body, long long number, enum noun *noun, struct error *error)
{
    const json_t *type = json_object_get(body, "type");
    *noun = json_is_string(type) ? noun_of(json_string_value(type), json_string_length(type)) : type ? NOUN_COUNT : NOUN_ARTICLE;
    if (*noun >= NOUN_RESOURCES)
        return fail(error, ERROR_INVALID, "line %lld: type must be one of article, actor, claim, meeting, topic, discrepancy",
                    number);
    json_object_del(body, "type");
    return true;
}

static bool check(struct loading *loading, const char *schema, const json_t *body, const char *place, struct error *error)
{
    struct arena arena = {0};
    struct faults *faults = arena_alloc(&arena, sizeof *faults);
    *faults = (struct faults){.arena = &arena};
    bool good = contract_check(contract_schema(loading->app->contract, schema), body, BODY_CREATE, "#", faults) ||
                fail(error, ERROR_INVALID, "%s: %s %s", place, faults->items[0].where, faults->items[0].detail);
    arena_release(&arena);
    return good;
}

static bool check_article(struct loading *loading, const json_t *body, const char *place, struct error *error)
{
    return check(loading, "ArticleWithText", body, place, error);
}

static bool is_full(const struct lot *lot)
{
    return lot->count == BATCH_LINES || lot->bytes >= BATCH_BYTES || lot->read_bytes >= BATCH_READ_BYTES;
}

/* Adds a line with its reading, which stands for nothing where its body is NO_SLICE. */
static bool add(struct loading *loading, struct line line, struct reading reading, size_t bytes, struct error *error)
{
    struct lot *lot = loading->filling;
    reading.arena = &lot->arenas[lot->count];
    reading.for_record = true;
    lot->readings[lot->count] = reading;
    lot->lines[lot->count++] = line;
    lot->bytes += bytes;
    lot->read_bytes += reading.body.length;
    return !is_full(lot) || move_on(loading, error);
}

bool loading_line(struct loading *loading, struct slice text, struct error *error)
{
    long long number = ++loading->taken;
    struct lot *lot = loading->filling;
    struct reading reading = {.body = NO_SLICE};
    json_error_t where;
    enum noun noun;
    json_t *body = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &where);
    if (!body)
        return fail(error, ERROR_INVALID, "line %lld, column %d: %s", number, where.column, where.text);
    if (!read_noun(body, number, &noun, error) ||
        !check(loading, noun == NOUN_ARTICLE ? "ArticleWithText" : record_of(noun)->title, body,
               arena_print(&lot->arena, "line %lld", number), error)) {
        json_decref(body);
        return false;
    }
    if (noun == NOUN_ARTICLE && loading->reads && article_wants_reading(loading->app, NULL, body))
        reading = article_reading(body, NULL);
    return add(loading, (struct line){.noun = noun, .body = body, .number = number}, reading, text.length, error);
}

/* What is no text cannot be an article. */
static bool check_text(struct slice text, const char *name, struct error *error)
{
    size_t good = utf8_good(text);
    const char *nul = text.length ? memchr(text.data, '\0', text.length) : NULL;
    if (good < text.length)
        return fail(error, ERROR_INVALID, "%s: this is not UTF-8, at byte %zu", name, good);
    if (nul)
        return fail(error, ERROR_INVALID, "%s: this is no text: a NUL at byte %zu", name, (size_t)(nul - text.data));
    for (size_t i = text.length - without_signature(text).length; i < text.length; i++) {
        if ((unsigned char)text.data[i] > ' ')
            return true;
    }
    return fail(error, ERROR_INVALID, "%s: there is nothing in it", name);
}

bool loading_text(struct loading *loading, struct slice text, bool is_page, const char *name, struct error *error)
{
    struct arena *arena = &loading->filling->arena;
    struct error fault;
    ++loading->taken;
    if (!check_text(text, name, &fault)) {
        tell(loading, fault.message);
        return true;
    }
    struct reading reading = {.body = arena_slice(arena, without_signature(text)),
                              .form = is_page ? READING_PAGE : READING_TEXT,
                              .page_alone = !loading->reads || !article_wants_reading(loading->app, NULL, NULL)};
    struct line line = {.noun = NOUN_ARTICLE, .number = loading->taken, .name = arena_print(arena, "%s", name)};
    return add(loading, line, reading, text.length, error);
}

void loading_pass_over(struct loading *loading, void (*passed_over)(void *to, const char *why), void *to)
{
    loading->passed_over = passed_over;
    loading->to = to;
}

struct loaded loading_so_far(const struct loading *loading)
{
    return loading->loaded;
}

bool loading_end(struct loading *loading, struct loaded *loaded, struct error *error)
{
    bool good = (loading->filling->count == 0 || move_on(loading, error)) && write_behind(loading, error);
    *loaded = loading->loaded;
    if (loading->behind->submitted)
        await_reading(loading->behind);
    for (int i = 0; i < 2; i++) {
        struct lot *lot = i ? loading->behind : loading->filling;
        empty(lot);
        arena_release(&lot->arena);
        free(lot);
    }
    pthread_mutex_destroy(&loading->lock);
    pthread_cond_destroy(&loading->was_read);
    free(loading);
    return good;
}
