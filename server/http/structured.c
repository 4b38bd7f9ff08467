/* Header values as RFC 8941 has them: as much of it as is needed here. */
#include <string.h>

#include "internal.h"

static bool is_visible(char byte)
{
    return byte > ' ' && byte < '\x7f';
}

/* What stands between the quotation marks, without the backslashes before others and themselves (§4.2.5). */
static bool quoted(struct slice value, struct buffer *out)
{
    size_t i = 1;
    for (; i < value.length && value.data[i] != '"'; i++) {
        bool escaped = value.data[i] == '\\';
        i += escaped;
        if (i == value.length || (value.data[i] != ' ' && !is_visible(value.data[i])) ||
            (escaped && value.data[i] != '"' && value.data[i] != '\\')) {
            return false;
        }
        buffer_add_byte(out, value.data[i]);
    }
    return i + 1 == value.length;
}

static bool bare(struct slice value, struct buffer *out)
{
    for (size_t i = 0; i < value.length; i++) {
        if (!is_visible(value.data[i]) || strchr("\"\\,;", value.data[i]) != NULL) {
            return false;
        }
    }
    buffer_add_slice(out, value);
    return value.length > 0;
}

bool structured_text(struct arena *arena, struct slice value, struct slice *text)
{
    value = slice_trim(value);
    struct buffer out = buffer_in(arena, value.length + 1);
    bool good = value.length > 0 && value.data[0] == '"' ? quoted(value, &out) : bare(value, &out);
    *text = good ? buffer_slice(&out) : NO_SLICE;
    return good;
}
