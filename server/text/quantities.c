/* How many of what a passage says there are.
 *
 *     quantity  = [ rounding ] [ currency ] number [ ( "to" | "-" | "and" ) number ] { modifier } unit
 *               | ( "dozens" | "hundreds" | "thousands" … ) { "of" ( "thousands" | … ) } [ "of" ] { modifier } unit
 *               | number ( "in" | "out" "of" ) ( "ten" | "a" "hundred" )
 *               | number "to" less
 *     number    = figures [ times [ "of" ] ] | word [ word ] [ times [ "of" ] ]
 *     rounding  = "about" | "nearly" | "more than" | "at least" | "up to" | …
 *     unit      = the last word before a verb, a function word or a mark that is no adverb | "%" | the currency
 *
 * A year is no quantity, and neither is a number of nothing. */
#include <math.h>
#include <string.h>

#include "noun_phrase.h"

enum { UNIT_REACH = 4, YEAR_FIRST = 1900, YEAR_LAST = 2099, DIGITS_MAX = 15 };

/* What the words before a number make of it: from `least` to `most` times as much; 0: without an end. */
static const struct rounding {
    const char *words[3];
    double least, most;
} roundings[] = {{{"about"}, 0.85, 1.15},
                 {{"around"}, 0.85, 1.15},
                 {{"roughly"}, 0.85, 1.15},
                 {{"approximately"}, 0.85, 1.15},
                 {{"some"}, 0.85, 1.15},
                 {{"estimated"}, 0.85, 1.15},
                 {{"nearly"}, 0.8, 1},
                 {{"almost"}, 0.8, 1},
                 {{"close", "to"}, 0.8, 1.1},
                 {{"more", "than"}, 1, 0},
                 {{"over"}, 1, 0},
                 {{"above"}, 1, 0},
                 {{"exceeding"}, 1, 0},
                 {{"at", "least"}, 1, 0},
                 {{"upwards", "of"}, 1, 0},
                 {{"no", "fewer", "than"}, 1, 0},
                 {{"no", "less", "than"}, 1, 0},
                 {{"less", "than"}, 0, 1},
                 {{"fewer", "than"}, 0, 1},
                 {{"no", "more", "than"}, 0, 1},
                 {{"under"}, 0, 1},
                 {{"below"}, 0, 1},
                 {{"up", "to"}, 0, 1},
                 {{"at", "most"}, 0, 1},
                 {{"as", "many", "as"}, 0, 1}};
/* A number of one or two figures and zeros is most often a round one. */
static const double round_least = 0.93, round_most = 1.07;

/* "Dozens": from two of them to nearly ten of the next. */
static const struct crowd {
    const char *word;
    double least, most;
} crowds[] = {{"dozens", 24, 99},         {"scores", 40, 199},      {"hundreds", 200, 9999},
              {"thousands", 2000, 99999}, {"millions", 2e6, 9.9e7}, {"billions", 2e9, 9.9e10}};
static const struct {
    const char *word;
    double factor;
} tens[] = {{"tens", 10}, {"dozens", 12}, {"hundreds", 100}};

struct number {
    uint32_t end; /* the token behind it; the beginning: there is none */
    double value;
    bool round;
};

/* ---- numbers ---------------------------------------------------------------------------------------------- */

static bool read_figures(struct slice printed, struct number *number)
{
    double value = 0, place = 0;
    size_t digits = 0, zeros = 0;
    for (size_t i = 0; i < printed.length; i++) {
        char c = printed.data[i];
        if (c >= '0' && c <= '9') {
            value = place > 0 ? value + (c - '0') * place : value * 10 + (c - '0');
            place /= 10;
            zeros = c == '0' && value > 0 ? zeros + 1 : 0;
            digits++;
        } else if (c == '.' && place == 0) {
            place = 0.1;
        } else if (c != ',') {
            return false;
        }
    }
    bool year = digits == 4 && printed.length == 4 && value >= YEAR_FIRST && value <= YEAR_LAST;
    *number = (struct number){.value = value, .round = zeros >= 1 && digits > 2 && digits - zeros <= 2};
    return digits > 0 && digits <= DIGITS_MAX && !year;
}

static double attribute_number(const struct entry *entry, const char *key)
{
    struct slice value = entry_get(entry, key);
    struct number number;
    return value.length && read_figures(value, &number) ? number.value : -1;
}

/* What a number is multiplied by: "thousand"; -1: nothing. */
static double times_at(const struct text *text, uint32_t at)
{
    static const struct {
        const char *word;
        double factor;
    } large[] = {{"billion", 1e9},  {"bn", 1e9},         {"trillion", 1e12}, {"millions", 1e6},
                 {"billions", 1e9}, {"trillions", 1e12}, {"thousands", 1e3}};
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        if (token_is(text, at, large[i].word))
            return large[i].factor;
    struct match times = lexicon_match(text, LEXICON_NUMBERS, at);
    return times.entry && times.length == 1 ? attribute_number(times.entry, "times") : -1;
}

/* "twelve", "twenty five"; an article counts only before "thousand". */
static bool read_words(const struct text *text, uint32_t at, uint32_t *end, struct number *number)
{
    struct match match = lexicon_match(text, LEXICON_NUMBERS, at);
    bool counts = match.entry && !entry_has(match.entry, "ordinal") && !entry_has(match.entry, "vague");
    double value = counts ? attribute_number(match.entry, "value") : -1;
    if (value < 0)
        return false;
    *end = at + match.length;
    struct match unit = entry_has(match.entry, "tens") ? lexicon_match(text, LEXICON_NUMBERS, *end) : (struct match){0};
    double more = unit.entry && !entry_has(unit.entry, "ordinal") ? attribute_number(unit.entry, "value") : -1;
    if (more > 0 && more < 10) {
        value += more;
        *end += unit.length;
    }
    *number = (struct number){.value = value};
    return value > 1 || value < 1 || times_at(text, *end) > 0;
}

static struct number number_at(const struct text *text, uint32_t at)
{
    struct number number = {0};
    uint32_t end = at + 1;
    bool is_number = at < text->token_count && (text->tokens[at].kind == TOKEN_NUMBER
                                                    ? read_figures(token_text(text, at), &number)
                                                    : text->tokens[at].kind == TOKEN_WORD && read_words(text, at, &end, &number));
    if (!is_number)
        return (struct number){.end = at};
    double factor = times_at(text, end);
    if (factor > 0) {
        number.value *= factor;
        number.round = true;
        end += 1U + (slice_ends(token_text(text, end), "s") && token_is(text, end + 1, "of"));
    }
    number.end = end;
    return number;
}

/* ---- what is counted -------------------------------------------------------------------------------------- */

static bool ends_phrase(const struct text *text, uint32_t at, bool begun)
{
    const unsigned done = INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_PARTICIPLE) |
                          INFLECTION_BIT(INFLECTION_GERUND) | INFLECTION_BIT(INFLECTION_THIRD);
    struct match common = lexicon_match(text, LEXICON_COMMON_VERBS, at), saying = lexicon_match(text, LEXICON_VERBS, at);
    bool verb = (common.entry && common.inflections & done) || (saying.entry && saying.inflections & done);
    bool noun = lexicon_match(text, LEXICON_ROLES, at).entry != NULL;
    return text->tokens[at].kind != TOKEN_WORD || word_class(text, at).data || (begun && verb && !noun);
}

/* The last word of the noun phrase; `end` gets the token behind it. */
static struct slice unit_at(const struct text *text, uint32_t at, uint32_t *end)
{
    uint32_t i = at;
    bool two_words = token_is(text, i, "per") && token_is(text, i + 1, "cent");
    if (i < text->token_count && (two_words || slice_is(token_text(text, i), "%") || token_is(text, i, "percent"))) {
        *end = i + 1 + two_words;
        return SLICE("percent");
    }
    while (i < text->token_count && i < at + UNIT_REACH && !ends_phrase(text, i, i > at))
        i++;
    while (i > at + 1 && slice_ends(token_text(text, i - 1), "ly"))
        i--;
    *end = i;
    return i > at ? token_text(text, i - 1) : NO_SLICE;
}

static struct slice currency_before(const struct text *text, uint32_t at)
{
    static const char *const signs[] = {"$", "€", "£", "¥", "₽", NULL};
    for (int i = 0; at > 0 && signs[i]; i++)
        if (slice_is(token_text(text, at - 1), signs[i]))
            return slice_of(signs[i]);
    return NO_SLICE;
}

/* The rounding that ends before `at`; `begin` gets its first token. */
static const struct rounding *rounding_before(const struct text *text, uint32_t at, uint32_t *begin)
{
    for (const struct rounding *rounding = roundings; rounding < roundings + sizeof roundings / sizeof *roundings; rounding++) {
        uint32_t words = 0, there = 0;
        while (words < 3 && rounding->words[words])
            words++;
        while (there < words && at >= words && token_is(text, at - words + there, rounding->words[there]))
            there++;
        /* "more than" also ends "no more than", which says the opposite */
        bool opposite = words == 2 && at > 2 && token_is(text, at - 3, "no");
        if (there == words && !opposite) {
            *begin = at - words;
            return rounding;
        }
    }
    return NULL;
}

/* ---- quantities ------------------------------------------------------------------------------------------- */

static struct span with_currency(const struct text *text, uint32_t begin, uint32_t end, struct slice *unit)
{
    struct slice currency = currency_before(text, begin);
    if (currency.data) {
        *unit = currency;
        begin--;
    }
    return (struct span){begin, end};
}

/* "Nine in ten": how many of a hundred, more or less; `end` gets the token behind. 0: it is none. */
static double share_at(const struct text *text, const struct number *number, uint32_t *end, double *rough)
{
    uint32_t at = number->end;
    at += token_is(text, at, "in") ? 1 : token_is(text, at, "out") && token_is(text, at + 1, "of") ? 2 : 0;
    if (at == number->end)
        return 0;
    bool hundred = token_is(text, at, "a") && token_is(text, at + 1, "hundred");
    struct number whole = hundred ? (struct number){.end = at + 2, .value = 100} : number_at(text, at);
    bool is_whole = whole.end > at && (fabs(whole.value - 10) < 0.5 || fabs(whole.value - 100) < 0.5);
    *end = whole.end;
    *rough = whole.value < 100 ? 4.9 : 0;
    return is_whole && number->value <= whole.value ? number->value * 100 / whole.value : 0;
}

/* What is no count of things: "nine in ten", "by 120 to 31". */
static uint32_t read_ratio(const struct text *text, uint32_t at, struct quantity *quantity)
{
    struct number number = number_at(text, at);
    uint32_t end = at;
    double rough = 0, share = number.end > at ? share_at(text, &number, &end, &rough) : 0;
    if (share > 0) {
        *quantity = (struct quantity){share - rough, share + rough, SLICE("percent"), span_text(text, (struct span){at, end})};
        return end;
    }
    struct number less = number.end > at && token_is(text, number.end, "to") ? number_at(text, number.end + 1)
                                                                             : (struct number){0};
    if (less.end <= number.end + 1 || less.value >= number.value || less.value < 1 || (at > 0 && token_is(text, at - 1, "from")))
        return at;
    *quantity = (struct quantity){number.value, number.value, SLICE("result"), span_text(text, (struct span){at, less.end})};
    return less.end;
}

static uint32_t read_number(const struct text *text, uint32_t at, struct quantity *quantity)
{
    struct number first = number_at(text, at), second = {.end = first.end};
    uint32_t end = first.end, begin = at;
    if (first.end == at)
        return at;
    bool joined = end < text->token_count && (token_is(text, end, "to") || token_is_mark(text, end, '-') ||
                                              (token_is(text, end, "and") && at > 0 && token_is(text, at - 1, "between")));
    if (joined)
        second = number_at(text, end + 1);
    bool range = joined && second.end > end + 1 && second.value > first.value;
    if (range)
        end = second.end;
    struct slice unit = unit_at(text, end, &end);
    struct span span = with_currency(text, begin, end, &unit);
    const struct rounding *rounding = range ? NULL : rounding_before(text, span.first, &span.first);
    double least = first.round ? round_least : 1, most = first.round ? round_most : 1;
    if (rounding) {
        least = rounding->least;
        most = rounding->most;
    }
    *quantity = (struct quantity){.least = first.value * least,
                                  .most = range      ? second.value
                                          : most > 0 ? first.value * most
                                                     : INFINITY,
                                  .unit = unit,
                                  .text = span_text(text, span)};
    return end;
}

static const struct crowd *crowd_at(const struct text *text, uint32_t at)
{
    for (size_t i = 0; i < sizeof crowds / sizeof *crowds; i++)
        if (token_is(text, at, crowds[i].word))
            return &crowds[i];
    return NULL;
}

static uint32_t read_crowd(const struct text *text, uint32_t at, struct quantity *quantity)
{
    const struct crowd *crowd = crowd_at(text, at);
    double factor = 1;
    uint32_t next = at;
    for (size_t i = 0; i < sizeof tens / sizeof *tens; i++)
        if (token_is(text, at, tens[i].word) && token_is(text, at + 1, "of") && crowd_at(text, at + 2)) {
            crowd = crowd_at(text, at + 2);
            factor = tens[i].factor;
            next = at + 2;
        }
    if (!crowd)
        return at;
    uint32_t end = next + 1 + token_is(text, next + 1, "of");
    struct slice unit = unit_at(text, end, &end);
    *quantity = (struct quantity){.least = crowd->least * factor,
                                  .most = crowd->most * factor,
                                  .unit = unit,
                                  .text = span_text(text, (struct span){at, end})};
    return end;
}

size_t text_quantities(struct slice passage, struct arena *arena, struct quantity found[static QUANTITIES_MAX])
{
    struct text text = {.bytes = passage, .arena = arena};
    struct error error;
    size_t count = 0;
    if (passage.length > TEXT_BYTES_MAX || !text_lexicons_load(&error))
        return 0;
    text_tokens(&text);
    for (uint32_t at = 0; at < text.token_count && count < QUANTITIES_MAX;) {
        uint32_t end = read_crowd(&text, at, &found[count]);
        if (end == at)
            end = read_ratio(&text, at, &found[count]);
        if (end == at)
            end = read_number(&text, at, &found[count]);
        count += end > at && found[count].unit.length > 0;
        at = end > at ? end : at + 1;
    }
    return count;
}
