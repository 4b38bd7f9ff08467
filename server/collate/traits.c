/* What a report is compared by: who speaks for whom, when, and the concepts of its words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matching.h"
#include "readout/clock.h"
#include "readout/digest.h"

/* ---- small tools ------------------------------------------------------------------------------------------ */

static struct slice text_in(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)} : NO_SLICE;
}

struct slice words_of_report(const json_t *report, struct arena *arena)
{
    struct buffer words = buffer_in(arena, 512);
    size_t index;
    json_t *piece;
    json_array_foreach (json_object_get(report, "content"), index, piece) {
        if (index)
            buffer_add_byte(&words, ' ');
        buffer_add_slice(&words, text_in(piece, "text"));
    }
    return buffer_slice(&words);
}

/* ---- gists as text ---------------------------------------------------------------------------------------- */

/* Eight hexadecimal digits and a letter for each concept, "-" before all where it is negated. */
enum { WRITTEN_CONCEPT = 9 };
static const struct {
    char letter;
    uint8_t weight;
    bool number;
} written_as[] = {{'s', GIST_STATE, false}, {'l', GIST_LIGHT, false}, {'w', GIST_WHOLE, false}, {'n', GIST_WHOLE, true}};
enum { LETTERS = sizeof written_as / sizeof written_as[0] };

static char letter_of(const struct concept *concept)
{
    for (size_t i = 0; i < LETTERS; i++) {
        if (written_as[i].weight == concept->weight && written_as[i].number == concept->number)
            return written_as[i].letter;
    }
    return 'w';
}

static struct slice write_gist(const struct gist *gist, struct arena *arena)
{
    struct buffer out = buffer_in(arena, gist->count * WRITTEN_CONCEPT + 2);
    if (gist->negated)
        buffer_add_byte(&out, '-');
    for (uint32_t i = 0; i < gist->count; i++)
        buffer_print(&out, "%08x%c", gist->concepts[i].key, letter_of(&gist->concepts[i]));
    return out.length ? buffer_slice(&out) : SLICE("");
}

static uint32_t key_in(const char *digits)
{
    uint32_t key = 0;
    for (int i = 0; i < 8; i++)
        key = key << 4 | (uint32_t)(digits[i] <= '9' ? digits[i] - '0' : digits[i] - 'a' + 10);
    return key;
}

static void read_gist(struct slice text, struct gist *gist)
{
    *gist = (struct gist){.negated = slice_starts(text, "-")};
    size_t at = gist->negated;
    for (; at + WRITTEN_CONCEPT <= text.length && gist->count < GIST_CONCEPTS_MAX; at += WRITTEN_CONCEPT) {
        struct concept concept = {.key = key_in(text.data + at), .weight = GIST_WHOLE};
        for (size_t i = 0; i < LETTERS; i++) {
            if (written_as[i].letter == text.data[at + 8]) {
                concept.weight = written_as[i].weight;
                concept.number = written_as[i].number;
            }
        }
        gist->weight += concept.weight;
        gist->concepts[gist->count++] = concept;
    }
}

/* ---- reports ---------------------------------------------------------------------------------------------- */

void reported_new(struct collating *collating, const struct claim_read *read, struct reported *reported)
{
    struct writing *writing = collating->writing;
    int64_t speaker = json_integer_value(json_object_get(read->claim, "speaker_id")),
            principal = json_integer_value(json_object_get(read->claim, "on_behalf_of_id"));
    struct slice said_on = text_in(read->claim, "said_on");
    *reported = (struct reported){.article = json_integer_value(json_object_get(read->report, "article_id")),
                                  .speaker = speaker,
                                  .party = writing_party(writing, principal ? principal : speaker, collating->arena),
                                  .stance = text_in(read->claim, "stance"),
                                  .day = clock_date_days(said_on.data ? said_on : read->published_at),
                                  .said = said_on.data != NULL,
                                  .reading = json_incref(read->claim)};
    json_t *actor = speaker ? writing_document(writing, NOUN_ACTOR, speaker, false, collating->arena) : NULL;
    struct slice kind = text_in(actor, "kind");
    if (kind.data)
        reported->speaker_kind = arena_slice(collating->arena, kind);
    json_decref(actor);
    text_gist(text_in(read->claim, "text"), collating->arena, &reported->gist);
}

bool reported_known(const struct compared *compared, struct reported *reported)
{
    const struct trait *trait = &compared->trait;
    *reported = (struct reported){.report = trait->report,
                                  .claim = compared->claim,
                                  .article = compared->article,
                                  .speaker = compared->speaker,
                                  .speaker_kind = compared->speaker_kind,
                                  .party = trait->party,
                                  .day = trait->day,
                                  .said = trait->said,
                                  .reading = json_loadb(trait->reading.data, trait->reading.length, 0, NULL)};
    reported->stance = text_in(reported->reading, "stance");
    read_gist(trait->gist, &reported->gist);
    return reported->reading != NULL;
}

void reported_release(struct reported *reported)
{
    json_decref(reported->reading);
    reported->reading = NULL;
}

struct trait trait_of(const struct reported *reported, struct arena *arena)
{
    char *reading = json_dumps(reported->reading, JSON_COMPACT | JSON_SORT_KEYS);
    struct trait trait = {.report = reported->report,
                          .party = reported->party,
                          .day = reported->day,
                          .said = reported->said,
                          .gist = write_gist(&reported->gist, arena),
                          .reading = arena_slice(arena, slice_of(reading))};
    free(reading);
    return trait;
}

/* ---- keys ------------------------------------------------------------------------------------------------- */

/* The heavier first: one order over all concepts, so that the beginnings of two that are alike enough have one in common
 * (prefix filtering: Chaudhuri, Ganti and Kaushik, "A primitive operator for similarity joins in data cleaning", 2006). */
static int heavier_first(const void *a, const void *b)
{
    const struct concept *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Reports are the same from 0.55 on, of which stance and topics give 0.15 at most: their words are 0.40 alike at least, and then
 * each shares a quarter of its own weight (0.40 / (2 - 0.40)). */
enum { LEAST_SHARED = 4 };

static size_t add_keys(const struct gist *gist, struct slice whose, int64_t keys[static VOICE_KEYS_MAX])
{
    unsigned left = gist->weight;
    size_t count = 0;
    for (uint32_t i = 0; i < gist->count && count < VOICE_KEYS_MAX && left * LEAST_SHARED >= gist->weight; i++) {
        char digits[9];
        snprintf(digits, sizeof digits, "%08x", gist->concepts[i].key);
        keys[count++] = (int64_t)(digest_quick(digest_quick(0, whose), slice_of(digits)) & INT64_MAX);
        left -= gist->concepts[i].weight;
    }
    return count;
}

/* A person is found by name as well as by party: not every article says for whom a minister speaks. */
size_t keys_of(const struct reported *reported, int64_t keys[static KEYS_MAX])
{
    char own[24];
    struct gist gist = reported->gist;
    qsort(gist.concepts, gist.count, sizeof gist.concepts[0], heavier_first);
    size_t count = add_keys(&gist, reported->party.data ? reported->party : SLICE("nobody"), keys);
    int length = snprintf(own, sizeof own, "%lld", (long long)reported->speaker);
    struct slice person = {own, (size_t)length};
    if (slice_is(reported->speaker_kind, "person") && !(reported->party.data && slice_equal(person, reported->party)))
        count += add_keys(&gist, person, keys + count);
    return count;
}

/* ---- reports that share keys ------------------------------------------------------------------------------ */

static int by_id(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int most_shared_first(const void *a, const void *b)
{
    const struct sharing *x = a, *y = b;
    if (x->keys != y->keys)
        return x->keys > y->keys ? -1 : 1;
    return (x->report > y->report) - (x->report < y->report);
}

size_t tally_sharing(int64_t *reports, size_t all, struct arena *arena, struct sharing **found)
{
    size_t count = 0;
    qsort(reports, all, sizeof *reports, by_id);
    *found = arena_alloc(arena, (all + 1) * sizeof **found);
    for (size_t i = 0; i < all; i++) {
        if (count && (*found)[count - 1].report == reports[i])
            (*found)[count - 1].keys++;
        else
            (*found)[count++] = (struct sharing){reports[i], 1};
    }
    qsort(*found, count, sizeof **found, most_shared_first);
    return count;
}
