/* What an article tells of its meetings, for who compares it with what others tell. */
#include "ingest_private.h"

/* So many of the first mentions stand as a meeting's evidence however many articles speak of it. */
enum { MENTIONS_KEPT = 5 };

static bool is_shared(const struct analysis *analysis, uint32_t index, struct span mention)
{
    for (uint32_t i = 0; i < analysis->meeting_count; i++) {
        const struct text_meeting *meeting = &analysis->meetings[i];
        for (uint32_t k = 0; i != index && k < meeting->mention_count; k++)
            if (meeting->mentions[k].first == mention.first)
                return true;
    }
    return false;
}

/* A mention that the meeting is known by among the article's others: "on Sunday and Monday" speaks of two. */
static struct span own_mention(const struct analysis *analysis, uint32_t index)
{
    const struct text_meeting *meeting = &analysis->meetings[index];
    for (uint32_t i = 0; i < meeting->mention_count && i < MENTIONS_KEPT; i++)
        if (!is_shared(analysis, index, meeting->mentions[i]))
            return meeting->mentions[i];
    return meeting->mentions[0];
}

static int64_t id_of(struct keeping *keeping, int32_t actor)
{
    return actor == NOBODY ? 0 : link_actor(keeping, actor);
}

void keep_details(struct keeping *keeping)
{
    static const char *const kinds[DETAIL_KINDS] = {"day", "place", "speakers", "leader"};
    const struct analysis *analysis = keeping->analysis;
    struct meeting_detail *details = arena_alloc(keeping->arena, (analysis->detail_count + 1) * sizeof *details);
    for (uint32_t i = 0; i < analysis->detail_count; i++) {
        const struct detail *detail = &analysis->details[i];
        struct characters told = text_characters(analysis, detail->span);
        details[i] =
            (struct meeting_detail){.mention = text_characters(analysis, own_mention(analysis, (uint32_t)detail->meeting)).start,
                                    .start = told.start,
                                    .end = told.end,
                                    .kind = slice_of(kinds[detail->kind]),
                                    .value = detail->value,
                                    .until = detail->until,
                                    .part_of_day = slice_of(detail->part_of_day),
                                    .side = id_of(keeping, detail->side),
                                    .actor = id_of(keeping, detail->actor)};
    }
    writing_note_details(keeping->writing, keeping->article, details, analysis->detail_count);
}
