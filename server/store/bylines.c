/* A byline is cut into names where commas, bars and words such as "and" or "for" stand. A name is a person's when it has two to
 * four words, none of them a word of newsrooms. */
#include "bylines.h"

#include <string.h>

#include "readout/digest.h"

enum { NAME_MAX_BYTES = 120, WORDS_MIN = 2, WORDS_MAX = 4 };

static bool is_among(struct slice word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal_fold(word, slice_of(words[i])))
            return true;
    }
    return false;
}

/* Between two names, or between a name and what follows it. */
static bool divides(struct slice word)
{
    static const char *const words[] = {"and", "with", "for",  "in", "at", "from", "und",  "mit", "für", "aus",
                                        "et",  "avec", "pour", "à",  "y",  "con",  "para", "e",   "и",   "для"};
    return is_among(word, words, sizeof words / sizeof words[0]);
}

static bool introduces(struct slice word)
{
    static const char *const words[] = {"by", "von", "par", "por", "da", "di", "written", "reporting"};
    return is_among(word, words, sizeof words / sizeof words[0]);
}

static bool is_of_newsrooms(struct slice word)
{
    static const char *const words[] = {
        "agency",         "agencies",  "agence",    "agentur",   "associated", "bureau",        "correspondent",
        "correspondents", "desk",      "editor",    "editorial", "editors",    "international", "media",
        "news",           "newsroom",  "news-desk", "office",    "online",     "our",           "press",
        "presse",         "prensa",    "redacción", "redaction", "rédaction",  "redaktion",     "report",
        "reporter",       "reporters", "reports",   "service",   "services",   "special",       "staff",
        "team",           "the",       "times",     "tv",        "unser",      "web",           "wire",
        "wires",          "writer",    "writers",   "агентство", "редакция",   "корреспондент"};
    return is_among(word, words, sizeof words / sizeof words[0]);
}

struct name {
    char text[NAME_MAX_BYTES]; /* its words in small letters, with blanks */
    size_t length, words;
    bool nobody; /* has a word of newsrooms or a digit, or is too long */
};

static void add_word(struct name *name, struct slice word)
{
    if (name->length + word.length + 1 > sizeof name->text || is_of_newsrooms(word)) {
        name->nobody = true;
        return;
    }
    for (size_t i = 0; i < word.length; i++) {
        char letter = word.data[i];
        name->nobody |= (letter >= '0' && letter <= '9') || letter == '@';
        name->text[name->length++] = letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
    }
    name->text[name->length++] = ' ';
    name->words++;
}

/* Takes the name if it is a person's, and begins the next one. */
static void end_name(struct name *name, uint64_t *people, size_t *count, size_t most)
{
    if (!name->nobody && name->words >= WORDS_MIN && name->words <= WORDS_MAX && *count < most)
        people[(*count)++] = digest_quick(0, (struct slice){name->text, name->length});
    *name = (struct name){.length = 0};
}

/* Up to a blank or a mark that no name has. */
static size_t word_length(struct slice text)
{
    size_t length = 0;
    while (length < text.length && !memchr(" ,;|/&()+:", text.data[length], 10))
        length++;
    return length;
}

size_t byline_people(struct slice byline, uint64_t *people, size_t most)
{
    struct name name = {.length = 0};
    size_t count = 0;
    for (size_t i = 0; i < byline.length;) {
        size_t length = word_length((struct slice){byline.data + i, byline.length - i});
        struct slice word = {byline.data + i, length};
        bool ends = i + length < byline.length && byline.data[i + length] != ' ';
        if (length && divides(word))
            end_name(&name, people, &count, most);
        else if (length && !(name.words == 0 && introduces(word)))
            add_word(&name, word);
        if (ends)
            end_name(&name, people, &count, most);
        i += length + 1;
    }
    end_name(&name, people, &count, most);
    return count;
}
