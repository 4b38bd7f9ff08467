/* One actor, spelt otherwise in different articles. */
#include <stdlib.h>
#include <string.h>

#include "collate_private.h"
#include "readout/text.h"

enum { NAMINGS_MAX = 400, SPELLINGS_MAX = 40 };

/* Forms that are spelt alike. */
struct spelt {
    struct slice form;
    struct statement_of *statements;
    size_t count;
    bool differs;
};

struct spellings {
    struct noticing *noticing;
    struct naming_of *namings; /* those that are compared, the longest forms first */
    size_t naming_count;
    enum actor_kind kind;
    struct spelt list[SPELLINGS_MAX];
    size_t count;
};

/* ---- names ------------------------------------------------------------------------------------------------ */

static size_t words_in(struct slice text)
{
    size_t words = 1;
    for (size_t i = 0; i < text.length; i++)
        words += text.data[i] == ' ';
    return words;
}

static int by_text(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

struct slice usual_text(struct slice *texts, size_t count)
{
    struct slice best = NO_SLICE;
    size_t most = 0, times = 0;
    if (count)
        qsort(texts, count, sizeof *texts, by_text);
    for (size_t i = 0; i < count; i++) {
        times = i && slice_equal(texts[i], texts[i - 1]) ? times + 1 : 1;
        if (times > most || (times == most && texts[i].length < best.length)) {
            best = texts[i];
            most = times;
        }
    }
    return best;
}

struct slice usual_name(const struct naming_of *namings, size_t count)
{
    struct slice names[NAMINGS_MAX];
    size_t whole = 0, all = 0;
    for (size_t i = 0; i < count && whole < NAMINGS_MAX; i++) {
        bool named = slice_is(namings[i].form, "name") || slice_is(namings[i].form, "misspelling");
        if (named && words_in(namings[i].text) > 1)
            names[whole++] = namings[i].text;
    }
    for (size_t i = 0; i < count && whole == 0 && all < NAMINGS_MAX; i++) {
        if (slice_is(namings[i].form, "name") || slice_is(namings[i].form, "misspelling"))
            names[all++] = namings[i].text;
    }
    struct slice name = usual_text(names, whole ? whole : all);
    return name.data ? name : SLICE("this actor");
}

static int by_form(const void *a, const void *b)
{
    const struct naming_of *x = a, *y = b;
    size_t words = words_in(x->text), others = words_in(y->text);
    if (words != others)
        return words > others ? -1 : 1;
    return slice_compare(x->text, y->text);
}

/* Whether the record has it as another name of the actor's, and not as a wrong one. */
static bool is_known_alias(const struct noticing *noticing, struct slice text)
{
    const json_t *alias;
    size_t index;
    json_array_foreach (json_object_get(noticing->document, "aliases"), index, alias) {
        if (slice_is(text, json_string_value(json_object_get(alias, "text"))) &&
            strcmp(json_string_value(json_object_get(alias, "form")), "misspelling") != 0)
            return true;
    }
    return false;
}

static void gather(struct spellings *spellings)
{
    struct collating *collating = spellings->noticing->collating;
    struct naming_of *all = arena_alloc(collating->arena, NAMINGS_MAX * sizeof *all);
    size_t count = writing_namings(collating->writing, spellings->noticing->id, collating->arena, all, NAMINGS_MAX);
    spellings->namings = all;
    for (size_t i = 0; i < count; i++) {
        bool named = slice_is(all[i].form, "name") || slice_is(all[i].form, "misspelling") || slice_is(all[i].form, "alias");
        if (named && !is_known_alias(spellings->noticing, all[i].text))
            all[spellings->naming_count++] = all[i];
    }
    if (spellings->naming_count)
        qsort(all, spellings->naming_count, sizeof *all, by_form);
}

/* ---- spellings -------------------------------------------------------------------------------------------- */

/* Those of one text come one behind the other. */
static void add_naming(struct spellings *spellings, const struct naming_of *naming, size_t *last)
{
    bool again = naming > spellings->namings && slice_equal(naming[-1].text, naming->text);
    size_t at = again ? *last : 0;
    while (!again && at < spellings->count &&
           text_spelling(spellings->list[at].form, naming->text, spellings->kind) != SPELLING_SAME)
        at++;
    *last = at;
    if (at == SPELLINGS_MAX)
        return;
    struct spelt *spelt = &spellings->list[at];
    if (at == spellings->count) {
        struct arena *arena = spellings->noticing->collating->arena;
        *spelt = (struct spelt){.form = naming->text,
                                .statements = arena_alloc(arena, spellings->naming_count * sizeof *spelt->statements)};
        spellings->count++;
    }
    spelt->statements[spelt->count++] = (struct statement_of){naming->article, naming->start, naming->end};
}

static bool in_different_articles(const struct spelt *a, const struct spelt *b)
{
    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            if (a->statements[i].article != b->statements[j].article)
                return true;
        }
    }
    return false;
}

static void keep(struct spellings *spellings)
{
    struct side sides[SPELLINGS_MAX];
    struct slice name = usual_name(spellings->namings, spellings->naming_count);
    struct arena *arena = spellings->noticing->collating->arena;
    struct noticed noticed = {.key = SLICE("name-spelling"),
                              .kind = "name-spelling",
                              .about = slice_of(arena_print(arena, "Spelling of %.*s", SLICE_ARGS(name))),
                              .sides = sides};
    for (size_t i = 0; i < spellings->count; i++) {
        const struct spelt *spelt = &spellings->list[i];
        if (spelt->differs)
            sides[noticed.count++] = (struct side){spelt->form, spelt->statements, spelt->count};
    }
    keep_noticed(spellings->noticing, &noticed);
}

void notice_spellings(struct noticing *noticing)
{
    struct slice kind = noticing_text(noticing, "kind");
    struct spellings *spellings = arena_zero(noticing->collating->arena, sizeof *spellings);
    bool person = slice_is(kind, "person");
    if (!person && !slice_is(kind, "organization") && !slice_is(kind, "alliance") && !slice_is(kind, "media"))
        return;
    size_t last = 0, differing = 0;
    spellings->noticing = noticing;
    spellings->kind = person ? ACTOR_PERSON : ACTOR_ORGANIZATION;
    gather(spellings);
    for (size_t i = 0; i < spellings->naming_count; i++)
        add_naming(spellings, &spellings->namings[i], &last);
    for (size_t i = 0; i < spellings->count; i++) {
        for (size_t j = i + 1; j < spellings->count; j++) {
            struct spelt *a = &spellings->list[i], *b = &spellings->list[j];
            if (text_spelling(a->form, b->form, spellings->kind) == SPELLING_OTHER && in_different_articles(a, b))
                a->differs = b->differs = true;
        }
        differing += spellings->list[i].differs;
    }
    if (differing)
        keep(spellings);
}
