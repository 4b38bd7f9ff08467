#include <string.h>

#include "store_private.h"

/* ---- outcomes --------------------------------------------------------------------------------------------- */

static struct written outcome_of(enum outcome outcome, const struct resource *resource)
{
    return (struct written){
        .outcome = outcome, .id = resource->id, .version = resource->version, .deleted_at = resource->deleted_at};
}

static struct written failed(const struct writing *writing)
{
    return (struct written){.outcome = OUTCOME_FAILED, .error = writing->error};
}

static struct slice current_document(const struct resource *resource, struct arena *arena)
{
    const struct record *record = record_of(resource->noun);
    struct buffer out = buffer_in(arena, 1024);
    record_render(record->fields, record->field_count, resource->json, &out);
    return buffer_slice(&out);
}

/* ---- which properties a body sets ------------------------------------------------------------------------- */

static bool is_null(const json_t *value)
{
    return !value || json_is_null(value);
}

static bool same(const json_t *a, const json_t *b)
{
    return (is_null(a) && is_null(b)) || json_equal(a, b);
}

/* Whether two arrays of nouns say the same, their ids and owners aside. */
static bool same_nouns(const struct children *children, json_t *now, json_t *wanted)
{
    if (json_array_size(now) != json_array_size(wanted))
        return false;
    for (size_t i = 0; i < json_array_size(now); i++) {
        for (const struct field *field = children->fields; field < children->fields + children->field_count; field++) {
            bool own = strcmp(field->name, "id") == 0 || strcmp(field->name, children->owner) == 0;
            json_t *a = json_object_get(json_array_get(now, i), field->name),
                   *b = json_object_get(json_array_get(wanted, i), field->name);
            if (!own && !same(a, b) && !(field->type == FIELD_CHILDREN && json_array_size(a) == 0 && json_array_size(b) == 0))
                return false;
        }
    }
    return true;
}

/* A change as it is being worked out: what is there, what is wanted, and which fields differ. */
struct plan {
    struct writing *writing;
    const struct change *change;
    struct resource current; /* json NULL when it is new */
    json_t *wanted;          /* owned: the whole resource as it shall be */
    uint64_t changed;        /* a bit for each field */
    struct slice text;       /* of a new article */
};

static void refuse(struct plan *plan, const char *property, const char *code, const char *detail)
{
    fault_add(plan->change->faults, FAULT_POINTER, arena_print(plan->change->arena, "%s/%s", plan->change->base, property), code,
              "%s", detail);
}

static void take_server_field(struct plan *plan, const struct field *field, const json_t *now, const json_t *sent)
{
    if (sent && !same(now, sent))
        refuse(plan, field->name, "read-only",
               plan->current.json ? "the server sets this; leave it out, or send it as it is"
                                  : "the server sets this; leave it out");
    if (now)
        json_object_set(plan->wanted, field->name, (json_t *)now);
}

static json_t *sent_value(const struct plan *plan, const struct field *field, const json_t *now, enum change_use use)
{
    json_t *sent = json_object_get(plan->change->body, field->name);
    bool apart = field->type == FIELD_CHILDREN && field->children->noun != NOUN_COUNT;
    if (sent && !json_is_null(sent))
        return json_incref(sent); /* the body is not used again */
    if (!sent && plan->current.json && (use == CHANGE_PATCH || apart || field->flags & FIELD_FIXED))
        return json_incref((json_t *)now);
    json_t *initial = json_object_get(plan->change->defaults, field->name);
    return json_is_array(initial) ? json_array() : json_incref(initial); /* what may be changed is not shared */
}

static void take_field(struct plan *plan, size_t index, enum change_use use)
{
    const struct field *field = &record_of(plan->change->noun)->fields[index];
    json_t *now = json_object_get(plan->current.json, field->name);
    if (field->flags & FIELD_SERVER) {
        take_server_field(plan, field, now, json_object_get(plan->change->body, field->name));
        return;
    }
    json_t *wanted = sent_value(plan, field, now, use);
    if (wanted)
        json_object_set_new(plan->wanted, field->name, wanted);
    if (same(now, wanted))
        return;
    if (plan->current.json && field->flags & FIELD_FIXED) {
        refuse(plan, field->name, "fixed", "this is given at creation and never changes");
        return;
    }
    struct settling settling = {.writing = plan->writing,
                                .faults = plan->change->faults,
                                .arena = plan->change->arena,
                                .article = plan->change->noun == NOUN_ARTICLE ? plan->change->id : 0};
    settle_field(&settling, field, plan->wanted, plan->change->base);
    wanted = json_object_get(plan->wanted, field->name);
    if (plan->change->noun == NOUN_DISCREPANCY && field->type == FIELD_CHILDREN && plan->change->faults->count == 0)
        noticing_count(plan->writing, wanted);
    bool apart = field->type == FIELD_CHILDREN && field->children->noun != NOUN_COUNT;
    if (!same(now, wanted) && !(apart && same_nouns(field->children, now, wanted)))
        plan->changed |= (uint64_t)1 << index;
}

/* An item that comes with an id must be one that its owner has. */
static void check_own_ids(struct plan *plan, const struct field *apart)
{
    size_t index;
    json_t *item;
    json_array_foreach (json_object_get(plan->change->body, apart->name), index, item) {
        json_t *id = json_object_get(item, "id");
        struct statement *statement = made_child(plan->writing->engine, MADE_CHILD_OWNER, apart->children);
        if (is_null(id))
            continue;
        if (!plan->current.json ||
            write_ask(plan->writing, statement, VALUES(of_int(json_integer_value(id)))) != plan->change->id)
            refuse(plan, arena_print(plan->change->arena, "%s/%zu/id", apart->name, index), "reference",
                   "this is not one of those that it has; leave the id out for a new one");
    }
}

/* ---- what only articles have ------------------------------------------------------------------------------ */

static int64_t find_or_make_outlet(struct plan *plan, const char *name)
{
    struct writing *writing = plan->writing;
    int64_t id = write_ask(writing, sql_statement(writing->engine, SQL_OUTLET_BY_NAME), VALUES(of_text(name)));
    if (id || writing->error.kind)
        return id;
    struct resource outlet = {.noun = NOUN_ACTOR, .id = ++writing->ledger.last_id[NOUN_ACTOR]};
    struct slice document;
    outlet.json = json_pack("{s:s, s:s, s:s, s:[]}", "name", name, "kind", "media", "status", "extracted", "aliases");
    resource_add(writing, &outlet, plan->change->arena, &document);
    writing->ledger.generation.live[NOUN_ACTOR]++;
    resource_release(&outlet);
    return writing->error.kind ? 0 : outlet.id;
}

/* "outlet": NAME stands for the outlet_id of the outlet with that name. */
static void take_outlet(struct plan *plan)
{
    const json_t *name = json_object_get(plan->change->body, "outlet");
    if (!json_is_string(name))
        return;
    if (!is_null(json_object_get(plan->change->body, "outlet_id")))
        refuse(plan, "outlet", "conflict", "give either outlet or outlet_id");
    else
        json_object_set_new(plan->change->body, "outlet_id", json_integer(find_or_make_outlet(plan, json_string_value(name))));
}

static void take_text(struct plan *plan)
{
    const json_t *sent = json_object_get(plan->change->body, "text");
    struct slice text = {json_string_value(sent), json_string_length(sent)};
    if (!plan->current.json) {
        plan->text = text;
        plan->writing->points_article = plan->change->id;
        plan->writing->points_revision = 0;
        plan->writing->points = points_of(plan->change->arena, text);
    } else if (sent) {
        const struct points *points = article_points(plan->writing, plan->change->id, plan->change->arena);
        if (points && !slice_equal(points->text, text))
            refuse(plan, "text", "fixed", "a change leaves the text as it is; post what its URL says now");
    }
}

static void set_text_facts(struct plan *plan, const struct points *points)
{
    char hash[SHA256_HEX_SIZE];
    digest_sha256_hex(points->text, hash);
    json_object_set_new(plan->wanted, "sha256", json_string(hash));
    json_object_set_new(plan->wanted, "text_length", json_integer((json_int_t)points->length));
}

/* Once its text was changed (revising.c), the article says so when it is written with it. */
static void follow_text(struct plan *plan)
{
    const struct record *record = record_of(NOUN_ARTICLE);
    const struct points *points = article_points(plan->writing, plan->change->id, plan->change->arena);
    if (points)
        set_text_facts(plan, points);
    for (size_t index = 0; index < record->field_count; index++) {
        const char *name = record->fields[index].name;
        if (strcmp(name, "sha256") == 0 && !same(json_object_get(plan->current.json, name), json_object_get(plan->wanted, name)))
            plan->changed |= (uint64_t)1 << index;
    }
}

/* ---- working it out --------------------------------------------------------------------------------------- */

static bool plan_change(struct plan *plan, enum change_use use)
{
    const struct record *record = record_of(plan->change->noun);
    const struct field *apart = record_apart(record);
    bool sends_apart = apart && json_object_get(plan->change->body, apart->name);
    plan->wanted = json_object();
    if (plan->current.json && sends_apart && !resource_load_apart(plan->writing, &plan->current))
        return false;
    if (plan->change->noun == NOUN_ARTICLE) {
        take_text(plan);
        take_outlet(plan);
    }
    if (sends_apart)
        check_own_ids(plan, apart);
    for (size_t index = 0; index < record->field_count; index++)
        take_field(plan, index, use);
    if (plan->change->noun == NOUN_ARTICLE && plan->current.json && json_object_get(plan->change->body, "text"))
        follow_text(plan);
    return plan->change->faults->count == 0 && !plan->writing->error.kind;
}

/* Who else has a value that must be unique; 0: nobody. Fills in the sentence. */
static int64_t who_has(struct plan *plan, struct written *written)
{
    const struct record *record = record_of(plan->change->noun);
    for (unsigned index = 0; index < record->field_count; index++) {
        const struct field *field = &record->fields[index];
        const json_t *value = json_object_get(plan->wanted, field->name);
        if (!(field->flags & FIELD_UNIQUE) || is_null(value) || !(plan->changed & (uint64_t)1 << index))
            continue;
        struct slice text = {json_string_value(value), json_string_length(value)};
        int64_t other = write_ask(plan->writing, made_lookup(plan->writing->engine, MADE_BY_UNIQUE, plan->change->noun, index),
                                  VALUES(of_slice(text)));
        if (other && other != plan->change->id) {
            snprintf(written->conflict, sizeof written->conflict, "the %s %lld has this %s already", record->name,
                     (long long)other, field->name);
            return other;
        }
    }
    return 0;
}

static struct written conflict_or_invalid(struct plan *plan)
{
    if (plan->writing->error.kind)
        return failed(plan->writing);
    return (struct written){.outcome = OUTCOME_INVALID, .id = plan->change->id};
}

static void add_text(struct plan *plan, struct written *written)
{
    struct statement *statement = sql_statement(plan->writing->engine, plan->text.data ? SQL_ARTICLE_TEXT_ADD : SQL_ARTICLE_TEXT);
    if (plan->text.data)
        write_run(plan->writing, statement, VALUES(of_int(plan->change->id), of_slice(plan->text)));
    const struct points *points = article_points(plan->writing, plan->change->id, plan->change->arena);
    written->text = points ? arena_slice(plan->change->arena, points->text) : NO_SLICE;
}

/* ---- create ----------------------------------------------------------------------------------------------- */

static struct written create(struct plan *plan)
{
    struct written written = {.outcome = OUTCOME_CREATED, .id = plan->change->id, .version = 1};
    if (!plan_change(plan, CHANGE_REPLACE))
        return conflict_or_invalid(plan);
    written.existing = who_has(plan, &written);
    if (written.existing) {
        written.outcome = OUTCOME_CONFLICT;
        return written;
    }
    if (plan->change->noun == NOUN_ARTICLE)
        set_text_facts(plan, &plan->writing->points);
    if (plan->change->noun == NOUN_CLAIM)
        json_object_update_new(plan->wanted,
                               json_pack("{s:i, s:i, s:i}", "report_count", 0, "outlet_count", 0, "origin_count", 0));
    struct resource resource = {.noun = plan->change->noun, .id = plan->change->id, .json = plan->wanted};
    bool good = resource_add(plan->writing, &resource, plan->change->arena, &written.document);
    plan->writing->ledger.generation.live[plan->change->noun]++;
    if (good && plan->change->noun == NOUN_ARTICLE)
        add_text(plan, &written);
    return plan->writing->error.kind ? failed(plan->writing) : written;
}

/* The resource that an upsert means: the one with the body's external_id. */
static int64_t known_as(struct writing *writing, const struct change *change)
{
    const json_t *key = json_object_get(change->body, "external_id");
    const struct record *record = record_of(change->noun);
    for (unsigned index = 0; json_is_string(key) && index < record->field_count; index++) {
        if (strcmp(record->fields[index].name, "external_id") == 0)
            return write_ask(writing, made_lookup(writing->engine, MADE_BY_UNIQUE, change->noun, index),
                             VALUES(of_text(json_string_value(key))));
    }
    return 0;
}

struct written write_create(struct writing *writing, const struct change *change, bool upsert)
{
    struct change own = *change;
    own.id = upsert ? known_as(writing, change) : 0;
    if (own.id)
        return write_change(writing, &own, CHANGE_REPLACE);
    own.id = ++writing->ledger.last_id[change->noun];
    struct plan plan = {.writing = writing, .change = &own};
    struct written written = create(&plan);
    json_decref(plan.wanted);
    return written;
}

/* ---- change ----------------------------------------------------------------------------------------------- */

bool resource_is_merged(const struct resource *resource, struct written *written)
{
    json_int_t into = json_integer_value(json_object_get(resource->json, "merged_into_id"));
    if (!into)
        return false;
    written->outcome = OUTCOME_CONFLICT;
    written->existing = into;
    snprintf(written->conflict, sizeof written->conflict,
             "it is merged into the %s %lld: change that one, or take it apart first", record_of(resource->noun)->name,
             (long long)into);
    return true;
}

static bool holds(const struct change *change, const struct resource *resource)
{
    const struct precondition *condition = &change->precondition;
    return !condition->holds || condition->holds(condition->context, resource->noun, resource->id, resource->version);
}

bool resource_open(struct writing *writing, const struct change *change, struct resource *resource, struct written *written)
{
    if (!resource_load(writing, change->noun, change->id, change->arena, resource)) {
        *written = writing->error.kind ? failed(writing) : (struct written){.outcome = OUTCOME_MISSING, .id = change->id};
        return false;
    }
    *written = outcome_of(OUTCOME_STALE, resource);
    return holds(change, resource);
}

static struct written save_plan(struct plan *plan)
{
    struct written written = outcome_of(OUTCOME_UNCHANGED, &plan->current);
    written.existing = who_has(plan, &written);
    if (written.existing) {
        written.outcome = OUTCOME_CONFLICT;
        return written;
    }
    if (plan->changed) {
        struct resource next = plan->current;
        next.json = plan->wanted;
        resource_save(plan->writing, &next, "updated", plan->changed, plan->change->arena, &written.document);
        written.outcome = OUTCOME_UPDATED;
        written.version = next.version;
    } else {
        written.document = current_document(&plan->current, plan->change->arena);
    }
    if (plan->change->noun == NOUN_ARTICLE)
        add_text(plan, &written);
    return plan->writing->error.kind ? failed(plan->writing) : written;
}

struct written write_change(struct writing *writing, const struct change *change, enum change_use use)
{
    struct plan plan = {.writing = writing, .change = change};
    struct written written;
    if (resource_open(writing, change, &plan.current, &written)) {
        if (plan.current.deleted_at.data)
            written.outcome = OUTCOME_GONE;
        else if (!resource_is_merged(&plan.current, &written))
            written = plan_change(&plan, use) ? save_plan(&plan) : conflict_or_invalid(&plan);
    }
    json_decref(plan.wanted);
    resource_release(&plan.current);
    return written;
}

/* ---- delete and restore ----------------------------------------------------------------------------------- */

static void hide_or_show(struct writing *writing, struct resource *resource, bool hide, struct arena *arena,
                         struct written *written)
{
    bool spans = !hide && resource->noun != NOUN_ARTICLE && resource_load_apart(writing, resource);
    uint64_t moved = spans ? revising_catch_up(writing, resource, arena) : 0;
    resource->deleted_at = hide ? arena_slice(arena, slice_of(writing->now)) : NO_SLICE;
    resource_save(writing, resource, hide ? "deleted" : "restored", moved, arena, &written->document);
    writing->ledger.generation.live[resource->noun] += hide ? -1 : 1;
    written->outcome = writing->error.kind ? OUTCOME_FAILED : OUTCOME_UPDATED;
    written->error = writing->error;
    written->version = resource->version;
}

struct written write_delete(struct writing *writing, const struct change *change)
{
    struct resource resource;
    struct written written;
    if (resource_open(writing, change, &resource, &written)) {
        if (resource.deleted_at.data)
            written.outcome = OUTCOME_UNCHANGED;
        else if (!resource_is_merged(&resource, &written))
            hide_or_show(writing, &resource, true, change->arena, &written);
    }
    resource_release(&resource);
    return written;
}

struct written write_restore(struct writing *writing, const struct change *change)
{
    struct resource resource;
    struct written written;
    if (resource_open(writing, change, &resource, &written)) {
        if (resource.deleted_at.data)
            hide_or_show(writing, &resource, false, change->arena, &written);
        else
            written.outcome = OUTCOME_UNCHANGED;
        if (written.outcome == OUTCOME_UNCHANGED)
            written.document = current_document(&resource, change->arena);
        if (change->noun == NOUN_ARTICLE && written.document.data) {
            const struct points *points = article_points(writing, change->id, change->arena);
            written.text = points ? points->text : NO_SLICE;
        }
    }
    resource_release(&resource);
    return written;
}
