-- Articles whose text was changed where it was published: every text that was seen, and what became of the quotations.
--
-- The newest text stands in article_text, and spans point into it. What stood in an older text and is not in the newest any more
-- keeps its span with the number of that revision.

-- A row for each text of an article, from its second text on; an article that never changed has none.
CREATE TABLE article_revision (
    article_id  INTEGER NOT NULL REFERENCES article (id),
    number      INTEGER NOT NULL,                      -- from 1, in the order in which they were seen
    document    TEXT NOT NULL,                         -- as it is served, without text and quotes
    quotes      TEXT NOT NULL,                         -- a JSON array: what became of those of the revision before
    text        TEXT,                                  -- NULL: it is the newest, see article_text
    PRIMARY KEY (article_id, number)
) STRICT;

-- The revision whose text the characters stand in; NULL: the newest.
ALTER TABLE report ADD COLUMN revision INTEGER;
ALTER TABLE meeting_evidence ADD COLUMN revision INTEGER;
ALTER TABLE discrepancy_evidence ADD COLUMN revision INTEGER;
