/* Who a source is.
 *
 * The text is read once from its beginning. Every name that comes up is noted, and whoever speaks; each attribution's source is
 * then one of these:
 *
 *     source = name                    the actor of that name
 *            | pronoun                 somebody of that gender and number who came up not long ago, most likely who spoke last
 *            | the|this|same nominal   somebody of that role, country and body who came up before; or a person with that title
 *                                      who is named later; or an unnamed actor
 *            | a|some|– nominal        an unnamed actor: a new one, or the one who was described in the same words
 *            | –                       for a quotation without a cue, who spoke last
 *
 * How much each sign weighs stands in three tables: `weights` in presence.c, `fits` in nominals.c,
 * `pronouns` below. */
#include "sources.h"

#include <stdlib.h>

/* ---- pronouns --------------------------------------------------------------------------------------------- */

/* What counts for a pronoun besides nearness: its gender, and for "they" whether it is several or one person. */
static const struct {
    double gender, several, one, out_of_reach;
} pronouns = {.gender = 2, .several = 4, .one = -3, .out_of_reach = -7};

/* Who was "she" once stays so. */
static void learn_gender(struct reader *reader, int32_t actor, enum gender gender)
{
    if (actor == NOBODY || (gender != GENDER_MALE && gender != GENDER_FEMALE))
        return;
    struct being *being = being_of(reader, actor);
    if (being->gender == GENDER_UNKNOWN)
        being->gender = gender;
}

static int32_t best_for_pronoun(struct reader *reader, const struct wanted *wanted)
{
    int32_t best = NOBODY;
    double highest = pronouns.out_of_reach;
    for (uint32_t i = 0; i < reader->recent_count; i++) {
        int32_t place = reader->recent[i];
        const struct actor *actor = &reader->text->found->actors[place];
        const struct being *being = being_of(reader, place);
        enum gender gender = wanted->phrase->gender;
        if (!(wanted->kinds & KIND(actor->kind)) || place == wanted->excluded || !same_gender(being, gender))
            continue;
        bool several = being->plural || being->people || actor->kind == ACTOR_GROUP;
        if ((gender == GENDER_MALE || gender == GENDER_FEMALE) && several)
            continue;
        double score = nearness(reader, wanted, place);
        score += gender != GENDER_UNKNOWN && being->gender == gender ? pronouns.gender : 0;
        if (wanted->many)
            score += several ? pronouns.several : (KIND(actor->kind) & HUMANS) ? pronouns.one : 0;
        if (score > highest) {
            highest = score;
            best = place;
        }
    }
    learn_gender(reader, best, wanted->phrase->gender);
    return best;
}

static unsigned kinds_for_pronoun(const struct noun_phrase *phrase)
{
    if (phrase->plural)
        return BODIES | HUMANS | KIND(ACTOR_GROUP);
    if (phrase->gender == GENDER_NEUTER)
        return BODIES;
    return HUMANS;
}

/* ---- sources ---------------------------------------------------------------------------------------------- */

/* What is known of the attribution whose source is looked for. */
struct voice {
    struct span span;
    int32_t favoured, excluded; /* as in struct wanted */
};

/* The noun before "who" and "which". */
static int32_t before_relative(struct reader *reader, uint32_t at)
{
    const struct text *text = reader->text;
    while (at > 0 && (token_is_mark(text, at - 1, ',') || is_class(text, at - 1, "preposition")))
        at--;
    if (at == 0 || text->sentence_of[at - 1] != text->sentence_of[at])
        return NOBODY;
    int32_t place = text->mention_of[at - 1];
    if (place != NOBODY)
        return (int32_t)text->found->mentions[place].actor;
    uint32_t first = at - 1, farthest = at > 8 ? at - 8 : 0;
    while (first > farthest && text->tokens[first - 1].kind != TOKEN_MARK && text->tokens[first - 1].kind != TOKEN_QUOTE &&
           text->sentence_of[first - 1] == text->sentence_of[at] && !is_class(text, first, "determiner"))
        first--;
    struct noun_phrase phrase = noun_phrase_read(text, (struct span){first, at});
    if (phrase.form != PHRASE_NOMINAL || phrase.head + 1 != at)
        return NOBODY;
    struct wanted wanted = {.phrase = &phrase, .at = first, .favoured = NOBODY, .excluded = NOBODY};
    return who_nominal(reader, &wanted);
}

static int32_t who_pronoun(struct reader *reader, const struct voice *voice, const struct noun_phrase *phrase)
{
    struct slice person = entry_get(phrase->role, "person");
    if (slice_is(person, "1"))
        return voice->excluded;
    if (slice_is(person, "2") || entry_has(phrase->role, "negative"))
        return NOBODY;
    if (entry_lists(phrase->role, "class", "relative"))
        return before_relative(reader, voice->span.first);
    struct wanted wanted = {.phrase = phrase,
                            .kinds = kinds_for_pronoun(phrase),
                            .many = phrase->plural,
                            .at = voice->span.first,
                            .favoured = voice->favoured,
                            .excluded = voice->excluded};
    if (entry_lists(phrase->role, "class", "quantifier") || !slice_is(person, "3"))
        return add_actor(reader->text, span_text(reader->text, phrase->span), ACTOR_GROUP);
    if (entry_lists(phrase->role, "class", "determiner") && !entry_lists(phrase->role, "class", "possessive"))
        return NOBODY;
    return best_for_pronoun(reader, &wanted);
}

/* "The minister, Anna Keller, said": the name behind the comma. */
static int32_t in_apposition(const struct text *text, const struct noun_phrase *phrase)
{
    for (uint32_t at = phrase->head + 1; at < phrase->span.end; at++)
        if (is_class(text, at, "conjunction"))
            return NOBODY;
    if (phrase->form != PHRASE_NOMINAL || !token_is_mark(text, phrase->span.end, ',') ||
        phrase->span.end + 1 >= text->token_count)
        return NOBODY;
    const struct mention *mention = named_at(text, phrase->span.end + 1);
    if (!mention || mention->span.first != phrase->span.end + 1 || phrase->plural)
        return NOBODY;
    bool closed = token_is_mark(text, mention->span.end, ',') || token_is_mark(text, mention->span.end, '.');
    return closed && text->found->actors[mention->actor].kind == ACTOR_PERSON ? (int32_t)mention->actor : NOBODY;
}

/* "A Pentagon readout": a thing that speaks for the body it is of. */
static int32_t author_of(const struct text *text, const struct noun_phrase *phrase)
{
    bool body = phrase->of != NOBODY && KIND(text->found->actors[phrase->of].kind) & BODIES & ~KIND(ACTOR_STATE);
    return body ? phrase->of : NOBODY;
}

/* Capitals at the end of a source that nobody knows: a name after all. */
static int32_t unknown_name(struct text *text, const struct noun_phrase *phrase)
{
    uint32_t end = phrase->head + 1, first = end;
    while (first > phrase->span.first && text->tokens[first - 1].flags & TOKEN_CAPITAL &&
           text->tokens[first - 1].kind == TOKEN_WORD && !word_class(text, first - 1).data &&
           text->mention_of[first - 1] == NOBODY)
        first--;
    if (first == end)
        return NOBODY;
    bool body = text->tokens[end - 1].flags & TOKEN_UPPER;
    for (uint32_t at = first; at < end; at++)
        body |= lexicon_match(text, LEXICON_ORGANIZATION_WORDS, at).entry != NULL;
    struct span span = {first, end};
    int32_t actor = add_actor(text, span_text(text, span), body ? ACTOR_ORGANIZATION : ACTOR_PERSON);
    add_mention(text, span, actor, FORM_NAME);
    return actor;
}

/* The actor of a noun phrase in its place in the text, with its mention. */
static int32_t who(struct reader *reader, const struct voice *voice)
{
    struct text *text = reader->text;
    if (span_empty(voice->span))
        return NOBODY;
    sweep(reader, voice->span.first);
    struct noun_phrase phrase = noun_phrase_read(text, voice->span);
    struct wanted wanted = {.phrase = &phrase, .at = voice->span.first, .favoured = voice->favoured, .excluded = voice->excluded};
    int32_t actor = phrase.form == PHRASE_PRONOUN ? who_pronoun(reader, voice, &phrase) : in_apposition(text, &phrase);
    if (phrase.form == PHRASE_NAME)
        actor = phrase.actor;
    else if (phrase.form == PHRASE_NOMINAL && actor == NOBODY)
        actor = who_nominal(reader, &wanted);
    else if (phrase.form == PHRASE_UNKNOWN)
        actor = unknown_name(text, &phrase);
    if (actor == NOBODY && phrase.form == PHRASE_UNKNOWN)
        actor = author_of(text, &phrase);
    if (actor == NOBODY)
        return NOBODY;
    mark(text, &phrase, actor);
    come_up(reader, actor, phrase.head, true);
    return actor;
}

/* ---- all of them ------------------------------------------------------------------------------------------ */

struct turn {
    uint32_t at, index; /* where the source stands, or what is said; of which attribution */
};

static int by_turn(const void *a, const void *b)
{
    const struct turn *one = a, *other = b;
    if (one->at != other->at)
        return one->at < other->at ? -1 : 1;
    return one->index < other->index ? -1 : one->index > other->index;
}

static struct turn *turns_of(const struct text *text)
{
    struct turn *turns = arena_alloc(text->arena, text->attribution_count * sizeof *turns);
    for (uint32_t i = 0; i < text->attribution_count; i++) {
        const struct attribution *attribution = &text->attributions[i];
        struct span place = !span_empty(attribution->source) ? attribution->source
                            : !span_empty(attribution->cue)  ? attribution->cue
                                                             : attribution->content[0];
        turns[i] = (struct turn){place.first, i};
    }
    qsort(turns, text->attribution_count, sizeof *turns, by_turn);
    return turns;
}

/* Inside what somebody says, "I" is that somebody, and "he" is so only where the words are not quoted. */
static struct voice voice_of(const struct text *text, const struct attribution *attribution)
{
    struct voice voice = {.span = attribution->source, .favoured = NOBODY, .excluded = NOBODY};
    if (attribution->outer != NOBODY) {
        int32_t speaker = text->voices[attribution->outer].speaker;
        bool quoted = text->tokens[attribution->source.first].flags & TOKEN_QUOTED;
        *(quoted ? &voice.excluded : &voice.favoured) = speaker;
    }
    return voice;
}

bool is_first_person(const struct text *text, struct span source)
{
    if (span_empty(source) || text->tokens[source.first].flags & TOKEN_UPPER) /* "US" is not "us" */
        return false;
    const struct entry *word = lexicon_match(text, LEXICON_FUNCTION_WORDS, source.first).entry;
    return word && slice_is(entry_get(word, "person"), "1") && slice_starts(entry_get(word, "class"), "pronoun");
}

enum { TOLD_REACH = 20, MEDIUM_REACH = 6 };

static bool in_contents(const struct attribution *attribution, uint32_t at)
{
    for (uint32_t i = 0; i < attribution->content_count; i++)
        if (span_holds(attribution->content[i], at))
            return true;
    return false;
}

/* "…, said the minister, who came late, to Russian press agencies": a medium told far behind the cue; empty for none. */
static struct span medium_told(const struct text *text, const struct attribution *attribution)
{
    uint32_t from = attribution->source.end > attribution->cue.end ? attribution->source.end : attribution->cue.end;
    for (uint32_t at = from; at + 1 < text->token_count && text->sentence_of[at] == text->sentence_of[from]; at++) {
        if (!token_is(text, at, "to") || in_contents(attribution, at) || at - from > TOLD_REACH)
            continue;
        uint32_t end = at + 1;
        while (end < text->token_count && text->tokens[end].kind <= TOKEN_CLITIC && end - at <= MEDIUM_REACH &&
               text->sentence_of[end] == text->sentence_of[at])
            end++;
        struct noun_phrase phrase = noun_phrase_read(text, (struct span){at + 1, end});
        bool media = phrase.form == PHRASE_NAME      ? text->found->actors[phrase.actor].kind == ACTOR_MEDIA
                     : phrase.form == PHRASE_NOMINAL ? slice_is(entry_get(phrase.role, "as"), "media")
                                                     : false;
        if (media)
            return (struct span){at + 1, phrase.head + 1};
    }
    return NO_SPAN;
}

static void hear(struct reader *reader, struct attribution *attribution, struct voices *voices)
{
    struct text *text = reader->text;
    struct voice voice = voice_of(text, attribution);
    voices->speaker = who(reader, &voice);
    for (uint32_t i = 0; i < attribution->through_count; i++)
        who(reader, &(struct voice){attribution->through[i], NOBODY, NOBODY});
    if (span_empty(attribution->addressee) && !span_empty(attribution->source) && attribution->outer == NOBODY)
        attribution->addressee = medium_told(text, attribution);
    voices->addressee = who(reader, &(struct voice){attribution->addressee, NOBODY, voices->speaker});
    if (voices->speaker == NOBODY)
        return;
    /* What somebody else says inside a quotation is not whom the article goes on with. */
    if (attribution->outer == NOBODY || attribution->verb == NULL) {
        reader->last_speaker = voices->speaker;
        reader->last_speech = attribution->source.first;
    }
}

/* A quotation alone in its sentence goes on with whoever spoke last, or is spoken by who is named right behind it. A cue without
 * a source belongs to the one before it in the sentence: "he warned, adding that …". */
static bool is_human(const struct text *text, int32_t actor)
{
    return actor != NOBODY && KIND(text->found->actors[actor].kind) & (HUMANS | KIND(ACTOR_GROUP));
}

enum { TURNS_BACK = 12 };

static int32_t whose_words(const struct text *text, const struct turn *turns, uint32_t turn)
{
    const struct attribution *attribution = &text->attributions[turns[turn].index];
    uint32_t at = turns[turn].at;
    int32_t some_body = NOBODY; /* who quotes a quotation is somebody rather than a state, if somebody spoke */
    uint32_t earliest = turn > TURNS_BACK ? turn - TURNS_BACK : 0;
    for (uint32_t before = turn; before-- > earliest;) {
        int32_t speaker = text->voices[turns[before].index].speaker;
        bool same_sentence = text->sentence_of[turns[before].at] == text->sentence_of[at];
        uint32_t apart = paragraph_at(text, at) - paragraph_at(text, turns[before].at);
        if (attribution->verb ? !same_sentence : apart > 1)
            break;
        if (speaker == NOBODY || text->attributions[turns[before].index].outer != NOBODY)
            continue;
        if (attribution->verb || is_human(text, speaker))
            return speaker;
        some_body = some_body == NOBODY ? speaker : some_body;
    }
    if (some_body != NOBODY)
        return some_body;
    if (attribution->verb || turn + 1 >= text->attribution_count)
        return NOBODY;
    const struct turn *next = &turns[turn + 1];
    bool near = paragraph_at(text, next->at) == paragraph_at(text, at);
    return near ? text->voices[next->index].speaker : NOBODY;
}

void text_sources(struct text *text)
{
    struct reader reader = {.text = text, .last_speaker = NOBODY};
    uint32_t count = text->attribution_count;
    settle_citing(text);
    text->voices = arena_alloc(text->arena, (count + 1) * sizeof *text->voices);
    for (uint32_t i = 0; i < count; i++)
        text->voices[i] = (struct voices){NOBODY, NOBODY};
    struct turn *turns = count ? turns_of(text) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct attribution *attribution = &text->attributions[turns[i].index];
        if (!is_first_person(text, attribution->source))
            hear(&reader, attribution, &text->voices[turns[i].index]);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct attribution *attribution = &text->attributions[turns[i].index];
        struct voices *voices = &text->voices[turns[i].index];
        if (is_first_person(text, attribution->source) && attribution->outer != NOBODY) {
            voices->speaker = text->voices[attribution->outer].speaker;
            if (voices->speaker != NOBODY)
                add_mention(text, attribution->source, voices->speaker, FORM_PRONOUN);
        } else if (span_empty(attribution->source)) {
            voices->speaker = whose_words(text, turns, i);
        }
    }
}

int32_t source_actor(const struct text *text, struct span source)
{
    if (span_empty(source))
        return NOBODY;
    struct noun_phrase phrase = noun_phrase_read(text, source);
    int32_t place = text->mention_of[phrase.head];
    if (place == NOBODY)
        place = text->mention_of[source.first];
    return place == NOBODY ? NOBODY : (int32_t)text->found->mentions[place].actor;
}
