/* A claim as each article gives it. */
#include "accounts.h"

#include <string.h>

#include "matching.h"
#include "readout/buffer.h"
#include "readout/utf8.h"

/* Of a claim that more articles carry the first and the newest are compared: what was noticed stays, what comes is seen, and the
 * work is the same for each that comes. */
enum {
    FIRST_MAX = 12,
    NEWEST_MAX = 16,
    ACCOUNTS_MAX = 60,
    WHOLE_MOST = 600,
    OTHERS_MAX = 8,
    WORDS_LEAST = 7,
    ABOUT_MOST = 100,
    PRONOUN_MOST = 4
};

static int64_t number_in(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* ---- one account ------------------------------------------------------------------------------------------ */

static struct statement_of place_of(int64_t article, const json_t *span)
{
    return (struct statement_of){article, number_in(span, "start"), number_in(span, "end")};
}

static struct statement_of both(struct statement_of a, struct statement_of b)
{
    return (struct statement_of){a.article, a.start < b.start ? a.start : b.start, a.end > b.end ? a.end : b.end};
}

static struct statement_of whole_of(int64_t article, const json_t *report)
{
    const json_t *content = json_object_get(report, "content"), *source = json_object_get(report, "source");
    struct statement_of words = place_of(article, json_array_get(content, 0)), whole = words;
    for (size_t i = 1; i < json_array_size(content); i++)
        whole = both(whole, place_of(article, json_array_get(content, i)));
    if (json_is_object(source))
        whole = both(whole, place_of(article, source));
    return whole.end - whole.start <= WHOLE_MOST ? whole : words;
}

static struct statement_of naming_of(const struct accounts *accounts, const struct account *account)
{
    const json_t *source = json_object_get(account->report, "source");
    struct statement_of naming = {.article = account->article};
    size_t length = json_string_length(json_object_get(source, "text"));
    if (account->speaker && length > 0 && length <= PRONOUN_MOST)
        writing_named_before(accounts->noticing->collating->writing, account->article, account->speaker,
                             number_in(source, "start"), &naming.start, &naming.end);
    return naming;
}

static void add_account(struct accounts *accounts, const json_t *report, int64_t speaker, bool other_claim)
{
    struct article_facts facts;
    struct account account = {
        .report = report, .article = number_in(report, "article_id"), .speaker = number_in(report, "speaker_id")};
    const char *kind = json_string_value(json_object_get(report, "kind"));
    if (accounts->count == ACCOUNTS_MAX || json_array_size(json_object_get(report, "content")) == 0 ||
        !writing_article_facts(accounts->noticing->collating->writing, account.article, accounts->arena, &facts))
        return;
    if (!account.speaker)
        account.speaker = speaker;
    account.quoted = kind && strcmp(kind, "indirect") != 0;
    account.words = words_of_report(report, accounts->arena);
    account.published = days_of(facts.published_at);
    account.other_claim = other_claim;
    account.whole = whole_of(account.article, report);
    account.naming = naming_of(accounts, &account);
    text_gist(account.words, accounts->arena, &account.gist);
    accounts->list[accounts->count++] = account;
}

/* ---- tools ------------------------------------------------------------------------------------------------ */

double accounts_share(const struct account *a, const struct account *b)
{
    const struct gist *one = &a->gist, *other = &b->gist;
    unsigned shared = 0;
    for (uint32_t i = 0, j = 0; i < one->count && j < other->count;) {
        if (one->concepts[i].key == other->concepts[j].key)
            shared += one->concepts[i].weight;
        bool first = one->concepts[i].key <= other->concepts[j].key, second = other->concepts[j].key <= one->concepts[i].key;
        i += first;
        j += second;
    }
    return one->weight + other->weight ? 2.0 * shared / (one->weight + other->weight) : 0;
}

struct slice accounts_about(const struct accounts *accounts, const char *what)
{
    struct slice text = noticing_text(accounts->noticing, "text");
    struct points points = points_of(accounts->arena, text);
    bool cut = points.length > ABOUT_MOST;
    struct slice shown = cut ? points_slice(&points, 0, ABOUT_MOST) : text;
    while (cut && shown.length && shown.data[shown.length - 1] != ' ')
        shown.length--;
    return slice_of(arena_print(accounts->arena, "%s: %.*s%s", what, SLICE_ARGS(slice_trim(shown)), cut ? " …" : ""));
}

struct side account_side(const struct accounts *accounts, struct slice value, size_t most)
{
    return (struct side){.value = value,
                         .statements = arena_alloc(accounts->arena, (accounts->count * most + 1) * sizeof(struct statement_of))};
}

void side_state(struct side *side, struct statement_of statement)
{
    side->statements[side->count++] = statement;
}

/* ---- looking ---------------------------------------------------------------------------------------------- */

static void add_accounts(struct accounts *accounts, const json_t *claim, bool other_claim)
{
    const json_t *report;
    size_t index;
    const json_t *reports = json_object_get(claim, "reports");
    size_t count = json_array_size(reports);
    json_array_foreach (reports, index, report) {
        if (index < FIRST_MAX || index + NEWEST_MAX >= count)
            add_account(accounts, report, number_in(claim, "speaker_id"), other_claim);
    }
}

static size_t words_in(struct slice text)
{
    size_t words = 1;
    for (size_t i = 0; i < text.length; i++)
        words += text.data[i] == ' ';
    return words;
}

/* The other claims in the same words; a few words may be anybody's. Their number. */
static size_t add_others(struct accounts *accounts, int64_t *ids, json_t **others)
{
    struct collating *collating = accounts->noticing->collating;
    bool telling = words_in(noticing_text(accounts->noticing, "text")) >= WORDS_LEAST;
    size_t count = telling ? writing_same_words(collating->writing, accounts->noticing->id, ids, OTHERS_MAX) : 0;
    for (size_t i = 0; i < count; i++) {
        others[i] = writing_document(collating->writing, NOUN_CLAIM, ids[i], true, accounts->arena);
        add_accounts(accounts, others[i], true);
        if (ids[i] < accounts->oldest)
            accounts->oldest = ids[i];
    }
    return count;
}

void notice_accounts(struct noticing *noticing)
{
    struct arena arena = {0};
    struct accounts accounts = {.noticing = noticing, .arena = &arena, .oldest = noticing->id};
    int64_t ids[OTHERS_MAX];
    json_t *others[OTHERS_MAX];
    accounts.list = arena_alloc(&arena, ACCOUNTS_MAX * sizeof *accounts.list);
    size_t count = add_others(&accounts, ids, others);
    bool single = !json_object_get(noticing->document, "reports");
    json_t *whole = single && count ? writing_document(noticing->collating->writing, NOUN_CLAIM, noticing->id, true, &arena)
                                    : NULL;
    add_accounts(&accounts, whole ? whole : noticing->document, false);
    if (accounts.oldest == noticing->id)
        notice_mouths(&accounts);
    notice_denials(&accounts);
    notice_numbers(&accounts);
    for (size_t i = 0; i < count; i++) {
        notice_elsewhere(noticing, ids[i], ids[i] == accounts.oldest);
        json_decref(others[i]);
    }
    json_decref(whole);
    arena_release(&arena);
}
