/* Whose request it is, where a proxy passes it on.
 *
 * A proxy adds the address that it was asked from to the end of X-Forwarded-For; what stands before that may be anybody's
 * invention. So the list is read from its end, as long as whoever added to it is trusted. `Forwarded` (RFC 7239) is not read:
 * most proxies pass on the one of the two that they do not write as the client sent it. */
#include "internal.h"

/* Takes the last element off a list; false when there is none left. */
static bool take_last(struct slice *list, struct slice *element)
{
    if (list->data == NULL) {
        return false;
    }
    size_t start = list->length;
    while (start > 0 && list->data[start - 1] != ',') {
        start--;
    }
    *element = slice_trim((struct slice){list->data + start, list->length - start});
    *list = start > 0 ? (struct slice){list->data, start - 1} : NO_SLICE;
    return true;
}

/* "192.0.2.7", "192.0.2.7:4711", "2001:db8::7" and "[2001:db8::7]:4711" without a port. */
static struct slice without_port(struct slice text)
{
    if (slice_starts(text, "[")) {
        struct slice rest = {text.data + 1, text.length - 1};
        return slice_cut(&rest, ']');
    }
    struct slice rest = text, first = slice_cut(&rest, ':');
    bool one_colon = rest.data != NULL && slice_cut(&rest, ':').data != NULL && rest.data == NULL;
    return one_colon ? first : text;
}

/* False where nobody further away is told, or what is told is no address. */
static bool step_back(struct request *request, struct slice *list)
{
    struct slice element;
    struct address address;
    if (!take_last(list, &element) || !address_parse(without_port(element), &address)) {
        return false;
    }
    request->address = address;
    request->client = without_port(element);
    request->forwarded = true;
    return true;
}

void request_find_client(struct request *request, const struct networks *trusted)
{
    if (!networks_hold(trusted, &request->address)) {
        return;
    }
    bool known = true;
    for (size_t i = request->header_count; known && i-- > 0;) {
        struct slice list = request->headers[i].value;
        bool named = slice_equal_fold(request->headers[i].name, SLICE("X-Forwarded-For"));
        while (named && list.data != NULL && known) {
            known = networks_hold(trusted, &request->address) && step_back(request, &list);
        }
    }
    request->secure = request->secure || slice_equal_fold(request_header(request, "X-Forwarded-Proto"), SLICE("https"));
}
