/* Who takes part in a meeting:
 *
 *     "between" list | "with" list | "of" list             behind the mention
 *     "US-Russia talks", "Biden-Putin summit"              in it
 *     list verb | list "will hold" mention                 before it
 *     "led by" list | "chaired by" | "hosted by"           anywhere in its room
 *
 * A list goes on over "and" and commas. The adjective of a state stands for the state: "US and Russian diplomats". */
#include <string.h>

#include "dates.h"
#include "meetings.h"

enum { LIST_MOST = 30, SUBJECT_MOST = 30, HOLDS_MOST = 7, ACTORS_SCANNED = 200 };

/* ---- actors ----------------------------------------------------------------------------------------------- */

/* The place of "US" in a table of countries, or -1. */
static int country_place(struct slice country)
{
    if (country.length != 2 || country.data[0] < 'A' || country.data[0] > 'Z' || country.data[1] < 'A' || country.data[1] > 'Z')
        return -1;
    return (country.data[0] - 'A') * 26 + country.data[1] - 'A';
}

void parties_open(const struct text *text, struct events *events)
{
    events->states = arena_alloc(text->arena, COUNTRIES_MAX * sizeof *events->states);
    for (int i = 0; i < COUNTRIES_MAX; i++)
        events->states[i] = NOBODY;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < text->found->actor_count; i++) {
            const struct actor *actor = &text->found->actors[i];
            int place = country_place(actor->country);
            if (place >= 0 && events->states[place] == NOBODY && actor->kind == (pass ? ACTOR_GOVERNMENT : ACTOR_STATE))
                events->states[place] = (int32_t)i;
        }
}

bool same_side(const struct text *text, int32_t a, int32_t b)
{
    const struct actor *one = &text->found->actors[a], *other = &text->found->actors[b];
    return a == b || (one->country.data && other->country.data && slice_equal(one->country, other->country));
}

/* A government that is named by its seat stands for its state, where the text has that, too. */
static int32_t rolled_up(const struct text *text, const struct events *events, int32_t actor)
{
    const struct actor *who = &text->found->actors[actor];
    int place = who->kind == ACTOR_GOVERNMENT ? country_place(who->country) : -1;
    return place >= 0 && events->states[place] != NOBODY ? events->states[place] : actor;
}

static void add_party(struct event *event, int32_t actor, enum participant_role role)
{
    if (actor == NOBODY)
        return;
    for (uint32_t i = 0; i < event->party_count; i++)
        if (event->parties[i].actor == actor) {
            if (role != ROLE_MEMBER)
                event->parties[i].role = role;
            return;
        }
    if (event->party_count < EVENT_PARTIES_MAX)
        event->parties[event->party_count++] = (struct participant){actor, role};
}

static int32_t state_at(const struct text *text, const struct events *events, uint32_t at, uint32_t *length)
{
    struct match state = lexicon_match(text, LEXICON_STATES, at);
    int place = state.entry && text->tokens[at].flags & TOKEN_CAPITAL ? country_place(entry_get(state.entry, "code")) : -1;
    *length = state.length;
    return place < 0 ? NOBODY : events->states[place];
}

/* Who stands at a token: a mention's actor, or the state that an adjective speaks of. `next`: the token behind it. */
static int32_t party_at(const struct text *text, const struct events *events, uint32_t at, uint32_t *next)
{
    uint32_t length = 0;
    *next = at + 1;
    if (text->mention_of[at] != NOBODY) {
        const struct mention *mention = &text->found->mentions[text->mention_of[at]];
        enum actor_kind kind = text->found->actors[mention->actor].kind;
        *next = mention->span.end > at ? mention->span.end : at + 1;
        return kind == ACTOR_MEDIA ? NOBODY : rolled_up(text, events, (int32_t)mention->actor);
    }
    int32_t state = state_at(text, events, at, &length);
    if (state != NOBODY)
        *next = at + length;
    return state;
}

/* "Biden" of "Biden-Putin", "US" of "US-Russia". */
static int32_t named(const struct text *text, const struct events *events, struct slice part)
{
    const struct entry *state = lexicon_find(LEXICON_STATES, part);
    int place = state ? country_place(entry_get(state, "code")) : -1;
    if (place >= 0)
        return events->states[place];
    for (uint32_t i = 0; i < text->found->actor_count && i < ACTORS_SCANNED; i++) {
        struct slice name = text->found->actors[i].name;
        bool last = name.length >= part.length && memcmp(name.data + name.length - part.length, part.data, part.length) == 0;
        if (part.length > 1 && last && (name.length == part.length || name.data[name.length - part.length - 1] == ' '))
            return (int32_t)i;
    }
    return NOBODY;
}

static bool read_hyphened(const struct text *text, const struct events *events, struct event *event, uint32_t at)
{
    struct slice rest = token_text(text, at);
    int32_t parties[3], count = 0;
    while (rest.data && count < 3) {
        parties[count] = named(text, events, slice_cut(&rest, '-'));
        if (parties[count] == NOBODY)
            return false;
        count++;
    }
    for (int i = 0; i < count; i++)
        add_party(event, parties[i], ROLE_MEMBER);
    return true;
}

/* ---- lists ------------------------------------------------------------------------------------------------ */

static bool is_clause_verb(const struct text *text, uint32_t at)
{
    const unsigned told = INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_THIRD);
    struct match saying = lexicon_match(text, LEXICON_VERBS, at), common = lexicon_match(text, LEXICON_COMMON_VERBS, at);
    return (saying.entry && saying.inflections & told) || (common.entry && common.inflections & told);
}

/* The parties from `at` on, as far as the list goes; the token behind it. */
static uint32_t read_list(const struct text *text, const struct events *events, struct event *event, uint32_t at, uint32_t end,
                          enum participant_role role)
{
    static const char *const stops[] = {"in",  "on",    "at",   "over", "about", "after",     "before", "during", "to",
                                        "who", "which", "that", "when", "where", "regarding", "amid",   "will",   "would",
                                        "is",  "are",   "was",  "were", "has",   "have",      "had",    "if",     "as",
                                        "but", "while", "next", "this", "last",  NULL};
    for (uint32_t i = at; i < end && i < at + LIST_MOST;) {
        uint32_t next;
        int32_t party = party_at(text, events, i, &next);
        if (party != NOBODY) {
            add_party(event, party, role);
        } else if (token_is_any(text, i, stops) || text->tokens[i].kind == TOKEN_QUOTE || is_clause_verb(text, i)) {
            return i;
        } else if (text->tokens[i].kind == TOKEN_MARK && !token_is_mark(text, i, '-')) {
            uint32_t after;
            bool goes_on = token_is_mark(text, i, ',') && i + 1 < end &&
                           (token_is(text, i + 1, "and") || party_at(text, events, i + 1, &after) != NOBODY);
            if (!goes_on)
                return i;
        }
        i = next;
    }
    return end;
}

/* What stands behind the mention, and the heads and hosts anywhere in its room. */
static void read_behind(const struct text *text, const struct events *events, struct event *event)
{
    static const char *const lists[] = {"with", "between", "of", "among", "from", NULL};
    static const char *const heads[] = {"led", "headed", "chaired", "represented", "attended", NULL};
    static const char *const hosts[] = {"hosted", "organised", "organized", "convened", "mediated", "brokered", NULL};
    uint32_t end = event->room.end;
    for (uint32_t i = event->span.end; i < end;) {
        bool by = token_is(text, i, "by") && i > 0;
        if (by && token_is_any(text, i - 1, heads))
            i = read_list(text, events, event, i + 1, end, token_is(text, i - 1, "attended") ? ROLE_MEMBER : ROLE_HEAD);
        else if (by && token_is_any(text, i - 1, hosts))
            i = read_list(text, events, event, i + 1, end, ROLE_HOST);
        else if (token_is_any(text, i, lists) &&
                 (i < event->span.end + 8 || token_is(text, i, "with") || token_is(text, i, "between")))
            i = read_list(text, events, event, i + 1, end, ROLE_MEMBER);
        else if (token_is(text, i, "at") && i < event->span.end + 3 && !event->verb) {
            uint32_t next, at = i + 1 + (i + 1 < end && token_is(text, i + 1, "the"));
            int32_t party = at < end ? party_at(text, events, at, &next) : NOBODY;
            if (party != NOBODY && text->found->actors[party].kind == ACTOR_ORGANIZATION) {
                event->body = party;
                add_party(event, party, ROLE_MEMBER);
            }
            i++;
        } else
            i++;
    }
}

/* ---- before the mention ----------------------------------------------------------------------------------- */

/* The parties before a verb, as far as its clause goes. */
static void read_subject(const struct text *text, const struct events *events, struct event *event, uint32_t verb,
                         enum participant_role role)
{
    static const char *const stops[] = {"that", "while", "when", "because", "but", "whether", "if", "as", NULL};
    static const char *const apart[] = {"in",      "on",    "at",   "after",     "before", "over",
                                        "against", "about", "near", "following", NULL};
    int32_t found[EVENT_PARTIES_MAX];
    uint32_t count = 0;
    bool person = false;
    for (uint32_t i = verb, steps = 0; i-- > event->reach && steps < SUBJECT_MOST && count < EVENT_PARTIES_MAX; steps++) {
        uint32_t next;
        int32_t party = party_at(text, events, i, &next);
        if (party == NOBODY) {
            bool ends = (token_is_mark(text, i, ',') && person) || token_is_any(text, i, stops) ||
                        text->tokens[i].kind == TOKEN_QUOTE || token_is_mark(text, i, ':') || is_clause_verb(text, i);
            if (count && ends)
                break;
            continue;
        }
        uint32_t first = text->mention_of[i] != NOBODY ? text->found->mentions[text->mention_of[i]].span.first : i;
        bool placed = first > event->reach &&
                      (token_is_any(text, first - 1, apart) ||
                       (first > event->reach + 1 && token_is(text, first - 1, "the") && token_is_any(text, first - 2, apart)));
        if (!placed) {
            found[count++] = party;
            person |= text->found->actors[party].kind == ACTOR_PERSON;
        }
        i = first;
    }
    while (count > 0)
        add_party(event, found[--count], role);
}

/* "Begin their second round of talks", but not "begin before the talks": nothing of the clause stands between. */
static bool is_object(const struct text *text, uint32_t at, uint32_t noun)
{
    static const char *const between[] = {"a", "an", "the", "their", "its", "new", "these", "those", "of", NULL};
    for (; at < noun; at++)
        if (text->tokens[at].kind == TOKEN_MARK || (word_class(text, at).data && !token_is_any(text, at, between)))
            return false;
    return true;
}

/* "Norwegian envoys mean to hold talks": the verb before the noun that holds it. */
static void read_holders(const struct text *text, const struct events *events, struct event *event)
{
    uint32_t first = event->span.first > event->room.first + HOLDS_MOST ? event->span.first - HOLDS_MOST : event->room.first;
    for (uint32_t i = event->span.first; i-- > first;) {
        struct match match = lexicon_match(text, LEXICON_MEETINGS, i);
        bool held = match.entry && (entry_has(match.entry, "holds") || entry_has(match.entry, "host"));
        if (held && (!entry_has(match.entry, "happens") || is_object(text, i + match.length, event->span.first))) {
            read_subject(text, events, event, i, entry_has(match.entry, "host") ? ROLE_HOST : ROLE_MEMBER);
            return;
        }
    }
}

static bool is_hyphened(const struct text *text, uint32_t at)
{
    struct slice word = token_text(text, at);
    return text->tokens[at].flags & TOKEN_CAPITAL && memchr(word.data, '-', word.length);
}

static void read_inside(const struct text *text, const struct events *events, struct event *event)
{
    for (uint32_t i = event->span.first; i < event->span.end;) {
        uint32_t next;
        bool alone = text->mention_of[i] == NOBODY || text->found->mentions[text->mention_of[i]].span.end == i + 1;
        if (alone && is_hyphened(text, i) && read_hyphened(text, events, event, i)) {
            i++;
            continue;
        }
        int32_t party = party_at(text, events, i, &next);
        if (party != NOBODY) {
            enum actor_kind kind = text->found->actors[party].kind;
            if (!event->verb && (kind == ACTOR_ORGANIZATION || kind == ACTOR_ALLIANCE))
                event->body = party;
            if (event->class != EVENT_PRESS)
                add_party(event, party, ROLE_MEMBER);
        }
        i = next;
    }
}

/* ---- special sentences ------------------------------------------------------------------------------------ */

/* Those who listen at a briefing. */
static void read_listeners(const struct text *text, struct event *event)
{
    static const char *const words[] = {"reporters", "journalists", "correspondents", "press", NULL};
    for (uint32_t i = event->room.first; i < event->room.end; i++)
        if (token_is_any(text, i, words) && text->mention_of[i] != NOBODY)
            add_party(event, (int32_t)text->found->mentions[text->mention_of[i]].actor, ROLE_MEMBER);
}

/* A sentence on a delegation: "Norway's delegation is headed by …, Chile is represented by …". */
static void read_delegation(const struct text *text, const struct events *events, struct event *event)
{
    static const char *const with[] = {"accompanying", "accompanied", NULL};
    enum participant_role role = ROLE_MEMBER;
    bool named = false;
    for (uint32_t i = event->room.first; i < event->room.end;) {
        uint32_t next;
        int32_t party = party_at(text, events, i, &next);
        enum actor_kind kind = party == NOBODY ? ACTOR_KINDS : text->found->actors[party].kind;
        named |= token_is(text, i, "by") || token_is_any(text, i, with);
        role = token_is(text, i, "by") && i > 0 && !token_is_any(text, i - 1, with) ? ROLE_HEAD : role;
        if (kind == ACTOR_STATE || (kind == ACTOR_PERSON && named))
            add_party(event, party, kind == ACTOR_PERSON ? role : ROLE_MEMBER);
        i = next;
    }
}

/* ---- all of them ------------------------------------------------------------------------------------------ */

void event_parties(const struct text *text, const struct events *events, struct event *event)
{
    if (span_empty(event->span)) {
        read_delegation(text, events, event);
        return;
    }
    read_inside(text, events, event);
    if (event->class == EVENT_PRESS) {
        add_party(event, event->speaker, ROLE_HEAD);
        read_listeners(text, event);
        return;
    }
    read_behind(text, events, event);
    if (!event->verb) {
        read_holders(text, events, event);
        return;
    }
    read_subject(text, events, event, event->span.first, entry_has(event->entry, "host") ? ROLE_HOST : ROLE_MEMBER);
    /* "met Keller", "visited Oslo" */
    if (entry_has(event->entry, "meets") || entry_has(event->entry, "contact"))
        read_list(text, events, event, event->span.end, event->room.end, ROLE_MEMBER);
}
