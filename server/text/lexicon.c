/* The word lists, read once into one dictionary with a root for each. Their format stands in lexicon/README.md. */
#include "lexicon.h"

#include <pthread.h>
#include <string.h>

#include "dictionary.h"
#include "readout/embedded.h"
#include "tokens.h"

enum style { STYLE_PLAIN, STYLE_VERBS, STYLE_NOUNS };

enum { ATTRIBUTES_MAX = 24, SPELLING_MAX = 120 };

static struct {
    pthread_once_t once;
    struct arena arena;
    struct dictionary dictionary;
    struct lexicon_entries {
        struct entry *entries;
        uint32_t count;
    } lists[LEXICON_COUNT];
    struct error error; /* of the first line that is wrong */
} lexicons = {.once = PTHREAD_ONCE_INIT};

/* ---- one line --------------------------------------------------------------------------------------------- */

struct line {
    struct slice text;
    const char *file;
    int number;
    enum style style;
    bool cased;
};

static struct slice trimmed(struct slice text)
{
    while (text.length && (text.data[0] == ' ' || text.data[0] == '\t'))
        text.data++, text.length--;
    while (text.length && strchr(" \t\r", text.data[text.length - 1]))
        text.length--;
    return text;
}

/* What stands before " ::", " |" or the end. */
static struct slice cut_at(struct slice *rest, const char *separator)
{
    const char *found = memmem(rest->data, rest->length, separator, strlen(separator));
    struct slice before = *rest;
    if (!found) {
        rest->data += rest->length;
        rest->length = 0;
        return trimmed(before);
    }
    before.length = (size_t)(found - rest->data);
    rest->length -= before.length + strlen(separator);
    rest->data = found + strlen(separator);
    return trimmed(before);
}

/* A value with its underscores turned back into blanks. */
static struct slice value_of(struct slice text)
{
    if (!memchr(text.data, '_', text.length))
        return text;
    char *copy = arena_copy(&lexicons.arena, text.data, text.length);
    for (size_t i = 0; i < text.length; i++)
        if (copy[i] == '_')
            copy[i] = ' ';
    return (struct slice){copy, text.length};
}

static void read_attributes(struct entry *entry, struct slice text)
{
    struct attribute attributes[ATTRIBUTES_MAX] = {{.key = NO_SLICE}};
    uint32_t count = 0;
    while (text.length && count < ATTRIBUTES_MAX) {
        struct slice pair = cut_at(&text, " ");
        if (!pair.length)
            continue;
        struct slice rest = pair, key = slice_cut(&rest, '=');
        attributes[count++] = (struct attribute){key, rest.data ? value_of(rest) : SLICE("")};
    }
    struct attribute *kept = arena_alloc(&lexicons.arena, (count ? count : 1) * sizeof *kept);
    memcpy(kept, attributes, count * sizeof *kept);
    entry->attributes = kept;
    entry->attribute_count = count;
}

/* ---- inflections ------------------------------------------------------------------------------------------ */

/* A spelling whose first word is replaced: "rule out" with "ruled". */
struct inflected {
    const struct entry *entry;
    struct slice word, rest;
    bool cased;
};

static void add_form(const struct inflected *inflected, struct slice word, enum inflection inflection)
{
    char spelling[SPELLING_MAX];
    if (word.length + inflected->rest.length > sizeof spelling)
        return;
    memcpy(spelling, word.data, word.length);
    memcpy(spelling + word.length, inflected->rest.data, inflected->rest.length);
    dictionary_add(&lexicons.dictionary, inflected->entry->lexicon,
                   (struct slice){spelling, word.length + inflected->rest.length}, inflected->cased, INFLECTION_BIT(inflection),
                   inflected->entry);
}

static bool is_vowel(char letter)
{
    return strchr("aeiou", letter) != NULL;
}

/* The word with an ending, by the spelling rules of English: a silent e falls, y after a consonant becomes i. */
static struct slice with_ending(struct slice word, const char *ending, bool doubled, char room[static SPELLING_MAX])
{
    size_t length = word.length;
    if (length + strlen(ending) + 2 > SPELLING_MAX)
        return word;
    memcpy(room, word.data, length);
    char last = word.data[length - 1], before = length > 1 ? word.data[length - 2] : 'a';
    bool sibilant = strchr("sxz", last) || (last == 'h' && strchr("cs", before)) || (last == 'o' && !is_vowel(before));
    const char *added = ending;
    if (strcmp(ending, "s") == 0) {
        if (last == 'y' && !is_vowel(before)) {
            length--;
            added = "ies";
        } else if (sibilant) {
            added = "es";
        }
    } else if (strcmp(ending, "ed") == 0) {
        if (last == 'e') {
            added = "d";
        } else if (last == 'y' && !is_vowel(before)) {
            length--;
            added = "ied";
        } else if (doubled) {
            room[length++] = last;
        }
    } else if (last == 'e' && before != 'e' && before != 'o' && before != 'y') {
        length--;
    } else if (doubled) {
        room[length++] = last;
    }
    memcpy(room + length, added, strlen(added));
    return (struct slice){room, length + strlen(added)};
}

static void add_verb(const struct inflected *verb)
{
    static const struct {
        const char *key, *ending;
        enum inflection inflection;
    } forms[] = {{"third", "s", INFLECTION_THIRD},
                 {"past", "ed", INFLECTION_PAST},
                 {"participle", "ed", INFLECTION_PARTICIPLE},
                 {"gerund", "ing", INFLECTION_GERUND}};
    bool doubled = entry_has(verb->entry, "double");
    add_form(verb, verb->word, INFLECTION_BASE);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char room[SPELLING_MAX];
        struct slice given = entry_get(verb->entry, forms[i].key);
        /* "past=said" alone serves as the participle, too. */
        if (!given.data && forms[i].inflection == INFLECTION_PARTICIPLE)
            given = entry_get(verb->entry, "past");
        if (!given.data) {
            add_form(verb, with_ending(verb->word, forms[i].ending, doubled, room), forms[i].inflection);
            continue;
        }
        for (struct slice rest = given; rest.data;)
            add_form(verb, slice_cut(&rest, ','), forms[i].inflection);
    }
}

static void add_noun(const struct inflected *noun)
{
    char room[SPELLING_MAX];
    struct slice given = entry_get(noun->entry, "plural");
    add_form(noun, noun->word, INFLECTION_BASE);
    if (!given.data || given.length)
        add_form(noun, given.data ? given : with_ending(noun->word, "s", false, room), INFLECTION_PLURAL);
}

/* Where the word that changes begins and ends: the first of a verb's, the last of a noun's. */
static void add_spelling(const struct line *line, const struct entry *entry, struct slice spelling)
{
    bool cased = line->cased || entry_has(entry, "cased");
    if (line->style == STYLE_PLAIN) {
        dictionary_add(&lexicons.dictionary, entry->lexicon, spelling, cased, INFLECTION_BIT(INFLECTION_NONE), entry);
        return;
    }
    struct inflected inflected = {entry, spelling, SLICE(""), cased};
    if (line->style == STYLE_VERBS) {
        const char *blank = memchr(spelling.data, ' ', spelling.length);
        if (blank) {
            inflected.word.length = (size_t)(blank - spelling.data);
            inflected.rest = (struct slice){blank, spelling.length - inflected.word.length};
        }
        add_verb(&inflected);
    } else {
        add_noun(&inflected);
    }
}

/* ---- a file ----------------------------------------------------------------------------------------------- */

static void refuse(const struct line *line, const char *why)
{
    if (lexicons.error.kind == ERROR_NONE)
        fail(&lexicons.error, ERROR_FAULT, "lexicon %s, line %d: %s", line->file, line->number, why);
}

static void read_line(const struct line *line, struct entry *entry)
{
    struct slice attributes = line->text, spellings = cut_at(&attributes, " ::");
    read_attributes(entry, attributes);
    entry->name = NO_SLICE;
    while (spellings.length) {
        struct slice spelling = cut_at(&spellings, " |");
        if (!spelling.length || spelling.length >= SPELLING_MAX) {
            refuse(line, "a spelling is empty or too long");
            continue;
        }
        if (!entry->name.data)
            entry->name = spelling;
        add_spelling(line, entry, spelling);
    }
}

/* The line without its comment; empty where it holds nothing else. */
static struct slice without_comment(struct slice line)
{
    if (line.length && line.data[0] == '#')
        return SLICE("");
    struct slice rest = line;
    return cut_at(&rest, "  #");
}

static size_t count_lines(struct slice source)
{
    size_t lines = 1;
    for (size_t i = 0; i < source.length; i++)
        lines += source.data[i] == '\n';
    return lines;
}

static void read_file(enum lexicon lexicon, const struct embedded_lexicon *file)
{
    struct lexicon_entries *list = &lexicons.lists[lexicon];
    struct line line = {.file = file->name};
    list->entries = arena_alloc(&lexicons.arena, count_lines(file->source) * sizeof *list->entries);
    for (struct slice rest = file->source; rest.data;) {
        line.text = without_comment(slice_cut(&rest, '\n'));
        line.number++;
        if (slice_is(line.text, "@verbs"))
            line.style = STYLE_VERBS;
        else if (slice_is(line.text, "@nouns"))
            line.style = STYLE_NOUNS;
        else if (slice_is(line.text, "@cased"))
            line.cased = true;
        else if (line.text.length) {
            struct entry *entry = &list->entries[list->count];
            *entry = (struct entry){.lexicon = lexicon, .number = list->count++};
            read_line(&line, entry);
        }
    }
}

static void load(void)
{
    dictionary_open(&lexicons.dictionary);
    const struct embedded_lexicon *files = embedded_lexicons();
    for (int i = 0; i < LEXICON_COUNT; i++)
        read_file((enum lexicon)i, &files[i]);
}

bool text_lexicons_load(struct error *error)
{
    pthread_once(&lexicons.once, load);
    if (lexicons.error.kind == ERROR_NONE)
        return true;
    *error = lexicons.error;
    return false;
}

/* ---- asking ----------------------------------------------------------------------------------------------- */

uint32_t lexicon_word(struct slice folded, uint32_t hash, uint32_t *starts)
{
    return dictionary_word(&lexicons.dictionary, folded, hash, starts);
}

struct match lexicon_match(const struct text *text, enum lexicon lexicon, uint32_t at)
{
    const struct phrase *phrase = NULL;
    text_step(text);
    if (at >= text->token_count || !(text->tokens[at].starts & 1u << lexicon))
        return (struct match){0};
    uint32_t length = dictionary_match(&lexicons.dictionary, text, (unsigned)lexicon, false, at, &phrase);
    return length ? (struct match){phrase->value, length, phrase->inflections} : (struct match){0};
}

const struct entry *lexicon_find(enum lexicon lexicon, struct slice spelling)
{
    struct token tokens[PHRASE_WORDS_MAX];
    uint32_t count = tokens_cut(spelling, tokens, PHRASE_WORDS_MAX), node = (uint32_t)lexicon + 1;
    if (count == 0 || count > PHRASE_WORDS_MAX)
        return NULL;
    for (uint32_t i = 0; i < count && node; i++) {
        char folded[FOLDED_MAX];
        uint32_t starts;
        struct slice word = {spelling.data + tokens[i].start, tokens[i].end - tokens[i].start};
        word = (struct slice){folded, token_fold(&tokens[i], word, folded)};
        uint32_t number = lexicon_word(word, dictionary_hash(word), &starts);
        node = number ? dictionary_step(&lexicons.dictionary, node, number) : 0;
    }
    const struct phrase *phrase = node ? dictionary_phrase(&lexicons.dictionary, node, spelling) : NULL;
    return phrase ? phrase->value : NULL;
}

const struct entry *lexicon_entry(enum lexicon lexicon, uint32_t number)
{
    return &lexicons.lists[lexicon].entries[number];
}

uint32_t lexicon_size(enum lexicon lexicon)
{
    return lexicons.lists[lexicon].count;
}

struct slice entry_get(const struct entry *entry, const char *key)
{
    for (uint32_t i = 0; i < entry->attribute_count; i++)
        if (slice_is(entry->attributes[i].key, key))
            return entry->attributes[i].value;
    return NO_SLICE;
}

bool entry_has(const struct entry *entry, const char *key)
{
    return entry_get(entry, key).data != NULL;
}

bool entry_lists(const struct entry *entry, const char *key, const char *value)
{
    for (struct slice rest = entry_get(entry, key); rest.data;)
        if (slice_is(slice_cut(&rest, ','), value))
            return true;
    return false;
}

size_t text_lexicon_count(void)
{
    return LEXICON_COUNT;
}

struct lexicon_file text_lexicon(size_t index)
{
    pthread_once(&lexicons.once, load);
    const struct embedded_lexicon *file = &embedded_lexicons()[index];
    return (struct lexicon_file){file->name, file->source, lexicons.lists[index].count};
}
