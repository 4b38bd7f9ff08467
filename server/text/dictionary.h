/* Phrases and what they stand for: a trie over words. Several roots share one set of words, so that a token is looked up once for
 * all lexicons.
 *
 * Built by one thread; read by any number once nothing is added any more. Memory is the dictionary's own. */
#ifndef READOUT_TEXT_DICTIONARY_H
#define READOUT_TEXT_DICTIONARY_H

#include "readout/arena.h"
#include "readout/slice.h"
#include "text_private.h"

enum { PHRASE_WORDS_MAX = 12, DICTIONARY_ROOTS_MAX = 32 };

struct phrase {
    const void *value;
    uint32_t next;        /* another phrase of the same words, or 0 */
    uint32_t inflections; /* INFLECTION_BIT */
    struct slice cased;   /* the spelling, where capitals have to stand as written; else NO_SLICE */
};

struct dictionary {
    struct arena arena;             /* copies of words and spellings */
    const struct dictionary *below; /* whose words keep their numbers here; NULL: none */
    struct word_slot {
        struct slice word; /* folded */
        uint32_t hash, number, starts;
    } * words;
    size_t word_room;
    uint32_t word_count;
    struct edge {
        uint32_t from, word, to; /* nodes; 0: free */
    } * edges;
    size_t edge_room, edge_count;
    uint32_t *first_phrase; /* by node; 0: none ends here */
    uint32_t node_count, node_room;
    struct phrase *phrases; /* phrases[0] is none */
    uint32_t phrase_count, phrase_room;
};

void dictionary_open(struct dictionary *dictionary);
/* The same over another, which must outlive it: they share words, so that a token's number is good for both. */
void dictionary_open_over(struct dictionary *dictionary, const struct dictionary *below);
void dictionary_close(struct dictionary *dictionary);

/* Adds the phrase that `spelling` holds, cut into tokens as a text is, below that root; the value is borrowed. The same phrase
 * with the same value again only adds its inflections. Returns the phrase's place, 0 where the spelling holds no word or too
 * many. */
uint32_t dictionary_add(struct dictionary *dictionary, unsigned root, struct slice spelling, bool cased, unsigned inflections,
                        const void *value);

/* A folded word's number and, in `starts`, the roots at which it begins a phrase; 0 and none for an unknown one. */
uint32_t dictionary_word(const struct dictionary *dictionary, struct slice folded, uint32_t hash, uint32_t *starts);
uint32_t dictionary_hash(struct slice folded);

/* The node that a word leads to, 0 where it leads nowhere; a root is the node of its number + 1. */
uint32_t dictionary_step(const struct dictionary *dictionary, uint32_t node, uint32_t word);
/* The first phrase that ends at the node and whose capitals stand so in `written`; NULL where there is none. */
const struct phrase *dictionary_phrase(const struct dictionary *dictionary, uint32_t node, struct slice written);

/* The longest phrase below the root whose words stand from token `at`: its length in tokens, 0 for none. `known` tells which of a
 * token's two numbers belongs to this dictionary. */
uint32_t dictionary_match(const struct dictionary *dictionary, const struct text *text, unsigned root, bool known, uint32_t at,
                          const struct phrase **phrase);

#endif
