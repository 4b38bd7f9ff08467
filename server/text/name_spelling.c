#include "name_spelling.h"

#include <stdint.h>

#include "characters.h"

static unsigned letters_of(struct slice word, int32_t letters[static SPELLING_LETTERS_MAX])
{
    unsigned count = 0;
    for (size_t at = 0; at < word.length;) {
        int32_t letter = character_next(word, &at);
        if (count == SPELLING_LETTERS_MAX)
            return count + 1;
        letters[count++] = letter;
    }
    return count;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned spelling_distance(struct slice a, struct slice b, unsigned limit)
{
    int32_t x[SPELLING_LETTERS_MAX], y[SPELLING_LETTERS_MAX];
    unsigned rows[3][SPELLING_LETTERS_MAX + 1], n = letters_of(a, x), m = letters_of(b, y);
    unsigned longer = n > m ? n : m, shorter = n > m ? m : n;
    if (longer > SPELLING_LETTERS_MAX || longer - shorter > limit)
        return limit + 1;
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];
    for (unsigned j = 0; j <= m; j++)
        last[j] = j;
    for (unsigned i = 1; i <= n; i++) {
        unsigned best = row[0] = i;
        for (unsigned j = 1; j <= m; j++) {
            bool same = x[i - 1] == y[j - 1];
            row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + !same);
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
            best = least(best, row[j]);
        }
        if (best > limit)
            return limit + 1;
        unsigned *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[m];
}
