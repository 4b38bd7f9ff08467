-- Who stands where on a topic, as the claims show it.
--
-- A row for each topic of a claim that counts: it is listed, not rejected, and somebody's. The writer keeps them in step with
-- claims and their reports (server/store/positions.c). Whom an actor speaks for or belongs to is looked up when it is asked: that
-- changes without any claim changing.
CREATE TABLE position (
    topic_id    INTEGER NOT NULL REFERENCES topic (id),
    actor_id    INTEGER NOT NULL REFERENCES actor (id),  -- whom it is said for: the claim's on_behalf_of, else its speaker
    day         TEXT NOT NULL,                           -- said_on, else the first day it was published on, else ''
    claim_id    INTEGER NOT NULL REFERENCES claim (id),
    speaker_id  INTEGER REFERENCES actor (id),
    stance      TEXT NOT NULL,
    PRIMARY KEY (topic_id, actor_id, day, claim_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX position_by_speaker ON position (speaker_id, topic_id, day, claim_id, stance);
CREATE INDEX position_by_claim   ON position (claim_id);

-- What is there already.
INSERT INTO position (topic_id, actor_id, day, claim_id, speaker_id, stance)
SELECT DISTINCT topic_id, coalesce(on_behalf_of_id, speaker_id),
       coalesce(said_on,
                (SELECT min(substr(published_at, 1, 10)) FROM report JOIN article ON article.id = article_id
                 WHERE report.claim_id = claim.id AND article.deleted_at IS NULL),
                ''),
       claim.id, speaker_id, stance
FROM claim JOIN claim_topic ON claim_topic.claim_id = claim.id
WHERE deleted_at IS NULL AND merged_into_id IS NULL AND status <> 'rejected'
  AND coalesce(on_behalf_of_id, speaker_id) IS NOT NULL
ORDER BY 1, 2, 3, 4;
