-- What an article tells of a meeting that another may tell otherwise, so that articles are compared without reading them again:
-- on which day and where it is, who leads which delegation, whether one or several spoke to the press there.
--
-- The writer keeps it with the article's other findings (server/ingest/details.c); server/collate/ compares.

CREATE TABLE meeting_detail (
    article_id   INTEGER NOT NULL REFERENCES article (id),
    mention      INTEGER NOT NULL,                     -- where the article first speaks of the meeting: its evidence begins so
    position     INTEGER NOT NULL,                     -- among the article's details
    kind         TEXT NOT NULL,                        -- day, place, speakers, leader
    value        TEXT,                                 -- the day, the city; one or several
    until        TEXT,                                 -- with a day: the last one, of several
    part_of_day  TEXT,                                 -- with a day, where it is told
    side_id      INTEGER REFERENCES actor (id),        -- whose delegation; for whom they spoke
    actor_id     INTEGER REFERENCES actor (id),        -- who leads it: one of perhaps several
    "start"      INTEGER NOT NULL,
    "end"        INTEGER NOT NULL,
    PRIMARY KEY (article_id, mention, position)
) STRICT, WITHOUT ROWID;
