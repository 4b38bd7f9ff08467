#include "readout/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "readout/error.h"

/* Under AddressSanitizer what has not been given away is poisoned, and gifts keep a gap between them, so that reading or writing
 * past a gift is caught as it would be with malloc. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#endif

#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
enum { GAP = 0 };
#endif

enum {
    ALIGNMENT = alignof(max_align_t),
    FIRST_BLOCK = 8 * 1024,
    KEPT_MOST = 1024 * 1024 /* one large request must not make its connection hold that much for ever */
};

struct arena_block {
    struct arena_block *earlier;
    size_t size, used; /* of bytes */
    alignas(max_align_t) char bytes[];
};

/* Not inlined: gcc takes the poisoning of fresh memory for a read of it. */
__attribute__((noinline)) static void poison(void *memory, size_t size)
{
#ifdef ARENA_POISONS
    __asan_poison_memory_region(memory, size);
#else
    (void)memory, (void)size;
#endif
}

static void unpoison(void *memory, size_t size)
{
#ifdef ARENA_POISONS
    __asan_unpoison_memory_region(memory, size);
#else
    (void)memory, (void)size;
#endif
}

/* What a gift takes from its block. At least one unit, so that no two gifts share an address. */
static size_t footprint(size_t size)
{
    assert(size < SIZE_MAX / 4);
    size_t units = size == 0 ? 1 : (size + ALIGNMENT - 1) / ALIGNMENT;
    return units * ALIGNMENT + GAP;
}

static void add_block(struct arena *arena, size_t needed)
{
    size_t size = arena->block ? arena->block->size * 2 : FIRST_BLOCK - sizeof(struct arena_block);
    if (size < needed)
        size = needed;
    struct arena_block *block = malloc(sizeof *block + size);
    if (!block)
        die("no memory left for %zu bytes", size);
    *block = (struct arena_block){.earlier = arena->block, .size = size};
    poison(block->bytes, block->size);
    arena->block = block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t taken = footprint(size);
    if (!arena->block || arena->block->size - arena->block->used < taken)
        add_block(arena, taken);
    struct arena_block *block = arena->block;
    char *memory = block->bytes + block->used;
    block->used += taken;
    unpoison(memory, size);
    return memory;
}

void *arena_zero(struct arena *arena, size_t size)
{
    return memset(arena_alloc(arena, size), 0, size);
}

char *arena_copy(struct arena *arena, const char *data, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length > 0)
        memcpy(copy, data, length);
    copy[length] = '\0';
    return copy;
}

struct slice arena_slice(struct arena *arena, struct slice slice)
{
    if (!slice.data)
        return NO_SLICE;
    return (struct slice){arena_copy(arena, slice.data, slice.length), slice.length};
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    char guess[256]; /* most texts fit here, so that they are formatted once */
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(guess, sizeof guess, format, arguments);
    if (length < 0)
        die("the format \"%s\" cannot be printed", format);
    size_t size = (size_t)length + 1;
    char *text = arena_alloc(arena, size);
    if (size <= sizeof guess)
        memcpy(text, guess, size);
    else
        vsnprintf(text, size, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

/* True when the memory is the last gift of the current block and the block has room for it to become `wanted` bytes. */
static bool grows_in_place(const struct arena_block *block, const char *memory, size_t size, size_t wanted)
{
    if (!block || !memory)
        return false;
    size_t taken = footprint(size);
    return taken <= block->used && memory == block->bytes + (block->used - taken) &&
           footprint(wanted) <= block->size - (block->used - taken);
}

void *arena_grow(struct arena *arena, void *memory, size_t size, size_t wanted)
{
    assert(wanted >= size);
    struct arena_block *block = arena->block;
    if (grows_in_place(block, memory, size, wanted)) {
        block->used += footprint(wanted) - footprint(size);
        unpoison(memory, wanted);
        return memory;
    }
    char *grown = arena_alloc(arena, wanted);
    if (size > 0)
        memcpy(grown, memory, size);
    return grown;
}

static void free_block(struct arena_block *block)
{
    unpoison(block->bytes, block->size);
    free(block);
}

void arena_reset(struct arena *arena)
{
    struct arena_block *kept = NULL;
    for (struct arena_block *block = arena->block, *earlier; block; block = earlier) {
        earlier = block->earlier;
        if (!kept && block->size <= KEPT_MOST)
            kept = block; /* the latest is the largest */
        else
            free_block(block);
    }
    if (kept) {
        kept->earlier = NULL;
        kept->used = 0;
        poison(kept->bytes, kept->size);
    }
    arena->block = kept;
}

void arena_release(struct arena *arena)
{
    for (struct arena_block *block = arena->block, *earlier; block; block = earlier) {
        earlier = block->earlier;
        free_block(block);
    }
    arena->block = NULL;
}

size_t arena_held(const struct arena *arena)
{
    size_t held = 0;
    for (const struct arena_block *block = arena->block; block; block = block->earlier)
        held += sizeof *block + block->size;
    return held;
}
