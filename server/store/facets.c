/* What each list can be counted by, as data, and how that becomes SQL.
 *
 * Of everything there is, the counts are kept (spread.c). Behind a filter, a facet costs what its matches cost: one walk over
 * them. A facet that is new, or of another column, needs a migration, however empty: each makes the counts anew. */
#include "facets_private.h"
#include "reader_private.h"
#include "ways.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A column that speaks for itself. */
#define COLUMN(column)                                                                                                           \
    {                                                                                                                            \
        .name = #column, .type = FIELD_TEXT, .value = #column                                                                    \
    }
/* The same, with the day next in its index. */
#define DATED(column)                                                                                                            \
    {                                                                                                                            \
        .name = #column, .type = FIELD_TEXT, .value = #column, .next = "starts_on"                                               \
    }
/* A column with an actor's id. */
#define ACTOR(facet, column)                                                                                                     \
    .name = (facet), .type = FIELD_INTEGER, .value = (column), .filter = (column),                                               \
    .label = "(SELECT name FROM actor WHERE actor.id = value)"
#define TOPIC(links, link)                                                                                                       \
    .name = "topic", .type = FIELD_TEXT, .value = "topic_id", .table = (links), .owner = (link),                                 \
    .known_by = "(SELECT topic.id FROM topic WHERE slug = $1)", .shown = "(SELECT slug FROM topic WHERE topic.id = value)",      \
    .label = "(SELECT name FROM topic WHERE topic.id = value)", .nouns = NOUN_BIT(NOUN_TOPIC)

static const struct facet article_facets[] = {
    {ACTOR("outlet", "outlet_id"), .next = "published_at", .nouns = NOUN_BIT(NOUN_ACTOR)},
    COLUMN(language),
    {.name = "machine_translated", .type = FIELD_TRUTH, .value = "machine_translated"},
};
static const struct facet actor_facets[] = {COLUMN(kind), COLUMN(country), COLUMN(status)};
static const struct facet claim_facets[] = {
    {TOPIC("claim_topic", "claim_id")},
    COLUMN(stance),
    {ACTOR("speaker", "speaker_id"), .nouns = NOUN_BIT(NOUN_ACTOR)},
    {ACTOR("outlet", "outlet_id"), .table = "claim_outlet", .owner = "claim_id",
     .nouns = NOUN_BIT(NOUN_ACTOR) | NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_REPORT)},
    COLUMN(attribution),
    COLUMN(status),
};
static const struct facet meeting_facets[] = {
    DATED(kind), DATED(status), DATED(city), DATED(country), {TOPIC("meeting_topic", "meeting_id")},
};
static const struct facet discrepancy_facets[] = {COLUMN(kind), COLUMN(status)};

struct facets facets_of(enum noun noun)
{
    static const struct facets facets[NOUN_COUNT] = {
        [NOUN_ARTICLE] = {article_facets, COUNT(article_facets)},
        [NOUN_ACTOR] = {actor_facets, COUNT(actor_facets)},
        [NOUN_CLAIM] = {claim_facets, COUNT(claim_facets)},
        [NOUN_MEETING] = {meeting_facets, COUNT(meeting_facets)},
        [NOUN_DISCREPANCY] = {discrepancy_facets, COUNT(discrepancy_facets)},
    };
    return facets[noun];
}

bool facet_is_number(const struct facet *facet)
{
    return facet->label || facet->type != FIELD_TEXT;
}

int list_facet_index(const struct list *list, struct slice name)
{
    for (size_t i = 0; i < facets_of(list->noun).count; i++) {
        if (slice_is(name, facets_of(list->noun).items[i].name))
            return (int)i;
    }
    return -1;
}

const char *list_facet_name(const struct list *list, int facet)
{
    return facets_of(list->noun).items[facet].name;
}

unsigned list_facet_nouns(const struct list *list, int facet)
{
    return facets_of(list->noun).items[facet].nouns;
}

/* ---- as SQL ----------------------------------------------------------------------------------------------- */

/* The values and how many matches have each: `value`, `total`. */
static void add_groups(struct sql_text *text, const struct list_query *query, const struct facet *facet)
{
    if (query->filter_count == 0) {
        sql_add(text, "SELECT value, total FROM spread WHERE noun = '%s' AND facet = '%s'", record_of(query->list->noun)->name,
                facet->name);
    } else if (facet->table) {
        sql_add(text, "SELECT %s AS value, count(DISTINCT matched.id) AS total FROM (SELECT id", facet->value);
        sql_where(text, query);
        sql_add(text, ") AS matched\nJOIN %s ON %s.%s = matched.id\nGROUP BY %s", facet->table, facet->table, facet->owner,
                facet->value);
    } else {
        sql_add(text, "SELECT %s AS value, count(*) AS total", facet->value);
        sql_where(text, query);
        sql_add(text, "\nGROUP BY %s HAVING %s IS NOT NULL", facet->value, facet->value);
    }
    sql_add(text, "\nORDER BY total DESC, value LIMIT %d", FACET_VALUES_MAX);
}

static void facet_sql(struct sql_text *text, const struct list_query *query, const struct facet *facet)
{
    if (facet->label) {
        sql_add(text, "SELECT %s, total, %s FROM (", facet->shown ? facet->shown : "value", facet->label);
        add_groups(text, query, facet);
        sql_add(text, ") AS counted\nORDER BY total DESC, value");
    } else {
        add_groups(text, query, facet);
    }
}

static struct statement *facet_statement(struct reader *reader, const struct list_query *query, int facet)
{
    uint64_t filters = sql_filters_key(query) & 0xffffffffff;
    uint64_t key = made_key(MADE_FACET, query->list->noun, (unsigned)facet, filters);
    struct statement *kept = engine_kept(reader->engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    facet_sql(&text, query, &facets_of(query->list->noun).items[facet]);
    return engine_keep(reader->engine, key, text.data);
}

/* ---- as JSON ---------------------------------------------------------------------------------------------- */

static void add_value(struct buffer *out, struct statement *statement, const struct facet *facet)
{
    buffer_add_text(out, "{\"value\":");
    if (facet->type == FIELD_TRUTH)
        buffer_add_text(out, statement_int(statement, 0) ? "true" : "false");
    else if (facet->type == FIELD_INTEGER)
        buffer_add_int(out, statement_int(statement, 0));
    else
        buffer_add_json(out, statement_text(statement, 0));
    if (facet->label) {
        buffer_add_text(out, ",\"name\":");
        buffer_add_json(out, statement_text(statement, 2));
    }
    buffer_print(out, ",\"count\":%lld}", (long long)statement_int(statement, 1));
}

bool reader_facet(struct reader *reader, const struct list_query *query, int facet, struct buffer *out, struct error *error)
{
    struct datum values[LIST_VALUES_MAX];
    struct list_query own = *query;
    if (!ways_choose(reader, &own, WAYS_ALL, error))
        return false;
    struct statement *statement = facet_statement(reader, &own, facet);
    statement_run(statement, values, sql_values(&own, values));
    buffer_add_byte(out, '[');
    for (int count = 0; statement_next(statement); count++) {
        if (count)
            buffer_add_byte(out, ',');
        add_value(out, statement, &facets_of(query->list->noun).items[facet]);
    }
    buffer_add_byte(out, ']');
    return statement_end(statement, error);
}

/* Without a filter, and with the list's first. */
void facet_statements(void (*each)(void *to, const char *sql), void *to)
{
    static const struct datum value;
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        struct list_query query = {.list = list_of(noun)};
        struct facets facets = facets_of(noun);
        for (size_t i = 0; i < 2 * facets.count; i++) {
            struct sql_text text = {.length = 0};
            if (i == facets.count)
                list_query_filter(&query, 0, COMPARE_IS, &value, 1);
            facet_sql(&text, &query, &facets.items[i % facets.count]);
            each(to, text.data);
        }
    }
}
