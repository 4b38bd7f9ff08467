/* What the tokenizer asks of ICU and Snowball: classes of letters, folding, stems, Latin spellings. */
#ifndef READOUT_STORE_TOKENIZER_LETTERS_H
#define READOUT_STORE_TOKENIZER_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/slice.h"

struct letters;
struct letters *letters_open(void);
void letters_close(struct letters *letters);

enum letter_class {
    LETTER_NONE,      /* parts words */
    LETTER_WORD,      /* a letter or digit */
    LETTER_MARK,      /* goes on with what it stands behind: a combining mark, a soft hyphen */
    LETTER_IDEOGRAPH, /* Chinese, Japanese, Korean: indexed in pairs */
    LETTER_COMPLEX    /* Thai and the like, which write no spaces: words by ICU's dictionaries */
};

/* The code point at `*at`, which moves behind it; -1 for bytes that are no UTF-8. */
int32_t letter_next(struct slice text, size_t *at);
enum letter_class letter_class(int32_t letter);

/* Where the words of a text without spaces end: calls `word` with each. Non-zero ends it. */
int letters_words(struct letters *letters, struct slice text, int (*word)(void *to, size_t start, size_t end), void *to);

enum { FORM_SIZE = 96 }; /* longer words are cut */

struct form {
    char text[FORM_SIZE];
    size_t length;
};

enum script { SCRIPT_LATIN, SCRIPT_CYRILLIC, SCRIPT_OTHER };

/* A word with small letters, and without diacritics. */
struct folded {
    struct form lower, plain;
    enum script script;
    bool capital; /* began with a capital letter */
};
void letters_fold(struct letters *letters, struct slice word, struct folded *folded);
/* The same for a word of ASCII letters and digits, perhaps with full stops between. */
void letters_fold_ascii(struct slice word, struct folded *folded);

/* The stem by a language ("fr"), or NO_SLICE when there is no stemmer for it. Lives until the next call. */
struct slice letters_stem(struct letters *letters, const char language[static 3], struct slice word);
/* The stem of a folded word by its script: English or Russian; NO_SLICE for what has none. */
struct slice letters_usual_stem(struct letters *letters, const struct folded *folded);

/* How newspapers and passports spell a Cyrillic word, in small letters, in Latin ones: at most SPELLINGS_MAX, all different. */
enum { SPELLINGS_MAX = 3 };
size_t letters_spellings(struct letters *letters, struct slice word, struct form spellings[static SPELLINGS_MAX]);

#endif
