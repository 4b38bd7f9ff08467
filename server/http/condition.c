/* Conditional requests: whether what the client knows still holds (RFC 9110 §13). */
#include <string.h>

#include "internal.h"

struct tag {
    bool weak;
    struct slice opaque; /* between the quotation marks */
};

/* entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE (RFC 9110 §8.8.3); false for anything else. */
static bool tag_of(struct slice text, struct tag *tag)
{
    tag->weak = slice_starts(text, "W/");
    size_t start = tag->weak ? 2 : 0;
    if (text.length < start + 2 || text.data[start] != '"' || text.data[text.length - 1] != '"') {
        return false;
    }
    tag->opaque = (struct slice){text.data + start + 1, text.length - start - 2};
    return memchr(tag->opaque.data, '"', tag->opaque.length) == NULL;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool ends_in_number_part(struct slice text)
{
    size_t end = text.length;
    while (end > 0 && is_digit(text.data[end - 1])) {
        end--;
    }
    return end < text.length && end > 1 && text.data[end - 1] == '-';
}

/* `c17-5` of `c17-5-gz` or `c17-5-csv-gz`: a tag without the suffixes that name its representation. Suffixes follow a version
 * number and do not begin with a digit; a tag that is not made so is left whole. */
static struct slice version_of(struct slice opaque)
{
    for (struct slice part = opaque; part.length > 0; part.length--) {
        char last = part.data[part.length - 1];
        if (last != '-') {
            continue;
        }
        if (part.length < opaque.length && is_digit(part.data[part.length])) {
            return opaque;
        }
        struct slice before = {part.data, part.length - 1};
        if (ends_in_number_part(before)) {
            return before;
        }
    }
    return opaque;
}

/* Tags may hold commas, so the quoted strings are found first; a backslash is an ordinary character in them. */
static bool next_tag(struct slice *rest, struct slice *text)
{
    while (rest->length > 0 && (rest->data[0] == ',' || rest->data[0] == ' ' || rest->data[0] == '\t')) {
        *rest = (struct slice){rest->data + 1, rest->length - 1};
    }
    if (rest->length == 0) {
        return false;
    }
    size_t length = 0;
    bool quoted = false;
    while (length < rest->length && (quoted || rest->data[length] != ',')) {
        quoted ^= rest->data[length++] == '"';
    }
    *text = slice_trim((struct slice){rest->data, length});
    *rest = (struct slice){rest->data + length, rest->length - length};
    return true;
}

/* Strong comparison, except that representations of one version count as one. */
static bool matches_strongly(const struct request *request, struct slice text, const struct tag *current)
{
    (void)request;
    struct tag tag;
    return tag_of(text, &tag) && !tag.weak && !current->weak && slice_equal(version_of(tag.opaque), version_of(current->opaque));
}

/* The coding of that representation of the current one which a tag names; CODING_COUNT when it names another. */
static enum coding coding_named(struct slice opaque, struct slice current)
{
    enum coding coding = CODING_NONE;
    for (; coding < CODING_COUNT; coding++) {
        const char *suffix = coding_suffix(coding);
        if (opaque.length == current.length + strlen(suffix) && slice_ends(opaque, suffix) &&
            memcmp(opaque.data, current.data, current.length) == 0) {
            break;
        }
    }
    return coding;
}

/* Weak comparison with the representations that the client might get: in a coding, only if it accepts that coding: a cache must
 * not hand its coded copy to a client that cannot read it. */
static bool matches_weakly(const struct request *request, struct slice text, const struct tag *current)
{
    struct tag tag;
    if (!tag_of(text, &tag)) {
        return false;
    }
    enum coding coding = coding_named(tag.opaque, current->opaque);
    return coding < CODING_COUNT && accepts_coding(request, coding);
}

enum outcome { ABSENT, MATCHED, UNMATCHED };

/* What all headers of that name say of the current entity tag, and by which of their tags. */
static enum outcome compare(const struct request *request, const char *name, struct slice etag,
                            bool (*matches)(const struct request *, struct slice, const struct tag *), struct slice *by)
{
    enum outcome outcome = ABSENT;
    struct tag current;
    bool comparable = etag.data != NULL && tag_of(etag, &current);
    for (size_t i = 0; i < request->header_count; i++) {
        if (!slice_equal_fold(request->headers[i].name, slice_of(name))) {
            continue;
        }
        outcome = outcome == ABSENT ? UNMATCHED : outcome;
        struct slice rest = request->headers[i].value, text;
        while (next_tag(&rest, &text)) {
            if (slice_is(text, "*") ? etag.data != NULL : comparable && matches(request, text, &current)) {
                *by = text;
                return MATCHED;
            }
        }
    }
    return outcome;
}

enum condition request_condition(const struct request *request, struct slice etag)
{
    struct slice by;
    if (compare(request, "If-Match", etag, matches_strongly, &by) == UNMATCHED) {
        return CONDITION_FAILED;
    }
    if (compare(request, "If-None-Match", etag, matches_weakly, &by) != MATCHED) {
        return CONDITION_PROCEED;
    }
    bool reading = request->method == METHOD_GET || request->method == METHOD_HEAD;
    return reading ? CONDITION_NOT_MODIFIED : CONDITION_FAILED;
}

enum coding condition_coding(const struct request *request, struct slice etag)
{
    struct slice by;
    struct tag named, current;
    if (compare(request, "If-None-Match", etag, matches_weakly, &by) != MATCHED || !tag_of(by, &named) ||
        !tag_of(etag, &current)) {
        return CODING_NONE;
    }
    return coding_named(named.opaque, current.opaque);
}
