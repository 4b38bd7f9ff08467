#include "letters.h"

#include <pthread.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "characters.h"
#include "readout/error.h"

enum { NAME_UNITS_MAX = 512 };

/* ICU's transliterators are read by any number of threads once they are open. */
static struct {
    pthread_once_t once;
    UTransliterator *latin;
} rules = {.once = PTHREAD_ONCE_INIT};

static void open_rules(void)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar name[64];
    u_uastrcpy(name, "Any-Latin; Latin-ASCII; Lower");
    rules.latin = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    if (U_FAILURE(code))
        die("ICU cannot write names in Latin letters: %s", u_errorName(code));
}

static size_t latin_of_ascii(struct slice name, char latin[static LATIN_MAX])
{
    size_t length = name.length < LATIN_MAX ? name.length : LATIN_MAX;
    for (size_t i = 0; i < length; i++) {
        char byte = name.data[i];
        if ((unsigned char)byte >= 0x80)
            return 0;
        latin[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    return length;
}

size_t letters_latin(struct slice name, char latin[static LATIN_MAX])
{
    size_t plain = latin_of_ascii(name, latin);
    if (plain || !name.length)
        return plain;
    pthread_once(&rules.once, open_rules);
    UErrorCode code = U_ZERO_ERROR;
    UChar units[NAME_UNITS_MAX];
    int32_t length = 0, limit, bytes = 0;
    int32_t taken = name.length < NAME_UNITS_MAX / 4 ? (int32_t)name.length : NAME_UNITS_MAX / 4;
    while (taken < (int32_t)name.length && taken > 0 && ((unsigned char)name.data[taken] & 0xc0) == 0x80)
        taken--;
    u_strFromUTF8WithSub(units, NAME_UNITS_MAX, &length, name.data, taken, 0xfffd, NULL, &code);
    limit = length;
    utrans_transUChars(rules.latin, units, &length, NAME_UNITS_MAX, 0, &limit, &code);
    if (U_FAILURE(code) || length > NAME_UNITS_MAX)
        return 0;
    u_strToUTF8(latin, LATIN_MAX, &bytes, units, length, &code);
    return U_SUCCESS(code) && bytes <= LATIN_MAX ? (size_t)bytes : 0;
}

bool letters_ideographic(struct slice name)
{
    for (size_t at = 0; at < name.length;) {
        int32_t point = character_next(name, &at);
        if (point >= 0x3400 && point <= 0x9fff)
            return true;
    }
    return false;
}
