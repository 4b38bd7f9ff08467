/* Expansions: into documents goes what belongs to them or what they name; and into that, if asked for, what it names.
 *
 * A level takes one query for all its documents (for each EXPAND_LARGE of them, where there are more). What many of them name is
 * kept once, so that the next level asks for it once. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "page_private.h"
#include "reader_private.h"

enum { EXPAND_ONE_ID = 1, EXPAND_MIDDLE = 50, EXPAND_LARGE = 500 };

/* ---- as SQL ----------------------------------------------------------------------------------------------- */

static void expand_sql(struct sql_text *text, const struct expansion *expansion, size_t size)
{
    const char *place = strstr(expansion->sql, "%s");
    sql_add(text, "%.*s", (int)(place - expansion->sql), expansion->sql);
    for (size_t n = 1; n <= size; n++)
        sql_add(text, "%s$%zu", n > 1 ? "," : "", n);
    sql_add(text, "%s", place + 2);
}

/* Statements are kept for three sizes of the list of ids; what is missing is filled up with the last id. */
static struct statement *expand_statement(struct reader *reader, const struct list *list, int expansion, size_t size)
{
    uint64_t key = made_key(MADE_EXPAND, list->noun, (unsigned)expansion, size);
    struct statement *kept = engine_kept(reader->engine, key);
    if (kept)
        return kept;
    struct sql_text text = {.length = 0};
    expand_sql(&text, &list->expansions[expansion], size);
    return engine_keep(reader->engine, key, text.data);
}

/* ---- what is found ---------------------------------------------------------------------------------------- */

/* What goes into which document, in the order found. */
struct bond {
    size_t row, found;
};

struct finding {
    struct reader *reader;
    const struct list *list;
    int expansion;
    struct arena *arena;
    struct row *found; /* each once */
    size_t count, room;
    uint32_t *slots; /* open addressing by the id of what was found: its index + 1 */
    size_t slot_count;
    struct buffer bonds; /* of struct bond */
};

static size_t slot_of(const struct finding *finding, int64_t id)
{
    size_t mask = finding->slot_count - 1, slot = (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 32) & mask;
    while (finding->slots[slot] && finding->found[finding->slots[slot] - 1].id != id)
        slot = (slot + 1) & mask;
    return slot;
}

static void make_room(struct finding *finding)
{
    if (finding->count < finding->room)
        return;
    size_t room = 2 * finding->room;
    finding->found =
        arena_grow(finding->arena, finding->found, finding->room * sizeof *finding->found, room * sizeof *finding->found);
    finding->room = room;
    finding->slot_count = 2 * room;
    finding->slots = arena_zero(finding->arena, finding->slot_count * sizeof *finding->slots);
    for (size_t i = 0; i < finding->count; i++)
        finding->slots[slot_of(finding, finding->found[i].id)] = (uint32_t)i + 1;
}

static void bind_to(struct finding *finding, size_t row, int64_t id, struct slice document)
{
    make_room(finding);
    size_t slot = slot_of(finding, id);
    if (!finding->slots[slot]) {
        finding->found[finding->count++] = (struct row){.id = id, .document = arena_slice(finding->arena, document)};
        finding->slots[slot] = (uint32_t)finding->count;
    }
    struct bond bond = {row, finding->slots[slot] - 1};
    buffer_add(&finding->bonds, (const char *)&bond, sizeof bond);
}

static size_t row_of(const struct row *rows, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].id == id)
            return i;
    }
    return count;
}

/* Of `count` rows from `from` on. */
static bool find_some(struct finding *finding, const struct row *rows, size_t from, size_t count, struct error *error)
{
    size_t size = count <= EXPAND_ONE_ID ? EXPAND_ONE_ID : count <= EXPAND_MIDDLE ? EXPAND_MIDDLE : EXPAND_LARGE, at = 0;
    struct datum ids[EXPAND_LARGE];
    rows += from;
    for (size_t i = 0; i < size; i++)
        ids[i] = of_int(rows[i < count ? i : count - 1].id);
    struct statement *statement = expand_statement(finding->reader, finding->list, finding->expansion, size);
    statement_run(statement, ids, size);
    while (statement_next(statement)) {
        int64_t id = statement_int(statement, 0);
        if (rows[at].id != id)
            at = row_of(rows, count, id);
        assert(at < count);
        bind_to(finding, from + at, statement_int(statement, 2), statement_text(statement, 1));
    }
    return statement_end(statement, error);
}

static bool find_all(struct finding *finding, const struct row *rows, size_t count, struct error *error)
{
    struct arena *arena = finding->arena;
    finding->room = 64;
    finding->slot_count = 2 * finding->room;
    finding->found = arena_alloc(arena, finding->room * sizeof *finding->found);
    finding->slots = arena_zero(arena, finding->slot_count * sizeof *finding->slots);
    finding->bonds = buffer_in(arena, (count + 1) * sizeof(struct bond));
    for (size_t from = 0; from < count; from += EXPAND_LARGE) {
        if (!find_some(finding, rows, from, count - from < EXPAND_LARGE ? count - from : EXPAND_LARGE, error))
            return false;
    }
    return true;
}

/* ---- put into the documents ------------------------------------------------------------------------------- */

struct splice {
    struct buffer out;
    bool open; /* something was put in already */
};

/* All but the last brace. A damaged file may have an empty document. */
static void add_open(struct buffer *out, struct slice document)
{
    buffer_add(out, document.data, document.length ? document.length - 1 : 0);
}

static void splice_add(struct splice *splice, const struct expansion *expansion, const struct row *row, struct slice value)
{
    if (!splice->open) {
        splice->out = buffer_in(splice->out.arena, row->document.length + value.length + 64);
        add_open(&splice->out, row->document);
        buffer_print(&splice->out, expansion->shape == EXPAND_MANY ? ",\"%s\":[" : ",\"%s\":", expansion->name);
    } else {
        buffer_add_byte(&splice->out, ',');
    }
    splice->open = true;
    if (expansion->shape == EXPAND_TEXT)
        buffer_add_json(&splice->out, value);
    else
        buffer_add_slice(&splice->out, value);
}

static struct slice splice_close(struct splice *splice, const struct expansion *expansion, const struct row *row)
{
    if (!splice->open) {
        splice->out = buffer_in(splice->out.arena, row->document.length + 64);
        add_open(&splice->out, row->document);
        buffer_print(&splice->out, ",\"%s\":%s", expansion->name, expansion->shape == EXPAND_MANY ? "[" : "null");
    }
    buffer_add_text(&splice->out, expansion->shape == EXPAND_MANY ? "]}" : "}");
    return buffer_slice(&splice->out);
}

static void put_in(const struct finding *finding, struct row *rows, size_t count)
{
    const struct expansion *expansion = &finding->list->expansions[finding->expansion];
    const struct bond *bonds = (const struct bond *)(const void *)finding->bonds.data;
    struct splice *splices = arena_zero(finding->arena, count * sizeof *splices);
    for (size_t i = 0; i < count; i++)
        splices[i].out.arena = finding->arena;
    for (size_t i = 0; i < finding->bonds.length / sizeof *bonds; i++)
        splice_add(&splices[bonds[i].row], expansion, &rows[bonds[i].row], finding->found[bonds[i].found].document);
    for (size_t i = 0; i < count; i++)
        rows[i].document = splice_close(&splices[i], expansion, &rows[i]);
}

bool reader_expand(struct reader *reader, const struct list *list, struct expanding what, struct row *rows, size_t count,
                   struct arena *arena, struct error *error)
{
    struct finding finding = {.reader = reader, .list = list, .expansion = what.expansion, .arena = arena};
    if (count == 0)
        return true;
    if (!find_all(&finding, rows, count, error))
        return false;
    for (int inner = 0; what.inner >> inner; inner++) {
        if (what.inner & 1u << inner &&
            !reader_expand(reader, list_of(list->expansions[what.expansion].noun), (struct expanding){.expansion = inner},
                           finding.found, finding.count, arena, error))
            return false;
    }
    put_in(&finding, rows, count);
    return true;
}

/* ---- which there are -------------------------------------------------------------------------------------- */

static int expansion_index(const struct list *list, struct slice name)
{
    for (size_t i = 0; i < list->expansion_count; i++) {
        if (slice_is(name, list->expansions[i].name))
            return (int)i;
    }
    return -1;
}

bool list_expanding(const struct list *list, struct slice name, struct expanding *what)
{
    struct slice rest = name, outer = slice_cut(&rest, '.');
    int index = expansion_index(list, outer), inner = -1;
    *what = (struct expanding){.expansion = index};
    if (index < 0 || !rest.data)
        return index >= 0;
    if (list->expansions[index].noun != NOUN_COUNT)
        inner = expansion_index(list_of(list->expansions[index].noun), rest);
    what->inner = inner < 0 ? 0 : 1u << inner;
    return inner >= 0;
}

unsigned list_expanding_nouns(const struct list *list, struct expanding what)
{
    const struct expansion *expansion = &list->expansions[what.expansion];
    unsigned nouns = expansion->noun == NOUN_COUNT ? 0 : NOUN_BIT(expansion->noun);
    if (nouns >= NOUN_BIT(NOUN_RESOURCES)) /* what belongs to an article that is deleted does not show */
        nouns |= NOUN_BIT(NOUN_ARTICLE) | NOUN_BIT(NOUN_CLAIM);
    for (int inner = 0; what.inner >> inner; inner++) {
        if (what.inner & 1u << inner)
            nouns |= list_expanding_nouns(list_of(expansion->noun), (struct expanding){.expansion = inner});
    }
    return nouns;
}

void expand_statements(void (*each)(void *to, const char *sql), void *to)
{
    for (enum noun noun = 0; noun < NOUN_COUNT; noun++) {
        const struct list *list = list_of(noun);
        for (size_t i = 0; i < list->expansion_count; i++) {
            struct sql_text text = {.length = 0};
            expand_sql(&text, &list->expansions[i], EXPAND_MIDDLE);
            each(to, text.data);
        }
    }
}
