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

/* A file of server/web, and beside it the same as the build compressed it. */
#define EMBED_WEB(name, path)                                                                                                    \
    EMBED(readout_web_##name, "server/web/" path);                                                                               \
    EMBED(readout_web_gzip_##name, READOUT_BUILT "/server/web/" path ".gz")
#define WEB(name, file)                                                                                                          \
    {                                                                                                                            \
        (file), readout_web_##name, readout_web_##name##_end, readout_web_gzip_##name, readout_web_gzip_##name##_end             \
    }

EMBED(readout_contract, "openapi.yaml");
EMBED(readout_topics, "server/ingest/topics.ndjson");
EMBED(readout_demonstration, "server/ingest/demonstration.ndjson");
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

EMBED_WEB(desk_html, "desk.html");
EMBED_WEB(desk_css, "desk.css");
EMBED_WEB(icon_svg, "icon.svg");
EMBED_WEB(docs_html, "docs.html");
EMBED_WEB(docs_css, "docs.css");
EMBED_WEB(docs_js, "docs.js");
EMBED_WEB(desk_js, "desk.js");
EMBED_WEB(theme_js, "theme.js");
EMBED_WEB(dom_js, "dom.js");
EMBED_WEB(api_js, "api.js");
EMBED_WEB(parts_js, "parts.js");
EMBED_WEB(today_js, "today.js");
EMBED_WEB(claims_js, "claims.js");
EMBED_WEB(claim_js, "claim.js");
EMBED_WEB(chain_js, "chain.js");
EMBED_WEB(articles_js, "articles.js");
EMBED_WEB(article_js, "article.js");
EMBED_WEB(reading_js, "reading.js");
EMBED_WEB(actors_js, "actors.js");
EMBED_WEB(actor_js, "actor.js");
EMBED_WEB(meetings_js, "meetings.js");
EMBED_WEB(meeting_js, "meeting.js");
EMBED_WEB(positions_js, "positions.js");
EMBED_WEB(discrepancies_js, "discrepancies.js");
EMBED_WEB(volume_js, "volume.js");
EMBED_WEB(search_js, "search.js");
EMBED_WEB(edit_js, "edit.js");
EMBED_WEB(suggest_js, "suggest.js");
EMBED_WEB(uplot_js, "vendor/uplot/uPlot.esm.js");
EMBED_WEB(uplot_css, "vendor/uplot/uPlot.min.css");
EMBED_WEB(swagger_js, "vendor/swagger-ui/swagger-ui-bundle.js");
EMBED_WEB(swagger_css, "vendor/swagger-ui/swagger-ui.css");

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

/* The pages, and what they load by these names: one EMBED_WEB above, one line here. */
static const struct {
    const char *name, *start, *end, *gzip, *gzip_end;
} pages[] = {
    WEB(desk_html, "desk.html"),
    WEB(desk_css, "desk.css"),
    WEB(icon_svg, "icon.svg"),
    WEB(docs_html, "docs.html"),
    WEB(docs_css, "docs.css"),
    WEB(docs_js, "docs.js"),
    WEB(desk_js, "desk.js"),
    WEB(theme_js, "theme.js"),
    WEB(dom_js, "dom.js"),
    WEB(api_js, "api.js"),
    WEB(parts_js, "parts.js"),
    WEB(today_js, "today.js"),
    WEB(claims_js, "claims.js"),
    WEB(claim_js, "claim.js"),
    WEB(chain_js, "chain.js"),
    WEB(articles_js, "articles.js"),
    WEB(article_js, "article.js"),
    WEB(reading_js, "reading.js"),
    WEB(actors_js, "actors.js"),
    WEB(actor_js, "actor.js"),
    WEB(meetings_js, "meetings.js"),
    WEB(meeting_js, "meeting.js"),
    WEB(positions_js, "positions.js"),
    WEB(discrepancies_js, "discrepancies.js"),
    WEB(volume_js, "volume.js"),
    WEB(search_js, "search.js"),
    WEB(edit_js, "edit.js"),
    WEB(suggest_js, "suggest.js"),
    WEB(uplot_js, "uPlot.esm.js"),
    WEB(uplot_css, "uPlot.min.css"),
    WEB(swagger_js, "swagger-ui-bundle.js"),
    WEB(swagger_css, "swagger-ui.css"),
};

enum {
    MIGRATIONS = sizeof files / sizeof files[0],
    LEXICONS = sizeof word_lists / sizeof word_lists[0],
    PAGES = sizeof pages / sizeof pages[0]
};

static struct embedded_migration migrations[MIGRATIONS + 1]; /* and the one without a name */
static struct embedded_lexicon lexicons[LEXICONS + 1];
static struct embedded_file files_of_pages[PAGES + 1];
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
    for (int i = 0; i < PAGES; i++) {
        struct slice text = {pages[i].start, (size_t)(pages[i].end - pages[i].start)};
        struct slice gzip = {pages[i].gzip, (size_t)(pages[i].gzip_end - pages[i].gzip)};
        files_of_pages[i] = (struct embedded_file){pages[i].name, text, gzip};
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

const struct embedded_file *embedded_web(void)
{
    pthread_once(&once, measure);
    return files_of_pages;
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
