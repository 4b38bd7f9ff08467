/* What the files that find attributions share. attribution.c walks through the text, attribution_cue.c finds who is behind a cue,
 * attribution_content.c what is said. */
#ifndef READOUT_TEXT_ATTRIBUTION_H
#define READOUT_TEXT_ATTRIBUTION_H

#include "syntax.h"

/* A stretch of text within which a cue, its source and its content are looked for: a sentence; several, where a quotation runs
 * over their ends; or what stands in a quotation or a content, for what is nested in it. */
struct scope {
    uint32_t first, end;
};

enum voice {
    VOICE_ACTIVE,
    VOICE_INVERTED,   /* "said the minister" */
    VOICE_PASSIVE,    /* "was quoted as saying", "is accused of" */
    VOICE_PARTICIPLE, /* ", adding that" */
    VOICE_INFINITIVE  /* "to say that" */
};

struct cue {
    uint32_t at, end; /* the reporting words */
    uint32_t group;   /* where their verb group begins */
    uint32_t clause;  /* where their clause begins: with the source, if it comes before */
    uint32_t after;   /* the token after all that belongs to the cue: an inverted source, an addressee */
    const struct entry *entry;
    const struct frame *frame;
    enum voice voice;
    struct span source, addressee;
    struct span through;
    bool carried; /* the source is that of the cue before: "said … and added" */
    bool negated;
    bool bounded; /* its clause is part of another, which goes on behind the content */
};

/* ---- attribution_cue.c ---- */

/* Fills in who says it. `carried` is the source that a participle or "and added" takes over. False: this verb reports nothing. */
bool cue_read(const struct syntax *syntax, struct scope scope, uint32_t at, struct span carried, struct cue *cue);
/* "according to X", "in the words of X": cue, source, and `after` behind them. */
bool cue_read_phrase(const struct syntax *syntax, struct scope scope, uint32_t at, struct cue *cue);
/* "in X's view", which hangs on a clause as "according to X" does. */
bool cue_read_view(const struct syntax *syntax, struct scope scope, uint32_t at, struct cue *cue);
/* "X's warning", "the claim by X". */
bool cue_read_noun(const struct syntax *syntax, struct scope scope, uint32_t at, struct cue *cue);

/* ---- attribution_content.c ---- */

enum content_kind {
    CONTENT_NONE,
    CONTENT_CLAUSE,     /* with or without "that"; a quotation */
    CONTENT_INFINITIVE, /* "to …" */
    CONTENT_PHRASE      /* a noun phrase or a gerund with what hangs on it */
};

struct content {
    enum content_kind kind;
    struct span span;
    uint32_t next; /* where another proposition under the same "that" begins, or 0: "that A and that B" */
};

/* What follows the cue. May move the cue's end over a preposition, and find its addressee. */
struct content content_after(const struct syntax *syntax, struct scope scope, struct cue *cue);
/* The next proposition: "and that B". */
struct content content_next(const struct syntax *syntax, struct scope scope, const struct content *before);
/* The clause that the cue is set in or after: up to two pieces. Returns how many. */
uint32_t content_around(const struct syntax *syntax, struct scope scope, const struct cue *cue, struct span pieces[static 2]);
/* For a phrase such as "according to": the clause that it opens, closes or interrupts. */
uint32_t content_of_phrase(const struct syntax *syntax, struct scope scope, const struct cue *cue, struct span pieces[static 2]);
/* Where a content that begins at `first` ends. `bounded`: also before a verb that is not its own, since the cue stands in a
 * relative clause, in a participle or in a noun phrase, and its clause goes on: "the man who rejected the plan | told". */
uint32_t content_end(const struct syntax *syntax, uint32_t first, uint32_t limit, enum content_kind kind, bool bounded);
/* The quotation that ends right before `at`, but for marks; UINT32_MAX for none. */
uint32_t quotation_before(const struct syntax *syntax, uint32_t at, uint32_t from);
/* Whether a finite verb stands in the span, outside quotations. */
bool has_finite(const struct syntax *syntax, struct span span);

#endif
