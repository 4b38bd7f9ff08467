#include "readout/embedded.h"

#include <pthread.h>

/* Puts the bytes of a file between `name` and `name_end`. The path is from the repository's root, where the compiler runs.
 * The symbols are hidden, so that position-independent code reaches them directly. */
#define EMBED(name, path)                                                                                                        \
    __asm__(".pushsection .rodata\n"                                                                                             \
            ".balign 16\n"                                                                                                       \
            ".globl " #name "\n"                                                                                                 \
            ".hidden " #name "\n" #name ":\n"                                                                                    \
            ".incbin \"" path "\"\n"                                                                                             \
            ".globl " #name "_end\n"                                                                                             \
            ".hidden " #name "_end\n" #name "_end:\n"                                                                            \
            ".byte 0\n"                                                                                                          \
            ".popsection\n");                                                                                                    \
    extern const char name[] __attribute__((visibility("hidden")));                                                              \
    extern const char name##_end[] __attribute__((visibility("hidden")))

#define EMBEDDED(name) ((struct slice){(name), (size_t)((name##_end) - (name))})

EMBED(readout_contract, "openapi.yaml");
EMBED(readout_topics, "server/ingest/topics.ndjson");
EMBED(readout_demonstration, "server/ingest/demonstration.ndjson");
EMBED(readout_docs_page, "server/web/docs.html");
EMBED(readout_migration_0001, "migrations/sqlite/0001_the_record.sql");
EMBED(readout_migration_0002, "migrations/sqlite/0002_search.sql");
EMBED(readout_migration_0003, "migrations/sqlite/0003_counts.sql");
EMBED(readout_migration_0004, "migrations/sqlite/0004_spreads.sql");
EMBED(readout_migration_0005, "migrations/sqlite/0005_reading.sql");
EMBED(readout_migration_0006, "migrations/sqlite/0006_matching.sql");
EMBED(readout_migration_0007, "migrations/sqlite/0007_positions.sql");
EMBED(readout_migration_0008, "migrations/sqlite/0008_origins.sql");
EMBED(readout_migration_0009, "migrations/sqlite/0009_calendar.sql");
EMBED(readout_migration_0010, "migrations/sqlite/0010_discrepancies.sql");
EMBED(readout_migration_0011, "migrations/sqlite/0011_conflicts.sql");
EMBED(readout_migration_0012, "migrations/sqlite/0012_revisions.sql");
EMBED(readout_migration_0013, "migrations/sqlite/0013_keys.sql");
EMBED(readout_migration_0014, "migrations/sqlite/0014_idempotency.sql");
EMBED(readout_migration_0015, "migrations/sqlite/0015_authors.sql");

EMBED(readout_lexicon_verbs, "server/text/lexicon/verbs.txt");
EMBED(readout_lexicon_nouns, "server/text/lexicon/nouns.txt");
EMBED(readout_lexicon_cue_phrases, "server/text/lexicon/cue_phrases.txt");
EMBED(readout_lexicon_common_verbs, "server/text/lexicon/common_verbs.txt");
EMBED(readout_lexicon_function_words, "server/text/lexicon/function_words.txt");
EMBED(readout_lexicon_titles, "server/text/lexicon/titles.txt");
EMBED(readout_lexicon_roles, "server/text/lexicon/roles.txt");
EMBED(readout_lexicon_given_names, "server/text/lexicon/given_names.txt");
EMBED(readout_lexicon_states, "server/text/lexicon/states.txt");
EMBED(readout_lexicon_seats, "server/text/lexicon/seats.txt");
EMBED(readout_lexicon_organizations, "server/text/lexicon/organizations.txt");
EMBED(readout_lexicon_media, "server/text/lexicon/media.txt");
EMBED(readout_lexicon_cities, "server/text/lexicon/cities.txt");
EMBED(readout_lexicon_organization_words, "server/text/lexicon/organization_words.txt");
EMBED(readout_lexicon_meetings, "server/text/lexicon/meetings.txt");
EMBED(readout_lexicon_dates, "server/text/lexicon/dates.txt");
EMBED(readout_lexicon_numbers, "server/text/lexicon/numbers.txt");
EMBED(readout_lexicon_stances, "server/text/lexicon/stances.txt");
EMBED(readout_lexicon_boilerplate, "server/text/lexicon/boilerplate.txt");
EMBED(readout_lexicon_abbreviations, "server/text/lexicon/abbreviations.txt");
EMBED(readout_lexicon_other_names, "server/text/lexicon/other_names.txt");
EMBED(readout_lexicon_languages, "server/text/lexicon/languages.txt");
EMBED(readout_lexicon_concepts, "server/text/lexicon/concepts.txt");

/* In their order; a new migration is one EMBED above and one line here. */
static const struct {
    const char *name, *start, *end;
} files[] = {
    {"0001_the_record", readout_migration_0001, readout_migration_0001_end},
    {"0002_search", readout_migration_0002, readout_migration_0002_end},
    {"0003_counts", readout_migration_0003, readout_migration_0003_end},
    {"0004_spreads", readout_migration_0004, readout_migration_0004_end},
    {"0005_reading", readout_migration_0005, readout_migration_0005_end},
    {"0006_matching", readout_migration_0006, readout_migration_0006_end},
    {"0007_positions", readout_migration_0007, readout_migration_0007_end},
    {"0008_origins", readout_migration_0008, readout_migration_0008_end},
    {"0009_calendar", readout_migration_0009, readout_migration_0009_end},
    {"0010_discrepancies", readout_migration_0010, readout_migration_0010_end},
    {"0011_conflicts", readout_migration_0011, readout_migration_0011_end},
    {"0012_revisions", readout_migration_0012, readout_migration_0012_end},
    {"0013_keys", readout_migration_0013, readout_migration_0013_end},
    {"0014_idempotency", readout_migration_0014, readout_migration_0014_end},
    {"0015_authors", readout_migration_0015, readout_migration_0015_end},
};

/* The same for word lists: one EMBED above, one line here, one value of `enum lexicon`, all in one order. */
static const struct {
    const char *name, *start, *end;
} word_lists[] = {
    {"verbs", readout_lexicon_verbs, readout_lexicon_verbs_end},
    {"nouns", readout_lexicon_nouns, readout_lexicon_nouns_end},
    {"cue_phrases", readout_lexicon_cue_phrases, readout_lexicon_cue_phrases_end},
    {"common_verbs", readout_lexicon_common_verbs, readout_lexicon_common_verbs_end},
    {"function_words", readout_lexicon_function_words, readout_lexicon_function_words_end},
    {"titles", readout_lexicon_titles, readout_lexicon_titles_end},
    {"roles", readout_lexicon_roles, readout_lexicon_roles_end},
    {"given_names", readout_lexicon_given_names, readout_lexicon_given_names_end},
    {"states", readout_lexicon_states, readout_lexicon_states_end},
    {"seats", readout_lexicon_seats, readout_lexicon_seats_end},
    {"organizations", readout_lexicon_organizations, readout_lexicon_organizations_end},
    {"media", readout_lexicon_media, readout_lexicon_media_end},
    {"cities", readout_lexicon_cities, readout_lexicon_cities_end},
    {"organization_words", readout_lexicon_organization_words, readout_lexicon_organization_words_end},
    {"meetings", readout_lexicon_meetings, readout_lexicon_meetings_end},
    {"dates", readout_lexicon_dates, readout_lexicon_dates_end},
    {"numbers", readout_lexicon_numbers, readout_lexicon_numbers_end},
    {"stances", readout_lexicon_stances, readout_lexicon_stances_end},
    {"boilerplate", readout_lexicon_boilerplate, readout_lexicon_boilerplate_end},
    {"abbreviations", readout_lexicon_abbreviations, readout_lexicon_abbreviations_end},
    {"other_names", readout_lexicon_other_names, readout_lexicon_other_names_end},
    {"languages", readout_lexicon_languages, readout_lexicon_languages_end},
    {"concepts", readout_lexicon_concepts, readout_lexicon_concepts_end},
};

enum { MIGRATIONS = sizeof files / sizeof files[0], LEXICONS = sizeof word_lists / sizeof word_lists[0] };

static struct embedded_migration migrations[MIGRATIONS + 1]; /* and the one without a name */
static struct embedded_lexicon lexicons[LEXICONS + 1];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The length of a file is known to the linker only, too late for an initialiser. */
static void measure(void)
{
    for (int i = 0; i < MIGRATIONS; i++) {
        struct slice sql = {files[i].start, (size_t)(files[i].end - files[i].start)};
        migrations[i] = (struct embedded_migration){files[i].name, sql};
    }
    for (int i = 0; i < LEXICONS; i++) {
        struct slice source = {word_lists[i].start, (size_t)(word_lists[i].end - word_lists[i].start)};
        lexicons[i] = (struct embedded_lexicon){word_lists[i].name, source};
    }
}

struct slice embedded_contract(void)
{
    return EMBEDDED(readout_contract);
}

struct slice embedded_topics(void)
{
    return EMBEDDED(readout_topics);
}

struct slice embedded_demonstration(void)
{
    return EMBEDDED(readout_demonstration);
}

struct slice embedded_docs_page(void)
{
    return EMBEDDED(readout_docs_page);
}

const struct embedded_migration *embedded_migrations(void)
{
    pthread_once(&once, measure);
    return migrations;
}

const struct embedded_lexicon *embedded_lexicons(void)
{
    pthread_once(&once, measure);
    return lexicons;
}
