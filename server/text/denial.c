/* What a passage denies: the word behind its one "not", "no" or "never".
 *
 * "Not only", "no doubt" and "not until" deny nothing that could be told from the words, and neither does a passage that denies
 * twice. */
#include "noun_phrase.h"

static bool is_any(const struct text *text, uint32_t at, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (token_is(text, at, words[i]))
            return true;
    return false;
}

struct denial text_denial(struct slice passage, struct arena *arena)
{
    static const char *const unsure[] = {"until", "till",   "unless", "without", "except", "neither", "nor",
                                         "only",  "merely", "just",   "least",   "doubt",  NULL};
    struct text text = {.bytes = passage, .arena = arena};
    struct error error;
    struct denial denial = {.word = NO_SLICE};
    uint32_t behind = 0;
    if (passage.length > TEXT_BYTES_MAX || !text_lexicons_load(&error))
        return denial;
    text_tokens(&text);
    for (uint32_t at = 0; at < text.token_count; at++) {
        struct match match = lexicon_match(&text, LEXICON_FUNCTION_WORDS, at);
        denial.unsure |= is_any(&text, at, unsure);
        if (!match.entry || !entry_has(match.entry, "negative"))
            continue;
        denial.count++;
        behind = at + match.length;
    }
    while (behind && behind < text.token_count && (text.tokens[behind].kind != TOKEN_WORD || word_class(&text, behind).data))
        behind++;
    if (denial.count == 1 && behind < text.token_count)
        denial.word = token_text(&text, behind);
    return denial;
}

bool text_cue_denies(struct slice cue, struct arena *arena)
{
    struct text text = {.bytes = cue, .arena = arena};
    struct error error;
    if (cue.length > TEXT_BYTES_MAX || !text_lexicons_load(&error))
        return false;
    text_tokens(&text);
    for (uint32_t at = 0; at < text.token_count; at++) {
        struct match verb = lexicon_match(&text, LEXICON_VERBS, at);
        struct slice stance = verb.entry ? entry_get(verb.entry, "stance") : NO_SLICE;
        /* "countered that …" says it */
        bool says = verb.entry && entry_lists(verb.entry, "frames", "quote") && entry_lists(verb.entry, "frames", "that");
        if (slice_is(stance, "denies") || (slice_is(stance, "rejects") && !says))
            return true;
    }
    return false;
}
