/* Dates that are counted from another: from the day of publication, or from the one spoken of last. The grammar stands in
 * dates.c. */
#include <stdlib.h>

#include "dates.h"

enum { LENGTH_PARTS_MOST = 4 }; /* "2 years, 1 month and 3 days" */

/* ---- units ------------------------------------------------------------------------------------------------ */

/* The unit that holds a day, so many on: this month, next year. */
static bool unit_around(const struct reader *reader, int unit, int steps, uint32_t end, struct meaning *meaning)
{
    *meaning = relative(end, PRECISION_DAY, NO_DAY);
    static const struct {
        enum precision precision;
        int months;
    } long_units[] = {[UNIT_MONTH] = {PRECISION_MONTH, 1},
                      [UNIT_QUARTER] = {PRECISION_QUARTER, 3},
                      [UNIT_YEAR] = {PRECISION_YEAR, 12},
                      [UNIT_DECADE] = {PRECISION_DECADE, 120}};
    if (unit == UNIT_CENTURY || unit == UNIT_MINUTE || unit == UNIT_BUSINESS_DAY)
        return false;
    int64_t today = reader->today;
    bool known = today != NO_DAY;
    if (unit == UNIT_HOUR || unit == UNIT_DAY) {
        meaning->first = known ? today + (unit == UNIT_DAY ? steps : 0) : NO_DAY;
        return true;
    }
    if (unit == UNIT_WEEK || unit == UNIT_FORTNIGHT || unit == UNIT_WEEKEND) {
        int length = unit == UNIT_FORTNIGHT ? 14 : 7, first = unit == UNIT_WEEKEND ? 5 : 0;
        meaning->precision = PRECISION_WEEK;
        meaning->first = known ? monday_of(today) + length * steps + first : NO_DAY;
        meaning->last = known ? meaning->first + (unit == UNIT_WEEKEND ? 1 : 6) : NO_DAY;
        return true;
    }
    meaning->precision = long_units[unit].precision;
    if (!known)
        return true;
    struct day day = clock_day(today);
    int months = long_units[unit].months, month = (day.month - 1) / months * months + 1;
    int year = months == 120 ? day.year / 10 * 10 : day.year;
    meaning->first = months_on(day_number(year, months >= 12 ? 1 : month, 1), steps * months);
    return true;
}

static bool length_at(const struct reader *reader, uint32_t at, struct length *length)
{
    *length = (struct length){.end = at, .smallest = UNIT_CENTURY};
    uint32_t i = at;
    for (int parts = 0; parts < LENGTH_PARTS_MOST; parts++, i = over(reader, over(reader, length->end, LINK_COMMA), LINK_AND)) {
        const struct piece *number = piece(reader, i), *unit = piece(reader, i + 1);
        if (number->kind != PIECE_NUMBER || unit->kind != PIECE_UNIT || unit->flags & PIECE_FROM_LAST || number->value > 10000)
            break;
        int value = number->value;
        switch ((enum unit)unit->value) {
        case UNIT_MINUTE:
            break;
        case UNIT_HOUR:
            length->hours += value;
            break;
        case UNIT_DAY:
            length->days += value;
            break;
        case UNIT_BUSINESS_DAY:
            length->business_days += value;
            break;
        case UNIT_WEEK:
        case UNIT_WEEKEND:
            length->days += 7 * value;
            break;
        case UNIT_FORTNIGHT:
            length->days += 14 * value;
            break;
        case UNIT_MONTH:
            length->months += value;
            break;
        case UNIT_QUARTER:
            length->months += 3 * value;
            break;
        case UNIT_YEAR:
            length->months += 12 * value;
            break;
        case UNIT_DECADE:
            length->months += 120 * value;
            break;
        case UNIT_CENTURY:
            length->months += 1200 * value;
            break;
        }
        if (unit->value < length->smallest)
            length->smallest = unit->value;
        length->end = i + 2;
    }
    return length->end > at;
}

static int64_t shifted(int64_t from, const struct length *length, int way)
{
    if (from == NO_DAY || abs(length->months) > 60000)
        return NO_DAY;
    int64_t day = length->months ? months_on(from, way * length->months) : from;
    if (day == NO_DAY)
        return NO_DAY;
    day += way * (length->days + length->hours / 24);
    return length->business_days ? business_days_on(day, way * length->business_days) : day;
}

static enum precision precision_of(const struct length *length)
{
    switch ((enum unit)length->smallest) {
    case UNIT_WEEK:
    case UNIT_FORTNIGHT:
    case UNIT_WEEKEND:
        return PRECISION_WEEK;
    case UNIT_MONTH:
    case UNIT_QUARTER:
        return PRECISION_MONTH;
    case UNIT_YEAR:
    case UNIT_CENTURY:
        return PRECISION_YEAR;
    case UNIT_DECADE:
        return PRECISION_DECADE;
    default:
        return PRECISION_DAY;
    }
}

/* "four years later": from the time spoken of last; no more exact than that. */
static struct meaning counted_on(const struct reader *reader, uint32_t end, const struct length *length, int way)
{
    bool told = reader->time != NO_DAY;
    struct meaning meaning = relative(end, precision_of(length), shifted(told ? reader->time : reader->today, length, way));
    if (told && reader->time_precision > meaning.precision)
        meaning.precision = reader->time_precision;
    meaning.counted = !told || reader->time_precision <= PRECISION_DAY;
    return meaning;
}

static struct meaning counted(uint32_t end, const struct length *length, int64_t from, int way)
{
    struct meaning meaning = relative(end, precision_of(length), shifted(from, length, way));
    meaning.counted = true;
    return meaning;
}

/* "after" | "before" a date: counted from that. */
static bool length_from(struct reader *reader, uint32_t at, const struct length *length, int way, struct meaning *meaning)
{
    struct meaning from;
    if (reader->depth >= DEPTH_MOST || !read_base(reader, at, &from))
        return false;
    *meaning = from;
    meaning->precision = precision_of(length) == PRECISION_WEEK ? PRECISION_DAY : precision_of(length);
    meaning->first = shifted(from.first, length, way);
    meaning->last = NO_DAY;
    meaning->open = OPEN_NOTHING;
    meaning->counted = from.precision <= PRECISION_DAY;
    return true;
}

bool read_event_length(struct reader *reader, uint32_t at, struct event_length *event)
{
    struct length length;
    const struct piece *sign;
    if (!length_at(reader, at, &length))
        return false;
    sign = piece(reader, length.end);
    if (sign->kind != PIECE_SIGN || (sign->value != SIGN_AFTER && sign->value != SIGN_BEFORE))
        return false;
    *event = (struct event_length){.end = length.end + 1, .length = length, .way = sign->value == SIGN_AFTER ? 1 : -1};
    return true;
}

struct meaning event_length_from(const struct event_length *event, int64_t from, enum precision precision)
{
    struct meaning meaning = counted(event->end, &event->length, from, event->way);
    if (precision > meaning.precision)
        meaning.precision = precision;
    meaning.counted = precision <= PRECISION_DAY;
    return meaning;
}

/* number weekday ( "ago" | "from now" | "later" ): "two Sundays ago" */
bool read_weekdays(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    const struct piece *number = piece(reader, at), *weekday = piece(reader, at + 1), *sign = piece(reader, at + 2);
    if (number->kind != PIECE_NUMBER || number->value < 1 || number->value > 50 || weekday->kind != PIECE_WEEKDAY ||
        sign->kind != PIECE_SIGN || sign->value > SIGN_EARLIER)
        return false;
    *meaning = relative(at + 3, PRECISION_DAY, NO_DAY);
    if (reader->today == NO_DAY)
        return true;
    bool back = sign->value == SIGN_AGO || sign->value == SIGN_EARLIER;
    int64_t first = weekday_towards(reader->today + (back ? -1 : 1), weekday->value, back ? LEANS_PAST : LEANS_FUTURE);
    meaning->first = first + (back ? -7 : 7) * (number->value - 1);
    return true;
}

/* length ( "ago" | "from now" | "later" | "earlier" | "after" base | "before" base ) */
bool read_length(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    struct length length;
    if (!length_at(reader, at, &length) || !is(reader, length.end, PIECE_SIGN))
        return false;
    switch ((enum sign)piece(reader, length.end)->value) {
    case SIGN_AGO:
        *meaning = counted(length.end + 1, &length, reader->today, -1);
        return true;
    case SIGN_HENCE:
        *meaning = counted(length.end + 1, &length, reader->today, 1);
        return true;
    case SIGN_LATER:
        *meaning = counted_on(reader, length.end + 1, &length, 1);
        return true;
    case SIGN_EARLIER:
        *meaning = counted_on(reader, length.end + 1, &length, -1);
        return true;
    case SIGN_AFTER:
        return length_from(reader, length.end + 1, &length, 1, meaning);
    case SIGN_BEFORE:
        return length_from(reader, length.end + 1, &length, -1, meaning);
    }
    return false;
}

/* "in three days", "within a week": only where the clause looks ahead, else it is how long something took. */
bool read_in_length(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    static const char *const leads[] = {"time", "first", "killed", "times", "once", NULL};
    struct length length;
    if (!is_link(reader, at, LINK_IN) && !is_link(reader, at, LINK_WITHIN))
        return false;
    uint32_t i = over(reader, at + 1, LINK_AT);
    if (!length_at(reader, i, &length) || led_by(reader, leads) || is(reader, length.end, PIECE_SIGN))
        return false;
    /* "in a year of anger", "in two weeks when" */
    static const char *const tells[] = {"of", "when", "where", "that", "in", NULL};
    for (int k = 0; tells[k]; k++)
        if (token_is(reader->text, piece(reader, length.end - 1)->end, tells[k]))
            return false;
    struct leaning leaning = leaning_of(reader, length.end);
    uint32_t first = piece(reader, at)->first;
    bool opens = first == 0 || reader->text->tokens[first].flags & TOKEN_SENTENCE_START;
    if (leaning.way == LEANS_PAST || (leaning.way == LEANS_NOWHERE && !opens))
        return false;
    *meaning = counted(length.end, &length, reader->today, 1);
    return true;
}

/* ---- which one -------------------------------------------------------------------------------------------- */

/* "next Friday" is that of next week, "the coming Friday" the first to come, "last Friday" the one just over. */
static void way_weekday(struct reader *reader, const struct piece *way, int weekday, struct meaning *meaning)
{
    int64_t today = reader->today;
    if (way->value == 0) {
        meaning->open = OPEN_WEEKDAY;
        meaning->weekday = weekday;
        settle(reader, meaning);
        return;
    }
    meaning->relative = true;
    if (today == NO_DAY)
        return;
    bool literal = way->entry && slice_is(way->entry->name, "next") && way->end - way->first == 1;
    if (way->value < 0)
        meaning->first = weekday_towards(today - 1, weekday, LEANS_PAST);
    else if (literal && token_is(reader->text, way->first, "next")) {
        struct leaning leaning = leaning_of(reader, meaning->end);
        bool told = leaning.way == LEANS_PAST && !leaning.saying && reader->spoken != NO_DAY && reader->spoken < today;
        meaning->first = told ? weekday_towards(reader->spoken + 1, weekday, LEANS_FUTURE) : monday_of(today) + 7 + weekday - 1;
    } else
        meaning->first = weekday_towards(today + 1, weekday, LEANS_FUTURE);
}

/* "last June" is the one that is over, "next June" one to come, "this June" this year's. */
static void way_month(const struct reader *reader, int way, struct meaning *meaning)
{
    meaning->relative = true;
    meaning->open = OPEN_NOTHING;
    if (reader->today == NO_DAY)
        return;
    struct day today = clock_day(reader->today);
    int64_t same = in_year(meaning, today.year), start = day_number(today.year, today.month, 1);
    int64_t anchor = meaning->day || meaning->holiday ? reader->today : start;
    int year = today.year;
    if (way < 0)
        year -= same == NO_DAY || same >= anchor;
    else if (way > 0)
        year += same == NO_DAY || same <= anchor;
    meaning->first = in_year(meaning, year);
}

/* way week [ "on" ] weekday */
static void week_then_weekday(const struct reader *reader, struct meaning *meaning)
{
    uint32_t i = over(reader, meaning->end, LINK_ON);
    if (meaning->precision != PRECISION_WEEK || !is(reader, i, PIECE_WEEKDAY))
        return;
    int64_t monday = meaning->first == NO_DAY ? NO_DAY : monday_of(meaning->first);
    *meaning = relative(i + 1, PRECISION_DAY, monday == NO_DAY ? NO_DAY : monday + piece(reader, i)->value - 1);
}

/* "the coming months" are none in particular. */
static bool is_plural(const struct reader *reader, const struct piece *unit)
{
    return slice_ends(token_text(reader->text, unit->end - 1), "s");
}

static bool way_length(struct reader *reader, const struct piece *way, uint32_t at, struct meaning *meaning)
{
    struct length length;
    if (way->value == 0 || !length_at(reader, at, &length) || piece(reader, at)->flags & PIECE_VAGUE)
        return false;
    *meaning = counted(length.end, &length, reader->today, way->value);
    return true;
}

bool read_way(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    uint32_t i = over(reader, at, LINK_THE);
    const struct piece *way = piece(reader, i), *what = piece(reader, i + 1);
    if (way->kind != PIECE_WAY)
        return false;
    *meaning = fixed(i + 2, PRECISION_DAY, NO_DAY);
    switch ((enum piece_kind)what->kind) {
    case PIECE_WEEKDAY:
        way_weekday(reader, way, what->value, meaning);
        return true;
    case PIECE_MONTH:
        if (!read_month_day(reader, i + 1, meaning)) {
            *meaning = open_day(i + 2, what->value, 0);
            with_year(reader, meaning);
        }
        if (meaning->open == OPEN_YEAR)
            way_month(reader, way->value, meaning);
        return true;
    case PIECE_SEASON:
        *meaning = open_day(i + 2, what->value, 0);
        meaning->precision = PRECISION_SEASON;
        way_month(reader, way->value, meaning);
        return true;
    case PIECE_HOLIDAY:
        meaning->holiday = what->entry;
        way_month(reader, way->value, meaning);
        return true;
    case PIECE_PART:
        *meaning = relative(i + 2, PRECISION_DAY, reader->today == NO_DAY ? NO_DAY : reader->today + way->value);
        meaning->part = what->part;
        return true;
    case PIECE_UNIT:
        if (what->flags & PIECE_FROM_LAST || is_plural(reader, what) ||
            (what->value == UNIT_DAY && is_link(reader, i + 2, LINK_OF)) ||
            !unit_around(reader, what->value, way->value, i + 2, meaning))
            return false;
        week_then_weekday(reader, meaning);
        return true;
    case PIECE_NUMBER:
        return way_length(reader, way, i + 1, meaning);
    default:
        return false;
    }
}

/* ---- edges ------------------------------------------------------------------------------------------------ */

/* "by the end of March" means its last day; "at the end of March" is no day. */
static void end_of(const struct reader *reader, struct meaning *meaning)
{
    static const char *const until[] = {"by", "until", "till", "before", "through", "to", NULL};
    if (!led_by(reader, until) || meaning->first == NO_DAY || last_day(meaning) == NO_DAY)
        return;
    meaning->first = last_day(meaning);
    meaning->last = NO_DAY;
    meaning->precision = PRECISION_DAY;
}

bool read_edge(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    const struct piece *edge = piece(reader, at);
    bool later = edge->kind == PIECE_SIGN && (edge->value == SIGN_LATER || edge->value == SIGN_EARLIER);
    if (edge->kind != PIECE_EDGE && !later)
        return false;
    uint32_t i = over(reader, over(reader, over(reader, at + 1, LINK_IN), LINK_ON), LINK_THE);
    const struct piece *unit = piece(reader, i);
    bool near = is_link(reader, i - 1, LINK_THE) || edge->flags & PIECE_SPLIT;
    if (edge->unit >= 0) {
        if (!unit_around(reader, edge->unit, 0, at + 1, meaning))
            return false;
    } else if (unit->kind == PIECE_UNIT && near && unit->value >= UNIT_DAY) {
        if (unit->value == UNIT_DAY || !unit_around(reader, unit->value, 0, i + 1, meaning))
            return false;
    } else if (reader->depth >= DEPTH_MOST || is(reader, i, PIECE_NUMBER) != (unit->digits == 4) ||
               !read_base(reader, i, meaning)) {
        return false;
    }
    if (meaning->precision <= PRECISION_DAY && !meaning->part && edge->value != EDGE_MIDDLE && !later &&
        is(reader, i, PIECE_WEEKDAY))
        meaning->part = edge->value == EDGE_START ? "morning" : "night";
    if (edge->value == EDGE_END && !later)
        end_of(reader, meaning);
    return true;
}

/* ---- ordinals --------------------------------------------------------------------------------------------- */

/* way month | month [ year ]: its first day. */
static bool month_after(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    const struct piece *way = piece(reader, at), *unit = piece(reader, at + 1);
    if (way->kind == PIECE_WAY && unit->kind == PIECE_UNIT && unit->value == UNIT_MONTH)
        return unit_around(reader, UNIT_MONTH, way->value, at + 2, meaning);
    if (is_link(reader, at, LINK_THE) && unit->kind == PIECE_UNIT && unit->value == UNIT_MONTH)
        return unit_around(reader, UNIT_MONTH, 0, at + 2, meaning);
    return read_month(reader, at, meaning);
}

/* [ "the" ] ordinal weekday ( "of" | "in" ) month */
bool read_nth_weekday(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    uint32_t i = over(reader, at, LINK_THE);
    const struct piece *nth = piece(reader, i), *weekday = piece(reader, i + 1);
    if (nth->kind != PIECE_ORDINAL || nth->value > 5 || weekday->kind != PIECE_WEEKDAY ||
        !(is_link(reader, i + 2, LINK_OF) || is_link(reader, i + 2, LINK_IN)) || !month_after(reader, i + 3, meaning))
        return false;
    if (meaning->first != NO_DAY) {
        struct day month = clock_day(meaning->first);
        meaning->first = nth_weekday(month.year, month.month, weekday->value, nth->value);
    }
    meaning->precision = PRECISION_DAY;
    meaning->open = OPEN_NOTHING;
    return true;
}

/* "on the 27th", "the 20th of next month" */
bool read_nth_day(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    static const char *const leads[] = {"on", "by", "until", "since", "before", "after", "from", "for", NULL};
    uint32_t i = over(reader, at, LINK_THE);
    const struct piece *nth = piece(reader, i);
    int day;
    if (nth->kind != PIECE_ORDINAL || !day_at(reader, i, &day))
        return false;
    if (is_link(reader, i + 1, LINK_OF) && month_after(reader, i + 2, meaning)) {
        if (meaning->first == NO_DAY)
            return true;
        struct day month = clock_day(meaning->first);
        *meaning = relative(meaning->end, PRECISION_DAY,
                            day_exists(month.year, month.month, day) ? day_number(month.year, month.month, day) : NO_DAY);
        return meaning->first != NO_DAY;
    }
    uint32_t next = nth->end;
    bool alone = next >= reader->text->token_count || reader->text->tokens[next].kind >= TOKEN_QUOTE;
    if (i == at || !led_by(reader, leads) || !alone || (nth->flags & PIECE_WORDS && day < 4))
        return false;
    *meaning = relative(i + 1, PRECISION_DAY, NO_DAY);
    if (reader->today == NO_DAY)
        return true;
    struct day today = clock_day(reader->today);
    int way = leaning_of(reader, i + 1).way;
    int64_t month = day_number(today.year, today.month, 1);
    if (way == LEANS_FUTURE ? day < today.day : day > today.day)
        month = months_on(month, way == LEANS_FUTURE ? 1 : -1);
    struct day of = clock_day(month);
    meaning->first = day_exists(of.year, of.month, day) ? month + day - 1 : NO_DAY;
    return true;
}

/* ---- days counted from one -------------------------------------------------------------------------------- */

bool read_shift(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    const struct piece *shift = piece(reader, at);
    if (shift->kind != PIECE_SHIFT)
        return false;
    const struct token *next = shift->end < reader->text->token_count ? &reader->text->tokens[shift->end] : NULL;
    if (shift->flags & PIECE_BARE && next && next->kind < TOKEN_QUOTE && !(next->flags & TOKEN_LINE_START))
        return false;
    int64_t from = shift->flags & PIECE_FROM_LAST && reader->spoken != NO_DAY ? reader->spoken : reader->today;
    *meaning = relative(at + 1, PRECISION_DAY, from == NO_DAY ? NO_DAY : from + shift->value);
    meaning->part = shift->part;
    return true;
}
