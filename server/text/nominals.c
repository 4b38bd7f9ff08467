/* Nominals: "the official", "a spokesman for the State Department", "the Spanish agency", "some experts". */
#include "sources.h"

static bool means(const struct entry *role, const char *what)
{
    return slice_is(entry_get(role, "as"), what);
}

/* Whether who is `role` may be called `general` later: the spokesman, the official. */
static bool is_kind_of(const struct entry *role, const struct entry *general)
{
    for (struct slice rest = entry_get(role, "is"); rest.data;)
        if (slice_equal(slice_cut(&rest, ','), general->name))
            return true;
    return false;
}

/* Words that do not tell one unnamed source from another. */
static bool is_idle_word(const struct text *text, uint32_t at)
{
    static const char *const words[] = {"senior",    "top",     "high-ranking", "ranking", "high-level", "aforementioned", "same",
                                        "anonymous", "unnamed", "said",         "above",   "high",       "unidentified"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (token_is(text, at, words[i]))
            return true;
    return text->tokens[at].kind != TOKEN_WORD || word_class(text, at).data || lexicon_match(text, LEXICON_STATES, at).entry;
}

enum { PROPER_WORD = 6 }; /* a word with a capital counts as much: "the Vermont senator" is not the Florida senator */

/* How many words that matter stand in `one` and not in `other`. */
static uint32_t words_missing(const struct text *text, struct span one, struct span other)
{
    uint32_t missing = 0;
    for (uint32_t at = one.first; at < one.end; at++) {
        uint32_t there = other.first;
        while (there < other.end && text->tokens[there].hash != text->tokens[at].hash)
            there++;
        if (there == other.end && !is_idle_word(text, at))
            missing += text->tokens[at].flags & TOKEN_CAPITAL && at > one.first ? PROPER_WORD : 1;
    }
    return missing;
}

/* From the first word to the head. */
static struct span words_of(const struct noun_phrase *phrase)
{
    return (struct span){phrase->span.first, phrase->head + 1};
}

/* How well a role noun takes up an actor; 0: not at all. */
static const struct role_fits {
    double same, alike, general, any, special, gendered, name_has_it, kind, word, near_human, near_body, epithet, known;
} fits = {.same = 6,
          .alike = 3,
          .general = 4,
          .any = 3.5,
          .special = 1.5,
          .gendered = 2,
          .name_has_it = 6,
          .kind = 3,
          .word = 1,
          .near_human = 0.5,
          .near_body = 1,
          .epithet = 1,
          .known = 3};

/* The same noun, not only one of the same line of the lexicon. */
static bool same_head(const struct text *text, const struct being *being, const struct noun_phrase *phrase)
{
    return span_empty(being->words) || text->tokens[being->words.end - 1].hash == text->tokens[phrase->head].hash;
}

static double fit_of_roles(const struct text *text, const struct being *being, const struct noun_phrase *phrase, bool unnamed)
{
    double best = 0;
    for (uint32_t i = 0; i < being->role_count; i++) {
        const struct entry *role = being->roles[i];
        double fit = role == phrase->role && !same_head(text, being, phrase)        ? fits.alike
                     : role == phrase->role                                         ? fits.same
                     : is_kind_of(role, phrase->role)                               ? fits.general
                     : unnamed && !phrase->plural && is_kind_of(phrase->role, role) ? fits.special
                                                                                    : 0;
        best = fit > best ? fit : best;
    }
    if (entry_has(phrase->role, "any")) {
        bool shown = phrase->gender != GENDER_UNKNOWN && being->gender == phrase->gender;
        double fit = unnamed ? fits.any : shown && !means(phrase->role, "source") ? fits.gendered : 0;
        best = fit > best ? fit : best;
    }
    return best;
}

/* Both belong to the same body, as far as is known: the White House's official is the US official. */
static bool same_house(const struct text *text, const struct noun_phrase *phrase, const struct being *being, int32_t place)
{
    if (phrase->of == NOBODY || being->of == NOBODY || phrase->of == being->of)
        return true;
    const struct actor *one = &text->found->actors[phrase->of], *other = &text->found->actors[being->of];
    bool bodies = one->kind != ACTOR_PERSON && other->kind != ACTOR_PERSON && one->kind != ACTOR_MEDIA &&
                  other->kind != ACTOR_MEDIA;
    return bodies && one->country.length && slice_equal(one->country, other->country) && same_land(text, phrase, place);
}

static bool name_has(struct slice name, struct slice word)
{
    for (size_t i = 0; i + word.length <= name.length; i++)
        if ((i == 0 || name.data[i - 1] == ' ') && slice_equal_fold((struct slice){name.data + i, word.length}, word) &&
            (i + word.length == name.length || name.data[i + word.length] == ' '))
            return true;
    return false;
}

/* The same for somebody with a name: words that none of the titles has. Only those with a capital tell people apart. */
static uint32_t words_not_in_titles(const struct text *text, struct span words, const struct actor *actor)
{
    uint32_t missing = 0;
    for (uint32_t at = words.first; at + 1 < words.end; at++) {
        bool there = !(text->tokens[at].flags & TOKEN_CAPITAL) || text->tokens[at].flags & TOKEN_SENTENCE_START ||
                     is_idle_word(text, at);
        for (uint32_t i = 0; i < actor->title_count && !there; i++)
            there = name_has(actor->titles[i], token_text(text, at));
        missing += there ? 0 : PROPER_WORD;
    }
    return missing;
}

static double fit_of_human(struct reader *reader, const struct noun_phrase *phrase, int32_t place)
{
    const struct actor *actor = &reader->text->found->actors[place];
    const struct being *being = being_of(reader, place);
    bool several = being->plural || actor->kind == ACTOR_GROUP;
    if (!(KIND(actor->kind) & (HUMANS | KIND(ACTOR_GROUP))) || several != phrase->plural || !same_gender(being, phrase->gender) ||
        !same_land(reader->text, phrase, place) || !same_house(reader->text, phrase, being, place))
        return 0;
    double fit = fit_of_roles(reader->text, being, phrase, actor->kind != ACTOR_PERSON);
    double strange = fit <= 0                    ? 0
                     : !span_empty(being->words) ? words_missing(reader->text, words_of(phrase), being->words)
                                                 : words_not_in_titles(reader->text, words_of(phrase), actor);
    return fit > fits.word * strange ? fit - fits.word * strange : 0;
}

/* "The company" may be any firm, "the agency" also one of a state; "the court" is one that is called so. */
static bool takes_up_kind(const struct entry *role, enum actor_kind kind)
{
    struct slice takes = entry_get(role, "takes");
    return (kind == ACTOR_ORGANIZATION && (slice_is(takes, "company") || slice_is(takes, "agency"))) ||
           (kind == ACTOR_GOVERNMENT && (slice_is(takes, "agency") || entry_has(role, "rules"))) ||
           (kind == ACTOR_ALLIANCE && slice_is(takes, "alliance"));
}

static double fit_of_body(struct reader *reader, const struct noun_phrase *phrase, int32_t place)
{
    const struct actor *actor = &reader->text->found->actors[place];
    const struct being *being = being_of(reader, place);
    const struct entry *role = phrase->role;
    if (!(KIND(actor->kind) & BODIES) || !same_land(reader->text, phrase, place) || being->plural != phrase->plural)
        return 0;
    if (actor->kind == ACTOR_STATE)
        return means(role, "state") ? fits.kind : 0;
    if (means(role, "state"))
        return 0;
    if (actor->kind == ACTOR_MEDIA)
        return means(role, "media") || entry_lists(role, "is", "outlet") ? fits.kind : 0;
    bool theirs = phrase->of != NOBODY && reader->text->found->actors[phrase->of].kind != ACTOR_STATE;
    if (theirs && being->of != phrase->of)
        return 0;
    if (name_has(actor->name, token_text(reader->text, phrase->head)))
        return fits.name_has_it;
    if (being->role_count && same_head(reader->text, being, phrase))
        return fits.same;
    if (being->role_count || means(role, "media"))
        return 0;
    return takes_up_kind(role, actor->kind) && !being->modifier && !theirs ? fits.kind : 0;
}

/* The one who came up before and fits best. */
static int32_t taken_up(struct reader *reader, const struct wanted *wanted)
{
    const struct noun_phrase *phrase = wanted->phrase;
    bool human = means(phrase->role, "person") || means(phrase->role, "source") || means(phrase->role, "group");
    int32_t best = NOBODY;
    double highest = 0;
    for (uint32_t i = 0; i < reader->recent_count; i++) {
        int32_t place = reader->recent[i];
        double fit = place == phrase->of ? 0 : human ? fit_of_human(reader, phrase, place) : fit_of_body(reader, phrase, place);
        if (fit <= 0)
            continue;
        double score = 20 + fit + nearness(reader, wanted, place) * (human ? fits.near_human : fits.near_body);
        if (score > highest) {
            highest = score;
            best = place;
        }
    }
    return best;
}

/* "The deputy finance minister said", and the name a sentence later. */
static int32_t named_later(struct reader *reader, const struct noun_phrase *phrase)
{
    const struct analysis *found = reader->text->found;
    for (uint32_t i = 0; i < found->actor_count && i < RECENT_MAX; i++) {
        if (found->actors[i].kind != ACTOR_PERSON || !found->actors[i].title_count)
            continue;
        learn_roles(reader, (int32_t)i);
        if (fit_of_human(reader, phrase, (int32_t)i) >= fits.same)
            return (int32_t)i;
    }
    return NOBODY;
}

/* The unnamed actor who was described in the same words before: "a senior US official", twice. Whoever speaks for nobody may be
 * another each time: "a resident said". */
static int32_t described_before(struct reader *reader, const struct noun_phrase *phrase)
{
    bool vague = !entry_has(phrase->role, "speaks") && !means(phrase->role, "source") && !phrase->plural;
    if (phrase->other || vague)
        return NOBODY;
    for (uint32_t i = 0; i < reader->recent_count; i++) {
        int32_t place = reader->recent[i];
        const struct being *being = being_of(reader, place);
        const struct actor *actor = &reader->text->found->actors[place];
        if (actor->kind != ACTOR_PERSON && being->role_count && being->roles[0] == phrase->role && being->of == phrase->of &&
            being->plural == phrase->plural && slice_equal(actor->country, phrase->country) &&
            !words_missing(reader->text, words_of(phrase), being->words) &&
            !words_missing(reader->text, being->words, words_of(phrase)))
            return place;
    }
    return NOBODY;
}

static enum actor_kind kind_of_nominal(const struct noun_phrase *phrase)
{
    const struct entry *role = phrase->role;
    if (means(role, "body"))
        return slice_is(entry_get(role, "body"), "state") ? ACTOR_GOVERNMENT : ACTOR_ORGANIZATION;
    if (means(role, "media"))
        return ACTOR_MEDIA;
    bool group = means(role, "group") || means(role, "state") || (phrase->plural && slice_is(entry_get(role, "many"), "group"));
    return group ? ACTOR_GROUP : ACTOR_ANONYMOUS;
}

struct slice description(const struct text *text, const struct noun_phrase *phrase)
{
    struct span span = phrase->span;
    while (span.first < phrase->head && (is_class(text, span.first, "determiner") || is_class(text, span.first, "quantifier") ||
                                         text->tokens[span.first].kind >= TOKEN_QUOTE || token_is(text, span.first, "same")))
        span.first++;
    return span_text(text, span);
}

/* Whom an unnamed source belongs to: the body in its description; for a "US official" his or her government. */
static int32_t house_of(struct text *text, const struct noun_phrase *phrase)
{
    bool state = phrase->of == NOBODY || text->found->actors[phrase->of].kind == ACTOR_STATE;
    if (state && phrase->country.length && slice_is(entry_get(phrase->role, "speaks"), "state"))
        return actor_of_government(text, phrase->country);
    return phrase->of;
}

static int32_t new_unnamed(struct reader *reader, const struct noun_phrase *phrase)
{
    struct text *text = reader->text;
    struct slice name = description(text, phrase);
    int32_t place = add_actor(text, name, kind_of_nominal(phrase));
    if (place == NOBODY)
        return NOBODY;
    int32_t house = house_of(text, phrase);
    struct actor *actor = &text->found->actors[place];
    actor->country = phrase->country;
    actor->affiliation = house;
    struct being *being = being_of(reader, place);
    being->roles[being->role_count++] = phrase->role;
    being->gender = phrase->gender;
    being->plural = phrase->plural;
    being->of = phrase->of;
    being->words = words_of(phrase);
    return place;
}

static int32_t of_document(const struct text *text, const struct noun_phrase *phrase)
{
    bool somebody = phrase->of != NOBODY && text->found->actors[phrase->of].kind != ACTOR_STATE;
    return somebody ? phrase->of : NOBODY;
}

static bool belongs_to(const struct text *text, int32_t place, int32_t house)
{
    if (house == NOBODY || text->found->actors[house].kind == ACTOR_STATE)
        return true;
    return text->found->actors[place].affiliation == house;
}

/* "The senator", of whom no title was printed: who the last sentences were about. */
static int32_t epithet_of(struct reader *reader, const struct wanted *wanted)
{
    int32_t best = NOBODY;
    double highest = fits.epithet;
    for (uint32_t i = 0; i < reader->recent_count; i++) {
        int32_t place = reader->recent[i];
        const struct being *being = being_of(reader, place);
        if (reader->text->found->actors[place].kind != ACTOR_PERSON || !same_gender(being, wanted->phrase->gender) ||
            !same_land(reader->text, wanted->phrase, place) || !belongs_to(reader->text, place, wanted->phrase->of))
            continue;
        double score = nearness(reader, wanted, place) - (being->role_count ? fits.known : 0);
        if (score > highest) {
            highest = score;
            best = place;
        }
    }
    return best;
}

/* "Countries such as France and Italy": the first heads them; "Western countries" are a group. */
static int32_t of_states(struct reader *reader, const struct noun_phrase *phrase)
{
    const struct text *text = reader->text;
    for (uint32_t at = phrase->head; at < phrase->span.end; at++) {
        const struct mention *name = named_at(text, at);
        if (name && text->found->actors[name->actor].kind == ACTOR_STATE)
            return (int32_t)name->actor;
    }
    int32_t before = described_before(reader, phrase);
    return before == NOBODY ? new_unnamed(reader, phrase) : before;
}

/* "The administration of President …" of whom nothing says that it is today's. */
static bool of_another(const struct text *text, const struct noun_phrase *phrase)
{
    if (!entry_has(phrase->role, "rules") || phrase->of == NOBODY || text->found->actors[phrase->of].kind != ACTOR_PERSON)
        return false;
    int32_t house = text->found->actors[phrase->of].affiliation;
    return house == NOBODY || text->found->actors[house].kind != ACTOR_GOVERNMENT;
}

int32_t who_nominal(struct reader *reader, const struct wanted *wanted)
{
    const struct noun_phrase *phrase = wanted->phrase;
    if (means(phrase->role, "document"))
        return of_document(reader->text, phrase);
    if (means(phrase->role, "state") && phrase->plural)
        return of_states(reader, phrase);
    int32_t place = NOBODY;
    if (phrase->definite && !phrase->other && !of_another(reader->text, phrase))
        place = taken_up(reader, wanted);
    if (place == NOBODY && phrase->definite && !phrase->plural && means(phrase->role, "person"))
        place = named_later(reader, phrase);
    if (place == NOBODY && phrase->definite && !phrase->plural && entry_has(phrase->role, "epithet"))
        place = epithet_of(reader, wanted);
    if (place == NOBODY)
        place = described_before(reader, phrase);
    if (place == NOBODY && !means(phrase->role, "state"))
        place = new_unnamed(reader, phrase);
    return place;
}

/* "Officials", and later "the sources in the administration". */
static void learn_house(struct text *text, const struct noun_phrase *phrase, int32_t place)
{
    if (text->found->actors[place].affiliation != NOBODY)
        return;
    int32_t house = house_of(text, phrase);
    struct actor *actor = &text->found->actors[place];
    actor->affiliation = house == place ? NOBODY : house;
    if (!actor->country.length)
        actor->country = phrase->country;
}

void mark(struct text *text, const struct noun_phrase *phrase, int32_t actor)
{
    enum actor_kind kind = text->found->actors[actor].kind;
    if (phrase->form == PHRASE_NOMINAL && (kind == ACTOR_ANONYMOUS || kind == ACTOR_GROUP))
        learn_house(text, phrase, actor);
    if (phrase->form == PHRASE_PRONOUN)
        add_mention(text, phrase->span, actor, FORM_PRONOUN);
    else if (phrase->form == PHRASE_NOMINAL && kind != ACTOR_STATE && kind != ACTOR_ALLIANCE) {
        add_mention(text, phrase->span, actor, FORM_NOMINAL);
        if (kind == ACTOR_PERSON || kind == ACTOR_ANONYMOUS)
            actor_add_title(text, actor, description(text, phrase));
    }
}

/* ---- nominals that are nobody's source here --------------------------------------------------------------- */

enum { PHRASE_REACH = 6 };

/* Where the noun phrase begins whose head stands at `at`. */
static uint32_t phrase_start(const struct text *text, uint32_t at)
{
    uint32_t first = at;
    while (first > 0 && at - first < PHRASE_REACH && text->sentence_of[first - 1] == text->sentence_of[at]) {
        const struct token *before = &text->tokens[first - 1];
        struct match word = lexicon_match(text, LEXICON_FUNCTION_WORDS, first - 1);
        bool determiner = word.entry && entry_lists(word.entry, "class", "determiner");
        if (before->kind == TOKEN_MARK || before->kind == TOKEN_QUOTE ||
            (word.entry && !determiner && text->mention_of[first - 1] == NOBODY && !(before->flags & TOKEN_UPPER)))
            break;
        first--;
        if (determiner)
            break;
    }
    return first;
}

/* The end of the phrase: with the name behind "of", "for" or "from". */
static uint32_t phrase_end(const struct text *text, uint32_t end)
{
    static const char *const links[] = {"of", "for", "from", "at", "in"};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        uint32_t next = end + 1 + (token_is(text, end + 1, "the") ? 1 : 0);
        const struct mention *name = token_is(text, end, links[i]) && next < text->token_count ? named_at(text, next) : NULL;
        if (name && name->span.first == next)
            return name->span.end;
    }
    return end;
}

/* A noun, and not what stands before one ("the official statement", "Foreign Minister Anna Keller") or tells of somebody who is
 * named ("Anna Keller, the minister"; "as a minister"). */
static bool stands_alone(const struct text *text, uint32_t first, uint32_t end)
{
    if (first > 0 && (token_is(text, first - 1, "as") || token_is_mark(text, first - 1, ',')))
        return false;
    if (end >= text->token_count)
        return true;
    const struct token *next = &text->tokens[end];
    bool verb = next->starts & (1u << LEXICON_VERBS | 1u << LEXICON_COMMON_VERBS);
    return text->mention_of[end] == NOBODY && (next->kind != TOKEN_WORD || verb || word_class(text, end).data);
}

void note_nominal(struct reader *reader, uint32_t at)
{
    struct text *text = reader->text;
    struct match match = lexicon_match(text, LEXICON_ROLES, at);
    if (!match.entry || !(means(match.entry, "source") || (means(match.entry, "person") && entry_has(match.entry, "speaks"))))
        return;
    uint32_t first = phrase_start(text, at), end = at + match.length;
    if (text->tokens[at].flags & TOKEN_BOILERPLATE || !stands_alone(text, first, end))
        return;
    struct noun_phrase phrase = noun_phrase_read(text, (struct span){first, phrase_end(text, end)});
    bool bare = !phrase.definite && !phrase.indefinite && !phrase.plural;
    if (phrase.form != PHRASE_NOMINAL || phrase.role != match.entry || phrase.head + 1 != end || bare)
        return;
    struct wanted wanted = {.phrase = &phrase, .at = first, .favoured = NOBODY, .excluded = NOBODY};
    int32_t actor = phrase.definite ? taken_up(reader, &wanted) : described_before(reader, &phrase);
    if (actor == NOBODY && phrase.indefinite && kind_of_nominal(&phrase) == ACTOR_ANONYMOUS)
        actor = new_unnamed(reader, &phrase);
    if (actor == NOBODY)
        return;
    mark(text, &phrase, actor);
    come_up(reader, actor, phrase.head, first == 0 || !is_class(text, first - 1, "preposition"));
}
