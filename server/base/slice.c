#include "readout/slice.h"

#include <string.h>

struct slice slice_of(const char *string)
{
    return string ? (struct slice){string, strlen(string)} : NO_SLICE;
}

bool slice_equal(struct slice a, struct slice b)
{
    if (!a.data || !b.data)
        return !a.data && !b.data;
    return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

bool slice_is(struct slice slice, const char *string)
{
    return slice_equal(slice, slice_of(string));
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

bool slice_equal_fold(struct slice a, struct slice b)
{
    if (!a.data || !b.data)
        return !a.data && !b.data;
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++) {
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    }
    return true;
}

int slice_compare(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

bool slice_starts(struct slice slice, const char *prefix)
{
    size_t length = strlen(prefix);
    return slice.data && slice.length >= length && memcmp(slice.data, prefix, length) == 0;
}

bool slice_ends(struct slice slice, const char *suffix)
{
    size_t length = strlen(suffix);
    return slice.data && slice.length >= length && memcmp(slice.data + slice.length - length, suffix, length) == 0;
}

struct slice slice_cut(struct slice *rest, char separator)
{
    struct slice whole = *rest;
    const char *found = whole.data ? memchr(whole.data, separator, whole.length) : NULL;
    if (!found) {
        *rest = NO_SLICE;
        return whole;
    }
    size_t before = (size_t)(found - whole.data);
    *rest = (struct slice){found + 1, whole.length - before - 1};
    return (struct slice){whole.data, before};
}

struct slice slice_trim(struct slice slice)
{
    while (slice.length > 0 && (slice.data[0] == ' ' || slice.data[0] == '\t')) {
        slice.data++;
        slice.length--;
    }
    while (slice.length > 0 && (slice.data[slice.length - 1] == ' ' || slice.data[slice.length - 1] == '\t'))
        slice.length--;
    return slice;
}

bool slice_to_int(struct slice slice, long long *value)
{
    bool negative = slice_starts(slice, "-");
    size_t first = negative ? 1 : 0;
    if (slice.length == first)
        return false;
    /* Counted downwards, because the smallest number has no positive counterpart. */
    long long sum = 0;
    for (size_t i = first; i < slice.length; i++) {
        if (slice.data[i] < '0' || slice.data[i] > '9')
            return false;
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_sub_overflow(sum, slice.data[i] - '0', &sum))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, sum, &sum))
        return false;
    *value = sum;
    return true;
}
