/* Names in Latin letters, whatever they are written in. */
#ifndef READOUT_TEXT_LETTERS_H
#define READOUT_TEXT_LETTERS_H

#include <stdbool.h>

#include "readout/slice.h"

enum { LATIN_MAX = 512 };

/* The name in small ASCII letters, as far as it can be had in them: "Лавров" is "lavrov", "Vučić" "vucic". Cut at LATIN_MAX
 * bytes; returns their number. Any thread. */
size_t letters_latin(struct slice name, char latin[static LATIN_MAX]);

/* Whether it has Chinese characters, whose Latin letters several of them share. */
bool letters_ideographic(struct slice name);

#endif
