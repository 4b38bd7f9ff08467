#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "readout/buffer.h"

static struct arena arena;

static void give_back(void)
{
    arena_release(&arena);
}

TestSuite(buffer, .fini = give_back);

static struct slice json_of(struct slice text)
{
    struct buffer out = buffer_in(&arena, 1);
    buffer_add_json(&out, text);
    return buffer_slice(&out);
}

Test(buffer, grows_as_it_is_added_to)
{
    struct buffer out = buffer_in(&arena, 0);
    for (int i = 0; i < 10000; i++)
        buffer_add_byte(&out, (char)('a' + i % 26));
    buffer_add_text(&out, "!");
    cr_assert_eq(out.length, 10001);
    cr_assert_eq(out.data[9999], 'a' + 9999 % 26);
    cr_assert_eq(out.data[10000], '!');
}

Test(buffer, writes_the_smallest_and_the_largest_integer)
{
    struct buffer out = buffer_in(&arena, 8);
    buffer_add_int(&out, INT64_MIN);
    buffer_add_byte(&out, ' ');
    buffer_add_int(&out, INT64_MAX);
    buffer_add_byte(&out, ' ');
    buffer_add_int(&out, 0);
    cr_assert(slice_is(buffer_slice(&out), "-9223372036854775808 9223372036854775807 0"));
}

Test(buffer, prints_more_than_it_has_room_for)
{
    struct buffer out = buffer_in(&arena, 4);
    buffer_print(&out, "%d,", 7);
    buffer_print(&out, "%0500d", 1);
    cr_assert_eq(out.length, 502);
    cr_assert_eq(memcmp(out.data, "7,000", 5), 0);
    cr_assert_eq(out.data[501], '1');
}

Test(buffer, escapes_what_json_reserves_and_nothing_else)
{
    cr_assert(slice_is(json_of(SLICE("plain")), "\"plain\""));
    cr_assert(slice_is(json_of(SLICE("")), "\"\""));
    cr_assert(slice_is(json_of(NO_SLICE), "null"));
    cr_assert(slice_is(json_of(SLICE("a \"b\" \\ c/d")), "\"a \\\"b\\\" \\\\ c/d\""));
    cr_assert(slice_is(json_of(SLICE("\b\f\n\r\t")), "\"\\b\\f\\n\\r\\t\""));
    cr_assert(slice_is(json_of(SLICE("a\0b\x1f\x7f")), "\"a\\u0000b\\u001f\x7f\""));
    cr_assert(slice_is(json_of(SLICE("Genève – Женева")), "\"Genève – Женева\""));
}

Test(buffer, finds_every_byte_that_json_reserves_at_every_place)
{
    /* The search takes eight bytes at a time; it must agree with the plain rule whatever stands beside the byte. */
    for (int byte = 0; byte < 256; byte++) {
        for (size_t place = 0; place < 17; place++) {
            char text[17], expected[32] = "\"";
            memset(text, 0x80 | (byte & 1), sizeof text);
            text[place] = (char)byte;
            bool reserved = byte < 0x20 || byte == '"' || byte == '\\';
            struct slice json = json_of((struct slice){text, sizeof text});
            size_t plain = sizeof text + 2;
            cr_assert_eq(json.length > plain, reserved, "byte %d at %zu", byte, place);
            memcpy(expected + 1, text, place);
            cr_assert_eq(memcmp(json.data, expected, place + 1), 0, "byte %d at %zu", byte, place);
            cr_assert_eq(memcmp(json.data + json.length - (17 - place), text + place + 1, 16 - place), 0);
        }
    }
}

Test(buffer, encodes_all_but_the_unreserved_for_a_uri)
{
    struct buffer out = buffer_in(&arena, 8);
    buffer_add_uri(&out, SLICE("aZ09-._~ /?&=+%é"));
    cr_assert(slice_is(buffer_slice(&out), "aZ09-._~%20%2F%3F%26%3D%2B%25%C3%A9"));
}

Test(buffer, writes_entities_for_html)
{
    struct buffer out = buffer_in(&arena, 8);
    buffer_add_html(&out, SLICE("<a href=\"x\">it's & so</a>"));
    cr_assert(slice_is(buffer_slice(&out), "&lt;a href=&quot;x&quot;&gt;it&#39;s &amp; so&lt;/a&gt;"));
}
