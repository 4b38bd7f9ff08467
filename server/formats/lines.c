/* NDJSON: the documents as they are, each on a line. */
#include "formats_private.h"

void lines_add(struct rendering *rendering, struct slice document, struct buffer *out)
{
    (void)rendering;
    buffer_add_slice(out, document);
    buffer_add_byte(out, '\n');
}
