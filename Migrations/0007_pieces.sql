-- Contents that are larger than one row can hold, or than one transaction should write.

-- Such a content is empty in its row. Its bytes are the pieces of `piece_set` in their order, and `byte_count` of them. Both
-- are NULL where a content is whole in its row.
ALTER TABLE blob ADD COLUMN piece_set INTEGER;
ALTER TABLE blob ADD COLUMN byte_count INTEGER;

CREATE UNIQUE INDEX blob_by_piece_set ON blob (piece_set) WHERE piece_set IS NOT NULL;

-- Pieces are written first, a few in each transaction, and the row of `blob` with the last: a set without such a row is a
-- content on its way, or one that was broken off at `added_at`.
CREATE TABLE blob_piece (
  id INTEGER PRIMARY KEY,
  piece_set INTEGER NOT NULL,
  number INTEGER NOT NULL,
  content BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  UNIQUE (piece_set, number)
) STRICT;

DROP VIEW artifacts;
CREATE VIEW artifacts AS
SELECT
  artifact.run_id, artifact.name, artifact.kind, lower(hex(blob.sha256)) AS sha256,
  coalesce(blob.byte_count, length(blob.content)) AS byte_count,
  strftime('%Y-%m-%dT%H:%M:%fZ', artifact.created_at / 1000.0, 'unixepoch') AS created_at
FROM artifact
JOIN blob ON blob.id = artifact.blob_id;
