/* Meetings: where a text speaks of one, when and where it is, who takes part, and what was said there.
 *
 *     mention  = { modifier } noun [ "of" body ] | verb                  "extraordinary Security Council session", "will meet"
 *     room     = from the mention before in the sentence to the mention after it, not over a verb of saying
 *     day      = weekday "'s" mention | mention … date | date … mention where the date opens the clause
 *     place    = city mention | mention … "in" city
 *
 * A date belongs to the act of saying, and to no meeting, where the verb beside it is one of saying: except to a briefing. */
#include "meetings.h"

#include <string.h>

#include "dates.h"

enum { MODIFIERS_MOST = 6, ROOM_MOST = 45, STEPS_MOST = 8 };

/* ---- words ------------------------------------------------------------------------------------------------ */

static bool is_noun(const struct match *match)
{
    return match->inflections & (INFLECTION_BIT(INFLECTION_PLURAL)) ||
           !(entry_has(match->entry, "meets") || entry_has(match->entry, "with") || entry_has(match->entry, "holds") ||
             entry_has(match->entry, "happens") || entry_has(match->entry, "contact"));
}

/* A verb of saying that is a clause's own: what stands behind it is another clause. */
static bool says(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_VERBS, at);
    const unsigned told = INFLECTION_BIT(INFLECTION_PAST) | INFLECTION_BIT(INFLECTION_THIRD);
    struct match meeting = lexicon_match(text, LEXICON_MEETINGS, at);
    return match.entry && match.inflections & told && (!meeting.entry || entry_has(meeting.entry, "contact"));
}

static struct span sentence_at(const struct text *text, uint32_t at)
{
    return text->sentence_count ? text->sentences[text->sentence_of[at]].span : (struct span){0, text->token_count};
}

/* ---- mentions --------------------------------------------------------------------------------------------- */

/* Part of a name: "Peace Talks Foundation". */
static bool is_named(const struct text *text, uint32_t at)
{
    int32_t mention = text->mention_of[at];
    return mention != NOBODY && text->found->mentions[mention].form <= FORM_MISSPELLING;
}

static bool is_modifier(const struct text *text, uint32_t at)
{
    const struct token *token = &text->tokens[at];
    if (token->kind != TOKEN_WORD && token->kind != TOKEN_NUMBER)
        return false;
    if (is_named(text, at))
        return true;
    if (lexicon_match(text, LEXICON_DATES, at).entry || lexicon_match(text, LEXICON_FUNCTION_WORDS, at).entry)
        return false;
    struct match verb = lexicon_match(text, LEXICON_VERBS, at), common = lexicon_match(text, LEXICON_COMMON_VERBS, at),
                 meeting = lexicon_match(text, LEXICON_MEETINGS, at);
    bool capital = token->flags & TOKEN_CAPITAL && !(token->flags & TOKEN_SENTENCE_START);
    /* "to hold talks", "said talks": the verb is none of it; "planned talks" is rare enough to lose the word. */
    return capital || !(verb.entry || common.entry || (meeting.entry && !is_noun(&meeting)));
}

/* The mention with the words that qualify its noun. */
static struct span with_modifiers(const struct text *text, struct span noun, uint32_t start)
{
    uint32_t first = noun.first;
    for (int steps = 0; first > start && steps < MODIFIERS_MOST; steps++) {
        uint32_t before = first - 1;
        bool dash = token_is_mark(text, before, '-') && before > start && !(text->tokens[before].flags & TOKEN_AFTER_SPACE) &&
                    !(text->tokens[first].flags & TOKEN_AFTER_SPACE);
        bool joined = token_is(text, before, "and") && before > start && text->tokens[before - 1].flags & TOKEN_CAPITAL &&
                      text->tokens[first].flags & TOKEN_CAPITAL;
        if (!joined && !dash && (!is_modifier(text, before) || text->tokens[first].flags & TOKEN_LINE_START))
            break;
        first = before;
    }
    return (struct span){first, noun.end};
}

/* "of the Security Council": the body belongs to the mention. */
static struct span with_body(const struct text *text, struct span noun, uint32_t end)
{
    uint32_t i = noun.end;
    if (i >= end || !token_is(text, i, "of"))
        return noun;
    i++;
    if (i < end && token_is(text, i, "the"))
        i++;
    if (i >= end || text->mention_of[i] == NOBODY)
        return noun;
    const struct mention *mention = &text->found->mentions[text->mention_of[i]];
    enum actor_kind kind = text->found->actors[mention->actor].kind;
    if (kind == ACTOR_ORGANIZATION || kind == ACTOR_ALLIANCE)
        noun.end = mention->span.end < end ? mention->span.end : end;
    return noun;
}

static bool stands_as_verb(const struct text *text, uint32_t at, const struct match *match, uint32_t start)
{
    static const char *const be[] = {"are", "is", "were", "was", "be", "been", NULL};
    static const char *const to[] = {"to", "will", "would", "can", "could", "may", "might", "must", "should", "shall", NULL};
    if (at == start)
        return false;
    static const char *const clause[] = {"while", "when", "after", "before", NULL};
    bool gerund = token_is(text, at, "meeting");
    if (gerund && token_is_any(text, at - 1, clause))
        return true;
    uint32_t before = at - 1;
    if (before > start && (has_class(text, before, "adverb") || has_class(text, before, "negation")))
        before--;
    if (gerund)
        return token_is_any(text, before, be);
    return entry_has(match->entry, "verbal") && match->inflections & INFLECTION_BIT(INFLECTION_BASE) &&
           token_is_any(text, before, to);
}

static enum event_class class_of(const char *kind, const struct entry *entry)
{
    if (entry_has(entry, "press") || strcmp(kind, "briefing") == 0)
        return EVENT_PRESS;
    return strcmp(kind, "call") == 0 ? EVENT_CALL : strcmp(kind, "visit") == 0 ? EVENT_VISIT : EVENT_MEETING;
}

static const char *kind_of(const struct entry *entry)
{
    static const char *const kinds[] = {"talks", "bilateral", "multilateral", "summit", "session",
                                        "call",  "briefing",  "visit",        "other"};
    struct slice kind = entry_get(entry, "kind");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (slice_is(kind, kinds[i]))
            return kinds[i];
    return "talks";
}

/* What the words before a noun say of it. */
static void read_determiner(const struct text *text, struct event *event, uint32_t start)
{
    static const char *const one[] = {"a", "an", "another", "any", "some", NULL};
    static const char *const known[] = {"the", "these", "this", "those", "that", "their", "its", NULL};
    static const char *const first[] = {"first", "preliminary", "initial", "preparatory", "informal", NULL};
    static const char *const main[] = {"main", "formal", "full", "plenary", "principal", NULL};
    uint32_t before = event->span.first;
    for (uint32_t i = event->span.first > start + 2 ? event->span.first - 2 : start; i < event->at; i++) {
        event->first |= token_is_any(text, i, first);
        event->main |= token_is_any(text, i, main);
    }
    while (before > start &&
           (text->tokens[before - 1].kind == TOKEN_QUOTE || token_is_any(text, before - 1, first) ||
            lexicon_match(text, LEXICON_DATES, before - 1).entry) &&
           !token_is_any(text, before - 1, known))
        before--;
    bool determined = before > start;
    event->fresh = determined && token_is_any(text, before - 1, one);
    /* Bare "talks" may be those spoken of before; bare "discussions" hardly. */
    event->definite = !event->fresh && (event->sure || (determined && token_is_any(text, before - 1, known)));
}

/* Nobody says that it takes place: "ready to hold talks", "open to discussions", "no talks". */
static bool is_wished(const struct text *text, const struct event *event, uint32_t start)
{
    static const char *const signs[] = {"ready",   "open",     "willing", "willingness", "readiness", "prepared",    "refuse",
                                        "refused", "refuses",  "if",      "call",        "calls",     "called",      "offer",
                                        "offered", "offers",   "urged",   "demand",      "demanded",  "want",        "wants",
                                        "unless",  "whether",  "propose", "proposed",    "possible",  "possibility", "without",
                                        "rather",  "prospect", "demands", "seek",        "seeks",     NULL};
    uint32_t from = event->span.first > start + STEPS_MOST ? event->span.first - STEPS_MOST : start;
    static const char *const none[] = {"no", "any", NULL};
    for (uint32_t i = from; i < event->span.first; i++)
        if (token_is_any(text, i, signs))
            return true;
    return event->span.first > start && token_is_any(text, event->span.first - 1, none);
}

/* "can negotiate", "could meet": no more than possible. */
static bool is_possible(const struct text *text, uint32_t at, uint32_t start)
{
    static const char *const modals[] = {"can", "could", "may", "might", "would", "should", "must", "cannot", "can't", NULL};
    for (uint32_t i = at; i > start && at - i < 4; i--)
        if (token_is_any(text, i - 1, modals))
            return true;
    return false;
}

static struct event *add_event(struct text *text, struct events *events)
{
    if (events->count == events->room) {
        uint32_t room = events->room ? events->room * 2 : 16;
        events->items =
            arena_grow(text->arena, events->items, events->room * sizeof *events->items, room * sizeof *events->items);
        events->room = room;
    }
    struct event *event = &events->items[events->count++];
    *event = (struct event){.body = NOBODY, .speaker = NOBODY, .meeting = NOBODY, .also = NOBODY};
    return event;
}

/* "told Anna Keller", "updated the council": right behind the verb stands somebody with a name who is not the press. */
static bool tells(const struct text *text, uint32_t at, const struct match *match)
{
    for (uint32_t i = at + match->length; i < text->token_count && i < at + match->length + STEPS_MOST; i++) {
        if (is_named(text, i))
            return text->found->actors[text->found->mentions[text->mention_of[i]].actor].kind != ACTOR_MEDIA;
        if (!(text->tokens[i].flags & TOKEN_CAPITAL) && !has_class(text, i, "determiner") && !has_class(text, i, "possessive"))
            return false;
    }
    return false;
}

/* Whether the match is a mention of a meeting; a verb that only holds one or says when it is, is none. */
static bool is_mention(const struct text *text, uint32_t at, const struct match *match, bool verb, uint32_t start)
{
    const struct entry *entry = match->entry;
    if (!verb)
        return !stands_as_verb(text, at, match, start);
    if (entry_has(entry, "contact") || entry_has(entry, "host"))
        return tells(text, at, match);
    if (!entry_has(entry, "meets") && !entry_has(entry, "with"))
        return false;
    /* "met the requirements", "meet expectations": no one is met. */
    static const char *const things[] = {
        "need",       "needs",       "demand",      "demands",    "requirement", "requirements", "expectation", "expectations",
        "target",     "targets",     "goal",        "goals",      "deadline",    "deadlines",    "standard",    "standards",
        "criteria",   "obligations", "commitments", "conditions", "challenge",   "challenges",   "resistance",  "objections",
        "opposition", "criticism",   "costs",       "end",        "fate",        "support",      "aid",         "help",
        "funding",    "money",       "calls",       "news",       "report",      "reports",      "wave",        NULL};
    uint32_t end = at + match->length;
    for (uint32_t i = end; i < text->token_count && i < end + 4; i++)
        if (text->tokens[i].kind >= TOKEN_QUOTE || token_is_any(text, i, things))
            return text->tokens[i].kind >= TOKEN_QUOTE;
    return true;
}

static void find_events(struct text *text, struct events *events)
{
    for (uint32_t at = 0; at < text->token_count && events->count < TEXT_FINDINGS_MAX;) {
        struct match match = lexicon_match(text, LEXICON_MEETINGS, at);
        if (!match.entry || text->tokens[at].flags & TOKEN_BOILERPLATE) {
            at++;
            continue;
        }
        struct span sentence = sentence_at(text, at), words = {at, at + match.length};
        bool gerund = token_is(text, at, "meeting") && stands_as_verb(text, at, &match, sentence.first);
        bool verb = gerund || !is_noun(&match);
        at = words.end;
        if (entry_has(match.entry, "nothing"))
            continue;
        if (is_named(text, words.first) || words.end > sentence.end ||
            !(gerund || is_mention(text, words.first, &match, verb, sentence.first)))
            continue;
        struct event *event = add_event(text, events);
        event->at = words.end - 1;
        event->entry = match.entry;
        event->verb = verb;
        event->kind = gerund ? "talks" : kind_of(match.entry);
        event->class = class_of(event->kind, match.entry);
        event->sentence = text->sentence_count ? text->sentence_of[words.first] : 0;
        event->sure = verb || entry_has(match.entry, "sure");
        event->loose = entry_has(match.entry, "loose");
        event->span = verb ? words : with_body(text, with_modifiers(text, words, sentence.first), sentence.end);
        at = event->span.end;
        if (!verb)
            read_determiner(text, event, sentence.first);
        event->wished = is_wished(text, event, sentence.first) || (verb && is_possible(text, words.first, sentence.first));
        event->way = verb ? leaning_of_verb(text, words.first) : leaning_at(text, event->span).way;
    }
}

/* What is said in each sentence, and the day on which each actor is first said to have said something. */
struct sayings {
    uint32_t *first, *next; /* attribution + 1, or 0 */
    struct slice *day;      /* by actor */
};

static struct sayings read_sayings(const struct text *text)
{
    struct sayings sayings = {
        .first = arena_zero(text->arena, (text->sentence_count + 1) * sizeof *sayings.first),
        .next = arena_zero(text->arena, (text->attribution_count + 1) * sizeof *sayings.next),
        .day = arena_zero(text->arena, (text->found->actor_count + 1) * sizeof *sayings.day),
    };
    for (uint32_t i = text->attribution_count; i-- > 0;) {
        const struct attribution *attribution = &text->attributions[i];
        struct span cue = span_empty(attribution->cue) ? attribution->source : attribution->cue;
        if (span_empty(cue) || !text->sentence_count)
            continue;
        sayings.next[i] = sayings.first[text->sentence_of[cue.first]];
        sayings.first[text->sentence_of[cue.first]] = i + 1;
    }
    for (uint32_t i = 0; i < text->found->claim_count; i++) {
        const struct claim *claim = &text->found->claims[i];
        if (claim->speaker != NOBODY && claim->said_on.data && !sayings.day[claim->speaker].data)
            sayings.day[claim->speaker] = claim->said_on;
    }
    return sayings;
}

/* A call with journalists is a briefing; a "conference call" of two presidents is none. */
static void settle_class(const struct text *text, struct event *event)
{
    static const char *const press[] = {"reporters", "journalists", "media", "press", "correspondents", NULL};
    struct span sentence = sentence_at(text, event->at);
    bool with_press = false, of_two = false;
    for (uint32_t i = sentence.first; i < sentence.end && i < sentence.first + ROOM_MOST * 2; i++)
        with_press |= token_is_any(text, i, press);
    for (uint32_t i = event->span.end; i < sentence.end && i < event->span.end + 3; i++)
        of_two |= token_is(text, i, "between") || token_is(text, i, "with");
    if (event->class == EVENT_CALL && with_press)
        event->class = EVENT_PRESS;
    if (event->class == EVENT_PRESS && of_two && !with_press && !entry_has(event->entry, "press"))
        event->class = EVENT_CALL;
    if (event->class == EVENT_PRESS && strcmp(event->kind, "call") == 0)
        event->kind = "briefing";
    if (event->class == EVENT_CALL && strcmp(event->kind, "briefing") == 0)
        event->kind = "call";
}

/* "… said during a phone call": with nobody else on it, it is the one in which it was said. */
static void settle_call(const struct text *text, const struct sayings *sayings, struct event *event)
{
    static const char *const in[] = {"during", "in", "on", NULL};
    bool led = false;
    for (uint32_t i = event->span.first; i > event->room.first && event->span.first - i < 3; i--)
        led |= token_is_any(text, i - 1, in);
    bool of_two = false;
    for (uint32_t i = event->span.end; i < event->room.end && i < event->span.end + 6; i++)
        of_two |= token_is(text, i, "between") || token_is(text, i, "with");
    if (event->class != EVENT_CALL || !led || of_two || !sayings->first[event->sentence])
        return;
    event->class = EVENT_PRESS;
    event->kind = "briefing";
}

/* ---- room ------------------------------------------------------------------------------------------------- */

static void give_room(const struct text *text, struct events *events)
{
    for (uint32_t i = 0; i < events->count; i++) {
        struct event *event = &events->items[i];
        struct span sentence = sentence_at(text, event->at);
        uint32_t first = sentence.first, end = sentence.end;
        if (i > 0 && events->items[i - 1].span.end > first && events->items[i - 1].sentence == event->sentence)
            first = events->items[i - 1].span.end;
        if (i + 1 < events->count && events->items[i + 1].sentence == event->sentence)
            end = events->items[i + 1].span.first;
        if (event->span.first > first + ROOM_MOST)
            first = event->span.first - ROOM_MOST;
        if (end > event->span.end + ROOM_MOST)
            end = event->span.end + ROOM_MOST;
        event->reach = first;
        for (uint32_t k = event->span.end; k < end; k++)
            if (says(text, k) || token_is_mark(text, k, ';'))
                end = k;
        for (uint32_t k = event->span.first; k-- > first;)
            if (says(text, k) || token_is_mark(text, k, ';'))
                first = k + 1;
        event->room = (struct span){first, end > event->span.end ? end : event->span.end};
    }
}

/* ---- days ------------------------------------------------------------------------------------------------- */

/* Whether a date before the mention is its own: "Monday's meeting", "the Thursday talks", "On Monday the leaders will meet". */
static bool leads_to(const struct text *text, const struct date *date, const struct event *event)
{
    /* "seven months after the summit" is not when the summit was. */
    struct match sign = lexicon_match(text, LEXICON_DATES, date->span.end - 1);
    if (sign.entry && entry_has(sign.entry, "sign"))
        return false;
    if (date->span.end >= event->span.first) /* inside the mention: "Thursday talks" */
        return true;
    uint32_t i = date->span.end;
    if (text->tokens[i].kind == TOKEN_CLITIC || text->tokens[i].kind == TOKEN_QUOTE)
        i++;
    if (event->span.first <= i + 1 || token_is(text, i, "for"))
        return true;
    uint32_t start = sentence_at(text, event->at).first;
    bool opens = date->span.first <= start + 2;
    for (uint32_t k = date->span.first; k-- > event->room.first && date->span.first - k < 4;)
        opens |= token_is(text, k, "that") || token_is_mark(text, k, ',');
    return opens || (event->verb && event->span.first - date->span.end < STEPS_MOST);
}

static void take_date(struct event *event, const struct date *date)
{
    event->day = date->value;
    event->until = date->until;
    event->precision = date->precision;
    event->part = date->part_of_day;
}

static bool is_exact(const char *precision)
{
    return precision && (strcmp(precision, "day") == 0 || strcmp(precision, "hour") == 0 || strcmp(precision, "minute") == 0);
}

/* The date of a meeting: the nearest in its room, behind it rather than before it. */
static void find_day(const struct text *text, struct event *event)
{
    const struct date *best = NULL;
    uint32_t nearest = UINT32_MAX;
    uint32_t end = event->room.end;
    for (uint32_t i = date_from(text, event->room.first > 2 ? event->room.first - 2 : 0); i < text->found->date_count; i++) {
        const struct date *date = &text->found->dates[i];
        if (date->span.first >= end)
            break;
        bool behind = date->span.first >= event->span.end;
        if (!date->value.data || (!behind && date->span.first < event->room.first) || (!behind && !leads_to(text, date, event)))
            continue;
        if (leaning_at(text, date->span).saying && event->class != EVENT_PRESS && event->class != EVENT_CALL)
            continue;
        uint32_t distance = behind                                    ? date->span.first - event->span.end
                            : date->span.end + 1 >= event->span.first ? 0
                                                                      : (event->span.first - date->span.end) * 2;
        if (!is_exact(date->precision))
            distance += 8;
        if (distance < nearest) {
            nearest = distance;
            best = date;
        }
    }
    if (best)
        take_date(event, best);
}

/* "on Friday, and with the neighbours on Saturday": one noun, two meetings. */
static void split_in_two(struct text *text, struct events *events, uint32_t place)
{
    struct event event = events->items[place];
    for (uint32_t i = date_from(text, event.span.end); i + 1 < text->found->date_count; i++) {
        const struct date *first = &text->found->dates[i], *second = &text->found->dates[i + 1];
        uint32_t and = first->span.end;
        if (second->span.first >= event.room.end)
            return;
        if (!token_is(text, and, "and") || !(token_is(text, and+1, "with") || token_is(text, and+1, "between")) ||
            !is_exact(second->precision))
            continue;
        struct event *other = add_event(text, events);
        *other = event;
        events->items[place].room.end = and;
        other->room.first = and+1;
        other->body = NOBODY;
        other->fresh = true;
        other->definite = false;
        take_date(&events->items[place], first);
        take_date(other, second);
        return;
    }
}

/* "will meet with … for talks on Sunday": one and the same. */
static void share_day(const struct text *text, struct event *verb, struct event *noun)
{
    if (!verb->verb || noun->verb || noun->sentence != verb->sentence || span_empty(noun->span) || noun->span.first == 0 ||
        !token_is(text, noun->span.first - 1, "for"))
        return;
    if (!verb->day.data) {
        verb->day = noun->day;
        verb->until = noun->until;
        verb->precision = noun->precision;
        verb->part = noun->part;
    }
    if (!noun->party_count) {
        memcpy(noun->parties, verb->parties, sizeof noun->parties);
        noun->party_count = verb->party_count;
    }
}

/* ---- places ----------------------------------------------------------------------------------------------- */

static void take_city(struct event *event, const struct entry *city)
{
    event->city = city->name;
    event->country = entry_get(city, "country");
}

/* The city or the state whose name stands there. */
static bool take_place(const struct text *text, struct event *event, uint32_t at)
{
    at = token_is(text, at, "the") ? at + 1 : at;
    struct match city = lexicon_match(text, LEXICON_CITIES, at), state = lexicon_match(text, LEXICON_STATES, at);
    if (city.entry && city.length >= state.length)
        take_city(event, city.entry);
    else if (state.entry && !entry_has(state.entry, "adjective") && !event->country.data)
        event->country = entry_get(state.entry, "code");
    else
        return false;
    return true;
}

/* "Geneva talks", "talks … in Geneva", "In Geneva, … will meet" */
static void find_place(const struct text *text, struct event *event)
{
    for (uint32_t i = event->span.first; i < event->at; i++) {
        struct match city = lexicon_match(text, LEXICON_CITIES, i);
        if (city.entry && text->tokens[i].flags & TOKEN_CAPITAL)
            take_city(event, city.entry);
    }
    if (event->verb && event->class == EVENT_VISIT && take_place(text, event, event->span.end))
        return;
    for (int side = 0; side < 2 && !event->city.data; side++) {
        uint32_t from = side ? event->room.first : event->at + 1, end = side ? event->span.first : event->room.end;
        if (side && event->room.first != sentence_at(text, event->at).first)
            break;
        for (uint32_t i = from; i + 1 < end && !event->city.data; i++) {
            bool to = event->class == EVENT_VISIT && token_is(text, i, "to");
            if (!token_is(text, i, "in") && !to)
                continue;
            take_place(text, event, i + 1);
        }
    }
}

/* "in the same city": that of the meeting spoken of before. */
static void same_city(const struct text *text, struct events *events, uint32_t place)
{
    struct event *event = &events->items[place];
    for (uint32_t i = event->span.end; i + 1 < event->room.end && !event->city.data; i++) {
        if (!token_is(text, i, "same") || !token_is(text, i + 1, "city"))
            continue;
        for (uint32_t k = place; k-- > 0 && !event->city.data;) {
            event->city = events->items[k].city;
            event->country = events->items[k].country;
        }
    }
}

/* ---- off -------------------------------------------------------------------------------------------------- */

/* "was cancelled", "postponed the meeting": by a verb right beside the mention. */
static void find_status(const struct text *text, struct event *event)
{
    uint32_t first = event->span.first > event->room.first + STEPS_MOST ? event->span.first - STEPS_MOST : event->room.first;
    uint32_t end = event->room.end < event->span.end + STEPS_MOST * 2 ? event->room.end : event->span.end + STEPS_MOST * 2;
    for (uint32_t i = first; i < end; i++) {
        struct match match = lexicon_match(text, LEXICON_MEETINGS, i);
        struct slice status = match.entry ? entry_get(match.entry, "status") : NO_SLICE;
        if (!status.data || token_is_any(text, i, (const char *const[]){"delay", "delays", NULL}))
            continue;
        event->off = slice_is(status, "cancelled") ? "cancelled" : "postponed";
    }
}

/* ---- briefings -------------------------------------------------------------------------------------------- */

/* Who speaks at a briefing: the source of what is said in the same sentence. Its day is that of the saying. */
static void find_speaker(const struct text *text, const struct sayings *sayings, struct event *event)
{
    struct span sentence = sentence_at(text, event->at);
    for (uint32_t next = sayings->first[event->sentence]; next && event->speaker == NOBODY; next = sayings->next[next - 1]) {
        const struct attribution *attribution = &text->attributions[next - 1];
        int32_t actor = span_empty(attribution->source) ? NOBODY : source_actor(text, attribution->source);
        if (actor != NOBODY && text->found->actors[actor].kind != ACTOR_MEDIA)
            event->speaker = actor;
        const struct date *date = event->day.data ? NULL : date_of_speech(text, attribution);
        if (date)
            take_date(event, date);
    }
    for (uint32_t k = event->span.first; k-- > sentence.first && event->speaker == NOBODY;) {
        if (text->mention_of[k] == NOBODY)
            continue;
        int32_t actor = (int32_t)text->found->mentions[text->mention_of[k]].actor;
        enum actor_kind kind = text->found->actors[actor].kind;
        if (kind == ACTOR_PERSON || kind == ACTOR_ANONYMOUS)
            event->speaker = actor;
    }
}

/* "She said no more at the briefing": whoever was quoted just before. `claim`: the first that stands behind the
 * mention before. */
static void speaker_before(const struct text *text, struct event *event, uint32_t *claim)
{
    const struct analysis *found = text->found;
    while (*claim < found->claim_count && found->claims[*claim].content[0].first < event->at)
        ++*claim;
    if (event->class != EVENT_PRESS || event->speaker != NOBODY || *claim == 0)
        return;
    const struct claim *before = &found->claims[*claim - 1];
    int32_t speaker = before->speaker;
    if (speaker == NOBODY || event->sentence > text->sentence_of[before->content[0].first] + 3)
        return;
    enum actor_kind kind = found->actors[speaker].kind;
    if (kind == ACTOR_PERSON || kind == ACTOR_ANONYMOUS)
        event->speaker = speaker;
}

/* A briefing that its own sentence does not date is on the day of what its speaker is said to have said. */
static void briefing_day(const struct sayings *sayings, struct event *event)
{
    if (event->day.data || event->speaker == NOBODY || !sayings->day[event->speaker].data)
        return;
    event->day = sayings->day[event->speaker];
    event->precision = "day";
}

/* ---- claims ----------------------------------------------------------------------------------------------- */

/* What the speaker of a briefing is said to have said, he said there, unless it was on another day. */
static void give_occasions(struct text *text, const struct events *events)
{
    int32_t *briefing = arena_alloc(text->arena, (text->found->actor_count + 1) * sizeof *briefing);
    for (uint32_t i = 0; i < text->found->actor_count; i++)
        briefing[i] = NOBODY;
    for (uint32_t i = 0; i < events->count; i++) {
        const struct event *event = &events->items[i];
        if (event->class == EVENT_PRESS && event->speaker != NOBODY && briefing[event->speaker] == NOBODY)
            briefing[event->speaker] = event->meeting;
    }
    for (uint32_t i = 0; i < text->found->claim_count; i++) {
        struct claim *claim = &text->found->claims[i];
        int32_t meeting = claim->speaker == NOBODY ? NOBODY : briefing[claim->speaker];
        struct slice day = meeting == NOBODY ? NO_SLICE : text->found->meetings[meeting].starts_on;
        if (meeting == NOBODY || (claim->said_on.data && day.data && !slice_equal(claim->said_on, day)))
            continue;
        claim->occasion = meeting;
        if (!claim->said_on.data)
            claim->said_on = day;
    }
}

/* "X said at the summit": what stands in the sentence of the cue, behind "at" or "during", outside what is said. */
static void occasions_beside(struct text *text, const struct events *events)
{
    uint32_t event = 0;
    for (uint32_t k = 0; k < text->found->claim_count; k++) {
        struct claim *claim = &text->found->claims[k];
        struct span cue = span_empty(claim->cue) ? claim->source : claim->cue;
        if (span_empty(cue) || claim->occasion != NOBODY)
            continue;
        struct span sentence = sentence_at(text, cue.first);
        while (event > 0 && events->items[event - 1].at >= sentence.first)
            event--;
        for (; event < events->count && events->items[event].at < sentence.end; event++) {
            const struct event *place = &events->items[event];
            static const char *const at[] = {"at", "during", NULL};
            bool inside = false, led = false;
            for (uint32_t i = 0; i < claim->content_count; i++)
                inside |= span_holds(claim->content[i], place->at);
            for (uint32_t i = place->span.first; i > sentence.first && place->span.first - i < 3; i--)
                led |= token_is_any(text, i - 1, at);
            if (place->at >= sentence.first && !inside && led && place->meeting != NOBODY)
                claim->occasion = place->meeting;
        }
    }
}

/* ---- all of them ------------------------------------------------------------------------------------------ */

/* The sentence says who leads a delegation, without naming the meeting again. */
static void find_delegations(struct text *text, struct events *events)
{
    static const char *const words[] = {"delegation",   "delegations", "negotiator", "negotiators",
                                        "accompanying", "accompanied", NULL};
    uint32_t event = 0;
    for (uint32_t s = 0; s < text->sentence_count; s++) {
        struct span sentence = text->sentences[s].span;
        bool named = false, delegation = false;
        for (; event < events->count && events->items[event].at < sentence.end; event++)
            named |= events->items[event].at >= sentence.first;
        for (uint32_t i = sentence.first; i < sentence.end && !named && !delegation; i++)
            delegation = token_is_any(text, i, words) && !(text->tokens[i].flags & TOKEN_BOILERPLATE);
        if (named || !delegation || event == 0)
            continue;
        struct event other = events->items[event - 1];
        if (other.class != EVENT_MEETING || s - other.sentence > 4)
            continue;
        struct event *added = add_event(text, events);
        *added = (struct event){.at = sentence.first,
                                .room = sentence,
                                .reach = sentence.first,
                                .entry = other.entry,
                                .kind = "talks",
                                .sentence = s,
                                .class = other.class,
                                .body = NOBODY,
                                .speaker = NOBODY,
                                .meeting = NOBODY,
                                .also = NOBODY,
                                .definite = true,
                                .span = {sentence.first, sentence.first},
                                .way = leaning_at(text, (struct span){sentence.first, sentence.first + 1}).way};
        /* Events stand in the order of the text. */
        struct event kept = *added;
        memmove(&events->items[event + 1], &events->items[event], (events->count - 1 - event) * sizeof *events->items);
        events->items[event++] = kept;
    }
}

void text_meetings(struct text *text)
{
    struct events events = {0};
    find_events(text, &events);
    if (!events.count)
        return;
    give_room(text, &events);
    find_delegations(text, &events);
    parties_open(text, &events);
    struct sayings sayings = read_sayings(text);
    uint32_t count = events.count, claim = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct event *event = &events.items[i];
        if (span_empty(event->span)) {
            event_parties(text, &events, event);
            continue;
        }
        settle_class(text, event);
        settle_call(text, &sayings, event);
        find_day(text, event);
        find_place(text, event);
        same_city(text, &events, i);
        find_status(text, event);
        if (event->class == EVENT_PRESS) {
            find_speaker(text, &sayings, event);
            speaker_before(text, event, &claim);
            briefing_day(&sayings, event);
        } else {
            split_in_two(text, &events, i);
        }
        event_parties(text, &events, &events.items[i]);
    }
    for (uint32_t i = 0; i + 1 < count; i++)
        share_day(text, &events.items[i], &events.items[i + 1]);
    for (uint32_t i = count; i < events.count; i++)
        event_parties(text, &events, &events.items[i]);
    meetings_merge(text, &events);
    give_occasions(text, &events);
    occasions_beside(text, &events);
}
