/* Nameless sources that are one person: who speaks for one party at one briefing is one, however each article describes it. */
#include <string.h>

#include "collate_private.h"

enum { AT_ONE_MEETING = 16, VOICES_MOST = 200, ALIASES_MOST = 20 };

static struct slice text_in(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

static struct change change_of(struct collating *collating, int64_t id, json_t *body)
{
    struct faults *faults = arena_alloc(collating->arena, sizeof *faults);
    *faults = (struct faults){.arena = collating->arena};
    return (struct change){.noun = NOUN_ACTOR,
                           .id = id,
                           .body = body,
                           .defaults = collating->defaults[NOUN_ACTOR],
                           .base = "#",
                           .faults = faults,
                           .arena = collating->arena};
}

/* ---- which actor ------------------------------------------------------------------------------------------ */

static bool is_decided(struct collating *collating, int64_t actor)
{
    json_t *document = writing_document(collating->writing, NOUN_ACTOR, actor, false, collating->arena);
    bool decided = !slice_is(text_in(document, "status"), "extracted");
    json_decref(document);
    return decided;
}

/* One that a person decided on before the others, then the oldest. */
int64_t collate_voice(struct collating *collating, int64_t meeting, struct slice party)
{
    int64_t actors[AT_ONE_MEETING], oldest = 0;
    size_t count = writing_voices_at(collating->writing, meeting, party, actors, AT_ONE_MEETING);
    for (size_t i = 0; i < count; i++) {
        if (is_decided(collating, actors[i]))
            return actors[i];
        oldest = !oldest || actors[i] < oldest ? actors[i] : oldest;
    }
    return oldest;
}

/* Those that came before it was known that they speak at one briefing. What a person decided on, or took apart, stays apart. */
static void unite(struct collating *collating, int64_t meeting, struct slice party)
{
    int64_t actors[AT_ONE_MEETING], into = collate_voice(collating, meeting, party);
    size_t count = writing_voices_at(collating->writing, meeting, party, actors, AT_ONE_MEETING);
    for (size_t i = 0; i < count; i++) {
        if (actors[i] == into || is_decided(collating, actors[i]) ||
            writing_taken_apart(collating->writing, NOUN_ACTOR, actors[i], into))
            continue;
        struct change change = change_of(collating, into, json_pack("{s:[I]}", "from_ids", (json_int_t)actors[i]));
        write_merge(collating->writing, &change);
        json_decref(change.body);
    }
}

/* ---- what it is called ------------------------------------------------------------------------------------ */

static size_t words_in(struct slice text)
{
    size_t words = text.length > 0;
    for (size_t i = 0; i < text.length; i++)
        words += text.data[i] == ' ';
    return words;
}

static size_t named_so(const struct voice *voices, size_t count, struct slice name)
{
    size_t so = 0;
    for (size_t i = 0; i < count; i++)
        so += slice_equal_fold(voices[i].name, name);
    return so;
}

/* The description of most articles, of equals the one of most words, then the first in the order of letters. */
static const struct voice *name_giver(const struct voice *voices, size_t count)
{
    const struct voice *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct voice *other = &voices[i];
        size_t often = named_so(voices, count, other->name), best_often = best ? named_so(voices, count, best->name) : 0;
        size_t words = words_in(other->name), best_words = best ? words_in(best->name) : 0;
        size_t shorter = best && best->name.length < other->name.length ? best->name.length : other->name.length;
        int order = best ? memcmp(other->name.data, best->name.data, shorter) : -1;
        if (often > best_often || (often == best_often && (words > best_words || (words == best_words && order < 0))))
            best = other;
    }
    return best;
}

/* The other descriptions, in the order of letters. */
static json_t *aliases_of(const struct voice *voices, size_t count, struct slice name)
{
    json_t *aliases = json_array();
    for (size_t i = 0; i < count; i++) {
        bool said = slice_equal_fold(voices[i].name, name);
        for (size_t j = 0; j < i && !said; j++)
            said = slice_equal_fold(voices[j].name, voices[i].name);
        if (!said && json_array_size(aliases) < ALIASES_MOST)
            json_array_append_new(aliases, json_pack("{s:s%, s:n, s:s, s:n}", "text", voices[i].name.data, voices[i].name.length,
                                                     "script", "form", "alias", "article_id"));
    }
    return aliases;
}

/* What articles call it: a name that none of them gave it was given by a person. */
static void rename_voice(struct collating *collating, int64_t actor)
{
    struct voice *voices = arena_alloc(collating->arena, VOICES_MOST * sizeof *voices);
    size_t count = writing_voices_of(collating->writing, actor, collating->arena, voices, VOICES_MOST);
    json_t *document = writing_document(collating->writing, NOUN_ACTOR, actor, false, collating->arena);
    const struct voice *giver = name_giver(voices, count);
    bool own = slice_is(text_in(document, "status"), "extracted") && named_so(voices, count, text_in(document, "name"));
    if (document && own && giver) {
        json_t *body = json_pack("{s:s%, s:o}", "name", giver->name.data, giver->name.length, "aliases",
                                 aliases_of(voices, count, giver->name));
        struct change change = change_of(collating, actor, body);
        write_change(collating->writing, &change, CHANGE_PATCH);
        json_decref(body);
    }
    json_decref(document);
}

void collate_voices(struct collating *collating, int64_t article, struct voice *voices, size_t count)
{
    struct writing *writing = collating->writing;
    writing_drop_voices(writing, article);
    for (size_t i = 0; i < count; i++)
        writing_put_voice(writing, &voices[i]);
    for (size_t i = 0; i < count; i++) {
        if (!voices[i].meeting || !voices[i].party.data)
            continue;
        unite(collating, voices[i].meeting, voices[i].party);
        voices[i].actor = writing_actor(writing, voices[i].actor);
        rename_voice(collating, voices[i].actor);
    }
}
