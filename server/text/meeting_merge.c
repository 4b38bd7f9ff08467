/* Which mentions speak of the same meeting.
 *
 * Mentions with a day come first: the same day, and nothing that contradicts (another place, another body, other parties), make
 * one meeting. Then those with a month or a year, then those without: each goes to the meeting that it fits best, the nearest of
 * equals. What fits none is a meeting of its own only where the text says who meets, and does not merely wish for it. */
#include <string.h>

#include "dates.h"
#include "meetings.h"

enum { HEAD_SENTENCES = 4, MEETINGS_SCANNED = 60, PARTIES_MOST = 24 };

/* A meeting while it is put together. */
struct group {
    struct event whole; /* what all of its events tell */
    struct participant parties[PARTIES_MOST];
    uint32_t party_count, event_count;
    uint32_t mention_room; /* events that are this meeting in the end */
    uint32_t seen;         /* the sentence of the mention before, 1 more; 0: not yet */
    bool fixed;            /* its day is known */
    uint32_t named;        /* the event with the fullest mention */
};

struct merging {
    struct text *text;
    struct events *events;
    struct group *groups;
    uint32_t count, room;
};

/* ---- days ------------------------------------------------------------------------------------------------- */

static bool is_exact(const struct event *event)
{
    const char *precision = event->precision;
    return event->day.length >= 10 && precision &&
           (strcmp(precision, "day") == 0 || strcmp(precision, "hour") == 0 || strcmp(precision, "minute") == 0);
}

static int compare_days(struct slice a, struct slice b)
{
    size_t length = a.length < b.length ? a.length : b.length;
    return memcmp(a.data, b.data, length > 10 ? 10 : length);
}

/* "tomorrow night" and "Sunday evening" are the same to those who speak. */
static bool same_part(const char *a, const char *b)
{
    bool late_a = a && (strcmp(a, "evening") == 0 || strcmp(a, "night") == 0);
    bool late_b = b && (strcmp(b, "evening") == 0 || strcmp(b, "night") == 0);
    return !a || !b || strcmp(a, b) == 0 || (late_a && late_b);
}

/* Whether what an event says of its time can be so of a meeting: 1 it says the same, 0 nothing, -1 it cannot. */
static int same_time(const struct event *event, const struct group *group)
{
    const struct event *whole = &group->whole;
    if (!event->day.data || !whole->day.data)
        return 0;
    if (is_exact(event) && is_exact(whole)) {
        if (compare_days(event->day, whole->day) == 0)
            return same_part(event->part, whole->part) ? 1 : 0;
        return -1;
    }
    if (event->until.data && is_exact(whole))
        return compare_days(whole->day, event->day) >= 0 && compare_days(whole->day, event->until) <= 0 ? 1 : -1;
    if (whole->until.data && is_exact(event))
        return compare_days(event->day, whole->day) >= 0 && compare_days(event->day, whole->until) <= 0 ? 1 : -1;
    return compare_days(event->day, whole->day) == 0 ? 1 : -1;
}

/* ---- who -------------------------------------------------------------------------------------------------- */

/* How many of an event's parties are on a side that the meeting has, too. */
static uint32_t shared_sides(const struct text *text, const struct event *event, const struct group *group)
{
    uint32_t shared = 0;
    for (uint32_t i = 0; i < event->party_count; i++)
        for (uint32_t k = 0; k < group->party_count; k++)
            if (same_side(text, event->parties[i].actor, group->parties[k].actor)) {
                shared++;
                break;
            }
    return shared;
}

static uint32_t other_sides(const struct text *text, const struct event *event, const struct group *group)
{
    uint32_t others = 0;
    for (uint32_t k = 0; k < group->party_count; k++) {
        bool there = false;
        for (uint32_t i = 0; i < event->party_count && !there; i++)
            there = same_side(text, event->parties[i].actor, group->parties[k].actor);
        others += !there;
    }
    return others;
}

/* ---- fitting ---------------------------------------------------------------------------------------------- */

enum { NO_FIT = -1000 };

static int place_fit(const struct event *event, const struct event *whole)
{
    if (event->city.data && whole->city.data)
        return slice_equal(event->city, whole->city) ? 3 : NO_FIT;
    if (event->country.data && whole->country.data)
        return slice_equal(event->country, whole->country) ? 2 : NO_FIT;
    return 0;
}

static int body_fit(const struct event *event, const struct event *whole, bool same_day)
{
    if (event->body != NOBODY && whole->body != NOBODY)
        return event->body == whole->body ? 4 : NO_FIT;
    if (event->body != NOBODY)
        return same_day ? 0 : NO_FIT;
    return whole->body != NOBODY && !same_day ? -3 : 0;
}

static int party_fit(const struct text *text, const struct event *event, const struct group *group, bool same_day)
{
    if (!event->party_count || !group->party_count)
        return 0;
    uint32_t shared = shared_sides(text, event, group), others = other_sides(text, event, group);
    if (shared == event->party_count)
        return (int)(shared > 2 ? 3 : shared) + (others == 0);
    if (others == 0)
        return 1;
    if (same_day)
        return shared ? 1 : -1;
    return shared ? -2 : NO_FIT;
}

static int kind_fit(const struct event *event, const struct event *whole, bool same_day)
{
    bool summit = strcmp(event->kind, "summit") == 0, other = strcmp(whole->kind, "summit") == 0;
    bool session = strcmp(event->kind, "session") == 0;
    if (event->class != whole->class && !(event->class == EVENT_CALL && whole->class == EVENT_PRESS && event->speaker != NOBODY))
        return NO_FIT;
    if (summit && !other)
        return same_day ? 0 : NO_FIT;
    if (other && !summit)
        return -2;
    if (session && strcmp(whole->kind, "session") != 0)
        return same_day ? 0 : -3;
    return 0;
}

/* A mention without a day takes up a meeting that was spoken of shortly before. Only the head of a text speaks of what comes. */
static int nearness(const struct event *event, const struct group *group)
{
    if (!group->seen)
        return event->sentence < HEAD_SENTENCES ? 0 : -3;
    uint32_t distance = event->sentence + 1 - group->seen;
    return distance <= 2 ? 1 : distance <= 6 ? 0 : distance <= 20 ? -1 : -2;
}

/* Whether a meeting is over or to come, by its day where it has one. */
static int way_of(const struct text *text, const struct event *whole)
{
    struct slice today = text->hints.published_on;
    if (!whole->day.data || today.length < 10)
        return whole->way;
    int days = compare_days(whole->day, today);
    return days < 0 ? LEANS_PAST : days > 0 ? LEANS_FUTURE : whole->way;
}

/* How well an event fits a meeting; NO_FIT or less where it cannot be the same. */
static int fit(const struct merging *merging, const struct event *event, const struct group *group)
{
    const struct event *whole = &group->whole;
    int time = same_time(event, group);
    bool same_day = time == 1 && is_exact(event) && is_exact(whole);
    if (time < 0)
        return NO_FIT;
    int score = 6 * time + place_fit(event, whole) + body_fit(event, whole, same_day) +
                party_fit(merging->text, event, group, same_day) + kind_fit(event, whole, same_day);
    if (event->fresh && !same_day)
        score -= 4;
    if (!event->fresh && !event->definite && !time && !event->verb)
        score -= 3;
    if ((event->first && whole->main) || (event->main && whole->first))
        return NO_FIT;
    if (whole->first && !event->first && !time)
        score -= 2;
    int way = way_of(merging->text, whole);
    if (!time && event->way == LEANS_PAST && way == LEANS_FUTURE)
        score -= 1;
    if (!time && event->way == LEANS_FUTURE && way == LEANS_PAST)
        score -= 4;
    if (!time && group->fixed)
        score += 2;
    return time ? score : score + nearness(event, group);
}

/* ---- groups ----------------------------------------------------------------------------------------------- */

static void add_parties(struct group *group, const struct event *event)
{
    for (uint32_t i = 0; i < event->party_count; i++) {
        uint32_t k = 0;
        while (k < group->party_count && group->parties[k].actor != event->parties[i].actor)
            k++;
        if (k == group->party_count && k < PARTIES_MOST)
            group->parties[group->party_count++] = event->parties[i];
        else if (k < group->party_count && event->parties[i].role != ROLE_MEMBER)
            group->parties[k].role = event->parties[i].role;
    }
}

static void take_in(struct merging *merging, struct group *group, struct event *event)
{
    struct event *whole = &group->whole;
    if (!whole->day.data || (!is_exact(whole) && is_exact(event))) {
        whole->day = event->day;
        whole->until = event->until;
        whole->precision = event->precision;
    }
    if (!whole->part && is_exact(event) && compare_days(whole->day, event->day) == 0)
        whole->part = event->part;
    if (!whole->city.data && (event->city.data || !whole->country.data)) {
        whole->city = event->city;
        if (event->country.data)
            whole->country = event->country;
    }
    if (whole->body == NOBODY)
        whole->body = event->body;
    if (whole->way == LEANS_NOWHERE)
        whole->way = event->way;
    if (!whole->off)
        whole->off = event->off;
    if (whole->speaker == NOBODY)
        whole->speaker = event->speaker;
    whole->first |= event->first;
    whole->main |= event->main;
    whole->sure |= event->sure;
    whole->wished &= event->wished;
    whole->loose &= event->loose;
    if (strcmp(whole->kind, "talks") == 0 || (strcmp(event->kind, "summit") == 0))
        whole->kind = event->kind;
    add_parties(group, event);
    group->event_count++;
    const struct event *named = &merging->events->items[group->named];
    bool fuller = event->span.end - event->span.first > named->span.end - named->span.first;
    if (!event->verb && !span_empty(event->span) && (named->verb || fuller || span_empty(named->span)))
        group->named = (uint32_t)(event - merging->events->items);
}

static uint32_t new_group(struct merging *merging, struct event *event)
{
    if (merging->count == merging->room) {
        uint32_t room = merging->room ? merging->room * 2 : 16;
        merging->groups = arena_grow(merging->text->arena, merging->groups, merging->room * sizeof *merging->groups,
                                     room * sizeof *merging->groups);
        merging->room = room;
    }
    struct group *group = &merging->groups[merging->count];
    *group = (struct group){.whole = *event, .fixed = is_exact(event), .named = (uint32_t)(event - merging->events->items)};
    add_parties(group, event);
    group->event_count = 1;
    return merging->count++;
}

/* Speaks of no meeting at all: "we could talk to others". */
static bool is_idle(const struct event *event)
{
    return event->verb && (event->wished || entry_has(event->entry, "general"));
}

/* Of two that fit alike, the one spoken of last, then the one spoken of more. */
static bool is_preferred(const struct merging *merging, uint32_t group, int32_t before)
{
    const struct group *one = &merging->groups[group], *other = &merging->groups[before];
    return one->seen != other->seen ? one->seen > other->seen : one->event_count > other->event_count;
}

/* The meeting that an event fits best, at least as well as `least`; the later of equals. NOBODY for none. */
static int32_t best_group(const struct merging *merging, const struct event *event, int least)
{
    int32_t best = NOBODY;
    int highest = least;
    uint32_t from = merging->count > MEETINGS_SCANNED ? merging->count - MEETINGS_SCANNED : 0;
    for (uint32_t i = from; i < merging->count; i++) {
        int score = fit(merging, event, &merging->groups[i]);
        bool earlier = best != NOBODY && event->until.data && compare_days(merging->groups[i].whole.day, event->until) <= 0 &&
                       compare_days(merging->groups[i].whole.day, merging->groups[best].whole.day) < 0;
        if (score > highest ||
            (score == highest && (best == NOBODY || earlier || (!event->until.data && is_preferred(merging, i, best))))) {
            highest = score;
            best = (int32_t)i;
        }
    }
    return best;
}

static void place(struct merging *merging, struct event *event, int least)
{
    int32_t best = best_group(merging, event, least);
    if (best != NOBODY)
        take_in(merging, &merging->groups[best], event);
    event->meeting = best != NOBODY ? best : (int32_t)new_group(merging, event);
}

/* "on Sunday and Monday" goes to the meetings of both days where the text tells them apart. */
static bool spread(struct merging *merging, struct event *event)
{
    struct event day = *event;
    int32_t found[2] = {NOBODY, NOBODY};
    for (int i = 0; i < 2; i++) {
        day.day = i ? event->until : event->day;
        day.until = NO_SLICE;
        found[i] = best_group(merging, &day, 5);
    }
    if (found[0] == NOBODY && found[1] == NOBODY)
        return false;
    event->meeting = found[0] != NOBODY ? found[0] : found[1];
    event->also = found[0] != NOBODY && found[1] != found[0] ? found[1] : NOBODY;
    for (int i = 0; i < 2; i++) {
        day.day = i ? event->until : event->day;
        if (found[i] != NOBODY && (i == 0 || found[1] != found[0])) {
            struct event part = *event;
            part.day = day.day;
            part.until = NO_SLICE;
            part.party_count = event->party_count;
            add_parties(&merging->groups[found[i]], &part);
            if (!merging->groups[found[i]].whole.city.data) {
                merging->groups[found[i]].whole.city = event->city;
                merging->groups[found[i]].whole.country = event->country;
            }
        }
    }
    return true;
}

/* ---- what comes out --------------------------------------------------------------------------------------- */

static bool is_two_days(const struct event *event)
{
    return is_exact(event) && event->until.data;
}

/* Whether the text tells enough of a meeting for it to be one. */
static bool is_told(const struct group *group)
{
    const struct event *whole = &group->whole;
    int known = (group->party_count > 1) + (whole->body != NOBODY) + (whole->city.data != NULL) + (whole->day.data != NULL);
    if (span_empty(whole->span) || (whole->wished && !whole->day.data))
        return false;
    if (whole->loose)
        return group->party_count > 1 && whole->day.data;
    if (whole->class == EVENT_PRESS)
        return whole->day.data || whole->speaker != NOBODY || whole->city.data;
    if (whole->verb && whole->class == EVENT_VISIT && !entry_has(whole->entry, "host"))
        return group->party_count > 0 && (whole->city.data || whole->country.data || group->party_count > 1);
    if (whole->verb && is_exact(whole) && whole->city.data)
        return true;
    if (whole->verb && group->event_count == 1)
        return group->party_count > 1 || (group->party_count == 1 && known > 0 && entry_has(whole->entry, "with"));
    if (!whole->sure && whole->body != NOBODY && whole->way == LEANS_PAST)
        return true;
    if (!whole->sure)
        return group->party_count > 1 || (known > 1 && whole->day.data);
    return group->party_count > 0 ? group->party_count > 1 || known > 0 : known > 1 || is_exact(whole);
}

/* "the talks of NATO and the OSCE", which have a meeting each with its day: no third one. */
static bool is_summary(const struct merging *merging, const struct group *group)
{
    if (group->whole.day.data || group->whole.fresh || !group->party_count || group->whole.verb)
        return false;
    for (uint32_t i = 0; i < group->party_count; i++) {
        bool met = false;
        for (uint32_t k = 0; k < merging->count && k < MEETINGS_SCANNED && !met; k++)
            for (uint32_t m = 0; merging->groups[k].fixed && m < merging->groups[k].party_count && !met; m++)
                met = merging->groups[k].parties[m].actor == group->parties[i].actor;
        if (!met)
            return false;
    }
    return true;
}

static const char *status_of(const struct text *text, const struct event *whole)
{
    if (whole->off)
        return whole->off;
    return way_of(text, whole) == LEANS_FUTURE ? "planned" : "held";
}

/* How many sides take part: states and bodies, or people, too. */
static uint32_t count_sides(const struct text *text, const struct group *group, bool people, bool *alliance)
{
    int32_t sides[SIDES_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < group->party_count && count < SIDES_MAX; i++) {
        int32_t party = group->parties[i].actor;
        enum actor_kind kind = text->found->actors[party].kind;
        bool there = kind == ACTOR_GROUP || kind == ACTOR_ANONYMOUS || (kind == ACTOR_PERSON && !people);
        for (uint32_t k = 0; k < count && !there; k++)
            there = same_side(text, sides[k], party);
        *alliance |= kind == ACTOR_ALLIANCE;
        if (!there)
            sides[count++] = party;
    }
    return count;
}

/* "talks" between two are bilateral, between more or in a body multilateral. */
static const char *kind_of(const struct text *text, const struct group *group)
{
    const char *kind = group->whole.kind;
    bool alliance = false;
    uint32_t count = count_sides(text, group, false, &alliance);
    if (count < 2)
        count = count_sides(text, group, true, &alliance);
    if (strcmp(kind, "session") == 0 && group->whole.body != NOBODY && !text->found->actors[group->whole.body].country.data)
        return "multilateral";
    if (strcmp(kind, "talks") != 0)
        return kind;
    return count > 2 || alliance || group->whole.body != NOBODY ? "multilateral" : count == 2 ? "bilateral" : "talks";
}

static struct slice last_word(struct slice name)
{
    for (size_t i = name.length; i-- > 0;)
        if (name.data[i] == ' ')
            return (struct slice){name.data + i + 1, name.length - i - 1};
    return name;
}

/* The fullest mention, who meets where it does not say so, and where. */
static struct slice name_of(const struct text *text, const struct events *events, const struct group *group)
{
    const struct event *named = &events->items[group->named], *whole = &group->whole;
    struct slice words = named->verb || span_empty(named->span) ? slice_of(strcmp(whole->kind, "call") == 0    ? "call"
                                                                           : strcmp(whole->kind, "visit") == 0 ? "visit"
                                                                                                               : "meeting")
                                                                : span_text(text, named->span);
    bool capital = false;
    for (uint32_t i = named->span.first; i < named->span.end; i++)
        capital |= (text->tokens[i].flags & (TOKEN_CAPITAL | TOKEN_SENTENCE_START)) == TOKEN_CAPITAL;
    struct slice parties[2] = {NO_SLICE, NO_SLICE};
    int count = 0;
    int32_t first = NOBODY;
    for (uint32_t i = 0; i < group->party_count && count < 2 && !capital; i++) {
        const struct actor *actor = &text->found->actors[group->parties[i].actor];
        bool again = count == 1 && same_side(text, first, group->parties[i].actor);
        if (actor->kind == ACTOR_ANONYMOUS || actor->kind == ACTOR_GROUP || again)
            continue;
        first = group->parties[i].actor;
        parties[count++] = actor->kind == ACTOR_PERSON ? last_word(actor->name) : actor->name;
    }
    const char *who = count == 2   ? arena_print(text->arena, "%.*s-%.*s ", SLICE_ARGS(parties[0]), SLICE_ARGS(parties[1]))
                      : count == 1 ? arena_print(text->arena, "%.*s: ", SLICE_ARGS(parties[0]))
                                   : "";
    bool placed = whole->city.data && memmem(words.data, words.length, whole->city.data, whole->city.length);
    const char *where = whole->city.data && !placed ? arena_print(text->arena, " in %.*s", SLICE_ARGS(whole->city)) : "";
    return slice_of(arena_print(text->arena, "%s%.*s%s", who, SLICE_ARGS(words), where));
}

static int32_t write_meeting(struct merging *merging, const struct group *group)
{
    struct text *text = merging->text;
    const struct event *whole = &group->whole;
    struct text_meeting *meeting = add_meeting(text);
    if (!meeting)
        return NOBODY;
    meeting->name = name_of(text, merging->events, group);
    meeting->kind = kind_of(text, group);
    meeting->status = status_of(text, whole);
    meeting->city = whole->city;
    meeting->country = whole->country;
    if (is_exact(whole)) {
        meeting->starts_on = (struct slice){whole->day.data, 10};
        meeting->precision = "day";
        meeting->part_of_day = whole->part;
    }
    meeting->participants = arena_alloc(text->arena, (group->party_count + 1) * sizeof *meeting->participants);
    memcpy(meeting->participants, group->parties, group->party_count * sizeof *meeting->participants);
    meeting->participant_count = group->party_count;
    meeting->mentions = arena_alloc(text->arena, (group->mention_room + 1) * sizeof *meeting->mentions);
    return (int32_t)text->found->meeting_count - 1;
}

/* Of a "main meeting" after a "first conversation" in the same place the text need not say again who meets. */
static void share_sides(struct merging *merging)
{
    struct group *first = NULL, *main = NULL;
    for (uint32_t i = 0; i < merging->count && i < MEETINGS_SCANNED; i++) {
        first = merging->groups[i].whole.first ? &merging->groups[i] : first;
        main = merging->groups[i].whole.main ? &merging->groups[i] : main;
    }
    if (!first || !main || first == main || place_fit(&first->whole, &main->whole) < 0)
        return;
    for (int way = 0; way < 2; way++) {
        struct group *from = way ? main : first, *to = way ? first : main;
        for (uint32_t i = 0; i < from->party_count; i++) {
            struct event one = {.parties = {from->parties[i]}, .party_count = 1};
            if (merging->text->found->actors[from->parties[i].actor].kind == ACTOR_STATE)
                add_parties(to, &one);
        }
    }
}

static void add_mention_of(struct text *text, int32_t meeting, struct span span)
{
    struct text_meeting *of = &text->found->meetings[meeting];
    if (!span_empty(span))
        of->mentions[of->mention_count++] = span;
}

static void write_all(struct merging *merging)
{
    int32_t *written = arena_alloc(merging->text->arena, (merging->count + 1) * sizeof *written);
    for (uint32_t i = 0; i < merging->events->count; i++) {
        const struct event *event = &merging->events->items[i];
        if (event->meeting != NOBODY)
            merging->groups[event->meeting].mention_room++;
        if (event->also != NOBODY) {
            merging->groups[event->also].event_count++;
            merging->groups[event->also].mention_room++;
        }
    }
    for (uint32_t i = 0; i < merging->count; i++)
        written[i] = is_told(&merging->groups[i]) && !is_summary(merging, &merging->groups[i])
                         ? write_meeting(merging, &merging->groups[i])
                         : NOBODY;
    for (uint32_t i = 0; i < merging->events->count; i++) {
        struct event *event = &merging->events->items[i];
        event->meeting = event->meeting == NOBODY ? NOBODY : written[event->meeting];
        event->also = event->also == NOBODY ? NOBODY : written[event->also];
        if (event->meeting != NOBODY)
            add_mention_of(merging->text, event->meeting, event->span);
        if (event->also != NOBODY)
            add_mention_of(merging->text, event->also, event->span);
    }
}

void meetings_merge(struct text *text, struct events *events)
{
    struct merging merging = {.text = text, .events = events};
    for (uint32_t i = 0; i < events->count; i++)
        if (is_exact(&events->items[i]) && !is_two_days(&events->items[i]))
            place(&merging, &events->items[i], 3);
    for (uint32_t i = 0; i < events->count; i++)
        if (is_two_days(&events->items[i]) && !spread(&merging, &events->items[i]))
            place(&merging, &events->items[i], 3);
    for (uint32_t i = 0; i < events->count; i++)
        if (events->items[i].day.data && !is_exact(&events->items[i]) && !is_idle(&events->items[i]))
            place(&merging, &events->items[i], 3);
    for (uint32_t i = 0; i < events->count; i++) {
        struct event *event = &events->items[i];
        if (!event->day.data && !is_idle(event))
            place(&merging, event, event->fresh ? 1 : -2);
        if (event->meeting != NOBODY)
            merging.groups[event->meeting].seen = event->sentence + 1;
        if (event->also != NOBODY)
            merging.groups[event->also].seen = event->sentence + 1;
    }
    share_sides(&merging);
    write_all(&merging);
}
