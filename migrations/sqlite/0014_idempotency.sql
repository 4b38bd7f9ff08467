-- Answers to writes that came with an Idempotency-Key, so that a request that is sent again is answered again and not done again.
--
-- A row is written in the transaction of its write: both are on disk, or neither is. Rows are added at the end, by id, and taken
-- from the beginning once they are a day old, a few with each that is added.

CREATE TABLE kept_answer (
    id       INTEGER PRIMARY KEY,
    scope    TEXT NOT NULL UNIQUE,                     -- SHA-256 of who asked, the method, the path and the key
    request  TEXT NOT NULL,                            -- SHA-256 of what else was asked: another under the same key is refused
    kept_at  TEXT NOT NULL,
    status   INTEGER NOT NULL,
    headers  TEXT NOT NULL,                            -- "Name: value", a line each
    body     TEXT                                      -- NULL: the answer had none
) STRICT;
