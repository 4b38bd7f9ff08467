/* Between the files that find meetings: each place where a text speaks of one (meetings.c), who takes part (meeting_parties.c),
 * and which places speak of the same one (meeting_merge.c). */
#ifndef READOUT_TEXT_MEETINGS_H
#define READOUT_TEXT_MEETINGS_H

#include "text_private.h"

enum { EVENT_PARTIES_MAX = 10, SIDES_MAX = 8 };

enum event_class { EVENT_MEETING, EVENT_CALL, EVENT_PRESS, EVENT_VISIT };

/* A place where the text speaks of a meeting. */
struct event {
    uint32_t at;      /* its noun or verb */
    struct span span; /* the mention; empty: the sentence only says who takes part */
    struct span room; /* the tokens around it in which its day, place and parties are looked for */
    uint32_t reach;   /* its subject is looked for from here on: over a verb of saying, too */
    const struct entry *entry;
    enum event_class class;
    const char *kind;
    uint32_t sentence;
    struct slice day, until; /* of its date: value and end; NO_SLICE without one */
    const char *precision, *part;
    struct slice city, country;
    struct participant parties[EVENT_PARTIES_MAX];
    uint32_t party_count;
    int32_t body;    /* the organization whose session it is, or NOBODY */
    int32_t speaker; /* at a briefing, or NOBODY */
    int way;         /* LEANS_…: whether the clause looks back or ahead */
    const char *off; /* "cancelled", "postponed", or NULL */
    bool verb, sure, loose;
    bool definite;    /* "the talks", "these talks", bare "talks": may take up one that was spoken of */
    bool fresh;       /* "a summit": one that was not spoken of yet */
    bool wished;      /* "ready to hold talks": nobody says that there are any */
    bool first, main; /* "first conversation", "main meeting" */
    int32_t meeting;  /* its place among the meetings, or NOBODY */
    int32_t also;     /* another that it speaks of, too: "on Sunday and Monday" */
};

struct events {
    struct event *items;
    uint32_t count, room;
    int32_t *states; /* by country, see country_place: the actor that is its state or government, or NOBODY */
};

enum { COUNTRIES_MAX = 26 * 26 };

/* Whether the token is one of the words of a list that ends with NULL. */
static inline bool token_is_any(const struct text *text, uint32_t at, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (token_is(text, at, words[i]))
            return true;
    return false;
}

/* Notes which actors are states. */
void parties_open(const struct text *text, struct events *events);
/* Adds who takes part, and the body that meets. */
void event_parties(const struct text *text, const struct events *events, struct event *event);

/* What two actors have in common where it counts whether they are one side: the country, else the actor. Never NO_SLICE. */
bool same_side(const struct text *text, int32_t a, int32_t b);

/* Makes meetings of the events and tells each event its meeting. */
void meetings_merge(struct text *text, struct events *events);

#endif
