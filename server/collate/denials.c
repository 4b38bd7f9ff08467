/* What is affirmed here and denied there: two reports of one claim in nearly the same words, one of which denies a word that the
 * other says, or all of it by its cue. */
#include <stdlib.h>
#include <string.h>

#include "accounts.h"

static const double same_words = 0.7;

struct polarity {
    struct denial denial;
    uint32_t key; /* of the concept that is denied; 0: none */
    bool by_cue;  /* "denied that …" */
    bool denies, affirms;
};

static uint32_t concept_of(const struct accounts *accounts, struct slice word)
{
    struct gist gist = {.count = 0};
    if (word.data)
        text_gist(word, accounts->arena, &gist);
    return gist.count == 1 ? gist.concepts[0].key : 0;
}

static bool has_concept(const struct gist *gist, uint32_t key)
{
    for (uint32_t i = 0; i < gist->count; i++) {
        if (gist->concepts[i].key == key)
            return true;
    }
    return false;
}

/* Nothing in the words tells that they are denied. */
static bool is_plain(const struct polarity *polarity)
{
    return polarity->denial.count == 0 && !polarity->denial.unsure;
}

static bool denied_by(const struct accounts *accounts, const struct polarity *polarities, size_t affirming, size_t denying)
{
    const struct account *a = &accounts->list[affirming], *b = &accounts->list[denying];
    const struct polarity *plain = &polarities[affirming], *other = &polarities[denying];
    if (a->article == b->article || a->other_claim || b->other_claim || !is_plain(plain) || plain->by_cue)
        return false;
    bool by_word = !other->by_cue && !other->denial.unsure && other->key && has_concept(&a->gist, other->key);
    bool by_cue = other->by_cue && is_plain(other);
    return (by_word || by_cue) && accounts_share(a, b) >= same_words;
}

static struct slice cue_of(const struct account *account)
{
    const json_t *cue = json_object_get(json_object_get(account->report, "cue"), "text");
    return json_is_string(cue) ? (struct slice){json_string_value(cue), json_string_length(cue)} : SLICE("");
}

void notice_denials(const struct accounts *accounts)
{
    struct polarity *polarities = arena_zero(accounts->arena, (accounts->count + 1) * sizeof *polarities);
    struct side sides[] = {account_side(accounts, SLICE("affirmed"), 1), account_side(accounts, SLICE("denied"), 1)};
    for (size_t i = 0; i < accounts->count; i++) {
        polarities[i].denial = text_denial(accounts->list[i].words, accounts->arena);
        polarities[i].by_cue = text_cue_denies(cue_of(&accounts->list[i]), accounts->arena);
        polarities[i].key = concept_of(accounts, polarities[i].denial.word);
    }
    for (size_t i = 0; i < accounts->count; i++) {
        for (size_t k = 0; k < accounts->count; k++) {
            bool denied = denied_by(accounts, polarities, i, k);
            polarities[i].affirms |= denied;
            polarities[k].denies |= denied;
        }
    }
    for (size_t i = 0; i < accounts->count; i++) {
        if (polarities[i].affirms || polarities[i].denies)
            side_state(&sides[polarities[i].denies], accounts->list[i].whole);
    }
    struct noticed noticed = {.key = SLICE("denial"), .kind = "content", .sides = sides, .count = 2};
    if (!sides[0].count || !sides[1].count)
        return;
    noticed.about = accounts_about(accounts, "whether it is so");
    keep_noticed(accounts->noticing, &noticed);
}
