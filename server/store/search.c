#include <stdlib.h>
#include <string.h>

#include "reader_private.h"
#include "search_private.h"

static struct tokenizer *tokenizer_of(struct reader *reader)
{
    if (!reader->tokenizer)
        reader->tokenizer = tokenizer_open();
    return reader->tokenizer;
}

bool reader_understand(struct reader *reader, struct slice typed, struct slice language, struct arena *arena,
                       struct search_question *question, const char **fault)
{
    return search_understand(tokenizer_of(reader), typed, language, arena, question, fault);
}

const char *reader_beginning(struct reader *reader, struct slice typed, struct arena *arena)
{
    return search_beginning(tokenizer_of(reader), typed, arena);
}

/* ---- what is found ---------------------------------------------------------------------------------------- */

struct candidate {
    enum noun noun;
    int64_t id;
    const struct hits *hits;
    struct slice created_at; /* newest first alone */
};

/* One search on its way. */
struct searching {
    struct reader *reader;
    const struct search_query *query;
    const char *expression;
    struct arena *arena;
    struct search_page *page;
    struct candidate **best; /* in order; room for one more than the page takes */
    size_t count;
    int64_t below[NOUN_COUNT]; /* newest first: where the page begins */
    int64_t score, id;         /* relevance: behind this one */
    int noun;
};

static const struct hits *hits_of(struct statement *statement, struct arena *arena)
{
    struct slice bytes = statement_text(statement, 1);
    struct hits *hits = arena_alloc(arena, bytes.length);
    memcpy(hits, bytes.data, bytes.length);
    return hits;
}

/* Whether `a` stands before `b`. */
static bool precedes(const struct searching *searching, const struct candidate *a, const struct candidate *b)
{
    if (searching->query->sort == SEARCH_NEWEST) {
        int order = memcmp(a->created_at.data, b->created_at.data,
                           a->created_at.length < b->created_at.length ? a->created_at.length : b->created_at.length);
        if (order != 0)
            return order > 0;
    } else if (a->hits->score != b->hits->score) {
        return a->hits->score > b->hits->score;
    }
    return a->noun != b->noun ? a->noun < b->noun : a->id > b->id;
}

static void take(struct searching *searching, const struct candidate *candidate)
{
    size_t room = (size_t)searching->query->limit + 1, at = searching->count;
    if (at == room && !precedes(searching, candidate, searching->best[at - 1]))
        return;
    if (at == room)
        at--;
    else
        searching->count++;
    for (; at > 0 && precedes(searching, candidate, searching->best[at - 1]); at--)
        searching->best[at] = searching->best[at - 1];
    searching->best[at] = arena_alloc(searching->arena, sizeof *candidate);
    *searching->best[at] = *candidate;
}

static bool is_behind_place(const struct searching *searching, const struct candidate *candidate)
{
    if (!searching->query->place.given)
        return true;
    if (candidate->hits->score != searching->score)
        return candidate->hits->score < searching->score;
    return (int)candidate->noun != searching->noun ? (int)candidate->noun > searching->noun : candidate->id < searching->id;
}

static bool rank(struct searching *searching, enum noun noun, struct error *error)
{
    struct statement *statement = search_statement(searching->reader->engine, SEARCH_FIND, noun);
    statement_run(statement, VALUES(of_text(searching->expression), of_int(INT64_MAX), of_int(SEARCH_DEPTH)));
    for (searching->page->found[noun] = 0; statement_next(statement); searching->page->found[noun]++) {
        struct candidate candidate = {
            .noun = noun, .id = statement_int(statement, 0), .hits = hits_of(statement, searching->arena)};
        if (is_behind_place(searching, &candidate))
            take(searching, &candidate);
    }
    return statement_end(statement, error);
}

static bool find_newest(struct searching *searching, enum noun noun, struct error *error)
{
    struct statement *statement = search_statement(searching->reader->engine, SEARCH_FIND_DATED, noun);
    statement_run(statement,
                  VALUES(of_text(searching->expression), of_int(searching->below[noun]), of_int(searching->query->limit + 1)));
    while (statement_next(statement)) {
        struct candidate candidate = {.noun = noun,
                                      .id = statement_int(statement, 0),
                                      .hits = hits_of(statement, searching->arena),
                                      .created_at = arena_slice(searching->arena, statement_text(statement, 2))};
        take(searching, &candidate);
    }
    if (!statement_end(statement, error))
        return false;
    statement = search_statement(searching->reader->engine, SEARCH_COUNT, noun);
    statement_run(statement, VALUES(of_text(searching->expression), of_int(SEARCH_DEPTH)));
    searching->page->found[noun] = statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, error);
}

/* Gives how many were found in all. */
static bool find(struct searching *searching, int64_t *total, struct error *error)
{
    *total = 0;
    searching->count = 0;
    searching->page->exact = true;
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        searching->page->found[noun] = -1;
        if (!(searching->query->nouns & NOUN_BIT(noun)) || !searched_of(noun))
            continue;
        bool newest = searching->query->sort == SEARCH_NEWEST;
        if (!(newest ? find_newest(searching, noun, error) : rank(searching, noun, error)))
            return false;
        *total += searching->page->found[noun];
        searching->page->exact &= searching->page->found[noun] < SEARCH_DEPTH;
    }
    return true;
}

/* Once more with what was perhaps meant. */
static bool find_meant(struct searching *searching, int64_t *total, struct error *error)
{
    struct search_question question;
    const char *fault;
    struct slice meant;
    if (!search_meant(searching->reader->engine, &searching->query->question, searching->query->nouns, searching->arena, &meant,
                      error))
        return false;
    if (!meant.data ||
        !reader_understand(searching->reader, meant, searching->query->question.language, searching->arena, &question, &fault))
        return true;
    searching->expression = question.expression;
    if (!find(searching, total, error))
        return false;
    if (*total)
        searching->page->meant = meant;
    return true;
}

/* ---- the page's place ------------------------------------------------------------------------------------- */

/* As text "<score>.<noun>", or for newest first the least id that was shown of each noun, with full stops between. */
static void read_place(struct searching *searching)
{
    struct slice rest = searching->query->place.given ? searching->query->place.values[0] : NO_SLICE;
    long long number = 0;
    if (searching->query->sort == SEARCH_RELEVANCE) {
        slice_to_int(slice_cut(&rest, '.'), &number);
        searching->score = number;
        slice_to_int(rest, &number);
        searching->noun = (int)number;
        searching->id = searching->query->place.id;
        return;
    }
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        bool shown = rest.data && slice_to_int(slice_cut(&rest, '.'), &number);
        searching->below[noun] = shown ? number : INT64_MAX;
    }
}

static struct place place_of(struct searching *searching)
{
    const struct candidate *last = searching->best[searching->page->count - 1];
    struct buffer text = buffer_in(searching->arena, 64);
    if (searching->query->sort == SEARCH_RELEVANCE) {
        buffer_print(&text, "%d.%d", last->hits->score, (int)last->noun);
    } else {
        for (size_t i = 0; i < searching->page->count; i++)
            searching->below[searching->best[i]->noun] = searching->best[i]->id;
        for (enum noun noun = 0; noun < NOUN_COUNT; noun++)
            buffer_print(&text, "%s%lld", noun ? "." : "", (long long)searching->below[noun]);
    }
    return (struct place){.given = true, .values = {buffer_slice(&text)}, .id = last->id};
}

/* ---- the items -------------------------------------------------------------------------------------------- */

static bool read_fields(struct reader *reader, enum noun noun, int64_t id, struct arena *arena, struct shown *shown,
                        struct error *error)
{
    struct statement *statement = search_statement(reader->engine, SEARCH_CONTENTS, noun);
    *shown = (struct shown){.tokenizer = tokenizer_of(reader), .searched = searched_of(noun)};
    statement_run(statement, VALUES(of_int(id)));
    if (statement_next(statement)) {
        for (size_t i = 0; i < shown->searched->field_count; i++)
            shown->fields[i] = arena_slice(arena, statement_text(statement, (int)i + 1));
    }
    return statement_end(statement, error);
}

static bool add_item(struct searching *searching, const struct candidate *candidate, struct buffer *items, struct error *error)
{
    struct shown shown;
    struct row row;
    if (!read_fields(searching->reader, candidate->noun, candidate->id, searching->arena, &shown, error) ||
        !reader_row(searching->reader, candidate->noun, candidate->id, false, searching->arena, &row, error))
        return false;
    struct hits hits = {.score = 0}; /* aligned, and with room for all */
    memcpy(&hits, candidate->hits, HITS_SIZE(candidate->hits->count));
    buffer_print(items, "{\"noun\":\"%s\",\"id\":%lld,\"score\":%d.%03d,", record_of(candidate->noun)->name,
                 (long long)candidate->id, hits.score / SCORE_UNIT, hits.score % SCORE_UNIT);
    search_show(&shown, &hits, items);
    buffer_add_text(items, ",\"document\":");
    buffer_add_slice(items, row.document);
    buffer_add_byte(items, '}');
    return true;
}

bool reader_search(struct reader *reader, const struct search_query *query, struct buffer *items, struct search_page *page,
                   struct error *error)
{
    int64_t total = 0;
    struct searching searching = {
        .reader = reader, .query = query, .expression = query->question.expression, .arena = items->arena, .page = page};
    *page = (struct search_page){.meant = NO_SLICE};
    searching.best = arena_alloc(items->arena, ((size_t)query->limit + 1) * sizeof *searching.best);
    read_place(&searching);
    if (!find(&searching, &total, error) || (total == 0 && !find_meant(&searching, &total, error)))
        return false;
    page->more = searching.count > (size_t)query->limit;
    page->count = page->more ? (size_t)query->limit : searching.count;
    for (size_t i = 0; i < page->count; i++) {
        if (i)
            buffer_add_byte(items, ',');
        if (!add_item(&searching, searching.best[i], items, error))
            return false;
    }
    if (page->more)
        page->last = place_of(&searching);
    return true;
}

/* ---- names while they are typed --------------------------------------------------------------------------- */

/* Of a first letter's thousands only so many are ranked: those that were there first. */
enum { SUGGESTED_MAX = 300, SUGGEST_WORDS_MAX = 8 };

struct suggesting {
    struct slice typed;
    struct buffer expression;
    int words;
};

static int add_beginning(void *to, bool beside, struct slice token, size_t start, size_t end)
{
    (void)beside;
    (void)token;
    struct suggesting *suggesting = to;
    buffer_print(&suggesting->expression, "%s\"%.*s\" *", suggesting->words ? " AND " : "{name aliases} : (", (int)(end - start),
                 suggesting->typed.data + start);
    return ++suggesting->words == SUGGEST_WORDS_MAX;
}

/* Whose name begins with a word typed, then those who have all of them further on, then those who need an alias for one. `hit`
 * gets where the first word stands that the name lacks. */
static int rank_of(const struct hits *hits, int words, struct hit *hit)
{
    unsigned in_name = 0;
    bool begins = false, all;
    for (uint32_t i = 0; i < hits->count; i++) {
        in_name |= hits->items[i].field == 0 ? 1u << hits->items[i].phrase : 0;
        begins |= hits->items[i].field == 0 && hits->items[i].place == 0;
    }
    *hit = hits->items[0];
    all = in_name == (1u << words) - 1;
    for (uint32_t i = hits->count; i-- > 0 && !all;)
        *hit = in_name & 1u << hits->items[i].phrase ? *hit : hits->items[i];
    return !all ? 2 : begins ? 0 : 1;
}

struct suggestion {
    int64_t id;
    int rank;
    struct hit hit;
};

static int by_rank(const void *a, const void *b)
{
    const struct suggestion *one = a, *other = b;
    if (one->rank != other->rank)
        return one->rank - other->rank;
    return one->id < other->id ? -1 : one->id > other->id;
}

static bool find_beginnings(struct reader *reader, const struct suggesting *suggesting, struct suggestion *suggestions,
                            size_t *count, struct error *error)
{
    struct statement *statement = search_statement(reader->engine, SEARCH_FIND_OLDEST, NOUN_ACTOR);
    statement_run(statement, VALUES(of_slice(buffer_slice(&suggesting->expression)), of_int(SUGGESTED_MAX)));
    for (*count = 0; statement_next(statement); ++*count) {
        struct hits hits = {.score = 0};
        struct slice bytes = statement_text(statement, 1);
        memcpy(&hits, bytes.data, bytes.length);
        suggestions[*count].id = statement_int(statement, 0);
        suggestions[*count].rank = rank_of(&hits, suggesting->words, &suggestions[*count].hit);
    }
    qsort(suggestions, *count, sizeof *suggestions, by_rank);
    return statement_end(statement, error);
}

static bool add_suggestion(struct reader *reader, const struct suggestion *suggestion, struct buffer *items, struct error *error)
{
    struct shown shown;
    if (!read_fields(reader, NOUN_ACTOR, suggestion->id, items->arena, &shown, error))
        return false;
    struct statement *statement = sql_statement(reader->engine, SQL_SUGGESTED);
    statement_run(statement, VALUES(of_int(suggestion->id)));
    if (statement_next(statement)) {
        static const char *const names[] = {"name", "kind", "title", "country"};
        buffer_print(items, "{\"id\":%lld", (long long)suggestion->id);
        for (int i = 0; i < 4; i++) {
            buffer_print(items, ",\"%s\":", names[i]);
            buffer_add_json(items, statement_text(statement, i));
        }
        buffer_add_text(items, ",\"alias\":");
        buffer_add_json(items, suggestion->rank == 2 ? search_line(&shown, &suggestion->hit) : NO_SLICE);
        buffer_add_byte(items, '}');
    }
    return statement_end(statement, error);
}

bool reader_suggest(struct reader *reader, struct slice typed, int limit, struct buffer *items, struct error *error)
{
    struct suggestion suggestions[SUGGESTED_MAX];
    size_t count = 0;
    struct suggesting suggesting = {.typed = typed, .expression = buffer_in(items->arena, typed.length + 64)};
    tokenizer_run(tokenizer_of(reader), TOKENS_PLACES, typed, add_beginning, &suggesting);
    if (suggesting.words == 0)
        return true;
    buffer_add_byte(&suggesting.expression, ')');
    if (!find_beginnings(reader, &suggesting, suggestions, &count, error))
        return false;
    for (size_t i = 0; i < count && i < (size_t)limit; i++) {
        if (i)
            buffer_add_byte(items, ',');
        if (!add_suggestion(reader, &suggestions[i], items, error))
            return false;
    }
    return true;
}
