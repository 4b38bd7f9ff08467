#include "readout/nearest.h"

#include <string.h>

enum { LONGEST_NAME = 64 };

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The edits from `word` to `name`: a letter more, a letter less, another letter, two neighbours swapped. Row i of the usual table
 * holds the distances of the word's first i letters to each beginning of the name; a swap looks two rows back. */
static size_t distance(struct slice word, const char *name, size_t length)
{
    size_t rows[3][LONGEST_NAME + 1];
    for (size_t j = 0; j <= length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= word.length; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            char letter = lower(word.data[i - 1]), wanted = lower(name[j - 1]);
            size_t changed = above[j - 1] + (letter != wanted);
            row[j] = least(changed, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && letter == lower(name[j - 2]) && lower(word.data[i - 2]) == wanted)
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[word.length % 3][length];
}

const char *nearest_name(struct slice word, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t most = word.length / 3 > 2 ? word.length / 3 : 2;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(names[i]), longer = length > word.length ? length : word.length;
        /* The difference in length alone takes that many edits: long words cost nothing. */
        if (length > LONGEST_NAME || longer - least(length, word.length) > most)
            continue;
        size_t edits = distance(word, names[i], length);
        if (edits > most || edits >= longer)
            continue;
        nearest = names[i];
        if (edits == 0)
            break;
        most = edits - 1; /* the next one must be nearer */
    }
    return nearest;
}
