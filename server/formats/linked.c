/* JSON-LD in the words of schema.org. A list is an @graph. */
#include <string.h>

#include "formats_private.h"

/* ---- nodes ------------------------------------------------------------------------------------------------ */

/* An absent value puts nothing. */
static void put(json_t *node, const char *name, json_t *value)
{
    if (value)
        json_object_set_new(node, name, value);
}

static json_t *text_value(struct slice text)
{
    return text.length ? json_stringn(text.data, text.length) : NULL;
}

static void put_text(json_t *node, const char *name, const json_t *document, const char *property)
{
    put(node, name, text_value(text_in(document, property)));
}

static json_t *node_of(const struct rendering *rendering, const char *type, enum noun noun, int64_t id)
{
    json_t *node = json_object();
    put(node, "@type", json_string(type));
    put(node, "@id", text_value(resource_url(rendering, noun, id)));
    return node;
}

/* The resource that a property names; NULL where it names none. */
static json_t *reference(const struct rendering *rendering, enum noun noun, const json_t *id)
{
    if (!json_is_integer(id))
        return NULL;
    json_t *node = json_object();
    put(node, "@id", text_value(resource_url(rendering, noun, json_integer_value(id))));
    return node;
}

static void put_copy(json_t *node, const char *name, const json_t *document, const char *property)
{
    json_t *value = json_object_get(document, property);
    if (json_array_size(value))
        json_object_set(node, name, value);
}

/* ---- actors ----------------------------------------------------------------------------------------------- */

static const char *actor_type(struct slice kind)
{
    static const char *const types[][2] = {{"person", "Person"},
                                           {"anonymous", "Person"},
                                           {"state", "Country"},
                                           {"government", "GovernmentOrganization"},
                                           {"media", "NewsMediaOrganization"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (slice_is(kind, types[i][0]))
            return types[i][1];
    }
    return "Organization";
}

static void put_wikidata(const struct rendering *rendering, json_t *node, const json_t *actor)
{
    struct slice item = text_in(actor, "wikidata_id");
    if (item.data)
        put(node, "sameAs", json_string(arena_print(rendering->arena, "https://www.wikidata.org/wiki/%.*s", SLICE_ARGS(item))));
}

/* What stands for an actor in other nodes. */
static json_t *actor_node(const struct rendering *rendering, const json_t *actor)
{
    if (!json_is_object(actor))
        return NULL;
    json_t *node = node_of(rendering, actor_type(text_in(actor, "kind")), NOUN_ACTOR, int_in(actor, "id"));
    put_text(node, "name", actor, "name");
    put_wikidata(rendering, node, actor);
    return node;
}

static json_t *names_of(const json_t *actor)
{
    json_t *names = json_array(), *alias;
    size_t index;
    json_array_foreach (json_object_get(actor, "aliases"), index, alias)
        json_array_append(names, json_object_get(alias, "text"));
    if (json_array_size(names))
        return names;
    json_decref(names);
    return NULL;
}

static json_t *actor_whole(const struct rendering *rendering, const json_t *actor)
{
    json_t *node = actor_node(rendering, actor), *body = actor_node(rendering, json_object_get(actor, "affiliation"));
    bool person = strcmp(actor_type(text_in(actor, "kind")), "Person") == 0;
    put(node, "alternateName", names_of(actor));
    if (person)
        put_text(node, "jobTitle", actor, "title");
    if (person)
        put_text(node, "nationality", actor, "country");
    if (!body)
        body = reference(rendering, NOUN_ACTOR, json_object_get(actor, "affiliation_id"));
    put(node, person ? "affiliation" : "parentOrganization", body);
    return node;
}

/* ---- articles --------------------------------------------------------------------------------------------- */

static json_t *article_node(const struct rendering *rendering, const json_t *article)
{
    json_t *node = node_of(rendering, "NewsArticle", NOUN_ARTICLE, int_in(article, "id"));
    json_t *outlet = actor_node(rendering, json_object_get(article, "outlet"));
    struct slice byline = text_in(article, "byline");
    put_text(node, "headline", article, "title");
    put_text(node, "url", article, "url");
    put_text(node, "datePublished", article, "published_at");
    put_text(node, "inLanguage", article, "language");
    put_text(node, "dateline", article, "dateline");
    if (byline.length)
        put(node, "author", json_pack("{s:s, s:s%}", "@type", "Person", "name", byline.data, byline.length));
    put(node, "publisher", outlet ? outlet : reference(rendering, NOUN_ACTOR, json_object_get(article, "outlet_id")));
    put(node, "isBasedOn", reference(rendering, NOUN_ARTICLE, json_object_get(article, "near_duplicate_of")));
    put_text(node, "articleBody", article, "text");
    return node;
}

/* ---- claims and reports ----------------------------------------------------------------------------------- */

static bool is_earlier(const json_t *report, const json_t *than)
{
    struct slice one = text_in(json_object_get(report, "article"), "published_at"),
                 other = text_in(json_object_get(than, "article"), "published_at");
    return one.data && (!other.data || strcmp(one.data, other.data) < 0);
}

static void put_appearances(const struct rendering *rendering, json_t *node, const json_t *claim)
{
    json_t *articles = json_array(), *report;
    const json_t *first = NULL;
    size_t index;
    json_array_foreach (json_object_get(claim, "reports"), index, report) {
        json_array_append_new(articles, node_of(rendering, "NewsArticle", NOUN_ARTICLE, int_in(report, "article_id")));
        if (!first || is_earlier(report, first))
            first = report;
    }
    put(node, "appearance", articles);
    if (first)
        put(node, "firstAppearance", node_of(rendering, "NewsArticle", NOUN_ARTICLE, int_in(first, "article_id")));
}

static json_t *claim_node(const struct rendering *rendering, const json_t *claim)
{
    json_t *node = node_of(rendering, "Claim", NOUN_CLAIM, int_in(claim, "id"));
    json_t *speaker = actor_node(rendering, json_object_get(claim, "speaker"));
    put_text(node, "text", claim, "text");
    put(node, "author", speaker ? speaker : reference(rendering, NOUN_ACTOR, json_object_get(claim, "speaker_id")));
    put(node, "sourceOrganization", reference(rendering, NOUN_ACTOR, json_object_get(claim, "on_behalf_of_id")));
    put_text(node, "dateCreated", claim, "said_on");
    put(node, "recordedAt", reference(rendering, NOUN_MEETING, json_object_get(claim, "occasion_id")));
    put_copy(node, "keywords", claim, "topics");
    put_appearances(rendering, node, claim);
    return node;
}

/* The words of all its spans. */
static json_t *words_of(const struct rendering *rendering, const json_t *report)
{
    struct buffer words = buffer_in(rendering->arena, 256);
    size_t index;
    json_t *span;
    json_array_foreach (json_object_get(report, "content"), index, span) {
        struct slice text = text_in(span, "text");
        buffer_add_text(&words, words.length ? " \xE2\x80\xA6 " : "");
        buffer_add(&words, text.data ? text.data : "", text.length);
    }
    return text_value(buffer_slice(&words));
}

static json_t *report_node(const struct rendering *rendering, const json_t *report)
{
    bool quotes = !slice_is(text_in(report, "kind"), "indirect");
    json_t *node = node_of(rendering, quotes ? "Quotation" : "CreativeWork", NOUN_REPORT, int_in(report, "id"));
    put(node, "text", words_of(rendering, report));
    put(node, quotes ? "spokenByCharacter" : "author", reference(rendering, NOUN_ACTOR, json_object_get(report, "speaker_id")));
    put(node, "isPartOf", reference(rendering, NOUN_ARTICLE, json_object_get(report, "article_id")));
    put(node, "about", reference(rendering, NOUN_CLAIM, json_object_get(report, "claim_id")));
    return node;
}

/* ---- meetings --------------------------------------------------------------------------------------------- */

static json_t *place_of(const json_t *meeting)
{
    json_t *address = json_object(), *place = json_object();
    put(address, "@type", json_string("PostalAddress"));
    put_text(address, "addressLocality", meeting, "city");
    put_text(address, "addressCountry", meeting, "country");
    put(place, "@type", json_string("Place"));
    put_text(place, "name", meeting, "venue");
    if (json_object_size(address) > 1)
        put(place, "address", json_incref(address));
    json_decref(address);
    if (json_object_size(place) > 1)
        return place;
    json_decref(place);
    return NULL;
}

static json_t *attendees(const struct rendering *rendering, const json_t *meeting)
{
    json_t *nodes = json_array(), *participant;
    size_t index;
    json_array_foreach (json_object_get(meeting, "participants"), index, participant)
        json_array_append_new(nodes, reference(rendering, NOUN_ACTOR, json_object_get(participant, "actor_id")));
    return nodes;
}

/* As much of the date as is known: "2022-01" of a meeting some time in January. */
static json_t *start_of(const json_t *meeting)
{
    struct slice start = text_in(meeting, "starts_at"), precision = text_in(meeting, "precision");
    if (start.data)
        return text_value(start);
    start = text_in(meeting, "starts_on");
    if (start.data && slice_is(precision, "year"))
        start.length = 4;
    else if (start.data && slice_is(precision, "month"))
        start.length = 7;
    return text_value(start);
}

static json_t *meeting_node(const struct rendering *rendering, const json_t *meeting)
{
    json_t *node = node_of(rendering, "Event", NOUN_MEETING, int_in(meeting, "id"));
    struct slice status = text_in(meeting, "status");
    put_text(node, "name", meeting, "name");
    put(node, "startDate", start_of(meeting));
    put(node, "location", place_of(meeting));
    put(node, "attendee", attendees(rendering, meeting));
    put(node, "eventStatus",
        json_string(slice_is(status, "cancelled")   ? "https://schema.org/EventCancelled"
                    : slice_is(status, "postponed") ? "https://schema.org/EventPostponed"
                                                    : "https://schema.org/EventScheduled"));
    put_copy(node, "keywords", meeting, "topics");
    return node;
}

/* ---- documents -------------------------------------------------------------------------------------------- */

static json_t *node_of_document(const struct rendering *rendering, const json_t *document)
{
    switch (rendering->noun) {
    case NOUN_ARTICLE:
        return article_node(rendering, document);
    case NOUN_CLAIM:
        return claim_node(rendering, document);
    case NOUN_MEETING:
        return meeting_node(rendering, document);
    case NOUN_REPORT:
        return report_node(rendering, document);
    default:
        return actor_whole(rendering, document);
    }
}

void linked_begin(struct rendering *rendering, struct buffer *out)
{
    buffer_add_text(out, "{\"@context\":\"https://schema.org\",");
    if (!rendering->single)
        buffer_add_text(out, "\"@graph\":[");
}

void linked_add(struct rendering *rendering, const json_t *document, struct buffer *out)
{
    json_t *node = node_of_document(rendering, document);
    if (rendering->single) { /* its members follow the @context, and end() closes them */
        struct buffer text = buffer_in(rendering->arena, 512);
        add_json_value(&text, node);
        buffer_add(out, text.data + 1, text.length - 2);
    } else {
        buffer_add_text(out, rendering->count ? "," : "");
        add_json_value(out, node);
    }
    json_decref(node);
}

void linked_end(struct rendering *rendering, struct buffer *out)
{
    buffer_add_text(out, rendering->single ? "}" : "]}");
}
