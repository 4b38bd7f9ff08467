/* A page while it is read: html.c takes it apart, html_facts.c gathers what its metadata say, html_choose.c finds the article. */
#ifndef READOUT_TEXT_HTML_H
#define READOUT_TEXT_HTML_H

#include "readout/buffer.h"
#include "readout/text.h"

/* What a tag does with the text around it and inside. */
enum tag_effect {
    TAG_BLOCK = 1,     /* its text stands apart from what is before and behind */
    TAG_PARAGRAPH = 2, /* … and is one paragraph: what holds it is a candidate for the article */
    TAG_SKIP = 4,      /* nothing in it is text */
    TAG_SUSPECT = 8,   /* usually no part of the article */
    TAG_ARTICLE = 16,
    TAG_HEADING = 32,
    TAG_TITLE = 64, /* h1 */
    TAG_LINK = 128,
    TAG_ITEM = 256,
    TAG_PRE = 512,
    TAG_BODY = 1024,   /* itemprop="articleBody" */
    TAG_BYLINE = 2048, /* says who wrote it; so does all in it */
    TAG_DROPPED = 4096 /* with all that is in it: found out at the end */
};

struct element {
    unsigned effects;
    uint32_t parent;
    uint32_t first_piece, end_piece;
    uint32_t prose, text, links; /* bytes in it: in paragraphs, at all, in links */
    float score;
};

/* A line of text, without mark-up. */
struct piece {
    struct slice text;
    uint32_t element;
    uint32_t links; /* bytes of it that are in links */
};

/* A value and how far its place is to be trusted: the lowest rank wins. */
struct fact {
    struct slice value;
    unsigned rank;
};

enum fact_name { FACT_TITLE, FACT_SITE, FACT_URL, FACT_DATE, FACT_AUTHOR, FACT_LANGUAGE, FACTS };

struct html {
    struct arena *arena;
    struct element *elements; /* parents before their children; the first holds all */
    uint32_t element_count, element_room;
    struct piece *pieces;
    uint32_t piece_count, piece_room;
    struct fact facts[FACTS];
};

/* Notes what a page says of itself; empty values and dates that are none are passed over. */
void html_fact(struct html *html, enum fact_name name, unsigned rank, struct slice value);
/* A <meta> with its name or property, and its content. */
void html_meta(struct html *html, struct slice name, struct slice content);
/* The text of a JSON-LD script: https://json-ld.org, as schema.org's articles use it. */
void html_json_ld(struct html *html, struct slice json);

/* The article's text: its pieces with blank lines between; empty where the page has none. */
struct slice html_choose(struct html *html);

#endif
