/* The recognisers, by the cases of tests/text/cases/NAME.txt. CASES=dates,names in the environment picks files.
 *
 *     # comment
 *     @ 2022-01-08                           when what follows was published; "@" alone forgets all that "@" set
 *     @ outlet: The Harbour Post             what else is known of the article: outlet, title, language
 *     @ topic: missiles = missile, warhead   a topic of the record and its keywords
 *     @ known: person AT Anna Keller         an actor of the record; the first has the id 1; - for no country
 *     > A paragraph. Another line with > is another paragraph;
 *     >> this goes on in the same one, on a new line.
 *       claim: kind=direct   content=We will not … sign   source=   count=2
 *       no claim: kind=indirect
 *
 * Below a text stands what has to be found in it, one finding a line: a noun and pairs, with three blanks or more between them.
 * The table `nouns` has the keys. Every pair has to hold of one and the same finding; a key that is there twice names two of its
 * values (two participants); one without a value says that there is none; a value without a key is the finding's text; count=2
 * says how many such findings there are. The pieces of a content are joined by " … ", and line ends in the text are blanks. */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/text/text_private.h"
#include "readout/buffer.h"

enum { PAIRS_MAX = 80, SHOWN_MAX = 8, WANTED_MAX = 60 };

struct pairs {
    struct pair {
        struct slice key, value;
    } pair[PAIRS_MAX];
    size_t count;
};

/* One file as it is read: what "@" set, the text so far, and what is wanted of it. */
struct reading {
    const char *path;
    int line;
    struct arena *arena;
    struct text_hints hints;
    struct known *known;
    int64_t known_count;
    struct buffer text;
    bool text_ended; /* something is wanted of it: the next ">" begins another */
    struct wanted {
        int line;
        struct slice said;
    } wanted[WANTED_MAX];
    size_t wanted_count;
    struct buffer *failures;
    int cases;
};

/* ---- what was found, as pairs ------------------------------------------------------------------------------------------- */

static void put(struct pairs *finding, const char *key, struct slice value)
{
    if (value.data && value.length && finding->count < PAIRS_MAX)
        finding->pair[finding->count++] = (struct pair){slice_of(key), value};
}

static void put_text(struct pairs *finding, const char *key, const char *value)
{
    put(finding, key, slice_of(value));
}

static void put_yes(struct pairs *finding, const char *key, bool yes)
{
    put(finding, key, yes ? SLICE("yes") : SLICE("no"));
}

/* Line ends are blanks. */
static struct slice on_one_line(struct arena *arena, struct slice text)
{
    struct slice copy = arena_slice(arena, text);
    for (size_t i = 0; i < copy.length; i++)
        if (copy.data[i] == '\n')
            memset((char *)copy.data + i, ' ', 1);
    return copy;
}

static void put_span(const struct text *text, struct pairs *finding, const char *key, struct span span)
{
    if (!span_empty(span))
        put(finding, key, on_one_line(text->arena, text_characters(text->found, span).text));
}

static void put_actor(const struct text *text, struct pairs *finding, const char *key, int32_t actor)
{
    if (actor != NOBODY)
        put(finding, key, text->found->actors[actor].name);
}

static struct slice content_of(const struct text *text, const struct claim *claim)
{
    struct buffer content = buffer_in(text->arena, 256);
    for (uint32_t i = 0; i < claim->content_count; i++) {
        buffer_add_text(&content, i ? " … " : "");
        buffer_add_slice(&content, text_characters(text->found, claim->content[i]).text);
    }
    return on_one_line(text->arena, buffer_slice(&content));
}

static void put_claim(const struct text *text, uint32_t i, struct pairs *finding)
{
    const struct claim *claim = &text->found->claims[i];
    put_text(finding, "kind", claim_kind_name(claim->kind));
    put(finding, "content", content_of(text, claim));
    put_span(text, finding, "source", claim->source);
    put_span(text, finding, "cue", claim->cue);
    put_actor(text, finding, "speaker", claim->speaker);
    put_actor(text, finding, "on_behalf_of", claim->on_behalf_of);
    put_actor(text, finding, "addressee", claim->addressee);
    for (uint32_t k = 0; k < claim->via_count; k++)
        put_actor(text, finding, "via", claim->via[k]);
    put(finding, "said_on", claim->said_on);
    put_text(finding, "stance", claim->stance);
    for (uint32_t k = 0; k < claim->topic_count; k++)
        put(finding, "topics", claim->topics[k]);
    put_yes(finding, "anonymous", claim->anonymous);
    put_yes(finding, "nested", claim->nested_in != NOBODY);
    if (claim->nested_in != NOBODY)
        put(finding, "nested", content_of(text, &text->found->claims[claim->nested_in]));
    if (claim->occasion != NOBODY)
        put(finding, "occasion", text->found->meetings[claim->occasion].name);
}

static void put_actor_found(const struct text *text, uint32_t i, struct pairs *finding)
{
    const struct actor *actor = &text->found->actors[i];
    put(finding, "name", actor->name);
    put_text(finding, "kind", actor_kind_name(actor->kind));
    put(finding, "country", actor->country);
    put_actor(text, finding, "affiliation", actor->affiliation);
    for (uint32_t k = 0; k < actor->title_count; k++)
        put(finding, "title", actor->titles[k]);
    if (actor->known)
        put_text(finding, "known", arena_print(text->arena, "%lld", (long long)actor->known));
}

static void put_mention(const struct text *text, uint32_t i, struct pairs *finding)
{
    const struct mention *mention = &text->found->mentions[i];
    put_span(text, finding, "text", mention->span);
    put_text(finding, "form", mention_form_name(mention->form));
    put_actor(text, finding, "actor", (int32_t)mention->actor);
    put_span(text, finding, "title", mention->title);
}

static void put_meeting(const struct text *text, uint32_t i, struct pairs *finding)
{
    const struct text_meeting *meeting = &text->found->meetings[i];
    put(finding, "name", meeting->name);
    put_text(finding, "kind", meeting->kind);
    put(finding, "starts_on", meeting->starts_on);
    put_text(finding, "part_of_day", meeting->part_of_day);
    put_text(finding, "precision", meeting->precision);
    put(finding, "city", meeting->city);
    put(finding, "country", meeting->country);
    put_text(finding, "status", meeting->status);
    for (uint32_t k = 0; k < meeting->participant_count; k++)
        put_actor(text, finding, "participant", meeting->participants[k].actor);
    for (uint32_t k = 0; k < meeting->mention_count; k++)
        put_span(text, finding, "mention", meeting->mentions[k]);
}

static void put_detail(const struct text *text, uint32_t i, struct pairs *finding)
{
    static const char *const kinds[] = {"day", "place", "speakers", "leader"};
    const struct detail *detail = &text->found->details[i];
    put_text(finding, "kind", kinds[detail->kind]);
    put_span(text, finding, "text", detail->span);
    put(finding, "meeting", text->found->meetings[detail->meeting].name);
    put(finding, "value", detail->value);
    put(finding, "until", detail->until);
    put_text(finding, "part_of_day", detail->part_of_day);
    put_actor(text, finding, "side", detail->side);
    put_actor(text, finding, "leader", detail->actor);
}

static void put_date(const struct text *text, uint32_t i, struct pairs *finding)
{
    const struct date *date = &text->found->dates[i];
    put_span(text, finding, "text", date->span);
    put(finding, "value", date->value);
    put(finding, "until", date->until);
    put_text(finding, "precision", date->precision);
    put_text(finding, "part_of_day", date->part_of_day);
}

static void put_quotation(const struct text *text, uint32_t i, struct pairs *finding)
{
    const struct quotation *quotation = &text->quotations[i];
    put_span(text, finding, "text", quotation->span);
    put_yes(finding, "speech", quotation->speech);
    put_yes(finding, "continued", quotation->continued);
}

static void put_sentence(const struct text *text, uint32_t i, struct pairs *finding)
{
    put_span(text, finding, "text", text->sentences[i].span);
}

static void put_paragraph(const struct text *text, uint32_t i, struct pairs *finding)
{
    static const char *const roles[] = {"body", "title", "byline", "dateline", "crosshead", "boilerplate"};
    put_span(text, finding, "text", text->paragraphs[i].span);
    put_text(finding, "role", roles[text->paragraphs[i].role]);
}

static void put_token(const struct text *text, uint32_t i, struct pairs *finding)
{
    static const char *const kinds[] = {"word", "number", "clitic", "quote", "mark"};
    put_span(text, finding, "text", (struct span){i, i + 1});
    put_text(finding, "kind", kinds[text->tokens[i].kind]);
    put_yes(finding, "split", text->tokens[i].flags & TOKEN_SPLIT);
}

static void put_boilerplate(const struct text *text, uint32_t i, struct pairs *finding)
{
    put_span(text, finding, "text", text->found->boilerplate[i]);
}

static void put_title(const struct text *text, uint32_t i, struct pairs *finding)
{
    (void)i;
    put_span(text, finding, "text", text->found->title);
}

static void put_byline(const struct text *text, uint32_t i, struct pairs *finding)
{
    (void)i;
    put_span(text, finding, "text", text->found->byline);
}

static void put_dateline(const struct text *text, uint32_t i, struct pairs *finding)
{
    (void)i;
    put_span(text, finding, "text", text->found->dateline);
}

static void put_language(const struct text *text, uint32_t i, struct pairs *finding)
{
    (void)i;
    put(finding, "text", text->found->language);
}

/* ---- what can be asked for ---------------------------------------------------------------------------------------------- */

#define COUNT_OF(name, counted)                                                                                                  \
    static uint32_t name(const struct text *text)                                                                                \
    {                                                                                                                            \
        return counted;                                                                                                          \
    }
COUNT_OF(claims, text->found->claim_count)
COUNT_OF(actors, text->found->actor_count)
COUNT_OF(mentions, text->found->mention_count)
COUNT_OF(meetings, text->found->meeting_count)
COUNT_OF(dates, text->found->date_count)
COUNT_OF(details, text->found->detail_count)
COUNT_OF(quotations, text->quotation_count)
COUNT_OF(sentences, text->sentence_count)
COUNT_OF(paragraphs, text->paragraph_count)
COUNT_OF(tokens, text->token_count)
COUNT_OF(boilerplates, text->found->boilerplate_count)
COUNT_OF(titles, !span_empty(text->found->title))
COUNT_OF(bylines, !span_empty(text->found->byline))
COUNT_OF(datelines, !span_empty(text->found->dateline))
COUNT_OF(languages, text->found->language.length > 0)

static const struct noun {
    const char *name, *keys; /* the first key is the one of a value without a key */
    uint32_t (*count)(const struct text *text);
    void (*put)(const struct text *text, uint32_t i, struct pairs *finding);
} nouns[] = {
    {"claim",
     " content kind source cue speaker on_behalf_of addressee via said_on stance topics anonymous nested occasion count ", claims,
     put_claim},
    {"actor", " name kind country affiliation title known count ", actors, put_actor_found},
    {"mention", " text form actor title count ", mentions, put_mention},
    {"meeting", " name kind starts_on part_of_day precision city country status participant mention count ", meetings,
     put_meeting},
    {"date", " text value until precision part_of_day count ", dates, put_date},
    {"detail", " text kind meeting value until part_of_day side leader count ", details, put_detail},
    {"quotation", " text speech continued count ", quotations, put_quotation},
    {"sentence", " text count ", sentences, put_sentence},
    {"paragraph", " text role count ", paragraphs, put_paragraph},
    {"token", " text kind split count ", tokens, put_token},
    {"boilerplate", " text count ", boilerplates, put_boilerplate},
    {"title", " text count ", titles, put_title},
    {"byline", " text count ", bylines, put_byline},
    {"dateline", " text count ", datelines, put_dateline},
    {"language", " text count ", languages, put_language},
};
enum { NOUNS = sizeof nouns / sizeof nouns[0] };

static const struct noun *noun_called(struct slice name)
{
    for (const struct noun *noun = nouns; noun < nouns + NOUNS; noun++)
        if (slice_is(name, noun->name))
            return noun;
    return NULL;
}

static bool has_key(const struct noun *noun, struct slice key)
{
    for (struct slice rest = slice_of(noun->keys); rest.data;)
        if (slice_equal(slice_cut(&rest, ' '), key))
            return true;
    return false;
}

/* ---- what is wanted ----------------------------------------------------------------------------------------------------- */

static void complain(struct reading *reading, int line, const char *why, struct slice said)
{
    buffer_print(reading->failures, "\n%s:%d: %s: %.*s", reading->path, line, why, SLICE_ARGS(said));
}

/* What stands before three blanks or the end. */
static struct slice cut_pair(struct slice *rest)
{
    const char *gap = memmem(rest->data, rest->length, "   ", 3);
    struct slice pair = *rest;
    pair.length = gap ? (size_t)(gap - rest->data) : rest->length;
    rest->data += pair.length;
    rest->length -= pair.length;
    *rest = slice_trim(*rest);
    return slice_trim(pair);
}

/* "key=value"; without a key it is the noun's first. */
static struct pair read_pair(const struct noun *noun, struct slice said)
{
    struct slice value = said, key = slice_cut(&value, '=');
    if (value.data && has_key(noun, key))
        return (struct pair){key, value};
    struct slice keys = {noun->keys + 1, strlen(noun->keys) - 1};
    return (struct pair){slice_cut(&keys, ' '), said};
}

static bool read_pairs(struct reading *reading, const struct wanted *wanted, const struct noun *noun, struct slice rest,
                       struct pairs *pairs)
{
    for (pairs->count = 0; rest.length && pairs->count < PAIRS_MAX;) {
        struct slice said = cut_pair(&rest), key = said;
        size_t letters = strspn(arena_copy(reading->arena, said.data, said.length), "abcdefghijklmnopqrstuvwxyz_");
        key.length = letters;
        if (letters && letters < said.length && said.data[letters] == '=' && !has_key(noun, key)) {
            complain(reading, wanted->line, "there is no such key", key);
            return false;
        }
        pairs->pair[pairs->count++] = read_pair(noun, said);
    }
    return true;
}

static bool holds(const struct pairs *finding, const struct pair *wanted)
{
    bool some = false;
    for (size_t i = 0; i < finding->count; i++) {
        if (!slice_equal(finding->pair[i].key, wanted->key))
            continue;
        some = true;
        if (slice_equal(finding->pair[i].value, wanted->value))
            return true;
    }
    return !some && wanted->value.length == 0;
}

/* How many findings have all the pairs; `count` is the number that the pairs ask for, or -1. */
static uint32_t count_matching(const struct text *text, const struct noun *noun, const struct pairs *wanted, long long *count)
{
    uint32_t matching = 0;
    *count = -1;
    for (uint32_t i = 0; i < noun->count(text); i++) {
        struct pairs finding = {.count = 0};
        bool all = true;
        noun->put(text, i, &finding);
        for (size_t k = 0; k < wanted->count && all; k++)
            all = slice_is(wanted->pair[k].key, "count") || holds(&finding, &wanted->pair[k]);
        matching += all;
    }
    for (size_t k = 0; k < wanted->count; k++)
        if (slice_is(wanted->pair[k].key, "count") && !slice_to_int(wanted->pair[k].value, count))
            *count = -1;
    return matching;
}

static void show_found(const struct text *text, const struct noun *noun, struct buffer *out)
{
    uint32_t count = noun->count(text);
    if (count == 0)
        buffer_print(out, "\n    found: no %s", noun->name);
    for (uint32_t i = 0; i < count && i < SHOWN_MAX; i++) {
        struct pairs finding = {.count = 0};
        noun->put(text, i, &finding);
        buffer_print(out, "\n    found: %s:", noun->name);
        for (size_t k = 0; k < finding.count; k++)
            buffer_print(out, "   %.*s=%.*s", SLICE_ARGS(finding.pair[k].key), SLICE_ARGS(finding.pair[k].value));
    }
    if (count > SHOWN_MAX)
        buffer_print(out, "\n    and %u more", count - SHOWN_MAX);
}

static void check_wanted(struct reading *reading, const struct text *text, const struct wanted *wanted)
{
    struct slice rest = wanted->said, name = slice_cut(&rest, ':');
    bool none = slice_starts(name, "no ");
    if (none)
        name = (struct slice){name.data + 3, name.length - 3};
    const struct noun *noun = noun_called(slice_trim(name));
    struct pairs pairs;
    long long count;
    if (!noun) {
        complain(reading, wanted->line, "there is no such noun", wanted->said);
        return;
    }
    if (!read_pairs(reading, wanted, noun, rest.data ? slice_trim(rest) : SLICE(""), &pairs))
        return;
    uint32_t matching = count_matching(text, noun, &pairs, &count);
    if (none ? matching == 0 : count >= 0 ? matching == count : matching > 0)
        return;
    complain(reading, wanted->line, "not so", wanted->said);
    buffer_print(reading->failures, "\n    in: %.*s", SLICE_ARGS(text->bytes));
    show_found(text, noun, reading->failures);
}

/* ---- a file ------------------------------------------------------------------------------------------------------------- */

/* Reads the text gathered so far and checks what is wanted of it. */
static void end_text(struct reading *reading)
{
    struct analysis analysis;
    struct error error;
    struct text text;
    struct slice bytes = buffer_slice(&reading->text);
    reading->hints.known = reading->known;
    if (bytes.length && !text_read(&text, bytes, &reading->hints, reading->arena, &analysis, &error))
        complain(reading, reading->line, error.message, bytes);
    else
        for (size_t i = 0; i < reading->wanted_count; i++)
            check_wanted(reading, &text, &reading->wanted[i]);
    reading->cases += (int)reading->wanted_count;
    reading->wanted_count = 0;
    reading->text_ended = false;
    reading->text = buffer_in(reading->arena, 1024);
}

static void forget(struct reading *reading)
{
    text_known_free(reading->known);
    reading->known = text_known_new();
    reading->known_count = 0;
    reading->hints = (struct text_hints){.published_on = NO_SLICE};
}

static void add_topic(struct reading *reading, struct slice said)
{
    struct slice slug = slice_trim(slice_cut(&said, '='));
    while (said.data)
        text_known_topic(reading->known, slug, slice_trim(slice_cut(&said, ',')));
}

static void add_known(struct reading *reading, struct slice said)
{
    struct slice kind_name = slice_cut(&said, ' '), country = slice_cut(&said, ' ');
    enum actor_kind kind = ACTOR_PERSON;
    while (kind < ACTOR_KINDS && !slice_is(kind_name, actor_kind_name(kind)))
        kind++;
    if (kind == ACTOR_KINDS || !said.length)
        complain(reading, reading->line, "not KIND COUNTRY NAME", said);
    else
        text_known_name(reading->known, said, ++reading->known_count, kind, slice_is(country, "-") ? NO_SLICE : country);
}

static void set(struct reading *reading, struct slice said)
{
    struct slice value = said, key = slice_cut(&value, ':');
    value = value.data ? slice_trim(value) : NO_SLICE;
    if (!said.length)
        forget(reading);
    else if (!value.data)
        reading->hints.published_on = said;
    else if (slice_is(key, "outlet"))
        reading->hints.outlet = value;
    else if (slice_is(key, "title"))
        reading->hints.title = value;
    else if (slice_is(key, "language"))
        reading->hints.language = value;
    else if (slice_is(key, "topic"))
        add_topic(reading, value);
    else if (slice_is(key, "known"))
        add_known(reading, value);
    else
        complain(reading, reading->line, "nothing of this name can be set", said);
}

static void read_line(struct reading *reading, struct slice line)
{
    struct slice said = slice_trim(line);
    bool goes_on = slice_starts(line, ">>"), is_text = slice_starts(line, ">");
    if (reading->text_ended && (is_text || slice_starts(line, "@")))
        end_text(reading);
    if (!said.length || said.data[0] == '#')
        return;
    if (is_text) {
        size_t sign = goes_on ? 2 : 1;
        if (reading->text.length)
            buffer_add_text(&reading->text, goes_on ? "\n" : "\n\n");
        buffer_add_slice(&reading->text, slice_trim((struct slice){line.data + sign, line.length - sign}));
    } else if (line.data[0] == '@') {
        set(reading, slice_trim((struct slice){line.data + 1, line.length - 1}));
    } else if (reading->wanted_count == WANTED_MAX || !reading->text.length) {
        complain(reading, reading->line, "no text, or too much wanted of one", said);
    } else {
        reading->text_ended = true;
        reading->wanted[reading->wanted_count++] = (struct wanted){reading->line, said};
    }
}

static int check_file(const char *path, struct buffer *failures, struct arena *arena)
{
    struct reading reading = {.path = path, .arena = arena, .failures = failures, .text = buffer_in(arena, 1024)};
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    FILE *file = fopen(path, "re");
    cr_assert(file, "%s", path);
    forget(&reading);
    while ((length = getline(&line, &size, file)) >= 0) {
        reading.line++;
        length -= length && line[length - 1] == '\n';
        read_line(&reading, arena_slice(arena, (struct slice){line, (size_t)length}));
    }
    end_text(&reading);
    free(line);
    fclose(file);
    text_known_free(reading.known);
    return reading.cases;
}

static bool is_picked(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    struct slice rest = slice_of(getenv("CASES"));
    if (!rest.length)
        return true;
    while (rest.data) {
        struct slice picked = slice_cut(&rest, ',');
        if (strlen(name) == picked.length + 4 && strncmp(name, picked.data, picked.length) == 0)
            return true;
    }
    return false;
}

Test(text, is_read_as_the_cases_say)
{
    struct arena arena = {0};
    struct buffer failures = buffer_in(&arena, 4096);
    glob_t files;
    int cases = 0;
    cr_assert_eq(glob("tests/text/cases/*.txt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        if (is_picked(files.gl_pathv[i]))
            cases += check_file(files.gl_pathv[i], &failures, &arena);
    globfree(&files);
    cr_expect_gt(cases, 0);
    cr_expect_eq(failures.length, 0, "%.*s", (int)failures.length, failures.data);
    arena_release(&arena);
}
