#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "readout/arena.h"

enum {
    CLAIMS_A_SPEAKER = 200,
    CLAIMS_AN_ARTICLE = 5,
    CLAIMS_A_MEETING = 100,
    SENTENCES_AN_ARTICLE = 8,
    SENTENCE_MIN = 60,
    STATEMENT_BYTES = 110, /* a sentence of an article, with the full stop and the blank behind it */
    ARTICLES_A_WORD = 20
};

static const char *const adjectives[] = {"joint", "northern", "latest", "proposed", "regional", "coming", "limited", "lasting"};
static const char *const nouns[] = {"exercise",     "treaty",   "delegation", "ceasefire",     "inspection", "border post",
                                    "missile site", "gas line", "summit",     "working group", "statement",  "garrison"};
static const char *const verbs[] = {"will depend on",    "cannot replace",  "must come before",  "has nothing to do with",
                                    "should be part of", "was agreed with", "would end without", "goes further than"};
static const char *const places[] = {"Geneva", "Vienna", "Brussels", "Helsinki", "Kyiv", "Ankara", "Oslo", "Warsaw"};
static const char *const countries[] = {"CH", "AT", "BE", "FI", "UA", "TR", "NO", "PL"};
static const char *const topics[] = {"missiles", "exercises", "inf-treaty", "nato-enlargement",
                                     "troops",   "sanctions", "talks",      "security-guarantees"};
static const char *const given[] = {"Anna", "Paul",  "Maria", "Ivan", "Lena",  "Omar",  "Grace",  "Peter",
                                    "Nora", "Pavel", "Clara", "Hugo", "Irene", "Oscar", "Teresa", "Victor"};
static const char *const stances[] = {"asserts", "accuses", "conditions", "demands", "denies", "expects", "offers", "promises"};

#define LENGTH(array)       (sizeof(array) / sizeof(array)[0])
#define ONE_OF(dice, array) ((array)[dice_roll(dice, LENGTH(array))])

/* SplitMix64: a counter through a mixer; the bias of the remainder does not matter here. Never two rolls among the arguments of
 * one call: compilers differ in which comes first. */
uint64_t dice_roll(struct dice *dice, uint64_t sides)
{
    uint64_t mixed = dice->state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    mixed ^= mixed >> 31;
    return mixed % sides;
}

static long at_least(long least, long number)
{
    return number < least ? least : number;
}

struct world world_of(long claims)
{
    return (struct world){
        .claims = claims,
        .outlets = 20,
        .speakers = at_least(1, claims / CLAIMS_A_SPEAKER),
        .articles = at_least(1, claims / CLAIMS_AN_ARTICLE),
        .meetings = at_least(1, claims / CLAIMS_A_MEETING),
    };
}

static long pick(struct dice *dice, long count)
{
    return (long)dice_roll(dice, (uint64_t)count) + 1;
}

static void add_sentence(struct buffer *out, struct dice *dice)
{
    const char *first = ONE_OF(dice, adjectives), *subject = ONE_OF(dice, nouns), *verb = ONE_OF(dice, verbs);
    const char *second = ONE_OF(dice, adjectives), *object = ONE_OF(dice, nouns);
    size_t start = out->length;
    buffer_print(out, "The %s %s %s the %s %s near %s", first, subject, verb, second, object, ONE_OF(dice, places));
    while (out->length - start < SENTENCE_MIN)
        buffer_print(out, " and %s", ONE_OF(dice, places));
    buffer_add_text(out, ". ");
}

static void add_sentences(struct buffer *out, struct dice *dice, int count)
{
    for (int i = 0; i < count; i++)
        add_sentence(out, dice);
    out->length--; /* the last one's space */
}

/* A made-up word of four syllables. */
static void add_word(struct buffer *out, uint64_t number)
{
    static const char *const syllables[] = {"ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu",
                                            "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo", "zu"};
    for (int i = 0; i < 4; i++, number /= LENGTH(syllables))
        buffer_add_text(out, syllables[number % LENGTH(syllables)]);
}

/* Sentences of one length, so that a report knows where in its article one stands. The words that fill them up are shorter than
 * rare ones. */
static void add_statements(struct buffer *out, struct dice *dice, int count)
{
    enum { WORD_MOST = 7 };
    for (int i = 0; i < count; i++) {
        size_t start = out->length, end = start + STATEMENT_BYTES - 2;
        add_sentence(out, dice);
        out->length -= 2;
        while (out->length < end) {
            size_t word = out->length + 1;
            buffer_add_byte(out, ' ');
            add_word(out, dice_roll(dice, 1000000));
            out->length = word + WORD_MOST < end ? word + WORD_MOST : end;
        }
        buffer_add_text(out, ". ");
    }
    out->length--;
}

void generate_rare_word(struct buffer *out, struct dice *dice, const struct world *world)
{
    add_word(out, dice_roll(dice, 1 + (uint64_t)world->articles / ARTICLES_A_WORD));
}

/* The step makes neighbours' surnames unlike each other, and gives each number another one. */
void generate_speaker_name(struct buffer *out, long number)
{
    enum { STEP = 7919 };
    buffer_print(out, "%s ", given[(size_t)number % LENGTH(given)]);
    size_t start = out->length;
    add_word(out, (uint64_t)number * STEP);
    out->data[start] = (char)(out->data[start] - 'a' + 'A');
}

static void add_day(struct buffer *out, struct dice *dice)
{
    unsigned month = (unsigned)dice_roll(dice, 12) + 1, day = (unsigned)dice_roll(dice, 28) + 1;
    buffer_print(out, "%u-%02u-%02u", 2020 + (unsigned)dice_roll(dice, 4), month, day);
}

/* Two different topics. */
static void add_topics(struct buffer *out, struct dice *dice)
{
    size_t first = dice_roll(dice, LENGTH(topics)), step = 1 + dice_roll(dice, LENGTH(topics) - 1);
    buffer_print(out, "[\"%s\",\"%s\"]", topics[first], topics[(first + step) % LENGTH(topics)]);
}

/* One of the sentences of the article. */
static void add_report(struct buffer *out, struct dice *dice, const struct world *world)
{
    unsigned start = (unsigned)dice_roll(dice, SENTENCES_AN_ARTICLE) * STATEMENT_BYTES;
    const char *kind = dice_roll(dice, 2) ? "direct" : "indirect";
    buffer_print(out, ",\"reports\":[{\"article_id\":\"article-%ld\",\"kind\":\"%s\"", pick(dice, world->articles), kind);
    buffer_print(out, ",\"content\":[{\"start\":%u,\"end\":%u}]", start, start + STATEMENT_BYTES - 2);
    if (dice_roll(dice, 4) == 0)
        buffer_print(out, ",\"via\":[\"outlet-%ld\"]", pick(dice, world->outlets));
    buffer_add_text(out, ",\"confidence\":0.9}]");
}

void generate_claim(struct buffer *out, struct dice *dice, const struct world *world, bool typed, bool reported)
{
    buffer_add_text(out, typed ? "{\"type\":\"claim\",\"text\":\"" : "{\"text\":\"");
    add_sentences(out, dice, 3);
    buffer_print(out, "\",\"speaker_id\":\"speaker-%ld\"", pick(dice, world->speakers));
    buffer_print(out, ",\"stance\":\"%s\",\"topics\":", ONE_OF(dice, stances));
    add_topics(out, dice);
    buffer_add_text(out, ",\"said_on\":\"");
    add_day(out, dice);
    buffer_add_text(out, "\"");
    if (dice_roll(dice, 3) == 0)
        buffer_print(out, ",\"occasion_id\":\"meeting-%ld\"", pick(dice, world->meetings));
    if (reported)
        add_report(out, dice, world);
    buffer_add_text(out, "}");
}

static void generate_outlet(struct buffer *out, struct dice *dice, long number)
{
    size_t place = dice_roll(dice, LENGTH(places));
    buffer_print(out, "{\"type\":\"actor\",\"external_id\":\"outlet-%ld\",\"name\":\"Gazette of %s no. %ld\"", number,
                 places[place], number);
    buffer_print(out, ",\"kind\":\"media\",\"country\":\"%s\"}", countries[place]);
}

static void generate_speaker(struct buffer *out, struct dice *dice, long number)
{
    buffer_print(out, "{\"type\":\"actor\",\"external_id\":\"speaker-%ld\",\"name\":\"", number);
    generate_speaker_name(out, number);
    buffer_print(out, "\",\"kind\":\"person\",\"country\":\"%s\"}", ONE_OF(dice, countries));
}

static void generate_article(struct buffer *out, struct dice *dice, const struct world *world, long number)
{
    long outlet = pick(dice, world->outlets);
    buffer_print(out, "{\"type\":\"article\",\"external_id\":\"article-%ld\",\"url\":\"https://outlet-%ld.example/%ld\"", number,
                 outlet, number);
    const char *adjective = ONE_OF(dice, adjectives);
    buffer_print(out, ",\"title\":\"The %s %s\",\"outlet_id\":\"outlet-%ld\"", adjective, ONE_OF(dice, nouns), outlet);
    buffer_add_text(out, ",\"language\":\"en\",\"published_at\":\"");
    add_day(out, dice);
    buffer_print(out, "T%02u:00:00Z\",\"text\":\"", (unsigned)dice_roll(dice, 24));
    add_statements(out, dice, SENTENCES_AN_ARTICLE);
    buffer_add_text(out, " They call it ");
    generate_rare_word(out, dice, world);
    buffer_add_text(out, ".\"}");
}

static void generate_meeting(struct buffer *out, struct dice *dice, const struct world *world, long number)
{
    size_t place = dice_roll(dice, LENGTH(places));
    long head = pick(dice, world->speakers);
    buffer_print(out, "{\"type\":\"meeting\",\"external_id\":\"meeting-%ld\",\"name\":\"Talks no. %ld\",\"kind\":\"talks\"",
                 number, number);
    buffer_print(out, ",\"city\":\"%s\",\"country\":\"%s\",\"starts_on\":\"", places[place], countries[place]);
    add_day(out, dice);
    buffer_print(
        out, "\",\"precision\":\"day\",\"participants\":[{\"actor_id\":\"speaker-%ld\",\"role\":\"head\"}],\"topics\":", head);
    add_topics(out, dice);
    buffer_add_text(out, "}");
}

static void write_line(FILE *file, struct buffer *out)
{
    buffer_add_byte(out, '\n');
    if (fwrite(out->data, 1, out->length, file) != out->length)
        give_up("the record cannot be written: %s", strerror(errno));
    out->length = 0;
}

void generate_record(const char *path, const struct world *world, uint64_t seed)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        give_up("%s: %s", path, strerror(errno));
    struct arena arena = {0};
    struct buffer out = buffer_in(&arena, 4096);
    struct dice dice = {seed};

    for (long i = 1; i <= world->outlets; i++, write_line(file, &out))
        generate_outlet(&out, &dice, i);
    for (long i = 1; i <= world->speakers; i++, write_line(file, &out))
        generate_speaker(&out, &dice, i);
    for (long i = 1; i <= world->meetings; i++, write_line(file, &out))
        generate_meeting(&out, &dice, world, i);
    for (long i = 1; i <= world->articles; i++, write_line(file, &out))
        generate_article(&out, &dice, world, i);
    for (long i = 1; i <= world->claims; i++, write_line(file, &out))
        generate_claim(&out, &dice, world, true, true);

    if (fclose(file) != 0)
        give_up("%s: %s", path, strerror(errno));
    arena_release(&arena);
}
