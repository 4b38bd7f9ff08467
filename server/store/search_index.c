#include <stdlib.h>
#include <string.h>

#include "search_private.h"

/* One resource that the transaction wrote, and what it was found by before. */
struct search_entry {
    enum noun noun;
    int64_t id;
    bool was;
    struct slice before[SEARCH_FIELDS_MAX];
};

enum { SLOTS_FIRST = 64 };

static size_t slot_of(const struct search_changes *changes, enum noun noun, int64_t id)
{
    size_t slot = (size_t)(((uint64_t)id * 8 + noun) * 0x9E3779B97F4A7C15u >> 32) & (changes->slot_count - 1);
    while (changes->slots[slot] &&
           (changes->entries[changes->slots[slot] - 1].id != id || changes->entries[changes->slots[slot] - 1].noun != noun))
        slot = (slot + 1) & (changes->slot_count - 1);
    return slot;
}

/* There is always twice the room. */
static void make_room(struct search_changes *changes)
{
    if (changes->count * 2 < changes->slot_count)
        return;
    changes->slot_count = changes->slot_count ? changes->slot_count * 2 : SLOTS_FIRST;
    free(changes->slots);
    changes->slots = calloc(changes->slot_count, sizeof *changes->slots);
    changes->entries = realloc(changes->entries, changes->slot_count / 2 * sizeof *changes->entries);
    if (!changes->slots || !changes->entries)
        die("out of memory");
    for (size_t i = 0; i < changes->count; i++)
        changes->slots[slot_of(changes, changes->entries[i].noun, changes->entries[i].id)] = (uint32_t)i + 1;
}

/* What the resource is found by as the transaction sees it; false when it is not to be found. */
static bool contents(struct writing *writing, enum noun noun, int64_t id, struct arena *arena,
                     struct slice fields[static SEARCH_FIELDS_MAX])
{
    if (writing->error.kind)
        return false;
    struct statement *statement = search_statement(writing->engine, SEARCH_CONTENTS, noun);
    statement_run(statement, VALUES(of_int(id)));
    bool there = statement_next(statement);
    for (size_t i = 0; there && i < searched_of(noun)->field_count; i++)
        fields[i] = arena_slice(arena, statement_text(statement, (int)i + 1));
    return statement_end(statement, &writing->error) && there;
}

void search_touch(struct writing *writing, enum noun noun, int64_t id, bool is_new)
{
    struct search_changes *changes = writing->search;
    if (!searched_of(noun))
        return;
    make_room(changes);
    size_t slot = slot_of(changes, noun, id);
    if (changes->slots[slot])
        return;
    struct search_entry *entry = &changes->entries[changes->count++];
    changes->slots[slot] = (uint32_t)changes->count;
    *entry = (struct search_entry){.noun = noun, .id = id};
    entry->was = !is_new && contents(writing, noun, id, &changes->arena, entry->before);
}

static void change(struct writing *writing, const struct search_entry *entry, enum search_sql which, const struct slice *fields)
{
    struct datum values[SEARCH_FIELDS_MAX + 1] = {of_int(entry->id)};
    size_t count = searched_of(entry->noun)->field_count;
    for (size_t i = 0; i < count; i++)
        values[i + 1] = of_slice(fields[i]);
    write_run(writing, search_statement(writing->engine, which, entry->noun), values, count + 1);
}

static bool same(const struct search_entry *entry, const struct slice *now)
{
    for (size_t i = 0; i < searched_of(entry->noun)->field_count; i++) {
        if (!slice_equal(entry->before[i], now[i]) || !entry->before[i].data != !now[i].data)
            return false;
    }
    return true;
}

bool search_settle(struct writing *writing)
{
    struct search_changes *changes = writing->search;
    struct arena arena = {0};
    writing->error = (struct error){0};
    for (size_t i = 0; i < changes->count && !writing->error.kind; i++) {
        const struct search_entry *entry = &changes->entries[i];
        struct slice now[SEARCH_FIELDS_MAX];
        bool is = contents(writing, entry->noun, entry->id, &arena, now);
        if (!(is && entry->was && same(entry, now))) {
            if (entry->was)
                change(writing, entry, SEARCH_REMOVE, entry->before);
            if (is)
                change(writing, entry, SEARCH_ADD, now);
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
    return !writing->error.kind;
}

void search_forget(struct search_changes *changes)
{
    free(changes->entries);
    free(changes->slots);
    arena_release(&changes->arena);
    *changes = (struct search_changes){.count = 0};
}
