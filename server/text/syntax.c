/* Parts of speech by lexicon, form and neighbours.
 *
 *     1. what a token may be: function words, forms of known verbs, -ly, -ing, -ed; everything else is a noun
 *     2. what it is here, from left to right, by the word before it that is no adverb:
 *          a modal, "to", "do"  → base form             "be", "have" → participle or gerund
 *          a determiner, a possessor, a preposition → a noun or an adjective, if the form can be one
 *          a subject pronoun, "who" → finite
 *          a noun → finite; where the form is as often a noun's ("plans", "talks") only if what follows says so */
#include "syntax.h"

#include <string.h>

/* ---- what a token may be ---------------------------------------------------------------------------------- */

enum {
    ANY_VERB = 1u << INFLECTION_BASE | 1u << INFLECTION_THIRD | 1u << INFLECTION_PAST | 1u << INFLECTION_PARTICIPLE |
               1u << INFLECTION_GERUND
};

/* What the lexicons and the ending say of one token, before its neighbours are looked at. */
struct guess {
    const struct word *word;                  /* a function word; or NULL */
    unsigned inflections;                     /* as a verb; 0: none */
    bool noun;                                /* its base and third forms are as often a noun's */
    bool bare;                                /* nothing is known of it */
    const struct entry *verb, *name, *phrase; /* cues: a verb, a noun, a phrase */
    uint32_t verb_length, phrase_length, word_length;
};

static bool ends_in(struct slice word, const char *ending)
{
    return word.length > strlen(ending) + 2 && slice_ends(word, ending);
}

static void guess_by_ending(const struct text *text, uint32_t at, struct guess *guess)
{
    static const char *const adverbs_not[] = {"family",   "supply", "reply",    "ally",   "daily",    "weekly",
                                              "monthly",  "early",  "friendly", "likely", "unlikely", "only",
                                              "assembly", "rally",  "bully",    "Italy",  "elderly",  "deadly"};
    struct slice word = token_text(text, at);
    if (ends_in(word, "ly")) {
        for (size_t i = 0; i < sizeof adverbs_not / sizeof adverbs_not[0]; i++)
            if (slice_equal_fold(word, slice_of(adverbs_not[i])))
                return;
        static const struct word adverb = {WORD_ADVERB, WORD_ADVERB};
        guess->word = &adverb;
        guess->word_length = 1;
    } else if (ends_in(word, "ing") && word.length > 5) {
        guess->inflections = INFLECTION_BIT(INFLECTION_GERUND);
    } else if (ends_in(word, "ed") && word.length > 4 && !slice_ends(word, "eed")) {
        guess->inflections = INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_PARTICIPLE);
    }
}

/* A capital inside a sentence makes a name of what could be a verb: "the United States", "the Post". */
static bool is_name(const struct text *text, uint32_t at, bool headline)
{
    unsigned flags = text->tokens[at].flags;
    if (!(flags & TOKEN_CAPITAL) || headline)
        return false;
    if (text->mention_of[at] != NOBODY)
        return true;
    if (flags & (TOKEN_SENTENCE_START | TOKEN_SPLIT | TOKEN_LINE_START) || at == 0)
        return false;
    /* Behind a closing mark the sentence goes on. */
    return text->tokens[at - 1].kind == TOKEN_WORD || (text->tokens[at - 1].kind == TOKEN_QUOTE && !(flags & TOKEN_QUOTED));
}

static struct guess guess_word(const struct text *text, uint32_t at, bool headline)
{
    struct guess guess = {0};
    bool named = is_name(text, at, headline);
    if (named && text->mention_of[at] != NOBODY)
        return guess;
    struct match word = lexicon_match(text, LEXICON_FUNCTION_WORDS, at);
    struct match verb = lexicon_match(text, LEXICON_VERBS, at), common = lexicon_match(text, LEXICON_COMMON_VERBS, at);
    struct match noun = lexicon_match(text, LEXICON_NOUNS, at), phrase = lexicon_match(text, LEXICON_CUE_PHRASES, at);
    bool name = text->tokens[at].flags & TOKEN_UPPER && text->tokens[at].points > 1;
    if (word.entry && !(name && word_of(word.entry)->bits & WORD_PRONOUN)) {
        guess.word = word_of(word.entry);
        guess.word_length = word.length;
    }
    if (phrase.entry) {
        guess.phrase = phrase.entry;
        guess.phrase_length = phrase.length;
    }
    if (noun.entry && noun.length == 1) {
        guess.name = noun.entry;
        guess.noun = true;
    }
    if (named)
        return guess;
    if (verb.entry) {
        guess.verb = verb.entry;
        guess.inflections = verb.inflections;
        guess.verb_length = verb.length;
        guess.noun |= (frame_of(verb.entry)->bits & FRAME_NOUN) != 0;
    } else if (common.entry && common.length == 1) {
        guess.inflections = common.inflections;
        guess.verb_length = 1;
        guess.noun |= entry_has(common.entry, "noun");
    }
    if (!guess.word && !guess.inflections && !guess.noun && !(text->tokens[at].flags & TOKEN_CAPITAL))
        guess_by_ending(text, at, &guess);
    guess.bare = !guess.word && !guess.inflections && !(text->tokens[at].flags & TOKEN_CAPITAL);
    return guess;
}

struct tagger {
    const struct text *text;
    struct reading *readings;
    const bool *apart;  /* by token: a quotation mark that sets a word or two apart */
    bool headline;      /* most words of the sentence have capitals */
    struct guess ahead; /* of the next token */
    bool verb_seen;     /* the clause has its verb, and it takes no clause itself: what comes is more likely a noun */
    uint32_t before;    /* the last token that is no adverb; UINT32_MAX at the beginning of a sentence */
};

static struct guess guess_at(const struct tagger *tagger, uint32_t at)
{
    const struct text *text = tagger->text;
    bool word = at < text->token_count && text->tokens[at].kind == TOKEN_WORD;
    return word ? guess_word(text, at, tagger->headline) : (struct guess){0};
}

/* How many tokens the entry has that the word is read as. */
static uint32_t guess_length(const struct guess *guess)
{
    if (guess->phrase && !(frame_of(guess->phrase)->bits & FRAME_AFTER_BE))
        return guess->phrase_length;
    if (guess->word && !(guess->word->first == WORD_ADVERB && guess->verb_length > guess->word_length))
        return guess->word_length;
    return guess->verb_length ? guess->verb_length : 1;
}

/* ---- marks and function words ----------------------------------------------------------------------------- */

static enum part part_of_mark(const struct token *token)
{
    if (token->kind == TOKEN_QUOTE)
        return PART_QUOTE;
    switch (token->mark) {
    case '$':
    case '%':
        return PART_NUMBER;
    case ',':
        return PART_COMMA;
    case '.':
    case '?':
    case '!':
    case '~':
        return PART_STOP;
    case ':':
        return PART_COLON;
    case ';':
        return PART_SEMICOLON;
    case '-':
        return PART_DASH;
    case '(':
    case '[':
        return PART_OPENING;
    case ')':
    case ']':
        return PART_CLOSING;
    default:
        return PART_OTHER;
    }
}

static enum part part_of_class(unsigned class)
{
    static const struct {
        unsigned class;
        enum part part;
    } parts[] = {{WORD_DETERMINER, PART_DETERMINER},
                 {WORD_QUANTIFIER, PART_DETERMINER},
                 {WORD_PRONOUN, PART_PRONOUN},
                 {WORD_PREPOSITION, PART_PREPOSITION},
                 {WORD_CONJUNCTION, PART_CONJUNCTION},
                 {WORD_SUBORDINATOR, PART_SUBORDINATOR},
                 {WORD_RELATIVE, PART_RELATIVE},
                 {WORD_INTERROGATIVE, PART_WH},
                 {WORD_AUXILIARY, PART_AUXILIARY},
                 {WORD_MODAL, PART_MODAL},
                 {WORD_NEGATION, PART_NEGATION},
                 {WORD_PARTICLE, PART_ADVERB},
                 {WORD_ADVERB, PART_ADVERB}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].class == class)
            return parts[i].part;
    return PART_OTHER;
}

static unsigned flags_of_word(const struct word *word)
{
    static const struct {
        unsigned bit, flag;
    } flags[] = {{WORD_SUBJECT, READ_SUBJECT},           {WORD_NEGATIVE, READ_NEGATIVE},     {WORD_LINKING, READ_LINKING},
                 {WORD_POSSESSIVE, READ_POSSESSIVE},     {WORD_QUANTIFIER, READ_QUANTIFIER}, {WORD_BE, READ_BE},
                 {WORD_FIRST_PERSON, READ_FIRST_PERSON}, {WORD_CONTRACTED, READ_CONTRACTED}};
    unsigned found = 0;
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (word->bits & flags[i].bit)
            found |= flags[i].flag;
    if (word->first == WORD_PREPOSITION && word->bits & WORD_SUBORDINATOR)
        found |= READ_OPENS;
    return found;
}

/* ---- what it is here -------------------------------------------------------------------------------------- */

static bool can(const struct guess *guess, enum inflection inflection)
{
    return guess->inflections & INFLECTION_BIT(inflection);
}

/* Whether what follows a word that may be a noun shows that it is a verb: an object, a clause, an infinitive, a quotation. */
static bool looks_transitive(const struct tagger *tagger, uint32_t after)
{
    if (after >= tagger->text->token_count)
        return false;
    const struct token *token = &tagger->text->tokens[after];
    if (token->kind == TOKEN_QUOTE)
        return true;
    const struct guess *ahead = &tagger->ahead;
    if (!ahead->word)
        return token->flags & TOKEN_CAPITAL && token->kind == TOKEN_WORD && !ahead->inflections;
    return ahead->word->first & (WORD_DETERMINER | WORD_QUANTIFIER | WORD_PRONOUN | WORD_SUBORDINATOR | WORD_INTERROGATIVE) ||
           (ahead->word->bits & WORD_PARTICLE);
}

/* A plain noun, so that a participle before it is an adjective: "rejected increased spending". */
static bool noun_follows(const struct tagger *tagger, uint32_t after)
{
    const struct guess *ahead = &tagger->ahead;
    return after < tagger->text->token_count && tagger->text->tokens[after].kind == TOKEN_WORD && !ahead->word &&
           (ahead->noun || !ahead->inflections || can(ahead, INFLECTION_GERUND));
}

static bool plural_noun(const struct tagger *tagger, uint32_t at)
{
    struct slice word = token_text(tagger->text, at);
    static const char *const plurals[] = {"people", "men", "women", "police", "children", "democrats"};
    for (size_t i = 0; i < sizeof plurals / sizeof plurals[0]; i++)
        if (slice_equal_fold(word, slice_of(plurals[i])))
            return true;
    return slice_ends(word, "s") && !slice_ends(word, "ss");
}

/* Gerunds that have long been nouns: "the committee hearing". */
static bool is_deverbal(const struct text *text, uint32_t at)
{
    static const char *const nouns[] = {"hearing", "meeting", "briefing",    "building",  "funding", "spending", "training",
                                        "feeling", "housing", "engineering", "marketing", "banking", "shooting", "bombing",
                                        "killing", "ruling",  "filing",      "gathering", "setting", "offering", "opening",
                                        "finding", "rating",  "voting",      "polling",   "trading", "mining",   "drilling",
                                        "testing", "writing", "reading",     "recording", "posting", "listing"};
    for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++)
        if (token_is(text, at, nouns[i]))
            return true;
    return false;
}

/* Whether "and" stands a few words before the noun: "Berlin and Paris want". */
static bool joined_before(const struct tagger *tagger, uint32_t at)
{
    for (uint32_t i = at; i > 0 && at - i < 5; i--) {
        enum part part = (enum part)tagger->readings[i - 1].part;
        if (part == PART_CONJUNCTION)
            return true;
        if (part != PART_NOUN && part != PART_DETERMINER && part != PART_NUMBER && part != PART_CLITIC)
            return false;
    }
    return false;
}

/* What stands before the noun phrase that ends here. */
static enum part part_left(const struct tagger *tagger)
{
    uint32_t i = tagger->before;
    while (i > 0 && tagger->before - i < 12 && tagger->readings[i].part <= PART_CLITIC &&
           tagger->readings[i].part != PART_PRONOUN)
        i--;
    return (enum part)tagger->readings[i].part;
}

/* Keeps up whether the clause has its verb. */
static void note_verb(struct tagger *tagger, uint32_t at)
{
    const struct reading *reading = &tagger->readings[at];
    enum part part = (enum part)reading->part;
    bool opens = (part >= PART_CONJUNCTION && part <= PART_WH) || (part >= PART_COMMA && part <= PART_QUOTE) ||
                 reading->flags & READ_OPENS;
    bool takes_clause = reading->cue && reading->cue->lexicon == LEXICON_VERBS && frame_of(reading->cue)->bits & FRAME_ZERO;
    if (opens)
        tagger->verb_seen = false;
    if (part == PART_FINITE || part == PART_BASE || part == PART_PARTICIPLE || part == PART_AUXILIARY)
        tagger->verb_seen = !takes_clause;
}

/* A form that may be a verb's, after a noun. */
static enum part after_noun(const struct tagger *tagger, uint32_t at, const struct guess *guess, uint32_t after)
{
    bool transitive = looks_transitive(tagger, after);
    if (can(guess, INFLECTION_PAST))
        return PART_FINITE;
    if (can(guess, INFLECTION_PARTICIPLE))
        return PART_PARTICIPLE;
    if (can(guess, INFLECTION_GERUND))
        return !transitive && is_deverbal(tagger->text, at) ? PART_NOUN : PART_GERUND;
    if (can(guess, INFLECTION_THIRD)) {
        enum part left = part_left(tagger);
        if (guess->noun && tagger->verb_seen)
            return PART_NOUN; /* "showed some hints" */
        bool ends = (left == PART_COMMA || left == PART_QUOTE || left == PART_DASH) &&
                    (after >= tagger->text->token_count || tagger->text->tokens[after].kind == TOKEN_MARK);
        if (!guess->noun)
            return PART_FINITE;
        return transitive || (ends && guess->verb && frame_of(guess->verb)->bits & FRAME_ASIDE) ? PART_FINITE : PART_NOUN;
    }
    if (guess->noun && (!transitive || tagger->verb_seen))
        return PART_NOUN;
    if (guess->noun && !tagger->ahead.word)
        return PART_NOUN; /* a name behind it is no object: "the state Senate" */
    bool plural = plural_noun(tagger, tagger->before) || (tagger->before > 1 && joined_before(tagger, tagger->before));
    return plural || (!guess->noun && transitive) ? PART_FINITE : PART_NOUN;
}

/* After a determiner, a possessor, a number or a preposition. */
static enum part inside_phrase(const struct tagger *tagger, const struct guess *guess, enum part before, uint32_t after)
{
    const struct reading *reading = &tagger->readings[tagger->before];
    bool alone = before == PART_DETERMINER && reading->flags & READ_QUANTIFIER && !(reading->flags & READ_POSSESSIVE);
    if (alone && guess->inflections && !can(guess, INFLECTION_GERUND)) {
        if (looks_transitive(tagger, after) || (can(guess, INFLECTION_PAST) && guess->verb))
            return PART_FINITE;
        return PART_NOUN;
    }
    if (before == PART_PREPOSITION && can(guess, INFLECTION_GERUND) && !(reading->flags & READ_OPENS && guess->noun))
        return PART_GERUND;
    if (reading->flags & READ_OPENS && can(guess, INFLECTION_PAST))
        return PART_PARTICIPLE;
    return PART_NOUN;
}

/* Whether the comma before `at` closes what another one a few words before opened. */
static bool comma_before(const struct tagger *tagger, uint32_t at)
{
    for (uint32_t i = at - 1; i > 0 && at - i < 16; i--) {
        if (tagger->readings[i - 1].part == PART_COMMA)
            return true;
        if (tagger->readings[i - 1].part == PART_STOP || tagger->readings[i - 1].part == PART_FINITE)
            return false;
    }
    return false;
}

/* At the beginning of a clause, after a comma, a conjunction, a quotation mark. */
static enum part after_break(const struct tagger *tagger, uint32_t at, const struct guess *guess, enum part before,
                             uint32_t after)
{
    if (can(guess, INFLECTION_GERUND))
        return PART_GERUND;
    if (can(guess, INFLECTION_PAST))
        return guess->verb || before == PART_CONJUNCTION || (before == PART_COMMA && comma_before(tagger, at)) ? PART_FINITE
                                                                                                               : PART_PARTICIPLE;
    if (can(guess, INFLECTION_PARTICIPLE))
        return PART_PARTICIPLE;
    if (can(guess, INFLECTION_THIRD))
        return !guess->noun || looks_transitive(tagger, after) ? PART_FINITE : PART_NOUN;
    if (before == PART_CONJUNCTION && (!guess->noun || looks_transitive(tagger, after)))
        return PART_BASE;
    if (before == PART_QUOTE && guess->verb && looks_transitive(tagger, after))
        return PART_FINITE;
    bool clause = tagger->ahead.word && tagger->ahead.word->first & (WORD_SUBORDINATOR | WORD_PARTICLE);
    if (before == PART_COMMA && guess->verb && clause && comma_before(tagger, at))
        return PART_FINITE; /* "such as Paris, Rome and Berlin, fear that" */
    return !guess->noun && looks_transitive(tagger, after) ? PART_BASE : PART_NOUN;
}

static enum part part_of_verb(struct tagger *tagger, uint32_t at, const struct guess *guess, unsigned *flags)
{
    uint32_t after = at + (guess->verb_length ? guess->verb_length : 1);
    if (tagger->before == UINT32_MAX)
        return after_break(tagger, at, guess, PART_OTHER, after);
    const struct reading *before = &tagger->readings[tagger->before];
    bool participle = can(guess, INFLECTION_PARTICIPLE), gerund = can(guess, INFLECTION_GERUND),
         base = can(guess, INFLECTION_BASE);
    if (participle && can(guess, INFLECTION_PAST))
        *flags |= READ_PAST;
    if (before->part == PART_MODAL || before->part == PART_TO)
        return base ? PART_BASE : PART_NOUN;
    if (before->part == PART_AUXILIARY || before->flags & READ_CONTRACTED) {
        if (participle || gerund) {
            *flags |= gerund ? READ_PROGRESSIVE : before->flags & READ_BE ? READ_PASSIVE : READ_PERFECT;
            return participle ? PART_PARTICIPLE : PART_GERUND;
        }
        return base && !(before->flags & READ_BE) ? PART_BASE : PART_NOUN;
    }
    switch (before->part) {
    case PART_DETERMINER:
    case PART_NUMBER:
    case PART_CLITIC:
    case PART_PREPOSITION:
        return inside_phrase(tagger, guess, (enum part)before->part, after);
    case PART_PRONOUN:
        if (before->flags & READ_SUBJECT)
            return gerund ? PART_GERUND : !can(guess, INFLECTION_PAST) && participle ? PART_PARTICIPLE : PART_FINITE;
        return gerund ? PART_GERUND : base && guess->noun ? PART_NOUN : base ? PART_BASE : PART_PARTICIPLE;
    case PART_RELATIVE:
    case PART_WH:
        return gerund                                                                            ? PART_GERUND
               : guess->noun && !looks_transitive(tagger, after) && !can(guess, INFLECTION_PAST) ? PART_NOUN
                                                                                                 : PART_FINITE;
    case PART_THAT:
        return can(guess, INFLECTION_PAST) || (can(guess, INFLECTION_THIRD) && !guess->noun) ? PART_FINITE
               : gerund                                                                      ? PART_GERUND
                                                                                             : PART_NOUN;
    case PART_NOUN:
        return after_noun(tagger, at, guess, after);
    case PART_FINITE:
    case PART_BASE:
    case PART_PARTICIPLE:
    case PART_GERUND:
        if (gerund)
            return PART_GERUND;
        if (can(guess, INFLECTION_PAST) && !participle)
            return PART_FINITE; /* "that it would close came late" */
        return participle && !noun_follows(tagger, after) ? PART_PARTICIPLE : PART_NOUN;
    default:
        return after_break(tagger, at, guess, (enum part)before->part, after);
    }
}

/* "restart", "reconvene": a known verb behind "re". */
static bool is_renewed(const struct text *text, uint32_t at)
{
    struct slice word = token_text(text, at);
    if (word.length < 6 || memcmp(word.data, "re", 2) != 0)
        return false;
    size_t skip = word.data[2] == '-' ? 3 : 2;
    struct slice rest = {word.data + skip, word.length - skip};
    return lexicon_find(LEXICON_COMMON_VERBS, rest) || lexicon_find(LEXICON_VERBS, rest);
}

static bool determiner_at(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, at);
    return match.entry && word_of(match.entry)->first == WORD_DETERMINER;
}

/* "to" opens an infinitive where a base form follows, perhaps after an adverb. */
static bool opens_infinitive(const struct tagger *tagger, uint32_t after)
{
    const struct guess *ahead = &tagger->ahead;
    if (after >= tagger->text->token_count)
        return false;
    if (ahead->word && ahead->word->first & WORD_ADVERB)
        return true;
    if (ahead->word && ahead->word->bits & WORD_AUXILIARY)
        return token_is(tagger->text, after, "be") || token_is(tagger->text, after, "have") ||
               token_is(tagger->text, after, "do");
    if (ahead->bare)
        return is_renewed(tagger->text, after) || determiner_at(tagger->text, after + 1);
    return !(ahead->word && ahead->word->first & (WORD_DETERMINER | WORD_QUANTIFIER | WORD_PRONOUN)) &&
           can(ahead, INFLECTION_BASE);
}

/* "that" before a singular noun, after a preposition or a verb that takes no clause, points; else it opens a clause. */
static enum part part_of_that(const struct tagger *tagger)
{
    if (tagger->before == UINT32_MAX)
        return PART_DETERMINER;
    switch (tagger->readings[tagger->before].part) {
    case PART_PREPOSITION:
    case PART_TO:
        return PART_DETERMINER;
    default:
        return PART_THAT;
    }
}

static enum part part_of_word(const struct tagger *tagger, uint32_t at, const struct guess *guess)
{
    unsigned bits = guess->word->bits;
    uint32_t after = at + guess->word_length;
    if (token_is(tagger->text, at, "that"))
        return part_of_that(tagger);
    if (token_is(tagger->text, at, "to"))
        return opens_infinitive(tagger, after) ? PART_TO : PART_PREPOSITION;
    if (guess->word->first == WORD_PARTICLE && !(bits & WORD_ADVERB))
        return PART_TO; /* "in order to" */
    /* "this", "some", "his" stand alone where no noun follows. */
    if (guess->word->first & (WORD_DETERMINER | WORD_QUANTIFIER) && bits & (WORD_PRONOUN | WORD_QUANTIFIER)) {
        const struct guess *ahead = &tagger->ahead;
        if (ahead->word && ahead->word->first & (WORD_MODAL | WORD_AUXILIARY | WORD_SUBORDINATOR | WORD_RELATIVE))
            return PART_PRONOUN;
        if (ahead->inflections && ahead->verb && !ahead->noun && !(bits & WORD_POSSESSIVE) && !can(ahead, INFLECTION_GERUND))
            return bits & WORD_SUBJECT ? PART_PRONOUN : PART_DETERMINER;
    }
    return part_of_class(guess->word->first);
}

static void tag(struct tagger *tagger, uint32_t at, const struct guess *guess)
{
    struct reading *reading = &tagger->readings[at];
    unsigned flags = guess->inflections ? READ_VERB : 0;
    reading->length = 1;
    if (guess->word && !(guess->word->first == WORD_ADVERB && guess->verb_length > guess->word_length)) {
        flags |= flags_of_word(guess->word);
        reading->length = (uint8_t)guess->word_length;
        reading->part = (uint8_t)part_of_word(tagger, at, guess);
        if (reading->part == PART_PRONOUN && guess->word->bits & (WORD_QUANTIFIER | WORD_DEMONSTRATIVE))
            flags |= READ_SUBJECT;
    } else if (guess->bare && tagger->before != UINT32_MAX && tagger->readings[tagger->before].part == PART_TO) {
        reading->part = PART_BASE;
    } else if (guess->inflections) {
        reading->part = (uint8_t)part_of_verb(tagger, at, guess, &flags);
        if (reading->part != PART_NOUN) {
            reading->cue = guess->verb;
            reading->length = (uint8_t)guess->verb_length;
        }
    }
    if (reading->part == PART_NOUN && !reading->cue)
        reading->cue = guess->name;
    if (guess->phrase && !(frame_of(guess->phrase)->bits & FRAME_AFTER_BE)) {
        reading->part = PART_PREPOSITION;
        reading->length = (uint8_t)guess->phrase_length;
        reading->cue = guess->phrase;
        flags &= ~(unsigned)READ_OPENS;
    } else if (guess->phrase && (reading->part == PART_NOUN || reading->part == PART_PARTICIPLE)) {
        bool after_be = tagger->before != UINT32_MAX && tagger->readings[tagger->before].flags & READ_BE;
        reading->cue = after_be ? guess->phrase : reading->cue;
    }
    bool after_pronoun = tagger->before != UINT32_MAX && tagger->readings[tagger->before].part == PART_PRONOUN &&
                         tagger->readings[tagger->before].flags & READ_SUBJECT;
    if (guess->bare && after_pronoun && reading->part == PART_NOUN &&
        !(tagger->readings[tagger->before].flags & (READ_QUANTIFIER | READ_CONTRACTED)))
        reading->part = PART_FINITE; /* "they infringe", known or not */
    if (!reading->length)
        reading->length = 1;
    reading->flags = (uint16_t)flags;
}

/* The full stop of an initial or an abbreviation inside a sentence: "Anna K. Weber", "Mr. Weber". */
static bool is_inner_stop(const struct text *text, uint32_t at)
{
    if (!token_is_mark(text, at, '.') || at == 0 || at + 1 >= text->token_count || text->tokens[at].flags & TOKEN_AFTER_SPACE)
        return false;
    const struct token *next = &text->tokens[at + 1];
    bool word = next->kind == TOKEN_WORD || next->kind == TOKEN_NUMBER || next->kind == TOKEN_CLITIC;
    return text->tokens[at - 1].kind == TOKEN_WORD && !(next->flags & (TOKEN_SENTENCE_START | TOKEN_LINE_START)) &&
           (word || (next->kind == TOKEN_MARK && next->mark == ','));
}

/* "'s" is a possessor's, or "is": after a pronoun, and before what no noun phrase begins with. */
static enum part part_of_clitic(const struct tagger *tagger, struct reading *reading)
{
    enum part before = tagger->before == UINT32_MAX ? PART_OTHER : (enum part)tagger->readings[tagger->before].part;
    const struct word *ahead = tagger->ahead.word;
    bool verb = before == PART_PRONOUN || before == PART_RELATIVE || before == PART_WH || before == PART_THAT ||
                before == PART_ADVERB || (ahead && ahead->first & (WORD_DETERMINER | WORD_NEGATION | WORD_PRONOUN));
    if (!verb)
        return PART_CLITIC;
    reading->flags |= READ_BE;
    return PART_AUXILIARY;
}

static void tag_token(struct tagger *tagger, uint32_t at, const struct guess *guess)
{
    const struct token *token = &tagger->text->tokens[at];
    struct reading *reading = &tagger->readings[at];
    if (token->flags & (TOKEN_SENTENCE_START | TOKEN_SPLIT))
        tagger->before = UINT32_MAX;
    if (tagger->before == UINT32_MAX)
        tagger->verb_seen = false;
    if (token->kind == TOKEN_WORD) {
        tag(tagger, at, guess);
    } else if (is_inner_stop(tagger->text, at)) {
        reading->length = 1;
        reading->part = PART_NOUN;
        return;
    } else {
        reading->length = 1;
        reading->part = (uint8_t)(token->kind == TOKEN_NUMBER   ? PART_NUMBER
                                  : token->kind == TOKEN_CLITIC ? part_of_clitic(tagger, reading)
                                  : tagger->apart[at]           ? PART_APART
                                                                : part_of_mark(token));
    }
    note_verb(tagger, at);
    if (guess->word && guess->word->bits & WORD_REFLEXIVE && tagger->before != UINT32_MAX)
        return; /* "the minister himself said" */
    if (reading->part != PART_ADVERB && reading->part != PART_NEGATION && reading->part != PART_APART)
        tagger->before = at;
}

/* Three words in four have capitals, among those of more than three letters. */
static bool is_headline(const struct text *text, uint32_t first)
{
    struct span sentence = text->sentences[text->sentence_of[first]].span;
    uint32_t words = 0, capitals = 0;
    for (uint32_t i = first; i < sentence.end; i++) {
        if (text->tokens[i].kind != TOKEN_WORD || text->tokens[i].points < 4)
            continue;
        words++;
        capitals += text->tokens[i].flags & TOKEN_CAPITAL;
    }
    return words > 3 && capitals * 4 >= words * 3;
}

/* The marks around what is no speech. */
static const bool *marks_apart(const struct text *text)
{
    bool *apart = arena_zero(text->arena, text->token_count + 1);
    for (uint32_t i = 0; i < text->quotation_count; i++) {
        const struct quotation *quotation = &text->quotations[i];
        bool whole = quotation->open != UINT32_MAX && quotation->close != UINT32_MAX;
        if (!quotation->speech && whole && text->tokens[quotation->close - 1].kind != TOKEN_MARK)
            apart[quotation->open] = apart[quotation->close] = true;
    }
    return apart;
}

struct syntax syntax_read(struct text *text)
{
    struct reading *readings = arena_zero(text->arena, (text->token_count + 2) * sizeof *readings);
    struct tagger tagger = {.text = text, .readings = readings, .apart = marks_apart(text), .before = UINT32_MAX};
    struct guess here = guess_at(&tagger, 0);
    for (uint32_t i = 0; i < text->token_count;) {
        if (text->tokens[i].flags & TOKEN_SENTENCE_START && is_headline(text, i) != tagger.headline) {
            tagger.headline = !tagger.headline;
            here = guess_at(&tagger, i);
        }
        uint32_t length = guess_length(&here);
        tagger.ahead = guess_at(&tagger, i + length);
        tag_token(&tagger, i, &here);
        length = readings[i].length == length ? length : 1;
        readings[i].length = (uint8_t)length;
        for (uint32_t inside = 1; inside < length; inside++) {
            readings[i + inside] = readings[i];
            readings[i + inside].flags |= READ_INSIDE;
            readings[i + inside].cue = NULL;
            readings[i + inside].length = 1;
        }
        i += length;
        here = length > 1 || guess_length(&here) == 1 ? tagger.ahead : guess_at(&tagger, i);
    }
    readings[text->token_count].part = readings[text->token_count + 1].part = PART_STOP;
    for (uint32_t i = 0; i < text->quotation_count; i++) {
        const struct quotation *quotation = &text->quotations[i];
        uint32_t at = quotation->open == UINT32_MAX ? quotation->span.first : quotation->open;
        readings[at].quotation = i + 1;
    }
    return (struct syntax){text, readings};
}
