/* The bench: what a request costs this server, beside a bare libmicrohttpd that answers the same bytes.
 *
 *     make bench BENCH='--claims 100000 --only read'
 *
 * Machines are noisy, so no figure stands alone. Both servers are alive at once on one core, the load on another; they work in
 * slices of 0.35 s in turn, and a slice is compared with the other server's slice of the same round. What is printed is the
 * median of the rounds with its quartiles. Ratios read the same way everywhere: higher is better, 1.00 is as good as the bare
 * library.
 *
 * With --peers, two small applications on other stacks (tests/bench/peers) join the rounds of the scenarios that they can answer.
 * With --growth, the sides are our own server on records of several sizes, and the ratio is how much dearer a request becomes.
 *
 * The way through the files: bench.c (the order of things), generator.c and database.c (the record), scenarios.c (the table of
 * what is measured: add a row and a function there), plan.c (the requests of a scenario, and what each must be answered), load.c
 * (the load), reference.c (the other server), peers.c (the other stacks), compare.c (the rounds), growth.c (the sizes), extras.c
 * (memory, start, second core), reading.c (articles), matching.c (articles and what is known) and report.c (the table).
 *
 * A reply with the wrong status or length is a failure; failures are counted, shown, and the program ends with 1. */
#ifndef READOUT_TESTS_BENCH_H
#define READOUT_TESTS_BENCH_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "readout/arena.h"
#include "readout/buffer.h"
#include "readout/slice.h"

#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

enum { ROUNDS_MAX = 101, SIDES_MAX = 5, SIZES_MAX = 4 };

#define GROWTH_MOST   2.0 /* how much dearer a request may become on the largest record */
#define MATCHING_MOST 3.0 /* the same of matching an article */

struct options {
    long claims;
    uint64_t seed;
    int rounds;
    double slice;     /* seconds */
    const char *only; /* the beginning of a scenario's name; NULL: all */
    bool calibrate;   /* the reference against itself: what this machine's noise is */
    bool growth;      /* the scenarios that grow, on records of `sizes` claims, smallest first */
    long sizes[SIZES_MAX];
    int size_count;
    const char *peers;   /* the folder that the peers are installed in; NULL: without them */
    const char *binary;  /* the server */
    const char *scratch; /* the folder for what the bench writes */
};

/* ---- to the person at the terminal (report.c) ------------------------------------------------------------------------- */

/* One line that replaces the one before, where standard error is a terminal; else nothing. */
void progress(const char *format, ...) PRINTF_LIKE(1, 2);
void progress_clear(void);
/* Ends the bench: it cannot measure. */
void give_up(const char *format, ...) PRINTF_LIKE(1, 2) __attribute__((noreturn));
/* Something was answered wrongly: shown now (the first few), and counted. */
void note_failure(const char *format, ...) PRINTF_LIKE(1, 2);
unsigned failures_noted(void);

/* ---- the record (generator.c, database.c) ----------------------------------------------------------------------------- */

/* How much there is of each noun; all of it follows from the number of claims. */
struct world {
    long claims, outlets, speakers, articles, meetings;
};
struct world world_of(long claims);

/* Numbers that look random and are the same for the same seed. Not banned rand(): the state is the caller's. */
struct dice {
    uint64_t state;
};
uint64_t dice_roll(struct dice *dice, uint64_t sides); /* 0 to sides - 1 */

/* One claim as a client would write it. `typed`: as a line of a record, naming its type. `reported`: with a report in an
 * article. */
void generate_claim(struct buffer *out, struct dice *dice, const struct world *world, bool typed, bool reported);
/* The name of the speaker of that number, from 1 on: no two alike. */
void generate_speaker_name(struct buffer *out, long number);
/* A word that stands in about twenty articles, however large the record is. */
void generate_rare_word(struct buffer *out, struct dice *dice, const struct world *world);
/* The whole record as NDJSON: each thing before those that name it. Gives up when the file cannot be written. */
void generate_record(const char *path, const struct world *world, uint64_t seed);

/* Makes the scratch folder ours alone, with an empty folder for this run, "SCRATCH/run". */
void database_begin(const struct options *options);
/* The path of the record of that world, only to be read. It is made once, and again only when the size, the seed, the
 * migrations or the contract are others. */
const char *database_record(struct arena *arena, const struct options *options, const struct world *world);
/* The path of a copy of it, to be written to at will. */
const char *database_open(struct arena *arena, const struct options *options, const struct world *world);
void database_end(const struct options *options);
/* Milliseconds that fdatasync takes in the scratch folder: the median of some. */
double database_sync_milliseconds(const struct options *options);

/* ---- processes (process.c) -------------------------------------------------------------------------------------------- */

struct machine {
    int cores;
    bool shared;                  /* one core for all: figures are then of little worth */
    cpu_set_t load, server, both; /* one core each; these two */
    size_t load_core, server_core;
};
void machine_look(struct machine *machine);

struct server {
    const char *name;
    pid_t pid;
    int output; /* the reading end of its standard output, open while it lives */
    uint16_t port;
    int64_t started; /* clock_nanoseconds() just before it was started */
};

/* Starts a program that prints "… listening on http://127.0.0.1:PORT" once it answers. `arguments` ends with NULL. */
void server_start(struct server *server, const char *name, const char *const *arguments, const cpu_set_t *cores);
/* SIGTERM, and waits; an exit status other than 0 is a failure. */
void server_stop(struct server *server);
int64_t server_cpu_nanoseconds(const struct server *server);       /* of all its threads */
long server_memory(const struct server *server, const char *what); /* bytes; what: "VmRSS", "RssAnon", … of /proc/PID/status */

/* Starts our server on a database. `cached`: with its cache of replies. */
void server_start_ours(struct server *server, const struct options *options, const char *database, int loops, bool cached,
                       const cpu_set_t *cores);

/* Runs a program to its end and gives the exit status; its output goes to `output` (cut to `size`), or nowhere when NULL. */
int process_run(const char *const *arguments, char *output, size_t size);

/* ---- HTTP, as much as a client needs (message.c) ---------------------------------------------------------------------- */

struct message {
    int status;
    size_t head;   /* bytes up to and with the empty line; 0: not all there yet */
    size_t length; /* of the body */
    struct slice type, etag;
    struct slice body; /* message_fetch() only */
};

/* Reads the head of a reply at the start of `bytes`. False: it is malformed, or does not say how long its body is. */
bool message_head(struct slice bytes, struct message *message);

int message_connect(uint16_t port); /* gives up when nobody listens */

/* Sends one request and waits for the whole reply, which lives in the arena. Gives up when none comes. */
struct message message_fetch(struct arena *arena, int connection, struct slice request);

/* ---- what is asked, and what must be answered (plan.c) ---------------------------------------------------------------- */

struct probe {
    struct slice request; /* as it goes over the wire */
    int status;
    unsigned slack;    /* by how many bytes the length may differ: ids grow while things are made */
    size_t length;     /* of the body, as learnt */
    const char *holds; /* what the body must hold, and how often; only looked at when learning. NULL: anything */
    unsigned times;
};

struct plan {
    struct arena arena;
    struct probe *probes;
    size_t count, capacity;
    int connection; /* to our server, for asking while the plan is made */
    const struct world *world;
    struct dice dice;
    struct message sample; /* what the reference answers to everything: the first probe's reply */
};

/* A request as it goes over the wire, for asking something that is not of the plan. */
struct slice plan_request(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* A request without a body, or with one, that must be answered with `status`; its `holds`, `times` and `slack` may be set until
 * the next is added. */
struct probe *plan_get(struct plan *plan, int status, const char *headers, const char *format, ...) PRINTF_LIKE(4, 5);
struct probe *plan_post(struct plan *plan, int status, const char *path, struct slice body);
/* The reply to the last request that was added; lives as long as the plan. */
struct message plan_ask(struct plan *plan);
struct scenario;
/* The plan of a scenario, made and learnt by asking that server. */
void plan_make(struct plan *plan, const struct scenario *scenario, const struct options *options, const struct world *world,
               const struct server *server);
/* Sends each request once and keeps the length of its reply; a reply that is not what it must be is a failure. */
void plan_learn(struct plan *plan, const char *scenario);
void plan_release(struct plan *plan);

/* ---- what is measured (scenarios.c) ----------------------------------------------------------------------------------- */

enum goal { GOAL_NONE, GOAL_RATIO, GOAL_RATE, GOAL_P99, GOAL_COST };

enum peer_number { PEER_BUN, PEER_FASTIFY, PEERS };

struct scenario {
    const char *name, *title;
    int clients;
    void (*prepare)(struct plan *plan);
    enum goal goal;
    double figure; /* to reach: the ratio, or the requests a second; at most: milliseconds of 99 in 100 replies, CPU us/request */
    bool cached;   /* our server has its cache of replies */
    bool grows;    /* is measured on records of several sizes with --growth */
    bool same;     /* a peer answers the same bytes */
    bool peers;    /* the peers can answer it */
    double against[PEERS]; /* the ratio to reach against each; 0: none */
};
/* Ended by one whose name is NULL. Those that write come last. */
const struct scenario *scenario_table(void);

/* ---- the load (load.c) ------------------------------------------------------------------------------------------------ */

enum { HISTOGRAM_SIZE = 2048 };

/* Counts of nanoseconds in classes about 3 % wide. */
struct histogram {
    uint64_t counts[HISTOGRAM_SIZE], total;
};
void histogram_add(struct histogram *histogram, uint64_t nanoseconds);
double histogram_quantile(const struct histogram *histogram, double quantile); /* nanoseconds */

/* Kept-alive connections to one server, each with one request under way. */
struct load;

/* `fixed`: every reply is the plan's sample (the reference), else what each probe says. */
struct load *load_open(const struct plan *plan, const struct server *server, int clients, bool fixed);
/* It shares its core with the server: waiting, it lets the core go. */
void load_let_sleep(struct load *load);
/* Works for so long, then waits for the replies still due: gives the requests answered, and the seconds until the last reply. */
uint64_t load_slice(struct load *load, double seconds, struct histogram *latency, double *elapsed);
void load_close(struct load *load);

/* ---- the reference (reference.c) -------------------------------------------------------------------------------------- */

/* A server that answers everything with one reply, started on the plan's sample. */
void reference_start(struct server *server, const struct options *options, const struct plan *plan, const cpu_set_t *cores);
/* What that process runs: `bench --reference STATUS TYPE ETAG FILE`. */
int reference_main(char **arguments);

/* ---- the peers (peers.c) ---------------------------------------------------------------------------------------------- */

/* A small application on another stack, started anew for each scenario, with a plan of its own. */
struct peer {
    const char *name;
    struct server server;
    struct plan plan;
};
/* Makes their databases out of ours, which nobody may have open. */
void peers_make(const struct options *options, const char *database);
void peers_start(struct peer peers[static PEERS], const struct options *options, const struct scenario *scenario,
                 const struct world *world, const cpu_set_t *cores);
/* Whether the peers say what we say: notes a failure for each answer that has another length. */
void peers_compare(const struct peer peers[static PEERS], const struct plan *ours);
void peers_stop(struct peer peers[static PEERS]);

/* ---- the rounds and the table (compare.c, report.c) ------------------------------------------------------------------- */

/* Who takes part in the rounds. `fixed`: answers everything with the plan's sample. */
struct contender {
    const struct server *server;
    const struct plan *plan;
    bool fixed;
};

struct side {
    double rate[ROUNDS_MAX];       /* requests a second */
    double cost[ROUNDS_MAX];       /* nanoseconds of CPU a request */
    double busy[ROUNDS_MAX];       /* the part of a core that was used */
    double rate_ratio[ROUNDS_MAX]; /* the first side's rate / this one's */
    double cost_ratio[ROUNDS_MAX]; /* this one's cost / the first side's */
    struct histogram latency;
};

struct comparison {
    struct side sides[SIDES_MAX];
    int count, rounds;
};

/* Rounds of slices, one for each contender; the first one is what the others' ratios are about. */
void compare(struct comparison *comparison, const struct options *options, const struct scenario *scenario,
             const struct contender *contenders, int count);

/* The value that this part of the values lies below; 0.5 is the median. */
double quantile(const double *values, int count, double part);

void report_head(const struct options *options, const struct machine *machine, double sync_milliseconds);
/* Our side and the reference, which come first. */
void report_row(const struct scenario *scenario, const struct comparison *comparison);
/* Our side and one of the peers, which come behind. */
void report_peer(const struct scenario *scenario, const struct comparison *comparison, enum peer_number peer, const char *name);
void report_notes(void);
void report_growth_head(const struct options *options, const struct machine *machine);
/* One line: what the last side costs more than the first. `most`: the goal; 0: none. */
void report_growth(const char *title, double most, const struct comparison *comparison);
/* One line of what has no reference: `goal` as words, NULL where there is none. */
void report_line(const char *what, const char *figure, const char *goal, bool met);

/* ---- records of several sizes (growth.c) ------------------------------------------------------------------------------ */

bool scenario_wanted(const struct options *options, const char *name);
void measure_growth(const struct options *options, const struct machine *machine);

/* What it takes to match an article with what is known, on records of several sizes: articles about the record's own speakers,
 * which repeat some of what they said. */
void measure_matching(const struct options *options, const struct machine *machine);

/* ---- what has no reference (extras.c) --------------------------------------------------------------------------------- */

struct extra {
    const char *name;
    void (*measure)(const struct options *options, const struct machine *machine, const struct world *world,
                    const char *database);
};
/* Reading articles: analysis alone and over HTTP; with what is found on disk (reading.c). */
void measure_extract(const struct options *options, const struct machine *machine, const struct world *world,
                     const char *database);
void measure_ingest(const struct options *options, const struct machine *machine, const struct world *world,
                    const char *database);
/* Ended by one whose name is NULL. Each starts servers of its own. */
const struct extra *extra_table(void);

#endif
