#include <stdio.h>
#include <string.h>

#include "search_private.h"

static const struct searched articles = {{"title", "text"}, {4, 1}, 2, 1};
static const struct searched actors = {{"name", "aliases", "title"}, {8, 6, 2}, 3, 0};
static const struct searched claims = {{"text"}, {2}, 1, 0};
static const struct searched meetings = {{"name", "city", "venue"}, {5, 3, 2}, 3, 0};

const struct searched *searched_of(enum noun noun)
{
    switch (noun) {
    case NOUN_ARTICLE:
        return &articles;
    case NOUN_ACTOR:
        return &actors;
    case NOUN_CLAIM:
        return &claims;
    case NOUN_MEETING:
        return &meetings;
    default:
        return NULL;
    }
}

enum { TEXT_SIZE = 512 };

/* "title, text", or with places "$2, $3"; weights "4, 1". */
static void list_fields(const struct searched *searched, char text[static 128], int from, bool weights)
{
    size_t length = 0;
    for (size_t i = 0; i < searched->field_count; i++) {
        length += (size_t)snprintf(text + length, 128 - length, "%s", i ? ", " : "");
        if (weights)
            length += (size_t)snprintf(text + length, 128 - length, "%d", searched->weights[i]);
        else if (from)
            length += (size_t)snprintf(text + length, 128 - length, "$%d", from + (int)i);
        else
            length += (size_t)snprintf(text + length, 128 - length, "%s", searched->fields[i]);
    }
}

static void write_text(char text[static TEXT_SIZE], enum search_sql which, enum noun noun)
{
    const char *name = record_of(noun)->name;
    const struct searched *searched = searched_of(noun);
    char fields[128], places[128], weights[128];
    list_fields(searched, fields, 0, false);
    list_fields(searched, places, 2, false);
    list_fields(searched, weights, 0, true);
    switch (which) {
    case SEARCH_CONTENTS:
        snprintf(text, TEXT_SIZE, "SELECT id, %s FROM %s_searched WHERE id = $1", fields, name);
        break;
    case SEARCH_ADD:
        snprintf(text, TEXT_SIZE, "INSERT INTO %s_search (rowid, %s) VALUES ($1, %s)", name, fields, places);
        break;
    case SEARCH_REMOVE:
        snprintf(text, TEXT_SIZE, "INSERT INTO %s_search (%s_search, rowid, %s) VALUES ('delete', $1, %s)", name, name, fields,
                 places);
        break;
    case SEARCH_FIND:
        snprintf(text, TEXT_SIZE,
                 "SELECT rowid, search_hits(%s_search, %s) FROM %s_search\n"
                 "WHERE %s_search MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3",
                 name, weights, name, name);
        break;
    case SEARCH_FIND_DATED:
        snprintf(text, TEXT_SIZE,
                 "SELECT rowid, search_hits(%s_search, %s), (SELECT created_at FROM %s WHERE id = %s_search.rowid)\n"
                 "FROM %s_search WHERE %s_search MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3",
                 name, weights, name, name, name, name);
        break;
    case SEARCH_FIND_OLDEST:
        snprintf(text, TEXT_SIZE,
                 "SELECT rowid, search_hits(%s_search, %s) FROM %s_search\n"
                 "WHERE %s_search MATCH $1 ORDER BY rowid LIMIT $2",
                 name, weights, name, name);
        break;
    case SEARCH_COUNT:
        snprintf(text, TEXT_SIZE, "SELECT count(*) FROM (SELECT 1 FROM %s_search WHERE %s_search MATCH $1 LIMIT $2) AS some",
                 name, name);
        break;
    default:
        snprintf(text, TEXT_SIZE, "SELECT term, doc FROM %s_vocabulary WHERE term >= $1 AND term < $2 LIMIT $3", name);
    }
}

struct statement *search_statement(struct engine *engine, enum search_sql which, enum noun noun)
{
    uint64_t key = made_key(MADE_SEARCH, noun, which, 0);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    char text[TEXT_SIZE];
    write_text(text, which, noun);
    return engine_keep(engine, key, text);
}

void search_statements(void (*each)(void *to, const char *sql), void *to)
{
    char text[TEXT_SIZE];
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        for (enum search_sql which = 0; searched_of(noun) && which < SEARCH_SQL_COUNT; which++) {
            write_text(text, which, noun);
            each(to, text);
        }
    }
}
