/* One meeting out of what articles say of it.
 *
 * What one article says of a meeting is a sighting. Sightings are grouped by what they say alone, whatever order they came in
 * (sightings.c); a group is a meeting, and what the meeting is comes out of its sightings (summing.c). meetings.c looks for the
 * sightings that a new one may belong to, and puts into the record what comes of it.
 *
 * A sighting's reading is a meeting's body, as the contract has it, its evidence without article ids, and besides
 *
 *     "parties"   ["RU", "US"]: states by their country, officials and bodies by that of whom they belong to, others by name
 *     "people"    [{"party": "US", "actor": 12}]
 *     "nameless"  whether somebody speaks there who is not named */
#ifndef READOUT_COLLATE_MEETINGS_H
#define READOUT_COLLATE_MEETINGS_H

#include "readout/collate.h"

enum { PARTIES_MAX = 8, PEOPLE_MAX = 16, SIGHTS_MAX = 300, SIGHT_KEYS_MAX = 64 };

/* A sighting, understood. Article 0: a person's word on the meeting itself. Slices lie in the reading. */
struct sight {
    struct sighting is;
    json_t *reading;         /* owned */
    struct slice sort, kind; /* sort: briefing, call, visit or meeting: never the same as one of another sort */
    struct slice day, month; /* the day; or "2022-01" or "2022", where no more is known; or neither */
    struct slice city;
    struct slice parties[PARTIES_MAX];
    size_t party_count;
    struct person {
        struct slice party;
        int64_t actor;
    } people[PEOPLE_MAX];
    size_t person_count;
    bool nameless, held;
    bool fresh; /* just read: of no meeting yet */
    bool free;  /* not bound to the meeting that it is of */
    bool gone;  /* its article says it no more */
    size_t group;
    int64_t becomes; /* the meeting that it is of, once that is settled */
    bool made;       /* which was made for it */
};

/* ---- what they say (sightings.c) -------------------------------------------------------------------------- */

/* Understands sight->reading, with sight->is.published and order set. */
void sight_understand(struct sight *sight);

/* What a sighting is kept under, and what those that may be of the same meeting are kept under. */
size_t sight_keys(const struct sight *sight, struct arena *arena, struct slice keys[static SIGHT_KEYS_MAX]);
size_t sight_sought(const struct sight *sight, struct arena *arena, struct slice keys[static SIGHT_KEYS_MAX]);

/* Both tell the day: whether they are one meeting; whether they may be, where nothing else on that day is. */
bool sights_same(const struct sight *a, const struct sight *b);
bool sights_near(const struct sight *a, const struct sight *b);
/* One tells no day: whether it may be the other's meeting. Neither does: whether they are one. */
bool sight_may_be(const struct sight *loose, const struct sight *dated);
bool sights_alike(const struct sight *a, const struct sight *b);

/* The first and the last day of a dated meeting that a loose sighting may be of; of the publication of sightings that may be of
 * a dated one. NO_SLICE: there is none. */
struct days {
    struct slice from, until;
};
struct days days_sought(const struct sight *loose, struct arena *arena);
struct days days_published(const struct sight *sight, struct arena *arena);

/* Gives those of one meeting the same `group`: its first one's place. Those not `free` stay with others of their meeting. */
void sights_group(struct sight *sights, size_t count, struct arena *arena);

/* ---- what comes out (summing.c) --------------------------------------------------------------------------- */

/* The meeting's body as its sightings have it, in the order of publication; NULL for none. Owned by the caller. */
json_t *sights_sum(const struct sight *const *sights, size_t count, struct arena *arena);
/* What has to be changed in the meeting's document when its sightings came to `before` and come to `now`: what a person wrote
 * there stays. Owned by the caller. */
json_t *sights_patch(const json_t *document, const json_t *before, const json_t *now);

#endif
