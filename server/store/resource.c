#include <string.h>

#include "origin_reports.h"
#include "positions.h"
#include "search_private.h"
#include "spread_private.h"

/* ---- reading ---------------------------------------------------------------------------------------------- */

bool resource_load(struct writing *writing, enum noun noun, int64_t id, struct arena *arena, struct resource *resource)
{
    *resource = (struct resource){.noun = noun, .id = id};
    if (writing->error.kind)
        return false;
    struct statement *statement = made_row(writing->engine, noun, false);
    statement_run(statement, VALUES(of_int(id)));
    if (statement_next(statement)) {
        struct slice document = statement_text(statement, 2);
        resource->version = statement_int(statement, 0);
        resource->deleted_at = arena_slice(arena, statement_text(statement, 1));
        resource->json = json_loadb(document.data, document.length, 0, NULL);
    }
    return statement_end(statement, &writing->error) && resource->json;
}

bool resource_load_apart(struct writing *writing, struct resource *resource)
{
    const struct field *apart = record_apart(record_of(resource->noun));
    if (!apart || writing->error.kind)
        return !writing->error.kind;
    json_t *items = json_array();
    struct statement *statement = apart_statement(writing->engine, resource->noun);
    statement_run(statement, VALUES(of_int(resource->id)));
    while (statement_next(statement)) {
        struct slice document = statement_text(statement, 0);
        json_array_append_new(items, json_loadb(document.data, document.length, 0, NULL));
    }
    json_object_set_new(resource->json, apart->name, items);
    return statement_end(statement, &writing->error);
}

void resource_release(struct resource *resource)
{
    json_decref(resource->json);
    resource->json = NULL;
}

/* ---- the version before ----------------------------------------------------------------------------------- */

static void keep_revision(struct writing *writing, const struct resource *resource, struct arena *arena)
{
    struct slice before = NO_SLICE;
    if (writing->error.kind || !whole_document(writing->engine, resource->noun, resource->id, arena, &before, &writing->error))
        return;
    write_run(writing, sql_statement(writing->engine, SQL_REVISION_ADD),
              VALUES(of_text(record_of(resource->noun)->name), of_int(resource->id), of_int(resource->version),
                     of_text(writing->now), of_slice(before)));
}

/* ---- columns ---------------------------------------------------------------------------------------------- */

static int64_t id_of_slug(struct writing *writing, enum noun noun, const json_t *slug)
{
    struct slice key = {json_string_value(slug), json_string_length(slug)};
    return write_ask(writing, made_lookup(writing->engine, MADE_BY_EXTERNAL, noun, 0), VALUES(of_slice(key)));
}

static struct datum datum_of(struct writing *writing, const struct field *field, const json_t *value)
{
    if (field->type == FIELD_SLUG)
        return of_id(id_of_slug(writing, field->refers, value));
    if (json_is_integer(value) && field->type == FIELD_REAL)
        return of_real((double)json_integer_value(value));
    if (json_is_integer(value))
        return of_int(json_integer_value(value));
    if (json_is_real(value))
        return of_real(json_real_value(value));
    if (json_is_boolean(value))
        return of_int(json_is_true(value));
    if (json_is_string(value))
        return of_slice((struct slice){json_string_value(value), json_string_length(value)});
    return of_slice(NO_SLICE);
}

enum { COLUMNS_MAX = 40 };

static void write_row(struct writing *writing, const struct resource *resource, bool is_new, struct slice document)
{
    const struct record *record = record_of(resource->noun);
    struct datum values[COLUMNS_MAX];
    size_t count = 0;
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        if (field->type != FIELD_JSON && field->type != FIELD_CHILDREN)
            values[count++] = datum_of(writing, field, json_object_get(resource->json, field->name));
    }
    values[count++] = of_slice(resource->deleted_at);
    values[count++] = of_slice(document);
    write_run(writing, made_write(writing->engine, resource->noun, is_new), values, count);
}

/* ---- children --------------------------------------------------------------------------------------------- */

static void write_children(struct writing *writing, const struct children *children, const json_t *items, int64_t owner,
                           int64_t *position, struct arena *arena);

/* An item that is a noun gets an id, its owner's id, and a document. */
static int64_t settle_noun(struct writing *writing, const struct children *children, json_t *item, int64_t owner,
                           struct buffer *document)
{
    int64_t id = json_integer_value(json_object_get(item, "id"));
    if (id == 0)
        id = ++writing->ledger.last_id[children->noun];
    json_object_set_new(item, "id", json_integer(id));
    json_object_set_new(item, children->owner, json_integer(owner));
    record_render(children->fields, children->field_count, item, document);
    return id;
}

static void write_child(struct writing *writing, const struct children *children, json_t *item, int64_t owner, int64_t *position,
                        struct arena *arena)
{
    struct datum values[COLUMNS_MAX];
    size_t count = 0;
    int64_t own = owner;
    struct buffer document = {.arena = arena};
    values[count++] = of_int(owner);
    if (children->noun != NOUN_COUNT) {
        document = buffer_in(arena, 512);
        own = settle_noun(writing, children, item, owner, &document);
        values[count++] = of_int(own);
    } else {
        values[count++] = of_int((*position)++);
    }
    for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
        bool key = strcmp(field->name, "id") == 0 || (children->owner && strcmp(field->name, children->owner) == 0);
        if (field->type != FIELD_JSON && field->type != FIELD_CHILDREN && !key)
            values[count++] = datum_of(writing, field, children->bare ? item : json_object_get(item, field->name));
    }
    if (children->noun != NOUN_COUNT)
        values[count++] = of_slice(buffer_slice(&document));
    if (children->table)
        write_run(writing, made_child(writing->engine, MADE_CHILD_INSERT, children), values, count);

    for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
        int64_t first = 0; /* positions start anew in each noun's children, and run on through items without a table */
        if (field->type == FIELD_CHILDREN)
            write_children(writing, field->children, json_object_get(item, field->name), own, children->table ? &first : position,
                           arena);
    }
}

static void write_children(struct writing *writing, const struct children *children, const json_t *items, int64_t owner,
                           int64_t *position, struct arena *arena)
{
    size_t index;
    json_t *item;
    json_array_foreach (items, index, item)
        write_child(writing, children, item, owner, position, arena);
}

static void delete_children(struct writing *writing, const struct children *children, int64_t owner)
{
    if (children->noun == NOUN_REPORT)
        write_run(writing, sql_statement(writing->engine, SQL_VIA_DELETE), VALUES(of_int(owner)));
    if (children->table)
        write_run(writing, made_child(writing->engine, MADE_CHILD_DELETE, children), VALUES(of_int(owner)));
    for (const struct field *field = children->fields; !children->table && field < children->fields + children->field_count;
         field++) {
        if (field->type == FIELD_CHILDREN)
            delete_children(writing, field->children, owner);
    }
}

/* Items that are nouns are counted; how many there were is asked for where they stand. */
static void count_items(struct writing *writing, const struct children *children, int64_t owner, int sign)
{
    enum noun noun = children->noun;
    if (noun == NOUN_COUNT)
        return;
    writing->ledger.generation.live[noun] +=
        sign * write_ask(writing, made_child(writing->engine, MADE_CHILD_COUNT, children), VALUES(of_int(owner)));
    writing->ledger.generation.seq[noun] = writing->ledger.last_seq;
    writing->ledger.touched |= NOUN_BIT(noun);
}

static void replace_children(struct writing *writing, struct resource *resource, uint64_t changed, bool is_new,
                             struct arena *arena)
{
    const struct record *record = record_of(resource->noun);
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *field = &record->fields[i];
        int64_t position = 0;
        if (field->type != FIELD_CHILDREN || !(changed & (uint64_t)1 << i))
            continue;
        const json_t *items = json_object_get(resource->json, field->name);
        if (!is_new) {
            count_items(writing, field->children, resource->id, -1);
            delete_children(writing, field->children, resource->id);
        }
        write_children(writing, field->children, items, resource->id, &position, arena);
        if (!is_new || json_array_size(items))
            count_items(writing, field->children, resource->id, 1);
    }
}

/* ---- what derives from the children ----------------------------------------------------------------------- */

enum { COUNTS = 3 };
static const char *const count_names[COUNTS] = {"report_count", "outlet_count", "origin_count"};

/* Sets a claim's counts; true when one of them changed. */
static bool set_counts(struct writing *writing, struct resource *claim)
{
    bool changed = false;
    struct arena arena = {0}; /* of its own: a work may count many claims, each several times */
    struct origins origins;
    if (!writing->error.kind && origins_of(writing->engine, claim->id, &arena, &origins, &writing->error)) {
        const size_t counts[COUNTS] = {origins.report_count, origins.outlet_count, origins.count};
        for (int i = 0; i < COUNTS; i++) {
            changed |= json_integer_value(json_object_get(claim->json, count_names[i])) != (json_int_t)counts[i];
            json_object_set_new(claim->json, count_names[i], json_integer((json_int_t)counts[i]));
        }
    }
    arena_release(&arena);
    return changed;
}

static struct slice render(const struct resource *resource, struct arena *arena)
{
    const struct record *record = record_of(resource->noun);
    struct buffer out = buffer_in(arena, 1024);
    record_render(record->fields, record->field_count, resource->json, &out);
    return buffer_slice(&out);
}

/* Writes the counts alone, and the document that has them. */
static void write_counts(struct writing *writing, const struct resource *claim, struct slice document)
{
    struct datum counts[COUNTS];
    for (int i = 0; i < COUNTS; i++)
        counts[i] = of_int(json_integer_value(json_object_get(claim->json, count_names[i])));
    write_run(writing, sql_statement(writing->engine, SQL_CLAIM_COUNTS_SET),
              VALUES(of_int(claim->id), counts[0], counts[1], counts[2], of_slice(document)));
}

enum { OUTLETS_AT_ONCE = 64 };

/* The outlets of the claim's reports, above `after`. */
static size_t outlets_of(struct writing *writing, int64_t claim, int64_t after, int64_t ids[static OUTLETS_AT_ONCE])
{
    size_t count = 0;
    struct statement *statement = sql_statement(writing->engine, SQL_OUTLETS_OF_CLAIM);
    if (writing->error.kind)
        return 0;
    statement_run(statement, VALUES(of_int(claim), of_int(after), of_int(OUTLETS_AT_ONCE)));
    while (count < OUTLETS_AT_ONCE && statement_next(statement))
        ids[count++] = statement_int(statement, 0);
    return statement_end(statement, &writing->error) ? count : 0;
}

/* One by one: for a statement that writes several rows SQLite keeps a journal, in which it searches from the beginning. */
static void set_outlets(struct writing *writing, int64_t claim, bool is_new)
{
    int64_t ids[OUTLETS_AT_ONCE], last = 0;
    if (!is_new)
        write_run(writing, sql_statement(writing->engine, SQL_OUTLETS_DELETE), VALUES(of_int(claim)));
    for (size_t count; (count = outlets_of(writing, claim, last, ids)) > 0; last = ids[count - 1]) {
        for (size_t i = 0; i < count; i++)
            write_run(writing, sql_statement(writing->engine, SQL_OUTLET_ADD), VALUES(of_int(claim), of_int(ids[i])));
    }
}

static bool outlets_changed(struct writing *writing, int64_t claim)
{
    return write_ask(writing, sql_statement(writing->engine, SQL_OUTLETS_CHANGED), VALUES(of_int(claim)));
}

enum { IDS_AT_ONCE = 256 };

/* What the statement finds for that id, above `after`. */
static size_t ids_for(struct writing *writing, enum sql sql, int64_t id, int64_t after, int64_t ids[static IDS_AT_ONCE])
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, sql);
    statement_run(statement, VALUES(of_int(id), of_int(after), of_int(IDS_AT_ONCE)));
    while (count < IDS_AT_ONCE && statement_next(statement))
        ids[count++] = statement_int(statement, 0);
    statement_end(statement, &writing->error);
    return count;
}

static void recount(struct writing *writing, int64_t id, struct arena *arena)
{
    struct resource claim;
    struct slice document;
    if (outlets_changed(writing, id)) {
        spread_note(writing, NOUN_CLAIM, id, -1);
        set_outlets(writing, id, false);
        spread_note(writing, NOUN_CLAIM, id, 1);
    }
    positions_note(writing, id, false);
    if (resource_load(writing, NOUN_CLAIM, id, arena, &claim) && set_counts(writing, &claim))
        resource_save(writing, &claim, "updated", 0, arena, &document);
    resource_release(&claim);
}

int64_t resource_recount(struct writing *writing, int64_t after, struct arena *arena)
{
    int64_t ids[IDS_AT_ONCE];
    size_t count = ids_for(writing, SQL_CLAIMS_UNCOUNTED, -1, after, ids);
    for (size_t i = 0; i < count; i++) {
        struct resource claim;
        struct slice document;
        if (resource_load(writing, NOUN_CLAIM, ids[i], arena, &claim)) {
            if (set_counts(writing, &claim))
                resource_save(writing, &claim, "updated", 0, arena, &document);
            else
                write_counts(writing, &claim, render(&claim, arena));
        }
        resource_release(&claim);
    }
    return count ? ids[count - 1] : 0;
}

/* Counts the reports of those claims again, and saves them where that makes a difference. */
static void recount_claims(struct writing *writing, enum sql claims, int64_t id, struct arena *arena)
{
    int64_t ids[IDS_AT_ONCE], last = 0;
    for (size_t count; (count = ids_for(writing, claims, id, last, ids)) > 0; last = ids[count - 1]) {
        for (size_t i = 0; i < count; i++)
            recount(writing, ids[i], arena);
    }
}

/* The same for those that the actor speaks in, and those who belong to it, and so on. */
static void recount_spoken(struct writing *writing, int64_t actor, int levels, struct arena *arena)
{
    int64_t ids[IDS_AT_ONCE], last = 0;
    recount_claims(writing, SQL_CLAIMS_SPOKEN, actor, arena);
    recount_claims(writing, SQL_CLAIMS_NAMING, actor, arena);
    for (size_t count; levels > 1 && (count = ids_for(writing, SQL_SPEAKERS_FOR, actor, last, ids)) > 0; last = ids[count - 1]) {
        for (size_t i = 0; i < count; i++)
            recount_spoken(writing, ids[i], levels - 1, arena);
    }
}

static struct slice text_of(const struct resource *resource, const char *name)
{
    const json_t *value = json_object_get(resource->json, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

static int64_t number_of(const struct resource *resource, const char *name)
{
    return json_integer_value(json_object_get(resource->json, name));
}

/* Whether the resource is about to stand otherwise in the counts of claims. */
static bool moves_counts(struct writing *writing, const struct resource *it)
{
    if (it->noun == NOUN_ACTOR)
        return write_ask(writing, sql_statement(writing->engine, SQL_SPEAKER_MOVED),
                         VALUES(of_int(it->id), of_slice(text_of(it, "kind")), of_id(number_of(it, "affiliation_id"))));
    return it->noun == NOUN_ARTICLE &&
           write_ask(writing, sql_statement(writing->engine, SQL_ARTICLE_MOVED),
                     VALUES(of_int(it->id), of_id(number_of(it, "outlet_id")), of_id(number_of(it, "near_duplicate_of")),
                            of_int(it->deleted_at.data != NULL), of_slice(text_of(it, "byline")),
                            of_slice(text_of(it, "published_at"))));
}

static void recount_moved(struct writing *writing, const struct resource *resource, struct arena *arena)
{
    if (resource->noun == NOUN_ARTICLE)
        recount_claims(writing, SQL_CLAIMS_IN_ARTICLE, resource->id, arena);
    else
        recount_spoken(writing, resource->id, BODIES_MAX, arena);
}

/* ---- a new version ---------------------------------------------------------------------------------------- */

static void note_change(struct writing *writing, const struct resource *resource, const char *action)
{
    writing->ledger.last_seq++;
    writing->ledger.generation.seq[resource->noun] = writing->ledger.last_seq;
    writing->ledger.touched |= NOUN_BIT(resource->noun);
    write_run(writing, sql_statement(writing->engine, SQL_CHANGE_ADD),
              VALUES(of_int(writing->ledger.last_seq), of_text(record_of(resource->noun)->name), of_int(resource->id),
                     of_int(resource->version), of_text(action), of_text(writing->now), of_slice(writing->by)));
}

bool resource_add(struct writing *writing, struct resource *resource, struct arena *arena, struct slice *document)
{
    const struct field *apart = record_apart(record_of(resource->noun));
    resource->version = 1;
    json_object_set_new(resource->json, "id", json_integer(resource->id));
    json_object_set_new(resource->json, "version", json_integer(1));
    json_object_set_new(resource->json, "created_at", json_string(writing->now));
    json_object_set_new(resource->json, "updated_at", json_string(writing->now));
    note_change(writing, resource, "created");
    search_touch(writing, resource->noun, resource->id, true);
    *document = render(resource, arena);
    write_row(writing, resource, true, *document);
    replace_children(writing, resource, UINT64_MAX, true, arena);
    linking_note(writing, resource->noun, resource->id, true);
    if (resource->noun == NOUN_CLAIM && json_array_size(json_object_get(resource->json, apart->name))) {
        set_outlets(writing, resource->id, true);
        if (set_counts(writing, resource)) {
            *document = render(resource, arena);
            write_counts(writing, resource, *document);
        }
    }
    if (resource->noun == NOUN_CLAIM)
        positions_note(writing, resource->id, true);
    spread_note(writing, resource->noun, resource->id, 1);
    return !writing->error.kind;
}

/* What a new version begins with, once the one before is kept. */
static void begin_version(struct writing *writing, struct resource *resource, const char *action)
{
    search_touch(writing, resource->noun, resource->id, false);
    spread_note(writing, resource->noun, resource->id, -1);
    resource->version++;
    json_object_set_new(resource->json, "version", json_integer(resource->version));
    json_object_set_new(resource->json, "updated_at", json_string(writing->now));
    note_change(writing, resource, action);
}

/* A claim's counts and outlets, which follow its reports. */
static void follow_reports(struct writing *writing, struct resource *claim, struct arena *arena, struct slice *document)
{
    if (outlets_changed(writing, claim->id))
        set_outlets(writing, claim->id, false);
    if (set_counts(writing, claim)) {
        *document = render(claim, arena);
        write_counts(writing, claim, *document);
    }
    positions_note(writing, claim->id, false);
}

bool resource_save(struct writing *writing, struct resource *resource, const char *action, uint64_t children_changed,
                   struct arena *arena, struct slice *document)
{
    bool moves = moves_counts(writing, resource);
    keep_revision(writing, resource, arena);
    begin_version(writing, resource, action);
    if (resource->noun == NOUN_DISCREPANCY)
        noticing_count(writing, json_object_get(resource->json, "values"));
    *document = render(resource, arena);
    write_row(writing, resource, false, *document); /* first, so that counting sees the new speaker and occasion */
    replace_children(writing, resource, children_changed, false, arena);
    linking_note(writing, resource->noun, resource->id, false);
    if (resource->noun == NOUN_CLAIM)
        follow_reports(writing, resource, arena, document);
    spread_note(writing, resource->noun, resource->id, 1);
    if (moves)
        recount_moved(writing, resource, arena);
    return !writing->error.kind;
}

bool resource_append(struct writing *writing, struct resource *resource, json_t *items, struct arena *arena)
{
    const struct children *children = record_apart(record_of(resource->noun))->children;
    struct slice document = render(resource, arena);
    int64_t position = 0;
    write_run(writing, sql_statement(writing->engine, SQL_REVISION_ADD),
              VALUES(of_text(record_of(resource->noun)->name), of_int(resource->id), of_int(resource->version),
                     of_text(writing->now), of_slice(document)));
    begin_version(writing, resource, "updated");
    document = render(resource, arena);
    write_row(writing, resource, false, document);
    write_children(writing, children, items, resource->id, &position, arena);
    writing->ledger.generation.live[children->noun] += (int64_t)json_array_size(items);
    writing->ledger.generation.seq[children->noun] = writing->ledger.last_seq;
    writing->ledger.touched |= NOUN_BIT(children->noun);
    if (resource->noun == NOUN_CLAIM)
        follow_reports(writing, resource, arena, &document);
    spread_note(writing, resource->noun, resource->id, 1);
    return !writing->error.kind;
}
