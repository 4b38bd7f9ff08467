/* An article's text gives way to another one. All that points into it is moved to where it stands now, at once with the text: a
 * span never shows other characters than it says. What stands nowhere any more keeps its place in the older text, and says so. */
#include <stdlib.h>
#include <string.h>

#include "reader_private.h"
#include "readout/realign.h"
#include "search_private.h"

/* ---- what was seen ---------------------------------------------------------------------------------------- */

static int64_t newest_of(struct writing *writing, int64_t article)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_REVISION_NEWEST), VALUES(of_int(article)));
}

static struct slice text_of(struct writing *writing, int64_t article, int64_t number, struct arena *arena)
{
    struct slice text = NO_SLICE;
    struct statement *statement = sql_statement(writing->engine, number ? SQL_REVISION_TEXT : SQL_ARTICLE_TEXT);
    if (writing->error.kind)
        return NO_SLICE;
    if (number)
        statement_run(statement, VALUES(of_int(article), of_int(number)));
    else
        statement_run(statement, VALUES(of_int(article)));
    if (statement_next(statement))
        text = arena_slice(arena, statement_text(statement, 0));
    return statement_end(statement, &writing->error) ? text : NO_SLICE;
}

void revision_render(const json_t *article, int64_t number, int64_t version, const char *seen_at, struct slice more,
                     struct buffer *out)
{
    static const char *const taken[] = {"title", "byline", "published_at", "sha256", "text_length"};
    buffer_print(out, "{\"article_id\":%lld,\"number\":%lld,\"version\":%lld,\"seen_at\":\"%s\"",
                 (long long)json_integer_value(json_object_get(article, "id")), (long long)number, (long long)version, seen_at);
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        const json_t *value = json_object_get(article, taken[i]);
        buffer_print(out, ",\"%s\":", taken[i]);
        if (json_is_integer(value))
            buffer_add_int(out, json_integer_value(value));
        else
            buffer_add_json(out, (struct slice){json_string_value(value), json_string_length(value)});
    }
    buffer_add_slice(out, more);
    buffer_add_byte(out, '}');
}

static void add_row(struct writing *writing, int64_t article, int64_t number, struct slice document, struct slice quotes,
                    struct slice text)
{
    write_run(writing, sql_statement(writing->engine, SQL_REVISION_SEEN),
              VALUES(of_int(article), of_int(number), of_slice(document), of_slice(quotes), of_slice(text)));
}

/* Puts the text that is there until now with those before it: the number that it has. */
static int64_t put_by(struct writing *writing, const struct resource *article, struct slice text, struct arena *arena)
{
    int64_t newest = newest_of(writing, article->id);
    if (newest) {
        write_run(writing, sql_statement(writing->engine, SQL_REVISION_TEXT_SET),
                  VALUES(of_int(article->id), of_int(newest), of_slice(text)));
        return newest;
    }
    struct buffer document = buffer_in(arena, 512);
    revision_render(article->json, 1, 1, json_string_value(json_object_get(article->json, "created_at")), REVISION_FIRST,
                    &document);
    add_row(writing, article->id, 1, buffer_slice(&document), SLICE("[]"), text);
    return 1;
}

/* ---- an article's texts, compared with the newest --------------------------------------------------------- */

enum { OLDER_MAX = 16 };

struct refit {
    struct writing *writing;
    struct arena *arena;
    int64_t article;
    struct points newest;
    struct older {
        int64_t number;
        struct realigned *realigned;
    } older[OLDER_MAX];
    size_t older_count;
};

static bool refit_begin(struct refit *refit, struct writing *writing, int64_t article, struct arena *arena)
{
    *refit = (struct refit){.writing = writing, .arena = arena, .article = article};
    struct slice text = text_of(writing, article, 0, arena);
    if (text.data)
        refit->newest = points_of(arena, text);
    return text.data != NULL;
}

static const struct realigned *older_text(struct refit *refit, int64_t number)
{
    for (size_t i = 0; i < refit->older_count; i++) {
        if (refit->older[i].number == number)
            return refit->older[i].realigned;
    }
    struct slice text = text_of(refit->writing, refit->article, number, refit->arena);
    if (!text.data || refit->older_count == OLDER_MAX)
        return NULL;
    struct older *older = &refit->older[refit->older_count++];
    *older = (struct older){number, realign(text, refit->newest.text, refit->arena)};
    return older->realigned;
}

static struct extent range_in(const json_t *span)
{
    return (struct extent){json_integer_value(json_object_get(span, "start")), json_integer_value(json_object_get(span, "end"))};
}

static void set_range(const struct refit *refit, json_t *span, struct extent range)
{
    struct slice text = points_slice(&refit->newest, range.start, range.end);
    json_object_set_new(span, "start", json_integer(range.start));
    json_object_set_new(span, "end", json_integer(range.end));
    json_object_set_new(span, "text", json_stringn(text.data, text.length));
}

/* What is near to what was near it is found `within` so many characters alone; 0: anywhere. */
static bool find(const struct realigned *realigned, struct extent before, int64_t near, int64_t within, struct extent *after)
{
    if (realigned_in_place(realigned, before, after) && (!within || llabs(after->start - near) <= within))
        return true;
    return realigned_elsewhere(realigned, before, near, after) && (!within || llabs(after->start - near) <= within);
}

static bool refit_span(const struct refit *refit, const struct realigned *realigned, json_t *span)
{
    struct extent before = range_in(span), after;
    if (!find(realigned, before, realigned_place(realigned, before.start), 0, &after))
        return false;
    set_range(refit, span, after);
    return true;
}

/* ---- reports ---------------------------------------------------------------------------------------------- */

enum { PIECES_MAX = 64, NEAR_CONTENT = 600 };

/* The pieces of a content stand in their order, and not much further apart than they did. */
static bool refit_content(const struct refit *refit, const struct realigned *realigned, json_t *content, int64_t *shift)
{
    struct extent found[PIECES_MAX], first = range_in(json_array_get(content, 0));
    size_t count = json_array_size(content), index;
    json_t *piece;
    if (count == 0 || count > PIECES_MAX)
        return false;
    json_array_foreach (content, index, piece) {
        struct extent before = range_in(piece);
        int64_t near = index ? found[0].start + before.start - first.start : realigned_place(realigned, before.start);
        if (!find(realigned, before, near, index ? NEAR_CONTENT : 0, &found[index]) ||
            (index && found[index].start < found[index - 1].end))
            return false;
    }
    json_array_foreach (content, index, piece)
        set_range(refit, piece, found[index]);
    *shift = found[0].start - first.start;
    return true;
}

/* Who says it, and the word of saying: near what is said, or not there any more. */
static void refit_beside(const struct refit *refit, const struct realigned *realigned, json_t *report, const char *name,
                         int64_t shift)
{
    json_t *span = json_object_get(report, name);
    struct extent after;
    if (!json_is_object(span))
        return;
    struct extent before = range_in(span);
    if (find(realigned, before, before.start + shift, NEAR_CONTENT, &after))
        set_range(refit, span, after);
    else
        json_object_set_new(report, name, json_null());
}

static bool refit_report(const struct refit *refit, const struct realigned *realigned, json_t *report)
{
    int64_t shift;
    if (!refit_content(refit, realigned, json_object_get(report, "content"), &shift))
        return false;
    refit_beside(refit, realigned, report, "source", shift);
    refit_beside(refit, realigned, report, "cue", shift);
    return true;
}

/* ---- whatever has spans ----------------------------------------------------------------------------------- */

/* The revision whose text an item's spans stand in: 0: the newest, and nothing is to be done. `known`: the one they stood in
 * until now; 0: it has to be found. */
static int64_t stands_in(struct refit *refit, const json_t *item, const json_t *span, int64_t known)
{
    int64_t marked = json_integer_value(json_object_get(item, "revision"));
    if (marked || known)
        return marked ? marked : known;
    struct slice text = {json_string_value(json_object_get(span, "text")), json_string_length(json_object_get(span, "text"))};
    struct extent range = range_in(span);
    if (slice_equal(points_slice(&refit->newest, range.start, range.end), text))
        return 0;
    for (int64_t number = newest_of(refit->writing, refit->article) - 1; number > 0; number--) {
        struct points points = points_of(refit->arena, text_of(refit->writing, refit->article, number, refit->arena));
        if (slice_equal(points_slice(&points, range.start, range.end), text))
            return number;
    }
    return 0;
}

/* A report, or a piece of evidence. */
static void refit_item(struct refit *refit, json_t *item, int64_t known)
{
    json_t *content = json_object_get(item, "content"), *span = content ? json_array_get(content, 0) : item;
    int64_t number = stands_in(refit, item, span, known);
    const struct realigned *realigned = number ? older_text(refit, number) : NULL;
    if (!realigned)
        return;
    bool was_lost = json_is_integer(json_object_get(item, "revision"));
    bool stands = content ? refit_report(refit, realigned, item) : refit_span(refit, realigned, item);
    json_object_set_new(item, "revision", stands ? json_null() : json_integer(number));
    if (content && !stands)
        json_object_set_new(item, "match", json_string("missing"));
    else if (content && was_lost)
        json_object_set_new(item, "match", json_null());
}

/* The items of an array, and of the arrays in them (the values of a discrepancy). */
static void refit_items(struct refit *refit, const json_t *items, int64_t known)
{
    size_t index;
    json_t *item;
    json_array_foreach (items, index, item) {
        refit_items(refit, json_object_get(item, "evidence"), known);
        if (json_integer_value(json_object_get(item, "article_id")) == refit->article)
            refit_item(refit, item, known);
    }
}

/* The property of each noun whose items have spans into articles. */
static const char *const spanned[NOUN_RESOURCES] = {
    [NOUN_CLAIM] = "reports", [NOUN_MEETING] = "evidence", [NOUN_DISCREPANCY] = "values"};

static uint64_t bit_of(enum noun noun, const char *property)
{
    const struct record *record = record_of(noun);
    for (size_t i = 0; i < record->field_count; i++) {
        if (strcmp(record->fields[i].name, property) == 0)
            return (uint64_t)1 << i;
    }
    return 0;
}

static void refit_resource(struct refit *refit, enum noun noun, int64_t id, int64_t known)
{
    struct resource resource;
    struct slice document;
    bool there = resource_load(refit->writing, noun, id, refit->arena, &resource) && !resource.deleted_at.data &&
                 resource_load_apart(refit->writing, &resource);
    json_t *items = there ? json_object_get(resource.json, spanned[noun]) : NULL, *before = json_deep_copy(items);
    refit_items(refit, items, known);
    if (items && !json_equal(items, before))
        resource_save(refit->writing, &resource, "updated", bit_of(noun, spanned[noun]), refit->arena, &document);
    json_decref(before);
    resource_release(&resource);
}

static void refit_all(struct refit *refit, enum noun noun, int64_t known)
{
    enum { AT_ONCE = 256 };
    int64_t ids[AT_ONCE], after = 0;
    for (size_t count; (count = writing_found_in(refit->writing, noun, refit->article, after, ids, AT_ONCE)) > 0;
         after = ids[count - 1]) {
        for (size_t i = 0; i < count && !refit->writing->error.kind; i++)
            refit_resource(refit, noun, ids[i], known);
    }
}

enum { SIGHTINGS_MAX = 2000 };

/* What the article alone makes of meetings has its evidence, too. */
static void refit_sightings(struct refit *refit, int64_t known)
{
    struct sighting {
        int64_t position, meeting;
        json_t *reading;
    } *sightings = arena_alloc(refit->arena, SIGHTINGS_MAX * sizeof *sightings);
    size_t count = 0;
    struct engine *engine = refit->writing->engine;
    struct statement *statement = sql_statement(engine, SQL_SIGHTINGS_IN);
    if (refit->writing->error.kind)
        return;
    statement_run(statement, VALUES(of_int(refit->article), of_int(SIGHTINGS_MAX)));
    while (count < SIGHTINGS_MAX && statement_next(statement)) {
        struct slice reading = statement_text(statement, 2);
        sightings[count++] = (struct sighting){statement_int(statement, 0), statement_int(statement, 1),
                                               json_loadb(reading.data, reading.length, 0, NULL)};
    }
    statement_end(statement, &refit->writing->error);
    for (size_t i = 0; i < count; i++) {
        refit_items(refit, json_object_get(sightings[i].reading, "evidence"), known);
        char *reading = json_dumps(sightings[i].reading, JSON_COMPACT);
        write_run(refit->writing, sql_statement(engine, SQL_SIGHTING_SET),
                  VALUES(of_int(refit->article), of_int(sightings[i].position), of_int(sightings[i].meeting), of_text(reading)));
        free(reading);
        json_decref(sightings[i].reading);
    }
}

/* What was read in the text before and is found by nothing else: the next reading finds it again. */
static void forget_readings(struct writing *writing, int64_t article)
{
    write_run(writing, sql_statement(writing->engine, SQL_TERMS_DELETE), VALUES(of_int(article)));
    write_run(writing, sql_statement(writing->engine, SQL_DETAILS_DELETE), VALUES(of_int(article)));
}

/* ---- what comes back -------------------------------------------------------------------------------------- */

static void note_articles(const json_t *items, int64_t *articles, size_t *count, size_t most)
{
    size_t index, at;
    json_t *item;
    json_array_foreach (items, index, item) {
        int64_t article = json_integer_value(json_object_get(item, "article_id"));
        note_articles(json_object_get(item, "evidence"), articles, count, most);
        for (at = 0; at < *count && articles[at] != article; at++)
            ;
        if (article && at == *count && *count < most)
            articles[(*count)++] = article;
    }
}

uint64_t revising_catch_up(struct writing *writing, struct resource *resource, struct arena *arena)
{
    enum { ARTICLES_MAX = 1000 };
    const char *property = spanned[resource->noun];
    if (!property)
        return 0;
    json_t *items = json_object_get(resource->json, property), *before = json_deep_copy(items);
    int64_t *articles = arena_alloc(arena, ARTICLES_MAX * sizeof *articles);
    size_t count = 0;
    struct refit refit;
    note_articles(items, articles, &count, ARTICLES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (newest_of(writing, articles[i]) && refit_begin(&refit, writing, articles[i], arena))
            refit_items(&refit, items, 0);
    }
    uint64_t changed = json_equal(items, before) ? 0 : bit_of(resource->noun, property);
    json_decref(before);
    return changed;
}

/* ---- the article's own ------------------------------------------------------------------------------------ */

static bool is_taken(const json_t *spans, struct extent range)
{
    size_t index;
    json_t *span;
    json_array_foreach (spans, index, span) {
        struct extent other = range_in(span);
        if (other.start < range.end && range.start < other.end)
            return true;
    }
    return false;
}

static void add_moved(const struct refit *refit, json_t *standing, const json_t *span, struct extent range)
{
    json_t *copy = json_copy((json_t *)span);
    set_range(refit, copy, range);
    json_array_append_new(standing, copy);
}

/* Parts of the text: as far as they are there. */
static json_t *refit_parts(const struct refit *refit, const struct realigned *realigned, const json_t *spans)
{
    json_t *standing = json_array(), *span;
    size_t index;
    struct extent after;
    json_array_foreach (spans, index, span) {
        if (realigned_mostly(realigned, range_in(span), &after))
            add_moved(refit, standing, span, after);
    }
    return standing;
}

/* Those that stand in the newest text: first what stayed in its place, then what finds another that is free. */
static json_t *refit_mentions(const struct refit *refit, const struct realigned *realigned, const json_t *spans)
{
    json_t *standing = json_array(), *span;
    size_t index;
    struct extent after;
    for (int again = 0; again < 2; again++) {
        json_array_foreach (spans, index, span) {
            struct extent before = range_in(span);
            bool in_place = realigned_in_place(realigned, before, &after);
            bool found = again ? !in_place &&
                                     realigned_elsewhere(realigned, before, realigned_place(realigned, before.start), &after) &&
                                     !is_taken(standing, after)
                               : in_place;
            if (found)
                add_moved(refit, standing, span, after);
        }
    }
    return standing;
}

struct retexted writing_retext(struct writing *writing, int64_t id, struct slice text, struct arena *arena)
{
    static const enum noun nouns[] = {NOUN_CLAIM, NOUN_MEETING, NOUN_DISCREPANCY};
    static const char *const parts[] = {"body_spans", "boilerplate_spans"};
    struct resource article;
    struct refit refit;
    struct retexted done = {.spans = json_object()};
    if (resource_load(writing, NOUN_ARTICLE, id, arena, &article) && resource_load_apart(writing, &article)) {
        int64_t last = put_by(writing, &article, text_of(writing, id, 0, arena), arena);
        search_touch(writing, NOUN_ARTICLE, id, false);
        write_run(writing, sql_statement(writing->engine, SQL_ARTICLE_TEXT_SET), VALUES(of_int(id), of_slice(text)));
        writing->points_article = 0;
        if (refit_begin(&refit, writing, id, arena) && (done.realigned = older_text(&refit, last)) != NULL) {
            for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
                json_object_set_new(done.spans, parts[i],
                                    refit_parts(&refit, done.realigned, json_object_get(article.json, parts[i])));
            json_object_set_new(done.spans, "mentions",
                                refit_mentions(&refit, done.realigned, json_object_get(article.json, "mentions")));
            for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++)
                refit_all(&refit, nouns[i], last);
            refit_sightings(&refit, last);
            forget_readings(writing, id);
            done.number = writing->error.kind ? 0 : last + 1;
        }
    }
    resource_release(&article);
    return done;
}

void writing_note_revision(struct writing *writing, const json_t *article, int64_t number, struct slice more, struct slice quotes,
                           struct buffer *document)
{
    revision_render(article, number, json_integer_value(json_object_get(article, "version")), writing->now, more, document);
    add_row(writing, json_integer_value(json_object_get(article, "id")), number, buffer_slice(document), quotes, NO_SLICE);
}

int64_t writing_known_article(struct writing *writing, struct slice url, struct slice external_id)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_ARTICLE_KNOWN), VALUES(of_slice(url), of_slice(external_id)));
}

void writing_drop_bands(struct writing *writing, int64_t article)
{
    write_run(writing, sql_statement(writing->engine, SQL_BANDS_DELETE), VALUES(of_int(article)));
}

json_t *writing_reports_in(struct writing *writing, int64_t article)
{
    json_t *reports = json_array();
    struct statement *statement = sql_statement(writing->engine, SQL_REPORTS_IN);
    if (writing->error.kind)
        return reports;
    statement_run(statement, VALUES(of_int(article)));
    while (statement_next(statement)) {
        struct slice document = statement_text(statement, 0);
        json_array_append_new(reports, json_loadb(document.data, document.length, 0, NULL));
    }
    statement_end(statement, &writing->error);
    return reports;
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

/* Of an article that never changed: what it is now. */
static bool only_one(struct reader *reader, int64_t article, struct buffer *out, struct error *error)
{
    struct row row;
    if (!reader_row(reader, NOUN_ARTICLE, article, false, out->arena, &row, error))
        return false;
    json_t *document = json_loadb(row.document.data, row.document.length, 0, NULL);
    revision_render(document, 1, 1, json_string_value(json_object_get(document, "created_at")), REVISION_FIRST, out);
    json_decref(document);
    return true;
}

bool reader_revisions(struct reader *reader, int64_t article, int64_t before, int limit, struct buffer *items, int *count,
                      int64_t *last, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_REVISIONS);
    statement_run(statement, VALUES(of_int(article), of_int(before ? before : INT64_MAX), of_int(limit)));
    for (*count = 0; statement_next(statement); ++*count) {
        *last = statement_int(statement, 0);
        buffer_add_text(items, *count ? "," : "");
        buffer_add_slice(items, statement_text(statement, 1));
    }
    if (!statement_end(statement, error))
        return false;
    if (*count || before)
        return true;
    *count = 1;
    *last = 1;
    return only_one(reader, article, items, error);
}

static void add_whole(struct buffer *out, struct slice quotes, struct slice text)
{
    out->length--; /* the closing brace */
    buffer_add_text(out, ",\"quotes\":");
    buffer_add_slice(out, quotes);
    buffer_add_text(out, ",\"text\":");
    buffer_add_json(out, text);
    buffer_add_byte(out, '}');
}

bool reader_revision(struct reader *reader, int64_t article, int64_t number, struct buffer *out, bool *settled,
                     struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_REVISION_WHOLE);
    struct row row;
    statement_run(statement, VALUES(of_int(article), of_int(number)));
    *settled = statement_next(statement);
    if (*settled) {
        buffer_add_slice(out, statement_text(statement, 0));
        add_whole(out, statement_text(statement, 1), statement_text(statement, 2));
    }
    if (!statement_end(statement, error) || *settled)
        return *settled;
    *error = (struct error){.kind = ERROR_NOT_FOUND};
    bool only = number == 1 && reader_row(reader, NOUN_ARTICLE, article, true, out->arena, &row, error) &&
                only_one(reader, article, out, error);
    if (only)
        add_whole(out, SLICE("[]"), row.text);
    return only;
}

int64_t reader_known_article(struct reader *reader, struct slice url, struct slice external_id)
{
    struct error ignored;
    struct statement *statement = sql_statement(reader->engine, SQL_ARTICLE_KNOWN);
    statement_run(statement, VALUES(of_slice(url), of_slice(external_id)));
    int64_t id = statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, &ignored) ? id : 0;
}
