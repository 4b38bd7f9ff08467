/* Names while they are being found: name_scan.c finds where they stand, with what name_runs.c, name_titles.c and name_words.c
 * tell of words; name_people.c joins those of persons, names.c all others, and makes the actors. */
#ifndef READOUT_TEXT_NAMES_H
#define READOUT_TEXT_NAMES_H

#include "text_private.h"

/* ---- what a name is --------------------------------------------------------------------------------------- */

enum name_is {
    NAME_STATE,      /* `entry`: its line in states.txt */
    NAME_GOVERNMENT, /* of the state `entry` */
    NAME_BODY,       /* `entry`: its line in organizations.txt */
    NAME_OUTLET,     /* `entry`: its line in media.txt */
    NAME_OTHER_BODY, /* known by its words: "Kiel Institute for the World Economy" */
    NAME_PERSON,
    NAME_RECORDED, /* known to the record alone */
    NAME_MAYBE     /* a word or two in capitals; what else the text has must say what it is */
};

struct name {
    struct span span;  /* without article and title */
    struct span title; /* printed before or after */
    struct span also;  /* a second title */
    enum name_is is;
    enum actor_kind kind;
    enum mention_form form;
    const struct entry *entry;
    const struct entry *address; /* the last head of the title before it */
    struct slice code;           /* of its state, where that is told */
    struct known_match known;    /* what the record knows by these words; actor 0: nothing */
    struct span acronym;         /* "(OSCE)" behind it */
    bool silent;                 /* inside another name: teaches who is who, but is no mention */
    bool venue;                  /* a state that things happen in, and nothing else */
    bool speaks;                 /* its place in the sentence is a speaker's */
    bool heading;                /* stands in a headline, where every word has a capital */
    bool begins;                 /* there, or at the beginning of a sentence */
    bool place;                  /* a place's name: if anything, a person's surname */
    bool gone;                   /* found to be no name */
    int32_t body;                /* the name (by its place among the names) of the body in its title, or NOBODY */
    int32_t actor;
};

/* Sets of hashed words, and what each stands for. */
struct table {
    struct table_slot {
        uint64_t key; /* 0: free */
        int32_t value;
    } * slots;
    uint32_t mask, count;
};

struct table table_new(struct arena *arena, uint32_t entries);
/* The value's place for that key, new ones beginning as NOBODY; NULL once the table is as full as it was made for. */
int32_t *table_at(struct table *table, uint64_t key);
int32_t table_get(const struct table *table, uint64_t key); /* NOBODY where the key is not there */
void table_set(struct table *table, uint64_t key, int32_t value);

/* What a key is made for: keys of different kinds never meet. */
enum key_kind {
    KEY_STATE = 1,
    KEY_GOVERNMENT,
    KEY_BODY,
    KEY_OUTLET,
    KEY_WORDS,
    KEY_WORDS_OF, /* a body's words with its state's code */
    KEY_KNOWN,
    KEY_SURNAME,
    KEY_FIRST,
    KEY_MAYBE,
    KEY_LEADER, /* of a state: whose administration its government is */
    KEY_VENUE,
    KEY_VENUE_CITY
};
uint64_t key_of(enum key_kind kind, uint64_t what);

struct person {
    uint32_t name;                 /* its fullest form, among the names */
    uint32_t words;                /* of that */
    int32_t same_last, same_first; /* the next person with that, or NOBODY */
    int64_t known;
    const struct entry *head; /* of a title that stood with the full name */
    struct slice code;
    uint32_t seen; /* the last name that was this person's */
    int32_t actor;
};

struct names {
    struct name *list;
    uint32_t count, room;
    uint32_t acted_end;    /* where the last name of somebody who acts ended */
    struct table small;    /* words that the text also has in small letters */
    struct table acronyms; /* "(OSCE)" behind a name: which name it is of */
    struct table actors;   /* of states, governments, bodies, outlets, recorded names */
    struct table people;   /* by surname: the first in a chain of persons */
    struct person *persons;
    uint32_t person_count, person_room;
};

struct name *name_add(struct text *text, struct span span, enum name_is is);

/* ---- finding them (name_scan.c, name_runs.c) --------------------------------------------------------------------------- */

/* Finds names in all that is body or title. Fills text->names->list in the order of the text. */
void names_scan(struct text *text);

/* One sentence while it is read. */
struct scan {
    struct text *text;
    uint32_t first, end; /* the sentence */
    bool heading;        /* all its words have capitals */
};

struct run {
    uint32_t end;    /* `end` == start: there is none */
    uint32_t words;  /* without particles */
    bool given;      /* begins with a given name */
    bool sure;       /* and that is no other word */
    bool marked;     /* has initials or particles */
    bool plain;      /* one of its words is an ordinary one */
    bool titled;     /* one is a title, with more behind it: "Smith Communications Director Jones" */
    bool short_word; /* one is two or three capitals */
};

struct body {
    uint32_t end; /* `end` == start: there is none */
    struct slice kind;
    bool surname;   /* the word that makes it a body is as often a surname: "Jerry Hall" */
    uint32_t words; /* besides the word that makes it a body */
};

/* The longest entry of the lexicons of names that begins at `at` and whose first word has a capital. */
struct match listed_at(const struct scan *scan, uint32_t at);
struct run person_run(const struct scan *scan, uint32_t at);
struct body body_run(const struct scan *scan, uint32_t at);
/* Whether the run that begins at `at` is a person's name, by itself and by what stands around it. */
bool run_is_person(const struct scan *scan, uint32_t at, const struct run *run);
/* Whether the place of a name in its sentence is that of somebody who says something. */
bool span_speaks(const struct scan *scan, struct span span);
/* Behind particles that a capital follows: "von der|Leyen". `at` itself where there are none. */
uint32_t past_particles(const struct scan *scan, uint32_t at);
bool word_heads_title(const struct text *text, uint32_t at);
bool word_has_capital(const struct text *text, uint32_t at); /* anywhere in it */
bool word_is_article(const struct text *text, uint32_t at);

/* ---- people (name_people.c) ------------------------------------------------------------------------------- */

/* Joins all names of persons. */
void join_people(struct text *text);
/* "Paris said" is Valerie Paris where she is in the text, and "Jordan" Michael Jordan. */
void settle_places(struct text *text);
/* The person that a name is of: found among those before it, else new where `adds`. NOBODY: none. */
int32_t find_person(struct text *text, uint32_t place, bool adds);
int32_t add_person(struct text *text, uint32_t place);
void join_person(struct text *text, uint32_t place, int32_t who);
/* The lexicon's entry of a surname that news uses by itself; NULL: it is none. */
const struct entry *leader_of(const struct text *text, struct span span);

/* ---- words (name_words.c) --------------------------------------------------------------------------------- */

bool word_capital(const struct text *text, uint32_t at); /* a word that begins with a capital letter */
bool word_in(const struct text *text, uint32_t at, const char *const *list);
bool word_is_function(const struct text *text, uint32_t at);
/* Whether the function word is of that class before all others. */
bool word_is_class(const struct text *text, uint32_t at, const char *class);
bool word_is_date(const struct text *text, uint32_t at);
/* Whether the word is an ordinary one, here or in another place of the text: nothing but its capital makes it a name. */
bool word_is_plain(const struct text *text, uint32_t at);
/* Whether a finite verb stands there, adverbs passed over; one of saying or thinking. */
bool verb_stands(const struct text *text, uint32_t at);
bool verb_of_saying(const struct text *text, uint32_t at);
const struct entry *given_name(const struct text *text, uint32_t at); /* NULL: none */
bool same_sentence(const struct text *text, uint32_t at, uint32_t other);
/* Whether a place's name stands for those who govern there: by what is before and behind it. */
bool place_acts(const struct text *text, struct span span);

/* The entry that a line belongs to: its own, or that of its of=. */
const struct entry *entry_main(const struct entry *entry);

/* ---- titles (name_titles.c) ------------------------------------------------------------------------------- */

struct title {
    struct span span;         /* empty: there is none */
    const struct entry *head; /* its last head: office, rank, role or form of address */
    bool office;              /* holds more than a form of address */
    bool kin;                 /* a relation to somebody else: brother, counterpart */
    bool linked;              /* ends with the name of a body or place: "director of Acme" */
    uint32_t rank;            /* where a rank begins behind an office: "Deputy Minister | Colonel-General"; 0: none */
    uint32_t last;            /* where its last head begins */
    struct slice code;        /* of the state that it names */
    uint32_t place;           /* where the state's or the body's name in it stands; UINT32_MAX */
};

/* The longest title that begins at `at`: what follows may be a name. */
struct title title_before(const struct text *text, uint32_t at);
/* "…, the deputy foreign minister," that ends before the comma at `comma`. */
struct title title_then_comma(const struct text *text, uint32_t comma);
/* ", US Ambassador to OSCE," that begins behind the comma at `comma`. */
struct title title_after(const struct text *text, uint32_t comma);

#endif
