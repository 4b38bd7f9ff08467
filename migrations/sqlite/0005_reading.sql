-- What reading an article looks up: actors by their names, claims by their words, articles by runs of words.
--
-- The writer keeps these tables in step with what they are made of (server/store/linking.c). `name_key` and `words_hash` are
-- functions of the program's (server/store/keys.c); any program can read the tables.

-- How an actor may be named. A key is a name's words in small Latin letters without diacritics; of a person also the last word
-- alone, marked "-", and how that sounds with the first initial, marked "~": "sergei ryabkov", "-ryabkov", "~rbkv s".
CREATE TABLE actor_key (
    key       TEXT NOT NULL,
    actor_id  INTEGER NOT NULL REFERENCES actor (id),
    PRIMARY KEY (key, actor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX actor_key_by_actor ON actor_key (actor_id);

-- The names behind the keys. A demonym names a people, or what belongs to a state, more often than the state.
CREATE VIEW actor_named AS
SELECT id, kind, name AS text FROM actor
UNION ALL
SELECT actor_id, kind, text FROM actor_alias JOIN actor ON actor.id = actor_id WHERE form <> 'demonym';

-- The same words in the same order have the same hash, whatever their case and punctuation.
CREATE TABLE claim_key (
    claim_id  INTEGER PRIMARY KEY REFERENCES claim (id),
    hash      INTEGER NOT NULL
) STRICT;
CREATE INDEX claim_key_by_hash ON claim_key (hash, claim_id);

-- Bands of an article's MinHash signature (server/ingest/minhash.c): texts that share one have much in common. Articles that
-- repeat another one have none, so that the first of them is always what is found.
CREATE TABLE article_band (
    band        INTEGER NOT NULL,
    article_id  INTEGER NOT NULL REFERENCES article (id),
    PRIMARY KEY (band, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_band_by_article ON article_band (article_id);

-- What is there already.
INSERT INTO actor_key (key, actor_id)
SELECT DISTINCT key, id
FROM (SELECT name_key(text, 'words') AS key, id FROM actor_named
      UNION ALL
      SELECT name_key(text, 'last'), id FROM actor_named WHERE kind = 'person'
      UNION ALL
      SELECT name_key(text, 'sound'), id FROM actor_named WHERE kind = 'person')
WHERE key IS NOT NULL;
INSERT INTO claim_key (claim_id, hash) SELECT id, words_hash(text) FROM claim;
