/* Dates that say their day, month or year, and what they leave open: the grammar stands in dates.c.
 *
 * A month or a day without its year is the nearest that fits the clause; a bare weekday looks back for what was said and ahead
 * for what is planned (date_leaning.c). */
#include <stdlib.h>

#include "dates.h"

enum { NEAR_DAYS = 10 }; /* so near the clause is not asked */

/* ---- settling what an expression leaves open -------------------------------------------------------------- */

int64_t in_year(const struct meaning *meaning, int year)
{
    if (year < 1 || year > 9999)
        return NO_DAY;
    if (meaning->holiday)
        return holiday_in(meaning->holiday, year);
    int day = meaning->day ? meaning->day : 1;
    return day_exists(year, meaning->month, day) ? day_number(year, meaning->month, day) : NO_DAY;
}

/* The year that is nearest. Further away than a few days the clause decides: what was done was done before. */
static void settle_year(const struct reader *reader, struct meaning *meaning, int way)
{
    int year = clock_day(reader->today).year;
    int64_t anchor = meaning->day || meaning->holiday ? reader->today : day_number(year, clock_day(reader->today).month, 1);
    int64_t nearest = NO_DAY, back = NO_DAY, ahead = NO_DAY;
    for (int offset = -4; offset <= 4; offset++) {
        int64_t day = in_year(meaning, year + offset);
        bool other = meaning->weekday && day != NO_DAY && (abs(offset) > 1 || weekday_of(day) != meaning->weekday);
        if (day == NO_DAY || other)
            continue;
        if (nearest == NO_DAY || llabs(day - anchor) < llabs(nearest - anchor))
            nearest = day;
        if (day <= anchor)
            back = day;
        if (day >= anchor && ahead == NO_DAY)
            ahead = day;
    }
    if (nearest != NO_DAY && llabs(nearest - anchor) > NEAR_DAYS && way == LEANS_PAST && back != NO_DAY)
        nearest = back;
    else if (nearest != NO_DAY && llabs(nearest - anchor) > NEAR_DAYS && way == LEANS_FUTURE && ahead != NO_DAY)
        nearest = ahead;
    meaning->first = nearest;
}

int64_t weekday_towards(int64_t from, int weekday, int way)
{
    int64_t ahead = from + (weekday - weekday_of(from) + 7) % 7;
    return way == LEANS_FUTURE || ahead == from ? ahead : ahead - 7;
}

/* Nothing says which way: what was, except in a text that has hardly a word besides. */
static void settle_weekday(const struct reader *reader, struct meaning *meaning, int way)
{
    meaning->first = weekday_towards(reader->today, meaning->weekday, way);
    if (way != LEANS_NOWHERE || reader->text->token_count > 12)
        return;
    int64_t ahead = weekday_towards(reader->today, meaning->weekday, LEANS_FUTURE);
    if (ahead - reader->today <= 3)
        meaning->first = ahead;
}

void settle(struct reader *reader, struct meaning *meaning)
{
    if (meaning->open == OPEN_NOTHING)
        return;
    meaning->relative = true;
    if (reader->today == NO_DAY)
        return;
    struct leaning leaning = leaning_of(reader, meaning->end);
    if (meaning->open == OPEN_YEAR) {
        settle_year(reader, meaning, leaning.present ? LEANS_NOWHERE : leaning.way);
    } else {
        reader->weak = leaning.weak || leaning.way == LEANS_NOWHERE;
        settle_weekday(reader, meaning, leaning.way);
    }
}

void close_year(struct meaning *meaning, int year)
{
    meaning->open = OPEN_NOTHING;
    meaning->first = in_year(meaning, year);
}

/* ---- absolute dates --------------------------------------------------------------------------------------- */

bool day_at(const struct reader *reader, uint32_t at, int *day)
{
    const struct piece *number = piece(reader, at);
    *day = number->value;
    if (number->value < 1 || number->value > 31)
        return false;
    if (number->kind == PIECE_ORDINAL)
        return true;
    return number->kind == PIECE_NUMBER && (number->flags & PIECE_WORDS ? number->value > 12 : number->digits <= 2);
}

/* [ "," | "of" ] year; the piece behind it, or 0. */
static uint32_t year_at(const struct reader *reader, uint32_t at, int *year)
{
    uint32_t i = over(reader, over(reader, at, LINK_COMMA), LINK_OF);
    const struct piece *number = piece(reader, i), *next = piece(reader, i + 1);
    if (number->kind != PIECE_NUMBER || next->kind == PIECE_UNIT)
        return 0;
    *year = number->value;
    if (number->flags & PIECE_WORDS) {
        if (number->value >= 1900 && number->value <= 2100)
            return i + 1;
        /* "nineteen seventy eight", "nineteen zero one" */
        const struct piece *last = piece(reader, i + 2);
        bool two = next->kind == PIECE_NUMBER && next->flags & PIECE_WORDS;
        bool three = two && next->value == 0 && last->kind == PIECE_NUMBER && last->flags & PIECE_WORDS;
        *year = number->value * 100 + (three ? last->value : next->value);
        return two && number->value >= 10 && number->value <= 20 && *year % 100 ? i + 2 + three : 0;
    }
    if (number->digits == 4)
        return number->value >= 1000 && number->value <= 2999 ? i + 1 : 0;
    *year += 1900;
    return number->digits == 2 && number->value > 31 && next->kind != PIECE_CLOCK ? i + 1 : 0;
}

void with_year(const struct reader *reader, struct meaning *meaning)
{
    int year;
    uint32_t end = year_at(reader, meaning->end, &year);
    if (!end)
        return;
    meaning->end = end;
    close_year(meaning, year);
}

struct meaning open_day(uint32_t end, int month, int day)
{
    struct meaning meaning = fixed(end, day ? PRECISION_DAY : PRECISION_MONTH, NO_DAY);
    meaning.open = OPEN_YEAR;
    meaning.month = month;
    meaning.day = day;
    return meaning;
}

/* day [ ( "-" | "to" | "and" ) day ] [ "of" ] month [ year ] */
static bool read_day_month(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    int day, until = 0;
    uint32_t i = over(reader, at, LINK_THE);
    if (!day_at(reader, i++, &day))
        return false;
    if (joins_range(reader, i) && day_at(reader, over(reader, i + 1, LINK_THE), &until) && until > day)
        i = over(reader, i + 1, LINK_THE) + 1;
    else
        until = 0;
    i = over(reader, over(reader, i, LINK_OF), LINK_DASH);
    if (!is(reader, i, PIECE_MONTH))
        return false;
    *meaning = open_day(i + 1, piece(reader, i)->value, day);
    with_year(reader, meaning);
    settle(reader, meaning);
    if (until && meaning->first != NO_DAY)
        meaning->last = meaning->first + until - day;
    return meaning->first != NO_DAY || meaning->relative;
}

/* month [ "the" ] day [ ( "-" | "to" | "and" ) day ] [ year ] */
bool read_month_day(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    int day, until = 0;
    if (!is(reader, at, PIECE_MONTH))
        return false;
    uint32_t i = over(reader, over(reader, over(reader, at + 1, LINK_COMMA), LINK_DASH), LINK_THE);
    if (!day_at(reader, i++, &day) || is(reader, i, PIECE_UNIT) || is(reader, i, PIECE_CLOCK) || is(reader, i, PIECE_WEEKDAY))
        return false;
    if (joins_range(reader, i) && !is(reader, i + 2, PIECE_MONTH) && !is(reader, i + 2, PIECE_UNIT) &&
        day_at(reader, i + 1, &until) && until > day)
        i += 2;
    else
        until = 0;
    *meaning = open_day(i, piece(reader, at)->value, day);
    with_year(reader, meaning);
    settle(reader, meaning);
    if (until && meaning->first != NO_DAY)
        meaning->last = meaning->first + until - day;
    return meaning->first != NO_DAY || meaning->relative;
}

/* year month day */
static bool read_year_month(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    const struct piece *year = piece(reader, at);
    int day;
    if (year->kind != PIECE_NUMBER || year->digits != 4 || !is(reader, at + 1, PIECE_MONTH) || !day_at(reader, at + 2, &day) ||
        !day_exists(year->value, piece(reader, at + 1)->value, day))
        return false;
    *meaning = fixed(at + 3, PRECISION_DAY, day_number(year->value, piece(reader, at + 1)->value, day));
    return true;
}

/* A date in figures. */
static bool read_figures(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    if (!is(reader, at, PIECE_DAY))
        return false;
    *meaning = fixed(at + 1, piece(reader, at)->minutes < 0 ? PRECISION_DAY : PRECISION_MINUTE, piece(reader, at)->value);
    meaning->minutes = piece(reader, at)->minutes;
    return true;
}

bool read_whole(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    return read_figures(reader, at, meaning) || read_day_month(reader, at, meaning) || read_month_day(reader, at, meaning) ||
           read_year_month(reader, at, meaning);
}

/* ---- weekdays --------------------------------------------------------------------------------------------- */

/* way "week": its Monday, and the piece behind it; 0 for nothing. */
static uint32_t week_at(const struct reader *reader, uint32_t at, int64_t *monday)
{
    const struct piece *way = piece(reader, at), *unit = piece(reader, at + 1);
    if (way->kind != PIECE_WAY || unit->kind != PIECE_UNIT || unit->value != UNIT_WEEK)
        return 0;
    *monday = reader->today == NO_DAY ? NO_DAY : monday_of(reader->today) + 7 * way->value;
    return at + 2;
}

/* weekday [ "," ] whole | weekday "the" ordinal | weekday [ "of" | "," ] way week | weekday */
bool read_weekday(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    if (!is(reader, at, PIECE_WEEKDAY))
        return false;
    const struct piece *weekday = piece(reader, at);
    int64_t monday;
    int day;
    uint32_t i = over(reader, at + 1, LINK_COMMA), week = week_at(reader, over(reader, i, LINK_OF), &monday);
    if (read_whole(reader, over(reader, i, LINK_THE), meaning)) {
        if (meaning->open == OPEN_YEAR && reader->today != NO_DAY && weekday_of(meaning->first) != weekday->value) {
            meaning->weekday = weekday->value;
            struct meaning again = *meaning;
            settle(reader, &again);
            if (again.first != NO_DAY)
                *meaning = again;
        }
        return true;
    }
    if (is_link(reader, i, LINK_THE) && day_at(reader, i + 1, &day) && !is(reader, i + 2, PIECE_UNIT)) {
        *meaning = relative(i + 2, PRECISION_DAY, NO_DAY);
        struct day month = clock_day(reader->today == NO_DAY ? 0 : reader->today);
        for (int k = 0; k < 12 && reader->today != NO_DAY && meaning->first == NO_DAY; k++) {
            int64_t first = months_on(day_number(month.year, month.month, 1), (k + 1) / 2 * (k % 2 ? 1 : -1));
            struct day same = clock_day(first);
            if (day_exists(same.year, same.month, day) && weekday_of(first + day - 1) == weekday->value)
                meaning->first = first + day - 1;
        }
        return true;
    }
    if (week) {
        *meaning = relative(week, PRECISION_DAY, monday == NO_DAY ? NO_DAY : monday + weekday->value - 1);
        return true;
    }
    if (weekday->flags & PIECE_SHORT)
        return false;
    *meaning = fixed(at + 1, PRECISION_DAY, NO_DAY);
    meaning->open = OPEN_WEEKDAY;
    meaning->weekday = weekday->value;
    settle(reader, meaning);
    return true;
}

/* ---- months, seasons, quarters, years --------------------------------------------------------------------- */

int64_t last_day(const struct meaning *meaning)
{
    int64_t next;
    switch (meaning->precision) {
    case PRECISION_WEEK:
        return meaning->first + 6;
    case PRECISION_MONTH:
        next = months_on(meaning->first, 1);
        break;
    case PRECISION_QUARTER:
    case PRECISION_SEASON:
        next = months_on(meaning->first, 3);
        break;
    case PRECISION_YEAR:
        next = months_on(meaning->first, 12);
        break;
    case PRECISION_DECADE:
        next = months_on(meaning->first, 120);
        break;
    default:
        return meaning->first;
    }
    return next == NO_DAY ? NO_DAY : next - 1;
}

/* A name in which the word is no month ("Theresa May"), as far as can be seen. */
static bool is_part_of_name(const struct reader *reader, uint32_t at)
{
    uint32_t first = piece(reader, at)->first;
    if (in_name(reader, at))
        return true;
    if (first == 0 || reader->text->tokens[first].flags & (TOKEN_SENTENCE_START | TOKEN_LINE_START))
        return false;
    /* "Ms. June" */
    uint32_t title = first - 1 - (first > 1 && token_is_mark(reader->text, first - 1, '.'));
    if (lexicon_match(reader->text, LEXICON_TITLES, title).entry && reader->text->tokens[title].flags & TOKEN_CAPITAL)
        return true;
    const struct token *before = &reader->text->tokens[first - 1];
    return at > 0 && is(reader, at - 1, PIECE_GAP) && before->kind == TOKEN_WORD && before->flags & TOKEN_CAPITAL &&
           !(before->flags & TOKEN_SENTENCE_START) && !word_class(reader->text, first - 1).data &&
           reader->text->mention_of[first - 1] != NOBODY;
}

bool read_month(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    const struct piece *month = piece(reader, at);
    if (month->kind != PIECE_MONTH)
        return false;
    *meaning = open_day(at + 1, month->value, 0);
    with_year(reader, meaning);
    if (meaning->open == OPEN_NOTHING)
        return true;
    if (month->flags & PIECE_SHORT || is_part_of_name(reader, at))
        return false;
    settle(reader, meaning);
    return true;
}

/* "summer 2021", "the summer of 2021", "in the summer": a bare "fall" is also a verb. */
bool read_season(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    static const char *const leads[] = {"in", "by", "since", "until", "during", "this", "the", "early", "late", "mid", NULL};
    const struct piece *season = piece(reader, at);
    if (season->kind != PIECE_SEASON)
        return false;
    *meaning = open_day(at + 1, season->value, 0);
    meaning->precision = PRECISION_SEASON;
    with_year(reader, meaning);
    if (meaning->open == OPEN_YEAR && !(led_by(reader, leads) && (season->value != 9 || reader->start != at)))
        return false;
    settle(reader, meaning);
    return true;
}

bool read_holiday(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    static const char *const leads[] = {"on", "since", "until", "by", "before", "after", "around", "this", "last", "next", NULL};
    const struct piece *holiday = piece(reader, at);
    if (holiday->kind != PIECE_HOLIDAY || (holiday->flags & PIECE_WEAK && !led_by(reader, leads)) || in_name(reader, at))
        return false;
    *meaning = open_day(at + 1, 0, 0);
    meaning->precision = PRECISION_DAY;
    meaning->holiday = holiday->entry;
    with_year(reader, meaning);
    settle(reader, meaning);
    return true;
}

static struct meaning quarter_of(uint32_t end, int quarter)
{
    struct meaning meaning = open_day(end, 3 * (quarter - 1) + 1, 0);
    meaning.precision = PRECISION_QUARTER;
    return meaning;
}

/* "Q3 2021", "the third quarter of 2021" */
bool read_quarter(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    uint32_t i = over(reader, at, LINK_THE);
    const struct piece *first = piece(reader, i), *unit = piece(reader, i + 1);
    if (first->kind == PIECE_QUARTER)
        *meaning = quarter_of(i + 1, first->value);
    else if (first->kind == PIECE_ORDINAL && first->value <= 4 && unit->kind == PIECE_UNIT && unit->value == UNIT_QUARTER)
        *meaning = quarter_of(i + 2, first->value);
    else
        return false;
    with_year(reader, meaning);
    uint32_t of = over(reader, over(reader, meaning->end, LINK_OF), LINK_IN);
    const struct piece *way = piece(reader, of), *year = piece(reader, of + 1);
    if (meaning->open == OPEN_YEAR && way->kind == PIECE_WAY && year->kind == PIECE_UNIT && year->value == UNIT_YEAR) {
        meaning->end = of + 2;
        meaning->relative = true;
        if (reader->today != NO_DAY)
            close_year(meaning, clock_day(reader->today).year + way->value);
        return true;
    }
    settle(reader, meaning);
    return true;
}

bool read_decade(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    uint32_t i = over(reader, at, LINK_THE);
    if (!is(reader, i, PIECE_DECADE))
        return false;
    *meaning = fixed(i + 1, PRECISION_DECADE, day_number(piece(reader, i)->value, 1, 1));
    return true;
}

/* A number of four digits is a year where the words around it make it one. */
bool read_year(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    static const char *const leads[] = {"in",     "since", "by",   "until", "till", "from",    "to",  "before", "after", "during",
                                        "around", "early", "late", "mid",   "of",   "through", "and", "the",    NULL};
    const struct piece *year = piece(reader, at);
    const struct text *text = reader->text;
    if (year->kind != PIECE_NUMBER || year->digits != 4 || year->value < 1800 || year->value > 2100)
        return false;
    uint32_t next = year->end;
    bool bracket = year->first > 0 && token_is_mark(text, year->first - 1, '(') && token_is_mark(text, next, ')');
    bool led = led_by(reader, leads) || reader->start != at;
    bool counts = next < text->token_count && text->tokens[next].kind == TOKEN_WORD && !word_class(text, next).data &&
                  slice_ends(token_text(text, next), "s") && !(text->tokens[next].flags & TOKEN_CAPITAL);
    if (!bracket && (!led || counts || is(reader, at + 1, PIECE_UNIT)))
        return false;
    *meaning = fixed(at + 1, PRECISION_YEAR, day_number(year->value, 1, 1));
    return true;
}
