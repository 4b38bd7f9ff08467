#include "frames.h"

#include <pthread.h>

struct name {
    const char *name;
    unsigned bit;
};

static const struct name frame_names[] = {{"quote", FRAME_QUOTE}, {"that", FRAME_THAT}, {"zero", FRAME_ZERO}, {"wh", FRAME_WH},
                                          {"to", FRAME_TO},       {"np", FRAME_NP},     {"npto", FRAME_NPTO}, {"ing", FRAME_ING},
                                          {"tell", FRAME_TELL},   {"as", FRAME_AS}};

static const struct name flag_names[] = {{"attitude", FRAME_ATTITUDE}, {"aside", FRAME_ASIDE}, {"plain", FRAME_PLAIN},
                                         {"noun", FRAME_NOUN},         {"view", FRAME_VIEW},   {"object", FRAME_OBJECT},
                                         {"survey", FRAME_SURVEY}};

static const struct name class_names[] = {
    {"determiner", WORD_DETERMINER},       {"possessive", WORD_POSSESSIVE},     {"demonstrative", WORD_DEMONSTRATIVE},
    {"quantifier", WORD_QUANTIFIER},       {"pronoun", WORD_PRONOUN},           {"preposition", WORD_PREPOSITION},
    {"conjunction", WORD_CONJUNCTION},     {"subordinator", WORD_SUBORDINATOR}, {"relative", WORD_RELATIVE},
    {"interrogative", WORD_INTERROGATIVE}, {"auxiliary", WORD_AUXILIARY},       {"modal", WORD_MODAL},
    {"negation", WORD_NEGATION},           {"particle", WORD_PARTICLE},         {"adverb", WORD_ADVERB},
    {"interjection", WORD_INTERJECTION}};

/* One array for each lexicon, by the entry's number. */
static struct {
    pthread_once_t once;
    struct arena arena;
    struct frame *verbs, *nouns, *phrases;
    struct word *words;
} decoded = {.once = PTHREAD_ONCE_INIT};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static unsigned bit_of(const struct name *names, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(name, names[i].name))
            return names[i].bit;
    return 0;
}

static struct frame *decode_frames(enum lexicon lexicon)
{
    uint32_t count = lexicon_size(lexicon);
    struct frame *frames = arena_zero(&decoded.arena, (count + 1) * sizeof *frames);
    for (uint32_t i = 0; i < count; i++) {
        const struct entry *entry = lexicon_entry(lexicon, i);
        struct frame *frame = &frames[i];
        for (struct slice rest = entry_get(entry, "frames"); rest.data;)
            frame->bits |= bit_of(frame_names, COUNT_OF(frame_names), slice_cut(&rest, ','));
        for (size_t k = 0; k < COUNT_OF(flag_names); k++)
            if (entry_has(entry, flag_names[k].name))
                frame->bits |= flag_names[k].bit;
        if (slice_is(entry_get(entry, "after"), "be"))
            frame->bits |= FRAME_AFTER_BE;
        for (struct slice rest = entry_get(entry, "prep"); rest.data && frame->preposition_count < FRAME_PREPOSITIONS_MAX;)
            frame->prepositions[frame->preposition_count++] = slice_cut(&rest, ',');
    }
    return frames;
}

static void decode_word(const struct entry *entry, struct word *word)
{
    for (struct slice rest = entry_get(entry, "class"); rest.data;) {
        unsigned bit = bit_of(class_names, COUNT_OF(class_names), slice_cut(&rest, ','));
        word->first = word->first ? word->first : bit;
        word->bits |= bit;
    }
    struct slice grammatical_case = entry_get(entry, "case"), auxiliary = entry_get(entry, "aux");
    if (slice_is(grammatical_case, "subject") || slice_is(grammatical_case, "either"))
        word->bits |= WORD_SUBJECT;
    if (slice_is(grammatical_case, "reflexive"))
        word->bits |= WORD_REFLEXIVE;
    if (auxiliary.data)
        word->bits |= slice_is(auxiliary, "be") ? WORD_BE : slice_is(auxiliary, "have") ? WORD_HAVE : WORD_DO;
    if (slice_is(entry_get(entry, "form"), "gerund"))
        word->bits |= WORD_GERUND;
    if (slice_is(entry_get(entry, "person"), "1"))
        word->bits |= WORD_FIRST_PERSON;
    word->bits |= entry_has(entry, "negative") ? WORD_NEGATIVE : 0;
    word->bits |= entry_has(entry, "linking") ? WORD_LINKING : 0;
    word->bits |= entry_has(entry, "contracted") ? WORD_CONTRACTED : 0;
}

static void decode(void)
{
    decoded.verbs = decode_frames(LEXICON_VERBS);
    decoded.nouns = decode_frames(LEXICON_NOUNS);
    decoded.phrases = decode_frames(LEXICON_CUE_PHRASES);
    uint32_t count = lexicon_size(LEXICON_FUNCTION_WORDS);
    decoded.words = arena_zero(&decoded.arena, (count + 1) * sizeof *decoded.words);
    for (uint32_t i = 0; i < count; i++)
        decode_word(lexicon_entry(LEXICON_FUNCTION_WORDS, i), &decoded.words[i]);
}

const struct frame *frame_of(const struct entry *entry)
{
    pthread_once(&decoded.once, decode);
    const struct frame *frames = entry->lexicon == LEXICON_VERBS   ? decoded.verbs
                                 : entry->lexicon == LEXICON_NOUNS ? decoded.nouns
                                                                   : decoded.phrases;
    return &frames[entry->number];
}

bool frame_takes(const struct frame *frame, const struct text *text, uint32_t at)
{
    for (uint32_t i = 0; i < frame->preposition_count; i++)
        if (slice_equal_fold(frame->prepositions[i], token_text(text, at)))
            return true;
    return false;
}

const struct word *word_of(const struct entry *entry)
{
    pthread_once(&decoded.once, decode);
    return &decoded.words[entry->number];
}
