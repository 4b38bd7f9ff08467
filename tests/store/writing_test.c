/* Whether the writer goes on. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <unistd.h>

#include "readout/clock.h"
#include "readout/store.h"

static pthread_mutex_t halt = PTHREAD_MUTEX_INITIALIZER; /* held by the test while the work shall not end */

static bool run(struct work *work, struct writing *writing)
{
    (void)work;
    (void)writing;
    pthread_mutex_lock(&halt);
    pthread_mutex_unlock(&halt);
    return true;
}

static bool comes_to_be(struct store *store, bool writing)
{
    int64_t deadline = clock_nanoseconds() + INT64_C(10000000000);
    bool same = false;
    while (!same && clock_nanoseconds() < deadline) {
        usleep(20000); /* it needs a moment to answer */
        same = store_is_writing(store) == writing;
    }
    return same;
}

static void *perform(void *store)
{
    struct work work = {.run = run};
    struct error failure = {0};
    cr_assert(store_perform(store, &work, &failure), "%s", failure.message);
    return NULL;
}

Test(writing, a_writer_that_is_stuck_shows)
{
    struct error error = {0};
    struct store *store = store_open(":memory:", ENGINE_CREATE, NULL, &error);
    cr_assert(store, "%s", error.message);
    cr_assert(store_is_writing(store));
    cr_assert(comes_to_be(store, true));

    pthread_t other;
    pthread_mutex_lock(&halt);
    cr_assert_eq(pthread_create(&other, NULL, perform, store), 0);
    cr_assert(comes_to_be(store, false));
    usleep(20000);
    cr_assert(!store_is_writing(store), "it stays stuck");
    pthread_mutex_unlock(&halt);
    pthread_join(other, NULL);
    cr_assert(comes_to_be(store, true));
    store_close(store);
}
