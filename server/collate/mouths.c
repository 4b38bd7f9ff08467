/* Whose words they are: one quotation that articles give to different people, or to somebody by name and to a nameless source.
 * Whom a body's officials speak for says the same in short, and is no other mouth. */
#include <stdlib.h>
#include <string.h>

#include "accounts.h"

/* Quotations that share so much are one. */
static const double same_words = 0.6;
enum { DAYS_APART = 3 };

struct mouth {
    int64_t actor; /* of nameless ones, any: they count as one */
    bool named;
    struct slice name;
    bool conflicts;
};

static struct slice text_in(struct arena *arena, const json_t *document, const char *name)
{
    const json_t *value = json_object_get(document, name);
    if (!json_is_string(value))
        return NO_SLICE;
    return arena_slice(arena, (struct slice){json_string_value(value), json_string_length(value)});
}

/* Whose mouth it is: actor 0 for a body's, or nobody's. */
static struct mouth mouth_of(const struct accounts *accounts, const struct account *account)
{
    struct writing *writing = accounts->noticing->collating->writing;
    struct mouth mouth = {.actor = account->speaker};
    json_t *actor = account->speaker ? writing_document(writing, NOUN_ACTOR, account->speaker, false, accounts->arena) : NULL;
    struct slice kind = text_in(accounts->arena, actor, "kind");
    mouth.name = text_in(accounts->arena, actor, "name");
    mouth.named = slice_is(kind, "person");
    if (!mouth.named && !slice_is(kind, "anonymous"))
        mouth.actor = 0;
    struct slice usual = mouth.named ? usual_name_of(accounts->noticing->collating, mouth.actor, accounts->arena) : NO_SLICE;
    if (usual.data)
        mouth.name = usual;
    json_decref(actor);
    return mouth;
}

static bool are_two(const struct mouth *a, const struct mouth *b)
{
    return a->actor && b->actor && a->actor != b->actor && (a->named || b->named);
}

static bool same_side(const struct mouth *a, const struct mouth *b)
{
    return a->actor && b->actor && (a->actor == b->actor || (!a->named && !b->named));
}

/* Nameless ones are called as the first of them in the alphabet is. */
static struct slice name_of(const struct mouth *mouths, size_t count, const struct mouth *mouth)
{
    struct slice name = mouth->name;
    for (size_t i = 0; i < count; i++) {
        size_t shorter = name.length < mouths[i].name.length ? name.length : mouths[i].name.length;
        if (!mouths[i].actor || !same_side(&mouths[i], mouth) || !mouths[i].name.data)
            continue;
        int order = memcmp(mouths[i].name.data, name.data, shorter);
        if (order < 0 || (order == 0 && mouths[i].name.length < name.length))
            name = mouths[i].name;
    }
    return name;
}

/* Of claims that the record has apart, only those of about one time are one. */
static bool of_one_time(const struct account *a, const struct account *b)
{
    bool known = a->published != NOT_KNOWN && b->published != NOT_KNOWN;
    return (!a->other_claim && !b->other_claim) || (known && llabs(a->published - b->published) <= DAYS_APART);
}

static void find_two_mouths(const struct accounts *accounts, struct mouth *mouths)
{
    for (size_t i = 0; i < accounts->count; i++) {
        for (size_t k = i + 1; k < accounts->count; k++) {
            const struct account *a = &accounts->list[i], *b = &accounts->list[k];
            bool conflict = are_two(&mouths[i], &mouths[k]) && a->article != b->article && a->quoted && b->quoted &&
                            of_one_time(a, b) && accounts_share(a, b) >= same_words;
            mouths[i].conflicts |= conflict;
            mouths[k].conflicts |= conflict;
        }
    }
}

/* All that give it to the same mouth, whether they quote it or not. */
static struct side side_of(const struct accounts *accounts, const struct mouth *mouths, const struct mouth *mouth)
{
    struct side side = account_side(accounts, name_of(mouths, accounts->count, mouth), 2);
    for (size_t i = 0; i < accounts->count; i++) {
        const struct account *account = &accounts->list[i];
        if (!same_side(&mouths[i], mouth))
            continue;
        side_state(&side, account->whole);
        if (account->naming.end > account->naming.start)
            side_state(&side, account->naming);
    }
    return side;
}

void notice_mouths(const struct accounts *accounts)
{
    struct mouth *mouths = arena_alloc(accounts->arena, (accounts->count + 1) * sizeof *mouths);
    struct noticed noticed = {.key = SLICE("mouth"),
                              .kind = "content",
                              .sides = arena_alloc(accounts->arena, (accounts->count + 1) * sizeof(struct side))};
    for (size_t i = 0; i < accounts->count; i++) {
        size_t before = 0;
        while (before < i && accounts->list[before].speaker != accounts->list[i].speaker)
            before++;
        mouths[i] = before < i ? mouths[before] : mouth_of(accounts, &accounts->list[i]);
    }
    find_two_mouths(accounts, mouths);
    for (size_t i = 0; i < accounts->count; i++) {
        bool again = !mouths[i].conflicts;
        for (size_t k = 0; k < i && !again; k++)
            again = mouths[k].conflicts && same_side(&mouths[i], &mouths[k]);
        if (!again)
            noticed.sides[noticed.count++] = side_of(accounts, mouths, &mouths[i]);
    }
    if (noticed.count < 2)
        return;
    noticed.about = accounts_about(accounts, "who said");
    keep_noticed(accounts->noticing, &noticed);
}
