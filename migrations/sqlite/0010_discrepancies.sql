-- What the machine noticed itself, and where articles name what is no actor: treaties, agreements, programmes.
--
-- The writer keeps these tables (server/store/noticing.c); server/collate/ decides what is written.

-- A discrepancy that was noticed is known again by what it was noticed at and by its key there: an actor's "title". That of an
-- article is about no resource: "term npt".
CREATE TABLE discrepancy_key (
    discrepancy_id  INTEGER PRIMARY KEY REFERENCES discrepancy (id),
    noun            TEXT NOT NULL,                     -- actor, meeting, claim or article: what it was noticed at
    key             TEXT NOT NULL,
    mark            INTEGER NOT NULL,                  -- a hash of what was written: another one is a person's doing
    withdrawn       INTEGER NOT NULL                   -- 0 or 1: it was taken back, for want of two sides
) STRICT;
CREATE INDEX discrepancy_key_by_key ON discrepancy_key (noun, key, discrepancy_id);

-- Where an article names something that is called a treaty, a programme and so on: each name once. Names that may be the same
-- share a handle: their abbreviation, or their words but one.
CREATE TABLE article_term (
    handle      TEXT NOT NULL,
    article_id  INTEGER NOT NULL REFERENCES article (id),
    "start"     INTEGER NOT NULL,
    "end"       INTEGER NOT NULL,
    text        TEXT NOT NULL,
    PRIMARY KEY (handle, article_id, "start")
) STRICT, WITHOUT ROWID;
CREATE INDEX article_term_by_article ON article_term (article_id, handle);
