/* The endpoints: functions from request to reply, between the contract and the store.
 *
 * app_open() ties the three tables together and fails, naming the line, where one side lacks the other: an operation without a
 * handler, a handler without an operation, a property that the contract and the record do not both know. */
#ifndef READOUT_API_H
#define READOUT_API_H

#include <stdbool.h>

#include "readout/contract.h"
#include "readout/error.h"
#include "readout/http.h"
#include "readout/settings.h"
#include "readout/store.h"

struct app;

/* Takes over neither the store nor the settings; both must outlive the app. `contract` is the YAML, `contract_name` stands in
 * messages. */
struct app *app_open(struct store *store, const struct settings *settings, struct slice contract, const char *contract_name,
                     struct error *error);
void app_close(struct app *app);

/* The service that http_start() drives. */
struct http_service app_service(struct app *app);

/* Answers /readyz with 503 from now on: the server is about to stop. */
void app_stop(struct app *app);

/* Whether writes are refused because anybody could reach the address: set by `serve`. */
void app_refuse_writes(struct app *app, bool refuse);

/* The Link header of every reply (RFC 8631). */
const char *app_links(void);

/* Answers one request in this thread, for `readout get`; writing cannot be done so. `take` is called with the body, or with each
 * piece of a stream until that ends or waits; once at least, when exchange->reply is there. */
void app_answer(struct app *app, struct exchange *exchange, void (*take)(void *to, struct slice piece), void *to,
                struct error *error);

/* Loads a line of NDJSON into the store: one resource, whose "type" says what it is (default: article). Lines are gathered and
 * written many at a time; loading_end() writes the rest. Known external_ids and URLs are passed over. */
struct loading;
struct loading *loading_begin(struct app *app);
bool loading_line(struct loading *loading, struct slice line, struct error *error);
struct loaded {
    long long lines, created, known;
};
bool loading_end(struct loading *loading, struct loaded *loaded, struct error *error);

#endif
