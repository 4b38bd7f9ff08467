/* Another text at a known address: the article keeps its id and takes the text, its sender's words about it, and what is read in
 * it now; the record says what became of its quotations. */
#include <string.h>

#include "ingest_private.h"

static struct slice text_in(const json_t *body, const char *name)
{
    const json_t *value = json_object_get(body, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

/* ---- the article ------------------------------------------------------------------------------------------ */

/* What stood in the text before, on a line or two, is read anew. */
static bool was_printed(struct keeping *keeping, const struct revised *revised, struct slice value)
{
    struct arena *arena = keeping->arena;
    struct slice flat = value.data ? one_line(arena, revised->before, revised->before.length) : NO_SLICE;
    return flat.data && memmem(flat.data, flat.length, value.data, value.length);
}

json_t *revised_blanks(struct keeping *keeping, const json_t *article, const struct revised *revised)
{
    static const char *const printed[] = {"title", "byline", "dateline"};
    json_t *left = json_copy((json_t *)article), *blanks;
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++) {
        if (was_printed(keeping, revised, text_in(article, printed[i])))
            json_object_del(left, printed[i]);
    }
    json_object_del(left, "boilerplate_spans");
    blanks = article_blanks(keeping, left);
    json_object_set(blanks, "body_spans", json_object_get(article, "body_spans"));
    json_decref(left);
    return blanks;
}

void revised_body(struct keeping *keeping, const struct revised *revised, json_t *body)
{
    bool own_mentions = json_object_get(revised->body, "mentions") != NULL;
    json_object_update(body, (json_t *)revised->body);
    if (own_mentions) {
        json_object_set_new(body, "mentions", json_copy(json_object_get(revised->body, "mentions")));
        keep_mentions(keeping, body);
    }
}

/* Nothing is read: what its sender says, and the spans where they stand now. */
static struct written write_unread(struct writing *writing, const struct change *change, const struct revised *revised)
{
    struct change own = *change;
    own.body = json_copy((json_t *)revised->spans);
    json_object_update(own.body, change->body);
    own.precondition = (struct precondition){.holds = NULL};
    struct written written = write_change(writing, &own, revised->use);
    json_decref(own.body);
    return written;
}

/* What it repeated, and what repeats it, was told of the text before. */
static void sign_anew(struct writing *writing, const struct change *change, const struct reading *reading)
{
    const json_t *told = json_object_get(change->body, "near_duplicate_of");
    writing_drop_bands(writing, change->id);
    if (!reading || (told && !json_is_null(told)))
        return;
    int64_t original = find_original(writing, change, reading);
    json_object_set_new(change->body, "near_duplicate_of", original ? json_integer(original) : json_null());
    if (!original && reading->has_bands)
        writing_note_bands(writing, change->id, reading->bands);
}

/* ---- what became of it ------------------------------------------------------------------------------------ */

static void add_counts(const struct revision_counts *counts, const struct realigned *realigned, struct buffer *out)
{
    int64_t added, removed;
    realigned_words(realigned, &added, &removed);
    buffer_print(out,
                 ",\"words_added\":%lld,\"words_removed\":%lld,\"counts\":{\"same\":%d,\"moved\":%d,\"changed\":%d,"
                 "\"vanished\":%d,\"new\":%d}",
                 (long long)added, (long long)removed, counts->same, counts->moved, counts->changed, counts->vanished,
                 counts->appeared);
}

static struct slice note(struct writing *writing, const struct change *change, const struct retexted *retexted,
                         const struct revision_sides *sides)
{
    struct revision_counts counts;
    struct buffer quotes = buffer_in(change->arena, 1024), more = buffer_in(change->arena, 256),
                  document = buffer_in(change->arena, 1024);
    json_t *article = writing_document(writing, NOUN_ARTICLE, change->id, false, change->arena);
    revision_compare(sides, change->arena, &counts, &quotes);
    add_counts(&counts, retexted->realigned, &more);
    writing_note_revision(writing, article, retexted->number, buffer_slice(&more), buffer_slice(&quotes), &document);
    json_decref(article);
    document.length--; /* the closing brace */
    buffer_add_text(&document, ",\"quotes\":");
    buffer_add_slice(&document, buffer_slice(&quotes));
    buffer_add_byte(&document, '}');
    return buffer_slice(&document);
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static struct kept_article write_revision(struct writing *writing, const struct change *change, const struct reading *reading,
                                          const json_t *const *defaults, const struct revised *revised)
{
    struct kept_article kept = {.extracted = reading != NULL};
    sign_anew(writing, change, reading);
    if (!reading) {
        kept.written = write_unread(writing, change, revised);
        collate_notice(&(struct collating){.writing = writing, .arena = change->arena, .defaults = defaults}, change->id);
        return kept;
    }
    struct kept_again again = keep_revised(writing, change, reading, defaults, revised);
    kept.written = again.written;
    kept.found = (struct tally_of){again.added.actors + again.kept.actors, again.added.mentions + again.kept.mentions,
                                   again.added.claims + again.kept.claims, again.added.meetings + again.kept.meetings,
                                   again.added.left_out};
    return kept;
}

static struct kept_article retext(struct writing *writing, const struct change *change, const struct reading *reading,
                                  const json_t *const *defaults, struct revised *revised)
{
    struct kept_article kept = {.written = {.outcome = OUTCOME_FAILED}};
    struct slice text = text_in(change->body, "text");
    json_t *before = writing_reports_in(writing, change->id);
    struct retexted retexted = writing_retext(writing, change->id, text, change->arena);
    json_t *meanwhile = writing_reports_in(writing, change->id);
    if (retexted.number) {
        revised->spans = retexted.spans;
        revised->place_count =
            revision_places(meanwhile, retexted.number - 1, retexted.realigned, text, change->arena, &revised->places);
        kept = write_revision(writing, change, reading, defaults, revised);
    }
    if (kept.written.outcome == OUTCOME_UPDATED) {
        json_t *after = writing_reports_in(writing, change->id);
        kept.revision = note(writing, change, &retexted,
                             &(struct revision_sides){before, after, revised->places, revised->place_count, text});
        json_decref(after);
    }
    json_decref(before);
    json_decref(meanwhile);
    json_decref(retexted.spans);
    return kept;
}

struct kept_article revise_article(struct writing *writing, const struct change *change, const struct reading *reading,
                                   const json_t *const *defaults, enum change_use use)
{
    struct change check = *change;
    struct kept_article kept = {.extracted = false};
    check.body = json_object();
    kept.written = write_change(writing, &check, CHANGE_PATCH);
    json_decref(check.body);
    if (kept.written.outcome != OUTCOME_UNCHANGED)
        return kept;
    struct revised revised = {.body = change->body, .use = use, .before = kept.written.text};
    return retext(writing, change, reading, defaults, &revised);
}
