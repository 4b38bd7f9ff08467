/* What the client would like: the best type by Accept, what Prefer asks for, what Content-Type says. */
#include <string.h>

#include "internal.h"

/* The part of a list element or of a media type before its parameters. */
static struct slice without_parameters(struct slice text)
{
    return slice_trim(slice_cut(&text, ';'));
}

bool type_is(struct slice type, const char *name)
{
    return type.data != NULL && slice_equal_fold(without_parameters(type), slice_of(name));
}

bool type_is_json(struct slice type)
{
    if (type.data == NULL) {
        return false;
    }
    struct slice plain = without_parameters(type);
    if (slice_equal_fold(plain, SLICE("application/json"))) {
        return true;
    }
    if (plain.length <= 5 || memchr(plain.data, '/', plain.length) == NULL) {
        return false;
    }
    return slice_equal_fold((struct slice){plain.data + plain.length - 5, 5}, SLICE("+json"));
}

/* qvalue = "0" ["." 0*3DIGIT] / "1" ["." 0*3"0"] (RFC 9110 §12.4.2), in thousandths; -1 when malformed. */
static int quality_of(struct slice text)
{
    if (text.length == 0 || text.length > 5 || (text.data[0] != '0' && text.data[0] != '1')) {
        return -1;
    }
    if (text.length > 1 && text.data[1] != '.') {
        return -1;
    }
    int quality = (text.data[0] - '0') * 1000;
    int weight = 100;
    for (size_t i = 2; i < text.length; i++, weight /= 10) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return -1;
        }
        quality += (text.data[i] - '0') * weight;
    }
    return quality <= 1000 ? quality : -1;
}

/* The q parameter of a list element in thousandths: 1000 without one. */
static int element_quality(struct slice element)
{
    slice_cut(&element, ';');
    while (element.data != NULL) {
        struct slice value = slice_trim(slice_cut(&element, ';'));
        struct slice name = slice_trim(slice_cut(&value, '='));
        if (slice_equal_fold(name, SLICE("q"))) {
            return quality_of(slice_trim(value));
        }
    }
    return 1000;
}

/* How exactly a media range names a type: 0 not at all, 1 by any, 2 by its first half, 3 wholly. */
static int exactness(struct slice range, struct slice type)
{
    if (slice_is(range, "*/*")) {
        return 1;
    }
    if (slice_equal_fold(range, type)) {
        return 3;
    }
    struct slice first_half = slice_cut(&type, '/');
    struct slice second_half = range;
    struct slice range_half = slice_cut(&second_half, '/');
    return slice_is(second_half, "*") && slice_equal_fold(range_half, first_half) ? 2 : 0;
}

/* The quality that the request's Accept headers give a type; -1 when they do not speak of it. */
static int type_quality(const struct request *request, struct slice type)
{
    int best = 0, quality = -1;
    for (size_t i = 0; i < request->header_count; i++) {
        if (!slice_equal_fold(request->headers[i].name, SLICE("Accept"))) {
            continue;
        }
        struct slice rest = request->headers[i].value, element;
        while (list_next(&rest, &element)) {
            int exact = exactness(without_parameters(element), type);
            int element_q = exact > best ? element_quality(element) : -1;
            if (element_q >= 0) {
                best = exact;
                quality = element_q;
            }
        }
    }
    return quality;
}

const char *request_negotiate(const struct request *request, const char *const *types)
{
    struct slice accept = request_header(request, "Accept");
    if (accept.length == 0 || slice_is(accept, "*/*")) {
        return types[0];
    }
    const char *chosen = NULL;
    int best = 0;
    for (size_t i = 0; types[i] != NULL; i++) {
        int quality = type_quality(request, without_parameters(slice_of(types[i])));
        if (quality > best) {
            best = quality;
            chosen = types[i];
        }
    }
    return chosen;
}

/* The quality that Accept-Encoding gives a coding by its name, else by "*"; -1 when it does not speak of it. */
static int coding_quality(const struct request *request, const char *name)
{
    int named = -1, any = -1;
    for (size_t i = 0; i < request->header_count; i++) {
        if (!slice_equal_fold(request->headers[i].name, SLICE("Accept-Encoding"))) {
            continue;
        }
        struct slice rest = request->headers[i].value, element;
        while (list_next(&rest, &element)) {
            struct slice coding = without_parameters(element);
            if (slice_equal_fold(coding, slice_of(name))) {
                named = element_quality(element);
            } else if (slice_is(coding, "*")) {
                any = element_quality(element);
            }
        }
    }
    return named >= 0 ? named : any;
}

static int quality_of_coding(const struct request *request, enum coding coding)
{
    int quality = coding_quality(request, coding == CODING_ZSTD ? "zstd" : "gzip");
    return coding == CODING_GZIP && quality < 0 ? coding_quality(request, "x-gzip") : quality;
}

bool accepts_coding(const struct request *request, enum coding coding)
{
    return coding == CODING_NONE || quality_of_coding(request, coding) > 0;
}

/* Of two that suit alike zstd is taken: it is the cheaper one, and those who know it say so. */
enum coding request_coding(const struct request *request)
{
    static const enum coding known[] = {CODING_ZSTD, CODING_GZIP};
    if (request_header(request, "Accept-Encoding").length == 0) {
        return CODING_NONE;
    }
    enum coding chosen = CODING_NONE;
    int plain = coding_quality(request, "identity"), best = plain > 0 ? plain - 1 : 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        int quality = quality_of_coding(request, known[i]);
        if (quality > best) {
            best = quality;
            chosen = known[i];
        }
    }
    return chosen;
}

/* `return=minimal` from `return = "minimal"; parameter=…` (RFC 7240 §2): name and value without quotes and blanks. */
static bool preference_equals(struct slice element, struct slice name, struct slice value)
{
    struct slice found_value = without_parameters(element);
    struct slice found_name = slice_trim(slice_cut(&found_value, '='));
    found_value = slice_trim(found_value);
    if (found_value.length >= 2 && found_value.data[0] == '"' && found_value.data[found_value.length - 1] == '"') {
        found_value = (struct slice){found_value.data + 1, found_value.length - 2};
    }
    return slice_equal_fold(found_name, name) && slice_equal_fold(found_value, value);
}

bool request_prefers(const struct request *request, const char *preference)
{
    struct slice value = slice_of(preference);
    struct slice name = slice_cut(&value, '=');
    for (size_t i = 0; i < request->header_count; i++) {
        if (!slice_equal_fold(request->headers[i].name, SLICE("Prefer"))) {
            continue;
        }
        struct slice rest = request->headers[i].value, element;
        while (list_next(&rest, &element)) {
            if (preference_equals(element, name, value)) {
                return true;
            }
        }
    }
    return false;
}
