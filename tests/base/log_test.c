#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/log.h"

static char heard[400000];
static int file, terminal;

/* What is logged goes into a file without a name, and is read from there. */
static void listen_to_the_log(void)
{
    file = fileno(tmpfile());
    terminal = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
}

static const char *what_was_logged(void)
{
    ssize_t length = pread(file, heard, sizeof heard - 1, 0);
    heard[length < 0 ? 0 : length] = '\0';
    return heard;
}

static void stop_listening(void)
{
    dup2(terminal, STDERR_FILENO);
}

TestSuite(log, .init = listen_to_the_log, .fini = stop_listening);

Test(log, writes_an_event_as_one_json_line)
{
    log_event(LOG_WARNING, "disk-full", "path", "a \"b\"\n", "free", NULL, NULL);
    const char *line = what_was_logged();
    struct slice time = {line + 9, 24};
    int64_t milliseconds;
    cr_assert_eq(strncmp(line, "{\"time\":\"", 9), 0);
    cr_assert(clock_parse_instant(time, &milliseconds));
    cr_assert_str_eq(line + 33, "\",\"level\":\"warning\",\"event\":\"disk-full\",\"path\":\"a \\\"b\\\"\\n\",\"free\":null}\n");
}

Test(log, drops_what_is_below_its_level)
{
    log_set_level(LOG_WARNING);
    cr_assert_not(log_wants(LOG_INFO));
    cr_assert(log_wants(LOG_ERROR));
    log_event(LOG_INFO, "server-listening", NULL);
    cr_assert_str_eq(what_was_logged(), "");
}

Test(log, says_nothing_when_it_is_off)
{
    log_set_level(LOG_OFF);
    cr_assert_not(log_wants(LOG_ERROR));
    log_event(LOG_ERROR, "disk-full", NULL);
    log_line(SLICE("{}"));
    log_flush();
    cr_assert_str_eq(what_was_logged(), "");
}

Test(log, gathers_lines_until_it_is_flushed)
{
    log_line(SLICE("{\"a\":1}"));
    log_line(SLICE("{\"a\":2}"));
    cr_assert_str_eq(what_was_logged(), "");
    log_flush();
    cr_assert_str_eq(what_was_logged(), "{\"a\":1}\n{\"a\":2}\n");
    log_flush();
    cr_assert_str_eq(what_was_logged(), "{\"a\":1}\n{\"a\":2}\n");
}

Test(log, keeps_the_order_of_lines_too_long_to_gather)
{
    static char longest[100000];
    memset(longest, 'x', sizeof longest);
    log_line(SLICE("first"));
    log_line((struct slice){longest, sizeof longest});
    log_line(SLICE("last"));
    log_flush();
    const char *text = what_was_logged();
    cr_assert_eq(strncmp(text, "first\nxxx", 9), 0);
    cr_assert_eq(strlen(text), 6 + sizeof longest + 1 + 5);
    cr_assert_str_eq(text + 6 + sizeof longest, "\nlast\n");
}

Test(log, writes_by_itself_when_enough_is_gathered)
{
    static char line[1000];
    memset(line, 'x', sizeof line);
    for (int i = 0; i < 100; i++)
        log_line((struct slice){line, sizeof line});
    cr_assert_eq(strlen(what_was_logged()), 65 * 1001);
    log_flush();
    cr_assert_eq(strlen(what_was_logged()), 100 * 1001);
}
