/* What is asked of the store to verify a quotation: articles that may have it, and what they are. */
#include <stdlib.h>
#include <string.h>

#include "reader_private.h"
#include "search_private.h"

/* How often words are is counted up to COMMON: it is the rare ones that find. Of more words the longest are looked at. Many words
 * together find no better than a few, and cost more. */
enum { COMMON = 500, WORDS_LOOKED_AT = 40, RUNS_ASKED = 8, RUN_WORDS = 12, PIECE_WORDS = 6, GROUP_WORDS = 4 };

/* One search for a quotation on its way. */
struct seeking {
    struct reader *reader;
    const struct quoted_words *words;
    struct arena *arena;
    struct quoting *quoting;
    int64_t *ids; /* of quoting */
    struct looked_for *ranked;
    size_t ranked_count;
};

/* ---- articles that may have it ---------------------------------------------------------------------------- */

struct looked_for {
    const char *part; /* of the index's expression */
    size_t length;
    int64_t articles;
};

static int by_length(const void *a, const void *b)
{
    const struct looked_for *one = a, *other = b;
    return one->length != other->length ? (one->length > other->length ? -1 : 1) : strcmp(one->part, other->part);
}

static int by_rarity(const void *a, const void *b)
{
    const struct looked_for *one = a, *other = b;
    return one->articles != other->articles ? (one->articles < other->articles ? -1 : 1) : by_length(a, b);
}

static struct tokenizer *tokenizer_of(struct reader *reader)
{
    if (!reader->tokenizer)
        reader->tokenizer = tokenizer_open();
    return reader->tokenizer;
}

static bool is_full(const struct seeking *seeking)
{
    return seeking->quoting->count == QUOTING_ARTICLES_MAX;
}

/* The newest that the expression finds and that are not among them yet. */
static bool find(struct seeking *seeking, struct buffer *expression, struct error *error)
{
    struct statement *statement = sql_statement(seeking->reader->engine, SQL_QUOTING_ARTICLES);
    struct quoting *quoting = seeking->quoting;
    size_t before = quoting->count, found = 0;
    statement_run(statement, VALUES(of_slice(buffer_slice(expression)), of_int(QUOTING_ARTICLES_MAX + 1)));
    while (statement_next(statement)) {
        int64_t id = statement_int(statement, 0);
        size_t i = 0;
        while (i < before && seeking->ids[i] != id)
            i++;
        quoting->all &= ++found <= QUOTING_ARTICLES_MAX;
        if (i < before)
            continue;
        quoting->all &= !is_full(seeking);
        if (!is_full(seeking))
            seeking->ids[quoting->count++] = id;
    }
    return statement_end(statement, error);
}

static void add_part(struct seeking *seeking, struct buffer *expression, const char *operator, struct slice words)
{
    const char *part = search_part(tokenizer_of(seeking->reader), words, true, seeking->arena);
    if (part)
        buffer_print(expression, "%s%s", expression->length ? operator : "", part);
}

/* The words from one to before another as they stand, of many the first. */
static struct slice between(const struct quoted_words *words, size_t first, size_t end, size_t most)
{
    size_t last = end - first > most ? first + most - 1 : end - 1;
    const char *from = words->words[first].data;
    return (struct slice){from, (size_t)(words->words[last].data + words->words[last].length - from)};
}

/* Those that have it as it is. */
static bool find_runs(struct seeking *seeking, struct error *error)
{
    const struct quoted_words *words = seeking->words;
    struct buffer expression = buffer_in(seeking->arena, 256);
    if (words->run_count == 1 && words->count)
        add_part(seeking, &expression, "", between(words, 0, words->count, RUN_WORDS));
    for (size_t i = 0; words->run_count > 1 && i < words->run_count && i < RUNS_ASKED; i++)
        add_part(seeking, &expression, " AND ", words->runs[i]);
    return expression.length == 0 || find(seeking, &expression, error);
}

/* Of one piece more than words may differ, one is there as it is, unless somebody interrupts it. */
static bool find_pieces(struct seeking *seeking, struct error *error)
{
    const struct quoted_words *words = seeking->words;
    struct buffer expression = buffer_in(seeking->arena, 256);
    size_t pieces = words->differing + 1;
    if (pieces == 1 || words->count / pieces < 2)
        return true;
    for (size_t i = 0; i < pieces; i++)
        add_part(seeking, &expression, " OR ",
                 between(words, i * words->count / pieces, (i + 1) * words->count / pieces, PIECE_WORDS));
    return expression.length == 0 || find(seeking, &expression, error);
}

/* Each word once, the rarest first. */
static bool rank_words(struct seeking *seeking, struct error *error)
{
    const struct quoted_words *words = seeking->words;
    struct looked_for *ranked = arena_alloc(seeking->arena, (words->count + 1) * sizeof *ranked);
    size_t there = 0, count = 0;
    for (size_t i = 0; i < words->count; i++) {
        const char *part = search_part(tokenizer_of(seeking->reader), words->words[i], true, seeking->arena);
        if (part)
            ranked[there++] = (struct looked_for){.part = part, .length = strlen(part)};
    }
    qsort(ranked, there, sizeof *ranked, by_length);
    for (size_t i = 0; i < there && count < WORDS_LOOKED_AT; i++) {
        if (i && strcmp(ranked[i].part, ranked[i - 1].part) == 0)
            continue;
        struct statement *statement = search_statement(seeking->reader->engine, SEARCH_COUNT, NOUN_ARTICLE);
        struct looked_for word = ranked[i];
        statement_run(statement, VALUES(of_text(word.part), of_int(COMMON)));
        word.articles = statement_next(statement) ? statement_int(statement, 0) : 0;
        if (!statement_end(statement, error))
            return false;
        ranked[count++] = word;
    }
    qsort(ranked, count, sizeof *ranked, by_rarity);
    seeking->ranked = ranked;
    seeking->ranked_count = count;
    return true;
}

/* Of one group of words more than differ, one is there whole. The words are dealt out, so that each group has a rare one. */
static bool find_groups(struct seeking *seeking, size_t differing, struct error *error)
{
    struct buffer expression = buffer_in(seeking->arena, 1024);
    size_t count = seeking->ranked_count, groups = differing + 1 < count ? differing + 1 : count;
    for (size_t group = 0; group < groups; group++) {
        buffer_add_text(&expression, group ? " OR (" : "(");
        for (size_t i = group; i < count && i < groups * GROUP_WORDS; i += groups)
            buffer_print(&expression, "%s%s", i == group ? "" : " AND ", seeking->ranked[i].part);
        buffer_add_byte(&expression, ')');
    }
    return groups == 0 || find(seeking, &expression, error);
}

/* What has more of it comes first, since there is an end to how many are compared. */
bool reader_quoting(struct reader *reader, const struct quoted_words *words, struct arena *arena, struct quoting *quoting,
                    struct error *error)
{
    struct seeking seeking = {.reader = reader, .words = words, .arena = arena, .quoting = quoting};
    quoting->ids = seeking.ids = arena_alloc(arena, QUOTING_ARTICLES_MAX * sizeof *seeking.ids);
    quoting->count = 0;
    quoting->all = true;
    if (!find_runs(&seeking, error) || (!is_full(&seeking) && !find_pieces(&seeking, error)))
        return false;
    if (!is_full(&seeking) && !rank_words(&seeking, error))
        return false;
    for (size_t differing = 0; !is_full(&seeking); differing = 2 * differing + 1) {
        bool last = differing >= words->differing;
        if (!find_groups(&seeking, last ? words->differing : differing, error))
            return false;
        if (last)
            break;
    }
    quoting->all &= !is_full(&seeking);
    return true;
}

/* ---- what they are ---------------------------------------------------------------------------------------- */

bool reader_quoting_text(struct reader *reader, int64_t article, struct arena *arena, struct slice *text, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_ARTICLE_TEXT);
    statement_run(statement, VALUES(of_int(article)));
    *text = statement_next(statement) ? arena_slice(arena, statement_text(statement, 0)) : NO_SLICE;
    return statement_end(statement, error);
}

bool reader_quoting_article(struct reader *reader, int64_t id, struct arena *arena, struct quoting_article *article,
                            struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_QUOTED_ARTICLE);
    *article = (struct quoting_article){.id = id};
    statement_run(statement, VALUES(of_int(id)));
    if (statement_next(statement)) {
        article->title = arena_slice(arena, statement_text(statement, 0));
        article->url = arena_slice(arena, statement_text(statement, 1));
        article->published_at = arena_slice(arena, statement_text(statement, 2));
        article->outlet = statement_int(statement, 3);
        article->outlet_name = arena_slice(arena, statement_text(statement, 4));
    }
    return statement_end(statement, error);
}

bool reader_quoting_reports(struct reader *reader, int64_t article, struct arena *arena,
                            void (*each)(void *to, const struct quoting_report *report), void *to, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_QUOTED_REPORTS);
    statement_run(statement, VALUES(of_int(article)));
    while (statement_next(statement)) {
        struct quoting_report report = {.id = statement_int(statement, 0),
                                        .claim = statement_int(statement, 1),
                                        .document = statement_text(statement, 2),
                                        .speaker = statement_int(statement, 3),
                                        .speaker_name = arena_slice(arena, statement_text(statement, 4)),
                                        .affiliation = statement_int(statement, 5),
                                        .on_behalf_of = statement_int(statement, 6)};
        each(to, &report);
    }
    return statement_end(statement, error);
}

/* ---- who is meant ----------------------------------------------------------------------------------------- */

bool reader_reference(struct reader *reader, enum noun noun, int64_t id, struct slice external_id, int64_t *found,
                      struct error *error)
{
    struct statement *statement = made_lookup(reader->engine, external_id.data ? MADE_BY_EXTERNAL : MADE_BY_ID, noun, 0);
    struct datum value = external_id.data ? of_slice(external_id) : of_int(id);
    statement_run(statement, &value, 1);
    *found = statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, error);
}

/* Those of that key; a last name alone will do for people. */
bool reader_named(struct reader *reader, struct slice name, struct arena *arena, struct named *found, size_t most, size_t *count,
                  struct error *error)
{
    static const enum sql statements[] = {SQL_NAMED, SQL_SURNAMED};
    static const char *const keys[] = {"words", "last"};
    *count = 0;
    for (int i = 0; i < 2 && *count == 0; i++) {
        struct statement *statement = sql_statement(reader->engine, statements[i]);
        statement_run(statement, VALUES(of_slice(name), of_text(keys[i]), of_int((int64_t)most)));
        while (statement_next(statement))
            found[(*count)++] = (struct named){.id = statement_int(statement, 0),
                                               .name = arena_slice(arena, statement_text(statement, 1)),
                                               .kind = arena_slice(arena, statement_text(statement, 2)),
                                               .country = arena_slice(arena, statement_text(statement, 3)),
                                               .confirmed = statement_int(statement, 4)};
        if (!statement_end(statement, error))
            return false;
    }
    return true;
}
