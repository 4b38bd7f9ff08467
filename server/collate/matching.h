/* What reports are compared by, and how alike two of them are. */
#ifndef READOUT_COLLATE_MATCHING_H
#define READOUT_COLLATE_MATCHING_H

#include "readout/collate.h"
#include "readout/text.h"

/* ---- traits (traits.c) ------------------------------------------------------------------------------------ */

/* A report ready to be compared. */
struct reported {
    int64_t report, claim, article, speaker;  /* report, claim: 0 while it is new */
    struct slice speaker_kind, party, stance; /* NO_SLICE: nobody */
    int64_t day;                              /* days since 1970-01-01; 0: not known */
    bool said;
    struct gist gist;
    json_t *reading; /* what its article alone would make of the claim; owned */
};

/* Of a report that came; `read` is borrowed but for the reading, of which it holds a reference. */
void reported_new(struct collating *collating, const struct claim_read *read, struct reported *reported);
/* Of one in the record. False where its trait cannot be read. */
bool reported_known(const struct compared *compared, struct reported *reported);
void reported_release(struct reported *reported);

struct trait trait_of(const struct reported *reported, struct arena *arena);

/* The keys that it is found by. Two reports that are the same share at least one: see likeness.c for how alike those are. */
enum { VOICE_KEYS_MAX = 24, KEYS_MAX = 2 * VOICE_KEYS_MAX };
size_t keys_of(const struct reported *reported, int64_t keys[static KEYS_MAX]);

/* Reports that were found by keys, one entry for each: which they are, each once, those that share most keys first. `reports` is
 * put into order. */
struct sharing {
    int64_t report;
    size_t keys;
};
size_t tally_sharing(int64_t *reports, size_t all, struct arena *arena, struct sharing **found);

/* A report's words, in one line. */
struct slice words_of_report(const json_t *report, struct arena *arena);

/* ---- likeness (likeness.c) -------------------------------------------------------------------------------- */

/* How alike two reports are, from 0 to 1, and why. From SAME_CLAIM on they carry the same claim. The same for
 * (a, b) and (b, a). */
#define SAME_CLAIM 0.55
/* News of one statement goes on for some days. */
enum { DAYS_NEWS = 5 };
struct likeness {
    double score;
    double words;       /* twice what they share over what both say: Dice's coefficient, weighted */
    const char *barred; /* why they cannot be the same claim whatever their words: a code of the contract; NULL: they can */
    bool same_stance, opposite_stance, negation_differs, same_article, brief;
    double topics;   /* those shared, of all */
    int64_t days;    /* between them; -1: not known */
    uint32_t shared; /* concepts */
};
struct likeness likeness_of(const struct reported *a, const struct reported *b);

/* ---- deriving (deriving.c) -------------------------------------------------------------------------------- */

/* What a claim is, from all of its reports: their words, speaker, day and topics by a rule that does not ask which came first.
 * Only where nobody changed it. `claim` was written with `reading` when it is new. */
void derive_claim(struct collating *collating, int64_t claim);
void note_derived(struct collating *collating, int64_t claim);

#endif
