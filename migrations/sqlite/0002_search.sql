-- Full-text search: an index of FTS5 for each noun that is searched, over a view of what it is found by.
--
-- The indexes hold no text of their own (content=): the writer tells them what to add and what to take out, in the words that the
-- view gives (server/store/search_index.c). What is deleted, or merged into another, is not in the view. The tokenizer is ours
-- (server/store/tokenizer.c), so only Readout can ask or change the indexes; any program can read all other tables.
--
-- The words of an article in another language than English begin with a header that names it: \1, two letters, \2.
CREATE VIEW article_searched AS
SELECT id, header || title AS title, header || text AS text
FROM (
    SELECT id, title, deleted_at,
           CASE WHEN language IS NULL OR lower(substr(language, 1, 2)) = 'en' THEN ''
                WHEN length(language) = 2 OR substr(language, 3, 1) = '-'
                THEN char(1) || lower(substr(language, 1, 2)) || char(2)
                ELSE '' END AS header
    FROM article
) AS headed
JOIN article_text ON article_id = id
WHERE deleted_at IS NULL;

-- Aliases a line each.
CREATE VIEW actor_searched AS
SELECT id, name,
       (SELECT group_concat(replace(text, char(10), ' '), char(10)) FROM actor_alias WHERE actor_id = actor.id) AS aliases,
       title
FROM actor
WHERE deleted_at IS NULL AND merged_into_id IS NULL;

CREATE VIEW claim_searched AS
SELECT id, text FROM claim WHERE deleted_at IS NULL AND merged_into_id IS NULL;

CREATE VIEW meeting_searched AS
SELECT id, name, city, venue FROM meeting WHERE deleted_at IS NULL;

CREATE VIRTUAL TABLE article_search USING fts5 (title, text, content = 'article_searched', content_rowid = 'id',
                                                tokenize = 'readout', columnsize = 0);
-- Names are asked for while they are typed, so the first letters are indexed as well.
CREATE VIRTUAL TABLE actor_search USING fts5 (name, aliases, title, content = 'actor_searched', content_rowid = 'id',
                                              tokenize = 'readout', columnsize = 0, prefix = '1 2 3');
CREATE VIRTUAL TABLE claim_search USING fts5 (text, content = 'claim_searched', content_rowid = 'id',
                                              tokenize = 'readout', columnsize = 0);
CREATE VIRTUAL TABLE meeting_search USING fts5 (name, city, venue, content = 'meeting_searched', content_rowid = 'id',
                                                tokenize = 'readout', columnsize = 0);

-- The words there are, for those who mistype one.
CREATE VIRTUAL TABLE article_vocabulary USING fts5vocab (article_search, row);
CREATE VIRTUAL TABLE actor_vocabulary USING fts5vocab (actor_search, row);
CREATE VIRTUAL TABLE claim_vocabulary USING fts5vocab (claim_search, row);
CREATE VIRTUAL TABLE meeting_vocabulary USING fts5vocab (meeting_search, row);

-- What is there already.
INSERT INTO article_search (article_search) VALUES ('rebuild');
INSERT INTO actor_search (actor_search) VALUES ('rebuild');
INSERT INTO claim_search (claim_search) VALUES ('rebuild');
INSERT INTO meeting_search (meeting_search) VALUES ('rebuild');
