/* The pieces of time expressions: words of the lexicons "dates" and "numbers", and figures.
 *
 *     figures = year "-" month "-" day [ "T" time ] | number "/" number [ "/" year ] | number "." number "." year
 *             | hours ":" minutes [ ":" seconds ] | number letters           "15Sep", "5PM", "21st", "1990s"
 *     word    = entry | entry { "-" entry }                                  "mid-December", "twenty-first"
 */
#include <string.h>

#include "dates.h"

/* What an entry of the lexicon "dates" means. */
struct sense {
    uint8_t known, kind, flags;
    int8_t unit;
    int32_t value, minutes;
    const char *part;
};

/* ---- senses ----------------------------------------------------------------------------------------------- */

static int number_of(struct slice text)
{
    long long value = 0;
    if (text.length && text.data[0] == '+')
        text.data++, text.length--;
    return slice_to_int(text, &value) ? (int)value : 0;
}

/* The place of a word in a list that ends with NULL, or -1. */
static int place_in(const char *const *list, struct slice word)
{
    for (int i = 0; list[i]; i++)
        if (slice_is(word, list[i]))
            return i;
    return -1;
}

static const char *const parts[] = {"morning", "afternoon", "evening", "night", NULL};
static const char *const units[] = {"minute", "hour",    "day",  "businessday", "weekend", "week", "fortnight",
                                    "month",  "quarter", "year", "decade",      "century", NULL};
static const char *const edges[] = {"start", "middle", "end", NULL};
static const char *const signs[] = {"ago", "hence", "later", "earlier", "after", "before", NULL};
static const char *const links[] = {"of", "the", "to",    "and",     "in",    "within", "on",
                                    "at", "by",  "since", "between", "comma", "dash",   NULL};
static const char *const ways[] = {"last", "this", "next", NULL};
static const char *const seasons[] = {"spring", "summer", "autumn", "winter", NULL};
static const char *const clocks[] = {"am", "pm", "sharp", NULL};

static int plain(struct slice word)
{
    return number_of(word);
}
static int unit_of(struct slice word)
{
    return place_in(units, word);
}
static int edge_of(struct slice word)
{
    return place_in(edges, word);
}
static int sign_of(struct slice word)
{
    return place_in(signs, word);
}
static int link_of(struct slice word)
{
    return place_in(links, word);
}
static int way_of(struct slice word)
{
    return place_in(ways, word) - 1;
}
static int season_of(struct slice word)
{
    return 3 + 3 * place_in(seasons, word);
}
static int clock_of(struct slice word)
{
    int place = place_in(clocks, word);
    return place == 2 ? -1 : 12 * place;
}
static int nothing(struct slice word)
{
    (void)word;
    return 0;
}

/* The first key that an entry has decides. */
static const struct {
    const char *key;
    enum piece_kind kind;
    int (*value)(struct slice);
} keys[] = {{"month", PIECE_MONTH, plain},       {"weekday", PIECE_WEEKDAY, plain},   {"shift", PIECE_SHIFT, plain},
            {"season", PIECE_SEASON, season_of}, {"holiday", PIECE_HOLIDAY, nothing}, {"way", PIECE_WAY, way_of},
            {"edge", PIECE_EDGE, edge_of},       {"sign", PIECE_SIGN, sign_of},       {"link", PIECE_LINK, link_of},
            {"clock", PIECE_CLOCK, clock_of},    {"zone", PIECE_ZONE, nothing},       {"unit", PIECE_UNIT, unit_of},
            {"part", PIECE_PART, nothing},       {"quarter", PIECE_QUARTER, plain}};

static struct sense sense_of(const struct entry *entry)
{
    static const struct {
        const char *key;
        enum piece_flag flag;
    } flags[] = {{"short", PIECE_SHORT}, {"same", PIECE_FROM_LAST}, {"bare", PIECE_BARE}, {"weak", PIECE_WEAK}};
    struct sense sense = {.known = 1, .kind = PIECE_GAP, .unit = -1, .minutes = -1};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0] && sense.kind == PIECE_GAP; i++) {
        struct slice value = entry_get(entry, keys[i].key);
        if (value.data) {
            sense.kind = (uint8_t)keys[i].kind;
            sense.value = keys[i].value(value);
        }
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (entry_has(entry, flags[i].key))
            sense.flags |= (uint8_t)flags[i].flag;
    struct slice part = entry_get(entry, "part"), unit = entry_get(entry, "unit"), hour = entry_get(entry, "hour");
    sense.part = part.data && place_in(parts, part) >= 0 ? parts[place_in(parts, part)] : NULL;
    sense.unit = (int8_t)(unit.data ? unit_of(unit) : -1);
    sense.minutes = hour.data ? number_of(hour) * 60 : -1;
    return sense;
}

static const struct sense *sense_cached(struct pieces *pieces, const struct entry *entry)
{
    struct sense *sense = &pieces->senses[entry->number];
    if (!sense->known)
        *sense = sense_of(entry);
    return sense;
}

/* ---- the list --------------------------------------------------------------------------------------------- */

static struct piece *add(struct pieces *pieces, enum piece_kind kind, int32_t value, uint32_t first, uint32_t end)
{
    if (pieces->count == pieces->room) {
        uint32_t room = pieces->room ? pieces->room * 2 : 64;
        pieces->items =
            arena_grow(pieces->text->arena, pieces->items, pieces->room * sizeof *pieces->items, room * sizeof *pieces->items);
        pieces->room = room;
    }
    struct piece *piece = &pieces->items[pieces->count++];
    *piece = (struct piece){.kind = (uint8_t)kind, .value = value, .first = first, .end = end, .unit = -1, .minutes = -1};
    return piece;
}

static void add_gap(struct pieces *pieces, uint32_t at)
{
    if (pieces->count == 0 || pieces->items[pieces->count - 1].kind != PIECE_GAP)
        add(pieces, PIECE_GAP, 0, at, at);
}

static void add_sense(struct pieces *pieces, const struct entry *entry, uint32_t first, uint32_t end)
{
    const struct sense *sense = sense_cached(pieces, entry);
    struct piece *piece = add(pieces, (enum piece_kind)sense->kind, sense->value, first, end);
    piece->flags = sense->flags;
    piece->unit = sense->unit;
    piece->minutes = sense->minutes;
    piece->part = sense->part;
    piece->entry = entry;
}

/* ---- figures ---------------------------------------------------------------------------------------------- */

struct figures {
    const char *at, *end;
};

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

static bool is_letter(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/* A number of at most `most` digits; how many it has, 0 for none or too many. */
static int digits(struct figures *figures, int most, int *value)
{
    int count = 0;
    for (*value = 0; figures->at < figures->end && is_digit(*figures->at) && count <= most; figures->at++, count++)
        *value = *value * 10 + (*figures->at - '0');
    return count <= most ? count : 0;
}

static bool one_of(struct figures *figures, const char *marks, char *mark)
{
    if (figures->at == figures->end || !*figures->at || !strchr(marks, *figures->at))
        return false;
    *mark = *figures->at++;
    return true;
}

static struct slice letters(struct figures *figures)
{
    const char *start = figures->at;
    while (figures->at < figures->end && is_letter(*figures->at))
        figures->at++;
    return (struct slice){start, (size_t)(figures->at - start)};
}

static int full_year(int year, int count)
{
    return count > 2 ? year : year > 50 ? 1900 + year : 2000 + year;
}

/* Hours and minutes, "19:00", "08:15:30.5Z", "05:30+01:00"; minutes of the day, or -1. */
static int minutes_of(struct figures *figures)
{
    struct figures ahead = *figures;
    int hours, minutes, seconds;
    char mark;
    if (!digits(&ahead, 2, &hours) || !one_of(&ahead, ":", &mark) || digits(&ahead, 2, &minutes) != 2 || hours > 24 ||
        minutes > 59)
        return -1;
    struct figures more = ahead;
    if (one_of(&more, ":", &mark) && digits(&more, 2, &seconds) == 2) {
        ahead = more;
        if (one_of(&more, ".", &mark) && digits(&more, 9, &seconds))
            ahead = more;
    }
    more = ahead;
    if (one_of(&more, "Z", &mark))
        ahead = more;
    else if (one_of(&more, "+-", &mark) && digits(&more, 2, &seconds) == 2 && one_of(&more, ":", &mark) &&
             digits(&more, 2, &seconds) == 2)
        ahead = more;
    *figures = ahead;
    return hours * 60 + minutes;
}

/* The number of a month, written in figures or letters; 0 for none. */
static int month_in(struct pieces *pieces, struct figures *figures)
{
    int month;
    if (figures->at < figures->end && is_digit(*figures->at))
        return digits(figures, 2, &month) && month <= 12 ? month : 0;
    const struct entry *entry = lexicon_find(LEXICON_DATES, letters(figures));
    const struct sense *sense = entry ? sense_cached(pieces, entry) : NULL;
    return sense && sense->kind == PIECE_MONTH ? sense->value : 0;
}

/* year mark month mark day, the marks alike */
static bool year_first(struct pieces *pieces, struct figures *figures, struct day *day)
{
    char mark, again;
    if (digits(figures, 4, &day->year) != 4 || !one_of(figures, "-/.", &mark))
        return false;
    day->month = month_in(pieces, figures);
    return one_of(figures, "-/.", &again) && again == mark && digits(figures, 2, &day->day) &&
           day_exists(day->year, day->month, day->day);
}

/* month "/" day "/" year as Americans write it; day first where there is no thirteenth month, or between full stops. */
static bool year_last(struct pieces *pieces, struct figures *figures, struct day *day)
{
    int first, second, count;
    char mark, again;
    if (!digits(figures, 2, &first) || !one_of(figures, "/-.", &mark))
        return false;
    bool word = figures->at < figures->end && is_letter(*figures->at);
    struct figures ahead = *figures;
    second = word ? month_in(pieces, figures) : digits(&ahead, 2, &second) ? second : 0;
    if (!word)
        *figures = ahead;
    if (!one_of(figures, "/-.,", &again) || (again != mark && again != ','))
        return false;
    count = digits(figures, 4, &day->year);
    if (count != 4 && count != 2)
        return false;
    day->year = full_year(day->year, count);
    bool day_first = word || (mark == '.' && second <= 12) || first > 12;
    day->month = day_first ? second : first;
    day->day = day_first ? first : second;
    return day_exists(day->year, day->month, day->day);
}

/* The token that begins at or behind a byte; false where the byte is inside one. */
static bool token_from(const struct text *text, uint32_t at, const char *byte, uint32_t *token)
{
    size_t offset = (size_t)(byte - text->bytes.data);
    while (at < text->token_count && text->tokens[at].end <= offset)
        at++;
    *token = at;
    return at == text->token_count || text->tokens[at].start >= offset;
}

/* A whole date in figures, with its time. */
static bool read_day(struct pieces *pieces, uint32_t at, uint32_t *next)
{
    const struct text *text = pieces->text;
    struct figures start = {text->bytes.data + text->tokens[at].start, text->bytes.data + text->bytes.length}, figures = start;
    struct day day;
    if (!year_first(pieces, &figures, &day)) {
        figures = start;
        if (!year_last(pieces, &figures, &day))
            return false;
    }
    struct figures ahead = figures;
    char mark;
    int minutes = one_of(&ahead, "T.:-", &mark) ? minutes_of(&ahead) : -1;
    if (minutes >= 0)
        figures = ahead;
    if (!token_from(text, at, figures.at, next))
        return false;
    add(pieces, PIECE_DAY, (int32_t)clock_days(day), at, *next)->minutes = minutes;
    return true;
}

/* month "/" year, or month "/" day behind a preposition: "(04/2016)", "on 1/8". */
static bool read_fraction(struct pieces *pieces, uint32_t at, uint32_t *next)
{
    const struct text *text = pieces->text;
    struct figures figures = {text->bytes.data + text->tokens[at].start, text->bytes.data + text->bytes.length};
    int first, second, count;
    char mark;
    if (!digits(&figures, 2, &first) || !one_of(&figures, "/", &mark) || !(count = digits(&figures, 4, &second)) ||
        !token_from(text, at, figures.at, next) || (figures.at < figures.end && strchr("/%", *figures.at)))
        return false;
    if (count == 4 && first >= 1 && first <= 12 && second > 1900 && second < 2100) {
        add(pieces, PIECE_MONTH, first, at, *next)->flags = PIECE_SPLIT;
        add(pieces, PIECE_NUMBER, second, at, *next)->digits = 4;
        return true;
    }
    static const char *const before[] = {"on", "by", "until", "since", "from", "before", "after", "dated", NULL};
    bool led = at == 0;
    for (int i = 0; at > 0 && before[i] && !led; i++)
        led = token_is(text, at - 1, before[i]);
    int month = first > 12 ? second : first, day = first > 12 ? first : second;
    if (count > 2 || !led || !day_exists(2000, month, day))
        return false;
    add(pieces, PIECE_MONTH, month, at, *next)->flags = PIECE_SPLIT;
    add(pieces, PIECE_NUMBER, day, at, *next)->digits = 2;
    return true;
}

/* What follows a number inside its token: "st", "s", "PM", "Sep". False for anything else. */
static bool read_suffix(struct pieces *pieces, uint32_t at, int value, int count, struct slice suffix)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th", NULL};
    for (int i = 0; ordinals[i]; i++)
        if (slice_equal_fold(suffix, slice_of(ordinals[i]))) {
            add(pieces, PIECE_ORDINAL, value, at, at + 1)->digits = (uint8_t)count;
            return true;
        }
    if (slice_is(suffix, "s") && value % 10 == 0 &&
        ((count == 4 && value >= 1000 && value < 2100) || (count == 2 && value >= 20))) {
        add(pieces, PIECE_DECADE, count == 4 ? value : 1900 + value, at, at + 1);
        return true;
    }
    const struct entry *entry = lexicon_find(LEXICON_DATES, suffix);
    const struct sense *sense = entry ? sense_cached(pieces, entry) : NULL;
    if (!sense || (sense->kind != PIECE_MONTH && sense->kind != PIECE_CLOCK && sense->kind != PIECE_UNIT))
        return false;
    struct piece *piece = add(pieces, PIECE_NUMBER, value, at, at + 1);
    piece->digits = (uint8_t)count;
    piece->flags = PIECE_SPLIT;
    add_sense(pieces, entry, at, at + 1);
    return true;
}

/* A token that begins with a digit; the token behind what was read, or `at` for nothing. */
static uint32_t read_figures(struct pieces *pieces, uint32_t at)
{
    const struct text *text = pieces->text;
    uint32_t next;
    if (read_day(pieces, at, &next) || read_fraction(pieces, at, &next))
        return next;
    struct slice token = token_text(text, at);
    struct figures figures = {token.data, token.data + token.length};
    int minutes = minutes_of(&figures), value;
    if (minutes >= 0) {
        struct slice rest = letters(&figures);
        if (figures.at != figures.end)
            return at;
        add(pieces, PIECE_MOMENT, minutes, at, at + 1)->flags = rest.length ? PIECE_SPLIT : 0;
        const struct entry *entry = rest.length ? lexicon_find(LEXICON_DATES, rest) : NULL;
        if (entry)
            add_sense(pieces, entry, at, at + 1);
        return at + 1;
    }
    figures.at = token.data;
    int count = digits(&figures, 4, &value);
    if (!count)
        return at;
    if (figures.at == figures.end) {
        add(pieces, PIECE_NUMBER, value, at, at + 1)->digits = (uint8_t)count;
        return at + 1;
    }
    struct slice suffix = letters(&figures);
    return suffix.length && figures.at == figures.end && read_suffix(pieces, at, value, count, suffix) ? at + 1 : at;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static void add_number(struct pieces *pieces, const struct entry *entry, uint32_t first, uint32_t end)
{
    struct piece *piece =
        add(pieces, entry_has(entry, "ordinal") ? PIECE_ORDINAL : PIECE_NUMBER, number_of(entry_get(entry, "value")), first, end);
    piece->flags = (uint8_t)(PIECE_WORDS | (entry_has(entry, "vague") ? PIECE_VAGUE : 0));
    piece->entry = entry;
}

/* Number words that follow each other make one number: "twenty first", "two thousand and eighteen". The piece before the last
 * takes it in; true where it did. */
static bool number_joined(struct pieces *pieces)
{
    struct piece *last = &pieces->items[pieces->count - 1], *before = last - 1;
    if (pieces->count < 2 || !(last->flags & PIECE_WORDS) || !(before->flags & PIECE_WORDS) || before->kind != PIECE_NUMBER)
        return false;
    int times = last->entry ? number_of(entry_get(last->entry, "times")) : 0;
    bool tens = before->entry && entry_has(before->entry, "tens") && last->value > 0 && last->value < 10;
    bool round = before->value >= 100 && before->value % 100 == 0 && last->value > 0 && last->value < before->value;
    if (before->flags & PIECE_VAGUE || last->flags & PIECE_VAGUE || !(times || tens || round))
        return false;
    before->value = times ? before->value * times : before->value + last->value;
    before->kind = last->kind;
    before->end = last->end;
    before->entry = tens ? NULL : last->entry;
    pieces->count--;
    return true;
}

/* "mid-December", "twenty-first", "Oct-2", "23-March": every part has to be a piece. */
static uint32_t read_hyphened(struct pieces *pieces, uint32_t at)
{
    struct slice rest = token_text(pieces->text, at);
    if (!memchr(rest.data, '-', rest.length))
        return at;
    uint32_t before = pieces->count;
    while (rest.data) {
        struct slice part = slice_cut(&rest, '-');
        struct figures figures = {part.data, part.data + part.length};
        int value, count = part.length ? digits(&figures, 4, &value) : 0;
        const struct entry *entry = lexicon_find(LEXICON_DATES, part), *number = lexicon_find(LEXICON_NUMBERS, part);
        if (count && figures.at == figures.end)
            add(pieces, PIECE_NUMBER, value, at, at + 1)->digits = (uint8_t)count;
        else if (count && read_suffix(pieces, at, value, count, letters(&figures)) && figures.at == figures.end)
            ;
        else if (entry && entry->name.length && sense_cached(pieces, entry)->kind != PIECE_GAP)
            add_sense(pieces, entry, at, at + 1);
        else if (number) {
            add_number(pieces, number, at, at + 1);
            number_joined(pieces);
        } else {
            pieces->count = before;
            return at;
        }
        if (rest.data)
            pieces->items[pieces->count - 1].flags |= PIECE_SPLIT;
    }
    return at + 1;
}

/* "two thousand and eighteen": the "and" goes. */
static void join_over_and(struct pieces *pieces)
{
    if (pieces->count < 3)
        return;
    struct piece *last = &pieces->items[pieces->count - 1], *and = last - 1, *before = last - 2;
    if (and->kind == PIECE_LINK && and->value == LINK_AND && before->kind == PIECE_NUMBER && before->flags & PIECE_WORDS &&
        before->value >= 100 && before->value % 100 == 0 && last->flags & PIECE_WORDS && last->value < 100) {
        *and = *last;
        pieces->count--;
    }
}

static uint32_t read_word(struct pieces *pieces, uint32_t at)
{
    struct match date = lexicon_match(pieces->text, LEXICON_DATES, at), number = lexicon_match(pieces->text, LEXICON_NUMBERS, at);
    if (date.length >= number.length && date.entry && sense_cached(pieces, date.entry)->kind != PIECE_GAP) {
        add_sense(pieces, date.entry, at, at + date.length);
        return at + date.length;
    }
    if (!number.entry)
        return read_hyphened(pieces, at);
    add_number(pieces, number.entry, at, at + number.length);
    join_over_and(pieces);
    while (number_joined(pieces))
        ;
    return at + number.length;
}

/* The full stop of an abbreviation or of a day: "Dec. 21", "16. Nov." It belongs to the piece before it. */
static bool read_stop(struct pieces *pieces, uint32_t at)
{
    const struct text *text = pieces->text;
    struct piece *last = pieces->count ? &pieces->items[pieces->count - 1] : NULL;
    if (!last || last->end != at || text->tokens[at].flags & TOKEN_AFTER_SPACE || at + 1 >= text->token_count)
        return false;
    const struct token *next = &text->tokens[at + 1];
    bool month_then_day = last->kind == PIECE_MONTH && next->kind == TOKEN_NUMBER;
    bool day_then_month = last->kind == PIECE_NUMBER && last->digits && last->digits <= 2 && next->flags & TOKEN_CAPITAL &&
                          next->starts & 1u << LEXICON_DATES;
    bool short_weekday = last->kind == PIECE_WEEKDAY && last->flags & PIECE_SHORT;
    if (next->flags & TOKEN_LINE_START || !(month_then_day || day_then_month || short_weekday))
        return false;
    last->end++;
    return true;
}

void pieces_read(struct pieces *pieces, const struct text *text)
{
    *pieces = (struct pieces){.text = text};
    pieces->senses = arena_zero(text->arena, (lexicon_size(LEXICON_DATES) + 1) * sizeof *pieces->senses);
    const uint32_t starts = 1u << LEXICON_DATES | 1u << LEXICON_NUMBERS;
    add_gap(pieces, 0);
    for (uint32_t at = 0; at < text->token_count;) {
        const struct token *token = &text->tokens[at];
        uint32_t next = at;
        if (token->flags & TOKEN_LINE_START)
            add_gap(pieces, at);
        if (!(token->flags & TOKEN_BOILERPLATE)) {
            char first = text->bytes.data[token->start];
            if (token->kind <= TOKEN_NUMBER && is_digit(first))
                next = read_figures(pieces, at);
            else if (token_is_mark(text, at, '.') && read_stop(pieces, at))
                next = at + 1;
            if (next == at && (token->starts & starts || token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER))
                next = token->starts & starts ? read_word(pieces, at) : read_hyphened(pieces, at);
        }
        if (next == at)
            add_gap(pieces, next = at + 1);
        at = next;
    }
    add_gap(pieces, text->token_count);
}
