/* Loading NDJSON: lines are checked as they come and written many at a time, each batch in one work. */
#include <stdlib.h>
#include <string.h>

#include "call.h"

enum { BATCH_LINES = 500, BATCH_BYTES = 4 << 20 };

struct line {
    enum noun noun;
    json_t *body;
    long long number;
};

struct loading {
    struct work work; /* first: the writer gives it back as this */
    struct app *app;
    struct arena arena;
    struct line lines[BATCH_LINES];
    size_t count, bytes;
    struct loaded loaded, before;
    struct error error;
};

struct loading *loading_begin(struct app *app)
{
    struct loading *loading = calloc(1, sizeof *loading);
    if (!loading)
        die("out of memory");
    loading->app = app;
    return loading;
}

/* ---- one batch -------------------------------------------------------------------------------------------- */

static bool is_known(const struct written *written)
{
    return written->outcome == OUTCOME_CONFLICT && written->existing;
}

static bool refuse(struct loading *loading, const struct line *line, const struct written *written, const struct faults *faults)
{
    if (written->outcome == OUTCOME_FAILED)
        return fail(&loading->error, written->error.kind, "line %lld: %s", line->number, written->error.message);
    const struct fault *first = faults->count ? &faults->items[0] : NULL;
    return fail(&loading->error, ERROR_INVALID, "line %lld: %s %s", line->number, first ? first->where : "",
                first ? first->detail : written->conflict);
}

static bool write_line(struct loading *loading, struct writing *writing, const struct line *line)
{
    struct faults *faults = arena_alloc(&loading->arena, sizeof *faults);
    *faults = (struct faults){.arena = &loading->arena};
    struct change change = {.noun = line->noun,
                            .body = line->body,
                            .defaults = loading->app->defaults[line->noun],
                            .base = "#",
                            .faults = faults,
                            .arena = &loading->arena};
    fill_items(loading->app, line->noun, line->body);
    struct written written = write_create(writing, &change, false);
    loading->loaded.lines++;
    loading->loaded.created += written.outcome == OUTCOME_CREATED;
    loading->loaded.known += is_known(&written);
    return written.outcome == OUTCOME_CREATED || is_known(&written) || refuse(loading, line, &written, faults);
}

static bool run(struct work *work, struct writing *writing)
{
    struct loading *loading = (struct loading *)work;
    for (size_t i = 0; i < loading->count; i++) {
        if (!write_line(loading, writing, &loading->lines[i]))
            return false;
    }
    return true;
}

static bool write_batch(struct loading *loading, struct error *error)
{
    loading->work = (struct work){.run = run};
    loading->before = loading->loaded;
    bool good = store_perform(loading->app->store, &loading->work, error);
    if (good && !loading->work.kept) {
        loading->loaded = loading->before; /* the whole batch was rolled back */
        *error = loading->error;
        good = false;
    }
    for (size_t i = 0; i < loading->count; i++)
        json_decref(loading->lines[i].body);
    loading->count = 0;
    loading->bytes = 0;
    arena_reset(&loading->arena);
    return good;
}

/* ---- lines ------------------------------------------------------------------------------------------------ */

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

static bool check_line(struct loading *loading, enum noun noun, const json_t *body, long long number, struct error *error)
{
    struct arena arena = {0};
    struct faults *faults = arena_alloc(&arena, sizeof *faults);
    *faults = (struct faults){.arena = &arena};
    const char *title = noun == NOUN_ARTICLE ? "ArticleWithText" : record_of(noun)->title;
    bool good = contract_check(contract_schema(loading->app->contract, title), body, BODY_CREATE, "#", faults) ||
                fail(error, ERROR_INVALID, "line %lld: %s %s", number, faults->items[0].where, faults->items[0].detail);
    arena_release(&arena);
    return good;
}

bool loading_line(struct loading *loading, struct slice text, struct error *error)
{
    long long number = loading->loaded.lines + (long long)loading->count + 1;
    json_error_t where;
    enum noun noun;
    json_t *body = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &where);
    if (!body)
        return fail(error, ERROR_INVALID, "line %lld, column %d: %s", number, where.column, where.text);
    if (!read_noun(body, number, &noun, error) || !check_line(loading, noun, body, number, error)) {
        json_decref(body);
        return false;
    }
    loading->lines[loading->count++] = (struct line){noun, body, number};
    loading->bytes += text.length;
    return (loading->count < BATCH_LINES && loading->bytes < BATCH_BYTES) || write_batch(loading, error);
}

bool loading_end(struct loading *loading, struct loaded *loaded, struct error *error)
{
    bool good = loading->count == 0 || write_batch(loading, error);
    *loaded = loading->loaded;
    arena_release(&loading->arena);
    free(loading);
    return good;
}
