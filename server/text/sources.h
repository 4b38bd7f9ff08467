/* What sources.c, nominals.c and presence.c share: everybody who came up so far, and how. */
#ifndef READOUT_TEXT_SOURCES_H
#define READOUT_TEXT_SOURCES_H

#include "noun_phrase.h"

enum {
    RECENT_MAX = 40, /* actors that a pronoun or a nominal may take up */
    ROLES_MAX = 4    /* titles of one person that are looked at */
};

/* What is known of an actor besides what the findings say. */
struct being {
    enum gender gender;
    bool plural;
    const struct entry *roles[ROLES_MAX]; /* what he or she is, by titles; of an unnamed one, the noun */
    uint32_t role_count, titles_seen;
    int32_t of;           /* the actor in its description: "White House official"; or NOBODY */
    struct span words;    /* its description: "senior White House official" */
    uint32_t last;        /* the token it was last seen at */
    uint32_t count;       /* how often it came up */
    bool subject, quoted; /* how it came up last */
    bool people;          /* … and that was as "the Russians" */
    bool modifier;        /* … and that was before a noun: "his Facebook profile" */
};

struct reader {
    struct text *text;
    struct being *beings; /* by actor */
    uint32_t being_room;
    int32_t recent[RECENT_MAX]; /* the latest first */
    uint32_t recent_count;
    uint32_t swept;       /* the token up to which names have been noted */
    int32_t last_speaker; /* or NOBODY */
    uint32_t last_speech; /* the token where */
};

/* What a pronoun or a nominal asks for. */
struct wanted {
    const struct noun_phrase *phrase;
    unsigned kinds; /* KIND() of the actors that may be meant */
    bool many;      /* several */
    uint32_t at;
    int32_t favoured; /* who is speaking of himself or herself: "X said he …" */
    int32_t excluded; /* who speaks the quotation that this stands in */
};

#define KIND(kind) (1u << (kind))
#define PUBLIC     (KIND(ACTOR_STATE) | KIND(ACTOR_GOVERNMENT) | KIND(ACTOR_ALLIANCE))
#define BODIES     (PUBLIC | KIND(ACTOR_ORGANIZATION) | KIND(ACTOR_MEDIA))
#define HUMANS     (KIND(ACTOR_PERSON) | KIND(ACTOR_ANONYMOUS))

/* ---- who came up (presence.c) ----------------------------------------------------------------------------- */

struct being *being_of(struct reader *reader, int32_t actor); /* valid until the next actor is added */
/* Reads the actor's titles that were not read yet. */
void learn_roles(struct reader *reader, int32_t actor);
/* Notes that the actor came up at that token. */
void come_up(struct reader *reader, int32_t actor, uint32_t at, bool subject);
/* Notes the names up to `end`. */
void sweep(struct reader *reader, uint32_t end);
/* How near the actor is at that place: the higher the likelier. */
double nearness(struct reader *reader, const struct wanted *wanted, int32_t actor);
bool same_land(const struct text *text, const struct noun_phrase *phrase, int32_t actor);
bool same_gender(const struct being *being, enum gender gender);
uint32_t paragraph_at(const struct text *text, uint32_t at);

/* ---- nominals (nominals.c) -------------------------------------------------------------------------------- */

/* The actor of "the official", "a US source", "the Spanish agency"; a new one where nobody fits; NOBODY for what speaks for
 * nobody. */
int32_t who_nominal(struct reader *reader, const struct wanted *wanted);
/* Notes the official, the spokesman or the source that the role noun at `at` is the head of, where it is one. */
void note_nominal(struct reader *reader, uint32_t at);
/* Marks the nominal or the pronoun; states and alliances have no nominals. */
void mark(struct text *text, const struct noun_phrase *phrase, int32_t actor);
/* The phrase without its determiner: "senior US official". */
struct slice description(const struct text *text, const struct noun_phrase *phrase);

/* Makes whom a medium cites the source of its attributions, and the medium a part of their chain (citing.c). */
void settle_citing(struct text *text);

/* "I", "we" (sources.c) */
bool is_first_person(const struct text *text, struct span source);

/* The entry of LEXICON_ROLES that a title or a description comes to: "Russian Deputy Foreign Minister" to "minister", "spokesman
 * for the Interior Ministry" to "spokesman". NULL where it comes to none. */
const struct entry *role_of_title(struct slice title);

#endif
