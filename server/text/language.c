/* The language of a text: each language has little words that stand in every sentence of it (lexicon/languages.txt). The language
 * with most of them wins, where it has enough of them and clearly more than the next. */
#include "language.h"

enum { LANGUAGES_MAX = 32, SAMPLE_WORDS = 2000, LEAST_WORDS = 3 };

struct tally {
    struct slice codes[LANGUAGES_MAX];
    uint32_t counts[LANGUAGES_MAX], languages;
};

static void count(struct tally *tally, struct slice code)
{
    uint32_t at = 0;
    while (at < tally->languages && !slice_equal(tally->codes[at], code))
        at++;
    if (at == LANGUAGES_MAX)
        return;
    if (at == tally->languages)
        tally->codes[tally->languages++] = code;
    tally->counts[at]++;
}

/* The language that most words are of; NO_SLICE where no language is clearly ahead. */
static struct slice winner(const struct tally *tally, uint32_t words)
{
    uint32_t best = 0, next = 0;
    struct slice code = NO_SLICE;
    for (uint32_t i = 0; i < tally->languages; i++) {
        if (tally->counts[i] > best) {
            next = best;
            best = tally->counts[i];
            code = tally->codes[i];
        } else if (tally->counts[i] > next) {
            next = tally->counts[i];
        }
    }
    return best >= LEAST_WORDS && best * 10 >= words && best > next ? code : NO_SLICE;
}

struct slice language_of(const struct text *text, struct span span)
{
    struct tally tally = {.languages = 0};
    uint32_t words = 0;
    for (uint32_t at = span.first; at < span.end && words < SAMPLE_WORDS; at++) {
        if (text->tokens[at].kind != TOKEN_WORD)
            continue;
        words++;
        struct match match = lexicon_match(text, LEXICON_LANGUAGES, at);
        for (struct slice codes = match.entry ? entry_get(match.entry, "in") : NO_SLICE; codes.data;)
            count(&tally, slice_cut(&codes, ','));
    }
    return winner(&tally, words);
}
