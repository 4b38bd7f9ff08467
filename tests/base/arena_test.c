#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "readout/arena.h"

Test(arena, holds_nothing_before_it_is_asked)
{
    struct arena arena = {0};
    cr_assert_eq(arena_held(&arena), 0);
    arena_reset(&arena);
    arena_release(&arena);
    cr_assert_eq(arena_held(&arena), 0);
}

Test(arena, aligns_every_gift_and_gives_no_address_twice)
{
    struct arena arena = {0};
    char *before = NULL;
    for (size_t size = 0; size < 100; size++) {
        char *memory = arena_alloc(&arena, size);
        cr_assert_eq((uintptr_t)memory % _Alignof(max_align_t), 0);
        cr_assert_neq(memory, before);
        memset(memory, 7, size);
        before = memory;
    }
    arena_release(&arena);
}

Test(arena, gives_more_than_a_block_at_once)
{
    struct arena arena = {0};
    char *memory = arena_zero(&arena, 100000);
    cr_assert_eq(memory[0], 0);
    cr_assert_eq(memory[99999], 0);
    arena_release(&arena);
}

Test(arena, grows_its_latest_gift_where_it_stands)
{
    struct arena arena = {0};
    char *memory = arena_copy(&arena, "abc", 3);
    cr_assert_eq(arena_grow(&arena, memory, 4, 1000), memory);
    memset(memory + 4, 'x', 996);
    cr_assert_str_eq(arena_copy(&arena, "next", 4), "next");
    cr_assert_eq(memory[999], 'x', "the next gift must not overlap");
    arena_release(&arena);
}

Test(arena, moves_an_earlier_gift_that_grows)
{
    struct arena arena = {0};
    char *memory = arena_copy(&arena, "abc", 3);
    arena_copy(&arena, "between", 7);
    char *grown = arena_grow(&arena, memory, 4, 100);
    cr_assert_neq(grown, memory);
    cr_assert_str_eq(grown, "abc");
    arena_release(&arena);
}

Test(arena, keeps_one_block_when_reset)
{
    struct arena arena = {0};
    for (int i = 0; i < 100; i++)
        arena_alloc(&arena, 1000);
    size_t held = arena_held(&arena);
    arena_reset(&arena);
    cr_assert_gt(arena_held(&arena), 0);
    cr_assert_lt(arena_held(&arena), held);
    size_t kept = arena_held(&arena);
    arena_alloc(&arena, 40000);
    cr_assert_eq(arena_held(&arena), kept, "the kept block is filled again");
    arena_release(&arena);
}

Test(arena, gives_a_huge_block_back_when_reset)
{
    struct arena arena = {0};
    arena_alloc(&arena, 100);
    arena_alloc(&arena, 20 * 1024 * 1024);
    arena_reset(&arena);
    cr_assert_leq(arena_held(&arena), 1024 * 1024 + 64);
    arena_release(&arena);
}

Test(arena, prints_short_and_long_texts)
{
    struct arena arena = {0};
    cr_assert_str_eq(arena_print(&arena, "%s has %d", "Vienna", 3), "Vienna has 3");
    cr_assert_eq(strlen(arena_print(&arena, "%5000d", 1)), 5000);
    arena_release(&arena);
}

Test(arena, copies_an_absent_slice_as_absent)
{
    struct arena arena = {0};
    cr_assert_null(arena_slice(&arena, NO_SLICE).data);
    cr_assert_not_null(arena_slice(&arena, SLICE("")).data);
    arena_release(&arena);
}
