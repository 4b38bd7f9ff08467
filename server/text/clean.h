/* Paragraphs while their roles are being found: between clean.c, which cuts and assembles them, and furniture.c, which knows what
 * stands around an article. */
#ifndef READOUT_TEXT_CLEAN_H
#define READOUT_TEXT_CLEAN_H

#include "text_private.h"

/* A line, or several that belong together. */
struct block {
    struct span span;
    uint32_t words; /* and numbers */
    uint32_t key;   /* of its words: blocks that say the same have the same */
    bool stop;      /* ends like a sentence */
    bool trails;    /* ends with an ellipsis */
    bool quoted;    /* holds a quotation mark */
    bool bullet;    /* is an item of a list */
    bool headline;  /* most of its words have capitals */
    bool list, end; /* furniture that links follow, or that ends the article */
    enum paragraph_role role;
};

struct cleaning {
    struct text *text;
    struct block *blocks;
    uint32_t count;
    uint8_t *roles; /* enum paragraph_role of each token, where a part of a block has its own; else PARAGRAPH_BODY */
    struct slice language;
    uint32_t title; /* the block, or NO_BLOCK */
};

#define NO_BLOCK UINT32_MAX

/* Long enough and ended like running text. */
bool block_is_prose(const struct block *block);
void mark_span(struct cleaning *cleaning, struct span span, enum paragraph_role role);

/* Whole blocks that are furniture or bylines by their own words. */
void furniture_blocks(struct cleaning *cleaning);
/* Sentences and brackets inside the other blocks. */
void furniture_parts(struct cleaning *cleaning);
/* What follows a block that ends the article, or that heads a list of links. */
void furniture_after(struct cleaning *cleaning);

#endif
