/* Counts for dashboards: of the whole record, and over time as flat rows. */
#include <string.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/zone.h"

/* Answered before any query where the client has it already. */
static bool is_known(struct call *call, unsigned nouns, struct reply *reply)
{
    call->nouns = nouns;
    int64_t seq = generation_seq(call_generation(call), nouns);
    *reply = reply_json(304, SLICE(""));
    reply->etag = weak_tag(call->arena, seq, digest_quick(0, call->request->target));
    return request_condition(call->request, reply->etag) == CONDITION_NOT_MODIFIED;
}

/* ---- the whole record ------------------------------------------------------------------------------------- */

static bool add_spread(struct call *call, struct buffer *body, const char *name, enum noun noun, struct slice facet,
                       struct error *error)
{
    struct list_query query = {.list = list_of(noun)};
    buffer_print(body, ",\"%s\":", name);
    return reader_facet(call->reader, &query, list_facet_index(query.list, facet), body, error);
}

struct reply get_stats(struct call *call)
{
    static const char *const names[NOUN_RESOURCES] = {
        [NOUN_ARTICLE] = "articles", [NOUN_ACTOR] = "actors", [NOUN_CLAIM] = "claims",
        [NOUN_MEETING] = "meetings", [NOUN_TOPIC] = "topics", [NOUN_DISCREPANCY] = "discrepancies",
    };
    struct reply reply;
    struct counts counts;
    struct error error;
    if (is_known(call, EVERY_NOUN, &reply))
        return reply;
    int64_t begun = clock_nanoseconds();
    struct buffer body = buffer_in(call->arena, 2048);
    const struct generation *generation = call_generation(call);
    if (!reader_counts(call->reader, call->arena, &counts, &error))
        return problem_failed(call->request, &error);
    for (enum noun noun = 0; noun < NOUN_RESOURCES; noun++)
        buffer_print(&body, "%s\"%s\":%lld", noun ? "," : "{", names[noun], (long long)generation->live[noun]);
    buffer_print(&body, ",\"mentions\":%lld,\"reports\":%lld,\"last_change_at\":", (long long)counts.mentions,
                 (long long)counts.reports);
    buffer_add_json(&body, counts.last_change_at);
    if (!add_spread(call, &body, "claims_by_stance", NOUN_CLAIM, SLICE("stance"), &error) ||
        !add_spread(call, &body, "claims_by_status", NOUN_CLAIM, SLICE("status"), &error) ||
        !add_spread(call, &body, "meetings_by_status", NOUN_MEETING, SLICE("status"), &error) ||
        !add_spread(call, &body, "discrepancies_by_status", NOUN_DISCREPANCY, SLICE("status"), &error))
        return problem_failed(call->request, &error);
    buffer_add_byte(&body, '}');
    reply.status = 200;
    reply.body = buffer_slice(&body);
    reply.store_ns = clock_nanoseconds() - begun;
    return reply;
}

/* ---- over time -------------------------------------------------------------------------------------------- */

enum { SECONDS_A_DAY = 86400, SECONDS_AN_HOUR = 3600, ROWS_MAX = 20000 };

enum interval { INTERVAL_HOUR, INTERVAL_DAY, INTERVAL_WEEK, INTERVAL_MONTH };

static const char *const series_names[SERIES_COUNT] = {
    [SERIES_ARTICLES] = "articles", [SERIES_CLAIMS] = "claims", [SERIES_MEETINGS] = "meetings",
    [SERIES_STANCES] = "stance",    [SERIES_TOPICS] = "topic",
};

/* Buckets are numbered: hours and days since 1970, weeks since the Monday before it, months since the year 0. */
struct point {
    int64_t bucket, count;
};

/* One series: the whole of articles, or the claims of one stance. */
struct line {
    const char *series;
    struct slice label; /* NO_SLICE: the series has no others */
    struct point *points;
    size_t count, room;
};

struct gathering {
    struct arena *arena;
    const struct zone *zone;
    enum interval interval;
    int64_t from, below; /* days */
    bool from_given, below_given;
    enum series series; /* the one being read */
    struct line *lines;
    size_t count, room;
    int64_t first, last; /* of the buckets that hold something */
    bool any;
};

static int64_t floored(int64_t number, int64_t divisor)
{
    return number / divisor - (number % divisor < 0);
}

static int64_t bucket_of_day(enum interval interval, int64_t day)
{
    struct day date = clock_day(day);
    if (interval == INTERVAL_MONTH)
        return date.year * 12 + date.month - 1;
    return interval == INTERVAL_WEEK ? floored(day + 3, 7) : day; /* 1970 began on a Thursday */
}

/* Local hours begin at another minute than UTC's where the zone is off by a part of an hour. */
static int64_t minutes_off(const struct zone *zone, int64_t instant)
{
    int64_t offset = zone_offset(zone, instant);
    return offset - floored(offset, SECONDS_AN_HOUR) * SECONDS_AN_HOUR;
}

static int64_t bucket_of_instant(const struct gathering *gathering, int64_t instant)
{
    if (gathering->interval == INTERVAL_HOUR)
        return floored(instant + minutes_off(gathering->zone, instant), SECONDS_AN_HOUR);
    int64_t local = instant + zone_offset(gathering->zone, instant);
    return bucket_of_day(gathering->interval, floored(local, SECONDS_A_DAY));
}

/* The instant at which a bucket begins. */
static int64_t bucket_start(const struct gathering *gathering, int64_t bucket)
{
    int64_t day = bucket, hour = bucket * SECONDS_AN_HOUR;
    if (gathering->interval == INTERVAL_HOUR)
        return hour - minutes_off(gathering->zone, hour);
    if (gathering->interval == INTERVAL_WEEK)
        day = bucket * 7 - 3;
    else if (gathering->interval == INTERVAL_MONTH)
        day = clock_days((struct day){(int)floored(bucket, 12), (int)(bucket - floored(bucket, 12) * 12) + 1, 1});
    return zone_instant(gathering->zone, day * SECONDS_A_DAY);
}

/* ---- gathering what there is ------------------------------------------------------------------------------ */

/* Room for one more item of that size behind `count` of them. */
static void *with_room(struct arena *arena, void *items, size_t count, size_t *room, size_t size)
{
    size_t wanted = *room ? 2 * *room : 32;
    if (count < *room)
        return items;
    items = arena_grow(arena, items, *room * size, wanted * size);
    *room = wanted;
    return items;
}

static struct line *line_of(struct gathering *gathering, struct slice label)
{
    const char *series = series_names[gathering->series];
    for (size_t i = gathering->count; i-- > 0;) {
        struct line *line = &gathering->lines[i];
        if (line->series == series && slice_equal(line->label, label))
            return line;
    }
    gathering->lines =
        with_room(gathering->arena, gathering->lines, gathering->count, &gathering->room, sizeof *gathering->lines);
    struct line *line = &gathering->lines[gathering->count++];
    *line = (struct line){.series = series, .label = label.data ? arena_slice(gathering->arena, label) : NO_SLICE};
    return line;
}

/* What comes is in the order of time, but for days among instants: most of it belongs to the last point. */
static void add_point(struct gathering *gathering, struct line *line, int64_t bucket, int64_t count)
{
    if (line->count && line->points[line->count - 1].bucket == bucket) {
        line->points[line->count - 1].count += count;
        return;
    }
    line->points = with_room(gathering->arena, line->points, line->count, &line->room, sizeof *line->points);
    line->points[line->count++] = (struct point){bucket, count};
    gathering->first = gathering->any && gathering->first < bucket ? gathering->first : bucket;
    gathering->last = gathering->any && gathering->last > bucket ? gathering->last : bucket;
    gathering->any = true;
}

static int64_t day_number(struct slice date)
{
    static const struct slice midnight = {"T00:00:00Z", 10};
    char text[20];
    int64_t milliseconds = 0;
    memcpy(text, date.data, 10);
    memcpy(text + 10, midnight.data, midnight.length);
    clock_parse_instant((struct slice){text, sizeof text}, &milliseconds);
    return floored(milliseconds, (int64_t)SECONDS_A_DAY * 1000);
}

static void gather(void *to, const struct sample *sample)
{
    struct gathering *gathering = to;
    int64_t day, bucket, milliseconds;
    if (sample->time.length == 10) {
        if (gathering->interval == INTERVAL_HOUR)
            return; /* the hour is not known */
        day = day_number(sample->time);
        bucket = bucket_of_day(gathering->interval, day);
    } else if (clock_parse_instant(sample->time, &milliseconds)) {
        int64_t instant = floored(milliseconds, 1000);
        day = floored(instant + zone_offset(gathering->zone, instant), SECONDS_A_DAY);
        bucket = bucket_of_instant(gathering, instant);
    } else {
        return;
    }
    if ((gathering->from_given && day < gathering->from) || (gathering->below_given && day >= gathering->below))
        return;
    add_point(gathering, line_of(gathering, sample->label), bucket, sample->count);
}

/* Days as text, "2022-01-08", cut off an instant's; `days` from the one that was given. */
static struct slice shifted_day(struct call *call, int64_t day, int days)
{
    char instant[INSTANT_SIZE];
    clock_format((day + days) * SECONDS_A_DAY * 1000, instant);
    return arena_slice(call->arena, (struct slice){instant, 10});
}

static bool gather_series(struct call *call, struct gathering *gathering, enum series series, struct error *error)
{
    /* A local day lies within the UTC days beside it; gather() looks closer. */
    struct series_query query = {
        .series = series,
        .from = gathering->from_given ? shifted_day(call, gathering->from, -1) : SLICE(""),
        .below = gathering->below_given ? shifted_day(call, gathering->below, 1) : SLICE("~"),
        .months = gathering->interval == INTERVAL_MONTH,
    };
    gathering->series = series;
    if (series < SERIES_STANCES)
        line_of(gathering, NO_SLICE);
    return reader_series(call->reader, &query, gather, gathering, error);
}

/* ---- rows ------------------------------------------------------------------------------------------------- */

/* The counts of all buckets from the first to the last, line by line. */
static int64_t *spread_out(const struct gathering *gathering, size_t buckets)
{
    int64_t *counts = arena_zero(gathering->arena, (gathering->count * buckets + 1) * sizeof *counts);
    for (size_t i = 0; i < gathering->count; i++) {
        const struct line *line = &gathering->lines[i];
        for (size_t p = 0; p < line->count; p++)
            counts[i * buckets + (size_t)(line->points[p].bucket - gathering->first)] += line->points[p].count;
    }
    return counts;
}

static void add_rows(struct buffer *body, const struct gathering *gathering, size_t buckets)
{
    const int64_t *counts = spread_out(gathering, buckets);
    for (size_t bucket = 0; bucket < buckets; bucket++) {
        char time[INSTANT_SIZE];
        clock_format(bucket_start(gathering, gathering->first + (int64_t)bucket) * 1000, time);
        for (size_t i = 0; i < gathering->count; i++) {
            const struct line *line = &gathering->lines[i];
            buffer_print(body, "%s{\"time\":\"%s\",\"series\":\"%s%s%.*s\",\"value\":%lld}", bucket + i ? "," : "", time,
                         line->series, line->label.data ? ":" : "", SLICE_ARGS(line->label),
                         (long long)counts[i * buckets + bucket]);
        }
    }
}

/* From where to where there are rows: what was asked for, else what there is. */
static size_t count_buckets(struct gathering *gathering)
{
    if (!gathering->any && !(gathering->from_given && gathering->below_given))
        return 0;
    if (gathering->from_given)
        gathering->first = bucket_of_instant(gathering, zone_instant(gathering->zone, gathering->from * SECONDS_A_DAY));
    if (gathering->below_given)
        gathering->last = bucket_of_instant(gathering, zone_instant(gathering->zone, gathering->below * SECONDS_A_DAY) - 1);
    return gathering->last < gathering->first ? 0 : (size_t)(gathering->last - gathering->first + 1);
}

static struct reply invalid(const struct call *call, const struct faults *faults)
{
    return reply_problem(call->request, "invalid-parameter", faults, "the query is not as %s takes it", call->operation->id);
}

static struct reply rows_reply(struct call *call, struct gathering *gathering)
{
    struct faults faults = {.arena = call->arena};
    size_t buckets = count_buckets(gathering);
    if (buckets > ROWS_MAX || buckets * gathering->count > ROWS_MAX) {
        fault_add(&faults, FAULT_PARAMETER, "interval", "range",
                  "these are %zu times %zu rows, more than %d: take a longer interval, or from and to nearer to each other",
                  buckets, gathering->count, ROWS_MAX);
        return invalid(call, &faults);
    }
    struct buffer body = buffer_in(call->arena, 256 + buckets * gathering->count * 80);
    buffer_add_text(&body, "{\"items\":[");
    add_rows(&body, gathering, buckets);
    buffer_print(&body, "],\"interval\":\"%.*s\",\"tz\":\"%.*s\",\"next_cursor\":null}", SLICE_ARGS(call_text(call, "interval")),
                 SLICE_ARGS(call_text(call, "tz")));
    return reply_json(200, buffer_slice(&body));
}

/* ---- what is asked for ------------------------------------------------------------------------------------ */

/* A bit for each series; those that are usual where none is named. */
static unsigned series_asked(const struct call *call, enum interval interval)
{
    const struct value_of *value = values_find(&call->values, "series");
    unsigned asked = 0;
    for (enum series series = 0; series < SERIES_COUNT; series++) {
        for (size_t i = 0; value && i < value->count; i++) {
            if (slice_is(value->list[i], series_names[series]))
                asked |= 1u << series;
        }
    }
    if (asked || interval == INTERVAL_HOUR)
        return asked ? asked : 1u << SERIES_ARTICLES;
    return 1u << SERIES_ARTICLES | 1u << SERIES_CLAIMS | 1u << SERIES_MEETINGS;
}

static bool read_days(const struct call *call, struct gathering *gathering, struct faults *faults)
{
    struct slice from = call_text(call, "from"), to = call_text(call, "to");
    gathering->from_given = from.data != NULL;
    gathering->below_given = to.data != NULL;
    gathering->from = from.data ? day_number(from) : 0;
    gathering->below = to.data ? day_number(to) : 0;
    if (from.data && to.data && gathering->below <= gathering->from)
        fault_add(faults, FAULT_PARAMETER, "to", "range", "the range ends before %.*s, so it has to be a later day than from",
                  SLICE_ARGS(to));
    return faults->count == 0;
}

static bool read_zone(const struct call *call, struct gathering *gathering, struct faults *faults)
{
    struct slice name = call_text(call, "tz");
    gathering->zone = zone_open(call->arena, name);
    if (gathering->zone)
        return true;
    const char *nearest = zone_nearest(call->arena, name);
    fault_add(faults, FAULT_PARAMETER, "tz", "unknown", "there is no such time zone; %s %s",
              nearest ? "did you mean" : "they have names like", nearest ? nearest : "Europe/Zurich");
    return false;
}

static bool read_asked(const struct call *call, struct gathering *gathering, unsigned *asked, struct faults *faults)
{
    static const char *const intervals[] = {
        [INTERVAL_HOUR] = "hour", [INTERVAL_DAY] = "day", [INTERVAL_WEEK] = "week", [INTERVAL_MONTH] = "month"};
    while (!slice_is(call_text(call, "interval"), intervals[gathering->interval]))
        gathering->interval++;
    *asked = series_asked(call, gathering->interval);
    if (gathering->interval == INTERVAL_HOUR && *asked != 1u << SERIES_ARTICLES)
        fault_add(faults, FAULT_PARAMETER, "series", "range",
                  "only articles have an hour; claims and meetings are known by their days: take a longer interval");
    bool days = read_days(call, gathering, faults), zone = read_zone(call, gathering, faults);
    return days && zone && faults->count == 0;
}

struct reply get_stats_timeline(struct call *call)
{
    struct faults faults = {.arena = call->arena};
    struct gathering gathering = {.arena = call->arena};
    struct reply known;
    struct error error;
    unsigned asked, nouns = 0;
    if (!read_asked(call, &gathering, &asked, &faults))
        return invalid(call, &faults);
    for (enum series series = 0; series < SERIES_COUNT; series++)
        nouns |= asked & 1u << series ? series_nouns(series) : 0;
    if (is_known(call, nouns, &known))
        return known;
    int64_t begun = clock_nanoseconds();
    for (enum series series = 0; series < SERIES_COUNT; series++) {
        if (asked & 1u << series && !gather_series(call, &gathering, series, &error))
            return problem_failed(call->request, &error);
    }
    int64_t read = clock_nanoseconds();
    struct reply reply = rows_reply(call, &gathering);
    if (reply.status == 200)
        reply.etag = known.etag;
    reply.store_ns = read - begun;
    reply.render_ns = clock_nanoseconds() - read;
    return reply;
}
