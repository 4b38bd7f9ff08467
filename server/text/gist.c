/* What a passage says, as far as words tell: its concepts. A state, its people and its seats are one concept; so are the words of
 * one line of lexicon/concepts.txt; any other word is its stem. Function words are none, numbers are themselves. */
#include <libstemmer.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "characters.h"
#include "dictionary.h"
#include "lexicon.h"

enum { SLOTS = 4096, KEY_SIZE = FOLDED_MAX + 2 };

/* ---- the concepts that are listed ------------------------------------------------------------------------- */

struct slot {
    uint32_t hash;
    uint32_t concept; /* its entry's number + 1; 0: free */
};

/* Words as they are listed, and their stems: "open" is a word of its own line even where "opening" is one of another. */
static struct {
    pthread_once_t once;
    struct slot words[SLOTS], stems[SLOTS];
} listed = {.once = PTHREAD_ONCE_INIT};

static struct slot *slot_of(struct slot *slots, uint32_t hash)
{
    uint32_t at = hash % SLOTS;
    while (slots[at].concept && slots[at].hash != hash)
        at = (at + 1) % SLOTS;
    return &slots[at];
}

static void list(struct slot *slots, uint32_t hash, uint32_t concept)
{
    struct slot *slot = slot_of(slots, hash);
    if (!slot->concept)
        *slot = (struct slot){hash, concept};
}

static struct slice stem_of(struct sb_stemmer *stemmer, struct slice word)
{
    const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word.data, (int)word.length);
    return stem ? (struct slice){(const char *)stem, (size_t)sb_stemmer_length(stemmer)} : word;
}

static void list_word(struct sb_stemmer *stemmer, struct slice word, uint32_t concept)
{
    list(listed.words, dictionary_hash(word), concept);
    list(listed.stems, dictionary_hash(stem_of(stemmer, word)), concept);
}

static void list_all(void)
{
    struct sb_stemmer *stemmer = sb_stemmer_new("en", "UTF_8");
    for (uint32_t i = 0; i < lexicon_size(LEXICON_CONCEPTS); i++) {
        const struct entry *entry = lexicon_entry(LEXICON_CONCEPTS, i);
        struct slice others = entry_get(entry, "as");
        list_word(stemmer, entry->name, i + 1);
        while (others.length)
            list_word(stemmer, slice_cut(&others, ','), i + 1);
    }
    sb_stemmer_delete(stemmer);
}

static uint32_t listed_concept(struct slice folded, struct slice stem)
{
    uint32_t concept = slot_of(listed.words, dictionary_hash(folded))->concept;
    return concept ? concept : slot_of(listed.stems, dictionary_hash(stem))->concept;
}

/* ---- one word --------------------------------------------------------------------------------------------- */

struct gathering {
    struct text text;
    struct sb_stemmer *latin, *cyrillic;
    struct gist *gist;
};

/* Kinds of concepts have keys of their own: "=limit" is listed, "limit" would be a stem, "@US" is a state, "#12" a number. */
static void add(struct gathering *gathering, char mark, struct slice name, enum gist_weight weight, uint32_t at)
{
    char key[KEY_SIZE];
    struct gist *gist = gathering->gist;
    size_t length = name.length < FOLDED_MAX ? name.length : FOLDED_MAX, marks = mark != 0;
    if (mark)
        key[0] = mark;
    memcpy(key + marks, name.data, length);
    uint32_t hash = dictionary_hash((struct slice){key, length + marks});
    for (uint32_t i = 0; i < gist->count; i++) {
        if (gist->concepts[i].key == hash)
            return;
    }
    if (gist->count < GIST_CONCEPTS_MAX)
        gist->concepts[gist->count++] = (struct concept){
            .key = hash, .weight = (uint8_t)weight, .number = mark == '#', .word = token_text(&gathering->text, at)};
}

static struct slice stem_in(struct gathering *gathering, struct slice folded)
{
    bool latin = !(folded.data[0] & 0x80);
    struct sb_stemmer **stemmer = latin ? &gathering->latin : &gathering->cyrillic;
    if (!*stemmer)
        *stemmer = sb_stemmer_new(latin ? "en" : "ru", "UTF_8");
    return *stemmer ? stem_of(*stemmer, folded) : folded;
}

static void add_word(struct gathering *gathering, uint32_t at)
{
    char folded[FOLDED_MAX];
    struct slice word = {folded, character_fold_word(token_text(&gathering->text, at), folded)};
    if (word.length < 2)
        return;
    struct slice stem = stem_in(gathering, word);
    uint32_t concept = listed_concept(word, stem);
    if (concept) {
        const struct entry *entry = lexicon_entry(LEXICON_CONCEPTS, concept - 1);
        add(gathering, '=', entry->name, entry_has(entry, "light") ? GIST_LIGHT : GIST_WHOLE, at);
    } else {
        bool date = lexicon_match(&gathering->text, LEXICON_DATES, at).entry != NULL;
        add(gathering, 0, stem, date ? GIST_LIGHT : GIST_WHOLE, at);
    }
}

static void add_number(struct gathering *gathering, uint32_t at)
{
    struct slice printed = token_text(&gathering->text, at);
    char digits[24];
    size_t length = 0;
    for (size_t i = 0; i < printed.length && length < sizeof digits; i++) {
        if ((printed.data[i] >= '0' && printed.data[i] <= '9') || printed.data[i] == '.')
            digits[length++] = printed.data[i];
    }
    add(gathering, '#', (struct slice){digits, length}, GIST_WHOLE, at);
}

/* A name, a number word or a function word that begins here: its length in tokens, 0 for none of them. */
static uint32_t add_listed(struct gathering *gathering, uint32_t at)
{
    static const enum lexicon names[] = {LEXICON_STATES, LEXICON_SEATS, LEXICON_ORGANIZATIONS};
    const struct text *text = &gathering->text;
    struct match best = {NULL, 0, 0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct match match = lexicon_match(text, names[i], at);
        if (match.entry && match.length > best.length)
            best = match;
    }
    if (best.entry) {
        bool body = best.entry->lexicon == LEXICON_ORGANIZATIONS || entry_has(best.entry, "body");
        struct slice body_name = entry_get(best.entry, "body"), code = entry_get(best.entry, "code");
        struct slice name = !body && code.data ? code : body_name.data ? body_name : best.entry->name;
        add(gathering, '@', name, body ? GIST_LIGHT : GIST_STATE, at);
        return best.length;
    }
    struct match number = lexicon_match(text, LEXICON_NUMBERS, at);
    if (number.entry && entry_get(number.entry, "value").data && !entry_has(number.entry, "vague") &&
        !entry_has(number.entry, "ordinal") && !slice_is(entry_get(number.entry, "value"), "1")) {
        add(gathering, '#', entry_get(number.entry, "value"), GIST_WHOLE, at);
        return number.length;
    }
    struct match function = lexicon_match(text, LEXICON_FUNCTION_WORDS, at);
    if (function.entry && entry_has(function.entry, "negative"))
        gathering->gist->negated = !gathering->gist->negated;
    return function.entry ? function.length : 0;
}

/* ---- the passage ------------------------------------------------------------------------------------------ */

static int by_key(const void *a, const void *b)
{
    const struct concept *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

void text_gist(struct slice passage, struct arena *arena, struct gist *gist)
{
    *gist = (struct gist){.count = 0};
    struct error error;
    if (passage.length > TEXT_BYTES_MAX || !text_lexicons_load(&error))
        return;
    pthread_once(&listed.once, list_all);
    struct gathering gathering = {.text = {.bytes = passage, .arena = arena}, .gist = gist};
    text_tokens(&gathering.text);
    for (uint32_t at = 0; at < gathering.text.token_count;) {
        const struct token *token = &gathering.text.tokens[at];
        uint32_t listed_here = token->kind == TOKEN_WORD ? add_listed(&gathering, at) : 0;
        if (token->kind == TOKEN_WORD && !listed_here)
            add_word(&gathering, at);
        else if (token->kind == TOKEN_NUMBER)
            add_number(&gathering, at);
        at += listed_here ? listed_here : 1;
    }
    sb_stemmer_delete(gathering.latin);
    sb_stemmer_delete(gathering.cyrillic);
    qsort(gist->concepts, gist->count, sizeof gist->concepts[0], by_key);
    for (uint32_t i = 0; i < gist->count; i++)
        gist->weight += gist->concepts[i].weight;
}
