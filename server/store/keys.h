/* What names and sentences are looked up by: words in small Latin letters, without diacritics and punctuation. */
#ifndef READOUT_STORE_KEYS_H
#define READOUT_STORE_KEYS_H

#include "readout/buffer.h"
#include "tokenizer.h"

struct sqlite3;

enum name_part {
    NAME_WORDS, /* "Sergei Ryabkov": "sergei ryabkov" */
    NAME_LAST,  /* "-ryabkov"; of two words or more */
    NAME_SOUND, /* "~rbkv s", and so does "Sergey Rybkov"; "Ryabkov" alone "~rbkv " */
    NAME_PARTS
};

/* Appends the key; nothing where the name has none of that kind. */
void key_of_name(struct tokenizer *tokenizer, struct slice name, enum name_part part, struct buffer *key);

/* Makes name_key(text, 'words' | 'last' | 'sound'), words_key(text) and words_hash(text) known to a connection, for statements
 * and migrations. */
bool sqlite_keys_register(struct sqlite3 *connection, struct tokenizer *tokenizer);

#endif
