#include <string.h>

#include "call.h"
#include "readout/digest.h"

/* A cursor is base64url of a MAC and the text "<scope>|<b or f>|<id>|" with the sort values behind it, each "<length>:<text>"
 * or "n" for null. */

struct slice cursor_of(const struct call *call, const struct place *place, uint64_t scope)
{
    struct buffer data = buffer_in(call->arena, 128);
    uint8_t mac[MAC_SIZE] = {0};
    buffer_add(&data, (const char *)mac, sizeof mac);
    buffer_print(&data, "%llx|%c|%lld|", (unsigned long long)scope, place->backward ? 'b' : 'f', (long long)place->id);
    for (size_t i = 0; i < SORT_KEYS_MAX; i++) {
        if (!place->values[i].data) {
            buffer_add_byte(&data, 'n');
            continue;
        }
        buffer_print(&data, "%zu:", place->values[i].length);
        buffer_add_slice(&data, place->values[i]);
    }
    digest_mac(store_key(call->app->store), (struct slice){data.data + MAC_SIZE, data.length - MAC_SIZE}, mac);
    memcpy(data.data, mac, sizeof mac);
    return digest_base64url(call->arena, buffer_slice(&data));
}

static struct slice cut_value(struct slice *rest)
{
    struct slice value = NO_SLICE;
    long long length = 0;
    if (rest->length && rest->data[0] == 'n') {
        *rest = (struct slice){rest->data + 1, rest->length - 1};
    } else {
        slice_to_int(slice_cut(rest, ':'), &length);
        value = (struct slice){rest->data, (size_t)length};
        *rest = (struct slice){rest->data + length, rest->length - (size_t)length};
    }
    return value;
}

static bool genuine(const struct call *call, struct slice data)
{
    uint8_t mac[MAC_SIZE];
    if (data.length < MAC_SIZE)
        return false;
    digest_mac(store_key(call->app->store), (struct slice){data.data + MAC_SIZE, data.length - MAC_SIZE}, mac);
    return digest_equal(mac, (const uint8_t *)data.data, MAC_SIZE);
}

bool cursor_read(const struct call *call, struct slice cursor, uint64_t scope, struct place *place, struct faults *faults)
{
    struct slice data;
    if (!digest_base64url_decode(call->arena, cursor, &data) || !genuine(call, data)) {
        fault_add(faults, FAULT_PARAMETER, "cursor", "cursor",
                  "this is no cursor of this server; take it from next_cursor or prev_cursor");
        return false;
    }
    struct slice rest = {data.data + MAC_SIZE, data.length - MAC_SIZE};
    struct slice made_for = slice_cut(&rest, '|'), direction = slice_cut(&rest, '|'), id = slice_cut(&rest, '|');
    long long number = 0;
    if (!slice_is(made_for, arena_print(call->arena, "%llx", (unsigned long long)scope))) {
        fault_add(faults, FAULT_PARAMETER, "cursor", "cursor",
                  "this cursor was made for other filters or another order; begin without it");
        return false;
    }
    slice_to_int(id, &number);
    *place = (struct place){.given = true, .backward = slice_is(direction, "b"), .id = number};
    for (size_t i = 0; i < SORT_KEYS_MAX; i++)
        place->values[i] = cut_value(&rest);
    return true;
}

/* As it was sent, but for what no URL may have: some send it all the same. */
static void add_escaped(struct buffer *url, struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        struct slice byte = {text.data + i, 1};
        if (*byte.data > ' ' && *byte.data < '\x7f' && !strchr("\"<>\\^`{|}", *byte.data))
            buffer_add_slice(url, byte);
        else
            buffer_add_uri(url, byte);
    }
}

struct slice url_with_cursor(const struct call *call, struct slice cursor)
{
    const struct request *request = call->request;
    struct buffer url = buffer_in(call->arena, request->origin.length + request->target.length + cursor.length + 16);
    buffer_add_slice(&url, request->origin);
    buffer_add_slice(&url, request->path);
    char before = '?';
    struct slice rest = request->query;
    while (rest.data) {
        struct slice item = slice_cut(&rest, '&');
        if (item.length == 0 || slice_starts(item, "cursor="))
            continue;
        buffer_add_byte(&url, before);
        add_escaped(&url, item);
        before = '&';
    }
    if (cursor.data) {
        buffer_add_byte(&url, before);
        buffer_add_text(&url, "cursor=");
        buffer_add_slice(&url, cursor);
    }
    return buffer_slice(&url);
}
