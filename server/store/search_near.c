#include <string.h>

#include "search_private.h"
#include "tokenizer_letters.h"

/* Reading the vocabulary costs as much as the part of the index behind it, so only words that begin with the same two letters, or
 * with those two swapped, are looked at, and not more of them than this. */
enum { LOOKED_AT_MAX = 5000, LETTERS_MAX = 40, ONE_EDIT_FROM = 5, TWO_EDITS_FROM = 9, WORDS_CHECKED = 6 };

struct word {
    int32_t letters[LETTERS_MAX];
    size_t count; /* 0: too long, or no text */
};

static struct word word_of(struct slice text)
{
    struct word word = {.count = 0};
    for (size_t at = 0; at < text.length;) {
        if (word.count == LETTERS_MAX)
            return (struct word){.count = 0};
        word.letters[word.count++] = letter_next(text, &at);
    }
    return word;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A letter more, a letter less, another letter, or two neighbours swapped are an edit each. */
static size_t edits(const struct word *a, const struct word *b)
{
    size_t rows[3][LETTERS_MAX + 1];
    for (size_t j = 0; j <= b->count; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a->count; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b->count; j++) {
            size_t changed = above[j - 1] + (a->letters[i - 1] != b->letters[j - 1]);
            row[j] = least(changed, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a->letters[i - 1] == b->letters[j - 2] && a->letters[i - 2] == b->letters[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a->count % 3][b->count];
}

/* ---- the nearest word ------------------------------------------------------------------------------------- */

struct nearest {
    struct word word;
    size_t most; /* edits */
    struct slice found;
    int64_t rows; /* that have it */
};

static void consider(struct nearest *nearest, struct slice text, int64_t rows, struct arena *arena)
{
    struct word other = word_of(text);
    size_t longer = other.count > nearest->word.count ? other.count : nearest->word.count;
    if (other.count == 0 || longer - least(other.count, nearest->word.count) > nearest->most)
        return;
    size_t away = edits(&nearest->word, &other);
    if (away > nearest->most || (away == nearest->most && nearest->found.data && rows <= nearest->rows))
        return;
    nearest->most = away;
    nearest->found = arena_slice(arena, text);
    nearest->rows = rows;
}

/* The words that begin with these bytes. */
static bool look_through(struct engine *engine, enum noun noun, struct slice beginning, struct nearest *nearest,
                         struct arena *arena, struct error *error)
{
    struct slice behind = arena_slice(arena, beginning);
    ((char *)behind.data)[behind.length - 1]++; /* the last byte of a character is never the greatest there is */
    struct statement *statement = search_statement(engine, SEARCH_WORDS, noun);
    statement_run(statement, VALUES(of_slice(beginning), of_slice(behind), of_int(LOOKED_AT_MAX)));
    while (statement_next(statement))
        consider(nearest, statement_text(statement, 0), statement_int(statement, 1), arena);
    return statement_end(statement, error);
}

static bool find_nearest(struct engine *engine, unsigned nouns, struct slice word, struct nearest *nearest, struct arena *arena,
                         struct error *error)
{
    size_t one = 0, two = 0;
    letter_next(word, &one);
    two = one;
    letter_next(word, &two);
    struct slice beginning = {word.data, two},
                 swapped = slice_of(arena_print(arena, "%.*s%.*s", (int)(two - one), word.data + one, (int)one, word.data));
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        if (!(nouns & NOUN_BIT(noun)))
            continue;
        if (!look_through(engine, noun, beginning, nearest, arena, error) ||
            (!slice_equal(beginning, swapped) && !look_through(engine, noun, swapped, nearest, arena, error)))
            return false;
    }
    return true;
}

/* ---- what was typed --------------------------------------------------------------------------------------- */

static bool is_there(struct engine *engine, unsigned nouns, struct slice word, struct arena *arena, bool *there,
                     struct error *error)
{
    const char *expression = arena_print(arena, "\"%.*s\"", SLICE_ARGS(word));
    *there = false;
    for (enum noun noun = 0; noun < NOUN_COUNT && !*there; noun++) {
        if (!(nouns & NOUN_BIT(noun)))
            continue;
        struct statement *statement = search_statement(engine, SEARCH_COUNT, noun);
        statement_run(statement, VALUES(of_text(expression), of_int(1)));
        *there = statement_next(statement) && statement_int(statement, 0) > 0;
        if (!statement_end(statement, error))
            return false;
    }
    return true;
}

/* The word's letters as the index has them. */
static struct slice folded(struct slice word, struct arena *arena)
{
    struct letters *letters = letters_open();
    struct folded result;
    letters_fold(letters, word, &result);
    letters_close(letters);
    return arena_slice(arena, (struct slice){result.plain.text, result.plain.length});
}

/* `better` gets the word to put in its place, or NO_SLICE. */
static bool look_up(struct engine *engine, unsigned nouns, struct slice typed, struct arena *arena, struct slice *better,
                    struct error *error)
{
    bool there;
    struct slice word = folded(typed, arena);
    struct nearest nearest = {.word = word_of(word)};
    *better = NO_SLICE;
    nearest.most = nearest.word.count >= TWO_EDITS_FROM ? 2 : nearest.word.count >= ONE_EDIT_FROM ? 1 : 0;
    if (nearest.most == 0)
        return true;
    if (!is_there(engine, nouns, word, arena, &there, error))
        return false;
    if (!there && !find_nearest(engine, nouns, word, &nearest, arena, error))
        return false;
    *better = nearest.found;
    return true;
}

bool search_meant(struct engine *engine, const struct search_question *question, unsigned nouns, struct arena *arena,
                  struct slice *meant, struct error *error)
{
    struct buffer out = buffer_in(arena, question->typed.length + 64);
    size_t at = 0;
    bool changed = false;
    for (size_t i = 0; i < question->word_count && i < WORDS_CHECKED; i++) {
        const struct search_word *word = &question->words[i];
        struct slice better;
        if (!look_up(engine, nouns, (struct slice){question->typed.data + word->start, word->end - word->start}, arena, &better,
                     error))
            return false;
        if (!better.data)
            continue;
        buffer_add(&out, question->typed.data + at, word->start - at);
        buffer_add_slice(&out, better);
        at = word->end;
        changed = true;
    }
    buffer_add(&out, question->typed.data + at, question->typed.length - at);
    *meant = changed ? buffer_slice(&out) : NO_SLICE;
    return true;
}
