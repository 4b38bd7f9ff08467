/* A text through all recognisers, and the tools they share. */
#include <stdlib.h>
#include <string.h>

#include "characters.h"
#include "lexicon.h"
#include "readout/utf8.h"

/* ---- small tools ------------------------------------------------------------------------------------------ */

struct slice token_text(const struct text *text, uint32_t at)
{
    const struct token *token = &text->tokens[at];
    return (struct slice){text->bytes.data + token->start, token->end - token->start};
}

struct slice span_text(const struct text *text, struct span span)
{
    if (span_empty(span))
        return SLICE("");
    uint32_t start = text->tokens[span.first].start;
    return (struct slice){text->bytes.data + start, text->tokens[span.end - 1].end - start};
}

/* The most frequent question of all: most words differ in their first letter. */
bool token_is(const struct text *text, uint32_t at, const char *folded)
{
    text_step(text);
    if (at >= text->token_count)
        return false;
    const struct token *token = &text->tokens[at];
    if (token->kind == TOKEN_CLITIC)
        return strcmp(folded, "'s") == 0;
    struct slice word = token_text(text, at);
    for (size_t i = 0; i < word.length; i++) {
        char letter = word.data[i];
        if (letter & 0x80) {
            char own[FOLDED_MAX] = "";
            size_t length = character_fold_word(word, own);
            return slice_equal((struct slice){own, length}, slice_of(folded));
        }
        if ((letter >= 'A' && letter <= 'Z' ? letter + 32 : letter) != folded[i]) /* its NUL differs from any letter */
            return false;
    }
    return folded[word.length] == '\0';
}

bool token_is_mark(const struct text *text, uint32_t at, char mark)
{
    text_step(text);
    return at < text->token_count && text->tokens[at].kind >= TOKEN_QUOTE && text->tokens[at].mark == mark;
}

bool span_empty(struct span span)
{
    return span.first >= span.end;
}

bool span_holds(struct span span, uint32_t at)
{
    return at >= span.first && at < span.end;
}

bool span_inside(struct span inner, struct span outer)
{
    return inner.first >= outer.first && inner.end <= outer.end;
}

static bool is_edge(const struct token *token)
{
    return token->kind == TOKEN_QUOTE || (token->kind == TOKEN_MARK && token->mark && strchr(".,;:", token->mark));
}

struct span span_trim(const struct text *text, struct span span)
{
    while (span.first < span.end && is_edge(&text->tokens[span.first]))
        span.first++;
    while (span.end > span.first && is_edge(&text->tokens[span.end - 1]))
        span.end--;
    return span;
}

struct slice word_class(const struct text *text, uint32_t at)
{
    struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, at);
    return match.entry && match.length == 1 ? entry_get(match.entry, "class") : NO_SLICE;
}

/* ---- what it may take ------------------------------------------------------------------------------------- */

enum { CHECKED_EVERY = 1 << 18 }; /* steps, about a millisecond */

void text_check_effort(const struct text *text)
{
    struct effort *effort = text->effort;
    effort->check_at = effort->steps + CHECKED_EVERY < effort->most ? effort->steps + CHECKED_EVERY : effort->most;
    bool affordable = effort->steps < effort->most ||
                      fail(effort->error, ERROR_INVALID,
                           "reading it takes more than the %llu steps that a text of its length may take; send it in parts",
                           (unsigned long long)effort->most);
    if (affordable && text->hints.may_go_on && !text->hints.may_go_on(text->hints.go_on_context))
        affordable = fail(effort->error, ERROR_SLOW, "reading it takes longer than it may; send it in parts");
    if (!affordable)
        longjmp(effort->end, 1);
}

/* ---- findings --------------------------------------------------------------------------------------------- */

/* Room for one more, cleared; NULL once there are too many. */
static void *one_more(struct text *text, void **items, uint32_t *count, uint32_t *room, size_t size)
{
    if (*count >= TEXT_FINDINGS_MAX + 1)
        return NULL;
    if (*count == *room) {
        uint32_t more = *room ? *room * 2 : 32;
        *items = arena_grow(text->arena, *items, *room * size, more * size);
        *room = more;
    }
    void *item = (char *)*items + (size_t)(*count)++ * size;
    memset(item, 0, size);
    return item;
}

#define ONE_MORE(text, array, counted, space)                                                                                    \
    one_more(text, (void **)&(text)->found->array, &(text)->found->counted, &(text)->space, sizeof *(text)->found->array)

int32_t add_actor(struct text *text, struct slice name, enum actor_kind kind)
{
    struct actor *actor = ONE_MORE(text, actors, actor_count, actor_room);
    if (!actor)
        return NOBODY;
    *actor = (struct actor){.name = name, .kind = kind, .affiliation = NOBODY};
    return (int32_t)text->found->actor_count - 1;
}

int32_t add_mention(struct text *text, struct span span, int32_t actor, enum mention_form form)
{
    struct mention *mention = actor == NOBODY ? NULL : ONE_MORE(text, mentions, mention_count, mention_room);
    if (!mention)
        return NOBODY;
    *mention = (struct mention){.span = span, .actor = (uint32_t)actor, .form = form};
    int32_t place = (int32_t)text->found->mention_count - 1;
    for (uint32_t at = span.first; at < span.end; at++)
        text->mention_of[at] = place;
    return place;
}

struct claim *add_claim(struct text *text)
{
    struct claim *claim = ONE_MORE(text, claims, claim_count, claim_room);
    if (claim)
        *claim = (struct claim){.speaker = NOBODY,
                                .on_behalf_of = NOBODY,
                                .addressee = NOBODY,
                                .occasion = NOBODY,
                                .nested_in = NOBODY,
                                .said_on = NO_SLICE,
                                .stance = "asserts"};
    return claim;
}

struct text_meeting *add_meeting(struct text *text)
{
    return ONE_MORE(text, meetings, meeting_count, meeting_room);
}

struct date *add_date(struct text *text)
{
    return ONE_MORE(text, dates, date_count, date_room);
}

void actor_add_title(struct text *text, int32_t actor, struct slice title)
{
    struct actor *owner = &text->found->actors[actor];
    for (uint32_t i = 0; i < owner->title_count; i++)
        if (slice_equal(owner->titles[i], title))
            return;
    struct slice *titles = arena_alloc(text->arena, (owner->title_count + 1) * sizeof *titles);
    if (owner->title_count)
        memcpy(titles, owner->titles, owner->title_count * sizeof *titles);
    titles[owner->title_count++] = title;
    owner->titles = titles;
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static bool too_many(const struct analysis *analysis)
{
    return analysis->claim_count > TEXT_FINDINGS_MAX || analysis->mention_count > TEXT_FINDINGS_MAX ||
           analysis->actor_count > TEXT_FINDINGS_MAX || analysis->date_count > TEXT_FINDINGS_MAX ||
           analysis->meeting_count > TEXT_FINDINGS_MAX;
}

static int by_place(const void *a, const void *b)
{
    const struct mention *one = a, *other = b;
    if (one->span.first != other->span.first)
        return one->span.first < other->span.first ? -1 : 1;
    return one->span.end < other->span.end ? -1 : one->span.end > other->span.end;
}

struct place {
    uint32_t first, claim;
};

static int by_content(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    if (one->first != other->first)
        return one->first < other->first ? -1 : 1;
    return one->claim < other->claim ? -1 : one->claim > other->claim;
}

/* Claims of one text, and of the paragraph in hand. */
struct fitting {
    uint32_t all, here, paragraph;
};

static bool fits(const struct text *text, struct span content, struct fitting *fitting)
{
    uint32_t paragraph = text->sentence_count ? text->sentences[text->sentence_of[content.first]].paragraph : 0;
    if (paragraph != fitting->paragraph)
        *fitting = (struct fitting){.all = fitting->all, .paragraph = paragraph};
    if (fitting->all == TEXT_CLAIMS_MAX || fitting->here == TEXT_PARAGRAPH_CLAIMS_MAX)
        return false;
    fitting->all++;
    fitting->here++;
    return true;
}

/* Claims into the order of the text, as many as there may be; what they are nested in moves along. */
static void order_claims(struct text *text)
{
    struct analysis *found = text->found;
    uint32_t count = found->claim_count;
    struct place *places = arena_alloc(text->arena, (count + 1) * sizeof *places);
    struct claim *claims = arena_alloc(text->arena, (count + 1) * sizeof *claims);
    int32_t *now = arena_alloc(text->arena, (count + 1) * sizeof *now), kept = 0;
    struct fitting paragraph = {0};
    for (uint32_t i = 0; i < count; i++)
        places[i] = (struct place){found->claims[i].content[0].first, i};
    qsort(places, count, sizeof *places, by_content);
    for (uint32_t i = 0; i < count; i++)
        now[places[i].claim] = fits(text, found->claims[places[i].claim].content[0], &paragraph) ? kept++ : NOBODY;
    for (uint32_t i = 0; i < count; i++) {
        struct claim *claim = &found->claims[places[i].claim];
        if (now[places[i].claim] == NOBODY)
            continue;
        claim->nested_in = claim->nested_in == NOBODY ? NOBODY : now[claim->nested_in];
        claims[now[places[i].claim]] = *claim;
    }
    found->claims = claims;
    found->claim_count = (uint32_t)kept;
    found->claims_left_out = count - (uint32_t)kept;
}

static void recognise(struct text *text)
{
    text_tokens(text);
    text->sentence_of = arena_zero(text->arena, (text->token_count + 1) * sizeof *text->sentence_of);
    text->mention_of = arena_alloc(text->arena, (text->token_count + 1) * sizeof *text->mention_of);
    for (uint32_t i = 0; i <= text->token_count; i++)
        text->mention_of[i] = NOBODY;
    text_clean(text);
    text_sentences(text);
    text_names(text);
    text_quotes(text);
    text_dates(text);
    text_attributions(text);
    text_sources(text);
    text_claims(text);
    text_meetings(text);
    text_terms(text);
    text_details(text);
    if (text->found->mention_count)
        qsort(text->found->mentions, text->found->mention_count, sizeof *text->found->mentions, by_place);
    if (!too_many(text->found))
        order_claims(text);
    text->found->tokens = text->tokens;
    text->found->token_count = text->token_count;
}

static bool recognise_or_end(struct text *text)
{
    if (setjmp(text->effort->end) != 0)
        return false; /* text_check_effort() */
    recognise(text);
    return true;
}

bool text_read(struct text *read, struct slice bytes, const struct text_hints *hints, struct arena *arena,
               struct analysis *analysis, struct error *error)
{
    *analysis = (struct analysis){.text = bytes, .language = hints->language};
    size_t length = utf8_length(bytes);
    if (length > TEXT_LENGTH_MAX)
        return fail(error, ERROR_INVALID, "the text has %zu characters; it may have %d", length, TEXT_LENGTH_MAX);
    if (!text_lexicons_load(error))
        return false;
    struct effort *effort = arena_zero(arena, sizeof *effort);
    effort->most = TEXT_STEPS_LEAST + (uint64_t)TEXT_STEPS_A_BYTE * bytes.length;
    effort->error = error;
    *read = (struct text){.bytes = bytes, .effort = effort, .hints = *hints, .arena = arena, .found = analysis};
    bool done = recognise_or_end(read);
    read->effort = NULL;
    analysis->steps = effort->steps;
    return done && (!too_many(analysis) ||
                    fail(error, ERROR_INVALID, "the text holds more than %d findings of a kind", TEXT_FINDINGS_MAX));
}

bool text_analyse(struct slice bytes, const struct text_hints *hints, struct arena *arena, struct analysis *analysis,
                  struct error *error)
{
    struct text text;
    return text_read(&text, bytes, hints, arena, analysis, error);
}

struct characters text_characters(const struct analysis *analysis, struct span span)
{
    if (span_empty(span))
        return (struct characters){0, 0, NO_SLICE};
    const struct token *first = &analysis->tokens[span.first], *last = &analysis->tokens[span.end - 1];
    return (struct characters){
        first->point, last->point + last->points, {analysis->text.data + first->start, last->end - first->start}};
}

/* ---- names of values -------------------------------------------------------------------------------------- */

const char *actor_kind_name(enum actor_kind kind)
{
    static const char *const names[ACTOR_KINDS] = {"person",   "state", "government", "organization",
                                                   "alliance", "media", "group",      "anonymous"};
    return names[kind];
}

const char *mention_form_name(enum mention_form form)
{
    static const char *const names[FORM_COUNT] = {"name", "alias", "misspelling", "nominal", "pronoun"};
    return names[form];
}

const char *claim_kind_name(enum claim_kind kind)
{
    static const char *const names[CLAIM_KINDS] = {"direct", "indirect", "mixed"};
    return names[kind];
}
