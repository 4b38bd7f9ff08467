/* Whether two titles can be one person's at one time: text_office, text_offices_clash; and whom a nameless source is said to
 * speak for: text_seat.
 *
 *     "Under Secretary of the Treasury"        rank under   head secretary   field finance
 *     "Deputy Minister of Foreign Affairs"     rank deputy  head minister    field foreign
 *
 *     "chief financial officer"                             head director    field finance
 *     "Colonel"                                             head colonel
 *
 * A title that says less ("the minister") agrees with one that says more; one without a head that is listed here, with two
 * ("president and chief executive"), or of another time ("former") agrees with everything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text_private.h"

enum { TITLE_WORDS_MAX = 24, WORD_MAX = 40 };

/* Heads. Of those that are `sole` nobody has two at a time; those with a `field` have one office for each field. */
static const struct head {
    const char *word, *next, *head; /* `next`: the word that has to follow, or NULL */
    bool sole, by_field;
    const char *field; /* of a firm's or an institution's offices, which are named with what they are for: that, or "" */
} heads[] = {
    {"prime", "minister", "premier", true, false, NULL},
    {"first", "minister", "premier", true, false, NULL},
    {"premier", NULL, "premier", true, false, NULL},
    {"minister", NULL, "minister", true, true, NULL},
    {"secretary", "general", "secretary general", true, false, NULL},
    {"general", "secretary", "secretary general", true, false, NULL},
    {"press", "secretary", "spokesman", false, false, NULL},
    {"permanent", "secretary", "permanent secretary", false, false, NULL},
    {"private", "secretary", "private secretary", false, false, NULL},
    {"executive", "secretary", "executive secretary", false, false, NULL},
    {"first", "secretary", "first secretary", false, false, NULL},
    {"party", "secretary", "party secretary", false, false, NULL},
    {"secretary", NULL, "secretary", true, true, NULL},
    {"undersecretary", NULL, "secretary", true, true, NULL},
    {"attorney", "general", "attorney general", false, false, NULL},
    {"director", "general", "director general", false, false, NULL},
    {"president", NULL, "president", true, false, NULL},
    {"chancellor", NULL, "chancellor", true, false, NULL},
    {"governor", NULL, "governor", true, false, NULL},
    {"mayor", NULL, "mayor", true, false, NULL},
    {"king", NULL, "monarch", true, false, NULL},
    {"queen", NULL, "monarch", true, false, NULL},
    {"emperor", NULL, "monarch", true, false, NULL},
    {"chairman", NULL, "chair", false, false, NULL},
    {"chairwoman", NULL, "chair", false, false, NULL},
    {"chairperson", NULL, "chair", false, false, NULL},
    {"commander", NULL, "commander", false, false, NULL},
    {"ambassador", NULL, "ambassador", false, false, NULL},
    {"speaker", NULL, "speaker", false, false, NULL},
    {"head", NULL, "head", false, false, NULL},
    {"chief", "executive", "director", true, true, "executive"},
    {"chief", "financial", "director", true, true, "finance"},
    {"chief", "finance", "director", true, true, "finance"},
    {"chief", "operating", "director", true, true, "operations"},
    {"chief", "operations", "director", true, true, "operations"},
    {"chief", "technology", "director", true, true, "technology"},
    {"chief", "scientific", "director", true, true, "science"},
    {"chief", "medical", "director", true, true, "health"},
    {"ceo", NULL, "director", true, true, "executive"},
    {"cfo", NULL, "director", true, true, "finance"},
    {"coo", NULL, "director", true, true, "operations"},
    {"cto", NULL, "director", true, true, "technology"},
    {"director", NULL, "director", true, true, ""},
    {"prosecutor", NULL, "prosecutor", false, false, NULL},
    {"commissioner", NULL, "commissioner", false, false, NULL},
};

/* Words that say which of the offices it is. */
static const struct {
    const char *word, *rank;
} ranks[] = {
    {"deputy", "deputy"},  {"vice", "deputy"},         {"under", "under"}, {"assistant", "assistant"}, {"acting", "acting"},
    {"interim", "acting"}, {"caretaker", "caretaker"}, {"first", "first"}, {"lieutenant", "deputy"},
};

/* What an office is for, by its other names; NULL: it says nothing. */
static const struct {
    const char *word, *field;
} fields[] = {
    {"defence", "defense"},
    {"war", "defense"},
    {"external", "foreign"},
    {"exterior", "foreign"},
    {"affairs", NULL},
    {"relations", NULL},
    {"home", "interior"},
    {"internal", "interior"},
    {"labour", "labor"},
    {"treasury", "finance"},
    {"economic", "economy"},
    {"economics", "economy"},
    {"agricultural", "agriculture"},
    {"environmental", "environment"},
    {"transportation", "transport"},
    {"financial", "finance"},
    {"cultural", "culture"},
    {"artistic", "culture"},
    {"scientific", "science"},
    {"sporting", "sport"},
    {"sports", "sport"},
    {"technical", "technology"},
    {"commercial", "commerce"},
    {"medical", "health"},
    {"operating", "operations"},
    {"officer", NULL},
    {"healthcare", "health"},
    {"elected", NULL},
    {"ministry", NULL},
    {"department", NULL},
    {"office", NULL},
};

/* Of soldiers. Who is a lieutenant colonel is a colonel, too: the last word tells. */
static const struct {
    const char *word, *grade;
} grades[] = {
    {"general", "general"},   {"gen", "general"},  {"colonel", "colonel"},       {"col", "colonel"},
    {"major", "major"},       {"maj", "major"},    {"captain", "captain"},       {"capt", "captain"},
    {"admiral", "admiral"},   {"adm", "admiral"},  {"lieutenant", "lieutenant"}, {"lt", "lieutenant"},
    {"sergeant", "sergeant"}, {"sgt", "sergeant"}, {"corporal", "corporal"},
};

static const char *const other_times[] = {"former",    "ex",      "then",     "late",  "outgoing",  "incoming",
                                          "retired",   "ousted",  "deposed",  "elect", "designate", "nominee",
                                          "candidate", "onetime", "previous", "next"};

/* Said of nameless sources, and not of whom they speak for. */
static const char *const of_no_seat[] = {
    "same",    "said",     "aforementioned", "unnamed", "unidentified", "anonymous", "another", "one",
    "ranking", "placed",   "well",           "high",    "level",        "key",       "two",     "three",
    "several", "some",     "many",           "other",   "various",      "senior",    "top",     "leading",
    "veteran", "familiar", "close",          "who",     "that",         "own",       "mid"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_listed(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, list[i]) == 0)
            return true;
    }
    return false;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

struct words {
    char word[TITLE_WORDS_MAX][WORD_MAX];
    size_t count;
};

static void add_word(struct words *words, const char *word)
{
    if (words->count < TITLE_WORDS_MAX && word[0])
        snprintf(words->word[words->count++], WORD_MAX, "%s", word);
}

/* In small letters, "under-secretary" as two. */
static void add_written(struct words *words, struct slice written)
{
    char word[WORD_MAX];
    size_t length = 0;
    for (size_t i = 0; i <= written.length; i++) {
        char letter = i < written.length ? written.data[i] : '-';
        bool dash = letter == '-' || letter == '\0';
        if (dash || length + 1 == sizeof word) {
            word[length] = '\0';
            add_word(words, word);
            length = 0;
        }
        if (!dash && letter != '.')
            word[length++] = letter >= 'A' && letter <= 'Z' ? (char)(letter + 32) : letter;
    }
}

static struct text cut(struct slice bytes, struct arena *arena)
{
    struct text text = {.bytes = bytes, .arena = arena};
    text_tokens(&text);
    return text;
}

static bool is_ranking(const struct text *text, uint32_t at)
{
    for (size_t i = 0; i < COUNT(ranks); i++) {
        if (token_is(text, at, ranks[i].word))
            return true;
    }
    return false;
}

/* "senior", and ranks of soldiers that stand beside an office. */
static uint32_t beside(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_TITLES, at);
    struct slice class = match.entry ? entry_get(match.entry, "class") : NO_SLICE;
    bool modifier = slice_is(class, "modifier") && !is_ranking(text, at);
    return modifier || slice_is(class, "rank") || slice_is(class, "address") ? match.length : 0;
}

static bool is_other_time(const struct text *text, uint32_t at)
{
    struct words words = {.count = 0};
    add_written(&words, token_text(text, at));
    return words.count > 0 && is_listed(words.word[0], other_times, COUNT(other_times));
}

/* Its words without those that say nothing: nationality, articles. */
static void title_words(const struct text *text, struct words *words, bool *other_time)
{
    for (uint32_t at = 0; at < text->token_count;) {
        struct match state = lexicon_match(text, LEXICON_STATES, at);
        uint32_t skipped = state.entry && text->tokens[at].flags & TOKEN_CAPITAL ? state.length : 0;
        *other_time |= is_other_time(text, at);
        if (!skipped && !*other_time)
            skipped = beside(text, at);
        if (!skipped && text->tokens[at].kind == TOKEN_WORD && !(word_class(text, at).data && !is_ranking(text, at)))
            add_written(words, token_text(text, at));
        at += skipped ? skipped : 1;
    }
}

/* ---- offices ---------------------------------------------------------------------------------------------- */

static int compare_words(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Each word once, in the order of the alphabet, with blanks between. */
static struct slice joined(struct words *words, struct arena *arena)
{
    char *text = arena_alloc(arena, TITLE_WORDS_MAX * WORD_MAX);
    size_t length = 0;
    qsort(words->word, words->count, WORD_MAX, compare_words);
    for (size_t i = 0; i < words->count; i++) {
        if (i && strcmp(words->word[i], words->word[i - 1]) == 0)
            continue;
        if (length)
            text[length++] = ' ';
        size_t word = strlen(words->word[i]);
        memcpy(text + length, words->word[i], word);
        length += word;
    }
    return (struct slice){text, length};
}

static const struct head *head_at(const struct words *words, size_t at)
{
    for (size_t i = 0; i < COUNT(heads); i++) {
        bool follows = !heads[i].next || (at + 1 < words->count && strcmp(words->word[at + 1], heads[i].next) == 0);
        if (strcmp(words->word[at], heads[i].word) == 0 && follows)
            return &heads[i];
    }
    return NULL;
}

static const char *rank_at(const struct words *words, size_t at)
{
    for (size_t i = 0; i < COUNT(ranks); i++) {
        if (strcmp(words->word[at], ranks[i].word) == 0)
            return ranks[i].rank;
    }
    return NULL;
}

static void add_field(struct words *words, const char *word)
{
    for (size_t i = 0; i < COUNT(fields); i++) {
        if (strcmp(word, fields[i].word) == 0) {
            add_word(words, fields[i].field ? fields[i].field : "");
            return;
        }
    }
    add_word(words, word);
}

/* The grade of a title that is a soldier's rank and no more; NULL: none. */
static const char *grade_of(const struct text *text)
{
    const char *grade = NULL;
    for (uint32_t at = 0; at < text->token_count;) {
        struct match match = lexicon_match(text, LEXICON_TITLES, at);
        struct words words = {.count = 0};
        if (!match.entry || !slice_is(entry_get(match.entry, "class"), "rank"))
            return NULL;
        at += match.length;
        add_written(&words, token_text(text, at - 1));
        grade = NULL;
        for (size_t i = 0; i < COUNT(grades) && words.count; i++) {
            if (strcmp(words.word[words.count - 1], grades[i].word) == 0)
                grade = grades[i].grade;
        }
    }
    return grade;
}

/* What the words of a title say. */
struct parsed {
    struct words rank, field, before; /* `before`: of the field, what stands before the head */
    const struct head *head;
    bool several;
};

static void parse(const struct words *words, struct parsed *parsed)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct head *found = head_at(words, i);
        const char *ranked = found ? NULL : rank_at(words, i);
        if (found) {
            parsed->several |= parsed->head && strcmp(parsed->head->head, found->head) != 0;
            parsed->head = found;
            if (strcmp(found->word, "undersecretary") == 0)
                add_word(&parsed->rank, "under");
            if (found->field) {
                add_word(&parsed->field, found->field);
                add_word(&parsed->before, found->field);
            }
            i += found->next != NULL;
        } else if (ranked) {
            add_word(&parsed->rank, ranked);
        } else {
            add_field(&parsed->field, words->word[i]);
            if (!parsed->head)
                add_field(&parsed->before, words->word[i]);
        }
    }
}

struct office text_office(struct slice title, struct arena *arena)
{
    struct text text = cut(title, arena);
    struct words words = {.count = 0};
    struct parsed parsed = {.head = NULL};
    bool other_time = false;
    const char *grade = grade_of(&text);
    title_words(&text, &words, &other_time);
    parse(&words, &parsed);
    const struct head *head = parsed.head;
    bool firm = head && head->field;
    struct office office = {.comparable = head && !parsed.several && !other_time,
                            .house = firm ? OFFICE_OF_FIRM : OFFICE_OF_STATE,
                            .sole = head && head->sole,
                            .by_field = head && head->by_field,
                            .head = head ? slice_of(head->head) : NO_SLICE};
    if (!head && grade && !other_time)
        office = (struct office){.comparable = true, .house = OFFICE_RANK, .sole = true, .head = slice_of(grade)};
    office.rank = joined(&parsed.rank, arena);
    office.field = joined(&parsed.field, arena);
    /* "director of the health institute" is not for health. */
    office.portfolio = firm ? joined(&parsed.before, arena) : office.field;
    return office;
}

/* Whether every word of the one is a word of the other. */
static bool words_inside(struct slice inner, struct slice outer)
{
    while (inner.length) {
        struct slice word = slice_cut(&inner, ' '), rest = outer;
        bool there = false;
        while (rest.length && !there)
            there = slice_equal(word, slice_cut(&rest, ' '));
        if (!there)
            return false;
    }
    return true;
}

/* Whether the one has a portfolio that the other has not: "Middle East" is none, and goes with any. */
static bool other_portfolio(struct slice field, struct slice other)
{
    while (field.length) {
        struct slice word = slice_cut(&field, ' ');
        const struct entry *entry = lexicon_find(LEXICON_TITLES, word);
        bool portfolio = slice_is(word, "executive") || (entry && slice_is(entry_get(entry, "class"), "portfolio"));
        if (portfolio && !words_inside(word, other))
            return true;
    }
    return false;
}

bool text_offices_clash(const struct office *a, const struct office *b)
{
    bool inside = words_inside(a->field, b->field) || words_inside(b->field, a->field);
    bool fields_clash = other_portfolio(a->portfolio, b->field) && other_portfolio(b->portfolio, a->field);
    bool same_head = slice_equal(a->head, b->head);
    if (!a->comparable || !b->comparable || a->house != b->house)
        return false;
    if (same_head && !a->by_field)
        return !slice_equal(a->rank, b->rank) && inside;
    if (a->by_field && b->by_field)
        return fields_clash || (inside && !slice_equal(a->rank, b->rank));
    return a->sole && b->sole && !same_head;
}

/* ---- seats ------------------------------------------------------------------------------------------------ */

static bool is_whom(const struct match *role)
{
    struct slice as = role->entry ? entry_get(role->entry, "as") : NO_SLICE;
    return slice_is(as, "person") || slice_is(as, "source") || slice_is(as, "group");
}

struct slice text_seat(struct slice description, struct arena *arena)
{
    struct text text = cut(description, arena);
    struct words words = {.count = 0};
    for (uint32_t at = 0; at < text.token_count;) {
        struct match state = lexicon_match(&text, LEXICON_STATES, at), role = lexicon_match(&text, LEXICON_ROLES, at);
        struct slice code = state.entry && text.tokens[at].flags & TOKEN_CAPITAL ? entry_get(state.entry, "code") : NO_SLICE;
        uint32_t length = code.data ? state.length : is_whom(&role) ? role.length : beside(&text, at);
        struct words own = {.count = 0};
        if (code.data)
            add_written(&words, code);
        else if (!length && text.tokens[at].kind == TOKEN_WORD && !word_class(&text, at).data)
            add_written(&own, token_text(&text, at));
        for (size_t i = 0; i < own.count; i++)
            add_word(&words, is_listed(own.word[i], of_no_seat, COUNT(of_no_seat)) ? "" : own.word[i]);
        at += length ? length : 1;
    }
    return words.count ? joined(&words, arena) : NO_SLICE;
}

bool text_seats_clash(struct slice a, struct slice b)
{
    return a.length && b.length && !words_inside(a, b) && !words_inside(b, a);
}
