/* How alike names are, for `make evaluate`: a line "kind TAB name TAB name" in, a number out. */
#include <stdio.h>
#include <stdlib.h>

#include "readout/text.h"

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, stdin)) > 0) {
        struct slice rest = {line, (size_t)length};
        if (rest.data[rest.length - 1] == '\n')
            rest.length--;
        struct slice kind = slice_cut(&rest, '\t'), name = slice_cut(&rest, '\t');
        enum actor_kind which = slice_is(kind, "person") ? ACTOR_PERSON : ACTOR_ORGANIZATION;
        printf("%.4f\n", rest.data ? text_name_likeness(name, rest, which) : 0);
    }
    free(line);
    return 0;
}
