/* Names of actors: who is the same, of what kind, with what titles, and whose.
 *
 * name_scan.c finds where names stand. Here they are joined: what a lexicon or the record knows by its entry, bodies by their
 * words and by the acronym in brackets behind them, people by surname and given name (name_people.c). */
#include "names.h"

#include <pthread.h>
#include <string.h>

/* ---- tables ----------------------------------------------------------------------------------------------- */

struct table table_new(struct arena *arena, uint32_t entries)
{
    uint32_t room = 16;
    while (room < entries * 2)
        room *= 2;
    return (struct table){.slots = arena_zero(arena, room * sizeof(struct table_slot)), .mask = room - 1};
}

static uint64_t spread(uint64_t key)
{
    key ^= key >> 33;
    key *= UINT64_C(0xff51afd7ed558ccd);
    return key ^ key >> 29;
}

static uint32_t slot_of(const struct table *table, uint64_t key)
{
    uint32_t at = (uint32_t)spread(key) & table->mask;
    while (table->slots[at].key && table->slots[at].key != key)
        at = (at + 1) & table->mask;
    return at;
}

int32_t *table_at(struct table *table, uint64_t key)
{
    struct table_slot *slot = &table->slots[slot_of(table, key)];
    if (!slot->key) {
        if (table->count * 4 >= table->mask * 3)
            return NULL;
        table->count++;
        *slot = (struct table_slot){key, NOBODY};
    }
    return &slot->value;
}

int32_t table_get(const struct table *table, uint64_t key)
{
    const struct table_slot *slot = &table->slots[slot_of(table, key)];
    return slot->key ? slot->value : NOBODY;
}

void table_set(struct table *table, uint64_t key, int32_t value)
{
    int32_t *place = table_at(table, key);
    if (place)
        *place = value;
}

uint64_t key_of(enum key_kind kind, uint64_t what)
{
    return (uint64_t)kind << 56 | (what & UINT64_C(0xffffffffffffff));
}

struct name *name_add(struct text *text, struct span span, enum name_is is)
{
    struct names *names = text->names;
    if (names->count == names->room) {
        uint32_t room = names->room ? names->room * 2 : 64;
        names->list = arena_grow(text->arena, names->list, names->room * sizeof *names->list, room * sizeof *names->list);
        names->room = room;
    }
    struct name *name = &names->list[names->count++];
    *name = (struct name){.span = span, .is = is, .body = NOBODY, .actor = NOBODY};
    return name;
}

/* ---- states and their governments ------------------------------------------------------------------------- */

/* States by their code, made once. */
static struct {
    pthread_once_t once;
    const struct entry *by_code[26 * 26];
} states = {.once = PTHREAD_ONCE_INIT};

static int code_place(struct slice code)
{
    bool letters = code.length == 2 && code.data[0] >= 'A' && code.data[0] <= 'Z' && code.data[1] >= 'A' && code.data[1] <= 'Z';
    return letters ? (code.data[0] - 'A') * 26 + code.data[1] - 'A' : -1;
}

static void read_states(void)
{
    for (uint32_t i = 0; i < lexicon_size(LEXICON_STATES); i++) {
        const struct entry *entry = lexicon_entry(LEXICON_STATES, i);
        int place = code_place(entry_get(entry, "code"));
        if (place >= 0 && !entry_has(entry, "of") && !entry_has(entry, "part"))
            states.by_code[place] = entry;
    }
}

static const struct entry *state_of_code(struct slice code)
{
    pthread_once(&states.once, read_states);
    int place = code_place(code);
    return place < 0 ? NULL : states.by_code[place];
}

static int32_t actor_at(struct text *text, uint64_t key, struct slice name, enum actor_kind kind)
{
    int32_t *place = table_at(&text->names->actors, key);
    if (!place)
        return NOBODY;
    if (*place == NOBODY)
        *place = add_actor(text, name, kind);
    return *place;
}

static int32_t state_actor(struct text *text, const struct entry *state)
{
    int32_t actor = actor_at(text, key_of(KEY_STATE, state->number), state->name, ACTOR_STATE);
    struct slice code = entry_get(state, "code");
    if (actor != NOBODY && code.length)
        text->found->actors[actor].country = code;
    return actor;
}

/* "Government of the United States", "Government of Russia". */
static struct slice government_name(struct text *text, const struct entry *state)
{
    static const char *const with_article[] = {"United ",        "Netherlands", "Philippines", "Bahamas",  "Maldives",
                                               "Gambia",         "Seychelles",  "Soviet ",     "Holy See", "Central African",
                                               "Czech Republic", "Dominican",   "Democratic",  "Marshall", "Solomon",
                                               "Comoros",        NULL};
    const char *article = "";
    for (const char *const *start = with_article; *start; start++)
        if (slice_starts(state->name, *start))
            article = "the ";
    char *name = arena_print(text->arena, "Government of %s%.*s", article, SLICE_ARGS(state->name));
    return (struct slice){name, strlen(name)};
}

static int32_t government_actor(struct text *text, const struct entry *state)
{
    uint64_t key = key_of(KEY_GOVERNMENT, state->number);
    int32_t actor = table_get(&text->names->actors, key);
    if (actor != NOBODY)
        return actor;
    actor = actor_at(text, key, government_name(text, state), ACTOR_GOVERNMENT);
    int32_t of = state_actor(text, state);
    if (actor != NOBODY) {
        text->found->actors[actor].country = entry_get(state, "code");
        text->found->actors[actor].affiliation = of;
    }
    return actor;
}

int32_t actor_of_state(struct text *text, struct slice code)
{
    const struct entry *state = text->names ? state_of_code(code) : NULL;
    return state ? state_actor(text, state) : NOBODY;
}

int32_t actor_of_government(struct text *text, struct slice code)
{
    const struct entry *state = text->names ? state_of_code(code) : NULL;
    return state ? government_actor(text, state) : NOBODY;
}

/* ---- states that are only where things happen ------------------------------------------------------------- */

enum { MEETING_NEAR = 40 };

/* Whether the sentence speaks of a meeting not far before `at`. */
static bool meets_before(const struct text *text, uint32_t at)
{
    uint32_t first = text->sentences[text->sentence_of[at]].span.first;
    for (uint32_t i = at > first + MEETING_NEAR ? at - MEETING_NEAR : first; i < at; i++)
        if (lexicon_match(text, LEXICON_MEETINGS, i).entry)
            return true;
    return false;
}

/* Notes the states in whose cities the text has meetings: "talks in Geneva". */
static void note_venues(struct text *text)
{
    for (uint32_t at = 1; at < text->token_count; at++) {
        if (!(text->tokens[at].starts & 1u << LEXICON_CITIES) || !token_is(text, at - 1, "in"))
            continue;
        struct match city = word_capital(text, at) ? lexicon_match(text, LEXICON_CITIES, at) : (struct match){0};
        const struct entry *state = city.entry ? state_of_code(entry_get(city.entry, "country")) : NULL;
        if (state && meets_before(text, at))
            table_set(&text->names->actors, key_of(KEY_VENUE_CITY, state->number), 1);
    }
}

enum { VENUE_ONLY, VENUE_WITH_MEETING, VENUE_ACTS };

/* "Georgia", beside Alabama and Atlanta, and with nothing of the other Georgia in the text. */
static bool is_region(const struct text *text, const struct entry *state)
{
    struct slice whole = entry_get(state, "region"), own = entry_get(state, "code");
    uint32_t parts = 0;
    for (uint32_t at = 0; whole.length && at < text->token_count; at++) {
        struct match match = {0};
        if (!word_capital(text, at))
            continue;
        match = lexicon_match(text, LEXICON_STATES, at);
        if (match.entry && (entry_has(match.entry, "of") || !slice_equal(entry_get(match.entry, "code"), own)) &&
            (slice_equal(entry_get(match.entry, "code"), own) || slice_is(entry_get(match.entry, "code"), "RU")))
            return false;
        match = lexicon_match(text, LEXICON_CITIES, at);
        if (match.entry && slice_equal(entry_get(match.entry, "country"), own))
            return false;
        parts += match.entry && slice_equal(entry_get(match.entry, "country"), whole);
        match = lexicon_match(text, LEXICON_OTHER_NAMES, at);
        parts += match.entry && slice_equal(entry_get(match.entry, "code"), whole);
    }
    return parts > 0;
}

static void leave_regions(struct text *text)
{
    struct names *names = text->names;
    const struct entry *state = NULL;
    for (uint32_t i = 0; i < names->count && !state; i++)
        if (names->list[i].is == NAME_STATE && entry_has(names->list[i].entry, "region"))
            state = names->list[i].entry;
    if (!state || !is_region(text, state))
        return;
    for (uint32_t i = 0; i < names->count; i++) {
        struct name *name = &names->list[i];
        name->gone |= name->is == NAME_STATE && name->entry == state;
        if (slice_equal(name->code, entry_get(state, "code")))
            name->code = NO_SLICE;
    }
}

/* "Diplomats meet in Switzerland": no actor, where the text has it in no other way. */
static void leave_venues(struct text *text)
{
    struct names *names = text->names;
    note_venues(text);
    for (uint32_t i = 0; i < names->count; i++) {
        const struct name *name = &names->list[i];
        int32_t *seen = name->is == NAME_STATE ? table_at(&names->actors, key_of(KEY_VENUE, name->entry->number)) : NULL;
        if (!seen || *seen == VENUE_ACTS)
            continue;
        if (!name->venue)
            *seen = VENUE_ACTS;
        else if (*seen != VENUE_WITH_MEETING)
            *seen = meets_before(text, name->span.first) ? VENUE_WITH_MEETING : VENUE_ONLY;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        struct name *name = &names->list[i];
        int32_t venue = name->is == NAME_STATE ? table_get(&names->actors, key_of(KEY_VENUE, name->entry->number)) : NOBODY;
        if (venue == VENUE_WITH_MEETING ||
            (venue == VENUE_ONLY && table_get(&names->actors, key_of(KEY_VENUE_CITY, name->entry->number)) != NOBODY))
            name->gone = true;
    }
}

/* ---- what only capitals tell ------------------------------------------------------------------------------ */

/* A name's words as one number, without the states and adjectives before them. */
static uint64_t words_key(const struct text *text, struct span span)
{
    uint64_t key = 1469598103934665603u;
    uint32_t first = span.first;
    for (;;) {
        struct match owner = lexicon_match(text, LEXICON_STATES, first);
        if (!owner.entry || first + owner.length >= span.end)
            break;
        first += owner.length;
    }
    for (uint32_t at = first; at < span.end; at++)
        if (text->tokens[at].kind == TOKEN_WORD)
            key = (key ^ text->tokens[at].hash) * UINT64_C(1099511628211);
    return spread(key);
}

enum { SEEN_ONCE = 1, SEEN_SPEAKING = 2, SEEN_INSIDE = 4, SEEN_AGAIN = 8, SEEN_NAMED = 16 };

static void count_maybe(struct text *text, const struct name *name)
{
    int32_t *seen = table_at(&text->names->actors, key_of(KEY_MAYBE, words_key(text, name->span)));
    if (!seen)
        return;
    int32_t before = *seen == NOBODY ? 0 : *seen;
    int32_t now = SEEN_ONCE | (name->speaks ? SEEN_SPEAKING : 0) | (name->begins ? 0 : SEEN_INSIDE) | (before ? SEEN_AGAIN : 0) |
                  (span_empty(name->acronym) ? 0 : SEEN_NAMED);
    *seen = before | now;
}

static bool is_acronym(const struct text *text, struct span span)
{
    return span.end == span.first + 1 && text->tokens[span.first].flags & TOKEN_UPPER && text->tokens[span.first].points >= 3 &&
           text->tokens[span.first].points <= 6;
}

/* What else the text has speaks for a name: it says something, or it is an acronym that comes again or with an article. */
static bool maybe_holds(const struct text *text, const struct name *name)
{
    int32_t seen = table_get(&text->names->actors, key_of(KEY_MAYBE, words_key(text, name->span)));
    bool article = name->span.first > 0 && token_is(text, name->span.first - 1, "the");
    if (seen & SEEN_NAMED)
        return true;
    if (is_acronym(text, name->span))
        return seen & SEEN_INSIDE && (article || seen & (SEEN_AGAIN | SEEN_SPEAKING));
    return (seen & SEEN_INSIDE) && (seen & SEEN_SPEAKING);
}

/* The words in capitals that could be anything: people of that surname, bodies of that name or acronym, or nothing. */
static void settle_maybe(struct text *text)
{
    struct names *names = text->names;
    for (uint32_t i = 0; i < names->count; i++)
        if (names->list[i].is == NAME_MAYBE && !names->list[i].place)
            count_maybe(text, &names->list[i]);
    for (uint32_t i = 0; i < names->count; i++) {
        struct name *name = &names->list[i];
        if (name->is != NAME_MAYBE)
            continue;
        const struct entry *known_leader = leader_of(text, name->span);
        int32_t who = find_person(text, i, known_leader != NULL);
        int32_t body = table_get(&names->actors, key_of(KEY_WORDS, words_key(text, name->span)));
        if (who == NOBODY && !name->place && name->span.end == name->span.first + 1 && given_name(text, name->span.first) &&
            maybe_holds(text, name))
            who = add_person(text, i); /* "Ahmed said" */
        if (name->known.actor) {
            name->is = NAME_RECORDED;
        } else if (who != NOBODY) {
            if (known_leader)
                name->code = entry_get(known_leader, "code");
            join_person(text, i, who);
        } else if (name->place) {
            name->gone = true;
        } else if (table_get(&names->acronyms, key_of(KEY_WORDS, text->tokens[name->span.first].hash)) != NOBODY ||
                   body != NOBODY || maybe_holds(text, name)) {
            name->is = NAME_OTHER_BODY;
        } else {
            name->gone = true;
        }
    }
}

/* ---- bodies ----------------------------------------------------------------------------------------------- */

static uint64_t words_of_code(uint64_t words, struct slice code)
{
    for (size_t i = 0; i < code.length; i++)
        words = (words ^ (unsigned char)code.data[i]) * UINT64_C(1099511628211);
    return spread(words);
}

/* What a body of no lexicon is called by later: its words, its words with its state's, its acronym. */
static void learn_body(struct text *text, const struct name *name, int32_t actor)
{
    struct names *names = text->names;
    uint64_t words = words_key(text, name->span);
    table_set(&names->actors, key_of(KEY_WORDS, words), actor);
    if (name->code.length)
        table_set(&names->actors, key_of(KEY_WORDS_OF, words_of_code(words, name->code)), actor);
    if (!span_empty(name->acronym))
        table_set(&names->acronyms, key_of(KEY_WORDS, text->tokens[name->acronym.first].hash), actor);
    /* "Kiel Institute" of "Kiel Institute for the World Economy"; "Acme" of "Acme Corp". */
    for (uint32_t at = name->span.first + 1; at < name->span.end; at++) {
        struct match word = lexicon_match(text, LEXICON_ORGANIZATION_WORDS, at);
        bool legal = word.entry && entry_has(word.entry, "company") && at + word.length >= name->span.end;
        bool linked = at >= name->span.first + 2 && word_is_class(text, at, "preposition");
        if (!legal && !linked)
            continue;
        int32_t *place = table_at(&names->actors, key_of(KEY_WORDS, words_key(text, (struct span){name->span.first, at})));
        if (place && *place == NOBODY)
            *place = actor;
        return;
    }
}

/* The listed body whose acronym stands in brackets behind a name, which may be garbled. */
static int32_t body_by_acronym(struct text *text, struct span acronym)
{
    if (span_empty(acronym))
        return NOBODY;
    struct match match = lexicon_match(text, LEXICON_ORGANIZATIONS, acronym.first);
    if (!match.entry || match.length != 1)
        return NOBODY;
    const struct entry *main = entry_main(match.entry);
    return actor_at(text, key_of(KEY_BODY, main->number), main->name, ACTOR_ORGANIZATION);
}

static int32_t other_body_actor(struct text *text, struct name *name)
{
    struct names *names = text->names;
    uint64_t words = words_key(text, name->span);
    int32_t actor = NOBODY;
    if (name->code.length)
        actor = table_get(&names->actors, key_of(KEY_WORDS_OF, words_of_code(words, name->code)));
    if (actor == NOBODY)
        actor = table_get(&names->actors, key_of(KEY_WORDS, words));
    if (actor != NOBODY && name->code.length) {
        struct slice *country = &text->found->actors[actor].country;
        if (country->length && !slice_equal(*country, name->code))
            actor = NOBODY; /* another state's ministry of that name */
        else
            *country = name->code;
    }
    if (actor == NOBODY && name->span.end == name->span.first + 1)
        actor = table_get(&names->acronyms, key_of(KEY_WORDS, text->tokens[name->span.first].hash));
    if (actor == NOBODY) {
        actor = body_by_acronym(text, name->acronym);
        if (actor != NOBODY)
            name->form = FORM_MISSPELLING;
    }
    if (actor == NOBODY)
        actor = add_actor(text, span_text(text, name->span), name->kind);
    return actor;
}

static int32_t listed_actor(struct text *text, const struct name *name, enum key_kind kind)
{
    int32_t actor = actor_at(text, key_of(kind, name->entry->number), name->entry->name, name->kind);
    if (actor != NOBODY && name->code.length)
        text->found->actors[actor].country = name->code;
    return actor;
}

static int32_t recorded_actor(struct text *text, const struct name *name)
{
    int32_t actor = actor_at(text, key_of(KEY_KNOWN, (uint64_t)name->known.actor), name->known.name, name->known.kind);
    if (actor != NOBODY)
        text->found->actors[actor].country = name->known.country;
    return actor;
}

/* "Biden administration": the government of the state that Biden leads. Where the text has another leader's, too, that is an
 * actor of its own. */
static int32_t led_government(struct text *text, const struct name *name)
{
    struct names *names = text->names;
    struct slice code = name->code;
    if (name->body != NOBODY) {
        const struct name *leads = &names->list[name->body];
        const struct person *person = leads->actor == NOBODY ? NULL : &names->persons[leads->actor];
        code = person ? person->code : NO_SLICE;
        bool administration = token_is(text, name->span.end - 1, "administration");
        if (!code.length && administration)
            code = SLICE("US");
        const struct entry *state = state_of_code(code);
        if (!person || !state)
            return add_actor(text, span_text(text, name->span), ACTOR_GOVERNMENT);
        int32_t *first = table_at(&names->actors, key_of(KEY_LEADER, state->number));
        if (first && *first == NOBODY)
            *first = leads->actor;
        if (first && *first != leads->actor) {
            int32_t *other = table_at(&names->actors, key_of(KEY_LEADER, 1u << 20 | (uint32_t)leads->actor));
            if (other && *other == NOBODY)
                *other = add_actor(text, span_text(text, name->span), ACTOR_GOVERNMENT);
            return other ? *other : NOBODY;
        }
    }
    const struct entry *state = name->entry ? name->entry : state_of_code(code);
    return state ? government_actor(text, state) : NOBODY;
}

/* An actor for each name that is no person's; what the record knows takes the place of a new one. */
static void make_bodies(struct text *text, bool maybes)
{
    struct names *names = text->names;
    for (uint32_t i = 0; i < names->count; i++) {
        struct name *name = &names->list[i];
        if (name->is == NAME_PERSON || name->is == NAME_MAYBE || name->gone || name->actor != NOBODY)
            continue;
        if (name->is == NAME_GOVERNMENT && name->body != NOBODY && !maybes)
            continue;
        switch (name->is) {
        case NAME_STATE:
            name->actor = state_actor(text, name->entry);
            break;
        case NAME_GOVERNMENT:
            name->actor = led_government(text, name);
            break;
        case NAME_BODY:
        case NAME_OUTLET:
            name->actor = listed_actor(text, name, name->is == NAME_BODY ? KEY_BODY : KEY_OUTLET);
            learn_body(text, name, name->actor);
            break;
        case NAME_RECORDED:
            name->actor = recorded_actor(text, name);
            break;
        default:
            name->actor = other_body_actor(text, name);
            learn_body(text, name, name->actor);
        }
        struct actor *actor = name->actor == NOBODY ? NULL : &text->found->actors[name->actor];
        if (actor && name->code.length && !actor->country.length)
            actor->country = name->code;
        if (actor && name->known.actor && !actor->known) {
            actor->known = name->known.actor;
            table_set(&names->actors, key_of(KEY_KNOWN, (uint64_t)name->known.actor), name->actor);
        }
    }
}

/* ---- actors and mentions ---------------------------------------------------------------------------------- */

static int32_t person_actor(struct text *text, struct person *person)
{
    if (person->actor != NOBODY)
        return person->actor;
    const struct name *fullest = &text->names->list[person->name];
    person->actor = add_actor(text, span_text(text, fullest->span), ACTOR_PERSON);
    if (person->actor == NOBODY)
        return NOBODY;
    text->found->actors[person->actor].country = person->code;
    text->found->actors[person->actor].known = person->known;
    return person->actor;
}

enum { TITLES_MAX = 16 }; /* of one actor */

static void add_mentions(struct text *text)
{
    struct names *names = text->names;
    for (uint32_t i = 0; i < names->count; i++) {
        struct name *name = &names->list[i];
        if (name->gone || name->silent || name->actor == NOBODY || name->is == NAME_MAYBE)
            continue;
        bool person = name->is == NAME_PERSON;
        int32_t actor = person ? person_actor(text, &names->persons[name->actor]) : name->actor;
        int32_t place = add_mention(text, name->span, actor, name->form);
        if (place == NOBODY)
            return;
        text->found->mentions[place].title = name->title;
        bool room = text->found->actors[actor].title_count < TITLES_MAX;
        if (!span_empty(name->title) && room)
            actor_add_title(text, actor, span_text(text, name->title));
        if (!span_empty(name->also) && room)
            actor_add_title(text, actor, span_text(text, name->also));
    }
}

/* The body or government that a title names: "State Department spokesman". */
static int32_t body_in(const struct text *text, struct span title)
{
    for (uint32_t at = title.first; at < title.end; at++) {
        int32_t mention = text->mention_of[at];
        if (mention == NOBODY)
            continue;
        int32_t actor = (int32_t)text->found->mentions[mention].actor;
        enum actor_kind kind = text->found->actors[actor].kind;
        if (kind != ACTOR_STATE && kind != ACTOR_PERSON && kind != ACTOR_GROUP)
            return actor;
    }
    return NOBODY;
}

static const struct entry *title_head(const struct text *text, struct span title)
{
    const struct entry *head = NULL;
    for (uint32_t at = title.first; at < title.end;) {
        struct match match = lexicon_match(text, LEXICON_TITLES, at);
        struct slice class = match.entry ? entry_get(match.entry, "class") : NO_SLICE;
        if (slice_is(class, "office") || slice_is(class, "rank") || slice_is(class, "role"))
            return match.entry;
        if (match.entry && entry_has(match.entry, "head"))
            head = match.entry;
        at += match.length ? match.length : 1;
    }
    return head;
}

/* Whom the bearer of a title speaks for: ministers and generals for their government, others for the body that is named. */
static void affiliate(struct text *text, const struct name *name)
{
    struct person *person = &text->names->persons[name->actor];
    struct span titles[] = {name->title, name->also};
    for (size_t i = 0; i < 2 && person->actor != NOBODY; i++) {
        if (span_empty(titles[i]))
            continue;
        const struct entry *head = title_head(text, titles[i]);
        int32_t body = body_in(text, titles[i]);
        bool public = head && slice_is(entry_get(head, "for"), "government");
        bool state = head && (public || entry_has(head, "state"));
        if (person->code.length && (public || (body == NOBODY && state)))
            body = actor_of_government(text, person->code);
        struct actor *actor = &text->found->actors[person->actor];
        if (body == NOBODY || body == person->actor)
            continue;
        if (!actor->country.length)
            actor->country = text->found->actors[body].country;
        if (actor->affiliation == NOBODY)
            actor->affiliation = body;
    }
}

static void affiliate_all(struct text *text)
{
    for (uint32_t i = 0; i < text->names->count; i++) {
        const struct name *name = &text->names->list[i];
        if (name->is == NAME_PERSON && !name->gone && name->actor != NOBODY)
            affiliate(text, name);
    }
    /* A state's ministry, parliament or agency belongs to its government. */
    uint32_t count = text->found->actor_count;
    for (uint32_t i = 0; i < count; i++) {
        struct actor *actor = &text->found->actors[i];
        if (actor->kind != ACTOR_GOVERNMENT || actor->affiliation != NOBODY || !actor->country.length)
            continue;
        int32_t government = actor_of_government(text, actor->country);
        if (government != (int32_t)i)
            text->found->actors[i].affiliation = government;
    }
}

/* The words that the text also has in small letters: with a capital at the beginning of a sentence they are no names. */
static void note_small_words(struct text *text)
{
    struct names *names = text->names;
    uint32_t capitals = 0, words = 0;
    for (uint32_t at = 0; at < text->token_count; at++) {
        bool word = text->tokens[at].kind == TOKEN_WORD;
        words += word;
        capitals += word && text->tokens[at].flags & TOKEN_CAPITAL;
    }
    names->small = table_new(text->arena, words);
    names->acronyms = table_new(text->arena, capitals);
    names->actors = table_new(text->arena, capitals * 6 + 600);
    names->people = table_new(text->arena, capitals * 2);
    for (uint32_t at = 0; at < text->token_count; at++)
        if (text->tokens[at].kind == TOKEN_WORD && !(text->tokens[at].flags & TOKEN_CAPITAL))
            table_set(&names->small, text->tokens[at].hash, 1);
}

void text_names(struct text *text)
{
    text->names = arena_zero(text->arena, sizeof *text->names);
    text->names->acted_end = UINT32_MAX;
    note_small_words(text);
    names_scan(text);
    leave_venues(text);
    leave_regions(text);
    join_people(text);
    settle_places(text);
    make_bodies(text, false);
    settle_maybe(text);
    make_bodies(text, true);
    add_mentions(text);
    affiliate_all(text);
}
