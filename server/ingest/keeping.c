/* From what was read to the record. Runs in the writer's thread: what is looked up includes what the works before it made. */
#include <stdlib.h>
#include <string.h>

#include "ingest_private.h"
#include "readout/collate.h"
#include "readout/digest.h"

/* Of one article; the rest is left out. */
enum { MENTIONS_MAX = 10000 };
/* Of one resource: what a thousand articles carry opens another claim. */
enum { REPORTS_MAX = 1000, SPANS_MAX = 1000, LINE_MAX = 1000, TITLE_MAX = 500 };

static struct slice text_in(const json_t *body, const char *name)
{
    const json_t *value = json_object_get(body, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

/* ---- what it may take ------------------------------------------------------------------------------------- */

bool may_go_on(const struct keeping *keeping)
{
    return !writing_spent(keeping->writing);
}

void begin_keeping(struct writing *writing)
{
    writing_bound(writing, KEEPING_STATEMENTS_MAX);
}

bool end_keeping(struct writing *writing, const struct change *change)
{
    bool spent = writing_spent(writing);
    writing_bound(writing, 0);
    if (spent)
        fault_add(change->faults, FAULT_POINTER, arena_print(change->arena, "%s/text", change->base), "too-much",
                  "comparing it with the record takes more than %d statements; send it in parts, or with extract=false",
                  KEEPING_STATEMENTS_MAX);
    return !spent;
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

struct keeping keeping_of(struct writing *writing, const struct reading *reading, struct arena *arena,
                          const json_t *const *defaults, struct tally_of *made)
{
    const struct analysis *analysis = &reading->analysis;
    return (struct keeping){.writing = writing,
                            .arena = arena,
                            .reading = reading,
                            .analysis = analysis,
                            .defaults = defaults,
                            .actors = arena_zero(arena, (analysis->actor_count + 1) * sizeof(int64_t)),
                            .meetings = arena_zero(arena, (analysis->meeting_count + 1) * sizeof(int64_t)),
                            .spelt_otherwise = arena_zero(arena, (analysis->actor_count + 1) * sizeof(bool)),
                            .made = made};
}

static struct change change_of(struct keeping *keeping, enum noun noun, int64_t id, json_t *body)
{
    struct faults *faults = arena_alloc(keeping->arena, sizeof *faults);
    *faults = (struct faults){.arena = keeping->arena};
    return (struct change){.noun = noun,
                           .id = id,
                           .body = body,
                           .defaults = keeping->defaults[noun],
                           .base = "#",
                           .faults = faults,
                           .arena = keeping->arena};
}

/* What the store refuses is left out: topics that were deleted since the text was read, above all. */
int64_t keep_new(struct keeping *keeping, enum noun noun, json_t *body)
{
    struct change change = change_of(keeping, noun, 0, body);
    struct written written = write_create(keeping->writing, &change, false);
    if (written.outcome == OUTCOME_INVALID && json_object_get(body, "topics")) {
        json_object_del(body, "topics");
        change = change_of(keeping, noun, 0, body);
        written = write_create(keeping->writing, &change, false);
    }
    json_decref(body);
    return written.outcome == OUTCOME_CREATED ? written.id : 0;
}

bool keep_changed(struct keeping *keeping, enum noun noun, int64_t id, json_t *body)
{
    struct change change = change_of(keeping, noun, id, body);
    struct written written = write_change(keeping->writing, &change, CHANGE_PATCH);
    json_decref(body);
    return written.outcome == OUTCOME_UPDATED || written.outcome == OUTCOME_UNCHANGED;
}

/* ---- claims ----------------------------------------------------------------------------------------------- */

/* Adds the report to a claim that is there; its id, or 0: there is no room. */
static int64_t join_claim(struct keeping *keeping, int64_t id, json_t *report)
{
    json_t *document = writing_document(keeping->writing, NOUN_CLAIM, id, false, keeping->arena);
    bool room = document && json_integer_value(json_object_get(document, "report_count")) < REPORTS_MAX &&
                writing_add_report(keeping->writing, id, report, keeping->arena);
    json_decref(document);
    return room ? json_integer_value(json_object_get(report, "id")) : 0;
}

static int64_t open_claim(struct keeping *keeping, const struct claim_read *read)
{
    json_t *body = json_copy(read->claim);
    json_object_set_new(body, "reports", json_pack("[O]", read->report));
    int64_t id = keep_new(keeping, NOUN_CLAIM, body);
    keeping->made->claims += id > 0;
    return id;
}

int64_t keep_claim(struct keeping *keeping, uint32_t index)
{
    struct collating collating = {.writing = keeping->writing, .arena = keeping->arena, .defaults = keeping->defaults};
    struct claim_read read = {.published_at = keeping->reading->published_at};
    bool there;
    if (!claim_words(keeping, index).data)
        return 0;
    read.claim = claim_body(keeping, index);
    read.report = report_body(keeping, index);
    int64_t id = collate_match(&collating, &read, &there), report = 0;
    if (!there)
        report = id ? join_claim(keeping, id, read.report) : 0;
    if (!there && !report) {
        read.opens = true;
        id = open_claim(keeping, &read);
        report = id ? writing_report_in(keeping->writing, id, keeping->article) : 0;
    }
    if (report)
        collate_matched(&collating, &read, id, report);
    if (report && !read.opens)
        collate_follow(&collating, id);
    json_decref(read.claim);
    json_decref(read.report);
    return there ? 0 : id;
}

/* ---- the article ------------------------------------------------------------------------------------------ */

static bool lacks(const json_t *body, const char *name)
{
    const json_t *value = json_object_get(body, name);
    return !value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

static struct slice printed(const struct analysis *analysis, struct span span)
{
    return span.first == span.end ? NO_SLICE : text_characters(analysis, span).text;
}

static json_t *boilerplate_of(const struct analysis *analysis)
{
    json_t *spans = json_array();
    for (uint32_t i = 0; i < analysis->boilerplate_count && i < SPANS_MAX; i++) {
        struct characters characters = text_characters(analysis, analysis->boilerplate[i]);
        if (characters.start < characters.end)
            json_array_append_new(
                spans, json_pack("{s:I, s:I}", "start", (json_int_t)characters.start, "end", (json_int_t)characters.end));
    }
    return spans;
}

void keep_mentions(struct keeping *keeping, json_t *body)
{
    json_t *mentions = json_object_get(body, "mentions");
    size_t own = json_array_size(mentions);
    if (!json_is_array(mentions)) {
        mentions = json_array();
        json_object_set_new(body, "mentions", mentions);
    }
    for (uint32_t i = 0; i < keeping->analysis->mention_count && json_array_size(mentions) < MENTIONS_MAX; i++) {
        json_t *mention = mention_body(keeping, i);
        bool there = !mention;
        for (size_t j = 0; j < own && !there; j++)
            there = json_equal(json_object_get(json_array_get(mentions, j), "start"), json_object_get(mention, "start"));
        if (!there)
            json_array_append(mentions, mention);
        json_decref(mention);
    }
}

json_t *article_blanks(struct keeping *keeping, const json_t *body)
{
    const struct analysis *analysis = keeping->analysis;
    const struct page *page = &keeping->reading->page;
    struct slice title = printed(analysis, analysis->title), byline = printed(analysis, analysis->byline);
    const struct {
        const char *name;
        struct slice text;
        size_t most;
    } lines[] = {{"title", page->title.data ? page->title : title, TITLE_MAX},
                 {"byline", byline.data ? byline : page->byline, LINE_MAX},
                 {"dateline", printed(analysis, analysis->dateline), LINE_MAX},
                 {"language", analysis->language, TITLE_MAX}};
    json_t *blanks = json_object();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct slice line = lines[i].text.data ? one_line(keeping->arena, lines[i].text, lines[i].most) : NO_SLICE;
        if (lacks(body, lines[i].name) && line.data)
            json_object_set_new(blanks, lines[i].name, json_stringn(line.data, line.length));
    }
    if (lacks(body, "boilerplate_spans"))
        json_object_set_new(blanks, "boilerplate_spans", boilerplate_of(analysis));
    return blanks;
}

int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Whom it is evidence of, each counted once. */
static int actors_among(const struct keeping *keeping)
{
    size_t count = keeping->analysis->actor_count;
    int64_t *ids = arena_alloc(keeping->arena, (count + 1) * sizeof *ids);
    int different = 0;
    memcpy(ids, keeping->actors, count * sizeof *ids);
    qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 0; i < count; i++)
        different += ids[i] > 0 && (i == 0 || ids[i] != ids[i - 1]);
    return different;
}

static void keep_findings(struct keeping *keeping, struct tally_of *found)
{
    const struct analysis *analysis = keeping->analysis;
    found->meetings += keep_meetings(keeping, NULL);
    keep_voices(keeping);
    for (uint32_t i = 0; i < analysis->claim_count && may_go_on(keeping); i++)
        found->claims += keep_claim(keeping, i) > 0;
    found->actors = actors_among(keeping);
}

void compare_article(struct keeping *keeping)
{
    struct collating collating = {.writing = keeping->writing, .arena = keeping->arena, .defaults = keeping->defaults};
    collate_note_terms(&collating, keeping->article, keeping->analysis);
    collate_notice(&collating, keeping->article);
}

/* ---- what is there already -------------------------------------------------------------------------------- */

enum { SAME_TEXTS_MAX = 16, NEAR_MAX = 4 };

/* The outlet as the body names it, or 0 where that is not told or not known yet; `told` says which. */
static int64_t outlet_in(struct writing *writing, const json_t *body, struct arena *arena, bool *told)
{
    const json_t *id = json_object_get(body, "outlet_id");
    struct slice name = text_in(body, "outlet");
    struct named found[SAME_TEXTS_MAX];
    *told = name.data || (id && !json_is_null(id));
    if (json_is_integer(id))
        return writing_actor(writing, json_integer_value(id));
    if (json_is_string(id))
        return writing_keyed(writing, NOUN_ACTOR, text_in(body, "outlet_id"));
    size_t count = name.data ? writing_named(writing, NAMED_SO, name, arena, found, SAME_TEXTS_MAX) : 0;
    for (size_t i = 0; i < count; i++) {
        if (slice_is(found[i].kind, "media"))
            return found[i].id;
    }
    return 0;
}

/* Whether a text that is there already came from the same place: it is another article when another outlet prints it, or when
 * its sender has another key for it. */
static bool same_article(const struct same_text *found, const json_t *body, int64_t outlet, bool outlet_told)
{
    struct slice key = text_in(body, "external_id");
    if (key.data && !(found->external_id.data && slice_equal(key, found->external_id)))
        return false;
    return !outlet_told || !found->outlet || found->outlet == outlet;
}

/* The article of the same text, or 0; `copied` gets one that another outlet printed first. */
static int64_t find_same(struct writing *writing, const struct change *change, int64_t *copied)
{
    struct same_text found[SAME_TEXTS_MAX];
    struct slice text = text_in(change->body, "text"), url = text_in(change->body, "url");
    bool told;
    int64_t outlet = outlet_in(writing, change->body, change->arena, &told), same = 0;
    size_t count = text.data ? writing_same_text(writing, text, change->arena, found, SAME_TEXTS_MAX) : 0;
    *copied = count ? (found[0].original ? found[0].original : found[0].id) : 0;
    for (size_t i = 0; i < count; i++) {
        bool same_url = url.data && found[i].url.data && slice_equal(url, found[i].url);
        if (same_url && same_article(&found[i], change->body, outlet, false))
            return found[i].id;
        if (!same && same_article(&found[i], change->body, outlet, told))
            same = found[i].id;
    }
    return same;
}

static int64_t find_near(struct writing *writing, const struct reading *reading, struct arena *arena)
{
    struct near found[NEAR_MAX];
    if (!reading->has_bands)
        return 0;
    struct shingles own = {reading->runs, reading->run_count};
    size_t count = writing_near(writing, reading->bands, arena, found, NEAR_MAX);
    for (size_t i = 0; i < count; i++) {
        struct shingles other = shingles_of(found[i].text, NULL, 0, arena);
        if (shingles_repeat(&own, &other))
            return found[i].id;
    }
    return 0;
}

int64_t find_original(struct writing *writing, const struct change *change, const struct reading *reading)
{
    struct same_text found[SAME_TEXTS_MAX];
    size_t count = writing_same_text(writing, text_in(change->body, "text"), change->arena, found, SAME_TEXTS_MAX);
    for (size_t i = 0; i < count; i++) {
        int64_t original = found[i].original ? found[i].original : found[i].id;
        if (found[i].id != change->id && original != change->id)
            return original;
    }
    return find_near(writing, reading, change->arena);
}

static struct kept_article known_already(struct writing *writing, const struct change *change, int64_t id)
{
    struct change own = *change;
    own.id = id;
    own.body = json_object();
    struct kept_article kept = {.written = write_change(writing, &own, CHANGE_PATCH)};
    json_decref(own.body);
    return kept;
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static struct kept_article create(struct writing *writing, const struct change *change, const struct reading *reading,
                                  const json_t *const *defaults, int64_t copied)
{
    struct kept_article kept = {.extracted = true};
    struct tally_of made = {0};
    struct keeping keeping = keeping_of(writing, reading, change->arena, defaults, &made);
    int64_t original = copied ? copied : find_near(writing, reading, change->arena);
    bool own_original = !lacks(change->body, "near_duplicate_of");
    if (original && !own_original)
        json_object_set_new(change->body, "near_duplicate_of", json_integer(original));
    json_t *blanks = article_blanks(&keeping, change->body);
    json_object_update(change->body, blanks);
    json_decref(blanks);
    keep_mentions(&keeping, change->body);
    kept.found.mentions = (int)json_array_size(json_object_get(change->body, "mentions"));
    kept.written = write_create(writing, change, false);
    if (kept.written.outcome != OUTCOME_CREATED)
        return kept;
    keeping.article = kept.written.id;
    keeping.outlet = json_integer_value(json_object_get(change->body, "outlet_id"));
    if (reading->has_bands && !original && !own_original)
        writing_note_bands(writing, keeping.article, reading->bands);
    keep_findings(&keeping, &kept.found);
    settle_names(&keeping);
    keep_details(&keeping);
    compare_article(&keeping);
    return kept;
}

/* The article that stands at the body's URL with another text; or, where the body `replaces` one, that of its external_id. One
 * URL with two keys is a conflict, which the store tells. */
static int64_t find_changed(struct writing *writing, const struct change *change, bool replaces)
{
    struct slice key = text_in(change->body, "external_id"), url = text_in(change->body, "url"),
                 text = text_in(change->body, "text");
    char hash[SHA256_HEX_SIZE];
    int64_t id = writing_known_article(writing, replaces ? NO_SLICE : url, replaces ? key : NO_SLICE);
    json_t *article = id && text.data ? writing_document(writing, NOUN_ARTICLE, id, false, change->arena) : NULL;
    struct slice own = text_in(article, "external_id");
    bool other_key = key.data && own.data && !slice_equal(key, own);
    digest_sha256_hex(text, hash);
    bool changed = article && !other_key && !slice_is(text_in(article, "sha256"), hash);
    json_decref(article);
    return changed ? id : 0;
}

static struct kept_article keep(struct writing *writing, const struct change *change, const struct reading *reading,
                                const json_t *const *defaults, bool upsert)
{
    struct slice key = text_in(change->body, "external_id");
    int64_t copied = 0, same = 0, changed = 0;
    bool replaces = upsert && key.data && writing_keyed(writing, NOUN_ARTICLE, key);
    if (!replaces)
        same = find_same(writing, change, &copied);
    changed = find_changed(writing, change, replaces);
    if (changed) {
        struct change own = *change;
        own.id = changed;
        return revise_article(writing, &own, reading, defaults, replaces ? CHANGE_REPLACE : CHANGE_PATCH);
    }
    if (same)
        return known_already(writing, change, same);
    if (replaces || !reading)
        return (struct kept_article){.written = write_create(writing, change, upsert)};
    return create(writing, change, reading, defaults, copied);
}

struct kept_article keep_article(struct writing *writing, const struct change *change, const struct reading *reading,
                                 const json_t *const defaults[static NOUN_RESOURCES], bool upsert)
{
    begin_keeping(writing);
    struct kept_article kept = keep(writing, change, reading, defaults, upsert);
    kept.found.left_out = reading ? (int)reading->analysis.claims_left_out : 0;
    if (!end_keeping(writing, change))
        kept.written = (struct written){.outcome = OUTCOME_INVALID};
    return kept;
}
