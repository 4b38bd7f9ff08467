#include "readout/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence longer than this quotes something that should have been shortened by whoever reports it. */
enum { DETAIL_MOST = 1000 };

void fault_add(struct faults *faults, enum fault_place place, const char *where, const char *code, const char *format, ...)
{
    if (faults->count++ >= FAULTS_MAX)
        return;
    char detail[DETAIL_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    faults->items[faults->count - 1] = (struct fault){.place = place,
                                                      .where = arena_copy(faults->arena, where, strlen(where)),
                                                      .code = arena_copy(faults->arena, code, strlen(code)),
                                                      .detail = arena_copy(faults->arena, detail, strlen(detail))};
}
