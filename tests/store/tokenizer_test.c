/* The tokenizer of the search index, by the cases of tests/store/cases/tokens.txt. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../server/store/tokenizer.h"
#include "readout/buffer.h"

static int write_token(void *to, bool beside, struct slice token, size_t start, size_t end)
{
    struct buffer *out = to;
    cr_expect_lt(start, end);
    if (out->length)
        buffer_add_byte(out, beside ? '|' : ' ');
    buffer_add_slice(out, token);
    return 0;
}

/* "[fr]text" with its header. */
static struct slice with_header(struct arena *arena, struct slice text)
{
    const char *end = slice_starts(text, "[") ? memchr(text.data, ']', text.length) : NULL;
    if (!end)
        return text;
    size_t length = (size_t)(end - text.data);
    return slice_of(arena_print(arena, "%c%.*s%c%.*s", TOKENS_HEADER, (int)length - 1, text.data + 1, TOKENS_HEADER_END,
                                (int)(text.length - length - 1), end + 1));
}

static void check_case(struct tokenizer *tokenizer, struct slice asked, struct slice expected, int line)
{
    struct arena arena = {0};
    struct slice text = asked, use = slice_cut(&text, ' ');
    struct buffer out = buffer_in(&arena, 256);
    enum tokens_use tokens = slice_is(use, "index") ? TOKENS_INDEX : slice_is(use, "query") ? TOKENS_QUERY : TOKENS_PREFIX;
    tokenizer_run(tokenizer, tokens, with_header(&arena, text), write_token, &out);
    struct slice found = out.length ? buffer_slice(&out) : SLICE("-");
    cr_expect(slice_equal(found, expected), "tokens.txt:%d: %.*s\n  is      %.*s\n  must be %.*s", line, SLICE_ARGS(asked),
              SLICE_ARGS(found), SLICE_ARGS(expected));
    arena_release(&arena);
}

Test(tokenizer, makes_the_tokens_of_the_cases)
{
    struct tokenizer *tokenizer = tokenizer_open();
    FILE *file = fopen("tests/store/cases/tokens.txt", "re");
    char lines[2][512];
    int line = 0, cases = 0, held = 0;
    cr_assert(file);
    while (fgets(lines[held], sizeof lines[held], file)) {
        line++;
        lines[held][strcspn(lines[held], "\n")] = '\0';
        if (held == 0 && (lines[0][0] == '#' || lines[0][0] == '\0'))
            continue;
        if (++held < 2)
            continue;
        check_case(tokenizer, slice_of(lines[0]), slice_of(lines[1]), line);
        held = 0;
        cases++;
    }
    fclose(file);
    tokenizer_close(tokenizer);
    cr_expect_eq(held, 0);
    cr_expect_gt(cases, 35);
}

struct places {
    size_t starts[64], ends[64], count;
};

static int note_place(void *to, bool beside, struct slice token, size_t start, size_t end)
{
    struct places *places = to;
    (void)token;
    if (!beside && places->count < 64) {
        places->starts[places->count] = start;
        places->ends[places->count++] = end;
    }
    return 0;
}

Test(tokenizer, finds_the_same_places_with_and_without_tokens)
{
    static const char *const texts[] = {"Zoë’s U.S. talks — “we” said", "Рябкова в 北京大学 x", "การเจรจา of 2022",
                                        "a\u0301b \u00adsoft\u00adhyphen"};
    struct tokenizer *tokenizer = tokenizer_open();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct places with = {.count = 0}, without = {.count = 0};
        tokenizer_run(tokenizer, TOKENS_INDEX, slice_of(texts[i]), note_place, &with);
        tokenizer_run(tokenizer, TOKENS_PLACES, slice_of(texts[i]), note_place, &without);
        cr_expect_eq(with.count, without.count, "%s", texts[i]);
        cr_expect_eq(memcmp(with.starts, without.starts, with.count * sizeof(size_t)), 0, "%s", texts[i]);
        cr_expect_eq(memcmp(with.ends, without.ends, with.count * sizeof(size_t)), 0, "%s", texts[i]);
    }
    tokenizer_close(tokenizer);
}

Test(tokenizer, cuts_words_without_end_and_lives_with_broken_utf8)
{
    struct tokenizer *tokenizer = tokenizer_open();
    struct arena arena = {0};
    char *text = arena_alloc(&arena, 100000);
    for (int fill = 0; fill < 3; fill++) {
        struct places places = {.count = 0};
        memset(text, fill == 0 ? 'x' : fill == 1 ? 0xd1 : 0x80, 100000);
        tokenizer_run(tokenizer, TOKENS_INDEX, (struct slice){text, 100000}, note_place, &places);
        cr_expect_eq(places.count, fill == 0 ? 1 : 0);
    }
    arena_release(&arena);
    tokenizer_close(tokenizer);
}
