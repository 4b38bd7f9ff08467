/* What a speaker does by saying something: by the verb, and where the verb is neutral by the words of what is said. */
#include <string.h>

#include "claims.h"

/* The contract's stances. */
static const char *const stances[] = {"asserts", "accuses",  "conditions", "demands",  "denies",    "expects",
                                      "offers",  "promises", "rejects",    "supports", "threatens", "warns"};

static const char *known_stance(struct slice name)
{
    for (size_t i = 0; i < sizeof stances / sizeof stances[0]; i++)
        if (slice_is(name, stances[i]))
            return stances[i];
    return NULL;
}

/* A verb denied: who does not support something rejects it; who did not threaten only says so. */
static const char *denied(const char *stance)
{
    static const struct {
        const char *stance, *denied;
    } table[] = {{"offers", "rejects"}, {"supports", "rejects"}, {"promises", "rejects"}, {"expects", "expects"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(stance, table[i].stance) == 0)
            return table[i].denied;
    return "asserts";
}

/* "say" and "add" leave it to the words; "believe", "accuse" and "promise" do not. */
static bool is_neutral(const char *stance)
{
    return !stance || strcmp(stance, "asserts") == 0;
}

enum { NEGATION_REACH = 3, DEFAULT_STRENGTH = 2 };

static bool is_negated(const struct text *text, uint32_t first, uint32_t at)
{
    for (uint32_t back = 1; back <= NEGATION_REACH && at >= first + back; back++) {
        struct match match = lexicon_match(text, LEXICON_FUNCTION_WORDS, at - back);
        if (text->tokens[at - back].kind == TOKEN_MARK)
            return false;
        if (match.entry && entry_has(match.entry, "negative"))
            return true;
    }
    return false;
}

struct evidence {
    const char *stance;
    int strength;
};

static void weigh(const struct text *text, struct span piece, uint32_t at, struct match match, struct evidence *best)
{
    struct slice given = entry_get(match.entry, "strength"), name = entry_get(match.entry, "stance");
    if (is_negated(text, piece.first, at))
        name = entry_get(match.entry, "negated");
    const char *stance = name.length ? known_stance(name) : NULL;
    int strength = given.length ? given.data[0] - '0' : DEFAULT_STRENGTH;
    if (entry_has(match.entry, "start") && at != piece.first)
        return;
    if (stance && strength > best->strength)
        *best = (struct evidence){stance, strength};
}

/* The strongest sign in what is said; the first of equal ones. */
static struct evidence evidence_in(const struct text *text, const struct attribution *attribution)
{
    struct evidence best = {NULL, 0};
    for (uint32_t i = 0; i < attribution->content_count; i++) {
        struct span piece = attribution->content[i];
        for (uint32_t at = piece.first; at < piece.end;) {
            struct match match = lexicon_match(text, LEXICON_STANCES, at);
            if (match.entry)
                weigh(text, piece, at, match, &best);
            at += match.entry ? match.length : 1;
        }
    }
    return best;
}

const char *stance_of(const struct text *text, const struct attribution *attribution)
{
    const char *verb = attribution->verb ? known_stance(entry_get(attribution->verb, "stance")) : NULL;
    if (!is_neutral(verb))
        return attribution->negated ? denied(verb) : verb;
    struct evidence evidence = evidence_in(text, attribution);
    return evidence.stance ? evidence.stance : "asserts";
}
