/* Names of treaties, programmes and laws that articles give differently; and reports of one statement that differ in a word. */
#include <stdlib.h>
#include <string.h>

#include "collate_private.h"
#include "readout/utf8.h"

enum {
    TERMS_MAX = 300,
    NAMES_MAX = 40,
    HANDLES_MAX = 200,
    PAIRS_MAX = 20,
    WORDINGS_MAX = 200,
    SENTENCE_REACH = 400,
    DAYS_APART_MAX = 4
};

static const char term_key[] = "term ";

/* ---- noting ----------------------------------------------------------------------------------------------- */

/* Each name once: it is the first that stands for all. */
static bool noted_already(const struct term_at *noted, size_t count, const struct term_at *term)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(noted[i].handle, term->handle) && slice_equal(noted[i].text, term->text))
            return true;
    }
    return false;
}

void collate_note_terms(struct collating *collating, int64_t article, const struct analysis *analysis)
{
    struct term_at *noted = arena_alloc(collating->arena, (TERMS_MAX + 1) * sizeof *noted);
    size_t count = 0;
    writing_forget_terms(collating->writing, article);
    for (uint32_t i = 0; i < analysis->term_count; i++) {
        const struct term *term = &analysis->terms[i];
        struct characters characters = text_characters(analysis, term->span);
        for (uint32_t j = 0; j < term->handle_count && count < TERMS_MAX; j++) {
            noted[count] = (struct term_at){term->handles[j], characters.text, article, characters.start, characters.end};
            if (noted_already(noted, count, &noted[count]))
                continue;
            writing_note_term(collating->writing, &noted[count++]);
        }
    }
}

/* ---- names ------------------------------------------------------------------------------------------------ */

/* Terms that name the same alike, or the one in short. */
struct named_so {
    struct slice name;
    struct statement_of *statements;
    size_t count;
    bool differs;
};

struct terms {
    struct noticing *noticing;
    struct slice handle;
    struct term_at *found;
    size_t found_count;
    struct named_so list[NAMES_MAX];
    size_t count;
};

/* The longest first: the others are short for it. */
static int by_length(const void *a, const void *b)
{
    const struct term_at *x = a, *y = b;
    if (x->text.length != y->text.length)
        return x->text.length > y->text.length ? -1 : 1;
    return slice_compare(x->text, y->text);
}

/* Those of one text come one behind the other. */
static void add_term(struct terms *terms, const struct term_at *term, size_t *last)
{
    struct arena *arena = terms->noticing->collating->arena;
    bool again = term > terms->found && slice_equal(term[-1].text, term->text);
    size_t at = again ? *last : 0;
    while (!again && at < terms->count &&
           text_term_naming(terms->list[at].name, term->text, terms->handle, arena) != SPELLING_SAME)
        at++;
    *last = at;
    if (at == NAMES_MAX)
        return;
    struct named_so *named = &terms->list[at];
    if (at == terms->count) {
        *named = (struct named_so){.name = term->text,
                                   .statements = arena_alloc(arena, terms->found_count * sizeof *named->statements)};
        terms->count++;
    }
    named->statements[named->count++] = (struct statement_of){term->article, term->start, term->end};
}

/* Whether they stand in different articles, and in none together: who has both knows both names. */
static bool apart(const struct statement_of *a, size_t a_count, const struct statement_of *b, size_t b_count)
{
    for (size_t i = 0; i < a_count; i++) {
        for (size_t j = 0; j < b_count; j++) {
            if (a[i].article == b[j].article)
                return false;
        }
    }
    return true;
}

/* Terms of one word are too common to be compared unless articles of the same days have them. */
static bool of_same_days(const struct terms *terms, const struct named_so *a, const struct named_so *b)
{
    struct collating *collating = terms->noticing->collating;
    if (!slice_starts(terms->handle, "~"))
        return true;
    for (size_t i = 0; i < a->count; i++) {
        long long day = day_published(collating, a->statements[i].article);
        for (size_t j = 0; j < b->count; j++) {
            long long other = day_published(collating, b->statements[j].article);
            if (day >= 0 && other >= 0 && day - other <= DAYS_APART_MAX && other - day <= DAYS_APART_MAX)
                return true;
        }
    }
    return false;
}

static void find_differences(struct terms *terms)
{
    struct arena *arena = terms->noticing->collating->arena;
    for (size_t i = 0; i < terms->count; i++) {
        for (size_t j = i + 1; j < terms->count; j++) {
            struct named_so *a = &terms->list[i], *b = &terms->list[j];
            if (text_term_naming(a->name, b->name, terms->handle, arena) == SPELLING_OTHER &&
                apart(a->statements, a->count, b->statements, b->count) && of_same_days(terms, a, b))
                a->differs = b->differs = true;
        }
    }
}

static void notice_handle(struct noticing *noticing, struct slice handle)
{
    struct collating *collating = noticing->collating;
    struct terms *terms = arena_zero(collating->arena, sizeof *terms);
    struct side sides[NAMES_MAX];
    struct noticed noticed = {.kind = "term", .sides = sides};
    size_t last = 0;
    terms->noticing = noticing;
    terms->handle = handle;
    terms->found = arena_alloc(collating->arena, TERMS_MAX * sizeof *terms->found);
    terms->found_count = writing_terms_called(collating->writing, handle, collating->arena, terms->found, TERMS_MAX);
    if (terms->found_count < 2)
        return;
    qsort(terms->found, terms->found_count, sizeof *terms->found, by_length);
    for (size_t i = 0; i < terms->found_count; i++)
        add_term(terms, &terms->found[i], &last);
    find_differences(terms);
    for (size_t i = 0; i < terms->count; i++) {
        const struct named_so *named = &terms->list[i];
        if (named->differs)
            sides[noticed.count++] = (struct side){named->name, named->statements, named->count};
    }
    noticed.key = slice_of(arena_print(collating->arena, "%s%.*s", term_key, SLICE_ARGS(handle)));
    if (noticed.count == 0)
        return;
    /* The shortest stands last. */
    noticed.about = slice_of(arena_print(collating->arena, "Name of the %.*s", SLICE_ARGS(sides[noticed.count - 1].value)));
    keep_noticed(noticing, &noticed);
}

static int compare_handles(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

void notice_terms(struct noticing *noticing)
{
    struct collating *collating = noticing->collating;
    struct term_at *found = arena_alloc(collating->arena, TERMS_MAX * sizeof *found);
    struct slice *handles = arena_alloc(collating->arena, (TERMS_MAX + noticing->before_count) * sizeof *handles);
    size_t count = writing_terms_in(collating->writing, noticing->id, collating->arena, found, TERMS_MAX), all = count;
    for (size_t i = 0; i < count; i++)
        handles[i] = found[i].handle;
    for (size_t i = 0; i < noticing->before_count; i++) {
        struct slice key = noticing->before[i].key;
        size_t prefix = sizeof term_key - 1;
        if (slice_starts(key, term_key))
            handles[all++] = (struct slice){key.data + prefix, key.length - prefix};
    }
    if (all)
        qsort(handles, all, sizeof *handles, compare_handles);
    for (size_t i = 0, looked = 0; i < all && looked < HANDLES_MAX; i++) {
        if (i && slice_equal(handles[i], handles[i - 1]))
            continue;
        notice_handle(noticing, handles[i]);
        looked++;
    }
}

/* ---- wordings --------------------------------------------------------------------------------------------- */

/* "depth and width" in a report. */
struct wording {
    struct word_pair pair;
    struct statement_of statement;
};

/* The sentence around a piece of a report, as far as a reader would take it to be one: what is quoted of it may be cut short. */
static struct slice sentence_around(struct collating *collating, int64_t article, int64_t start, int64_t end, int64_t *first)
{
    struct slice before = writing_characters(collating->writing, article, start - SENTENCE_REACH, start, collating->arena),
                 after = writing_characters(collating->writing, article, end, end + SENTENCE_REACH, collating->arena);
    size_t back = before.length, ahead = 0;
    while (back > 0 && !(strchr(".?!\n", before.data[back - 1]) && (back == before.length || before.data[back] == ' ')))
        back--;
    while (ahead < after.length && !strchr(".?!\n", after.data[ahead]))
        ahead++;
    struct slice left = {before.data + back, before.length - back};
    *first = start - (int64_t)(left.length ? utf8_length(left) : 0);
    int64_t last = end + (int64_t)(ahead ? utf8_length((struct slice){after.data, ahead}) : 0);
    return writing_characters(collating->writing, article, *first, last, collating->arena);
}

static bool is_there(const struct wording *wordings, size_t count, const struct statement_of *statement)
{
    for (size_t i = 0; i < count; i++) {
        if (wordings[i].statement.article == statement->article && wordings[i].statement.start == statement->start)
            return true;
    }
    return false;
}

static size_t add_wordings(struct noticing *noticing, const json_t *report, struct wording *wordings, size_t count)
{
    json_t *piece;
    size_t index;
    json_array_foreach (json_object_get(report, "content"), index, piece) {
        struct word_pair pairs[PAIRS_MAX];
        int64_t article = json_integer_value(json_object_get(report, "article_id")), first;
        struct slice sentence = sentence_around(noticing->collating, article, json_integer_value(json_object_get(piece, "start")),
                                                json_integer_value(json_object_get(piece, "end")), &first);
        size_t more = sentence.data ? text_word_pairs(sentence, noticing->collating->arena, pairs, PAIRS_MAX) : 0;
        for (size_t i = 0; i < more && count < WORDINGS_MAX; i++) {
            struct statement_of statement = {article, first + pairs[i].start, first + pairs[i].end};
            if (!is_there(wordings, count, &statement))
                wordings[count++] = (struct wording){pairs[i], statement};
        }
    }
    return count;
}

static bool has_word(const struct word_pair *pair, struct slice word)
{
    return slice_equal_fold(pair->first, word) || slice_equal_fold(pair->second, word);
}

static bool same_frame(const struct word_pair *a, const struct word_pair *b)
{
    return (a->before.data && b->before.data && slice_equal_fold(a->before, b->before)) ||
           (a->behind.data && b->behind.data && slice_equal_fold(a->behind, b->behind));
}

/* Whether they have that word, differ in the other one, and stand alike. */
static bool differ_beside(const struct word_pair *a, const struct word_pair *b, struct slice shared)
{
    struct slice one = slice_equal_fold(a->first, shared) ? a->second : a->first,
                 other = slice_equal_fold(b->first, shared) ? b->second : b->first;
    return has_word(a, shared) && has_word(b, shared) && !slice_equal_fold(one, other) && same_frame(a, b);
}

static bool differs_from_any(const struct wording *wordings, size_t count, const struct wording *wording, struct slice shared)
{
    for (size_t i = 0; i < count; i++) {
        if (differ_beside(&wordings[i].pair, &wording->pair, shared))
            return true;
    }
    return false;
}

static struct side *side_of(struct side *sides, size_t count, struct arena *arena, const struct wording *wording, size_t room)
{
    struct slice text =
        slice_of(arena_print(arena, "%.*s and %.*s", SLICE_ARGS(wording->pair.first), SLICE_ARGS(wording->pair.second)));
    for (size_t i = 0; i < count; i++) {
        if (slice_equal_fold(sides[i].value, text))
            return &sides[i];
    }
    sides[count] = (struct side){.value = text, .statements = arena_alloc(arena, room * sizeof *sides->statements)};
    return &sides[count];
}

/* The pairs that have a word in common. */
static void notice_shared(struct noticing *noticing, const struct wording *wordings, size_t count, struct slice shared)
{
    struct arena *arena = noticing->collating->arena;
    struct side sides[NAMES_MAX + 1];
    struct noticed noticed = {.kind = "term", .sides = sides};
    for (size_t i = 0; i < count && noticed.count < NAMES_MAX; i++) {
        if (!has_word(&wordings[i].pair, shared))
            continue;
        struct side *side = side_of(sides, noticed.count, arena, &wordings[i], count);
        noticed.count += side == &sides[noticed.count];
        side->statements[side->count++] = wordings[i].statement;
    }
    for (size_t i = 0; i < noticed.count; i++) {
        for (size_t j = i + 1; j < noticed.count; j++) {
            if (!apart(sides[i].statements, sides[i].count, sides[j].statements, sides[j].count))
                return;
        }
    }
    noticed.key = slice_of(arena_print(arena, "wording %.*s", SLICE_ARGS(shared)));
    noticed.about = slice_of(arena_print(arena, "What stands beside \"%.*s\"", SLICE_ARGS(shared)));
    keep_noticed(noticing, &noticed);
}

static bool is_first_of(const struct wording *wordings, size_t at, struct slice word)
{
    for (size_t i = 0; i < at; i++) {
        if (has_word(&wordings[i].pair, word))
            return false;
    }
    return true;
}

void notice_wordings(struct noticing *noticing)
{
    struct wording *wordings = arena_alloc(noticing->collating->arena, WORDINGS_MAX * sizeof *wordings);
    json_t *reports = json_object_get(noticing->document, "reports"), *report;
    size_t count = 0, index;
    if (json_array_size(reports) < 2)
        return;
    json_array_foreach (reports, index, report)
        count = add_wordings(noticing, report, wordings, count);
    for (size_t i = 0; i < count; i++) {
        struct slice words[] = {wordings[i].pair.first, wordings[i].pair.second};
        for (size_t j = 0; j < 2; j++) {
            bool differs = false;
            for (size_t k = i; k < count && !differs; k++)
                differs = has_word(&wordings[k].pair, words[j]) && differs_from_any(wordings, count, &wordings[k], words[j]);
            if (differs && is_first_of(wordings, i, words[j]))
                notice_shared(noticing, wordings, count, words[j]);
        }
    }
}
