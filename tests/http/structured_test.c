#include <criterion/criterion.h>

#include "readout/http.h"

Test(structured, a_string_says_what_stands_between_its_quotation_marks)
{
    static const struct {
        const char *value, *text; /* NULL: it is neither a string nor bare */
    } cases[] = {
        {"\"a b\"", "a b"},
        {"\"\"", ""},
        {" \"a\" ", "a"},
        {"\"\\\"\\\\\"", "\"\\"},
        {"a-B_1.~:/+=", "a-B_1.~:/+="},
        {"\"", NULL},
        {"\"a", NULL},
        {"\"a\"b", NULL},
        {"\"a\" \"b\"", NULL},
        {"\"\\a\"", NULL},
        {"\"a\\", NULL},
        {"\"a\\\"", NULL},
        {"\"a\x7f\"", NULL},
        {"\"\xc3\xa9\"", NULL},
        {"\"a\tb\"", NULL},
        {"", NULL},
        {"   ", NULL},
        {"a b", NULL},
        {"a,b", NULL},
        {"a;b", NULL},
        {"a\"b", NULL},
        {"a\\b", NULL},
        {"\xc3\xa9", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct slice text;
        bool good = structured_text(&arena, slice_of(cases[i].value), &text);
        cr_expect_eq(good, cases[i].text != NULL, "%s", cases[i].value);
        cr_expect(good ? slice_is(text, cases[i].text) : text.data == NULL, "%s", cases[i].value);
        arena_release(&arena);
    }
}
