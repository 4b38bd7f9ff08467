/* Who came up in the text so far, how lately and how prominently. */
#include <string.h>

#include "sources.h"

/* ---- beings ----------------------------------------------------------------------------------------------- */

const struct entry *role_of_title(struct slice title)
{
    static const char *const stops[] = {" of the ", " of ", " for ", " to ", " at ", " in ", ","};
    const struct entry *whole = lexicon_find(LEXICON_ROLES, title);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0] && !whole; i++) {
        const char *stop = memmem(title.data, title.length, stops[i], strlen(stops[i]));
        if (stop)
            title.length = (size_t)(stop - title.data);
    }
    for (struct slice rest = title; !whole && rest.data && rest.length; slice_cut(&rest, ' '))
        whole = lexicon_find(LEXICON_ROLES, rest);
    return whole;
}

struct being *being_of(struct reader *reader, int32_t actor)
{
    uint32_t count = reader->text->found->actor_count;
    if ((uint32_t)actor >= reader->being_room) {
        uint32_t room = count * 2 + 16;
        reader->beings = arena_grow(reader->text->arena, reader->beings, reader->being_room * sizeof *reader->beings,
                                    room * sizeof *reader->beings);
        memset(reader->beings + reader->being_room, 0, (room - reader->being_room) * sizeof *reader->beings);
        for (uint32_t i = reader->being_room; i < room; i++)
            reader->beings[i].of = NOBODY;
        reader->being_room = room;
    }
    return &reader->beings[actor];
}

void learn_roles(struct reader *reader, int32_t place)
{
    struct being *being = being_of(reader, place);
    const struct actor *actor = &reader->text->found->actors[place];
    for (; being->titles_seen < actor->title_count && being->role_count < ROLES_MAX; being->titles_seen++) {
        const struct entry *role = role_of_title(actor->titles[being->titles_seen]);
        if (role) {
            being->roles[being->role_count++] = role;
            if (being->gender == GENDER_UNKNOWN)
                being->gender = gender_of_entry(role);
        }
    }
}

/* A form of address in a title shows the gender: "Ms", "Sir". */
static enum gender gender_of_title(struct slice title)
{
    enum gender gender = GENDER_UNKNOWN;
    for (struct slice rest = title; rest.data && rest.length && gender == GENDER_UNKNOWN;)
        gender = gender_of_entry(lexicon_find(LEXICON_TITLES, slice_cut(&rest, ' ')));
    return gender;
}

/* "Ms. Adomako", where the form of address is no title that was noted. */
static enum gender gender_of_address(const struct text *text, uint32_t first)
{
    uint32_t at = first > 1 && token_is_mark(text, first - 1, '.') ? first - 1 : first;
    return at == 0 ? GENDER_UNKNOWN : gender_of_entry(lexicon_match(text, LEXICON_TITLES, at - 1).entry);
}

void come_up(struct reader *reader, int32_t actor, uint32_t at, bool subject)
{
    struct being *being = being_of(reader, actor);
    being->last = at;
    being->count++;
    being->subject = subject;
    being->people = being->modifier = false;
    being->quoted = reader->text->tokens[at].flags & TOKEN_QUOTED;
    uint32_t place = 0;
    while (place < reader->recent_count && reader->recent[place] != actor)
        place++;
    if (place == reader->recent_count && reader->recent_count < RECENT_MAX)
        reader->recent_count++;
    if (place == RECENT_MAX)
        place--;
    memmove(reader->recent + 1, reader->recent, place * sizeof *reader->recent);
    reader->recent[0] = actor;
}

/* A name that does not hang on a preposition. */
static bool is_subject(const struct text *text, const struct mention *mention)
{
    uint32_t first = mention->title.first < mention->title.end ? mention->title.first : mention->span.first;
    if (first > 0 && is_class(text, first - 1, "determiner"))
        first--;
    return first == 0 || text->sentence_of[first - 1] != text->sentence_of[first] ||
           !(is_class(text, first - 1, "preposition") || is_class(text, first - 1, "particle"));
}

/* Nobody of the kind, people or bodies, is the sentence's subject yet. */
static bool is_first(const struct reader *reader, int32_t actor, uint32_t sentence)
{
    const struct text *text = reader->text;
    bool human = KIND(text->found->actors[actor].kind) & HUMANS;
    for (uint32_t i = 0; i < reader->recent_count; i++) {
        const struct being *other = &reader->beings[reader->recent[i]];
        if (text->sentence_of[other->last] == sentence && other->subject && reader->recent[i] != actor &&
            human == !!(KIND(text->found->actors[reader->recent[i]].kind) & HUMANS))
            return false;
    }
    return true;
}

/* A small noun follows. */
static bool is_modifier(const struct text *text, uint32_t end)
{
    if (end >= text->token_count || text->tokens[end].kind != TOKEN_WORD)
        return false;
    const struct token *next = &text->tokens[end];
    if (slice_ends(token_text(text, end), "ed") || slice_ends(token_text(text, end), "ing"))
        return false;
    return !(next->flags & (TOKEN_CAPITAL | TOKEN_SENTENCE_START)) &&
           !(next->starts & (1u << LEXICON_VERBS | 1u << LEXICON_COMMON_VERBS)) && !word_class(text, end).data;
}

static void note_name(struct reader *reader, const struct mention *mention)
{
    struct text *text = reader->text;
    int32_t actor = (int32_t)mention->actor;
    struct being *being = being_of(reader, actor);
    if (being->gender == GENDER_UNKNOWN && text->found->actors[actor].kind == ACTOR_PERSON) {
        being->gender = gender_of_title(span_text(text, mention->title));
        if (being->gender == GENDER_UNKNOWN)
            being->gender = gender_of_address(text, mention->span.first);
        if (being->gender == GENDER_UNKNOWN)
            being->gender = gender_of_name(text->found->actors[actor].name);
    }
    learn_roles(reader, actor);
    bool subject = is_subject(text, mention) && is_first(reader, actor, text->sentence_of[mention->span.first]);
    come_up(reader, actor, mention->span.first, subject);
    const struct entry *state = lexicon_match(text, LEXICON_STATES, mention->span.first).entry;
    being->people = state && entry_has(state, "people");
    being->modifier = is_modifier(text, mention->span.end);
}

void sweep(struct reader *reader, uint32_t end)
{
    const struct text *text = reader->text;
    for (; reader->swept < end; reader->swept++) {
        const struct mention *mention = named_at(text, reader->swept);
        if (mention && mention->span.first == reader->swept && !(text->tokens[reader->swept].flags & TOKEN_BOILERPLATE))
            note_name(reader, mention);
        else if (text->tokens[reader->swept].starts & 1u << LEXICON_ROLES && text->mention_of[reader->swept] == NOBODY)
            note_nominal(reader, reader->swept);
    }
}

/* ---- who fits --------------------------------------------------------------------------------------------- */

uint32_t paragraph_at(const struct text *text, uint32_t at)
{
    return text->sentence_count ? text->sentences[text->sentence_of[at]].paragraph : 0;
}

bool same_land(const struct text *text, const struct noun_phrase *phrase, int32_t place)
{
    struct slice country = text->found->actors[place].country;
    return !phrase->country.length || !country.length || slice_equal(phrase->country, country);
}

bool same_gender(const struct being *being, enum gender gender)
{
    return gender == GENDER_UNKNOWN || gender == GENDER_NEUTER || being->gender == GENDER_UNKNOWN || being->gender == gender;
}

/* What speaks for an actor wherever it is looked for: how lately and how it came up. */
static const struct {
    double subject, spoke_last, spoke_here, favoured, often, sentence, same_sentence, quoted;
} weights = {.subject = 2,
             .spoke_last = 2.5,
             .spoke_here = 2,
             .favoured = 6,
             .often = 0.3,
             .sentence = -1,
             .same_sentence = 1.5,
             .quoted = -3};
enum { OFTEN_MAX = 3, SENTENCES_MAX = 8 };

double nearness(struct reader *reader, const struct wanted *wanted, int32_t place)
{
    const struct text *text = reader->text;
    const struct being *being = being_of(reader, place);
    uint32_t here = text->sentence_of[wanted->at], there = text->sentence_of[being->last];
    uint32_t apart = here > there ? here - there : 0;
    double score = weights.sentence * (apart < SENTENCES_MAX ? apart : SENTENCES_MAX);
    score += apart == 0 && !being->quoted ? weights.same_sentence : 0;
    score += being->subject ? weights.subject : 0;
    score += being->quoted ? weights.quoted : 0;
    score += weights.often * (being->count < OFTEN_MAX ? being->count : OFTEN_MAX);
    if (place == reader->last_speaker) {
        score += weights.spoke_last;
        if (paragraph_at(text, reader->last_speech) == paragraph_at(text, wanted->at))
            score += weights.spoke_here;
    }
    if (place == wanted->favoured)
        score += weights.favoured;
    return score;
}
