/* One lifetime: everything a request, a start-up or a piece of work needs is taken from its arena and given back at once.
 *
 *     struct arena arena = {0};             an empty arena holds no memory
 *     char *copy = arena_copy(&arena, …);
 *     arena_reset(&arena);                  forgets everything, keeps one block (1 MB at most) for the next request
 *     arena_release(&arena);                forgets everything, keeps nothing
 *
 * An arena belongs to one thread at a time. What it gives is aligned for any type and never NULL (error.h's die()). */
#ifndef READOUT_ARENA_H
#define READOUT_ARENA_H

#include <stddef.h>

#include "readout/slice.h"

struct arena {
    struct arena_block *block; /* the block being filled; earlier ones hang behind it */
};

void *arena_alloc(struct arena *arena, size_t size); /* not cleared */
void *arena_zero(struct arena *arena, size_t size);  /* cleared */

/* Copies `length` bytes and adds a NUL that is not counted. */
char *arena_copy(struct arena *arena, const char *data, size_t length);
struct slice arena_slice(struct arena *arena, struct slice slice); /* a copy that lives as long as the arena */

/* printf into the arena; NUL-terminated. */
char *arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for `wanted` bytes where `size` bytes at `memory` were the arena's latest gift, in place when it can; else copies.
 * For growing buffers (buffer.h). */
void *arena_grow(struct arena *arena, void *memory, size_t size, size_t wanted);

void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

/* Bytes taken from the system and still held. */
size_t arena_held(const struct arena *arena);

#endif
