/* Reading an article again: what an earlier reading made of it gives way to what this one finds.
 *
 * What is found where something stands already takes its place, and keeps its id. What a person confirmed or rejected is not
 * touched, and nothing is proposed in its place; mentions count as decided with their actor. What is found no more goes: the
 * article's evidence first, and with the last of it the meeting, the claim, the actor. */
#include <stdlib.h>
#include <string.h>

#include "ingest_private.h"
#include "readout/collate.h"

enum { STANDING_MAX = 5000, PAGE = 500 };

/* A resource that has evidence in the article, as it stands. */
struct standing {
    int64_t id;
    json_t *document; /* owned */
    bool decided;     /* by a person */
    bool taken;       /* something that was found takes its place */
};

/* One mention, or one report of a claim, as it stands in the article. */
struct spot {
    int64_t start, end;
    size_t owner; /* among the standing actors or claims */
    json_t *item; /* borrowed from the document */
    bool taken;
};

struct again {
    struct keeping keeping;
    const struct change *change;
    const struct revised *revised; /* NULL: the text is as it was */
    struct kept_again kept;
    json_t *article; /* owned: with its mentions */
    struct standing *actors, *claims, *meetings;
    size_t actor_count, claim_count, meeting_count;
    struct spot *mentions, *reports; /* in the order of the text */
    size_t mention_count, report_count;
};

/* ---- what stands ------------------------------------------------------------------------------------------ */

static int64_t number_in(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static bool is_decided(enum noun noun, const json_t *document)
{
    const char *status = json_string_value(json_object_get(document, noun == NOUN_MEETING ? "review" : "status"));
    return status && strcmp(status, "extracted") != 0;
}

static struct standing *standing_of(struct again *again, enum noun noun, size_t *count)
{
    struct writing *writing = again->keeping.writing;
    struct arena *arena = again->keeping.arena;
    int64_t *ids = arena_alloc(arena, STANDING_MAX * sizeof *ids);
    size_t all = 0, more;
    while (all + PAGE <= STANDING_MAX &&
           (more = writing_found_in(writing, noun, again->change->id, all ? ids[all - 1] : 0, ids + all, PAGE)) > 0)
        all += more;
    struct standing *standing = arena_zero(arena, (all + 1) * sizeof *standing);
    *count = 0;
    for (size_t i = 0; i < all; i++) {
        json_t *document = writing_document(writing, noun, ids[i], noun == NOUN_CLAIM, arena);
        if (document)
            standing[(*count)++] = (struct standing){.id = ids[i], .document = document, .decided = is_decided(noun, document)};
    }
    return standing;
}

static void release(struct standing *standing, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_decref(standing[i].document);
}

static int compare_places(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    return x->start != y->start ? (x->start < y->start ? -1 : 1) : x->end < y->end ? -1 : x->end > y->end;
}

static size_t owner_of(const struct standing *standing, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (standing[i].id == id)
            return i;
    }
    return SIZE_MAX;
}

static void place_mentions(struct again *again)
{
    json_t *mentions = json_object_get(again->article, "mentions"), *item;
    size_t index;
    again->mentions = arena_alloc(again->keeping.arena, (json_array_size(mentions) + 1) * sizeof *again->mentions);
    json_array_foreach (mentions, index, item) {
        size_t owner = owner_of(again->actors, again->actor_count, number_in(item, "actor_id"));
        again->mentions[again->mention_count++] =
            (struct spot){number_in(item, "start"), number_in(item, "end"), owner, item, false};
    }
    qsort(again->mentions, again->mention_count, sizeof *again->mentions, compare_places);
}

/* Where the article has it. What stands in an older text alone is where its place seems to be now, or nowhere. */
static struct spot spot_of(const struct again *again, json_t *report, size_t owner)
{
    const json_t *content = json_object_get(report, "content");
    struct spot spot = {number_in(json_array_get(content, 0), "start"),
                        number_in(json_array_get(content, json_array_size(content) - 1), "end"), owner, report, false};
    if (!number_in(report, "revision"))
        return spot;
    spot.start = spot.end = -1;
    for (size_t i = 0; again->revised && i < again->revised->place_count; i++) {
        const struct quote_place *place = &again->revised->places[i];
        if (place->report == number_in(report, "id")) {
            spot.start = place->range.start;
            spot.end = place->range.end;
        }
    }
    return spot;
}

static void place_reports(struct again *again)
{
    size_t count = 0, index;
    json_t *item;
    for (size_t i = 0; i < again->claim_count; i++)
        count += json_array_size(json_object_get(again->claims[i].document, "reports"));
    again->reports = arena_alloc(again->keeping.arena, (count + 1) * sizeof *again->reports);
    for (size_t i = 0; i < again->claim_count; i++) {
        json_array_foreach (json_object_get(again->claims[i].document, "reports"), index, item) {
            if (number_in(item, "article_id") == again->change->id)
                again->reports[again->report_count++] = spot_of(again, item, i);
        }
    }
    qsort(again->reports, again->report_count, sizeof *again->reports, compare_places);
}

/* The first place from where on one may begin at `start`. */
static size_t first_from(const struct spot *places, size_t count, int64_t start)
{
    size_t from = 0, until = count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (places[middle].start < start)
            from = middle + 1;
        else
            until = middle;
    }
    return from;
}

static struct spot *exactly_at(struct spot *places, size_t count, struct characters characters)
{
    for (size_t i = first_from(places, count, characters.start); i < count && places[i].start == characters.start; i++) {
        if (places[i].end == characters.end && !places[i].taken)
            return &places[i];
    }
    return NULL;
}

/* ---- actors ----------------------------------------------------------------------------------------------- */

/* Whoever is named where a person has decided who that is, is that one; an anonymous source stays the one that it was. */
static void recall_actors(struct again *again)
{
    const struct analysis *analysis = again->keeping.analysis;
    for (uint32_t i = 0; i < analysis->mention_count; i++) {
        const struct mention *mention = &analysis->mentions[i];
        const struct spot *place = exactly_at(again->mentions, again->mention_count, text_characters(analysis, mention->span));
        if (!place || place->owner == SIZE_MAX || again->keeping.actors[mention->actor])
            continue;
        const struct standing *standing = &again->actors[place->owner];
        const char *kind = json_string_value(json_object_get(standing->document, "kind"));
        bool nameless = analysis->actors[mention->actor].kind == ACTOR_ANONYMOUS && kind && strcmp(kind, "anonymous") == 0;
        if (standing->decided || nameless)
            again->keeping.actors[mention->actor] = standing->id;
    }
}

/* ---- meetings --------------------------------------------------------------------------------------------- */

/* The evidence of other articles; `own` gets how much this one has. */
static json_t *evidence_elsewhere(const struct again *again, const struct standing *standing, size_t *own)
{
    json_t *others = json_array(), *item;
    size_t index;
    *own = 0;
    json_array_foreach (json_object_get(standing->document, "evidence"), index, item) {
        if (number_in(item, "article_id") == again->change->id)
            ++*own;
        else
            json_array_append(others, item);
    }
    return others;
}

static bool shares_evidence(const struct again *again, const struct standing *standing, uint32_t index)
{
    const struct text_meeting *meeting = &again->keeping.analysis->meetings[index];
    json_t *item;
    size_t at;
    json_array_foreach (json_object_get(standing->document, "evidence"), at, item) {
        for (uint32_t i = 0; i < meeting->mention_count; i++) {
            struct characters characters = text_characters(again->keeping.analysis, meeting->mentions[i]);
            if (number_in(item, "article_id") == again->change->id && number_in(item, "start") == characters.start &&
                number_in(item, "end") == characters.end && !number_in(item, "revision"))
                return true;
        }
    }
    return false;
}

static struct standing *meeting_there(struct again *again, uint32_t index)
{
    for (size_t i = 0; i < again->meeting_count; i++) {
        if (!again->meetings[i].taken && shares_evidence(again, &again->meetings[i], index))
            return &again->meetings[i];
    }
    return NULL;
}

static void discard(struct again *again, enum noun noun, int64_t id)
{
    struct faults *faults = arena_alloc(again->keeping.arena, sizeof *faults);
    *faults = (struct faults){.arena = again->keeping.arena};
    struct change change = {.noun = noun, .id = id, .base = "#", .faults = faults, .arena = again->keeping.arena};
    write_delete(again->keeping.writing, &change);
}

static void withdraw_meeting(struct again *again, const struct standing *standing)
{
    struct writing *writing = again->keeping.writing;
    struct standing now = {.document = writing_document(writing, NOUN_MEETING, standing->id, false, again->keeping.arena)};
    size_t own;
    json_t *others = evidence_elsewhere(again, &now, &own);
    if (own && json_array_size(others))
        keep_changed(&again->keeping, NOUN_MEETING, standing->id, json_pack("{s:O}", "evidence", others));
    else if (own)
        discard(again, NOUN_MEETING, standing->id);
    json_decref(others);
    json_decref(now.document);
    again->kept.removed.meetings++;
}

static bool is_kept(const struct again *again, int64_t meeting)
{
    for (uint32_t i = 0; i < again->keeping.analysis->meeting_count; i++) {
        if (again->keeping.meetings[i] == meeting)
            return true;
    }
    return false;
}

/* What the calendar has no sighting of is taken back here. */
static void put_meetings(struct again *again)
{
    const struct analysis *analysis = again->keeping.analysis;
    int64_t *before = arena_zero(again->keeping.arena, (analysis->meeting_count + 1) * sizeof *before);
    for (uint32_t i = 0; i < analysis->meeting_count; i++) {
        struct standing *standing = meeting_there(again, i);
        if (standing) {
            before[i] = standing->id;
            standing->taken = true;
        }
    }
    keep_meetings(&again->keeping, before);
    for (size_t i = 0; i < again->meeting_count; i++) {
        if (again->meetings[i].decided || is_kept(again, again->meetings[i].id))
            again->kept.kept.meetings++;
        else
            withdraw_meeting(again, &again->meetings[i]);
    }
    for (uint32_t i = 0; i < analysis->meeting_count; i++) {
        int64_t id = again->keeping.meetings[i];
        bool first = id > 0 && owner_of(again->meetings, again->meeting_count, id) == SIZE_MAX;
        for (uint32_t j = 0; j < i && first; j++)
            first = again->keeping.meetings[j] != id;
        again->kept.added.meetings += first;
    }
    keep_voices(&again->keeping);
}

/* ---- claims ----------------------------------------------------------------------------------------------- */

static struct characters extent_of(const struct again *again, uint32_t index)
{
    const struct analysis *analysis = again->keeping.analysis;
    const struct claim *claim = &analysis->claims[index];
    struct characters extent = text_characters(analysis, claim->content[0]);
    extent.end = text_characters(analysis, claim->content[claim->content_count - 1]).end;
    return extent;
}

/* The report whose words these are: exactly, or half of both together. */
static struct spot *report_there(struct again *again, uint32_t index)
{
    struct characters extent = extent_of(again, index);
    struct spot *exact = exactly_at(again->reports, again->report_count, extent), *best = NULL;
    int64_t most = 0;
    for (size_t i = 0; !exact && i < again->report_count && again->reports[i].start < extent.end; i++) {
        struct spot *place = &again->reports[i];
        int64_t from = place->start > extent.start ? place->start : extent.start,
                until = place->end < extent.end ? place->end : extent.end;
        int64_t all = (place->end > extent.end ? place->end : extent.end) -
                      (place->start < extent.start ? place->start : extent.start);
        if (place->taken || until - from <= most || 2 * (until - from) < all)
            continue;
        most = until - from;
        best = place;
    }
    return exact ? exact : best;
}

static struct slice words_of(const struct again *again, const json_t *report)
{
    struct buffer words = buffer_in(again->keeping.arena, 512);
    size_t at;
    json_t *piece;
    json_array_foreach (json_object_get(report, "content"), at, piece) {
        buffer_add_text(&words, at ? " " : "");
        buffer_add_text(&words, json_string_value(json_object_get(piece, "text")));
    }
    return one_line(again->keeping.arena, buffer_slice(&words), words.length);
}

/* A claim that other reports carry, too, is only this one when the same speaker says the same in it. */
static bool still_fits(struct again *again, const struct spot *place, uint32_t index)
{
    const struct claim *claim = &again->keeping.analysis->claims[index];
    const struct standing *standing = &again->claims[place->owner];
    int64_t speaker = claim->speaker == NOBODY ? 0 : link_actor(&again->keeping, claim->speaker),
            before = number_in(place->item, "speaker_id");
    return json_array_size(json_object_get(standing->document, "reports")) == 1 ||
           (speaker == (before ? before : number_in(standing->document, "speaker_id")) &&
            slice_equal_fold(words_of(again, place->item), claim_words(&again->keeping, index)));
}

/* What is found in the place of one of the claim's reports, or UINT32_MAX. */
static uint32_t found_at(struct spot *const *places, uint32_t count, size_t owner, int64_t report)
{
    for (uint32_t i = 0; i < count; i++) {
        if (places[i] && places[i]->owner == owner && number_in(places[i]->item, "id") == report)
            return i;
    }
    return UINT32_MAX;
}

static bool has_place(struct spot *const *places, uint32_t count, size_t owner)
{
    for (uint32_t i = 0; i < count; i++) {
        if (places[i] && places[i]->owner == owner)
            return true;
    }
    return false;
}

/* The claim's reports are what the article says now, under their ids; the claim follows all of them. */
static void renew_claim(struct again *again, struct spot *const *places, size_t owner)
{
    struct keeping *keeping = &again->keeping;
    struct collating collating = {.writing = keeping->writing, .arena = keeping->arena, .defaults = keeping->defaults};
    int64_t id = again->claims[owner].id;
    json_t *document = writing_document(keeping->writing, NOUN_CLAIM, id, true, keeping->arena), *item;
    json_t *reports = json_array(), *readings = json_array();
    size_t at;
    json_array_foreach (json_object_get(document, "reports"), at, item) {
        bool own = number_in(item, "article_id") == again->change->id;
        uint32_t found = own ? found_at(places, keeping->analysis->claim_count, owner, number_in(item, "id")) : UINT32_MAX;
        json_t *report = found == UINT32_MAX ? json_incref(item) : report_body(keeping, found);
        json_array_append_new(readings, found == UINT32_MAX ? json_null() : claim_body(keeping, found));
        json_object_set(report, "id", json_object_get(item, "id"));
        json_array_append_new(reports, report);
    }
    keep_changed(keeping, NOUN_CLAIM, id, json_pack("{s:O}", "reports", reports));
    json_array_foreach (readings, at, item) {
        struct claim_read read = {item, json_array_get(reports, at), keeping->reading->published_at, false};
        if (json_is_object(item))
            collate_matched(&collating, &read, id, number_in(read.report, "id"));
    }
    collate_follow(&collating, id);
    json_decref(readings);
    json_decref(reports);
    json_decref(document);
}

/* Takes those of the claim's reports out that stand in the article and nothing was found for. */
static void withdraw_reports(struct again *again, size_t owner)
{
    const struct standing *standing = &again->claims[owner];
    json_t *reports = json_copy(json_object_get(standing->document, "reports"));
    int withdrawn = 0;
    for (size_t i = 0; i < again->report_count; i++) {
        const struct spot *place = &again->reports[i];
        for (size_t at = 0; place->owner == owner && !place->taken && at < json_array_size(reports); at++) {
            if (json_array_get(reports, at) == place->item) {
                json_array_remove(reports, at);
                withdrawn++;
                break;
            }
        }
    }
    if (withdrawn && json_array_size(reports))
        keep_changed(&again->keeping, NOUN_CLAIM, standing->id, json_pack("{s:O}", "reports", reports));
    else if (withdrawn)
        discard(again, NOUN_CLAIM, standing->id);
    json_decref(reports);
    again->kept.removed.claims += withdrawn;
}

/* What a person decided keeps its place. Words that were changed since are others than those that were confirmed, though; what
 * was rejected does not come back with them. */
static bool keeps_place(struct again *again, const struct spot *place, uint32_t index)
{
    const struct standing *standing = &again->claims[place->owner];
    const char *status = json_string_value(json_object_get(standing->document, "status"));
    if (!standing->decided)
        return still_fits(again, place, index);
    return !number_in(place->item, "revision") || (status && strcmp(status, "rejected") == 0);
}

/* First it is settled what takes whose place; then what is in nobody's place goes, and what has none comes. */
static void put_claims(struct again *again)
{
    const struct analysis *analysis = again->keeping.analysis;
    struct spot **places = arena_zero(again->keeping.arena, (analysis->claim_count + 1) * sizeof *places);
    for (uint32_t i = 0; i < analysis->claim_count; i++) {
        struct spot *place = analysis->claims[i].content_count ? report_there(again, i) : NULL;
        if (!place || !keeps_place(again, place, i))
            continue;
        place->taken = true;
        places[i] = place;
    }
    for (size_t owner = 0; owner < again->claim_count && may_go_on(&again->keeping); owner++) {
        if (!again->claims[owner].decided)
            withdraw_reports(again, owner);
    }
    for (size_t i = 0; i < again->report_count; i++)
        again->kept.kept.claims += again->reports[i].taken || again->claims[again->reports[i].owner].decided;
    for (size_t owner = 0; owner < again->claim_count && may_go_on(&again->keeping); owner++) {
        if (!again->claims[owner].decided && has_place(places, analysis->claim_count, owner))
            renew_claim(again, places, owner);
    }
    for (uint32_t i = 0; i < analysis->claim_count && may_go_on(&again->keeping); i++) {
        if (!places[i])
            again->kept.added.claims += keep_claim(&again->keeping, i) > 0;
    }
}

/* ---- the article ------------------------------------------------------------------------------------------ */

static bool mention_is_decided(const struct again *again, const struct spot *place)
{
    return place->owner != SIZE_MAX && again->actors[place->owner].decided;
}

static void put_mention(struct again *again, json_t *mentions, uint32_t index)
{
    struct characters characters = text_characters(again->keeping.analysis, again->keeping.analysis->mentions[index].span);
    struct spot *place = exactly_at(again->mentions, again->mention_count, characters);
    json_t *body = mention_body(&again->keeping, index);
    if (!body)
        return;
    again->kept.added.mentions += !place;
    again->kept.kept.mentions += place != NULL;
    if (place) {
        place->taken = true;
        json_object_set(body, "id", json_object_get(place->item, "id"));
    }
    json_array_append(mentions, place && mention_is_decided(again, place) ? place->item : body);
    json_decref(body);
}

static json_t *mentions_now(struct again *again)
{
    json_t *mentions = json_array();
    for (uint32_t i = 0; i < again->keeping.analysis->mention_count; i++)
        put_mention(again, mentions, i);
    for (size_t i = 0; i < again->mention_count; i++) {
        const struct spot *place = &again->mentions[i];
        if (place->taken)
            continue;
        if (mention_is_decided(again, place))
            json_array_append(mentions, place->item);
        again->kept.kept.mentions += mention_is_decided(again, place);
        again->kept.removed.mentions += !mention_is_decided(again, place);
    }
    return mentions;
}

static void put_article(struct again *again)
{
    const struct revised *revised = again->revised;
    json_t *body = revised ? revised_blanks(&again->keeping, again->article, revised)
                           : article_blanks(&again->keeping, again->article);
    struct change change = *again->change;
    json_object_set_new(body, "mentions", mentions_now(again));
    if (revised)
        revised_body(&again->keeping, revised, body);
    change.body = body;
    change.precondition = (struct precondition){.holds = NULL}; /* it held at the beginning */
    again->kept.written = write_change(again->keeping.writing, &change, revised ? revised->use : CHANGE_PATCH);
    json_decref(body);
}

/* ---- actors that nothing names any more ------------------------------------------------------------------- */

/* With an actor goes whom only it belonged to. */
static void discard_unused(struct again *again, int64_t id)
{
    struct writing *writing = again->keeping.writing;
    json_t *document = writing_document(writing, NOUN_ACTOR, id, false, again->keeping.arena);
    int64_t affiliation = number_in(document, "affiliation_id");
    bool goes = document && !is_decided(NOUN_ACTOR, document) && !number_in(document, "merged_into_id") &&
                writing_is_unused(writing, id);
    json_decref(document);
    if (!goes)
        return;
    discard(again, NOUN_ACTOR, id);
    if (affiliation && affiliation != id)
        discard_unused(again, affiliation);
}

static void count_actors(struct again *again)
{
    int64_t now[PAGE], after = 0;
    size_t count;
    int all = 0, both = 0;
    while ((count = writing_found_in(again->keeping.writing, NOUN_ACTOR, again->change->id, after, now, PAGE)) > 0) {
        for (size_t i = 0; i < count; i++)
            both += owner_of(again->actors, again->actor_count, now[i]) != SIZE_MAX;
        all += (int)count;
        after = now[count - 1];
    }
    again->kept.kept.actors = both;
    again->kept.added.actors = all - both;
    again->kept.removed.actors = (int)again->actor_count - both;
}

static void tend_actors(struct again *again)
{
    static const char *const named_by_claims[] = {"speaker_id", "on_behalf_of_id", "addressee_id"};
    count_actors(again);
    for (size_t i = 0; i < again->actor_count; i++)
        discard_unused(again, again->actors[i].id);
    for (size_t i = 0; i < again->claim_count; i++) {
        for (size_t j = 0; j < sizeof named_by_claims / sizeof named_by_claims[0]; j++)
            discard_unused(again, number_in(again->claims[i].document, named_by_claims[j]));
    }
    for (size_t i = 0; i < again->meeting_count; i++) {
        json_t *participant;
        size_t at;
        json_array_foreach (json_object_get(again->meetings[i].document, "participants"), at, participant)
            discard_unused(again, number_in(participant, "actor_id"));
    }
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static void put(struct again *again)
{
    struct keeping *keeping = &again->keeping;
    keeping->article = again->change->id;
    keeping->outlet = number_in(again->article, "outlet_id");
    again->actors = standing_of(again, NOUN_ACTOR, &again->actor_count);
    again->claims = standing_of(again, NOUN_CLAIM, &again->claim_count);
    again->meetings = standing_of(again, NOUN_MEETING, &again->meeting_count);
    place_mentions(again);
    place_reports(again);
    recall_actors(again);
    put_meetings(again);
    put_claims(again);
    put_article(again);
    keep_details(keeping);
    compare_article(keeping);
    tend_actors(again);
    release(again->actors, again->actor_count);
    release(again->claims, again->claim_count);
    release(again->meetings, again->meeting_count);
}

struct kept_again keep_revised(struct writing *writing, const struct change *change, const struct reading *reading,
                               const json_t *const *defaults, const struct revised *revised)
{
    struct tally_of made = {0};
    struct again again = {
        .change = change, .revised = revised, .keeping = keeping_of(writing, reading, change->arena, defaults, &made)};
    again.article = writing_document(writing, NOUN_ARTICLE, change->id, true, change->arena);
    if (again.article && revised)
        json_object_update(again.article, revised->spans);
    if (again.article)
        put(&again);
    json_decref(again.article);
    return again.kept;
}

struct kept_again keep_again(struct writing *writing, const struct change *change, const struct reading *reading,
                             const json_t *const defaults[static NOUN_RESOURCES])
{
    struct kept_again kept = {.written = {0}};
    struct change check = *change;
    check.body = json_object();
    kept.written = write_change(writing, &check, CHANGE_PATCH);
    json_decref(check.body);
    if (kept.written.outcome != OUTCOME_UNCHANGED)
        return kept;
    begin_keeping(writing);
    kept = keep_revised(writing, change, reading, defaults, NULL);
    kept.added.left_out = (int)reading->analysis.claims_left_out;
    if (!end_keeping(writing, change))
        kept.written = (struct written){.outcome = OUTCOME_INVALID};
    return kept;
}
