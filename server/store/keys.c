#include "keys.h"

#include <string.h>

#include "tokenizer_letters.h"

/* ---- words ------------------------------------------------------------------------------------------------ */

/* The word in Latin letters, a blank before it unless it is the first. */
static void add_word(struct letters *letters, struct slice word, struct buffer *key)
{
    struct folded folded;
    struct form spellings[SPELLINGS_MAX];
    letters_fold(letters, word, &folded);
    struct slice plain = {folded.plain.text, folded.plain.length};
    if (folded.script == SCRIPT_CYRILLIC && letters_spellings(letters, plain, spellings) > 0)
        plain = (struct slice){spellings[0].text, spellings[0].length};
    if (key->length)
        buffer_add_byte(key, ' ');
    buffer_add_slice(key, plain);
}

static void add_words(struct tokenizer *tokenizer, struct slice text, struct buffer *key)
{
    struct letters *letters = tokenizer_letters(tokenizer);
    size_t start = 0;
    bool inside = false;
    for (size_t at = 0, before = 0; at < text.length || inside; before = at) {
        enum letter_class class = at < text.length ? letter_class(letter_next(text, &at)) : LETTER_NONE;
        if (!inside && class != LETTER_NONE && class != LETTER_MARK) {
            inside = true;
            start = before;
        } else if (inside && class == LETTER_NONE) {
            inside = false;
            add_word(letters, (struct slice){text.data + start, before - start}, key);
        }
    }
}

/* ---- sounds ----------------------------------------------------------------------------------------------- */

/* The consonants as they sound alike in any spelling; a vowel at the beginning is one, any other is none. */
static char sound_of(char letter, bool first)
{
    static const char sounds[26] = {/* a */ 'a', 'b', 'k', 'd', 'a', 'v', 'g', 0,   'a', 'a', 'k', 'l', 'm',
                                    /* n */ 'n', 'a', 'p', 'k', 'r', 's', 't', 'a', 'v', 'v', 's', 'a', 's'};
    if (letter < 'a' || letter > 'z')
        return letter;
    char sound = sounds[letter - 'a'];
    return sound == 'a' && !first ? 0 : sound;
}

static void add_sound(struct slice word, struct buffer *key)
{
    char last = 0;
    for (size_t i = 0; i < word.length; i++) {
        char sound = sound_of(word.data[i], i == 0);
        if (sound && sound != last)
            buffer_add_byte(key, sound);
        last = sound ? sound : last;
    }
}

/* ---- names ------------------------------------------------------------------------------------------------ */

static struct slice last_word(struct slice words)
{
    const char *blank = memrchr(words.data, ' ', words.length);
    return blank ? (struct slice){blank + 1, (size_t)(words.data + words.length - blank - 1)} : NO_SLICE;
}

void key_of_name(struct tokenizer *tokenizer, struct slice name, enum name_part part, struct buffer *key)
{
    struct buffer own = buffer_in(key->arena, name.length + 16);
    add_words(tokenizer, name, &own);
    struct slice words = buffer_slice(&own);
    if (slice_starts(words, "the ") && words.length > 4)
        words = (struct slice){words.data + 4, words.length - 4};
    struct slice last = words.length ? last_word(words) : NO_SLICE;
    if (part == NAME_WORDS) {
        buffer_add_slice(key, words);
    } else if (part == NAME_LAST && last.data) {
        buffer_add_byte(key, '-');
        buffer_add_slice(key, last);
    } else if (part == NAME_SOUND && words.length) {
        buffer_add_byte(key, '~');
        add_sound(last.data ? last : words, key);
        buffer_add_byte(key, ' ');
        if (last.data)
            buffer_add_byte(key, sound_of(words.data[0], true));
    }
}
