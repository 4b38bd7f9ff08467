/* Whether a text has a quotation, word for word.
 *
 * Both are cut into words. The quotation's characters are looked for as they are; where they are not there, its words are laid
 * along those of the text at the least cost (a semi-global edit distance over words):
 *
 *     the same letters                    0     whatever stands between the words
 *     another word, one more, one less    1
 *     words in square brackets            0     an editor's, on either side
 *     from a closing mark to the next     0     “We will not,” she said, “sign”: the words between them
 *     opening one, in the text
 *     at an ellipsis of the quotation     0     up to ELLIPSIS_MAX words
 *
 * Only stretches of the text that share enough words with the quotation are looked at so. */
#include <assert.h>
#include <string.h>

#include "collate_private.h"
#include "readout/text.h"
#include "readout/utf8.h"

enum {
    ELLIPSIS_MAX = 100,    /* words left out at an ellipsis */
    ELLIPSES_MAX = 8,      /* of a quotation; what else looks like one is a mark */
    INTERRUPTION_MAX = 25, /* words between a closing mark and the next opening one */
    BRACKETS_MAX = 200,    /* bytes between square brackets */
    DISTANCE_MAX = 12,     /* of the closest */
    WORDS_A_DIFFERENCE = 4,
    WORDS_FOR_CLOSE = 3, /* a shorter quotation is there or not */
    OCCURRENCES_MAX = 16,
    WORK_MAX = 20000000, /* cells of a text, about 0.1 s */
    ATTEMPTS_MAX = 10000
};
#define NO_WORD UINT32_MAX

struct word {
    uint64_t hash;       /* of its letters, folded */
    uint32_t from, to;   /* bytes */
    uint32_t start, end; /* code points */
    uint32_t resumed;    /* the first of the words that interrupt the quotation which goes on with this one, or NO_WORD */
    bool quoted;         /* between quotation marks */
    bool bracketed;      /* between square brackets */
    bool elided;         /* an ellipsis stands before it */
    bool begins;         /* a mark does, or nothing: its capital may come from there */
};

struct words {
    struct slice text;
    struct word *items;
    uint32_t count;
};

struct quote {
    struct slice text; /* without blanks and quotation marks around it */
    struct words words;
    uint32_t needed;    /* words that are not bracketed */
    uint32_t bound;     /* the greatest distance that is close */
    uint32_t reach;     /* words of a text that it may stretch over */
    uint64_t *hashes;   /* open addressing; 0: free */
    size_t hash_places; /* a power of two */
};

const char *quote_match_name(enum quote_match match)
{
    static const char *const names[] = {"exact", "normalised", "close", "missing"};
    return names[match];
}

const char *quote_part_name(enum quote_part_kind kind)
{
    static const char *const names[] = {"kept", "changed", "put_in", "left_out"};
    return names[kind];
}

/* ---- words ------------------------------------------------------------------------------------------------ */

struct scanning {
    struct words words;
    struct arena *arena;
    uint32_t room;
    size_t at;      /* byte */
    uint32_t index; /* code point */
    int32_t before; /* the code point before, 0 at the beginning */
    enum text_class class_before;
    enum { OPEN_NOT, OPEN_DOUBLE, OPEN_SINGLE } open;
    uint32_t closed;  /* the word that the last closing mark stands before, or NO_WORD */
    uint32_t resumed; /* of the next word */
    size_t bracket_end;
    unsigned stops, lines; /* of an ellipsis; line ends on end */
    uint32_t ellipses;
    bool elided, begins;
};

/* What a character that is looked at is. */
struct glyph {
    enum text_class class;
    int32_t point, folded;
    size_t next;
};

static struct glyph glyph_at(struct slice text, size_t at)
{
    struct glyph glyph = {.class = TEXT_BLANK, .next = at};
    if (at < text.length)
        glyph.class = text_character(text, &glyph.next, &glyph.point, &glyph.folded);
    return glyph;
}

/* Scripts that part no words: each character is one. */
static bool is_word_alone(int32_t point)
{
    return (point >= 0x3040 && point <= 0x30ff) || (point >= 0x3400 && point <= 0x9fff) || (point >= 0xf900 && point <= 0xfaff) ||
           point >= 0x20000;
}

static bool has_no_width(int32_t point)
{
    return point == 0xad || (point >= 0x200b && point <= 0x200d) || point == 0x2060 || point == 0xfeff;
}

static bool is_apostrophe(int32_t point)
{
    return point == '\'' || point == 0x2019 || point == 0x2018 || point == '`' || point == 0xb4 || point == 0x2032;
}

static bool is_digit(int32_t point)
{
    return point >= '0' && point <= '9';
}

/* Whether a word goes on behind this character, which is none of its letters: don't, U.S., 1,500, [t]hey. */
static bool joins(const struct scanning *scanning, struct glyph glyph, uint32_t letters)
{
    struct glyph next = glyph_at(scanning->words.text, glyph.next);
    if (has_no_width(glyph.point))
        return next.class == TEXT_LETTER || has_no_width(next.point);
    if (next.class != TEXT_LETTER || scanning->class_before != TEXT_LETTER)
        return false;
    bool number = is_digit(scanning->before) && is_digit(next.point);
    switch (glyph.point) {
    case '.':
        return number || (letters == 1 && !is_digit(scanning->before) && !is_digit(next.point));
    case ',':
        return number;
    case '[':
    case ']':
        return true;
    default:
        return is_apostrophe(glyph.point);
    }
}

static uint64_t mixed(uint64_t hash, int32_t point)
{
    return (hash ^ (uint64_t)point) * 0x100000001b3u;
}

static void step(struct scanning *scanning, struct glyph glyph)
{
    scanning->before = glyph.point;
    scanning->class_before = glyph.class;
    scanning->at = glyph.next;
    scanning->index++;
}

static struct word *add_word(struct scanning *scanning)
{
    struct words *words = &scanning->words;
    if (words->count == scanning->room) {
        uint32_t room = scanning->room ? scanning->room * 2 : 64;
        words->items =
            arena_grow(scanning->arena, words->items, scanning->room * sizeof *words->items, room * sizeof *words->items);
        scanning->room = room;
    }
    words->items[words->count] = (struct word){.hash = 0xcbf29ce484222325u,
                                               .from = (uint32_t)scanning->at,
                                               .start = scanning->index,
                                               .resumed = scanning->resumed,
                                               .quoted = scanning->open != OPEN_NOT,
                                               .bracketed = scanning->at < scanning->bracket_end,
                                               .elided = scanning->elided,
                                               .begins = scanning->begins};
    return &words->items[words->count++];
}

static void read_word(struct scanning *scanning)
{
    struct word *word = add_word(scanning);
    uint32_t letters = 0; /* since the last full stop */
    for (;;) {
        struct glyph glyph = glyph_at(scanning->words.text, scanning->at);
        bool alone = glyph.class == TEXT_LETTER && is_word_alone(glyph.point);
        if (alone && word->from < scanning->at)
            break;
        if (glyph.class != TEXT_LETTER && !joins(scanning, glyph, letters))
            break;
        bool stop = glyph.point == '.';
        if (glyph.class == TEXT_LETTER && glyph.folded)
            word->hash = mixed(word->hash, glyph.folded);
        else if (stop && is_digit(scanning->before))
            word->hash = mixed(word->hash, '.');
        letters = stop ? 0 : letters + (glyph.class == TEXT_LETTER);
        step(scanning, glyph);
        if (alone)
            break;
    }
    word->to = (uint32_t)scanning->at;
    word->end = scanning->index;
    word->bracketed = word->bracketed && scanning->at <= scanning->bracket_end;
    word->hash += word->hash == 0; /* 0 stands for none */
    scanning->ellipses += scanning->elided;
    scanning->elided = scanning->begins = false;
    scanning->resumed = NO_WORD;
    scanning->stops = scanning->lines = 0;
}

/* ---- marks ------------------------------------------------------------------------------------------------ */

static void open_mark(struct scanning *scanning, bool is_single)
{
    uint32_t count = scanning->words.count;
    if (scanning->open == OPEN_NOT && scanning->closed != NO_WORD && count > scanning->closed &&
        count - scanning->closed <= INTERRUPTION_MAX)
        scanning->resumed = scanning->closed;
    scanning->open = is_single ? OPEN_SINGLE : OPEN_DOUBLE;
}

static void close_mark(struct scanning *scanning)
{
    if (scanning->open != OPEN_NOT)
        scanning->closed = scanning->words.count;
    scanning->open = OPEN_NOT;
}

static bool is_dash_or_bracket(int32_t point)
{
    return point == '(' || point == '[' || point == '-' || point == '/' || point == 0x2013 || point == 0x2014;
}

/* What its neighbours say; where they say nothing, it closes what is open. Single marks are mostly apostrophes. */
static void read_quotation_mark(struct scanning *scanning, struct glyph glyph)
{
    struct glyph next = glyph_at(scanning->words.text, glyph.next);
    bool apart = scanning->class_before == TEXT_BLANK || is_dash_or_bracket(scanning->before);
    bool is_single = is_apostrophe(glyph.point) || glyph.point == 0x201a;
    bool ends = next.class == TEXT_MARK && next.point < 0x80 && strchr(",.;:!?", next.point); /* « so », she said */
    bool opens = apart && next.class != TEXT_BLANK && !ends, closes = !apart && next.class != TEXT_LETTER;
    if (is_single && scanning->open == OPEN_DOUBLE)
        return;
    if (is_single ? closes && scanning->open == OPEN_SINGLE : !opens && (closes || scanning->open == OPEN_DOUBLE))
        close_mark(scanning);
    else if (is_single ? apart && next.class == TEXT_LETTER : scanning->open != OPEN_DOUBLE)
        open_mark(scanning, is_single);
}

/* Where the bracket that opens at `at` closes, on the same line and soon; else `at`. */
static size_t bracket_end(struct slice text, size_t at)
{
    for (size_t i = at; i < text.length && i - at < BRACKETS_MAX && text.data[i] != '\n'; i++)
        if (text.data[i] == ']')
            return i;
    return at;
}

static void read_mark(struct scanning *scanning, struct glyph glyph)
{
    if (glyph.point == '\n') {
        scanning->begins = true;
        if (++scanning->lines == 2)
            scanning->open = OPEN_NOT; /* a paragraph's marks are its own */
    } else if (glyph.class == TEXT_QUOTE) {
        read_quotation_mark(scanning, glyph);
        scanning->begins = true;
    } else if (glyph.class == TEXT_MARK) {
        scanning->begins = true;
        scanning->stops += glyph.point == 0x2026 ? 3 : glyph.point == '.';
        scanning->elided = scanning->stops >= 3 && scanning->ellipses < ELLIPSES_MAX;
        if (glyph.point == '[')
            scanning->bracket_end = bracket_end(scanning->words.text, scanning->at);
    }
    step(scanning, glyph);
}

static struct words words_of(struct slice text, struct arena *arena)
{
    struct scanning scanning = {.words = {.text = text}, .arena = arena, .begins = true, .closed = NO_WORD, .resumed = NO_WORD};
    while (scanning.at < text.length) {
        struct glyph glyph = glyph_at(text, scanning.at);
        if (glyph.class == TEXT_LETTER)
            read_word(&scanning);
        else
            read_mark(&scanning, glyph);
    }
    return scanning.words;
}

/* Whether the words are the same letter for letter; of two that begin something, the first may be a capital in one of them. */
static bool is_same(const struct words *some, const struct word *a, const struct words *others, const struct word *b)
{
    size_t at = a->from, to = b->from;
    bool first = a->begins || b->begins;
    if (a->hash != b->hash)
        return false;
    for (;;) {
        struct glyph one = {.class = TEXT_BLANK}, other = {.class = TEXT_BLANK};
        while (at < a->to && one.class != TEXT_LETTER) {
            one = glyph_at(some->text, at);
            at = one.next;
        }
        while (to < b->to && other.class != TEXT_LETTER) {
            other = glyph_at(others->text, to);
            to = other.next;
        }
        if (one.class != TEXT_LETTER || other.class != TEXT_LETTER)
            return one.class == other.class || (one.class != TEXT_LETTER && other.class != TEXT_LETTER);
        if (one.point != other.point && !(first && one.folded == other.folded))
            return false;
        first = false;
    }
}

/* ---- the quotation ---------------------------------------------------------------------------------------- */

static bool has_hash(const struct quote *quote, uint64_t hash)
{
    size_t place = hash & (quote->hash_places - 1);
    while (quote->hashes[place] && quote->hashes[place] != hash)
        place = (place + 1) & (quote->hash_places - 1);
    return quote->hashes[place] == hash;
}

static void gather_hashes(struct quote *quote, struct arena *arena)
{
    quote->hash_places = 16;
    while (quote->hash_places < 2 * (size_t)quote->words.count)
        quote->hash_places *= 2;
    quote->hashes = arena_zero(arena, quote->hash_places * sizeof *quote->hashes);
    for (uint32_t i = 0; i < quote->words.count; i++) {
        uint64_t hash = quote->words.items[i].hash;
        size_t place = hash & (quote->hash_places - 1);
        while (quote->hashes[place] && quote->hashes[place] != hash)
            place = (place + 1) & (quote->hash_places - 1);
        quote->hashes[place] = hash;
    }
}

/* Without what a person copies along. */
static struct slice trimmed(struct slice text)
{
    size_t start = text.length, end = 0;
    for (size_t at = 0; at < text.length;) {
        struct glyph glyph = glyph_at(text, at);
        if (glyph.class != TEXT_BLANK && glyph.class != TEXT_QUOTE) {
            start = start == text.length ? at : start;
            end = glyph.next;
        }
        at = glyph.next;
    }
    return end > start ? (struct slice){text.data + start, end - start} : (struct slice){text.data, 0};
}

struct quote *quote_read(struct slice text, struct arena *arena)
{
    struct quote *quote = arena_zero(arena, sizeof *quote);
    uint32_t ellipses = 0;
    quote->text = trimmed(text);
    quote->words = words_of(quote->text, arena);
    for (uint32_t i = 0; i < quote->words.count; i++) {
        quote->needed += !quote->words.items[i].bracketed;
        ellipses += i && quote->words.items[i].elided;
    }
    if (quote->words.count == 0)
        return NULL;
    quote->bound = quote->needed < WORDS_FOR_CLOSE ? 0 : quote->needed / WORDS_A_DIFFERENCE;
    quote->bound += quote->bound == 0 && quote->needed >= WORDS_FOR_CLOSE;
    quote->bound = quote->bound < DISTANCE_MAX ? quote->bound : DISTANCE_MAX;
    quote->reach = quote->words.count + quote->bound + 2 * INTERRUPTION_MAX + ELLIPSIS_MAX * ellipses;
    gather_hashes(quote, arena);
    return quote;
}

size_t quote_words(const struct quote *quote, struct slice *words, size_t most)
{
    size_t count = 0;
    for (uint32_t i = 0; i < quote->words.count && count < most; i++) {
        const struct word *word = &quote->words.items[i];
        if (!word->bracketed)
            words[count++] = (struct slice){quote->text.data + word->from, word->to - word->from};
    }
    return count;
}

size_t quote_runs(const struct quote *quote, struct slice *runs, size_t most)
{
    size_t count = 0;
    bool goes_on = false;
    for (uint32_t i = 0; i < quote->words.count; i++) {
        const struct word *word = &quote->words.items[i];
        bool begins = !goes_on || word->elided;
        goes_on = !word->bracketed;
        if (word->bracketed)
            continue;
        if (begins && count == most)
            break;
        if (begins)
            runs[count++] = (struct slice){quote->text.data + word->from, word->to - word->from};
        runs[count - 1].length = (size_t)(quote->text.data + word->to - runs[count - 1].data);
    }
    return count;
}

size_t quote_bound(const struct quote *quote)
{
    return quote->bound;
}

/* ---- laying it along a text ------------------------------------------------------------------------------- */

/* How the words of the quotation up to one, laid along those of the text up to another, came there. */
enum move { MOVE_NONE, MOVE_TAKE, MOVE_RESUME, MOVE_ELLIPSIS, MOVE_LEAVE_OUT, MOVE_PUT_IN };

enum { COST_MAX = UINT16_MAX / 2 };

struct cell {
    uint16_t cost, elided; /* the words left out so far at the ellipsis in hand */
    uint32_t start;        /* the word of the text that it begins with */
};

struct laying {
    const struct quote *quote;
    const struct words *text;
    uint32_t first, end;      /* words of the text that are looked at */
    struct cell *above, *row; /* for each place between them */
    uint8_t *moves;           /* (words of the quotation + 1) rows of them, or NULL; then it begins with the first word */
};

static void better(struct cell *best, enum move *move, struct cell from, unsigned cost, enum move by)
{
    if (from.cost + cost >= best->cost)
        return;
    *best = from;
    best->cost = (uint16_t)(from.cost + cost);
    best->elided = by == MOVE_ELLIPSIS ? (uint16_t)(from.elided + 1) : 0;
    *move = by;
}

/* `i` words of the quotation, the text's up to the one at `j`. */
static struct cell lay(const struct laying *laying, uint32_t i, uint32_t j, enum move *move)
{
    const struct words *words = &laying->quote->words, *text = laying->text;
    const struct word *word = &words->items[i - 1], *before = j > laying->first ? &text->items[j - 1] : NULL;
    uint32_t column = j - laying->first;
    struct cell best = {.cost = COST_MAX};
    *move = MOVE_NONE;
    if (before)
        better(&best, move, laying->above[column - 1], word->hash != before->hash, MOVE_TAKE);
    if (i < words->count && j < laying->end) {
        uint32_t resumed = text->items[j].resumed;
        if (resumed != NO_WORD && resumed >= laying->first)
            better(&best, move, laying->row[resumed - laying->first], 0, MOVE_RESUME);
        if (before && words->items[i].elided && laying->row[column - 1].elided < ELLIPSIS_MAX)
            better(&best, move, laying->row[column - 1], 0, MOVE_ELLIPSIS);
        if (before)
            better(&best, move, laying->row[column - 1], !before->bracketed, MOVE_LEAVE_OUT);
    }
    better(&best, move, laying->above[column], !word->bracketed, MOVE_PUT_IN);
    return best;
}

/* The last row, for the whole quotation, is left in laying->row. */
static void lay_all(struct laying *laying)
{
    uint32_t columns = laying->end - laying->first + 1;
    for (uint32_t j = 0; j < columns; j++)
        laying->row[j] = (struct cell){.cost = laying->moves && j ? COST_MAX : 0, .start = laying->first + j};
    for (uint32_t i = 1; i <= laying->quote->words.count; i++) {
        struct cell *above = laying->row;
        laying->row = laying->above;
        laying->above = above;
        for (uint32_t j = 0; j < columns; j++) {
            enum move move;
            laying->row[j] = lay(laying, i, laying->first + j, &move);
            if (laying->moves)
                laying->moves[(size_t)i * columns + j] = (uint8_t)move;
        }
    }
}

/* ---- where it stands -------------------------------------------------------------------------------------- */

/* A spot where the text has it, from one word up to another. */
struct spot {
    uint32_t first, end;
    uint16_t cost;
};

struct spots {
    struct spot items[OCCURRENCES_MAX];
    size_t count;
    uint16_t cost; /* of all of them */
    size_t work;   /* cells so far */
    bool partly;   /* there was more to look at */
};

/* Of those that overlap the first is as good as the others, but better with a changed word at its end than without. */
static void note_spot(struct spots *spots, struct spot spot)
{
    if (spot.cost > spots->cost || spot.end <= spot.first)
        return;
    if (spot.cost < spots->cost)
        spots->count = 0;
    spots->cost = spot.cost;
    struct spot *last = spots->count ? &spots->items[spots->count - 1] : NULL;
    if (last && spot.first == last->first)
        *last = spot;
    else if (!(last && spot.first < last->end) && spots->count < OCCURRENCES_MAX)
        spots->items[spots->count++] = spot;
}

static void look_at_stretch(const struct quote *quote, const struct words *text, uint32_t first, uint32_t end,
                            struct arena *scratch, struct spots *spots)
{
    size_t columns = (size_t)(end - first) + 1;
    size_t cells = columns * quote->words.count;
    spots->partly |= spots->work + cells > WORK_MAX;
    if (spots->partly)
        return;
    spots->work += cells;
    struct laying laying = {.quote = quote,
                            .text = text,
                            .first = first,
                            .end = end,
                            .above = arena_alloc(scratch, columns * sizeof *laying.above),
                            .row = arena_alloc(scratch, columns * sizeof *laying.row)};
    lay_all(&laying);
    for (uint32_t j = 1; j < columns; j++)
        note_spot(spots, (struct spot){laying.row[j].start, first + j, laying.row[j].cost});
}

/* Stretches where a window as wide as the quotation may reach has enough of its words, those that overlap joined. */
static void look_through(const struct quote *quote, const struct words *text, struct arena *scratch, struct spots *spots)
{
    uint32_t shared = 0, least = quote->needed > quote->bound ? quote->needed - quote->bound : 0, first = NO_WORD, end = 0;
    for (uint32_t i = 0; i < text->count; i++) {
        shared += has_hash(quote, text->items[i].hash);
        if (i >= quote->reach)
            shared -= has_hash(quote, text->items[i - quote->reach].hash);
        if (shared < least || least == 0)
            continue;
        uint32_t begin = i + 1 > quote->reach ? i + 1 - quote->reach : 0;
        if (first != NO_WORD && begin > end) {
            look_at_stretch(quote, text, first, end, scratch, spots);
            first = NO_WORD;
        }
        first = first == NO_WORD ? begin : first;
        end = i + 1;
    }
    if (first != NO_WORD)
        look_at_stretch(quote, text, first, end, scratch, spots);
}

/* ---- what was found --------------------------------------------------------------------------------------- */

/* What is found in the making: runs of words. */
struct finding {
    const struct quote *quote;
    const struct words *text;
    struct quote_found *found;
    struct run {
        enum quote_part_kind kind;
        uint32_t quote_first, quote_end, text_first, text_end;
    } run;
    bool parted; /* the next word of the text begins another span */
};

static struct slice slice_between(const struct words *words, uint32_t first, uint32_t end)
{
    if (first == end)
        return NO_SLICE;
    uint32_t from = words->items[first].from;
    return (struct slice){words->text.data + from, words->items[end - 1].to - from};
}

static void end_run(struct finding *finding)
{
    const struct run *run = &finding->run;
    if (run->quote_first == run->quote_end && run->text_first == run->text_end)
        return;
    finding->found->parts[finding->found->part_count++] =
        (struct quote_part){run->kind, slice_between(&finding->quote->words, run->quote_first, run->quote_end),
                            slice_between(finding->text, run->text_first, run->text_end)};
}

static void add_to_run(struct finding *finding, enum quote_part_kind kind, uint32_t i, bool of_quote, uint32_t j, uint32_t j_end)
{
    struct run *run = &finding->run;
    if (run->kind != kind || (run->quote_first == run->quote_end && run->text_first == run->text_end)) {
        end_run(finding);
        *run = (struct run){kind, i, i, j, j};
    }
    run->quote_end = i + of_quote;
    run->text_end = j_end;
}

static void add_to_span(struct finding *finding, uint32_t j)
{
    struct quote_found *found = finding->found;
    const struct word *word = &finding->text->items[j];
    if (finding->parted || found->span_count == 0)
        found->spans[found->span_count++] =
            (struct quote_span){word->start, word->end, {finding->text->text.data + word->from, word->to - word->from}};
    struct quote_span *span = &found->spans[found->span_count - 1];
    span->end = word->end;
    span->text.length = (size_t)(finding->text->text.data + word->to - span->text.data);
    found->quoted &= word->quoted || word->bracketed;
    finding->parted = false;
}

static void follow(struct finding *finding, enum move move, uint32_t i, uint32_t j, uint32_t resumed)
{
    const struct words *words = &finding->quote->words, *text = finding->text;
    struct quote_found *found = finding->found;
    bool same;
    switch (move) {
    case MOVE_TAKE:
        same = is_same(words, &words->items[i - 1], text, &text->items[j - 1]);
        found->distance += !same;
        add_to_span(finding, j - 1);
        add_to_run(finding, same ? QUOTE_KEPT : QUOTE_CHANGED, i - 1, true, j - 1, j);
        break;
    case MOVE_PUT_IN:
        found->distance += !words->items[i - 1].bracketed;
        add_to_run(finding, QUOTE_PUT_IN, i - 1, true, j, j);
        break;
    case MOVE_LEAVE_OUT:
        found->distance += !text->items[j - 1].bracketed;
        add_to_span(finding, j - 1);
        add_to_run(finding, QUOTE_LEFT_OUT, i, false, j - 1, j);
        break;
    default:
        finding->parted = true;
        add_to_run(finding, QUOTE_LEFT_OUT, i, false, move == MOVE_RESUME ? resumed : j - 1, j);
    }
}

/* Lays the quotation along the spot once more, to see how. */
static void find_at(const struct quote *quote, const struct words *text, const struct spot *spot, struct arena *scratch,
                    struct arena *arena, struct quote_found *found)
{
    size_t columns = (size_t)(spot->end - spot->first) + 1, rows = (size_t)quote->words.count + 1, steps = 0;
    struct laying laying = {.quote = quote,
                            .text = text,
                            .first = spot->first,
                            .end = spot->end,
                            .above = arena_alloc(scratch, columns * sizeof *laying.above),
                            .row = arena_alloc(scratch, columns * sizeof *laying.row),
                            .moves = arena_zero(scratch, rows * columns)};
    lay_all(&laying);
    *found = (struct quote_found){.match = QUOTE_MISSING, .quoted = true};
    struct step {
        uint32_t i, j;
    } *path = arena_alloc(scratch, (rows + columns) * sizeof *path);
    for (uint32_t i = (uint32_t)rows - 1, j = spot->end; i > 0 || j > spot->first;) {
        enum move move = laying.moves[i * columns + (j - spot->first)];
        if (move == MOVE_NONE)
            return; /* farther apart than costs are counted */
        assert(steps < rows + columns);
        path[steps++] = (struct step){i, j};
        i -= move == MOVE_TAKE || move == MOVE_PUT_IN;
        j = move == MOVE_RESUME ? text->items[j].resumed : j - (move != MOVE_PUT_IN);
    }
    found->spans = arena_alloc(arena, (steps + 1) * sizeof *found->spans);
    found->parts = arena_alloc(arena, (steps + 1) * sizeof *found->parts);
    struct finding finding = {.quote = quote, .text = text, .found = found};
    while (steps--) {
        struct step at = path[steps];
        enum move move = laying.moves[at.i * columns + (at.j - spot->first)];
        follow(&finding, move, at.i, at.j, at.j < text->count ? text->items[at.j].resumed : NO_WORD);
    }
    end_run(&finding);
    found->quoted &= found->span_count > 0;
    found->match = found->span_count == 0 ? QUOTE_MISSING : found->distance ? QUOTE_CLOSE : QUOTE_NORMALISED;
}

static bool is_better(const struct quote_found *a, const struct quote_found *b)
{
    if (a->match != b->match)
        return a->match < b->match;
    return a->distance != b->distance ? a->distance < b->distance : a->quoted > b->quoted;
}

static void find_words(const struct quote *quote, const struct words *text, struct arena *scratch, struct arena *arena,
                       struct quote_found *found)
{
    struct spots spots = {.cost = (uint16_t)quote->bound};
    look_through(quote, text, scratch, &spots);
    for (size_t i = 0; i < spots.count; i++) {
        struct quote_found other;
        find_at(quote, text, &spots.items[i], scratch, arena, &other);
        if (is_better(&other, found))
            *found = other;
    }
    found->occurrences = found->match == QUOTE_MISSING ? 0 : spots.count;
    found->partly = spots.partly;
    found->work = spots.work;
}

/* ---- as it is --------------------------------------------------------------------------------------------- */

/* The first word that ends behind this byte. */
static uint32_t word_after(const struct words *text, size_t byte)
{
    uint32_t low = 0, high = text->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->items[middle].to <= byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A word may end in characters without a width, which nobody copies along. */
static bool has_letter(struct slice text, size_t from, size_t to)
{
    while (from < to) {
        struct glyph glyph = glyph_at(text, from);
        if (glyph.class == TEXT_LETTER)
            return true;
        from = glyph.next;
    }
    return false;
}

/* Whether the characters from `from` to `to` cut no word; and whether they all stand in quotation marks. */
static bool is_whole(const struct words *text, size_t from, size_t to, bool *quoted)
{
    uint32_t first = word_after(text, from), i = first;
    *quoted = true;
    for (; i < text->count && text->items[i].from < to; i++)
        *quoted &= text->items[i].quoted || text->items[i].bracketed;
    return i > first && text->items[first].from >= from && !has_letter(text->text, to, text->items[i - 1].to);
}

static void find_characters(const struct quote *quote, const struct words *text, struct arena *arena, struct quote_found *found)
{
    struct slice sought = quote->text, rest = text->text;
    size_t attempts = 0;
    for (const char *at; (at = memmem(rest.data, rest.length, sought.data, sought.length)) != NULL;) {
        size_t from = (size_t)(at - text->text.data), to = from + sought.length;
        bool quoted;
        bool whole = is_whole(text, from, to, &quoted);
        size_t on = whole ? to : from + 1;
        rest = (struct slice){text->text.data + on, text->text.length - on};
        found->partly = attempts++ == ATTEMPTS_MAX;
        if (found->partly)
            return;
        if (!whole)
            continue;
        size_t occurrences = found->occurrences + 1;
        if (found->match != QUOTE_EXACT || (quoted && !found->quoted)) {
            const struct word *first = &text->items[word_after(text, from)];
            uint32_t start = first->start - (uint32_t)utf8_length((struct slice){text->text.data + from, first->from - from});
            *found = (struct quote_found){.match = QUOTE_EXACT, .quoted = quoted, .span_count = 1, .part_count = 1};
            found->spans = arena_alloc(arena, sizeof *found->spans);
            found->spans[0] = (struct quote_span){start, start + (uint32_t)utf8_length(sought), {at, sought.length}};
            found->parts = arena_alloc(arena, sizeof *found->parts);
            found->parts[0] = (struct quote_part){QUOTE_KEPT, sought, found->spans[0].text};
        }
        found->occurrences = occurrences;
    }
}

void quote_compare(const struct quote *quote, struct slice text, struct arena *scratch, struct arena *arena,
                   struct quote_found *found)
{
    enum { STEPS_A_BYTE = 4 };
    struct words words = words_of(text, scratch);
    *found = (struct quote_found){.match = QUOTE_MISSING, .distance = UINT32_MAX};
    find_characters(quote, &words, arena, found);
    bool partly = found->partly;
    if (found->match == QUOTE_MISSING)
        find_words(quote, &words, scratch, arena, found);
    found->partly |= partly;
    found->work += text.length * STEPS_A_BYTE;
}
