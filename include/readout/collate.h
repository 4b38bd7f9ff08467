/* What only several articles together can tell: the same claim, its origins, the same meeting, where articles disagree.
 *
 * Works on what the store holds, inside a work (store.h): it sees what the works before it made. What it decides depends on what
 * the articles say and not on the order in which they came, and what a person decided stands. */
#ifndef READOUT_COLLATE_H
#define READOUT_COLLATE_H

#include "readout/store.h"
#include "readout/text.h"

/* What the functions of this room write with. `defaults`: of each noun's schema. */
struct collating {
    struct writing *writing;
    struct arena *arena;
    const json_t *const *defaults;
    bool following; /* the room's own: looking at what something else led to, and no further */
};

/* ---- one claim, many reports (server/collate/matching.c) --------------------------------------------------- */

/* What one article reports: the claim as it alone would have it, and the report, both as bodies for the store, borrowed. */
struct claim_read {
    json_t *claim, *report;
    struct slice published_at; /* of the article: a day or an instant, or NO_SLICE */
    bool opens;                /* it opened the claim (collate_matched) */
};

/* The claim that the report belongs to, or 0: it opens a new one. Where it shows that several claims are one, they are merged.
 * `there`: the article has a report of it in these very words. */
int64_t collate_match(struct collating *collating, const struct claim_read *read, bool *there);
/* To be called once the report is in the record: notes what it is matched by. */
void collate_matched(struct collating *collating, const struct claim_read *read, int64_t claim, int64_t report);
/* To be called once all of an article's reports of a claim that was there are noted: lets the claim follow its reports. */
void collate_follow(struct collating *collating, int64_t claim);

/* To be called when a person wrote a claim: its reports are matched from now on, too. Joins nothing. */
void collate_claim_written(struct collating *collating, int64_t claim);
/* Takes the reports that change->body lists as "report_ids" out of the claim change->id and makes another claim of them; the two
 * never become one again but by a person. OUTCOME_CREATED: of the new one. */
struct written collate_split(struct collating *collating, const struct change *change);

/* Other claims of the same party that say much the same, the likest first. */
enum { SIMILAR_MAX = 50 };
struct similar {
    int64_t claim;
    int64_t report, other_report; /* those of the two that are most alike */
    double words;                 /* how alike their words are, 0 to 1 */
    double score;                 /* the same with what else is known; 0 where why_not bars them */
    const char *why_not;          /* other-speaker, other-day, too-brief, too-different, kept-apart */
    int64_t days;                 /* between them; -1: not known */
};
bool collate_similar(struct reader *reader, int64_t claim, struct arena *arena, struct similar similar[static SIMILAR_MAX],
                     size_t *count, struct error *error);

/* Why each report of a claim belongs to it: the one of the others that it is most like. Of more than EXPLAINED_MAX only the
 * oldest are looked at. */
enum { EXPLAINED_MAX = 200, SHARED_MAX = 12 };
struct matched {
    int64_t report, with; /* with 0: there is no other */
    double words, score;
    int64_t days;
    bool same_speaker, same_stance;
    bool by_person;                  /* too little for the rules: a person put them together */
    struct slice shared[SHARED_MAX]; /* words of this one that the other has as well, or others that stand for them */
    size_t shared_count;
};
bool collate_explain(struct reader *reader, int64_t claim, struct arena *arena, struct matched **matched, size_t *count,
                     struct error *error);

/* ---- one meeting, many sightings (server/collate/meetings.c) ----------------------------------------------- */

/* What one article says of a meeting. */
struct meeting_read {
    json_t *reading; /* see server/collate/meetings.h; borrowed */
    int64_t meeting; /* the one that it was when the article was read before, or 0; then the one that it is; 0: none */
    bool made;       /* which is new */
};

/* Puts what the article says in the place of what it said before: each of `reads` belongs to a meeting that is known, or is a new
 * one. Where it shows that several are one, or that one is several, they are joined, or taken apart. */
void collate_meetings(struct collating *collating, int64_t article, struct meeting_read *reads, size_t count);
/* The meeting that such would belong to, or 0; writes nothing. `published`: a day, or NO_SLICE. */
int64_t collate_meeting(struct collating *collating, const json_t *reading, struct slice published);

/* The nameless source that speaks for that party at that briefing, or 0. */
int64_t collate_voice(struct collating *collating, int64_t meeting, struct slice party);
/* Puts the nameless sources of an article in the place of what it had: those that speak for one party at one briefing are one
 * actor, which each of them gets. */
void collate_voices(struct collating *collating, int64_t article, struct voice *voices, size_t count);

/* For whom somebody counts: a country, or else a name in small letters. */
struct slice collate_party(struct arena *arena, struct slice country, struct slice name);

/* ---- discrepancies ---------------------------------------------------------------------------------------- */

/* Notes the names of treaties, programmes and laws in an article, in the place of those noted before. To be called before
 * collate_notice(). */
void collate_note_terms(struct collating *collating, int64_t article, const struct analysis *analysis);

/* Looks again for where articles disagree about what this one speaks of: its actors, meetings and claims. To be called once what
 * was found in it is in the record, and again when that changed. */
void collate_notice(struct collating *collating, int64_t article);
/* The same for one actor, meeting or claim, which may be another now; at other nouns nothing is noticed. */
void collate_notice_at(struct collating *collating, enum noun noun, int64_t id);

/* ---- quotations (quotes.c): pure -------------------------------------------------------------------------- */

enum quote_match {
    QUOTE_EXACT,      /* these characters */
    QUOTE_NORMALISED, /* these words: marks, white space, dashes, brackets and the capital that begins a sentence may differ */
    QUOTE_CLOSE,      /* a few words differ */
    QUOTE_MISSING
};
const char *quote_match_name(enum quote_match match); /* "exact", as the contract has it */

enum quote_part_kind { QUOTE_KEPT, QUOTE_CHANGED, QUOTE_PUT_IN, QUOTE_LEFT_OUT };
const char *quote_part_name(enum quote_part_kind kind); /* "put_in" */

/* A run of words of the quotation and what the text has for it; NO_SLICE where the one or the other has nothing. */
struct quote_part {
    enum quote_part_kind kind;
    struct slice quote, text;
};

/* Characters of the text: code points, end exclusive. */
struct quote_span {
    uint32_t start, end;
    struct slice text;
};

/* The best that a text has of a quotation. An ellipsis of the quotation, and what the text puts between quotation marks to say
 * who speaks, part it into several spans. */
struct quote_found {
    enum quote_match match;
    uint32_t distance; /* words changed, put in or left out; what stands between spans and in square brackets does not count */
    struct quote_span *spans;
    size_t span_count;
    struct quote_part *parts; /* from the first span to the end of the last one */
    size_t part_count;
    bool quoted;        /* all of it stands in quotation marks */
    size_t occurrences; /* that are as good */
    bool partly;        /* the text shares so much with it that not all of it was looked at */
    size_t work;        /* what that took, in steps of some nanoseconds */
};

/* A quotation, ready to be compared. */
struct quote;
/* Of valid UTF-8, which has to live as long. NULL: there is no letter and no digit in it. */
struct quote *quote_read(struct slice text, struct arena *arena);
/* Whether the text has it. What is found is the arena's and points into both texts; `scratch` holds what comparing needs. Costs
 * time in proportion to the text, and to text and quotation where they share many words. */
void quote_compare(const struct quote *quote, struct slice text, struct arena *scratch, struct arena *arena,
                   struct quote_found *found);

/* ---- revisions of a text (revisions.c): pure -------------------------------------------------------------- */

/* Where a quotation seems to stand in the new text, though not word for word. */
struct quote_place {
    int64_t report;
    struct extent range;
    struct extent source; /* who is said to say it, where those words are still there; 0, 0 */
};
/* The places of those reports whose spans stand in an older text; `before` is the number of the one before. All memory is the
 * arena's. */
size_t revision_places(const json_t *reports, int64_t before, const struct realigned *realigned, struct slice text,
                       struct arena *arena, struct quote_place **places);

/* What became of an article's quotations: its reports before and after, as the record has them. */
struct revision_counts {
    int same, moved, changed, vanished, appeared;
};
struct revision_sides {
    const json_t *before, *after; /* arrays of reports */
    const struct quote_place *places;
    size_t place_count;
    struct slice text; /* the new one */
};
/* Whether two passages have the same words, whatever the marks and the white space between them. */
bool collate_same_words(struct slice a, struct slice b, struct arena *arena);
/* A report's words: its content, in one line. */
struct slice collate_words_of(const json_t *report, struct arena *arena);
/* Appends the contract's `quotes`, an array: what vanished, changed, is new and moved, in this order. */
void revision_compare(const struct revision_sides *sides, struct arena *arena, struct revision_counts *counts,
                      struct buffer *quotes);

/* ---- quotations in the record (verify.c) ------------------------------------------------------------------ */

struct quote_asked {
    struct slice quote;      /* of which quote_read() makes something */
    const int64_t *speakers; /* whoever the one asked for may be */
    size_t speaker_count;
    int64_t article; /* the only one to look at; 0: all */
};

/* Whether the reports that a quotation stands in ascribe it to the speaker asked for, to whom he speaks for or belongs to; where
 * it stands in none, nobody can tell. */
enum speaker_agreement { SPEAKER_UNKNOWN, SPEAKER_AGREES, SPEAKER_DIFFERS };

/* An article that has it. */
struct quote_hit {
    struct quoting_article article;
    struct quote_found found;
    struct quoting_report report; /* whose content shares most with it; its id is 0 where none does. Without its document */
    enum speaker_agreement agrees;
};

struct quote_answer {
    enum quote_match match; /* the best */
    struct quote_hit *hits; /* the speaker's first, then the better, then the earlier */
    size_t found, checked;  /* articles that have it, of those that were compared */
    bool all;               /* no other article can have it */
};

/* All memory is the arena's. At most QUOTING_ARTICLES_MAX articles are compared, fewer where that would take too long. */
bool collate_verify(struct reader *reader, const struct quote_asked *asked, struct arena *arena, struct quote_answer *answer,
                    struct error *error);

/* ---- positions (positions.c) ------------------------------------------------------------------------------ */

enum { POSITION_STANCES_MAX = 32, POSITION_CLAIMS_MAX = 5, POSITION_MOVES_MAX = 100 };

struct positions_asked {
    const struct position_topic *topics; /* by their ids; NULL: all */
    size_t topic_count;
    int64_t actor;      /* one actor, with all who belong to it; 0: all, each as the one that they come to in the end */
    struct slice as_of; /* a day: what is known to be said until then; NO_SLICE: all */
    int64_t after_topic, after_actor; /* the place to begin behind; 0: the beginning */
    int limit;
};

/* All claims of one stance. */
struct position_spread {
    struct slice stance, first_on, last_on; /* NO_SLICE: no day is known */
    size_t count;
    struct position_claim claims[POSITION_CLAIMS_MAX]; /* the newest of them */
    bool is_now;
};
struct position_move {
    struct slice stance, on;
};
/* Where one actor stands on one topic. */
struct position {
    struct position_actor actor;
    struct position_topic topic;
    struct slice stance, since; /* of now, and the day it was moved to */
    size_t claim_count;
    bool exact;                      /* else there are more, older ones */
    struct position_spread *spreads; /* the stance of now first, then those with newer claims */
    size_t spread_count;
    struct position_move *moves; /* the newest, in the order of time */
    size_t move_count;
};
struct positions {
    struct position *items; /* by topic, then by actor */
    size_t count;
    bool more;
};

/* All memory is the arena's. Reads no more of the record than what the topics and actors of the page have. */
bool collate_positions(struct reader *reader, const struct positions_asked *asked, struct arena *arena, struct positions *found,
                       struct error *error);

#endif
