/* The change log says who wrote what. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "readout/store.h"

static struct store *store;
static struct arena arena;
static char path[256];

static void open_store(void)
{
    struct error error = {0};
    const char *folder = getenv("READOUT_SCRATCH");
    snprintf(path, sizeof(path), "%s/authors-%d.db", folder ? folder : "build/scratch", (int)getpid());
    unlink(path);
    store = store_open(path, ENGINE_CREATE, NULL, &error);
    cr_assert(store, "%s", error.message);
}

static void close_store(void)
{
    store_close(store);
    arena_release(&arena);
    unlink(path);
}

TestSuite(authors, .init = open_store, .fini = close_store);

struct renaming {
    struct work work; /* first: the writer gives it back as this */
    int64_t id;       /* 0: a new topic */
    const char *name;
};

static bool write_name(struct work *work, struct writing *writing)
{
    struct renaming *renaming = (struct renaming *)work;
    struct faults faults = {.arena = &arena};
    struct change change = {.noun = NOUN_TOPIC,
                            .id = renaming->id,
                            .body = json_pack("{s:s}", "name", renaming->name),
                            .base = "#",
                            .faults = &faults,
                            .arena = &arena};
    if (!renaming->id)
        json_object_set_new(change.body, "slug", json_string("fish"));
    struct written written = renaming->id ? write_change(writing, &change, CHANGE_PATCH) : write_create(writing, &change, false);
    renaming->id = written.id;
    json_decref(change.body);
    return written.outcome == OUTCOME_CREATED || written.outcome == OUTCOME_UPDATED;
}

/* Gives the topic of that id, or a new one, that name; by somebody, or NULL. */
static int64_t give_name(int64_t id, const char *name, const char *by)
{
    struct renaming renaming = {.work = {.run = write_name, .by = slice_of(by)}, .id = id, .name = name};
    struct error error = {0};
    cr_assert(store_perform(store, &renaming.work, &error) && renaming.work.kept, "%s", error.message);
    return renaming.id;
}

static bool has(struct slice text, const char *part)
{
    return memmem(text.data, text.length, part, strlen(part)) != NULL;
}

Test(authors, stand_in_the_log_and_in_histories)
{
    int64_t id = give_name(0, "Fish", NULL), reached, last;
    give_name(id, "Herring", "desk \"one\"");
    give_name(id, "Fish", NULL);
    give_name(id, "Herring", "wire");

    struct error error = {0};
    struct reader *reader = reader_open(store, &error);
    cr_assert(reader, "%s", error.message);
    struct changed changes[8];
    size_t count;
    int versions;
    struct change_query query = {.until = 100, .nouns = EVERY_NOUN, .limit = 8};
    reader_generation(reader);
    cr_assert(reader_changes(reader, &query, &arena, changes, &count, &reached, &error), "%s", error.message);
    cr_assert_eq(count, 4);
    cr_expect(has(changes[0].item, "\"by\":null,"));
    cr_expect(has(changes[1].item, "\"by\":\"desk \\\"one\\\"\","));
    cr_expect(has(changes[2].item, "\"by\":null,"));
    cr_expect(has(changes[3].item, "\"by\":\"wire\","));

    struct buffer items = buffer_in(&arena, 1024);
    cr_assert(reader_history(reader, NOUN_TOPIC, id, 0, 1, &items, &versions, &last, &error), "%s", error.message);
    cr_expect(has(buffer_slice(&items), "\"by\":\"wire\","));
    reader_close(reader);
}
