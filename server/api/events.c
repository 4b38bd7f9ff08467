/* The change log as it grows: server-sent events (WHATWG HTML §9.2).
 *
 * A listener is a stream: no thread waits for it. It knows how far it has read; after each commit its loop asks it, and it reads
 * on from there. Most listeners of a loop wait for the same, so what one has read is kept for the next: a page of the log for
 * each of a few filters. */
#include <stdlib.h>

#include "call.h"
#include "readout/clock.h"
#include "readout/digest.h"
#include "readout/metrics.h"

enum {
    PAGE_MOST = 64, /* changes */
    PAGES = 16,     /* a loop has, found by their filter */
    PAGES_A_TURN = 4,
    WAIT_SECONDS = 5, /* between two looks at the clock */
    AGE = 3600,       /* seconds after which a listener has to come again, */
    AGE_SPREAD = 600, /* and as many more, so that not all come at once */
    RETRY_MILLISECONDS = 3000
};

static const int64_t SECOND = 1000000000;

/* The changes after `since` up to `until` that a filter lets through. */
struct page {
    struct slice filter; /* as key_of() has it; NO_SLICE: holds nothing yet */
    int64_t since, until;
    size_t count;
    struct changed changes[PAGE_MOST];
    struct arena arena;
};

struct feed {
    int listeners; /* of this loop */
    struct page pages[PAGES];
};

struct listener {
    struct stream stream;
    struct app *app;
    struct change_choice choice;
    struct slice filter; /* the choice as a key */
    int64_t since;
    bool lost; /* it asked for what is not in this log */
    bool greeted;
    int64_t spoke_at, ends_at;
    struct slice key;  /* the prefix of the one that it listens with; NO_SLICE: none */
    int64_t looked_at; /* whether that is good still */
};

struct feed *feed_open(void)
{
    struct feed *feed = calloc(1, sizeof *feed);
    if (!feed)
        die("out of memory");
    return feed;
}

static void forget_pages(struct feed *feed)
{
    for (int i = 0; i < PAGES; i++) {
        arena_release(&feed->pages[i].arena);
        feed->pages[i].filter = NO_SLICE;
    }
}

void feed_close(struct feed *feed)
{
    if (feed)
        forget_pages(feed);
    free(feed);
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

/* A page that goes on where the listener is. */
static const struct page *page_for(struct session *session, const struct listener *listener, int64_t last, struct error *error)
{
    struct page *page = &session->feed->pages[digest_quick(0, listener->filter) % PAGES];
    if (slice_equal(page->filter, listener->filter) && page->since <= listener->since && listener->since < page->until)
        return page;
    struct change_query query = {.since = listener->since,
                                 .until = last,
                                 .nouns = listener->choice.nouns,
                                 .filters = listener->choice.filters,
                                 .filter_count = listener->choice.filter_count,
                                 .limit = PAGE_MOST};
    arena_reset(&page->arena);
    page->filter = NO_SLICE;
    page->since = listener->since;
    if (!reader_changes(session->reader, &query, &page->arena, page->changes, &page->count, &page->until, error))
        return NULL;
    page->filter = arena_slice(&page->arena, listener->filter);
    return page;
}

static void add_event(struct buffer *chunk, const struct changed *changed)
{
    buffer_print(chunk, "id: %lld\nevent: %s.%.*s\ndata: ", (long long)changed->seq, record_of(changed->noun)->name,
                 SLICE_ARGS(changed->action));
    buffer_add_slice(chunk, changed->item);
    buffer_add_text(chunk, "\n\n");
}

static void add_page(struct listener *listener, const struct page *page, struct buffer *chunk)
{
    for (size_t i = 0; i < page->count; i++) {
        if (chunk->length >= STREAM_PIECE)
            return;
        if (page->changes[i].seq > listener->since) {
            add_event(chunk, &page->changes[i]);
            listener->since = page->changes[i].seq;
        }
    }
    listener->since = page->until;
}

/* Adds what is new, about a piece of it; after a few pages in which there was nothing for it, others have their turn. */
static bool add_events(struct session *session, struct listener *listener, int64_t last, struct buffer *chunk)
{
    struct error error;
    for (int turn = 0; turn < PAGES_A_TURN && listener->since < last && chunk->length < STREAM_PIECE; turn++) {
        const struct page *page = page_for(session, listener, last, &error);
        if (!page)
            return false;
        add_page(listener, page, chunk);
    }
    return true;
}

/* ---- the stream ------------------------------------------------------------------------------------------- */

static void greet(struct listener *listener, int64_t last, struct buffer *chunk)
{
    buffer_print(chunk, "retry: %d\n\n", RETRY_MILLISECONDS);
    if (listener->lost) {
        buffer_print(chunk, "id: %lld\nevent: reset\ndata: {\"last_seq\":%lld}\n\n", (long long)last, (long long)last);
        listener->since = last;
    }
    listener->greeted = true;
}

/* A key that is taken away closes what it opened. */
static bool may_listen(const struct session *session, struct listener *listener, int64_t now)
{
    if (!listener->key.data || now - listener->looked_at < SECOND)
        return true;
    listener->looked_at = now;
    return !key_is_over(session->reader, listener->key);
}

static enum stream_step listener_next(void *context, void *state, struct buffer *chunk)
{
    struct listener *listener = context;
    struct session *session = state;
    int64_t now = clock_nanoseconds(), last = generation_seq(reader_published(session->reader), EVERY_NOUN);
    if (!listener->greeted)
        greet(listener, last, chunk);
    if (atomic_load(&listener->app->stopping) || now >= listener->ends_at || !may_listen(session, listener, now))
        return STREAM_END;
    if (listener->since < last) {
        reader_generation(session->reader);
        if (!add_events(session, listener, last, chunk))
            return STREAM_BROKEN;
    }
    int64_t silence = listener->app->settings->number[SETTING_KEEPALIVE] * SECOND;
    if (chunk->length == 0 && now - listener->spoke_at >= silence - SECOND / 2)
        buffer_add_text(chunk, ": keepalive\n\n");
    if (chunk->length)
        listener->spoke_at = now;
    return chunk->length || listener->since < last ? STREAM_MORE : STREAM_WAIT;
}

static void listener_close(void *context, void *state)
{
    struct listener *listener = context;
    struct feed *feed = ((struct session *)state)->feed;
    if (--feed->listeners == 0)
        forget_pages(feed);
    atomic_fetch_sub(&listener->app->listeners, 1);
    metric_add(METRIC_SSE_CLIENTS, -1);
}

/* ---- the endpoint ----------------------------------------------------------------------------------------- */

/* Listeners with the same key hear the same. */
static struct slice key_of(const struct call *call, const struct change_choice *choice)
{
    struct buffer key = buffer_in(call->arena, 64);
    buffer_print(&key, "%x", choice->nouns);
    for (size_t i = 0; i < choice->filter_count; i++) {
        buffer_print(&key, "&%s=", choice->filters[i].name);
        for (size_t n = 0; n < choice->filters[i].count; n++)
            buffer_print(&key, "%.*s,", SLICE_ARGS(choice->filters[i].values[n]));
    }
    return buffer_slice(&key);
}

/* Where the client left off: by the header that it sends by itself when it comes again, else as asked for, else now. */
static void set_start(struct listener *listener, const struct call *call, int64_t last)
{
    struct slice header = request_header(call->request, "Last-Event-ID");
    const struct value_of *since = values_find(&call->values, "since");
    long long from = since ? since->number : last;
    if (header.length && !slice_to_int(header, &from))
        from = -1;
    listener->lost = from < 0 || from > last;
    listener->since = from;
}

static struct reply too_many(const struct call *call)
{
    struct reply reply = reply_problem(call->request, "unavailable", NULL,
                                       "%lld listen already, and no more may; GET /v1/changes tells the same by polling",
                                       call->app->settings->number[SETTING_MAX_LISTENERS]);
    reply_header(&reply, "Retry-After", SLICE("30"));
    metric_add(METRIC_REFUSED_LISTENERS, 1);
    return reply;
}

static struct listener *new_listener(const struct call *call, const struct change_choice *choice)
{
    int64_t now = clock_nanoseconds();
    unsigned keepalive = (unsigned)call->app->settings->number[SETTING_KEEPALIVE];
    struct listener *listener = arena_alloc(call->arena, sizeof *listener);
    *listener = (struct listener){.stream = {.context = listener,
                                             .next = listener_next,
                                             .close = listener_close,
                                             .wait_seconds = keepalive < WAIT_SECONDS ? keepalive : WAIT_SECONDS},
                                  .app = call->app,
                                  .choice = *choice,
                                  .filter = key_of(call, choice),
                                  .spoke_at = now,
                                  .key = call->request->key,
                                  .looked_at = now,
                                  .ends_at = now + AGE * SECOND + now % (AGE_SPREAD * SECOND)};
    set_start(listener, call, generation_seq(reader_published(call->reader), EVERY_NOUN));
    return listener;
}

struct reply stream_events(struct call *call)
{
    struct change_choice choice;
    struct reply problem, reply = reply_text(200, "text/event-stream", SLICE(""));
    reply.cache = "no-cache, no-transform";
    reply_header(&reply, "X-Accel-Buffering", SLICE("no"));
    if (!change_choice_of(call, &choice, &problem))
        return problem;
    if (!call->session->feed)
        return reply_problem(call->request, "not-implemented", NULL, "nothing changes without a server; see /v1/changes");
    if (atomic_fetch_add(&call->app->listeners, 1) >= call->app->settings->number[SETTING_MAX_LISTENERS]) {
        atomic_fetch_sub(&call->app->listeners, 1);
        return too_many(call);
    }
    call->session->feed->listeners++;
    metric_add(METRIC_SSE_CLIENTS, 1);
    reply.stream = &new_listener(call, &choice)->stream;
    return reply;
}
