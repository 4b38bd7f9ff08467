/* Time expressions and what they mean, counted from the day of publication.
 *
 *     date      = [ clock ] base { part | clock } [ ( "to" | "-" | "and" ) date ]
 *     base      = [ weekday ] ( day month | month day | year month day ) [ year ] | figures
 *               | [ way ] weekday [ way week ] | ordinal weekday "of" month | "the" ordinal [ "of" month ]
 *               | edge base | way ( month | unit | part | season | holiday | length )
 *               | length ( "ago" | "later" | "from now" | "after" base ) | "in" length
 *               | today | holiday [ year ] | season [ year ] | quarter [ year ] | month [ year ] | year | decade
 *
 * A month or a day without its year is the nearest that fits the clause; a bare weekday looks back for what was said and ahead
 * for what is planned (date_leaning.c). Inside a quotation days are counted from the day on which it was said. A line at the head
 * of the text that is nothing but a date is taken for the day of publication. */
#include "dates.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_TOKENS_MOST = 100, HEAD_DAYS_MOST = 3, EVENTS_MOST = 20, EVENT_DATES_MOST = 200, EVENT_WORDS_MOST = 8 };

/* ---- an expression ---------------------------------------------------------------------------------------- */

bool read_base(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    static bool (*const rules[])(struct reader *, uint32_t, struct meaning *) = {
        read_whole,  read_weekday,   read_nth_weekday, read_quarter, read_nth_day, read_edge,   read_way,    read_weekdays,
        read_length, read_in_length, read_shift,       read_holiday, read_month,   read_season, read_decade, read_year};
    bool found = false;
    reader->depth++;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0] && !found; i++)
        found = rules[i](reader, at, meaning);
    /* "the summer of 2021", "the 2015 deal", "the Monday" */
    if (!found && is_link(reader, at, LINK_THE) && !is_link(reader, at + 1, LINK_THE))
        found = read_base(reader, at + 1, meaning);
    reader->depth--;
    return found;
}

/* A time of day: "19:00", "5 p.m.", "at 8". The piece behind it, or 0. */
static uint32_t clock_at(const struct reader *reader, uint32_t at, int *minutes, bool *whole)
{
    uint32_t i = over(reader, at, LINK_AT);
    const struct piece *number = piece(reader, i), *clock = piece(reader, i + 1);
    bool hour = number->kind == PIECE_NUMBER && number->digits && number->digits <= 2 && number->value <= 24;
    if (number->kind == PIECE_PART && number->minutes >= 0 && i > at) {
        *minutes = number->minutes % 1440;
        *whole = true;
        return i + 1;
    }
    if (number->kind != PIECE_MOMENT && !hour)
        return 0;
    *whole = number->kind == PIECE_NUMBER;
    *minutes = *whole ? number->value % 24 * 60 : number->value;
    if (clock->kind == PIECE_CLOCK) {
        if (clock->value >= 0 && *minutes < 780)
            *minutes = *minutes % 720 + clock->value * 60;
        i++;
    } else if (*whole && (i == at || clock->kind == PIECE_UNIT || clock->kind == PIECE_MONTH)) {
        return 0;
    }
    return is(reader, i + 1, PIECE_ZONE) ? i + 2 : i + 1;
}

static void with_clock(struct meaning *meaning, int minutes, bool whole)
{
    meaning->minutes = minutes;
    meaning->precision = whole ? PRECISION_HOUR : PRECISION_MINUTE;
}

/* { part | clock } behind a day */
static void read_suffixes(const struct reader *reader, struct meaning *meaning)
{
    for (;;) {
        uint32_t i = over(reader, meaning->end, LINK_COMMA), end;
        int minutes;
        bool whole;
        if (meaning->precision > PRECISION_DAY)
            return;
        uint32_t in = over(reader, over(reader, over(reader, i, LINK_IN), LINK_AT), LINK_THE);
        if (!meaning->part && is(reader, in, PIECE_PART) && (in == i ? i == meaning->end : true)) {
            meaning->part = piece(reader, in)->part;
            meaning->end = in + 1;
        } else if (meaning->minutes < 0 && (end = clock_at(reader, i, &minutes, &whole))) {
            with_clock(meaning, minutes, whole);
            meaning->end = end;
        } else if (is(reader, meaning->end, PIECE_ZONE)) {
            meaning->end++;
        } else {
            return;
        }
    }
}

/* A time without its day, "at 3 p.m.", "11 at night": on the day that was spoken of. A bare "3:30" may be anything. */
static bool read_clock(const struct reader *reader, uint32_t at, uint32_t end, int minutes, bool whole, struct meaning *meaning)
{
    const struct piece *number = piece(reader, at);
    int64_t day = reader->spoken != NO_DAY ? reader->spoken : reader->today;
    uint32_t part = over(reader, over(reader, over(reader, at + 1, LINK_IN), LINK_AT), LINK_THE);
    if (!end && number->kind == PIECE_NUMBER && number->digits && number->digits <= 2 && number->value <= 12 && part > at + 1 &&
        is(reader, part, PIECE_PART)) {
        bool noon = piece(reader, part)->part[0] != 'm';
        *meaning = relative(part + 1, PRECISION_HOUR, day);
        meaning->part = piece(reader, part)->part;
        meaning->minutes = (number->value % 12 + (noon ? 12 : 0)) * 60;
        return true;
    }
    if (!end || !(is(reader, end - 1, PIECE_CLOCK) || is(reader, end - 1, PIECE_ZONE)))
        return false;
    *meaning = relative(end, PRECISION_DAY, day);
    with_clock(meaning, minutes, whole);
    return true;
}

/* clock [ "," | "on" ] base, part [ "of" | "on" ] base, or base */
bool read_expression(struct reader *reader, uint32_t at, struct meaning *meaning)
{
    int minutes = -1;
    bool whole = false;
    uint32_t i = clock_at(reader, at, &minutes, &whole);
    if (i) {
        uint32_t next = over(reader, over(reader, i, LINK_COMMA), LINK_ON);
        if (read_base(reader, next, meaning) && meaning->precision <= PRECISION_DAY && meaning->minutes < 0) {
            with_clock(meaning, minutes, whole);
            read_suffixes(reader, meaning);
            return true;
        }
    }
    uint32_t part = over(reader, at, LINK_THE);
    if (is(reader, part, PIECE_PART)) {
        uint32_t next = over(reader, over(reader, over(reader, part + 1, LINK_OF), LINK_ON), LINK_COMMA);
        if (read_base(reader, next, meaning) && meaning->precision <= PRECISION_DAY && next > part + 1) {
            meaning->part = piece(reader, part)->part;
            read_suffixes(reader, meaning);
            return true;
        }
    }
    if (read_base(reader, at, meaning)) {
        read_suffixes(reader, meaning);
        return true;
    }
    return read_clock(reader, at, i, minutes, whole, meaning);
}

/* ---- ranges ----------------------------------------------------------------------------------------------- */

/* What follows "to", "-" or "and", as far as it ends a range that begins with `meaning`. It is found again as a date of its own;
 * what it was settled to here is kept for then. */
static void read_until(struct reader *reader, struct meaning *meaning)
{
    uint32_t join = meaning->end;
    if (!joins_range(reader, join) || meaning->last != NO_DAY || reader->depth >= DEPTH_MOST)
        return;
    struct reader ahead = *reader;
    struct meaning other;
    ahead.start = join + 1;
    if (!read_expression(&ahead, join + 1, &other) || other.precision != meaning->precision)
        return;
    bool and = is_link(reader, join, LINK_AND), day = meaning->precision <= PRECISION_DAY;
    if (meaning->open == OPEN_YEAR && other.open == OPEN_NOTHING && other.first != NO_DAY && meaning->month) {
        int year = clock_day(other.first).year;
        meaning->first = in_year(meaning, year);
        if (meaning->first > other.first)
            meaning->first = in_year(meaning, year - 1);
    } else if (meaning->first == NO_DAY) {
        return;
    } else if (other.open == OPEN_WEEKDAY && day) {
        other.first = weekday_towards(meaning->first, other.weekday, LEANS_FUTURE);
    } else if (other.open == OPEN_YEAR) {
        int year = clock_day(meaning->first).year;
        other.first = in_year(&other, year);
        if (other.first < meaning->first)
            other.first = in_year(&other, year + 1);
    }
    if (other.first == NO_DAY || meaning->first == NO_DAY || other.first <= meaning->first ||
        (and&&(!day || other.first != meaning->first + 1)))
        return;
    meaning->last = last_day(&other);
    reader->promised = join + 1;
    reader->promise = other.first;
}

/* ---- findings --------------------------------------------------------------------------------------------- */

static struct slice value_of(struct arena *arena, const struct meaning *meaning)
{
    struct day day = clock_day(meaning->first);
    char *value;
    if (day.year < 1 || day.year > 9999)
        return NO_SLICE;
    if (meaning->minutes >= 0 && meaning->precision <= PRECISION_HOUR)
        value = arena_print(arena, "%04d-%02d-%02dT%02d:%02d", day.year, day.month, day.day, meaning->minutes / 60 % 24,
                            meaning->minutes % 60);
    else if (meaning->precision >= PRECISION_YEAR && !(meaning->counted && meaning->precision == PRECISION_YEAR))
        value = arena_print(arena, "%04d", day.year);
    else if (meaning->precision >= PRECISION_MONTH && !meaning->counted)
        value = arena_print(arena, "%04d-%02d", day.year, day.month);
    else
        value = arena_print(arena, "%04d-%02d-%02d", day.year, day.month, day.day);
    return slice_of(value);
}

static struct slice day_slice(struct arena *arena, int64_t number)
{
    struct day day = clock_day(number);
    if (number == NO_DAY || day.year < 1 || day.year > 9999)
        return NO_SLICE;
    return slice_of(arena_print(arena, "%04d-%02d-%02d", day.year, day.month, day.day));
}

static const char *part_by_clock(int minutes)
{
    return minutes < 300    ? "night"
           : minutes < 720  ? "morning"
           : minutes < 1080 ? "afternoon"
           : minutes < 1320 ? "evening"
                            : "night";
}

static void found(struct reader *reader, struct text *text, uint32_t at, const struct meaning *meaning)
{
    static const char *const names[] = {"minute", "hour", "day", "week", "month", "quarter", "season", "year", "decade"};
    struct date *date = add_date(text);
    if (!date)
        return;
    /* "the 2015 agreement": the article is the noun's. */
    uint32_t first = meaning->precision == PRECISION_YEAR && is_link(reader, at, LINK_THE) && !meaning->relative ? at + 1 : at;
    date->span = (struct span){piece(reader, first)->first, piece(reader, meaning->end - 1)->end};
    date->precision = names[meaning->precision];
    date->part_of_day = meaning->part;
    if (meaning->first == NO_DAY)
        return;
    date->value = value_of(text->arena, meaning);
    int64_t last = meaning->last;
    if (last == NO_DAY && meaning->precision > PRECISION_DAY && meaning->precision != PRECISION_MONTH &&
        meaning->precision != PRECISION_YEAR && !meaning->counted && !(meaning->relative && meaning->precision == PRECISION_WEEK))
        last = last_day(meaning);
    date->until = last == NO_DAY ? NO_SLICE : day_slice(text->arena, last);
    if (!date->part_of_day && meaning->minutes >= 0 && meaning->precision <= PRECISION_HOUR)
        date->part_of_day = part_by_clock(meaning->minutes);
}

/* Whether an expression can begin at this piece, so that the grammar is asked where it pays. */
static bool begins(const struct reader *reader, uint32_t at)
{
    switch ((enum piece_kind)piece(reader, at)->kind) {
    case PIECE_GAP:
    case PIECE_CLOCK:
    case PIECE_ZONE:
    case PIECE_UNIT:
        return false;
    case PIECE_LINK:
        return is_link(reader, at, LINK_THE) || is_link(reader, at, LINK_IN) || is_link(reader, at, LINK_WITHIN);
    default:
        return true;
    }
}

/* ---- quotations ------------------------------------------------------------------------------------------- */

static bool is_day(const struct date *date)
{
    return date->value.length >= 10;
}

static int64_t number_of_day(struct slice value)
{
    long long year, month, day;
    if (value.length < 10 || !slice_to_int((struct slice){value.data, 4}, &year) ||
        !slice_to_int((struct slice){value.data + 5, 2}, &month) || !slice_to_int((struct slice){value.data + 8, 2}, &day))
        return NO_DAY;
    return day_number((int)year, (int)month, (int)day);
}

/* For each paragraph, the day on which something was said in it: what its quotations count from. */
static int64_t *days_of_saying(const struct reader *reader, const struct text *text)
{
    int64_t *days = arena_alloc(text->arena, (text->paragraph_count + 1) * sizeof *days);
    for (uint32_t i = 0; i <= text->paragraph_count; i++)
        days[i] = reader->today;
    for (uint32_t i = 0; i < text->found->date_count; i++) {
        const struct date *date = &text->found->dates[i];
        if (!is_day(date) || !text->sentence_count)
            continue;
        uint32_t paragraph = text->sentences[text->sentence_of[date->span.first]].paragraph;
        int64_t day = number_of_day(date->value);
        if (paragraph < text->paragraph_count && days[paragraph] == reader->today && day != NO_DAY && day <= reader->today &&
            leaning_at(text, date->span).saying)
            days[paragraph] = day;
    }
    return days;
}

/* ---- all of them ------------------------------------------------------------------------------------------ */

/* A weekday that hangs on a weak sign is what the same weekday is elsewhere in the text, where the sign is strong. */
struct weak {
    uint32_t date;
    bool weak;
};

static void agree_on_weekdays(struct text *text, const struct weak *weekdays, uint32_t count)
{
    int64_t firm[8] = {0};
    bool known[8] = {false};
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < count; i++) {
            struct date *date = &text->found->dates[weekdays[i].date];
            int64_t day = number_of_day(date->value);
            if (day == NO_DAY)
                continue;
            int weekday = weekday_of(day);
            if (!weekdays[i].weak && (pass == 0 ? !known[weekday] : true)) {
                known[weekday] = true;
                firm[weekday] = day;
            } else if (pass == 1 && weekdays[i].weak && known[weekday] && firm[weekday] != day) {
                date->value = day_slice(text->arena, firm[weekday]);
            }
        }
}

struct weekdays {
    struct weak *items;
    uint32_t count, room;
};

static void note_weekday(struct reader *reader, struct weekdays *weekdays, const struct meaning *meaning)
{
    if (meaning->open != OPEN_WEEKDAY || meaning->minutes >= 0 || meaning->first == NO_DAY)
        return;
    if (weekdays->count == weekdays->room) {
        uint32_t room = weekdays->room ? weekdays->room * 2 : 16;
        weekdays->items = arena_grow(reader->text->arena, weekdays->items, weekdays->room * sizeof *weekdays->items,
                                     room * sizeof *weekdays->items);
        weekdays->room = room;
    }
    weekdays->items[weekdays->count++] = (struct weak){reader->text->found->date_count - 1, reader->weak};
}

static void read_all(struct reader *reader, struct text *text, bool quoted, const int64_t *days, struct weekdays *weekdays)
{
    int64_t today = reader->today;
    reader->spoken = reader->time = NO_DAY;
    for (uint32_t at = 0; at < reader->pieces.count && text->found->date_count <= TEXT_FINDINGS_MAX;) {
        struct meaning meaning;
        uint32_t first = piece(reader, at)->first;
        bool inside = first < text->token_count && text->tokens[first].flags & TOKEN_QUOTED;
        if (inside != quoted || !begins(reader, at)) {
            at++;
            continue;
        }
        if (quoted && text->sentence_count)
            reader->today = days[text->sentences[text->sentence_of[first]].paragraph];
        reader->start = at;
        reader->weak = false;
        reader->depth = 0;
        if (!read_expression(reader, at, &meaning)) {
            at++;
            continue;
        }
        if (at == reader->promised && at && reader->promise != NO_DAY)
            meaning.first = reader->promise;
        read_until(reader, &meaning);
        if (meaning.first != NO_DAY || reader->today == NO_DAY) {
            found(reader, text, at, &meaning);
            note_weekday(reader, weekdays, &meaning);
        }
        if (meaning.first != NO_DAY && meaning.precision <= PRECISION_DAY)
            reader->spoken = meaning.first;
        if (meaning.first != NO_DAY) {
            reader->time = meaning.first;
            reader->time_precision = meaning.precision;
        }
        at = meaning.end;
    }
    reader->today = today;
}

static int by_place(const void *a, const void *b)
{
    const struct date *one = a, *other = b;
    return one->span.first < other->span.first ? -1 : one->span.first > other->span.first;
}

/* ---- lengths from an event -------------------------------------------------------------------------------- */

/* The first day of a date's time, and how long that is; NO_DAY where it has none. */
static int64_t time_of(const struct date *date, enum precision *precision)
{
    long long year, month;
    struct slice value = date->value;
    *precision = value.length >= 10 ? PRECISION_DAY : value.length == 7 ? PRECISION_MONTH : PRECISION_YEAR;
    if (value.length >= 10)
        return number_of_day(value);
    if (value.length < 4 || !slice_to_int((struct slice){value.data, 4}, &year))
        return NO_DAY;
    if (value.length < 7 || !slice_to_int((struct slice){value.data + 5, 2}, &month))
        month = 1;
    return day_number((int)year, (int)month, 1);
}

/* "the Biden-Putin summit" behind a sign: its last word; `end`: the token behind it. */
static uint32_t event_head(const struct text *text, uint32_t at, uint32_t *end)
{
    uint32_t i = at < text->token_count && has_class(text, at, "determiner") ? at + 1 : at;
    uint32_t start = i;
    while (i < text->token_count && i < start + EVENT_WORDS_MOST && text->tokens[i].kind == TOKEN_WORD &&
           !lexicon_match(text, LEXICON_FUNCTION_WORDS, i).entry)
        i++;
    *end = i;
    return i > start ? i - 1 : UINT32_MAX;
}

static bool sentence_has(const struct text *text, uint32_t sentence, uint32_t hash)
{
    struct span span = text->sentences[sentence].span;
    for (uint32_t i = span.first; i < span.end; i++)
        if (text->tokens[i].hash == hash)
            return true;
    return false;
}

/* The date of an event: the next in its sentence, else that of the nearest sentence that speaks of it. */
static const struct date *date_of_event(const struct text *text, uint32_t head, uint32_t end)
{
    const struct date *best = NULL;
    uint32_t own = text->sentence_of[head], nearest = UINT32_MAX;
    for (uint32_t i = 0; i < text->found->date_count && i < EVENT_DATES_MOST; i++) {
        const struct date *date = &text->found->dates[i];
        uint32_t sentence = text->sentence_of[date->span.first];
        if (!date->value.data || (sentence == own && date->span.first < end))
            continue;
        uint32_t distance = sentence > own ? sentence - own : own - sentence;
        if (distance < nearest && (sentence == own || sentence_has(text, sentence, text->tokens[head].hash))) {
            nearest = distance;
            best = date;
        }
    }
    return best;
}

/* "seven months after the summit, held last June": what read_length could not tell, since the event is no date. */
static void read_event_lengths(struct reader *reader, struct text *text)
{
    for (uint32_t at = 0, events = 0; at < reader->pieces.count && events < EVENTS_MOST && text->sentence_count; at++) {
        struct event_length event;
        struct meaning meaning;
        uint32_t end;
        enum precision precision;
        reader->start = at;
        reader->depth = 0;
        if (!is(reader, at, PIECE_NUMBER) || !read_event_length(reader, at, &event) || read_expression(reader, at, &meaning))
            continue;
        events++;
        uint32_t head = event_head(text, piece(reader, event.end - 1)->end, &end);
        const struct date *date = head == UINT32_MAX ? NULL : date_of_event(text, head, end);
        int64_t from = date ? time_of(date, &precision) : NO_DAY;
        if (from == NO_DAY)
            continue;
        meaning = event_length_from(&event, from, precision);
        if (meaning.first != NO_DAY)
            found(reader, text, at, &meaning);
        at = event.end - 1;
    }
}

/* ---- the whole text --------------------------------------------------------------------------------------- */

/* A line at the head of a text that is nothing but a date is the day that its writer counts from, unless it is far from the day
 * of publication: then one of the two is wrong. */
static int64_t heading_day(struct reader *reader)
{
    int64_t published = reader->today;
    for (uint32_t at = 0; at < reader->pieces.count; at++) {
        uint32_t first = piece(reader, at)->first;
        if (first >= reader->text->token_count || first > HEAD_TOKENS_MOST)
            break;
        if (!(reader->text->tokens[first].flags & TOKEN_LINE_START) || is(reader, at, PIECE_GAP))
            continue;
        struct meaning meaning;
        reader->start = at;
        if (!read_expression(reader, at, &meaning) || meaning.relative || meaning.precision > PRECISION_DAY ||
            meaning.last != NO_DAY)
            continue;
        uint32_t end = piece(reader, meaning.end - 1)->end;
        if (end < reader->text->token_count && !(reader->text->tokens[end].flags & TOKEN_LINE_START))
            continue;
        if (published == NO_DAY || llabs(meaning.first - published) <= HEAD_DAYS_MOST)
            return meaning.first;
        break;
    }
    return published;
}

void text_dates(struct text *text)
{
    struct reader reader = {.text = text, .today = number_of_day(text->hints.published_on), .spoken = NO_DAY, .time = NO_DAY};
    pieces_read(&reader.pieces, text);
    reader.today = heading_day(&reader);
    struct weekdays weekdays = {0};
    read_all(&reader, text, false, NULL, &weekdays);
    read_all(&reader, text, true, days_of_saying(&reader, text), &weekdays);
    agree_on_weekdays(text, weekdays.items, weekdays.count);
    read_event_lengths(&reader, text);
    if (text->found->date_count)
        qsort(text->found->dates, text->found->date_count, sizeof *text->found->dates, by_place);
}

/* ---- the day on which something was said ------------------------------------------------------------------- */

static bool in_content(const struct attribution *attribution, uint32_t at)
{
    for (uint32_t i = 0; i < attribution->content_count; i++)
        if (span_holds(attribution->content[i], at))
            return true;
    return false;
}

/* Dates stand in the order of the text. */
uint32_t date_from(const struct text *text, uint32_t token)
{
    uint32_t low = 0, high = text->found->date_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (text->found->dates[middle].span.end <= token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Right behind the cue, its source or whom it was said to, with a preposition between at most. */
static bool is_beside(const struct attribution *attribution, struct span date)
{
    const struct span spans[] = {attribution->cue, attribution->source, attribution->addressee};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
        if (!span_empty(spans[i]) && date.first >= spans[i].end && date.first - spans[i].end <= 2)
            return true;
    return false;
}

const struct date *date_of_speech(const struct text *text, const struct attribution *attribution)
{
    struct span cue = span_empty(attribution->cue) ? attribution->source : attribution->cue;
    if (span_empty(cue) || !text->sentence_count)
        return NULL;
    struct span sentence = text->sentences[text->sentence_of[cue.first]].span;
    int64_t today = number_of_day(text->hints.published_on);
    const struct date *best = NULL;
    uint32_t nearest = UINT32_MAX;
    for (uint32_t i = date_from(text, sentence.first); i < text->found->date_count; i++) {
        const struct date *date = &text->found->dates[i];
        if (date->span.first >= sentence.end)
            break;
        int64_t day = number_of_day(date->value);
        if (!is_day(date) || strcmp(date->precision, "week") == 0 || in_content(attribution, date->span.first) ||
            text->tokens[date->span.first].flags & TOKEN_QUOTED || (today != NO_DAY && day > today))
            continue;
        /* "The minister, who arrived on Friday, said …": that Friday is not the day of saying. */
        if (!is_beside(attribution, date->span) && !leaning_at(text, date->span).saying)
            continue;
        uint32_t distance = date->span.first >= cue.end ? date->span.first - cue.end : (cue.first - date->span.end) * 2;
        if (distance < nearest) {
            nearest = distance;
            best = date;
        }
    }
    return best;
}
