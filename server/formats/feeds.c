/* Atom (RFC 4287) and JSON Feed 1.1: an entry for each document, in the order of the list. */
#include <string.h>

#include "formats_private.h"

/* ---- Atom ------------------------------------------------------------------------------------------------- */

/* XML 1.0 has no place for most control characters, not even as references. */
static void add_xml(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool noncharacter = byte == 0xEF && i + 2 < text.length && (unsigned char)text.data[i + 1] == 0xBF &&
                            (unsigned char)text.data[i + 2] >= 0xBE;
        if (noncharacter)
            i += 2;
        if (noncharacter || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r'))
            buffer_add_text(out, "\xEF\xBF\xBD");
        else
            buffer_add_html(out, (struct slice){text.data + i, 1});
    }
}

static void add_element(struct buffer *out, const char *name, struct slice text)
{
    if (!text.data)
        return;
    buffer_print(out, "<%s>", name);
    add_xml(out, text);
    buffer_print(out, "</%.*s>\n", (int)strcspn(name, " "), name);
}

static void add_link(struct buffer *out, const char *relation, const char *type, struct slice url)
{
    if (!url.data)
        return;
    buffer_print(out, "<link rel=\"%s\"", relation);
    if (type)
        buffer_print(out, " type=\"%s\"", type);
    buffer_add_text(out, " href=\"");
    add_xml(out, url);
    buffer_add_text(out, "\"/>\n");
}

/* What may not stand in a URI is percent-encoded; what is encoded already stays. */
static struct slice list_tag(const struct rendering *rendering)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%";
    struct buffer tag = buffer_in(rendering->arena, rendering->about.length + 64);
    buffer_print(&tag, "tag:%.*s,2022:", SLICE_ARGS(rendering->authority));
    for (size_t i = 0; i < rendering->about.length; i++) {
        struct slice byte = {rendering->about.data + i, 1};
        if (memchr(plain, byte.data[0], sizeof plain - 1))
            buffer_add_slice(&tag, byte);
        else
            buffer_add_uri(&tag, byte);
    }
    return buffer_slice(&tag);
}

void atom_begin(struct rendering *rendering, struct buffer *out)
{
    buffer_add_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    add_element(out, "id", list_tag(rendering));
    add_element(out, "title", slice_of(list_title(rendering->noun)));
    add_element(out, "updated", rendering->latest[0] ? slice_of(rendering->latest) : SLICE("1970-01-01T00:00:00Z"));
    buffer_add_text(out, "<author><name>Readout</name></author>\n");
    buffer_add_text(out, "<generator version=\"" READOUT_VERSION "\">Readout</generator>\n");
    add_link(out, "self", "application/atom+xml", rendering->self);
    add_link(out, "next", "application/atom+xml", rendering->next);
}

static void add_categories(const json_t *document, struct buffer *out)
{
    size_t index;
    json_t *topic;
    json_array_foreach (json_object_get(document, "topics"), index, topic) {
        buffer_add_text(out, "<category term=\"");
        add_xml(out, (struct slice){json_string_value(topic), json_string_length(topic)});
        buffer_add_text(out, "\"/>\n");
    }
}

static void add_author(const struct rendering *rendering, const json_t *document, struct buffer *out)
{
    struct slice author = author_of(rendering, document);
    if (author.length == 0)
        return; /* then it is the feed's */
    buffer_add_text(out, "<author>");
    add_element(out, "name", author);
    buffer_add_text(out, "</author>\n");
}

void atom_add(struct rendering *rendering, const json_t *document, struct buffer *out)
{
    int64_t id = int_in(document, "id");
    struct slice language = text_in(document, "language"), published = text_in(document, "published_at");
    buffer_add_text(out, "<entry");
    if (language.data) {
        buffer_add_text(out, " xml:lang=\"");
        add_xml(out, language);
        buffer_add_byte(out, '"');
    }
    buffer_add_text(out, ">\n");
    add_element(out, "id", resource_tag(rendering, id));
    add_element(out, "title", title_of(rendering, document));
    add_element(out, "updated", text_in(document, "updated_at"));
    add_element(out, "published", is_instant(published) ? published : NO_SLICE);
    add_author(rendering, document, out);
    add_link(out, "alternate", "application/json", resource_url(rendering, rendering->noun, id));
    add_link(out, "alternate", "text/html", text_in(document, "url"));
    add_categories(document, out);
    add_element(out, "content type=\"text\"", content_of(rendering, document));
    buffer_add_text(out, "</entry>\n");
}

void atom_end(struct rendering *rendering, struct buffer *out)
{
    (void)rendering;
    buffer_add_text(out, "</feed>\n");
}

/* ---- JSON Feed -------------------------------------------------------------------------------------------- */

/* ,"name":"text", or nothing */
static void add_member(struct buffer *out, const char *name, struct slice text)
{
    if (!text.data)
        return;
    buffer_print(out, ",\"%s\":", name);
    buffer_add_json(out, text);
}

void feed_begin(struct rendering *rendering, struct buffer *out)
{
    buffer_add_text(out, "{\"version\":\"https://jsonfeed.org/version/1.1\"");
    add_member(out, "title", slice_of(list_title(rendering->noun)));
    add_member(out, "home_page_url", slice_of(arena_print(rendering->arena, "%.*s/", SLICE_ARGS(rendering->origin))));
    add_member(out, "feed_url", rendering->self);
    add_member(out, "next_url", rendering->next);
    buffer_add_text(out, ",\"items\":[");
}

void feed_add(struct rendering *rendering, const json_t *document, struct buffer *out)
{
    struct slice published = text_in(document, "published_at"), author = author_of(rendering, document),
                 id = resource_tag(rendering, int_in(document, "id"));
    const json_t *topics = json_object_get(document, "topics");
    buffer_add_text(out, rendering->count ? ",{\"id\":" : "{\"id\":");
    buffer_add_json(out, id);
    add_member(out, "url", resource_url(rendering, rendering->noun, int_in(document, "id")));
    add_member(out, "external_url", text_in(document, "url"));
    add_member(out, "title", title_of(rendering, document));
    add_member(out, "content_text", content_of(rendering, document));
    add_member(out, "date_published", is_instant(published) ? published : NO_SLICE);
    add_member(out, "date_modified", text_in(document, "updated_at"));
    add_member(out, "language", text_in(document, "language"));
    if (author.length) {
        buffer_add_text(out, ",\"authors\":[{\"name\":");
        buffer_add_json(out, author);
        buffer_add_text(out, "}]");
    }
    if (json_array_size(topics)) {
        buffer_add_text(out, ",\"tags\":");
        add_json_value(out, topics);
    }
    buffer_add_byte(out, '}');
}

void feed_end(struct rendering *rendering, struct buffer *out)
{
    (void)rendering;
    buffer_add_text(out, "]}");
}
