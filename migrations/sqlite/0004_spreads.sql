-- What is asked of everything at once is counted while it is written, not while it is read.
--
-- How many of a noun's listed resources have each value of a facet (server/store/facets.c): an id, a text, or 0 and 1. A value
-- that nothing has any more has no row. Kept by the writer (server/store/spread.c) and made anew with each migration.
CREATE TABLE spread (
    noun   TEXT NOT NULL,
    facet  TEXT NOT NULL,
    value  ANY NOT NULL,
    total  INTEGER NOT NULL,
    PRIMARY KEY (noun, facet, value)
) STRICT, WITHOUT ROWID;

-- The outlets that carry a claim: those of the articles that are there among its reports. The writer sets them where it counts a
-- claim's reports.
CREATE TABLE claim_outlet (
    claim_id   INTEGER NOT NULL REFERENCES claim (id),
    outlet_id  INTEGER NOT NULL REFERENCES actor (id),
    PRIMARY KEY (claim_id, outlet_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_outlet_by_outlet ON claim_outlet (outlet_id, claim_id);

INSERT INTO claim_outlet (claim_id, outlet_id)
SELECT DISTINCT claim_id, outlet_id
FROM report JOIN article ON article.id = article_id
WHERE article.deleted_at IS NULL AND outlet_id IS NOT NULL
ORDER BY claim_id, outlet_id;

-- How many mentions and reports there are stands beside how many there are of the other nouns.
INSERT INTO tally (noun, live, seq) SELECT 'mention', count(*), 0 FROM mention WHERE true
ON CONFLICT (noun) DO UPDATE SET live = excluded.live;
INSERT INTO tally (noun, live, seq) SELECT 'report', count(*), 0 FROM report WHERE true
ON CONFLICT (noun) DO UPDATE SET live = excluded.live;
