/* Files built into the binary (server/base/embedded.c, `.incbin`): the contract, the migrations, the demonstration record, the
 * pages, the word lists. */
#ifndef READOUT_EMBEDDED_H
#define READOUT_EMBEDDED_H

#include "readout/slice.h"

struct slice embedded_contract(void);      /* openapi.yaml */
struct slice embedded_topics(void);        /* server/ingest/topics.ndjson */
struct slice embedded_demonstration(void); /* server/ingest/demonstration.ndjson */

/* The pages and what they load (server/web), ended by one whose name is NULL. */
struct embedded_file {
    const char *name;        /* "desk.css" */
    struct slice text, gzip; /* as it is written, and the same compressed by the build */
};
const struct embedded_file *embedded_web(void);

/* The migrations in their order, ended by one whose name is NULL. */
struct embedded_migration {
    const char *name; /* "0001_the_record" */
    struct slice sql;
};
const struct embedded_migration *embedded_migrations(void);

/* The word lists that texts are read by (server/text/lexicon), ended by one whose name is NULL. */
struct embedded_lexicon {
    const char *name; /* "verbs" */
    struct slice source;
};
const struct embedded_lexicon *embedded_lexicons(void);

#endif
