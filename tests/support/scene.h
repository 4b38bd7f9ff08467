/* What many tests begin with: one small record in which everything hangs together, and a specimen of each resource. */
#ifndef READOUT_TESTS_SUPPORT_SCENE_H
#define READOUT_TESTS_SUPPORT_SCENE_H

#include <stdbool.h>
#include <stddef.h>

/* The Morning Post, after the Wire agency, tells what Zoë Baker, the minister of Freedonia, said at the Talks:
 *
 *     Zoë Baker said the talks begin on Monday.
 *     0       9 10 14    19    25       34     41          (code points)
 *
 * All have an external_id: "post", "wire", "freedonia", "baker", "talks-1", "article-1", "claim-1", "discrepancy-1"; and the
 * topic the slug "fishing-rights". */
struct scene {
    long long post, wire, freedonia, baker; /* actors: media, agency, state, person */
    long long meeting, topic, article, claim, discrepancy;
    long long mention, report; /* the article's one, the claim's one */
};
struct scene scene_set(void);

#define SCENE_TEXT "Zo\u00eb Baker said the talks begin on Monday."

/* A kind of resource, and how to make one that depends on nothing but specimen_article(). */
struct specimen {
    const char *path;   /* "/v1/claims" */
    const char *noun;   /* "claim" */
    char letter;        /* of its entity tags */
    const char *body;   /* of a POST or PUT, quoted as json_of() wants it; %s takes more members, ", 'external_id': 'x'" or "" */
    const char *change; /* a PATCH that changes something, likewise with %s */
    bool replaces;      /* has PUT */
    bool merges;
};
extern const struct specimen specimens[];
extern const size_t specimen_count;

/* Goes through the kinds: for (EACH_SPECIMEN(kind)) { … } */
#define EACH_SPECIMEN(kind)                                                                                                      \
    const struct specimen *kind = specimens;                                                                                     \
    kind < specimens + specimen_count;                                                                                           \
    kind++

/* The kind that this path ("/v1/claims/{id}/reports") belongs to, or NULL. */
const struct specimen *specimen_of(const char *path);

/* Makes the article that a discrepancy's specimen gives as evidence, once a database: its external_id is "specimen". */
void specimen_article(void);
/* The body with these members added; the same for a PUT on the one with that id; the change likewise. */
const char *specimen_body(const struct specimen *specimen, const char *members);
const char *specimen_replacement(const struct specimen *specimen, long long id, const char *members);
const char *specimen_change(const struct specimen *specimen, const char *members);
/* A new one of that kind: its id. */
long long specimen_make(const struct specimen *specimen);

#endif
