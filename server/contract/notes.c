/* A hash table from nodes and their parts to a number. */
#include <stdlib.h>

#include "contract_private.h"

struct note {
    const void *node; /* NULL: a free place */
    uint64_t part;
    uintptr_t value;
};

enum { NOTES_FIRST = 1024 };

static size_t place_of(const struct notes *notes, const void *node, uint64_t part)
{
    uint64_t hash = ((uint64_t)(uintptr_t)node >> 4) * 0x9e3779b97f4a7c15u;
    hash ^= part * 0xff51afd7ed558ccdu;
    hash ^= hash >> 29;
    size_t place = (size_t)hash & (notes->capacity - 1);
    while (notes->items[place].node && (notes->items[place].node != node || notes->items[place].part != part))
        place = (place + 1) & (notes->capacity - 1);
    return place;
}

static void grow(struct notes *notes)
{
    struct notes larger = {.capacity = notes->capacity ? notes->capacity * 2 : NOTES_FIRST, .count = notes->count};
    larger.items = calloc(larger.capacity, sizeof *larger.items);
    if (!larger.items)
        die("no memory for the contract");
    for (size_t i = 0; i < notes->capacity; i++) {
        if (notes->items[i].node)
            larger.items[place_of(&larger, notes->items[i].node, notes->items[i].part)] = notes->items[i];
    }
    free(notes->items);
    *notes = larger;
}

void notes_set(struct notes *notes, const void *node, uint64_t part, uintptr_t value)
{
    if (notes->count * 2 >= notes->capacity)
        grow(notes);
    struct note *note = &notes->items[place_of(notes, node, part)];
    if (!note->node)
        notes->count++;
    *note = (struct note){.node = node, .part = part, .value = value};
}

uintptr_t notes_get(const struct notes *notes, const void *node, uint64_t part)
{
    return notes->capacity && node ? notes->items[place_of(notes, node, part)].value : 0;
}

void notes_release(struct notes *notes)
{
    free(notes->items);
    *notes = (struct notes){0};
}

uint64_t part_of_key(const char *key, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3u;
    return hash | 1; /* never 0, which is the node itself */
}

uint64_t part_of_item(size_t index)
{
    return index + 1;
}
