-- The record: what Readout keeps, in eight nouns.
--
-- Three rules hold for every noun with a document:
--   * `document` is the resource as JSON, rendered once when it changes and served as it is. The other columns are what lists
--     filter, sort and join by; the writer sets both in the same statement, from the same values (server/store/record.c).
--   * `version` starts at 1 and grows by one with each change; the version before goes to `revision`, the fact to `change`.
--   * Nothing is erased: `deleted_at` hides, and a restore clears it.
-- What every list reads stands first in a row, the document among it: SQLite finds a column by passing over those before it.
-- Ids are given by the one writer, grow, and are never used again. Instants are RFC 3339 in UTC with milliseconds, days are
-- RFC 3339 full-dates; both sort as text. Spans (start, end) count Unicode code points, end exclusive, into the article's text.

-- A person, state, government, organization, alliance, media outlet, group, or an anonymous source. Anonymous sources are actors
-- of their own, scoped to whom they speak for (affiliation).
CREATE TABLE actor (
    id              INTEGER PRIMARY KEY,
    version         INTEGER NOT NULL,
    deleted_at      TEXT,
    merged_into_id  INTEGER REFERENCES actor (id),     -- set while this one is merged into another
    document        TEXT NOT NULL,
    external_id     TEXT UNIQUE,                       -- the key that another system knows it by
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL,                     -- person, state, government, …, anonymous
    country         TEXT,                              -- ISO 3166-1 alpha-2
    title           TEXT,                              -- the office as we hold it to be; what articles print stands in mentions
    affiliation_id  INTEGER REFERENCES actor (id),     -- the body this one belongs to or speaks for
    wikidata_id     TEXT,                              -- Q…
    status          TEXT NOT NULL,                     -- extracted until a person makes it confirmed or rejected
    created_at      TEXT NOT NULL,
    updated_at      TEXT NOT NULL
) STRICT;
CREATE INDEX actor_by_name        ON actor (name, id)           WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX actor_by_kind        ON actor (kind, id)           WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX actor_by_country     ON actor (country, id)        WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX actor_by_affiliation ON actor (affiliation_id, deleted_at, merged_into_id, id);
CREATE INDEX actor_by_status      ON actor (status, id)         WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX actor_by_update      ON actor (updated_at, id)     WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX actor_by_wikidata    ON actor (wikidata_id, id)    WHERE wikidata_id IS NOT NULL;
CREATE INDEX actor_by_merge       ON actor (merged_into_id)     WHERE merged_into_id IS NOT NULL;

-- Another way to write an actor's name: an abbreviation, another script, a spelling that was seen.
CREATE TABLE actor_alias (
    actor_id    INTEGER NOT NULL REFERENCES actor (id),
    position    INTEGER NOT NULL,                      -- its place in the actor's list
    text        TEXT NOT NULL,
    script      TEXT,                                  -- ISO 15924, "Latn", "Cyrl"
    form        TEXT NOT NULL,                         -- alias, abbreviation, transliteration, misspelling, seat, demonym
    article_id  INTEGER REFERENCES article (id),       -- where it was seen, if it was
    PRIMARY KEY (actor_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX actor_alias_by_text ON actor_alias (text, actor_id);
CREATE INDEX actor_alias_by_article ON actor_alias (article_id) WHERE article_id IS NOT NULL;

-- One published text, kept exactly as it came.
CREATE TABLE article (
    id                    INTEGER PRIMARY KEY,
    version               INTEGER NOT NULL,
    deleted_at            TEXT,
    document              TEXT NOT NULL,                -- without the text, which is large: see article_text
    external_id           TEXT UNIQUE,
    url                   TEXT UNIQUE,                 -- where it was published
    title                 TEXT,
    outlet_id             INTEGER REFERENCES actor (id), -- who published it: an actor of kind media
    byline                TEXT,
    dateline              TEXT,
    language              TEXT,                        -- BCP 47
    machine_translated    INTEGER NOT NULL,            -- 0 or 1
    published_at          TEXT,                        -- an instant, or a day where no more is known
    sha256                TEXT NOT NULL,               -- of the text, hexadecimal
    near_duplicate_of     INTEGER REFERENCES article (id), -- the earlier article whose text this one repeats
    created_at            TEXT NOT NULL,
    updated_at            TEXT NOT NULL
) STRICT;
CREATE INDEX article_by_publication ON article (published_at, id)            WHERE deleted_at IS NULL;
CREATE INDEX article_by_outlet      ON article (outlet_id, published_at, id);
CREATE INDEX article_by_language    ON article (language, id)                WHERE deleted_at IS NULL;
CREATE INDEX article_by_title       ON article (title, id)                   WHERE deleted_at IS NULL;
CREATE INDEX article_by_update      ON article (updated_at, id)              WHERE deleted_at IS NULL;
CREATE INDEX article_by_sha256      ON article (sha256);
CREATE INDEX article_by_original    ON article (near_duplicate_of)           WHERE near_duplicate_of IS NOT NULL;

-- The text that spans point into; it never changes.
CREATE TABLE article_text (
    article_id  INTEGER PRIMARY KEY REFERENCES article (id),
    text        TEXT NOT NULL
) STRICT;

-- Where an article names an actor.
CREATE TABLE mention (
    id              INTEGER PRIMARY KEY,
    document        TEXT NOT NULL,
    article_id      INTEGER NOT NULL REFERENCES article (id),
    actor_id        INTEGER NOT NULL REFERENCES actor (id),
    "start"         INTEGER NOT NULL,
    "end"           INTEGER NOT NULL,
    text            TEXT NOT NULL,                     -- the characters there
    form            TEXT NOT NULL,                     -- name, alias, misspelling, nominal, pronoun
    reported_title  TEXT                               -- the title this article gives the actor here
) STRICT;
CREATE INDEX mention_by_article ON mention (article_id, "start", id);
CREATE INDEX mention_by_actor   ON mention (actor_id, article_id);
CREATE INDEX mention_by_title   ON mention (actor_id, reported_title, article_id) WHERE reported_title IS NOT NULL;

-- What is talked about: a controlled vocabulary that a newsroom extends.
CREATE TABLE topic (
    id           INTEGER PRIMARY KEY,
    version      INTEGER NOT NULL,
    deleted_at   TEXT,
    document     TEXT NOT NULL,
    external_id  TEXT UNIQUE,
    slug         TEXT NOT NULL UNIQUE,                 -- how claims and meetings name it
    name         TEXT NOT NULL,
    description  TEXT,
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL
) STRICT;
CREATE INDEX topic_by_name   ON topic (name, id)       WHERE deleted_at IS NULL;
CREATE INDEX topic_by_update ON topic (updated_at, id) WHERE deleted_at IS NULL;

-- The words that show a topic.
CREATE TABLE topic_keyword (
    topic_id  INTEGER NOT NULL REFERENCES topic (id),
    position  INTEGER NOT NULL,
    keyword   TEXT NOT NULL,
    PRIMARY KEY (topic_id, position)
) STRICT, WITHOUT ROWID;

-- Talks, a summit, a call, a briefing: planned or held.
CREATE TABLE meeting (
    id           INTEGER PRIMARY KEY,
    version      INTEGER NOT NULL,
    deleted_at   TEXT,
    document     TEXT NOT NULL,
    external_id  TEXT UNIQUE,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    starts_on    TEXT,                                 -- the day, or the first day of what `precision` names
    part_of_day  TEXT,                                 -- morning, afternoon, evening, night
    starts_at    TEXT,                                 -- the instant, where it is known
    precision    TEXT,                                 -- year, month, day, minute: how much of starts_on is known
    city         TEXT,
    country      TEXT,                                 -- ISO 3166-1 alpha-2
    venue        TEXT,
    status       TEXT NOT NULL,                        -- planned, held, cancelled, postponed
    review       TEXT NOT NULL,                        -- extracted until a person makes it confirmed or rejected
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL
) STRICT;
CREATE INDEX meeting_by_day     ON meeting (starts_on, id)          WHERE deleted_at IS NULL;
CREATE INDEX meeting_by_city    ON meeting (city, starts_on, id)    WHERE deleted_at IS NULL;
CREATE INDEX meeting_by_country ON meeting (country, starts_on, id) WHERE deleted_at IS NULL;
CREATE INDEX meeting_by_kind    ON meeting (kind, starts_on, id)    WHERE deleted_at IS NULL;
CREATE INDEX meeting_by_status  ON meeting (status, starts_on, id)  WHERE deleted_at IS NULL;
CREATE INDEX meeting_by_review  ON meeting (review, id)             WHERE deleted_at IS NULL;
CREATE INDEX meeting_by_name    ON meeting (name, id)               WHERE deleted_at IS NULL;
CREATE INDEX meeting_by_update  ON meeting (updated_at, id)         WHERE deleted_at IS NULL;

-- Who takes part, and as what.
CREATE TABLE meeting_participant (
    meeting_id  INTEGER NOT NULL REFERENCES meeting (id),
    position    INTEGER NOT NULL,
    actor_id    INTEGER NOT NULL REFERENCES actor (id),
    role        TEXT NOT NULL,                         -- head, member, host
    PRIMARY KEY (meeting_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_participant_by_actor ON meeting_participant (actor_id, meeting_id);

CREATE TABLE meeting_topic (
    meeting_id  INTEGER NOT NULL REFERENCES meeting (id),
    position    INTEGER NOT NULL,
    topic_id    INTEGER NOT NULL REFERENCES topic (id),
    PRIMARY KEY (meeting_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_topic_by_topic ON meeting_topic (topic_id, meeting_id);

-- Where an article speaks of a meeting.
CREATE TABLE meeting_evidence (
    meeting_id  INTEGER NOT NULL REFERENCES meeting (id),
    position    INTEGER NOT NULL,
    article_id  INTEGER NOT NULL REFERENCES article (id),
    "start"     INTEGER NOT NULL,
    "end"       INTEGER NOT NULL,
    text        TEXT NOT NULL,
    PRIMARY KEY (meeting_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_evidence_by_article ON meeting_evidence (article_id, meeting_id);

-- One statement by one speaker, however many articles carry it.
CREATE TABLE claim (
    id               INTEGER PRIMARY KEY,
    version          INTEGER NOT NULL,
    deleted_at       TEXT,
    merged_into_id   INTEGER REFERENCES claim (id),    -- set while this one is merged into another
    document         TEXT NOT NULL,
    external_id      TEXT UNIQUE,
    text             TEXT NOT NULL,
    speaker_id       INTEGER REFERENCES actor (id),
    on_behalf_of_id  INTEGER REFERENCES actor (id),    -- the body an official speaks for
    addressee_id     INTEGER REFERENCES actor (id),
    stance           TEXT NOT NULL,                    -- asserts, offers, conditions, demands, …
    said_on          TEXT,                             -- a day
    occasion_id      INTEGER REFERENCES meeting (id),  -- where it was said; a briefing call is a meeting
    attribution      TEXT NOT NULL,                    -- named, anonymous
    status           TEXT NOT NULL,                    -- extracted until a person makes it confirmed or rejected
    report_count     INTEGER NOT NULL,                 -- reports in articles that are there
    outlet_count     INTEGER NOT NULL,                 -- distinct outlets among them
    origin_count     INTEGER NOT NULL,                 -- distinct origins: see REPORT_ORIGINS in store/statements.c
    created_at       TEXT NOT NULL,
    updated_at       TEXT NOT NULL
) STRICT;
CREATE INDEX claim_by_speaker   ON claim (speaker_id, deleted_at, merged_into_id, id);
CREATE INDEX claim_by_principal ON claim (on_behalf_of_id, deleted_at, merged_into_id, id) WHERE on_behalf_of_id IS NOT NULL;
CREATE INDEX claim_by_addressee ON claim (addressee_id, deleted_at, merged_into_id, id) WHERE addressee_id IS NOT NULL;
CREATE INDEX claim_by_occasion  ON claim (occasion_id, deleted_at, merged_into_id, id) WHERE occasion_id IS NOT NULL;
CREATE INDEX claim_by_day       ON claim (said_on, id)         WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX claim_by_stance    ON claim (stance, id)          WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX claim_by_status    ON claim (status, id)          WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX claim_by_reports   ON claim (report_count, id)    WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX claim_by_update    ON claim (updated_at, id)      WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX claim_by_merge     ON claim (merged_into_id)      WHERE merged_into_id IS NOT NULL;

CREATE TABLE claim_topic (
    claim_id  INTEGER NOT NULL REFERENCES claim (id),
    position  INTEGER NOT NULL,
    topic_id  INTEGER NOT NULL REFERENCES topic (id),
    PRIMARY KEY (claim_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_topic_by_topic ON claim_topic (topic_id, claim_id);

-- One article carrying one claim: the characters that show it, and the chain it came through.
CREATE TABLE report (
    id           INTEGER PRIMARY KEY,
    document     TEXT NOT NULL,
    claim_id     INTEGER NOT NULL REFERENCES claim (id),
    article_id   INTEGER NOT NULL REFERENCES article (id),
    kind         TEXT NOT NULL,                        -- direct, indirect, mixed
    speaker_id   INTEGER REFERENCES actor (id),        -- whom this article names, where it is not the claim's speaker
    occasion_id  INTEGER REFERENCES meeting (id),      -- where it says it was said, where that is not the claim's occasion
    match        TEXT,                                 -- exact, normalised, missing: whether the quotation stands in the text
    confidence   REAL                                 -- 0 to 1
) STRICT;
CREATE INDEX report_by_claim    ON report (claim_id, id);
CREATE INDEX report_by_article  ON report (article_id, claim_id, id);
CREATE INDEX report_by_speaker  ON report (speaker_id, id)  WHERE speaker_id IS NOT NULL;
CREATE INDEX report_by_occasion ON report (occasion_id, id) WHERE occasion_id IS NOT NULL;

-- The attribution chain: the media a report went through, nearest to the speaker first, the article's own outlet left out.
CREATE TABLE report_via (
    report_id  INTEGER NOT NULL REFERENCES report (id),
    position   INTEGER NOT NULL,
    actor_id   INTEGER NOT NULL REFERENCES actor (id),
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_via_by_actor ON report_via (actor_id, report_id);

-- Two or more articles that cannot all be right. The values, each with the spans that state it, stand in the document.
CREATE TABLE discrepancy (
    id           INTEGER PRIMARY KEY,
    version      INTEGER NOT NULL,
    deleted_at   TEXT,
    document     TEXT NOT NULL,
    external_id  TEXT UNIQUE,
    kind         TEXT NOT NULL,                        -- title, name-spelling, date, place, term, number, content
    about        TEXT NOT NULL,                        -- what they differ in, in a few words
    actor_id     INTEGER REFERENCES actor (id),        -- whom, which meeting or which claim it is about
    meeting_id   INTEGER REFERENCES meeting (id),
    claim_id     INTEGER REFERENCES claim (id),
    note         TEXT,
    status       TEXT NOT NULL,                        -- open, explained, dismissed
    created_at   TEXT NOT NULL,
    updated_at   TEXT NOT NULL
) STRICT;
CREATE INDEX discrepancy_by_kind    ON discrepancy (kind, id)       WHERE deleted_at IS NULL;
CREATE INDEX discrepancy_by_status  ON discrepancy (status, id)     WHERE deleted_at IS NULL;
CREATE INDEX discrepancy_by_update  ON discrepancy (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX discrepancy_by_actor   ON discrepancy (actor_id, id)   WHERE actor_id IS NOT NULL;
CREATE INDEX discrepancy_by_meeting ON discrepancy (meeting_id, id) WHERE meeting_id IS NOT NULL;
CREATE INDEX discrepancy_by_claim   ON discrepancy (claim_id, id)   WHERE claim_id IS NOT NULL;

-- The articles that a discrepancy's values stand in.
CREATE TABLE discrepancy_evidence (
    discrepancy_id  INTEGER NOT NULL REFERENCES discrepancy (id),
    position        INTEGER NOT NULL,
    article_id      INTEGER NOT NULL REFERENCES article (id),
    "start"         INTEGER NOT NULL,
    "end"           INTEGER NOT NULL,
    text            TEXT NOT NULL,
    PRIMARY KEY (discrepancy_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX discrepancy_evidence_by_article ON discrepancy_evidence (article_id, discrepancy_id);

-- Every write, in order: what feeds entity tags, the change feed and history. `noun` is the table's name.
CREATE TABLE change (
    seq      INTEGER PRIMARY KEY,
    noun     TEXT NOT NULL,
    id       INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    action   TEXT NOT NULL,                            -- created, updated, deleted, restored, merged, unmerged
    at       TEXT NOT NULL
) STRICT;
CREATE INDEX change_by_resource ON change (noun, id, version);

-- The versions that a change replaced. The current one stands in the noun's own table.
CREATE TABLE revision (
    noun        TEXT NOT NULL,
    id          INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    replaced_at TEXT NOT NULL,
    document    TEXT NOT NULL,                         -- whole: with the mentions or reports it had
    PRIMARY KEY (noun, id, version)
) STRICT, WITHOUT ROWID;

-- What a merge moved, so that it can be taken apart again: each resource that named the merged one, and its version before.
CREATE TABLE merge (
    id         INTEGER PRIMARY KEY,
    noun       TEXT NOT NULL,                          -- actor or claim
    from_id    INTEGER NOT NULL,
    into_id    INTEGER NOT NULL,
    merged_at  TEXT NOT NULL,
    undone_at  TEXT                                    -- set once it was taken apart
) STRICT;
CREATE INDEX merge_by_source ON merge (noun, from_id, id);

CREATE TABLE merge_move (
    merge_id  INTEGER NOT NULL REFERENCES merge (id),
    position  INTEGER NOT NULL,
    noun      TEXT NOT NULL,
    id        INTEGER NOT NULL,
    version   INTEGER NOT NULL,                        -- before the merge; its document is that revision
    PRIMARY KEY (merge_id, position)
) STRICT, WITHOUT ROWID;

-- For each noun, how many there are to list and the last change that touched it. Kept by the writer with each transaction.
CREATE TABLE tally (
    noun  TEXT PRIMARY KEY,
    live  INTEGER NOT NULL,
    seq   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Secrets of this store, made when it is: the key that signs cursors.
CREATE TABLE secret (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

