#include "readout/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A message cut at its limit must still be UTF-8: drops the last character where its end was lost. */
static void drop_torn_character(char *text, size_t length)
{
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[--start];
    size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length - start < whole)
        text[start] = '\0';
}

bool fail(struct error *error, enum error_kind kind, const char *format, ...)
{
    /* Printed aside first: the arguments may point into the very message that is replaced ("…: %s", error->message). */
    char message[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof message)
        drop_torn_character(message, sizeof message - 1);
    error->kind = kind;
    snprintf(error->message, sizeof error->message, "%s", message);
    return false;
}

void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("readout: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}
