/* What the fold of origins.c needs to know of a claim's reports, and what its answer names. */
#include "origin_reports.h"

#include <string.h>

#include "reader_private.h"

/* ---- speakers --------------------------------------------------------------------------------------------- */

struct gathering {
    struct engine *engine;
    struct arena *arena;
    struct error *error;
    struct origin_speaker **speakers; /* those met so far */
    size_t speaker_count, speaker_capacity;
    int64_t claim_speaker, claim_occasion, claim_body;
};

struct about_actor {
    bool is_body, is_nameless, is_medium, is_government, is_state;
    int64_t affiliation;
    struct slice name;
};

static struct about_actor look_up(struct gathering *gathering, int64_t id)
{
    struct about_actor about = {.affiliation = 0};
    struct statement *statement = sql_statement(gathering->engine, SQL_ORIGIN_SPEAKER);
    statement_run(statement, VALUES(of_int(id)));
    if (statement_next(statement)) {
        struct slice kind = statement_text(statement, 0);
        about.affiliation = statement_int(statement, 1);
        about.name = arena_slice(gathering->arena, statement_text(statement, 2));
        about.is_nameless = slice_is(kind, "anonymous");
        about.is_medium = slice_is(kind, "media");
        about.is_government = slice_is(kind, "government");
        about.is_state = slice_is(kind, "state");
        about.is_body = !about.is_nameless && !about.is_medium && !slice_is(kind, "person");
    }
    statement_end(statement, gathering->error);
    return about;
}

static void add_body(struct origin_speaker *speaker, int64_t body)
{
    bool there = body == 0 || body == speaker->id || speaker->body_count == BODIES_MAX;
    for (size_t i = 0; i < speaker->body_count; i++)
        there |= speaker->bodies[i] == body;
    if (!there)
        speaker->bodies[speaker->body_count++] = body;
}

static void add_bodies(struct gathering *gathering, struct origin_speaker *speaker, int64_t body)
{
    for (int level = 0; body && level < BODIES_MAX; level++) {
        struct about_actor about = look_up(gathering, body);
        speaker->of_state |= speaker->body_count == 0 && about.is_state;
        add_body(speaker, body);
        body = about.affiliation;
    }
}

static const struct origin_speaker *speaker_of(struct gathering *gathering, int64_t id)
{
    for (size_t i = 0; i < gathering->speaker_count; i++) {
        if (gathering->speakers[i]->id == id)
            return gathering->speakers[i];
    }
    if (gathering->speaker_count == gathering->speaker_capacity) {
        size_t size = gathering->speaker_capacity * sizeof *gathering->speakers;
        gathering->speaker_capacity = gathering->speaker_capacity ? 2 * gathering->speaker_capacity : 16;
        gathering->speakers =
            arena_grow(gathering->arena, gathering->speakers, size, gathering->speaker_capacity * sizeof *gathering->speakers);
    }
    struct origin_speaker *speaker = arena_zero(gathering->arena, sizeof *speaker);
    struct about_actor about = look_up(gathering, id);
    *speaker = (struct origin_speaker){.id = id, .name = about.name, .government = about.is_government};
    speaker->voice = about.is_nameless ? VOICE_NAMELESS
                     : about.is_medium ? VOICE_MEDIUM
                     : about.is_body   ? VOICE_BODY
                                       : VOICE_PERSON;
    add_bodies(gathering, speaker, about.affiliation);
    if (id == gathering->claim_speaker)
        add_bodies(gathering, speaker, gathering->claim_body);
    gathering->speakers[gathering->speaker_count++] = speaker;
    return speaker;
}

/* ---- reports ---------------------------------------------------------------------------------------------- */

static void read_claim(struct gathering *gathering, int64_t claim)
{
    struct statement *statement = sql_statement(gathering->engine, SQL_ORIGIN_CLAIM);
    statement_run(statement, VALUES(of_int(claim)));
    if (statement_next(statement)) {
        gathering->claim_speaker = statement_int(statement, 0);
        gathering->claim_occasion = statement_int(statement, 1);
        gathering->claim_body = statement_int(statement, 2);
    }
    statement_end(statement, gathering->error);
}

static struct origin_report read_report(struct gathering *gathering, struct statement *statement, int64_t *speaker)
{
    struct origin_report report = {.id = statement_int(statement, 0),
                                   .article = statement_int(statement, 1),
                                   .outlet = statement_int(statement, 2),
                                   .copied = statement_int(statement, 3),
                                   .copied_outlet = statement_int(statement, 4),
                                   .occasion = statement_int(statement, 6),
                                   .byline = arena_slice(gathering->arena, statement_text(statement, 7)),
                                   .published = arena_slice(gathering->arena, statement_text(statement, 8)),
                                   .sha256 = arena_slice(gathering->arena, statement_text(statement, 9))};
    *speaker = statement_int(statement, 5);
    /* What a report does not tell is as the claim has it; but not where another one spoke. */
    bool as_claim = *speaker == 0 || *speaker == gathering->claim_speaker || *speaker == gathering->claim_body;
    if (*speaker == 0)
        *speaker = gathering->claim_speaker;
    if (report.occasion == 0 && as_claim)
        report.occasion = gathering->claim_occasion;
    return report;
}

static void read_reports(struct gathering *gathering, int64_t claim, struct origins *origins)
{
    size_t capacity = 0;
    int64_t *speakers = NULL;
    struct statement *statement = sql_statement(gathering->engine, SQL_ORIGIN_REPORTS);
    statement_run(statement, VALUES(of_int(claim)));
    while (statement_next(statement)) {
        size_t count = origins->report_count;
        if (count == capacity) {
            capacity = capacity ? 2 * capacity : 16;
            origins->reports = arena_grow(gathering->arena, origins->reports, count * sizeof *origins->reports,
                                          capacity * sizeof *origins->reports);
            speakers = arena_grow(gathering->arena, speakers, count * sizeof *speakers, capacity * sizeof *speakers);
        }
        origins->reports[count] = read_report(gathering, statement, &speakers[count]);
        origins->report_count++;
    }
    statement_end(statement, gathering->error);
    for (size_t i = 0; i < origins->report_count && speakers; i++)
        origins->reports[i].speaker = speakers[i] ? speaker_of(gathering, speakers[i]) : NULL;
}

enum { VIA_MAX = 20 };

/* The chains come in the order of the reports; those of articles that are deleted are passed over. */
static void read_chains(struct gathering *gathering, int64_t claim, struct origins *origins)
{
    size_t at = 0;
    struct statement *statement = sql_statement(gathering->engine, SQL_ORIGIN_VIA);
    statement_run(statement, VALUES(of_int(claim)));
    while (statement_next(statement)) {
        int64_t report = statement_int(statement, 0);
        while (at < origins->report_count && origins->reports[at].id < report)
            at++;
        if (at == origins->report_count || origins->reports[at].id != report)
            continue;
        struct origin_report *it = &origins->reports[at];
        int64_t *via = it->via_count ? (int64_t *)it->via : arena_alloc(gathering->arena, VIA_MAX * sizeof *via);
        if (it->via_count < VIA_MAX)
            via[it->via_count++] = statement_int(statement, 1);
        it->via = via;
    }
    statement_end(statement, gathering->error);
}

bool origins_of(struct engine *engine, int64_t claim, struct arena *arena, struct origins *origins, struct error *error)
{
    struct gathering gathering = {.engine = engine, .arena = arena, .error = error};
    *origins = (struct origins){.count = 0};
    *error = (struct error){.kind = ERROR_NONE};
    read_claim(&gathering, claim);
    origins->main_speaker = gathering.claim_speaker;
    if (!error->kind)
        read_reports(&gathering, claim, origins);
    if (!error->kind)
        read_chains(&gathering, claim, origins);
    if (!error->kind)
        origins_fold(origins, arena);
    return !error->kind;
}

/* ---- for who shows them ----------------------------------------------------------------------------------- */

bool reader_origins(struct reader *reader, int64_t claim, struct arena *arena, struct origins *origins, struct error *error)
{
    return origins_of(reader->engine, claim, arena, origins, error);
}

struct slice reader_name(struct reader *reader, enum noun noun, int64_t id, struct arena *arena, struct error *error)
{
    struct slice name = NO_SLICE;
    bool actor = noun == NOUN_ACTOR;
    struct statement *statement = sql_statement(reader->engine, actor ? SQL_ORIGIN_SPEAKER : SQL_MEETING_NAME);
    statement_run(statement, VALUES(of_int(id)));
    if (statement_next(statement))
        name = arena_slice(arena, statement_text(statement, actor ? 2 : 0));
    statement_end(statement, error);
    return name;
}

bool reader_named_at(struct reader *reader, int64_t article, int64_t actor, int64_t near, struct arena *arena,
                     struct named_at *named, struct error *error)
{
    struct statement *statement = sql_statement(reader->engine, SQL_NAMED_AT);
    statement_run(statement, VALUES(of_int(article), of_int(actor), of_int(near)));
    bool found = statement_next(statement);
    if (found)
        *named = (struct named_at){statement_int(statement, 0), statement_int(statement, 1),
                                   arena_slice(arena, statement_text(statement, 2))};
    return statement_end(statement, error) && found;
}
