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

/* Where it listens, "127.0.0.1:8080": http_start() writes it there before a loop opens, which is when it is read. An app that
 * listens nowhere lets whoever runs it do everything: they have the store. */
void app_listens_on(struct app *app, const char *address);

/* The Link header of every reply (RFC 8631). */
const char *app_links(void);

/* Answers one request in this thread, for `readout get`; writing cannot be done so. `take` is called with the body, or with each
 * piece of a stream until that ends or waits; once at least, when exchange->reply is there. */
void app_answer(struct app *app, struct exchange *exchange, void (*take)(void *to, struct slice piece), void *to,
                struct error *error);

/* Loads a line of NDJSON into the store: one resource, whose "type" says what it is (default: article). Or an article that comes
 * as its text, or as a page of HTML, which `name` stands for in messages. What comes is gathered and written many at a time, in
 * order; loading_end() writes the rest. What is there already is passed over. `reads`: articles are read as they are by
 * POST /v1/articles. After an error what was gathered before may be lost: end it. */
struct loading;
struct loading *loading_begin(struct app *app, bool reads);
bool loading_line(struct loading *loading, struct slice line, struct error *error);
bool loading_text(struct loading *loading, struct slice text, bool is_page, const char *name, struct error *error);
/* Texts and pages that cannot be articles are passed over; this is told why. */
void loading_pass_over(struct loading *loading, void (*passed_over)(void *to, const char *why), void *to);
struct loaded {
    long long lines, created, known, failed;    /* lines, texts and pages; and what became of them */
    long long read, mentions, claims, meetings; /* articles that were read, and what was found in them */
};
/* What is written so far. */
struct loaded loading_so_far(const struct loading *loading);
bool loading_end(struct loading *loading, struct loaded *loaded, struct error *error);

#endif
