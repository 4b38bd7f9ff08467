#include <string.h>

#include "store_private.h"

/* A merge moves everything that names one resource to another, and notes each resource it moved with the version before:
 * taking apart again gives those versions back, or, where one was changed since, undoes the move alone. */

/* ---- who names it ----------------------------------------------------------------------------------------- */

struct named_by {
    enum noun noun;
    int64_t id;
};

struct found {
    struct arena *arena;
    struct named_by *items;
    size_t count, capacity;
};

static void found_add(struct found *found, enum noun noun, int64_t id)
{
    for (size_t i = 0; i < found->count; i++) {
        if (found->items[i].noun == noun && found->items[i].id == id)
            return;
    }
    if (found->count == found->capacity) {
        size_t size = found->capacity * sizeof *found->items;
        found->capacity = found->capacity ? found->capacity * 2 : 64;
        found->items = arena_grow(found->arena, found->items, size, found->capacity * sizeof *found->items);
    }
    found->items[found->count++] = (struct named_by){noun, id};
}

static void find(struct writing *writing, struct found *found, enum noun noun, const char *sql, int64_t id)
{
    uint64_t key = made_key(MADE_NAMING, noun, 0, digest_quick(0, slice_of(sql)) & 0xffffffffff);
    struct statement *statement = engine_kept(writing->engine, key);
    if (writing->error.kind)
        return;
    if (!statement)
        statement = engine_keep(writing->engine, key, sql);
    statement_run(statement, VALUES(of_int(id)));
    while (statement_next(statement))
        found_add(found, noun, statement_int(statement, 0));
    statement_end(statement, &writing->error);
}

static bool names(const struct field *field, enum noun noun)
{
    return field->type == FIELD_REFERENCE && field->refers == noun && !(field->flags & FIELD_SERVER);
}

static void find_in_children(struct writing *writing, struct found *found, enum noun owner, const struct children *children,
                             enum noun noun, int64_t id)
{
    char sql[256];
    for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
        if (names(field, noun) && children->table) {
            snprintf(sql, sizeof sql, "SELECT DISTINCT \"%s\" FROM %s WHERE \"%s\" = $1", children->owner, children->table,
                     field->name);
            find(writing, found, owner, sql, id);
        }
        for (const struct field *below = field->type == FIELD_CHILDREN ? field->children->fields : NULL;
             below && children->table && below < field->children->fields + field->children->field_count; below++) {
            if (!names(below, noun))
                continue;
            snprintf(sql, sizeof sql, "SELECT DISTINCT \"%s\" FROM %s JOIN %s ON id = \"%s\" WHERE %s.\"%s\" = $1",
                     children->owner, field->children->table, children->table, field->children->owner, field->children->table,
                     below->name);
            find(writing, found, owner, sql, id);
        }
    }
}

static struct found find_all(struct writing *writing, enum noun noun, int64_t id, struct arena *arena)
{
    struct found found = {.arena = arena};
    char sql[160];
    for (enum noun owner = 0; owner < NOUN_RESOURCES; owner++) {
        const struct record *record = record_of(owner);
        for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
            if (names(field, noun)) {
                snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE \"%s\" = $1", record->name, field->name);
                find(writing, &found, owner, sql, id);
            } else if (field->type == FIELD_CHILDREN) {
                find_in_children(writing, &found, owner, field->children, noun, id);
            }
        }
    }
    return found;
}

/* ---- moving references ------------------------------------------------------------------------------------ */

struct move {
    enum noun noun;
    int64_t from, into;
};

static bool is_id(const json_t *value, int64_t id)
{
    return json_is_integer(value) && json_integer_value(value) == id;
}

static bool move_in_item(const struct move *move, const struct children *children, json_t *items, size_t index);

/* Replaces the id in one property of `holder` and below it; true when there was something to replace. */
static bool move_in_field(const struct move *move, const struct field *field, json_t *holder)
{
    json_t *value = json_object_get(holder, field->name);
    bool moved = false;
    if (names(field, move->noun) && is_id(value, move->from))
        moved = json_object_set_new(holder, field->name, json_integer(move->into)) == 0;
    for (size_t i = 0; field->type == FIELD_CHILDREN && i < json_array_size(value); i++)
        moved |= move_in_item(move, field->children, value, i);
    return moved;
}

static bool move_in_item(const struct move *move, const struct children *children, json_t *items, size_t index)
{
    bool moved = false;
    json_t *item = json_array_get(items, index);
    if (children->bare)
        return names(children->fields, move->noun) && is_id(item, move->from) &&
               json_array_set_new(items, index, json_integer(move->into)) == 0;
    for (const struct field *field = children->fields; field < children->fields + children->field_count; field++)
        moved |= move_in_field(move, field, item);
    return moved;
}

static uint64_t move_in_record(const struct move *move, struct resource *resource)
{
    const struct record *record = record_of(resource->noun);
    uint64_t moved = 0;
    for (size_t i = 0; i < record->field_count; i++)
        moved |= (uint64_t)move_in_field(move, &record->fields[i], resource->json) << i;
    return moved;
}

/* ---- merging ---------------------------------------------------------------------------------------------- */

struct merging {
    struct writing *writing;
    struct arena *arena;
    enum noun noun;
    int64_t merge, position;
};

static void note_move(struct merging *merging, const struct resource *resource)
{
    write_run(merging->writing, sql_statement(merging->writing->engine, SQL_MOVE_ADD),
              VALUES(of_int(merging->merge), of_int(merging->position++), of_text(record_of(resource->noun)->name),
                     of_int(resource->id), of_int(resource->version)));
}

static uint64_t bit_of(const struct record *record, const struct field *field)
{
    return field ? (uint64_t)1 << (field - record->fields) : 0;
}

static void move_others(struct merging *merging, const struct move *move)
{
    struct found found = find_all(merging->writing, move->noun, move->from, merging->arena);
    for (size_t i = 0; i < found.count && !merging->writing->error.kind; i++) {
        struct resource other;
        struct slice document;
        bool own = found.items[i].noun == move->noun && (found.items[i].id == move->into || found.items[i].id == move->from);
        if (own || !resource_load(merging->writing, found.items[i].noun, found.items[i].id, merging->arena, &other))
            continue;
        resource_load_apart(merging->writing, &other);
        note_move(merging, &other);
        uint64_t moved = move_in_record(move, &other);
        resource_save(merging->writing, &other, "updated", moved, merging->arena, &document);
        resource_release(&other);
    }
}

static int64_t note_merge(struct writing *writing, enum noun noun, int64_t from, int64_t into)
{
    int64_t merge = ++writing->ledger.last_merge;
    write_run(writing, sql_statement(writing->engine, SQL_MERGE_ADD),
              VALUES(of_int(merge), of_text(record_of(noun)->name), of_int(from), of_int(into), of_text(writing->now)));
    return merge;
}

void writing_fold(struct writing *writing, enum noun noun, int64_t from, int64_t into, struct arena *arena)
{
    struct merging merging = {writing, arena, noun, note_merge(writing, noun, from, into), 0};
    struct move move = {noun, from, into};
    move_others(&merging, &move);
}

int64_t writing_folded(struct writing *writing, enum noun noun, int64_t id)
{
    enum { STEPS_MAX = 16 };
    for (int step = 0; id && step < STEPS_MAX; step++) {
        if (write_ask(writing, made_lookup(writing->engine, MADE_BY_ID, noun, 0), VALUES(of_int(id))))
            return id;
        id = write_ask(writing, sql_statement(writing->engine, SQL_FOLDED), VALUES(of_text(record_of(noun)->name), of_int(id)));
    }
    return 0;
}

/* The names of one actor become aliases of the other, unless it has them already. */
static void add_alias(json_t *aliases, const json_t *alias, const char *text)
{
    size_t index;
    json_t *known;
    json_array_foreach (aliases, index, known) {
        if (strcmp(json_string_value(json_object_get(known, "text")), text) == 0)
            return;
    }
    json_array_append_new(aliases, alias ? json_deep_copy(alias) : json_pack("{s:s, s:s}", "text", text, "form", "alias"));
}

/* What belonged to the other would belong to itself now: it belongs to nobody. */
static void let_go_of(const struct move *move, struct resource *into)
{
    const struct record *record = record_of(into->noun);
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        if (names(field, move->noun) && is_id(json_object_get(into->json, field->name), move->from))
            json_object_set_new(into->json, field->name, json_null());
    }
}

static void take_aliases(const struct resource *from, struct resource *into)
{
    json_t *aliases = json_deep_copy(json_object_get(into->json, "aliases"));
    const char *name = json_string_value(json_object_get(from->json, "name"));
    size_t index;
    json_t *alias;
    if (strcmp(name, json_string_value(json_object_get(into->json, "name"))) != 0)
        add_alias(aliases, NULL, name);
    json_array_foreach (json_object_get(from->json, "aliases"), index, alias)
        add_alias(aliases, alias, json_string_value(json_object_get(alias, "text")));
    json_object_set_new(into->json, "aliases", aliases);
}

static const struct field *field_of(const struct record *record, const char *name)
{
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        if (strcmp(field->name, name) == 0)
            return field;
    }
    return NULL;
}

/* What an actor's merge carries over is its names, what a claim's carries over is its reports. */
static void merge_one(struct merging *merging, struct resource *from, struct resource *into, struct slice *document)
{
    struct writing *writing = merging->writing;
    const struct record *record = record_of(merging->noun);
    const struct field *carried = merging->noun == NOUN_ACTOR ? field_of(record, "aliases") : record_apart(record);
    struct move move = {merging->noun, from->id, into->id};

    merging->merge = note_merge(writing, merging->noun, from->id, into->id);
    merging->position = 0;
    resource_load_apart(writing, from);
    resource_load_apart(writing, into);
    note_move(merging, from);
    note_move(merging, into);
    if (merging->noun == NOUN_ACTOR) {
        take_aliases(from, into);
    } else {
        json_array_extend(json_object_get(into->json, carried->name), json_object_get(from->json, carried->name));
        json_object_set_new(from->json, carried->name, json_array());
    }
    let_go_of(&move, into);
    json_object_set_new(from->json, "merged_into_id", json_integer(into->id));
    resource_save(writing, from, "merged", merging->noun == NOUN_CLAIM ? bit_of(record, carried) : 0, merging->arena, document);
    resource_save(writing, into, "merged", bit_of(record, carried), merging->arena, document);
    move_others(merging, &move);
    if (merging->noun == NOUN_CLAIM)
        apart_follow(writing, from->id, into->id);
    writing->ledger.generation.live[merging->noun]--;
}

static int64_t source_of(struct writing *writing, const struct change *change, const json_t *value, const char *pointer)
{
    struct settling settling = {.writing = writing, .faults = change->faults, .arena = change->arena};
    int64_t id = settle_reference(&settling, change->noun, value, pointer);
    if (id != change->id)
        return id;
    fault_add(change->faults, FAULT_POINTER, pointer, "reference", "this is the %s itself, or one that it took in already",
              record_of(change->noun)->name);
    return 0;
}

static bool merge_all(struct writing *writing, const struct change *change, struct resource *into, struct slice *document)
{
    struct merging merging = {.writing = writing, .arena = change->arena, .noun = change->noun};
    size_t index;
    json_t *value;
    json_array_foreach (json_object_get(change->body, "from_ids"), index, value) {
        const char *pointer = arena_print(change->arena, "%s/from_ids/%zu", change->base, index);
        int64_t id = source_of(writing, change, value, pointer);
        struct resource from;
        if (!id)
            continue;
        if (resource_load(writing, change->noun, id, change->arena, &from))
            merge_one(&merging, &from, into, document);
        resource_release(&from);
    }
    return change->faults->count == 0 && !writing->error.kind;
}

struct written write_merge(struct writing *writing, const struct change *change)
{
    struct resource into;
    struct written written;
    if (resource_open(writing, change, &into, &written)) {
        if (into.deleted_at.data)
            written.outcome = OUTCOME_GONE;
        else if (!resource_is_merged(&into, &written))
            written.outcome = merge_all(writing, change, &into, &written.document) ? OUTCOME_UPDATED
                              : writing->error.kind                                ? OUTCOME_FAILED
                                                                                   : OUTCOME_INVALID;
        written.version = into.version;
        written.error = writing->error;
    }
    resource_release(&into);
    return written;
}

/* ---- taking apart ----------------------------------------------------------------------------------------- */

static json_t *revision_of(struct writing *writing, enum noun noun, int64_t id, int64_t version)
{
    json_t *json = NULL;
    struct statement *statement = sql_statement(writing->engine, SQL_REVISION_DOCUMENT);
    statement_run(statement, VALUES(of_text(record_of(noun)->name), of_int(id), of_int(version)));
    if (statement_next(statement)) {
        struct slice document = statement_text(statement, 0);
        json = json_loadb(document.data, document.length, 0, NULL);
    }
    statement_end(statement, &writing->error);
    return json;
}

/* Whether two items are one, the moved reference aside: the same id where they have one, else the same in everything else. */
static bool same_item(const struct move *move, const struct children *children, json_t *before, json_t *now)
{
    if (children->bare)
        return true;
    json_t *id = json_object_get(before, "id");
    if (id)
        return json_equal(id, json_object_get(now, "id"));
    for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
        if (!names(field, move->noun) && !json_equal(json_object_get(before, field->name), json_object_get(now, field->name)))
            return false;
    }
    return true;
}

static void move_back(const struct move *move, const struct field *field, json_t *before, json_t *now);

static void move_items_back(const struct move *move, const struct children *children, json_t *before, json_t *now)
{
    size_t i, j;
    json_t *old, *item;
    json_array_foreach (before, i, old) {
        json_array_foreach (now, j, item) {
            if (!same_item(move, children, old, item))
                continue;
            if (children->bare && is_id(old, move->from) && is_id(item, move->into)) {
                json_array_set_new(now, j, json_integer(move->from));
                break;
            }
            for (const struct field *field = children->fields;
                 !children->bare && field < children->fields + children->field_count; field++)
                move_back(move, field, old, item);
        }
    }
}

/* Where the version before named the merged one and the present one names what it was merged into, names it again. */
static void move_back(const struct move *move, const struct field *field, json_t *before, json_t *now)
{
    json_t *old = json_object_get(before, field->name), *value = json_object_get(now, field->name);
    if (field->type == FIELD_CHILDREN)
        move_items_back(move, field->children, old, value);
    else if (names(field, move->noun) && is_id(old, move->from) && is_id(value, move->into))
        json_object_set_new(now, field->name, json_integer(move->from));
}

static bool has_item(const json_t *items, const char *key, const json_t *value)
{
    size_t index;
    json_t *item;
    json_array_foreach (items, index, item) {
        if (json_equal(json_object_get(item, key), value))
            return true;
    }
    return false;
}

/* Takes out of what took it in the aliases or reports that the merge brought, and lets it belong to the other again. */
static void give_back(const struct move *move, struct resource *into, json_t *before, const json_t *source)
{
    const struct record *record = record_of(into->noun);
    for (const struct field *field = record->fields; field < record->fields + record->field_count; field++) {
        bool let_go = names(field, move->noun) && is_id(json_object_get(before, field->name), move->from);
        if (let_go && json_is_null(json_object_get(into->json, field->name)))
            json_object_set_new(into->json, field->name, json_integer(move->from));
    }
    bool actor = into->noun == NOUN_ACTOR;
    const char *list = actor ? "aliases" : "reports", *key = actor ? "text" : "id";
    json_t *items = json_object_get(into->json, list);
    for (size_t i = json_array_size(items); i-- > 0;) {
        const json_t *value = json_object_get(json_array_get(items, i), key);
        bool brought = has_item(json_object_get(source, list), key, value) ||
                       (actor && json_equal(json_object_get(source, "name"), value));
        if (brought && !has_item(json_object_get(before, list), key, value))
            json_array_remove(items, i);
    }
}

static bool undo_move(struct writing *writing, const struct move *move, const struct named_by *moved, int64_t version,
                      const json_t *source, struct arena *arena, struct resource *kept, struct slice *document)
{
    struct resource resource;
    json_t *before = revision_of(writing, moved->noun, moved->id, version);
    if (!before || !resource_load(writing, moved->noun, moved->id, arena, &resource) ||
        !resource_load_apart(writing, &resource)) {
        json_decref(before);
        return false;
    }
    const struct record *record = record_of(moved->noun);
    bool untouched = resource.version == version + 1, source_itself = moved->noun == move->noun && moved->id == move->from;
    if (untouched || source_itself) {
        json_decref(resource.json);
        resource.json = json_incref(before);
        revising_catch_up(writing, &resource, arena);
    } else if (moved->noun == move->noun && moved->id == move->into) {
        give_back(move, &resource, before, source);
    } else {
        for (const struct field *field = record->fields; field < record->fields + record->field_count; field++)
            move_back(move, field, before, resource.json);
    }
    bool good = resource_save(writing, &resource, source_itself ? "unmerged" : "updated", UINT64_MAX, arena, document);
    if (source_itself)
        *kept = (struct resource){.id = resource.id, .version = resource.version};
    resource_release(&resource);
    json_decref(before);
    return good;
}

enum { MOVES_FIRST = 64 };

struct moved {
    struct named_by what;
    int64_t version;
};

static struct moved *moves_of(struct writing *writing, int64_t merge, struct arena *arena, size_t *count)
{
    size_t capacity = MOVES_FIRST;
    struct moved *moves = arena_alloc(arena, capacity * sizeof *moves);
    struct statement *statement = sql_statement(writing->engine, SQL_MOVES);
    *count = 0;
    statement_run(statement, VALUES(of_int(merge)));
    while (statement_next(statement)) {
        struct slice name = statement_text(statement, 0);
        if (*count == capacity) {
            moves = arena_grow(arena, moves, capacity * sizeof *moves, 2 * capacity * sizeof *moves);
            capacity *= 2;
        }
        moves[(*count)++] =
            (struct moved){{noun_of(name.data, name.length), statement_int(statement, 1)}, statement_int(statement, 2)};
    }
    statement_end(statement, &writing->error);
    return moves;
}

static int64_t last_merge_of(struct writing *writing, const struct change *change, int64_t *into)
{
    int64_t merge = 0;
    struct statement *statement = sql_statement(writing->engine, SQL_MERGE_LAST);
    statement_run(statement, VALUES(of_text(record_of(change->noun)->name), of_int(change->id)));
    if (statement_next(statement)) {
        merge = statement_int(statement, 0);
        *into = statement_int(statement, 1);
    }
    statement_end(statement, &writing->error);
    return merge;
}

static struct written conflict(struct written written, int64_t existing, const char *sentence)
{
    written.outcome = OUTCOME_CONFLICT;
    written.existing = existing;
    snprintf(written.conflict, sizeof written.conflict, "%s", sentence);
    return written;
}

static struct written take_apart(struct writing *writing, const struct change *change, struct written written)
{
    struct move move = {.noun = change->noun, .from = change->id};
    struct resource kept = {.id = change->id}, target;
    struct written of_target = {0};
    size_t count;
    int64_t merge = last_merge_of(writing, change, &move.into);
    if (!merge)
        return conflict(written, 0, "it is not merged into another");
    if (resource_load(writing, change->noun, move.into, change->arena, &target) && resource_is_merged(&target, &of_target))
        written = conflict(written, move.into, "what it was merged into is merged itself: take that one apart first");
    resource_release(&target);
    if (written.outcome == OUTCOME_CONFLICT)
        return written;

    struct moved *moves = moves_of(writing, merge, change->arena, &count);
    json_t *source = count ? revision_of(writing, change->noun, change->id, moves[count - 1].version) : NULL;
    bool good = true;
    for (size_t i = 0; i < count && good; i++)
        good = undo_move(writing, &move, &moves[i].what, moves[i].version, source, change->arena, &kept, &written.document);
    json_decref(source);
    write_run(writing, sql_statement(writing->engine, SQL_MERGE_UNDO), VALUES(of_int(merge), of_text(writing->now)));
    writing->ledger.generation.live[change->noun]++;
    if (change->noun == NOUN_CLAIM)
        writing_set_apart(writing, change->id, move.into);
    written.outcome = good && !writing->error.kind ? OUTCOME_UPDATED : OUTCOME_FAILED;
    written.error = writing->error;
    written.version = kept.version;
    return written;
}

struct written write_unmerge(struct writing *writing, const struct change *change)
{
    struct resource resource;
    struct written written;
    bool open = resource_open(writing, change, &resource, &written);
    resource_release(&resource);
    return open ? take_apart(writing, change, written) : written;
}
