/* Where names stand: sentence by sentence, from left to right, the longest name at each place.
 *
 *     name     = [ title ] person | listed | body | metonym | maybe
 *     listed   = what a lexicon or the record has
 *     body     = { Capital } Word { connector Capital }       Word of organization_words.txt: "Kiel Institute for the Economy"
 *     person   = given name, initials, particles, surname     "Ursula von der Leyen", "Joseph L. Votel", "Bashar al-Assad"
 *     metonym  = a capital or seat where it acts; a state's or a leader's "government", "administration"
 *     maybe    = any other capitals that are no ordinary word's
 *
 * In headlines, where every word has a capital, only listed names and names that the body has are kept. */
#include <string.h>

#include "names.h"

/* ---- what is found ---------------------------------------------------------------------------------------- */

static enum actor_kind kind_named(struct slice kind)
{
    for (int i = 0; i < ACTOR_KINDS; i++)
        if (slice_is(kind, actor_kind_name((enum actor_kind)i)))
            return (enum actor_kind)i;
    return ACTOR_ORGANIZATION;
}

static struct name *found(const struct scan *scan, struct span span, enum name_is is, enum actor_kind kind)
{
    struct text *text = scan->text;
    if (word_is_article(text, span.first) && span.end > span.first + 1)
        span.first++;
    struct name *name = name_add(text, span, is);
    name->kind = kind;
    name->heading = scan->heading;
    name->begins = scan->heading || span.first == scan->first || text->tokens[span.first].flags & TOKEN_SENTENCE_START;
    name->speaks = span_speaks(scan, span);
    struct known_match known = known_match(text, span.first);
    if (known.actor && known.length == span.end - span.first && word_capital(text, span.first))
        name->known = known;
    if (span.end + 2 < scan->end && token_is_mark(text, span.end, '(') && token_is_mark(text, span.end + 2, ')') &&
        text->tokens[span.end + 1].flags & TOKEN_UPPER)
        name->acronym = (struct span){span.end + 1, span.end + 2};
    return name;
}

static void acts(const struct scan *scan, uint32_t end)
{
    scan->text->names->acted_end = end;
}

/* "U.S. government", "Biden administration": the word behind a name that makes it the government's. */
static bool governs(const struct scan *scan, uint32_t at)
{
    return at < scan->end && (token_is(scan->text, at, "government") || token_is(scan->text, at, "administration"));
}

static uint32_t take_state(const struct scan *scan, struct span span, const struct entry *entry)
{
    const struct text *text = scan->text;
    const struct entry *state = entry_main(entry);
    bool adjective = entry_has(entry, "adjective");
    if (governs(scan, span.end)) {
        struct name *name = found(scan, (struct span){span.first, span.end + 1}, NAME_GOVERNMENT, ACTOR_GOVERNMENT);
        name->entry = state;
        name->form = FORM_ALIAS;
        name->code = entry_get(state, "code");
        return span.end + 1;
    }
    if (adjective) {
        uint32_t next = span.end;
        bool stands_alone = next >= scan->end || text->tokens[next].kind >= TOKEN_QUOTE || verb_stands(text, next) ||
                            (word_is_function(text, next) && !word_is_class(text, next, "determiner"));
        bool people = entry_has(entry, "people") && span.first > scan->first && word_is_article(text, span.first - 1) &&
                      !token_is(text, next, "and") && stands_alone;
        if (!people)
            return span.end;
    }
    struct name *name = found(scan, span, NAME_STATE, ACTOR_STATE);
    name->entry = state;
    name->code = entry_get(entry, "code");
    name->form = entry == state ? FORM_NAME : FORM_ALIAS;
    name->venue = span.first > scan->first && token_is(text, span.first - 1, "in");
    acts(scan, span.end);
    return span.end;
}

static uint32_t take_government(const struct scan *scan, struct span span, struct slice code)
{
    struct name *name = found(scan, span, NAME_GOVERNMENT, ACTOR_GOVERNMENT);
    name->code = code;
    name->form = FORM_ALIAS;
    acts(scan, span.end);
    return span.end;
}

static uint32_t take_listed_body(const struct scan *scan, struct span span, const struct entry *entry)
{
    const struct entry *main = entry_main(entry);
    bool outlet = entry->lexicon == LEXICON_MEDIA;
    struct name *name =
        found(scan, span, outlet ? NAME_OUTLET : NAME_BODY, outlet ? ACTOR_MEDIA : kind_named(entry_get(main, "kind")));
    name->entry = main;
    name->code = entry_get(main, outlet ? "country" : "code");
    name->form = entry == main ? FORM_NAME : FORM_ALIAS;
    acts(scan, span.end);
    return span.end;
}

static uint32_t take_seat(const struct scan *scan, struct span span, const struct entry *entry)
{
    struct slice body = entry_get(entry, "body"), code = entry_get(entry, "code");
    if (entry_has(entry, "place") && !place_acts(scan->text, span))
        return span.end;
    const struct entry *listed = body.length ? lexicon_find(LEXICON_ORGANIZATIONS, body) : NULL;
    if (listed) {
        take_listed_body(scan, span, listed);
        scan->text->names->list[scan->text->names->count - 1].form = FORM_ALIAS;
        return span.end;
    }
    return code.length ? take_government(scan, span, code) : span.end;
}

/* A place is none where a person of the text has its name, and nothing says that it is where something is. */
static uint32_t maybe_surname(const struct scan *scan, struct span span)
{
    const struct text *text = scan->text;
    bool placed = span.first > scan->first && word_is_class(text, span.first - 1, "preposition") &&
                  !token_is(text, span.first - 1, "of") && !token_is(text, span.first - 1, "by");
    if (span.end == span.first + 1 && !placed)
        found(scan, span, NAME_MAYBE, ACTOR_PERSON)->place = true;
    return span.end;
}

static uint32_t take_listed(const struct scan *scan, uint32_t at, const struct match *match)
{
    struct span span = {at, at + match->length};
    const struct entry *entry = match->entry;
    switch (entry->lexicon) {
    case LEXICON_STATES:
        return take_state(scan, span, entry);
    case LEXICON_SEATS:
        return take_seat(scan, span, entry);
    case LEXICON_CITIES:
        if (entry_has(entry, "capital") && place_acts(scan->text, span))
            return take_government(scan, span, entry_get(entry, "country"));
        return maybe_surname(scan, span);
    case LEXICON_OTHER_NAMES: {
        struct slice of = entry_get(entry, "of");
        const struct entry *group = of.length ? lexicon_find(LEXICON_ORGANIZATIONS, of) : NULL;
        return group && place_acts(scan->text, span) ? take_listed_body(scan, span, group) : maybe_surname(scan, span);
    }
    default:
        return take_listed_body(scan, span, entry);
    }
}

/* The state that a body's name tells it belongs to, or whose possessive stands before it. */
static struct slice body_code(const struct scan *scan, struct span span)
{
    static const enum lexicon lands[] = {LEXICON_STATES, LEXICON_CITIES};
    const struct text *text = scan->text;
    for (uint32_t at = span.first; at < span.end; at++) {
        for (size_t i = 0; i < 2; i++) {
            struct match match = lexicon_match(text, lands[i], at);
            if (match.entry && word_capital(text, at))
                return entry_get(match.entry, lands[i] == LEXICON_STATES ? "code" : "country");
        }
    }
    if (span.first < scan->first + 2 || text->tokens[span.first - 1].kind != TOKEN_CLITIC)
        return NO_SLICE;
    for (uint32_t at = span.first - 2; at + 4 > span.first - 1 && at >= scan->first; at--) {
        struct match match = lexicon_match(text, LEXICON_STATES, at);
        if (match.entry && at + match.length == span.first - 1)
            return entry_get(match.entry, "code");
        if (at == 0)
            break;
    }
    return NO_SLICE;
}

/* "United States National Security Council": what a lexicon has without the state. */
static const struct entry *listed_behind_state(const struct scan *scan, struct span span, struct slice code)
{
    struct match state = lexicon_match(scan->text, LEXICON_STATES, span.first);
    struct match body = state.entry ? lexicon_match(scan->text, LEXICON_ORGANIZATIONS, span.first + state.length)
                                    : (struct match){0};
    if (!body.entry || span.first + state.length + body.length != span.end)
        return NULL;
    struct slice own = entry_get(entry_main(body.entry), "code");
    return !own.length || slice_equal(own, code) ? body.entry : NULL;
}

/* "Intermediate Nuclear Forces (INF) agreement": named by what it is about. */
static bool names_treaty(const struct scan *scan, uint32_t at)
{
    static const char *const treaties[] = {"treaty",   "agreement",  "pact", "accord", "accords",
                                           "protocol", "convention", "deal", NULL};
    if (at + 2 < scan->end && token_is_mark(scan->text, at, '(') && token_is_mark(scan->text, at + 2, ')')) {
        struct match other = lexicon_match(scan->text, LEXICON_OTHER_NAMES, at + 1);
        if (other.entry && other.length == 1)
            return true;
        at += 3;
    }
    return at < scan->end && word_in(scan->text, at, treaties);
}

static uint32_t take_body(const struct scan *scan, uint32_t at, const struct body *body)
{
    struct span span = {at, body->end};
    if (token_is_mark(scan->text, span.end - 1, '.'))
        span.end--; /* "Acme Inc." */
    if (slice_is(body->kind, "place") || slice_is(body->kind, "event") || names_treaty(scan, span.end))
        return span.end;
    struct slice code = body_code(scan, span);
    if (governs(scan, at) && span.end <= at + 4 && code.length)
        return take_government(scan, span, code); /* "Government of Iraq" */
    const struct entry *listed = listed_behind_state(scan, span, code);
    if (listed)
        return take_listed_body(scan, span, listed);
    struct name *name = found(scan, span, NAME_OTHER_BODY, kind_named(body->kind));
    name->code = code;
    acts(scan, span.end);
    return span.end;
}

/* A person's name with what stands before it. "Biden administration" teaches who Biden is, and is the government's. */
static uint32_t take_person(const struct scan *scan, struct span span, const struct title *title)
{
    struct text *text = scan->text;
    struct name *name = found(scan, span, NAME_PERSON, ACTOR_PERSON);
    uint32_t place = text->names->count - 1;
    if (title->head && title->office && !title->kin)
        name->title = title->span;
    if (title->rank && title->rank < title->span.end) {
        name->also = (struct span){title->rank, title->span.end};
        name->title.end = title->rank;
    }
    bool addressed = title->head && slice_is(entry_get(title->head, "class"), "address");
    if (addressed && !span_empty(name->title) && title->last > name->title.first)
        name->title.end = title->last; /* "Undersecretary Mr. Rossi" */
    name->address = title->head;
    if (title->head)
        name->code = title->code;
    if (governs(scan, span.end)) {
        name->silent = true;
        struct name *government = found(scan, (struct span){span.first, span.end + 1}, NAME_GOVERNMENT, ACTOR_GOVERNMENT);
        government->form = FORM_ALIAS;
        government->body = (int32_t)place;
        return span.end + 1;
    }
    if (span_empty(name->title) && span.first > scan->first && token_is_mark(text, span.first - 1, ',')) {
        struct title before = title_then_comma(text, span.first - 1);
        if (before.head && !before.kin) {
            name->title = before.span;
            name->code = before.code;
        }
    }
    struct title after = token_is_mark(text, span.end, ',') && span.end < scan->end ? title_after(text, span.end)
                                                                                    : (struct title){0};
    if (after.head && !after.kin) {
        if (span_empty(name->title))
            name->title = after.span;
        else
            name->also = after.span;
        if (!name->code.length)
            name->code = after.code;
    }
    acts(scan, span.end);
    return span.end;
}

/* ---- one place -------------------------------------------------------------------------------------------- */

static uint32_t find_at(const struct scan *scan, uint32_t at);

/* A title with a name behind it. 0: there is none. */
static uint32_t find_titled(const struct scan *scan, uint32_t at)
{
    const struct text *text = scan->text;
    if (!(text->tokens[at].starts & 1u << LEXICON_TITLES) && !word_capital(text, at))
        return 0;
    struct title title = title_before(text, at);
    uint32_t end = title.span.end;
    if (!title.head || end > scan->end)
        return 0;
    uint32_t name_at = past_particles(scan, end);
    struct run run = person_run(scan, name_at);
    if (run.end == name_at && title.last && end == title.last + 1 && word_capital(text, title.last)) {
        /* "Ambassador Baker": the name is also a calling. */
        name_at = end = title.last;
        run = (struct run){.end = end + 1, .words = 1};
    }
    struct match listed = listed_at(scan, end);
    bool another = listed.entry && listed.length >= run.words && !run.sure;
    if (end == at + 1 && given_name(text, at) && run.words == 1 && !run.given)
        return 0; /* "Dean Kamen" */
    bool verb = run.words == 1 && !run.given && run.plain && scan->heading;
    if (run.end == name_at || another || verb || (run.words == 1 && word_is_date(text, end)))
        return 0;
    struct body body = body_run(scan, end);
    bool is_body = body_run(scan, at).end > end || body.end > run.end || (body.end == run.end && body.end > end && !run.given);
    if (is_body || governs(scan, end) || (title.linked && !run.given))
        return 0;
    for (uint32_t inside = at; inside < end;) { /* the states and bodies that the title names */
        struct match owner = word_capital(text, inside) ? listed_at(scan, inside) : (struct match){0};
        bool whole = owner.entry && inside + owner.length <= end;
        inside = whole ? take_listed(scan, inside, &owner) : inside + 1;
    }
    title.span.end = end;
    return take_person(scan, (struct span){end, run.end}, &title);
}

/* Capitals that no lexicon has. */
static uint32_t find_unlisted(const struct scan *scan, uint32_t at)
{
    struct text *text = scan->text;
    struct run run = person_run(scan, at);
    bool start = text->tokens[at].flags & TOKEN_SENTENCE_START || at == scan->first;
    if (run.end == at)
        run.end = at + 1;
    struct span span = {at, run.end};
    if (run_is_person(scan, at, &run))
        return take_person(scan, span, &(struct title){0});
    struct title title = title_before(text, at);
    if (title.head && title.place == UINT32_MAX && title.span.end > at + 1)
        return title.span.end; /* "the Foreign Secretary said" */
    if (run.words > 1 && start && word_is_plain(text, at))
        return at + 1; /* "Former Yale" */
    if (word_is_function(text, at) || (run.words <= 1 && word_is_plain(text, at) && !governs(scan, span.end)) ||
        word_is_date(text, at))
        return at + 1;
    if (governs(scan, span.end) && !start)
        return take_person(scan, span, &(struct title){0});
    struct name *name = found(scan, span, NAME_MAYBE, ACTOR_ORGANIZATION);
    name->begins |= start;
    return span.end;
}

static uint32_t find_at(const struct scan *scan, uint32_t at)
{
    struct text *text = scan->text;
    uint32_t titled = find_titled(scan, at);
    if (titled)
        return titled;
    struct known_match known = known_match(text, at);
    struct match listed = listed_at(scan, at);
    if (known.actor && word_has_capital(text, at) && known.length > listed.length && at + known.length <= scan->end) {
        struct name *name = found(scan, (struct span){at, at + known.length}, NAME_RECORDED, known.kind);
        name->known = known;
        name->is = known.kind == ACTOR_PERSON ? NAME_PERSON : NAME_RECORDED;
        name->code = known.country;
        return at + known.length;
    }
    if (!word_capital(text, at))
        return listed.entry ? take_listed(scan, at, &listed) : at + 1;
    bool abbreviation = listed.entry && text->tokens[at].flags & TOKEN_UPPER && entry_has(listed.entry, "cased");
    if (word_is_function(text, at) && text->tokens[at].flags & TOKEN_SENTENCE_START && listed.length < 2 && !abbreviation)
        return at + 1;
    if (listed.entry && listed.entry->lexicon == LEXICON_STATES && governs(scan, at + listed.length))
        return take_listed(scan, at, &listed);
    struct run run = person_run(scan, at);
    struct body body = {.end = at};
    if (!scan->heading)
        body = body_run(scan, at);
    bool person = run_is_person(scan, at, &run) && run.given;
    if (person && run.end - at > listed.length && (body.end < run.end || (body.end == run.end && body.surname)))
        return take_person(scan, (struct span){at, run.end}, &(struct title){0});
    if (body.end > at + listed.length && body.end > at + 1)
        return take_body(scan, at, &body);
    if (listed.entry)
        return take_listed(scan, at, &listed);
    return find_unlisted(scan, at);
}

/* ---- sentences -------------------------------------------------------------------------------------------- */

/* Whether nearly all words have capitals that could do without: a headline, or shouting. */
static bool is_heading(const struct text *text, struct span sentence, bool title)
{
    uint32_t words = 0, capitals = 0, upper = 0, last = sentence.end - 1;
    for (uint32_t at = sentence.first; at < sentence.end; at++) {
        if (text->tokens[at].kind != TOKEN_WORD || word_is_function(text, at))
            continue;
        words++;
        capitals += word_capital(text, at);
        upper += (text->tokens[at].flags & TOKEN_UPPER) != 0;
    }
    bool stop = text->tokens[last].kind >= TOKEN_QUOTE && !title;
    return words >= 3 && (upper * 10 >= words * 8 || (!stop && capitals * 10 >= words * 8));
}

void names_scan(struct text *text)
{
    for (uint32_t p = 0; p < text->paragraph_count; p++) {
        const struct paragraph *paragraph = &text->paragraphs[p];
        if (paragraph->role == PARAGRAPH_BOILERPLATE || paragraph->role == PARAGRAPH_BYLINE ||
            paragraph->role == PARAGRAPH_DATELINE)
            continue;
        for (uint32_t s = paragraph->sentences.first; s < paragraph->sentences.end; s++) {
            struct span span = text->sentences[s].span;
            struct scan scan = {text, span.first, span.end, is_heading(text, span, paragraph->role != PARAGRAPH_BODY)};
            for (uint32_t at = span.first; at < span.end;) {
                const struct token *token = &text->tokens[at];
                bool starts = token->starts || token->known || token->flags & TOKEN_CAPITAL;
                bool skipped = token->kind != TOKEN_WORD || token->flags & TOKEN_BOILERPLATE || !starts;
                at = skipped ? at + 1 : find_at(&scan, at);
            }
        }
    }
}
