/* What a text tells of its meetings that another may tell otherwise, each with the characters that tell it: the day, the city,
 * whether one or several spoke to the press; who leads a delegation is leaders.c's.
 *
 *     day        the date nearest to a mention, in its sentence, that is the meeting's day
 *     place      the city's name in the sentence of a mention
 *     speakers   the nameless source of what was said there; else "officials", before the mention in its sentence */
#include "details.h"

#include <stdlib.h>
#include <string.h>

#include "noun_phrase.h"

enum { SPEAKER_REACH = 12, PHRASE_MOST = 4, DAY_LENGTH = 10 };
/* So much is looked at: a text is read in time that grows with its length alone. */
enum { MENTIONS_READ = 20, AROUND = 80, PRESS_MEETINGS_MOST = 12 };

struct detail *add_detail(struct text *text, enum detail_kind kind, uint32_t meeting, struct span span)
{
    struct analysis *found = text->found;
    if (found->detail_count >= DETAILS_MAX)
        return NULL;
    if (!found->details)
        found->details = arena_alloc(text->arena, DETAILS_MAX * sizeof *found->details);
    struct detail *detail = &found->details[found->detail_count++];
    *detail = (struct detail){.kind = kind,
                              .meeting = (int32_t)meeting,
                              .span = span,
                              .value = NO_SLICE,
                              .until = NO_SLICE,
                              .side = NOBODY,
                              .actor = NOBODY};
    return detail;
}

struct span sentence_at(const struct text *text, uint32_t at)
{
    return text->sentences[text->sentence_of[at]].span;
}

/* The sentence of a mention, of a long one what is around it. */
static struct span around(const struct text *text, struct span mention)
{
    struct span span = sentence_at(text, mention.first);
    if (span.first + AROUND < mention.first)
        span.first = mention.first - AROUND;
    if (span.end > mention.end + AROUND)
        span.end = mention.end + AROUND;
    return span;
}

static uint32_t mentions_read(const struct text_meeting *meeting)
{
    return meeting->mention_count < MENTIONS_READ ? meeting->mention_count : MENTIONS_READ;
}

bool is_press_meeting(const struct text_meeting *meeting)
{
    return strcmp(meeting->kind, "briefing") == 0;
}

/* ---- the day ---------------------------------------------------------------------------------------------- */

static struct slice day_of(struct slice value)
{
    return (struct slice){value.data, value.length < DAY_LENGTH ? value.length : DAY_LENGTH};
}

static bool is_day(const struct date *date, const struct text_meeting *meeting)
{
    bool parts_agree = !meeting->part_of_day || !date->part_of_day || strcmp(meeting->part_of_day, date->part_of_day) == 0;
    bool vague = !date->precision || (strcmp(date->precision, "day") != 0 && strcmp(date->precision, "hour") != 0 &&
                                      strcmp(date->precision, "minute") != 0);
    return date->value.data && slice_equal(day_of(date->value), meeting->starts_on) && parts_agree && !vague;
}

static uint32_t distance(struct span a, struct span b)
{
    return a.end <= b.first ? b.first - a.end : b.end <= a.first ? a.first - b.end : 0;
}

static const struct date *nearest_date(const struct text *text, const struct text_meeting *meeting, struct span mention)
{
    const struct analysis *found = text->found;
    struct span sentence = around(text, mention);
    const struct date *nearest = NULL;
    for (uint32_t i = date_from(text, sentence.first); i < found->date_count; i++) {
        const struct date *date = &found->dates[i];
        if (date->span.first >= sentence.end)
            break;
        if (is_day(date, meeting) && (!nearest || distance(date->span, mention) < distance(nearest->span, mention)))
            nearest = date;
    }
    return nearest;
}

static void tell_day(struct text *text, uint32_t index)
{
    const struct text_meeting *meeting = &text->found->meetings[index];
    const struct date *date = NULL;
    if (meeting->starts_on.length != DAY_LENGTH || !meeting->precision || strcmp(meeting->precision, "day") != 0)
        return;
    for (uint32_t i = 0; i < mentions_read(meeting) && !date; i++)
        date = nearest_date(text, meeting, meeting->mentions[i]);
    struct detail *detail = date ? add_detail(text, DETAIL_DAY, index, date->span) : NULL;
    if (detail) {
        detail->value = meeting->starts_on;
        detail->until = date->until;
        detail->part_of_day = meeting->part_of_day;
    }
}

/* ---- the place -------------------------------------------------------------------------------------------- */

static struct span city_in(const struct text *text, struct span sentence, struct slice city)
{
    for (uint32_t at = sentence.first; at < sentence.end; at++) {
        struct match match = lexicon_match(text, LEXICON_CITIES, at);
        if (match.entry && (text->tokens[at].flags & TOKEN_CAPITAL) && at + match.length <= sentence.end &&
            (slice_equal(match.entry->name, city) || slice_equal(span_text(text, (struct span){at, at + match.length}), city)))
            return (struct span){at, at + match.length};
    }
    return NO_SPAN;
}

static void tell_place(struct text *text, uint32_t index)
{
    const struct text_meeting *meeting = &text->found->meetings[index];
    struct span city = NO_SPAN;
    for (uint32_t i = 0; i < mentions_read(meeting) && meeting->city.length && span_empty(city); i++)
        city = city_in(text, around(text, meeting->mentions[i]), meeting->city);
    struct detail *detail = span_empty(city) ? NULL : add_detail(text, DETAIL_PLACE, index, city);
    if (detail)
        detail->value = meeting->city;
}

/* ---- who spoke -------------------------------------------------------------------------------------------- */

static bool is_said_at(const struct claim *claim, uint32_t index, const struct text_meeting *meeting)
{
    bool that_day = claim->occasion == NOBODY && meeting->starts_on.data && claim->said_on.data &&
                    slice_equal(claim->said_on, meeting->starts_on);
    return claim->anonymous && !span_empty(claim->source) && (claim->occasion == (int32_t)index || that_day);
}

/* One or several, where the noun tells: "he" and "the source" of a single voice, "sources" of more. */
static void tell_speaker(struct text *text, uint32_t index, struct span source, int32_t side)
{
    struct noun_phrase phrase = noun_phrase_read(text, source);
    if (phrase.form != PHRASE_NOMINAL || !phrase.role || !(entry_has(phrase.role, "speaks") || entry_has(phrase.role, "any")))
        return;
    struct detail *detail = add_detail(text, DETAIL_SPEAKERS, index, source);
    if (detail) {
        detail->value = phrase.plural ? SLICE("several") : SLICE("one");
        detail->side = side != NOBODY ? side : phrase.of;
    }
}

/* "officials" of "officials explained to reporters in a phone call": with the words before it that belong to it. */
static struct span speaker_before(const struct text *text, struct span mention)
{
    uint32_t first = sentence_at(text, mention.first).first;
    for (uint32_t at = mention.first; at-- > first && at + SPEAKER_REACH > mention.first;) {
        struct match role = lexicon_match(text, LEXICON_ROLES, at);
        bool speaks = role.entry && (entry_has(role.entry, "speaks") || slice_is(entry_get(role.entry, "as"), "source"));
        if (!speaks || named_at(text, at) || named_at(text, at + role.length))
            continue;
        uint32_t begin = at;
        while (begin > first && at - begin < PHRASE_MOST && text->tokens[begin - 1].kind == TOKEN_WORD &&
               (!word_class(text, begin - 1).data || is_class(text, begin - 1, "determiner")))
            if (is_class(text, --begin, "determiner"))
                break;
        return (struct span){begin, at + role.length};
    }
    return NO_SPAN;
}

static bool in_sentence_of(const struct text *text, struct span source, struct span mention)
{
    return text->sentence_of[source.first] == text->sentence_of[mention.first];
}

static void tell_speakers(struct text *text, uint32_t index)
{
    const struct analysis *found = text->found;
    const struct text_meeting *meeting = &found->meetings[index];
    int32_t side = NOBODY;
    for (uint32_t i = 0; i < found->claim_count; i++)
        if (side == NOBODY && is_said_at(&found->claims[i], index, meeting))
            side = found->claims[i].on_behalf_of;
    for (uint32_t i = 0; i < mentions_read(meeting); i++) {
        struct span mention = meeting->mentions[i], speaker = speaker_before(text, mention);
        bool told = span_empty(speaker);
        for (uint32_t k = 0; k < found->claim_count && !told; k++)
            told = is_said_at(&found->claims[k], index, meeting) && in_sentence_of(text, found->claims[k].source, mention);
        if (!told)
            tell_speaker(text, index, speaker, side);
    }
    for (uint32_t i = 0; i < found->claim_count; i++)
        if (is_said_at(&found->claims[i], index, meeting))
            tell_speaker(text, index, found->claims[i].source, found->claims[i].on_behalf_of);
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

void text_details(struct text *text)
{
    uint32_t press = 0;
    for (uint32_t i = 0; i < text->found->meeting_count; i++) {
        tell_day(text, i);
        tell_place(text, i);
        if (is_press_meeting(&text->found->meetings[i]) && press++ < PRESS_MEETINGS_MOST)
            tell_speakers(text, i);
    }
    tell_leaders(text);
}
