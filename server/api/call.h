/* One call of an operation, as the files of this room share it. */
#ifndef READOUT_CALL_H
#define READOUT_CALL_H

#include <stdatomic.h>

#include "readout/access.h"
#include "readout/api.h"
#include "readout/formats.h"

struct call;

/* What answers an operation (operations.c). A reply of status 0 is pending: it will come from the writer. */
struct endpoint {
    const char *operation; /* its operationId */
    struct reply (*answer)(struct call *call);
    enum noun noun;     /* what it is about */
    enum noun owner;    /* of a nested list: whose */
    const char *filter; /* of a nested list: the list's filter that takes the owner's id */
    bool keeps_nothing; /* a POST that writes nothing */
    /* What becomes of the problem that a body is refused with; NULL: nothing. */
    struct reply (*refuse)(const struct call *call, struct reply problem);
};
extern const struct endpoint endpoints[];
extern const size_t endpoint_count;

enum { NEXT_USES = 64 };

struct app {
    struct store *store;
    const struct settings *settings;
    struct contract *contract;
    const struct endpoint **answers;  /* by the operation's index */
    json_t *defaults[NOUN_RESOURCES]; /* read-only */
    struct web *web;                  /* what its pages load */
    _Atomic(struct tools *) tools;    /* NULL: nobody has asked for them yet */
    char *build_labels;
    uint64_t boot; /* tells entity tags of one run from another's, where they are made of the program */
    struct ingest *ingest;
    struct quota *quota;
    const char *address; /* that it listens on; NULL: on none */
    atomic_bool stopping;
    atomic_llong next_use[NEXT_USES]; /* by key: its use is not written down before; milliseconds since 1970 */
    atomic_int listeners;             /* to /v1/events */
};

/* A loop's own. */
struct session {
    struct app *app;
    struct reader *reader;
    struct cache *cache; /* NULL: keeps no replies */
    struct feed *feed;   /* NULL: there is no server, and so nobody who could listen */
    /* For access.c. */
    bool has_port, loopback;   /* others can ask; only this machine can */
    bool has_keys;             /* the store had one when it was last looked for */
    int64_t looked_for_keys;   /* clock_nanoseconds(); 0: never */
    struct error keys_failure; /* why that could not be told when it was last asked */
};

/* Who asks (access.c). */
struct principal {
    int64_t key;       /* the id of the key that was shown; 0: none was */
    struct slice name; /* the key's; NO_SLICE without one */
    unsigned scopes;   /* SCOPE_BIT of each */
};

struct call {
    struct app *app;
    struct session *session;
    struct reader *reader;
    struct exchange *exchange;
    const struct request *request;
    struct arena *arena;
    struct principal principal;
    const struct operation *operation;
    const struct endpoint *endpoint;
    struct values values;
    struct reading *readings;     /* of articles to be created, one for each; of one that is read again */
    struct arena *reading_arenas; /* theirs */
    size_t reading_count;         /* of those that have arenas */
    struct slice path;            /* of the request, without a suffix that chose a format */
    const char *type;             /* the media type of the answer, as negotiated; NULL: the operation has none */
    const struct format *format;  /* the same where it is not JSON; NULL: it is, or the endpoint's own */
    const struct media *media;    /* of the body */
    json_t *body;                 /* owned; NULL without one */
    unsigned nouns;               /* set by endpoints whose reply may be kept: whose changes can alter it (NOUN_BIT) */
    bool began;                   /* `generation` is set */
    struct generation generation;
    const struct once *once; /* it came with an Idempotency-Key; NULL: without, or it keeps nothing */
    struct kept *kept;       /* the reply stands in the cache; NULL: it does not */
    struct call *inner;      /* the call that this one has made (dispatch_within); NULL: it has made none */
    struct call *outer;      /* the call that made this one; NULL: it came by itself */
    /* Of an inner call: makes the outer one's reply of its own. */
    struct reply (*wrap)(const struct call *outer, struct reply reply);
};

/* What is committed, as this whole call sees it: what it reads is at least as new. The first call begins to read. */
const struct generation *call_generation(struct call *call);

/* ---- parameters
 * -------------------------------------------------------------------------------------------------------------- */

int64_t call_int(const struct call *call, const char *parameter); /* 0 where it was not given */
bool call_true(const struct call *call, const char *parameter);
struct slice call_text(const struct call *call, const char *parameter); /* NO_SLICE where it was not given */

/* Answers one request: match, check, negotiate, and the endpoint. */
struct reply dispatch(struct session *session, struct exchange *exchange);
/* Answers another request inside a call, as if the same client had sent it, and makes the call's reply of that; once a call.
 * `request` lives in the call's arena. Like any reply it may be pending. */
struct reply dispatch_within(struct call *call, const struct request *request,
                             struct reply (*wrap)(const struct call *call, struct reply reply));
/* The reply to a call that was pending, from any thread. */
void call_finish(struct call *call, struct reply reply);

/* ---- who may, and how often
 * ---------------------------------------------------------------------------------------------------------------------- */

/* Sets call->principal, before anything else is known of the call. False with the problem (401): what was shown is no valid key;
 * the principal is then nobody, without rights. */
bool identify(struct call *call, struct reply *problem);
/* Whether a key that was good is not any more, for who opened with it what lasts. */
bool key_is_over(struct reader *reader, struct slice prefix);
/* Whether a page of another origin sent it, as its browser says. */
bool is_foreign_page(const struct request *request);
/* Whether the principal has the scope that the operation asks for; else the problem (401 without a key, 403 with one). */
bool is_allowed(const struct call *call, struct reply *problem);
struct quota *quota_open(const struct settings *settings);
void quota_close(struct quota *quota);
/* Takes one request from the quota of the key, or of the address where there is none, and sets what the reply says of it
 * (RateLimit, RateLimit-Policy). False with the problem (429). The costly one: one for an operation that the contract calls
 * costly, and one for each 64 KiB of body, whatever it is. */
bool take_quota(struct call *call, struct reply *problem);
bool take_costly_quota(struct call *call, struct reply *problem);

/* ---- once, however often it is asked for (idempotency.c)
 * ---------------------------------------------------------------------------------------------------------------------- */

/* What a request with an Idempotency-Key is known by: digests of who asks for what with which key, and of the rest of it. */
struct once {
    struct slice scope, asked;
};
/* Sets call->once; the body was read. False with the problem: the header is malformed. */
bool once_read(struct call *call, struct reply *problem);
/* Inside the write's transaction: whether the request was answered before, and then the reply, which is the same again, or the
 * problem that the key came with another request. */
bool once_answered(const struct call *call, struct writing *writing, struct reply *reply);
/* The same before the write, for calls that do much before it. */
bool once_answered_before(struct call *call, struct reply *reply);
/* Keeps the reply with what the work writes. False, with another reply: the engine failed. */
bool once_keep(const struct call *call, struct writing *writing, struct reply *reply);

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

/* The expansions asked for, each once; the count. */
enum { EXPANSIONS_MAX = 8 };
size_t expansions_of(const struct call *call, struct expanding expansions[static EXPANSIONS_MAX], unsigned *nouns);
bool expand_rows(struct call *call, const struct expanding *expansions, size_t expansion_count, struct row *rows, size_t count,
                 struct error *error);

/* Puts into each report of a claim why it belongs to it (matching.c). */
bool explain_rows(struct call *call, struct row *rows, size_t count, struct error *error);

/* What a list call asks for. `nouns` gets those whose changes can alter the answer, `scope` what its cursors are bound to.
 * False with the problem. */
bool list_query_of(struct call *call, struct list_query *query, unsigned *nouns, uint64_t *scope, struct reply *problem);

/* Whether the fields asked for exist; else the problem. And a document with those alone; as it is when none was asked for. */
bool fields_known(const struct call *call, struct reply *problem);
struct slice fields_select(const struct call *call, struct slice document);

/* ---- replies kept in memory (cache.c)
 * ---------------------------------------------------------------------------------------------------------------------- */

struct cache *cache_open(size_t bytes); /* NULL for none */
void cache_close(struct cache *cache);

/* What a reply depends on, beside the record: nothing of a request that is not in here may alter a reply that is kept. */
struct cache_key {
    struct slice text; /* NO_SLICE: replies to this request are not kept */
    uint64_t hash;
};
struct cache_key cache_key_of(const struct cache *cache, const struct request *request);
/* The reply that is kept for this key and still right, or NULL; cache_release() when it has been sent. */
struct kept *cache_find(struct cache *cache, const struct cache_key *key, const struct generation *published);
struct reply kept_reply(const struct kept *kept, const struct request *request);
void cache_release(struct cache *cache, struct kept *kept);
/* Keeps a copy of the reply, if it is worth it. */
void cache_keep(struct cache *cache, const struct cache_key *key, const struct call *call, const struct reply *reply);

/* ---- the change feed (events.c)
 * ---------------------------------------------------------------------------------------------------------------------- */

struct feed *feed_open(void);
void feed_close(struct feed *feed);

/* The end of a page of what only grows at its end: `last` is the number of the last of `count` items that are in the body. */
struct reply numbered_page(struct call *call, struct buffer *body, int count, int64_t last, uint64_t scope, unsigned nouns);

/* ---- formats (representations.c)
 * --------------------------------------------------------------------------------------------------- */

/* The endpoint's answer, in the format that was negotiated. */
struct reply answer_call(struct call *call);
/* Whether the endpoint can be had as that media type, as far as the formats know. */
bool can_represent(const struct endpoint *endpoint, const char *type);

/* The nouns whose changes can alter the facets asked for; and the facets, as the member that follows in a list's reply:
 * `,"facets":{…}`, null behind the first page, nothing where none are asked for. */
unsigned facets_nouns(const struct call *call);
bool facets_add(struct call *call, const struct list_query *query, struct buffer *body, struct error *error);

/* ---- pages (pages.c)
 * ---------------------------------------------------------------------------------------------------------------------- */

struct web *web_open(void);
void web_close(struct web *web);
uint64_t web_digest(const struct web *web); /* of all files together */
/* A page that is made of the program alone, under that Content-Security-Policy. */
struct reply page(const struct call *call, struct slice text, const char *policy);
/* A reply that is, with its entity tag: it changes with the program and with how the client reached it. */
struct reply reply_constant(const struct call *call, struct reply reply);

/* ---- tools for models (mcp_tools.c, mcp_arguments.c)
 * -------------------------------------------------------------------------------------------- */

struct tools;
void tools_close(struct tools *tools); /* NULL: nothing to close */
/* Whether the operation is one; and the name of the one that is most like this name, or NULL. */
bool is_tool(const struct app *app, const struct operation *operation);
const char *nearest_tool(const struct app *app, struct slice name);
/* All of them as MCP lists them, an array. Made when it is first asked for. */
struct slice tools_of(struct app *app);
/* The request that a tool stands for with these arguments (an object, or NULL). False with the problem. */
bool tool_request(const struct call *call, const struct operation *tool, const json_t *arguments, struct request *request,
                  struct reply *problem);
/* What a refused body becomes for who speaks MCP (mcp.c). */
struct reply refuse_message(const struct call *call, struct reply problem);

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

/* Reads and checks the body that the operation takes: JSON into call->body, text as it is. False with the problem. */
bool body_read(struct call *call, struct reply *problem);
/* A body of text/plain or text/html. */
struct slice body_text(const struct call *call);
/* A text without the three bytes that some programs put before UTF-8. */
struct slice without_signature(struct slice text);
/* The properties that items of arrays have by default are filled in; the object's own are not. */
void fill_items(const struct app *app, enum noun noun, json_t *body);

/* ---- endpoints
 * ---------------------------------------------------------------------------------------------------------------------- */

struct reply get_item(struct call *call);
struct reply get_history(struct call *call);
struct reply get_novelty(struct call *call);
struct reply list_revisions(struct call *call);
struct reply get_revision(struct call *call);
struct reply get_titles(struct call *call);
struct reply get_origins(struct call *call);
struct reply get_chain(struct call *call);
struct reply get_aliases(struct call *call);
struct reply get_participants(struct call *call);
struct reply list_items(struct call *call);
struct reply list_nested(struct call *call);

struct reply search_everything(struct call *call);
struct reply suggest_actors(struct call *call);
struct reply verify_quote(struct call *call);
struct reply list_positions(struct call *call);

struct reply list_changes(struct call *call);
struct reply stream_events(struct call *call);
/* What of the change log a call picks: its parameters `noun`, `speaker_id`, `actor_id` and `topic`. */
enum { CHANGE_FILTERS_MAX = 3 };
struct change_choice {
    unsigned nouns;
    struct change_filter filters[CHANGE_FILTERS_MAX];
    size_t filter_count;
};
/* False with the problem when a noun is asked for that cannot be about what is asked for. */
bool change_choice_of(const struct call *call, struct change_choice *choice, struct reply *problem);

struct reply create_items(struct call *call);
struct reply patch_item(struct call *call);
struct reply replace_item(struct call *call);
struct reply delete_item(struct call *call);
struct reply restore_item(struct call *call);
struct reply merge_items(struct call *call);
struct reply unmerge_item(struct call *call);
struct reply split_item(struct call *call);
struct reply get_similar(struct call *call);

struct reply extract(struct call *call);
struct reply extract_again(struct call *call);
struct reply create_articles(struct call *call);

struct reply get_stats(struct call *call);
struct reply get_stats_timeline(struct call *call);
struct reply get_timeline(struct call *call);

struct reply get_root(struct call *call);
struct reply get_desk(struct call *call);
struct reply get_docs(struct call *call);
struct reply get_web_file(struct call *call);
struct reply get_contract_yaml(struct call *call);
struct reply get_contract_json(struct call *call);
struct reply get_api_catalog(struct call *call);
struct reply get_llms_text(struct call *call);
struct reply speak_mcp(struct call *call);
struct reply get_livez(struct call *call);
struct reply get_readyz(struct call *call);
struct reply get_metrics(struct call *call);
struct reply list_problems(struct call *call);
struct reply get_problem(struct call *call);

#endif
