/* What reading costs as a text grows: twice the text, at most 2.2 times the instructions. Where the machine does not count
 * instructions, processor time stands in for them; it wavers, so that the best of several runs has to stay under a wider bound,
 * which a cost that grows with the square still breaks. */
#include <criterion/criterion.h>
#include <linux/perf_event.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "readout/buffer.h"
#include "readout/text.h"

enum { TEXT_BYTES = 150000, RUNS = 6 };

static const struct shape {
    const char *name, *before, *unit;
} shapes[] = {
    {"an article", "",
     "VIENNA, Jan 9 - Anna Keller, the foreign minister of Austria, said on Sunday that talks with Norway would begin next "
     "week.\n\n"
     "“We will not sign,” she told reporters. According to a spokesman, the ministers met in Oslo on 3 January (see also "
     "below).\n\n"},
    {"one paragraph", "", "The minister said the talks, which began on Monday, would go on. \"Nobody knows,\" he added. "},
    {"no full stop", "", "the minister said that the talks would go on and that nobody knew how long they would last "},
    {"quotation marks", "", "\""},
    {"opening marks", "", "“"},
    {"quoted letters", "", "“a” "},
    {"marks that never close", "", "„We will «sign “it "},
    {"apostrophes", "", "'s "},
    {"one word", "", "abcdefghij"},
    {"one capital word", "", "ABCDEFGHIJ"},
    {"one hyphenated word", "", "a-"},
    {"humps", "", "talksThe"},
    {"capitals", "", "ANNA KELLER "},
    {"names", "", "Anna Keller Tom Moss "},
    {"names apart", "", "Anna Keller met Tom Moss. "},
    {"states", "", "Russia China "},
    {"said", "", "said "},
    {"that said", "", "he said that "},
    {"according to", "", "according to "},
    {"brackets", "", "("},
    {"nested brackets", "", "(a "},
    {"dots", "", "."},
    {"dots apart", "", ". "},
    {"initials", "", "A. "},
    {"abbreviations", "", "Mr. "},
    {"dashes", "VIENNA ", "- "},
    {"commas", "", "a, "},
    {"bars", "Title ", "| a "},
    {"colons", "", "a: "},
    {"digits", "", "1"},
    {"numbers", "", "12 "},
    {"dates", "", "on Monday, 3 January 2022, "},
    {"months", "", "January "},
    {"meetings", "", "talks in Vienna on Monday "},
    {"meet", "", "met "},
    {"line ends", "", "\n"},
    {"lines", "", "a\n"},
    {"paragraphs", "", "Talks begin\n\n"},
    {"copies", "", "The ministers of both countries agreed on Sunday to share the fishing grounds.\n\n"},
    {"buttons", "", "Share\n\n"},
    {"see also", "", "See also this\n\n"},
    {"bullets", "", "• a\n"},
    {"he", "Anna Keller spoke. ", "He said he would. "},
    {"officials", "", "a senior official of the ministry "},
    {"combining marks", "e", "\xcc\x81"},
    {"Cyrillic", "", "Министр сказал, что «переговоры» начнутся. "},
    {"Chinese", "", "部长说谈判将开始。"},
    {"spaces of no width", "", "\xe2\x80\x8b"},
};

/* ---- counting ----------------------------------------------------------------------------------------------------------- */

/* A counter of this thread's instructions, or -1. */
static int open_counter(void)
{
    struct perf_event_attr wanted = {.type = PERF_TYPE_HARDWARE,
                                     .size = sizeof wanted,
                                     .config = PERF_COUNT_HW_INSTRUCTIONS,
                                     .exclude_kernel = 1,
                                     .exclude_hv = 1};
    return (int)syscall(SYS_perf_event_open, &wanted, 0, -1, -1, 0);
}

static double now(int counter)
{
    long long count = 0;
    struct timespec time;
    if (counter >= 0 && read(counter, &count, sizeof count) == sizeof count)
        return (double)count;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static struct slice text_of(const struct shape *shape, size_t bytes, struct arena *arena)
{
    struct buffer text = buffer_in(arena, bytes + 1000);
    buffer_add_text(&text, shape->before);
    while (text.length < bytes)
        buffer_add_text(&text, shape->unit);
    return buffer_slice(&text);
}

static double cost_of(const struct shape *shape, size_t bytes, int counter)
{
    struct text_hints hints = {.published_on = SLICE("2022-01-09")};
    struct arena texts = {0}, arena = {0};
    struct slice text = text_of(shape, bytes, &texts);
    struct analysis analysis;
    struct error error;
    double begin = now(counter);
    text_analyse(text, &hints, &arena, &analysis, &error); /* too many findings are fine here */
    double cost = now(counter) - begin;
    arena_release(&arena);
    arena_release(&texts);
    return cost;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* The least of a few readings on either side; as soon as they are within the bound there is nothing to read again. */
static double growth_of(const struct shape *shape, int counter, double bound)
{
    double once = INFINITY, twice = INFINITY;
    for (int run = 0; run < RUNS && !(twice / once <= bound); run++) {
        once = least(once, cost_of(shape, TEXT_BYTES, counter));
        twice = least(twice, cost_of(shape, (size_t)TEXT_BYTES * 2, counter));
    }
    return twice / once;
}

Test(growth, of_the_cost_of_reading_is_linear, .timeout = 170)
{
    struct error error;
    int counter = open_counter();
    double bound = counter >= 0 ? 2.2 : 3;
    cr_assert(text_lexicons_load(&error), "%s", error.message);
    cost_of(&shapes[0], 10000, counter);
    for (const struct shape *shape = shapes; shape < shapes + sizeof shapes / sizeof shapes[0]; shape++) {
        double growth = growth_of(shape, counter, bound);
        cr_expect_leq(growth, bound, "%s: twice the text costs %.2f times as much", shape->name, growth);
    }
    if (counter >= 0)
        close(counter);
}

/* Memory is a small multiple of the text. */
Test(growth, of_memory_is_small)
{
    struct text_hints hints = {.published_on = SLICE("2022-01-09")};
    for (const struct shape *shape = shapes; shape < shapes + sizeof shapes / sizeof shapes[0]; shape++) {
        struct arena texts = {0}, arena = {0};
        struct analysis analysis;
        struct error error;
        struct slice text = text_of(shape, TEXT_BYTES, &texts);
        text_analyse(text, &hints, &arena, &analysis, &error);
        size_t held = arena_held(&arena) / TEXT_BYTES, most = shape == shapes ? 100 : 600; /* a token is 40, a name 200 */
        cr_expect_lt(held, most, "%s: %zu bytes for each of the text", shape->name, held);
        arena_release(&arena);
        arena_release(&texts);
    }
}
