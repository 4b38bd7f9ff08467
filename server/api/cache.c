/* Replies kept in memory, and with them what they come to when they are compressed. Each loop has a cache of its own, so nothing
 * here takes a lock.
 *
 * A reply is right as long as no noun that it depends on has changed: it is kept with those nouns and the newest change among
 * them, and compared at each lookup. What is asked for once is not worth a copy: a request is remembered by its hash, and its
 * reply kept when it comes again. Of what is kept, the least recently asked for goes first. */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "readout/digest.h"
#include "readout/metrics.h"

struct kept {
    struct coded_bodies coded; /* first: the server gives it back as this */
    struct cache *cache;
    struct kept *chain;         /* in the same bucket */
    struct kept *newer, *older; /* by their latest use */
    uint64_t hash;
    struct slice key;
    unsigned nouns;
    int64_t seq;
    struct reply reply;
    size_t size;      /* of this and of what it points to: what lies behind it, and the coded bodies */
    unsigned senders; /* exchanges whose reply is this one */
    bool dropped;     /* not in the cache any more; freed by the last sender */
};

enum { BODY_MOST = 1 << 20, BYTES_A_BUCKET = 4096, BUCKETS_LEAST = 64, BUCKETS_MOST = 65536, ASKED = 32768, PIECES_MOST = 64 };

struct cache {
    size_t most, held; /* bytes */
    struct kept *newest, *oldest;
    uint64_t asked[ASKED]; /* hashes of requests that came lately and were not kept */
    size_t bucket_count;   /* a power of two */
    struct kept *buckets[];
};

struct cache *cache_open(size_t bytes)
{
    size_t count = BUCKETS_LEAST;
    if (bytes == 0)
        return NULL;
    while (count < BUCKETS_MOST && count * BYTES_A_BUCKET < bytes)
        count *= 2;
    struct cache *cache = calloc(1, sizeof *cache + count * sizeof cache->buckets[0]);
    if (!cache)
        die("out of memory");
    cache->most = bytes;
    cache->bucket_count = count;
    return cache;
}

/* ---- the key ---------------------------------------------------------------------------------------------- */

static struct slice name_of(struct slice piece)
{
    return slice_cut(&piece, '=');
}

static bool comes_before(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = memcmp(a.data, b.data, shorter);
    return order < 0 || (order == 0 && a.length < b.length);
}

/* By name alone: values of the same name may mean another thing in another order. */
static bool sorted_pieces(struct slice query, struct slice pieces[static PIECES_MOST], size_t *count)
{
    *count = 0;
    while (query.data) {
        struct slice piece = slice_cut(&query, '&');
        size_t at = *count;
        if (piece.length == 0)
            continue;
        if (*count == PIECES_MOST)
            return false;
        for (; at > 0 && comes_before(name_of(piece), name_of(pieces[at - 1])); at--)
            pieces[at] = pieces[at - 1];
        pieces[at] = piece;
        ++*count;
    }
    return true;
}

/* All who may read are answered alike, with a key or without. */
static bool may_be_kept(const struct request *request, struct slice *accept)
{
    if ((request->method != METHOD_GET && request->method != METHOD_HEAD) || request->body.data)
        return false;
    *accept = SLICE("");
    for (size_t i = 0; i < request->header_count; i++) {
        struct slice name = request->headers[i].name;
        if (!slice_equal_fold(name, SLICE("Accept")))
            continue;
        if (accept->length)
            return false;
        *accept = request->headers[i].value;
    }
    return true;
}

struct cache_key cache_key_of(const struct cache *cache, const struct request *request)
{
    struct slice pieces[PIECES_MOST], accept;
    size_t count;
    if (!cache || !may_be_kept(request, &accept) || !sorted_pieces(request->query, pieces, &count))
        return (struct cache_key){NO_SLICE, 0};
    struct buffer text = buffer_in(request->arena, request->target.length + request->origin.length + accept.length + 8);
    buffer_add_slice(&text, request->path);
    for (size_t i = 0; i < count; i++) {
        buffer_add_byte(&text, i ? '&' : '?');
        buffer_add_slice(&text, pieces[i]);
    }
    buffer_add_byte(&text, '\n');
    buffer_add_slice(&text, request->origin);
    buffer_add_byte(&text, '\n');
    buffer_add_slice(&text, slice_is(accept, "*/*") ? SLICE("") : accept);
    return (struct cache_key){buffer_slice(&text), digest_quick(0, buffer_slice(&text))};
}

/* ---- in and out ------------------------------------------------------------------------------------------- */

static struct kept **bucket_of(struct cache *cache, uint64_t hash)
{
    return &cache->buckets[hash & (cache->bucket_count - 1)];
}

static void unlink_use(struct cache *cache, struct kept *kept)
{
    *(kept->newer ? &kept->newer->older : &cache->newest) = kept->older;
    *(kept->older ? &kept->older->newer : &cache->oldest) = kept->newer;
}

static void link_newest(struct cache *cache, struct kept *kept)
{
    kept->newer = NULL;
    kept->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = kept;
    cache->newest = kept;
}

static void free_kept(struct cache *cache, struct kept *kept)
{
    cache->held -= kept->size;
    metric_add(METRIC_CACHE_BYTES, -(int64_t)kept->size);
    for (size_t i = 0; i < REPLY_CODINGS; i++)
        free((char *)(uintptr_t)kept->coded.body[i].data);
    free(kept);
}

static void drop(struct cache *cache, struct kept *kept)
{
    struct kept **link = bucket_of(cache, kept->hash);
    while (*link != kept)
        link = &(*link)->chain;
    *link = kept->chain;
    unlink_use(cache, kept);
    kept->dropped = true;
    if (kept->senders == 0)
        free_kept(cache, kept);
}

void cache_release(struct cache *cache, struct kept *kept)
{
    kept->senders--;
    if (kept->dropped && kept->senders == 0)
        free_kept(cache, kept);
}

void cache_close(struct cache *cache)
{
    while (cache && cache->oldest)
        drop(cache, cache->oldest);
    free(cache);
}

/* ---- finding ---------------------------------------------------------------------------------------------- */

static uint64_t *asked_place(struct cache *cache, uint64_t hash)
{
    return &cache->asked[(hash >> 32) % ASKED];
}

struct kept *cache_find(struct cache *cache, const struct cache_key *key, const struct generation *published)
{
    struct kept *kept = *bucket_of(cache, key->hash);
    while (kept && (kept->hash != key->hash || !slice_equal(kept->key, key->text)))
        kept = kept->chain;
    if (!kept)
        return NULL;
    if (kept->seq != generation_seq(published, kept->nouns)) {
        drop(cache, kept);
        *asked_place(cache, key->hash) = key->hash;
        return NULL;
    }
    if (kept != cache->newest) {
        unlink_use(cache, kept);
        link_newest(cache, kept);
    }
    kept->senders++;
    metric_add(METRIC_CACHE_HITS, 1);
    return kept;
}

struct reply kept_reply(const struct kept *kept, const struct request *request)
{
    struct reply reply = kept->reply;
    if (request_condition(request, reply.etag) == CONDITION_NOT_MODIFIED)
        reply.status = 304;
    return reply;
}

/* ---- keeping ---------------------------------------------------------------------------------------------- */

/* Copies into the block behind the reply, with a NUL for those who read names as strings. */
static struct slice put(char **at, struct slice slice)
{
    if (!slice.data)
        return NO_SLICE;
    char *copy = *at;
    memcpy(copy, slice.data, slice.length);
    copy[slice.length] = '\0';
    *at += slice.length + 1;
    return (struct slice){copy, slice.length};
}

static size_t size_of(const struct cache_key *key, const struct reply *reply)
{
    size_t size = sizeof(struct kept) + key->text.length + reply->type.length + reply->etag.length + reply->body.length + 4;
    for (size_t i = 0; i < reply->header_count; i++)
        size += reply->headers[i].name.length + reply->headers[i].value.length + 2;
    return size;
}

static void copy_reply(struct kept *kept, const struct cache_key *key, const struct reply *reply)
{
    char *at = (char *)(kept + 1);
    kept->key = put(&at, key->text);
    kept->reply = *reply;
    kept->reply.status = 200;
    kept->reply.store_ns = kept->reply.render_ns = 0;
    kept->reply.type = put(&at, reply->type);
    kept->reply.etag = put(&at, reply->etag);
    kept->reply.body = put(&at, reply->body);
    for (size_t i = 0; i < reply->header_count; i++)
        kept->reply.headers[i] = (struct header){put(&at, reply->headers[i].name), put(&at, reply->headers[i].value)};
}

/* What is being sent is not let go for it. */
static bool make_room(struct cache *cache, size_t size, const struct kept *sent)
{
    while (cache->held + size > cache->most && cache->oldest && cache->oldest != sent)
        drop(cache, cache->oldest);
    return cache->held + size <= cache->most;
}

/* Called while the reply is sent, so it stays at least as long. */
static void keep_coded(struct coded_bodies *coded, size_t which, struct slice body)
{
    struct kept *kept = (struct kept *)coded;
    if (kept->dropped || !make_room(kept->cache, body.length, kept))
        return;
    char *copy = malloc(body.length);
    if (!copy)
        return;
    memcpy(copy, body.data, body.length);
    kept->coded.body[which] = (struct slice){copy, body.length};
    kept->size += body.length;
    kept->cache->held += body.length;
    metric_add(METRIC_CACHE_BYTES, (int64_t)body.length);
}

static bool is_worth_it(struct cache *cache, const struct cache_key *key, size_t size)
{
    uint64_t *asked = asked_place(cache, key->hash);
    if (*asked != key->hash) {
        *asked = key->hash;
        return false;
    }
    return make_room(cache, size, NULL);
}

/* A 304 that has the body of its 200 is as good as that. */
static bool can_be_kept(const struct call *call, const struct reply *reply)
{
    bool whole = reply->status == 200 || (reply->status == 304 && reply->body.length > 0);
    return whole && call->nouns && call->began && !reply->stream && reply->etag.data && reply->body.length <= BODY_MOST;
}

void cache_keep(struct cache *cache, const struct cache_key *key, const struct call *call, const struct reply *reply)
{
    if (!can_be_kept(call, reply))
        return;
    size_t size = size_of(key, reply);
    metric_add(METRIC_CACHE_MISSES, 1);
    struct kept *kept = is_worth_it(cache, key, size) ? malloc(size) : NULL;
    if (!kept)
        return;
    struct kept **bucket = bucket_of(cache, key->hash);
    *kept = (struct kept){.coded.keep = keep_coded,
                          .cache = cache,
                          .chain = *bucket,
                          .hash = key->hash,
                          .nouns = call->nouns,
                          .seq = generation_seq(&call->generation, call->nouns),
                          .size = size};
    copy_reply(kept, key, reply);
    kept->reply.coded = &kept->coded;
    *bucket = kept;
    link_newest(cache, kept);
    cache->held += size;
    metric_add(METRIC_CACHE_BYTES, (int64_t)size);
}
