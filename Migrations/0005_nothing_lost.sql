-- What tells that runs go on, and when people changed what they may change.

-- Which byte of which file beside the store the process has locked that makes the run (DEVICE:INODE:BYTE): the system
-- drops the lock with the process, also with one of another pid namespace, whose number means nothing here.
ALTER TABLE run ADD COLUMN sign_of_life TEXT;
ALTER TABLE sweep ADD COLUMN sign_of_life TEXT;

-- When tags, notes and names were given, so that an import of a run that is here already knows what is newer; NULL if
-- that was before. A tag that was removed must not come back.
ALTER TABLE tag ADD COLUMN set_at INTEGER;
ALTER TABLE run ADD COLUMN noted_at INTEGER;
ALTER TABLE run ADD COLUMN renamed_at INTEGER;

CREATE TABLE removed_tag (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  removed_at INTEGER NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;
