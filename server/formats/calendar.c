/* iCalendar (RFC 5545, RFC 7986): a VEVENT for each meeting whose day is known. */
#include <stdio.h>
#include <string.h>

#include "formats_private.h"

enum { LINE_OCTETS = 75 };

/* ---- content lines ---------------------------------------------------------------------------------------- */

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Folds a line at 75 octets, between characters; the space that begins a continuation counts. */
static void add_line(struct buffer *out, struct slice line)
{
    size_t room = LINE_OCTETS;
    while (line.length > room) {
        size_t cut = room;
        while (cut > 0 && continues_character(line.data[cut]))
            cut--;
        buffer_add(out, line.data, cut);
        buffer_add_text(out, "\r\n ");
        line = (struct slice){line.data + cut, line.length - cut};
        room = LINE_OCTETS - 1;
    }
    buffer_add_slice(out, line);
    buffer_add_text(out, "\r\n");
}

/* A property whose value is as it should be. */
static void add_plain(struct rendering *rendering, struct buffer *out, const char *name, struct slice value)
{
    add_line(out, slice_of(arena_print(rendering->arena, "%s:%.*s", name, SLICE_ARGS(value))));
}

/* The value as TEXT (RFC 5545 §3.3.11). */
static void add_escaped(struct buffer *line, struct slice value)
{
    for (size_t i = 0; i < value.length; i++) {
        char byte = value.data[i];
        if (byte == '\n')
            buffer_add_text(line, "\\n");
        else if (byte == '\\' || byte == ';' || byte == ',')
            buffer_add(line, (char[]){'\\', byte}, 2);
        else if ((unsigned char)byte >= 0x20 && byte != 0x7f)
            buffer_add_byte(line, byte);
        else if (byte == '\t')
            buffer_add_byte(line, ' ');
    }
}

static void add_text(struct rendering *rendering, struct buffer *out, const char *name, struct slice value)
{
    struct buffer line = buffer_in(rendering->arena, value.length + 64);
    if (value.length == 0)
        return;
    buffer_print(&line, "%s:", name);
    add_escaped(&line, value);
    add_line(out, buffer_slice(&line));
}

/* ---- times ------------------------------------------------------------------------------------------------ */

/* "20220110T073000Z" of "2022-01-10T07:30:00.000Z", "20220110" of "2022-01-10". */
static struct slice basic(struct rendering *rendering, struct slice time)
{
    struct buffer out = buffer_in(rendering->arena, 20);
    for (size_t i = 0; i < time.length && i < 19; i++) {
        if (time.data[i] != '-' && time.data[i] != ':')
            buffer_add_byte(&out, time.data[i]);
    }
    if (time.length > 10)
        buffer_add_byte(&out, 'Z');
    return buffer_slice(&out);
}

static int digits(const char *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

/* A month or a year that is known without the day is taken whole: DTEND is the day after it. */
static void add_end(struct buffer *out, struct slice day, struct slice precision)
{
    int year = digits(day.data, 4), month = digits(day.data + 5, 2);
    char line[64];
    if (slice_is(precision, "month"))
        snprintf(line, sizeof line, "DTEND;VALUE=DATE:%04d%02d01", month == 12 ? year + 1 : year, month % 12 + 1);
    else if (slice_is(precision, "year"))
        snprintf(line, sizeof line, "DTEND;VALUE=DATE:%04d0101", year + 1);
    else
        return;
    add_line(out, slice_of(line));
}

static struct slice first_day(struct rendering *rendering, struct slice day, struct slice precision)
{
    struct slice first = basic(rendering, day);
    if (slice_is(precision, "year"))
        return slice_of(arena_print(rendering->arena, "%.4s0101", first.data));
    return slice_is(precision, "month") ? slice_of(arena_print(rendering->arena, "%.6s01", first.data)) : first;
}

static void add_times(struct rendering *rendering, const json_t *meeting, struct buffer *out)
{
    struct slice day = text_in(meeting, "starts_on"), instant = text_in(meeting, "starts_at"),
                 precision = text_in(meeting, "precision");
    if (is_instant(instant)) {
        add_plain(rendering, out, "DTSTART", basic(rendering, instant));
        return;
    }
    add_plain(rendering, out, "DTSTART;VALUE=DATE", first_day(rendering, day, precision));
    add_end(out, day, precision);
    add_plain(rendering, out, "TRANSP", SLICE("TRANSPARENT")); /* the hours are not known, so it fills none */
}

/* ---- the event -------------------------------------------------------------------------------------------- */

static struct slice status_of(const json_t *meeting)
{
    struct slice status = text_in(meeting, "status");
    if (slice_is(status, "cancelled"))
        return SLICE("CANCELLED");
    return slice_is(status, "held") ? SLICE("CONFIRMED") : SLICE("TENTATIVE");
}

/* What STATUS and DTSTART have no words for: "postponed, evening". */
static struct slice description_of(struct rendering *rendering, const json_t *meeting)
{
    struct slice status = text_in(meeting, "status"), part = text_in(meeting, "part_of_day");
    return slice_of(arena_print(rendering->arena, "%.*s%s%.*s", SLICE_ARGS(status), part.length ? ", " : "", SLICE_ARGS(part)));
}

static struct slice location_of(struct rendering *rendering, const json_t *meeting)
{
    static const char *const parts[] = {"venue", "city", "country"};
    struct buffer location = buffer_in(rendering->arena, 64);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct slice part = text_in(meeting, parts[i]);
        if (part.length && location.length)
            buffer_add_text(&location, ", ");
        buffer_add_slice(&location, part.data ? part : SLICE(""));
    }
    return buffer_slice(&location);
}

static void add_categories(struct rendering *rendering, const json_t *meeting, struct buffer *out)
{
    struct buffer line = buffer_in(rendering->arena, 128);
    size_t index;
    json_t *topic;
    buffer_add_text(&line, "CATEGORIES:");
    add_escaped(&line, text_in(meeting, "kind"));
    json_array_foreach (json_object_get(meeting, "topics"), index, topic) {
        buffer_add_byte(&line, ',');
        add_escaped(&line, (struct slice){json_string_value(topic), json_string_length(topic)});
    }
    add_line(out, buffer_slice(&line));
}

static struct slice identity(struct rendering *rendering, const json_t *meeting)
{
    return slice_of(
        arena_print(rendering->arena, "meeting-%lld@%.*s", (long long)int_in(meeting, "id"), SLICE_ARGS(rendering->authority)));
}

static void add_numbers(struct rendering *rendering, const json_t *meeting, struct buffer *out)
{
    struct slice updated = basic(rendering, text_in(meeting, "updated_at"));
    add_plain(rendering, out, "UID", identity(rendering, meeting));
    add_plain(rendering, out, "DTSTAMP", updated);
    add_plain(rendering, out, "CREATED", basic(rendering, text_in(meeting, "created_at")));
    add_plain(rendering, out, "LAST-MODIFIED", updated);
    add_plain(rendering, out, "SEQUENCE",
              slice_of(arena_print(rendering->arena, "%lld", (long long)int_in(meeting, "version") - 1)));
}

void calendar_add(struct rendering *rendering, const json_t *meeting, struct buffer *out)
{
    if (!text_in(meeting, "starts_on").data && !is_instant(text_in(meeting, "starts_at")))
        return;
    add_line(out, SLICE("BEGIN:VEVENT"));
    add_numbers(rendering, meeting, out);
    add_times(rendering, meeting, out);
    add_text(rendering, out, "SUMMARY", text_in(meeting, "name"));
    add_text(rendering, out, "DESCRIPTION", description_of(rendering, meeting));
    add_text(rendering, out, "LOCATION", location_of(rendering, meeting));
    add_categories(rendering, meeting, out);
    add_plain(rendering, out, "STATUS", status_of(meeting));
    add_plain(rendering, out, "URL", resource_url(rendering, NOUN_MEETING, int_in(meeting, "id")));
    add_line(out, SLICE("END:VEVENT"));
}

/* ---- around it -------------------------------------------------------------------------------------------- */

void calendar_begin(struct rendering *rendering, struct buffer *out)
{
    static const char *const lines[] = {"BEGIN:VCALENDAR",
                                        "VERSION:2.0",
                                        "PRODID:-//Readout//Readout " READOUT_VERSION "//EN",
                                        "CALSCALE:GREGORIAN",
                                        "METHOD:PUBLISH",
                                        "NAME:Meetings",
                                        "X-WR-CALNAME:Meetings",
                                        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
                                        "X-PUBLISHED-TTL:PT1H"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        add_line(out, slice_of(lines[i]));
    add_plain(rendering, out, "SOURCE;VALUE=URI", rendering->self);
}

void calendar_end(struct rendering *rendering, struct buffer *out)
{
    (void)rendering;
    add_line(out, SLICE("END:VCALENDAR"));
}
