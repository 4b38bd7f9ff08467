-- The record as the peers keep it: one table for each noun that their answers need, and the usual indexes. The bench fills it from
-- the record that it measures us on, attached as `record`.
PRAGMA journal_mode = WAL;

CREATE TABLE actor (
    id           INTEGER PRIMARY KEY,
    external_id  TEXT UNIQUE
);
CREATE TABLE meeting (
    id           INTEGER PRIMARY KEY,
    external_id  TEXT UNIQUE
);
CREATE TABLE topic (
    id    INTEGER PRIMARY KEY,
    slug  TEXT NOT NULL UNIQUE
);
CREATE TABLE claim (
    id               INTEGER PRIMARY KEY,
    version          INTEGER NOT NULL,
    external_id      TEXT UNIQUE,
    text             TEXT NOT NULL,
    speaker_id       INTEGER REFERENCES actor (id),
    on_behalf_of_id  INTEGER REFERENCES actor (id),
    addressee_id     INTEGER REFERENCES actor (id),
    stance           TEXT,
    said_on          TEXT,
    occasion_id      INTEGER REFERENCES meeting (id),
    attribution      TEXT NOT NULL,
    status           TEXT NOT NULL,
    report_count     INTEGER NOT NULL,
    outlet_count     INTEGER NOT NULL,
    origin_count     INTEGER NOT NULL,
    merged_into_id   INTEGER REFERENCES claim (id),
    created_at       TEXT NOT NULL,
    updated_at       TEXT NOT NULL
);
CREATE TABLE claim_topic (
    claim_id  INTEGER NOT NULL REFERENCES claim (id),
    position  INTEGER NOT NULL,
    topic_id  INTEGER NOT NULL REFERENCES topic (id),
    PRIMARY KEY (claim_id, position)
) WITHOUT ROWID;

BEGIN;
INSERT INTO actor SELECT id, external_id FROM record.actor;
INSERT INTO meeting SELECT id, external_id FROM record.meeting;
INSERT INTO topic SELECT id, slug FROM record.topic;
INSERT INTO claim
SELECT id, version, external_id, text, speaker_id, on_behalf_of_id, addressee_id, stance, said_on, occasion_id, attribution, status,
       report_count, outlet_count, origin_count, merged_into_id, created_at, updated_at
FROM record.claim
ORDER BY id;
INSERT INTO claim_topic SELECT claim_id, position, topic_id FROM record.claim_topic;
COMMIT;

CREATE INDEX claim_by_speaker  ON claim (speaker_id, id);
CREATE INDEX claim_by_occasion ON claim (occasion_id, id);
CREATE INDEX claim_by_day      ON claim (said_on, id);
CREATE INDEX claim_by_stance   ON claim (stance, id);
CREATE INDEX claim_topic_by_topic ON claim_topic (topic_id, claim_id);
