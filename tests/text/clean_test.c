/* What holds of paragraphs and sentences in every text; which text is cut how, the cases say (boilerplate.txt,
 * sentences.txt). */
#include <criterion/criterion.h>
#include <string.h>

#include "../../server/text/text_private.h"
#include "readout/buffer.h"

static struct arena arena;
static struct analysis found;

static void forget(void)
{
    arena_release(&arena);
}

TestSuite(clean, .fini = forget);

static struct text read_text(struct slice bytes)
{
    struct text text;
    struct error error;
    struct text_hints hints = {.published_on = SLICE("2022-01-09")};
    cr_assert(text_read(&text, bytes, &hints, &arena, &found, &error), "%s", error.message);
    return text;
}

static const char *const texts[] = {
    "",
    " \n\n ",
    "a",
    "“",
    "One. Two.\n\nThree",
    "Ministers agree on fish | World\n\nVIENNA, Jan 9 (Reuters) - The ministers agreed on Sunday to share the fish in the east, "
    "they said. "
    "Sign up for our newsletter here. (Reporting by Anna Keller)\n\nWhat next\n\n“We go.” They went, as far as anybody in the "
    "harbour knows.\n\n"
    "Leave a Reply\n",
    "Post\nPost\nPost\nShare\n3 Comments\n",
    "• a\n• b\n\n\n• c",
};
enum { TEXTS = sizeof texts / sizeof texts[0] };

/* Each token is in one paragraph and in one sentence of it. */
Test(clean, parts_a_text_without_a_rest)
{
    for (size_t i = 0; i < TEXTS; i++) {
        struct text text = read_text(slice_of(texts[i]));
        uint32_t token = 0, sentence = 0;
        for (uint32_t k = 0; k < text.paragraph_count; k++) {
            const struct paragraph *paragraph = &text.paragraphs[k];
            cr_assert_eq(paragraph->span.first, token, "%s", texts[i]);
            cr_assert_eq(paragraph->sentences.first, sentence, "%s", texts[i]);
            for (; sentence < paragraph->sentences.end; sentence++) {
                struct span span = text.sentences[sentence].span;
                cr_assert(span.first == token && span.end > token && text.sentences[sentence].paragraph == k, "%s", texts[i]);
                cr_assert(text.tokens[token].flags & TOKEN_SENTENCE_START);
                for (; token < span.end; token++)
                    cr_assert_eq(text.sentence_of[token], sentence);
            }
            cr_assert_eq(paragraph->span.end, token, "%s", texts[i]);
        }
        cr_assert(token == text.token_count && sentence == text.sentence_count, "%s", texts[i]);
        forget();
    }
}

Test(clean, flags_the_tokens_of_what_it_sets_apart)
{
    for (size_t i = 0; i < TEXTS; i++) {
        struct text text = read_text(slice_of(texts[i]));
        for (uint32_t k = 0; k < text.paragraph_count; k++) {
            bool furniture = text.paragraphs[k].role == PARAGRAPH_BOILERPLATE;
            for (uint32_t at = text.paragraphs[k].span.first; at < text.paragraphs[k].span.end; at++)
                cr_assert_eq((text.tokens[at].flags & TOKEN_BOILERPLATE) != 0, furniture, "%s", texts[i]);
        }
        forget();
    }
}

/* Whoever reads a sentence may go over it more than once. */
Test(clean, cuts_a_sentence_that_has_no_end)
{
    static const char *const units[] = {"and on ", "\"", ". ", "! ", "! \"", "? ) ", "(", "U.S. ", "Mr. ", "… "};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct buffer out = buffer_in(&arena, 1024);
        for (int k = 0; k < 5000; k++)
            buffer_add_text(&out, units[i]);
        struct text text = read_text(buffer_slice(&out));
        for (uint32_t k = 0; k < text.sentence_count; k++)
            cr_assert_leq(text.sentences[k].span.end - text.sentences[k].span.first, 320, "%s", units[i]);
        forget();
    }
}

Test(clean, marks_the_first_word_of_a_sentence_behind_its_marks)
{
    struct text text = read_text(SLICE("He left. “(She stayed.)”"));
    for (uint32_t at = 0; at < text.token_count; at++) {
        bool first = token_is(&text, at, "he") || token_is(&text, at, "she") || text.tokens[at].mark == '"';
        if (text.tokens[at].kind == TOKEN_WORD)
            cr_assert_eq((text.tokens[at].flags & TOKEN_SENTENCE_START) != 0, first, "token %u", at);
    }
}
