/* Whether a text has a quotation. The sentences are made up. */
#include <criterion/criterion.h>
#include <string.h>

#include "readout/buffer.h"
#include "readout/collate.h"
#include "readout/utf8.h"

static struct arena arena, scratch;

static void forget(void)
{
    arena_release(&arena);
    arena_release(&scratch);
}

TestSuite(quotes, .fini = forget);

static struct quote_found find(const char *quote, const char *text)
{
    struct quote_found found;
    struct quote *read = quote_read(slice_of(quote), &arena);
    cr_assert(read, "%s has no word", quote);
    quote_compare(read, slice_of(text), &scratch, &arena, &found);
    struct points points = points_of(&arena, slice_of(text));
    for (size_t i = 0; i < found.span_count; i++) {
        const struct quote_span *span = &found.spans[i];
        cr_assert(slice_equal(points_slice(&points, span->start, span->end), span->text), "%s: span %zu", quote, i);
        cr_assert(i == 0 || span->start >= span[-1].end);
    }
    return found;
}

/* "exact [We will not sign]", "close 1 [We will] [not sign]" */
static const char *told(const struct quote_found *found)
{
    struct buffer out = buffer_in(&arena, 64);
    buffer_add_text(&out, quote_match_name(found->match));
    if (found->match == QUOTE_CLOSE)
        buffer_print(&out, " %u", found->distance);
    for (size_t i = 0; i < found->span_count; i++)
        buffer_print(&out, " [%.*s]", SLICE_ARGS(found->spans[i].text));
    buffer_add_byte(&out, '\0');
    return out.data;
}

/* "kept: We will | left_out: -> never | put_in: not" */
static const char *parts_of(const struct quote_found *found)
{
    struct buffer out = buffer_in(&arena, 64);
    for (size_t i = 0; i < found->part_count; i++) {
        const struct quote_part *part = &found->parts[i];
        buffer_print(&out, "%s%s: ", i ? " | " : "", quote_part_name(part->kind));
        if (part->quote.data)
            buffer_add_slice(&out, part->quote);
        if (part->text.data && (!part->quote.data || !slice_equal(part->quote, part->text)))
            buffer_print(&out, " -> %.*s", SLICE_ARGS(part->text));
    }
    buffer_add_byte(&out, '\0');
    return out.data;
}

#define EXPECT(quote, text, expected)                                                                                            \
    do {                                                                                                                         \
        struct quote_found found_here = find(quote, text);                                                                       \
        cr_expect_str_eq(told(&found_here), expected, "%s: %s", quote, told(&found_here));                                       \
    } while (0)

#define PRINTED "“We will not sign,” the harbour master said on Tuesday, “until the fishing boats are back.” She left at noon."

Test(quotes, the_same_characters_are_exact)
{
    EXPECT("We will not sign", PRINTED, "exact [We will not sign]");
    EXPECT("  “We will not sign,”  ", PRINTED, "exact [We will not sign,]");
    EXPECT("until the fishing boats are back.", PRINTED, "exact [until the fishing boats are back.]");
    EXPECT("boats", PRINTED, "exact [boats]");
    cr_expect(find("We will not sign", PRINTED).quoted);
    cr_expect_not(find("She left at noon", PRINTED).quoted);
}

Test(quotes, a_part_of_a_word_is_none)
{
    EXPECT("boat", PRINTED, "missing");
    EXPECT("will not sig", PRINTED, "close 1 [will not sign]");
    EXPECT("oats", "Boats and oats", "exact [oats]");
}

Test(quotes, marks_and_white_space_are_passed_over)
{
    EXPECT("We will - not  sign!", PRINTED, "normalised [We will not sign]");
    EXPECT("It's the ship's", "It\u2019s the ship\u2019s bell", "normalised [It\u2019s the ship\u2019s]");
    EXPECT("a mid-range boat, perhaps", "A mid range boat \u2013 perhaps", "normalised [A mid range boat \u2013 perhaps]");
    EXPECT("the U.S. fleet of 1,500 boats", "the US fleet of 1500 boats", "normalised [the US fleet of 1500 boats]");
    EXPECT("the nets", "the\u00adre are \u200bthe\u00a0\nnets", "normalised [the\u00a0\nnets]");
    EXPECT("1.5 boats", "15 boats", "missing");
}

Test(quotes, only_a_first_letter_may_differ_in_case)
{
    EXPECT("we will not sign", PRINTED, "normalised [We will not sign]");
    EXPECT("[u]ntil the fishing boats", PRINTED, "normalised [until the fishing boats]");
    EXPECT("Until the fishing boats", PRINTED, "normalised [until the fishing boats]");
    EXPECT("We will not go. they stay", "We will not go; they stay", "normalised [We will not go; they stay]");
    EXPECT("we will Not sign", PRINTED, "close 1 [We will not sign]");
}

Test(quotes, an_ellipsis_leaves_words_out)
{
    static const char text[] = "The boats, which nobody has seen since the storm, are back.";
    EXPECT("The boats \u2026 are back", text, "normalised [The boats] [are back]");
    EXPECT("The boats ... are back", text, "normalised [The boats] [are back]");
    EXPECT("The boats [\u2026] are . . . back", text, "normalised [The boats] [are back]");
    struct quote_found found = find("The boats \u2026 are back", text);
    cr_expect_str_eq(parts_of(&found), "kept: The boats | left_out:  -> which nobody has seen since the storm | kept: are back");
    EXPECT("are back ... The boats", text, "missing");
}

Test(quotes, an_ellipsis_leaves_out_only_so_many)
{
    struct buffer text = buffer_in(&arena, 1024);
    buffer_add_text(&text, "The boats");
    for (int i = 0; i < 100; i++)
        buffer_add_text(&text, " of them");
    buffer_add_text(&text, " are back");
    buffer_add_byte(&text, '\0');
    cr_expect_eq(find("The boats ... are back", text.data).match, QUOTE_MISSING);
}

Test(quotes, who_speaks_may_interrupt_it)
{
    EXPECT("We will not sign until the fishing boats are back.", PRINTED,
           "normalised [We will not sign] [until the fishing boats are back]");
    struct quote_found found = find("We will not sign until the boats are back.", PRINTED);
    cr_expect_str_eq(told(&found), "close 1 [We will not sign] [until the fishing boats are back]");
    cr_expect_str_eq(parts_of(&found), "kept: We will not sign | left_out:  -> the harbour master said on Tuesday | "
                                       "kept: until the | left_out:  -> fishing | kept: boats are back");
    cr_expect(found.quoted);
    EXPECT("We will not sign, ever", "\"We will not sign,\" she said, 'ever'", "normalised [We will not sign] [ever]");
    EXPECT("We will not sign soon", "\u00ab We will not sign \u00bb, she said. \u00ab Soon \u00bb",
           "normalised [We will not sign] [Soon]");
}

Test(quotes, words_outside_quotation_marks_do_not_interrupt)
{
    EXPECT("The master said nothing of it", "The master \u201calone\u201d said nothing of it",
           "close 1 [The master \u201calone\u201d said nothing of it]");
}

Test(quotes, brackets_are_an_editors)
{
    EXPECT("We will not sign [the treaty] until the fishing boats are back", PRINTED,
           "normalised [We will not sign] [until the fishing boats are back]");
    EXPECT("We will not sign it", "We will not sign [the treaty on nets] it",
           "normalised [We will not sign [the treaty on nets] it]");
    EXPECT("We [ will not sign", PRINTED, "normalised [We will not sign]");
}

Test(quotes, a_few_words_may_differ)
{
    struct quote_found found = find("We shall never sign until the fishing boats are all back", PRINTED);
    cr_expect_str_eq(told(&found), "missing");
    found = find("We shall not sign until the fishing boats are all back", PRINTED);
    cr_expect_str_eq(told(&found), "close 2 [We will not sign] [until the fishing boats are back]");
    cr_expect_str_eq(parts_of(&found),
                     "kept: We | changed: shall -> will | kept: not sign | left_out:  -> the harbour master said on Tuesday | "
                     "kept: until the fishing boats are | put_in: all | kept: back");
    EXPECT("not signed", PRINTED, "missing"); /* too short to be close */
}

Test(quotes, the_best_of_several_is_taken)
{
    static const char text[] = "They will not sign it, the headline has it. They will not sign, says the caption. "
                               "\u201cThey will not sign,\u201d she said.";
    struct quote_found found = find("They will not sign", text);
    cr_expect_eq(found.occurrences, 3);
    cr_expect(found.quoted);
    found = find("they will not sign!", text);
    cr_expect_str_eq(told(&found), "normalised [They will not sign]");
    cr_expect(found.quoted);
    cr_expect_eq(found.occurrences, 3);
}

Test(quotes, any_script_will_do)
{
    EXPECT("\u041c\u044b \u043d\u0435 \u043f\u043e\u0434\u043f\u0438\u0448\u0435\u043c",
           "\u00ab\u043c\u044b \u043d\u0435 \u043f\u043e\u0434\u043f\u0438\u0448\u0435\u043c\u00bb",
           "normalised [\u043c\u044b \u043d\u0435 \u043f\u043e\u0434\u043f\u0438\u0448\u0435\u043c]");
    EXPECT("\u6211\u4eec\u4e0d\u4f1a\u7b7e\u5b57", "\u201c\u6211\u4eec\u4e0d\u4f1a\u7b7e\u5b57\u3002\u201d",
           "exact [\u6211\u4eec\u4e0d\u4f1a\u7b7e\u5b57]");
    EXPECT("\u6211\u4eec\u4e0d\u4f1a\u7b7e\u5b57", "\u6211\u4eec\uff0c\u4e0d\u4f1a\u7b7e\u5b57",
           "normalised [\u6211\u4eec\uff0c\u4e0d\u4f1a\u7b7e\u5b57]");
}

Test(quotes, what_has_no_word_is_no_quotation)
{
    cr_expect_null(quote_read(SLICE(""), &arena));
    cr_expect_null(quote_read(SLICE(" \u201c\u2026\u201d - "), &arena));
}

/* A text that repeats the quotation's words all over costs no more than a bound. */
Test(quotes, a_text_of_nothing_else_is_given_up, .timeout = 20)
{
    enum { TIMES = 400000 };
    char *text = arena_alloc(&arena, 2 * TIMES + 1), quote[1201];
    for (size_t i = 0; i < 2 * TIMES; i++)
        text[i] = i % 2 ? ' ' : 'a';
    text[2 * TIMES] = '\0';
    memcpy(quote, text, 1200);
    memcpy(quote + 1198, "b\0", 2);
    struct quote_found found = find(quote, text);
    cr_expect_eq(found.match, QUOTE_MISSING);
    cr_expect(found.partly);
    cr_expect_leq(found.work, 30000000);
}
