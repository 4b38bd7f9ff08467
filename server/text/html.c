/* A page taken apart by libxml2's forgiving HTML parser: its calls (SAX) make elements and pieces of text; no tree of its own is
 * built. It opens no file and no connection, and knows no entities but HTML's own.
 *
 * What a page can make it cost is bounded: depth, elements, and the attributes of one tag, which the parser compares each with
 * each. */
#include "html.h"

#include <libxml/HTMLparser.h>
#include <pthread.h>
#include <string.h>

#include "readout/utf8.h"

enum { DEPTH_MAX = 250, ELEMENTS_MAX = 100000, ATTRIBUTES_MAX = 100, SCRIPT_MAX = 1000000 };

struct reading {
    struct html *html;
    htmlParserCtxtPtr parser;
    uint32_t open[DEPTH_MAX + 1]; /* elements; open[0] holds all */
    const char *names[DEPTH_MAX + 1];
    unsigned depth, skipped, links, pre; /* how many of each are open */
    struct buffer line;
    uint32_t line_links;
    unsigned breaks;        /* <br> since the last text */
    struct buffer gathered; /* inside <title> or a JSON-LD script */
    bool in_title, in_script;
};

/* ---- what tags do ----------------------------------------------------------------------------------------- */

static const struct tag {
    const char *name;
    unsigned effects;
} tags[] = {
    {"p", TAG_BLOCK | TAG_PARAGRAPH},
    {"h1", TAG_BLOCK | TAG_HEADING | TAG_TITLE},
    {"h2", TAG_BLOCK | TAG_HEADING},
    {"h3", TAG_BLOCK | TAG_HEADING},
    {"h4", TAG_BLOCK | TAG_HEADING},
    {"h5", TAG_BLOCK | TAG_HEADING},
    {"h6", TAG_BLOCK | TAG_HEADING},
    {"li", TAG_BLOCK | TAG_PARAGRAPH | TAG_ITEM},
    {"blockquote", TAG_BLOCK | TAG_PARAGRAPH},
    {"pre", TAG_BLOCK | TAG_PARAGRAPH | TAG_PRE},
    {"dd", TAG_BLOCK | TAG_PARAGRAPH},
    {"dt", TAG_BLOCK | TAG_PARAGRAPH},
    {"article", TAG_BLOCK | TAG_ARTICLE},
    {"main", TAG_BLOCK | TAG_ARTICLE},
    {"a", TAG_LINK},
    {"nav", TAG_BLOCK | TAG_SUSPECT},
    {"aside", TAG_BLOCK | TAG_SUSPECT},
    {"footer", TAG_BLOCK | TAG_SUSPECT},
    {"form", TAG_BLOCK | TAG_SUSPECT},
    {"menu", TAG_BLOCK | TAG_SUSPECT},
    {"dialog", TAG_BLOCK | TAG_SUSPECT},
    {"details", TAG_BLOCK | TAG_SUSPECT},
    {"div", TAG_BLOCK},
    {"section", TAG_BLOCK},
    {"header", TAG_BLOCK},
    {"hgroup", TAG_BLOCK},
    {"address", TAG_BLOCK},
    {"center", TAG_BLOCK},
    {"fieldset", TAG_BLOCK},
    {"ul", TAG_BLOCK},
    {"ol", TAG_BLOCK},
    {"dl", TAG_BLOCK},
    {"table", TAG_BLOCK},
    {"tbody", TAG_BLOCK},
    {"thead", TAG_BLOCK},
    {"tfoot", TAG_BLOCK},
    {"tr", TAG_BLOCK},
    {"td", TAG_BLOCK},
    {"th", TAG_BLOCK},
    {"caption", TAG_BLOCK | TAG_SKIP},
    {"hr", TAG_BLOCK},
    {"body", TAG_BLOCK},
    {"figure", TAG_BLOCK | TAG_SKIP},
    {"figcaption", TAG_BLOCK | TAG_SKIP},
    {"title", TAG_SKIP},
    {"script", TAG_SKIP},
    {"style", TAG_SKIP},
    {"noscript", TAG_SKIP},
    {"template", TAG_SKIP},
    {"iframe", TAG_SKIP},
    {"noframes", TAG_SKIP},
    {"object", TAG_SKIP},
    {"applet", TAG_SKIP},
    {"svg", TAG_SKIP},
    {"math", TAG_SKIP},
    {"canvas", TAG_SKIP},
    {"audio", TAG_SKIP},
    {"video", TAG_SKIP},
    {"picture", TAG_SKIP},
    {"map", TAG_SKIP},
    {"select", TAG_SKIP},
    {"datalist", TAG_SKIP},
    {"option", TAG_SKIP},
    {"button", TAG_SKIP},
    {"textarea", TAG_SKIP},
    {"label", TAG_SKIP},
    {"legend", TAG_SKIP},
    {"del", TAG_SKIP},
    {"rp", TAG_SKIP},
    {"rt", TAG_SKIP},
};

/* Words of a class or an id that name what is usually no part of the article. */
static const char suspects[] =
    " ad ads adslot advert advertisement advertising affiliate author-bio banner bio breadcrumb breadcrumbs caption comment "
    "comments "
    "commentlist consent cookie cookies credit credits disqus donate donation embed footer gallery gdpr infobox instagram "
    "lightbox "
    "linklist masthead menu modal most nav navbar navigation newsletter outbrain overlay pager pagination partner paywall "
    "popular "
    "popup print promo promotion promotions read readmore recirc recommend recommendation recommendations recommended related "
    "share sharebar sharing sidebar signup skip slideshow social sponsor sponsored subscribe subscription taboola tags taglist "
    "teaser "
    "teasers toc toolbar tooltip trending tweet twitter widget widgets ";

static unsigned tag_effects(const char *name)
{
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (strcmp(tags[i].name, name) == 0)
            return tags[i].effects;
    return 0;
}

static char small(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/* Whether a word of the class stands in the list; words are parted by all that is no letter, and by a capital: "relatedLinks". */
static bool names_one_of(struct slice class, const char *list)
{
    char word[34] = " ";
    size_t length = 1;
    for (size_t i = 0; i <= class.length; i++) {
        char raw = i < class.length ? class.data[i] : ' ', letter = small(raw);
        bool is_letter = letter >= 'a' && letter <= 'z';
        bool hump = is_letter && raw != letter && i > 0 && class.data[i - 1] >= 'a' && class.data[i - 1] <= 'z';
        if (!is_letter || hump) {
            word[length] = ' ';
            word[length + 1] = '\0';
            if (length > 2 && strstr(list, word))
                return true;
            length = 1;
        }
        if (is_letter && length < sizeof word - 2)
            word[length++] = letter;
    }
    return false;
}

/* ---- attributes ------------------------------------------------------------------------------------------- */

static struct slice attribute(const xmlChar **attributes, const char *name)
{
    for (size_t i = 0; attributes && attributes[i]; i += 2)
        if (strcmp((const char *)attributes[i], name) == 0)
            return attributes[i + 1] ? slice_of((const char *)attributes[i + 1]) : SLICE("");
    return NO_SLICE;
}

static bool attribute_is(const xmlChar **attributes, const char *name, const char *value)
{
    return slice_equal_fold(attribute(attributes, name), slice_of(value));
}

static bool has_attribute(const xmlChar **attributes, const char *name)
{
    return attribute(attributes, name).data != NULL;
}

/* What the attributes add to what the tag does. */
static unsigned attribute_effects(const xmlChar **attributes, unsigned effects)
{
    struct slice class = attribute(attributes, "class"), id = attribute(attributes, "id"), role = attribute(attributes, "role");
    if (!attributes)
        return effects;
    if (has_attribute(attributes, "hidden") || attribute_is(attributes, "aria-hidden", "true"))
        effects |= TAG_SKIP;
    if (attribute_is(attributes, "itemprop", "articleBody"))
        effects |= TAG_BODY;
    if (attribute_is(attributes, "itemprop", "author") || attribute_is(attributes, "rel", "author") ||
        names_one_of(class, " byline author "))
        effects |= TAG_BYLINE;
    if (slice_is(role, "main") || slice_is(role, "article"))
        effects |= TAG_ARTICLE;
    else if (role.data && names_one_of(role, " navigation complementary contentinfo dialog alert search menu banner "))
        effects |= TAG_SUSPECT;
    /* Only of what holds text of its own; a class of the whole page names all that is in it. */
    if (effects & TAG_BLOCK && !(effects & (TAG_ARTICLE | TAG_BODY)) &&
        (names_one_of(class, suspects) || names_one_of(id, suspects)))
        effects |= TAG_SUSPECT;
    return effects;
}

static void read_facts(struct reading *reading, const char *name, const xmlChar **attributes)
{
    struct html *html = reading->html;
    struct slice content = attribute(attributes, "content"), property = attribute(attributes, "property");
    if (strcmp(name, "meta") == 0)
        html_meta(html,
                  property.data                       ? property
                  : has_attribute(attributes, "name") ? attribute(attributes, "name")
                                                      : attribute(attributes, "itemprop"),
                  content);
    else if (strcmp(name, "link") == 0 && attribute_is(attributes, "rel", "canonical"))
        html_fact(html, FACT_URL, 0, attribute(attributes, "href"));
    else if (strcmp(name, "html") == 0)
        html_fact(html, FACT_LANGUAGE, 0, attribute(attributes, "lang"));
    else if (strcmp(name, "time") == 0)
        html_fact(html, FACT_DATE,
                  attribute_is(attributes, "itemprop", "datePublished") || has_attribute(attributes, "pubdate") ? 4 : 9,
                  attribute(attributes, "datetime"));
    else if (attribute_is(attributes, "itemprop", "datePublished"))
        html_fact(html, FACT_DATE, 5, content);
}

/* ---- text ------------------------------------------------------------------------------------------------- */

/* The line so far becomes a piece. */
static void end_line(struct reading *reading)
{
    struct html *html = reading->html;
    struct slice text = buffer_slice(&reading->line);
    while (text.length && (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\n'))
        text.length--;
    if (text.length) {
        if (html->piece_count == html->piece_room) {
            uint32_t more = html->piece_room ? html->piece_room * 2 : 64;
            html->pieces =
                arena_grow(html->arena, html->pieces, html->piece_room * sizeof *html->pieces, more * sizeof *html->pieces);
            html->piece_room = more;
        }
        html->pieces[html->piece_count++] = (struct piece){
            .text = arena_slice(html->arena, text), .element = reading->open[reading->depth], .links = reading->line_links};
    }
    reading->line.length = 0;
    reading->line_links = 0;
    reading->breaks = 0;
}

/* One <br> ends a line, two a paragraph. */
static void add_break(struct reading *reading)
{
    if (reading->breaks++ > 0)
        end_line(reading);
    else if (reading->line.length)
        buffer_add_byte(&reading->line, '\n');
}

/* Adds a character that is no blank, or a blank where one is wanted. */
static void add_text(struct reading *reading, const char *text, size_t length)
{
    struct buffer *line = &reading->line;
    size_t before = line->length;
    for (size_t i = 0; i < length; i++) {
        const unsigned char *at = (const unsigned char *)text + i;
        bool wide = at[0] == 0xc2 && i + 1 < length && at[1] == 0xa0; /* a no-break space is a blank */
        bool soft = at[0] == 0xc2 && i + 1 < length && at[1] == 0xad; /* a soft hyphen is nothing */
        bool none = i + 2 < length && (memcmp(at, "\xe2\x80\x8b", 3) == 0 || memcmp(at, "\xef\xbb\xbf", 3) == 0);
        i += wide || soft ? 1 : none ? 2 : 0;
        if (soft || none)
            continue;
        char last = line->length ? line->data[line->length - 1] : ' ';
        if (at[0] == '\n' && reading->pre) {
            if (line->length)
                buffer_add_byte(line, '\n');
        } else if (wide || at[0] == ' ' || at[0] == '\n' || at[0] == '\t' || at[0] == '\r' || at[0] == '\f') {
            if (last != ' ' && last != '\n')
                buffer_add_byte(line, ' ');
        } else {
            buffer_add_byte(line, (char)at[0]);
            reading->breaks = 0;
        }
    }
    if (reading->links)
        reading->line_links += (uint32_t)(line->length - before);
}

/* ---- what libxml2 calls ----------------------------------------------------------------------------------- */

static void push(struct reading *reading, const char *name, unsigned effects)
{
    struct html *html = reading->html;
    uint32_t parent = reading->open[reading->depth];
    if (html->element_count == html->element_room) {
        uint32_t more = html->element_room ? html->element_room * 2 : 256;
        html->elements =
            arena_grow(html->arena, html->elements, html->element_room * sizeof *html->elements, more * sizeof *html->elements);
        html->element_room = more;
    }
    effects |= html->element_count ? html->elements[parent].effects & TAG_BYLINE : 0;
    html->elements[html->element_count] =
        (struct element){.effects = effects, .parent = parent, .first_piece = html->piece_count, .end_piece = html->piece_count};
    reading->depth += html->element_count > 0;
    reading->open[reading->depth] = html->element_count++;
    reading->names[reading->depth] = name;
    reading->skipped += (effects & TAG_SKIP) != 0;
    reading->links += (effects & TAG_LINK) != 0;
    reading->pre += (effects & TAG_PRE) != 0;
}

static void pop(struct reading *reading)
{
    struct element *element = &reading->html->elements[reading->open[reading->depth]];
    if (element->effects & TAG_BLOCK)
        end_line(reading);
    element->end_piece = reading->html->piece_count;
    reading->skipped -= (element->effects & TAG_SKIP) != 0;
    reading->links -= (element->effects & TAG_LINK) != 0;
    reading->pre -= (element->effects & TAG_PRE) != 0;
    reading->depth--;
}

static void on_start(void *to, const xmlChar *tag, const xmlChar **attributes)
{
    struct reading *reading = to;
    const char *name = (const char *)tag;
    unsigned effects = attribute_effects(attributes, tag_effects(name));
    if (reading->depth == DEPTH_MAX || reading->html->element_count == ELEMENTS_MAX) {
        xmlStopParser(reading->parser);
        return;
    }
    /* The whole page is never hidden. */
    if (strcmp(name, "html") == 0 || strcmp(name, "body") == 0)
        effects &= TAG_BLOCK;
    read_facts(reading, name, attributes);
    if (effects & TAG_BLOCK)
        end_line(reading);
    push(reading, name, effects);
    if (strcmp(name, "br") == 0)
        add_break(reading);
    reading->in_title |= strcmp(name, "title") == 0 && reading->html->facts[FACT_TITLE].rank > 8;
    reading->in_script |= strcmp(name, "script") == 0 && attribute_is(attributes, "type", "application/ld+json");
    if (reading->in_title || reading->in_script)
        reading->gathered.length = 0;
}

static void on_end(void *to, const xmlChar *tag)
{
    struct reading *reading = to;
    const char *name = (const char *)tag;
    unsigned depth = reading->depth;
    while (depth > 0 && strcmp(reading->names[depth], name) != 0)
        depth--;
    if (depth == 0)
        return;
    if (reading->in_title)
        html_fact(reading->html, FACT_TITLE, 8, buffer_slice(&reading->gathered));
    if (reading->in_script)
        html_json_ld(reading->html, buffer_slice(&reading->gathered));
    reading->in_title = reading->in_script = false;
    while (reading->depth >= depth)
        pop(reading);
}

static void on_text(void *to, const xmlChar *text, int length)
{
    struct reading *reading = to;
    if (length <= 0)
        return;
    if (reading->in_title || reading->in_script) {
        if (reading->gathered.length + (size_t)length <= SCRIPT_MAX)
            buffer_add(&reading->gathered, (const char *)text, (size_t)length);
    } else if (!reading->skipped) {
        add_text(reading, (const char *)text, (size_t)length);
    }
}

/* ---- the parser ------------------------------------------------------------------------------------------- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_letter(char byte)
{
    char letter = small(byte);
    return letter >= 'a' && letter <= 'z';
}

/* A walk over all places where a tag may begin. */
struct taming {
    char *html;
    size_t length;
    char *seen;                /* bytes that an attribute's name, or the blank behind one, was read at */
    size_t run_begin, run_end; /* the last value without quotation marks */
};

/* Where an attribute's value ends, that begins at `at`. */
static size_t value_end(struct taming *taming, size_t at)
{
    char quote = taming->html[at];
    if (quote == '"' || quote == '\'') {
        const char *end = memchr(taming->html + at + 1, quote, taming->length - at - 1);
        return end ? (size_t)(end - taming->html) + 1 : taming->length;
    }
    if (at >= taming->run_begin && at < taming->run_end)
        return taming->run_end;
    taming->run_begin = at;
    while (at < taming->length && !is_blank(taming->html[at]) && taming->html[at] != '>')
        at++;
    return taming->run_end = at;
}

static size_t past(struct taming *taming, size_t at, bool blanks)
{
    while (at < taming->length && taming->html[at] != '>' && !taming->seen[at] &&
           (blanks ? is_blank(taming->html[at]) : !is_blank(taming->html[at]) && taming->html[at] != '='))
        taming->seen[at++] = 1;
    return at;
}

/* Closes the tag that begins at `at` behind its hundredth attribute. Ends where an earlier walk went on from: each byte is walked
 * over once. */
static void tame_tag(struct taming *taming, size_t at)
{
    for (unsigned count = 0; at < taming->length && taming->html[at] != '>' && !taming->seen[at]; count++) {
        if (count > ATTRIBUTES_MAX) {
            taming->html[at] = '>';
            return;
        }
        size_t begin = at;
        at = past(taming, past(taming, at, false), true);
        if (at < taming->length && taming->html[at] == '=' && !taming->seen[at]) {
            taming->seen[at++] = 1;
            at = past(taming, at, true);
            at = at < taming->length && taming->html[at] != '>' ? value_end(taming, at) : at;
            at = past(taming, at, true);
        }
        if (at == begin)
            return;
    }
}

/* A copy in which no tag has many more than a hundred attributes, and no NUL ends the text. Where a tag may begin is judged
 * without context: a ">" more in a script or a comment makes no difference. */
static char *tamed(struct arena *arena, struct slice html)
{
    struct taming taming = {
        .html = arena_copy(arena, html.data, html.length), .length = html.length, .seen = arena_zero(arena, html.length)};
    for (size_t at = 0; at < html.length; at++)
        if (taming.html[at] == '\0')
            taming.html[at] = ' ';
    for (size_t at = 0; at + 1 < html.length; at++)
        if (taming.html[at] == '<' && is_letter(taming.html[at + 1]))
            tame_tag(&taming, at + 1);
    return taming.html;
}

static void set_up(void)
{
    xmlInitParser();
}

static void parse(struct reading *reading, struct slice html)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up);
    reading->parser = htmlNewParserCtxt();
    if (!reading->parser)
        die("out of memory for the HTML parser");
    *reading->parser->sax = (htmlSAXHandler){.startElement = on_start,
                                             .endElement = on_end,
                                             .characters = on_text,
                                             .ignorableWhitespace = on_text,
                                             .cdataBlock = on_text};
    reading->parser->userData = reading;
    bool unicode = utf8_valid(html);
    int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT |
                  (unicode ? HTML_PARSE_IGNORE_ENC : 0);
    char *copy = tamed(reading->html->arena, html);
    htmlDocPtr none = htmlCtxtReadMemory(reading->parser, copy, (int)html.length, NULL, unicode ? "UTF-8" : NULL, options);
    if (none)
        xmlFreeDoc(none);
    htmlFreeParserCtxt(reading->parser);
}

bool text_page(struct slice html, struct arena *arena, struct page *page, struct error *error)
{
    struct html read = {.arena = arena};
    struct reading reading = {.html = &read, .line = buffer_in(arena, 1024), .gathered = buffer_in(arena, 1024)};
    if (html.length > TEXT_BYTES_MAX)
        return fail(error, ERROR_INVALID, "the page has %zu bytes; at most %d are read", html.length, TEXT_BYTES_MAX);
    for (size_t i = 0; i < FACTS; i++)
        read.facts[i].rank = UINT32_MAX;
    push(&reading, "", TAG_BLOCK);
    if (html.length)
        parse(&reading, html);
    while (reading.depth > 0)
        pop(&reading);
    end_line(&reading);
    read.elements[0].end_piece = read.piece_count;
    struct slice text = html_choose(&read);
    if (!text.length || !utf8_valid(text))
        return fail(error, ERROR_INVALID, "the page holds no text");
    *page = (struct page){.text = text,
                          .title = read.facts[FACT_TITLE].value,
                          .byline = read.facts[FACT_AUTHOR].value,
                          .language = read.facts[FACT_LANGUAGE].value,
                          .url = read.facts[FACT_URL].value,
                          .outlet = read.facts[FACT_SITE].value,
                          .published_at = read.facts[FACT_DATE].value};
    return true;
}
