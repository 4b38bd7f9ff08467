/* What the record knows, as a dictionary of its own: its actors' names below one root, its topics' keywords below another. */
#include <stdlib.h>
#include <string.h>

#include "dictionary.h"
#include "lexicon.h"
#include "readout/error.h"

enum { ROOT_NAMES, ROOT_TOPICS };

struct known {
    struct dictionary dictionary;
    const struct known *base; /* NULL: none */
    int64_t *hidden;          /* actors of the base that do not count any more, ascending */
    size_t hidden_count, hidden_room;
};

/* What a name's phrase stands for. */
struct known_name {
    int64_t actor;
    enum actor_kind kind;
    struct slice country, name;
};

struct known *text_known_new(void)
{
    struct known *known = calloc(1, sizeof *known);
    if (!known)
        die("out of memory for the known names");
    dictionary_open(&known->dictionary);
    return known;
}

void text_known_free(struct known *known)
{
    if (!known)
        return;
    dictionary_close(&known->dictionary);
    free(known->hidden);
    free(known);
}

/* ---- laid over another ------------------------------------------------------------------------------------- */

struct known *text_known_over(const struct known *base)
{
    struct known *known = calloc(1, sizeof *known);
    if (!known)
        die("out of memory for the known names");
    dictionary_open_over(&known->dictionary, &base->dictionary);
    known->base = base;
    return known;
}

/* Where the actor stands among the hidden, or would. */
static size_t hidden_place(const struct known *known, int64_t actor)
{
    size_t from = 0, until = known->hidden_count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (known->hidden[middle] < actor)
            from = middle + 1;
        else
            until = middle;
    }
    return from;
}

static bool is_hidden(const struct known *known, int64_t actor)
{
    size_t place = hidden_place(known, actor);
    return place < known->hidden_count && known->hidden[place] == actor;
}

void text_known_hide_actor(struct known *known, int64_t actor)
{
    size_t place = hidden_place(known, actor);
    if (is_hidden(known, actor))
        return;
    if (known->hidden_count == known->hidden_room) {
        known->hidden_room = known->hidden_room ? known->hidden_room * 2 : 64;
        known->hidden = realloc(known->hidden, known->hidden_room * sizeof *known->hidden);
        if (!known->hidden)
            die("out of memory for the known names");
    }
    memmove(known->hidden + place + 1, known->hidden + place, (known->hidden_count - place) * sizeof *known->hidden);
    known->hidden[place] = actor;
    known->hidden_count++;
}

/* ---- names and keywords ------------------------------------------------------------------------------------ */

/* Whether a name is an abbreviation, whose capitals tell it from a word: "US", "OSCE". */
static bool is_abbreviation(struct slice name)
{
    bool capital = false;
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] >= 'a' && name.data[i] <= 'z')
            return false;
        capital |= name.data[i] >= 'A' && name.data[i] <= 'Z';
    }
    return capital;
}

void text_known_name(struct known *known, struct slice name, int64_t actor, enum actor_kind kind, struct slice country)
{
    struct arena *arena = &known->dictionary.arena;
    struct known_name *value = arena_alloc(arena, sizeof *value);
    *value = (struct known_name){actor, kind, country.data ? arena_slice(arena, country) : NO_SLICE, arena_slice(arena, name)};
    dictionary_add(&known->dictionary, ROOT_NAMES, name, is_abbreviation(name), 0, value);
}

void text_known_topic(struct known *known, struct slice slug, struct slice keyword)
{
    struct arena *arena = &known->dictionary.arena;
    struct slice *value = arena_alloc(arena, sizeof *value);
    *value = arena_slice(arena, slug);
    dictionary_add(&known->dictionary, ROOT_TOPICS, keyword, is_abbreviation(keyword), 0, value);
}

uint32_t known_word(const struct known *known, struct slice folded, uint32_t hash)
{
    uint32_t starts;
    return dictionary_word(&known->dictionary, folded, hash, &starts);
}

/* The longest phrase from token `at` in this dictionary alone. */
static const void *longest(const struct known *known, const struct text *text, unsigned root, uint32_t at, uint32_t *length)
{
    const struct phrase *phrase = NULL;
    *length = dictionary_match(&known->dictionary, text, root, true, at, &phrase);
    return *length ? phrase->value : NULL;
}

struct known_match known_match(const struct text *text, uint32_t at)
{
    const struct known *known = text->hints.known;
    uint32_t length, below;
    text_step(text);
    if (!known || at >= text->token_count || !text->tokens[at].known)
        return (struct known_match){0};
    const struct known_name *name = longest(known, text, ROOT_NAMES, at, &length);
    const struct known_name *other = known->base ? longest(known->base, text, ROOT_NAMES, at, &below) : NULL;
    if (other && below > length && !is_hidden(known, other->actor)) {
        name = other;
        length = below;
    }
    if (!name)
        return (struct known_match){0};
    /* Copies: what is known may be forgotten before the findings are. */
    struct slice country = name->country.data ? arena_slice(text->arena, name->country) : NO_SLICE;
    return (struct known_match){name->actor, name->kind, country, arena_slice(text->arena, name->name), length};
}

void known_topics(const struct text *text, struct span span, void (*found)(void *to, struct slice slug, uint32_t at), void *to)
{
    const struct known *known = text->hints.known;
    for (uint32_t at = span.first; known && at < span.end; at++) {
        uint32_t length, below;
        if (!text->tokens[at].known)
            continue;
        const struct slice *slug = longest(known, text, ROOT_TOPICS, at, &length);
        const struct slice *other = known->base ? longest(known->base, text, ROOT_TOPICS, at, &below) : NULL;
        if (slug && at + length <= span.end)
            found(to, *slug, at);
        if (other && at + below <= span.end && !(slug && slice_equal(*slug, *other)))
            found(to, *other, at);
    }
}
