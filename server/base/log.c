#include "readout/log.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "readout/arena.h"
#include "readout/buffer.h"
#include "readout/clock.h"

enum { GATHERED_MOST = 64 * 1024 };

static enum log_level lowest = LOG_INFO;

static _Thread_local char gathered[GATHERED_MOST];
static _Thread_local size_t gathered_length;

void log_set_level(enum log_level level)
{
    lowest = level;
}

bool log_wants(enum log_level level)
{
    return level >= lowest && level < LOG_OFF;
}

/* One write, so that lines of several threads do not mix. A log that cannot be written is nobody's error to report. */
static void write_out(const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        data += written;
        length -= (size_t)written;
    }
}

void log_event(enum log_level level, const char *event, ...)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    if (!log_wants(level))
        return;
    struct arena arena = {0};
    struct buffer line = buffer_in(&arena, 1024);
    char now[INSTANT_SIZE];
    clock_now(now);
    buffer_print(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":", now, names[level]);
    buffer_add_json(&line, slice_of(event));
    va_list pairs;
    va_start(pairs, event);
    for (const char *key = va_arg(pairs, const char *); key; key = va_arg(pairs, const char *)) {
        buffer_add_byte(&line, ',');
        buffer_add_json(&line, slice_of(key));
        buffer_add_byte(&line, ':');
        buffer_add_json(&line, slice_of(va_arg(pairs, const char *)));
    }
    va_end(pairs);
    buffer_add_text(&line, "}\n");
    write_out(line.data, line.length);
    arena_release(&arena);
}

void log_line(struct slice json)
{
    if (lowest == LOG_OFF)
        return;
    if (json.length + 1 > GATHERED_MOST - gathered_length)
        log_flush();
    if (json.length + 1 > GATHERED_MOST) { /* longer than anything gathered may be: goes out by itself */
        struct arena arena = {0};
        struct buffer line = buffer_in(&arena, json.length + 1);
        buffer_add_slice(&line, json);
        buffer_add_byte(&line, '\n');
        write_out(line.data, line.length);
        arena_release(&arena);
        return;
    }
    memcpy(gathered + gathered_length, json.data, json.length);
    gathered_length += json.length;
    gathered[gathered_length++] = '\n';
}

void log_flush(void)
{
    write_out(gathered, gathered_length);
    gathered_length = 0;
}
