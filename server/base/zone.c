#include "readout/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/nearest.h"

/* The largest zone file there is has 4 KB, the list of their names 19 KB. */
enum { FILE_MAX = 64 * 1024, NAME_MAX_LENGTH = 64, TRANSITIONS_MAX = 4000, TYPES_MAX = 256, HEADER = 44, NAMES_MAX = 1000 };
enum { DAY = 24 * 60 * 60 };

static const char folder[] = "/usr/share/zoneinfo";

/* When clocks change each year: at `time` seconds into the `week`-th (5: the last) `weekday` (0: Sunday) of `month`. */
struct rule {
    int month, week, weekday;
    int64_t time;
};

struct zone {
    size_t count; /* of transitions */
    const int64_t *times;
    const uint8_t *types; /* the type that each begins */
    int64_t offsets[TYPES_MAX];
    bool goes_on; /* the last transition is followed by what is below, every year */
    bool saves;   /* … with summer time between the rules, else with standard time alone */
    int64_t standard, saving;
    struct rule begins, ends;
};

/* ---- reading bytes ---------------------------------------------------------------------------------------- */

/* What is left of a file; `broken` once more was asked than there is. */
struct input {
    const uint8_t *at;
    size_t left;
    bool broken;
};

static const uint8_t *take(struct input *input, size_t count)
{
    static const uint8_t nothing[8];
    if (count > input->left) {
        input->broken = true;
        input->left = 0;
        return nothing;
    }
    const uint8_t *taken = input->at;
    input->at += count;
    input->left -= count;
    return taken;
}

static int64_t big_endian(const uint8_t *bytes, size_t count)
{
    uint64_t number = bytes[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < count; i++)
        number = number << 8 | bytes[i];
    return (int64_t)number;
}

struct counts {
    uint8_t version;
    size_t ut_marks, standard_marks, leaps, transitions, types, letters;
};

static struct counts read_header(struct input *input)
{
    const uint8_t *magic = take(input, 4);
    if (memcmp(magic, "TZif", 4) != 0)
        input->broken = true;
    struct counts counts = {.version = *take(input, 1)};
    take(input, HEADER - 4 - 1 - 6 * 4);
    size_t *const numbers[] = {&counts.ut_marks,    &counts.standard_marks, &counts.leaps,
                               &counts.transitions, &counts.types,          &counts.letters};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int64_t number = big_endian(take(input, 4), 4);
        *numbers[i] = number < 0 || number > FILE_MAX ? FILE_MAX : (size_t)number;
    }
    return counts;
}

/* The first block has times of 32 bits, for old readers. */
static void skip_first_block(struct input *input, const struct counts *counts)
{
    take(input, counts->transitions * 5 + counts->types * 6 + counts->letters + counts->leaps * 8 + counts->standard_marks +
                    counts->ut_marks);
}

static bool read_block(struct arena *arena, struct input *input, const struct counts *counts, struct zone *zone)
{
    /* Zones that count leap seconds ("right/…") run on another clock than we do. */
    if (input->broken || counts->types == 0 || counts->types > TYPES_MAX || counts->transitions > TRANSITIONS_MAX ||
        counts->leaps != 0)
        return false;
    int64_t *times = arena_alloc(arena, (counts->transitions + 1) * sizeof *times);
    for (size_t i = 0; i < counts->transitions; i++) {
        times[i] = big_endian(take(input, 8), 8);
        if (i > 0 && times[i] <= times[i - 1])
            return false;
    }
    const uint8_t *types = take(input, counts->transitions);
    for (size_t i = 0; !input->broken && i < counts->transitions; i++) {
        if (types[i] >= counts->types)
            return false;
    }
    for (size_t i = 0; i < counts->types; i++) {
        zone->offsets[i] = big_endian(take(input, 6), 4);
        if (zone->offsets[i] < -DAY || zone->offsets[i] > 2 * DAY)
            return false;
    }
    take(input, counts->letters + counts->standard_marks + counts->ut_marks);
    zone->count = counts->transitions;
    zone->times = times;
    zone->types = memcpy(arena_alloc(arena, counts->transitions + 1), types, input->broken ? 0 : counts->transitions);
    return !input->broken;
}

/* ---- the rule for the years to come: "CET-1CEST,M3.5.0,M10.5.0/3" ------------------------------------------ */

static bool next_is(struct slice *text, char byte)
{
    if (text->length == 0 || *text->data != byte)
        return false;
    *text = (struct slice){text->data + 1, text->length - 1};
    return true;
}

static bool read_number(struct slice *text, int64_t most, int64_t *number)
{
    size_t digits = 0;
    *number = 0;
    while (digits < text->length && digits < 4 && text->data[digits] >= '0' && text->data[digits] <= '9')
        *number = *number * 10 + (text->data[digits++] - '0');
    *text = (struct slice){text->data + digits, text->length - digits};
    return digits > 0 && *number <= most;
}

/* "2", "-3:30", "1:00:00" as seconds. */
static bool read_time(struct slice *text, int64_t *seconds)
{
    int64_t part, unit = 3600;
    bool negative = next_is(text, '-');
    if (!negative)
        next_is(text, '+');
    if (!read_number(text, 167, seconds))
        return false;
    *seconds *= 3600;
    while (unit > 1 && next_is(text, ':')) {
        unit /= 60;
        if (!read_number(text, 59, &part))
            return false;
        *seconds += part * unit;
    }
    if (negative)
        *seconds = -*seconds;
    return true;
}

/* "CET" or "<+03>" */
static bool skip_letters(struct slice *text)
{
    size_t length = 0;
    if (next_is(text, '<')) {
        slice_cut(text, '>');
        return text->data != NULL;
    }
    while (length < text->length && ((text->data[length] | 32) >= 'a' && (text->data[length] | 32) <= 'z'))
        length++;
    *text = (struct slice){text->data + length, text->length - length};
    return length >= 3;
}

/* ",M3.5.0/2"; the forms that count days of the year are used by no zone. */
static bool read_rule(struct slice *text, struct rule *rule)
{
    int64_t month, week, weekday;
    rule->time = 2 * 3600;
    if (!next_is(text, ',') || !next_is(text, 'M') || !read_number(text, 12, &month) || !next_is(text, '.') ||
        !read_number(text, 5, &week) || !next_is(text, '.') || !read_number(text, 6, &weekday) || month < 1 || week < 1)
        return false;
    rule->month = (int)month;
    rule->week = (int)week;
    rule->weekday = (int)weekday;
    return !next_is(text, '/') || read_time(text, &rule->time);
}

static void read_footer(struct slice text, struct zone *zone)
{
    int64_t west;
    if (!skip_letters(&text) || !read_time(&text, &west))
        return;
    zone->standard = -west;
    zone->goes_on = text.length == 0;
    if (zone->goes_on || !skip_letters(&text))
        return;
    zone->saving = zone->standard + 3600;
    if (text.length > 0 && *text.data != ',') {
        if (!read_time(&text, &west))
            return;
        zone->saving = -west;
    }
    zone->saves = zone->goes_on = read_rule(&text, &zone->begins) && read_rule(&text, &zone->ends) && text.length == 0;
}

const struct zone *zone_read(struct arena *arena, struct slice file)
{
    struct input input = {(const uint8_t *)file.data, file.length, false};
    struct zone *zone = arena_zero(arena, sizeof *zone);
    struct counts counts = read_header(&input);
    if (counts.version < '2')
        return NULL;
    skip_first_block(&input, &counts);
    counts = read_header(&input);
    if (!read_block(arena, &input, &counts, zone))
        return NULL;
    struct slice footer = {(const char *)input.at, input.left};
    if (next_is(&footer, '\n'))
        read_footer(slice_cut(&footer, '\n'), zone);
    return zone;
}

/* ---- by name ---------------------------------------------------------------------------------------------- */

/* "Europe/Zurich", "Etc/GMT+1": a name leads nowhere but down into the folder. */
static bool is_name(struct slice name)
{
    bool begins = true;
    if (name.length == 0 || name.length > NAME_MAX_LENGTH)
        return false;
    for (size_t i = 0; i < name.length; i++) {
        char byte = name.data[i];
        bool capital = byte >= 'A' && byte <= 'Z';
        bool other = byte && strchr("abcdefghijklmnopqrstuvwxyz0123456789_+-/", byte);
        if (!capital && (begins || !other))
            return false;
        begins = byte == '/';
    }
    return !begins;
}

static struct slice read_whole(struct arena *arena, const char *path)
{
    struct stat status;
    struct slice whole = NO_SLICE;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return NO_SLICE;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 && status.st_size <= FILE_MAX) {
        char *bytes = arena_alloc(arena, (size_t)status.st_size);
        ssize_t length = read(file, bytes, (size_t)status.st_size);
        if (length > 0)
            whole = (struct slice){bytes, (size_t)length};
    }
    close(file);
    return whole;
}

const struct zone *zone_open(struct arena *arena, struct slice name)
{
    if (slice_is(name, "UTC")) {
        struct zone *utc = arena_zero(arena, sizeof *utc);
        utc->goes_on = true;
        return utc;
    }
    if (!is_name(name))
        return NULL;
    struct slice file = read_whole(arena, arena_print(arena, "%s/%.*s", folder, SLICE_ARGS(name)));
    return file.data ? zone_read(arena, file) : NULL;
}

static const char *last_part(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

/* zone.tab has a line for each zone that people live in: country, coordinates, name, remarks. */
const char *zone_nearest(struct arena *arena, struct slice name)
{
    struct slice table = read_whole(arena, arena_print(arena, "%s/zone.tab", folder));
    const char **names = arena_alloc(arena, 2 * NAMES_MAX * sizeof *names), **places = names + NAMES_MAX;
    size_t count = 0;
    names[count] = places[count] = "UTC";
    count++;
    while (table.length > 0 && count < NAMES_MAX) {
        struct slice line = slice_cut(&table, '\n');
        if (line.length == 0 || slice_starts(line, "#"))
            continue;
        slice_cut(&line, '\t');
        slice_cut(&line, '\t');
        struct slice zone = slice_cut(&line, '\t');
        if (!is_name(zone))
            continue;
        names[count] = arena_copy(arena, zone.data, zone.length);
        places[count] = last_part(names[count]);
        count++;
    }
    const char *nearest = nearest_name(name, names, count);
    const char *place = nearest ? NULL : nearest_name(name, places, count);
    for (size_t i = 0; place && i < count; i++) {
        if (places[i] == place)
            nearest = names[i];
    }
    return nearest;
}

/* ---- offsets ---------------------------------------------------------------------------------------------- */

/* The instant at which a rule holds in a year, while clocks show `offset`. */
static int64_t rule_instant(const struct rule *rule, int year, int64_t offset)
{
    int64_t first = clock_days((struct day){year, rule->month, 1});
    int64_t next = clock_days(rule->month == 12 ? (struct day){year + 1, 1, 1} : (struct day){year, rule->month + 1, 1});
    int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970 began on a Thursday */
    int64_t day = first + (rule->weekday - weekday + 7) % 7 + (rule->week - 1) * 7;
    while (day >= next)
        day -= 7;
    return day * DAY + rule->time - offset;
}

static int64_t yearly_offset(const struct zone *zone, int64_t instant)
{
    if (!zone->saves)
        return zone->standard;
    int64_t local = instant + zone->standard;
    int year = clock_day(local / DAY - (local % DAY < 0)).year;
    int64_t begins = rule_instant(&zone->begins, year, zone->standard), ends = rule_instant(&zone->ends, year, zone->saving);
    bool saving = begins < ends ? instant >= begins && instant < ends : instant >= begins || instant < ends;
    return saving ? zone->saving : zone->standard;
}

int64_t zone_offset(const struct zone *zone, int64_t instant)
{
    if (zone->goes_on && (zone->count == 0 || instant >= zone->times[zone->count - 1]))
        return yearly_offset(zone, instant);
    size_t low = 0, high = zone->count; /* the number of transitions that came before */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->times[middle] <= instant)
            low = middle + 1;
        else
            high = middle;
    }
    return zone->offsets[low ? zone->types[low - 1] : 0];
}

int64_t zone_instant(const struct zone *zone, int64_t local)
{
    /* Clocks change by less than a day and not twice within two. */
    int64_t before = zone_offset(zone, local - DAY), after = zone_offset(zone, local + DAY);
    int64_t early = local - (before > after ? before : after), late = local - (before > after ? after : before);
    if (early + zone_offset(zone, early) == local)
        return early;
    return late + zone_offset(zone, late) == local ? late : local - before;
}
