/* The meetings and the nameless sources of an article: what the calendar is made of. */
#include <string.h>

#include "ingest_private.h"
#include "readout/collate.h"

enum { MEETINGS_MAX = 200, PARTIES_MAX = 8, AFFILIATIONS_MAX = 4 };

static struct collating collating_of(struct keeping *keeping)
{
    return (struct collating){.writing = keeping->writing, .arena = keeping->arena, .defaults = keeping->defaults};
}

/* ---- for whom --------------------------------------------------------------------------------------------- */

/* The country of whoever belongs to a state, at last; the name of other bodies and people. Sources of a medium are nobody's. */
static struct slice party_of(const struct keeping *keeping, int32_t index)
{
    const struct actor *actors = keeping->analysis->actors;
    enum actor_kind kind = actors[index].kind;
    for (int steps = 0, at = index; at != NOBODY && steps < AFFILIATIONS_MAX; steps++, at = actors[at].affiliation) {
        if (actors[at].kind == ACTOR_MEDIA)
            return NO_SLICE;
        if (actors[at].country.length == 2)
            return actors[at].country;
    }
    bool named = kind != ACTOR_GROUP && kind != ACTOR_ANONYMOUS && actors[index].name.data;
    return named ? collate_party(keeping->arena, NO_SLICE, actors[index].name) : NO_SLICE;
}

static void add_party(json_t *parties, struct slice party)
{
    json_t *value = party.data && json_array_size(parties) < PARTIES_MAX ? json_stringn(party.data, party.length) : NULL;
    size_t index;
    json_t *known;
    json_array_foreach (parties, index, known) {
        if (value && json_equal(known, value)) {
            json_decref(value);
            return;
        }
    }
    if (value)
        json_array_append_new(parties, value);
}

static bool is_letter(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (unsigned char)byte >= 0x80;
}

static bool has_words(struct slice text, struct slice words)
{
    for (size_t i = 0; words.length && i + words.length <= text.length; i++) {
        bool begins = i == 0 || !is_letter(text.data[i - 1]);
        bool ends = i + words.length == text.length || !is_letter(text.data[i + words.length]);
        if (begins && ends && memcmp(text.data + i, words.data, words.length) == 0)
            return true;
    }
    return false;
}

/* A body that is named after others ("Alpha-Beta Council") stands for them, too. */
static void add_namesakes(const struct keeping *keeping, json_t *parties, const struct actor *body)
{
    for (uint32_t i = 0; i < keeping->analysis->actor_count; i++) {
        const struct actor *other = &keeping->analysis->actors[i];
        bool can = other != body && (other->kind == ACTOR_STATE || other->kind == ACTOR_ALLIANCE) && other->name.data;
        if (can && has_words(body->name, other->name))
            add_party(parties, party_of(keeping, (int32_t)i));
    }
}

struct counted {
    json_t *parties, *people;
    bool nameless;
};

static void count_in(struct keeping *keeping, struct counted *counted, int32_t index)
{
    const struct actor *actor = &keeping->analysis->actors[index];
    struct slice party = party_of(keeping, index);
    add_party(counted->parties, party);
    counted->nameless |= actor->kind == ACTOR_ANONYMOUS;
    if (actor->kind == ACTOR_ORGANIZATION || actor->kind == ACTOR_ALLIANCE)
        add_namesakes(keeping, counted->parties, actor);
    if (actor->kind == ACTOR_PERSON && party.data)
        json_array_append_new(counted->people, json_pack("{s:s%, s:I}", "party", party.data, party.length, "actor",
                                                         (json_int_t)link_actor(keeping, index)));
}

/* ---- who speaks where ------------------------------------------------------------------------------------- */

static bool is_briefing(const struct text_meeting *meeting)
{
    return meeting->kind && strcmp(meeting->kind, "briefing") == 0;
}

static bool takes_part(const struct text_meeting *meeting, int32_t actor)
{
    for (uint32_t i = 0; i < meeting->participant_count; i++) {
        if (meeting->participants[i].actor == actor)
            return true;
    }
    return false;
}

static bool says_on(const struct keeping *keeping, int32_t actor, struct slice day)
{
    for (uint32_t i = 0; i < keeping->analysis->claim_count; i++) {
        const struct claim *claim = &keeping->analysis->claims[i];
        if (claim->speaker == actor && claim->via_count == 0 && claim->said_on.data && slice_equal(claim->said_on, day))
            return true;
    }
    return false;
}

/* A briefing at which nobody is said to speak is that of the nameless sources of one party that speak on its day. */
static bool is_theirs(const struct keeping *keeping, const struct text_meeting *meeting, int32_t actor)
{
    struct slice party = party_of(keeping, actor);
    if (!party.data || !meeting->starts_on.data || !says_on(keeping, actor, meeting->starts_on))
        return false;
    for (uint32_t i = 0; i < keeping->analysis->actor_count; i++) {
        struct slice other = party_of(keeping, (int32_t)i);
        bool speaks = takes_part(meeting, (int32_t)i) ||
                      (keeping->analysis->actors[i].kind == ACTOR_ANONYMOUS && says_on(keeping, (int32_t)i, meeting->starts_on));
        if (speaks && other.data && !slice_equal(other, party))
            return false;
    }
    return true;
}

/* The briefing at which a nameless source speaks, or NOBODY. */
static int32_t briefing_of(const struct keeping *keeping, int32_t actor)
{
    const struct analysis *analysis = keeping->analysis;
    int32_t found = NOBODY;
    for (uint32_t i = 0; i < analysis->claim_count; i++) {
        int32_t occasion = analysis->claims[i].speaker == actor ? analysis->claims[i].occasion : NOBODY;
        if (occasion != NOBODY && is_briefing(&analysis->meetings[occasion]))
            return occasion;
    }
    for (uint32_t i = 0; i < analysis->meeting_count; i++) {
        if (is_briefing(&analysis->meetings[i]) && takes_part(&analysis->meetings[i], actor))
            return (int32_t)i;
    }
    for (uint32_t i = 0; i < analysis->meeting_count; i++) {
        if (!is_briefing(&analysis->meetings[i]) || !is_theirs(keeping, &analysis->meetings[i], actor))
            continue;
        if (found != NOBODY)
            return NOBODY;
        found = (int32_t)i;
    }
    return found;
}

/* Nothing was said yet at talks that begin after the article. */
static bool is_to_come(const struct keeping *keeping, int32_t meeting)
{
    struct slice day = keeping->analysis->meetings[meeting].starts_on, published = keeping->reading->published_at;
    return day.length == 10 && published.length >= 10 && slice_compare(day, (struct slice){published.data, 10}) > 0;
}

int32_t occasion_of(const struct keeping *keeping, const struct claim *claim)
{
    const struct analysis *analysis = keeping->analysis;
    if (claim->occasion != NOBODY && is_to_come(keeping, claim->occasion))
        return NOBODY;
    if (claim->occasion != NOBODY || claim->speaker == NOBODY || claim->via_count ||
        analysis->actors[claim->speaker].kind != ACTOR_ANONYMOUS)
        return claim->occasion;
    int32_t briefing = briefing_of(keeping, claim->speaker);
    bool that_day = briefing != NOBODY && claim->said_on.data &&
                    slice_equal(claim->said_on, analysis->meetings[briefing].starts_on);
    return that_day ? briefing : NOBODY;
}

/* ---- meetings --------------------------------------------------------------------------------------------- */

/* What tells which meeting it is. */
static void add_counted(struct keeping *keeping, json_t *reading, uint32_t index)
{
    const struct analysis *analysis = keeping->analysis;
    const struct text_meeting *meeting = &analysis->meetings[index];
    struct counted counted = {json_array(), json_array(), false};
    for (uint32_t i = 0; i < meeting->participant_count; i++)
        count_in(keeping, &counted, meeting->participants[i].actor);
    for (uint32_t i = 0; is_briefing(meeting) && i < analysis->actor_count; i++) {
        bool speaks = analysis->actors[i].kind == ACTOR_ANONYMOUS && briefing_of(keeping, (int32_t)i) == (int32_t)index;
        if (speaks && !takes_part(meeting, (int32_t)i))
            count_in(keeping, &counted, (int32_t)i);
    }
    json_object_set_new(reading, "parties", counted.parties);
    json_object_set_new(reading, "people", counted.people);
    json_object_set_new(reading, "nameless", json_boolean(counted.nameless));
}

/* Those whose briefing it is without their being named with it. */
static void add_speakers(struct keeping *keeping, json_t *participants, uint32_t index)
{
    const struct analysis *analysis = keeping->analysis;
    const struct text_meeting *meeting = &analysis->meetings[index];
    for (uint32_t i = 0; is_briefing(meeting) && i < analysis->actor_count; i++) {
        bool speaks = analysis->actors[i].kind == ACTOR_ANONYMOUS && keeping->actors[i] > 0 && !takes_part(meeting, (int32_t)i) &&
                      briefing_of(keeping, (int32_t)i) == (int32_t)index;
        if (speaks)
            json_array_append_new(participants,
                                  json_pack("{s:I, s:s}", "actor_id", (json_int_t)keeping->actors[i], "role", "head"));
    }
}

static json_t *reading_of(struct keeping *keeping, uint32_t index)
{
    json_t *reading = meeting_body(keeping, index);
    add_speakers(keeping, json_object_get(reading, "participants"), index);
    add_counted(keeping, reading, index);
    return reading;
}

/* Reads the meetings into the calendar; `before`, or NULL: what they were when the article was read before. */
int keep_meetings(struct keeping *keeping, const int64_t *before)
{
    struct collating collating = collating_of(keeping);
    size_t count = keeping->analysis->meeting_count < MEETINGS_MAX ? keeping->analysis->meeting_count : MEETINGS_MAX;
    struct meeting_read *reads = arena_zero(keeping->arena, (count + 1) * sizeof *reads);
    int kept = 0;
    for (uint32_t i = 0; i < count; i++)
        reads[i] = (struct meeting_read){.reading = reading_of(keeping, i), .meeting = before ? before[i] : 0};
    collate_meetings(&collating, keeping->article, reads, count);
    for (uint32_t i = 0; i < count; i++) {
        keeping->meetings[i] = reads[i].meeting;
        keeping->made->meetings += reads[i].made;
        kept += reads[i].meeting > 0;
        json_decref(reads[i].reading);
    }
    return kept;
}

/* ---- nameless sources ------------------------------------------------------------------------------------- */

int64_t known_voice(struct keeping *keeping, int32_t actor)
{
    struct collating collating = collating_of(keeping);
    int32_t briefing = briefing_of(keeping, actor);
    struct slice party = party_of(keeping, actor), published = keeping->reading->published_at;
    if (briefing == NOBODY || !party.data)
        return 0;
    const struct text_meeting *meeting = &keeping->analysis->meetings[briefing];
    json_t *reading = json_pack("{s:s, s:s}", "kind", meeting->kind, "status", meeting->status ? meeting->status : "planned");
    if (meeting->starts_on.data)
        json_object_set_new(reading, "starts_on", json_stringn(meeting->starts_on.data, meeting->starts_on.length));
    if (meeting->precision)
        json_object_set_new(reading, "precision", json_string(meeting->precision));
    add_counted(keeping, reading, (uint32_t)briefing);
    published.length = published.length > 10 ? 10 : published.length;
    int64_t id = collate_meeting(&collating, reading, published.length == 10 ? published : NO_SLICE);
    json_decref(reading);
    return id ? collate_voice(&collating, id, party) : 0;
}

void keep_voices(struct keeping *keeping)
{
    const struct analysis *analysis = keeping->analysis;
    struct collating collating = collating_of(keeping);
    struct voice *voices = arena_alloc(keeping->arena, (analysis->actor_count + 1) * sizeof *voices);
    size_t count = 0;
    for (uint32_t i = 0; i < analysis->actor_count; i++) {
        const struct actor *actor = &analysis->actors[i];
        int32_t briefing = actor->kind == ACTOR_ANONYMOUS && keeping->actors[i] > 0 ? briefing_of(keeping, (int32_t)i) : NOBODY;
        if (briefing == NOBODY || !actor->name.data)
            continue;
        voices[count++] = (struct voice){.article = keeping->article,
                                         .position = i,
                                         .actor = keeping->actors[i],
                                         .meeting = keeping->meetings[briefing],
                                         .party = party_of(keeping, (int32_t)i),
                                         .name = one_line(keeping->arena, actor->name, 500)};
    }
    collate_voices(&collating, keeping->article, voices, count);
    for (uint32_t i = 0; i < analysis->actor_count; i++)
        keeping->actors[i] = keeping->actors[i] > 0 ? writing_actor(keeping->writing, keeping->actors[i]) : keeping->actors[i];
}
