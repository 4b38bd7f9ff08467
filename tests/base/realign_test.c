/* Following characters from one version of a text to the next. */
#include <criterion/criterion.h>
#include <string.h>

#include "readout/buffer.h"
#include "readout/clock.h"
#include "readout/realign.h"
#include "readout/utf8.h"

static struct arena arena;

static void tear_down(void)
{
    arena_release(&arena);
}

TestSuite(realign, .fini = tear_down);

static struct extent where(const char *text, const char *part)
{
    const char *found = strstr(text, part);
    cr_assert(found, "\"%s\" has no \"%s\"", text, part);
    int64_t start = (int64_t)utf8_length((struct slice){text, (size_t)(found - text)});
    return (struct extent){start, start + (int64_t)utf8_length(slice_of(part))};
}

static void expect_at(struct extent extent, const char *text, const char *part)
{
    struct points points = points_of(&arena, slice_of(text));
    struct slice there = points_slice(&points, extent.start, extent.end);
    cr_assert(slice_is(there, part), "\"%.*s\" stands there, not \"%s\"", SLICE_ARGS(there), part);
}

Test(realign, what_is_pushed_along_is_followed_among_its_like)
{
    static const char before[] = "Baker spoke. Then Baker left. Nobody saw Baker go.";
    static const char after[] = "Baker, of all people, spoke. Late Then Baker left. Nobody saw Baker go.";
    struct realigned *realigned = realign(slice_of(before), slice_of(after), &arena);
    struct extent is, was = where(before, "Baker left");
    cr_assert(realigned_in_place(realigned, was, &is));
    cr_assert_eq(is.start, where(after, "Baker left").start);
    was = where(before, "saw Baker go");
    cr_assert(realigned_in_place(realigned, was, &is));
    expect_at(is, after, "saw Baker go");
}

Test(realign, white_space_and_kinds_of_marks_do_not_count)
{
    static const char before[] = "She said: “We will not go – ever”, and left.";
    static const char after[] = "She  said:\n\"We will\nnot go - ever\", and left.";
    struct realigned *realigned = realign(slice_of(before), slice_of(after), &arena);
    struct extent is;
    int64_t added, removed;
    cr_assert(realigned_in_place(realigned, where(before, "We will not go – ever"), &is));
    expect_at(is, after, "We will\nnot go - ever");
    realigned_words(realigned, &added, &removed);
    cr_assert_eq(added + removed, 0);
}

Test(realign, what_moved_is_found_nearest_to_where_it_is_looked_for)
{
    static const char before[] = "One two three. Four five six. Seven eight nine.";
    static const char after[] = "Seven eight nine. One two three. Seven eight nine too. Four five six.";
    struct realigned *realigned = realign(slice_of(before), slice_of(after), &arena);
    struct extent is, was = where(before, "Four five six");
    cr_assert(realigned_in_place(realigned, was, &is) || realigned_elsewhere(realigned, was, 0, &is));
    expect_at(is, after, "Four five six");
    was = where(before, "Seven eight nine");
    cr_assert(realigned_elsewhere(realigned, was, 0, &is));
    cr_assert_eq(is.start, 0);
    cr_assert(realigned_elsewhere(realigned, was, 60, &is));
    cr_assert_eq(is.start, where(after, "Seven eight nine too").start);
}

Test(realign, part_of_a_word_stays_part_of_it)
{
    static const char before[] = "said optimisticallyThe minister left",
                      after[] = "Yesterday said optimisticallyThe minister left";
    struct realigned *realigned = realign(slice_of(before), slice_of(after), &arena);
    struct extent is;
    cr_assert(realigned_in_place(realigned, where(before, "The minister"), &is));
    expect_at(is, after, "The minister");
}

Test(realign, changed_words_stand_where_their_neighbours_say)
{
    static const char before[] = "He told us that they will never accept this, on Monday.";
    static const char after[] = "He told us that we will hardly ever accept this, on Monday.";
    struct realigned *realigned = realign(slice_of(before), slice_of(after), &arena);
    struct extent is, was = where(before, "they will never accept this");
    cr_assert_not(realigned_in_place(realigned, was, &is));
    cr_assert_not(realigned_elsewhere(realigned, was, 0, &is));
    cr_assert(realigned_changed(realigned, was, &is));
    expect_at(is, after, "we will hardly ever accept this");
    struct realigned_run *runs;
    size_t count = realigned_runs(realigned, &arena, &runs);
    cr_assert_eq(count, 5);
    cr_assert(runs[0].kept && !runs[1].kept && runs[4].kept);
    expect_at(runs[3].after, after, "hardly ever");
}

Test(realign, nothing_and_marks_alone_stand_nowhere)
{
    struct realigned *realigned = realign(SLICE("One, two."), SLICE(""), &arena);
    struct extent is;
    cr_assert_not(realigned_in_place(realigned, (struct extent){0, 3}, &is));
    cr_assert_not(realigned_elsewhere(realigned, (struct extent){0, 3}, 0, &is));
    cr_assert_eq(realigned_place(realigned, 5), 0);
    realigned = realign(SLICE("One, two."), SLICE("One, two."), &arena);
    cr_assert_not(realigned_in_place(realigned, (struct extent){3, 4}, &is));
    cr_assert_not(realigned_in_place(realigned, (struct extent){100, 200}, &is));
}

Test(realign, long_and_monotonous_texts_take_no_long_time)
{
    struct buffer before = buffer_in(&arena, 1 << 20), after = buffer_in(&arena, 1 << 20);
    for (int i = 0; i < 200000; i++) {
        buffer_print(&before, "%s ", i % 3 ? "la" : "do");
        buffer_print(&after, "%s ", i % 5 ? "la" : "do");
    }
    int64_t begun = clock_nanoseconds();
    struct realigned *realigned = realign(buffer_slice(&before), buffer_slice(&after), &arena);
    struct extent is;
    for (int i = 0; i < 1000; i++)
        realigned_elsewhere(realigned, (struct extent){i * 300, i * 300 + 30}, i * 300, &is);
    cr_assert_lt(clock_nanoseconds() - begun, 5000000000);
}
