/* One call of an operation, as the files of this room share it. */
#ifndef READOUT_CALL_H
#define READOUT_CALL_H

#include <stdatomic.h>

#include "readout/api.h"

struct call;

/* What answers an operation (operations.c). A reply of status 0 is pending: it will come from the writer. */
struct endpoint {
    const char *operation; /* its operationId */
    struct reply (*answer)(struct call *call);
    enum noun noun;     /* what it is about */
    enum noun owner;    /* of a nested list: whose */
    const char *filter; /* of a nested list: the list's filter that takes the owner's id */
};
extern const struct endpoint endpoints[];
extern const size_t endpoint_count;

struct app {
    struct store *store;
    const struct settings *settings;
    struct contract *contract;
    const struct endpoint **answers;  /* by the operation's index */
    json_t *defaults[NOUN_RESOURCES]; /* read-only */
    char *docs_policy;                /* the Content-Security-Policy of /docs */
    char *build_labels;
    uint64_t boot; /* tells entity tags of one run from another's, where they are made of the program */
    atomic_bool refuse_writes, stopping;
};

/* A loop's own. */
struct session {
    struct app *app;
    struct reader *reader;
};

struct call {
    struct app *app;
    struct reader *reader;
    struct exchange *exchange;
    const struct request *request;
    struct arena *arena;
    const struct operation *operation;
    const struct endpoint *endpoint;
    struct values values;
    const struct media *media; /* of the body */
    json_t *body;              /* owned; NULL without one */
};

/* ---- parameters
 * -------------------------------------------------------------------------------------------------------------- */

int64_t call_int(const struct call *call, const char *parameter); /* 0 where it was not given */
bool call_true(const struct call *call, const char *parameter);
struct slice call_text(const struct call *call, const char *parameter); /* NO_SLICE where it was not given */

/* Answers one request: match, check, negotiate, and the endpoint. */
struct reply dispatch(struct session *session, struct exchange *exchange);

/* ---- shared by the endpoints
 * ---------------------------------------------------------------------------------------------------- */

/* The entity tag of a version, "c17-5" with its quotation marks. */
struct slice tag_of(struct arena *arena, enum noun noun, int64_t id, int64_t version);
/* A weak tag: of a change sequence and whatever else the answer depends on. */
struct slice weak_tag(struct arena *arena, int64_t seq, uint64_t rest);

/* Makes it a 304 when the client has it already. */
struct reply reply_conditional(const struct call *call, struct reply reply);

struct reply problem_failed(const struct request *request, const struct error *error); /* 503, 507 or 500 */
struct reply problem_missing(const struct request *request, enum noun noun, int64_t id);
struct reply problem_gone(const struct request *request, enum noun noun, int64_t id, struct slice deleted_at);

/* The document of a resource with its text, where it has one. */
struct slice with_text(struct arena *arena, struct slice document, struct slice text);

/* Whether the owner of a nested list is there; else `problem`. */
bool owner_there(struct call *call, enum noun owner, struct reply *problem);

/* The expansions asked for, as indices; the count. */
enum { EXPANSIONS_MAX = 8 };
size_t expansions_of(const struct call *call, int expansions[static EXPANSIONS_MAX], unsigned *nouns);
bool expand_rows(struct call *call, const int *expansions, size_t expansion_count, struct row *rows, size_t count,
                 struct error *error);

/* ---- cursors (cursor.c)
 * ------------------------------------------------------------------------------------------------------------ */

/* A place in a list as clients carry it around: signed, and bound to what it was made for by `scope`. */
struct slice cursor_of(const struct call *call, const struct place *place, uint64_t scope);
/* False, with a fault, when it is not ours or was made for another scope. */
bool cursor_read(const struct call *call, struct slice cursor, uint64_t scope, struct place *place, struct faults *faults);

/* The request's URL with another cursor. */
struct slice url_with_cursor(const struct call *call, struct slice cursor);

/* ---- bodies (body.c)
 * ---------------------------------------------------------------------------------------------------------------- */

/* Reads and checks the body that the operation takes into call->body. False with the problem. */
bool body_read(struct call *call, struct reply *problem);
/* The properties that items of arrays have by default are filled in; the object's own are not. */
void fill_items(const struct app *app, enum noun noun, json_t *body);

/* ---- endpoints
 * ---------------------------------------------------------------------------------------------------------------------- */

struct reply get_item(struct call *call);
struct reply get_history(struct call *call);
struct reply get_titles(struct call *call);
struct reply get_aliases(struct call *call);
struct reply get_participants(struct call *call);
struct reply list_items(struct call *call);
struct reply list_nested(struct call *call);

struct reply create_items(struct call *call);
struct reply patch_item(struct call *call);
struct reply replace_item(struct call *call);
struct reply delete_item(struct call *call);
struct reply restore_item(struct call *call);
struct reply merge_items(struct call *call);
struct reply unmerge_item(struct call *call);

struct reply get_root(struct call *call);
struct reply get_docs(struct call *call);
struct reply get_contract_yaml(struct call *call);
struct reply get_contract_json(struct call *call);
struct reply get_api_catalog(struct call *call);
struct reply get_llms_text(struct call *call);
struct reply get_livez(struct call *call);
struct reply get_readyz(struct call *call);
struct reply get_metrics(struct call *call);
struct reply list_problems(struct call *call);
struct reply get_problem(struct call *call);

#endif
