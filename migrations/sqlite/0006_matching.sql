-- One claim, many reports: what each report is matched by, and what a person decided about it.
--
-- Written when a report comes (server/collate/traits.c), read when the next one does. Rows of reports that are gone do no harm:
-- who reads joins the report.

-- What a report says, as it is compared.
CREATE TABLE report_trait (
    report_id   INTEGER PRIMARY KEY,                   -- no foreign key: a claim's reports are written anew, under their ids
    party       TEXT,                                  -- for whom its speaker speaks: a country's code, or an actor's id
    day         INTEGER,                               -- that it was said on, else published: days since 1970
    said        INTEGER NOT NULL,                      -- 1: the day it was said on
    gist        TEXT NOT NULL,                         -- its concepts: see server/collate/traits.c
    reading     TEXT NOT NULL                          -- JSON: what its article alone would make of the claim
) STRICT;

-- By which concepts it is found: enough of them that two reports that say the same share one.
CREATE TABLE report_concept (
    key        INTEGER NOT NULL,                       -- of the party and the concept
    day        INTEGER NOT NULL,                       -- 0: not known
    report_id  INTEGER NOT NULL,
    PRIMARY KEY (key, day, report_id)
) STRICT, WITHOUT ROWID;

-- Claims that a person took apart: nothing joins them again but a person. Each pair stands both ways.
CREATE TABLE claim_apart (
    claim_id  INTEGER NOT NULL REFERENCES claim (id),
    other_id  INTEGER NOT NULL REFERENCES claim (id),
    PRIMARY KEY (claim_id, other_id)
) STRICT, WITHOUT ROWID;

-- What was last written into a claim from its reports. Where it stands otherwise now, a person changed it, and it stays so.
CREATE TABLE claim_derived (
    claim_id         INTEGER PRIMARY KEY REFERENCES claim (id),
    words            INTEGER NOT NULL,                 -- hash of its text, stance, day, attribution and topics
    speaker_id       INTEGER,
    on_behalf_of_id  INTEGER
) STRICT;

-- Last names that stand alone are found by their sound, too: "~rbkv ", without an initial.
INSERT INTO actor_key (key, actor_id)
SELECT DISTINCT name_key(text, 'sound'), id FROM actor_named
WHERE kind = 'person' AND name_key(text, 'sound') IS NOT NULL
ON CONFLICT DO NOTHING;

-- The name that reading gave an actor. Where it stands otherwise now, a person named it, and it stays so.
CREATE TABLE actor_given (
    actor_id  INTEGER PRIMARY KEY REFERENCES actor (id),
    name      TEXT NOT NULL
) STRICT;
