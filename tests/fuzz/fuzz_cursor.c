/* Any bytes as a cursor: none of them is ours. And any place in a list as a cursor of ours: it is read back as it was, for what
 * it was made for, and not at all when one bit of it is another. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "../../server/api/call.h"
#include "readout/digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The key that signs cursors is the store's; one in memory will do. */
static struct app *app_with_key(void)
{
    static struct app app;
    struct error error;
    app.store = store_open(":memory:", ENGINE_CREATE, NULL, &error);
    if (!app.store)
        die("%s", error.message);
    return &app;
}

static bool reads(const struct call *call, struct slice cursor, uint64_t scope, struct place *place)
{
    struct faults faults = {.arena = call->arena};
    bool good = cursor_read(call, cursor, scope, place, &faults);
    assert(good == (faults.count == 0));
    return good;
}

static uint64_t take_number(struct slice *bytes)
{
    uint64_t number = 0;
    size_t count = bytes->length < sizeof number ? bytes->length : sizeof number;
    memcpy(&number, bytes->data, count);
    *bytes = (struct slice){bytes->data + count, bytes->length - count};
    return number;
}

/* Values may hold what the cursor itself writes between them. */
static struct place take_place(struct slice *bytes)
{
    uint64_t choices = take_number(bytes);
    struct place place = {.given = true, .backward = choices & 1, .id = (int64_t)take_number(bytes)};
    for (size_t i = 0; i < SORT_KEYS_MAX; i++) {
        struct slice value = {bytes->data, (choices >> (8 * (i + 1)) & 0xff) % (bytes->length + 1)};
        *bytes = (struct slice){bytes->data + value.length, bytes->length - value.length};
        place.values[i] = choices >> (i + 1) & 1 ? NO_SLICE : value;
    }
    return place;
}

static void assert_same(const struct place *now, const struct place *before)
{
    assert(now->given && now->backward == before->backward && now->id == before->id);
    for (size_t i = 0; i < SORT_KEYS_MAX; i++) {
        assert(!now->values[i].data == !before->values[i].data);
        assert(slice_equal(now->values[i], before->values[i]));
    }
}

static void check_broken(const struct call *call, struct slice cursor, uint64_t scope, uint64_t where)
{
    struct slice bytes;
    struct place place;
    bool decoded = digest_base64url_decode(call->arena, cursor, &bytes);
    assert(decoded);
    char *broken = arena_copy(call->arena, bytes.data, bytes.length);
    broken[where / 8 % bytes.length] ^= (char)(1 << where % 8);
    assert(!reads(call, digest_base64url(call->arena, (struct slice){broken, bytes.length}), scope, &place));
}

static void check_ours(const struct call *call, struct slice bytes)
{
    uint64_t scope = take_number(&bytes), where = take_number(&bytes);
    struct place before = take_place(&bytes), now;
    struct slice cursor = cursor_of(call, &before, scope);
    bool good = reads(call, cursor, scope, &now);
    assert(good);
    assert_same(&now, &before);
    assert(!reads(call, cursor, ~scope, &now));
    check_broken(call, cursor, scope, where);
}

/* The URL of another page has that page's cursor and no other. */
static void check_url(struct call *call, struct slice query)
{
    struct request request = {.arena = call->arena, .target = query, .path = SLICE("/v1/claims"), .query = query};
    call->request = &request;
    struct slice url = url_with_cursor(call, SLICE("new")), rest = url;
    unsigned cursors = 0;
    slice_cut(&rest, '?');
    while (rest.data)
        cursors += slice_starts(slice_cut(&rest, '&'), "cursor=");
    assert(cursors == 1);
    assert(slice_ends(url, "cursor=new"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct app *app;
    if (!app)
        app = app_with_key();
    struct arena arena = {0};
    struct call call = {.app = app, .arena = &arena};
    struct slice bytes = arena_slice(&arena, (struct slice){(const char *)data, size});
    struct place place;
    assert(!reads(&call, bytes, 0, &place));
    check_ours(&call, bytes);
    check_url(&call, bytes);
    arena_release(&arena);
    return 0;
}
