/* How the matches of a list spread over values: `facets=topic,stance`. */
#include "call.h"

enum { FACETS_MAX = 8 };

/* The facets asked for, each once, as indices; the count. */
static size_t facets_of(const struct call *call, int facets[static FACETS_MAX])
{
    const struct value_of *value = values_find(&call->values, "facets");
    size_t count = 0;
    for (size_t i = 0; value && i < value->count; i++) {
        int facet = list_facet_index(list_of(call->endpoint->noun), value->list[i]);
        bool twice = facet < 0 || count == FACETS_MAX;
        for (size_t j = 0; j < count; j++)
            twice |= facets[j] == facet;
        if (!twice)
            facets[count++] = facet;
    }
    return count;
}

unsigned facets_nouns(const struct call *call)
{
    int facets[FACETS_MAX];
    unsigned nouns = 0;
    size_t count = facets_of(call, facets);
    for (size_t i = 0; i < count; i++)
        nouns |= list_facet_nouns(list_of(call->endpoint->noun), facets[i]);
    return nouns;
}

bool facets_add(struct call *call, const struct list_query *query, struct buffer *body, struct error *error)
{
    int facets[FACETS_MAX];
    size_t count = facets_of(call, facets);
    if (count == 0)
        return true;
    if (query->place.given) {
        buffer_add_text(body, ",\"facets\":null");
        return true;
    }
    buffer_add_text(body, ",\"facets\":{");
    for (size_t i = 0; i < count; i++) {
        buffer_print(body, "%s\"%s\":", i ? "," : "", list_facet_name(query->list, facets[i]));
        if (!reader_facet(call->reader, query, facets[i], body, error))
            return false;
    }
    buffer_add_byte(body, '}');
    return true;
}
