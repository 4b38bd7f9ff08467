-- Origins: claims by how many outlets and origins they have.
CREATE INDEX claim_by_outlets ON claim (outlet_count, id) WHERE deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX claim_by_origins ON claim (origin_count, id) WHERE deleted_at IS NULL AND merged_into_id IS NULL;

-- What an origin is, is told by more than before (server/store/origins.c). Where the count is below 0, it is made anew when the
-- store is next opened for writing.
UPDATE claim SET origin_count = -1 WHERE report_count > 0 AND deleted_at IS NULL AND merged_into_id IS NULL;
