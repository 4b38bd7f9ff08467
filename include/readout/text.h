/* Reading: from an article's text to the actors, claims, dates and meetings in it, each with the characters that show it.
 *
 * Pure functions: text in, findings out. No clock, no file, no network, no database; the same text gives the same findings on
 * any machine. Time and memory are linear in the text's length, and what is found is bounded by TEXT_* below. All memory is the
 * arena's, and the findings point into the text, which has to live as long.
 *
 *     struct analysis analysis;
 *     text_analyse(slice, &hints, arena, &analysis, &error)
 *     struct characters c = text_characters(&analysis, analysis.claims[0].content[0]);     code points, and the characters
 */
#ifndef READOUT_TEXT_H
#define READOUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/error.h"
#include "readout/slice.h"

/* ---- places in the text ----------------------------------------------------------------------------------- */

/* Tokens `first` up to, not with, `end`. Empty (first == end): absent. */
struct span {
    uint32_t first, end;
};
#define NO_SPAN ((struct span){0, 0})

/* The same as everybody outside counts: Unicode code points from 0, end exclusive, and the characters between. */
struct characters {
    uint32_t start, end;
    struct slice text;
};

enum { NOBODY = -1 }; /* no actor, no claim, no meeting */

/* ---- findings --------------------------------------------------------------------------------------------- */

enum actor_kind {
    ACTOR_PERSON,
    ACTOR_STATE,
    ACTOR_GOVERNMENT,
    ACTOR_ORGANIZATION,
    ACTOR_ALLIANCE,
    ACTOR_MEDIA,
    ACTOR_GROUP,
    ACTOR_ANONYMOUS,
    ACTOR_KINDS
};

/* How a mention names its actor: in full or by surname; by an abbreviation, a seat, a demonym; misspelt; as "the minister"; as
 * "he" (pronouns are kept only where they are somebody's source). */
enum mention_form { FORM_NAME, FORM_ALIAS, FORM_MISSPELLING, FORM_NOMINAL, FORM_PRONOUN, FORM_COUNT };

struct mention {
    struct span span;
    uint32_t actor; /* its place among the actors */
    enum mention_form form;
    struct span title; /* the title printed with it: "US Deputy Secretary of State" */
};

struct actor {
    struct slice name; /* the fullest form in the text, or the lexicon's own name of a known body */
    enum actor_kind kind;
    struct slice country; /* ISO 3166-1 alpha-2, or NO_SLICE */
    int32_t affiliation;  /* the actor it belongs to or speaks for; a government's state; or NOBODY */
    int64_t known;        /* the id in the record, by the hints' `known`; 0: not known there */
    struct slice *titles; /* as printed, each once; of an anonymous source, how it is described */
    uint32_t title_count;
};

enum claim_kind { CLAIM_DIRECT, CLAIM_INDIRECT, CLAIM_MIXED, CLAIM_KINDS };

enum { CONTENT_PIECES_MAX = 6, VIA_MAX = 4, CLAIM_TOPICS_MAX = 6 };

struct claim {
    enum claim_kind kind;
    struct span content[CONTENT_PIECES_MAX]; /* in the order of the text */
    uint32_t content_count;
    struct span source, cue; /* may be absent */
    int32_t speaker, on_behalf_of, addressee;
    bool anonymous;
    int32_t via[VIA_MAX]; /* media it came through, nearest to the speaker first */
    uint32_t via_count;
    struct slice said_on;                  /* "2022-01-08", where the text dates it, or NO_SLICE */
    int32_t occasion;                      /* a meeting */
    struct slice topics[CLAIM_TOPICS_MAX]; /* slugs of known topics, the one it is most about first */
    uint32_t topic_count;
    const char *stance; /* of the contract's enumeration: "asserts", "offers", … */
    int32_t nested_in;  /* the claim whose content holds this one */
    double confidence;  /* 0 to 1: how often findings like it are right (measured: server/text/confidence.c) */
};

enum participant_role { ROLE_HEAD, ROLE_MEMBER, ROLE_HOST };

struct text_meeting {
    struct slice name;
    const char *kind;        /* of the contract's enumeration: "talks", "summit", "briefing", … */
    struct slice starts_on;  /* "2022-01-10", or NO_SLICE */
    const char *part_of_day; /* "evening", or NULL */
    const char *precision;   /* "day", "month", "year", or NULL */
    struct slice city, country;
    struct participant {
        int32_t actor;
        enum participant_role role;
    } * participants;
    uint32_t participant_count;
    const char *status; /* "planned", "held", … */
    struct span *mentions;
    uint32_t mention_count;
};

/* What a text tells of a meeting that another may tell otherwise. */
enum detail_kind { DETAIL_DAY, DETAIL_PLACE, DETAIL_SPEAKERS, DETAIL_LEADER, DETAIL_KINDS };

struct detail {
    enum detail_kind kind;
    int32_t meeting;
    struct span span;        /* what tells it */
    struct slice value;      /* the day, the city; of those who spoke to the press "one" or "several" */
    struct slice until;      /* with a day: the last one, of several; or NO_SLICE */
    const char *part_of_day; /* with a day, or NULL */
    int32_t side;            /* whose delegation, or for whom they spoke: an actor, or NOBODY */
    int32_t actor;           /* DETAIL_LEADER: who leads it, one of perhaps several */
};

/* A time expression, resolved. `value` is an ISO 8601 date as far as it is known: "2022-01-08T19:00", "2022-01-08", "2022-01",
 * "2022"; of a length that is counted ("two months ago") the day that it comes to: `precision` says how much of it is meant. */
struct date {
    struct span span;
    struct slice value;      /* NO_SLICE: what it means cannot be told */
    struct slice until;      /* the last day of a range, or NO_SLICE */
    const char *precision;   /* minute hour day week month quarter season year decade */
    const char *part_of_day; /* or NULL */
};

/* What is called a treaty, a programme, a law and so on. Terms that share a handle may be the same: their abbreviation, or
 * their words but one. */
enum { TERM_HANDLES_MAX = 8, TEXT_TERMS_MAX = 500 };
struct term {
    struct span span;
    struct slice handles[TERM_HANDLES_MAX];
    uint32_t handle_count;
};

/* ---- the analysis ----------------------------------------------------------------------------------------- */

/* What a paragraph is. Everything else is body. */
enum paragraph_role {
    PARAGRAPH_BODY,
    PARAGRAPH_TITLE,
    PARAGRAPH_BYLINE,
    PARAGRAPH_DATELINE,
    PARAGRAPH_CROSSHEAD,
    PARAGRAPH_BOILERPLATE
};

/* What one text may bring. Nobody's article comes near any of these. */
enum {
    TEXT_LENGTH_MAX = 2000000,       /* characters of a text that is read or kept; more is refused */
    TEXT_BYTES_MAX = 5000000,        /* of a page, or a passage: the same */
    TEXT_FINDINGS_MAX = 20000,       /* actors, mentions, claims, dates or meetings: more are refused */
    TEXT_STEPS_A_BYTE = 1000,        /* of reading, beside TEXT_STEPS_LEAST: what takes more is refused */
    TEXT_STEPS_LEAST = 10000000,     /* about a tenth of a second */
    TEXT_CLAIMS_MAX = 500,           /* the first are given, and how many were left out */
    TEXT_PARAGRAPH_CLAIMS_MAX = 100, /* of them in one paragraph: the same */
    DETAILS_MAX = 400                /* the rest is left out */
};

/* What the record knows already: see text_known_new. */
struct known;

struct text_hints {
    struct slice title;        /* where it is given apart from the text */
    struct slice published_on; /* "2022-01-08": what relative dates are counted from */
    struct slice language;
    struct slice outlet;       /* its name: "our newspaper", "told this agency" */
    const struct known *known; /* or NULL; borrowed for the call */
    /* Asked now and then whether to go on reading; false ends it with ERROR_SLOW. NULL: reads to the end. */
    bool (*may_go_on)(void *context);
    void *go_on_context;
};

struct token; /* server/text/text_private.h */
struct sentence;
struct paragraph;

struct analysis {
    struct slice text;
    struct span title, byline, dateline; /* may be absent */
    struct slice language;               /* guessed where the hints say nothing: "en", or NO_SLICE */
    struct span *boilerplate;
    uint32_t boilerplate_count;
    struct actor *actors;
    uint32_t actor_count;
    struct mention *mentions; /* in the order of the text */
    uint32_t mention_count;
    struct claim *claims; /* in the order of the text */
    uint32_t claim_count;
    uint32_t claims_left_out;
    struct text_meeting *meetings;
    uint32_t meeting_count;
    struct date *dates;
    uint32_t date_count;
    struct term *terms; /* in the order of the text */
    uint32_t term_count;
    struct detail *details;
    uint32_t detail_count;
    const struct token *tokens; /* what spans count */
    uint32_t token_count;
    uint64_t steps; /* what reading it took: the same for the same text */
};

/* Reads a text of valid UTF-8. ERROR_INVALID where it has or takes more than it may, see above. */
bool text_analyse(struct slice text, const struct text_hints *hints, struct arena *arena, struct analysis *analysis,
                  struct error *error);

struct characters text_characters(const struct analysis *analysis, struct span span);

const char *actor_kind_name(enum actor_kind kind);     /* "person", as the contract has it */
const char *mention_form_name(enum mention_form form); /* "name" */
const char *claim_kind_name(enum claim_kind kind);     /* "direct" */

/* ---- pages ------------------------------------------------------------------------------------------------ */

/* What an HTML page says: its text without markup, scripts and navigation, a blank line between paragraphs; and what its
 * metadata say of it (title, og:, article:, JSON-LD NewsArticle, <time>). Whatever is not there is NO_SLICE. */
struct page {
    struct slice text, title, byline, language, url, outlet;
    struct slice published_at; /* RFC 3339, or a day */
};

/* Reads a page of at most TEXT_BYTES_MAX with libxml2's forgiving parser: no network, no entities of its own, bounded depth.
 * ERROR_INVALID where it holds no text. */
bool text_page(struct slice html, struct arena *arena, struct page *page, struct error *error);

/* ---- characters ------------------------------------------------------------------------------------------- */

/* What a character is to words. */
enum text_class {
    TEXT_BLANK,  /* and what has no width */
    TEXT_LETTER, /* or a digit, or a mark that goes on with a letter */
    TEXT_QUOTE,  /* a quotation mark or an apostrophe */
    TEXT_MARK
};
/* The code point at `*at` of a text of valid UTF-8; `*at` moves behind it. `folded` gets the small letter without diacritics, 0
 * for what only goes on with another one. */
enum text_class text_character(struct slice text, size_t *at, int32_t *point, int32_t *folded);

/* ---- names ------------------------------------------------------------------------------------------------ */

/* How alike two names are, from 0 to 1, as names of people or of bodies: order, initials, titles, legal forms, transliteration
 * and spelling allowed for. At TEXT_SAME_NAME and above they are taken for the same. */
double text_name_likeness(struct slice a, struct slice b, enum actor_kind kind);
#define TEXT_SAME_NAME 0.7

/* What the record knows: its actors' names and aliases, its topics' keywords. Built by one thread; read by any number once it is
 * no longer added to. All strings are copied. */
struct known *text_known_new(void);
void text_known_name(struct known *known, struct slice name, int64_t actor, enum actor_kind kind, struct slice country);
void text_known_topic(struct known *known, struct slice slug, struct slice keyword);
void text_known_free(struct known *known); /* NULL is fine */
/* What changed since `base` was built, laid over it: small, and quickly made. The base must outlive it; what is hidden of it does
 * not count any more. */
struct known *text_known_over(const struct known *base);
void text_known_hide_actor(struct known *known, int64_t actor);

/* ---- what two articles may give differently --------------------------------------------------------------- */

/* How two forms of one actor's name are spelt; any thread, once the lexicons are loaded. */
enum spelling {
    SPELLING_SAME,  /* alike, or as one transliterates; or the one says less */
    SPELLING_OTHER, /* letters of a person's name differ, or a word of a body's, or its order */
    SPELLING_APART  /* they are different names */
};
enum spelling text_spelling(struct slice a, struct slice b, enum actor_kind kind);

/* How two terms that share a handle name the same: alike, otherwise, or they are two things. */
enum spelling text_term_naming(struct slice a, struct slice b, struct slice handle, struct arena *arena);

/* "in depth and width": two common words beside a preposition, by code points of the text given. */
struct word_pair {
    uint32_t start, end; /* of the two words */
    struct slice first, second;
    struct slice before, behind; /* the prepositions; NO_SLICE: none */
};
size_t text_word_pairs(struct slice content, struct arena *arena, struct word_pair *pairs, size_t most);

/* Offices of different houses go together: a general may be a minister. */
enum office_house { OFFICE_OF_STATE, OFFICE_OF_FIRM, OFFICE_RANK };

/* What a title says, so that it can be compared. */
struct office {
    enum office_house house;
    bool comparable;          /* it has one head, of the present */
    bool sole, by_field;      /* nobody has two such heads; there is one for each field */
    struct slice head;        /* "minister" */
    struct slice rank, field; /* "deputy", "foreign": words in the order of the alphabet; may be empty */
    struct slice portfolio;   /* of the field, what the office is for rather than where */
};
struct office text_office(struct slice title, struct arena *arena);
/* Whether they cannot both be right of one person at one time. A shorter title clashes with none that it is short for. */
bool text_offices_clash(const struct office *a, const struct office *b);

/* Whom a nameless source is said to speak for: "a senior Treasury official" gives "treasury"; NO_SLICE: nobody. */
struct slice text_seat(struct slice description, struct arena *arena);
bool text_seats_clash(struct slice a, struct slice b);

/* ---- gists ------------------------------------------------------------------------------------------------ */

/* How much it says that two passages share a concept: little for states and for words that stand everywhere. */
enum gist_weight { GIST_STATE = 4, GIST_LIGHT = 5, GIST_WHOLE = 10 };

/* What a passage says, as far as single words tell: synonyms, inflections, a state and its seats aside. Keys are the same on any
 * machine, and the same for the same words as long as lexicon/concepts.txt has them so. */
enum { GIST_CONCEPTS_MAX = 48 };
struct gist {
    struct concept {
        uint32_t key;
        uint8_t weight;
        bool number;       /* a number, itself */
        struct slice word; /* the first word that stands for it, in the passage */
    }
    concepts[GIST_CONCEPTS_MAX]; /* by key; of a longer passage those that come first */
    uint32_t count, weight;      /* weight: of all */
    bool negated;                /* an odd number of "not", "never", "no" */
};
/* Of valid UTF-8. The arena holds what it takes on the way. */
void text_gist(struct slice passage, struct arena *arena, struct gist *gist);

/* ---- what a passage counts and denies --------------------------------------------------------------------- */

/* "About 40 ships": a number of something, and what it may mean. */
struct quantity {
    double least, most; /* most: INFINITY where it has no end ("more than 40") */
    struct slice unit;  /* the word for what is counted: "ships", "percent", "$" */
    struct slice text;  /* all of it, in the passage */
};
enum { QUANTITIES_MAX = 16 };
/* Those of a passage of valid UTF-8, in their order. */
size_t text_quantities(struct slice passage, struct arena *arena, struct quantity found[static QUANTITIES_MAX]);

struct denial {
    uint32_t count;    /* of "not", "never", "no" … */
    bool unsure;       /* there is "until", "only" or the like, which may turn it round */
    struct slice word; /* the one that is denied, in the passage; NO_SLICE unless there is exactly one */
};
struct denial text_denial(struct slice passage, struct arena *arena);
/* Whether a cue denies what is said, or refuses to do it: "denied", "ruled out", "refused"; not "countered". */
bool text_cue_denies(struct slice cue, struct arena *arena);

/* ---- lexicons --------------------------------------------------------------------------------------------- */

/* The word lists that are built in: server/text/lexicon/NAME.txt. Loaded once, at the first use or by this call. */
bool text_lexicons_load(struct error *error);

struct lexicon_file {
    const char *name;    /* "verbs" */
    struct slice source; /* the file as it is */
    size_t entries;
};
size_t text_lexicon_count(void);
struct lexicon_file text_lexicon(size_t index);

#endif
