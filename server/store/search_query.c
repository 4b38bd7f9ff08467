#include <string.h>

#include "search_private.h"

/* expression = group { OR group };  group = term { [AND] term };  term = [NOT | -] ( word | "phrase" | ( expression ) )
 *
 * What has no letter and no digit is passed over, wherever it stands. Everything else that makes no sense is a fault. */

enum { WORDS_MAX = 40, DEPTH_MAX = 20, PREFIX_LEAST = 3 };

enum kind { KIND_END, KIND_OPEN, KIND_CLOSE, KIND_AND, KIND_OR, KIND_NOT, KIND_MINUS, KIND_PHRASE, KIND_WORD };

struct lexeme {
    enum kind kind;
    struct slice text; /* of a word or phrase, without its quotation marks */
    size_t end;        /* of it all */
    bool open;         /* a phrase whose end is missing */
};

struct parsing {
    struct tokenizer *tokenizer;
    struct search_question *question;
    struct arena *arena;
    struct search_word *words;
    struct lexeme next;
    size_t parts; /* words and phrases so far */
    int depth;
    const char *fault;
};

/* NO_SLICE: nothing that could be searched. */
static struct slice parse_expression(struct parsing *parsing);

static struct slice refuse(struct parsing *parsing, const char *fault)
{
    if (!parsing->fault)
        parsing->fault = fault;
    return NO_SLICE;
}

/* ---- words, marks and brackets ---------------------------------------------------------------------------- */

/* The length of the quotation mark at `at`, or 0. */
static size_t quote_at(struct slice text, size_t at)
{
    static const char *const marks[] = {"\"", "\u201c", "\u201d", "\u201e", "\u201f", "\u00ab", "\u00bb", "\u2033"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (slice_starts((struct slice){text.data + at, text.length - at}, marks[i]))
            return strlen(marks[i]);
    }
    return 0;
}

/* The length of the blank at `at`, or 0; control characters are as good as blanks. */
static size_t blank_at(struct slice text, size_t at)
{
    static const char *const blanks[] = {"\u00a0", "\u2009", "\u200b", "\u202f", "\u3000"};
    unsigned char byte = (unsigned char)text.data[at];
    if (byte <= ' ' || byte == 0x7f)
        return 1;
    for (size_t i = 0; byte >= 0x80 && i < sizeof blanks / sizeof blanks[0]; i++) {
        if (slice_starts((struct slice){text.data + at, text.length - at}, blanks[i]))
            return strlen(blanks[i]);
    }
    return 0;
}

static struct lexeme read_phrase(struct slice text, size_t at)
{
    size_t start = at + quote_at(text, at), end = start;
    while (end < text.length && !quote_at(text, end))
        end++;
    struct slice phrase = {text.data + start, end - start};
    return (struct lexeme){KIND_PHRASE, phrase, end < text.length ? end + quote_at(text, end) : end, end == text.length};
}

static struct lexeme read_word(struct slice text, size_t at)
{
    size_t end = at;
    while (end < text.length && !quote_at(text, end) && !blank_at(text, end) && text.data[end] != '(' && text.data[end] != ')')
        end++;
    struct lexeme lexeme = {.kind = KIND_WORD, .text = {text.data + at, end - at}, .end = end};
    if (slice_is(lexeme.text, "AND") || slice_is(lexeme.text, "&&"))
        lexeme.kind = KIND_AND;
    else if (slice_is(lexeme.text, "OR") || slice_is(lexeme.text, "||"))
        lexeme.kind = KIND_OR;
    else if (slice_is(lexeme.text, "NOT"))
        lexeme.kind = KIND_NOT;
    return lexeme;
}

static void advance(struct parsing *parsing)
{
    struct slice text = parsing->question->typed;
    size_t at = parsing->next.end, blank;
    while (at < text.length && (blank = blank_at(text, at)) > 0)
        at += blank;
    if (at == text.length)
        parsing->next = (struct lexeme){.kind = KIND_END, .end = at};
    else if (text.data[at] == '(')
        parsing->next = (struct lexeme){.kind = KIND_OPEN, .end = at + 1};
    else if (text.data[at] == ')')
        parsing->next = (struct lexeme){.kind = KIND_CLOSE, .end = at + 1};
    else if (quote_at(text, at))
        parsing->next = read_phrase(text, at);
    else if (text.data[at] == '-' && at + 1 < text.length && !blank_at(text, at + 1) && text.data[at + 1] != '-')
        parsing->next = (struct lexeme){.kind = KIND_MINUS, .end = at + 1};
    else
        parsing->next = read_word(text, at);
}

/* ---- words and phrases ------------------------------------------------------------------------------------ */

/* What the tokenizer finds in it. */
struct looked {
    size_t count, start, end; /* the last word's place */
};

static int look(void *to, bool beside, struct slice token, size_t start, size_t end)
{
    (void)token;
    (void)beside;
    struct looked *looked = to;
    *looked = (struct looked){looked->count + 1, start, end};
    return 0;
}

/* As a string of the engine's query language, for the tokenizer with this header ("=", "fr", or ""). Its words have no quotation
 * marks; what else the language has means nothing inside a string. */
static struct slice quoted(const struct parsing *parsing, const char *header, struct slice text, bool prefix)
{
    struct buffer out = buffer_in(parsing->arena, text.length + 16);
    buffer_add_byte(&out, '"');
    if (header[0])
        buffer_print(&out, "%c%s%c", TOKENS_HEADER, header, TOKENS_HEADER_END);
    for (size_t i = 0; i < text.length; i++)
        buffer_add_byte(&out, (unsigned char)text.data[i] < ' ' || text.data[i] == '"' ? ' ' : text.data[i]);
    buffer_add_text(&out, prefix ? "\" *" : "\"");
    return buffer_slice(&out);
}

/* One character of a script that is indexed in pairs stands for those that begin with it. */
static bool is_single_ideograph(struct slice word, const struct looked *looked)
{
    struct slice last = {word.data + looked->start, looked->end - looked->start};
    return looked->count == 1 && (unsigned char)last.data[0] >= 0xe1 && utf8_length(last) == 1;
}

static struct slice take_word(struct parsing *parsing, struct lexeme lexeme)
{
    struct looked looked = {0};
    struct slice text = lexeme.text;
    const char *typed = parsing->question->typed.data;
    tokenizer_run(parsing->tokenizer, TOKENS_PLACES, text, look, &looked);
    if (looked.count == 0)
        return NO_SLICE;
    if (++parsing->parts > WORDS_MAX)
        return refuse(parsing, "a search takes at most 40 words and phrases");
    bool phrase = lexeme.kind == KIND_PHRASE, prefix = !phrase && slice_ends(text, "*");
    if (phrase)
        return quoted(parsing, "=", text, false);
    if (prefix && utf8_length((struct slice){text.data + looked.start, looked.end - looked.start}) < PREFIX_LEAST)
        return refuse(parsing, "give at least three letters before *");
    if (!prefix && !is_single_ideograph(text, &looked) && looked.count == 1)
        parsing->words[parsing->question->word_count++] =
            (struct search_word){(size_t)(text.data - typed) + looked.start, (size_t)(text.data - typed) + looked.end};
    struct slice language = parsing->question->language;
    return quoted(parsing, language.data && !prefix ? language.data : "", text, prefix || is_single_ideograph(text, &looked));
}

static struct slice take_brackets(struct parsing *parsing)
{
    if (++parsing->depth > DEPTH_MAX)
        return refuse(parsing, "a search takes at most 20 brackets inside each other");
    advance(parsing);
    struct slice inside = parse_expression(parsing);
    if (parsing->next.kind != KIND_CLOSE)
        return refuse(parsing, "a bracket ( is not closed");
    parsing->depth--;
    advance(parsing);
    return inside;
}

/* ---- putting them together -------------------------------------------------------------------------------- */

static bool begins_operand(enum kind kind)
{
    return kind == KIND_OPEN || kind == KIND_PHRASE || kind == KIND_WORD;
}

static bool begins_term(enum kind kind)
{
    return begins_operand(kind) || kind == KIND_NOT || kind == KIND_MINUS;
}

static struct slice parse_operand(struct parsing *parsing)
{
    struct lexeme lexeme = parsing->next;
    if (lexeme.kind == KIND_OPEN)
        return take_brackets(parsing);
    if (lexeme.open)
        return refuse(parsing, "a quotation mark is not closed");
    advance(parsing);
    return take_word(parsing, lexeme);
}

static void join(struct buffer *out, const char *operator, struct slice part)
{
    if (!part.data)
        return;
    if (out->length)
        buffer_print(out, " %s ", operator);
    buffer_add_slice(out, part);
}

static struct slice parse_group(struct parsing *parsing)
{
    struct buffer with = buffer_in(parsing->arena, 64), without = buffer_in(parsing->arena, 16);
    do {
        bool negative = parsing->next.kind == KIND_NOT || parsing->next.kind == KIND_MINUS;
        if (negative)
            advance(parsing);
        if (!begins_operand(parsing->next.kind))
            return refuse(parsing, "NOT and - need a word behind them");
        struct slice operand = parse_operand(parsing);
        join(negative ? &without : &with, negative ? "OR" : "AND", operand);
        if (parsing->next.kind == KIND_AND) {
            advance(parsing);
            if (!begins_term(parsing->next.kind))
                return refuse(parsing, "AND needs words on both sides");
        }
    } while (!parsing->fault && begins_term(parsing->next.kind));

    if (with.length == 0 && without.length)
        return refuse(parsing, "NOT and - only take away: say as well what to find");
    if (without.length)
        buffer_print(&with, ") NOT (%.*s)", SLICE_ARGS(buffer_slice(&without)));
    if (with.length == 0)
        return NO_SLICE;
    return slice_of(arena_print(parsing->arena, "(%s%.*s)", without.length ? "(" : "", SLICE_ARGS(buffer_slice(&with))));
}

static struct slice parse_expression(struct parsing *parsing)
{
    struct buffer out = buffer_in(parsing->arena, 64);
    for (;;) {
        enum kind kind = parsing->next.kind;
        if (kind == KIND_AND)
            return refuse(parsing, "AND needs words on both sides");
        if (!begins_term(kind) && (kind == KIND_OR || out.length))
            return refuse(parsing, "OR needs words on both sides");
        if (!begins_term(kind))
            return NO_SLICE;
        join(&out, "OR", parse_group(parsing));
        if (parsing->fault || parsing->next.kind != KIND_OR)
            break;
        advance(parsing);
        if (!begins_term(parsing->next.kind))
            return refuse(parsing, "OR needs words on both sides");
    }
    return out.length ? slice_of(arena_print(parsing->arena, "(%.*s)", SLICE_ARGS(buffer_slice(&out)))) : NO_SLICE;
}

const char *search_part(struct tokenizer *tokenizer, struct slice text, bool as_it_stands, struct arena *arena)
{
    struct parsing parsing = {.arena = arena};
    struct looked looked = {0};
    tokenizer_run(tokenizer, TOKENS_PLACES, text, look, &looked);
    if (looked.count == 0)
        return NULL;
    struct slice part = quoted(&parsing, as_it_stands ? "=" : "", text, is_single_ideograph(text, &looked));
    return arena_print(arena, "%.*s", SLICE_ARGS(part));
}

const char *search_beginning(struct tokenizer *tokenizer, struct slice typed, struct arena *arena)
{
    struct parsing parsing = {.arena = arena};
    struct looked looked = {0};
    tokenizer_run(tokenizer, TOKENS_PLACES, typed, look, &looked);
    if (looked.count == 0)
        return NULL;
    return arena_print(arena, "{name} : ^ %.*s", SLICE_ARGS(quoted(&parsing, "", typed, true)));
}

bool search_understand(struct tokenizer *tokenizer, struct slice typed, struct slice language, struct arena *arena,
                       struct search_question *question, const char **fault)
{
    *question = (struct search_question){.typed = arena_slice(arena, typed), .language = arena_slice(arena, language)};
    struct parsing parsing = {.tokenizer = tokenizer, .question = question, .arena = arena};
    question->words = parsing.words = arena_alloc(arena, WORDS_MAX * sizeof *parsing.words);
    advance(&parsing);
    struct slice expression = parse_expression(&parsing);
    if (!parsing.fault && parsing.next.kind == KIND_CLOSE)
        refuse(&parsing, "a bracket ) was never opened");
    if (!parsing.fault && !expression.data)
        refuse(&parsing, "there is no word to search for");
    question->expression = expression.data;
    *fault = parsing.fault;
    return !parsing.fault;
}
