/* What discrepancies are noticed by, and what is known of those that were noticed before. */
#include "store_private.h"

/* ---- articles --------------------------------------------------------------------------------------------- */

bool writing_article_facts(struct writing *writing, int64_t article, struct arena *arena, struct article_facts *facts)
{
    bool there = false;
    if (writing->error.kind)
        return false;
    struct statement *statement = sql_statement(writing->engine, SQL_ARTICLE_FACTS);
    statement_run(statement, VALUES(of_int(article)));
    if (statement_next(statement)) {
        there = statement_null(statement, 3);
        *facts = (struct article_facts){.origin = statement_int(statement, 0),
                                        .published_at = arena_slice(arena, statement_text(statement, 1)),
                                        .sha256 = arena_slice(arena, statement_text(statement, 2))};
    }
    statement_end(statement, &writing->error);
    return there && !writing->error.kind;
}

static void count_side(struct writing *writing, json_t *value, int64_t *articles, int64_t *origins)
{
    size_t index, article_count = 0, origin_count = 0;
    json_t *evidence;
    json_array_foreach (json_object_get(value, "evidence"), index, evidence) {
        int64_t article = json_integer_value(json_object_get(evidence, "article_id"));
        size_t at = 0;
        while (at < article_count && articles[at] != article)
            at++;
        if (at < article_count)
            continue;
        articles[article_count++] = article;
        int64_t origin = write_ask(writing, sql_statement(writing->engine, SQL_ARTICLE_FACTS), VALUES(of_int(article)));
        for (at = 0; at < origin_count && origins[at] != origin;)
            at++;
        if (at == origin_count)
            origins[origin_count++] = origin;
    }
    json_object_set_new(value, "article_count", json_integer((json_int_t)article_count));
    json_object_set_new(value, "origin_count", json_integer((json_int_t)origin_count));
}

void noticing_count(struct writing *writing, json_t *values)
{
    struct arena arena = {0};
    size_t index;
    json_t *value;
    json_array_foreach (values, index, value) {
        size_t most = json_array_size(json_object_get(value, "evidence")) + 1;
        count_side(writing, value, arena_alloc(&arena, most * sizeof(int64_t)), arena_alloc(&arena, most * sizeof(int64_t)));
    }
    arena_release(&arena);
}

/* ---- what articles say ------------------------------------------------------------------------------------ */

size_t writing_namings(struct writing *writing, int64_t actor, struct arena *arena, struct naming_of *found, size_t most)
{
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_NAMINGS);
    statement_run(statement, VALUES(of_int(actor), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = (struct naming_of){.article = statement_int(statement, 0),
                                            .start = statement_int(statement, 1),
                                            .end = statement_int(statement, 2),
                                            .text = arena_slice(arena, statement_text(statement, 3)),
                                            .form = arena_slice(arena, statement_text(statement, 4)),
                                            .title = arena_slice(arena, statement_text(statement, 5))};
    statement_end(statement, &writing->error);
    return count;
}

struct slice writing_characters(struct writing *writing, int64_t article, int64_t from, int64_t end, struct arena *arena)
{
    const struct points *points = writing->error.kind ? NULL : article_points(writing, article, arena);
    int64_t length = points ? (int64_t)points->length : 0;
    from = from < 0 ? 0 : from;
    end = end > length ? length : end;
    return from < end ? points_slice(points, from, end) : NO_SLICE;
}

/* ---- terms ------------------------------------------------------------------------------------------------ */

void writing_forget_terms(struct writing *writing, int64_t article)
{
    write_run(writing, sql_statement(writing->engine, SQL_TERMS_DELETE), VALUES(of_int(article)));
}

void writing_note_term(struct writing *writing, const struct term_at *term)
{
    write_run(
        writing, sql_statement(writing->engine, SQL_TERM_ADD),
        VALUES(of_slice(term->handle), of_int(term->article), of_int(term->start), of_int(term->end), of_slice(term->text)));
}

static size_t read_terms(struct writing *writing, struct statement *statement, struct arena *arena, struct term_at *found,
                         size_t most)
{
    size_t count = 0;
    while (count < most && statement_next(statement))
        found[count++] = (struct term_at){.handle = arena_slice(arena, statement_text(statement, 0)),
                                          .article = statement_int(statement, 1),
                                          .start = statement_int(statement, 2),
                                          .end = statement_int(statement, 3),
                                          .text = arena_slice(arena, statement_text(statement, 4))};
    statement_end(statement, &writing->error);
    return count;
}

size_t writing_terms_in(struct writing *writing, int64_t article, struct arena *arena, struct term_at *found, size_t most)
{
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_TERMS_IN);
    statement_run(statement, VALUES(of_int(article), of_int((int64_t)most)));
    return read_terms(writing, statement, arena, found, most);
}

size_t writing_terms_called(struct writing *writing, struct slice handle, struct arena *arena, struct term_at *found, size_t most)
{
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, SQL_TERMS_CALLED);
    statement_run(statement, VALUES(of_slice(handle), of_int((int64_t)most)));
    return read_terms(writing, statement, arena, found, most);
}

/* ---- what was noticed before ------------------------------------------------------------------------------ */

static struct noticed_before row_of(struct statement *statement, struct arena *arena)
{
    return (struct noticed_before){.id = statement_int(statement, 0),
                                   .key = arena_slice(arena, statement_text(statement, 1)),
                                   .mark = statement_int(statement, 2),
                                   .withdrawn = statement_int(statement, 3) != 0};
}

size_t writing_noticed_at(struct writing *writing, enum noun noun, int64_t id, struct arena *arena, struct noticed_before *found,
                          size_t most)
{
    enum sql sql = noun == NOUN_ACTOR     ? SQL_NOTICED_AT_ACTOR
                   : noun == NOUN_MEETING ? SQL_NOTICED_AT_MEETING
                   : noun == NOUN_CLAIM   ? SQL_NOTICED_AT_CLAIM
                                          : SQL_NOTICED_AT_ARTICLE;
    size_t count = 0;
    if (writing->error.kind)
        return 0;
    struct statement *statement = sql_statement(writing->engine, sql);
    statement_run(statement, VALUES(of_int(id), of_int((int64_t)most)));
    while (count < most && statement_next(statement))
        found[count++] = row_of(statement, arena);
    statement_end(statement, &writing->error);
    return count;
}

bool writing_noticed_so(struct writing *writing, struct slice key, struct arena *arena, struct noticed_before *found)
{
    bool known = false;
    if (writing->error.kind)
        return false;
    struct statement *statement = sql_statement(writing->engine, SQL_NOTICED_SO);
    statement_run(statement, VALUES(of_slice(key)));
    if (statement_next(statement)) {
        *found = row_of(statement, arena);
        known = true;
    }
    statement_end(statement, &writing->error);
    return known;
}

bool writing_disputed_already(struct writing *writing, enum noun noun, int64_t id, const char *kind)
{
    enum sql sql = noun == NOUN_ACTOR     ? SQL_WRITTEN_ABOUT_ACTOR
                   : noun == NOUN_MEETING ? SQL_WRITTEN_ABOUT_MEETING
                                          : SQL_WRITTEN_ABOUT_CLAIM;
    return write_ask(writing, sql_statement(writing->engine, sql), VALUES(of_int(id), of_text(kind))) != 0;
}

void writing_note_noticed(struct writing *writing, enum noun noun, const struct noticed_before *noticed)
{
    write_run(writing, sql_statement(writing->engine, SQL_NOTICED_SET),
              VALUES(of_int(noticed->id), of_text(record_of(noun)->name), of_slice(noticed->key), of_int(noticed->mark),
                     of_int(noticed->withdrawn)));
}

size_t writing_disputed_in(struct writing *writing, enum noun noun, int64_t article, int64_t after, int64_t *ids, size_t most)
{
    enum sql sql = noun == NOUN_ACTOR ? SQL_DISPUTED_ACTORS : noun == NOUN_MEETING ? SQL_DISPUTED_MEETINGS : SQL_DISPUTED_CLAIMS;
    return write_ids(writing, sql_statement(writing->engine, sql), VALUES(of_int(article), of_int(after), of_int((int64_t)most)),
                     ids, most);
}
