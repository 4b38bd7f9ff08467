/* Reading: analysis alone, over HTTP, and with what it finds on disk. The articles are made of sentences in the manner of
 * news, 500 words each, no two alike. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "readout/clock.h"
#include "readout/text.h"

enum { ARTICLES = 400, INGESTED = 2000, WORDS = 500, CLIENTS = 8, WANTED = 1000 };

/* ---- articles --------------------------------------------------------------------------------------------- */

static const char *const given[] = {"Anna", "Paul",  "Maria", "Ivan", "Lena",  "Omar",  "Grace",  "Jun",
                                    "Nora", "Pavel", "Clara", "Hugo", "Irene", "Oscar", "Teresa", "Victor"};
static const char *const surnames[] = {"Keller",  "Weber",  "Ortega",   "Sokolov", "Dahl",   "Rashid",
                                       "Okoro",   "Takeda", "Byrne",    "Novak",   "Moreau", "Lindqvist",
                                       "Fischer", "Romano", "Kowalski", "Haddad",  "Larsen"};
static const char *const offices[] = {"Foreign Minister", "Defence Minister", "Deputy Prime Minister", "Finance Minister"};
static const char *const states[] = {"Austria", "Portugal", "Kenya", "Japan", "Norway", "Chile", "Canada", "Morocco"};
static const char *const cities[] = {"Vienna", "Lisbon", "Nairobi", "Tokyo", "Oslo", "Santiago", "Ottawa", "Rabat"};
static const char *const days[] = {"on Monday",     "on Tuesday",    "last Friday",
                                   "on 12 January", "two weeks ago", "on Sunday evening"};
static const char *const verbs[] = {"said", "warned", "told reporters", "insisted", "denied", "announced", "added"};
static const char *const subjects[] = {"the harbour of", "the border crossing at",         "the railway to", "the new treaty on",
                                       "tariffs on",     "the second round of talks about"};
static const char *const things[] = {"steel",     "fishing", "timber",          "the eastern islands",
                                     "the river", "grain",   "the old pipeline"};
static const char *const ends[] = {"would stay as it was for", "would cost the taxpayer more than", "could not be decided before",
                                   "mattered less than the other"};
static const char *const units[] = {"months", "million", "meetings", "questions"};

#define ROLL(dice, array) (array)[dice_roll(dice, sizeof(array) / sizeof(array)[0])]

static void add_person(struct buffer *out, struct dice *dice)
{
    buffer_print(out, "%s %s", ROLL(dice, given), ROLL(dice, surnames));
}

/* What is said: hardly ever twice in the same words. */
static void add_matter(struct buffer *out, struct dice *dice)
{
    static const char *const joined[] = {"and that", "while", "because"};
    for (int part = 0; part < 2; part++) {
        char end[100];
        snprintf(end, sizeof end, "%s %d %s", ROLL(dice, ends), (int)dice_roll(dice, 900) + 2, ROLL(dice, units));
        if (part)
            buffer_print(out, " %s ", ROLL(dice, joined));
        buffer_print(out, "%s %s %s", ROLL(dice, subjects), ROLL(dice, things), end);
    }
}

static void add_speech(struct buffer *out, struct dice *dice)
{
    buffer_print(out, "%s ", ROLL(dice, offices));
    add_person(out, dice);
    buffer_print(out, " of %s %s %s that ", ROLL(dice, states), ROLL(dice, verbs), ROLL(dice, days));
    add_matter(out, dice);
    buffer_add_text(out, ". ");
}

static void add_quotation(struct buffer *out, struct dice *dice)
{
    buffer_add_text(out, "\"We have said from the beginning that ");
    add_matter(out, dice);
    buffer_add_text(out, ",\" ");
    add_person(out, dice);
    buffer_print(out, " told reporters in %s. ", ROLL(dice, cities));
}

static void add_meeting(struct buffer *out, struct dice *dice)
{
    add_person(out, dice);
    buffer_add_text(out, " met ");
    add_person(out, dice);
    buffer_print(out, " in %s %s, the ministry's press office announced. ", ROLL(dice, cities), ROLL(dice, days));
}

static void add_fact(struct buffer *out, struct dice *dice)
{
    buffer_print(out, "Exports of %s to %s fell by %d per cent in the year before, mostly for want of ships, and the road from ",
                 ROLL(dice, states), ROLL(dice, states), (int)dice_roll(dice, 90) + 1);
    buffer_print(out, "%s to the coast, %d kilometres long, carries little but timber and fruit. ", ROLL(dice, cities),
                 (int)dice_roll(dice, 900) + 10);
}

static void add_sentence(struct buffer *out, struct dice *dice)
{
    static void (*const kinds[])(struct buffer * out, struct dice * dice) = {add_speech, add_quotation, add_fact, add_fact,
                                                                             add_fact};
    if (dice_roll(dice, 12) == 0)
        add_meeting(out, dice);
    else
        ROLL(dice, kinds)(out, dice);
}

static size_t words_in(struct slice text)
{
    size_t words = 0;
    for (size_t i = 0; i < text.length; i++)
        words += text.data[i] == ' ' || text.data[i] == '\n';
    return words;
}

static struct slice make_article(struct arena *arena, struct dice *dice, long number)
{
    struct buffer out = buffer_in(arena, 4096);
    buffer_print(&out, "Report %ld from %s\n\n", number, ROLL(dice, cities));
    for (size_t words = 0, paragraph = 0; words < WORDS; words = words_in(buffer_slice(&out))) {
        add_sentence(&out, dice);
        if (++paragraph % 4 == 0)
            buffer_add_text(&out, "\n\n");
    }
    return buffer_slice(&out);
}

static struct slice as_body(struct arena *arena, struct slice text, long number)
{
    struct buffer body = buffer_in(arena, text.length + 256);
    buffer_print(
        &body,
        "{\"url\":\"https://outlet.example/%ld\",\"outlet\":\"Outlet %ld\",\"published_at\":\"2022-%02ld-%02ld\",\"text\":",
        number, number % 20, number % 12 + 1, number % 28 + 1);
    buffer_add_json(&body, text);
    buffer_add_byte(&body, '}');
    return buffer_slice(&body);
}

/* ---- analysis alone --------------------------------------------------------------------------------------- */

static int64_t thread_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000 + now.tv_nsec;
}

static void read_all(const struct slice *texts, struct arena *arena)
{
    struct text_hints hints = {.published_on = SLICE("2022-01-13")};
    for (int i = 0; i < ARTICLES; i++) {
        struct analysis analysis;
        struct error error;
        if (!text_analyse(texts[i], &hints, arena, &analysis, &error))
            note_failure("an article was not read: %s", error.message);
        arena_reset(arena);
    }
}

static void measure_analysis(const struct options *options, const struct slice *texts)
{
    struct arena arena = {0};
    double rates[ROUNDS_MAX];
    char figure[120];
    read_all(texts, &arena); /* the word lists are read at the first use */
    for (int round = 0; round < options->rounds; round++) {
        progress("extract: analysis alone, round %d of %d", round + 1, options->rounds);
        int64_t begun = thread_nanoseconds();
        read_all(texts, &arena);
        rates[round] = ARTICLES / ((double)(thread_nanoseconds() - begun) / 1e9);
    }
    double rate = quantile(rates, options->rounds, 0.5);
    snprintf(figure, sizeof figure, "%.0f articles/s of %d words on one core (quartiles %.0f-%.0f)", rate, WORDS,
             quantile(rates, options->rounds, 0.25), quantile(rates, options->rounds, 0.75));
    report_line("analysis alone", figure, "≥ 1,000/s:", rate >= WANTED);
    arena_release(&arena);
}

void measure_extract(const struct options *options, const struct machine *machine, const struct world *world,
                     const char *database)
{
    struct slice texts[ARTICLES];
    struct server server;
    struct plan plan;
    struct dice dice = {options->seed};
    double rates[ROUNDS_MAX], costs[ROUNDS_MAX], elapsed;
    static struct histogram latency;
    char figure[160];
    server_start_ours(&server, options, database, 1, true, &machine->server);
    plan = (struct plan){.world = world, .dice = dice, .connection = message_connect(server.port)};
    for (int i = 0; i < ARTICLES; i++) {
        texts[i] = make_article(&plan.arena, &dice, i);
        struct buffer body = buffer_in(&plan.arena, texts[i].length + 64);
        buffer_add_text(&body, "{\"published_on\":\"2022-01-13\",\"text\":");
        buffer_add_json(&body, texts[i]);
        buffer_add_byte(&body, '}');
        plan_post(&plan, 200, "/v1/extract", buffer_slice(&body));
    }
    measure_analysis(options, texts);
    plan_learn(&plan, "extract");
    struct load *load = load_open(&plan, &server, CLIENTS, false);
    for (int round = 0; round < options->rounds; round++) {
        progress("extract: over HTTP, round %d of %d", round + 1, options->rounds);
        int64_t before = server_cpu_nanoseconds(&server);
        uint64_t answered = load_slice(load, options->slice, &latency, &elapsed);
        rates[round] = (double)answered / elapsed;
        costs[round] = (double)(server_cpu_nanoseconds(&server) - before) / (double)answered / 1e3;
    }
    load_close(load);
    snprintf(figure, sizeof figure, "%.0f articles/s on one core (%.0f CPU us/article, 99 in 100 within %.1f ms)",
             quantile(rates, options->rounds, 0.5), quantile(costs, options->rounds, 0.5),
             histogram_quantile(&latency, 0.99) / 1e6);
    report_line("POST /v1/extract", figure, NULL, false);
    close(plan.connection);
    plan_release(&plan);
    server_stop(&server);
}

/* ---- with what is found on disk --------------------------------------------------------------------------- */

/* Each article once: a slice ends when they do. */
static void measure_posts(const struct options *options, const struct machine *machine, const struct world *world,
                          const char *database)
{
    struct server server;
    struct plan plan;
    struct dice dice = {options->seed + 1};
    struct arena arena = {0};
    char figure[160];
    server_start_ours(&server, options, database, 1, true, &machine->both);
    plan = (struct plan){.world = world, .connection = message_connect(server.port)};
    int64_t begun = clock_nanoseconds(), cpu = server_cpu_nanoseconds(&server);
    for (long i = 0; i < ARTICLES; i++) {
        struct slice body = as_body(&plan.arena, make_article(&plan.arena, &dice, i), i);
        plan_post(&plan, 201, "/v1/articles", body);
        progress("ingest: article %ld of %d", i + 1, ARTICLES);
        struct message reply = message_fetch(&arena, plan.connection, plan.probes[plan.count - 1].request);
        if (reply.status != 201)
            note_failure("an article was answered with %d", reply.status);
        arena_reset(&arena);
    }
    double each = (double)(clock_nanoseconds() - begun) / ARTICLES / 1e6;
    snprintf(figure, sizeof figure, "%.2f ms an article, one after the other, on disk each (%.0f CPU us)", each,
             (double)(server_cpu_nanoseconds(&server) - cpu) / ARTICLES / 1e3);
    report_line("POST /v1/articles", figure, NULL, false);
    close(plan.connection);
    arena_release(&arena);
    plan_release(&plan);
    server_stop(&server);
}

static void measure_command(const struct options *options)
{
    struct arena arena = {0}, text = {0};
    struct dice dice = {options->seed + 2};
    const char *path = arena_print(&arena, "%s/run/articles.ndjson", options->scratch);
    const char *database = arena_print(&arena, "%s/run/ingest.db", options->scratch);
    FILE *file = fopen(path, "w");
    for (long i = 0; file && i < INGESTED; i++) {
        struct slice body = as_body(&text, make_article(&text, &dice, i), i);
        fprintf(file, "%.*s\n", SLICE_ARGS(body));
        arena_reset(&text);
    }
    if (!file || fclose(file) != 0)
        give_up("%s cannot be written", path);
    progress("ingest: %d articles by the command", INGESTED);
    int64_t begun = clock_nanoseconds();
    const char *arguments[] = {options->binary, "ingest", path, "--database", database, "--log", "error", NULL};
    if (process_run(arguments, NULL, 0) != 0)
        note_failure("readout ingest failed");
    double seconds = (double)(clock_nanoseconds() - begun) / 1e9;
    char figure[120];
    snprintf(figure, sizeof figure, "%.0f articles/s, %d of %d words, on disk with all that is found", INGESTED / seconds,
             INGESTED, WORDS);
    report_line("readout ingest", figure, NULL, false);
    arena_release(&text);
    arena_release(&arena);
}

void measure_ingest(const struct options *options, const struct machine *machine, const struct world *world, const char *database)
{
    measure_posts(options, machine, world, database);
    measure_command(options);
}
