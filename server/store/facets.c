/* What each list can be counted by, as data, and how that becomes SQL.
 *
 * A facet costs what its matches cost: one walk over them. Whole tables are counted in their indexes, about a tenth of a second
 * a million rows; one that stands in another table takes a second or two. The reply cache keeps what came of it until the next
 * change. */
#include "page_private.h"
#include "reader_private.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct facet {
    const char *name;     /* as the contract has it */
    enum field_type type; /* of its values: text, integer or truth */
    const char *value;    /* a column of the list's table or of `joined` */
    const char *joined;   /* where the values stand in another table: what to join to `matched (id)` */
    const char *whole;    /* a shorter way where there is no filter: gives `value` and `total`; NULL: none */
    const char *shown;    /* what clients know a value by, where it is an id of ours; NULL: itself */
    const char *label;    /* its name, for people; NULL: it speaks for itself */
    unsigned nouns;       /* whose changes can alter the answer, beside the list's own */
};

/* A column that speaks for itself. */
#define COLUMN(column)                                                                                                           \
    {                                                                                                                            \
        .name = #column, .type = FIELD_TEXT, .value = #column                                                                    \
    }
/* A column with an actor's id. */
#define ACTOR(facet, column)                                                                                                     \
    .name = (facet), .type = FIELD_INTEGER, .value = (column), .label = "(SELECT name FROM actor WHERE actor.id = value)"
#define TOPIC(join)                                                                                                              \
    .name = "topic", .type = FIELD_TEXT, .value = "topic_id", .joined = (join),                                                  \
    .shown = "(SELECT slug FROM topic WHERE topic.id = value)", .label = "(SELECT name FROM topic WHERE topic.id = value)",      \
    .nouns = NOUN_BIT(NOUN_TOPIC)

#define HIDDEN_CLAIMS "(SELECT id FROM claim WHERE deleted_at IS NOT NULL OR merged_into_id IS NOT NULL)"

static const struct facet article_facets[] = {
    {ACTOR("outlet", "outlet_id"), .nouns = NOUN_BIT(NOUN_ACTOR)},
    COLUMN(language),
    {.name = "machine_translated", .type = FIELD_TRUTH, .value = "machine_translated"},
};
static const struct facet actor_facets[] = {COLUMN(kind), COLUMN(country), COLUMN(status)};
static const struct facet claim_facets[] = {
    {TOPIC("JOIN claim_topic ON claim_topic.claim_id = matched.id"),
     .whole = "SELECT topic_id AS value, count(DISTINCT claim_id) AS total FROM claim_topic\n"
              "WHERE claim_id NOT IN " HIDDEN_CLAIMS},
    COLUMN(stance),
    {ACTOR("speaker", "speaker_id"), .nouns = NOUN_BIT(NOUN_ACTOR)},
    {ACTOR("outlet", "outlet_id"),
     .joined = "JOIN report ON report.claim_id = matched.id\n"
               "JOIN article ON article.id = report.article_id AND article.deleted_at IS NULL",
     .whole = "SELECT outlet_id AS value, count(DISTINCT claim_id) AS total\n"
              "FROM article JOIN report ON report.article_id = article.id\n"
              "WHERE outlet_id IS NOT NULL AND article.deleted_at IS NULL AND claim_id NOT IN " HIDDEN_CLAIMS,
     .nouns = NOUN_BIT(NOUN_ACTOR) | NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_REPORT)},
    COLUMN(attribution),
    COLUMN(status),
};
static const struct facet meeting_facets[] = {
    COLUMN(kind),
    COLUMN(status),
    COLUMN(city),
    COLUMN(country),
    {TOPIC("JOIN meeting_topic ON meeting_topic.meeting_id = matched.id")},
};
static const struct facet discrepancy_facets[] = {COLUMN(kind), COLUMN(status)};

static const struct {
    const struct facet *facets;
    size_t count;
} facets_of[NOUN_COUNT] = {
    [NOUN_ARTICLE] = {article_facets, COUNT(article_facets)},
    [NOUN_ACTOR] = {actor_facets, COUNT(actor_facets)},
    [NOUN_CLAIM] = {claim_facets, COUNT(claim_facets)},
    [NOUN_MEETING] = {meeting_facets, COUNT(meeting_facets)},
    [NOUN_DISCREPANCY] = {discrepancy_facets, COUNT(discrepancy_facets)},
};

int list_facet_index(const struct list *list, struct slice name)
{
    for (size_t i = 0; i < facets_of[list->noun].count; i++) {
        if (slice_is(name, facets_of[list->noun].facets[i].name))
            return (int)i;
    }
    return -1;
}

const char *list_facet_name(const struct list *list, int facet)
{
    return facets_of[list->noun].facets[facet].name;
}

unsigned list_facet_nouns(const struct list *list, int facet)
{
    return facets_of[list->noun].facets[facet].nouns;
}

/* ---- as SQL ----------------------------------------------------------------------------------------------- */

/* The values and how many matches have each: `value`, `total`. */
static void add_groups(struct sql_text *text, const struct list_query *query, const struct facet *facet)
{
    bool whole = facet->whole && query->filter_count == 0;
    if (whole)
        sql_add(text, "%s", facet->whole);
    else
        sql_add(text, "SELECT %s AS value, count(%s) AS total", facet->value, facet->joined ? "DISTINCT matched.id" : "*");
    if (facet->joined && !whole) {
        sql_add(text, " FROM (SELECT id");
        sql_where(text, query);
        sql_add(text, ") AS matched\n%s", facet->joined);
    } else if (!whole) {
        sql_where(text, query);
    }
    sql_add(text, "\nGROUP BY %s HAVING %s IS NOT NULL\nORDER BY total DESC, value LIMIT %d", facet->value, facet->value,
            FACET_VALUES_MAX);
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
    facet_sql(&text, query, &facets_of[query->list->noun].facets[facet]);
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
    struct statement *statement = facet_statement(reader, query, facet);
    statement_run(statement, values, sql_values(query, values));
    buffer_add_byte(out, '[');
    for (int count = 0; statement_next(statement); count++) {
        if (count)
            buffer_add_byte(out, ',');
        add_value(out, statement, &facets_of[query->list->noun].facets[facet]);
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
        for (size_t i = 0; i < 2 * facets_of[noun].count; i++) {
            struct sql_text text = {.length = 0};
            if (i == facets_of[noun].count)
                list_query_filter(&query, 0, COMPARE_IS, &value, 1);
            facet_sql(&text, &query, &facets_of[noun].facets[i % facets_of[noun].count]);
            each(to, text.data);
        }
    }
}
