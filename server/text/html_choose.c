/* Which of a page's text is the article: the element that the page itself calls so, where most of the paragraphs are in it; else
 * the one whose paragraphs are many, long and without links. What is in it but usually belongs to no article (navigation,
 * comments, forms) stays out, unless it holds more than half of all. */
#include <string.h>

#include "html.h"

enum {
    PROSE_BYTES = 25, /* a paragraph that counts */
    ARTICLE_BYTES = 200,
    LINK_LIST_BYTES = 200 /* links only, up to this length */
};

static bool is_dropped(const struct html *html, uint32_t element)
{
    return html->elements[element].effects & TAG_DROPPED;
}

static bool is_prose(const struct piece *piece)
{
    return piece->text.length >= PROSE_BYTES && piece->links * 3 < piece->text.length;
}

/* The nearest element around a piece that stands apart from others. */
static uint32_t block_of(const struct html *html, uint32_t element)
{
    while (element && !(html->elements[element].effects & TAG_BLOCK))
        element = html->elements[element].parent;
    return element;
}

/* Adds up the bytes in each element. */
static void measure(struct html *html, bool kept_only)
{
    for (uint32_t i = 0; i < html->element_count; i++)
        html->elements[i].prose = html->elements[i].text = html->elements[i].links = 0;
    for (uint32_t i = 0; i < html->piece_count; i++) {
        const struct piece *piece = &html->pieces[i];
        struct element *element = &html->elements[piece->element];
        if ((kept_only && is_dropped(html, piece->element)))
            continue;
        element->text += (uint32_t)piece->text.length;
        element->links += piece->links;
        element->prose += is_prose(piece) ? (uint32_t)piece->text.length : 0;
    }
    for (uint32_t i = html->element_count; i-- > 1;) {
        const struct element *element = &html->elements[i];
        struct element *parent = &html->elements[element->parent];
        parent->text += element->text;
        parent->links += element->links;
        parent->prose += element->prose;
    }
}

static void drop_suspects(struct html *html)
{
    uint32_t all = html->elements[0].prose;
    for (uint32_t i = 1; i < html->element_count; i++) {
        struct element *element = &html->elements[i];
        bool suspect = element->effects & TAG_SUSPECT && element->prose * 2 <= all;
        if (suspect || is_dropped(html, element->parent))
            element->effects |= TAG_DROPPED;
    }
}

/* Each paragraph speaks for what it is in, and half for what that is in. */
static void score(struct html *html)
{
    for (uint32_t i = 0; i < html->piece_count; i++) {
        const struct piece *piece = &html->pieces[i];
        if (!is_prose(piece) || is_dropped(html, piece->element))
            continue;
        size_t commas = 0, length = piece->text.length;
        for (size_t k = 0; k < length; k++)
            commas += piece->text.data[k] == ',';
        float points = 1 + (float)(commas < 10 ? commas : 10) + (length < 300 ? (float)length / 100 : 3);
        uint32_t around = block_of(html, piece->element);
        if (html->elements[around].effects & (TAG_PARAGRAPH | TAG_HEADING))
            around = block_of(html, html->elements[around].parent);
        html->elements[around].score += points;
        html->elements[html->elements[around].parent].score += points / 2;
    }
}

/* What the page calls its article, where it holds enough. */
static uint32_t declared_article(const struct html *html)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < html->element_count; i++) {
        const struct element *element = &html->elements[i], *chosen = &html->elements[best];
        bool body = element->effects & TAG_BODY;
        if (is_dropped(html, i) || !(element->effects & (TAG_ARTICLE | TAG_BODY)) || element->prose < ARTICLE_BYTES)
            continue;
        /* The innermost that holds nearly as much: <main> may hold <article>. */
        if (!best || element->prose > chosen->prose || (body && element->prose * 2 > chosen->prose) ||
            (element->first_piece >= chosen->first_piece && element->end_piece <= chosen->end_piece &&
             element->prose * 10 > chosen->prose * 8))
            best = i;
    }
    return best && html->elements[best].prose * 10 >= html->elements[0].prose * 4 ? best : 0;
}

/* The element with the best score; and from there outwards, as long as that brings in much more. */
static uint32_t dense_element(const struct html *html)
{
    uint32_t best = 0;
    float most = 0;
    for (uint32_t i = 0; i < html->element_count; i++) {
        const struct element *element = &html->elements[i];
        float text = (float)element->text, own = element->score * (text > 0 ? 1 - (float)element->links / text : 0);
        if (own > most) {
            most = own;
            best = i;
        }
    }
    while (best) {
        const struct element *element = &html->elements[best], *parent = &html->elements[element->parent];
        if (parent->prose < element->prose + element->prose / 3 || parent->links * 3 > parent->text)
            break;
        best = element->parent;
    }
    return best;
}

/* ---- what is taken ---------------------------------------------------------------------------------------- */

static bool is_taken(const struct html *html, const struct piece *piece)
{
    unsigned effects = html->elements[block_of(html, piece->element)].effects;
    if (is_dropped(html, piece->element))
        return false;
    if (effects & TAG_TITLE)
        return true;
    return piece->links * 2 <= piece->text.length || piece->text.length > LINK_LIST_BYTES;
}

static bool is_heading(const struct html *html, const struct piece *piece)
{
    return html->elements[block_of(html, piece->element)].effects & TAG_HEADING;
}

/* The text of the page's h1. */
static struct slice heading_of(const struct html *html)
{
    for (uint32_t i = 0; i < html->piece_count; i++)
        if (html->elements[block_of(html, html->pieces[i].element)].effects & TAG_TITLE)
            return html->pieces[i].text;
    return NO_SLICE;
}

static void add_piece(struct buffer *out, const struct html *html, const struct piece *piece)
{
    if (out->length)
        buffer_add_text(out, "\n\n");
    if (html->elements[block_of(html, piece->element)].effects & TAG_ITEM)
        buffer_add_text(out, "• ");
    buffer_add_slice(out, piece->text);
}

/* Notes the title and the author that only the page's text tells. A title in the metadata may have the site's name behind it. */
static void note_from_text(struct html *html, struct slice heading)
{
    struct slice title = html->facts[FACT_TITLE].value;
    if (heading.length >= 10 && title.length > heading.length && memcmp(title.data, heading.data, heading.length) == 0)
        html->facts[FACT_TITLE].rank = UINT32_MAX;
    html_fact(html, FACT_TITLE, 5, heading);
    for (uint32_t i = 0; i < html->piece_count; i++)
        if (html->elements[html->pieces[i].element].effects & TAG_BYLINE && html->pieces[i].text.length <= 120)
            html_fact(html, FACT_AUTHOR, 5, html->pieces[i].text);
}

struct slice html_choose(struct html *html)
{
    struct buffer out = buffer_in(html->arena, 4096);
    measure(html, false);
    drop_suspects(html);
    measure(html, true);
    score(html);
    uint32_t article = declared_article(html);
    if (!article)
        article = dense_element(html);
    struct slice heading = heading_of(html);
    uint32_t first = html->elements[article].first_piece, end = html->elements[article].end_piece;
    while (end > first && (is_heading(html, &html->pieces[end - 1]) || !is_taken(html, &html->pieces[end - 1])))
        end--;
    bool titled = false;
    for (uint32_t i = first; i < end; i++)
        titled |= slice_equal(html->pieces[i].text, heading);
    note_from_text(html, heading);
    if (!titled && html->facts[FACT_TITLE].value.length && end > first)
        buffer_add_slice(&out, html->facts[FACT_TITLE].value);
    for (uint32_t i = first; i < end; i++)
        if (is_taken(html, &html->pieces[i]))
            add_piece(&out, html, &html->pieces[i]);
    return out.length ? buffer_slice(&out) : SLICE("");
}
