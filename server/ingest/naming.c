/* What an actor is called that articles spell differently: as most of them do; of two spellings as the longer, then as the one
 * that was printed first. Only where nobody has named it: what a person wrote stays. */
#include <string.h>

#include "ingest_private.h"

enum { PRINTED_MAX = 64, NAME_POINTS_MAX = 500 };

static size_t words_in(struct slice name)
{
    size_t words = name.length > 0;
    for (size_t i = 0; i < name.length; i++)
        words += name.data[i] == ' ';
    return words;
}

static bool is_better(const struct printed_name *a, const struct printed_name *b)
{
    if (a->articles != b->articles)
        return a->articles > b->articles;
    if (words_in(a->text) != words_in(b->text))
        return words_in(a->text) > words_in(b->text);
    int earlier = slice_compare(a->first_at, b->first_at);
    return earlier ? earlier < 0 : slice_compare(a->text, b->text) < 0;
}

/* The best of the names that are full ones; NULL where the actor's own is not among what is printed: that one is ours. */
static const struct printed_name *best_of(const struct printed_name *printed, size_t count, struct slice now, bool person)
{
    const struct printed_name *best = NULL;
    bool there = false;
    for (size_t i = 0; i < count; i++) {
        there |= slice_equal(printed[i].text, now);
        if (person && words_in(printed[i].text) < 2)
            continue;
        if (!best || is_better(&printed[i], best))
            best = &printed[i];
    }
    return there ? best : NULL;
}

/* Without the words before it that only say which one is meant: "The rich states". */
static struct slice without_opener(struct slice text)
{
    static const char *const openers[] = {"the ", "The ", "a ", "A ", "an ", "An "};
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++) {
        size_t length = strlen(openers[i]);
        if (slice_starts(text, openers[i]))
            return (struct slice){text.data + length, text.length - length};
    }
    return text;
}

/* What has no name is called as it was first: only how its words are written is chosen. */
static size_t written_so(struct printed_name *printed, size_t count, struct slice name)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct printed_name one = printed[i];
        one.text = without_opener(one.text);
        size_t at = 0;
        while (at < kept && !slice_equal(printed[at].text, one.text))
            at++;
        if (!slice_equal_fold(one.text, name))
            continue;
        if (at == kept)
            printed[kept++] = one;
        else
            printed[at].articles += one.articles;
        if (slice_compare(one.first_at, printed[at].first_at) < 0)
            printed[at].first_at = one.first_at;
    }
    return kept;
}

static void settle_name(struct keeping *keeping, int64_t id)
{
    struct printed_name printed[PRINTED_MAX];
    json_t *document = writing_document(keeping->writing, NOUN_ACTOR, id, false, keeping->arena);
    const char *name = json_string_value(json_object_get(document, "name")),
               *kind = json_string_value(json_object_get(document, "kind")),
               *status = json_string_value(json_object_get(document, "status"));
    bool ours = name && kind && status && strcmp(status, "extracted") == 0 && strcmp(kind, "anonymous") != 0 &&
                writing_given_name(keeping->writing, id, slice_of(name));
    if (ours) {
        bool person = strcmp(kind, "person") == 0;
        size_t count = writing_printed_names(keeping->writing, id, false, keeping->arena, printed, PRINTED_MAX);
        const struct printed_name *best = best_of(printed, count, slice_of(name), person);
        if (!best && !person) {
            count = writing_printed_names(keeping->writing, id, true, keeping->arena, printed, PRINTED_MAX);
            count = written_so(printed, count, slice_of(name));
            best = best_of(printed, count, slice_of(name), person);
        }
        struct slice line = best ? one_line(keeping->arena, best->text, NAME_POINTS_MAX) : NO_SLICE;
        if (line.data && !slice_is(line, name) &&
            keep_changed(keeping, NOUN_ACTOR, id, json_pack("{s:s%}", "name", line.data, line.length)))
            writing_give_name(keeping->writing, id, line);
    }
    json_decref(document);
}

void settle_names(struct keeping *keeping)
{
    const struct analysis *analysis = keeping->analysis;
    for (uint32_t i = 0; i < analysis->actor_count; i++) {
        bool again = false;
        for (uint32_t j = 0; j < i && !again; j++)
            again = keeping->actors[j] == keeping->actors[i];
        if (keeping->actors[i] > 0 && keeping->spelt_otherwise[i] && !again)
            settle_name(keeping, keeping->actors[i]);
    }
}
