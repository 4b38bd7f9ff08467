-- What articles say of meetings and of nameless sources, each for itself: what one meeting or one source of many articles is
-- made of, and taken apart into when one of them is read again.

-- A meeting as one article has it. Of the meeting that they are all of, `meeting` has what comes out of them.
CREATE TABLE sighting (
    article_id  INTEGER NOT NULL REFERENCES article (id),
    position    INTEGER NOT NULL,                      -- among the article's meetings
    meeting_id  INTEGER NOT NULL REFERENCES meeting (id),
    reading     TEXT NOT NULL,                         -- JSON: see server/collate/meetings.h
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_by_meeting ON sighting (meeting_id, article_id, position);

-- What a sighting is found by: its city, its parties, two by two and alone, with what sort of meeting it is before them. A
-- person's word on a meeting has keys, too: of article 0, at the place of the meeting's id.
CREATE TABLE sighting_key (
    key         TEXT NOT NULL,                         -- "meeting RU US", "meeting at geneva", "briefing some US"
    loose       INTEGER NOT NULL,                      -- 1: its day is not known, and `day` is when the article was published
    day         TEXT NOT NULL,
    meeting_id  INTEGER NOT NULL,
    article_id  INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    PRIMARY KEY (key, loose, day, meeting_id, article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_key_by_place ON sighting_key (article_id, position);

-- A nameless source as one article has it, and the actor that stands for it.
CREATE TABLE voice (
    article_id      INTEGER NOT NULL REFERENCES article (id),
    position        INTEGER NOT NULL,                  -- among those that the article names or describes
    actor_id        INTEGER NOT NULL REFERENCES actor (id),
    meeting_id      INTEGER REFERENCES meeting (id),   -- the briefing or call at which it speaks
    party           TEXT,                              -- for whom: a country, else a name
    name            TEXT NOT NULL,                     -- how the article describes it
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX voice_by_actor   ON voice (actor_id, article_id, position);
CREATE INDEX voice_by_meeting ON voice (meeting_id, party, actor_id) WHERE meeting_id IS NOT NULL;

-- What is there already speaks for itself: see SQL_SIGHTING_OWN_KEYS in server/store/statements.c.
WITH own AS (
    SELECT id, starts_on, city, CASE WHEN kind IN ('briefing', 'call', 'visit') THEN kind ELSE 'meeting' END AS sort
    FROM meeting
    WHERE deleted_at IS NULL AND starts_on IS NOT NULL AND coalesce(precision, 'day') IN ('day', 'minute')
), party AS (
    SELECT DISTINCT meeting_id, coalesce(actor.country, body.country, lower(actor.name)) AS name
    FROM meeting_participant
    JOIN actor ON actor.id = actor_id
    LEFT JOIN actor AS body ON body.id = actor.affiliation_id
)
INSERT INTO sighting_key (key, loose, day, meeting_id, article_id, position)
SELECT sort || ' at ' || lower(city), 0, starts_on, id, 0, id FROM own WHERE city IS NOT NULL
UNION
SELECT sort || ' some ' || name, 0, starts_on, id, 0, id FROM own JOIN party ON meeting_id = id
UNION
SELECT sort || ' only ' || min(name), 0, starts_on, id, 0, id FROM own JOIN party ON meeting_id = id
GROUP BY id HAVING count(*) = 1
UNION
SELECT sort || ' ' || one.name || ' ' || other.name, 0, starts_on, id, 0, id
FROM own JOIN party AS one ON one.meeting_id = id JOIN party AS other ON other.meeting_id = id AND one.name < other.name;
