/* The contract: openapi.yaml made executable. It is the only list of routes, parameters and body schemas.
 *
 * contract_load() reads OpenAPI 3.1 in YAML and refuses, naming the line, whatever it would not enforce: an unknown keyword, a
 * `$ref` that leads nowhere, a pattern that does not compile. After that it is read-only and shared by all threads.
 *
 * Schemas know JSON Schema 2020-12's type, enum, const, format (date, date-time, uri, slug, country, language, int64; listed in
 * server/contract/formats.c), pattern, minLength, maxLength (in code points), minimum, maximum, minItems, maxItems,
 * uniqueItems, items, properties, required, additionalProperties, allOf (of objects: flattened), anyOf, $ref, default,
 * readOnly, writeOnly, nullable types as type lists; description, title, example(s), deprecated pass by. An object schema with
 * properties refuses others unless additionalProperties says otherwise: unknown names are faults, with the nearest known name. */
#ifndef READOUT_CONTRACT_H
#define READOUT_CONTRACT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "readout/arena.h"
#include "readout/error.h"
#include "readout/fault.h"
#include "readout/slice.h"

struct contract;
struct schema;

enum value_type { VALUE_TEXT, VALUE_INT, VALUE_BOOL, VALUE_LIST };

/* A declared parameter. */
struct parameter {
    const char *name;
    bool in_path; /* else in the query (headers are documented in the contract and read by http) */
    bool required;
    enum value_type type;
    const struct schema *schema; /* of a VALUE_LIST: of the whole array */
};

/* A body that an operation takes, or a reply it gives. */
struct media {
    const char *type; /* "application/json" */
    const struct schema *schema;
};

/* What an operation asks for, and a key gives: ADMIN gives WRITE as well, and WRITE gives READ (server/api/access.c). FEED is
 * reading what feed readers and calendars take, with the key in the URL. */
enum scope { SCOPE_PUBLIC, SCOPE_FEED, SCOPE_READ, SCOPE_WRITE, SCOPE_ADMIN };
#define SCOPE_BIT(scope) (1u << (scope))
const char *scope_name(enum scope scope);  /* "write"; NULL: of SCOPE_PUBLIC */
enum scope scope_named(struct slice name); /* SCOPE_PUBLIC: it is none */

struct operation {
    int index;          /* 0 … contract_count()-1, in the order of the file: for tables beside this one */
    const char *id;     /* operationId */
    const char *method; /* "GET" */
    const char *path;   /* the template, "/v1/articles/{id}" */
    const char *summary;
    const struct parameter *parameters; /* those in the path first, in the template's order */
    size_t parameter_count;
    bool any_query;             /* it takes parameters in the query that have no name here, as they come */
    const struct media *bodies; /* NULL: takes none */
    size_t body_count;
    bool body_required;
    enum scope scope;               /* that it asks for: `security` */
    bool costly;                    /* `x-quota: costly`: it has a second, smaller rate limit */
    const char *const *reply_types; /* the media types of its 2xx replies, first is preferred, ended by NULL */
    int line;                       /* where it stands in the file */
};

/* `name` stands in messages ("openapi.yaml:120: …"). The contract keeps no pointer into `yaml`. NULL and the error on failure. */
struct contract *contract_load(struct slice yaml, const char *name, struct error *error);
void contract_free(struct contract *contract);

size_t contract_count(const struct contract *contract);
const struct operation *contract_operation(const struct contract *contract, size_t index);
const struct operation *contract_find(const struct contract *contract, const char *operation_id); /* NULL: none */
struct slice contract_yaml(const struct contract *contract);                                      /* as it was loaded */
struct slice contract_json(const struct contract *contract); /* the same document as compact JSON */
/* A schema of components/schemas by name, or NULL; and whether it has that property (allOf included). */
const struct schema *contract_schema(const struct contract *contract, const char *name);
bool schema_has(const struct schema *schema, const char *property);
bool schema_read_only(const struct schema *schema, const char *property);

/* ---- path to operation ------------------------------------------------------------------------------------ */

enum { PATH_VALUES_MAX = 4 };

struct route {
    const struct operation *operation;    /* NULL: no such path, or no such method on it */
    const char *path;                     /* the template; NULL: no such path */
    char methods[64];                     /* the path's methods as Allow wants them: "GET, HEAD, OPTIONS" */
    struct slice values[PATH_VALUES_MAX]; /* of the path's parameters in order, still percent-encoded */
    size_t value_count;
};

/* HEAD finds the GET operation. A literal segment wins over a parameter. */
struct route contract_match(const struct contract *contract, struct slice method, struct slice path);

/* ---- parameters ------------------------------------------------------------------------------------------- */

/* One parameter's value, checked and typed. */
struct value_of {
    const struct parameter *parameter;
    struct slice text;        /* as given (decoded) */
    long long number;         /* VALUE_INT; VALUE_BOOL: 0 or 1 */
    const struct slice *list; /* VALUE_LIST: values given with commas, by repetition, or both */
    size_t count;
};

struct values {
    struct value_of *items; /* those given, and the defaults of those that were not; in the contract's order */
    size_t count;
};

/* A parameter's name and decoded value as the request had it. */
struct given {
    struct slice name, value;
};

/* Checks what was given (path values first, by the template's names, then the query) against what the operation declares:
 * unknown names (with the nearest known one), missing ones, wrong types and values, repetition of a parameter that is no list;
 * adds a fault for each. True and the values when there is none. All memory is the arena's. */
bool contract_check_parameters(const struct operation *operation, const struct given *given, size_t count, struct arena *arena,
                               struct values *values, struct faults *faults);

/* The value of that name, or NULL where it was not given and has no default. */
const struct value_of *values_find(const struct values *values, const char *name);

/* ---- bodies ----------------------------------------------------------------------------------------------- */

enum body_use {
    BODY_CREATE, /* required properties must be there; read-only ones are not required but checked */
    BODY_PATCH,  /* nothing is required; null removes what is not required (RFC 7396) */
    BODY_REPLY   /* everything required must be there, write-only properties must not */
};

/* The operation's body of that Content-Type, or NULL (415). A +json type, no type, and application/x-www-form-urlencoded (curl
 * -d's default) fall back on application/json. */
const struct media *contract_body(const struct operation *operation, struct slice content_type);

/* Checks a JSON value; adds faults with pointers below `base` ("#", or "#/3" for an item). True without any. */
bool contract_check(const struct schema *schema, const json_t *value, enum body_use use, const char *base, struct faults *faults);

/* Sets the defaults of the properties that `object` lacks, and the objects in it. */
void contract_fill(const struct schema *schema, json_t *object);

/* For the tests: whether this reply is one the operation declares (the status, the media type, the body by its schema). */
bool contract_check_reply(const struct operation *operation, int status, struct slice content_type, struct slice body,
                          struct faults *faults);
/* The statuses that an operation declares, ascending, ended by 0. */
const int *operation_statuses(const struct operation *operation);

#endif
