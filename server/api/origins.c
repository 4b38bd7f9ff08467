/* From how many origins a claim is known, and the ways that it took from its speakers to the outlets. */
#include <string.h>

#include "call.h"
#include "readout/digest.h"

/* ---- what both answers show ------------------------------------------------------------------------------- */

struct showing {
    struct call *call;
    struct origins origins;
    json_t **documents; /* of each report */
    struct error error;
    struct buffer body;
};

static json_t *document_of(struct showing *showing, enum noun noun, int64_t id)
{
    struct row row;
    struct error error;
    if (reader_row(showing->call->reader, noun, id, false, showing->call->arena, &row, &error))
        return json_loadb(row.document.data, row.document.length, 0, NULL);
    if (error.kind != ERROR_NOT_FOUND)
        showing->error = error;
    return NULL;
}

static void read_documents(struct showing *showing)
{
    const struct origins *origins = &showing->origins;
    showing->documents = arena_zero(showing->call->arena, (origins->report_count + 1) * sizeof(json_t *));
    for (size_t i = 0; i < origins->report_count && !showing->error.kind; i++)
        showing->documents[i] = document_of(showing, NOUN_REPORT, origins->reports[i].id);
}

/* False with the problem. */
static bool show(struct call *call, struct showing *showing, struct reply *problem)
{
    *showing = (struct showing){.call = call, .body = buffer_in(call->arena, 4096)};
    call_generation(call);
    if (!owner_there(call, NOUN_CLAIM, problem))
        return false;
    if (reader_origins(call->reader, call_int(call, "id"), call->arena, &showing->origins, &showing->error))
        read_documents(showing);
    return true;
}

static struct reply shown(struct showing *showing)
{
    struct call *call = showing->call;
    for (size_t i = 0; showing->documents && i < showing->origins.report_count; i++)
        json_decref(showing->documents[i]);
    if (showing->error.kind)
        return problem_failed(call->request, &showing->error);
    struct reply reply = reply_json(200, buffer_slice(&showing->body));
    call->nouns = EVERY_NOUN;
    reply.etag =
        weak_tag(call->arena, generation_seq(call_generation(call), call->nouns), digest_quick(0, call->request->target));
    return reply_conditional(call, reply);
}

static struct slice name_of(struct showing *showing, enum noun noun, int64_t id)
{
    return id ? reader_name(showing->call->reader, noun, id, showing->call->arena, &showing->error) : NO_SLICE;
}

static void add_id(struct buffer *body, const char *name, int64_t id)
{
    buffer_print(body, ",\"%s\":", name);
    if (id)
        buffer_add_int(body, id);
    else
        buffer_add_text(body, "null");
}

static void add_text(struct buffer *body, const char *name, struct slice text)
{
    buffer_print(body, ",\"%s\":", name);
    buffer_add_json(body, text);
}

/* ---- spans ------------------------------------------------------------------------------------------------ */

struct shown_span {
    int64_t article, start, end;
    struct slice text; /* NO_SLICE: there is none */
};

static struct shown_span span_of(const struct showing *showing, size_t report, const json_t *span)
{
    const json_t *text = json_object_get(span, "text");
    return (struct shown_span){.article = showing->origins.reports[report].article,
                               .start = json_integer_value(json_object_get(span, "start")),
                               .end = json_integer_value(json_object_get(span, "end")),
                               .text = {json_string_value(text), json_string_length(text)}};
}

static struct shown_span part_of(const struct showing *showing, size_t report, const char *part)
{
    return span_of(showing, report, json_object_get(showing->documents[report], part));
}

static struct shown_span content_of(const struct showing *showing, size_t report)
{
    return span_of(showing, report, json_array_get(json_object_get(showing->documents[report], "content"), 0));
}

/* Where the report's article names the medium, next to what is reported. */
static struct shown_span medium_at(struct showing *showing, size_t report, int64_t medium)
{
    struct named_at named;
    struct shown_span none = {.text = NO_SLICE};
    int64_t article = showing->origins.reports[report].article, near = content_of(showing, report).start;
    if (!medium || !reader_named_at(showing->call->reader, article, medium, near, showing->call->arena, &named, &showing->error))
        return none;
    return (struct shown_span){article, named.start, named.end, named.text};
}

static void add_span(struct buffer *body, const struct shown_span *span)
{
    if (!span->text.data) {
        buffer_add_text(body, "null");
        return;
    }
    buffer_print(body, "{\"article_id\":%lld,\"start\":%lld,\"end\":%lld", (long long)span->article, (long long)span->start,
                 (long long)span->end);
    add_text(body, "text", span->text);
    buffer_add_byte(body, '}');
}

/* ---- why a report folds in -------------------------------------------------------------------------------- */

static const char *const reason_names[] = {
    [FOLD_FIRST] = "first",         [FOLD_OCCASION] = "same-occasion", [FOLD_ARTICLE] = "same-article",
    [FOLD_COPY] = "near-duplicate", [FOLD_WIRE] = "same-wire",         [FOLD_QUOTE] = "quotes-outlet",
    [FOLD_OUTLET] = "same-outlet",  [FOLD_BYLINE] = "same-byline",     [FOLD_SPEAKER] = "same-speaker",
    [FOLD_SHORTER] = "shortens",
};

/* The medium in the one's chain whose own report the other is, or 0. */
static int64_t quoted_by(const struct origin_report *report, const struct origin_report *other)
{
    for (size_t i = 0; other->via_count == 0 && i < report->via_count; i++) {
        if (report->via[i] == origin_medium(other))
            return report->via[i];
    }
    return 0;
}

/* The medium that ties a report to the one it folds into. */
static int64_t tie_of(const struct origin_report *report, const struct origin_report *with)
{
    int64_t quoted = quoted_by(report, with);
    if (report->why == FOLD_QUOTE)
        return quoted ? quoted : quoted_by(with, report);
    return report->why == FOLD_WIRE || report->why == FOLD_OUTLET ? origin_medium(report) : 0;
}

static const char *sentence_of(struct showing *showing, const struct origin_report *report, const struct origin_report *with)
{
    struct arena *arena = showing->call->arena;
    struct slice speaker = report->speaker->name, tie = name_of(showing, NOUN_ACTOR, tie_of(report, with));
    switch (report->why) {
    case FOLD_OCCASION:
        return arena_print(arena, "The same speaker on the same occasion: %.*s.",
                           SLICE_ARGS(name_of(showing, NOUN_MEETING, report->occasion)));
    case FOLD_ARTICLE:
        return "One article has both, from the same speaker.";
    case FOLD_COPY:
        return "The two articles have nearly the same text.";
    case FOLD_WIRE:
        return arena_print(arena, "Both have it from %.*s.", SLICE_ARGS(tie));
    case FOLD_QUOTE:
        return arena_print(arena, "One has it from %.*s, where the other was published.", SLICE_ARGS(tie));
    case FOLD_OUTLET:
        return arena_print(arena, "Both were published by %.*s, which names nobody before it.", SLICE_ARGS(tie));
    case FOLD_BYLINE:
        return arena_print(arena, "One person signed both articles: %.*s.", SLICE_ARGS(report->byline));
    case FOLD_SPEAKER:
        return arena_print(arena, "Both have it from %.*s, and nothing says that it was on two occasions.", SLICE_ARGS(speaker));
    case FOLD_SHORTER:
        return arena_print(arena, "It names %.*s alone, for whom %.*s spoke.", SLICE_ARGS(speaker),
                           SLICE_ARGS(with->speaker->name));
    default:
        return "The earliest report of this origin.";
    }
}

static struct shown_span evidence_of(struct showing *showing, size_t report)
{
    const struct origin_report *it = &showing->origins.reports[report];
    switch (it->why) {
    case FOLD_WIRE:
    case FOLD_QUOTE:
        return medium_at(showing, report, it->via_count ? tie_of(it, &showing->origins.reports[it->with]) : 0);
    case FOLD_COPY:
    case FOLD_OUTLET:
    case FOLD_BYLINE:
        return (struct shown_span){.text = NO_SLICE};
    default:
        return part_of(showing, report, "source");
    }
}

/* ---- the list of origins ---------------------------------------------------------------------------------- */

static void add_report(struct showing *showing, size_t index)
{
    const struct origin_report *report = &showing->origins.reports[index], *with = &showing->origins.reports[report->with];
    struct buffer *body = &showing->body;
    buffer_print(body, "{\"id\":%lld,\"article_id\":%lld", (long long)report->id, (long long)report->article);
    add_id(body, "outlet_id", report->outlet);
    add_text(body, "outlet_name", name_of(showing, NOUN_ACTOR, report->outlet));
    if (report->why != FOLD_NONE) {
        buffer_print(body, ",\"why\":\"%s\"", reason_names[report->why]);
        add_id(body, "with_id", report->why == FOLD_FIRST ? 0 : with->id);
        add_text(body, "explanation", slice_of(sentence_of(showing, report, with)));
        buffer_add_text(body, ",\"span\":");
        struct shown_span span = evidence_of(showing, index);
        add_span(body, &span);
    }
    buffer_add_byte(body, '}');
}

/* Those of an origin, or those of none; true for the one that all others fold into. */
static void add_reports(struct showing *showing, size_t origin, bool unattributed)
{
    bool first = true;
    for (size_t i = 0; i < showing->origins.report_count; i++) {
        const struct origin_report *report = &showing->origins.reports[i];
        if (unattributed ? report->why != FOLD_NONE : report->why == FOLD_NONE || report->origin != origin)
            continue;
        if (!first)
            buffer_add_byte(&showing->body, ',');
        add_report(showing, i);
        first = false;
    }
}

static size_t outlets_of(const struct showing *showing, size_t origin)
{
    size_t count = 0, reports = showing->origins.report_count;
    int64_t *outlets = arena_alloc(showing->call->arena, (reports + 1) * sizeof *outlets);
    for (size_t i = 0; i < reports; i++) {
        const struct origin_report *report = &showing->origins.reports[i];
        int64_t outlet = report->outlet ? report->outlet : -report->article;
        bool there = report->why == FOLD_NONE || report->origin != origin;
        for (size_t j = 0; j < count && !there; j++)
            there = outlets[j] == outlet;
        if (!there)
            outlets[count++] = outlet;
    }
    return count;
}

static void add_origin(struct showing *showing, size_t index)
{
    const struct origin *origin = &showing->origins.origins[index];
    const struct origin_speaker *speaker = showing->origins.reports[origin->first].speaker;
    struct buffer *body = &showing->body;
    buffer_print(body, "{\"speaker_id\":%lld", (long long)speaker->id);
    add_text(body, "speaker_name", speaker->name);
    add_id(body, "occasion_id", origin->occasion);
    add_text(body, "occasion_name", name_of(showing, NOUN_MEETING, origin->occasion));
    add_id(body, "medium_id", origin->medium);
    add_text(body, "medium_name", name_of(showing, NOUN_ACTOR, origin->medium));
    buffer_print(body, ",\"report_count\":%zu,\"outlet_count\":%zu,\"reports\":[", origin->report_count,
                 outlets_of(showing, index));
    add_reports(showing, index, false);
    buffer_add_text(body, "]}");
}

struct reply get_origins(struct call *call)
{
    struct showing showing;
    struct reply problem;
    if (!show(call, &showing, &problem))
        return problem;
    buffer_add_text(&showing.body, "{\"items\":[");
    for (size_t i = 0; i < showing.origins.count && !showing.error.kind; i++) {
        if (i)
            buffer_add_byte(&showing.body, ',');
        add_origin(&showing, i);
    }
    buffer_add_text(&showing.body, "],\"unattributed\":[");
    if (!showing.error.kind)
        add_reports(&showing, 0, true);
    buffer_print(&showing.body, "],\"report_count\":%zu,\"outlet_count\":%zu,\"origin_count\":%zu}", showing.origins.report_count,
                 showing.origins.outlet_count, showing.origins.count);
    return shown(&showing);
}

/* ---- the chain -------------------------------------------------------------------------------------------- */

enum node_kind { NODE_SPEAKER, NODE_OCCASION, NODE_AGENCY, NODE_OUTLET, NODE_ARTICLE };

struct node {
    enum node_kind kind;
    int64_t id;
};

enum edge_kind { EDGE_TOLD, EDGE_QUOTED, EDGE_REPRINTED };

/* A report's step from one node to the next; an edge is all steps between the same two. */
struct step {
    size_t from, to;
    enum edge_kind kind;
    size_t report;
    struct shown_span spans[2];
};

struct chain {
    struct showing *showing;
    struct node *nodes;
    size_t node_count, node_capacity;
    struct step *steps;
    size_t step_count, step_capacity;
};

/* An agency and an outlet are both media; that whose own report there is is an outlet. */
static bool same_node(const struct node *a, const struct node *b)
{
    bool media = (a->kind == NODE_AGENCY || a->kind == NODE_OUTLET) && (b->kind == NODE_AGENCY || b->kind == NODE_OUTLET);
    return a->id == b->id && (a->kind == b->kind || media);
}

static size_t node_at(struct chain *chain, enum node_kind kind, int64_t id)
{
    struct node node = {kind, id};
    for (size_t i = 0; i < chain->node_count; i++) {
        if (!same_node(&chain->nodes[i], &node))
            continue;
        if (kind == NODE_OUTLET)
            chain->nodes[i].kind = kind;
        return i;
    }
    if (chain->node_count == chain->node_capacity) {
        size_t size = chain->node_capacity * sizeof *chain->nodes;
        chain->node_capacity = chain->node_capacity ? 2 * chain->node_capacity : 32;
        chain->nodes = arena_grow(chain->showing->call->arena, chain->nodes, size, chain->node_capacity * sizeof *chain->nodes);
    }
    chain->nodes[chain->node_count] = node;
    return chain->node_count++;
}

static struct step *add_step(struct chain *chain, size_t from, size_t to, enum edge_kind kind, size_t report)
{
    if (chain->step_count == chain->step_capacity) {
        size_t size = chain->step_capacity * sizeof *chain->steps;
        chain->step_capacity = chain->step_capacity ? 2 * chain->step_capacity : 64;
        chain->steps = arena_grow(chain->showing->call->arena, chain->steps, size, chain->step_capacity * sizeof *chain->steps);
    }
    struct step *step = &chain->steps[chain->step_count++];
    *step = (struct step){.from = from, .to = to, .kind = kind, .report = report};
    return step;
}

/* A report's way as it is walked: where it has come to, if anywhere. */
struct walk {
    struct chain *chain;
    size_t report, at;
    bool begun;
};

/* Goes on to a medium or an article; what stands between speaker and medium is told, all else is quoted or reprinted. */
static void walk_on(struct walk *walk, size_t to, enum edge_kind kind)
{
    struct showing *showing = walk->chain->showing;
    size_t from = walk->at;
    bool begun = walk->begun;
    walk->at = to;
    walk->begun = true;
    if (!begun || from == to)
        return;
    struct node left = walk->chain->nodes[from];
    bool told = left.kind == NODE_SPEAKER || left.kind == NODE_OCCASION;
    struct step *step = add_step(walk->chain, from, to, told ? EDGE_TOLD : kind, walk->report);
    if (left.kind != NODE_OCCASION && told)
        step->spans[0] = part_of(showing, walk->report, "source");
    if (told && walk->chain->nodes[to].kind != NODE_OCCASION)
        step->spans[1] = part_of(showing, walk->report, "cue");
    if (!told)
        step->spans[0] = kind == EDGE_REPRINTED      ? content_of(showing, walk->report)
                         : left.kind == NODE_ARTICLE ? step->spans[0]
                                                     : medium_at(showing, walk->report, left.id);
}

static size_t outlet_at(struct chain *chain, int64_t outlet, int64_t article)
{
    return outlet ? node_at(chain, NODE_OUTLET, outlet) : node_at(chain, NODE_ARTICLE, article);
}

/* The speaker and the occasion are its origin's, so that each origin begins in one place. */
static void walk_report(struct chain *chain, size_t index)
{
    const struct origins *origins = &chain->showing->origins;
    const struct origin_report *report = &origins->reports[index];
    struct walk walk = {.chain = chain, .report = index};
    if (report->why != FOLD_NONE) {
        const struct origin *origin = &origins->origins[report->origin];
        walk_on(&walk, node_at(chain, NODE_SPEAKER, origins->reports[origin->first].speaker->id), EDGE_TOLD);
        if (origin->occasion)
            walk_on(&walk, node_at(chain, NODE_OCCASION, origin->occasion), EDGE_TOLD);
    }
    for (size_t i = 0; i < report->via_count; i++)
        walk_on(&walk, node_at(chain, NODE_AGENCY, report->via[i]), EDGE_QUOTED);
    if (report->copied)
        walk_on(&walk, outlet_at(chain, report->copied_outlet, report->copied), EDGE_QUOTED);
    walk_on(&walk, outlet_at(chain, report->outlet, report->article), report->copied ? EDGE_REPRINTED : EDGE_QUOTED);
}

static struct slice title_of(struct showing *showing, int64_t article)
{
    json_t *document = document_of(showing, NOUN_ARTICLE, article), *title = json_object_get(document, "title");
    struct slice text = {json_string_value(title), json_string_length(title)};
    text = arena_slice(showing->call->arena, text);
    json_decref(document);
    return text.data ? text : slice_of(arena_print(showing->call->arena, "Article %lld", (long long)article));
}

static const char *node_name(struct chain *chain, size_t index)
{
    static const char *const prefixes[] = {[NODE_SPEAKER] = "speaker",
                                           [NODE_OCCASION] = "occasion",
                                           [NODE_AGENCY] = "medium",
                                           [NODE_OUTLET] = "medium",
                                           [NODE_ARTICLE] = "article"};
    const struct node *node = &chain->nodes[index];
    return arena_print(chain->showing->call->arena, "%s-%lld", prefixes[node->kind], (long long)node->id);
}

static void add_node(struct chain *chain, size_t index)
{
    static const char *const kinds[] = {[NODE_SPEAKER] = "speaker",
                                        [NODE_OCCASION] = "occasion",
                                        [NODE_AGENCY] = "agency",
                                        [NODE_OUTLET] = "outlet",
                                        [NODE_ARTICLE] = "article"};
    const struct node *node = &chain->nodes[index];
    struct buffer *body = &chain->showing->body;
    bool meeting = node->kind == NODE_OCCASION, article = node->kind == NODE_ARTICLE;
    struct slice label = article ? title_of(chain->showing, node->id)
                                 : name_of(chain->showing, meeting ? NOUN_MEETING : NOUN_ACTOR, node->id);
    buffer_print(body, "%s{\"id\":\"%s\",\"kind\":\"%s\"", index ? "," : "", node_name(chain, index), kinds[node->kind]);
    add_text(body, "label", label);
    add_id(body, "actor_id", meeting || article ? 0 : node->id);
    add_id(body, "meeting_id", meeting ? node->id : 0);
    add_id(body, "article_id", article ? node->id : 0);
    buffer_add_byte(body, '}');
}

/* Steps between the same two stand together, in the order of the nodes, then of the reports. */
static int by_edge(const void *one, const void *other)
{
    const struct step *a = one, *b = other;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->report > b->report) - (a->report < b->report);
}

static void add_edge(struct chain *chain, size_t first, size_t count)
{
    static const char *const kinds[] = {[EDGE_TOLD] = "told", [EDGE_QUOTED] = "quoted", [EDGE_REPRINTED] = "reprinted"};
    struct buffer *body = &chain->showing->body;
    const struct step *steps = &chain->steps[first];
    bool any = false;
    buffer_print(body, "%s{\"from\":\"%s\",\"to\":\"%s\",\"kind\":\"%s\",\"report_ids\":[", first ? "," : "",
                 node_name(chain, steps->from), node_name(chain, steps->to), kinds[steps->kind]);
    for (size_t i = 0; i < count; i++)
        buffer_print(body, "%s%lld", i ? "," : "", (long long)chain->showing->origins.reports[steps[i].report].id);
    buffer_add_text(body, "],\"spans\":[");
    for (size_t i = 0; i < 2 * count; i++) {
        const struct shown_span *span = &steps[i / 2].spans[i % 2];
        if (!span->text.data)
            continue;
        buffer_add_text(body, any ? "," : "");
        add_span(body, span);
        any = true;
    }
    buffer_add_text(body, "]}");
}

static void add_edges(struct chain *chain)
{
    if (chain->step_count)
        qsort(chain->steps, chain->step_count, sizeof *chain->steps, by_edge);
    for (size_t i = 0; i < chain->step_count;) {
        size_t end = i + 1;
        while (end < chain->step_count && chain->steps[end].from == chain->steps[i].from &&
               chain->steps[end].to == chain->steps[i].to && chain->steps[end].kind == chain->steps[i].kind)
            end++;
        add_edge(chain, i, end - i);
        i = end;
    }
}

struct reply get_chain(struct call *call)
{
    struct showing showing;
    struct chain chain = {.showing = &showing};
    struct reply problem;
    if (!show(call, &showing, &problem))
        return problem;
    for (size_t i = 0; i < showing.origins.report_count && !showing.error.kind; i++)
        walk_report(&chain, i);
    buffer_add_text(&showing.body, "{\"nodes\":[");
    for (size_t i = 0; i < chain.node_count && !showing.error.kind; i++)
        add_node(&chain, i);
    buffer_add_text(&showing.body, "],\"edges\":[");
    add_edges(&chain);
    buffer_add_text(&showing.body, "]}");
    return shown(&showing);
}
