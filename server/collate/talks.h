/* Meetings that may be the same talks, and what each article tells of them: for the files that look for conflicts there. */
#ifndef READOUT_COLLATE_TALKS_H
#define READOUT_COLLATE_TALKS_H

#include "collate_private.h"

/* One of the meetings. */
struct talk {
    int64_t id;
    struct slice name, day, part_of_day, city;
    bool press; /* somebody talks to the press there */
};

/* An article that tells something of them. */
struct teller {
    int64_t article;
    int64_t published; /* its day, see days_of() */
    size_t first, end; /* what it tells, among all that is told */
};

struct told {
    struct meeting_detail detail;
    size_t talk, teller;
};

struct talks {
    struct noticing *noticing;
    struct arena *arena;
    struct talk *talks; /* the earliest one first: what is noticed is kept with it */
    size_t count;
    struct teller *tellers;
    size_t teller_count;
    struct told *told;
    size_t told_count;
};

/* Whether two days, each told by one of two articles, can be of one round: both are ahead of both articles, or both lie behind
 * them. */
bool of_one_round(const struct teller *a, int64_t day_a, const struct teller *b, int64_t day_b);

/* Whether what one teller tells cannot be right together with what another tells. */
typedef bool articles_differ(const struct talks *talks, size_t a, size_t b);
/* Marks the tellers of about one time that differ so from another. True where there are any. */
bool find_conflicts(const struct talks *talks, articles_differ *differ, bool *conflicting);

/* Whether one detail says what the other denies. */
typedef bool details_differ(const struct talks *talks, const struct told *a, const struct told *b);
/* The same for details: each of the `counted` ones of one teller differs from each of another's. */
bool find_details(const struct talks *talks, const bool *counted, details_differ *differ, bool *conflicting);

/* The state, where a side is one; else the side's own name. */
struct slice party_name(const struct talks *talks, const struct meeting_detail *detail);

/* A side that has room for all that is told. */
struct side side_new(const struct talks *talks, struct slice value);
void side_add(struct side *side, const struct told *told);

void notice_days(const struct talks *talks);
void notice_places(const struct talks *talks);
void notice_leaders(const struct talks *talks);
void notice_speakers(const struct talks *talks);

#endif
