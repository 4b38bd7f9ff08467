/* Which function answers which operation. Start-up fails when this table and the contract differ. */
#include "call.h"

#define RESOURCE(many, one, kind)                                                                                                \
    {.operation = "list" many, .answer = list_items, .noun = (kind)},                                                            \
        {.operation = "create" many, .answer = create_items, .noun = (kind)}, ONE_RESOURCE(one, kind)
#define ONE_RESOURCE(one, kind)                                                                                                  \
    {.operation = "get" one, .answer = get_item, .noun = (kind)},                                                                \
        {.operation = "update" one, .answer = patch_item, .noun = (kind)},                                                       \
        {.operation = "delete" one, .answer = delete_item, .noun = (kind)},                                                      \
        {.operation = "restore" one, .answer = restore_item, .noun = (kind)},                                                    \
    {                                                                                                                            \
        .operation = "list" one "History", .answer = get_history, .noun = (kind)                                                 \
    }
#define NESTED(name, kind, whose, by)                                                                                            \
    {                                                                                                                            \
        .operation = (name), .answer = list_nested, .noun = (kind), .owner = (whose), .filter = (by)                             \
    }

const struct endpoint endpoints[] = {
    {.operation = "getRoot", .answer = get_root},
    {.operation = "getDeskView", .answer = get_desk},
    {.operation = "getDeskItem", .answer = get_desk},
    {.operation = "getWebFile", .answer = get_web_file},
    {.operation = "getDocs", .answer = get_docs},
    {.operation = "getOpenapiYaml", .answer = get_contract_yaml},
    {.operation = "getOpenapiJson", .answer = get_contract_json},
    {.operation = "getApiCatalog", .answer = get_api_catalog},
    {.operation = "getLlmsTxt", .answer = get_llms_text},
    {.operation = "speakMcp", .answer = speak_mcp, .keeps_nothing = true, .refuse = refuse_message},
    {.operation = "getLivez", .answer = get_livez},
    {.operation = "getReadyz", .answer = get_readyz},
    {.operation = "getMetrics", .answer = get_metrics},
    {.operation = "listProblems", .answer = list_problems},
    {.operation = "getProblem", .answer = get_problem},

    {.operation = "listArticles", .answer = list_items, .noun = NOUN_ARTICLE},
    {.operation = "createArticles", .answer = create_articles, .noun = NOUN_ARTICLE},
    ONE_RESOURCE("Article", NOUN_ARTICLE),
    {.operation = "getArticleNovelty", .answer = get_novelty, .noun = NOUN_ARTICLE},
    {.operation = "listArticleRevisions", .answer = list_revisions, .noun = NOUN_ARTICLE},
    {.operation = "getArticleRevision", .answer = get_revision, .noun = NOUN_ARTICLE},
    NESTED("listArticleActors", NOUN_ACTOR, NOUN_ARTICLE, "article_id"),
    NESTED("listArticleClaims", NOUN_CLAIM, NOUN_ARTICLE, "article_id"),
    NESTED("listArticleMeetings", NOUN_MEETING, NOUN_ARTICLE, "article_id"),
    NESTED("listArticleMentions", NOUN_MENTION, NOUN_ARTICLE, "article_id"),
    NESTED("listArticleReports", NOUN_REPORT, NOUN_ARTICLE, "article_id"),

    RESOURCE("Actors", "Actor", NOUN_ACTOR),
    {.operation = "replaceActor", .answer = replace_item, .noun = NOUN_ACTOR},
    {.operation = "mergeActors", .answer = merge_items, .noun = NOUN_ACTOR},
    {.operation = "unmergeActor", .answer = unmerge_item, .noun = NOUN_ACTOR},
    NESTED("listActorClaims", NOUN_CLAIM, NOUN_ACTOR, "speaker_id"),
    NESTED("listActorMeetings", NOUN_MEETING, NOUN_ACTOR, "actor_id"),
    NESTED("listActorArticles", NOUN_ARTICLE, NOUN_ACTOR, "actor_id"),
    NESTED("listActorMentions", NOUN_MENTION, NOUN_ACTOR, "actor_id"),
    NESTED("listActorDiscrepancies", NOUN_DISCREPANCY, NOUN_ACTOR, "actor_id"),
    {.operation = "listActorTitles", .answer = get_titles, .owner = NOUN_ACTOR},
    {.operation = "listActorAliases", .answer = get_aliases, .noun = NOUN_ACTOR},

    RESOURCE("Claims", "Claim", NOUN_CLAIM),
    {.operation = "replaceClaim", .answer = replace_item, .noun = NOUN_CLAIM},
    {.operation = "mergeClaims", .answer = merge_items, .noun = NOUN_CLAIM},
    {.operation = "unmergeClaim", .answer = unmerge_item, .noun = NOUN_CLAIM},
    {.operation = "splitClaim", .answer = split_item, .noun = NOUN_CLAIM},
    {.operation = "listSimilarClaims", .answer = get_similar, .noun = NOUN_CLAIM},
    NESTED("listClaimReports", NOUN_REPORT, NOUN_CLAIM, "claim_id"),
    NESTED("listClaimDiscrepancies", NOUN_DISCREPANCY, NOUN_CLAIM, "claim_id"),
    {.operation = "listClaimOrigins", .answer = get_origins, .owner = NOUN_CLAIM},
    {.operation = "getClaimChain", .answer = get_chain, .owner = NOUN_CLAIM},

    RESOURCE("Meetings", "Meeting", NOUN_MEETING),
    {.operation = "replaceMeeting", .answer = replace_item, .noun = NOUN_MEETING},
    NESTED("listMeetingActors", NOUN_ACTOR, NOUN_MEETING, "meeting_id"),
    NESTED("listMeetingClaims", NOUN_CLAIM, NOUN_MEETING, "occasion_id"),
    NESTED("listMeetingArticles", NOUN_ARTICLE, NOUN_MEETING, "meeting_id"),
    NESTED("listMeetingDiscrepancies", NOUN_DISCREPANCY, NOUN_MEETING, "meeting_id"),
    {.operation = "listMeetingParticipants", .answer = get_participants, .noun = NOUN_MEETING},

    RESOURCE("Topics", "Topic", NOUN_TOPIC),
    {.operation = "replaceTopic", .answer = replace_item, .noun = NOUN_TOPIC},
    RESOURCE("Discrepancies", "Discrepancy", NOUN_DISCREPANCY),
    {.operation = "replaceDiscrepancy", .answer = replace_item, .noun = NOUN_DISCREPANCY},

    {.operation = "extract", .answer = extract, .keeps_nothing = true},
    {.operation = "extractArticle", .answer = extract_again, .noun = NOUN_ARTICLE},
    {.operation = "listPositions", .answer = list_positions},
    {.operation = "verifyQuote", .answer = verify_quote, .keeps_nothing = true},
    {.operation = "search", .answer = search_everything},
    {.operation = "suggestActors", .answer = suggest_actors, .noun = NOUN_ACTOR},
    {.operation = "listChanges", .answer = list_changes},
    {.operation = "streamEvents", .answer = stream_events},

    {.operation = "getStats", .answer = get_stats},
    {.operation = "getStatsTimeline", .answer = get_stats_timeline},
    {.operation = "getTimeline", .answer = get_timeline},

    {.operation = "getReport", .answer = get_item, .noun = NOUN_REPORT},
    {.operation = "getMention", .answer = get_item, .noun = NOUN_MENTION},
};
const size_t endpoint_count = sizeof endpoints / sizeof endpoints[0];
