-- Counts read an index alone: one holds the stance of a claim beside its day, one the attribution, one whether an article was
-- translated by a machine, and one whether an outlet's article is deleted.
DROP INDEX claim_by_day;
CREATE INDEX claim_by_day           ON claim (said_on, id, stance)      WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX claim_by_attribution   ON claim (attribution, id)          WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX article_by_translation ON article (machine_translated, id) WHERE deleted_at IS NULL;
DROP INDEX article_by_outlet;
CREATE INDEX article_by_outlet      ON article (outlet_id, published_at, id, deleted_at);
