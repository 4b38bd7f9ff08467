/* What the files of this room share, and nobody else sees.
 *
 * Loading goes one way: yaml.c reads the text into a tree that knows its lines; keywords.c says what may stand in each kind of
 * object and follows `$ref`; schema.c compiles schemas; operations.c the operations; openapi.c puts it all together. After that
 * match.c, parameters.c, validate.c and replies.c only read. */
#ifndef CONTRACT_PRIVATE_H
#define CONTRACT_PRIVATE_H

#include <jansson.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readout/arena.h"
#include "readout/contract.h"
#include "readout/error.h"
#include "readout/fault.h"
#include "readout/slice.h"

enum {
    BODY_NESTING_MAX = 32,     /* levels of lists and objects in a body */
    DOCUMENT_NESTING_MAX = 64, /* levels in the contract itself */
    REFERENCES_MAX = 16,       /* a `$ref` to a `$ref` to a … */
    UNIQUE_ITEMS_MAX = 1000,   /* uniqueItems costs the square of maxItems */
    QUOTED_MAX = 64            /* bytes of a client's own name that a fault repeats */
};

/* ---- notes.c: small facts about nodes of a tree, kept beside it ----------------------------------------------------------- */

struct note;
struct notes {
    struct note *items;
    size_t capacity, count;
};

/* A note is about a node, or about a part of it: a key, an item. 0 stands for the node itself, and for "no note". */
void notes_set(struct notes *notes, const void *node, uint64_t part, uintptr_t value);
uintptr_t notes_get(const struct notes *notes, const void *node, uint64_t part);
void notes_release(struct notes *notes);
uint64_t part_of_key(const char *key, size_t length);
uint64_t part_of_item(size_t index);

/* ---- yaml.c: text to a tree that knows its lines -------------------------------------------------------------------------- */

struct document {
    const char *name; /* for messages */
    json_t *root;
    struct notes lines;
};

bool document_read(struct document *document, struct slice yaml, struct error *error);
int line_of(const struct document *document, const json_t *container); /* where a mapping or a sequence begins */
int line_of_key(const struct document *document, const json_t *object, const char *key);
int line_of_item(const struct document *document, const json_t *array, size_t index);

/* ---- keywords.c: what may stand where ------------------------------------------------------------------------------------- */

enum {
    TYPE_NULL = 1,
    TYPE_BOOLEAN = 2,
    TYPE_INTEGER = 4,
    TYPE_REAL = 8,
    TYPE_STRING = 16,
    TYPE_ARRAY = 32,
    TYPE_OBJECT = 64,
    TYPE_NUMBER = TYPE_INTEGER | TYPE_REAL,
    TYPE_ANY = 127
};

unsigned type_of(const json_t *value); /* one of the above */

/* While a contract is being loaded. */
struct load {
    struct contract *contract;
    struct document document;
    struct notes schemas; /* JSON node → struct schema */
    struct error *error;
};

enum kind {
    KIND_DOCUMENT,
    KIND_INFO,
    KIND_CONTACT,
    KIND_LICENSE,
    KIND_SERVER,
    KIND_TAG,
    KIND_EXTERNAL_DOCS,
    KIND_COMPONENTS,
    KIND_PATH,
    KIND_OPERATION,
    KIND_PARAMETER,
    KIND_REQUEST_BODY,
    KIND_RESPONSE,
    KIND_HEADER,
    KIND_MEDIA,
    KIND_EXAMPLE,
    KIND_SECURITY_SCHEME,
    KIND_SCHEMA
};

/* Sets the error to "name:line: …" and returns false. */
bool refuse(struct load *load, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Whether `node` is a mapping with only the keywords of its kind, each of the right type, and all that the kind needs. */
bool keywords_hold(struct load *load, enum kind kind, const json_t *node, int line);

/* Whether a schema's keyword can say anything about values of these types. */
bool keyword_applies(const char *keyword, unsigned types);

/* What the `$ref` of `node` leads to in "#/components/<section>/…", and its line; NULL and the error when it leads nowhere. */
const json_t *target_of(struct load *load, const json_t *node, const char *section, int *line);
/* The node that `node` stands for: itself, or what is at the end of its `$ref`; NULL and the error when there is none. Changes
 * `line` to that of the node found. */
const json_t *follow(struct load *load, const json_t *node, const char *section, int *line);

/* A member that keywords_hold() has seen to be a string, or NULL. */
const char *text_of(const json_t *object, const char *key);

/* ---- operators.c: filters with operators, written out --------------------------------------------------------- */

bool operators_expand(struct load *load);

/* ---- formats.c ------------------------------------------------------------------------------------------------------------ */

struct format {
    const char *name;
    unsigned types;                   /* what it says something about */
    const char *hint;                 /* "a calendar date like 2022-01-08" */
    bool (*holds)(struct slice text); /* NULL: every value of its types */
};

const struct format *format_find(const char *name);
const char *format_names(void); /* for a message */

/* ---- schema.c ------------------------------------------------------------------------------------------------------------- */

struct property {
    struct slice name;
    const struct schema *schema;
    bool required;
};

/* A minimum or maximum: whole numbers are compared exactly. */
struct bound {
    bool given, whole;
    long long integer;
    double real;
};

enum additional { ADDITIONAL_UNSAID, ADDITIONAL_ALLOWED, ADDITIONAL_REFUSED, ADDITIONAL_SCHEMA };
enum progress { PROGRESS_NEW, PROGRESS_COMPILING, PROGRESS_COMPILED, PROGRESS_SETTLING, PROGRESS_SETTLED };

struct schema {
    const json_t *node;
    int line;
    const char *name;      /* in components/schemas; NULL: it has none */
    struct schema *target; /* of a `$ref` that has annotations beside it; then only these are its own */
    bool read_only, write_only;
    const json_t *initial; /* "default" */
    unsigned types;        /* what "type" says */
    unsigned accepts;      /* what is left of that with anyOf taken in */
    const json_t *choices; /* "enum" */
    const json_t *constant;
    struct bound minimum, maximum;
    size_t min_length, max_length, min_items, max_items;
    bool unique_items;
    const char *pattern_text;
    regex_t *pattern;
    const struct format *format;
    const struct schema *items;
    struct property *properties; /* in the order of the file, those of allOf first */
    size_t property_count;
    uint16_t *slots; /* hash of names → index in properties + 1 */
    size_t slot_count;
    const char **required;
    size_t required_count;
    enum additional additional; /* as said */
    const struct schema *additional_schema;
    bool closed; /* refuses other properties */
    struct schema **any_of;
    size_t any_of_count;
    enum progress progress;
    struct schema *next;
};

/* Registers the schemas of components/schemas under their names, and compiles them. */
bool schemas_load(struct load *load);
/* The compiled schema of a node; NULL and the error when it cannot be enforced. */
const struct schema *schema_compile(struct load *load, const json_t *node, int line);
void schemas_release(struct schema *first);
const struct property *schema_property(const struct schema *schema, const char *name, size_t length);
const struct schema *schema_behind(const struct schema *schema); /* past references: where the keywords are */

/* Reads `properties`, `required`, `additionalProperties` and `allOf`; in objects.c. `branches` are compiled already. */
bool compile_object(struct load *load, struct schema *schema, struct schema *const *branches, size_t branch_count);
/* What a node compiles to, now or before the loading ends. */
struct schema *schema_entry(struct load *load, const json_t *node, int line);

/* Whether a default or an example of the contract keeps to its schema. */
bool value_holds(struct load *load, const struct schema *schema, const json_t *value, enum body_use use, int line,
                 const char *what);

/* ---- operations.c --------------------------------------------------------------------------------------------------------- */

struct reply_entry {
    int status; /* 0: default; 1 to 5: 1XX to 5XX */
    const struct media *contents;
    size_t content_count;
};

/* The public part comes first, so that a pointer to it is one to the whole. */
struct operation_entry {
    struct operation open;
    const struct value_of *defaults; /* beside open.parameters; .parameter is NULL where there is none */
    const struct reply_entry *replies;
    size_t reply_count;
    const int *statuses;
};

enum { METHODS_MAX = 5 }; /* DELETE, GET, PATCH, POST, PUT */

struct path_entry {
    const char *template;
    char methods[64];
    const struct operation *operations[METHODS_MAX];
    size_t operation_count;
};

/* Reads the operations of one path. */
bool path_load(struct load *load, struct path_entry *path, const json_t *item, int line);
/* In parameters_load.c: the path's and the operation's parameters, merged. */
bool parameters_load(struct load *load, struct operation_entry *entry, const json_t *of_path, const json_t *of_operation);
/* In content_load.c. */
bool content_load(struct load *load, const json_t *content, enum body_use use, const struct media **media, size_t *count);
bool replies_load(struct load *load, struct operation_entry *entry, const json_t *responses);
/* Checks `example` and `examples` beside a schema. */
bool examples_hold(struct load *load, const json_t *node, const struct schema *schema, const char *type, enum body_use use);

/* ---- security.c ----------------------------------------------------------------------------------------------------------- */

/* Whether the security schemes are such as are enforced. */
bool security_schemes_hold(struct load *load);
/* Reads `security` of the document or of an operation; leaves the scope as it is where there is none. */
bool security_load(struct load *load, const json_t *node, enum scope *scope);

/* ---- match.c -------------------------------------------------------------------------------------------------------------- */

struct path_node; /* one segment in the tree of paths */
bool path_add(struct load *load, const struct path_entry *path, int line);
/* The next "{name}" of a template after `rest`; NO_SLICE at the end. */
struct slice template_parameter(struct slice *rest);

/* ---- validate.c ----------------------------------------------------------------------------------------------------------- */

/* As contract_check(), for a parameter's typed value: faults name the parameter. */
bool check_parameter_value(const struct schema *schema, const json_t *value, const char *parameter, struct faults *faults);
/* A client's own word, cut and made fit for a message. */
const char *quoted(struct arena *arena, struct slice word);
/* `; did you mean "kind"?`, or `; <known> a, b, c`, or nothing. */
const char *suggestion(struct arena *arena, struct slice word, const char *const *names, size_t count, const char *known);

/* ---- replies.c ------------------------------------------------------------------------------------------------------------ */

bool media_is(struct slice content_type, const char *name); /* parameters and case aside */
bool media_is_json(const char *type);                       /* application/json, any +json */
bool media_is_lines(const char *type);                      /* a JSON value a line */
/* Checks NDJSON, a line at a time, each by the schema. */
bool check_lines(const struct schema *schema, struct slice lines, enum body_use use, struct faults *faults);

/* ---- openapi.c ------------------------------------------------------------------------------------------------------------ */

struct contract {
    struct arena arena;
    json_t *root;
    struct slice yaml, json;
    struct schema *schemas, *last_schema, *pending; /* all of them; the first that is not compiled yet */
    enum scope scope;                               /* of operations that do not say otherwise */
    struct operation_entry *operations;
    size_t operation_count;
    struct path_node *paths;
};

#endif
