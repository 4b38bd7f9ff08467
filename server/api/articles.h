/* Articles on their way to the writer, as the files of this room share it. */
#ifndef READOUT_API_ARTICLES_H
#define READOUT_API_ARTICLES_H

#include "call.h"
#include "readout/ingest.h"

/* Whether an article is to be read before it is written: as `extract` says, else as the settings do, where it comes without
 * mentions of its own. */
bool article_wants_reading(const struct app *app, const struct value_of *extract, const json_t *body);
/* The reading of an article's body; strings are the body's. */
struct reading article_reading(const json_t *body, struct arena *arena);
/* The body of an article that came as a text or a page, with what the page says of itself. */
json_t *article_of_text(const struct app *app, const struct reading *reading);

/* Of a call with a text or a page: the reading that it asks for. And with JSON: whether the query keeps from describing it. */
struct reading text_reading(const struct call *call);
bool text_described(struct call *call, struct reply *problem);

/* What a reading is not told and the record knows of the article (its document). */
void read_as_known(struct call *call, const json_t *article, struct reading *reading);

struct reply busy_reading(const struct call *call);
void readings_release(struct call *call);

/* `"name":{"actors":…}` */
void add_tally(struct buffer *out, const char *name, const struct tally_of *tally);

/* Hands the call's body over to the writer (writes.c). */
struct reply submit_creation(struct call *call);
/* The same for what call->readings found in the article of the path. */
struct reply submit_again(struct call *call);

#endif
