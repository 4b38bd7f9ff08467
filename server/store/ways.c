/* Choosing how the filters of a query are gone about.
 *
 * SQLite knows the indexes, but not how many rows have a value: it would gather all that one filter picks, and sort them. That is
 * right where they are few. Where they are many it is better to read the list in its order and to look at each row; or, where a
 * filter leads through links (from a topic to the ids of its claims), to walk along the links in the order of the ids. How many
 * there are is kept for facets (spread.c); links without a facet, and what has at least some count, are counted up to where they
 * are many; of other columns it is taken for granted that they pick few. */
#include "ways.h"

#include <string.h>

#include "facets_private.h"
#include "reader_private.h"

/* ---- how many --------------------------------------------------------------------------------------------- */

/* The facet whose values the filter picks, or -1. */
static int facet_of(const struct list *list, const struct list_filter *filter)
{
    struct facets facets = facets_of(list->noun);
    for (size_t i = 0; i < facets.count; i++) {
        const struct facet *facet = &facets.items[i];
        if (strcmp(facet->filter ? facet->filter : facet->name, filter->name) == 0)
            return (int)i;
    }
    return -1;
}

static void total_sql(struct sql_text *text, enum noun noun, const struct facet *facet)
{
    sql_add(text, "SELECT total FROM spread WHERE noun = '%s' AND facet = '%s' AND value = %s", record_of(noun)->name,
            facet->name, facet->known_by ? facet->known_by : "$1");
}

static struct statement *total_statement(struct engine *engine, enum noun noun, int facet)
{
    uint64_t key = made_key(MADE_TOTAL, noun, (unsigned)facet, 0);
    struct statement *kept = engine_kept(engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    total_sql(&text, noun, &facets_of(noun).items[facet]);
    return engine_keep(engine, key, text.data);
}

static bool ask(struct statement *statement, const struct datum *values, size_t count, int64_t *answer, struct error *error)
{
    statement_run(statement, values, count);
    *answer += statement_next(statement) ? statement_int(statement, 0) : 0;
    return statement_end(statement, error);
}

static void links_sql(struct sql_text *text, const struct list *list, const struct list_use *use)
{
    sql_add(text, "SELECT count(*) FROM (SELECT 1");
    sql_links(text, &list->filters[use->filter], use);
    sql_add(text, " LIMIT $%u) AS some", ++text->places);
}

/* Links up to so many. */
static bool count_links(struct reader *reader, const struct list *list, const struct list_use *use, int64_t most, int64_t *total,
                        struct error *error)
{
    struct datum values[LIST_VALUES_MAX + 1];
    size_t count = sql_use_values(use, values);
    uint64_t key = made_key(MADE_LINKS, list->noun, (unsigned)use->filter, count);
    struct statement *statement = engine_kept(reader->engine, key);
    if (!statement) {
        struct sql_text text = {.length = 0};
        links_sql(&text, list, use);
        statement = engine_keep(reader->engine, key, text.data);
    }
    values[count++] = of_int(most);
    return ask(statement, values, count, total, error);
}

/* At least so many reports, outlets or origins. */
static bool is_least(const struct list *list, const struct list_use *use)
{
    return (use->comparison == COMPARE_FROM || use->comparison == COMPARE_ABOVE) &&
           slice_ends(slice_of(list->filters[use->filter].name), "_count");
}

static void least_sql(struct sql_text *text, const struct list *list, const struct list_use *use)
{
    sql_add(text, "SELECT count(*) FROM (SELECT 1 FROM %s\nWHERE %s AND %s %s $1 LIMIT $2) AS some", record_of(list->noun)->name,
            list->listed, list->filters[use->filter].name, use->comparison == COMPARE_FROM ? ">=" : ">");
}

/* Rows up to so many. */
static bool count_least(struct reader *reader, const struct list *list, const struct list_use *use, int64_t most, int64_t *total,
                        struct error *error)
{
    uint64_t key = made_key(MADE_LEAST, list->noun, (unsigned)use->filter, use->comparison);
    struct statement *statement = engine_kept(reader->engine, key);
    if (!statement) {
        struct sql_text text = {.length = 0};
        least_sql(&text, list, use);
        statement = engine_keep(reader->engine, key, text.data);
    }
    const struct datum values[] = {use->values[0], of_int(most)};
    return ask(statement, values, 2, total, error);
}

/* More than this are many; leading_way() says why. */
static int64_t few(const struct reader *reader, const struct list *list)
{
    enum { PAGE = 50 };
    int64_t number = 1;
    while (number * number < PAGE * reader->generation.live[list->noun])
        number *= 2;
    return number;
}

/* How many have one of the filter's values, or a little more; 0 where nobody knows. */
static bool count_filter(struct reader *reader, const struct list *list, const struct list_use *use, int64_t *total,
                         struct error *error)
{
    int facet = facet_of(list, &list->filters[use->filter]);
    *total = 0;
    if (facet < 0 && sql_is_link(&list->filters[use->filter]))
        return count_links(reader, list, use, few(reader, list) + 1, total, error);
    if (is_least(list, use))
        return count_least(reader, list, use, few(reader, list) + 1, total, error);
    for (size_t i = 0; facet >= 0 && i < use->count; i++) {
        if (!ask(total_statement(reader->engine, list->noun, facet), &use->values[i], 1, total, error))
            return false;
    }
    return true;
}

bool ways_total(struct reader *reader, const struct list_query *query, int64_t *total, struct error *error)
{
    const struct list_use *use = &query->filters[0];
    *total = -1;
    if (query->filter_count != 1 || use->comparison != COMPARE_IS || use->count != 1 ||
        facet_of(query->list, &query->list->filters[use->filter]) < 0)
        return true;
    return count_filter(reader, query->list, use, total, error);
}

/* ---- which way -------------------------------------------------------------------------------------------- */

/* The column that decides the order first. */
static const char *order_of(const struct list_query *query)
{
    return query->order_count ? query->list->sorts[query->orders[0].sort].column : "id";
}

static bool goes_by_id(const struct list_query *query)
{
    return strcmp(order_of(query), "id") == 0;
}

static const struct list_filter *filter_of(const struct list_query *query, const struct list_use *use)
{
    return &query->list->filters[use->filter];
}

static bool is_link(const struct list_query *query, const struct list_use *use)
{
    return (use->comparison == COMPARE_IS || use->comparison == COMPARE_IS_NOT) && sql_is_link(filter_of(query, use));
}

/* Whether the filter says from where on the list's order begins. */
static bool bounds_order(const struct list_query *query, const struct list_use *use)
{
    return strcmp(order_of(query), filter_of(query, use)->name) == 0;
}

/* Whether the filter can lead: most of what it leaves out is never read. */
static bool can_lead(const struct list_query *query, const struct list_use *use)
{
    if (is_least(query->list, use))
        return !bounds_order(query, use);
    return use->comparison == COMPARE_IS && !slice_ends(slice_of(filter_of(query, use)->name), "_count");
}

/* Whether the index of the filter's column has the rows of one value in the query's order. */
static bool is_in_order(const struct list_query *query, const struct list_use *use)
{
    int facet = facet_of(query->list, filter_of(query, use));
    const char *next = facet < 0 ? NULL : facets_of(query->list->noun).items[facet].next;
    return use->count == 1 && !is_least(query->list, use) && strcmp(order_of(query), next ? next : "id") == 0;
}

/* How the filter that picks the fewest is gone about. To gather costs as much as there are; to look, the more the fewer there
 * are, until a page is full: in the middle both cost the same. */
static enum list_way leading_way(const struct reader *reader, const struct list_query *query, const struct list_use *use,
                                 int64_t total, enum ways_for what)
{
    bool link = is_link(query, use);
    if (link && (what == WAYS_CAPPED || (what == WAYS_PAGE && goes_by_id(query) && use->count == 1)))
        return WAY_WALK;
    if (is_least(query->list, use) && what == WAYS_PAGE && total <= few(reader, query->list))
        return WAY_SEEK;
    bool gathers = what != WAYS_PAGE || total <= few(reader, query->list) || (!link && is_in_order(query, use));
    return gathers ? WAY_GATHER : WAY_LOOK;
}

/* Where there is nothing to choose: an index of one column, in its order. */
static bool is_settled(const struct list_query *query)
{
    return query->filter_count == 0 ||
           (query->filter_count == 1 && !is_link(query, &query->filters[0]) && is_in_order(query, &query->filters[0]));
}

bool ways_choose(struct reader *reader, struct list_query *query, enum ways_for what, struct error *error)
{
    struct list_use *leader = NULL;
    int64_t least = 0;
    for (size_t i = 0; !is_settled(query) && i < query->filter_count; i++) {
        struct list_use *use = &query->filters[i];
        bool known = sql_is_plain(filter_of(query, use)) && facet_of(query->list, filter_of(query, use)) >= 0;
        int64_t total;
        bool looks = is_link(query, use) || (known && use->comparison == COMPARE_IS) ||
                     (is_least(query->list, use) && can_lead(query, use));
        use->way = looks ? WAY_LOOK : WAY_GATHER;
        if (!can_lead(query, use))
            continue;
        if (!count_filter(reader, query->list, use, &total, error))
            return false;
        if (!leader || total < least || (total == least && !is_link(query, use))) {
            leader = use;
            least = total;
        }
    }
    if (leader && leader->way == WAY_LOOK)
        leader->way = leading_way(reader, query, leader, least, what);
    return true;
}

/* ---- for the test of the plans ---------------------------------------------------------------------------- */

void ways_statements(void (*each)(void *to, const char *sql), void *to)
{
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        struct facets facets = facets_of(noun);
        for (size_t i = 0; i < facets.count; i++) {
            struct sql_text text = {.length = 0};
            total_sql(&text, noun, &facets.items[i]);
            each(to, text.data);
        }
        for (int i = 0; i < (int)list_of(noun)->filter_count; i++) {
            struct sql_text text = {.length = 0};
            const struct list_use use = {.filter = i, .comparison = COMPARE_IS, .count = 1};
            if (!sql_is_link(&list_of(noun)->filters[i]))
                continue;
            links_sql(&text, list_of(noun), &use);
            each(to, text.data);
        }
        for (int i = 0; i < (int)list_of(noun)->filter_count; i++) {
            struct sql_text text = {.length = 0};
            const struct list_use use = {.filter = i, .comparison = COMPARE_FROM, .count = 1};
            if (!is_least(list_of(noun), &use))
                continue;
            least_sql(&text, list_of(noun), &use);
            each(to, text.data);
        }
    }
}
