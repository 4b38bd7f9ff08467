/* Counts of the whole record, and counts over time. */
#include "reader_private.h"

bool reader_counts(struct reader *reader, struct arena *arena, struct counts *counts, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_LAST_CHANGE_AT);
    const int64_t *live = reader->generation.live;
    *counts = (struct counts){.mentions = live[NOUN_MENTION], .reports = live[NOUN_REPORT], .last_change_at = NO_SLICE};
    statement_run(statement, NO_VALUES);
    if (statement_next(statement))
        counts->last_change_at = arena_slice(arena, statement_text(statement, 0));
    return statement_end(statement, error);
}

unsigned series_nouns(enum series series)
{
    static const unsigned nouns[] = {
        [SERIES_ARTICLES] = NOUN_BIT(NOUN_ARTICLE),
        [SERIES_CLAIMS] = NOUN_BIT(NOUN_CLAIM),
        [SERIES_MEETINGS] = NOUN_BIT(NOUN_MEETING),
        [SERIES_STANCES] = NOUN_BIT(NOUN_CLAIM),
        [SERIES_TOPICS] = NOUN_BIT(NOUN_CLAIM) | NOUN_BIT(NOUN_TOPIC),
    };
    return nouns[series];
}

bool reader_series(struct reader *reader, const struct series_query *query, void (*each)(void *to, const struct sample *sample),
                   void *to, struct error *error)
{
    static const enum sql statements[] = {
        [SERIES_ARTICLES] = SQL_SERIES_ARTICLES, [SERIES_CLAIMS] = SQL_SERIES_CLAIMS, [SERIES_MEETINGS] = SQL_SERIES_MEETINGS,
        [SERIES_STANCES] = SQL_SERIES_STANCES,   [SERIES_TOPICS] = SQL_SERIES_TOPICS,
    };
    struct statement *statement = sql_statement(reader->engine, statements[query->series]);
    const struct datum values[] = {of_slice(query->from), of_slice(query->below), of_int(query->months)};
    statement_run(statement, values, query->series == SERIES_MEETINGS ? 3 : 2);
    while (statement_next(statement)) {
        struct sample sample = {.time = statement_text(statement, 0),
                                .count = statement_int(statement, 1),
                                .label = query->series >= SERIES_STANCES ? statement_text(statement, 2) : NO_SLICE};
        each(to, &sample);
    }
    return statement_end(statement, error);
}
