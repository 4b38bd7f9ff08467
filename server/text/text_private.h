/* What the recognisers of this room hand to each other. A text is read in this order, each step seeing what those before found:
 *
 *     tokens.c       words, numbers and marks; words run together are taken apart
 *     clean.c        paragraphs and what they are: title, byline, boilerplate, body
 *     sentences.c    sentences, inside paragraphs
 *     names.c        names of actors, their titles, who is the same
 *     quotes.c       what stands in quotation marks, repaired where marks are lost
 *     dates.c        time expressions
 *     attribution.c  source, cue and content of each attribution
 *     sources.c      who a source is: nominals, pronouns, anonymous sources, groups
 *     claims.c       claims from attributions: stance, topics, day, chain, confidence
 *     meetings.c     meetings, and which of them a claim was said at
 *     terms.c        names of treaties, programmes, laws
 *     details.c      what is told of the meetings that another text may tell otherwise
 *
 * analyse.c calls them. Arrays are the arena's; a recogniser writes its own and reads the others'. */
#ifndef READOUT_TEXT_PRIVATE_H
#define READOUT_TEXT_PRIVATE_H

#include <setjmp.h>

#include "readout/text.h"

/* ---- lexicons (lexicon.c) --------------------------------------------------------------------------------- */

/* One for each file of server/text/lexicon, in the order of the table in lexicon.c. */
enum lexicon {
    LEXICON_VERBS,          /* of saying, thinking, wanting: attribution cues, with their frames and stance */
    LEXICON_NOUNS,          /* of saying: "statement", "claim", "warning" */
    LEXICON_CUE_PHRASES,    /* "according to", "in the view of", "in the words of" */
    LEXICON_COMMON_VERBS,   /* other verbs, so that the end of a noun phrase can be told */
    LEXICON_FUNCTION_WORDS, /* determiners, prepositions, pronouns, auxiliaries, conjunctions: class=… */
    LEXICON_TITLES,         /* offices and forms of address */
    LEXICON_ROLES,          /* nominal sources: "official", "spokesman", "diplomat", "source", "analyst" */
    LEXICON_GIVEN_NAMES,
    LEXICON_STATES,             /* states, with capital, demonyms, adjectives, seats */
    LEXICON_SEATS,              /* "the Kremlin", "White House": of which government */
    LEXICON_ORGANIZATIONS,      /* international bodies and alliances */
    LEXICON_MEDIA,              /* outlets and agencies */
    LEXICON_CITIES,             /* with their country */
    LEXICON_ORGANIZATION_WORDS, /* "Ministry", "Bank", "University", "Inc": make a name a body's */
    LEXICON_MEETINGS,           /* nouns and verbs of meeting */
    LEXICON_DATES,              /* months, weekdays, units, parts of day, holidays */
    LEXICON_NUMBERS,            /* number words */
    LEXICON_STANCES,            /* words that make a stance */
    LEXICON_BOILERPLATE,        /* phrases that begin or are template text */
    LEXICON_ABBREVIATIONS,      /* whose full stop ends no sentence */
    LEXICON_OTHER_NAMES,        /* names in capitals that are no actors: regions, faiths, wars, treaties */
    LEXICON_LANGUAGES,          /* little words, by which a language is guessed */
    LEXICON_CONCEPTS,           /* words that stand for each other in reports of one statement */
    LEXICON_COUNT
};

/* One line of a lexicon: its first spelling and its attributes. */
struct entry {
    enum lexicon lexicon;
    uint32_t number;   /* among its lexicon's entries: an index for tables made of them */
    struct slice name; /* the first spelling, as written */
    const struct attribute {
        struct slice key, value; /* value is empty for a bare flag */
    } * attributes;
    uint32_t attribute_count;
};

/* Which form of a word matched: lexicons that begin with "@verbs" or "@nouns" list base forms, and the others are made. */
enum inflection {
    INFLECTION_NONE,
    INFLECTION_BASE,       /* say */
    INFLECTION_THIRD,      /* says */
    INFLECTION_PAST,       /* said */
    INFLECTION_PARTICIPLE, /* said, spoken */
    INFLECTION_GERUND,     /* saying */
    INFLECTION_PLURAL      /* statements */
};
#define INFLECTION_BIT(inflection) (1u << (inflection))

struct match {
    const struct entry *entry; /* NULL: nothing matched */
    uint32_t length;           /* in tokens */
    unsigned inflections;      /* INFLECTION_BIT: "said" is past and participle */
};

struct text;

/* The longest entry of the lexicon whose words begin at token `at`. Constant time; marks between words do not match. */
struct match lexicon_match(const struct text *text, enum lexicon lexicon, uint32_t at);
/* The entry of that lexicon with this spelling, folded; NULL where there is none. For names that are no part of a text. */
const struct entry *lexicon_find(enum lexicon lexicon, struct slice spelling);
const struct entry *lexicon_entry(enum lexicon lexicon, uint32_t number);
uint32_t lexicon_size(enum lexicon lexicon);
/* An attribute's value; an empty slice for a bare flag; NO_SLICE where the entry has none of that key. */
struct slice entry_get(const struct entry *entry, const char *key);
bool entry_has(const struct entry *entry, const char *key);
/* Whether the value, a list with commas, holds that word. */
bool entry_lists(const struct entry *entry, const char *key, const char *value);

/* What the record knows, matched like a lexicon: the actor of the longest known name that begins at `at`; 0 when none does. */
struct known_match {
    int64_t actor;
    enum actor_kind kind;
    struct slice country, name;
    uint32_t length; /* in tokens */
};
struct known_match known_match(const struct text *text, uint32_t at);
/* Calls `found` for each keyword of a known topic in the span, with the topic's slug. */
void known_topics(const struct text *text, struct span span, void (*found)(void *to, struct slice slug, uint32_t at), void *to);

/* ---- tokens, paragraphs, sentences ------------------------------------------------------------------------ */

enum token_kind {
    TOKEN_WORD,   /* letters, with inner hyphens and apostrophes: "Colonel-General", "O'Brien", "U.S.", "don't" */
    TOKEN_NUMBER, /* "30", "1,200", "2.5", "7th" */
    TOKEN_CLITIC, /* "'s" and "'" of a possessive, apart from its word */
    TOKEN_QUOTE,  /* any quotation mark, double or single, of any language */
    TOKEN_MARK    /* any other mark: . , ; : ? ! ( ) [ ] – — … / • and symbols */
};

enum token_flag {
    TOKEN_CAPITAL = 1, /* begins with a capital letter */
    TOKEN_UPPER = 2,   /* has two letters or more, all capitals */
    TOKEN_AFTER_SPACE = 4,
    TOKEN_LINE_START = 8, /* the first of its line */
    TOKEN_SPLIT = 16,     /* taken off the word before, to which it was written: "slowly|The" */
    TOKEN_SENTENCE_START = 32,
    TOKEN_BOILERPLATE = 64,
    TOKEN_QUOTED = 128 /* inside a quotation (set by quotes.c) */
};

struct token {
    uint32_t start, end;    /* bytes */
    uint32_t point, points; /* its first code point, and how many it has */
    uint32_t word;          /* the lexicons' number of the folded word; 0: in none */
    uint32_t starts;        /* LEXICON bit by bit: an entry of that lexicon begins with this word */
    uint32_t known;         /* the number of the folded word among the record's; 0: in none */
    uint32_t hash;          /* of the folded word: equal words have equal hashes */
    uint8_t kind;           /* enum token_kind */
    char mark;              /* TOKEN_MARK, TOKEN_QUOTE: the ASCII letter that stands for it: . , ; : ? ! ( ) [ ] - " ' or 0 */
    uint16_t flags;
};

struct sentence {
    struct span span; /* with its closing mark, and a quotation mark after that */
    uint32_t paragraph;
};

struct paragraph {
    struct span span;
    enum paragraph_role role;
    struct span sentences; /* indices of sentences, not tokens */
};

/* ---- quotations ------------------------------------------------------------------------------------------- */

struct quotation {
    struct span span;     /* the words, without the marks and without , . before the closing one */
    uint32_t open, close; /* tokens of the marks; UINT32_MAX where that one is lost */
    bool continued;       /* goes on in the next quotation: a paragraph that ends without a closing mark */
    bool speech;          /* a sentence or a clause; else a word or two set apart ("realism"), or a title */
};

/* ---- attributions ----------------------------------------------------------------------------------------- */

struct attribution {
    struct span content[CONTENT_PIECES_MAX];
    uint32_t content_count;
    struct span source, cue;      /* may be absent */
    struct span through[VIA_MAX]; /* names of media it came through, nearest to the speaker first: "EFE", "Reuters" */
    uint32_t through_count;
    struct span addressee;    /* "told X" */
    const struct entry *verb; /* of LEXICON_VERBS, LEXICON_NOUNS or LEXICON_CUE_PHRASES; NULL: a quotation without a cue */
    enum claim_kind kind;
    bool negated;   /* the cue is: "did not say", "refused to confirm" */
    int32_t outer;  /* the attribution whose content holds this one, or NOBODY */
    uint32_t group; /* attributions with the same source and cue, split by proposition, have the same */
};

/* ---- the text as it is read ------------------------------------------------------------------------------- */

/* What reading has cost so far. Recognisers go through texts that anybody may have written: where one of them goes on for too
 * long after all, reading ends at its next step, whoever called it. All memory is the arena's, so nothing is lost by that. */
struct effort {
    uint64_t steps, check_at, most;
    struct error *error;
    jmp_buf end;
};

struct text {
    struct slice bytes;
    struct effort *effort; /* NULL: nobody counts */
    struct text_hints hints;
    struct arena *arena;
    struct token *tokens;
    uint32_t token_count;
    uint32_t *sentence_of; /* for each token */
    struct sentence *sentences;
    uint32_t sentence_count;
    struct paragraph *paragraphs;
    uint32_t paragraph_count;
    struct quotation *quotations;
    uint32_t quotation_count;
    struct attribution *attributions;
    uint32_t attribution_count;
    struct voices {
        int32_t speaker, addressee; /* actors, or NOBODY */
    } * voices;                     /* for each attribution (sources.c) */
    int32_t *mention_of;            /* for each token the mention that it is in (the longest), or NOBODY; sources.c keeps it up */
    struct names *names;            /* names.c's own: which actor a state, a body, a name is */
    struct analysis *found;         /* actors, mentions, claims, meetings, dates */
    uint32_t actor_room, mention_room, claim_room, meeting_room, date_room; /* capacities of those arrays */
};

void text_tokens(struct text *text);
void text_clean(struct text *text);
void text_sentences(struct text *text);
void text_names(struct text *text);
void text_quotes(struct text *text);
void text_dates(struct text *text);
void text_attributions(struct text *text);
void text_sources(struct text *text); /* fills mentions of nominal and pronoun sources, and anonymous actors */
void text_claims(struct text *text);
void text_meetings(struct text *text);
void text_details(struct text *text);
void text_terms(struct text *text);

/* The date of the act of saying, not of what is said: "said on Monday that talks begin on Tuesday" gives Monday. NULL where the
 * text does not date it. (dates.c; valid after text_attributions, with a value that is a day.) */
const struct date *date_of_speech(const struct text *text, const struct attribution *attribution);
/* The place of the first date that ends behind a token (dates.c; valid after text_dates). */
uint32_t date_from(const struct text *text, uint32_t token);

/* All of these in their order: what text_analyse does, with all that lies in between left to see, for tests. */
bool text_read(struct text *read, struct slice bytes, const struct text_hints *hints, struct arena *arena,
               struct analysis *analysis, struct error *error);

/* The state with that ISO 3166-1 code as an actor, and its government, whose affiliation it is; added without a mention where the
 * text does not name them. NOBODY for a code that is none (names.c; valid after text_names). */
int32_t actor_of_state(struct text *text, struct slice code);
int32_t actor_of_government(struct text *text, struct slice code);

/* The actor a source span is, or NOBODY (sources.c; valid after text_sources). */
int32_t source_actor(const struct text *text, struct span source);

/* ---- small tools (analyse.c) ------------------------------------------------------------------------------ */

/* Every look at a word or a mark is a step. Does not return where reading has to end. */
void text_check_effort(const struct text *text);
static inline void text_step(const struct text *text)
{
    if (text->effort && ++text->effort->steps >= text->effort->check_at)
        text_check_effort(text);
}

struct slice token_text(const struct text *text, uint32_t at); /* its bytes */
struct slice span_text(const struct text *text, struct span span);
bool token_is(const struct text *text, uint32_t at, const char *folded); /* false past the end */
bool token_is_mark(const struct text *text, uint32_t at, char mark);
bool span_empty(struct span span);
bool span_holds(struct span span, uint32_t at);
bool span_inside(struct span inner, struct span outer);
/* Without white space, quotation marks and . , ; : at both ends. */
struct span span_trim(const struct text *text, struct span span);
/* The class of a function word ("determiner", "preposition", …; lexicon/function_words.txt), NO_SLICE for any other. */
struct slice word_class(const struct text *text, uint32_t at);

/* Adds one more, cleared, and gives its place; the arrays grow in the arena. NOBODY once TEXT_FINDINGS_MAX are there: the
 * analysis is refused at its end. */
int32_t add_actor(struct text *text, struct slice name, enum actor_kind kind);
int32_t add_mention(struct text *text, struct span span, int32_t actor,
                    enum mention_form form); /* sets mention_of; sorted at the end */
struct claim *add_claim(struct text *text);
struct text_meeting *add_meeting(struct text *text);
struct date *add_date(struct text *text);
/* Notes a title of an actor, unless it is there already. */
void actor_add_title(struct text *text, int32_t actor, struct slice title);

#endif
