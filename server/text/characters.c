#include "characters.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "readout/text.h"

int32_t character_next(struct slice text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text.data + *at;
    if (bytes[0] < 0x80) {
        *at += 1;
        return bytes[0];
    }
    size_t length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    int32_t point = bytes[0] & (0xff >> (length + 1));
    for (size_t i = 1; i < length; i++)
        point = point << 6 | (bytes[i] & 0x3f);
    *at += length;
    return point;
}

size_t character_write(int32_t point, char bytes[static 4])
{
    if (point < 0x80) {
        bytes[0] = (char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; point >>= 6)
        bytes[i] = (char)(0x80 | (point & 0x3f));
    bytes[0] = (char)((0xf00 >> length & 0xff) | point);
    return length;
}

static bool is_quote(int32_t point)
{
    switch (point) {
    case '"':
    case '\'':
    case '`':
    case 0xab: /* « */
    case 0xb4: /* ´ */
    case 0xbb: /* » */
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0x201f:
    case 0x2039:
    case 0x203a:
    case 0x2032: /* primes, typed for quotation marks */
    case 0x2033:
    case 0x300c: /* corner brackets */
    case 0x300d:
    case 0x300e:
    case 0x300f:
    case 0xff02:
        return true;
    default:
        return false;
    }
}

enum character character_of(int32_t point)
{
    if (point < 0x80) {
        if (point >= 'a' && point <= 'z')
            return CHARACTER_LETTER;
        if (point >= 'A' && point <= 'Z')
            return CHARACTER_CAPITAL;
        if (point >= '0' && point <= '9')
            return CHARACTER_DIGIT;
        if (point <= ' ' || point == 0x7f)
            return CHARACTER_SPACE;
        return is_quote(point) ? CHARACTER_QUOTE : CHARACTER_MARK;
    }
    if (is_quote(point))
        return CHARACTER_QUOTE;
    switch (u_charType(point)) {
    case U_UPPERCASE_LETTER:
    case U_TITLECASE_LETTER:
        return CHARACTER_CAPITAL;
    case U_LOWERCASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER:
        return CHARACTER_LETTER;
    case U_DECIMAL_DIGIT_NUMBER:
        return CHARACTER_DIGIT;
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
        return CHARACTER_COMBINING;
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
        return CHARACTER_SPACE;
    default:
        return CHARACTER_MARK;
    }
}

/* Letters that Unicode does not take apart, as newspapers without them write them. */
static int32_t fold_whole(int32_t point)
{
    switch (point) {
    case 0xf8: /* ø */
        return 'o';
    case 0x142: /* ł */
        return 'l';
    case 0x111: /* đ */
        return 'd';
    case 0x131: /* ı */
        return 'i';
    case 0x2018:
    case 0x2019:
    case 0x201b:
    case 0x2032:
    case 0xb4:
    case '`':
        return '\'';
    case 0x2010:
    case 0x2011:
        return '-';
    default:
        return point;
    }
}

int32_t character_fold(int32_t point)
{
    if (point < 0x80)
        return point >= 'A' && point <= 'Z' ? point + 32 : point == '`' ? '\'' : point;
    if (character_of(point) == CHARACTER_COMBINING)
        return 0;
    point = u_tolower(point);
    UErrorCode status = U_ZERO_ERROR;
    UChar parts[8];
    int32_t length = unorm2_getDecomposition(unorm2_getNFDInstance(&status), point, parts, 8, &status);
    /* A first part outside the first plane would be half of a pair: such letters stay whole. */
    if (U_SUCCESS(status) && length > 0 && (parts[0] & 0xf800) != 0xd800 && point != 0x439 /* й is a letter of its own */)
        point = parts[0];
    return fold_whole(point);
}

size_t character_fold_word(struct slice word, char folded[static FOLDED_MAX])
{
    size_t length = 0;
    for (size_t at = 0; at < word.length && length + 4 <= FOLDED_MAX;) {
        int32_t point = character_fold(character_next(word, &at));
        if (point)
            length += character_write(point, folded + length);
    }
    return length;
}

enum text_class text_character(struct slice text, size_t *at, int32_t *point, int32_t *folded)
{
    *point = character_next(text, at);
    *folded = character_fold(*point);
    switch (character_of(*point)) {
    case CHARACTER_SPACE:
        return TEXT_BLANK;
    case CHARACTER_QUOTE:
        return TEXT_QUOTE;
    case CHARACTER_MARK:
        return TEXT_MARK;
    default:
        return TEXT_LETTER;
    }
}
