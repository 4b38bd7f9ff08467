/* Who leads which delegation:
 *
 *     delegation { auxiliary } ( "led" | "headed" | "chaired" | "represented" ) "by" people
 *     people { auxiliary } ( "leads" | "heads" | "will chair" | "represents" ) delegation
 *     people "," [ "the" ] ( "head" | "chief" | "leader" ) "of" delegation
 *     ( "head" | "chief" | "leader" ) "of" delegation [ "is" | "come" | "," ] people
 *     delegation = side [ adjectives ] ( "delegation" | "team" | … ) | … "delegation" ( "of" | "from" ) side
 *     people     = person { ( "," | "and" ) person }       with their titles
 *
 * "Represented" and "represents" also take the side alone: "Oslo is represented by …". */
#include <string.h>

#include "details.h"
#include "noun_phrase.h"

enum { SUBJECT_REACH = 14, OBJECT_REACH = 8, SIDE_REACH = 4, TITLE_REACH = 14, LEADERS_MAX = 4 };
/* Of a text: beyond them it is a list, and no news. */
enum { MEETINGS_MOST = 100, MENTIONS_MOST = 50, PARTICIPANTS_MOST = 50, VERBS_MOST = 1000 };

struct people {
    int32_t actors[LEADERS_MAX];
    uint32_t count;
    struct span span; /* from the first one's title to the last one's name */
};

static const char *const passives[] = {"led", "headed", "chaired", "represented", "fronted", NULL};
static const char *const actives[] = {"lead",     "leads",     "leading",    "led",          "head",
                                      "heads",    "headed",    "heading",    "chair",        "chairs",
                                      "chairing", "represent", "represents", "representing", NULL};
static const char *const representing[] = {"represented", "represent", "represents", "representing", NULL};
static const char *const delegations[] = {"delegation",  "delegations", "team",       "side",
                                          "negotiators", "mission",     "contingent", NULL};
static const char *const heads[] = {"head", "chief", "leader", NULL};

static bool is_any(const struct text *text, uint32_t at, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (token_is(text, at, words[i]))
            return true;
    return false;
}

/* "will", "is to", "also": what may stand between a subject and its verb. */
static bool is_between(const struct text *text, uint32_t at)
{
    static const char *const words[] = {"to", "also", "who", "again", "once", "expected", "due", "set", NULL};
    return is_class(text, at, "auxiliary") || is_class(text, at, "modal") || is_any(text, at, words);
}

/* ---- sides ------------------------------------------------------------------------------------------------ */

/* The state that an adjective or a name stands for, or the body that is named: "Russian", "Moscow", "NATO". */
static int32_t side_at(struct text *text, uint32_t at)
{
    struct match state = lexicon_match(text, LEXICON_STATES, at);
    struct slice code = state.entry && (text->tokens[at].flags & TOKEN_CAPITAL) ? entry_get(state.entry, "code") : NO_SLICE;
    if (code.length == 2)
        return actor_of_state(text, code);
    const struct mention *mention = named_at(text, at);
    enum actor_kind kind = mention ? text->found->actors[mention->actor].kind : ACTOR_PERSON;
    return kind != ACTOR_PERSON && kind != ACTOR_MEDIA && kind != ACTOR_ANONYMOUS ? (int32_t)mention->actor : NOBODY;
}

/* The side of the delegation whose noun stands at `at`: named before it, or behind "of" or "from". */
static int32_t side_of(struct text *text, uint32_t at, struct span sentence)
{
    static const char *const links[] = {"of", "from", NULL};
    for (uint32_t i = at; i-- > sentence.first && i + SIDE_REACH >= at;) {
        int32_t side = side_at(text, i);
        if (side != NOBODY)
            return side;
        if (text->tokens[i].kind == TOKEN_MARK || is_class(text, i, "determiner") || is_class(text, i, "preposition"))
            break;
    }
    if (at + 2 >= sentence.end || !is_any(text, at + 1, links))
        return NOBODY;
    return side_at(text, at + 2 + (is_class(text, at + 2, "determiner") && at + 3 < sentence.end));
}

/* "The US delegation" from its article on. */
static uint32_t begin_of_delegation(const struct text *text, uint32_t at, struct span sentence)
{
    uint32_t begin = at;
    while (begin > sentence.first && at - begin < SIDE_REACH && text->tokens[begin - 1].kind != TOKEN_MARK &&
           text->tokens[begin - 1].kind != TOKEN_QUOTE) {
        bool capital = text->tokens[begin - 1].flags & TOKEN_CAPITAL, determiner = is_class(text, begin - 1, "determiner");
        if (!capital && !determiner && word_class(text, begin - 1).data)
            break;
        begin--;
        if (determiner)
            break;
    }
    return begin;
}

/* The nearest delegation that ends before the verb, in its clause; where the verb may take a side alone, that. */
static int32_t side_before(struct text *text, uint32_t verb, struct span sentence, bool alone, uint32_t *from)
{
    for (uint32_t i = verb; i-- > sentence.first && i + SUBJECT_REACH > verb;) {
        if (token_is_mark(text, i, ',') || token_is_mark(text, i, ';') || token_is_mark(text, i, ':'))
            break;
        if (is_any(text, i, delegations)) {
            *from = begin_of_delegation(text, i, sentence);
            return side_of(text, i, sentence);
        }
        int32_t side = alone ? side_at(text, i) : NOBODY;
        if (side != NOBODY) {
            *from = i;
            return side;
        }
        alone = alone && is_between(text, i);
    }
    return NOBODY;
}

static int32_t side_behind(struct text *text, uint32_t at, struct span sentence, bool alone, uint32_t *end)
{
    for (uint32_t i = at; i < sentence.end && i < at + OBJECT_REACH; i++) {
        if (text->tokens[i].kind == TOKEN_MARK || text->tokens[i].kind == TOKEN_QUOTE)
            break;
        if (is_any(text, i, delegations)) {
            *end = i + 1;
            return side_of(text, i, sentence);
        }
    }
    uint32_t first = at + (at < sentence.end && is_class(text, at, "determiner"));
    bool named = alone && first < sentence.end && named_at(text, first);
    *end = named ? named_at(text, first)->span.end : first;
    return named ? side_at(text, first) : NOBODY;
}

/* ---- people ----------------------------------------------------------------------------------------------- */

static const struct mention *person_at(const struct text *text, uint32_t at)
{
    const struct mention *mention = named_at(text, at);
    return mention && text->found->actors[mention->actor].kind == ACTOR_PERSON ? mention : NULL;
}

static uint32_t begin_of(const struct mention *mention)
{
    bool before = !span_empty(mention->title) && mention->title.first < mention->span.first;
    return before ? mention->title.first : mention->span.first;
}

/* The person whose name follows, behind a title and little else. */
static const struct mention *next_person(const struct text *text, uint32_t at, struct span sentence)
{
    for (uint32_t i = at; i < sentence.end && i < at + TITLE_REACH; i++) {
        const struct mention *person = person_at(text, i);
        if (person)
            return person;
        if (text->tokens[i].kind == TOKEN_MARK || text->tokens[i].kind == TOKEN_QUOTE || is_between(text, i))
            break;
    }
    return NULL;
}

static struct people people_behind(const struct text *text, uint32_t at, struct span sentence)
{
    struct people people = {.span = {at, at}};
    const struct mention *person = next_person(text, at, sentence);
    if (person)
        people.span.first = begin_of(person);
    while (person && people.count < LEADERS_MAX) {
        people.actors[people.count++] = (int32_t)person->actor;
        people.span.end = person->span.end;
        uint32_t next = person->span.end;
        next += token_is_mark(text, next, ',');
        bool goes_on = next < sentence.end && token_is(text, next, "and");
        person = goes_on ? next_person(text, next + 1, sentence) : NULL;
        /* "…, and X represents Y": the next clause */
        if (person && person->span.end < sentence.end &&
            (is_between(text, person->span.end) || is_any(text, person->span.end, actives)))
            person = NULL;
    }
    return people;
}

/* The people before a verb: directly, or with an apposition between commas. */
static struct people people_before(const struct text *text, uint32_t verb, struct span sentence)
{
    struct people people = {.span = {verb, verb}};
    uint32_t at = verb;
    while (at > sentence.first && is_between(text, at - 1))
        at--;
    const struct mention *person = at > sentence.first ? person_at(text, at - 1) : NULL;
    if (!person && at > sentence.first && token_is_mark(text, at - 1, ','))
        for (uint32_t i = at - 1; i-- > sentence.first && i + TITLE_REACH > at && !person;)
            if (token_is_mark(text, i, ',') && i > sentence.first)
                person = person_at(text, i - 1);
    if (person)
        people.span.end = person->span.end;
    while (person && people.count < LEADERS_MAX) {
        people.actors[people.count++] = (int32_t)person->actor;
        people.span.first = begin_of(person);
        uint32_t before = people.span.first;
        bool goes_on = before > sentence.first + 1 && token_is(text, before - 1, "and");
        person = goes_on ? person_at(text, before - 2) : NULL;
    }
    return people;
}

/* ---- the meeting that they lead them to ------------------------------------------------------------------- */

static bool takes_part(const struct text_meeting *meeting, int32_t actor)
{
    for (uint32_t i = 0; i < meeting->participant_count && i < PARTICIPANTS_MOST; i++)
        if (meeting->participants[i].actor == actor)
            return true;
    return false;
}

static bool same_country(const struct analysis *found, int32_t a, int32_t b)
{
    struct slice one = found->actors[a].country, other = found->actors[b].country;
    return a == b || (one.length && other.length && slice_equal(one, other));
}

/* How likely it is this one: all of them take part, then the side; of equals the one spoken of last. */
static uint32_t likelihood(const struct analysis *found, const struct text_meeting *meeting, const struct people *people,
                           int32_t side, uint32_t at)
{
    uint32_t leaders = 0, last = 0;
    bool sided = false;
    for (uint32_t i = 0; i < people->count; i++)
        leaders += takes_part(meeting, people->actors[i]);
    for (uint32_t i = 0; i < meeting->participant_count && i < PARTICIPANTS_MOST; i++)
        sided |= same_country(found, meeting->participants[i].actor, side);
    for (uint32_t i = 0; i < meeting->mention_count && i < MENTIONS_MOST; i++)
        if (meeting->mentions[i].first <= at)
            last = meeting->mentions[i].first + 1;
    if (is_press_meeting(meeting) || !(sided || leaders) || !meeting->mention_count)
        return 0;
    return 1 + last + (leaders == people->count ? 1u << 30 : 0);
}

static void note(struct text *text, const struct people *people, int32_t side, struct span span)
{
    struct analysis *found = text->found;
    uint32_t best = 0, most = 0;
    if (side == NOBODY || !people->count)
        return;
    for (uint32_t i = 0; i < found->meeting_count && i < MEETINGS_MOST; i++) {
        uint32_t rank = likelihood(found, &found->meetings[i], people, side, span.end);
        if (rank > most) {
            most = rank;
            best = i;
        }
    }
    for (uint32_t i = 0; i < people->count && most; i++) {
        struct detail *detail = add_detail(text, DETAIL_LEADER, best, span);
        if (detail) {
            detail->side = side;
            detail->actor = people->actors[i];
        }
    }
}

/* ---- the sentence ----------------------------------------------------------------------------------------- */

static void read_passive(struct text *text, uint32_t at, struct span sentence)
{
    uint32_t from = at;
    int32_t side = side_before(text, at, sentence, is_any(text, at, representing), &from);
    struct people people = people_behind(text, at + 2, sentence);
    note(text, &people, side, (struct span){from, people.span.end});
}

static void read_active(struct text *text, uint32_t at, struct span sentence)
{
    uint32_t end = at + 1;
    struct people people = people_before(text, at, sentence);
    int32_t side = people.count ? side_behind(text, at + 1, sentence, is_any(text, at, representing), &end) : NOBODY;
    note(text, &people, side, (struct span){people.span.first, end});
}

static void read_head(struct text *text, uint32_t at, struct span sentence)
{
    static const char *const links[] = {"is", "was", "come", "comes", "are", NULL};
    uint32_t end = at + 2, first = at - (at > sentence.first && is_class(text, at - 1, "determiner"));
    int32_t side = side_behind(text, at + 2, sentence, false, &end);
    if (side == NOBODY)
        return;
    const struct mention *before = first > sentence.first + 1 && token_is_mark(text, first - 1, ',') ? person_at(text, first - 2)
                                                                                                     : NULL;
    struct people people = {.span = {at, at}};
    if (before)
        people = (struct people){{(int32_t)before->actor}, 1, {begin_of(before), before->span.end}};
    else if (end < sentence.end)
        people = people_behind(text, end + (token_is_mark(text, end, ',') || is_any(text, end, links)), sentence);
    uint32_t last = people.span.end > end ? people.span.end : end;
    note(text, &people, side, (struct span){people.span.first < at ? people.span.first : at, last});
}

/* All words that are looked for begin so; most words do not. */
static bool may_lead(const struct text *text, uint32_t at)
{
    return text->tokens[at].kind == TOKEN_WORD && memchr("lhcrfLHCRF", token_text(text, at).data[0], 10);
}

void tell_leaders(struct text *text)
{
    uint32_t verbs = 0;
    for (uint32_t i = 0; i < text->sentence_count; i++) {
        struct span sentence = text->sentences[i].span;
        if (text->paragraphs[text->sentences[i].paragraph].role == PARAGRAPH_BOILERPLATE)
            continue;
        for (uint32_t at = sentence.first; at + 2 < sentence.end && verbs < VERBS_MOST; at++) {
            if (!may_lead(text, at))
                continue;
            bool passive = is_any(text, at, passives) && token_is(text, at + 1, "by");
            bool head = !passive && is_any(text, at, heads) && token_is(text, at + 1, "of");
            bool active = !passive && !head && is_any(text, at, actives);
            verbs += passive || head || active;
            if (passive)
                read_passive(text, at, sentence);
            else if (head)
                read_head(text, at, sentence);
            else if (active)
                read_active(text, at, sentence);
        }
    }
}
