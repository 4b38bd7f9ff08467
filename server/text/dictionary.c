#include "dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "characters.h"
#include "readout/error.h"
#include "tokens.h"

static void *grown(void *memory, size_t count, size_t size)
{
    void *more = realloc(memory, count * size);
    if (!more)
        die("out of memory for %zu dictionary entries", count);
    return more;
}

static void *cleared(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory)
        die("out of memory for %zu dictionary entries", count);
    return memory;
}

void dictionary_open(struct dictionary *dictionary)
{
    *dictionary = (struct dictionary){.word_room = 1024, .edge_room = 1024, .node_room = 1024, .phrase_room = 1024};
    dictionary->words = cleared(dictionary->word_room, sizeof *dictionary->words);
    dictionary->edges = cleared(dictionary->edge_room, sizeof *dictionary->edges);
    dictionary->first_phrase = cleared(dictionary->node_room, sizeof *dictionary->first_phrase);
    dictionary->phrases = cleared(dictionary->phrase_room, sizeof *dictionary->phrases);
    dictionary->node_count = DICTIONARY_ROOTS_MAX + 1;
    dictionary->phrase_count = 1;
}

void dictionary_open_over(struct dictionary *dictionary, const struct dictionary *below)
{
    dictionary_open(dictionary);
    dictionary->below = below;
    dictionary->word_count = below->word_count;
}

void dictionary_close(struct dictionary *dictionary)
{
    arena_release(&dictionary->arena);
    free(dictionary->words);
    free(dictionary->edges);
    free(dictionary->first_phrase);
    free(dictionary->phrases);
}

/* FNV-1a. */
uint32_t dictionary_hash(struct slice folded)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < folded.length; i++)
        hash = (hash ^ (unsigned char)folded.data[i]) * 16777619u;
    return hash;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static struct word_slot *word_slot(struct word_slot *words, size_t room, struct slice folded, uint32_t hash)
{
    size_t at = hash & (room - 1);
    while (words[at].number && (words[at].hash != hash || !slice_equal(words[at].word, folded)))
        at = (at + 1) & (room - 1);
    return &words[at];
}

uint32_t dictionary_word(const struct dictionary *dictionary, struct slice folded, uint32_t hash, uint32_t *starts)
{
    uint32_t number = dictionary->below ? dictionary_word(dictionary->below, folded, hash, starts) : 0;
    if (number)
        return number;
    const struct word_slot *slot = word_slot(dictionary->words, dictionary->word_room, folded, hash);
    *starts = slot->starts;
    return slot->number;
}

static void grow_words(struct dictionary *dictionary)
{
    size_t room = dictionary->word_room * 2;
    struct word_slot *words = cleared(room, sizeof *words);
    for (size_t i = 0; i < dictionary->word_room; i++) {
        const struct word_slot *slot = &dictionary->words[i];
        if (slot->number)
            *word_slot(words, room, slot->word, slot->hash) = *slot;
    }
    free(dictionary->words);
    dictionary->words = words;
    dictionary->word_room = room;
}

/* The word's number; `starts`, a root's bit, is noted with it. */
static uint32_t word_added(struct dictionary *dictionary, struct slice folded, uint32_t starts)
{
    uint32_t hash = dictionary_hash(folded), below = 0, ignored;
    if (dictionary->below && (below = dictionary_word(dictionary->below, folded, hash, &ignored)) != 0)
        return below;
    uint32_t own = dictionary->word_count - (dictionary->below ? dictionary->below->word_count : 0);
    if (own * 2 >= dictionary->word_room)
        grow_words(dictionary);
    struct word_slot *slot = word_slot(dictionary->words, dictionary->word_room, folded, hash);
    if (!slot->number)
        *slot = (struct word_slot){arena_slice(&dictionary->arena, folded), hash, ++dictionary->word_count, 0};
    slot->starts |= starts;
    return slot->number;
}

/* ---- nodes ------------------------------------------------------------------------------------------------ */

static struct edge *edge_slot(struct edge *edges, size_t room, uint32_t from, uint32_t word)
{
    size_t at = (from * 0x9e3779b1u ^ word * 0x85ebca6bu) & (room - 1);
    while (edges[at].from && (edges[at].from != from || edges[at].word != word))
        at = (at + 1) & (room - 1);
    return &edges[at];
}

uint32_t dictionary_step(const struct dictionary *dictionary, uint32_t node, uint32_t word)
{
    return edge_slot(dictionary->edges, dictionary->edge_room, node, word)->to;
}

static void grow_edges(struct dictionary *dictionary)
{
    size_t room = dictionary->edge_room * 2;
    struct edge *edges = cleared(room, sizeof *edges);
    for (size_t i = 0; i < dictionary->edge_room; i++) {
        const struct edge *edge = &dictionary->edges[i];
        if (edge->from)
            *edge_slot(edges, room, edge->from, edge->word) = *edge;
    }
    free(dictionary->edges);
    dictionary->edges = edges;
    dictionary->edge_room = room;
}

static uint32_t step_added(struct dictionary *dictionary, uint32_t from, uint32_t word)
{
    if (dictionary->edge_count * 2 >= dictionary->edge_room)
        grow_edges(dictionary);
    struct edge *edge = edge_slot(dictionary->edges, dictionary->edge_room, from, word);
    if (edge->from)
        return edge->to;
    if (dictionary->node_count == dictionary->node_room) {
        size_t room = (size_t)dictionary->node_room * 2;
        dictionary->first_phrase = grown(dictionary->first_phrase, room, sizeof *dictionary->first_phrase);
        memset(dictionary->first_phrase + dictionary->node_room, 0, dictionary->node_room * sizeof *dictionary->first_phrase);
        dictionary->node_room = (uint32_t)room;
    }
    *edge = (struct edge){from, word, dictionary->node_count++};
    dictionary->edge_count++;
    return edge->to;
}

/* ---- phrases ---------------------------------------------------------------------------------------------- */

static uint32_t phrase_added(struct dictionary *dictionary, uint32_t node, struct slice cased, unsigned inflections,
                             const void *value)
{
    for (uint32_t at = dictionary->first_phrase[node]; at; at = dictionary->phrases[at].next) {
        struct phrase *phrase = &dictionary->phrases[at];
        if (phrase->value == value && slice_equal(phrase->cased, cased)) {
            phrase->inflections |= inflections;
            return at;
        }
    }
    if (dictionary->phrase_count == dictionary->phrase_room) {
        dictionary->phrase_room *= 2;
        dictionary->phrases = grown(dictionary->phrases, dictionary->phrase_room, sizeof *dictionary->phrases);
    }
    uint32_t place = dictionary->phrase_count++;
    /* The first added stays the first found. */
    uint32_t *link = &dictionary->first_phrase[node];
    while (*link)
        link = &dictionary->phrases[*link].next;
    dictionary->phrases[place] =
        (struct phrase){value, 0, inflections, cased.data ? arena_slice(&dictionary->arena, cased) : NO_SLICE};
    *link = place;
    return place;
}

uint32_t dictionary_add(struct dictionary *dictionary, unsigned root, struct slice spelling, bool cased, unsigned inflections,
                        const void *value)
{
    struct token tokens[PHRASE_WORDS_MAX];
    uint32_t count = tokens_cut(spelling, tokens, PHRASE_WORDS_MAX);
    if (count == 0 || count > PHRASE_WORDS_MAX)
        return 0;
    uint32_t node = root + 1;
    for (uint32_t i = 0; i < count; i++) {
        char folded[FOLDED_MAX];
        struct slice word = {spelling.data + tokens[i].start, tokens[i].end - tokens[i].start};
        word = (struct slice){folded, token_fold(&tokens[i], word, folded)};
        node = step_added(dictionary, node, word_added(dictionary, word, i == 0 ? 1u << root : 0));
    }
    return phrase_added(dictionary, node, cased ? spelling : NO_SLICE, inflections, value);
}

/* Whether a text has a spelling's capitals: as written, or all capitals where the spelling has small letters, too ("TURKEY"). */
static bool capitals_fit(struct slice spelling, struct slice written)
{
    if (slice_equal(spelling, written))
        return true;
    bool some_small = false, all_capital = true;
    for (size_t i = 0; i < spelling.length; i++)
        some_small |= spelling.data[i] >= 'a' && spelling.data[i] <= 'z';
    for (size_t i = 0; i < written.length; i++)
        all_capital &= !(written.data[i] >= 'a' && written.data[i] <= 'z');
    if (some_small && all_capital)
        return true;
    /* Marks may differ (a typographic apostrophe, a line end); capitals may not. */
    size_t i = 0, j = 0;
    for (; i < spelling.length && j < written.length; i++, j++) {
        while (i < spelling.length && (spelling.data[i] & 0x80 || spelling.data[i] <= '\''))
            i++;
        while (j < written.length && (written.data[j] & 0x80 || written.data[j] <= '\''))
            j++;
        if (i == spelling.length || j == written.length || spelling.data[i] != written.data[j])
            break;
    }
    return i >= spelling.length && j >= written.length;
}

const struct phrase *dictionary_phrase(const struct dictionary *dictionary, uint32_t node, struct slice written)
{
    for (uint32_t at = dictionary->first_phrase[node]; at; at = dictionary->phrases[at].next) {
        const struct phrase *phrase = &dictionary->phrases[at];
        if (phrase->value && (!phrase->cased.data || capitals_fit(phrase->cased, written)))
            return phrase;
    }
    return NULL;
}

uint32_t dictionary_match(const struct dictionary *dictionary, const struct text *text, unsigned root, bool known, uint32_t at,
                          const struct phrase **phrase)
{
    uint32_t node = root + 1, longest = 0;
    for (uint32_t i = at; i < text->token_count && i < at + PHRASE_WORDS_MAX; i++) {
        uint32_t word = known ? text->tokens[i].known : text->tokens[i].word;
        node = word ? dictionary_step(dictionary, node, word) : 0;
        if (!node)
            break;
        if (!dictionary->first_phrase[node])
            continue;
        struct slice written = {text->bytes.data + text->tokens[at].start, text->tokens[i].end - text->tokens[at].start};
        const struct phrase *ends = dictionary_phrase(dictionary, node, written);
        if (ends) {
            *phrase = ends;
            longest = i + 1 - at;
        }
    }
    return longest;
}
