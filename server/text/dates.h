/* Between the files that read time expressions: the pieces they are made of (date_pieces.c), the grammar that joins them
 * (dates.c, date_absolute.c, date_relative.c), which way a clause looks, back or ahead (date_leaning.c), and the calendar. */
#ifndef READOUT_TEXT_DATES_H
#define READOUT_TEXT_DATES_H

#include "readout/clock.h"
#include "text_private.h"

/* ---- pieces ----------------------------------------------------------------------------------------------- */

enum piece_kind {
    PIECE_GAP, /* something between that is no part of a time expression */
    PIECE_MONTH,
    PIECE_WEEKDAY,
    PIECE_UNIT,
    PIECE_SHIFT,   /* yesterday: `value` days from now; PIECE_SAME flag: from the day spoken of last */
    PIECE_PART,    /* of the day */
    PIECE_SEASON,  /* `value` is its first month */
    PIECE_HOLIDAY, /* `entry` says which */
    PIECE_WAY,     /* last -1, this 0, next 1 */
    PIECE_EDGE,
    PIECE_SIGN,
    PIECE_LINK,
    PIECE_CLOCK, /* am 0, pm 12, o'clock -1 */
    PIECE_ZONE,
    PIECE_NUMBER,
    PIECE_ORDINAL,
    PIECE_DAY,     /* a whole date in figures: `value` is its number */
    PIECE_MOMENT,  /* hours and minutes in figures: `value` is minutes */
    PIECE_DECADE,  /* `value` is its first year */
    PIECE_QUARTER, /* "Q3" */
    PIECE_KINDS
};

enum unit {
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_BUSINESS_DAY,
    UNIT_WEEKEND,
    UNIT_WEEK,
    UNIT_FORTNIGHT,
    UNIT_MONTH,
    UNIT_QUARTER,
    UNIT_YEAR,
    UNIT_DECADE,
    UNIT_CENTURY
};

enum edge { EDGE_START, EDGE_MIDDLE, EDGE_END };

enum sign { SIGN_AGO, SIGN_HENCE, SIGN_LATER, SIGN_EARLIER, SIGN_AFTER, SIGN_BEFORE };

enum link {
    LINK_OF,
    LINK_THE,
    LINK_TO,
    LINK_AND,
    LINK_IN,
    LINK_WITHIN,
    LINK_ON,
    LINK_AT,
    LINK_BY,
    LINK_SINCE,
    LINK_BETWEEN,
    LINK_COMMA,
    LINK_DASH
};

enum piece_flag {
    PIECE_SHORT = 1,     /* an abbreviation that is also a name */
    PIECE_WORDS = 2,     /* a number in words */
    PIECE_VAGUE = 4,     /* a few */
    PIECE_FROM_LAST = 8, /* counted from the day spoken of last */
    PIECE_BARE = 16,     /* only where nothing follows that it could belong to */
    PIECE_WEAK = 32,     /* the words are also something else */
    PIECE_SPLIT = 64     /* shares its token with the next piece */
};

struct piece {
    uint8_t kind, flags;
    uint8_t digits; /* of a number in figures */
    int8_t unit;    /* of an edge that holds its unit: "year end"; else -1 */
    int32_t value;
    int32_t minutes;     /* of PIECE_DAY, PIECE_PART: the time, or -1 */
    uint32_t first, end; /* tokens */
    const char *part;    /* of the day */
    const struct entry *entry;
};

struct pieces {
    const struct text *text;
    struct piece *items;
    uint32_t count, room;
    struct sense *senses; /* what the lexicon's entries mean, read once a text */
};

/* All pieces of the tokens that are no boilerplate, a gap wherever something else stands between, and gaps at both ends. */
void pieces_read(struct pieces *pieces, const struct text *text);

/* Whether a function word is of that class, among others. */
bool has_class(const struct text *text, uint32_t at, const char *class);

/* ---- which way a clause looks ----------------------------------------------------------------------------- */

enum { LEANS_PAST = -1, LEANS_NOWHERE = 0, LEANS_FUTURE = 1 };

struct leaning {
    int way;      /* LEANS_… */
    bool weak;    /* the expression only qualifies a noun: "Monday's meeting" */
    bool present; /* ahead, by no more than a verb in the present: "The court confirms" */
    bool saying;  /* the verb beside it is one of saying */
};

struct leaning leaning_at(const struct text *text, struct span span);
/* Of the verb at `at`, with its auxiliaries. */
int leaning_of_verb(const struct text *text, uint32_t at);

/* ---- the calendar ----------------------------------------------------------------------------------------- */

#define NO_DAY INT64_MIN

/* Days are numbers, as clock.h counts them; weekdays run from Monday, 1, to Sunday, 7. */
int64_t day_number(int year, int month, int day);
bool day_exists(int year, int month, int day);
int weekday_of(int64_t day);
int64_t monday_of(int64_t day);
int64_t months_on(int64_t day, int months); /* the same day so many months on, the last of a shorter month; or NO_DAY */
int64_t business_days_on(int64_t day, int count);
int64_t nth_weekday(int year, int month, int weekday, int nth); /* the last for 5; or NO_DAY */
int64_t holiday_in(const struct entry *entry, int year);

/* ---- meanings --------------------------------------------------------------------------------------------- */

enum precision {
    PRECISION_MINUTE,
    PRECISION_HOUR,
    PRECISION_DAY,
    PRECISION_WEEK,
    PRECISION_MONTH,
    PRECISION_QUARTER,
    PRECISION_SEASON,
    PRECISION_YEAR,
    PRECISION_DECADE
};

enum open { OPEN_NOTHING, OPEN_YEAR, OPEN_WEEKDAY };

enum { DEPTH_MOST = 4 }; /* of expressions within expressions */

/* What an expression means. Of anything longer than a day, `first` is its first day. */
struct meaning {
    uint32_t end; /* pieces */
    enum precision precision;
    enum open open;          /* what the expression leaves open … */
    int64_t first;           /* … and NO_DAY until it is settled */
    int64_t last;            /* of a range, or NO_DAY */
    int weekday, month, day; /* of what is open; `day` 0: the month alone */
    const struct entry *holiday;
    bool relative;
    const char *part;
    int minutes;  /* -1: no time */
    bool counted; /* a length counted from a day: the value is the day that it comes to */
};

struct reader {
    const struct text *text;
    struct pieces pieces;
    int64_t today;  /* NO_DAY: nobody knows */
    int64_t spoken; /* the day that was spoken of last */
    int64_t time;   /* … or the time of any length: its first day, and how long it is */
    enum precision time_precision;
    uint32_t start;    /* the piece at which the expression begins */
    uint32_t promised; /* the piece at which the end of a range begins, and what it was settled to */
    int64_t promise;
    bool weak; /* leaned on a weak sign, see struct leaning */
    int depth;
};

static inline const struct piece *piece(const struct reader *reader, uint32_t at)
{
    return &reader->pieces.items[at < reader->pieces.count ? at : reader->pieces.count - 1];
}

static inline bool is(const struct reader *reader, uint32_t at, enum piece_kind kind)
{
    return piece(reader, at)->kind == kind;
}

static inline bool is_link(const struct reader *reader, uint32_t at, enum link link)
{
    return is(reader, at, PIECE_LINK) && piece(reader, at)->value == (int)link;
}

static inline uint32_t over(const struct reader *reader, uint32_t at, enum link link)
{
    return at + is_link(reader, at, link);
}

static inline bool joins_range(const struct reader *reader, uint32_t at)
{
    return is_link(reader, at, LINK_TO) || is_link(reader, at, LINK_DASH) || is_link(reader, at, LINK_AND);
}

static inline bool in_name(const struct reader *reader, uint32_t at)
{
    return reader->text->mention_of[piece(reader, at)->first] != NOBODY;
}

static inline bool led_by(const struct reader *reader, const char *const *words)
{
    uint32_t first = piece(reader, reader->start)->first;
    for (int i = 0; first > 0 && words[i]; i++)
        if (token_is(reader->text, first - 1, words[i]))
            return true;
    return false;
}

static inline struct meaning fixed(uint32_t end, enum precision precision, int64_t first)
{
    return (struct meaning){.end = end, .precision = precision, .first = first, .last = NO_DAY, .minutes = -1};
}

static inline struct meaning relative(uint32_t end, enum precision precision, int64_t first)
{
    struct meaning meaning = fixed(end, precision, first);
    meaning.relative = true;
    return meaning;
}

static inline struct leaning leaning_of(const struct reader *reader, uint32_t end)
{
    return leaning_at(reader->text, (struct span){piece(reader, reader->start)->first, piece(reader, end - 1)->end});
}

/* A length of time: { number unit }. */
struct length {
    uint32_t end;
    int months, days, business_days, hours;
    int smallest; /* unit */
};

/* "four months before" something that is no date: an event, which the text may date elsewhere. */
struct event_length {
    uint32_t end; /* pieces */
    struct length length;
    int way;
};

/* ---- the grammar ------------------------------------------------------------------------------------------ */

/* Each rule reads an expression from a piece on: false where there is none, and what stands in `meaning` is worth nothing. */
bool read_base(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_expression(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_whole(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_month_day(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_weekday(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_month(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_season(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_holiday(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_quarter(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_decade(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_year(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_weekdays(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_length(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_in_length(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_way(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_edge(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_nth_weekday(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_nth_day(struct reader *reader, uint32_t at, struct meaning *meaning);
bool read_shift(struct reader *reader, uint32_t at, struct meaning *meaning);

bool day_at(const struct reader *reader, uint32_t at, int *day);      /* of a month */
struct meaning open_day(uint32_t end, int month, int day);            /* of a year not yet known */
void with_year(const struct reader *reader, struct meaning *meaning); /* takes in a year that follows */
void close_year(struct meaning *meaning, int year);
int64_t in_year(const struct meaning *meaning, int year);
void settle(struct reader *reader, struct meaning *meaning); /* fills what is left open, as far as the clause tells */
int64_t last_day(const struct meaning *meaning);
bool read_event_length(struct reader *reader, uint32_t at, struct event_length *event);
struct meaning event_length_from(const struct event_length *event, int64_t from, enum precision precision);
int64_t weekday_towards(int64_t from, int weekday, int way); /* the next, or the one before; the day itself counts */

#endif
